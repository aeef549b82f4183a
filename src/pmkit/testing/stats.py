"""Strategies for moments and for counts."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from pmkit.stats import Futility, Moments, SequentialDesign, Spending, SpendingFamily, group_sequential
from pmkit.stats._arrays import Scalar

__all__ = ["counts", "futilities", "moments", "sequential_designs", "spendings"]

_PARAMETERS = {
    "wang-tsiatis": st.floats(-0.5, 0.75),
    "hwang-shih-decani": st.floats(-8, 4),
    "kim-demets": st.floats(0.5, 6),
}


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


def spendings(*, functions: bool = False) -> st.SearchStrategy[Spending]:
    """Generate families of boundaries, with parameters that are in use.

    Parameters
    ----------
    functions : bool
        Whether only families that spend by the information, and so allow looks that move.

    Returns
    -------
    strategy of Spending

    Examples
    --------
    >>> from hypothesis import find
    >>> find(spendings(), lambda spending: spending.parameter is None).family
    'obrien-fleming'
    """
    classic = ("obrien-fleming", "pocock", "wang-tsiatis")
    families = [family for family in get_args(SpendingFamily) if not functions or family not in classic]
    return st.sampled_from(families).flatmap(
        lambda family: st.builds(Spending, st.just(family), _PARAMETERS.get(family, st.none()))
    )


def futilities() -> st.SearchStrategy[Futility]:
    """Generate rules to stop for futility, binding or not.

    Returns
    -------
    strategy of Futility

    Examples
    --------
    >>> from hypothesis import find
    >>> find(futilities(), lambda rule: rule.binding).binding
    True
    """
    return st.builds(Futility, spending=spendings(functions=True), binding=st.booleans())


def sequential_designs(*, max_looks: int = 5) -> st.SearchStrategy[SequentialDesign]:
    """Generate group-sequential designs: looks, error rate, spending, one or two sides, power.

    Parameters
    ----------
    max_looks : int
        The most looks, from 1.

    Returns
    -------
    strategy of SequentialDesign

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(sequential_designs())
    ... def test_each_look_has_its_boundary(design):
    ...     assert len(design.z) == len(design.information)
    >>> test_each_look_has_its_boundary()
    """
    return st.builds(
        group_sequential,
        st.integers(1, max_looks),
        alpha=st.sampled_from([0.005, 0.01, 0.025, 0.05]),
        spending=spendings(),
        sided=st.sampled_from([1, 2]),
        power=st.sampled_from([None, 0.8, 0.9]),
    )
