"""Bootstrap and permutation against a pure Python loop and scipy.stats.

python benchmarks/bench_resampling.py
"""

from __future__ import annotations

import platform
import random
import time
from collections.abc import Callable

import numpy as np
import scipy
from scipy import stats as reference

from pmkit import stats


def seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def python_bootstrap(data: list[float], repetitions: int) -> list[float]:
    draw = random.Random(0)
    return [sum(draw.choices(data, k=len(data))) / len(data) for _ in range(repetitions)]


def scores(cells: np.ndarray) -> np.ndarray:
    """Opportunity scores of the nine joint cells (importance and satisfaction: low, high, missing)."""
    table = cells.reshape(*cells.shape[:-1], 3, 3)
    high = table[..., 1, :2].sum(axis=-1)
    importance = 10 * high / np.maximum(table[..., :2, :2].sum(axis=(-1, -2)), 1)
    satisfaction = 10 * table[..., :2, 1].sum(axis=-1) / np.maximum(table[..., :2, :2].sum(axis=(-1, -2)), 1)
    return importance + np.maximum(importance - satisfaction, 0)


def python_scores(rows: list[int]) -> float:
    counts = [0] * 9
    for row in rows:
        counts[row] += 1
    answered = max(counts[0] + counts[1] + counts[3] + counts[4], 1)
    importance = 10 * (counts[3] + counts[4]) / answered
    satisfaction = 10 * (counts[1] + counts[4]) / answered
    return importance + max(importance - satisfaction, 0)


def main() -> None:
    rng = np.random.default_rng(0)
    print(f"2026-11-22, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}\n")
    print("| what | pmkit s | peer | peer s | ratio |\n|---|---|---|---|---|")
    data = rng.exponential(size=2000)
    own = seconds(lambda: stats.bootstrap(data, repetitions=2000))
    loop = 20 * seconds(lambda: python_bootstrap(data.tolist(), 100))
    scipys = seconds(lambda: reference.bootstrap((data,), np.mean, n_resamples=2000, method="percentile", rng=0))
    print(f"| mean, 2,000 units, 2,000 resamples | {own:.3f} | Python loop | {loop:.2f} | {loop / own:.0f} |")
    print(f"| the same | {own:.3f} | scipy.stats.bootstrap | {scipys:.2f} | {scipys / own:.1f} |")
    shares = rng.dirichlet(np.ones(9), 150)
    counts = np.stack([rng.multinomial(10_000, share) for share in shares])
    own = seconds(lambda: stats.bootstrap_counts(counts, scores, repetitions=2000))
    rows = np.repeat(np.arange(9), counts[0]).tolist()
    draw = random.Random(0)
    one = seconds(lambda: [python_scores(draw.choices(rows, k=len(rows))) for _ in range(4)]) / 4
    loop = one * 150 * 2000
    label = "opportunity scores, 10,000 answers, 150 outcomes, 2,000 resamples"
    print(f"| {label} | {own:.2f} | Python loop (4 of 300,000 timed) | {loop:.0f} | {loop / own:.0f} |")
    control, treatment = rng.normal(size=(200, 20)), rng.normal(size=(200, 20))
    own = seconds(lambda: stats.permutation(control, treatment, repetitions=2000))

    def welch(one: np.ndarray, two: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(reference.ttest_ind(one, two, axis=axis, equal_var=False).statistic)

    scipys = seconds(
        lambda: reference.permutation_test((treatment, control), welch, axis=0, n_resamples=2000, rng=0, batch=100)
    )
    label = "max-T, 20 metrics, 400 units, 2,000 shuffles"
    print(f"| {label} | {own:.2f} | scipy (no max-T) | {scipys:.1f} | {scipys / own:.0f} |")


if __name__ == "__main__":
    main()
