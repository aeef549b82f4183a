"""CON101, CON102, CON103: who owns what."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._organization import Organization
from pmkit.conway.rules._case import Case
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]


def _owning(organization: Organization) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for row in organization.ownership:
        found.setdefault(row.component, {})[row.team] = None
    return found


def _orphans(case: Case, _settings: Settings) -> Iterator[Hit]:
    owning = _owning(case.organization)
    for part in case.organization.components:
        if part.id not in owning:
            yield Hit(part.id, "no team owns it")


def _shared(case: Case, _settings: Settings) -> Iterator[Hit]:
    for component, teams in _owning(case.organization).items():
        if len(teams) > 1:
            yield Hit(component, f"{len(teams)} teams own it: {', '.join(teams)}")


def _idle(case: Case, _settings: Settings) -> Iterator[Hit]:
    busy = {row.team for row in case.organization.ownership}
    for team in case.organization.teams:
        if team.id not in busy and team.type != "enabling":
            yield Hit(team.id, "it owns nothing")


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON101",
        name="orphan-component",
        severity="warning",
        summary="every component has an owner",
        rationale="Nobody answers for what nobody owns: it is changed by whoever needs it, and kept by no one.",
        source="Skelton and Pais 2019, ch. 3: every part of the system is owned by exactly one team",
        profiles=("default",),
        hint="name an owner, or take the component out of the catalog",
        failing="a component 'billing' without ownership",
        passing="a component 'billing' owned by team 'pay'",
        check=_orphans,
    ),
    Rule(
        code="CON102",
        name="shared-component",
        severity="information",
        summary="a component has one owning team",
        rationale="Several owners must agree on every change, and often each waits for the other.",
        source="Skelton and Pais 2019, ch. 3",
        profiles=("default",),
        hint="give it to one team, split it, or say who decides",
        failing="'checkout' owned by 'web' and 'pay'",
        passing="'checkout' owned by 'pay'",
        check=_shared,
    ),
    Rule(
        code="CON103",
        name="idle-team",
        severity="information",
        summary="a team owns something, unless it is an enabling team",
        rationale="A team without a component is new, dissolved, or the ownership does not tell what it does.",
        source="Skelton and Pais 2019, ch. 5: enabling teams own no part of the product",
        profiles=("default",),
        hint="say what it owns, or that it is an enabling team, or remove it",
        failing="team 'labs' that owns nothing",
        passing="team 'coaches' of type 'enabling' that owns nothing",
        check=_idle,
    ),
)
