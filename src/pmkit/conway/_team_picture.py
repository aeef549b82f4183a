"""The team map, the moves and the loads as pictures."""

from __future__ import annotations

import math
from collections.abc import Collection

from pmkit.conway._congruence import congruence
from pmkit.conway._coordination import required_pairs, service_pairs, talk_of
from pmkit.conway._coupling import Loads, cognitive_load
from pmkit.conway._matrix_picture import _heading, _short, _wide_enough
from pmkit.conway._moves import Suggestion
from pmkit.conway._organization import Organization
from pmkit.drawing import Box, Group, Item, Line, Scene, Text, elide, text_width
from pmkit.model import Undefined

__all__ = ["draw_loads", "draw_moves", "draw_teams"]

_MARGIN = 16.0
_LABEL = 150.0
_ROW = 22.0


def draw_teams(organization: Organization, *, channels: str | Collection[str] = ()) -> Scene:
    """Draw the teams in a ring, with what they need from each other against what they do.

    A required pair that talks is a solid line, one that does not is a dashed line of another color, talk that nothing
    requires is a thin gray line; the width follows the weight. Teams are ordered so that tied ones stand close.

    Parameters
    ----------
    organization : Organization
    channels : str or collection of str
        The proxies for communication that are read; all when empty.

    Returns
    -------
    pmkit.drawing.Scene

    Examples
    --------
    >>> from pmkit import conway
    >>> scene = draw_teams(conway.from_owners({"page": "web", "index": "data"}, [("page", "index")]))
    >>> scene.description
    '0 of 1 pairs of teams that must coordinate do (0.0%), which is 0.0% of the weight, read from no channel.'
    """
    required, talks = required_pairs(organization), talk_of(organization, channels)
    services = service_pairs(organization)
    found = congruence(organization, channels=channels)
    names = _around(organization, required)
    radius = max(120.0, 15.0 * len(names))
    told = found.summary()
    signs = [*_heading("Who must talk to whom, and does", told), *_legend()]
    width = _wide_enough(signs, 2 * (_MARGIN + _LABEL + radius))
    middle_x, middle_y = width / 2, 96.0 + 20 + radius
    places = {
        name: (
            middle_x + radius * math.sin(2 * math.pi * n / max(len(names), 1)),
            middle_y - radius * math.cos(2 * math.pi * n / max(len(names), 1)),
        )
        for n, name in enumerate(names)
    }
    height = middle_y + radius + 40
    items = signs
    heaviest = max(required.values(), default=1.0)
    excess = [pair for pair in talks if pair not in required]
    items.extend(Line(points=(places[a], places[b]), stroke="hairline", role="excess") for a, b in excess)
    for (a, b), weight in sorted(required.items(), key=lambda item: item[1]):
        spared = (a, b) in talks or (a, b) in services
        thick = 1.0 + 7.0 * math.sqrt(weight / heaviest)
        line = Line(
            points=(places[a], places[b]),
            stroke="series-1" if spared else "series-2",
            stroke_width=thick if spared else max(2.0, thick),
            dashed=not spared,
            role="met" if spared else "missing",
        )
        words = f"{a} and {b}: weight {weight:g}, {'they talk' if spared else 'no channel'}"
        items.append(Group(items=[line], role="tie", title=words))
    owned: dict[str, int] = {}
    for row in organization.ownership:
        owned[row.team] = owned.get(row.team, 0) + 1
    middle = (middle_x, middle_y)
    items.extend(_node(organization, name, places[name], middle, owned.get(name, 0)) for name in names)
    return Scene(width=width, height=height, items=items, title="Team map", description=told)


def _around(organization: Organization, required: dict[tuple[str, str], float]) -> list[str]:
    """Order teams around the ring: each next to the one left that it is tied to most."""
    ties: dict[str, dict[str, float]] = {team.id: {} for team in organization.teams}
    for (a, b), weight in required.items():
        ties[a][b] = ties[b][a] = weight
    left = [team.id for team in organization.teams]
    order: list[str] = []
    while left:
        last = ties[order[-1]] if order else {}
        nearest = max(left, key=lambda name: (last.get(name, 0.0), sum(ties[name].values())))
        order.append(nearest)
        left.remove(nearest)
    return order


def _node(
    organization: Organization, name: str, place: tuple[float, float], middle: tuple[float, float], components: int
) -> Group:
    x, y = place
    size = 6.0 + 2.2 * math.sqrt(components)
    label = _short(organization.teams[organization.index.team_at[name]].label)
    right = x > middle[0] + 1
    centered = abs(x - middle[0]) <= 1
    words = elide(label, _LABEL - 8, size=11)
    text_x = x if centered else x + (size + 4) * (1 if right else -1)
    drop = 4.0 if not centered else (-size - 5 if y < middle[1] else size + 14)
    anchor = "middle" if centered else "start" if right else "end"
    disc = Box(
        x=x - size,
        y=y - size,
        width=2 * size,
        height=2 * size,
        shape="ellipse",
        fill="surface",
        stroke="ink",
        stroke_width=1.5,
    )
    number = Text(x=x, y=y + 3.5, lines=str(components), size=10, anchor="middle")
    title = Text(x=text_x, y=y + drop, lines=words, size=11, bold=True, anchor=anchor)  # type: ignore[arg-type]  # one of three
    return Group(items=[disc, number, title], id=name, role="team", title=f"{name}: {components} components")


def _legend() -> list[Item]:
    items: list[Item] = []
    x = _MARGIN
    for words, paint, dashed, thick in (
        ("must talk and do", "series-1", False, 4.0),
        ("must talk and do not", "series-2", True, 4.0),
        ("talk and need not", "line", False, 1.0),
    ):
        items.append(Line(points=((x, 68), (x + 28, 68)), stroke=paint, stroke_width=thick, dashed=dashed))
        items.append(Text(x=x + 34, y=72, lines=words, size=11))
        x += 34 + text_width(words, 11) + 22
    items.append(Text(x=x, y=72, lines="the number is that of owned components", size=11, fill="muted"))
    return items


def draw_moves(suggestion: Suggestion) -> Scene:
    """Draw suggested moves: what crosses teams before and after, and what each move saves.

    Parameters
    ----------
    suggestion : Suggestion
        From `suggest_moves`.

    Returns
    -------
    pmkit.drawing.Scene

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"}, [("page", "index")])
    >>> draw_moves(conway.suggest_moves(shop, 1)).title
    '1 moves bring crossing edges from 1 to 0.'
    """
    name, teams, bar = 240.0, 290.0, 230.0
    width = 2 * _MARGIN + name + teams + bar
    items = _heading(suggestion.summary(), "Each bar is what still crosses between teams after the move.")
    steps = [("as it is", "", suggestion.before, 0.0)]
    left = suggestion.before
    for move in suggestion.moves:
        left -= move.gain
        steps.append((move.component, f"{_short(move.before)} → {_short(move.after)}", left, move.gain))
    y = 66.0
    for number, (what, where, value, gain) in enumerate(steps):
        long = (bar - 84) * value / suggestion.before if suggestion.before else 0.0
        start = _MARGIN + name + teams
        items.append(Text(x=_MARGIN, y=y + 15, lines=elide(what, name - 12, size=12, bold=number > 0), bold=number > 0))
        if where:
            items.append(Text(x=_MARGIN + name, y=y + 15, lines=elide(where, teams - 16, size=12), fill="muted"))
        items.append(Box(x=start, y=y + 3, width=long, height=_ROW - 6, fill="series-1" if number else "series-6"))
        told = f"{value:g}" + (f"  (−{gain:g})" if gain > 0 else "")  # noqa: RUF001 - a minus for readers
        items.append(Text(x=start + long + 6, y=y + 15, lines=told))
        y += _ROW
    if suggestion.emptied:
        told = f"Left with nothing to own: {', '.join(map(_short, suggestion.emptied))}"
        items.append(Text(x=_MARGIN, y=y + 20, lines=elide(told, width - 2 * _MARGIN, size=12), fill="bad"))
        y += _ROW
    width = _wide_enough(items, width)
    return Scene(width=width, height=y + _MARGIN, items=items, title=suggestion.summary())


def draw_loads(organization: Organization, *, loads: Loads | None = None) -> Scene:
    """Draw what each team carries as bars, with a mark at its capacity.

    Parameters
    ----------
    organization : Organization
    loads : Loads or None
        From `cognitive_load` with settings of your own.

    Returns
    -------
    pmkit.drawing.Scene

    Examples
    --------
    >>> from pmkit import conway
    >>> draw_loads(conway.from_owners({"page": "web"})).description
    '0 of 1 teams are above their capacity.'
    """
    found = cognitive_load(organization) if loads is None else loads
    rows = sorted(found.rows, key=lambda row: -row.load)
    limits = [row.capacity for row in rows if not isinstance(row.capacity, Undefined)]
    most = max([row.load for row in rows] + limits, default=0.0) or 1.0
    over = sum(row.over for row in rows)
    told = f"{over} of {len(rows)} teams are above their capacity."
    items = _heading("What each team carries", f"{told} A mark stands at the capacity, where it is known.")
    name, bar, y = 190.0, 420.0, 62.0
    for row in rows:
        team = organization.teams[organization.index.team_at[row.team]]
        start, long = _MARGIN + name, bar * row.load / most
        line: list[Item] = [
            Text(x=start - 8, y=y + 15, lines=elide(_short(team.label), name - 10, size=12), anchor="end"),
            Box(x=start, y=y + 4, width=long, height=_ROW - 8, fill="series-2" if row.over else "series-1"),
        ]
        beside = f"{row.load:.3g}" + (", above capacity" if row.over else "")
        at = start + long
        if not isinstance(row.capacity, Undefined):
            x = start + bar * row.capacity / most
            line.append(Line(points=((x, y + 1), (x, y + _ROW - 1)), stroke="ink", stroke_width=2))
            at = max(at, x) if x - at < text_width(beside, 12) + 10 else at
        line.append(Text(x=at + 6, y=y + 15, lines=beside, bold=row.over))
        items.append(Group(items=line, id=row.team, role="team", title=f"{row.team}: {row.load:g}"))
        y += _ROW
    width = _wide_enough(items, 2 * _MARGIN + name + bar + 160)
    return Scene(width=width, height=y + _MARGIN, items=items, title="What each team carries", description=told)
