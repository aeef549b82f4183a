"""Ten thousand experiments from their moments, against tea-tasting, gbstats and scipy; and 100,000 A/A experiments."""

from __future__ import annotations

import datetime as dt
import platform
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import scipy
from scipy import stats as peer

import pmkit
from pmkit.stats import Moments, compare_means

EXPERIMENTS = 10_000
PEERS = 200
ROWS = 200
REPEATS = 5


def best(function: Callable[[], object], repeats: int = REPEATS) -> float:
    return least([function], repeats)[0]


def least(functions: list[Callable[[], object]], repeats: int = REPEATS) -> list[float]:
    """Measure functions in turn, so that what slows the machine down for a while slows all of them."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(repeats):
        for function, taken in zip(functions, times, strict=True):
            start = time.process_time()
            function()
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times]


def arms(experiments: int) -> list[Moments]:
    rng = np.random.default_rng(0)
    built = []
    for shift in (0.0, 0.05):
        before = rng.gamma(2.0, size=(experiments, ROWS))
        built.append(Moments.from_rows(before + rng.normal(5 + shift, 1, size=before.shape), covariate=before))
    return built


def with_tea_tasting(experiments: int) -> Callable[[], object] | None:
    try:
        import tea_tasting as tt
        import tea_tasting.aggr as aggregates
    except ImportError:
        return None
    control, treatment = arms(experiments)
    metric = tt.Mean("y", "x")

    def aggregated(group: Moments) -> object:
        return aggregates.Aggregates(
            count_=int(group.n),
            mean_={"y": group.mean, "x": group.mean_of("covariate")},
            var_={"y": group.variance, "x": group.covariance("covariate", "covariate")},
            cov_={("x", "y"): group.covariance("value", "covariate")},
        )

    pairs = [(aggregated(control[i]), aggregated(treatment[i])) for i in range(experiments)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric.analyze_aggregates(*pairs[0])
    return lambda: [metric.analyze_aggregates(*pair) for pair in pairs]


def with_gbstats(experiments: int) -> Callable[[], object] | None:
    """gbstats wants numpy below 2 and an old pandas: it is measured where it is installed, in a venv of its own."""
    try:
        from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest
        from gbstats.models.statistics import RegressionAdjustedStatistic, SampleMeanStatistic, compute_theta
    except ImportError:
        return None
    control, treatment = arms(experiments)

    def summed(group: Moments) -> object:
        n, y, x = int(group.n), group.mean, group.mean_of("covariate")
        parts = [(y, group.variance), (x, group.covariance("covariate", "covariate"))]
        after, before = (SampleMeanStatistic(n, n * mean, v * (n - 1) + n * mean * mean) for mean, v in parts)
        products = group.covariance("value", "covariate") * (n - 1) + n * y * x
        return RegressionAdjustedStatistic(n, after, before, products, 0.0)

    pairs = [(summed(control[i]), summed(treatment[i])) for i in range(experiments)]
    configurations = [FrequentistConfig(difference_type=kind) for kind in ("absolute", "relative")]

    def analyze() -> None:
        for first, second in pairs:
            first.theta = second.theta = compute_theta(first, second)
            for configuration in configurations:
                TwoSidedTTest(first, second, configuration).compute_result()

    return analyze


def both_intervals(control: Moments, treatment: Moments) -> None:
    compare_means(control, treatment)
    compare_means(control, treatment, relative=True)


def main() -> None:
    print(
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}; Python {platform.python_version()}, numpy {np.__version__}, "
        f"scipy {scipy.__version__}, pmkit {pmkit.__version__}"
    )
    control, treatment = arms(EXPERIMENTS)
    peers = {"tea-tasting": with_tea_tasting(PEERS), "gbstats": with_gbstats(PEERS)}
    present = {name: peer for name, peer in peers.items() if peer}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own, *others = least([lambda: both_intervals(control, treatment), *present.values()])
    own /= EXPERIMENTS
    print("| CUPED, Welch, absolute and relative interval | processor microseconds an experiment | ratio |")
    print("|---|---|---|")
    print(f"| pmkit, {EXPERIMENTS:,} at once | {own * 1e6:.2f} | 1 |")
    for name, taken in zip(present, others, strict=True):
        each = taken / PEERS
        print(f"| {name} {version(name)}, one at a time | {each * 1e6:.0f} | {each / own:,.0f} |")
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(2, 100_000, 50))
    print("| 100,000 A/A experiments of 2 x 50 rows, Welch | processor seconds | ratio |")
    print("|---|---|---|")
    own = best(lambda: compare_means(Moments.from_rows(rows[0]), Moments.from_rows(rows[1])), 3)
    other = best(lambda: peer.ttest_ind(rows[0], rows[1], axis=1, equal_var=False), 3)
    print(f"| pmkit, rows to p-values | {own:.2f} | 1 |")
    print(f"| scipy.stats.ttest_ind, p-values only | {other:.2f} | {other / own:.1f} |")


if __name__ == "__main__":
    main()
