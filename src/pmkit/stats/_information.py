"""What it is worth to know more before deciding."""

from __future__ import annotations

from typing import overload

import numpy as np

from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Numbers
from pmkit.stats._bayes import unit_loss

__all__ = [
    "evpi",
    "evpi_actions",
    "evpi_beta",
    "evpi_choice",
    "evsi",
    "evsi_actions",
    "evsi_beta",
    "evsi_choice",
]

MOST_TRIALS = 10_000_000
PROBABILITIES_SUM_TO = 1e-9
KNOTS = np.array([-9.0, -6.0, -4.0, -2.5, -1.0, 0.0, 1.0, 2.5, 4.0, 6.0, 9.0])
NODES = 16


def _given(values: FloatArray, *, scalar: bool) -> float | FloatArray:
    return float(values) if scalar else values


def _act_or_not(mean: FloatArray, sd: FloatArray) -> FloatArray:
    """Return the expected loss of deciding now, when the value of acting is normal."""
    safe = np.where(sd > 0, sd, 1.0)
    with np.errstate(over="ignore"):
        u = np.minimum(np.abs(mean) / safe, 1e150)
    return np.asarray(np.where(sd > 0, safe * unit_loss(u), 0.0))


@overload
def evpi(mean: float, sd: float) -> float: ...
@overload
def evpi(mean: Numbers, sd: Numbers) -> float | FloatArray: ...
def evpi(mean: Numbers, sd: Numbers) -> float | FloatArray:
    """Give the expected value of perfect information on whether to act.

    Parameters
    ----------
    mean, sd : float or array, broadcast together
        What is believed of the net value of acting (against 0 for not acting), normally distributed; sd at least 0.

    Returns
    -------
    float or ndarray
        In the unit of the value: the most that any test could be worth.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961), section 5.4.

    Examples
    --------
    >>> round(evpi(0.0, 1.0), 6)
    0.398942
    >>> evpi([1.0, -1.0], 1.0).round(4)
    array([0.0833, 0.0833])
    """
    inputs = Inputs("evpi")
    center, spread = inputs.together(inputs.number("mean", mean), inputs.number("sd", sd, lower=0))
    return _given(_act_or_not(center, spread), scalar=inputs.scalar)


@overload
def evsi(mean: float, sd: float, data_variance: float) -> float: ...
@overload
def evsi(mean: Numbers, sd: Numbers, data_variance: Numbers) -> float | FloatArray: ...
def evsi(mean: Numbers, sd: Numbers, data_variance: Numbers) -> float | FloatArray:
    """Give the expected value of a test that estimates the value of acting.

    Parameters
    ----------
    mean, sd : float or array, broadcast together
        What is believed of the net value of acting, normally distributed; sd at least 0.
    data_variance : float or array
        Variance of the estimate that the test will give, at least 0 (0 is perfect information).

    Returns
    -------
    float or ndarray
        In the unit of the value, before the cost of the test; at most `evpi`.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961), section 5.4.

    Examples
    --------
    >>> round(evsi(0.0, 1.0, 1.0), 6)
    0.282095
    """
    inputs = Inputs("evsi")
    center, spread, noise = inputs.together(
        inputs.number("mean", mean),
        inputs.number("sd", sd, lower=0),
        inputs.number("data_variance", data_variance, lower=0),
    )
    return _given(_act_or_not(center, _moves(spread, noise)), scalar=inputs.scalar)


def _moves(sd: FloatArray, data_variance: FloatArray) -> FloatArray:
    """Return the standard deviation of the posterior mean, seen from before the data."""
    root = np.sqrt(data_variance)
    total = np.hypot(sd, root)
    return np.asarray(np.where(total > 0, sd * (sd / np.where(total > 0, total, 1.0)), 0.0))


@overload
def evpi_beta(prior_successes: float, prior_failures: float, *, threshold: float, value: float = ...) -> float: ...
@overload
def evpi_beta(
    prior_successes: Numbers, prior_failures: Numbers, *, threshold: Numbers, value: Numbers = ...
) -> float | FloatArray: ...
def evpi_beta(
    prior_successes: Numbers, prior_failures: Numbers, *, threshold: Numbers, value: Numbers = 1.0
) -> float | FloatArray:
    """Give the expected value of knowing a rate on which it depends whether to act.

    Parameters
    ----------
    prior_successes, prior_failures : float or array, broadcast with the others
        The parameters of the beta prior of the rate, above 0.
    threshold : float or array
        The rate from which acting pays, in [0, 1].
    value : float or array
        What acting gains for each unit of the rate above the threshold, at least 0.

    Returns
    -------
    float or ndarray
        In the unit of the value.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961), section 9.1.

    Examples
    --------
    >>> round(evpi_beta(2, 8, threshold=0.25, value=1000), 3)
    30.034
    """
    inputs = Inputs("evpi_beta")
    a, b, limit, gain = inputs.together(
        inputs.number("prior_successes", prior_successes, above=0),
        inputs.number("prior_failures", prior_failures, above=0),
        inputs.number("threshold", threshold, lower=0, upper=1),
        inputs.number("value", value, lower=0),
    )
    return _given(gain * _beta_loss(a, b, limit), scalar=inputs.scalar)


def _beta_loss(a: FloatArray, b: FloatArray, limit: FloatArray) -> FloatArray:
    """Return the smaller of E[max(p - limit, 0)] and E[max(limit - p, 0)]."""
    from scipy.special import betainc, betaincc

    mean = a / (a + b)
    over = mean * betaincc(a + 1, b, limit) - limit * betaincc(a, b, limit)
    under = limit * betainc(a, b, limit) - mean * betainc(a + 1, b, limit)
    return np.asarray(np.maximum(np.where(mean > limit, under, over), 0.0))


def evsi_beta(
    prior_successes: float, prior_failures: float, trials: int, *, threshold: float, value: float = 1.0
) -> float:
    """Give the expected value of a number of trials, before deciding on a rate.

    Parameters
    ----------
    prior_successes, prior_failures : float
        The parameters of the beta prior of the rate, above 0.
    trials : int
        How many units the test will see, from 0 to ten million.
    threshold : float
        The rate from which acting pays, in [0, 1].
    value : float
        What acting gains for each unit of the rate above the threshold, at least 0.

    Returns
    -------
    float
        In the unit of the value, before the cost of the test; at most `evpi_beta`.

    Raises
    ------
    InvalidValueError
        For a number that is out of range.

    References
    ----------
    Raiffa and Schlaifer (1961), section 9.1.

    Examples
    --------
    >>> round(evsi_beta(2, 8, 20, threshold=0.25, value=1000), 3)
    22.102
    """
    from scipy.special import betaln, gammaln

    inputs = Inputs("evsi_beta")
    numbers = (
        inputs.number("prior_successes", prior_successes, above=0),
        inputs.number("prior_failures", prior_failures, above=0),
        inputs.number("trials", trials, lower=0, upper=MOST_TRIALS, whole=True),
        inputs.number("threshold", threshold, lower=0, upper=1),
        inputs.number("value", value, lower=0),
    )
    inputs.require(np.array(inputs.scalar), "every argument must be one number")
    inputs.done()
    a, b, count, limit, gain = (float(number) for number in numbers)
    wins = np.arange(count + 1)
    excess = (a + wins) / (a + b + count) - limit
    side = excess > 0 if a / (a + b) <= limit else excess < 0
    seen = wins[side]
    ways = gammaln(count + 1) - gammaln(seen + 1) - gammaln(count - seen + 1)
    chance = np.exp(ways + betaln(a + seen, b + count - seen) - betaln(a, b))
    return gain * float(chance @ np.abs(excess[side]))


def _table(inputs: Inputs, payoffs: Arrays, probabilities: Arrays) -> tuple[FloatArray, FloatArray]:
    values = inputs.number("payoffs", payoffs)
    chances = inputs.number("probabilities", probabilities, lower=0, upper=1)
    if inputs.problems:
        return values, chances
    good = values.ndim > 1 and chances.ndim > 0 and values.shape[-2:-1] == chances.shape[-1:]
    inputs.require(np.array(good), "payoffs must have the shape (..., states, actions), probabilities (..., states)")
    inputs.require(
        np.abs(chances.sum(axis=-1) - 1) <= PROBABILITIES_SUM_TO if chances.ndim else np.array(False),
        "probabilities must sum to 1 over the states",
    )
    return values, chances


def evpi_actions(payoffs: Arrays, probabilities: Arrays) -> float | FloatArray:
    """Give the expected value of knowing the state of the world before choosing among actions.

    Parameters
    ----------
    payoffs : array, shape (..., states, actions)
        What each action pays in each state.
    probabilities : array, shape (..., states)
        Of the states, summing to 1.

    Returns
    -------
    float or ndarray
        Of the leading shape, at least 0.

    Raises
    ------
    InvalidValueError
        For shapes that do not fit, or probabilities that do not sum to 1.

    References
    ----------
    Raiffa and Schlaifer (1961), chapter 4.

    Examples
    --------
    >>> evpi_actions([[100, 0], [-50, 0]], [0.4, 0.6])
    30.0
    """
    inputs = Inputs("evpi_actions")
    values, chances = _table(inputs, payoffs, probabilities)
    inputs.done()
    weighted = values * chances[..., None]
    worth = weighted.max(axis=-1).sum(axis=-1) - weighted.sum(axis=-2).max(axis=-1)
    return _given(np.maximum(worth, 0.0), scalar=worth.ndim == 0)


def evsi_actions(payoffs: Arrays, probabilities: Arrays, likelihoods: Arrays) -> float | FloatArray:
    """Give the expected value of a signal before choosing among actions.

    Parameters
    ----------
    payoffs : array, shape (..., states, actions)
        What each action pays in each state.
    probabilities : array, shape (..., states)
        Of the states, summing to 1.
    likelihoods : array, shape (..., states, signals)
        The probability of each signal in each state, summing to 1 over the signals. For a test with sensitivity s
        and specificity t of a state "true" and one "false": ``[[s, 1 - s], [1 - t, t]]``.

    Returns
    -------
    float or ndarray
        Of the leading shape, at least 0 and at most `evpi_actions`.

    Raises
    ------
    InvalidValueError
        For shapes that do not fit, or probabilities that do not sum to 1.

    References
    ----------
    Raiffa and Schlaifer (1961), chapter 4.

    Examples
    --------
    >>> round(evsi_actions([[100, 0], [-50, 0]], [0.4, 0.6], [[0.9, 0.1], [0.2, 0.8]]), 6)
    20.0
    """
    inputs = Inputs("evsi_actions")
    values, chances = _table(inputs, payoffs, probabilities)
    signals = inputs.number("likelihoods", likelihoods, lower=0, upper=1)
    if not inputs.problems:
        good = signals.ndim > 1 and signals.shape[-2] == chances.shape[-1]
        inputs.require(np.array(good), "likelihoods must have the shape (..., states, signals)")
        inputs.require(
            np.abs(signals.sum(axis=-1) - 1) <= PROBABILITIES_SUM_TO if good else np.array(True),
            "likelihoods must sum to 1 over the signals",
        )
    inputs.done()
    weighted = values * chances[..., None]
    informed = np.einsum("...sa,...sk->...ka", weighted, signals).max(axis=-1).sum(axis=-1)
    worth = np.asarray(informed - weighted.sum(axis=-2).max(axis=-1))
    return _given(np.maximum(worth, 0.0), scalar=worth.ndim == 0)


def evpi_choice(means: Arrays, sds: Arrays) -> float | FloatArray:
    """Give the expected value of knowing what each of several actions pays, one of which is chosen.

    Parameters
    ----------
    means, sds : array, shape (..., actions), broadcast together
        What is believed of the value of each action, normal and independent; an sd of 0 is a value known for sure,
        such as 0 for doing nothing.

    Returns
    -------
    float or ndarray
        Of the leading shape, at least 0.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, no actions, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961), section 5.5.

    Examples
    --------
    >>> round(evpi_choice([0.0, 0.0], [1.0, 0.0]), 6), round(evpi_choice([1.0, 0.8, 0.0], [1.0, 1.0, 0.0]), 4)
    (0.398942, 0.4799)
    """
    inputs = Inputs("evpi_choice")
    centers, spreads = _choices(inputs, means, sds)
    return _best_of(centers, spreads)


def evsi_choice(means: Arrays, sds: Arrays, data_variances: Arrays) -> float | FloatArray:
    """Give the expected value of a test that estimates what each of several actions pays.

    Parameters
    ----------
    means, sds : array, shape (..., actions), broadcast together
        What is believed of the value of each action, normal and independent; sd at least 0.
    data_variances : array, shape (..., actions)
        Variance of each estimate that the test will give, at least 0; a very large one where it says nothing.

    Returns
    -------
    float or ndarray
        Of the leading shape, at least 0 and at most `evpi_choice`.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, no actions, or shapes that do not fit.

    References
    ----------
    Raiffa and Schlaifer (1961), section 5.5.

    Examples
    --------
    >>> round(evsi_choice([0.0, 0.0], [1.0, 0.0], [1.0, 1.0]), 6)
    0.282095
    """
    inputs = Inputs("evsi_choice")
    noise = inputs.number("data_variances", data_variances, lower=0)
    centers, spreads = _choices(inputs, means, sds)
    centers, spreads, noise = inputs.together(centers, spreads, noise)
    return _best_of(centers, _moves(spreads, noise))


def _choices(inputs: Inputs, means: Arrays, sds: Arrays) -> tuple[FloatArray, FloatArray]:
    center, spread = inputs.number("means", means), inputs.number("sds", sds, lower=0)
    inputs.require(np.array(center.ndim > 0 and center.size > 0), "means must hold at least one action")
    centers, spreads = inputs.together(center, spread)
    return centers, spreads


def _best_of(means: FloatArray, sds: FloatArray) -> float | FloatArray:
    """Return E[max] - max E of independent normals: Gauss-Legendre between knots that follow each of them."""
    from scipy.special import log_ndtr

    best = means.max(axis=-1, keepdims=True)
    knots = (means[..., None] + sds[..., None] * KNOTS).reshape(*means.shape[:-1], -1)
    knots = np.sort(np.concatenate([knots, best], axis=-1), axis=-1)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = 0.5 * np.diff(knots, axis=-1)[..., None]
    x = 0.5 * (knots[..., 1:] + knots[..., :-1])[..., None] + half * nodes
    safe = np.where(sds > 0, sds, 1.0)[..., None, None, :]
    away = x[..., None] - means[..., None, None, :]
    with np.errstate(under="ignore"):
        known = np.where(away >= 0, 0.0, -np.inf)
        log_below = np.where(sds[..., None, None, :] > 0, log_ndtr(away / safe), known).sum(axis=-1)
        above_best = x > best[..., None]
        part = np.where(above_best, -np.expm1(log_below), -np.exp(log_below))
    worth = np.asarray((part * half * weights).sum(axis=(-1, -2)))
    return _given(np.maximum(worth, 0.0), scalar=worth.ndim == 0)
