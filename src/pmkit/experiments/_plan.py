"""The plan of an experiment: everything that decides what its data will mean, fixed before there are any."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal, cast, get_args

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.experiments._canonical import canonical_json
from pmkit.experiments._convert import is_mapping
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.experiments._looks import AlwaysValid, Bayesian, Fixed, GroupSequential, Looks
from pmkit.experiments._metrics import Metric, Quantile, Ratio
from pmkit.model import Value, did_you_mean, frozen_mapping, id_clashes, id_fault, quoted
from pmkit.model import _fields as fields

__all__ = ["RULE_VERSION", "Amendment", "Multiplicity", "Plan", "Stakes", "Win", "amend", "canonical_rule"]

RULE_VERSION = 1
"""The version of the decision table that a digest speaks of."""

Win = Literal["above zero", "above minimum effect"]
Multiplicity = Literal["bonferroni", "sidak", "none"]
Stakes = Literal["explore", "build", "launch"]


@attrs.frozen(kw_only=True)
class Amendment:
    """One change of a plan: the digest of the plan before it, and why it was changed.

    Attributes
    ----------
    digest : str
        Of the plan that was amended.
    because : str
        Why; prose, not hashed.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.mean("spend", minimum_effect=0.5), split={"control": 1, "new": 1})
    >>> (change,) = ex.amend(plan, because="more users than hoped for", units=8_000).amendments
    >>> change.digest == plan.digest
    True
    """

    digest: str = attrs.field(validator=fields.title)
    because: str = attrs.field(default="", validator=fields.text)


def _to_split(value: Mapping[str, float]) -> Mapping[str, int]:
    if not is_mapping(value):
        return cast("Mapping[str, int]", value)
    whole = {name: int(share) if _is_whole(share) else share for name, share in value.items()}
    return cast("Mapping[str, int]", frozen_mapping(whole))


def _is_whole(share: object) -> bool:
    return isinstance(share, float) and share.is_integer()


def _split(_instance: object, _attribute: fields.Named, value: object) -> None:
    if not isinstance(value, Mapping):
        raise InvalidValueError(f"Plan.split must map variants to whole shares, not {quoted(value)}")
    faults = [fault for name in value if (fault := id_fault(name))]
    faults += [
        f"the share of {quoted(name)} must be a whole number from 1 up, not {quoted(share)}"
        for name, share in value.items()
        if isinstance(share, bool) or not isinstance(share, int) or share < 1
    ]
    faults += (
        [f"{quoted(one)} and {quoted(other)} are one name" for one, other in id_clashes(list(value))]
        if not faults
        else []
    )
    if len(value) < 2:  # noqa: PLR2004 - control and at least one more
        faults.append("a plan compares at least two variants")
    if faults:
        raise InvalidValueError("Plan.split: " + "; ".join(faults))


_METRIC = fields.of_type(Metric, "a metric: proportion(…), mean(…), count(…), ratio(…) or quantile(…)")


@attrs.frozen(kw_only=True)
class Plan(Value):
    """An experiment's decision rule, and what it needs to be sized and read.

    Attributes
    ----------
    goal : Metric
        What decides; has a `minimum_effect`.
    secondary : tuple of Metric
        Read, never decisive.
    guardrails : tuple of Metric
        What must not suffer; each has a `margin`.
    control : str
        The variant that the others are compared with.
    split : mapping of str to int
        Whole shares of the traffic by variant, such as ``{"control": 1, "picks": 1}``.
    id, title : str
        For people and other rooms; not hashed.
    hypothesis : Hypothesis or None
        Why; not hashed.
    randomization_unit, analysis_unit : str
        What is randomized and what one row of data stands for.
    cluster : str or None
        The column of the randomization unit, when rows are finer than it. `collect` sums rows up per cluster, and
        means, proportions and counts are then compared as ratios of the clusters' totals to their rows.
    audience : str
        Who takes part, as the filter that picks them.
    alpha : float
        Two-sided; a false victory has at most alpha/2.
    power : float
        The chance to find the goal's effect and clear every guardrail when the effect is as planned.
    win : "above zero" or "above minimum effect"
        What the goal's interval must exclude for a victory.
    looks : Fixed, GroupSequential, AlwaysValid or Bayesian
    multiplicity : "bonferroni", "sidak" or "none"
        How the goal's intervals are made simultaneous over variants.
    units : int or None
        Planned number of units in all variants together.
    end : date or None
        The planned last day.
    sample_ratio_threshold : float
        The p-value below which the split is not believed.
    segments : tuple of str
        Columns by which results are also broken down; exploratory, never decisive, not hashed.
    method : str
        The id of the method in the catalogue.
    stakes : "explore", "build" or "launch"
        What the verdict will be used for; not hashed.
    amendments : tuple of Amendment
        Earlier versions, oldest first; the newest one's digest is hashed.

    Examples
    --------
    >>> from pmkit.experiments import mean, proportion
    >>> plan = Plan(goal=proportion("started_next", minimum_effect=0.02, relative=True),
    ...     guardrails=[mean("crashes", margin=0.01, relative=True, prefer="lower")],
    ...     split={"control": 1, "picks": 1}, control="control")
    >>> plan.variants
    ('picks',)
    >>> plan.digest.startswith("pmkit-plan-1:")
    True
    """

    goal: Metric = attrs.field(validator=_METRIC)
    control: str = attrs.field(default="control", validator=fields.identifier)
    split: Mapping[str, int] = attrs.field(converter=_to_split, validator=_split)
    secondary: tuple[Metric, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=fields.tuple_of(_METRIC)
    )
    guardrails: tuple[Metric, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=fields.tuple_of(_METRIC)
    )
    id: str = attrs.field(default="plan", validator=fields.identifier)
    title: str = attrs.field(default="", validator=fields.text)
    hypothesis: Hypothesis | None = attrs.field(
        default=None, validator=fields.optional(fields.of_type(Hypothesis, "a hypothesis (see parse_hypothesis)"))
    )
    randomization_unit: str = attrs.field(default="user", validator=fields.identifier)
    analysis_unit: str = attrs.field(
        default=attrs.Factory(lambda self: self.randomization_unit, takes_self=True), validator=fields.identifier
    )
    cluster: str | None = attrs.field(default=None, validator=fields.optional(fields.identifier))
    audience: str = attrs.field(default="", validator=fields.text)
    alpha: float = attrs.field(default=0.05, validator=fields.number(above=0, below=1))
    power: float = attrs.field(default=0.8, validator=fields.number(above=0, below=1))
    win: Win = attrs.field(default=fields.word("above zero"), validator=fields.one_of(get_args(Win)))
    looks: Looks = attrs.field(
        factory=Fixed,
        validator=fields.of_type(
            (Fixed, GroupSequential, AlwaysValid, Bayesian), "Fixed(), GroupSequential(…), AlwaysValid() or Bayesian(…)"
        ),
    )
    multiplicity: Multiplicity = attrs.field(
        default=fields.word("bonferroni"), validator=fields.one_of(get_args(Multiplicity))
    )
    units: int | None = attrs.field(default=None, validator=fields.optional(fields.whole(2)))
    end: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    sample_ratio_threshold: float = attrs.field(default=0.001, validator=fields.number(above=0, below=1))
    segments: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )
    method: str = attrs.field(default="ab-test", validator=fields.identifier)
    stakes: Stakes = attrs.field(default=fields.word("launch"), validator=fields.one_of(get_args(Stakes)))
    amendments: tuple[Amendment, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=fields.tuple_of(fields.of_type(Amendment, "an amendment"))
    )

    def __attrs_post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            findings = tuple(Finding("EXP200", "error", self.id, fault) for fault in faults)
            raise InvalidValueError("a plan cannot be built: " + "; ".join(faults), findings=findings)

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants that are compared with control, in the split's order."""
        return tuple(name for name in self.split if name != self.control)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The goal, the secondary metrics and the guardrails."""
        return (self.goal, *self.secondary, *self.guardrails)

    @property
    def minimum_effect(self) -> float:
        """The goal's smallest improvement worth having."""
        return float(self.goal.minimum_effect or 0.0)

    @property
    def hurdle(self) -> float:
        """What a victory's interval must exclude: 0, or the minimum effect."""
        return 0.0 if self.win == "above zero" else self.minimum_effect

    @property
    def digest(self) -> str:
        """The decision rule's fingerprint; it proves sameness, not time."""
        return f"pmkit-plan-{RULE_VERSION}:" + hashlib.sha256(canonical_rule(self).encode()).hexdigest()


def _faults(plan: Plan) -> list[str]:
    faults = []
    if plan.control not in plan.split:
        faults.append(f"control {quoted(plan.control)} is not in the split{did_you_mean(plan.control, plan.split)}")
    if plan.goal.minimum_effect is None:
        faults.append(f"the goal {quoted(plan.goal.name)} needs minimum_effect: the smallest effect worth having")
    elif (
        plan.goal.expected_effect is not None
        and plan.win == "above minimum effect"
        and plan.goal.expected_effect <= plan.minimum_effect
    ):
        faults.append("win='above minimum effect' needs an expected_effect above the minimum effect")
    faults += [
        f"guardrail {quoted(metric.name)} needs margin: the largest harm that is tolerated"
        for metric in plan.guardrails
        if metric.margin is None
    ]
    names = [metric.name for metric in plan.metrics]
    faults += [
        f"two metrics are called {quoted(later)}; give one a name of its own"
        if later == earlier
        else f"the metrics {quoted(later)} and {quoted(earlier)} have one name"
        for later, earlier in id_clashes(names)
    ]
    return faults


def canonical_rule(plan: Plan) -> str:
    """Write a plan's decision rule in the canonical form that its digest hashes.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    str
        RFC 8785 JSON in NFC with defaults resolved; no prose, no baselines, no segments. Secondary metrics
        and guardrails are sorted by name, since their order means nothing.

    Examples
    --------
    >>> from pmkit.experiments import proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> canonical_rule(plan)[:24]
    '{"alpha":0.05,"amends":n'
    """
    rule: dict[str, object] = {
        "version": RULE_VERSION,
        "control": plan.control,
        "split": plan.split,
        "units": {
            "randomization": plan.randomization_unit,
            "analysis": plan.analysis_unit,
            "cluster": plan.cluster,
        },
        "audience": plan.audience,
        "goal": _metric(plan.goal),
        "secondary": [_metric(metric) for metric in _by_name(plan.secondary)],
        "guardrails": [_metric(metric) for metric in _by_name(plan.guardrails)],
        "win": plan.win,
        "alpha": plan.alpha,
        "power": plan.power,
        "n": plan.units,
        "end": plan.end.isoformat() if plan.end else None,
        "looks": _looks(plan.looks),
        "multiplicity": plan.multiplicity,
        "sample_ratio_threshold": plan.sample_ratio_threshold,
        "amends": plan.amendments[-1].digest if plan.amendments else None,
    }
    return canonical_json(rule)


def _by_name(metrics: Iterable[Metric]) -> list[Metric]:
    return sorted(metrics, key=lambda metric: metric.name)


def _metric(metric: Metric) -> dict[str, object]:
    return {
        "kind": metric.kind,
        "name": metric.name,
        "column": metric.column,
        "denominator": metric.denominator if isinstance(metric, Ratio) else None,
        "q": metric.q if isinstance(metric, Quantile) else None,
        "prefer": metric.prefer,
        "relative": metric.relative,
        "minimum_effect": metric.minimum_effect,
        "margin": metric.margin,
        "covariate": metric.covariate,
        "covariate_denominator": metric.covariate_denominator if isinstance(metric, Ratio) else None,
        "window": metric.window,
        "winsorize": metric.winsorize,
        "interval": metric.interval,
    }


def _looks(looks: Looks) -> dict[str, object]:
    if isinstance(looks, GroupSequential):
        return {
            "kind": looks.kind,
            "information": looks.fractions,
            "spending": looks.spending,
            "parameter": looks.parameter,
            "futility": looks.futility,
            "binding": looks.binding,
        }
    if isinstance(looks, AlwaysValid):
        return {"kind": looks.kind, "tuned_at": looks.tuned_at}
    if isinstance(looks, Bayesian):
        return {
            "kind": looks.kind,
            "threshold": looks.threshold,
            "loss_limit": looks.loss_limit,
            "minimum_units": looks.minimum_units,
            "looks": looks.looks,
            "prior": looks.prior,
            "prior_mean": looks.prior_mean,
            "prior_sd": looks.prior_sd,
        }
    return {"kind": looks.kind, "safety_looks": looks.safety_looks}


def amend(plan: Plan, *, because: str, **changes: object) -> Plan:
    """Change a plan in the open: the new plan's digest chains the old one's.

    Parameters
    ----------
    plan : Plan
    because : str
        Why; kept with the plan.
    **changes : object
        Fields of `Plan` and their new values.

    Returns
    -------
    Plan
        With one more amendment; its digest differs from the old one even when nothing else was changed.

    Raises
    ------
    InvalidValueError
        For an unknown field, a blank reason, or a plan that cannot be built.

    Examples
    --------
    >>> from pmkit.experiments import proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> longer = amend(plan, because="traffic fell by half", units=80_000)
    >>> longer.amendments[0].digest == plan.digest
    True
    """
    if not str(because).strip():
        raise InvalidValueError("amend needs because: why the plan is changed")
    known = [field.name for field in attrs.fields(Plan) if field.name != "amendments"]
    unknown = [name for name in changes if name not in known]
    if unknown:
        hints = "; ".join(f"a plan has no field {quoted(name)}{did_you_mean(name, known)}" for name in unknown)
        raise InvalidValueError(hints)
    amendments = (*plan.amendments, Amendment(digest=plan.digest, because=because))
    return attrs.evolve(plan, amendments=amendments, **changes)  # type: ignore[arg-type]  # the names were just checked
