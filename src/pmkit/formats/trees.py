"""Every format that a tree is read from and written to, by name and by what a file looks like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, Protocol, cast, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted

if TYPE_CHECKING:
    from pmkit import ost
    from pmkit.formats._lossy import Dropped

__all__ = ["FORMATS", "Format", "FormatName", "dropped", "dumps", "guess", "loads"]

FormatName = Literal[
    "yaml", "json", "csv", "outline", "ost-builder", "indented",
    "mermaid", "mindmap", "dot", "graphml", "opml", "canvas",
]  # fmt: skip
"""The formats of trees."""

_HEAD = 4000
_XML = re.compile(r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?>.*?-->)\s*+)*<(?:!DOCTYPE\s+)?(?:\w+:)?(\w+)", re.DOTALL)
_MERMAID = re.compile(r"\s*+(?>---\n.*?\n---\s*+)?(?:%%[^\n]*+\n\s*+)*(graph|flowchart|mindmap)\b", re.DOTALL)
_DOT = re.compile(r"\s*+(?:/\*(?>.*?\*/)\s*+|//[^\n]*+\n\s*+)*(?:strict\s++)?digraph\b", re.DOTALL)
_YAML = re.compile(r"(?:\s*#[^\n]*\n)*\s*(?:---\s*\n)?(?:pmkit:|tree:|- (?:\{ *)?(?:id|kind|title|parent):)")
_CSV = re.compile(r'\s*"?(?:id|kind|title|name|parent|type)"?\s*[,;\t]', re.IGNORECASE)
_OST_BUILDER = re.compile(r"^#{1,9} *\[(?:outcome|opportunity|solution|experiment)\]", re.IGNORECASE | re.MULTILINE)
_MARKDOWN = re.compile(r"^\s*(?:[-*+]|[0-9]+[.)]|#+) ", re.MULTILINE)


@attrs.frozen
class Format:
    """A format of trees.

    Attributes
    ----------
    name : str
    title : str
        What people call it.
    module : str
        The module under `pmkit.formats` that reads and writes it.
    endings : tuple of str
        Of file names.
    lossless : bool
        Whether reading gives back what was written, whole.

    Examples
    --------
    >>> FORMATS["opml"].lossless, FORMATS["opml"].endings
    (True, ('.opml',))
    """

    name: FormatName
    title: str
    module: str
    endings: tuple[str, ...]
    lossless: bool


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("yaml", "YAML product file", "records_yaml", (".yaml", ".yml"), lossless=True),
        Format("json", "JSON product file", "records_json", (".json",), lossless=True),
        Format("csv", "CSV", "records_csv", (".csv", ".tsv"), lossless=True),
        Format("outline", "Markdown outline", "outline", (".md", ".markdown"), lossless=True),
        Format("ost-builder", "ost-builder's Markdown", "ost_builder", (), lossless=False),
        Format("indented", "indented text", "indented", (".txt",), lossless=False),
        Format("mermaid", "Mermaid flowchart", "mermaid", (".mmd", ".mermaid"), lossless=False),
        Format("mindmap", "Mermaid mindmap", "mindmap", (), lossless=False),
        Format("dot", "DOT (Graphviz)", "dot", (".dot", ".gv"), lossless=False),
        Format("graphml", "GraphML", "graphml", (".graphml",), lossless=True),
        Format("opml", "OPML", "opml", (".opml",), lossless=True),
        Format("canvas", "JSON Canvas", "canvas", (".canvas",), lossless=True),
    )
}
"""Every format, by name."""


def guess(text: str = "", filename: str = "") -> FormatName:
    r"""Say which format a text is in, by its file's name and by how it begins.

    Parameters
    ----------
    text : str
        The text, or its beginning; may be empty when only a file's name is known.
    filename : str
        Its name; the ending decides, except between formats that share one.

    Returns
    -------
    str
        A name of `FORMATS`; ``"indented"`` when nothing else fits.

    Examples
    --------
    >>> guess("mindmap\n  root\n"), guess("", "tree.opml"), guess("- Outcome: Watch more\n")
    ('mindmap', 'opml', 'outline')
    """
    head = text.removeprefix("\ufeff")[:_HEAD]
    ending = PurePath(filename).suffix.lower()
    named: FormatName | None = next((each.name for each in FORMATS.values() if ending and ending in each.endings), None)
    if named == "outline" and _OST_BUILDER.search(head):
        return "ost-builder"
    if named == "mermaid" and (found := _MERMAID.match(head)) and found[1] == "mindmap":
        return "mindmap"
    return _by_text(head) if named is None or (named == "indented" and head) else named


def _by_text(head: str) -> FormatName:
    start = head.lstrip()[:1]
    if start == "<" and (element := _XML.match(head)):
        return "opml" if element[1].lower() == "opml" else "graphml"
    if start in {"{", "["} and not _MARKDOWN.match(head):
        return "canvas" if _is_canvas(head) else "json"
    if found := _MERMAID.match(head):
        return "mindmap" if found[1] == "mindmap" else "mermaid"
    if _DOT.match(head):
        return "dot"
    if _YAML.match(head):
        return "yaml"
    if _CSV.match(head):
        return "csv"
    if _OST_BUILDER.search(head):
        return "ost-builder"
    return "outline" if _MARKDOWN.match(head) else "indented"


def _is_canvas(head: str) -> bool:
    return any(json.dumps(key) in head for key in ("nodes", "edges", "fromNode")) and '"pmkit": 1' not in head


class _Format(Protocol):
    """What the module of a format offers; those that lose something also have `dropped`."""

    def loads(self, text: str, *, source: str, forest: bool) -> ost.OstTree: ...
    def dumps(self, tree: ost.OstTree) -> str: ...
    def dropped(self, tree: ost.OstTree) -> tuple[Dropped, ...]: ...


def _module(name: str) -> _Format:
    if name not in FORMATS:
        raise InvalidValueError(
            f"no format {quoted(name)}{did_you_mean(name, FORMATS)}; there are {', '.join(get_args(FormatName))}"
        )
    return cast("_Format", import_module(f"pmkit.formats.{FORMATS[name].module}"))


def loads(
    text: str,
    *,
    format: FormatName | None = None,  # noqa: A002 - what it is
    source: str = "<text>",
    forest: bool = False,
) -> ost.OstTree:
    r"""Read a tree in any format.

    Parameters
    ----------
    text : str
    format : str or None
        A name of `FORMATS`; guessed from the source's name and the text when None.
    source : str
        The file's name, for messages and for guessing.
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
    >>> loads("- Watch more\n  - I can't find a film\n")
    <opportunity solution tree: 2 nodes, 'Watch more'>
    """
    return _module(format or guess(text, source)).loads(text, source=source, forest=forest)


def dumps(tree: ost.OstTree, *, format: FormatName) -> str:  # noqa: A002 - what it is
    """Write a tree in any format.

    Parameters
    ----------
    tree : Tree
    format : str
        A name of `FORMATS`.

    Returns
    -------
    str

    Raises
    ------
    InvalidValueError
        For an unknown format.

    Examples
    --------
    >>> from pmkit import ost
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more")), format="indented"), end="")
    Outcome: Watch more
    """
    return _module(format).dumps(tree)


def dropped(tree: ost.OstTree, *, format: FormatName) -> tuple[Dropped, ...]:  # noqa: A002 - what it is
    """List what a format cannot hold of a tree.

    Parameters
    ----------
    tree : Tree
    format : str
        A name of `FORMATS`.

    Returns
    -------
    tuple of Dropped
        Nothing for a lossless format.

    Raises
    ------
    InvalidValueError
        For an unknown format.

    Examples
    --------
    >>> from pmkit import ost
    >>> dropped(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes")), format="mermaid")
    (Dropped(subject='watch', field='unit'),)
    """
    module = _module(format)
    return () if FORMATS[format].lossless else module.dropped(tree)
