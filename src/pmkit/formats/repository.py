"""An organization from a checkout: CODEOWNERS says who owns what, imports what needs what, git log who talks."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs

from pmkit.conway import (
    Change,
    Component,
    Dependency,
    Organization,
    Ownership,
    OwnershipRule,
    Team,
    co_commit,
    cross_authoring,
)
from pmkit.errors import FileError, InvalidValueError, MissingDependencyError
from pmkit.formats import codeowners, git_log, python_imports
from pmkit.formats._git import Git, want_ref
from pmkit.formats.codeowners import CodeOwners, Dialect
from pmkit.model import Value, quoted
from pmkit.model import _fields as fields

__all__ = ["Repository", "component_by_folder", "repository"]

_LOG = (
    "log", "-z", "--numstat", "-M", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes",
    "--format=%x00@%H%x00%P%x00%aE%x00",
)  # fmt: skip
_TRANSPARENT = ("src", "lib")


@attrs.frozen(kw_only=True)
class Repository(Value):
    """What a checkout tells about teams and components.

    Attributes
    ----------
    organization : Organization
        Components are folders; the share of an owner is the number of files. Communication has two channels,
        ``"cross-authoring"`` and ``"co-commit"``.
    changes : tuple of Change
        Oldest first; authors are pseudonyms.
    rules : CodeOwners or None
        The CODEOWNERS file; None without one.
    facts : tuple of OwnershipRule
        How many files each of its lines matches and decides, for ``conway.check(…, ownership_rules=)``.
    files, owned : int
        How many files there are, and how many of them somebody owns.
    notes : tuple of str
        What was missing or cut off: read them before the figures.

    Examples
    --------
    >>> Repository(organization=Organization(), notes=["there is no CODEOWNERS file"])
    Repository(0 components, 0 teams, 0 changes, 1 notes)
    """

    organization: Organization
    changes: tuple[Change, ...] = ()
    rules: CodeOwners | None = None
    facts: tuple[OwnershipRule, ...] = ()
    files: int = 0
    owned: int = 0
    notes: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)

    def __repr__(self) -> str:
        made = self.organization
        counts = f"{len(made.components)} components, {len(made.teams)} teams"
        return f"Repository({counts}, {len(self.changes)} changes, {len(self.notes)} notes)"


def component_by_folder(path: str, depth: int = 2) -> str:
    """Return the component of a file: the first folders of its path.

    Parameters
    ----------
    path : str
        Relative to the checkout.
    depth : int
        How many folders make a component; folders named ``src`` or ``lib`` are not counted.

    Returns
    -------
    str
        ``"."`` for files of the checkout's own folder.

    Examples
    --------
    >>> component_by_folder("src/shop/cart/add.py"), component_by_folder("docs/a.md"), component_by_folder("README.md")
    ('src/shop/cart', 'docs', '.')
    """
    folders = path.split("/")[:-1]
    kept: list[str] = []
    counted = 0
    for folder in folders:
        if counted == depth:
            break
        kept.append(folder)
        counted += folder not in _TRANSPARENT
    return "/".join(kept) or "."


def repository(
    path: str | os.PathLike[str],
    *,
    ref: str = "HEAD",
    since: dt.date | str | None = None,
    depth: int = 2,
    component: Callable[[str], str | None] | None = None,
    dialect: Dialect | None = None,
    imports: bool | None = None,
    people: git_log.People | None = None,
    timeout: float = 120.0,
) -> Repository:
    """Read an organization from a checkout of a git repository.

    Parameters
    ----------
    path : path
        The checkout, or a folder inside of it.
    ref : str
        Whose history is read; files, owners and imports are those of the checkout.
    since : date, str or None
        Only commits from this day on.
    depth : int
        How many folders make a component; see `component_by_folder`.
    component : callable or None
        Says which component a path belongs to, None for none; instead of `depth`.
    dialect : {"github", "gitlab"} or None
        Of the CODEOWNERS file; None guesses.
    imports : bool or None
        Whether to read Python imports: True insists on grimp, None reads them when it can, False does not.
    people : People or None
        How people become pseudonyms; addresses in CODEOWNERS do as well.
    timeout : float
        Seconds that each question to git may take, and the reading of the imports.

    Returns
    -------
    Repository

    Raises
    ------
    FileError
        When it is no checkout, has no commits, or git fails or takes too long.
    InvalidValueError
        For a ref that begins with ``-``, a day that is none, a depth below 1.
    MissingDependencyError
        Without git, or with ``imports=True`` without grimp.

    Examples
    --------
    >>> found = repository(".", since="2026-11-01")        # doctest: +SKIP
    >>> len(found.organization.teams)                      # doctest: +SKIP
    7
    """
    want_ref(ref)
    if depth < 1:
        raise InvalidValueError(f"depth must be a whole number from 1 up, not {quoted(depth)}")
    first_day = _day(since)
    git = Git(path, timeout=timeout)
    top = Path(os.fsdecode(git.ask("rev-parse", "--show-toplevel").removesuffix(b"\n")))
    git = Git(top, timeout=timeout)
    notes = _want_history(git, ref)
    part_of = component or (lambda file: component_by_folder(file, depth))
    known = people or git_log.People()
    files = _files(git)
    rules = _rules(top, files, dialect, notes)
    ownership, owned = _ownership(rules, files, part_of, known)
    parts = dict.fromkeys(part for file in files if (part := part_of(file)) is not None)
    edges = _dependencies(top, files, part_of, imports, notes, timeout)
    changes = _changes(git, ref, first_day, part_of, known)
    if not changes:
        notes.append("no commit changes a file" + (f" since {first_day.isoformat()}" if first_day else ""))
    elif len({change.author for change in changes}) == 1:
        notes.append("one person made all the commits: what is read as communication is that person's own work")
    bare = Organization(
        teams=[Team(id=team) for team in dict.fromkeys(row.team for row in ownership)],
        components=[Component(id=part) for part in parts],
        ownership=ownership,
        dependencies=edges,
    )
    talk = (*cross_authoring(bare, changes), *co_commit(bare, changes))
    return Repository(
        organization=attrs.evolve(bare, communication=talk),
        changes=changes,
        rules=rules,
        facts=() if rules is None else codeowners.rule_facts(rules, files),
        files=len(files),
        owned=owned,
        notes=notes,
    )


def _day(since: dt.date | str | None) -> dt.date | None:
    if since is None or (isinstance(since, dt.date) and not isinstance(since, dt.datetime)):
        return since
    if isinstance(since, dt.datetime):
        return since.date()
    try:
        return dt.date.fromisoformat(since)
    except (TypeError, ValueError):
        raise InvalidValueError(f"since must be a day such as 2026-11-22, not {quoted(since)}") from None


def _want_history(git: Git, ref: str) -> list[str]:
    """Refuse a repository without commits, and tell of one whose history is cut off."""
    heads = git.ask("rev-list", "--all", "--max-count=1")
    if not heads.strip():
        raise FileError(f"{quoted(os.fspath(git.folder))} has no commits yet; commit something first")
    git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if git.ask("rev-parse", "--is-shallow-repository").strip() == b"true":
        return ["this clone is shallow: older commits are missing; run git fetch --unshallow"]
    return []


def _files(git: Git) -> list[str]:
    listed = git.ask("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return sorted(dict.fromkeys(git_log.readable_name(name) for name in listed.split(b"\0") if name))


def _rules(top: Path, files: Iterable[str], dialect: Dialect | None, notes: list[str]) -> CodeOwners | None:
    place = codeowners.locate(files, dialect=dialect)
    if place is None or not (top / place).is_file():
        notes.append("there is no CODEOWNERS file: nobody owns anything; write one, then come back")
        return None
    rules = codeowners.load(top / place, dialect=dialect, strict=False)
    errors = [finding for finding in rules.findings if finding.severity == "error"]
    notes += [
        f"{place}:{finding.location.line if finding.location else 0}: left out: {finding.message}" for finding in errors
    ]
    return rules


def _ownership(
    rules: CodeOwners | None, files: Iterable[str], part_of: Callable[[str], str | None], people: git_log.People
) -> tuple[list[Ownership], int]:
    counts: dict[tuple[str, str], int] = {}
    owned = 0
    for file, owners in () if rules is None else codeowners.owners_of(rules, files):
        owned += bool(owners)
        part = part_of(file)
        for owner in owners if part is not None else ():
            team = owner if owner.startswith("@") else people.id_of(owner)
            counts[part or "", team] = counts.get((part or "", team), 0) + 1
    rows = [
        Ownership(component=part, team=team, share=float(count), source="CODEOWNERS")
        for (part, team), count in counts.items()
    ]
    return rows, owned


def _dependencies(
    top: Path,
    files: list[str],
    part_of: Callable[[str], str | None],
    imports: bool | None,  # noqa: FBT001 - as the caller said
    notes: list[str],
    timeout: float,
) -> tuple[Dependency, ...]:
    packages = () if imports is False else python_imports.find_packages(files)
    if not packages:
        if imports is not False:
            notes.append("there is no Python package: dependencies are not known")
        return ()
    try:
        found = python_imports.load(top, packages, timeout=timeout)
    except (FileError, MissingDependencyError) as error:
        if imports:
            raise
        notes.append(f"dependencies are not known: {error}")
        return ()
    if found.left_out:
        notes.append(f"imports of {', '.join(found.left_out)} are left out: another package of that name hides them")
    parts = frozenset(part_of(file) for file in files)

    def known_part(file: str) -> str | None:
        part = part_of(file)
        return part if part in parts else None

    return python_imports.dependencies(found, known_part)


def _changes(
    git: Git, ref: str, since: dt.date | None, part_of: Callable[[str], str | None], people: git_log.People
) -> tuple[Change, ...]:
    window = () if since is None else (f"--since={since.isoformat()}T00:00:00",)
    pieces = git.stream(*_LOG, *window, "--end-of-options", ref, "--")
    changes = list(git_log.stream(pieces, component=part_of, people=people))
    changes.reverse()
    return tuple(changes)
