"""Cards: what a node of a tree looks like, and trees of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from pmkit.drawing import _chips
from pmkit.drawing._chips import Chip, chip_rows, chip_width, row_items
from pmkit.drawing._colors import paint_colors
from pmkit.drawing._icons import icon
from pmkit.drawing._metrics import reads_leftward, text_width, visible
from pmkit.drawing._scene import Anchor, Box, Group, Item, Text
from pmkit.drawing._wrap import elide, wrap
from pmkit.model import _fields as fields

__all__ = ["Card", "CardTone", "card_size", "draw_card"]

CardTone = Literal["plain", "strong", "faded"]
"""How loud a card is: tinted, filled with its color, or gray."""

_PAD = 12.0
_LABEL = 11.0
_LABEL_SPACING = 0.3
_HEADER = 14.0
_ICON = 10.0
_LEADING = 1.32
_NOTE = 11.5
_NOTE_LEADING = 15.0
_MOST_NOTE_LINES = 3
_BESIDE_TITLE = 0.5
_WIDEST = 10_000.0
_UNSPACED = 0.85
_ROW = _chips.HEIGHT + 4.0


@attrs.frozen(kw_only=True)
class Card:
    """What a node looks like: its kind, its title, a flag, facts and notes.

    Attributes
    ----------
    title : str
        The text in the middle; the whole of it is kept in the picture even where it is cut short.
    id, role : str
        Of the node, for those who read the scene.
    label : str
        The word for its kind.
    paint : str
        A paint of `PALETTE` that has a ``-tint``.
    icon : str
        The sign of its kind; see `ICONS`.
    tone : {"plain", "strong", "faded"}
        How loud the card is.
    flag : Chip or None
        What must be seen first, at the upper right.
    chips : tuple of Chip
        Facts below the title.
    notes : tuple of str
        Lines of small text below the title.
    border : float
        Width of the outline, in pixels.
    radius : float
        Of the corners, in pixels.
    dashed, struck : bool
        Whether the outline is dashed; whether the title is struck through.
    size : float
        Font size of the title, in pixels.
    bold : bool
        Whether the title is bold.
    most_lines : int
        The most lines of the title that are drawn.
    compact : bool
        Whether sign, title and facts stand on one line, without the label.
    tooltip : str
        What the whole card says on hovering, below its title.

    Examples
    --------
    >>> Card(title="I can't find something to watch", label="Opportunity", paint="opportunity").paint
    'opportunity'
    """

    title: str = attrs.field(validator=fields.text)
    id: str = attrs.field(default="", validator=fields.text)
    role: str = attrs.field(default="", validator=fields.text)
    label: str = attrs.field(default="", validator=fields.text)
    paint: str = "outcome"
    icon: str = "dot"
    tone: CardTone = "plain"
    flag: Chip | None = None
    chips: tuple[Chip, ...] = ()
    notes: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)
    border: float = 1.0
    radius: float = 6.0
    dashed: bool = False
    struck: bool = False
    size: float = 13.0
    bold: bool = False
    most_lines: int = 6
    compact: bool = False
    tooltip: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        paint_colors(self.paint)
        paint_colors(f"{self.paint}-tint")


@attrs.frozen
class Content:
    """The lines and rows of a card at a certain width."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]
    beside: tuple[Chip, ...]
    rows: tuple[tuple[Chip, ...], ...]
    height: float


def card_content(card: Card, width: float) -> Content:
    """Lay out what stands on a card of a width: its wrapped texts, its chips by rows, and the height they need."""
    room = width - 2 * _PAD
    chips = (card.flag, *card.chips) if card.flag is not None else card.chips
    if card.compact:
        beside = _fitting(chips, room * _BESIDE_TITLE)
        taken = _chips_width(beside) + 10 if beside else 0.0
        room_for_title = room - _ICON - 8 - taken
        height = 13.0
    else:
        words = visible(card.label.upper()) if card.label else ""
        label = text_width(words, _LABEL, bold=True, spacing=_LABEL_SPACING) + _ICON + 6 if words else 0.0
        beside = _fitting(chips, room - label - 8)
        room_for_title = room
        height = 19 + (_HEADER + 5 if card.label or beside else 0.0)
    rows = chip_rows(chips[len(beside) :], room)
    lines = wrap(card.title, room_for_title, size=card.size, bold=card.bold, lines=card.most_lines)
    notes = [line for note in card.notes for line in wrap(note, room, size=_NOTE, lines=_MOST_NOTE_LINES)]
    height += len(lines) * _step(card)
    if notes:
        height += 3 + len(notes) * _NOTE_LEADING
    if rows:
        height += 3 + len(rows) * _ROW
    return Content(lines, tuple(notes), beside, rows, float(round(height)))


def _fitting(chips: Sequence[Chip], room: float) -> tuple[Chip, ...]:
    """Take the first chips, as many as fit beside something else."""
    count, used = 0, -_chips.GAP
    for chip in chips:
        used += _chips.GAP + chip_width(chip, _WIDEST)
        if used > room:
            break
        count += 1
    return tuple(chips[:count])


def _chips_width(chips: Sequence[Chip]) -> float:
    return sum(chip_width(chip, _WIDEST) for chip in chips) + _chips.GAP * max(len(chips) - 1, 0)


def _step(card: Card) -> float:
    return round(card.size * _LEADING)


def card_size(card: Card, width: float) -> tuple[float, float]:
    """Give the width and height of a card.

    Parameters
    ----------
    card : Card
        What to draw.
    width : float
        Pixels, 80 or more.

    Returns
    -------
    tuple of (float, float)

    Examples
    --------
    >>> card_size(Card(title="Watch more"), 200)
    (200, 36.0)
    """
    return width, card_content(card, width).height


def draw_card(card: Card, x: float, y: float, width: float, content: Content | None = None) -> Group:
    """Draw a card with its upper left corner at (x, y); its height is that of `card_size`.

    Parameters
    ----------
    card : Card
        What to draw.
    x, y, width : float
        Pixels.
    content : Content or None
        What `card_content` gave for this card and width, to spare doing it again.

    Returns
    -------
    Group

    Raises
    ------
    InvalidValueError
        For a chip with an icon that does not exist.

    Examples
    --------
    >>> draw_card(Card(id="watch", title="Watch more"), 0, 0, 200).title
    'Watch more'
    """
    content = content or card_content(card, width)
    ground, stroke, ink, label = _paints(card)
    items: list[Item] = [
        Box(
            x=x,
            y=y,
            width=width,
            height=content.height,
            fill=ground,
            stroke=stroke,
            stroke_width=card.border,
            radius=card.radius,
            dashed=card.dashed,
            role="card",
        )
    ]
    left, top, room = x + _PAD, y + 10, width - 2 * _PAD
    right = x + width - _PAD - _chips_width(content.beside)
    step = _step(card)
    if card.compact:
        top = y + 6
        items.extend(icon(card.icon, left, top + (step - _ICON) / 2, _ICON, label))
        items.extend(row_items(content.beside, right, top + (step - _chips.HEIGHT) / 2, _WIDEST))
        indent = _ICON + 8
    else:
        indent = 0.0
        if card.label or content.beside:
            items.extend(row_items(content.beside, right, top - 3, _WIDEST))
            items.extend(_label(card, left, top, room, label))
            top += _HEADER + 5
    x_title, anchor = _start(
        content.lines, left + indent, right - 10 if card.compact and content.beside else x + width - _PAD
    )
    items.append(
        Text(
            x=x_title,
            y=round(top + card.size * 0.95, 1),
            lines=content.lines,
            size=card.size,
            leading=step,
            fill=ink,
            bold=card.bold,
            struck=card.struck,
            anchor=anchor,
            role="title",
        )
    )
    top += len(content.lines) * step
    if content.notes:
        top += 3
        fill = "on-outcome-muted" if card.tone == "strong" else "muted"
        x_note, anchor = _start(content.notes, left, left + room)
        items.append(
            Text(
                x=x_note,
                y=top + _NOTE,
                lines=content.notes,
                size=_NOTE,
                leading=_NOTE_LEADING,
                fill=fill,
                anchor=anchor,
                role="note",
            )
        )
        top += len(content.notes) * _NOTE_LEADING
    top += 4 if card.compact else 7
    for row in content.rows:
        items.extend(row_items(row, left, top, room))
        top += _ROW
    title = f"{card.title}\n{card.tooltip}" if card.tooltip else card.title
    return Group(id=card.id, role=card.role, title=title, items=items)


def _start(lines: Sequence[str], left: float, right: float) -> tuple[float, Anchor]:
    """Say where lines of text begin: at the left, or at the right when they are read from there."""
    return (right, "end") if reads_leftward("".join(lines)) else (left, "start")


def _paints(card: Card) -> tuple[str, str, str, str]:
    """Give the paints of ground, outline, title and label."""
    if card.tone == "strong":
        return "outcome-tint", "outcome-tint", "on-outcome", "on-outcome-muted"
    if card.tone == "faded":
        return "shade", "hairline", "muted", "muted"
    return f"{card.paint}-tint", card.paint, "ink", card.paint


def _label(card: Card, left: float, top: float, room: float, paint: str) -> list[Item]:
    if not card.label:
        return []
    shown = elide(card.label.upper(), (room - _ICON - 6) * _UNSPACED, size=_LABEL, bold=True)
    return [
        *icon(card.icon, left, top + 1, _ICON, paint),
        Text(
            x=left + _ICON + 6,
            y=top + 10,
            lines=shown,
            size=_LABEL,
            fill=paint,
            bold=True,
            spacing=_LABEL_SPACING,
            role="label",
        ),
    ]


def legend_items(entries: Sequence[tuple[str, str, str]], x: float, y: float, width: float) -> tuple[list[Item], float]:
    """Draw a legend of (icon, paint, text) entries from (x, y) on; give the items and the height."""
    items: list[Item] = []
    left, top = x, y
    for sign, paint, words in entries:
        shown = elide(words, max(width - 16, 60), size=11)
        needed = 16 + text_width(shown, 11)
        if left > x and left + needed > x + width:
            left, top = x, top + 20
        items.extend(icon(sign, left, top + 1, 10, paint))
        items.append(Text(x=left + 16, y=top + 10, lines=shown, size=11, fill="muted", role="legend"))
        left += needed + 18
    return items, (top + 14 - y if entries else 0.0)
