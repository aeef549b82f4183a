"""``pmkit draw``: the tree as a picture."""

from __future__ import annotations

from typing import get_args

import click

from pmkit.cli._input import product_argument, read_product
from pmkit.cli._write import output_option, put
from pmkit.drawing import TreeStyle
from pmkit.errors import InvalidValueError
from pmkit.model import quoted

__all__ = ["command"]


@click.command()
@product_argument
@output_option
@click.option(
    "--style",
    type=click.Choice(get_args(TreeStyle)),
    default="down",
    show_default=True,
    help="How the tree is laid out.",
)
@click.option("--scale", type=click.FloatRange(0.1, 10), default=2.0, show_default=True, help="Pixels a unit, for PNG.")
def command(*, path: str, output: str, style: TreeStyle, scale: float) -> None:
    """Draw the tree as SVG, or as PNG when the output file ends in .png."""
    from pmkit import ost

    tree = read_product(path).workspace.tree
    if tree is None:
        raise InvalidValueError(f"{quoted(path)} has no tree to draw")
    picture = ost.draw(tree, style=style)
    put(picture.to_png(scale=scale) if output.lower().endswith(".png") else picture.svg + "\n", output)
