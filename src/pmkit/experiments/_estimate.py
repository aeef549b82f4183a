"""One metric of one variant against control: an effect with its error, by the metric's kind."""

from __future__ import annotations

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._measurements import EVERYONE, Measurements
from pmkit.experiments._metrics import Metric, Proportion, Quantile
from pmkit.experiments._results import CovariateCheck
from pmkit.model import Interval, Undefined, quoted
from pmkit.stats import Distribution, MeanComparison, Moments, RatioComparison, RelativeInterval

__all__ = ["Estimate", "check_covariate", "counted", "estimate", "is_ratio"]

_RELATIVE: dict[str, RelativeInterval] = {"delta": "delta", "log-delta": "log-delta", "fieller": "fieller"}
_UNBALANCED = 0.001
Number = float | Undefined


@attrs.frozen(kw_only=True)
class Estimate:
    """An effect before any plan has judged it."""

    control: Number
    treatment: Number
    effect: Number
    standard_error: Number
    interval: Interval[Number]
    p_value: Number


def _none(reason: str) -> Estimate:
    gone = Undefined(reason)
    return Estimate(
        control=gone,
        treatment=gone,
        effect=gone,
        standard_error=gone,
        interval=Interval(gone, gone),
        p_value=gone,
    )


def estimate(
    metric: Metric,
    measured: Measurements,
    pair: tuple[str, str],
    *,
    segment: str = EVERYONE,
    confidence: float,
    exact: bool,
    cuped: bool,
) -> Estimate:
    """Estimate the effect of the second of two variants against the first.

    `exact` asks for the fixed-horizon method (Welch's t, Newcombe); otherwise the normal one that sequential
    boundaries are made for.
    """
    if measured.units.get(pair[0], 0) == 0 or measured.units.get(pair[1], 0) == 0:
        return _none("no data")
    if isinstance(metric, Quantile):
        return _quantile(metric, measured, pair, segment, confidence)
    arms = [measured.moments.get((metric.name, variant, segment)) for variant in pair]
    if arms[0] is None or arms[1] is None:
        if segment != EVERYONE:
            return _none("no data")
        lost = [variant for variant, arm in zip(pair, arms, strict=True) if arm is None]
        names = ", ".join(quoted(variant) for variant in lost)
        raise InvalidValueError(f"the measurements hold no {quoted(metric.name)} for {names}; collect it first")
    plain = isinstance(metric, Proportion) and not is_ratio(arms[0])
    if isinstance(metric, Proportion) and plain and exact and not metric.relative and not cuped:
        return _proportion(metric, arms[0], arms[1], confidence)
    return _mean_or_ratio(metric, arms[0], arms[1], confidence, exact=exact, cuped=cuped)


def _proportion(
    metric: Proportion, control: Moments[Number], treatment: Moments[Number], confidence: float
) -> Estimate:
    from pmkit.stats import compare_proportions

    counts = [counted(arm) for arm in (control, treatment) if arm.n]
    if len(counts) < 2:  # noqa: PLR2004 - two arms
        return _none("no data")
    found = compare_proportions(*counts[0], *counts[1], method=metric.interval, confidence=confidence)  # type: ignore[arg-type]  # a proportion's interval is one of its methods
    return Estimate(
        control=counts[0][0] / counts[0][1],
        treatment=counts[1][0] / counts[1][1],
        effect=found.effect,
        standard_error=found.standard_error,
        interval=found.interval,
        p_value=found.p_value,
    )


def is_ratio(arm: Moments[Number]) -> bool:
    """Say whether moments are those of a ratio: of a ratio metric, or of any metric whose rows come in clusters."""
    return "denominator" in arm.parts


def counted(arm: Moments[Number]) -> tuple[int, int]:
    """Return successes and trials of a proportion's moments."""
    return round(_plain(arm.n) * _plain(arm.mean)), round(_plain(arm.n))


def _plain(number: Number) -> float:
    return 0.0 if isinstance(number, Undefined) else float(number)


def _mean_or_ratio(
    metric: Metric,
    control: Moments[Number],
    treatment: Moments[Number],
    confidence: float,
    *,
    exact: bool,
    cuped: bool,
) -> Estimate:
    from pmkit.stats import compare_means, compare_ratios

    distribution: Distribution = "t" if exact else "normal"
    found: MeanComparison[Number] | RatioComparison[Number]
    if is_ratio(control):
        found = compare_ratios(
            control,
            treatment,
            relative=metric.relative,
            confidence=confidence,
            distribution=distribution,
            cuped=cuped,
        )
    else:
        found = compare_means(
            control,
            treatment,
            relative=metric.relative,
            interval=_RELATIVE.get(metric.interval, "delta") if exact else "delta",
            confidence=confidence,
            distribution=distribution,
            cuped=cuped,
        )
    return Estimate(
        control=found.control,
        treatment=found.treatment,
        effect=found.effect,
        standard_error=found.standard_error,
        interval=found.interval,
        p_value=found.p_value,
    )


def _quantile(
    metric: Quantile, measured: Measurements, pair: tuple[str, str], segment: str, confidence: float
) -> Estimate:
    from pmkit.stats import compare_estimates

    arms = [measured.estimates.get((metric.name, variant, segment)) for variant in pair]
    if arms[0] is None or arms[1] is None:
        if segment == EVERYONE:
            raise InvalidValueError(f"the measurements hold no estimate of {quoted(metric.name)}; collect it first")
        return _none("no data")
    found = compare_estimates(
        arms[0].value,
        arms[0].standard_error ** 2,
        arms[1].value,
        arms[1].standard_error ** 2,
        relative=metric.relative,
        confidence=confidence,
    )
    return Estimate(
        control=arms[0].value,
        treatment=arms[1].value,
        effect=found.effect,
        standard_error=found.standard_error,
        interval=found.interval,
        p_value=found.p_value,
    )


def check_covariate(metric: Metric, measured: Measurements, pair: tuple[str, str]) -> CovariateCheck | None:
    """Say whether a metric's covariate may be used for a variant; None when it has none."""
    from pmkit.stats import compare_means, compare_ratios

    arms = [measured.moments.get((metric.name, variant, EVERYONE)) for variant in pair]
    if metric.covariate is None or arms[0] is None or arms[1] is None:
        return None
    control, treatment = arms[0], arms[1]
    if not all("covariate" in arm.parts for arm in (control, treatment)):
        gone = Undefined("a needed number is missing")
        return CovariateCheck(
            metric=metric.name,
            variant=pair[1],
            balance_p_value=gone,
            variance_reduction=gone,
            used=False,
            reason="the covariate was not collected",
        )
    balance = compare_means(control.part("covariate"), treatment.part("covariate")).p_value
    compare = compare_ratios if is_ratio(control) else compare_means
    plain = compare(control, treatment, cuped=False).standard_error
    sharp = compare(control, treatment, cuped=True).standard_error
    reduction: Number = Undefined("no variance")
    if not isinstance(plain, Undefined) and not isinstance(sharp, Undefined) and plain > 0:
        reduction = 1 - (sharp / plain) ** 2
    reason = ""
    if not isinstance(balance, Undefined) and balance < _UNBALANCED:
        reason = "the variants differed in the covariate before the experiment"
    elif isinstance(reduction, Undefined) or reduction <= 0:
        reason = "the covariate does not sharpen the effect"
    return CovariateCheck(
        metric=metric.name,
        variant=pair[1],
        balance_p_value=balance,
        variance_reduction=reduction,
        used=not reason,
        reason=reason,
    )
