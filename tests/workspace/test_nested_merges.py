"""Lists inside rows and nodes are merged, and told, by their members."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import ost
from pmkit.conway import Organization, Team
from pmkit.experiments import Plan, proportion
from pmkit.model import Evidence
from pmkit.workspace import (
    Answers,
    Cell,
    Experiment,
    Feedback,
    Look,
    RecordedDecision,
    Survey,
    Workspace,
    diff,
    merge,
)
from pmkit.workspace._nested import merged_list

PLAN = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})


def _look(day: str | None, n: int = 100) -> Look:
    return Look(date=day, counts={name: {"bought": Cell(n=n, successes=n // 5)} for name in PLAN.split})


FIRST, SECOND, THIRD = (_look(f"2026-11-0{day}") for day in (1, 2, 3))


def _read(*looks: Look, **fields: Any) -> Workspace:
    return Workspace(experiments=[Experiment(id="e", plan=PLAN, looks=looks, **fields)])


def _looks(workspace: Workspace | None) -> tuple[Look, ...]:
    assert workspace is not None
    return workspace.experiments[0].looks


def test_two_branches_that_each_record_a_look_come_together_in_time() -> None:
    merged = merge(_read(FIRST), _read(FIRST, THIRD), _read(FIRST, SECOND))
    assert merged.conflicts == ()
    assert _looks(merged.workspace) == (FIRST, SECOND, THIRD)
    assert _looks(merge(_read(), _read(SECOND), _read(FIRST)).workspace) == (FIRST, SECOND)
    assert _looks(merge(_read(FIRST), _read(FIRST, SECOND), _read(FIRST, SECOND)).workspace) == (FIRST, SECOND)


def test_looks_without_a_day_are_told_apart_by_their_units() -> None:
    early, late = _look(None, 100), _look(None, 400)
    assert _looks(merge(_read(), _read(early), _read(late)).workspace) == (early, late)
    half = attrs.evolve(early, units={"control": 90})
    (conflict,) = merge(_read(), _read(early), _read(half)).conflicts
    assert conflict.kind == "added-twice"
    assert "look at 100 units" in conflict.message


def test_a_look_and_a_decision_come_together() -> None:
    decision = RecordedDecision(verdict="iterate")
    merged = merge(_read(FIRST), _read(FIRST, SECOND), _read(FIRST, decision=decision)).workspace
    assert merged is not None
    assert merged.experiments[0].decision == decision
    assert _looks(merged) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "kind"),
    [
        ((), (FIRST,), (_look("2026-11-01", 90),), "added-twice"),
        ((FIRST,), (_look("2026-11-01", 80),), (_look("2026-11-01", 90),), "both-changed"),
        ((FIRST,), (), (_look("2026-11-01", 90), SECOND), "removed-and-changed"),
    ],
)
def test_one_look_with_two_contents_is_a_conflict(base: Any, ours: Any, theirs: Any, kind: str) -> None:
    sides = (_read(*base), _read(*ours), _read(*theirs))
    (conflict,) = merge(*sides).conflicts
    assert (conflict.kind, conflict.subject, conflict.field) == (kind, "e", "looks")
    assert "look of 2026-11-01" in conflict.message
    assert merge(*sides).workspace is None
    favored = merge(*sides, favor="theirs")
    assert _looks(favored.workspace) == theirs
    assert favored.conflicts == (conflict,)
    assert _looks(merge(*sides, favor="ours").workspace)[: len(ours)] == ours


TREE = ost.from_records(
    [
        {"id": "o", "kind": "outcome", "title": "o", "parent": None},
        {"id": "p", "kind": "opportunity", "title": "p", "parent": "o", "tags": ["a", "b"]},
    ]
)


def _story(who: str, quote: str = "I gave up") -> Evidence:
    return Evidence(kind="story", participant=who, date="2026-11-01", quote=quote)


def _heard(*evidence: Evidence, **fields: Any) -> Workspace:
    return Workspace(tree=ost.replace(TREE, "p", evidence=evidence, **fields))


def _node(workspace: Workspace | None) -> ost.Opportunity:
    assert workspace is not None
    assert workspace.tree is not None
    node = workspace.tree["p"]
    assert isinstance(node, ost.Opportunity)
    return node


def test_interviews_of_two_branches_come_together() -> None:
    p1, p2, p3 = (_story(f"p{n}") for n in (1, 2, 3))
    merged = merge(_heard(p1), _heard(p1, p2, tags=["a", "c"]), _heard(p1, p3, tags=["b", "d"]))
    assert merged.conflicts == ()
    assert _node(merged.workspace).evidence == (p1, p2, p3)
    assert _node(merged.workspace).tags == ("c", "d")


def test_one_story_told_in_two_ways_is_a_conflict_and_the_rest_stays() -> None:
    mine, other, new = _story("p1", "mine"), _story("p1", "theirs"), _story("p2")
    sides = (_heard(_story("p1")), _heard(mine, reach=0.5), _heard(other, new))
    (conflict,) = merge(*sides).conflicts
    assert (conflict.kind, conflict.subject, conflict.field) == ("both-changed", "p", "evidence")
    assert "'story of p1 on 2026-11-01' was changed on both sides" in conflict.message
    for favor, kept in (("ours", mine), ("theirs", other)):
        settled = _node(merge(*sides, favor=favor).workspace)  # type: ignore[arg-type]
        assert settled.evidence == (kept, new)
        assert settled.reach == 0.5


def test_names_in_rows_are_merged_one_by_one() -> None:
    def about(*names: str) -> Workspace:
        return Workspace(feedback=[Feedback(id="f", text="I wait", about=names)])

    merged = merge(about("p"), about("p", "q"), about("r")).workspace
    assert merged is not None
    assert merged.feedback[0].about == ("q", "r")

    def team(*members: str) -> Workspace:
        return Workspace(organization=Organization(teams=[Team(id="t", members=members)]))

    crew = merge(team("p1", "p2"), team("p2", "p3"), team("p1", "p2", "p4")).workspace
    assert crew is not None
    assert crew.organization is not None
    assert crew.organization.teams[0].members == ("p2", "p3", "p4")


def _wave(n: int, identifier: str = "autumn", **fields: Any) -> Workspace:
    counts = {"everyone": {"a": Answers(high_low=n), "b": Answers(low_high=3)}}
    return Workspace(surveys=[Survey(id=identifier, counts=counts, **fields)])


def test_waves_of_two_branches_both_stay_and_one_wave_counted_twice_is_a_conflict() -> None:
    base = Workspace()
    both = merge(base, _wave(1, "autumn"), _wave(2, "winter")).workspace
    assert both is not None
    assert [survey.id for survey in both.surveys] == ["autumn", "winter"]
    (conflict,) = merge(_wave(1), _wave(2), _wave(3)).conflicts
    assert (conflict.kind, conflict.subject, conflict.field) == ("both-changed", "autumn", "counts")
    for favor, kept in (("ours", _wave(2)), ("theirs", _wave(3))):
        assert merge(_wave(1), _wave(2), _wave(3), favor=favor).workspace == kept  # type: ignore[arg-type]
    titled = merge(_wave(1), _wave(2), _wave(1, title="Autumn")).workspace
    assert titled is not None
    assert titled.surveys == _wave(2, title="Autumn").surveys
    (twice,) = merge(base, _wave(1), _wave(2)).conflicts
    assert (twice.kind, twice.subject) == ("added-twice", "autumn")


def test_a_difference_names_the_count_the_look_and_the_story() -> None:
    assert diff(_wave(1), _wave(2)).to_dicts() == [
        {
            "section": "surveys", "change": "changed", "id": "autumn", "field": "counts: everyone: a",
            "old": Answers(high_low=1), "new": Answers(high_low=2),
        }
    ]  # fmt: skip
    (row,) = diff(_read(FIRST), _read(FIRST, SECOND)).to_dicts()
    assert (row["field"], row["old"], row["new"]) == ("looks: look of 2026-11-02", None, SECOND)
    (row,) = diff(_heard(_story("p1")), _heard(_story("p1"), _story("p2"))).to_dicts()
    assert (row["field"], row["new"]) == ("evidence: story of p2 on 2026-11-01", _story("p2"))
    (row,) = diff(_heard(tags=["a"]), _heard(tags=["a", "c"])).to_dicts()
    assert (row["field"], row["old"], row["new"]) == ("tags", ("a",), ("a", "c"))
    (row,) = diff(_read(FIRST, SECOND), _read(SECOND, FIRST)).to_dicts()
    assert row["field"] == "looks"
    segments = Workspace(surveys=[Survey(id="autumn", counts={"old": {"a": Answers(high_low=1)}})])
    assert {row["field"] for row in diff(_wave(1), segments).to_dicts()} == {
        "counts: everyone: a", "counts: everyone: b", "counts: old: a",
    }  # fmt: skip


NAMES = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).map(tuple)


@given(NAMES, NAMES, NAMES)
def test_names_are_merged_as_sets_are(base: Any, ours: Any, theirs: Any) -> None:
    """The oracle: a name stays unless a side dropped it, and comes in when a side added it."""
    found = merged_list(base, ours, theirs, favor="")
    assert found is not None
    merged, clashes = found
    assert clashes == ()
    kept = set(base) & set(ours) & set(theirs)
    assert set(merged) == kept | (set(ours) - set(base)) | (set(theirs) - set(base))
    assert len(set(merged)) == len(merged)
    assert merged_list(base, ours, base, favor="") == (ours, ())
    alone = merged_list(base, base, theirs, favor="")
    assert alone is not None
    assert set(alone[0]) == set(theirs)


DAYS = st.dictionaries(st.integers(1, 6), st.integers(0, 2), max_size=5).map(
    lambda days: tuple(_look(f"2026-11-0{day}", 100 + n) for day, n in sorted(days.items()))
)


@given(DAYS, DAYS, DAYS)
def test_looks_are_merged_day_by_day(base: Any, ours: Any, theirs: Any) -> None:
    found = merged_list(base, ours, theirs, favor="")
    assert found is not None
    merged, clashes = found
    before, mine, other = ({look.date: look for look in side} for side in (base, ours, theirs))
    wanted, clashing = {}, 0
    for day in {*mine, *other, *before}:
        versions = [side.get(day) for side in (before, mine, other)]
        changed = [version for version in versions[1:] if version != versions[0]]
        clashing += len(changed) == 2 and changed[0] != changed[1]
        kept = changed[0] if changed else versions[0]
        if kept is not None:
            wanted[day] = kept
    assert len(clashes) == clashing
    if ours and theirs:
        assert merged == tuple(look for _, look in sorted(wanted.items()))
    assert {look.date: look for look in merged} == wanted  # type: ignore[attr-defined]
