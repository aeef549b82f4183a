"""Small conversions that several values of the room share."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from pmkit.model import frozen_mapping

__all__ = ["by_name", "by_number", "counts_by_name", "is_number", "word_list"]


def by_name(value: Mapping[str, float]) -> Mapping[str, float]:
    """Freeze numbers by name; what is no mapping is left for the validator."""
    return frozen_mapping(value) if _is_mapping(value) else value


def counts_by_name(value: Mapping[str, int]) -> Mapping[str, int]:
    """Freeze counts by name; what is no mapping is left for the validator."""
    return frozen_mapping(value) if _is_mapping(value) else value


def by_number(value: Mapping[float, float]) -> Mapping[float, float]:
    """Freeze numbers by number."""
    return frozen_mapping(value)


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def is_number(value: object) -> bool:
    """Say whether a value is a number and not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def word_list(name: str) -> frozenset[str]:
    """Read one of the room's own word lists; lines that begin with # are comments."""
    text = resources.files("pmkit.experiments").joinpath("words", f"{name}.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
