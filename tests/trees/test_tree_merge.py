"""Each kind of conflict, and what is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pmkit import ost, trees
from pmkit.errors import InvalidValueError


def rec(identifier: str, kind: str, parent: str | None, title: str = "t", **more: object) -> dict[str, object]:
    return {"id": identifier, "kind": kind, "title": title, "parent": parent, **more}


@pytest.fixture
def base() -> ost.OstTree:
    return ost.from_records(
        [
            rec("root", "outcome", None),
            rec("a", "opportunity", "root"),
            rec("b", "opportunity", "root"),
            rec("c", "opportunity", "b"),
            rec("s", "solution", "a"),
            rec("p", "assumption", "s"),
        ]
    )


def kinds(merged: ost.Merge[ost.OstNode]) -> list[tuple[str, str]]:
    return [(conflict.kind, conflict.subject) for conflict in merged.conflicts]


def both(base: ost.OstTree, ours: ost.OstTree, theirs: ost.OstTree) -> ost.Merge[ost.OstNode]:
    one, other = ost.merge(base, ours, theirs), ost.merge(base, theirs, ours)
    assert kinds(one) == kinds(other)
    assert all(conflict.message for conflict in one.conflicts)
    return one


def test_one_field_to_two_values(base: ost.OstTree):
    merged = both(base, ost.replace(base, "a", title="x"), ost.replace(base, "a", title="y"))
    assert kinds(merged) == [("both-changed", "a")]
    assert merged.tree is None
    conflict = merged.conflicts[0]
    assert (conflict.field, conflict.base, conflict.ours, conflict.theirs) == ("title", "t", "x", "y")


def test_two_fields_of_one_node_merge(base: ost.OstTree):
    merged = both(base, ost.replace(base, "a", title="x"), ost.replace(base, "a", owner="o"))
    assert (merged.tree["a"].title, merged.tree["a"].owner) == ("x", "o")


def test_same_change_on_both_sides_is_no_conflict(base: ost.OstTree):
    ours = ost.replace(ost.move(base, "s", "b"), "a", title="x", owner="o")
    theirs = ost.replace(ost.move(base, "s", "b"), "a", title="x", notes="n")
    merged = both(base, ours, theirs)
    assert (merged.tree["a"].owner, merged.tree["a"].notes) == ("o", "n")
    assert ost.parent(merged.tree, "s").id == "b"


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: ost.replace(tree, "s", title="x"),
        lambda tree: ost.move(tree, "s", "b"),
        lambda tree: ost.add(tree, ost.Assumption(id="new", title="t"), "s"),
        lambda tree: ost.move(ost.add(tree, ost.Solution(id="q", title="t"), "b"), "p", "q"),
        lambda tree: ost.link(tree, "s", "c"),
    ],
    ids=["changed", "moved", "added-below", "child-moved-away", "linked"],
)
def test_removed_here_and_touched_there(base: ost.OstTree, change: Callable[[ost.OstTree], ost.OstTree]):
    merged = both(base, ost.remove(base, "s"), change(base))
    assert {kind for kind, _ in kinds(merged)} == {"removed-and-changed"}
    assert merged.tree is None


def test_removed_branch_into_which_the_other_moves(base: ost.OstTree):
    assert kinds(both(base, ost.remove(base, "b"), ost.move(base, "a", "c"))) == [("removed-and-changed", "c")]


def test_removed_on_both_sides(base: ost.OstTree):
    merged = both(base, ost.remove(base, "a"), ost.remove(ost.replace(base, "c", title="x"), "s"))
    assert "a" not in merged.tree
    assert merged.tree["c"].title == "x"


def test_moved_twice(base: ost.OstTree):
    ours = ost.move(base, "s", "b")
    assert kinds(both(base, ours, ost.move(base, "s", "c"))) == [("moved-twice", "s")]


def test_two_moves_make_a_cycle(base: ost.OstTree):
    assert kinds(both(base, ost.move(base, "a", "b"), ost.move(base, "b", "a"))) == [("cycle", "a")]


def test_added_twice(base: ost.OstTree):
    ours = ost.add(base, ost.Opportunity(id="new", title="x"), "root")
    assert kinds(both(base, ours, ost.add(base, ost.Opportunity(id="new", title="y"), "root"))) == [
        ("added-twice", "new")
    ]
    assert kinds(both(base, ours, ost.add(base, ost.Opportunity(id="new", title="x"), "a"))) == [("added-twice", "new")]
    same = both(base, ours, ost.replace(ours, "a", title="z"))
    assert same.tree["new"].title == "x"


def test_ids_that_are_the_same_after_nfkc_were_added_twice(base: ost.OstTree):
    ours = ost.add(base, ost.Opportunity(id="find", title="t"), "root")
    theirs = ost.add(base, ost.Opportunity(id="\ufb01nd", title="t"), "root")
    assert kinds(both(base, ours, theirs)) == [("added-twice", "find")]


def test_orders(base: ost.OstTree):
    def order(merged: ost.Merge[ost.OstNode]) -> list[str]:
        return [child.id for child in ost.children(merged.tree, "root")]

    more = ost.add(base, ost.Opportunity(id="x", title="t"), "root", index=0)
    other = ost.add(base, ost.Opportunity(id="y", title="t"), "root")
    turned = ost.reorder(base, "root", ["b", "a"])
    assert order(ost.merge(base, more, other)) == ["x", "a", "b", "y"]
    assert order(ost.merge(base, other, more)) == ["a", "b", "y", "x"]
    assert order(ost.merge(base, other, turned)) == ["b", "a", "y"]
    assert order(ost.merge(base, turned, other)) == ["b", "a", "y"]
    third = ost.add(base, ost.Opportunity(id="z", title="t"), "root")
    wide = ost.reorder(third, "root", ["z", "a", "b"])
    assert order(ost.merge(third, ost.reorder(third, "root", ["b", "a", "z"]), wide)) == ["b", "a", "z"]


def test_links_merge_as_a_set(base: ost.OstTree):
    linked = ost.link(base, "s", "c")
    ours = ost.unlink(linked, "s", "c")
    theirs = ost.link(linked, "a", "b")
    assert [link.source for link in both(linked, ours, theirs).tree.links] == ["a"]
    gone = both(linked, ost.remove(linked, "s"), ost.replace(linked, "a", title="x"))
    assert gone.tree.links == ()


def test_a_kind_changed_on_both_sides(base: ost.OstTree):
    def as_kind(tree: ost.OstTree, identifier: str, cls: type[ost.OstNode]) -> ost.OstTree:
        draft = trees.Draft(tree)
        draft.put(cls(id=identifier, title="t"))
        return draft.finish()

    flat = ost.from_records(
        [rec("root", "outcome", None), rec("a", "opportunity", "root"), rec("c", "opportunity", "a")]
    )
    ours = as_kind(flat, "c", ost.Solution)
    assert kinds(both(flat, ours, ost.replace(flat, "c", title="x"))) == [("both-changed", "c")]
    assert both(flat, ours, ost.replace(flat, "a", title="x")).tree["c"].kind == "solution"
    theirs = ost.add(flat, ost.Opportunity(id="d", title="t"), "c")
    assert kinds(both(flat, ours, theirs)) == [("both-changed", "d")]
    change = ost.diff(flat, ours)
    assert change.changed[0].fields[0] == ost.FieldChange("kind", "opportunity", "solution")
    assert ost.apply(flat, change) == ours
    assert ost.apply(ours, ost.invert(change)) == flat
    with pytest.raises(InvalidValueError, match="another kind"):
        ost.apply(ost.replace(flat, "c", title="y"), change)


def test_two_new_roots_conflict():
    base = ost.new(ost.Outcome(id="root", title="t"))
    ours = ost.from_records([rec("one", "outcome", None)])
    theirs = ost.from_records([rec("two", "outcome", None)])
    assert kinds(both(base, ours, theirs)) == [("added-twice", "one"), ("added-twice", "two")]
    assert len(ost.merge(base, ost.from_records([rec("one", "outcome", None)], forest=True), theirs).tree) == 2


def test_only_trees_of_one_schema(base: ost.OstTree):
    schema = trees.Schema(name="other", kinds=[ost.Outcome], children={}, roots=["outcome"])
    other = trees.new(schema, ost.Outcome(id="root", title="t"))
    for verb in (
        lambda: ost.merge(base, base, other),
        lambda: ost.diff(base, other),
        lambda: ost.graft(base, other, "a"),
    ):
        with pytest.raises(InvalidValueError):
            verb()
