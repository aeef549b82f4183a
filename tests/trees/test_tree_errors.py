"""What is refused, and in which words."""

from __future__ import annotations

import attrs
import pytest

from pmkit import ost, trees
from pmkit.errors import InvalidTreeError, InvalidValueError, PmkitError, UnknownIdError


@pytest.fixture
def tree() -> ost.OstTree:
    return ost.from_records(
        [
            {"id": "root", "kind": "outcome", "title": "t"},
            {"id": "find", "kind": "opportunity", "title": "t", "parent": "root"},
            {"id": "row", "kind": "solution", "title": "t", "parent": "find"},
        ]
    )


REFUSED = {
    "taken id": (lambda t: ost.add(t, ost.Opportunity(id="find", title="t"), "root"), "OST005"),
    "look-alike id": (lambda t: ost.add(t, ost.Opportunity(id="\ufb01nd", title="t"), "root"), "NFKC"),
    "not allowed there": (lambda t: ost.add(t, ost.Solution(id="x", title="t"), "root"), "OST007"),
    "second root": (lambda t: ost.add(t, ost.Outcome(id="x", title="t")), "OST001"),
    "not a node": (lambda t: ost.add(t, "x", "root"), "must be one of Outcome"),
    "unknown parent": (lambda t: ost.add(t, ost.Opportunity(id="x", title="t"), "fnd"), "did you mean 'find'"),
    "unhashable parent": (lambda t: ost.add(t, ost.Opportunity(id="x", title="t"), ["find"]), "no node"),
    "last root": (lambda t: ost.remove(t, "root"), "exactly one root"),
    "unknown node": (lambda t: ost.remove(t, "rw"), "did you mean 'row'"),
    "under itself": (lambda t: ost.move(t, "root", "root"), "itself"),
    "move to no place": (lambda t: ost.move(t, "row", "root"), "OST007"),
    "no root any more": (lambda t: ost.move(t, "find", None), "exactly one root"),
    "unknown field": (lambda t: ost.replace(t, "row", titel="x"), "did you mean 'title'"),
    "bad value": (lambda t: ost.replace(t, "row", status="done"), "one of idea"),
    "new id": (lambda t: ost.replace(t, "row", id="x"), "keeps its id"),
    "new kind": (lambda t: ost.replace(t, "row", kind="x"), "keeps its kind"),
    "incomplete order": (lambda t: ost.reorder(t, "root", []), "once"),
    "order of other things": (lambda t: ost.reorder(t, "root", [["find"]]), "once"),
    "order of strangers": (lambda t: ost.reorder(t, "root", ["row"]), "once"),
    "grafting no tree": (lambda t: ost.graft(t, "x", "root"), "only a tree"),
    "grafting known ids": (lambda t: ost.graft(t, ost.subtree(t, "find"), "root"), "OST005"),
    "grafting to a bad place": (lambda t: ost.graft(ost.remove(t, "row"), ost.subtree(t, "row"), "root"), "OST007"),
    "link to itself": (lambda t: ost.link(t, "row", "row"), "itself"),
    "link to nowhere": (lambda t: ost.link(t, "row", "x"), "no node"),
    "no such link": (lambda t: ost.unlink(t, "row", "find"), "no link"),
    "no such link of kind": (lambda t: ost.unlink(ost.link(t, "row", "find"), "row", "find", "x"), "of kind 'x'"),
    "unlinking nothing": (lambda t: ost.unlink(t, ["x"], "find"), "no link"),
    "unknown order": (lambda t: list(ost.walk(t, order="inorder")), "there are preorder"),
    "unknown start": (lambda t: list(ost.walk(t, "x")), "no node"),
    "unknown kind": (lambda t: ost.select(t, kind="solutions"), "did you mean 'solution'"),
    "unknown field to select": (lambda t: ost.select(t, statu="idea"), "did you mean 'status'"),
    "no graph": (lambda t: ost.from_networkx("x"), "networkx.DiGraph"),
    "text as records": (lambda t: ost.from_records("abc"), "list of mappings"),
    "a mapping as records": (lambda t: ost.from_records({"id": "a"}), "list of mappings"),
    "a number as records": (lambda t: ost.from_records(5), "list of mappings"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words(tree: ost.OstTree, name: str):
    run, words = REFUSED[name]
    before = ost.to_records(tree)
    with pytest.raises(PmkitError) as caught:
        run(tree)
    assert words in str(caught.value)
    assert isinstance(caught.value, (UnknownIdError, InvalidValueError))
    assert ost.to_records(tree) == before


def test_a_draft_that_fails_is_discarded(tree: ost.OstTree):
    draft = None

    def run() -> None:
        nonlocal draft
        with ost.edit(tree) as draft:
            draft.replace("row", title="x")
            draft.add(ost.Solution(id="x", title="t"), "root")

    with pytest.raises(InvalidTreeError):
        run()
    assert draft is not None
    with pytest.raises(AttributeError, match="ended without an error"):
        _ = draft.tree
    with pytest.raises(InvalidValueError, match="has ended"):
        draft.replace("row", title="y")
    assert tree["row"].title == "t"


def test_a_draft_is_checked_for_roots_at_its_end(tree: ost.OstTree):
    with pytest.raises(InvalidTreeError, match="OST001"), ost.edit(tree) as draft:
        draft.move("find", None)

    def swap() -> None:
        with ost.edit(tree) as draft:
            draft.move("find", None)
            draft.remove("root")

    with pytest.raises(InvalidTreeError, match="a root must be an outcome"):
        swap()
    with ost.edit(tree) as draft:
        draft.add(ost.Outcome(id="top", title="t"))
        draft.move("root", "top")
    assert draft.tree.roots == ("top",)
    assert "4 nodes" in repr(draft.tree)


def test_a_draft_answers_questions(tree: ost.OstTree):
    with ost.edit(tree) as draft:
        assert "row" in draft
        assert len(draft) == 3
        assert draft.parent("root") is None
        assert draft.parent("row").id == "find"
        assert [kid.id for kid in draft.children("root")] == ["find"]
        assert "draft" in repr(draft)
        with pytest.raises(UnknownIdError):
            draft["x"]
    assert draft.tree is tree


def test_unchanged_parts_are_shared(tree: ost.OstTree):
    changed = ost.replace(tree, "row", title="x")
    assert changed.parents is tree.parents
    assert changed.children is tree.children
    assert changed["find"] is tree["find"]
    assert ost.link(tree, "row", "find").nodes is tree.nodes


def test_diffs_that_do_not_fit_name_every_place(tree: ost.OstTree):
    new = ost.add(ost.replace(tree, "row", title="x"), ost.Opportunity(id="new", title="t"), "find", index=0)
    change = ost.diff(tree, new)
    with pytest.raises(InvalidValueError) as caught:
        ost.apply(ost.new(ost.Outcome(id="root", title="t")), change)
    assert "'row' is to be changed" in str(caught.value)
    assert "'new' is to hang under 'find'" in str(caught.value)
    with pytest.raises(InvalidValueError, match="there already"):
        ost.apply(new, change)
    with pytest.raises(InvalidValueError, match="another title"):
        ost.apply(ost.replace(tree, "row", title="y"), change)
    assert ost.apply(ost.replace(tree, "row", owner="o"), change)["row"].owner == "o"


def test_diffs_of_removal_moves_orders_and_links_are_strict(tree: ost.OstTree):
    wide = ost.add(tree, ost.Opportunity(id="b", title="t"), "root")
    linked = ost.link(wide, "row", "b")
    bare = ost.new(ost.Outcome(id="root", title="t"))
    cases = [
        (ost.diff(wide, ost.remove(wide, "find")), bare, "is not there"),
        (ost.diff(wide, ost.remove(wide, "find")), ost.replace(wide, "find", title="x"), "not as it was"),
        (ost.diff(wide, ost.remove(wide, "b")), ost.add(wide, ost.Opportunity(id="c", title="t"), "b"), "hangs under"),
        (ost.diff(wide, ost.remove(wide, "row")), linked, "lead nowhere"),
        (ost.diff(wide, ost.move(wide, "b", "find")), bare, "not where it was"),
        (ost.diff(wide, ost.reorder(wide, "root", ["b", "find"])), tree, "not as they were"),
        (ost.diff(linked, wide), wide, "taken away"),
        (ost.diff(wide, linked), bare, "to be linked"),
        (ost.diff(wide, ost.add(wide, ost.Opportunity(id="x", title="t"), "b")), ost.move(wide, "b", "find"), ""),
    ]
    for change, target, words in cases:
        if words:
            with pytest.raises(InvalidValueError, match=words):
                ost.apply(target, change)
        else:
            assert ost.parent(ost.apply(target, change), "x").id == "b"


def test_applied_diffs_are_checked_as_a_whole(tree: ost.OstTree):
    wide = ost.from_records([*ost.to_records(tree), {"id": "b", "kind": "opportunity", "title": "t", "parent": "find"}])
    change = ost.diff(wide, ost.move(wide, "b", "root"))
    assert ost.apply(wide, change) == ost.move(wide, "b", "root")
    flat = ost.move(wide, "b", "root")
    under = ost.diff(flat, ost.move(flat, "find", "b"))
    back = ost.diff(flat, ost.move(flat, "b", "find"))
    with pytest.raises(InvalidValueError):
        ost.apply(ost.apply(flat, under), back)


def test_empty_diff(tree: ost.OstTree):
    change = ost.diff(tree, tree)
    assert not change
    assert change.summary() == "no difference"
    assert change.to_dicts() == []
    assert ost.apply(tree, change) is tree
    assert not ost.diff(tree, ost.from_records(ost.to_records(tree)))


def test_schemas_are_checked():
    @attrs.frozen(kw_only=True)
    class Leaf(trees.Node):
        kind = "leaf"

    for kinds, children, roots, words in [
        ({"leaf": Leaf}, {"leaf": ["leef"]}, ["leaf"], "did you mean 'leaf'"),
        ({"leaf": str}, {}, ["leaf"], "subclass"),
        ({"loaf": Leaf}, {}, ["loaf"], "says it is of kind 'leaf'"),
    ]:
        with pytest.raises(InvalidValueError, match=words):
            trees.Schema(name="s", kinds=kinds, children=children, roots=roots)
    schema = trees.Schema(name="s", kinds=[Leaf], children={}, roots=["leaf"])
    assert trees.new(schema, Leaf(id="a", title="t"))._repr_svg_() is None
    with pytest.raises(InvalidTreeError, match=r"may not hang"):
        trees.Tree(schema, [Leaf(id="a", title="t"), Leaf(id="b", title="t")], {"b": "a"})


def test_the_constructor_checks_everything():
    outcome, other = ost.Outcome(id="a", title="t"), ost.Opportunity(id="b", title="t")
    for nodes, parents, links, code in [
        ([outcome, outcome], {}, (), "OST005"),
        ([outcome, other], {"b": "b"}, (), "OST004"),
        ([outcome, other], {"b": "x"}, (), "OST002"),
        ([outcome], {"c": "a"}, (), "OST002"),
        ([outcome, other], {"b": "a"}, [ost.Link("b", "x")], "OST009"),
        ([outcome, other], {"b": "a"}, [ost.Link("b", "b")], "OST009"),
    ]:
        with pytest.raises(InvalidTreeError) as caught:
            trees.Tree(ost.SCHEMA, nodes, parents, links)
        assert code in {finding.code for finding in caught.value.findings}


def test_the_protocol_of_a_collection(tree: ost.OstTree):
    assert [node.id for node in tree] == ["root", "find", "row"]
    assert all(node in tree for node in tree)
    assert "x" not in tree
    assert 5 not in tree
    assert ost.Solution(id="row", title="another") not in tree
    assert tree != "tree"
    with pytest.raises(TypeError, match="unhashable"):
        hash(tree)
    with pytest.raises(AttributeError):
        del tree.roots
    with pytest.raises(UnknownIdError):
        tree["x"]
    with pytest.raises(UnknownIdError):
        tree[["x"]]
    assert tree.to_dicts() == ost.to_records(tree)
    assert set(tree.to_networkx()) == {"root", "find", "row"}


def test_forests():
    empty = ost.new(forest=True)
    assert (len(empty), ost.depth(empty), repr(empty)) == (0, 0, "<opportunity solution tree: 0 nodes>")
    pair = ost.new(ost.Outcome(id="a", title="t"), ost.Solution(id="b", title="t"), forest=True)
    assert "1 more root" in repr(pair)
    assert [root.id for root in ost.roots(ost.reorder(pair, None, ["b", "a"]))] == ["b", "a"]
    assert ost.graft(pair, ost.new(ost.Outcome(id="c", title="t")), index=0).roots == ("c", "a", "b")
    assert ost.remove(ost.remove(pair, "a"), "b") == empty
    assert ost.from_records([], forest=True) == empty
    with pytest.raises(InvalidTreeError, match="there is no root"):
        ost.from_records([])
    merged = ost.from_records(ost.to_records(pair), forest=True)
    assert ost.apply(merged, ost.diff(pair, empty)) == empty
    assert ost.diff(pair, empty).forest == (True, True)


def test_select(tree: ost.OstTree):
    assert [n.id for n in ost.select(tree, kind=("outcome", "solution"))] == ["root", "row"]
    assert [n.id for n in ost.select(tree, status="idea")] == ["row"]
    assert [n.id for n in ost.select(tree, title=lambda text: text == "t")] == ["root", "find", "row"]
    assert ost.select(tree, kind="outcome", status="idea") == ()
    assert [n.id for n in ost.select(tree, lambda n: n.id.startswith("r"), kind="solution")] == ["row"]
