"""Where the boxes of a tree and the lines between them go: across, down and as an outline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeAlias

import attrs

from pmkit.drawing._contour import Block, Segment, spread
from pmkit.errors import InvalidValueError
from pmkit.model import quoted

__all__ = ["Layout", "lay_across", "lay_down", "lay_outline"]

Size: TypeAlias = tuple[float, float]
Point: TypeAlias = tuple[float, float]
_RAIL = 11.0
_NEAR = 6.0
"""How far off the middle of its box a line may end, in pixels, where that spares it a small bend."""


@attrs.frozen(kw_only=True)
class Layout:
    """Places for the boxes of a tree and the lines between them.

    Attributes
    ----------
    x, y : tuple of float
        The upper left corner of each box, in pixels; the smallest are 0.
    routes : tuple of tuple of (float, float)
        For each box the points of the line from its parent's box to it; empty for roots.
    width, height : float
        Of the whole.

    Examples
    --------
    >>> layout = lay_across([[1, 2], [], []], [(100, 30), (100, 30), (100, 30)])
    >>> layout.width, layout.y
    (260, (23, 0, 46))
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float


def _preorder(children: Sequence[Sequence[int]], sizes: Sequence[Size], roots: Sequence[int] | None) -> list[int]:
    """List every box, parents first, and make sure that this is a forest."""
    count = len(children)
    if len(sizes) != count:
        message = f"there are {count} boxes but {len(sizes)} sizes: give one (width, height) for each"
        raise InvalidValueError(message)
    parents = [-1] * count
    for index, below in enumerate(children):
        for child in below:
            if not 0 <= child < count or parents[child] >= 0:
                fault = "stands under two parents" if 0 <= child < count else f"is not one of the {count} boxes"
                message = f"box {quoted(child)} {fault}"
                raise InvalidValueError(message)
            parents[child] = index
    starts = [index for index in range(count) if parents[index] < 0] if roots is None else list(roots)
    order: list[int] = []
    waiting = starts[::-1]
    while waiting:
        index = waiting.pop()
        order.append(index)
        waiting.extend(reversed(children[index]))
    if len(order) != count or (roots is not None and any(parents[root] >= 0 for root in roots)):
        message = f"{count - len(set(order))} of {count} boxes hang under no root"
        raise InvalidValueError(message)
    return order


def _snapped(value: float) -> float:
    """Round to half pixels: crisp lines and short numbers."""
    doubled = round(value * 2)
    return doubled // 2 if doubled % 2 == 0 else doubled / 2


def _without_repeats(points: Sequence[Point]) -> tuple[Point, ...]:
    """Drop points that are on the way between their neighbors."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)


def _depths(children: Sequence[Sequence[int]], order: Sequence[int]) -> list[int]:
    depths = [0] * len(children)
    for index in order:
        below = depths[index] + 1
        for child in children[index]:
            depths[child] = below
    return depths


def _tops(lengths: Sequence[float], gap: float) -> list[float]:
    """Where each row or column begins, given the length of each; one more for what would follow."""
    return list(accumulate((length + gap for length in lengths), initial=0.0))


def _longest(values: Sequence[float], depths: Sequence[int], order: Sequence[int]) -> list[float]:
    longest = [0.0] * (1 + max((depths[index] for index in order), default=-1))
    for index in order:
        longest[depths[index]] = max(longest[depths[index]], values[index])
    return longest


def lay_across(
    children: Sequence[Sequence[int]],
    sizes: Sequence[Size],
    *,
    roots: Sequence[int] | None = None,
    gap: float = 16.0,
    level_gap: float = 60.0,
) -> Layout:
    """Lay a tree out from left to right, each level in its own column, parents beside the middle of their children.

    Linear in the number of boxes, without recursion.

    Parameters
    ----------
    children : sequence of sequence of int
        For each box the indices of the boxes under it, in order.
    sizes : sequence of (float, float)
        Width and height of each box, in pixels.
    roots : sequence of int or None
        The boxes without a parent, in the order to draw them; None for index order.
    gap : float
        Between boxes of a column, in pixels.
    level_gap : float
        Between columns, in pixels.

    Returns
    -------
    Layout

    Raises
    ------
    InvalidValueError
        When the boxes do not form a forest.

    Examples
    --------
    >>> lay_across([[1, 2], [], []], [(100, 30), (80, 30), (80, 30)], gap=10, level_gap=40).x
    (0, 140, 140)
    """
    order = _preorder(children, sizes, roots)
    depths = _depths(children, order)
    columns = _tops(_longest([size[0] for size in sizes], depths, order), level_gap)
    blocks = [
        Block([(columns[depths[index] + 1], -size[1] / 2, size[1] / 2)], children[index])
        for index, size in enumerate(sizes)
    ]
    middles = _spread_forest(blocks, order, depths, gap)
    y = [middle - size[1] / 2 for middle, size in zip(middles, sizes, strict=True)]
    top = min(y, default=0.0)
    y = [_snapped(value - top) for value in y]
    x = [_snapped(columns[depth]) for depth in depths]
    routes: list[tuple[Point, ...]] = [()] * len(sizes)
    for index in order:
        right, middle = x[index] + sizes[index][0], y[index] + sizes[index][1] / 2
        trunk = columns[depths[index] + 1] - level_gap / 2
        for child in children[index]:
            aim = y[child] + sizes[child][1] / 2
            if abs(aim - middle) <= min(_NEAR, sizes[child][1] / 4):
                routes[child] = ((right, middle), (x[child], middle))
            else:
                points = ((right, middle), (trunk, middle), (trunk, aim), (x[child], aim))
                routes[child] = _without_repeats(points)
    return _layout(x, y, sizes, routes)


def _spread_forest(blocks: list[Block], order: list[int], depths: Sequence[int], gap: float) -> list[float]:
    """Place the blocks; several roots hang under one that is not drawn."""
    roots = [index for index in order if depths[index] == 0]
    if len(roots) <= 1:
        return spread(blocks, order, gap)
    return spread([*blocks, Block((), roots)], [len(blocks), *order], gap)[:-1]


def _layout(
    x: Sequence[float], y: Sequence[float], sizes: Sequence[Size], routes: Sequence[tuple[Point, ...]]
) -> Layout:
    return Layout(
        x=tuple(x),
        y=tuple(y),
        routes=tuple(routes),
        width=max((left + size[0] for left, size in zip(x, sizes, strict=True)), default=0.0),
        height=max((top + size[1] for top, size in zip(y, sizes, strict=True)), default=0.0),
    )


def lay_outline(
    children: Sequence[Sequence[int]],
    sizes: Sequence[Size],
    *,
    roots: Sequence[int] | None = None,
    gap: float = 8.0,
    indent: float = 24.0,
) -> Layout:
    """Lay a tree out as an indented list, one box a line, each level further to the right.

    Parameters
    ----------
    children, sizes, roots
        As for `lay_across`.
    gap : float
        Between lines, in pixels.
    indent : float
        How far each level stands to the right of the one above, in pixels.

    Returns
    -------
    Layout

    Raises
    ------
    InvalidValueError
        When the boxes do not form a forest.

    Examples
    --------
    >>> layout = lay_outline([[1], [2], []], [(100, 20)] * 3, gap=10, indent=24)
    >>> layout.x, layout.y
    ((0, 24, 48), (0, 30, 60))
    """
    order = _preorder(children, sizes, roots)
    depths = _depths(children, order)
    x, y = [0.0] * len(sizes), [0.0] * len(sizes)
    routes: list[tuple[Point, ...]] = [()] * len(sizes)
    top = 0.0
    for index in order:
        x[index], y[index] = _snapped(depths[index] * indent), _snapped(top)
        top += sizes[index][1] + gap
    for index in order:
        for child in children[index]:
            routes[child] = _hung(index, child, x, y, sizes)
    return _layout(x, y, sizes, routes)


def _hung(parent: int, child: int, x: Sequence[float], y: Sequence[float], sizes: Sequence[Size]) -> tuple[Point, ...]:
    rail, aim = x[parent] + _RAIL, y[child] + sizes[child][1] / 2
    return ((rail, y[parent] + sizes[parent][1]), (rail, aim), (x[child], aim))


def lay_down(
    children: Sequence[Sequence[int]],
    sizes: Sequence[Size],
    *,
    hanging: Sequence[bool] = (),
    roots: Sequence[int] | None = None,
    gap: float = 24.0,
    level_gap: float = 44.0,
    list_gap: float = 10.0,
    indent: float = 22.0,
) -> Layout:
    """Lay a tree out from top to bottom; hanging boxes and all below them form indented lists.

    Boxes that do not hang spread sideways, each level in its own row. What hangs under a box stands as a list
    below it; when boxes spread from it too, the list gets its own place in the row beside them, so that no line
    crosses a box.

    Parameters
    ----------
    children, sizes, roots
        As for `lay_across`.
    hanging : sequence of bool
        For each box whether it hangs; empty when none does.
    gap : float
        Between neighbors in a row, in pixels.
    level_gap : float
        Between rows, in pixels.
    list_gap, indent : float
        Between the lines of a list, and how far each of its levels stands to the right, in pixels.

    Returns
    -------
    Layout

    Raises
    ------
    InvalidValueError
        When the boxes do not form a forest.

    Examples
    --------
    >>> layout = lay_down([[1, 2], [3], [], []], [(100, 30)] * 4, hanging=[False, False, False, True])
    >>> layout.x, layout.y
    ((62, 0, 124, 22), (0, 74, 74, 114))
    """
    order = _preorder(children, sizes, roots)
    plan = _Down(children, sizes, list(hanging) or [False] * len(sizes), gap, level_gap, list_gap, indent)
    return plan.laid(order)


class _Down:
    """The hybrid: rows of boxes, with lists hanging from them."""

    def __init__(  # noqa: PLR0917 - the numbers of `lay_down`
        self,
        children: Sequence[Sequence[int]],
        sizes: Sequence[Size],
        hanging: list[bool],
        gap: float,
        level_gap: float,
        list_gap: float,
        indent: float,
    ) -> None:
        if len(hanging) != len(sizes):
            message = f"there are {len(sizes)} boxes but {len(hanging)} entries in hanging"
            raise InvalidValueError(message)
        self.children, self.sizes, self.hanging = children, sizes, hanging
        self.gap, self.level_gap, self.list_gap, self.indent = gap, level_gap, list_gap, indent
        self.x, self.y = [0.0] * len(sizes), [0.0] * len(sizes)
        self.rows: list[float] = []
        self.depths: list[int] = []

    def laid(self, order: list[int]) -> Layout:
        for index in order:
            for child in self.children[index]:
                self.hanging[child] = self.hanging[child] or self.hanging[index]
        self.depths = _depths(self.children, order)
        upright = [index for index in order if not self.hanging[index] or self.depths[index] == 0]
        for index in upright:
            self.hanging[index] = False
        self.rows = _tops(_longest([size[1] for size in self.sizes], self.depths, upright), self.level_gap)
        blocks, hosts = self._blocks(upright)
        places = self._spread(blocks, upright, hosts)
        self._place(upright, blocks, hosts, places)
        return _layout(self.x, self.y, self.sizes, self._routes(order, upright, hosts))

    def _sorted_out(self, index: int) -> tuple[list[int], list[int]]:
        below = self.children[index]
        return [child for child in below if not self.hanging[child]], [child for child in below if self.hanging[child]]

    def _list(self, first: Sequence[int], top: float, level: int) -> list[tuple[int, float, float]]:
        """List what hangs: index, indentation, top."""
        listed: list[tuple[int, float, float]] = []
        waiting = [(index, level) for index in reversed(first)]
        while waiting:
            index, deep = waiting.pop()
            listed.append((index, deep * self.indent, top))
            top += self.sizes[index][1] + self.list_gap
            waiting.extend((child, deep + 1) for child in reversed(self.children[index]))
        return listed

    def _blocks(self, upright: list[int]) -> tuple[list[Block], dict[int, int]]:
        """Make one block for each upright box with its list, and one for each list that stands apart."""
        blocks = [Block(())] * len(self.sizes)
        hosts: dict[int, int] = {}
        for index in upright:
            spreading, listed = self._sorted_out(index)
            width, height = self.sizes[index]
            top, half = self.rows[self.depths[index]], width / 2
            if not spreading:
                segments: list[Segment] = [(top + height + self.list_gap, -half, half)]
                lines = self._list(listed, top + height + self.list_gap, 1)
                segments.extend(self._outline(lines, -half))
                blocks[index] = Block(segments)
                continue
            below = self.rows[self.depths[index] + 1]
            bus = below - self.level_gap / 2
            if listed:
                lines = self._list(listed, below, 1)
                right = max(shift + self.sizes[line][0] for line, shift, _ in lines)
                middle = (_RAIL + right) / 2
                hosts[index] = len(blocks)
                spreading.append(len(blocks))
                blocks.append(Block(list(self._outline(lines, -middle)), port=_RAIL - middle))
            segments = [(bus - self.list_gap / 2, -half, half)]
            blocks[index] = Block(segments, spreading, bus=below)
        return blocks, hosts

    def _outline(self, lines: list[tuple[int, float, float]], left: float) -> list[Segment]:
        """Give the outline of a list; from its rail to the right side of each line."""
        return [
            (top + self.sizes[line][1] + self.list_gap, left + _RAIL, left + shift + self.sizes[line][0])
            for line, shift, top in lines
        ]

    def _spread(self, blocks: list[Block], upright: list[int], hosts: dict[int, int]) -> list[float]:
        order = []
        for index in upright:
            order.append(index)
            if index in hosts:
                order.append(hosts[index])
        roots = [index for index in upright if self.depths[index] == 0]
        if len(roots) <= 1:
            return spread(blocks, order, self.gap)
        return spread([*blocks, Block((), roots)], [len(blocks), *order], self.gap)

    def _place(self, upright: list[int], blocks: list[Block], hosts: dict[int, int], places: list[float]) -> None:
        for index in upright:
            self.x[index] = places[index] - self.sizes[index][0] / 2
            self.y[index] = self.rows[self.depths[index]]
            spreading, listed = self._sorted_out(index)
            if not listed:
                continue
            left, top = self.x[index], self.y[index] + self.sizes[index][1] + self.list_gap
            if spreading:
                host = hosts[index]
                left, top = places[host] + blocks[host].port - _RAIL, self.rows[self.depths[index] + 1]
            for line, shift, height in self._list(listed, top, 1):
                self.x[line], self.y[line] = left + shift, height
        least = min(self.x, default=0.0)
        self.x = [_snapped(value - least) for value in self.x]
        self.y = [_snapped(value) for value in self.y]

    def _routes(self, order: list[int], upright: list[int], hosts: dict[int, int]) -> list[tuple[Point, ...]]:
        routes: list[tuple[Point, ...]] = [()] * len(self.sizes)
        x, y, sizes = self.x, self.y, self.sizes
        for index in order:
            if self.hanging[index] or (index not in hosts and not self._sorted_out(index)[0]):
                for child in self.children[index]:
                    routes[child] = _hung(index, child, x, y, sizes)
        for index in upright:
            start = (x[index] + sizes[index][0] / 2, y[index] + sizes[index][1])
            bus = _snapped(self.rows[self.depths[index] + 1] - self.level_gap / 2)
            for child in self.children[index]:
                if routes[child]:
                    continue
                if self.hanging[child]:
                    rail, aim = x[child] - self.indent + _RAIL, y[child] + sizes[child][1] / 2
                    points = [start, (start[0], bus), (rail, bus), (rail, aim), (x[child], aim)]
                else:
                    middle = x[child] + sizes[child][0] / 2
                    if abs(middle - start[0]) <= min(_NEAR, sizes[child][0] / 4):
                        middle = start[0]
                    points = [start, (start[0], bus), (middle, bus), (middle, y[child])]
                routes[child] = _without_repeats(points)
        return routes
