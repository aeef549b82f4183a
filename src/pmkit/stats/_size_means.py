"""Sample size, power and detectable effect for comparing two means."""

from __future__ import annotations

from typing import overload

import attrs
import numpy as np

from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Numbers, choice
from pmkit.stats._comparison import Alternative, sidedness
from pmkit.stats._estimates import DISTRIBUTIONS, Distribution
from pmkit.stats._roots import Places, rising_roots
from pmkit.stats._special import noncentral_t_tail, normal_quantile, normal_tail, t_quantile, two_sided_power

__all__ = ["detectable_effect_means", "power_means", "sample_size_means", "scalar_or_array"]

SMALLEST_EFFECT = 1e-100
LEAST_UNITS = 3.0
FARTHEST = 1e8
ROUNDING = 1e-9


def scalar_or_array(inputs: Inputs, values: FloatArray) -> float | FloatArray:
    """Return a Python float when all arguments were single numbers."""
    return float(values) if inputs.scalar else values


@attrs.frozen(eq=False)
class MeanTest:
    """A test of two means: what its power depends on besides effect and units."""

    alpha: FloatArray
    two_sided: bool
    exact: bool

    def critical(self, df: FloatArray) -> FloatArray:
        """Return the value that the statistic has to pass."""
        tail = self.alpha / 2 if self.two_sided else self.alpha
        return t_quantile(tail, df) if self.exact else np.broadcast_to(normal_quantile(tail), np.shape(df))

    def power(self, critical: FloatArray, df: FloatArray, shift: FloatArray) -> FloatArray:
        """Return the power where the statistic's mean is shifted."""
        if self.exact:
            return two_sided_power(critical, df, shift) if self.two_sided else noncentral_t_tail(critical, df, shift)
        upper = normal_tail(critical - shift)
        return upper + normal_tail(critical + shift) if self.two_sided else upper

    def at(self, places: Places) -> MeanTest:
        """Return the test of some places only."""
        return attrs.evolve(self, alpha=self.alpha[places])


def _read_test(
    inputs: Inputs, alpha: Numbers, alternative: object, distribution: object
) -> tuple[FloatArray, bool, bool]:
    side = sidedness(alternative)
    exact = choice(distribution, DISTRIBUTIONS, "distribution") == "t"
    return inputs.number("alpha", alpha, above=0, below=1), side == "two-sided", exact


def _read_effect(inputs: Inputs, effect: Numbers, sd: Numbers) -> tuple[FloatArray, FloatArray]:
    size = np.abs(inputs.number("effect", effect))
    spread = inputs.number("sd", sd, above=0)
    return size, spread


def _probit(power: FloatArray) -> FloatArray:
    return -normal_quantile(np.clip(power, 1e-300, 1 - 1e-16))


@overload
def sample_size_means(
    effect: float,
    *,
    sd: float = ...,
    ratio: float = ...,
    alpha: float = ...,
    power: float = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float: ...
@overload
def sample_size_means(
    effect: Arrays,
    *,
    sd: Numbers = ...,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    power: Numbers = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> FloatArray: ...
@overload
def sample_size_means(
    effect: Numbers,
    *,
    sd: Numbers = ...,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    power: Numbers = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float | FloatArray: ...
def sample_size_means(
    effect: Numbers,
    *,
    sd: Numbers = 1.0,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    power: Numbers = 0.8,
    alternative: Alternative = "two-sided",
    distribution: Distribution = "t",
) -> float | FloatArray:
    """Return the units that the control needs for a difference of two means to be found.

    Parameters
    ----------
    effect : float or array
        The difference to be found, in the metric's unit; its sign does not matter, for a one-sided
        test looks in its direction. Not 0.
    sd : float or array
        Standard deviation of the metric within an arm, above 0.
    ratio : float or array
        Treatment units for each control unit, above 0.
    alpha : float or array
        Rate of false alarms, of both sides together for a two-sided test; between 0 and 1.
    power : float or array
        Probability of finding the effect, between 0 and 1.
    alternative : {"two-sided", "greater", "less"}
    distribution : {"t", "normal"}
        Exact, by the noncentral t; or by the normal, for large samples.

    Returns
    -------
    float or array
        Units in the control, not rounded (``math.ceil`` it); the treatment needs `ratio` times as
        many. Never below the three units in all that a pooled variance needs.

    Raises
    ------
    InvalidValueError
        For an argument out of range.

    Notes
    -----
    Exact power of the t test with pooled variance (Cohen 1988; Johnson, Kotz and Balakrishnan 1995,
    chapter 31), solved in the root of the units, where its probit is nearly straight.

    Examples
    --------
    >>> round(sample_size_means(0.2), 2)
    393.41
    >>> sample_size_means([0.1, 0.5], alpha=0.01, power=0.9).round(1)
    array([2977.5,  120.7])
    """
    inputs = Inputs("sample_size_means")
    size, spread = _read_effect(inputs, effect, sd)
    allocation = inputs.number("ratio", ratio, above=0)
    level, two_sided, exact = _read_test(inputs, alpha, alternative, distribution)
    target = inputs.number("power", power, above=0, below=1)
    if not inputs.problems:
        inputs.require(np.asarray(size > 0), "effect must not be 0")
    size, spread, allocation, level, target = inputs.together(size, spread, allocation, level, target)
    standardized = size / spread
    inputs.require((standardized >= SMALLEST_EFFECT) | (size == 0), "effect is too small against sd")
    inputs.done()
    units = _solve_units(
        standardized.ravel(), allocation.ravel(), target.ravel(), MeanTest(level.ravel(), two_sided, exact)
    )
    return scalar_or_array(inputs, units.reshape(size.shape))


def _solve_units(effect: FloatArray, ratio: FloatArray, power: FloatArray, test: MeanTest) -> FloatArray:
    """Solve for the control's units by the secant method in their root, and by brackets where that fails."""
    tail = test.alpha / 2 if test.two_sided else test.alpha
    z_alpha, z_power = normal_quantile(tail), _probit(power)
    scale = effect * np.sqrt(ratio / (1 + ratio))
    least = LEAST_UNITS / (1 + ratio)
    start = np.square(np.maximum(z_alpha + z_power, 0.0) / scale)
    if test.exact:
        start = start + np.square(z_alpha) / (2 * (1 + ratio))

    def excess(point: FloatArray, places: Places) -> FloatArray:
        df = np.maximum(np.square(point) * (1 + ratio[places]) - 2, 1.0)
        chosen = test.at(places)
        return _probit(chosen.power(chosen.critical(df), df, scale[places] * point)) - z_power[places]

    return np.square(rising_roots(excess, np.sqrt(start), scale, np.sqrt(least)))


@overload
def power_means(
    effect: float,
    n: float,
    *,
    sd: float = ...,
    ratio: float = ...,
    alpha: float = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float: ...
@overload
def power_means(
    effect: Numbers,
    n: Numbers,
    *,
    sd: Numbers = ...,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float | FloatArray: ...
def power_means(
    effect: Numbers,
    n: Numbers,
    *,
    sd: Numbers = 1.0,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    alternative: Alternative = "two-sided",
    distribution: Distribution = "t",
) -> float | FloatArray:
    """Return the probability of finding a difference of two means.

    Parameters
    ----------
    effect : float or array
        The true difference, in the metric's unit; a one-sided test looks in its direction.
    n : float or array
        Units in the control; the treatment has `ratio` times as many, and both at least 3 in all.
    sd, ratio, alpha, alternative, distribution
        As in `sample_size_means`.

    Returns
    -------
    float or array
        Power, between 0 and 1; alpha where the effect is 0.

    Raises
    ------
    InvalidValueError
        For an argument out of range.

    Notes
    -----
    As in `sample_size_means`.

    Examples
    --------
    >>> round(power_means(0.5, 64), 4)
    0.8015
    """
    inputs = Inputs("power_means")
    size, spread = _read_effect(inputs, effect, sd)
    units = inputs.number("n", n, above=0)
    allocation = inputs.number("ratio", ratio, above=0)
    level, two_sided, exact = _read_test(inputs, alpha, alternative, distribution)
    size, spread, units, allocation, level = inputs.together(size, spread, units, allocation, level)
    df = _freedom(inputs, units, allocation)
    test = MeanTest(level, two_sided, exact)
    with np.errstate(over="ignore"):
        shift = size / spread * np.sqrt(units * allocation / (1 + allocation))
    return scalar_or_array(inputs, test.power(test.critical(df), df, np.minimum(shift, FARTHEST)))


def _freedom(inputs: Inputs, units: FloatArray, allocation: FloatArray) -> FloatArray:
    df = units * (1 + allocation) - 2
    inputs.require(df >= 1 - ROUNDING, "n and ratio must give at least three units in all")
    inputs.done()
    return np.maximum(df, 1.0)


@overload
def detectable_effect_means(
    n: float,
    *,
    sd: float = ...,
    ratio: float = ...,
    alpha: float = ...,
    power: float = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float: ...
@overload
def detectable_effect_means(
    n: Numbers,
    *,
    sd: Numbers = ...,
    ratio: Numbers = ...,
    alpha: Numbers = ...,
    power: Numbers = ...,
    alternative: Alternative = ...,
    distribution: Distribution = ...,
) -> float | FloatArray: ...
def detectable_effect_means(
    n: Numbers,
    *,
    sd: Numbers = 1.0,
    ratio: Numbers = 1.0,
    alpha: Numbers = 0.05,
    power: Numbers = 0.8,
    alternative: Alternative = "two-sided",
    distribution: Distribution = "t",
) -> float | FloatArray:
    """Return the smallest difference of two means that is found with the power wanted.

    Parameters
    ----------
    n : float or array
        Units in the control; the treatment has `ratio` times as many, and both at least 3 in all.
    sd, ratio, alpha, power, alternative, distribution
        As in `sample_size_means`.

    Returns
    -------
    float or array
        The size of the difference, in the metric's unit; 0 where chance alone has that power.

    Raises
    ------
    InvalidValueError
        For an argument out of range.

    Notes
    -----
    As in `sample_size_means`.

    Examples
    --------
    >>> round(detectable_effect_means(1000), 4)
    0.1254
    """
    inputs = Inputs("detectable_effect_means")
    units = inputs.number("n", n, above=0)
    spread = inputs.number("sd", sd, above=0)
    allocation = inputs.number("ratio", ratio, above=0)
    level, two_sided, exact = _read_test(inputs, alpha, alternative, distribution)
    target = inputs.number("power", power, above=0, below=1)
    units, spread, allocation, level, target = inputs.together(units, spread, allocation, level, target)
    df = _freedom(inputs, units, allocation).ravel()
    test = MeanTest(level.ravel(), two_sided, exact)
    critical = test.critical(df)
    z_power = _probit(target.ravel())

    def excess(shift: FloatArray, places: Places) -> FloatArray:
        return _probit(test.at(places).power(critical[places], df[places], shift)) - z_power[places]

    start = np.maximum(critical + z_power, 0.0)
    shift = rising_roots(excess, start, np.ones(start.shape), np.zeros(start.shape)).reshape(units.shape)
    return scalar_or_array(inputs, shift * spread / np.sqrt(units * allocation / (1 + allocation)))
