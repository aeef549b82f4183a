"""By how much winners are overestimated, and how often Bayesian plans declare false victories."""

from __future__ import annotations

import functools
import math

import attrs

from pmkit.experiments._looks import Bayesian
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import Effect, Result, SequentialEffect
from pmkit.model import Undefined

__all__ = ["WinnersCurse", "exaggeration", "simulated_false_victories", "winners_curse"]

_SIMULATED = 20_000
_FAR = 30.0


@attrs.frozen(kw_only=True)
class WinnersCurse:
    """By about how much a winner's estimate is too large (type M error; Gelman & Carlin 2014).

    Attributes
    ----------
    seen : float or Undefined
        The estimate, positive = better.
    corrected : float or Undefined
        The true effect whose winners would be seen like this on average.
    at_minimum : float or Undefined
        How many times too large winners are on average, were the truth the minimum effect.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> curse = ex.decide(plan, result, registered=plan.digest).curse
    >>> bool(curse.corrected < curse.seen)
    True
    """

    seen: float | Undefined
    corrected: float | Undefined
    at_minimum: float | Undefined


def exaggeration(truth: float, standard_error: float, bar: float) -> float:
    """Return the mean of estimates above `bar` as a multiple of the truth, for a normal estimate.

    Parameters
    ----------
    truth, standard_error : float
        Both above 0.
    bar : float
        What an estimate must exceed to win.

    Returns
    -------
    float

    Examples
    --------
    A test with 80 % power at the truth, and one of half that truth:

    >>> round(exaggeration(2.8016, 1, 1.96), 2), round(exaggeration(1.4008, 1, 1.96), 2)
    (1.12, 1.85)
    """
    return 1.0 + standard_error * _mills((bar - truth) / standard_error) / truth


def _mills(a: float) -> float:
    """Return φ(a) / (1 - Φ(a)), by its asymptote far out."""
    from scipy.special import log_ndtr

    if a > _FAR:
        return a + 1.0 / a
    return math.exp(-a * a / 2 - 0.5 * math.log(2 * math.pi) - float(log_ndtr(-a)))


def winners_curse(plan: Plan, result: Result, goal: Effect) -> WinnersCurse:
    """Estimate how much too large the goal's estimate is, given that it won."""
    gain, error, (low, _) = goal.gain, goal.standard_error, goal.bounds
    gone = Undefined("not estimable from these data")
    if isinstance(gain, Undefined) or isinstance(error, Undefined) or isinstance(low, Undefined) or error <= 0:
        return WinnersCurse(seen=gain, corrected=gone, at_minimum=gone)
    z = goal.boundary if isinstance(goal, SequentialEffect) else (gain - low) / error
    if result.method == "bayesian":
        from scipy.special import ndtri

        z = float(ndtri(plan.looks.threshold)) if isinstance(plan.looks, Bayesian) else z
    bar = plan.hurdle + z * error
    delta = plan.minimum_effect
    return WinnersCurse(
        seen=gain,
        corrected=_corrected(gain, error, bar),
        at_minimum=exaggeration(delta, error, bar) if delta > 0 else gone,
    )


def _corrected(seen: float, error: float, bar: float) -> float:
    """Solve for the truth whose winners are seen like this on average, by bisection; never below 0."""

    def mean_of_winners(truth: float) -> float:
        return truth + error * _mills((bar - truth) / error)

    low, high = 0.0, max(seen, 0.0)
    if mean_of_winners(low) >= seen:
        return 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_of_winners(middle) < seen else (low, middle)
    return (low + high) / 2


def simulated_false_victories(
    plan: Plan, looks: Bayesian, goal: Effect, information: float | Undefined
) -> float | Undefined:
    """Simulate how often a Bayesian plan would declare victory were there no effect; guardrails left out."""
    error = goal.standard_error
    if isinstance(error, Undefined) or error <= 0:
        return Undefined("not estimable from these data")
    share = information if isinstance(information, float) and 0 < information < 1 else 1.0
    prior = None if math.isinf(looks.prior_sd) or plan.goal.kind == "proportion" else (looks.prior_mean, looks.prior_sd)
    return _rate(
        looks.looks,
        looks.threshold,
        looks.loss_limit,
        prior,
        plan.hurdle,
        plan.minimum_effect,
        error * math.sqrt(share),
    )


@functools.lru_cache(maxsize=256)
def _rate(  # noqa: PLR0917 - a cache key
    count: int,
    threshold: float,
    limit: float | None,
    prior: tuple[float, float] | None,
    hurdle: float,
    delta: float,
    error: float,
) -> float:
    import numpy as np
    from scipy.special import ndtr, ndtri

    generator = np.random.default_rng(0)
    bar = float(ndtri(threshold))
    total, won = np.zeros(_SIMULATED), np.zeros(_SIMULATED, bool)
    running = np.ones(_SIMULATED, bool)
    for look in range(1, count + 1):
        total += generator.standard_normal(_SIMULATED)
        share = look / count
        sd = error / math.sqrt(share)
        mean = error * total / math.sqrt(count) / share
        if prior is not None:
            weight = 1 / (1 + sd**2 / prior[1] ** 2)
            mean, sd = weight * mean + (1 - weight) * prior[0], sd * math.sqrt(weight)
        u = mean / sd
        loss = sd * (np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi) - u * ndtr(-u))
        win = ((mean - hurdle) / sd >= bar) & ((delta - mean) / sd < bar)
        if limit is not None:
            win &= loss <= limit
        won |= running & win
        harm = -u >= bar
        small = (delta - mean) / sd >= bar
        running &= ~(win | harm | small)
    return float(won.mean())
