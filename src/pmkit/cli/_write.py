"""Where a command's output goes: standard output, or a file that is replaced whole."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import click

from pmkit.formats._files import alone, write_atomically
from pmkit.model import Undefined, without_controls

__all__ = ["output_option", "put", "tell", "tell_json", "written_json"]

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
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        with alone(Path(target)):
            write_atomically(target, data)
        click.echo(f"{target} written", err=True)


def tell(text: str) -> None:
    """Print text of other people's to a person: no control characters, lines kept."""
    click.echo("\n".join(without_controls(line) for line in text.split("\n")))


def written_json(value: object) -> str:
    """Write plain data as JSON (RFC 8259): an undefined number as its reason, an endless one as text."""
    return json.dumps(_written(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def tell_json(value: object) -> None:
    """Print plain data as JSON, which is UTF-8 whatever the terminal speaks."""
    put(written_json(value), "-")


def _written(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _written(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(member) for member in value]
    if isinstance(value, Undefined):
        return value.reason
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
