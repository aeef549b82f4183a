"""What a command reads: a product file, a folder of them, or standard input."""

from __future__ import annotations

import datetime as dt
import sys

import click

from pmkit.formats.workspace import Located, load_located, loads_located

__all__ = ["DAY", "product_argument", "read_product", "today_option"]

product_argument = click.argument("path", type=click.Path(path_type=str, allow_dash=True), metavar="PRODUCT")
"""The product: a .yaml or .json file, a folder of them, or - for standard input."""


class _Day(click.ParamType[dt.date]):
    name = "date"

    def convert(self, value: str | dt.date, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a day such as 2026-11-22."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-11-22", param, ctx)


DAY = _Day()
"""The kind of an option that takes a day."""

today_option = click.option(
    "--today",
    type=DAY,
    default=lambda: dt.date.today().isoformat(),  # noqa: DTZ011 - the person's own day
    show_default="the current day",
    help="The day of the check.",
)
"""The command knows the day; the library never reads the clock."""


def read_product(path: str) -> Located:
    """Read a product and where its parts stand.

    Raises
    ------
    PmkitError
        With every problem of the input.
    """
    if path == "-":
        text = sys.stdin.buffer.read()
        return loads_located(text, source="<stdin>")
    return load_located(path)
