"""Pictures of forces, job maps, timelines and hierarchies."""

from __future__ import annotations

from collections.abc import Sequence

from pmkit.drawing import Box, Card, Item, Line, Picture, Scene, Text, TreeStyle, draw_cards, wrap
from pmkit.jtbd._format import format_parts
from pmkit.jtbd._hierarchy import JobTree
from pmkit.jtbd._map import JobMap, coverage
from pmkit.jtbd._progress import MOMENTS, Force, Forces, SwitchTimeline, balance
from pmkit.jtbd._statements import Job
from pmkit.trees import children, roots, walk

__all__ = ["draw_forces", "draw_hierarchy", "draw_job_map", "draw_timeline"]

_MARGIN = 20
_WIDTH = 760
_GAP = 16
_QUARTERS = (
    ("push", "Push of the present", "good", "good-tint"),
    ("pull", "Pull of the new", "good", "good-tint"),
    ("anxiety", "Anxiety about the new", "bad", "bad-tint"),
    ("habit", "Habit of the present", "bad", "bad-tint"),
)


def _scene(items: Sequence[Item], width: float, height: float, title: str, description: str) -> Picture:
    ground = Box(x=0, y=0, width=width, height=height, fill="canvas", role="canvas")
    return Picture(Scene(width=width, height=height, items=(ground, *items), title=title, description=description))


def _heading(text: str, width: float) -> tuple[list[Item], float]:
    lines = wrap(text, width, size=18, bold=True, lines=3)
    items: list[Item] = [Text(x=_MARGIN, y=_MARGIN + 16, lines=lines, size=18, leading=23, bold=True)]
    return items, _MARGIN + 23 * len(lines) + 8


def _force_rows(forces: Sequence[Force], width: float) -> list[tuple[tuple[str, ...], str, float]]:
    rows = []
    for force in forces:
        lines = wrap(force.text or "(no words)", width - 60, size=13, lines=4)
        rows.append((lines, f"{force.strength:g}", 17.0 * len(lines) + 8))
    return rows


def draw_forces(forces: Forces, *, title: str = "Forces of progress") -> Picture:
    """Draw the four forces in quarters, with their balance underneath.

    What drives a switch stands on top, what holds it back below; strengths stand beside the words,
    and the bars of the balance are to scale.

    Parameters
    ----------
    forces : Forces
    title : str

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValueError
        When what is given is no `Forces`.

    Examples
    --------
    >>> draw_forces(Forces(push=3, pull=2, anxiety=1, habit=1)).width
    760
    """
    total = balance(forces)
    items, top = _heading(title, _WIDTH - 2 * _MARGIN)
    width = (_WIDTH - 2 * _MARGIN - _GAP) / 2
    for pair in (_QUARTERS[:2], _QUARTERS[2:]):
        rows = [_force_rows(getattr(forces, name), width) for name, *_ in pair]
        height = max(64.0, *(48 + sum(row[2] for row in found) for found in rows))
        for column, ((name, label, paint, tint), found) in enumerate(zip(pair, rows, strict=True)):
            left = _MARGIN + column * (width + _GAP)
            items.append(Box(x=left, y=top, width=width, height=height, fill=tint, stroke=paint, radius=8))
            items.append(Text(x=left + 14, y=top + 24, lines=label, size=13, bold=True, fill=paint))
            sum_text = f"{getattr(total, name):g}"
            items.append(
                Text(x=left + width - 14, y=top + 24, lines=sum_text, size=15, bold=True, anchor="end", fill=paint)
            )
            base = top + 48
            for lines, strength, step in found:
                items.append(Text(x=left + 14, y=base, lines=lines, size=13, leading=17))
                items.append(Text(x=left + width - 14, y=base, lines=strength, size=12, anchor="end", fill="muted"))
                base += step
        top += height + _GAP
    items.extend(_balance_bars(total.push + total.pull, total.anxiety + total.habit, top))
    verdict = "people switch" if total.switch else "people stay"
    said = f"net {total.net:+g}: {verdict}"
    items.append(Text(x=_MARGIN, y=top + 80, lines=said, size=15, bold=True))
    description = ", ".join(f"{name} {getattr(total, name):g}" for name, *_ in _QUARTERS) + f"; {said}"
    return _scene(items, _WIDTH, top + 80 + _MARGIN, title, description)


def _balance_bars(drive: float, hold: float, top: float) -> list[Item]:
    room, largest = _WIDTH - 2 * _MARGIN - 170, max(drive, hold) or 1.0
    items: list[Item] = []
    for row, (label, value, paint) in enumerate((("drives", drive, "good"), ("holds back", hold, "bad"))):
        y = top + 4 + row * 28
        items.append(Text(x=_MARGIN, y=y + 14, lines=label, size=13, fill="muted"))
        items.append(Box(x=_MARGIN + 90, y=y, width=max(room * value / largest, 1), height=18, fill=paint, radius=3))
        items.append(Text(x=_MARGIN + 98 + room * value / largest, y=y + 14, lines=f"{value:g}", size=13, bold=True))
    return items


def draw_job_map(job_map: JobMap, *, wanted: int = 3) -> Picture:
    """Draw the eight steps of a job with the number of outcomes found in each.

    Parameters
    ----------
    job_map : JobMap
    wanted : int
        Outcomes that a step should have at least; thinner steps are dashed and say what they lack.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValueError
        When `wanted` is not a whole number from 1 up.

    Examples
    --------
    >>> draw_job_map(JobMap(job="Can tomatoes")).scene.title
    'Can tomatoes'
    """
    covered = coverage(job_map, wanted=wanted)
    job = format_parts(job_map.job) if isinstance(job_map.job, Job) else job_map.job
    across, each, tall = 4, 172.0, 84.0
    width = 2 * _MARGIN + across * each + (across - 1) * 24
    items, top = _heading(job, width - 2 * _MARGIN)
    for number, step in enumerate(covered.steps):
        left = _MARGIN + (number % across) * (each + 24)
        y = top + (number // across) * (tall + 28)
        paint = "good" if step.enough else "unsure"
        items.append(
            Box(
                x=left,
                y=y,
                width=each,
                height=tall,
                fill=f"{paint}-tint",
                stroke=paint,
                radius=8,
                dashed=not step.enough,
            )
        )
        items.append(Text(x=left + 14, y=y + 26, lines=f"{number + 1}  {step.step.capitalize()}", size=15, bold=True))
        noun = "outcome" if step.outcomes == 1 else "outcomes"
        items.append(Text(x=left + 14, y=y + 48, lines=f"{step.outcomes} {noun}", size=13))
        state = "covered" if step.enough else f"{covered.wanted - step.outcomes} more wanted"
        items.append(Text(x=left + 14, y=y + 68, lines=state, size=12, bold=True, fill=paint))
        if number % across < across - 1:
            arrow = ((left + each + 4, y + tall / 2), (left + each + 20, y + tall / 2))
            items.append(Line(points=arrow, stroke="line", stroke_width=1.5, arrow=True))
    enough = sum(step.enough for step in covered.steps)
    bottom = top + 2 * tall + 28
    said = f"{enough} of {len(covered.steps)} steps have {wanted} outcomes or more; {len(job_map)} outcomes in all"
    items.append(Text(x=_MARGIN, y=bottom + 28, lines=said, size=13, fill="muted"))
    return _scene(items, width, bottom + 28 + _MARGIN, job, said)


def draw_timeline(timeline: SwitchTimeline, *, title: str = "How the switch came about") -> Picture:
    """Draw the moments of a switch in their order, with the days between those that have dates.

    Parameters
    ----------
    timeline : SwitchTimeline
    title : str

    Returns
    -------
    Picture
        Moments that nobody told are shown empty, because they are the next questions to ask.

    Examples
    --------
    >>> draw_timeline(SwitchTimeline(first_thought="The chain snapped")).scene.title
    'How the switch came about'
    """
    each, width = 156.0, 2 * _MARGIN + 6 * 156.0
    items, top = _heading(title, width - 2 * _MARGIN)
    rail = top + 44
    items.append(Line(points=((_MARGIN + 8, rail), (width - _MARGIN - 8, rail)), stroke="line", stroke_width=2))
    deepest = rail + 70
    said = []
    last = None
    for number, name in enumerate(MOMENTS):
        moment = getattr(timeline, name)
        left = _MARGIN + number * each
        paint = "opportunity" if moment else "line"
        fill = paint if moment else "canvas"
        items.append(Box(x=left, y=rail - 8, width=16, height=16, fill=fill, stroke=paint, stroke_width=2, radius=8))
        label = name.replace("_", " ").capitalize()
        items.append(Text(x=left, y=rail + 30, lines=label, size=13, bold=True))
        lines = wrap(moment.what if moment else "not told", each - 14, size=12, lines=6)
        items.append(Text(x=left, y=rail + 50, lines=lines, size=12, leading=16, fill="ink" if moment else "muted"))
        base = rail + 50 + 16 * len(lines)
        if moment and moment.on:
            items.append(Text(x=left, y=base + 2, lines=moment.on.isoformat(), size=11, fill="muted"))
            base += 16
            if last is not None:
                days = (moment.on - last[1]).days
                middle = (last[0] + left) / 2 + 8
                items.append(Text(x=middle, y=rail - 14, lines=f"{days} days", size=11, anchor="middle", fill="muted"))
            last = (left, moment.on)
        deepest = max(deepest, base)
        said.append(f"{label}: {moment.what if moment else 'not told'}")
    return _scene(items, width, deepest + _MARGIN, title, "; ".join(said))


_LEVELS = {"aspiration": "outcome", "big job": "opportunity", "little job": "solution", "micro-job": "test"}


def draw_hierarchy(tree: JobTree, *, style: TreeStyle = "across") -> Picture:
    """Draw a hierarchy of jobs, each level in its own color and named.

    Parameters
    ----------
    tree : Tree
        Made with `hierarchy`.
    style : {"across", "down", "outline"}
        Left to right, top to bottom, or as an indented list.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidValueError
        For an unknown style.

    Examples
    --------
    >>> from pmkit.jtbd import BigJob, hierarchy
    >>> draw_hierarchy(hierarchy(BigJob(id="orchard", title="Establish an orchard"))).scene.title
    'Job hierarchy'
    """
    nodes = tuple(walk(tree))
    place = {node.id: at for at, node in enumerate(nodes)}
    cards = [
        Card(title=node.title, id=node.id, role=node.kind, label=node.kind, paint=_LEVELS[node.kind]) for node in nodes
    ]
    below = [[place[child.id] for child in children(tree, node.id)] for node in nodes]
    tops = [place[node.id] for node in roots(tree)]
    description = f"{len(nodes)} jobs"
    return Picture(draw_cards(cards, below, title="Job hierarchy", style=style, roots=tops, description=description))
