"""Ratings of needs as CSV: one row a respondent, two columns a need."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import os
from typing import TYPE_CHECKING

from pmkit.errors import Finding, InvalidValueError, Location, ParseError
from pmkit.formats._document import refused
from pmkit.formats._files import read_text
from pmkit.model import did_you_mean, quoted

if TYPE_CHECKING:
    from pmkit.jtbd import Tally
    from pmkit.workspace import Survey

__all__ = ["holds_ratings", "load", "loads", "loads_survey"]

_SIDES = ("importance", "satisfaction")


def load(
    path: str | os.PathLike[str],
    *,
    segments: str | None = None,
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
) -> Tally:
    r"""Read the ratings of a survey from a file; see `loads`.

    Parameters
    ----------
    path : path
        The file.
    segments : str or None
        The column that names the segment of each respondent; all are in one segment without it.
    scale : (int, int)
        The lowest and the highest rating.
    high : int or None
        The lowest rating that counts as important or satisfied; of the upper two ratings by default.

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
    return loads(read_text(path), source=os.fspath(path), segments=segments, scale=scale, high=high)


def loads(
    text: str,
    *,
    source: str = "<text>",
    segments: str | None = None,
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
) -> Tally:
    r"""Read the ratings of a survey.

    Parameters
    ----------
    text : str
        CSV whose first line names the columns. A need ``find`` has the columns ``find.importance`` and
        ``find.satisfaction``, each a rating, empty where nothing was answered; other columns are not read.
    source : str
        A name for the text in messages.
    segments : str or None
        The column that names the segment of each respondent.
    scale : (int, int)
        The lowest and the highest rating.
    high : int or None
        The lowest rating that counts as important or satisfied; of the upper two ratings by default.

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
    from pmkit.jtbd import tally

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
        return tally(grids[: len(rows)], grids[len(rows) :], outcomes=needs, segments=groups, scale=scale, high=high)
    except InvalidValueError as error:
        raise ParseError(str(error), source=source) from None


def loads_survey(
    text: str,
    *,
    identifier: str,
    source: str = "<text>",
    segments: str | None = None,
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
    date: dt.date | str | None = None,
) -> Survey:
    r"""Read the ratings of a survey as one wave of a product's surveys.

    Parameters
    ----------
    text : str
        As for `loads`.
    identifier : str
        The id of the wave.
    source, segments, scale, high
        As for `loads`.
    date : date or None
        When the survey ended.

    Returns
    -------
    Survey
        The counts and the scale; no respondent's row is kept.

    Raises
    ------
    ParseError
        With every bad cell, each with its line.
    InvalidValueError
        For an id that is none.

    Examples
    --------
    >>> loads_survey("find.importance,find.satisfaction\n7,1\n6,2\n", identifier="autumn", scale=(1, 7)).high
    6
    """
    from pmkit.jtbd._tally_read import high_from
    from pmkit.workspace import survey_of

    counts = loads(text, source=source, segments=segments, scale=scale, high=high)
    return survey_of(
        counts, identifier=identifier, date=date, lowest=scale[0], highest=scale[1], high=high_from(high, scale)
    )


def holds_ratings(text: str) -> bool:
    r"""Whether a text looks like a table of ratings: its first line names an importance or a satisfaction.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Examples
    --------
    >>> holds_ratings("who,find.importance,find.satisfaction\n"), holds_ratings("id,kind,title\n")
    (True, False)
    """
    first = text.lstrip("\ufeff").partition("\n")[0]
    cells = (cell.strip().strip('"') for cell in first.split(","))
    return any(cell.endswith(tuple(f".{side}" for side in _SIDES)) for cell in cells)


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
        told.append(f"column {quoted(segments)} is missing{did_you_mean(segments, head)}")
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
