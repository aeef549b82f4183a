r"""The Markdown dialect of ost-builder: headings such as ``### [Opportunity] Title @next``. Lossy.

It holds titles, kinds, descriptions, ids, tags that are single words (after ``@``), and an outcome's
baseline and target (as ``- start:`` and ``- target:``; ``- current:`` is kept in the notes). Everything
else is dropped, and `dropped` lists it. ost-builder itself knows four kinds: it reads an assumption's
heading as text, and heading levels down to six.
"""

from __future__ import annotations

import re
from typing import cast

from pmkit import ost
from pmkit.formats._lossy import Dropped, left_out
from pmkit.formats._markdown import escape, escaped_id, read

__all__ = ["dropped", "dumps", "loads"]

_WORDS = {"test": "Experiment"}
_TAG = re.compile(r"[A-Za-z][\w-]*")
_CURRENT = re.compile(r"current: [0-9.eE+-]+")
_LINE_START = re.compile(r"^([-+=]|[0-9]{1,9}(?=[.)]))")
_FIRST_LEVEL = 2


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as ost-builder does.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more", target=360))), end="")
    # Opportunity solution tree
    <BLANKLINE>
    ## [Outcome] Watch more {#watch}
    - target: 360
    """
    lines = ["# Opportunity solution tree"]
    levels: dict[str, int] = {}
    for record in ost.to_records(tree):
        identifier, kind, parent = str(record["id"]), str(record["kind"]), record["parent"]
        level = levels[identifier] = levels[str(parent)] + 1 if parent is not None else _FIRST_LEVEL
        tags = [tag for tag in cast("list[str]", record.get("tags", [])) if _TAG.fullmatch(tag)]
        title = escape(str(record["title"])).replace("@", "\\@")
        words = [
            f"[{_WORDS.get(kind, kind.capitalize())}]",
            title,
            escaped_id(identifier),
            *(f"@{tag}" for tag in tags),
        ]
        lines += ["", "#" * level + " " + " ".join(words)]
        if "description" in record:
            lines += _paragraph(str(record["description"]))
        if kind == "outcome":
            lines += [f"- {name}: {record[field]}" for name, field in _METRICS if field in record]
            lines += [f"- {record['notes']}"] if _CURRENT.fullmatch(str(record.get("notes", ""))) else []
    return "\n".join(lines) + "\n"


_METRICS = (("start", "baseline"), ("target", "target"))


def _paragraph(text: str) -> list[str]:
    lines = text.split("\n") if text.strip("\n") == text else [text]
    return [_LINE_START.sub(lambda match: f"&#{ord(match[1][0])};{match[1][1:]}", escape(line)) for line in lines]


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
    nodes = {node.id: node for node in tree}
    found = left_out(tree, kept=("description",))
    return tuple(each for each in found if not _holds(nodes[each.subject], each.field))


def _holds(node: ost.OstNode, field: str) -> bool:
    if field == "tags":
        return all(_TAG.fullmatch(tag) for tag in node.tags)
    if isinstance(node, ost.Outcome):
        return field in {"baseline", "target"} or (field == "notes" and bool(_CURRENT.fullmatch(node.notes)))
    return False


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from ost-builder's Markdown.

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
    >>> tree = loads("## [Outcome] Watch more\n### [Opportunity] I can't find a film @next\nFrom interviews\n")
    >>> tree["i-cant-find-a-film"].tags, tree["i-cant-find-a-film"].description
    (('next',), 'From interviews')
    """
    return read(text, source, dialect="ost-builder", forest=forest)
