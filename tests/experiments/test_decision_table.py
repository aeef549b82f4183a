"""The decision table: every row with its test, and exactly one row for every possible result."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.model import Interval, Undefined

SPLIT = {"control": 1, "picks": 1}
GOAL = ex.mean("goal", minimum_effect=0.02, expected_effect=0.05)
RAIL = ex.mean("crashes", margin=0.01, prefer="lower")
ROWS = {
    "invalid": "invalid",
    "before the end": "keep running",
    "harm": "roll back",
    "win": "declare victory",
    "ruled out": "iterate",
    "open": "keep running",
    "inconclusive": "iterate",
}


def fixed_plan(**changes):
    fields = {"goal": GOAL, "guardrails": [RAIL], "split": SPLIT, "looks": ex.Fixed()} | changes
    return ex.Plan(**fields)


def effect(  # noqa: PLR0917 - a row of a result
    plan, metric, role, low, high, variant="picks", middle=None
):
    gain = (low + high) / 2 if middle is None and not isinstance(low, Undefined) else middle
    if metric.direction == -1 and not isinstance(low, Undefined):
        low, high, gain = -high, -low, -gain
    return ex.FixedEffect(
        metric=metric.name,
        variant=variant,
        role=role,
        segment="",
        relative=metric.relative,
        direction=metric.direction,
        control=1.0,
        treatment=1.0,
        effect=low if isinstance(low, Undefined) else gain,
        standard_error=0.01,
        interval=Interval(low, high),
        confidence=0.95,
        p_value=0.5,
        adjusted_p_value=0.5,
    )


def result(plan, goals, rails=(), **changes):
    """Build a fixed result; `goals` holds one interval per variant, `rails` one tuple of intervals per variant."""
    effects = [
        effect(plan, plan.goal, "goal", *bounds, variant=name)
        for name, bounds in zip(plan.variants, goals, strict=True)
    ]
    for name, bounds in zip(plan.variants, rails, strict=False):
        pairs = zip(plan.guardrails, bounds, strict=True)
        effects += [effect(plan, metric, "guardrail", *pair, variant=name) for metric, pair in pairs]
    fields = {
        "plan_id": plan.id,
        "digest": plan.digest,
        "effects": tuple(effects),
        "units": dict.fromkeys(plan.split, 1000),
        "split_check": ex.SplitCheck(p_value=0.5, sequential=False),
        "covariates": (),
        "look": 1,
        "state": "final",
        "information": 1.0,
        "unplanned_metrics": (),
        "open_units": 0,
    } | changes
    return ex.FixedResult(**fields)


FINE = ((-0.005, 0.005),)


def row_of(goal, rail=FINE[0], plan=None, **changes):
    plan = plan or fixed_plan()
    decision = ex.decide(plan, result(plan, [goal], [(rail,)], **changes), registered=plan.digest)
    assert decision.verdict == ROWS[decision.row]
    return decision


@pytest.mark.parametrize(
    ("goal", "rail", "row", "kind"),
    [
        ((-0.05, -0.01), FINE[0], "harm", "harm"),
        ((0.01, 0.05), (-0.05, -0.011), "harm", "guardrail harm"),
        ((0.01, 0.05), FINE[0], "win", "win"),
        ((-0.01, 0.019), FINE[0], "ruled out", "ruled out"),
        ((0.005, 0.019), FINE[0], "ruled out", "too small"),
        ((-0.01, 0.05), FINE[0], "inconclusive", "goal open"),
        ((0.01, 0.05), (-0.02, 0.02), "inconclusive", "guardrail open"),
    ],
)
def test_each_row_of_the_final_look(goal, rail, row, kind):
    decision = row_of(goal, rail)
    assert decision.row == row
    assert decision.reasons[0].kind == kind
    assert decision.reasons[0].metric in {"goal", "crashes"}
    assert set(decision.reasons[0].numbers) == {"lower", "upper"}
    assert decision.reasons[0].message in decision.summary()


@pytest.mark.parametrize(
    ("goal", "rail", "row"),
    [
        ((0.0, 0.05), FINE[0], "inconclusive"),  # L = w is no victory
        ((-0.05, 0.0), FINE[0], "ruled out"),  # U = 0 is no harm, but below the minimum
        ((0.01, 0.02), FINE[0], "win"),  # U = d is not ruled out
        ((0.01, 0.05), (-0.01, 0.0), "inconclusive"),  # the guardrail's L = -m is not cleared
        ((0.01, 0.05), (-0.02, -0.01), "inconclusive"),  # the guardrail's U = -m is no harm
    ],
)
def test_equality_is_undecided(goal, rail, row):
    assert row_of(goal, rail).row == row


def test_win_above_the_minimum_effect_needs_more():
    plan = fixed_plan(win="above minimum effect")
    assert row_of((0.01, 0.05), plan=plan).row == "inconclusive"
    assert row_of((0.021, 0.05), plan=plan).row == "win"
    assert row_of((0.02, 0.05), plan=plan).row == "inconclusive"


def test_before_the_end_nothing_counts_but_harm_at_a_safety_look():
    assert row_of((-0.05, -0.01), state="early").row == "before the end"
    assert row_of((0.01, 0.05), state="early").row == "before the end"
    assert row_of((-0.05, -0.01), state="safety").row == "harm"
    assert row_of((0.01, 0.05), (-0.05, -0.02), state="safety").row == "harm"
    assert row_of((0.01, 0.05), state="safety").row == "before the end"
    assert "40%" in row_of((0.01, 0.05), state="early", information=0.4).summary()


def test_an_interim_look_keeps_running_and_names_what_is_open():
    decision = row_of((-0.01, 0.05), (-0.02, 0.02), state="interim")
    assert decision.row == "open"
    assert {reason.kind for reason in decision.reasons} == {"goal open", "guardrail open"}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"split_check": ex.SplitCheck(p_value=0.0009, sequential=False)}, "sample ratio"),
        ({"units": {"control": 1000, "picks": 0}}, "empty variant"),
        ({"units": {"control": 1000, "picks": 900, "ghost": 5}}, "unknown variant"),
        ({"state": "extended"}, "extended"),
        ({"state": "unplanned"}, "unplanned look"),
        ({"digest": "other"}, "digest"),
    ],
)
def test_what_makes_a_result_invalid(changes, kind):
    decision = row_of((0.01, 0.05), **changes)
    assert decision.verdict == "invalid"
    assert kind in {reason.kind for reason in decision.reasons}
    assert decision.to_dicts()[0]["verdict"] == "invalid"


def test_a_sample_ratio_exactly_at_the_threshold_is_believed():
    assert row_of((0.01, 0.05), split_check=ex.SplitCheck(p_value=0.001, sequential=False)).row == "win"


def test_a_changed_plan_is_invalid_and_an_unregistered_one_exploratory():
    plan = fixed_plan()
    good = result(plan, [(0.01, 0.05)], [FINE])
    assert ex.decide(plan, good, registered="pmkit-plan-1:00").row == "invalid"
    decision = ex.decide(plan, good)
    assert decision.exploratory
    assert "exploratory" in decision.summary()
    assert not ex.decide(plan, good, registered=plan.digest).exploratory


def test_undefined_counts_only_at_the_final_look():
    gone = Undefined("no variance")
    plan = fixed_plan()
    for state, row in (("final", "invalid"), ("interim", "open")):
        held = result(plan, [(gone, gone)], [FINE], state=state)
        assert ex.decide(plan, held, registered=plan.digest).row == row
        held = result(plan, [(0.01, 0.05)], [((gone, gone),)], state=state)
        assert ex.decide(plan, held, registered=plan.digest).row == row


def test_acting_on_a_look_that_the_plan_does_not_hold_spoils_what_follows():
    plan = fixed_plan()
    early = ex.decide(plan, result(plan, [(0.01, 0.05)], [FINE], state="early"), registered=plan.digest)
    final = result(plan, [(0.01, 0.05)], [FINE])
    assert ex.decide(plan, final, registered=plan.digest, history=[early]).row == "win"
    acted = attrs.evolve(early, acted=True)
    assert ex.decide(plan, final, registered=plan.digest, history=[acted]).row == "invalid"


def test_several_variants_any_victory_with_the_largest_estimate():
    plan = fixed_plan(split={"control": 1, "a": 1, "b": 1, "c": 1})
    rails = [FINE] * 3

    def verdict(*goals: tuple[float, float], **changes):
        decision = ex.decide(plan, result(plan, goals, rails, **changes), registered=plan.digest)
        return decision.verdict, decision.variant

    win, better, harm, small, open_ = (0.01, 0.05), (0.02, 0.08), (-0.05, -0.01), (-0.01, 0.01), (-0.01, 0.05)
    assert verdict(win, better, harm) == ("declare victory", "b")
    assert verdict(harm, open_, small, state="interim") == ("keep running", "b")
    assert verdict(harm, small, harm, state="interim") == ("iterate", "b")
    assert verdict(harm, harm, harm) == ("roll back", "a")
    assert len(ex.decide(plan, result(plan, [win, harm, small], rails)).to_dicts()) == 3


def test_a_result_of_another_method_is_refused():
    plan = fixed_plan(looks=ex.AlwaysValid())
    with pytest.raises(InvalidValueError, match="the result is 'fixed', the plan is 'always valid'"):
        ex.decide(plan, result(plan, [(0.0, 1.0)], [FINE]))
    with pytest.raises(InvalidValueError, match="decide takes"):
        ex.decide(plan, None)


BOUND = st.one_of(st.floats(-0.1, 0.1), st.sampled_from([-0.01, 0.0, 0.02, -0.02]), st.floats(-1e300, 1e300))


@st.composite
def any_result(draw):
    variants = draw(st.integers(1, 3))
    split = {"control": 1, **{f"v{i}": 1 for i in range(variants)}}
    walls = [RAIL, ex.mean("calls", margin=0.03, prefer="higher")][: draw(st.integers(0, 2))]
    win = draw(st.sampled_from(["above zero", "above minimum effect"]))
    plan = fixed_plan(split=split, win=win, guardrails=walls)
    gone = Undefined("no variance")

    def pair():
        if draw(st.integers(0, 9)) == 0:
            return gone, gone
        return tuple(sorted((draw(BOUND), draw(BOUND))))

    goals = [pair() for _ in range(variants)]
    rails = [tuple(pair() for _ in walls) for _ in range(variants)]
    state = draw(st.sampled_from(["early", "safety", "interim", "final", "unplanned", "extended"]))
    return plan, goals, rails, state, result(plan, goals, rails, state=state)


def expected_row(plan, goal, rails, state):
    """Read DESIGN's table once more, written independently: all rows that apply, of which the first counts."""
    low, high = (float("-inf"), float("inf")) if isinstance(goal[0], Undefined) else goal
    pairs = [(float("-inf"), float("inf")) if isinstance(pair[0], Undefined) else pair for pair in rails]
    walls = [(*pair, metric.margin) for pair, metric in zip(pairs, plan.guardrails, strict=True)]
    d = 0.02
    w = 0.0 if plan.win == "above zero" else d
    harm = high < 0 or any(upper < -m for _, upper, m in walls)
    rows = [
        ("before the end", state == "early" or (state == "safety" and not harm)),
        ("harm", harm),
        ("win", low > w and high >= d and all(lower > -m for lower, _, m in walls)),
        ("ruled out", high < d),
        ("open", state != "final"),
        ("inconclusive", state == "final"),
    ]
    return next(name for name, fits in rows if fits)


def row_is_win(rows, name):
    return rows[name] == "win"


@given(any_result())
@settings(max_examples=200, deadline=None)
def test_exactly_one_row_fires_for_every_possible_result(case):
    plan, goals, rails, state, held = case
    decision = ex.decide(plan, held, registered=plan.digest)
    assert decision.row in ROWS
    assert decision.verdict == ROWS[decision.row]
    gone = any(isinstance(pair[0], Undefined) for pair in [*goals, *(one for group in rails for one in group)])
    if state in {"unplanned", "extended"} or (state == "final" and gone):
        assert decision.row == "invalid"
        return
    each = {one.variant: one.row for one in decision.variants}
    wanted = {
        name: expected_row(plan, goal, rail, state)
        for name, goal, rail in zip(plan.variants, goals, rails, strict=True)
    }
    assert each == wanted
    order = ["win", "before the end", "open", "inconclusive", "ruled out", "harm"]
    assert decision.row == min(wanted.values(), key=order.index)
    fitting = [name for name, row in wanted.items() if row == decision.row]
    middles = {
        name: (low + high) / 2
        for name, (low, high) in zip(plan.variants, goals, strict=True)
        if name in fitting and row_is_win(wanted, name)
    }
    assert decision.variant == (max(middles, key=middles.__getitem__) if middles else fitting[0])


def test_a_binding_futility_boundary_is_a_verdict_and_a_nonbinding_one_is_not():
    for binding, row in ((True, "ruled out"), (False, "open")):
        looks = ex.GroupSequential(
            looks=2, spending="lan-demets-obrien-fleming", futility="lan-demets-pocock", binding=binding
        )
        plan = ex.Plan(goal=ex.mean("goal", minimum_effect=0.5), split=SPLIT, looks=looks, units=2000)
        generator = np.random.default_rng(1)
        moments = {
            ("goal", name, ""): ex_moments(generator.normal(shift, 8, 500))
            for name, shift in (("control", 0.0), ("picks", -0.3))
        }
        held = ex.Measurements(units={"control": 500, "picks": 500}, moments=moments)
        found = ex.analyze(plan, held)
        assert isinstance(found.futility_boundary, float)
        decision = ex.decide(plan, found, registered=plan.digest)
        assert decision.row == row
        goal = found.effects[0]
        for bound, reached in ((goal.gain / goal.standard_error, "open"), (-9.0, "open"), (9.0, row)):
            moved = attrs.evolve(found, futility_boundary=bound)  # equality is undecided
            assert ex.decide(plan, moved, registered=plan.digest).row == reached


def ex_moments(rows):
    from pmkit.stats import Moments

    return Moments.from_rows(rows)


def test_the_winners_curse_is_that_of_the_conditional_mean():
    draws = np.random.default_rng(3).normal(2.8016, 1, 2_000_000)
    winners = draws[draws > 1.96]
    assert ex.exaggeration(2.8016, 1.0, 1.96) == pytest.approx(winners.mean() / 2.8016, rel=2e-3)
    decision = row_of((0.02, 0.06))
    curse = decision.curse
    assert curse.seen == pytest.approx(0.04)
    assert 0 < curse.corrected < curse.seen
    # the truth that explains the estimate: its winners are seen like that on average
    bar = 0.04 - 0.02
    assert curse.corrected * ex.exaggeration(curse.corrected, 0.01, bar) == pytest.approx(curse.seen, rel=1e-6)
    assert "too large" in decision.summary()
    assert ex.exaggeration(0.01, 1.0, 60.0) > 1


def test_an_undefined_secondary_metric_spoils_nothing_and_an_undefined_guardrail_does():
    plan = fixed_plan(secondary=[ex.mean("visits")])
    gone = Undefined("no variance")
    held = result(plan, [(0.01, 0.05)], [FINE])
    visits = effect(plan, plan.secondary[0], "secondary", gone, gone)
    with_visits = attrs.evolve(held, effects=(*held.effects, visits))
    assert ex.decide(plan, with_visits, registered=plan.digest).row == "win"
    segment = attrs.evolve(held.effects[0], segment="country=DE", effect=gone, interval=Interval(gone, gone))
    with_segment = attrs.evolve(held, effects=(*held.effects, segment))
    assert ex.decide(plan, with_segment, registered=plan.digest).row == "win"


@pytest.mark.parametrize(
    ("state", "row"), [("unplanned", "invalid"), ("early", "invalid"), ("interim", "win"), ("safety", "win")]
)
def test_acting_spoils_only_looks_that_the_plan_does_not_hold(state, row):
    plan = fixed_plan()
    before = ex.decide(plan, result(plan, [(-0.01, 0.05)], [FINE], state=state), registered=plan.digest)
    acted = attrs.evolve(before, acted=True)
    final = result(plan, [(0.01, 0.05)], [FINE])
    assert ex.decide(plan, final, registered=plan.digest, history=[acted]).row == row
    assert ex.decide(plan, final, registered=plan.digest, history=[before]).row == "win"


def test_a_variant_without_units_is_named_once_and_not_as_undefined():
    plan = fixed_plan()
    gone = Undefined("no observations")
    held = result(plan, [(gone, gone)], [((gone, gone),)], units={"control": 1000, "picks": 0})
    assert [reason.kind for reason in ex.decide(plan, held, registered=plan.digest).reasons] == ["empty variant"]
    held = attrs.evolve(held, units={"control": 1000})
    assert [reason.kind for reason in ex.decide(plan, held, registered=plan.digest).reasons] == ["empty variant"]


BAYES = ex.Bayesian(threshold=0.95, loss_limit=0.001, minimum_units=100)


def bayesian_plan(**changes):
    goal = ex.mean("goal", minimum_effect=0.02)
    fields = {"goal": goal, "guardrails": [RAIL], "split": SPLIT, "looks": BAYES} | changes
    return ex.Plan(**fields)


def posterior(plan, metric, role, chances, loss=0.0):
    made = attrs.asdict(effect(plan, metric, role, -0.01, 0.05), recurse=False)
    fields = {name: made[name] for name in made if name not in {"p_value", "adjusted_p_value"}}
    return ex.BayesianEffect(**fields, chance_to_win=chances.get(0.0, 0.5), expected_loss=loss, chances=chances)


def bayesian_row(goal, rail, loss=0.0, *, state="final", plan=None):
    """Decide on P(gain > 0), P(gain > 0.02) and P(guardrail > -0.01)."""
    plan = plan or bayesian_plan()
    chances = dict(zip((0.0, 0.02), goal, strict=True))
    base = attrs.asdict(result(plan, [(0.0, 0.0)], [FINE], state=state), recurse=False)
    base["effects"] = (
        posterior(plan, plan.goal, "goal", chances, loss),
        posterior(plan, RAIL, "guardrail", {-0.01: rail}),
    )
    held = ex.BayesianResult(**base, threshold=0.95)
    return ex.decide(plan, held, registered=plan.digest).row


@pytest.mark.parametrize(
    ("goal", "rail", "loss", "row"),
    [
        ((0.95, 0.5), 0.95, 0.001, "win"),  # equal to the threshold, and to the limit of the loss, is enough
        ((0.949, 0.5), 0.95, 0.0, "inconclusive"),
        ((0.95, 0.5), 0.949, 0.0, "inconclusive"),
        ((0.95, 0.5), 0.95, 0.0011, "inconclusive"),
        ((0.95, 0.5), 0.95, Undefined("no variance"), "inconclusive"),
        ((0.05, 0.01), 0.99, 0.0, "harm"),
        ((0.051, 0.01), 0.99, 0.0, "ruled out"),
        ((0.99, 0.5), 0.05, 0.0, "harm"),
        ((0.99, 0.5), 0.051, 0.0, "inconclusive"),
        ((0.5, 0.05), 0.99, 0.0, "ruled out"),
        ((0.5, 0.051), 0.99, 0.0, "inconclusive"),
        ((0.99, 0.05), 0.99, 0.0, "ruled out"),  # real, and too small
    ],
)
def test_each_row_of_a_bayesian_plan_with_equality_at_the_threshold(goal, rail, loss, row):
    assert bayesian_row(goal, rail, loss) == row
    if row == "inconclusive":
        assert bayesian_row(goal, rail, loss, state="interim") == "open"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.002), st.sampled_from(["interim", "final"]))
@settings(max_examples=60, deadline=None)
def test_exactly_one_row_fires_for_every_posterior(above_zero, share, rail, loss, state):
    above_delta = above_zero * share
    harm = 1 - above_zero >= 0.95 or 1 - rail >= 0.95
    rows = [
        ("harm", harm),
        ("win", above_zero >= 0.95 and not 1 - above_delta >= 0.95 and rail >= 0.95 and loss <= 0.001),
        ("ruled out", 1 - above_delta >= 0.95),
        ("open", state == "interim"),
        ("inconclusive", state == "final"),
    ]
    wanted = next(name for name, fits in rows if fits)
    assert bayesian_row((above_zero, above_delta), rail, loss, state=state) == wanted


def test_a_bayesian_plan_may_look_when_it_likes():
    assert bayesian_row((0.96, 0.5), 0.96, state="unplanned") in {"win", "open"}
    assert row_of((0.01, 0.05), state="unplanned").row == "invalid"
