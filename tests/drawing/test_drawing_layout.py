"""Layouts of random forests: nothing overlaps, no line crosses a box, parents stand in the middle, time is linear."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit.drawing import Layout, lay_across, lay_down, lay_outline
from pmkit.errors import InvalidValueError

Forest = tuple[list[list[int]], list[tuple[float, float]], list[bool]]


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    count = draw(st.integers(1, 40))
    roots = draw(st.integers(1, 2))
    children: list[list[int]] = [[] for _ in range(count)]
    reach = draw(st.sampled_from([1, 3, 50]))
    for index in range(roots, count):
        children[draw(st.integers(max(0, index - reach), index - 1))].append(index)
    sizes = [(float(draw(st.integers(20, 200))), float(draw(st.integers(10, 90)))) for _ in range(count)]
    hanging = [draw(st.booleans()) for _ in range(count)]
    return children, sizes, hanging


def crosses(one: tuple[float, float], other: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether an upright or level line enters the inside of a box."""
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    left, top, right, bottom = box
    return x0 < right - 0.01 and x1 > left + 0.01 and y0 < bottom - 0.01 and y1 > top + 0.01


def examine(layout: Layout, children: list[list[int]], sizes: list[tuple[float, float]], gap: float) -> None:
    boxes = [(x, y, x + width, y + height) for x, y, (width, height) in zip(layout.x, layout.y, sizes, strict=True)]
    for one, other in combinations(boxes, 2):
        apart = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
        assert apart >= gap, (one, other)
    assert min(box[0] for box in boxes) == 0
    assert min(box[1] for box in boxes) == 0
    assert max(box[2] for box in boxes) == layout.width
    assert max(box[3] for box in boxes) == layout.height
    parents = {child: index for index, below in enumerate(children) for child in below}
    for child, route in enumerate(layout.routes):
        assert bool(route) == (child in parents)
        for one, other in pairwise(route):
            assert one[0] == other[0] or one[1] == other[1]
            assert one != other
            for box in boxes:
                assert not crosses(one, other, box), (child, route, box)
        if route:
            for point, index in ((route[0], parents[child]), (route[-1], child)):
                left, top, right, bottom = boxes[index]
                assert left <= point[0] <= right
                assert top <= point[1] <= bottom
                assert point[0] in (left, right) or point[1] in (top, bottom)


def bends(layout: Layout, children: list[list[int]]) -> None:
    """Lines of different parents never run over each other."""
    runs = []
    for index, below in enumerate(children):
        for child in below:
            runs.extend((index, *sorted(pair)) for pair in pairwise(layout.routes[child]))
    for (one, a, b), (other, c, d) in combinations(runs, 2):
        if one == other:
            continue
        if a[0] == b[0] == c[0] == d[0]:
            assert max(a[1], c[1]) >= min(b[1], d[1]) - 0.01
        elif a[1] == b[1] == c[1] == d[1]:
            assert max(a[0], c[0]) >= min(b[0], d[0]) - 0.01
        else:
            level, upright = ((a, b), (c, d)) if a[1] == b[1] else ((c, d), (a, b))
            inside = level[0][0] + 0.01 < upright[0][0] < level[1][0] - 0.01
            assert not (inside and upright[0][1] + 0.01 < level[0][1] < upright[1][1] - 0.01)


def turns_midway(layout: Layout, sizes: list[tuple[float, float]], parent: int, child: int) -> None:
    """A line runs straight where its ends are nearly level, and else turns in the middle of the gap of 60."""
    route, height = layout.routes[child], sizes[child][1]
    start = layout.y[parent] + sizes[parent][1] / 2
    aim = layout.y[child] + height / 2
    assert route[0] == (layout.x[parent] + sizes[parent][0], start)
    if abs(aim - start) <= min(6, height / 4):
        assert route[1:] == ((layout.x[child], start),)
    else:
        trunk = layout.x[child] - 30
        assert route[1:] == ((trunk, start), (trunk, aim), (layout.x[child], aim))


def preorder(children: list[list[int]]) -> list[tuple[int, int]]:
    """List every box with its depth, in reading order."""
    below = {child for each in children for child in each}
    waiting = [(index, 0) for index in reversed(range(len(children))) if index not in below]
    found = []
    while waiting:
        index, depth = waiting.pop()
        found.append((index, depth))
        waiting.extend((child, depth + 1) for child in reversed(children[index]))
    return found


def hangs(layout: Layout, sizes: list[tuple[float, float]], parent: int, child: int) -> None:
    """A line of a list comes down the rail of its parent and enters in the middle of the left side."""
    aim = layout.y[child] + sizes[child][1] / 2
    rail = layout.x[parent] + 11
    assert layout.routes[child] == ((rail, layout.y[parent] + sizes[parent][1]), (rail, aim), (layout.x[child], aim))


@given(forests())
@settings(max_examples=120, deadline=None)
def test_across(forest: Forest) -> None:
    children, sizes, _ = forest
    layout = lay_across(children, sizes)
    examine(layout, children, sizes, 15)
    bends(layout, children)
    for index, below in enumerate(children):
        if below:
            middles = [layout.y[child] + sizes[child][1] / 2 for child in below]
            assert layout.y[index] + sizes[index][1] / 2 == pytest.approx((middles[0] + middles[-1]) / 2, abs=0.5)
            assert middles == sorted(middles)
        for child in below:
            turns_midway(layout, sizes, index, child)


@given(forests())
@settings(max_examples=120, deadline=None)
def test_down(forest: Forest) -> None:
    children, sizes, hanging = forest
    layout = lay_down(children, sizes, hanging=hanging)
    examine(layout, children, sizes, 9)
    bends(layout, children)
    layout = lay_down(children, sizes)
    examine(layout, children, sizes, 9)
    for index, below in enumerate(children):
        assert len({layout.y[child] for child in below}) <= 1
        lefts = [layout.x[child] for child in below]
        assert lefts == sorted(lefts)
        if below:
            middles = [layout.x[child] + sizes[child][0] / 2 for child in below]
            center = layout.x[index] + sizes[index][0] / 2
            assert center == pytest.approx((middles[0] + middles[-1]) / 2, abs=0.5)
            for child, middle in zip(below, middles, strict=True):
                drops_midway(layout, sizes, center, child, middle)


def drops_midway(layout: Layout, sizes: list[tuple[float, float]], center: float, child: int, middle: float) -> None:
    """A line runs straight down where its ends are nearly below each other, and else turns 22 above the row."""
    route = layout.routes[child]
    assert route[0][0] == center
    if abs(middle - center) <= min(6, sizes[child][0] / 4):
        assert route[1:] == ((center, layout.y[child]),)
    else:
        bus = layout.y[child] - 22
        assert route[1:] == ((center, bus), (middle, bus), (middle, layout.y[child]))


def test_lines_to_a_list_that_stands_apart_keep_off_the_neighbors() -> None:
    children: list[list[int]] = [[1], [2, 3], [], [4], [5, 6], [], [7], []]
    widths = (20.0, 200.0, 200.0, 20.0, 20.0, 200.0, 200.0, 200.0)
    heights = (90.0, 90.0, 90.0, 10.0, 10.0, 10.0, 90.0, 30.0)
    sizes = list(zip(widths, heights, strict=True))
    hanging = [index in (2, 7) for index in range(8)]
    layout = lay_down(children, sizes, hanging=hanging)
    examine(layout, children, sizes, 9)
    bends(layout, children)


@given(forests())
@settings(max_examples=80, deadline=None)
def test_lists_hang_in_order_below_what_they_belong_to(forest: Forest) -> None:
    """Under a root nothing but a list: the same lines as an outline, with gaps of 10 and steps of 22."""
    children, sizes, _ = forest
    below = {child for each in children for child in each}
    layout = lay_down(children, sizes, hanging=[index in below for index in range(len(children))])
    for index, each in enumerate(children):
        for child in each:
            hangs(layout, sizes, index, child)
            assert layout.x[child] - layout.x[index] == 22
    order = [index for index, _ in preorder(children)]
    for before, after in pairwise(order):
        if after in below:
            assert layout.y[after] == layout.y[before] + sizes[before][1] + 10


@given(forests())
@settings(max_examples=60, deadline=None)
def test_what_is_below_a_list_belongs_to_the_list(forest: Forest) -> None:
    children, sizes, hanging = forest
    spread = list(hanging)
    below = {child for each in children for child in each}
    for index, _ in preorder(children):
        for child in children[index]:
            if index in below and spread[index]:
                spread[child] = True
    assert lay_down(children, sizes, hanging=hanging) == lay_down(children, sizes, hanging=spread)


@given(forests())
@settings(max_examples=100, deadline=None)
def test_outline(forest: Forest) -> None:
    children, sizes, _ = forest
    layout = lay_outline(children, sizes)
    examine(layout, children, sizes, 7)
    bends(layout, children)
    order = preorder(children)
    top = 0.0
    for index, depth in order:
        assert layout.x[index] == 24 * depth
        assert layout.y[index] == top
        top += sizes[index][1] + 8
        for child in children[index]:
            hangs(layout, sizes, index, child)
    assert layout.height == top - 8


@given(forests())
@settings(max_examples=100, deadline=None)
def test_a_mirrored_tree_is_drawn_as_its_mirror_image(forest: Forest) -> None:
    children, sizes, _ = forest
    roots = [index for index in range(len(children)) if not any(index in below for below in children)]
    layout = lay_across(children, sizes, roots=roots)
    mirrored = lay_across([below[::-1] for below in children], sizes, roots=roots[::-1])
    for index, (_, height) in enumerate(sizes):
        assert mirrored.y[index] == pytest.approx(layout.height - layout.y[index] - height, abs=1)


def test_a_line_bends_rather_than_miss_a_low_box() -> None:
    layout = lay_across([[1, 2], [], []], [(50.0, 10.0)] * 3, gap=1)
    assert [len(route) for route in layout.routes] == [0, 4, 4]


def test_a_parent_with_both_gives_the_list_its_own_place() -> None:
    layout = lay_down([[1, 2, 3], [], [], []], [(100.0, 30.0)] * 4, hanging=[False, False, True, False])
    assert layout.y[1] == layout.y[2] == layout.y[3]
    assert layout.x[1] < layout.x[3] < layout.x[2]


def test_room_between_unequal_subtrees_is_shared_out() -> None:
    children = [[1, 2, 3], [4, 5, 6, 7], [], [8, 9, 10, 11], *([[]] * 8)]
    layout = lay_across(children, [(50.0, 20.0)] * 12, gap=10)
    assert layout.y[2] - layout.y[1] == layout.y[3] - layout.y[2]


@pytest.mark.parametrize("lay", [lay_across, lay_down, lay_outline])
def test_what_is_no_forest_is_refused(lay: object) -> None:
    box = (10.0, 10.0)
    for children, sizes, roots in [
        ([[1], [0]], [box] * 2, None),
        ([[1], []], [box], None),
        ([[1], [], [1]], [box] * 3, None),
        ([[5]], [box], None),
        ([[-1]], [box], None),
        ([[1], []], [box] * 2, [1]),
        ([[1], []], [box] * 2, [0, 1]),
        ([[], []], [box] * 2, [0]),
    ]:
        with pytest.raises(InvalidValueError):
            lay(children, sizes, roots=roots)
    with pytest.raises(InvalidValueError, match="hanging"):
        lay_down([[]], [box], hanging=[True, False])


@pytest.mark.parametrize("lay", [lay_across, lay_down, lay_outline])
def test_nothing_to_lay_out(lay: object) -> None:
    assert lay([], []).width == 0


@pytest.mark.parametrize("lay", [lay_across, lay_down, lay_outline])
def test_deep_and_wide(lay: object) -> None:
    count = 10_000
    chain = lay([[index + 1] for index in range(count - 1)] + [[]], [(10.0, 10.0)] * count)
    assert len(chain.x) == count
    fan = lay([list(range(1, count))] + [[]] * (count - 1), [(10.0, 10.0)] * count)
    assert len(fan.x) == count
    comb = [[] for _ in range(count)]
    for index in range(0, count - 2, 2):
        comb[index] = [index + 1, index + 2]
    assert len(lay(comb, [(10.0, 10.0)] * count).x) == count
