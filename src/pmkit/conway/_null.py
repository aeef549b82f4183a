"""What chance alone would give: congruence and mirroring against shuffled organizations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from pmkit.conway._arrays import (
    OWNER_VIEWS,
    Edges,
    Integers,
    Owners,
    OwnerView,
    chosen,
    chosen_channels,
    edges_of,
    generator_of,
    owners_of,
    shares_an_owner,
    want_whole,
)
from pmkit.conway._congruence import congruence
from pmkit.conway._coordination import required_pairs, service_pairs, talk_of
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, quoted

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CongruenceNull", "Mirroring", "MirroringView", "Stratum", "congruence_null", "mirroring"]

Seed: TypeAlias = "int | np.random.Generator"
Progress: TypeAlias = Callable[[int, int], object] | None
Stratum = Literal["degree"]

_BLOCK_CELLS = 4_000_000
_EQUAL = 1e-12


@attrs.frozen(kw_only=True)
class CongruenceNull:
    """Congruence against the same communication between teams drawn by lot.

    Attributes
    ----------
    observed : float
        The congruence.
    measure : {"unweighted", "weighted"}
        Which congruence.
    expected : float
        Its mean over the permutations.
    deviation : float
        Its standard deviation over the permutations.
    ratio : float or Undefined
        Observed over expected; the headline.
    p_high : float
        (b + 1)/(N + 1), with b the permutations that reach the observed value: small when teams talk where they
        must more than the density of channels alone would give.
    p_two : float
        The same for a distance from `expected` of at least the observed, either way.
    permutations : int
        N.
    proxy : tuple of str
        The channels that stand for communication.
    null : str
        What was shuffled.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data", "bill": "pay"}, [("page", "index")],
    ...                           communication=[conway.Communication(a="web", b="data")])
    >>> conway.congruence_null(shop, permutations=99).ratio > 1
    True
    """

    observed: float
    measure: str
    expected: float
    deviation: float
    ratio: float | Undefined
    p_high: float
    p_two: float
    permutations: int
    proxy: tuple[str, ...]
    null: str = "the team labels of the communication permuted, requirements fixed"

    def summary(self) -> str:
        """Say it in one sentence."""
        return (
            f"Congruence is {self.observed:.3f} where channels placed by lot give {self.expected:.3f} "
            f"(p = {self.p_high:.2g}, {self.permutations} permutations)."
        )


def congruence_null(
    organization: Organization,
    *,
    weighted: bool = False,
    permutations: int = 9999,
    seed: Seed = 0,
    channels: str | Collection[str] = (),
    services: bool = True,
    progress: Progress = None,
) -> CongruenceNull:
    """Compare congruence with what the mere number of channels would give.

    The team labels of the communication are permuted: as many channels, between other teams. In an organization
    where everybody talks to everybody, the observed value is the expected one.

    Parameters
    ----------
    organization : Organization
    weighted : bool
        Which congruence; see `congruence`.
    permutations : int
        How many, from 1.
    seed : int or numpy.random.Generator
        Of the permutations.
    channels, services :
        As in `congruence`.
    progress : callable or None
        Called with the permutations done and all of them.

    Returns
    -------
    CongruenceNull

    Raises
    ------
    InvalidValueError
        For a channel that no communication has, fewer than one permutation, or a seed below 0.

    References
    ----------
    The quadratic assignment procedure: Hubert and Schultz (1976), Br. J. Math. Stat. Psychol. 29.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data", "bill": "pay"}, [("page", "index")],
    ...                           communication=[conway.Communication(a="web", b="data")])
    >>> round(congruence_null(shop).expected, 1)
    0.3
    """
    import numpy as np

    want_whole(permutations, "permutations", 1)
    found = congruence(organization, weighted=weighted, channels=channels, services=services)
    teams, at = len(organization.teams), organization.index.team_at
    matrix = np.zeros((teams, teams))
    asked = _asked(organization, found.exempt, services=services)
    for (a, b), weight in asked.items():
        matrix[at[a], at[b]] = matrix[at[b], at[a]] = weight if weighted else 1.0
    full = matrix.sum() / 2
    talks = [(at[a], at[b]) for a, b in talk_of(organization, channels)]
    first, second = (np.array([pair[side] for pair in talks], dtype=np.int64) for side in (0, 1))
    values = np.full(permutations, found.vacuous)
    if full > 0:
        done = 0
        for orders in _orders(np.arange(teams), (), permutations, max(teams, len(talks)), seed):
            met = matrix[orders[:, first], orders[:, second]].sum(axis=1)
            values[done : done + len(orders)] = met / full
            done += len(orders)
            if progress is not None:
                progress(done, permutations)
    expected = float(values.mean())
    slack = _EQUAL * max(1.0, expected)
    reach = int((values >= found.value - slack).sum())
    far = int((np.abs(values - expected) >= abs(found.value - expected) - slack).sum())
    return CongruenceNull(
        observed=found.value,
        measure=found.measure,
        expected=expected,
        deviation=float(values.std()),
        ratio=found.value / expected if expected > 0 else Undefined("the denominator is within noise of zero"),
        p_high=(reach + 1) / (permutations + 1),
        p_two=(far + 1) / (permutations + 1),
        permutations=permutations,
        proxy=chosen_channels(organization, channels),
    )


def _asked(organization: Organization, exempt: tuple[object, ...], *, services: bool) -> dict[tuple[str, str], float]:
    spared = service_pairs(organization) if services and exempt else {}
    return {pair: weight for pair, weight in required_pairs(organization).items() if pair not in spared}


def _orders(
    places: Integers, strata: tuple[Integers, ...], permutations: int, width: int, seed: Seed
) -> Iterator[Integers]:
    """Yield blocks of permutations of the places, each stratum within itself."""
    import numpy as np

    generator = generator_of(seed)
    block = max(1, min(permutations, _BLOCK_CELLS // max(width, 1)))
    for start in range(0, permutations, block):
        orders = np.tile(places, (min(block, permutations - start), 1))
        for members in strata or (places,):
            orders[:, members] = generator.permuted(orders[:, members], axis=1)
        yield orders


@attrs.frozen(kw_only=True)
class MirroringView:
    """Mirroring by one convention.

    Attributes
    ----------
    owner : {"any", "primary"}
        When two components belong together: with a common owner, or with the same primary owner.
    stratify : {"degree"} or None
        Owners were shuffled among components with about as many neighbors, or among all.
    observed : float or Undefined
        The share of edges that cross teams.
    expected : float or Undefined
        Its mean over the permutations.
    ratio : float or Undefined
        Observed over expected: below 1, the organization mirrors the architecture. The headline.
    p_low : float
        (b + 1)/(N + 1), with b the permutations with no more crossing edges than observed.
    p_two : float
        The same for a distance from `expected` of at least the observed, either way.
    crossing, edges : int
        Edges that cross teams, and all edges between owned components.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.mirroring(conway.from_owners({"a": "t", "b": "u"}, [("a", "b")]), permutations=9)["any", None].observed
    1.0
    """

    owner: OwnerView
    stratify: Stratum | None
    observed: float | Undefined
    expected: float | Undefined
    ratio: float | Undefined
    p_low: float
    p_two: float
    crossing: int
    edges: int


@attrs.frozen(kw_only=True)
class Mirroring(Table):
    """Whether the organization mirrors the architecture better than chance.

    Attributes
    ----------
    headline : MirroringView
        By the convention that was asked for.
    views : tuple of MirroringView
        By every convention: any or primary owner, with and without degree strata.
    agree : bool
        Whether all conventions fall on the same side of `level`.
    level : float
        The p-value below which a convention says that the organization mirrors the architecture.
    permutations : int
        How many shuffled organizations there were.
    unowned_edges : int
        Edges left out because an end has no owner.
    null : str
        What was shuffled.

    Examples
    --------
    >>> from pmkit import conway
    >>> found = conway.mirroring(conway.from_owners({"a": "t", "b": "u"}, [("a", "b")]), permutations=9)
    >>> found.agree, found.headline.p_low
    (True, 1.0)
    """

    headline: MirroringView
    views: tuple[MirroringView, ...] = attrs.field(repr=False)
    agree: bool
    level: float
    permutations: int
    unowned_edges: int
    null: str = "owner sets permuted over the owned components, dependencies fixed"

    def __getitem__(self, key: tuple[OwnerView, Stratum | None]) -> MirroringView:
        for view in self.views:
            if (view.owner, view.stratify) == key:
                return view
        raise InvalidValueError(f"there is a view for each (owner, stratify), not for {quoted(key)}")

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each convention."""
        rows: list[dict[str, object]] = []
        for view in self.views:
            row = attrs.asdict(view, recurse=False)
            rows.append({**row, "stratify": view.stratify or "none"})
        return rows

    def summary(self) -> str:
        """Say it in one or two sentences."""
        view = self.headline
        if isinstance(view.observed, Undefined) or isinstance(view.expected, Undefined):
            return "There is no edge between owned components: nothing can be mirrored."
        said = (
            f"{view.observed:.1%} of the edges cross teams where {view.expected:.1%} would by chance "
            f"(p = {view.p_low:.2g})."
        )
        return said if self.agree else f"{said} The conventions disagree: {self._spread()}."

    def _spread(self) -> str:
        return ", ".join(
            f"{view.owner} owner{' in degree strata' if view.stratify else ''} p = {view.p_low:.2g}"
            for view in self.views
        )


def mirroring(
    organization: Organization,
    *,
    permutations: int = 9999,
    seed: Seed = 0,
    owner: OwnerView = "any",
    stratify: Stratum | None = None,
    strata: int = 5,
    level: float = 0.05,
    progress: Progress = None,
) -> Mirroring:
    """Test Conway's law: whether dependencies keep inside teams more than they would by chance.

    The raw share of edges between teams depends on how many teams there are and how large they are: it ranks
    organizations the wrong way round. So the owner sets are shuffled over the components, the dependencies stay,
    and the share is counted again. All four conventions are computed, because they can disagree.

    Parameters
    ----------
    organization : Organization
    permutations : int
        How many, from 1.
    seed : int or numpy.random.Generator
        Of the permutations.
    owner : {"any", "primary"}
        The convention of the headline: a common owner is enough, or the primary owners must be the same.
    stratify : None or "degree"
        Shuffle among all components, or among those with about as many neighbors: a team that owns the hubs
        then meets only teams that own hubs.
    strata : int
        How many classes of degree, of nearly equal size.
    level : float
        Where the conventions are said to agree or not.
    progress : callable or None
        Called with the permutations done and all of them.

    Returns
    -------
    Mirroring

    Raises
    ------
    InvalidValueError
        For an unknown view of owners or way to stratify, fewer than one permutation or stratum, or a seed below 0.

    References
    ----------
    Conway (1968), "How do committees invent?"; MacCormack, Baldwin and Rusnak (2012), "Exploring the duality
    between product and organizational architectures"; p-values after Phipson and Smyth (2010).

    Examples
    --------
    >>> from pmkit import conway
    >>> parts = {f"{team}{n}": team for team in "abc" for n in range(4)}
    >>> edges = [(f"{team}{n}", f"{team}{n + 1}") for team in "abc" for n in range(3)]
    >>> found = conway.mirroring(conway.from_owners(parts, edges), permutations=999)
    >>> found.headline.observed, found.headline.p_low < 0.01
    (0.0, True)
    """
    import numpy as np

    want_whole(permutations, "permutations", 1)
    chosen(owner, "owner", OWNER_VIEWS)
    if stratify is not None:
        chosen(stratify, "stratify", ("degree",))
    want_whole(strata, "strata", 1)
    edges, owners = edges_of(organization), owners_of(organization)
    apart = edges.source != edges.target
    owned = owners.primary >= 0
    kept = apart & owned[edges.source] & owned[edges.target]
    graph = Edges(edges.source[kept], edges.target[kept], edges.weight[kept], edges.row)
    classes, together = _owner_sets(owners)
    primary_of_class = _primary_classes(owners, classes)
    generator = generator_of(seed)
    views: list[MirroringView] = []
    for number, stratum in enumerate((None, "degree")):
        groups = _degree_strata(graph, owned, strata) if stratum else (np.flatnonzero(owned),)
        counts = _crossings(graph, classes, (together, primary_of_class), groups, permutations, generator)
        shuffled: list[list[Integers]] = [[], []]
        done = number * permutations
        for block in counts:
            for side in (0, 1):
                shuffled[side].append(block[side])
            done += len(block[0])
            if progress is not None:
                progress(done, 2 * permutations)
        for side, view in enumerate(OWNER_VIEWS):
            crossing = int((~shares_an_owner(graph, owners, view)).sum())
            literal: Stratum | None = "degree" if stratum else None
            views.append(_view(view, literal, crossing, len(graph.source), np.concatenate(shuffled[side])))
    low = [view.p_low <= level for view in views]
    return Mirroring(
        headline=next(view for view in views if (view.owner, view.stratify) == (owner, stratify)),
        views=tuple(views),
        agree=all(low) or not any(low),
        level=level,
        permutations=permutations,
        unowned_edges=int((apart & ~kept).sum()),
    )


def _view(owner: OwnerView, stratify: Stratum | None, crossing: int, edges: int, counts: Integers) -> MirroringView:
    import numpy as np

    number, total = len(counts), int(counts.sum())
    low = int((counts <= crossing).sum())
    # whole numbers: whether a permutation is as far from the mean must not hang on rounding
    far = int((np.abs(counts * number - total) >= abs(crossing * number - total)).sum())
    none = Undefined("no data")
    return MirroringView(
        owner=owner,
        stratify=stratify,
        observed=crossing / edges if edges else none,
        expected=total / number / edges if edges else none,
        ratio=crossing * number / total if total else none if not edges else Undefined("no variance"),
        p_low=(low + 1) / (number + 1),
        p_two=(far + 1) / (number + 1),
        crossing=crossing,
        edges=edges,
    )


def _owner_sets(owners: Owners) -> tuple[Integers, np.ndarray]:
    """Give the distinct owner sets numbers, and say which of them share a team."""
    import numpy as np

    starts, teams = owners.start.tolist(), owners.team.tolist()
    numbers: dict[tuple[int, ...], int] = {}
    classes = np.empty(len(starts) - 1, dtype=np.int64)
    for at, primary in enumerate(owners.primary.tolist()):
        key = (primary, *sorted(teams[starts[at] : starts[at + 1]]))
        classes[at] = numbers.setdefault(key, len(numbers))
    together = np.zeros((len(numbers), len(numbers)), dtype=np.bool_)
    by_team: dict[int, list[int]] = {}
    for key, number in numbers.items():
        for team in key[1:]:
            by_team.setdefault(team, []).append(number)
    for members in by_team.values():
        together[np.ix_(members, members)] = True
    return classes, together


def _primary_classes(owners: Owners, classes: Integers) -> np.ndarray:
    import numpy as np

    primary = np.full(int(classes.max(initial=-1)) + 1, -1, dtype=np.int64)
    primary[classes] = owners.primary
    return np.asarray((primary[:, None] == primary[None, :]) & (primary >= 0))


def _degree_strata(graph: Edges, owned: np.ndarray, strata: int) -> tuple[Integers, ...]:
    import numpy as np

    count = len(owned)
    degree = np.bincount(graph.source, minlength=count) + np.bincount(graph.target, minlength=count)
    places = np.flatnonzero(owned)
    rank = np.argsort(np.argsort(degree[places], kind="stable"), kind="stable")
    group = rank * strata // max(len(places), 1)
    return tuple(places[group == number] for number in range(strata))


def _crossings(
    graph: Edges,
    classes: Integers,
    together: tuple[np.ndarray, np.ndarray],
    groups: tuple[Integers, ...],
    permutations: int,
    generator: np.random.Generator,
) -> Iterator[tuple[Integers, Integers]]:
    """Count the crossing edges of each shuffled organization, by any and by primary owner."""
    import numpy as np

    places = np.arange(len(classes))
    width = max(len(classes), len(graph.source))
    for orders in _orders(places, groups, permutations, width, generator):
        shuffled = classes[orders]
        cell = shuffled[:, graph.source] * len(together[0]) + shuffled[:, graph.target]
        yield (
            (~together[0].ravel()[cell]).sum(axis=1).astype(np.int64),
            (~together[1].ravel()[cell]).sum(axis=1).astype(np.int64),
        )
