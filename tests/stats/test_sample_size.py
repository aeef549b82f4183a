"""Sample size, power and detectable effect: exact, consistent with each other, and never raising on valid input."""

from __future__ import annotations

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy import stats as oracle

from pmkit.errors import InvalidValueError
from pmkit.stats import (
    detectable_effect_means,
    detectable_effect_proportions,
    duration,
    power_means,
    power_proportions,
    sample_size_means,
    sample_size_proportions,
)
from pmkit.stats._roots import bracketed_roots
from pmkit.stats._special import (
    beta_tail,
    chi_square_tail,
    noncentral_t_tail,
    normal_log_tail,
    t_quantile,
    t_tail,
    two_sided_power,
)

BATTERIES = Path(__file__).parents[2].parent / "shared" / "batteries"


def noncentral(t: float, df: float, shift: float) -> float:
    with mpmath.workdps(25):

        def density(z: mpmath.mpf) -> mpmath.mpf:
            chance = mpmath.gammainc(df / 2, 0, df / 2 * (z / t) ** 2, regularized=True)
            return mpmath.npdf(z - shift) * chance

        points = sorted(
            {0, *(p for p in (shift - 8, shift - 3, shift, shift + 3, shift + 9) if p > 0), max(shift, 0) + 20}
        )
        return float(mpmath.quad(density, points))


@pytest.mark.parametrize(("df", "tail"), [(1, 0.4), (1.5, 5e-7), (4.5, 0.025), (14, 1e-4), (16, 0.025), (300, 5e-7)])
@pytest.mark.parametrize("shift", [0.0, 0.3, 2.8, 9.0, -2.0])
def test_the_noncentral_t_is_exact(df: float, tail: float, shift: float) -> None:
    t = float(t_quantile(tail, df))
    found = float(noncentral_t_tail(t, df, shift))
    assert found == pytest.approx(noncentral(t, df, shift), rel=1e-9, abs=1e-13)


def test_the_noncentral_t_is_scipys_where_scipys_is_a_number_and_a_number_where_not() -> None:
    df, shift, t = np.meshgrid([2.0, 20, 2000, 1e6], np.linspace(-30, 30, 13), [-3.0, 0.5, 2.0, 40.0])
    found = noncentral_t_tail(t, df, shift)
    with np.errstate(all="ignore"):
        wanted = oracle.nct.sf(t, df, shift)
    assert np.isfinite(found).all()
    usable = np.isfinite(wanted)
    np.testing.assert_allclose(found[usable], wanted[usable], atol=1e-8)


def test_tails_keep_their_digits() -> None:
    path = BATTERIES / "stats" / "tail_reference.json"
    if not path.exists():
        pytest.skip("batteries not present")
    rows = json.loads(path.read_text())
    for row in rows if isinstance(rows, list) else rows["cases"]:
        args = [float(value) for value in row["args"]]
        if row["fn"] == "norm_sf":
            assert float(normal_log_tail(np.array(args[0]))) == pytest.approx(math.log(float(row["value"])), rel=1e-12)
        elif row["fn"] == "t_sf":
            assert float(t_tail(np.array(args[0]), args[1])) == pytest.approx(float(row["value"]), rel=1e-12)
        elif row["fn"] == "chi2_sf":
            assert float(chi_square_tail(np.array(args[0]), args[1])) == pytest.approx(float(row["value"]), rel=1e-11)


def test_quantiles_of_t_invert_its_tail() -> None:
    df, tail = np.meshgrid([1.0, 2.5, 30, 999, 5000, 1e5, 1e9, np.inf], [0.4, 0.025, 1e-4, 5e-7])
    np.testing.assert_allclose(t_tail(t_quantile(tail, df), df), tail, rtol=1e-12)
    np.testing.assert_allclose(t_quantile(tail[:, :-1], df[:, :-1]), oracle.t.isf(tail[:, :-1], df[:, :-1]), rtol=1e-10)
    assert float(beta_tail(np.array(0.3), np.array(2.0), np.array(5.0))) == pytest.approx(oracle.beta.sf(0.3, 2, 5))


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
@pytest.mark.parametrize("ratio", [1.0, 0.25])
def test_every_valid_input_is_solved(alternative: str, ratio: float) -> None:
    effect, alpha, power = np.meshgrid(
        np.geomspace(0.001, 5, 12), np.geomspace(1e-6, 0.4, 7), [0.05, 0.2, 0.5, 0.8, 0.95, 0.999]
    )
    options = {"ratio": ratio, "alternative": alternative}
    n = sample_size_means(effect, alpha=alpha, power=power, **options)
    reached = power_means(effect, n, alpha=alpha, **options)
    least = np.isclose(n * (1 + ratio), 3)
    np.testing.assert_allclose(reached[~least], power[~least], atol=1e-11)
    assert (reached[least] >= power[least] - 1e-12).all()
    again = detectable_effect_means(n, alpha=alpha, power=power, **options)
    clear = ~least & (power > 1.1 * alpha)
    np.testing.assert_allclose(again[clear], effect[clear], rtol=1e-8)


@settings(max_examples=8, deadline=None)
@given(
    st.floats(0.001, 5), st.floats(1e-6, 0.4), st.floats(0.05, 0.999), st.sampled_from(["two-sided", "greater", "less"])
)
def test_one_at_a_time_is_the_same(effect: float, alpha: float, power: float, alternative: str) -> None:
    options = {"alpha": alpha, "alternative": alternative}
    n = sample_size_means(effect, power=power, **options)
    assert isinstance(n, float)
    assert n == pytest.approx(sample_size_means([effect], power=power, **options)[0], rel=1e-12)
    assert sample_size_means(-effect, power=power, **options) == pytest.approx(n)
    assert sample_size_means(3 * effect, sd=3, power=power, **options) == pytest.approx(n, rel=1e-9)
    assert power_means(effect, n * 1.01 + 1, **options) >= power - 1e-12


def test_r_agrees() -> None:
    path = BATTERIES / "stats" / "r_reference.jsonl"
    if not path.exists():
        pytest.skip("batteries not present")
    known = {row["call"]: row["value"][0] for row in map(json.loads, path.read_text().splitlines())}
    found = {
        "power.prop.test(p1=.10,p2=.12,power=.8)$n": sample_size_proportions(0.10, 0.12),
        "power.prop.test(n=1000,p1=.10,p2=.12)$power": power_proportions(0.10, 0.12, 1000),
        "power.t.test(delta=.2,sd=1,power=.8)$n": sample_size_means(0.2),
        "power.t.test(n=50,delta=.5,sd=1)$power": power_means(0.5, 50),
    }
    for call, value in found.items():
        assert value == pytest.approx(known[call], rel=1e-4), call


def test_proportions_are_consistent() -> None:
    control, treatment = np.meshgrid([0.02, 0.3, 0.8], [0.05, 0.5, 0.9])
    for options in ({}, {"ratio": 2.0, "alpha": 0.01}, {"null_variance": "control"}, {"null_variance": "unpooled"}):
        n = sample_size_proportions(control, treatment, power=0.9, **options)
        reached = power_proportions(control, treatment, n, **options)
        np.testing.assert_allclose(reached[n > 1], 0.9, rtol=1e-9)
        assert (reached >= 0.9 - 1e-9).all()
    change = detectable_effect_proportions(0.1, sample_size_proportions(0.1, [0.12, 0.3]))
    np.testing.assert_allclose(change, [0.02, 0.2], rtol=1e-9)
    fall = detectable_effect_proportions(
        0.1, sample_size_proportions(0.1, 0.07, alternative="less"), alternative="less"
    )
    assert fall == pytest.approx(-0.03)
    assert sample_size_proportions(0.01, 0.99, alpha=0.4, power=0.05) == 1.0
    margin = {"margin": 0.05, "alternative": "greater", "alpha": 0.025}
    n = sample_size_proportions(0.15, 0.15, power=0.9, **margin)
    assert power_proportions(0.15, 0.15, n, **margin) == pytest.approx(0.9)
    assert detectable_effect_proportions(0.5, 10**6, alpha=0.4, power=0.05) == 0.0


def test_durations() -> None:
    assert duration(100.2, 50, ratio=1) == 5.0
    assert duration(100, 50, share=0.5) == 8.0
    assert duration([100, 700], 100, ratio=2, whole_weeks=True).tolist() == [7.0, 21.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sample_size_means(0), "must not be 0"),
        (lambda: sample_size_means(1e-200), "too small"),
        (lambda: sample_size_means(0.1, sd=0), "sd must be"),
        (lambda: sample_size_means(0.1, power=1), "power must be"),
        (lambda: sample_size_means([0.1, 0.2], alpha=[0.1, 0.1, 0.1]), "shapes do not fit"),
        (lambda: sample_size_means(0.1, distribution="z"), "distribution"),
        (lambda: power_means(0.1, 1), "three units"),
        (lambda: detectable_effect_means(1), "three units"),
        (lambda: sample_size_proportions(0.1, 0.1), "must differ"),
        (lambda: sample_size_proportions(0.1, 0.2, margin=0.1), "margin needs"),
        (lambda: sample_size_proportions(0.2, 0.1, margin=0.05, alternative="greater"), "better than the margin"),
        (lambda: sample_size_proportions(0.1, 1.2), "treatment must be"),
        (lambda: detectable_effect_proportions(0.5, 2), "too small"),
        (lambda: duration(100, 0), "daily_units"),
        (lambda: duration(1e300, 1e-300), "too many"),
    ],
)
def test_bad_input_is_told(call, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()


def test_brackets_are_searched_to_the_last_digits() -> None:
    target = np.array([2.0, 1e-8, 5e5])
    ends = np.zeros(3), np.full(3, 1e6)
    found = bracketed_roots(lambda x: x**3 - target**3, *ends, -(target**3), 1e18 - target**3)
    np.testing.assert_allclose(found, target, rtol=1e-12)


@pytest.mark.parametrize("shift", [-1.0, 0.0, 0.3, 2.8])
def test_without_end_of_degrees_the_noncentral_t_is_normal(shift: float) -> None:
    limit = np.array([1.96])
    upper, lower = oracle.norm.sf(limit - shift), oracle.norm.cdf(-limit - shift)
    assert two_sided_power(limit, np.array([np.inf]), np.array([shift])) == pytest.approx(upper + lower, rel=1e-12)
    assert noncentral_t_tail(limit, np.array([np.inf]), np.array([shift])) == pytest.approx(upper, rel=1e-12)


@pytest.mark.parametrize("tail", [0.45, 0.2, 0.025, 5e-4, 1e-9, 1e-16])
def test_quantiles_at_one_tail_are_solutions_to_the_last_digits(tail: float) -> None:
    df = np.array([1.0, 19.999, 20.0, 41.0, 398.5, math.inf])
    found = t_quantile(tail, df)
    with mpmath.workdps(30):
        for one, freedom in zip(found[1:-1], map(mpmath.mpf, df[1:-1]), strict=True):
            exact = mpmath.findroot(
                lambda t, f=freedom: mpmath.betainc(f / 2, 0.5, 0, f / (f + t * t), regularized=True) / 2 - tail, one
            )
            assert float(abs(one / exact - 1)) < 4e-15
    assert found[0] == pytest.approx(1 / math.tan(math.pi * tail), rel=1e-12)  # Cauchy
    assert found[-1] == pytest.approx(oracle.norm.isf(tail), rel=4e-15)
    assert [float(t_quantile(tail, one)) for one in df] == found.tolist()


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_the_normal_test_has_the_textbook_power(alternative: str) -> None:
    for effect, n, ratio, alpha in ((0.05, 400, 1.0, 0.05), (0.3, 60, 2.5, 0.01), (0.9, 12, 0.4, 0.2)):
        shift = effect * math.sqrt(n * ratio / (1 + ratio))
        cut = oracle.norm.isf(alpha / 2 if alternative == "two-sided" else alpha)
        wanted = oracle.norm.sf(cut - shift) + (oracle.norm.cdf(-cut - shift) if alternative == "two-sided" else 0.0)
        asked = {"ratio": ratio, "alpha": alpha, "alternative": alternative, "distribution": "normal"}
        assert power_means(effect, n, **asked) == pytest.approx(wanted, rel=1e-10)
        assert sample_size_means(effect, power=wanted, **asked) == pytest.approx(n, rel=1e-6)


@pytest.mark.parametrize(("alternative", "null"), [("greater", -0.05), ("less", 0.05)])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_a_margin_uses_the_likeliest_proportions_on_it(alternative: str, null: float, ratio: float) -> None:
    """Farrington and Manning (1990), with the restricted maximum likelihood found by search."""
    control, treatment, alpha, power = 0.3, 0.31, 0.025, 0.9

    def unlikely(p: float) -> float:
        q = p + null
        return -(control * math.log(p) + (1 - control) * math.log(1 - p)) - ratio * (
            treatment * math.log(q) + (1 - treatment) * math.log(1 - q)
        )

    low, high = max(0.0, -null) + 1e-9, min(1.0, 1.0 - null) - 1e-9
    p = optimize.minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    q = p + null
    restricted = math.sqrt(p * (1 - p) + q * (1 - q) / ratio)
    truth = math.sqrt(control * (1 - control) + treatment * (1 - treatment) / ratio)
    reach = oracle.norm.isf(alpha) * restricted + oracle.norm.ppf(power) * truth
    wanted = (reach / (treatment - control - null)) ** 2
    asked = {"ratio": ratio, "alpha": alpha, "alternative": alternative, "margin": 0.05}
    assert sample_size_proportions(control, treatment, power=power, **asked) == pytest.approx(wanted, rel=1e-6)
    assert power_proportions(control, treatment, wanted, **asked) == pytest.approx(power, rel=1e-6)


@pytest.mark.parametrize("null", ["pooled", "control", "unpooled"])
@pytest.mark.parametrize("ratio", [0.4, 1.0, 2.5])
def test_each_null_variance_is_that_of_its_formula(null: str, ratio: float) -> None:
    control, treatment, alpha, power = 0.2, 0.26, 0.05, 0.85
    together = (control + ratio * treatment) / (1 + ratio)
    truth = control * (1 - control) + treatment * (1 - treatment) / ratio
    under = {
        "pooled": together * (1 - together) * (1 + 1 / ratio),
        "control": control * (1 - control) + control * (1 - control) / ratio,
        "unpooled": truth,
    }[null]
    reach = oracle.norm.isf(alpha / 2) * math.sqrt(under) + oracle.norm.ppf(power) * math.sqrt(truth)
    asked = {"ratio": ratio, "alpha": alpha, "null_variance": null}
    found = sample_size_proportions(control, treatment, power=power, **asked)
    assert found == pytest.approx((reach / (treatment - control)) ** 2, rel=2e-4)  # the other tail adds next to nothing
    assert power_proportions(control, treatment, found, **asked) == pytest.approx(power, rel=1e-9)


@pytest.mark.parametrize("margin", [1.0, 1.5, -0.01, math.nan])
def test_margins_of_proportions_are_shares(margin: float) -> None:
    with pytest.raises(InvalidValueError, match=r"sample_size_proportions: .*margin"):
        sample_size_proportions(0.3, 0.3, margin=margin, alternative="greater")
    with pytest.raises(InvalidValueError, match=r"power_proportions: .*margin"):
        power_proportions(0.3, 0.3, 500, margin=margin, alternative="greater")


def test_no_effect_is_needed_where_chance_alone_has_the_power() -> None:
    assert detectable_effect_proportions(0.1, 100, alpha=0.2, power=0.1) == 0.0
    assert detectable_effect_proportions(0.1, 100, alpha=0.2, power=0.3) > 0.0


def test_durations_count_whole_units_of_both_arms() -> None:
    assert duration(10.2, 11) == 2.0  # 11 and 11
    assert duration(10, 25, ratio=1.55) == 2.0  # 10 and 16
    assert duration(10, 26, ratio=1.55) == 1.0
    assert duration(10, 25, ratio=1.5) == 1.0
