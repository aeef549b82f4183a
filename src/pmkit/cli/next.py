"""``pmkit next``: what to learn or build next, and why."""

from __future__ import annotations

import click

from pmkit.cli._input import product_argument, read_product
from pmkit.cli._progress import at_work
from pmkit.cli._write import tell, tell_json

__all__ = ["command"]


@click.command()
@product_argument
@click.option("--most", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, most: int, as_json: bool) -> None:
    """Say what to learn or build next: value, cost, days, who must talk to whom, and the reasons."""
    from pmkit.workspace import next_actions

    with at_work("Weighing what to do next", quiet=as_json):
        found = next_actions(read_product(path).workspace)
    if as_json:
        tell_json(found.to_dicts())
        return
    tell(type(found)(actions=found.actions[:most], ranking=found.ranking).summary())
    if len(found.actions) > most:
        click.echo(f"({len(found.actions) - most} more; --most shows them)")
