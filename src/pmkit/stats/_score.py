"""Score intervals for two proportions: the tests inverted by root finding (Miettinen and Nurminen 1985)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pmkit.model import Interval
from pmkit.stats._arrays import FloatArray
from pmkit.stats._roots import bracketed_roots

__all__ = ["constrained_difference", "score_difference", "score_ratio"]

LARGEST_LOG = 700.0
MOST_POLISHING = 60
POLISHED = 4e-15


def constrained_difference(
    x_control: FloatArray, n_control: FloatArray, x_treatment: FloatArray, n_treatment: FloatArray, delta: FloatArray
) -> FloatArray:
    """Return the control's likeliest proportion when the treatment's is `delta` above it.

    The root of the cubic of Miettinen and Nurminen (1985), appendix I, polished by Newton's method inside its bracket.
    """
    total = n_control + n_treatment
    successes = x_control + x_treatment
    third = total
    second = (n_treatment + 2 * n_control) * delta - total - successes
    first = (n_control * delta - total - 2 * x_control) * delta + successes
    zeroth = x_control * delta * (1 - delta)
    with np.errstate(all="ignore"):
        shift = second / (3 * third)
        q = shift**3 - first * second / (6 * third * third) + zeroth / (2 * third)
        p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(shift * shift - first / (3 * third), 0.0))
        cosine = np.where(p == 0, 1.0, q / np.where(p == 0, 1.0, p) ** 3)
        angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
        root = 2 * p * np.cos(angle) - shift
        least, most = np.maximum(-delta, 0.0), np.minimum(1 - delta, 1.0)
        root = np.clip(root, least, most)
        low, high = least, most
        for _ in range(MOST_POLISHING):
            value = ((third * root + second) * root + first) * root + zeroth
            low, high = np.where(value > 0, root, low), np.where(value < 0, root, high)
            polished = root - value / ((3 * third * root + 2 * second) * root + first)
            polished = np.where((polished >= low) & (polished <= high), polished, 0.5 * (low + high))
            polished = np.where(value == 0, root, polished)
            settled = np.abs(polished - root) <= POLISHED * np.abs(root)
            root = polished
            if settled.all():
                break
    return np.asarray(root)


def score_difference(
    x_control: FloatArray, n_control: FloatArray, x_treatment: FloatArray, n_treatment: FloatArray, quantile: FloatArray
) -> Interval[FloatArray]:
    """Give the differences that the score test does not reject."""
    observed = x_treatment / n_treatment - x_control / n_control
    total = n_control + n_treatment
    factor = total / (total - 1)

    def statistic(delta: FloatArray) -> FloatArray:
        low = constrained_difference(x_control, n_control, x_treatment, n_treatment, delta)
        high = np.clip(low + delta, 0.0, 1.0)
        variance = (low * (1 - low) / n_control + high * (1 - high) / n_treatment) * factor
        return _standardized(observed - delta, variance)

    return _inverted(statistic, observed, np.full_like(observed, -1.0), np.full_like(observed, 1.0), quantile)


def score_ratio(
    x_control: FloatArray, n_control: FloatArray, x_treatment: FloatArray, n_treatment: FloatArray, quantile: FloatArray
) -> Interval[FloatArray]:
    """Give the ratios that the score test does not reject; needs successes in the control."""
    total = n_control + n_treatment
    factor = total / (total - 1)
    successes = x_control + x_treatment
    p_control, p_treatment = x_control / n_control, x_treatment / n_treatment

    def statistic(log_ratio: FloatArray) -> FloatArray:
        ratio = np.exp(log_ratio)
        linear = n_treatment * ratio + x_treatment + n_control + x_control * ratio
        root = np.sqrt(np.maximum(linear * linear - 4 * total * ratio * successes, 0.0))
        low = np.minimum(2 * successes / (linear + root), 1.0)
        high = np.minimum(low * ratio, 1.0)
        variance = (high * (1 - high) / n_treatment + ratio * ratio * low * (1 - low) / n_control) * factor
        return _standardized(p_treatment - ratio * p_control, variance)

    with np.errstate(all="ignore"):
        found = np.log(p_treatment / p_control)
        start = np.where(np.isfinite(found), found, -LARGEST_LOG)
        far = np.full_like(start, LARGEST_LOG)
        limits = _inverted(statistic, start, -far, far, quantile)
        return Interval(np.where(x_treatment > 0, np.exp(limits.lower), 0.0), np.exp(limits.upper))


def _standardized(distance: FloatArray, variance: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        value = distance / np.sqrt(variance)
    return np.where(variance > 0, value, np.where(distance == 0, 0.0, np.sign(distance) * np.inf))


def _inverted(
    statistic: Callable[[FloatArray], FloatArray],
    observed: FloatArray,
    least: FloatArray,
    most: FloatArray,
    quantile: FloatArray,
) -> Interval[FloatArray]:
    """Find where a falling statistic passes the quantile to either side of the observed effect."""
    limits = []
    for end, level in ((least, quantile), (most, -quantile)):

        def crossing(point: FloatArray, level: FloatArray = level) -> FloatArray:
            return np.clip(statistic(point) - level, -1e6, 1e6)

        limits.append(bracketed_roots(crossing, observed, end, crossing(observed), crossing(end)))
    return Interval(limits[0], limits[1])
