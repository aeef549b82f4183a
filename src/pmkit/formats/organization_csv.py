"""An organization as a folder of CSV files: components, dependencies, and who talks to whom."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from pmkit.conway import Communication, Component, Dependency, Organization, from_owners
from pmkit.errors import FileError, Finding, InvalidValueError, Location, ParseError
from pmkit.formats._document import refused
from pmkit.formats._files import read_text, write_atomically
from pmkit.model import did_you_mean, quoted

__all__ = ["dump", "load"]

_COLUMNS = {
    "components.csv": ("component", "name", "load", "kind", "owners"),
    "dependencies.csv": ("source", "target", "weight", "kind"),
    "communication.csv": ("a", "b", "weight", "channel"),
}
_NEEDED = {"components.csv": ("component",), "dependencies.csv": ("source", "target"), "communication.csv": ("a", "b")}


@attrs.frozen
class _Row:
    """One row of a file, with its place."""

    place: Location
    cells: Mapping[str, str]

    def number(self, name: str) -> float:
        """Return a cell as a number, 1 when it is empty."""
        text = self.cells.get(name, "").strip()
        try:
            number = float(text) if text else 1.0
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InvalidValueError(f"{name} must be a number, not {quoted(text)}")
        return number


def load(folder: str | os.PathLike[str], *, kinds: tuple[str, ...] = ()) -> Organization:
    r"""Read an organization from a folder.

    Parameters
    ----------
    folder : path
        With ``components.csv`` (component, and optionally name, load, kind, and owners separated by semicolons,
        the primary owner first), and optionally ``dependencies.csv`` (source, target, weight, kind) and
        ``communication.csv`` (a, b, weight, channel). The first line names the columns; empty cells take defaults.
    kinds : tuple of str
        Only dependencies of these kinds, each source-target pair once; all rows when empty.

    Returns
    -------
    Organization

    Raises
    ------
    FileError
        When ``components.csv`` is missing.
    ParseError
        With every bad row, each with its line.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "components.csv").write_text("component,owners\npage,web\nindex,data;web\n")
    ...     [team.id for team in load(folder).teams]
    ['web', 'data']
    """
    root = Path(folder)
    if not (root / "components.csv").is_file():
        raise FileError(f"{quoted(os.fspath(folder))} holds no components.csv")
    findings: list[Finding] = []
    components: dict[str, tuple[_Row, Component | None]] = {}
    for row in _rows(root, "components.csv", findings):
        name = row.cells["component"]
        if name in components:
            findings.append(_fault(row.place, f"component {quoted(name)} stands twice"))
        components[name] = (row, _component(row, findings))
    owners = {name: _owners(row.cells.get("owners", "")) for name, (row, _) in components.items()}
    dependencies = [
        made
        for row in _rows(root, "dependencies.csv", findings)
        if (not kinds or row.cells.get("kind", "") in kinds) and (made := _dependency(row, findings)) is not None
    ]
    if kinds:
        dependencies = list({(edge.source, edge.target): edge for edge in reversed(dependencies)}.values())[::-1]
    communication = [
        talk for row in _rows(root, "communication.csv", findings) if (talk := _talk(row, findings)) is not None
    ]
    if not findings:
        known = [component for _, component in components.values() if component is not None]
        try:
            return from_owners(
                owners, dependencies, components=known, communication=communication, source="components.csv"
            )
        except InvalidValueError as error:
            findings += error.findings or (Finding("DOC002", "error", "", str(error)),)
    raise refused(findings, os.fspath(folder))


def _rows(root: Path, name: str, findings: list[Finding]) -> Iterator[_Row]:
    if not (root / name).exists():
        return
    source = os.fspath(root / name)
    reader = csv.reader(io.StringIO(read_text(root / name)), strict=True)
    try:
        head = [cell.strip() for cell in next(reader, [])]
        _want_columns(name, head, source)
        for cells in reader:
            place = Location(source, reader.line_num)
            if len(cells) != len(head) and cells:
                findings.append(_fault(place, f"{len(cells)} cells where the first line names {len(head)} columns"))
            elif cells:
                yield _Row(place, dict(zip(head, cells, strict=True)))
    except csv.Error as error:
        findings.append(_fault(Location(source, reader.line_num), f"this is not CSV: {error}"))


def _want_columns(name: str, head: list[str], source: str) -> None:
    missing = [column for column in _NEEDED[name] if column not in head]
    unknown = [column for column in head if column not in _COLUMNS[name]]
    told = [f"column {quoted(column)} is missing" for column in missing]
    told += [f"unknown column {quoted(column)}{did_you_mean(column, _COLUMNS[name])}" for column in unknown]
    if told:
        raise ParseError("; ".join(told), source=source, line=1, column=1)


def _owners(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]


def _fault(place: Location, message: str) -> Finding:
    return Finding("DOC002", "error", "", message, "", None, place)


def _component(row: _Row, findings: list[Finding]) -> Component | None:
    try:
        return Component(
            id=row.cells["component"],
            name=row.cells.get("name", ""),
            load=row.number("load"),
            kind=row.cells.get("kind", ""),
        )
    except InvalidValueError as error:
        findings.append(_fault(row.place, str(error)))
        return None


def _dependency(row: _Row, findings: list[Finding]) -> Dependency | None:
    try:
        return Dependency(
            source=row.cells["source"],
            target=row.cells["target"],
            weight=row.number("weight"),
            kind=row.cells.get("kind", ""),
        )
    except InvalidValueError as error:
        findings.append(_fault(row.place, str(error)))
        return None


def _talk(row: _Row, findings: list[Finding]) -> Communication | None:
    try:
        return Communication(
            a=row.cells["a"], b=row.cells["b"], weight=row.number("weight"), channel=row.cells.get("channel", "")
        )
    except InvalidValueError as error:
        findings.append(_fault(row.place, str(error)))
        return None


def dump(organization: Organization, folder: str | os.PathLike[str]) -> None:
    """Write an organization to a folder; what the columns do not hold (shares, capacities, interactions) is left out.

    Parameters
    ----------
    organization : Organization
    folder : path
        An existing folder; each file is replaced whole.

    Raises
    ------
    FileError
        When a file cannot be written.
    InvalidValueError
        When a team's id holds a semicolon.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     dump(from_owners({"page": "web"}, [("page", "page")]), folder)
    ...     load(folder).components[0].id
    'page'
    """
    clash = [team.id for team in organization.teams if ";" in team.id]
    if clash:
        raise InvalidValueError(f"team {quoted(clash[0])} holds a semicolon, which separates owners in this format")
    owned: dict[str, list[str]] = {}
    for owner in organization.ownership:
        owned.setdefault(owner.component, []).append(owner.team)
    tables: dict[str, list[tuple[object, ...]]] = {
        "components.csv": [
            (c.id, c.name, _exact(c.load), c.kind, ";".join(owned.get(c.id, ()))) for c in organization.components
        ],
        "dependencies.csv": [(d.source, d.target, _exact(d.weight), d.kind) for d in organization.dependencies],
        "communication.csv": [(t.a, t.b, _exact(t.weight), t.channel) for t in organization.communication],
    }
    for name, rows in tables.items():
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows([_COLUMNS[name], *rows])
        write_atomically(Path(folder) / name, stream.getvalue().encode())


def _exact(number: float) -> str:
    """Write a number so that it comes back as it was, whole numbers without a point."""
    return repr(float(number)).removesuffix(".0")
