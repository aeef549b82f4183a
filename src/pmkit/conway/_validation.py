"""What keeps records from being an organization: every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from pmkit.conway._model import Communication, Component, Dependency, Interaction, Ownership, Team
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Hit, did_you_mean, id_clashes, quoted, sorted_findings

__all__ = [
    "Index",
    "Parts",
    "duplicate_ids",
    "faults_of",
    "index_of",
    "texts_of",
    "unknown_components",
    "unknown_teams",
]

_COMPARED = 2_000


@attrs.frozen(kw_only=True)
class Parts:
    """The parts of an organization, fitting together or not."""

    teams: tuple[Team, ...]
    components: tuple[Component, ...]
    ownership: tuple[Ownership, ...]
    dependencies: tuple[Dependency, ...]
    communication: tuple[Communication, ...]
    interactions: tuple[Interaction, ...]


@attrs.frozen(kw_only=True)
class Index:
    """Ids as numbers: what every measure computes with; made once, in the pass that validates."""

    team_at: dict[str, int]
    component_at: dict[str, int]
    owned: tuple[int, ...]
    owner: tuple[int, ...]
    source: tuple[int, ...]
    target: tuple[int, ...]


def texts_of(value: object, name: str) -> tuple[str, ...]:
    """Take one text or several; refuse everything else."""
    if isinstance(value, str):
        return (value,)
    members: tuple[object, ...] = tuple(value) if isinstance(value, Iterable) else (value,)
    texts = tuple([member for member in members if isinstance(member, str)])
    if len(texts) != len(members):
        raise InvalidValueError(f"{name} must be text or a list of texts, not {quoted(value)}")
    return texts


def index_of(parts: Parts) -> Index | None:
    """Give all ids numbers, or return None when some id is unknown or used twice."""
    teams = {team.id: at for at, team in enumerate(parts.teams)}
    components = {component.id: at for at, component in enumerate(parts.components)}
    try:
        index = Index(
            team_at=teams,
            component_at=components,
            owned=tuple([components[row.component] for row in parts.ownership]),
            owner=tuple([teams[row.team] for row in parts.ownership]),
            source=tuple([components[row.source] for row in parts.dependencies]),
            target=tuple([components[row.target] for row in parts.dependencies]),
        )
    except KeyError:
        return None
    if any(talk.a not in teams or talk.b not in teams for talk in parts.communication):
        return None
    if any(tie.a not in teams or tie.b not in teams for tie in parts.interactions):
        return None
    return None if id_clashes(team.id for team in parts.teams) or id_clashes(c.id for c in parts.components) else index


def faults_of(parts: Parts) -> tuple[Finding, ...]:
    """Find every fault of structure."""
    checks = (("CON111", unknown_teams), ("CON112", unknown_components), ("CON114", duplicate_ids))
    return sorted_findings(
        Finding(code, "error", hit.subject, hit.message, hit.hint) for code, check in checks for hit in check(parts)
    )


def unknown_teams(parts: Parts) -> Iterator[Hit]:
    """Find teams that are named and do not exist, each place once."""
    known = {team.id: None for team in parts.teams}
    named = [(row.team, f"an owner of component {quoted(row.component)}") for row in parts.ownership]
    talks = [("communication", talk.a, talk.b) for talk in parts.communication]
    ties = [("interaction", tie.a, tie.b) for tie in parts.interactions]
    named += [(end, f"{what} of {quoted(a)} and {quoted(b)}") for what, a, b in (*talks, *ties) for end in (a, b)]
    yield from _unknown("team", named, known)


def unknown_components(parts: Parts) -> Iterator[Hit]:
    """Find components that are named and do not exist, each place once."""
    known = {component.id: None for component in parts.components}
    named = [(row.component, f"ownership by team {quoted(row.team)}") for row in parts.ownership]
    named += [
        (end, f"dependency {quoted(d.source)} → {quoted(d.target)}")
        for d in parts.dependencies
        for end in (d.source, d.target)
    ]
    yield from _unknown("component", named, known)


def _unknown(what: str, named: Iterable[tuple[str, str]], known: dict[str, None]) -> Iterator[Hit]:
    places: dict[str, dict[str, None]] = {}
    for name, place in named:
        if name not in known:
            places.setdefault(name, {})[place] = None
    candidates = list(known)[:_COMPARED]
    for count, (name, where) in enumerate(places.items()):
        first, more = next(iter(where)), len(where) - 1
        also = f" and {more} more" if more else ""
        hint = did_you_mean(name, candidates) if count < _COMPARED else ""
        yield Hit(name, f"{first}{also} names {what} {quoted(name)}, which does not exist{hint}", f"add the {what}")


def duplicate_ids(parts: Parts) -> Iterator[Hit]:
    """Find ids that two teams or two components share, judged after NFKC."""
    for what, ids in (("teams", [t.id for t in parts.teams]), ("components", [c.id for c in parts.components])):
        for later, earlier in id_clashes(ids):
            same = "" if later == earlier else f" (the same as {quoted(earlier)} after Unicode normalization)"
            yield Hit(later, f"two {what} have the id {quoted(later)}{same}", "give each an id of its own")
