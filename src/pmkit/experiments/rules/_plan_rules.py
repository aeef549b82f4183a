"""EXP201 to EXP209: whether a plan can answer its question, and whether it was kept to."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._decide import Decision
from pmkit.experiments._methods import Catalogue
from pmkit.experiments._metrics import Ratio
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import Result
from pmkit.experiments._size import Known, power_at
from pmkit.model import Hit, Rule, Settings, quoted

__all__ = ["RULES", "PlanCase"]


@attrs.frozen(kw_only=True)
class PlanCase:
    """A plan with what is known about how it was carried out."""

    plan: Plan
    catalogue: Catalogue
    result: Result | None = None
    registered: str | None = None
    history: tuple[Decision, ...] = ()
    baseline: Known = None
    sd: Known = None


def _underpowered(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    plan = case.plan
    if plan.units is None:
        return
    try:
        power = power_at(plan, plan.units, baseline=case.baseline, sd=case.sd)
    except InvalidValueError:
        return  # without a baseline nothing can be said; `size` tells what is missing
    if power < plan.power - 0.005:
        message = f"{plan.units:,} units give {power:.0%} power at the minimum effect, {plan.power:.0%} is planned"
        yield Hit(plan.id, message)


def _no_guardrail(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    if case.plan.stakes == "launch" and not case.plan.guardrails:
        yield Hit(case.plan.id, "it could ship, and nothing guards against harm")


def _peeking(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    for place, before in enumerate(case.history, 1):
        if before.acted and before.result.state in {"unplanned", "early"}:
            yield Hit(case.plan.id, f"somebody acted on look {place} of the history, which the plan does not hold")
    if case.result is not None and case.result.state == "extended":
        yield Hit(case.plan.id, "it went on after its final look")
    elif case.result is not None and case.result.state == "unplanned":
        yield Hit(case.plan.id, "the result is of a look that the plan does not hold")


def _sample_ratio(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    if case.result is None:
        return
    p = case.result.split_check.p_value
    if isinstance(p, float) and p < case.plan.sample_ratio_threshold:
        seen = ", ".join(f"{quoted(name)} {count:,}" for name, count in case.result.units.items())
        yield Hit(case.plan.id, f"the units ({seen}) do not fit the planned split (p = {p:.2g})")


def _post_hoc(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    for name in case.result.unplanned_metrics if case.result is not None else ():
        yield Hit(case.plan.id, f"{quoted(name)} was analyzed and is not in the plan")


def _changed(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    if case.registered is not None and case.registered != case.plan.digest:
        chained = any(one.digest == case.registered for one in case.plan.amendments)
        how = "by an amendment after registration" if chained else "without an amendment"
        yield Hit(case.plan.id, f"its digest differs from the registered one: it was changed {how}")


def _weak_method(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    plan, known = case.plan, case.catalogue
    if plan.method not in known:
        yield Hit(plan.id, f"the method {quoted(plan.method)} is not in the catalogue, so its strength is unknown")
        return
    method, needed = known[plan.method], known.needed[plan.stakes]
    if method.strength < needed:
        message = f"{method.name} has evidence strength {method.strength:g}; to {plan.stakes} asks for {needed:g}"
        yield Hit(plan.id, message)


def _window_open(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    if case.result is not None and case.result.open_units:
        yield Hit(case.plan.id, f"{case.result.open_units:,} units were counted before their window had elapsed")


def _unit_mismatch(case: PlanCase, _settings: Settings) -> Iterator[Hit]:
    plan = case.plan
    if plan.analysis_unit != plan.randomization_unit and plan.cluster is None:
        for metric in plan.metrics:
            if not isinstance(metric, Ratio):
                message = (
                    f"{quoted(metric.name)} is analyzed per {quoted(plan.analysis_unit)} "
                    f"but randomized per {quoted(plan.randomization_unit)}"
                )
                yield Hit(plan.id, message)


def _rule(code: str, name: str, severity: str, summary: str, **more: object) -> Rule[PlanCase]:
    return Rule(code=code, name=name, severity=severity, summary=summary, profiles=("default", "exploratory"), **more)  # type: ignore[arg-type]  # Rule checks nothing that the table below could get wrong


RULES: tuple[Rule[PlanCase], ...] = (
    _rule(
        "EXP201",
        "underpowered",
        "warning",
        "The planned sample reaches the planned power at the threshold.",
        rationale="An underpowered experiment mostly ends undecided, and exaggerates when it does not.",
        source="Cohen 1988; Gelman & Carlin 2014",
        hint="run longer, accept a larger minimum effect, or use a covariate; see size(plan, …)",
        failing="units=2,000 where 20,000 are needed",
        passing="units=size(plan, baseline=…).total",
        check=_underpowered,
    ),
    _rule(
        "EXP202",
        "no-guardrail",
        "warning",
        "A plan that can ship has at least one guardrail.",
        rationale="What is not watched is paid for: speed, complaints, refunds.",
        source="Kohavi, Tang & Xu 2020, ch. 7",
        hint="add a guardrail with a margin, such as mean('crashes', margin=0.01, relative=True, prefer='lower')",
        failing="Plan(goal=…, split=…)",
        passing="Plan(goal=…, guardrails=[mean('crashes', margin=0.01, prefer='lower')], split=…)",
        check=_no_guardrail,
    ),
    _rule(
        "EXP203",
        "peeking",
        "error",
        "Nobody acts on a look that the plan does not hold, and nothing goes on after the final one.",
        rationale="A fixed test that is looked at 100 times is significant by chance in 38 % of cases.",
        source="Armitage, McPherson & Rowe 1969",
        hint="plan looks=GroupSequential(…) or AlwaysValid(), and stay with it",
        failing="stopping a fixed plan at half its units because p < 0.05",
        passing="looks=GroupSequential(looks=4), read at its four looks",
        check=_peeking,
    ),
    _rule(
        "EXP204",
        "sample-ratio",
        "error",
        "The observed split fits the planned split.",
        rationale="A split that is off means that units were lost or moved, and not at random.",
        source="Fabijan et al. 2019",
        hint="find out where units are lost before reading any metric",
        failing="50,000 against 48,000 where 1 : 1 was planned",
        passing="50,000 against 49,800",
        check=_sample_ratio,
    ),
    _rule(
        "EXP205",
        "post-hoc",
        "warning",
        "No metric is analyzed that the plan does not list.",
        rationale="Among twenty metrics one looks good by chance.",
        source="Kerr 1998, HARKing",
        hint="list it as secondary in the next plan, and call it a finding to test",
        failing="collecting 'time_on_page' without listing it",
        passing="secondary=[mean('time_on_page')]",
        check=_post_hoc,
    ),
    _rule(
        "EXP206",
        "plan-changed",
        "error",
        "The plan's digest equals the registered one.",
        rationale="A rule that is chosen after the data can prove anything.",
        source="Nosek et al. 2018, The preregistration revolution",
        hint="go back to the registered plan, or amend(plan, because=…) before the data and register the new digest",
        failing="a minimum effect lowered after the data were seen",
        passing="registered == plan.digest",
        check=_changed,
    ),
    _rule(
        "EXP207",
        "weak-method",
        "warning",
        "The method's evidence is strong enough for the decision asked of it.",
        rationale="Five interviews can open a question; they cannot close one that costs a year.",
        source="Gilad, the confidence meter",
        hint="use a stronger method (see recommend), or ask a smaller decision of this one",
        failing="method='interview', stakes='launch'",
        passing="method='ab-test', stakes='launch'",
        check=_weak_method,
    ),
    _rule(
        "EXP208",
        "window-open",
        "warning",
        "Units are counted after their measurement window has elapsed.",
        rationale="Late comers have had less time, so their shortfall looks like an effect.",
        source="Kohavi, Tang & Xu 2020, ch. 2",
        hint="wait, or leave out units whose window is still open",
        failing="day-7 return of users who came yesterday",
        passing="day-7 return of users who came at least seven days ago",
        check=_window_open,
    ),
    _rule(
        "EXP209",
        "unit-mismatch",
        "warning",
        "The analysis unit is the randomization unit, or clustering or a ratio is declared.",
        rationale="Sessions of one user are alike; counting them as independent makes intervals too narrow.",
        source="Deng, Knoblich & Lu 2018",
        hint="declare cluster=…, make the metric a ratio, or analyze per randomized unit",
        failing="randomization_unit='user', analysis_unit='session'",
        passing="randomization_unit='user', analysis_unit='session', cluster='user_id'",
        check=_unit_mismatch,
    ),
)
