r"""Dependencies as a CSV list of edges: source, target, and optionally weight and kind.

The source depends on the target. A first line that names the columns is needed; ``from``/``to`` and
``importer``/``imported`` are understood as well.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator

from pmkit.conway import Dependency
from pmkit.errors import Finding, InvalidValueError, Location, ParseError
from pmkit.formats._document import refused
from pmkit.model import did_you_mean, quoted

__all__ = ["dumps", "loads", "rows_of"]

_NAMES = {"source": "source", "from": "source", "importer": "source",
          "target": "target", "to": "target", "imported": "target",
          "weight": "weight", "imports": "weight", "kind": "kind"}  # fmt: skip
_COLUMNS = ("source", "target", "weight", "kind")


def rows_of(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a CSV text that are not empty, with their lines.

    Parameters
    ----------
    text : str
    source : str
        For messages.

    Yields
    ------
    tuple of (int, list of str)

    Raises
    ------
    ParseError
        At the first quote that is not closed.

    Examples
    --------
    >>> list(rows_of("a,b\n\n1,2\n", "x.csv"))
    [(1, ['a', 'b']), (3, ['1', '2'])]
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ParseError(f"this is not CSV: {error}", source=source, line=reader.line_num) from None


def loads(
    text: str, *, known: Collection[str] | None = None, source: str = "dependencies.csv"
) -> tuple[Dependency, ...]:
    r"""Read dependencies.

    Parameters
    ----------
    text : str
        The first line names the columns: source and target, optionally weight and kind.
    known : collection of str or None
        The components that there are: an edge that names another one is a fault (CON112). None believes all.
    source : str
        For messages.

    Returns
    -------
    tuple of Dependency
        In the order of the rows; see `pmkit.conway.from_owners`.

    Raises
    ------
    ParseError
        With every bad row.

    Examples
    --------
    >>> loads("source,target,weight\npage,index,3\n")
    (Dependency(source='page', target='index', weight=3.0, kind=''),)
    """
    rows = rows_of(text, source)
    _, head = next(rows, (1, []))
    columns = [_NAMES.get(name.lower(), "") for name in head]
    _want_columns(head, columns, source)
    allowed = None if known is None else dict.fromkeys(known)
    made: list[Dependency] = []
    findings: list[Finding] = []
    for line, cells in rows:
        try:
            edge = _edge(cells, columns)
        except InvalidValueError as error:
            findings.append(Finding("DOC002", "error", "", str(error), "", None, Location(source, line)))
            continue
        unknown = [] if allowed is None else [end for end in (edge.source, edge.target) if end not in allowed]
        for end in unknown:
            message = f"no component {quoted(end)}{did_you_mean(end, allowed or ())}"
            findings.append(Finding("CON112", "error", end, message, "", None, Location(source, line)))
        made.append(edge)
    if findings:
        raise refused(findings, source)
    return tuple(made)


def _want_columns(head: list[str], columns: list[str], source: str) -> None:
    told = [
        f"unknown column {quoted(name)}{did_you_mean(name, _NAMES)}"
        for name, column in zip(head, columns, strict=True)
        if not column
    ]
    told += [f"column {quoted(name)} is missing" for name in _COLUMNS[:2] if name not in columns]
    told += [f"column {quoted(name)} is there twice" for name in _COLUMNS if columns.count(name) > 1]
    if told:
        raise ParseError("; ".join(told), source=source, line=1, column=1)


def _edge(cells: list[str], columns: list[str]) -> Dependency:
    if len(cells) != len(columns):
        raise InvalidValueError(f"{len(cells)} cells where the first line names {len(columns)} columns")
    named = dict(zip(columns, cells, strict=True))
    text = named.get("weight", "")
    try:
        weight = float(text) if text else 1.0
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise InvalidValueError(f"weight must be a number, not {quoted(text)}")
    return Dependency(source=named["source"], target=named["target"], weight=weight, kind=named.get("kind", ""))


def dumps(dependencies: Collection[Dependency]) -> str:
    r"""Write dependencies as CSV that `loads` reads back.

    Parameters
    ----------
    dependencies : collection of Dependency

    Returns
    -------
    str

    Examples
    --------
    >>> dumps([Dependency(source="page", target="index")])
    'source,target,weight,kind\npage,index,1,\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([edge.source, edge.target, f"{edge.weight:.17g}", edge.kind] for edge in dependencies)
    return stream.getvalue()
