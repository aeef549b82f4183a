"""Two languages of expressions for one query: narwhals (lazy frames, DuckDB relations, Spark frames) and Ibis."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

import attrs

from pmkit.frames._measures import Kind
from pmkit.frames._pieces import Piece, PolarsPiece
from pmkit.frames._tables import SPAN, kind_of, spans

__all__ = ["Answer", "Engine", "Expression", "IbisEngine", "LazyEngine", "quietly"]


_STRATA = 256
Answer = list[tuple[tuple[object, ...], dict[str, Any]]]


class Expression(Protocol):
    """What an expression of either language can do."""

    def __add__(self, other: Expression | float) -> Expression: ...
    def __sub__(self, other: Expression | float) -> Expression: ...
    def __mul__(self, other: Expression | float) -> Expression: ...
    def __and__(self, other: Expression) -> Expression: ...
    def __or__(self, other: Expression) -> Expression: ...
    def __invert__(self) -> Expression: ...
    def __ge__(self, other: object) -> Expression: ...
    def clip(self, lower: float, upper: float) -> Expression:
        """Set what is outside to the bounds."""
        raise NotImplementedError

    def sum(self) -> Expression:
        """Add up."""
        raise NotImplementedError

    def count(self) -> Expression:
        """Count what is not null."""
        raise NotImplementedError


class Engine(Protocol):
    """A table that is asked by expressions, and answers with small tables."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each column holds."""
        raise NotImplementedError

    @property
    def described(self) -> Mapping[str, str]:
        """The engine's own word for each column's type."""
        raise NotImplementedError

    def column(self, name: str) -> Expression:
        """Return a column as it is."""
        raise NotImplementedError

    def number(self, name: str) -> Expression:
        """Return a column as doubles."""
        raise NotImplementedError

    def missing(self, name: str) -> Expression:
        """Say where a column is null or NaN."""
        raise NotImplementedError

    def infinite(self, name: str) -> Expression:
        """Say where a column is infinite."""
        raise NotImplementedError

    def choose(self, where: Expression, then: Expression | float, otherwise: Expression | float | None) -> Expression:
        """Choose by row; None leaves null."""
        raise NotImplementedError

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece] | None:
        """Stream the rows of some columns; None from an engine that adds up by itself."""
        raise NotImplementedError

    def total(self, expression: Expression, *, closely: bool) -> Expression:
        """Add up; closely means without the drift of a plain sum, where the engine can."""
        raise NotImplementedError

    def size(self) -> Expression:
        """Count rows."""
        raise NotImplementedError

    def distinct(self, name: str) -> Expression:
        """Count a column's distinct values."""
        raise NotImplementedError

    def quantile(self, expression: Expression, share: float) -> Expression:
        """Return an exact quantile, interpolated between the two nearest values."""
        raise NotImplementedError

    def head(self, columns: Sequence[str], rows: int) -> dict[str, list[float | None]]:
        """Return some rows of some columns, as doubles."""
        raise NotImplementedError

    def aggregate(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None = None
    ) -> Answer:
        """Answer for each group, or for all rows when `by` is empty, in one query."""
        raise NotImplementedError

    def collapse(self, by: Sequence[str], cluster: str, totals: Mapping[str, Expression]) -> Engine:
        """Return a table of one row for each group and cluster, with these totals."""
        raise NotImplementedError

    def add_up(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None, *, closely: bool
    ) -> Answer:
        """Answer what adds up over rows: `aggregate`, closely as `total` understands it."""
        raise NotImplementedError


@contextmanager
def quietly() -> Iterator[None]:
    """Keep to ourselves what an engine and its driver deprecate between each other."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _names(count: int, taken: Mapping[str, object]) -> list[str]:
    prefix = "pm"
    while any(name.startswith(prefix) for name in taken):
        prefix += "_"
    return [f"{prefix}{index}" for index in range(count)]


def _batches(native: Any, kinds: Mapping[str, Kind]) -> Iterator[Piece]:
    with quietly():
        batches = iter(native.collect_batches(chunk_size=SPAN, maintain_order=True))
    for batch in batches:
        for rows in spans(batch.height):
            yield PolarsPiece(batch.slice(rows.start, rows.stop - rows.start), kinds)


@attrs.frozen
class LazyEngine:
    """A lazy frame behind narwhals."""

    frame: Any
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    @classmethod
    def of(cls, frame: Any) -> LazyEngine:
        """Wrap a lazy narwhals frame."""
        schema = frame.collect_schema()
        return cls(
            frame,
            {name: kind_of(dtype) for name, dtype in schema.items()},
            {name: str(dtype) for name, dtype in schema.items()},
        )

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece] | None:
        """Stream the rows of some columns, where the engine runs in this process and hands out batches: polars."""
        if not self.frame.implementation.is_polars():
            return None
        native = self.frame.to_native()
        return _batches(native.select(columns), self.kinds) if hasattr(native, "collect_batches") else None

    def column(self, name: str) -> Expression:
        import narwhals as nw

        return nw.col(name)  # type: ignore[no-any-return]  # narwhals is an optional library

    def number(self, name: str) -> Expression:
        import narwhals as nw

        return nw.col(name) if self.described[name] == "Float64" else nw.col(name).cast(nw.Float64)  # type: ignore[no-any-return]  # the same

    def missing(self, name: str) -> Expression:
        import narwhals as nw

        column = nw.col(name)
        return column.is_null() | column.is_nan().fill_null(False) if self.kinds[name] == "float" else column.is_null()  # type: ignore[no-any-return]

    def infinite(self, name: str) -> Expression:
        import narwhals as nw

        column = self.number(name)
        nothing = nw.lit(False)
        return nw.when(~self.missing(name)).then(~column.is_finite()).otherwise(nothing)  # type: ignore[no-any-return,attr-defined]  # the same

    def choose(self, where: Expression, then: Expression | float, otherwise: Expression | float | None) -> Expression:
        import narwhals as nw

        chosen = nw.when(cast("Any", where)).then(cast("Any", then))
        return chosen if otherwise is None else chosen.otherwise(otherwise)  # type: ignore[no-any-return]  # the same

    def total(self, expression: Expression, *, closely: bool) -> Expression:
        del closely
        return expression.sum()

    def size(self) -> Expression:
        import narwhals as nw

        return nw.len()  # type: ignore[no-any-return]  # the same

    def distinct(self, name: str) -> Expression:
        import narwhals as nw

        return nw.col(name).n_unique()  # type: ignore[no-any-return]  # the same

    def quantile(self, expression: Any, share: float) -> Expression:
        return expression.quantile(share, "linear")  # type: ignore[no-any-return]  # the same

    def head(self, columns: Sequence[str], rows: int) -> dict[str, list[float | None]]:
        asked = [self.number(name).alias(name) for name in columns]  # type: ignore[attr-defined]  # narwhals expressions
        found = self._collected(self.frame.select(*asked).head(rows))
        return {name: found[name].to_list() for name in columns}

    def aggregate(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None = None
    ) -> Answer:
        import narwhals as nw

        frame = self.frame
        for name, value in (where or {}).items():
            frame = frame.filter(nw.col(name).is_null() if value is None else nw.col(name) == value)
        aliases = dict(zip(asked, _names(len(asked), self.kinds), strict=True))
        named = [expression.alias(aliases[key]) for key, expression in asked.items()]  # type: ignore[attr-defined]  # the same
        found = self._collected(frame.group_by(*by).agg(*named) if by else frame.select(*named))
        return [
            (tuple(row[name] for name in by), {key: row[alias] for key, alias in aliases.items()})
            for row in found.rows(named=True)
        ]

    def add_up(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None, *, closely: bool
    ) -> Answer:
        if not closely or not self.frame.implementation.is_pyspark():
            return self.aggregate(by, asked, where)
        import narwhals as nw

        functions = import_module("pyspark.sql.functions")
        dealt = _names(1, self.kinds)[0] + "dealt"
        native = self.frame.to_native().withColumn(dealt, functions.floor(functions.rand(0) * _STRATA))
        spread = attrs.evolve(self, frame=nw.from_native(native))
        return _joined(spread.aggregate((*by, dealt), asked, where), asked)

    def collapse(self, by: Sequence[str], cluster: str, totals: Mapping[str, Expression]) -> LazyEngine:
        named = [expression.alias(name) for name, expression in totals.items()]  # type: ignore[attr-defined]  # the same
        return LazyEngine.of(self.frame.group_by(*dict.fromkeys((*by, cluster))).agg(*named))

    def _collected(self, lazy: Any) -> Any:
        streaming = {"engine": "streaming"} if lazy.implementation.is_polars() else {}
        with quietly():
            return lazy.collect(**streaming)


@attrs.frozen
class IbisEngine:
    """An Ibis table, on whatever engine it is."""

    table: Any
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    @classmethod
    def of(cls, table: Any) -> IbisEngine:
        """Wrap an Ibis table."""
        with quietly():
            schema = dict(table.schema().items())
        return cls(
            table,
            {name: _ibis_kind(dtype) for name, dtype in schema.items()},
            {name: str(dtype) for name, dtype in schema.items()},
        )

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece] | None:
        del columns
        return None

    def _of(self, name: str) -> Any:
        from ibis import _

        return _[name]

    def column(self, name: str) -> Expression:
        return self._of(name)  # type: ignore[no-any-return]  # Ibis is an optional library

    def number(self, name: str) -> Expression:
        column = self._of(name)
        return column if self.described[name].startswith("float64") else column.cast("float64")  # type: ignore[no-any-return]  # the same

    def missing(self, name: str) -> Expression:
        column = self._of(name)
        if not self.described[name].startswith("float"):
            return column.isnull()  # type: ignore[no-any-return]  # the same
        return column.isnull() | column.isnan().fill_null(False)  # type: ignore[no-any-return]

    def infinite(self, name: str) -> Expression:
        return self.number(name).isinf().fill_null(False)  # type: ignore[no-any-return,attr-defined]

    def choose(self, where: Any, then: Expression | float, otherwise: Expression | float | None) -> Expression:
        import ibis

        return where.ifelse(then, ibis.null("float64") if otherwise is None else otherwise)  # type: ignore[no-any-return]  # the same

    def total(self, expression: Expression, *, closely: bool) -> Expression:
        return _kahan()(expression) if closely and self._compensates() else expression.sum()

    def _compensates(self) -> bool:
        return bool(self.table.get_backend().name == "duckdb")

    def size(self) -> Expression:
        from ibis import _

        return _.count()  # type: ignore[no-any-return]  # the same

    def distinct(self, name: str) -> Expression:
        return self._of(name).nunique()  # type: ignore[no-any-return]  # the same

    def quantile(self, expression: Any, share: float) -> Expression:
        return expression.quantile(share)  # type: ignore[no-any-return]  # the same

    def head(self, columns: Sequence[str], rows: int) -> dict[str, list[float | None]]:
        aliases = _names(len(columns), self.kinds)
        asked = [self.number(name).name(alias) for name, alias in zip(columns, aliases, strict=True)]  # type: ignore[attr-defined]  # Ibis expressions
        with quietly():
            found = self.table.select(*asked).limit(rows).to_pyarrow()
        return {name: found[alias].to_pylist() for name, alias in zip(columns, aliases, strict=True)}

    def aggregate(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None = None
    ) -> Answer:
        return self._answer(self.table, by, asked, where)

    def add_up(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None, *, closely: bool
    ) -> Answer:
        if not closely or self._compensates():
            return self.aggregate(by, asked, where)
        import ibis

        # Without a compensated sum, short sums of rows that are dealt at random are asked for.
        dealt = _names(1, self.kinds)[0] + "dealt"
        table = self.table.mutate(**{dealt: (ibis.random() * _STRATA).floor().cast("int64")})
        return _joined(self._answer(table, (*by, dealt), asked, where), asked)

    def collapse(self, by: Sequence[str], cluster: str, totals: Mapping[str, Expression]) -> IbisEngine:
        keys = [self._of(name) for name in dict.fromkeys((*by, cluster))]
        return IbisEngine.of(self.table.aggregate(by=keys, **totals))

    def _answer(
        self, table: Any, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None
    ) -> Answer:
        groups = _names(len(by) + len(asked), self.kinds)
        names, aliases = groups[: len(by)], dict(zip(asked, groups[len(by) :], strict=True))
        for name, value in (where or {}).items():
            table = table.filter(self._of(name).isnull() if value is None else self._of(name) == value)
        keys = [self._of(name).name(alias) for name, alias in zip(by, names, strict=True)]
        measured = {alias: asked[key] for key, alias in aliases.items()}
        with quietly():
            found = table.aggregate(by=keys, **measured).to_pyarrow().to_pylist()
        return [
            (tuple(row[name] for name in names), {key: row[alias] for key, alias in aliases.items()}) for row in found
        ]


def _joined(answer: Answer, asked: Iterable[str]) -> Answer:
    """Add up the answers for groups that differ in the last part of their keys only."""
    sums: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for (*key, _), row in answer:
        sums.setdefault(tuple(key), []).append(row)
    return [(key, {name: _added([row[name] for row in rows]) for name in asked}) for key, rows in sums.items()]


def _added(numbers: Sequence[float | None]) -> float | None:
    there = [number for number in numbers if number is not None]
    if not all(map(math.isfinite, there)):
        return sum(there)
    return math.fsum(there) if there else None


@cache
def _kahan() -> Any:
    """Declare DuckDB's compensated sum (Kahan 1965) to Ibis, which has no word for it."""
    import ibis

    def fsum(value: float) -> float:
        raise NotImplementedError(value)

    return ibis.udf.agg.builtin(fsum)


def _ibis_kind(dtype: Any) -> Kind:
    if dtype.is_boolean():
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "float"
    return "text" if dtype.is_string() else "other"
