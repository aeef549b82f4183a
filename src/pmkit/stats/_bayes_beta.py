"""Integrals over two independent beta distributions, by Gauss-Legendre quadrature that keeps its digits at any count.

Everything is done in the logit, where a beta density is log-concave and analytic, stretched by a hyperbolic sine so
that exponential tails become short; the narrower of the two distributions gives the nodes.
"""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.stats._arrays import FloatArray

__all__ = ["Beta", "chance_above", "difference_quantile", "expected_excess"]

NODES = 64
NODES_FOR_QUANTILES = 40
DROP = 42.0
"""The logarithm by which the density has fallen at the ends of the grid."""

BISECTIONS = 6
MOST_STEPS = 60


@lru_cache(maxsize=2)
def _rule(nodes: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(nodes)


@attrs.frozen(eq=False)
class Beta:
    """Beta distributions, one for each place of two arrays of the same shape, in the logit."""

    a: FloatArray
    b: FloatArray
    left: FloatArray
    right: FloatArray

    @classmethod
    def of(cls, a: FloatArray, b: FloatArray) -> Beta:
        """Build them, with the logits (relative to the mode) between which nearly all of the mass lies."""
        return cls(a, b, -_reach(a, b), _reach(b, a))

    def part(self, places: slice) -> Beta:
        """Return some of them."""
        return Beta(self.a[places], self.b[places], self.left[places], self.right[places])

    def mirrored(self) -> Beta:
        """Return the distributions of 1 - p."""
        return Beta(self.b, self.a, -self.right, -self.left)

    @property
    def mean(self) -> FloatArray:
        """The expected proportion."""
        return np.asarray(self.a / (self.a + self.b))

    @property
    def variance(self) -> FloatArray:
        """Of the proportion."""
        total = self.a + self.b
        return np.asarray(self.mean * (self.b / total) / (total + 1))

    @property
    def mode(self) -> FloatArray:
        """The logit at which its density is highest."""
        return np.asarray(np.log(self.a / self.b))

    @property
    def scale(self) -> FloatArray:
        """About the standard deviation of the logit."""
        return np.asarray(np.sqrt(1 / self.a + 1 / self.b))

    def log_fall(self, away: FloatArray) -> FloatArray:
        """Return the log density (not normalized) at logits that far from the mode, relative to it."""
        return _log_fall(self.a[:, None], self.b[:, None], away)

    def ends(self) -> tuple[FloatArray, FloatArray]:
        """Return the logits, relative to the mode, between which nearly all of the mass lies."""
        return self.left, self.right

    def below(self, x: FloatArray, rest: FloatArray) -> FloatArray:
        """Return P(X < x), given 1 - x as well."""
        return _lower_tail(self.a, self.b, x, rest)

    def above(self, x: FloatArray, rest: FloatArray) -> FloatArray:
        """Return P(X > x), given 1 - x as well."""
        return _lower_tail(self.b, self.a, rest, x)


def _lower_tail(a: FloatArray, b: FloatArray, x: FloatArray, rest: FloatArray) -> FloatArray:
    from scipy.special import betainc, betaincc

    first, second = np.broadcast_to(a[:, None], x.shape), np.broadcast_to(b[:, None], x.shape)
    small = x < rest
    tail = np.empty(x.shape)
    tail[small] = betainc(first[small], second[small], x[small])
    large = ~small
    tail[large] = betaincc(second[large], first[large], rest[large])
    return tail


def _log_fall(a: FloatArray, b: FloatArray, away: FloatArray) -> FloatArray:
    mean = a / (a + b)
    near = np.abs(away) < 1
    with np.errstate(over="ignore", under="ignore"):
        close = np.log1p(mean * np.expm1(np.where(near, away, 0.0)))
        growth = np.where(near, close, np.logaddexp(np.log1p(-mean), np.log(mean) + away))
    return np.asarray(a * away - (a + b) * growth)


def _reach(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return how far to the left of the mode the log density has fallen by about `DROP`, or a little more."""
    high = 9 * np.sqrt(1 / a + 1 / b)
    inside = _log_fall(a, b, -high) > -DROP
    while inside.any():
        high = np.where(inside, 2 * high, high)
        inside = _log_fall(a, b, -high) > -DROP
    low = 0.25 * high
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        inside = _log_fall(a, b, -middle) > -DROP
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(high)


@attrs.frozen(eq=False)
class Grid:
    """Nodes between two logits: how far from the mode, proportion, its complement, and the weight in the logit."""

    away: FloatArray
    x: FloatArray
    rest: FloatArray
    weight: FloatArray


def _grid(beta: Beta, left: FloatArray, right: FloatArray, count: int = NODES) -> Grid:
    from scipy.special import expit

    nodes, weights = _rule(count)
    scale = beta.scale
    start, stop = np.arcsinh(left / scale), np.arcsinh(right / scale)
    half = 0.5 * (stop - start)[..., None]
    stretched = 0.5 * (start + stop)[..., None] + half * nodes
    away = scale[..., None] * np.sinh(stretched)
    logit = beta.mode[..., None] + away
    weight = half * weights * scale[..., None] * np.cosh(stretched)
    return Grid(away, expit(logit), expit(-logit), weight)


def _mass(beta: Beta, grid: Grid) -> FloatArray:
    """Return the probability at each node of a grid over the whole of a distribution."""
    with np.errstate(under="ignore"):
        mass = grid.weight * np.exp(beta.log_fall(grid.away))
    return np.asarray(mass / mass.sum(axis=-1, keepdims=True))


def _take(beta: Beta, where: NDArray[np.bool_] | NDArray[np.int64]) -> Beta:
    return Beta(beta.a[where], beta.b[where], beta.left[where], beta.right[where])


def chance_above(first: Beta, second: Beta) -> FloatArray:
    """Return P(first > second)."""
    chance = np.empty(first.a.shape)
    narrow = first.scale <= second.scale
    for where, inner, outer in ((narrow, first, second), (~narrow, second, first)):
        if where.any():
            node, other = _take(inner, where), _take(outer, where)
            grid = _grid(node, *node.ends())
            tail = other.below(grid.x, grid.rest) if inner is first else other.above(grid.x, grid.rest)
            chance[where] = (_mass(node, grid) * tail).sum(axis=-1)
    return np.minimum(chance, 1.0)


def expected_excess(first: Beta, second: Beta) -> FloatArray:
    """Return E[max(second - first, 0)], the integral of P(first < u < second): a sum of positive terms."""
    excess = np.empty(first.a.shape)
    narrow = first.scale <= second.scale
    if narrow.any():
        excess[narrow] = _excess(_take(first, narrow), _take(second, narrow))
    if not narrow.all():  # 1 - p mirrors both distributions, and the narrow one comes first
        one, two = _take(second, ~narrow), _take(first, ~narrow)
        excess[~narrow] = _excess(one.mirrored(), two.mirrored())
    return excess


def _excess(narrow: Beta, wide: Beta) -> FloatArray:
    """Return E[max(wide - narrow, 0)]: over the narrow one, where it is done but the wide one not begun, and after."""
    from scipy.special import expit

    left, right = narrow.ends()
    grid = _grid(narrow, left, right)
    inner = grid.weight * grid.x * grid.rest * narrow.below(grid.x, grid.rest) * wide.above(grid.x, grid.rest)
    begin, end = wide.ends()
    start = narrow.mode + right
    shift = wide.mode
    plain = np.maximum(expit(shift + begin) - expit(start), 0.0)
    rest = np.maximum(start - shift, begin)
    tail = _grid(wide, np.minimum(rest, end), end)
    outer = tail.weight * tail.x * tail.rest * wide.above(tail.x, tail.rest)
    return np.asarray(inner.sum(axis=-1) + plain + outer.sum(axis=-1))


def difference_quantile(first: Beta, second: Beta, probability: float) -> FloatArray:
    """Return the d with P(first - second < d) = probability."""
    quantile = np.empty(first.a.shape)
    narrow = second.variance <= first.variance
    if narrow.any():
        quantile[narrow] = _quantile(_take(first, narrow), _take(second, narrow), probability)
    if not narrow.all():  # first - second < d says that second - first > -d
        quantile[~narrow] = -_quantile(_take(second, ~narrow), _take(first, ~narrow), 1 - probability)
    return quantile


def _quantile(wide: Beta, narrow: Beta, probability: float) -> FloatArray:
    """Return the d with P(wide - narrow < d) = probability, by Newton's steps inside a shrinking bracket."""
    from scipy.special import ndtri

    spread = np.sqrt(wide.variance + narrow.variance)
    d = np.clip(wide.mean - narrow.mean + float(ndtri(probability)) * spread, -1 + 1e-12, 1 - 1e-12)
    low, high = np.full(d.shape, -1.0), np.ones(d.shape)
    scales = _log_total(narrow), _log_total(wide)
    active = np.arange(d.size)
    for _ in range(MOST_STEPS):
        pair = _take(wide, active), _take(narrow, active)
        reached, slope = _cumulative(*pair, d[active], (scales[0][active], scales[1][active]))
        excess = reached - probability
        low[active] = np.where(excess < 0, d[active], low[active])
        high[active] = np.where(excess < 0, high[active], d[active])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            moved = d[active] - excess / slope
        inside = np.isfinite(moved) & (moved > low[active]) & (moved < high[active])
        new = np.where(inside, moved, 0.5 * (low[active] + high[active]))
        going = np.abs(new - d[active]) > 1e-8 * spread[active]  # the step after it is squared
        d[active] = new
        active = active[going]
        if not active.size:
            break
    return d


def _log_total(beta: Beta) -> FloatArray:
    grid = _grid(beta, *beta.ends(), NODES_FOR_QUANTILES)
    with np.errstate(under="ignore"):
        return np.asarray(np.log((grid.weight * np.exp(beta.log_fall(grid.away))).sum(axis=-1)))


def _cumulative(
    wide: Beta,
    narrow: Beta,
    d: FloatArray,
    scales: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Return P(wide - narrow < d) and its density, over the part where both lie between 0 and 1."""
    mode, ends = narrow.mode, narrow.ends()
    with np.errstate(divide="ignore"):
        least = np.log(np.maximum(-d, 0.0)) - np.log1p(np.minimum(d, 0.0))
        most = np.log1p(-np.maximum(d, 0.0)) - np.log(np.maximum(d, 0.0))
    left = np.clip(least - mode, *ends)
    right = np.clip(most - mode, *ends)
    grid = _grid(narrow, left, right, NODES_FOR_QUANTILES)
    x = np.clip(grid.x + d[:, None], 1e-300, 1.0)
    rest = np.clip(grid.rest - d[:, None], 1e-300, 1.0)
    with np.errstate(under="ignore", over="ignore"):
        mass = grid.weight * np.exp(narrow.log_fall(grid.away) - scales[0][:, None])
        logit = np.log(x) - np.log(rest)
        density = np.exp(wide.log_fall(logit - wide.mode[:, None]) - scales[1][:, None]) / (x * rest)
        beyond = narrow.above(_column(mode + right), _column(-mode - right))[:, 0]
        beyond = np.where(right < ends[1], beyond, 0.0)
        return (mass * wide.below(x, rest)).sum(axis=-1) + beyond, (mass * density).sum(axis=-1)


def _column(logit: FloatArray) -> FloatArray:
    """Return proportions of logits as a column."""
    from scipy.special import expit

    return np.asarray(expit(logit))[:, None]
