"""Where a command's output goes: standard output, or a file that is replaced whole."""

from __future__ import annotations

import sys

import click

from pmkit.formats._files import write_atomically

__all__ = ["output_option", "put"]

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
