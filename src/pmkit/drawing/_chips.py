"""Chips: short facts in small rounded boxes, set in rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from pmkit.drawing._colors import paint_colors
from pmkit.drawing._icons import icon
from pmkit.drawing._metrics import text_width
from pmkit.drawing._scene import Box, Group, Item, Text
from pmkit.drawing._wrap import elide
from pmkit.model import _fields as fields

__all__ = ["Chip", "chip_items", "chip_rows", "chip_width"]

SIZE = 11.0
HEIGHT = 18.0
GAP = 5.0
_PAD = 6.0
_ICON = 8.0
_BAR = 34.0


@attrs.frozen(kw_only=True)
class Chip:
    """A short fact.

    Attributes
    ----------
    text : str
        One or two words, a count, a code; shortened where it does not fit.
    paint : str
        Paint of the text, the icon and, with `strong`, the ground.
    ground : str
        Paint of the ground.
    icon : str
        A sign before the text (see `ICONS`); empty for none.
    strong : bool
        Whether the chip is filled with its paint.
    share : float or None
        A share in [0, 1] shown as a small bar before the text.
    title : str
        The full text, shown on hovering; empty for none.

    Examples
    --------
    >>> Chip(text="supported", icon="check", paint="good").text
    'supported'
    """

    text: str = attrs.field(validator=fields.text)
    paint: str = attrs.field(default="muted")
    ground: str = attrs.field(default="surface")
    icon: str = attrs.field(default="", validator=fields.text)
    strong: bool = False
    share: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0, 1)))
    title: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        paint_colors(self.paint)
        paint_colors(self.ground)


def _before(chip: Chip) -> float:
    """Room for what stands before the text."""
    return _PAD + (_ICON + 4 if chip.icon else 0.0) + (_BAR + 5 if chip.share is not None else 0.0)


def chip_width(chip: Chip, most: float) -> float:
    """Give the width of a chip, at most `most` pixels (and never less than its icon and one letter need).

    Parameters
    ----------
    chip : Chip
    most : float
        The room there is, in pixels.

    Returns
    -------
    float
        In pixels.

    Examples
    --------
    >>> short, long = Chip(text="supported"), Chip(text="supported by nine interviews")
    >>> chip_width(short, 100) < chip_width(long, 100) <= 100
    True
    """
    before = _before(chip) + _PAD
    shown = elide(chip.text, max(most - before, 2 * SIZE), size=SIZE, bold=chip.strong)
    return before + text_width(shown, SIZE, bold=chip.strong)


def chip_rows(chips: Iterable[Chip], width: float) -> tuple[tuple[Chip, ...], ...]:
    """Set chips in rows, none wider than `width`.

    Parameters
    ----------
    chips : iterable of Chip
        In reading order.
    width : float
        Of the rows, in pixels; a chip that is wider alone is shortened when it is drawn.

    Returns
    -------
    tuple of tuple of Chip
        The rows, in the same order.

    Examples
    --------
    >>> rows = chip_rows([Chip(text=text) for text in ("supported", "3 interviews", "target")], 130)
    >>> [[chip.text for chip in row] for row in rows]
    [['supported'], ['3 interviews', 'target']]
    """
    rows: list[list[Chip]] = []
    used = 0.0
    for chip in chips:
        needed = chip_width(chip, width)
        if rows and used + GAP + needed <= width:
            rows[-1].append(chip)
            used += GAP + needed
        else:
            rows.append([chip])
            used = needed
    return tuple(map(tuple, rows))


def chip_items(chip: Chip, x: float, y: float, most: float) -> tuple[Item, ...]:
    """Draw a chip with its upper left corner at (x, y), at most `most` pixels wide.

    Parameters
    ----------
    chip : Chip
    x, y : float
        Its upper left corner, in pixels.
    most : float
        The room there is, in pixels; a longer text is shortened, and the full one shown on hovering.

    Returns
    -------
    tuple of Item
        For a `Scene`.

    Raises
    ------
    InvalidValueError
        For an icon that does not exist.

    Examples
    --------
    >>> box, text = chip_items(Chip(text="target"), 10, 20, 100)
    >>> (box.x, box.y), text.lines
    ((10, 20), ('target',))
    """
    width = chip_width(chip, most)
    fill, ink = (chip.paint, "on-strong") if chip.strong else (chip.ground, chip.paint)
    stroke = None if chip.strong else "hairline" if chip.paint == "muted" else chip.paint
    items: list[Item] = [
        Box(x=x, y=y, width=width, height=HEIGHT, fill=fill, stroke=stroke, radius=HEIGHT / 2, role="chip")
    ]
    left = x + _PAD
    if chip.icon:
        items.extend(icon(chip.icon, left, y + (HEIGHT - _ICON) / 2, _ICON, ink))
        left += _ICON + 4
    if chip.share is not None:
        items.append(Box(x=left, y=y + HEIGHT / 2 - 2.5, width=_BAR, height=5, fill="hairline", radius=2.5))
        if chip.share:
            filled = max(5.0, round(_BAR * chip.share, 1))
            items.append(Box(x=left, y=y + HEIGHT / 2 - 2.5, width=filled, height=5, fill=ink, radius=2.5, role="bar"))
        left += _BAR + 5
    room = max(most - _before(chip) - _PAD, 2 * SIZE)
    shown = elide(chip.text, room, size=SIZE, bold=chip.strong)
    items.append(
        Text(x=left, y=y + HEIGHT / 2 + SIZE * 0.36, lines=shown, size=SIZE, fill=ink, bold=chip.strong, role="chip")
    )
    full = chip.title or (chip.text if shown != chip.text else "")
    return (Group(items=items, role="chip", title=full),) if full else tuple(items)


def row_items(chips: Sequence[Chip], x: float, y: float, most: float) -> list[Item]:
    """Draw one row of chips from (x, y) on."""
    items: list[Item] = []
    for chip in chips:
        items.extend(chip_items(chip, x, y, most))
        x += chip_width(chip, most) + GAP
    return items
