"""One way to ask all the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from pmkit.conway._model import Change, OwnershipRule
from pmkit.conway._organization import Organization
from pmkit.conway.rules import RULES, Case
from pmkit.errors import Finding
from pmkit.model import Settings, run_rules

__all__ = ["check"]

_BY_CONTENT = "CON105"


def check(
    organization: Organization,
    *,
    profile: str = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    today: dt.date | None = None,
    limits: Mapping[str, float] | None = None,
    baseline: Organization | Iterable[Finding] | None = None,
    changes: Iterable[Change] = (),
    ownership_rules: Iterable[OwnershipRule] = (),
) -> tuple[Finding, ...]:
    """Check an organization against the rules CON101 to CON114.

    Parameters
    ----------
    organization : Organization
    profile : str
        ``"default"`` holds all rules.
    select, ignore : collection of str
        Codes, or beginnings of codes, to run only or not to run.
    today : date or None
        Not used by today's rules.
    limits : mapping of str to float or None
        ``changes``: how many changes a component must have before CON108 judges its authors (10); ``heavy``:
        how many times the median channel is heavy talk for CON107 (2).
    baseline : Organization, iterable of Finding, or None
        How it was. Only what is new is returned: findings with a code and a subject that the baseline has too
        are left out, and so are cycles that lie within one of the baseline's. This is the gate for CI.
    changes : iterable of Change
        The history, oldest first, for CON108; without it, teams of one member are reported.
    ownership_rules : iterable of OwnershipRule
        The lines of the ownership file, for CON113.

    Returns
    -------
    tuple of Finding
        Gravest first, then by code and subject. A pair of teams is named ``"a + b"``.

    Examples
    --------
    >>> from pmkit import conway
    >>> before = conway.from_owners({"page": "web", "job": []})
    >>> after = conway.from_owners({"page": "web", "job": [], "mail": []})
    >>> [(found.code, found.subject) for found in check(after)]
    [('CON101', 'job'), ('CON101', 'mail')]
    >>> [(found.code, found.subject) for found in check(after, baseline=before)]
    [('CON101', 'mail')]
    """
    old = baseline if isinstance(baseline, Organization) else None
    case = Case(
        organization=organization,
        baseline=old,
        changes=tuple(changes),
        ownership_rules=tuple(ownership_rules),
    )
    settings = Settings(profile=profile, today=today, limits=limits or {})
    found = run_rules(RULES, case, settings=settings, select=select, ignore=ignore)
    if baseline is None:
        return found
    if isinstance(baseline, Organization):
        known = run_rules(RULES, Case(organization=baseline), settings=settings, select=select, ignore=ignore)
    else:
        known = tuple(baseline)
    seen = {(finding.code, finding.subject) for finding in known if old is None or finding.code != _BY_CONTENT}
    return tuple(finding for finding in found if (finding.code, finding.subject) not in seen)
