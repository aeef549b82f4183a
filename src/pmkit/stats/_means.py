"""Comparing means and ratios of two arms from their moments."""

from __future__ import annotations

from typing import TypeVar, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval
from pmkit.stats._arrays import FloatArray, Inputs, Number, Numbers, Scalar, finished, level
from pmkit.stats._comparison import Alternative, Comparison, sidedness
from pmkit.stats._estimates import (
    Arms,
    Distribution,
    Question,
    RelativeInterval,
    adjusts,
    inferred,
    mean_arms,
    paired_parts,
)
from pmkit.stats._moments import Moments

__all__ = ["MeanComparison", "compare_means", "read_margin"]


@attrs.frozen(kw_only=True, eq=False)
class MeanComparison(Comparison[Number]):
    """The effect of a treatment on a mean; see `Comparison` for the fields that all comparisons share.

    Attributes
    ----------
    statistic : float, Undefined or ndarray
        Distance of the estimate from no effect (or the margin), in standard errors.
    df : float, Undefined or ndarray
        Degrees of freedom of the statistic (Welch-Satterthwaite); infinite for the normal.
    control, treatment : float, Undefined or ndarray
        The control's mean as it was seen, and that mean plus the (adjusted) difference.
    margin : float or ndarray
        Non-inferiority margin, in the unit of the effect.
    cuped : bool
        Whether the means are adjusted by a covariate.

    Examples
    --------
    >>> from pmkit.stats import compare_means
    >>> control, treatment = Moments.from_rows([1, 2, 3, 4]), Moments.from_rows([3, 4, 5, 8])
    >>> found = compare_means(control, treatment, margin=1, alternative="greater")
    >>> found.control, found.treatment, found.effect
    (2.5, 5.0, 2.5)
    >>> round(found.statistic, 3), round(found.df, 2), found.margin, found.cuped
    (2.782, 4.9, 1.0, False)
    """

    statistic: Number
    df: Number
    control: Number
    treatment: Number
    margin: float | FloatArray
    cuped: bool


Kind = TypeVar("Kind", bound="Comparison[Scalar | FloatArray]")


def read_margin(function: str, margin: object, shape: tuple[int, ...]) -> FloatArray:
    """Want margins from 0 up whose shape fits the comparison."""
    inputs = Inputs(function)
    array = inputs.number("margin", margin, lower=0)
    inputs.done()
    try:
        np.broadcast_to(array, shape)
    except ValueError:
        message = f"{function}: the margin's shape {array.shape} does not fit the comparison's {shape}"
        raise InvalidValueError(message) from None
    return array


def concluded(cls: type[Kind], arms: Arms, question: Question, **others: object) -> Kind:
    """Build the result of a comparison of two estimates."""
    found = inferred(arms, question)
    shape = found.codes.shape
    margin = np.asarray(question.margin, np.float64)
    numbers: dict[str, FloatArray | Interval[FloatArray]] = {
        "effect": found.effect,
        "standard_error": found.standard_error,
        "interval": found.interval,
        "p_value": found.p_value,
        "statistic": found.statistic,
        "df": found.df,
        "control": arms.control,
        "treatment": arms.treatment,
    }
    return finished(
        cls,
        found.codes,
        numbers,
        unbounded=("df",),
        confidence=question.confidence,
        alternative=question.alternative,
        relative=question.relative,
        method=question.method,
        margin=np.broadcast_to(margin, shape).copy() if margin.ndim else float(margin),
        **others,
    )


@overload
def compare_means(
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
) -> MeanComparison[Scalar]: ...
@overload
def compare_means(
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
) -> MeanComparison[FloatArray]: ...
@overload
def compare_means(
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
) -> MeanComparison[Scalar | FloatArray]: ...
def compare_means(
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
) -> MeanComparison[Scalar | FloatArray]:
    """Compare the means of two arms, absolutely or relative to the control's.

    Parameters
    ----------
    control, treatment : Moments
        Of any shapes that broadcast: experiments x segments x variants.
    relative : bool
        Whether the effect is (treatment - control) / abs(control).
    interval : {"delta", "log-delta", "fieller"}
        How a relative interval is computed: symmetric about the estimate; symmetric in the log of
        the ratio (needs means of one sign); or exact for normal means (Fieller 1954).
    confidence : float
        Level of the interval, between 0 and 1.
    alternative : {"two-sided", "greater", "less"}
        Which effects count; a one-sided interval is bounded on one side only.
    margin : float or array
        Non-inferiority margin, from 0, in the effect's unit (a share when relative): with
        "greater" the p-value tests that the effect is above -margin, with "less" below margin.
    distribution : {"t", "normal"}
        Welch's t, which needs no equal variances, or z for large samples.
    cuped : bool or None
        Adjust by the covariate (Deng, Xu, Kohavi and Walker 2013), with the slope pooled within
        the arms; None adjusts when both arms have one. A relative effect stays relative to the
        control's mean as it was seen; the covariance of both is accounted for.

    Returns
    -------
    MeanComparison
        Undefined without two units an arm, without variance, and, for relative effects, where the
        control's mean is within noise of zero: not further from it than its own interval reaches.

    Raises
    ------
    InvalidValueError
        For what are no moments, shapes that do not fit, or an option out of range.

    Notes
    -----
    Welch (1947) with Satterthwaite's degrees of freedom; delta method: Deng, Knoblich and Lu (2018).

    Examples
    --------
    >>> control = Moments.from_summary(1000, 20.0, 100.0)
    >>> treatment = Moments.from_summary(1000, 21.0, 110.0)
    >>> result = compare_means(control, treatment, relative=True)
    >>> print(f"{result.effect:.3f} from {result.interval.lower:.3f} to {result.interval.upper:.3f}")
    0.050 from 0.004 to 0.096
    >>> compare_means(Moments.from_rows([5, 5]), Moments.from_rows([5, 5])).p_value
    Undefined('no variance')
    """
    name = "compare_means"
    adjusted = adjusts(name, cuped, control, treatment)
    first, second = paired_parts(name, control, treatment, *(("covariate",) if adjusted else ()))
    shape = np.broadcast_shapes(first.n.shape, second.n.shape)
    question = Question.asked(
        relative=relative,
        interval=interval,
        confidence=level(confidence),
        alternative=sidedness(alternative),
        margin=read_margin(name, margin, shape),
        distribution=distribution,
    )
    return concluded(MeanComparison, mean_arms(first, second, adjusted=adjusted), question, cuped=adjusted)
