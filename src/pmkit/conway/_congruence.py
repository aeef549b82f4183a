"""How much of the coordination that is required does happen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from pmkit.conway._arrays import Integers, Numbers, chosen_channels, read_only, want_number
from pmkit.conway._coordination import Pair, Pairs, TeamPair, coordination_requirements, service_pairs, talk_of
from pmkit.conway._model import MOST
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import Table, quoted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Congruence", "congruence", "congruence_of_matrices", "congruence_of_pairs"]

VACUOUS = 1.0


@attrs.frozen(kw_only=True)
class Congruence(Table):
    """How much of the coordination that is required does happen.

    Attributes
    ----------
    value : float
        `weighted_value` or `unweighted_value`, as `measure` says; from 0 to 1.
    measure : {"unweighted", "weighted"}
        Which of the two was asked for.
    unweighted_value : float
        The share of the required pairs that communicate.
    weighted_value : float
        The share of the required weight that stands on pairs that communicate.
    required, met : int
        Pairs of teams that must communicate, and that do.
    required_weight, met_weight : float
        The weight of the edges that require it.
    gaps, excess : tuple of TeamPair
        Required pairs without communication (with the weight required), and communicating pairs that nothing
        requires (with the weight of their communication).
    exempt : tuple of TeamPair
        Pairs left out because X-as-a-Service is declared between them.
    proxy : tuple of str
        The channels that stand for communication; results with different proxies do not compare.
    pairs : {"unordered, without the diagonal"}
        The convention of counting.
    vacuous : float
        The value when nothing is required.

    Examples
    --------
    >>> congruence_of_pairs([("a", "b"), ("b", "c")], [("b", "a")]).value
    0.5
    """

    value: float
    measure: str
    unweighted_value: float
    weighted_value: float
    required: int
    met: int
    required_weight: float
    met_weight: float
    gaps: tuple[TeamPair, ...] = attrs.field(repr=False)
    excess: tuple[TeamPair, ...] = attrs.field(repr=False)
    exempt: tuple[TeamPair, ...] = attrs.field(repr=False)
    proxy: tuple[str, ...]
    pairs: str = "unordered, without the diagonal"
    vacuous: float = VACUOUS

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each measure."""
        shared: dict[str, object] = {"proxy": ", ".join(self.proxy)}
        return [
            {
                "measure": "unweighted",
                "value": self.unweighted_value,
                "met": self.met,
                "required": self.required,
                **shared,
            },
            {
                "measure": "weighted",
                "value": self.weighted_value,
                "met": self.met_weight,
                "required": self.required_weight,
                **shared,
            },
        ]

    def summary(self) -> str:
        """Say it in one sentence."""
        if not self.required:
            return "No pair of teams has to coordinate."
        proxy = " and ".join(self.proxy) or "no channel"
        return (
            f"{self.met} of {self.required} pairs of teams that must coordinate do ({self.unweighted_value:.1%}), "
            f"which is {self.weighted_value:.1%} of the weight, read from {proxy}."
        )


def congruence_of_pairs(
    required: Pairs,
    actual: Pairs,
    *,
    weighted: bool = False,
    exempt: Iterable[Pair] = (),
    proxy: Collection[str] = (),
) -> Congruence:
    """Compare pairs that must coordinate with pairs that do; any ids, people included.

    Parameters
    ----------
    required, actual : mapping of (str, str) to float, or iterable of (str, str)
        Pairs with their weights, 1 each where only pairs are given. The order inside a pair does not matter:
        both orders add up. A pair of one id with itself, and a weight of 0, is left out.
    weighted : bool
        Which of the two measures `Congruence.value` is.
    exempt : iterable of (str, str)
        Required pairs that need no communication.
    proxy : collection of str
        What the actual pairs were read from.

    Returns
    -------
    Congruence

    Examples
    --------
    >>> found = congruence_of_pairs({("a", "b"): 5, ("b", "c"): 4}, [("a", "b")], weighted=True)
    >>> found.value, found.gaps
    (0.5555555555555556, (TeamPair(a='b', b='c', weight=4.0),))
    """
    spelled: dict[Pair, None] = {}
    needs, talks, spared = (_undirected(pairs, spelled) for pairs in (required, actual, exempt))
    asked = {pair: weight for pair, weight in needs.items() if pair not in spared}
    met = {pair: weight for pair, weight in asked.items() if pair in talks}
    full, reached = math.fsum(asked.values()), math.fsum(met.values())
    unweighted = len(met) / len(asked) if asked else VACUOUS
    by_weight = (1.0 if len(met) == len(asked) else reached / full) if asked else VACUOUS
    return Congruence(
        value=by_weight if weighted else unweighted,
        measure="weighted" if weighted else "unweighted",
        unweighted_value=unweighted,
        weighted_value=by_weight,
        required=len(asked),
        met=len(met),
        required_weight=full,
        met_weight=reached,
        gaps=tuple(TeamPair(*pair, weight) for pair, weight in asked.items() if pair not in talks),
        excess=tuple(TeamPair(*pair, weight) for pair, weight in talks.items() if pair not in needs),
        exempt=tuple(TeamPair(*pair, weight) for pair, weight in needs.items() if pair in spared),
        proxy=tuple(proxy),
    )


def _undirected(pairs: Pairs, spelled: dict[Pair, None]) -> dict[Pair, float]:
    """Add up both orders of each pair, under the order that was seen first."""
    only_pairs = not isinstance(pairs, Mapping)
    weighted = pairs.items() if isinstance(pairs, Mapping) else ((pair, 1.0) for pair in pairs)
    found: dict[Pair, float] = {}
    for given, weight in weighted:
        a, b = _ends(given)
        want_number(weight, "the weight of a pair", 0.0, MOST)
        if a == b or not weight > 0:
            continue
        pair = (b, a) if (b, a) in spelled else (a, b)
        spelled[pair] = None
        found[pair] = 1.0 if only_pairs else found.get(pair, 0.0) + float(weight)
    return found


def _ends(pair: object) -> Pair:
    ends = tuple(pair) if isinstance(pair, (tuple, list)) else ()
    if len(ends) != 2 or not all(isinstance(end, str) for end in ends):  # noqa: PLR2004 - a pair
        raise InvalidValueError(f"a pair must be two ids, not {quoted(pair)}")
    return ends[0], ends[1]


def congruence_of_matrices(
    required: ArrayLike,
    actual: ArrayLike,
    *,
    teams: Iterable[str] | None = None,
    weighted: bool = False,
) -> Congruence:
    """Compute congruence from the two square matrices of the literature, CR and CA.

    Parameters
    ----------
    required, actual : array of shape (teams, teams)
        Coordination requirements and actual coordination; no number negative, the diagonal ignored, both
        directions added.
    teams : iterable of str or None
        The names of rows and columns; ``"0"``, ``"1"``, … when None.
    weighted : bool
        Which of the two measures `Congruence.value` is.

    Returns
    -------
    Congruence

    Raises
    ------
    InvalidValueError
        When the matrices are not square, of one size, finite and non-negative.

    Examples
    --------
    >>> congruence_of_matrices([[0, 1, 0], [0, 0, 1], [0, 0, 0]], [[0, 1, 0], [1, 0, 0], [0, 0, 0]]).value
    0.5
    """
    import numpy as np

    needs, talks = _square(required, "required"), _square(actual, "actual")
    names = tuple(map(str, range(len(needs)))) if teams is None else tuple(teams)
    if needs.shape != talks.shape or len(names) != len(needs):
        sizes = f"required {len(needs)}, actual {len(talks)}, teams {len(names)}"
        raise InvalidValueError(f"the matrices and the names must be of one size: {sizes}")
    pairs: list[dict[Pair, float]] = []
    for matrix in (needs, talks):
        both = np.triu(matrix + matrix.T, 1)
        low, high = np.nonzero(both)
        pairs.append(
            {
                (names[a], names[b]): weight
                for a, b, weight in zip(low.tolist(), high.tolist(), both[low, high].tolist(), strict=True)
            }
        )
    return congruence_of_pairs(pairs[0], pairs[1], weighted=weighted)


def _square(matrix: ArrayLike, name: str) -> Numbers:
    import numpy as np

    try:
        array = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidValueError(f"{name} must be a square matrix of numbers") from error
    if array.size == 0:
        return np.zeros((0, 0))
    if array.ndim != 2 or array.shape[0] != array.shape[1]:  # noqa: PLR2004 - a matrix
        raise InvalidValueError(f"{name} must be a square matrix, not of shape {array.shape}")
    if not np.isfinite(array).all() or (array < 0).any():
        raise InvalidValueError(f"{name} must hold finite numbers from 0 up")
    return read_only(array)


def congruence(
    organization: Organization,
    *,
    weighted: bool = False,
    channels: str | Collection[str] = (),
    shares: bool = False,
    services: bool = True,
) -> Congruence:
    """Compute socio-technical congruence: how much of the required coordination has communication.

    It is a measure, not a target: more congruence went with fewer successful builds in one of the cases
    studied (Kwan, Schröter and Damian 2011). Dense communication reaches a high value by chance alone: compare it
    with `congruence_null`. The proxy for communication moves it by 0.2 on real data, so the result names it.

    Parameters
    ----------
    organization : Organization
    weighted : bool
        Let `Congruence.value` be the share of the required *weight* that is met; both are always computed.
        (This is pmkit's own weighting, the plainest there is; it is not Kwan's.)
    channels : str or collection of str
        The proxies for communication that are read; all when empty.
    shares : bool
        As in `coordination_requirements`.
    services : bool
        Leave out pairs with a declared X-as-a-Service, which is there so that they need not talk.

    Returns
    -------
    Congruence

    Raises
    ------
    InvalidValueError
        For a channel that no communication has.

    References
    ----------
    Cataldo, Herbsleb and Carley (2008), "Socio-technical congruence", ESEM.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": "pay", "index": "data"},
    ...                           [("page", "index"), ("cart", "index")],
    ...                           communication=[conway.Communication(a="web", b="data", channel="chat")])
    >>> conway.congruence(shop).summary()
    '1 of 2 pairs of teams that must coordinate do (50.0%), which is 50.0% of the weight, read from chat.'
    """
    import numpy as np

    ids, at = [team.id for team in organization.teams], organization.index.team_at
    count = max(len(ids), 1)

    def keys_of(pairs: Iterable[Pair]) -> Integers:
        return np.array(sorted(at[a] * count + at[b] for a, b in pairs if at[a] < at[b]), dtype=np.int64)

    def named(keys: Integers, weights: Numbers) -> tuple[TeamPair, ...]:
        rows = zip((keys // count).tolist(), (keys % count).tolist(), weights.tolist(), strict=True)
        return tuple([TeamPair(ids[a], ids[b], weight) for a, b, weight in rows])

    needs, weights = coordination_requirements(organization, shares=shares).keys()
    talk = talk_of(organization, channels)
    talks, talked = keys_of(talk), np.array(list(talk.values()), dtype=np.float64)
    spared = np.isin(needs, keys_of(service_pairs(organization) if services else ()))
    reached = np.isin(needs, talks) & ~spared
    asked, met = int((~spared).sum()), int(reached.sum())
    full, by_talk = math.fsum(weights[~spared].tolist()), math.fsum(weights[reached].tolist())
    unweighted = met / asked if asked else VACUOUS
    by_weight = (1.0 if met == asked else by_talk / full) if asked else VACUOUS
    gap, surplus = ~reached & ~spared, ~np.isin(talks, needs)
    return Congruence(
        value=by_weight if weighted else unweighted,
        measure="weighted" if weighted else "unweighted",
        unweighted_value=unweighted,
        weighted_value=by_weight,
        required=asked,
        met=met,
        required_weight=full,
        met_weight=by_talk,
        gaps=named(needs[gap], weights[gap]),
        excess=named(talks[surplus], talked[surplus]),
        exempt=named(needs[spared], weights[spared]),
        proxy=chosen_channels(organization, channels),
    )
