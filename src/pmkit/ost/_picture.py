"""Drawing an opportunity solution tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from pmkit.drawing import Card, Picture, TreeStyle, draw_cards
from pmkit.drawing._pause import collection_paused
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import quoted, sorted_findings, unknown_id
from pmkit.ost._nodes import Opportunity, OstNode
from pmkit.ost._picture_cards import HANGING, KIND_SIGNS, counted, legend_of, node_card
from pmkit.ost._schema import OstTree

__all__ = ["draw"]

_MOST_NAMED = 8
_LINK_WORDS = {"serves": "also serves", "tests": "also tests"}


@attrs.frozen
class Shown:
    """Which nodes are drawn: their ids, children by place, and what is left out."""

    ids: list[str]
    children: list[list[int]]
    roots: list[int]
    hidden: Mapping[str, int]
    more: list[tuple[int, int]]


def draw(
    tree: OstTree,
    style: TreeStyle = "across",
    *,
    title: str = "",
    depth: int | None = None,
    most_children: int | None = None,
    collapse: str | Iterable[str] = (),
    findings: Iterable[Finding] = (),
    legend: bool = True,
) -> Picture:
    """Draw an opportunity solution tree.

    Kinds are told apart by label, sign and color; the target opportunity carries a flag and a heavy
    outline; solutions show their status, opportunities how many people stand behind them, assumptions
    how likely they are held to be, tests their method and verdict. Titles that are too long for their box are cut
    short in view; the whole title is always in the picture, on hovering and for screen readers.

    Parameters
    ----------
    tree : Tree
        The tree.
    style : {"across", "down", "outline"}
        From left to right; from top to bottom, with opportunities side by side and solutions, assumptions
        and tests as lists under them; or as an indented list.
    title : str
        A heading; empty for none.
    depth : int or None
        The most levels below the outcome; what is deeper is counted on its parent.
    most_children : int or None
        The most children drawn of one node; the others are counted in a card of their own.
        The way to a target opportunity is always drawn.
    collapse : str or iterable of str
        Ids of nodes below which nothing is drawn.
    findings : iterable of Finding
        What `check` found: a small badge for each on its node.
    legend : bool
        Whether the signs are explained below the tree.

    Returns
    -------
    Picture
        With ``svg``, ``to_svg(theme=)``, ``to_png(scale=)``, ``width``, ``height`` and ``scene``; notebooks show it.

    Raises
    ------
    InvalidValueError
        When the style is unknown, or a limit is impossible.
    UnknownIdError
        When the tree has no node of an id in `collapse`.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Increase weekly minutes watched"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find anything", target=True), parent="watch")
    >>> ost.draw(tree)
    <Picture 'Opportunity solution tree: Increase weekly minutes watched', 556 x 166 pixels>
    >>> "Target" in ost.draw(tree, style="down").svg
    True
    """
    shown = _shown(tree, depth, most_children, collapse)
    by_subject: dict[str, list[Finding]] = {}
    for finding in sorted_findings(findings):
        by_subject.setdefault(finding.subject, []).append(finding)
    notes = link_notes(tree)
    with collection_paused():
        cards = [
            node_card(
                tree.nodes[identifier],
                findings=by_subject.get(identifier, ()),
                hidden=shown.hidden.get(identifier, 0),
                notes=notes.get(identifier, ()),
            )
            for identifier in shown.ids
        ]
    children, kinds = shown.children, [tree.nodes[identifier].kind for identifier in shown.ids]
    for parent, count in shown.more:
        below = shown.children[parent]
        kind = kinds[below[-1]] if below else "opportunity"
        children[parent] = [*below, len(cards)]
        children.append([])
        cards.append(more_card(count, "more"))
        kinds.append(kind)
    scene = draw_cards(
        cards,
        children,
        title=picture_title(tree, title),
        style=style,
        hanging=[kind in HANGING for kind in kinds],
        roots=shown.roots,
        heading=title,
        subheading=_census(tree) if title else "",
        description=_description(tree, shown),
        legend=legend_of(kinds, target=_has_target(tree, shown.ids)) if legend else (),
    )
    return Picture(scene)


def link_notes(tree: OstTree) -> dict[str, list[str]]:
    """Say each node's ties to others, in words."""
    notes: dict[str, list[str]] = {}
    for link in tree.links:
        words = _LINK_WORDS.get(link.kind, link.kind)
        notes.setdefault(link.source, []).append(f"{words}: {tree.nodes[link.target].title}")
    return notes


def picture_title(tree: OstTree, title: str) -> str:
    """Name the picture: by its heading, or by the tree's outcome."""
    if title:
        return title
    if not tree.roots:
        return "Opportunity solution tree"
    return f"Opportunity solution tree: {tree.nodes[tree.roots[0]].title}"


def more_card(count: int, word: str) -> Card:
    """Make a card that stands for nodes that are not drawn."""
    words = f"+{count:,} {word}"
    return Card(title=words, tone="faded", dashed=True, size=12.0, icon="plus", role="more", tooltip="not shown")


def check_limit(name: str, value: object, least: int) -> None:
    """Refuse a limit that is neither None nor a whole number from `least` up."""
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
        message = f"{name} must be a whole number from {least} up, or None, not {quoted(value)}"
        raise InvalidValueError(message)


def _shown(tree: OstTree, depth: int | None, most_children: int | None, collapse: str | Iterable[str]) -> Shown:
    check_limit("depth", depth, 0)
    check_limit("most_children", most_children, 1)
    closed = frozenset((collapse,) if isinstance(collapse, str) else collapse)
    for identifier in sorted(closed - tree.nodes.keys(), key=str):
        raise unknown_id("node", identifier, tree.nodes)
    pruned = depth is not None or most_children is not None or bool(closed)
    sizes = _sizes(tree) if pruned else {}
    kept_open = _paths_to_targets(tree) if most_children is not None else frozenset()
    shown = Shown([], [], [], {}, [])
    hidden: dict[str, int] = {}
    waiting = [(identifier, -1, 0) for identifier in reversed(tree.roots)]
    while waiting:
        identifier, parent, level = waiting.pop()
        place = len(shown.ids)
        shown.ids.append(identifier)
        shown.children.append([])
        (shown.children[parent] if parent >= 0 else shown.roots).append(place)
        below: Sequence[str] = tree.children.get(identifier, ())
        if pruned and below and (identifier in closed or (depth is not None and level >= depth)):
            hidden[identifier] = sizes[identifier] - 1
            continue
        if most_children is not None and len(below) > most_children:
            drawn = _chosen(below, most_children, kept_open)
            shown.more.append((place, sum(sizes[child] for child in below if child not in drawn)))
            below = [child for child in below if child in drawn]
        waiting.extend((child, place, level + 1) for child in reversed(below))
    return attrs.evolve(shown, hidden=hidden)


def _chosen(below: Sequence[str], most: int, kept_open: frozenset[str]) -> frozenset[str]:
    """Choose which children are drawn: those on the way to a target, then the first."""
    wanted = [child for child in below if child in kept_open]
    others = [child for child in below if child not in kept_open]
    return frozenset([*wanted, *others[: max(most - len(wanted), 0)]])


def _sizes(tree: OstTree) -> dict[str, int]:
    """Count the nodes of every subtree."""
    sizes = dict.fromkeys(tree.nodes, 1)
    order = [node.id for node in tree]
    for identifier in reversed(order):
        parent = tree.parents.get(identifier)
        if parent is not None:
            sizes[parent] += sizes[identifier]
    return sizes


def _paths_to_targets(tree: OstTree) -> frozenset[str]:
    found: set[str] = set()
    for node in tree.nodes.values():
        identifier: str | None = node.id if is_target(node) else None
        while identifier is not None and identifier not in found:
            found.add(identifier)
            identifier = tree.parents.get(identifier)
    return frozenset(found)


def is_target(node: OstNode) -> bool:
    """Say whether a node is a target opportunity."""
    return isinstance(node, Opportunity) and node.target


def _has_target(tree: OstTree, ids: Iterable[str]) -> bool:
    return any(is_target(tree.nodes[identifier]) for identifier in ids)


def _census(tree: OstTree) -> str:
    counts = Counter(node.kind for node in tree.nodes.values())
    return " · ".join(counted(counts[kind], kind) for kind in KIND_SIGNS if counts[kind])


def _description(tree: OstTree, shown: Shown) -> str:
    """Say in sentences what the picture shows."""
    sentences = [f"A tree of {_census(tree).replace(' · ', ', ')}."]
    sentences.extend(f"The outcome is: {tree.nodes[root].title}." for root in tree.roots[:_MOST_NAMED])
    for root in tree.roots[:_MOST_NAMED]:
        below = [tree.nodes[child].title for child in tree.children.get(root, ())]
        if below:
            sentences.append(f"Under it stand: {_listed(below)}.")
    for identifier in shown.ids:
        node = tree.nodes[identifier]
        if is_target(node) and len(sentences) < 2 * _MOST_NAMED:
            solutions = [tree.nodes[child].title for child in tree.children.get(identifier, ())]
            under = f"; under it stand: {_listed(solutions)}" if solutions else ""
            sentences.append(f"The target opportunity is: {node.title}{under}.")
    left_out = len(tree) - len(shown.ids)
    if left_out:
        sentences.append(f"{counted(left_out, 'node')} {'is' if left_out == 1 else 'are'} not shown.")
    return " ".join(sentences)


def _listed(titles: Sequence[str]) -> str:
    more = f"; and {len(titles) - _MOST_NAMED:,} more" if len(titles) > _MOST_NAMED else ""
    return "; ".join(titles[:_MOST_NAMED]) + more
