"""Posteriors of effects, with the probabilities that a Bayesian plan asks about."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from pmkit.experiments._estimate import Estimate, counted, is_ratio
from pmkit.experiments._looks import Bayesian
from pmkit.experiments._measurements import Measurements
from pmkit.experiments._metrics import Metric, Proportion
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import BayesianEffect, Effect
from pmkit.model import Interval, Undefined

__all__ = ["bayesian_effect"]

_NODES = 401
_WIDEST = 8.5
_FARTHEST = 1e6


def bayesian_effect(  # noqa: PLR0917 - what every method gets of an effect
    plan: Plan,
    looks: Bayesian,
    metric: Metric,
    measured: Measurements,
    base: Mapping[str, object],
    found: Estimate,
    variant: str,
    segment: str,
) -> Effect:
    """Give the posterior of one effect: exact for proportions, normal on the estimate otherwise."""
    asked = _asked(plan, metric, str(base["role"]))
    arms = [measured.moments.get((metric.name, name, segment)) for name in (plan.control, variant)]
    fields = dict(base)
    fields["confidence"] = looks.threshold
    near_zero = metric.relative and isinstance(found.effect, Undefined)
    if (
        not near_zero
        and isinstance(metric, Proportion)
        and arms[0] is not None
        and arms[1] is not None
        and arms[0].n
        and arms[1].n
        and not is_ratio(arms[0])
    ):
        counts = [counted(arm) for arm in arms if arm is not None]
        return _proportion(looks, metric, counts, asked, fields)
    effect, error = found.effect, found.standard_error
    if isinstance(effect, Undefined) or isinstance(error, Undefined) or error == 0:
        reason = effect if isinstance(effect, Undefined) else Undefined("no variance")
        fields["effect"] = reason
        return BayesianEffect(
            interval=Interval(reason, reason),
            chance_to_win=reason,
            expected_loss=reason,
            chances={},
            **fields,  # type: ignore[arg-type]  # fields by name
        )
    return _normal(looks, metric, effect, error, asked, fields)


def _asked(plan: Plan, metric: Metric, role: str) -> tuple[float, ...]:
    if role == "goal":
        return (0.0, plan.minimum_effect)
    return (-metric.margin,) if role == "guardrail" and metric.margin is not None else (0.0,)


def _normal(
    looks: Bayesian, metric: Metric, effect: float, error: float, asked: tuple[float, ...], fields: dict[str, object]
) -> Effect:
    from scipy.special import ndtr, ndtri

    from pmkit.stats import normal_posterior

    prior = None if math.isinf(looks.prior_sd) else (metric.direction * looks.prior_mean, looks.prior_sd)
    posterior = normal_posterior(metric.direction * effect, error, prior=prior, confidence=looks.threshold)
    mean, sd = posterior.effect, posterior.standard_deviation
    if isinstance(mean, Undefined) or isinstance(sd, Undefined):
        reason = mean if isinstance(mean, Undefined) else Undefined("no variance")
        return BayesianEffect(
            interval=Interval(reason, reason),
            chance_to_win=reason,
            expected_loss=reason,
            chances={},
            **fields,  # type: ignore[arg-type]  # fields by name
        )
    reach = float(ndtri(0.5 + looks.threshold / 2)) * sd
    fields["effect"], fields["standard_error"] = metric.direction * mean, sd
    center = metric.direction * mean
    return BayesianEffect(
        interval=Interval(center - reach, center + reach),
        chance_to_win=posterior.chance_to_win,
        expected_loss=posterior.expected_loss,
        chances={x: float(ndtr((mean - x) / sd)) for x in asked},
        **fields,  # type: ignore[arg-type]  # fields by name
    )


def _proportion(
    looks: Bayesian,
    metric: Metric,
    counts: list[tuple[int, int]],
    asked: tuple[float, ...],
    fields: dict[str, object],
) -> Effect:
    """Integrate over control's posterior: the chance that the treatment's share is beyond any line of control's."""
    import numpy as np
    from scipy.special import betainc, betaincc, betainccinv, betaincinv, ndtr

    a0, b0 = looks.prior
    control, treatment = ((a0 + k, b0 + n - k) for k, n in counts)
    # the trapezoid rule in normal scores of control's posterior: smooth, and every node is where the mass is
    score = np.linspace(-_WIDEST, _WIDEST, _NODES)
    share = np.where(score < 0, betaincinv(*control, ndtr(score)), betainccinv(*control, ndtr(-score)))
    weight = np.exp(-(score**2) / 2)
    weight /= weight.sum()
    good = metric.direction

    def chance(gain: float) -> float:
        line = share * (1 + good * gain) if metric.relative else share + good * gain
        line = np.clip(line, 0.0, 1.0)
        tail = betaincc(*treatment, line) if good == 1 else betainc(*treatment, line)
        return min(1.0, max(0.0, float(weight @ tail)))

    mean = treatment[0] / sum(treatment)
    unit = share if metric.relative else np.ones_like(share)
    up = betaincc(treatment[0] + 1, treatment[1], share) * mean - share * betaincc(*treatment, share)
    down = up - (mean - share)
    lost = down if good == 1 else up
    effects = (mean - share) / unit
    center = float(weight @ effects)
    low, high = (
        _gain_quantile(chance, probability) for probability in (0.5 + looks.threshold / 2, 0.5 - looks.threshold / 2)
    )
    second = mean * (treatment[0] + 1) / (sum(treatment) + 1)
    spread = float(weight @ ((second - 2 * mean * share + share**2) / unit**2)) - center**2
    fields["effect"], fields["standard_error"] = center, math.sqrt(max(spread, 0.0))
    interval: Interval[float | Undefined] = Interval(low, high) if good == 1 else Interval(-high, -low)
    return BayesianEffect(
        interval=interval,
        chance_to_win=chance(0.0),
        expected_loss=max(0.0, float(weight @ (lost / unit))),
        chances={x: chance(x) for x in asked},
        **fields,  # type: ignore[arg-type]  # fields by name
    )


def _gain_quantile(chance: Callable[[float], float], probability: float) -> float:
    """Find the gain that is exceeded with this probability, by bisection."""
    low, high = -1.0, 1.0
    while chance(high) > probability and high < _FARTHEST:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) > probability else (low, middle)
    return (low + high) / 2
