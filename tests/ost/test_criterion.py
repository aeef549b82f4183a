"""Sensitivity and specificity against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import ost
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined
from pmkit.testing.ost import criteria


def tail(least: int, trials: int, rate: float) -> Fraction:
    p = Fraction(rate)
    return sum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(least, trials + 1))


@given(criteria().filter(lambda criterion: criterion.trials <= 60))
def test_exact_binomial(criterion: ost.Criterion):
    sensitivity = tail(criterion.successes, criterion.trials, criterion.rate_if_true)
    specificity = 1 - tail(criterion.successes, criterion.trials, criterion.rate_if_false)
    assert criterion.sensitivity == pytest.approx(float(sensitivity), rel=1e-10, abs=1e-300)
    assert criterion.specificity == pytest.approx(float(specificity), rel=1e-10, abs=1e-15)


@given(st.integers(1, 10**6), st.data())
def test_large_trials_stay_probabilities(trials: int, data: st.DataObject):
    criterion = ost.Criterion(
        successes=data.draw(st.integers(0, trials)),
        trials=trials,
        rate_if_true=data.draw(st.floats(0, 1)),
        rate_if_false=data.draw(st.floats(0, 1)),
    )
    assert 0 <= criterion.sensitivity <= 1
    assert 0 <= criterion.specificity <= 1


def test_the_known_example():
    criterion = ost.Criterion(successes=8, trials=12, rate_if_true=0.75, rate_if_false=0.5)
    assert round(criterion.sensitivity, 3) == 0.842
    assert round(criterion.specificity, 3) == 0.806


def test_what_is_not_given_is_undefined():
    assert ost.Criterion(text="they like it").sensitivity == Undefined("a needed number is missing")
    assert ost.Criterion(successes=1, trials=2, rate_if_true=0.5).specificity == Undefined("a needed number is missing")
    assert ost.Criterion(successes=0, trials=2, rate_if_true=0.5, rate_if_false=0.5).specificity == 0


@pytest.mark.parametrize(
    "values",
    [
        {"successes": 3, "trials": 2},
        {"successes": -1},
        {"trials": 0},
        {"rate_if_true": 1.5},
        {"rate_if_false": math.nan},
        {"text": None},
        {"successes": 1.5},
    ],
)
def test_refused(values: dict[str, Any]):
    with pytest.raises(InvalidValueError):
        ost.Criterion(**values)


def test_criteria_in_tests():
    assert ost.AssumptionTest(id="a", title="t", criterion=None).criterion == ""
    with pytest.raises(InvalidValueError, match="text or a Criterion"):
        ost.AssumptionTest(id="a", title="t", criterion=5)
    with pytest.raises(InvalidValueError, match="did you mean 'trials'"):
        ost.AssumptionTest(id="a", title="t", criterion={"trails": 5})


@pytest.mark.parametrize(("frequency", "good"), [("weekly", True), (3, True), (None, True), (-1, False), (True, False)])
def test_frequency(frequency: Any, *, good: bool):
    if good:
        assert ost.Opportunity(id="a", title="t", frequency=frequency).frequency == frequency
    else:
        with pytest.raises(InvalidValueError, match=r"Opportunity\.frequency"):
            ost.Opportunity(id="a", title="t", frequency=frequency)
