"""What to do next: each action with what it is worth, what it takes, and why."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.model import Undefined, escape_html
from pmkit.report._page import Section, bullets, folded, paragraph, table
from pmkit.report._words import amount, listing, plural
from pmkit.workspace import Action, Workspace, next_actions

__all__ = ["actions_section"]

_FIRST = 8
_MOST = 200


def actions_section(workspace: Workspace) -> Iterator[Section]:
    """Yield what to learn or build next, the most pressing in full."""
    actions = next_actions(workspace).actions
    if not actions:
        return
    body = paragraph(
        "Decisions that wait come first, then what is worth most after its own cost. The value of a test is how much "
        "better the decision after it is expected to be; the values of several tests do not add.",
        style="note",
    )
    body += f'<ol class="actions">{"".join(_action(action) for action in actions[:_FIRST])}</ol>'
    rest = actions[_FIRST:]
    if rest:
        rows = [
            (action.title, _worth(action) or "-", amount(action.cost), amount(action.days), "; ".join(action.reasons))
            for action in rest[:_MOST]
        ]
        shown = table(("Action", "Worth", "Costs", "Days", "Why"), rows, caption=_caption(len(rest)))
        body += folded(f"{plural(len(rest), 'more action')}", shown)
    yield Section(anchor="next", title="What to do next", body=body)


def _caption(count: int) -> str:
    return "What can follow" if count <= _MOST else f"What can follow: the first {_MOST} of {count:,}"


def _action(action: Action) -> str:
    chips = [
        f"worth {_worth(action)}" if _worth(action) else "",
        f"costs {amount(action.cost)}" if action.cost is not None else "",
        plural(round(action.days), "day") if action.days is not None else "",
        *_people(action),
    ]
    shown = "".join(f"<span>{escape_html(chip)}</span>" for chip in chips if chip)
    reasons = [reason for reason in action.reasons if not (chips[0] and reason.startswith("worth"))]
    pills = f'<p class="chips">{shown}</p>' if shown else ""
    rests = f"rests on {listing(action.rests_on)}" if action.rests_on else ""
    return f"<li><strong>{escape_html(action.title)}</strong>{pills}{bullets(filter(None, (*reasons, rests)))}</li>"


def _worth(action: Action) -> str:
    if action.value is None:
        return ""
    if isinstance(action.value, Undefined):
        return str(action.value)
    return f"{'at most ' if action.at_most else ''}{amount(action.value)}"


def _people(action: Action) -> Iterator[str]:
    if action.coordination is not None:
        yield f"teams: {listing(action.coordination.teams)}"
        for one, other in action.coordination.missing:
            yield f"{one} and {other} must talk"
