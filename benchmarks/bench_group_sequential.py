"""Group sequential boundaries: time for 10 looks, against a multivariate normal integral and a plain recursion.

python benchmarks/bench_group_sequential.py
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import scipy
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

from pmkit import stats

TARGET = 20.0


def milliseconds(call: Callable[[], object], repeats: int) -> float:
    call()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


def plain_recursion(looks: int, points: int = 213) -> float:
    """Pocock's constant by the recursion on an even grid with Simpson's rule, as a textbook writes it."""
    times = np.arange(1, looks + 1) / looks

    def crossed(constant: float) -> float:
        total, grid, density = 0.0, np.zeros(1), np.ones(1)
        for look, now in enumerate(times):
            step = np.sqrt(now - (times[look - 1] if look else 0.0))
            bound = constant * np.sqrt(now)
            total += 2 * float(density @ norm.sf((bound - grid) / step))
            new = np.linspace(-bound, bound, points)
            weights = np.full(points, 2.0)
            weights[1::2], weights[0], weights[-1] = 4.0, 1.0, 1.0
            kernel = norm.pdf((new[:, None] - grid) / step) / step
            density, grid = (kernel @ density) * weights * (new[1] - new[0]) / 3, new
        return total - 0.05

    return float(brentq(crossed, 1.9, 4.0, xtol=1e-8))


def integral(looks: int) -> float:
    """The same constant from scipy's integral over the joint normal (Genz)."""
    times = np.arange(1, looks + 1) / looks
    covariance = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))

    def crossed(constant: float) -> float:
        ends = np.full(looks, constant)
        return 0.95 - float(multivariate_normal.cdf(ends, cov=covariance, lower_limit=-ends, maxpts=200_000, rng=1))

    return float(brentq(crossed, 1.9, 4.0, xtol=1e-5))


def main() -> None:
    print(f"2026-11-22, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}")
    print(f"\n| group_sequential(10, ...) | ms | target {TARGET:g} ms |\n|---|---|---|")
    for family in stats.SPENDING_FAMILIES:
        for power in (None, 0.8):
            taken = milliseconds(lambda f=family, p=power: stats.group_sequential(10, spending=f, sided=2, power=p), 15)
            label = family if power is None else f"{family}, with power"
            print(f"| {label} | {taken:.1f} | {'met' if taken <= TARGET else 'missed'} |")
    for binding in (False, True):
        rule = stats.Futility(binding=binding)
        taken = milliseconds(lambda r=rule: stats.group_sequential(10, spending="kim-demets", power=0.8, futility=r), 5)
        print(f"| futility, binding={binding} | {taken:.1f} | - |")
    own = milliseconds(lambda: stats.group_sequential(10, spending="pocock", sided=2), 15)
    print("\n| Pocock's constant, 10 looks | value | ms | times ours |\n|---|---|---|---|")
    print(f"| pmkit | {stats.group_sequential(10, spending='pocock', sided=2).z[0]:.6f} | {own:.1f} | 1 |")
    for name, peer in (
        ("plain recursion, Simpson, scipy.stats", plain_recursion),
        ("scipy multivariate normal", integral),
    ):
        taken = milliseconds(lambda p=peer: p(10), 2)
        print(f"| {name} | {peer(10):.6f} | {taken:.0f} | {taken / own:.0f} |")


if __name__ == "__main__":
    main()
