"""Trees in Markdown: headings and nested bullets, kinds as marks, ids in braces, fields as bullets of their own."""

from __future__ import annotations

import html
import re
from typing import Literal

from pmkit import ost
from pmkit.formats._cells import FIELDS
from pmkit.formats._document import Problem
from pmkit.formats._marks import marked
from pmkit.formats._sketch import ALL_KINDS, Sketch, built, mask_of, opened
from pmkit.formats._xml import unescape as unescape_plain
from pmkit.model import did_you_mean, quoted
from pmkit.trees._build import collection_paused

__all__ = ["escape", "escaped_id", "read", "unescape"]

Dialect = Literal["outline", "ost-builder"]

_SPECIAL = re.compile(r"([\\`*\[\]<>&{}#|~$]|(?<![^\W_])_|_(?![^\W_]))")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
_TAG = re.compile(r"@([A-Za-z][\w-]*)")
_HEADING = re.compile(r"(#+)(?:[ \t]+|$)(.*)$")
_BULLET = re.compile(r"(?:[-*+\u2022\u2023\u25e6\u2013]|[0-9]{1,9}[.)])(?:[ \t]+|$)(.*)$")
_RULE = re.compile(r"(?:[-*_=][ \t]*){3,}$")
_COMMENT = re.compile(r"<!--.*-->$")
_FIELD = re.compile(r"(\*\*|__|\*|_|)([a-z][a-z_]{0,29})(?:\1:|:\1)[ \t]+(.*)$")
_BOXES = str.maketrans(dict.fromkeys("\u2502\u251c\u2514\u2500\u2503\u2523\u2517\u2501\u256d\u2570", " "))
_BOXED = re.compile(r"[\s\u2502\u251c\u2514\u2500\u2503\u2523\u2517\u2501\u256d\u2570]*")
_METRICS = {"start": "baseline", "target": "target"}
_LARGEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_TAB = 4
_ODD = re.compile(r"[^\w./:-]")
_NAMES = frozenset(FIELDS)


def escape(text: str) -> str:
    r"""Escape text for one line of Markdown: it shows as written, holds no HTML, and `unescape` gives it back.

    Examples
    --------
    >>> escape("1 < 2 *and*\n3")
    '1 \\< 2 \\*and\\*&#10;3'
    """
    core = text.strip()
    start = text.find(core) if core else len(text)
    inner = _CONTROL.sub(_reference, _SPECIAL.sub(r"\\\1", core))
    return _referred(text[:start]) + inner + _referred(text[start + len(core) :])


def _referred(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _reference(match: re.Match[str]) -> str:
    return _referred(match.group())


def escaped_id(identifier: str) -> str:
    """Write an id as ``{#id}``."""
    return "{#" + _ODD.sub(_reference, identifier) + "}"


def unescape(text: str) -> str:
    """Turn Markdown's escapes and character references into what they stand for."""
    return _ESCAPED.sub(_plain, text) if "\\" in text or "&" in text else text


def _plain(match: re.Match[str]) -> str:
    mark, decimal, hexadecimal, name = match.groups()
    if mark:
        return mark
    if name:
        return html.unescape(match.group())
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= _LARGEST and code not in _SURROGATES else "\ufffd"


def read(
    text: str, source: str, *, dialect: Dialect = "outline", bare: bool = False, forest: bool = False
) -> ost.OstTree:
    """Read a tree from Markdown.

    Parameters
    ----------
    text : str
    source : str
    dialect : "outline" or "ost-builder"
        In an outline every bullet is a node or a field; in ost-builder's files only
        headings are nodes, and other bullets are part of the description.
    bare : bool
        Lines without a bullet are nodes too, by their indentation.
    forest : bool

    Returns
    -------
    Tree

    Raises
    ------
    ParseError
        With every problem, each with its line and column.
    """
    reader = _Reader(dialect, bare=bare)
    with collection_paused():
        for number, line in enumerate(opened(text, source).split("\n"), 1):
            reader.take(line, number)
        return reader.tree(source, forest=forest)


class _Reader:
    """Takes lines, keeps sketches."""

    def __init__(self, dialect: Dialect, *, bare: bool) -> None:
        self.dialect = dialect
        self.bare = bare
        self.sketches: list[Sketch] = []
        self.problems: list[Problem] = []
        self._headings: list[tuple[int, int]] = []
        self._bullets: list[tuple[int, int]] = []
        self._levels: dict[int, int] = {}
        self._texts: dict[int, list[str]] = {}
        self._raw: list[list[str]] = []
        self._unescape = unescape_plain if bare else unescape
        self._last = -1
        self._after_blank = True
        self._comment = False

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        stripped = line.strip(" \t")
        if self._comment or stripped.startswith("<!--"):
            self._comment = "-->" not in stripped
            if not self._comment and not (stripped.endswith("-->")):
                self._note("a line may not go on after a comment", number, 1)
            return
        if not stripped or (_RULE.match(stripped) and not self.bare):
            self._after_blank = True
            if self._last in self._texts:
                self._texts[self._last].append("")
            return
        lead, rest = self._split(line)
        column = len(line) - len(rest) + 1
        heading = _HEADING.match(rest) if not lead and not self.bare else None
        bullet = _BULLET.match(rest)
        if heading:
            self._heading(len(heading[1]), heading[2], number)
        elif bullet and (self.dialect == "outline" or self._is_metric(bullet[1])):
            self._bullet(lead, bullet[1], number, column + bullet.start(1))
        elif self.bare:
            self._node(rest, lead, number, column)
        else:
            self._text(stripped, number, column)
        self._after_blank = False

    def _split(self, line: str) -> tuple[int, str]:
        """Return a line's indentation in columns, and the rest of it."""
        lead = _BOXED.match(line) if self.bare else re.match(r"[ \t]*", line)
        end = lead.end() if lead else 0
        return len(line[:end].translate(_BOXES).expandtabs(_TAB)), line[end:].rstrip(" \t")

    def _is_metric(self, text: str) -> bool:
        field = _FIELD.match(text)
        known = {*_METRICS, "current"}
        return bool(field and field[2] in known and self._raw and marked(self._raw[-1][0]).kinds == _OUTCOME)

    def _note(self, message: str, line: int, column: int, hint: str = "") -> None:
        self.problems.append(Problem(message, line, column, hint=hint))

    def _heading(self, level: int, text: str, number: int) -> None:
        core = text.rstrip("#")
        text = core if core != text and core[-1:] in {"", " ", "\t"} else text
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        parent = self._headings[-1][1] if self._headings else -1
        self._bullets.clear()
        index = self._add(text, parent, number, level + 2)
        self._headings.append((level, index))
        self._levels[index] = level

    def _bullet(self, lead: int, text: str, number: int, column: int) -> None:
        field = _FIELD.match(text)
        if field and self._last >= 0 and self._is_under(lead):
            name = field[2]
            if self.dialect == "ost-builder":
                self._metric(name, field[3], number, column + field.start(3))
                return
            if name in _NAMES:
                self._field(name, field[3], number, column + field.start(3), lead)
                return
            hint = did_you_mean(name, _NAMES)
            if hint and not marked(text).fields and marked(text).kinds == ALL_KINDS:
                self._note(f"{quoted(name)} is no field{hint}", number, column, "begin a title with a capital letter")
                return
        self._node(text, lead, number, column)

    def _is_under(self, lead: int) -> bool:
        return bool(self._headings) or lead > self._bullets[0][0]

    def _close(self, lead: int) -> None:
        while self._bullets and self._bullets[-1][0] >= lead:
            self._bullets.pop()

    def _node(self, text: str, lead: int, number: int, column: int) -> None:
        if self._bullets and lead < self._bullets[-1][0] and all(lead != level for level, _ in self._bullets):
            known = ", ".join(str(level) for level, _ in self._bullets[-4:])
            message = f"this line is indented by {lead} columns, which is between the levels above it ({known})"
            self._note(message, number, 1, "indent it like its siblings")
        self._close(lead)
        under = self._bullets[-1][1] if self._bullets else self._headings[-1][1] if self._headings else -1
        self._bullets.append((lead, self._add(text, under, number, column)))

    def _add(self, text: str, parent: int, line: int, column: int) -> int:
        self.sketches.append(Sketch("", parents=(parent,) if parent >= 0 else (), line=line, column=column))
        self._last = len(self.sketches) - 1
        self._raw.append([text])
        return self._last

    def _finish(self, sketch: Sketch, text: str) -> None:
        """Read a title with its mark, its id and its tags."""
        bare, sketch.id = _without_id(text.rstrip(" \t"))
        tags: list[str] = []
        while self.dialect == "ost-builder":
            before, space, tag = bare.rpartition(" ")
            found = _TAG.fullmatch(tag)
            if not space or not found:
                break
            tags.insert(0, found[1])
            bare = before.rstrip(" \t")
        if tags and not sketch.id:
            bare, sketch.id = _without_id(bare)
        mark = marked(bare)
        if mark.fault:
            self._note(mark.fault, sketch.line, sketch.column)
        sketch.kinds = (
            mark.kinds & sketch.kinds if mark.kinds & sketch.kinds and mark.kinds == ALL_KINDS else mark.kinds
        )
        sketch.title = self._unescape(mark.title.strip(" \t"))
        if not sketch.title.strip():
            self._note("a title is missing here", sketch.line, sketch.column, "say in a few words what it is")
        if mark.fields:
            sketch.cells = {**mark.fields, **(sketch.cells or {})}
        if tags:
            sketch.values = {"tags": tags}

    def _field(self, name: str, text: str, number: int, column: int, lead: int) -> None:
        owners = [index for level, index in self._bullets if level < lead]
        owner = owners[-1] if owners else self._headings[-1][1] if self._headings else self._last
        cell = text[1:-1] if len(text) > 1 and text[0] == text[-1] == "`" else unescape(text.strip(" \t"))
        sketch = self.sketches[owner]
        if name in (sketch.places or {}):
            self._note(f"{quoted(name)} is given twice", number, column)
        sketch.keep(name, cell, number, column)

    def _metric(self, name: str, text: str, number: int, column: int) -> None:
        sketch = self.sketches[self._last]
        if name in _METRICS:
            sketch.keep(_METRICS[name], unescape(text.strip()), number, column)
        else:
            sketch.keep("notes", f"{name}: {unescape(text.strip())}", number, column)

    def _text(self, text: str, number: int, column: int) -> None:
        if self._last < 0:
            message = "this text stands before the first heading or bullet, and belongs to no node"
            self._note(message, number, column, "begin it with '- ', or remove it")
            return
        sketch = self.sketches[self._last]
        wraps = self._last not in self._levels and not self._after_blank and self._last not in self._texts
        if wraps and not sketch.places:
            self._raw[self._last].append(text)
        else:
            self._texts.setdefault(self._last, []).append(text)

    def tree(self, source: str, *, forest: bool) -> ost.OstTree:
        """Build the tree of all lines."""
        for sketch, pieces in zip(self.sketches, self._raw, strict=True):
            self._finish(sketch, " ".join(pieces))
        for index, lines in self._texts.items():
            sketch = self.sketches[index]
            text = "\n".join(unescape(line) for line in "\n".join(lines).strip("\n").split("\n"))
            given = (sketch.cells or {}).get("description")
            sketch.cells = {**(sketch.cells or {}), "description": f"{given}\n{text}" if given else text}
        if not self.sketches and not self.problems:
            self._note("there is no heading and no bullet here", 1, 1, "write '- Outcome: …' and indent what serves it")
        return built(self._without_title(), source, forest=forest, problems=self.problems)

    def _without_title(self) -> list[Sketch]:
        """Leave out the document's own heading, when all below it hangs under one outcome that is marked as one."""
        sketches = self.sketches
        if 0 not in self._levels or sketches[0].kinds != ALL_KINDS or sketches[0].cells or sketches[0].id:
            return sketches
        under = [index for index, sketch in enumerate(sketches) if sketch.parents in {(), (0,)}]
        if len(under) != 2 or sketches[under[1]].kinds != _OUTCOME:  # noqa: PLR2004 - itself and its one child
            return sketches
        kept = sketches[1:]
        for sketch in kept:
            sketch.parents = tuple(parent - 1 for parent in sketch.parents if parent)
        return kept


def _without_id(text: str) -> tuple[str, str]:
    """Take ``{#id}`` off the end of a title."""
    start = text.rfind("{#")
    inner = text[start + 2 : -1]
    if start < 0 or text[-1] != "}" or not inner or "}" in inner or "{" in inner or text[start - 1 : start] == "\\":
        return text, ""
    return text[:start].rstrip(" \t"), unescape(inner)


_OUTCOME = mask_of("outcome")
