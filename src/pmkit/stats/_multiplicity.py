"""p-values corrected for having asked several questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast, get_args, overload

import numpy as np

from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Numbers, choice
from pmkit.stats._checks import checked_axis

__all__ = ["MULTIPLICITY_METHODS", "MultiplicityMethod", "adjust_pvalues"]

MultiplicityMethod = Literal["bonferroni", "holm", "hochberg", "hommel", "benjamini-hochberg", "benjamini-yekutieli"]
"""The first four bound the chance of any false win, the last two the expected share of false ones among the wins."""

MULTIPLICITY_METHODS: tuple[MultiplicityMethod, ...] = get_args(MultiplicityMethod)
"""Every method."""


@overload
def adjust_pvalues(p_values: float, *, method: MultiplicityMethod = ..., axis: int = ...) -> float: ...
@overload
def adjust_pvalues(p_values: Arrays, *, method: MultiplicityMethod = ..., axis: int = ...) -> FloatArray: ...
def adjust_pvalues(p_values: Numbers, *, method: MultiplicityMethod = "holm", axis: int = -1) -> float | FloatArray:
    """Correct p-values for the number of questions asked.

    Parameters
    ----------
    p_values : float or array
        In [0, 1]; each slice along `axis` is one family. NaN stands for a test that could not be made: it stays NaN
        and does not count.
    method : str
        ``"bonferroni"``, ``"holm"`` (always valid, never worse than Bonferroni), ``"hochberg"``, ``"hommel"``
        (independent or positively dependent tests) bound the probability of any false rejection;
        ``"benjamini-hochberg"`` (independent or positively dependent tests) and ``"benjamini-yekutieli"`` (any
        dependence) bound the false discovery rate.
    axis : int
        The axis along which a family runs.

    Returns
    -------
    float or ndarray
        Adjusted p-values of the same shape: reject where at most the error rate.

    Raises
    ------
    InvalidValueError
        For a p-value outside [0, 1], an unknown method, or an axis that is not there.

    References
    ----------
    Holm (1979); Hochberg (1988); Hommel (1988); Benjamini and Hochberg (1995); Benjamini and Yekutieli (2001).

    Examples
    --------
    >>> adjust_pvalues([0.01, 0.02, 0.04], method="holm")
    array([0.03, 0.04, 0.04])
    >>> adjust_pvalues([0.01, 0.02, 0.04], method="benjamini-hochberg")
    array([0.03, 0.03, 0.04])
    """
    chosen = cast("MultiplicityMethod", choice(method, MULTIPLICITY_METHODS, "method"))
    inputs = Inputs("adjust_pvalues")
    raw = inputs.convert("p_values", p_values)
    inputs.done()
    array = np.ones(()) if raw is None else raw
    missing = np.isnan(array)
    inputs.number("p_values", np.where(missing, 1.0, array), lower=0, upper=1)
    inputs.done()
    if array.ndim == 0:
        return float(array)
    family = checked_axis(axis, array.ndim, "p_values")
    families = np.moveaxis(array, family, -1)
    if missing.any():
        adjusted = np.full(families.shape, np.nan)
        for index in np.ndindex(families.shape[:-1]):
            known = ~np.isnan(families[index])
            adjusted[index][known] = _adjusted(families[index][known], chosen)
    else:
        adjusted = _adjusted(families, chosen)
    return np.ascontiguousarray(np.moveaxis(adjusted, -1, family))


def _adjusted(families: FloatArray, method: MultiplicityMethod) -> FloatArray:
    """Adjust along the last axis."""
    count = families.shape[-1]
    if count == 0 or method == "bonferroni":
        return np.asarray(np.minimum(families * count, 1.0))
    order = np.argsort(families, axis=-1, kind="stable")
    ordered = np.take_along_axis(families, order, axis=-1)
    adjusted = np.empty_like(families)
    np.put_along_axis(adjusted, order, np.minimum(_BY_RANK[method](ordered), 1.0), axis=-1)
    return adjusted


def _step_down(ordered: FloatArray, factors: FloatArray) -> FloatArray:
    return np.maximum.accumulate(ordered * factors, axis=-1)


def _step_up(ordered: FloatArray, factors: FloatArray) -> FloatArray:
    return np.asarray(np.minimum.accumulate((ordered * factors)[..., ::-1], axis=-1)[..., ::-1])


def _remaining(ordered: FloatArray) -> FloatArray:
    return np.arange(ordered.shape[-1], 0, -1, dtype=np.float64)


def _shares(ordered: FloatArray) -> FloatArray:
    count = ordered.shape[-1]
    return np.asarray(count / np.arange(1, count + 1))


def _dependent_shares(ordered: FloatArray) -> FloatArray:
    return np.asarray(_shares(ordered) * float(np.sum(1 / np.arange(1, ordered.shape[-1] + 1))))


def _hommel(ordered: FloatArray) -> FloatArray:
    """Adjust by closed testing with Simes' test, in Wright's (1992) form."""
    count = ordered.shape[-1]
    best = np.broadcast_to((ordered * _shares(ordered)).min(axis=-1, keepdims=True), ordered.shape).copy()
    for size in range(count - 1, 1, -1):
        head = count - size + 1
        tail = (size * ordered[..., head:] / np.arange(2, size + 1)).min(axis=-1, keepdims=True)
        bound = np.empty_like(ordered)
        bound[..., :head] = np.minimum(size * ordered[..., :head], tail)
        bound[..., head:] = bound[..., head - 1 : head]
        best = np.maximum(best, bound)
    return np.asarray(np.maximum(best, ordered))


_BY_RANK: dict[str, Callable[[FloatArray], FloatArray]] = {
    "holm": lambda ordered: _step_down(ordered, _remaining(ordered)),
    "hochberg": lambda ordered: _step_up(ordered, _remaining(ordered)),
    "hommel": _hommel,
    "benjamini-hochberg": lambda ordered: _step_up(ordered, _shares(ordered)),
    "benjamini-yekutieli": lambda ordered: _step_up(ordered, _dependent_shares(ordered)),
}
