"""Bootstrap, permutation and simulation: against scipy, enumeration and themselves."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats as reference

from pmkit import stats
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined


def skewed(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).exponential(size=size)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_bootstrap_of_a_mean_is_scipys(method: str) -> None:
    data = skewed(60)
    found = stats.bootstrap(data, repetitions=40_000, method=method, seed=1)
    peer = reference.bootstrap(
        (data,), np.mean, n_resamples=40_000, method="BCa" if method == "bca" else method, rng=2, vectorized=True
    )
    assert found.estimate == pytest.approx(data.mean())
    assert found.standard_error == pytest.approx(peer.standard_error, rel=0.03)
    np.testing.assert_allclose(tuple(found.interval), tuple(peer.confidence_interval), atol=0.012)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_bootstrap_of_a_function(method: str) -> None:
    data = skewed(40)
    found = stats.bootstrap(data, lambda rows: rows.mean(axis=0), repetitions=6000, method=method, seed=3)
    quick = stats.bootstrap(data, repetitions=6000, method=method, seed=4)
    np.testing.assert_allclose(tuple(found.interval), tuple(quick.interval), atol=0.04)
    median = stats.bootstrap(data, lambda rows: np.median(rows, axis=0), repetitions=500)
    assert median.interval.lower < median.estimate < median.interval.upper


def test_bootstrap_keeps_columns_together() -> None:
    rows = np.random.default_rng(5).normal(size=(50, 1)) * [1.0, -1.0]
    found = stats.bootstrap(rows, repetitions=300, seed=2)
    np.testing.assert_allclose(found.interval.lower[0], -found.interval.upper[1])
    assert found.shape == (2,)


def test_bootstrap_covers() -> None:
    rng = np.random.default_rng(12)
    covered = sum(
        1.0 in stats.bootstrap(rng.exponential(size=50), repetitions=400, seed=seed).interval for seed in range(300)
    )
    assert 0.86 < covered / 300 < 0.98


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_bootstrap_of_counts_is_that_of_rows(method: str) -> None:
    counts = np.array([30, 50, 20])
    score = np.array([0.0, 1.0, 5.0])
    rows = np.repeat(score, counts)
    options = {"repetitions": 20_000, "method": method}
    one = stats.bootstrap_counts(counts, lambda cells: cells @ score / cells.sum(axis=-1), seed=1, **options)
    two = stats.bootstrap(rows, seed=2, **options)
    assert one.estimate == pytest.approx(two.estimate)
    np.testing.assert_allclose(tuple(one.interval), tuple(two.interval), atol=0.03)


def test_bootstrap_says_what_it_cannot_do() -> None:
    assert stats.bootstrap([3.0]).interval.lower == Undefined("fewer than two units")
    assert stats.bootstrap([3.0], method="bca").estimate == Undefined("fewer than two units")
    share = lambda cells: cells[..., 0] / cells[..., 0]  # noqa: E731
    found = stats.bootstrap_counts([[1, 300], [0, 0], [1, 0], [5, 5]], share, repetitions=200)
    assert found.undefined.tolist() == [5, 1, 2, 5] or found.undefined.tolist()[:3] == [5, 1, 2]
    same = stats.bootstrap([2.0, 2.0, 2.0], method="bca")
    assert tuple(same.interval) == (2.0, 2.0)


def test_same_seed_same_answer_and_progress() -> None:
    data = skewed(30)
    calls: list[tuple[int, int]] = []
    progress = lambda done, total: calls.append((done, total))  # noqa: E731
    one = stats.bootstrap(data, repetitions=100, seed=7, progress=progress)
    assert one == stats.bootstrap(data, repetitions=100, seed=np.random.default_rng(7))
    assert one != stats.bootstrap(data, repetitions=100, seed=8)
    stats.bootstrap(data, lambda rows: rows.mean(), repetitions=10, progress=progress)
    stats.bootstrap_counts([5, 5], lambda cells: cells[..., 0], repetitions=10, progress=progress)
    stats.permutation(data, data + 1, repetitions=50, progress=progress)
    assert calls[0] == (100, 100)
    assert calls[-1] == (50, 50)
    assert (10, 10) in calls


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_permutation_is_exact_by_enumeration(alternative: str) -> None:
    control, treatment = np.array([1.0, 4.0, 2.5, 3.0]), np.array([3.5, 6.0, 5.0])
    pooled = np.concatenate([control, treatment])

    def t(chosen: tuple[int, ...]) -> float:
        member = np.isin(np.arange(7), chosen)
        value = reference.ttest_ind(pooled[member], pooled[~member], equal_var=False).statistic
        return abs(value) if alternative == "two-sided" else value if alternative == "greater" else -value

    ways = [t(chosen) for chosen in itertools.combinations(range(7), 3)]
    found = stats.permutation(control, treatment, alternative=alternative)
    assert found.p_value == pytest.approx(np.mean(np.array(ways) >= t((4, 5, 6)) - 1e-9))
    assert found.adjusted == found.p_value
    assert found.statistic == pytest.approx(reference.ttest_ind(treatment, control, equal_var=False).statistic)


def test_permutation_of_several_metrics() -> None:
    rng = np.random.default_rng(2)
    control, treatment = rng.normal(size=(60, 4)), rng.normal([0.9, 0.4, 0.0, 0.0], size=(60, 4))
    single = stats.permutation(control, treatment, repetitions=2000, step_down=False, seed=1)
    stepped = stats.permutation(control, treatment, repetitions=2000, seed=1)
    assert np.all(single.p_value <= single.adjusted)
    assert np.all(stepped.adjusted <= single.adjusted)
    assert np.all(stepped.p_value <= stepped.adjusted + 1e-12)
    bonferroni = stats.adjust_pvalues(single.p_value, method="bonferroni")
    assert np.all(single.adjusted <= bonferroni + 0.02)
    order = np.argsort(-np.abs(stepped.statistic))
    assert np.all(np.diff(stepped.adjusted[order]) >= 0)


def test_permutation_keeps_its_level() -> None:
    rng = np.random.default_rng(21)
    wins = 0
    for seed in range(300):
        data = np.exp(rng.normal(size=(24, 5)))
        wins += bool((stats.permutation(data[:12], data[12:], repetitions=199, seed=seed).adjusted <= 0.05).any())
    assert wins <= 300 * 0.05 + 3.3 * math.sqrt(300 * 0.05 * 0.95)


def test_permutation_without_variance() -> None:
    control = np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    found = stats.permutation(control, control + np.array([1.0, 0.0]))
    assert found.undefined.tolist() == [0, 3]
    assert np.isnan(found.adjusted[1])
    constant = stats.permutation([1.0, 1.0, 1.0], [1.0, 1.0])
    assert constant.p_value == Undefined("no variance")
    assert stats.permutation([1.0, 1.0], [2.0, 2.0]).p_value == Undefined("no variance")


def z_test(z: np.ndarray) -> np.ndarray:
    return 2 * reference.norm.sf(np.abs(z))


def test_simulation_counts() -> None:
    calls: list[tuple[int, int]] = []
    found = stats.simulate(
        lambda rng, size: rng.normal(size=size),
        z_test,
        experiments=5500,
        seed=1,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls[-1] == (5500, 5500)
    assert len(calls) == 6
    assert found.consistent
    assert found.bounded
    assert found.rate == found.rejections / 5500
    exact = reference.binomtest(found.rejections, 5500).proportion_ci(0.999)
    np.testing.assert_allclose(tuple(found.interval), (exact.low, exact.high))
    assert f"rejected {found.rejections} of 5500" in found.summary()


def test_simulation_of_looks_power_and_booleans() -> None:
    peeked = stats.simulate(
        lambda rng, size: rng.normal(size=(size, 20)).cumsum(axis=1) / np.sqrt(np.arange(1, 21)), z_test, seed=2
    )
    assert not peeked.bounded
    power = stats.simulate(lambda rng, size: rng.normal(2.8, size=size), lambda z: z > 1.96, seed=3)
    assert power.rate == pytest.approx(reference.norm.cdf(0.84), abs=0.02)
    everything = stats.simulate(lambda _, size: np.zeros(size), lambda z: z < 1, experiments=10)
    assert everything.interval.upper == 1.0
    nothing = stats.simulate(lambda _, size: np.zeros(size), lambda z: z > 1, experiments=10)
    assert nothing.interval.lower == 0.0


def test_simulation_of_a_method_of_the_package() -> None:
    def draw(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
        effect = rng.normal(size=size)
        return effect, np.where(rng.random(size) < 0.1, 0.0, 1.0)

    found = stats.simulate(
        draw, lambda effect, error: stats.confidence_sequence(effect, error, 1000), experiments=3000, seed=4
    )
    assert 200 < found.undefined < 400
    assert found.bounded


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.bootstrap([]), "at least one unit"),
        (lambda: stats.bootstrap(["a"]), "data"),
        (lambda: stats.bootstrap([1.0, np.nan]), "finite"),
        (lambda: stats.bootstrap([1.0, 2.0], "median"), "statistic"),
        (lambda: stats.bootstrap([1.0, 2.0], repetitions=1), "repetitions"),
        (lambda: stats.bootstrap([1.0, 2.0], method="basic"), "method"),
        (lambda: stats.bootstrap([1.0, 2.0], confidence=95), "confidence"),
        (lambda: stats.bootstrap([1.0, 2.0], seed=-1), "seed"),
        (lambda: stats.bootstrap_counts([1, -1], np.sum), "counts"),
        (lambda: stats.bootstrap_counts(3, np.sum), "at least one cell"),
        (lambda: stats.permutation([1.0], [1.0, 2.0]), "control"),
        (lambda: stats.permutation([[1.0], [2.0]], [1.0, 2.0]), "same metrics"),
        (lambda: stats.permutation([1.0, 2.0], [1.0, 2.0], alternative="up"), "alternative"),
        (lambda: stats.simulate(lambda _, size: np.zeros(size), lambda z: z[:1]), "first axis"),
        (lambda: stats.simulate(lambda _, size: np.zeros(size), z_test, experiments=0), "experiments"),
    ],
)
def test_bad_input_is_told_in_words(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()
