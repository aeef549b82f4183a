"""OPML, the outliners' format. Lossless: an outline's ``text`` is the title, the rest stands in attributes of our own.

Ids, kinds and fields are attributes that begin with an underscore (``_id``, ``_kind``, ``_status``);
``_note``, which outliners show as a note, is the description.
"""

from __future__ import annotations

from pmkit import ost
from pmkit.formats._cells import encode
from pmkit.formats._document import Problem
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._sketch import Sketch, built
from pmkit.formats._xml import attribute, read_xml, unescape
from pmkit.model import quoted
from pmkit.trees._build import collection_paused

__all__ = ["dumps", "loads"]

_NAMES = {"description": "_note"}
_FIELDS = {"_note": "description"}
_OF_OPML = frozenset({"text", "title", "type", "created", "isComment", "isBreakpoint", "category"})


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as OPML 2.0; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes"))).split("<body>")[1])
    <BLANKLINE>
    <outline text="Watch more" _id="watch" _kind="outcome" _unit="minutes"/>
    </body></opml>
    <BLANKLINE>
    """
    title = attribute(tree[tree.roots[0]].title) if tree.roots else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<opml version="2.0"><head><title>{title}</title></head><body>']
    open_ids: list[str] = []
    records = ost.to_records(tree)
    for record in records:
        identifier, kind, parent = str(record["id"]), str(record["kind"]), record["parent"]
        while open_ids and open_ids[-1] != parent:
            open_ids.pop()
            lines.append("</outline>")
        words = [f'text="{attribute(str(record["title"]))}"', f'_id="{attribute(identifier)}"', f'_kind="{kind}"']
        words += [
            f'{_NAMES.get(name, "_" + name)}="{attribute(encode(kind, name, value))}"'
            for name, value in record.items()
            if name not in {"id", "kind", "title", "parent"}
        ]
        inner = bool(tree.children.get(identifier))
        lines.append(f"<outline {' '.join(words)}{'>' if inner else '/>'}")
        if inner:
            open_ids.append(identifier)
    lines += ["</outline>"] * len(open_ids)
    return "\n".join(lines) + "\n</body></opml>\n"


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    """Read a tree from OPML.

    Parameters
    ----------
    text : str
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
    >>> loads('<opml version="2.0"><body><outline text="Watch more"/></body></opml>')
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    reader = _Reader()
    with collection_paused():
        read_xml(text, source, root="opml", start=reader.start, end=reader.end)
        if not reader.sketches:
            reader.problems.append(Problem("there is no outline in this document", 1, 1))
        return built(reader.sketches, source, forest=forest, problems=reader.problems)


class _Reader:
    """Keeps a sketch of each outline."""

    def __init__(self) -> None:
        self.sketches: list[Sketch] = []
        self.problems: list[Problem] = []
        self._open: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str], line: int, column: int) -> None:
        """Take the start of an element."""
        if name == "body":
            self._inside = True
        elif self._inside and name == "outline":
            self._open.append(len(self.sketches))
            self.sketches.append(self._sketch(attributes, line, column))
        elif self._inside:
            self.problems.append(Problem(f"unknown element {quoted(name)} in the outline", line, column))

    def end(self, name: str, text: str) -> None:
        """Take the end of an element."""
        del text
        if name == "body":
            self._inside = False
        elif name == "outline" and self._open:
            self._open.pop()

    def _sketch(self, attributes: dict[str, str], line: int, column: int) -> Sketch:
        given = {name: unescape(value) if "_x" in value else value for name, value in attributes.items()}
        parents = (self._open[-2],) if len(self._open) > 1 else ()
        title = given.get("text", given.get("title", ""))
        sketch = Sketch(title, id=given.get("_id", ""), parents=parents, line=line, column=column)
        if "_kind" in given:
            sketch.kinds = kind_word(given["_kind"]) or sketch.kinds
            if not kind_word(given["_kind"]):
                self.problems.append(Problem(f"unknown kind {quoted(given['_kind'])}", line, column))
        else:
            mark = marked(title)
            sketch.title, sketch.kinds = mark.title, mark.kinds
            if mark.fields:
                sketch.cells = dict(mark.fields)
            if mark.fault:
                self.problems.append(Problem(mark.fault, line, column))
        for name, value in given.items():
            if name in {"_id", "_kind"} or name in _OF_OPML:
                continue
            if name[:1] != "_":
                self.problems.append(Problem(f"unknown attribute {quoted(name)}", line, column))
            else:
                sketch.keep(_FIELDS.get(name, name[1:]), value, line, column)
        if not title.strip():
            self.problems.append(Problem("an outline has no text", line, column))
        return sketch
