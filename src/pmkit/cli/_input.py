"""What a command reads: a product file, a folder of them, or standard input."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

from pmkit.errors import FileError
from pmkit.formats.workspace import Located, load_located, loads_located, product_files
from pmkit.model import did_you_mean, quoted

__all__ = ["DAY", "product_argument", "read_product", "today_option", "want_input"]

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
    want_input(path)
    if Path(path).is_dir() and not product_files(os.listdir(path)):  # noqa: PTH208 - names are all that is asked
        raise FileError(
            f"the folder {quoted(path)} holds no .yaml or .json file; name a product file, or start one with pmkit init"
        )
    return load_located(path)


def want_input(path: str) -> None:
    """Refuse a file that is not there, and suggest the one of its folder whose name is close.

    Raises
    ------
    FileError
        When nothing has that name.
    """
    try:
        if Path(path).exists():
            return
        names = [entry.name for entry in Path(path).parent.iterdir()]
    except (OSError, ValueError):  # nothing to suggest; the reader says what is wrong
        return
    hint = did_you_mean(Path(path).name, names)
    raise FileError(f"cannot read {quoted(path)}: there is no such file or directory{hint}")
