"""One way to check what this room holds: texts, hypotheses, plans and how they were carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from pmkit.errors import Finding, InvalidValueError
from pmkit.experiments._decide import Decision
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.experiments._methods import Catalogue, catalogue
from pmkit.experiments._parse import parse_hypothesis
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import Result
from pmkit.experiments._size import Known
from pmkit.experiments.rules import HYPOTHESIS_RULES, PLAN_RULES, RULES, PlanCase, metric_matches
from pmkit.model import Rule, Settings, did_you_mean, quoted, run_rules, sorted_findings

__all__ = ["check"]

Subject = TypeVar("Subject")


def check(  # noqa: PLR0913 - one door to every check of the room
    value: str | Hypothesis | Plan,
    *,
    profile: str = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    today: dt.date | str | None = None,
    limits: Mapping[str, float] | None = None,
    outcome_metric: str = "",
    result: Result | None = None,
    registered: str | None = None,
    history: Iterable[Decision] = (),
    baseline: Known = None,
    sd: Known = None,
    methods: Catalogue | None = None,
) -> tuple[Finding, ...]:
    """Find everything that is wrong with a hypothesis, or with a plan and the way it was carried out.

    Parameters
    ----------
    value : str, Hypothesis or Plan
        A text is parsed first. A plan's hypothesis is checked with it.
    profile : "default" or "exploratory"
        In "exploratory" a missing threshold is a warning.
    select, ignore : collection of str
        Codes, or beginnings of codes, to run alone or to leave out.
    today, limits
        As everywhere; no rule of this room reads them yet.
    outcome_metric : str
        The metric of the outcome that a hypothesis serves, for EXP112.
    result : Result or None
        For EXP203, EXP204, EXP205, EXP208.
    registered : str or None
        The digest as registered, for EXP206.
    history : iterable of Decision
        Earlier decisions, for EXP203.
    baseline, sd
        What `size` takes, for EXP201; the metrics' own when None.
    methods : Catalogue or None
        For EXP207; the packaged one when None.

    Returns
    -------
    tuple of Finding
        Gravest first; all at once.

    Raises
    ------
    InvalidValueError
        For a value that is none of these, an unknown profile or an unknown code.

    Examples
    --------
    >>> [finding.code for finding in check("Dark mode will improve the user experience.")]
    ['EXP104', 'EXP107', 'EXP103', 'EXP108', 'EXP109', 'EXP110']
    """
    settings = Settings(profile=profile, today=today, limits=limits or {})
    if isinstance(value, (str, Hypothesis)):
        hypothesis = parse_hypothesis(value) if isinstance(value, str) else value
        return sorted_findings(_hypothesis(hypothesis, settings, select, ignore, outcome_metric))
    if not isinstance(value, Plan):
        raise InvalidValueError(f"check takes a text, a Hypothesis or a Plan, not {quoted(value)}")
    case = PlanCase(
        plan=value,
        catalogue=methods if methods is not None else catalogue(),
        result=result,
        registered=registered,
        history=tuple(history),
        baseline=baseline,
        sd=sd,
    )
    found = _run(PLAN_RULES, case, settings, select, ignore)
    if value.hypothesis is not None:
        found = (*found, *_hypothesis(value.hypothesis, settings, select, ignore, outcome_metric))
    return sorted_findings(found)


def _hypothesis(
    hypothesis: Hypothesis,
    settings: Settings,
    select: Collection[str],
    ignore: Collection[str],
    outcome_metric: str,
) -> tuple[Finding, ...]:
    found = _run(HYPOTHESIS_RULES, hypothesis, settings, select, ignore)
    linked = metric_matches(hypothesis, outcome_metric)
    chosen, left = _codes(select), _codes(ignore)
    wanted = (not chosen or "EXP112".startswith(chosen)) and not (left and "EXP112".startswith(left))
    return (*found, *linked) if wanted else found


def _run(
    rules: tuple[Rule[Subject], ...],
    subject: Subject,
    settings: Settings,
    select: Collection[str],
    ignore: Collection[str],
) -> tuple[Finding, ...]:
    """Run one family; a code that only the other family has is no error here, and selects nothing."""
    known = [rule.code for rule in RULES]
    mine = [rule.code for rule in rules]
    for codes in (select, ignore):
        for code in _codes(codes):
            if not code or not any(one.startswith(code) for one in known):
                raise InvalidValueError(f"no rule has the code {quoted(code)}{did_you_mean(code, known)}")
    chosen, left = (
        tuple(code for code in _codes(codes) if any(one.startswith(code) for one in mine)) for codes in (select, ignore)
    )
    if _codes(select) and not chosen:
        return ()
    return run_rules(rules, subject, settings=settings, select=chosen, ignore=left)


def _codes(codes: Collection[str]) -> tuple[str, ...]:
    return (codes,) if isinstance(codes, str) else tuple(codes)
