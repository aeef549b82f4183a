"""What the rules of this room look at."""

from __future__ import annotations

import attrs

from pmkit.conway._model import Change, OwnershipRule
from pmkit.conway._organization import Organization
from pmkit.model import _fields as fields

__all__ = ["Case", "parts"]


@attrs.frozen(kw_only=True)
class Case:
    """An organization with what a check may know beside it.

    Attributes
    ----------
    organization : Organization
    baseline : Organization or None
        How it was, when only what is new is asked for.
    changes : tuple of Change
        Its history, oldest first.
    ownership_rules : tuple of OwnershipRule
        The lines of its ownership file, in order.

    Examples
    --------
    >>> from pmkit import conway
    >>> Case(organization=conway.from_owners({"page": "web"})).changes
    ()
    """

    organization: Organization
    baseline: Organization | None = None
    changes: tuple[Change, ...] = attrs.field(
        default=(), validator=fields.tuple_of(fields.of_type(Change, "a list of changes"))
    )
    ownership_rules: tuple[OwnershipRule, ...] = attrs.field(
        default=(), validator=fields.tuple_of(fields.of_type(OwnershipRule, "a list of ownership rules"))
    )


def parts(count: int, singular: str, plural: str = "") -> str:
    """Write a number with its noun."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"
