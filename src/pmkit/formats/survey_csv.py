"""Ratings of needs as CSV: one row a respondent, two columns a need."""

from __future__ import annotations

import csv
import io
import math
import os

from pmkit.errors import Finding, InvalidValueError, Location, ParseError
from pmkit.formats._document import refused
from pmkit.formats._files import read_text
from pmkit.jtbd import Tally, tally
from pmkit.model import quoted

__all__ = ["load", "loads"]

_SIDES = ("importance", "satisfaction")


def load(path: str | os.PathLike[str], *, segments: str | None = None) -> Tally:
    r"""Read the ratings of a survey from a file; see `loads`.

    Parameters
    ----------
    path : path
        The file.
    segments : str or None
        The column that names the segment of each respondent; all are in one segment without it.

    Returns
    -------
    Tally

    Raises
    ------
    FileError
        When the file cannot be read.
    ParseError
        When it does not hold ratings; with every bad cell.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "survey.csv")
    ...     _ = path.write_text("find.importance,find.satisfaction\n5,1\n4,2\n")
    ...     load(path).outcomes
    ('find',)
    """
    return loads(read_text(path), source=os.fspath(path), segments=segments)


def loads(text: str, *, source: str = "<text>", segments: str | None = None) -> Tally:
    r"""Read the ratings of a survey.

    Parameters
    ----------
    text : str
        CSV whose first line names the columns. A need ``find`` has the columns ``find.importance`` and
        ``find.satisfaction``, each from 1 to 5, empty where nothing was answered; other columns are not read.
    source : str
        A name for the text in messages.
    segments : str or None
        The column that names the segment of each respondent.

    Returns
    -------
    Tally
        The counts; no respondent's row is kept.

    Raises
    ------
    ParseError
        With every bad cell, each with its line.

    Examples
    --------
    >>> counts = loads("who,find.importance,find.satisfaction\np1,5,1\np2,4,\n")
    >>> counts["find"]["high_low"], counts["find"]["high_missing"]
    (1.0, 1.0)
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    findings: list[Finding] = []
    rows: list[list[str]] = []
    try:
        head = [cell.strip() for cell in next(reader, [])]
        needs = _needs(head, segments, source)
        for cells in reader:
            if len(cells) == len(head):
                rows.append(cells)
            elif cells:
                message = f"{len(cells)} cells where the first line names {len(head)} columns"
                findings.append(_fault(source, reader.line_num, message))
    except csv.Error as error:
        raise ParseError(f"this is not CSV: {error}", source=source, line=reader.line_num, column=1) from None
    places = {column: place for place, column in enumerate(head)}
    grids = [[_rating(row[places[f"{need}.{side}"]]) for need in needs] for side in _SIDES for row in rows]
    groups = [row[places[segments]].strip() for row in rows] if segments is not None else None
    if findings:
        raise refused(findings, source)
    try:
        return tally(grids[: len(rows)], grids[len(rows) :], outcomes=needs, segments=groups)
    except InvalidValueError as error:
        raise ParseError(str(error), source=source) from None


def _needs(head: list[str], segments: str | None, source: str) -> list[str]:
    """Return the rated needs in the order of their columns."""
    known = set(head)
    told = [f"column {quoted(column)} stands twice" for column in known if head.count(column) > 1]
    needs = [column.removesuffix(".importance") for column in head if column.endswith(".importance")]
    rated = [column.removesuffix(".satisfaction") for column in head if column.endswith(".satisfaction")]
    told += [f"{quoted(need)} has importance without satisfaction" for need in needs if need not in rated]
    told += [f"{quoted(need)} has satisfaction without importance" for need in rated if need not in needs]
    if not needs and not rated:
        told.append("no column ends in .importance or .satisfaction")
    if segments is not None and segments not in known:
        told.append(f"column {quoted(segments)} is missing")
    if told:
        raise ParseError("; ".join(sorted(told)), source=source, line=1, column=1)
    return needs


def _rating(cell: str) -> float | str | None:
    """Return a rating as a number; what is no number stays as written, and the tally says so."""
    text = cell.strip()
    try:
        rating = float(text) if text else None
    except ValueError:
        return text
    return text if rating is not None and not math.isfinite(rating) else rating


def _fault(source: str, line: int, message: str) -> Finding:
    return Finding("DOC002", "error", "", message, "", None, Location(source, line))
