"""The lint rules of organizations, CON101 to CON114."""

from __future__ import annotations

from pmkit.conway.rules import _channels, _cycles, _load, _modes, _ownership, _sources, _structure
from pmkit.conway.rules._case import Case
from pmkit.model import Rule

__all__ = ["RULES", "Case"]

RULES: tuple[Rule[Case], ...] = tuple(
    sorted(
        (
            *_ownership.RULES,
            *_load.RULES,
            *_cycles.RULES,
            *_channels.RULES,
            *_modes.RULES,
            *_sources.RULES,
            *_structure.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
"""All rules, by code."""
