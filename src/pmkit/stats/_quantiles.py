"""Comparing quantiles of two arms, such as the median or the 95th percentile of load time."""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval, quoted
from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Scalar, choice, finished, level, mark
from pmkit.stats._comparison import Alternative, Comparison, bounds, p_values, sidedness
from pmkit.stats._special import normal_quantile

__all__ = ["QuantileComparison", "QuantileMethod", "quantile_difference"]

QuantileMethod = Literal["order-statistic", "bootstrap"]
METHODS: tuple[QuantileMethod, ...] = ("order-statistic", "bootstrap")


@attrs.frozen(kw_only=True, eq=False)
class QuantileComparison(Comparison[Scalar]):
    """The effect of a treatment on a quantile; see `Comparison` for the fields that all comparisons share.

    Attributes
    ----------
    quantile : float
        Which quantile, between 0 and 1.
    control, treatment : float or Undefined
        The two sample quantiles.

    Examples
    --------
    >>> from pmkit.stats import quantile_difference
    >>> found = quantile_difference(range(1000), range(100, 1100), 0.9)
    >>> found.quantile, found.treatment - found.control == found.effect
    (0.9, True)
    """

    quantile: float
    control: Scalar
    treatment: Scalar


def quantile_difference(
    control: Arrays,
    treatment: Arrays,
    quantile: float = 0.5,
    *,
    method: QuantileMethod = "order-statistic",
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
    resamples: int = 9999,
    seed: int | np.random.Generator = 0,
) -> QuantileComparison:
    """Compare a quantile of two arms.

    Parameters
    ----------
    control, treatment : array, shape (rows,)
        The values of each arm, one a randomized unit.
    quantile : float
        Which quantile, between 0 and 1.
    method : {"order-statistic", "bootstrap"}
        Intervals of each quantile from its order statistics, joined as Newcombe joins Wilson's; or the
        percentile bootstrap of the difference.
    confidence : float
        Level of the interval, between 0 and 1.
    alternative : {"two-sided", "greater", "less"}
        Which effects count; a one-sided interval is bounded on one side only.
    resamples : int
        Number of bootstrap samples, from 100.
    seed : int or numpy.random.Generator
        Seed of the bootstrap.

    Returns
    -------
    QuantileComparison
        Undefined where an arm has too few rows for its interval to end inside the data, or no variance.

    Raises
    ------
    InvalidValueError
        For rows that are not finite numbers, or an option out of range.

    Notes
    -----
    Order statistics: David and Nagaraja (2003), section 7.1, by the normal approximation of their ranks;
    joined by squared distances (Zou and Donner 2008). The bootstrap draws the rank of the sample quantile from
    its exact distribution instead of drawing rows (Schultzberg and Ankargren 2022), so it costs the same
    for any number of rows. Rows must be independent: collapse them to the randomized unit first.

    Examples
    --------
    >>> control, treatment = [float(i) for i in range(1000)], [float(i) + 100 for i in range(1000)]
    >>> found = quantile_difference(control, treatment, 0.9)
    >>> found.effect, found.interval.lower < 100 < found.interval.upper
    (100.0, True)
    """
    inputs = Inputs("quantile_difference")
    arms = [inputs.number("control", control), inputs.number("treatment", treatment)]
    word, side, share = choice(method, METHODS, "method"), sidedness(alternative), level(quantile, "quantile")
    inputs.require(np.asarray(all(arm.ndim == 1 for arm in arms)), "control and treatment must be one number a row")
    inputs.done()
    tail = (1 - level(confidence)) / (2 if side == "two-sided" else 1)
    codes = np.zeros((), np.uint8)
    mark(codes, any(not arm.size for arm in arms), "no data")
    ordered = [np.sort(arm) if arm.size else np.zeros(1) for arm in arms]
    mark(codes, all(arm[0] == arm[-1] for arm in ordered), "no variance")
    if word == "bootstrap":
        numbers = _bootstrapped(ordered, share, tail, side, _draws(resamples, seed))
    else:
        mark(codes, any(not _inside(arm.size, share, tail) for arm in ordered), "not estimable from these data")
        numbers = _joined(ordered, share, tail, side)
    points = [sample_quantile(arm, share) for arm in ordered]
    return finished(
        QuantileComparison,
        codes,
        {"effect": points[1] - points[0], **numbers, "control": points[0], "treatment": points[1]},
        confidence=float(confidence),
        alternative=side,
        relative=False,
        method=word,
        quantile=share,
    )


def sample_quantile(ordered: FloatArray, share: float) -> FloatArray:
    """Return the interpolated quantile (Hyndman and Fan 1996, definition 8) of ordered rows."""
    place = share * (ordered.size + 1 / 3) + 1 / 3 - 1
    return _at(ordered, np.asarray(place))


def _at(ordered: FloatArray, place: FloatArray) -> FloatArray:
    place = np.clip(place, 0, ordered.size - 1)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, ordered.size - 1)
    weight = place - below
    return np.asarray(ordered[below] * (1 - weight) + ordered[above] * weight)


def _inside(size: int, share: float, tail: float) -> bool:
    """Say whether the smallest and largest of so many rows bracket the quantile well enough."""
    return share**size <= tail and (1 - share) ** size <= tail


def _joined(ordered: list[FloatArray], share: float, tail: float, side: Alternative) -> dict[str, Numbers]:
    lows, highs, points, variances = [], [], [], []
    z = float(normal_quantile(tail))
    for arm in ordered:
        reach = z * np.sqrt(share * (1 - share) * arm.size)
        low, high = (
            _at(arm, np.asarray(share * arm.size - reach - 0.5)),
            _at(arm, np.asarray(share * arm.size + reach - 0.5)),
        )
        lows.append(low)
        highs.append(high)
        points.append(sample_quantile(arm, share))
        variances.append(np.square((high - low) / (2 * z)) if z > 0 else np.zeros(()))
    effect = points[1] - points[0]
    error = np.sqrt(variances[0] + variances[1])
    lower = effect - np.hypot(points[1] - lows[1], highs[0] - points[0])
    upper = effect + np.hypot(highs[1] - points[1], points[0] - lows[0])
    statistic = np.asarray(effect / error if error > 0 else 0.0)
    return {
        "standard_error": error,
        "interval": bounds(np.asarray(lower), np.asarray(upper), side),
        "p_value": p_values(statistic, np.inf, side),
    }


Numbers = FloatArray | Interval[FloatArray]


def _draws(resamples: object, seed: object) -> tuple[int, np.random.Generator]:
    if isinstance(resamples, bool) or not isinstance(resamples, (int, np.integer)) or int(resamples) < 100:  # noqa: PLR2004
        raise InvalidValueError(f"resamples must be a whole number from 100, not {quoted(resamples)}")
    if isinstance(seed, np.random.Generator):
        return int(resamples), seed
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InvalidValueError(f"seed must be a whole number from 0 or a numpy Generator, not {quoted(seed)}")
    return int(resamples), np.random.default_rng(int(seed))


def _bootstrapped(
    ordered: list[FloatArray], share: float, tail: float, side: Alternative, draws: tuple[int, np.random.Generator]
) -> dict[str, Numbers]:
    resamples, generator = draws
    differences = np.zeros(resamples)
    for arm, sign in zip(ordered, (-1.0, 1.0), strict=True):
        differences += sign * _resampled(arm, share, resamples, generator)
    differences.sort()
    last = resamples - 1
    low, high = (differences[round(point * last)] for point in (tail, 1 - tail))
    below = (np.count_nonzero(differences <= 0) + 1) / (resamples + 1)
    above = (np.count_nonzero(differences >= 0) + 1) / (resamples + 1)
    p_value = {"greater": below, "less": above, "two-sided": min(2 * min(below, above), 1.0)}[side]
    return {
        "standard_error": np.asarray(differences.std(ddof=1)),
        "interval": bounds(np.asarray(low), np.asarray(high), side),
        "p_value": np.asarray(p_value),
    }


def _resampled(ordered: FloatArray, share: float, resamples: int, generator: np.random.Generator) -> FloatArray:
    """Draw the sample quantile of resampled rows: the k-th smallest of n uniform draws is Beta(k, n + 1 - k)."""
    size = ordered.size
    place = np.clip(share * (size + 1 / 3) + 1 / 3, 1, size)
    rank = int(np.floor(place))
    weight = place - rank
    first = generator.beta(rank, size + 1 - rank, resamples)
    drawn = ordered[np.minimum((first * size).astype(np.intp), size - 1)]
    if weight > 0 and rank < size:
        rest = generator.beta(1, size - rank, resamples)
        second = first + (1 - first) * rest
        drawn = drawn * (1 - weight) + weight * ordered[np.minimum((second * size).astype(np.intp), size - 1)]
    return drawn
