"""The lists of a workspace, and what names a row in each: the ground that `diff` and `merge` stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from pmkit.conway import Organization
from pmkit.workspace._model import Workspace

__all__ = ["LISTS", "Row", "assembled", "keyed", "rows_of"]

Row = Any
"""A frozen attrs value of one of the sections."""

Key = tuple[str, ...]


def _by_id(row: Row) -> Key:
    return (row.id,)


def _by_ends(row: Row) -> Key:
    return (row.source, row.target, row.kind)


def _by_pair(row: Row) -> Key:
    return (*sorted((row.a, row.b)), row.channel)


LISTS: Mapping[str, Callable[[Row], Key]] = {
    "goals": _by_id,
    "jobs": _by_id,
    "needs": _by_id,
    "surveys": _by_id,
    "hypotheses": _by_id,
    "experiments": _by_id,
    "organization.teams": _by_id,
    "organization.components": _by_id,
    "organization.ownership": lambda row: (row.component, row.team, row.source),
    "organization.dependencies": _by_ends,
    "organization.communication": _by_pair,
    "organization.interactions": lambda row: (row.a, row.b, row.mode),
    "feedback": _by_id,
    "roadmap": _by_id,
    "waivers": lambda row: (row.code, row.subject),
}
"""Every list of a workspace with what names its rows; those of an organization stand under their own keys."""


def rows_of(workspace: Workspace, section: str) -> tuple[Row, ...]:
    """Return the rows of one list of a workspace."""
    owner: object = workspace
    for name in section.split("."):
        owner = getattr(owner, name) if owner is not None else None
    return owner if isinstance(owner, tuple) else ()


def keyed(section: str, rows: Iterable[Row]) -> dict[str, Row]:
    """Name every row of a list; the second row of a name is told apart by its number."""
    key_of = LISTS[section]
    named: dict[str, Row] = {}
    seen: dict[Key, int] = {}
    for row in rows:
        key = key_of(row)
        seen[key] = seen.get(key, 0) + 1
        named[_written(key, seen[key])] = row
    return named


def _written(key: Key, number: int) -> str:
    """Write a name that no other name can be mistaken for."""
    alone = len(key) == 1 and number == 1
    return key[0] if alone else " ".join([*map(repr, key), *([str(number)] if number > 1 else [])])


def assembled(workspace: Workspace, lists: Mapping[str, tuple[Row, ...]], **fields: object) -> Workspace:
    """Put lists back into a workspace; the rest of it is taken from `fields` or stays."""
    parts = {name.partition(".")[2]: rows for name, rows in lists.items() if name.startswith("organization.")}
    before = workspace.organization or Organization()
    changes: dict[str, Any] = {
        **{name: rows for name, rows in lists.items() if "." not in name},
        **({"organization": attrs.evolve(before, **parts)} if parts else {}),
        **fields,
    }
    return attrs.evolve(workspace, **changes)
