"""How two teams should work with each other, from what ties them, against what they declared."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping

import attrs

from pmkit.conway._arrays import collection_paused, owners_of, want_number
from pmkit.conway._coordination import Pair, coordination_requirements, talk_of
from pmkit.conway._model import InteractionMode
from pmkit.conway._organization import Organization
from pmkit.model import Table

__all__ = ["ModeAdvice", "Modes", "interaction_modes"]

_ONE_WAY = 0.9
_MANY_USERS = 3


@attrs.frozen(kw_only=True)
class ModeAdvice:
    """How one pair of teams should work with each other.

    Attributes
    ----------
    a, b : str
        Ids of teams. With X-as-a-Service, `a` uses what `b` provides; with facilitating, `b` helps `a`.
    recommended : InteractionMode or None
        None when nothing ties them.
    declared : tuple of InteractionMode
        What they have declared; empty when nothing.
    agrees : bool
        Whether the declaration fits, or there is none.
    reasons : tuple of str
        What the recommendation rests on.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "db": "cloud"}, [("page", "db")])
    >>> advice = conway.interaction_modes(shop).rows[0]
    >>> advice.a, advice.b, advice.recommended
    ('web', 'cloud', 'x-as-a-service')
    """

    a: str
    b: str
    recommended: InteractionMode | None
    declared: tuple[InteractionMode, ...]
    agrees: bool
    reasons: tuple[str, ...]


@attrs.frozen
class Modes(Table):
    """The advice for every pair of teams that something ties or that has declared something.

    Attributes
    ----------
    rows : tuple of ModeAdvice
        In order of teams.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.interaction_modes(conway.from_owners({"page": "web"})).rows
    ()
    """

    rows: tuple[ModeAdvice, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each pair."""
        return [attrs.asdict(row, recurse=False) for row in self.rows]


@attrs.frozen
class _Ties:
    """What ties a pair: weight from the first to the second, back, and shared components."""

    forth: float
    back: float
    shared: int


def interaction_modes(
    organization: Organization, *, channels: str | Collection[str] = (), one_way: float = _ONE_WAY
) -> Modes:
    """Recommend an interaction mode for each pair of tied teams, and compare it with what they declared.

    - A tie with an enabling team: facilitating.
    - A shared component, or dependencies both ways: collaboration.
    - Dependencies one way (at least `one_way` of the weight): X-as-a-Service, the more so when the provider is a
      platform or has three or more teams as users.
    - Nothing but talk: no mode is recommended; a declared collaboration or facilitation is taken as meant.

    Parameters
    ----------
    organization : Organization
    channels : str or collection of str
        The proxies for communication that are read; all when empty.
    one_way : float
        The share of the weight in one direction from which it counts as one way, from 0.5 to 1.

    Returns
    -------
    Modes

    Raises
    ------
    InvalidValueError
        When `one_way` is not a number from 0.5 to 1.

    References
    ----------
    Skelton and Pais (2019), *Team Topologies*, ch. 7. The thresholds are pmkit's own.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "db": "cloud"}, [("page", "db"), ("db", "page")],
    ...                           interactions=[conway.Interaction(a="web", b="cloud", mode="x-as-a-service")])
    >>> advice = interaction_modes(shop).rows[0]
    >>> advice.recommended, advice.agrees, advice.reasons
    ('collaboration', False, ('dependencies run both ways: 1 from web, 1 from cloud',))
    """
    want_number(one_way, "one_way", 0.5, 1.0)
    with collection_paused():
        ties = _ties(organization)
    at = organization.index.team_at
    declared: dict[Pair, dict[InteractionMode, Pair]] = {}
    for tie in organization.interactions:
        if tie.a != tie.b:
            pair = (tie.a, tie.b) if at[tie.a] < at[tie.b] else (tie.b, tie.a)
            declared.setdefault(pair, {})[tie.mode] = (tie.a, tie.b)
    users: dict[str, int] = {}
    for (a, b), tied in ties.items():
        users[b] = users.get(b, 0) + (tied.forth > 0)
        users[a] = users.get(a, 0) + (tied.back > 0)
    talks = talk_of(organization, channels)
    types = {team.id: team.type for team in organization.teams}
    none: dict[InteractionMode, Pair] = {}
    with collection_paused():
        rows = [
            _advice(
                pair,
                types,
                ties.get(pair, _Ties(0.0, 0.0, 0)),
                declared.get(pair, none),
                users=users,
                talk=talks.get(pair, 0.0),
                one_way=one_way,
            )
            for pair in sorted({**ties, **declared}, key=lambda pair: (at[pair[0]], at[pair[1]]))
        ]
    return Modes(tuple(rows))


def _ties(organization: Organization) -> dict[Pair, _Ties]:
    ids = [team.id for team in organization.teams]
    found = owners_of(organization)
    needs = coordination_requirements(organization)
    rows = zip(needs.source.tolist(), needs.target.tolist(), needs.weight.tolist(), strict=True)
    weights = {(a, b): weight for a, b, weight in rows if a != b and weight > 0}
    shared: dict[tuple[int, int], int] = {}
    starts, teams = found.start.tolist(), found.team.tolist()
    for start, end in itertools.pairwise(starts):
        owners = sorted(teams[start:end])
        for place, a in enumerate(owners):
            for b in owners[place + 1 :]:
                shared[a, b] = shared.get((a, b), 0) + 1
    pairs = {(min(pair), max(pair)): None for pair in (*weights, *shared)}
    return {
        (ids[a], ids[b]): _Ties(weights.get((a, b), 0.0), weights.get((b, a), 0.0), shared.get((a, b), 0))
        for a, b in pairs
    }


def _advice(
    pair: Pair,
    types: Mapping[str, str],
    ties: _Ties,
    declared: dict[InteractionMode, Pair],
    *,
    users: dict[str, int],
    talk: float,
    one_way: float,
) -> ModeAdvice:
    a, b = pair
    recommended: InteractionMode | None = None
    reasons: list[str] = []
    total = ties.forth + ties.back
    if "enabling" in (types[a], types[b]) and total + ties.shared + talk > 0:
        recommended = "facilitating"
        helper = a if types[a] == "enabling" else b
        a, b = (b, a) if helper == a else (a, b)
        reasons.append(f"{helper} is an enabling team")
    elif ties.shared:
        recommended = "collaboration"
        reasons.append(f"they own {ties.shared} {'component' if ties.shared == 1 else 'components'} together")
    elif total > 0 and max(ties.forth, ties.back) < one_way * total:
        recommended = "collaboration"
        reasons.append(f"dependencies run both ways: {ties.forth:g} from {a}, {ties.back:g} from {b}")
    elif total > 0:
        recommended = "x-as-a-service"
        a, b = (a, b) if ties.forth >= ties.back else (b, a)
        reasons.append(f"dependencies run one way: {max(ties.forth, ties.back):g} of {total:g} from {a} to {b}")
        if types[b] == "platform":
            reasons.append(f"{b} is a platform team")
        if users.get(b, 0) >= _MANY_USERS:
            reasons.append(f"{users[b]} teams use what {b} provides")
    agrees = not declared or (recommended in declared if recommended else "x-as-a-service" not in declared)
    if recommended == "x-as-a-service" and declared.get("x-as-a-service") == (b, a):
        agrees = False
        reasons.append(f"it is declared the other way round, with {b} as the user")
    if not recommended:
        reasons.append("no dependency and no shared component ties them")
    return ModeAdvice(
        a=a, b=b, recommended=recommended, declared=tuple(declared), agrees=agrees, reasons=tuple(reasons)
    )
