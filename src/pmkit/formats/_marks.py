"""Words and signs before a title that say its kind: ``Outcome:``, ``[Opportunity]``, ``**Solution:**``, 🧪."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from pmkit.formats._sketch import ALL_KINDS, mask_of
from pmkit.model import did_you_mean, quoted

__all__ = ["Marked", "kind_word", "marked"]

_WORDS: Mapping[str, tuple[str, ...]] = {
    "outcome": ("outcome", "desired outcome", "business outcome", "product outcome", "goal", "objective"),
    "opportunity": (
        "opportunity", "sub-opportunity", "sub opportunity", "opp", "op", "need", "pain point", "pain", "desire",
    ),
    "solution": ("solution", "sol", "s", "idea"),
    "assumption": ("assumption", "a"),
    "test": ("test", "assumption test", "t", "experiment", "exp", "e"),
}  # fmt: skip
_KINDS = {word: mask_of(kind) for kind, words in _WORDS.items() for word in words} | {
    "o": mask_of("outcome", "opportunity")
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "need": {"need": "need"},
    "pain point": {"need": "pain point"},
    "pain": {"need": "pain point"},
    "desire": {"need": "desire"},
    "business outcome": {"level": "business"},
    "product outcome": {"level": "product"},
}
_SIGNS = {"🎯": "outcome", "💡": "solution", "❓": "assumption", "🧪": "test"}
_MARK = re.compile(
    r"""\s*(?: \[ \s* (?P<bracket> [A-Za-z][A-Za-z -]{0,29}? ) \s* \] :? (?=\s|$)
    | (?P<star> \*\*|__ ) \[? (?P<bold> [A-Za-z][A-Za-z -]{0,29}? ) \]? (?: :(?P=star) | (?P=star):? ) (?=\s|$)
    | (?P<plain> [A-Za-z][A-Za-z -]{0,29}? ) : (?=\s|$) )\s*""",
    re.VERBOSE,
)
_LONGEST = 40
_BEGINNINGS = frozenset("[*_")
_LONG_WORDS = tuple(word for word in _KINDS if len(word) > 3)  # noqa: PLR2004 - short ones are near to everything


@attrs.frozen
class Marked:
    """A title without its mark, and what the mark said."""

    title: str
    kinds: int = ALL_KINDS
    fields: Mapping[str, str] | None = None
    fault: str = ""


def kind_word(word: str) -> int:
    """Return the kinds that a word means, as bits; 0 for another word."""
    return _KINDS.get(" ".join(word.lower().split()), 0)


def marked(text: str) -> Marked:
    """Take the mark off a title.

    Parameters
    ----------
    text : str
        A title as written in an outline.

    Returns
    -------
    Marked
        With `fault` when a mark in brackets nearly is one.
    """
    head = text[:_LONGEST].lstrip()
    if head.isascii() and ":" not in head and head[:1] not in _BEGINNINGS:
        return Marked(text)
    found = _MARK.match(text)
    if found:
        word = found["bracket"] or found["bold"] or found["plain"]
        kinds = kind_word(word)
        if kinds:
            return Marked(text[found.end() :], kinds, _FIELDS.get(" ".join(word.lower().split())))
        hint = did_you_mean(word, _LONG_WORDS) if found["bracket"] else ""
        if hint:
            return Marked(text, fault=f"unknown kind {quoted(word)}{hint}")
    stripped = text.lstrip()
    for sign, kind in _SIGNS.items() if stripped[:1] in _SIGNS else ():
        if stripped.startswith(sign):
            return Marked(stripped[len(sign) :].lstrip("\ufe0f").lstrip(), mask_of(kind))
    return Marked(text)
