"""JSON: a product file that holds the tree alone, as flat records. Lossless."""

from __future__ import annotations

from typing import Literal

import attrs

from pmkit import ost
from pmkit.errors import InvalidTreeError, ParseError
from pmkit.formats._document import Document, Problem, refuse
from pmkit.formats._json import read_json, write_json
from pmkit.formats._product import VERSION, from_documents, typed_record
from pmkit.formats._sketch import Sketch, located, opened
from pmkit.formats._structure import unstructure
from pmkit.formats._yaml import write_yaml

__all__ = ["dumps", "loads", "written"]


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as a product file in JSON; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> dumps(ost.new(ost.Outcome(id="watch", title="Watch more"))).split()[:4]
    ['{', '"pmkit":', '1,', '"tree":']
    """
    return written(tree, "json")


def written(tree: ost.OstTree, syntax: Literal["json", "yaml"]) -> str:
    """Write a tree as a product file.

    Parameters
    ----------
    tree : OstTree
    syntax : "json" or "yaml"

    Returns
    -------
    str

    Raises
    ------
    ParseError
        For text with a lone surrogate, which no file can hold.

    Examples
    --------
    >>> from pmkit import ost
    >>> print(written(ost.new(ost.Outcome(id="watch", title="Watch more")), "yaml"), end="")
    pmkit: 1
    tree:
    - id: watch
      kind: outcome
      title: Watch more
      parent: null
    """
    data = {"pmkit": VERSION, "tree": [unstructure(record) for record in ost.to_records(tree)]}
    return write_json(data) if syntax == "json" else write_yaml(data)


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    """Read a tree from JSON: a list of records, or a product file, of which the tree is taken.

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
        With every problem, each with its line, column and path.

    Examples
    --------
    >>> loads('[{"id": "watch", "kind": "outcome", "title": "Watch more"}]')
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    return tree_of(read_json(opened(text, source, exact=True), source), forest=forest)


def tree_of(document: Document, *, forest: bool) -> ost.OstTree:
    """Take the tree out of a document: of a product file, or of a list of records."""
    data = document.data
    if isinstance(data, dict) and not forest:
        tree = _product_tree(document)
        if tree is None:
            line, column = document.locate(())
            raise refuse(document.source, [Problem("this product file has no tree", line, column)], code="DOC002")
        return tree
    base: tuple[str | int, ...] = ()
    if isinstance(data, dict):
        base, data = ("tree",), data.get("tree")
    if not isinstance(data, list) or not data:
        line, column = document.locate(())
        problem = Problem("a tree is a list of records, each with id, kind, title and parent", line, column)
        raise refuse(document.source, [problem], code="DOC002")
    problems = [
        Problem("a record is a mapping with id, kind, title and parent", *document.locate((*base, index)))
        for index, row in enumerate(data)
        if not isinstance(row, dict)
    ]
    if problems:
        raise refuse(document.source, problems, code="DOC002")
    records = [typed_record(row) for row in data]
    try:
        return ost.from_records(records, forest=forest)
    except InvalidTreeError as error:
        raise _placed(error, records, document, base) from None


def _product_tree(document: Document) -> ost.OstTree | None:
    """Read a product without asking for places, which takes a pass over the text each; ask only to tell of faults."""
    try:
        return from_documents([attrs.evolve(document, locate=lambda _: (1, 1))]).workspace.tree
    except ParseError:
        return from_documents([document]).workspace.tree


def _placed(
    error: InvalidTreeError, records: list[dict[str, object]], document: Document, base: tuple[str | int, ...]
) -> ParseError:
    """Find the places of the first faults; telling a place takes a pass over the text."""
    wanted = set(list(dict.fromkeys(finding.subject for finding in error.findings))[:_MOST_PLACES])
    sketches: list[Sketch] = []
    ids: list[str] = []
    for index, record in enumerate(records):
        identifier = str(record.get("id", ""))
        here = identifier in wanted and len(sketches) < _MOST_PLACES
        line, column = document.locate((*base, index)) if here else (0, 0)
        sketch = Sketch("", line=line, column=column)
        if here:
            named = [name for name in record if any(f"{name!r}" in each.message for each in error.findings)]
            sketch.places = {name: document.locate((*base, index, name)) for name in named[:3]}
        sketches.append(sketch)
        ids.append(identifier)
    return located(error, sketches, ids, document.source)


_MOST_PLACES = 50
