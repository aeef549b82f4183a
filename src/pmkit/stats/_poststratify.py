"""Post-stratification: comparing arms stratum by stratum, weighted to the whole."""

from __future__ import annotations

from typing import cast

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.stats._arrays import FloatArray, Inputs, Number, Numbers, Scalar, level, mark
from pmkit.stats._comparison import Alternative, sidedness
from pmkit.stats._estimates import Arms, Question, RelativeInterval, paired_parts, welch_df
from pmkit.stats._means import MeanComparison, concluded, read_margin
from pmkit.stats._moments import Moments

__all__ = ["StratifiedComparison", "poststratify"]


@attrs.frozen(kw_only=True, eq=False)
class StratifiedComparison(MeanComparison[Number]):
    """The effect on a mean over strata; `control` and `treatment` are the weighted means.

    Attributes
    ----------
    strata : int
        Number of strata.

    Examples
    --------
    >>> from pmkit.stats import poststratify
    >>> control = Moments.from_rows([[1, 2, 3, 2], [11, 12, 13, 12]])
    >>> treatment = Moments.from_rows([[2, 3, 4, 3], [12, 13, 14, 13]])
    >>> found = poststratify(control, treatment)
    >>> found.strata, found.control, found.treatment
    (2, 7.0, 8.0)
    """

    strata: int


def poststratify(
    control: Moments[FloatArray],
    treatment: Moments[FloatArray],
    *,
    weights: Numbers | None = None,
    relative: bool = False,
    interval: RelativeInterval = "delta",
    confidence: float = 0.95,
    alternative: Alternative = "two-sided",
    margin: Numbers = 0.0,
) -> StratifiedComparison[Scalar] | StratifiedComparison[FloatArray]:
    """Compare means stratum by stratum, and weight the strata to the whole.

    What separates the strata (country, platform, last month's activity) no longer adds to the noise,
    nor does an accident in how many units of each stratum came into an arm.

    Parameters
    ----------
    control, treatment : Moments, shape (..., strata)
        The strata lie along the last axis.
    weights : array, shape (..., strata), optional
        Shares of the strata in the population, from 0 and not all 0; scaled to sum to 1. By
        default the shares seen in both arms together.
    relative, interval, confidence, alternative, margin
        As in `compare_means`.

    Returns
    -------
    StratifiedComparison
        Of shape ``(...)``. Undefined where a stratum with weight has fewer than two units in an arm.

    Raises
    ------
    InvalidValueError
        When there is no axis of strata, shapes do not fit, or an option is out of range.

    Notes
    -----
    Miratrix, Sekhon and Yu (2013); degrees of freedom by Satterthwaite (1946) over strata and arms.

    Examples
    --------
    >>> control = Moments.from_rows([[1, 2, 3, 2], [11, 12, 13, 12]])
    >>> treatment = Moments.from_rows([[2, 3, 4, 3], [12, 13, 14, 13]])
    >>> found = poststratify(control, treatment)
    >>> found.effect, round(found.standard_error, 3)
    (1.0, 0.408)
    """
    name = "poststratify"
    first, second = paired_parts(name, control, treatment)
    shape = np.broadcast_shapes(first.n.shape, second.n.shape)
    if not shape:
        raise InvalidValueError("poststratify: the moments need an axis of strata, the last")
    n = [np.broadcast_to(block.n, shape) for block in (first, second)]
    shares = _shares(weights, n[0] + n[1])
    question = Question.asked(
        relative=relative,
        interval=interval,
        confidence=level(confidence),
        alternative=sidedness(alternative),
        margin=read_margin(name, margin, shape[:-1]),
    )
    counted = shares > 0
    with np.errstate(all="ignore"):
        weighted = [
            np.where(counted, np.square(shares) * block.cross[0, 0] / block.n / (block.n - 1), 0.0)
            for block in (first, second)
        ]
        means = np.where(counted, shares * (first.means[0] + first.remainders[0]), 0.0).sum(axis=-1)
        gap = (second.means[0] - first.means[0]) + (second.remainders[0] - first.remainders[0])
        difference = np.where(counted, shares * gap, 0.0).sum(axis=-1)
        components = np.concatenate(weighted, axis=-1)
        freedom = np.concatenate([np.where(counted, count - 1, 1.0) for count in n], axis=-1)
        df = welch_df(list(np.moveaxis(components, -1, 0)), list(np.moveaxis(freedom, -1, 0)))
        variances = [np.asarray(parts.sum(axis=-1)) for parts in weighted]
    codes = np.zeros(shape[:-1], np.uint8)
    mark(codes, np.asarray(~counted.any(axis=-1)), "no data")
    mark(codes, np.asarray((counted & (np.minimum(*n) == 0)).any(axis=-1)), "no data")
    single = counted & (np.minimum(*n) < 2)  # noqa: PLR2004 - a variance needs two
    mark(codes, np.asarray(single.any(axis=-1)), "fewer than two units")
    mark(codes, ~np.isfinite(variances[0] + variances[1]), "the number is too large for a double")
    mark(codes, variances[0] + variances[1] <= 0, "no variance")
    arms = Arms(means, difference, variances[0], variances[0] + variances[1], -variances[0], df, codes)
    return cast(
        "StratifiedComparison[FloatArray]",
        concluded(StratifiedComparison, arms, question, cuped=False, strata=shape[-1]),
    )


def _shares(weights: Numbers | None, units: FloatArray) -> FloatArray:
    if weights is None:
        given = units
    else:
        inputs = Inputs("poststratify")
        read = inputs.number("weights", weights, lower=0)
        inputs.done()
        try:
            given = np.broadcast_to(read, units.shape)
        except ValueError:
            message = f"poststratify: weights of shape {read.shape} do not fit strata of shape {units.shape}"
            raise InvalidValueError(message) from None
        inputs.require(given.sum(axis=-1) > 0, "weights must not all be 0")
        inputs.done()
    total = given.sum(axis=-1, keepdims=True)
    return np.where(total > 0, given / np.where(total > 0, total, 1.0), 0.0)
