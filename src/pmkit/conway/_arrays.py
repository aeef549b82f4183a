"""An organization as arrays: what the measures compute with."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from pmkit.conway._organization import Organization
from pmkit.conway._validation import texts_of
from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "OWNER_VIEWS",
    "Arrays",
    "Edges",
    "Expansion",
    "Integers",
    "Numbers",
    "OwnerView",
    "Owners",
    "chosen",
    "chosen_channels",
    "collection_paused",
    "edges_of",
    "expanded",
    "generator_of",
    "owners_of",
    "read_only",
    "shares_an_owner",
    "sums",
    "want_number",
    "want_whole",
]

Integers: TypeAlias = "NDArray[np.int64]"
Numbers: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Arrays: TypeAlias = "Integers | Numbers | Flags"

OwnerView = Literal["any", "primary"]
OWNER_VIEWS: tuple[OwnerView, ...] = ("any", "primary")
"""``"any"``: components with a common owner belong together; ``"primary"``: only with the same primary owner."""


@attrs.frozen
class Edges:
    """Distinct pairs of components, with the sum of their weights; `row` says which pair a dependency is of."""

    source: Integers
    target: Integers
    weight: Numbers
    row: Integers


@attrs.frozen
class Owners:
    """Distinct owners of each component, component after component, in listed order.

    Those of component c stand from ``start[c]`` to ``start[c + 1]``; `primary` is -1 without an owner;
    `share` sums to 1 for each component that has owners.
    """

    start: Integers
    team: Integers
    share: Numbers
    primary: Integers


@attrs.frozen
class Expansion:
    """Every pairing of an owner of an edge's source with an owner of its target."""

    edge: Integers
    source: Integers
    target: Integers


def sums(row: Integers, weights: Numbers, count: int) -> Numbers:
    """Add up the weights of each of `count` rows."""
    import numpy as np

    return np.bincount(row, weights, minlength=count).astype(np.float64, copy=False)


def want_whole(value: object, name: str, least: int) -> None:
    """Refuse what is not a whole number from `least` up."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidValueError(f"{name} must be a whole number from {least} up, not {quoted(value)}")


def want_number(value: object, name: str, least: float = 0.0, most: float = float("inf")) -> None:
    """Refuse what is not a number between the two."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        wanted = f"from {least:g} up" if most == float("inf") else f"from {least:g} to {most:g}"
        raise InvalidValueError(f"{name} must be a number {wanted}, not {quoted(value)}")


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause garbage collection while very many small values are made, all of which are kept."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def generator_of(seed: int | np.random.Generator) -> np.random.Generator:
    """Make the generator of a seed, or take the one that is given."""
    import numpy as np

    if isinstance(seed, np.random.Generator):
        return seed
    want_whole(seed, "seed", 0)
    return np.random.default_rng(seed)


def chosen(value: object, name: str, allowed: Iterable[str]) -> None:
    """Refuse a word that is not in a closed vocabulary."""
    words = tuple(allowed)
    if value not in words:
        hint = did_you_mean(value, words) if isinstance(value, str) else ""
        raise InvalidValueError(f"{name} must be one of {', '.join(words)}, not {quoted(value)}{hint}")


def chosen_channels(organization: Organization, channels: str | Collection[str]) -> tuple[str, ...]:
    """Return the proxies that are read: those asked for, or all that there are."""
    present = tuple(dict.fromkeys(talk.channel for talk in organization.communication))
    wanted = texts_of(channels, "channels")
    for name in wanted:
        if name not in present:
            there = ", ".join(map(quoted, present)) or "none"
            raise InvalidValueError(f"no communication by channel {quoted(name)}; there are {there}")
    return wanted or present


def read_only(array: NDArray[np.float64]) -> Numbers:
    """Make an array one that cannot be changed."""
    array.setflags(write=False)
    return array


def edges_of(organization: Organization) -> Edges:
    """Gather the dependencies into distinct edges, in order of source and target."""
    import numpy as np

    index = organization.index
    count = max(len(organization.components), 1)
    source = np.array(index.source, dtype=np.int64)
    key = source * count + np.array(index.target, dtype=np.int64)
    pairs, row = np.unique(key, return_inverse=True)
    weights = np.array([edge.weight for edge in organization.dependencies], dtype=np.float64)
    return Edges(pairs // count, pairs % count, sums(row, weights, len(pairs)), row.astype(np.int64))


def owners_of(organization: Organization) -> Owners:
    """Gather the ownership, whatever its sources, into distinct owners of each component."""
    import numpy as np

    index = organization.index
    components, teams = len(organization.components), max(len(organization.teams), 1)
    key = np.array(index.owned, dtype=np.int64) * teams + np.array(index.owner, dtype=np.int64)
    pairs, first, row = np.unique(key, return_index=True, return_inverse=True)
    shares = np.array([owning.share for owning in organization.ownership], dtype=np.float64)
    owned = pairs[row] // teams
    largest = np.zeros(components)
    np.maximum.at(largest, owned, shares)
    # shares are relative to the component's largest, so that no sum overflows
    share = sums(row, shares / largest[owned], len(pairs))
    component = pairs // teams
    order = np.lexsort((first, component))
    team, share, component = (pairs % teams)[order], share[order], component[order]
    start = np.searchsorted(component, np.arange(components + 1)).astype(np.int64)
    primary = np.full(components, -1, dtype=np.int64)
    by_share = np.lexsort((np.arange(len(share)), -share, component))
    has_owner = np.diff(start) > 0
    primary[has_owner] = team[by_share][start[:-1][has_owner]]
    total = sums(component, share, components)
    return Owners(start, team, share / total[component], primary)


def expanded(edges: Edges, owners: Owners) -> Expansion:
    """Pair every owner of each edge's source with every owner of its target."""
    import numpy as np

    counts = np.diff(owners.start)
    left, right = counts[edges.source], counts[edges.target]
    size = left * right
    edge = np.repeat(np.arange(len(size), dtype=np.int64), size)
    offset = np.arange(len(edge), dtype=np.int64) - np.repeat(np.cumsum(size) - size, size)
    width = np.maximum(right[edge], 1)
    source = owners.team[owners.start[edges.source[edge]] + offset // width]
    target = owners.team[owners.start[edges.target[edge]] + offset % width]
    return Expansion(edge, source, target)


def shares_an_owner(edges: Edges, owners: Owners, owner: OwnerView) -> NDArray[np.bool_]:
    """Say for each edge whether its two ends belong together."""
    import numpy as np

    if owner == "primary":
        first, second = owners.primary[edges.source], owners.primary[edges.target]
        return np.asarray((first == second) & (first >= 0))
    pairing = expanded(edges, owners)
    same = pairing.source == pairing.target
    together = np.zeros(len(edges.source), dtype=np.bool_)
    together[pairing.edge[same]] = True
    return together
