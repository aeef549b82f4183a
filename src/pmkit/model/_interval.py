"""An interval of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Interval"]

Bound = TypeVar("Bound")


@attrs.frozen(eq=False)
class Interval(Generic[Bound]):
    """A lower and an upper bound, of one number or of an array of them.

    It unpacks and indexes like a pair.

    Attributes
    ----------
    lower, upper : float, Undefined or ndarray
        The bounds, in the unit of what is bounded; infinite where one-sided.

    Examples
    --------
    >>> lower, upper = Interval(0.1, 0.3)
    >>> lower, upper
    (0.1, 0.3)
    >>> 0.2 in Interval(0.1, 0.3)
    True
    """

    lower: Bound
    upper: Bound

    def __iter__(self) -> Iterator[Bound]:
        yield self.lower
        yield self.upper

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Bound:
        return (self.lower, self.upper)[index]

    def __contains__(self, number: object) -> bool:
        return bool(self.lower <= number <= self.upper)  # type: ignore[operator]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Interval):
            return NotImplemented
        return _same(self.lower, other.lower) and _same(self.upper, other.upper)

    def __hash__(self) -> int:
        return hash((self.lower, self.upper))


def _same(first: object, second: object) -> bool:
    equal: object = first == second
    if isinstance(equal, bool):
        return equal
    import numpy as np

    return np.array_equal(cast("np.ndarray", first), cast("np.ndarray", second), equal_nan=True)
