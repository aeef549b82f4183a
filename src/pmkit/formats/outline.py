r"""Markdown outlines: nested bullets, as people write them. Lossless.

A bullet is a node, and what is indented under it hangs under it; headings may stand above
bullets. A word before the title says its kind (``Outcome:``, ``[Opportunity]``,
``**Solution:**``, ``Test:``); where there is none, the kind follows from the place. ``{#id}`` at the
end gives the id; without it the id is made of the title's first words. A bullet that begins
with a field's name in small letters (``- status: testing``) is a field.
"""

from __future__ import annotations

from pmkit import ost
from pmkit.formats._cells import encode, shape_of
from pmkit.formats._markdown import escape, escaped_id, read

__all__ = ["dumps", "loads"]

_CODE = frozenset({"records", "record", "links"})


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as a Markdown outline; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes"))), end="")
    - Outcome: Watch more {#watch}
      - unit: minutes
    """
    lines: list[str] = []
    depths: dict[str, int] = {}
    for record in ost.to_records(tree):
        identifier, kind = str(record["id"]), str(record["kind"])
        parent = record["parent"]
        depth = depths[identifier] = depths[str(parent)] + 1 if parent is not None else 0
        lead = "  " * depth
        lines.append(f"{lead}- {kind.capitalize()}: {escape(str(record['title']))} {escaped_id(identifier)}")
        for name, value in record.items():
            if name not in {"id", "kind", "title", "parent"}:
                lines.append(f"{lead}  - {name}: {_written(kind, name, value)}")
    return "\n".join(lines) + "\n" if lines else ""


def _written(kind: str, name: str, value: object) -> str:
    cell = encode(kind, name, value)
    coded = (
        shape_of(kind, name) in _CODE
        and not isinstance(value, str)
        and cell.isprintable()
        and not {"`", "<"} & set(cell)
    )
    return f"`{cell}`" if coded else escape(cell)


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from a Markdown outline.

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
    >>> tree = loads("- Watch more\n  - I can't find a film\n    - A row of three\n")
    >>> [(node.kind, node.id) for node in tree]
    [('outcome', 'watch-more'), ('opportunity', 'i-cant-find-a-film'), ('solution', 'a-row-of-three')]
    >>> loads("- Watch more\n  - [Solution] A row of three\n", source="tree.md")
    Traceback (most recent call last):
    pmkit.errors.ParseError: tree.md:2:5: a solution may not hang under an outcome ...
    """
    return read(text, source, forest=forest)
