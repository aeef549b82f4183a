r"""Indented text: one node a line, deeper ones indented, kinds as words before the title. Lossy.

It holds titles, kinds, order and structure. Ids and fields are dropped, and `dropped` lists them; ids
are made of the titles when the text is read. Line ends and control characters in a title are
written as ``_x000A_``. Text drawn with box characters (``├──``) and bulleted text are read too.
"""

from __future__ import annotations

from pmkit import ost
from pmkit.formats._lossy import Dropped, left_out
from pmkit.formats._markdown import read
from pmkit.formats._sketch import slug
from pmkit.formats._xml import escape

__all__ = ["dropped", "dumps", "loads"]


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as indented text.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> print(dumps(ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")), end="")
    Outcome: Watch more
      Opportunity: I can't find a film
    """
    depths: dict[str, int] = {}
    lines: list[str] = []
    for node in tree:
        parent = tree.parents.get(node.id)
        depth = depths[node.id] = depths[parent] + 1 if parent is not None else 0
        lines.append(f"{'  ' * depth}{node.kind.capitalize()}: {_line(node.title)}\n")
    return "".join(lines)


def _line(title: str) -> str:
    core = title.strip()
    start = title.find(core)
    inner = escape(core).replace("\t", "_x0009_").replace("\n", "_x000A_").replace("\r", "_x000D_")
    if inner.endswith("}") and "{#" in inner:
        inner = inner[:-1] + "_x007D_"
    return _coded(title[:start]) + inner + _coded(title[start + len(core) :])


def _coded(space: str) -> str:
    return "".join(f"_x{ord(character):04X}_" for character in space)


def dropped(tree: ost.OstTree) -> tuple[Dropped, ...]:
    """List what `dumps` leaves out of a tree: every field, and every id that its title would not give again.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    tuple of Dropped

    Examples
    --------
    >>> dropped(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes")))
    (Dropped(subject='watch', field='id'), Dropped(subject='watch', field='unit'))
    """
    titles = {node.id: node.title for node in tree}
    return left_out(tree, kept=(), holds_id=lambda identifier: slug(titles[identifier]) == identifier)


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from indented text.

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
        With every problem, each with its line and column.

    Examples
    --------
    >>> [node.kind for node in loads("Watch more\n  I can't find a film\n    A row of three\n")]
    ['outcome', 'opportunity', 'solution']
    """
    return read(text, source, bare=True, forest=forest)
