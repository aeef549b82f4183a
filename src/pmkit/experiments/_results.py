"""What an analysis gives: one result class per method, each a table of effects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs

from pmkit.experiments._convert import by_number, counts_by_name
from pmkit.model import Interval, Table, Undefined, Value

__all__ = [
    "AlwaysValidEffect",
    "AlwaysValidResult",
    "BayesianEffect",
    "BayesianResult",
    "CovariateCheck",
    "Effect",
    "FixedEffect",
    "FixedResult",
    "GroupSequentialResult",
    "LookState",
    "Result",
    "Role",
    "SequentialEffect",
    "SplitCheck",
]

Number = float | Undefined
Role = Literal["goal", "secondary", "guardrail"]
LookState = Literal["early", "safety", "interim", "final", "unplanned", "extended"]


@attrs.frozen(kw_only=True)
class Effect:
    r"""One metric of one variant against control, in one segment.

    Attributes
    ----------
    metric, variant : str
    role : "goal", "secondary" or "guardrail"
    segment : str
        "" for everyone, else "column=value".
    relative : bool
        Whether effect and interval are shares of \\|control's value\\|.
    direction : int
        1 when more is better, -1 when less is.
    control, treatment : float or Undefined
        The two values.
    effect, standard_error : float or Undefined
        Treatment less control, in the metric's own sign.
    interval : Interval
        As wide as the plan asks for this role.
    confidence : float
        Of that interval, before it is made simultaneous over looks.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> result.effects[0].metric, round(result.effects[0].gain, 3)
    ('returned', 0.015)
    """

    metric: str
    variant: str
    role: Role
    segment: str
    relative: bool
    direction: int
    control: Number
    treatment: Number
    effect: Number
    standard_error: Number
    interval: Interval[Number]
    confidence: float

    @property
    def gain(self) -> Number:
        """The effect with positive = better."""
        return self.effect if isinstance(self.effect, Undefined) else self.direction * self.effect

    @property
    def bounds(self) -> tuple[Number, Number]:
        """The interval's lower and upper end with positive = better."""
        low, high = self.interval
        if isinstance(low, Undefined) or isinstance(high, Undefined) or self.direction == 1:
            return low, high
        return -high, -low

    @property
    def defined(self) -> bool:
        """Whether there is an effect and an interval."""
        return not any(isinstance(number, Undefined) for number in (self.effect, *self.bounds))


@attrs.frozen(kw_only=True)
class FixedEffect(Effect):
    """An effect at a fixed horizon.

    Attributes
    ----------
    p_value : float or Undefined
        Two-sided.
    adjusted_p_value : float or Undefined
        Holm's, over all effects of the same role and kind of segment.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> round(result.effects[0].p_value, 4)
    0.0077
    """

    p_value: Number
    adjusted_p_value: Number


@attrs.frozen(kw_only=True)
class SequentialEffect(Effect):
    """An effect at one look of a group-sequential plan; its interval holds at every look at once.

    Attributes
    ----------
    z : float or Undefined
        The effect in standard errors.
    boundary : float
        What z must exceed at this look.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.GroupSequential(looks=2), units=40_000)
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> round(result.effects[0].z, 2), round(result.effects[0].boundary, 2)
    (2.66, 2.8)
    """

    z: Number
    boundary: float


@attrs.frozen(kw_only=True)
class AlwaysValidEffect(Effect):
    """An effect whose interval and p-value hold at every moment at once.

    Attributes
    ----------
    p_value : float or Undefined
        Always valid.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.AlwaysValid())
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> round(result.effects[0].p_value, 3)
    0.183
    """

    p_value: Number


@attrs.frozen(kw_only=True)
class BayesianEffect(Effect):
    """A posterior.

    Attributes
    ----------
    chance_to_win : float or Undefined
        That the gain is above 0.
    expected_loss : float or Undefined
        Of shipping the variant, in the effect's unit.
    chances : mapping of float to float
        The probability that the gain is above each number that the plan asks about.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.Bayesian(threshold=0.95, minimum_units=1_000))
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> round(result.effects[0].chance_to_win, 3)
    0.996
    """

    chance_to_win: Number
    expected_loss: Number
    chances: Mapping[float, float] = attrs.field(converter=by_number, hash=False)


@attrs.frozen(kw_only=True)
class SplitCheck:
    """Whether units were split as planned.

    Attributes
    ----------
    p_value : float or Undefined
    sequential : bool
        Whether the test allows looking at any time.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> result.split_check.p_value
    1.0
    """

    p_value: Number
    sequential: bool


@attrs.frozen(kw_only=True)
class CovariateCheck:
    """Whether a covariate may be used to sharpen an effect (CUPED; Deng et al. 2013).

    Attributes
    ----------
    metric, variant : str
    balance_p_value : float or Undefined
        That variant and control had the same covariate before the experiment; below 0.001 something is wrong.
    variance_reduction : float or Undefined
        The share of the effect's variance that it takes away.
    used : bool
    reason : str
        Why not, when not.

    Examples
    --------
    >>> import numpy as np
    >>> from pmkit import experiments as ex
    >>> generator = np.random.default_rng(1)
    >>> before = generator.normal(10, 3, 400)
    >>> rows = {"variant": ["control", "new"] * 200, "spend": before + generator.normal(0, 1, 400), "before": before}
    >>> plan = ex.Plan(goal=ex.mean("spend", minimum_effect=0.5, covariate="before"), split={"control": 1, "new": 1})
    >>> (check,) = ex.analyze(plan, ex.collect(plan, rows)).covariates
    >>> check.used, round(check.variance_reduction, 2)
    (True, 0.88)
    """

    metric: str
    variant: str
    balance_p_value: Number
    variance_reduction: Number
    used: bool
    reason: str


@attrs.frozen(kw_only=True)
class Result(Value, Table):
    """What all methods' results share.

    Attributes
    ----------
    plan_id, digest : str
        Of the plan that was analyzed.
    effects : tuple of Effect
        Goal, secondary metrics, guardrails; by variant; everyone first, then segments.
    units : mapping of str to int
        Units by variant as they were measured.
    split_check : SplitCheck
    covariates : tuple of CovariateCheck
    look : int
        Which planned look this is, from 1; 0 for none.
    state : LookState
        "early" (before a fixed plan's end, or a Bayesian plan's minimum), "safety", "interim", "final",
        "unplanned", or "extended" (after the final look).
    information : float or Undefined
        Units as a share of the planned ones.
    unplanned_metrics : tuple of str
        Measured, but not in the plan.
    open_units : int
        Units counted before their window had elapsed.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> len(result.effects), result.to_dicts()[0]["variant"]
    (1, 'late')
    """

    method: ClassVar[str] = ""

    plan_id: str
    digest: str
    effects: tuple[Effect, ...]
    units: Mapping[str, int] = attrs.field(converter=counts_by_name)
    split_check: SplitCheck
    covariates: tuple[CovariateCheck, ...]
    look: int
    state: LookState
    information: Number
    unplanned_metrics: tuple[str, ...]
    open_units: int

    def of(self, role: Role, variant: str) -> tuple[Effect, ...]:
        """Return the effects of a role on everyone, for one variant."""
        return tuple(one for one in self.effects if one.role == role and one.variant == variant and not one.segment)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per effect."""
        return [_row(effect) for effect in self.effects]

    def summary(self) -> str:
        """Say each effect on everyone in one line."""
        return "\n".join(_line(effect) for effect in self.effects if not effect.segment)


def _row(effect: Effect) -> dict[str, object]:
    row: dict[str, object] = {}
    for field in attrs.fields(type(effect)):
        value = getattr(effect, field.name)
        if field.name == "interval":
            row["lower"], row["upper"] = value
        elif field.name not in {"chances", "direction"}:
            row[field.name] = value
    return row


def _line(effect: Effect) -> str:
    name = f"{effect.metric} ({effect.role}), {effect.variant}"
    if not effect.defined:
        return f"{name}: {effect.effect if isinstance(effect.effect, Undefined) else effect.interval.lower}"
    low, high = effect.interval
    if effect.relative:
        return f"{name}: {effect.effect:+.2%} [{low:+.2%}, {high:+.2%}]"
    return f"{name}: {effect.effect:+.4g} [{low:+.4g}, {high:+.4g}]"


@attrs.frozen(kw_only=True)
class FixedResult(Result):
    """The result of a fixed plan.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> type(result).__name__
    'FixedResult'
    """

    method: ClassVar[str] = "fixed"


@attrs.frozen(kw_only=True)
class GroupSequentialResult(Result):
    """The result of one look of a group-sequential plan.

    Attributes
    ----------
    shares : tuple of float
        The information at each look so far.
    futility_boundary : float or Undefined
        What z must stay above at this look.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.GroupSequential(looks=2), units=40_000)
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> result.shares
    (0.5,)
    """

    method: ClassVar[str] = "group sequential"

    shares: tuple[float, ...]
    futility_boundary: Number


@attrs.frozen(kw_only=True)
class AlwaysValidResult(Result):
    """The result of an always-valid plan.

    Attributes
    ----------
    tuned_at : float
        The number of units at which the confidence sequence is narrowest.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.AlwaysValid())
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> type(result).__name__
    'AlwaysValidResult'
    """

    method: ClassVar[str] = "always valid"

    tuned_at: float


@attrs.frozen(kw_only=True)
class BayesianResult(Result):
    """The result of a Bayesian plan.

    Attributes
    ----------
    threshold : float
        The probability that counts as settled.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.Bayesian(threshold=0.95, minimum_units=1_000))
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> type(result).__name__
    'BayesianResult'
    """

    method: ClassVar[str] = "bayesian"

    threshold: float
