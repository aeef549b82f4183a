"""End to end under no effect: false victories stay at or below alpha/2 for every kind of plan that claims it."""

from __future__ import annotations

import numpy as np
import pytest

from pmkit import experiments as ex
from pmkit.stats import Moments

SPLIT = {"control": 1, "new": 1}
UNITS = 4000
METHODS = {
    "fixed": ex.Fixed(),
    "group sequential, O'Brien-Fleming, 4 looks": ex.GroupSequential(looks=4),
    "group sequential, Lan-DeMets Pocock, 5 uneven looks": ex.GroupSequential(
        information=(0.1, 0.3, 0.5, 0.8, 1.0), spending="lan-demets-pocock"
    ),
    "always valid, 10 looks": ex.AlwaysValid(),
}
LOOKS = {"fixed": (1.0,), "always valid, 10 looks": tuple(k / 10 for k in range(1, 11))}


def plan_for(looks, *, effect=0.06):
    return ex.Plan(goal=ex.mean("goal", minimum_effect=effect), split=SPLIT, looks=looks, units=UNITS)


def sample(generator, n, mean):
    """Draw the moments of n normal values: their mean and their variance are independent."""
    return Moments.from_summary(n, generator.normal(mean, n**-0.5), generator.chisquare(n - 1) / (n - 1))


def run(plan, shares, generator, shift=0.0):
    """Run one experiment through collect-like sums, analyze and decide; stop when the table says so."""
    history = []
    held = None
    before = 0
    for share in shares:
        upto = round(UNITS * share / 2)
        moments = {
            ("goal", name, ""): sample(generator, upto - before, mean)
            for name, mean in (("control", 0.0), ("new", shift))
        }
        today = ex.Measurements(units=dict.fromkeys(SPLIT, upto - before), moments=moments)
        held = today if held is None else held + today
        before = upto
        decision = ex.decide(plan, ex.analyze(plan, held, history=history), registered=plan.digest, history=history)
        history.append(decision)
        if decision.verdict != "keep running":
            break
    return history[-1].verdict


def false_victories(name, count):
    looks = METHODS[name]
    shares = LOOKS.get(name) or looks.fractions
    plan = plan_for(looks)
    generator = np.random.default_rng(20261122)
    verdicts = [run(plan, shares, generator) for _ in range(count)]
    return sum(verdict == "declare victory" for verdict in verdicts), verdicts


def bound(count, rate, level=0.999):
    """Return the most victories that a true rate would show, but for one case in a thousand."""
    from scipy.stats import binom

    return binom.ppf(level, count, rate)


@pytest.mark.parametrize("name", METHODS)
def test_false_victories_stay_within_half_of_alpha(name):
    count = 120 if "always" not in name else 60
    victories, verdicts = false_victories(name, count)
    assert victories <= bound(count, 0.025)
    assert "invalid" not in verdicts


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_false_victories_stay_within_half_of_alpha_in_ten_thousand_experiments(name):
    count = 10_000
    victories, _ = false_victories(name, count)
    assert victories <= bound(count, 0.025)


def test_a_planned_effect_wins_about_as_often_as_planned():
    base = plan_for(ex.GroupSequential(looks=4), effect=0.1)
    total = ex.size(base, sd=1.0).total
    assert total < UNITS
    generator = np.random.default_rng(7)
    shares = (0.25, 0.5, 0.75, 1.0)
    verdicts = [run(base, shares, generator, shift=0.1) for _ in range(100)]
    won = sum(verdict == "declare victory" for verdict in verdicts) / len(verdicts)
    expected = ex.power_at(base, UNITS, sd=1.0)
    assert won == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / len(verdicts)) + 0.02)


def test_a_bayesian_plan_prints_its_simulated_false_victories():
    looks = ex.Bayesian(threshold=0.95, looks=20, minimum_units=50)
    plan = plan_for(looks, effect=0.005)
    generator = np.random.default_rng(11)
    held = ex.Measurements(
        units=dict.fromkeys(SPLIT, 100),
        moments={("goal", name, ""): Moments.from_rows(generator.normal(0, 1, 100)) for name in SPLIT},
    )
    decision = ex.decide(plan, ex.analyze(plan, held), registered=plan.digest)
    (said,) = [reason for reason in decision.reasons if reason.kind == "false victories"]
    # a flat prior, twenty looks, chance to win above 0.95: about 21 % (a small minimum effect never stops it)
    assert said.numbers["rate"] == pytest.approx(0.21, abs=0.025)
    one = plan_for(ex.Bayesian(threshold=0.975, minimum_units=50), effect=0.005)
    decision = ex.decide(one, ex.analyze(one, held), registered=one.digest)
    (said,) = [reason for reason in decision.reasons if reason.kind == "false victories"]
    assert said.numbers["rate"] == pytest.approx(0.025, abs=0.004)
