"""Who must talk to whom, and who does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

import attrs

from pmkit.conway._arrays import Integers, Numbers, chosen_channels, edges_of, expanded, owners_of, sums
from pmkit.conway._organization import Organization
from pmkit.model import Table

__all__ = [
    "CoordinationRequirements",
    "Pair",
    "Pairs",
    "TeamPair",
    "coordination_requirements",
    "required_pairs",
    "service_pairs",
    "talk_of",
]

Pair: TypeAlias = tuple[str, str]
Pairs: TypeAlias = Mapping[Pair, float] | Iterable[Pair]


@attrs.frozen
class TeamPair:
    """Two teams and the weight between them.

    Attributes
    ----------
    a, b : str
        Ids, in the organization's order of teams.
    weight : float
        What is added up stands in the result that holds the pair.

    Examples
    --------
    >>> TeamPair("web", "data", 2.0).weight
    2.0
    """

    a: str
    b: str
    weight: float


@attrs.frozen(kw_only=True)
class CoordinationRequirements(Table):
    """How much each team depends on each other team, through what they own.

    Attributes
    ----------
    teams : tuple of str
        All teams, in order.
    source, target : ndarray of int
        Places in `teams`: the owner of the source of an edge, the owner of its target; read-only.
    weight : ndarray of float
        The sum of the edges' weights (times both shares with `shares`); read-only.
    shares : bool
        Whether owners count by their share, or each fully.

    Examples
    --------
    >>> from pmkit import conway
    >>> needs = conway.coordination_requirements(conway.from_owners({"page": "web", "index": "data"},
    ...                                                             [("page", "index")]))
    >>> needs.to_array()
    array([[0., 1.],
           [0., 0.]])
    >>> needs.pairs()
    (TeamPair(a='web', b='data', weight=1.0),)
    """

    teams: tuple[str, ...]
    source: Integers = attrs.field(repr=False, eq=False)
    target: Integers = attrs.field(repr=False, eq=False)
    weight: Numbers = attrs.field(repr=False, eq=False)
    shares: bool

    def to_array(self) -> Numbers:
        """Return the square matrix CR: row the dependent team, column the team depended on; diagonal included.

        Returns
        -------
        ndarray of shape (teams, teams)
        """
        import numpy as np

        matrix = np.zeros((len(self.teams), len(self.teams)))
        matrix[self.source, self.target] = self.weight
        return matrix

    def keys(self) -> tuple[Integers, Numbers]:
        """Return the pairs that must coordinate as numbers ``a * len(teams) + b``, a before b, and their weights.

        Returns
        -------
        tuple of (ndarray of int, ndarray of float)
            In order.
        """
        import numpy as np

        count = max(len(self.teams), 1)
        off = (self.source != self.target) & (self.weight > 0)
        low, high = np.minimum(self.source, self.target)[off], np.maximum(self.source, self.target)[off]
        keys, row = np.unique(low * count + high, return_inverse=True)
        return keys, sums(row, self.weight[off], len(keys))

    def pairs(self) -> tuple[TeamPair, ...]:
        """Return the pairs of teams that must coordinate: both directions added, the diagonal left out.

        Returns
        -------
        tuple of TeamPair
            In order of teams.
        """
        count = max(len(self.teams), 1)
        keys, weights = self.keys()
        return tuple(
            TeamPair(self.teams[key // count], self.teams[key % count], weight)
            for key, weight in zip(keys.tolist(), weights.tolist(), strict=True)
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """Return the pairs as rows."""
        return [{"a": pair.a, "b": pair.b, "weight": pair.weight} for pair in self.pairs()]


def coordination_requirements(organization: Organization, *, shares: bool = False) -> CoordinationRequirements:
    """Compute which teams must coordinate: CR = TA · TD · TAᵀ.

    TA says which team owns which component, TD which component depends on which. Every edge asks every owner of
    its source to coordinate with every owner of its target.

    Parameters
    ----------
    organization : Organization
    shares : bool
        Let owners count by their share of the component; by default each counts fully (TA is 0 or 1).

    Returns
    -------
    CoordinationRequirements

    References
    ----------
    Cataldo, Wagstrom, Herbsleb and Carley (2006), "Identification of coordination requirements", CSCW.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": ["web", "pay"], "index": "data"},
    ...                           [("page", "index"), ("cart", "index")])
    >>> print(coordination_requirements(shop).to_markdown())
    | a | b | weight |
    |---|---|---|
    | web | data | 2 |
    | pay | data | 1 |
    """
    import numpy as np

    edges, found = edges_of(organization), owners_of(organization)
    pairing = expanded(edges, found)
    weight = edges.weight[pairing.edge]
    if shares:
        dense_share = _share_lookup(found.start, found.team, found.share, len(organization.teams))
        weight = weight * dense_share(edges.source[pairing.edge], pairing.source)
        weight = weight * dense_share(edges.target[pairing.edge], pairing.target)
    count = max(len(organization.teams), 1)
    keys, row = np.unique(pairing.source * count + pairing.target, return_inverse=True)
    total = sums(row, weight, len(keys))
    source, target = keys // count, keys % count
    for array in (source, target, total):
        array.setflags(write=False)
    return CoordinationRequirements(
        teams=tuple(team.id for team in organization.teams), source=source, target=target, weight=total, shares=shares
    )


def _share_lookup(
    start: Integers, team: Integers, share: Numbers, teams: int
) -> Callable[[Integers, Integers], Numbers]:
    import numpy as np

    count = max(teams, 1)
    component = np.repeat(np.arange(len(start) - 1), np.diff(start))
    keys = component * count + team
    order = np.argsort(keys)

    def look_up(components: Integers, owners: Integers) -> Numbers:
        return share[order[np.searchsorted(keys[order], components * count + owners)]]

    return look_up


def talk_of(organization: Organization, channels: str | Collection[str] = ()) -> dict[Pair, float]:
    """Add up the communication of each pair of different teams, over the channels that are read."""
    read = chosen_channels(organization, channels)
    at = organization.index.team_at
    found: dict[Pair, float] = {}
    for talk in organization.communication:
        if talk.channel in read and talk.a != talk.b and talk.weight > 0:
            pair = (talk.a, talk.b) if at[talk.a] < at[talk.b] else (talk.b, talk.a)
            found[pair] = found.get(pair, 0.0) + talk.weight
    return dict(sorted(found.items(), key=lambda item: (at[item[0][0]], at[item[0][1]])))


def service_pairs(organization: Organization) -> dict[Pair, None]:
    """Return the pairs of teams with a declared X-as-a-Service, in both spellings."""
    modes: dict[Pair, None] = {}
    for interaction in organization.interactions:
        if interaction.mode == "x-as-a-service":
            modes[interaction.a, interaction.b] = None
            modes[interaction.b, interaction.a] = None
    return modes


def required_pairs(organization: Organization, *, shares: bool = False) -> dict[Pair, float]:
    """Return the pairs of teams that must coordinate, with the weight of what ties them.

    Parameters
    ----------
    organization : Organization
    shares : bool
        As in `coordination_requirements`.

    Returns
    -------
    dict of (str, str) to float
        In order of teams.

    Examples
    --------
    >>> from pmkit import conway
    >>> required_pairs(conway.from_owners({"page": "web", "index": "data"}, [("page", "index")]))
    {('web', 'data'): 1.0}
    """
    return {(pair.a, pair.b): pair.weight for pair in coordination_requirements(organization, shares=shares).pairs()}
