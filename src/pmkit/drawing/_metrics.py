"""How wide text is, and the part of a text that can safely be shown in a picture."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pmkit.drawing import _widths

__all__ = ["clusters", "reads_leftward", "text_width", "visible"]

NO_TEXT = "(no visible text)"
_MOST_MARKS = 2
_CONJUNCT = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*"
)
_PLAIN = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANK = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_JOINERS = "\u200c\u200d"
_SKIN = ("\U0001f3fb", "\U0001f3ff")
_KNOWN = {
    0x2190: 1.0,
    0x2191: 1.0,
    0x2192: 1.0,
    0x2193: 1.0,
    0xFDFD: 12.0,
    0x2E3A: 2.1,
    0x2E3B: 3.2,
    0x2031: 1.5,
    0x1242B: 6.0,
    0x12219: 4.0,
    0xA9C5: 2.5,
    0xA9C4: 2.5,
}
_EMOJI = 1.4
_WIDE = 1.05
_OTHER = 1.3
_CUNEIFORM = 2.6
_LAST_OF_PLANE = 0xFFFE


def _table(text: str) -> dict[int, float]:
    widths: dict[int, float] = {}
    code = 0
    for word in text.split():
        if word.endswith(":"):
            code = int(word[:-1])
            continue
        if word != "0":
            widths[code] = int(word) / 1000
        code += 1
    return widths


_REGULAR = _table(_widths.REGULAR)
_BOLD = _table(_widths.BOLD)


def visible(text: str) -> str:
    r"""Make a text fit to be shown in a picture: one line, no invisible controls, no towers of marks.

    White space becomes single spaces; direction marks, zero-width characters and tags are left out
    (they could make a text read as something else); control characters, unpaired surrogates
    and non-characters become U+FFFD; at most two combining marks stay on a letter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text to draw; ``"(no visible text)"`` when nothing is left of it. Pictures carry the text
        as it was written in a ``<title>``.

    Examples
    --------
    >>> visible("a\t\u202eb\n c\x00")
    'a b c�'
    >>> visible("\u200b")
    '(no visible text)'
    """
    if _PLAIN.fullmatch(text):
        return text
    shown: list[str] = []
    marks = 0
    for char in _UNSEEN.sub("", _BLANK.sub(" ", text)):
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MOST_MARKS or not shown or shown[-1] == " ":
                continue
        elif char in _JOINERS:
            if not shown:
                continue
        else:
            marks = 0
            if category in ("Cc", "Cs") or (category == "Cn" and ord(char) & _LAST_OF_PLANE == _LAST_OF_PLANE):
                char = "\ufffd"  # noqa: PLW2901 - the shown form of the character
        shown.append(char)
    return _BLANK.sub(" ", "".join(shown)).strip().strip(_JOINERS) or NO_TEXT


def reads_leftward(text: str) -> bool:
    r"""Tell whether a text is read from right to left, by its first letter, as Unicode Annex 9 (rule P2) has it.

    Parameters
    ----------
    text : str
        Any text; what stands between isolating marks (U+2066 to U+2069) is left out.

    Returns
    -------
    bool
        False where no letter has a direction of its own.

    Examples
    --------
    >>> [reads_leftward(text) for text in ("(3) \u05e9\u05dc\u05d5, Ada", "Ada, \u05e9\u05dc\u05d5", "1, 2")]
    [True, False, False]
    """
    if text.isascii():
        return False
    inside = 0
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"LRI", "RLI", "FSI"}:
            inside += 1
        elif direction == "PDI":
            inside = max(inside - 1, 0)
        elif direction in {"L", "R", "AL"} and not inside:
            return direction != "L"
    return False


@lru_cache(maxsize=8192)
def _char_width(char: str, bold: bool) -> float:  # noqa: FBT001 - the key of a cache
    code = ord(char)
    if code in _KNOWN:
        return _KNOWN[code]
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    if category in ("So", "Sk", "Sm") or unicodedata.east_asian_width(char) in ("W", "F"):
        emoji = code >= 0x1F000 or 0x2000 <= code < 0x2E80  # noqa: PLR2004 - the blocks of symbols and emoji
        return _EMOJI if emoji else _WIDE
    if 0x12000 <= code < 0x12550:  # noqa: PLR2004 - cuneiform signs
        return _CUNEIFORM
    table = _BOLD if bold else _REGULAR
    parts = unicodedata.normalize("NFKD", char)
    if parts != char and all(ord(part) in table for part in parts if unicodedata.combining(part) == 0):
        return max(1.0, sum(table.get(ord(part), 0.0) for part in parts))
    return _OTHER


def text_width(text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
    """Give the width that a text needs, in pixels; never less than common sans fonts take.

    Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and punctuation come from the advance widths of
    DejaVu Sans and Helvetica, whichever is wider (Arial and Liberation Sans have Helvetica's,
    Verdana very nearly DejaVu's); CJK, emoji and unknown characters are estimated from above.

    Parameters
    ----------
    text : str
        One line, as `visible` gives it.
    size : float
        Font size in pixels.
    bold : bool
        Whether it is set in bold.
    spacing : float
        Extra space after each character, in pixels.

    Returns
    -------
    float
        Pixels.

    Examples
    --------
    >>> round(text_width("Opportunity", 10), 2)
    60.06
    >>> text_width("Wide", 10) > text_width("thin", 10)
    True
    """
    table = _BOLD if bold else _REGULAR
    try:
        ems = sum([table[code] for code in map(ord, text)])
    except KeyError:
        ems = sum(table[ord(char)] if ord(char) in table else _char_width(char, bold) for char in text)
    return ems * size + spacing * len(text)


def clusters(text: str) -> list[str]:
    r"""Split a text into what a reader takes for one character, so that breaking it harms none.

    A base with its marks, an emoji sequence, a flag and a Hangul syllable stay whole. This is
    a simple form of the extended grapheme clusters of Unicode Standard Annex 29.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        They join to the text.

    Examples
    --------
    >>> [len(cluster) for cluster in clusters("e\u0301a")]
    [2, 1]
    """
    if text.isascii():
        return list(text)
    units: list[str] = []
    start = 0
    for match in _CONJUNCT.finditer(text):
        units.extend(text[start : match.start()])
        units.append(match.group())
        start = match.end()
    units.extend(text[start:])
    found: list[str] = []
    joined = False
    for unit in units:
        category = unicodedata.category(unit[0])
        attached = category in ("Mn", "Me", "Mc") or unit in _JOINERS or _SKIN[0] <= unit <= _SKIN[1]
        if found and (attached or joined):
            found[-1] += unit
        else:
            found.append(unit)
        joined = unit == "\u200d"
    return found
