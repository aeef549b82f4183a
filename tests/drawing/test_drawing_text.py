"""Text metrics and wrapping: nothing is wider than it says, nothing is lost, nothing invisible is shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags

from pmkit.drawing import clusters, elide, text_width, visible, wrap
from pmkit.errors import InvalidValueError

SIZE = 12.0
TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)


def font(*, bold: bool) -> FT2Font:
    return FT2Font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))


def advance(face: FT2Font, text: str) -> float:
    return sum(face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance for char in text) / face.units_per_EM


@pytest.mark.parametrize("bold", [False, True])
def test_no_latin_greek_or_cyrillic_text_is_wider_in_dejavu_than_we_say(*, bold: bool) -> None:
    face = font(bold=bold)
    alphabet = "".join(
        map(chr, [*range(32, 127), *range(161, 173), *range(174, 592), *range(0x391, 0x3A1), *range(0x400, 0x482)])
    )
    known = face.get_charmap()
    for char in alphabet:
        if ord(char) in known:
            assert text_width(char, 1, bold=bold) >= advance(face, char), char
            assert text_width(char, 1, bold=bold) <= 1.45 * advance(face, char) or advance(face, char) < 0.4, char


@given(TEXTS, st.floats(36, 300), st.sampled_from(["regular", "bold"]))
@example("Donaudampfschifffahrtsgesellschaftskapitän", 60, "regular")
@example("a" * 500, 40, "bold")
@example("https://example.org/a/very/long-path?with=query&and=more", 90, "regular")
@example("日本語のとても長いタイトルです。改行できますか", 60, "regular")
@example("W" * 40, 36, "bold")
@example("ab 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 37, "regular")
@example("﷽﷽ ﷽", 40, "regular")
def test_no_line_is_wider_than_asked(text: str, width: float, weight: str) -> None:
    bold = weight == "bold"
    for line in wrap(text, width, size=SIZE, bold=bold):
        assert text_width(line, SIZE, bold=bold) <= width + 1e-6
        assert line == line.strip()
        assert line


@given(TEXTS, st.floats(36, 300))
@example("extraordinarily-hyphenated well-known", 60)
def test_wrapping_loses_nothing_but_what_has_no_room(text: str, width: float) -> None:
    lines = wrap(text, width, size=SIZE)
    shown = visible(text)
    joined = "".join(lines)
    if "\u25a1" not in joined:
        assert joined.replace("-", "").replace(" ", "") == shown.replace("-", "").replace(" ", "")


@given(TEXTS, st.floats(36, 200), st.integers(1, 4))
@example("word " * 400, 100, 3)
@example("x" * 5000, 100, 2)
def test_a_limit_on_lines_is_kept_and_says_that_text_is_missing(text: str, width: float, limit: int) -> None:
    lines = wrap(text, width, size=SIZE, lines=limit)
    whole = wrap(text, width, size=SIZE)
    assert len(lines) <= limit
    if len(whole) > limit:
        assert lines[-1].endswith("…")
    else:
        assert lines == whole
    assert all(text_width(line, SIZE) <= width + 1e-6 for line in lines)


@given(TEXTS, st.floats(12, 200))
def test_an_elided_line_fits(text: str, width: float) -> None:
    line = elide(text, width, size=SIZE)
    assert text_width(line, SIZE) <= width + 1e-6
    assert line == visible(text) or line.endswith("…")


@given(TEXTS)
def test_clusters_join_to_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("e\u0301", 1),
        ("👨‍👩‍👧", 1),
        ("🇩🇪🇫🇷", 2),
        ("👍🏽!", 2),
        ("한국", 2),
        ("\u1112\u1161\u11ab\u1100", 2),
        ("नि", 1),
        ("ab", 2),
    ],
)
def test_clusters_are_what_readers_take_for_characters(text: str, count: int) -> None:
    assert len(clusters(text)) == count


@given(TEXTS)
def test_what_is_shown_holds_no_controls_and_is_never_blank(text: str) -> None:
    shown = visible(text)
    assert shown.strip() == shown != ""
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert not set(shown) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
    assert visible(shown) == shown


def test_towers_of_marks_are_cut_down() -> None:
    assert len(visible("Z" + "\u0300" * 50)) == 3


def test_words_break_between_syllables_where_they_can() -> None:
    assert wrap("internationalization", 80, size=12) == ("internationa-", "lization")
    assert wrap("information", 60, size=12) == ("informa-", "tion")
    assert wrap("understanding", 66, size=12) == ("understan-", "ding")
    assert wrap("Rindfleischetikettierung", 90, size=12) == ("Rindfleischeti-", "kettierung")
    assert wrap("well-known", 50, size=12) == ("well-", "known")
    assert wrap("path/to/something", 60, size=12)[0].endswith("/")


def test_a_long_word_begins_on_a_new_line_unless_half_of_the_line_is_free() -> None:
    assert wrap("a internationalization", 80, size=12)[0].startswith("a in")
    assert wrap("the very internationalization", 80, size=12)[0] == "the very"
    assert wrap("a WWWWWWWW", 40, size=12) == ("a", "WWW-", "WWW-", "WW")


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=8, max_size=40), st.integers(60, 160))
def test_a_hyphen_leaves_letters_on_both_sides(word: str, width: int) -> None:
    lines = wrap(word, width, size=12)
    assert "".join(line.removesuffix("-") for line in lines) == word
    for line in lines[:-1]:
        assert line.endswith("-")
        assert len(line) > 3


def test_ideographs_break_anywhere_but_not_before_a_full_stop() -> None:
    for width in range(36, 120):
        for text, closing in (("日本語のタイトルです。だから、", "。、"), ("我「你」好", "」")):
            lines = wrap(text, width, size=12)
            assert "".join(lines) == text
            assert all(line[0] not in closing for line in lines)
            assert len(lines) == 1 or max(map(len, lines)) <= width // 12


def test_spacing_and_size_scale() -> None:
    assert text_width("abc", 20) == pytest.approx(2 * text_width("abc", 10))
    assert text_width("abc", 10, spacing=1) == pytest.approx(text_width("abc", 10) + 3)


@pytest.mark.parametrize(
    ("width", "size", "lines"), [(10, 12, None), (float("nan"), 12, None), (100, 0, None), (100, 12, 0)]
)
def test_impossible_widths_are_refused(width: float, size: float, lines: int | None) -> None:
    with pytest.raises(InvalidValueError):
        wrap("text", width, size=size, lines=lines)


@settings(max_examples=5)
@given(st.integers(1, 5))
def test_long_text_is_no_trouble(times: int) -> None:
    assert len(wrap("lorem ipsum " * 5_000 * times, 200, size=12, lines=3)) == 3
