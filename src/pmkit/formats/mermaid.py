r"""Mermaid flowcharts, which many wikis and code hosts draw. Lossy.

They hold titles, kinds (as classes), structure and links (as dotted arrows), and those ids that are
plain words; other nodes get numbers for names. Fields are dropped; `dropped` lists them.
Labels are written so that nothing in them is markup: ``#code;`` for all but letters, digits and spaces.
"""

from __future__ import annotations

import re

from pmkit import ost
from pmkit.formats._document import Problem
from pmkit.formats._lossy import Dropped, left_out
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._mermaid import CLASS_DEFINITIONS, holds_id, label, names, unlabel
from pmkit.formats._sketch import ALL_KINDS, Sketch, built, opened
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dropped", "dumps", "loads"]

_HEADER = re.compile(r"(?:graph|flowchart)(?:-elk)?(?:[ \t]+(?:TB|TD|BT|LR|RL))?[ \t]*;?")
_SKIPPED = re.compile(r"(?:classDef|style|linkStyle|direction|accTitle|accDescr)(?![\w-])")
_CLASS = re.compile(r"class[ \t]++([\w, -]*[\w,-])[ \t]+(\w+)[ \t]*;?")
_REFUSED = re.compile(r"(subgraph|end|click|call|href)(?![\w-])")
_SPACE = re.compile(r"[ \t]*")
_NAME = re.compile(r"[^\W_](?:[\w.]|-(?=\w))*")
_SHAPES = (
    ("([", "])"), ("[[", "]]"), ("[(", ")]"), ("(((", ")))"), ("((", "))"), ("{{", "}}"),
    ("[/", "/]"), ("[/", "\\]"), ("[\\", "\\]"), ("[\\", "/]"), ("[", "]"), ("(", ")"), ("{", "}"), (">", "]"),
)  # fmt: skip
_ARROW = re.compile(
    r"""(?P<solid> -{2,}> | ={2,}> )(?:\|(?P<bar>[^|\n]*)\|)?
    | (?P<dotted> -\.+-> )(?:\|(?P<dotbar>[^|\n]*)\|)?
    | -- [ \t] (?: [ \t]*+ "[^"\n]*+" [ \t]*+ | [^-\n|"]++ ) -{2,}>
    | == [ \t] (?: [ \t]*+ "[^"\n]*+" [ \t]*+ | [^="\n]++ ) ={2,}>
    | -\. (?P<dottext> [ \t]*+ "[^"\n]*+" [ \t]*+ | [^-.\n|"]++ ) \.+->
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"([^\W_]\w*) *--> *([^\W_]\w*) *;?")
_OPENING = frozenset("[({>")
_MOST_CROSSED = 100_000
_WORD = re.compile(r"\w+")


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as a Mermaid flowchart.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> print(dumps(ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")))
    flowchart TD
      watch["Watch more"]:::outcome
      find["I can#39;t find a film"]:::opportunity
      watch --> find
      classDef outcome ...
    """
    named = names(tree)
    lines = ["flowchart TD"]
    lines += [f"  {named[node.id]}[{label(node.title)}]:::{node.kind}" for node in tree]
    lines += [f"  {named[tree.parents[node.id]]} --> {named[node.id]}" for node in tree if node.id in tree.parents]
    lines += [f"  {named[link.source]} -. {label(link.kind)} .-> {named[link.target]}" for link in tree.links]
    used = {node.kind for node in tree}
    lines += [f"  {line}" for line in CLASS_DEFINITIONS if line.split()[1] in used]
    return "\n".join(lines) + "\n"


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
    return left_out(tree, kept=("links",), holds_id=holds_id)


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from a Mermaid flowchart: arrows lead from parents to children, dotted ones are links.

    Parameters
    ----------
    text : str
        What `dumps` writes, and simple diagrams written by hand: nodes of any shape, chains, ``&``, labels on
        arrows. A node's kind is its class, or a word before its title, or follows from its place.
        Styles are passed over; subgraphs and click actions are refused.
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
        With every problem, each with its line and column.

    Examples
    --------
    >>> [node.kind for node in loads("graph TD\n a[Watch more] --> b(I can't find a film) --> c & d\n")]
    ['outcome', 'opportunity', 'solution', 'solution']
    """
    reader = _Reader()
    with collection_paused():
        for number, line in enumerate(opened(text, source).split("\n"), 1):
            reader.take(line, number)
        return built(reader.finished(), source, forest=forest, problems=reader.problems)


class _FaultError(Exception):
    """A statement that cannot be read; its arguments are message and position."""


class _Reader:
    """Takes lines, keeps nodes and arrows."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sketches: list[Sketch] = []
        self._index: dict[str, int] = {}
        self._classed: set[int] = set()
        self._links: dict[int, list[object]] = {}
        self._crossed = 0
        self._begun = False
        self._front = False

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        stripped = line.strip(" \t")
        if stripped == "---" and (self._front or (not self._begun and number == 1)):
            self._front = not self._front
            return
        if self._front or not stripped or stripped.startswith("%%"):
            return
        column = len(line) - len(line.lstrip(" \t")) + 1
        if not self._begun:
            header = _HEADER.match(stripped)
            self._begun = True
            if not header:
                self._note("a Mermaid flowchart begins with 'flowchart TD'", number, column)
                return
            stripped, column = stripped[header.end() :], column + header.end()
        if _SKIPPED.match(stripped):
            return
        classes = _CLASS.fullmatch(stripped)
        if classes:
            self._classes(classes[1], classes[2])
            return
        refused = _REFUSED.match(stripped)
        if refused:
            self._note(f"{quoted(refused[1])} has no place in a tree; leave it out", number, column)
            return
        plain = _PLAIN.fullmatch(stripped)
        if plain and plain[1] in self._index and plain[2] not in self._index:
            self._index[plain[2]] = len(self.sketches)
            start = column + plain.start(2)
            above = (self._index[plain[1]],)
            self.sketches.append(Sketch("", id=plain[2], parents=above, line=number, column=start))
            return
        try:
            self._statements(stripped, number, column)
        except _FaultError as error:
            self._note(str(error.args[0]), number, column + int(error.args[1]))

    def _note(self, message: str, line: int, column: int) -> None:
        self.problems.append(Problem(message, line, column))

    def _classes(self, listed: str, kind: str) -> None:
        for name in listed.split(","):
            if kind_word(kind) and name.strip() in self._index:
                index = self._index[name.strip()]
                self.sketches[index].kinds = kind_word(kind)
                self._classed.add(index)

    def _statements(self, text: str, number: int, column: int) -> None:
        at = _skip(text, 0)
        while at < len(text):
            if text[at] == ";":
                at = _skip(text, at + 1)
                continue
            group, at = self._group(text, at, number, column)
            while at < len(text) and text[at] != ";":
                arrow = _ARROW.match(text, at)
                if not arrow:
                    raise _FaultError(f"expected an arrow such as -->, found {quoted(text[at : at + 20])}", at)
                start = _skip(text, arrow.end())
                targets, at = self._group(text, start, number, column)
                self._tie(group, targets, arrow)
                group = targets

    def _group(self, text: str, at: int, number: int, column: int) -> tuple[list[int], int]:
        node, at = self._node(text, at, number, column)
        group = [node]
        while text[at : at + 1] == "&":
            node, at = self._node(text, _skip(text, at + 1), number, column)
            group.append(node)
        return group, at

    def _node(self, text: str, at: int, number: int, column: int) -> tuple[int, int]:
        named = _NAME.match(text, at)
        if not named:
            found = f"found {quoted(text[at : at + 20])}" if at < len(text) else "the line ends"
            raise _FaultError(f"expected a node's name, {found}", at)
        name, end = named.group(), named.end()
        index = self._index.setdefault(name, len(self.sketches))
        if index == len(self.sketches):
            self.sketches.append(Sketch("", id=name, line=number, column=column + at))
        if text[end : end + 1] in _OPENING:
            left = next(left for left, _ in _SHAPES if text.startswith(left, end))
            title, end = _inside(text, end, left)
            sketch = self.sketches[index]
            if sketch.title and sketch.title != title:
                raise _FaultError(f"the node {quoted(name)} is given a second title", at)
            sketch.title = title
        if text.startswith(":::", end):
            worn = _WORD.match(text, end + 3)
            if not worn:
                raise _FaultError("expected a class's name after :::", end)
            if kind_word(worn.group()):
                self.sketches[index].kinds = kind_word(worn.group())
                self._classed.add(index)
            end = worn.end()
        return index, _skip(text, end)

    def _tie(self, tails: list[int], heads: list[int], arrow: re.Match[str]) -> None:
        dotted = arrow["dotted"] or arrow["dottext"]
        words = (arrow["dottext"] or arrow["dotbar"] or "").strip()
        kind = unlabel(words[1:-1] if words[:1] == '"' == words[-1:] and len(words) > 1 else words)
        if len(tails) > 1:
            self._crossed += len(tails) * len(heads)
            if self._crossed > _MOST_CROSSED:
                raise _FaultError(f"& makes more than {_MOST_CROSSED:,} arrows here; a tree has one for each node", 0)
        for tail in tails:
            for head in heads:
                if dotted:
                    link = {"target": self.sketches[head].id, **({"kind": kind} if kind else {})}
                    self._links.setdefault(tail, []).append(link)
                else:
                    self.sketches[head].hang(tail)

    def finished(self) -> list[Sketch]:
        """Return the sketches with titles, kinds and links."""
        if not self.sketches and not self.problems:
            self._note("there is no node in this diagram", 1, 1)
        for index, sketch in enumerate(self.sketches):
            if not sketch.title:
                sketch.title = sketch.id
            if index not in self._classed and sketch.kinds == ALL_KINDS:
                mark = marked(sketch.title)
                sketch.kinds, sketch.title = mark.kinds, mark.title
                sketch.cells = dict(mark.fields) if mark.fields else None
                if mark.fault:
                    self._note(mark.fault, sketch.line, sketch.column)
        for index, tied in self._links.items():
            self.sketches[index].values = {"links": tied}
        return self.sketches


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in {" ", "\t"}:
        return at
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _inside(text: str, at: int, left: str) -> tuple[str, int]:
    """Read what stands between a shape's brackets: quoted or bare."""
    rights = [right for start, right in _SHAPES if start == left]
    start = _skip(text, at + len(left))
    if text[start : start + 1] == '"':
        close = text.find('"', start + 1)
        if close < 0:
            raise _FaultError("a quote is opened here and never closed", start)
        end = _skip(text, close + 1)
        right = next((right for right in rights if text.startswith(right, end)), None)
        if right is None:
            raise _FaultError(f"expected {rights[0]!r} after the label", end)
        return unlabel(text[start + 1 : close]), end + len(right)
    ends = [(found, right) for right in rights if (found := text.find(right, start)) >= 0]
    if not ends:
        raise _FaultError(f"{left!r} is opened here and never closed by {rights[0]!r}", at)
    end, right = min(ends)
    return unlabel(text[start:end].strip(" \t")), end + len(right)
