"""Ids: what may be one, and when two are the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pmkit.errors import UnknownIdError
from pmkit.model._text import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["id_clashes", "id_fault", "normalized_id", "unknown_id"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_KNOWN_COMPARED = 5_000


def normalized_id(identifier: str) -> str:
    """Return the form in which ids are compared (Unicode NFKC).

    Parameters
    ----------
    identifier : str
        An id as written.

    Returns
    -------
    str

    Examples
    --------
    >>> normalized_id("ﬁnd")
    'find'
    """
    return identifier if identifier.isascii() else unicodedata.normalize("NFKC", identifier)


def id_fault(identifier: object) -> str:
    r"""Say what keeps a value from being an id.

    Parameters
    ----------
    identifier : object
        What is offered as an id.

    Returns
    -------
    str
        The fault in words, or ``""`` for a good id.

    Examples
    --------
    >>> id_fault("find")
    ''
    >>> id_fault("a\nb")
    "an id may not hold control characters, as 'a\\nb' does"
    """
    if not isinstance(identifier, str):
        return f"an id must be text, not {quoted(identifier)} ({type(identifier).__name__})"
    if not identifier or identifier.isspace():
        return "an id must not be empty"
    if _CONTROL.search(identifier):
        return f"an id may not hold control characters, as {quoted(identifier)} does"
    return ""


def id_clashes(identifiers: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Find ids that mean the same: equal, or equal after NFKC.

    Parameters
    ----------
    identifiers : iterable of str
        Ids in order.

    Returns
    -------
    tuple of (str, str)
        Each later id with the earlier one that it clashes with.

    Examples
    --------
    >>> id_clashes(["a", "b", "a"])
    (('a', 'a'),)
    """
    first: dict[str, str] = {}
    clashes: list[tuple[str, str]] = []
    for identifier in identifiers:
        key = normalized_id(identifier)
        if key in first:
            clashes.append((identifier, first[key]))
        else:
            first[key] = identifier
    return tuple(clashes)


def unknown_id(what: str, identifier: object, known: Iterable[str]) -> UnknownIdError:
    """Make the error for an id that nothing has, with the closest known id.

    Parameters
    ----------
    what : str
        What the id should name: ``"node"``, ``"team"``.
    identifier : object
        The id as given.
    known : iterable of str
        The ids that exist; a suggestion is looked for among the first 5,000.

    Returns
    -------
    UnknownIdError

    Examples
    --------
    >>> print(unknown_id("node", "fnd", ["find", "watch"]))
    no node 'fnd'; did you mean 'find'?
    """
    candidates = [name for _, name in zip(range(_KNOWN_COMPARED), known, strict=False)]
    hint = did_you_mean(identifier, candidates) if isinstance(identifier, str) else ""
    return UnknownIdError(f"no {what} {quoted(identifier)}{hint}")
