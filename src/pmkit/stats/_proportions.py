"""Intervals for one proportion and comparisons of two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval, quoted
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
from pmkit.stats._comparison import Alternative, Comparison, bounds, p_values, sidedness
from pmkit.stats._score import score_difference, score_ratio
from pmkit.stats._special import beta_quantile, beta_upper_quantile, normal_quantile

__all__ = [
    "ComparisonMethod",
    "ProportionComparison",
    "ProportionInterval",
    "ProportionMethod",
    "compare_proportions",
    "proportion_interval",
]

ProportionMethod = Literal["wilson", "clopper-pearson", "agresti-coull", "jeffreys", "wald"]
METHODS: tuple[ProportionMethod, ...] = ("wilson", "clopper-pearson", "agresti-coull", "jeffreys", "wald")
ComparisonMethod = Literal["newcombe", "miettinen-nurminen", "agresti-caffo", "wald", "log", "score"]
ABSOLUTE = ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald", "score")
RELATIVE = ("newcombe", "miettinen-nurminen", "wald", "log", "score")


@attrs.frozen(kw_only=True, eq=False)
class ProportionInterval(Result[Number]):
    """A proportion with its interval; unpacks into lower and upper bound.

    Attributes
    ----------
    estimate : float, Undefined or ndarray
        Successes over trials.
    interval : Interval
        Confidence interval, within [0, 1].
    confidence : float
        Its level.
    method : str
        How it was computed.
    undefined : int or array of int
        Reason codes; 0 where the numbers are defined.

    Examples
    --------
    >>> from pmkit.stats import proportion_interval
    >>> found = proportion_interval(5, 8)
    >>> found.estimate, round(found.lower, 3), round(found.upper, 3), found.method
    (0.625, 0.306, 0.863, 'wilson')
    >>> lower, upper = found
    >>> round(upper - lower, 3)
    0.557
    """

    estimate: Number
    interval: Interval[Number]
    confidence: float
    method: ProportionMethod
    undefined: int | Codes

    @property
    def lower(self) -> Number:
        """Lower bound."""
        return self.interval.lower

    @property
    def upper(self) -> Number:
        """Upper bound."""
        return self.interval.upper

    def __iter__(self) -> Iterator[Number]:  # type: ignore[override]  # an interval unpacks into its bounds
        yield self.interval.lower
        yield self.interval.upper


@overload
def proportion_interval(
    successes: float, trials: float, *, confidence: float = ..., method: ProportionMethod = ...
) -> ProportionInterval[Scalar]: ...
@overload
def proportion_interval(
    successes: Arrays, trials: Numbers, *, confidence: float = ..., method: ProportionMethod = ...
) -> ProportionInterval[FloatArray]: ...
@overload
def proportion_interval(
    successes: Numbers, trials: Numbers, *, confidence: float = ..., method: ProportionMethod = ...
) -> ProportionInterval[Scalar | FloatArray]: ...
def proportion_interval(
    successes: Numbers, trials: Numbers, *, confidence: float = 0.95, method: ProportionMethod = "wilson"
) -> ProportionInterval[Scalar | FloatArray]:
    """Give a confidence interval for a proportion.

    Parameters
    ----------
    successes, trials : int or array
        Whole numbers with 0 <= successes <= trials; they broadcast.
    confidence : float
        Level of the interval, between 0 and 1.
    method : {"wilson", "clopper-pearson", "agresti-coull", "jeffreys", "wald"}
        Wilson (1927) is right on average; Clopper and Pearson (1934) never covers less than
        promised; Agresti and Coull (1998); equal tails of the Beta(1/2, 1/2) posterior (Brown, Cai
        and DasGupta 2001, without their end correction); Wald, which fails for rare events.

    Returns
    -------
    ProportionInterval
        Undefined without trials.

    Raises
    ------
    InvalidValueError
        For counts that are not counts, or an option out of range.

    Examples
    --------
    >>> lower, upper = proportion_interval(5, 8)
    >>> round(lower, 3), round(upper, 3)
    (0.306, 0.863)
    >>> proportion_interval([0, 3], 10, method="clopper-pearson").interval.upper.round(3)
    array([0.308, 0.652])
    """
    inputs = Inputs("proportion_interval")
    x, n = _counts(inputs, successes, trials, "")
    word = choice(method, METHODS, "method")
    tail = (1 - level(confidence)) / 2
    codes = np.zeros(x.shape, np.uint8)
    mark(codes, n == 0, "no data")
    safe = np.where(n > 0, n, 1.0)
    lower, upper = _single(word, x, safe, tail)
    return finished(
        ProportionInterval,
        codes,
        {"estimate": x / safe, "interval": Interval(np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0))},
        confidence=float(confidence),
        method=word,
    )


def _counts(inputs: Inputs, successes: Numbers, trials: Numbers, arm: str) -> list[FloatArray]:
    x = inputs.number(f"successes{arm}", successes, lower=0, whole=True)
    n = inputs.number(f"trials{arm}", trials, lower=0, whole=True)
    if not inputs.problems and inputs.fit(x, n):
        inputs.require(np.asarray(x <= n), f"successes{arm} must not be more than trials{arm}")
    return inputs.together(x, n)


def _single(method: str, x: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    z = float(normal_quantile(tail))
    p = x / n
    if method == "wilson":
        return wilson(x, n, z)
    if method == "wald":
        reach = z * np.sqrt(p * (1 - p) / n)
        return p - reach, p + reach
    if method == "agresti-coull":
        total = n + z * z
        center = (x + 0.5 * z * z) / total
        reach = z * np.sqrt(center * (1 - center) / total)
        return center - reach, center + reach
    half = 0.5 if method == "jeffreys" else 0.0
    first, last = x == 0, x == n
    inner = [np.where(first, 1.0, x), np.where(last, 1.0, n - x)]
    if half:
        return beta_quantile(tail, x + half, n - x + half), beta_upper_quantile(tail, x + half, n - x + half)
    lower = np.where(first, 0.0, beta_quantile(tail, inner[0], n - x + 1))
    return lower, np.where(last, 1.0, beta_upper_quantile(tail, x + 1, inner[1]))


def wilson(x: FloatArray, n: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    """Give the score interval of Wilson (1927), exact at its ends."""
    square = z * z
    center = x + 0.5 * square
    reach = z * np.sqrt(x * (n - x) / n + 0.25 * square)
    lower, upper = (center - reach) / (n + square), (center + reach) / (n + square)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


@attrs.frozen(kw_only=True, eq=False)
class ProportionComparison(Comparison[Number]):
    """The effect of a treatment on a proportion; see `Comparison` for the fields that all comparisons share.

    Attributes
    ----------
    statistic : float, Undefined or ndarray
        z of the pooled test; with the factor N / (N - 1) for Miettinen-Nurminen.
    control, treatment : float, Undefined or ndarray
        The observed proportions.

    Examples
    --------
    >>> from pmkit.stats import compare_proportions
    >>> found = compare_proportions(8502, 44700, 8279, 45489)
    >>> round(found.control, 3), round(found.treatment, 3), round(found.statistic, 2)
    (0.19, 0.182, -3.16)
    """

    statistic: Number
    control: Number
    treatment: Number


@overload
def compare_proportions(
    successes_control: float,
    trials_control: float,
    successes_treatment: float,
    trials_treatment: float,
    *,
    relative: bool = ...,
    method: ComparisonMethod = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> ProportionComparison[Scalar]: ...
@overload
def compare_proportions(
    successes_control: Arrays,
    trials_control: Numbers,
    successes_treatment: Numbers,
    trials_treatment: Numbers,
    *,
    relative: bool = ...,
    method: ComparisonMethod = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> ProportionComparison[FloatArray]: ...
@overload
def compare_proportions(
    successes_control: Numbers,
    trials_control: Numbers,
    successes_treatment: Numbers,
    trials_treatment: Numbers,
    *,
    relative: bool = ...,
    method: ComparisonMethod = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> ProportionComparison[Scalar | FloatArray]: ...
def compare_proportions(
    successes_control: Numbers,
    trials_control: Numbers,
    successes_treatment: Numbers,
    trials_treatment: Numbers,
    *,
    relative: bool = False,
    method: ComparisonMethod = "newcombe",
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
) -> ProportionComparison[Scalar | FloatArray]:
    """Compare two proportions, by their difference or by the relative lift.

    Parameters
    ----------
    successes_control, trials_control, successes_treatment, trials_treatment : int or array
        Whole numbers with 0 <= successes <= trials; all broadcast.
    relative : bool
        Whether the effect is the lift: treatment / control - 1.
    method : {"newcombe", "miettinen-nurminen", "agresti-caffo", "wald", "log", "score"}
        How the interval is computed. Newcombe (1998, method 10) from two Wilson intervals (relative:
        Donner and Zou 2012); Miettinen and Nurminen (1985) by inverting the score test, also
        called "score"; Agresti and Caffo (2000), differences only; Wald (relative: the delta method);
        "log" by the log of the ratio (Katz and others 1978), relative only.
    confidence : float
        Level of the interval, between 0 and 1.
    alternative : {"two-sided", "greater", "less"}
        Which effects count; a one-sided interval is bounded on one side only.

    Returns
    -------
    ProportionComparison
        Undefined without trials; for lifts without successes in the control ("log": in either arm);
        for "wald" without variance.

    Raises
    ------
    InvalidValueError
        For counts that are not counts, or an option out of range.

    Notes
    -----
    The p-value is that of the pooled z test (Pearson's chi-square); 1 where all units are alike.
    The standard error is that of Wald, of Agresti and Caffo for theirs, and of the lift for lifts.

    Examples
    --------
    >>> found = compare_proportions(8502, 44700, 8279, 45489)
    >>> print(f"{found.effect:.4f}, p = {found.p_value:.4f}")
    -0.0082, p = 0.0016
    >>> lift = compare_proportions(20, 1000, 30, 1000, relative=True, method="log")
    >>> print(f"{lift.effect:.2f} from {lift.interval.lower:.2f} to {lift.interval.upper:.2f}")
    0.50 from -0.14 to 1.62
    """
    inputs = Inputs("compare_proportions")
    side = sidedness(alternative)
    word = _checked_method(method, relative=relative)
    x_c = inputs.number("successes_control", successes_control, lower=0, whole=True)
    n_c = inputs.number("trials_control", trials_control, lower=0, whole=True)
    x_t = inputs.number("successes_treatment", successes_treatment, lower=0, whole=True)
    n_t = inputs.number("trials_treatment", trials_treatment, lower=0, whole=True)
    if not inputs.problems and inputs.fit(x_c, n_c, x_t, n_t):
        inputs.require(np.asarray(x_c <= n_c), "successes_control must not be more than trials_control")
        inputs.require(np.asarray(x_t <= n_t), "successes_treatment must not be more than trials_treatment")
    x_c, n_c, x_t, n_t = inputs.together(x_c, n_c, x_t, n_t)
    tail = 1 - level(confidence)
    z = float(normal_quantile(tail / 2 if side == "two-sided" else tail))
    codes = np.zeros(x_c.shape, np.uint8)
    mark(codes, np.minimum(n_c, n_t) == 0, "no data")
    n_c, n_t = np.where(n_c > 0, n_c, 1.0), np.where(n_t > 0, n_t, 1.0)
    with np.errstate(all="ignore"):
        compared = _lift if relative else _difference
        effect, error, interval = compared(word, (x_c, n_c, x_t, n_t), z, codes)
        statistic = _pooled(x_c, n_c, x_t, n_t, corrected=word in {"miettinen-nurminen", "score"})
    opened = bounds(interval.lower, interval.upper, side)
    return finished(
        ProportionComparison,
        codes,
        {
            "effect": effect,
            "standard_error": error,
            "interval": opened,
            "p_value": p_values(statistic, np.inf, side),
            "statistic": statistic,
            "control": x_c / n_c,
            "treatment": x_t / n_t,
        },
        confidence=float(confidence),
        alternative=side,
        relative=bool(relative),
        method=word,
    )


def _checked_method(method: object, *, relative: object) -> str:
    if not isinstance(relative, (bool, np.bool_)):
        raise InvalidValueError(f"relative must be True or False, not {quoted(relative)}")
    word = choice(method, (*ABSOLUTE, "log"), "method")
    if relative and word not in RELATIVE:
        raise InvalidValueError(
            f"method {word!r} is for differences; for relative=True there are {', '.join(RELATIVE)}"
        )
    if not relative and word not in ABSOLUTE:
        raise InvalidValueError(
            f"method {word!r} is for relative=True; for differences there are {', '.join(ABSOLUTE)}"
        )
    return word


Counts = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
Estimate = tuple[FloatArray, FloatArray, Interval[FloatArray]]


def _pooled(x_c: FloatArray, n_c: FloatArray, x_t: FloatArray, n_t: FloatArray, *, corrected: bool) -> FloatArray:
    """Return z of the pooled test, 0 where no unit differs from another."""
    total = n_c + n_t
    successes = x_c + x_t
    variance = successes * (total - successes) / total * (total / n_c / n_t / total)
    if corrected:
        variance = variance * total / (total - 1)
    difference = x_t / n_t - x_c / n_c
    return np.where(variance > 0, difference / np.sqrt(variance), 0.0)


def _difference(method: str, counts: Counts, z: float, codes: Codes) -> Estimate:
    x_c, n_c, x_t, n_t = counts
    p_c, p_t = x_c / n_c, x_t / n_t
    effect = p_t - p_c
    error = np.sqrt(p_c * (1 - p_c) / n_c + p_t * (1 - p_t) / n_t)
    if method == "wald":
        mark(codes, error == 0, "no variance")
        return effect, error, Interval(effect - z * error, effect + z * error)
    if method == "agresti-caffo":
        q_c, q_t = (x_c + 1) / (n_c + 2), (x_t + 1) / (n_t + 2)
        error = np.sqrt(q_c * (1 - q_c) / (n_c + 2) + q_t * (1 - q_t) / (n_t + 2))
        return effect, error, Interval(q_t - q_c - z * error, q_t - q_c + z * error)
    if method == "newcombe":
        (low_c, high_c), (low_t, high_t) = wilson(x_c, n_c, z), wilson(x_t, n_t, z)
        lower = effect - np.hypot(p_t - low_t, high_c - p_c)
        return effect, error, Interval(lower, effect + np.hypot(high_t - p_t, p_c - low_c))
    return effect, error, score_difference(x_c, n_c, x_t, n_t, np.full_like(effect, z))


def _lift(method: str, counts: Counts, z: float, codes: Codes) -> Estimate:
    x_c, n_c, x_t, n_t = counts
    mark(codes, x_c == 0, "the denominator is within noise of zero")
    x_c = np.where(x_c > 0, x_c, 1.0)
    p_c, p_t = x_c / n_c, x_t / n_t
    ratio = p_t / p_c
    error = np.sqrt(p_t * (1 - p_t) / n_t + ratio * ratio * p_c * (1 - p_c) / n_c) / p_c
    if method == "wald":
        mark(codes, error == 0, "no variance")
        return ratio - 1, error, Interval(ratio - 1 - z * error, ratio - 1 + z * error)
    if method == "log":
        mark(codes, x_t == 0, "not estimable from these data")
        mark(codes, error == 0, "no variance")
        reach = np.exp(z * error / np.where(ratio > 0, ratio, 1.0))
        return ratio - 1, error, Interval(ratio / reach - 1, ratio * reach - 1)
    if method == "newcombe":
        limits = _combined_ratio(p_c, p_t, wilson(x_c, n_c, z), wilson(x_t, n_t, z))
    else:
        limits = score_ratio(x_c, n_c, x_t, n_t, np.full_like(ratio, z))
    return ratio - 1, error, Interval(limits.lower - 1, limits.upper - 1)


def _combined_ratio(
    p_c: FloatArray, p_t: FloatArray, control: tuple[FloatArray, FloatArray], treatment: tuple[FloatArray, FloatArray]
) -> Interval[FloatArray]:
    """Combine two intervals to one of the ratio (Donner and Zou 2012, equation 9)."""
    (low_c, high_c), (low_t, high_t) = control, treatment
    product = p_t * p_c
    below = product - np.sqrt(np.maximum(product**2 - low_t * high_c * (2 * p_t - low_t) * (2 * p_c - high_c), 0.0))
    above = product + np.sqrt(np.maximum(product**2 - high_t * low_c * (2 * p_t - high_t) * (2 * p_c - low_c), 0.0))
    return Interval(below / (high_c * (2 * p_c - high_c)), above / (low_c * (2 * p_c - low_c)))
