"""GraphML, the exchange format of graph tools. Lossless: every field is a key, parents and links are edges."""

from __future__ import annotations

from pmkit import ost
from pmkit.formats._cells import encode, shape_of
from pmkit.formats._document import Problem, refuse
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._sketch import Sketch, built
from pmkit.formats._xml import attribute, content, read_xml, unescape
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dumps", "loads"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_TYPES = {"number": "double", "flag": "boolean"}
_TITLES = ("title", "label", "name")
_LINK = "link"
_MOST_PROBLEMS = 100


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as GraphML; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more"))).split('directed">')[1])
    <BLANKLINE>
    <node id="watch"><data key="kind">outcome</data><data key="title">Watch more</data></node>
    </graph>
    </graphml>
    <BLANKLINE>
    """
    records = ost.to_records(tree)
    used: dict[str, str] = {"kind": "text", "title": "text"}
    nodes: list[str] = []
    edges: list[str] = []
    for record in records:
        identifier, kind = attribute(str(record["id"])), str(record["kind"])
        cells = []
        for name, value in record.items():
            if name in {"id", "parent", "links"}:
                continue
            shape = shape_of(kind, name)
            used[name] = shape if used.get(name, shape) == shape else "text"
            cells.append(f'<data key="{name}">{content(encode(kind, name, value))}</data>')
        nodes.append(f'<node id="{identifier}">{"".join(cells)}</node>')
        if record["parent"] is not None:
            edges.append(f'<edge source="{attribute(str(record["parent"]))}" target="{identifier}"/>')
    keys = [
        f'<key id="{name}" for="node" attr.name="{name}" attr.type="{_TYPES.get(shape, "string")}"/>'
        for name, shape in used.items()
    ]
    if tree.links:
        keys.append(f'<key id="{_LINK}" for="edge" attr.name="{_LINK}" attr.type="string"/>')
    for link in tree.links:
        ends = f'source="{attribute(link.source)}" target="{attribute(link.target)}"'
        edges.append(f'<edge {ends}><data key="{_LINK}">{content(link.kind)}</data></edge>')
    lines = [*keys, '<graph edgedefault="directed">', *nodes, *edges, "</graph>", "</graphml>"]
    return _HEAD + "\n".join(lines) + "\n"


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    """Read a tree from GraphML: directed edges lead from parents to children.

    Parameters
    ----------
    text : str
        Nodes have a title (or ``label``, ``name``), and fields, as data; siblings stand in the order of the
        nodes. An edge with the data ``link`` is a link and no parent.
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
        With line and column; for a document type, too.

    Examples
    --------
    >>> loads('<graphml><graph edgedefault="directed"><node id="a"/><edge source="a" target="b"/></graph></graphml>')
    Traceback (most recent call last):
    pmkit.errors.ParseError: <text>:1:54: an edge names the node 'b', which does not exist
    """
    reader = _Reader(source)
    with collection_paused():
        read_xml(text, source, root="graphml", start=reader.start, end=reader.end)
        sketches = reader.finished()
        return built(sketches, source, forest=forest, problems=reader.problems)


class _Reader:
    """Keeps nodes and edges."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.nodes: list[Sketch] = []
        self._keys: dict[str, str] = {}
        self._edges: list[tuple[str, str, int, int, dict[str, str]]] = []
        self._data: dict[str, str] | None = None
        self._key = ""
        self._place = (1, 1)
        self._graphs = 0

    def _note(self, message: str, line: int, column: int) -> None:
        self.problems.append(Problem(message, line, column))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise refuse(self.source, self.problems, code="DOC001")

    def start(self, name: str, attributes: dict[str, str], line: int, column: int) -> None:  # noqa: C901 - a case for each element
        """Take the start of an element."""
        self._place = (line, column)
        if name == "key":
            identifier = attributes.get("id", "")
            self._keys[identifier] = attributes.get("attr.name", identifier)
        elif name == "graph":
            self._graphs += 1
            if self._graphs > 1:
                self._note("a second graph, or a graph inside a node, has no place in a tree", line, column)
            elif attributes.get("edgedefault", "directed") != "directed":
                self._note("the edges must be directed, from parents to children", line, column)
        elif name == "node":
            sketch = Sketch("", id=unescape(attributes.get("id", "")), line=line, column=column)
            if not sketch.id:
                self._note("a node has no id", line, column)
            sketch.cells = self._data = {}
            self.nodes.append(sketch)
        elif name == "edge":
            self._data = {}
            ends = unescape(attributes.get("source", "")), unescape(attributes.get("target", ""))
            self._edges.append((*ends, line, column, self._data))
        elif name == "data":
            self._key = attributes.get("key", "")
            if self._key not in self._keys:
                self._note(f"the key {quoted(self._key)} is not declared", line, column)
        elif name not in {"graphml", "desc", "default"}:
            self._note(f"unknown element {quoted(name)}", line, column)

    def end(self, name: str, text: str) -> None:
        """Take the end of an element."""
        if name == "data" and self._data is not None:
            key = self._keys.get(self._key, self._key)
            if key in self._data:
                self._note(f"{quoted(key)} is given twice", *self._place)
            self._data[key] = unescape(text)
        elif name in {"node", "edge"}:
            self._data = None

    def finished(self) -> list[Sketch]:
        """Return the sketches with their parents and links."""
        if not self.nodes and not self.problems:
            self._note("there is no node in this document", 1, 1)
        index: dict[str, int] = {}
        for position, sketch in enumerate(self.nodes):
            index.setdefault(sketch.id, position)
            self._entitle(sketch)
        links: dict[int, list[object]] = {}
        for tail, head, line, column, data in self._edges:
            lacking = next((end for end in (tail, head) if end not in index), None)
            if lacking is not None:
                self._note(f"an edge names the node {quoted(lacking)}, which does not exist", line, column)
            elif _LINK in data:
                links.setdefault(index[tail], []).append({"target": head, "kind": data[_LINK]})
            else:
                self.nodes[index[head]].hang(index[tail])
        for position, tied in links.items():
            self.nodes[position].values = {"links": tied}
        return self.nodes

    def _entitle(self, sketch: Sketch) -> None:
        cells = sketch.cells or {}
        named = next((name for name in _TITLES if name in cells), "")
        title = cells.pop(named) if named else sketch.id
        kind = cells.pop("kind", None)
        if kind is None:
            mark = marked(title)
            sketch.title, sketch.kinds = mark.title, mark.kinds
            if mark.fields:
                cells.update(mark.fields)
            if mark.fault:
                self._note(mark.fault, sketch.line, sketch.column)
            return
        sketch.title = title
        if not kind_word(kind):
            self._note(f"unknown kind {quoted(kind)}", sketch.line, sketch.column)
        sketch.kinds = kind_word(kind) or sketch.kinds
