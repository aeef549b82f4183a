"""Every rule fails where it should, passes where it should, and explains itself."""

from __future__ import annotations

import pytest

from pmkit import jtbd
from pmkit.errors import InvalidValueError

SINGLE = [rule for rule in jtbd.RULES if rule.code < "JTBD503" or rule.code == "JTBD504"]


def codes(value: object, **options: object) -> list[str]:
    return [finding.code for finding in jtbd.check(value, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", SINGLE, ids=lambda rule: rule.code)
def test_a_rule_s_examples(rule: jtbd.rules.JobRule) -> None:
    profile = "odi" if "odi" in rule.profiles else rule.profiles[0]
    assert rule.code in codes(rule.failing, profile=profile)
    assert rule.code not in codes(rule.passing, profile=profile)


def test_codes_are_unique_and_rules_explain_themselves() -> None:
    found = [rule.code for rule in jtbd.RULES]
    assert found == sorted(set(found))
    assert len(found) == 30
    for rule in jtbd.RULES:
        assert all((rule.summary, rule.rationale, rule.source, rule.hint, rule.failing, rule.passing))
        assert set(rule.profiles) <= set(jtbd.PROFILES)


def test_profiles_weigh_differently() -> None:
    text = "Fillet a fish quickly"
    assert jtbd.check(text)[0].severity == "warning"
    assert jtbd.check(text, profile="odi")[0].severity == "error"
    assert jtbd.check("Export a map from Excel", profile="consumption")[0].severity == "information"
    assert codes("Reduce the time it takes to thaw a pipe") == []
    assert codes("Reduce the time it takes to thaw a pipe", profile="kalbach") == []
    assert "JTBD202" in codes("Reduce the time it takes to thaw a pipe", profile="odi")
    with pytest.raises(InvalidValueError, match="unknown profile"):
        jtbd.check("x", profile="ulwick")


def test_select_ignore_and_waivers() -> None:
    assert codes("Quickly prune the roses", select=("JTBD103",)) == ["JTBD103"]
    assert codes("Quickly prune the roses", ignore=("JTBD10",)) == []
    waived = jtbd.Job(verb="own", object="a sailboat", ignore=("JTBD104",))
    assert codes(waived) == []
    assert codes(jtbd.Job(verb="own", object="a sailboat")) == ["JTBD104"]


@pytest.mark.parametrize(
    "text",
    [
        "Supply a family with daily bread",
        "Replace a LED in a lamp" if False else "Follow a path that led to a lake",
        "Pay the cost of electricity and water",
        "Buy bread and butter",
        "Stop excessive bleeding",
        "Clean the laptop",
        "Water locally grown plants",
        "Compare fast food menus",
        "Minimize the likelihood that a patient is incorrectly identified",
        "Increase the likelihood of correctly identifying a mushroom",
        "Minimize the likelihood that glare keeps you from using your smartphone",
    ],
)
def test_good_statements_stay_in_peace(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Plan and cook dinner", "JTBD108"),
        ("Wash the dishes and dry them", "JTBD108"),
        ("Support students during exams", "JTBD107"),
        ("Make the guests feel welcome", "JTBD105"),
        ("Being rich", "JTBD104"),
        ("Replace a bulb by a LED light", "JTBD501"),
        ("Track spending in QuickBooks", "JTBD501"),
        ("Sync photos with OpenCloudish", "JTBD501"),
        ("Minimize the time/effort required to clean a grill", "JTBD205"),
        ("Minimize the time it takes to load a truck and the cost of fuel", "JTBD205"),
        ("Minimize the time it takes to load a truck and reduce waste", "JTBD205"),
        ("Increase comfort", "JTBD204"),
        ("Minimize the time it takes to easily load a truck", "JTBD207"),
        ("Get quick and easy access to tools", "JTBD502"),
        ("When I am a farmer, I want to see the rain forecast, so I can plan my week", "JTBD305"),
        ("Fold " + "a very " * 20 + "large map", "JTBD503"),
    ],
)
def test_bad_statements_are_found(text: str, code: str) -> None:
    assert code in codes(text)


def test_findings_point_at_the_words() -> None:
    text = "Minimize the time and effort required to stack firewood"
    finding = jtbd.check(text)[0]
    assert text[slice(*finding.span)] == "effort"
    text = "Export a map from Excel quickly"
    spots = {found.code: text[slice(*found.span)] for found in jtbd.check(text)}
    assert spots == {"JTBD501": "Excel", "JTBD103": "quickly"}


def test_sets_find_duplicates_and_two_words_for_one_thing() -> None:
    texts = {
        "a": "Minimize the time it takes to pay an invoice",
        "b": "Reduce the time required to pay the invoices",
        "c": "Minimize the likelihood of losing a bill",
        "d": "Increase the likelihood of disputing an invoice",
    }
    found = {(finding.code, finding.subject) for finding in jtbd.check(texts)}
    assert found == {("JTBD601", "b"), ("JTBD602", "c")}
    assert codes(list(texts.values()), select=("JTBD601",)) == ["JTBD601"]
    assert codes(texts["a"]) == []


def test_the_size_of_a_set() -> None:
    few = [f"Minimize the time it takes to find shelf {number}" for number in range(3)]
    many = [f"Minimize the time it takes to find shelf {number}" for number in range(60)]
    assert codes(few, profile="odi") == ["JTBD604"]
    assert codes(many, profile="odi") == []
    assert codes(few, profile="odi", limits={"fewest_outcomes": 2}) == []
    assert codes(few[0], profile="odi") == []


def test_job_maps_are_checked_step_by_step() -> None:
    outcome = jtbd.parse("Minimize the time it takes to peel a tomato")
    job_map = jtbd.JobMap(job="Can tomatoes", steps={"prepare": [outcome, "Quickly peel"], "locate": "Own a garden"})
    found = jtbd.check(job_map)
    assert {finding.subject for finding in found if finding.code == "JTBD603"} == set(jtbd.STEPS)
    assert ("JTBD104", "locate 1") in {(finding.code, finding.subject) for finding in found}
    assert "JTBD603" not in codes(job_map, limits={"outcomes_per_step": 0})


def test_statements_made_by_hand_are_checked_as_they_are_formatted() -> None:
    outcome = jtbd.DesiredOutcome(direction="reduce", metric="time", object="thaw a pipe")
    assert codes(outcome, profile="odi") == ["JTBD202"]
    assert codes([3, None]) == codes(["3", "None"])


def test_questions_for_the_reader() -> None:
    assert all(question.endswith("?") for question in jtbd.not_checkable())
