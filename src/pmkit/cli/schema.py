"""``pmkit schema``: the JSON Schema of product files."""

from __future__ import annotations

import click

from pmkit.cli._write import output_option, put

__all__ = ["command"]


@click.command()
@output_option
def command(*, output: str) -> None:
    """Print the JSON Schema of product files, for editors and for language models."""
    from pmkit.formats._json import write_json
    from pmkit.formats.schema import product_schema

    put(write_json(product_schema()), output)
