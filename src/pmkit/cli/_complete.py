"""What the shell may offer while a command is typed: ids of the product that is named, and codes of rules."""

from __future__ import annotations

from pathlib import Path

import click

from pmkit.errors import PmkitError
from pmkit.formats.workspace import Located

__all__ = ["complete_codes", "complete_experiments", "complete_ids"]

_LARGEST = 2_000_000
"""Bytes of a file that is read between two keystrokes."""


def complete_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the ids of the product."""
    del param
    located = _named(ctx)
    return [] if located is None else [name for name in located.locations if name.startswith(incomplete)]


def complete_experiments(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the ids of the product's experiments."""
    del param
    located = _named(ctx)
    known = () if located is None else located.workspace.experiments
    return [experiment.id for experiment in known if experiment.id.startswith(incomplete)]


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the codes of rules."""
    from pmkit.cli.rules import all_rules

    del ctx, param
    return [rule.code for rule in all_rules() if rule.code.startswith(incomplete.upper())]


def _named(ctx: click.Context) -> Located | None:
    """Read the product that stands on the line so far; None when there is none that can be read at once."""
    from pmkit.cli._input import read_product

    path = str(ctx.params.get("path") or "-")
    try:
        small = path != "-" and (Path(path).is_dir() or Path(path).stat().st_size <= _LARGEST)
        return read_product(path) if small else None
    except (PmkitError, OSError, ValueError):  # the command itself will say it; a completion is silent
        return None
