"""Measure how often each method errs when there is nothing to find, and how often each interval covers.

Writes the tables of docs/explanation/calibration.md. Takes minutes; everything is seeded.

    python tools/calibration.py [--experiments 100000] [--output docs/explanation/calibration.md] [--date 2026-11-22]
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit
from scipy.stats import binom

from pmkit import stats

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]

BEGIN, END = "<!-- tables: written by tools/calibration.py -->", "<!-- end of tables -->"
ALPHA = 0.05
CHUNK = 2500
PEEKS = 100
FIRST = 10
"""The first peek comes after this many batches: the methods are asymptotic."""
RARE = 0.1

DISTRIBUTIONS: dict[str, Draw] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "exponential": lambda rng, shape: rng.standard_exponential(shape),
    "lognormal": lambda rng, shape: np.exp(rng.standard_normal(shape)),
    "Poisson (mean 1)": lambda rng, shape: rng.poisson(1.0, shape).astype(np.float64),
    "yes or no (10 %)": lambda rng, shape: (rng.random(shape) < RARE).astype(np.float64),
}
ALLOCATIONS = {"even": (200, 200), "one in five": (320, 80)}


@attrs.define
class Cell:
    """One method in one setting."""

    method: str
    setting: str
    allocation: str
    experiments: int
    level: float = ALPHA
    bound_only: bool = False
    rejections: int = 0

    @property
    def rate(self) -> float:
        """Share of the experiments that were rejected."""
        return self.rejections / self.experiments

    @property
    def band(self) -> tuple[float, float]:
        """Where 99.9 % of the rates lie when the true one is the level."""
        low, high = binom.ppf([0.0005, 0.9995], self.experiments, self.level) / self.experiments
        return (0.0 if self.bound_only else float(low)), float(high)

    @property
    def verdict(self) -> str:
        """Where the rate lies."""
        low, high = self.band
        return "in the band" if low <= self.rate <= high else "**too many**" if self.rate > high else "too few"

    def row(self) -> list[str]:
        """One line of the table."""
        low, high = self.band
        shown = f"{low:.4f} to {high:.4f}" if not self.bound_only else f"at most {high:.4f}"
        return [self.method, self.setting, self.allocation, f"{self.rate:.4f}", shown, self.verdict]


def chunks(experiments: int) -> Iterator[int]:
    done = 0
    while done < experiments:
        yield min(CHUNK, experiments - done)
        done += CHUNK


def rejected(result: object) -> Array:
    p_value = np.asarray(getattr(result, "p_value", result), dtype=np.float64)
    return np.nan_to_num(p_value, nan=1.0) <= ALPHA


def excludes(interval: object, value: float = 0.0) -> Array:
    lower, upper = (np.asarray(bound, dtype=np.float64) for bound in interval)  # type: ignore[attr-defined]
    return (lower > value) | (upper < value)


def fixed_tests(experiments: int, rng: np.random.Generator) -> list[Cell]:
    """Every test of two means, once at the end."""
    cells: list[Cell] = []
    for setting, draw in DISTRIBUTIONS.items():
        for allocation, sizes in ALLOCATIONS.items():
            tests = mean_tests(setting)
            own = [Cell(name, setting, allocation, experiments) for name in tests]
            for size in chunks(experiments):
                arms = [arm(draw, rng, (size, units)) for units in sizes]
                for cell, test in zip(own, tests.values(), strict=True):
                    cell.rejections += int(test(*arms).sum())
            cells += own
    return cells


def arm(draw: Draw, rng: np.random.Generator, shape: tuple[int, int]) -> stats.Moments:
    """Outcomes with a covariate that explains half of them, and a denominator."""
    before, noise = draw(rng, shape), draw(rng, shape)
    return stats.Moments.from_rows(before + noise, covariate=before, denominator=1.0 + rng.poisson(2.0, shape))


def mean_tests(setting: str) -> dict[str, Callable[[stats.Moments, stats.Moments], Array]]:
    tests: dict[str, Callable[[stats.Moments, stats.Moments], Array]] = {
        "Welch's t": lambda c, t: rejected(stats.compare_means(c, t, cuped=False)),
        "z": lambda c, t: rejected(stats.compare_means(c, t, cuped=False, distribution="normal")),
        "Welch's t with CUPED": lambda c, t: rejected(stats.compare_means(c, t, cuped=True)),
        "ratio of means, delta method": lambda c, t: rejected(stats.compare_ratios(c, t, cuped=False)),
        "ratio of means with CUPED": lambda c, t: rejected(stats.compare_ratios(c, t, cuped=True)),
        "normal posterior, flat prior": lambda c, t: excludes(posterior(c, t).interval),
    }
    if setting != "normal":  # relative to a mean of 0 there is no lift
        for interval in ("delta", "log-delta", "fieller"):
            tests[f"relative, {interval}"] = lambda c, t, kind=interval: excludes(
                stats.compare_means(c, t, cuped=False, relative=True, interval=kind).interval
            )
    return tests


def posterior(control: stats.Moments, treatment: stats.Moments) -> stats.Posterior:
    found = stats.compare_means(control, treatment, cuped=False)
    return stats.normal_posterior(found.effect, found.standard_error)


def proportion_tests(experiments: int, rng: np.random.Generator) -> list[Cell]:
    cells = []
    for rate in (0.02, 0.1, 0.5):
        for allocation, sizes in {"even": (1000, 1000), "one in five": (1600, 400)}.items():
            wins = [rng.binomial(units, rate, experiments) for units in sizes]
            for method in ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald"):
                found = stats.compare_proportions(wins[0], sizes[0], wins[1], sizes[1], method=method)
                cell = Cell(f"{method}: interval without 0", f"proportion {rate:g}", allocation, experiments)
                cell.rejections = int(excludes(found.interval).sum())
                cells.append(cell)
            cell = Cell("beta-binomial, uniform prior: 97.5 % sure", f"proportion {rate:g}", allocation, experiments)
            chance = chances(wins, sizes)
            cell.rejections = int(((chance > 1 - ALPHA / 2) | (chance < ALPHA / 2)).sum())
            cells.append(cell)
    return cells


def chances(wins: list[NDArray[np.int64]], sizes: tuple[int, int]) -> Array:
    """Chances to win, computed once for each pair of counts."""
    pairs, places = np.unique(np.stack(wins, axis=1), axis=0, return_inverse=True)
    found = stats.beta_binomial(pairs[:, 0], sizes[0], pairs[:, 1], sizes[1])
    return np.asarray(found.chance_to_win)[places.ravel()]


def looked_at(draw: Draw, rng: np.random.Generator, size: int, batches: tuple[int, int]) -> list[Array]:
    """Effect, standard error and units at each of the peeks."""
    columns = []
    for units in batches:
        total, squares = np.empty((size, PEEKS)), np.empty((size, PEEKS))
        for peek in range(PEEKS):
            values = draw(rng, (size, units * FIRST if peek == 0 else units))
            total[:, peek], squares[:, peek] = values.sum(axis=1), np.square(values).sum(axis=1)
        n = units * np.arange(FIRST, PEEKS + FIRST)
        total, squares = total.cumsum(axis=1), squares.cumsum(axis=1)
        mean = total / n
        columns.append((mean, np.maximum(squares - n * mean**2, 0.0) / (n - 1), n))
    (mean, variance, n), (other, spread, m) = columns
    return [other - mean, np.sqrt(variance / n + spread / m), np.broadcast_to(n + m, mean.shape)]


def peeked_tests(experiments: int, rng: np.random.Generator) -> list[Cell]:
    cells: list[Cell] = []
    looks = np.arange(10, PEEKS, 20)
    designs = {
        "group sequential, O'Brien-Fleming, 5 looks": stats.group_sequential(5, spending="obrien-fleming", sided=2),
        "group sequential, Pocock, 5 looks": stats.group_sequential(5, spending="pocock", sided=2),
        "group sequential, Lan-DeMets O'Brien-Fleming, 5 looks": stats.group_sequential(
            5, spending="lan-demets-obrien-fleming", sided=2
        ),
    }
    for setting, draw in DISTRIBUTIONS.items():
        for allocation, batches in {"even": (20, 20), "one in five": (32, 8)}.items():
            names = [
                *designs,
                "confidence sequence, 100 peeks",
                "mSPRT, 100 peeks",
                "z test peeked at 100 times (wrong)",
            ]
            own = [Cell(name, setting, allocation, experiments) for name in names]
            for cell in own[len(designs) :]:
                cell.bound_only = True
            for size in chunks(experiments):
                effect, error, n = looked_at(draw, rng, size, batches)
                z = effect[:, looks] / error[:, looks]
                hits = [(np.abs(z) >= design.z).any(axis=1) for design in designs.values()]
                sequence = stats.confidence_sequence(effect, error, n, planned_n=4000)
                mixture = stats.msprt(effect, error, mixing_variance=0.01)
                naive = np.abs(effect) > -ndtri(ALPHA / 2) * error
                hits += [rejected(sequence).any(axis=1), rejected(mixture).any(axis=1), naive.any(axis=1)]
                for cell, hit in zip(own, hits, strict=True):
                    cell.rejections += int(hit.sum())
            cells += own
    return cells


def split_tests(experiments: int, rng: np.random.Generator) -> list[Cell]:
    cells = []
    for allocation, weights in {"even": (1, 1), "9 to 1": (9, 1), "three even arms": (1, 1, 1)}.items():
        shares = np.array(weights) / sum(weights)
        counts = rng.multinomial(10_000, shares, size=experiments)
        cell = Cell("sample ratio, chi-square", "10,000 units", allocation, experiments, level=0.01)
        cell.rejections = int((np.asarray(stats.sample_ratio(counts, weights).p_value) <= cell.level).sum())
        always = Cell("sample ratio, sequential, 100 peeks", "10,000 units", allocation, experiments, 0.01, True)
        for size in chunks(experiments):
            totals = rng.multinomial(100, shares, size=(size, PEEKS)).cumsum(axis=1)
            found = stats.sequential_sample_ratio(totals, weights)
            always.rejections += int((np.asarray(found.p_value) <= always.level).any(axis=1).sum())
        cells += [cell, always]
    return cells


def family_tests(experiments: int, rng: np.random.Generator) -> list[Cell]:
    from scipy.special import ndtr

    cells = []
    for setting, shared in {"10 independent metrics": 0.0, "10 metrics, correlation 0.5": 0.5}.items():
        common = np.sqrt(shared) * rng.standard_normal((experiments, 1))
        z = common + np.sqrt(1 - shared) * rng.standard_normal((experiments, 10))
        p_values = 2 * ndtr(-np.abs(z))
        for method in stats.MULTIPLICITY_METHODS:
            cell = Cell(f"{method}: any false win", setting, "-", experiments, bound_only=True)
            cell.rejections = int((stats.adjust_pvalues(p_values, method=method) <= ALPHA).any(axis=1).sum())
            cells.append(cell)
    few = max(experiments // 50, 200)
    for allocation, (first, second) in {"even": (30, 30), "one in five": (48, 12)}.items():
        cell = Cell("permutation, max-T, 10 lognormal metrics", "999 shuffles", allocation, few, bound_only=True)
        for seed in range(few):
            data = np.exp(rng.standard_normal((first + second, 10)))
            found = stats.permutation(data[:first], data[first:], repetitions=999, seed=seed)
            cell.rejections += int((np.asarray(found.adjusted) <= ALPHA).any())
        cells.append(cell)
    return cells


def wrong_ways(experiments: int, rng: np.random.Generator) -> list[Cell]:
    """Habits that the library does not offer, for comparison."""
    cells = []
    z = rng.standard_normal((experiments, 20)).cumsum(axis=1) / np.sqrt(np.arange(1, 21))
    cell = Cell("chance to win above 95 % at any of 20 looks, flat prior (wrong)", "normal", "even", experiments)
    cell.bound_only = True
    cell.rejections = int((z > -ndtri(0.05)).any(axis=1).sum())
    cells.append(cell)
    pooled = Cell("pooled t, spread 1 and 3 (wrong)", "normal", "100 and 20", experiments)
    for size in chunks(experiments):
        first, second = rng.standard_normal((size, 100)), 3 * rng.standard_normal((size, 20))
        spread = (first.var(axis=1, ddof=1) * 99 + second.var(axis=1, ddof=1) * 19) / 118 * (1 / 100 + 1 / 20)
        t = (second.mean(axis=1) - first.mean(axis=1)) / np.sqrt(spread)
        pooled.rejections += int((np.abs(t) > stdtrit(118, 1 - ALPHA / 2)).sum())
    return [*cells, pooled]


def coverage_of_one() -> list[list[str]]:
    rows = []
    grid = (np.arange(2000) + 0.5) / 2000
    for method in ("wilson", "clopper-pearson", "agresti-coull", "jeffreys", "wald"):
        for trials in (10, 50, 200):
            wins = np.arange(trials + 1)
            found = stats.proportion_interval(wins, trials, method=method)
            covers = (np.asarray(found.lower)[:, None] <= grid) & (grid <= np.asarray(found.upper)[:, None])
            cover = (covers * binom.pmf(wins[:, None], trials, grid)).sum(axis=0)
            rows.append(
                [method, str(trials), f"{cover.min():.3f}", f"{grid[cover.argmin()]:.3f}", f"{cover.mean():.3f}"]
            )
    return rows


def coverage_of_two() -> list[list[str]]:
    rows = []
    grid = (np.arange(49) + 1) / 50
    for first, second in ((20, 20), (50, 50), (50, 10)):
        wins, other = np.meshgrid(np.arange(first + 1), np.arange(second + 1), indexing="ij")
        one, two = (binom.pmf(np.arange(n + 1)[:, None], n, grid) for n in (first, second))
        differences = grid[None, :] - grid[:, None]
        for method in ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald"):
            found = stats.compare_proportions(wins, first, other, second, method=method)
            lower, upper = (np.asarray(bound)[..., None, None] for bound in found.interval)
            covers = (lower <= differences + 1e-12) & (differences <= upper + 1e-12)
            cover = np.einsum("ijcd,ic,jd->cd", covers, one, two, optimize=True)
            rows.append([method, f"{first} and {second}", f"{cover.min():.3f}", f"{cover.mean():.3f}"])
    return rows


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


PARTS: dict[str, Callable[[int, np.random.Generator], list[Cell]]] = {
    "One look, means": fixed_tests,
    "One look, proportions": proportion_tests,
    "Several looks": peeked_tests,
    "The split": split_tests,
    "Several questions": family_tests,
    "Ways that do not work": wrong_ways,
}


def measured(experiments: int, seed: int = 0) -> dict[str, list[Cell]]:
    """Run every part; each has a generator of its own, so that parts can be added."""
    generators = np.random.default_rng(seed).spawn(len(PARTS))
    found = {}
    for (title, part), rng in zip(PARTS.items(), generators, strict=True):
        begun = time.perf_counter()
        found[title] = part(experiments, rng)
        print(f"{title}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return found


def page(found: dict[str, list[Cell]], experiments: int, date: str) -> str:
    head = ["method", "data", "split", "false positives", "99.9 % band", "verdict"]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    lines = [
        BEGIN,
        "",
        f"Measured {date} with {experiments:,} experiments a cell (fewer where the band is wider), seed 0; {versions}.",
        "",
    ]
    for title, cells in found.items():
        lines += [f"### {title}", "", table(head, [cell.row() for cell in cells]), ""]
    lines += [
        "### Coverage of one proportion's 95 % interval, enumerated exactly",
        "",
        table(["method", "units", "worst", "at a proportion of", "average"], coverage_of_one()),
        "",
        "### Coverage of the 95 % interval of two proportions' difference, enumerated exactly",
        "",
        table(["method", "units", "worst", "average"], coverage_of_two()),
        "",
        END,
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiments", type=int, default=100_000)
    parser.add_argument("--output", type=Path, default=Path("docs/explanation/calibration.md"))
    parser.add_argument("--date", default=dt.datetime.now(tz=dt.UTC).date().isoformat())
    options = parser.parse_args()
    text = page(measured(options.experiments), options.experiments, options.date)
    if options.output.exists():
        old = options.output.read_text("utf-8")
        before, rest = old.split(BEGIN)
        text = before + text + rest.split(END)[1]
    options.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
