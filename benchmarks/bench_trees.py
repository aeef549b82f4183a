"""How fast and how small trees are, beside the libraries that users know.

Run it with ``python benchmarks/bench_trees.py [nodes]``; it prints a table of ratios.
"""

from __future__ import annotations

import datetime as dt
import gc
import importlib.metadata
import platform
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

from pmkit import ost, trees

NODES = 100_000
ROUNDS = 9


def records(count: int, seed: int = 0) -> list[dict[str, object]]:
    """An opportunity solution tree as teams draw them: opportunities in opportunities, and what hangs below."""
    dice = random.Random(seed)
    rows: list[dict[str, object]] = [{"id": "n0", "kind": "outcome", "title": "Weekly minutes watched", "parent": None}]
    above = {"opportunity": "opportunity", "assumption": "solution", "test": "assumption"}
    held: dict[str, list[str]] = {"opportunity": ["n0"], "solution": [], "assumption": []}
    real: list[str] = []
    for number in range(1, count):
        kind = dice.choices(["opportunity", "solution", "assumption", "test"], [25, 30, 30, 15])[0]
        places = real if kind == "solution" else held[above[kind]]
        if not places:
            kind, places = "opportunity", held["opportunity"]
        name = f"n{number}"
        title = f"What people said in interview {number}"
        rows.append({"id": name, "kind": kind, "title": title, "parent": dice.choice(places)})
        if kind in held:
            held[kind].append(name)
        if kind == "opportunity":
            real.append(name)
    return rows


def in_turns(*runs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median processor time of several rounds, all taken in turns; garbage collection as the user has it."""
    times: list[list[float]] = [[] for _ in runs]
    for run in runs:
        run()  # imports and first uses are no part of the figure
    for _ in range(rounds):
        for held, run in zip(times, runs, strict=True):
            gc.collect()
            start = time.process_time()
            result = run()
            held.append(time.process_time() - start)
            del result
    return [statistics.median(held) for held in times]


def bare(rows: list[dict[str, object]]) -> object:
    nodes: dict[object, object] = {}
    parents: dict[object, object] = {}
    for row in rows:
        identifier = row["id"]
        nodes[identifier] = ost.SCHEMA.kinds[row["kind"]](id=identifier, title=row["title"])
        parents[identifier] = row["parent"]
    return nodes, parents


def with_networkx(rows: list[dict[str, object]]) -> object:
    import networkx as nx

    graph = nx.DiGraph()
    for row in rows:
        graph.add_node(row["id"], kind=row["kind"], title=row["title"])
        if row["parent"] is not None:
            graph.add_edge(row["parent"], row["id"])
    return graph


def with_anytree(rows: list[dict[str, object]]) -> object:
    import anytree

    nodes: dict[object, object] = {}
    for row in rows:
        parent = nodes.get(row["parent"])
        nodes[row["id"]] = anytree.Node(row["id"], parent=parent, kind=row["kind"], title=row["title"])
    return nodes


def with_bigtree(rows: list[dict[str, object]]) -> object:
    import bigtree

    nodes: dict[object, object] = {}
    for row in rows:
        parent = nodes.get(row["parent"])
        nodes[row["id"]] = bigtree.Node(row["id"], parent=parent, kind=row["kind"], title=row["title"])
    return nodes


def edits(tree: ost.OstTree, count: int) -> list[tuple[str, str]]:
    dice = random.Random(1)
    names = [node.id for node in ost.select(tree, kind="opportunity")]
    return [(dice.choice(names), f"new{number}") for number in range(count)]


def in_one_draft(tree: ost.OstTree, plan: list[tuple[str, str]]) -> object:
    with ost.edit(tree) as draft:
        for parent, name in plan:
            draft.add(ost.Opportunity(id=name, title="t"), parent)
    return draft.tree


def one_by_one(tree: ost.OstTree, plan: list[tuple[str, str]]) -> object:
    for parent, name in plan:
        tree = ost.add(tree, ost.Opportunity(id=name, title="t"), parent)
    return tree


def hundred_changes(tree: ost.OstTree) -> ost.OstTree:
    dice = random.Random(2)
    names = [node.id for node in ost.select(tree, kind="opportunity")]
    leaves = [node.id for node in ost.leaves(tree)]
    with ost.edit(tree) as draft:
        for number in range(25):
            draft.replace(dice.choice(names), title=f"changed {number}")
            draft.add(ost.Opportunity(id=f"new{number}", title="t"), dice.choice(names))
        for name in dice.sample(leaves, 25):
            draft.remove(name)
        solutions = [node.id for node in ost.select(tree, kind="solution") if node.id in draft]
        for name in dice.sample(solutions, 25):
            draft.move(name, dice.choice(names))
    return draft.tree


def memory(rows: list[dict[str, object]]) -> float:
    """Bytes a node above its text, which stays with the records."""
    gc.collect()
    tracemalloc.start()
    tree = ost.from_records(rows)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / len(tree)


def main() -> None:
    import networkx as nx

    count = int(sys.argv[1]) if len(sys.argv) > 1 else NODES
    rows = records(count)
    tree = ost.from_records(rows)
    build, loop, graphs, loose, big = in_turns(
        lambda: ost.from_records(rows),
        lambda: bare(rows),
        lambda: with_networkx(rows),
        lambda: with_anytree(rows),
        lambda: with_bigtree(rows),
        rounds=5,
    )
    table: list[tuple[str, float, float, str, str]] = []

    def row(what: str, ours: float, theirs: float, target: str, *, faster: bool = True) -> None:
        ratio = theirs / ours if faster else ours / theirs
        table.append((what, ours, theirs, f"{ratio:.2f}" + (" x faster" if faster else " x the time"), target))

    row("build and validate / bare loop over the same classes", build, loop, "<= 1.5 x", faster=False)
    row("build / networkx", build, graphs, ">= 1.5 x faster")
    row("build / anytree", build, loose, ">= 4 x faster")
    row("build / bigtree", build, big, ">= 8 x faster")
    graph = tree.to_networkx()
    nodes = list(tree)
    check, peer = in_turns(
        lambda: trees.find_faults(ost.SCHEMA, nodes, tree.parents), lambda: nx.is_arborescence(graph)
    )
    row("structural validation / is_arborescence", check, peer, ">= 3 x faster")
    plan = edits(tree, 1000)
    draft, single = in_turns(lambda: in_one_draft(tree, plan), lambda: one_by_one(tree, plan[:50]), rounds=3)
    row("1,000 edits in edit() / a copy each", draft, single * 20, ">= 100 x faster")
    new = hundred_changes(tree)
    apart = ost.from_records(ost.to_records(new))
    shared, read, again = in_turns(
        lambda: ost.diff(tree, new), lambda: ost.diff(tree, apart), lambda: ost.from_records(rows)
    )
    row("diff, 100 changes, shared / building", shared, again, "<= 0.5 x", faster=False)
    row("diff, 100 changes, read apart / building", read, again, "<= 0.5 x", faster=False)
    row("roll-up / networkx", *in_turns(lambda: ost.rollup(tree, lambda _: 1, sum), lambda: rolled_up(graph)), "")
    print(f"{count:,} nodes, {dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, Python {platform.python_version()}, " + versions())
    print(f"{'what':56}{'ours, s':>10}{'theirs, s':>10}  {'ratio':18}target")
    for what, ours, theirs, ratio, target in table:
        print(f"{what:56}{ours:10.4f}{theirs:10.4f}  {ratio:18}{target}")
    print(f"{'memory above the text, bytes a node':56}{memory(rows):10.1f}{'':12}{'':18}<= 280")


def rolled_up(graph: object) -> object:
    import networkx as nx

    sizes: dict[str, int] = {}
    for node in nx.dfs_postorder_nodes(graph):
        sizes[node] = 1 + sum(sizes[child] for child in graph[node])
    return sizes


def versions() -> str:
    return ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("attrs", "networkx", "anytree", "bigtree")
    )


if __name__ == "__main__":
    main()
