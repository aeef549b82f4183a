"""Each rule across rooms: one workspace that breaks it, and one that is sound."""

from __future__ import annotations

from typing import Any

import pytest

from pmkit import ost
from pmkit.conway import Communication, Component, Dependency, Organization, Ownership, Team
from pmkit.errors import InvalidValueError
from pmkit.experiments import Plan, proportion
from pmkit.workspace import (
    RULES,
    Answers,
    Cell,
    Experiment,
    Feedback,
    Goal,
    Look,
    RecordedDecision,
    RoadmapItem,
    StatedHypothesis,
    StatedJob,
    StatedNeed,
    Survey,
    Waiver,
    Workspace,
    check,
)

TODAY = "2026-11-22"
COUNTS = {"control": {"bought": Cell(n=10, successes=2)}, "new": {"bought": Cell(n=12, successes=3)}}
LOOK = Look(date="2026-11-01", counts=COUNTS)
SENTENCE = (
    "We believe that showing three picks for subscribers will increase {metric} "
    "by at least 2 percentage points within 14 days because viewers want less search."
)


def _plan(end: str | None = None) -> Plan:
    return Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1}, end=end)


def _tree(
    *,
    outcome: dict[str, Any] | None = None,
    opportunity: dict[str, Any] | None = None,
    solution: dict[str, Any] | None = None,
    test: dict[str, Any] | None = None,
) -> Any:
    return ost.from_records(
        [
            {"id": "o", "kind": "outcome", "title": "o", "parent": None, **(outcome or {})},
            {"id": "p", "kind": "opportunity", "title": "p", "parent": "o", **(opportunity or {})},
            {"id": "s", "kind": "solution", "title": "s", "parent": "p", **(solution or {})},
            {"id": "a", "kind": "assumption", "title": "a", "parent": "s"},
            {"id": "t", "kind": "test", "title": "t", "parent": "a", **(test or {})},
        ]
    )


def _organization(*, owned: bool = True, channel: tuple[str, str] = ("web", "data")) -> Organization:
    owners = [Ownership(component="page", team="web")]
    return Organization(
        teams=[Team(id="web"), Team(id="data"), Team(id="ops")],
        components=[Component(id="page"), Component(id="store")],
        ownership=[*owners, Ownership(component="store", team="data")] if owned else owners,
        dependencies=[Dependency(source="page", target="store")],
        communication=[Communication(a=channel[0], b=channel[1], channel="chat")],
    )


def _decided(verdict: Any, *, registered: bool = True) -> Experiment:
    plan = _plan()
    decision = RecordedDecision(verdict=verdict)
    return Experiment(id="e", plan=plan, registered=plan.digest if registered else "", decision=decision)


def _tested(verdict: str, decision: str) -> Workspace:
    return Workspace(tree=_tree(test={"verdict": verdict, "experiment": "e"}), experiments=[_decided(decision)])


def _believed(metric: str, **stated: str) -> Workspace:
    return Workspace(
        needs=[StatedNeed(id="n", text="Minimize the time it takes to find an episode")],
        tree=_tree(outcome={"metric": "minutes watched per week", "title": "Watch more"}),
        hypotheses=[StatedHypothesis(id="h", text=SENTENCE.format(metric=metric), **stated)],
    )


def _asked(identifier: str, *, met: bool = False, **fields: Any) -> Survey:
    counts = Answers(low_high=90) if met else Answers(high_low=90)
    return Survey(id=identifier, counts={"everyone": {"n": counts}}, **fields)


TOUCHING = _tree(solution={"touches": ["page", "store"]})
SHIPPED = _tree(solution={"touches": ["page", "store"], "status": "shipped"})
CASES: list[tuple[str, str, Workspace, Workspace]] = [
    (
        "WSP102",
        "s",
        Workspace(tree=_tree(solution={"touches": ["paeg"]}), organization=_organization()),
        Workspace(tree=TOUCHING, organization=_organization()),
    ),
    ("WSP102", "j", Workspace(jobs=[StatedJob(id="j", text="Unwind", goal="j")]), Workspace()),
    (
        "WSP103",
        "s",
        Workspace(tree=TOUCHING, organization=_organization(channel=("web", "ops"))),
        Workspace(tree=TOUCHING, organization=_organization()),
    ),
    (
        "WSP104",
        "r",
        Workspace(tree=_tree(), roadmap=[RoadmapItem(id="r", title="Settings", serves=["o"])]),
        Workspace(tree=_tree(), roadmap=[RoadmapItem(id="r", title="Settings", serves=["s"])]),
    ),
    (
        "WSP104",
        "r",
        Workspace(roadmap=[RoadmapItem(id="r", title="Settings")]),
        Workspace(tree=_tree(), roadmap=[RoadmapItem(id="r", title="Settings", serves=["nowhere", "p"])]),
    ),
    (
        "WSP105",
        "e",
        Workspace(experiments=[_decided("iterate", registered=False)]),
        Workspace(experiments=[_decided("iterate"), Experiment(id="open", plan=_plan())]),
    ),
    (
        "WSP106",
        "n",
        Workspace(tree=_tree(), needs=[StatedNeed(id="n", text="Minimize the time it takes to find a film")]),
        Workspace(
            tree=_tree(opportunity={"outcomes": ["n"]}),
            needs=[StatedNeed(id="n", text="Minimize the time it takes to find a film")],
        ),
    ),
    (
        "WSP108",
        "e",
        Workspace(experiments=[Experiment(id="e", plan=_plan("2026-11-21"), looks=[LOOK])]),
        Workspace(experiments=[Experiment(id="e", plan=_plan("2026-11-22"), looks=[LOOK])]),
    ),
    (
        "WSP108",
        "e",
        Workspace(experiments=[Experiment(id="e", plan=_plan(), looks=[LOOK])]),
        Workspace(experiments=[Experiment(id="e", plan=_plan("2026-11-01"))]),
    ),
    ("WSP109", "t", _tested("supported", "roll back"), _tested("refuted", "roll back")),
    ("WSP109", "t", _tested("refuted", "declare victory"), _tested("supported", "declare victory")),
    (
        "WSP110",
        "s",
        Workspace(tree=TOUCHING, organization=_organization(owned=False)),
        Workspace(tree=SHIPPED, organization=_organization(owned=False)),
    ),
    (
        "WSP111",
        "h",
        Workspace(hypotheses=[StatedHypothesis(id="h", text="We believe so")]),
        Workspace(
            hypotheses=[StatedHypothesis(id="h", text="We believe so")],
            experiments=[Experiment(id="e", plan=_plan(), hypothesis="h")],
        ),
    ),
    (
        "WSP112",
        "o",
        Workspace(goals=[Goal(id="g", title="Stay")], tree=_tree()),
        Workspace(goals=[Goal(id="g", title="Stay")], tree=_tree(outcome={"key_result": "g"})),
    ),
    (
        "WSP113",
        "s",
        Workspace(tree=_tree(solution={"status": "building"})),
        Workspace(tree=_tree(solution={"status": "building"}, test={"verdict": "supported"})),
    ),
    (
        "WSP113",
        "s",
        Workspace(tree=_tree(solution={"status": "shipped"})),
        Workspace(tree=_tree(solution={"status": "considering"})),
    ),
    (
        "WSP115",
        "p",
        Workspace(waivers=[Waiver(code="OST106", subject="p", because="soon", until="2026-11-21")]),
        Workspace(
            waivers=[
                Waiver(code="OST106", subject="p", because="soon", until="2026-11-22"),
                Waiver(code="OST106", subject="q", because="for ever"),
            ]
        ),
    ),
    (
        "WSP116",
        "f",
        Workspace(feedback=[Feedback(id="f", text="I search too long")]),
        Workspace(tree=_tree(), feedback=[Feedback(id="f", text="I search too long", about=["p"])]),
    ),
    (
        "WSP106",
        "n",
        Workspace(tree=_tree(), needs=[StatedNeed(id="n", text="Minimize the wait")], surveys=[_asked("w")]),
        Workspace(tree=_tree(), needs=[StatedNeed(id="n", text="Minimize the wait")], surveys=[_asked("w", met=True)]),
    ),
    (
        "WSP117",
        "old",
        Workspace(surveys=[_asked("old", high=3), _asked("new")]),
        Workspace(surveys=[_asked("old", high=3), _asked("new", supersedes=["old"])]),
    ),
    (
        "EXP112",
        "h",
        _believed("banner clicks", serves="s"),
        _believed("minutes watched per week", serves="s"),
    ),
    ("EXP112", "h", _believed("banner clicks", need="n"), _believed("banner clicks")),
]


@pytest.mark.parametrize(("code", "subject", "broken", "sound"), CASES, ids=lambda part: str(part)[:8])
def test_a_rule_speaks_of_what_breaks_it_alone(code: str, subject: str, broken: Workspace, sound: Workspace) -> None:
    findings = check(broken, select=[code], today=TODAY)
    assert [(finding.code, finding.subject) for finding in findings] == [(code, subject)]
    assert findings[0].message
    assert findings[0].hint
    assert check(sound, select=[code], today=TODAY) == ()


def test_every_rule_has_a_case() -> None:
    assert {rule.code for rule in RULES} - {"WSP101"} == {code for code, *_ in CASES}


def test_a_clash_of_ids_cannot_be_built() -> None:
    with pytest.raises(InvalidValueError) as caught:
        Workspace(goals=[Goal(id="s", title="Stay")], tree=_tree())
    assert [(finding.code, finding.subject) for finding in caught.value.findings] == [("WSP101", "s")]
    assert check(Workspace(tree=_tree()), select=["WSP101"]) == ()


def test_a_dangling_reference_says_what_was_meant() -> None:
    tree = _tree(solution={"touches": ["paeg"]})
    (near,) = check(Workspace(tree=tree, organization=_organization()), select=["WSP102"])
    assert "did you mean 'page'?" in near.message
    (wrong,) = check(Workspace(jobs=[StatedJob(id="j", text="Unwind", goal="j")]), select=["WSP102"])
    assert "which is a job, not a goal" in wrong.message


def test_a_silent_organization_is_not_asked_for_channels() -> None:
    silent = Organization(
        teams=[Team(id="web"), Team(id="data")],
        components=[Component(id="page"), Component(id="store")],
        ownership=[Ownership(component="page", team="web"), Ownership(component="store", team="data")],
        dependencies=[Dependency(source="page", target="store")],
    )
    assert check(Workspace(tree=TOUCHING, organization=silent), select=["WSP103"]) == ()
    assert check(Workspace(tree=TOUCHING), select=["WSP103", "WSP110"]) == ()


def test_a_hypothesis_without_a_metric_is_left_to_its_own_rules() -> None:
    unread = Workspace(tree=_tree(), hypotheses=[StatedHypothesis(id="h", text="Hm.", serves="s")])
    assert check(unread, select=["EXP112"]) == ()


def test_a_waiver_holds_until_its_last_day() -> None:
    workspace = Workspace(
        feedback=[Feedback(id="f", text="I search too long"), Feedback(id="g", text="I wait")],
        waivers=[Waiver(code="WSP116", subject="f", because="later", until="2026-11-22")],
    )

    def subjects(day: str | None) -> list[str]:
        return [finding.subject for finding in check(workspace, select=["WSP116"], today=day)]

    assert subjects("2026-11-22") == ["g"]
    assert subjects("2026-11-23") == ["f", "g"]
    assert subjects(None) == ["g"]
    everywhere = Workspace(feedback=workspace.feedback, waivers=[Waiver(code="WSP116", because="later")])
    assert check(everywhere, select=["WSP116"]) == ()


def test_select_ignore_and_profiles() -> None:
    workspace = Workspace(tree=_tree(), feedback=[Feedback(id="f", text="I wait")], organization=_organization())
    whole = check(workspace)
    assert {finding.code for finding in check(workspace, select="WSP")} == {"WSP116"}
    assert [finding for finding in whole if not finding.code.startswith("WSP")] == list(check(workspace, ignore="WSP"))
    rash = Workspace(jobs=[StatedJob(id="j", text="Watch Netflix quickly")])
    severities = [
        {finding.code: finding.severity for finding in check(rash, profile=profile)}["JTBD103"]
        for profile in ("default", "strict")
    ]
    assert severities == ["warning", "error"]
    with pytest.raises(InvalidValueError, match="unknown profile 'torres'"):
        check(workspace, profile="torres")  # type: ignore[arg-type]
    for unknown in ("WSP999", ""):
        with pytest.raises(InvalidValueError, match="no rule has the code"):
            check(workspace, ignore=[unknown])
