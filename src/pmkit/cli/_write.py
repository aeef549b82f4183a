"""Where a command's output goes: standard output, or a file that is replaced whole."""

from __future__ import annotations

import sys

import click

from pmkit.formats._files import write_atomically
from pmkit.model import without_controls

__all__ = ["output_option", "put", "tell"]

output_option = click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False),
    default="-",
    metavar="FILE",
    help="Where to; standard output by default.",
)


def put(content: str | bytes, target: str) -> None:
    """Write content to a file, atomically, or to standard output for "-"."""
    data = content.encode() if isinstance(content, str) else content
    if target == "-":
        sys.stdout.buffer.write(data)
    else:
        write_atomically(target, data)
        click.echo(f"{target} written", err=True)


def tell(text: str) -> None:
    """Print text of other people's to a person: no control characters, lines kept."""
    click.echo("\n".join(without_controls(line) for line in text.split("\n")))
