"""The opportunity landscape: importance against satisfaction, zones, intervals, and a ranked list beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from pmkit.drawing import Box, Group, Item, Line, Picture, Text, text_width, wrap
from pmkit.drawing._frame import MARGIN, framed, headings
from pmkit.errors import InvalidValueError
from pmkit.jtbd._needs import OpportunityScore, OpportunityScores
from pmkit.jtbd._zones import OVERSERVED, ZoneScheme
from pmkit.model import Interval, Undefined, quoted
from pmkit.stats._arrays import FloatArray
from pmkit.stats._checks import whole_number

__all__ = ["draw_landscape", "overserved_corner", "place_labels", "zone_corner", "zone_paints", "zone_range"]

_SIDE = 440.0
_ROOM_A_LABEL = 6000.0
_AXIS = 46.0
_GAP = 44.0
_NAME = 250.0
_FOREST = 250.0
_NUMBER = 30.0
_VALUE = 44.0
_DOT = 4.5
_SMALL_DOT = 2.5
_SIZE = 11.0
_LINE = 15.0
_LEADER = 15.0
_MOST = 500
_OFF_CROSS = 6.0
_HEATS = 5
_TEN = 10.0

Point = tuple[float, float]


def zone_corner(cut: float) -> tuple[Point, ...]:
    """Give the corners of the part of the plane (importance, satisfaction) that scores at least `cut`."""
    if cut > _TEN:
        return ((cut / 2, 0.0), (_TEN, 0.0), (_TEN, 2 * _TEN - cut))
    return ((cut / 2, 0.0), (_TEN, 0.0), (_TEN, _TEN), (cut, _TEN), (cut, cut))


def overserved_corner() -> tuple[Point, ...]:
    """Give the corners of the part that is more satisfied than important."""
    return ((0.0, 0.0), (_TEN, _TEN), (0.0, _TEN))


def zone_paints(scheme: ZoneScheme) -> tuple[str, ...]:
    """Choose a paint for each label of a scheme: the higher the score, the stronger."""
    steps = len(scheme.zones) - 1
    rising = [f"heat-{round(place * min(steps, _HEATS - 1) / max(steps, 1))}" for place in range(len(scheme.zones))]
    paints = ["unsure-tint" if name == OVERSERVED else paint for name, paint in zip(scheme.zones, rising, strict=True)]
    return ("unsure-tint", *paints) if scheme.overserved else tuple(paints)


def zone_range(scheme: ZoneScheme, place: int) -> str:
    """Say between which scores a label of a scheme lies, endpoints included where they belong to it."""
    if scheme.overserved and place == 0:
        return "satisfaction above importance"
    zone = place - scheme.overserved
    lower = scheme.cuts[zone - 1] if zone else None
    upper = scheme.cuts[zone] if zone < len(scheme.cuts) else None
    if lower is None and upper is None:
        return "any score"
    if lower is None:
        return f"{'below' if upper and upper.upward else 'up to'} {upper.at if upper else 0:g}"
    if upper is None:
        return f"{'from' if lower.upward else 'above'} {lower.at:g}"
    return f"{'from' if lower.upward else 'above'} {lower.at:g} {'to below' if upper.upward else 'to'} {upper.at:g}"


def place_labels(
    points: Sequence[Point], widths: Sequence[float], height: float, room: tuple[float, float, float, float], dot: float
) -> list[Point | None]:
    """Find places for labels beside their points, so that none covers another label or any point.

    Parameters
    ----------
    points : sequence of (float, float)
        The first ones get labels, one for each width; all of them are kept free.
    widths : sequence of float
    height : float
    room : (float, float, float, float)
        Left, top, right and bottom of where labels may stand.
    dot : float
        Radius of a point.

    Returns
    -------
    list of (float, float) or None
        The upper left corner of each label; None where there is no room left.
    """
    angles = np.array([315, 45, 225, 135, 0, 180, 270, 90, 337.5, 22.5, 292.5, 67.5, 247.5, 112.5, 202.5, 157.5])
    reaches = dot + np.concatenate([np.arange(2.0, 12.0, 3.0), np.arange(14.0, 400.0, 7.0)])
    reach, angle = (grid.ravel() for grid in np.meshgrid(reaches, np.radians(angles), indexing="ij"))
    order = np.argsort(reach + np.where(angle % (np.pi / 2) == 0, _OFF_CROSS, 0.0), kind="stable")
    reach, angle = reach[order], angle[order]
    away, down = np.cos(angle), np.sin(angle)
    centers = np.array(points, dtype=np.float64).reshape(-1, 2)
    taken = np.column_stack([centers - dot - 1, centers + dot + 1])
    found: list[Point | None] = []
    for (x, y), width in zip(points, widths, strict=False):
        left = x + away * (reach + width / 2) - width / 2
        top = y + down * (reach + height / 2) - height / 2
        inside = (left >= room[0]) & (top >= room[1]) & (left + width <= room[2]) & (top + height <= room[3])
        chosen = None
        for place in np.flatnonzero(inside).tolist():
            box = (left[place] - 1, top[place] - 1, left[place] + width + 1, top[place] + height + 1)
            if not _covers(taken, box):
                chosen = (float(left[place]), float(top[place]))
                taken = np.vstack([taken, box])
                break
        found.append(chosen)
    return found


def _covers(taken: FloatArray, box: tuple[float, float, float, float]) -> bool:
    apart = (taken[:, 2] <= box[0]) | (taken[:, 0] >= box[2]) | (taken[:, 3] <= box[1]) | (taken[:, 1] >= box[3])
    return not bool(apart.all())


def draw_landscape(
    scores: OpportunityScores, *, segment: str | None = None, most: int = 25, title: str = "Opportunity landscape"
) -> Picture:
    """Draw importance against satisfaction with the zones, and the ranked scores with their intervals beside it.

    Numbers tie the points to the list. Thin crosses are the intervals of importance and satisfaction.

    Parameters
    ----------
    scores : OpportunityScores
    segment : str, optional
        Which segment; needed when there are several.
    most : int
        How many of the highest scores get a number and a line in the list, up to 500; the rest are small points.
    title : str

    Returns
    -------
    Picture

    Raises
    ------
    UnknownIdError
        For a segment that the scores do not have.

    References
    ----------
    Ulwick (2005), *What Customers Want*, chapter 3.

    Examples
    --------
    >>> from pmkit.jtbd import Tally, opportunity_scores
    >>> cells = {"outcome": "find", "high_high": 80, "high_low": 190, "low_high": 10, "low_low": 20}
    >>> draw_landscape(opportunity_scores(Tally.from_records([cells])))
    <Picture 'Opportunity landscape', ...>
    """
    if not isinstance(scores, OpportunityScores):
        raise InvalidValueError(f"a landscape is drawn of OpportunityScores, not {quoted(scores, 60)}")
    most = whole_number("most", most, 1, _MOST)
    name = scores.segments[scores.segment_index(segment)]
    here = [one for one in scores if one.segment == name]
    known = [one for one in here if isinstance(one.score, float)]
    lost = [one for one in here if not isinstance(one.score, float)]
    side = max(_SIDE, math.sqrt(_ROOM_A_LABEL * min(len(known), most)))
    width = _AXIS + side + _GAP + _NUMBER + _NAME + _FOREST + _VALUE
    people = max((one.n for one in here), default=0)
    told = f"{name}, " if len(scores.segments) > 1 else ""
    told += f"{people:,} respondents; {scores.confidence:.0%} intervals"
    items, top = headings(title, told, width)
    items.extend(_plot(known, most, scores.scheme, (MARGIN + _AXIS, top + 8, side)))
    bottom = _legend(items, scores.scheme, (MARGIN + _AXIS, top + side + 54, side))
    listed = _list(known[:most], scores.scheme, (MARGIN + _AXIS + side + _GAP, top + 8))
    items.extend(listed[0])
    end = _rest(items, len(known) - most, lost, (MARGIN + _AXIS + side + _GAP, listed[1]))
    words = "; ".join(f"{place}. {_said(one)}" for place, one in enumerate(known[:most], 1))
    return Picture(
        framed(items, width, max(bottom, end), title=title or "Opportunity landscape", description=f"{told}. {words}")
    )


def _said(one: OpportunityScore) -> str:
    return f"{one.outcome}: {one.score:.1f} ({one.interval.lower:.1f} to {one.interval.upper:.1f}), {one.zone}"


def _plot(
    known: Sequence[OpportunityScore], most: int, scheme: ZoneScheme, place: tuple[float, float, float]
) -> list[Item]:
    left, top, side = place
    unit = side / _TEN

    def at(importance: float, satisfaction: float) -> Point:
        return left + importance * unit, top + side - satisfaction * unit

    paints = zone_paints(scheme)
    rising = paints[scheme.overserved :]
    items: list[Item] = [Box(x=left, y=top, width=side, height=side, fill=rising[0], role="zone")]
    for cut, paint in zip(scheme.cuts, rising[1:], strict=True):
        corners = [at(*corner) for corner in zone_corner(cut.at)]
        items.append(Line(points=corners, fill=paint, closed=True, role="zone"))
    if scheme.overserved:
        corners = [at(*corner) for corner in overserved_corner()]
        items.append(Line(points=corners, fill=paints[0], closed=True, role="zone"))
    items.append(Line(points=(at(0, 0), at(_TEN, _TEN)), stroke="line", dashed=True, role="as satisfied as important"))
    for tick in range(0, 11, 2):
        x, y = at(tick, tick)
        items.append(Text(x=x, y=top + side + 17, lines=str(tick), size=_SIZE, fill="muted", anchor="middle"))
        items.append(Text(x=left - 8, y=y + 4, lines=str(tick), size=_SIZE, fill="muted", anchor="end"))
    items.append(Box(x=left, y=top, width=side, height=side, stroke="line", role="frame"))
    items.append(Text(x=left + side / 2, y=top + side + 36, lines="Importance", size=13, bold=True, anchor="middle"))
    items.append(
        Text(x=left - 32, y=top + side / 2, lines="Satisfaction", size=13, bold=True, anchor="middle", angle=-90)
    )
    points = [at(*_place(one)) for one in known]
    items.extend(_crosses(known[:most], at))
    for one, (x, y) in list(zip(known, points, strict=True))[most:]:
        dot = Box(
            x=x - _SMALL_DOT, y=y - _SMALL_DOT, width=2 * _SMALL_DOT, height=2 * _SMALL_DOT,
            fill="muted", shape="ellipse", role="point",
        )  # fmt: skip
        items.append(Group(items=[dot], role="outcome", title=_said(one)))
    items.extend(_numbered(known[:most], points, (left, top, left + side, top + side)))
    return items


def _place(one: OpportunityScore) -> Point:
    """Give the importance and the satisfaction of a score that is defined."""
    if isinstance(one.importance, Undefined) or isinstance(one.satisfaction, Undefined):
        raise InvalidValueError(f"{quoted(one.outcome)} has no place: {one.score}")
    return one.importance, one.satisfaction


def _ends(interval: Interval[float | Undefined]) -> Point:
    return tuple(0.0 if isinstance(end, Undefined) else end for end in interval)  # type: ignore[return-value]  # two


def _crosses(known: Sequence[OpportunityScore], at: Callable[[float, float], Point]) -> list[Item]:
    items: list[Item] = []
    for one in known:
        importance, satisfaction = _place(one)
        across, down = _ends(one.importance_interval), _ends(one.satisfaction_interval)
        for first, last in (
            ((across[0], satisfaction), (across[1], satisfaction)),
            ((importance, down[0]), (importance, down[1])),
        ):
            items.append(Line(points=(at(*first), at(*last)), stroke="line", stroke_width=0.9, role="interval"))
    return items


def _numbered(
    known: Sequence[OpportunityScore], points: Sequence[Point], room: tuple[float, float, float, float]
) -> list[Item]:
    """Draw the points that have a number, each number where it covers nothing."""
    widths = [text_width(str(place), _SIZE, bold=True) for place in range(1, len(known) + 1)]
    places = place_labels(points, widths, _SIZE, room, _DOT)
    if None in places and len(points) > len(known):  # a crowd of small points may be written over
        places = place_labels(points[: len(known)], widths, _SIZE, room, _DOT)
    items: list[Item] = []
    for number, (one, (x, y), corner) in enumerate(zip(known, points, places, strict=False), 1):
        parts: list[Item] = []
        if corner is not None:
            width = widths[number - 1]
            middle = (corner[0] + width / 2, corner[1] + _SIZE / 2)
            if math.hypot(middle[0] - x, middle[1] - y) > _LEADER + width / 2:
                near = (min(max(x, corner[0]), corner[0] + width), min(max(y, corner[1]), corner[1] + _SIZE))
                parts.append(Line(points=((x, y), near), stroke="muted", stroke_width=0.8, role="leader"))
            parts.append(
                Text(x=corner[0], y=corner[1] + _SIZE * 0.86, lines=str(number), size=_SIZE, bold=True, role="label")
            )
        parts.append(
            Box(
                x=x - _DOT, y=y - _DOT, width=2 * _DOT, height=2 * _DOT,
                fill="outcome", stroke="canvas", stroke_width=1.4, shape="ellipse", role="point",
            )
        )  # fmt: skip
        items.append(Group(items=parts, role="outcome", title=f"{number}. {_said(one)}"))
    return items


def _legend(items: list[Item], scheme: ZoneScheme, place: tuple[float, float, float]) -> float:
    """Name the zones below the plot, the highest first; give where they end."""
    left, top, _ = place
    rows = list(enumerate(zip(scheme.labels, zone_paints(scheme), strict=True)))[::-1]
    for row, (index, (label, paint)) in enumerate(rows):
        y = top + row * 19
        items.append(Box(x=left, y=y, width=14, height=12, fill=paint, stroke="line", stroke_width=0.8))
        words = f"{label}: {zone_range(scheme, index)}"
        items.append(Text(x=left + 22, y=y + 10, lines=wrap(words, _SIDE - 30, size=_SIZE, lines=1), size=_SIZE))
    return top + len(rows) * 19


def _list(
    known: Sequence[OpportunityScore], scheme: ZoneScheme, place: tuple[float, float]
) -> tuple[list[Item], float]:
    """Write the ranked list with its intervals; give where it ends."""
    left, top = place
    start = left + _NUMBER + _NAME
    unit = (_FOREST - 24) / (2 * _TEN)
    zero = start + 16
    rows: list[Item] = []
    y = top + 22
    for number, one in enumerate(known, 1):
        lines = wrap(one.outcome, _NAME - 8, size=12, lines=3)
        height = max(len(lines) * _LINE, 18.0) + 8
        middle = y + height / 2
        base = middle - (len(lines) - 1) * _LINE / 2 + 4
        low, high = (zero + end * unit for end in _ends(one.interval))
        score = zero + _ends(Interval(one.score, one.score))[0] * unit
        row: list[Item] = [
            Text(x=left + _NUMBER - 12, y=middle + 4, lines=str(number), size=12, bold=True, anchor="end"),
            Text(x=left + _NUMBER, y=base, lines=lines, size=12, leading=_LINE, role="name"),
            Line(points=((low, middle), (high, middle)), stroke="ink", stroke_width=1.6, role="interval"),
        ]
        row.extend(
            Line(points=((x, middle - 4), (x, middle + 4)), stroke="ink", stroke_width=1.6, role="interval")
            for x in (low, high)
        )
        row.append(
            Box(
                x=score - _DOT, y=middle - _DOT, width=2 * _DOT, height=2 * _DOT,
                fill="outcome", stroke="canvas", stroke_width=1.4, shape="ellipse", role="score",
            )
        )  # fmt: skip
        value = f"{one.score:.1f}"
        row.append(Text(x=start + _FOREST + _VALUE, y=middle + 4, lines=value, size=12, bold=True, anchor="end"))
        rows.append(Group(items=row, role="outcome", title=_said(one)))
        y += height
    behind: list[Item] = []
    ends = [0.0, *(cut.at for cut in scheme.cuts), 2 * _TEN]
    for paint, lower, upper in zip(zone_paints(scheme)[scheme.overserved :], ends, ends[1:], strict=False):
        band = Box(
            x=zero + lower * unit,
            y=top + 18,
            width=(upper - lower) * unit,
            height=y - top - 14,
            fill=paint,
            role="zone",
        )
        behind.append(band)
    ticks = dict.fromkeys(ends)
    behind.extend(
        Text(x=zero + tick * unit, y=top + 12, lines=f"{tick:g}", size=_SIZE, fill="muted", anchor="middle")
        for tick in ticks
    )
    behind.append(Text(x=left + _NUMBER, y=top + 12, lines="Ranked by score", size=_SIZE, fill="muted"))
    return [*behind, *rows], y + 4


def _rest(items: list[Item], more: int, lost: Sequence[OpportunityScore], place: tuple[float, float]) -> float:
    """Say what the list leaves out; give where that ends."""
    left, y = place
    notes = [f"and {more} more, drawn as small points"] if more > 0 else []
    notes.extend(f"{one.outcome}: {one.score}" for one in lost[:5])
    if len(lost) > len(lost[:5]):
        notes.append(f"and {len(lost) - 5} more that are undefined")
    for note in notes:
        lines = wrap(note, _NAME + _FOREST, size=12, lines=2)
        items.append(Text(x=left + _NUMBER, y=y + 16, lines=lines, size=12, leading=_LINE, fill="muted", role="note"))
        y += len(lines) * _LINE + 4
    return y
