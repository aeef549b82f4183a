"""The opportunity landscape as a matplotlib chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pmkit.drawing import PALETTE
from pmkit.errors import InvalidValueError
from pmkit.jtbd._landscape import overserved_corner, place_labels, zone_corner, zone_paints, zone_range
from pmkit.jtbd._needs import OpportunityScores
from pmkit.jtbd._zones import ZoneScheme
from pmkit.model import quoted, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_landscape"]

_TEN = 10.0
_UNIT = 44.0
_MOST = 25


def _color(paint: str) -> str:
    return PALETTE[paint][0]


def plot_landscape(scores: OpportunityScores, ax: Axes | None = None, *, segment: str | None = None) -> Axes:
    """Draw importance against satisfaction with zones and intervals; numbers are ranks, as in ``to_dicts()``."""
    figures = require("matplotlib.figure", extra="charts", purpose="drawing charts")
    if ax is not None and not hasattr(ax, "scatter"):
        raise InvalidValueError(f"ax must be a matplotlib Axes, not {quoted(ax, 60)}")
    axes: Axes = figures.Figure(figsize=(6.4, 6.4), layout="constrained").subplots() if ax is None else ax
    name = scores.segments[scores.segment_index(segment)]
    known = [one for one in scores if one.segment == name and isinstance(one.score, float)]
    _draw_zones(axes, scores.scheme)
    if known:
        points = np.array([[one.importance, one.satisfaction] for one in known], dtype=np.float64)
        reach = []
        for axis, field in enumerate(("importance_interval", "satisfaction_interval")):
            ends = np.array([tuple(getattr(one, field)) for one in known], dtype=np.float64)
            reach.append(np.maximum([points[:, axis] - ends[:, 0], ends[:, 1] - points[:, axis]], 0.0))
        axes.errorbar(
            points[:, 0], points[:, 1], xerr=reach[0], yerr=reach[1],
            fmt="o", color=_color("outcome"), ecolor=_color("line"), elinewidth=0.8, markersize=5,
        )  # fmt: skip
        _write_numbers(axes, points)
    axes.set(xlim=(0, _TEN), ylim=(0, _TEN), xlabel="Importance", ylabel="Satisfaction", aspect="equal")
    told = f" ({name})" if len(scores.segments) > 1 else ""
    axes.set_title(f"Opportunity landscape{told}", loc="left", fontweight="bold")
    axes.legend(loc="best", fontsize="small", framealpha=0.9)
    return axes


def _draw_zones(ax: Axes, scheme: ZoneScheme) -> None:
    paints = zone_paints(scheme)
    shapes = [((0.0, 0.0), (_TEN, 0.0), (_TEN, _TEN), (0.0, _TEN)), *(zone_corner(cut.at) for cut in scheme.cuts)]
    order = list(range(scheme.overserved, len(paints)))
    if scheme.overserved:
        shapes.append(overserved_corner())
        order.append(0)
    for corners, place in zip(shapes, order, strict=True):
        x, y = zip(*corners, strict=True)
        label = f"{scheme.labels[place]}: {zone_range(scheme, place)}"
        ax.fill(x, y, facecolor=_color(paints[place]), edgecolor="none", label=label, zorder=0)
    ax.plot((0, _TEN), (0, _TEN), color=_color("line"), linewidth=0.8, linestyle="--", zorder=0.5)


def _write_numbers(ax: Axes, points: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    """Write the ranks of the highest scores where they cover nothing, on a plane of pixels of the size drawn."""
    places = [(float(x) * _UNIT, (_TEN - float(y)) * _UNIT) for x, y in points]
    widths = [7.0 * len(str(number)) for number in range(1, min(len(points), _MOST) + 1)]
    room = (0.0, 0.0, _TEN * _UNIT, _TEN * _UNIT)
    for number, corner in enumerate(place_labels(places, widths, 10.0, room, 4.0), 1):
        if corner is not None:
            x, y = (corner[0] + widths[number - 1] / 2) / _UNIT, _TEN - (corner[1] + 5.0) / _UNIT
            ax.text(x, y, str(number), ha="center", va="center", fontsize=9, fontweight="bold", color=_color("ink"))
