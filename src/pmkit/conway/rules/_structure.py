"""CON111, CON112, CON114: what keeps parts from being an organization."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._organization import parts_of
from pmkit.conway._validation import duplicate_ids, unknown_components, unknown_teams
from pmkit.conway.rules._case import Case
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]


def _teams(case: Case, _settings: Settings) -> Iterator[Hit]:
    return unknown_teams(parts_of(case.organization))


def _components(case: Case, _settings: Settings) -> Iterator[Hit]:
    return unknown_components(parts_of(case.organization))


def _ids(case: Case, _settings: Settings) -> Iterator[Hit]:
    return duplicate_ids(parts_of(case.organization))


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON111",
        name="unknown-team",
        severity="error",
        summary="ownership, communication and interactions name teams that exist",
        rationale="A misspelled team owns nothing, and what it should own has no owner. Building refuses it.",
        source="structure",
        profiles=("default",),
        hint="add the team, or correct its id",
        failing="'index' owned by 'dtaa' where the team is 'data'",
        passing="'index' owned by 'data'",
        check=_teams,
    ),
    Rule(
        code="CON112",
        name="unknown-component",
        severity="error",
        summary="ownership and dependencies name components that exist",
        rationale="An edge to nowhere is counted nowhere. Building refuses it.",
        source="structure",
        profiles=("default",),
        hint="add the component, or correct its id",
        failing="'page' needs 'indxe' where the component is 'index'",
        passing="'page' needs 'index'",
        check=_components,
    ),
    Rule(
        code="CON114",
        name="duplicate-id",
        severity="error",
        summary="no two teams and no two components have one id",
        rationale="An id names one thing; two ids that differ only in Unicode form are one. Building refuses them.",
        source="structure",
        profiles=("default",),
        hint="give each an id of its own",
        failing="two components 'index'",
        passing="components 'index' and 'index-2'",
        check=_ids,
    ),
)
