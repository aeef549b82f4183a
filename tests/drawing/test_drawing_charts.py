"""Matrices, bars, maps, cards: what is drawn is what was given, and nothing collides."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit.drawing import (
    ICONS,
    Box,
    Card,
    Chip,
    Group,
    Line,
    MapLink,
    MapNode,
    Picture,
    Scene,
    Text,
    draw_bars,
    draw_cards,
    draw_map,
    draw_matrix,
    flatten,
    icon,
    moved,
    order_around,
    side_by_side,
    text_width,
)
from pmkit.errors import InvalidValueError
from pmkit.testing import picture_faults

LABELS = st.text(st.characters(codec="utf-8"), max_size=40)


def texts_of(scene: Scene, role: str) -> list[Text]:
    return [item for item in flatten(scene.items) if isinstance(item, Text) and item.role == role]


def boxes_of(scene: Scene, role: str) -> list[Box]:
    return [item for item in flatten(scene.items) if isinstance(item, Box) and item.role == role]


def area(text: Text, line: str, place: int) -> tuple[float, float, float, float]:
    width = text_width(line, text.size, bold=text.bold)
    left = text.x - width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    base = text.y + place * text.step
    return left, base - 0.75 * text.size, left + width, base + 0.22 * text.size


@given(st.lists(LABELS, min_size=1, max_size=8), st.integers(0, 2**32), st.sampled_from([4.0, 16.0, 30.0]))
@settings(max_examples=60, deadline=None)
def test_a_matrix_has_one_cell_for_each_number(labels: list[str], seed: int, cell: float) -> None:
    chance = random.Random(seed)
    values = [[chance.choice([0, 0, None, 0.5, 3, 1e6]) for _ in labels] for _ in labels]
    scene = draw_matrix(
        values, labels, labels, title="m", cell=cell, heading="h", row_groups=labels, column_groups=labels
    )
    cells = [item for item in scene.items if isinstance(item, Group) and item.role == "cell"]
    assert len(cells) == sum(value != 0 for row in values for value in row)
    for one, other in itertools.combinations(boxes_of(scene, "cell"), 2):
        assert one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
    for text in texts_of(scene, "label"):
        if not text.angle:
            left, _, right, _ = area(text, text.lines[0], 0)
            assert left >= 0
            assert right <= boxes_of(scene, "matrix")[0].x
        else:
            length = text_width(text.lines[0], text.size) * math.sqrt(0.5)
            assert text.y - length - text.size >= 0
            assert text.x + length <= scene.width
    scene.to_svg()


def test_a_matrix_darkens_with_its_values_and_says_them() -> None:
    scene = draw_matrix([[1, 5], [10, None]], ["a", "b"], ["c", "d"], title="m", row_groups="xy", column_groups="xy")
    paints = {
        next(iter(flatten(group.items))).fill: group.title
        for group in scene.items
        if getattr(group, "role", "") == "cell" and "missing" not in group.title
    }
    assert paints == {"heat-1": "a, c: 1", "heat-4": "a, d: 5", "heat-7": "b, c: 10"}
    assert "b, d: missing" in scene.to_svg()
    assert [text.lines[0] for text in texts_of(scene, "value")] == ["1", "5", "10"]
    assert len(boxes_of(scene, "group")) == 2
    assert draw_matrix([[0]], ["a"], ["a"], title="m").width > 0
    assert draw_matrix([], [], [], title="m").width > 0


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ([[1]], {"rows": ["a", "b"]}),
        ([[1, 2]], {}),
        ([[-1]], {}),
        ([[math.nan]], {}),
        ([[1]], {"row_groups": ["a", "b"]}),
    ],
)
def test_impossible_matrices_are_refused(values: list[list[float]], options: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidValueError):
        draw_matrix(values, **{"rows": ["a"], "columns": ["a"], "title": "m", **options})


@given(st.lists(st.tuples(LABELS, st.one_of(st.none(), st.floats(-1e9, 1e9))), max_size=8), st.booleans())
@settings(max_examples=80, deadline=None)
def test_bars_are_as_long_as_their_numbers_and_stay_inside(
    rows: list[tuple[str, float | None]], whiskers: object
) -> None:
    labels, values = [row[0] for row in rows], [row[1] for row in rows]
    intervals = [None if value is None else (value - 1, value + 2) for value in values] if whiskers else []
    scene = draw_bars(labels, values, title="b", intervals=intervals, unit="points per person", digits=".6g")
    bars = boxes_of(scene, "bar")
    known = [value for value in values if value is not None]
    assert len(bars) == len(known)
    longest = max((abs(value) for value in known), default=0)
    for bar, value in zip(bars, known, strict=True):
        if longest > 1e-6:
            longest_bar = max(each.width for each in bars)
            assert bar.width == pytest.approx(abs(value) / longest * longest_bar, abs=1e-6)
    for item in flatten(scene.items):
        if isinstance(item, Text):
            for place, line in enumerate(item.lines):
                left, top, right, bottom = area(item, line, place)
                assert left >= 0
                assert right <= scene.width
                assert top >= 0
                assert bottom <= scene.height
        elif isinstance(item, Line):
            assert all(0 <= x <= scene.width and 0 <= y <= scene.height for x, y in item.points)
    labels_areas = [
        area(text, line, place) for text in texts_of(scene, "label") for place, line in enumerate(text.lines)
    ]
    assert all(one[3] <= other[1] + 1 for one, other in itertools.pairwise(labels_areas))


def test_bars_say_what_is_undefined() -> None:
    scene = draw_bars(["a", "b"], [None, 2], title="b", intervals=[None, (1, 3)], paints=["series-2", "series-3"])
    assert [text.lines[0] for text in texts_of(scene, "value")] == ["undefined", "2"]
    assert "b: 2 (1 to 3)" in scene.to_svg()
    for values, options in [
        ([1], {}),
        ([1, math.inf], {}),
        ([1, 2], {"intervals": [(0, 1)]}),
        ([1, 2], {"intervals": [(0, math.nan), None]}),
        ([1, 2], {"paints": ["ink", "inc"]}),
    ]:
        with pytest.raises(InvalidValueError):
            draw_bars(["a", "b"], values, title="b", **options)


@given(st.integers(0, 60), st.integers(0, 2**32), st.booleans())
@settings(max_examples=20, deadline=None)
def test_names_on_a_map_never_touch_and_ties_stay_off_them(count: int, seed: int, grouped: object) -> None:
    chance = random.Random(seed)
    names = ["Team", "A team with quite a long name indeed, really", "決済チーム", "x"]
    nodes = [
        MapNode(label=chance.choice(names), note=chance.choice(["", "platform team"]), size=chance.randrange(4, 24))
        for _ in range(count)
    ]
    links = [
        MapLink(source=chance.randrange(count), target=chance.randrange(count), arrow=chance.random() < 0.5)
        for _ in range(min(count * 2, 80))
    ]
    groups = [chance.choice("ab") for _ in range(count)] if grouped else ()
    scene = draw_map(nodes, links, title="m", groups=groups, legend=[("dot", "series-1", "Team")], heading="Teams")
    areas = [
        area(item, line, place)
        for item in flatten(scene.items)
        if isinstance(item, Text)
        for place, line in enumerate(item.lines)
    ]
    for one, other in itertools.combinations(areas, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5
    assert all(one[0] >= 0 and one[2] <= scene.width and one[3] <= scene.height for one in areas)
    dots = boxes_of(scene, "dot")
    drawn = [item for item in flatten(scene.items) if isinstance(item, Line) and item.role == "tie"]
    for link, tie in zip((link for link in links if link.source != link.target), drawn, strict=True):
        others = [dot for index, dot in enumerate(dots) if index not in (link.source, link.target)]
        (x0, y0), (x1, y1), (x2, y2) = tie.points
        for step in range(15):
            part = step / 14
            x = (1 - part) ** 2 * x0 + 2 * part * (1 - part) * x1 + part**2 * x2
            y = (1 - part) ** 2 * y0 + 2 * part * (1 - part) * y1 + part**2 * y2
            assert not [each for each in areas if each[0] < x < each[2] and each[1] < y < each[3]]
            for dot in others:
                assert math.hypot(x - dot.x - dot.width / 2, y - dot.y - dot.height / 2) > dot.width / 2 - 1
    assert scene.to_svg().count('data-role="tie"') == sum(link.source != link.target for link in links)


def test_order_around_is_as_short_as_any_exchange_can_make_it() -> None:
    chance = random.Random(5)
    links = [
        MapLink(source=chance.randrange(7), target=chance.randrange(7), weight=chance.randrange(1, 4))
        for _ in range(12)
    ]

    def length(order: list[int]) -> float:
        places = {index: place for place, index in enumerate(order)}
        steps = [(abs(places[link.source] - places[link.target]), link.weight) for link in links]
        return sum(min(step, 7 - step) * weight for step, weight in steps)

    found = order_around(7, links)
    assert sorted(found) == list(range(7))
    best = min(length([0, *rest]) for rest in itertools.permutations(range(1, 7)))
    assert length(found) <= 1.25 * best
    for one, two in itertools.combinations(range(7), 2):
        other = list(found)
        other[one], other[two] = other[two], other[one]
        assert length(other) >= length(found) - 1e-9


def test_groups_stay_together_around_a_map() -> None:
    order = order_around(6, [MapLink(source=0, target=1), MapLink(source=0, target=3)], "ababab")
    assert [index % 2 for index in order] == [0, 0, 0, 1, 1, 1]


def test_impossible_maps_are_refused() -> None:
    nodes = [MapNode(label="a"), MapNode(label="b")]
    for build in (
        lambda: draw_map(nodes * 61, [], title="m"),
        lambda: draw_map(nodes, [MapLink(source=0, target=2)], title="m"),
        lambda: draw_map(nodes, [], title="m", groups=["a"]),
        lambda: MapNode(label="a", size=100),
        lambda: MapNode(label="a", paint="blue"),
        lambda: MapLink(source=-1, target=0),
        lambda: MapLink(source=0, target=1, weight=0),
    ):
        with pytest.raises(InvalidValueError):
            build()
    assert draw_map(nodes * 50, [MapLink(source=0, target=99)], title="m").height > 0


def test_pictures_side_by_side() -> None:
    one = Scene(width=100, height=50, title="One", items=[Group(items=[Line(points=((0, 0), (1, 1)), stroke="ink")])])
    two = Scene(width=60, height=90, title="Two", items=[Text(x=1, y=2, lines="a"), Box(x=0, y=0, width=1, height=1)])
    both = side_by_side([one, two], title="Both", captions=["Before", "After"])
    assert (both.width, both.height) == (160, 126)
    assert both.description == "One; Two"
    assert [item.x for item in flatten(both.items) if isinstance(item, Text)][-1] == 101
    assert side_by_side([one], title="Alone").height == 50
    assert side_by_side([], title="None").width == 0
    with pytest.raises(InvalidValueError, match="captions"):
        side_by_side([one], title="x", captions=["a", "b"])


def test_moving_keeps_everything_else() -> None:
    group = Group(id="g", items=[Group(title="inner", items=[Text(x=1, y=1, lines="a", bold=True)])])
    (there,) = moved([group], 5, -3)
    (back,) = moved([there], -5, 3)
    assert back == group
    assert there.items[0].items[0].x == 6


@pytest.mark.parametrize("name", ICONS)
def test_icons_stay_in_their_square(name: str) -> None:
    for item in icon(name, 3, 4, 10, "ink"):
        if isinstance(item, Box):
            assert item.x >= 3
            assert item.bottom <= 14
        else:
            assert all(3 <= x <= 13 and 4 <= y <= 14 for x, y in item.points)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'check'"):
        icon("chek", 0, 0, 10, "ink")
    with pytest.raises(InvalidValueError, match="no paint"):
        Chip(text="a", paint="nope")
    with pytest.raises(InvalidValueError, match="no paint"):
        Card(title="a", paint="ink")
    with pytest.raises(InvalidValueError, match="did you mean 'down'"):
        draw_cards([], [], title="t", style="dwn")


@given(LABELS, LABELS, st.lists(LABELS, max_size=4), st.sampled_from(["across", "down", "outline"]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_card_holds_what_it_is_given(title: str, label: str, facts: list[str], style: str, flagged: object) -> None:
    card = Card(
        title=title,
        label=label,
        notes=tuple(facts),
        chips=tuple(Chip(text=fact, share=0.5, icon="check") for fact in facts),
        flag=Chip(text=label) if flagged else None,
        most_lines=2,
    )
    scene = draw_cards(
        [card, card, card], [[1, 2], [], []], title=title, style=style, heading=label, hanging=[False, True, True]
    )
    assert picture_faults(scene) == []


def test_no_cards_no_trouble() -> None:
    assert draw_cards([], [], title="t").width > 0


def test_picture() -> None:
    picture = Picture(draw_cards([Card(title="a")], [[]], title="t"))
    assert picture.svg == picture.to_svg() == picture._repr_svg_() == picture.scene._repr_svg_()
    assert picture.to_svg(theme="dark") != picture.svg
    assert picture.to_png(scale=1)[:4] == b"\x89PNG"
    with pytest.raises(InvalidValueError, match="a scene"):
        Picture("svg")


def test_the_checker_of_pictures_finds_what_is_wrong() -> None:
    def card(x: float, *items: Text | Box | Line) -> Group:
        return Group(id="g", items=[Box(x=x, y=0, width=100, height=40, role="card"), *items])

    def faults(*items: Group | Line | Text) -> str:
        return "; ".join(picture_faults(Scene(width=300, height=60, title="t", items=items)))

    chip = Box(x=110, y=4, width=30, height=14, role="chip")
    assert faults(card(0), card(110)) == ""
    assert "overlap" in faults(card(0), card(99))
    assert "passes through" in faults(card(50), Line(points=((0, 20), (300, 20)), role="connector"))
    assert faults(card(50), Line(points=((0, 20), (50, 20)), role="connector")) == ""
    assert "leaves the card 'g'" in faults(card(0, Text(x=50, y=20, lines="far too long a text for it")))
    assert "leaves the card 'g'" in faults(card(0, Text(x=5, y=45, lines="low")))
    assert "leaves the card 'g'" in faults(card(0, Line(points=((0, 0), (101, 0)))))
    assert "overlap in the card" in faults(card(0, Text(x=5, y=20, lines="one"), Text(x=9, y=24, lines="two")))
    assert "leaves its chip" in faults(card(100, chip, Text(x=112, y=15, lines="too long", size=10, role="chip")))
    assert faults(card(100, chip, Text(x=112, y=15, lines="ok", size=10, role="chip"))) == ""
    assert "leaves the picture" in faults(Text(x=290, y=20, lines="wide"))
