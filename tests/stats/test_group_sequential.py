"""Group sequential designs against independent integration, simulation and published laws."""

from __future__ import annotations

import copy
import itertools
import math
import pickle

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from pmkit import stats
from pmkit.errors import InvalidValueError, PmkitError
from pmkit.model import Undefined
from pmkit.testing.stats import futilities, sequential_designs, spendings

FUNCTIONS = ["lan-demets-obrien-fleming", "lan-demets-pocock", "hwang-shih-decani", "kim-demets"]
FAMILIES = [*FUNCTIONS, "obrien-fleming", "pocock", "wang-tsiatis"]


def uncrossed(information: np.ndarray, lower: np.ndarray, upper: np.ndarray, drift: float = 0.0) -> float:
    """P(between all boundaries), from scipy's multivariate normal integral."""
    t = np.asarray(information)
    covariance = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    mean = drift * np.sqrt(t)
    return float(
        multivariate_normal.cdf(
            upper, mean=mean, cov=covariance, lower_limit=lower, abseps=1e-6, releps=1e-6, maxpts=100_000, rng=1
        )
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("sided", [1, 2])
def test_error_rate_is_kept(family: str, sided: int) -> None:
    design = stats.group_sequential([0.2, 0.5, 0.65, 1.0], spending=family, sided=sided, alpha=0.03)
    crossed = 1 - uncrossed(design.information, design.lower, design.z)
    assert crossed == pytest.approx(0.03 * sided, abs=4e-5)
    assert design.spent[-1] == pytest.approx(0.03, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(FAMILIES),
    st.lists(st.floats(0.05, 1.0), min_size=1, max_size=5),
    st.floats(0.001, 0.2),
    st.sampled_from([1, 2]),
)
def test_spending_is_as_planned(family: str, gaps: list[float], alpha: float, sided: int) -> None:
    times = np.cumsum(gaps)
    design = stats.group_sequential(times / times[-1], alpha=alpha, spending=family, sided=sided)
    assert design.spent[-1] == pytest.approx(alpha, rel=1e-7)
    assert np.all(np.diff(design.spent) >= 0)
    if family in FUNCTIONS:
        np.testing.assert_allclose(
            design.spent, stats.spent_alpha(design.information, alpha=alpha, spending=family), rtol=1e-7, atol=1e-15
        )
    else:
        exponent = {"obrien-fleming": 0.0, "pocock": 0.5, "wang-tsiatis": 0.25}[family]
        np.testing.assert_allclose(design.z / design.information ** (exponent - 0.5), design.z[-1], rtol=1e-12)
    np.testing.assert_allclose(design.null.upper.cumsum(), design.spent, rtol=1e-9)


@pytest.mark.parametrize("drift", [-2.0, 0.0, 1.0, 3.2, 6.0])
def test_stopping_probabilities(drift: float) -> None:
    design = stats.group_sequential([0.3, 0.6, 1.0], spending="pocock", sided=2)
    found = stats.stopping_probabilities(design, drift)
    stays = [
        uncrossed(design.information[: look + 1], design.lower[: look + 1], design.z[: look + 1], drift)
        for look in range(3)
    ]
    stays = [1.0, *stays]
    np.testing.assert_allclose(found.upper + found.lower, -np.diff(stays), atol=4e-5)
    assert found.expected_information == pytest.approx(
        0.3 * (stays[0] - stays[1]) + 0.6 * (stays[1] - stays[2]) + stays[2], abs=4e-5
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("power", [0.5, 0.8, 0.99])
def test_power_is_reached(family: str, power: float) -> None:
    design = stats.group_sequential(4, spending=family, power=power)
    assert isinstance(design.drift, float)
    reached = stats.stopping_probabilities(design, design.drift).upper.sum()
    assert reached == pytest.approx(power, abs=1e-9)
    assert design.inflation >= 1
    assert design.inflation == pytest.approx((design.drift / (norm.isf(0.025) + norm.ppf(power))) ** 2)


def test_one_look_is_the_fixed_test() -> None:
    for family in FAMILIES:
        design = stats.group_sequential(1, spending=family, power=0.8, alpha=0.04)
        assert design.z[0] == pytest.approx(norm.isf(0.04), abs=1e-9)
        assert design.inflation == pytest.approx(1, abs=1e-9)


def test_simulation_agrees() -> None:
    design = stats.group_sequential(5, spending="lan-demets-pocock", power=0.8, futility="non-binding")
    rng = np.random.default_rng(3)
    steps = rng.normal(design.drift / 5, math.sqrt(1 / 5), size=(200_000, 5)).cumsum(axis=1)
    z = steps / np.sqrt(design.information)
    out = np.where(z >= design.z, 1, np.where(z < design.lower, -1, 0))
    first = np.argmax(out != 0, axis=1)
    won = out[np.arange(len(out)), first] == 1
    shares = np.bincount(first[won], minlength=5) / len(out)
    np.testing.assert_allclose(shares, design.alternative.upper, atol=4 * math.sqrt(0.25 / len(out)))


@pytest.mark.parametrize("binding", [False, True])
def test_futility(*, binding: bool) -> None:
    rule = stats.Futility(spending=stats.Spending("hwang-shih-decani", -2.0), binding=binding)
    design = stats.group_sequential(3, spending=("hwang-shih-decani", -4), power=0.9, futility=rule)
    assert design.lower[-1] == pytest.approx(design.z[-1])
    assert design.alternative.upper.sum() == pytest.approx(0.9, abs=1e-8)
    np.testing.assert_allclose(
        design.spent_futility,
        stats.spent_alpha(design.information, alpha=0.1, spending=("hwang-shih-decani", -2)),
        atol=1e-8,
    )
    # gsDesign(k=3), types 4 and 3: https://keaven.github.io/gsDesign/
    published = {False: [3.0107, 2.5465, 1.9992], True: [3.0107, 2.5462, 1.9643]}
    np.testing.assert_allclose(design.z, published[binding], atol=1e-3)
    none = np.full(3, -np.inf)
    unwatched = 1 - uncrossed(design.information, none, design.z)
    assert (unwatched == pytest.approx(0.025, abs=4e-5)) != binding
    assert design.null.upper.sum() < 0.0251


def test_futility_shorthands() -> None:
    binding = stats.group_sequential(3, spending="kim-demets", power=0.8, futility="binding")
    assert binding.futility == stats.Futility(binding=True)
    bare = stats.group_sequential(3, power=0.8, futility=("kim-demets", 2))
    assert bare.futility == stats.Futility(spending=stats.Spending("kim-demets", 2))
    assert "futility (non-binding)" in bare.summary()
    assert "futility (binding)" in binding.summary()


def test_weak_futility_plan_stops_at_once_where_it_must() -> None:
    rule = stats.Futility(spending=stats.Spending("hwang-shih-decani", 30.0))
    design = stats.group_sequential(4, spending="lan-demets-obrien-fleming", power=0.3, futility=rule)
    assert np.all(design.lower <= design.z + 1e-12)
    assert design.alternative.upper.sum() == pytest.approx(0.3, abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("sided", [1, 2])
def test_updated_looks_keep_what_was_spent(family: str, sided: int) -> None:
    design = stats.group_sequential([0.25, 0.5, 0.75, 1.0], spending=family, sided=sided, power=0.8)
    later = stats.update_looks(design, [0.25, 0.5, 0.6, 0.9, 1.2], taken=2)
    np.testing.assert_array_equal(later.z[:2], design.z[:2])
    np.testing.assert_allclose(later.spent[:2], design.spent[:2], rtol=1e-9)
    assert later.spent[-1] == pytest.approx(0.025, rel=1e-7)
    assert 1 - uncrossed(later.information, later.lower, later.z) == pytest.approx(0.025 * sided, abs=4e-5)
    assert later.alternative.upper.sum() == pytest.approx(0.8, abs=1e-8)


def test_update_with_everything_spent_cannot_win_later() -> None:
    design = stats.group_sequential([0.5, 1.0], spending="pocock")
    done = stats.update_looks(design, [0.5, 1.0, 1.5], taken=2)
    assert math.isinf(done.z[2])
    assert done.spent[2] == pytest.approx(0.025)
    functional = stats.group_sequential([0.5, 1.0], spending="lan-demets-pocock")
    assert stats.update_looks(functional, [0.5, 1.0, 1.5], taken=2).spent[2] == pytest.approx(0.025, abs=1e-9)


def test_update_without_taken_looks_is_a_new_plan() -> None:
    design = stats.group_sequential(4, spending="lan-demets-pocock")
    again = stats.update_looks(design, [0.3, 0.6, 1.0], taken=0)
    np.testing.assert_allclose(again.z, stats.group_sequential([0.3, 0.6, 1.0], spending="lan-demets-pocock").z)


def test_update_ending_early_spends_the_rest() -> None:
    design = stats.group_sequential([0.5, 1.0], spending="lan-demets-obrien-fleming")
    ended = stats.update_looks(design, [0.5, 0.8], taken=1)
    assert ended.spent[-1] == pytest.approx(0.025)


def test_looks_in_any_unit() -> None:
    first = stats.group_sequential([1000, 2500, 4000], spending="kim-demets")
    second = stats.group_sequential([0.25, 0.625, 1.0], spending="kim-demets")
    np.testing.assert_allclose(first.z, second.z)
    partial = stats.group_sequential([0.25, 0.5], spending="kim-demets")
    assert partial.spent[-1] == pytest.approx(0.025 * 0.125)
    np.testing.assert_allclose(stats.group_sequential([0.2, 0.4]).z, stats.group_sequential(2).z)


def test_many_and_close_looks() -> None:
    hundred = stats.group_sequential(100, spending="pocock", sided=2)
    walks = np.random.default_rng(4).normal(size=(40_000, 100)).cumsum(axis=1)
    crossed = (np.abs(walks) >= hundred.z * np.sqrt(np.arange(1, 101))).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=4 * math.sqrt(0.05 / 40_000))
    close = stats.group_sequential([0.4998, 0.5, 1.0], spending="lan-demets-pocock")
    assert close.spent[-1] == pytest.approx(0.025, abs=1e-9)
    crossed = 1 - uncrossed(close.information, np.full(3, -np.inf), close.z)
    assert crossed == pytest.approx(0.025, abs=4e-5)


def test_tiny_alpha_and_early_looks_never_overflow() -> None:
    design = stats.group_sequential([0.001, 0.01, 1.0], spending="lan-demets-obrien-fleming", alpha=1e-12, power=0.9)
    assert math.isinf(design.z[0])
    assert design.spent[-1] == pytest.approx(1e-12, rel=1e-6)


def test_conditional_power() -> None:
    design = stats.group_sequential(2, spending="obrien-fleming", power=0.8, sided=1)
    for drift in (0.0, 1.5, design.drift):
        wanted = norm.sf((design.z[1] - 1.1 * math.sqrt(0.5) - drift * 0.5) / math.sqrt(0.5))
        assert stats.conditional_power(design, 1, 1.1, drift=drift) == pytest.approx(wanted, abs=1e-12)
    seen = stats.conditional_power(design, 1, [[0.0, 1.0], [2.0, 3.0]], drift="null")
    assert seen.shape == (2, 2)
    assert np.all(np.diff(seen.ravel()) > 0)
    assert stats.conditional_power(design, 1, 1.1, drift="observed") == pytest.approx(
        stats.conditional_power(design, 1, 1.1, drift=1.1 / math.sqrt(0.5))
    )


def test_conditional_power_averages_to_power() -> None:
    design = stats.group_sequential([0.4, 0.7, 1.0], spending="lan-demets-pocock", power=0.85)
    x, w = np.polynomial.legendre.leggauss(200)
    grid = design.z[0] + 12 * (x - 1) / 2
    below = (
        6
        * w
        @ (stats.conditional_power(design, 1, grid, drift="planned") * norm.pdf(grid - design.drift * math.sqrt(0.4)))
    )
    assert below + norm.sf(design.z[0] - design.drift * math.sqrt(0.4)) == pytest.approx(0.85, abs=1e-8)


def test_predictive_power() -> None:
    design = stats.group_sequential(2, spending="obrien-fleming", power=0.8)
    t, z, bound = 0.5, 1.0, design.z[1]
    # flat prior: the final z given the first is normal with mean z / sqrt(t), variance (1 - t) / t
    wanted = norm.sf((bound - z / math.sqrt(t)) / math.sqrt((1 - t) / t))
    assert stats.predictive_power(design, 1, z) == pytest.approx(wanted, abs=1e-6)
    sure = stats.predictive_power(design, 1, z, prior_mean=2.0, prior_sd=1e-6)
    assert sure == pytest.approx(stats.conditional_power(design, 1, z, drift=2.0), abs=4e-5)


def test_repeated_interval_covers_at_all_looks() -> None:
    design = stats.group_sequential(4, spending="pocock")
    rng = np.random.default_rng(5)
    truth = 0.7
    walks = (rng.normal(size=(40_000, 4)) * 0.5).cumsum(axis=1) + truth * design.information
    errors = 1 / np.sqrt(design.information)
    low = np.ones(len(walks), bool)
    for look in range(4):
        interval = stats.repeated_interval(design, look + 1, walks[:, look] / design.information[look], errors[look])
        low &= interval.lower <= truth
    assert low.mean() == pytest.approx(0.975, abs=4 * math.sqrt(0.025 / len(walks)))
    lower, upper = stats.repeated_interval(design, 2, 0.1, 0.0)
    assert lower == upper == 0.1


def test_stagewise() -> None:
    design = stats.group_sequential(4, spending="pocock")
    for look in (1, 2, 3, 4):
        at_bound = stats.stagewise(design, look, float(design.z[look - 1]), 1.0)
        assert at_bound.p_value == pytest.approx(float(design.spent[look - 1]), abs=1e-9)
    fixed = stats.group_sequential(1)
    result = stats.stagewise(fixed, 1, 0.3, 0.1)
    assert result.p_value == pytest.approx(norm.sf(3))
    assert result.estimate == pytest.approx(0.3, abs=1e-9)
    assert tuple(result.interval) == pytest.approx((0.3 - 0.196, 0.3 + 0.196), abs=4e-5)
    two = stats.stagewise(stats.group_sequential(1, sided=2), 1, -0.3, 0.1)
    assert two.p_value == pytest.approx(2 * norm.sf(3))
    late = stats.stagewise(design, 3, 2.9, 1.0)
    assert late.estimate < 2.9


def test_stagewise_estimate_is_median_unbiased() -> None:
    design = stats.group_sequential(2, spending="pocock", power=0.8, futility="non-binding")
    rng = np.random.default_rng(8)
    drift = 2.0
    first = rng.normal(drift / 2, math.sqrt(0.5), 250)
    second = first + rng.normal(drift / 2, math.sqrt(0.5), 250)
    above = 0
    for early, late in zip(first, second, strict=True):
        stops = early / 0.5 * math.sqrt(0.5) >= design.z[0]  # the estimate at half of the information is 2 B
        estimate, error = (early / 0.5, math.sqrt(2)) if stops else (late, 1.0)
        above += stats.stagewise(design, 1 if stops else 2, estimate, error).estimate > drift
    assert above / 250 == pytest.approx(0.5, abs=0.11)


def test_winner_exaggeration_against_simulation() -> None:
    design = stats.group_sequential(3, spending="obrien-fleming", power=0.8)
    rng = np.random.default_rng(9)
    walks = rng.normal(design.drift / 3, math.sqrt(1 / 3), (400_000, 3)).cumsum(axis=1)
    crossed = walks / np.sqrt(design.information) >= design.z
    first = crossed.argmax(axis=1)
    won = crossed.any(axis=1)
    estimate = walks[np.arange(len(walks)), first] / design.information[first]
    assert stats.winner_exaggeration(design, design.drift) == pytest.approx(
        estimate[won].mean() / design.drift, abs=3e-3
    )


@given(st.floats(0, 1), st.sampled_from(FUNCTIONS))
def test_spending_functions_start_at_0_and_end_at_alpha(share: float, family: str) -> None:
    ends = stats.spent_alpha([0.0, share, 1.0, 1.7], alpha=0.05, spending=family)
    assert ends[0] == 0
    assert ends[2] == ends[3] == pytest.approx(0.05, rel=1e-12)
    assert 0 <= ends[1] <= 0.05


def test_hwang_shih_decani_with_gamma_0_is_linear() -> None:
    assert stats.spent_alpha(0.3, alpha=0.1, spending=("hwang-shih-decani", 0)) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stats.group_sequential(0), "at least one look"),
        (lambda: stats.group_sequential(501), "up to 500 looks"),
        (lambda: stats.group_sequential([]), "at least one look"),
        (lambda: stats.group_sequential([0.5, 0.4]), "increase"),
        (lambda: stats.group_sequential([0.5, 0.50001, 1]), "increase"),
        (lambda: stats.group_sequential([-0.5, 1]), "above 0"),
        (lambda: stats.group_sequential([float("nan"), 1]), "finite"),
        (lambda: stats.group_sequential("four"), "information"),
        (lambda: stats.group_sequential([[0.5, 1.0]]), "number of looks"),
        (lambda: stats.group_sequential(True), "number of looks"),
        (lambda: stats.group_sequential(3, alpha=0.6), "alpha"),
        (lambda: stats.group_sequential(3, alpha="x"), "alpha"),
        (lambda: stats.group_sequential(3, sided=3), "sided"),
        (lambda: stats.group_sequential(3, power=1.0), "power"),
        (lambda: stats.group_sequential(3, power=0.01), "above alpha"),
        (lambda: stats.group_sequential(3, spending="obrien-flemming"), "did you mean"),
        (lambda: stats.group_sequential(3, spending=("pocock", 2)), "takes no parameter"),
        (lambda: stats.group_sequential(3, spending=("kim-demets", 99)), "0.01 to 50"),
        (lambda: stats.group_sequential(3, spending=3), "family's name"),
        (lambda: stats.Spending(["pocock"]), "one of"),
        (lambda: stats.group_sequential(3, power=0.8, sided=2, futility="binding"), "one-sided"),
        (lambda: stats.group_sequential(3, futility="binding"), "power"),
        (lambda: stats.group_sequential(3, power=0.8, futility="binding"), "spending function"),
        (lambda: stats.group_sequential(3, power=0.8, futility="pocock"), "constants"),
        (lambda: stats.group_sequential(3, power=0.8, futility=4), "futility"),
        (lambda: stats.Futility(binding="yes"), "binding"),
        (lambda: stats.spent_alpha(0.5, spending="pocock"), "lan-demets-pocock"),
        (lambda: stats.spent_alpha(0.5, spending="wang-tsiatis"), "kim-demets"),
        (lambda: stats.spent_alpha(-0.5), "at least 0"),
        (lambda: stats.stopping_probabilities(stats.group_sequential(2), math.nan), "drift"),
        (lambda: stats.update_looks(stats.group_sequential(2), [0.5, 1.0], taken=3), "taken"),
        (lambda: stats.update_looks(stats.group_sequential(2), [0.4, 1.0], taken=1), "already taken"),
        (lambda: stats.update_looks(stats.group_sequential(2), [0.5], taken=1), "already taken"),
        (lambda: stats.conditional_power(stats.group_sequential(2), 2, 1.0), "look"),
        (lambda: stats.conditional_power(stats.group_sequential(2), 1, 1.0, drift="planned"), "power"),
        (lambda: stats.conditional_power(stats.group_sequential(2), 1, 1.0, drift="plan"), "drift"),
        (lambda: stats.conditional_power(stats.group_sequential(2), 1, 99.0), "z"),
        (lambda: stats.predictive_power(stats.group_sequential(2), 1, 1.0, prior_sd=0), "prior_sd"),
        (lambda: stats.repeated_interval(stats.group_sequential(2), 1, 1.0, -1.0), "standard_error"),
        (lambda: stats.stagewise(stats.group_sequential(2), 1, 1.0, 0.0), "standard_error"),
        (lambda: stats.stagewise(stats.group_sequential(2), 1, 1e9, 1.0), "standard_error"),
        (lambda: stats.winner_exaggeration(stats.group_sequential(2), 0.0), "drift"),
    ],
)
def test_bad_input_is_told_in_words(call: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        call()


def test_binding_futility_cannot_be_moved() -> None:
    design = stats.group_sequential(2, spending="kim-demets", power=0.8, futility="binding")
    with pytest.raises(PmkitError, match="binding"):
        stats.update_looks(design, [0.5, 0.9], taken=1)


def test_design_is_a_value() -> None:
    design = stats.group_sequential(3, power=0.8)
    assert copy.deepcopy(design) == design == pickle.loads(pickle.dumps(design))
    assert design != attrs.evolve(design, alpha=0.02)
    assert len(design) == 3
    with pytest.raises(ValueError, match="read-only"):
        design.z[0] = 1.0
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        design.alpha = 0.1
    assert [row["look"] for row in design.to_dicts()] == [1, 2, 3]
    assert "stops_if_real" in design.to_dicts()[0]
    assert "<table>" in design._repr_html_()
    assert repr(design).startswith("SequentialDesign(z=[3.47")


def test_without_power_nothing_is_invented() -> None:
    design = stats.group_sequential(3)
    missing = Undefined("a needed number is missing")
    assert design.power == design.drift == design.inflation == design.alternative == missing
    assert "sample" not in design.summary()
    assert "1 look," in stats.group_sequential(1).summary()
    assert "hwang-shih-decani (-4)" in stats.group_sequential(2, spending="hwang-shih-decani").summary()


@settings(max_examples=15)
@given(sequential_designs(max_looks=4))
def test_every_design_spends_its_error_rate_and_no_more(design: stats.SequentialDesign) -> None:
    spent = np.array(design.spent)
    assert (np.diff(spent) >= -1e-12).all()
    assert spent[-1] == pytest.approx(design.alpha, rel=1e-6)
    assert copy.deepcopy(design) == design
    again = stats.group_sequential(len(design.z), alpha=design.alpha, spending=design.spending, sided=design.sided)
    np.testing.assert_allclose(again.z, design.z, atol=1e-9)


@settings(max_examples=25)
@given(futilities(), spendings(functions=True))
def test_rules_copy_and_hash_alike(rule: stats.Futility, spending: stats.Spending) -> None:
    for value in (rule, spending):
        assert copy.deepcopy(value) == value
        assert hash(copy.deepcopy(value)) == hash(value)


@pytest.mark.parametrize("family", FUNCTIONS)
def test_the_error_spent_does_not_count_on_stops_that_may_be_overruled(family: str) -> None:
    """A non-binding futility boundary may be ignored, so the error is that of the upper boundary alone."""
    looks = [0.3, 0.6, 1.0]
    design = stats.group_sequential(looks, spending=family, power=0.85, futility="non-binding")
    alone = stats.group_sequential(looks, spending=family)
    np.testing.assert_allclose(design.z, alone.z, atol=1e-9)
    np.testing.assert_allclose(design.spent, stats.spent_alpha(looks, spending=family), atol=1e-9)
    assert design.null.upper.sum() < design.spent[-1]


def test_conditional_stopping_is_the_law_of_the_rest() -> None:
    """Both boundaries, after a look: simulated increments of the score process are the oracle."""
    design = stats.group_sequential([0.4, 0.7, 1.0], spending="lan-demets-pocock", power=0.9, futility="binding")
    rng, size, z, drift = np.random.default_rng(3), 200_000, 1.1, 1.5
    found = stats.conditional_stopping(design, 1, z, drift=drift)
    score, on = np.full(size, z * math.sqrt(0.4)), np.ones(size, bool)
    for place, (before, now) in enumerate(itertools.pairwise(design.information)):
        score = score + rng.normal(drift * (now - before), math.sqrt(now - before), size)
        here = score / math.sqrt(now)
        above, below = on & (here >= design.z[place + 1]), on & (here < design.lower[place + 1])
        assert found.upper[place] == pytest.approx(above.mean(), abs=0.004)
        assert found.lower[place] == pytest.approx(below.mean(), abs=0.004)
        on &= ~(above | below)
    assert not on.any()


def test_repeated_intervals_of_many_are_those_of_each() -> None:
    design = stats.group_sequential(3)
    estimates, errors = np.array([0.1, -0.4, 0.0]), np.array([0.05, 0.2, 0.0])
    together = stats.repeated_interval(design, 2, estimates, errors)
    np.testing.assert_allclose(together.lower, estimates - design.z[1] * errors)
    np.testing.assert_allclose(together.upper, estimates + design.z[1] * errors)
    for place, (estimate, error) in enumerate(zip(estimates, errors, strict=True)):
        assert tuple(stats.repeated_interval(design, 2, float(estimate), float(error))) == pytest.approx(
            (together.lower[place], together.upper[place])
        )
