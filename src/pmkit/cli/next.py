"""``pmkit next``: what to learn or build next, and why."""

from __future__ import annotations

import json

import click

from pmkit.cli._input import product_argument, read_product
from pmkit.cli._write import tell
from pmkit.model import Undefined

__all__ = ["command"]


@click.command()
@product_argument
@click.option("--most", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, most: int, as_json: bool) -> None:
    """Say what to learn or build next: value, cost, days, who must talk to whom, and the reasons."""
    from pmkit.workspace import next_actions

    found = next_actions(read_product(path).workspace)
    if as_json:
        rows = [{k: v.reason if isinstance(v, Undefined) else v for k, v in row.items()} for row in found.to_dicts()]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    tell(type(found)(actions=found.actions[:most], ranking=found.ranking).summary())
    if len(found.actions) > most:
        click.echo(f"({len(found.actions) - most} more; --most shows them)")
