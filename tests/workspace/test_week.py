"""The weekly page: what it says, and what it leaves out."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from pmkit import ost
from pmkit.errors import InvalidValueError
from pmkit.experiments import Plan, proportion
from pmkit.workspace import (
    Cell,
    Experiment,
    Feedback,
    Goal,
    Look,
    RecordedDecision,
    StatedJob,
    Waiver,
    Week,
    Workspace,
    week,
)

TODAY = dt.date(2026, 11, 22)
COUNTS = {"control": {"bought": Cell(n=10, successes=2)}, "new": {"bought": Cell(n=12, successes=3)}}


def _plan(end: str | None = None) -> Plan:
    return Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1}, end=end)


def _tree(**test: object) -> Workspace:
    rows: list[dict[str, object]] = [
        {"id": "o", "kind": "outcome", "title": "o", "parent": None},
        {"id": "p", "kind": "opportunity", "title": "p", "parent": "o"},
        {"id": "s", "kind": "solution", "title": "s", "parent": "p"},
        {"id": "a", "kind": "assumption", "title": "a", "parent": "s"},
        {"id": "t", "kind": "test", "title": "Ask eight people", "parent": "a", **test},
    ]
    return Workspace(tree=ost.from_records(rows))


def _target(**opportunity: object) -> Workspace:
    tree = ost.new(ost.Outcome(id="o", title="o"))
    return Workspace(tree=ost.add(tree, ost.Opportunity(id="p", title="p", **opportunity), parent="o"))  # type: ignore[arg-type]


def _said(page: Week, kind: str) -> list[tuple[str, str]]:
    return [(entry.subject, entry.message) for entry in page.entries if entry.kind == kind]


def test_dates_from_since_on_are_changes() -> None:
    experiment = Experiment(
        id="e",
        plan=_plan(),
        registered_on="2026-11-01",
        started="2026-11-15",
        looks=[Look(date="2026-11-20", counts=COUNTS)],
        decision=RecordedDecision(verdict="iterate", date="2026-11-21"),
    )
    workspace = Workspace(
        feedback=[
            Feedback(id="f1", text="more", kind="praise", date="2026-11-14"),
            Feedback(id="f2", text="less", kind="complaint", date="2026-11-16"),
            Feedback(id="f3", text="undated"),
        ],
        experiments=[experiment, Experiment(id="later", plan=_plan())],
    )
    page = week(workspace, today=TODAY)
    assert page.since == dt.date(2026, 11, 15)
    assert not page.compared
    assert _said(page, "changed") == [
        ("f2", "new complaint of 2026-11-16"),
        ("e", "started on 2026-11-15"),
        ("e", "read on 2026-11-20"),
        ("e", "decided (iterate) on 2026-11-21"),
    ]
    assert [subject for subject, _ in _said(week(workspace, since="2026-11-01", today=TODAY), "changed")].count(
        "e"
    ) == 4
    assert _said(week(workspace), "changed") == []


def test_tree_nodes_and_their_evidence_carry_dates() -> None:
    evidence = [{"kind": "story", "participant": "p03", "date": day} for day in ("2026-11-19", "2026-11-02")]
    rows: list[dict[str, object]] = [
        {"id": "o", "kind": "outcome", "title": "o", "parent": None, "updated": "2026-11-18"},
        {
            "id": "p",
            "kind": "opportunity",
            "title": "p",
            "parent": "o",
            "evidence": [ost.Evidence(**piece) for piece in evidence],  # type: ignore[arg-type]
        },
    ]
    page = week(Workspace(tree=ost.from_records(rows)), today=TODAY)
    assert _said(page, "changed") == [("o", "outcome updated on 2026-11-18"), ("p", "new story of 2026-11-19")]


def test_two_versions_are_compared_by_fields() -> None:
    before = Workspace(goals=[Goal(id="g", title="Stay"), Goal(id="gone", title="Leave")])
    after = Workspace(
        goals=[Goal(id="g", title="Stay long", target=0.2)],
        jobs=[StatedJob(id="j", text="Unwind")],
    )
    page = week(after, previous=before, today=TODAY)
    assert page.compared
    changed = _said(page, "changed")
    assert ("g", "goals: changed, title from 'Stay' to 'Stay long'") in changed
    assert ("g", "goals: changed, target from nothing to 0.2") in changed
    assert ("gone", "goals: removed") in changed
    assert ("j", "jobs: added") in changed
    assert _said(week(after, previous=after), "changed") == []


def test_a_move_says_from_where_to_where() -> None:
    tree = ost.new(ost.Outcome(id="o", title="o"))
    for name in ("p", "q"):
        tree = ost.add(tree, ost.Opportunity(id=name, title=name), parent="o")
    tree = ost.add(tree, ost.Solution(id="s", title="s"), parent="p")
    moved = ost.move(tree, "s", parent="q")
    ((subject, message),) = _said(week(Workspace(tree=moved), previous=Workspace(tree=tree)), "changed")
    assert subject == "s"
    assert message.endswith("moved from 'p' to 'q'")


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ("2026-11-20", "its data are in for 2 days; decide"),
        ("2026-11-21", "its data are in for 1 day; decide"),
        ("2026-11-30", "its data are in; decide"),
        (None, "its data are in; decide"),
    ],
)
def test_a_read_experiment_waits_for_its_decision(read: str | None, told: str) -> None:
    open_one = Experiment(id="e", plan=_plan(), looks=[Look(date=read, counts=COUNTS)])
    assert _said(week(Workspace(experiments=[open_one]), today=TODAY), "decision waiting") == [("e", told)]
    decided = attrs.evolve(open_one, decision=RecordedDecision(verdict="iterate"))
    assert _said(week(Workspace(experiments=[decided]), today=TODAY), "decision waiting") == []


def test_without_a_day_nothing_is_said_about_time() -> None:
    open_one = Experiment(id="e", plan=_plan("2026-11-01"), looks=[Look(date="2026-11-20", counts=COUNTS)])
    assert _said(week(Workspace(experiments=[open_one])), "decision waiting") == [("e", "its data are in; decide")]
    unread = Workspace(experiments=[attrs.evolve(open_one, looks=())])
    assert week(unread).entries == ()


@pytest.mark.parametrize(
    ("end", "waiting", "ends"),
    [
        ("2026-11-21", True, False),
        ("2026-11-22", False, True),
        ("2026-11-29", False, True),
        ("2026-11-30", False, False),
        (None, False, False),
    ],
)
def test_the_last_day_of_an_experiment(end: str | None, *, waiting: bool, ends: bool) -> None:
    page = week(Workspace(experiments=[Experiment(id="e", plan=_plan(end))]), today=TODAY)
    assert _said(page, "decision waiting") == ([("e", f"it ended on {end}; read its data")] if waiting else [])
    assert _said(page, "experiment ends") == ([("e", f"its last day is {end}")] if ends else [])
    assert ("Experiments that end (1)" in page.summary()) is ends


@pytest.mark.parametrize(
    ("test", "due"),
    [
        ({"status": "planned"}, "'Ask eight people' is planned"),
        ({"status": "planned", "days": 3, "updated": "2026-11-20"}, "'Ask eight people' is planned"),
        ({"status": "running"}, "'Ask eight people' is running"),
        ({"status": "running", "days": 3, "updated": "2026-11-20"}, "'Ask eight people' should end on 2026-11-23"),
        ({"status": "running", "days": 9, "updated": "2026-11-20"}, "'Ask eight people' should end on 2026-11-29"),
        ({"status": "running", "days": 10, "updated": "2026-11-20"}, None),
        ({"status": "done", "verdict": "supported"}, None),
    ],
)
def test_tests_that_are_due(test: dict[str, object], due: str | None) -> None:
    assert _said(week(_tree(**test), today=TODAY), "test due") == ([("t", due)] if due else [])


def test_a_running_test_is_told_without_a_day() -> None:
    page = week(_tree(status="running", days=400, updated="2026-11-20"))
    assert _said(page, "test due") == [("t", "'Ask eight people' should end on 2027-12-25")]


def test_a_done_test_waits_for_its_verdict() -> None:
    waiting = _said(week(_tree(status="done"), today=TODAY), "decision waiting")
    assert waiting == [("t", "the test is done; write down its verdict")]
    assert _said(week(_tree(status="done", verdict="refuted"), today=TODAY), "decision waiting") == []


def test_an_outcome_past_its_day_wants_a_new_target() -> None:
    late = Workspace(tree=ost.new(ost.Outcome(id="o", title="o", by="2026-11-21")))
    assert _said(week(late, today=TODAY), "decision waiting") == [("o", "its day was 2026-11-21; set a new target")]
    assert week(late, today="2026-11-21").entries == ()
    assert week(late).entries == ()


def test_interviews_are_due_on_targets_alone() -> None:
    fresh = [ost.Evidence(kind="story", participant="p03", date="2026-11-15")]
    stale = [ost.Evidence(kind="observation", participant="p03", date="2026-11-14")]
    other = [ost.Evidence(kind="analytics", source="funnel", date="2026-11-21")]
    assert _said(week(_target(target=True, evidence=fresh), today=TODAY), "interview due") == []
    ((_, told),) = _said(week(_target(target=True, evidence=stale), today=TODAY), "interview due")
    assert "was last heard about on 2026-11-14" in told
    ((_, told),) = _said(week(_target(target=True, evidence=other), today=TODAY), "interview due")
    assert "has no dated interview" in told
    assert _said(week(_target(target=True, evidence=stale)), "interview due") == []
    assert _said(week(_target(), today=TODAY), "interview due") == []


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2026-11-21", "OST106 ended on 2026-11-21: soon"),
        ("2026-11-22", "OST106 ends on 2026-11-22: soon"),
        ("2026-11-29", "OST106 ends on 2026-11-29: soon"),
        ("2026-11-30", None),
        (None, None),
    ],
)
def test_waivers_that_end(until: str | None, told: str | None) -> None:
    workspace = Workspace(waivers=[Waiver(code="OST106", because="soon", until=until)])
    page = week(workspace, today=TODAY)
    assert _said(page, "waiver") == ([("", told)] if told else [])
    assert (f"Waivers (1)\n  {told}" in page.summary()) is (told is not None)
    assert _said(week(workspace), "waiver") == []


def test_rows_are_the_entries() -> None:
    page = week(_tree(status="planned"), today=TODAY)
    assert page.to_dicts() == [{"kind": "test due", "subject": "t", "message": "'Ask eight people' is planned"}]


@pytest.mark.parametrize("days", [{"today": "soon"}, {"since": "2026-13-01"}, {"since": "2026-11-23", "today": TODAY}])
def test_days_that_are_none_are_refused(days: dict[str, dt.date | str]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        week(Workspace(), **days)  # type: ignore[arg-type]
    assert next(iter(days)) in str(caught.value)
