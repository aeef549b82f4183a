"""Edges that the larger tests pass by."""

from __future__ import annotations

import pytest

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.experiments._curse import _corrected
from pmkit.stats import Moments

SPLIT = {"a": 1, "b": 1}


def test_a_plan_before_its_units_is_early_and_a_final_word_ends_it() -> None:
    plan = ex.Plan(goal=ex.mean("x", minimum_effect=0.1), split=SPLIT, control="a", units=100)
    moments = {("x", name, ""): Moments.from_rows([1.0, 2.0, 4.0]) for name in SPLIT}
    held = ex.Measurements(units={"a": 3, "b": 3}, moments=moments)
    assert ex.analyze(plan, held).state == "early"
    assert ex.analyze(plan, held, look="final").state == "final"
    many = ex.Plan(goal=plan.goal, split=SPLIT, control="a", looks=ex.Bayesian(minimum_units=2, looks=2))
    assert ex.analyze(many, held, look=3).state == "extended"
    assert ex.analyze(many, held, look=1).state == "interim"
    classic = ex.Plan(goal=plan.goal, split=SPLIT, control="a", looks=ex.GroupSequential(looks=2), units=6)
    assert ex.analyze(classic, held).state == "final"


def test_an_estimate_far_below_its_bar_is_corrected_to_nothing() -> None:
    assert _corrected(0.01, 0.01, 5.0) == 0.0


def test_values_refuse_in_words() -> None:
    with pytest.raises(InvalidValueError, match="no part"):
        ex.Hypothesis(spans={"change": (5, 2)})
    with pytest.raises(InvalidValueError, match="must be strictly between"):
        ex.small_sample(1, 2, target=2)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Auto-save for writers will not slow saving by more than 1 % in 2 weeks.", "saving"),
        ("Churn will not rise by more than 1 % for gamers in 2 weeks.", "Churn"),
        ("Weekly sign-ups will stay above 300 for 2 weeks.", "Weekly sign-ups"),
        ("Free samples increase sales by 5 % in 2 weeks.", "sales"),
        ("Captions affect watch time.", "watch time"),
    ],
)
def test_further_sentences(text: str, metric: str) -> None:
    assert ex.parse_hypothesis(text).metric == metric


def test_records_may_hold_criteria_and_missing_values_of_any_kind() -> None:
    records = [
        {"id": "s", "kind": "solution", "value": "100", "cost": 30.0, "links": 5},
        {"id": "a", "kind": "assumption", "parent": "s", "probability": 0.5, "links": [3]},
        {"id": "t", "kind": "test", "parent": "a", "cost": "na", "criterion": {"successes": 3, "trials": ""}},
        {"id": "u", "kind": "test", "parent": "nowhere"},
        {"id": "v", "kind": "test", "parent": "a", "criterion": {"successes": 9, "trials": 3, "rate_if_true": 0.5}},
    ]
    values = {value.test: value for value in ex.rank_tests(records).tests}
    assert set(values) == {"t", "v"}
    assert values["v"].gross == 0
