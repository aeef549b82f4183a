"""From measurements to effects: every variant, metric and segment of a plan at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._estimate import Estimate, check_covariate, estimate
from pmkit.experiments._looking import Boundary, Look, boundary_at, critical_value, look_of, per_variant_alpha, tuning
from pmkit.experiments._looks import AlwaysValid, Bayesian, Fixed, GroupSequential
from pmkit.experiments._measurements import EVERYONE, Measurements
from pmkit.experiments._metrics import Metric
from pmkit.experiments._plan import Plan
from pmkit.experiments._posterior import bayesian_effect
from pmkit.experiments._results import (
    AlwaysValidEffect,
    AlwaysValidResult,
    BayesianResult,
    CovariateCheck,
    Effect,
    FixedEffect,
    FixedResult,
    GroupSequentialResult,
    Result,
    Role,
    SequentialEffect,
    SplitCheck,
)
from pmkit.model import Interval, Undefined

if TYPE_CHECKING:
    from pmkit.experiments._decide import Decision

__all__ = ["analyze"]


def analyze(
    plan: Plan,
    measurements: Measurements,
    *,
    look: int | Literal["final"] | None = None,
    history: Iterable[Decision] = (),
    today: dt.date | str | None = None,
) -> Result:
    """Analyze an experiment as its plan says: all variants against control, goal, guardrails, secondary, segments.

    Parameters
    ----------
    plan : Plan
    measurements : Measurements
        From `collect`, or of published counts (`Measurements.from_counts`).
    look : int, "final" or None
        Which planned look this is, from 1. When None it follows from the number of units, `plan.units`, `plan.end`
        and `history`; a fixed plan with neither units nor end is at its end.
    history : iterable of Decision
        The decisions at earlier looks, oldest first.
    today : date or None
        The day of the analysis; the measurements' last day when None.

    Returns
    -------
    FixedResult, GroupSequentialResult, AlwaysValidResult or BayesianResult
        By the plan's looks. The goal's intervals are simultaneous over looks and variants, the guardrails' over
        looks. At a safety look of a fixed plan, alpha is shared by all safety looks.

    Raises
    ------
    InvalidValueError
        When a metric of the plan was not measured, or `look` cannot be.

    Notes
    -----
    Fixed: Welch 1947; Newcombe 1998 (method 10) for proportions. Group sequential: repeated confidence intervals,
    Jennison & Turnbull 2000, ch. 9. Always valid: Waudby-Smith et al. 2024. CUPED: Deng et al. 2013, used only where
    the covariate is balanced and helps.

    Examples
    --------
    >>> from pmkit.experiments import proportion
    >>> plan = Plan(goal=proportion("returned", minimum_effect=0.005), control="gate_30",
    ...     split={"gate_30": 1, "gate_40": 1})
    >>> counts = Measurements.from_counts(plan, {"gate_30": 44_700, "gate_40": 45_489},
    ...     {"returned": {"gate_30": 8_502, "gate_40": 8_279}})
    >>> print(analyze(plan, counts).summary())
    returned (goal), gate_40: -0.008201 [-0.01328, -0.003121]
    """
    if not all(isinstance(value, cls) for value, cls in ((plan, Plan), (measurements, Measurements))):
        raise InvalidValueError("analyze takes a Plan and Measurements (see collect, Measurements.from_counts)")
    before = [decision.result for decision in history]
    day = dt.date.fromisoformat(today) if isinstance(today, str) else (today or measurements.until)
    arms = [measurements.units.get(name, 0) for name in plan.split]
    place = look_of(plan, sum(arms), min(arms), day, look, before)
    covariates = tuple(
        check
        for metric in plan.metrics
        for variant in plan.variants
        if _present(measurements, plan, variant)
        and (check := check_covariate(metric, measurements, (plan.control, variant))) is not None
    )
    judge = _Judge(plan=plan, measured=measurements, look=place, covariates=covariates)
    effects = judge.effects()
    common = {
        "plan_id": plan.id,
        "digest": plan.digest,
        "units": measurements.units,
        "split_check": _split(plan, measurements),
        "covariates": covariates,
        "look": place.number,
        "state": place.state,
        "information": place.information,
        "unplanned_metrics": _unplanned(plan, measurements),
        "open_units": measurements.open_units,
    }
    if isinstance(plan.looks, GroupSequential):
        futility = judge.goal_boundary.futility if place.number else Undefined("not estimable from these data")
        return GroupSequentialResult(effects=effects, shares=place.shares, futility_boundary=futility, **common)  # type: ignore[arg-type]  # the common fields, by name
    if isinstance(plan.looks, AlwaysValid):
        return AlwaysValidResult(effects=effects, tuned_at=tuning(plan), **common)  # type: ignore[arg-type]  # the same
    if isinstance(plan.looks, Bayesian):
        return BayesianResult(effects=effects, threshold=plan.looks.threshold, **common)  # type: ignore[arg-type]  # the same
    return FixedResult(effects=_holm(effects), **common)  # type: ignore[arg-type]  # the same


def _present(measured: Measurements, plan: Plan, variant: str) -> bool:
    return measured.units.get(variant, 0) > 0 and measured.units.get(plan.control, 0) > 0


def _unplanned(plan: Plan, measured: Measurements) -> tuple[str, ...]:
    planned = {metric.name for metric in plan.metrics}
    return tuple(name for name in measured.metrics if name not in planned)


def _split(plan: Plan, measured: Measurements) -> SplitCheck:
    from pmkit.stats import sample_ratio, sequential_sample_ratio

    several = not isinstance(plan.looks, Fixed) or bool(plan.looks.safety_looks)
    observed = [measured.units.get(name, 0) for name in plan.split]
    if sum(observed) == 0:
        return SplitCheck(p_value=Undefined("no data"), sequential=several)
    expected = list(plan.split.values())
    found = sequential_sample_ratio(observed, expected) if several else sample_ratio(observed, expected)
    return SplitCheck(p_value=found.p_value, sequential=several)


def _holm(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Adjust p-values by Holm within each role, apart for everyone and for segments."""
    from pmkit.stats import adjust_pvalues

    families: dict[tuple[Role, bool], list[int]] = {}
    for place, effect in enumerate(effects):
        if isinstance(effect, FixedEffect) and isinstance(effect.p_value, float):
            families.setdefault((effect.role, bool(effect.segment)), []).append(place)
    adjusted = list(effects)
    for places in families.values():
        values = [effects[place].p_value for place in places]  # type: ignore[attr-defined]  # only fixed effects were kept
        for place, value in zip(places, adjust_pvalues(values, method="holm"), strict=True):
            adjusted[place] = attrs.evolve(effects[place], adjusted_p_value=float(value))  # type: ignore[call-arg]  # the same
    return tuple(adjusted)


@attrs.define(kw_only=True)
class _Judge:
    """Turns estimates into effects by the plan's method."""

    plan: Plan
    measured: Measurements
    look: Look
    covariates: tuple[CovariateCheck, ...]
    _boundaries: dict[float, Boundary] = attrs.field(factory=dict)

    @property
    def goal_boundary(self) -> Boundary:
        return self.boundary(per_variant_alpha(self.plan))

    def boundary(self, alpha: float) -> Boundary:
        if alpha not in self._boundaries:
            self._boundaries[alpha] = boundary_at(self.plan, self.look, alpha)
        return self._boundaries[alpha]

    def effects(self) -> tuple[Effect, ...]:
        plan = self.plan
        roles: list[tuple[Role, Metric]] = [("goal", plan.goal)]
        roles.extend(("secondary", metric) for metric in plan.secondary)
        roles.extend(("guardrail", metric) for metric in plan.guardrails)
        segments = [EVERYONE, *(name for name in self.measured.segments if name != EVERYONE)]
        return tuple(
            self.effect(metric, role, variant, segment)
            for segment in segments
            for role, metric in roles
            for variant in plan.variants
            if segment == EVERYONE or self._measured(metric, segment)
        )

    def _measured(self, metric: Metric, segment: str) -> bool:
        keys = (*self.measured.moments, *self.measured.estimates)
        return any(name == metric.name and where == segment for name, _, where in keys)

    def effect(self, metric: Metric, role: Role, variant: str, segment: str) -> Effect:
        alpha = per_variant_alpha(self.plan) if role == "goal" else self.plan.alpha
        looks = self.plan.looks
        if isinstance(looks, Fixed) and self.look.state == "safety":
            alpha /= len(looks.safety_looks)
        cuped = any(one.metric == metric.name and one.variant == variant and one.used for one in self.covariates)
        found = estimate(
            metric,
            self.measured,
            (self.plan.control, variant),
            segment=segment,
            confidence=1 - alpha,
            exact=isinstance(looks, Fixed),
            cuped=cuped,
        )
        base: dict[str, object] = {
            "metric": metric.name,
            "variant": variant,
            "role": role,
            "segment": segment,
            "relative": metric.relative,
            "direction": metric.direction,
            "control": found.control,
            "treatment": found.treatment,
            "effect": found.effect,
            "standard_error": found.standard_error,
            "confidence": 1 - alpha,
        }
        if isinstance(looks, GroupSequential):
            return self._sequential(base, found, alpha)
        if isinstance(looks, AlwaysValid):
            return self._always_valid(base, found, variant, segment, metric, alpha)
        if isinstance(looks, Bayesian):
            return bayesian_effect(self.plan, looks, metric, self.measured, base, found, variant, segment)
        return FixedEffect(
            interval=found.interval,
            p_value=found.p_value,
            adjusted_p_value=found.p_value,
            **base,  # type: ignore[arg-type]  # fields by name
        )

    def _sequential(self, base: Mapping[str, object], found: Estimate, alpha: float) -> Effect:
        z_at = self.boundary(alpha).z if self.look.number else critical_value(alpha)
        interval, z = _around(found, z_at)
        return SequentialEffect(interval=interval, z=z, boundary=z_at, **base)  # type: ignore[arg-type]  # fields by name

    def _always_valid(
        self, base: Mapping[str, object], found: Estimate, variant: str, segment: str, metric: Metric, alpha: float
    ) -> Effect:
        from pmkit.stats import confidence_sequence

        effect, error = found.effect, found.standard_error
        if isinstance(effect, Undefined) or isinstance(error, Undefined) or error == 0:
            reason = effect if isinstance(effect, Undefined) else Undefined("no variance")
            return AlwaysValidEffect(interval=Interval(reason, reason), p_value=reason, **base)  # type: ignore[arg-type]  # the same
        units = _units_of(self.measured, metric, (self.plan.control, variant), segment)
        share = (self.plan.split[self.plan.control] + self.plan.split[variant]) / sum(self.plan.split.values())
        sequence = confidence_sequence(
            effect, error, units, planned_n=max(2.0, tuning(self.plan) * share), confidence=1 - alpha
        )
        return AlwaysValidEffect(interval=sequence.interval, p_value=sequence.p_value, **base)  # type: ignore[arg-type]  # the same


def _units_of(measured: Measurements, metric: Metric, pair: tuple[str, str], segment: str) -> float:
    total = 0.0
    for variant in pair:
        key = (metric.name, variant, segment)
        held = measured.moments[key] if key in measured.moments else measured.estimates.get(key)
        total += held.n if held is not None and isinstance(held.n, (int, float)) else 0.0
    return max(total, 1.0)


def _around(found: Estimate, z_at: float) -> tuple[Interval[float | Undefined], float | Undefined]:
    effect, error = found.effect, found.standard_error
    if isinstance(effect, Undefined) or isinstance(error, Undefined) or error == 0:
        reason = effect if isinstance(effect, Undefined) else Undefined("no variance")
        return Interval(reason, reason), reason
    return Interval(effect - z_at * error, effect + z_at * error), effect / error
