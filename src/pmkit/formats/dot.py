r"""DOT, Graphviz's language. Lossy.

It holds ids (in an attribute of our own; names are made), titles, kinds, structure and links (as dashed
edges without weight). Fields are dropped; `dropped` lists them. Labels are escaped, so that no title can
become a statement, an escape sequence, an entity or HTML.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import NamedTuple

from pmkit import ost
from pmkit.formats._document import LARGEST_DEPTH, Problem, refuse
from pmkit.formats._files import position
from pmkit.formats._lossy import Dropped, left_out
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._sketch import Sketch, built, opened
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dropped", "dumps", "loads"]

_SHAPES = {"outcome": "ellipse", "opportunity": "box", "solution": "component", "assumption": "note", "test": "hexagon"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPED = re.compile(r"\\(.)|&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,31});", re.DOTALL)
_NAME = "\ud800"  # stands for the escape of the node's own name; no text that is read can hold it
_LINES = {"n": "\n", "l": "\n", "r": "\n", "N": _NAME}
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|(?<![^\n])\#[^\n]*)
    | "(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"
    | (?P<word>[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?))
    | (?P<sign>->|--|[{}\[\]=;,:+])""",
    re.VERBOSE | re.DOTALL,
)
_LARGEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def dumps(tree: ost.OstTree) -> str:
    r"""Write a tree in DOT.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title='Watch "more"'))), end="")
    digraph tree {
      rankdir=LR;
      node [fontname="Helvetica"];
      n1 [label="Watch \"more\"", shape=ellipse, kind=outcome, pmkit_id="watch"];
    }
    """
    named = {node.id: f"n{number}" for number, node in enumerate(tree, 1)}
    lines = ["digraph tree {", "  rankdir=LR;", '  node [fontname="Helvetica"];']
    for node in tree:
        words = (
            f"label={_quoted(node.title)}, shape={_SHAPES[node.kind]}, kind={node.kind}, pmkit_id={_quoted(node.id)}"
        )
        lines.append(f"  {named[node.id]} [{words}];")
    lines += [f"  {named[tree.parents[node.id]]} -> {named[node.id]};" for node in tree if node.id in tree.parents]
    for link in tree.links:
        words = f"style=dashed, constraint=false, label={_quoted(link.kind)}, pmkit_link=true"
        lines.append(f"  {named[link.source]} -> {named[link.target]} [{words}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + _CONTROL.sub(lambda match: f"&#{ord(match.group())};", escaped) + '"'


def _plain(text: str) -> str:
    return _ESCAPED.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    escape, entity = match.groups()
    if escape is not None:
        return "" if escape == "\n" else _LINES.get(escape, escape if escape in '\\"' else match.group())
    if entity[0] != "#":
        return html.unescape(match.group())
    code = int(entity, 0) if entity[1] in "xX" else int(entity[1:])
    return chr(code) if code <= _LARGEST and code not in _SURROGATES else "\ufffd"


def dropped(tree: ost.OstTree) -> tuple[Dropped, ...]:
    """List what `dumps` leaves out of a tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    tuple of Dropped

    Examples
    --------
    >>> dropped(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes")))
    (Dropped(subject='watch', field='unit'),)
    """
    return left_out(tree, kept=("links",))


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from DOT: edges lead from parents to children.

    Parameters
    ----------
    text : str
        What `dumps` writes, and simple graphs written by hand: directed, with chains, sets in braces,
        default attributes and subgraphs that only group. A node's title is its label, or its name; its kind is the
        attribute ``kind``, or a word before its title, or follows from its place. HTML labels are refused.
    source : str
        The text's name, for messages.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    ParseError
        With line and column.

    Examples
    --------
    >>> [node.kind for node in loads('digraph { watch -> "I can\'t find a film" -> {row list} }')]
    ['outcome', 'opportunity', 'solution', 'solution']
    """
    text = opened(text, source)
    with collection_paused():
        try:
            reader = _Reader(text)
            reader.graph()
        except _FaultError as error:
            raise refuse(source, [Problem(str(error.args[0]), *position(text, error.args[1]))], code="DOC001") from None
        return built(reader.finished(), source, forest=forest, problems=reader.problems)


class _FaultError(Exception):
    """What cannot be read; its arguments are message and position."""


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Reader:
    """Reads statements without recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.sketches: list[Sketch] = []
        self._at = 0
        self._line, self._line_at, self._counted = 1, 0, 0
        self._index: dict[str, int] = {}
        self._labels: dict[int, dict[str, str]] = {}
        self._links: dict[int, list[object]] = {}
        self._fresh = 0
        self._next = self._read()

    def _read(self) -> _Token:
        while True:
            at = self._at
            found = _TOKEN.match(self.text, at)
            if not found:
                if at == len(self.text):
                    return _Token("end", "", at)
                if self.text[at] == "<":
                    raise _FaultError("HTML labels cannot be read; write the label in quotes", at)
                raise _FaultError(self._odd(at), at)
            self._at = found.end()
            if found["space"] is None:
                kind = found.lastgroup or "end"
                return _Token(kind, found[kind], at)

    def _odd(self, at: int) -> str:
        if self.text[at] == '"':
            return "a quote is opened here and never closed"
        return (
            "a comment is opened here and never closed"
            if self.text[at] == "/"
            else f"unexpected {quoted(self.text[at])}"
        )

    def _take(self) -> _Token:
        token, self._next = self._next, self._read()
        return token

    def _sign(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.text == sign:
            self._take()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            raise _FaultError(f"expected {sign!r}, found {self._found()}", self._next.at)

    def _found(self) -> str:
        return "the end of the text" if self._next.kind == "end" else quoted(self._next.text, 40)

    def _is_word(self, *words: str) -> bool:
        return self._next.kind == "word" and self._next.text.lower() in words

    def graph(self) -> None:
        """Read the whole graph."""
        self._header()
        depth = 1
        while depth:
            if self._sign(";") or self._sign(","):
                continue
            if self._sign("}"):
                depth -= 1
            elif self._is_word("subgraph") or (self._next.kind == "sign" and self._next.text == "{"):
                self._group(depth)
                depth += 1
            else:
                self._statement()
        if self._next.kind != "end":
            raise _FaultError(f"there is more after the end of the graph: {self._found()}", self._next.at)

    def _group(self, depth: int) -> None:
        """Enter a subgraph, which only groups."""
        if depth >= LARGEST_DEPTH:
            raise _FaultError(f"nested more than {LARGEST_DEPTH} levels deep", self._next.at)
        if self._is_word("subgraph"):
            self._take()
            if self._next.kind in {"word", "quoted"}:
                self._take()
        self._expect("{")

    def _header(self) -> None:
        if self._is_word("strict"):
            self._take()
        if self._is_word("graph"):
            raise _FaultError("the edges must be directed, from parents to children; write 'digraph'", self._next.at)
        if not self._is_word("digraph"):
            raise _FaultError(f"a graph begins with 'digraph', not {self._found()}", self._next.at)
        self._take()
        if self._next.kind in {"word", "quoted"}:
            self._take()
        self._expect("{")

    def _statement(self) -> None:
        start, self._fresh = self._next, len(self.sketches)
        if self._is_word("node", "edge", "graph"):
            self._take()
            self._attributes()
            return
        tails = self._ends()
        if self._sign("="):
            self._text()
            self._forget(start)
            return
        chain = [tails]
        while not self._sign_is("--") and self._sign("->"):
            chain.append(self._ends())
        attributes = self._attributes()
        if len(chain) == 1:
            for node in tails:
                self._labels.setdefault(node, {}).update(attributes)
        for above, below in pairwise(chain):
            self._tie(above, below, attributes)

    def _sign_is(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.text == sign:
            raise _FaultError("the edges must be directed, from parents to children; write '->'", self._next.at)
        return False

    def _forget(self, start: _Token) -> None:
        """Take back a name that turned out to be the graph's own attribute."""
        index = self._index.get(start.text if start.kind == "word" else _plain(start.text))
        if index is not None and index == self._fresh:
            del self._index[self.sketches.pop().id]

    def _ends(self) -> list[int]:
        if not self._sign("{"):
            return [self._node()]
        nodes: list[int] = []
        while not self._sign("}"):
            if not (self._sign(";") or self._sign(",")):
                nodes.append(self._node())
        return nodes

    def _node(self) -> int:
        at = self._next.at
        name = self._text()
        if self._sign(":"):
            self._text()
            if self._sign(":"):
                self._text()
        index = self._index.setdefault(name, len(self.sketches))
        if index == len(self.sketches):
            line = self._line_of(at)
            self.sketches.append(Sketch("", id=name, line=line, column=at - self._line_at + 1))
        return index

    def _line_of(self, at: int) -> int:
        """Count on from the last place that was asked for."""
        ends = self.text.count("\n", self._counted, at)
        if ends:
            self._line += ends
            self._line_at = self.text.rfind("\n", self._counted, at) + 1
        self._counted = max(self._counted, at)
        return self._line

    def _text(self) -> str:
        token = self._next
        if token.kind not in {"word", "quoted"}:
            raise _FaultError(f"expected a name or a text, found {self._found()}", token.at)
        self._take()
        pieces = [token.text if token.kind == "word" else _plain(token.text)]
        while token.kind == "quoted" and self._sign("+"):
            if self._next.kind != "quoted":
                raise _FaultError(f"expected a text in quotes after '+', found {self._found()}", self._next.at)
            pieces.append(_plain(self._take().text))
        return "".join(pieces)

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self._sign("["):
            while not self._sign("]"):
                name = self._text()
                found[name] = self._text() if self._sign("=") else "true"
                if not self._sign(";"):
                    self._sign(",")
        return found

    def _tie(self, tails: list[int], heads: list[int], attributes: dict[str, str]) -> None:
        linked = attributes.get("pmkit_link") == "true" or attributes.get("style") in {"dashed", "dotted"}
        for tail in tails:
            for head in heads:
                if linked:
                    kind = attributes.get("label", "")
                    self._links.setdefault(tail, []).append((head, kind))
                else:
                    self.sketches[head].hang(tail)

    def finished(self) -> list[Sketch]:
        """Return the sketches with ids, titles, kinds and links."""
        if not self.sketches:
            self.problems.append(Problem("there is no node in this graph", 1, 1))
        for index, sketch in enumerate(self.sketches):
            attributes = self._labels.get(index, {})
            sketch.title = attributes.get("label", _NAME).replace(_NAME, sketch.id)
            sketch.id = attributes.get("pmkit_id", sketch.id)
            kind = attributes.get("kind")
            if kind is not None and not kind_word(kind):
                self.problems.append(Problem(f"unknown kind {quoted(kind)}", sketch.line, sketch.column))
            if kind is not None:
                sketch.kinds = kind_word(kind) or sketch.kinds
                continue
            mark = marked(sketch.title)
            sketch.kinds, sketch.title = mark.kinds, mark.title
            sketch.cells = dict(mark.fields) if mark.fields else None
            if mark.fault:
                self.problems.append(Problem(mark.fault, sketch.line, sketch.column))
        for index, tied in self._links.items():
            named = [(self.sketches[head].id, kind) for head, kind in tied]  # type: ignore[misc,has-type]
            self.sketches[index].values = {
                "links": [{"target": target, **({"kind": kind} if kind else {})} for target, kind in named]
            }
        return self.sketches
