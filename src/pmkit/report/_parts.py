"""What a page is made of: paragraphs, lists, tables, pictures, each from text to safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pmkit.drawing import reads_leftward
from pmkit.model import escape_html

__all__ = ["Cell", "bullets", "chip", "facts", "figure", "folded", "heading", "paragraph", "strong", "table", "written"]

Cell: TypeAlias = str | tuple[str, ...]
"""What stands in a cell of a table: a text, or several below each other."""

_WHOLE = re.compile(r"\b\d{4}-\d\d-\d\d\b|[-+]?\d[\d.,]* %")
_LONG = 24
_SHORT = 18
_FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*( ?%)?|-|")
_NUMBER = ' class="number"'
_OPENING = re.compile(r'width="([0-9.]+)" height="([0-9.]+)" viewBox="0 0 [0-9.]+ [0-9.]+"')
_FONT = re.compile(r"font-size:([0-9.]+)px")
_LEAST = 12.0


def written(text: str) -> str:
    """Escape a text; dates and percentages in it stay on one line."""
    return _WHOLE.sub(r'<span class="whole">\g<0></span>', escape_html(text))


def strong(text: str) -> str:
    """Return a text that stands out."""
    return f"<strong{_direction(text)}>{written(text)}</strong>"


def _direction(text: str) -> str:
    return ' dir="rtl"' if reads_leftward(text) else ""


def paragraph(text: str, *, style: str = "") -> str:
    """Return a paragraph of text."""
    kind = f' class="{style}"' if style else ""
    return f"<p{_direction(text)}{kind}>{written(text)}</p>"


def heading(text: str, level: int = 3) -> str:
    """Return a heading inside a section."""
    return f"<h{level}{_direction(text)}>{written(text)}</h{level}>"


def bullets(texts: Iterable[str], *, style: str = "") -> str:
    """Return a list of texts; nothing when there are none."""
    members = "".join(f"<li{_direction(text)}>{written(text)}</li>" for text in texts)
    kind = f' class="{style}"' if style else ""
    return f"<ul{kind}>{members}</ul>" if members else ""


def chip(text: str, *, style: str = "") -> str:
    """Return a short fact in a frame; `style` is how it is meant, such as ``"good"``."""
    return f'<span class="{f"chip {style}".strip()}"{_direction(text)}>{escape_html(text)}</span>'


def facts(pairs: Iterable[tuple[str, str]], *, large: bool = False) -> str:
    """Return a row of names with their figures."""
    cards = "".join(f"<div><dt>{escape_html(name)}</dt><dd>{escape_html(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="facts{" large" if large else ""}">{cards}</dl>' if cards else ""


def figure(svg: str, caption: str, *, trim: float = 0.0, style: str = "") -> str:
    """Return a picture, large enough that its smallest text can be read; it scrolls when it is wider than the page.

    The picture says in words what it shows; its caption names the frame around it, which the keyboard can scroll.

    Parameters
    ----------
    svg : str
        As `pmkit.drawing.to_svg` writes it.
    caption : str
        What it shows, and how to read it.
    trim : float
        How much of the margin is cut off on each side, in pixels.
    style : str
        A class of the whole.
    """
    label = escape_html(caption)
    kind = f' class="{style}"' if style else ""
    return (
        f'<figure{kind}><div class="scroll" tabindex="0" role="group" aria-label="{label}">{_sized(svg, trim)}</div>'
        f"<figcaption{_direction(caption)}>{label}</figcaption></figure>"
    )


def _sized(svg: str, trim: float) -> str:
    scale = max((_LEAST / float(size) for size in _FONT.findall(svg)), default=1.0)

    def opening(match: re.Match[str]) -> str:
        width, height = (max(float(side) - 2 * trim, 1.0) for side in match.groups())
        larger = max(scale, 1.0)
        return (
            f'width="{round(width * larger)}" height="{round(height * larger)}" '
            f'viewBox="{trim:g} {trim:g} {width:g} {height:g}"'
        )

    return _OPENING.sub(opening, svg, count=1)


def folded(summary: str, body: str) -> str:
    """Return content that opens on a click or a key, without script; it is left out on paper."""
    return f"<details><summary{_direction(summary)}>{escape_html(summary)}</summary>{body}</details>"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, caption: str, marks: Mapping[str, str] | None = None
) -> str:
    """Return a table; the first cell of a row heads it, figures stand to the right, empty columns are left out.

    Parameters
    ----------
    columns : sequence of str
        The heads.
    rows : iterable of sequence of Cell
        The cells of each row.
    caption : str
        What the table shows.
    marks : mapping of str to str or None
        The style class of cells with this text.
    """
    cells = [tuple(row) for row in rows]
    kept = [place for place in range(len(columns)) if place == 0 or any(row[place] for row in cells)]
    cells = [tuple(row[place] for place in kept) for row in cells]
    styles = [_style([row[place] for row in cells]) for place in range(len(kept))]
    head = "".join(
        f'<th scope="col"{_NUMBER if style == _NUMBER else ""}>{escape_html(columns[place])}</th>'
        for place, style in zip(kept, styles, strict=True)
    )
    labels = [escape_html(columns[place]) for place in kept]
    body = "".join(f"<tr>{_row(row, styles, labels, marks or {})}</tr>" for row in cells)
    label = escape_html(caption)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{label}"><table>'
        f"<caption{_direction(caption)}>{label}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _style(cells: Sequence[Cell]) -> str:
    """Choose how a column is set, so that all of its cells are set alike."""
    if cells and all(isinstance(cell, str) and _FIGURE.fullmatch(cell) for cell in cells):
        return _NUMBER
    longest = max((len(text) for cell in cells for text in ((cell,) if isinstance(cell, str) else cell)), default=0)
    return ' class="wide"' if longest > _LONG else ' class="short"' if longest <= _SHORT else ""


def _row(row: Sequence[Cell], styles: Sequence[str], labels: Sequence[str], marks: Mapping[str, str]) -> str:
    made = []
    for place, (cell, style, label) in enumerate(zip(row, styles, labels, strict=True)):
        shown = written(cell) if isinstance(cell, str) else bullets(cell)
        if isinstance(cell, str) and cell in marks:
            shown = f'<span class="mark {marks[cell]}">{shown}</span>'
        direction = _direction(cell) if isinstance(cell, str) else ""
        name, told = ("th", ' scope="row"') if place == 0 else ("td", f' data-label="{label}"')
        made.append(f"<{name}{told}{style}{direction}>{shown}</{name}>")
    return "".join(made)
