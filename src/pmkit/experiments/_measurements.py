"""What was measured: moments per metric, variant and segment, and units per variant. Nothing else leaves an engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import counts_by_name, is_mapping
from pmkit.experiments._plan import Plan
from pmkit.model import Undefined, Value, did_you_mean, frozen_mapping, quoted
from pmkit.model import _fields as fields
from pmkit.stats import Moments

__all__ = ["EVERYONE", "Key", "Measurements", "QuantileEstimate"]

_KEY_PARTS = ("metric", "variant", "segment")

EVERYONE = ""
"""The segment that holds all units; others are written "column=value"."""

Key = tuple[str, str, str]
"""Metric name, variant, segment."""


@attrs.frozen(kw_only=True)
class QuantileEstimate:
    """A sample quantile with its standard error; unlike moments it cannot be added to another.

    Attributes
    ----------
    n : float
    value : float
    standard_error : float

    Examples
    --------
    >>> QuantileEstimate(n=1000, value=2.1, standard_error=0.05).value
    2.1
    """

    n: float = attrs.field(validator=fields.number(0))
    value: float = attrs.field(validator=fields.number())
    standard_error: float = attrs.field(validator=fields.number(0))


def _keyed_moments(value: Mapping[Key, Moments[float | Undefined]]) -> Mapping[Key, Moments[float | Undefined]]:
    return frozen_mapping(value) if is_mapping(value) else value


def _keyed_estimates(value: Mapping[Key, QuantileEstimate]) -> Mapping[Key, QuantileEstimate]:
    return frozen_mapping(value) if is_mapping(value) else value


def _units(_instance: object, _attribute: fields.Named, value: object) -> None:
    if not isinstance(value, Mapping):
        raise InvalidValueError(f"Measurements.units must map variants to counts, not {quoted(value)}")
    bad = [
        f"the units of {quoted(name)} must be a whole number from 0 up, not {quoted(count)}"
        for name, count in value.items()
        if not isinstance(name, str) or isinstance(count, bool) or not isinstance(count, int) or count < 0
    ]
    if bad:
        raise InvalidValueError("; ".join(bad))


def _keyed(cls: type) -> fields.Validator:
    def check(_instance: object, attribute: fields.Named, value: object) -> None:
        good = isinstance(value, Mapping) and all(
            isinstance(key, tuple)
            and len(key) == len(_KEY_PARTS)
            and all(isinstance(part, str) for part in key)
            and isinstance(held, cls)
            for key, held in value.items()
        )
        if not good:
            message = f"Measurements.{attribute.name} must map (metric, variant, segment) to {cls.__name__}"
            raise InvalidValueError(message)

    return check


@attrs.frozen(kw_only=True)
class Measurements(Value):
    """The measurements of one period; those of the next period are added with ``+``.

    Attributes
    ----------
    units : mapping of str to int
        Randomized units by variant, those of unknown variants included.
    moments : mapping of (metric, variant, segment) to Moments
        The segment is "" for everyone, else "column=value". The parts of a ratio and the covariates are inside.
    estimates : mapping of (metric, variant, segment) to QuantileEstimate
        Quantile metrics only.
    until : date or None
        The last day that is in.
    open_units : int
        Units that were counted before their measurement window had elapsed.

    Examples
    --------
    >>> monday = Measurements(units={"a": 2, "b": 2}, moments={
    ...     ("spend", "a", ""): Moments.from_rows([1, 3]), ("spend", "b", ""): Moments.from_rows([2, 5])})
    >>> (monday + monday).units["a"], (monday + monday).moments["spend", "b", ""].mean
    (4, 3.5)
    """

    units: Mapping[str, int] = attrs.field(converter=counts_by_name, validator=_units)
    moments: Mapping[Key, Moments[float | Undefined]] = attrs.field(
        factory=dict, converter=_keyed_moments, validator=_keyed(Moments)
    )
    estimates: Mapping[Key, QuantileEstimate] = attrs.field(
        factory=dict, converter=_keyed_estimates, validator=_keyed(QuantileEstimate)
    )
    until: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    open_units: int = attrs.field(default=0, validator=fields.whole())

    def __add__(self, other: Measurements) -> Measurements:
        if not isinstance(other, Measurements):
            return NotImplemented
        if self.estimates or other.estimates:
            names = ", ".join(sorted({quoted(key[0]) for key in (*self.estimates, *other.estimates)}))
            raise InvalidValueError(f"quantiles do not add up; collect all days at once, or leave out {names}")
        units = {
            name: self.units.get(name, 0) + other.units.get(name, 0)
            for name in dict.fromkeys([*self.units, *other.units])
        }
        moments = dict(self.moments)
        for key, held in other.moments.items():
            moments[key] = moments[key] + held if key in moments else held
        days = [day for day in (self.until, other.until) if day is not None]
        return Measurements(
            units=units,
            moments=moments,
            until=max(days) if days else None,
            open_units=self.open_units + other.open_units,
        )

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments that hold anything, everyone first."""
        return tuple(sorted({key[2] for key in (*self.moments, *self.estimates)}))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the metrics measured."""
        return tuple(dict.fromkeys(key[0] for key in (*self.moments, *self.estimates)))

    @classmethod
    def from_counts(
        cls,
        plan: Plan,
        units: Mapping[str, int],
        successes: Mapping[str, Mapping[str, int]],
        *,
        until: dt.date | str | None = None,
    ) -> Measurements:
        """Make measurements of published counts.

        Parameters
        ----------
        plan : Plan
            Its proportions are looked up by name.
        units : mapping of str to int
            Units by variant.
        successes : mapping of str to mapping
            For each metric the successes by variant.
        until : date or None

        Returns
        -------
        Measurements

        Raises
        ------
        InvalidValueError
            For an unknown metric, a variant without units, or more successes than units.

        Examples
        --------
        >>> from pmkit.experiments import proportion
        >>> plan = Plan(goal=proportion("returned", minimum_effect=0.01), split={"a": 1, "b": 1}, control="a")
        >>> Measurements.from_counts(plan, {"a": 100, "b": 100}, {"returned": {"a": 20, "b": 24}}).metrics
        ('returned',)
        """
        _known_metrics(plan, successes)
        faults = [
            f"{quoted(metric)} of {quoted(variant)}: {count} successes in {units.get(variant, 0)} units cannot be"
            for metric, counts in successes.items()
            for variant, count in counts.items()
            if not 0 <= count <= units.get(variant, 0)
        ]
        if faults:
            raise InvalidValueError("; ".join(faults))
        moments = {
            (metric, variant, EVERYONE): _counted(count, units[variant])
            for metric, counts in successes.items()
            for variant, count in counts.items()
        }
        return cls(units=units, moments=moments, until=until)

    @classmethod
    def from_summary(
        cls,
        plan: Plan,
        units: Mapping[str, int],
        summaries: Mapping[str, Mapping[str, tuple[float, float]]],
        *,
        until: dt.date | str | None = None,
    ) -> Measurements:
        """Make measurements of published means and variances.

        Parameters
        ----------
        plan : Plan
        units : mapping of str to int
            Units by variant.
        summaries : mapping of str to mapping
            For each metric (mean, sample variance) by variant.
        until : date or None

        Returns
        -------
        Measurements

        Raises
        ------
        InvalidValueError
            For an unknown metric or a variant without units.

        Examples
        --------
        >>> from pmkit.experiments import mean
        >>> plan = Plan(goal=mean("spend", minimum_effect=0.01), split={"a": 1, "b": 1}, control="a")
        >>> held = Measurements.from_summary(plan, {"a": 50, "b": 50}, {"spend": {"a": (10, 4), "b": (11, 4)}})
        >>> held.moments["spend", "b", ""].variance
        4.0
        """
        _known_metrics(plan, summaries)
        lost = [quoted(name) for pairs in summaries.values() for name in pairs if name not in units]
        if lost:
            raise InvalidValueError(f"no units are given for {', '.join(dict.fromkeys(lost))}")
        moments = {
            (metric, variant, EVERYONE): _summed(units[variant], mean, variance)
            for metric, pairs in summaries.items()
            for variant, (mean, variance) in pairs.items()
        }
        return cls(units=units, moments=moments, until=until)


def _counted(successes: int, units: int) -> Moments[float | Undefined]:
    return Moments[float | Undefined].from_counts(float(successes), float(units))


def _summed(units: int, mean: float, variance: float) -> Moments[float | Undefined]:
    return Moments[float | Undefined].from_summary(float(units), mean, variance)


def _known_metrics(plan: Plan, named: Mapping[str, object]) -> None:
    known = [metric.name for metric in plan.metrics]
    unknown = [
        f"the plan has no metric {quoted(name)}{did_you_mean(name, known)}" for name in named if name not in known
    ]
    if unknown:
        raise InvalidValueError("; ".join(unknown))
