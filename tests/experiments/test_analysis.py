"""Analysis: every method, metric kind and edge, against independent formulas and the two published experiments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.model import Undefined
from pmkit.stats import Moments, beta_binomial, group_sequential

COOKIE = {"units": {"gate_30": 44_700, "gate_40": 45_489}, "day7": {"gate_30": 8_502, "gate_40": 8_279}}
SPLIT = {"a": 1, "b": 1}


def cookie_cats(**changes):
    return ex.Plan(
        goal=ex.proportion("day7", minimum_effect=0.005),
        split={"gate_30": 1, "gate_40": 1},
        control="gate_30",
        **changes,
    )


@pytest.mark.parametrize("looks", [ex.Fixed(), ex.AlwaysValid(tuned_at=90_000), ex.Bayesian(threshold=0.975)])
def test_cookie_cats_rolls_back_on_day_seven_return(looks):
    plan = cookie_cats(looks=looks)
    held = ex.Measurements.from_counts(plan, COOKIE["units"], {"day7": COOKIE["day7"]})
    decision = ex.decide(plan, ex.analyze(plan, held), registered=plan.digest)
    if isinstance(looks, ex.AlwaysValid):  # wider: p is 0.0016 at a fixed horizon
        assert decision.verdict in {"roll back", "keep running", "iterate"}
    else:
        assert decision.verdict == "roll back"


def test_cookie_cats_by_the_published_counts():
    plan = cookie_cats()
    held = ex.Measurements.from_counts(plan, COOKIE["units"], {"day7": COOKIE["day7"]})
    result = ex.analyze(plan, held)
    (goal,) = result.of("goal", "gate_40")
    assert goal.effect == pytest.approx(8279 / 45489 - 8502 / 44700)
    assert result.split_check.p_value == pytest.approx(stats.chisquare([44700, 45489]).pvalue)


@pytest.mark.parametrize(("units", "verdict"), [(None, "iterate"), (2_200_000, "keep running")])
def test_asos_iterates_or_keeps_running_as_its_plan_says(units, verdict):
    plan = ex.Plan(goal=ex.mean("metric", minimum_effect=0.005, relative=True), split=SPLIT, control="a", units=units)
    held = ex.Measurements.from_summary(
        plan,
        {"a": 1_050_994, "b": 1_050_508},
        {"metric": {"a": (0.58677, 0.24247), "b": (0.58727, 0.24238)}},
    )
    decision = ex.decide(plan, ex.analyze(plan, held), registered=plan.digest)
    assert decision.verdict == verdict


def rows(generator, kind, n, shift=0.0):
    if kind == "ratio":
        views = generator.poisson(5, n) + 1.0
        return Moments.from_rows(generator.binomial(views.astype(int), 0.3 + shift), denominator=views)
    if kind == "covariate":
        before = generator.normal(10, 3, n)
        return Moments.from_rows(before + generator.normal(shift, 1, n), covariate=before)
    return Moments.from_rows(generator.normal(10 + shift, 3, n))


def held_for(metric, moments, n, **more):
    keyed = {(metric.name, name, ""): one for name, one in zip("ab", moments, strict=True)}
    return ex.Measurements(units={"a": n, "b": n}, moments=keyed, **more)


def test_a_mean_is_welch():
    generator = np.random.default_rng(1)
    first, second = generator.normal(0, 1, 80), generator.normal(0.4, 2, 60)
    metric = ex.mean("x", minimum_effect=0.1)
    plan = ex.Plan(goal=metric, split={"a": 4, "b": 3}, control="a")
    moments = {("x", "a", ""): Moments.from_rows(first), ("x", "b", ""): Moments.from_rows(second)}
    (goal,) = ex.analyze(plan, ex.Measurements(units={"a": 80, "b": 60}, moments=moments)).of("goal", "b")
    known = stats.ttest_ind(second, first, equal_var=False)
    assert goal.p_value == pytest.approx(known.pvalue)
    assert tuple(goal.interval) == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_prefer_lower_turns_gain_and_bounds_round():
    metric = ex.mean("x", minimum_effect=0.1, prefer="lower")
    plan = ex.Plan(goal=metric, split=SPLIT, control="a")
    generator = np.random.default_rng(2)
    held = held_for(metric, [rows(generator, "mean", 4000), rows(generator, "mean", 4000, -0.5)], 4000)
    (goal,) = ex.analyze(plan, held).of("goal", "b")
    assert goal.effect < 0 < goal.gain
    assert goal.bounds == (-goal.interval.upper, -goal.interval.lower)
    assert ex.decide(plan, ex.analyze(plan, held)).verdict == "declare victory"


def test_ratio_and_quantile_metrics():
    generator = np.random.default_rng(3)
    metric = ex.ratio("clicks", "views", minimum_effect=0.01)
    held = held_for(metric, [rows(generator, "ratio", 3000), rows(generator, "ratio", 3000, 0.05)], 3000)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a")
    (goal,) = ex.analyze(plan, held).of("goal", "b")
    assert goal.effect == pytest.approx(0.05, abs=0.02)
    slow = ex.quantile("load", 0.9, prefer="lower", minimum_effect=0.1)
    plan = ex.Plan(goal=slow, split=SPLIT, control="a")
    estimates = {
        ("load p90", "a", ""): ex.QuantileEstimate(n=1000, value=3.0, standard_error=0.03),
        ("load p90", "b", ""): ex.QuantileEstimate(n=1000, value=2.8, standard_error=0.04),
    }
    held = ex.Measurements(units={"a": 1000, "b": 1000}, estimates=estimates)
    (goal,) = ex.analyze(plan, held).of("goal", "b")
    assert goal.gain == pytest.approx(0.2)
    assert goal.standard_error == pytest.approx(0.05)
    with pytest.raises(InvalidValueError, match="do not add up"):
        held + held
    with pytest.raises(InvalidValueError, match="collect it first"):
        ex.analyze(plan, ex.Measurements(units={"a": 1, "b": 1}))


def test_group_sequential_uses_repeated_intervals_and_the_looks_taken():
    looks = ex.GroupSequential(looks=4)
    metric = ex.mean("x", minimum_effect=0.1)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", looks=looks, units=8000)
    design = group_sequential(4, alpha=0.025, spending="obrien-fleming")
    generator = np.random.default_rng(4)
    held, history = None, []
    for look in range(4):
        part = held_for(metric, [rows(generator, "mean", 1000), rows(generator, "mean", 1000)], 1000)
        held = part if held is None else held + part
        result = ex.analyze(plan, held, history=history)
        (goal,) = result.of("goal", "b")
        assert result.look == look + 1
        assert goal.boundary == pytest.approx(design.z[look])
        assert goal.interval.upper - goal.effect == pytest.approx(goal.boundary * goal.standard_error)
        history.append(ex.decide(plan, result, registered=plan.digest, history=history))
    assert history[-1].result.state == "final"
    again = ex.analyze(plan, held, history=history)
    assert ex.decide(plan, again, registered=plan.digest, history=history).reasons[0].kind == "extended"


def test_classic_constants_refuse_a_look_that_is_not_in_the_plan_and_spending_follows_it():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(5)
    held = held_for(metric, [rows(generator, "mean", 1560), rows(generator, "mean", 1560)], 1560)
    classic = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.GroupSequential(looks=4), units=8000)
    assert ex.analyze(classic, held).state == "unplanned"
    assert ex.decide(classic, ex.analyze(classic, held)).reasons[0].kind == "unplanned look"
    looks = ex.GroupSequential(looks=4, spending="lan-demets-obrien-fleming")
    moving = ex.Plan(goal=metric, split=SPLIT, control="a", looks=looks, units=8000)
    result = ex.analyze(moving, held)
    assert result.shares == (0.39,)
    known = group_sequential([0.39, 0.5, 0.75, 1.0], alpha=0.025, spending="lan-demets-obrien-fleming").z[0]
    assert result.of("goal", "b")[0].boundary == pytest.approx(known)
    stopped = ex.decide(moving, result, registered=moving.digest)
    same = ex.analyze(moving, held, history=[stopped])
    assert same.state == "unplanned"
    final = ex.analyze(moving, held, look="final")
    assert final.state == "final"
    assert final.of("goal", "b")[0].boundary == pytest.approx(stats.norm.ppf(0.975), abs=1e-4)


def test_look_numbers_can_be_given():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(6)
    held = held_for(metric, [rows(generator, "mean", 100), rows(generator, "mean", 100)], 100)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.GroupSequential(looks=3))
    assert ex.analyze(plan, held, look=1).state == "interim"
    assert ex.analyze(plan, held, look="final").look == 3
    assert ex.analyze(plan, held, look=4).state == "extended"
    safe = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Fixed(safety_looks=(0.25, 0.5)), units=800)
    result = ex.analyze(safe, held)
    assert (result.state, result.look) == ("safety", 1)
    assert result.effects[0].confidence == pytest.approx(0.975)
    assert ex.analyze(safe, held, look=3).state == "final"
    assert ex.analyze(safe, held, look=4).state == "extended"
    dated = ex.Plan(goal=metric, split=SPLIT, control="a", end="2026-12-01")
    assert ex.analyze(dated, held, today="2026-11-30").state == "early"
    assert ex.analyze(dated, held, today="2026-12-01").state == "final"
    with pytest.raises(InvalidValueError, match="look must be"):
        ex.analyze(plan, held, look=0)
    with pytest.raises(InvalidValueError, match="analyze takes"):
        ex.analyze(plan, {"a": 1})


def test_variants_share_alpha_and_guardrails_do_not():
    metric, rail = ex.mean("x", minimum_effect=0.1), ex.mean("y", margin=0.1)
    generator = np.random.default_rng(7)
    names = ("a", "b", "c")
    moments = {(one, name, ""): rows(generator, "mean", 500) for one in ("x", "y") for name in names}
    held = ex.Measurements(units=dict.fromkeys(names, 500), moments=moments)
    for multiplicity, alpha in (("bonferroni", 0.025), ("sidak", 1 - 0.95**0.5), ("none", 0.05)):
        plan = ex.Plan(
            goal=metric, guardrails=[rail], split=dict.fromkeys(names, 1), control="a", multiplicity=multiplicity
        )
        result = ex.analyze(plan, held)
        assert result.of("goal", "c")[0].confidence == pytest.approx(1 - alpha)
        assert result.of("guardrail", "c")[0].confidence == pytest.approx(0.95)


def test_a_bayesian_proportion_is_exact():
    plan = ex.Plan(
        goal=ex.proportion("day7", minimum_effect=0.005),
        split={"gate_30": 1, "gate_40": 1},
        control="gate_30",
        looks=ex.Bayesian(prior=(2, 3)),
    )
    units, day7 = {"gate_30": 400, "gate_40": 500}, {"gate_30": 80, "gate_40": 120}
    (goal,) = ex.analyze(plan, ex.Measurements.from_counts(plan, units, {"day7": day7})).of("goal", "gate_40")
    known = beta_binomial(80, 400, 120, 500, prior=(2, 3), confidence=0.95)
    assert goal.chance_to_win == pytest.approx(known.chance_to_win, abs=1e-10)
    assert goal.expected_loss == pytest.approx(known.expected_loss, rel=1e-8)
    assert goal.effect == pytest.approx(known.effect, rel=1e-9)
    assert goal.standard_error == pytest.approx(known.standard_deviation, rel=1e-8)
    assert tuple(goal.interval) == pytest.approx(tuple(known.interval), abs=1e-8)
    draws = np.random.default_rng(8)
    control, treatment = draws.beta(82, 323, 400_000), draws.beta(122, 383, 400_000)
    assert goal.chances[0.005] == pytest.approx(np.mean(treatment - control > 0.005), abs=0.004)


@pytest.mark.parametrize("prefer", ["higher", "lower"])
def test_a_relative_bayesian_proportion_by_draws(prefer):
    metric = ex.proportion("k", minimum_effect=0.05, relative=True, prefer=prefer)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Bayesian())
    held = ex.Measurements.from_counts(plan, {"a": 900, "b": 800}, {"k": {"a": 300, "b": 260}})
    (goal,) = ex.analyze(plan, held).of("goal", "b")
    draws = np.random.default_rng(9)
    control, treatment = draws.beta(301, 601, 400_000), draws.beta(261, 541, 400_000)
    gain = (treatment / control - 1) * metric.direction
    assert goal.chance_to_win == pytest.approx(np.mean(gain > 0), abs=0.004)
    assert goal.chances[0.05] == pytest.approx(np.mean(gain > 0.05), abs=0.004)
    assert goal.expected_loss == pytest.approx(np.mean(np.maximum(-gain, 0)), rel=0.02)
    assert goal.bounds == pytest.approx(tuple(np.quantile(gain, [0.025, 0.975])), abs=0.002)


def test_a_bayesian_mean_with_a_prior_shrinks_and_waits_for_its_minimum():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(10)
    held = held_for(metric, [rows(generator, "mean", 200), rows(generator, "mean", 200, 1.0)], 200)
    flat = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Bayesian(loss_limit=0.05))
    tight = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Bayesian(prior_sd=0.2))
    wide, narrow = (ex.analyze(plan, held).of("goal", "b")[0] for plan in (flat, tight))
    assert 0 < narrow.effect < wide.effect
    assert ex.decide(flat, ex.analyze(flat, held)).verdict == "declare victory"
    early = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Bayesian(minimum_units=201))
    assert ex.decide(early, ex.analyze(early, held)).row == "before the end"


def test_a_loss_above_the_limit_keeps_a_win_open():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(10)
    held = held_for(metric, [rows(generator, "mean", 200), rows(generator, "mean", 200, 1.0)], 200)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.Bayesian(loss_limit=1e-12, looks=2))
    decision = ex.decide(plan, ex.analyze(plan, held))
    assert decision.row == "open"
    assert decision.reasons[0].kind == "loss open"


def test_covariates_are_used_where_they_are_balanced_and_help():
    metric = ex.mean("x", minimum_effect=0.1, covariate="before")
    plan = ex.Plan(goal=metric, split=SPLIT, control="a")
    generator = np.random.default_rng(12)
    held = held_for(metric, [rows(generator, "covariate", 500), rows(generator, "covariate", 500, 0.3)], 500)
    result = ex.analyze(plan, held)
    (check,) = result.covariates
    assert check.used
    assert check.variance_reduction == pytest.approx(0.9, abs=0.03)
    plain = ex.analyze(ex.Plan(goal=ex.mean("x", minimum_effect=0.1), split=SPLIT, control="a"), held)
    ratio = result.of("goal", "b")[0].standard_error / plain.of("goal", "b")[0].standard_error
    assert ratio**2 == pytest.approx(1 - check.variance_reduction, abs=1e-6)


def test_an_unbalanced_or_missing_covariate_is_left_out_and_named():
    metric = ex.mean("x", minimum_effect=0.1, covariate="before")
    plan = ex.Plan(goal=metric, split=SPLIT, control="a")
    generator = np.random.default_rng(13)
    before = generator.normal(10, 1, (2, 500))
    before[1] += 1
    arms = [Moments.from_rows(row + generator.normal(0, 1, 500), covariate=row) for row in before]
    (check,) = ex.analyze(plan, held_for(metric, arms, 500)).covariates
    assert not check.used
    assert "before the experiment" in check.reason
    (check,) = ex.analyze(plan, held_for(metric, [rows(generator, "mean", 50)] * 2, 50)).covariates
    assert check.reason == "the covariate was not collected"
    flat = [Moments.from_rows(generator.normal(0, 1, 100), covariate=np.zeros(100)) for _ in range(2)]
    (check,) = ex.analyze(plan, held_for(metric, flat, 100)).covariates
    assert not check.used


def test_segments_are_reported_and_never_decisive():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(14)
    moments = {("x", name, segment): rows(generator, "mean", 100) for name in "ab" for segment in ("", "country=DE")}
    moments["x", "b", "country=FR"] = rows(generator, "mean", 10)
    held = ex.Measurements(units={"a": 100, "b": 100}, moments=moments)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", segments=["country"])
    result = ex.analyze(plan, held)
    assert [effect.segment for effect in result.effects] == ["", "country=DE", "country=FR"]
    assert isinstance(result.effects[2].effect, Undefined)
    assert "country=DE" not in result.summary()
    assert len(result.to_dicts()) == 3
    assert ex.decide(plan, result).verdict != "invalid"


def test_secondary_metrics_are_adjusted_by_holm():
    names = [f"s{i}" for i in range(4)]
    generator = np.random.default_rng(15)
    metrics = [ex.mean(name) for name in names]
    moments = {
        (name, arm, ""): rows(generator, "mean", 300, 0.3 * (arm == "b")) for name in ["x", *names] for arm in "ab"
    }
    plan = ex.Plan(goal=ex.mean("x", minimum_effect=0.1), secondary=metrics, split=SPLIT, control="a")
    result = ex.analyze(plan, ex.Measurements(units={"a": 300, "b": 300}, moments=moments))
    secondary = result.of("secondary", "b")
    ordered = sorted(secondary, key=lambda effect: effect.p_value)
    steps = [(4 - rank) * effect.p_value for rank, effect in enumerate(ordered)]
    known = [min(1.0, max(steps[: rank + 1])) for rank in range(4)]
    assert [effect.adjusted_p_value for effect in ordered] == pytest.approx(known)
    assert result.of("goal", "b")[0].adjusted_p_value == result.of("goal", "b")[0].p_value


def test_hostile_measurements_become_verdicts_and_not_accidents():
    metric = ex.mean("x", minimum_effect=0.1)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a")
    nothing = ex.Measurements(units={})
    assert ex.decide(plan, ex.analyze(plan, nothing)).verdict == "invalid"
    constant = held_for(metric, [Moments.from_rows([1.0] * 50)] * 2, 50)
    decision = ex.decide(plan, ex.analyze(plan, constant))
    assert decision.verdict == "invalid"
    assert "no variance" in decision.summary()
    assert "no variance" in ex.analyze(plan, constant).summary()
    one = held_for(metric, [Moments.from_rows([1.0])] * 2, 1)
    assert ex.decide(plan, ex.analyze(plan, one)).reasons[0].kind == "undefined"
    for looks in (ex.AlwaysValid(), ex.Bayesian(minimum_units=2), ex.GroupSequential(looks=2)):
        other = ex.Plan(goal=metric, split=SPLIT, control="a", looks=looks)
        assert ex.decide(other, ex.analyze(other, constant, look=None)).verdict in {"keep running", "invalid"}
    ghost = ex.Measurements(
        units={"a": 50, "b": 50, "ghost": 3},
        moments=held_for(metric, [rows(np.random.default_rng(1), "mean", 50)] * 2, 50).moments,
    )
    assert "ghost" in ex.decide(plan, ex.analyze(plan, ghost)).summary()
    with pytest.raises(InvalidValueError, match="hold no 'x' for 'b'"):
        ex.analyze(plan, ex.Measurements(units={"a": 5, "b": 5}, moments={("x", "a", ""): Moments.from_rows([1, 2])}))
    zero = ex.Plan(
        goal=ex.proportion("k", minimum_effect=0.1, relative=True), split=SPLIT, control="a", looks=ex.Bayesian()
    )
    held = ex.Measurements.from_counts(zero, {"a": 500, "b": 500}, {"k": {"a": 0, "b": 3}})
    assert isinstance(ex.analyze(zero, held).of("goal", "b")[0].effect, Undefined)


def test_measurements_add_up_and_refuse_in_words():
    metric = ex.mean("x", minimum_effect=0.1)
    generator = np.random.default_rng(16)
    values = generator.normal(5, 2, (2, 90))
    whole = held_for(metric, [Moments.from_rows(row) for row in values], 90, until="2026-11-03", open_units=3)
    parts = [
        held_for(
            metric,
            [Moments.from_rows(row[i : i + 30]) for row in values],
            30,
            until=f"2026-11-0{1 + i // 30}",
            open_units=1,
        )
        for i in (0, 30, 60)
    ]
    total = parts[0] + parts[1] + parts[2]
    assert total.units == whole.units
    assert total.until == whole.until
    assert total.open_units == 3
    for key, one in whole.moments.items():
        assert total.moments[key].mean == pytest.approx(one.mean, rel=1e-14)
        assert total.moments[key].variance == pytest.approx(one.variance, rel=1e-12)
    assert total.segments == ("",)
    with pytest.raises(TypeError):
        total + 1
    plan = cookie_cats()
    with pytest.raises(InvalidValueError, match="did you mean 'day7'"):
        ex.Measurements.from_counts(plan, COOKIE["units"], {"day-7": COOKIE["day7"]})
    with pytest.raises(InvalidValueError, match="cannot be"):
        ex.Measurements.from_counts(plan, {"gate_30": 5}, {"day7": {"gate_30": 6}})
    with pytest.raises(InvalidValueError, match="no units are given"):
        ex.Measurements.from_summary(plan, {}, {"day7": {"gate_30": (1, 1)}})
    with pytest.raises(InvalidValueError, match="whole number"):
        ex.Measurements(units={"a": 1.5})
    with pytest.raises(InvalidValueError, match="must map variants"):
        ex.Measurements(units=3)
    with pytest.raises(InvalidValueError, match="must map"):
        ex.Measurements(units={}, moments={"x": 1})


def test_always_valid_intervals_are_wider_and_hold_at_every_look():
    metric = ex.mean("x", minimum_effect=0.1)
    plan = ex.Plan(goal=metric, split=SPLIT, control="a", looks=ex.AlwaysValid(), units=2000)
    generator = np.random.default_rng(17)
    held = held_for(metric, [rows(generator, "mean", 500), rows(generator, "mean", 500)], 500)
    result = ex.analyze(plan, held)
    (goal,) = result.of("goal", "b")
    assert result.tuned_at == 2000
    assert (goal.interval.upper - goal.effect) / goal.standard_error > 2.5
    assert math.isfinite(goal.p_value)
    assert result.state == "interim"
