"""Patterns of CODEOWNERS files: what they mean, and whether one matches a path.

A pattern is a list of path segments. Matching walks over the pattern once and keeps, as the bits of one integer,
every position of the path that what was read so far can have reached (Baeza-Yates and Gonnet 1992): no
backtracking, so no pattern takes longer than its length times the words of the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

__all__ = ["ANY", "DEEP", "Dialect", "Glob", "Pattern", "Segment", "compile_pattern", "matches"]

Dialect = Literal["github", "gitlab"]
Tail = Literal["exact", "within", "below", "nothing"]


@attrs.frozen
class Wild:
    """A segment that is nothing but asterisks."""

    name: str


ANY = Wild("*")
"""One segment that is not empty."""

DEEP = Wild("**")
"""Any number of segments, none included."""


@attrs.frozen
class Characters:
    """A set of characters in brackets, as GitLab knows them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool

    def holds(self, character: str) -> bool:
        """Whether a character is meant; a slash never is."""
        return character != "/" and any(low <= character <= high for low, high in self.ranges) != self.negated


Atom = str | None | Characters
"""A character, None for any one character, or a set."""


@attrs.frozen
class Glob:
    """A segment with wildcards: runs of atoms with an asterisk between each two."""

    runs: tuple[tuple[Atom, ...], ...]
    texts: tuple[str, ...] | None = attrs.field(init=False, eq=False)
    """The runs as texts; None when one holds a wildcard of its own."""

    def __attrs_post_init__(self) -> None:
        plain = all(isinstance(atom, str) for run in self.runs for atom in run)
        texts = tuple("".join(str(atom) for atom in run) for run in self.runs) if plain else None
        object.__setattr__(self, "texts", texts)


Segment = str | Wild | Glob


@attrs.frozen
class Pattern:
    """A pattern that was read.

    Attributes
    ----------
    segments : tuple
        Literal text, `ANY`, `DEEP` or `Glob`, one for each segment.
    tail : {"exact", "within", "below", "nothing"}
        What may follow the last segment: nothing; nothing or anything below it; something below it; the pattern
        matches no path at all.
    """

    segments: tuple[Segment, ...]
    tail: Tail


def compile_pattern(text: str, dialect: Dialect = "github") -> Pattern:
    """Read a pattern as GitHub or GitLab does."""
    return _gitlab(text) if dialect == "gitlab" else _github(text)


def _github(text: str) -> Pattern:
    parts = text.split("/")
    if parts[0] == "" and len(parts) > 1:
        parts = parts[1:]
    elif len(parts) == 1 or (len(parts) == 2 and parts[1] == ""):  # noqa: PLR2004 - "name" and "name/" float
        parts = ["**", *parts]
    if parts == [""] or text == "":
        return Pattern((), "nothing")
    inside = parts[-1] in ("", "**")
    if inside:
        parts = parts[:-1]
        return Pattern(_segments(parts, sets=False), "below")
    segments = _segments(parts, sets=False)
    return Pattern(segments, "exact" if segments[-1] is ANY else "within")


def _gitlab(text: str) -> Pattern:
    if text in ("", "/"):
        return Pattern((), "nothing")
    parts = text[1:].split("/") if text.startswith("/") else ["**", *text.split("/")]
    if parts[-1] == "":
        parts[-1:] = ["**", "*"]
    elif parts[-1] == "**":
        parts[-1] = "*"
    try:
        return Pattern(_segments(parts, sets=True), "exact")
    except ValueError:
        return Pattern((), "nothing")


def _segments(parts: list[str], *, sets: bool) -> tuple[Segment, ...]:
    made: list[Segment] = []
    for part in parts:
        segment = DEEP if part == "**" else _segment(part, sets=sets)
        if not (segment is DEEP and made and made[-1] is DEEP):
            made.append(segment)
    return tuple(made)


def _segment(part: str, *, sets: bool) -> Segment:
    if part and not part.strip("*"):
        return ANY
    if not any(special in part for special in "\\*?["):
        return part
    runs: list[list[Atom]] = [[]]
    at, plain = 0, True
    while at < len(part):
        character = part[at]
        at += 1
        if character == "\\" and at < len(part):
            runs[-1].append(part[at])
            at += 1
        elif character == "*":
            plain = False
            if runs[-1] or len(runs) == 1:
                runs.append([])
        elif character == "?":
            plain = False
            runs[-1].append(None)
        elif character == "[" and sets:
            plain = False
            found, at = _characters(part, at)
            runs[-1].append(found)
        else:
            runs[-1].append(character)
    if plain:
        return "".join(str(atom) for atom in runs[0])
    return Glob(tuple(tuple(run) for run in runs))


def _characters(part: str, at: int) -> tuple[Characters, int]:
    negated = part[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[tuple[str, str]] = []
    while at < len(part) and (part[at] != "]" or not ranges):
        low, at = _member(part, at)
        high = low
        if part[at : at + 1] == "-" and part[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(part, at + 1)
        ranges.append((low, high))
    if at >= len(part):
        raise ValueError(part)
    return Characters(tuple(ranges), negated), at + 1


def _member(part: str, at: int) -> tuple[str, int]:
    if part[at] == "\\" and at + 1 < len(part):
        at += 1
    return part[at], at + 1


class _Walk:
    """The positions of a text that a pattern can have reached.

    One position as long as there is only one, then bits: bit i stands before character i.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.alive = True
        self._at = 0
        self._many = 0
        self._masks: dict[Atom, int] = {}

    def _where(self, wanted: str) -> int:
        bits = bytearray(len(self.text) // 8 + 1)
        at = self.text.find(wanted)
        while at >= 0:
            bits[at >> 3] |= 1 << (at & 7)
            at = self.text.find(wanted, at + 1)
        return int.from_bytes(bits, "little")

    def _mask(self, atom: Atom) -> int:
        if atom not in self._masks:
            if isinstance(atom, str):
                mask = self._where(atom)
            elif atom is None:
                mask = ((1 << len(self.text)) - 1) & ~self._mask("/")
            else:
                mask = 0
                for character in dict.fromkeys(self.text):
                    if atom.holds(character):
                        mask |= self._where(character)
            self._masks[atom] = mask
        return self._masks[atom]

    def _bits(self) -> int:
        if self._at >= 0:
            self._many, self._at = 1 << self._at, -1
        return self._many

    def _keep(self, many: int) -> None:
        self._many = many
        self.alive = many != 0

    def take(self, atom: Atom) -> None:
        """Step over one character."""
        if self._at < 0:
            mask = self._masks.get(atom)
            self._many = many = (self._many & (self._mask(atom) if mask is None else mask)) << 1
            self.alive = many != 0
            return
        found = self.text[self._at : self._at + 1]
        if isinstance(atom, str):
            self.alive = found == atom
        elif atom is None:
            self.alive = found not in ("", "/")
        else:
            self.alive = found != "" and atom.holds(found)
        self._at += 1

    def take_all(self, atoms: Sequence[Atom]) -> None:
        """Step over some characters."""
        if isinstance(atoms, str) and self._at >= 0:
            self.alive = self.text.startswith(atoms, self._at)
            self._at += len(atoms)
            return
        for atom in atoms:
            self.take(atom)
            if not self.alive:
                return

    def spread(self) -> None:
        """Step over any number of characters but slashes: the carry of an addition runs to the end of a segment."""
        many, inside = self._bits(), self._mask(None)
        can = many & inside
        self._keep(many | ((can + inside) ^ inside) | can)

    def descend(self) -> None:
        """From the beginning of a segment, step over any number of whole segments."""
        if self._at >= 0 and self.text.find("/", self._at) < 0:
            return
        many = self._bits()
        starts = self._mask("/") << 1
        self._keep(many | (starts & -(many & -many)))

    def segment(self, segment: Segment) -> None:
        """Step over one segment."""
        if isinstance(segment, str):
            self.take_all(segment)
        elif isinstance(segment, Glob):
            for number, run in enumerate(segment.runs):
                if number:
                    self.spread()
                self.take_all(run)
                if not self.alive:
                    return
        else:
            self.take(None)
            if self.alive:
                self.spread()

    def at_end(self) -> bool:
        """Whether the whole text can have been read."""
        return self.alive and bool(self._bits() >> len(self.text))

    def before_slash(self) -> bool:
        """Whether a whole segment can have been read, and more follows."""
        return self.alive and bool(self._bits() & self._mask("/"))


def _hopeless(pattern: Pattern, path: str) -> bool:
    least = 0
    for segment in pattern.segments:
        if isinstance(segment, str):
            least += len(segment)
            if segment not in path:
                return True
        elif isinstance(segment, Glob):
            least += sum(len(run) for run in segment.runs)
    return least > len(path)


def matches(pattern: Pattern, path: str) -> bool:
    """Whether a pattern matches a path with slashes between its segments."""
    if pattern.tail == "nothing" or not path or _hopeless(pattern, path):
        return False
    walk = _Walk(path)
    starting = True
    for segment in pattern.segments:
        if not starting:
            walk.take("/")
        if walk.alive and segment is DEEP:
            walk.descend()
        elif walk.alive:
            walk.segment(segment)
        if not walk.alive:
            return False
        starting = segment is DEEP
    if pattern.tail == "below":
        return walk.alive if starting else walk.before_slash()
    return walk.at_end() or (pattern.tail == "within" and walk.before_slash())


def glob_matches(glob: Glob, name: str) -> bool:
    """Whether a segment with wildcards matches one name."""
    texts = glob.texts
    if texts is None:
        walk = _Walk(name)
        walk.segment(glob)
        return walk.at_end()
    first, *middle, last = texts
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for text in middle:
        at = name.find(text, at, end)
        if at < 0:
            return False
        at += len(text)
    return True
