"""How many units a plan needs, and how many days that takes."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import counts_by_name, is_number
from pmkit.experiments._looking import critical_value, per_variant_alpha
from pmkit.experiments._looks import AlwaysValid, Bayesian, Fixed, GroupSequential
from pmkit.experiments._metrics import Count, Metric, Proportion
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import Role
from pmkit.model import Table, Undefined, Value, did_you_mean, quoted

__all__ = ["MetricSize", "Size", "power_at", "size"]

_CURVE = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
_MOST = 1e15


@attrs.frozen(kw_only=True)
class MetricSize:
    """What one metric needs.

    Attributes
    ----------
    metric : str
    role : "goal" or "guardrail"
    distance : float
        What must be told apart from chance, in the metric's own unit or as a share: the effect over the hurdle, or
        the margin.
    power : float
        What it is sized for.
    total : int
        Units in all variants together.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> goal = ex.proportion("returned", minimum_effect=0.02, baseline=0.2)
    >>> plan = ex.Plan(goal=goal, split={"control": 1, "late": 1})
    >>> (needed,) = ex.size(plan).metrics
    >>> needed.metric, needed.power
    ('returned', 0.8)
    """

    metric: str
    role: Role
    distance: float
    power: float
    total: int


@attrs.frozen(kw_only=True)
class Size(Value, Table):
    """How large an experiment must be.

    Attributes
    ----------
    total : int
        Units in all variants together; give it to the plan as `units`.
    units : mapping of str to int
        By variant.
    days : int or Undefined
        To collect them, the goal's measurement window included; undefined without `daily_units`.
    power_each : float
        1 - (1 - power)/(G + 1): what the goal and each of G guardrails get, so that all together reach the power.
    metrics : tuple of MetricSize
    driver : str
        The metric that needs the most.
    unsized : tuple of str
        Guardrails that could not be sized because their baseline is not known.
    curve : tuple of (float, float)
        The goal's effect, and its power at `total` units.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> goal = ex.proportion("returned", minimum_effect=0.02, baseline=0.2)
    >>> plan = ex.Plan(goal=goal, split={"control": 1, "late": 1})
    >>> size = ex.size(plan, daily_units=1_000)
    >>> size.total, size.days
    (13016, 14)
    """

    total: int
    units: Mapping[str, int] = attrs.field(converter=counts_by_name)
    days: int | Undefined
    power_each: float
    metrics: tuple[MetricSize, ...]
    driver: str
    unsized: tuple[str, ...]
    curve: tuple[tuple[float, float], ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per metric."""
        return [attrs.asdict(metric) for metric in self.metrics]

    def summary(self) -> str:
        """Say it in words."""
        shares = ", ".join(f"{count:,} in {quoted(name)}" for name, count in self.units.items())
        days = f", {self.days:,} days" if isinstance(self.days, int) else ""
        left = f"; not sized for want of a baseline: {', '.join(self.unsized)}" if self.unsized else ""
        return f"{self.total:,} units ({shares}){days}; {quoted(self.driver)} needs the most{left}"


Known = float | Mapping[str, float] | None


def size(plan: Plan, *, baseline: Known = None, sd: Known = None, daily_units: float | None = None) -> Size:
    """Say how many units and days a plan needs.

    Parameters
    ----------
    plan : Plan
    baseline : float, mapping of str to float or None
        Control's value of the goal, or of each metric by name; the metrics' own `baseline` when None. A proportion is
        in [0, 1].
    sd : float, mapping of str to float or None
        Standard deviation per unit, of the goal or by metric; not needed for proportions, Poisson's for counts.
    daily_units : float or None
        New units per day in all variants together.

    Returns
    -------
    Size
        The goal gets its power at the minimum effect (with ``win="above minimum effect"``: at the expected effect
        over the minimum), each guardrail at no effect against its margin.

    Raises
    ------
    InvalidValueError
        When a baseline or standard deviation that is needed is missing, or the number of units is beyond all reason.

    Notes
    -----
    Normal approximation with unpooled variances, as the intervals have them; Guenther's (1981) correction for t at a
    fixed horizon; group-sequential plans by their inflation factor (Jennison & Turnbull 2000, ch. 2); always-valid
    ones by the width of the sequence at the end. Power over guardrails: Schultzberg et al. 2024.

    Examples
    --------
    >>> from pmkit.experiments import proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.05), split={"control": 1, "new": 1})
    >>> print(size(plan, baseline=0.2, daily_units=500).summary())
    2,184 units (1,092 in 'control', 1,092 in 'new'), 5 days; 'bought' needs the most
    """
    if daily_units is not None and not (is_number(daily_units) and daily_units > 0):
        raise InvalidValueError(f"daily_units must be a number above 0, not {quoted(daily_units)}")
    each = 1 - (1 - plan.power) / (len(plan.guardrails) + 1)
    known = _Known.read(plan, baseline, sd)
    sized = [_metric_size(plan, plan.goal, "goal", known, each)]
    unsized = []
    for metric in plan.guardrails:
        if known.complete(metric):
            sized.append(_metric_size(plan, metric, "guardrail", known, each))
        else:
            unsized.append(metric.name)
    driver = max(sized, key=lambda one: one.total)
    shares = sum(plan.split.values())
    units = {name: math.ceil(driver.total * share / shares - 1e-9) for name, share in plan.split.items()}
    total = sum(units.values())
    days: int | Undefined = Undefined("a needed number is missing")
    if daily_units is not None:
        days = math.ceil(total / daily_units) + math.ceil(plan.goal.window or 0)
    curve = tuple(
        (share * _distance(plan, plan.goal, "goal"), _power(plan, known, total, share, each)) for share in _CURVE
    )
    return Size(
        total=total,
        units=units,
        days=days,
        power_each=each,
        metrics=tuple(sized),
        driver=driver.metric,
        unsized=tuple(unsized),
        curve=curve,
    )


def power_at(plan: Plan, total: int, *, baseline: Known = None, sd: Known = None) -> float:
    """Return the goal's power at its effect with so many units in all.

    Parameters
    ----------
    plan : Plan
    total : int
        Units in all variants together.
    baseline, sd
        See `size`.

    Returns
    -------
    float

    Raises
    ------
    InvalidValueError
        When a baseline or standard deviation that is needed is missing.

    Examples
    --------
    >>> from pmkit.experiments import proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.05), split={"control": 1, "new": 1})
    >>> round(power_at(plan, 2184, baseline=0.2), 2)
    0.8
    """
    known = _Known.read(plan, baseline, sd)
    known.need(plan.goal)
    return _power(plan, known, total, 1.0, plan.power)


@attrs.frozen
class _Known:
    baselines: Mapping[str, float]
    sds: Mapping[str, float]

    @classmethod
    def read(cls, plan: Plan, baseline: Known, sd: Known) -> _Known:
        names = [metric.name for metric in plan.metrics]
        found: list[dict[str, float]] = []
        for what, given in (("baseline", baseline), ("sd", sd)):
            values = {metric.name: own for metric in plan.metrics if (own := getattr(metric, what)) is not None}
            if isinstance(given, Mapping):
                for name, value in given.items():
                    if name not in names:
                        raise InvalidValueError(
                            f"{what} names no metric of the plan: {quoted(name)}{did_you_mean(str(name), names)}"
                        )
                    values[name] = value
            elif given is not None:
                values[plan.goal.name] = given
            for name, value in values.items():
                if (
                    isinstance(value, bool)
                    or not isinstance(value, (int, float))
                    or not math.isfinite(value)
                    or (what == "sd" and value < 0)
                ):
                    raise InvalidValueError(
                        f"the {what} of {quoted(name)} must be a finite number, not {quoted(value)}"
                    )
            found.append(values)
        return cls(found[0], found[1])

    def complete(self, metric: Metric) -> bool:
        has_baseline = metric.name in self.baselines
        if isinstance(metric, (Proportion, Count)):
            return has_baseline
        return metric.name in self.sds and (has_baseline or not metric.relative)

    def need(self, metric: Metric) -> None:
        if not self.complete(metric):
            needs = (
                "a baseline"
                if isinstance(metric, (Proportion, Count))
                else ("a baseline and an sd" if metric.relative else "an sd")
            )
            raise InvalidValueError(f"to size {quoted(metric.name)}, a {metric.kind}, give {needs}")

    def variances(self, metric: Metric, effect: float) -> tuple[float, float]:
        """Return the variance per unit in control and treatment, in the unit of the effect."""
        base = self.baselines.get(metric.name, 0.0)
        moved = base + metric.direction * effect * (abs(base) if metric.relative else 1.0)
        if isinstance(metric, Proportion):
            if not 0 < base < 1 or not 0 <= moved <= 1:
                message = f"{quoted(metric.name)}: a proportion cannot go from {base:g} to {moved:g}"
                raise InvalidValueError(message + "; check baseline and effect")
            control, treatment = base * (1 - base), moved * (1 - moved)
        elif isinstance(metric, Count) and metric.name not in self.sds:
            control, treatment = max(base, 0.0), max(moved, 0.0)
        else:
            control = treatment = self.sds[metric.name] ** 2
        if not metric.relative:
            return control, treatment
        if base == 0:
            raise InvalidValueError(f"{quoted(metric.name)}: a relative effect needs a baseline other than 0")
        return control * (moved / base) ** 2 / base**2, treatment / base**2


def _distance(plan: Plan, metric: Metric, role: Role) -> float:
    if role == "guardrail":
        return float(metric.margin or 0.0)
    if plan.win == "above zero":
        return plan.minimum_effect
    if metric.expected_effect is None:
        raise InvalidValueError(
            "win='above minimum effect' is sized at the expected effect: give the goal expected_effect"
        )
    return float(metric.expected_effect) - plan.minimum_effect


def _truth(plan: Plan, metric: Metric, role: Role) -> float:
    return 0.0 if role == "guardrail" else _distance(plan, metric, role) + plan.hurdle


def _alpha(plan: Plan, role: Role) -> float:
    return per_variant_alpha(plan) if role == "goal" else plan.alpha


def _variance_of_one(plan: Plan, metric: Metric, known: _Known, effect: float) -> tuple[float, float]:
    """Return total x variance of the effect for the variant with the smallest share, and its share of the pair."""
    control, treatment = known.variances(metric, effect)
    whole = sum(plan.split.values())
    smallest = min(plan.split[name] for name in plan.variants)
    return control * whole / plan.split[plan.control] + treatment * whole / smallest, (
        plan.split[plan.control] + smallest
    ) / whole


def _metric_size(plan: Plan, metric: Metric, role: Role, known: _Known, power: float) -> MetricSize:
    known.need(metric)
    distance = _distance(plan, metric, role)
    spread, share = _variance_of_one(plan, metric, known, _truth(plan, metric, role))
    total = _total(plan, role, distance, spread, share, power)
    if not total < _MOST:
        raise InvalidValueError(
            f"{quoted(metric.name)} would need more than {_MOST:g} units; check effect, sd and baseline"
        )
    return MetricSize(
        metric=metric.name, role=role, distance=distance, power=power, total=max(4, math.ceil(total - 1e-9))
    )


def _total(plan: Plan, role: Role, distance: float, spread: float, share: float, power: float) -> float:
    from scipy.special import ndtri

    looks, alpha = plan.looks, _alpha(plan, role)
    gain = float(ndtri(power))
    if isinstance(looks, AlwaysValid):
        return _always_valid_total(looks, alpha, distance, spread, share, gain)
    bar = float(ndtri(looks.threshold)) if isinstance(looks, Bayesian) else critical_value(alpha)
    total = spread * ((bar + gain) / distance) ** 2
    if isinstance(looks, GroupSequential):
        return total * _inflation(looks, alpha / 2, power)
    if isinstance(looks, Fixed):
        total += bar**2 / 2 / share
    return float(max(total, looks.minimum_units / share * 2)) if isinstance(looks, Bayesian) else total


def _always_valid_total(
    looks: AlwaysValid, alpha: float, distance: float, spread: float, share: float, gain: float
) -> float:
    """Find the end at which the sequence's halfwidth leaves the power asked for, by bisection on a log scale."""

    def short(total: float) -> bool:
        return distance / math.sqrt(spread / total) < _sequence_bar(looks, total, share, alpha) + gain

    low, high = 4.0, 8.0
    while short(high) and high < _MOST:
        low, high = high, high * 2
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if short(middle) else (low, middle)
    return high


def _sequence_bar(looks: AlwaysValid, total: float, share: float, alpha: float) -> float:
    from pmkit.stats import sequence_halfwidth

    planned = float(looks.tuned_at or total) * share
    return float(sequence_halfwidth(total * share, planned_n=max(2.0, planned), alpha=alpha))


@functools.lru_cache(maxsize=256)
def _inflation(looks: GroupSequential, alpha: float, power: float) -> float:
    from pmkit.stats import Futility, Spending, group_sequential

    spending = Spending(looks.spending) if looks.parameter is None else Spending(looks.spending, looks.parameter)
    futility = None if looks.futility is None else Futility(spending=Spending(looks.futility), binding=looks.binding)
    design = group_sequential(
        looks.fractions, alpha=alpha, spending=spending, power=max(power, alpha + 1e-6), futility=futility
    )
    return design.inflation if isinstance(design.inflation, float) else 1.0


def _power(plan: Plan, known: _Known, total: float, share_of_effect: float, design_power: float) -> float:
    """Return the goal's chance of a win at a share of its effect, by the same approximation as the size."""
    from scipy.special import ndtr, ndtri

    looks, alpha, metric = plan.looks, _alpha(plan, "goal"), plan.goal
    distance = share_of_effect * _distance(plan, metric, "goal")
    spread, share = _variance_of_one(plan, metric, known, distance + plan.hurdle)
    effective = total
    if isinstance(looks, AlwaysValid):
        bar = _sequence_bar(looks, total, share, alpha)
    elif isinstance(looks, Bayesian):
        bar = float(ndtri(looks.threshold))
    else:
        bar = critical_value(alpha)
        if isinstance(looks, GroupSequential):
            effective = total / _inflation(looks, alpha / 2, design_power)
        else:
            effective = max(total - bar**2 / 2 / share, 1.0)
    return float(ndtr(distance / math.sqrt(spread / effective) - bar)) if spread > 0 else float(distance > 0)
