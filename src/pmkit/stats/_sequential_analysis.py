"""Reading a group sequential test while it runs and when it has stopped."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval, Undefined, quoted
from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Numbers, choice, level
from pmkit.stats._checks import check_number, whole_number
from pmkit.stats._sequential import SequentialDesign, Stopping
from pmkit.stats._sequential_walk import Walk, crossings
from pmkit.stats._solve import bracketed_root

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Drift",
    "Stagewise",
    "conditional_power",
    "conditional_stopping",
    "predictive_power",
    "repeated_interval",
    "stagewise",
    "winner_exaggeration",
]

Drift = float | Literal["observed", "null", "planned"]
"""A true effect: as the expected z statistic at full information, or in words."""

HERMITE_NODES = 48
WIDEST_DRIFT = 60.0
FURTHEST_Z = 40.0


def _drift(design: SequentialDesign, look: int, z: float, drift: Drift) -> float:
    if isinstance(drift, str):
        word = choice(drift, ("observed", "null", "planned"), "drift")
        if word == "planned":
            if isinstance(design.drift, Undefined):
                raise InvalidValueError("drift='planned' needs a design with a power; plan it with power=0.8, say")
            return design.drift
        return z / math.sqrt(float(design.information[look - 1])) if word == "observed" else 0.0
    check_number("drift", drift, -WIDEST_DRIFT, WIDEST_DRIFT)
    return float(drift)


def conditional_stopping(design: SequentialDesign, look: int, z: float, *, drift: Drift = "observed") -> Stopping:
    """Say where the test will stop, given what a look has shown.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    look : int
        The look that was taken, from 1 to the last but one.
    z : float
        Its z statistic, from -40 to 40.
    drift : float or str
        The true effect from now on: the expected z statistic at full information, or ``"observed"`` (as seen so
        far), ``"null"`` (none) or ``"planned"``.

    Returns
    -------
    Stopping
        For the looks to come; the expected information counts from the start.

    Raises
    ------
    InvalidValueError
        For a look that has no successor, or a number out of range.

    References
    ----------
    Jennison and Turnbull (2000), section 10.2.

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> design = group_sequential(3, spending="lan-demets-obrien-fleming", power=0.9)
    >>> conditional_stopping(design, 1, 1.5, drift="null").upper.round(4)
    array([0.0201, 0.0703])
    """
    at = whole_number("look", look, 1, len(design) - 1)
    check_number("z", z, -FURTHEST_Z, FURTHEST_Z)
    return _remaining(design, at, float(z), _drift(design, at, float(z), drift))


def _remaining(design: SequentialDesign, look: int, z: float, drift: float) -> Stopping:
    before = float(design.information[look - 1])
    later = design.information[look:]
    times = later - before
    roots = np.sqrt(times)
    upper = (design.z[look:] * np.sqrt(later) - z * math.sqrt(before)) / roots
    lower = (design.lower[look:] * np.sqrt(later) - z * math.sqrt(before)) / roots
    above, below = crossings(tuple(times.tolist()), lower, upper, drift)
    early = (above + below)[:-1]
    expected = float(early @ later[:-1] + (1 - early.sum()) * later[-1])
    return Stopping(upper=above, lower=below, expected_information=expected)


@overload
def conditional_power(design: SequentialDesign, look: int, z: float, *, drift: Drift = ...) -> float: ...
@overload
def conditional_power(design: SequentialDesign, look: int, z: Arrays, *, drift: Drift = ...) -> FloatArray: ...
def conditional_power(
    design: SequentialDesign, look: int, z: Numbers, *, drift: Drift = "observed"
) -> float | FloatArray:
    """Give the probability of a win at a later look, given what a look has shown.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    look : int
        The look that was taken, from 1 to the last but one.
    z : float or array of any shape
        Its z statistic, from -40 to 40.
    drift : float or str
        The true effect from now on: the expected z statistic at full information, or ``"observed"``, ``"null"`` or
        ``"planned"``.

    Returns
    -------
    float or ndarray
        In [0, 1], of the shape of `z`.

    Raises
    ------
    InvalidValueError
        For a look that has no successor, or a number out of range.

    References
    ----------
    Lan, Simon and Halperin (1982); Jennison and Turnbull (2000), section 10.2.

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> design = group_sequential(2, spending="obrien-fleming", power=0.8)
    >>> round(conditional_power(design, 1, 1.0), 3)
    0.213
    >>> conditional_power(design, 1, [0.0, 1.0, 2.0], drift="planned").round(3)
    array([0.21 , 0.576, 0.883])
    """
    at = whole_number("look", look, 1, len(design) - 1)
    inputs = Inputs("conditional_power")
    seen = inputs.number("z", z, lower=-FURTHEST_Z, upper=FURTHEST_Z)
    inputs.done()
    found = np.array(
        [
            float(_remaining(design, at, float(one), _drift(design, at, float(one), drift)).upper.sum())
            for one in seen.ravel()
        ]
    )
    return float(found[0]) if seen.ndim == 0 else found.reshape(seen.shape)


def predictive_power(
    design: SequentialDesign, look: int, z: float, *, prior_mean: float = 0.0, prior_sd: float = math.inf
) -> float:
    """Average the conditional power over what the true effect may be after a look.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    look : int
        The look that was taken, from 1 to the last but one.
    z : float
        Its z statistic, from -40 to 40.
    prior_mean, prior_sd : float
        A normal prior on the drift (the expected z statistic at full information); infinite for a flat one.

    Returns
    -------
    float
        The probability of a win at a later look, in [0, 1].

    Raises
    ------
    InvalidValueError
        For a look that has no successor, or a number out of range.

    References
    ----------
    Spiegelhalter, Freedman and Blackburn (1986).

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> design = group_sequential(2, spending="obrien-fleming", power=0.8)
    >>> round(predictive_power(design, 1, 1.0), 3)
    0.287
    """
    at = whole_number("look", look, 1, len(design) - 1)
    check_number("z", z, -FURTHEST_Z, FURTHEST_Z)
    check_number("prior_mean", prior_mean, -WIDEST_DRIFT, WIDEST_DRIFT)
    if prior_sd != math.inf:
        check_number("prior_sd", prior_sd, 1e-9, 1e9)
    information = float(design.information[at - 1])
    own = 0.0 if prior_sd == math.inf else 1 / prior_sd**2
    precision = own + information
    mean = (own * prior_mean + z * math.sqrt(information)) / precision
    nodes, weights = np.polynomial.hermite_e.hermegauss(HERMITE_NODES)
    values = [float(_remaining(design, at, z, mean + node / math.sqrt(precision)).upper.sum()) for node in nodes]
    return float(np.clip(weights @ np.array(values) / weights.sum(), 0.0, 1.0))


@overload
def repeated_interval(
    design: SequentialDesign, look: int, estimate: float, standard_error: float
) -> Interval[float]: ...
@overload
def repeated_interval(
    design: SequentialDesign, look: int, estimate: Arrays, standard_error: Numbers
) -> Interval[FloatArray]: ...
def repeated_interval(
    design: SequentialDesign, look: int, estimate: Numbers, standard_error: Numbers
) -> Interval[float] | Interval[FloatArray]:
    """Give an interval that holds at all looks at once, whether or not the test stops.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    look : int
        The look, from 1.
    estimate, standard_error : float or array, broadcast together
        The effect as estimated at the look, and its standard error (at least 0), in the unit of the metric.

    Returns
    -------
    Interval
        Estimate ± z times its error, with the boundary of the look. Each bound holds with confidence 1 - alpha,
        both together with 1 - 2 alpha. Infinite where the boundary is.

    Raises
    ------
    InvalidValueError
        For a look that the design has not, or a number out of range.

    References
    ----------
    Jennison and Turnbull (1989); Jennison and Turnbull (2000), chapter 9.

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> design = group_sequential(4)
    >>> lower, upper = repeated_interval(design, 2, 0.03, 0.01)
    >>> round(lower, 4), round(upper, 4)
    (0.0014, 0.0586)
    """
    at = whole_number("look", look, 1, len(design))
    inputs = Inputs("repeated_interval")
    center, error = inputs.together(
        inputs.number("estimate", estimate), inputs.number("standard_error", standard_error, lower=0)
    )
    bound = float(design.z[at - 1])
    half = np.where(error > 0, bound * np.where(error > 0, error, 1.0), 0.0)
    if inputs.scalar:
        return Interval(float(center - half), float(center + half))
    return Interval(center - half, center + half)


@attrs.frozen(kw_only=True)
class Stagewise:
    """What a stopped group sequential test says, corrected for its stopping.

    Attributes
    ----------
    p_value : float
        One-sided in a one-sided test, two-sided in a two-sided one; at most alpha (2 alpha) exactly when the
        boundary was crossed.
    estimate : float
        Too large and too small equally often, in the unit of the given estimate.
    interval : Interval of float
        With exact coverage under the stopping rule.

    Examples
    --------
    >>> from pmkit.stats import group_sequential, stagewise
    >>> found = stagewise(group_sequential(4, spending="pocock"), 2, 0.05, 0.02)
    >>> round(found.estimate, 3), round(found.interval.lower, 3), round(found.interval.upper, 3)
    (0.048, 0.006, 0.088)
    """

    p_value: float
    estimate: float
    interval: Interval[float]


def stagewise(
    design: SequentialDesign, look: int, estimate: float, standard_error: float, *, confidence: float = 0.95
) -> Stagewise:
    """Correct p-value, estimate and interval for the chance to stop early.

    Outcomes are ordered by the stage at which they stopped: an earlier win is stronger evidence than a later one.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    look : int
        The look at which the test stopped, from 1.
    estimate, standard_error : float
        The effect as estimated there, and its standard error (above 0), in the unit of the metric.
    confidence : float
        Of the two-sided interval.

    Returns
    -------
    Stagewise

    Raises
    ------
    InvalidValueError
        For a look that the design has not, or a number out of range (the z statistic from -40 to 40).

    References
    ----------
    Tsiatis, Rosner and Mehta (1984); Jennison and Turnbull (2000), sections 8.4 and 8.5.

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> design = group_sequential(4, spending="pocock")
    >>> result = stagewise(design, 2, 0.05, 0.02)
    >>> round(result.p_value, 4), round(result.estimate, 4)
    (0.0134, 0.048)
    """
    at = whole_number("look", look, 1, len(design))
    check_number("estimate", estimate, -math.inf, math.inf)
    check_number("standard_error", standard_error, 0, math.inf)
    if not (standard_error > 0 and math.isfinite(standard_error) and math.isfinite(estimate)):
        raise InvalidValueError(f"standard_error must be above 0 and finite, not {quoted(standard_error)}")
    z = estimate / standard_error
    check_number("estimate / standard_error", z, -FURTHEST_Z, FURTHEST_Z)
    tail = (1 - level(confidence)) / 2
    root = math.sqrt(float(design.information[at - 1]))
    unit = standard_error * root
    surprise = _surprise(design, at, z)
    above = surprise(0.0)
    p_value = above if design.sided == 1 else min(1.0, 2 * min(above, 1 - above))

    def effect(probability: float) -> float:
        low = high = z / root
        span = 3 / math.sqrt(float(design.information[0]))
        while surprise(low) > probability and low > -WIDEST_DRIFT * 10:
            low -= span
        while surprise(high) < probability and high < WIDEST_DRIFT * 10:
            high += span
        return unit * (low if low == high else bracketed_root(lambda drift: surprise(drift) - probability, low, high))

    return Stagewise(p_value=p_value, estimate=effect(0.5), interval=Interval(effect(tail), effect(1 - tail)))


def _surprise(design: SequentialDesign, look: int, z: float) -> Callable[[float], float]:
    """Return the probability, by drift, of an outcome at least as high in the stage-wise order."""
    times = tuple(design.information[:look].tolist())
    upper, lower = design.z[:look].copy(), design.lower[:look].copy()
    if design.futility is not None and not design.futility.binding:
        lower[:] = -math.inf
    upper[-1] = z
    return lambda drift: float(crossings(times, lower, upper, drift)[0].sum())


def winner_exaggeration(design: SequentialDesign, drift: float) -> float:
    """Say by how much the estimates of declared winners overstate the effect, on average.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`; one look is a fixed test.
    drift : float
        The true effect as the expected z statistic at full information, above 0 and up to 60.

    Returns
    -------
    float
        The expected estimate of those that cross the upper boundary, as a multiple of the true effect.

    Raises
    ------
    InvalidValueError
        For a drift that is out of range.

    References
    ----------
    Gelman and Carlin (2014) call it the exaggeration ratio, or type M error.

    Examples
    --------
    >>> from pmkit.stats import group_sequential
    >>> fixed = group_sequential(1, power=0.8)
    >>> round(winner_exaggeration(fixed, fixed.drift), 2), round(winner_exaggeration(fixed, fixed.drift / 2), 2)
    (1.12, 1.85)
    """
    check_number("drift", drift, 1e-6, WIDEST_DRIFT)
    times = tuple(design.information.tolist())
    walk = Walk(times, float(drift))
    won = seen = 0.0
    for look, time in enumerate(times):
        low, high = float(design.lower[look]) * math.sqrt(time), float(design.z[look]) * math.sqrt(time)
        won += walk.above(high)
        seen += walk.score_above(high) / time
        if look + 1 < len(times):
            walk.advance(low, high)
    return seen / (won * float(drift))
