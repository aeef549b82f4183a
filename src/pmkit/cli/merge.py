"""``pmkit merge``: three versions of a product into one; a git merge driver."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

import attrs
import click

from pmkit.cli._git import merged_text
from pmkit.cli._plain import as_json_value
from pmkit.cli._write import tell, tell_json
from pmkit.errors import ParseError, SaveConflictError
from pmkit.formats._files import alone, decode, read_bytes, write_atomically
from pmkit.formats.workspace import Syntax, dumps, has_comments, loads
from pmkit.model import quoted
from pmkit.trees import Conflict
from pmkit.workspace import Workspace, merge

__all__ = ["command"]

CONFLICTS = 1
_SHOWN = 70
State = Literal["merged", "conflict", "comments"]


@attrs.frozen
class _Side:
    """One of the three versions: its text, and what it says."""

    text: str
    workspace: Workspace
    commented: bool

    @classmethod
    def read(cls, path: str, syntax: Syntax, name: str) -> _Side:
        """Read a version; an empty one is a product in which nothing stands yet."""
        text = decode(read_bytes(path), path)
        if not text.strip():
            return cls(text, Workspace(), commented=False)
        try:
            return cls(text, loads(text, syntax=syntax, source=name), has_comments(text, syntax=syntax, source=name))
        except ParseError as error:
            raise ParseError(str(error), findings=error.findings) from None


@attrs.frozen
class _Outcome:
    """The text to write, and what came of the merge."""

    text: str
    state: State
    conflicts: tuple[Conflict, ...] = ()


@click.command()
@click.argument("base", type=click.Path(path_type=str), metavar="BASE")
@click.argument("ours", type=click.Path(path_type=str), metavar="OURS")
@click.argument("theirs", type=click.Path(path_type=str), metavar="THEIRS")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write here instead of over OURS."
)
@click.option("--name", metavar="NAME", help="What to call the file in messages: %P of a git merge driver.")
@click.option("--drop-comments", is_flag=True, help="Write the merge even where comments cannot be kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the conflicts as JSON.")
def command(
    *, base: str, ours: str, theirs: str, output: str | None, name: str | None, drop_comments: bool, as_json: bool
) -> None:
    """Merge three versions by id and write the result over OURS, as a git merge driver does.

    Exit status: 0 when merged; 1 when a person must decide, with both sides of each conflict in the file.
    """
    syntax: Syntax = "json" if read_bytes(ours).lstrip()[:1] == b"{" else "yaml"
    paths = {"base": base, "ours": ours, "theirs": theirs}
    sides = [_Side.read(path, syntax, f"{name} ({side})" if name else path) for side, path in paths.items()]
    found = _merged(sides[0], sides[1], sides[2], syntax, drop_comments=drop_comments)
    target = Path(output or ours)
    with alone(target):
        if output is None and decode(read_bytes(ours), ours) != sides[1].text:
            raise SaveConflictError(f"{quoted(ours)} has changed since it was read; merge again")
        write_atomically(target, found.text.encode())
    if as_json:
        tell_json([as_json_value(conflict) for conflict in found.conflicts])
    else:
        for conflict in found.conflicts:
            tell((f"{name}: " if name else "") + _told(conflict))
    if found.state == "comments":
        click.echo(
            f"pmkit: {name or Path(output or ours).name}: merged by id, but not line by line, and writing the merge "
            "would lose comments; settle the marked lines, or merge again with --drop-comments",
            err=True,
        )
    if found.state != "merged":
        raise click.exceptions.Exit(CONFLICTS)


def _merged(base: _Side, ours: _Side, theirs: _Side, syntax: Syntax, *, drop_comments: bool) -> _Outcome:
    result = merge(base.workspace, ours.workspace, theirs.workspace)
    commented = ours.commented or theirs.commented
    lines = merged_text(base.text, ours.text, theirs.text)
    if result.workspace is not None:
        if lines is not None and lines[1] and _says(lines[0], result.workspace, syntax):
            return _Outcome(lines[0], "merged")
        if not commented or drop_comments:
            return _Outcome(dumps(result.workspace, syntax=syntax), "merged")
        if lines is not None and not lines[1]:
            return _Outcome(lines[0], "comments")
        return _Outcome(_marked(ours.text, theirs.text), "comments")
    if commented and not drop_comments:
        both = lines[0] if lines is not None and not lines[1] else _marked(ours.text, theirs.text)
        return _Outcome(both, "conflict", result.conflicts)
    one, other = (
        merge(base.workspace, ours.workspace, theirs.workspace, favor=side).workspace for side in ("ours", "theirs")
    )
    texts = [dumps(side, syntax=syntax) if side is not None else "" for side in (one, other)]
    return _Outcome(_marked(texts[0], texts[1]), "conflict", result.conflicts)


def _says(text: str, workspace: Workspace, syntax: Syntax) -> bool:
    """Whether the lines of both sides together say what the merge by id says."""
    try:
        return loads(text, syntax=syntax) == workspace
    except ParseError:
        return False


def _marked(ours: str, theirs: str) -> str:
    """Write both texts in one, with git's marks around what differs."""
    mine, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(None, mine, other, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            lines += mine[a:b]
        else:
            lines += ["<<<<<<< ours\n", *_ended(mine[a:b]), "=======\n", *_ended(other[c:d]), ">>>>>>> theirs\n"]
    return "".join(lines)


def _ended(lines: list[str]) -> list[str]:
    return [line if line.endswith("\n") else line + "\n" for line in lines]


def _told(conflict: Conflict) -> str:
    lines = [f"conflict ({conflict.kind}): {conflict.message}"]
    if (
        conflict.kind in {"both-changed", "moved-twice"} and conflict.field not in {"", "parent"}
    ) or conflict.kind == "moved-twice":
        lines += [f"  {name}: {_short(getattr(conflict, name))}" for name in ("base", "ours", "theirs")]
    return "\n".join(lines)


def _short(value: object) -> str:
    text = "(nothing)" if value in (None, "", ()) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
