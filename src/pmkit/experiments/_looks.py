"""When a plan looks at its data, and what each look costs: fixed, group sequential, always valid, Bayesian."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import ClassVar, Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import to_pair
from pmkit.model import _fields as fields

__all__ = ["AlwaysValid", "Bayesian", "Fixed", "GroupSequential", "Looks", "Spending"]

Spending = Literal[
    "obrien-fleming",
    "pocock",
    "lan-demets-obrien-fleming",
    "lan-demets-pocock",
    "hwang-shih-decani",
    "kim-demets",
    "wang-tsiatis",
]

CLASSIC: frozenset[str] = frozenset({"obrien-fleming", "pocock", "wang-tsiatis"})
"""Boundaries that are a set of constants and cannot follow looks that move."""


_ABOVE_ZERO = fields.number(above=0)


def _positive_or_infinite(instance: object, attribute: fields.Named, value: object) -> None:
    if value != math.inf:
        _ABOVE_ZERO(instance, attribute, value)


def _fractions(name: str, fractions: tuple[float, ...], *, last: float | None) -> None:
    rising = all(low < high for low, high in itertools.pairwise(fractions))
    inside = all(0 < fraction <= 1 for fraction in fractions)
    if not rising or not inside or (last is not None and fractions and fractions[-1] != last):
        ending = f" and end at {last:g}" if last is not None else ""
        raise InvalidValueError(f"{name} must rise strictly within (0, 1]{ending}, not {list(fractions)}")


@attrs.frozen(kw_only=True)
class Fixed:
    """One look, at the end.

    Attributes
    ----------
    safety_looks : tuple of float
        Shares of the planned units, strictly between 0 and 1, at which only harm is looked for.

    Examples
    --------
    >>> Fixed(safety_looks=(0.25, 0.5)).kind
    'fixed'
    """

    kind: ClassVar[str] = "fixed"
    safety_looks: tuple[float, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=fields.tuple_of(fields.number(above=0, below=1))
    )

    def __attrs_post_init__(self) -> None:
        _fractions("Fixed.safety_looks", self.safety_looks, last=None)


def _to_information(value: Iterable[float] | None) -> tuple[float, ...] | None:
    return fields.to_tuple(value) if value is not None else None


@attrs.frozen(kw_only=True)
class GroupSequential:
    """Several planned looks that share alpha by a spending rule (Jennison & Turnbull 2000).

    Attributes
    ----------
    looks : int
        How many, from 2 to 50, evenly spaced unless `information` is given.
    spending : Spending
        ``"obrien-fleming"`` and ``"pocock"`` are the classic constants, which need looks where the plan has them;
        the others spend by information and follow looks that come earlier or later.
    information : tuple of float or None
        The share of the planned units at each look, rising to 1.
    parameter : float or None
        Of the families that have one (Hwang-Shih-DeCani gamma, Kim-DeMets rho, Wang-Tsiatis delta).
    futility : Spending or None
        How beta is spent on stopping for futility; None for none.
    binding : bool
        Whether crossing the futility bound ends the experiment; if so it is a verdict (iterate).

    Examples
    --------
    >>> GroupSequential(looks=4).fractions
    (0.25, 0.5, 0.75, 1.0)
    """

    kind: ClassVar[str] = "group sequential"
    information: tuple[float, ...] | None = attrs.field(
        default=None, converter=_to_information, validator=fields.optional(fields.tuple_of(fields.number(above=0)))
    )
    looks: int = attrs.field(
        default=attrs.Factory(
            lambda self: len(self.information) if isinstance(self.information, tuple) else 2, takes_self=True
        ),
        validator=fields.whole(2, 50),
    )
    spending: Spending = attrs.field(default=fields.word("obrien-fleming"), validator=fields.one_of(get_args(Spending)))
    parameter: float | None = attrs.field(default=None, validator=fields.optional(fields.number()))
    futility: Spending | None = attrs.field(default=None, validator=fields.optional(fields.one_of(get_args(Spending))))
    binding: bool = attrs.field(default=False, validator=fields.flag)

    def __attrs_post_init__(self) -> None:
        if self.information is not None:
            _fractions("GroupSequential.information", self.information, last=1)
            if len(self.information) != self.looks:
                message = f"GroupSequential has {self.looks} looks but {len(self.information)} shares of information"
                raise InvalidValueError(message)
        if self.binding and self.futility is None:
            raise InvalidValueError("GroupSequential.binding needs futility: how beta is spent")
        if self.futility in CLASSIC:
            raise InvalidValueError(f"futility spends beta by a function, and {self.futility} is a set of constants")
        if self.binding and self.spending in CLASSIC:
            message = (
                f"binding futility needs a spending function such as lan-demets-{self.spending}, not {self.spending}"
            )
            raise InvalidValueError(message)

    @property
    def fractions(self) -> tuple[float, ...]:
        """The share of the planned units at each look."""
        if self.information is not None:
            return tuple(float(share) for share in self.information)
        return tuple(look / self.looks for look in range(1, self.looks + 1))


@attrs.frozen(kw_only=True)
class AlwaysValid:
    """Look whenever you like: an asymptotic confidence sequence (Waudby-Smith et al. 2024).

    Attributes
    ----------
    tuned_at : int or None
        The number of units in all at which the sequence is narrowest; the planned number when None.

    Examples
    --------
    >>> AlwaysValid(tuned_at=5000).kind
    'always valid'
    """

    kind: ClassVar[str] = "always valid"
    tuned_at: int | None = attrs.field(default=None, validator=fields.optional(fields.whole(2)))


@attrs.frozen(kw_only=True)
class Bayesian:
    """Posterior probabilities; no claim about alpha is made, the false-victory rate is simulated and printed.

    Attributes
    ----------
    threshold : float
        The probability that counts as settled, strictly between 0.5 and 1.
    loss_limit : float or None
        The largest expected loss of shipping that a victory may have, in the goal's unit; None for no limit.
    minimum_units : int
        No verdict before each variant has this many units.
    looks : int
        How many looks are planned, for the simulated rate of false victories.
    prior : (float, float)
        Beta prior of each variant's proportion.
    prior_mean, prior_sd : float
        Normal prior of the effect for the other kinds; an infinite `prior_sd` (the default) is flat.

    Examples
    --------
    >>> Bayesian(threshold=0.95, loss_limit=0.001, minimum_units=500).prior
    (1.0, 1.0)
    """

    kind: ClassVar[str] = "bayesian"
    threshold: float = attrs.field(default=0.95, validator=fields.number(above=0.5, below=1))
    loss_limit: float | None = attrs.field(default=None, validator=fields.optional(fields.number(above=0)))
    minimum_units: int = attrs.field(default=100, validator=fields.whole(2))
    looks: int = attrs.field(default=1, validator=fields.whole(1, 1000))
    prior: tuple[float, float] = attrs.field(
        default=(1.0, 1.0), converter=to_pair, validator=fields.tuple_of(fields.number(above=0))
    )
    prior_mean: float = attrs.field(default=0.0, validator=fields.number())
    prior_sd: float = attrs.field(default=math.inf, validator=_positive_or_infinite)

    def __attrs_post_init__(self) -> None:
        if len(self.prior) != 2:  # noqa: PLR2004 - a pair
            raise InvalidValueError(f"Bayesian.prior must be two numbers above 0, not {self.prior}")


Looks = Fixed | GroupSequential | AlwaysValid | Bayesian
