"""Differences between segments, and segments that are found or refused."""

from __future__ import annotations

from collections import Counter
from math import comb

import numpy as np
import pytest
from scipy import stats as oracle

from pmkit import jtbd
from pmkit.errors import InvalidValueError
from pmkit.jtbd import FoundSegments, NoSegments, find_segments, segment_differences, tally
from pmkit.jtbd._segments_differences import _from_tally
from pmkit.model import Undefined


def survey(seed: int, people: int, outcomes: int, *, kinds: int = 1, shift: float = 1.0, style: float = 0.0):
    rng = np.random.default_rng(seed)
    kind = rng.integers(kinds, size=people)
    lean = rng.normal(0, style, (people, 1))
    ratings = []
    for center in (3.3, 3.0):
        need = rng.normal(center, 0.5, outcomes) + (rng.normal(0, shift, (kinds, outcomes))[kind] if kinds > 1 else 0)
        ratings.append(np.clip(np.round(need + lean + rng.normal(0, 1, (people, outcomes))), 1, 5))
    return ratings[0], ratings[1], kind


def adjusted_rand(first, second) -> float:
    """Hubert and Arabie (1985)."""
    pairs = sum(comb(count, 2) for count in Counter(zip(first, second, strict=True)).values())
    one, other = (sum(comb(count, 2) for count in Counter(labels).values()) for labels in (first, second))
    expected = one * other / comb(len(first), 2)
    return (pairs - expected) / ((one + other) / 2 - expected)


# Differences


def test_trap_family_wise_error_over_many_outcomes() -> None:
    wrong = 0
    for seed in range(40):
        importance, satisfaction, _ = survey(seed, 120, 40, style=0.5)
        result = segment_differences(importance, satisfaction, segments=["a", "b"] * 60, repetitions=199, seed=seed)
        wrong += bool((result.adjusted <= 0.05).any())
    assert wrong <= oracle.binom.ppf(0.999, 40, 0.05)


def test_real_differences_are_found_and_point_the_right_way() -> None:
    importance, satisfaction, _ = survey(1, 200, 20)
    importance[:100, 3], satisfaction[:100, 3] = 5, 1
    labels = ["new"] * 100 + ["old"] * 100
    for result in (
        segment_differences(importance, satisfaction, segments=labels, repetitions=499),
        segment_differences(tally(importance, satisfaction, segments=labels), repetitions=499),
    ):
        best = result.to_dicts()[0]
        assert (best["outcome"], best["first"], best["second"]) == ("outcome 4", "new", "old")
        assert best["difference"] > 0 < best["statistic"]
        assert best["adjusted"] == pytest.approx(1 / 500)
        assert (result.p_value <= result.adjusted + 1e-12).all()
        assert len(result) == 20
    assert "1 of 20" in repr(result)


def test_single_p_value_agrees_with_exact_shuffling() -> None:
    """Oracle: all ways to deal eight respondents to two segments of four."""
    from itertools import combinations

    rng = np.random.default_rng(8)
    importance, satisfaction = rng.integers(1, 6, (8, 1)), rng.integers(1, 6, (8, 1))

    def statistic(chosen: tuple[int, ...]) -> float:
        labels = np.where(np.isin(np.arange(8), chosen), "a", "b")
        order = np.argsort(labels, kind="stable")
        found = segment_differences(
            importance[order], satisfaction[order], segments=labels[order], repetitions=99
        ).statistic[0, 0]
        return abs(float(found))

    observed = statistic((0, 1, 2, 3))
    exact = np.mean([statistic(chosen) >= observed * (1 - 1e-12) for chosen in combinations(range(8), 4)])
    labels = ["a"] * 4 + ["b"] * 4
    rows = segment_differences(importance, satisfaction, segments=labels, repetitions=9999)
    counted = segment_differences(tally(importance, satisfaction, segments=labels), repetitions=9999)
    assert rows.p_value[0, 0] == pytest.approx(exact, abs=0.02)
    assert counted.p_value[0, 0] == pytest.approx(exact, abs=0.02)
    assert (rows.joint, counted.joint) == (True, False)


def test_three_segments_weights_and_missing_answers() -> None:
    importance, satisfaction, _ = survey(2, 90, 4)
    importance[:30, 0] = np.nan
    steps = []
    result = segment_differences(
        importance, satisfaction, segments=["a", "b", "c"] * 30, weights=np.linspace(0.5, 2, 90), repetitions=199,
        progress=lambda done, total: steps.append(done),
    )  # fmt: skip
    assert result.pairs == (("a", "b"), ("a", "c"), ("b", "c"))
    assert result.difference.shape == (4, 3)
    assert np.isfinite(result.adjusted).all()
    assert steps[-1] == 199
    for label in ("a", "b", "c"):
        importance[np.array(["a", "b", "c"] * 30) == label, 1] = np.nan
    empty = segment_differences(tally(importance, satisfaction, segments=["a", "b", "c"] * 30), repetitions=99)
    assert (empty.undefined[1] > 0).all()
    assert Undefined("a needed number is missing") in [row["difference"] for row in empty.to_dicts()]
    assert np.isnan(empty.adjusted[1]).all()


def test_dealing_from_a_tally_keeps_every_count() -> None:
    """Each shuffle hands the same answers to segments of the same sizes, in the numbers that chance gives."""
    importance, satisfaction, _ = survey(5, 120, 3)
    labels = np.repeat(["a", "b", "c", "d"], [60, 30, 20, 10])
    counts = tally(importance, satisfaction, segments=labels)
    (block,) = (drawn for drawn, _ in _from_tally(counts, 400, np.random.default_rng(0), None))
    assert (block.sum(axis=-1) == counts.people.sum(axis=-1)).all()
    assert (block.sum(axis=-2) == counts.people.sum(axis=1)).all()
    share = counts.people.sum(axis=-1, keepdims=True) / 120
    np.testing.assert_allclose(block.mean(axis=0), share * counts.people.sum(axis=1, keepdims=True), atol=0.6)


def test_differences_refuse() -> None:
    with pytest.raises(InvalidValueError, match="at least two segments"):
        segment_differences([5, 4], [1, 2])
    with pytest.raises(InvalidValueError, match="weighted tally"):
        segment_differences(tally([5, 4], [1, 2], segments=["a", "b"], weights=[1, 2]))
    with pytest.raises(InvalidValueError, match="respondents"):
        segment_differences(
            "i", "s", data={"i": [1, 2], "s": [1, 2], "o": ["x", "x"], "g": [1, 2]}, outcomes="o", segments="g"
        )
    with pytest.raises(InvalidValueError, match="repetitions"):
        segment_differences([5, 4], [1, 2], segments=["a", "b"], repetitions=5)


# Segments


@pytest.mark.parametrize("style", [0.0, 1.0])
def test_trap_noise_and_response_style_are_refused(style: float) -> None:
    refused = 0
    for seed in range(6):
        importance, satisfaction, _ = survey(seed, 150, 10, style=style)
        found = find_segments(importance, satisfaction, most=3, repetitions=19, seed=seed)
        refused += isinstance(found, NoSegments)
        assert found or found.p_value > 0.05
    assert refused >= 5


@pytest.mark.parametrize("kinds", [2, 3])
def test_real_segments_are_found_under_response_style(kinds: int) -> None:
    importance, satisfaction, kind = survey(kinds, 200, 12, kinds=kinds, style=0.8)
    steps = []
    found = find_segments(
        importance, satisfaction, most=4, repetitions=19, progress=lambda done, total: steps.append((done, total))
    )
    assert isinstance(found, FoundSegments)
    assert len(found) == kinds
    assert adjusted_rand(found.labels, kind.tolist()) > 0.8
    assert sum(found.sizes) == 200 == found.tally.people[0].sum()
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert jtbd.opportunity_scores(found.tally)["outcome 1", "segment 1"].n == found.sizes[0]
    assert steps[-1] == (19, 19)
    assert [row["segments"] for row in found.to_dicts()] == [2, 3, 4]
    assert f"{kinds} of" in repr(found)


def test_those_who_answered_little_have_no_segment() -> None:
    importance, satisfaction, _ = survey(4, 120, 10, kinds=2, shift=1.5)
    importance[5], satisfaction[5] = np.nan, np.nan
    importance[::7, 2] = np.nan
    found = find_segments(importance, satisfaction, most=2, repetitions=19)
    assert found.labels[5] is None
    assert sum(found.sizes) == 119


def test_nothing_to_search() -> None:
    few = find_segments(np.ones((10, 3)), np.ones((10, 3)))
    assert not few
    assert isinstance(few.p_value, Undefined)
    assert len(few) == 0
    assert few.to_dicts() == []
    alike = find_segments(np.full((50, 3), 5.0), np.full((50, 3), 2.0))
    assert "alike" in alike.reason
    assert "alike" in repr(alike)
    one_outcome = find_segments(np.arange(50) % 5 + 1, np.arange(50) % 3 + 1)
    assert not one_outcome
    with pytest.raises(InvalidValueError, match="respondents"):
        find_segments("i", "s", data={"i": [1, 2], "s": [1, 2], "o": ["x", "x"]}, outcomes="o")
    with pytest.raises(InvalidValueError, match="alpha"):
        find_segments([5], [1], alpha=5)


def test_large_surveys_are_tested_on_a_sample() -> None:
    importance, satisfaction, kind = survey(6, 1600, 6, kinds=2, shift=1.5)
    importance[:, 5] = np.nan  # a question that nobody answered
    found = find_segments(importance, satisfaction, most=2, repetitions=19)
    assert adjusted_rand(found.labels, kind.tolist()) > 0.7
    assert len(found.labels) == 1600
