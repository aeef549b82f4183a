"""How much of the error rate a group sequential test may have spent by each look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, cast, get_args, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted
from pmkit.stats._arrays import FloatArray, Inputs, level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


__all__ = ["SPENDING_FAMILIES", "Spending", "SpendingFamily", "as_spending", "spent_alpha"]

SpendingFamily = Literal[
    "obrien-fleming",
    "pocock",
    "wang-tsiatis",
    "lan-demets-obrien-fleming",
    "lan-demets-pocock",
    "hwang-shih-decani",
    "kim-demets",
]
"""The families of boundaries: three by classic constants, four by spending functions."""

SPENDING_FAMILIES: tuple[SpendingFamily, ...] = get_args(SpendingFamily)
"""Every family, the classic constants first."""

_EXPONENTS = {"obrien-fleming": 0.0, "pocock": 0.5}
_DEFAULTS = {"wang-tsiatis": 0.25, "hwang-shih-decani": -4.0, "kim-demets": 3.0}
_RANGES = {"wang-tsiatis": (-1.0, 1.0), "hwang-shih-decani": (-40.0, 40.0), "kim-demets": (0.01, 50.0)}


def _known_family(_: object, __: object, family: object) -> None:
    if not isinstance(family, str) or family not in SPENDING_FAMILIES:
        hint = did_you_mean(family, SPENDING_FAMILIES) if isinstance(family, str) else ""
        message = f"spending must be one of {', '.join(SPENDING_FAMILIES)}, not {quoted(family)}{hint}"
        raise InvalidValueError(message)


def _known_parameter(spending: Spending, _: object, parameter: float | None) -> None:
    bounds = _RANGES.get(spending.family)
    if bounds is None:
        if parameter is not None:
            raise InvalidValueError(
                f"the spending family {spending.family} takes no parameter, not {quoted(parameter)}"
            )
        return
    lower, upper = bounds
    number = isinstance(parameter, (int, float)) and not isinstance(parameter, bool)
    if parameter is None or not number or not lower <= parameter <= upper:
        message = f"the parameter of {spending.family} must be a number from {lower:g} to {upper:g}"
        raise InvalidValueError(f"{message}, not {quoted(parameter)}")


def _usual_parameter(spending: Spending) -> float | None:
    return _DEFAULTS.get(str(spending.family))


@attrs.frozen
class Spending:
    """A family of boundaries with its parameter.

    Attributes
    ----------
    family : SpendingFamily
        ``"obrien-fleming"``, ``"pocock"`` and ``"wang-tsiatis"`` scale a fixed shape to the error rate;
        ``"lan-demets-obrien-fleming"``, ``"lan-demets-pocock"``, ``"hwang-shih-decani"`` and ``"kim-demets"`` spend
        it as a function of the information fraction, and so allow looks at any time.
    parameter : float or None
        Δ of Wang-Tsiatis (default 0.25, from -1 to 1; 0 is O'Brien-Fleming, 0.5 Pocock), gamma of Hwang-Shih-DeCani
        (default -4, from -40 to 40), rho of Kim-DeMets (default 3, from 0.01 to 50); None for the others.

    Raises
    ------
    InvalidValueError
        For an unknown family, or a parameter that is out of range or not wanted.

    References
    ----------
    Wang and Tsiatis (1987); Lan and DeMets (1983); Hwang, Shih and DeCani (1990); Kim and DeMets (1987).

    Examples
    --------
    >>> Spending("hwang-shih-decani")
    Spending(family='hwang-shih-decani', parameter=-4.0)
    """

    family: SpendingFamily = attrs.field(validator=_known_family)
    parameter: float | None = attrs.field(
        default=attrs.Factory(_usual_parameter, takes_self=True), validator=_known_parameter
    )

    @property
    def is_function(self) -> bool:
        """Whether the family spends by a function of the information fraction."""
        return self.exponent is None

    @property
    def exponent(self) -> float | None:
        """Δ of the shape t ** (Δ - 1/2) that the boundary has, or None for a spending function."""
        if self.family == "wang-tsiatis":
            return self.parameter
        return _EXPONENTS.get(self.family)


SpendingLike = Spending | SpendingFamily | tuple[SpendingFamily, float]
"""A `Spending`, the name of a family, or a family with its parameter."""


def as_spending(spending: object, *, name: str = "spending") -> Spending:
    """Turn a family, or a family with its parameter, into a `Spending`.

    Parameters
    ----------
    spending : Spending, str or (str, float)
        What the user gave.
    name : str
        The argument's name, for the message.

    Returns
    -------
    Spending

    Raises
    ------
    InvalidValueError
        When it is none of these.

    Examples
    --------
    >>> as_spending(("kim-demets", 2))
    Spending(family='kim-demets', parameter=2)
    """
    if isinstance(spending, Spending):
        return spending
    if isinstance(spending, str):
        return Spending(cast("SpendingFamily", spending))
    if isinstance(spending, (tuple, list)):
        members = tuple(spending)
        if len(members) == 2:  # noqa: PLR2004  # a pair
            return Spending(*members)
    message = f"{name} must be a family's name, a pair of a name and a parameter, or a Spending, not {quoted(spending)}"
    raise InvalidValueError(message)


@overload
def spent_alpha(fraction: float, *, alpha: float = ..., spending: SpendingLike = ...) -> float: ...
@overload
def spent_alpha(
    fraction: Sequence[float] | FloatArray, *, alpha: float = ..., spending: SpendingLike = ...
) -> FloatArray: ...
def spent_alpha(
    fraction: float | Sequence[float] | FloatArray,
    *,
    alpha: float = 0.025,
    spending: SpendingLike = "lan-demets-obrien-fleming",
) -> float | FloatArray:
    """Say how much of the error rate a spending function has released by a fraction of the information.

    Parameters
    ----------
    fraction : float or array of any shape
        Information so far as a share of the final information; from 0, and taken as 1 above 1.
    alpha : float
        The error rate to spend in all, above 0 and below 1 (per side).
    spending : Spending, str or (str, float)
        A family that is a spending function, with its parameter where it has one.

    Returns
    -------
    float or ndarray
        The cumulative share, of the shape of `fraction`.

    Raises
    ------
    InvalidValueError
        For a classic family (its spending depends on all the looks; see `group_sequential`), or a bad number.

    References
    ----------
    Lan and DeMets (1983); Hwang, Shih and DeCani (1990); Kim and DeMets (1987).

    Examples
    --------
    >>> round(spent_alpha(0.5, alpha=0.025), 8)
    0.00152532
    >>> spent_alpha([0.5, 1.0], alpha=0.05, spending=("kim-demets", 2))
    array([0.0125, 0.05  ])
    """
    chosen = as_spending(spending)
    if not chosen.is_function:
        message = f"{chosen.family} is a set of constants, not a spending function; use lan-demets-{chosen.family}"
        if chosen.family == "wang-tsiatis":
            message = "wang-tsiatis is a set of constants, not a spending function; use kim-demets or hwang-shih-decani"
        raise InvalidValueError(message)
    inputs = Inputs("spent_alpha")
    share = inputs.number("fraction", fraction, lower=0)
    inputs.done()
    spent = release(chosen, np.minimum(share, 1.0), level(alpha, "alpha"))
    return float(spent) if share.ndim == 0 else spent


def release(spending: Spending, fraction: FloatArray, alpha: float) -> FloatArray:
    """Evaluate a spending function at fractions from 0 to 1."""
    functions: dict[str, Callable[[], FloatArray]] = {
        "lan-demets-obrien-fleming": lambda: _like_obrien_fleming(fraction, alpha),
        "lan-demets-pocock": lambda: alpha * np.log1p((math.e - 1) * fraction),
        "hwang-shih-decani": lambda: alpha * _hwang_shih_decani(fraction, spending.parameter or 0.0),
        "kim-demets": lambda: alpha * fraction ** (spending.parameter or 1.0),
    }
    return np.minimum(functions[spending.family](), alpha)


def _like_obrien_fleming(fraction: FloatArray, alpha: float) -> FloatArray:
    from scipy.special import ndtr, ndtri

    with np.errstate(divide="ignore"):
        return 2 * ndtr(ndtri(alpha / 2) / np.sqrt(fraction))


def _hwang_shih_decani(fraction: FloatArray, gamma: float) -> FloatArray:
    return fraction if gamma == 0 else np.expm1(-gamma * fraction) / math.expm1(-gamma)
