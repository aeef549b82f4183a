"""Turning a scene into a PNG."""

from __future__ import annotations

from pmkit.drawing._scene import Scene
from pmkit.drawing._svg import to_svg
from pmkit.errors import InvalidValueError
from pmkit.model import quoted, require

__all__ = ["to_png"]

MOST_PIXELS = 120_000_000


def to_png(scene: Scene, *, scale: float = 2.0, theme: str = "light") -> bytes:
    r"""Draw a scene as PNG (needs the extra ``png``).

    Parameters
    ----------
    scene : Scene
        What to draw.
    scale : float
        Pixels of the PNG for each pixel of the scene; 2 is sharp on slides.
    theme : {"light", "dark"}
        A PNG cannot follow the reader's preference.

    Returns
    -------
    bytes

    Raises
    ------
    InvalidValueError
        When the scale is not positive, the theme is unknown, or the PNG would have more than
        120 million pixels (prune the picture, or use the SVG).
    MissingDependencyError
        When resvg-py is not installed.

    Examples
    --------
    >>> from pmkit.drawing import Text
    >>> png = to_png(Scene(width=80, height=20, title="Greeting", items=[Text(x=4, y=14, lines="Hello")]))
    >>> png[:4]
    b'\x89PNG'
    """
    if theme not in ("light", "dark"):
        message = f"the theme of a PNG must be light or dark, not {quoted(theme)}"
        raise InvalidValueError(message)
    if not 0 < scale < float("inf"):
        message = f"scale must be a positive number, not {quoted(scale)}"
        raise InvalidValueError(message)
    pixels = scene.width * scene.height * scale * scale
    if pixels > MOST_PIXELS:
        message = (
            f"a PNG of {scene.width * scale:.0f} x {scene.height * scale:.0f} pixels is too large "
            f"(at most {MOST_PIXELS:,} pixels): prune the picture, lower the scale, or use the SVG"
        )
        raise InvalidValueError(message)
    resvg = require("resvg_py", extra="png", purpose="drawing a PNG")
    return bytes(resvg.svg_to_bytes(svg_string=to_svg(scene, theme=theme), zoom=scale))
