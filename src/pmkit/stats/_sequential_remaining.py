"""How much more data a running experiment needs."""

from __future__ import annotations

from typing import Generic, Literal, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.stats._always_valid import sequence_halfwidths
from pmkit.stats._arrays import (
    Codes,
    FloatArray,
    Inputs,
    Number,
    Numbers,
    Result,
    Scalar,
    choice,
    finished,
    level,
    mark,
)
from pmkit.stats._checks import SAME_NUMBERS, checked_pair
from pmkit.stats._special import normal_quantile, normal_tail

__all__ = ["RemainingSample", "remaining_sample"]

RemainingMethod = Literal["fixed", "confidence-sequence", "bayesian"]
METHODS = ("fixed", "confidence-sequence", "bayesian")
MOST_DOUBLINGS = 60
BISECTIONS = 80


@attrs.frozen(kw_only=True, hash=False)
class RemainingSample(Result[Number], Generic[Number]):
    """What a running experiment still needs.

    Attributes
    ----------
    scaling : float or ndarray
        Units to come, as a multiple of the units so far; 0 when there are enough.
    units : float or ndarray
        Units to come.
    power : float or ndarray
        The power that the units so far have.
    undefined : int or ndarray of uint8
        0, or the code of the reason.

    Examples
    --------
    >>> from pmkit.stats import remaining_sample
    >>> found = remaining_sample(0.0917, 1000, effect=0.05)
    >>> round(found.units), round(found.units / found.scaling), round(found.power, 3)
    (25400, 1000, 0.085)
    """

    scaling: Number = attrs.field(eq=SAME_NUMBERS)
    units: Number = attrs.field(eq=SAME_NUMBERS)
    power: Number = attrs.field(eq=SAME_NUMBERS)
    undefined: int | Codes = attrs.field(eq=SAME_NUMBERS)


@attrs.frozen(eq=False)
class _Case:
    """One problem at every place: the power when the sample grows to (1 + scaling) times what it is."""

    error: FloatArray
    effect: FloatArray
    n: FloatArray
    planned: FloatArray
    prior_mean: FloatArray
    prior_sd: FloatArray
    rate: float
    method: str

    def power(self, scaling: FloatArray) -> FloatArray:
        error = self.error / np.sqrt(1 + scaling)
        if self.method == "confidence-sequence":
            bound = sequence_halfwidths(self.n * (1 + scaling), self.planned, self.rate)
        else:
            bound = np.full(error.shape, float(normal_quantile(self.rate / 2)))
        with np.errstate(over="ignore", under="ignore"):
            shift, gain = self.effect / error, np.zeros(error.shape)
            if self.method == "bayesian":
                ratio = np.square(error / self.prior_sd)
                bound = bound * np.sqrt(1 + ratio)
                gain = error * self.prior_mean / np.square(self.prior_sd)
            return np.asarray(normal_tail(bound - gain - shift) + normal_tail(bound + gain + shift))


@overload
def remaining_sample(
    standard_error: float,
    n: float,
    *,
    effect: float,
    alpha: float = ...,
    power: float = ...,
    method: RemainingMethod = ...,
    planned_n: float = ...,
    prior: tuple[float, float] | None = ...,
) -> RemainingSample[Scalar]: ...
@overload
def remaining_sample(
    standard_error: Numbers,
    n: Numbers,
    *,
    effect: Numbers,
    alpha: float = ...,
    power: float = ...,
    method: RemainingMethod = ...,
    planned_n: Numbers = ...,
    prior: tuple[Numbers, Numbers] | None = ...,
) -> RemainingSample[Scalar] | RemainingSample[FloatArray]: ...
def remaining_sample(
    standard_error: Numbers,
    n: Numbers,
    *,
    effect: Numbers,
    alpha: float = 0.05,
    power: float = 0.8,
    method: RemainingMethod = "fixed",
    planned_n: Numbers = 5000.0,
    prior: tuple[Numbers, Numbers] | None = None,
) -> RemainingSample[Scalar] | RemainingSample[FloatArray]:
    """Say how many more units an experiment needs to find an effect, given how noisy it has turned out.

    Parameters
    ----------
    standard_error : float or array, broadcast with the others
        Of the effect so far, at least 0, in the unit of `effect`.
    n : float or array
        Units so far, in both arms together, above 0.
    effect : float or array
        The effect to be found, not 0 (only its size counts); not the one that was observed.
    alpha : float
        Two-sided error rate, above 0 and below 1.
    power : float
        Above 0 and below 1.
    method : str
        ``"fixed"`` (one test at the end), ``"confidence-sequence"`` (looks at any time) or ``"bayesian"`` (the
        credible interval of a normal posterior).
    planned_n : float or array
        Tuning of the confidence sequence, above 0.
    prior : (float or array, float or array), optional
        Mean and standard deviation of a normal prior on the effect, for ``"bayesian"``; None is flat.

    Returns
    -------
    RemainingSample
        Undefined where the standard error is 0, or where no sample of up to 1e18 times this one is enough.

    Raises
    ------
    InvalidValueError
        For a number that is out of range, or a prior without ``method="bayesian"``.

    References
    ----------
    The power of a normal test (Cohen 1988) with the variance seen so far; Waudby-Smith et al. (2021) for the
    sequence.

    Examples
    --------
    >>> result = remaining_sample(0.0917, 1000, effect=0.05)
    >>> round(result.scaling, 2), round(result.power, 3)
    (25.4, 0.085)
    """
    inputs = Inputs("remaining_sample")
    chosen = choice(method, METHODS, "method")
    if prior is not None and chosen != "bayesian":
        raise InvalidValueError(f"a prior needs method='bayesian', not {quoted(chosen)}")
    mean, deviation = (0.0, 1.0) if prior is None else checked_pair("prior", prior, "a mean and a standard deviation")
    raw = (
        inputs.number("standard_error", standard_error, lower=0),
        inputs.number("n", n, above=0),
        inputs.number("effect", effect),
        inputs.number("planned_n", planned_n, above=0),
        inputs.number("prior mean", mean),
        inputs.number("prior standard deviation", deviation, above=0),
    )
    inputs.require(raw[2] != 0, "effect must not be 0: no sample finds nothing")
    error, units, size, planned, prior_mean, prior_sd = inputs.together(*raw)
    kind = "fixed" if prior is None and chosen == "bayesian" else chosen
    codes = np.zeros(error.shape, np.uint8)
    mark(codes, error == 0, "no variance")
    case = _Case(
        np.where(error == 0, 1.0, error),
        np.abs(size),
        units,
        planned,
        prior_mean,
        prior_sd,
        level(alpha, "alpha"),
        kind,
    )
    scaling, enough = _least_scaling(case, level(power, "power"))
    mark(codes, ~enough, "unbounded")
    numbers: dict[str, FloatArray] = {
        "scaling": scaling,
        "units": scaling * units,
        "power": case.power(np.zeros(error.shape)),
    }
    return finished(RemainingSample, codes, {**numbers})


def _least_scaling(case: _Case, power: float) -> tuple[FloatArray, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    high = np.ones(case.error.shape)
    for _ in range(MOST_DOUBLINGS):
        short = case.power(high) < power
        if not short.any():
            break
        high = np.where(short, 2 * high, high)
    enough = case.power(high) >= power
    low = np.zeros(high.shape)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        short = case.power(middle) < power
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(case.power(np.zeros(high.shape)) >= power, 0.0, high), np.asarray(enough)
