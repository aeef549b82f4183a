"""Opportunity solution trees as a schema on the engine, and the ways to make one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from pmkit import trees
from pmkit.ost._nodes import Assumption, AssumptionTest, Opportunity, OstNode, Outcome, Solution

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["SCHEMA", "OstTree", "from_networkx", "from_records", "new"]

OstTree: TypeAlias = trees.Tree[OstNode]
"""An opportunity solution tree."""


def _picture(tree: OstTree) -> str:
    from pmkit.ost import _picture as pictures

    return pictures.draw(tree).svg


SCHEMA: trees.Schema[OstNode] = trees.Schema[OstNode](
    name="opportunity solution tree",
    kinds={
        "outcome": Outcome,
        "opportunity": Opportunity,
        "solution": Solution,
        "assumption": Assumption,
        "test": AssumptionTest,
    },
    children={
        "outcome": ("outcome", "opportunity"),
        "opportunity": ("opportunity", "solution"),
        "solution": ("assumption", "test"),
        "assumption": ("test",),
    },
    roots=("outcome",),
    picture=_picture,
    ties={("solution", "opportunity"): "serves", ("test", "assumption"): "tests"},
    codes="OST",
)
"""The schema of opportunity solution trees: five kinds, and which may hang under which."""


def new(*roots: OstNode, forest: bool = False) -> OstTree:
    """Start an opportunity solution tree from its outcome.

    Parameters
    ----------
    *roots : Outcome
        One outcome; any number of nodes of any kind with ``forest=True``.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        When there is not exactly one root, or it is no outcome.

    Examples
    --------
    >>> new(Outcome(id="watch", title="Increase weekly minutes watched from 310 to 360"))
    <opportunity solution tree: 1 node, 'Increase weekly minutes watched from 310…'>
    """
    return trees.new(SCHEMA, *roots, forest=forest)


def from_records(records: Iterable[Mapping[str, object]], *, forest: bool = False) -> OstTree:
    """Build an opportunity solution tree from flat records, one for each node, in any order.

    None, NaN, NA and ``""`` are missing values. Siblings stand in the order of their
    records. Every structural fault is found before any is reported.

    Parameters
    ----------
    records : iterable of mapping
        With ``id``, ``kind``, ``title``, ``parent`` (missing for the root), any of the
        kind's own fields, and ``links``: a list of ids, or of mappings with ``target``
        and ``kind``. A pandas or polars data frame is read row by row.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        Its ``findings`` hold every structural fault, with the codes OST001 to OST009.

    Examples
    --------
    >>> from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "row", "kind": "solution", "title": "A row of three", "parent": "watch"}])
    Traceback (most recent call last):
    pmkit.errors.InvalidTreeError: not a valid opportunity solution tree, 1 fault:
    OST007 'row': a solution may not hang under an outcome
    """
    return trees.from_records(SCHEMA, records, forest=forest)


def from_networkx(graph: nx.DiGraph[str], *, forest: bool = False) -> OstTree:
    """Build an opportunity solution tree from a networkx graph whose edges lead from parents to children.

    Parameters
    ----------
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
        Its ``findings`` hold every structural fault, with the codes OST001 to OST009.
    InvalidValueError
        When it is no directed graph.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_node("watch", kind="outcome", title="Watch more")
    >>> from_networkx(graph).roots
    ('watch',)
    """
    return trees.from_networkx(SCHEMA, graph, forest=forest)
