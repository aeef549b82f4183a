"""Laws of the engine, on trees that Hypothesis makes up."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import ost, trees
from pmkit.errors import InvalidTreeError, InvalidValueError
from pmkit.testing.ost import ost_records, ost_trees


@attrs.frozen(kw_only=True)
class Thing(trees.Node):
    kind = "thing"


THINGS = trees.Schema(name="tree of things", kinds=[Thing], children={"thing": ["thing"]}, roots=["thing"])

parent_maps = st.integers(1, 9).flatmap(
    lambda size: st.lists(st.none() | st.integers(0, size - 1), min_size=size, max_size=size)
)


def edited(draw: st.DataObject, tree: ost.OstTree, steps: int = 4) -> ost.OstTree:
    """Do a few edits that Hypothesis chooses; those that are refused are left out."""
    for step in range(draw.draw(st.integers(0, steps))):
        ids = [node.id for node in tree]
        pick = draw.draw(st.sampled_from(ids))
        other = draw.draw(st.sampled_from(ids))
        verb = draw.draw(st.sampled_from(["add", "remove", "move", "replace", "reorder", "link", "unlink"]))
        index = draw.draw(st.none() | st.integers(0, 3))
        try:
            if verb == "add":
                cls = draw.draw(st.sampled_from(list(ost.SCHEMA.kinds.values())))
                name = draw.draw(st.sampled_from(["x", "y", "z"])) + str(step)
                tree = ost.add(tree, cls(id=name, title=draw.draw(st.sampled_from("pq"))), pick, index=index)
            elif verb == "remove":
                tree = ost.remove(tree, pick)
            elif verb == "move":
                tree = ost.move(tree, pick, other, index=index)
            elif verb == "replace":
                field = draw.draw(st.sampled_from(["title", "notes", "owner"]))
                tree = ost.replace(tree, pick, **{field: draw.draw(st.sampled_from(["v", "w"]))})
            elif verb == "reorder":
                kids = [child.id for child in ost.children(tree, pick)]
                tree = ost.reorder(tree, pick, draw.draw(st.permutations(kids)))
            elif verb == "link":
                tree = ost.link(tree, pick, other)
            elif tree.links:
                link = draw.draw(st.sampled_from(tree.links))
                tree = ost.unlink(tree, link.source, link.target, link.kind)
        except InvalidValueError:
            continue
    return tree


def revalidated(tree: ost.OstTree) -> ost.OstTree:
    """Build the same tree through the constructor, which checks everything."""
    return trees.Tree(tree.schema, list(tree), tree.parents, tree.links, forest=tree.forest)


@given(ost_trees())
def test_records_round_trip(tree: ost.OstTree):
    assert ost.from_records(ost.to_records(tree)) == tree


@given(ost_trees())
def test_networkx_round_trip(tree: ost.OstTree):
    graph = ost.to_networkx(tree)
    assert nx.is_arborescence(graph)
    assert ost.from_networkx(graph) == tree


@given(ost_trees())
def test_copies_and_pickles_are_equal_and_frozen(tree: ost.OstTree):
    for twin in (copy.deepcopy(tree), pickle.loads(pickle.dumps(tree))):
        assert twin == tree
        assert [node.id for node in twin] == [node.id for node in tree]
        with pytest.raises(TypeError):
            twin.nodes["new"] = None
        with pytest.raises(AttributeError):
            twin.roots = ()


@given(ost_records())
def test_bulk_built_nodes_equal_constructed_ones(records: list[dict[str, Any]]):
    tree = ost.from_records(records)
    for record in records:
        values = {name: value for name, value in record.items() if name not in {"kind", "parent", "links"}}
        built = ost.SCHEMA.kinds[record["kind"]](**values)
        assert tree[record["id"]] == built
        assert hash(tree[record["id"]]) == hash(built)
        assert all(
            type(getattr(built, f.name)) is type(getattr(tree[built.id], f.name)) for f in attrs.fields(type(built))
        )


@given(ost_records(fields=False, links=False))
def test_parents_may_follow_children_and_siblings_keep_record_order(records: list[dict[str, Any]]):
    tree = ost.from_records(records)
    for record in records:
        expected = [other["id"] for other in records if other["parent"] == record["id"]]
        assert [child.id for child in ost.children(tree, record["id"])] == expected


@given(parent_maps)
def test_from_records_accepts_exactly_the_arborescences(parents: list[int | None]):
    records = [
        {"id": f"n{i}", "kind": "thing", "title": "t", "parent": None if p is None else f"n{p}"}
        for i, p in enumerate(parents)
    ]
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(parents)))
    graph.add_edges_from((p, i) for i, p in enumerate(parents) if p is not None)
    on_cycles = {f"n{node}" for cycle in nx.simple_cycles(graph) for node in cycle}
    if nx.is_arborescence(graph):
        assert len(trees.from_records(THINGS, records)) == len(parents)
        return
    with pytest.raises(InvalidTreeError) as caught:
        trees.from_records(THINGS, records)
    assert {f.subject for f in caught.value.findings if f.code == "TREE004"} == on_cycles
    tops = sum(p is None for p in parents)
    assert any(f.code == "TREE001" for f in caught.value.findings) == (tops != 1)


@given(parent_maps, st.booleans())
def test_faults_are_found_exactly_when_the_constructor_refuses(parents: list[int | None], forest: object) -> None:
    nodes = [Thing(id=f"n{i}", title="t") for i in range(len(parents))]
    above = {f"n{i}": f"n{p}" for i, p in enumerate(parents) if p is not None}
    try:
        trees.Tree(THINGS, nodes, above, forest=bool(forest))
        expected = ()
    except InvalidTreeError as error:
        expected = error.findings
    assert trees.find_faults(THINGS, nodes, above, forest=bool(forest)) == expected


@given(ost_trees(links=False))
def test_queries_agree_with_networkx(tree: ost.OstTree):
    graph = ost.to_networkx(tree)
    root = tree.roots[0]
    assert [n.id for n in ost.walk(tree)] == list(nx.dfs_preorder_nodes(graph, root))
    assert [n.id for n in ost.walk(tree, order="postorder")] == list(nx.dfs_postorder_nodes(graph, root))
    assert [n.id for n in ost.walk(tree, order="levels")] == [root, *(v for _, v in nx.bfs_edges(graph, root))]
    assert ost.depth(tree) == max(nx.shortest_path_length(graph, root).values())
    assert {n.id for n in ost.leaves(tree)} == {n for n in graph if graph.out_degree(n) == 0}
    for node in tree:
        assert {n.id for n in ost.descendants(tree, node.id)} == nx.descendants(graph, node.id)
        assert {n.id for n in ost.ancestors(tree, node.id)} == nx.ancestors(graph, node.id)
        assert [n.id for n in ost.path(tree, node.id)] == nx.shortest_path(graph, root, node.id)
        assert ost.depth(tree, node.id) == nx.shortest_path_length(graph, root, node.id)
        assert set(ost.to_networkx(ost.subtree(tree, node.id))) == {node.id, *nx.descendants(graph, node.id)}


@given(ost_trees(links=False))
def test_rollup_counts_descendants(tree: ost.OstTree):
    sizes = ost.rollup(tree, lambda node: 1, sum)
    heights = ost.rollup(tree, lambda node: 0, lambda parts: max([parts[0], *(part + 1 for part in parts[1:])]))
    for node in tree:
        assert sizes[node.id] == 1 + len(ost.descendants(tree, node.id))
        assert heights[node.id] == ost.depth(ost.subtree(tree, node.id))


@given(ost_trees(links=False), st.data())
def test_graft_undoes_cutting_out(tree: ost.OstTree, data: st.DataObject):
    ids = [node.id for node in tree][1:]
    if not ids:
        return
    pick = data.draw(st.sampled_from(ids))
    parent = ost.parent(tree, pick).id
    index = [child.id for child in ost.children(tree, parent)].index(pick)
    assert ost.graft(ost.remove(tree, pick), ost.subtree(tree, pick), parent, index=index) == tree


@given(ost_trees(fields=False, max_nodes=8), st.data())
def test_edits_leave_the_old_tree_and_give_valid_ones(tree: ost.OstTree, data: st.DataObject):
    before = ost.to_records(tree)
    after = edited(data, tree)
    assert ost.to_records(tree) == before
    assert revalidated(after) == after


@given(ost_trees(fields=False, max_nodes=8), st.data())
def test_diff_applies_and_inverts(old: ost.OstTree, data: st.DataObject):
    new = edited(data, old, steps=8)
    change = ost.diff(old, new)
    assert bool(change) == (old != new)
    assert ost.apply(old, change) == new
    assert ost.apply(new, ost.invert(change)) == old
    assert ost.invert(ost.invert(change)) == change
    assert ost.diff(revalidated(old), pickle.loads(pickle.dumps(new))) == change
    assert revalidated(ost.apply(old, change)) == new
    assert len(change.to_dicts()) >= len(change)


@given(ost_trees(max_nodes=6), ost_trees(max_nodes=6))
def test_diff_of_unrelated_trees_applies(old: ost.OstTree, new: ost.OstTree):
    change = ost.diff(old, new)
    assert ost.apply(old, change) == new
    assert ost.apply(new, ost.invert(change)) == old


@given(ost_trees(fields=False, max_nodes=7), st.data())
def test_merge_with_the_base_is_the_other_side(base: ost.OstTree, data: st.DataObject):
    side = edited(data, base)
    for merged in (ost.merge(base, side, base), ost.merge(base, base, side), ost.merge(base, side, side)):
        assert merged.tree == side
        assert merged.conflicts == ()


@settings(max_examples=200)
@given(ost_trees(fields=False, max_nodes=7), st.data())
def test_merge_is_symmetric_in_conflicts(base: ost.OstTree, data: st.DataObject):
    ours, theirs = edited(data, base), edited(data, base)
    one, other = ost.merge(base, ours, theirs), ost.merge(base, theirs, ours)
    assert [(c.kind, c.subject, c.field) for c in one.conflicts] == [
        (c.kind, c.subject, c.field) for c in other.conflicts
    ]
    assert (one.tree is None) == bool(one.conflicts)
    if one.tree is not None:
        assert revalidated(one.tree) == one.tree
        assert one.tree.nodes == other.tree.nodes
        assert one.tree.parents == other.tree.parents
        assert one.tree.links == other.tree.links


@settings(max_examples=200)
@given(ost_trees(fields=False, max_nodes=7), st.data())
def test_merge_keeps_what_either_side_did(base: ost.OstTree, data: st.DataObject):
    """An oracle that looks at one node at a time, and knows nothing of how merge works."""
    ours, theirs = edited(data, base), edited(data, base)
    merged = ost.merge(base, ours, theirs).tree
    if merged is None:
        return
    for name in {*base.nodes, *ours.nodes, *theirs.nodes}:
        sides = [tree.nodes.get(name) for tree in (base, ours, theirs)]
        expected = sides[2] if sides[1] == sides[0] else sides[1]
        if None in sides or len({sides[0], sides[1], sides[2]}) < 3:
            assert merged.nodes.get(name) == expected
        if name in merged:
            above = [tree.parents.get(name) if name in tree else None for tree in (base, ours, theirs)]
            if name in base:
                assert merged.parents.get(name) == (above[2] if above[1] == above[0] else above[1])
