"""CON106, CON107: who should talk and does not, who talks and need not."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._congruence import congruence
from pmkit.conway._coordination import service_pairs, talk_of
from pmkit.conway._gaps import gaps
from pmkit.conway.rules._case import Case, parts
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]

_SHOWN = 3
_HEAVY = 2.0


def pair_subject(a: str, b: str) -> str:
    """Name a pair of teams."""
    return f"{a} + {b}"


def _missing(case: Case, _settings: Settings) -> Iterator[Hit]:
    organization = case.organization
    found = congruence(organization)
    if not organization.communication:
        if found.required:
            told = f"{parts(found.required, 'pair')} of teams must coordinate, and nothing says who talks to whom"
            yield Hit("", told, "add communication, for instance read from the history", severity="information")
        return
    proxy = " or ".join(name or "unnamed channels" for name in found.proxy)
    for gap in gaps(organization):
        edges = dict.fromkeys(f"{edge.source} → {edge.target}" for edge in gap.edges)
        shown = ", ".join(list(edges)[:_SHOWN]) + (f" and {len(edges) - _SHOWN} more" if len(edges) > _SHOWN else "")
        yield Hit(pair_subject(gap.a, gap.b), f"they must coordinate ({shown}) and do not by {proxy}")


def _excess(case: Case, settings: Settings) -> Iterator[Hit]:
    organization = case.organization
    services = service_pairs(organization)
    talks = talk_of(organization)
    for pair in congruence(organization).excess:
        if (pair.a, pair.b) not in services:
            told = f"they communicate (weight {pair.weight:g}) and no dependency asks for it"
            yield Hit(pair_subject(pair.a, pair.b), told)
    weights = sorted(talks.values())
    if not weights:
        return
    usual = weights[len(weights) // 2]
    heavy = settings.limit("heavy", _HEAVY)
    for (a, b), weight in talks.items():
        if (a, b) in services and weight >= heavy * usual:
            told = f"X-as-a-Service is declared, and they talk {weight / usual:.1f} times as much as the median pair"
            yield Hit(pair_subject(a, b), told, "mend the service or its documentation, or declare collaboration")


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON106",
        name="missing-channel",
        severity="warning",
        summary="teams whose components depend on each other communicate, unless X-as-a-Service is declared",
        rationale="Where a dependency has no conversation behind it, changes break the other side unannounced.",
        source="Cataldo, Wagstrom, Herbsleb and Carley 2006; Cataldo, Herbsleb and Carley 2008",
        profiles=("default",),
        hint="open a channel, declare X-as-a-Service, or remove the dependency",
        failing="'page' of 'web' needs 'index' of 'data'; no communication between them",
        passing="'page' of 'web' needs 'index' of 'data'; they share a channel",
        check=_missing,
    ),
    Rule(
        code="CON107",
        name="excess-channel",
        severity="information",
        summary="teams that communicate have a reason in the product",
        rationale="Talk without a dependency hints at a tie that the model does not know, or costs time for nothing.",
        source="Skelton and Pais 2019, ch. 7: unneeded communication; Kwan, Schröter and Damian 2011 on its limits",
        profiles=("default",),
        hint="find out what they talk about: a hidden dependency, or a habit",
        failing="'web' and 'tax' exchange 40 messages a week and share no dependency",
        passing="'web' and 'tax' exchange 40 messages a week; 'cart' needs 'rates'",
        check=_excess,
    ),
)
