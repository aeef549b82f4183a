"""The ``pmkit`` command."""

from __future__ import annotations

from pmkit.cli._main import main

__all__ = ["main"]
