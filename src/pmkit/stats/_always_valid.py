"""Tests that stay right however often they are looked at."""

from __future__ import annotations

from typing import Generic, Literal, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval
from pmkit.stats._arrays import (
    Arrays,
    Codes,
    FloatArray,
    Inputs,
    Number,
    Numbers,
    Result,
    Scalar,
    choice,
    finished,
    level,
    mark,
)
from pmkit.stats._checks import SAME_NUMBERS, checked_axis, whole_number

__all__ = [
    "ConfidenceSequence",
    "Msprt",
    "always_valid_p",
    "confidence_sequence",
    "miller_bound",
    "msprt",
    "sequence_halfwidth",
    "sequence_rho",
]

Alternative = Literal["two-sided", "greater", "less"]
ALTERNATIVES = ("two-sided", "greater", "less")
LARGEST_ONE_SIDED_P = 0.4999
"""A one-sided sequence exists for error rates below one half only; p-values end here."""

MILLER_CONSTANTS = {1: 2.0, 2: 2.25}


@attrs.frozen(kw_only=True, hash=False)
class ConfidenceSequence(Result[Number], Generic[Number]):
    """An effect with an interval that holds at all times at once.

    Attributes
    ----------
    effect, standard_error : float or ndarray
        As given.
    interval : Interval
        Holds at every look together with the given confidence; one bound is infinite when one-sided.
    halfwidth : float or ndarray
        Distance of the finite bounds from the effect.
    p_value : float or ndarray
        Always valid; one-sided ones end at 0.4999.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> found = confidence_sequence([0.02, 0.031], [0.015, 0.008], [3000, 12000], planned_n=20000)
    >>> (found.interval.lower > 0).tolist(), (found.halfwidth / found.standard_error).round(2)
    ([False, True], array([3.53, 3.06]))
    """

    effect: Number = attrs.field(eq=SAME_NUMBERS)
    standard_error: Number = attrs.field(eq=SAME_NUMBERS)
    interval: Interval[Number]
    halfwidth: Number = attrs.field(eq=SAME_NUMBERS)
    p_value: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


@attrs.frozen(kw_only=True, hash=False)
class Msprt(Result[Number], Generic[Number]):
    """A mixture sequential probability ratio test.

    Attributes
    ----------
    effect, standard_error : float or ndarray
        As given.
    log_likelihood_ratio : float or ndarray
        Of some effect (drawn from the mixing distribution) against none.
    p_value : float or ndarray
        Always valid.
    interval : Interval
        Holds at every look together with the given confidence.
    halfwidth : float or ndarray
        Distance of its bounds from the effect.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> found = msprt([-0.05, -0.08], 0.02, mixing_variance=0.001)
    >>> found.log_likelihood_ratio.round(2), found.p_value.round(4)
    (array([1.61, 5.09]), array([0.2007, 0.0062]))
    """

    effect: Number = attrs.field(eq=SAME_NUMBERS)
    standard_error: Number = attrs.field(eq=SAME_NUMBERS)
    log_likelihood_ratio: Number = attrs.field(eq=SAME_NUMBERS)
    p_value: Number = attrs.field(eq=SAME_NUMBERS)
    interval: Interval[Number]
    halfwidth: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


def sequence_rho(planned_n: float, *, alpha: float = 0.05, alternative: Alternative = "two-sided") -> float:
    """Give the tuning of a confidence sequence that is narrowest about a planned sample size.

    Parameters
    ----------
    planned_n : float
        Units in both arms together when the decision is expected, above 0.
    alpha : float
        One minus the confidence, above 0 and below 1 (below 0.5 when one-sided).
    alternative : str
        ``"two-sided"``, ``"greater"`` or ``"less"``.

    Returns
    -------
    float
        The rho of the mixture.

    Raises
    ------
    InvalidValueError
        For a number that is out of range.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021, version 7), equation 161.

    Examples
    --------
    >>> round(sequence_rho(5000), 6)
    0.03984
    """
    inputs = Inputs("sequence_rho")
    units = inputs.number("planned_n", planned_n, above=0)
    inputs.done()
    rate = _error_rate(alpha, alternative)
    return float(_rho(units, 2 * rate if alternative != "two-sided" else rate))


def _error_rate(alpha: float, alternative: Alternative) -> float:
    choice(alternative, ALTERNATIVES, "alternative")
    rate = level(alpha, "alpha")
    if alternative != "two-sided" and rate >= 0.5:  # noqa: PLR2004  # half
        raise InvalidValueError(f"a one-sided sequence needs an error rate below 0.5, not {rate:g}")
    return rate


def _rho(planned_n: FloatArray, rate: float) -> FloatArray:
    twice = -2 * np.log(rate)
    return np.asarray(np.sqrt((twice + np.log1p(twice)) / planned_n))


def _log_growth(n: FloatArray, rho: FloatArray, rate: float, *, one_sided: bool) -> FloatArray:
    """Return the logarithm that the sequence's halfwidth grows with."""
    growth = 0.5 * np.log1p(n * np.square(rho))
    grown = np.logaddexp(0.0, growth - np.log(2 * rate)) if one_sided else growth - np.log(rate)
    return np.asarray(grown)


def sequence_halfwidth(
    n: float, *, planned_n: float, alpha: float = 0.05, alternative: Alternative = "two-sided"
) -> float:
    """Give the halfwidth of a confidence sequence in standard errors of the effect.

    Parameters
    ----------
    n : float
        Units so far, above 0.
    planned_n : float
        Units when the decision is expected, above 0.
    alpha : float
        One minus the confidence.
    alternative : str
        ``"two-sided"``, ``"greater"`` or ``"less"``.

    Returns
    -------
    float

    Raises
    ------
    InvalidValueError
        For a number that is out of range.

    References
    ----------
    Waudby-Smith et al. (2021, version 7), equations 9 and 134.

    Examples
    --------
    >>> round(sequence_halfwidth(5000, planned_n=5000), 3)
    3.035
    """
    inputs = Inputs("sequence_halfwidth")
    units, planned = inputs.number("n", n, above=0), inputs.number("planned_n", planned_n, above=0)
    inputs.done()
    return float(_halfwidth(units, planned, _error_rate(alpha, alternative), one_sided=alternative != "two-sided"))


def _halfwidth(n: FloatArray, planned_n: FloatArray, rate: float, *, one_sided: bool) -> FloatArray:
    rho = _rho(planned_n, 2 * rate if one_sided else rate)
    information = n * np.square(rho)
    return np.sqrt(2 * (1 + 1 / information) * _log_growth(n, rho, rate, one_sided=one_sided))


def sequence_halfwidths(n: FloatArray, planned_n: FloatArray, rate: float) -> FloatArray:
    """Give two-sided halfwidths in standard errors, for arrays."""
    return _halfwidth(n, planned_n, rate, one_sided=False)


@overload
def confidence_sequence(
    effect: float,
    standard_error: float,
    n: float,
    *,
    planned_n: float = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> ConfidenceSequence[Scalar]: ...
@overload
def confidence_sequence(
    effect: Numbers,
    standard_error: Numbers,
    n: Numbers,
    *,
    planned_n: Numbers = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> ConfidenceSequence[Scalar] | ConfidenceSequence[FloatArray]: ...
def confidence_sequence(
    effect: Numbers,
    standard_error: Numbers,
    n: Numbers,
    *,
    planned_n: Numbers = 5000.0,
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
) -> ConfidenceSequence[Scalar] | ConfidenceSequence[FloatArray]:
    """Give an interval that holds at every look, for any estimate that is nearly normal.

    The estimate may be absolute or relative, a mean, proportion or ratio, adjusted or not: only the effect and its
    standard error enter. The guarantee is asymptotic, so begin to look when some hundred units are in.

    Parameters
    ----------
    effect : float or array, broadcast with the others
        The estimated effect so far.
    standard_error : float or array
        Its standard error, at least 0.
    n : float or array
        Units so far, in both arms together, above 0.
    planned_n : float or array
        Units at which the interval shall be narrowest, above 0; fixed before the data.
    confidence : float
        Of all looks together.
    alternative : str
        ``"two-sided"``, ``"greater"`` (a lower bound only) or ``"less"`` (an upper bound only).

    Returns
    -------
    ConfidenceSequence
        Undefined where the standard error is 0.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or shapes that do not fit.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021, version 7), equations 9, 134, 155 and 161; p-values keep
    the tuning of the given confidence.

    Examples
    --------
    >>> result = confidence_sequence(0.031, 0.008, 12000, planned_n=20000)
    >>> round(result.interval.lower, 4), round(result.interval.upper, 4), round(result.p_value, 4)
    (0.0065, 0.0555, 0.0048)
    """
    inputs = Inputs("confidence_sequence")
    raw = (
        inputs.number("effect", effect),
        inputs.number("standard_error", standard_error, lower=0),
        inputs.number("n", n, above=0),
        inputs.number("planned_n", planned_n, above=0),
    )
    estimate, error, units, planned = inputs.together(*raw)
    rate = _error_rate(1 - level(confidence), alternative)
    one_sided = alternative != "two-sided"
    codes = np.zeros(estimate.shape, np.uint8)
    mark(codes, error == 0, "no variance")
    safe = np.where(error == 0, 1.0, error)
    with np.errstate(over="ignore"):
        half = _halfwidth(units, planned, rate, one_sided=one_sided) * safe
        z = estimate / safe
    infinite = np.full(estimate.shape, np.inf)
    numbers: dict[str, FloatArray | Interval[FloatArray]] = {
        "effect": estimate,
        "standard_error": error,
        "interval": Interval(
            -infinite if alternative == "less" else estimate - half,
            infinite if alternative == "greater" else estimate + half,
        ),
        "halfwidth": half,
        "p_value": _sequence_p(z, units, _rho(planned, 2 * rate if one_sided else rate), alternative),
    }
    return finished(ConfidenceSequence, codes, numbers)


def _sequence_p(z: FloatArray, n: FloatArray, rho: FloatArray, alternative: Alternative) -> FloatArray:
    """Return the error rate at which the sequence, with its tuning kept, just excludes 0."""
    information = n * np.square(rho)
    growth = 0.5 * np.log1p(information)
    with np.errstate(over="ignore", divide="ignore", under="ignore"):
        evidence = np.square(z) * information / (2 * (1 + information))
        if alternative == "two-sided":
            return np.exp(np.minimum(growth - evidence, 0.0))
        log_p = growth - np.log(2.0) - evidence - np.log(-np.expm1(-evidence))
        right = z > 0 if alternative == "greater" else z < 0
        return np.where(right, np.exp(np.minimum(log_p, np.log(LARGEST_ONE_SIDED_P))), LARGEST_ONE_SIDED_P)


@overload
def msprt(
    effect: float, standard_error: float, *, mixing_variance: float, confidence: float = ...
) -> Msprt[Scalar]: ...
@overload
def msprt(
    effect: Numbers, standard_error: Numbers, *, mixing_variance: Numbers, confidence: float = ...
) -> Msprt[Scalar] | Msprt[FloatArray]: ...
def msprt(
    effect: Numbers, standard_error: Numbers, *, mixing_variance: Numbers, confidence: float = 0.95
) -> Msprt[Scalar] | Msprt[FloatArray]:
    """Test for an effect at any time, with effects drawn from a normal distribution as the alternative.

    Parameters
    ----------
    effect : float or array, broadcast with the others
        The estimated effect so far.
    standard_error : float or array
        Its standard error, at least 0.
    mixing_variance : float or array
        Variance of the effects that are thought likely (tau squared), above 0; fixed before the data. The square of
        the smallest effect of interest is a usual choice.
    confidence : float
        Of the interval, at all looks together.

    Returns
    -------
    Msprt
        Undefined where the standard error is 0.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or shapes that do not fit.

    References
    ----------
    Robbins (1970); Johari, Koomen, Pekelis and Walsh (2022).

    Examples
    --------
    >>> result = msprt(-0.05, 0.02, mixing_variance=0.001)
    >>> round(result.log_likelihood_ratio, 4), round(result.p_value, 4), round(result.halfwidth, 4)
    (1.6058, 0.2007, 0.0637)
    """
    inputs = Inputs("msprt")
    raw = (
        inputs.number("effect", effect),
        inputs.number("standard_error", standard_error, lower=0),
        inputs.number("mixing_variance", mixing_variance, above=0),
    )
    estimate, error, mixing = inputs.together(*raw)
    rate = 1 - level(confidence)
    codes = np.zeros(estimate.shape, np.uint8)
    mark(codes, error == 0, "no variance")
    safe = np.where(error == 0, 1.0, error)
    with np.errstate(over="ignore", under="ignore"):
        ratio = np.square(np.sqrt(mixing) / safe)
        weight = np.where(np.isinf(ratio), 1.0, ratio / np.where(np.isinf(ratio), 1.0, 1 + ratio))
        spread = np.where(np.isinf(ratio), np.log(mixing) - 2 * np.log(safe), np.log1p(ratio))
        evidence = 0.5 * np.square(estimate / safe) * weight - 0.5 * spread
        half = safe * np.sqrt((spread - 2 * np.log(rate)) / np.where(weight > 0, weight, np.finfo(float).tiny))
        numbers: dict[str, FloatArray | Interval[FloatArray]] = {
            "effect": estimate,
            "standard_error": error,
            "log_likelihood_ratio": evidence,
            "p_value": np.exp(np.minimum(-evidence, 0.0)),
            "interval": Interval(estimate - half, estimate + half),
            "halfwidth": half,
        }
    return finished(Msprt, codes, numbers)


def always_valid_p(p_values: Arrays, *, axis: int = -1) -> FloatArray:
    """Keep the smallest p-value so far: of always-valid ones it is valid at every look.

    Parameters
    ----------
    p_values : array
        Always-valid p-values at successive looks (from `confidence_sequence`, `msprt` or
        `sequential_sample_ratio`), in [0, 1].
    axis : int
        The axis along which the looks run.

    Returns
    -------
    ndarray
        Of the same shape, never rising along the axis.

    Raises
    ------
    InvalidValueError
        For a p-value outside [0, 1], a scalar, or an axis that is not there.

    References
    ----------
    Johari, Koomen, Pekelis and Walsh (2022).

    Examples
    --------
    >>> always_valid_p([0.4, 0.03, 0.2])
    array([0.4 , 0.03, 0.03])
    """
    inputs = Inputs("always_valid_p")
    array = inputs.number("p_values", p_values, lower=0, upper=1)
    inputs.done()
    return np.minimum.accumulate(array, axis=checked_axis(axis, array.ndim, "p_values"))


def miller_bound(total: Numbers, *, sided: Literal[1, 2] = 1) -> float | FloatArray:
    """Give the lead in successes at which Miller's simple sequential test stops.

    With an even split, count successes only: stop and declare the treatment better when its lead over control
    reaches the bound, stop without a winner when both together reach `total`.

    Parameters
    ----------
    total : float or array
        The number of successes at which the test ends, above 0.
    sided : int
        1 when only the treatment may win, 2 when either may.

    Returns
    -------
    float or ndarray
        2 (one-sided) or 2.25 (two-sided) times the root of `total`, for an error rate of 5 %: by the reflection
        principle a fair walk of that many steps ever reaches the bound with a probability of 0.0455 and 0.0489.

    Raises
    ------
    InvalidValueError
        For a total that is not above 0, or sides that are not 1 or 2.

    References
    ----------
    Miller (2015), Simple Sequential A/B Testing; Armitage, McPherson and Rowe (1969).

    Examples
    --------
    >>> round(miller_bound(500), 2)
    44.72
    """
    inputs = Inputs("miller_bound")
    steps = inputs.number("total", total, above=0)
    inputs.done()
    bound = MILLER_CONSTANTS[whole_number("sided", sided, 1, 2)] * np.sqrt(steps)
    return float(bound) if steps.ndim == 0 else bound
