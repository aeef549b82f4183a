"""Drawing what changed between two opportunity solution trees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import attrs

from pmkit.drawing import Card, Chip, Picture, TreeStyle, draw_cards
from pmkit.ost._nodes import OstNode
from pmkit.ost._picture import more_card, picture_title
from pmkit.ost._picture_cards import HANGING, counted, node_card
from pmkit.ost._schema import OstTree
from pmkit.trees import Link, Placed, TreeDiff, diff

__all__ = ["draw_diff"]

_MARKS: Mapping[str, tuple[str, str, str]] = {
    "added": ("plus", "good", "Added"),
    "removed": ("minus", "bad", "Removed"),
    "moved": ("arrow", "moved", "Moved"),
    "changed": ("pencil", "unsure", "Changed"),
}
_LONGEST_VALUE = 60
_MOST_NOTES = 6


@attrs.frozen
class _Marks:
    """What happened to each node, and what to say about it."""

    marks: dict[str, str]
    notes: dict[str, list[str]]


def draw_diff(
    old: OstTree,
    new: OstTree,
    style: TreeStyle = "across",
    *,
    title: str = "",
    hide_unchanged: bool = False,
    legend: bool = True,
) -> Picture:
    """Draw what changed from one tree to another.

    The picture is the new tree, with what was removed still at its old place. Added, removed, moved and
    changed nodes carry a sign and a word, not only a color; removed ones are dashed and struck through;
    moved ones say where they came from, changed ones what was there before. All else is gray.

    Parameters
    ----------
    old, new : Tree
        The trees, compared by id.
    style : {"across", "down", "outline"}
        As for `draw`.
    title : str
        A heading; empty for none.
    hide_unchanged : bool
        Whether branches without any change are only counted.
    legend : bool
        Whether the signs are explained below the tree.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValueError
        When the style is unknown.

    Examples
    --------
    >>> from pmkit import ost
    >>> old = ost.new(ost.Outcome(id="watch", title="Increase weekly minutes watched"))
    >>> new = ost.add(old, ost.Opportunity(id="find", title="I can't find anything to watch"), parent="watch")
    >>> draw_diff(old, new)
    <Picture 'What changed: 1 added', 556 x 200 pixels>
    """
    changes = diff(old, new)
    found = _marked(old, new, changes)
    nodes: dict[str, OstNode] = {**old.nodes, **new.nodes}
    below = _united(old, new, changes)
    ids, children, roots, more = _arranged(below, found.marks if hide_unchanged else None)
    cards = [_card(nodes[identifier], found) for identifier in ids]
    kinds = [nodes[identifier].kind for identifier in ids]
    for parent, count in more:
        drawn = children[parent]
        kinds.append(kinds[drawn[-1]] if drawn else "opportunity")
        children[parent] = [*drawn, len(cards)]
        children.append([])
        cards.append(more_card(count, "unchanged"))
    summary = changes.summary()
    present = frozenset(found.marks.values())
    scene = draw_cards(
        cards,
        children,
        title=f"{title}: {summary}" if title else f"What changed: {summary}",
        style=style,
        hanging=[kind in HANGING for kind in kinds],
        roots=roots,
        heading=title,
        subheading=summary,
        description=_description(old, new, changes, nodes),
        legend=[sign for mark, sign in _MARKS.items() if mark in present] if legend else (),
    )
    return Picture(scene)


def _marked(old: OstTree, new: OstTree, changes: TreeDiff[OstNode]) -> _Marks:
    found = _Marks({}, {})

    def note(identifier: str, mark: str, words: str) -> None:
        found.marks.setdefault(identifier, mark)
        found.notes.setdefault(identifier, []).append(words)

    found.marks.update((placed.node.id, "added") for placed in changes.added)
    found.marks.update((placed.node.id, "removed") for placed in changes.removed)
    for moved in changes.moved:
        came_from = old.nodes[moved.old_parent].title if moved.old_parent is not None else "the top"
        note(moved.id, "moved", f"was under: {came_from}")
    for changed in changes.changed:
        for change in changed.fields:
            note(changed.id, "changed", f"{change.field.replace('_', ' ')}: {_change(change.old, change.new)}")
    for reordered in changes.reordered:
        if reordered.parent is not None:
            note(reordered.parent, "changed", "what is under it stands in another order")
    for sign, tree, links in (("new", new, changes.linked), ("gone", old, changes.unlinked)):
        for link in links:
            if found.marks.get(link.source) not in ("added", "removed"):
                note(link.source, "changed", _tie(sign, tree, link))
    return found


def _tie(sign: str, tree: OstTree, link: Link) -> str:
    return f"{sign}: {link.kind} {tree.nodes[link.target].title}"


def _change(old: object, new: object) -> str:
    if isinstance(old, tuple) and isinstance(new, tuple):
        return f"{len(old)} → {len(new)}" if len(old) != len(new) else "other entries"
    if isinstance(old, str) and len(old) > _LONGEST_VALUE // 2:
        return f"was {_value(old)}"
    return f"{_value(old)} → {_value(new)}"


def _value(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:,.10g}"
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "another value"


def _united(old: OstTree, new: OstTree, changes: TreeDiff[OstNode]) -> dict[str | None, list[str]]:
    """Give the children of every node, removed ones after the older sibling they stood behind; roots under None."""
    below: dict[str | None, list[str]] = {None: list(new.roots)}
    below.update((parent, list(children)) for parent, children in new.children.items())
    gone = {placed.node.id for placed in changes.removed}
    parents: dict[str | None, None] = dict.fromkeys(placed.parent for placed in changes.removed)
    for parent in parents:
        stood = old.roots if parent is None else old.children[parent]
        below[parent] = _merged(stood, below.get(parent, []), gone)
    return below


def _merged(before: Sequence[str], after: list[str], gone: set[str]) -> list[str]:
    staying = set(after)
    behind: dict[str | None, list[str]] = {}
    last: str | None = None
    for identifier in before:
        if identifier in gone:
            behind.setdefault(last, []).append(identifier)
        elif identifier in staying:
            last = identifier
    merged = behind.get(None, [])
    for identifier in after:
        merged.append(identifier)
        merged.extend(behind.get(identifier, ()))
    return merged


def _arranged(
    below: Mapping[str | None, Sequence[str]], marks: Mapping[str, str] | None
) -> tuple[list[str], list[list[int]], list[int], list[tuple[int, int]]]:
    """Give numbers to the nodes, parents first; with marks, count the branches that hold none and leave them out."""
    order = _walk(below)
    sizes = dict.fromkeys(order, 1)
    wanted = set(order if marks is None else marks) | set(below[None])
    if marks is not None:
        for identifier in reversed(order):
            for child in below.get(identifier, ()):
                sizes[identifier] += sizes[child]
                if child in wanted:
                    wanted.add(identifier)
    ids = [identifier for identifier in order if identifier in wanted]
    places = {identifier: place for place, identifier in enumerate(ids)}
    children: list[list[int]] = []
    more: list[tuple[int, int]] = []
    for place, identifier in enumerate(ids):
        under = below.get(identifier, ())
        children.append([places[child] for child in under if child in places])
        hidden = sum(sizes[child] for child in under if child not in places)
        if hidden:
            more.append((place, hidden))
    return ids, children, [places[root] for root in below[None]], more


def _walk(below: Mapping[str | None, Sequence[str]]) -> list[str]:
    order: list[str] = []
    waiting = list(reversed(below[None]))
    while waiting:
        identifier = waiting.pop()
        order.append(identifier)
        waiting.extend(reversed(below.get(identifier, ())))
    return order


def _card(node: OstNode, found: _Marks) -> Card:
    mark = found.marks.get(node.id)
    plain = node_card(node)
    if mark is None:
        return attrs.evolve(plain, tone="faded", chips=(), flag=None, border=1.0, struck=False, dashed=False)
    sign, paint, word = _MARKS[mark]
    notes = found.notes.get(node.id, [])
    left = len(notes) - _MOST_NOTES
    if left > 0:
        notes = [*notes[:_MOST_NOTES], f"and {counted(left, 'change')} more"]
    if mark == "moved" and len(notes) > 1:
        word = "Moved, changed"
    return attrs.evolve(
        plain,
        tone="plain",
        paint=paint,
        chips=(),
        flag=Chip(text=word, icon=sign, paint=paint, strong=True),
        notes=tuple(notes),
        border=2.0,
        struck=mark == "removed",
        dashed=mark == "removed",
    )


def _description(old: OstTree, new: OstTree, changes: TreeDiff[OstNode], nodes: Mapping[str, OstNode]) -> str:
    sentences = [f"From {picture_title(old, '')} to {picture_title(new, '')}: {changes.summary()}."]
    parts: Iterable[tuple[str, list[str]]] = (
        ("Added", _titles(changes.added)),
        ("Removed", _titles(changes.removed)),
        ("Moved", [nodes[moved.id].title for moved in changes.moved]),
        ("Changed", [changed.after.title for changed in changes.changed]),
    )
    for word, titles in parts:
        if titles:
            more = f"; and {len(titles) - _MOST_NOTES:,} more" if len(titles) > _MOST_NOTES else ""
            sentences.append(f"{word}: {'; '.join(titles[:_MOST_NOTES])}{more}.")
    return " ".join(sentences)


def _titles(placed: Iterable[Placed[OstNode]]) -> list[str]:
    return [each.node.title for each in placed]
