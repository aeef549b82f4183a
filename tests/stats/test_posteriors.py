"""Posteriors against exact sums, mpmath and closed forms."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from pmkit import stats
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined
from pmkit.stats._bayes import unit_loss

ARM = st.integers(0, 200).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def exact_chance(control: tuple[int, int], treatment: tuple[int, int]) -> float:
    """P(treatment > control) for uniform priors, as a finite sum."""
    mpmath.mp.dps = 40
    a, b = control[0] + 1, control[1] - control[0] + 1
    c, d = treatment[0] + 1, treatment[1] - treatment[0] + 1
    terms = (mpmath.beta(a + i, b + d) / ((d + i) * mpmath.beta(1 + i, d) * mpmath.beta(a, b)) for i in range(c))
    return float(mpmath.fsum(terms))


def size_biased(control: tuple[int, int], treatment: tuple[int, int]) -> float:
    """E[max(control - treatment, 0)] by size-biased chances."""
    mean_c, mean_t = (control[0] + 1) / (control[1] + 2), (treatment[0] + 1) / (treatment[1] + 2)
    more_c = (control[0] + 1, control[1] + 1)
    more_t = (treatment[0] + 1, treatment[1] + 1)
    return mean_c * exact_chance(treatment, more_c) - mean_t * exact_chance(more_t, control)


@settings(max_examples=10, deadline=None)
@given(ARM, ARM)
def test_beta_binomial_is_exact(control: tuple[int, int], treatment: tuple[int, int]) -> None:
    found = stats.beta_binomial(*control, *treatment)
    assert found.chance_to_win == pytest.approx(exact_chance(control, treatment), rel=1e-9, abs=1e-14)
    assert found.expected_loss == pytest.approx(size_biased(control, treatment), rel=1e-8, abs=1e-12)
    assert found.expected_loss_control - found.expected_loss == pytest.approx(found.effect, abs=1e-10)


@settings(max_examples=10, deadline=None)
@given(ARM, ARM)
def test_swapping_arms_and_outcomes_mirrors(control: tuple[int, int], treatment: tuple[int, int]) -> None:
    found = stats.beta_binomial(*control, *treatment)
    swapped = stats.beta_binomial(*treatment, *control)
    failures = stats.beta_binomial(control[1] - control[0], control[1], treatment[1] - treatment[0], treatment[1])
    for mirror in (swapped, failures):
        assert mirror.chance_to_win == pytest.approx(1 - found.chance_to_win, abs=1e-9)
        assert mirror.expected_loss == pytest.approx(found.expected_loss_control, rel=1e-7, abs=1e-13)
        assert mirror.interval.lower == pytest.approx(-found.interval.upper, abs=1e-7)


@pytest.mark.parametrize(
    ("counts", "prior"),
    [
        ((0, 0, 0, 0), (1, 1)),
        ((3, 5, 0, 400), (1, 1)),
        ((0, 10, 10, 10), (1, 1)),
        ((0, 1, 1, 1), (0.5, 0.5)),
        ((5, 10, 8, 9), (2, 3)),
        ((120, 1000, 130, 1100), (0.5, 0.5)),
        ((1, 10**9, 50, 1000), (1, 1)),
    ],
)
def test_interval_has_its_tails(counts: tuple[int, ...], prior: tuple[float, float]) -> None:
    found = stats.beta_binomial(*counts, prior=prior)
    rng = np.random.default_rng(6)
    control = rng.beta(prior[0] + counts[0], prior[1] + counts[1] - counts[0], 1_000_000)
    difference = rng.beta(prior[0] + counts[2], prior[1] + counts[3] - counts[2], 1_000_000) - control
    for bound, share in zip(found.interval, (0.025, 0.975), strict=True):
        assert (difference < bound).mean() == pytest.approx(share, abs=7e-4)
    assert found.standard_deviation == pytest.approx(difference.std(), rel=0.01)


def test_uniform_difference_is_triangular() -> None:
    found = stats.beta_binomial(0, 0, 0, 0, confidence=0.9)
    assert found.interval.upper == pytest.approx(1 - math.sqrt(0.1), abs=1e-9)
    assert found.chance_to_win == pytest.approx(0.5, abs=1e-12)
    assert found.expected_loss == pytest.approx(1 / 6, abs=1e-12)


@pytest.mark.parametrize("trials", [10**6, 10**9])
def test_large_counts_are_nearly_normal(trials: int) -> None:
    half = trials // 2
    found = stats.beta_binomial(half, trials, half + int(0.9 * math.sqrt(trials)), trials)
    z = found.effect / found.standard_deviation
    tolerance = 3 / math.sqrt(trials) + 1e-9
    assert found.chance_to_win == pytest.approx(reference.norm.cdf(z), abs=tolerance)
    wanted = found.standard_deviation * (reference.norm.pdf(z) - z * reference.norm.sf(z))
    assert found.expected_loss == pytest.approx(wanted, rel=50 * tolerance)


def test_far_tails_keep_their_digits() -> None:
    found = stats.beta_binomial(900, 1000, 100, 1000)
    wanted = exact_chance((900, 1000), (100, 1000))
    assert 0 < wanted < 1e-200
    assert found.chance_to_win == pytest.approx(wanted, rel=1e-6) or found.chance_to_win == pytest.approx(0, abs=1e-15)
    assert found.expected_loss == pytest.approx(found.effect * -1, rel=1e-9)


def test_arrays_match_scalars() -> None:
    wins = np.array([[10, 20, 30], [5, 0, 100]])
    found = stats.beta_binomial(wins, 100, 25, [100, 120, 140])
    assert found.shape == (2, 3)
    one = stats.beta_binomial(20, 100, 25, 120)
    assert found[0, 1].chance_to_win == one.chance_to_win
    assert found[0, 1].interval == one.interval
    assert len(found.to_dicts()) == 6


@given(st.floats(-50, 50), st.floats(0.01, 100), st.floats(-50, 50), st.floats(0.01, 100))
def test_normal_posterior_is_conjugate(effect: float, error: float, mean: float, deviation: float) -> None:
    found = stats.normal_posterior(effect, error, prior=(mean, deviation))
    precision = 1 / error**2 + 1 / deviation**2
    wanted = (effect / error**2 + mean / deviation**2) / precision
    assert found.effect == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert found.standard_deviation == pytest.approx(precision**-0.5)
    assert found.expected_loss_control - found.expected_loss == pytest.approx(found.effect, rel=1e-9, abs=1e-9)
    assert found.chance_to_win == pytest.approx(reference.norm.cdf(wanted * precision**0.5), abs=1e-9)


def test_unit_loss_against_mpmath() -> None:
    mpmath.mp.dps = 40
    for u in (-30.0, -3.0, -0.1, 0.0, 0.5, 4.0, 12.0, 30.0, 37.0):
        wanted = mpmath.npdf(u) - u * mpmath.erfc(u / mpmath.sqrt(2)) / 2
        assert float(unit_loss(np.array(u))) == pytest.approx(float(wanted), rel=1e-11)


def test_extremes_of_the_normal_posterior() -> None:
    found = stats.normal_posterior([1e300, -1e300, 0.0, 1.0], [1e-5, 1e-5, 1.0, 0.0])
    assert found.undefined.tolist() == [0, 0, 0, 3]
    assert found.expected_loss[0] == 0.0
    assert found.expected_loss[1] == pytest.approx(1e300)
    assert stats.normal_posterior(1.0, 0.0).chance_to_win == Undefined("no variance")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.beta_binomial(5, 10, -1, 10), "successes_treatment"),
        (lambda: stats.beta_binomial(11, 10, 5, 10), "must not exceed trials_control"),
        (lambda: stats.beta_binomial(5.5, 10, 5, 10), "whole"),
        (lambda: stats.beta_binomial(5, 10, "5", 10), "successes_treatment"),
        (lambda: stats.beta_binomial(5, 10, 5, 10, prior=(0, 1)), "prior"),
        (lambda: stats.beta_binomial(5, 10, 5, 10, prior=1), "pair"),
        (lambda: stats.beta_binomial([1, 2], 10, [1, 2, 3], 10), "fit together"),
        (lambda: stats.normal_posterior(1.0, -1.0), "standard_error"),
        (lambda: stats.normal_posterior(1.0, 1.0, prior=(0,)), "pair"),
        (lambda: stats.normal_posterior(1.0, 1.0, prior=(0, 0)), "prior"),
    ],
)
def test_bad_input_is_told_in_words(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()
