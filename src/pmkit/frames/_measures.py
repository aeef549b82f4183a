"""What is asked of the rows: measures made of columns, and what to do where a value is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import _fields as fields
from pmkit.model import did_you_mean, quoted

__all__ = ["Kind", "Measure", "MissingRule", "check_columns", "rules_of", "value_text"]

MissingRule = Literal["refuse", "omit", "zero"]
"""What becomes of a missing value: an error, the unit left out of that measure, or 0."""

Kind = Literal["float", "integer", "boolean", "text", "other"]
Limits = tuple[float, float]

_column = fields.identifier


def _limits(_instance: object, _attribute: fields.Named, value: Limits | None) -> None:
    held: object = value
    if held is None:
        return
    pair = isinstance(held, tuple) and len(held) == 2  # noqa: PLR2004 - a pair
    if not pair or not all(isinstance(end, (int, float)) for end in held) or not held[0] < held[1]:  # type: ignore[index,attr-defined]  # a pair of numbers
        raise InvalidValueError(f"Measure.limits must be a lower and a higher bound, not {quoted(held)}")


@attrs.frozen(kw_only=True)
class Measure:
    """What to sum: a value per unit, and what belongs to it.

    Attributes
    ----------
    name : str
        What the moments are called.
    value : str
        The column of values, one per unit.
    denominator, covariate, covariate_denominator : str or None
        Columns of the further parts; see `pmkit.stats.Moments`.
    limits : (float, float) or None
        Values outside are set to these bounds.

    Examples
    --------
    >>> Measure(name="spend", value="spend", covariate="spend_before").columns
    ('spend', 'spend_before')
    """

    name: str = attrs.field(validator=fields.identifier)
    value: str = attrs.field(validator=_column)
    denominator: str | None = attrs.field(default=None, validator=fields.optional(_column))
    covariate: str | None = attrs.field(default=None, validator=fields.optional(_column))
    covariate_denominator: str | None = attrs.field(default=None, validator=fields.optional(_column))
    limits: Limits | None = attrs.field(default=None, validator=_limits)

    def __attrs_post_init__(self) -> None:
        if self.covariate_denominator and not (self.denominator and self.covariate):
            raise InvalidValueError(
                f"measure {quoted(self.name)}: a covariate_denominator needs a denominator and a covariate"
            )

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The parts that are there, each with its column."""
        every = (
            ("value", self.value),
            ("denominator", self.denominator),
            ("covariate", self.covariate),
            ("covariate_denominator", self.covariate_denominator),
        )
        return tuple((part, column) for part, column in every if column is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return tuple(dict.fromkeys(column for _, column in self.parts))


def check_columns(
    kinds: Mapping[str, Kind], described: Mapping[str, str], numeric: Iterable[str], others: Iterable[str]
) -> None:
    """Refuse columns that are not there, and measured ones that hold no numbers, all at once.

    `described` gives the data's own word for each column's type.
    """
    faults = []
    wanted = tuple(dict.fromkeys(numeric))
    for name in dict.fromkeys((*wanted, *others)):
        if name not in kinds:
            known = list(kinds)
            hint = did_you_mean(name, known) or "; there are " + ", ".join(quoted(one) for one in known[:8])
            faults.append(f"the data have no column {quoted(name)}{hint}")
        elif name in wanted and kinds[name] in {"text", "other"}:
            faults.append(
                f"column {quoted(name)} holds {described[name]}, not numbers; cast it to a number or to true and false"
            )
    if faults:
        raise InvalidValueError("; ".join(faults))


def rules_of(missing: MissingRule | Mapping[str, MissingRule], columns: Sequence[str]) -> dict[str, MissingRule]:
    """Give each column its rule for missing values."""
    allowed = get_args(MissingRule)
    given = missing if isinstance(missing, Mapping) else dict.fromkeys(columns, missing)
    faults = [
        f"missing names {quoted(name)}, which is not measured{did_you_mean(str(name), columns)}"
        for name in given
        if name not in columns
    ]
    faults += [
        f"missing must be one of {', '.join(allowed)}, not {quoted(rule)}"
        for rule in dict.fromkeys(given.values())
        if rule not in allowed
    ]
    if faults:
        raise InvalidValueError("; ".join(faults))
    return {column: _rule(given.get(column, "refuse")) for column in columns}


def _rule(name: Any) -> MissingRule:
    """Hand on a rule that was checked; the type checkers cannot know."""
    rule: MissingRule = name
    return rule


def value_text(value: object) -> str | None:
    """Write a group's value as text: true and false, whole numbers without a point, None for missing."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return None
    if hasattr(value, "item"):
        value = value.item()  # pyright: ignore[reportAttributeAccessIssue]  # it was just found
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
