"""``pmkit week``: what changed, what is due, which decisions wait."""

from __future__ import annotations

import datetime as dt

import click

from pmkit.cli._git import product_at
from pmkit.cli._input import product_argument, read_product, today_option
from pmkit.cli._write import tell, tell_json
from pmkit.errors import FileError, InvalidValueError
from pmkit.model import quoted
from pmkit.workspace import week

__all__ = ["command"]


@click.command()
@product_argument
@click.option(
    "--since", metavar="DAY|REVISION", help="A day, or a git revision to compare with; a week ago by default."
)
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, since: str | None, today: dt.date, as_json: bool) -> None:
    """Show what changed, which interviews and tests are due, and which decisions wait."""
    workspace = read_product(path).workspace
    day = None if since is None else _day(since)
    previous = None
    if since is not None and day is None:
        try:
            previous = product_at(path, since).workspace
        except (FileError, InvalidValueError) as error:
            message = f"{quoted(since)} is no day such as 2026-11-15, and no revision either: {error}"
            raise InvalidValueError(message) from None
    page = week(workspace, since=day, previous=previous, today=today)
    if as_json:
        tell_json(page.to_dicts())
    else:
        tell(page.summary())


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
