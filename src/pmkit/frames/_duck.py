"""DuckDB relations, asked by DuckDB's own expressions: a layer between would cost a quarter of the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from pmkit.frames._engines import Answer, Expression
from pmkit.frames._measures import Kind
from pmkit.frames._pieces import Piece
from pmkit.frames._tables import kind_of

__all__ = ["DuckEngine"]


def _plain(value: object) -> Any:
    import duckdb

    return value.held if isinstance(value, _Duck) else duckdb.ConstantExpression(value)


def _call(name: str, *arguments: object) -> _Duck:
    import duckdb

    return _Duck(duckdb.FunctionExpression(name, *map(_plain, arguments)))


@attrs.frozen(eq=False)
class _Duck:
    """An expression of DuckDB's, with the words that all engines share."""

    held: Any

    def __add__(self, other: Expression | float) -> _Duck:
        return _Duck(self.held + _plain(other))

    def __sub__(self, other: Expression | float) -> _Duck:
        return _Duck(self.held - _plain(other))

    def __mul__(self, other: Expression | float) -> _Duck:
        return _Duck(self.held * _plain(other))

    def __and__(self, other: Expression) -> _Duck:
        return _Duck(self.held & _plain(other))

    def __or__(self, other: Expression) -> _Duck:
        return _Duck(self.held | _plain(other))

    def __invert__(self) -> _Duck:
        return _Duck(~self.held)

    def __ge__(self, other: object) -> _Duck:
        return _Duck(self.held >= _plain(other))

    def clip(self, lower: float, upper: float) -> _Duck:
        return _call("greatest", _call("least", self, upper), lower)

    def sum(self) -> _Duck:
        return _call("sum", self)

    def count(self) -> _Duck:
        return _call("count", self)


@attrs.frozen
class DuckEngine:
    """A DuckDB relation."""

    relation: Any
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    @classmethod
    def of(cls, frame: Any) -> DuckEngine:
        """Unwrap a narwhals frame."""
        schema = frame.collect_schema()
        return cls(
            frame.to_native(),
            {name: kind_of(dtype) for name, dtype in schema.items()},
            {name: str(dtype) for name, dtype in schema.items()},
        )

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece] | None:
        del columns
        return None

    def column(self, name: str) -> _Duck:
        import duckdb

        return _Duck(duckdb.ColumnExpression(name))

    def number(self, name: str) -> _Duck:
        column = self.column(name)
        return column if self.described[name] == "Float64" else _Duck(column.held.cast("DOUBLE"))

    def missing(self, name: str) -> _Duck:
        column = self.column(name)
        lost = _Duck(column.held.isnull())
        return lost | self._and_there(name, "isnan") if self.kinds[name] == "float" else lost

    def infinite(self, name: str) -> _Duck:
        return self._and_there(name, "isinf")

    def _and_there(self, name: str, test: str) -> _Duck:
        return self.choose(_Duck(self.column(name).held.isnull()), False, _call(test, self.number(name)))

    def choose(self, where: Expression, then: Expression | float, otherwise: Expression | float | None) -> _Duck:
        import duckdb

        chosen = duckdb.CaseExpression(_plain(where), _plain(then))
        return _Duck(chosen if otherwise is None else chosen.otherwise(_plain(otherwise)))

    def total(self, expression: Expression, *, closely: bool) -> _Duck:
        return _call("fsum" if closely else "sum", expression)

    def size(self) -> _Duck:
        return _call("count")

    def distinct(self, name: str) -> _Duck:
        return _call("list_unique", _call("list", self.column(name)))

    def quantile(self, expression: Expression, share: float) -> _Duck:
        return _call("quantile_cont", expression, share)

    def head(self, columns: Sequence[str], rows: int) -> dict[str, list[float | None]]:
        asked = [_plain(self.number(name)) for name in columns]
        found = self.relation.select(*asked).limit(rows).fetchall()
        return {name: [row[place] for row in found] for place, name in enumerate(columns)}

    def aggregate(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None = None
    ) -> Answer:
        relation = self.relation
        for name, value in (where or {}).items():
            held = self.column(name).held
            relation = relation.filter(held.isnull() if value is None else held == _plain(value))
        keys = [self.column(name).held for name in by]
        # Names of our own: two columns of an answer could otherwise be called alike.
        every = [held.alias(f"pm{place}") for place, held in enumerate([*keys, *map(_plain, asked.values())])]
        rows = relation.aggregate(every, ", ".join(map(str, keys))).fetchall()
        return [(tuple(row[: len(by)]), dict(zip(asked, row[len(by) :], strict=True))) for row in rows]

    def collapse(self, by: Sequence[str], cluster: str, totals: Mapping[str, Expression]) -> DuckEngine:
        import narwhals as nw

        keys = [self.column(name).held for name in dict.fromkeys((*by, cluster))]
        every = [*keys, *(_plain(expression).alias(name) for name, expression in totals.items())]
        return DuckEngine.of(nw.from_native(self.relation.aggregate(every, ", ".join(map(str, keys)))))

    def add_up(
        self, by: Sequence[str], asked: Mapping[str, Expression], where: Mapping[str, object] | None, *, closely: bool
    ) -> Answer:
        del closely
        return self.aggregate(by, asked, where)
