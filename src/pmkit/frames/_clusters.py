"""Rows finer than what was randomized: summed up per cluster first, so that the moments are those of clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.frames._engines import Engine, Expression
from pmkit.frames._groups import Faults, FloatArray, Raw
from pmkit.frames._kernel import Rows, cleaned, sum_by_group
from pmkit.frames._layout import IntArray, Layout, Totals
from pmkit.frames._measures import Kind, Measure, MissingRule
from pmkit.frames._pieces import Piece
from pmkit.frames._query import asked, query_moments
from pmkit.frames._rows import grouped, known_of
from pmkit.model import quoted

__all__ = ["cluster_pieces", "cluster_query"]

Rules = Mapping[str, MissingRule]


def _measure_of_totals(place: int, measure: Measure) -> Measure:
    """Name the totals of a measure: the mean over rows is the ratio of the clusters' totals to their rows."""
    rows = _total(place, "rows")
    plain = measure.denominator is None
    covariate = measure.covariate is not None
    return Measure(
        name=measure.name,
        value=_total(place, "value"),
        denominator=rows if plain else _total(place, "denominator"),
        covariate=_total(place, "covariate") if covariate else None,
        covariate_denominator=(rows if plain else _further(place, measure)) if covariate else None,
    )


def _of_totals(measures: Sequence[Measure]) -> tuple[list[Measure], dict[str, MissingRule]]:
    """Return measures of the totals; a cluster without a row that counts has none, and is left out of that measure."""
    found = [_measure_of_totals(place, measure) for place, measure in enumerate(measures)]
    return found, {column: "omit" for measure in found for column in measure.columns}


def _further(place: int, measure: Measure) -> str | None:
    return None if measure.covariate_denominator is None else _total(place, "covariate_denominator")


def _total(place: int, part: str) -> str:
    return f"pm{place}{part}"


def _refuse_missing(cluster: str, lost: int) -> None:
    if lost:
        raise InvalidValueError(f"column {quoted(cluster)} is empty in {lost:,} rows, which belong to no cluster")


def _sums(codes: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.bincount(codes, values, count).astype(np.float64)


@attrs.define
class _Gathered:
    """Totals of clusters, piece by piece."""

    places: dict[tuple[object, ...], int] = attrs.field(factory=dict)
    groups: list[IntArray] = attrs.field(factory=list)
    totals: list[dict[str, FloatArray]] = attrs.field(factory=list)

    def add(self, keys: Sequence[tuple[object, ...]], totals: dict[str, FloatArray]) -> None:
        self.groups.append(np.array([self.places.setdefault(key, len(self.places)) for key in keys], np.intp))
        self.totals.append(totals)

    def arrays(self, measures: Sequence[Measure]) -> dict[str, FloatArray]:
        groups = np.concatenate(self.groups) if self.groups else np.zeros(0, np.intp)
        found = {
            name: _sums(groups, np.concatenate([one[name] for one in self.totals]), len(self.places))
            for name in (self.totals[0] if self.totals else ())
        }
        for place, measure in enumerate(measures):
            for part, _ in measure.parts if found else ():
                found[_total(place, part)][found[_total(place, "rows")] == 0] = np.nan
        return found


def cluster_pieces(
    pieces: Iterable[Piece],
    measures: Sequence[Measure],
    by: tuple[str, ...],
    cluster: str,
    rules: Rules,
    kinds: Mapping[str, Kind],
) -> Raw:
    """Take the moments of clusters of rows that come piece by piece."""
    layout, faults, held = Layout.of(measures, rules, kinds), Faults(by), _Gathered()
    seen: tuple[dict[object, None], ...] = tuple({} for _ in by)
    empty = 0
    for piece in pieces:
        codes, keys, sizes = grouped(piece, (*by, cluster), (*known_of(seen), ()))
        for values, column in zip(seen, zip(*keys, strict=True), strict=False):
            values.update(dict.fromkeys(column))
        empty += sum(int(size) for key, size in zip(keys, sizes, strict=True) if key[-1] is None)
        rows = Rows({name: piece.numbers(name) for name in layout.columns}, codes, keys, sizes)
        with np.errstate(over="ignore", invalid="ignore"):
            held.add(keys, _totals(layout, rows, faults))
    _refuse_missing(cluster, empty)
    faults.done()
    above = list(dict.fromkeys(key[:-1] for key in held.places))
    places = {key: place for place, key in enumerate(above)}
    codes = np.array([places[key[:-1]] for key in held.places], np.intp)
    totals_of, totals_rules = _of_totals(measures)
    ready = Layout.of(totals_of, totals_rules, dict.fromkeys(totals_rules, "float"))
    whole = Totals(ready)
    if len(codes):
        sizes = np.bincount(codes, minlength=len(above)).astype(np.intp)
        whole.add(sum_by_group(ready, Rows(held.arrays(measures), codes, above, sizes), by))
    whole.refuse_overflow(by)
    return Raw(list(whole.places), [int(size) for size in whole.sizes], whole.moments())


def _totals(layout: Layout, rows: Rows, faults: Faults) -> dict[str, FloatArray]:
    arrays, lost = cleaned(layout, rows, faults)
    count = len(rows.keys)
    totals: dict[str, FloatArray] = {}
    for place, measure in enumerate(layout.measures):
        there = ~lost[place] if place in lost else np.ones(len(rows.codes), np.bool_)
        totals[_total(place, "rows")] = _sums(rows.codes, there.astype(np.float64), count)
        for (part, column), slot in zip(measure.parts, layout.ranges[place], strict=True):
            limits = layout.slots[slot].limits
            values = arrays[column] if limits is None else np.clip(arrays[column], *limits)
            totals[_total(place, part)] = _sums(rows.codes, np.where(there, values, 0.0), count)
    return totals


def cluster_query(engine: Engine, measures: Sequence[Measure], by: tuple[str, ...], cluster: str, rules: Rules) -> Raw:
    """Take the moments of clusters on the engine; the rows are looked at first, for what must be refused."""
    lost = engine.choose(engine.missing(cluster), 1, 0).sum()
    ((_, row),) = asked(engine, (), (), lambda: engine.aggregate((), {"lost": lost}))
    _refuse_missing(cluster, int(row["lost"] or 0))
    query_moments(engine, measures, by, rules)
    totals: dict[str, Expression] = {}
    for place, measure in enumerate(measures):
        there = _there(engine, measure, rules)
        rows = engine.size() if there is None else engine.choose(there, 1, 0).sum()
        totals[_total(place, "rows")] = rows
        for part, column in measure.parts:
            value = engine.number(column)
            if rules[column] == "zero":
                value = engine.choose(engine.missing(column), 0.0, value)
            if part == "value" and measure.limits is not None:
                value = value.clip(*map(float, measure.limits))
            totals[_total(place, part)] = (value if there is None else engine.choose(there, value, None)).sum()
    collapsed = engine.collapse(by, cluster, totals)
    totals_of, totals_rules = _of_totals(measures)
    return query_moments(collapsed, totals_of, by, totals_rules)


def _there(engine: Engine, measure: Measure, rules: Rules) -> Expression | None:
    there = None
    for column in measure.columns:
        if rules[column] == "omit":
            present = ~engine.missing(column)
            there = present if there is None else there & present
    return there
