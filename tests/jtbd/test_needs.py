"""Tallies, opportunity scores and zones: known answers, properties, oracles, and the traps of the method."""

from __future__ import annotations

import copy
import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import jtbd
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.jtbd import Tally, opportunity_score, opportunity_scores, pool_segments, tally, zone_of
from pmkit.model import Undefined
from pmkit.testing import ratings, tallies

FOUR = ("high_high", "high_low", "low_high", "low_low")


def cases(shared: Path, topic: str) -> list[dict]:
    found = [case for case in json.loads((shared / "cases" / "jtbd.json").read_text()) if case["topic"] == topic]
    assert found
    return found


def of_cells(*numbers: float) -> Tally:
    return Tally.from_records([{"outcome": "one", **dict(zip(FOUR, numbers, strict=True))}])


def spoken(label: str) -> str:
    return label.replace("_", " ").replace("low hanging", "low-hanging")


# Known answers


def test_published_scores(shared: Path) -> None:
    for case in cases(shared, "opportunity"):
        inputs, expected = case["inputs"], case["expected"]
        if "imp_top2" in inputs:
            n, high, met = inputs["n"], inputs["imp_top2"], inputs["sat_top2"]
            one = opportunity_scores(
                of_cells(0, high, met, n - high - met)
                if high + met <= n
                else of_cells(met + high - n, n - met, n - high, 0)
            )["one"]
            assert (one.importance, one.satisfaction, one.score) == pytest.approx(
                (expected["importance"], expected["satisfaction"], expected["score"])
            )
            continue
        if "imp_share" in inputs:
            pair = 10 * inputs["imp_share"], 10 * inputs["sat_share"]
            assert pair == pytest.approx((expected["importance"], expected["satisfaction"]))
        else:
            pair = inputs["importance"], inputs["satisfaction"]
        assert opportunity_score(*pair) == pytest.approx(expected["score"], abs=case["tolerance"]), case["id"]
        if "zone" in expected:
            zone = zone_of(expected["score"], importance=pair[0], satisfaction=pair[1], scheme="landscape")
            assert zone == expected["zone"]


def test_published_zones(shared: Path) -> None:
    for case in cases(shared, "zone"):
        score, expected = case["inputs"]["score"], spoken(case["expected"]["zone"])
        found = {zone_of(score), zone_of(score, scheme="ulwick-15-up")}
        assert found == set(expected.split(" or ")), case["id"]


def test_multiplying_is_not_the_score(shared: Path) -> None:
    for case in cases(shared, "wrong_formula"):
        found = opportunity_score(case["inputs"]["importance"], case["inputs"]["satisfaction"])
        assert found == case["expected"]["score"] != case["expected"]["not_score"]


def test_both_denominators(shared: Path) -> None:
    for case in cases(shared, "likert"):
        answers = case["inputs"]["ratings"]
        counts = tally(answers, [1] * len(answers), outcomes="one")
        assert opportunity_scores(counts)["one"].importance == pytest.approx(case["expected"]["score10"])
        assert sum(counts["one"].values()) - counts["one"]["missing_low"] == case["expected"]["n_valid"]
        share = case["expected"]["top2_share"] * case["expected"]["n_valid"] / len(answers)
        everyone = tally(answers, [1] * len(answers), outcomes="one", denominator="all")
        assert opportunity_scores(everyone)["one"].importance == pytest.approx(10 * share)


def test_standard_error_of_the_linear_side(shared: Path) -> None:
    for case in cases(shared, "opportunity_ci"):
        one = opportunity_scores(of_cells(*case["inputs"]["cells_hihi_hilo_lohi_lolo"]))["one"]
        assert one.score == pytest.approx(case["expected"]["score"])
        assert one.standard_error == pytest.approx(case["expected"]["se_delta"], abs=case["tolerance"])


# Scores and zones


@given(st.floats(0, 10), st.floats(0, 10))
def test_score_is_importance_plus_what_is_not_met(importance: float, satisfaction: float) -> None:
    score = opportunity_score(importance, satisfaction)
    assert importance <= score <= 2 * importance
    assert score == importance if satisfaction >= importance else score == pytest.approx(2 * importance - satisfaction)
    assert opportunity_score(np.array([importance]), satisfaction).tolist() == [score]


@pytest.mark.parametrize("pair", [(11, 3), (-1, 3), (3, math.nan), ("9", 3), ([1, 2], [1, 2, 3]), (None, 1)])
def test_score_refuses(pair: tuple[object, object]) -> None:
    with pytest.raises(InvalidValueError, match="opportunity_score"):
        opportunity_score(*pair)


@given(st.floats(0, 20), st.floats(0, 10), st.floats(0, 10), st.sampled_from(sorted(jtbd.ZONE_SCHEMES)))
def test_every_score_has_one_zone(score: float, importance: float, satisfaction: float, scheme: str) -> None:
    zone = zone_of(score, importance=importance, satisfaction=satisfaction, scheme=scheme)
    assert zone in jtbd.ZONE_SCHEMES[scheme].labels
    if jtbd.ZONE_SCHEMES[scheme].overserved and satisfaction > importance + 1e-6:
        assert zone == "overserved"


def test_endpoints_are_where_the_schemes_say() -> None:
    found = [zone_of(score) for score in (0, 9.99, 10, 11.99, 12, 15, 15.01, 20)]
    assert found == ["unattractive"] * 2 + ["worth considering"] * 2 + ["low-hanging fruit"] * 2 + ["extreme"] * 2
    assert zone_of(15, scheme="ulwick-15-up") == "extreme"
    assert [zone_of(s, scheme="overserved-below-8") for s in (7.9, 8, 10)] == [
        "overserved",
        "appropriately served",
        "underserved",
    ]
    assert [zone_of(s, scheme="overserved-below-10") for s in (9.9, 10, 12)] == [
        "overserved",
        "appropriately served",
        "underserved",
    ]
    assert zone_of(10 * (0.7 + 0.1) + 4.0) == zone_of(12)  # an endpoint that rounding misses by a hair
    assert str(jtbd.Cut(15, upward=False)) == "15 (in the zone below)"


def test_zones_refuse() -> None:
    with pytest.raises(InvalidValueError, match="give both"):
        zone_of(5, scheme="landscape")
    with pytest.raises(InvalidValueError, match="did you mean 'ulwick'"):
        zone_of(5, scheme="ulwik")
    with pytest.raises(InvalidValueError, match="one of"):
        zone_of(5, scheme=3)
    for bad in (21, -1, math.nan, "5", None, True):
        with pytest.raises(InvalidValueError, match="score must be"):
            zone_of(bad)
    cut = jtbd.Cut(11)
    for zones, cuts in ((("a",), (cut,)), (("a", "a"), (cut,)), (("a", "b", "c"), (cut, jtbd.Cut(9)))):
        with pytest.raises(InvalidValueError, match="zone"):
            jtbd.ZoneScheme(name="ours", zones=zones, cuts=cuts)


# Tallies


@given(ratings(), ratings())
def test_tally_counts_like_a_loop(importance: np.ndarray, satisfaction: np.ndarray) -> None:
    counts = tally(importance, satisfaction)
    word = lambda rating: "missing" if math.isnan(rating) else "high" if rating >= 4 else "low"  # noqa: E731
    for column, outcome in enumerate(counts.outcomes):
        expected = dict.fromkeys(jtbd.CELLS, 0)
        for i, s in zip(importance[:, column], satisfaction[:, column], strict=True):
            expected[f"{word(i)}_{word(s)}"] += 1
        assert counts[outcome] == expected


@given(st.integers(1, 7), ratings(respondents=8), ratings(respondents=8), st.sampled_from(("answered", "all")))
def test_waves_add_up(cut: int, importance: np.ndarray, satisfaction: np.ndarray, denominator: str) -> None:
    who = ["a", "b"] * 4
    weights = np.linspace(0.5, 2, 8)
    parts = [
        tally(importance[part], satisfaction[part], segments=who[part], weights=weights[part], denominator=denominator)
        for part in (slice(cut), slice(cut, None))
    ]
    whole = tally(importance, satisfaction, segments=who, weights=weights, denominator=denominator)
    merged = sum(parts)
    assert merged.segments == whole.segments
    for name in ("people", "weights", "squares"):
        np.testing.assert_allclose(getattr(merged, name), getattr(whole, name), atol=1e-12)


def test_waves_with_other_outcomes_and_segments_keep_all() -> None:
    first = tally([[5, 4]], [[1, 2]], outcomes=["a", "b"], segments=["new"])
    second = tally([[5, 4]], [[5, 2]], outcomes=["b", "c"], segments=["old"])
    both = first + second
    assert (both.outcomes, both.segments) == (("a", "b", "c"), ("new", "old"))
    assert both["b", "old"]["high_high"] == 1
    assert opportunity_scores(both)["c", "new"].score == Undefined("no data")
    with pytest.raises(InvalidValueError, match="same denominator"):
        first + tally([5], [1], denominator="all")
    with pytest.raises(TypeError):
        first + 3
    with pytest.raises(TypeError):
        3 + first


@given(tallies())
def test_records_round_trip(counts: Tally) -> None:
    records = json.loads(json.dumps(counts.to_records()))
    assert Tally.from_records(records) == counts
    assert pickle.loads(pickle.dumps(counts)) == counts == copy.deepcopy(counts)
    assert counts.to_dicts() == counts.to_records()


@given(tallies())
def test_pooling_adds_segments(counts: Tally) -> None:
    pooled = pool_segments(counts)
    for outcome in counts.outcomes:
        assert list(pooled[outcome].values()) == pytest.approx(list(counts[outcome].values()))


def test_arrays_cannot_be_written() -> None:
    counts = of_cells(1, 2, 3, 4)
    with pytest.raises(ValueError, match="read-only"):
        counts.people[0, 0, 0] = 7
    with pytest.raises(ValueError, match="read-only"):
        pickle.loads(pickle.dumps(opportunity_scores(counts))).score[0, 0] = 7


# Properties of scores


@given(tallies())
def test_scores_are_defined_or_say_why(counts: Tally) -> None:
    scores = opportunity_scores(counts, repetitions=100)
    assert (np.isnan(scores.score) == (scores.undefined > 0)).all()
    for name in ("importance", "satisfaction", "standard_error", "bias"):
        assert (np.isnan(getattr(scores, name)) == (scores.undefined > 0)).all()
    rows = scores.to_dicts()
    assert len(rows) == len(scores) == len(list(scores))
    for one in scores:
        if isinstance(one.score, Undefined):
            assert one.zone == one.score
            assert not one.zone_probability
            continue
        assert one.interval.lower <= one.score <= one.interval.upper
        assert one.importance in one.importance_interval
        assert one.satisfaction in one.satisfaction_interval
        assert 0 <= one.interval.lower <= one.interval.upper <= 20
        assert sum(one.zone_probability.values()) == pytest.approx(1)
        assert one.score == pytest.approx(opportunity_score(min(one.importance, 10.0), min(one.satisfaction, 10.0)))
        assert 0 < one.effective_n <= one.n + 1e-9
        assert one.bias >= 0
    assert scores.summary()
    assert scores.to_markdown()


@given(tallies(weighted=False), st.sampled_from((0.5, 3.0)))
def test_equal_weights_change_nothing(counts: Tally, weight: float) -> None:
    weighted = Tally(
        outcomes=counts.outcomes, segments=counts.segments, people=counts.people, denominator=counts.denominator,
        weights=counts.people * weight, squares=counts.people * weight**2,
    )  # fmt: skip
    plain, same = (opportunity_scores(each, repetitions=100) for each in (counts, weighted))
    for name in ("score", "standard_error", "bias", "effective_n", "n", "undefined"):
        np.testing.assert_allclose(getattr(plain, name), getattr(same, name), rtol=1e-9, atol=1e-9)


def test_kish_effective_number() -> None:
    weights = np.array([1, 1, 2, 4.0, 0.5, 0])
    one = opportunity_scores(tally([5, 4, 3, 2, 1, 5], [1, 2, 3, 4, 5, 1], outcomes="one", weights=weights))["one"]
    assert one.effective_n == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert one.n == 5  # who weighs nothing is not counted
    assert one.importance == pytest.approx(10 * 2 / weights.sum())


@given(st.lists(st.integers(1, 60), min_size=4, max_size=4), st.integers(0, 20), st.integers(0, 20))
def test_standard_error_is_the_linearized_one(cells: list[int], no_importance: int, no_satisfaction: int) -> None:
    """Oracle: a numerical derivative of the score through the multinomial covariance."""
    numbers = np.array([*cells, no_importance, no_satisfaction], dtype=float)
    names = (*FOUR, "missing_high", "high_missing")
    one = opportunity_scores(
        Tally.from_records([{"outcome": "one", **dict(zip(names, numbers.astype(int).tolist(), strict=True))}])
    )["one"]

    def score(p: np.ndarray) -> float:
        importance = (p[0] + p[1] + p[5]) / (p[:4].sum() + p[5])
        satisfaction = (p[0] + p[2] + p[4]) / (p[:4].sum() + p[4])
        return 10 * (2 * importance - satisfaction if one.importance > one.satisfaction else importance)

    p = numbers / numbers.sum()
    slope = np.array([(score(p + step) - score(p - step)) / 2e-6 for step in 1e-6 * np.eye(6)])
    variance = (np.sum(p * slope**2) - (p @ slope) ** 2) / numbers.sum()
    assert one.standard_error == pytest.approx(math.sqrt(variance), rel=1e-4, abs=1e-6)


def test_bootstrap_agrees_with_resampling_rows() -> None:
    rng = np.random.default_rng(3)
    importance, satisfaction = rng.random(150) < 0.7, rng.random(150) < 0.5
    cells = [int((a & b).sum()) for a in (importance, ~importance) for b in (satisfaction, ~satisfaction)]
    picked = rng.integers(150, size=(20_000, 150))
    i, s = importance[picked].mean(axis=1), satisfaction[picked].mean(axis=1)
    expected = np.quantile(10 * (i + np.maximum(i - s, 0)), [0.025, 0.975])
    found = opportunity_scores(of_cells(*cells), method="bootstrap", repetitions=20_000)["one"].interval
    assert tuple(found) == pytest.approx(tuple(expected), abs=0.12)


def test_posterior_agrees_with_the_dirichlet() -> None:
    counts = np.array([40, 30, 12, 8])
    draws = np.random.default_rng(0).dirichlet(counts + 0.5, size=50_000)
    i, s = draws[:, 0] + draws[:, 1], draws[:, 0] + draws[:, 2]
    score = 10 * (i + np.maximum(i - s, 0))
    one = opportunity_scores(of_cells(*counts.tolist()), repetitions=50_000)["one"]
    assert one.interval.upper == pytest.approx(np.quantile(score, 0.975), abs=0.05)
    assert one.interval.lower == pytest.approx(np.quantile(score, 0.025) - one.bias, abs=0.05)
    assert one.zone_probability["low-hanging fruit"] == pytest.approx(((score >= 12) & (score <= 15)).mean(), abs=0.01)


def test_the_same_seed_gives_the_same_numbers() -> None:
    counts = of_cells(20, 20, 5, 5)
    assert opportunity_scores(counts) == opportunity_scores(counts)
    assert opportunity_scores(counts, seed=1) != opportunity_scores(counts)
    many = Tally(outcomes=[f"o{k}" for k in range(1200)], people=np.ones((1200, 1, 9)))
    steps: list[tuple[int, int]] = []
    opportunity_scores(many, repetitions=500, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (1200, 1200)
    assert len(steps) > 1


# Traps


def drawn_surveys(importance: float, satisfaction: float, n: int, count: int = 1500) -> Tally:
    rng = np.random.default_rng(11)
    p = [importance * satisfaction, importance * (1 - satisfaction), (1 - importance) * satisfaction]
    people = np.zeros((count, 1, 9))
    people[:, 0, [4, 3, 1, 0]] = rng.multinomial(n, [*p, 1 - sum(p)], size=count)
    return Tally(outcomes=[f"s{k}" for k in range(count)], people=people)


def test_trap_max_biases_upward_and_bias_says_so() -> None:
    scores = opportunity_scores(drawn_surveys(0.6, 0.6, 30), repetitions=100)
    excess = (scores.score - scores.importance).mean()
    assert excess == pytest.approx(0.49, abs=0.06)
    assert 0.4 < scores.bias.mean() / excess < 1
    later = opportunity_scores(drawn_surveys(0.6, 0.6, 300), repetitions=100)
    assert (later.score - later.importance).mean() == pytest.approx(0.17, abs=0.03)


@pytest.mark.parametrize(("pair", "n"), [((0.8, 0.75), 120), ((0.6, 0.6), 60), ((0.9, 0.3), 30), ((0.97, 0.95), 30)])
def test_trap_intervals_keep_their_promise_near_the_kink(pair: tuple[float, float], n: int) -> None:
    scores = opportunity_scores(drawn_surveys(*pair, n, 1000), repetitions=500)
    truth = opportunity_score(10 * pair[0], 10 * pair[1])
    covered = ((scores.interval.lower <= truth) & (truth <= scores.interval.upper)).mean()
    assert 0.925 <= covered <= 0.98


def test_trap_delta_fails_where_the_default_does_not() -> None:
    counts = drawn_surveys(0.97, 0.95, 30, 1000)
    covered = {}
    for method in ("posterior", "bootstrap", "delta"):
        lower, upper = opportunity_scores(counts, method=method, repetitions=500).interval
        truth = opportunity_score(9.7, 9.5)
        covered[method] = ((lower <= truth) & (truth <= upper)).mean()
    assert covered["delta"] < 0.9 > covered["bootstrap"]
    assert covered["posterior"] > 0.93


def test_trap_zones_cannot_be_told_apart_with_120_people() -> None:
    one = opportunity_scores(of_cells(36, 62, 6, 16))["one"]
    assert one.interval.upper - one.interval.lower > 2.4
    assert max(one.zone_probability.values()) < 0.9


def test_trap_all_alike_still_has_an_interval() -> None:
    one = opportunity_scores(of_cells(0, 40, 0, 0))["one"]
    assert (one.score, one.standard_error) == (20, 0)
    assert 17 < one.interval.lower < 19 < one.interval.upper == 20


def test_missing_answers_of_one_question() -> None:
    nobody = opportunity_scores(tally([5, 5, 4], [None, None, None], outcomes="one"))["one"]
    assert nobody.score == Undefined("a needed number is missing") == nobody.interval.lower
    assert opportunity_scores(tally([None, None], [None, None], outcomes="one"))["one"].zone == Undefined("no data")
    assert opportunity_scores(tally([5], [1], outcomes="one"))["one"].score == Undefined("fewer than two units")
    assert opportunity_scores(tally([5, 5], [1, 1], outcomes="one", weights=[0, 0]))["one"].score == Undefined(
        "no data"
    )
    rare = tally([5, 4, 1, 1, 1, None, None, None], [5, None, None, None, None, 1, None, None], outcomes="one")
    assert opportunity_scores(rare, method="bootstrap")["one"].score == Undefined("not estimable from these data")
    assert opportunity_scores(rare)["one"].score == pytest.approx(4)
    assert opportunity_scores(rare, method="delta")["one"].interval.lower >= 0


def test_looking_up() -> None:
    scores = opportunity_scores(tally([[5, 4]] * 4, [[1, 2]] * 4, outcomes=["a", "b"], segments=["x", "x", "y", "y"]))
    assert scores["a", "y"].outcome == "a"
    with pytest.raises(InvalidValueError, match="2 segments"):
        scores["a"]
    with pytest.raises(InvalidValueError, match="name one of them"):
        scores.segment_index(None)
    with pytest.raises(UnknownIdError, match="no outcome 'c'"):
        scores["c", "x"]
    with pytest.raises(UnknownIdError, match="no segment"):
        scores["a", 3]
    counts = of_cells(1, 2, 3, 4)
    with pytest.raises(UnknownIdError, match="did you mean 'one'"):
        counts["oen"]
    with pytest.raises(UnknownIdError):
        counts["one", 4]
    assert "1 outcomes" in repr(opportunity_scores(counts))
    assert "undefined: 1" in opportunity_scores(tally([5], [1])).summary()


@pytest.mark.parametrize(
    "options",
    [{"confidence": 95}, {"method": "wald"}, {"scheme": "x"}, {"repetitions": 10}, {"seed": -1}, {"seed": "x"}],
)
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(InvalidValueError):
        opportunity_scores(of_cells(1, 2, 3, 4), **options)


def test_a_tally_is_needed() -> None:
    with pytest.raises(InvalidValueError, match="Tally is needed"):
        opportunity_scores([1, 2])
    with pytest.raises(InvalidValueError, match="Tally is needed"):
        pool_segments(None)


def test_a_tally_says_what_it_holds() -> None:
    assert repr(of_cells(80, 190, 10, 20)) == "<Tally of 1 outcome in 1 segment, 300 respondents at most>"
    two = tally([[5, 4]], [[1, 2]], outcomes=["a", "b"], segments=["new"])
    assert repr(two + tally([[5, 4]], [[1, 2]], outcomes=["a", "b"], segments=["old"])) == (
        "<Tally of 2 outcomes in 2 segments, 2 respondents at most>"
    )


def test_overserved_needs_both_numbers_in_range() -> None:
    with pytest.raises(InvalidValueError, match="satisfaction must be"):
        zone_of(5, importance=5, satisfaction=11, scheme="landscape")


def test_one_answer_to_either_question_is_too_few() -> None:
    for importance, satisfaction in (([5, 4, 3], [1, None, None]), ([5, None, None], [1, 2, 3])):
        scores = opportunity_scores(tally(importance, satisfaction, outcomes="find"))
        assert scores["find"].score == Undefined("fewer than two units")
    enough = opportunity_scores(tally([5, 4, None], [1, 2, None], outcomes="find"))["find"]
    assert isinstance(enough.score, float)
