"""A document that was read: plain data, and where each part of it stands in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pmkit.errors import Finding, Location, ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LARGEST_DEPTH", "Document", "Path", "Plain", "Problem", "refuse", "written_path"]

LARGEST_DEPTH = 200
"""How many lists and mappings may stand inside each other; real documents need about ten."""

Path = tuple[str | int, ...]
"""The keys and positions that lead from the top of a document to a part of it."""

_SHOWN = 5


class Plain(str):
    """A YAML scalar written without quotes: text where text is wanted, a number where a number is."""

    __slots__ = ()


@attrs.frozen
class Problem:
    """Something wrong at a place in a document."""

    message: str
    line: int = 0
    column: int = 0
    path: str = ""
    hint: str = ""


@attrs.frozen(eq=False)
class Document:
    """Plain data with positions.

    Attributes
    ----------
    data : object
        Dicts, lists, text (`Plain` for unquoted YAML), and in JSON also numbers, booleans and None.
    source : str
        The file name or another name for the text.
    locate : callable
        Takes a `Path`; returns (line, column) of the part, or of the nearest part that exists.
    commented : bool
        Whether the text holds comments that a rewriting would lose.
    """

    data: object
    source: str
    locate: Callable[[Path], tuple[int, int]]
    commented: bool = False

    def location(self, path: Path) -> Location:
        """Return where a part of the document stands."""
        line, column = self.locate(path)
        return Location(self.source, line, column, written_path(path))


def written_path(path: Path) -> str:
    """Write a path the way JSON tools do: ``$.tree[3].parent``."""
    steps = (f"[{step}]" if isinstance(step, int) or not step.isidentifier() else f".{step}" for step in path)
    return "$" + "".join(steps)


def refuse(source: str, problems: Sequence[Problem], *, code: str) -> ParseError:
    """Make one error of all the problems of a document.

    Parameters
    ----------
    source : str
        The document's name.
    problems : sequence of Problem
        At least one, in the order of the text.
    code : str
        The code of the findings.

    Returns
    -------
    ParseError
        To be raised by the caller.
    """
    findings = tuple(
        Finding(
            code, "error", "", problem.message, problem.hint, None,
            Location(source, problem.line, problem.column, problem.path),
        )
        for problem in problems
    )  # fmt: skip
    first = problems[0]
    shown = [f"{problem.message}{f' at {problem.path}' if problem.path else ''}" for problem in problems[:1]]
    shown += [
        f"line {p.line}, column {p.column}: {p.message}{f' at {p.path}' if p.path else ''}" for p in problems[1:_SHOWN]
    ]
    if len(problems) > _SHOWN:
        shown.append(f"and {len(problems) - _SHOWN} more problems")
    return ParseError("\n  ".join(shown), findings=findings, source=source, line=first.line, column=first.column)


def _told(problem: Problem) -> str:
    return f"{problem.message} at {problem.path}" if problem.path else problem.message
