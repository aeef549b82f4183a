"""Places for words in a chart: beside their points, clear of each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import attrs

from pmkit.drawing import text_width

__all__ = ["Box", "middle_elided", "place_labels", "spread", "wrapped"]

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_ELLIPSIS = "…"


def middle_elided(text: str, width: float, *, size: float) -> str:
    """Shorten a text to a width by its middle, so that names that begin alike stay apart."""
    if text_width(text, size=size) <= width:
        return text
    for kept in range(len(text) - 1, 1, -1):
        head = (kept + 1) // 2
        short = text[:head].rstrip() + _ELLIPSIS + text[len(text) - (kept - head) :].lstrip()
        if text_width(short, size=size) <= width:
            return short
    return _ELLIPSIS


def wrapped(text: str, width: float, *, size: float, lines: int = 3) -> str:
    """Break a text into lines of at most a width; what does not fit is shortened."""
    done: list[str] = []
    for word in text.split():
        if done and text_width(f"{done[-1]} {word}", size=size) <= width:
            done[-1] = f"{done[-1]} {word}"
        elif len(done) < lines:
            done.append(word)
        else:
            done[-1] = f"{done[-1]} {word}"
    return "\n".join(middle_elided(line, width, size=size) for line in done)


def spread(wanted: Sequence[float], gap: float, *, lowest: float = float("-inf")) -> list[float]:
    """Move numbers apart to a gap, each as little as it must, in their order, none below the lowest."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    groups: list[tuple[list[int], float]] = []
    for place in order:
        groups.append(([place], wanted[place]))
        while len(groups) > 1 and _span(groups[-1], gap)[0] < _span(groups[-2], gap)[1] + gap:
            last, before = groups.pop(), groups.pop()
            members = [*before[0], *last[0]]
            center = sum(wanted[one] for one in members) / len(members)
            groups.append((members, center))
    result = [0.0] * len(wanted)
    for members, center in groups:
        for rank, one in enumerate(members):
            result[one] = center + gap * (rank - (len(members) - 1) / 2)
    floor = lowest
    for place in order:
        result[place] = max(result[place], floor)
        floor = result[place] + gap
    return result


def _span(group: tuple[list[int], float], gap: float) -> tuple[float, float]:
    half = gap * (len(group[0]) - 1) / 2
    return group[1] - half, group[1] + half


@attrs.frozen
class _Spot:
    """A place for a label: its box, and what it costs to stand so far from its point."""

    box: Box
    cost: float


def place_labels(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    *,
    frame: Box,
    taken: Sequence[Box] = (),
    lines: Sequence[Box] = (),
    radius: float = 5.0,
) -> list[Box]:
    """Find a box for each label near its point.

    A box costs what it covers of other boxes, points and the taken ones, what of it lies outside the frame, a little
    for a line of the chart that it crosses, and a little for its distance. Each label takes its cheapest place, the
    others being where they are, until nobody moves.
    """
    dots = [(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    spots = [_spots(point, size, radius) for point, size in zip(points, sizes, strict=True)]
    fixed = [[one.cost + _fixed_cost(one.box, frame, taken, lines, dots) for one in choices] for choices in spots]
    chosen = [min(range(len(costs)), key=costs.__getitem__) for costs in fixed]
    for _ in range(8):
        before = list(chosen)
        for place, choices in enumerate(spots):
            others = [spots[other][chosen[other]].box for other in range(len(spots)) if other != place]
            costs = [
                fixed[place][index] + sum(_overlap(one.box, box) for box in others) for index, one in enumerate(choices)
            ]
            chosen[place] = min(range(len(costs)), key=costs.__getitem__)
        if chosen == before:
            break
    return [spots[place][index].box for place, index in enumerate(chosen)]


_ASIDE = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))


def _spots(point: tuple[float, float], size: tuple[float, float], radius: float) -> list[_Spot]:
    x, y = point
    width, height = size
    found = []
    for far, (rank, (right, up)) in itertools.product((4.0, 14.0, 28.0, 44.0, 64.0, 90.0), enumerate(_ASIDE)):
        reach = radius + far
        left = x + reach if right > 0 else x - reach - width if right < 0 else x - width / 2
        bottom = y + up * (reach if right == 0 else reach * 0.8) + (0 if up > 0 else -height if up < 0 else -height / 2)
        found.append(_Spot((left, bottom, left + width, bottom + height), far + 2 * rank))
    return found


def _fixed_cost(box: Box, frame: Box, taken: Sequence[Box], lines: Sequence[Box], dots: Sequence[Box]) -> float:
    left, bottom, right, top = box
    outside = max(0, frame[0] - left) + max(0, right - frame[2]) + max(0, frame[1] - bottom) + max(0, top - frame[3])
    covered = sum(_overlap(box, other) for other in (*taken, *dots))
    crossed = sum(_overlap(box, line) > 0 for line in lines)
    return 40 * outside + covered + 30 * crossed


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return 80 + width * height if width > 0 and height > 0 else 0.0
