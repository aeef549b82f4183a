"""To networkx and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pmkit.errors import InvalidValueError
from pmkit.model import quoted, require
from pmkit.trees._records import from_records, to_records
from pmkit.trees._schema import N, Schema
from pmkit.trees._tree import Tree

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx", "to_networkx"]


def to_networkx(tree: Tree[N]) -> nx.DiGraph[str]:
    """Turn a tree into a networkx graph with an edge from each parent to each child.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    networkx.DiGraph
        Nodes are ids, each parent before its children and siblings in order; their
        attributes are ``kind``, ``title`` and the fields that differ from their
        defaults, and ``links``, which are no edges.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> ost.to_networkx(tree).nodes["watch"]
    {'kind': 'outcome', 'title': 'Watch more'}
    """
    networkx = require("networkx", extra="all", purpose="a networkx graph")
    graph: nx.DiGraph[str] = networkx.DiGraph(name=tree.schema.name)
    for record in to_records(tree):
        identifier = cast("str", record.pop("id"))
        parent = cast("str | None", record.pop("parent"))
        graph.add_node(identifier, **record)
        if parent is not None:
            graph.add_edge(parent, identifier)
    return graph


def from_networkx(schema: Schema[N], graph: nx.DiGraph[str], *, forest: bool = False) -> Tree[N]:
    """Build a tree from a networkx graph whose edges lead from parents to children.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    graph : networkx.DiGraph
        Nodes are ids with the attributes ``kind``, ``title`` and any of the kind's own
        fields; siblings stand in the order of the graph's nodes.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        Its ``findings`` hold every structural fault.
    InvalidValueError
        When it is no directed graph.

    Examples
    --------
    >>> import networkx as nx
    >>> from pmkit import ost
    >>> graph = nx.DiGraph()
    >>> graph.add_node("watch", kind="outcome", title="Watch more")
    >>> ost.from_networkx(graph)
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    if not hasattr(graph, "pred") or not isinstance(getattr(graph, "nodes", None), Mapping):
        raise InvalidValueError(f"a tree is read from a networkx.DiGraph, not {quoted(graph)}")
    records: list[dict[str, object]] = []
    for identifier, attributes in graph.nodes.items():
        parents = list(graph.pred[identifier])
        record: dict[str, object] = {**attributes, "id": identifier}
        record["parent"] = parents[0] if len(parents) == 1 else parents
        records.append(record)
    return from_records(schema, records, forest=forest)
