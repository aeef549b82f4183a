"""How fast statements are parsed and checked, how that grows, and how exact the parser is."""

from __future__ import annotations

import gc
import json
import platform
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pmkit import jtbd
from pmkit.language import normalize

DATA = Path(__file__).parents[1] / "tests" / "jtbd" / "data"
PARTS = {
    "job": ("verb", "object", "clarifier"),
    "outcome": ("direction", "metric", "object", "clarifier"),
    "job_story": ("situation", "motivation", "outcome"),
    "emotional": ("form", "state", "clarifier"),
}


def load(name: str) -> list[dict]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def best(function: object, repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function()  # type: ignore[operator]
        times.append(time.perf_counter() - started)
    return min(times)


def same(found: str, wanted: str) -> bool:
    return normalize(found).casefold() == normalize(wanted).casefold()


def exact(case: dict) -> bool:
    statement = jtbd.parse(case["text"], case["kind"])
    return all(same(getattr(statement, name), case["parts"].get(name, "")) for name in PARTS[case["kind"]])


def quality(name: str) -> None:
    cases = load(name)
    good = [case for case in cases if case["good"]]
    kinds = sum(jtbd.detect_kind(case["text"]) == case["kind"] for case in cases)
    parts = sum(exact(case) for case in good)
    right, wrong, missed = Counter(), Counter(), Counter()
    for case in cases:
        wanted = set(case["codes"])
        found = {finding.code for finding in jtbd.check(case["text"]) if finding.severity != "information"}
        right.update(wanted & found)
        wrong.update(found - wanted)
        missed.update(wanted - found)
    print(f"{name:28} kind {kinds}/{len(cases)}  all parts {parts}/{len(good)} = {parts / len(good):.3f}")
    total = right.total()
    print(
        f"{'':28} lint precision {total / (total + wrong.total()):.3f}  recall {total / (total + missed.total()):.3f}"
    )
    for code in sorted(right | wrong | missed):
        print(f"{'':28} {code}  right {right[code]}  wrong {wrong[code]}  missed {missed[code]}")


def main() -> None:
    print(f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}")
    texts = [case["text"] for name in ("statements_tuned.json", "statements_held_out.json") for case in load(name)]
    good = [case for case in load("statements_tuned.json") if case["good"]]
    parse = best(lambda: [jtbd.parse(case["text"], case["kind"]) for case in good]) / len(good)
    check = best(lambda: [jtbd.check(text) for text in texts]) / len(texts)
    print(f"parse a statement   {parse * 1e6:7.0f} us   (target 300)")
    print(f"check a statement   {check * 1e6:7.0f} us")
    piece = "Minimize the time it takes to find a file when offline and "
    small, large = (best(lambda size=size: jtbd.check((piece * size)[:size]), 2) for size in (100_000, 1_000_000))
    print(f"check 1 MB          {large:7.2f} s    {large / small:.1f} x 100 kB (linear: 10)")
    tracemalloc.start()
    for number in range(1000):
        jtbd.check(f"Find shelf {number}")
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(10_000):
        jtbd.check(f"Find shelf {number} during inventory")
    gc.collect()
    print(f"memory kept after 10,000 more checks: {tracemalloc.get_traced_memory()[0] - before} bytes")
    tracemalloc.stop()
    for name in ("tuned", "fresh", "rounds", "held_out", "last"):
        quality(f"statements_{name}.json")


if __name__ == "__main__":
    main()
