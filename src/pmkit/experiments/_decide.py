"""The decision table: from a result to a verdict, row by row, first match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import by_name
from pmkit.experiments._curse import WinnersCurse, simulated_false_victories, winners_curse
from pmkit.experiments._looks import Bayesian
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import BayesianEffect, BayesianResult, Effect, GroupSequentialResult, Result
from pmkit.model import Table, Undefined, Value, quoted

__all__ = ["Decision", "Reason", "Row", "VariantDecision", "Verdict", "decide"]

Verdict = Literal["invalid", "keep running", "roll back", "declare victory", "iterate"]
Row = Literal["invalid", "before the end", "harm", "win", "ruled out", "open", "inconclusive"]
_VERDICT: dict[Row, Verdict] = {
    "invalid": "invalid",
    "before the end": "keep running",
    "harm": "roll back",
    "win": "declare victory",
    "ruled out": "iterate",
    "open": "keep running",
    "inconclusive": "iterate",
}
_ORDER: tuple[Row, ...] = ("win", "before the end", "open", "inconclusive", "ruled out", "harm")


@attrs.frozen(kw_only=True)
class Reason(Value):
    """Why a row of the table fired, in words and as data.

    Attributes
    ----------
    row : Row
    kind : str
        What exactly: "digest", "sample ratio", "unknown variant", "empty variant", "unplanned look", "extended",
        "undefined", "before the end", "harm", "guardrail harm", "win", "ruled out", "too small", "futility",
        "goal open", "guardrail open", "loss open", "exaggeration", "false victories".
    variant, metric : str
        What it is about; empty when it is about the whole.
    message : str
    numbers : mapping of str to float

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> reason = ex.decide(plan, result, registered=plan.digest).reasons[0]
    >>> reason.kind
    'win'
    """

    row: Row
    kind: str
    variant: str = ""
    metric: str = ""
    message: str
    numbers: Mapping[str, float] = attrs.field(factory=dict, converter=by_name)


@attrs.frozen(kw_only=True)
class VariantDecision:
    """The row that fired for one variant.

    Attributes
    ----------
    variant : str
    row : Row
    verdict : Verdict
    reasons : tuple of Reason

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> (late,) = ex.decide(plan, result, registered=plan.digest).variants
    >>> late.variant, late.verdict
    ('late', 'declare victory')
    """

    variant: str
    row: Row
    verdict: Verdict
    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class Decision(Table):
    """A verdict with its reasons.

    Attributes
    ----------
    verdict : "invalid", "keep running", "roll back", "declare victory" or "iterate"
    row : Row
        The row of the table that fired.
    variant : str
        The variant that it was decided on: the winner, or the one that is still open; empty when invalid.
    variants : tuple of VariantDecision
        Each variant by itself; empty when invalid.
    reasons : tuple of Reason
    exploratory : bool
        True without a registered digest: the rule may have been chosen after the data.
    digest : str
        Of the plan that decided.
    result : Result
    curse : WinnersCurse or None
        By about how much a winner's estimate is too large; only for victories.
    acted : bool
        Whether somebody acted on it; set it with `attrs.evolve` in what you pass as `history`.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 10_000, "late": 10_000},
    ...     {"returned": {"control": 1_900, "late": 2_050}})
    >>> result = ex.analyze(plan, counts)
    >>> decision = ex.decide(plan, result, registered=plan.digest)
    >>> decision.verdict, decision.row
    ('declare victory', 'win')
    """

    verdict: Verdict
    row: Row
    variant: str
    variants: tuple[VariantDecision, ...]
    reasons: tuple[Reason, ...]
    exploratory: bool
    digest: str
    result: Result
    curse: WinnersCurse | None = None
    acted: bool = False

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per variant, or one for the whole when invalid."""
        if not self.variants:
            said = "; ".join(reason.message for reason in self.reasons)
            return [{"variant": "", "row": self.row, "verdict": self.verdict, "because": said}]
        return [
            {
                "variant": one.variant,
                "row": one.row,
                "verdict": one.verdict,
                "because": "; ".join(reason.message for reason in one.reasons),
            }
            for one in self.variants
        ]

    def summary(self) -> str:
        """Say the verdict and why."""
        mark = " (exploratory: no digest was registered)" if self.exploratory else ""
        head = f"{self.verdict}{': ' + self.variant if self.variant else ''}{mark}"
        return "\n".join([head, *(f"- {reason.message}" for reason in self.reasons)])


def decide(plan: Plan, result: Result, *, registered: str | None = None, history: Iterable[Decision] = ()) -> Decision:
    """Decide by the table that the plan fixed before the data; the first row that fits fires.

    Parameters
    ----------
    plan : Plan
    result : Result
        Of `analyze` with this plan.
    registered : str or None
        The plan's digest as it was registered before the data; without it the verdict is marked exploratory.
    history : iterable of Decision
        The decisions at earlier looks, oldest first.

    Returns
    -------
    Decision
        Positive is better; [L, U] is the goal's interval, d the minimum effect, w the hurdle (0 or d):

        1. digest differs, sample ratio off, unknown or empty variant, unplanned look acted on, extended after the
           final look, undefined at the final look: **invalid**
        2. a fixed plan before its end, a Bayesian one before its minimum: **keep running** (at a planned safety
           look row 3 is read first)
        3. U < 0, or a guardrail's U < -margin: **roll back**
        4. L > w, U >= d, every guardrail's L > -margin: **declare victory**
        5. U < d, or binding futility: **iterate** (ruled out, or real but too small)
        6. not the final look: **keep running**, naming what is open
        7. final look: **iterate** (inconclusive)

        Equality is undecided. Bayesian: "L > x" is P(effect > x) >= threshold, and a victory needs an expected loss
        within the limit. Of several variants: any victory (largest estimate), else keep running, iterate, roll back.

    Raises
    ------
    InvalidValueError
        When the result is of another method than the plan.

    Examples
    --------
    >>> from pmkit.experiments import Measurements, analyze, proportion
    >>> plan = Plan(goal=proportion("returned", minimum_effect=0.005), control="gate_30",
    ...     split={"gate_30": 1, "gate_40": 1})
    >>> counts = Measurements.from_counts(plan, {"gate_30": 10_000, "gate_40": 10_000},
    ...     {"returned": {"gate_30": 2_000, "gate_40": 1_800}})
    >>> decision = decide(plan, analyze(plan, counts), registered=plan.digest)
    >>> decision.verdict, decision.row, decision.exploratory
    ('roll back', 'harm', False)
    """
    if not all(isinstance(value, cls) for value, cls in ((plan, Plan), (result, Result))):
        raise InvalidValueError("decide takes a Plan and the result of analyze")
    if result.method != plan.looks.kind:
        raise InvalidValueError(f"the result is {quoted(result.method)}, the plan is {quoted(plan.looks.kind)}")
    exploratory, digest = registered is None, plan.digest
    faults = _invalid(plan, result, (digest, registered), tuple(history))
    if faults:
        return Decision(
            verdict="invalid",
            row="invalid",
            variant="",
            variants=(),
            reasons=faults,
            exploratory=exploratory,
            digest=digest,
            result=result,
        )
    each = tuple(_variant(plan, result, variant) for variant in plan.variants)
    chosen = _chosen(each, result)
    reasons = chosen.reasons
    curse = None
    if chosen.row == "win":
        (goal,) = result.of("goal", chosen.variant)
        curse = winners_curse(plan, result, goal)
        reasons = (*reasons, *_curse_reason(chosen.variant, goal, curse))
    if isinstance(plan.looks, Bayesian) and isinstance(result, BayesianResult):
        reasons = (*reasons, *_false_victories(plan, plan.looks, result, chosen))
    return Decision(
        verdict=chosen.verdict,
        row=chosen.row,
        variant=chosen.variant,
        variants=each,
        reasons=reasons,
        exploratory=exploratory,
        digest=digest,
        result=result,
        curse=curse,
    )


def _invalid(  # noqa: C901, PLR0912 - the first row of the table is a list of ten faults
    plan: Plan, result: Result, digests: tuple[str, str | None], history: tuple[Decision, ...]
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    digest, registered = digests

    def say(kind: str, message: str, variant: str = "", metric: str = "", **numbers: float) -> None:
        reason = Reason(row="invalid", kind=kind, variant=variant, metric=metric, message=message, numbers=numbers)
        found.append(reason)

    if registered is not None and registered != digest:
        say("digest", "the plan's digest differs from the registered one: the rule was changed")
    if result.digest != digest:
        say("digest", "the result was analyzed by another version of the plan")
    for name in result.units:
        if name not in plan.split:
            say("unknown variant", f"{quoted(name)} was measured and is not in the plan", name)
    for name in plan.split:
        if result.units.get(name, 0) == 0:
            say("empty variant", f"{quoted(name)} has no units", name)
    p = result.split_check.p_value
    if isinstance(p, float) and p < plan.sample_ratio_threshold:
        say("sample ratio", f"units were not split as planned (p = {p:.2g}): find out why first", p_value=p)
    if result.state == "extended":
        say("extended", "the experiment went on after its final look")
    elif result.state == "unplanned" and not isinstance(result, BayesianResult):
        say("unplanned look", "the plan holds no look here; wait for the next one")
    if any(before.acted and before.result.state in {"unplanned", "early"} for before in history):
        say("unplanned look", "somebody acted on a look that the plan does not hold")
    if result.state == "final":
        for effect in result.effects:
            if (
                not effect.segment
                and effect.role != "secondary"
                and not effect.defined
                and result.units.get(effect.variant)
            ):
                gone = effect.effect if isinstance(effect.effect, Undefined) else effect.interval.lower
                message = f"{quoted(effect.metric)} of {quoted(effect.variant)} is {gone} at the final look"
                say("undefined", message, effect.variant, effect.metric)
    return tuple(found)


@attrs.frozen(kw_only=True)
class _Sight:
    """What is known of one effect: whether it is surely above or below a number; positive is better."""

    effect: Effect
    threshold: float | None

    def above(self, x: float) -> bool:
        if isinstance(self.effect, BayesianEffect) and self.threshold is not None:
            return self.effect.chances.get(x, 0.0) >= self.threshold
        low = self.effect.bounds[0]
        return isinstance(low, float) and low > x

    def below(self, x: float) -> bool:
        if isinstance(self.effect, BayesianEffect) and self.threshold is not None:
            return 1.0 - self.effect.chances.get(x, 1.0) >= self.threshold
        high = self.effect.bounds[1]
        return isinstance(high, float) and high < x

    def said(self) -> str:
        low, high = self.effect.bounds
        if isinstance(low, Undefined) or isinstance(high, Undefined):
            return str(low)
        return f"[{low:+.2%}, {high:+.2%}]" if self.effect.relative else f"[{low:+.4g}, {high:+.4g}]"

    def numbers(self) -> dict[str, float]:
        low, high = self.effect.bounds
        return {"lower": low, "upper": high} if isinstance(low, float) and isinstance(high, float) else {}


def _variant(plan: Plan, result: Result, variant: str) -> VariantDecision:
    threshold = plan.looks.threshold if isinstance(plan.looks, Bayesian) else None
    goal = _Sight(effect=result.of("goal", variant)[0], threshold=threshold)
    margins = {metric.name: float(metric.margin or 0.0) for metric in plan.guardrails}
    rails = [(_Sight(effect=one, threshold=threshold), margins[one.metric]) for one in result.of("guardrail", variant)]
    row, reasons = _row(plan, result, variant, goal, rails)
    return VariantDecision(variant=variant, row=row, verdict=_VERDICT[row], reasons=reasons)


def _row(
    plan: Plan, result: Result, variant: str, goal: _Sight, rails: list[tuple[_Sight, float]]
) -> tuple[Row, tuple[Reason, ...]]:
    if result.state == "early":
        return "before the end", (_early(result, variant),)
    harm = _harm(variant, goal, rails)
    if harm:
        return "harm", harm
    if result.state == "safety":
        return "before the end", (_early(result, variant),)
    name, delta, w = plan.goal.name, plan.minimum_effect, plan.hurdle
    change = f"{quoted(name)} of {quoted(variant)} improved by {goal.said()}"
    cleared = all(sight.above(-margin) for sight, margin in rails)
    if goal.above(w) and not goal.below(delta) and cleared and not _loss_open(plan, goal):
        message = f"{change}, above {w:g}, and no guardrail suffered"
        return "win", (_reason("win", "win", variant, name, message, goal),)
    if goal.below(delta):
        if goal.above(0.0):
            message = f"{change}: real, but below the minimum of {delta:g}"
            return "ruled out", (_reason("ruled out", "too small", variant, name, message, goal),)
        message = f"{change}: the minimum of {delta:g} is ruled out"
        return "ruled out", (_reason("ruled out", "ruled out", variant, name, message, goal),)
    if _futile(plan, result, goal):
        message = f"{quoted(name)} of {quoted(variant)} crossed the futility boundary that the plan made binding"
        return "ruled out", (_reason("ruled out", "futility", variant, name, message, goal),)
    row: Row = "inconclusive" if result.state == "final" else "open"
    return row, _open(plan, row, variant, goal, rails)


def _reason(row: Row, kind: str, variant: str, metric: str, message: str, sight: _Sight) -> Reason:
    return Reason(row=row, kind=kind, variant=variant, metric=metric, message=message, numbers=sight.numbers())


def _early(result: Result, variant: str) -> Reason:
    share = result.information
    said = f", with {share:.0%} of its units" if isinstance(share, float) else ""
    message = f"the plan is not at its end{said}; nothing but harm at a safety look counts before"
    numbers = {"information": share} if isinstance(share, float) else {}
    return Reason(row="before the end", kind="before the end", variant=variant, message=message, numbers=numbers)


def _harm(variant: str, goal: _Sight, rails: list[tuple[_Sight, float]]) -> tuple[Reason, ...]:
    found = []
    if goal.below(0.0):
        name = goal.effect.metric
        message = f"{quoted(name)} of {quoted(variant)} got worse: {goal.said()}"
        found.append(_reason("harm", "harm", variant, name, message, goal))
    for sight, margin in rails:
        if sight.below(-margin):
            name = sight.effect.metric
            message = f"guardrail {quoted(name)} of {quoted(variant)} got worse by more than {margin:g}: {sight.said()}"
            found.append(_reason("harm", "guardrail harm", variant, name, message, sight))
    return tuple(found)


def _loss_open(plan: Plan, goal: _Sight) -> bool:
    limit = plan.looks.loss_limit if isinstance(plan.looks, Bayesian) else None
    if limit is None or not isinstance(goal.effect, BayesianEffect):
        return False
    loss = goal.effect.expected_loss
    return isinstance(loss, Undefined) or loss > limit


def _futile(plan: Plan, result: Result, goal: _Sight) -> bool:
    if not isinstance(result, GroupSequentialResult) or not getattr(plan.looks, "binding", False):
        return False
    gain, error = goal.effect.gain, goal.effect.standard_error
    bound = result.futility_boundary
    if isinstance(gain, Undefined) or isinstance(error, Undefined) or isinstance(bound, Undefined) or error == 0:
        return False
    return gain / error < bound


def _open(plan: Plan, row: Row, variant: str, goal: _Sight, rails: list[tuple[_Sight, float]]) -> tuple[Reason, ...]:
    found = []
    name, w = plan.goal.name, plan.hurdle
    if not goal.above(w):
        message = (
            f"{quoted(name)} of {quoted(variant)} is open: {goal.said()} does not settle whether it is above {w:g}"
        )
        found.append(_reason(row, "goal open", variant, name, message, goal))
    for sight, margin in rails:
        if not sight.above(-margin):
            rail = sight.effect.metric
            message = (
                f"guardrail {quoted(rail)} of {quoted(variant)} is open: {sight.said()} does not rule out -{margin:g}"
            )
            found.append(_reason(row, "guardrail open", variant, rail, message, sight))
    if _loss_open(plan, goal) and not found:
        message = f"the expected loss of shipping {quoted(variant)} is above the plan's limit"
        found.append(_reason(row, "loss open", variant, name, message, goal))
    return tuple(found)


def _chosen(each: tuple[VariantDecision, ...], result: Result) -> VariantDecision:
    """Of several variants: any victory (the largest estimate), else keep running, iterate, roll back."""
    for row in _ORDER:
        matching = [one for one in each if one.row == row]
        if row == "win" and matching:
            return max(matching, key=lambda one: _gain(result, one.variant))
        if matching:
            return matching[0]
    raise InvalidValueError("a plan compares at least one variant with control")


def _gain(result: Result, variant: str) -> float:
    gain = result.of("goal", variant)[0].gain
    return gain if isinstance(gain, float) else float("-inf")


def _curse_reason(variant: str, goal: Effect, curse: WinnersCurse) -> tuple[Reason, ...]:
    gain, corrected = goal.gain, curse.corrected
    if isinstance(gain, Undefined) or isinstance(corrected, Undefined):
        return ()
    at_minimum = curse.at_minimum
    message = f"a winner's estimate is too large: {gain:+.4g} was seen, about {corrected:+.4g} is to be expected" + (
        f" (were the truth the minimum effect, {at_minimum:.2f} times too large on average)"
        if isinstance(at_minimum, float)
        else ""
    )
    numbers = {"seen": gain, "corrected": corrected}
    return (
        Reason(row="win", kind="exaggeration", variant=variant, metric=goal.metric, message=message, numbers=numbers),
    )


def _false_victories(
    plan: Plan, looks: Bayesian, result: BayesianResult, chosen: VariantDecision
) -> tuple[Reason, ...]:
    rate = simulated_false_victories(plan, looks, result.of("goal", chosen.variant)[0], result.information)
    if isinstance(rate, Undefined):
        return ()
    times = f"{looks.looks} look{'s' if looks.looks > 1 else ''}"
    message = (
        f"a Bayesian plan promises no error rate: with {times} and no effect it "
        f"would declare a false victory in {rate:.1%} of simulated experiments"
    )
    return (Reason(row=chosen.row, kind="false victories", message=message, numbers={"rate": rate}),)
