"""A picture as data: boxes, lines, text and groups, drawn by nobody yet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import attrs

from pmkit.drawing._colors import paint_colors
from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.model._fields import of_type, one_of, text, to_texts, to_tuple

__all__ = ["Anchor", "Box", "Group", "Item", "Line", "Scene", "Shape", "Text", "flatten"]

Shape = Literal["rectangle", "ellipse"]
Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


def _to_points(value: Iterable[Point]) -> tuple[Point, ...]:
    return to_tuple(value)


def _to_items(value: Iterable[Item]) -> tuple[Item, ...]:
    return to_tuple(value)


def _finite(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        message = f"{type(instance).__name__}.{attribute.name} must be a finite number, not {quoted(value)}"
        raise InvalidValueError(message)


def _length(instance: object, attribute: Any, value: Any) -> None:
    _finite(instance, attribute, value)
    if value < 0:
        message = f"{type(instance).__name__}.{attribute.name} must not be negative, not {quoted(value)}"
        raise InvalidValueError(message)


def _paint(_instance: object, _attribute: object, value: str | None) -> None:
    if value is not None:
        paint_colors(value)


def _points(instance: object, _attribute: object, value: object) -> None:
    good = isinstance(value, tuple) and len(value) > 1
    for point in value if isinstance(value, tuple) else ():
        good = good and isinstance(point, tuple) and len(point) == 2 and all(map(math.isfinite, point))  # noqa: PLR2004 - x and y
    if not good:
        message = f"{type(instance).__name__}.points must be two or more pairs of finite numbers, not {quoted(value)}"
        raise InvalidValueError(message)


@attrs.frozen(kw_only=True)
class Box:
    """A rectangle, or the ellipse inside it.

    Attributes
    ----------
    x, y : float
        The upper left corner, in pixels; y grows downward.
    width, height : float
        Pixels.
    fill, stroke : str or None
        Names of paints (see `PALETTE`); None draws nothing.
    stroke_width : float
        Pixels, half of them inside.
    radius : float
        Of the corners, in pixels.
    dashed : bool
        Whether the outline is dashed.
    shape : {"rectangle", "ellipse"}
        What is drawn.
    role : str
        What the box stands for, such as ``"card"``: for those who read the scene; not drawn.

    Examples
    --------
    >>> Box(x=0, y=0, width=120, height=40, fill="shade", radius=6).right
    120
    """

    x: float = attrs.field(validator=_finite)
    y: float = attrs.field(validator=_finite)
    width: float = attrs.field(validator=_length)
    height: float = attrs.field(validator=_length)
    fill: str | None = attrs.field(default=None, validator=_paint)
    stroke: str | None = attrs.field(default=None, validator=_paint)
    stroke_width: float = attrs.field(default=1.0, validator=_length)
    radius: float = attrs.field(default=0.0, validator=_length)
    dashed: bool = False
    shape: Shape = attrs.field(  # pyright: ignore[reportAssignmentType]  # it widens a literal default to str
        default="rectangle", validator=one_of(("rectangle", "ellipse"))
    )
    role: str = ""

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height


@attrs.frozen(kw_only=True)
class Line:
    """A line through points, straight from each to the next; closed and filled, it is a polygon.

    Attributes
    ----------
    points : tuple of (float, float)
        Two or more places, in pixels.
    stroke, fill : str or None
        Names of paints.
    stroke_width : float
        Pixels.
    radius : float
        How far the corners are rounded, in pixels.
    curved : bool
        Whether the line is a smooth curve that the points in between pull to them.
    dashed, closed : bool
        Whether the line is dashed; whether the last point is joined to the first.
    arrow : bool
        Whether the last point carries an arrow head.
    role : str
        What the line stands for, such as ``"connector"``.

    Examples
    --------
    >>> Line(points=((0, 0), (10, 0), (10, 20)), stroke="line", radius=4).points[-1]
    (10, 20)
    """

    points: tuple[Point, ...] = attrs.field(converter=_to_points, validator=_points)
    stroke: str | None = attrs.field(default=None, validator=_paint)
    fill: str | None = attrs.field(default=None, validator=_paint)
    stroke_width: float = attrs.field(default=1.0, validator=_length)
    radius: float = attrs.field(default=0.0, validator=_length)
    curved: bool = False
    dashed: bool = False
    closed: bool = False
    arrow: bool = False
    role: str = ""


@attrs.frozen(kw_only=True)
class Text:
    """Lines of text, one below the other.

    Attributes
    ----------
    x, y : float
        Where the first base line has its left end, its middle, or its right end (see `anchor`), in pixels.
    lines : tuple of str
        What is written; `wrap` makes lines that fit.
    size : float
        Font size in pixels.
    fill : str
        Name of a paint.
    leading : float
        From base line to base line, in pixels; 0 means 1.3 times the size.
    bold, struck : bool
        Whether the text is bold; whether it is struck through.
    anchor : {"start", "middle", "end"}
        What of the text stands at x: its left end, its middle, its right end; also where it is read from right to left.
    spacing : float
        Extra space after each character, in pixels.
    angle : float
        Turned clockwise about (x, y), in degrees.
    role : str
        What the text stands for, such as ``"title"``.

    Examples
    --------
    >>> Text(x=0, y=12, lines="Hello", size=12).lines
    ('Hello',)
    """

    x: float = attrs.field(validator=_finite)
    y: float = attrs.field(validator=_finite)
    lines: tuple[str, ...] = attrs.field(converter=to_texts)
    size: float = attrs.field(default=12.0, validator=_length)
    fill: str = attrs.field(default="ink", validator=_paint)
    leading: float = attrs.field(default=0.0, validator=_length)
    bold: bool = False
    struck: bool = False
    anchor: Anchor = attrs.field(  # pyright: ignore[reportAssignmentType]  # it widens a literal default to str
        default="start", validator=one_of(("start", "middle", "end"))
    )
    spacing: float = attrs.field(default=0.0, validator=_finite)
    angle: float = attrs.field(default=0.0, validator=_finite)
    role: str = ""

    @property
    def step(self) -> float:
        """From base line to base line, in pixels."""
        return self.leading or round(self.size * 1.3, 2)


@attrs.frozen(kw_only=True)
class Group:
    """Items that belong together, with the full text of what they stand for.

    Attributes
    ----------
    items : tuple
        Boxes, lines, text and groups, drawn in this order.
    id : str
        Of what the group shows, such as a node's id; written as ``data-id``.
    role : str
        What the group shows, such as ``"opportunity"``; written as ``data-role``.
    title : str
        The full text, shown on hovering and read aloud; empty for none.

    Examples
    --------
    >>> Group(id="find", role="opportunity", title="I can't find anything", items=()).role
    'opportunity'
    """

    items: tuple[Item, ...] = attrs.field(converter=_to_items)
    id: str = attrs.field(default="", validator=text)
    role: str = attrs.field(default="", validator=text)
    title: str = attrs.field(default="", validator=text)


Item: TypeAlias = Box | Line | Text | Group


@attrs.frozen(kw_only=True)
class Scene:
    """A whole picture as data; `to_svg` writes it.

    Attributes
    ----------
    width, height : float
        Pixels.
    items : sequence
        Boxes, lines, text and groups, drawn in this order.
    title : str
        What the picture shows, in one line, for screen readers and as a tool tip.
    description : str
        The same in sentences, for those who cannot see it.

    Examples
    --------
    >>> scene = Scene(width=80, height=20, title="Greeting", items=[Text(x=4, y=14, lines="Hello")])
    >>> len(scene.items)
    1
    """

    width: float = attrs.field(validator=_length)
    height: float = attrs.field(validator=_length)
    items: tuple[Item, ...] = attrs.field(converter=_to_items, validator=of_type(tuple, "a list of items"))
    title: str = attrs.field(validator=text)
    description: str = attrs.field(default="", validator=text)

    def to_svg(self, *, theme: str = "auto") -> str:
        """Write the picture as SVG; see `pmkit.drawing.to_svg`."""
        from pmkit.drawing._svg import to_svg

        return to_svg(self, theme=theme)

    def to_png(self, *, scale: float = 2.0, theme: str = "light") -> bytes:
        """Write the picture as PNG; see `pmkit.drawing.to_png`."""
        from pmkit.drawing._png import to_png

        return to_png(self, scale=scale, theme=theme)

    def _repr_svg_(self) -> str:
        return self.to_svg()


def flatten(items: Sequence[Item]) -> Iterator[Box | Line | Text]:
    """Walk the boxes, lines and texts of a scene, groups opened, in drawing order.

    Parameters
    ----------
    items : sequence of Box, Line, Text or Group
        As in `Scene.items`.

    Yields
    ------
    Box, Line or Text

    Examples
    --------
    >>> [type(item).__name__ for item in flatten([Group(items=[Text(x=0, y=0, lines="a")])])]
    ['Text']
    """
    waiting: list[Iterator[Item]] = [iter(items)]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, Group):
            waiting.append(iter(item.items))
        else:
            yield item
