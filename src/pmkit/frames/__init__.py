"""Grouped aggregates from data frames and SQL engines, as :class:`pmkit.stats.Moments`.

Only counts and sums leave the engine; rows stay where they are.
"""

__all__: tuple[str, ...] = ()
