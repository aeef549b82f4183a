"""Strategies for surveys of needs and their tallies."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from pmkit.jtbd import Tally
from pmkit.model import normalized_id
from pmkit.testing.model import identifiers

__all__ = ["ratings", "tallies"]


def ratings(
    *, respondents: st.SearchStrategy[int] | int = 8, outcomes: int = 3, scale: tuple[int, int] = (1, 5)
) -> st.SearchStrategy[NDArray[np.float64]]:
    """Draw ratings of shape (respondents, outcomes), NaN where an answer is missing.

    Parameters
    ----------
    respondents : int or strategy of int
        How many.
    outcomes : int
        How many columns.
    scale : (int, int)
        The lowest and the highest rating.

    Returns
    -------
    SearchStrategy of ndarray

    Examples
    --------
    >>> from pmkit.testing import ratings
    >>> ratings(respondents=4).example().shape  # doctest: +SKIP
    (4, 3)
    """
    answer = st.one_of(st.just(float("nan")), st.integers(*scale).map(float))

    def grid(count: int) -> st.SearchStrategy[NDArray[np.float64]]:
        cells = st.lists(answer, min_size=count * outcomes, max_size=count * outcomes)
        return cells.map(lambda drawn: np.array(drawn, dtype=np.float64).reshape(count, outcomes))

    return (st.just(respondents) if isinstance(respondents, int) else respondents).flatmap(grid)


@st.composite
def tallies(draw: st.DrawFn, *, weighted: bool | None = None, largest: int = 200) -> Tally:
    """Draw tallies: one to four outcomes, one to three segments, empty cells and empty segments included.

    Parameters
    ----------
    weighted : bool, optional
        Whether respondents have weights; either when not given.
    largest : int
        The most people in a cell.

    Returns
    -------
    SearchStrategy of Tally

    Examples
    --------
    >>> from pmkit.testing import tallies
    >>> tallies().example()  # doctest: +SKIP
    <Tally of 2 outcomes in 1 segment, 200 respondents at most>
    """
    names = st.lists(identifiers(), min_size=1, max_size=4, unique_by=normalized_id)
    outcomes, segments = draw(names), draw(names.map(lambda found: found[:3]))
    shape = (len(outcomes), len(segments), 9)
    size = shape[0] * shape[1] * shape[2]
    people = np.array(draw(st.lists(st.integers(0, largest), min_size=size, max_size=size)), dtype=np.float64)
    each = np.ones(size)
    if draw(st.booleans()) if weighted is None else weighted:
        each = np.array(draw(st.lists(st.sampled_from((0.25, 0.5, 1.5, 4.0)), min_size=size, max_size=size)))
    arrays = (people, people * each, people * each**2)
    return Tally(
        outcomes=outcomes,
        segments=segments,
        denominator=draw(st.sampled_from(("answered", "all"))),
        **dict(zip(("people", "weights", "squares"), (array.reshape(shape) for array in arrays), strict=True)),
    )
