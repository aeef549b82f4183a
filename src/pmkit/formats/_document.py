"""A document that was read: plain data, and where each part of it stands in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pmkit.errors import Finding, Location, ParseError
from pmkit.model import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

__all__ = ["LARGEST_DEPTH", "Document", "Path", "Plain", "Problem", "only_numbers", "refuse", "refused", "written_path"]

LARGEST_DEPTH = 200
"""How many lists and mappings may stand inside each other; real documents need about ten."""

Path = tuple[str | int, ...]
"""The keys and positions that lead from the top of a document to a part of it."""

_SHOWN = 20


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


def only_numbers(members: Collection[object]) -> bool:
    """Whether there are members, and all of them are numbers: such a part is written on one line."""
    return bool(members) and all(type(member) in {int, float} for member in members)


def written_path(path: Path) -> str:
    """Write a path the way JSON tools do: ``$.tree[3].parent``."""
    return "$" + "".join(map(_written_step, path))


def _written_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{quoted(step)}]"


def refuse(source: str, problems: Sequence[Problem], *, code: str) -> ParseError:
    """Make one error of all the problems of a document.

    Parameters
    ----------
    source : str
        The document's name.
    problems : sequence of Problem
        At least one.
    code : str
        The code of the findings.

    Returns
    -------
    ParseError
        To be raised by the caller.
    """
    findings = [
        Finding(
            code, "error", "", problem.message, problem.hint, None,
            Location(source, problem.line, problem.column, problem.path),
        )
        for problem in problems
    ]  # fmt: skip
    return refused(findings, source)


def refused(findings: Sequence[Finding], source: str) -> ParseError:
    """Make one error of all findings: a line each, the first one's place as the error's own."""
    ordered = sorted(findings, key=_place)
    if len(ordered) == 1 and ordered[0].location:
        alone, place = ordered[0], ordered[0].location
        path = f" at {place.path}" if place.path else ""
        hint = f" ({alone.hint})" if alone.hint else ""
        return ParseError(
            f"{alone.message}{path}{hint}",
            findings=(alone,), source=place.source or source, line=place.line, column=place.column,
        )  # fmt: skip
    first = ordered[0].location or Location(source)
    lines = [_line(finding) for finding in ordered[:_SHOWN]]
    if len(ordered) > _SHOWN:
        lines.append(f"and {len(ordered) - _SHOWN} more")
    count = f"{len(ordered)} problem{'s' if len(ordered) > 1 else ''}"
    message = "\n  ".join([count, *lines])
    return ParseError(
        message, findings=tuple(ordered), source=first.source or source, line=first.line, column=first.column
    )


def _place(finding: Finding) -> tuple[str, int, int, str]:
    place = finding.location or Location("\uffff")
    return (place.source, place.line, place.column, finding.code)


def _line(finding: Finding) -> str:
    place = f"{finding.location}: " if finding.location else ""
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"{place}{finding.code} {finding.message}{hint}"
