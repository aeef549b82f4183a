"""What a workspace refuses, and the corners of measuring, tracing and merging."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from pmkit import ost
from pmkit.conway import Component, Organization, Ownership, Team
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.experiments import Plan, mean, parse_hypothesis, proportion
from pmkit.workspace import (
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
    Workspace,
    check,
    diff,
    measurements,
    merge,
    readings,
    references,
    trace,
)
from pmkit.workspace._nested import merged_order

TREE = ost.from_records(
    [
        {"id": "o", "kind": "outcome", "title": "o", "parent": None, "key_result": "g"},
        {"id": "p", "kind": "opportunity", "title": "p", "parent": "o", "outcomes": ["n"]},
        {"id": "q", "kind": "opportunity", "title": "q", "parent": "o"},
        {"id": "s", "kind": "solution", "title": "s", "parent": "p"},
        {"id": "a", "kind": "assumption", "title": "a", "parent": "s"},
        {"id": "t", "kind": "test", "title": "t", "parent": "a", "experiment": "e"},
    ]
)
PLAN = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ([], "must be a mapping"),
        ({"board": 1}, "begin with x-, unlike 'board'"),
        ({1: 1}, "begin with x-"),
        ({"x-a": {"b": object()}}, "can hold only"),
        ({"x-a": {1: 2}}, "can hold only"),
        ({"x-a": [float("nan")]}, "can hold only"),
        ({"x-a": 10**300}, "can hold only"),
    ],
)
def test_keys_of_ones_own_hold_plain_data(extra: Any, told: str) -> None:
    with pytest.raises(InvalidValueError, match=told):
        Workspace(extra=extra)


def test_keys_of_ones_own_are_frozen() -> None:
    given = {"x-a": {"b": [1, 2.5, True, None, "c"]}}
    workspace = Workspace(extra=given)
    given["x-a"]["b"].append("d")
    assert workspace.extra == {"x-a": {"b": (1, 2.5, True, None, "c")}}


def test_a_workspace_holds_one_solution_tree_of_one_root() -> None:
    forest = ost.new(ost.Solution(id="s", title="s"), forest=True)
    with pytest.raises(InvalidValueError, match="not a forest"):
        Workspace(tree=forest)
    with pytest.raises(InvalidValueError, match="a tree"):
        Workspace(tree="tree")  # type: ignore[arg-type]


def test_an_empty_organization_is_none() -> None:
    assert Workspace(organization=Organization()) == Workspace()
    assert Workspace(organization=Organization(teams=[Team(id="web")])).organization is not None


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"n": 5}, "needs n with successes, or n with mean"),
        ({"n": 5, "successes": 2, "mean": 0.4, "variance": 0.1}, "needs n with successes, or n with mean"),
        ({"n": 5, "successes": 6}, "cannot be more than n"),
        ({"n": 5, "mean": 0.4}, "needs its variance"),
        ({"n": 5, "mean": 0.4, "variance": -1.0}, "variance"),
    ],
)
def test_cells_that_cannot_have_been_measured(cell: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidValueError, match=told):
        Cell(**cell)


@pytest.mark.parametrize("counts", [[], {"control": 5}, {"control": {"bought": 5}}])
def test_counts_map_variants_to_metrics_to_cells(counts: Any) -> None:
    with pytest.raises(InvalidValueError, match="must map variants to metrics to cells"):
        Look(counts=counts)


def test_a_metric_that_the_plan_does_not_name() -> None:
    look = Look(counts={"control": {"bougth": Cell(n=10, successes=2)}})
    with pytest.raises(InvalidValueError, match="did you mean 'bought'"):
        measurements(Experiment(id="e", plan=PLAN), look)


def test_measured_means_keep_their_moments() -> None:
    plan = Plan(goal=mean("minutes", minimum_effect=1.0), split={"control": 1, "new": 1})
    counts = {name: {"minutes": Cell(n=400, mean=30.0 + 5 * (name == "new"), variance=16.0)} for name in plan.split}
    look = Look(date="2026-11-22", counts=counts, units={"new": 450})
    found = measurements(Experiment(id="e", plan=plan), look)
    assert dict(found.units) == {"control": 400, "new": 450}
    even = attrs.evolve(look, units={})
    (reading,) = readings(Experiment(id="e", plan=plan, registered=plan.digest, looks=[even]))
    assert reading.decision.verdict == "declare victory"
    assert reading.look == even


def test_no_metric_at_all_means_no_units() -> None:
    assert measurements(Experiment(id="e", plan=PLAN), Look(counts={"control": {}})).units["control"] == 0


def _whole(decision: RecordedDecision | None) -> Workspace:
    return Workspace(
        goals=[Goal(id="g", title="Stay")],
        jobs=[StatedJob(id="j", text="Unwind", goal="g")],
        needs=[StatedNeed(id="n", text="Minimize the wait", job="j")],
        tree=TREE,
        hypotheses=[StatedHypothesis(id="h", text="We believe so", serves="a", need="n")],
        experiments=[
            Experiment(id="e", plan=PLAN, hypothesis="h", decision=decision),
            Experiment(id="aside", plan=PLAN, decision=RecordedDecision(verdict="iterate")),
        ],
    )


@pytest.mark.parametrize("start", ["g", "s", "a", "t", "h", "e"])
def test_a_whole_chain_lacks_nothing(start: str) -> None:
    found = trace(_whole(RecordedDecision(verdict="roll back", note="calm first")), start)
    assert found.missing == ()
    assert {row["id"] for row in found.to_dicts() if row["link"] != "decision"} >= {"g", "o", "p", "s", "a", "h", "e"}
    assert [step.title for step in found.steps if step.kind == "decision"] == ["roll back: calm first"]
    assert [step.id for step in found.steps if step.distance == "here"] == [start]
    assert "aside" not in found.summary()


def test_a_chain_says_what_it_lacks() -> None:
    found = trace(_whole(None), "q")
    assert [kind for kind, _ in found.missing] == [
        "solution",
        "assumption",
        "test",
        "hypothesis",
        "experiment",
        "decision",
    ]
    assert "? solution    missing: nothing is proposed for it yet" in found.summary()
    assert "> opportunity q: q" in found.summary()
    with pytest.raises(UnknownIdError):
        trace(_whole(None), "nothing")


def test_what_stands_over_the_thing_that_was_asked_about_is_not_missed() -> None:
    outcome = ost.new(ost.Outcome(id="o", title="o"))
    assert trace(Workspace(tree=outcome), "o").missing[0][0] == "opportunity"
    alone = trace(Workspace(goals=[Goal(id="g", title="Stay")]), "g")
    assert [kind for kind, _ in alone.missing][:2] == ["outcome", "opportunity"]
    orphan = trace(Workspace(tree=ost.add(outcome, ost.Opportunity(id="p", title="p"), parent="o")), "p")
    assert orphan.missing[0] == ("goal", "no goal says what this is for")


def test_a_note_is_not_needed_for_a_decision() -> None:
    found = trace(_whole(RecordedDecision(verdict="iterate")), "e")
    assert [step.title for step in found.steps if step.kind == "decision"] == ["iterate"]


@pytest.mark.parametrize("favor", ["ours", "theirs"])
def test_the_tree_of_one_side_can_win(favor: Any) -> None:
    base = Workspace(goals=[Goal(id="g", title="Stay")], tree=TREE)
    ours = attrs.evolve(base, tree=None)
    theirs = attrs.evolve(base, tree=ost.replace(TREE, "p", title="P"))
    open_merge = merge(base, ours, theirs)
    assert open_merge.workspace is None
    assert [(conflict.kind, conflict.subject) for conflict in open_merge.conflicts] == [("removed-and-changed", "o")]
    settled = merge(base, ours, theirs, favor=favor).workspace
    assert settled is not None
    assert settled.tree == (ours if favor == "ours" else theirs).tree


def test_two_new_trees_clash() -> None:
    base = Workspace()
    sides = [Workspace(name="", tree=ost.new(ost.Outcome(id=name, title=name))) for name in ("b", "a")]
    (conflict,) = merge(base, *sides).conflicts
    assert (conflict.kind, conflict.subject) == ("added-twice", "a")


@pytest.mark.parametrize(("favor", "title", "parent"), [("ours", "mine", "q"), ("theirs", "other", "o2")])
def test_conflicts_in_the_tree_are_settled_one_by_one(favor: Any, title: str, parent: str) -> None:
    tree = ost.add(TREE, ost.Opportunity(id="o2", title="o2"), parent="o")
    base = Workspace(tree=tree)
    mine = ost.replace(ost.move(ost.replace(tree, "a", title="mine"), "s", parent="q"), "t", notes="kept of ours")
    other = ost.replace(ost.move(ost.replace(tree, "a", title="other"), "s", parent="o2"), "t", owner="theirs")
    assert {conflict.kind for conflict in merge(base, Workspace(tree=mine), Workspace(tree=other)).conflicts} == {
        "both-changed",
        "moved-twice",
    }
    settled = merge(base, Workspace(tree=mine), Workspace(tree=other), favor=favor).workspace
    assert settled is not None
    assert settled.tree is not None
    assert settled.tree["a"].title == title
    assert settled.tree.parents["s"] == parent
    assert (settled.tree["t"].notes, settled.tree["t"].owner) == ("kept of ours", "theirs")


@pytest.mark.parametrize("favor", ["ours", "theirs"])
def test_what_cannot_be_settled_one_by_one_takes_the_whole_tree(favor: Any) -> None:
    base = Workspace(tree=TREE)
    sides = {
        "ours": Workspace(tree=ost.move(TREE, "p", parent="q")),
        "theirs": Workspace(tree=ost.move(TREE, "q", parent="p")),
    }
    found = merge(base, sides["ours"], sides["theirs"], favor=favor)
    assert found.conflicts
    assert found.workspace == sides[favor]


@pytest.mark.parametrize("favor", ["", "ours", "theirs"])
def test_ids_that_clash_only_together(favor: Any) -> None:
    base = Workspace(name="Cinema")
    ours = attrs.evolve(base, goals=[Goal(id="x", title="Stay")])
    theirs = attrs.evolve(base, jobs=[StatedJob(id="x", text="Unwind")])
    found = merge(base, ours, theirs, favor=favor)
    assert [(conflict.kind, conflict.subject) for conflict in found.conflicts] == [("added-twice", "x")]
    assert found.workspace == {"": None, "ours": ours, "theirs": theirs}[favor]


def test_a_component_that_one_side_removed_and_the_other_gave_an_owner() -> None:
    organization = Organization(teams=[Team(id="web")], components=[Component(id="page"), Component(id="store")])
    base = Workspace(organization=organization)
    ours = Workspace(organization=attrs.evolve(organization, components=[Component(id="page")]))
    owned = attrs.evolve(organization, ownership=[Ownership(component="store", team="web")])
    found = merge(base, ours, Workspace(organization=owned))
    assert found.workspace is None
    assert {conflict.kind for conflict in found.conflicts} == {"removed-and-changed"}


def test_own_keys_are_merged_one_by_one() -> None:
    base = Workspace(extra={"x-a": 1, "x-b": 1, "x-c": 1})
    ours = Workspace(extra={"x-a": 2, "x-b": 1})
    theirs = Workspace(extra={"x-a": 1, "x-b": 3, "x-c": 1, "x-d": 4})
    merged = merge(base, ours, theirs).workspace
    assert merged is not None
    assert merged.extra == {"x-a": 2, "x-b": 3, "x-d": 4}


def test_a_number_is_not_a_truth_and_a_row_more_is_no_new_order() -> None:
    (row,) = diff(Workspace(extra={"x-a": [1]}), Workspace(extra={"x-a": [True]})).to_dicts()
    assert (row["field"], row["old"], row["new"]) == ("x-a", (1,), (True,))
    assert not diff(Workspace(extra={"x-a": {"b": [1]}}), Workspace(extra={"x-a": {"b": [1]}}))
    before = Workspace(goals=[Goal(id="a", title="A"), Goal(id="b", title="B")])
    more = attrs.evolve(before, goals=[Goal(id="c", title="C"), *before.goals])
    assert [row["change"] for row in diff(before, more).to_dicts()] == ["added"]
    assert [row["change"] for row in diff(more, before).to_dicts()] == ["removed"]


def test_an_order_that_only_they_changed_is_taken() -> None:
    def order(base: str, ours: str, theirs: str) -> str:
        return "".join(merged_order(tuple(base), tuple(ours), tuple(theirs), present=frozenset(base + ours + theirs)))

    assert order("abc", "abcx", "cab") == "cabx"
    assert order("abc", "bac", "cab") == "bac"
    assert order("abc", "abc", "abyc") == "abcy"


def test_references_name_their_field_and_target() -> None:
    tree = ost.replace(ost.replace(TREE, "p", job="j"), "s", touches=["page"])
    workspace = attrs.evolve(
        _whole(None),
        tree=tree,
        feedback=[Feedback(id="f", text="I wait", about=["p", "n"])],
        roadmap=[RoadmapItem(id="r", title="Calm", serves=["s"], team="web")],
    )
    assert [(found.source, found.field, found.target) for found in references(workspace)] == [
        ("j", "goal", "g"),
        ("n", "job", "j"),
        ("h", "serves", "a"),
        ("h", "need", "n"),
        ("o", "key_result", "g"),
        ("p", "job", "j"),
        ("p", "outcomes", "n"),
        ("s", "touches", "page"),
        ("t", "experiment", "e"),
        ("e", "hypothesis", "h"),
        ("f", "about", "p"),
        ("f", "about", "n"),
        ("r", "serves", "s"),
        ("r", "team", "web"),
    ]


def test_a_chain_needs_no_tree() -> None:
    workspace = attrs.evolve(_whole(None), tree=None)
    found = trace(workspace, "h")
    assert [(step.kind, step.id, step.distance) for step in found.steps] == [
        ("goal", "g", "above"),
        ("job", "j", "above"),
        ("need", "n", "above"),
        ("hypothesis", "h", "here"),
        ("experiment", "e", "below"),
    ]


@pytest.mark.parametrize("favor", ["", "ours", "theirs"])
def test_fields_of_a_row_that_fit_only_apart(favor: Any) -> None:
    def product(n: int, successes: int) -> Workspace:
        counts = {"control": {"bought": Cell(n=n, successes=successes)}}
        return Workspace(experiments=[Experiment(id="e", plan=PLAN, looks=[Look(date="2026-11-01", counts=counts)])])

    base, ours, theirs = product(10, 5), product(4, 4), product(10, 9)
    found = merge(base, ours, theirs, favor=favor)
    assert [(conflict.kind, conflict.subject) for conflict in found.conflicts] == [("both-changed", "e")]
    assert found.workspace == {"": None, "ours": ours, "theirs": theirs}[favor]


def test_a_hypothesis_is_as_long_as_what_reads_it_takes() -> None:
    longest = "We believe that picks will increase starts because viewers leave. ".ljust(2_000, "x")
    tree = ost.new(ost.Outcome(id="watch", title="Watch more", metric="starts"))
    stated = StatedHypothesis(id="h1", text=longest, serves="watch")
    assert check(Workspace(name="Cinema", tree=tree, hypotheses=[stated]))
    with pytest.raises(InvalidValueError, match=r"StatedHypothesis.text must have at most 2,000 characters, not 2,001"):
        StatedHypothesis(id="h1", text=longest + "x")
    with pytest.raises(InvalidValueError, match="at most 2,000 characters"):
        parse_hypothesis(longest + "x")


def test_a_chain_follows_the_links_that_say_what_rests_on_what() -> None:
    tree = TREE
    for node, parent in ((ost.Solution(id="s2", title="s2"), "q"), (ost.Assumption(id="a2", title="a2"), "s2")):
        tree = ost.add(tree, node, parent=parent)

    def ids(linked: ost.OstTree, start: str) -> set[str]:
        return {step.id for step in trace(Workspace(tree=linked), start).steps}

    assert ids(tree, "s2") == {"o", "q", "s2", "a2"}
    assert ids(ost.link(tree, "s2", "a", "rests on"), "s2") == {"o", "q", "s2", "a2", "a", "t"}
    assert ids(ost.link(tree, "a", "s2", "supports"), "s2") == {"o", "q", "s2", "a2", "a", "t"}
    assert ids(ost.link(tree, "s2", "p"), "s2") == {"o", "p", "q", "s2", "a2"}
    assert ids(ost.link(tree, "t", "a2"), "a2") == {"o", "q", "s2", "a2", "t"}
    assert ids(ost.link(tree, "s2", "a", "related"), "s2") == {"o", "q", "s2", "a2"}
    assert ids(ost.link(tree, "p", "a2", "recalls"), "p") == {"o", "p", "s", "a", "t"}
