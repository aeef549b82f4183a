"""Rows in memory: read a block at a time, centered about the block's own means, merged by Chan's formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.frames._groups import Faults, Raw
from pmkit.frames._measures import Kind, Measure, MissingRule
from pmkit.stats import Moments
from pmkit.stats._blocks import Block
from pmkit.stats._doubles import two_sum

__all__ = ["BLOCK", "SPAN", "Rows", "sum_rows", "values_by_group"]

BLOCK = 1 << 14
SPAN = 1 << 17
_RADIX = 1 << 16

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Rows(Protocol):
    """A table in memory."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each column holds."""
        raise NotImplementedError

    @property
    def described(self) -> Mapping[str, str]:
        """The table's own word for each column's type."""
        raise NotImplementedError

    def __len__(self) -> int: ...

    def distinct(self, column: str) -> list[object]:
        """Return a column's values, each once; None for missing."""
        raise NotImplementedError

    def codes(self, column: str, values: Sequence[object], rows: slice) -> IntArray:
        """Return for each row the place of its value."""
        raise NotImplementedError

    def numbers(self, column: str, rows: slice) -> FloatArray:
        """Return a column's values as doubles, NaN for missing."""
        raise NotImplementedError


@attrs.define
class _Layout:
    """Which rows of the working matrix belong to which measure."""

    measures: Sequence[Measure]
    slots: list[tuple[int, str, tuple[float, float] | None]] = attrs.field(factory=list)
    ranges: list[range] = attrs.field(factory=list)
    pairs: list[tuple[int, int]] = attrs.field(factory=list)
    pair_ranges: list[range] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        for index, measure in enumerate(self.measures):
            start, first_pair = len(self.slots), len(self.pairs)
            for part, column in measure.parts:
                self.slots.append((index, column, measure.limits if part == "value" else None))
            self.ranges.append(range(start, len(self.slots)))
            self.pairs.extend(combinations_with_replacement(self.ranges[-1], 2))
            self.pair_ranges.append(range(first_pair, len(self.pairs)))


@attrs.define
class _Sums:
    """Running moments of all groups and measures."""

    layout: _Layout
    n: FloatArray
    means: FloatArray
    remainders: FloatArray
    cross: FloatArray

    @classmethod
    def empty(cls, layout: _Layout, groups: int) -> _Sums:
        slots, pairs = len(layout.slots), len(layout.pairs)
        return cls(
            layout,
            np.zeros((groups, len(layout.measures))),
            np.zeros((groups, slots)),
            np.zeros((groups, slots)),
            np.zeros((groups, pairs)),
        )

    def add(
        self, groups: IntArray, n: FloatArray, means: FloatArray, remainders: FloatArray, cross: FloatArray
    ) -> None:
        """Merge the moments of one block into those of its groups (Chan, Golub and LeVeque 1983)."""
        layout = self.layout
        measure_of = np.array([slot[0] for slot in layout.slots], np.intp)
        first, second = (np.array([pair[side] for pair in layout.pairs], np.intp) for side in (0, 1))
        before = self.n[groups]
        total = before + n
        share = n / np.where(total > 0, total, 1.0)
        old, old_rest = self.means[groups], self.remainders[groups]
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            delta = (means - old) + (remainders - old_rest)
            high, low = two_sum(old, delta * share[:, measure_of])
            high, low = two_sum(high, low + old_rest)
            spread = (before * share)[:, measure_of[first]]
            joined = self.cross[groups] + cross + delta[:, first] * delta[:, second] * spread
        fresh, absent = (before == 0)[:, measure_of], (n == 0)[:, measure_of]
        self.means[groups] = np.where(absent, old, np.where(fresh, means, high))
        self.remainders[groups] = np.where(absent, old_rest, np.where(fresh, remainders, low))
        self.cross[groups] = np.where(absent[:, first], self.cross[groups], np.where(fresh[:, first], cross, joined))
        self.n[groups] = total

    def moments(self, kept: Sequence[int]) -> dict[str, Moments[FloatArray]]:
        """Return the moments of some groups, by measure."""
        found = {}
        places = list(kept)
        for index, measure in enumerate(self.layout.measures):
            slots, pairs = self.layout.ranges[index], self.layout.pair_ranges[index]
            size = len(slots)
            square = np.zeros((size, size, len(places)))
            for place in pairs:
                i, j = (slot - slots.start for slot in self.layout.pairs[place])
                square[i, j] = square[j, i] = self.cross[places, place]
            block = Block(
                self.n[places, index],
                self.means[places, slots.start : slots.stop].T,
                self.remainders[places, slots.start : slots.stop].T,
                square,
            )
            parts = tuple(part for part, _ in measure.parts)
            found[measure.name] = Moments[FloatArray].like(parts, block)  # type: ignore[arg-type]  # a measure's parts are parts
        return found


def sum_rows(rows: Rows, measures: Sequence[Measure], by: tuple[str, ...], rules: Mapping[str, MissingRule]) -> Raw:
    """Take the moments of every group of rows in memory."""
    values = [rows.distinct(column) for column in by]
    shape = tuple(len(one) for one in values)
    groups = int(np.prod(shape, dtype=np.int64)) if by else 1
    layout = _Layout(measures)
    reader = _Reader(layout, rules, Faults(by))
    sums = _Sums.empty(layout, groups)
    sizes = np.zeros(groups, np.int64)
    for span in _slices(0, len(rows), SPAN):
        codes = _codes(rows, by, values, shape, span)
        arrays = {column: rows.numbers(column, span) for column in rules}
        for part in _slices(0, len(codes), BLOCK):
            order, present, starts = _grouped(codes[part], groups)
            sizes[present] += np.diff(starts)
            keys = [_key(values, shape, int(group)) for group in present]
            block = {column: array[part] for column, array in arrays.items()}
            sums.add(present, *reader.block(block, order, starts, keys))
    reader.faults.done()
    kept = [int(group) for group in np.flatnonzero(sizes)]
    _refuse_overflow(sums, layout, kept, [_key(values, shape, group) for group in kept], by)
    return Raw([_key(values, shape, group) for group in kept], [int(sizes[one]) for one in kept], sums.moments(kept))


def _refuse_overflow(
    sums: _Sums, layout: _Layout, kept: Sequence[int], keys: Sequence[tuple[object, ...]], by: tuple[str, ...]
) -> None:
    faults = Faults(by)
    squares = {first: place for place, (first, second) in enumerate(layout.pairs) if first == second}
    for group, key in zip(kept, keys, strict=True):
        for slot, (index, column, _) in enumerate(layout.slots):
            if not np.isfinite(sums.cross[group, squares[slot]]) or not np.isfinite(sums.means[group, slot]):
                faults.add("too large", column, key, int(sums.n[group, index]))
    faults.done()


def _slices(start: int, stop: int, step: int) -> Iterator[slice]:
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))


def _key(values: Sequence[Sequence[object]], shape: tuple[int, ...], group: int) -> tuple[object, ...]:
    if not shape:
        return ()
    places = np.unravel_index(group, shape)
    return tuple(one[int(place)] for one, place in zip(values, places, strict=True))


def _codes(
    rows: Rows, by: tuple[str, ...], values: Sequence[Sequence[object]], shape: tuple[int, ...], span: slice
) -> IntArray:
    """Return for each row the number of its group."""
    codes = np.zeros(span.stop - span.start, np.int64)
    for column, known, size in zip(by, values, shape, strict=True):
        codes = codes * size + rows.codes(column, known, span)
    return codes


def _grouped(codes: IntArray, groups: int) -> tuple[IntArray | None, IntArray, IntArray]:
    """Return the rows' order by group, the groups that occur, and where each one's rows start."""
    small = codes.astype(np.uint16) if groups <= _RADIX else codes
    if int(small.min()) == int(small.max()):
        return None, codes[:1], np.array([0, len(codes)])
    order = np.argsort(small, kind="stable")
    ordered = codes[order]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(ordered)) + 1, [len(codes)]))
    return order, ordered[starts[:-1]], starts


@attrs.define
class _Reader:
    """Reads blocks and centers them."""

    layout: _Layout
    rules: Mapping[str, MissingRule]
    faults: Faults

    def block(
        self,
        arrays: Mapping[str, FloatArray],
        order: IntArray | None,
        starts: IntArray,
        keys: Sequence[tuple[object, ...]],
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return count, means, their remainders and centered products of each group that occurs in a block."""
        layout = self.layout
        matrix = self._matrix(arrays, order, starts, keys)
        groups = len(keys)
        n = np.zeros((groups, len(layout.measures)))
        means, rest = np.zeros((groups, len(layout.slots))), np.zeros((groups, len(layout.slots)))
        cross = np.zeros((groups, len(layout.pairs)))
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for group, key in enumerate(keys):
                held = matrix[:, starts[group] : starts[group + 1]]
                pivot = held.mean(axis=1)
                if np.isfinite(pivot).all():
                    n[group] = held.shape[1]
                    _center(held, pivot, layout.pairs, means[group], rest[group], cross[group])
                    continue
                for index, slots in enumerate(layout.ranges):
                    self._one(held, slots, index, key, (n[group], means[group], rest[group], cross[group]))
        return n, means, rest, cross

    def _one(
        self,
        held: FloatArray,
        slots: range,
        index: int,
        key: tuple[object, ...],
        into: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    ) -> None:
        """Center one measure's rows where some are missing."""
        own = held[slots.start : slots.stop]
        good = ~np.isnan(own).any(axis=0)
        for slot, row in zip(slots, own, strict=True):
            column = self.layout.slots[slot][1]
            lost = int(np.isnan(row).sum())
            if lost and self.rules[column] == "refuse" and self._first_use(slot):
                self.faults.add("missing", column, key, lost)
        n, means, rest, cross = into
        own = own[:, good]
        n[index] = own.shape[1]
        if not own.shape[1]:
            return
        pairs = self.layout.pair_ranges[index]
        local = [(i - slots.start, j - slots.start) for i, j in self.layout.pairs[pairs.start : pairs.stop]]
        pivot = own.mean(axis=1)
        if not np.isfinite(pivot).all():
            pivot = (own / own.shape[1]).sum(axis=1)
        where = slice(slots.start, slots.stop)
        _center(own, pivot, local, means[where], rest[where], cross[pairs.start : pairs.stop])

    def _first_use(self, slot: int) -> bool:
        columns = [column for _, column, _ in self.layout.slots]
        return columns.index(columns[slot]) == slot

    def _matrix(
        self,
        arrays: Mapping[str, FloatArray],
        order: IntArray | None,
        starts: IntArray,
        keys: Sequence[tuple[object, ...]],
    ) -> FloatArray:
        matrix = np.empty((len(self.layout.slots), int(starts[-1])))
        seen: dict[str, int] = {}
        for slot, (_, column, limits) in enumerate(self.layout.slots):
            row = matrix[slot]
            if order is None:
                row[:] = arrays[column]
            else:
                np.take(arrays[column], order, out=row, mode="clip")
            if limits is None and np.isfinite(row.sum()):
                continue
            self._clean(row, column, starts, keys, first=column not in seen)
            seen[column] = slot
            if limits is not None:
                np.clip(row, *limits, out=row)
        return matrix

    def _clean(
        self, row: FloatArray, column: str, starts: IntArray, keys: Sequence[tuple[object, ...]], *, first: bool
    ) -> None:
        """Note infinite values, and put 0 for missing ones where that is the rule."""
        infinite = np.isinf(row)
        if infinite.any():
            for group, key in enumerate(keys):
                count = int(infinite[starts[group] : starts[group + 1]].sum())
                if count and first:
                    self.faults.add("infinite", column, key, count)
            row[infinite] = 0.0
        if self.rules[column] == "zero":
            row[np.isnan(row)] = 0.0


def _center(
    held: FloatArray,
    pivot: FloatArray,
    pairs: Sequence[tuple[int, int]],
    means: FloatArray,
    rest: FloatArray,
    cross: FloatArray,
) -> None:
    count = held.shape[1]
    constant = held[:, 0] == held[:, -1]
    if constant.any():
        even = constant & (held.min(axis=1) == held.max(axis=1))
        pivot = np.where(even, held[:, 0], pivot)
    deviations = held - pivot[:, None]
    shift = deviations.mean(axis=1)
    means[:], rest[:] = two_sum(pivot, shift)
    for place, (i, j) in enumerate(pairs):
        product = float(deviations[i] @ deviations[j]) - count * shift[i] * shift[j]
        cross[place] = max(product, 0.0) if i == j else product


def values_by_group(
    rows: Rows, column: str, by: tuple[str, ...], rule: MissingRule
) -> tuple[list[tuple[object, ...]], list[FloatArray]]:
    """Return a column's values in order, by group."""
    values = [rows.distinct(one) for one in by]
    shape = tuple(len(one) for one in values)
    faults = Faults(by)
    pieces: dict[int, list[FloatArray]] = {}
    groups = int(np.prod(shape, dtype=np.int64)) if by else 1
    for span in _slices(0, len(rows), SPAN):
        order, present, starts = _grouped(_codes(rows, by, values, shape, span), groups)
        numbers = rows.numbers(column, span)
        numbers = numbers if order is None else numbers[order]
        for place, group in enumerate(present):
            piece = numbers[starts[place] : starts[place + 1]]
            key = _key(values, shape, int(group))
            infinite, lost = int(np.isinf(piece).sum()), np.isnan(piece)
            if infinite:
                faults.add("infinite", column, key, infinite)
            if lost.any() and rule == "refuse":
                faults.add("missing", column, key, int(lost.sum()))
            piece = np.where(lost, 0.0, piece) if rule == "zero" else piece[~lost]
            pieces.setdefault(int(group), []).append(piece)
    faults.done()
    kept = sorted(pieces)
    return [_key(values, shape, group) for group in kept], [np.sort(np.concatenate(pieces[group])) for group in kept]
