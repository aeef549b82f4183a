"""Moments and quantiles by group, from whatever holds the data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.frames._clusters import cluster_pieces, cluster_query
from pmkit.frames._engines import Engine
from pmkit.frames._groups import Faults, FloatArray, Groups, Key, Raw
from pmkit.frames._measures import Measure, MissingRule, check_columns, rules_of, value_text
from pmkit.frames._pieces import Piece
from pmkit.frames._query import asked, query_moments
from pmkit.frames._rows import sum_pieces, values_where
from pmkit.frames._source import is_table, source_of
from pmkit.frames._tables import Table
from pmkit.model import id_clashes, quoted
from pmkit.stats import Moments
from pmkit.stats._blocks import taken

__all__ = ["GroupQuantile", "Source", "group_moments", "group_quantiles", "open_source"]

Rules = Mapping[str, MissingRule]
Missing = MissingRule | Mapping[str, MissingRule]
_Z = 1.959963984540054
_TAIL = 0.025


@attrs.frozen
class Source:
    """Data that were opened once and can be asked several things; made by `open_source`.

    Attributes
    ----------
    held : Rows or Engine
        The data, as this room reads them.

    Examples
    --------
    >>> from pmkit.frames import Measure, group_moments, open_source
    >>> source = open_source({"arm": ["a", "b", "b"], "spend": [1.0, 2.0, 3.0]})
    >>> source.columns, group_moments(source, [Measure(name="spend", value="spend")], by="arm").sizes
    (('arm', 'spend'), (1, 2))
    """

    held: Table | Engine = attrs.field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.held.kinds)


def open_source(data: object) -> Source:
    """Open data for several questions.

    Parameters
    ----------
    data : object
        A pandas, polars (eager or lazy), pyarrow or Spark frame, a DuckDB relation, an Ibis table, a mapping of
        arrays, or one or more paths of parquet or CSV files.

    Returns
    -------
    Source

    Raises
    ------
    InvalidValueError
        For anything else.
    FileError
        For a file that is not there or cannot be read.
    MissingDependencyError
        When the library that reads it is not installed.

    Examples
    --------
    >>> open_source({"arm": ["a", "b"], "spend": [1.0, 2.0]}).columns
    ('arm', 'spend')
    """
    return data if isinstance(data, Source) else Source(source_of(data))


def _texts(by: str | Iterable[str]) -> tuple[str, ...]:
    return (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))


def group_moments(
    data: object,
    measures: Iterable[Measure],
    *,
    by: str | Iterable[str] = (),
    missing: Missing = "refuse",
    cluster: str | None = None,
) -> Groups:
    """Take count, means and centered sums of products of every measure in every group.

    Parameters
    ----------
    data : object
        See `open_source`.
    measures : iterable of Measure
        What to sum, one value a row.
    by : str or iterable of str
        The columns that make the groups; one group when empty.
    missing : "refuse", "omit", "zero", or a mapping of columns to these
        What becomes of null and NaN. Refused by default; with "omit" a row is left out of the measures that need
        the missing value, and of no other.
    cluster : str or None
        The column of what was randomized, when rows are finer: sessions of users, pupils of schools. Rows are summed
        up per cluster first. The moments are those of the clusters' totals, with the number of rows (or the total of
        the denominator) as denominator, which is what `pmkit.stats.compare_ratios` wants; sizes count clusters.

    Returns
    -------
    Groups
        In the order of their keys.

    Raises
    ------
    InvalidValueError
        For an unknown or non-numeric column, missing values that are refused, infinite values, and values too large
        to be squared; the message names column, group and count.
    EngineError
        When the engine fails; the message names the column and the groups for which it does.

    Notes
    -----
    Rows in memory are read in blocks that fit the processor's cache; each block is centered about its own means, and
    blocks are merged (Chan, Golub and LeVeque 1983). An engine answers one query of Σ(x - c) and Σ(x - c)(y - d)
    about pivots taken from a few rows; it is asked again about the means it gave where a pivot proves to be more than
    eight standard deviations away.
    Numbers are doubles: booleans are 0 and 1, decimals and integers above 2⁵³ are rounded.

    Examples
    --------
    >>> found = group_moments({"arm": ["a", "a", "b"], "spend": [1e15 + 1, 1e15 + 3, 5]},
    ...     [Measure(name="spend", value="spend")], by="arm")
    >>> found.select("spend", arm="a").variance
    2.0
    """
    held, asked_for, groups = open_source(data).held, tuple(measures), _texts(by)
    clashes = id_clashes([measure.name for measure in asked_for])
    if clashes:
        raise InvalidValueError(f"two measures are called {quoted(clashes[0][0])}")
    columns = tuple(dict.fromkeys(column for measure in asked_for for column in measure.columns))
    check_columns(held.kinds, held.described, columns, groups if cluster is None else (*groups, cluster))
    rules = rules_of(missing, columns)
    return _ordered(_read(held, asked_for, groups, rules, cluster), groups)


def _read(
    held: Table | Engine, measures: Sequence[Measure], by: tuple[str, ...], rules: Rules, cluster: str | None
) -> Raw:
    keys = by if cluster is None else (*by, cluster)
    wanted = list(dict.fromkeys((*rules, *keys)))

    def add_up(pieces: Iterable[Piece]) -> Raw:
        if cluster is None:
            return sum_pieces(pieces, measures, by, rules, held.kinds)
        return cluster_pieces(pieces, measures, by, cluster, rules, held.kinds)

    if is_table(held):
        return add_up(held.pieces(wanted))
    engine: Engine = held  # type: ignore[assignment]  # what is no table is an engine
    pieces = engine.pieces(wanted)
    if pieces is not None:
        return asked(engine, tuple(rules), by, lambda: add_up(pieces))
    if cluster is not None:
        return cluster_query(engine, measures, by, cluster, rules)
    return query_moments(engine, measures, by, rules)


def _ordered(raw: Raw, by: tuple[str, ...]) -> Groups:
    """Put groups in order; groups whose values are one text become one group."""
    places: dict[Key, list[int]] = {}
    for place, key in enumerate(raw.keys):
        places.setdefault(tuple(value_text(value) for value in key), []).append(place)
    keys = sorted(places, key=lambda key: [("" if part is None else part, part is None) for part in key])
    sizes = tuple(sum(raw.sizes[place] for place in places[key]) for key in keys)
    moments: dict[str, Moments[FloatArray]] = {}
    single = np.array([places[key][0] for key in keys], np.intp) if len(keys) == len(raw.keys) else None
    for name, held in raw.moments.items():
        if single is not None:
            moments[name] = held.like(held.parts, taken(held.block, (single,)))  # type: ignore[arg-type]  # numpy takes arrays of places too
        else:
            parts = [Moments.stack([held[place] for place in places[key]]).merge() for key in keys]
            moments[name] = Moments.stack(parts)
    return Groups(by=by, keys=tuple(keys), sizes=sizes, moments=moments)


@attrs.frozen(kw_only=True)
class GroupQuantile:
    """A sample quantile of one group.

    Attributes
    ----------
    n : int
        Values that are there.
    value : float
        Interpolated (Hyndman and Fan 1996, definition 8).
    standard_error : float or None
        From the order statistics that bound the quantile's 95 % interval (David and Nagaraja 2003, section 7.1);
        None when there are too few values for that interval to end inside the data.

    Examples
    --------
    >>> from pmkit.frames import group_quantiles
    >>> half, most = group_quantiles({"seconds": [float(i) for i in range(101)]}, "seconds", [0.5, 0.9])
    >>> half.n, half.value, round(half.standard_error, 1), round(most.value, 2)
    (101, 50.0, 5.0, 90.53)
    """

    n: int
    value: float
    standard_error: float | None


def group_quantiles(
    data: object,
    column: str,
    shares: Sequence[float],
    *,
    where: Mapping[str, str | None] | None = None,
    missing: Missing = "refuse",
) -> tuple[GroupQuantile, ...]:
    """Take exact quantiles of a column, with standard errors, where some columns have given values.

    Quantiles are no sums: rows in memory are sorted, and an engine is asked once more for three order statistics each.

    Parameters
    ----------
    data : object
        See `open_source`.
    column : str
        The column of values.
    shares : sequence of float
        Which quantiles, each strictly between 0 and 1.
    where : mapping of str to str or None, optional
        Values wanted in other columns, as text. Only rows that have them are looked at: what is missing or infinite
        elsewhere does not matter.
    missing : "refuse", "omit", "zero", or a mapping
        See `group_moments`.

    Returns
    -------
    tuple of GroupQuantile
        One for each share; empty when there are no values.

    Raises
    ------
    InvalidValueError
        As `group_moments`.
    EngineError
        When the engine fails.

    Examples
    --------
    >>> median, = group_quantiles({"seconds": [float(i) for i in range(101)]}, "seconds", [0.5])
    >>> median.value, round(median.standard_error, 1)
    (50.0, 5.0)
    """
    held, wanted = open_source(data).held, dict(where or {})
    check_columns(held.kinds, held.described, (column,), tuple(wanted))
    bad = [share for share in shares if not 0 < share < 1]
    if bad:
        raise InvalidValueError(f"a quantile's share must lie strictly between 0 and 1, not {quoted(bad[0])}")
    rule = rules_of(missing, (column,))[column]
    if is_table(held):
        return _from_rows(values_where(held, column, wanted, rule), shares)
    return _from_engine(held, column, shares, wanted, rule)  # type: ignore[arg-type]  # no table: an engine


def _places(share: float, size: int) -> tuple[float, float, float, bool]:
    """Return the places (from 0) of the quantile and of its interval's ends, and whether these lie inside."""
    reach = _Z * math.sqrt(share * (1 - share) * size)
    places = (share * (size + 1 / 3) - 2 / 3, share * size - reach - 0.5, share * size + reach - 0.5)
    inside = share**size <= _TAIL and (1 - share) ** size <= _TAIL
    low, middle, high = (min(max(place, 0.0), size - 1.0) for place in (places[1], places[0], places[2]))
    return middle, low, high, inside


def _from_rows(ordered: FloatArray, shares: Sequence[float]) -> tuple[GroupQuantile, ...]:
    def at(place: float) -> float:
        below = math.floor(place)
        above = min(below + 1, ordered.size - 1)
        weight = place - below
        return float(ordered[below] * (1 - weight) + ordered[above] * weight)

    if not ordered.size:
        return ()
    found = []
    for share in shares:
        middle, low, high, inside = _places(share, ordered.size)
        error = (at(high) - at(low)) / (2 * _Z) if inside else None
        found.append(GroupQuantile(n=int(ordered.size), value=at(middle), standard_error=error))
    return tuple(found)


def _from_engine(
    engine: Engine, column: str, shares: Sequence[float], where: Mapping[str, str | None], rule: MissingRule
) -> tuple[GroupQuantile, ...]:
    raw = _raw_values(engine, where)
    if raw is None:
        return ()
    lost, infinite = engine.missing(column), engine.infinite(column)
    floating = engine.kinds[column] == "float"
    counts = {"size": engine.size(), "missing": engine.choose(lost, 1, 0).sum()}
    if floating:
        counts["infinite"] = engine.choose(infinite, 1, 0).sum()
    by = tuple(where)
    ((_, row),) = asked(engine, (column,), by, lambda: engine.aggregate((), counts, raw))
    faults = Faults(by)
    key = tuple(raw.values())
    missing = int(row["missing"] or 0)
    if missing and rule == "refuse":
        faults.add("missing", column, key, missing)
    if row.get("infinite"):
        faults.add("infinite", column, key, int(row["infinite"]))
    faults.done()
    size = int(row["size"]) - (missing if rule == "omit" else 0)
    if size <= 0:
        return ()
    value = engine.number(column)
    if missing:
        value = engine.choose(lost, 0.0, value) if rule == "zero" else engine.choose(~lost, value, None)
    spots = [_places(share, size) for share in shares]
    last = max(size - 1, 1)
    expressions = {
        f"{index} {end}": engine.quantile(value, place / last)
        for index, spot in enumerate(spots)
        for end, place in zip(("value", "low", "high"), spot[:3], strict=True)
    }
    ask = partial(engine.aggregate, (), expressions, raw)
    ((_, found),) = asked(engine, (column,), by, ask)
    return tuple(
        GroupQuantile(
            n=size,
            value=float(found[f"{index} value"]),
            standard_error=(float(found[f"{index} high"]) - float(found[f"{index} low"])) / (2 * _Z)
            if spot[3]
            else None,
        )
        for index, spot in enumerate(spots)
    )


def _raw_values(engine: Engine, where: Mapping[str, str | None]) -> dict[str, object] | None:
    """Find the engine's own values behind texts; None when there is no such group."""
    raw: dict[str, object] = {}
    for name, text in where.items():
        answer = asked(engine, (), (name,), partial(engine.aggregate, (name,), {"size": engine.size()}))
        found = [key[0] for key, _ in answer if value_text(key[0]) == text]
        if not found:
            return None
        raw[name] = found[0]
    return raw
