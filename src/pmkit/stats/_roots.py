"""Roots of many monotone functions at once, each between two points where its sign differs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pmkit.stats._arrays import FloatArray

__all__ = ["bracketed_roots", "rising_roots"]

Places = NDArray[np.intp]
MOST_STEPS = 200
NEAR = 1e-9
SETTLED = 1e-14


def bracketed_roots(
    function: Callable[[FloatArray], FloatArray],
    lower: FloatArray,
    upper: FloatArray,
    low_value: FloatArray,
    high_value: FloatArray,
) -> FloatArray:
    """Find the roots to the last digits of a double.

    Parameters
    ----------
    function : callable
        Of an array of points, one for each place.
    lower, upper : array
        Brackets.
    low_value, high_value : array
        The function there; where both have one sign, the end nearer to zero is returned.

    Returns
    -------
    array

    Notes
    -----
    Regula falsi with the Illinois weight (Dowell and Jarratt 1971), and bisection whenever three
    steps have not made a bracket eight times smaller.
    """
    low, high = lower.astype(np.float64), upper.astype(np.float64)
    f_low, f_high = low_value.astype(np.float64), high_value.astype(np.float64)
    best = np.where(np.abs(f_low) <= np.abs(f_high), low, high)
    active = (np.sign(f_low) * np.sign(f_high)) < 0
    before = np.abs(high - low)
    side = np.zeros(low.shape)
    for step in range(MOST_STEPS):
        if not active.any():
            break
        with np.errstate(all="ignore"):
            middle = high - f_high * (high - low) / (f_high - f_low)
        middle = np.where(np.isfinite(middle), middle, 0.5 * (low + high))
        if step % 3 == 2:  # noqa: PLR2004 - every third step looks whether three have been enough
            slow = np.abs(high - low) > 0.125 * before
            middle = np.where(slow, 0.5 * (low + high), middle)
            before = np.abs(high - low)
        inside = (middle > np.minimum(low, high)) & (middle < np.maximum(low, high))
        middle = np.where(inside, middle, 0.5 * (low + high))
        value = function(middle)
        same = np.sign(value) == np.sign(f_high)
        best = np.where(active, middle, best)
        f_low = np.where(same & (side > 0), 0.5 * f_low, f_low)
        f_high = np.where(~same & (side < 0), 0.5 * f_high, f_high)
        high, f_high = np.where(same, middle, high), np.where(same, value, f_high)
        low, f_low = np.where(same, low, middle), np.where(same, f_low, value)
        side = np.where(same, 1.0, -1.0)
        tight = np.abs(high - low) <= 2 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
        active = active & (value != 0) & ~tight
    return best


def rising_roots(
    function: Callable[[FloatArray, Places], FloatArray], start: FloatArray, slope: FloatArray, floor: FloatArray
) -> FloatArray:
    """Find the roots of rising functions that are nearly straight, from a start and a slope.

    Parameters
    ----------
    function : callable
        Of points and of the places they belong to, so that only what is unsolved is computed.
    start, slope, floor : array, shape (places,)
        A first guess, how fast the functions rise there, and the least point, returned where the function
        is not below zero there.

    Returns
    -------
    array, shape (places,)

    Notes
    -----
    Secants, kept inside the bracket that the signs seen so far make; bisection, or doubling where
    nothing above the root has been seen, when a secant leaves it.
    """
    places = np.arange(start.size)
    found = np.maximum(start, floor)
    point, steep, low, high = found.copy(), slope.copy(), floor.copy(), np.full(start.shape, np.inf)
    last_point, last_value = np.full(start.shape, np.nan), np.full(start.shape, np.nan)
    width = high - low
    for step in range(MOST_STEPS):
        value = function(point, places)
        low = np.where(value < 0, np.maximum(low, point), low)
        high = np.where(value >= 0, np.minimum(high, point), high)
        with np.errstate(all="ignore"):
            secant = (value - last_value) / (point - last_point)
            steep = np.where(secant > 0, secant, steep)
            ahead = point - value / steep
        inside = (ahead >= low) & (ahead <= high)
        if step % 3 == 2:  # noqa: PLR2004 - every third step looks whether three have been enough
            inside &= np.isinf(high) | (high - low <= 0.25 * width)
            width = high - low
        bisected = np.where(np.isinf(high), 2 * point + 1.0, 0.5 * (low + high))
        ahead = np.where(inside, ahead, bisected)
        found[places] = ahead
        done = (inside & (np.abs(value) < NEAR)) | (np.isfinite(high) & (high - low <= SETTLED * high))
        if done.all():
            break
        keep = ~done
        last_point, last_value, point = point[keep], value[keep], ahead[keep]
        places, steep, low, high, width = places[keep], steep[keep], low[keep], high[keep], width[keep]
    return found
