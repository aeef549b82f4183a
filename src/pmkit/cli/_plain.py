"""Values of any kind as what JSON can hold."""

from __future__ import annotations

from pmkit.formats._structure import unstructure
from pmkit.model import Undefined

__all__ = ["as_json_value"]


def as_json_value(value: object) -> object:
    """Turn a value into JSON's kinds: undefined numbers give their reason, what JSON lacks is written as text."""
    if isinstance(value, Undefined):
        return value.reason
    plain = unstructure(value)
    if isinstance(plain, dict):
        return {key: as_json_value(member) for key, member in plain.items()}
    if isinstance(plain, list):
        return [as_json_value(member) for member in plain]
    return plain if plain is None or isinstance(plain, (str, int, float, bool)) else str(plain)
