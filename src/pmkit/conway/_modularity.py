"""How modular the product is when cut along its teams, and how modular it could be."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, cast

import attrs

from pmkit.conway._arrays import Integers, Numbers, chosen, edges_of, owners_of, want_number, want_whole
from pmkit.conway._model import MOST
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError, MissingDependencyError
from pmkit.model import Undefined, quoted, require

__all__ = ["Modularity", "Partition", "best_partition", "modularity", "modularity_of"]

Node: TypeAlias = str | int
Edge: TypeAlias = tuple[Node, Node] | tuple[Node, Node, float]
PartitionMethod = Literal["auto", "igraph", "networkx"]

_SMALL = 5_000
_RESTARTS = 20
_TRIPLE = 3


def _weighted(edges: Iterable[object]) -> list[tuple[Node, Node, float]]:
    found: list[tuple[Node, Node, float]] = []
    for edge in edges:
        parts: tuple[object, ...] = tuple(edge) if isinstance(edge, (tuple, list)) else ()
        if len(parts) not in (2, _TRIPLE):
            raise InvalidValueError(f"an edge is a pair of nodes, or three with a weight, not {quoted(edge)}")
        a, b, weight = parts if len(parts) == _TRIPLE else (*parts, 1.0)
        for node in (a, b):
            if not isinstance(node, (str, int)):
                raise InvalidValueError(f"a node must be text or a whole number, not {quoted(node)}")
        want_number(weight, "the weight of an edge", 0.0, MOST)
        found.append((cast("Node", a), cast("Node", b), float(cast("float", weight))))
    return found


def modularity_of(
    edges: Iterable[Edge],
    communities: Mapping[Node, Node] | Iterable[Collection[Node]],
    *,
    directed: bool = False,
) -> float | Undefined:
    """Compute the modularity of a partition of any graph.

    Parameters
    ----------
    edges : iterable of (node, node) or (node, node, weight)
        Edges given twice add up; a loop adds twice its weight to the degree of its node.
    communities : mapping of node to label, or iterable of collections of nodes
        The partition; every node of an edge must be in one community.
    directed : bool
        Whether the direction counts (Leicht and Newman 2008).

    Returns
    -------
    float or Undefined
        From -1/2 to 1; undefined without edges.

    Raises
    ------
    InvalidValueError
        When a node is in no community, or in two.

    References
    ----------
    Newman and Girvan (2004), "Finding and evaluating community structure in networks", Phys. Rev. E 69.

    Examples
    --------
    >>> edges = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]
    >>> modularity_of(edges, [[0, 1, 2], [3, 4, 5]])
    0.3571428571428571
    """
    labels = _labels(communities)
    within: dict[Node, float] = {}
    leaving: dict[Node, float] = {}
    entering: dict[Node, float] = {}
    total = 0.0
    for a, b, weight in _weighted(edges):
        for node in (a, b):
            if node not in labels:
                raise InvalidValueError(f"node {quoted(node)} is in no community")
        total += weight
        leaving[labels[a]] = leaving.get(labels[a], 0.0) + weight
        entering[labels[b]] = entering.get(labels[b], 0.0) + weight
        if labels[a] == labels[b]:
            within[labels[a]] = within.get(labels[a], 0.0) + weight
    if not total > 0:
        return Undefined("no data")
    value = 0.0
    for label in dict.fromkeys((*leaving, *entering)):
        out, into = leaving.get(label, 0.0) / total, entering.get(label, 0.0) / total
        expected = out * into if directed else ((out + into) / 2) ** 2
        value += within.get(label, 0.0) / total - expected
    return value


def _labels(communities: Mapping[Node, Node] | Iterable[Collection[Node]]) -> dict[Node, Node]:
    if isinstance(communities, Mapping):
        return dict(cast("Mapping[Node, Node]", communities))
    labels: dict[Node, Node] = {}
    for number, members in enumerate(communities):
        for node in members:
            if node in labels:
                raise InvalidValueError(f"node {quoted(node)} is in two communities")
            labels[node] = number
    return labels


@attrs.frozen(kw_only=True)
class Partition:
    """A partition of a graph's nodes and its modularity.

    Attributes
    ----------
    value : float or Undefined
        The modularity; undefined without edges.
    groups : tuple of tuple of node
        The communities, those with earlier nodes first.
    method : str
        What found it.

    Examples
    --------
    >>> best_partition([(0, 1), (2, 3)], method="networkx").groups
    ((0, 1), (2, 3))
    """

    value: float | Undefined
    groups: tuple[tuple[Node, ...], ...]
    method: str


def best_partition(
    edges: Iterable[Edge],
    *,
    nodes: Iterable[Node] = (),
    seed: int = 0,
    method: PartitionMethod = "auto",
    restarts: int | None = None,
) -> Partition:
    """Look for the partition with the highest modularity; the best found, not proven to be the best there is.

    Parameters
    ----------
    edges : iterable of (node, node) or (node, node, weight)
        Undirected.
    nodes : iterable of node
        Further nodes, without edges.
    seed : int
        Of the order in which nodes are tried.
    method : {"auto", "igraph", "networkx"}
        igraph's multilevel and Leiden methods (extra ``communities``), networkx' Louvain, or the first of
        the two that is installed.
    restarts : int or None
        How often to start anew; 20 up to 5,000 edges and once above when None.

    Returns
    -------
    Partition

    Raises
    ------
    InvalidValueError
        For an unknown method or a seed below 0.
    MissingDependencyError
        With method "igraph" where it is not installed.

    References
    ----------
    Blondel, Guillaume, Lambiotte and Lefebvre (2008), "Fast unfolding of communities in large networks";
    Traag, Waltman and van Eck (2019), "From Louvain to Leiden".

    Examples
    --------
    >>> edges = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]
    >>> best_partition(edges).groups
    ((0, 1, 2), (3, 4, 5))
    """
    chosen(method, "method", ("auto", "igraph", "networkx"))
    want_whole(seed, "seed", 0)
    weighted = _weighted(edges)
    names = list(dict.fromkeys([*nodes, *(node for a, b, _ in weighted for node in (a, b))]))
    at = {node: number for number, node in enumerate(names)}
    numbered = [(at[a], at[b], weight) for a, b, weight in weighted if weight > 0]
    rounds = restarts if restarts is not None else _RESTARTS if len(numbered) <= _SMALL else 1
    labels, used = _found(len(names), numbered, seed, method, rounds)
    groups: dict[int, list[Node]] = {}
    for number, label in enumerate(labels):
        groups.setdefault(label, []).append(names[number])
    value = modularity_of(numbered, _members(labels)) if numbered else Undefined("no data")
    return Partition(value=value, groups=tuple(tuple(group) for group in groups.values()), method=used)


def _found(
    count: int, edges: Sequence[tuple[int, int, float]], seed: int, method: PartitionMethod, rounds: int
) -> tuple[list[int], str]:
    """Give each node the label of its community, and say what found it."""
    if method != "networkx":
        try:
            return _by_igraph(count, edges, seed, rounds), "igraph"
        except MissingDependencyError:
            if method == "igraph":
                raise
    return _by_networkx(count, edges, seed, rounds), "networkx"


def _members(labels: Sequence[int]) -> dict[Node, Node]:
    return dict(enumerate(labels))


def _by_igraph(count: int, edges: Sequence[tuple[int, int, float]], seed: int, rounds: int) -> list[int]:
    igraph = require("igraph", extra="communities", purpose="the fast search for communities")
    graph = igraph.Graph(n=count, edges=[(a, b) for a, b, _ in edges])
    weights = [weight for _, _, weight in edges]
    if not edges:
        return list(range(count))
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - not for secrets
    try:
        # two rounds of Leiden beat one of multilevel on large graphs, in less than half the time
        until = -1 if len(edges) <= _SMALL else 2
        found = [
            graph.community_leiden(objective_function="modularity", weights=weights, n_iterations=until)
            for _ in range(max(rounds, 1))
        ]
        if len(edges) <= _SMALL:
            found += [graph.community_multilevel(weights=weights) for _ in range(max(rounds, 1))]
        best = max(found, key=lambda clustering: graph.modularity(clustering.membership, weights=weights))
    finally:
        igraph.set_random_number_generator(random)
    return [int(label) for label in best.membership]


def _by_networkx(count: int, edges: Sequence[tuple[int, int, float]], seed: int, rounds: int) -> list[int]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    for a, b, weight in edges:
        if graph.has_edge(a, b):
            graph[a][b]["weight"] += weight
        else:
            graph.add_edge(a, b, weight=weight)
    if not edges:
        return list(range(count))
    tries = [nx.community.louvain_communities(graph, seed=seed + number) for number in range(max(rounds, 1))]
    best = max(tries, key=lambda groups: nx.community.modularity(graph, groups))
    labels = [0] * count
    for number, group in enumerate(best):
        for node in group:
            labels[node] = number
    return labels


@attrs.frozen(kw_only=True)
class Modularity:
    """The modularity of the product cut along its teams, against the best cut found.

    Attributes
    ----------
    value : float or Undefined
        Of the partition of components by primary owner, each component without an owner alone.
    best : float or Undefined
        The highest modularity found; at least `value`.
    ratio : float or Undefined
        `value` over `best`.
    best_groups : tuple of tuple of str
        The components of the best cut.
    method : str
        What found the best cut.
    edges_are : {"undirected, weights of both directions added"}
        The convention.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.modularity(conway.from_owners({"a": "t", "b": "t", "c": "u", "d": "u"},
    ...                                      [("a", "b"), ("c", "d")])).value
    0.5
    """

    value: float | Undefined
    best: float | Undefined
    ratio: float | Undefined
    best_groups: tuple[tuple[str, ...], ...] = attrs.field(repr=False)
    method: str
    edges_are: str = "undirected, weights of both directions added"


def modularity(
    organization: Organization,
    *,
    seed: int = 0,
    method: PartitionMethod = "auto",
    restarts: int | None = None,
) -> Modularity:
    """Compare how modular the product is along its teams with how modular it could be cut.

    Parameters
    ----------
    organization : Organization
    seed, method, restarts :
        As in `best_partition`.

    Returns
    -------
    Modularity

    Raises
    ------
    InvalidValueError
        For an unknown method or a seed below 0.
    MissingDependencyError
        With method "igraph" where it is not installed.

    References
    ----------
    Newman and Girvan (2004), Phys. Rev. E 69; MacCormack, Rusnak and Baldwin (2006) for products.

    Examples
    --------
    >>> from pmkit import conway
    >>> crossed = conway.from_owners({"a": "t", "b": "u", "c": "t", "d": "u"}, [("a", "b"), ("c", "d")])
    >>> found = modularity(crossed)
    >>> found.value, found.best, found.best_groups
    (-0.5, 0.5, (('a', 'b'), ('c', 'd')))
    """
    import numpy as np

    chosen(method, "method", ("auto", "igraph", "networkx"))
    want_whole(seed, "seed", 0)
    edges, found = edges_of(organization), owners_of(organization)
    kept = (edges.source != edges.target) & (edges.weight > 0)
    source, target, weight = edges.source[kept], edges.target[kept], edges.weight[kept]
    count = len(organization.components)
    alone = np.arange(count) + len(organization.teams)
    teams = np.where(found.primary >= 0, found.primary, alone)
    rounds = restarts if restarts is not None else _RESTARTS if len(source) <= _SMALL else 1
    pairs = list(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True))
    labels, how = _found(count, pairs, seed, method, rounds)
    value, best = (_value_of(source, target, weight, each) for each in (teams, np.array(labels, dtype=np.int64)))
    if isinstance(value, float) and isinstance(best, float) and value > best:
        best, labels, how = value, teams.tolist(), "the teams themselves"
    groups: dict[int, list[str]] = {}
    for part, label in zip(organization.components, labels, strict=True):
        groups.setdefault(label, []).append(part.id)
    ratio = value / best if isinstance(value, float) and isinstance(best, float) and best > 0 else None
    return Modularity(
        value=value,
        best=best,
        ratio=Undefined("the denominator is within noise of zero") if ratio is None else ratio,
        best_groups=tuple(tuple(group) for group in groups.values()),
        method=how,
    )


def _value_of(source: Integers, target: Integers, weight: Numbers, labels: Integers) -> float | Undefined:
    import numpy as np

    total = float(weight.sum())
    if not total > 0:
        return Undefined("no data")
    count = int(labels.max()) + 1
    degree = np.bincount(labels[source], weight, minlength=count) + np.bincount(labels[target], weight, minlength=count)
    within = float(weight[labels[source] == labels[target]].sum()) / total
    return within - float(((degree / (2 * total)) ** 2).sum())
