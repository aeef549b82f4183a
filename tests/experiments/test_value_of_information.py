"""The value of a test against brute-force enumeration of every state of the world."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit.errors import InvalidValueError
from pmkit.experiments import (
    Candidate,
    Portfolio,
    TestOption,
    portfolio_from_records,
    rank_tests,
    value_of_test,
)
from pmkit.experiments._bundle import best_bundle, ceiling_of
from pmkit.experiments._value import Valuation
from pmkit.model import Undefined

PROBABILITY = st.floats(0, 1, allow_nan=False)


@st.composite
def portfolios(draw):
    names = [f"a{i}" for i in range(draw(st.integers(1, 5)))]
    beliefs = {name: draw(PROBABILITY) for name in names}
    candidates = [
        Candidate(
            id=f"s{k}",
            opportunity=draw(st.sampled_from(["o1", "o2"])),
            value=draw(st.floats(-20, 200)),
            cost=draw(st.floats(0, 100)),
            assumptions=tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=4))),
        )
        for k in range(draw(st.integers(1, 5)))
    ]
    test = TestOption(
        id="t",
        assumptions=tuple(draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3))),
        sensitivity=draw(PROBABILITY),
        specificity=draw(PROBABILITY),
        inconclusive=draw(PROBABILITY),
        cost=draw(st.floats(0, 20)),
    )
    return candidates, beliefs, test


def worlds(beliefs):
    for states in itertools.product((True, False), repeat=len(beliefs)):
        world = dict(zip(beliefs, states, strict=True))
        yield world, math.prod(beliefs[name] if held else 1 - beliefs[name] for name, held in world.items())


def payoff(candidate, world):
    return (candidate.value if all(world[name] for name in candidate.assumptions) else 0.0) - candidate.cost


def best_action(candidates, weights, beliefs):
    """Choose one solution or none per opportunity, under weights of the worlds; return the expected payoff."""
    total = 0.0
    for opportunity in dict.fromkeys(candidate.opportunity for candidate in candidates):
        options = [0.0]
        for candidate in candidates:
            if candidate.opportunity == opportunity:
                pairs = zip(worlds(beliefs), weights, strict=True)
                options.append(sum(weight * payoff(candidate, world) for (world, _), weight in pairs))
        total += max(options)
    return total


def brute_force(candidates, beliefs, test):
    prior = [chance for _, chance in worlds(beliefs)]
    now = best_action(candidates, prior, beliefs)
    total = 0.0
    for outcome in ("positive", "negative", "inconclusive"):
        weights = []
        for world, chance in worlds(beliefs):
            holds = all(world[name] for name in test.assumptions)
            positive = test.sensitivity if holds else 1 - test.specificity
            likelihood = {
                "positive": (1 - test.inconclusive) * positive,
                "negative": (1 - test.inconclusive) * (1 - positive),
                "inconclusive": test.inconclusive,
            }[outcome]
            weights.append(chance * likelihood)
        total += best_action(candidates, weights, beliefs)
    return total - now


@given(portfolios())
@settings(max_examples=60, deadline=None)
def test_the_value_equals_enumeration_of_all_states(case):
    candidates, beliefs, test = case
    found = value_of_test(test, candidates, beliefs)
    assert found.gross == pytest.approx(brute_force(candidates, beliefs, test), abs=1e-8)
    assert found.net == pytest.approx(found.gross - test.cost)
    assert found.gross >= 0


@given(portfolios())
@settings(max_examples=40, deadline=None)
def test_the_ceiling_equals_enumeration_and_bounds_every_test(case):
    candidates, beliefs, test = case
    valuation = Valuation(Portfolio(candidates=candidates, beliefs=beliefs))
    total = 0.0
    for opportunity, group in valuation.by_opportunity.items():
        ceiling, exact = ceiling_of(valuation, opportunity)
        perfect = sum(chance * max(0.0, *(payoff(one, world) for one in group)) for world, chance in worlds(beliefs))
        now = best_action(group, [chance for _, chance in worlds(beliefs)], beliefs)
        assert exact
        # a solution that loses money even when it works is never built on perfect knowledge
        assert ceiling == pytest.approx(perfect - now, abs=1e-8)
        total += ceiling
    assert value_of_test(test, candidates, beliefs).gross <= total + 1e-8


def brute_bundle(candidates, beliefs, tests):
    """Run tests in order until one is not positive; every path of answers is enumerated."""
    now = best_action(candidates, [chance for _, chance in worlds(beliefs)], beliefs)
    gross, cost = -now, 0.0
    reached = [chance for _, chance in worlds(beliefs)]
    for test in tests:
        cost += test.cost * sum(reached)
        passed = []
        stopped = {"negative": [], "inconclusive": []}
        for (world, _), weight in zip(worlds(beliefs), reached, strict=True):
            positive = test.sensitivity if world[test.assumptions[0]] else 1 - test.specificity
            passed.append(weight * (1 - test.inconclusive) * positive)
            stopped["negative"].append(weight * (1 - test.inconclusive) * (1 - positive))
            stopped["inconclusive"].append(weight * test.inconclusive)
        gross += sum(best_action(candidates, weights, beliefs) for weights in stopped.values())
        reached = passed
    return gross + best_action(candidates, reached, beliefs), cost


@given(portfolios(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_bundle_equals_enumeration_of_all_paths(case, data):
    candidates, beliefs, _ = case
    tests = [
        TestOption(
            id=f"t_{name}",
            assumptions=name,
            sensitivity=data.draw(PROBABILITY),
            specificity=data.draw(PROBABILITY),
            inconclusive=data.draw(PROBABILITY),
            cost=data.draw(st.floats(0, 10)),
        )
        for name in beliefs
    ]
    valuation = Valuation(Portfolio(candidates=candidates, beliefs=beliefs, tests=tests))
    bundle = best_bundle(valuation, tests)
    if bundle is None:
        assert not any(candidate.assumptions and beliefs for candidate in candidates) or all(
            beliefs[name] == 1.0 for candidate in candidates for name in candidate.assumptions
        )
        return
    ordered = [next(test for test in tests if test.id == name) for name in bundle.tests]
    ratios = [test.cost / (1 - beliefs[test.assumptions[0]]) for test in ordered]
    assert ratios == sorted(ratios)
    gross, cost = brute_bundle(candidates, beliefs, ordered)
    assert bundle.gross == pytest.approx(max(0.0, gross), abs=1e-7)
    assert bundle.cost == pytest.approx(cost, abs=1e-7)


def tree(**changes):
    records = {
        "find": {"id": "find", "kind": "opportunity", "parent": "watch"},
        "row": {"id": "row", "kind": "solution", "parent": "find", "value": 100, "cost": 30, "status": "testing"},
        "look": {"id": "look", "kind": "assumption", "parent": "row", "probability": 0.6},
        "proto": {"id": "proto", "kind": "test", "parent": "look", "cost": 2, "days": 4},
    }
    for name, fields in changes.items():
        records.setdefault(name, {"id": name}).update(fields)
    return list(records.values())


def test_a_criterion_gives_sensitivity_and_specificity():
    criterion = {"successes": 8, "trials": 12, "rate_if_true": 0.75, "rate_if_false": 0.5}
    (test,) = portfolio_from_records(tree(proto={"criterion": criterion})).tests
    assert round(test.sensitivity, 2) == 0.84
    assert round(test.specificity, 2) == 0.81
    (value,) = rank_tests(tree(proto={"criterion": criterion})).tests
    assert not value.at_most


def test_missing_numbers_make_the_value_undefined_and_are_named():
    records = tree(row={"value": None}, look={"probability": float("nan")}, proto={"cost": ""})
    ranking = rank_tests(records)
    (value,) = ranking.tests
    assert isinstance(value.gross, Undefined)
    assert value.missing == ("value of 'row'", "probability of 'look'", "cost of 'proto'")
    assert ranking.advice[0].step == "undefined"
    assert "probability of 'look'" in ranking.summary()


def test_a_missing_cost_leaves_the_gross_value():
    (value,) = rank_tests(tree(proto={"cost": None})).tests
    assert value.gross == pytest.approx(12)
    assert isinstance(value.net, Undefined)
    assert value.missing == ("cost of 'proto'",)


def test_dropped_and_shipped_solutions_and_done_tests_are_left_out():
    assert not rank_tests(tree(row={"status": "dropped"})).tests
    assert not rank_tests(tree(row={"status": "shipped"})).tests
    assert not rank_tests(tree(proto={"status": "done"})).tests


def test_a_test_under_a_solution_looks_at_all_its_assumptions_at_once():
    extra = {"id": "use", "kind": "assumption", "parent": "row", "probability": 0.5}
    whole = {"id": "pilot", "kind": "test", "parent": "row", "cost": 1}
    values = {value.test: value for value in rank_tests(tree(use=extra, pilot=whole)).tests}
    assert set(values["pilot"].assumptions) == {"look", "use"}
    assert values["pilot"].positive == pytest.approx(0.3)


@pytest.mark.parametrize(
    "link",
    [
        ["use"],
        "use",
        "also tests: use",
        [{"kind": "also tests", "target": "use"}],
        [("also tests", "use")],
    ],
)
def test_links_tie_tests_to_further_assumptions(link):
    extra = {"id": "use", "kind": "assumption", "parent": "row", "probability": 0.5}
    (test,) = portfolio_from_records(tree(use=extra, proto={"links": link})).tests
    assert test.assumptions == ("look", "use")


def test_a_shared_assumption_counts_in_every_opportunity():
    other = tree(
        feel={"id": "feel", "kind": "opportunity", "parent": "watch"},
        call={"id": "call", "kind": "solution", "parent": "feel", "value": 50, "cost": 20, "links": ["look"]},
    )
    (value,) = rank_tests(other).tests
    assert value.opportunities == ("find", "call") or set(value.opportunities) == {"find", "feel"}
    # 0.4 x 30 saved on the one, 0.6 x 30 - 10 won... the other is worth 50·0.6 - 20 = 10 now and 0.6·30 = 18 then
    assert value.gross == pytest.approx(12 + 8)
    (advice,) = rank_tests(other).advice
    assert set(advice.opportunities) == {"find", "feel"}


def test_do_not_test_only_when_the_ceiling_is_below_the_cheapest_test():
    assert rank_tests(tree(proto={"cost": 12.01})).advice[0].step == "do not test"
    assert rank_tests(tree(proto={"cost": 11.99})).advice[0].step == "test"


def test_a_bundle_is_offered_when_no_single_test_pays():
    names = ("one", "two", "three")
    records = [
        {"id": "o", "kind": "opportunity"},
        {"id": "s", "kind": "solution", "parent": "o", "value": 100, "cost": 40},
        *({"id": name, "kind": "assumption", "parent": "s", "probability": 0.5} for name in names),
        *({"id": f"t_{name}", "kind": "test", "parent": name, "cost": 2 + place} for place, name in enumerate(names)),
    ]
    ranking = rank_tests(records)
    assert all(value.net <= 0 for value in ranking.tests)
    (advice,) = ranking.advice
    assert advice.step == "bundle"
    assert advice.tests == ("t_one", "t_two", "t_three")
    assert advice.bundle.net > 0
    dear = [dict(record, cost=10) if record["kind"] == "test" else record for record in records]
    assert dear
    assert rank_tests(dear).advice[0].step in {"nothing pays", "do not test"}


def test_nothing_pays_is_said_when_only_perfect_knowledge_would():
    criterion = {"sensitivity": 0.55, "specificity": 0.55}
    (advice,) = rank_tests(tree(proto={"cost": 5, **criterion})).advice
    assert advice.step == "nothing pays"
    assert "cheaper or sharper" in advice.reason


def test_an_opportunity_without_tests_and_an_unpriced_test_are_told_apart():
    no_test = [record for record in tree() if record["kind"] != "test"]
    assert rank_tests(no_test).advice[0].step == "no test listed"
    assert rank_tests(tree(proto={"cost": None})).advice[0].step == "undefined"
    assert rank_tests([]).summary() == "no solution is open, so there is nothing to test"


def test_ranking_by_cost_and_by_day():
    second = {"id": "quick", "kind": "test", "parent": "look", "cost": 1, "days": 10}
    assert [value.test for value in rank_tests(tree(quick=second)).tests] == ["quick", "proto"]
    assert [value.test for value in rank_tests(tree(quick=second), by="net per cost").tests] == ["quick", "proto"]
    assert [value.test for value in rank_tests(tree(quick=second), by="net per day").tests] == ["proto", "quick"]
    free = rank_tests(tree(proto={"cost": 0})).tests[0]
    assert isinstance(free.net_per_cost, Undefined)
    with pytest.raises(InvalidValueError, match="did you mean 'net per day'"):
        rank_tests(tree(), by="net per dya")
    assert len(rank_tests(tree(quick=second)).to_dicts()) == 2


def test_broken_records_are_told_all_at_once():
    records = [
        *tree(look={"probability": 1.2}, row={"cost": "dear"}, proto={"days": True}),
        {"kind": "test"},
        {"id": "row"},
        "rubbish",
    ]
    with pytest.raises(InvalidValueError) as caught:
        rank_tests(records)
    assert len(caught.value.findings) == 6
    assert "and 1 more" in str(caught.value)


def test_values_are_refused_in_words():
    with pytest.raises(InvalidValueError, match="looks at no assumption"):
        value_of_test(TestOption(id="t", assumptions=()), [], {})
    with pytest.raises(InvalidValueError, match="from 0 to 1"):
        value_of_test(TestOption(id="t", assumptions="a"), [], {"a": 2})
    with pytest.raises(InvalidValueError, match="must map assumptions"):
        Portfolio(candidates=[], beliefs=[1])


def test_many_siblings_give_the_same_value_as_few_at_a_time():
    generator = random.Random(5)
    candidates = [
        Candidate(
            id=f"s{k}", value=generator.uniform(0, 100), cost=generator.uniform(0, 40), assumptions=("shared", f"a{k}")
        )
        for k in range(40)
    ]
    beliefs = {"shared": 0.6, **{f"a{k}": generator.random() for k in range(40)}}
    test = TestOption(id="t", assumptions=("shared", "a3"), sensitivity=0.8, specificity=0.7)
    # only the best few can matter: keep those that win under any answer
    valued = value_of_test(test, candidates, beliefs).gross
    s, t = 0.8, 0.7
    p = beliefs["shared"] * beliefs["a3"]
    q = s * p + (1 - t) * (1 - p)
    highs, lows, nows = [0.0], [0.0], [0.0]
    for k, candidate in enumerate(candidates):
        holds = beliefs["shared"] * beliefs[f"a{k}"]
        joint = holds if k == 3 else holds * beliefs["a3"]
        highs.append(candidate.value * (s * joint + (1 - t) * (holds - joint)) - candidate.cost * q)
        lows.append(candidate.value * ((1 - s) * joint + t * (holds - joint)) - candidate.cost * (1 - q))
        nows.append(candidate.value * holds - candidate.cost)
    assert valued == pytest.approx(max(highs) + max(lows) - max(nows))


def test_more_than_twelve_shared_assumptions_give_an_upper_bound():
    names = [f"a{i}" for i in range(14)]
    candidates = [Candidate(id=f"s{k}", value=100 + k, cost=10, assumptions=tuple(names)) for k in range(2)]
    beliefs = dict.fromkeys(names, 0.95)
    ceiling, exact = ceiling_of(Valuation(Portfolio(candidates=candidates, beliefs=beliefs)), "")
    assert not exact
    truth = 0.95**14 * 91 - max(0.0, 0.95**14 * 101 - 10)
    assert ceiling >= truth


@pytest.mark.parametrize("seed", range(6))
def test_many_costly_siblings_are_chosen_among_after_either_answer(seed):
    generator = random.Random(seed)
    count = 24 + seed
    candidates = [
        Candidate(
            id=f"s{k}",
            value=generator.uniform(200, 300) if k % 2 else generator.uniform(60, 80),
            cost=generator.uniform(90, 110) if k % 2 else generator.uniform(5, 10),
            assumptions=("shared", f"a{k}"),
        )
        for k in range(count)
    ]
    beliefs = {"shared": 0.7, **{f"a{k}": generator.uniform(0.7, 0.9) for k in range(count)}}
    looked_at = ("shared",)
    test = TestOption(id="t", assumptions=looked_at, sensitivity=0.85, specificity=0.75)
    few = [one for one in candidates if one.id in _best_of(candidates, beliefs, test)]
    assert len(few) <= 24
    assert value_of_test(test, candidates, beliefs).gross == pytest.approx(value_of_test(test, few, beliefs).gross)
    assert value_of_test(test, few, beliefs).gross > 0


def _best_of(candidates, beliefs, test):
    """Find who is best now, after a positive answer and after a negative one, state by state of what it looks at."""
    best = []
    for outcome in ("positive", "negative", "now"):
        worths = {}
        for one in candidates:
            worth = 0.0
            for states in itertools.product((True, False), repeat=len(test.assumptions)):
                world = dict(zip(test.assumptions, states, strict=True))
                chance = math.prod(beliefs[name] if held else 1 - beliefs[name] for name, held in world.items())
                positive = test.sensitivity if all(states) else 1 - test.specificity
                weight = {"positive": positive, "negative": 1 - positive, "now": 1.0}[outcome] * chance
                holds = math.prod(float(world[name]) if name in world else beliefs[name] for name in one.assumptions)
                worth += weight * (one.value * holds - one.cost)
            worths[one.id] = worth
        best.append(max(worths, key=worths.__getitem__))
    return best


@pytest.mark.parametrize(
    ("rates", "at_most"),
    [
        ({}, True),
        ({"sensitivity": 0.9}, True),
        ({"specificity": 0.9}, True),
        ({"sensitivity": 0.9, "specificity": 0.9}, False),
    ],
)
def test_a_missing_error_rate_makes_the_value_an_upper_bound(rates, at_most):
    candidates = [Candidate(id="s", value=100, cost=30, assumptions=("a",))]
    found = value_of_test(TestOption(id="t", assumptions=("a",), **rates), candidates, {"a": 0.5})
    exact = value_of_test(
        TestOption(id="t", assumptions=("a",), **({"sensitivity": 1.0, "specificity": 1.0} | rates)),
        candidates,
        {"a": 0.5},
    )
    assert found.at_most is at_most
    assert found.gross == exact.gross


@pytest.mark.parametrize(
    ("costs", "step"), [((25, 18), "nothing pays"), ((25, 20), "nothing pays"), ((25, 21), "do not test")]
)
def test_the_ceiling_is_held_against_the_cheapest_test(costs, step):
    records = [
        {"id": "o", "kind": "opportunity"},
        {"id": "s", "kind": "solution", "parent": "o", "value": 100, "cost": 40},
        {"id": "a", "kind": "assumption", "parent": "s", "probability": 0.5},
        *(
            {"id": f"t{cost}", "kind": "test", "parent": "a", "sensitivity": 0.9, "specificity": 0.9, "cost": cost}
            for cost in costs
        ),
    ]
    (advice,) = rank_tests(records).advice
    assert advice.ceiling == pytest.approx(20)
    assert advice.step == step
