"""``pmkit diff``: what changed between two versions of a product."""

from __future__ import annotations

import click

from pmkit.cli._git import product_at
from pmkit.cli._input import product_argument, read_product
from pmkit.cli._plain import as_json_value
from pmkit.cli._write import tell, tell_json
from pmkit.errors import InvalidValueError
from pmkit.workspace import diff

__all__ = ["command"]

CHANGED = 1
_SHOWN = 60


@click.command()
@product_argument
@click.argument("other", required=False, metavar="[NEW]")
@click.option("--since", metavar="REVISION", help="Compare with the product at this git revision, such as HEAD~1.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something changed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, other: str | None, since: str | None, exit_code: bool, as_json: bool) -> None:
    """Show what changed from PRODUCT to NEW, or in PRODUCT since a git revision: by id, field by field."""
    if (other is None) == (since is None):
        raise InvalidValueError("name a second product, or a git revision with --since")
    old = product_at(path, since) if since is not None else read_product(path)
    new = read_product(path if other is None else other)
    found = diff(old.workspace, new.workspace)
    rows = found.to_dicts()
    if as_json:
        tell_json([as_json_value(row) for row in rows])
    else:
        tell("\n".join([*map(_line, rows), found.summary()]))
    if rows and exit_code:
        raise click.exceptions.Exit(CHANGED)


def _line(row: dict[str, object]) -> str:
    signs = {"added": "+", "removed": "-", "linked": "+", "unlinked": "-"}
    change = str(row["change"])
    words = [
        signs.get(change, "~"),
        str(row["section"] or "product"),
        *(str(row[key]) for key in ("id", "field") if row[key]),
    ]
    if change in {"changed", "moved"}:
        words.append(f"{_short(row['old'])} -> {_short(row['new'])}")
    elif change in {"reordered", "linked", "unlinked"}:
        words.append(change)
    return " ".join(words)


def _short(value: object) -> str:
    text = "(nothing)" if value in (None, "", ()) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
