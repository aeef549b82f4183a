"""Checks and strategies for pictures."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TypeAlias

from hypothesis import strategies as st

from pmkit.drawing import Box, Group, Line, Scene, Text, flatten, text_width
from pmkit.model import quoted
from pmkit.testing.model import texts

__all__ = ["picture_faults", "scenes"]

Area: TypeAlias = tuple[float, float, float, float]
_ASCENT, _DESCENT = 0.8, 0.25
_TOLERANCE = 0.1


def picture_faults(scene: Scene) -> list[str]:
    """Look for what no tree of cards may have: cards that overlap, connectors through cards, text out of its box.

    Parameters
    ----------
    scene : Scene
        A scene as `pmkit.drawing.draw_cards` makes it: boxes of the roles ``"card"`` and ``"chip"``, lines of the
        role ``"connector"``, and one group for each card.

    Returns
    -------
    list of str
        One sentence for each fault; empty when there is none.

    Examples
    --------
    >>> from pmkit.drawing import Card, draw_cards
    >>> picture_faults(draw_cards([Card(title="Watch more"), Card(title="Find something")], [[1], []], title="A tree"))
    []
    """
    faults: list[str] = []
    cards: list[Area] = []
    for item in scene.items:
        if isinstance(item, Group):
            found = [each for each in flatten(item.items) if isinstance(each, Box) and each.role == "card"]
            cards.extend(map(_box, found))
            for card in found[:1]:
                faults.extend(_card_faults(item, _box(card)))
    faults.extend(
        f"the cards at {one} and {other} overlap" for one, other in combinations(cards, 2) if _apart(one, other) <= 0
    )
    whole = (0.0, 0.0, scene.width, scene.height)
    for each in flatten(scene.items):
        if isinstance(each, Text):
            faults.extend(
                f"{quoted(line)} leaves the picture"
                for place, line in enumerate(each.lines)
                if not each.angle and not _inside(_extent(each, line, place), whole)
            )
        elif isinstance(each, Line) and each.role == "connector":
            faults.extend(_crossings(each, cards))
    return faults


def _box(box: Box) -> Area:
    return box.x, box.y, box.right, box.bottom


def _extent(text: Text, line: str, place: int) -> Area:
    width = text_width(line, text.size, bold=text.bold, spacing=text.spacing)
    left = text.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    base = text.y + place * text.step
    return left, base - _ASCENT * text.size, left + width, base + _DESCENT * text.size


def _inside(inner: Area, outer: Area) -> bool:
    return (
        inner[0] >= outer[0] - _TOLERANCE
        and inner[1] >= outer[1] - _TOLERANCE
        and inner[2] <= outer[2] + _TOLERANCE
        and inner[3] <= outer[3] + _TOLERANCE
    )


def _apart(one: Area, other: Area) -> float:
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])


def _crossings(line: Line, cards: list[Area]) -> list[str]:
    found: list[str] = []
    for (x0, y0), (x1, y1) in pairwise(line.points):
        run = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        found.extend(
            f"a connector at {run} passes through the card at {card}" for card in cards if _apart(run, card) < 0
        )
    return found


def _card_faults(group: Group, card: Area) -> list[str]:
    """Look at one card: everything inside, chips around their text, nothing over anything else."""
    faults: list[str] = []
    items = list(flatten(group.items))
    chips = [_box(item) for item in items if isinstance(item, Box) and item.role == "chip"]
    blocks = list(chips)
    for item in items:
        if isinstance(item, Box):
            areas = [_box(item)]
        elif isinstance(item, Line):
            areas = [(x, y, x, y) for x, y in item.points]
        else:
            areas = [_extent(item, line, place) for place, line in enumerate(item.lines)]
            if item.role == "chip":
                faults.extend(
                    f"{quoted(item.lines[0])} leaves its chip"
                    for area in areas
                    if not any(_inside(area, chip) for chip in chips)
                )
            else:
                blocks.extend(areas)
        faults.extend(
            f"something at {area} leaves the card {quoted(group.id)}" for area in areas if not _inside(area, card)
        )
    faults.extend(
        f"things at {one} and {other} overlap in the card {quoted(group.id)}"
        for one, other in combinations(blocks, 2)
        if _apart(one, other) < -_TOLERANCE * 15
    )
    return faults


def scenes() -> st.SearchStrategy[Scene]:
    """Generate small scenes with boxes, lines and any text.

    Returns
    -------
    strategy of Scene

    Examples
    --------
    >>> scenes().validate()
    """
    lengths = st.floats(0, 1000)
    points = st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000))
    boxes = st.builds(
        Box, x=lengths, y=lengths, width=lengths, height=lengths, fill=st.sampled_from([None, "ink"]), radius=lengths
    )
    lines = st.builds(
        Line, points=st.lists(points, min_size=2, max_size=5), stroke=st.just("line"), radius=lengths,
        curved=st.booleans(), closed=st.booleans(), arrow=st.booleans(),
    )  # fmt: skip
    written = st.builds(Text, x=lengths, y=lengths, lines=st.lists(texts(), min_size=1, max_size=3).map(tuple))
    items = st.one_of(boxes, lines, written)
    groups = st.builds(Group, items=st.lists(items, max_size=3).map(tuple), id=texts(), title=texts())
    return st.builds(
        Scene,
        width=lengths,
        height=lengths,
        title=texts(),
        items=st.lists(st.one_of(items, groups), max_size=5).map(tuple),
    )
