"""A matrix as colored cells, with labels and group borders: design structure matrices, heat maps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pmkit.drawing._colors import HEAT, heat_paint
from pmkit.drawing._frame import MARGIN, framed, headings
from pmkit.drawing._metrics import text_width
from pmkit.drawing._scene import Box, Group, Item, Line, Scene, Text
from pmkit.drawing._wrap import elide
from pmkit.errors import InvalidValueError

__all__ = ["draw_matrix"]

_LONGEST_LABEL = 170.0
_LABEL = 11.0
_VALUE = 10.0
_GROUP = 11.0
_LEAST_FOR_TEXT = 13.0


def draw_matrix(
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str,
    row_groups: Sequence[str] = (),
    column_groups: Sequence[str] = (),
    cell: float = 24.0,
    show_values: bool = True,
    largest: float | None = None,
    heading: str = "",
    subheading: str = "",
    description: str = "",
) -> Scene:
    """Draw a matrix of numbers from 0 up as a heat map.

    Cells darken with their value and, where they are large enough, say it, so that color never stands alone; each
    non-empty cell tells its row, column and value on hovering. Neighboring rows (columns) of one group are framed
    together.

    Parameters
    ----------
    values : sequence of sequence of float or None
        One row for each row label; None is missing (crossed out), 0 is left empty.
    rows, columns : sequence of str
        Labels; shortened where they are too long, whole on hovering.
    title : str
        What the picture shows, for screen readers.
    row_groups, column_groups : sequence of str
        The group of each row and column, both or neither; empty for none.
    cell : float
        The side of a cell, in pixels; below 13 labels and values are left out.
    show_values : bool
        Whether cells say their value.
    largest : float or None
        The value of the darkest paint; None for the largest value.
    heading, subheading, description : str
        As for `draw_cards`.

    Returns
    -------
    Scene

    Raises
    ------
    InvalidValueError
        When the sizes do not agree, or a value is negative or not finite.

    Examples
    --------
    >>> draw_matrix([[2, 0], [1, None]], ["a", "b"], ["a", "b"], title="Who calls whom").title
    'Who calls whom'
    """
    _check(values, rows, columns, row_groups, column_groups)
    top_value = largest if largest is not None else max((v for row in values for v in row if v is not None), default=0)
    labeled = cell >= _LEAST_FOR_TEXT
    left = _longest(rows) + 8 if labeled else 0.0
    above = _longest(columns) if labeled else 0.0
    width = max(left + cell * len(columns) + above * 0.71, 240.0)
    items, top = headings(heading, subheading, width)
    x, y = MARGIN + left, top + (above * 0.71 + 14 if labeled else 0)
    items.append(
        Box(
            x=x, y=y, width=cell * len(columns), height=cell * len(rows), fill=HEAT[0], stroke="hairline", role="matrix"
        )
    )
    if labeled:
        items.extend(_labels(rows, columns, x, y, cell))
    for index, row in enumerate(values):
        for place, value in enumerate(row):
            if value != 0:
                name = f"{rows[index]}, {columns[place]}"
                spot = (x + place * cell, y + index * cell)
                items.append(_cell(value, name, spot, cell, top_value, show_values=show_values))
    items.extend(_borders(row_groups, column_groups, x, y, cell))
    bottom = y + cell * len(rows)
    return framed(items, width, bottom, title=title, description=description)


def _longest(labels: Sequence[str]) -> float:
    return max((text_width(elide(label, _LONGEST_LABEL, size=_LABEL), _LABEL) for label in labels), default=0.0)


def _check(
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    row_groups: Sequence[str],
    column_groups: Sequence[str],
) -> None:
    if len(values) != len(rows) or any(len(row) != len(columns) for row in values):
        message = f"the matrix must have {len(rows)} rows of {len(columns)} values, one for each label"
        raise InvalidValueError(message)
    for labels, groups in ((rows, row_groups), (columns, column_groups)):
        if groups and len(groups) != len(labels):
            message = f"there are {len(labels)} labels but {len(groups)} groups"
            raise InvalidValueError(message)
    for row in values:
        for value in row:
            if value is not None and not (math.isfinite(value) and value >= 0):
                message = f"a value of a matrix must be a finite number from 0 up, or None, not {value!r}"
                raise InvalidValueError(message)


def _labels(rows: Sequence[str], columns: Sequence[str], x: float, y: float, cell: float) -> list[Item]:
    items: list[Item] = []
    for index, label in enumerate(rows):
        shown = elide(label, _LONGEST_LABEL, size=_LABEL)
        base = y + (index + 0.5) * cell + _LABEL * 0.36
        text = Text(x=x - 8, y=base, lines=shown, size=_LABEL, fill="muted", anchor="end", role="label")
        items.append(Group(items=(text,), role="row", title=label))
    for place, label in enumerate(columns):
        shown = elide(label, _LONGEST_LABEL, size=_LABEL)
        middle = x + (place + 0.5) * cell
        text = Text(x=middle + 2, y=y - 7, lines=shown, size=_LABEL, fill="muted", angle=-45, role="label")
        items.append(Group(items=(text,), role="column", title=label))
    return items


def _cell(
    value: float | None, name: str, spot: tuple[float, float], cell: float, top_value: float, *, show_values: bool
) -> Group:
    x, y = spot
    inset = 0.5 if cell >= _LEAST_FOR_TEXT else 0.0
    side = cell - 2 * inset
    if value is None:
        line = Line(
            points=((x + cell * 0.3, y + cell * 0.7), (x + cell * 0.7, y + cell * 0.3)), stroke="line", role="missing"
        )
        return Group(items=(line,), role="cell", title=f"{name}: missing")
    paint = heat_paint(min(value / top_value, 1.0) if top_value else 0.0)
    items: list[Item] = [Box(x=x + inset, y=y + inset, width=side, height=side, fill=paint, role="cell")]
    words = f"{value:.3g}"
    if show_values and cell >= _LEAST_FOR_TEXT and text_width(words, _VALUE) <= cell - 2:
        base = y + cell / 2 + _VALUE * 0.36
        items.append(
            Text(x=x + cell / 2, y=base, lines=words, size=_VALUE, fill=f"on-{paint}", anchor="middle", role="value")
        )
    return Group(items=items, role="cell", title=f"{name}: {value:.10g}")


def _runs(groups: Sequence[str]) -> list[tuple[int, int, str]]:
    """Find runs of neighbors of one group: start, end (exclusive), name."""
    runs: list[tuple[int, int, str]] = []
    for place, group in enumerate(groups):
        if runs and runs[-1][2] == group:
            runs[-1] = (runs[-1][0], place + 1, group)
        else:
            runs.append((place, place + 1, group))
    return runs


def _borders(row_groups: Sequence[str], column_groups: Sequence[str], x: float, y: float, cell: float) -> list[Item]:
    """Draw lines between groups, and frame the blocks where a group meets itself."""
    rows, columns = _runs(row_groups), _runs(column_groups)
    across = x + cell * max((end for _, end, _ in columns), default=0)
    down = y + cell * max((end for _, end, _ in rows), default=0)
    if not rows or not columns:
        return []
    items: list[Item] = [
        Line(points=((x, y + start * cell), (across, y + start * cell)), stroke="line", role="border")
        for start, _, _ in rows[1:]
    ]
    items.extend(
        Line(points=((x + start * cell, y), (x + start * cell, down)), stroke="line", role="border")
        for start, _, _ in columns[1:]
    )
    for start, end, group in rows:
        for left, right, other in columns:
            if group == other:
                frame = Box(
                    x=x + left * cell,
                    y=y + start * cell,
                    width=(right - left) * cell,
                    height=(end - start) * cell,
                    stroke="ink",
                    stroke_width=1.8,
                    role="group",
                )
                items.append(Group(items=(frame,), role="group", title=group))
    return items
