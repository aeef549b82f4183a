"""Small checks of arguments, and the equality of fields that hold a number or an array of them."""

from __future__ import annotations

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.stats._arrays import Numbers

__all__ = ["SAME_ARRAY", "SAME_NUMBERS", "check_number", "checked_axis", "checked_pair", "whole_number"]


def _same(first: object, second: object) -> bool:
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        pair = np.asarray(first), np.asarray(second)
        return np.array_equal(*pair, equal_nan=all(side.dtype.kind == "f" for side in pair))
    return bool(first == second)


SAME_NUMBERS = attrs.cmp_using(eq=_same, class_name="Numbers")
"""For ``attrs.field(eq=...)``: compares by content, NaN being equal to NaN."""

SAME_ARRAY = attrs.cmp_using(eq=np.array_equal, class_name="Array")
"""For ``attrs.field(eq=...)`` of fields that are always arrays."""


def check_number(name: str, value: object, lower: float, upper: float) -> None:
    """Want one finite number in a range."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not lower <= float(value) <= upper:  # type: ignore[arg-type]  # a number by now
        raise InvalidValueError(f"{name} must be a number from {lower:g} to {upper:g}, not {quoted(value)}")


def whole_number(name: str, value: object, lower: int, upper: int) -> int:
    """Want one whole number in a range."""
    number = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not number or not lower <= int(value) <= upper:  # type: ignore[call-overload]  # a number by now
        raise InvalidValueError(f"{name} must be a whole number from {lower} to {upper}, not {quoted(value)}")
    return int(value)  # type: ignore[call-overload,no-any-return]  # a number by now


def checked_axis(axis: object, dimensions: int, name: str) -> int:
    """Want one axis of an array, counted from the first or, negative, from the last."""
    number = isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)
    if not number or not -dimensions <= int(axis) < dimensions:  # type: ignore[call-overload]  # a number by now
        raise InvalidValueError(f"axis must be one of the {dimensions} axes of {name}, not {quoted(axis)}")
    return int(axis)  # type: ignore[call-overload,no-any-return]  # a number by now


def checked_pair(name: str, value: object, words: str) -> tuple[Numbers, Numbers]:
    """Want a pair; `words` says of what."""
    members = tuple(value) if isinstance(value, (tuple, list)) else ()
    if len(members) != 2:  # noqa: PLR2004  # a pair
        raise InvalidValueError(f"{name} must be a pair of {words}, not {quoted(value)}")
    return members[0], members[1]
