"""What crosses between teams, and what each team carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from pmkit.conway._arrays import OWNER_VIEWS, OwnerView, chosen, edges_of, owners_of, shares_an_owner, want_whole
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, quoted, unknown_id

__all__ = [
    "CrossTeamCoupling",
    "Load",
    "Loads",
    "TeamCoupling",
    "cognitive_load",
    "communication_channels",
    "cross_team_coupling",
]


@attrs.frozen(kw_only=True)
class TeamCoupling:
    """The edges of one team's components.

    Attributes
    ----------
    team : str
    within : int
        Edges between two components of the team.
    outgoing, incoming : int
        Edges from its components to others', and from others' to its own.

    Examples
    --------
    >>> TeamCoupling(team="web", within=3, outgoing=1, incoming=0).outgoing
    1
    """

    team: str
    within: int
    outgoing: int
    incoming: int


@attrs.frozen(kw_only=True)
class CrossTeamCoupling(Table):
    """How many dependencies cross between teams.

    Attributes
    ----------
    edges : int
        Distinct pairs of two different components, the source depending on the target.
    crossing, within : int
        Those that cross teams and those that stay within one, by the convention of `owner`.
    unowned : int
        Those with an end that has no owner.
    share : float or Undefined
        Crossing edges as a share of crossing and within. By itself it says little: see `mirroring`.
    crossing_weight, within_weight : float
        The same by weight.
    owner : {"any", "primary"}
        Whether a common owner is enough to be within.
    teams : tuple of TeamCoupling
        By team; an edge is within for every team that owns both ends.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.cross_team_coupling(conway.from_owners({"a": "t", "b": "u"}, [("a", "b")])).crossing
    1
    """

    edges: int
    crossing: int
    within: int
    unowned: int
    share: float | Undefined
    crossing_weight: float
    within_weight: float
    owner: OwnerView
    teams: tuple[TeamCoupling, ...] = attrs.field(repr=False)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each team."""
        return [attrs.asdict(row) for row in self.teams]


def cross_team_coupling(organization: Organization, *, owner: OwnerView = "any") -> CrossTeamCoupling:
    """Count the dependencies that cross between teams.

    Parameters
    ----------
    organization : Organization
    owner : {"any", "primary"}
        ``"any"``: an edge is within when its ends share an owner. ``"primary"``: when their primary owners are
        the same. With the first, a shared component couples its owners less than with the second.

    Returns
    -------
    CrossTeamCoupling

    Raises
    ------
    InvalidValueError
        For an unknown view of owners.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": ["pay", "web"]}, [("page", "cart")])
    >>> cross_team_coupling(shop).crossing, cross_team_coupling(shop, owner="primary").crossing
    (0, 1)
    """
    import numpy as np

    chosen(owner, "owner", OWNER_VIEWS)
    edges, found = edges_of(organization), owners_of(organization)
    apart = edges.source != edges.target
    owned = found.primary >= 0
    both = apart & owned[edges.source] & owned[edges.target]
    together = shares_an_owner(edges, found, owner)
    crossing, within = both & ~together, both & together
    total = int(both.sum())
    return CrossTeamCoupling(
        edges=int(apart.sum()),
        crossing=int(crossing.sum()),
        within=int(within.sum()),
        unowned=int((apart & ~both).sum()),
        share=int(crossing.sum()) / total if total else Undefined("no data"),
        crossing_weight=float(edges.weight[crossing].sum()),
        within_weight=float(edges.weight[within].sum()),
        owner=owner,
        teams=_by_team(organization, np.flatnonzero(apart).tolist(), owner),
    )


def _by_team(organization: Organization, kept: list[int], owner: OwnerView) -> tuple[TeamCoupling, ...]:
    edges, found = edges_of(organization), owners_of(organization)
    starts, team, primary = found.start.tolist(), found.team.tolist(), found.primary.tolist()
    sets: list[tuple[int, ...]]
    if owner == "primary":
        sets = [(first,) if first >= 0 else () for first in primary]
    else:
        sets = [tuple(team[starts[at] : starts[at + 1]]) for at in range(len(primary))]
    within, outgoing, incoming = ([0] * len(organization.teams) for _ in range(3))
    sources, targets = edges.source.tolist(), edges.target.tolist()
    for edge in kept:
        mine, others = sets[sources[edge]], sets[targets[edge]]
        for one in mine:
            if one in others:
                within[one] += 1
            else:
                outgoing[one] += 1
        for one in others:
            if one not in mine:
                incoming[one] += 1
    return tuple(
        TeamCoupling(team=each.id, within=within[at], outgoing=outgoing[at], incoming=incoming[at])
        for at, each in enumerate(organization.teams)
    )


@attrs.frozen(kw_only=True)
class Load:
    """What one team carries.

    Attributes
    ----------
    team : str
    components : int
        How many it owns, alone or with others.
    load : float
        The sum of their loads, by the convention of `Loads.shared`.
    capacity : float or Undefined
        What the team can carry, if that is known.
    used : float or Undefined
        Load over capacity.
    people, channels : int
        Members, and the pairs of them: n(n - 1)/2.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.cognitive_load(conway.from_owners({"page": "web"})).rows[0].load
    1.0
    """

    team: str
    components: int
    load: float
    capacity: float | Undefined
    used: float | Undefined
    people: int
    channels: int

    @property
    def over(self) -> bool:
        """Whether the load is above the capacity, beyond rounding."""
        return not isinstance(self.capacity, Undefined) and self.load > self.capacity * (1 + 1e-9)


@attrs.frozen(kw_only=True)
class Loads(Table):
    """What every team carries, against its capacity.

    Attributes
    ----------
    rows : tuple of Load
        One for each team, in order.
    unowned : float
        The load of components without an owner: nobody's, and somebody's tomorrow.
    shared : {"split", "full"}
        Whether a shared component weighs on its owners by their shares, or fully on each.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.cognitive_load(conway.from_owners({"page": ["web", "pay"]})).rows[1].load
    0.5
    """

    rows: tuple[Load, ...]
    unowned: float
    shared: str

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each team."""
        return [attrs.asdict(row, recurse=False) for row in self.rows]

    def __getitem__(self, team: str) -> Load:
        for row in self.rows:
            if row.team == team:
                return row
        raise unknown_id("team", team, [row.team for row in self.rows])


def cognitive_load(
    organization: Organization,
    *,
    capacity: float | Mapping[str, float] | None = None,
    shared: Literal["split", "full"] = "split",
) -> Loads:
    """Add up what each team carries, and compare it with what it can carry.

    Parameters
    ----------
    organization : Organization
    capacity : float, mapping of str to float, or None
        For all teams, or by team id; where it says nothing, `Team.capacity`.
    shared : {"split", "full"}
        Split the load of a shared component by share, or let each owner carry it fully.

    Returns
    -------
    Loads

    Raises
    ------
    InvalidValueError
        For an unknown way of sharing, or a capacity that is no number from 0 up.
    UnknownIdError
        For a team with a capacity that does not exist.

    References
    ----------
    Skelton and Pais (2019), *Team Topologies*, ch. 3: limit a team's responsibilities to its cognitive load.

    Examples
    --------
    >>> from pmkit import conway
    >>> loads = cognitive_load(conway.from_owners({"page": "web", "cart": "web"}), capacity=1)
    >>> loads["web"].used, loads["web"].over
    (2.0, True)
    """
    import numpy as np

    chosen(shared, "shared", ("split", "full"))
    found = owners_of(organization)
    weights = np.array([part.load for part in organization.components], dtype=np.float64)
    component = np.repeat(np.arange(len(weights)), np.diff(found.start))
    part = weights[component] * (found.share if shared == "split" else 1.0)
    carried = np.bincount(found.team, part, minlength=len(organization.teams)).tolist()
    counts = np.bincount(found.team, minlength=len(organization.teams)).tolist()
    limits = capacities(organization, capacity)
    rows: list[Load] = []
    for at, team in enumerate(organization.teams):
        limit = limits[at]
        people = len(dict.fromkeys(team.members))
        rows.append(
            Load(
                team=team.id,
                components=counts[at],
                load=carried[at],
                capacity=Undefined("no capacity is given") if limit is None else limit,
                used=_used(carried[at], limit),
                people=people,
                channels=communication_channels(people),
            )
        )
    return Loads(rows=tuple(rows), unowned=float(weights[found.primary < 0].sum()), shared=shared)


def _used(load: float, limit: float | None) -> float | Undefined:
    if limit is None:
        return Undefined("no capacity is given")
    return load / limit if limit > 0 else Undefined("the denominator is within noise of zero")


def capacities(organization: Organization, capacity: float | Mapping[str, float] | None) -> list[float | None]:
    """Return the capacity of each team; None where nothing is known."""
    by_team: Mapping[str, object] = capacity if isinstance(capacity, Mapping) else {}
    for name in by_team:
        if name not in organization.index.team_at:
            raise unknown_id("team", name, organization.index.team_at)
    for_all = None if isinstance(capacity, Mapping) else capacity
    found: list[float | None] = []
    for team in organization.teams:
        value = by_team.get(team.id, team.capacity if for_all is None else for_all)
        if value is None:
            found.append(None)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            found.append(float(value))
        else:
            message = f"the capacity of team {quoted(team.id)} must be a number from 0 up, not {quoted(value)}"
            raise InvalidValueError(message)
    return found


def communication_channels(people: int) -> int:
    """Return how many pairs of people could talk: n(n - 1)/2.

    Parameters
    ----------
    people : int
        How many there are.

    Returns
    -------
    int

    Raises
    ------
    InvalidValueError
        When `people` is not a whole number from 0 up.

    References
    ----------
    Brooks (1975), *The Mythical Man-Month*, ch. 2.

    Examples
    --------
    >>> communication_channels(9)
    36
    """
    want_whole(people, "people", 0)
    return people * (people - 1) // 2
