r"""Team APIs as YAML: what a team owns, who is in it, and how it works with others.

Skelton and Pais ask teams to publish a team API (template at github.com/TeamTopologies/Team-API-template); as
there is no file format of theirs, this is the one read here, one document for each team, ``---`` between them::

    team: search
    name: Search
    type: stream-aligned
    capacity: 5
    members: [p07, p11]
    owns: [index, {component: ranking, load: 3}]
    interactions:
      - {team: cloud, mode: x-as-a-service}
    talks_to: [shop]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pmkit.conway import (
    INTERACTION_MODES,
    TEAM_TYPES,
    Communication,
    Component,
    Interaction,
    Organization,
    Ownership,
    Team,
)
from pmkit.errors import Finding, InvalidValueError
from pmkit.formats._document import Path, refused
from pmkit.formats._fields_of import Look
from pmkit.formats._yaml import read_yaml_documents
from pmkit.model import did_you_mean, quoted

__all__ = ["loads"]

_KEYS = ("team", "name", "type", "capacity", "members", "owns", "interactions", "talks_to")
_WORDS = {"xaas": "x-as-a-service", "x as a service": "x-as-a-service", "stream aligned": "stream-aligned",
          "complicated subsystem": "complicated-subsystem", "facilitation": "facilitating"}  # fmt: skip

Made = TypeVar("Made")


class _Teams:
    """What the documents say so far."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.components: dict[str, Component] = {}
        self.ownership: list[Ownership] = []
        self.interactions: dict[tuple[str, str], Interaction] = {}
        self.talks: dict[tuple[str, str], Communication] = {}
        self.others: dict[str, None] = {}


def loads(text: str, *, source: str = "team-api.yaml") -> Organization:
    r"""Read team APIs.

    Parameters
    ----------
    text : str
        One document for each team.
    source : str
        For messages.

    Returns
    -------
    Organization
        Without dependencies: they are known elsewhere. Teams that are only mentioned are added.

    Raises
    ------
    ParseError
        With every fault: no YAML, an unknown key, type or mode, a team that is there twice.

    References
    ----------
    Skelton and Pais (2019), Team Topologies, ch. 3, "Team API".

    Examples
    --------
    >>> found = loads("team: shop\nowns: [page]\ninteractions:\n  - {team: cloud, mode: XaaS}\n")
    >>> found.interactions
    (Interaction(a='shop', b='cloud', mode='x-as-a-service'),)
    """
    made = _Teams()
    findings: list[Finding] = []
    for document in read_yaml_documents(text, source):
        look = Look(document)
        for key in look.keys(()):
            if key not in _KEYS:
                look.tell(f"unknown key {quoted(key)}{did_you_mean(key, _KEYS)}", (key,))
        _take(look, made)
        findings += look.findings
    if findings:
        raise refused(findings, source)
    for other in made.others:
        made.teams.setdefault(other, Team(id=other))
    try:
        return Organization(
            teams=made.teams.values(), components=made.components.values(), ownership=made.ownership,
            communication=made.talks.values(), interactions=made.interactions.values(),
        )  # fmt: skip
    except InvalidValueError as error:
        raise refused(error.findings or (Finding("DOC002", "error", "", str(error)),), source) from None


def _take(look: Look, made: _Teams) -> None:
    name = look.text(("team",), needed=True)
    if name in made.teams:
        look.tell(f"team {quoted(name)} is there twice", ("team",))
    if not name or name in made.teams:
        return
    capacity = look.number(("capacity",))
    kind = _word(look, ("type",), TEAM_TYPES[1:])
    members = look.texts(("members",))
    title = look.text(("name",))
    team = _tried(look, ("team",), lambda: Team(
        id=name, name=title, type=kind or "", members=members, capacity=capacity,  # type: ignore[arg-type]  # one of TEAM_TYPES
    ))  # fmt: skip
    if team is None:
        return
    made.teams[name] = team
    for at in look.items(("owns",)):
        _own(look, at, name, made)
    for at in look.items(("interactions",)):
        other, mode = look.text((*at, "team"), needed=True), _word(look, (*at, "mode"), INTERACTION_MODES)
        if other and mode:
            _meet(look, at, name, other, mode, made)
    for other in look.texts(("talks_to",)):
        made.others[other] = None
        pair = (min(name, other), max(name, other))
        made.talks.setdefault(pair, Communication(a=name, b=other, channel="team-api"))


def _own(look: Look, at: Path, team: str, made: _Teams) -> None:
    alone = isinstance(look.get(at), str)
    part = look.text(at) if alone else look.text((*at, "component"), needed=True)
    load = None if alone else look.number((*at, "load"))
    share = None if alone else look.number((*at, "share"))
    if not part:
        return
    made_part = _tried(look, at, lambda: Component(id=part, load=1.0 if load is None else load))
    row = _tried(look, at, lambda: Ownership(
        component=part, team=team, share=1.0 if share is None else share, source="team-api",
    ))  # fmt: skip
    if made_part is not None and row is not None:
        if load is not None or part not in made.components:
            made.components[part] = made_part
        made.ownership.append(row)


def _meet(look: Look, at: Path, team: str, other: str, mode: str, made: _Teams) -> None:
    made.others[other] = None
    found = _tried(look, at, lambda: Interaction(a=team, b=other, mode=mode))  # type: ignore[arg-type]  # one of INTERACTION_MODES
    if found is not None:
        made.interactions.setdefault((team, other), found)


def _word(look: Look, path: Path, known: tuple[str, ...]) -> str:
    text = look.text(path)
    word = _WORDS.get(text.lower(), text.lower())
    if text and word not in known:
        look.tell(f"{quoted(text)} is none of {', '.join(known)}{did_you_mean(text, known)}", path)
        return ""
    return word


def _tried(look: Look, path: Path, make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except InvalidValueError as error:
        look.tell(str(error), path)
        return None
