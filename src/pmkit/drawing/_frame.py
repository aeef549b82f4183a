"""What every finished picture has around it: margin, heading, ground; and pictures side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from pmkit.drawing._metrics import reads_leftward, text_width
from pmkit.drawing._scene import Box, Group, Item, Line, Scene, Text
from pmkit.drawing._wrap import wrap
from pmkit.errors import InvalidValueError

__all__ = ["framed", "headings", "moved", "side_by_side"]

MARGIN = 28.0
_GUTTER = 36.0


def headings(heading: str, subheading: str, width: float) -> tuple[list[Item], float]:
    """Write a heading and a smaller line below it; give them and where what follows begins."""
    items: list[Item] = []
    top = MARGIN
    for words, size, bold, fill in ((heading, 20, True, "ink"), (subheading, 12.5, False, "muted")):
        if words:
            room = max(width, text_width("M", size) * 8)
            lines = wrap(words, room, size=size, bold=bold, lines=3)
            step = round(size * 1.25)
            base = top + size * 0.9
            leftward = reads_leftward("".join(lines))
            items.append(
                Text(
                    x=MARGIN + width if leftward else MARGIN,
                    y=base,
                    lines=lines,
                    size=size,
                    leading=step,
                    bold=bold,
                    fill=fill,
                    anchor="end" if leftward else "start",
                    role="heading",
                )
            )
            top += step * len(lines) + 2
    return items, top + 16 if items else top


def framed(items: Iterable[Item], width: float, bottom: float, *, title: str, description: str) -> Scene:
    """Put items on a ground: `width` without the margins, `bottom` without the lower one."""
    canvas = Box(x=0, y=0, width=width + 2 * MARGIN, height=bottom + MARGIN, fill="canvas", role="canvas")
    return Scene(width=canvas.width, height=canvas.height, items=(canvas, *items), title=title, description=description)


def moved(items: Iterable[Item], right: float, down: float) -> tuple[Item, ...]:
    """Move items.

    Parameters
    ----------
    items : iterable of Box, Line, Text and Group
        Groups are moved with all they hold.
    right, down : float
        How far, in pixels.

    Returns
    -------
    tuple of Box, Line, Text and Group

    Examples
    --------
    >>> moved([Box(x=1, y=2, width=3, height=4)], 10, 20)[0].x
    11
    """
    waiting: list[tuple[Group | None, list[Item], list[Item]]] = [(None, [], list(items)[::-1])]
    while True:
        group, made, left = waiting[-1]
        if left:
            item = left.pop()
            if isinstance(item, Group):
                waiting.append((item, [], list(item.items)[::-1]))
            elif isinstance(item, Line):
                made.append(attrs.evolve(item, points=tuple((x + right, y + down) for x, y in item.points)))
            else:
                made.append(attrs.evolve(item, x=item.x + right, y=item.y + down))
            continue
        waiting.pop()
        if group is None:
            return tuple(made)
        waiting[-1][1].append(attrs.evolve(group, items=tuple(made)))


def side_by_side(scenes: Sequence[Scene], *, title: str, captions: Sequence[str] = (), description: str = "") -> Scene:
    """Put pictures beside each other, such as before and after.

    Parameters
    ----------
    scenes : sequence of Scene
        From left to right.
    title : str
        What the whole shows, for screen readers.
    captions : sequence of str
        One above each picture; empty for none.
    description : str
        The whole in sentences; empty for the titles of the pictures.

    Returns
    -------
    Scene

    Raises
    ------
    InvalidValueError
        When there is not one caption for each picture.

    Examples
    --------
    >>> one = Scene(width=100, height=50, title="before", items=[])
    >>> side_by_side([one, one], title="Before and after", captions=["Before", "After"]).width
    200.0
    """
    if captions and len(captions) != len(scenes):
        message = f"there are {len(scenes)} pictures but {len(captions)} captions"
        raise InvalidValueError(message)
    left, top = 0.0, _GUTTER if captions else 0.0
    items: list[Item] = []
    for place, scene in enumerate(scenes):
        if captions:
            lines = wrap(captions[place], max(scene.width - MARGIN, 60), size=15, bold=True, lines=1)
            items.append(Text(x=left + MARGIN, y=27, lines=lines, size=15, bold=True, role="caption"))
        items.append(Group(role="part", title=scene.title, items=moved(scene.items, left, top)))
        left += scene.width
    height = top + max((scene.height for scene in scenes), default=0)
    canvas = Box(x=0, y=0, width=left, height=height, fill="canvas", role="canvas")
    words = description or "; ".join(scene.title for scene in scenes)
    return Scene(width=left, height=height, items=[canvas, *items], title=title, description=words)
