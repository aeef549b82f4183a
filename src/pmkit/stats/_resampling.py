"""Bootstrap and permutation: uncertainty from the data themselves."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Literal

import attrs
import numpy as np

from pmkit.model import Interval, Undefined
from pmkit.stats._arrays import Arrays, Codes, FloatArray, Inputs, Result, choice, finished, level, mark
from pmkit.stats._checks import SAME_NUMBERS, whole_number

__all__ = ["Bootstrap", "Permutation", "bootstrap", "bootstrap_counts", "generator", "permutation"]

Progress = Callable[[int, int], object]
"""Called with how many of how many steps are done."""

BootstrapMethod = Literal["percentile", "bca"]
BOOTSTRAP_METHODS = ("percentile", "bca")
ALTERNATIVES = ("two-sided", "greater", "less")
MOST_CELLS = 1_000_000
MOST_REPETITIONS = 10_000_000
LARGEST_SEED = 2**64


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Return a random generator of a seed, or the generator itself."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole_number("seed (or a numpy Generator)", seed, 0, LARGEST_SEED))


@attrs.frozen(kw_only=True, hash=False)
class Bootstrap(Result["float | Undefined | FloatArray"]):
    """A statistic with its resampled uncertainty.

    Attributes
    ----------
    estimate : float or ndarray
        Of the data as they are.
    standard_error : float or ndarray
        Standard deviation of the resampled statistics.
    interval : Interval
        Of the given confidence.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> from pmkit.stats import bootstrap
    >>> found = bootstrap([1.0, 2.0, 4.0, 8.0, 16.0], seed=1)
    >>> round(found.estimate, 2), round(found.standard_error, 2), found.undefined
    (6.2, 2.42, 0)
    """

    estimate: float | Undefined | FloatArray = attrs.field(eq=SAME_NUMBERS)
    standard_error: float | Undefined | FloatArray = attrs.field(eq=SAME_NUMBERS)
    interval: Interval[float | Undefined | FloatArray]
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


def _blocks(repetitions: int, cells: int, progress: Progress | None) -> Iterator[int]:
    """Yield sizes of blocks that fit into memory, and tell the progress after each."""
    size = max(1, min(repetitions, MOST_CELLS // max(cells, 1)))
    done = 0
    while done < repetitions:
        block = min(size, repetitions - done)
        yield block
        done += block
        if progress is not None:
            progress(done, repetitions)


def bootstrap(
    data: Arrays,
    statistic: Literal["mean"] | Callable[[FloatArray], FloatArray | float] = "mean",
    *,
    repetitions: int = 2000,
    confidence: float = 0.95,
    method: BootstrapMethod = "percentile",
    seed: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Bootstrap:
    """Resample units to see how far a statistic could have come out otherwise.

    Parameters
    ----------
    data : array, shape (units,) or (units, ...)
        One row a unit; all columns of a unit are resampled together, so that what is joint stays joint.
    statistic : "mean" or callable
        ``"mean"`` (of each column; resampled as count weights times the data), or a function of an array of the
        shape of `data` that returns a number or an array.
    repetitions : int
        How many resamples, from 2 to ten million.
    confidence : float
        Of the interval.
    method : str
        ``"percentile"``, or ``"bca"`` (corrected for bias and skewness; costs one more evaluation for each unit).
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many resamples are done.

    Returns
    -------
    Bootstrap
        Undefined where there is one unit only, or a resampled statistic is not a number.

    Raises
    ------
    InvalidValueError
        For data that are not numbers or are empty, or an option out of range.

    References
    ----------
    Efron and Tibshirani (1993), chapters 13 and 14; DiCiccio and Efron (1996).

    Examples
    --------
    >>> result = bootstrap([1.0, 2.0, 4.0, 8.0, 16.0], seed=1)
    >>> round(result.estimate, 2), round(result.interval.lower, 2), round(result.interval.upper, 2)
    (6.2, 2.2, 11.2)
    """
    inputs = Inputs("bootstrap")
    values = inputs.number("data", data)
    inputs.require(np.array(values.ndim > 0 and values.size > 0), "data must hold at least one unit")
    inputs.done()
    count = whole_number("repetitions", repetitions, 2, MOST_REPETITIONS)
    chosen = choice(method, BOOTSTRAP_METHODS, "method")
    level(confidence)
    rng = generator(seed)
    with np.errstate(over="ignore", invalid="ignore"):
        if callable(statistic):
            estimate = np.asarray(statistic(values), dtype=np.float64)
            replicates = _resampled_by_rows(values, statistic, count, rng, progress)
        else:
            choice(statistic, ("mean",), "statistic")
            estimate = np.asarray(values.mean(axis=0))
            replicates = _resampled_means(values, count, rng, progress)
        jackknife = None
        if chosen == "bca" and len(values) > 1:
            if callable(statistic):
                jackknife = np.stack(
                    [np.asarray(statistic(np.delete(values, unit, axis=0))) for unit in range(len(values))]
                )
            else:
                jackknife = (values.sum(axis=0) - values) / (len(values) - 1)
    weights = np.ones(len(values))
    return _summarized(estimate, replicates, confidence, jackknife, weights)


def _resampled_means(values: FloatArray, count: int, rng: np.random.Generator, progress: Progress | None) -> FloatArray:
    units = len(values)
    center = values.mean(axis=0)
    columns = (values - center).reshape(units, -1)
    means = np.empty((count, columns.shape[1]))
    done = 0
    for block in _blocks(count, units, progress):
        picked = rng.integers(units, size=(block, units))
        if columns.shape[1] == 1:
            means[done : done + block] = columns[:, 0][picked].mean(axis=1, keepdims=True)
        else:
            picked += units * np.arange(block)[:, None]
            weights = np.bincount(picked.ravel(), minlength=block * units).reshape(block, units)
            means[done : done + block] = weights.astype(np.float64) @ columns / units
        done += block
    return np.asarray(center + means.reshape(count, *values.shape[1:]))


def _resampled_by_rows(
    values: FloatArray,
    function: Callable[[FloatArray], FloatArray | float],
    count: int,
    rng: np.random.Generator,
    progress: Progress | None,
) -> FloatArray:
    found = []
    for done in range(1, count + 1):
        found.append(np.asarray(function(values[rng.integers(len(values), size=len(values))]), dtype=np.float64))
        if progress is not None:
            progress(done, count)
    return np.stack(found)


def bootstrap_counts(
    counts: Arrays,
    statistic: Callable[[FloatArray], FloatArray],
    *,
    repetitions: int = 2000,
    confidence: float = 0.95,
    method: BootstrapMethod = "percentile",
    seed: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Bootstrap:
    """Resample units that are known by how many fell into each cell, at a cost that does not grow with the units.

    Parameters
    ----------
    counts : array, shape (..., cells)
        How many units fell into each cell: whole numbers from 0 to 1e15. Each leading place (a question, a segment)
        is resampled for itself.
    statistic : callable
        Takes counts of shape (..., cells), with any leading axes, and returns the statistic of shape (...).
    repetitions : int
        How many resamples, from 2 to ten million.
    confidence : float
        Of the interval.
    method : str
        ``"percentile"`` or ``"bca"``.
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many resamples are done.

    Returns
    -------
    Bootstrap
        Of the leading shape; undefined where there are fewer than two units, or a statistic is not a number.

    Raises
    ------
    InvalidValueError
        For counts that are negative or not whole, or an option out of range.

    References
    ----------
    Efron and Tibshirani (1993), chapter 13: resampling units is drawing cell counts from a multinomial.

    Examples
    --------
    >>> share = lambda cells: cells[..., 1] / cells.sum(axis=-1)
    >>> result = bootstrap_counts([[60, 40], [9, 1]], share, seed=1)
    >>> result.interval.lower.round(2), result.interval.upper.round(2)
    (array([0.31, 0.  ]), array([0.5, 0.3]))
    """
    inputs = Inputs("bootstrap_counts")
    cells = inputs.number("counts", counts, lower=0, upper=1e15, whole=True)
    inputs.require(np.array(cells.ndim > 0 and cells.size > 0), "counts must hold at least one cell")
    inputs.done()
    count = whole_number("repetitions", repetitions, 2, MOST_REPETITIONS)
    chosen = choice(method, BOOTSTRAP_METHODS, "method")
    level(confidence)
    rng = generator(seed)
    total = cells.sum(axis=-1)
    with np.errstate(all="ignore"):
        estimate = np.asarray(statistic(cells), dtype=np.float64)
        shares = cells / np.where(total > 0, total, 1.0)[..., None]
        shares[total == 0] = 1 / cells.shape[-1]
        found = []
        for block in _blocks(count, cells.size, progress):
            drawn = rng.multinomial(total.astype(np.int64), shares, size=(block, *total.shape)).astype(np.float64)
            found.append(np.asarray(statistic(drawn), dtype=np.float64))
        replicates = np.concatenate(found)
        jackknife = None
        if chosen == "bca":
            without = cells[None] - np.eye(cells.shape[-1]).reshape(-1, *[1] * (cells.ndim - 1), cells.shape[-1])
            jackknife = np.asarray(statistic(np.maximum(without, 0.0)), dtype=np.float64)
    codes = np.zeros(estimate.shape, np.uint8)
    mark(codes, np.broadcast_to(total < 1, estimate.shape), "no data")
    mark(codes, np.broadcast_to(total < 2, estimate.shape), "fewer than two units")  # noqa: PLR2004  # two
    return _summarized(estimate, replicates, confidence, jackknife, np.moveaxis(cells, -1, 0), codes)


def _summarized(
    estimate: FloatArray,
    replicates: FloatArray,
    confidence: float,
    jackknife: FloatArray | None,
    weights: FloatArray,
    codes: Codes | None = None,
) -> Bootstrap:
    reasons = np.zeros(estimate.shape, np.uint8) if codes is None else codes
    if codes is None:
        mark(reasons, np.full(estimate.shape, len(weights) < 2), "fewer than two units")  # noqa: PLR2004  # two
    mark(reasons, np.isinf(estimate), "the number is too large for a double")
    mark(reasons, ~np.isfinite(estimate) | ~np.isfinite(replicates).all(axis=0), "not estimable from these data")
    safe = np.where(reasons == 0, replicates, 0.0)
    tail = (1 - confidence) / 2
    ends = np.stack([np.full(estimate.shape, tail), np.full(estimate.shape, 1 - tail)])
    if jackknife is not None:
        ends = _bca_ends(np.where(reasons == 0, estimate, 0.0), safe, jackknife, weights, ends)
    ordered = np.sort(safe, axis=0)
    lower, upper = (_at(ordered, end) for end in ends)
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.asarray(safe.std(axis=0, ddof=1))
    numbers: dict[str, FloatArray | Interval[FloatArray]] = {
        "estimate": estimate,
        "standard_error": spread,
        "interval": Interval(lower, upper),
    }
    return finished(Bootstrap, reasons, numbers)


def _at(ordered: FloatArray, share: FloatArray) -> FloatArray:
    """Return quantiles along the first axis, one share a place, interpolated between order statistics."""
    place = share * (len(ordered) - 1)
    below = np.floor(place).astype(np.int64)
    low = np.take_along_axis(ordered, below[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(below + 1, len(ordered) - 1)[None], axis=0)[0]
    return np.asarray(low + (place - below) * (high - low))


def _bca_ends(
    estimate: FloatArray, replicates: FloatArray, jackknife: FloatArray, weights: FloatArray, ends: FloatArray
) -> FloatArray:
    """Shift the percentiles for bias and acceleration (DiCiccio and Efron 1996)."""
    from scipy.special import ndtr, ndtri

    count = len(replicates)
    under = ((replicates < estimate).sum(axis=0) + 0.5 * (replicates == estimate).sum(axis=0)) / count
    bias = ndtri(np.clip(under, 0.5 / count, 1 - 0.5 / count))
    wide = np.broadcast_to(
        weights.reshape(weights.shape + (1,) * (jackknife.ndim - weights.ndim)), jackknife.shape
    ) * np.isfinite(jackknife)
    known = np.where(wide > 0, jackknife, 0.0)
    total = np.maximum(wide.sum(axis=0), 1.0)
    away = np.where(wide > 0, (wide * known).sum(axis=0) / total - known, 0.0)
    largest = np.abs(away).max(axis=0)
    away = away / np.where(largest > 0, largest, 1.0)  # the acceleration has no unit
    second, third = (wide * away**2).sum(axis=0), (wide * away**3).sum(axis=0)
    acceleration = np.where(second > 0, third / (6 * np.where(second > 0, second, 1.0) ** 1.5), 0.0)
    shifted = bias + ndtri(ends)
    return np.asarray(ndtr(bias + shifted / np.maximum(1 - acceleration * shifted, 1e-3)))


@attrs.frozen(kw_only=True, hash=False)
class Permutation(Result["float | Undefined | FloatArray"]):
    """A permutation test of one or several metrics.

    Attributes
    ----------
    statistic : float or ndarray, shape (metrics,)
        Welch's t of treatment minus control.
    p_value : float or ndarray
        Of each metric alone.
    adjusted : float or ndarray
        Family-wise: over all metrics, with their correlation.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> from pmkit.stats import permutation
    >>> control, treatment = [[1, 5], [2, 4], [3, 6], [4, 5]], [[3, 5], [4, 6], [5, 4], [6, 5]]
    >>> found = permutation(control, treatment, seed=1)
    >>> found.statistic.round(2), bool((found.adjusted >= found.p_value).all())
    (array([2.19, 0.  ]), True)
    """

    statistic: float | Undefined | FloatArray = attrs.field(eq=SAME_NUMBERS)
    p_value: float | Undefined | FloatArray = attrs.field(eq=SAME_NUMBERS)
    adjusted: float | Undefined | FloatArray = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


def permutation(
    control: Arrays,
    treatment: Arrays,
    *,
    repetitions: int = 9999,
    alternative: Literal["two-sided", "greater", "less"] = "two-sided",
    step_down: bool = True,
    seed: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Permutation:
    """Shuffle the arms to see how large the largest difference would be by chance.

    Parameters
    ----------
    control, treatment : array, shape (units,) or (units, metrics)
        One row a unit; a unit's metrics are shuffled together.
    repetitions : int
        How many random shuffles, from 1 to ten million; when there are no more distinct ones, all of them are taken
        and the p-values are exact.
    alternative : str
        ``"two-sided"``, ``"greater"`` (treatment higher) or ``"less"``.
    step_down : bool
        Adjust step by step, each metric against those that are no more striking (never less powerful).
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many shuffles are done.

    Returns
    -------
    Permutation
        p-values are (b + 1) / (repetitions + 1), or exact. Undefined for metrics without variance.

    Raises
    ------
    InvalidValueError
        For data that are not numbers, arms with fewer than two units, or metrics that differ in number.

    References
    ----------
    Westfall and Young (1993), chapter 2 (max-T); Phipson and Smyth (2010) on the added one; Janssen (1997) on
    studentizing.

    Examples
    --------
    >>> result = permutation([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])
    >>> round(result.statistic, 3), round(result.p_value, 3)
    (2.191, 0.143)
    """
    inputs = Inputs("permutation")
    first, second = inputs.number("control", control), inputs.number("treatment", treatment)
    for name, array in (("control", first), ("treatment", second)):
        good = array.ndim in (1, 2) and len(array) > 1
        inputs.require(np.array(good), f"{name} must have the shape (units,) or (units, metrics), at least two units")
    if not inputs.problems:
        inputs.require(np.array(first.shape[1:] == second.shape[1:]), "both arms must have the same metrics")
    inputs.done()
    count = whole_number("repetitions", repetitions, 1, MOST_REPETITIONS)
    side = choice(alternative, ALTERNATIVES, "alternative")
    shape = first.shape[1:]
    pooled = np.concatenate([first.reshape(len(first), -1), second.reshape(len(second), -1)])
    pooled = _centered(pooled)
    size = len(second)
    member = np.zeros((1, len(pooled)))
    member[0, len(first) :] = 1.0
    observed = _welch(member, pooled, size)[0]
    codes = np.zeros(observed.shape, np.uint8)
    mark(codes, ~pooled.any(axis=0) | ~np.isfinite(observed), "no variance")
    usable = np.flatnonzero(codes == 0)
    score = _signed(np.where(codes == 0, observed, 0.0), side)
    order = usable[np.argsort(-score[usable], kind="stable")]
    exact = math.comb(len(pooled), size) <= count
    hits, family = np.zeros(len(score)), np.zeros(len(score))
    total = 0
    for labels in _labels(len(pooled), size, count, generator(seed), progress, exact=exact):
        shuffled = _signed(np.nan_to_num(_welch(labels, pooled, size), nan=0.0, posinf=0.0, neginf=0.0), side)
        reached = score[order] - 1e-9 * np.maximum(np.abs(score[order]), 1.0)
        hits[order] += (shuffled[:, order] >= reached).sum(axis=0)
        largest = shuffled[:, order]
        if step_down:
            largest = np.maximum.accumulate(largest[:, ::-1], axis=1)[:, ::-1]
        elif order.size:
            largest = np.broadcast_to(largest.max(axis=1, keepdims=True), largest.shape)
        family[order] += (largest >= reached).sum(axis=0)
        total += len(labels)
    extra = 0 if exact else 1
    adjusted = (family + extra) / (total + extra)
    if step_down:
        adjusted[order] = np.maximum.accumulate(adjusted[order])
    numbers: dict[str, FloatArray | Interval[FloatArray]] = {
        "statistic": observed.reshape(shape),
        "p_value": ((hits + extra) / (total + extra)).reshape(shape),
        "adjusted": adjusted.reshape(shape),
    }
    return finished(Permutation, codes.reshape(shape), numbers)


def _centered(rows: FloatArray) -> FloatArray:
    """Shift and scale each column to mean 0 and largest size 1, which a t statistic does not notice."""
    size = np.abs(rows).max(axis=0)
    scaled = rows / np.where(size > 0, size, 1.0)
    scaled = scaled - scaled.mean(axis=0)
    largest = np.abs(scaled).max(axis=0)
    return np.asarray(scaled / np.where(largest > 0, largest, 1.0))


def _signed(t: FloatArray, side: str) -> FloatArray:
    return np.abs(t) if side == "two-sided" else t if side == "greater" else -t


def _welch(labels: FloatArray, pooled: FloatArray, size: int) -> FloatArray:
    """Return Welch's t for each row of treatment labels; infinite or NaN where there is no variance."""
    other = len(pooled) - size
    total, squares = pooled.sum(axis=0), np.square(pooled).sum(axis=0)
    sums, square_sums = labels @ pooled, labels @ np.square(pooled)
    mean, rest = sums / size, (total - sums) / other
    within = (square_sums - size * mean**2) / (size - 1) / size
    outside = (squares - square_sums - other * rest**2) / (other - 1) / other
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(within + outside, 0.0))
        return np.asarray((mean - rest) / np.where(error > 1e-12, error, 0.0))  # noqa: PLR2004  # rounding only


def _labels(
    units: int, size: int, count: int, rng: np.random.Generator, progress: Progress | None, *, exact: bool
) -> Iterator[FloatArray]:
    """Yield blocks of rows that mark the treated units: all ways to choose them, or random ones."""
    if exact:
        rows = np.array([list(chosen) for chosen in itertools.combinations(range(units), size)])
        labels = np.zeros((len(rows), units))
        np.put_along_axis(labels, rows, 1.0, axis=1)
        yield labels
        return
    row = np.zeros(units)
    row[:size] = 1.0
    for block in _blocks(count, units, progress):
        yield rng.permuted(np.broadcast_to(row, (block, units)), axis=1)
