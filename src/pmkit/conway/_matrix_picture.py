"""The dependency matrix as a heat map, ordered by team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pmkit.conway._arrays import chosen, edges_of, owners_of
from pmkit.conway._coordination import coordination_requirements
from pmkit.conway._organization import Organization
from pmkit.drawing import Box, Group, Item, Line, Scene, Text, elide, heat_paint, text_width

__all__ = ["draw_matrix"]

_MOST_CELLS = 160
_NAME = 170.0
_MARGIN = 16.0
_TOP = 56.0
_SMALL = 9.0


def draw_matrix(organization: Organization, *, level: Literal["auto", "components", "teams"] = "auto") -> Scene:
    """Draw who depends on whom as a matrix: the row depends on the column.

    With components, rows and columns are ordered by primary owner, every owner's block is framed, and what lies
    outside the frames crosses teams. With teams, a cell holds the weight of the edges between two teams.

    Parameters
    ----------
    organization : Organization
    level : {"auto", "components", "teams"}
        What rows and columns stand for; ``"auto"`` shows components up to 160 of them.

    Returns
    -------
    pmkit.drawing.Scene

    Raises
    ------
    InvalidValueError
        For an unknown level.

    References
    ----------
    Steward (1981), "The design structure system", IEEE Transactions on Engineering Management 28.

    Examples
    --------
    >>> from pmkit import conway
    >>> draw_matrix(conway.from_owners({"page": "web", "index": "data"}, [("page", "index")])).title
    'Dependencies of 2 components, ordered by team'
    """
    chosen(level, "level", ("auto", "components", "teams"))
    if level == "teams" or (level == "auto" and len(organization.components) > _MOST_CELLS):
        return _of_teams(organization)
    return _of_components(organization)


def _of_components(organization: Organization) -> Scene:
    primary = owners_of(organization).primary.tolist()
    count = len(primary)
    order = sorted(range(count), key=lambda at: (primary[at] < 0, primary[at], at))
    place = {at: row for row, at in enumerate(order)}
    size = max(6.0, min(22.0, 910.0 / max(count, 1)))
    left, side = _MARGIN + _NAME, size * count
    items: list[Item] = _heading(
        f"Dependencies of {count} components, ordered by team",
        "Row depends on column. Framed blocks are teams: blue squares stay within one, orange dots cross.",
    )
    items.append(Box(x=left, y=_TOP, width=side, height=side, fill="shade", stroke="hairline"))
    edges = edges_of(organization)
    crossing = 0
    for source, target in zip(edges.source.tolist(), edges.target.tolist(), strict=True):
        if source == target:
            continue
        within = primary[source] == primary[target] and primary[source] >= 0
        crossing += not within
        x, y = left + size * place[target], _TOP + size * place[source]
        pad = size * (0.06 if within else 0.16)
        items.append(
            Box(
                x=x + pad,
                y=y + pad,
                width=size - 2 * pad,
                height=size - 2 * pad,
                fill="series-1" if within else "series-2",
                radius=0 if within else (size - 2 * pad) / 2,
                role="within" if within else "crossing",
            )
        )
    row = 0
    while row < count:
        team = primary[order[row]]
        end = row
        while end < count and primary[order[end]] == team:
            end += 1
        items.append(_block(organization, team, left, size, row, end))
        row = end
    description = (
        f"{len(edges.source)} dependencies, {crossing} of them between components of different primary owners."
    )
    return Scene(
        width=_wide_enough(items, left + side + _MARGIN),
        height=_TOP + side + _MARGIN,
        items=items,
        title=f"Dependencies of {count} components, ordered by team",
        description=description,
    )


def _block(organization: Organization, team: int, left: float, size: float, row: int, end: int) -> Group:
    name = organization.teams[team].label if team >= 0 else "no owner"
    y, length = _TOP + size * row, size * (end - row)
    found: list[Item] = [
        Box(x=left + size * row, y=y, width=length, height=length, stroke="ink", stroke_width=1.0, role="team"),
        Line(points=((left - 5, y), (left, y)), stroke="line"),
    ]
    # a block lower than its label keeps its frame and its title; the label would lie on its neighbor's
    if length >= _SMALL:
        found.append(
            Text(
                x=left - 8,
                y=y + length / 2 + _SMALL * 0.35,
                lines=elide(_short(name), _NAME - 10, size=_SMALL),
                size=_SMALL,
                anchor="end",
                fill="ink" if team >= 0 else "bad",
            )
        )
    return Group(items=found, role="team", id=name, title=f"{name}: {end - row} components")


def _short(name: str) -> str:
    """Leave out who the organization is: of "@acme/web" people say "web"."""
    return name.rpartition("/")[2] or name if name.startswith("@") else name


def _heading(title: str, under: str) -> list[Item]:
    return [
        Text(x=_MARGIN, y=24, lines=title, size=16, bold=True),
        Text(x=_MARGIN, y=43, lines=under, size=11, fill="muted"),
    ]


def _wide_enough(items: Sequence[Item], width: float) -> float:
    """Give a width that leaves room for the headings of a small picture."""
    texts = [item for item in items if isinstance(item, Text) and item.anchor == "start" and not item.angle]
    ends = [item.x + text_width(item.lines[0], item.size, bold=item.bold) + _MARGIN for item in texts]
    return max([width, *ends])


def _of_teams(organization: Organization) -> Scene:
    needs = coordination_requirements(organization)
    matrix = needs.to_array()
    busy = [at for at in range(len(needs.teams)) if matrix[at].any() or matrix[:, at].any()]
    count = len(busy)
    size = max(8.0, min(30.0, 640.0 / max(count, 1)))
    left, top = _MARGIN + _NAME, _TOP + 120
    title = f"Dependencies of {count} teams"
    items = _heading(title, "Row depends on column: the weight of the edges, on a square-root scale.")
    highest = float(matrix[busy][:, busy].max()) if count else 0.0
    names = [_short(organization.teams[at].label) for at in busy]
    for row, a in enumerate(busy):
        y = top + size * row
        items.append(
            Text(x=left - 6, y=y + size / 2 + 4, lines=elide(names[row], _NAME - 10, size=10), size=10, anchor="end")
        )
        items.append(
            Text(x=left + size * (row + 0.65), y=top - 6, lines=elide(names[row], 125, size=10), size=10, angle=-60)
        )
        for column, b in enumerate(busy):
            value = float(matrix[a, b])
            share = (value / highest) ** 0.5 if highest else 0.0
            paint = heat_paint(min(1.0, share))
            cell: list[Item] = [
                Box(
                    x=left + size * column,
                    y=y,
                    width=size,
                    height=size,
                    fill=paint,
                    stroke="hairline",
                    stroke_width=0.5,
                )
            ]
            if value and text_width(f"{value:.0f}", 9) < size - 4:
                middle = left + size * (column + 0.5)
                words = Text(
                    x=middle, y=y + size / 2 + 3, lines=f"{value:.0f}", size=9, anchor="middle", fill=f"on-{paint}"
                )
                cell.append(words)
            told = f"{names[row]} on {names[column]}: {value:g}" if value else ""
            items.append(Group(items=cell, role="cell", title=told))
    side = size * count
    return Scene(
        width=_wide_enough(items, left + side + 76),
        height=top + side + _MARGIN,
        items=items,
        title=title,
        description=f"The heaviest tie has a weight of {highest:g}.",
    )
