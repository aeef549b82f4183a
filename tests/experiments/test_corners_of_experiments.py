"""Data from which nothing can be said: a reason comes back, and never an accident."""

from __future__ import annotations

import attrs
import pytest

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined
from pmkit.stats import Moments

SPLIT = {"a": 1, "b": 1}


def analyzed(metric, arms, **options):
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", **options)
    moments = {(metric.name, name, ""): arm for name, arm in zip("ab", arms, strict=True)}
    units = {name: int(arm.n) for name, arm in zip("ab", arms, strict=True)}
    return plan, ex.analyze(plan, ex.Measurements(units=units, moments=moments))


@pytest.mark.parametrize(
    "looks", [ex.Fixed(), ex.AlwaysValid(), ex.GroupSequential(looks=2), ex.Bayesian(minimum_units=2)]
)
def test_values_without_spread_are_undefined_under_every_plan(looks):
    constant = [Moments.from_rows([2.0] * 40)] * 2
    plan, result = analyzed(ex.mean("x", minimum_effect=0.1), constant, looks=looks)
    goal = result.of("goal", "b")[0]
    assert isinstance(goal.interval.lower, Undefined)
    assert ex.decide(plan, result).verdict in {"invalid", "keep running"}
    assert "no variance" in result.summary()


def test_a_proportion_of_nobody_has_no_effect():
    plan = ex.Plan(goal=ex.proportion("x", minimum_effect=0.1), split=SPLIT, control="a")
    empty = {("x", name, ""): Moments.from_rows([]) for name in "ab"}
    result = ex.analyze(plan, ex.Measurements(units={"a": 5, "b": 5}, moments=empty))
    assert result.of("goal", "b")[0].effect == Undefined("no data")


def test_a_quantile_that_was_not_collected_is_named():
    plan = ex.Plan(goal=ex.quantile("wait", q=0.9, minimum_effect=0.1), split=SPLIT, control="a")
    with pytest.raises(InvalidValueError, match="no estimate of 'wait p90'"):
        ex.analyze(plan, ex.Measurements(units={"a": 5, "b": 5}))


def test_a_bayesian_prior_with_a_spread_is_simulated_too():
    arms = [Moments.from_summary(500, 1.0, 1.0), Moments.from_summary(500, 1.4, 1.0)]
    wide = ex.Bayesian(minimum_units=10, looks=3, prior_sd=0.5)
    skeptical = attrs.evolve(wide, prior_sd=0.01)
    effects = []
    for looks in (wide, skeptical):
        plan, result = analyzed(ex.mean("x", minimum_effect=0.1), arms, looks=looks)
        effects.append(result.of("goal", "b")[0].effect)
        assert ex.decide(plan, result).verdict in {"declare victory", "keep running", "iterate"}
    assert effects[0] != effects[1]


@pytest.mark.parametrize("bounds", [(3.0,), (3.0, 1.0), (1.0, 2.0, 3.0)])
def test_bounds_of_winsorizing_are_two_that_rise(bounds):
    with pytest.raises(InvalidValueError, match="winsorize must be"):
        ex.mean("x", winsorize=bounds)


@pytest.mark.parametrize("pair", [(1.0,), (1.0, 2.0, 3.0), "12", (1.0, -1.0), 3])
def test_a_bayesian_prior_is_two_numbers(pair):
    with pytest.raises(InvalidValueError):
        ex.Bayesian(prior=pair)


@pytest.mark.parametrize("spread", [0.0, -1.0, float("nan"), "wide"])
def test_the_spread_of_a_prior_is_above_zero_or_infinite(spread):
    assert ex.Bayesian(prior_sd=float("inf")).prior_sd == float("inf")
    with pytest.raises(InvalidValueError, match="prior_sd"):
        ex.Bayesian(prior_sd=spread)


@pytest.mark.parametrize("split", [3, ["a", "b"], {"a": 1.5, "b": 1}, {"a": 1}, {"a": 1, "": 1}])
def test_a_split_is_whole_shares_of_two_or_more(split):
    with pytest.raises(InvalidValueError, match="split"):
        ex.Plan(goal=ex.mean("x"), split=split, control="a")


def test_whole_floats_are_shares():
    plan = ex.Plan(goal=ex.mean("x", minimum_effect=1), split={"a": 1.0, "b": 2.0}, control="a")
    assert plan.split["b"] == 2
    assert isinstance(plan.split["b"], int)


@pytest.mark.parametrize("broken", [{"units": 3}, {"units": {"a": 1}, "moments": 3}, {"units": {}, "estimates": [1]}])
def test_measurements_are_mappings(broken):
    with pytest.raises(InvalidValueError):
        ex.Measurements(**broken)


@pytest.mark.parametrize(
    "text",
    [
        "We believe that “bigger buttons” for renters will hold support calls steady.",
        "We believe that faster checkout for trainees will let them pay sooner within half a day.",
        "We believe that a guide will help new users to finish setup because within 14 days they leave.",
        "If we show prices from 5 euros, then buyers among actors will book quicker by 3 % for visitors.",
        "We believe that for drummers .",
        "We expect fewer because.",
    ],
)
def test_unusual_wordings_are_read_and_judged(text):
    hypothesis = ex.parse_hypothesis(text)
    assert hypothesis.text == text
    for finding in ex.check(hypothesis):
        assert finding.code.startswith("EXP")
        assert finding.message
