"""A finished picture: a scene and the ways to see it."""

from __future__ import annotations

import attrs

from pmkit.drawing._png import to_png
from pmkit.drawing._scene import Scene
from pmkit.drawing._svg import to_svg
from pmkit.model._fields import of_type

__all__ = ["Picture"]


@attrs.frozen(repr=False)
class Picture:
    """A picture that notebooks show by themselves.

    Attributes
    ----------
    scene : Scene
        What is drawn, as data.

    Examples
    --------
    >>> from pmkit.drawing import Text
    >>> picture = Picture(Scene(width=80, height=20, title="Greeting", items=[Text(x=4, y=14, lines="Hello")]))
    >>> picture
    <Picture 'Greeting', 80 x 20 pixels>
    >>> picture.svg.startswith("<svg")
    True
    """

    scene: Scene = attrs.field(validator=of_type(Scene, "a scene"))

    @property
    def width(self) -> float:
        """Pixels."""
        return self.scene.width

    @property
    def height(self) -> float:
        """Pixels."""
        return self.scene.height

    @property
    def svg(self) -> str:
        """The picture as SVG that follows the reader's color scheme; see `to_svg`."""
        return to_svg(self.scene)

    def to_svg(self, *, theme: str = "auto") -> str:
        """Write the picture as SVG; see `pmkit.drawing.to_svg`."""
        return to_svg(self.scene, theme=theme)

    def to_png(self, *, scale: float = 2.0, theme: str = "light") -> bytes:
        """Write the picture as PNG (needs the extra ``png``); see `pmkit.drawing.to_png`."""
        return to_png(self.scene, scale=scale, theme=theme)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        from pmkit.model import quoted

        return f"<Picture {quoted(self.scene.title, 60)}, {self.width:g} x {self.height:g} pixels>"
