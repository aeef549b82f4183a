"""Rows in memory: read a span at a time, on a few threads, each span by itself; merged in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import attrs
import numpy as np

from pmkit.frames._groups import Faults, FloatArray, Raw
from pmkit.frames._kernel import Rows, sum_by_group
from pmkit.frames._layout import IntArray, Layout, Part, Totals
from pmkit.frames._measures import Kind, Measure, MissingRule, value_text
from pmkit.frames._pieces import Piece
from pmkit.frames._tables import Table

__all__ = ["grouped", "known_of", "sum_pieces", "values_where"]

_THREADS = 4
_ALONE = 1 << 14
Known = tuple[tuple[object, ...], ...]


def sum_pieces(
    pieces: Iterable[Piece],
    measures: Sequence[Measure],
    by: tuple[str, ...],
    rules: Mapping[str, MissingRule],
    kinds: Mapping[str, Kind],
) -> Raw:
    """Take the moments of every group of rows that come piece by piece."""
    reader = _Reader(Layout.of(measures, rules, kinds), by)
    totals, faults = Totals(reader.layout), Faults(by)
    for part in reader.parts(pieces):
        totals.add(part)
        faults.extend(part.faults)
    faults.done()
    totals.refuse_overflow(by)
    return Raw(list(totals.places), [int(size) for size in totals.sizes], totals.moments())


@attrs.define
class _Reader:
    layout: Layout
    by: tuple[str, ...]
    seen: tuple[dict[object, None], ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.seen = tuple({} for _ in self.by)

    def parts(self, pieces: Iterable[Piece]) -> Iterator[Part]:
        """Sum up pieces, several at once; the first alone, so that the others know the groups it shows."""
        waiting: deque[Future[Part]] = deque()
        threads = min(_THREADS, max(_processors() // 2, 1))  # two processors of one core sum no faster than one
        rest = iter(pieces)
        for piece in rest:
            yield self._noted(self.part(piece, known_of(self.seen)))
            if threads > 1 and len(piece) > _ALONE:
                break
        else:
            return
        with ThreadPoolExecutor(threads) as pool:
            for piece in rest:
                waiting.append(pool.submit(self.part, piece, known_of(self.seen)))
                if len(waiting) > threads:
                    yield self._noted(waiting.popleft().result())
            while waiting:
                yield self._noted(waiting.popleft().result())

    def _noted(self, part: Part) -> Part:
        for key in part.keys:
            for seen, value in zip(self.seen, key, strict=True):
                seen[value] = None
        return part

    def part(self, piece: Piece, known: Known) -> Part:
        """Sum up one piece."""
        codes, keys, sizes = grouped(piece, self.by, known)
        arrays = {column: piece.numbers(column) for column in self.layout.columns}
        return sum_by_group(self.layout, Rows(arrays, codes, keys, sizes), self.by)


def known_of(seen: Iterable[Iterable[object]]) -> Known:
    """Return the values that were seen in each column."""
    return tuple(tuple(values) for values in seen)


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def grouped(piece: Piece, by: tuple[str, ...], known: Known) -> tuple[IntArray, list[tuple[object, ...]], IntArray]:
    """Return for each row the place of its group among those that occur, their keys, and their rows."""
    keys: list[tuple[object, ...]] = [()]
    codes = np.zeros(len(piece), np.intp)
    sizes = np.array([len(piece)])
    for column, held in zip(by, known, strict=True):
        places, values = piece.labels(column, held)
        codes = places if len(keys) == 1 else codes * len(values) + places
        codes, present, sizes = _packed(codes, len(keys) * len(values))
        keys = [(*keys[code // len(values)], values[code % len(values)]) for code in present.tolist()]
    return codes, keys, sizes


def _packed(codes: IntArray, size: int) -> tuple[IntArray, IntArray, IntArray]:
    """Give the codes that occur numbers from 0, and count their rows."""
    if size > len(codes):
        present, packed, counts = np.unique(codes, return_inverse=True, return_counts=True)
        return packed.reshape(-1), present, counts
    counts = np.bincount(codes, minlength=size)
    present = np.flatnonzero(counts)
    packed = codes if len(present) == size else (np.cumsum(counts > 0) - 1)[codes]
    return packed, present, counts[present]


def values_where(table: Table, column: str, where: Mapping[str, str | None], rule: MissingRule) -> FloatArray:
    """Return a column's values in order, of the rows where other columns have given values."""
    by = tuple(where)
    faults = Faults(by)
    chosen = []
    known: Known = tuple(() for _ in by)
    for piece in table.pieces([column, *by]):
        codes, keys, _ = grouped(piece, by, known)
        wanted = [tuple(map(value_text, key)) == tuple(where.values()) for key in keys]
        numbers = piece.numbers(column)[np.array(wanted, np.bool_)[codes]]
        infinite, lost = int(np.isinf(numbers).sum()), np.isnan(numbers)
        if infinite:
            faults.add("infinite", column, tuple(where.values()), infinite)
        if lost.any() and rule == "refuse":
            faults.add("missing", column, tuple(where.values()), int(lost.sum()))
        chosen.append(np.where(lost, 0.0, numbers) if rule == "zero" else numbers[~lost])
    faults.done()
    return np.sort(np.concatenate(chosen)) if chosen else np.zeros(0)
