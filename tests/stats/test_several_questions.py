"""Multiplicity and the value of information against definitions, brute force and simulation."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate
from scipy import stats as reference

from pmkit import stats
from pmkit.errors import InvalidValueError


def closed(p_values: list[float], local: Callable[[np.ndarray], float]) -> list[float]:
    """Test every intersection of hypotheses that holds one (Marcus, Peritz and Gabriel 1976)."""
    members = range(len(p_values))
    tests = {
        chosen: local(np.sort(np.take(p_values, chosen)))
        for size in range(1, len(p_values) + 1)
        for chosen in itertools.combinations(members, size)
    }
    return [min(1.0, max(p for chosen, p in tests.items() if one in chosen)) for one in members]


def cut(p_values: list[float], factor: Callable[[int, int], float]) -> list[float]:
    """Reject all up to the largest p-value that its own level lets through."""
    total, given = len(p_values), np.array(p_values)
    levels = {cut: cut * factor(int((given <= cut).sum()), total) for cut in p_values}
    return [min(1.0, *(level for cut, level in levels.items() if cut >= one), 1.0) for one in p_values]


def harmonic(total: int) -> float:
    return sum(1 / k for k in range(1, total + 1))


DEFINITIONS = {
    "bonferroni": lambda p: [min(1.0, len(p) * one) for one in p],
    "holm": lambda p: closed(p, lambda some: len(some) * some[0]),
    "hochberg": lambda p: cut(p, lambda rank, total: total - rank + 1),
    "hommel": lambda p: closed(p, lambda some: float((len(some) * some / np.arange(1, len(some) + 1)).min())),
    "benjamini-hochberg": lambda p: cut(p, lambda rank, total: total / rank),
    "benjamini-yekutieli": lambda p: cut(p, lambda rank, total: total * harmonic(total) / rank),
}


@pytest.mark.parametrize("method", DEFINITIONS)
@given(p_values=st.lists(st.floats(1e-12, 1), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_adjustment_is_the_definition(method: str, p_values: list[float]) -> None:
    found = stats.adjust_pvalues(p_values, method=method)
    np.testing.assert_allclose(found, DEFINITIONS[method](p_values), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("method", stats.MULTIPLICITY_METHODS)
def test_adjustment_runs_along_an_axis(method: str) -> None:
    p_values = np.random.default_rng(0).random((4, 5, 6)) ** 3
    found = stats.adjust_pvalues(p_values, method=method, axis=1)
    for i, j in itertools.product(range(4), range(6)):
        np.testing.assert_allclose(found[i, :, j], stats.adjust_pvalues(p_values[i, :, j], method=method))


@pytest.mark.parametrize("method", stats.MULTIPLICITY_METHODS)
def test_missing_tests_do_not_count(method: str) -> None:
    found = stats.adjust_pvalues([0.01, np.nan, 0.03], method=method)
    assert np.isnan(found[1])
    np.testing.assert_allclose(found[[0, 2]], stats.adjust_pvalues([0.01, 0.03], method=method))


def test_adjustment_of_one_and_none() -> None:
    assert stats.adjust_pvalues(0.2) == 0.2
    assert stats.adjust_pvalues(np.empty((0,))).shape == (0,)
    np.testing.assert_array_equal(stats.adjust_pvalues([0.2, 0.9]), [0.4, 0.9])


@given(st.floats(-5, 5), st.floats(0.01, 5), st.floats(0, 10))
def test_information_on_a_normal(mean: float, sd: float, noise: float) -> None:
    perfect = stats.evpi(mean, sd)
    wanted = integrate.quad(
        lambda x: max(x, 0) * reference.norm.pdf(x, mean, sd),
        mean - 12 * sd,
        mean + 12 * sd,
        points=[min(max(0.0, mean - 12 * sd), mean + 12 * sd)],
    )[0] - max(mean, 0)
    assert perfect == pytest.approx(wanted, abs=1e-8)
    sample = stats.evsi(mean, sd, noise)
    assert 0 <= sample <= perfect * (1 + 1e-12)
    assert stats.evsi(mean, sd, 0.0) == pytest.approx(perfect)
    assert stats.evpi(-mean, sd) == pytest.approx(perfect)


def test_information_arrays_and_edges() -> None:
    assert stats.evpi(3.0, 0.0) == 0.0
    assert stats.evsi(3.0, 0.0, 0.0) == 0.0
    np.testing.assert_allclose(stats.evpi([0, 1], [[1], [2]]).shape, (2, 2))
    assert stats.evpi(1e300, 1e-300) == 0.0


@given(st.floats(0.2, 30), st.floats(0.2, 30), st.floats(0, 1))
@settings(deadline=None, max_examples=40)
def test_information_on_a_rate(a: float, b: float, limit: float) -> None:
    perfect = stats.evpi_beta(a, b, threshold=limit)
    rate = reference.beta(a, b)
    over = integrate.quad(rate.sf, limit, 1, limit=200)[0]
    assert perfect == pytest.approx(over - max(a / (a + b) - limit, 0), abs=1e-6)
    assert stats.evsi_beta(a, b, 0, threshold=limit) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("a", "b", "limit"), [(1, 1, 0.5), (2, 8, 0.25), (2, 8, 0.1), (0.5, 0.5, 0.9)])
def test_trials_on_a_rate(a: float, b: float, limit: float) -> None:
    worth = [stats.evsi_beta(a, b, trials, threshold=limit, value=3.0) for trials in (1, 10, 100, 100_000)]
    assert worth == sorted(worth)
    assert worth[-1] == pytest.approx(stats.evpi_beta(a, b, threshold=limit, value=3.0), rel=1e-3)
    wins = np.arange(11)
    pmf = reference.betabinom(10, a, b).pmf(wins)
    wanted = 3 * (pmf @ np.maximum((a + wins) / (a + b + 10) - limit, 0) - max(a / (a + b) - limit, 0))
    assert worth[1] == pytest.approx(wanted, abs=1e-12)


def test_information_among_actions_by_enumeration() -> None:
    rng = np.random.default_rng(3)
    payoffs, chances = rng.normal(size=(3, 4)), rng.dirichlet(np.ones(3))
    signals = rng.dirichlet(np.ones(5), size=3)
    now = (chances[:, None] * payoffs).sum(axis=0).max()
    perfect = sum(chances[state] * payoffs[state].max() for state in range(3)) - now
    sample = -now
    for signal in range(5):
        joint = chances * signals[:, signal]
        sample += max((joint[:, None] * payoffs).sum(axis=0))
    assert stats.evpi_actions(payoffs, chances) == pytest.approx(perfect)
    assert stats.evsi_actions(payoffs, chances, signals) == pytest.approx(sample)
    assert stats.evsi_actions(payoffs, chances, np.eye(3)) == pytest.approx(perfect)
    assert stats.evsi_actions(payoffs, chances, np.ones((3, 1))) == 0.0
    stacked = stats.evpi_actions(np.stack([payoffs, 2 * payoffs]), chances)
    np.testing.assert_allclose(stacked, [perfect, 2 * perfect])


@pytest.mark.parametrize(
    ("means", "sds"), [([0, 0], [1, 0]), ([1, 0.8, 0], [1, 2, 0]), ([3, 2, 1, 0], [0.1, 0.5, 4, 0]), ([1], [1])]
)
def test_information_on_a_choice(means: list[float], sds: list[float]) -> None:
    draws = np.random.default_rng(1).normal(means, sds, size=(1_000_000, len(means))).max(axis=1)
    found = stats.evpi_choice(means, sds)
    assert found == pytest.approx(draws.mean() - max(means), abs=4 * draws.std() / 1000 + 1e-9)
    assert stats.evsi_choice(means, sds, [0.0] * len(means)) == pytest.approx(found)
    assert stats.evsi_choice(means, sds, [1.0] * len(means)) <= found + 1e-12


def test_choice_of_two_is_act_or_not() -> None:
    for mean, sd in ((0.3, 1.0), (-2.0, 0.5), (0.0, 3.0)):
        assert stats.evpi_choice([mean, 0.0], [sd, 0.0]) == pytest.approx(stats.evpi(mean, sd), abs=1e-10)
    rows = stats.evpi_choice([[0.3, 0.0], [0.0, 0.0]], [1.0, 0.0])
    np.testing.assert_allclose(rows, [stats.evpi(0.3, 1.0), stats.evpi(0.0, 1.0)], atol=1e-10)
    assert math.isclose(stats.evsi_choice([0.3, 0.0], [1.0, 0.0], [2.0, 1.0]), stats.evsi(0.3, 1.0, 2.0), abs_tol=1e-10)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.adjust_pvalues([0.1, 1.1]), "p_values"),
        (lambda: stats.adjust_pvalues([0.1], method="fdr"), "method"),
        (lambda: stats.adjust_pvalues([0.1], axis=2), "axis"),
        (lambda: stats.adjust_pvalues("a"), "p_values"),
        (lambda: stats.evpi(0, -1), "sd"),
        (lambda: stats.evsi(0, 1, -1), "data_variance"),
        (lambda: stats.evpi_beta(0, 1, threshold=0.5), "prior_successes"),
        (lambda: stats.evsi_beta(1, 1, 2.5, threshold=0.5), "trials"),
        (lambda: stats.evsi_beta([1, 2], 1, 2, threshold=0.5), "one number"),
        (lambda: stats.evpi_actions([[1, 2]], [0.5, 0.5]), "shape"),
        (lambda: stats.evpi_actions([[1, 2], [3, 4]], [0.5, 0.4]), "sum to 1"),
        (lambda: stats.evpi_actions([[1, 2], [3, 4]], 1.0), "shape"),
        (lambda: stats.evpi_actions("x", [0.5, 0.5]), "payoffs"),
        (lambda: stats.evsi_actions([[1, 2], [3, 4]], [0.5, 0.5], [0.5, 0.5]), "likelihoods"),
        (lambda: stats.evsi_actions([[1, 2], [3, 4]], [0.5, 0.5], [[0.5, 0.4], [0.5, 0.5]]), "sum to 1"),
        (lambda: stats.evpi_choice(1.0, 1.0), "at least one action"),
        (lambda: stats.evpi_choice([1.0], [-1.0]), "sds"),
    ],
)
def test_bad_input_is_told_in_words(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()


def test_one_problem_is_told_once() -> None:
    with pytest.raises(InvalidValueError, match="shape") as told:
        stats.evsi_actions([[100, 0], [-50, 0]], [0.4, 0.6], [0.9, 0.3])
    assert "sum to 1" not in str(told.value)
