"""The pairs of teams where requirement and communication part, and what causes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from pmkit.conway._arrays import chosen_channels, collection_paused, edges_of, expanded, owners_of
from pmkit.conway._congruence import congruence
from pmkit.conway._coordination import Pair
from pmkit.conway._model import Communication, Dependency
from pmkit.conway._organization import Organization

__all__ = ["Excess", "Gap", "edges_between", "excess", "gaps"]


@attrs.frozen(kw_only=True)
class Gap:
    """Two teams that must coordinate and do not, as far as the channels tell.

    Attributes
    ----------
    a, b : str
        Ids of teams.
    weight : float
        The weight of the edges between what they own, both directions.
    edges : tuple of Dependency
        The dependencies that require it.

    Examples
    --------
    >>> Gap(a="web", b="data", weight=1.0, edges=()).a
    'web'
    """

    a: str
    b: str
    weight: float
    edges: tuple[Dependency, ...]


@attrs.frozen(kw_only=True)
class Excess:
    """Two teams that communicate although no dependency asks for it.

    Attributes
    ----------
    a, b : str
        Ids of teams.
    weight : float
        The weight of their communication.
    communication : tuple of Communication
        What it was read from.

    Examples
    --------
    >>> Excess(a="web", b="data", weight=1.0, communication=()).b
    'data'
    """

    a: str
    b: str
    weight: float
    communication: tuple[Communication, ...]


def gaps(organization: Organization, *, channels: str | Collection[str] = (), services: bool = True) -> tuple[Gap, ...]:
    """Return the pairs of teams that must coordinate and do not, heaviest first, with the edges that cause them.

    Parameters
    ----------
    organization : Organization
    channels : str or collection of str
        The proxies for communication that are read; all when empty.
    services : bool
        Leave out pairs with a declared X-as-a-Service.

    Returns
    -------
    tuple of Gap

    Examples
    --------
    >>> from pmkit import conway
    >>> found = conway.gaps(conway.from_owners({"page": "web", "index": "data"}, [("page", "index")]))
    >>> found[0].edges
    (Dependency(source='page', target='index', weight=1.0, kind=''),)
    """
    with collection_paused():
        missing = congruence(organization, channels=channels, services=services).gaps
        causes = edges_between(organization, [(pair.a, pair.b) for pair in missing])
        found = [Gap(a=pair.a, b=pair.b, weight=pair.weight, edges=causes[pair.a, pair.b]) for pair in missing]
    return tuple(sorted(found, key=lambda gap: -gap.weight))


def edges_between(organization: Organization, pairs: Iterable[Pair]) -> dict[Pair, tuple[Dependency, ...]]:
    """Gather the dependencies that tie each of some pairs of teams, named in order of teams."""
    import numpy as np

    at, count = organization.index.team_at, max(len(organization.teams), 1)
    wanted = list(pairs)
    edges, found = edges_of(organization), owners_of(organization)
    pairing = expanded(edges, found)
    off = (pairing.source != pairing.target) & (edges.weight[pairing.edge] > 0)
    low, high = np.minimum(pairing.source, pairing.target)[off], np.maximum(pairing.source, pairing.target)[off]
    ties = np.unique(np.column_stack((low * count + high, pairing.edge[off])), axis=0)
    # every dependency of every edge, edge after edge
    order = np.argsort(edges.row, kind="stable")
    start = np.searchsorted(edges.row[order], np.arange(len(edges.source) + 1))
    size = np.diff(start)[ties[:, 1]]
    offset = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    places = order[np.repeat(start[ties[:, 1]], size) + offset].tolist()
    keys = np.repeat(ties[:, 0], size)
    asked = np.array([at[a] * count + at[b] for a, b in wanted], dtype=np.int64)
    first, last = np.searchsorted(keys, asked), np.searchsorted(keys, asked, side="right")
    rows = organization.dependencies
    return {
        pair: tuple([rows[place] for place in places[begin:end]])
        for pair, begin, end in zip(wanted, first.tolist(), last.tolist(), strict=True)
    }


def excess(organization: Organization, *, channels: str | Collection[str] = ()) -> tuple[Excess, ...]:
    """Return the pairs of teams that communicate although no dependency asks for it, heaviest first.

    Parameters
    ----------
    organization : Organization
    channels : str or collection of str
        The proxies for communication that are read; all when empty.

    Returns
    -------
    tuple of Excess

    Raises
    ------
    InvalidValueError
        For a channel that no communication has.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"},
    ...                           communication=[conway.Communication(a="web", b="data")])
    >>> [(found.a, found.b) for found in conway.excess(shop)]
    [('web', 'data')]
    """
    read = chosen_channels(organization, channels)
    surplus = congruence(organization, channels=channels).excess
    causes: dict[Pair, list[Communication]] = {(pair.a, pair.b): [] for pair in surplus}
    for talk in organization.communication:
        pair = (talk.a, talk.b) if (talk.a, talk.b) in causes else (talk.b, talk.a)
        if pair in causes and talk.channel in read:
            causes[pair].append(talk)
    found = [
        Excess(a=pair.a, b=pair.b, weight=pair.weight, communication=tuple(causes[pair.a, pair.b])) for pair in surplus
    ]
    return tuple(sorted(found, key=lambda one: -one.weight))
