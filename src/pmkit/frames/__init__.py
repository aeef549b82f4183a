"""Grouped aggregates from data frames and SQL engines, as :class:`pmkit.stats.Moments`.

Only counts and sums leave the engine; rows stay where they are. `group_moments` asks for all measures at once,
`group_quantiles` for what no sum can tell, `open_source` opens data for several questions.
"""

from __future__ import annotations

from pmkit.frames._collect import GroupQuantile, Source, group_moments, group_quantiles, open_source
from pmkit.frames._groups import Groups
from pmkit.frames._measures import Measure, MissingRule
from pmkit.frames._units import UnitCheck, check_units, count_where

__all__ = [
    "GroupQuantile",
    "Groups",
    "Measure",
    "MissingRule",
    "Source",
    "UnitCheck",
    "check_units",
    "count_where",
    "group_moments",
    "group_quantiles",
    "open_source",
]
