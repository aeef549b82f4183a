"""A root of a function of one number, between two points where it has different signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["bracketed_root"]

MOST_STEPS = 200


def bracketed_root(
    function: Callable[[float], float], lower: float, upper: float, *, tolerance: float = 1e-12
) -> float:
    """Find where a continuous function changes its sign.

    Parameters
    ----------
    function : callable
        Continuous on the bracket, with values of different signs at its ends.
    lower, upper : float
        The bracket, lower < upper.
    tolerance : float
        The width at which the bracket is small enough, relative to 1 + its larger end.

    Returns
    -------
    float

    Notes
    -----
    Regula falsi with the Anderson-Björck weight, and a bisection whenever two steps have not halved the bracket.

    Examples
    --------
    >>> round(bracketed_root(lambda x: x * x - 2, 0.0, 2.0), 10)
    1.4142135624
    """
    low_value, high_value = function(lower), function(upper)
    width_before = upper - lower
    for step in range(MOST_STEPS):
        width = upper - lower
        if low_value == 0:
            return lower
        if high_value == 0:
            return upper
        if width <= tolerance * (1 + max(abs(lower), abs(upper))):
            break
        middle = upper - high_value * width / (high_value - low_value)
        if step % 3 == 2:  # noqa: PLR2004  # every third step looks whether the last three halved the bracket
            if width > 0.5 * width_before:
                middle = 0.5 * (lower + upper)
            width_before = width
        nudge = 0.25 * tolerance * (1 + abs(middle))
        middle = min(max(middle, lower + nudge), upper - nudge)
        value = function(middle)
        if (value > 0) == (high_value > 0):
            if not math.isinf(low_value):
                weight = 1 - value / high_value if math.isfinite(high_value) else 0.5
                low_value *= weight if weight > 0 else 0.5
            upper, high_value = middle, value
        else:
            if not math.isinf(high_value):
                weight = 1 - value / low_value if math.isfinite(low_value) else 0.5
                high_value *= weight if weight > 0 else 0.5
            lower, low_value = middle, value
    return lower if abs(low_value) < abs(high_value) else upper
