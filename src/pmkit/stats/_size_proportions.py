"""Sample size, power and detectable effect for comparing two proportions, and how long it takes."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np

from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Numbers, choice
from pmkit.stats._comparison import Alternative, sidedness
from pmkit.stats._roots import bracketed_roots
from pmkit.stats._score import constrained_difference
from pmkit.stats._size_means import scalar_or_array
from pmkit.stats._special import normal_quantile, normal_tail

__all__ = [
    "NullVariance",
    "detectable_effect_proportions",
    "duration",
    "power_proportions",
    "sample_size_proportions",
]

NullVariance = Literal["pooled", "control", "unpooled"]
NULL_VARIANCES: tuple[NullVariance, ...] = ("pooled", "control", "unpooled")


def _spreads(
    control: FloatArray, treatment: FloatArray, ratio: FloatArray, margin: FloatArray, sign: float, null: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the distance from the null, and the standard deviations under it and at the truth, of one unit."""
    truth = np.sqrt(control * (1 - control) + treatment * (1 - treatment) / ratio)
    distance = np.abs(treatment - control - sign * margin)
    if null == "unpooled":
        return distance, truth, truth
    if null == "control":
        return distance, np.sqrt(control * (1 - control) * (1 + 1 / ratio)), truth
    pooled = (control + ratio * treatment) / (1 + ratio)
    spread = np.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    if np.any(margin > 0):
        low = constrained_difference(control, np.ones_like(control), treatment * ratio, ratio, sign * margin)
        high = np.clip(low + sign * margin, 0.0, 1.0)
        spread = np.where(margin > 0, np.sqrt(low * (1 - low) + high * (1 - high) / ratio), spread)
    return distance, spread, truth


def _critical(alpha: FloatArray, alternative: Alternative) -> FloatArray:
    return normal_quantile(alpha / 2 if alternative == "two-sided" else alpha)


@overload
def sample_size_proportions(
    control: float,
    treatment: float,
    *,
    ratio: float = ...,
    alpha: float = ...,
    power: float = ...,
    alternative: Alternative = ...,
    margin: float = ...,
    null_variance: NullVariance = ...,
) -> float: ...
@overload
def sample_size_proportions(
    control: Numbers,
    treatment: Numbers,
    *,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    power: Numbers = ...,
    alternative: Alternative = ...,
    margin: Numbers = ...,
    null_variance: NullVariance = ...,
) -> float | FloatArray: ...
def sample_size_proportions(
    control: Numbers,
    treatment: Numbers,
    *,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    power: Numbers = 0.8,
    alternative: Alternative = "two-sided",
    margin: Numbers = 0.0,
    null_variance: NullVariance = "pooled",
) -> float | FloatArray:
    """Return the units that the control needs for a difference of two proportions to be found.

    Parameters
    ----------
    control, treatment : float or array
        The two proportions, between 0 and 1.
    ratio : float or array
        Treatment units for each control unit, above 0.
    alpha, power : float or array
        Rate of false alarms (of both sides together when two-sided) and probability of finding it.
    alternative : {"two-sided", "greater", "less"}
        A one-sided test without a margin looks in the direction of the difference.
    margin : float or array
        Non-inferiority margin, from 0: with "greater" the test is against -margin, with "less"
        against margin.
    null_variance : {"pooled", "control", "unpooled"}
        Variance under the null: pooled (Fleiss 1981; with a margin Farrington and Manning 1990);
        that of the control in both arms, as some calculators on the web have it; or that of the truth.

    Returns
    -------
    float or array
        Units in the control, not rounded; the treatment needs `ratio` times as many. At least 1.

    Raises
    ------
    InvalidValueError
        For an argument out of range, or when the truth lies on the null or beyond it.

    Notes
    -----
    Normal approximation without continuity correction, as R's ``power.prop.test``.

    Examples
    --------
    >>> round(sample_size_proportions(0.10, 0.12), 1)
    3840.8
    """
    inputs = Inputs("sample_size_proportions")
    side, null = sidedness(alternative), choice(null_variance, NULL_VARIANCES, "null_variance")
    p_c = inputs.number("control", control, above=0, below=1)
    p_t = inputs.number("treatment", treatment, above=0, below=1)
    allocation = inputs.number("ratio", ratio, above=0)
    level = inputs.number("alpha", alpha, above=0, below=1)
    target = inputs.number("power", power, above=0, below=1)
    away = inputs.number("margin", margin, lower=0, below=1)
    p_c, p_t, allocation, level, target, away = inputs.together(p_c, p_t, allocation, level, target, away)
    sign = _direction(inputs, p_c, p_t, away, side)
    distance, null_spread, truth = _spreads(p_c, p_t, allocation, away, sign, null)
    reach = np.maximum(_critical(level, side) * null_spread - normal_quantile(target) * truth, 0.0)
    return scalar_or_array(inputs, np.maximum(np.square(reach / distance), 1.0))


def _direction(
    inputs: Inputs, control: FloatArray, treatment: FloatArray, margin: FloatArray, side: Alternative
) -> float:
    """Return on which side of no difference the null with a margin lies, and check the truth against it."""
    sign = {"greater": -1.0, "less": 1.0, "two-sided": 0.0}[side]
    marked = margin > 0
    inputs.require(~marked | (sign != 0), "a margin needs alternative='greater' or 'less'")
    inputs.require(marked | (treatment != control), "control and treatment must differ")
    gap = treatment - control - sign * margin
    inputs.require(~marked | (gap * sign < 0), "the treatment must be better than the margin allows")
    inputs.done()
    return sign


@overload
def power_proportions(
    control: float,
    treatment: float,
    n: float,
    *,
    ratio: float = ...,
    alpha: float = ...,
    alternative: Alternative = ...,
    margin: float = ...,
    null_variance: NullVariance = ...,
) -> float: ...
@overload
def power_proportions(
    control: Numbers,
    treatment: Numbers,
    n: Numbers,
    *,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    alternative: Alternative = ...,
    margin: Numbers = ...,
    null_variance: NullVariance = ...,
) -> float | FloatArray: ...
def power_proportions(
    control: Numbers,
    treatment: Numbers,
    n: Numbers,
    *,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    alternative: Alternative = "two-sided",
    margin: Numbers = 0.0,
    null_variance: NullVariance = "pooled",
) -> float | FloatArray:
    """Return the probability of finding a difference of two proportions.

    Parameters
    ----------
    control, treatment : float or array
        The true proportions, between 0 and 1.
    n : float or array
        Units in the control, above 0.
    ratio, alpha, alternative, margin, null_variance
        As in `sample_size_proportions`.

    Returns
    -------
    float or array
        Power, of the tail in the direction of the difference, as R's ``power.prop.test``.

    Raises
    ------
    InvalidValueError
        For an argument out of range, or when the truth lies on the null or beyond it.

    Notes
    -----
    As in `sample_size_proportions`.

    Examples
    --------
    >>> round(power_proportions(0.10, 0.12, 1000), 4)
    0.2977
    """
    inputs = Inputs("power_proportions")
    side, null = sidedness(alternative), choice(null_variance, NULL_VARIANCES, "null_variance")
    p_c = inputs.number("control", control, above=0, below=1)
    p_t = inputs.number("treatment", treatment, above=0, below=1)
    units = inputs.number("n", n, above=0)
    allocation = inputs.number("ratio", ratio, above=0)
    level = inputs.number("alpha", alpha, above=0, below=1)
    away = inputs.number("margin", margin, lower=0, below=1)
    p_c, p_t, units, allocation, level, away = inputs.together(p_c, p_t, units, allocation, level, away)
    sign = _direction(inputs, p_c, p_t, away, side)
    distance, null_spread, truth = _spreads(p_c, p_t, allocation, away, sign, null)
    found = normal_tail((_critical(level, side) * null_spread - distance * np.sqrt(units)) / truth)
    return scalar_or_array(inputs, found)


@overload
def detectable_effect_proportions(
    control: float,
    n: float,
    *,
    ratio: float = ...,
    alpha: float = ...,
    power: float = ...,
    alternative: Alternative = ...,
) -> float: ...
@overload
def detectable_effect_proportions(
    control: Numbers,
    n: Numbers,
    *,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    power: Numbers = ...,
    alternative: Alternative = ...,
) -> float | FloatArray: ...
def detectable_effect_proportions(
    control: Numbers,
    n: Numbers,
    *,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    power: Numbers = 0.8,
    alternative: Alternative = "two-sided",
) -> float | FloatArray:
    """Return the smallest change of a proportion that is found with the power wanted.

    Parameters
    ----------
    control : float or array
        The control's proportion, between 0 and 1.
    n : float or array
        Units in the control, above 0.
    ratio, alpha, power
        As in `sample_size_proportions`.
    alternative : {"two-sided", "greater", "less"}
        "less" asks for a fall; the others for a rise.

    Returns
    -------
    float or array
        The difference: above 0 for a rise, below 0 for a fall.

    Raises
    ------
    InvalidValueError
        For an argument out of range, or when so few units would not find even a rise to 1 (or fall to 0).

    Notes
    -----
    Inverts `sample_size_proportions` with the pooled variance.

    Examples
    --------
    >>> round(detectable_effect_proportions(0.10, 3841), 4)
    0.02
    """
    inputs = Inputs("detectable_effect_proportions")
    side = sidedness(alternative)
    p_c = inputs.number("control", control, above=0, below=1)
    units = inputs.number("n", n, above=0)
    allocation = inputs.number("ratio", ratio, above=0)
    level = inputs.number("alpha", alpha, above=0, below=1)
    target = inputs.number("power", power, above=0, below=1)
    p_c, units, allocation, level, target = inputs.together(p_c, units, allocation, level, target)
    z_alpha, z_power = _critical(level, side), -normal_quantile(target)
    zero = np.zeros_like(p_c)
    end = zero if side == "less" else zero + 1

    def excess(treatment: FloatArray) -> FloatArray:
        distance, null_spread, truth = _spreads(p_c, treatment, allocation, zero, 0.0, "pooled")
        return distance * np.sqrt(units) - z_alpha * null_spread - z_power * truth

    at_start, at_end = excess(p_c), excess(end)
    inputs.require(at_end > 0, "n is too small to find even the largest change")
    inputs.done()
    found = bracketed_roots(excess, p_c, end, at_start, at_end)
    return scalar_or_array(inputs, np.where(at_start >= 0, 0.0, found - p_c))


@overload
def duration(
    n: float, daily_units: float, *, ratio: float = ..., share: float = ..., whole_weeks: bool = ...
) -> float: ...
@overload
def duration(
    n: Arrays, daily_units: Numbers, *, ratio: Numbers = ..., share: Numbers = ..., whole_weeks: bool = ...
) -> FloatArray: ...
@overload
def duration(
    n: Numbers, daily_units: Numbers, *, ratio: Numbers = ..., share: Numbers = ..., whole_weeks: bool = ...
) -> float | FloatArray: ...
def duration(
    n: Numbers, daily_units: Numbers, *, ratio: Numbers = 1.0, share: Numbers = 1.0, whole_weeks: bool = False
) -> float | FloatArray:
    """Return the whole days until all arms have their units.

    Parameters
    ----------
    n : float or array
        Units that the control needs, above 0; rounded up.
    daily_units : float or array
        New units that arrive each day, above 0. Count those that come for the first time: the same
        users coming back do not fill an experiment.
    ratio : float or array
        Units of all treatments together for each control unit, above 0.
    share : float or array
        Share of the arriving units that enter the experiment, above 0 and at most 1.
    whole_weeks : bool
        Round up to whole weeks, so that every weekday counts alike.

    Returns
    -------
    float or array
        Days, a whole number.

    Raises
    ------
    InvalidValueError
        For an argument out of range.

    Notes
    -----
    Arithmetic only; it assumes that units keep arriving at this rate.

    Examples
    --------
    >>> duration(sample_size_proportions(0.10, 0.12), 900)
    9.0
    >>> duration(3841, 900, whole_weeks=True)
    14.0
    """
    inputs = Inputs("duration")
    units = inputs.number("n", n, above=0)
    daily = inputs.number("daily_units", daily_units, above=0)
    allocation = inputs.number("ratio", ratio, above=0)
    part = inputs.number("share", share, above=0, upper=1)
    units, daily, allocation, part = inputs.together(units, daily, allocation, part)
    with np.errstate(over="ignore"):
        days = np.ceil((np.ceil(units) + np.ceil(units * allocation)) / (daily * part))
        days = 7 * np.ceil(days / 7) if whole_weeks else days
    inputs.require(np.isfinite(days), "daily_units is too small: the days are too many for a double")
    inputs.done()
    return scalar_or_array(inputs, days)
