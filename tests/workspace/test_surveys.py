"""Surveys in a product: counts in and out, waves added up, and what they say of needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import jtbd, ost
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.jtbd import Tally, opportunity_scores, pool_segments, tally
from pmkit.model import Undefined
from pmkit.testing import surveys, tallies
from pmkit.workspace import (
    Answers,
    Goal,
    StatedJob,
    StatedNeed,
    Survey,
    WeightedAnswers,
    Workspace,
    check,
    counted_surveys,
    measured_needs,
    need_scores,
    need_tally,
    next_actions,
    survey_of,
    tally_of,
    trace,
    week,
)

GOOD = Answers(high_high=150, high_low=10, low_high=20, low_low=20)
BAD = Answers(high_high=10, high_low=150, low_high=20, low_low=20)
EVEN = Answers(high_high=40, high_low=40, low_high=60, low_low=60)
NEED = StatedNeed(id="find", text="Minimize the time it takes to find a film")
OTHER = StatedNeed(id="pay", text="Minimize the time it takes to pay")
TREE = ost.from_records(
    [
        {"id": "watch", "kind": "outcome", "title": "Watch more", "parent": None},
        {"id": "lost", "kind": "opportunity", "title": "I can't find a film", "parent": "watch", "outcomes": ["find"]},
        {"id": "slow", "kind": "opportunity", "title": "I wait", "parent": "watch"},
    ]
)


def _wave(identifier: str = "autumn", *, day: str | None = None, segment: str = "everyone", **needs: Any) -> Survey:
    return Survey(id=identifier, date=dt.date.fromisoformat(day) if day else None, counts={segment: needs})


@settings(max_examples=40)
@given(surveys())
def test_a_survey_is_its_tally_and_back(survey: Survey) -> None:
    counts = tally_of(survey)
    again = survey_of(
        counts, identifier=survey.id, title=survey.title, date=survey.date, question=survey.question,
        source=survey.source, lowest=survey.lowest, highest=survey.highest, high=survey.high,
        supersedes=survey.supersedes,
    )  # fmt: skip
    plain = attrs.evolve(survey, weights={}, squares={})
    assert again == (survey if counts.weighted else plain)
    assert tally_of(again) == counts
    assert survey.needs == counts.outcomes
    assert tuple(survey.counts) == counts.segments


@settings(max_examples=25)
@given(tallies())
def test_a_tally_is_kept_whole(counts: Tally) -> None:
    assert tally_of(survey_of(counts, identifier="s")) == counts


@settings(max_examples=15)
@given(st.lists(tallies(), min_size=1, max_size=3))
def test_waves_add_up_as_tallies_do(waves: list[Tally]) -> None:
    alike = [attrs.evolve(wave, denominator="answered") for wave in waves]
    workspace = Workspace(surveys=[survey_of(wave, identifier=f"s{place}~") for place, wave in enumerate(alike)])
    try:
        total = sum(alike)
    except InvalidValueError:  # names of two waves that look alike: one of them is taken
        assert need_tally(workspace) is not None
        return
    assert isinstance(total, Tally)
    apart, together = need_tally(workspace, by_segment=True), need_tally(workspace)
    assert apart is not None
    assert together is not None
    assert (apart.outcomes, apart.segments) == (total.outcomes, total.segments)
    for name in ("people", "weights", "squares"):
        np.testing.assert_allclose(getattr(apart, name), getattr(total, name), rtol=1e-12)
        np.testing.assert_allclose(getattr(together, name), getattr(pool_segments(total), name), rtol=1e-12)


def test_scores_are_those_of_the_tally() -> None:
    workspace = Workspace(surveys=[_wave(find=BAD, pay=GOOD)])
    counts = need_tally(workspace)
    assert counts is not None
    assert need_scores(workspace) == opportunity_scores(counts)
    chosen = need_scores(workspace, scheme="landscape", confidence=0.8, method="delta", seed=3, repetitions=500)
    assert chosen == opportunity_scores(
        counts, scheme="landscape", confidence=0.8, method="delta", seed=3, repetitions=500
    )
    assert need_scores(Workspace()) is None
    assert need_tally(Workspace()) is None
    assert measured_needs(Workspace()) == ()


def test_the_same_words_in_another_spelling_are_one_need() -> None:
    first, second = _wave("a", find=BAD), Survey(id="b", counts={"everyone": {"\ufb01nd": BAD}})
    counts = need_tally(Workspace(surveys=[first, second]))
    assert counts is not None
    assert counts.outcomes == ("find",)
    (found,) = measured_needs(Workspace(surveys=[first, second]))
    assert (found.surveys, found.score.n) == (("a", "b"), 400)


def test_which_waves_count() -> None:
    spring, summer = _wave("spring", day="2026-03-01", find=BAD), _wave("summer", day="2026-06-01", find=BAD)
    long = attrs.evolve(_wave("long", day="2026-01-01", find=BAD), highest=7, high=6)
    workspace = Workspace(surveys=[summer, spring, long])
    assert [wave.id for wave in counted_surveys(workspace)] == ["summer", "spring"]
    assert [wave.id for wave in counted_surveys(workspace, surveys=["long"])] == ["long"]
    assert [wave.id for wave in counted_surveys(workspace, surveys="spring")] == ["spring"]
    newest = Workspace(surveys=[attrs.evolve(long, date=dt.date(2026, 9, 1)), spring, summer])
    assert [wave.id for wave in counted_surveys(newest)] == ["long"]
    undated = Workspace(surveys=[_wave("a", find=BAD), attrs.evolve(_wave("b", find=BAD), denominator="all")])
    assert [wave.id for wave in counted_surveys(undated)] == ["b"]
    dated = Workspace(surveys=[_wave("a", day="2020-01-01", find=BAD), attrs.evolve(undated.surveys[1])])
    assert [wave.id for wave in counted_surveys(dated)] == ["a"]
    with pytest.raises(UnknownIdError, match="did you mean 'spring'"):
        counted_surveys(workspace, surveys=["sprig"])
    with pytest.raises(InvalidValueError, match="'spring' and 'long' do not add: highest is 5 and 7, high is 4 and 6"):
        need_scores(workspace, surveys=["long", "spring"])


def test_a_wave_that_supersedes_another_counts_alone() -> None:
    old = _wave("spring", find=GOOD)
    new = attrs.evolve(_wave("autumn", find=BAD), supersedes=("spring",))
    scores = need_scores(Workspace(surveys=[old, new]))
    assert scores is not None
    assert scores["find"].n == 200
    circle = Workspace(surveys=[attrs.evolve(old, supersedes=("autumn",)), new])
    assert counted_surveys(circle) == ()
    assert need_scores(circle) is None
    assert [(each.code, each.subject) for each in check(circle, select=["WSP117"])] == [
        ("WSP117", "autumn"),
        ("WSP117", "spring"),
    ]
    itself = attrs.evolve(new, supersedes=("autumn",))
    assert counted_surveys(Workspace(surveys=[itself])) == (itself,)


def _refused(told: str, **fields: Any) -> None:
    with pytest.raises(InvalidValueError, match=told):
        Survey(**{"id": "s", "counts": {"everyone": {"find": BAD}}, **fields})


def test_what_is_no_survey() -> None:
    _refused("counts no need", counts={})
    _refused("counts no need", counts={"everyone": {}})
    _refused("must map segments to needs to answers", counts={"everyone": {"find": 5}})
    _refused("must map segments to needs to answers", counts=[BAD])
    _refused("two segments are called 'first'", counts={"first": {"a": BAD}, "\ufb01rst": {"a": BAD}})
    _refused("two needs are called 'find'", counts={"a": {"find": BAD}, "b": {"\ufb01nd": BAD}})
    _refused("the name of a need", counts={"everyone": {"": BAD}})
    _refused("no upper part from 6 on", high=6)
    _refused("no upper part from 1 on", high=1)
    _refused("must be one of answered, all", denominator="some")
    _refused("for the same segments and needs", weights={"everyone": {"pay": WeightedAnswers(high_low=1.0)}})
    sums = WeightedAnswers(high_high=10, high_low=150, low_high=20, low_low=20)
    _refused("for the same segments and needs", weights={"everyone": {"find": sums}})
    small = attrs.evolve(sums, high_low=1.0)
    _refused("squared weights", weights={"everyone": {"find": sums}}, squares={"everyone": {"find": small}})
    for cell, value in (("high_low", -1), ("low_low", 1.5), ("missing_low", True), ("low_low", "5")):
        with pytest.raises(InvalidValueError, match=cell):
            Answers(**{cell: value})


def test_a_need_measured_and_on_no_opportunity_is_told_with_its_certainty() -> None:
    def told(**needs: Answers) -> list[tuple[str, str]]:
        found = check(Workspace(needs=[NEED, OTHER], surveys=[_wave(**needs)], tree=TREE), select=["WSP106"])
        return [(finding.severity, finding.message) for finding in found]

    ((severity, message),) = told(pay=BAD)
    assert severity == "warning"
    assert message.startswith("scores 14.5 of 20 (")
    assert "n = 200); over 99 % likely to be underserved, and no opportunity" in message
    assert told(pay=GOOD) == []
    ((severity, message),) = told(pay=Answers(high_low=20, low_low=6, high_high=8, low_high=6))
    assert severity == "information"
    assert "% likely" in message
    ((severity, message),) = told(pay=Answers(high_missing=3))
    assert (severity, "has no score" in message) == ("information", True)
    assert told(find=BAD) == [
        ("information", "is a need that no opportunity of the tree names, and no survey asked about it")
    ]


def test_a_need_is_told_without_a_tree_only_when_it_was_measured() -> None:
    assert check(Workspace(needs=[NEED]), select=["WSP106"]) == ()
    (finding,) = check(Workspace(needs=[NEED, OTHER], surveys=[_wave(find=BAD)]), select=["WSP106"])
    assert (finding.subject, finding.severity) == ("find", "warning")


def test_the_certainty_is_a_limit() -> None:
    workspace = Workspace(needs=[OTHER], surveys=[_wave(pay=Answers(high_low=20, low_low=6, high_high=8, low_high=6))])
    (found,) = measured_needs(workspace)
    assert 0.05 < found.chance < 0.95
    (finding,) = check(workspace, select=["WSP106"], limits={"certainty": found.chance - 0.01})
    assert finding.severity == "warning"
    assert check(workspace, select=["WSP106"], limits={"certainty": 1.01 - found.chance}) != ()
    assert check(workspace, select=["WSP106"], limits={"certainty": 0.99 - found.chance}) == ()


def test_one_segment_that_is_badly_served_is_not_lost_in_the_crowd() -> None:
    few = Answers(high_low=38, low_low=2)
    wave = Survey(id="autumn", counts={"many": {"pay": GOOD}, "few": {"pay": few}})
    workspace = Workspace(needs=[OTHER], surveys=[wave])
    (found,) = measured_needs(workspace)
    assert found.chance < 0.5
    assert found.segments == ("few",)
    assert found.summary().endswith("likely to be underserved, but almost surely in 'few'")
    (finding,) = check(workspace, select=["WSP106"])
    assert finding.severity == "warning"
    assert [action.kind for action in next_actions(workspace).actions] == ["add opportunity"]


def test_probabilities_are_the_share_of_the_zone() -> None:
    workspace = Workspace(surveys=[_wave(find=EVEN, pay=BAD)])
    scores = need_scores(workspace, scheme="landscape")
    assert scores is not None
    for found in measured_needs(workspace):
        assert found.underserved == scores[found.need].zone_probability["underserved"]
    nobody = Workspace(surveys=[_wave(find=Answers())])
    (found,) = measured_needs(nobody)
    assert isinstance(found.underserved, Undefined)
    assert (found.chance, found.summary()) == (0.0, "has no score: no data")


def test_what_was_found_of_one_product_is_not_told_of_another() -> None:
    first, second = Workspace(surveys=[_wave(find=BAD)]), Workspace(surveys=[_wave(find=GOOD)])
    told = [measured_needs(each)[0].chance for each in (first, second, first, first)]
    assert told[0] == told[2] == told[3] > told[1]
    assert measured_needs(attrs.evolve(first, name="another")) is measured_needs(first)


def test_surest_needs_come_first_and_ties_go_by_score() -> None:
    worse = Answers(high_low=190, low_low=10)
    found = measured_needs(Workspace(surveys=[_wave(calm=GOOD, find=BAD, pay=worse, wait=BAD)]))
    assert [each.need for each in found] == ["pay", "find", "wait", "calm"]


def test_a_wave_on_other_terms_is_told() -> None:
    long = attrs.evolve(_wave("long", day="2026-01-01", find=BAD), highest=7, high=6)
    workspace = Workspace(needs=[NEED], surveys=[long, _wave("new", day="2026-06-01", find=BAD)])
    (finding,) = check(workspace, select=["WSP117"])
    assert (finding.subject, finding.severity) == ("long", "warning")
    assert "newest wave 'new', and is not counted: highest is 7 and 5, high is 6 and 4" in finding.message
    settled = attrs.evolve(workspace, surveys=[long, attrs.evolve(workspace.surveys[1], supersedes=("long",))])
    assert check(settled, select=["WSP117"]) == ()


def test_surveys_refer_to_needs_and_to_each_other() -> None:
    wave = attrs.evolve(_wave(fnd=BAD, pay=BAD), supersedes=("pay",))
    found = check(Workspace(needs=[NEED, OTHER], surveys=[wave]), select=["WSP102"])
    assert [finding.message for finding in found] == [
        "counts names 'fnd', which nothing is called; did you mean 'find'?",
        "supersedes names 'pay', which is a need, not a survey",
    ]
    with pytest.raises(InvalidValueError, match="'find' names a survey and also a need"):
        Workspace(needs=[NEED], surveys=[_wave("find", find=BAD)])


def test_a_trace_tells_the_score_of_its_needs() -> None:
    workspace = Workspace(
        goals=[Goal(id="g", title="Stay")],
        jobs=[StatedJob(id="j", text="Unwind", goal="g")],
        needs=[attrs.evolve(NEED, job="j"), OTHER],
        surveys=[_wave(find=BAD, pay=GOOD)],
        tree=TREE,
    )
    steps = [(step.kind, step.id, step.distance) for step in trace(workspace, "lost").steps]
    assert steps == [
        ("goal", "g", "above"),
        ("job", "j", "above"),
        ("need", "find", "above"),
        ("score", "find", "above"),
        ("outcome", "watch", "above"),
        ("opportunity", "lost", "here"),
    ]
    steps = [(step.kind, step.id, step.distance) for step in trace(workspace, "find").steps]
    assert steps == [
        ("goal", "g", "above"),
        ("job", "j", "above"),
        ("need", "find", "here"),
        ("survey", "autumn", "below"),
        ("score", "find", "here"),
        ("outcome", "watch", "above"),
        ("opportunity", "lost", "below"),
    ]
    found = trace(workspace, "autumn")
    assert [(step.kind, step.id) for step in found.steps] == [
        ("goal", "g"), ("job", "j"), ("need", "find"), ("need", "pay"), ("survey", "autumn"), ("score", "find"),
        ("score", "pay"),
    ]  # fmt: skip
    assert found.missing == ()
    assert "scores 14.5 of 20" in found.summary()
    unmeasured = attrs.evolve(workspace, surveys=[_wave(pay=GOOD)])
    assert ("score", "no survey asked how much this need matters and how well it is met") in trace(
        unmeasured, "lost"
    ).missing
    assert "score" not in dict(trace(attrs.evolve(workspace, surveys=()), "lost").missing)
    assert "score" not in dict(trace(unmeasured, "slow").missing)


def test_the_weekly_page_tells_of_a_new_survey() -> None:
    workspace = Workspace(surveys=[_wave(day="2026-11-20", find=BAD)])
    assert "autumn: survey ended on 2026-11-20" in week(workspace, today="2026-11-22").summary()


def test_counts_are_written_for_people_as_in_the_file() -> None:
    assert str(Answers(low_high=3, high_low=12)) == "{low_high: 3, high_low: 12}"
    assert str(WeightedAnswers(high_low=2.5)) == "{high_low: 2.5}"
    assert str(Answers()) == "{}"


def test_ratings_become_a_survey() -> None:
    counts = tally([5, 4, 2, 1], [1, 2, 4, 5], outcomes="find")
    assert survey_of(counts, identifier="s").counts == {"everyone": {"find": Answers(high_low=2, low_high=2)}}
    assert tuple(field.name for field in attrs.fields(Answers)) == jtbd.CELLS
    assert tuple(field.name for field in attrs.fields(WeightedAnswers)) == jtbd.CELLS
