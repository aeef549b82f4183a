"""Text formats, one module each, with the same names in each: ``dumps`` and ``loads``."""

from __future__ import annotations

__all__: list[str] = []
