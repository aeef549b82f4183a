"""Teams and components: who must talk to whom, and who does."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit import conway
from pmkit.conway import Organization
from pmkit.report._names import team_names
from pmkit.report._page import Section
from pmkit.report._parts import facts, figure, paragraph, table
from pmkit.report._words import amount, isolated, listing, plural, share
from pmkit.workspace import Workspace

__all__ = ["organization_body", "teams_section"]

_TEAMS = 40
_BARS = 60
_ROWS = 100


def teams_section(workspace: Workspace) -> Iterator[Section]:
    """Yield the organization, where there is one."""
    organization = workspace.organization
    if organization is not None and organization.components:
        yield Section(anchor="organization", title="Teams and components", body=organization_body(organization))


def organization_body(organization: Organization) -> str:
    """Say who must talk to whom, as HTML."""
    agreement = conway.congruence(organization)
    spread = conway.propagation_cost(organization)
    coupling = conway.cross_team_coupling(organization)
    cards = [
        ("teams own " + plural(len(organization.components), "component"), f"{len(organization.teams):,}"),
        ("dependencies cross teams", f"{coupling.crossing:,} of {coupling.edges:,}"),
        ("of all components are reached by a change to one, on average (propagation cost)", share(spread.value)),
    ]
    if organization.communication:
        cards.append(("of the pairs of teams that must talk do (congruence)", share(agreement.value)))
    return facts(cards, large=True) + _missing(organization) + _pictures(organization)


def _pictures(organization: Organization) -> str:
    shown = ""
    if 1 < len(organization.teams) <= _TEAMS:
        talk = "; a dashed line is a pair that must talk and does not" if organization.communication else ""
        shown += figure(conway.draw_teams(organization).to_svg(), f"Teams that depend on each other{talk}")
    if organization.dependencies:
        caption = "Who depends on whom: the row depends on the column; what lies outside the frames crosses teams"
        shown += figure(conway.draw_matrix(organization).to_svg(), caption)
    if 0 < len(organization.teams) <= _BARS:
        caption = "What each team carries, against its capacity where one is known"
        shown += figure(conway.draw_loads(organization).to_svg(), caption)
    return shown


def _missing(organization: Organization) -> str:
    found, names = conway.gaps(organization), team_names(organization)
    rows = [
        (
            f"{isolated(names[gap.a])} and {isolated(names[gap.b])}",
            amount(gap.weight),
            listing((f"{edge.source} uses {edge.target}" for edge in gap.edges), 4),
        )
        for gap in found[:_ROWS]
    ]
    if not rows:
        told = "Every pair of teams that must coordinate has a channel."
        return paragraph(
            told if organization.dependencies else "No dependency is known, so no pair of teams must talk."
        )
    cut = f"; the heaviest {_ROWS}" if len(found) > _ROWS else ""
    caption = f"{plural(len(found), 'pair')} of teams that must coordinate and have no channel{cut}"
    return table(("Teams", "Weight of what ties them", "Because"), rows, caption=caption)
