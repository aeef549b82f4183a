r"""Mermaid mindmaps: nested labels by indentation. Lossy.

They hold titles, kinds (as classes), structure, and those ids that are plain words. Fields and links
are dropped; `dropped` lists them. Labels are written so that nothing in them is markup.
"""

from __future__ import annotations

import re

from pmkit import ost
from pmkit.formats._document import Problem
from pmkit.formats._lossy import Dropped, left_out
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._mermaid import holds_id, label, names, unlabel
from pmkit.formats._sketch import Sketch, built, opened
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dropped", "dumps", "loads"]

_SHAPED = re.compile(
    r"""(?P<name>[^\s()\[\]{}]*)
    (?: \(\((?P<circle>.*)\)\) | \{\{(?P<hexagon>.*)\}\} | \)\)(?P<bang>.*)\(\( | \)(?P<cloud>.*)\(
      | \[(?P<square>.*)\] | \((?P<round>.*)\) )""",
    re.VERBOSE,
)
_CLASS = re.compile(r":::\s*(\S.*)")
_ICON = re.compile(r"::icon\([^()]*\)")
_TAB = 4


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as a Mermaid mindmap.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more"))), end="")
    mindmap
      watch["Watch more"]
      :::outcome
    """
    named = names(tree)
    depths: dict[str, int] = {}
    lines = ["mindmap"]
    for node in tree:
        parent = tree.parents.get(node.id)
        depth = depths[node.id] = depths[parent] + 1 if parent is not None else 1
        lead = "  " * depth
        lines += [f"{lead}{named[node.id]}[{label(node.title)}]", f"{lead}:::{node.kind}"]
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
    return left_out(tree, kept=(), holds_id=holds_id)


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from a Mermaid mindmap.

    Parameters
    ----------
    text : str
        What `dumps` writes, and mindmaps written by hand: nodes of any shape, or bare text. A node's kind is
        its class, or a word before its title, or follows from its place.
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
    >>> [node.kind for node in loads("mindmap\n  Watch more\n    I can't find a film\n      A row of three\n")]
    ['outcome', 'opportunity', 'solution']
    """
    reader = _Reader()
    with collection_paused():
        for number, line in enumerate(opened(text, source).split("\n"), 1):
            reader.take(line, number)
        if not reader.sketches and not reader.problems:
            reader.problems.append(Problem("there is no node in this mindmap", 1, 1))
        return built(reader.finished(), source, forest=forest, problems=reader.problems)


class _Reader:
    """Takes lines, keeps nodes."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sketches: list[Sketch] = []
        self._open: list[tuple[int, int]] = []
        self._begun = False
        self._classed: set[int] = set()

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        text = line.strip(" \t")
        if not text or text.startswith("%%"):
            return
        lead = line[: len(line) - len(line.lstrip(" \t"))]
        column = len(lead) + 1
        if not self._begun:
            self._begun = True
            if text != "mindmap":
                self.problems.append(Problem("a Mermaid mindmap begins with 'mindmap'", number, column))
            return
        worn = _CLASS.fullmatch(text)
        if worn and self.sketches:
            self._wear(worn[1])
        elif not _ICON.fullmatch(text) or not self.sketches:
            self._node(text, len(lead.expandtabs(_TAB)), number, column)

    def _wear(self, classes: str) -> None:
        kinds = [kind for kind in map(kind_word, classes.split()) if kind]
        if kinds:
            self.sketches[-1].kinds = kinds[0]
            self._classed.add(len(self.sketches) - 1)

    def _node(self, text: str, lead: int, number: int, column: int) -> None:
        if self._open and lead < self._open[-1][0] and all(lead != level for level, _ in self._open):
            message = f"this line is indented by {lead} columns, which is between the levels above it"
            self.problems.append(Problem(message, number, 1, hint="indent it like its siblings"))
        while self._open and self._open[-1][0] >= lead:
            self._open.pop()
        parents = (self._open[-1][1],) if self._open else ()
        shaped = _SHAPED.fullmatch(text)
        title, name = text, ""
        if shaped:
            name = shaped["name"]
            title = next(text for key, text in shaped.groupdict().items() if key != "name" and text is not None)
        title = title.strip(" \t")
        if len(title) > 1 and title[0] == title[-1] == '"':
            title = title[1:-1]
        if '"' in title and shaped and shaped["name"] and text.count('"') % 2:
            self.problems.append(Problem("a quote is opened here and never closed", number, column))
        title = unlabel(title)
        if not title.strip():
            self.problems.append(Problem(f"a title is missing here: {quoted(text, 60)}", number, column))
        self._open.append((lead, len(self.sketches)))
        self.sketches.append(Sketch(title, id=name, parents=parents, line=number, column=column))

    def finished(self) -> list[Sketch]:
        """Return the sketches, kinds read off the titles of those without a class."""
        for index, sketch in enumerate(self.sketches):
            if index in self._classed:
                continue
            mark = marked(sketch.title)
            sketch.kinds, sketch.title = mark.kinds, mark.title
            sketch.cells = dict(mark.fields) if mark.fields else None
            if mark.fault:
                self.problems.append(Problem(mark.fault, sketch.line, sketch.column))
        return self.sketches
