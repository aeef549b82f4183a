"""Maps of who is tied to whom: names around an oval, ties inside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from pmkit.drawing._cards import legend_items
from pmkit.drawing._colors import paint_colors
from pmkit.drawing._frame import MARGIN, framed, headings
from pmkit.drawing._metrics import text_width
from pmkit.drawing._scene import Anchor, Box, Group, Item, Line, Scene, Text
from pmkit.drawing._wrap import elide, wrap
from pmkit.errors import InvalidValueError
from pmkit.model import _fields as fields

__all__ = ["MapLink", "MapNode", "draw_map", "order_around"]

MOST_NODES = 120
_STEP = 30.0
_LABEL = 12.0
_NOTE = 10.0
_LABEL_ROOM = 190.0
_PASSES = 12
_FEW_PASSES = 3
_LEGIBLE = 60


@attrs.frozen(kw_only=True)
class MapNode:
    """One name on a map.

    Attributes
    ----------
    label, note : str
        The name, and a smaller line below it.
    id, role : str
        For those who read the scene.
    paint : str
        Of the dot.
    size : float
        Diameter of the dot, in pixels, from 4 to 24.

    Examples
    --------
    >>> MapNode(label="Checkout", note="stream-aligned").size
    12.0
    """

    label: str = attrs.field(validator=fields.text)
    note: str = attrs.field(default="", validator=fields.text)
    id: str = attrs.field(default="", validator=fields.text)
    role: str = attrs.field(default="node", validator=fields.text)
    paint: str = "series-1"
    size: float = attrs.field(default=12.0, validator=fields.number(4, 24))

    def __attrs_post_init__(self) -> None:
        paint_colors(self.paint)


@attrs.frozen(kw_only=True)
class MapLink:
    """One tie on a map.

    Attributes
    ----------
    source, target : int
        The places of its ends among the nodes.
    weight : float
        How strong it is, above 0: nodes with strong ties are set close to each other.
    width : float
        Of the line, in pixels.
    paint : str
        Of the line.
    dashed, arrow : bool
        Whether the line is dashed; whether it points at its target.
    title : str
        What it says on hovering.

    Examples
    --------
    >>> MapLink(source=0, target=1, title="3 calls").weight
    1.0
    """

    source: int = attrs.field(validator=fields.whole(0))
    target: int = attrs.field(validator=fields.whole(0))
    weight: float = attrs.field(default=1.0, validator=fields.number(above=0))
    width: float = attrs.field(default=1.5, validator=fields.number(0, 20))
    paint: str = "line"
    dashed: bool = False
    arrow: bool = False
    title: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        paint_colors(self.paint)


def order_around(count: int, links: Sequence[MapLink], groups: Sequence[str] = ()) -> list[int]:
    """Order nodes around a circle so that strong ties are short.

    Exchanges nodes as long as that shortens the ties (weight times steps around), within their group.

    Parameters
    ----------
    count : int
        How many nodes.
    links : sequence of MapLink
        Ties between them.
    groups : sequence of str
        The group of each node; nodes of a group stay together. Empty for none.

    Returns
    -------
    list of int
        The nodes in order.

    Examples
    --------
    >>> order_around(4, [MapLink(source=0, target=2), MapLink(source=1, target=3), MapLink(source=2, target=1)])
    [1, 2, 0, 3]
    """
    names = list(groups) or [""] * count
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(names))}
    circle = _Circle(sorted(range(count), key=lambda index: (ranks[names[index]], index)), _ties(count, links))
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count) if names[one] == names[two]]
    for _ in range(_PASSES if count <= _LEGIBLE else _FEW_PASSES):
        if not sum([circle.exchange(one, two) for one, two in pairs]):
            break
    return sorted(range(count), key=circle.places.__getitem__)


def _ties(count: int, links: Sequence[MapLink]) -> list[dict[int, float]]:
    ties: list[dict[int, float]] = [{} for _ in range(count)]
    for link in links:
        if link.source != link.target:
            for one, other in ((link.source, link.target), (link.target, link.source)):
                ties[one][other] = ties[one].get(other, 0.0) + link.weight
    return ties


class _Circle:
    """Nodes around a circle, being exchanged."""

    def __init__(self, order: Sequence[int], ties: list[dict[int, float]]) -> None:
        self.ties = ties
        self.places = [0] * len(order)
        for place, index in enumerate(order):
            self.places[index] = place

    def _length(self, index: int, place: int, without: int) -> float:
        """How long the ties of a node would be at a place."""
        places, count = self.places, len(self.places)
        total = 0.0
        for end, weight in self.ties[index].items():
            if end != without:
                steps = abs(places[end] - place)
                total += weight * min(steps, count - steps)
        return total

    def exchange(self, one: int, two: int) -> bool:
        """Exchange two nodes if that makes their ties shorter, and say so."""
        here, there = self.places[one], self.places[two]
        now = self._length(one, here, two) + self._length(two, there, one)
        then = self._length(one, there, two) + self._length(two, here, one)
        if then >= now - 1e-9:
            return False
        self.places[one], self.places[two] = there, here
        return True


def draw_map(
    nodes: Sequence[MapNode],
    links: Sequence[MapLink],
    *,
    title: str,
    groups: Sequence[str] = (),
    heading: str = "",
    subheading: str = "",
    description: str = "",
    legend: Sequence[tuple[str, str, str]] = (),
) -> Scene:
    """Draw who is tied to whom: names outside an oval, ties as curves inside it.

    No two names touch, no tie crosses a name or another dot.

    Parameters
    ----------
    nodes : sequence of MapNode
        At most 120; legible up to about 60.
    links : sequence of MapLink
        Ties between them; ties of a node with itself are not drawn.
    title : str
        What the picture shows, for screen readers.
    groups : sequence of str
        The group of each node; groups stand together. Empty for none.
    heading, subheading, description, legend
        As for `draw_cards`.

    Returns
    -------
    Scene

    Raises
    ------
    InvalidValueError
        When there are too many nodes, or a tie has an end that is none of them.

    Examples
    --------
    >>> nodes = [MapNode(label="Checkout"), MapNode(label="Search"), MapNode(label="Platform")]
    >>> draw_map(nodes, [MapLink(source=0, target=2, arrow=True)], title="Teams").title
    'Teams'
    """
    count = len(nodes)
    if count > MOST_NODES:
        message = f"a map has room for {MOST_NODES} nodes, not {count}: group them first"
        raise InvalidValueError(message)
    if groups and len(groups) != count:
        message = f"there are {count} nodes but {len(groups)} groups"
        raise InvalidValueError(message)
    for link in links:
        if max(link.source, link.target) >= count:
            message = f"a tie goes from {link.source} to {link.target}, but there are only {count} nodes"
            raise InvalidValueError(message)
    order = order_around(count, links, groups)
    per_side = (count + 1) // 2
    tall = max(per_side * _STEP, 90.0)
    wide = max(min(tall * 1.1, 620.0), 220.0)
    label_room = max((_room(node) for node in nodes), default=0.0) + 18
    width = 2 * label_room + wide
    items, top = headings(heading, subheading, width)
    middle = (MARGIN + label_room + wide / 2, top + tall / 2)
    spots = _spots(order, per_side, middle, wide / 2, tall / 2)
    items.extend(_tie(link, nodes, spots, middle) for link in links if link.source != link.target)
    items.extend(_name(node, spot, middle[0]) for node, spot in zip(nodes, spots, strict=True))
    bottom = top + tall
    if legend:
        signs, height = legend_items(legend, MARGIN, bottom + 22, width)
        items.extend(signs)
        bottom += 22 + height
    return framed(items, width, bottom, title=title, description=description)


def _room(node: MapNode) -> float:
    label = text_width(elide(node.label, _LABEL_ROOM, size=_LABEL), _LABEL)
    note = text_width(elide(node.note, _LABEL_ROOM, size=_NOTE), _NOTE) if node.note else 0.0
    return max(label, note) + node.size / 2


def _spots(
    order: Sequence[int], per_side: int, middle: tuple[float, float], across: float, down: float
) -> list[tuple[float, float]]:
    """Set nodes clockwise on an oval, at even heights on either side, so that names keep their distance."""
    spots = [(0.0, 0.0)] * len(order)
    for place, index in enumerate(order):
        right = place < per_side
        row = place if right else len(order) - 1 - place
        rows = per_side if right else len(order) - per_side
        height = ((row + 0.5) / rows - 0.5) * 2 * (1 - 0.5 / per_side)
        x = across * math.sqrt(max(1 - height * height, 0.0))
        spots[index] = (middle[0] + (x if right else -x), middle[1] + down * height)
    return spots


def _tie(
    link: MapLink, nodes: Sequence[MapNode], spots: Sequence[tuple[float, float]], middle: tuple[float, float]
) -> Group:
    start, end = spots[link.source], spots[link.target]
    half = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    inward = (middle[0] - half[0], middle[1] - half[1])
    depth = math.hypot(*inward)
    part = min(0.5, 0.75 * math.dist(start, end) / depth) if depth else 0.0
    bend = (half[0] + inward[0] * part, half[1] + inward[1] * part)
    start = _short_of(start, bend, nodes[link.source].size / 2 + 1)
    end = _short_of(end, bend, nodes[link.target].size / 2 + (3 if link.arrow else 1))
    line = Line(
        points=(start, bend, end),
        stroke=link.paint,
        stroke_width=link.width,
        curved=True,
        dashed=link.dashed,
        arrow=link.arrow,
        role="tie",
    )
    return Group(items=(line,), role="tie", title=link.title)


def _short_of(point: tuple[float, float], toward: tuple[float, float], distance: float) -> tuple[float, float]:
    across, down = toward[0] - point[0], toward[1] - point[1]
    length = math.hypot(across, down)
    part = min(distance / length, 0.4) if length else 0.0
    return point[0] + across * part, point[1] + down * part


def _name(node: MapNode, spot: tuple[float, float], center: float) -> Group:
    x, y = spot
    half = node.size / 2
    right = x >= center
    left = x + half + 8 if right else x - half - 8
    shown = elide(node.label, _LABEL_ROOM, size=_LABEL)
    dot = Box(
        x=x - half,
        y=y - half,
        width=node.size,
        height=node.size,
        fill=node.paint,
        stroke="canvas",
        stroke_width=1.5,
        shape="ellipse",
        role="dot",
    )
    anchor: Anchor = "start" if right else "end"
    base = y + (-1 if node.note else _LABEL * 0.36)
    items: list[Item] = [dot, Text(x=left, y=base, lines=shown, size=_LABEL, anchor=anchor, role="label")]
    if node.note:
        note = wrap(node.note, _LABEL_ROOM, size=_NOTE, lines=1)
        items.append(Text(x=left, y=y + 11, lines=note, size=_NOTE, fill="muted", anchor=anchor, role="note"))
    title = f"{node.label}\n{node.note}" if node.note else node.label
    return Group(id=node.id, role=node.role, title=title, items=items)
