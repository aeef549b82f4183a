"""Changes of an organization, and what they change in the measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import attrs

from pmkit.conway._arrays import chosen
from pmkit.conway._congruence import congruence
from pmkit.conway._coordination import required_pairs
from pmkit.conway._coupling import cognitive_load, cross_team_coupling
from pmkit.conway._mapping import owners
from pmkit.conway._model import Ownership, Team
from pmkit.conway._organization import Organization
from pmkit.conway._validation import texts_of
from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, quoted, unknown_id

__all__ = ["Comparison", "compare", "merge_teams", "move_component", "split_team"]


def _want_team(organization: Organization, team: str) -> None:
    if team not in organization.index.team_at:
        raise unknown_id("team", team, organization.index.team_at)


def move_component(
    organization: Organization, component: str, team: str, *, replace: Literal["primary", "all"] = "primary"
) -> Organization:
    """Hand a component to another team.

    Parameters
    ----------
    organization : Organization
    component, team : str
        Ids: what moves, and where.
    replace : {"primary", "all"}
        The team takes the place of the primary owner and other owners stay, or it becomes the only owner. A team
        that was a co-owner adds the primary owner's share to its own.

    Returns
    -------
    Organization

    Raises
    ------
    UnknownIdError
        For a component or a team that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": ["web", "data"], "index": "pay"})
    >>> conway.owners(move_component(shop, "page", "pay"), "page")
    {'pay': 0.5, 'data': 0.5}
    """
    _want_team(organization, team)
    chosen(replace, "replace", ("primary", "all"))
    shares = owners(organization, component)
    primary = max(shares, key=shares.__getitem__) if shares else None
    new: dict[str, float] = {}
    for owner, share in shares.items():
        keeps = replace == "primary" and owner != primary
        name = owner if keeps else team
        new[name] = new.get(name, 0.0) + share
    if primary == team and replace == "primary":
        return organization
    first = {team: new.pop(team, 1.0)}
    # the team that moves in leads the list, so that it is the primary owner where shares are equal
    rows = [Ownership(component=component, team=name, share=share) for name, share in {**first, **new}.items()]
    sources = dict.fromkeys(row.source for row in organization.ownership if row.component == component)
    if len(sources) == 1:
        rows = [attrs.evolve(row, source=next(iter(sources))) for row in rows]
    return attrs.evolve(organization, ownership=_replaced(organization.ownership, component, rows))


def _replaced(ownership: Iterable[Ownership], component: str, rows: list[Ownership]) -> list[Ownership]:
    found: list[Ownership] = []
    placed = False
    for row in ownership:
        if row.component != component:
            found.append(row)
        elif not placed:
            found.extend(rows)
            placed = True
    return found if placed else [*found, *rows]


def merge_teams(organization: Organization, teams: Collection[str], into: str) -> Organization:
    """Make one team of several.

    Parameters
    ----------
    organization : Organization
    teams : collection of str
        Ids of the teams that merge.
    into : str
        The id of the team that they become: one of them or another that exists, which keeps its fields and
        takes the members and the capacity of all.

    Returns
    -------
    Organization
        Talk and interactions between the merged teams are gone.

    Raises
    ------
    UnknownIdError
        For a team that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": ["web", "data"], "index": "data"})
    >>> merged = merge_teams(shop, ["web", "data"], into="web")
    >>> [team.id for team in merged.teams], conway.owners(merged, "page")
    (['web'], {'web': 1.0})
    """
    names = dict.fromkeys((*texts_of(teams, "teams"), into))
    for name in names:
        _want_team(organization, name)
    joined = [team for team in organization.teams if team.id in names]
    capacities = [team.capacity for team in joined]
    known = [capacity for capacity in capacities if capacity is not None]
    merged = attrs.evolve(
        next(team for team in joined if team.id == into),
        members=tuple(dict.fromkeys(person for team in joined for person in team.members)),
        capacity=sum(known) if len(known) == len(capacities) else None,
    )

    def renamed(team: str) -> str:
        return into if team in names else team

    return attrs.evolve(
        organization,
        teams=[
            merged if team.id == into else team
            for team in organization.teams
            if team.id not in names or team.id == into
        ],
        ownership=_summed(attrs.evolve(row, team=renamed(row.team)) for row in organization.ownership),
        communication=[
            attrs.evolve(talk, a=renamed(talk.a), b=renamed(talk.b))
            for talk in organization.communication
            if talk.a == talk.b or renamed(talk.a) != renamed(talk.b)
        ],
        interactions=[
            attrs.evolve(tie, a=renamed(tie.a), b=renamed(tie.b))
            for tie in organization.interactions
            if tie.a == tie.b or renamed(tie.a) != renamed(tie.b)
        ],
    )


def _summed(rows: Iterable[Ownership]) -> list[Ownership]:
    found: dict[tuple[str, str, str], Ownership] = {}
    for row in rows:
        key = (row.component, row.team, row.source)
        found[key] = attrs.evolve(found[key], share=found[key].share + row.share) if key in found else row
    return list(found.values())


def split_team(
    organization: Organization,
    team: str,
    new: Team | str,
    components: Collection[str],
    *,
    members: Collection[str] = (),
) -> Organization:
    """Make two teams of one.

    Parameters
    ----------
    organization : Organization
    team : str
        The team that is split; it keeps its channels and its interactions.
    new : Team or str
        The new team, or its id (then of the same type, its capacity unknown).
    components : collection of str
        Which of the team's components the new team takes, with the team's share of each.
    members : collection of str
        Which of its members go along.

    Returns
    -------
    Organization

    Raises
    ------
    UnknownIdError
        For a team that does not exist, or a component or member that is not the team's.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": "web"})
    >>> conway.components_of(split_team(shop, "web", "pay", ["cart"]), "pay")
    ('cart',)
    """
    _want_team(organization, team)
    old = organization.teams[organization.index.team_at[team]]
    added = Team(id=new, type=old.type) if isinstance(new, str) else new
    if not isinstance(added, Team):
        raise InvalidValueError(f"new must be a team or an id, not {quoted(new)}")
    taken = dict.fromkeys(texts_of(components, "components"))
    owned = dict.fromkeys(row.component for row in organization.ownership if row.team == team)
    for name in taken:
        if name not in owned:
            raise unknown_id(f"component of team {quoted(team)}", name, owned)
    going = dict.fromkeys(texts_of(members, "members"))
    for person in going:
        if person not in old.members:
            raise unknown_id(f"member of team {quoted(team)}", person, old.members)
    left = attrs.evolve(old, members=tuple(person for person in old.members if person not in going))
    grown = attrs.evolve(added, members=tuple(dict.fromkeys((*added.members, *going))))
    teams: list[Team] = []
    for each in organization.teams:
        teams.extend((left, grown) if each.id == team else (each,))
    return attrs.evolve(
        organization,
        teams=teams,
        ownership=[
            attrs.evolve(row, team=grown.id) if row.team == team and row.component in taken else row
            for row in organization.ownership
        ],
    )


@attrs.frozen(kw_only=True)
class Comparison(Table):
    """Two organizations side by side.

    Attributes
    ----------
    measures : tuple of (str, before, after)
        The name of each measure and its two values.
    moved : tuple of (str, before, after)
        Components whose owners differ, with both tuples of owners.
    added_pairs, dropped_pairs : tuple of (str, str)
        Pairs of teams that must coordinate after and not before, and the reverse.
    added_components, dropped_components, added_teams, dropped_teams : tuple of str

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"}, [("page", "index")])
    >>> conway.compare(shop, conway.move_component(shop, "index", "web")).moved
    (('index', ('data',), ('web',)),)
    """

    measures: tuple[tuple[str, float | Undefined, float | Undefined], ...]
    moved: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    added_pairs: tuple[tuple[str, str], ...]
    dropped_pairs: tuple[tuple[str, str], ...]
    added_components: tuple[str, ...]
    dropped_components: tuple[str, ...]
    added_teams: tuple[str, ...]
    dropped_teams: tuple[str, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each measure."""
        return [{"measure": name, "before": before, "after": after} for name, before, after in self.measures]


def compare(before: Organization, after: Organization) -> Comparison:
    """Compare two organizations: what moved, and what that does to the measures.

    Parameters
    ----------
    before, after : Organization

    Returns
    -------
    Comparison

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"}, [("page", "index")])
    >>> print(compare(shop, conway.move_component(shop, "index", "web")).to_markdown())
    | measure | before | after |
    |---|---|---|
    | teams that own something | 2 | 1 |
    | crossing edges, any owner | 1 | 0 |
    | crossing edges, primary owner | 1 | 0 |
    | required team pairs | 1 | 0 |
    | congruence | 0 | 1 |
    | weighted congruence | 0 | 1 |
    | components without an owner | 0 | 0 |
    | overloaded teams | 0 | 0 |
    """
    first, second = _measured(before), _measured(after)
    old, new = _owner_sets(before), _owner_sets(after)
    needs = [required_pairs(one) for one in (before, after)]
    pairs = [{frozenset(pair) for pair in need} for need in needs]
    teams = [{team.id: None for team in one.teams} for one in (before, after)]
    return Comparison(
        measures=tuple((name, value, second[name]) for name, value in first.items()),
        moved=tuple((part, was, new[part]) for part, was in old.items() if part in new and was != new[part]),
        added_pairs=tuple(pair for pair in needs[1] if frozenset(pair) not in pairs[0]),
        dropped_pairs=tuple(pair for pair in needs[0] if frozenset(pair) not in pairs[1]),
        added_components=tuple(part for part in new if part not in old),
        dropped_components=tuple(part for part in old if part not in new),
        added_teams=tuple(team for team in teams[1] if team not in teams[0]),
        dropped_teams=tuple(team for team in teams[0] if team not in teams[1]),
    )


def _owner_sets(organization: Organization) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {part.id: {} for part in organization.components}
    for row in organization.ownership:
        found[row.component][row.team] = None
    return {part: tuple(teams) for part, teams in found.items()}


def _measured(organization: Organization) -> dict[str, float | Undefined]:
    fit = congruence(organization)
    loads = cognitive_load(organization)
    return {
        "teams that own something": float(sum(row.components > 0 for row in loads.rows)),
        "crossing edges, any owner": float(cross_team_coupling(organization).crossing),
        "crossing edges, primary owner": float(cross_team_coupling(organization, owner="primary").crossing),
        "required team pairs": float(fit.required),
        "congruence": fit.unweighted_value,
        "weighted congruence": fit.weighted_value,
        "components without an owner": float(sum(not teams for teams in _owner_sets(organization).values())),
        "overloaded teams": float(sum(row.over for row in loads.rows)),
    }
