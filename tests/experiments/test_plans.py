"""Plans: what may be built, and what the digest covers."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import pickle
import unicodedata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.experiments._canonical import canonical_json

SPLIT = {"control": 1, "picks": 1}


def plan(**changes):
    fields = {
        "goal": ex.proportion("started_next", minimum_effect=0.02, relative=True),
        "guardrails": [ex.mean("crashes", margin=0.01, relative=True, prefer="lower"), ex.count("calls", margin=0.1)],
        "split": SPLIT,
        "looks": ex.GroupSequential(looks=4),
    } | changes
    return ex.Plan(**fields)


def test_the_digest_is_the_hash_of_the_canonical_rule():
    one = plan()
    assert one.digest == "pmkit-plan-1:" + hashlib.sha256(ex.canonical_rule(one).encode()).hexdigest()
    assert json.loads(ex.canonical_rule(one))["alpha"] == 0.05


def test_the_digest_is_the_same_tomorrow():
    # a digest registered once must be found again by every later version
    simple = ex.Plan(goal=ex.proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    assert simple.digest == "pmkit-plan-1:" + hashlib.sha256(SIMPLE.encode()).hexdigest()


SIMPLE = (
    '{"alpha":0.05,"amends":null,"audience":"","control":"control","end":null,"goal":{"column":"bought",'
    '"covariate":null,"covariate_denominator":null,"denominator":null,"interval":"newcombe","kind":"proportion",'
    '"margin":null,"minimum_effect":0.01,"name":"bought","prefer":"higher","q":null,"relative":false,"window":null,'
    '"winsorize":null},"guardrails":[],"looks":{"kind":"fixed","safety_looks":[]},"multiplicity":"bonferroni","n":null,'
    '"power":0.8,"sample_ratio_threshold":0.001,"secondary":[],"split":{"control":1,"new":1},"units":{"analysis":"user",'
    '"cluster":null,"randomization":"user"},"version":1,"win":"above zero"}'
)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "other"},
        {"title": "A title"},
        {"hypothesis": ex.parse_hypothesis("We believe that x will increase y by 2 % in 3 weeks.")},
        {"segments": ["country"]},
        {"stakes": "explore"},
        {"method": "interview"},
        {"split": {"picks": 1, "control": 1.0}},
        {"alpha": 0.05, "power": 0.8},
        {"looks": ex.GroupSequential(information=(0.25, 0.5, 0.75, 1))},
        {"guardrails": [ex.count("calls", margin=0.1), ex.mean("crashes", margin=0.01, relative=True, prefer="lower")]},
        {"goal": ex.proportion("started_next", minimum_effect=0.02, relative=True, baseline=0.3, expected_effect=0.03)},
    ],
)
def test_prose_order_and_what_is_known_before_do_not_change_the_digest(changes):
    assert plan(**changes).digest == plan().digest


GOAL = {"minimum_effect": 0.02, "relative": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"control": "picks"},
        {"split": {"control": 2, "picks": 1}},
        {"randomization_unit": "device"},
        {"analysis_unit": "session"},
        {"cluster": "user_id"},
        {"audience": "country = 'DE'"},
        {"goal": ex.proportion("started", **GOAL)},
        {"goal": ex.proportion("started_next", minimum_effect=0.03, relative=True)},
        {"goal": ex.proportion("started_next", minimum_effect=0.02)},
        {"goal": ex.proportion("started_next", prefer="lower", **GOAL)},
        {"goal": ex.proportion("started_next", window=7, **GOAL)},
        {"goal": ex.proportion("started_next", covariate="before", **GOAL)},
        {"goal": ex.proportion("started_next", interval="wald", **GOAL)},
        {"goal": ex.mean("started_next", **GOAL)},
        {"goal": ex.mean("started_next", winsorize=(0, 10), **GOAL)},
        {"goal": ex.quantile("started_next", 0.5, **GOAL)},
        {"goal": ex.ratio("started_next", "sessions", **GOAL)},
        {"secondary": [ex.mean("time")]},
        {"guardrails": []},
        {"guardrails": [ex.mean("crashes", margin=0.02, relative=True, prefer="lower")]},
        {"win": "above minimum effect"},
        {"alpha": 0.01},
        {"power": 0.9},
        {"units": 10_000},
        {"end": dt.date(2026, 12, 1)},
        {"looks": ex.Fixed()},
        {"looks": ex.Fixed(safety_looks=(0.5,))},
        {"looks": ex.GroupSequential(looks=5)},
        {"looks": ex.GroupSequential(looks=4, spending="pocock")},
        {"looks": ex.GroupSequential(looks=4, spending="wang-tsiatis", parameter=0.1)},
        {"looks": ex.GroupSequential(looks=4, futility="lan-demets-pocock")},
        {"looks": ex.AlwaysValid()},
        {"looks": ex.AlwaysValid(tuned_at=100)},
        {"looks": ex.Bayesian()},
        {"looks": ex.Bayesian(threshold=0.9)},
        {"looks": ex.Bayesian(loss_limit=0.1)},
        {"looks": ex.Bayesian(prior=(2, 2))},
        {"looks": ex.Bayesian(prior_sd=1.0)},
        {"multiplicity": "none"},
        {"sample_ratio_threshold": 0.01},
        {"amendments": [ex.Amendment(digest="x")]},
    ],
)
def test_everything_that_decides_changes_the_digest(changes):
    assert plan(**changes).digest != plan().digest


def test_all_those_digests_differ_from_each_other():
    looks = [ex.Fixed(), ex.AlwaysValid(), ex.Bayesian(), ex.GroupSequential(looks=2), ex.GroupSequential(looks=3)]
    assert len({plan(looks=one).digest for one in looks}) == len(looks)


def test_text_is_compared_in_nfc():
    one, other = "café", unicodedata.normalize("NFD", "café")
    assert plan(audience=one).digest == plan(audience=other).digest
    assert plan(goal=ex.mean(one, minimum_effect=1)).digest == plan(goal=ex.mean(other, minimum_effect=1)).digest


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # RFC 8785, appendix B, and its example of section 3.2.2
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (0.000000000000000000000000001, "1e-27"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.3333332, "333333333.3333332"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
        (1, "1"),
        (1.0, "1"),
        (10**17, "100000000000000000"),
        (True, "true"),
        (None, "null"),
        (float("-inf"), '"-infinity"'),
        ('€$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ([], "[]"),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}, None),
    ],
)
def test_the_canonical_form_is_that_of_rfc_8785(value, text):
    if text is None:
        # keys are sorted by UTF-16 code units; U+FB33 is compatibility-decomposed by NFC
        keys = list(json.loads(canonical_json(value)))
        assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))
        assert keys[:2] == ["\r", "1"]
    else:
        assert canonical_json(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back(number):
    assert float(canonical_json(number)) == number


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(), st.lists))
def test_the_canonical_form_is_json(value):
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


def test_what_has_no_canonical_form_is_a_fault_of_ours():
    with pytest.raises(TypeError, match="no canonical form for set"):
        canonical_json(set())


def test_amendments_chain():
    first = plan()
    second = ex.amend(first, because="traffic fell", units=9000)
    third = ex.amend(second, because="and back", units=None)
    assert [one.digest for one in third.amendments] == [first.digest, second.digest]
    assert third.digest != first.digest
    assert ex.amend(first, because="one").digest == ex.amend(first, because="another").digest
    with pytest.raises(InvalidValueError, match="did you mean 'alpha'"):
        ex.amend(first, because="x", alfa=0.1)
    with pytest.raises(InvalidValueError, match="because"):
        ex.amend(first, because=" ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"control": "contrl"}, "did you mean 'control'"),
        ({"goal": ex.mean("x")}, "minimum_effect"),
        ({"guardrails": [ex.mean("x")]}, "needs margin"),
        ({"secondary": [ex.mean("crashes")]}, "two metrics are called 'crashes'"),
        ({"secondary": [ex.mean("ca\ufb01e"), ex.mean("cafie")]}, "have one name"),
        ({"split": {"control": 1}}, "at least two variants"),
        ({"split": {"control": 1, "b": 0.5}}, "whole number from 1 up"),
        ({"split": {"control": 1, "": 1}}, "must not be empty"),
        ({"split": [1, 2]}, "must map variants"),
        ({"alpha": 0}, "Plan.alpha"),
        ({"looks": "fixed"}, "Fixed"),
        ({"goal": "bought"}, "a metric"),
        ({"end": "soon"}, "a date"),
        (
            {"win": "above minimum effect", "goal": ex.mean("x", minimum_effect=0.2, expected_effect=0.1)},
            "expected_effect above",
        ),
    ],
)
def test_a_plan_that_cannot_be_says_why(changes, words):
    with pytest.raises(InvalidValueError, match=words):
        plan(**changes)


def test_all_faults_are_told_at_once():
    with pytest.raises(InvalidValueError) as caught:
        ex.Plan(goal=ex.mean("x"), guardrails=[ex.mean("x")], split={"a": 1, "b": 1})
    assert len(caught.value.findings) == 4


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ex.mean("x", winsorize=(3, 1)), "a lower and a higher bound"),
        (lambda: ex.mean("x", margin=-1), "margin"),
        (lambda: ex.proportion("x", interval="fieller"), "a proportion takes the interval"),
        (lambda: ex.ratio("x", "y", covariate="z"), "together, or neither"),
        (lambda: ex.quantile("x", 1.0), "q must be"),
        (lambda: ex.quantile("x", "p95"), "q must be"),
        (lambda: ex.Fixed(safety_looks=(0.5, 0.2)), "rise strictly"),
        (lambda: ex.GroupSequential(information=(0.5, 0.9)), "end at 1"),
        (lambda: ex.GroupSequential(looks=3, information=(0.5, 1)), "3 looks but 2"),
        (lambda: ex.GroupSequential(looks=3, binding=True), "needs futility"),
        (lambda: ex.GroupSequential(looks=3, futility="pocock"), "a set of constants"),
        (lambda: ex.GroupSequential(looks=3, futility="lan-demets-pocock", binding=True), "spending function"),
        (lambda: ex.GroupSequential(looks=3, spending="obrien"), "did you mean"),
        (lambda: ex.Bayesian(prior=(1, 2, 3)), "two numbers"),
        (lambda: ex.Bayesian(prior_sd=-1), "prior_sd"),
    ],
)
def test_metrics_and_looks_refuse_in_words(make, words):
    with pytest.raises(InvalidValueError, match=words):
        make()


def test_plans_survive_copies_and_cannot_be_changed():
    one = plan()
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.alpha = 0.1
    with pytest.raises(TypeError):
        one.split["b"] = 1
    assert one.variants == ("picks",)
    assert one.analysis_unit == "user"
    assert [metric.name for metric in one.metrics] == ["started_next", "crashes", "calls"]
