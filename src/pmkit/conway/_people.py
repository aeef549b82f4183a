"""Who knows what: authorship and the truck factor."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

import attrs

from pmkit.conway._arrays import want_number, want_whole
from pmkit.conway._model import Change
from pmkit.errors import InvalidValueError
from pmkit.model import quoted

__all__ = ["TruckFactor", "authorship", "degree_of_authorship", "truck_factor", "truck_factors"]


def degree_of_authorship(first_author: bool | int, deliveries: int, acceptances: int) -> float:  # noqa: FBT001 - FA is 0 or 1 in the literature
    """Compute how much someone is an author of a file: 3.293 + 1.098 FA + 0.164 DL - 0.321 ln(1 + AC).

    Parameters
    ----------
    first_author : bool or int
        FA: whether the person made the file (1) or not (0).
    deliveries : int
        DL: the person's changes of it.
    acceptances : int
        AC: the others' changes of it.

    Returns
    -------
    float
        The degree of authorship; compare it between people of one file.

    Raises
    ------
    InvalidValueError
        For a count that is not a whole number from 0 up, or a `first_author` that is neither 0 nor 1.

    References
    ----------
    Fritz, Murphy, Murphy-Hill, Ou and Hill (2014), "Degree-of-knowledge", TOSEM 23; constants as in
    Avelino, Passos, Hora and Valente (2016), "A novel approach for estimating truck factors", ICPC.

    Examples
    --------
    >>> round(degree_of_authorship(True, 10, 3), 3)
    5.586
    """
    maker: object = int(first_author) if isinstance(first_author, bool) else first_author
    want_whole(maker, "first_author", 0)
    want_whole(deliveries, "deliveries", 0)
    want_whole(acceptances, "acceptances", 0)
    if first_author > 1:
        raise InvalidValueError(f"first_author must be 0 or 1, not {quoted(first_author)}")
    return 3.293 + 1.098 * first_author + 0.164 * deliveries - 0.321 * math.log1p(acceptances)


def authorship(
    changes: Iterable[Change], *, threshold: float = 0.75, least: float | None = None
) -> dict[str, tuple[str, ...]]:
    """Find the authors of each component from its history.

    Parameters
    ----------
    changes : iterable of Change
        Oldest first: the author of a component's first change is taken to have made it.
    threshold : float
        An author has more than this part of the largest degree of authorship of the component.
    least : float or None
        A least absolute degree as well; Avelino et al. use 3.293.

    Returns
    -------
    dict of str to tuple of str
        Authors by component, the strongest first.

    Raises
    ------
    InvalidValueError
        For counts of changes that are not whole numbers from 0 up.

    References
    ----------
    Avelino, Passos, Hora and Valente (2016), ICPC, section III.

    Examples
    --------
    >>> rows = [Change(commit=str(n), author=who, component="index") for n, who in enumerate(["p1", "p1", "p2"])]
    >>> authorship(rows)
    {'index': ('p1',)}
    """
    counts: dict[str, dict[str, int]] = {}
    for change in changes:
        by_author = counts.setdefault(change.component, {})
        by_author[change.author] = by_author.get(change.author, 0) + 1
    found: dict[str, tuple[str, ...]] = {}
    for component, by_author in counts.items():
        total, first = sum(by_author.values()), next(iter(by_author))
        degrees = {
            author: degree_of_authorship(author == first, mine, total - mine) for author, mine in by_author.items()
        }
        highest = max(degrees.values())
        # a degree can be negative where thousands of others' changes stand against a few
        good = [
            author
            for author, degree in degrees.items()
            if (degree > threshold * highest if highest > 0 else degree == highest)
            and (least is None or degree >= least)
        ]
        found[component] = tuple(sorted(good, key=lambda author: (-degrees[author], author)))
    return found


@attrs.frozen(kw_only=True)
class TruckFactor:
    """How many people must leave before the product is in trouble.

    Attributes
    ----------
    value : int
        The people removed until less than `coverage` of the files have an author left; 0 without files.
    people : tuple of str
        They, in order of removal.
    files : int
        How many files (or components) were looked at.
    coverage : float
        The share of files below which the product is in trouble.

    Examples
    --------
    >>> truck_factor({"a": ["p1"], "b": ["p1"], "c": ["p2"]}).people
    ('p1',)
    """

    value: int
    people: tuple[str, ...]
    files: int
    coverage: float


def truck_factor(authors: Mapping[str, Collection[str]], *, coverage: float = 0.5) -> TruckFactor:
    """Compute the truck factor: remove the author of most files until too few files have an author left.

    Parameters
    ----------
    authors : mapping of str to collection of str
        The authors of each file or component; see `authorship`.
    coverage : float
        The share of the files that must keep an author, from 0 to 1.

    Returns
    -------
    TruckFactor

    Raises
    ------
    InvalidValueError
        When `coverage` is not a number from 0 to 1.

    Notes
    -----
    Ties are broken by id. Files without an author are lost from the start. The greedy removal gives an upper
    bound of the smallest such group.

    References
    ----------
    Avelino, Passos, Hora and Valente (2016), "A novel approach for estimating truck factors", ICPC.

    Examples
    --------
    >>> truck_factor({"f1": ["a"], "f2": ["b"], "f3": ["c"], "f4": ["d"]}).value
    3
    """
    want_number(coverage, "coverage", 0.0, 1.0)
    left = {file: len(dict.fromkeys(people)) for file, people in authors.items()}
    files_of: dict[str, list[str]] = {}
    for file, people in authors.items():
        for person in dict.fromkeys(people):
            files_of.setdefault(person, []).append(file)
    queue = sorted(files_of, key=lambda person: (-len(files_of[person]), person))
    covered = sum(count > 0 for count in left.values())
    removed: list[str] = []
    for person in queue:
        if covered < coverage * len(left):
            break
        removed.append(person)
        for file in files_of[person]:
            left[file] -= 1
            covered -= left[file] == 0
    return TruckFactor(value=len(removed), people=tuple(removed), files=len(left), coverage=coverage)


def truck_factors(changes: Iterable[Change], *, threshold: float = 0.75) -> dict[str, TruckFactor]:
    """Compute the truck factor of each component by itself: how many people are its authors.

    Parameters
    ----------
    changes : iterable of Change
        Oldest first.
    threshold : float
        As in `authorship`.

    Returns
    -------
    dict of str to TruckFactor

    Examples
    --------
    >>> rows = [Change(commit=str(n), author=who, component="index") for n, who in enumerate(["p1", "p1", "p2"])]
    >>> truck_factors(rows)["index"].people
    ('p1',)
    """
    return {
        component: TruckFactor(value=len(people), people=people, files=1, coverage=1.0)
        for component, people in authorship(changes, threshold=threshold).items()
    }
