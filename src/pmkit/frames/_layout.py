"""Where the numbers of each measure lie in the arrays that are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.frames._groups import Faults, FloatArray
from pmkit.frames._measures import Kind, Measure, MissingRule
from pmkit.stats import Moments
from pmkit.stats._blocks import Block
from pmkit.stats._doubles import two_sum

__all__ = ["Layout", "Part", "Slot", "Totals"]

IntArray = npt.NDArray[np.intp]


@attrs.frozen
class Slot:
    """One part of one measure."""

    measure: int
    column: str
    limits: tuple[float, float] | None
    exact: bool


@attrs.frozen
class Layout:
    """The parts of all measures in a row, then the pairs whose products are summed: squares first."""

    measures: Sequence[Measure]
    rules: Mapping[str, MissingRule]
    slots: tuple[Slot, ...]
    ranges: tuple[range, ...]
    pairs: tuple[tuple[int, int], ...]
    first: IntArray
    second: IntArray
    measure_of: IntArray

    @classmethod
    def of(cls, measures: Sequence[Measure], rules: Mapping[str, MissingRule], kinds: Mapping[str, Kind]) -> Layout:
        """Lay out measures."""
        slots: list[Slot] = []
        ranges: list[range] = []
        for index, measure in enumerate(measures):
            start = len(slots)
            for part, column in measure.parts:
                limits = measure.limits if part == "value" else None
                slots.append(Slot(index, column, limits, kinds[column] != "float" and limits is None))
            ranges.append(range(start, len(slots)))
        pairs = [(slot, slot) for slot in range(len(slots))]
        pairs += [pair for places in ranges for pair in combinations(places, 2)]
        return cls(
            measures,
            rules,
            tuple(slots),
            tuple(ranges),
            tuple(pairs),
            np.array([pair[0] for pair in pairs], np.intp),
            np.array([pair[1] for pair in pairs], np.intp),
            np.array([slot.measure for slot in slots], np.intp),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return tuple(self.rules)


@attrs.frozen
class Part:
    """Moments of the groups that occur in some rows: by group and measure, slot, or pair."""

    keys: Sequence[tuple[object, ...]]
    sizes: IntArray
    n: FloatArray
    means: FloatArray
    remainders: FloatArray
    cross: FloatArray
    faults: Faults


@attrs.define
class Totals:
    """Running moments of all groups and measures."""

    layout: Layout
    places: dict[tuple[object, ...], int] = attrs.field(factory=dict)
    sizes: IntArray = attrs.field(factory=lambda: np.zeros(0, np.intp))
    n: FloatArray = attrs.field(init=False)
    means: FloatArray = attrs.field(init=False)
    remainders: FloatArray = attrs.field(init=False)
    cross: FloatArray = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        layout = self.layout
        self.n = np.zeros((0, len(layout.measures)))
        self.means = self.remainders = np.zeros((0, len(layout.slots)))
        self.cross = np.zeros((0, len(layout.pairs)))

    def add(self, part: Part) -> None:
        """Merge the moments of some rows into those of their groups (Chan, Golub and LeVeque 1983)."""
        groups = np.array([self.places.setdefault(key, len(self.places)) for key in part.keys], np.intp)
        self._grow(len(self.places))
        layout = self.layout
        first, second, owner = layout.first, layout.second, layout.measure_of
        self.sizes[groups] += part.sizes
        before = self.n[groups]
        total = before + part.n
        share = part.n / np.where(total > 0, total, 1.0)
        old, old_rest = self.means[groups], self.remainders[groups]
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            delta = (part.means - old) + (part.remainders - old_rest)
            high, low = two_sum(old, delta * share[:, owner])
            high, low = two_sum(high, low + old_rest)
            spread = (before * share)[:, owner[first]]
            joined = self.cross[groups] + part.cross + delta[:, first] * delta[:, second] * spread
        fresh, absent = (before == 0)[:, owner], (part.n == 0)[:, owner]
        self.means[groups] = np.where(absent, old, np.where(fresh, part.means, high))
        self.remainders[groups] = np.where(absent, old_rest, np.where(fresh, part.remainders, low))
        self.cross[groups] = np.where(
            absent[:, first], self.cross[groups], np.where(fresh[:, first], part.cross, joined)
        )
        self.n[groups] = total

    def _grow(self, groups: int) -> None:
        more = groups - len(self.sizes)
        if more:
            self.sizes = np.concatenate((self.sizes, np.zeros(more, np.intp)))
            self.n, self.means, self.remainders, self.cross = (
                np.concatenate((held, np.zeros((more, held.shape[1]))))
                for held in (self.n, self.means, self.remainders, self.cross)
            )

    def part(self, faults: Faults) -> Part:
        """Return all of it."""
        return Part(list(self.places), self.sizes, self.n, self.means, self.remainders, self.cross, faults)

    def refuse_overflow(self, by: tuple[str, ...]) -> None:
        """Refuse sums that are no longer numbers."""
        faults = Faults(by)
        for key, group in self.places.items():
            for slot, held in enumerate(self.layout.slots):
                if not np.isfinite(self.cross[group, slot]) or not np.isfinite(self.means[group, slot]):
                    faults.add("too large", held.column, key, int(self.n[group, held.measure]))
        faults.done()

    def moments(self) -> dict[str, Moments[FloatArray]]:
        """Return the moments of all groups, by measure."""
        found = {}
        for index, measure in enumerate(self.layout.measures):
            slots = self.layout.ranges[index]
            square = np.zeros((len(slots), len(slots), len(self.sizes)))
            for place, (one, other) in enumerate(self.layout.pairs):
                if one in slots:
                    i, j = one - slots.start, other - slots.start
                    square[i, j] = square[j, i] = self.cross[:, place]
            where = slice(slots.start, slots.stop)
            block = Block(self.n[:, index], self.means[:, where].T, self.remainders[:, where].T, square)
            parts = tuple(part for part, _ in measure.parts)
            found[measure.name] = Moments[FloatArray].like(parts, block)  # type: ignore[arg-type]  # a measure's parts are parts
        return found
