r"""OWNERS files of Kubernetes: approvers and reviewers of a folder, inherited by the folders below it.

An OWNERS file counts for its folder and all below it, on top of those above, unless it says
``options: {no_parent_owners: true}``. ``filters`` say by a regular expression which files they are about: only
``.*`` and the ``\.ext$`` form are understood here, by their meaning; anything else is left out and named, because
a foreign regular expression may never end. OWNERS_ALIASES gives groups of people a name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from pmkit.conway import Organization, from_owners
from pmkit.errors import Finding, ParseError
from pmkit.formats._document import refused
from pmkit.formats._fields_of import Look
from pmkit.formats._files import read_text
from pmkit.formats._yaml import read_yaml
from pmkit.model import Value, frozen_mapping
from pmkit.model import _fields as fields

__all__ = ["Owners", "OwnersTree", "aliases_of", "load", "loads", "organization", "owners"]

_EVERYTHING = (".*", "", "^.*$", ".*$")


Named = tuple[tuple[str, ...], tuple[str, ...]]
"""Approvers and reviewers."""


def _filters(value: Mapping[str, Named]) -> Mapping[str, Named]:
    return frozen_mapping(value)


def _folders(value: Mapping[str, Owners]) -> Mapping[str, Owners]:
    return frozen_mapping({("" if name == "." else name): found for name, found in value.items()})


def _aliases(value: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return frozen_mapping({name.lower(): tuple(people) for name, people in value.items()})


@attrs.frozen(kw_only=True)
class Owners(Value):
    r"""One OWNERS file.

    Attributes
    ----------
    approvers, reviewers : tuple of str
        People and names of aliases, in lower case as Kubernetes compares them.
    filters : mapping of str to (tuple of str, tuple of str)
        Approvers and reviewers by the ending of the file's name, such as ``".go"``.
    no_parent_owners : bool
        Whether those above do not count.
    labels : tuple of str
    left_out : tuple of str
        Filters that are not understood and count for nothing.

    Examples
    --------
    >>> loads("approvers: [p07]\noptions:\n  no_parent_owners: true\n").no_parent_owners
    True
    """

    approvers: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)
    reviewers: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)
    filters: Mapping[str, Named] = attrs.field(factory=dict, converter=_filters)
    no_parent_owners: bool = False
    labels: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)
    left_out: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts)


@attrs.frozen(kw_only=True)
class OwnersTree(Value):
    """The OWNERS files of a checkout.

    Attributes
    ----------
    folders : mapping of str to Owners
        By folder, ``""`` or ``"."`` for the top.
    aliases : mapping of str to tuple of str
        People by name of the group.

    Examples
    --------
    >>> tree = OwnersTree(folders={"": Owners(approvers="leads")}, aliases={"leads": ["p07", "p11"]})
    >>> owners(tree, "pkg/a.go")
    ('p07', 'p11')
    """

    folders: Mapping[str, Owners] = attrs.field(factory=dict, converter=_folders)
    aliases: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, converter=_aliases)


def loads(text: str, *, source: str = "OWNERS") -> Owners:
    r"""Read one OWNERS file.

    Parameters
    ----------
    text : str
    source : str
        For messages.

    Returns
    -------
    Owners

    Raises
    ------
    ParseError
        With every fault: no YAML, a list that is none.

    References
    ----------
    Kubernetes, "OWNERS files", guide for contributors.

    Examples
    --------
    >>> found = loads("filters:\n  '.*': {approvers: [p07]}\n  '\\.go$': {approvers: [p11]}\n")
    >>> found.approvers, found.filters[".go"]
    (('p07',), (('p11',), ()))
    """
    look = Look(read_yaml(text, source))
    look.keys(())
    approvers = _people(look, ("approvers",))
    reviewers = _people(look, ("reviewers",))
    filters: dict[str, Named] = {}
    left_out: list[str] = []
    for expression in look.keys(("filters",)):
        at = ("filters", expression)
        named = (_people(look, (*at, "approvers")), _people(look, (*at, "reviewers")))
        ending = _ending(expression)
        if expression in _EVERYTHING:
            approvers, reviewers = approvers + named[0], reviewers + named[1]
        elif ending is None:
            left_out.append(expression)
        else:
            filters[ending] = named
    made = Owners(
        approvers=tuple(dict.fromkeys(approvers)),
        reviewers=tuple(dict.fromkeys(reviewers)),
        filters=filters,
        no_parent_owners=look.flag(("options", "no_parent_owners")),
        labels=look.texts(("labels",)),
        left_out=tuple(left_out),
    )
    if look.findings:
        raise refused(look.findings, source)
    return made


def _people(look: Look, path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower().removeprefix("@") for name in look.texts(path))


def _ending(expression: str) -> str | None:
    r"""Return ``.go`` for ``\.go$`` and what means the same; None for anything else."""
    bare = expression.removeprefix("^").removeprefix(".*")
    if not bare.endswith("$"):
        return None
    text = bare[:-1].replace("\\.", "\0")
    if not text or any(character in ".*+?()[]{}|^$\\" for character in text):
        return None
    return text.replace("\0", ".")


def aliases_of(text: str, *, source: str = "OWNERS_ALIASES") -> dict[str, tuple[str, ...]]:
    r"""Read an OWNERS_ALIASES file.

    Parameters
    ----------
    text : str
    source : str
        For messages.

    Returns
    -------
    dict of str to tuple of str

    Raises
    ------
    ParseError
        With every fault.

    Examples
    --------
    >>> aliases_of("aliases:\n  leads: [p07, p11]\n")
    {'leads': ('p07', 'p11')}
    """
    look = Look(read_yaml(text, source))
    look.keys(())
    found = {name.lower(): _people(look, ("aliases", name)) for name in look.keys(("aliases",))}
    if look.findings:
        raise refused(look.findings, source)
    return found


def owners(tree: OwnersTree, path: str, *, role: str = "approvers") -> tuple[str, ...]:
    """Return who may approve a change of a file, the nearest first.

    Parameters
    ----------
    tree : OwnersTree
    path : str
        Relative to the checkout, with slashes.
    role : {"approvers", "reviewers"}

    Returns
    -------
    tuple of str
        Aliases resolved, once each.

    Examples
    --------
    >>> tree = OwnersTree(folders={
    ...     "": Owners(approvers="p01"), "pkg": Owners(approvers="p02"),
    ...     "pkg/own": Owners(approvers="p03", no_parent_owners=True)})
    >>> owners(tree, "pkg/a.go"), owners(tree, "pkg/own/b.go")
    (('p02', 'p01'), ('p03',))
    """
    named: list[str] = []
    for folder in _upward(path):
        found = tree.folders.get(folder)
        if found is None:
            continue
        named += found.approvers if role == "approvers" else found.reviewers
        for ending, (approvers, reviewers) in found.filters.items():
            if path.endswith(ending):
                named += approvers if role == "approvers" else reviewers
        if found.no_parent_owners:
            break
    people = (person for name in named for person in tree.aliases.get(name, (name,)))
    return tuple(dict.fromkeys(people))


def _upward(path: str) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def load(folder: str | os.PathLike[str]) -> OwnersTree:
    r"""Read all OWNERS files below a folder, and its OWNERS_ALIASES.

    Parameters
    ----------
    folder : path

    Returns
    -------
    OwnersTree

    Raises
    ------
    FileError
        When a file cannot be read.
    ParseError
        With the faults of all files.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "OWNERS").write_text("approvers: [p07]\n")
    ...     owners(load(folder), "pkg/a.go")
    ('p07',)
    """
    top = Path(folder)
    found: dict[str, Owners] = {}
    findings: list[Finding] = []
    aliases: dict[str, tuple[str, ...]] = {}
    if (top / "OWNERS_ALIASES").is_file():
        aliases = aliases_of(read_text(top / "OWNERS_ALIASES"), source=os.fspath(top / "OWNERS_ALIASES"))
    for place, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name != ".git")
        if "OWNERS" in files:
            file = Path(place, "OWNERS")
            try:
                found[Path(place).relative_to(top).as_posix()] = loads(read_text(file), source=os.fspath(file))
            except ParseError as error:
                findings += error.findings
    if findings:
        raise refused(findings, os.fspath(top))
    return OwnersTree(folders=found, aliases=aliases)


def organization(tree: OwnersTree) -> Organization:
    """Make an organization: each folder with an OWNERS file is a component, each name it lists an owner.

    Parameters
    ----------
    tree : OwnersTree

    Returns
    -------
    Organization
        Aliases stay teams, with their people as members; people who are listed alone are teams of one.

    Raises
    ------
    InvalidValueError
        For what is wrong with the organization that the files make, all at once.

    Examples
    --------
    >>> tree = OwnersTree(folders={"pkg": Owners(approvers="leads")}, aliases={"leads": ["p07"]})
    >>> organization(tree).teams[0].members
    ('p07',)
    """
    from pmkit.conway import Team

    owning = {
        folder or ".": tuple(dict.fromkeys((*found.approvers, *(a for ap, _ in found.filters.values() for a in ap))))
        for folder, found in tree.folders.items()
    }
    used = dict.fromkeys(name for names in owning.values() for name in names)
    teams = [Team(id=name, members=tree.aliases.get(name, (name,))) for name in used]
    return from_owners(owning, teams=teams, source="OWNERS")
