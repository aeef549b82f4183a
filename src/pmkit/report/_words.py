"""Numbers and names as the report writes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from pmkit.model import Undefined

__all__ = ["amount", "isolated", "listing", "plural", "share", "signed", "tenths"]


def amount(value: object) -> str:
    """Write a number without needless digits; a dash for nothing, the reason for what is undefined."""
    if value is None:
        return "-"
    if isinstance(value, (int, float)):
        return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.3g}"  # noqa: PLR2004
    return str(value).replace("undefined:", "not known:") if isinstance(value, Undefined) else f"{value}"


def isolated(text: str) -> str:
    """Keep a text that is read from right to left apart from the sentence around it."""
    if text.isascii() or not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return text
    return f"\u2068{text}\u2069"


def tenths(value: object) -> str:
    """Write a score with one digit after the point, so that scores stand below each other."""
    return f"{value:.1f}" if isinstance(value, (int, float)) else amount(value)


def signed(value: object) -> str:
    """Write a change with its sign."""
    return f"{value:+.4g}" if isinstance(value, (int, float)) else amount(value)


def share(value: object) -> str:
    """Write a share as a percentage."""
    return f"{value:.0%}" if isinstance(value, (int, float)) else amount(value)


def plural(count: int, name: str) -> str:
    """Write a count with its noun."""
    many = name[:-1] + "ies" if name.endswith("ity") else name + "s"
    return f"{count:,} {name if count == 1 else many}"


def listing(names: Iterable[str], most: int = 6) -> str:
    """Write names in a row, and how many more there are."""
    given = list(names)
    more = f" and {len(given) - most:,} more" if len(given) > most else ""
    return ", ".join(given[:most]) + more
