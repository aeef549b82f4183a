"""Small signs, drawn from lines, so that no font has to have them."""

from __future__ import annotations

from pmkit.drawing._scene import Box, Item, Line
from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted

__all__ = ["ICONS", "icon"]

_FILLED: dict[str, tuple[tuple[float, float], ...]] = {
    "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "triangle": ((0.5, 0.06), (1, 0.94), (0, 0.94)),
    "hexagon": ((0.26, 0.07), (0.74, 0.07), (1, 0.5), (0.74, 0.93), (0.26, 0.93), (0, 0.5)),
    "flag": ((0.12, 0), (1, 0.28), (0.26, 0.58), (0.26, 1), (0.12, 1)),
}
_STROKED: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "check": (((0.08, 0.55), (0.38, 0.86), (0.94, 0.18)),),
    "cross": (((0.14, 0.14), (0.86, 0.86)), ((0.86, 0.14), (0.14, 0.86))),
    "wave": (((0, 0.6), (0.26, 0.36), (0.5, 0.5), (0.74, 0.64), (1, 0.4)),),
    "plus": (((0.5, 0.06), (0.5, 0.94)), ((0.06, 0.5), (0.94, 0.5))),
    "minus": (((0.06, 0.5), (0.94, 0.5)),),
    "arrow": (((0, 0.5), (0.94, 0.5)), ((0.56, 0.12), (0.94, 0.5), (0.56, 0.88))),
    "pencil": (((0.08, 0.92), (0.16, 0.62), (0.7, 0.08), (0.92, 0.3), (0.38, 0.84), (0.08, 0.92)),),
    "frame": (((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94), (0.06, 0.06)),),
}
ICONS: tuple[str, ...] = ("target", "dot", "ring", "square", *_FILLED, *_STROKED)
"""The names of the signs that `icon` draws."""


def icon(name: str, x: float, y: float, size: float, paint: str) -> tuple[Item, ...]:
    """Draw a small sign.

    Parameters
    ----------
    name : str
        One of `ICONS`.
    x, y : float
        The upper left corner of its square, in pixels.
    size : float
        The side of its square, in pixels.
    paint : str
        Name of a paint.

    Returns
    -------
    tuple of Box and Line

    Raises
    ------
    InvalidValueError
        When there is no sign of this name.

    Examples
    --------
    >>> len(icon("check", 0, 0, 10, "good"))
    1
    """
    if name in _FILLED:
        points = tuple((x + size * right, y + size * down) for right, down in _FILLED[name])
        return (Line(points=points, fill=paint, closed=True, role="icon"),)
    if name in _STROKED:
        width = round(max(1.2, size * 0.17), 1)
        return tuple(
            Line(
                points=tuple((x + size * right, y + size * down) for right, down in stroke),
                stroke=paint,
                stroke_width=width,
                role="icon",
            )
            for stroke in _STROKED[name]
        )
    if name == "target":
        ring = Box(
            x=x + 0.8,
            y=y + 0.8,
            width=size - 1.6,
            height=size - 1.6,
            stroke=paint,
            stroke_width=1.6,
            shape="ellipse",
            role="icon",
        )
        return ring, _ellipse(x + size * 0.32, y + size * 0.32, size * 0.36, paint)
    if name == "dot":
        return (_ellipse(x, y, size, paint),)
    if name == "ring":
        return (
            Box(
                x=x + 0.7,
                y=y + 0.7,
                width=size - 1.4,
                height=size - 1.4,
                stroke=paint,
                stroke_width=1.4,
                shape="ellipse",
                role="icon",
            ),
        )
    if name == "square":
        inset = size * 0.05
        side = size - 2 * inset
        return (Box(x=x + inset, y=y + inset, width=side, height=side, fill=paint, radius=size * 0.15, role="icon"),)
    message = f"no icon {quoted(name)}{did_you_mean(name, ICONS)}"
    raise InvalidValueError(message)


def _ellipse(x: float, y: float, size: float, paint: str) -> Box:
    return Box(x=x, y=y, width=size, height=size, fill=paint, shape="ellipse", role="icon")
