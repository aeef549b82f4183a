"""How fast trees are drawn: 60 nodes, growth with size, depth 100,000, width 1,000,000.

Run: python benchmarks/bench_drawing.py [--large]
"""

from __future__ import annotations

import platform
import random
import resource
import sys
import time
from collections.abc import Callable

from pmkit import ost
from pmkit._version import __version__
from pmkit.drawing import Layout, TreeStyle, lay_across, lay_down, lay_outline

STYLES = ("across", "down", "outline")
LINE = "I can't find something to watch when the children are asleep and only an hour of the evening is left"
WORDS = LINE.split()


def records(count: int, shape: str) -> list[dict[str, object]]:
    chance = random.Random(1)
    rows: list[dict[str, object]] = [{"id": "n0", "kind": "outcome", "title": "Increase weekly minutes watched"}]
    for number in range(1, count):
        above = {"chain": number - 1, "fan": 0}.get(shape, number // 4)
        title = " ".join(chance.sample(WORDS, 7))
        rows.append({"id": f"n{number}", "kind": "opportunity", "title": title, "parent": f"n{above}"})
    return rows


def mixed(count: int) -> ost.OstTree:
    """Build a tree of all five kinds: three opportunities deep, then solutions, assumptions and tests."""
    chance = random.Random(2)
    tree = ost.new(ost.Outcome(id="n0", title="Increase weekly minutes watched"))
    places = [("n0", "outcome")]
    below = {"outcome": "opportunity", "opportunity": "solution", "solution": "assumption", "assumption": "test"}
    classes = {
        "opportunity": ost.Opportunity,
        "solution": ost.Solution,
        "assumption": ost.Assumption,
        "test": ost.AssumptionTest,
    }
    with ost.edit(tree) as draft:
        for number in range(1, count):
            parent, kind = chance.choice([place for place in places if place[1] != "test"][-12:])
            made = "opportunity" if kind == "opportunity" and chance.random() < 0.4 else below[kind]
            node = classes[made](id=f"n{number}", title=" ".join(chance.sample(WORDS, 7)))
            draft.add(node, parent=parent)
            places.append((node.id, made))
    return draft.tree


def best(call: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def drawn_in(tree: ost.OstTree, style: TreeStyle, times: int) -> float:
    return best(lambda: ost.draw(tree, style).svg, times)


def laid_in(lay: Callable[..., Layout], count: int) -> float:
    children = [[child for child in range(4 * index + 1, 4 * index + 5) if child < count] for index in range(count)]
    return best(lambda: lay(children, [(200.0, 60.0)] * count), 1)


def main() -> None:
    print(f"pmkit {__version__}, Python {platform.python_version()}, {platform.machine()}")
    sixty = mixed(60)
    for style in STYLES:
        print(f"60 nodes of five kinds, {style:8} {drawn_in(sixty, style, 20) * 1000:8.1f} ms  (target 50 ms)")
    for style in STYLES:
        last = 0.0
        for count in (1_000, 10_000, 40_000):
            took = drawn_in(ost.from_records(records(count, "bush")), style, 2)
            ratio = f"{took / last:5.1f} x the time" if last else ""
            print(f"{count:>9,} nodes, {style:8} {took:8.2f} s, {took / count * 1e6:6.1f} us a node {ratio}")
            last = took
    for lay in (lay_across, lay_down, lay_outline):
        for count in (10_000, 100_000):
            print(f"{count:>9,} boxes, {lay.__name__:12} alone {laid_in(lay, count):8.2f} s")
    if "--large" in sys.argv:
        for count, shape in ((100_000, "chain"), (1_000_000, "fan")):
            tree = ost.from_records(records(count, shape))
            for style in STYLES:
                start = time.perf_counter()
                size = len(ost.draw(tree, style).svg)
                took = time.perf_counter() - start
                print(
                    f"{shape} of {count:,}, {style:8} {took:8.1f} s, SVG {size / 1e6:7.0f} MB, peak {memory():8.0f} MB"
                )


if __name__ == "__main__":
    main()
