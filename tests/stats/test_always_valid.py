"""Tests that may be looked at any time: closed forms, laws, and simulated peeking."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference
from scipy.special import gammaln

from pmkit import stats
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined

EFFECTS = st.floats(-1e3, 1e3)
ERRORS = st.floats(1e-3, 1e3)
UNITS = st.floats(1, 1e9)


@given(EFFECTS, ERRORS, UNITS, st.sampled_from(["two-sided", "greater", "less"]))
def test_p_value_and_interval_agree(effect: float, error: float, n: float, alternative: str) -> None:
    result = stats.confidence_sequence(effect, error, n, planned_n=3000, confidence=0.95, alternative=alternative)
    outside = {
        "two-sided": abs(effect) > result.halfwidth,
        "greater": effect > result.halfwidth,
        "less": -effect > result.halfwidth,
    }[alternative]
    if abs(abs(effect) - result.halfwidth) > 1e-9 * result.halfwidth:
        assert (result.p_value < 0.05) == outside


@given(EFFECTS, ERRORS, st.floats(1e-6, 1e6))
def test_msprt_interval_inverts_the_test(effect: float, error: float, mixing: float) -> None:
    result = stats.msprt(effect, error, mixing_variance=mixing)
    edge = stats.msprt(result.halfwidth, error, mixing_variance=mixing)
    assert edge.p_value == pytest.approx(0.05, rel=1e-6)
    ratio = mixing / error**2
    wanted = 0.5 * (effect / error) ** 2 * ratio / (1 + ratio) - 0.5 * math.log1p(ratio)
    assert result.log_likelihood_ratio == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_msprt_is_the_mixture_of_likelihood_ratios() -> None:
    effect, error, tau = 0.3, 0.1, 0.2
    grid = np.linspace(-3, 3, 200_001)
    ratios = np.exp((effect * grid - grid**2 / 2) / error**2) * reference.norm.pdf(grid, scale=tau)
    mixed = np.trapezoid(ratios, grid)
    found = stats.msprt(effect, error, mixing_variance=tau**2).log_likelihood_ratio
    assert found == pytest.approx(math.log(mixed), rel=1e-9)


@given(EFFECTS, ERRORS, UNITS)
def test_swapping_arms_mirrors(effect: float, error: float, n: float) -> None:
    one = stats.confidence_sequence(effect, error, n, alternative="greater")
    two = stats.confidence_sequence(-effect, error, n, alternative="less")
    assert one.p_value == two.p_value
    assert one.interval.lower == -two.interval.upper


@pytest.mark.parametrize("scale", [1e-200, 1e-100, 1e100])
def test_units_do_not_matter_and_nothing_overflows(scale: float) -> None:
    base = stats.confidence_sequence(0.3, 0.1, 500)
    scaled = stats.confidence_sequence(0.3 * scale, 0.1 * scale, 500)
    assert scaled.halfwidth == pytest.approx(base.halfwidth * scale)
    assert scaled.p_value == pytest.approx(base.p_value)
    extreme = stats.confidence_sequence(1e300, 1e-300, 1e15)
    assert extreme.p_value == 0.0
    test = stats.msprt(1.0, 1e-150, mixing_variance=1.0)
    assert test.p_value == 0.0
    assert test.halfwidth == pytest.approx(1e-150 * math.sqrt(2 * 150 * math.log(10) + 2 * math.log(20)))


def test_sequence_is_narrowest_near_the_planned_size() -> None:
    sizes = np.geomspace(10, 1e6, 60)
    best = {
        planned: sizes[int(np.argmin([stats.sequence_halfwidth(n, planned_n=planned) for n in sizes]))]
        for planned in (300.0, 30_000.0)
    }
    for planned, size in best.items():
        assert planned / 2 < size < planned * 2


def peeks(experiments: int, sizes: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    steps = np.diff(sizes, prepend=0)
    walks = (rng.normal(size=(experiments, len(sizes))) * np.sqrt(steps)).cumsum(axis=1)
    return walks / sizes, 1 / np.sqrt(sizes)


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_peeking_is_safe(alternative: str) -> None:
    sizes = np.arange(100, 10_100, 100.0)
    effect, error = peeks(10_000, sizes, 2)
    sequence = stats.confidence_sequence(effect, error, sizes, planned_n=5000, alternative=alternative)
    mixture = stats.msprt(effect, error, mixing_variance=1e-3)
    for result in (sequence, mixture):
        errors = (result.p_value <= 0.05).any(axis=1).mean()
        assert errors <= 0.05 + 3.3 * math.sqrt(0.05 * 0.95 / 10_000)
    naive = (np.abs(effect) > 1.96 * error).any(axis=1).mean()
    assert naive > 0.3


def test_running_p_value() -> None:
    found = stats.always_valid_p([[0.5, 0.2, 0.3], [1.0, 1.0, 0.04]])
    np.testing.assert_array_equal(found, [[0.5, 0.2, 0.2], [1.0, 1.0, 0.04]])
    np.testing.assert_array_equal(stats.always_valid_p([[0.5, 0.1], [0.2, 0.3]], axis=0), [[0.5, 0.1], [0.2, 0.1]])


def test_no_variance_is_undefined() -> None:
    assert stats.confidence_sequence(1.0, 0.0, 10).p_value == Undefined("no variance")
    found = stats.msprt([1.0, 1.0], [0.0, 1.0], mixing_variance=1.0)
    assert found.undefined.tolist() == [3, 0]
    assert np.isnan(found.p_value[0])
    assert found[1].p_value == pytest.approx(stats.msprt(1.0, 1.0, mixing_variance=1.0).p_value)


def test_miller_bound_keeps_five_percent() -> None:
    """Walks of plus and minus one, exactly, by the reflection principle and by counting every path."""
    total = 16
    for sided in (1, 2):
        bound = math.ceil(stats.miller_bound(total, sided=sided))
        ways = {0: 1}
        hit = 0.0
        for step in range(1, total + 1):
            moved: dict[int, int] = {}
            for lead, count in ways.items():
                for new in (lead - 1, lead + 1):
                    moved[new] = moved.get(new, 0) + count
            for lead in list(moved):
                if lead >= bound or (sided == 2 and -lead >= bound):
                    hit += moved.pop(lead) / 2**step
            ways = moved
        assert hit <= 0.05
    np.testing.assert_allclose(stats.miller_bound([100, 400]), [20, 40])


def test_sequential_split_is_the_bayes_factor() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        counts, weights = rng.integers(0, 400, 3), rng.uniform(0.5, 3, 3)
        shares = weights / weights.sum()
        prior, n = 50.0 * shares, counts.sum()
        wanted = gammaln(50) - gammaln(50 + n) + (gammaln(prior + counts) - gammaln(prior)).sum()
        wanted -= (counts * np.log(shares)).sum()
        found = stats.sequential_sample_ratio(counts, weights, concentration=50.0)
        assert found.log_bayes_factor == pytest.approx(wanted, abs=1e-8)
        assert found.p_value == pytest.approx(min(1, math.exp(-wanted)), rel=1e-7)


def test_sequential_split_keeps_its_digits_at_1e15() -> None:
    mpmath.mp.dps = 60
    counts = [500_000_010_000_000, 499_999_990_000_000]
    half, total = mpmath.mpf(5000), mpmath.mpf(10_000)
    wanted = mpmath.loggamma(total) - mpmath.loggamma(total + sum(counts)) + sum(counts) * mpmath.log(2)
    wanted += sum(mpmath.loggamma(half + count) - mpmath.loggamma(half) for count in counts)
    assert stats.sequential_sample_ratio(counts, [1, 1]).log_bayes_factor == pytest.approx(float(wanted), rel=1e-9)


def test_split_peeked_at() -> None:
    rng = np.random.default_rng(11)
    totals = rng.multinomial(50, [0.5, 0.5], size=(4000, 100)).cumsum(axis=1)
    p_values = stats.sequential_sample_ratio(totals, [1, 1], concentration=500).p_value
    assert (p_values <= 0.05).any(axis=1).mean() <= 0.05 + 3.3 * math.sqrt(0.05 * 0.95 / 4000)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5), st.integers(0, 2**32))
def test_sample_ratio_is_pearson(counts: list[int], seed: int) -> None:
    weights = np.random.default_rng(seed).uniform(0.2, 5, len(counts))
    result = stats.sample_ratio(counts, weights.tolist())
    if sum(counts) == 0:
        assert result.p_value == Undefined("no data")
        return
    wanted = reference.chisquare(counts, sum(counts) * weights / weights.sum())
    assert result.statistic == pytest.approx(wanted.statistic, rel=1e-9, abs=1e-12)
    assert result.p_value == pytest.approx(wanted.pvalue, rel=1e-9)


def test_sample_ratio_broadcasts() -> None:
    found = stats.sample_ratio([[10, 12], [0, 0], [500, 400]], [1, 1])
    assert found.shape == (3,)
    assert found.undefined.tolist() == [0, 1, 0]
    assert found[2].p_value == pytest.approx(stats.sample_ratio([500, 400], [2, 2]).p_value)
    assert stats.sequential_sample_ratio([0, 0], [1, 1]).p_value == 1.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.confidence_sequence(0.1, -1.0, 10), "standard_error"),
        (lambda: stats.confidence_sequence(0.1, 1.0, 0), "n must be"),
        (lambda: stats.confidence_sequence(0.1, 1.0, 10, planned_n=0), "planned_n"),
        (lambda: stats.confidence_sequence(0.1, 1.0, 10, confidence=0.4, alternative="less"), "below 0.5"),
        (lambda: stats.confidence_sequence(0.1, 1.0, 10, alternative="larger"), "alternative"),
        (lambda: stats.confidence_sequence("a", 1.0, 10), "effect"),
        (lambda: stats.sequence_rho(-1), "planned_n"),
        (lambda: stats.sequence_halfwidth(0, planned_n=10), "n must be"),
        (lambda: stats.msprt(0.1, 1.0, mixing_variance=0.0), "mixing_variance"),
        (lambda: stats.always_valid_p([0.1, 1.2]), "p_values"),
        (lambda: stats.always_valid_p([0.1, 0.2], axis=1), "axis"),
        (lambda: stats.miller_bound(0), "total"),
        (lambda: stats.miller_bound(10, sided=3), "sided"),
        (lambda: stats.sample_ratio([1], [1]), "at least two variants"),
        (lambda: stats.sample_ratio([1, -1], [1, 1]), "observed"),
        (lambda: stats.sample_ratio([1, 1.5], [1, 1]), "whole"),
        (lambda: stats.sample_ratio([1, 1], [1, 0]), "expected"),
        (lambda: stats.sample_ratio([1, 1, 1], [1, 1]), "fit together"),
        (lambda: stats.sequential_sample_ratio([1, 1], [1, 1], concentration=[1, 2]), "one number"),
    ],
)
def test_bad_input_is_told_in_words(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()


def test_remaining_sample_reaches_its_power() -> None:
    for method, extra in (
        ("fixed", {}),
        ("confidence-sequence", {"planned_n": 2000}),
        ("bayesian", {"prior": (0, 0.1)}),
    ):
        first = stats.remaining_sample(0.05, 400, effect=0.06, method=method, **extra)
        assert first.power < 0.8
        grown = 0.05 / math.sqrt(1 + first.scaling)
        again = stats.remaining_sample(grown, 400 * (1 + first.scaling), effect=0.06, method=method, **extra)
        assert again.power == pytest.approx(0.8, abs=1e-9)
        assert first.units == pytest.approx(400 * first.scaling)


def test_remaining_sample_fixed_in_closed_form() -> None:
    z = reference.norm.isf(0.025)
    result = stats.remaining_sample([0.05, 0.01, 0.0], 400, effect=-0.06)
    power = reference.norm.sf(z - 1.2) + reference.norm.sf(z + 1.2)
    assert result.power[0] == pytest.approx(power)
    assert result.scaling[1] == 0
    assert result.undefined.tolist() == [0, 0, 3]
    flat = stats.remaining_sample(0.05, 400, effect=0.06, method="bayesian")
    assert flat.scaling == result[0].scaling
    hopeless = stats.remaining_sample(1e12, 10, effect=1e-9)
    assert hopeless.scaling == Undefined("unbounded")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.remaining_sample(0.1, 10, effect=0.0), "effect"),
        (lambda: stats.remaining_sample(0.1, 10, effect=0.1, prior=(0, 1)), "bayesian"),
        (lambda: stats.remaining_sample(0.1, 10, effect=0.1, method="bayesian", prior=3), "pair"),
        (lambda: stats.remaining_sample(0.1, 10, effect=0.1, method="exact"), "method"),
    ],
)
def test_remaining_sample_refuses(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()
