"""The lines of a CODEOWNERS file: patterns, owners, comments, and the sections of GitLab."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from pmkit.errors import Finding, Location, Severity
from pmkit.formats._codeowners_pattern import Dialect
from pmkit.model import quoted

__all__ = ["Entry", "Reader", "Section", "section_of"]

_ROLES = ("@@developer", "@@developers", "@@maintainer", "@@maintainers", "@@owner", "@@owners")
_MOST_PARTS = {"github": 2, "gitlab": 100}


@attrs.frozen(kw_only=True)
class Entry:
    r"""One line that gives files to owners.

    Attributes
    ----------
    pattern : str
        As written, escapes included.
    owners : tuple of str
        As written: ``"@name"``, ``"@group/team"``, ``"@@maintainer"`` or an address; the section's default owners
        where the line names none.
    line : int
        Counted from 1.
    section : str
        The section's name as first written; empty outside of sections.
    excluded : bool
        Whether the line takes files out of its section (GitLab's ``!pattern``).
    comment : str
        What follows ``#``.

    Examples
    --------
    >>> from pmkit.formats import codeowners
    >>> codeowners.loads("docs/ @writers  # prose").rules[0]
    Entry(pattern='docs/', owners=('@writers',), line=1, section='', excluded=False, comment='prose')
    """

    pattern: str
    owners: tuple[str, ...] = ()
    line: int = 0
    section: str = ""
    excluded: bool = False
    comment: str = ""


@attrs.frozen(kw_only=True)
class Section:
    """A section of a GitLab file.

    Attributes
    ----------
    name : str
        As first written; upper and lower case mean the same.
    owners : tuple of str
        The default owners: of entries that name none.
    approvals : int
        How many owners have to approve.
    optional : bool
        Whether approval is not needed (``^[Name]``).
    line : int
        Of its first heading.

    Examples
    --------
    >>> from pmkit.formats import codeowners
    >>> codeowners.loads("^[Docs][2] @writers", dialect="gitlab").sections[0]
    Section(name='Docs', owners=('@writers',), approvals=2, optional=True, line=1)
    """

    name: str
    owners: tuple[str, ...] = ()
    approvals: int = 1
    optional: bool = False
    line: int = 0


def section_of(line: str) -> tuple[bool, str, str, str] | None:
    """Split a heading into optional or not, name, approvals, and the default owners; None where it is none."""
    rest = line.removeprefix("^")
    optional = len(rest) < len(line)
    if not rest.startswith("["):
        return None
    name, closing, after = rest[1:].partition("]")
    if not closing:
        return None
    approvals = ""
    if after.startswith("["):
        approvals, closing, after = after[1:].partition("]")
        digits = approvals.removeprefix("-")
        if not closing or not (digits.isascii() and digits.isdigit()):
            return None
    if after and not after[0].isspace():
        return None
    return optional, name.strip(), approvals, after


class Reader:
    """Reads the lines of one file and remembers what is wrong with them."""

    def __init__(self, dialect: Dialect, source: str) -> None:
        self.dialect: Dialect = dialect
        self.source = source
        self.entries: list[Entry] = []
        self.sections: dict[str, Section] = {}
        self.findings: list[Finding] = []
        self._section = ""
        self._defaults: tuple[str, ...] = ()

    def read(self, lines: Iterable[str]) -> None:
        """Take all the lines."""
        for number, line in enumerate(lines, 1):
            bare = line.strip()
            if not bare or bare.startswith("#"):
                continue
            heading = section_of(bare) if self.dialect == "gitlab" else None
            if heading is None:
                self._entry(line, number)
            else:
                self._heading(heading, number)

    def _heading(self, heading: tuple[bool, str, str, str], line: int) -> None:
        optional, name, written, rest = heading
        words, _, _ = _words(rest)
        owners = self._owners(words, line)
        if not name:
            self._tell("a section without a name", line, "write [Name]")
        approvals = int(written) if written and len(written) <= len("1000000") else 1
        if written and (approvals < 1 or len(written) > len("1000000")):
            self._tell(f"{quoted(written)} approvals; there must be 1 or more", line, "one is taken")
            approvals = 1
        key = name.casefold()
        known = self.sections.get(key)
        if known is None:
            made = Section(name=name, owners=owners, approvals=approvals, optional=optional, line=line)
        else:
            made = attrs.evolve(
                known, approvals=max(known.approvals, approvals), optional=known.optional and optional,
                owners=known.owners or owners,
            )  # fmt: skip
        self.sections[key] = made
        self._section, self._defaults = made.name, owners

    def _entry(self, line: str, number: int) -> None:
        words, comment, fault = _words(line)
        if fault:
            self._tell(fault, number, "remove it, or write a wildcard")
            return
        pattern, *named = words
        excluded = pattern.startswith("!") and self.dialect == "gitlab"
        if excluded:
            pattern = pattern[1:]
            if not pattern:
                self._tell("an exclusion of nothing", number, "write the pattern right after the !")
                return
        elif pattern.startswith("!"):
            self._tell("GitHub knows no exclusions with !", number, "list the pattern below, without owners")
            return
        elif pattern.startswith(("[", "^[")) and self.dialect == "gitlab":
            self._tell("this heading cannot be read; it counts as a pattern", number, "write [Name], [Name][2] @owner")
        elif pattern.startswith("\\#") and self.dialect == "github":
            self._tell("GitHub documents that \\# does not work", number, "rename the file", severity="warning")
        owners = self._owners(named, number)
        if self.dialect == "github" and len(owners) < len(dict.fromkeys(named)):
            return
        self.entries.append(
            Entry(
                pattern=pattern,
                owners=() if excluded else owners or self._defaults,
                line=number,
                section=self._section,
                excluded=excluded,
                comment=comment,
            )
        )

    def _owners(self, words: Iterable[str], line: int) -> tuple[str, ...]:
        kept = []
        for word in dict.fromkeys(words):
            if _is_owner(word, self.dialect):
                kept.append(word)
            else:
                hint = "write @name, @organization/team or an address; escape blanks of a pattern with a backslash"
                self._tell(f"{quoted(word)} is no owner", line, hint)
        return tuple(kept)

    def _tell(self, message: str, line: int, hint: str, severity: Severity = "error") -> None:
        place = Location(self.source, line, 1)
        self.findings.append(Finding("DOC002", severity, "", message, hint, None, place))


def _words(line: str) -> tuple[list[str], str, str]:
    """Split a line at blanks that no backslash escapes; return the words, the comment, and what is wrong."""
    text = line.strip(" \t\r\n\f\v") if not line.rstrip().endswith("\\") else line.lstrip()
    if "\\" not in text and "#" not in text:
        return text.split(), "", _control(text)
    words: list[str] = []
    word: list[str] = []
    at, end = 0, len(text)
    while at < end:
        character = text[at]
        if character == "\\" and at + 1 < end:
            word.append(text[at : at + 2])
            at += 2
            continue
        if character.isspace():
            if word:
                words.append("".join(word))
                word = []
        elif character == "#" and not word:
            return words, text[at + 1 :].strip(), _control(text)
        else:
            word.append(character)
        at += 1
    if word:
        words.append("".join(word))
    return words, "", _control(text)


def _control(text: str) -> str:
    for character in text if not text.isprintable() else "":
        if ord(character) < ord(" ") and character != "\t":
            return f"control character U+{ord(character):04X} stands in no path"
    return ""


def _is_owner(word: str, dialect: Dialect) -> bool:
    if dialect == "gitlab" and word.casefold() in _ROLES:
        return True
    if word.startswith("@"):
        parts = word[1:].split("/")
        return len(parts) <= _MOST_PARTS[dialect] and all(_is_name(part) for part in parts)
    name, at, domain = word.partition("@")
    return bool(name and at and "." in domain[1:-1]) and "@" not in domain


def _is_name(part: str) -> bool:
    return bool(part) and part.replace("-", "").replace("_", "").replace(".", "").isalnum()
