"""Comparisons of means and ratios: against scipy, by algebra, and where they do not exist."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle

from pmkit.errors import InvalidValueError
from pmkit.model import REASONS, Undefined
from pmkit.stats import (
    Moments,
    cluster_moments,
    cluster_sizing,
    compare_estimates,
    compare_means,
    compare_ratios,
    poststratify,
    quantile_difference,
    winsor_limits,
    winsorize,
)

SAMPLES = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=20).filter(lambda rows: len(set(rows)) > 1)
SIDES = st.sampled_from(["two-sided", "greater", "less"])


@settings(max_examples=50, deadline=None)
@given(SAMPLES, SAMPLES, SIDES, st.sampled_from([0.8, 0.95, 0.999]))
def test_welch_is_scipys(first: list[float], second: list[float], side: str, confidence: float) -> None:
    found = compare_means(Moments.from_rows(first), Moments.from_rows(second), alternative=side, confidence=confidence)
    wanted = oracle.ttest_ind(second, first, equal_var=False, alternative=side)
    limits = wanted.confidence_interval(confidence)
    assert found.statistic == pytest.approx(wanted.statistic, rel=1e-10, abs=1e-12)
    assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-9)
    assert found.df == pytest.approx(wanted.df, rel=1e-10)
    scale = abs(found.effect) + found.standard_error
    assert found.interval.lower == pytest.approx(limits.low, rel=1e-9, abs=1e-9 * scale)
    assert found.interval.upper == pytest.approx(limits.high, rel=1e-9, abs=1e-9 * scale)


@settings(max_examples=50, deadline=None)
@given(SAMPLES, SAMPLES, st.floats(0.5, 4), st.integers(-50, 50))
def test_swapping_scaling_and_shifting_do_what_algebra_says(
    first: list[float], second: list[float], scale: float, shift: int
) -> None:
    a, b = np.array(first), np.array(second)
    plain = compare_means(Moments.from_rows(a), Moments.from_rows(b))
    swapped = compare_means(Moments.from_rows(b), Moments.from_rows(a))
    scaled = compare_means(Moments.from_rows(a * scale), Moments.from_rows(b * scale))
    shifted = compare_means(Moments.from_rows(a + shift), Moments.from_rows(b + shift))
    mirrored = compare_means(Moments.from_rows(-a), Moments.from_rows(-b))
    tiny = 1e-9 * plain.standard_error
    assert swapped.effect == pytest.approx(-plain.effect, abs=tiny)
    assert swapped.interval.lower == pytest.approx(-plain.interval.upper, abs=tiny)
    assert scaled.interval.upper == pytest.approx(scale * plain.interval.upper, abs=10 * tiny)
    assert shifted.interval.lower == pytest.approx(plain.interval.lower, abs=tiny)
    assert mirrored.effect == pytest.approx(-plain.effect, abs=tiny)
    for other in (swapped, scaled, shifted, mirrored):
        assert other.p_value == pytest.approx(plain.p_value, rel=1e-9)


@pytest.mark.parametrize("side", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("control", [8.0, -8.0])
@pytest.mark.parametrize("interval", ["fieller", "log-delta"])
def test_relative_intervals_invert_their_tests(interval: str, control: float, side: str) -> None:
    first, second = Moments.from_summary(40, control, 9.0), Moments.from_summary(50, 1.3 * control, 16.0)
    found = compare_means(first, second, relative=True, interval=interval, alternative=side)
    df, v_c, v_t = found.df, 9 / 40, 16 / 50
    sign = math.copysign(1, control)

    def p_value(effect: float) -> float:
        ratio = 1 + sign * effect
        if interval == "fieller":
            t = (1.3 * control - ratio * control) / math.sqrt(v_t + ratio**2 * v_c)
        else:
            t = math.log(1.3 / ratio) / math.sqrt(v_t / (1.3 * control) ** 2 + v_c / control**2)
            t *= sign
        return {"two-sided": 2 * oracle.t.sf(abs(t), df), "greater": oracle.t.sf(t, df), "less": oracle.t.cdf(t, df)}[
            side
        ]

    for bound in found.interval:
        if math.isfinite(bound):
            assert p_value(bound) == pytest.approx(0.05, rel=1e-9)
    assert found.p_value == pytest.approx(p_value(0.0), rel=1e-9)
    assert found.effect == pytest.approx(0.3 * sign)


def test_relative_effects_are_relative_to_the_size_of_the_baseline() -> None:
    found = compare_means(Moments.from_summary(100, -10, 4), Moments.from_summary(100, -5, 4), relative=True)
    assert found.effect == pytest.approx(0.5)


def test_a_margin_moves_the_null() -> None:
    arms = Moments.from_summary(400, 10.0, 4.0), Moments.from_summary(400, 9.9, 4.0)
    better = compare_means(*arms, alternative="greater", margin=0.5)
    worse = compare_means(*arms, alternative="less", margin=0.5)
    error = math.sqrt(8 / 400)
    assert better.p_value == pytest.approx(oracle.t.sf(0.4 / error, 798), rel=1e-9)
    assert worse.p_value == pytest.approx(oracle.t.cdf(-0.6 / error, 798), rel=1e-9)
    for interval in ("delta", "log-delta", "fieller"):
        shared = compare_means(*arms, alternative="greater", margin=0.02, relative=True, interval=interval)
        assert (shared.p_value < 0.05) == (shared.interval.lower > -0.02)
    with pytest.raises(InvalidValueError, match="a margin needs a direction"):
        compare_means(*arms, margin=0.5)


def test_cuped_is_the_difference_of_adjusted_rows() -> None:
    rng = np.random.default_rng(5)
    before = [rng.gamma(2.0, size=300), rng.gamma(2.0, size=250)]
    after = [rows + rng.normal(size=rows.size) * 0.3 + shift for rows, shift in zip(before, (5, 5.1), strict=True)]
    arms = [Moments.from_rows(y, covariate=x) for y, x in zip(after, before, strict=True)]
    cross = [((y - y.mean()) * (x - x.mean())).sum() for y, x in zip(after, before, strict=True)]
    theta = sum(cross) / sum(((x - x.mean()) ** 2).sum() for x in before)
    rows = [y - theta * x for y, x in zip(after, before, strict=True)]
    found, plain = compare_means(*arms), compare_means(*arms, cuped=False)
    wanted = oracle.ttest_ind(rows[1], rows[0], equal_var=False)
    assert found.cuped
    assert not plain.cuped
    assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-9)
    assert found.effect == pytest.approx(rows[1].mean() - rows[0].mean(), rel=1e-10)
    assert found.standard_error < 0.5 * plain.standard_error
    relative = compare_means(*arms, relative=True)
    assert relative.effect == pytest.approx(found.effect / after[0].mean())
    with pytest.raises(InvalidValueError, match="lack covariate"):
        compare_means(arms[0].part("value"), arms[1], cuped=True)
    constant = [Moments.from_rows(y, covariate=np.ones(y.size)) for y in after]
    assert compare_means(*constant).effect == pytest.approx(plain.effect)


def test_ratios_are_linearized_rows() -> None:
    rng = np.random.default_rng(6)
    arms, lines = [], []
    for n in (200, 260):
        d = rng.poisson(5, n) + 1.0
        y = rng.binomial(d.astype(int), 0.3).astype(float)
        arms.append(Moments.from_rows(y, denominator=d, covariate=y + rng.normal(size=n)))
        lines.append((y - y.mean() / d.mean() * d) / d.mean())
    found = compare_ratios(*arms, cuped=False)
    error = math.sqrt(sum(line.var(ddof=1) / line.size for line in lines))
    assert found.standard_error == pytest.approx(error, rel=1e-10)
    assert found.effect == pytest.approx(found.treatment - found.control)
    adjusted = compare_ratios(*arms)
    assert adjusted.cuped
    assert adjusted.standard_error < found.standard_error
    ones = [Moments.from_rows(line, denominator=np.ones(line.size)) for line in lines]
    plain = compare_means(*(one.part("value") for one in ones))
    assert compare_ratios(*ones).p_value == pytest.approx(plain.p_value, rel=1e-9)
    zero = Moments.from_rows([1, 2, 3], denominator=[0, 0, 0])
    assert compare_ratios(zero, zero).effect == Undefined("the denominator is within noise of zero")


def test_arrays_are_scalars_side_by_side() -> None:
    control = Moments.from_summary([10, 1, 30, 0, 40], [5.0, 5, 5, 0, 0.01], [4.0, 1, 0, 0, 4.0])
    treatment = Moments.from_summary([10, 8, 30, 5, 40], [6.0, 5, 5, 1, 1.0], [4.0, 1, 0, 1, 4.0])
    found = compare_means(control, treatment, relative=True)
    reasons = [REASONS[code] for code in found.undefined]
    assert reasons == [
        "",
        "fewer than two units",
        "no variance",
        "no data",
        "the denominator is within noise of zero",
    ]
    for name in ("effect", "standard_error", "p_value", "statistic", "df", "control", "treatment"):
        np.testing.assert_array_equal(np.isnan(getattr(found, name)), found.undefined != 0)
    for i, single in enumerate(found):
        alone = compare_means(control[i], treatment[i], relative=True)
        assert alone == single
        assert isinstance(single.effect, Undefined if reasons[i] else float)
    assert found[1:3].shape == (2,)
    assert len(found.to_dicts()) == 5
    assert "undefined" in found.to_markdown()
    assert found.summary().count("\n") == 4
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found
    assert not pickle.loads(pickle.dumps(found)).effect.flags.writeable
    with pytest.raises(InvalidValueError, match="no place"):
        found[9]
    with pytest.raises(InvalidValueError, match="no parts"):
        found[0][0]
    with pytest.raises(TypeError):
        len(found[0])
    assert found != 5


def test_experiments_segments_and_variants_broadcast() -> None:
    rng = np.random.default_rng(7)
    control, treatment = (
        Moments.from_rows(rng.normal(5, 1, (4, 3, 1, 20))),
        Moments.from_rows(rng.normal(5, 1, (4, 3, 2, 20))),
    )
    found = compare_means(control, treatment)
    assert found.shape == (4, 3, 2)
    alone = compare_means(control[2, 1, 0], treatment[2, 1, 1])
    assert found[2, 1, 1].p_value == pytest.approx(alone.p_value, rel=1e-12)
    margins = compare_means(control, treatment, alternative="greater", margin=np.full(2, 0.1))
    assert margins.margin.shape == (4, 3, 2)


def test_estimates_from_elsewhere() -> None:
    found = compare_estimates([0.1, 0.0], 9e-5, 0.12, [1e-4, 1e-4], relative=True)
    assert found.undefined.tolist() == [0, 4]
    assert compare_estimates(1.0, 0.0, 2.0, 0.0).effect == Undefined("no variance")
    assert compare_estimates(1.0, 1.0, 2.0, 1.0).p_value == pytest.approx(2 * oracle.norm.sf(1 / math.sqrt(2)))
    with pytest.raises(InvalidValueError, match="df must be above 0"):
        compare_estimates(1, 1, 1, 1, df=0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"interval": "fieler", "relative": True}, "did you mean 'fieller'"),
        ({"interval": "fieller"}, "is for relative effects"),
        ({"confidence": 95}, "write 0.95"),
        ({"confidence": "high"}, "between 0 and 1"),
        ({"alternative": "up"}, "alternative must be one of"),
        ({"relative": "yes"}, "True or False"),
        ({"cuped": "yes"}, "cuped must be"),
        ({"margin": -1.0}, "at least 0"),
        ({"margin": [1.0, 2.0], "alternative": "less"}, "does not fit"),
        ({"distribution": "z"}, "distribution must be"),
    ],
)
def test_bad_options_are_told_in_words(options: dict, words: str) -> None:
    arm = Moments.from_rows([1, 2, 3])
    with pytest.raises(InvalidValueError, match=words):
        compare_means(arm, arm, **options)


def test_what_are_no_moments_is_told() -> None:
    arm = Moments.from_rows([1, 2, 3])
    with pytest.raises(InvalidValueError, match=r"Moments\.from_rows builds them"):
        compare_means([1, 2, 3], arm)
    with pytest.raises(InvalidValueError, match="do not fit"):
        compare_means(Moments([1, 2], 0, 0), Moments([1, 2, 3], 0, 0))


def test_strata_agree_with_the_saturated_regression() -> None:
    rng = np.random.default_rng(8)
    control = [rng.normal(mean, 1, 30) for mean in (0, 5, 9)]
    treatment = [rng.normal(mean + 0.5, 1, 20 + 10 * i) for i, mean in enumerate((0, 5, 9))]
    arms = [Moments.stack([Moments.from_rows(rows) for rows in arm]) for arm in (control, treatment)]
    found = poststratify(*arms)
    sizes = np.array([len(a) + len(b) for a, b in zip(control, treatment, strict=True)])
    weights = sizes / sizes.sum()
    gaps = np.array([b.mean() - a.mean() for a, b in zip(control, treatment, strict=True)])
    errors = np.array(
        [a.var(ddof=1) / a.size + b.var(ddof=1) / b.size for a, b in zip(control, treatment, strict=True)]
    )
    assert found.effect == pytest.approx(weights @ gaps)
    assert found.standard_error == pytest.approx(math.sqrt(weights**2 @ errors))
    assert found.strata == 3
    only = poststratify(*arms, weights=[0, 1, 0])
    assert only.p_value == pytest.approx(compare_means(arms[0][1], arms[1][1]).p_value, rel=1e-9)
    relative = poststratify(*arms, relative=True, interval="fieller")
    assert relative.effect == pytest.approx(found.effect / (weights @ [rows.mean() for rows in control]))
    thin = Moments.stack([Moments.from_rows([1.0]), Moments.from_rows([1.0, 2.0])])
    assert poststratify(thin, thin).effect == Undefined("fewer than two units")
    none = Moments.from_counts([0, 0], [0, 0])
    assert poststratify(none, none).effect == Undefined("no data")
    for weights_given, words in (([1, 2], "do not fit"), ([0, 0, 0], "not all be 0")):
        with pytest.raises(InvalidValueError, match=words):
            poststratify(*arms, weights=weights_given)
    with pytest.raises(InvalidValueError, match="axis of strata"):
        poststratify(arms[0][0], arms[1][0])


def test_clusters_are_ratios_of_totals() -> None:
    rng = np.random.default_rng(9)
    users = rng.integers(0, 40, 400)
    rows = rng.normal(size=400) + users % 5
    collapsed = cluster_moments(rows, users)
    assert collapsed.n == len(set(users.tolist()))
    assert collapsed.mean / collapsed.mean_of("denominator") == pytest.approx(rows.mean())
    double = cluster_moments(rows, users, denominator=np.full(400, 2.0))
    assert double.mean_of("denominator") == pytest.approx(2 * collapsed.mean_of("denominator"))
    sizing = cluster_sizing(rows, users)
    assert 0.4 < sizing.intraclass_correlation < 0.9
    assert sizing.effective_units == pytest.approx(400 / sizing.design_effect)
    assert cluster_sizing([], []).design_effect == Undefined("no data")
    assert cluster_sizing([1.0, 2.0], ["a", "a"]).design_effect == Undefined("fewer than two units")
    assert cluster_sizing([1.0, 2.0], ["a", "b"]).design_effect == Undefined("not estimable from these data")
    assert cluster_sizing([1.0, 1.0, 1.0], ["a", "b", "b"]).design_effect == Undefined("no variance")
    for clusters, words in ((["a"], "one label for each"), ([["a"], ["b"]], "must be a label")):
        with pytest.raises(InvalidValueError, match=words):
            cluster_moments([1.0, 2.0], clusters)
    with pytest.raises(InvalidValueError, match="one number a row"):
        cluster_moments([[1.0, 2.0]], ["a"])
    with pytest.raises(InvalidValueError, match="denominator needs"):
        cluster_moments([1.0, 2.0], ["a", "b"], denominator=[1.0])


@pytest.mark.parametrize("method", ["order-statistic", "bootstrap"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_quantile_intervals_cover(method: str, share: float) -> None:
    rng = np.random.default_rng(10)
    hits, runs = 0, 300
    for _ in range(runs):
        arms = rng.exponential(size=200), rng.exponential(size=200) * 1.5
        found = quantile_difference(*arms, share, method=method, resamples=400, seed=rng)
        truth = -math.log(1 - share) * 0.5
        hits += found.interval.lower <= truth <= found.interval.upper
    assert 0.91 <= hits / runs <= 0.99


def test_quantiles_mirror_and_say_what_is_missing() -> None:
    rng = np.random.default_rng(11)
    a, b = rng.normal(size=150), rng.normal(1, 1, size=180)
    found, swapped = quantile_difference(a, b), quantile_difference(b, a)
    assert swapped.effect == pytest.approx(-found.effect)
    assert swapped.interval.lower == pytest.approx(-found.interval.upper)
    assert found.p_value < 1e-6
    for side, p in (("greater", 0.01), ("less", 0.99)):
        for method in ("order-statistic", "bootstrap"):
            one = quantile_difference(a, b, alternative=side, method=method)
            assert (one.p_value < p) == (side == "greater")
            assert math.isinf(one.interval.upper if side == "greater" else one.interval.lower)
    first = quantile_difference(a, b, method="bootstrap", seed=3)
    assert first == quantile_difference(a, b, method="bootstrap", seed=3)
    assert quantile_difference([], b).effect == Undefined("no data")
    assert quantile_difference([1, 2, 3], b).effect == Undefined("not estimable from these data")
    assert quantile_difference(np.ones(50), np.ones(50)).effect == Undefined("no variance")
    for options, words in (
        ({"resamples": 5, "method": "bootstrap"}, "resamples"),
        ({"seed": "x", "method": "bootstrap"}, "seed"),
        ({"quantile": 90}, "quantile"),
        ({"method": "boot"}, "method must be"),
    ):
        with pytest.raises(InvalidValueError, match=words):
            quantile_difference(a, b, **options)
    with pytest.raises(InvalidValueError, match="one number a row"):
        quantile_difference([a], b)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.floats(0, 0.49), st.floats(0.51, 1))
def test_winsorized_values_lie_within_common_limits(rows: list[int], lower: float, upper: float) -> None:
    limits = winsor_limits(rows[: len(rows) // 2], rows[len(rows) // 2 :], lower=lower, upper=upper)
    assert limits == winsor_limits(rows, lower=lower, upper=upper)
    pulled = winsorize(rows, limits)
    assert pulled.min() >= limits.lower
    assert pulled.max() <= limits.upper
    assert np.count_nonzero(np.array(rows) > limits.upper) <= (1 - upper) * len(rows) + 1e-6
    assert {limits.lower, limits.upper} <= {float(row) for row in rows}


def test_winsor_limits_are_checked() -> None:
    for groups, options, words in (([], {}, "no values"), ([[1]], {"lower": 0.9, "upper": 0.1}, "below upper")):
        with pytest.raises(InvalidValueError, match=words):
            winsor_limits(*groups, **options)


def test_a_relative_effect_is_told_in_percent() -> None:
    result = compare_means(
        Moments.from_summary(1000, 20.0, 100.0), Moments.from_summary(1000, 21.0, 110.0), relative=True
    )
    assert result.summary().startswith("effect +5 %")
    assert f"from {100 * result.interval.lower:.3g} to {100 * result.interval.upper:.3g} %" in result.summary()


@pytest.mark.parametrize("offset", [0.0, 1e8, 2.0**52])
def test_a_covariate_far_from_zero_adjusts_as_one_near_it(offset: float) -> None:
    """Both means of the covariate are then long numbers whose last digits the difference is made of."""
    rng = np.random.default_rng(4)
    before = rng.integers(0, 50, (2, 31)).astype(float)
    after = before * 0.7 + rng.normal(0, 1, before.shape) + [[0.0], [1.0]]
    near, far = (
        compare_means(*(Moments.from_rows(y, covariate=x + shift) for y, x in zip(after, before, strict=True)))
        for shift in (0.0, offset)
    )
    assert far.effect == pytest.approx(near.effect, rel=1e-9)
    assert far.standard_error == pytest.approx(near.standard_error, rel=1e-9)


def test_few_degrees_of_freedom_are_enough() -> None:
    found = compare_estimates(0.0, 0.0, 2.0, 1.0, df=[0.5, 1.0, 30.0])
    np.testing.assert_allclose(found.p_value, 2 * oracle.t.sf(2.0, [0.5, 1.0, 30.0]), rtol=1e-9)
    assert compare_estimates(0.0, 1.0, 2.0, 0.0, df=30).p_value == pytest.approx(found.p_value[2])
    with pytest.raises(InvalidValueError, match="df must be above 0"):
        compare_estimates(0.0, 0.0, 2.0, 1.0, df=[1.0, 0.0])


def test_strata_without_variance_say_so() -> None:
    flat = Moments.from_rows([[3.0, 3.0, 3.0], [5.0, 5.0, 5.0]])
    assert poststratify(flat, flat).p_value == Undefined("no variance")
    one_flat = Moments.from_rows([[3.0, 3.0, 3.0], [5.0, 6.0, 7.0]])
    assert isinstance(poststratify(one_flat, one_flat).p_value, float)
