"""The effects of a result as intervals on a common axis, drawn without any extra library."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from pmkit.drawing import Box, Group, Item, Line, Picture, Scene, Text, text_width
from pmkit.experiments._placing import middle_elided
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import Effect, Result
from pmkit.model import Undefined

__all__ = ["draw_effects", "ticks"]

_ROW = 30.0
_HEAD = 62.0
_PANEL = 420.0
_PAD = 20.0
_TICKS = 5


def ticks(low: float, high: float, wanted: int = _TICKS) -> list[float]:
    """Return round numbers that cover a range; both ends lie inside the first and last."""
    span = high - low
    step = 10.0 ** math.floor(math.log10(span / wanted)) if span > 0 else 1.0
    step *= next(factor for factor in (1, 2, 5, 10) if span / (step * factor) <= wanted)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def draw_effects(result: Result, *, plan: Plan | None = None, title: str = "") -> Picture:
    """Draw each effect with its interval, relative and absolute effects on axes of their own.

    Parameters
    ----------
    result : Result
        From `analyze`.
    plan : Plan, optional
        Its minimum effect and margins are marked when given.
    title : str
        What stands above; "Effects" when empty.

    Returns
    -------
    Picture
        An interval to the right of 0 is higher than control, whether or not that is better; the words at the right
        say which. Effects that are undefined are listed with their reason.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.005), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 44_700, "late": 45_489},
    ...     {"returned": {"control": 8_502, "late": 8_279}})
    >>> "returned" in draw_effects(ex.analyze(plan, counts)).svg
    True
    """
    effects = [effect for effect in result.effects if not effect.segment]
    kinds = [[effect for effect in effects if effect.relative is flag] for flag in (False, True)]
    label = max([90.0, *(text_width(_label(effect), size=12) for effect in effects)])
    label = min(label, 290.0)
    words = max([80.0, *(text_width(_words(effect), size=11) for effect in effects)])
    width = _PAD + label + 16 + _PANEL + 16 + words + _PAD
    heading = title or "Effects"
    items: list[Item] = [Text(x=_PAD, y=30, lines=(heading,), size=17, bold=True)]
    y = _HEAD
    for rows in (kind for kind in kinds if kind):
        drawn, y = _panel(rows, plan, label, y)
        items += drawn
    items = [Box(x=0, y=0, width=width, height=y, fill="canvas"), *items]
    scene = Scene(width=width, height=y, title=heading, description=result.summary(), items=items)
    return Picture(scene)


def _label(effect: Effect) -> str:
    return f"{effect.metric}, {effect.variant}"


def _named(effect: Effect, left: float, y: float, width: float) -> Text:
    """Write metric and variant beside the row, below each other where one line is too short for both."""
    if text_width(_label(effect), size=12) <= width:
        return Text(x=left - 16, y=y + 4, lines=(_label(effect),), size=12, anchor="end")
    lines = tuple(middle_elided(name, width, size=11) for name in (effect.metric, effect.variant))
    return Text(x=left - 16, y=y - 3, lines=lines, size=11, anchor="end")


def _words(effect: Effect) -> str:
    low, high = effect.interval
    if isinstance(effect.effect, Undefined) or isinstance(low, Undefined) or isinstance(high, Undefined):
        return "undefined"
    form = "+.2%" if effect.relative else "+.3g"
    return f"{effect.effect:{form}}  [{low:{form}}, {high:{form}}]"


def _marks(effect: Effect, plan: Plan | None) -> float | None:
    """Return where a guardrail's margin or the goal's minimum effect lies on the axis."""
    metric = next((one for one in plan.metrics if one.name == effect.metric), None) if plan else None
    if metric is None:
        return None
    if effect.role == "guardrail" and metric.margin is not None:
        return -effect.direction * metric.margin
    if effect.role == "goal" and metric.minimum_effect is not None:
        return effect.direction * metric.minimum_effect
    return None


def _panel(rows: Sequence[Effect], plan: Plan | None, label: float, top: float) -> tuple[list[Item], float]:
    ends = [0.0]
    for effect in rows:
        ends += [end for end in effect.interval if not isinstance(end, Undefined) and math.isfinite(end)]
        mark = _marks(effect, plan)
        ends += [] if mark is None else [mark]
    low, high = min(ends), max(ends)
    grid = ticks(low, high) if high > low else [-1.0, 0.0, 1.0]
    left = _PAD + label + 16

    def at(number: float) -> float:
        return left + _PANEL * (number - grid[0]) / (grid[-1] - grid[0])

    bottom = top + _ROW * len(rows)
    items: list[Item] = []
    for tick in grid:
        x = at(tick)
        items.append(
            Line(
                points=((x, top), (x, bottom)),
                stroke="ink" if tick == 0 else "hairline",
                stroke_width=1.4 if tick == 0 else 0.8,
            )
        )
        said = f"{tick:+.3g}" if not rows[0].relative else f"{100 * tick:+.3g} %"
        items.append(
            Text(x=x, y=bottom + 16, lines=("0" if tick == 0 else said,), size=11, anchor="middle", fill="muted")
        )
    for place, effect in enumerate(rows):
        items.append(_row(effect, plan, at, (left, top + _ROW * (place + 0.5)), label))
    name = "difference from control" if not rows[0].relative else "relative difference from control"
    items.append(Text(x=left + _PANEL / 2, y=bottom + 34, lines=(name,), size=11, anchor="middle", fill="muted"))
    return items, bottom + 62


def _row(
    effect: Effect, plan: Plan | None, at: Callable[[float], float], place: tuple[float, float], label: float
) -> Group:
    left, y = place
    low, high = effect.interval
    items: list[Item] = [
        _named(effect, left, y, label),
        Text(x=left + _PANEL + 16, y=y + 4, lines=(_words(effect),), size=11, fill="muted"),
    ]
    mark = _marks(effect, plan)
    if mark is not None:
        items.append(
            Line(points=((at(mark), y - 12), (at(mark), y + 12)), stroke="unsure", stroke_width=1.6, dashed=True)
        )
    if not any(isinstance(number, Undefined) for number in (low, high, effect.effect)):
        paint = _paint(effect)
        ends = [at(min(max(float(end), -1e300), 1e300)) for end in (low, high)]  # type: ignore[arg-type]  # just checked
        middle = at(float(effect.effect))  # type: ignore[arg-type]  # the same
        items.append(Line(points=((ends[0], y), (ends[1], y)), stroke=paint, stroke_width=3))
        items += [Line(points=((end, y - 5), (end, y + 5)), stroke=paint, stroke_width=2) for end in ends]
        items.append(Box(x=middle - 5, y=y - 5, width=10, height=10, radius=5, fill=paint, stroke="canvas"))
    return Group(id=f"{effect.metric} {effect.variant}", role=effect.role, title=_label(effect), items=items)


def _paint(effect: Effect) -> str:
    """Green when surely better, red when surely worse, else gray-blue."""
    low, high = effect.bounds
    if isinstance(low, Undefined) or isinstance(high, Undefined):
        return "muted"
    return "good" if low > 0 else "bad" if high < 0 else "series-1"
