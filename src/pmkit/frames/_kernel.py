"""Centered sums of some rows, by group.

With few groups, a block of rows becomes a matrix of deviations from a pivot and of their products, and one matrix
product with the groups' membership adds it all up. Where that loses digits (a group far from the others, a constant),
and where there are many groups, rows are put in the order of their groups and each is centered about its own mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.frames._groups import Faults, FloatArray
from pmkit.frames._layout import IntArray, Layout, Part, Totals
from pmkit.stats._doubles import two_sum

__all__ = ["BLOCK", "Rows", "cleaned", "sum_by_group"]

BLOCK = 1 << 13
_CACHE = 1 << 19
_HEAD = 1 << 10
_FEW = 8
_FAR = 16.0
_FAR_EXACT = 1024.0
_EXACT = 2.0**53

Arrays = Mapping[str, FloatArray]
Mask = npt.NDArray[np.bool_]
Lost = Mapping[int, Mask]


@attrs.frozen
class Rows:
    """Some rows: columns as doubles, NaN for missing, and each row's place among the keys."""

    arrays: Arrays
    codes: IntArray
    keys: Sequence[tuple[object, ...]]
    sizes: IntArray


def sum_by_group(layout: Layout, rows: Rows, by: tuple[str, ...]) -> Part:
    """Take the moments of each group of some rows."""
    faults = Faults(by)
    lost: Lost = {}
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        few = len(rows.keys) <= _FEW
        part, clean = None, False
        if few and not _hidden(layout, rows.arrays):
            part, clean = _together(layout, rows, lost, faults)
        if not clean:
            arrays, lost = cleaned(layout, rows, faults)
            rows = attrs.evolve(rows, arrays=arrays)
            if few:
                part, _ = _together(layout, rows, lost, faults)
        return _apart(layout, rows, lost, faults) if part is None else part


def _slices(count: int, step: int) -> Iterator[slice]:
    for first in range(0, count, step):
        yield slice(first, min(first + step, count))


def _step(layout: Layout) -> int:
    """Choose a number of rows whose numbers stay in the processor's cache."""
    return max(BLOCK >> 4, min(BLOCK, _CACHE // max(len(layout.slots) + len(layout.pairs), 1)))


def _hidden(layout: Layout, arrays: Arrays) -> bool:
    """Say whether bounds would hide an infinite value."""
    return any(slot.limits is not None and not np.isfinite(arrays[slot.column].sum()) for slot in layout.slots)


def cleaned(layout: Layout, rows: Rows, faults: Faults) -> tuple[Arrays, Lost]:
    """Count what is refused, put 0 for what is missing, and say which rows each measure leaves out."""
    arrays = dict(rows.arrays)
    missing: dict[str, Mask] = {}
    for column, array in rows.arrays.items():
        if np.isfinite(array.sum()):
            continue
        infinite, absent = np.isinf(array), np.isnan(array)
        _count(rows, infinite, "infinite", column, faults)
        if layout.rules[column] == "refuse":
            _count(rows, absent, "missing", column, faults)
        elif layout.rules[column] == "omit" and absent.any():
            missing[column] = absent
        arrays[column] = np.where(infinite | absent, 0.0, array)
    lost = {}
    for index, measure in enumerate(layout.measures):
        gone = [missing[column] for column in measure.columns if column in missing]
        if gone:
            lost[index] = np.logical_or.reduce(gone)
    return arrays, lost


def _count(rows: Rows, where: Mask, kind: str, column: str, faults: Faults) -> None:
    found = np.bincount(rows.codes[where], minlength=len(rows.keys))
    for key, count in zip(rows.keys, found.tolist(), strict=True):
        if count:
            faults.add(kind, column, key, count)


def _pivots(layout: Layout, arrays: Arrays) -> FloatArray:
    """Take the middle of the first rows; whole numbers for whole numbers, which keeps their sums exact."""
    pivots = np.zeros(len(layout.slots))
    for place, slot in enumerate(layout.slots):
        head = arrays[slot.column][:_HEAD]
        if slot.limits is not None:
            head = np.clip(head, *slot.limits)
        pivot = head.sum() / len(head)
        if np.isfinite(pivot):
            pivots[place] = np.rint(pivot) if slot.exact else pivot
    return pivots


def _together(layout: Layout, rows: Rows, lost: Lost, faults: Faults) -> tuple[Part | None, bool]:
    """Center all groups about one pivot, if that keeps the digits; and say whether all sums are numbers."""
    groups, slots, pairs = len(rows.keys), len(layout.slots), len(layout.pairs)
    pivots = _pivots(layout, rows.arrays)
    columns = [rows.arrays[slot.column] for slot in layout.slots]
    step = min(_step(layout), len(rows.codes))
    every = np.empty((slots + pairs, step))
    sums = np.zeros((-(-len(rows.codes) // step), groups, slots + pairs))
    counts = np.repeat(rows.sizes[:, None].astype(np.float64), len(layout.measures), axis=1)
    members = np.arange(groups)[:, None]
    for block, part in enumerate(_slices(len(rows.codes), step)):
        held = every[:, : part.stop - part.start]
        member = (rows.codes[part] == members).astype(np.float64)
        for place, column in enumerate(columns):
            limits = layout.slots[place].limits
            if limits is None:
                np.subtract(column[part], pivots[place], out=held[place])
            else:
                np.clip(column[part], *limits, out=held[place])
                held[place] -= pivots[place]
        for index, gone in lost.items():
            where = layout.ranges[index]
            held[where.start : where.stop, gone[part]] = 0.0
            counts[:, index] -= member @ gone[part].astype(np.float64)
        np.multiply(held[:slots], held[:slots], out=held[slots : 2 * slots])
        for place in range(slots, pairs):
            one, other = layout.pairs[place]
            np.multiply(held[one], held[other], out=held[slots + place])
        sums[block] = held.sum(axis=1) if groups == 1 else member @ held.T
        if not np.isfinite(sums[block]).all():
            return None, False
    total = sums.sum(axis=0)
    return _read(layout, rows, pivots, counts, total, faults), True


def _read(
    layout: Layout, rows: Rows, pivots: FloatArray, counts: FloatArray, total: FloatArray, faults: Faults
) -> Part | None:
    """Read the moments out of sums about one pivot; None when it was too far from the mean of a group."""
    slots = len(layout.slots)
    safe = np.where(counts > 0, counts, 1.0)[:, layout.measure_of]
    shift = total[:, :slots] / safe
    means, rest = two_sum(np.broadcast_to(pivots, shift.shape), shift)
    cross = total[:, slots:] - shift[:, layout.first] * total[:, layout.second]
    cross[:, :slots] = np.maximum(cross[:, :slots], 0.0)
    squares = total[:, slots : 2 * slots]
    exact = np.array([slot.exact for slot in layout.slots], np.bool_) & (squares < _EXACT)
    limit = np.where(exact, _FAR_EXACT, _FAR)
    # A constant of whole numbers has a spread of 0 exactly; elsewhere a pivot far from the mean costs digits.
    near = (squares <= limit * cross[:, :slots]) | (exact & (cross[:, :slots] == 0))
    return Part(rows.keys, rows.sizes, counts, means, rest, cross, faults) if near.all() else None


def _apart(layout: Layout, rows: Rows, lost: Lost, faults: Faults) -> Part:
    """Center each group about its own mean, block by block."""
    totals = Totals(layout, {key: place for place, key in enumerate(rows.keys)})
    for part in _slices(len(rows.codes), _step(layout)):
        codes = rows.codes[part]
        order = np.argsort(codes, kind="stable")
        ordered = codes[order]
        starts = np.concatenate(([0], np.flatnonzero(np.diff(ordered)) + 1))
        present = ordered[starts]
        sizes = np.diff(np.append(starts, len(codes)))
        arrays = {column: array[part][order] for column, array in rows.arrays.items()}
        gone = {index: mask[part][order] for index, mask in lost.items()}
        keys = [rows.keys[int(group)] for group in present]
        totals.add(Part(keys, sizes, *_centered(layout, arrays, gone, starts, sizes), faults))
    return totals.part(faults)


def _centered(
    layout: Layout, arrays: Arrays, gone: Lost, starts: IntArray, sizes: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return count, means, their remainders and centered products of rows that lie in the order of their groups."""
    slots = len(layout.slots)
    count = int(sizes.sum())
    n = np.repeat(sizes[:, None].astype(np.float64), len(layout.measures), axis=1)
    held = np.empty((slots, count))
    for place, slot in enumerate(layout.slots):
        held[place] = arrays[slot.column] if slot.limits is None else np.clip(arrays[slot.column], *slot.limits)
    low = high = held
    if gone:
        low, high = held.copy(), held.copy()
        for index, mask in gone.items():
            where = slice(layout.ranges[index].start, layout.ranges[index].stop)
            held[where, mask], low[where, mask], high[where, mask] = 0.0, np.inf, -np.inf
            n[:, index] -= np.add.reduceat(mask.astype(np.float64), starts)
    safe = np.where(n > 0, n, 1.0)[:, layout.measure_of].T
    lowest, highest = np.minimum.reduceat(low, starts, axis=1), np.maximum.reduceat(high, starts, axis=1)
    # Rounding must not move a mean out of its values: the spread of a constant is 0 exactly.
    pivots = np.clip(np.add.reduceat(held, starts, axis=1) / safe, lowest, highest)
    pivots[lowest > highest] = 0.0
    held -= np.repeat(pivots, sizes, axis=1)
    for index, mask in gone.items():
        held[layout.ranges[index].start : layout.ranges[index].stop, mask] = 0.0
    sums = np.add.reduceat(held, starts, axis=1)
    shift = sums / safe
    cross = np.empty((len(layout.pairs), len(sizes)))
    for place, (one, other) in enumerate(layout.pairs):
        cross[place] = np.add.reduceat(held[one] * held[other], starts) - shift[one] * sums[other]
    cross[:slots] = np.maximum(cross[:slots], 0.0)
    means, rest = two_sum(pivots, shift)
    return n, means.T, rest.T, cross.T
