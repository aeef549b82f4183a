"""The first screen: what to decide, learn and build next, why, and who must talk to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pmkit import conway
from pmkit.model import escape_html
from pmkit.ost import Opportunity
from pmkit.report._actions import action_chips, reasons_of, title_of
from pmkit.report._names import Names
from pmkit.report._parts import bullets, paragraph, strong
from pmkit.report._words import listing
from pmkit.workspace import Action, Workspace

__all__ = ["answers"]

_MOST = 3
_CARDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Learn next", frozenset({"run test", "run tests"})),
    ("Build next", frozenset({"build"})),
    ("Stop, or look for something else", frozenset({"stop"})),
)
_LATER = frozenset({"add test", "add numbers", "size", "interview"})


def answers(workspace: Workspace, actions: Sequence[Action], names: Names) -> str:
    """Answer in a few cards what should be learned or built next, why, and who must talk to whom."""
    cards = list(_cards(workspace, actions, names))
    if not actions:
        cards.insert(0, ("What to do next", paragraph(_nothing(workspace))))
    shown = "".join(f"<div><h3>{escape_html(title)}</h3>{body}</div>" for title, body in cards)
    return f'<div class="answers">{shown}</div>'


def _nothing(workspace: Workspace) -> str:
    if workspace.tree is None:
        return "There is no tree yet: write down an outcome, and the opportunities that stand in its way."
    if not any(isinstance(node, Opportunity) for node in workspace.tree):
        return "The tree has no opportunity yet: hear from people what stands in the way of the outcome."
    return "Nothing in the tree is open."


def _cards(workspace: Workspace, actions: Sequence[Action], names: Names) -> Iterator[tuple[str, str]]:
    waiting = [action for action in actions if action.kind == "decide"]
    if waiting:
        yield "Decide now", _listed([_bare(action, names) for action in waiting])
    found = False
    for title, kinds in _CARDS:
        first = next((action for action in actions if action.kind in kinds), None)
        if first is not None:
            found = True
            yield title, _first(workspace, first, names)
    later = [action for action in actions if action.kind in _LATER]
    if later and not found:
        yield "Find out next", _listed([title_of(action, names) for action in later])
    organization = workspace.organization
    if organization is not None and organization.components:
        yield "Who must talk to whom", _talk(organization, names)


def _bare(action: Action, names: Names) -> str:
    title = title_of(action, names)
    return f"{title}: {action.reasons[0]}" if action.reasons else title


def _listed(texts: list[str]) -> str:
    left = len(texts) - _MOST
    return bullets([*texts[:_MOST], *([f"and {left:,} more"] if left > 0 else [])])


def _first(workspace: Workspace, action: Action, names: Names) -> str:
    reason = next(reasons_of(workspace, action, names), "")
    told = paragraph(reason, style="note") if reason else ""
    return f"<p>{strong(title_of(action, names))}</p>{action_chips(action, names)}{told}"


def _talk(organization: conway.Organization, names: Names) -> str:
    missing = conway.gaps(organization)
    if not missing:
        return paragraph("Every pair of teams that depends on each other has a channel.")
    pairs = [
        f"{names.team(gap.a)} and {names.team(gap.b)}: "
        + listing((f"{edge.source} uses {edge.target}" for edge in gap.edges), 1)
        for gap in missing
    ]
    return paragraph("These depend on each other and have no channel:", style="note") + _listed(pairs)
