"""CON105: cycles across teams."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._organization import Organization
from pmkit.conway._structure import cyclic_groups
from pmkit.conway.rules._case import Case, parts
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]

_SHOWN = 6


def _spanning(organization: Organization) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the cyclic groups that no single team owns, with the teams."""
    owning: dict[str, set[str]] = {}
    for row in organization.ownership:
        owning.setdefault(row.component, set()).add(row.team)
    order = organization.index.team_at
    for group in cyclic_groups(organization):
        sets = [owning[part] for part in group if part in owning]
        if sets and not set.intersection(*sets):
            yield group, tuple(sorted(set.union(*sets), key=order.__getitem__))


def _cycles(case: Case, _settings: Settings) -> Iterator[Hit]:
    known = [set(group) for group, _ in _spanning(case.baseline)] if case.baseline is not None else []
    for group, teams in _spanning(case.organization):
        if any(old.issuperset(group) for old in known):
            continue
        shown = ", ".join(group[:_SHOWN]) + (f" and {len(group) - _SHOWN} more" if len(group) > _SHOWN else "")
        told = f"{parts(len(group), 'component')} of {parts(len(teams), 'team')} depend on each other: {shown}"
        yield Hit(group[0], f"{told} ({', '.join(teams)})")


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON105",
        name="cross-team-cycle",
        severity="warning",
        summary="no cycle of dependencies spans teams",
        rationale="In a cycle nobody can release first: the teams in it are one team, whatever the chart says.",
        source="Martin 2002, acyclic dependencies principle; MacCormack, Rusnak and Baldwin 2006",
        profiles=("default",),
        hint="turn one edge round, split the component that closes the cycle, or give the cycle to one team",
        failing="'cart' of 'web' needs 'price' of 'pay', which needs 'cart'",
        passing="'cart' of 'web' needs 'price' of 'pay', which needs nothing of 'web'",
        check=_cycles,
    ),
)
