"""Strategies for the room of experiments."""

from __future__ import annotations

from hypothesis import strategies as st

from pmkit.experiments import (
    AlwaysValid,
    Bayesian,
    Belief,
    Candidate,
    Fixed,
    GroupSequential,
    Hypothesis,
    Metric,
    Plan,
    Portfolio,
    TestOption,
    Threshold,
    mean,
    proportion,
)
from pmkit.testing.model import texts

__all__ = ["beliefs", "hypotheses", "metrics", "plans", "portfolios"]

_EFFECT = st.floats(0.001, 0.5)
_PROBABILITY = st.floats(0, 1)


def metrics(name: str = "goal") -> st.SearchStrategy[Metric]:
    """Generate proportions and means with a minimum effect and a margin.

    Parameters
    ----------
    name : str
        The column.

    Returns
    -------
    strategy of Metric

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(metrics())
    ... def test_metrics_know_what_is_better(metric):
    ...     assert metric.prefer in {"higher", "lower"}
    >>> test_metrics_know_what_is_better()
    """
    options = {
        "prefer": st.sampled_from(["higher", "lower"]),
        "relative": st.booleans(),
        "minimum_effect": _EFFECT,
        "margin": _EFFECT,
    }
    return st.one_of(
        st.builds(proportion, st.just(name), **options),
        st.builds(mean, st.just(name), **options),
    )


def plans() -> st.SearchStrategy[Plan]:
    """Generate plans of every kind of look, with up to three variants and two guardrails.

    Returns
    -------
    strategy of Plan

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(plans())
    ... def test_the_control_is_a_variant(plan):
    ...     assert plan.control in plan.split
    >>> test_the_control_is_a_variant()
    """
    looks = st.one_of(
        st.just(Fixed()),
        st.builds(GroupSequential, looks=st.integers(2, 6), spending=st.sampled_from(["obrien-fleming", "pocock"])),
        st.just(AlwaysValid()),
        st.builds(Bayesian, threshold=st.floats(0.8, 0.99), looks=st.integers(1, 5)),
    )
    splits = st.integers(1, 3).map(lambda count: {"control": 1, **{f"v{place}": 1 for place in range(count)}})
    guardrails = st.integers(0, 2).flatmap(
        lambda count: st.tuples(*(metrics(f"guardrail_{place}") for place in range(count)))
    )
    return st.builds(
        Plan,
        goal=metrics(),
        guardrails=guardrails,
        split=splits,
        looks=looks,
        alpha=st.floats(0.001, 0.2),
        power=st.floats(0.5, 0.99),
    )


def hypotheses() -> st.SearchStrategy[Hypothesis]:
    """Generate hypotheses with any of their parts missing.

    Returns
    -------
    strategy of Hypothesis

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(hypotheses())
    ... def test_a_direction_is_one_of_three(hypothesis):
    ...     assert hypothesis.direction in {"increase", "decrease", "hold", None}
    >>> test_a_direction_is_one_of_three()
    """
    thresholds = st.builds(
        Threshold,
        number=st.floats(-1e6, 1e6),
        unit=st.sampled_from(["", "percent", "points", "minutes"]),
        relative=st.booleans(),
        reach=st.booleans(),
    )
    return st.builds(
        Hypothesis,
        change=texts(),
        audience=texts(),
        metric=texts(),
        direction=st.sampled_from(["increase", "decrease", "hold", None]),
        threshold=st.none() | thresholds,
        reason=texts(),
    )


def beliefs() -> st.SearchStrategy[Belief]:
    """Generate beliefs without a history.

    Returns
    -------
    strategy of Belief

    Examples
    --------
    >>> from hypothesis import find
    >>> find(beliefs(), lambda belief: True).probability
    0.0
    """
    return st.builds(Belief, _PROBABILITY)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Generate solutions over shared assumptions, with tests of them.

    Returns
    -------
    strategy of Portfolio

    Examples
    --------
    >>> from hypothesis import find
    >>> len(find(portfolios(), lambda portfolio: len(portfolio.tests) == 1).tests)
    1
    """
    names = [f"a{place}" for place in range(draw(st.integers(1, 5)))]
    some = st.lists(st.sampled_from(names), unique=True, max_size=4)
    candidates = [
        Candidate(
            id=f"s{place}",
            opportunity=draw(st.sampled_from(["o1", "o2"])),
            value=draw(st.floats(0, 200)),
            cost=draw(st.floats(0, 100)),
            assumptions=draw(some),
        )
        for place in range(draw(st.integers(1, 5)))
    ]
    tests = [
        TestOption(
            id=f"t{place}",
            assumptions=draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3)),
            sensitivity=draw(_PROBABILITY),
            specificity=draw(_PROBABILITY),
            inconclusive=draw(_PROBABILITY),
            cost=draw(st.floats(0, 20)),
        )
        for place in range(draw(st.integers(0, 3)))
    ]
    return Portfolio(candidates=candidates, beliefs={name: draw(_PROBABILITY) for name in names}, tests=tests)
