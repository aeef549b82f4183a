"""`Comparison`: the effect of a treatment against a control, with its interval and p-value."""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np

from pmkit.model import Interval
from pmkit.stats._arrays import (
    Codes,
    FloatArray,
    Number,
    Result,
    Scalar,
    choice,
)
from pmkit.stats._special import t_quantile, t_tail

__all__ = ["ALTERNATIVES", "Alternative", "Comparison", "bounds", "critical", "p_values", "sidedness"]

Alternative = Literal["two-sided", "greater", "less"]
ALTERNATIVES: tuple[Alternative, ...] = ("two-sided", "greater", "less")


@attrs.frozen(kw_only=True, eq=False)
class Comparison(Result[Number]):
    """The effect of a treatment against a control.

    Numbers are Python floats when all that was compared were single groups, and arrays otherwise;
    ``comparison[i]`` gives the comparison at one place.

    Attributes
    ----------
    effect : float, Undefined or ndarray
        Treatment minus control, in the metric's unit; relative to the size of the control's value when `relative`.
    standard_error : float, Undefined or ndarray
        Of the effect, in the same unit.
    interval : Interval
        Confidence interval of the effect; one bound is infinite when the alternative is one-sided.
    p_value : float, Undefined or ndarray
        Probability of an estimate at least this far from no effect (or from the margin) when there is none.
    confidence : float
        Level of the interval, such as 0.95.
    alternative : str
        ``"two-sided"``, ``"greater"`` or ``"less"``.
    relative : bool
        Whether the effect is a share of the control's value.
    method : str
        How the interval was computed.
    undefined : int or array of int
        Reason codes (places in `pmkit.model.REASONS`): 0 where the numbers are defined.

    Examples
    --------
    >>> from pmkit.stats import compare_proportions
    >>> one = compare_proportions(20, 1000, 30, 1000)
    >>> print(f"{one.effect:.3f} from {one.interval.lower:.3f} to {one.interval.upper:.3f}, p = {one.p_value:.3f}")
    0.010 from -0.004 to 0.024, p = 0.152
    >>> several = compare_proportions(20, 1000, [20, 30, 45], 1000)
    >>> several.effect.round(3), round(several[2].p_value, 4)
    (array([0.   , 0.01 , 0.025]), 0.0016)
    """

    effect: Number
    standard_error: Number
    interval: Interval[Number]
    p_value: Number
    confidence: float
    alternative: Alternative
    relative: bool
    method: str
    undefined: int | Codes

    def summary(self) -> str:
        """Say the result in words, a line for each place.

        Returns
        -------
        str

        Examples
        --------
        >>> from pmkit.stats import compare_proportions
        >>> print(compare_proportions(100, 1000, 120, 1000).summary())
        effect +0.02 (95 % interval from -0.00749 to 0.0476), p = 0.153
        """
        return "\n".join(_sentence(row, self) for row in self.to_dicts())


def _sentence(row: dict[str, object], comparison: Comparison[Scalar | FloatArray]) -> str:
    place = f"{row['index']}: " if "index" in row else ""
    effect, p_value, lower, upper = (row[name] for name in ("effect", "p_value", "lower", "upper"))
    if not isinstance(effect, float):
        return f"{place}{effect}"
    scale, unit = (100.0, " %") if comparison.relative else (1.0, "")
    shown = [f"{scale * value:.3g}" for value in (lower, upper) if isinstance(value, float)]
    level = f"{100 * comparison.confidence:g} % interval from {shown[0]} to {shown[1]}{unit}"
    return f"{place}effect {scale * effect:+.3g}{unit} ({level}), p = {p_value:.3g}"


def sidedness(alternative: object) -> Alternative:
    """Want one of the three alternatives."""
    word = choice(alternative, ALTERNATIVES, "alternative")
    return next(known for known in ALTERNATIVES if known == word)


def critical(confidence: float, alternative: Alternative, df: FloatArray | float) -> FloatArray:
    """Return the quantile of t that an interval reaches out by."""
    tail = 1 - confidence
    return t_quantile(tail / 2 if alternative == "two-sided" else tail, df)


def p_values(statistic: FloatArray, df: FloatArray | float, alternative: Alternative) -> FloatArray:
    """Return the probability of a statistic at least as far out."""
    if alternative == "two-sided":
        return np.minimum(2 * t_tail(np.abs(statistic), df), 1.0)
    return t_tail(statistic if alternative == "greater" else -statistic, df)


def bounds(lower: FloatArray, upper: FloatArray, alternative: Alternative) -> Interval[FloatArray]:
    """Open the side that a one-sided interval does not bound."""
    if alternative == "greater":
        upper = np.full(np.shape(upper), np.inf)
    elif alternative == "less":
        lower = np.full(np.shape(lower), -np.inf)
    return Interval(np.asarray(lower), np.asarray(upper))
