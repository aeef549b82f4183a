r"""A design structure matrix as CSV: components down the side and across the top, marks in the cells.

Convention (inputs in rows, ISO's and Eppinger's IR/FAD): a mark in row *a* and column *b* says that **a depends
on b**. Files of the other convention (IC/FBD: columns depend on rows) are read with ``rows_depend=False``.
"""

from __future__ import annotations

import csv
import io
import math

from pmkit.conway import Dependency, Organization, from_owners
from pmkit.errors import Finding, InvalidValueError, Location, ParseError
from pmkit.formats._document import refused
from pmkit.formats.edges_csv import rows_of
from pmkit.model import normalized_id, quoted

__all__ = ["dumps", "loads"]

_MARKS = ("x", "X", "*", "1")
_EMPTY = ("", "0", ".", "-")


def loads(text: str, *, rows_depend: bool = True, source: str = "dsm.csv") -> Organization:
    r"""Read a design structure matrix.

    Parameters
    ----------
    text : str
        The first line: a cell of any content, then the components; then for each the component and its cells:
        empty, 0, ``.`` or ``-`` for none, ``x``, ``*`` or a number from 0 up as weight. The diagonal is not read.
    rows_depend : bool
        Whether rows depend on columns; otherwise columns depend on rows.
    source : str
        For messages.

    Returns
    -------
    Organization
        Components and dependencies; nobody owns anything yet.

    Raises
    ------
    ParseError
        With every fault: a matrix that is not square, names that differ, a cell that is no number.

    References
    ----------
    Eppinger and Browning (2012), Design Structure Matrix Methods and Applications, ch. 2.

    Examples
    --------
    >>> loads("part,page,index\npage,,2\nindex,,\n").dependencies
    (Dependency(source='page', target='index', weight=2.0, kind=''),)
    """
    rows = list(rows_of(text, source))
    if not rows:
        raise ParseError("the matrix is empty; the first line names the components", source=source, line=1, column=1)
    names = rows[0][1][1:]
    findings = [
        _fault(f"component {quoted(names[b])} is there twice (also as {quoted(names[a])})", source, rows[0][0])
        for a, b in _twice(names)
    ]
    if len(rows) - 1 != len(names):
        findings.append(_fault(f"{len(names)} columns and {len(rows) - 1} rows; they must be as many", source, 1))
    edges: list[Dependency] = []
    for number, (line, cells) in enumerate(rows[1 : len(names) + 1]):
        if cells[0] != names[number]:
            message = f"row {number + 1} is {quoted(cells[0])}, column {number + 1} is {quoted(names[number])}"
            findings.append(_fault(message, source, line))
        elif len(cells) != len(names) + 1:
            findings.append(_fault(f"{len(cells) - 1} cells where there are {len(names)} columns", source, line))
        else:
            _take(cells, number, names, edges, findings, Location(source, line), rows_depend=rows_depend)
    if not findings:
        try:
            return from_owners(dict.fromkeys(names, ()), edges)
        except InvalidValueError as error:
            findings += error.findings or (_fault(str(error), source, 1),)
    raise refused(findings, source)


def _twice(names: list[str]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    found = []
    for at, name in enumerate(names):
        key = normalized_id(name)
        if key in first:
            found.append((first[key], at))
        first.setdefault(key, at)
    return found


def _take(
    cells: list[str], number: int, names: list[str], edges: list[Dependency], findings: list[Finding], place: Location,
    *, rows_depend: bool,
) -> None:  # fmt: skip
    for at, cell in enumerate(cells[1:]):
        if cell in _EMPTY or at == number:
            continue
        weight = 1.0 if cell in _MARKS else _number(cell)
        if not (math.isfinite(weight) and weight >= 0):
            message = f"{quoted(cell)} in column {quoted(names[at])} is no mark and no number from 0 up"
            findings.append(_fault(message, place.source, place.line))
        elif weight:
            source, target = (number, at) if rows_depend else (at, number)
            try:
                edges.append(Dependency(source=names[source], target=names[target], weight=weight))
            except InvalidValueError as error:
                findings.append(_fault(str(error), place.source, place.line))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _fault(message: str, source: str, line: int) -> Finding:
    return Finding("DOC002", "error", "", message, "", None, Location(source, line))


def dumps(organization: Organization) -> str:
    r"""Write an organization's dependencies as a matrix, rows depending on columns.

    Parameters
    ----------
    organization : Organization
        Several dependencies between two components become one with the sum of their weights; kinds, owners and
        dependencies of a component on itself are left out.

    Returns
    -------
    str

    Examples
    --------
    >>> dumps(from_owners({"page": "web", "index": "data"}, [("page", "index", 2)]))
    ',page,index\npage,,2\nindex,,\n'
    """
    names = [component.id for component in organization.components]
    sums: dict[tuple[str, str], float] = {}
    for edge in organization.dependencies:
        sums[edge.source, edge.target] = sums.get((edge.source, edge.target), 0.0) + edge.weight
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["", *names])
    for row in names:
        cells = [0.0 if row == column else sums.get((row, column), 0.0) for column in names]
        writer.writerow([row, *(f"{weight:.17g}" if weight else "" for weight in cells)])
    return stream.getvalue()
