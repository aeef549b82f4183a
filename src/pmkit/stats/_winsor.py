"""Winsorizing: pulling extreme values in to common limits."""

from __future__ import annotations

import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval
from pmkit.stats._arrays import Arrays, FloatArray, Inputs

__all__ = ["winsor_limits", "winsorize"]


def winsor_limits(*groups: Arrays, lower: float = 0.0, upper: float = 0.99) -> Interval[float]:
    """Find common limits for the rows of all arms together.

    Limits taken in each arm apart would remove the very difference that is looked for, so give
    all arms at once.

    Parameters
    ----------
    *groups : array, shape (rows,)
        The values of each arm; at least one value in all.
    lower, upper : float
        Shares of all values that lie below the limits, with 0 <= lower < upper <= 1.

    Returns
    -------
    Interval
        The limits, each a value that occurs: at least the share lies at or below it.

    Raises
    ------
    InvalidValueError
        Without values, for values that are not finite numbers, or for shares out of range.

    Notes
    -----
    Inverse of the empirical distribution function (Hyndman and Fan 1996, definition 1), so that
    the limits do not depend on how rows are split.

    Examples
    --------
    >>> winsor_limits([1, 2, 3], [4, 500], upper=0.8)
    Interval(lower=1.0, upper=4.0)
    """
    inputs = Inputs("winsor_limits")
    rows = [inputs.number("groups", group).ravel() for group in groups]
    low, high = inputs.number("lower", lower, lower=0, below=1), inputs.number("upper", upper, above=0, upper=1)
    inputs.require(np.asarray(low < high), "lower must be below upper")
    inputs.done()
    pooled = np.sort(np.concatenate(rows)) if rows else np.zeros(0)
    if not pooled.size:
        raise InvalidValueError("winsor_limits: there are no values")
    places = [
        min(max(int(np.ceil(float(share) * pooled.size - 1e-9)) - 1, 0), pooled.size - 1) for share in (low, high)
    ]
    return Interval(float(pooled[places[0]]), float(pooled[places[1]]))


def winsorize(values: Arrays, limits: Interval[float]) -> FloatArray:
    """Pull values beyond the limits in to them; nothing is dropped.

    Parameters
    ----------
    values : array
        Values of one arm, of any shape.
    limits : Interval
        From `winsor_limits`, the same for all arms.

    Returns
    -------
    array
        Of the same shape.

    Raises
    ------
    InvalidValueError
        For values that are not finite numbers, or limits that are not in order.

    Notes
    -----
    Tukey (1962). The mean of winsorized values estimates the mean of the trimmed-in metric, not of the
    metric itself: name it so.

    Examples
    --------
    >>> winsorize([1, 2, 500], winsor_limits([1, 2, 500], upper=0.6))
    array([1., 2., 2.])
    """
    inputs = Inputs("winsorize")
    rows = inputs.number("values", values)
    low, high = inputs.number("limits.lower", limits.lower), inputs.number("limits.upper", limits.upper)
    inputs.require(np.asarray(low <= high), "the lower limit must not be above the upper")
    inputs.done()
    return np.clip(rows, low, high)
