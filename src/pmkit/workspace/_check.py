"""Checking a whole product: every room's rules and those across rooms, waivers taken off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import attrs

from pmkit import conway, experiments, jtbd, ost
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Rule, Settings, did_you_mean, quoted, run_rules, sorted_findings
from pmkit.workspace._model import Workspace
from pmkit.workspace._records import StatedJob, StatedNeed
from pmkit.workspace.rules import RULES

__all__ = ["Profile", "check"]

Profile = Literal["default", "strict"]
"""The default profiles of all rooms, or their strict ones (Torres for trees, ODI for statements)."""


def check(
    workspace: Workspace,
    *,
    profile: Profile = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    today: dt.date | str | None = None,
    limits: Mapping[str, float] | None = None,
) -> tuple[Finding, ...]:
    """Check a product in every room and across them.

    Parameters
    ----------
    workspace : Workspace
    profile : "default" or "strict"
        Strict takes the tree's rules from Torres and the statements' from ODI.
    select, ignore : collection of str
        Codes or beginnings of codes: only these, or not these.
    today : date or None
        The day of the check; rules about time, and ends of waivers, need it.
    limits : mapping of str to float or None
        Numbers that rules go by, such as ``{"words": 30}``.

    Returns
    -------
    tuple of Finding
        Gravest first; subjects are ids of the workspace. What a waiver accepts is left out, and so is what a
        tree node asks to be spared.

    Raises
    ------
    InvalidValueError
        For a profile or a code that no rule has.

    Examples
    --------
    >>> from pmkit.workspace import StatedJob
    >>> findings = check(Workspace(jobs=[StatedJob(id="j", text="Unwind", goal="g")]), select=["WSP"])
    >>> [(finding.code, finding.subject) for finding in findings]
    [('WSP102', 'j')]
    """
    if profile not in ("default", "strict"):
        raise InvalidValueError(f"unknown profile {quoted(profile)}; there are default, strict")
    settings = Settings(profile=profile, today=today, limits=limits or {})
    wanted, unwanted = _texts(select), _texts(ignore)
    _want_known(wanted + unwanted)
    found = list(_all(workspace, settings, wanted, unwanted))
    return sorted_findings(finding for finding in found if not _waived(workspace, finding, settings.today))


def _all(workspace: Workspace, settings: Settings, select: list[str], ignore: list[str]) -> Iterator[Finding]:
    strict = settings.profile == "strict"
    for room in _ROOMS:
        codes = _codes(room) if select or ignore else []
        chosen = _own(codes, select)
        if select and not chosen:
            continue
        options = _Options(
            profile=room.strict if strict else "default",
            select=chosen,
            ignore=_own(codes, ignore),
            today=settings.today,
            limits=settings.limits,
        )
        yield from room.run(workspace, options)


def _own(codes: list[str], given: list[str]) -> list[str]:
    return [code for code in given if any(known.startswith(code) for known in codes)]


def _want_known(given: list[str]) -> None:
    codes = [code for room in _ROOMS for code in _codes(room)] if given else []
    for code in given:
        if not code or not _own(codes, [code]):
            raise InvalidValueError(f"no rule has the code {quoted(code)}{did_you_mean(code, codes)}")


def _codes(room: _Room) -> list[str]:
    return [rule.code for rule in room.rules()]


def _texts(given: Collection[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _waived(workspace: Workspace, finding: Finding, today: dt.date | None) -> bool:
    return any(
        waiver.code == finding.code
        and waiver.subject in ("", finding.subject)
        and (waiver.until is None or today is None or today <= waiver.until)
        for waiver in workspace.waivers
    )


@attrs.frozen(kw_only=True)
class _Options:
    """What one room's check is asked."""

    profile: str
    select: list[str]
    ignore: list[str]
    today: dt.date | None
    limits: Mapping[str, float]

    def common(self) -> dict[str, Any]:
        """Return what every room's check takes."""
        return {"profile": self.profile, "select": self.select, "ignore": self.ignore}


@attrs.frozen
class _Room:
    """A room's rules, its strict profile, and how it is checked; a room is loaded when it has something to check."""

    rules: Callable[[], tuple[Rule[Any], ...]]
    strict: str
    run: Callable[[Workspace, _Options], Iterable[Finding]]


def _tree(workspace: Workspace, options: _Options) -> Iterable[Finding]:
    if workspace.tree is None:
        return ()
    return ost.check(workspace.tree, today=options.today, limits=options.limits, **options.common())


def _statements(workspace: Workspace, options: _Options) -> Iterator[Finding]:
    statements: tuple[StatedJob | StatedNeed, ...] = (*workspace.jobs, *workspace.needs)
    for stated in statements:
        for finding in jtbd.check(stated.text, **options.common()):
            yield attrs.evolve(finding, subject=stated.id)


def _experiments(workspace: Workspace, options: _Options) -> Iterator[Finding]:
    for stated in workspace.hypotheses:
        for finding in experiments.check(stated.text, **options.common()):
            yield attrs.evolve(finding, subject=stated.id)
    for experiment in workspace.experiments:
        for finding in experiments.check(experiment.plan, registered=experiment.registered or None, **options.common()):
            yield attrs.evolve(finding, subject=experiment.id)


def _organization(workspace: Workspace, options: _Options) -> Iterable[Finding]:
    if workspace.organization is None:
        return ()
    return conway.check(workspace.organization, **options.common())


def _across(workspace: Workspace, options: _Options) -> Iterable[Finding]:
    settings = Settings(profile=options.profile, today=options.today, limits=options.limits)
    return run_rules(RULES, workspace, settings=settings, select=options.select, ignore=options.ignore)


_ROOMS = (
    _Room(lambda: ost.RULES, "torres", _tree),
    _Room(lambda: jtbd.RULES, "odi", _statements),
    _Room(lambda: experiments.RULES, "default", _experiments),
    _Room(lambda: conway.RULES, "default", _organization),
    _Room(lambda: RULES, "strict", _across),
)
