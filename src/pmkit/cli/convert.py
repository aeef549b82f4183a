"""``pmkit convert``: a tree from one format to another."""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from pmkit.cli._write import output_option, put
from pmkit.formats import trees
from pmkit.formats._files import decode, read_bytes

if TYPE_CHECKING:
    from pmkit import ost

__all__ = ["command", "read_tree", "tell_dropped"]

_NAMES = tuple(trees.FORMATS)


def read_tree(path: str, name: trees.FormatName | None = None) -> ost.OstTree:
    """Read a tree from a file, a folder of product files, or standard input, in any format.

    Raises
    ------
    PmkitError
        With every problem of the input.
    """
    if path != "-" and os.path.isdir(path):  # noqa: PTH112 - a path as click gives it
        from pmkit.cli._input import read_product
        from pmkit.errors import InvalidValueError
        from pmkit.model import quoted

        tree = read_product(path).workspace.tree
        if tree is None:
            raise InvalidValueError(f"{quoted(path)} has no tree")
        return tree
    source = "<stdin>" if path == "-" else path
    data = sys.stdin.buffer.read() if path == "-" else read_bytes(path)
    return trees.loads(decode(data, source), format=name, source=source)


def tell_dropped(tree: ost.OstTree, name: trees.FormatName) -> None:
    """Say on standard error what a format cannot hold."""
    lost = Counter(each.field for each in trees.dropped(tree, format=name))
    if lost:
        listed = ", ".join(f"{field} ({count})" for field, count in sorted(lost.items()))
        click.echo(f"{trees.FORMATS[name].title} cannot hold, and drops: {listed}", err=True)


@click.command()
@click.argument("path", type=click.Path(path_type=str, allow_dash=True), metavar="INPUT")
@click.option("--from", "read_as", type=click.Choice(_NAMES), help="The input's format; guessed by default.")
@click.option("--to", "write_as", type=click.Choice(_NAMES), help="The output's format; by its file's name, or yaml.")
@output_option
def command(*, path: str, read_as: trees.FormatName | None, write_as: trees.FormatName | None, output: str) -> None:
    """Turn a tree from one format into another; of a product file, the tree is taken."""
    tree = read_tree(path, read_as)
    name = write_as or (trees.guess(filename=output) if output != "-" else "yaml")
    text = trees.dumps(tree, format=name)
    tell_dropped(tree, name)
    put(text, output)
