r"""CODEOWNERS files of GitHub and GitLab: who owns which path, by the last line that matches it.

Patterns match by path segments. GitHub follows gitignore, with neither ``!`` nor ``[a-z]``: a pattern with a slash
in its middle or at its beginning stands at the root, ``name/`` is what is inside, ``dir/*`` is not what is below its
folders. GitLab follows Ruby's ``File.fnmatch``: a pattern without a slash at its beginning matches at any depth,
``**`` means folders only before a slash, ``/docs`` is not what is inside ``docs``, and each section has its own last
line; ``!pattern`` takes files out of its section.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

import attrs

from pmkit.conway import OwnershipRule
from pmkit.errors import Finding, InvalidValueError
from pmkit.formats._codeowners_index import Index, Keyed
from pmkit.formats._codeowners_parse import Entry, Reader, Section, section_of
from pmkit.formats._codeowners_pattern import Dialect, Pattern, compile_pattern, matches
from pmkit.formats._document import refused
from pmkit.formats._files import decode, read_bytes
from pmkit.model import Value, did_you_mean, quoted

__all__ = [
    "CodeOwners",
    "Dialect",
    "Entry",
    "Section",
    "guess_dialect",
    "load",
    "loads",
    "locate",
    "match",
    "owners",
    "owners_by_section",
    "owners_of",
    "rule_facts",
]

_PLACES: dict[str, tuple[str, ...]] = {
    "": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}


@attrs.frozen(kw_only=True)
class CodeOwners(Value):
    r"""A CODEOWNERS file that was read.

    Attributes
    ----------
    rules : tuple of Entry
        The lines in order; the last that matches wins, in GitLab the last of each section.
    sections : tuple of Section
        GitLab's sections, one for each name.
    dialect : {"github", "gitlab"}
    source : str
        The file's name.
    findings : tuple of Finding
        What is wrong with lines that were left out, or is worth knowing.

    Examples
    --------
    >>> loads("* @all\n/docs/ @writers\n")
    CodeOwners(2 rules, github)
    """

    rules: tuple[Entry, ...] = ()
    sections: tuple[Section, ...] = ()
    dialect: Dialect = "github"
    source: str = ""
    findings: tuple[Finding, ...] = ()
    _index: Index = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        index = Index([_compiled(rule.pattern, self.dialect) for rule in self.rules])
        object.__setattr__(self, "_index", index)

    def __repr__(self) -> str:
        sections = f", {len(self.sections)} sections" if self.sections else ""
        return f"CodeOwners({len(self.rules)} rules{sections}, {self.dialect})"

    @property
    def index(self) -> Index:
        """The patterns, ready to be matched all at once."""
        return self._index


@lru_cache(maxsize=1024)
def _compiled(pattern: str, dialect: Dialect) -> Pattern:
    return compile_pattern(pattern, dialect)


def _want_dialect(dialect: str) -> Dialect:
    if dialect not in get_args(Dialect):
        told = did_you_mean(str(dialect), get_args(Dialect))
        raise InvalidValueError(f"dialect must be github or gitlab, not {quoted(dialect)}{told}")
    return "gitlab" if dialect == "gitlab" else "github"


def loads(text: str, *, dialect: Dialect = "github", source: str = "CODEOWNERS", strict: bool = True) -> CodeOwners:
    r"""Read a CODEOWNERS file.

    Parameters
    ----------
    text : str
        The file's content.
    dialect : {"github", "gitlab"}
        Whose rules hold; see `guess_dialect`.
    source : str
        The file's name, for messages.
    strict : bool
        Whether a bad line is an error. Otherwise it is left out, as the hosts do, and told in ``findings``.

    Returns
    -------
    CodeOwners

    Raises
    ------
    ParseError
        With every bad line: a word that is no owner, ``!`` on GitHub, a control character, a bad heading.

    References
    ----------
    GitHub documentation, "About code owners"; GitLab documentation, "Code Owners: advanced".

    Examples
    --------
    >>> files = loads("*.js @web\n/apps/ @apps\n/apps/github\n")
    >>> owners(files, "apps/a.js"), owners(files, "apps/github/a.js")
    (('@apps',), ())
    >>> loads("docs/ writers")
    Traceback (most recent call last):
    pmkit.errors.ParseError: CODEOWNERS:1:1: 'writers' is no owner (write @name, ...)
    """
    reader = Reader(_want_dialect(dialect), source)
    reader.read(text.removeprefix("\ufeff").split("\n"))
    errors = [finding for finding in reader.findings if finding.severity == "error"]
    if strict and errors:
        raise refused(errors, source)
    return CodeOwners(
        rules=tuple(reader.entries),
        sections=tuple(reader.sections.values()),
        dialect=dialect,
        source=source,
        findings=tuple(reader.findings),
    )


def load(path: str | os.PathLike[str], *, dialect: Dialect | None = None, strict: bool = True) -> CodeOwners:
    r"""Read a CODEOWNERS file, or the one of a folder.

    Parameters
    ----------
    path : path
        A file, or a folder in which `locate` finds it.
    dialect : {"github", "gitlab"} or None
        None guesses it from the place and the text.
    strict : bool
        As for `loads`.

    Returns
    -------
    CodeOwners

    Raises
    ------
    FileError
        When there is no such file.
    ParseError
        As for `loads`, and when it is not UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "CODEOWNERS").write_text("* @all\n")
    ...     owners(load(folder), "a.py")
    ('@all',)
    """
    file = Path(path)
    if file.is_dir():
        file /= locate(file, dialect=dialect) or "CODEOWNERS"
    text = decode(read_bytes(file), os.fspath(file))
    chosen = guess_dialect(text, os.fspath(file)) if dialect is None else dialect
    return loads(text, dialect=chosen, source=os.fspath(file), strict=strict)


def locate(present: str | os.PathLike[str] | Iterable[str], *, dialect: Dialect | None = None) -> str | None:
    """Find the CODEOWNERS file that counts.

    Parameters
    ----------
    present : path, or iterable of str
        A folder, or the paths that there are.
    dialect : {"github", "gitlab"} or None
        GitHub looks into ``.github``, the root and ``docs``; GitLab into the root, ``docs`` and ``.gitlab``. None
        looks into all, in GitHub's order.

    Returns
    -------
    str or None
        The path below the folder.

    Raises
    ------
    InvalidValueError
        For an unknown dialect.

    Examples
    --------
    >>> locate(["docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"])
    '.github/CODEOWNERS'
    >>> locate(["docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"], dialect="gitlab")
    'CODEOWNERS'
    """
    places = _PLACES[_want_dialect(dialect) if dialect is not None else ""]
    if isinstance(present, (str, os.PathLike)):
        return next((place for place in places if (Path(present) / place).is_file()), None)
    names = frozenset(present)
    return next((place for place in places if place in names), None)


def guess_dialect(text: str, place: str = "") -> Dialect:
    r"""Guess whose CODEOWNERS file a text is.

    Parameters
    ----------
    text : str
        The file's content.
    place : str
        Where it stands; ``.github`` and ``.gitlab`` decide.

    Returns
    -------
    {"github", "gitlab"}
        GitLab when the place or a section's heading says so.

    Examples
    --------
    >>> guess_dialect("[Docs] @writers\n*.md")
    'gitlab'
    """
    folder = Path(place).parent.name
    if folder in (".github", ".gitlab"):
        return "gitlab" if folder == ".gitlab" else "github"
    heads = (line.strip() for line in text.split("\n") if line.lstrip()[:1] in ("[", "^"))
    return "gitlab" if any(section_of(head) is not None for head in heads) else "github"


def match(pattern: str, path: str, *, dialect: Dialect = "github") -> bool:
    r"""Whether one pattern matches one path.

    Parameters
    ----------
    pattern : str
        As written in the file, escapes included.
    path : str
        Relative to the root, with slashes.
    dialect : {"github", "gitlab"}

    Returns
    -------
    bool

    Raises
    ------
    InvalidValueError
        For a pattern or a path that is no text, or an unknown dialect.

    Examples
    --------
    >>> match("docs/*", "docs/a.md"), match("docs/*", "docs/a/b.md"), match("docs/", "x/docs/a/b.md")
    (True, False, True)
    >>> match("docs/*", "x/docs/a.md", dialect="gitlab")
    True
    """
    _want_text(pattern, "a pattern")
    _want_text(path, "a path")
    return matches(_compiled(pattern, _want_dialect(dialect)), _relative(path))


def _want_text(value: object, what: str) -> None:
    if not isinstance(value, str):
        raise InvalidValueError(f"{what} is text, not {quoted(value)}")


def _relative(path: str) -> str:
    return path[1:] if path.startswith("/") else path.removeprefix("./")


def _decided(rules: CodeOwners, key: Keyed) -> dict[str, Entry]:
    """Return the entry that decides in each section, in the order of the sections."""
    last: dict[str, Entry] = {}
    out: dict[str, None] = {}
    for number in rules.index.matching(key):
        entry = rules.rules[number]
        last[entry.section] = entry
        if entry.excluded:
            out[entry.section] = None
    order = ("", *(section.name for section in rules.sections))
    return {name: last[name] for name in order if name in last and name not in out}


def _named(decided: dict[str, Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owner for entry in decided.values() for owner in entry.owners))


def owners(rules: CodeOwners, path: str) -> tuple[str, ...]:
    r"""Return who owns a path, in order and once each.

    Parameters
    ----------
    rules : CodeOwners
    path : str
        Relative to the root, with slashes.

    Returns
    -------
    tuple of str
        Of all sections; empty when nobody owns it.

    Examples
    --------
    >>> owners(loads("* @all\n*.md @writers @all\n"), "docs/a.md")
    ('@writers', '@all')
    """
    return _named(_decided(rules, _key(rules, path)))


def owners_by_section(rules: CodeOwners, path: str) -> dict[str, tuple[str, ...]]:
    r"""Return who owns a path in each section that has a word about it.

    Parameters
    ----------
    rules : CodeOwners
    path : str

    Returns
    -------
    dict of str to tuple of str
        By the section's name as first written; ``""`` is what stands before the first section.

    Examples
    --------
    >>> text = "* @all\n[Docs] @writers\n*.md\n!CHANGELOG.md\n"
    >>> files = loads(text, dialect="gitlab")
    >>> owners_by_section(files, "README.md")
    {'': ('@all',), 'Docs': ('@writers',)}
    >>> owners_by_section(files, "CHANGELOG.md")
    {'': ('@all',)}
    """
    return {section: entry.owners for section, entry in _decided(rules, _key(rules, path)).items()}


def _key(rules: CodeOwners, path: str) -> Keyed:
    _want_text(path, "a path")
    return next(iter(rules.index.find([_relative(path)])))


def owners_of(rules: CodeOwners, paths: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    r"""Yield each path with its owners; for many paths this is the fast way.

    Parameters
    ----------
    rules : CodeOwners
    paths : iterable of str

    Yields
    ------
    tuple of (str, tuple of str)
        The path as given, and what `owners` says.

    Examples
    --------
    >>> dict(owners_of(loads("* @all\n/docs/ @writers\n"), ["a.py", "docs/a.md"]))
    {'a.py': ('@all',), 'docs/a.md': ('@writers',)}
    """
    given: list[str] = []

    def remembered() -> Iterator[str]:
        for path in paths:
            given.append(path)
            yield _relative(path)

    known: dict[Keyed, tuple[str, ...]] = {}
    for key in rules.index.find(remembered()):
        if key not in known:
            known[key] = _named(_decided(rules, key))
        yield given.pop(), known[key]


def rule_facts(rules: CodeOwners, paths: Iterable[str]) -> tuple[OwnershipRule, ...]:
    r"""Count on how many paths each line matches, and on how many it decides, for the rule CON113.

    Parameters
    ----------
    rules : CodeOwners
    paths : iterable of str
        The files that there are, such as ``git ls-files`` lists.

    Returns
    -------
    tuple of OwnershipRule
        One for each line; a line that excludes decides wherever it matches.

    Examples
    --------
    >>> facts = rule_facts(loads("/docs/ @writers\n* @all\n"), ["docs/a.md", "a.py"])
    >>> [(fact.pattern, fact.matches, fact.decides) for fact in facts]
    [('/docs/', 1, 0), ('*', 2, 2)]
    """
    counts: dict[Keyed, int] = {}
    for key in rules.index.find(map(_relative, paths)):
        counts[key] = counts.get(key, 0) + 1
    matched = [0] * len(rules.rules)
    decides = [0] * len(rules.rules)
    for key, count in counts.items():
        last: dict[str, int] = {}
        for number in rules.index.matching(key):
            matched[number] += count
            entry = rules.rules[number]
            if entry.excluded:
                decides[number] += count
            else:
                last[entry.section] = number
        for number in last.values():
            decides[number] += count
    return tuple(
        OwnershipRule(
            pattern=entry.pattern, owners=entry.owners, line=entry.line, section=entry.section,
            matches=matched[number], decides=decides[number],
        )
        for number, entry in enumerate(rules.rules)
    )  # fmt: skip
