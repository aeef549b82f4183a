"""``pmkit trace``: from goal to verdict through one thing."""

from __future__ import annotations

import click

from pmkit.cli._complete import complete_ids
from pmkit.cli._input import product_argument, read_product
from pmkit.cli._write import tell, tell_json

__all__ = ["command"]


@click.command()
@product_argument
@click.argument("identifier", metavar="ID", shell_complete=complete_ids)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, identifier: str, as_json: bool) -> None:
    """Follow the thing with ID from goal to verdict, and name what is missing."""
    from pmkit.workspace import trace

    chain = trace(read_product(path).workspace, identifier)
    missing = [{"link": link, "means": words} for link, words in chain.missing]
    if as_json:
        tell_json({"steps": chain.to_dicts(), "missing": missing})
    else:
        tell(chain.summary())
