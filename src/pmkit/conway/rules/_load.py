"""CON104, CON108: what rests on a team, and on one person."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._coupling import cognitive_load
from pmkit.conway._people import authorship
from pmkit.conway.rules._case import Case, parts
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]

_LEAST_CHANGES = 10


def _overload(case: Case, _settings: Settings) -> Iterator[Hit]:
    for row in cognitive_load(case.organization).rows:
        if row.over:
            yield Hit(row.team, f"its load of {row.load:g} is above its capacity of {row.capacity:g}")


def _key_person(case: Case, settings: Settings) -> Iterator[Hit]:
    if not case.changes:
        yield from _lone_members(case)
        return
    least = settings.limit("changes", _LEAST_CHANGES)
    known = case.organization.index.component_at
    counts: dict[str, int] = {}
    for change in case.changes:
        counts[change.component] = counts.get(change.component, 0) + 1
    for component, people in authorship(case.changes).items():
        if component in known and counts[component] >= least and len(people) == 1:
            told = parts(counts[component], "change")
            yield Hit(component, f"only {people[0]} is an author of it, by {told}")


def _lone_members(case: Case) -> Iterator[Hit]:
    owned: dict[str, int] = {}
    for row in case.organization.ownership:
        owned[row.team] = owned.get(row.team, 0) + 1
    for team in case.organization.teams:
        if len(dict.fromkeys(team.members)) == 1 and team.id in owned:
            yield Hit(team.id, f"only {team.members[0]} is in it, and it owns {parts(owned[team.id], 'component')}")


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON104",
        name="overload",
        severity="warning",
        summary="a team's cognitive load is within its capacity",
        rationale="A team that owns more than it can keep in mind becomes slow and breaks what it does not remember.",
        source="Skelton and Pais 2019, ch. 3",
        profiles=("default",),
        hint="move or retire a component, or raise the capacity if it was set too low",
        failing="a team of capacity 5 that owns components of load 3 and 4",
        passing="a team of capacity 5 that owns components of load 2 and 3",
        check=_overload,
    ),
    Rule(
        code="CON108",
        name="key-person",
        severity="warning",
        summary="more than one person knows a component",
        rationale="When the only author leaves, the component has an owner on paper and nobody who knows it.",
        source="Avelino, Passos, Hora and Valente 2016: truck factor",
        profiles=("default",),
        hint="let someone else make the next changes, and review together",
        failing="20 changes of 'index', all by p07",
        passing="20 changes of 'index', half by p07 and half by p11",
        check=_key_person,
    ),
)
