"""The digest, field by field: every field of a plan is either part of the rule or said to be none."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import OrderedDict
from types import MappingProxyType

import attrs
import numpy as np
import pytest

from pmkit import experiments as ex
from pmkit.experiments._canonical import canonical_json

SPLIT = {"control": 1, "new": 2}
BASE = {
    "goal": ex.mean("spend", minimum_effect=0.5),
    "guardrails": (ex.mean("crashes", margin=0.1, prefer="lower"), ex.mean("calls", margin=0.2, prefer="lower")),
    "secondary": (ex.mean("time"), ex.mean("visits")),
    "split": SPLIT,
    "looks": ex.GroupSequential(looks=4),
    "units": 10_000,
}

PLAN = {
    "goal": ex.mean("other", minimum_effect=0.5),
    "control": "new",
    "split": {"control": 1, "new": 1},
    "secondary": (ex.mean("time"),),
    "guardrails": (ex.mean("crashes", margin=0.1, prefer="lower"),),
    "randomization_unit": "device",
    "analysis_unit": "session",
    "cluster": "user_id",
    "audience": "country = 'DE'",
    "alpha": 0.1,
    "power": 0.9,
    "win": "above minimum effect",
    "looks": ex.GroupSequential(looks=5),
    "multiplicity": "sidak",
    "units": 20_000,
    "end": dt.date(2026, 12, 1),
    "sample_ratio_threshold": 0.01,
    "amendments": (ex.Amendment(digest="pmkit-plan-1:0", because="for a reason"),),
}
PLAN_BESIDE = {
    "id": "another",
    "title": "Another",
    "hypothesis": ex.parse_hypothesis("We believe that x for buyers will increase y by 2 % in 3 weeks because z."),
    "segments": ("country",),
    "method": "interview",
    "stakes": "explore",
}
METRIC = {
    "column": "other",
    "name": "another",
    "prefer": "lower",
    "relative": True,
    "minimum_effect": 0.6,
    "margin": 0.3,
    "covariate": "before",
    "window": 7,
    "winsorize": (0, 10),
    "interval": "fieller",
}
METRIC_BESIDE = {"expected_effect": 0.7, "baseline": 3.0, "sd": 2.0}
OWN = {
    ex.Proportion: ({"interval": "wald"}, {"baseline": 0.3}),
    ex.Mean: ({}, {}),
    ex.Count: ({}, {"baseline": 3.0}),
    ex.Ratio: ({"denominator": "views", "covariate_denominator": "views_before"}, {}),
    ex.Quantile: ({"q": 0.9}, {}),
}
LOOKS = {
    ex.Fixed(): {"safety_looks": (0.5,)},
    ex.GroupSequential(looks=4, spending="lan-demets-pocock", futility="lan-demets-pocock"): {
        "information": (0.1, 0.5, 0.75, 1.0),
        "looks": 5,
        "spending": "lan-demets-obrien-fleming",
        "futility": "lan-demets-obrien-fleming",
        "binding": True,
    },
    ex.GroupSequential(looks=4, spending="wang-tsiatis", parameter=0.1): {"parameter": 0.2},
    ex.AlwaysValid(): {"tuned_at": 1_000},
    ex.Bayesian(): {
        "threshold": 0.9,
        "loss_limit": 0.1,
        "minimum_units": 200,
        "looks": 5,
        "prior": (2.0, 2.0),
        "prior_mean": 1.0,
        "prior_sd": 2.0,
    },
}


def names(cls):
    return {field.name for field in attrs.fields(cls)}


def digest(**changes):
    return ex.Plan(**(BASE | changes)).digest


def test_every_field_of_a_plan_is_judged():
    assert PLAN.keys() | PLAN_BESIDE.keys() == names(ex.Plan)
    assert not PLAN.keys() & PLAN_BESIDE.keys()


@pytest.mark.parametrize("field", PLAN)
def test_each_deciding_field_of_a_plan_changes_the_digest(field):
    assert digest(**{field: PLAN[field]}) != digest()


@pytest.mark.parametrize("field", PLAN_BESIDE)
def test_no_other_field_of_a_plan_does(field):
    assert digest(**{field: PLAN_BESIDE[field]}) == digest()


def test_all_changes_of_one_field_give_digests_of_their_own():
    assert len({digest(**{field: value}) for field, value in PLAN.items()}) == len(PLAN)


@pytest.mark.parametrize("cls", OWN, ids=lambda cls: cls.__name__)
def test_every_field_of_a_metric_is_judged(cls):
    own, beside = OWN[cls]
    assert METRIC.keys() | METRIC_BESIDE.keys() | own.keys() | beside.keys() == names(cls)


@pytest.mark.parametrize("role", ["goal", "secondary", "guardrails"])
@pytest.mark.parametrize("cls", OWN, ids=lambda cls: cls.__name__)
def test_each_field_of_a_metric_changes_the_digest_unless_it_only_serves_sizing(cls, role):
    needed = {"denominator": "sessions"} if cls is ex.Ratio else {}
    metric = cls(column="bought", minimum_effect=0.5, margin=0.1, **needed)

    def with_metric(changed):
        return digest(**{role: changed if role == "goal" else (changed,)})

    own, beside = OWN[cls]
    deciding = METRIC | own
    if cls in {ex.Ratio, ex.Quantile}:
        deciding = {field: value for field, value in deciding.items() if field != "interval"}  # it has but one
    digests = {field: with_metric(attrs.evolve(metric, **{field: value})) for field, value in deciding.items()}
    if role != "goal":
        assert digests["column"] != digests["name"]
    assert with_metric(metric) not in digests.values()
    assert len(set(digests.values())) == len(digests)
    for field, value in (METRIC_BESIDE | beside).items():
        assert with_metric(attrs.evolve(metric, **{field: value})) == with_metric(metric), field


def test_a_kind_of_metric_is_part_of_the_rule():
    kinds = [
        cls(column="bought", minimum_effect=0.5, **({"denominator": "sessions"} if cls is ex.Ratio else {}))
        for cls in OWN
    ]
    assert len({digest(goal=metric) for metric in kinds}) == len(kinds)


def test_every_field_of_every_kind_of_look_is_judged():
    for cls in {type(looks) for looks in LOOKS}:
        judged = {field for looks, changes in LOOKS.items() if type(looks) is cls for field in changes}
        assert judged == names(cls)


@pytest.mark.parametrize("looks", LOOKS, ids=lambda looks: type(looks).__name__)
def test_each_field_of_a_look_changes_the_digest(looks):
    digests = [digest(looks=looks)]
    for field, value in LOOKS[looks].items():
        dropped = {"looks": len(value)} if field == "information" else {}
        digests.append(digest(looks=attrs.evolve(looks, **{field: value}, **dropped)))
        if field == "looks" and isinstance(looks, ex.GroupSequential):
            digests[-1] = digest(looks=attrs.evolve(looks, looks=value, information=None))
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize(
    "changes",
    [
        {"split": {"new": 2, "control": 1}},
        {"split": {"control": 1.0, "new": 2.0}},
        {"split": OrderedDict(new=2, control=1)},
        {"split": MappingProxyType({"new": 2, "control": 1})},
        {"alpha": np.float64(0.05)},
        {"alpha": 0.05, "power": 0.8, "win": "above zero", "multiplicity": "bonferroni"},
        {"guardrails": list(reversed(BASE["guardrails"]))},
        {"secondary": iter(reversed(BASE["secondary"]))},
        {"looks": ex.GroupSequential(information=(0.25, 0.5, 0.75, 1))},
        {"looks": ex.GroupSequential(information=np.array([0.25, 0.5, 0.75, 1.0]))},
        {"goal": ex.mean("spend", name="spend", minimum_effect=0.5, prefer="higher", interval="delta")},
    ],
    ids=range(11),
)
def test_the_same_rule_written_otherwise_has_the_same_digest(changes):
    assert digest(**changes) == digest()


def test_whole_numbers_and_numbers_are_one():
    goal = ex.mean("spend", minimum_effect=1)
    assert digest(goal=goal) == digest(goal=ex.mean("spend", minimum_effect=1.0))
    assert digest(goal=attrs.evolve(goal, winsorize=(0, 10))) == digest(goal=attrs.evolve(goal, winsorize=(-0.0, 1e1)))
    assert digest(end=dt.date(2026, 12, 1)) == digest(end="2026-12-01")


@pytest.mark.parametrize("form", ["NFD", "NFC"])
def test_names_and_filters_are_compared_in_nfc(form):
    def written(text):
        return unicodedata.normalize(form, text)

    plan = ex.Plan(
        goal=ex.mean(written("crédit"), minimum_effect=1),
        guardrails=[ex.mean(written("détour"), margin=1)],
        split={written("témoin"): 1, written("après"): 1},
        control=written("témoin"),
        audience=written("ville = 'Orléans'"),
        randomization_unit=written("élève"),
    )
    assert plan.digest == NFC_DIGEST


NFC_DIGEST = ex.Plan(
    goal=ex.mean("crédit", minimum_effect=1),
    guardrails=[ex.mean("détour", margin=1)],
    split={"témoin": 1, "après": 1},
    control="témoin",
    audience="ville = 'Orléans'",
    randomization_unit="élève",
).digest


def test_what_looks_alike_and_is_not_stays_apart():
    assert digest(audience="country = 'DE'") != digest(audience="country = 'DE' ")
    assert digest(goal=ex.mean("spend", minimum_effect=0.1 + 0.2)) != digest(goal=ex.mean("spend", minimum_effect=0.3))
    assert digest(audience="1") != digest(audience="")
    assert digest(cluster=None) != digest(cluster="null")
    assert digest(split={"control": 1, "new": 2}) != digest(split={"control": 2, "new": 4})


def test_the_canonical_form_orders_keys_by_utf_16_and_escapes_no_more_than_it_must():
    assert canonical_json({"\ue000": 1, "😀": 2}) == '{"😀":2,"\ue000":1}'
    assert canonical_json({"b": 1, "a": 2, "B": 3}) == '{"B":3,"a":2,"b":1}'
    assert canonical_json('a "b" \\ c') == '"a \\"b\\" \\\\ c"'
    assert canonical_json("a\x1f é\t") == '"a\\u001f é\\t"'
