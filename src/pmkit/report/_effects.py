"""A plot of effects with their intervals, where the room of experiments can draw one."""

from __future__ import annotations

from pmkit import experiments
from pmkit.experiments import Result

__all__ = ["effects_picture"]


def effects_picture(result: Result) -> str:
    """Return the picture as SVG; nothing where no effect can be drawn."""
    draw = getattr(experiments, "draw_effects", None)
    return "" if draw is None else str(draw(result).svg)
