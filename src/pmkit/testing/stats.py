"""Strategies for moments and for counts."""

from __future__ import annotations

from hypothesis import strategies as st

from pmkit.stats import Moments
from pmkit.stats._arrays import Scalar

__all__ = ["counts", "moments"]


def moments(*, min_units: int = 0, max_units: int = 30, covariate: bool = False) -> st.SearchStrategy[Moments[Scalar]]:
    """Generate the moments of one group, made from whole-number rows.

    Parameters
    ----------
    min_units, max_units : int
        How many units the group may have.
    covariate : bool
        Whether units have a covariate as well.

    Returns
    -------
    strategy of Moments

    Examples
    --------
    >>> from hypothesis import find
    >>> find(moments(min_units=1), lambda group: True).n
    1.0
    """
    number = st.integers(-1000, 1000).map(float)
    if not covariate:
        return st.lists(number, min_size=min_units, max_size=max_units).map(Moments[Scalar].from_rows)
    pairs = st.lists(st.tuples(number, number), min_size=min_units, max_size=max_units)
    return pairs.map(lambda rows: Moments[Scalar].from_rows([x for x, _ in rows], covariate=[y for _, y in rows]))


def counts(*, max_trials: int = 1000) -> st.SearchStrategy[tuple[int, int]]:
    """Generate successes and trials, at least one trial.

    Parameters
    ----------
    max_trials : int
        The most trials.

    Returns
    -------
    strategy of (int, int)

    Examples
    --------
    >>> from hypothesis import find
    >>> find(counts(), lambda pair: pair[0] == 1)
    (1, 1)
    """
    trials = st.integers(1, max_trials)
    return trials.flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
