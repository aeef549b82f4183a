"""Breaking text into lines that fit, long words included."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from pmkit.drawing._metrics import clusters, text_width, visible
from pmkit.errors import InvalidValueError

__all__ = ["elide", "wrap"]

_ELLIPSIS = "\u2026"
_PLACEHOLDER = "\u25a1"
_AFTER = re.compile(r"(?<=[-/\u2010\u2012-\u2014_&?=.,:;@])(?=[^\W\d_])|(?<=[-/\u2013\u2014])(?=\d)")
_VOWELS = frozenset("aeiouyäöüàáâèéêìíîòóôùúûåæøœ")
_TIED = frozenset(
    (
        "ch",
        "sh",
        "th",
        "ph",
        "wh",
        "ck",
        "gh",
        "ng",
        "qu",
        "gn",
        "sc",
        "sp",
        "st",
        "tr",
        "pr",
        "br",
        "cr",
        "dr",
        "fr",
        "gr",
        "pl",
        "bl",
        "cl",
        "fl",
        "gl",
        "sl",
    )
)
_LEAST = 3
_REACH = 4
_LOOSE = 0.45
_MOST_PER_EM = 12


def elide(text: str, width: float, *, size: float, bold: bool = False) -> str:
    """Shorten a line with an ellipsis until it fits.

    Parameters
    ----------
    text : str
        Any text; what is drawn is its `visible` form.
    width : float
        Pixels.
    size : float
        Font size in pixels.
    bold : bool
        Whether it is set in bold.

    Returns
    -------
    str

    Examples
    --------
    >>> elide("Weekly minutes watched", 80, size=10)
    'Weekly minut…'
    """
    shown = visible(text)
    return shown if text_width(shown, size, bold=bold) <= width else _cut(shown, width, size, bold=bold)


def _cut(shown: str, width: float, size: float, *, bold: bool) -> str:
    units = clusters(shown)
    ends = accumulate(
        (text_width(unit, size, bold=bold) for unit in units), initial=text_width(_ELLIPSIS, size, bold=bold)
    )
    kept = sum(1 for end in ends if end <= width) - 1
    return "".join(units[: max(kept, 0)]).rstrip() + _ELLIPSIS


def wrap(text: str, width: float, *, size: float, bold: bool = False, lines: int | None = None) -> tuple[str, ...]:
    """Break a text into lines, none wider than `width`.

    Lines break at spaces, after hyphens and slashes, and between ideographs; a word that is wider
    than a line is broken, with a hyphen between letters.

    Parameters
    ----------
    text : str
        Any text; what is drawn is its `visible` form.
    width : float
        Pixels; at least three times the font size.
    size : float
        Font size in pixels.
    bold : bool
        Whether it is set in bold.
    lines : int or None
        The most lines; what is left over is cut off with an ellipsis.

    Returns
    -------
    tuple of str
        At least one line.

    Raises
    ------
    InvalidValueError
        When the width has no room for three characters, or there may be no line.

    Examples
    --------
    >>> wrap("I can't find something to watch", 100, size=12)
    ("I can't find", 'something to', 'watch')
    >>> wrap("internationalization", 80, size=12)
    ('internationa-', 'lization')
    >>> wrap("one two three", 30, size=10, lines=2)
    ('one', 'two…')
    """
    if not width >= 3 * size > 0:
        message = f"wrap needs a width of at least three font sizes, not {width:g} at size {size:g}"
        raise InvalidValueError(message)
    if lines is not None and lines < 1:
        message = f"wrap needs at least one line, not {lines}"
        raise InvalidValueError(message)
    shown = visible(text)
    if text_width(shown, size, bold=bold) <= width:
        return (shown,)
    if lines is not None:
        shown = shown[: int(lines * width / size * _MOST_PER_EM)]
    broken = _Lines(width, size, bold=bold)
    for word in shown.split(" "):
        glue = " "
        for atom in _atoms(word):
            broken.add(atom, glue)
            glue = ""
        if lines is not None and len(broken.done) > lines:
            break
    made = broken.finished()
    if lines is not None and len(made) > lines:
        last = made[lines - 1].rstrip() + _ELLIPSIS
        if text_width(last, size, bold=bold) > width:
            last = _cut(made[lines - 1], width, size, bold=bold)
        made = [*made[: lines - 1], last]
    return tuple(made)


def _atoms(word: str) -> list[str]:
    """Cut a word where a line may end without a hyphen."""
    if word.isascii():
        return _AFTER.split(word)
    atoms: list[str] = []
    free = False
    for part in _AFTER.split(word):
        glued = False
        for cluster in clusters(part):
            wide = unicodedata.east_asian_width(cluster[0]) in ("W", "F")
            closing = unicodedata.category(cluster[0]) in ("Po", "Pe", "Pf", "Lm")
            if glued and (closing or not (wide or free)):
                atoms[-1] += cluster
            else:
                atoms.append(cluster)
            glued = True
            free = wide and unicodedata.category(cluster[0]) not in ("Ps", "Pi")
    return atoms


class _Lines:
    """Lines being filled."""

    def __init__(self, width: float, size: float, *, bold: bool) -> None:
        self.width = width
        self.size = size
        self.bold = bold
        self.done: list[str] = []
        self._line = ""
        self._used = 0.0

    def _measure(self, text: str) -> float:
        return text_width(text, self.size, bold=self.bold)

    def _end_line(self) -> None:
        if self._line:
            self.done.append(self._line)
        self._line, self._used = "", 0.0

    def add(self, atom: str, glue: str) -> None:
        if not self._line:
            glue = ""
        needed = self._measure(glue + atom)
        if self._used + needed > self.width:
            alone = self._measure(atom)
            if alone > self.width:
                self._break(atom, glue)
                return
            self._end_line()
            glue, needed = "", alone
        self._line += glue + atom
        self._used += needed

    def _break(self, atom: str, glue: str) -> None:
        if self.width - self._used < _LOOSE * self.width:
            self._end_line()
            glue = ""
        units = [unit if self._measure(unit) <= self.width else _PLACEHOLDER for unit in clusters(atom)]
        start = 0
        while start < len(units):
            end, used = start, self._used + self._measure(glue)
            while end < len(units) and used + self._measure(units[end]) <= self.width:
                used += self._measure(units[end])
                end += 1
            if self._line and end < len(units) and end - start <= _LEAST:
                self._end_line()
                glue = ""
                continue
            mark = ""
            if end < len(units):
                end, mark = self._point(units, start, end, self._used + self._measure(glue))
            piece = glue + "".join(units[start:end]) + mark
            self._line += piece
            self._used += self._measure(piece)
            if end < len(units):
                self._end_line()
                glue = ""
            start = end

    def _point(self, units: list[str], start: int, end: int, used: float) -> tuple[int, str]:
        """Choose where to break a word that fits up to `end`, and whether a hyphen marks it."""
        if not (end < len(units) and units[end][0].isalpha() and units[end - 1][0].isalpha()):
            return max(end, start + 1), ""
        while end > start + 1 and used + self._measure("".join(units[start:end]) + "-") > self.width:
            end -= 1
        if not (units[end][0].isalpha() and units[end - 1][0].isalpha()):
            return max(end, start + 1), ""
        earliest = max(start + _LEAST, end - _REACH)
        for place in range(min(end, len(units) - _LEAST), earliest - 1, -1):
            if _syllable_ends(units, place):
                return place, "-"
        return end, "-"

    def finished(self) -> list[str]:
        self._end_line()
        return self.done


def _syllable_ends(units: list[str], place: int) -> bool:
    """Tell whether a word may well be hyphenated here: before consonant and vowel, or between consonants."""
    before, after = units[place - 1].lower(), units[place].lower()
    if not (before.isalpha() and after.isalpha()) or after in _VOWELS:
        return False
    following = units[place + 1].lower() if place + 1 < len(units) else ""
    if before in _VOWELS:
        return following in _VOWELS or after + following in _TIED
    return before + after not in _TIED and following in _VOWELS
