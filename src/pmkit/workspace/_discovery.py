"""Actions that no money is put on: needs without an opportunity, opportunities to size, people to talk to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from pmkit.model import quoted
from pmkit.ost import Opportunity, children, walk
from pmkit.workspace._actions import Action
from pmkit.workspace._model import Workspace
from pmkit.workspace._needs import LIKELY, MeasuredNeed, measured_needs

__all__ = ["Measured", "discovery", "needs_of", "unnamed_needs"]

_ENOUGH_PEOPLE = 2


@attrs.frozen
class Measured:
    """What the surveys say, by what it is about: a need, or an opportunity that names measured needs."""

    needs: Mapping[str, MeasuredNeed]
    worst: Mapping[str, MeasuredNeed]

    @classmethod
    def of(cls, workspace: Workspace) -> Measured:
        """Find what was measured, and the most surely underserved need of each opportunity."""
        if not workspace.surveys:
            return cls({}, {})
        needs = {found.need: found for found in measured_needs(workspace)}
        worst: dict[str, MeasuredNeed] = dict(needs)
        for opportunity, named in needs_of(workspace).items():
            known = [needs[need] for need in named if need in needs]
            if known:
                worst[opportunity] = max(known, key=_strength)
        return cls(needs, worst)

    def strength(self, subject: str) -> tuple[float, float]:
        """Return how surely a subject's need is underserved, and its score; zeros where nothing was measured."""
        return _strength(self.worst[subject]) if subject in self.worst else (0.0, 0.0)

    def told(self, opportunity: str) -> tuple[str, ...]:
        """Say what was measured of the worst need of an opportunity."""
        found = self.worst.get(opportunity)
        return () if found is None else (f"its need {quoted(found.need)} {found.summary()}",)


def _strength(found: MeasuredNeed) -> tuple[float, float]:
    score = found.score.score
    return (found.chance, score if isinstance(score, float) else 0.0)


def needs_of(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """Return the needs that each opportunity names."""
    return {node.id: node.outcomes for node in workspace.tree or () if isinstance(node, Opportunity)}


def unnamed_needs(workspace: Workspace) -> dict[str, str]:
    """Return the texts of the needs that no opportunity names, by id."""
    named = {need for needs in needs_of(workspace).values() for need in needs}
    return {need.id: need.text for need in workspace.needs if need.id not in named}


def discovery(workspace: Workspace, measured: Measured) -> Iterator[Action]:
    """Yield what would be worth finding out about needs and opportunities."""
    texts = unnamed_needs(workspace)
    for found in measured.needs.values():
        if found.need in texts and (found.chance >= LIKELY or found.segments):
            yield Action(
                kind="add opportunity",
                subject=found.need,
                title=f"Find the opportunity behind {quoted(texts[found.need])}",
                reasons=(f"it {found.summary()}", "no opportunity of the tree names it"),
                rests_on=(found.need, *found.surveys),
            )
    yield from _of_opportunities(workspace, measured)


def _of_opportunities(workspace: Workspace, measured: Measured) -> Iterator[Action]:
    """Yield leaves nobody has sized, and those that rest on one story."""
    if workspace.tree is None:
        return
    for node in walk(workspace.tree):
        if not isinstance(node, Opportunity):
            continue
        below = children(workspace.tree, node.id)
        if any(isinstance(child, Opportunity) for child in below):
            continue
        told = measured.told(node.id)
        rests_on = (node.id, measured.worst[node.id].need) if told else (node.id,)
        people = {piece.participant or piece.source for piece in node.evidence}
        if len(people) < _ENOUGH_PEOPLE:
            reason = f"it rests on {len(people)} person or source" if people else "it rests on no evidence yet"
            if told and not people:
                reason = "nobody has told a story of it yet"
            yield Action(
                kind="interview",
                subject=node.id,
                title=f"Hear more about {quoted(node.title)}",
                reasons=(reason, *told),
                rests_on=rests_on,
            )
        elif node.reach is None and not below:
            yield Action(
                kind="size",
                subject=node.id,
                title=f"Find out how many have {quoted(node.title)}",
                reasons=(*told, "several people told of it, and nobody knows how many have it"),
                rests_on=rests_on,
            )
