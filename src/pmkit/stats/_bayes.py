"""What the data say about an effect, as a distribution: chance to win, expected loss, credible interval."""

from __future__ import annotations

import math
from typing import Generic, overload

import attrs
import numpy as np

from pmkit.model import Interval
from pmkit.stats._arrays import (
    Codes,
    FloatArray,
    Inputs,
    Number,
    Numbers,
    Result,
    Scalar,
    finished,
    level,
    mark,
)
from pmkit.stats._bayes_beta import Beta, chance_above, difference_quantile, expected_excess
from pmkit.stats._checks import SAME_NUMBERS, checked_pair
from pmkit.stats._special import normal_density, normal_quantile, normal_tail

__all__ = ["Posterior", "beta_binomial", "normal_posterior", "unit_loss"]

CHUNK = 4096
LARGEST_COUNT = 1e15
LEAST_PRIOR = 0.1
FAR = 1e8


@attrs.frozen(kw_only=True, hash=False)
class Posterior(Result[Number], Generic[Number]):
    """What is believed of an effect after the data; positive means that the treatment is higher.

    Attributes
    ----------
    effect : float or ndarray
        Posterior mean.
    standard_deviation : float or ndarray
        Posterior standard deviation.
    interval : Interval
        Credible interval with equal tails.
    chance_to_win : float or ndarray
        The probability that the effect is above 0.
    expected_loss : float or ndarray
        What shipping the treatment loses on average, counting 0 where it is better: E[max(-effect, 0)].
    expected_loss_control : float or ndarray
        What keeping the control loses on average: E[max(effect, 0)].
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> found = normal_posterior(0.1, 0.05)
    >>> round(found.chance_to_win, 3), round(found.expected_loss, 5), round(found.expected_loss_control, 5)
    (0.977, 0.00042, 0.10042)
    """

    effect: Number = attrs.field(eq=SAME_NUMBERS)
    standard_deviation: Number = attrs.field(eq=SAME_NUMBERS)
    interval: Interval[Number]
    chance_to_win: Number = attrs.field(eq=SAME_NUMBERS)
    expected_loss: Number = attrs.field(eq=SAME_NUMBERS)
    expected_loss_control: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


def unit_loss(u: FloatArray) -> FloatArray:
    """Return E[max(Z - u, 0)] of a standard normal: the unit normal linear loss (Raiffa and Schlaifer 1961)."""
    from scipy.special import erfcx

    right = np.maximum(u, 0.0)
    with np.errstate(under="ignore"):
        mills = math.sqrt(math.pi / 2) * erfcx(right / math.sqrt(2))
        far = normal_density(right) * np.maximum(1 - right * mills, 0.0)
    return np.asarray(np.where(u > 0, far, normal_density(u) - u * normal_tail(u)))


@overload
def normal_posterior(
    effect: float, standard_error: float, *, prior: tuple[float, float] | None = ..., confidence: float = ...
) -> Posterior[Scalar]: ...
@overload
def normal_posterior(
    effect: Numbers, standard_error: Numbers, *, prior: tuple[Numbers, Numbers] | None = ..., confidence: float = ...
) -> Posterior[Scalar] | Posterior[FloatArray]: ...
def normal_posterior(
    effect: Numbers,
    standard_error: Numbers,
    *,
    prior: tuple[Numbers, Numbers] | None = None,
    confidence: float = 0.95,
) -> Posterior[Scalar] | Posterior[FloatArray]:
    """Give the posterior of an effect whose estimate is nearly normal.

    Parameters
    ----------
    effect : float or array, broadcast with the others
        The estimated effect, absolute or relative.
    standard_error : float or array
        Its standard error, at least 0.
    prior : (float or array, float or array), optional
        Mean and standard deviation of what was believed before; None is flat.
    confidence : float
        Of the credible interval.

    Returns
    -------
    Posterior
        Undefined where the standard error is 0.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, a prior that is not a pair, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961); Gelman et al. (2013), section 2.5.

    Examples
    --------
    >>> result = normal_posterior(0.1, 0.05)
    >>> round(result.chance_to_win, 4), round(result.expected_loss, 6)
    (0.9772, 0.000425)
    >>> round(normal_posterior(0.1, 0.05, prior=(0, 0.05)).effect, 3)
    0.05
    """
    inputs = Inputs("normal_posterior")
    raw = [inputs.number("effect", effect), inputs.number("standard_error", standard_error, lower=0)]
    if prior is not None:
        mean, deviation = checked_pair("prior", prior, "a mean and a standard deviation")
        raw += [inputs.number("prior mean", mean), inputs.number("prior standard deviation", deviation, above=0)]
    estimate, error, *believed = inputs.together(*raw)
    center: FloatArray = estimate
    tail = (1 - level(confidence)) / 2
    codes = np.zeros(estimate.shape, np.uint8)
    mark(codes, error == 0, "no variance")
    sd: FloatArray = np.where(error == 0, 1.0, error)
    if believed:
        weight = 1 / (1 + np.square(sd / believed[1]))
        center = np.asarray(weight * estimate + (1 - weight) * believed[0], np.float64)
        sd = np.asarray(sd * np.sqrt(weight), np.float64)
    with np.errstate(over="ignore", under="ignore"):
        width = float(normal_quantile(tail)) * sd
        numbers: dict[str, FloatArray | Interval[FloatArray]] = {
            "effect": center,
            "standard_deviation": sd,
            "interval": Interval(center - width, center + width),
            "chance_to_win": normal_tail(-center / sd),
            "expected_loss": _loss(center, sd),
            "expected_loss_control": _loss(-center, sd),
        }
    return finished(Posterior, codes, numbers)


def _loss(center: FloatArray, sd: FloatArray) -> FloatArray:
    """Return E[max(-effect, 0)]: just -center where no mass is on the other side."""
    with np.errstate(over="ignore", under="ignore"):
        u = center / sd
        return np.asarray(np.where(u < -FAR, -center, sd * unit_loss(np.maximum(u, -FAR))))


@overload
def beta_binomial(
    successes_control: float,
    trials_control: float,
    successes_treatment: float,
    trials_treatment: float,
    *,
    prior: tuple[float, float] = ...,
    confidence: float = ...,
) -> Posterior[Scalar]: ...
@overload
def beta_binomial(
    successes_control: Numbers,
    trials_control: Numbers,
    successes_treatment: Numbers,
    trials_treatment: Numbers,
    *,
    prior: tuple[Numbers, Numbers] = ...,
    confidence: float = ...,
) -> Posterior[Scalar] | Posterior[FloatArray]: ...
def beta_binomial(
    successes_control: Numbers,
    trials_control: Numbers,
    successes_treatment: Numbers,
    trials_treatment: Numbers,
    *,
    prior: tuple[Numbers, Numbers] = (1, 1),
    confidence: float = 0.95,
) -> Posterior[Scalar] | Posterior[FloatArray]:
    """Compare two proportions by their beta posteriors, exactly.

    Parameters
    ----------
    successes_control, trials_control, successes_treatment, trials_treatment : int or array, broadcast together
        Whole numbers from 0 to 1e15; successes at most as many as trials.
    prior : (float, float)
        The two parameters of the beta prior of both proportions, at least 0.1: (1, 1) is uniform, (0.5, 0.5)
        Jeffreys', (a, b) counts as a successes and b failures seen before.
    confidence : float
        Of the credible interval of the difference.

    Returns
    -------
    Posterior
        Of treatment minus control. Quadrature with a relative error about 1e-9; nothing is simulated.

    Raises
    ------
    InvalidValueError
        For counts that are not whole or do not fit, a prior below 0.1, or shapes that do not fit.

    References
    ----------
    Gelman et al. (2013), section 2.4; Stucchio (2015) on the expected loss.

    Examples
    --------
    >>> result = beta_binomial(100, 1000, 120, 1000)
    >>> round(result.chance_to_win, 6), round(result.expected_loss, 8)
    (0.923183, 0.00048461)
    """
    inputs = Inputs("beta_binomial")
    a, b = checked_pair("prior", prior, "two numbers, such as (1, 1)")
    raw = (
        inputs.number("successes_control", successes_control, lower=0, whole=True),
        inputs.number("trials_control", trials_control, lower=0, upper=LARGEST_COUNT, whole=True),
        inputs.number("successes_treatment", successes_treatment, lower=0, whole=True),
        inputs.number("trials_treatment", trials_treatment, lower=0, upper=LARGEST_COUNT, whole=True),
        inputs.number("prior successes", a, lower=LEAST_PRIOR, upper=LARGEST_COUNT),
        inputs.number("prior failures", b, lower=LEAST_PRIOR, upper=LARGEST_COUNT),
    )
    for arm, wins, trials in (("control", raw[0], raw[1]), ("treatment", raw[2], raw[3])):
        if inputs.fit(wins, trials):
            inputs.require(wins <= trials, f"successes_{arm} must not exceed trials_{arm}")
    won_c, n_c, won_t, n_t, prior_a, prior_b = inputs.together(*raw)
    tail = (1 - level(confidence)) / 2
    control = Beta.of((prior_a + won_c).ravel(), (prior_b + n_c - won_c).ravel())
    treatment = Beta.of((prior_a + won_t).ravel(), (prior_b + n_t - won_t).ravel())
    columns = np.empty((7, control.a.size))
    for start in range(0, control.a.size, CHUNK):
        part = slice(start, start + CHUNK)
        columns[:, part] = _compared(control.part(part), treatment.part(part), tail)
    effect, sd, lower, upper, chance, loss, loss_control = (column.reshape(won_c.shape) for column in columns)
    numbers: dict[str, FloatArray | Interval[FloatArray]] = {
        "effect": effect,
        "standard_deviation": sd,
        "interval": Interval(lower, upper),
        "chance_to_win": chance,
        "expected_loss": loss,
        "expected_loss_control": loss_control,
    }
    return finished(Posterior, np.zeros(won_c.shape, np.uint8), numbers)


def _compared(control: Beta, treatment: Beta, tail: float) -> FloatArray:
    return np.stack(
        [
            _difference(control, treatment),
            np.sqrt(control.variance + treatment.variance),
            difference_quantile(treatment, control, tail),
            difference_quantile(treatment, control, 1 - tail),
            chance_above(treatment, control),
            expected_excess(treatment, control),
            expected_excess(control, treatment),
        ]
    )


def _difference(control: Beta, treatment: Beta) -> FloatArray:
    """Return the difference of the means without subtracting two nearly equal numbers."""
    cross = treatment.a * control.b - control.a * treatment.b
    return np.asarray(cross / (treatment.a + treatment.b) / (control.a + control.b))
