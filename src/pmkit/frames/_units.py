"""Whether each unit is there once, and how many rows lie after a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

import attrs
import numpy as np

from pmkit.frames._collect import open_source
from pmkit.frames._engines import Engine
from pmkit.frames._measures import check_columns, value_text
from pmkit.frames._query import asked
from pmkit.frames._source import is_table
from pmkit.frames._tables import Table
from pmkit.model import Value, frozen_mapping

__all__ = ["UnitCheck", "check_units", "count_where"]


def _counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping({name: counts[name] for name in sorted(counts)})


@attrs.frozen(kw_only=True)
class UnitCheck(Value):
    """How many rows repeat a unit.

    Attributes
    ----------
    repeated : mapping of str to int
        By group, rows beyond the first of each unit.
    shared : int
        Units counted once for every further group that they are also in.
    missing : int
        Rows without a unit; engines differ in whether they count these as one more, so look here first.

    Examples
    --------
    >>> found = check_units({"user": [1, 1, 2, 2, None], "arm": ["a", "a", "a", "b", "b"]}, "user", "arm")
    >>> found.repeated["a"], found.shared, found.missing
    (1, 1, 1)
    """

    repeated: Mapping[str, int] = attrs.field(converter=_counts)
    shared: int
    missing: int


def check_units(data: object, unit: str, by: str) -> UnitCheck:
    """Count rows that repeat a unit, within groups and across them.

    Parameters
    ----------
    data : object
        See `open_source`.
    unit : str
        The column that names the unit.
    by : str
        The column that makes the groups.

    Returns
    -------
    UnitCheck

    Raises
    ------
    InvalidValueError
        For an unknown column.
    EngineError
        When the engine fails.

    Examples
    --------
    >>> found = check_units({"user": [1, 1, 2, 2], "arm": ["a", "a", "a", "b"]}, "user", "arm")
    >>> dict(found.repeated), found.shared
    ({'a': 1}, 1)
    """
    held = open_source(data).held
    check_columns(held.kinds, held.described, (), (unit, by))
    if is_table(held):
        return _in_rows(held, unit, by)
    return _in_engine(held, unit, by)  # type: ignore[arg-type]  # what is not rows is an engine


def _in_engine(engine: Engine, unit: str, by: str) -> UnitCheck:
    expressions = {
        "size": engine.size(),
        "there": engine.column(unit).count(),
        "distinct": engine.distinct(unit),
    }
    groups = asked(engine, (), (by,), partial(engine.aggregate, (by,), expressions))
    ((_, whole),) = asked(engine, (), (by,), partial(engine.aggregate, (), expressions))

    repeated = {
        str(value_text(key[0])): int(row["there"]) - int(row["distinct"])
        for key, row in groups
        if row["there"] > row["distinct"]
    }
    shared = sum(int(row["distinct"]) for _, row in groups) - int(whole["distinct"])
    return UnitCheck(
        repeated=repeated,
        shared=max(shared, 0),
        missing=int(whole["size"]) - int(whole["there"]),
    )


def _in_rows(rows: Table, unit: str, by: str) -> UnitCheck:
    names, groups = _values(rows, unit), _values(rows, by)
    seen: dict[object, set[object]] = {}
    repeated: dict[str, int] = {}
    shared = missing = 0
    for name, group in zip(names, groups, strict=True):
        if name is None or name != name:  # noqa: PLR0124 - only NaN differs from itself
            missing += 1
        elif name not in seen:
            seen[name] = {group}
        elif group in seen[name]:
            text = str(value_text(group))
            repeated[text] = repeated.get(text, 0) + 1
        else:
            seen[name].add(group)
            shared += 1
    return UnitCheck(repeated=repeated, shared=shared, missing=missing)


def _values(rows: Table, column: str) -> list[object]:
    return [value for piece in rows.pieces([column]) for value in piece.values(column)]


def count_where(data: object, column: str, after: dt.date) -> int:
    """Count rows whose day in a column is later than a day.

    Parameters
    ----------
    data : object
        See `open_source`.
    column : str
        A column of dates or times.
    after : date

    Returns
    -------
    int

    Raises
    ------
    InvalidValueError
        For an unknown column.
    EngineError
        When the column cannot be compared with a day.

    Examples
    --------
    >>> count_where({"day": [dt.date(2026, 11, 1), dt.date(2026, 11, 9)]}, "day", dt.date(2026, 11, 2))
    1
    """
    held = open_source(data).held
    check_columns(held.kinds, held.described, (), (column,))
    if is_table(held):
        days = [_day(value) for value in _values(held, column)]
        return int(np.sum([day is not None and day > after for day in days]))
    return _later(held, column, after)  # type: ignore[arg-type]  # what is not rows is an engine


def _later(engine: Engine, column: str, after: dt.date) -> int:
    first = dt.datetime.combine(after + dt.timedelta(days=1), dt.time())
    bound = first if "time" in engine.described[column].lower() else first.date()
    counted = engine.choose(engine.column(column) >= bound, 1, 0).sum()
    ((_, row),) = asked(engine, (), (), lambda: engine.aggregate((), {"late": counted}))
    return int(row["late"] or 0)


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else None
