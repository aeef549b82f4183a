"""Strategies for trees of any schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from hypothesis import strategies as st

from pmkit import trees
from pmkit.model import normalized_id
from pmkit.testing.model import identifiers, texts

__all__ = ["tree_records", "trees_of"]

N = TypeVar("N", bound=trees.Node)
Fields = Mapping[str, st.SearchStrategy[dict[str, object]]]


@st.composite
def tree_records(
    draw: st.DrawFn,
    schema: trees.Schema[N],
    *,
    max_nodes: int = 12,
    fields: Fields | None = None,
    links: bool = False,
) -> list[dict[str, object]]:
    """Generate the records of a valid tree, in any order.

    Parameters
    ----------
    schema : Schema
    max_nodes : int
        The most nodes, from 1 up.
    fields : mapping of str to strategy, or None
        For each kind a strategy for its own fields, as dicts.
    links : bool
        Whether there may be links.

    Returns
    -------
    strategy of list of dict

    Examples
    --------
    >>> from hypothesis import given
    >>> from pmkit import ost
    >>> @given(tree_records(ost.SCHEMA))
    ... def test_records_make_a_tree(records):
    ...     assert len(ost.from_records(records)) == len(records)
    >>> test_records_make_a_tree()
    """
    ids = draw(st.lists(identifiers(), min_size=1, max_size=max_nodes, unique_by=normalized_id))
    titles = texts(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
    records: list[dict[str, object]] = []
    for position, identifier in enumerate(ids):
        parents = [record for record in records if schema.children.get(str(record["kind"]))]
        if position and not parents:
            break
        parent = draw(st.sampled_from(parents)) if position else None
        kinds = schema.children[str(parent["kind"])] if parent else schema.roots
        kind = draw(st.sampled_from(kinds))
        own = draw(fields[kind]) if fields and kind in fields else {}
        above = parent["id"] if parent else None
        records.append({"id": identifier, "kind": kind, "title": draw(titles), "parent": above, **own})
    if links and len(records) > 1:
        for record in records:
            others = [other["id"] for other in records if other is not record]
            targets = draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
            if targets:
                record["links"] = [{"target": target, "kind": draw(titles)} for target in targets]
    return draw(st.permutations(records))


def trees_of(
    schema: trees.Schema[N], *, max_nodes: int = 12, fields: Fields | None = None, links: bool = False
) -> st.SearchStrategy[trees.Tree[N]]:
    """Generate valid trees of a schema.

    Parameters
    ----------
    schema : Schema
    max_nodes : int
        The most nodes, from 1 up.
    fields : mapping of str to strategy, or None
        For each kind a strategy for its own fields, as dicts.
    links : bool
        Whether there may be links.

    Returns
    -------
    strategy of Tree

    Examples
    --------
    >>> from hypothesis import given
    >>> from pmkit import ost
    >>> @given(trees_of(ost.SCHEMA))
    ... def test_every_node_is_walked_once(tree):
    ...     assert len(list(ost.walk(tree))) == len(tree)
    >>> test_every_node_is_walked_once()
    """
    records = tree_records(schema, max_nodes=max_nodes, fields=fields, links=links)
    return records.map(lambda rows: trees.from_records(schema, rows))
