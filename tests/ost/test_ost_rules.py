"""Every method rule on trees of our own: one that breaks it, one that does not."""

from __future__ import annotations

import datetime as dt

import pytest

from pmkit import ost
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Rule
from pmkit.ost import _facts
from pmkit.trees import Node, Schema, new

TODAY = dt.date(2026, 11, 22)
Record = dict[str, object]


def outcome(
    identifier: str = "gate", title: str = "Passengers at the gate on time: 88% to 94% by June", **fields: object
) -> Record:
    return {"id": identifier, "kind": "outcome", "title": title, **fields}


def need(identifier: str, title: str | None = None, parent: str = "gate", **fields: object) -> Record:
    title = title or f"I lose my way at place {identifier}"
    return {"id": identifier, "kind": "opportunity", "title": title, "parent": parent, **fields}


def idea(identifier: str, parent: str, **fields: object) -> Record:
    return {"id": identifier, "kind": "solution", "title": f"Idea {identifier}", "parent": parent, **fields}


def belief(identifier: str, parent: str, **fields: object) -> Record:
    return {"id": identifier, "kind": "assumption", "title": f"Belief {identifier}", "parent": parent, **fields}


def trial(identifier: str, parent: str, **fields: object) -> Record:
    fields.setdefault("criterion", "8 of 12")
    return {"id": identifier, "kind": "test", "title": f"Trial {identifier}", "parent": parent, **fields}


def told(*participants: str, kind: str = "story", source: str = "") -> list[Record]:
    return [{"kind": kind, "participant": participant, "source": source} for participant in participants]


def three(parent: str, prefix: str = "s", **fields: object) -> list[Record]:
    return [idea(f"{prefix}{number}", parent, **fields) for number in range(3)]


def subjects(records: list[Record], code: str, **options: object) -> list[str]:
    tree = ost.from_records(records)
    return [finding.subject for finding in ost.check(tree, select=[code], **options)]


BROKEN = {
    "OST101": ([outcome(), need("a", "I can't find my gate"), need("b", "I can\u2019t  find my GATE.")], ["b"]),
    "OST102": (
        [outcome(), need("a"), need("b"), need("c", "I lost my bag", "a"), need("d", "I lost my bag", "b")],
        ["d"],
    ),
    "OST103": ([outcome(), need("a")], ["gate"]),
    "OST104": ([outcome(), need("a"), need("b", parent="a")], ["a"]),
    "OST105": ([outcome(), need("a"), need("b", parent="a"), idea("s", "a")], ["a"]),
    "OST106": ([outcome(), need("a"), need("b"), idea("s", "a"), idea("t", "a")], ["a"]),
    "OST107": ([outcome(), need("a", target=True), need("b", target=True)], ["b"]),
    "OST108": ([outcome(), need("a"), need("b"), idea("s", "a"), idea("t", "b")], ["gate"]),
    "OST111": ([outcome(title="Launch the boarding app")], ["gate"]),
    "OST112": ([outcome(title="Travelers reach their gate without stress")], ["gate"]),
    "OST113": ([outcome(level="traction")], ["gate"]),
    "OST114": ([outcome(), need("a", "Add a boarding alert")], ["a"]),
    "OST115": ([outcome(), need("a", "We need to raise our revenue per passenger")], ["a"]),
    "OST116": ([outcome(), need("a", "I'm frustrated")], ["a"]),
    "OST201": ([outcome(), need("a", evidence=told("p1", "p1")), need("b", evidence=told("p1", "p2"))], ["a"]),
    "OST202": ([outcome(), need("a"), idea("s", "a", status="testing"), idea("t", "a")], ["s"]),
    "OST203": (
        [outcome(), need("a"), idea("s", "a", status="building"), belief("x", "s", probability=0.3),
         belief("y", "s", probability=0.9), trial("t", "y")],
        ["x"],
    ),
    "OST204": (
        [outcome(), need("a"), idea("s", "a"), trial("t", "s", criterion=""), trial("u", "s", status="done")],
        ["t", "u"],
    ),
    "OST205": (
        [outcome(), need("a"), idea("s", "a", status="building"), belief("x", "s"),
         trial("t", "x", status="done", verdict="refuted")],
        ["s"],
    ),
    "OST206": ([outcome(), need("a", evidence=told("p1", "p2", kind="opinion")), need("b")], ["a"]),
    "OST303": ([outcome(title="More passengers on time") ], ["gate"]),
}  # fmt: skip

SOUND = {
    "OST101": [outcome(), need("a", "I can't find my gate"), need("b", "I can't find my seat")],
    "OST102": [outcome(), need("a"), need("b"), idea("s", "a"), {**idea("t", "b"), "title": "Idea s"}],
    "OST103": [outcome(), need("a"), need("b")],
    "OST104": [outcome(), need("a"), need("b", parent="a"), need("c", parent="a")],
    "OST105": [outcome(), need("a"), need("b", parent="a"), idea("s", "b")],
    "OST106": [outcome(), need("a", target=True), *three("a", status="dropped"), need("b"), idea("x", "b")],
    "OST107": [outcome(), need("a", target=True), need("b")],
    "OST108": [outcome(), need("a"), *three("a"), need("b"), idea("x", "b", status="shipped")],
    "OST111": [outcome()],
    "OST112": [outcome(title="Travelers reach their gate without stress", metric="late arrivals")],
    "OST113": [outcome(level="traction", counterweight="complaints"), need("a")],
    "OST114": [outcome(), need("a", "I don't know when boarding starts")],
    "OST115": [outcome(), need("a", "I can't tell what my seat will cost")],
    "OST116": [outcome(), need("a", "I'm frustrated that the gate changed twice")],
    "OST201": [outcome(), need("a", evidence=[*told("p1"), *told("", source="gate log")])],
    "OST202": [outcome(), need("a"), idea("s", "a", status="testing"), belief("x", "s"), idea("t", "a")],
    "OST203": [
        outcome(), need("a"), idea("s", "a", status="building"), belief("x", "s", probability=0.3), trial("t", "x"),
        belief("y", "s", probability=0.9), idea("z", "a"), belief("w", "z"),
    ],
    "OST204": [outcome(), need("a"), idea("s", "a"), trial("u", "s", status="done", verdict="inconclusive")],
    "OST205": [
        outcome(), need("a"), idea("s", "a", status="building", notes="goes on for the night bus only"),
        belief("x", "s"), trial("t", "x", status="done", verdict="refuted"),
        idea("d", "a", status="dropped"), belief("y", "d"), trial("u", "y", status="done", verdict="refuted"),
    ],
    "OST206": [outcome(), need("a", evidence=[*told("p1", kind="opinion"), *told("p2")]), need("b")],
    "OST303": [outcome(title="More passengers on time", baseline=88, target=94, by="2027-06-01")],
}  # fmt: skip


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_tree_is_found(code: str):
    records, expected = BROKEN[code]
    assert subjects(records, code) == expected


@pytest.mark.parametrize("code", SOUND)
def test_a_sound_tree_is_left_alone(code: str):
    assert subjects(SOUND[code], code) == []


def test_every_rule_of_the_method_is_there():
    wanted = [*BROKEN, "OST301", "OST302"]
    codes = [rule.code for rule in ost.RULES]
    assert len(set(codes)) == len(codes)
    assert sorted(code for code in codes if code > "OST1") == sorted(wanted)


@pytest.mark.parametrize("rule", ost.RULES, ids=lambda rule: rule.code)
def test_every_rule_explains_itself(rule: Rule[ost.OstTree]):
    assert isinstance(rule, Rule)
    for text in (rule.name, rule.summary, rule.rationale, rule.source, rule.hint, rule.failing, rule.passing):
        assert text.strip()
    assert rule.failing != rule.passing
    assert set(rule.profiles) <= {"structure", "default", "torres"}


def test_profiles_are_nested():
    held = {
        profile: {rule.code for rule in ost.RULES if profile in rule.profiles}
        for profile in ("structure", "default", "torres")
    }
    assert held["structure"] <= held["default"] < held["torres"]
    assert held["torres"] - held["default"] == {"OST108"}


SEVERITIES = dict.fromkeys(["OST108", "OST112", "OST201", "OST202", "OST301", "OST302", "OST303"], "information")


@pytest.mark.parametrize("code", BROKEN)
def test_severities(code: str):
    tree = ost.from_records(BROKEN[code][0])
    assert {finding.severity for finding in ost.check(tree, select=[code])} == {SEVERITIES.get(code, "warning")}


def test_thin_evidence_weighs_more_for_torres():
    tree = ost.from_records([outcome(), need("a")])
    assert [f.severity for f in ost.check(tree, select=["OST201"], profile="torres")] == ["warning"]
    assert "OST108" in {f.code for f in ost.check(ost.from_records(BROKEN["OST108"][0]), profile="torres")}
    assert "OST108" not in {f.code for f in ost.check(ost.from_records(BROKEN["OST108"][0]))}


def test_a_node_may_be_spared():
    records = [
        outcome(title="Launch the boarding app", ignore=["OST111"]),
        need("a", "Add a boarding alert", ignore="OST115"),
    ]
    assert subjects(records, "OST111") == []
    assert subjects(records, "OST114") == ["a"]


def test_stale_needs_a_day_and_a_limit():
    records = [outcome(updated="2026-01-10"), need("a", updated="2026-11-01"), need("b")]
    assert subjects(records, "OST301") == subjects(records, "OST301", today=TODAY) == []
    assert subjects(records, "OST301", limits={"stale_days": 90}) == []
    assert subjects(records, "OST301", today="2026-11-22", limits={"stale_days": 90}) == ["gate"]
    assert subjects(records, "OST301", today=TODAY, limits={"stale_days": 316}) == []


def test_overgrown_needs_a_budget():
    records = [outcome(), *[need(f"a{number}") for number in range(5)]]
    assert subjects(records, "OST302") == []
    assert subjects(records, "OST302", limits={"children": 5, "nodes": 6}) == []
    assert subjects(records, "OST302", limits={"children": 4}) == ["gate"]
    assert subjects(records, "OST302", limits={"nodes": 5}) == ["gate"]


@pytest.mark.parametrize(
    "limits", [{"chldren": 3}, {"nodes": -1}, {"nodes": float("nan")}, {"nodes": True}, {"nodes": "3"}, 7]
)
def test_limits_are_checked(limits: object):
    with pytest.raises(InvalidValueError, match="limit"):
        ost.check(ost.new(ost.Outcome(id="gate", title="On time")), limits=limits)


@pytest.mark.parametrize(
    "options", [{"profile": "tores"}, {"select": ["OST999"]}, {"ignore": ["XYZ"]}, {"today": "soon"}]
)
def test_options_are_checked(options: dict[str, object]):
    with pytest.raises(InvalidValueError):
        ost.check(ost.new(ost.Outcome(id="gate", title="On time")), **options)


def test_structural_codes_are_known_and_find_nothing_in_a_tree_that_exists() -> None:
    tree = ost.from_records([outcome(), need("a")])
    assert ost.check(tree, profile="structure") == ()
    assert ost.check(tree, select=["OST003", "OST0"]) == ()
    assert ost.check(tree, ignore=["OST00"]) == ost.check(tree)
    assert [rule.code for rule in ost.RULES][:9] == [f"OST00{number}" for number in range(1, 10)]


def test_only_opportunity_solution_trees_are_checked():
    import attrs

    @attrs.frozen(kw_only=True)
    class Folder(Node):
        kind = "folder"

    schema = Schema(name="folders", kinds=[Folder], children={}, roots=["folder"])
    for other in (None, [], new(schema, Folder(id="a", title="A"))):
        with pytest.raises(InvalidValueError, match="opportunity solution tree"):
            ost.check(other)


def test_two_targets_under_two_product_outcomes_are_fine():
    records = [
        outcome("year", "Profit per seat from 4 to 6", level="business"),
        outcome("gate", level="product", parent="year"),
        outcome("bag", "Bags that arrive with their owner: 97% to 99%", level="product", parent="year"),
        need("a", target=True),
        need("b", parent="bag", target=True),
    ]
    assert subjects(records, "OST107") == []
    records.append(outcome("sub", "Bags scanned twice: 3% to 1%", level="traction", parent="bag"))
    records.append(need("c", parent="sub", target=True))
    assert subjects(records, "OST107") == ["c"]


def test_a_target_is_a_leaf():
    assert subjects([outcome(), need("a", target=True), need("b", parent="a"), need("c", parent="a")], "OST107") == [
        "a"
    ]


def test_linked_solutions_count():
    records = [outcome(), need("a", target=True), need("b"), *three("b")]
    assert subjects(records, "OST106") == ["a"]
    tree = ost.from_records(records)
    for number in range(3):
        tree = ost.link(tree, f"s{number}", "a")
    assert ost.check(tree, select=["OST106"]) == ()


def test_linked_tests_count():
    records = [
        outcome(), need("a"), idea("s", "a", status="testing"), belief("x", "s"),
        idea("t", "a"), belief("y", "t"), trial("u", "y"),
    ]  # fmt: skip
    assert subjects(records, "OST203") == ["x"]
    assert ost.check(ost.link(ost.from_records(records), "u", "x"), select=["OST203"]) == ()


def test_a_test_of_the_whole_solution_tests_its_risk():
    records = [outcome(), need("a"), idea("s", "a", status="testing"), belief("x", "s"), trial("t", "s")]
    assert subjects(records, "OST203") == []


def test_a_settled_assumption_is_no_open_risk():
    records = [
        outcome(), need("a"), idea("s", "a", status="testing"), belief("x", "s", probability=0.1),
        trial("t", "x", status="done", verdict="supported"), belief("y", "s", probability=0.9),
    ]  # fmt: skip
    assert subjects(records, "OST203") == ["y"]
    records[-1]["importance"] = 0
    assert subjects(records, "OST203") == ["y"]


def test_with_everything_settled_nothing_is_open() -> None:
    records = [
        outcome(), need("a"), idea("s", "a", status="testing"), belief("x", "s"),
        trial("t", "x", status="done", verdict="supported"),
    ]  # fmt: skip
    assert subjects(records, "OST203") == []


def test_one_of_equal_risks_with_a_test_is_enough():
    records = [
        outcome(),
        need("a"),
        idea("s", "a", status="testing"),
        belief("x", "s"),
        belief("y", "s"),
        trial("t", "y"),
    ]
    assert subjects(records, "OST203") == []


def test_the_last_telling_verdict_counts():
    records = [
        outcome(), need("a"), idea("s", "a", status="building"), belief("x", "s"),
        trial("t", "x", status="done", verdict="refuted"), trial("u", "x", status="done", verdict="supported"),
        trial("v", "x", status="done", verdict="inconclusive"),
    ]  # fmt: skip
    assert subjects(records, "OST205") == []
    for identifier, day in (("t", "2026-11-20"), ("u", "2026-11-10")):
        next(record for record in records if record["id"] == identifier)["updated"] = day
    assert subjects(records, "OST205") == ["s"]


def test_a_criterion_with_nothing_in_it_is_none():
    base = [outcome(), need("a"), idea("s", "a")]
    for criterion, missing in (
        ({}, True),
        ({"text": " "}, True),
        ({"text": "8 of 12"}, False),
        ({"successes": 8, "trials": 12}, False),
    ):
        assert bool(subjects([*base, trial("t", "s", criterion=criterion or "")], "OST204")) is missing


@pytest.mark.parametrize(
    ("title", "lacking"),
    [
        ("Weekly minutes from 310 to 360 by June", ""),
        ("Return rate 18% -> 25% within 6 weeks", ""),
        ("Return rate from 18% to 25%", "date"),
        ("On time by Q3 2027", "baseline and no target"),
        ("On time", "baseline and no target and no date"),
    ],
)
def test_a_title_may_say_from_where_to_where_by_when(title: str, lacking: str):
    found = ost.check(ost.new(ost.Outcome(id="gate", title=title)), select=["OST303"])
    assert [finding.message for finding in found] == ([f"has no {lacking}"] if lacking else [])


def test_titles_that_are_only_signs_are_compared_as_they_stand():
    assert subjects([outcome(), need("a", "?!"), need("b", "…")], "OST101") == []
    assert subjects([outcome(), need("a", "?!"), need("b", "?!")], "OST101") == ["b"]


def test_forests_are_checked():
    tree = ost.new(
        ost.Opportunity(id="a", title="I lost my bag"), ost.Opportunity(id="b", title="I lost my bag"), forest=True
    )
    assert [finding.subject for finding in ost.check(tree, select=["OST101"])] == ["b"]
    assert ost.check(ost.new(forest=True), profile="torres", limits={"nodes": 0}) == ()
    tree = ost.add(tree, ost.Solution(id="s", title="Tags"), parent="a")
    tree = ost.add(tree, ost.Solution(id="t", title="Straps"), parent="b")
    assert [finding.subject for finding in ost.check(tree, select=["OST108"])] == [""]


def test_findings_are_sorted_and_carry_spans():
    tree = ost.from_records(
        [outcome(title="Launch the boarding app"), need("a", "We should add an alert"), need("b", "I'm sad")]
    )
    found = ost.check(tree)
    assert all(isinstance(finding, Finding) for finding in found)
    order = {"error": 0, "warning": 1, "information": 2}
    assert [(order[f.severity], f.code, f.subject) for f in found] == sorted(
        (order[f.severity], f.code, f.subject) for f in found
    )
    spans = {f.code: tree[f.subject].title[slice(*f.span)] for f in found if f.span}
    assert spans == {"OST111": "Launch the boarding app", "OST114": "add an alert", "OST116": "I'm sad"}


def test_deep_and_wide_trees():
    deep = [
        outcome(),
        *[need(f"n{number}", parent=f"n{number - 1}" if number else "gate") for number in range(100_000)],
    ]
    found = ost.check(ost.from_records(deep), profile="torres", select=["OST103", "OST104", "OST107", "OST201"])
    assert {code: sum(f.code == code for f in found) for code in ("OST103", "OST104", "OST107", "OST201")} == {
        "OST103": 1, "OST104": 99_999, "OST107": 0, "OST201": 1,
    }  # fmt: skip
    wide = [outcome(), *[need(f"n{number}", f"I lost bag {number % 9_999}") for number in range(10_000)]]
    assert subjects(wide, "OST101") == ["n9999"]
    assert len(ost.check(ost.from_records(wide), profile="torres")) >= 10_000


def test_kinds_are_the_same_inside_one_check_and_outside():
    tree = ost.new(ost.Outcome(id="o", title="Watch more"))
    with ost.edit(tree) as draft:
        draft.add(ost.Opportunity(id="b", title="I can't find a film"), parent="o")
        draft.add(ost.Opportunity(id="a", title="I forget what I saw"), parent="o")
    outside = {cls: list(_facts.of_kind(draft.tree, cls)) for cls in (ost.Outcome, ost.Opportunity, ost.Solution)}
    with _facts.walked_once(draft.tree):
        assert {cls: list(_facts.of_kind(draft.tree, cls)) for cls in outside} == outside
        assert list(_facts.of_kind(tree, ost.Opportunity)) == []
