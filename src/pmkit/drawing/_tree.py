"""Trees of cards as one scene: heading, boxes, connectors, legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import attrs

from pmkit.drawing._cards import Card, Content, card_content, draw_card, legend_items
from pmkit.drawing._frame import MARGIN, framed, headings
from pmkit.drawing._layout import Layout, lay_across, lay_down, lay_outline
from pmkit.drawing._pause import collection_paused
from pmkit.drawing._scene import Item, Line, Scene
from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted

__all__ = ["TREE_STYLES", "TreeStyle", "draw_cards"]

TreeStyle = Literal["across", "down", "outline"]
"""How a tree is laid out: left to right, top to bottom with hanging lists, or as an indented list."""
TREE_STYLES: tuple[TreeStyle, ...] = get_args(TreeStyle)

_CARD = 224.0
_HOST = 250.0
_LINE = 640.0
_SHORTEST_LINE = 360.0
_INDENT = 22.0
_LEVEL_GAP = 52.0
_NARROWEST = 146.0
_LEAST_WIDTH = 320.0


def draw_cards(
    cards: Sequence[Card],
    children: Sequence[Sequence[int]],
    *,
    title: str,
    style: TreeStyle = "across",
    hanging: Sequence[bool] = (),
    roots: Sequence[int] | None = None,
    heading: str = "",
    subheading: str = "",
    description: str = "",
    legend: Sequence[tuple[str, str, str]] = (),
) -> Scene:
    """Draw a tree of cards.

    Parameters
    ----------
    cards : sequence of Card
        One for each node.
    children : sequence of sequence of int
        For each card the indices of the cards under it, in order.
    title : str
        What the picture shows, for screen readers.
    style : {"across", "down", "outline"}
        How it is laid out; see `lay_across`, `lay_down`, `lay_outline`.
    hanging : sequence of bool
        For ``"down"``: which cards hang as lists instead of spreading sideways.
    roots : sequence of int or None
        The cards at the top, in order; None for index order.
    heading, subheading : str
        Written above the tree; empty for none.
    description : str
        The picture in sentences, for those who cannot see it.
    legend : sequence of (str, str, str)
        Icon, paint and words of each entry below the tree.

    Returns
    -------
    Scene

    Raises
    ------
    InvalidValueError
        When the style is unknown or the cards do not form a forest.

    Examples
    --------
    >>> cards = [Card(title="Watch more", tone="strong"), Card(title="Find something", paint="opportunity")]
    >>> draw_cards(cards, [[1], []], title="A tree").width
    556.0
    """
    if style not in TREE_STYLES:
        message = (
            f"style must be one of {', '.join(TREE_STYLES)}, not {quoted(style)}{did_you_mean(str(style), TREE_STYLES)}"
        )
        raise InvalidValueError(message)
    with collection_paused():
        if style == "outline":
            cards = [attrs.evolve(card, compact=True) for card in cards]
        widths = _widths(children, len(cards), style, hanging)
        contents = [card_content(card, width) for card, width in zip(cards, widths, strict=True)]
        sizes = [(width, content.height) for width, content in zip(widths, contents, strict=True)]
        layout = _laid(children, sizes, style, hanging, roots)
        width = max(layout.width, _LEAST_WIDTH)
        items, top = headings(heading, subheading, width)
        connectors, drawn = _drawn(cards, contents, layout, widths, top)
        items.extend(connectors)
        items.extend(drawn)
        bottom = top + layout.height
    if legend:
        signs, height = legend_items(legend, MARGIN, bottom + 22, width)
        items.extend(signs)
        bottom += 22 + height
    return framed(items, width, bottom, title=title, description=description)


def _widths(children: Sequence[Sequence[int]], count: int, style: TreeStyle, hanging: Sequence[bool]) -> list[float]:
    """Let the lines of a list end at one right edge, as long as they stay wide enough to read."""
    if style == "across":
        return [_CARD] * count
    widest, narrowest = (_LINE, _SHORTEST_LINE) if style == "outline" else (_HOST, _NARROWEST)
    hangs = hanging or [style == "outline"] * count
    levels = [0] * count
    below = {child for index in range(count) for child in children[index]}
    waiting = [index for index in range(count) if index not in below]
    while waiting:
        index = waiting.pop()
        for child in children[index]:
            levels[child] = levels[index] + 1 if hangs[child] or levels[index] or style == "outline" else 0
            waiting.append(child)
    return [max(widest - level * _INDENT, narrowest) for level in levels]


def _laid(
    children: Sequence[Sequence[int]],
    sizes: Sequence[tuple[float, float]],
    style: TreeStyle,
    hanging: Sequence[bool],
    roots: Sequence[int] | None,
) -> Layout:
    if style == "across":
        return lay_across(children, sizes, roots=roots, level_gap=_LEVEL_GAP)
    if style == "down":
        return lay_down(children, sizes, hanging=hanging, roots=roots, indent=_INDENT)
    return lay_outline(children, sizes, roots=roots, gap=6, indent=_INDENT)


def _drawn(
    cards: Sequence[Card], contents: Sequence[Content], layout: Layout, widths: Sequence[float], top: float
) -> tuple[list[Item], list[Item]]:
    connectors: list[Item] = []
    drawn: list[Item] = []
    places = zip(layout.x, layout.y, widths, layout.routes, strict=True)
    for card, content, (x, y, width, route) in zip(cards, contents, places, strict=True):
        if route:
            points = tuple((MARGIN + across, top + down) for across, down in route)
            connectors.append(
                Line(points=points, stroke="line", stroke_width=1.5, radius=8, dashed=card.dashed, role="connector")
            )
        drawn.append(draw_card(card, MARGIN + x, top + y, width, content))
    return connectors, drawn
