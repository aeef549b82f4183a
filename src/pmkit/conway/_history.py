"""What a history of changes tells: effort, co-editing, and the communication behind it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping

import attrs

from pmkit.conway._arrays import owners_of
from pmkit.conway._congruence import Congruence, congruence_of_pairs
from pmkit.conway._coordination import Pair
from pmkit.conway._model import Change, Communication
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import quoted

__all__ = [
    "CoEdit",
    "MainDeveloper",
    "Motifs",
    "co_change_congruence",
    "co_commit",
    "co_edit_strength",
    "cross_authoring",
    "effort_fragmentation",
    "home_teams",
    "main_developers",
    "motifs",
    "team_map",
]


def _owning(organization: Organization) -> dict[str, tuple[str, ...]]:
    found = owners_of(organization)
    starts, teams = found.start.tolist(), found.team.tolist()
    ids = [team.id for team in organization.teams]
    return {
        part.id: tuple(ids[team] for team in teams[starts[at] : starts[at + 1]])
        for at, part in enumerate(organization.components)
    }


def home_teams(organization: Organization, changes: Iterable[Change]) -> dict[str, str]:
    """Guess each person's team from what they change.

    Every change gives 1/n to each of the n owners of its component; a person's home is the team with the
    largest sum, the first by id where sums are equal. Changes of unowned or unknown components say nothing.

    Parameters
    ----------
    organization : Organization
    changes : iterable of Change

    Returns
    -------
    dict of str to str
        Team by person; people who changed nothing that is owned are left out.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"})
    >>> rows = [("p1", "page"), ("p1", "page"), ("p1", "index")]
    >>> home_teams(shop, [Change(commit=str(n), author=who, component=what) for n, (who, what) in enumerate(rows)])
    {'p1': 'web'}
    """
    owning = _owning(organization)
    sums: dict[str, dict[str, float]] = {}
    for change in changes:
        teams = owning.get(change.component, ())
        for team in teams:
            mine = sums.setdefault(change.author, {})
            mine[team] = mine.get(team, 0.0) + 1 / len(teams)
    # sums of thirds differ in their last digit with the order of the rows
    return {person: min(mine, key=lambda team: (-round(mine[team], 9), team)) for person, mine in sums.items()}


def cross_authoring(
    organization: Organization,
    changes: Iterable[Change],
    *,
    homes: Mapping[str, str] | None = None,
    least: int = 2,
) -> tuple[Communication, ...]:
    """Read communication from people who change what other teams own.

    Every change counts once for each owner of its component other than the author's home team: whoever changes
    another team's code has to get it reviewed there.

    Parameters
    ----------
    organization : Organization
    changes : iterable of Change
    homes : mapping of str to str or None
        Team by person, such as `teams_of_people` gives; `home_teams` guesses it when None.
    least : int
        The count from which there is a channel.

    Returns
    -------
    tuple of Communication
        With channel ``"cross-authoring"`` and the count as weight, in order of teams.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"})
    >>> rows = [Change(commit=str(n), author="p1", component="index") for n in range(3)]
    >>> cross_authoring(shop, rows, homes={"p1": "web"})
    (Communication(a='web', b='data', weight=3.0, channel='cross-authoring'),)
    """
    rows = tuple(changes)
    home = home_teams(organization, rows) if homes is None else homes
    owning = _owning(organization)
    counts: dict[Pair, int] = {}
    for change in rows:
        mine = home.get(change.author)
        if mine not in organization.index.team_at:
            continue
        for team in owning.get(change.component, ()):
            if team != mine:
                counts[mine, team] = counts.get((mine, team), 0) + 1
    return _channels(organization, counts, least, "cross-authoring")


def co_commit(
    organization: Organization, changes: Iterable[Change], *, least: int = 2, most_teams: int = 5
) -> tuple[Communication, ...]:
    """Read communication from commits that touch what two teams own.

    Parameters
    ----------
    organization : Organization
    changes : iterable of Change
    least : int
        The number of common commits from which there is a channel.
    most_teams : int
        Commits that touch more teams than this are dropped: a change of everything is nobody's conversation.

    Returns
    -------
    tuple of Communication
        With channel ``"co-commit"`` and the number of commits as weight, in order of teams.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"})
    >>> rows = [Change(commit=c, author="p1", component=part) for c in "xy" for part in ("page", "index")]
    >>> co_commit(shop, rows)
    (Communication(a='web', b='data', weight=2.0, channel='co-commit'),)
    """
    owning = _owning(organization)
    at = organization.index.team_at
    touched: dict[str, dict[str, None]] = {}
    for change in changes:
        touched.setdefault(change.commit, {}).update(dict.fromkeys(owning.get(change.component, ())))
    counts: dict[Pair, int] = {}
    for teams in touched.values():
        if len(teams) <= most_teams:
            for pair in itertools.combinations(sorted(teams, key=at.__getitem__), 2):
                counts[pair] = counts.get(pair, 0) + 1
    return _channels(organization, counts, least, "co-commit")


def _channels(
    organization: Organization, counts: Mapping[Pair, int], least: int, channel: str
) -> tuple[Communication, ...]:
    at = organization.index.team_at
    both: dict[Pair, int] = {}
    for (a, b), count in counts.items():
        pair = (a, b) if at[a] < at[b] else (b, a)
        both[pair] = both.get(pair, 0) + count
    ordered = sorted(both, key=lambda pair: (at[pair[0]], at[pair[1]]))
    return tuple(
        Communication(a=a, b=b, weight=float(both[a, b]), channel=channel) for a, b in ordered if both[a, b] >= least
    )


def team_map(changes: Iterable[Change], teams: Mapping[str, str]) -> tuple[Change, ...]:
    """Put teams in the place of authors; whoever is in no team stays as they are.

    Parameters
    ----------
    changes : iterable of Change
    teams : mapping of str to str
        Team by person, such as `teams_of_people` gives.

    Returns
    -------
    tuple of Change

    References
    ----------
    The team map of Code Maat (Tornhill, *Your Code as a Crime Scene*, 2015).

    Examples
    --------
    >>> rows = [Change(commit="1", author="p1", component="a"), Change(commit="2", author="p2", component="a")]
    >>> [row.author for row in team_map(rows, {"p1": "web"})]
    ['web', 'p2']
    """
    return tuple(attrs.evolve(change, author=teams.get(change.author, change.author)) for change in changes)


def effort_fragmentation(changes: Iterable[Change]) -> dict[str, float]:
    """Return how split the work on each component is: 1 - Σ (changes of one author / all changes)².

    Parameters
    ----------
    changes : iterable of Change
        With teams for authors (see `team_map`), it is the split between teams.

    Returns
    -------
    dict of str to float
        From 0 (one author) to nearly 1 (many authors with a change each).

    References
    ----------
    D'Ambros, Gall, Lanza and Pinzger (2008), "Analysing software repositories to understand software evolution".

    Examples
    --------
    >>> rows = [Change(commit=str(n), author=who, component="a") for n, who in enumerate(["p1", "p2", "p2"])]
    >>> round(effort_fragmentation(rows)["a"], 3)
    0.444
    """
    found: dict[str, float] = {}
    for component, by_author in _counted(changes).items():
        total = sum(by_author.values())
        found[component] = (total * total - sum(count * count for count in by_author.values())) / (total * total)
    return found


def _counted(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for change in changes:
        mine = counts.setdefault(change.component, {})
        mine[change.author] = mine.get(change.author, 0) + 1
    return counts


@attrs.frozen
class MainDeveloper:
    """Who changed a component most often.

    Attributes
    ----------
    author : str
    changes, total : int
        Theirs, and everybody's.
    share : float
        Theirs as a part of everybody's.

    Examples
    --------
    >>> MainDeveloper("p1", 2, 3, 2 / 3).author
    'p1'
    """

    author: str
    changes: int
    total: int
    share: float


def main_developers(changes: Iterable[Change]) -> dict[str, MainDeveloper]:
    """Return who changed each component most often; the first seen where counts are equal.

    Parameters
    ----------
    changes : iterable of Change

    Returns
    -------
    dict of str to MainDeveloper

    References
    ----------
    Code Maat, main developer by revisions (Tornhill 2015).

    Examples
    --------
    >>> rows = [Change(commit=str(n), author=who, component="a") for n, who in enumerate(["p1", "p2", "p2"])]
    >>> main_developers(rows)["a"].author
    'p2'
    """
    found: dict[str, MainDeveloper] = {}
    for component, by_author in _counted(changes).items():
        total, author = sum(by_author.values()), max(by_author, key=by_author.__getitem__)
        found[component] = MainDeveloper(author, by_author[author], total, by_author[author] / total)
    return found


@attrs.frozen
class CoEdit:
    """How often two people change the same components.

    Attributes
    ----------
    author, peer : str
    shared : int
        Components that both have changed.
    average : int
        The mean of the numbers of components that each has changed, rounded up.
    strength : int
        Shared over average, in whole percent, rounded down.

    Examples
    --------
    >>> CoEdit("p1", "p2", 1, 2, 50).strength
    50
    """

    author: str
    peer: str
    shared: int
    average: int
    strength: int


def co_edit_strength(changes: Iterable[Change]) -> tuple[CoEdit, ...]:
    """Measure how strongly people are tied by changing the same components; each pair in both orders.

    Parameters
    ----------
    changes : iterable of Change

    Returns
    -------
    tuple of CoEdit
        Strongest first, then by author and peer, from the end of the alphabet (as Code Maat prints them).

    References
    ----------
    Code Maat, communication (Tornhill 2015).

    Examples
    --------
    >>> rows = [("p1", "a"), ("p2", "a"), ("p2", "b")]
    >>> rows = [Change(commit=str(n), author=who, component=what) for n, (who, what) in enumerate(rows)]
    >>> co_edit_strength(rows)[0]
    CoEdit(author='p2', peer='p1', shared=1, average=2, strength=50)
    """
    counted = _counted(changes)
    own: dict[str, int] = {}
    shared: dict[Pair, int] = {}
    for by_author in counted.values():
        for author in by_author:
            own[author] = own.get(author, 0) + 1
        for pair in itertools.permutations(by_author, 2):
            shared[pair] = shared.get(pair, 0) + 1
    found: list[CoEdit] = []
    for (author, peer), count in shared.items():
        average = -(-(own[author] + own[peer]) // 2)
        found.append(CoEdit(author, peer, count, average, 100 * count // average))
    found.sort(key=lambda row: (row.strength, row.author, row.peer), reverse=True)
    return tuple(found)


def co_change_congruence(
    couplings: Iterable[tuple[str, str]], authors: Mapping[str, Collection[str]], *, weighted: bool = False
) -> Congruence:
    """Compute congruence between people from files that change together.

    The authors of two coupled files must coordinate, each of the one with each of the other; two people are taken to
    coordinate when they are authors of a common file.

    Parameters
    ----------
    couplings : iterable of (str, str)
        Files that change together.
    authors : mapping of str to collection of str
        The authors of each file; a coupled file that is missing here has none.
    weighted : bool
        Weigh pairs of people by the number of couplings that ask for them.

    Returns
    -------
    Congruence

    References
    ----------
    Cataldo, Herbsleb and Carley (2008), "Socio-technical congruence", ESEM.

    Examples
    --------
    >>> co_change_congruence([("a", "b")], {"a": ["p1"], "b": ["p2"]}).value
    0.0
    """
    required: dict[Pair, float] = {}
    for a, b in couplings:
        asked = dict.fromkeys(tuple(sorted((x, y))) for x in authors.get(a, ()) for y in authors.get(b, ()) if x != y)
        for pair in asked:
            required[pair[0], pair[1]] = required.get((pair[0], pair[1]), 0.0) + 1.0
    actual = [pair for people in authors.values() for pair in itertools.combinations(sorted(dict.fromkeys(people)), 2)]
    return congruence_of_pairs(required, actual, weighted=weighted, proxy=("co-editing",))


@attrs.frozen(kw_only=True)
class Motifs:
    """Small patterns of people, artifacts and talk.

    Attributes
    ----------
    triangle, anti_triangle : int
        Two people edit one artifact and talk, or do not.
    square, anti_square : int
        Two people edit the two ends of a dependency and talk, or do not.
    counting : str
        The convention.

    Examples
    --------
    >>> motifs({"p1": ["f"], "p2": ["f"]}).anti_triangle
    1
    """

    triangle: int
    anti_triangle: int
    square: int
    anti_square: int
    counting: str = "homomorphisms: unordered pairs of people on an artifact, ordered dependencies"


def motifs(
    edits: Mapping[str, Collection[str]],
    dependencies: Iterable[tuple[str, str]] = (),
    communication: Iterable[tuple[str, str]] = (),
) -> Motifs:
    """Count where people who should talk do, and where they do not.

    Parameters
    ----------
    edits : mapping of str to collection of str
        What each person edits.
    dependencies : iterable of (str, str)
        Artifacts that depend on artifacts, each pair once.
    communication : iterable of (str, str)
        People who talk, in any order.

    Returns
    -------
    Motifs

    Raises
    ------
    InvalidValueError
        When `edits` is no mapping.

    References
    ----------
    Mauerer, Joblin, Tamburri, Paradis, Kazman and Apel (2022), "In search of socio-technical congruence", TSE 48.

    Examples
    --------
    >>> motifs({"p1": ["f"], "p2": ["f", "g"]}, [("f", "g")], [("p2", "p1")])
    Motifs(triangle=1, anti_triangle=0, square=1, anti_square=0, counting=...)
    """
    if not isinstance(edits, Mapping):
        raise InvalidValueError(f"edits must say for each person what they edit, not {quoted(edits)}")
    talks = {frozenset(pair) for pair in communication}
    editors: dict[str, list[str]] = {}
    for person, artifacts in edits.items():
        for artifact in dict.fromkeys(artifacts):
            editors.setdefault(artifact, []).append(person)
    met = {True: 0, False: 0}
    for people in editors.values():
        for pair in itertools.combinations(people, 2):
            met[frozenset(pair) in talks] += 1
    tied = {True: 0, False: 0}
    for source, target in dict.fromkeys(tuple(pair) for pair in dependencies):
        for one in editors.get(source, ()):
            for other in editors.get(target, ()):
                if one != other:
                    tied[frozenset((one, other)) in talks] += 1
    return Motifs(triangle=met[True], anti_triangle=met[False], square=tied[True], anti_square=tied[False])
