"""Which look of its plan an analysis is, and what boundary holds there."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._looks import CLASSIC, AlwaysValid, Bayesian, Fixed, GroupSequential
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import LookState, Result
from pmkit.model import Undefined, quoted

__all__ = ["Boundary", "Look", "boundary_at", "critical_value", "look_of", "per_variant_alpha"]

_NEAR = 0.05
_DEFAULT_TUNING = 5000.0


@attrs.frozen(kw_only=True)
class Look:
    """Which look this is.

    Attributes
    ----------
    number : int
        From 1; 0 for none of the plan's.
    state : LookState
    information : float or Undefined
    shares : tuple of float
        The information at every look so far, this one included.
    """

    number: int
    state: LookState
    information: float | Undefined
    shares: tuple[float, ...] = ()


@attrs.frozen(kw_only=True)
class Boundary:
    """What z must exceed at a look, and what it must stay above where there is futility."""

    z: float
    futility: float | Undefined


def _may_be_look(look: object) -> bool:
    return look is None or look == "final" or (isinstance(look, int) and not isinstance(look, bool) and look >= 1)


def look_of(
    plan: Plan,
    units: int,
    smallest: int,
    day: dt.date | None,
    look: int | Literal["final"] | None,
    history: Sequence[Result],
) -> Look:
    """Find which planned look this is, from the units, the day, what was asked for, and the looks before."""
    if not _may_be_look(look):
        raise InvalidValueError(f"look must be a whole number from 1 up, 'final' or None, not {quoted(look)}")
    information: float | Undefined = (
        units / plan.units if plan.units is not None else Undefined("a needed number is missing")
    )
    over = isinstance(information, float) and information >= 1
    ended = look == "final" or over or (plan.end is not None and day is not None and day >= plan.end)
    if any(before.state in {"final", "extended"} for before in history):
        return Look(number=0, state="extended", information=information, shares=_taken(history))
    if isinstance(plan.looks, Fixed):
        return _fixed(plan, plan.looks, information, ended=ended, look=look, day=day)
    if isinstance(plan.looks, GroupSequential):
        return _sequential(plan.looks, information, look, history, ended=ended)
    taken = sum(before.state in {"interim", "final"} for before in history)
    if isinstance(plan.looks, Bayesian):
        if smallest < plan.looks.minimum_units:
            return Look(number=0, state="early", information=information)
        number = look if isinstance(look, int) else taken + 1
        if number > plan.looks.looks:
            return Look(number=0, state="extended", information=information)
        final = ended or number == plan.looks.looks
        return Look(number=number, state="final" if final else "interim", information=information)
    return Look(number=taken + 1, state="final" if ended else "interim", information=information)


def _taken(history: Sequence[Result]) -> tuple[float, ...]:
    return next((getattr(before, "shares", ()) for before in reversed(history)), ())


def _fixed(
    plan: Plan,
    looks: Fixed,
    information: float | Undefined,
    *,
    ended: bool,
    look: int | str | None,
    day: dt.date | None,
) -> Look:
    safety = looks.safety_looks
    if ended or (isinstance(look, int) and look == len(safety) + 1):
        return Look(number=len(safety) + 1, state="final", information=information)
    if isinstance(look, int):
        state: LookState = "safety" if look <= len(safety) else "extended"
        return Look(number=look if state == "safety" else 0, state=state, information=information)
    if isinstance(information, float):
        for place, share in enumerate(safety, 1):
            if abs(information - share) <= _NEAR * share:
                return Look(number=place, state="safety", information=information)
        return Look(number=0, state="early", information=information)
    if plan.end is not None and day is not None:
        return Look(number=0, state="early", information=information)
    return Look(number=len(safety) + 1, state="final", information=information)


def _sequential(
    looks: GroupSequential,
    information: float | Undefined,
    look: int | str | None,
    history: Sequence[Result],
    *,
    ended: bool,
) -> Look:
    before = _taken(history)
    number = look if isinstance(look, int) else len(before) + 1
    fractions = looks.fractions
    if number > looks.looks:
        return Look(number=0, state="extended", information=information, shares=before)
    share = information if isinstance(information, float) else fractions[number - 1]
    if look == "final" and not isinstance(information, float):
        number, share = looks.looks, 1.0
    if looks.spending in CLASSIC:
        if ended and number != looks.looks and (look == "final" or share >= 1):
            number = looks.looks
        near = abs(share - fractions[number - 1]) <= _NEAR or (number == looks.looks and ended)
        if not near or (number != len(before) + 1 and len(before) >= number):
            return Look(number=0, state="unplanned", information=information, shares=before)
        shares = (*before[: number - 1], fractions[number - 1])
        return Look(
            number=number, state="final" if number == looks.looks else "interim", information=information, shares=shares
        )
    if before and share <= before[-1]:
        return Look(number=0, state="unplanned", information=information, shares=before)
    final = ended or number == looks.looks
    return Look(number=number, state="final" if final else "interim", information=information, shares=(*before, share))


def per_variant_alpha(plan: Plan) -> float:
    """Return the goal's two-sided alpha for each variant."""
    count = len(plan.variants)
    if plan.multiplicity == "bonferroni":
        return plan.alpha / count
    if plan.multiplicity == "sidak":
        return float(1 - (1 - plan.alpha) ** (1 / count))
    return plan.alpha


def boundary_at(plan: Plan, look: Look, alpha: float) -> Boundary:
    """Return the boundary of a group-sequential plan at a look, from what was spent at the looks before."""
    looks = plan.looks
    if not isinstance(looks, GroupSequential):
        raise InvalidValueError("only a group-sequential plan has boundaries")
    return _boundary(looks, look.shares, look.state == "final", look.number, alpha, plan.power)


@functools.lru_cache(maxsize=512)
def _boundary(
    looks: GroupSequential,
    shares: tuple[float, ...],
    final: bool,  # noqa: FBT001 - a cache key
    number: int,
    alpha: float,
    power: float,
) -> Boundary:
    from pmkit.stats import Futility, Spending, group_sequential, update_looks

    spending = Spending(looks.spending) if looks.parameter is None else Spending(looks.spending, looks.parameter)
    futility = None if looks.futility is None else Futility(spending=Spending(looks.futility), binding=looks.binding)
    if number == 0:
        raise InvalidValueError("a look that the plan does not hold has no boundary")
    design = group_sequential(
        looks.fractions, alpha=alpha / 2, spending=spending, power=power if futility else None, futility=futility
    )
    if looks.spending not in CLASSIC and not looks.binding:
        for taken, share in enumerate(shares):
            last = final and taken == len(shares) - 1
            rest = () if last else tuple(one for one in looks.fractions[taken + 1 :] if one > share + 1e-3)
            if not last and not rest:
                rest = (max(1.0, share + 1e-2),)
            # a final look before the planned units spends what is left, as if it came in full (conservative)
            here = max(1.0, share) if last else share
            design = update_looks(design, (*shares[:taken], here, *rest), taken=taken)
        number = len(shares)
    lower = float(design.lower[number - 1]) if futility is not None else None
    return Boundary(
        z=float(design.z[number - 1]),
        futility=Undefined("not estimable from these data") if lower is None or lower == -float("inf") else lower,
    )


def critical_value(alpha: float) -> float:
    """Return the two-sided normal critical value."""
    from scipy.special import ndtri

    return float(-ndtri(alpha / 2))


def tuning(plan: Plan) -> float:
    """Return the number of units at which an always-valid plan is sharpest."""
    looks = plan.looks
    if isinstance(looks, AlwaysValid) and looks.tuned_at is not None:
        return float(looks.tuned_at)
    return float(plan.units) if plan.units is not None else _DEFAULT_TUNING
