"""The weekly page: what changed, what is due, which decisions wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, quoted
from pmkit.model import _fields as fields
from pmkit.ost import Assumption, AssumptionTest, Opportunity, Outcome
from pmkit.workspace._diff import diff
from pmkit.workspace._model import Workspace

__all__ = ["Entry", "EntryKind", "Week", "week"]

EntryKind = Literal["changed", "interview due", "test due", "decision waiting", "experiment ends", "waiver"]
_TITLES: dict[EntryKind, str] = {
    "changed": "What changed",
    "decision waiting": "Decisions waiting",
    "experiment ends": "Experiments that end",
    "test due": "Tests due",
    "interview due": "Interviews due",
    "waiver": "Waivers",
}
_DAYS = 7
_LONG = 60


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the weekly page.

    Attributes
    ----------
    kind : EntryKind
    subject : str
        The id of what it is about.
    message : str
        What is to be known or done.

    Examples
    --------
    >>> Entry(kind="interview due", subject="find", message="talk to someone about it").subject
    'find'
    """

    kind: EntryKind
    subject: str
    message: str


@attrs.frozen(kw_only=True)
class Week(Table):
    """What a team looks at once a week.

    Attributes
    ----------
    since : date or None
        The first day that counts as new.
    today : date or None
        The day of the page.
    compared : bool
        Whether changes were found by comparing two versions; else by the dates in the file.
    entries : tuple of Entry
        Changes first, then decisions, ends, tests, interviews, waivers; each in the order of the file.

    Examples
    --------
    >>> from pmkit import ost
    >>> from pmkit.workspace import Workspace, week
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> found = week(Workspace(tree=tree), today="2026-11-22")
    >>> found.compared, [(entry.kind, entry.subject) for entry in found.entries]
    (False, [('interview due', 'find')])
    """

    since: dt.date | None
    today: dt.date | None
    compared: bool
    entries: tuple[Entry, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each entry.

        Returns
        -------
        list of dict
        """
        return [{"kind": entry.kind, "subject": entry.subject, "message": entry.message} for entry in self.entries]

    def summary(self) -> str:
        """Return the page as text.

        Returns
        -------
        str
        """
        lines: list[str] = []
        for kind, title in _TITLES.items():
            chosen = [entry for entry in self.entries if entry.kind == kind]
            if not chosen and kind in {"experiment ends", "waiver"}:
                continue
            lines.append(f"{title}{f' ({len(chosen)})' if chosen else ': nothing'}")
            lines += [
                f"  {entry.subject}: {entry.message}" if entry.subject else f"  {entry.message}" for entry in chosen
            ]
        return "\n".join(lines)


def week(
    workspace: Workspace,
    *,
    since: dt.date | str | None = None,
    previous: Workspace | None = None,
    today: dt.date | str | None = None,
) -> Week:
    """Say what changed, which interviews and tests are due, and which decisions wait.

    Parameters
    ----------
    workspace : Workspace
    since : date or None
        The first day that counts as new; a week before `today` when None.
    previous : Workspace or None
        An earlier version to compare with; without one, changes are what carries a date from `since` on.
    today : date or None
        The day of the page; without it nothing is said about time.

    Returns
    -------
    Week

    Raises
    ------
    InvalidValueError
        For days that are none, or a `since` after `today`.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> print(week(Workspace(tree=tree), today="2026-11-22").summary())
    What changed: nothing
    Decisions waiting: nothing
    Tests due: nothing
    Interviews due (1)
      find: the target 'I can't find a film' has no dated interview; talk to someone about it this week
    """
    now, first = _day(today, "today"), _day(since, "since")
    if first is None and now is not None:
        first = now - dt.timedelta(days=_DAYS)
    if first is not None and now is not None and first > now:
        raise InvalidValueError(f"since ({first}) is after today ({now}); turn them round", field="since")
    changes = _compared(previous, workspace) if previous is not None else _dated(workspace, first)
    entries = (
        *changes,
        *_decisions(workspace, now),
        *_ends(workspace, now),
        *_tests(workspace, now),
        *_interviews(workspace, now),
        *_waivers(workspace, now),
    )
    return Week(since=first, today=now, compared=previous is not None, entries=entries)


def _day(value: dt.date | str | None, name: str) -> dt.date | None:
    day = fields.to_date(value)
    if day is not None and not isinstance(day, dt.date):
        raise InvalidValueError(f"{name} must be a day such as 2026-11-22, not {quoted(value)}", field=name)
    return day


def _compared(previous: Workspace, workspace: Workspace) -> Iterator[Entry]:
    for row in diff(previous, workspace).to_dicts():
        section = row["section"] or "product"
        told = f"{section}: {row['change']}"
        if row["change"] == "changed":
            told += f", {row['field']} from {_short(row['old'])} to {_short(row['new'])}"
        elif row["change"] == "moved":
            told += f" from {_short(row['old'])} to {_short(row['new'])}"
        yield Entry(kind="changed", subject=str(row["id"]), message=told)


def _short(value: object) -> str:
    return (
        "nothing" if value in (None, "", ()) else quoted(value, _LONG) if isinstance(value, str) else str(value)[:_LONG]
    )


def _dated(workspace: Workspace, since: dt.date | None) -> Iterator[Entry]:
    """Find what carries a date from that day on."""
    for subject, date, told in _dates(workspace):
        if since is not None and date is not None and date >= since:
            yield Entry(kind="changed", subject=subject, message=f"{told} {date}")


def _dates(workspace: Workspace) -> Iterator[tuple[str, dt.date | None, str]]:
    for node in workspace.tree or ():
        yield node.id, node.updated, f"{node.kind} updated on"
        for piece in node.evidence if isinstance(node, (Opportunity, Assumption)) else ():
            yield node.id, piece.date, f"new {piece.kind} of"
    for item in workspace.feedback:
        yield item.id, item.date, f"new {item.kind} of"
    for survey in workspace.surveys:
        yield survey.id, survey.date, "survey ended on"
    for experiment in workspace.experiments:
        yield experiment.id, experiment.registered_on, "registered on"
        yield experiment.id, experiment.started, "started on"
        for look in experiment.looks:
            yield experiment.id, look.date, "read on"
        if experiment.decision is not None:
            yield experiment.id, experiment.decision.date, f"decided ({experiment.decision.verdict}) on"


def _decisions(workspace: Workspace, today: dt.date | None) -> Iterator[Entry]:
    for experiment in workspace.experiments:
        end = experiment.plan.end
        if experiment.decision is not None:
            continue
        if experiment.looks:
            days = _since(experiment.looks[-1].date, today)
            yield Entry(kind="decision waiting", subject=experiment.id, message=f"its data are in{days}; decide")
        elif end is not None and today is not None and end < today:
            yield Entry(kind="decision waiting", subject=experiment.id, message=f"it ended on {end}; read its data")
    for node in workspace.tree or ():
        if isinstance(node, AssumptionTest) and node.status == "done" and node.verdict is None:
            yield Entry(kind="decision waiting", subject=node.id, message="the test is done; write down its verdict")
        elif isinstance(node, Outcome) and node.by is not None and today is not None and node.by < today:
            yield Entry(kind="decision waiting", subject=node.id, message=f"its day was {node.by}; set a new target")


def _since(date: dt.date | None, today: dt.date | None) -> str:
    if date is None or today is None or date > today:
        return ""
    days = (today - date).days
    return f" for {days} day{'s' if days != 1 else ''}"


def _ends(workspace: Workspace, today: dt.date | None) -> Iterator[Entry]:
    for experiment in workspace.experiments:
        end = experiment.plan.end
        if today is not None and end is not None and today <= end <= today + dt.timedelta(days=_DAYS):
            yield Entry(kind="experiment ends", subject=experiment.id, message=f"its last day is {end}")


def _tests(workspace: Workspace, today: dt.date | None) -> Iterator[Entry]:
    for node in workspace.tree or ():
        if not isinstance(node, AssumptionTest) or node.status not in {"planned", "running"}:
            continue
        due = None
        if node.status == "running" and node.updated is not None and node.days is not None:
            due = node.updated + dt.timedelta(days=min(node.days, 36500))
        if due is None:
            verb = "is running" if node.status == "running" else "is planned"
            yield Entry(kind="test due", subject=node.id, message=f"{quoted(node.title, _LONG)} {verb}")
        elif today is None or due <= today + dt.timedelta(days=_DAYS):
            yield Entry(kind="test due", subject=node.id, message=f"{quoted(node.title, _LONG)} should end on {due}")


def _interviews(workspace: Workspace, today: dt.date | None) -> Iterator[Entry]:
    """Torres 2021, ch. 5: at least one customer a week, about the opportunity that is worked on."""
    for node in workspace.tree or ():
        if not isinstance(node, Opportunity) or not node.target:
            continue
        dates = [piece.date for piece in node.evidence if piece.kind in {"story", "observation"} and piece.date]
        if not dates:
            told = "has no dated interview"
        elif today is not None and max(dates) < today - dt.timedelta(days=_DAYS):
            told = f"was last heard about on {max(dates)}"
        else:
            continue
        message = f"the target {quoted(node.title, _LONG)} {told}; talk to someone about it this week"
        yield Entry(kind="interview due", subject=node.id, message=message)


def _waivers(workspace: Workspace, today: dt.date | None) -> Iterator[Entry]:
    for waiver in workspace.waivers:
        if today is None or waiver.until is None or waiver.until > today + dt.timedelta(days=_DAYS):
            continue
        verb = "ended" if waiver.until < today else "ends"
        message = f"{waiver.code} {verb} on {waiver.until}: {waiver.because}"
        yield Entry(kind="waiver", subject=waiver.subject, message=message)
