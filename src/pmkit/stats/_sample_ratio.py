"""Whether units were split as planned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic, overload

import attrs
import numpy as np

from pmkit.stats._arrays import Arrays, Codes, FloatArray, Inputs, Number, Result, Scalar, finished, mark
from pmkit.stats._checks import SAME_NUMBERS
from pmkit.stats._special import chi_square_tail

__all__ = ["SampleRatio", "SequentialSampleRatio", "sample_ratio", "sequential_sample_ratio"]

LARGEST_COUNT = 1e15
SERIES_FROM = 20.0


@attrs.frozen(kw_only=True, hash=False)
class SampleRatio(Result[Number], Generic[Number]):
    """Pearson's test of the split.

    Attributes
    ----------
    statistic : float or ndarray
        Chi-square.
    p_value : float or ndarray
        Small when the split is not the planned one; 0.001 is a usual threshold.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> found = sample_ratio([[50123, 49877], [51000, 49000]], [1, 1])
    >>> found.statistic.round(2), (found.p_value < 0.001).tolist()
    (array([ 0.61, 40.  ]), [False, True])
    """

    statistic: Number = attrs.field(eq=SAME_NUMBERS)
    p_value: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


@attrs.frozen(kw_only=True, hash=False)
class SequentialSampleRatio(Result[Number], Generic[Number]):
    """A test of the split that may be looked at any time.

    Attributes
    ----------
    log_bayes_factor : float or ndarray
        Of some other split against the planned one.
    p_value : float or ndarray
        Always valid: the chance that it ever falls to a level is at most that level.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> found = sequential_sample_ratio([[44700, 45489], [51000, 49000]], [1, 1])
    >>> found.log_bayes_factor.round(2), (found.p_value < 0.001).tolist()
    (array([ 1.95, 16.98]), [False, True])
    """

    log_bayes_factor: Number = attrs.field(eq=SAME_NUMBERS)
    p_value: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


def _split(inputs: Inputs, observed: Arrays, expected: Arrays) -> tuple[FloatArray, FloatArray]:
    counts = inputs.number("observed", observed, lower=0, upper=LARGEST_COUNT, whole=True)
    ratio = inputs.number("expected", expected, above=0)
    for name, array in (("observed", counts), ("expected", ratio)):
        good = array.ndim > 0 and array.shape[-1] > 1
        inputs.require(np.array(good), f"{name} must have at least two variants along its last axis")
    counts, ratio = inputs.together(counts, ratio)
    return counts, ratio / ratio.sum(axis=-1, keepdims=True)


@overload
def sample_ratio(observed: Sequence[float], expected: Sequence[float]) -> SampleRatio[Scalar]: ...
@overload
def sample_ratio(observed: Arrays, expected: Arrays) -> SampleRatio[Scalar] | SampleRatio[FloatArray]: ...
def sample_ratio(observed: Arrays, expected: Arrays) -> SampleRatio[Scalar] | SampleRatio[FloatArray]:
    """Test whether units were split over the variants as planned.

    Parameters
    ----------
    observed : array, shape (..., variants)
        Units in each variant: whole numbers from 0 to 1e15.
    expected : array, shape (..., variants)
        The planned split in any unit (probabilities, weights, expected counts), above 0.

    Returns
    -------
    SampleRatio
        Of the leading shape; undefined where there are no units. Expected counts of five or more make Pearson's
        approximation good.

    Raises
    ------
    InvalidValueError
        For counts that are negative or not whole, weights that are not above 0, or fewer than two variants.

    References
    ----------
    Pearson (1900); Fabijan et al. (2019).

    Examples
    --------
    >>> result = sample_ratio([50123, 49877], [1, 1])
    >>> round(result.statistic, 5), round(result.p_value, 4)
    (0.60516, 0.4366)
    """
    inputs = Inputs("sample_ratio")
    counts, shares = _split(inputs, observed, expected)
    total = counts.sum(axis=-1)
    codes = np.zeros(total.shape, np.uint8)
    mark(codes, total == 0, "no data")
    wanted = shares * np.where(total == 0, 1.0, total)[..., None]
    statistic = (np.square(counts - wanted) / wanted).sum(axis=-1)
    tail = chi_square_tail(statistic, float(counts.shape[-1] - 1))
    return finished(SampleRatio, codes, {"statistic": np.asarray(statistic), "p_value": tail})


@overload
def sequential_sample_ratio(
    observed: Sequence[float], expected: Sequence[float], *, concentration: float = ...
) -> SequentialSampleRatio[Scalar]: ...
@overload
def sequential_sample_ratio(
    observed: Arrays, expected: Arrays, *, concentration: float = ...
) -> SequentialSampleRatio[Scalar] | SequentialSampleRatio[FloatArray]: ...
def sequential_sample_ratio(
    observed: Arrays, expected: Arrays, *, concentration: float = 10_000.0
) -> SequentialSampleRatio[Scalar] | SequentialSampleRatio[FloatArray]:
    """Test the split at any time, as often as wanted.

    The counts so far are compared under the planned split and under splits drawn from a Dirichlet distribution about
    it. Only totals matter, so the counts of the last day are enough.

    Parameters
    ----------
    observed : array, shape (..., variants)
        Units in each variant so far: whole numbers from 0 to 1e15.
    expected : array, shape (..., variants)
        The planned split in any unit, above 0.
    concentration : float
        How close to the plan the other splits are, from 0.01 to 1e9: the default of 10,000 is a spread of about
        half a percentage point in an even split.

    Returns
    -------
    SequentialSampleRatio
        Of the leading shape. The smallest p-value so far stays valid.

    Raises
    ------
    InvalidValueError
        For counts that are negative or not whole, weights that are not above 0, or fewer than two variants.

    References
    ----------
    Lindon and Malek (2022).

    Examples
    --------
    >>> result = sequential_sample_ratio([44700, 45489], [1, 1])
    >>> round(result.p_value, 4)
    0.1416
    """
    inputs = Inputs("sequential_sample_ratio")
    weight = inputs.number("concentration", concentration, lower=0.01, upper=1e9)
    inputs.require(np.array(weight.ndim == 0), "concentration must be one number")
    counts, shares = _split(inputs, observed, expected)
    before = shares * weight
    after = before + counts
    all_before, all_after = before.sum(axis=-1), after.sum(axis=-1)
    wanted = shares * all_after[..., None]
    excess = (after - wanted) / wanted
    with np.errstate(under="ignore"):
        divergence = wanted * ((1 + excess) * np.log1p(excess) - excess)
        spread = 0.5 * (np.log(before / after).sum(axis=-1) + np.log(all_after / all_before))
        corrections = (_stirling_rest(after) - _stirling_rest(before)).sum(axis=-1)
        corrections += _stirling_rest(all_before) - _stirling_rest(all_after)
        factor = divergence.sum(axis=-1) + spread + corrections
        p_value = np.exp(np.minimum(-factor, 0.0))
    codes = np.zeros(factor.shape, np.uint8)
    return finished(
        SequentialSampleRatio, codes, {"log_bayes_factor": np.asarray(factor), "p_value": np.asarray(p_value)}
    )


def _stirling_rest(x: FloatArray) -> FloatArray:
    """Return log Gamma(x) less Stirling's (x - 1/2) log x - x + log(2 pi) / 2, with all its digits at large x."""
    from scipy.special import gammaln

    large = np.maximum(x, SERIES_FROM)
    square = 1 / np.square(large)
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / large
    small = np.minimum(x, SERIES_FROM)
    direct = gammaln(small) - (small - 0.5) * np.log(small) + small - 0.5 * math.log(2 * math.pi)
    return np.where(x > SERIES_FROM, series, direct)
