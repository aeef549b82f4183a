"""Where text begins: at the right for scripts that are read from there; and that it is large enough to read."""

from __future__ import annotations

import pytest

from pmkit import drawing
from pmkit.drawing import Box, Card, Chip, Group, Text, draw_cards, flatten
from pmkit.testing import picture_faults

LEFTWARD = (
    "\u05dc\u05d0 \u05de\u05d5\u05e6\u05d0 \u05d3\u05d1\u05e8!",
    "(60%) \u0639\u0644\u0649 \u0627\u0644\u0623\u0642\u0644, Ada.",
)
RIGHTWARD = ("Ada, \u05e9\u05dc\u05d5\u05dd", "60 %", "\u6211\u627e\u4e0d\u5230", "\U0001f3ac")


@pytest.mark.parametrize("style", drawing.TREE_STYLES)
def test_titles_begin_where_their_script_begins(style: drawing.TreeStyle) -> None:
    texts = (*LEFTWARD, *RIGHTWARD)
    flag = Chip(text="Target")
    cards = [Card(title=text, label="Solution", flag=flag, notes=(text,)) for text in texts]
    scene = draw_cards(cards, [list(range(1, len(texts))), *([[]] * (len(texts) - 1))], title="A tree", style=style)
    assert picture_faults(scene) == []
    groups = [item for item in scene.items if isinstance(item, Group) and item.title]
    for text, group in zip(texts, groups, strict=True):
        parts = list(flatten(group.items))
        card = next(part for part in parts if isinstance(part, Box) and part.role == "card")
        written = {part.role: part for part in parts if isinstance(part, Text)}
        sides = {role: (part.anchor, part.x - card.x, card.right - part.x) for role, part in written.items()}
        if text in LEFTWARD:
            assert sides["note"][0] == sides["title"][0] == "end"
            assert sides["note"][2] == 12
            assert sides["title"][2] >= 12
        else:
            assert sides["note"][0] == sides["title"][0] == "start"
            assert sides["note"][1] == 12
    svg = scene.to_svg()
    for text in LEFTWARD:
        lines = [part.lines for part in flatten(scene.items) if isinstance(part, Text) and part.lines[0] in text]
        assert lines
        for line in lines[0]:
            assert f"\u2067{line}\u2069" in svg
    assert svg.count("\u2067") == svg.count("\u2069")
    assert f">{RIGHTWARD[0]}<" in svg


def test_a_heading_begins_where_its_script_begins() -> None:
    scene = draw_cards([Card(title="a")], [[]], title="A tree", heading=LEFTWARD[0], subheading="Below")
    headings = [item for item in scene.items if isinstance(item, Text) and item.role == "heading"]
    assert [(item.anchor, item.x) for item in headings] == [("end", scene.width - 28), ("start", 28)]


def test_no_text_on_a_card_is_smaller_than_eleven_pixels() -> None:
    card = Card(title="a", label="b", flag=Chip(text="c"), chips=(Chip(text="d"),), notes=("e",))
    scene = draw_cards([card], [[]], title="A tree", heading="f", subheading="g", legend=[("dot", "ink", "h")])
    sizes = {line: text.size for text in flatten(scene.items) if isinstance(text, Text) for line in text.lines}
    assert sorted(sizes) == ["B", "a", "c", "d", "e", "f", "g", "h"]
    assert min(sizes.values()) >= 11


@pytest.mark.parametrize("compact", [False, True])
def test_a_card_has_room_for_whatever_it_shows(*, compact: bool) -> None:
    chips = (Chip(text="one"), Chip(text="two", share=0.25, icon="dot"), Chip(text="a rather long fact to be shown"))
    for label in ("", "Solution"):
        for flag in (None, Chip(text="Target", strong=True)):
            for shown in ((), chips[:1], chips):
                for notes in ((), ("also serves: another",)):
                    card = Card(title="A title of two lines, or of three", label=label, flag=flag, chips=shown,
                                notes=notes, compact=compact)  # fmt: skip
                    scene = draw_cards([card], [[]], title="A card")
                    assert picture_faults(scene) == []
                    parts = list(flatten(scene.items))
                    box = next(part for part in parts if isinstance(part, Box) and part.role == "card")
                    inside = [part for part in parts if isinstance(part, Box) and part.role == "chip"]
                    ends = [part.bottom for part in inside]
                    ends += [part.y + (len(part.lines) - 1) * part.step for part in parts if isinstance(part, Text)]
                    assert 5 <= box.bottom - max(ends) <= 17
                    title = next(part for part in parts if isinstance(part, Text) and part.role == "title")
                    below = [part.bottom for part in inside if part.y > title.y]
                    assert not below or box.bottom - max(below) == (10 if compact else 9)


def test_a_bar_is_as_long_as_its_share() -> None:
    for share, width in ((0.0, None), (0.05, 5.0), (0.5, 17.0), (1.0, 34.0)):
        items = drawing.chip_items(Chip(text="x", share=share), 0, 0, 200)
        bars = [item.width for item in flatten(items) if isinstance(item, Box) and item.role == "bar"]
        assert bars == ([] if width is None else [width])


def test_what_is_isolated_does_not_decide_the_direction() -> None:
    hebrew = "\u05d0"
    cases = {
        f"\u2069{hebrew}": True,
        f"\u2067{hebrew}\u2069 a": False,
        f"\u2068a\u2069{hebrew}": True,
        f"\u2068\u2068a\u2069{hebrew}\u2069b": False,
        "": False,
        "\u0661 \u05d0": True,
    }
    assert {text: drawing.reads_leftward(text) for text in cases} == cases


@pytest.mark.parametrize("style", ["outline", "down"])
def test_the_lines_of_a_list_end_at_one_edge(style: drawing.TreeStyle) -> None:
    cards = [Card(title=f"Level {level}") for level in range(5)]
    scene = draw_cards(cards, [[1], [2], [3], [4], []], title="A list", style=style, hanging=[False, *[True] * 4])
    boxes = [part for part in flatten(scene.items) if isinstance(part, Box) and part.role == "card"]
    assert [box.x for box in boxes] == [28 + 22 * level for level in range(5)]
    assert len({box.right for box in boxes}) == 1
