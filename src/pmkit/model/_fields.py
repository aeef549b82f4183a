"""Validators and converters for the fields of values; each raises `InvalidValueError` in words.

Validators take ``(instance, attribute, value)`` as attrs wants them; converters take the value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, Protocol, TypeVar, cast

from pmkit.errors import InvalidValueError
from pmkit.model._ids import id_fault
from pmkit.model._text import did_you_mean, quoted

__all__ = [
    "flag",
    "identifier",
    "number",
    "of_type",
    "one_of",
    "optional",
    "optional_date",
    "probability",
    "schema_of",
    "short_title",
    "text",
    "title",
    "to_date",
    "to_texts",
    "to_tuple",
    "tuple_of",
    "whole",
    "word",
]


class Named(Protocol):
    """The part of an attrs attribute that a validator reads."""

    @property
    def name(self) -> str:
        """The field's name."""
        raise NotImplementedError


Check = TypeVar("Check", bound=Callable[..., None])
Member = TypeVar("Member")
Validator = Callable[[Any, Any, Any], None]


def _refuse(instance: object, attribute: Named, value: object, wanted: str) -> NoReturn:
    found = "" if isinstance(value, str) else f" ({type(value).__name__})"
    message = f"{type(instance).__name__}.{attribute.name} must be {wanted}, not {quoted(value)}{found}"
    raise InvalidValueError(message, field=attribute.name)


def _with_schema(check: Check, **schema: object) -> Check:
    """Say in JSON Schema's words what a validator wants, for the published schema."""
    check.schema = schema  # type: ignore[attr-defined]  # functions carry attributes
    return check


def schema_of(validator: object) -> dict[str, object]:
    """Return what a validator says of itself in JSON Schema's words."""
    return dict(getattr(validator, "schema", {}))


def text(instance: object, attribute: Named, value: Any) -> None:
    """Want text, empty or not."""
    if not isinstance(value, str):
        _refuse(instance, attribute, value, "text")


def title(instance: object, attribute: Named, value: Any) -> None:
    """Want text that is not blank."""
    if not isinstance(value, str) or not value or value.isspace():
        _refuse(instance, attribute, value, "text that is not blank")


def identifier(instance: object, attribute: Named, value: Any) -> None:
    """Want an id: text, not empty, without control characters."""
    fault = id_fault(value)
    if fault:
        raise InvalidValueError(f"{type(instance).__name__}.{attribute.name}: {fault}", field=attribute.name)


_with_schema(title, minLength=1)
_with_schema(identifier, minLength=1)


def short_title(longest: int) -> Validator:
    """Want text that is not blank and has at most `longest` characters."""

    def check(instance: object, attribute: Named, value: Any) -> None:
        title(instance, attribute, value)
        if len(value) > longest:
            where = f"{type(instance).__name__}.{attribute.name}"
            message = f"{where} must have at most {longest:,} characters, not {len(value):,}"
            raise InvalidValueError(message, field=attribute.name)

    return _with_schema(check, minLength=1, maxLength=longest)


def flag(instance: object, attribute: Named, value: Any) -> None:
    """Want True or False."""
    if not isinstance(value, bool):
        _refuse(instance, attribute, value, "true or false")


def number(
    lower: float = -math.inf, upper: float = math.inf, *, above: float | None = None, below: float | None = None
) -> Validator:
    """Want a finite number in ``[lower, upper]``, and strictly between `above` and `below` where given."""
    if above is not None:
        wanted = f"a number above {above:g}"
    elif lower == -math.inf and upper == math.inf:
        wanted = "a finite number"
    elif upper == math.inf:
        wanted = f"a number from {lower:g} up"
    elif lower == -math.inf:
        wanted = f"a number up to {upper:g}"
    else:
        wanted = f"a number from {lower:g} to {upper:g}"
    if below is not None:
        wanted += f" and below {below:g}"

    def check(instance: object, attribute: Named, value: Any) -> None:
        good = (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and math.isfinite(value)
            and lower <= value <= upper
            and (above is None or value > above)
            and (below is None or value < below)
        )
        if not good:
            _refuse(instance, attribute, value, wanted)

    limits = {"minimum": lower, "maximum": upper, "exclusiveMinimum": above, "exclusiveMaximum": below}
    return _with_schema(check, **{name: n for name, n in limits.items() if n is not None and math.isfinite(n)})


def word(default: str) -> Any:
    """Hand a default of a closed vocabulary to attrs; type checkers would widen it to any text."""
    return default


probability = number(0, 1)


def whole(lower: int = 0, upper: int | None = None) -> Validator:
    """Want a whole number from `lower` up, to `upper` where given."""
    wanted = f"a whole number from {lower} up" if upper is None else f"a whole number from {lower} to {upper}"

    def check(instance: object, attribute: Named, value: Any) -> None:
        good = isinstance(value, int) and not isinstance(value, bool) and value >= lower
        if not good or (upper is not None and isinstance(value, int) and value > upper):
            _refuse(instance, attribute, value, wanted)

    limits = {"minimum": lower, "maximum": upper}
    return _with_schema(check, **{name: n for name, n in limits.items() if n is not None})


def one_of(words: Iterable[str]) -> Validator:
    """Want one of a closed vocabulary."""
    known = tuple(words)
    allowed = frozenset(known)
    wanted = "one of " + ", ".join(known)

    def check(instance: object, attribute: Named, value: Any) -> None:
        if not isinstance(value, str):
            _refuse(instance, attribute, value, wanted)
        if value not in allowed:
            message = f"{type(instance).__name__}.{attribute.name} must be {wanted}, not {quoted(value)}"
            raise InvalidValueError(message + did_you_mean(value, known), field=attribute.name)

    return _with_schema(check, enum=list(known))


def of_type(cls: type | tuple[type, ...], name: str) -> Validator:
    """Want an instance of a class; `name` says it in the user's words."""

    def check(instance: object, attribute: Named, value: Any) -> None:
        if not isinstance(value, cls):
            _refuse(instance, attribute, value, name)

    return check


def optional(validator: Validator) -> Validator:
    """Let None pass, and ask `validator` about everything else."""

    def check(instance: object, attribute: Named, value: Any) -> None:
        if value is not None:
            validator(instance, attribute, value)

    return _with_schema(check, **schema_of(validator))


def tuple_of(validator: Validator) -> Validator:
    """Ask `validator` about each member of a tuple."""

    def check(instance: object, attribute: Named, value: Any) -> None:
        if not isinstance(value, tuple):
            _refuse(instance, attribute, value, "a list")
        for member in value:
            validator(instance, attribute, member)

    return _with_schema(check, items=schema_of(validator))


def to_tuple(value: Iterable[Member]) -> tuple[Member, ...]:
    """Turn lists and other iterables into tuples; leave text, mappings and the rest for the validator."""
    if isinstance(value, (tuple, str, bytes, Mapping)) or not isinstance(value, Iterable):
        return cast("tuple[Member, ...]", value)
    return tuple(value)


def to_texts(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """Turn one text into a tuple of one, None into the empty tuple, lists into tuples."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return to_tuple(value)


def to_date(value: dt.date | str | None) -> dt.date | None:
    """Turn ISO 8601 text and datetimes into dates; leave the rest for the validator."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return cast("dt.date", value)
    return value


def optional_date(instance: object, attribute: Named, value: Any) -> None:
    """Want a date or nothing."""
    if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
        _refuse(instance, attribute, value, "a date such as 2026-11-22")
