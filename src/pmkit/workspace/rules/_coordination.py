"""WSP103 and WSP110: solutions whose components nobody owns, or whose owners do not talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmkit import conway
from pmkit.model import Hit, Rule, Settings
from pmkit.ost import Solution
from pmkit.workspace._model import Workspace

__all__ = ["MISSING_CHANNEL", "UNOWNED_COMPONENT"]

_OVER = frozenset({"dropped", "shipped"})


def _costs(workspace: Workspace) -> Iterator[tuple[str, conway.CoordinationCost]]:
    organization = workspace.organization
    if organization is None:
        return
    known = {component.id for component in organization.components}
    for node in workspace.tree or ():
        if isinstance(node, Solution) and node.status not in _OVER:
            touched = [component for component in node.touches if component in known]
            if touched:
                yield node.id, conway.coordination_cost(organization, touched)


def _missing(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    if workspace.organization is None or not workspace.organization.communication:
        return
    for solution, cost in _costs(workspace):
        for a, b in cost.missing:
            yield Hit(solution, f"touches components of {a} and {b}, which depend on each other and have no channel")


def _unowned(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for solution, cost in _costs(workspace):
        if cost.unowned:
            yield Hit(solution, f"touches {', '.join(cost.unowned)}, which nobody owns")


MISSING_CHANNEL: Rule[Workspace] = Rule(
    code="WSP103",
    name="missing-channel",
    severity="warning",
    summary="The owners of the components that a solution touches have a channel to each other.",
    rationale="Teams whose parts depend on each other and who do not talk take longer and break more. "
    "Silent where no communication is recorded at all.",
    source="Cataldo, Wagstrom, Herbsleb & Carley 2006: coordination requirements",
    profiles=("default", "strict"),
    check=_missing,
    hint="open a channel, declare an interaction, or touch fewer components",
    failing="touches: [player, billing], whose teams share a dependency and no meeting",
    passing="the same, with {a: playback, b: payments, channel: weekly}",
)

UNOWNED_COMPONENT: Rule[Workspace] = Rule(
    code="WSP110",
    name="unowned-component",
    severity="warning",
    summary="Each component that a solution touches has an owner.",
    rationale="Nobody can be asked, plan for it, or be woken up by it.",
    source="Skelton & Pais 2019, Team Topologies, ch. 3",
    profiles=("default", "strict"),
    check=_unowned,
    hint="give it an owner before the solution is built",
    failing="touches: [legacy-search], owned by nobody",
    passing="touches: [legacy-search], owned by discovery",
)
