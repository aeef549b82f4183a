"""Bootstrap of opportunity scores against a pure Python loop, and the other measures of needs.

    python benchmarks/bench_needs.py

The loop is timed on a part of the work (one outcome, a few resamples) and scaled to 150 outcomes and 2,000 resamples:
run whole it would take about an hour.
"""

from __future__ import annotations

import datetime as dt
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import scipy

from pmkit import jtbd

PEOPLE, OUTCOMES, RESAMPLES = 10_000, 150, 2_000

MEMORY = """
import resource
import numpy as np
from pmkit import jtbd
rng = np.random.default_rng(0)
counts = jtbd.tally(rng.integers(1, 6, (10_000, 150)), rng.integers(1, 6, (10_000, 150)))
jtbd.opportunity_scores(counts, method="bootstrap", repetitions=2_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def seconds(call: Callable[[], object], rounds: int = 1) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - begun)
    return best


def python_loop(importance: list[int], satisfaction: list[int], resamples: int) -> list[float]:
    """Resample respondents of one outcome and score each resample, as a script would."""
    draw, people, found = random.Random(0), range(len(importance)), []
    for _ in range(resamples):
        high = met = 0
        for person in draw.choices(people, k=len(importance)):
            high += importance[person] >= 4
            met += satisfaction[person] >= 4
        i, s = 10 * high / len(importance), 10 * met / len(importance)
        found.append(i + max(i - s, 0))
    return sorted(found)


def main() -> None:
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__},",
        dt.datetime.now(dt.UTC).date(),
    )
    rng = np.random.default_rng(0)
    importance = rng.integers(1, 6, (PEOPLE, OUTCOMES))
    satisfaction = rng.integers(1, 6, (PEOPLE, OUTCOMES))
    part = 20
    columns = importance[:, 0].tolist(), satisfaction[:, 0].tolist()
    loop = seconds(lambda: python_loop(*columns, part)) * OUTCOMES * RESAMPLES / part
    print(f"pure Python loop, {PEOPLE:,} x {OUTCOMES} x {RESAMPLES:,} (scaled): {loop:,.0f} s")
    reading = seconds(lambda: jtbd.tally(importance, satisfaction), 3)
    counts = jtbd.tally(importance, satisfaction)
    print(f"{'':<34}{'seconds':>9}{'loop / it':>12}")
    print(f"{'tally (once)':<34}{reading:>9.3f}")
    for method in ("bootstrap", "posterior", "delta"):
        own = seconds(lambda method=method: jtbd.opportunity_scores(counts, method=method, repetitions=RESAMPLES), 3)
        print(f"{method:<34}{own:>9.3f}{loop / own:>12,.0f}")
        print(f"{method + ' with the tally':<34}{own + reading:>9.3f}{loop / (own + reading):>12,.0f}")
    memory = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    print(f"peak memory of a process that makes the survey, the tally and the bootstrap: {float(memory.stdout):.0f} MB")
    halves = np.arange(PEOPLE) % 2
    shuffles = seconds(lambda: jtbd.segment_differences(importance, satisfaction, segments=halves, repetitions=999))
    print(f"segment_differences, rows, 999 shuffles: {shuffles:.1f} s")
    split = jtbd.tally(importance, satisfaction, segments=halves)
    dealt = seconds(lambda: jtbd.segment_differences(split, repetitions=999))
    print(f"segment_differences, tally, 999 shuffles: {dealt:.1f} s")
    few = importance[:600, :20], satisfaction[:600, :20]
    print(f"find_segments, 600 x 20, 99 surveys of one crowd: {seconds(lambda: jtbd.find_segments(*few)):.1f} s")


if __name__ == "__main__":
    main()
