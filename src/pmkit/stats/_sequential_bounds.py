"""Boundaries of group sequential tests: by spending, by classic constants, with futility."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs
import numpy as np

from pmkit.stats._arrays import FloatArray
from pmkit.stats._sequential_walk import Walk, crossings, power_curve
from pmkit.stats._solve import bracketed_root
from pmkit.stats._spending import Spending, release

if TYPE_CHECKING:
    from collections.abc import Callable


__all__ = ["Plan", "bounds_with_futility", "drift_for", "upper_bounds"]


@attrs.frozen
class Plan:
    """What a boundary is asked to do.

    Attributes
    ----------
    times : tuple of float
        Information at the looks, as shares of the planned final one.
    alpha : float
        Error rate per side.
    spending : Spending
        How it is spread over the looks.
    two_sided : bool
        Whether the lower boundary mirrors the upper one.
    history : tuple of float
        The z boundaries of looks already taken.
    spent : tuple of float
        The cumulative error rate that they spent.
    """

    times: tuple[float, ...]
    alpha: float
    spending: Spending
    two_sided: bool = False
    history: tuple[float, ...] = ()
    spent: tuple[float, ...] = ()

    def targets(self, total: float | None = None, spending: Spending | None = None) -> FloatArray:
        """Return the cumulative error to be spent by each look; what is spent stays spent."""
        shares = np.minimum(np.asarray(self.times), 1.0)
        alpha = self.alpha if total is None else total
        cumulative = release(self.spending if spending is None else spending, shares, alpha)
        taken = len(self.spent)
        if self.spent:
            cumulative[:taken] = self.spent
            cumulative[taken:] = np.maximum(cumulative[taken:], self.spent[-1])
            cumulative[-1] = max(alpha, self.spent[-1])
        return np.maximum.accumulate(cumulative)


def upper_bounds(plan: Plan) -> FloatArray:
    """Return the upper z boundaries, the lower ones being absent or their mirror image."""
    return _by_spending(plan) if plan.spending.is_function else _by_constant(plan)


def _by_spending(plan: Plan) -> FloatArray:
    targets = plan.targets()
    walk = Walk(plan.times)
    bounds = np.empty(len(plan.times))
    spent = 0.0
    for look, time in enumerate(plan.times):
        root = math.sqrt(time)
        if look < len(plan.history):
            score = plan.history[look] * root
        else:
            score = walk.bound_above(float(targets[look]) - spent)
        bounds[look] = score / root
        spent = float(targets[look])
        if look + 1 < len(plan.times):
            walk.advance(-score if plan.two_sided else -math.inf, score)
    return bounds


def _by_constant(plan: Plan) -> FloatArray:
    from scipy.special import ndtri

    exponent = plan.spending.exponent or 0.0
    times = np.asarray(plan.times)
    shape = (times / times[-1]) ** (exponent - 0.5)
    taken = len(plan.history)
    spent = plan.spent[-1] if plan.spent else 0.0

    def bounds(constant: float) -> FloatArray:
        return np.concatenate([np.asarray(plan.history), constant * shape[taken:]])

    def excess(constant: float) -> float:
        upper = bounds(constant)
        lower = -upper if plan.two_sided else np.full(len(upper), -math.inf)
        return math.log(crossings(plan.times, lower, upper)[0].sum() / plan.alpha)

    left = plan.alpha - spent
    if left <= 0:
        return bounds(math.inf)
    smallest = float(shape[taken:].min())
    least = -float(ndtri(plan.alpha)) / smallest
    most = -float(ndtri(left / (len(shape) - taken))) / smallest
    return bounds(least if most - least < 1e-12 else bracketed_root(excess, least - 1e-9, most + 1e-9))  # noqa: PLR2004


def bounds_with_futility(
    plan: Plan, beta: float, spending: Spending, *, binding: bool
) -> tuple[FloatArray, FloatArray, float]:
    """Return lower and upper z boundaries, and the drift at which the lower ones spend just beta.

    The drift is the one at which both boundaries meet at the last look.
    """
    from scipy.special import ndtri

    fixed = None if binding else upper_bounds(plan)
    targets = plan.targets(beta, spending)
    targets[-1] = beta

    def found(drift: float) -> tuple[FloatArray, FloatArray]:
        return _both(plan, targets, drift, fixed)

    def shortfall(drift: float) -> float:
        lower, upper = found(drift)
        return 1 - beta - float(crossings(plan.times, lower, upper, drift)[0].sum())

    drift = _drift_root(shortfall, float(-ndtri(plan.alpha) - ndtri(beta)) / math.sqrt(plan.times[-1]))
    return *found(drift), drift


def _both(plan: Plan, targets: FloatArray, drift: float, fixed: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    looks = len(plan.times)
    lower, upper = np.empty(looks), np.empty(looks)
    idle, working = Walk(plan.times), Walk(plan.times, drift)
    alphas = plan.targets() if fixed is None else fixed
    for look, time in enumerate(plan.times):
        root = math.sqrt(time)
        if fixed is None:
            high = idle.bound_above(float(alphas[look] - (alphas[look - 1] if look else 0.0)))
        else:
            high = float(fixed[look]) * root
        wanted = float(targets[look] - (targets[look - 1] if look else 0.0))
        meets = look + 1 == looks or working.below(high) <= wanted
        low = high if meets else working.bound_below(wanted)
        lower[look], upper[look] = low / root, high / root
        if look + 1 < looks:
            working.advance(low, high)
            if fixed is None:
                idle.advance(low, high)
    return lower, upper


def drift_for(power: float, plan: Plan, lower: FloatArray, upper: FloatArray) -> float:
    """Return the drift at which the upper boundary is crossed with a probability."""
    from scipy.special import ndtri

    fixed = float(-ndtri(plan.alpha) + ndtri(power)) / math.sqrt(plan.times[-1])
    reached = power_curve(plan.times, lower, upper, 1.05 * fixed)
    return _drift_root(lambda drift: power - reached(drift), fixed)


def _drift_root(shortfall: Callable[[float], float], fixed: float) -> float:
    """Find where a shortfall of power vanishes, from the drift of the fixed design up."""
    low, high = fixed * (1 - 1e-9), fixed * 1.25
    while shortfall(high) > 0:
        low, high = high, high * 1.25
    return bracketed_root(shortfall, low, high)
