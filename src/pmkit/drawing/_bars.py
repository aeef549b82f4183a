"""Horizontal bars with their numbers, and intervals where there are any."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pmkit.drawing._colors import paint_colors
from pmkit.drawing._frame import MARGIN, framed, headings
from pmkit.drawing._metrics import text_width
from pmkit.drawing._scene import Box, Group, Item, Line, Scene, Text
from pmkit.drawing._wrap import wrap
from pmkit.errors import InvalidValueError

__all__ = ["draw_bars"]

_LABEL = 12.0
_LABEL_ROOM = 200.0
_ROOM = 340.0
_BAR = 14.0
_STEP = 16.0
_GAP = 10.0


def draw_bars(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    intervals: Sequence[tuple[float, float] | None] = (),
    paints: Sequence[str] = (),
    digits: str = ".3g",
    unit: str = "",
    heading: str = "",
    subheading: str = "",
    description: str = "",
) -> Scene:
    """Draw numbers as horizontal bars from zero, each with its number.

    Parameters
    ----------
    labels : sequence of str
        One for each bar; broken into lines.
    values : sequence of float or None
        Negative ones go to the left; None is said to be undefined.
    title : str
        What the picture shows, for screen readers.
    intervals : sequence of (float, float) or None
        A lower and an upper limit for each bar, drawn as a whisker; empty for none.
    paints : sequence of str
        The paint of each bar; empty for one paint for all.
    digits : str
        How numbers are written, as a format specification.
    unit : str
        Written behind each number.
    heading, subheading, description : str
        As for `draw_cards`.

    Returns
    -------
    Scene

    Raises
    ------
    InvalidValueError
        When the sizes do not agree or a number is not finite.

    Examples
    --------
    >>> draw_bars(["find", "choose"], [12.5, 8], title="Opportunity scores", intervals=[(11, 14), (7, 9)]).width
    674.0
    """
    known = [value for value in values if value is not None]
    limits = [limit for interval in intervals if interval is not None for limit in interval]
    _check(labels, values, intervals, paints, [*known, *limits])
    least, most = min([0.0, *known, *limits]), max([0.0, *known, *limits])
    span = most / 2 - least / 2 or 1.0
    width = _LABEL_ROOM + 12 + _ROOM + 66
    items, top = headings(heading, subheading, width)
    left = MARGIN + _LABEL_ROOM + 12
    zero = left - least / 2 / span * _ROOM
    axis_top = top
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        lines = wrap(label, _LABEL_ROOM, size=_LABEL, lines=3)
        height = max(len(lines) * _STEP, 22.0)
        middle = top + height / 2
        base = middle - (len(lines) - 1) * _STEP / 2 + _LABEL * 0.36
        row: list[Item] = [
            Text(x=left - 12, y=base, lines=lines, size=_LABEL, leading=_STEP, anchor="end", role="label")
        ]
        interval = intervals[place] if intervals else None
        paint = paints[place] if paints else "series-1"
        words = "undefined" if value is None else f"{value:{digits}}{' ' + unit if unit else ''}"
        row.extend(_bar(value, interval, words, paint, (zero, span, middle)))
        items.append(Group(items=row, role="bar", title=f"{label}: {words}{_said(interval, digits)}"))
        top += height + _GAP
    bottom = top - _GAP if labels else top
    items.append(Line(points=((zero, axis_top - 4), (zero, bottom + 4)), stroke="line", role="axis"))
    return framed(items, width, bottom + 4, title=title, description=description)


def _check(
    labels: Sequence[str],
    values: Sequence[float | None],
    intervals: Sequence[tuple[float, float] | None],
    paints: Sequence[str],
    numbers: Sequence[float],
) -> None:
    for name, given in (("values", values), ("intervals", intervals), ("paints", paints)):
        if len(given) != len(labels) and (given or name == "values"):
            message = f"there are {len(labels)} labels but {len(given)} {name}"
            raise InvalidValueError(message)
    for number in numbers:
        if not math.isfinite(number):
            message = f"a bar needs a finite number, not {number!r}; use None where there is none"
            raise InvalidValueError(message)
    for paint in paints:
        paint_colors(paint)


def _said(interval: tuple[float, float] | None, digits: str) -> str:
    return f" ({interval[0]:{digits}} to {interval[1]:{digits}})" if interval is not None else ""


def _bar(
    value: float | None,
    interval: tuple[float, float] | None,
    words: str,
    paint: str,
    place: tuple[float, float, float],
) -> list[Item]:
    zero, span, middle = place
    items: list[Item] = []
    end = zero
    if value is not None:
        start, end = sorted((zero, zero + value / 2 / span * _ROOM))
        items.append(
            Box(x=start, y=middle - _BAR / 2, width=end - start, height=_BAR, fill=paint, radius=1.5, role="bar")
        )
    if interval is not None:
        low, high = (zero + limit / 2 / span * _ROOM for limit in interval)
        for paint_of_line, width in (("canvas", 4.0), ("ink", 1.4)):
            ends = ((low, middle), (high, middle))
            items.append(Line(points=ends, stroke=paint_of_line, stroke_width=width, role="whisker"))
        items.extend(
            Line(points=((x, middle - 4), (x, middle + 4)), stroke="ink", stroke_width=1.4, role="whisker")
            for x in (low, high)
        )
        end = max(end, high)
    size = 11.0 if text_width(words, 11) <= 60 else 60 / max(text_width(words, 1), 1)  # noqa: PLR2004 - the room at the right
    items.append(Text(x=max(end, zero) + 6, y=middle + 4, lines=words, size=round(size, 1), fill="muted", role="value"))
    return items
