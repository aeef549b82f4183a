"""Moments from an engine: one grouped query of sums about pivots that a look at a few rows gives.

Where the sums show that a pivot was far from a group's values (sorted days, groups on different scales), the query
is asked once more about the means just found, and at last for the groups apart that still need a pivot of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement
from typing import Any, TypeVar

import attrs
import numpy as np

from pmkit.errors import EngineError, PmkitError
from pmkit.frames._engines import Answer, Engine, Expression
from pmkit.frames._groups import Faults, FloatArray, Raw
from pmkit.frames._measures import Measure, MissingRule
from pmkit.model import quoted
from pmkit.stats import Moments

__all__ = ["asked", "query_moments"]

_PEEK = 256
_WORST = 64.0
_EXACT = 2.0**53
Place = tuple[str, tuple[float, float] | None]
_Answer = TypeVar("_Answer")


@attrs.frozen
class Cell:
    """One column as it is summed: set to bounds, and only where the columns of `mask` are present."""

    column: str
    limits: tuple[float, float] | None
    mask: tuple[str, ...]


def asked(engine: Engine, columns: Iterable[str], by: Sequence[str], call: Callable[[], _Answer]) -> _Answer:
    """Ask an engine; when it fails, find out for which column and group, and say so."""
    try:
        return call()
    except PmkitError:
        raise
    except Exception as error:
        raise EngineError(_blame(engine, tuple(dict.fromkeys(columns)), by, error)) from error


def _blame(engine: Engine, columns: Sequence[str], by: Sequence[str], error: Exception) -> str:
    said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    failing = [column for column in columns if _fails(engine, column, None)]
    if not failing:
        return f"the data engine failed while summing {', '.join(map(quoted, columns))}: {quoted(said)}"
    places = []
    for column in failing:
        groups = _sizes(engine, by[0]) if by else []
        bad = [(value, count) for value, count in groups if _fails(engine, column, {by[0]: value})]
        where = ", ".join(f"{quoted(by[0])} {quoted(value)} ({count:,} rows)" for value, count in bad)
        places.append(f"column {quoted(column)}" + (f" where {where}" if where else ""))
    return f"the data engine failed while summing {'; '.join(places)}: {quoted(said)}"


def _fails(engine: Engine, column: str, where: Mapping[str, object] | None) -> bool:
    try:
        engine.aggregate((), {"sum": engine.number(column).sum()}, where)
    except Exception:  # noqa: BLE001 - any failure of the engine is the answer
        return True
    return False


def _sizes(engine: Engine, column: str) -> list[tuple[object, int]]:
    try:
        answer = engine.aggregate((column,), {"size": engine.size()})
    except Exception:  # noqa: BLE001 - the group's column itself may be what fails
        return []
    return sorted(((key[0], int(row["size"])) for key, row in answer), key=lambda pair: str(pair[0]))


def query_moments(
    engine: Engine, measures: Sequence[Measure], by: tuple[str, ...], rules: Mapping[str, MissingRule]
) -> Raw:
    """Take the moments of every group of an engine's table."""
    columns = tuple(rules)
    look = asked(engine, columns, by, lambda: _look(engine, columns))
    query = _Query(engine, measures, by, rules, look.pivots, look.repeating)
    answer = query.ask()
    masked = query.masked(answer)
    if masked:
        query = attrs.evolve(query, masks=masked)
        answer = query.ask()
    if query.bad(answer):
        query = attrs.evolve(query, pivots=query.pooled(answer))
        answer = query.ask()
    moments = query.moments(answer)
    bad = query.bad(answer)
    for place in bad:
        key, row = answer[place]
        own = attrs.evolve(query, pivots=query.pooled([(key, row)]))
        (single,) = own.ask(dict(zip(by, key, strict=True)))
        closer = own.moments([single])
        moments = {name: _put(held, place, closer[name]) for name, held in moments.items()}
    sizes = [int(row["size"]) for _, row in answer]
    return Raw([key for key, _ in answer], sizes, moments)


def _put(held: Moments[FloatArray], place: int, single: Moments[FloatArray]) -> Moments[FloatArray]:
    every = [held[index : index + 1] for index in range(len(held))]
    every[place] = single
    return Moments.stack(every).merge(axis=1)


@attrs.frozen
class _Look:
    """What some rows show: the middle of each column, and which columns repeat few values.

    A plain sum of one fractional value many times over rounds the same way each time, and drifts.
    """

    pivots: Mapping[Place, float]
    repeating: frozenset[str]


def _look(engine: Engine, columns: Sequence[str]) -> _Look:
    far = [column for column in columns if engine.kinds[column] != "boolean"]
    found = engine.head(far, _PEEK) if far else {}
    pivots: dict[Place, float] = {(column, None): 0.0 for column in columns}
    repeating = set()
    for column, values in found.items():
        seen = sorted(value for value in values if value is not None and math.isfinite(value))
        if seen:
            middle = seen[len(seen) // 2]
            whole = all(value.is_integer() for value in seen)
            pivots[column, None] = 0.0 if whole and max(map(abs, seen)) <= 1 else float(middle)
        if engine.kinds[column] == "float" and len(set(seen)) <= len(seen) // 2:
            repeating.add(column)
    return _Look(pivots, frozenset(repeating))


@attrs.frozen
class _Query:
    """One grouped query, and how its answer is read."""

    engine: Engine
    measures: Sequence[Measure]
    by: tuple[str, ...]
    rules: Mapping[str, MissingRule]
    pivots: Mapping[Place, float]
    repeating: frozenset[str]
    masks: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    def cells(self, measure: Measure) -> list[Cell]:
        mask = self.masks.get(measure.name, ())
        return [Cell(column, measure.limits if part == "value" else None, mask) for part, column in measure.parts]

    def pivot(self, cell: Cell) -> float:
        pivot = self.pivots.get((cell.column, cell.limits), self.pivots[cell.column, None])
        return pivot if cell.limits is None else min(max(pivot, cell.limits[0]), cell.limits[1])

    def ask(self, where: Mapping[str, object] | None = None) -> Answer:
        """Send the query."""
        closely = bool(self.repeating)
        ask = partial(self.engine.add_up, self.by, self._expressions(), where, closely=closely)
        return asked(self.engine, self.rules, self.by, ask)

    def _expressions(self) -> dict[str, Expression]:
        engine = self.engine
        expressions: dict[str, Expression] = {"size": engine.size()}
        if not self.masks and self.rules:
            # A sum of columns is null where one of them is: one count says whether any value is missing.
            expressions["there"] = _added([engine.number(column) for column in self.rules]).count()
        shifted: dict[Cell, Expression] = {}
        for measure in self.measures:
            cells = self.cells(measure)
            for cell in cells:
                if cell not in shifted:
                    shifted[cell] = self._shifted(cell)
                    expressions[_sum(cell)] = self._total(shifted[cell], cell)
                    if cell.mask:
                        expressions[_count(cell)] = shifted[cell].count()
                if cell.limits is not None and not cell.mask:
                    raw = engine.number(cell.column) - self.pivots.get((cell.column, None), 0.0)
                    expressions.setdefault(_raw(cell), raw.sum())
            for one, other in combinations_with_replacement(cells, 2):
                product = shifted[one] * shifted[other]
                expressions.setdefault(_product(one, other), self._total(product, one, other))
        return expressions

    def _total(self, expression: Expression, *cells: Cell) -> Expression:
        return self.engine.total(expression, closely=any(cell.column in self.repeating for cell in cells))

    def _shifted(self, cell: Cell) -> Expression:
        engine = self.engine
        value = engine.number(cell.column)
        if self.rules[cell.column] == "zero":
            value = engine.choose(engine.missing(cell.column), 0.0, value)
        if cell.limits is not None:
            value = value.clip(*map(float, cell.limits))
        value = value - self.pivot(cell)
        lost = [column for column in cell.mask if self.rules[column] == "omit"]
        if lost:
            there = ~engine.missing(lost[0])
            for column in lost[1:]:
                there = there & ~engine.missing(column)
            value = engine.choose(there, value, None)
        return value

    def masked(self, answer: Answer) -> dict[str, tuple[str, ...]]:
        """Say which measures must be summed without some rows; refuse what the rules refuse."""
        suspects = [
            column
            for measure in self.measures
            for cell in self.cells(measure)
            for column in [cell.column]
            if any(self._suspect(cell, row) for _, row in answer)
        ]
        suspects = list(dict.fromkeys(suspects))
        if not suspects:
            return {}
        expressions: dict[str, Expression] = {}
        for column in suspects:
            expressions["missing " + column] = self.engine.choose(self.engine.missing(column), 1, 0).sum()
            if self.engine.kinds[column] == "float":
                expressions["infinite " + column] = self.engine.choose(self.engine.infinite(column), 1, 0).sum()
        counted = asked(self.engine, suspects, self.by, lambda: self.engine.aggregate(self.by, expressions))
        faults, lost = Faults(self.by), set()
        for key, row in counted:
            for column in suspects:
                infinite, missing = int(row.get("infinite " + column) or 0), int(row["missing " + column] or 0)
                if infinite:
                    faults.add("infinite", column, key, infinite)
                if missing and self.rules[column] == "refuse":
                    faults.add("missing", column, key, missing)
                elif missing and self.rules[column] == "omit":
                    lost.add(column)
        faults.done()
        return {
            measure.name: measure.columns for measure in self.measures if any(one in lost for one in measure.columns)
        }

    def _suspect(self, cell: Cell, row: Mapping[str, Any]) -> bool:
        numbers = [row[_sum(cell)], row[_product(cell, cell)], row.get(_raw(cell), 0.0)]
        if row["there"] < row["size"]:
            return True
        return any(number is None or not math.isfinite(number) for number in numbers)

    def _numbers(self, row: Mapping[str, Any], cell: Cell) -> tuple[float, float, float]:
        count = float(row[_count(cell)] if cell.mask else row["size"])
        return count, float(row[_sum(cell)] or 0.0), float(row[_product(cell, cell)] or 0.0)

    def bad(self, answer: Answer) -> list[int]:
        """Return the places of groups whose sums lose digits: the pivot is far from the mean in spreads."""
        return [place for place, (_, row) in enumerate(answer) if any(self._far(row, cell) for cell in self._all())]

    def _all(self) -> list[Cell]:
        return list(dict.fromkeys(cell for measure in self.measures for cell in self.cells(measure)))

    def _far(self, row: Mapping[str, Any], cell: Cell) -> bool:
        count, total, square = self._numbers(row, cell)
        if not count or not total or not math.isfinite(square):
            return False
        exact = self.engine.kinds[cell.column] != "float" and cell.limits is None and square < _EXACT
        return not exact and square > _WORST * (square - total * total / count)

    def pooled(self, answer: Answer) -> dict[Place, float]:
        """Return the means just found, as pivots."""
        pivots = dict(self.pivots)
        for cell in self._all():
            numbers = [self._numbers(row, cell) for _, row in answer]
            count, total = sum(one[0] for one in numbers), sum(one[1] for one in numbers)
            if count and math.isfinite(total):
                mean = self.pivot(cell) + total / count
                pivots[cell.column, cell.limits] = mean if self.engine.kinds[cell.column] == "float" else round(mean)
        return pivots

    def moments(self, answer: Answer) -> dict[str, Moments[FloatArray]]:
        """Read the moments out of the answer."""
        self._refuse_overflow(answer)
        found = {}
        for measure in self.measures:
            cells = dict(zip((part for part, _ in measure.parts), self.cells(measure), strict=True))
            value = cells.pop("value")

            def column(name: str) -> FloatArray:
                return np.array([float(row[name] or 0.0) for _, row in answer])

            count = np.array([self._numbers(row, value)[0] for _, row in answer])
            every = {"value": value, **cells}
            found[measure.name] = Moments[FloatArray].from_sums(
                count,
                column(_sum(value)),
                column(_product(value, value)),
                pivot=self.pivot(value),
                totals={part: column(_sum(cell)) for part, cell in cells.items()},
                products={
                    (one, other): column(_product(every[one], every[other]))
                    for one, other in combinations_with_replacement(every, 2)
                    if (one, other) != ("value", "value")
                },
                pivots={part: self.pivot(cell) for part, cell in cells.items()},
            )
        return found

    def _refuse_overflow(self, answer: Answer) -> None:
        faults = Faults(self.by)
        for key, row in answer:
            for cell in self._all():
                count, _, square = self._numbers(row, cell)
                if not math.isfinite(square):
                    faults.add("too large", cell.column, key, int(count))
        faults.done()


def _added(expressions: Sequence[Expression]) -> Expression:
    """Add up in pairs: engines refuse expressions that are nested deeply."""
    held = list(expressions)
    while len(held) > 1:
        held = [*(one + other for one, other in zip(held[::2], held[1::2], strict=False)), *held[len(held) & ~1 :]]
    return held[0]


def _name(cell: Cell) -> str:
    return repr((cell.column, cell.limits, cell.mask))


def _sum(cell: Cell) -> str:
    return "sum " + _name(cell)


def _count(cell: Cell) -> str:
    return "count " + _name(cell)


def _raw(cell: Cell) -> str:
    return "raw " + _name(cell)


def _product(one: Cell, other: Cell) -> str:
    first, second = sorted((_name(one), _name(other)))
    return f"product {first} {second}"
