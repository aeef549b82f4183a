"""Comparing ratio metrics, clustered metrics, strata, and estimates that come from elsewhere."""

from __future__ import annotations

from typing import overload

import attrs
import numpy as np

from pmkit.stats._arrays import FloatArray, Inputs, Number, Numbers, Scalar, finished, level, mark
from pmkit.stats._comparison import Alternative, Comparison, sidedness
from pmkit.stats._estimates import (
    Arms,
    Distribution,
    Question,
    RelativeInterval,
    adjusts,
    inferred,
    paired_parts,
    ratio_arms,
)
from pmkit.stats._means import MeanComparison, concluded, read_margin
from pmkit.stats._moments import Moments

__all__ = ["EstimateComparison", "RatioComparison", "compare_estimates", "compare_ratios"]


@attrs.frozen(kw_only=True, eq=False)
class RatioComparison(MeanComparison[Number]):
    """The effect of a treatment on a ratio of means; `control` and `treatment` are the ratios.

    Examples
    --------
    >>> from pmkit.stats import compare_ratios
    >>> control = Moments.from_rows([1, 2, 0, 3], denominator=[4, 5, 2, 6])
    >>> treatment = Moments.from_rows([2, 2, 1, 4], denominator=[4, 5, 2, 6])
    >>> found = compare_ratios(control, treatment)
    >>> round(found.control, 3), round(found.treatment, 3), round(found.effect, 3)
    (0.353, 0.529, 0.176)
    """


@attrs.frozen(kw_only=True, eq=False)
class EstimateComparison(Comparison[Number]):
    """The effect between two estimates that were made elsewhere; see `Comparison` for the shared fields.

    Attributes
    ----------
    statistic : float, Undefined or ndarray
        Distance of the effect from none, in standard errors.
    df : float, Undefined or ndarray
        Degrees of freedom that were given.

    Examples
    --------
    >>> from pmkit.stats import compare_estimates
    >>> found = compare_estimates(0.10, 9e-5, 0.12, 1.056e-4, df=1998)
    >>> round(found.effect, 4), round(found.statistic, 3), found.df
    (0.02, 1.43, 1998.0)
    """

    statistic: Number
    df: Number


@overload
def compare_ratios(
    control: Moments[Scalar],
    treatment: Moments[Scalar],
    *,
    relative: bool = ...,
    interval: RelativeInterval = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
    margin: float = ...,
    distribution: Distribution = ...,
    cuped: bool | None = ...,
) -> RatioComparison[Scalar]: ...
@overload
def compare_ratios(
    control: Moments[FloatArray],
    treatment: Moments[Scalar | FloatArray],
    *,
    relative: bool = ...,
    interval: RelativeInterval = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
    margin: Numbers = ...,
    distribution: Distribution = ...,
    cuped: bool | None = ...,
) -> RatioComparison[FloatArray]: ...
@overload
def compare_ratios(
    control: Moments[Scalar | FloatArray],
    treatment: Moments[Scalar | FloatArray],
    *,
    relative: bool = ...,
    interval: RelativeInterval = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
    margin: Numbers = ...,
    distribution: Distribution = ...,
    cuped: bool | None = ...,
) -> RatioComparison[Scalar | FloatArray]: ...
def compare_ratios(
    control: Moments[Scalar | FloatArray],
    treatment: Moments[Scalar | FloatArray],
    *,
    relative: bool = False,
    interval: RelativeInterval = "delta",
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
    margin: Numbers = 0.0,
    distribution: Distribution = "t",
    cuped: bool | None = None,
) -> RatioComparison[Scalar | FloatArray]:
    """Compare ratios of means, such as clicks per page view, where users are randomized.

    Parameters
    ----------
    control, treatment : Moments
        With a value and a denominator, unit by unit; shapes broadcast.
    relative, interval, confidence, alternative, margin, distribution
        As in `compare_means`.
    cuped : bool or None
        Adjust by the covariate, or by the ratio of the covariate to its denominator where the
        moments have one; None adjusts when both arms have a covariate.

    Returns
    -------
    RatioComparison
        Undefined where a denominator's mean is zero, and as in `compare_means`.

    Raises
    ------
    InvalidValueError
        When the moments lack a part, shapes do not fit, or an option is out of range.

    Notes
    -----
    Delta method of Deng, Knoblich and Lu (2018), section 3; CUPED on the linearized ratios as in
    Deng, Xu, Kohavi and Walker (2013), appendix B, with the slope pooled within the arms.

    Examples
    --------
    >>> control = Moments.from_rows([1, 2, 0, 3], denominator=[4, 5, 2, 6])
    >>> treatment = Moments.from_rows([2, 2, 1, 4], denominator=[4, 5, 2, 6])
    >>> round(compare_ratios(control, treatment).effect, 4)
    0.1765
    """
    name = "compare_ratios"
    adjusted = adjusts(name, cuped, control, treatment)
    needs: list[str] = ["denominator"]
    if adjusted:
        needs.append("covariate")
        if "covariate_denominator" in control.parts or "covariate_denominator" in treatment.parts:
            needs.append("covariate_denominator")
    first, second = paired_parts(name, control, treatment, *needs)
    shape = np.broadcast_shapes(first.n.shape, second.n.shape)
    question = Question.asked(
        relative=relative,
        interval=interval,
        confidence=level(confidence),
        alternative=sidedness(alternative),
        margin=read_margin(name, margin, shape),
        distribution=distribution,
    )
    arms = ratio_arms(first, second, covariates=len(needs) - 1)
    return concluded(RatioComparison, arms, question, cuped=adjusted)


@overload
def compare_estimates(
    control: float,
    control_variance: float,
    treatment: float,
    treatment_variance: float,
    *,
    df: float = ...,
    relative: bool = ...,
    interval: RelativeInterval = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> EstimateComparison[Scalar]: ...
@overload
def compare_estimates(
    control: Numbers,
    control_variance: Numbers,
    treatment: Numbers,
    treatment_variance: Numbers,
    *,
    df: Numbers = ...,
    relative: bool = ...,
    interval: RelativeInterval = ...,
    confidence: float = ...,
    alternative: Alternative = ...,
) -> EstimateComparison[Scalar | FloatArray]: ...
def compare_estimates(
    control: Numbers,
    control_variance: Numbers,
    treatment: Numbers,
    treatment_variance: Numbers,
    *,
    df: Numbers = np.inf,
    relative: bool = False,
    interval: RelativeInterval = "delta",
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
) -> EstimateComparison[Scalar | FloatArray]:
    """Compare two independent, roughly normal estimates by their variances, however they were made.

    Parameters
    ----------
    control, treatment : float or array
        The estimates.
    control_variance, treatment_variance : float or array
        Squared standard errors of the estimates, from 0.
    df : float or array
        Degrees of freedom of the variances, above 0; infinite for the normal.
    relative, interval, confidence, alternative
        As in `compare_means`.

    Returns
    -------
    EstimateComparison
        Undefined where both variances are 0, and, for relative effects, where the control is
        within noise of zero.

    Raises
    ------
    InvalidValueError
        When an argument is out of range.

    Notes
    -----
    Relative intervals: delta and log-delta method; Fieller (1954).

    Examples
    --------
    >>> found = compare_estimates(0.10, 9e-5, 0.12, 1.056e-4, df=1998, relative=True, interval="fieller")
    >>> print(f"{found.interval.lower:.4f} to {found.interval.upper:.4f}")
    -0.0661 to 0.5521
    """
    inputs = Inputs("compare_estimates")
    first = inputs.number("control", control)
    second = inputs.number("treatment", treatment)
    variances = [
        inputs.number("control_variance", control_variance, lower=0),
        inputs.number("treatment_variance", treatment_variance, lower=0),
    ]
    freedom = inputs.convert("df", df)
    freedom = np.ones(()) if freedom is None else freedom
    inputs.require(freedom > 0, "df must be above 0")
    inputs.shapes["df"] = freedom.shape
    first, second, *variances, freedom = inputs.together(first, second, *variances, freedom)
    question = Question.asked(
        relative=relative,
        interval=interval,
        confidence=level(confidence),
        alternative=sidedness(alternative),
        margin=0.0,
    )
    codes = np.zeros(first.shape, np.uint8)
    mark(codes, variances[0] + variances[1] <= 0, "no variance")
    found = inferred(
        Arms(first, second - first, variances[0], variances[0] + variances[1], -variances[0], freedom, codes), question
    )
    return finished(
        EstimateComparison,
        found.codes,
        {
            "effect": found.effect,
            "standard_error": found.standard_error,
            "interval": found.interval,
            "p_value": found.p_value,
            "statistic": found.statistic,
            "df": found.df,
        },
        unbounded=("df",),
        confidence=question.confidence,
        alternative=question.alternative,
        relative=question.relative,
        method=question.interval if question.relative else "t",
    )
