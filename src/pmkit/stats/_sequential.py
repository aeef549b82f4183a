"""Group sequential designs: planned looks that keep the error rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, Value, quoted
from pmkit.model._fields import flag
from pmkit.stats._arrays import FloatArray, Inputs, read_only
from pmkit.stats._checks import SAME_ARRAY, check_number, whole_number
from pmkit.stats._sequential_bounds import Plan, bounds_with_futility, drift_for, upper_bounds
from pmkit.stats._sequential_walk import crossings
from pmkit.stats._spending import Spending, SpendingLike, as_spending

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["Futility", "SequentialDesign", "Stopping", "group_sequential", "stopping_probabilities", "update_looks"]

MOST_LOOKS = 500
CLOSEST_LOOKS = 1e-4
LEAST_ALPHA = 1e-12
GREATEST_ALPHA = 0.49
SAME_TIME = 1e-9


def _beta_spending(given: SpendingLike) -> Spending:
    return as_spending(given, name="futility")


def _is_function(_: object, __: object, spending: Spending) -> None:
    if not spending.is_function:
        message = f"futility spends beta by a function, and {spending.family} is a set of constants"
        raise InvalidValueError(f"{message}; use hwang-shih-decani, kim-demets or a lan-demets family")


@attrs.frozen(kw_only=True)
class Futility:
    """When to stop because a win has become unlikely.

    Attributes
    ----------
    spending : Spending
        How the chance of missing a real effect (beta = 1 - power) is spent over the looks. Default: Hwang, Shih and
        DeCani with gamma = -2.
    binding : bool
        Whether the test always stops at the boundary. A non-binding boundary (the default) may be overruled without
        any harm to the error rate; a binding one makes the upper boundary a little lower.

    Examples
    --------
    >>> Futility(binding=True).spending.family
    'hwang-shih-decani'
    """

    spending: Spending = attrs.field(
        default=Spending("hwang-shih-decani", -2.0),
        converter=_beta_spending,
        validator=_is_function,
    )
    binding: bool = attrs.field(default=False, validator=flag)


@attrs.frozen(kw_only=True, hash=False)
class Stopping(Value):
    """Where a group sequential test stops, under one true effect.

    Attributes
    ----------
    upper, lower : ndarray, shape (looks,)
        The probability of crossing the upper (lower) boundary at each look, not stopped before.
    expected_information : float
        The information when it stops, on average, as a share of the final one; the expected sample size follows.

    Examples
    --------
    >>> from pmkit.stats import group_sequential, stopping_probabilities
    >>> design = group_sequential(4, power=0.8)
    >>> found = stopping_probabilities(design, design.drift)
    >>> found.upper.round(3), round(float(found.upper.sum()), 3), round(found.expected_information, 3)
    (array([0.004, 0.191, 0.357, 0.248]), 0.8, 0.812)
    """

    upper: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    lower: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    expected_information: float


@attrs.frozen(kw_only=True, hash=False, repr=False)
class SequentialDesign(Value, Table):
    """A group sequential test: its looks and boundaries, and what they achieve.

    Attributes
    ----------
    information : ndarray, shape (looks,)
        Information at each look, as a share of the final one.
    z : ndarray, shape (looks,)
        Upper boundaries: stop and reject when the z statistic is above; infinite where nothing may be spent.
    lower : ndarray, shape (looks,)
        Lower boundaries: -z in a two-sided test, where to stop for futility in a test that has that, else -∞.
    spent : ndarray, shape (looks,)
        Cumulative error rate per side, under no effect.
    spent_futility : ndarray, shape (looks,)
        Cumulative probability of stopping at the lower boundary before the last look in spite of the planned effect;
        0 without futility.
    alpha : float
        Error rate per side.
    sided : int
        1 or 2.
    spending : Spending
        How alpha is spread over the looks.
    futility : Futility or None
        The rule for stopping early without a win, where there is one.
    power : float or Undefined
        The power asked for.
    drift : float or Undefined
        The expected z statistic at full information, at which the power is reached.
    inflation : float or Undefined
        The largest sample size, as a multiple of the fixed design's with the same alpha and power.
    null, alternative : Stopping
        Stopping probabilities with no effect, and at `drift` (Undefined without a power).

    Examples
    --------
    >>> design = group_sequential(2, spending="pocock", power=0.9)
    >>> print(design.summary())
    2 looks, one-sided alpha 0.025, pocock; reject above z = 2.178, 2.178.
    Power 0.9 takes 1.100 times the sample of a fixed test, on average 0.776 times when the effect is real.
    """

    information: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    z: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    lower: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    spent: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    spent_futility: FloatArray = attrs.field(converter=read_only, eq=SAME_ARRAY)
    alpha: float
    sided: Literal[1, 2]
    spending: Spending
    futility: Futility | None
    power: float | Undefined
    drift: float | Undefined
    inflation: float | Undefined
    null: Stopping
    alternative: Stopping | Undefined

    def __len__(self) -> int:
        return len(self.information)

    def __repr__(self) -> str:
        bounds = ", ".join(f"{bound:.4f}" for bound in self.z)
        plan = f"alpha={self.alpha:g}, sided={self.sided}, spending={self.spending.family!r}"
        return f"SequentialDesign(z=[{bounds}], {plan})"

    @property
    def nominal_p(self) -> FloatArray:
        """The one-sided p-value below which each look rejects, shape (looks,)."""
        from scipy.special import ndtr

        return read_only(ndtr(-self.z))

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per look.

        Returns
        -------
        list of dict
        """
        columns: dict[str, FloatArray] = {
            "information": self.information,
            "z": self.z,
            "lower": self.lower,
            "nominal_p": self.nominal_p,
            "spent": self.spent,
        }
        if isinstance(self.alternative, Stopping):
            columns["stops_if_real"] = read_only(self.alternative.upper)
        return [
            {"look": look + 1, **{name: float(column[look]) for name, column in columns.items()}}
            for look in range(len(self))
        ]

    def summary(self) -> str:
        """Say in words what the design is.

        Returns
        -------
        str
        """
        side = "one-sided" if self.sided == 1 else "two-sided, per side"
        family: str = self.spending.family
        if self.spending.parameter is not None:
            family += f" ({self.spending.parameter:g})"
        bounds = ", ".join(f"{bound:.3f}" for bound in self.z)
        looks = "1 look" if len(self) == 1 else f"{len(self)} looks"
        lines = [f"{looks}, {side} alpha {self.alpha:g}, {family}; reject above z = {bounds}."]
        if self.futility is not None:
            word = "binding" if self.futility.binding else "non-binding"
            lines.append(f"Stop for futility ({word}) below z = {', '.join(f'{bound:.3f}' for bound in self.lower)}.")
        if isinstance(self.alternative, Stopping) and not isinstance(self.inflation, Undefined):
            average = self.alternative.expected_information * self.inflation
            lines.append(
                f"Power {self.power:g} takes {self.inflation:.3f} times the sample of a fixed test, "
                f"on average {average:.3f} times when the effect is real."
            )
        return "\n".join(lines)


def group_sequential(
    information: int | Sequence[float] | FloatArray,
    *,
    alpha: float = 0.025,
    spending: SpendingLike = "obrien-fleming",
    sided: Literal[1, 2] = 1,
    power: float | None = None,
    futility: Futility | SpendingLike | Literal["binding", "non-binding"] | None = None,
) -> SequentialDesign:
    """Plan a test that looks at the data several times and still keeps its error rate.

    Parameters
    ----------
    information : int or sequence of float
        The number of evenly spaced looks, or the information (sample size, or inverse variance of the estimate) at
        each look: increasing, as shares of the final one, or in any unit when the last exceeds 1, which then counts
        as the final one. When the last is below 1, a spending function keeps the rest of alpha for later.
    alpha : float
        Error rate per side, from 1e-12 to 0.49.
    spending : Spending, str or (str, float)
        How alpha is spread over the looks: ``"obrien-fleming"``, ``"pocock"`` (the classic constants),
        ``"wang-tsiatis"``, ``"lan-demets-obrien-fleming"``, ``"lan-demets-pocock"``, ``"hwang-shih-decani"`` or
        ``"kim-demets"``; a pair gives the family's parameter, such as ``("hwang-shih-decani", -4)``.
    sided : int
        1 for an upper boundary only, 2 for its mirror image as well.
    power : float, optional
        Above alpha and below 1; gives the drift, the inflation and the stopping probabilities at the planned effect.
    futility : Futility, "binding", "non-binding", or a spending function, optional
        Stop also when a win has become unlikely (one-sided tests with a power). A bare spending function is
        non-binding.

    Returns
    -------
    SequentialDesign

    Raises
    ------
    InvalidValueError
        For looks that do not increase, lie closer than 0.0001 of the final information or are more than 500 (use a
        confidence sequence then), an error rate or power out of range, or options that do not go together.

    References
    ----------
    Armitage, McPherson and Rowe (1969); Pocock (1977); O'Brien and Fleming (1979); Lan and DeMets (1983);
    Pampallona and Tsiatis (1994); Jennison and Turnbull (2000), chapters 2, 4, 7 and 19.

    Examples
    --------
    >>> design = group_sequential(4, spending="obrien-fleming", power=0.8)
    >>> design.z.round(3)
    array([4.049, 2.863, 2.337, 2.024])
    >>> round(design.inflation, 4)
    1.0238
    >>> group_sequential([0.3, 0.7, 1.0], spending="lan-demets-pocock", sided=2).z.round(3)
    array([2.312, 2.258, 2.306])
    """
    chosen = as_spending(spending)
    times = _looks(information, chosen)
    _check_rates(alpha, sided, power)
    rule = _as_futility(futility)
    plan = Plan(times, float(alpha), chosen, sided == 2)  # noqa: PLR2004  # two sides
    return _designed(plan, power, rule)


def _designed(plan: Plan, power: float | None, rule: Futility | None) -> SequentialDesign:
    lower: FloatArray
    drift: float | Undefined
    if rule is None:
        upper = upper_bounds(plan)
        lower = -upper if plan.two_sided else np.full(len(upper), -math.inf)
        drift = Undefined("a needed number is missing") if power is None else drift_for(power, plan, lower, upper)
    else:
        if plan.two_sided or power is None:
            raise InvalidValueError("futility needs a one-sided test and a power; give sided=1 and power=0.8, say")
        if rule.binding and not plan.spending.is_function:
            message = f"a binding futility boundary needs an alpha spending function, and {plan.spending.family} is a"
            raise InvalidValueError(f"{message} set of constants; use lan-demets-obrien-fleming, say, or binding=False")
        lower, upper, drift = bounds_with_futility(plan, 1 - power, rule.spending, binding=rule.binding)
    return _described(plan, lower, upper, drift, power, rule)


def _described(
    plan: Plan,
    lower: FloatArray,
    upper: FloatArray,
    drift: float | Undefined,
    power: float | None,
    rule: Futility | None,
) -> SequentialDesign:
    from scipy.special import ndtri

    null = _stopping(plan.times, lower, upper, 0.0)
    spent = null.upper
    if rule is not None and not rule.binding:
        spent = crossings(plan.times, np.full(len(upper), -math.inf), upper)[0]
    missing = Undefined("a needed number is missing")
    alternative: Stopping | Undefined = missing
    inflation: float | Undefined = missing
    futility = np.zeros(len(upper))
    if power is not None and not isinstance(drift, Undefined):
        alternative = _stopping(plan.times, lower, upper, drift)
        inflation = (drift / float(-ndtri(plan.alpha) + ndtri(power))) ** 2
        if rule is not None:
            futility = np.cumsum(alternative.lower)
    return SequentialDesign(
        information=np.asarray(plan.times),
        z=upper,
        lower=lower,
        spent=np.cumsum(spent),
        spent_futility=futility,
        alpha=plan.alpha,
        sided=2 if plan.two_sided else 1,
        spending=plan.spending,
        futility=rule,
        power=missing if power is None else float(power),
        drift=drift,
        inflation=inflation,
        null=null,
        alternative=alternative,
    )


def _stopping(times: tuple[float, ...], lower: FloatArray, upper: FloatArray, drift: float) -> Stopping:
    above, below = crossings(times, lower, upper, drift)
    early = (above + below)[:-1]
    at = np.asarray(times)
    expected = float(early @ at[:-1] + (1 - early.sum()) * at[-1])
    return Stopping(upper=above, lower=below, expected_information=expected)


def stopping_probabilities(design: SequentialDesign, drift: float) -> Stopping:
    """Say where a design stops when the effect has a given size.

    Parameters
    ----------
    design : SequentialDesign
        From `group_sequential`.
    drift : float
        The expected z statistic at full information: effect / standard error of the final estimate. 0 is no effect,
        ``design.drift`` the planned one, half of that an effect half as large.

    Returns
    -------
    Stopping

    Raises
    ------
    InvalidValueError
        For a drift that is not a finite number, or is beyond ±50.

    References
    ----------
    Armitage, McPherson and Rowe (1969).

    Examples
    --------
    >>> design = group_sequential(4, power=0.8)
    >>> round(float(stopping_probabilities(design, design.drift / 2).upper.sum()), 3)
    0.286
    """
    check_number("drift", drift, -50, 50)
    return _stopping(tuple(design.information.tolist()), design.lower, design.z, float(drift))


def update_looks(
    design: SequentialDesign, information: Sequence[float] | FloatArray, *, taken: int
) -> SequentialDesign:
    """Plan the remaining looks anew; what the taken ones have spent stays spent.

    Parameters
    ----------
    design : SequentialDesign
        The design so far.
    information : sequence of float
        The information at all looks, taken and to come, in the unit of ``design.information`` (shares of the final
        information that was first planned; the last may exceed 1, or stay below it when the test ends early). The
        last look spends what is left of alpha.
    taken : int
        How many of the looks have been taken; these keep their information and boundaries.

    Returns
    -------
    SequentialDesign
        Its futility boundaries are found anew for the looks to come, if they are non-binding.

    Raises
    ------
    InvalidValueError
        When a taken look would be changed, the looks do not increase, or the futility boundary is binding.

    References
    ----------
    Lan and DeMets (1989); Jennison and Turnbull (2000), section 7.2.

    Examples
    --------
    >>> design = group_sequential([0.25, 0.5, 0.75, 1.0], spending="lan-demets-obrien-fleming")
    >>> later = update_looks(design, [0.25, 0.62, 1.1], taken=1)
    >>> later.z.round(3)
    array([4.333, 2.618, 1.99 ])
    >>> bool(later.spent[0] == design.spent[0]), round(float(later.spent[-1]), 6)
    (True, 0.025)
    """
    times = _increasing(information)
    count = whole_number("taken", taken, 0, len(design))
    before = design.information.tolist()[:count]
    if len(times) <= count or any(abs(new - old) > SAME_TIME for new, old in zip(times, before, strict=False)):
        shown = ", ".join(f"{time:g}" for time in before)
        message = f"information must begin with the looks already taken ({shown}) and go on"
        raise InvalidValueError(f"{message}; found {quoted(', '.join(f'{time:g}' for time in times))}")
    if design.futility is not None and design.futility.binding:
        raise InvalidValueError("a binding futility boundary cannot be moved; plan it as non-binding to update looks")
    plan = Plan(
        times,
        design.alpha,
        design.spending,
        design.sided == 2,  # noqa: PLR2004  # two sides
        tuple(design.z.tolist()[:count]),
        tuple(design.spent.tolist()[:count]),
    )
    power = None if isinstance(design.power, Undefined) else design.power
    return _designed(plan, power, design.futility)


def _looks(information: object, spending: Spending) -> tuple[float, ...]:
    if isinstance(information, (int, np.integer)) and not isinstance(information, bool):
        count = int(information)
        if not 1 <= count <= MOST_LOOKS:
            raise InvalidValueError(_too_many(count))
        return tuple((look + 1) / count for look in range(count))
    times = _increasing(information)
    if times[-1] > 1 or not spending.is_function:
        return tuple(time / times[-1] for time in times)
    return times


def _too_many(count: int) -> str:
    if count < 1:
        return f"a test needs at least one look, not {count}"
    return f"a group sequential test may have up to {MOST_LOOKS} looks, not {count}; confidence_sequence has no limit"


def _increasing(information: object) -> tuple[float, ...]:
    inputs = Inputs("looks")
    array = inputs.number("information", information, above=0)
    inputs.done()
    if array.ndim != 1 or not 1 <= array.size <= MOST_LOOKS:
        if array.ndim == 1:
            raise InvalidValueError(_too_many(array.size))
        raise InvalidValueError(f"information must be a number of looks or their fractions, not {quoted(information)}")
    steps = np.diff(array)
    if np.any(steps < CLOSEST_LOOKS * array[-1]):
        place = int(np.argmin(steps)) + 1
        pair = f"{array[place - 1]:g} and {array[place]:g}"
        message = f"information must increase by at least {CLOSEST_LOOKS:g} of its last value from look to look"
        raise InvalidValueError(f"{message}; found {pair} at looks {place} and {place + 1}")
    return tuple(array.tolist())


def _check_rates(alpha: object, sided: object, power: object) -> None:
    check_number("alpha", alpha, LEAST_ALPHA, GREATEST_ALPHA)
    if isinstance(sided, bool) or sided not in (1, 2):
        raise InvalidValueError(f"sided must be 1 or 2, not {quoted(sided)}")
    if power is not None:
        check_number("power", power, 0, 1 - 1e-9)
        if float(power) <= float(alpha):  # type: ignore[arg-type]  # numbers by now
            raise InvalidValueError(f"power must be above alpha ({alpha:g}), not {power:g}")


def _as_futility(given: Futility | SpendingLike | Literal["binding", "non-binding"] | None) -> Futility | None:
    if given is None or isinstance(given, Futility):
        return given
    if given in ("binding", "non-binding"):
        return Futility(binding=given == "binding")
    return Futility(spending=as_spending(given, name="futility"))
