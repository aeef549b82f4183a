"""Small conversions that several values of the room share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import cast

from pmkit.model import _fields as fields
from pmkit.model import frozen_mapping

__all__ = [
    "by_name",
    "by_number",
    "counts_by_name",
    "is_a",
    "is_iterable",
    "is_mapping",
    "is_number",
    "rises",
    "to_bounds",
    "to_pair",
    "word_list",
]


def by_name(value: Mapping[str, float]) -> Mapping[str, float]:
    """Freeze numbers by name; what is no mapping is left for the validator."""
    return frozen_mapping(value) if is_mapping(value) else value


def counts_by_name(value: Mapping[str, int]) -> Mapping[str, int]:
    """Freeze counts by name; what is no mapping is left for the validator."""
    return frozen_mapping(value) if is_mapping(value) else value


def by_number(value: Mapping[float, float]) -> Mapping[float, float]:
    """Freeze numbers by number."""
    return frozen_mapping(value)


def is_mapping(value: object) -> bool:
    """Say whether a value is a mapping, without narrowing its type."""
    return isinstance(value, Mapping)


def is_iterable(value: object) -> bool:
    """Say whether a value can be gone through, text left out, without narrowing its type."""
    return isinstance(value, Iterable) and not isinstance(value, str)


def is_a(value: object, cls: type) -> bool:
    """Say whether a value is of a class, without narrowing its type."""
    return isinstance(value, cls)


def to_pair(pair: Iterable[float]) -> tuple[float, float]:
    """Turn a list into a tuple; that it holds two numbers is for the validator to say."""
    return cast("tuple[float, float]", fields.to_tuple(pair))


def to_bounds(pair: Iterable[float] | None) -> tuple[float, float] | None:
    """Turn a list into a pair, where there is one."""
    return None if pair is None else to_pair(pair)


def rises(pair: tuple[float, ...]) -> bool:
    """Say whether it is a lower and a higher number."""
    return len(pair) == 2 and pair[0] < pair[1]  # noqa: PLR2004 - a pair


def is_number(value: object) -> bool:
    """Say whether a value is a number and not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def word_list(name: str) -> frozenset[str]:
    """Read one of the room's own word lists; lines that begin with # are comments."""
    text = resources.files("pmkit.experiments").joinpath("words", f"{name}.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
