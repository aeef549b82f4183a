"""``pmkit convert``: a tree from one format to another, and ratings of needs to a survey of a product."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from pmkit.cli._input import DAY, read_product, want_input
from pmkit.cli._write import output_option, put
from pmkit.errors import InvalidValueError
from pmkit.formats import survey_csv, trees, workspace
from pmkit.formats._files import decode, read_bytes
from pmkit.model import quoted

if TYPE_CHECKING:
    from pmkit import ost

__all__ = ["command", "read_tree", "tell_dropped", "text_of"]

_NAMES = tuple(trees.FORMATS)
_RATINGS = "ratings"


def read_tree(path: str, name: trees.FormatName | None = None) -> ost.OstTree:
    """Read a tree from a file, a folder of product files, or standard input, in any format.

    Raises
    ------
    PmkitError
        With every problem of the input.
    """
    if path != "-" and os.path.isdir(path):  # noqa: PTH112 - a path as click gives it
        tree = read_product(path).workspace.tree
        if tree is None:
            raise InvalidValueError(f"{quoted(path)} has no tree")
        return tree
    text, source = text_of(path)
    return trees.loads(text, format=name, source=source)


def text_of(path: str) -> tuple[str, str]:
    """Return the text of a file or of standard input, and its name for messages."""
    if path != "-":
        want_input(path)
    source = "<stdin>" if path == "-" else path
    return decode(sys.stdin.buffer.read() if path == "-" else read_bytes(path), source), source


def tell_dropped(tree: ost.OstTree, name: trees.FormatName) -> None:
    """Say on standard error what a format cannot hold."""
    lost = Counter(each.field for each in trees.dropped(tree, format=name))
    if lost:
        listed = ", ".join(f"{field} ({count})" for field, count in sorted(lost.items()))
        click.echo(f"{trees.FORMATS[name].title} cannot hold, and drops: {listed}", err=True)


@click.command()
@click.argument("path", type=click.Path(path_type=str, allow_dash=True), metavar="INPUT")
@click.option(
    "--from", "read_as", type=click.Choice((*_NAMES, _RATINGS)), help="The input's format; guessed by default."
)
@click.option("--to", "write_as", type=click.Choice(_NAMES), help="The output's format; by its file's name, or yaml.")
@click.option("--segments", metavar="COLUMN", help="Of ratings: the column that names each person's segment.")
@click.option(
    "--scale", nargs=2, type=int, metavar="LOW HIGH", help="Of ratings: the ends of the scale; 1 5 by default."
)
@click.option("--high", type=int, metavar="RATING", help="Of ratings: from where on they are high; the upper two.")
@click.option("--date", "day", type=DAY, metavar="DAY", help="Of ratings: when the survey ended.")
@click.option("--id", "identifier", metavar="ID", help="Of ratings: the survey's id; the file's name by default.")
@output_option
def command(
    *,
    path: str,
    read_as: str | None,
    write_as: trees.FormatName | None,
    segments: str | None,
    scale: tuple[int, int] | None,
    high: int | None,
    day: dt.date | None,
    identifier: str | None,
    output: str,
) -> None:
    """Turn a tree from one format into another; of a product file, the tree is taken.

    A CSV of ratings, one row a person and for each need the columns ID.importance and ID.satisfaction, becomes a
    product file with its survey: counts of answers, and no person's row.
    """
    folder = path != "-" and os.path.isdir(path)  # noqa: PTH112 - a path as click gives it
    text, source = ("", path) if folder else text_of(path)
    said = {"segments": segments, "scale": scale, "high": high, "date": day, "id": identifier}
    if read_as == _RATINGS or (read_as is None and survey_csv.holds_ratings(text)):
        put(_survey(text, source, output, said), output)
        return
    needless = [f"--{name}" for name, value in said.items() if value is not None]
    if needless:
        raise InvalidValueError(f"{', '.join(needless)}: of ratings only, and {quoted(source)} holds none")
    tree = read_tree(path) if folder else trees.loads(text, format=cast("trees.FormatName", read_as), source=source)
    name = write_as or (trees.guess(filename=output) if output != "-" else "yaml")
    tell_dropped(tree, name)
    put(trees.dumps(tree, format=name), output)


def _survey(text: str, source: str, output: str, said: Mapping[str, Any]) -> str:
    """Write a product file that holds a survey and nothing else."""
    from pmkit.workspace import Workspace

    ending = Path(output).suffix.lower()
    if output != "-" and ending not in {".yaml", ".yml", ".json"}:
        raise InvalidValueError(f"a survey becomes a product file, .yaml or .json, not {quoted(output)}")
    survey: Any = survey_csv.loads_survey(
        text,
        source=source,
        identifier=said["id"] or ("survey" if source == "<stdin>" else Path(source).stem),
        segments=said["segments"],
        date=said["date"],
        scale=said["scale"] or (1, 5),
        high=said["high"],
    )
    return workspace.dumps(Workspace(surveys=(survey,)), syntax="json" if ending == ".json" else "yaml")
