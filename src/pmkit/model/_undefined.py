"""Numbers that do not exist, with the reason why."""

from __future__ import annotations

import attrs

__all__ = ["REASONS", "Undefined", "reason_code"]

REASONS: tuple[str, ...] = (
    "",
    "no data",
    "fewer than two units",
    "no variance",
    "the denominator is within noise of zero",
    "not estimable from these data",
    "the number is too large for a double",
    "a needed number is missing",
    "unbounded",
)
"""Reasons by their code: code 0 means defined. Arrays carry codes, scalars carry `Undefined`."""


def reason_code(reason: str) -> int:
    """Return the code of a reason.

    Parameters
    ----------
    reason : str
        One of `REASONS`.

    Returns
    -------
    int
        Its place in `REASONS`; 0 for the empty reason (defined).

    Examples
    --------
    >>> reason_code("no data")
    1
    """
    return REASONS.index(reason)


@attrs.frozen
class Undefined:
    """A number that cannot be given, because.

    It is not a number, compares equal only to an `Undefined` of the same reason, and is false.

    Attributes
    ----------
    reason : str
        Why there is no number, in words.

    Examples
    --------
    >>> Undefined("fewer than two units")
    Undefined('fewer than two units')
    >>> bool(Undefined("no data"))
    False
    """

    reason: str

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"Undefined({self.reason!r})"

    def __str__(self) -> str:
        return f"undefined: {self.reason}"
