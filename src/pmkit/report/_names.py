"""What things are called: titles in place of ids, wherever the report speaks to people."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from pmkit import ost
from pmkit.conway import Organization
from pmkit.model import quoted
from pmkit.ost import Assumption, AssumptionTest, OstNode, OstTree, Solution
from pmkit.report._words import isolated, listing, share
from pmkit.workspace import Action, Workspace

__all__ = ["Names", "isolated_quotes", "names_of", "team_names", "why"]

_QUOTED = re.compile(r"'([^']+)'")
_LONGEST = 100


@attrs.frozen
class Names:
    """The titles of a product's things, and the names of its teams, by id."""

    titles: dict[str, str]
    teams: dict[str, str]

    def title(self, identifier: str) -> str:
        """Give the title of a thing; teams that are joined by a plus by their names."""
        if identifier in self.titles:
            return isolated(self.titles[identifier])
        return " and ".join(map(self.team, identifier.split(" + ")))

    def team(self, identifier: str) -> str:
        """Give the name of a team."""
        return isolated(self.teams.get(identifier, identifier))

    def told(self, reason: str) -> str:
        """Write a reason with titles for the ids that stand in quotation marks, or in a list at its end."""
        start, colon, end = reason.rpartition(": ")
        parts = end.split(", ")
        if colon and all(part in self.titles for part in parts):
            titles = (isolated(quoted(self.titles[part], _LONGEST)) for part in parts)
            return f"{self.told(start)}: {listing(titles, 3)}"
        return _QUOTED.sub(lambda match: self._titled(match[1], match[0]), reason)

    def _titled(self, identifier: str, written: str) -> str:
        return isolated(quoted(self.titles[identifier], _LONGEST) if identifier in self.titles else written)


def isolated_quotes(text: str) -> str:
    """Keep what stands in quotation marks from mixing its direction with that of the sentence."""
    return text if text.isascii() else _QUOTED.sub(lambda match: isolated(match[0]), text)


def names_of(workspace: Workspace) -> Names:
    """Collect what everything in a product is called."""
    titles = {goal.id: goal.title for goal in workspace.goals}
    titles |= {item.id: item.title for item in workspace.roadmap}
    for stated in (workspace.jobs, workspace.needs, workspace.hypotheses, workspace.feedback):
        titles |= {each.id: each.text for each in stated}
    titles |= {node.id: node.title for node in workspace.tree or ()}
    titles |= {each.id: each.title or each.plan.title or each.id for each in workspace.experiments}
    return Names(titles, team_names(workspace.organization))


def team_names(organization: Organization | None) -> dict[str, str]:
    """Give the names of teams by their ids."""
    return {team.id: team.label for team in organization.teams} if organization is not None else {}


def why(workspace: Workspace, action: Action) -> str:
    """Say what an action is for: the assumption that a test is about, and the solution that rests on it."""
    tree = workspace.tree
    if tree is None or action.subject not in tree.nodes:
        return ""
    node = tree[action.subject]
    if not isinstance(node, AssumptionTest):
        above = ost.parent(tree, node.id)
        return f"For {quoted(above.title, _LONGEST)}." if isinstance(node, Solution) and above is not None else ""
    if action.kind == "decide":
        return _asked(_tested(tree, node))
    solutions = _of_kind(tree, action.rests_on, Solution) or [
        each for each in ost.ancestors(tree, node.id) if isinstance(each, Solution)
    ]
    for_what = f" They are what {_quoted(solutions)} rests on." if action.kind == "run tests" and solutions else ""
    if for_what:
        return for_what.strip()
    rests = f"; {_quoted(solutions)} rests on it" if solutions else ""
    return f"{_asked(_tested(tree, node), rests)}"


def _asked(assumptions: list[OstNode], rests: str = "") -> str:
    if not assumptions:
        return ""
    first = assumptions[0]
    believed = first.probability if isinstance(first, Assumption) else None
    chance = f" (believed at {share(believed)})" if believed is not None else ""
    return f"Tells whether this is true{chance}: {quoted(first.title, _LONGEST)}{rests}."


def _tested(tree: OstTree, test: OstNode) -> list[OstNode]:
    linked = [link.target for link in tree.links if link.source == test.id and link.kind == "tests"]
    above = ost.parent(tree, test.id)
    return _of_kind(tree, [*([above.id] if above is not None else []), *linked], Assumption)


def _of_kind(tree: OstTree, identifiers: Iterable[str], kind: type[OstNode]) -> list[OstNode]:
    return [tree[name] for name in identifiers if name in tree.nodes and isinstance(tree[name], kind)]


def _quoted(nodes: list[OstNode]) -> str:
    return listing((quoted(node.title, _LONGEST) for node in nodes), 2)
