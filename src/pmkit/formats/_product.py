"""The product file: what stands where in it, and how it becomes a workspace and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import attrs

from pmkit import ost
from pmkit.conway import Organization
from pmkit.errors import Finding, InvalidTreeError, InvalidValueError, Location
from pmkit.formats._document import Document, Path, refused
from pmkit.formats._structure import converted, is_null, plain, resolved, structure, unstructure
from pmkit.model import did_you_mean, id_fault, quoted
from pmkit.workspace import (
    Experiment,
    Feedback,
    Goal,
    RoadmapItem,
    StatedHypothesis,
    StatedJob,
    StatedNeed,
    Survey,
    Waiver,
    Workspace,
)

__all__ = ["SECTIONS", "VERSION", "from_documents", "to_data"]

VERSION = 1
"""The version of the product file that this library writes."""

SECTIONS: dict[str, Any] = {
    "name": str,
    "goals": tuple[Goal, ...],
    "jobs": tuple[StatedJob, ...],
    "needs": tuple[StatedNeed, ...],
    "surveys": tuple[Survey, ...],
    "hypotheses": tuple[StatedHypothesis, ...],
    "experiments": tuple[Experiment, ...],
    "organization": Organization,
    "feedback": tuple[Feedback, ...],
    "roadmap": tuple[RoadmapItem, ...],
    "waivers": tuple[Waiver, ...],
}
"""What stands under each key of a product file; the tree stands beside them, as records."""

MIGRATIONS: dict[int, Callable[[dict[str, object]], dict[str, object]]] = {}
"""How the data of a version become those of the next, one function for each version before this one.

A function takes the whole document's data and returns new ones; the key ``pmkit`` need not be changed. Places of
faults are looked up in the text as it was written: for what a migration moved, the nearest part that exists is named.
"""


@attrs.frozen
class Located:
    r"""A workspace that was read, and where its things stand.

    Attributes
    ----------
    workspace : Workspace
        The product.
    locations : mapping of str to Location
        By id.

    Examples
    --------
    >>> from pmkit.formats import workspace
    >>> found = workspace.loads_located(b"pmkit: 1\nname: Cinema\ntree:\n- {id: watch, kind: outcome, title: Watch}")
    >>> found.workspace.name, found.locations["watch"].line
    ('Cinema', 4)
    """

    workspace: Workspace
    locations: Mapping[str, Location]


@attrs.frozen
class _Home:
    """Where a thing stands, and what is written there."""

    document: Document
    path: Path
    row: Mapping[str, object]


class _Places(Mapping[str, Location]):
    """Where things stand, looked up when asked for: finding a place in JSON means reading up to it."""

    def __init__(self, homes: Mapping[str, _Home]) -> None:
        self._homes = homes

    def __getitem__(self, key: str) -> Location:
        home = self._homes[key]
        return home.document.location(home.path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


class _Reader:
    """Collects the sections and every problem of one product's documents."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.values: dict[str, object] = {}
        self.extra: dict[str, object] = {}
        self.homes: dict[str, _Home] = {}
        self.nameless: dict[object, _Home] = {}
        self.tree_home: Location | None = None
        self.records: list[dict[str, object]] = []

    def read(self, document: Document) -> None:
        """Read one document."""
        data = document.data
        if not isinstance(data, dict):
            self.note(document, (), "a product file is a mapping that begins with 'pmkit: 1'")
            return
        migrated = self._migrated(document, data)
        for key, value in (migrated or {}).items():
            if key == "pmkit" or (is_null(value) and not key.startswith("x-") and (key == "tree" or key in SECTIONS)):
                continue
            if key.startswith("x-"):
                if key in self.extra:
                    self.note(document, (key,), f"{quoted(key)} stands in more than one file")
                self.extra[key] = resolved(value)
            elif key == "tree":
                self._tree(document, value)
            elif key in SECTIONS:
                self._section(document, key, value)
            else:
                hint = did_you_mean(key, ["pmkit", "tree", *SECTIONS])
                self.note(document, (key,), f"unknown key {quoted(key)}{hint}", "keys of your own begin with x-")

    def note(self, document: Document, path: Path, message: str, hint: str = "", code: str = "DOC002") -> None:
        """Keep one problem, with its place."""
        self.findings.append(Finding(code, "error", "", message, hint, None, document.location(path)))

    def _migrated(self, document: Document, data: dict[str, object]) -> dict[str, object] | None:
        """Return the data in today's form; None when nothing more can be said of them."""
        if "pmkit" not in data:
            self.note(document, (), "the version is missing", f"begin the file with 'pmkit: {VERSION}'")
            return data
        version = resolved(data["pmkit"])
        if isinstance(version, bool) or not isinstance(version, int):
            bare = ", without quotes" if isinstance(version, str) and version.isdigit() else ""
            hint = f"write 'pmkit: {VERSION}'{bare}"
            self.note(document, ("pmkit",), f"the version must be a whole number, not {_shown(version)}", hint)
            return data
        if version > VERSION:
            told = f"the file is of version {version:,}, and this pmkit reads versions up to {VERSION}"
            self.note(document, ("pmkit",), told, "install a newer pmkit-core")
            return None
        if version < 1:
            self.note(document, ("pmkit",), f"there is no version {version:,}", f"write 'pmkit: {VERSION}'")
            return data
        while version < VERSION:
            data = MIGRATIONS[version](data)
            version += 1
        return data

    def _section(self, document: Document, key: str, value: object) -> None:
        made, faults = structure(value, SECTIONS[key])
        for fault in faults:
            place = document.location((key, *fault.path))
            self.findings.append(Finding(fault.code, "error", fault.subject, fault.message, "", None, place))
        if key in self.values and isinstance(made, tuple):
            made = (*cast("tuple[object, ...]", self.values[key]), *made)
        elif key in self.values and made is not None:
            self.note(document, (key,), f"{quoted(key)} stands in more than one file")
        if made is not None:
            self.values[key] = made
        self._remember(document, (key,), value)

    def _remember(self, document: Document, path: Path, value: object) -> None:
        if isinstance(value, dict):
            for key in ("teams", "components"):
                self._remember(document, (*path, key), value.get(key))
        for index, row in enumerate(value if isinstance(value, list) else ()):
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                self.homes.setdefault(str(row["id"]), _Home(document, (*path, index), row))

    def _tree(self, document: Document, value: object) -> None:
        if not isinstance(value, list):
            self.note(document, ("tree",), "the tree is a list of records, each with id, kind, title and parent")
            return
        self.tree_home = self.tree_home or document.location(("tree",))
        for index, row in enumerate(value):
            if isinstance(row, dict):
                self.records.append(self._record(document, index, row))
            else:
                self.note(document, ("tree", index), f"a tree record is a mapping, not {_shown(resolved(row))}")
        self._remember(document, ("tree",), value)

    def _record(self, document: Document, index: int, row: dict[str, object]) -> dict[str, object]:
        """Read a tree record; one without an id gets one for as long as its other faults are looked for."""
        record = typed_record(row)
        given = record.get("id")
        fault = "there is no id" if given is None else id_fault(given)
        if fault:
            path: Path = ("tree", index) if given is None else ("tree", index, "id")
            self.note(document, path, fault, "give every node an id of its own", "OST005")
            record["id"] = f"record {len(self.records) + 1} of the tree"
            self.nameless[record["id"]] = _Home(document, ("tree", index), row)
        return record

    def tree(self) -> ost.OstTree | None:
        """Build the tree from all records, noting its faults with their places."""
        if not self.records:
            return None
        try:
            return ost.from_records(self.records)
        except InvalidTreeError as error:
            for finding in error.findings:
                subject = "" if finding.subject in self.nameless else finding.subject
                place = self.home(finding) or self.tree_home
                self.findings.append(attrs.evolve(finding, subject=subject, location=place))
            return None

    def home(self, finding: Finding) -> Location | None:
        """Return where the thing that a finding is about stands, or the one field of it that the message names."""
        home = self.homes.get(finding.subject) or self.nameless.get(finding.subject)
        if home is None:
            return None
        named = [key for key in home.row if f"{key!r}" in finding.message or f".{key}" in finding.message]
        words = finding.message.split()
        named = named or [
            key for key, value in home.row.items() if key in words and quoted(str(value)) in finding.message
        ]
        return home.document.location((*home.path, named[0]) if len(named) == 1 else home.path)

    def located(self, workspace: Workspace) -> Located:
        """Return the workspace with the places of its things."""
        return Located(workspace, _Places(self.homes))


def _shown(version: object) -> str:
    if isinstance(version, (dict, list)):
        return "a mapping" if isinstance(version, dict) else "a list"
    return "nothing" if version is None else str(version).lower() if isinstance(version, bool) else quoted(version)


@lru_cache(maxsize=16)
def _types_of(kind: str) -> Mapping[str, Any]:
    return {field.name: field.type for field in attrs.fields(attrs.resolve_types(ost.SCHEMA.kinds[kind]))}


def typed_record(row: Mapping[str, object]) -> dict[str, object]:
    """Give the fields of a tree record the types that its kind's class wants; what does not fit stays as written."""
    kind = str(row.get("kind", ""))
    types = _types_of(kind) if kind in ost.SCHEMA.kinds else {}
    return {key: converted(value, types[key]) if key in types else _texts(value) for key, value in row.items()}


def _texts(value: object) -> object:
    """Let what no field describes (parents, links) be text where it is written."""
    if isinstance(value, dict):
        return {key: _texts(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_texts(member) for member in value]
    return str(value) if isinstance(value, str) and not is_null(value) else resolved(value)


def from_documents(documents: Sequence[Document]) -> Located:
    """Make a workspace of the documents of one product.

    Parameters
    ----------
    documents : sequence of Document
        One file's document, or one of each file of a folder.

    Returns
    -------
    Located

    Raises
    ------
    ParseError
        With every problem of every document, each with its place.
    """
    reader = _Reader()
    for document in documents:
        reader.read(document)
    tree = reader.tree()
    if not reader.findings:
        values: dict[str, Any] = {**reader.values, "tree": tree, "extra": reader.extra}
        try:
            return reader.located(Workspace(**values))
        except InvalidValueError as error:
            located = [attrs.evolve(finding, location=reader.home(finding)) for finding in error.findings]
            reader.findings.extend(located or [Finding("DOC002", "error", "", str(error))])
    raise refused(reader.findings, documents[0].source)


def to_data(workspace: Workspace) -> dict[str, object]:
    """Turn a workspace into the plain data of a product file; sections that are empty are left out.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    dict
    """
    sections = {key: value for key, value in _sections(workspace) if value not in (None, "", [], {})}
    return {"pmkit": VERSION, **sections, **cast("dict[str, object]", plain(workspace.extra))}


def _sections(workspace: Workspace) -> Iterator[tuple[str, object]]:
    for key in ("name", "goals", "jobs", "needs", "surveys"):
        yield key, unstructure(getattr(workspace, key))
    yield "tree", [] if workspace.tree is None else [unstructure(record) for record in ost.to_records(workspace.tree)]
    for key in ("hypotheses", "experiments", "organization", "feedback", "roadmap", "waivers"):
        yield key, unstructure(getattr(workspace, key))
