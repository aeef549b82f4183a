"""The structure as networkx graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.conway._arrays import chosen, edges_of, owners_of
from pmkit.conway._coordination import coordination_requirements, talk_of
from pmkit.conway._organization import GraphView, Organization

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["graph_of"]


def graph_of(organization: Organization, view: GraphView) -> nx.Graph[object]:
    """Make the graph that `Organization.to_networkx` promises."""
    chosen(view, "view", ("bipartite", "components", "teams"))
    if view == "components":
        return _components(organization)
    return _bipartite(organization) if view == "bipartite" else _teams(organization)


def _bipartite(organization: Organization) -> nx.Graph[object]:
    import networkx as nx

    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from((("team", team.id), {"bipartite": 0, "name": team.label}) for team in organization.teams)
    graph.add_nodes_from(
        (("component", part.id), {"bipartite": 1, "name": part.label, "load": part.load})
        for part in organization.components
    )
    owners = owners_of(organization)
    for at, component in enumerate(organization.components):
        for place in range(owners.start[at], owners.start[at + 1]):
            team = organization.teams[owners.team[place]]
            graph.add_edge(("team", team.id), ("component", component.id), weight=float(owners.share[place]))
    return graph


def _components(organization: Organization) -> nx.Graph[object]:
    import networkx as nx

    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_nodes_from(
        (part.id, {"name": part.label, "load": part.load, "kind": part.kind}) for part in organization.components
    )
    ids = [part.id for part in organization.components]
    edges = edges_of(organization)
    graph.add_weighted_edges_from(
        (ids[source], ids[target], weight)
        for source, target, weight in zip(
            edges.source.tolist(), edges.target.tolist(), edges.weight.tolist(), strict=True
        )
    )
    return graph


def _teams(organization: Organization) -> nx.Graph[object]:
    import networkx as nx

    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from((team.id, {"name": team.label, "type": team.type}) for team in organization.teams)
    required = {(pair.a, pair.b): pair.weight for pair in coordination_requirements(organization).pairs()}
    actual = talk_of(organization)
    for a, b in dict.fromkeys((*required, *actual)):
        graph.add_edge(a, b, required=required.get((a, b), 0.0), actual=actual.get((a, b), 0.0))
    return graph
