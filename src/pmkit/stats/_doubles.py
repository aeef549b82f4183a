"""Sums and products of doubles without their rounding errors (Dekker 1971; Knuth 1969, 4.2.2)."""

from __future__ import annotations

import numpy as np

from pmkit.stats._arrays import FloatArray

__all__ = ["product_minus", "two_sum"]

SPLITTER = 134217729.0
LARGEST_SPLIT = 1e290


def two_sum(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rounded sum and what the rounding took away."""
    total = a + b
    shadow = total - a
    error = (a - (total - shadow)) + (b - shadow)
    return total, np.where(np.isfinite(error), error, 0.0)


def product_minus(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Return c - a * b, rounded once."""
    product = a * b
    error = _product_error(a, b, product)
    difference, slip = two_sum(c, -product)
    return np.asarray(difference + (slip - error))


def _product_error(a: FloatArray, b: FloatArray, product: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        a_high, b_high = _high(a), _high(b)
        a_low, b_low = a - a_high, b - b_high
        error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    split = (np.abs(a) < LARGEST_SPLIT) & (np.abs(b) < LARGEST_SPLIT) & np.isfinite(product)
    return np.where(split, error, 0.0)


def _high(a: FloatArray) -> FloatArray:
    scaled = SPLITTER * a
    return np.asarray(scaled - (scaled - a))
