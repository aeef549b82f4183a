"""What pmkit says when something is wrong: findings, and the errors that carry them.

A `Finding` is one problem, as data. Checks return findings; functions that cannot
go on raise an error of the `PmkitError` family, each of which is also the matching
standard exception, so ``except ValueError`` keeps working.
"""

from __future__ import annotations

from typing import Literal

import attrs

__all__ = [
    "SEVERITIES",
    "EngineError",
    "FileError",
    "Finding",
    "InvalidTreeError",
    "InvalidValueError",
    "Location",
    "MissingDependencyError",
    "ParseError",
    "PmkitError",
    "SaveConflictError",
    "Severity",
    "UnknownIdError",
]

Severity = Literal["error", "warning", "information"]
"""How much a finding matters. An error means that the value cannot be built, or is not of its kind."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")
"""The severities, gravest first."""


@attrs.frozen
class Location:
    """Where in a text something stands.

    Attributes
    ----------
    source : str
        The file name, or a name for the text such as ``"<stdin>"``.
    line, column : int
        Counted from 1; 0 when unknown.
    path : str
        The place inside the document, such as ``$.tree.nodes[3].parent``.

    Examples
    --------
    >>> str(Location("product.yaml", 3, 5))
    'product.yaml:3:5'
    """

    source: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        parts = [self.source or "<text>"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        place = ":".join(parts)
        return f"{place} ({self.path})" if self.path else place


@attrs.frozen
class Finding:
    """One problem found by a check.

    Attributes
    ----------
    code : str
        The rule's stable code, such as ``"OST106"``.
    severity : Severity
        ``"error"``, ``"warning"`` or ``"information"``.
    subject : str
        The id of what the finding is about; empty when it is about the whole.
    message : str
        What was found.
    hint : str
        What to do about it.
    span : tuple of (int, int) or None
        Start and end (exclusive) in the text that was checked, in characters.
    location : Location or None
        Where in a file the subject stands, when it came from one.

    Examples
    --------
    >>> finding = Finding("OST106", "warning", "find", "the target has one solution", "add two more")
    >>> print(finding)
    OST106 warning find: the target has one solution (add two more)
    """

    code: str
    severity: Severity
    subject: str
    message: str
    hint: str = ""
    span: tuple[int, int] | None = None
    location: Location | None = None

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        subject = f" {self.subject}" if self.subject else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.code} {self.severity}{subject}: {self.message}{hint}"


class PmkitError(Exception):
    """Parent of everything that pmkit raises on purpose.

    Examples
    --------
    >>> issubclass(UnknownIdError, PmkitError) and issubclass(UnknownIdError, LookupError)
    True
    """


class UnknownIdError(PmkitError, LookupError):
    """An id that nothing has.

    Examples
    --------
    >>> raise UnknownIdError("no node 'fnd'; did you mean 'find'?")
    Traceback (most recent call last):
    pmkit.errors.UnknownIdError: no node 'fnd'; did you mean 'find'?
    """


class InvalidValueError(PmkitError, ValueError):
    """A value that cannot be what it is meant to be.

    Parameters
    ----------
    message : str
        What was found, where, and what to do.
    findings : iterable of Finding
        Every problem that was found, when there is more to say than the message.
    field : str
        The field that is wrong, when it is one field of a value.

    Examples
    --------
    >>> raise InvalidValueError("probability must be from 0 to 1, not 1.2")
    Traceback (most recent call last):
    pmkit.errors.InvalidValueError: probability must be from 0 to 1, not 1.2
    """

    def __init__(self, message: str, *, findings: tuple[Finding, ...] = (), field: str = "") -> None:
        super().__init__(message)
        self.findings: tuple[Finding, ...] = tuple(findings)
        self.field = field


class InvalidTreeError(InvalidValueError):
    """A tree that cannot be built; `findings` holds every structural fault at once.

    Examples
    --------
    >>> error = InvalidTreeError("two faults", findings=(Finding("OST006", "error", "a", "blank title"),))
    >>> error.findings[0].code
    'OST006'
    """


class ParseError(InvalidValueError):
    """A text that cannot be read.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    findings : iterable of Finding
        Every problem found in the text.
    source : str
        The file name or a name for the text.
    line, column : int
        Of the first problem, counted from 1; 0 when there is none to point at.

    Examples
    --------
    >>> raise ParseError("unknown key 'titel'; did you mean 'title'?", source="product.yaml", line=3, column=5)
    Traceback (most recent call last):
    pmkit.errors.ParseError: product.yaml:3:5: unknown key 'titel'; did you mean 'title'?
    """

    def __init__(
        self,
        message: str,
        *,
        findings: tuple[Finding, ...] = (),
        source: str = "",
        line: int = 0,
        column: int = 0,
    ) -> None:
        super().__init__(message, findings=findings)
        self.source = source
        self.line = line
        self.column = column

    def __str__(self) -> str:
        message = super().__str__()
        if self.source or self.line:
            return f"{Location(self.source, self.line, self.column)}: {message}"
        return message


class FileError(PmkitError, OSError):
    """A file that cannot be opened, read or written.

    Examples
    --------
    >>> issubclass(FileError, OSError)
    True
    """


class SaveConflictError(FileError):
    """A save that was refused because someone else has written the file, or is writing it.

    Examples
    --------
    >>> issubclass(SaveConflictError, FileError)
    True
    """


class EngineError(PmkitError, RuntimeError):
    """A data engine that gave up midway; the cause is chained.

    Examples
    --------
    >>> issubclass(EngineError, RuntimeError)
    True
    """


class MissingDependencyError(PmkitError, ImportError):
    """An optional library that is not installed; the message holds the install line.

    Examples
    --------
    >>> issubclass(MissingDependencyError, ImportError)
    True
    """
