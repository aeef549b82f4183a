"""JSON, strictly (RFC 8259): no duplicate keys, no NaN, no lone surrogates, bounded depth, errors with a place.

The standard library's reader does the work; only when something is wrong, or when a
position is asked for, the text is read once more by a scanner without recursion that
knows where everything stands.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in CPython, unknown to typeshed
from typing import NoReturn, cast

from pmkit.errors import ParseError
from pmkit.formats._document import LARGEST_DEPTH, Document, Path, Problem, only_numbers, refuse
from pmkit.formats._files import position
from pmkit.model import quoted

__all__ = ["read_json", "write_json"]

_LINE_END = re.compile(r"\n")
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_INTEGER = 400


class _FaultError(Exception):
    """The fast reader met something that the scanner has to look at."""


def read_json(text: str, source: str = "<text>") -> Document:
    """Read one JSON document.

    Parameters
    ----------
    text : str
        The document.
    source : str
        Its name, for messages.

    Returns
    -------
    Document

    Raises
    ------
    ParseError
        With line and column.
    """
    try:
        data = _DECODER.decode(text)
    except (ValueError, RecursionError, _FaultError):
        _Scanner(text, source).run()
        raise ParseError("this is not JSON", source=source, line=1, column=1) from None
    if _too_deep(data) or "\\ud" in text.lower() or _SURROGATE.search(text):
        _Scanner(text, source).run()
    return Document(data, source, _Places(text, source).locate)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _FaultError
    return made


def _constant(word: str) -> NoReturn:
    raise _FaultError(word)


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise _FaultError(digits)
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _FaultError(digits)
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_real, strict=True
)


def _too_deep(data: object) -> bool:
    level: list[object] = [data]
    for _ in range(LARGEST_DEPTH + 1):
        level = [
            member
            for container in level
            for member in (container.values() if isinstance(container, dict) else cast("list[object]", container))
            if isinstance(member, (dict, list))
        ] if isinstance(level[0], (dict, list)) else []  # fmt: skip
        if not level:
            return False
    return True


class _Places:
    """Where each part of a JSON text stands; the text is read for it once, when the first place is asked for."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._starts: dict[Path, int] = {}
        self._lines: list[int] = []

    def locate(self, path: Path) -> tuple[int, int]:
        """Return line and column of a part, or of the nearest part above it."""
        if not self._starts:
            self._starts = _Scanner(self._text, self._source).run()
            self._lines = [0, *(found.end() for found in _LINE_END.finditer(self._text))]
        part = path
        while part not in self._starts:
            part = part[:-1]
        start = self._starts[part]
        line = bisect_right(self._lines, start)
        return line, start - self._lines[line - 1] + 1


class _Scanner:
    """Walks over a JSON text; raises at the first fault; tells where every part begins."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self.problems: list[Problem] = []

    def run(self) -> dict[Path, int]:
        """Check the whole text and return where each part of it begins."""
        text, index = self.text, self._skip(0)
        stack: list[tuple[set[str] | None, str | int]] = []
        starts: dict[Path, int] = {}
        while True:
            starts.setdefault(tuple(step for _, step in stack), index)
            character = text[index : index + 1]
            if character in ("{", "["):
                if len(stack) >= LARGEST_DEPTH:
                    raise self._fault(f"nested more than {LARGEST_DEPTH} levels deep", index)
                index = self._skip(index + 1)
                closing = "}" if character == "{" else "]"
                if text[index : index + 1] != closing:
                    stack.append((set(), "") if character == "{" else (None, 0))
                    if character == "{":
                        index = self._key(stack, index)
                    continue
                index += 1
            else:
                index = self._scalar(index)
            index = self._close(stack, self._skip(index))
            if not stack:
                if index != len(text):
                    raise self._fault("there is more after the end of the document", index)
                if self.problems:
                    raise refuse(self.source, self.problems, code="DOC001")
                return starts

    def _close(self, stack: list[tuple[set[str] | None, str | int]], index: int) -> int:
        """After a value: close what ends here, and step to the next value."""
        while stack:
            keys, step = stack[-1]
            character = self.text[index : index + 1]
            if character == ",":
                index = self._skip(index + 1)
                if keys is None:
                    stack[-1] = (None, cast("int", step) + 1)
                    return index
                return self._key(stack, index)
            if character != ("]" if keys is None else "}"):
                raise self._fault(f"expected ',' or {']' if keys is None else '}'!r}", index)
            stack.pop()
            index = self._skip(index + 1)
        return index

    def _key(self, stack: list[tuple[set[str] | None, str | int]], index: int) -> int:
        if self.text[index : index + 1] != '"':
            raise self._fault("expected a key in double quotes", index)
        key, end = self._string(index)
        keys = cast("set[str]", stack[-1][0])
        if key in keys:
            self._note(f"key {quoted(key)} stands twice in one object", index)
        keys.add(key)
        stack[-1] = (keys, key)
        end = self._skip(end)
        if self.text[end : end + 1] != ":":
            raise self._fault("expected ':' after a key", end)
        return self._skip(end + 1)

    def _scalar(self, index: int) -> int:
        if self.text[index : index + 1] == '"':
            return self._string(index)[1]
        number = _NUMBER.match(self.text, index)
        if number:
            digits = number.group()
            if len(digits) > _LONGEST_INTEGER or float(digits) in (float("inf"), float("-inf")):
                self._note(f"number {quoted(digits, 30)} is too large", index)
            return number.end()
        word = _WORD.match(self.text, index)
        if word:
            return word.end()
        found = self.text[index : index + 1]
        raise self._fault(f"expected a value, found {quoted(found)}" if found else "the document ends too early", index)

    def _string(self, index: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, index + 1, True)  # strict
        except json.JSONDecodeError as error:
            message = f"text is not closed or holds a bad escape or control character ({error.msg})"
            raise self._fault(message, error.pos) from None
        if _SURROGATE.search(value):
            self._note("text holds half of a surrogate pair", index)
        return value, end

    def _skip(self, index: int) -> int:
        match = _SPACE.match(self.text, index)
        return match.end() if match else index

    def _note(self, message: str, index: int) -> None:
        line, column = position(self.text, index)
        self.problems.append(Problem(message, line, column))

    def _fault(self, message: str, index: int) -> ParseError:
        self._note(
            message if self.text[index:].strip() or index < len(self.text) else f"{message}: the text ends", index
        )
        return refuse(self.source, self.problems, code="DOC001")


def write_json(data: object, *, indent: int | None = 2) -> str:
    """Write plain data as JSON, with a line end at the end.

    Parameters
    ----------
    data : object
        Dicts with text keys, lists, text, finite numbers, booleans, None.
    indent : int or None
        Spaces a level; None for one line.

    Returns
    -------
    str

    Raises
    ------
    ParseError
        When a number is not finite or a text holds a lone surrogate: JSON has neither.
    """
    try:
        text = (_on_one_line(data) if indent is None else _indented(data, " " * indent, "\n")) + "\n"
        text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise ParseError(f"this cannot be written as JSON: {quoted(str(error))}") from None
    return text


_on_one_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _indented(data: object, step: str, end: str) -> str:
    """Write a part over several lines; one that holds nothing but numbers, or nothing, stays on one."""
    inner = end + step
    if isinstance(data, dict) and data and not only_numbers(data.values()):
        rows = [f"{_on_one_line(str(key))}: {_indented(member, step, inner)}" for key, member in data.items()]
        return "{" + inner + f",{inner}".join(rows) + end + "}"
    if isinstance(data, (list, tuple)) and data and not only_numbers(data):
        return "[" + inner + f",{inner}".join(_indented(member, step, inner) for member in data) + end + "]"
    return _on_one_line(data)
