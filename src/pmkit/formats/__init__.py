"""Text formats, one module each, with the same names in each: ``dumps`` and ``loads``."""

from __future__ import annotations

from pmkit.formats.workspace import load, save

__all__ = ["load", "save"]
