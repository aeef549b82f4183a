"""The laws of comparing and merging whole products."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import ost
from pmkit.conway import Communication, Component, Organization, Ownership, Team
from pmkit.errors import UnknownIdError
from pmkit.testing import workspaces
from pmkit.workspace import (
    Goal,
    StatedJob,
    Waiver,
    Workspace,
    apply,
    diff,
    invert,
    merge,
)

SMALL = workspaces(max_rows=1, max_nodes=3)
BASE = Workspace(
    name="Cinema",
    goals=[Goal(id="g1", title="People come back"), Goal(id="g2", title="People pay"), Goal(id="g3", title="Calm")],
    jobs=[StatedJob(id="j", text="Unwind after work", goal="g1")],
    tree=ost.from_records(
        [
            {"id": "watch", "kind": "outcome", "title": "Watch more", "parent": None},
            {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"},
            {"id": "wait", "kind": "opportunity", "title": "I wait", "parent": "watch"},
            {"id": "row", "kind": "solution", "title": "A row of picks", "parent": "find"},
        ]
    ),
    organization=Organization(
        teams=[Team(id="web"), Team(id="data")],
        components=[Component(id="page")],
        ownership=[Ownership(component="page", team="web")],
        communication=[Communication(a="web", b="data", channel="chat")],
    ),
    waivers=[Waiver(code="OST106", subject="find", because="two more next week")],
    extra={"x-board": {"columns": ["now", "next"]}},
)


@settings(max_examples=6)
@given(SMALL, SMALL)
def test_a_difference_leads_there_and_back(old: Workspace, new: Workspace) -> None:
    change = diff(old, new)
    assert apply(old, change) == new
    assert apply(new, invert(change)) == old
    assert bool(change) == bool(change.to_dicts()) or change.tree is not None
    assert bool(change) or old == new


@settings(max_examples=6)
@given(SMALL, SMALL)
def test_a_merge_with_one_changed_side_is_that_side(base: Workspace, other: Workspace) -> None:
    assert merge(base, base, other).workspace == other
    assert merge(base, other, base).workspace == other
    assert merge(base, other, other).workspace == other
    assert not diff(base, base)


@settings(max_examples=6)
@given(SMALL, SMALL, SMALL)
def test_conflicts_do_not_depend_on_the_side(base: Workspace, ours: Workspace, theirs: Workspace) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (one.workspace is None) == (other.workspace is None) == bool(one.conflicts)
    assert {(each.kind, each.subject) for each in one.conflicts} == {
        (each.kind, each.subject) for each in other.conflicts
    }
    for favor in ("ours", "theirs"):
        assert merge(base, ours, theirs, favor=favor).workspace is not None  # type: ignore[arg-type]


EDITS = {
    "name": lambda w: attrs.evolve(w, name="Kino"),
    "goal title": lambda w: attrs.evolve(w, goals=(attrs.evolve(w.goals[0], title="They return"), *w.goals[1:])),
    "goal target": lambda w: attrs.evolve(w, goals=(attrs.evolve(w.goals[0], target=0.2), *w.goals[1:])),
    "goal removed": lambda w: attrs.evolve(w, goals=tuple(g for g in w.goals if g.id != "g2")),
    "goal added": lambda w: attrs.evolve(w, goals=(*w.goals, Goal(id="g4", title="New"))),
    "job": lambda w: attrs.evolve(w, jobs=(attrs.evolve(w.jobs[0], goal="g3"),)),
    "tree title": lambda w: attrs.evolve(w, tree=ost.replace(w.tree, "row", title="Three picks")),
    "tree move": lambda w: attrs.evolve(w, tree=ost.move(w.tree, "row", "wait")),
    "tree add": lambda w: attrs.evolve(
        w, tree=ost.add(w.tree, ost.Solution(id="bell", title="A reminder"), parent="find")
    ),
    "team": lambda w: attrs.evolve(
        w, organization=attrs.evolve(w.organization, teams=(*w.organization.teams, Team(id="ops")))
    ),
    "channel": lambda w: attrs.evolve(
        w,
        organization=attrs.evolve(
            w.organization, communication=(Communication(a="data", b="web", channel="chat", weight=3),)
        ),
    ),
    "waiver": lambda w: attrs.evolve(w, waivers=(attrs.evolve(w.waivers[0], until="2026-12-31"),)),
    "extra": lambda w: attrs.evolve(w, extra={"x-board": w.extra["x-board"], "x-new": 1}),
}


@given(st.sets(st.sampled_from(sorted(EDITS)), max_size=6), st.sets(st.sampled_from(sorted(EDITS)), max_size=6))
def test_edits_of_different_things_come_together(mine: set[str], other: set[str]) -> None:
    """The oracle: one side's edits done after the other's."""

    def edited(start: Workspace, names: set[str]) -> Workspace:
        for name in sorted(names):
            start = EDITS[name](start)
        return start

    merged = merge(BASE, edited(BASE, mine), edited(BASE, other))
    assert merged.conflicts == ()
    assert merged.workspace == edited(BASE, mine | other)


def test_rows_keep_ours_order_and_theirs_additions_follow() -> None:
    ours = attrs.evolve(BASE, goals=(*BASE.goals, Goal(id="ours", title="o")))
    theirs = attrs.evolve(BASE, goals=(*BASE.goals[::-1], Goal(id="theirs", title="t")))
    merged = merge(BASE, ours, theirs).workspace
    assert merged is not None
    assert [goal.id for goal in merged.goals] == ["g3", "g2", "g1", "ours", "theirs"]
    assert {row["change"] for row in diff(BASE, theirs).to_dicts()} == {"added", "reordered"}


def test_each_kind_of_conflict_is_named() -> None:
    def goal(workspace: Workspace, **changes: object) -> Workspace:
        return attrs.evolve(workspace, goals=(attrs.evolve(workspace.goals[0], **changes), *workspace.goals[1:]))

    without = attrs.evolve(BASE, goals=BASE.goals[1:])
    cases = {
        ("both-changed", "g1"): (goal(BASE, title="a"), goal(BASE, title="b")),
        ("removed-and-changed", "g1"): (without, goal(BASE, title="b")),
        ("added-twice", "new"): (
            attrs.evolve(BASE, jobs=(*BASE.jobs, StatedJob(id="new", text="a"))),
            attrs.evolve(BASE, jobs=(*BASE.jobs, StatedJob(id="new", text="b"))),
        ),
        ("added-twice", "row"): (attrs.evolve(BASE, tree=None), attrs.evolve(BASE, name="x")),
        ("both-changed", ""): (attrs.evolve(BASE, name="a"), attrs.evolve(BASE, name="b")),
        ("moved-twice", "row"): (
            attrs.evolve(BASE, tree=ost.move(BASE.tree, "row", "wait")),
            attrs.evolve(
                BASE, tree=ost.move(ost.add(BASE.tree, ost.Opportunity(id="c", title="c"), "watch"), "row", "c")
            ),
        ),
    }
    del cases["added-twice", "row"]
    for (kind, subject), (ours, theirs) in cases.items():
        found = merge(BASE, ours, theirs)
        assert [(each.kind, each.subject) for each in found.conflicts] == [(kind, subject)]
        assert found.workspace is None


def test_what_is_good_on_both_sides_and_not_together_is_a_conflict() -> None:
    ours = attrs.evolve(BASE, goals=(*BASE.goals, Goal(id="same", title="a goal")))
    theirs = attrs.evolve(BASE, jobs=(*BASE.jobs, StatedJob(id="same", text="a job")))
    assert [(each.kind, each.subject) for each in merge(BASE, ours, theirs).conflicts] == [("added-twice", "same")]
    organization = BASE.organization
    assert organization is not None
    gone = attrs.evolve(BASE, organization=attrs.evolve(organization, components=(), ownership=()))
    second = Ownership(component="page", team="data")
    used = attrs.evolve(BASE, organization=attrs.evolve(organization, ownership=(*organization.ownership, second)))
    assert {each.kind for each in merge(BASE, gone, used).conflicts} == {"removed-and-changed"}


def test_a_tree_that_one_side_drops_and_the_other_edits_is_a_conflict() -> None:
    dropped = attrs.evolve(BASE, tree=None)
    (conflict,) = merge(BASE, dropped, EDITS["tree title"](BASE)).conflicts
    assert (conflict.kind, conflict.subject) == ("removed-and-changed", "watch")
    assert merge(BASE, dropped, EDITS["name"](BASE)).workspace == attrs.evolve(dropped, name="Kino")
    assert apply(BASE, diff(BASE, dropped)) == dropped


def test_a_difference_from_elsewhere_is_refused() -> None:
    change = diff(BASE, attrs.evolve(BASE, goals=BASE.goals[::-1]))
    with pytest.raises(UnknownIdError):
        apply(Workspace(), change)
    assert diff(BASE, attrs.evolve(BASE, goals=BASE.goals[::-1])).summary() == "goals: 1 reordered"
