"""Crossing probabilities of a Brownian motion seen at a few times, between boundaries.

The recursion of Armitage, McPherson and Rowe (1969) on a grid of Gauss-Legendre nodes (Jennison and Turnbull 2000,
chapter 19, use Simpson's rule): the part of the density that is still between the boundaries is carried from look
to look. The position is the score B = Z sqrt(t), with t the information as a share of the final one, and the drift is
the expected B at t = 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from pmkit.stats._arrays import FloatArray

__all__ = ["Walk", "crossings", "power_curve"]

REACH = 8.0
"""Standard errors around the expected position that the grid covers; beyond lies 1e-15."""

NODES_PER_SD = 1.5
FEWEST_NODES = 16
MOST_NODES = 128
NEWTON_STEPS = 100
ROOT_2PI = math.sqrt(2 * math.pi)
LOG_ROOT_2PI = math.log(ROOT_2PI)
SMALLEST_TAIL = 1e-290
FLOOR = 40.0


@lru_cache(maxsize=64)
def _legendre(count: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(count)


def grid(lower: float, upper: float, deviation: float) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights on an interval for functions that vary over about one `deviation`."""
    wanted = FEWEST_NODES + NODES_PER_SD * (upper - lower) / deviation
    panels = math.ceil(wanted / MOST_NODES)
    count = 8 * math.ceil(wanted / panels / 8)
    nodes, weights = _legendre(count)
    half = (upper - lower) / (2 * panels)
    centers = lower + half * (2 * np.arange(panels) + 1)
    return (centers[:, None] + half * nodes).ravel(), np.tile(half * weights, panels)


class Walk:
    """The density that is still between the boundaries, advanced look by look.

    Parameters
    ----------
    times : tuple of float
        Information at the looks, increasing.
    drift : float
        Expected position at information 1.
    """

    __slots__ = ("_mass", "_nodes", "drift", "look", "times")

    def __init__(self, times: tuple[float, ...], drift: float = 0.0) -> None:
        self.times = times
        self.drift = drift
        self.look = 0
        self._nodes: FloatArray | None = None
        self._mass: FloatArray | None = None

    @property
    def _step(self) -> float:
        return self.times[self.look] - (self.times[self.look - 1] if self.look else 0.0)

    def _origin(self) -> tuple[FloatArray, FloatArray]:
        """Return where the walk may be after the step's drift but before its noise, and with what mass."""
        nodes, mass = self.position()
        return nodes + self.drift * self._step, mass

    def position(self) -> tuple[FloatArray, FloatArray]:
        """Return the scores at the look before, and the mass at each."""
        if self._nodes is None or self._mass is None:
            return np.zeros(1), np.ones(1)
        return self._nodes, self._mass

    def above(self, bound: float) -> float:
        """Return the probability of being above a score at this look, not stopped before."""
        from scipy.special import ndtr

        origin, mass = self._origin()
        return float(mass @ ndtr((origin - bound) / math.sqrt(self._step)))

    def below(self, bound: float) -> float:
        """Return the probability of being below a score at this look, not stopped before."""
        from scipy.special import ndtr

        origin, mass = self._origin()
        return float(mass @ ndtr((bound - origin) / math.sqrt(self._step)))

    def bound_above(self, probability: float) -> float:
        """Return the score that is exceeded at this look, not stopped before, with a probability.

        Newton's steps on the logarithm, which is concave: from a start on the right they come down to the root. Far
        below all of the mass when there is not that much left.
        """
        from scipy.special import ndtri

        if probability <= 0:
            return math.inf
        origin, mass = self._origin()
        deviation = math.sqrt(self._step)
        if probability >= (1 - 1e-12) * float(mass.sum()):
            return float(origin.min()) - FLOOR * deviation
        now = self.times[self.look]
        bound = float(self.drift * now - ndtri(probability) * math.sqrt(now))
        for _ in range(NEWTON_STEPS):
            log_tail, log_density = _log_tail((origin - bound) / deviation, mass)
            change = (log_tail - math.log(probability)) * math.exp(log_tail - log_density) * deviation
            bound += change
            if abs(change) <= 1e-13 * (1 + abs(bound)):
                break
        return bound

    def bound_below(self, probability: float) -> float:
        """Return the score that is not reached at this look, not stopped before, with a probability."""
        return -self._mirrored().bound_above(probability)

    def _mirrored(self) -> Walk:
        mirror = Walk(self.times, -self.drift)
        mirror.look = self.look
        if self._nodes is not None:
            mirror._nodes, mirror._mass = -self._nodes, self._mass
        return mirror

    def advance(self, lower: float, upper: float) -> None:
        """Go on to the next look, keeping what lies between two scores at this one."""
        now = self.times[self.look]
        center, reach = self.drift * now, REACH * math.sqrt(now)
        low, high = max(lower, center - reach), min(upper, center + reach)
        if not low < high:
            low = high = min(max(center, lower), upper)
        deviation = math.sqrt(self._step)
        finest = min(deviation, math.sqrt(self.times[self.look + 1] - now))
        nodes, weights = grid(low, high, finest)
        origin, mass = self._origin()
        away = (nodes[:, None] - origin) / deviation
        self._mass = (np.exp(-0.5 * away * away) @ mass) * weights / (ROOT_2PI * deviation)
        self._mass = np.maximum(self._mass, np.finfo(np.float64).tiny)
        self._nodes = nodes
        self.look += 1

    def score_above(self, bound: float) -> float:
        """Return the expected score over those above a score at this look, not stopped before; 0 for the others."""
        from scipy.special import ndtr

        origin, mass = self._origin()
        deviation = math.sqrt(self._step)
        away = (origin - bound) / deviation
        return float(mass @ (origin * ndtr(away) + deviation / ROOT_2PI * np.exp(-0.5 * away * away)))


def _log_tail(away: FloatArray, mass: FloatArray) -> tuple[float, float]:
    """Return the logarithms of the mass that is above a bound, and of its density there, in standard steps."""
    from scipy.special import log_ndtr, logsumexp, ndtr

    with np.errstate(under="ignore"):
        tail, density = float(mass @ ndtr(away)), float(mass @ np.exp(-0.5 * away * away))
    if tail > SMALLEST_TAIL and density > SMALLEST_TAIL:
        return math.log(tail), math.log(density / ROOT_2PI)
    log_mass = np.log(mass)
    return float(logsumexp(log_mass + log_ndtr(away))), float(logsumexp(log_mass - 0.5 * away * away)) - LOG_ROOT_2PI


def power_curve(
    times: tuple[float, ...], lower: FloatArray, upper: FloatArray, center: float
) -> Callable[[float], float]:
    """Return the probability of crossing above as a function of the drift, from one walk at a drift close to it.

    The density under another drift is the one under `center` times a likelihood ratio that depends on the score only.
    """
    from scipy.special import ndtr

    walk = Walk(times, center)
    pieces = []
    for look, time in enumerate(times):
        before = times[look - 1] if look else 0.0
        step, root = time - before, math.sqrt(time)
        origin, mass = walk.position()
        high = float(upper[look] * root)
        pieces.append((origin, mass, before, step, high))
        if look + 1 < len(times):
            walk.advance(float(lower[look] * root), high)

    def power(drift: float) -> float:
        total, apart = 0.0, drift - center
        for origin, mass, before, step, high in pieces:
            ratio = np.exp(apart * (origin - 0.5 * (drift + center) * before))
            total += float((mass * ratio) @ ndtr((origin + drift * step - high) / math.sqrt(step)))
        return total

    return power


def crossings(
    times: tuple[float, ...], lower: FloatArray, upper: FloatArray, drift: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return the probabilities of crossing first above, and first below, at each look (boundaries as z)."""
    roots = np.sqrt(np.asarray(times))
    above, below = np.zeros(len(times)), np.zeros(len(times))
    walk = Walk(times, drift)
    for look, root in enumerate(roots):
        high, low = float(upper[look] * root), float(lower[look] * root)
        above[look], below[look] = walk.above(high), walk.below(low)
        if look + 1 < len(times):
            walk.advance(low, high)
    return above, below
