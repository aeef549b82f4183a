"""Writing a scene as SVG that is safe to put into any page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import pairwise

from pmkit.drawing._colors import THEMES, paint_colors
from pmkit.drawing._metrics import reads_leftward
from pmkit.drawing._scene import Box, Group, Item, Line, Point, Scene, Text
from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, escape_xml, quoted

__all__ = ["FONTS", "to_svg"]

FONTS = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans','DejaVu Sans',Verdana,sans-serif"
"""The fonts that pictures ask for, in this order; all of them fit the widths that are reckoned with."""

_FIXED = (
    ".t{white-space:pre}.b{font-weight:700}.x{text-decoration:line-through}.m{text-anchor:middle}.e{text-anchor:end}"
)
_DASH = ".d{stroke-dasharray:4 3}"
_ISOLATED = "\u2067", "\u2069"
"""What stands around a line that is read from right to left: not every program knows the property for it."""
_HEAD = 6.0


def to_svg(scene: Scene, *, theme: str = "auto") -> str:
    """Write a scene as one SVG element.

    The result is well-formed XML with a title and a description for screen readers. It holds no
    script, no foreign object, no event attribute and no reference to anything outside or inside it
    but the two ids of its own title and description; these, and the scope of its style rules, are
    derived from its content, so that pictures can share a page and the same picture
    is always written the same way. Characters that XML cannot hold become U+FFFD.

    Parameters
    ----------
    scene : Scene
        What to draw.
    theme : {"auto", "light", "dark"}
        ``"auto"`` follows the reader's preferred color scheme, and is light on paper.

    Returns
    -------
    str

    Raises
    ------
    InvalidValueError
        When the theme is none of these.

    Examples
    --------
    >>> svg = to_svg(Scene(width=80, height=20, title="A & B", items=[Text(x=4, y=14, lines="Hello")]))
    >>> svg.startswith("<svg ") and "<title" in svg and "A &amp; B" in svg
    True
    """
    if theme not in THEMES:
        message = f"theme must be one of {', '.join(THEMES)}, not {quoted(theme)}{did_you_mean(str(theme), THEMES)}"
        raise InvalidValueError(message)
    writer = _Writer()
    body = "".join(writer.written(scene.items))
    style = writer.style(theme)
    digest = blake2b(digest_size=6)
    for part in (scene.title, scene.description, f"{scene.width} {scene.height}", style, body):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    name = f"pmkit-{digest.hexdigest()}"
    described = f'<desc id="{name}-d">{escape_xml(scene.description)}</desc>' if scene.description else ""
    labels = f"{name}-t {name}-d" if described else f"{name}-t"
    width, height = _number(scene.width), _number(scene.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="{labels}">'
        f'<title id="{name}-t">{escape_xml(scene.title)}</title>{described}'
        f"<style>{style.replace('@', '#' + name + ' ').replace('%media', '@media')}</style>{body}</svg>\n"
    )


def _number(value: float) -> str:
    rounded = round(value, 2)
    whole = int(rounded)
    return str(whole) if whole == rounded else repr(rounded)


class _Writer:
    """Writes items and remembers which style rules they need."""

    def __init__(self) -> None:
        self._paints: dict[tuple[str, str], None] = {}
        self._sizes: dict[str, None] = {}
        self._by_type: dict[type, Callable[..., str]] = {Box: self._box, Line: self._line, Text: self._text}

    def written(self, items: tuple[Item, ...]) -> Iterator[str]:
        waiting: list[Iterator[Item]] = [iter(items)]
        by_type = self._by_type
        while waiting:
            item = next(waiting[-1], None)
            if item is None:
                waiting.pop()
                if waiting:
                    yield "</g>\n"
            elif isinstance(item, Group):
                yield _opening(item)
                waiting.append(iter(item.items))
            else:
                yield by_type[type(item)](item)

    def _classes(self, fill: str | None, stroke: str | None, *more: str) -> str:
        names = []
        if fill is not None:
            self._paints["fill", fill] = None
            names.append(f"f-{fill}")
        if stroke is not None:
            self._paints["stroke", stroke] = None
            names.append(f"s-{stroke}")
        names.extend(name for name in more if name)
        found = f' class="{" ".join(names)}"' if names else ""
        return found if fill is not None else found + ' fill="none"'

    def _box(self, box: Box) -> str:
        made = self._classes(box.fill, box.stroke, "d" if box.dashed else "")
        if box.stroke is not None and box.stroke_width != 1:
            made += f' stroke-width="{_number(box.stroke_width)}"'
        if box.shape == "ellipse":
            across, down = box.width / 2, box.height / 2
            place = f'cx="{_number(box.x + across)}" cy="{_number(box.y + down)}"'
            return f'<ellipse {place} rx="{_number(across)}" ry="{_number(down)}"{made}/>'
        if box.radius:
            made = f' rx="{_number(box.radius)}"{made}'
        place = f'x="{_number(box.x)}" y="{_number(box.y)}"'
        return f'<rect {place} width="{_number(box.width)}" height="{_number(box.height)}"{made}/>'

    def _line(self, line: Line) -> str:
        made = self._classes(line.fill, line.stroke, "d" if line.dashed else "")
        if line.stroke is not None and line.stroke_width != 1:
            made += f' stroke-width="{_number(line.stroke_width)}"'
        path = f'<path d="{_path(line)}"{made}/>'
        if line.arrow and line.stroke is not None:
            head = " ".join(f"{_number(x)},{_number(y)}" for x, y in _arrow_head(line.points, line.stroke_width))
            path += f'<polygon points="{head}"{self._classes(line.stroke, None)}/>'
        return path

    def _text(self, text: Text) -> str:
        size = _number(text.size)
        self._sizes[size] = None
        anchor = {"start": "", "middle": "m", "end": "e"}[text.anchor]
        more = (f"t t{size.replace('.', '_')}", "b" if text.bold else "", "x" if text.struck else "", anchor)
        made = self._classes(text.fill, None, *more)
        if text.spacing:
            made += f' letter-spacing="{_number(text.spacing)}"'
        x = _number(text.x)
        if text.angle:
            made += f' transform="rotate({_number(text.angle)} {x} {_number(text.y)})"'
        lines = text.lines
        if reads_leftward("".join(lines)):
            lines = tuple(line.join(_ISOLATED) for line in lines)
        if len(lines) == 1:
            return f'<text x="{x}" y="{_number(text.y)}"{made}>{escape_xml(lines[0])}</text>'
        step = text.step
        spans = "".join(
            f'<tspan x="{x}" y="{_number(text.y + place * step)}">{escape_xml(line)}</tspan>'
            for place, line in enumerate(lines)
        )
        return f"<text{made}>{spans}</text>"

    def style(self, theme: str) -> str:
        """Give the style rules, each selector with an @ for the scope that is filled in later."""
        fixed = "".join(f"@{rule}}}" for rule in (_FIXED + _DASH).split("}")[:-1])
        sizes = "".join(f"@.t{size.replace('.', '_')}{{font-size:{size}px}}" for size in sorted(self._sizes, key=float))
        text = f"@text{{font-family:{FONTS}}}{fixed}{sizes}"
        if theme != "auto":
            return text + self._rules(THEMES.index(theme) - 1)
        return text + self._rules(0) + f"%media screen and (prefers-color-scheme:dark){{{self._rules(1)}}}"

    def _rules(self, form: int) -> str:
        return "".join(
            f"@.{what[0]}-{paint}{{{what}:{paint_colors(paint)[form]}}}" for what, paint in sorted(self._paints)
        )


def _opening(group: Group) -> str:
    known = f' data-id="{escape_xml(group.id)}"' if group.id else ""
    role = f' data-role="{escape_xml(group.role)}"' if group.role else ""
    title = f"<title>{escape_xml(group.title)}</title>" if group.title else ""
    return f"<g{known}{role}>{title}"


def _path(line: Line) -> str:
    points = line.points
    if line.curved and len(points) > 2:  # noqa: PLR2004 - a straight line has no curve
        return _curve(points)
    if not line.radius or len(points) < 3:  # noqa: PLR2004 - a straight line has no corner
        made = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        return made + "Z" if line.closed else made
    made = f"M{_number(points[0][0])} {_number(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _toward(corner, before, line.radius), _toward(corner, after, line.radius)
        made += f"L{_number(start[0])} {_number(start[1])}"
        made += f"Q{_number(corner[0])} {_number(corner[1])} {_number(end[0])} {_number(end[1])}"
    made += f"L{_number(points[-1][0])} {_number(points[-1][1])}"
    return made + "Z" if line.closed else made


def _curve(points: tuple[Point, ...]) -> str:
    made = f"M{_number(points[0][0])} {_number(points[0][1])}"
    for place, (corner, after) in enumerate(pairwise(points[1:]), start=3):
        end = after if place == len(points) else ((corner[0] + after[0]) / 2, (corner[1] + after[1]) / 2)
        made += f"Q{_number(corner[0])} {_number(corner[1])} {_number(end[0])} {_number(end[1])}"
    return made


def _toward(corner: Point, other: Point, radius: float) -> Point:
    across, down = other[0] - corner[0], other[1] - corner[1]
    length = math.hypot(across, down)
    part = min(radius, length / 2) / length if length else 0.0
    return corner[0] + across * part, corner[1] + down * part


def _arrow_head(points: tuple[Point, ...], stroke_width: float) -> tuple[Point, Point, Point]:
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    along, aside = _HEAD + stroke_width, (_HEAD + stroke_width) * 0.45
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    back = (x1 - dx * along, y1 - dy * along)
    return (x1, y1), (back[0] - dy * aside, back[1] + dx * aside), (back[0] + dy * aside, back[1] - dx * aside)
