"""What to do next: each action with what it is worth, what it takes, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pmkit.model import Undefined
from pmkit.report._names import Names, isolated_quotes, why
from pmkit.report._page import Section
from pmkit.report._parts import bullets, chip, folded, paragraph, strong, table
from pmkit.report._words import amount, listing, plural
from pmkit.workspace import Action, Workspace

__all__ = ["action_chips", "actions_section", "reasons_of", "title_of"]

_FIRST = 8
_MOST = 200


def actions_section(workspace: Workspace, actions: Sequence[Action], names: Names) -> Iterator[Section]:
    """Yield what to learn or build next, the most pressing in full."""
    if not actions:
        return
    body = paragraph(
        "Decisions that wait come first, then what is worth most after its own cost. The value of a test is how much "
        "better the decision after it is expected to be; the values of several tests do not add.",
        style="note",
    )
    shown = "".join(_action(workspace, action, names) for action in actions[:_FIRST])
    body += f'<ol class="actions">{shown}</ol>'
    rest = actions[_FIRST:]
    if rest:
        rows = [
            (
                title_of(action, names),
                _worth(action) or "-",
                amount(action.cost),
                amount(action.days),
                tuple(reasons_of(workspace, action, names)),
            )
            for action in rest[:_MOST]
        ]
        more = table(("Action", "Worth", "Costs", "Days", "Why"), rows, caption=_caption(len(rest)))
        body += folded(f"{plural(len(rest), 'more action')}", more)
    yield Section(anchor="next", title="What to do next", body=body)


def _caption(count: int) -> str:
    return "What can follow" if count <= _MOST else f"What can follow: the first {_MOST} of {count:,}"


def _action(workspace: Workspace, action: Action, names: Names) -> str:
    told = bullets(reasons_of(workspace, action, names))
    return f"<li>{strong(title_of(action, names))}{action_chips(action, names)}{told}</li>"


def title_of(action: Action, names: Names) -> str:
    """Write what to do, with titles for ids."""
    return names.told(action.title) if action.kind == "add numbers" else isolated_quotes(action.title)


def action_chips(action: Action, names: Names) -> str:
    """Say in chips what an action is worth, costs and takes, and who must talk for it."""
    shown = [
        chip(f"worth {_worth(action)}") if _worth(action) else "",
        chip(f"costs {amount(action.cost)}") if action.cost is not None else "",
        chip(plural(round(action.days), "day")) if action.days is not None else "",
        *_people(action, names),
    ]
    return f'<p class="chips">{"".join(shown)}</p>' if any(shown) else ""


def reasons_of(workspace: Workspace, action: Action, names: Names) -> Iterator[str]:
    """Yield why, without what the chips say already."""
    purpose = why(workspace, action)
    if purpose:
        yield purpose
    for reason in action.reasons:
        said = (_worth(action) and reason.startswith("worth ")) or reason.startswith("involves ")
        said = said or (action.kind == "run tests" and "no single test pays; run" in reason)
        if not said or reason.startswith("worth as much as"):
            yield names.told(reason)


def _worth(action: Action) -> str:
    if action.value is None or isinstance(action.value, Undefined):
        return ""
    return f"{'at most ' if action.at_most else ''}{amount(action.value)}"


def _people(action: Action, names: Names) -> Iterator[str]:
    if action.coordination is None:
        return
    teams = [names.team(team) for team in action.coordination.teams]
    if teams:
        yield chip(f"{'team' if len(teams) == 1 else 'teams'}: {listing(teams)}")
    for one, other in action.coordination.missing:
        yield chip(f"{names.team(one)} and {names.team(other)} must talk first", style="must")
