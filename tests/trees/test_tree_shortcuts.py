"""The quick ways say the same as the exact ones: on sound trees, broken trees, and classes that are hard to copy."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar
from unittest.mock import patch

import attrs
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import ost, trees
from pmkit.errors import Finding, InvalidTreeError
from pmkit.trees import Node, Schema, Tree

IDS = st.sampled_from(["a", "b", "c", "d", "e", "f", "\ufb01", "fi", "Ⅷ", "", " ", "a\n", None, 3])
GOOD_IDS = st.sampled_from([f"n{number}" for number in range(9)])
KINDS = st.sampled_from([*ost.SCHEMA.kinds, *["opportunity"] * 5])
CELLS = st.one_of(IDS, st.just(float("nan")), st.just(["a", "b"]))


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, object]]:
    """Draw records of which some make a tree, many nearly do, and some are far from it."""
    clean = draw(st.integers(0, 3)) > 0
    names = draw(st.lists(GOOD_IDS if clean else IDS, min_size=1, max_size=9, unique=clean))
    rows: list[dict[str, object]] = [{"id": names[0], "kind": "outcome", "title": "t", "parent": None}]
    for place, name in enumerate(names[1:], 1):
        parents = st.sampled_from(names[: place if draw(st.booleans()) else None])
        parent = draw(parents if clean else st.one_of(parents, CELLS))
        kind = draw(KINDS if clean else st.one_of(KINDS, st.sampled_from(["", "opportunty", None, 7])))
        title = "t" if clean else draw(st.sampled_from(["t", " ", None, 5]))
        rows.append({"id": name, "kind": kind, "title": title, "parent": parent})
    if draw(st.booleans()):
        rows[draw(st.integers(0, len(rows) - 1))]["owner"] = draw(st.sampled_from(["p07", None, 4]))
    return draw(st.permutations(rows)) if draw(st.booleans()) else rows


def outcome(rows: list[dict[str, object]], *, forest: bool) -> tuple[object, ...]:
    try:
        tree = ost.from_records(rows, forest=forest)
    except InvalidTreeError as error:
        return error.findings
    return ("tree", tree, [type(node) for node in tree], list(tree))


@given(rows=records(), forest=st.booleans())
def test_records_that_are_tested_whole_give_what_those_looked_at_one_by_one_give(
    rows: list[dict[str, object]], *, forest: bool
) -> None:
    quick = outcome(rows, forest=forest)
    with (
        patch("pmkit.trees._records._as_they_are", return_value=None),
        patch("pmkit.trees._faults.grouped_soundly", return_value=None),
    ):
        assert outcome(rows, forest=forest) == quick


@given(rows=records(), forest=st.booleans())
def test_trees_are_accepted_where_networkx_sees_a_tree_of_allowed_pairs(
    rows: list[dict[str, object]], *, forest: bool
) -> None:
    quick = outcome(rows, forest=forest)
    if quick[0] != "tree":
        return
    (_, tree, *_) = quick
    assert isinstance(tree, Tree)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(tree.nodes)
    graph.add_edges_from((parent, child) for child, parent in tree.parents.items())
    assert nx.is_branching(graph) if forest else nx.is_arborescence(graph)
    for child, parent in tree.parents.items():
        assert ost.SCHEMA.allows(tree[parent].kind, tree[child].kind)
        assert child in tree.children[parent]


@st.composite
def hung(draw: st.DrawFn) -> tuple[list[ost.OstNode], dict[str, str | None]]:
    """Draw nodes, and parents that may be strangers, circles, or not allowed."""
    names = draw(st.lists(st.sampled_from([*"abcdefgh", "\ufb01", "fi"]), min_size=1, max_size=8))
    nodes: list[ost.OstNode] = [ost.SCHEMA.kinds[draw(KINDS)](id=name, title="t") for name in names]
    nodes[0] = ost.Outcome(id=names[0], title="t")
    parents: dict[str, str | None] = {}
    for place, name in enumerate(names[1:], 1):
        parents[name] = draw(st.sampled_from([*names[:place], names[place - 1], draw(st.sampled_from([*names, "x"]))]))
    if draw(st.booleans()):
        parents[draw(st.sampled_from([*names, "stranger"]))] = draw(st.sampled_from([*names, None]))
    return nodes, parents


@given(hung=hung(), forest=st.booleans())
def test_faults_are_found_whether_or_not_they_are_looked_for_quickly(
    hung: tuple[list[ost.OstNode], dict[str, str | None]], *, forest: bool
) -> None:
    nodes, parents = hung

    def faults() -> tuple[Finding, ...]:
        return trees.find_faults(ost.SCHEMA, nodes, parents, forest=forest)

    quick = faults()
    with (
        patch("pmkit.trees._build.is_sound", return_value=False),
        patch("pmkit.trees._faults.grouped_soundly", return_value=None),
    ):
        assert faults() == quick


@attrs.frozen(kw_only=True)
class Left(Node):
    kind: ClassVar[str] = "left"
    size: int = 3


@attrs.frozen(kw_only=True)
class Right(Left):
    kind: ClassVar[str] = "right"

    @cached_property
    def loud(self) -> str:
        return self.title.upper()


TURNING: Schema[Left] = Schema(
    name="turning", kinds=[Left, Right], children={"left": ["right"], "right": ["left"]}, roots=["left"]
)


@pytest.mark.parametrize(("parent", "codes"), [("a", []), ("c", ["TREE004"] * 2)])
def test_circles_through_two_kinds_are_found(parent: str, codes: list[str]) -> None:
    rows: list[dict[str, object]] = [
        {"id": "a", "kind": "left", "title": "t"},
        {"id": "b", "kind": "right", "title": "t", "parent": parent},
        {"id": "c", "kind": "left", "title": "t", "parent": "b"},
        {"id": "d", "kind": "right", "title": "t", "parent": "c"},
    ]
    if not codes:
        assert len(trees.from_records(TURNING, rows)) == 4
        return
    with pytest.raises(InvalidTreeError) as caught:
        trees.from_records(TURNING, rows)
    assert [finding.code for finding in caught.value.findings] == codes


def test_nodes_of_bulk_are_those_of_the_constructor() -> None:
    rows: list[dict[str, object]] = [
        {"id": "a", "kind": "left", "title": "t", "size": 4, "parent": None},
        {"id": "b", "kind": "right", "title": "u", "parent": "a"},
    ]
    tree = trees.from_records(TURNING, rows)
    assert list(tree) == [Left(id="a", title="t", size=4), Right(id="b", title="u")]
    assert isinstance(tree["b"], Right)
    assert tree["b"].loud == "U"
    assert hash(tree["b"]) == hash(Right(id="b", title="u"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        tree["b"].title = "v"  # type: ignore[misc]  # which is the test
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del tree["a"].title


REGISTERED: list[type] = []


@attrs.frozen(kw_only=True)
class Registered(Node):
    kind: ClassVar[str] = "registered"

    def __init_subclass__(cls) -> None:
        REGISTERED.append(cls)


@attrs.frozen(kw_only=True)
class Listed(Registered):
    kind: ClassVar[str] = "listed"


def test_building_in_bulk_makes_no_class_that_a_user_could_see_registered() -> None:
    schema: Schema[Listed] = Schema(name="lists", kinds=[Listed], children={"listed": ["listed"]}, roots=["listed"])
    known = list(REGISTERED)
    tree = trees.from_records(schema, [{"id": "a", "kind": "listed", "title": "t", "parent": None}])
    assert tree["a"] == Listed(id="a", title="t")
    assert known == REGISTERED


def test_four_cells_need_not_be_the_main_ones() -> None:
    tree = ost.from_records([{"id": "a", "kind": "outcome", "title": "t", "owner": "p07"}])
    assert tree["a"].owner == "p07"
    assert tree.roots == ("a",)


def test_ids_that_are_the_same_after_nfkc_are_found_among_nodes() -> None:
    nodes: list[ost.OstNode] = [ost.Outcome(id="fi", title="t"), ost.Opportunity(id="\ufb01", title="t")]
    assert [fault.code for fault in trees.find_faults(ost.SCHEMA, nodes, {"\ufb01": "fi"})] == ["OST005"]
