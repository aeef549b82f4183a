"""``pmkit report``: one self-contained HTML page."""

from __future__ import annotations

import datetime as dt

import click

from pmkit.cli._input import product_argument, read_product, today_option
from pmkit.cli._progress import at_work
from pmkit.cli._write import output_option, put

__all__ = ["command"]


@click.command()
@product_argument
@output_option
@today_option
def command(path: str, output: str, today: dt.date) -> None:
    """Write one self-contained HTML page: no script, no network."""
    from pmkit.report import render

    with at_work("Writing the report"):
        page = render(read_product(path).workspace, today=today)
    put(page, output)
