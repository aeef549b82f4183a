"""What a change of some components costs in coordination."""

from __future__ import annotations

import math
from collections.abc import Collection

import attrs

from pmkit.conway._arrays import want_number
from pmkit.conway._coordination import Pair, service_pairs, talk_of
from pmkit.conway._organization import Organization
from pmkit.conway._validation import texts_of
from pmkit.model import Table, Undefined, unknown_id

__all__ = ["CoordinationCost", "Tie", "coordination_cost"]


@attrs.frozen(kw_only=True)
class Tie:
    """Two teams that a change ties to each other.

    Attributes
    ----------
    a, b : str
        Ids, in the organization's order of teams.
    edges : tuple of (str, str)
        Dependencies between touched components, one owned by each.
    shared : tuple of str
        Touched components that both own.
    weight : float
        The weight of the edges, and 1 for each shared component.
    channel : {"talk", "x-as-a-service", "missing"}
        Whether they talk, need not, or should.

    Examples
    --------
    >>> Tie(a="web", b="data", edges=(("page", "index"),), shared=(), weight=1.0, channel="missing").channel
    'missing'
    """

    a: str
    b: str
    edges: tuple[tuple[str, str], ...]
    shared: tuple[str, ...]
    weight: float
    channel: str


@attrs.frozen(kw_only=True)
class CoordinationCost(Table):
    """Who is involved when some components change. The counts are the headline.

    Attributes
    ----------
    touches : tuple of str
        The components.
    teams : tuple of str
        The teams that own them.
    ties : tuple of Tie
        The pairs of these teams that a dependency or a shared component ties.
    missing : tuple of (str, str)
        Tied pairs without a channel.
    unowned : tuple of str
        Touched components that nobody owns: whoever must agree to change them is not known.
    downstream : tuple of str
        Other teams that own something that depends on what is touched, directly or not.
    downstream_components : int
        How many components, not touched, depend on what is touched.
    score : float or Undefined
        Only when asked for.
    proxy : tuple of str
        The channels that stand for communication.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.coordination_cost(conway.from_owners({"page": "web"}), ["page"]).teams
    ('web',)
    """

    touches: tuple[str, ...]
    teams: tuple[str, ...]
    ties: tuple[Tie, ...]
    missing: tuple[tuple[str, str], ...]
    unowned: tuple[str, ...]
    downstream: tuple[str, ...]
    downstream_components: int
    score: float | Undefined
    proxy: tuple[str, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each tied pair."""
        return [
            {
                "a": tie.a,
                "b": tie.b,
                "edges": len(tie.edges),
                "shared": len(tie.shared),
                "weight": tie.weight,
                "channel": tie.channel,
            }
            for tie in self.ties
        ]

    def summary(self) -> str:
        """Say it in one sentence."""
        return (
            f"{len(self.touches)} components of {len(self.teams)} teams; {len(self.ties)} pairs of teams are tied, "
            f"{len(self.missing)} of them without a channel; {len(self.unowned)} components have no owner; "
            f"{len(self.downstream)} more teams are downstream."
        )


def coordination_cost(
    organization: Organization,
    touches: str | Collection[str],
    *,
    score: bool = False,
    missing_penalty: float = 3.0,
    weighted: bool = False,
    channels: str | Collection[str] = (),
) -> CoordinationCost:
    """Say who must coordinate when some components change together.

    Parameters
    ----------
    organization : Organization
    touches : str or collection of str
        The components that a solution touches.
    score : bool
        Add Σ over the tied pairs of 1 with a channel (or a declared X-as-a-Service) and `missing_penalty`
        without. It is blind to what is not tied: among random sets of four components, every fifth scores 0 although
        two or more teams are involved. It is no money and must not be added to money.
    missing_penalty : float
        What a missing channel counts, from 0.
    weighted : bool
        Multiply each pair by the weight of what ties it.
    channels : str or collection of str
        The proxies for communication that are read; all when empty.

    Returns
    -------
    CoordinationCost

    Raises
    ------
    UnknownIdError
        For a component that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data", "app": "mobile"},
    ...                           [("page", "index"), ("app", "index")])
    >>> found = coordination_cost(shop, ["page", "index"], score=True)
    >>> found.missing, found.downstream, found.score
    ((('web', 'data'),), ('mobile',), 3.0)
    """
    want_number(missing_penalty, "missing_penalty")
    touched = tuple(dict.fromkeys(texts_of(touches, "touches")))
    at = organization.index.component_at
    for name in touched:
        if name not in at:
            raise unknown_id("component", name, at)
    owning: dict[str, dict[str, None]] = {}
    for row in organization.ownership:
        owning.setdefault(row.component, {})[row.team] = None
    order = organization.index.team_at
    teams = sorted({team: None for part in touched for team in owning.get(part, ())}, key=order.__getitem__)
    talks, services = talk_of(organization, channels), service_pairs(organization)
    ties = _ties(organization, touched, owning, talks, services)
    downstream = _downstream(organization, touched)
    reached = sorted(
        {team: None for part in downstream for team in owning.get(part, ()) if team not in teams},
        key=order.__getitem__,
    )
    parts = ((missing_penalty if tie.channel == "missing" else 1.0) * (tie.weight if weighted else 1.0) for tie in ties)
    return CoordinationCost(
        touches=touched,
        teams=tuple(teams),
        ties=ties,
        missing=tuple((tie.a, tie.b) for tie in ties if tie.channel == "missing"),
        unowned=tuple(part for part in touched if part not in owning),
        downstream=tuple(reached),
        downstream_components=len(downstream),
        score=math.fsum(parts) if score else Undefined("no score was asked for"),
        proxy=tuple(dict.fromkeys(talk.channel for talk in organization.communication))
        if not channels
        else texts_of(channels, "channels"),
    )


def _ties(
    organization: Organization,
    touched: tuple[str, ...],
    owning: dict[str, dict[str, None]],
    talks: dict[Pair, float],
    services: dict[Pair, None],
) -> tuple[Tie, ...]:
    order = organization.index.team_at
    inside = dict.fromkeys(touched)
    edges: dict[Pair, dict[tuple[str, str], None]] = {}
    shared: dict[Pair, list[str]] = {}
    weight: dict[Pair, float] = {}

    def pair_of(one: str, other: str) -> Pair:
        return (one, other) if order[one] < order[other] else (other, one)

    for edge in organization.dependencies:
        if edge.source in inside and edge.target in inside and edge.source != edge.target:
            pairs = {
                pair_of(one, other): None
                for one in owning.get(edge.source, ())
                for other in owning.get(edge.target, ())
                if one != other
            }
            for pair in pairs:
                edges.setdefault(pair, {})[edge.source, edge.target] = None
                weight[pair] = weight.get(pair, 0.0) + edge.weight
    for part in touched:
        owners = sorted(owning.get(part, ()), key=order.__getitem__)
        for place, one in enumerate(owners):
            for other in owners[place + 1 :]:
                shared.setdefault((one, other), []).append(part)
                weight[one, other] = weight.get((one, other), 0.0) + 1.0
    return tuple(
        Tie(
            a=pair[0],
            b=pair[1],
            edges=tuple(edges.get(pair, ())),
            shared=tuple(shared.get(pair, ())),
            weight=weight[pair],
            channel="talk" if pair in talks else "x-as-a-service" if pair in services else "missing",
        )
        for pair in sorted(weight, key=lambda pair: (order[pair[0]], order[pair[1]]))
    )


def _downstream(organization: Organization, touched: tuple[str, ...]) -> dict[str, None]:
    users: dict[str, list[str]] = {}
    for edge in organization.dependencies:
        users.setdefault(edge.target, []).append(edge.source)
    seen = dict.fromkeys(touched)
    waiting = list(touched)
    found: dict[str, None] = {}
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in seen:
                seen[user] = found[user] = None
                waiting.append(user)
    return found
