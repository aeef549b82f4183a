"""Other people's text inside our messages and pages, made safe and short."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["any_of", "article", "did_you_mean", "escape_html", "escape_xml", "quoted", "without_controls"]

LONGEST_QUOTE = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_XML_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_LONGEST_COMPARED = 80


def without_controls(text: str) -> str:
    r"""Show control characters, line ends and direction marks as escapes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same text on one line, safe to print on a terminal.

    Examples
    --------
    >>> without_controls("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _CONTROLS.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def quoted(value: object, limit: int = LONGEST_QUOTE) -> str:
    r"""Quote a value of the user's for a message: one line, no control characters, not too long.

    Parameters
    ----------
    value : object
        Text is shown in single quotes; anything else by its ``repr``.
    limit : int
        The most characters of the value that are shown.

    Returns
    -------
    str

    Examples
    --------
    >>> quoted("find")
    "'find'"
    >>> quoted("x" * 10, limit=4)
    "'xxxx…'"
    >>> quoted(5)
    '5'
    """
    if isinstance(value, str):
        return "'" + _shortened(without_controls(value[: limit + 1]), limit) + "'"
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a value whose repr fails must not hide the error we are telling
        text = f"<{type(value).__name__}>"
    return _shortened(without_controls(text[: limit + 1]), limit)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the closest known name, as the end of a sentence.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str
        ``"; did you mean 'title'?"``, or ``""`` when nothing is close.

    Examples
    --------
    >>> did_you_mean("titel", ["title", "kind"])
    "; did you mean 'title'?"
    >>> did_you_mean("zebra", ["title", "kind"])
    ''
    """
    if len(name) > _LONGEST_COMPARED:
        return ""
    names = {candidate.casefold(): candidate for candidate in known if len(candidate) <= _LONGEST_COMPARED}
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f"; did you mean {quoted(names[close[0]])}?" if close else ""


def escape_html(text: str) -> str:
    """Escape text for HTML, as content or as a quoted attribute.

    Parameters
    ----------
    text : str
        Any text; characters that no HTML may hold become U+FFFD.

    Returns
    -------
    str

    Examples
    --------
    >>> escape_html('<img onerror="x">')
    '&lt;img onerror=&quot;x&quot;&gt;'
    """
    return _XML_ILLEGAL.sub("\ufffd", text).translate(_HTML)


def escape_xml(text: str) -> str:
    r"""Escape text for XML and SVG, as content or as a quoted attribute.

    Carriage returns are kept as character references, because an XML reader would
    otherwise turn them into line feeds.

    Parameters
    ----------
    text : str
        Any text; characters that no XML may hold become U+FFFD.

    Returns
    -------
    str

    Examples
    --------
    >>> escape_xml("a\r<b>\x00")
    'a&#13;&lt;b&gt;\ufffd'
    """
    return escape_html(text).replace("\r", "&#13;")


def article(word: str) -> str:
    """Put "a" or "an" before a word.

    Parameters
    ----------
    word : str
        A kind, such as ``"outcome"``.

    Returns
    -------
    str

    Examples
    --------
    >>> article("outcome")
    'an outcome'
    """
    return ("an " if word[:1].lower() in tuple("aeiou") else "a ") + word


def any_of(words: Iterable[str]) -> str:
    """Write kinds as a choice.

    Parameters
    ----------
    words : iterable of str
        Kinds.

    Returns
    -------
    str
        ``"nothing"`` without any.

    Examples
    --------
    >>> any_of(["outcome", "opportunity"])
    'an outcome or an opportunity'
    """
    return " or ".join(map(article, words)) or "nothing"
