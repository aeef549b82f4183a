"""JSON Canvas, the open format of infinite canvases. Lossless: a card a node, its fields under the key ``pmkit``.

A card's text is the title in Markdown; what a person changes there is what is read back. Places and colors are
made anew each time.
"""

from __future__ import annotations

from typing import cast

from pmkit import ost
from pmkit.formats._document import Document, Path, Problem
from pmkit.formats._json import read_json, write_json
from pmkit.formats._markdown import escape, unescape
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._sketch import Sketch, built, opened
from pmkit.formats._structure import unstructure
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dumps", "loads"]

_COLORS = {"outcome": "6", "opportunity": "5", "solution": "4", "assumption": "3", "test": "2"}
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 280, 100, 360, 130
_FRAMES = frozenset({"id", "kind", "title", "parent", "links"})


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as JSON Canvas 1.0; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Raises
    ------
    ParseError
        For text with a lone surrogate, which no file can hold.

    Examples
    --------
    >>> import json
    >>> json.loads(dumps(ost.new(ost.Outcome(id="watch", title="Watch more"))))["nodes"][0]["text"]
    'Watch more'
    """
    places = _places(tree)
    nodes: list[object] = []
    edges: list[object] = []
    for record in ost.to_records(tree):
        identifier, kind = str(record["id"]), str(record["kind"])
        fields = {name: unstructure(value) for name, value in record.items() if name not in _FRAMES}
        column, row = places[identifier]
        nodes.append(
            {
                "id": identifier,
                "type": "text",
                "text": escape(str(record["title"])),
                "x": column * _ACROSS,
                "y": row * _DOWN // 2,
                "width": _WIDTH,
                "height": _HEIGHT,
                "color": _COLORS[kind],
                "pmkit": {"kind": kind, **fields},
            }
        )
        if record["parent"] is not None:
            edges.append(_edge(len(edges), str(record["parent"]), identifier))
    for link in tree.links:
        ends = _edge(len(edges), link.source, link.target)
        edges.append({**ends, "label": escape(link.kind), "pmkit": {"link": link.kind}})
    return write_json({"nodes": nodes, "edges": edges})


def _edge(number: int, source: str, target: str) -> dict[str, object]:
    ends = {"fromNode": source, "fromSide": "right", "toNode": target, "toSide": "left"}
    return {"id": f"edge-{number + 1}", **ends}


def _places(tree: ost.OstTree) -> dict[str, tuple[int, int]]:
    """Return column and row (in halves) of each node: leaves in rows, parents beside their children's middle."""
    order = list(tree)
    columns: dict[str, int] = {}
    rows: dict[str, int] = {}
    leaf = 0
    for node in order:
        parent = tree.parents.get(node.id)
        columns[node.id] = columns[parent] + 1 if parent is not None else 0
        if not tree.children.get(node.id):
            rows[node.id] = 2 * leaf
            leaf += 1
    for node in reversed(order):
        kids = tree.children.get(node.id)
        if kids:
            rows[node.id] = (rows[kids[0]] + rows[kids[-1]]) // 2
    return {node.id: (columns[node.id], rows[node.id]) for node in order}


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    """Read a tree from JSON Canvas: arrows lead from parents to children.

    Parameters
    ----------
    text : str
        Text cards are nodes, and siblings stand in the order of the cards. Groups are frames and no nodes.
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
    >>> loads('{"nodes": [{"id": "a", "type": "text", "text": "Watch more", "x": 0, "y": 0, "width": 9, "height": 9}]}')
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    with collection_paused():
        reader = _Reader(read_json(opened(text, source, exact=True), source))
        return built(reader.read(), source, forest=forest, problems=reader.problems)


class _Reader:
    """Turns cards and arrows into sketches."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self._index: dict[str, int] = {}
        self._links: dict[int, list[object]] = {}

    def _note(self, message: str, path: Path) -> None:
        place = self.document.locate(path) if len(self.problems) < _MOST_PLACES else (1, 1)
        self.problems.append(Problem(message, *place))

    def _rows(self, key: str) -> list[tuple[int, dict[str, object]]]:
        data = self.document.data
        rows = data.get(key, []) if isinstance(data, dict) else None
        if not isinstance(rows, list):
            self._note(f"a canvas is a mapping with 'nodes' and 'edges'; there is no list {quoted(key)}", (key,))
            return []
        good: list[tuple[int, dict[str, object]]] = []
        for position, row in enumerate(rows):
            if isinstance(row, dict):
                good.append((position, row))
            else:
                self._note(f"one of the {key} is no mapping but {quoted(row, 60)}", (key, position))
        return good

    def read(self) -> list[Sketch]:
        """Return a sketch of each card, with parents and links."""
        sketches: list[Sketch] = []
        for position, row in self._rows("nodes"):
            if row.get("type") == "group":
                continue
            sketch = self._card(row, ("nodes", position))
            self._index.setdefault(sketch.id, len(sketches))
            sketches.append(sketch)
        for position, row in self._rows("edges"):
            self._arrow(row, ("edges", position), sketches)
        for index, tied in self._links.items():
            sketches[index].values = {**(sketches[index].values or {}), "links": tied}
        if not sketches and not self.problems:
            self._note("there is no card on this canvas", ())
        if len(sketches) <= _MOST_PLACES:
            for position, row in self._rows("nodes"):
                if str(row.get("id")) in self._index:
                    sketch = sketches[self._index[str(row["id"])]]
                    sketch.line, sketch.column = self.document.locate(("nodes", position))
        return sketches

    def _card(self, row: dict[str, object], path: Path) -> Sketch:
        identifier, text, own = row.get("id"), row.get("text"), row.get("pmkit", {})
        if not isinstance(identifier, str) or not identifier:
            self._note("a card has no id", path)
        if not isinstance(text, str) or not text.strip():
            self._note("a card has no text; only text cards are nodes", path)
            text = "?"
        if not isinstance(own, dict):
            self._note("'pmkit' must be a mapping with kind and fields", path)
            own = {}
        sketch = Sketch("", id=str(identifier or ""), line=1, column=1)
        kind = own.get("kind")
        if kind is None:
            mark = marked(text.strip())
            sketch.kinds, text = mark.kinds, mark.title
            sketch.cells = dict(mark.fields) if mark.fields else None
            if mark.fault:
                self._note(mark.fault, path)
        elif not kind_word(str(kind)):
            self._note(f"unknown kind {quoted(kind)}", path)
        sketch.kinds = kind_word(str(kind)) or sketch.kinds if kind is not None else sketch.kinds
        sketch.title = unescape(text.strip("\n\t "))
        sketch.values = {name: value for name, value in own.items() if name not in _FRAMES}
        reserved = [name for name in own if name in _FRAMES and name != "kind"]
        if reserved:
            self._note(f"{quoted(reserved[0])} has no place among a card's fields", path)
        return sketch

    def _arrow(self, row: dict[str, object], path: Path, sketches: list[Sketch]) -> None:
        ends = [row.get("fromNode"), row.get("toNode")]
        lacking = [end for end in ends if not isinstance(end, str) or end not in self._index]
        if lacking:
            self._note(f"an arrow names the card {quoted(lacking[0])}, which does not exist", path)
            return
        tail, head = (self._index[cast("str", end)] for end in ends)
        own = row.get("pmkit")
        if isinstance(own, dict) and "link" in own:
            self._links.setdefault(tail, []).append({"target": ends[1], "kind": own["link"]})
        else:
            sketches[head].hang(tail)


_MOST_PLACES = 200
