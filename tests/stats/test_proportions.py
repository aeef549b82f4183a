"""Proportions: against enumeration, statsmodels' good parts and R, and on hostile counts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy import stats as oracle

from pmkit.errors import InvalidValueError, PmkitError
from pmkit.model import Undefined
from pmkit.stats import compare_proportions, proportion_interval
from pmkit.stats._score import constrained_difference

BATTERIES = Path(__file__).parents[2].parent / "shared" / "batteries"
PUBLISHED = json.loads((Path(__file__).parents[1] / "reference" / "stats_intervals.json").read_text("utf-8"))
ABSOLUTE = ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald")
RELATIVE = ("newcombe", "score", "log", "wald")
COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("method", sorted({row[0] for row in PUBLISHED["rows"]}))
def test_single_intervals_are_statsmodels(method: str) -> None:
    for _, x, n, confidence, lower, upper in (row for row in PUBLISHED["rows"] if row[0] == method):
        found = proportion_interval(x, n, method=method, confidence=confidence)
        assert tuple(found) == pytest.approx((lower, upper), abs=1e-12)


def test_clopper_pearson_covers_and_wilson_nearly_does_by_enumeration() -> None:
    n = 10
    x = np.arange(n + 1)
    grid = np.linspace(0.005, 0.995, 199)
    probabilities = oracle.binom.pmf(x[:, None], n, grid)
    worst = {}
    for method in ("clopper-pearson", "wilson"):
        lower, upper = proportion_interval(x, n, method=method)
        inside = (lower[:, None] <= grid) & (grid <= upper[:, None])
        worst[method] = (probabilities * inside).sum(axis=0).min()
    assert worst["clopper-pearson"] >= 0.95
    assert 0.83 < worst["wilson"] < 0.95


@given(COUNTS, COUNTS, st.sampled_from(ABSOLUTE), st.sampled_from([0.9, 0.95]))
@settings(max_examples=25, deadline=None)
def test_swapping_arms_and_outcomes_mirrors(first, second, method: str, confidence: float) -> None:
    found = compare_proportions(*first, *second, method=method, confidence=confidence)
    swapped = compare_proportions(*second, *first, method=method, confidence=confidence)
    failures = [(n - x, n) for x, n in (first, second)]
    turned = compare_proportions(*failures[0], *failures[1], method=method, confidence=confidence)
    if isinstance(found.effect, Undefined):
        assert swapped.effect == turned.effect == found.effect
        return
    assert found.interval.lower <= found.effect <= found.interval.upper or method == "agresti-caffo"
    for other in (swapped, turned):
        assert other.interval.lower == pytest.approx(-found.interval.upper, abs=1e-9)
        assert other.p_value == pytest.approx(found.p_value, abs=1e-12)


@given(COUNTS, COUNTS, st.floats(-0.95, 0.95))
@settings(max_examples=25, deadline=None)
def test_the_restricted_estimate_maximizes_the_likelihood(first, second, delta: float) -> None:
    (x0, n0), (x1, n1) = first, second
    low, high = max(0.0, -delta), min(1.0, 1 - delta)

    def likelihood(p: float) -> float:
        pairs = ((x1, p + delta), (n1 - x1, 1 - p - delta), (x0, p), (n0 - x0, 1 - p))
        return sum(count * math.log(max(chance, 1e-300)) for count, chance in pairs if count)

    found = float(constrained_difference(*(np.array([float(a)]) for a in (x0, n0, x1, n1, delta)))[0])
    best = optimize.minimize_scalar(
        lambda p: -likelihood(p), bounds=(low, high), method="bounded", options={"xatol": 1e-11}
    )
    assert low <= found <= high
    assert likelihood(found) >= -best.fun - 1e-7


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize(
    "counts", [(48, 80, 56, 70), (1, 34, 7, 34), (5, 40, 0, 30), (3, 1000, 9, 800), (10, 10, 9, 10)]
)
def test_score_intervals_end_where_the_test_does(relative: bool, counts: tuple) -> None:  # noqa: FBT001
    x0, n0, x1, n1 = counts
    found = compare_proportions(*counts, relative=relative, method="score")

    def statistic(value: float) -> float:
        if relative:
            ratio = 1 + value
            a, b = (n0 + n1) * ratio, -(n1 * ratio + x1 + n0 + x0 * ratio)
            p0 = (-b - math.sqrt(b * b - 4 * a * (x0 + x1))) / (2 * a)
            p1, factor, distance = min(p0 * ratio, 1.0), ratio, x1 / n1 - ratio * x0 / n0
        else:
            p0 = float(constrained_difference(*(np.array([float(v)]) for v in (*counts, value)))[0])
            p1, factor, distance = p0 + value, 1.0, x1 / n1 - x0 / n0 - value
        variance = p1 * (1 - p1) / n1 + factor**2 * p0 * (1 - p0) / n0
        return distance / math.sqrt(variance * (n0 + n1) / (n0 + n1 - 1))

    z = oracle.norm.isf(0.025)
    least = -1.0
    for bound, wanted in zip(found.interval, (z, -z), strict=True):
        if least + 1e-9 < bound < 1 - 1e-9 or (relative and bound > 0):
            assert statistic(bound) == pytest.approx(wanted, rel=1e-6)


def test_r_agrees() -> None:
    path = BATTERIES / "stats" / "r_reference.jsonl"
    if not path.exists():
        pytest.skip("batteries not present")
    known = {row["call"]: row["value"] for row in map(json.loads, path.read_text().splitlines())}
    found = compare_proportions(25, 50, 15, 50, method="wald")
    assert found.p_value == pytest.approx(known["prop.test(c(15,25),c(50,50),correct=FALSE)$p.value"][0], rel=1e-12)
    assert list(found.interval) == pytest.approx(
        known["prop.test(c(15,25),c(50,50),correct=FALSE)$conf.int"], rel=1e-12
    )
    for x, n, call in (
        (15, 50, "prop.test(15,50,correct=FALSE)$conf.int"),
        (0, 10, "prop.test(0,10,correct=FALSE)$conf.int"),
    ):
        assert list(proportion_interval(x, n)) == pytest.approx(known[call], rel=1e-12)
    for x, call in ((0, "binom.test(0,10)$conf.int"), (10, "binom.test(10,10)$conf.int")):
        assert list(proportion_interval(x, 10, method="clopper-pearson")) == pytest.approx(known[call], rel=1e-12)


def test_extreme_counts_give_numbers_reasons_or_typed_errors() -> None:
    path = BATTERIES / "stats" / "extreme-counts.json"
    if not path.exists():
        pytest.skip("batteries not present")
    for case in json.loads(path.read_text()):
        for relative, methods in ((False, ABSOLUTE), (True, RELATIVE)):
            for method in methods:
                try:
                    found = compare_proportions(*case["args"], relative=relative, method=method)
                except PmkitError:
                    assert case["note"] in {
                        "negative count",
                        "more successes than trials",
                        "fraction",
                        "string",
                        "n=0 one arm",
                    }
                    continue
                for number in (found.effect, found.p_value, *found.interval):
                    assert isinstance(number, Undefined) or math.isfinite(number)


def test_scale_free_for_rare_events() -> None:
    common = compare_proportions(1, 10**9, 2, 10**9, method="miettinen-nurminen")
    rare = compare_proportions(1, 10**15, 2, 10**15, method="miettinen-nurminen")
    for bound, other in zip(common.interval, rare.interval, strict=True):
        assert other * 1e6 == pytest.approx(bound, rel=1e-5)


def test_arrays_unpack_and_index() -> None:
    found = proportion_interval([3, 0], [10, 0])
    lower, upper = found
    assert lower.shape == upper.shape == (2,)
    assert found.undefined.tolist() == [0, 1]
    assert found[1].lower == Undefined("no data")
    assert tuple(found[0]) == tuple(proportion_interval(3, 10))
    both = compare_proportions([10, 0], 100, [[12], [3]], 100, relative=True)
    assert both.shape == (2, 2)
    assert both.undefined.tolist() == [[0, 4], [0, 4]]
    assert both[1, 0] == compare_proportions(10, 100, 3, 100, relative=True)
    assert compare_proportions(3, 10, 0, 10, relative=True, method="log").effect == Undefined(
        "not estimable from these data"
    )


@pytest.mark.parametrize("side", ["greater", "less"])
def test_one_sided_intervals_are_open_on_one_side(side: str) -> None:
    for relative, methods in ((False, ABSOLUTE), (True, RELATIVE)):
        for method in methods:
            two = compare_proportions(20, 100, 30, 110, relative=relative, method=method, confidence=0.9)
            one = compare_proportions(20, 100, 30, 110, relative=relative, method=method, alternative=side)
            kept = "lower" if side == "greater" else "upper"
            assert getattr(one.interval, kept) == pytest.approx(getattr(two.interval, kept))
            assert math.isinf(one.interval.upper if side == "greater" else one.interval.lower)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "newcomb"}, "did you mean 'newcombe'"),
        ({"method": "log"}, "for relative=True"),
        ({"method": "agresti-caffo", "relative": True}, "is for differences"),
        ({"relative": 1}, "True or False"),
        ({"confidence": 0}, "above 0 and below 1"),
    ],
)
def test_bad_options_are_told(options: dict, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        compare_proportions(1, 10, 2, 10, **options)


@pytest.mark.parametrize("method", [*ABSOLUTE, *RELATIVE])
def test_effects_are_differences_and_lifts(method: str) -> None:
    for alternative in ("two-sided", "greater", "less"):
        for relative in [False] * (method in ABSOLUTE) + [True] * (method in RELATIVE):
            asked = {"method": method, "relative": relative, "alternative": alternative}
            found = compare_proportions(20, 100, [30, 12], 120, **asked)
            wanted = np.array([30, 12]) / 120 / (0.2 if relative else 1) - (1 if relative else 0.2)
            np.testing.assert_allclose(found.effect, wanted, rtol=1e-12)
            np.testing.assert_allclose([found.control, found.treatment], [[0.2, 0.2], [0.25, 0.1]])
            assert (found.interval.lower < found.effect).all()
            assert (found.effect < found.interval.upper).all()


def test_all_problems_with_counts_are_told_at_once() -> None:
    with pytest.raises(InvalidValueError) as told:
        compare_proportions([3, 11], 10, 13, 12)
    assert "successes_control must not be more than trials_control (at [1]; 1 of 2)" in str(told.value)
    assert "successes_treatment must not be more than trials_treatment" in str(told.value)
    with pytest.raises(InvalidValueError, match="do not fit together"):
        compare_proportions([1, 2], 10, [1, 2, 3], 10)
    with pytest.raises(InvalidValueError, match="whole number") as told:
        compare_proportions(1.5, 10, 20, 10)
    assert "more than" not in str(told.value)


def test_simple_relative_intervals_are_those_of_the_books() -> None:
    """Katz, Baptista, Azen and Pike (1978): the log of a ratio has the variance 1/x - 1/n of each arm."""
    (x_c, n_c), (x_t, n_t), z = (20, 100), (35, 120), oracle.norm.isf(0.05)
    ratio, spread = x_t / n_t / (x_c / n_c), math.sqrt(1 / x_c - 1 / n_c + 1 / x_t - 1 / n_t)
    wanted = {
        "log": (ratio * math.exp(-z * spread) - 1, ratio * math.exp(z * spread) - 1),
        "wald": (ratio - 1 - z * ratio * spread, ratio - 1 + z * ratio * spread),
    }
    for method, interval in wanted.items():
        found = compare_proportions(x_c, n_c, x_t, n_t, relative=True, method=method, confidence=0.9)
        assert tuple(found.interval) == pytest.approx(interval, rel=1e-12)
        assert found.standard_error == pytest.approx(ratio * spread, rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(COUNTS, COUNTS)
def test_combined_ratio_limits_solve_their_equation(first, second) -> None:
    """Donner and Zou (2012): at a limit R the squared distance p_t - R p_c is that of the two Wilson limits."""
    (x_c, n_c), (x_t, n_t) = first, second
    if not x_c or not x_t:
        return
    found = compare_proportions(x_c, n_c, x_t, n_t, relative=True, method="newcombe").interval
    (low_c, high_c), (low_t, high_t) = proportion_interval(x_c, n_c), proportion_interval(x_t, n_t)
    p_c, p_t = x_c / n_c, x_t / n_t

    def below(ratio: float) -> float:
        return p_t - ratio * p_c - math.hypot(p_t - low_t, ratio * (high_c - p_c))

    def above(ratio: float) -> float:
        return ratio * p_c - p_t - math.hypot(high_t - p_t, ratio * (p_c - low_c))

    ratio = p_t / p_c
    assert found.lower + 1 == pytest.approx(optimize.brentq(below, 0.0, ratio * (1 + 1e-12)), rel=1e-6, abs=1e-9)
    assert found.upper + 1 == pytest.approx(optimize.brentq(above, ratio * (1 - 1e-12), 1e6), rel=1e-6)
