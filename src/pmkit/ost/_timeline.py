"""What happened to a tree over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, quoted
from pmkit.model import _fields as fields
from pmkit.ost._nodes import AssumptionTest, OstNode, Solution
from pmkit.ost._schema import OstTree
from pmkit.trees import Tree

__all__ = ["Event", "EventKind", "Step", "Timeline", "timeline"]

EventKind = Literal["appeared", "removed", "closed", "moved", "changed"]


@attrs.frozen(kw_only=True)
class Event:
    """One thing that happened to one node.

    Attributes
    ----------
    what : {"appeared", "removed", "closed", "moved", "changed"}
        A solution is closed when it is shipped or dropped, a test when it is done.
    id, kind, title : str
        The node as it was afterwards; before, for one that was removed.
    detail : str
        The new status or verdict, the new parent, or the names of the changed fields.

    Examples
    --------
    >>> Event(what="closed", id="row", kind="solution", title="A row of three", detail="shipped").what
    'closed'
    """

    what: EventKind
    id: str
    kind: str
    title: str
    detail: str


@attrs.frozen(kw_only=True)
class Step:
    """What happened between one tree and the next.

    Attributes
    ----------
    since, date : date
        The days of the two trees.
    events : tuple of Event
        In the tree's order; removed nodes last.

    Examples
    --------
    >>> Step(since=dt.date(2026, 11, 1), date=dt.date(2026, 11, 8), events=()).ids("closed")
    ()
    """

    since: dt.date
    date: dt.date
    events: tuple[Event, ...]

    def ids(self, what: EventKind) -> tuple[str, ...]:
        """Return the ids of the nodes to which one thing happened."""
        return tuple(event.id for event in self.events if event.what == what)


@attrs.frozen(kw_only=True)
class Timeline(Table):
    """A tree's history, step by step.

    Attributes
    ----------
    steps : tuple of Step
        One fewer than there were trees; the earliest first.

    Examples
    --------
    >>> Timeline(steps=()).to_dicts()
    []
    """

    steps: tuple[Step, ...]

    def of(self, identifier: str) -> tuple[tuple[dt.date, Event], ...]:
        """Return what happened to one node, with the day."""
        return tuple((step.date, event) for step in self.steps for event in step.events if event.id == identifier)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each event."""
        return [{"date": step.date, **attrs.asdict(event)} for step in self.steps for event in step.events]


def timeline(trees: Iterable[tuple[dt.date | str, OstTree]] | Mapping[dt.date | str, OstTree]) -> Timeline:
    """Tell what appeared, closed, moved, changed and was removed from tree to tree.

    Parameters
    ----------
    trees : iterable of (date, Tree), or mapping of date to Tree
        Versions of one tree with their days (a date or ``"2026-11-22"``), in any order.

    Returns
    -------
    Timeline

    Raises
    ------
    InvalidValueError
        For something that is no day and tree, or two trees of one day.

    Examples
    --------
    >>> from pmkit import ost
    >>> before = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> after = ost.add(before, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.timeline({"2026-11-15": before, "2026-11-22": after}).steps[0].ids("appeared")
    ('find',)
    """
    dated = _dated(trees.items() if isinstance(trees, Mapping) else trees)
    return Timeline(
        steps=tuple(
            Step(since=since, date=day, events=_events(old, new)) for (since, old), (day, new) in pairwise(dated)
        )
    )


def _dated(pairs: Iterable[object]) -> list[tuple[dt.date, OstTree]]:
    found: dict[dt.date, OstTree] = {}
    for pair in pairs:
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[1], Tree)):  # noqa: PLR2004 - a pair
            raise InvalidValueError(f"timeline wants pairs of a date and a tree, not {quoted(pair)}")
        day = fields.to_date(pair[0])
        if not isinstance(day, dt.date):
            raise InvalidValueError(f"the day of a tree must be a date such as 2026-11-22, not {quoted(pair[0])}")
        if day in found:
            raise InvalidValueError(f"there are two trees of {day}; a timeline has one a day")
        found[day] = pair[1]
    return sorted(found.items(), key=lambda item: item[0])


def _events(old: OstTree, new: OstTree) -> tuple[Event, ...]:
    events: list[Event] = []
    for node in new:
        before = old.nodes.get(node.id)
        if before is None:
            events.append(_event("appeared", node, ""))
            continue
        if new.parents.get(node.id) != old.parents.get(node.id):
            events.append(_event("moved", node, new.parents.get(node.id, "the top")))
        if node is before or node == before:
            continue
        end = _end(node) if not _end(before) else ""
        if end:
            events.append(_event("closed", node, end))
        changed = _changed(before, node)
        if changed and not (end and set(changed) <= {"status", "verdict", "updated"}):
            events.append(_event("changed", node, ", ".join(changed)))
    events.extend(_event("removed", node, "") for node in old if node.id not in new.nodes)
    return tuple(events)


def _event(what: EventKind, node: OstNode, detail: str) -> Event:
    return Event(what=what, id=node.id, kind=node.kind, title=node.title, detail=detail)


def _end(node: OstNode) -> str:
    """Say how a node was closed; empty while it is open."""
    if isinstance(node, Solution) and node.status in {"shipped", "dropped"}:
        return node.status
    if isinstance(node, AssumptionTest) and node.status == "done":
        return node.verdict or "done"
    return ""


def _changed(before: OstNode, after: OstNode) -> list[str]:
    if type(before) is not type(after):
        return ["kind"]
    names = [field.name for field in attrs.fields(type(after))]
    return [name for name in names if getattr(before, name) != getattr(after, name)]
