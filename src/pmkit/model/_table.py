"""Results as tables: one primitive, every other form derived from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model._optional import require
from pmkit.model._text import escape_html, without_controls
from pmkit.model._undefined import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl

__all__ = ["Table"]


class Table:
    """Parent of every result that is a table of rows.

    A subclass defines `to_dicts`; everything else follows.

    Examples
    --------
    >>> class Squares(Table):
    ...     def to_dicts(self):
    ...         return [{"n": n, "square": n * n} for n in (1, 2)]
    >>> print(Squares().to_markdown())
    | n | square |
    |---|---|
    | 1 | 1 |
    | 2 | 4 |
    """

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, object]]:
        """Return the rows, each a dict with the same keys in the same order.

        Returns
        -------
        list of dict
        """
        raise NotImplementedError

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame; undefined numbers are missing values.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        MissingDependencyError
            When pandas is not installed.
        """
        pandas = require("pandas", extra="frames", purpose="a pandas table")
        return pandas.DataFrame(_plain(self.to_dicts()))

    def to_polars(self) -> pl.DataFrame:
        """Return the rows as a polars data frame; undefined numbers are missing values.

        Returns
        -------
        polars.DataFrame

        Raises
        ------
        MissingDependencyError
            When polars is not installed.
        """
        polars = require("polars", extra="frames", purpose="a polars table")
        return polars.DataFrame(_plain(self.to_dicts()), infer_schema_length=None)

    def to_markdown(self) -> str:
        """Return the rows as a Markdown table.

        Returns
        -------
        str
        """
        rows = self.to_dicts()
        if not rows:
            return ""
        lines = [_markdown_row(rows[0]), "|" + "---|" * len(rows[0])]
        lines.extend(_markdown_row(row.values()) for row in rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = self.to_dicts()
        if not rows:
            return "<p>(empty)</p>"
        head = "".join(f'<th scope="col">{escape_html(str(name))}</th>' for name in rows[0])
        body = "".join(
            "<tr>" + "".join(f"<td>{escape_html(shown(cell))}</td>" for cell in row.values()) + "</tr>" for row in rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown(cell: object) -> str:
    """Show one cell to a person: at most six significant digits, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6g}"
    if isinstance(cell, (tuple, list)):
        return ", ".join(shown(member) for member in cell)
    return str(cell)


def _markdown_row(cells: Iterable[object]) -> str:
    texts = [without_controls(shown(cell)) for cell in cells]
    return "| " + " | ".join(_markdown_cell(text) for text in texts) + " |"


def _markdown_cell(text: str) -> str:
    for character in "\\`|<>[]*_":
        if character in text:
            text = text.replace(character, "\\" + character)
    return text


def _plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: None if isinstance(cell, Undefined) else cell for name, cell in row.items()} for row in rows]
