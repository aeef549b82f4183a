"""Setting subtrees side by side as closely as their outlines allow.

The classic idea (Reingold and Tilford, 1981, "Tidier drawings of trees") for blocks of any height (van der
Ploeg, 2014, "Drawing non-layered tidy trees in linear time"), with two changes of ours. An outline is
a stack of segments, deepest first, with one lazy shift, so that joining two of them
touches only the part that both have: the whole is linear. And every tree is packed twice, from its first child on
and from its last child on; the mean of two allowed placements is allowed, because
every demand (order, distance, parent over the middle of its children) is linear, and it leaves
the free room evenly on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import attrs

__all__ = ["Block", "spread"]

Segment: TypeAlias = tuple[float, float, float]


@attrs.define(eq=False)
class Block:
    """One thing to place: its outline along the direction of growth, relative to its anchor.

    `segments` are (where it ends, lowest, highest), nearest first; `port` is where its connector arrives;
    `bus`, when set, is where the zone of the connectors to its children ends.
    """

    segments: Sequence[Segment]
    children: Sequence[int] = ()
    port: float = 0.0
    bus: float | None = None


class _Outline:
    """One side of a subtree: ends and values, deepest first; a value is meant plus the shift."""

    __slots__ = ("ends", "shift", "values")

    def __init__(self) -> None:
        self.ends: list[float] = []
        self.values: list[float] = []
        self.shift = 0.0

    def push(self, end: float, value: float) -> None:
        self.ends.append(end)
        self.values.append(value - self.shift)

    def covered_by(self, other: _Outline) -> None:
        """Let the shallower outline `other` stand before this one."""
        limit = other.ends[0]
        while self.ends[-1] <= limit:
            self.ends.pop()
            self.values.pop()
        self.ends.extend(other.ends)
        moved = other.shift - self.shift
        self.values.extend([value + moved for value in other.values])


def _distance(far: _Outline, near: _Outline, gap: float) -> float:
    """Tell how far the second subtree must stand from where the first is measured."""
    one, other = len(far.ends) - 1, len(near.ends) - 1
    moved = far.shift - near.shift + gap
    found = far.values[one] - near.values[other] + moved
    while True:
        if far.ends[one] < near.ends[other]:
            one -= 1
        elif far.ends[one] > near.ends[other]:
            other -= 1
        else:
            one -= 1
            other -= 1
        if one < 0 or other < 0:
            return found
        found = max(found, far.values[one] - near.values[other] + moved)


def _packed(blocks: Sequence[Block], order: Sequence[int], gap: float, sign: int) -> list[float]:
    """Place every child relative to its parent, packed from the first (sign 1) or the last (sign -1)."""
    offsets = [0.0] * len(blocks)
    outlines: list[tuple[_Outline, _Outline] | None] = [None] * len(blocks)
    low, high = (1, 2) if sign > 0 else (2, 1)
    for index in reversed(order):
        block = blocks[index]
        children = block.children[::sign]
        if children:
            near, far = _joined(children, outlines, offsets, gap)
            if block.bus is not None:
                ports = [offsets[child] + sign * blocks[child].port for child in (children[0], children[-1])]
                near.push(block.bus, min(0.0, ports[0]))
                far.push(block.bus, max(0.0, ports[1]))
        else:
            near, far = _Outline(), _Outline()
        for segment in reversed(block.segments):
            near.push(segment[0], sign * segment[low])
            far.push(segment[0], sign * segment[high])
        outlines[index] = (near, far)
    return offsets


def _joined(
    children: Sequence[int], outlines: list[tuple[_Outline, _Outline] | None], offsets: list[float], gap: float
) -> tuple[_Outline, _Outline]:
    joined: tuple[_Outline, _Outline] | None = None
    for child in children:
        outline = outlines[child]
        outlines[child] = None
        if outline is None:
            continue
        if joined is None:
            joined = outline
            continue
        near, far = joined
        offset = _distance(far, outline[0], gap)
        offsets[child] = offset
        outline[0].shift += offset
        outline[1].shift += offset
        if outline[0].ends[0] > near.ends[0]:
            outline[0].covered_by(near)
            near = outline[0]
        if outline[1].ends[0] >= far.ends[0]:
            far = outline[1]
        else:
            far.covered_by(outline[1])
        joined = near, far
    middle = offsets[children[-1]] / 2
    for child in children:
        offsets[child] -= middle
    near, far = joined or (_Outline(), _Outline())
    near.shift -= middle
    far.shift -= middle
    return near, far


def spread(blocks: Sequence[Block], order: Sequence[int], gap: float) -> list[float]:
    """Place each block across the direction of growth: the anchors, the first of `order` at 0.

    `order` holds parents before their children. Blocks that share a parent must begin at the same place.
    """
    first, last = _packed(blocks, order, gap, 1), _packed(blocks, order, gap, -1)
    places = [0.0] * len(blocks)
    for index in order:
        place = places[index]
        for child in blocks[index].children:
            places[child] = place + (first[child] - last[child]) / 2
    return places
