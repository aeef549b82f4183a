"""Sizes against the noncentral t and enumeration of power, plan rules, catalogue, beliefs and small samples."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, stats

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.model import Undefined
from pmkit.stats import Moments, group_sequential

SPLIT = {"a": 1, "b": 1}


def mean_plan(**changes):
    return ex.Plan(**({"goal": ex.mean("x", minimum_effect=0.2), "split": SPLIT, "control": "a"} | changes))


@pytest.mark.parametrize("effect", [0.1, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("power", [0.6, 0.8, 0.95])
def test_a_mean_is_sized_as_by_the_noncentral_t(effect, power):
    plan = mean_plan(goal=ex.mean("x", minimum_effect=effect), power=power)

    def reached(units):
        df, shift = 2 * units - 2, effect * math.sqrt(units / 2)
        limit = stats.t.ppf(0.975, df)
        return stats.nct.sf(limit, df, shift) + stats.nct.cdf(-limit, df, shift)

    units = ex.size(plan, sd=1.0).units["a"]
    assert reached(units) >= power - 1e-9
    assert reached(units - 2) < power


def test_guardrails_share_the_missing_power():
    rails = [ex.mean(f"r{i}", margin=0.2) for i in range(3)]
    plan = mean_plan(guardrails=rails)
    found = ex.size(plan, sd={"x": 1.0, "r0": 1.0, "r1": 2.0}, daily_units=100)
    assert found.power_each == pytest.approx(0.95)
    assert found.driver == "r1"
    assert found.unsized == ("r2",)
    assert found.days == math.ceil(found.total / 100)
    assert len(found.to_dicts()) == 3
    assert "r2" in found.summary()
    # the goal and three guardrails at 1 - 0.2/4 each: all together at least 0.8, were they independent
    assert found.power_each**4 >= 0.8


def test_group_sequential_and_always_valid_plans_cost_more():
    fixed = ex.size(mean_plan(), sd=1.0).total
    design = group_sequential(4, alpha=0.025, power=0.8)
    sequential = ex.size(mean_plan(looks=ex.GroupSequential(looks=4)), sd=1.0).total
    assert sequential == pytest.approx(fixed * design.inflation, rel=0.02)
    always = ex.size(mean_plan(looks=ex.AlwaysValid()), sd=1.0)
    assert always.total > sequential
    bayes = ex.size(mean_plan(looks=ex.Bayesian(threshold=0.975, minimum_units=2)), sd=1.0).total
    assert bayes == pytest.approx(fixed, abs=5)
    assert ex.size(mean_plan(looks=ex.Bayesian(minimum_units=5000)), sd=1.0).total == 10_000


@pytest.mark.parametrize(
    "looks", [ex.Fixed(), ex.GroupSequential(looks=3), ex.AlwaysValid(), ex.Bayesian(threshold=0.975)]
)
def test_the_power_at_the_size_is_the_power(looks):
    plan = mean_plan(looks=looks)
    found = ex.size(plan, sd=1.0)
    assert ex.power_at(plan, found.total, sd=1.0) == pytest.approx(0.8, abs=0.005)
    curve = dict(found.curve)
    assert curve[0.2] == pytest.approx(0.8, abs=0.005)
    powers = [power for _, power in found.curve]
    assert powers == sorted(powers)


def test_unequal_splits_several_variants_and_relative_effects():
    wide = ex.Plan(
        goal=ex.proportion("k", minimum_effect=0.1, relative=True), split={"a": 2, "b": 1, "c": 1}, control="a"
    )
    found = ex.size(wide, baseline=0.3)
    p, q = 0.3, 0.33
    z = stats.norm.ppf(1 - 0.05 / 4) + stats.norm.ppf(0.8)
    spread = p * (1 - p) * (q / p) ** 2 / p**2 * 2 + q * (1 - q) / p**2 * 4
    assert found.total == pytest.approx(spread * (z / 0.1) ** 2, rel=0.002)
    assert found.units["a"] == pytest.approx(2 * found.units["b"], abs=2)


def test_counts_are_poisson_without_an_sd_and_wins_above_the_minimum_use_the_expected_effect():
    count = ex.count("k", minimum_effect=0.2)
    plain = ex.size(mean_plan(goal=count), baseline=4.0).total
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert plain == pytest.approx(2 * (4.0 + 4.2) * (z / 0.2) ** 2, rel=0.001)
    above = mean_plan(goal=ex.mean("x", minimum_effect=0.2, expected_effect=0.3), win="above minimum effect")
    assert ex.size(above, sd=1.0).metrics[0].distance == pytest.approx(0.1)
    with pytest.raises(InvalidValueError, match="expected_effect"):
        ex.size(mean_plan(win="above minimum effect"), sd=1.0)


@pytest.mark.parametrize(
    ("plan", "given_", "words"),
    [
        (mean_plan(), {}, "give an sd"),
        (mean_plan(), {"sd": {"y": 1}}, "names no metric"),
        (mean_plan(), {"sd": -1.0}, "finite number"),
        (mean_plan(), {"sd": 1.0, "daily_units": 0}, "daily_units"),
        (mean_plan(), {"sd": 1e9}, "more than"),
        (mean_plan(goal=ex.proportion("k", minimum_effect=0.5)), {"baseline": 0.7}, "cannot go from 0.7 to 1.2"),
        (mean_plan(goal=ex.mean("x", minimum_effect=0.1, relative=True)), {"baseline": 0, "sd": 1}, "other than 0"),
        (mean_plan(goal=ex.mean("x", minimum_effect=0.1, relative=True)), {"sd": 1}, "a baseline and an sd"),
    ],
)
def test_what_cannot_be_sized_says_why(plan, given_, words):
    with pytest.raises(InvalidValueError, match=words):
        ex.size(plan, **given_)


def codes(plan, **options):
    return [finding.code for finding in ex.check(plan, **options)]


def analyzed(plan, units=(500, 500), **more):
    generator = np.random.default_rng(1)
    moments = {("x", name, ""): Moments.from_rows(generator.normal(0, 1, 500)) for name in "ab"} | more.pop("extra", {})
    return ex.analyze(plan, ex.Measurements(units=dict(zip("ab", units, strict=True)), moments=moments, **more))


RAIL = {"guardrails": [ex.mean("r", margin=1.0)]}


def test_rules_of_plans():
    quiet = mean_plan(stakes="build", units=800)
    assert codes(quiet) == []
    assert codes(mean_plan()) == ["EXP202"]
    assert codes(mean_plan(stakes="build", units=100), sd=1.0) == ["EXP201"]
    assert codes(quiet, sd=1.0) == []
    assert codes(quiet, registered="other") == ["EXP206"]
    assert codes(ex.amend(quiet, because="more traffic"), registered=quiet.digest) == ["EXP206"]
    assert codes(quiet, registered=quiet.digest) == []
    assert codes(mean_plan(stakes="launch", method="interview", **RAIL)) == ["EXP207"]
    assert codes(mean_plan(method="tea-leaves", stakes="explore")) == ["EXP207"]
    assert codes(mean_plan(stakes="build", analysis_unit="session")) == ["EXP209"]
    assert codes(mean_plan(stakes="build", analysis_unit="session", cluster="user_id")) == []
    ratio = ex.ratio("clicks", "views", minimum_effect=0.1)
    assert codes(mean_plan(goal=ratio, stakes="build", analysis_unit="session")) == []
    vague = mean_plan(stakes="build", hypothesis=ex.parse_hypothesis("Dark mode will improve the user experience."))
    assert "EXP104" in codes(vague)


def test_rules_of_results():
    plan = mean_plan(stakes="build")
    assert codes(plan, result=analyzed(plan)) == []
    assert codes(plan, result=analyzed(plan, units=(500, 700))) == ["EXP204"]
    assert codes(plan, result=analyzed(plan, open_units=3)) == ["EXP208"]
    extra = {("y", name, ""): Moments.from_rows([1, 2]) for name in "ab"}
    assert codes(plan, result=analyzed(plan, extra=extra)) == ["EXP205"]
    done = ex.decide(plan, analyzed(plan))
    later = ex.analyze(
        plan,
        ex.Measurements(units={"a": 1, "b": 1}, moments={("x", n, ""): Moments.from_rows([1, 2]) for n in "ab"}),
        history=[done],
    )
    assert "EXP203" in codes(plan, result=later)
    unplanned = attrs.evolve(done.result, state="unplanned")
    assert codes(plan, result=unplanned) == ["EXP203"]
    acted = attrs.evolve(done, result=unplanned, acted=True)
    assert codes(plan, history=[acted]) == ["EXP203"]


def test_the_catalogue_is_complete_and_extendable():
    known = ex.catalogue()
    assert len(known) >= 25
    assert len(known.to_dicts()) == len(known)
    for method in known.methods.values():
        assert 0.01 <= method.strength <= 10
        assert method.shows
        assert method.cannot_show
        assert method.categories
    for method_id in (
        "interview",
        "survey",
        "fake-door",
        "landing-page",
        "concierge",
        "wizard-of-oz",
        "prototype",
        "pre-order",
        "pilot",
        "ab-test",
    ):
        assert method_id in known
    with pytest.raises(UnknownIdError, match="did you mean 'interview'"):
        known["intervew"]
    own = attrs.evolve(known["interview"], id="free", person_days=(0, 0), days=(0, 0), strength=10)
    assert [one.id for one in ex.recommend("usability", methods=ex.extend_catalogue(known, [own]))] == ["free"]
    with pytest.raises(InvalidValueError, match="low and high"):
        attrs.evolve(own, days=(3, 1))


@pytest.mark.parametrize("category", ["desirability", "usability", "feasibility", "viability", "ethical"])
def test_recommendations_fit_and_are_not_beaten(category):
    found = ex.recommend({"category": category})
    assert found
    assert all(category in method.categories and not method.needs_product for method in found)
    costs = [sum(method.person_days) for method in found]
    assert costs == sorted(costs)
    strong = ex.recommend(category, at_least=2, built=True)
    assert all(method.strength >= 2 for method in strong)


def test_recommendations_refuse_in_words():
    with pytest.raises(InvalidValueError, match="did you mean 'usability'"):
        ex.recommend("usabilty")
    with pytest.raises(InvalidValueError, match="must be one of"):
        ex.recommend(object())


@given(st.floats(0.001, 0.999), st.lists(st.floats(0.01, 100), max_size=6))
def test_beliefs_move_by_odds(start, ratios):
    belief = ex.Belief(start)
    for ratio in ratios:
        belief = ex.update_belief(belief, ratio)
    odds = start / (1 - start) * math.prod(ratios)
    assert belief.probability == pytest.approx(odds / (1 + odds), rel=1e-9)
    assert len(belief.history) == len(ratios)


def test_beliefs_at_the_edges():
    assert ex.update_belief(0.3, math.inf).probability == 1
    assert ex.update_belief(0.3, 0).probability == 0
    assert ex.update_belief(1.0, 0.5).probability == 1
    for belief, ratio in ((1.0, 0), (0.0, math.inf), (0.5, -1), (0.5, math.nan)):
        with pytest.raises(InvalidValueError):
            ex.update_belief(belief, ratio)
    assert ex.likelihood_ratio("negative", sensitivity=0.8, specificity=0.9) == pytest.approx(0.2 / 0.9)
    assert ex.likelihood_ratio("positive", sensitivity=0.8, specificity=1) == math.inf
    assert ex.likelihood_ratio("inconclusive", sensitivity=0.8, specificity=1) == 1
    for outcome, s, t in (("positive", 0, 1), ("maybe", 0.5, 0.5), ("positive", 2, 0.5)):
        with pytest.raises(InvalidValueError):
            ex.likelihood_ratio(outcome, sensitivity=s, specificity=t)


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.05, 0.95))
def test_small_samples_are_exact(successes, failures, target):
    found = ex.small_sample(successes, successes + failures, target=target)
    assume(min(abs(found.probability_above - tie) for tie in (0.05, 0.95)) > 1e-9)
    density = stats.beta(successes + 1, failures + 1)
    assert found.probability_above == pytest.approx(integrate.quad(density.pdf, target, 1)[0], abs=1e-6)
    assert found.verdict == (
        "supported"
        if found.probability_above >= 0.95
        else "refuted"
        if found.probability_above <= 0.05
        else "inconclusive"
    )
    assert tuple(found.interval) == pytest.approx(tuple(density.interval(0.95)))


def test_small_samples_refuse_in_words():
    for bad in ({"successes": 3, "trials": 2}, {"successes": -1, "trials": 2}, {"successes": 1, "trials": True}):
        with pytest.raises(InvalidValueError):
            ex.small_sample(**bad, target=0.5)
    for bad in ({"target": 0}, {"target": 0.5, "confidence": 0.4}, {"target": 0.5, "prior": (1, 0)}):
        with pytest.raises(InvalidValueError):
            ex.small_sample(1, 2, **bad)
    assert ex.small_sample(0, 60, target=0.1).verdict == "refuted"
    assert ex.small_sample(59, 60, target=0.5).verdict == "supported"


def test_the_chance_of_a_solution_says_how_many_are_listed():
    assert ex.solution_chance([0.8] * 8).probability == pytest.approx(0.8**8)
    open_ = ex.solution_chance([0.8, None])
    assert isinstance(open_.probability, Undefined)
    assert "1 of 2" in open_.summary()
    assert ex.solution_chance([ex.Belief(0.5)]).summary().startswith("0.5 with 1 assumption listed")


@pytest.mark.parametrize("written", ["Desirability", " DESIRABILITY ", {"category": "desirability"}])
def test_a_category_is_read_in_any_case(written):
    assert ex.recommend(written) == ex.recommend("desirability") != ()


def test_what_is_at_stake_names_the_strength():
    for stake, strength in ex.catalogue().needed.items():
        assert ex.recommend("usability", at_least=stake) == ex.recommend("usability", at_least=strength)
    assert all(method.strength >= 4 for method in ex.recommend("usability", at_least="launch"))
    assert ex.recommend("usability", at_least=10) == ()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ex.recommend("desirabilty"), "did you mean 'desirability'"),
        (lambda: ex.recommend({"kind": "assumption"}), "not None"),
        (lambda: ex.recommend("viability", at_least="lanch"), "did you mean 'launch'"),
        (lambda: ex.recommend("viability", at_least=11), "from 0 to 10"),
        (lambda: ex.recommend("viability", at_least=float("nan")), "from 0 to 10"),
        (lambda: ex.recommend("viability", at_least=True), "from 0 to 10"),
        (lambda: ex.recommend("viability", methods="all"), "must be a Catalogue"),
        (lambda: ex.extend_catalogue(None, []), "takes a Catalogue"),
        (lambda: ex.extend_catalogue(ex.catalogue(), ["tasting"]), "made by Method"),
        (lambda: ex.likelihood_ratio("postive", sensitivity=0.8, specificity=0.9), "did you mean 'positive'"),
        (lambda: ex.update_belief(0.5, "positive"), "likelihood_ratio"),
        (lambda: ex.solution_chance(0.8), "a list of beliefs"),
        (lambda: ex.solution_chance("0.8"), "a list of beliefs"),
        (lambda: ex.solution_chance(ex.Belief(0.8)), "a list of beliefs"),
    ],
)
def test_slips_are_told_in_words(call, said):
    with pytest.raises(InvalidValueError, match=said):
        call()


def test_a_catalogue_is_iterated_by_its_methods():
    assert [method.id for method in ex.catalogue()] == [*ex.catalogue().methods]
    assert len([*ex.catalogue()]) == len(ex.catalogue())


def test_no_assumption_listed_is_certain_and_says_so():
    assert ex.solution_chance([]).probability == 1.0
    assert "0 assumptions" in ex.solution_chance([]).summary()


@pytest.mark.parametrize(("power", "inflation"), [(0.8, 1.229), (0.9, 1.207)])
def test_five_pocock_looks_cost_what_is_published(power, inflation):
    # Jennison & Turnbull 2000, table 2.2: alpha = 0.05 two-sided
    goal = ex.mean("spend", minimum_effect=0.02, sd=1.0)
    looks = {"one": ex.Fixed(), "five": ex.GroupSequential(looks=5, spending="pocock")}
    totals = {
        name: ex.size(ex.Plan(goal=goal, split={"control": 1, "new": 1}, power=power, looks=kind)).total
        for name, kind in looks.items()
    }
    assert totals["five"] / totals["one"] == pytest.approx(inflation, abs=1.5e-3)
