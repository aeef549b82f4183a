"""What comes back from an engine: the groups' keys, their sizes and their moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.errors import InvalidValueError
from pmkit.model import Undefined, Value, did_you_mean, frozen_mapping, quoted
from pmkit.stats import Moments

__all__ = ["Faults", "Groups", "Key", "Raw"]

FloatArray = npt.NDArray[np.float64]
Key = tuple[str | None, ...]


def _frozen(moments: Mapping[str, Moments[FloatArray]]) -> Mapping[str, Moments[FloatArray]]:
    return frozen_mapping(moments)


@attrs.frozen(kw_only=True)
class Groups(Value):
    """Moments by group: all that leaves a data engine.

    Attributes
    ----------
    by : tuple of str
        The columns that make the groups.
    keys : tuple of tuple
        For each group the values of those columns as text, None where missing; in order.
    sizes : tuple of int
        Rows in each group.
    moments : mapping of str to Moments
        For each measure the moments of all groups, as arrays in the order of `keys`.

    Examples
    --------
    >>> from pmkit import frames
    >>> found = frames.group_moments({"arm": ["a", "b", "a"], "x": [1.0, 5.0, 3.0]},
    ...     [frames.Measure(name="x", value="x")], by=["arm"])
    >>> found.keys, found.sizes, found.select("x", arm="a").mean
    ((('a',), ('b',)), (2, 1), 2.0)
    """

    by: tuple[str, ...]
    keys: tuple[Key, ...]
    sizes: tuple[int, ...]
    moments: Mapping[str, Moments[FloatArray]] = attrs.field(converter=_frozen)

    def __len__(self) -> int:
        return len(self.keys)

    def size(self, **values: str | None) -> int:
        """Count the rows of the groups with these values, such as ``arm="a"``."""
        return sum(self.sizes[place] for place in self.places(values))

    def select(self, name: str, **values: str | None) -> Moments[float | Undefined]:
        """Return a measure's moments over all groups with these values.

        Parameters
        ----------
        name : str
            The measure.
        **values : str or None
            Columns of `by` and the value wanted in each.

        Returns
        -------
        Moments
            Of no units when there is no such group.

        Raises
        ------
        InvalidValueError
            For an unknown measure or column.
        """
        return self.total(name, self.places(values))

    def places(self, values: Mapping[str, str | None]) -> tuple[int, ...]:
        """Return the places of the groups with these values."""
        unknown = [column for column in values if column not in self.by]
        if unknown:
            raise InvalidValueError(f"the groups are not made by {', '.join(quoted(one) for one in unknown)}")
        wanted = [(self.by.index(column), value) for column, value in values.items()]
        return tuple(
            place for place, key in enumerate(self.keys) if all(key[index] == value for index, value in wanted)
        )

    def total(self, name: str, places: Sequence[int]) -> Moments[float | Undefined]:
        """Add up a measure's moments over the groups at these places."""
        if name not in self.moments:
            raise InvalidValueError(f"there is no measure {quoted(name)}{did_you_mean(name, list(self.moments))}")
        held = self.moments[name]
        chosen = [held[place] for place in places]
        if not chosen:
            return held[:0].merge()  # type: ignore[return-value]  # one group of no units
        return Moments.stack(chosen).merge()  # type: ignore[return-value]  # one group


@attrs.define
class Raw:
    """Groups before their keys were put in order."""

    keys: list[tuple[object, ...]]
    sizes: list[int]
    moments: dict[str, Moments[FloatArray]]


@attrs.define
class Faults:
    """Counts of values that cannot be summed, by what is wrong, column and group."""

    by: tuple[str, ...]
    counts: dict[tuple[str, str, str], int] = attrs.field(factory=dict)

    def add(self, kind: str, column: str, key: Sequence[object], count: int) -> None:
        """Count values."""
        from pmkit.frames._measures import value_text

        group = value_text(key[0]) if key else None
        place = (kind, column, "" if not self.by else f" where {quoted(self.by[0])} is {quoted(group)}")
        self.counts[place] = self.counts.get(place, 0) + count

    def extend(self, other: Faults) -> None:
        """Count what another has counted."""
        for place, count in other.counts.items():
            self.counts[place] = self.counts.get(place, 0) + count

    def done(self) -> None:
        """Raise when anything was counted."""
        if not self.counts:
            return
        advice = {
            "missing": "; give missing='omit' (the unit is left out of that measure) or missing='zero'",
            "infinite": "; clean them or set them to a bound first",
            "too large": "; square roots of the largest double are the limit, rescale the column",
        }
        ordered = sorted(self.counts.items())
        said = [
            f"column {quoted(column)} has {count:,} {kind} values{where}" for (kind, column, where), count in ordered
        ]
        hints = [advice[kind] for kind in dict.fromkeys(kind for (kind, _, _), _ in ordered)]
        raise InvalidValueError("; ".join(said) + "".join(hints))
