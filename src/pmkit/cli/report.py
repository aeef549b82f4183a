"""``pmkit report``: one self-contained HTML page."""

from __future__ import annotations

import datetime as dt

import click

from pmkit.cli._input import product_argument, read_product, today_option
from pmkit.cli._write import output_option, put

__all__ = ["command"]


@click.command()
@product_argument
@output_option
@today_option
@click.option(
    "--survey",
    type=click.Path(path_type=str),
    metavar="FILE",
    help="Ratings of the needs as CSV, with two columns a need: ID.importance and ID.satisfaction.",
)
def command(path: str, output: str, today: dt.date, survey: str | None) -> None:
    """Write one self-contained HTML page: no script, no network."""
    located = read_product(path)
    from pmkit.report import render

    scores = None
    if survey is not None:
        from pmkit.formats import survey_csv
        from pmkit.jtbd import opportunity_scores

        scores = opportunity_scores(survey_csv.load(survey))
    put(render(located.workspace, today=today, scores=scores), output)
