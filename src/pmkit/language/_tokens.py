"""Text into tokens that know where they stand."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Token", "TokenKind", "normalize", "tokenize", "word_span", "words"]

TokenKind = Literal["word", "number", "symbol"]

_APOSTROPHE = "'\u2018\u2019"
_JOINER = rf"(?:[{_APOSTROPHE}/&\-\u2010\u2011]|\.(?=[^\W\d_]{{2}}))"
_LETTERS = r"[\w\u0300-\u036f]"
_TOKEN = re.compile(
    rf"""
    (?P<word>
        (?:e\.g|i\.e)\.?
        | [^\W\d_]{_LETTERS}* (?:{_JOINER}(?=\w){_LETTERS}+)* (?:(?<=s)[{_APOSTROPHE}](?=\s+\w))?
    )
    | (?P<number> [\#$\u20ac\u00a3]?\d{_LETTERS}* (?:[.,:/\-]\d\w*)* %? )
    | (?P<symbol> \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STRAIGHT = str.maketrans("\u2019\u2018\u201b\u02bc\u2010\u2011\u201c\u201d", "''''--\"\"")
_SPACE = re.compile(r"\s+")


class Token(NamedTuple):
    """A word, a number or a symbol, and where it stands.

    Attributes
    ----------
    text : str
        As written.
    lower : str
        In lower case, with straight apostrophes and plain hyphens; compare this.
    start, end : int
        Characters in the text; ``text[start:end]`` is the token. `end` is exclusive.
    kind : TokenKind
        ``"word"``, ``"number"`` or ``"symbol"``.

    Examples
    --------
    >>> tokenize("Don't stop")[0]
    Token(text="Don't", lower="don't", start=0, end=5, kind='word')
    """

    text: str
    lower: str
    start: int
    end: int
    kind: TokenKind


def tokenize(text: str) -> tuple[Token, ...]:
    r"""Cut text into words, numbers and symbols, in time linear in its length.

    Apostrophes and hyphens inside a word, and slashes and ampersands between letters, belong to
    the word. White space belongs to no token; every other character belongs to exactly one.

    Parameters
    ----------
    text : str
        Any text, control characters and right-to-left included.

    Returns
    -------
    tuple of Token
        In the order of the text.

    Examples
    --------
    >>> [token.text for token in tokenize("Check the patient's low-dose X-ray (at 9:30).")]
    ['Check', 'the', "patient's", 'low-dose', 'X-ray', '(', 'at', '9:30', ')', '.']
    >>> [(token.start, token.end) for token in tokenize("find a file")]
    [(0, 4), (5, 6), (7, 11)]
    """
    found = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        lower = piece.lower()
        if not lower.isascii():
            lower = lower.translate(_STRAIGHT)
        found.append(Token(piece, lower, match.start(), match.end(), match.lastgroup))  # type: ignore[arg-type]  # the pattern's groups are the kinds
    return tuple(found)


def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text in lower case, without symbols.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> words("Park the car, twice!")
    ('park', 'the', 'car', 'twice')
    """
    return tuple(token.lower for token in tokenize(text) if token.kind != "symbol")


def word_span(tokens: Iterable[Token]) -> tuple[int, int] | None:
    """Return the span from the first to the last of some tokens.

    Parameters
    ----------
    tokens : iterable of Token
        In the order of the text.

    Returns
    -------
    tuple of (int, int) or None
        None when there is no token.

    Examples
    --------
    >>> word_span(tokenize("find a file")[1:])
    (5, 11)
    """
    found = tuple(tokens)
    return (found[0].start, found[-1].end) if found else None


def normalize(text: str) -> str:
    r"""Make texts comparable: NFC, straight apostrophes and quotes, single spaces, no space around.

    Case is kept.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> normalize("  the users\u2019\n notes ")
    "the users' notes"
    """
    if text.isascii():
        return _SPACE.sub(" ", text).strip()
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_STRAIGHT)).strip()
