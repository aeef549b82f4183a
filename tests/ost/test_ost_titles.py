"""The title rules, measured on titles that stand in ``data/``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit.ost.rules._company import company_perspective
from pmkit.ost.rules._disguise import solution_in_disguise
from pmkit.ost.rules._mood import bare_feeling
from pmkit.ost.rules._output import is_measured, output_as_outcome

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[3] / "shared"
OUTCOME_RULES = {"OST111": output_as_outcome, "OST112": lambda title: None if is_measured(title) else True}
OPPORTUNITY_RULES = {"OST114": solution_in_disguise, "OST115": company_perspective, "OST116": bare_feeling}
Row = dict[str, Any]
SETS = ("tune", "judge", "second", "final", "rounds", "last")
KNOWN = frozenset(
    {
        "Glossary management for teams",
        "A bike with a built-in lock",
        "Dissatisfaction with the move",
        "Upgrade hobbyists to the premium plan",
        "Renovate the third floor",
        "Have an engine analyze my games",
        "Unlock cars by phone",
        "I hate this pattern",
        "A cooling station next to each ride",
        "Families see more and wait less",
        "Card holder",
        "Large-print decks",
    }
)
"""Titles of the sets that were tuned on and are still judged otherwise than their label."""


def titles(name: str) -> list[Row]:
    if name in {"tune", "judge"}:
        rows = json.loads((DATA / "titles.json").read_text(encoding="utf-8"))["titles"]
        return [row for row in rows if half(row["title"]) == name]
    return json.loads((DATA / f"titles_{name}.json").read_text(encoding="utf-8"))["titles"]


def half(title: str) -> str:
    return "tune" if hashlib.sha256(title.encode()).digest()[0] % 2 == 0 else "judge"


def found_in(row: Row) -> set[str]:
    rules = OUTCOME_RULES if row["kind"] == "outcome" else OPPORTUNITY_RULES
    return {code for code, rule in rules.items() if rule(row["title"])}


def counts(rows: list[Row], code: str) -> tuple[int, int, int]:
    judged = [row for row in rows if (row["kind"] == "outcome") == (code in OUTCOME_RULES)]
    pairs = [(code in found_in(row), code in row["codes"]) for row in judged]
    return pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))


def test_there_are_enough_titles_of_each_sort():
    rows = [row for name in ("tune", "judge") for row in titles(name)]
    good = [row for row in rows if not set(row["codes"]) - {"OST112"}]
    assert len(rows) >= 150
    assert len({row["domain"] for row in rows}) >= 15
    assert 0.4 <= len(good) / len(rows) <= 0.6
    everything = [row["title"] for name in SETS for row in titles(name)]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("name", SETS)
def test_no_rule_cries_wolf(name: str):
    for code in (*OUTCOME_RULES, *OPPORTUNITY_RULES):
        hits, false_alarms, _ = counts(titles(name), code)
        assert hits / (hits + false_alarms) >= 0.9, code


@pytest.mark.parametrize("name", SETS)
def test_most_faults_are_found(name: str):
    rows = titles(name)
    every = [counts(rows, code) for code in (*OUTCOME_RULES, *OPPORTUNITY_RULES)]
    assert sum(hits for hits, _, _ in every) / sum(hits + missed for hits, _, missed in every) >= 0.8


def test_no_title_is_judged_worse_than_before():
    """Each title of the sets that were tuned on gets its label's findings, but for the known ones."""
    for name in ("tune", "second", "rounds"):
        for row in titles(name):
            assert (found_in(row) == set(row["codes"])) is (row["title"] not in KNOWN), row["title"]


def test_the_last_set_is_found_without_crying_wolf():
    rows = titles("last")
    every = [counts(rows, code) for code in (*OUTCOME_RULES, *OPPORTUNITY_RULES)]
    assert all(hits + missed >= 12 for hits, _, missed in every)
    assert sum(false for _, false, _ in every) == 0
    assert sum(hits for hits, _, _ in every) / sum(hits + missed for hits, _, missed in every) >= 0.84


def test_published_pairs_are_told_apart():
    path = SHARED / "cases" / "trees" / "framing_pairs.json"
    if not path.exists():
        pytest.skip("shared/cases not present")
    wanted = {
        "solution-in-disguise": "OST114",
        "company-perspective": "OST115",
        "feeling": "OST116",
        "too-broad": "OST116",
    }
    for bad, label, better in json.loads(path.read_text(encoding="utf-8"))["pairs"]:
        if label in wanted:
            assert wanted[label] in found_in({"kind": "opportunity", "title": bad}), bad
            assert not found_in({"kind": "opportunity", "title": better}), better
        else:
            assert found_in({"kind": "outcome", "title": bad}) == {"OST111", "OST112"}
            assert not found_in({"kind": "outcome", "title": better})


def test_good_statements_of_other_schools_are_left_alone():
    path = SHARED / "cases" / "statements.json"
    if not path.exists():
        pytest.skip("shared/cases not present")
    good = [row["text"] for row in json.loads(path.read_text(encoding="utf-8")) if row["good"]]
    flagged = [text for text in good if found_in({"kind": "opportunity", "title": text})]
    assert len(flagged) <= len(good) // 50


def test_good_jobs_and_outcomes_of_our_own_are_left_alone():
    folder = Path(__file__).parents[1] / "jtbd" / "data"
    cases = [row for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))]
    good = [row["text"] for row in cases if row["good"] and row["kind"] != "job_story"]
    flagged = [text for text in good if found_in({"kind": "opportunity", "title": text})]
    assert len(good) > 800
    assert len(flagged) <= len(good) // 50


SEEDS = st.sampled_from([row["title"] for name in SETS for row in titles(name)])
WORDS = st.lists(
    st.sampled_from(sorted({w for n in SETS for row in titles(n) for w in row["title"].split()})), max_size=12
)


def assert_readable(title: str) -> None:
    for rule in (*OPPORTUNITY_RULES.values(), output_as_outcome):
        found = rule(title)
        if found is not None:
            span, says = found
            assert says
            assert span is None or 0 <= span[0] < span[1] <= len(title)
    assert is_measured(title) in {True, False}


@given(st.one_of(st.text(max_size=80), WORDS.map(" ".join), SEEDS.map(str.upper), SEEDS.map(lambda text: f"“{text}”")))
def test_any_title_can_be_read(title: str):
    assert_readable(title)


@pytest.mark.parametrize(
    "title", ["", " ", "?", "…", "a", "I", "we", "our", "to", "wish", "we need to", "add", "no", "the", "by 2026"]
)
def test_stumps_are_read(title: str):
    for rule in (*OPPORTUNITY_RULES.values(), output_as_outcome):
        assert rule(title) is None


def test_battery_of_odd_strings():
    folder = SHARED / "batteries" / "blns"
    if not folder.exists():
        pytest.skip("shared/batteries not present")
    for path in sorted(folder.iterdir()):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            assert_readable(line)


def test_very_long_titles_cost_no_more_than_long_ones():
    long = "I want to find " + "something " * 100_000 + "and add a dashboard"
    assert solution_in_disguise(long) is None
    assert bare_feeling("I'm " + "very " * 100_000 + "sad") in (None, bare_feeling("I'm " + "very " * 70 + "sad"))


@pytest.mark.parametrize(
    ("complaint", "wish"),
    [
        ("The dashboard is too slow", "I want a dashboard"),
        ("Build times are too long", "Build a test runner"),
        ("Support answers after two days", "Support offline mode"),
        ("I can't find the filter", "I want to filter results"),
        ("Too many notifications at night", "Push notifications"),
        ("My calendar and the app never agree", "A calendar app"),
        ("I need someone to talk to", "I need a chatbot to talk to"),
        ("I don't need an app for this", "I need an app for this"),
    ],
)
def test_a_complaint_about_a_thing_is_no_wish_for_it(complaint: str, wish: str):
    assert solution_in_disguise(complaint) is None
    assert solution_in_disguise(wish) is not None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("I can't see which campaign brings revenue for my shop", "Increase revenue per campaign"),
        ("We lose track of who approved what", "We lose too many customers at checkout"),
        ("I want to spend more time with my family", "Users will spend more"),
        ("Reduce the time I spend on paperwork", "Reduce acquisition cost"),
        ("I need to buy more insulin before the weekend", "Customers will buy more"),
        ("Sales calls interrupt my mornings", "Sales are low"),
    ],
)
def test_the_customers_numbers_are_not_the_companys(theirs: str, ours: str):
    assert company_perspective(theirs) is None
    assert company_perspective(ours) is not None


@pytest.mark.parametrize(
    ("more", "bare"),
    [
        ("I'm frustrated that I must type my password twice", "I'm so frustrated with the app"),
        ("I feel lost when the signs are in Danish", "I feel lost"),
        ("It's hard to enter a password with the remote", "It's hard to use"),
        ("I hate typing with gloves on", "I hate it"),
        ("The elevator is stuck between floors", "Users are stuck"),
        ("Fear of the dentist's drill", "Fear"),
    ],
)
def test_a_mood_with_a_moment_is_more_than_a_mood(more: str, bare: str):
    assert bare_feeling(more) is None
    assert bare_feeling(bare) is not None


@pytest.mark.parametrize(
    ("change", "output"),
    [
        ("Deliver 95% of parcels on the promised day", "Deliver version 2"),
        ("Build trust with first-time buyers", "Build a trust center"),
        ("Improve onboarding completion from 85% to 92%", "Improve onboarding"),
        ("New users see value in their first session", "New onboarding flow"),
        ("Enable people to live at home for longer", "Enable single sign-on"),
        ("Add 500 members to the cooperative", "Add three payment methods"),
    ],
)
def test_a_change_is_no_output(change: str, output: str):
    assert output_as_outcome(change) is None
    assert output_as_outcome(output) is not None


@pytest.mark.parametrize(
    "title", ["Launch by Q3 2026", "Ship version 2.1", "Go live on May 4", "Better for people all day", "The 2nd phase"]
)
def test_dates_and_versions_are_no_measure(title: str):
    assert not is_measured(title)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Please add a map", "OST114"),
        ("Let's build a map", "OST114"),
        ("We need to build a map", "OST114"),
        ("Ability to export reports", "OST114"),
        ("I wish I could be able to mute the chat", "OST114"),
        ("Sort photos automatically", "OST114"),
        ("I want to be warned automatically", "OST114"),
        ("Make a map", "OST114"),
        ("I want an update in the app", "OST114"),
        ("Let's grow revenue", "OST115"),
        ("Let's upsell", "OST115"),
        ("We need more revenue", "OST115"),
        ("Engagement keeps falling", ""),
        ("Our churn is rising", "OST115"),
        ("Attract beginners", "OST115"),
        ("Build trust", ""),
        ("Make peace with my neighbor", ""),
        ("I am", ""),
        ("I want to", ""),
        ("The ability to", ""),
        ("Convert units in my head", ""),
    ],
)
def test_more_wordings_of_opportunities(title: str, code: str) -> None:
    assert found_in({"kind": "opportunity", "title": title}) == ({code} if code else set())


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("It drives me crazy", "OST116"),
        ("This makes users angry", "OST116"),
        ("I feel like giving up", "OST116"),
        ("I feel like crying", "OST116"),
        ("Clients feel like numbers", "OST116"),
        ("Lack of motivation", "OST116"),
        ("Lack of sleep before an exam", ""),
        ("Frustrating experience", "OST116"),
        ("Everything about the hall is terrible", "OST116"),
        ("The bus ride is terrible", "OST116"),
        ("I feel stupid and small", "OST116"),
        ("It makes the soup salty", ""),
        ("We don't get enough referrals", "OST115"),
        ("We have too few repeat customers", "OST115"),
        ("We spend too much on support", "OST115"),
        ("We don't get enough sleep", ""),
        ("More sign-ups from mobile", "OST115"),
        ("Too few repairs per week", "OST115"),
        ("Too few benches in the park", ""),
        ("Guests eat elsewhere", "OST115"),
        ("Cars stand idle on weekdays", "OST115"),
        ("Dormant accounts", "OST115"),
        ("Grow the share of premium plans", "OST115"),
        ("Increase the number of stairs that I can climb", ""),
        ("Improve the repeat visit rate", "OST115"),
        ("Switch to a cloud-based system", "OST114"),
        ("The site needs a comparison table", "OST114"),
        ("Patients should be able to book online", "OST114"),
        ("I want the app to remember my address", "OST114"),
        ("There is no way to export my photos", "OST114"),
        ("There is no way to reach a human", ""),
        ("Self-checkout", "OST114"),
        ("Playback of single voices", "OST114"),
        ("Free showers", "OST114"),
        ("An app that shows free machines", "OST114"),
        ("We could print spare parts", "OST114"),
        ("We could be faster", ""),
        ("Letters that sort themselves automatically", "OST114"),
        ("Introduce a shy child to the group", ""),
        ("Set a table for six", ""),
    ],
)
def test_forms_of_titles(title: str, code: str) -> None:
    assert found_in({"kind": "opportunity", "title": title}) == ({code} if code else set())


@pytest.mark.parametrize(
    ("title", "shipped"),
    [
        ("The new app is live", True),
        ("The app has problems on old phones", False),
        ("The app is", False),
        ("Improve how people sleep", False),
        ("Get certified", True),
        ("Switch everyone to the new ledger", True),
        ("Run a workshop", True),
        ("Go live", True),
        ("Launch", False),
        ("Make the site accessible", True),
        ("Define a content strategy", True),
        ("Give every singer a recording", True),
        ("Give children time to play", False),
        ("Start using the new payroll software", True),
        ("Offer video calls", True),
        ("Offer better care", False),
        ("Hire a community manager", True),
        ("Replace paper tickets", True),
        ("Replace fear with trust", False),
    ],
)
def test_more_wordings_of_outcomes(title: str, shipped: bool) -> None:  # noqa: FBT001 - what is expected
    assert (output_as_outcome(title) is not None) is shipped
