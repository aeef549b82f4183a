"""Teams, components and what ties them, as values."""

from __future__ import annotations

from typing import Literal, get_args

import attrs

from pmkit.model import _fields as fields

__all__ = [
    "INTERACTION_MODES",
    "TEAM_TYPES",
    "Change",
    "Communication",
    "Component",
    "Dependency",
    "Interaction",
    "InteractionMode",
    "Ownership",
    "OwnershipRule",
    "Team",
    "TeamType",
]

TeamType = Literal["", "stream-aligned", "platform", "enabling", "complicated-subsystem"]
TEAM_TYPES: tuple[TeamType, ...] = ("", "stream-aligned", "platform", "enabling", "complicated-subsystem")
"""The four fundamental team types (Skelton and Pais 2019, ch. 5); empty when not said."""

InteractionMode = Literal["collaboration", "x-as-a-service", "facilitating"]
INTERACTION_MODES: tuple[InteractionMode, ...] = ("collaboration", "x-as-a-service", "facilitating")
"""The three interaction modes (Skelton and Pais 2019, ch. 7)."""

MOST = 1e15
_AMOUNT = fields.number(0, MOST)


@attrs.frozen(kw_only=True)
class Team:
    """A group of people who build things together.

    Attributes
    ----------
    id : str
        The id that ownership names.
    name : str
        For people; the id when empty (see `label`).
    type : TeamType
        ``"stream-aligned"``, ``"platform"``, ``"enabling"``, ``"complicated-subsystem"`` or ``""``.
    members : tuple of str
        Ids of people; never names or addresses.
    capacity : float or None
        The most load (sum of `Component.load`) that the team can carry; None when unknown.

    Examples
    --------
    >>> Team(id="search", type="stream-aligned", members=["p07", "p11"], capacity=5).members
    ('p07', 'p11')
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(default="", validator=fields.text)
    type: TeamType = attrs.field(  # pyright: ignore[reportAssignmentType]  # it widens the default to str
        default="", validator=fields.one_of(get_args(TeamType))
    )
    members: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )
    capacity: float | None = attrs.field(default=None, validator=fields.optional(_AMOUNT))

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


@attrs.frozen(kw_only=True)
class Component:
    """A part of the product that can be owned: a package, a service, a folder.

    Attributes
    ----------
    id : str
        The id that ownership and dependencies name.
    name : str
        For people; the id when empty (see `label`).
    load : float
        How much it weighs on the team that owns it, in units of your own; 1 unless said.
    kind : str
        A word of your own, such as ``"service"`` or ``"library"``.

    Examples
    --------
    >>> Component(id="index", load=3).label
    'index'
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(default="", validator=fields.text)
    load: float = attrs.field(default=1.0, validator=_AMOUNT)
    kind: str = attrs.field(default="", validator=fields.text)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id


@attrs.frozen(kw_only=True)
class Ownership:
    """One team owns one component, alone or with others.

    Attributes
    ----------
    component, team : str
        Ids.
    share : float
        The team's part relative to the component's other owners: 1 and 1 is half each, as is 40 and 40.
    source : str
        Where it says so, such as ``"CODEOWNERS"``.

    Examples
    --------
    >>> Ownership(component="index", team="search").share
    1.0
    """

    component: str = attrs.field(validator=fields.identifier)
    team: str = attrs.field(validator=fields.identifier)
    share: float = attrs.field(default=1.0, validator=fields.number(0, MOST, above=0))
    source: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Dependency:
    """One component needs another: a change of the target can break the source.

    Attributes
    ----------
    source, target : str
        Ids: the source depends on the target.
    weight : float
        How much, such as the number of imports; 1 unless said.
    kind : str
        A word of your own, such as ``"dependencies"`` or ``"calls"``.

    Examples
    --------
    >>> Dependency(source="page", target="index").weight
    1.0
    """

    source: str = attrs.field(validator=fields.identifier)
    target: str = attrs.field(validator=fields.identifier)
    weight: float = attrs.field(default=1.0, validator=_AMOUNT)
    kind: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Communication:
    """Two teams talk, or a proxy says that they do.

    Attributes
    ----------
    a, b : str
        Ids of teams; the order does not matter.
    weight : float
        How much, such as the number of messages or of common commits; 0 is no channel.
    channel : str
        The proxy that it was read from, such as ``"co-commit"``: no measure is read without it.

    Examples
    --------
    >>> Communication(a="search", b="shop", channel="chat").weight
    1.0
    """

    a: str = attrs.field(validator=fields.identifier)
    b: str = attrs.field(validator=fields.identifier)
    weight: float = attrs.field(default=1.0, validator=_AMOUNT)
    channel: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Interaction:
    """How two teams have agreed to work with each other.

    Attributes
    ----------
    a, b : str
        Ids of teams. With ``"x-as-a-service"``, `a` uses what `b` provides; with
        ``"facilitating"``, `a` is helped by `b`.
    mode : InteractionMode
        ``"collaboration"``, ``"x-as-a-service"`` or ``"facilitating"``.

    Examples
    --------
    >>> Interaction(a="shop", b="cloud", mode="x-as-a-service").mode
    'x-as-a-service'
    """

    a: str = attrs.field(validator=fields.identifier)
    b: str = attrs.field(validator=fields.identifier)
    mode: InteractionMode = attrs.field(  # pyright: ignore[reportAssignmentType]  # it widens the default to str
        default="collaboration", validator=fields.one_of(get_args(InteractionMode))
    )


@attrs.frozen(kw_only=True)
class Change:
    """One person changed one component in one commit.

    Attributes
    ----------
    commit, author : str
        Ids; the author is a pseudonym.
    component : str
        The id of what was changed; a file's path works as well.
    files : int
        How many of its files the commit touched.

    Examples
    --------
    >>> Change(commit="e5aa5c5", author="p03", component="wallet").files
    1
    """

    commit: str = attrs.field(validator=fields.identifier)
    author: str = attrs.field(validator=fields.identifier)
    component: str = attrs.field(validator=fields.identifier)
    files: int = attrs.field(default=1, validator=fields.whole())


@attrs.frozen(kw_only=True)
class OwnershipRule:
    """One line of an ownership file, for the rule CON113.

    Attributes
    ----------
    pattern : str
        As written, such as ``"/docs/"``.
    owners : tuple of str
        Who owns what it matches.
    line : int
        Counted from 1; 0 when unknown.
    section : str
        The section it stands in; rules override only rules of their own section.
    matches, decides : int or None
        On how many known paths the pattern matches, and on how many of them it is the last to match; None
        when nobody looked.

    Examples
    --------
    >>> OwnershipRule(pattern="*.js", owners="web", line=3).owners
    ('web',)
    """

    pattern: str = attrs.field(validator=fields.title)
    owners: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.text))
    line: int = attrs.field(default=0, validator=fields.whole())
    section: str = attrs.field(default="", validator=fields.text)
    matches: int | None = attrs.field(default=None, validator=fields.optional(fields.whole()))
    decides: int | None = attrs.field(default=None, validator=fields.optional(fields.whole()))
