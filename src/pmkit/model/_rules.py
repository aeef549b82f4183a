"""Rules, and the one way in which every room runs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from pmkit.errors import SEVERITIES, Finding, InvalidValueError, Severity
from pmkit.model import _fields as fields
from pmkit.model._text import did_you_mean, quoted
from pmkit.model._values import Value, frozen_mapping

__all__ = ["Hit", "Rule", "Settings", "chosen_rules", "run_rules", "sorted_findings"]

Subject = TypeVar("Subject")


def _frozen_limits(limits: Mapping[str, float]) -> Mapping[str, float]:
    return frozen_mapping(limits)


def _frozen_severities(severities: Mapping[str, Severity]) -> Mapping[str, Severity]:
    return frozen_mapping(severities)


@attrs.frozen
class Hit:
    """What a rule reports; the runner makes a `Finding` of it, with the rule's code and severity.

    Attributes
    ----------
    subject : str
        The id of what it is about.
    message : str
        What was found.
    hint : str
        What to do; the rule's own hint is used when this is empty.
    span : tuple of (int, int) or None
        Where in the checked text.
    severity : Severity or None
        Only where one rule has two weights, such as EXP107; else the rule's own.

    Examples
    --------
    >>> Hit("find", "has one solution").subject
    'find'
    """

    subject: str
    message: str
    hint: str = ""
    span: tuple[int, int] | None = None
    severity: Severity | None = None


@attrs.frozen(kw_only=True)
class Settings(Value):
    """What a check was asked to go by.

    Attributes
    ----------
    profile : str
        The name of the profile in force.
    today : date or None
        The day on which the check is made; rules about time are silent without it.
    limits : mapping of str to float
        Numbers that rules go by, by name, such as ``{"words": 30}``.

    Examples
    --------
    >>> Settings(limits={"words": 25}).limit("words", 30)
    25
    """

    profile: str = "default"
    today: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    limits: Mapping[str, float] = attrs.field(factory=dict, converter=_frozen_limits)

    def limit(self, name: str, default: float) -> float:
        """Return a limit by name, or its default."""
        return self.limits.get(name, default)


@attrs.frozen(kw_only=True, eq=False)
class Rule(Generic[Subject]):
    """One lint rule: what it checks, why, who says so, and how.

    Attributes
    ----------
    code, name : str
        The stable code (``"OST106"``) and a short name (``"three-solutions"``).
    severity : Severity
        The severity unless a profile says otherwise.
    summary : str
        What must hold, in one line.
    rationale : str
        Why it matters.
    source : str
        Who says so: author, year, place.
    profiles : tuple of str
        The profiles that hold the rule.
    severities : mapping of str to Severity
        Other severities, by profile.
    hint : str
        What to do when it fails.
    failing, passing : str
        One example of each, as the documentation shows them.
    check : callable
        Takes the subject and the `Settings`, yields a `Hit` for each fault.

    Examples
    --------
    >>> rule = Rule(
    ...     code="DEM001", name="short", severity="warning", summary="texts are short", rationale="they get read",
    ...     source="us", profiles=("default",), failing="a long one", passing="short",
    ...     check=lambda text, settings: [Hit("", "too long")] if len(text) > 5 else [])
    >>> [finding.code for finding in run_rules((rule,), "too long a text")]
    ['DEM001']
    """

    code: str
    name: str
    severity: Severity
    summary: str
    rationale: str
    source: str
    profiles: tuple[str, ...]
    check: Callable[[Subject, Settings], Iterable[Hit]] = attrs.field(repr=False)
    hint: str = ""
    failing: str = ""
    passing: str = ""
    severities: Mapping[str, Severity] = attrs.field(factory=dict, converter=_frozen_severities)

    def severity_in(self, profile: str) -> Severity:
        """Return the severity that the rule has in a profile."""
        return self.severities.get(profile, self.severity)


def chosen_rules(
    rules: Sequence[Rule[Subject]],
    *,
    profile: str = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> tuple[Rule[Subject], ...]:
    """Choose the rules of a profile, widened by `select` and narrowed by `ignore`.

    Parameters
    ----------
    rules : sequence of Rule
        All rules of a room.
    profile : str
        A profile that at least one rule names.
    select : collection of str
        Codes, or beginnings of codes such as ``"OST1"``: only these are run, whatever their profile.
    ignore : collection of str
        Codes or beginnings of codes that are not run.

    Returns
    -------
    tuple of Rule

    Raises
    ------
    InvalidValueError
        For a profile or a code that no rule has.

    Examples
    --------
    >>> chosen_rules((), profile="default")
    ()
    """
    if not rules:
        return ()
    known = dict.fromkeys(name for rule in rules for name in rule.profiles)
    if profile not in known:
        message = f"unknown profile {quoted(profile)}; there are {', '.join(known)}{did_you_mean(profile, known)}"
        raise InvalidValueError(message)
    wanted = _codes(select, rules)
    unwanted = _codes(ignore, rules)
    return tuple(
        rule
        for rule in rules
        if (rule.code.startswith(wanted) if wanted else profile in rule.profiles)
        and not (unwanted and rule.code.startswith(unwanted))
    )


def _codes(codes: Collection[str], rules: Sequence[Rule[Subject]]) -> tuple[str, ...]:
    given = (codes,) if isinstance(codes, str) else tuple(codes)
    for code in given:
        if not code or not any(rule.code.startswith(code) for rule in rules):
            hint = did_you_mean(code, [rule.code for rule in rules])
            raise InvalidValueError(f"no rule has the code {quoted(code)}{hint}")
    return given


def run_rules(
    rules: Sequence[Rule[Subject]],
    subject: Subject,
    *,
    settings: Settings | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    waived: Callable[[str], Collection[str]] | None = None,
) -> tuple[Finding, ...]:
    """Run rules over one subject and return all findings, sorted.

    Parameters
    ----------
    rules : sequence of Rule
        All rules of a room.
    subject : object
        What is checked.
    settings : Settings or None
        Profile, day and limits; the default profile when None.
    select, ignore : collection of str
        See `chosen_rules`.
    waived : callable or None
        Gives the codes that the thing with an id asks to be spared, such as a node's ``ignore``.

    Returns
    -------
    tuple of Finding
        Gravest first, then by code and subject.

    Raises
    ------
    InvalidValueError
        For a code in `select` or `ignore` that no rule has.

    Examples
    --------
    >>> run_rules((), "anything")
    ()
    """
    settings = settings or Settings()
    found: list[Finding] = []
    for rule in chosen_rules(rules, profile=settings.profile, select=select, ignore=ignore):
        severity = rule.severity_in(settings.profile)
        for hit in rule.check(subject, settings):
            if waived is not None and rule.code in waived(hit.subject):
                continue
            hint = hit.hint or rule.hint
            found.append(Finding(rule.code, hit.severity or severity, hit.subject, hit.message, hint, hit.span))
    return sorted_findings(found)


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: gravest first, then by code, subject, place and message.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    tuple of Finding

    Examples
    --------
    >>> sorted_findings([Finding("B1", "warning", "x", "m"), Finding("C1", "error", "x", "m")])[0].code
    'C1'
    """
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, str, str, tuple[int, int], str]:
    return (
        SEVERITIES.index(finding.severity),
        finding.code,
        finding.subject,
        finding.span or (-1, -1),
        finding.message,
    )
