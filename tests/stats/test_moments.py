"""Moments: exact against fractions, the same however rows are split, and honest where there are none."""

from __future__ import annotations

import copy
import json
import math
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmkit.errors import InvalidValueError, PmkitError
from pmkit.model import Undefined
from pmkit.stats import Moments

BATTERIES = Path(__file__).parents[2].parent / "shared" / "batteries"
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
ROWS = st.lists(NUMBERS, min_size=1, max_size=30)


def exact(rows: list[float]) -> tuple[Fraction, Fraction]:
    fractions = [Fraction(row) for row in rows]
    mean = sum(fractions) / len(fractions)
    return mean, sum((row - mean) ** 2 for row in fractions)


def digits(found: float, wanted: Fraction) -> float:
    if wanted == 0:
        return 16.0 if found == 0 else 0.0
    error = abs((Fraction(found) - wanted) / wanted)
    return 16.0 if error == 0 else -math.log10(float(error))


def nist() -> dict[str, list[float]]:
    path = BATTERIES / "nist" / "univariate.json"
    if not path.exists():
        return {}
    sets = json.loads(path.read_text())
    named = sets.items() if isinstance(sets, dict) else ((one["name"], one) for one in sets)
    return {name: one["data"] for name, one in named}


NIST = nist()


@pytest.mark.skipif(not NIST, reason="batteries not present")
def test_the_nist_sets_are_there() -> None:
    assert len(NIST) >= 8


@pytest.mark.parametrize("name", NIST)
def test_nist_sets_keep_fourteen_digits_against_the_exact_doubles(name: str) -> None:
    rows = [float(value) for value in NIST[name]]
    mean, m2 = exact(rows)
    for found in (
        Moments.from_rows(rows),
        Moments.from_rows(rows[: len(rows) // 3]) + Moments.from_rows(rows[len(rows) // 3 :]),
    ):
        assert digits(found.mean, mean) >= 14
        assert digits(found.variance, m2 / (len(rows) - 1)) >= 14


@given(ROWS)
def test_rows_are_exact(rows: list[float]) -> None:
    found = Moments.from_rows(rows)
    mean, m2 = exact(rows)
    assert found.mean == pytest.approx(float(mean), rel=1e-13, abs=1e-300)
    assert found.m2 == pytest.approx(float(m2), rel=1e-12, abs=1e-300)


@given(ROWS, st.lists(st.integers(0, 2), min_size=30, max_size=30), st.sampled_from([0.0, 1e6, 1e10, -1e9]))
@example([0.0] * 7 + [298407.0, -388939.0], [0] * 8 + [1] + [0] * 21, 0.0)
@example([0.001, -1e6, 999999.999], [0, 1, 2] * 10, 0.0)
def test_splitting_into_shards_changes_nothing(rows: list[float], shards: list[int], offset: float) -> None:
    """Against fractions: the mean to the digits of the spread, whatever the offset, and the squares to theirs."""
    moved = [round(row, 3) + offset for row in rows]
    parts = [
        Moments.from_rows([row for row, shard in zip(moved, shards, strict=False) if shard == k]) for k in range(3)
    ]
    mean, m2 = exact(moved)
    spread = max(abs(Fraction(row) - mean) for row in moved)
    found = [Moments.from_rows(moved)]
    for one, two, three in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        found += [(parts[one] + parts[two]) + parts[three], parts[one] + (parts[two] + parts[three])]
    for each in found:
        assert each.n == len(moved)
        held = Fraction(float(each.block.means[0])) + Fraction(float(each.block.remainders[0]))
        assert abs(held - mean) <= spread * Fraction(1e-15)
        assert abs(Fraction(each.mean) - held) <= abs(held) * Fraction(2**-53)
        assert abs(Fraction(each.m2) - m2) <= m2 * Fraction(1e-14)


@given(ROWS, ROWS)
def test_adding_commutes_to_the_last_digits(first: list[float], second: list[float]) -> None:
    a, b = Moments.from_rows(first), Moments.from_rows(second)
    assert (a + b).mean == pytest.approx((b + a).mean, rel=1e-15, abs=1e-15 * (abs(a.mean) + abs(b.mean)))
    assert (a + b).m2 == pytest.approx((b + a).m2, rel=1e-14)


def test_an_offset_of_1e10_costs_nothing_in_the_difference() -> None:
    rng = np.random.default_rng(1)
    rows = np.round(rng.normal(size=1000), 4)
    low, high = Moments.from_rows(rows + 1e10), Moments.from_rows(rows + 0.125 + 1e10)
    wanted = float(exact(list(rows + 0.125 + 1e10))[0] - exact(list(rows + 1e10))[0])
    difference = (high.block.means[0] - low.block.means[0]) + (high.block.remainders[0] - low.block.remainders[0])
    assert float(difference) == pytest.approx(wanted, rel=1e-13)


@given(st.integers(0, 60), st.integers(0, 60))
def test_counts_are_rows_of_ones_and_zeros(yes: int, no: int) -> None:
    counted, rows = Moments.from_counts(yes, yes + no), Moments.from_rows([1.0] * yes + [0.0] * no)
    assert counted.n == rows.n
    if yes + no:
        assert counted.mean == pytest.approx(rows.mean, rel=1e-15)
        assert counted.m2 == pytest.approx(rows.m2, rel=1e-13, abs=1e-15)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=20), NUMBERS, NUMBERS)
def test_sums_about_any_pivot_give_the_moments_of_the_rows(
    pairs: list[tuple[float, float]], c: float, d: float
) -> None:
    x, y = np.array(pairs).T
    found = Moments.from_sums(
        len(x),
        math.fsum(x - c),
        math.fsum((x - c) ** 2),
        pivot=c,
        totals={"covariate": math.fsum(y - d)},
        products={
            ("value", "covariate"): math.fsum((x - c) * (y - d)),
            ("covariate", "covariate"): math.fsum((y - d) ** 2),
        },
        pivots={"covariate": d},
    )
    wanted = Moments.from_rows(x, covariate=y)
    spread = float(((x - c) ** 2).sum() + ((y - d) ** 2).sum())
    assert found.mean == pytest.approx(wanted.mean, rel=1e-12, abs=1e-12 * (1 + abs(c)))
    for pair in (("value", "value"), ("value", "covariate"), ("covariate", "covariate")):
        assert found.covariance(*pair) == pytest.approx(wanted.covariance(*pair), abs=1e-13 * spread + 1e-9)


def test_sums_of_groups_and_metrics_come_in_arrays() -> None:
    rng = np.random.default_rng(2)
    rows = rng.gamma(2.0, size=(3, 4, 50)) + 1e9
    before = rng.gamma(2.0, size=(3, 4, 50)) + 1e9
    pivot, other = rows[..., 0], before[..., 0]
    dx, dy = rows - pivot[..., None], before - other[..., None]
    found = Moments.from_sums(
        50,
        dx.sum(-1),
        (dx**2).sum(-1),
        pivot=pivot,
        totals={"covariate": dy.sum(-1)},
        products={("value", "covariate"): (dx * dy).sum(-1), ("covariate", "covariate"): (dy**2).sum(-1)},
        pivots={"covariate": other},
    )
    wanted = Moments.from_rows(rows, covariate=before)
    assert found.shape == (3, 4)
    for pair in (("value", "value"), ("value", "covariate"), ("covariate", "covariate")):
        np.testing.assert_allclose(found.covariance(*pair), wanted.covariance(*pair), rtol=1e-12)
    np.testing.assert_allclose(found.mean, wanted.mean, rtol=1e-15)


def test_four_parts_agree_with_numpy() -> None:
    rng = np.random.default_rng(3)
    data = rng.normal(size=(4, 40)) @ np.eye(40) + rng.normal(size=40)
    names = ("value", "denominator", "covariate", "covariate_denominator")
    found = Moments.from_rows(data[0], denominator=data[1], covariate=data[2], covariate_denominator=data[3])
    wanted = np.cov(data)
    for i, first in enumerate(names):
        for j, second in enumerate(names):
            assert found.covariance(first, second) == pytest.approx(wanted[i, j], rel=1e-12)
    again = Moments.from_summary(
        40,
        found.mean,
        found.variance,
        means={name: found.mean_of(name) for name in names[1:]},
        covariances={
            (a, b): found.covariance(a, b) for i, a in enumerate(names) for b in names[i:] if (a, b) != names[:1] * 2
        },
    )
    plain = Moments(
        40,
        found.mean,
        found.m2,
        means={name: found.mean_of(name) for name in names[1:]},
        cross={(a, b): 39 * found.covariance(a, b) for i, a in enumerate(names) for b in names[i:] if b != "value"},
    )
    np.testing.assert_allclose(again.block.cross, found.block.cross, rtol=1e-12)
    np.testing.assert_allclose(plain.block.cross, found.block.cross, rtol=1e-12)
    assert found.part("covariate").variance == found.covariance("covariate", "covariate")


def test_groups_merge_along_an_axis_and_sum_adds() -> None:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(5, 3, 7))
    groups = Moments.from_rows(rows)
    whole = Moments.from_rows(np.moveaxis(rows, 0, 1).reshape(3, 35))
    for merged in (groups.merge(), groups.merge(axis=-2), sum(groups)):
        np.testing.assert_allclose(merged.variance, whole.variance, rtol=1e-13)
    np.testing.assert_allclose(groups.merge(axis=1).n, 21)
    assert Moments.from_rows(np.zeros((0, 3))).merge().n == 0
    assert groups[0].shape == (3,)
    assert groups[0, 1] == groups[0][1]
    assert len(groups) == 5
    assert Moments.stack(list(groups)) == groups


def test_what_is_not_there_is_undefined() -> None:
    nothing, one = Moments.from_rows([]), Moments.from_rows([5.0])
    assert nothing.mean == Undefined("no data")
    assert nothing.variance == Undefined("no data")
    assert nothing.m2 == 0.0
    assert one.mean == 5.0
    assert one.variance == Undefined("fewer than two units")
    both = Moments.from_counts([0, 1, 3], [0, 1, 5])
    assert both.undefined.tolist() == [1, 2, 0]
    assert np.isnan(both.variance).tolist() == [True, True, False]
    assert np.isnan(both.mean).tolist() == [True, False, False]
    huge = Moments.from_rows([1e308, -1e308, 1.2e308])
    assert huge.variance == Undefined("the number is too large for a double")
    assert isinstance(Moments.from_rows([1.7e308, 1.7e308, -1.7e308]).m2, Undefined)


def test_empty_shards_are_neutral() -> None:
    some = Moments.from_rows([1.0, 2.0, 4.0])
    for added in (some + Moments.from_rows([]), Moments.from_rows([]) + some):
        assert added == some


def test_values_copy_pickle_compare_and_do_not_hash() -> None:
    moments = Moments.from_rows([[1, 2, 4], [3, 4, 9]], covariate=[[2, 3, 1], [5, 6, 7]])
    for twin in (copy.deepcopy(moments), pickle.loads(pickle.dumps(moments))):
        assert twin == moments
        assert not twin.block.means.flags.writeable
    assert moments != moments[0]
    assert moments != "moments"
    with pytest.raises(TypeError):
        hash(moments)
    with pytest.raises(ValueError, match="read-only"):
        moments.block.n[0] = 5
    assert repr(moments) == "<Moments of shape (2,): value, covariate>"
    assert "parts=" in repr(moments[0])
    assert "no data" in repr(Moments.from_rows([]))
    assert repr(Moments(2.5, 1.0, 1.0)) == "Moments(n=2.5, mean=1.0, m2=1.0)"


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Moments(-1, 0, 0), "n must be a finite number at least 0"),
        (lambda: Moments([1, 2], [1, 2, 3], 0), "shapes do not fit"),
        (lambda: Moments(1, 0, 0, means={"covariate": 1.0}), "cross lacks"),
        (lambda: Moments(1, 0, 0, means={"covarate": 1.0}), "did you mean 'covariate'"),
        (lambda: Moments(1, 0, 0, means=3), "must be a mapping"),
        (lambda: Moments(1, 0, 0, cross={("value", "x"): 1.0}), "no use for"),
        (lambda: Moments(1, 0, 0, means={"covariate_denominator": 1.0}), "needs a denominator"),
        (lambda: Moments.from_rows([1, float("nan")]), "at \\[1\\]; 1 of 2"),
        (lambda: Moments.from_rows(["a"]), "array of numbers"),
        (lambda: Moments.from_rows([1, None]), "array of numbers"),
        (lambda: Moments.from_rows([10**400]), "array of numbers"),
        (lambda: Moments.from_rows([[1, 2], [3]]), "array of numbers"),
        (lambda: Moments.from_rows(5), "one number a unit"),
        (lambda: Moments.from_rows([1, 2], covariate=[1]), "every part needs"),
        (lambda: Moments.from_counts(3, 2), "more successes"),
        (lambda: Moments.from_counts(1.5, 2), "whole number"),
        (lambda: Moments.from_counts([1, 2], [1, 2, 3]), "shapes do not fit"),
        (lambda: Moments.from_sums(3, 6, 1), "contradict"),
        (lambda: Moments.from_sums(3, 6, 14, pivots={"covariate": 1}), "totals does not have"),
        (lambda: Moments.stack([]), "at least one"),
        (lambda: Moments.stack([Moments(1, 0, 0), Moments([1], 0, 0)]), "same parts and shape"),
        (lambda: Moments(1, 0, 0) + Moments.from_rows([1], covariate=[1]), "different parts"),
        (lambda: Moments([1, 2], 0, 0) + Moments([1, 2, 3], 0, 0), "do not add"),
        (lambda: Moments(1, 0, 0)[0], "no parts to choose"),
        (lambda: Moments([1], 0, 0)[3], "no place"),
        (lambda: Moments([1], 0, 0).merge(axis=1), "no axis"),
        (lambda: Moments(1, 0, 0).covariance("value", "x"), "have no 'x'"),
    ],
)
def test_bad_input_is_told_in_words(build, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        build()


def test_scalars_have_no_length_and_foreign_things_do_not_add() -> None:
    with pytest.raises(TypeError):
        len(Moments(1, 0, 0))
    with pytest.raises(TypeError):
        Moments(1, 0, 0) + 3
    with pytest.raises(TypeError):
        3 + Moments(1, 0, 0)


def test_the_extreme_samples_give_a_value_or_a_typed_error() -> None:
    path = BATTERIES / "stats" / "extreme-samples.jsonl"
    if not path.exists():
        pytest.skip("batteries not present")
    for line in path.read_text().splitlines():
        sample = json.loads(line)
        for rows in (sample["a"], sample["b"]):
            decoded = [
                {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}.get(x, x) if isinstance(x, str) else x
                for x in rows
            ]
            try:
                found = Moments.from_rows(decoded)
            except PmkitError:
                continue
            for number in (found.mean, found.m2, found.variance):
                assert isinstance(number, Undefined) or math.isfinite(number), sample["name"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_any_finite_rows_give_a_number_or_a_reason(rows: list[float]) -> None:
    found = Moments.from_rows(rows)
    for number in (found.mean, found.m2, found.variance):
        assert isinstance(number, Undefined) or math.isfinite(number)


def test_a_stack_of_one_is_that_one_with_an_axis() -> None:
    one = Moments.from_rows([1.0, 4.0, 4.0])
    stacked = Moments.stack([one])
    assert stacked.shape == (1,)
    assert stacked[0] == one
    with pytest.raises(InvalidValueError, match="at least one group"):
        Moments.stack([])
    with pytest.raises(InvalidValueError, match="the same parts"):
        Moments.stack([one, Moments.from_rows([1.0, 2.0], covariate=[3.0, 4.0])])
