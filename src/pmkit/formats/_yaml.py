"""YAML, read from its events only: no aliases, tags, duplicate keys, merge keys or deep nesting.

PyYAML's C parser turns the text into events; what they mean is decided here. Unquoted
scalars stay text (`Plain`) until a field says what it wants, so ``country: no`` and
``version: 1.10`` mean what their author wrote.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, cast

import yaml

from pmkit.errors import ParseError
from pmkit.formats._document import LARGEST_DEPTH, Document, Path, Plain, Problem, only_numbers, refuse
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["read_yaml", "read_yaml_documents", "write_yaml"]

_MOST_PROBLEMS = 100
_MOST_DOCUMENTS = 100_000
_WIDTH = 200
_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9.][0-9.]*(?:[eE][-+]?[0-9]+)?")
Container = dict[str, object] | list[object]
Mark = tuple[int, int]
Marks = dict[str | int, yaml.Mark]


def read_yaml(text: str, source: str = "<text>") -> Document:
    """Read one YAML document.

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
        With every problem of the document that can be told, each with line and column.
    """
    composer = _composed(text, source, most=1)
    return Document(composer.data, source, composer.locate, composer.commented)


def read_yaml_documents(text: str, source: str = "<text>") -> tuple[Document, ...]:
    """Read a stream of YAML documents with ``---`` between them, under the same guards as one.

    Parameters
    ----------
    text : str
        The documents; empty ones are left out.
    source : str
        The stream's name, for messages.

    Returns
    -------
    tuple of Document

    Raises
    ------
    ParseError
        With every problem of the stream that can be told, each with line and column.
    """
    composer = _composed(text, source, most=_MOST_DOCUMENTS)
    return tuple(
        Document(data, source, _locator(composer, data, top), composer.commented)
        for data, top in composer.finished
        if not (isinstance(data, Plain) and data == "") and data is not None
    )


def _locator(composer: _Composer, data: object, top: yaml.Mark | None) -> Callable[[Path], Mark]:
    return lambda path: composer.locate_in(data, top, path)


def _composed(text: str, source: str, *, most: int) -> _Composer:
    composer = _Composer(text, most=most)
    try:
        with collection_paused():
            for event in _events(text):
                if not composer.take(event):
                    break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        composer.problems.append(Problem(f"this is not YAML: {error.problem or error.context}", line, column))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"character U+{_codepoint(error.character):04X} may not stand in a YAML document"
        composer.problems.append(Problem(message, line, 0, hint="remove it, or write it as an escape in quotes"))
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        composer.problems.append(Problem("a lone surrogate may not stand in a YAML document", line, 0))
    if not composer.problems and composer.documents == 0:
        composer.problems.append(
            Problem("the document is empty", 1, 1, hint="see whether it was saved, and whether it is the right one")
        )
    if composer.problems:
        raise refuse(source, composer.problems, code="DOC001")
    return composer


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.parse(text, Loader=loader)


def _codepoint(character: object) -> int:
    if isinstance(character, int):
        return character
    return ord(cast("str", character)) if character else 0


class _Composer:
    """Builds plain data out of events, without recursion, and remembers where everything stands."""

    def __init__(self, text: str, *, most: int = 1) -> None:
        self.text = text
        self.most = most
        self.data: object = None
        self.finished: list[tuple[object, yaml.Mark | None]] = []
        self.documents = 0
        self.commented = False
        self.problems: list[Problem] = []
        self._open: list[Container] = []
        self._keys: list[str | None] = []
        self._marks: list[Marks] = []
        self._marks_of: dict[int, Marks] = {}
        self._top: yaml.Mark | None = None
        self._end = 0

    def take(self, event: yaml.Event) -> bool:
        """Take the next event; False when it makes no sense to go on."""
        start: Any = event.start_mark
        end: Any = event.end_mark
        if not self.commented and start.index > self._end:
            self.commented = "#" in self.text[self._end : start.index]
        self._end = max(self._end, end.index)
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event)
            self._put(event.value if event.style else Plain(event.value), start, scalar=True)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_extras(event)
            container: Container = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._put(container, start, scalar=False)
            self._open.append(container)
            self._keys.append(None)
            self._marks.append({})
            self._marks_of[id(container)] = self._marks[-1]
            if len(self._open) > LARGEST_DEPTH:
                self._problem(f"nested more than {LARGEST_DEPTH} levels deep", start)
                return False
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
            self._marks.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._problem(f"alias *{event.anchor}: aliases are not allowed; write the value out", start)
            self._put(None, start, scalar=True)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > self.most:
                told = "a second document begins here; a file holds one"
                self._problem(told if self.most == 1 else f"more than {self.most} documents", start)
                return False
            self.data, self._top = None, start
        elif isinstance(event, yaml.DocumentEndEvent):
            self.finished.append((self.data, self._top))
        return len(self.problems) < _MOST_PROBLEMS

    def locate(self, path: Path) -> Mark:
        """Return line and column of a part of the data, or of the nearest one above it."""
        return self.locate_in(self.data, self._top, path)

    def locate_in(self, data: object, top: yaml.Mark | None, path: Path) -> Mark:
        """Return line and column of a part of one of the documents."""
        mark, part = top, data
        for step in path:
            marks = self._marks_of.get(id(part), {})
            if step not in marks:
                break
            mark = marks[step]
            part = cast("dict[str | int, object]", part)[step]
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.anchor is None and event.tag is None:
            return
        start = cast("yaml.Mark", event.start_mark)
        if event.anchor is not None:
            self._problem(f"anchor &{event.anchor}: anchors are not allowed; write the value out", start)
        if event.tag is not None:
            self._problem(f"tag {quoted(event.tag)}: tags are not allowed", start)

    def _put(self, value: object, mark: yaml.Mark, *, scalar: bool) -> None:
        if not self._open:
            self.data, self._top = value, mark
            return
        container, marks, key = self._open[-1], self._marks[-1], self._keys[-1]
        if isinstance(container, list):
            marks[len(container)] = mark
            container.append(value)
        elif key is None:
            key = self._keys[-1] = self._key(container, value, mark, scalar=scalar)
            marks.setdefault(key, mark)
        else:
            marks[key] = mark
            container[key] = value
            self._keys[-1] = None

    def _key(self, container: dict[str, object], value: object, mark: yaml.Mark, *, scalar: bool) -> str:
        if not scalar or not isinstance(value, str):
            self._problem("a key must be plain text, not a list or a mapping", mark)
            return ""
        if value in container:
            self._problem(f"key {quoted(str(value))} stands twice in one mapping", mark)
        elif value == "<<" and isinstance(value, Plain):
            self._problem("merge keys (<<) are not allowed; write the values out", mark)
        return str(value)

    def _problem(self, message: str, mark: yaml.Mark) -> None:
        self.problems.append(Problem(message, mark.line + 1, mark.column + 1))


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C class where it is built
    """Writes no aliases, and long text as it is."""

    def ignore_aliases(self, data: object) -> bool:
        """Never refer back: our reader refuses aliases."""
        del data
        return True


def _written_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quote text that our reader would take for a number, though YAML 1.1 does not."""
    quoted_style = "'" if _LIKE_A_NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted_style)


def _written_mapping(dumper: yaml.SafeDumper, data: dict[str, object]) -> yaml.MappingNode:
    """Keep a mapping of nothing but numbers on one line: counts are compared line by line."""
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=only_numbers(data.values()))


def _written_list(dumper: yaml.SafeDumper, data: list[object]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=only_numbers(data))


_Dumper.add_representer(str, _written_text)
_Dumper.add_representer(dict, _written_mapping)
_Dumper.add_representer(list, _written_list)


def write_yaml(data: object) -> str:
    """Write plain data as YAML that `read_yaml` reads back to the same data.

    Parameters
    ----------
    data : object
        Dicts with text keys, lists, text, finite numbers, booleans, None.

    Returns
    -------
    str

    Raises
    ------
    ParseError
        When a text holds what no YAML document can (a lone surrogate).
    """
    stream = io.StringIO()
    try:
        yaml.dump(
            data, stream, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
        )
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise ParseError(f"this cannot be written as YAML: {quoted(str(error))}") from None
    return stream.getvalue()
