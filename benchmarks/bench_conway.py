"""Conway's law at size: every measure against building the networkx graph, the closure against networkx."""

from __future__ import annotations

import datetime as dt
import platform
import sys
import time
from collections.abc import Callable

import attrs
import networkx as nx
import numpy as np

from pmkit import conway


def organization(components: int, edges: int, teams: int, *, seed: int = 0) -> conway.Organization:
    generator = np.random.default_rng(seed)
    names = [f"component-{n}" for n in range(components)]
    home = generator.integers(0, teams, components)
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < edges:
        a, b = generator.integers(0, components, 2)
        if a != b:
            pairs[int(a), int(b)] = None
    made = conway.from_owners(
        {
            name: [f"team-{home[n]}"] + ([f"team-{(home[n] + 1) % teams}"] if n % 10 == 0 else [])
            for n, name in enumerate(names)
        },
        [(names[a], names[b]) for a, b in pairs],
        teams=[conway.Team(id=f"team-{n}", capacity=30) for n in range(teams)],
    )
    talks = [
        conway.Communication(a=f"team-{a}", b=f"team-{b}", channel="chat")
        for a, b in generator.integers(0, teams, (5 * teams, 2)).tolist()
    ]
    return attrs.evolve(made, communication=talks)


def graph_of(made: conway.Organization) -> nx.DiGraph[str]:
    """Build what a user of networkx would: teams, components, ownership, dependencies."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((team.id, {"kind": "team"}) for team in made.teams)
    graph.add_nodes_from((part.id, {"kind": "component", "load": part.load}) for part in made.components)
    graph.add_edges_from((row.team, row.component, {"share": row.share}) for row in made.ownership)
    graph.add_edges_from((edge.source, edge.target, {"weight": edge.weight}) for edge in made.dependencies)
    return graph


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def reach_in_turn(made: conway.Organization, rounds: int = 3) -> tuple[float, float]:
    """Measure both in turn, ours five times as often, and take the least processor time of each."""
    graph = made.to_networkx("components")
    ours, theirs = [], []
    for _ in range(rounds):
        for work, taken, times in (
            (lambda: conway.propagation_cost(made), ours, 5),
            (lambda: sum(len(nx.descendants(graph, node)) + 1 for node in graph), theirs, 1),
        ):
            for _ in range(times):
                start = time.process_time()
                work()
                taken.append(time.process_time() - start)
    return min(ours), min(theirs)


MEASURES = {
    "coordination requirements": conway.coordination_requirements,
    "congruence": conway.congruence,
    "gaps": conway.gaps,
    "excess": conway.excess,
    "propagation cost": conway.propagation_cost,
    "visibility": conway.visibility,
    "cyclic groups": conway.cyclic_groups,
    "cross-team coupling": conway.cross_team_coupling,
    "fragmentation": conway.fragmentation,
    "cognitive load": conway.cognitive_load,
    "ownership matrix": conway.ownership_matrix,
    "modularity": conway.modularity,
    "interaction modes": conway.interaction_modes,
    "coordination cost": lambda made: conway.coordination_cost(made, [part.id for part in made.components[:20]]),
}


def main() -> None:
    versions = f"Python {platform.python_version()}, networkx {nx.__version__}, numpy {np.__version__}"
    print(f"{dt.date.today()}, {versions}")  # noqa: DTZ011 - the day on which it was run
    made = organization(10_000, 100_000, 500)
    base = seconds(lambda: graph_of(made))
    print(f"\n10,000 components, 100,000 edges, 500 teams; building the networkx graph: {base * 1000:.0f} ms")
    for name, measure in MEASURES.items():
        taken = seconds(lambda measure=measure: measure(made))
        print(f"{name:28} {taken * 1000:8.1f} ms  {taken / base:6.2f} x  (target ≤ 3)")
    small = organization(2_000, 20_000, 100)
    layered = conway.from_owners(
        {part.id: "t" for part in small.components},
        [tuple(sorted((edge.source, edge.target))) for edge in small.dependencies],
    )
    print("\n2,000 components, 20,000 edges: propagation cost against nx.descendants from each node (target ≥ 100 x)")
    for name, made in (("with cycles", small), ("without cycles", layered)):
        ours, theirs = reach_in_turn(made)
        print(f"{name:16} {ours * 1000:6.1f} ms against {theirs * 1000:6.0f} ms: {theirs / ours:5.0f} x")
    start = time.perf_counter()
    conway.mirroring(small, permutations=999)
    print(f"mirroring, 999 permutations, four conventions: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
