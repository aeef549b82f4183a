"""What must hold of every reading, however the text is written: properties over all labeled statements."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import jtbd
from pmkit.errors import ParseError
from pmkit.language import ENGLISH, Lexicon, extend_lexicon, normalize, tokenize

DATA = Path(__file__).parent / "data"
SETS = ("statements_tuned", "statements_held_out", "statements_fresh", "statements_rounds", "statements_last")
CASES = [case for name in SETS for case in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))]
GOOD = [case for case in CASES if case["good"]]
PARTS = {
    "job": ("verb", "object", "clarifier"),
    "outcome": ("direction", "metric", "object", "clarifier"),
    "job_story": ("situation", "motivation", "outcome"),
    "emotional": ("form", "state", "clarifier"),
}
CURLY = str.maketrans({"'": "\u2019", '"': "\u201d", "-": "\u2010"})


def parts(text: str, kind: jtbd.Kind) -> tuple[str, ...]:
    statement = jtbd.parse(text, kind)
    return tuple(normalize(getattr(statement, name)).casefold() for name in PARTS[kind])


def test_parts_stand_in_the_text_in_order_and_do_not_overlap() -> None:
    for case in GOOD:
        statement = jtbd.parse(case["text"], case["kind"])
        spans = sorted(statement.spans.values())
        assert all(0 <= start < end <= len(case["text"]) for start, end in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans)), case["text"]
        for name, (start, end) in statement.spans.items():
            piece = case["text"][start:end]
            assert piece == piece.strip(" ,.;:!?")
            assert normalize(piece).casefold() == normalize(getattr(statement, name)).casefold()


def test_what_stands_in_no_part_is_a_connective() -> None:
    """Between and around the parts of an outcome, a job or a feeling stand only words that tie them."""
    words = {word for name in ("connectives", "determiners") for entry in ENGLISH.words(name) for word in entry.split()}
    for case in GOOD:
        if case["kind"] == "job_story":
            continue
        statement = jtbd.parse(case["text"], case["kind"])
        inside = set()
        for start, end in statement.spans.values():
            inside.update(range(start, end))
        left = [token.lower for token in tokenize(case["text"]) if token.start not in inside and token.kind == "word"]
        if case["kind"] == "outcome":
            metric = statement.spans["metric"][0]
            left = [t.lower for t in tokenize(case["text"]) if t.start not in inside and t.start > metric]
            left = [word for word in left if word.isalpha()]
            assert set(left) <= words, (case["text"], left)
        elif case["kind"] == "emotional":
            assert left == [], case["text"]


def test_formatting_is_stable() -> None:
    for case in GOOD:
        statement = jtbd.parse(case["text"], case["kind"])
        if isinstance(statement, jtbd.DesiredOutcome) and not statement.object:
            continue  # the metric's own modifiers are no part
        once = jtbd.format(statement)
        assert jtbd.format(jtbd.parse(once, case["kind"])) == once, case["text"]


def test_without_a_kind_the_text_is_read_as_the_kind_it_looks_like() -> None:
    for case in GOOD:
        assert type(jtbd.parse(case["text"])) is type(jtbd.parse(case["text"], jtbd.detect_kind(case["text"])))


@pytest.mark.parametrize(
    "wrap",
    [
        "  {}  ",
        "- {}",
        "\u2022 {}",
        "* {}",
        "12. {}",
        "3) {}",
        "{}.",
        "{} !",
        "\u201c{}\u201d",
        '"{}"',
        "\t{}\n",
        "> {}",
    ],
)
def test_marks_around_a_statement_are_no_part_of_it(wrap: str) -> None:
    for case in GOOD[::3]:
        text = case["text"].rstrip(".")
        assert parts(wrap.format(text), case["kind"]) == parts(text, case["kind"]), text


def test_white_space_and_curly_marks_change_nothing() -> None:
    for case in GOOD:
        wanted = parts(case["text"], case["kind"])
        assert parts(case["text"].replace(" ", "\n  "), case["kind"]) == wanted
        assert parts(case["text"].replace(" ", "\u00a0"), case["kind"]) == wanted
        curly = jtbd.parse(case["text"].translate(CURLY), case["kind"])
        found = tuple(normalize(getattr(curly, name)).casefold() for name in PARTS[case["kind"]])
        assert found == wanted, case["text"]


def test_the_case_of_the_first_letter_changes_nothing() -> None:
    for case in GOOD:
        swapped = case["text"][0].swapcase() + case["text"][1:]
        assert parts(swapped, case["kind"]) == parts(case["text"], case["kind"])
        assert jtbd.detect_kind(swapped) == jtbd.detect_kind(case["text"])


def test_lower_case_changes_only_what_names_a_place() -> None:
    changed = [
        case["text"] for case in GOOD if parts(case["text"].lower(), case["kind"]) != parts(case["text"], case["kind"])
    ]
    assert all(any(word[0].isupper() for word in text.split()[1:]) for text in changed)
    assert len(changed) <= len(GOOD) // 50


@given(
    st.sampled_from(GOOD), st.sampled_from(("after a storm", "when nobody answers", "despite the noise", "at night"))
)
def test_a_circumstance_at_the_end_is_part_of_the_clarifier(case: dict, circumstance: str) -> None:
    if case["kind"] in {"job_story", "emotional"} or " that " in case["text"] or " who " in case["text"]:
        return
    statement = jtbd.parse(case["text"], case["kind"])
    if not statement.object or len(statement.object.split()) > 4:
        return
    longer = jtbd.parse(f"{case['text'].rstrip('.')} {circumstance}", case["kind"])
    if longer.clarifier:
        assert longer.clarifier.endswith(circumstance)
        assert longer.object == statement.object or not statement.clarifier


@given(st.sampled_from(GOOD), st.integers(0, 60))
def test_a_beginning_of_a_statement_is_read_or_refused(case: dict, size: int) -> None:
    text = case["text"][:size]
    try:
        statement = jtbd.parse(text, case["kind"])
    except ParseError as refused:
        assert refused.findings
    else:
        assert all(0 <= start < end <= len(text) for start, end in statement.spans.values())


# Each row is one construction: what the text shows, and where it is cut.
CUTS = {
    "Increase the share of visitors who know what to do in bad weather": "",
    "Reduce the number of guests who cancel, before a holiday weekend": "before a holiday weekend",
    "Reduce the time guests have to wait before": "",
    "Minimize the time it takes to dry hay after a wet night, when rain is near": (
        "after a wet night, when rain is near"
    ),
    "Minimize the likelihood of mistaking a stall for a shop like this": "",
    "Minimize the time it takes to decide whether a child is ill during a night": "during a night",
    "Minimize the time it takes to find out who owns a dog without asking": "without asking",
    "Increase the share of bread that is sold before it is stale": "",
    "Reduce the likelihood that a guard claims that a door is locked during a tour": "during a tour",
    "Minimize the time a road is without light after a storm": "after a storm",
    "Reduce the noise of emptying bins early in the morning": "early in the morning",
    "Reduce the noise of emptying bins late at night": "late at night",
    "Minimize the likelihood of slipping in the last mile": "in the last mile",
    "Minimize the time it takes to merge two lists with many gaps": "",
    "Minimize the likelihood of hurting a child with asthma": "",
    "Minimize the effort required to board a bus with a bicycle": "with a bicycle",
    "Minimize the effort required to walk a dog across a road in winter": "in winter",
    "Reduce the likelihood of a quarrel across a counter": "across a counter",
    "Minimize the time it takes to paint a boat on the far side of a lake": "on the far side of a lake",
    "Minimize the likelihood of fainting on the night of the census": "on the night of the census",
    "Minimize the number of times a nurse is called once a week": "",
    "Minimize the time it takes to warn a crew once a leak is found": "once a leak is found",
    "Minimize the likelihood of losing a key in the dark-room": "in the dark-room",
    "Reduce the likelihood that a child is hurt while it is": "while it is",
    "Minimize the time it takes to make sure that a gate is closed in bad weather": "in bad weather",
    "Minimize the time it takes to find a neighbor whose dog barks at night": "",
    "Minimize the number of times a guard checks a gate once every hour": "",
}


@pytest.mark.parametrize(("text", "clarifier"), CUTS.items())
def test_where_an_outcome_is_cut(text: str, clarifier: str) -> None:
    assert jtbd.parse(text, "outcome").clarifier == clarifier


JOBS = {
    "Feel very safe walking home": ("feel", "very safe", "walking home"),
    "Feel calm in a storm": ("feel", "calm", "in a storm"),
    "Load a van so that nothing shifts": ("load", "a van", "so that nothing shifts"),
    "Rent out a room during a fair": ("rent out", "a room", "during a fair"),
    "Learn to drive in a big city": ("learn", "to drive", "in a big city"),
    "Warn farmers of an early frost": ("warn", "farmers", "of an early frost"),
    "Treat a patient with a fever": ("treat", "a patient with a fever", ""),
    "Restore a chair with a broken leg": ("restore", "a chair with a broken leg", ""),
    "Paint a boat like a swan": ("paint", "a boat like a swan", ""),
    "Mix paint with water": ("mix", "paint", "with water"),
    "Find a tenant who pays on time": ("find", "a tenant who pays on time", ""),
    "Eat lunch quickly abroad together at noon": ("eat", "lunch", "abroad together at noon"),
    "Raise money for a playground": ("raise", "money", "for a playground"),
    "Plan, book and pay for a trip": ("plan", "a trip", ""),
    "1. Sharpen a knife": ("sharpen", "a knife", ""),
    "Sketch a slowly melting candle": ("sketch", "a slowly melting candle", ""),
}


@pytest.mark.parametrize(("text", "wanted"), JOBS.items())
def test_where_a_job_or_a_feeling_is_cut(text: str, wanted: tuple[str, str, str]) -> None:
    statement = jtbd.parse(text)
    assert tuple(getattr(statement, name) for name in PARTS[jtbd.detect_kind(text)]) == wanted


KINDS = {
    "The doors close too fast": "outcome",
    "The fish keep dying": "outcome",
    "Cows get sick after calving": "outcome",
    "Guests complain about the noise": "outcome",
    "No parking near the clinic": "outcome",
    "A more user-friendly check-in": "outcome",
    "In winter, heat a greenhouse": "job",
    "Raise money for a playground": "job",
    "Minimize the total annual fuel cost of a ferry": "outcome",
    "Lower the total annual cost of a ferry": "outcome",
    "Lower the sails": "job",
    "When I need to leave, I want to find my keys, so I can go": "job_story",
    "I want to find my keys so I can go": "job_story",
}


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_kinds_by_their_opening(text: str, kind: str) -> None:
    assert jtbd.detect_kind(text) == kind


STORIES = {
    "When a tire bursts, I want to know how much air so much rubber needs, so that I can drive on": (
        "know how much air so much rubber needs",
        "drive on",
    ),
    "When I am tired, I want to sleep, so much that I miss the noise, so I can work": (
        "sleep, so much that I miss the noise",
        "work",
    ),
    "When it rains, I want to close the roof so that water stays out": ("close the roof", "water stays out"),
    "When it rains, I want to close the roof so I might sleep": ("close the roof", "sleep"),
    "When it rains, I want to close the roof so I'll sleep": ("close the roof", "sleep"),
    "When it rains, I want to close the roof so I'm dry": ("close the roof", "I'm dry"),
    "When I am late and need to call, I want to reach the desk so I can apologize": ("reach the desk", "apologize"),
}


@pytest.mark.parametrize(("text", "wanted"), STORIES.items())
def test_where_a_story_is_cut(text: str, wanted: tuple[str, str]) -> None:
    story = jtbd.parse(text, "job_story")
    assert (story.motivation, story.outcome) == wanted


OUTCOMES = {
    "Minimize the total annual cost of fuel needed to heat a barn": ("cost", "fuel needed to heat a barn"),
    "Minimize the effort needed to heat a barn": ("effort", "heat a barn"),
    "Quickly minimize the time it takes to heat a barn": ("time", "heat a barn"),
    "Minimize the time users wait": ("time", "users wait"),
    "Minimize time users wait": ("time", "users wait"),
    "Minimize the variation in humidity between rooms": ("variation", "humidity between rooms"),
    "Reduce the noise made by empty carts": ("noise", "empty carts"),
    "Reduce the cost/effort needed to dig a well": ("cost/effort", "dig a well"),
    "Reduce the cost/effort spent digging a well": ("cost/effort", "digging a well"),
}


@pytest.mark.parametrize(("text", "wanted"), OUTCOMES.items())
def test_metric_and_object(text: str, wanted: tuple[str, str]) -> None:
    outcome = jtbd.parse(text, "outcome")
    assert (outcome.metric, outcome.object) == wanted


@pytest.mark.parametrize(
    ("text", "lists", "before", "after"),
    [
        ("Minimize the time it takes to mend a net on a thwart", {"place_nouns": ["thwart"]}, "", "on a thwart"),
        ("Minimize the time it takes to eat in a froofle", {"event_nouns": ["froofle"]}, "", "in a froofle"),
        ("Minimize the time it takes to eat by gloamtide", {"time_nouns": ["gloamtide"]}, "", "by gloamtide"),
        ("Minimize the time it takes to eat betwixt meals", {"circumstance_openers": ["betwixt"]}, "", "betwixt meals"),
    ],
)
def test_a_new_word_moves_the_boundary(text: str, lists: dict, before: str, after: str) -> None:
    taught = extend_lexicon(ENGLISH, lists)
    assert jtbd.parse(text).clarifier == before
    assert jtbd.parse(text, lexicon=taught).clarifier == after
    assert jtbd.parse(text, lexicon=Lexicon(added=taught.added, removed=lists)).clarifier == before


def test_a_word_taken_away_is_no_longer_read() -> None:
    without = Lexicon(removed={"metrics": ["time"], "brands": ["photoshop"]})
    with pytest.raises(ValueError, match="no metric"):
        jtbd.parse("Minimize the time it takes to heat a barn", lexicon=without)
    assert jtbd.check("Edit pictures in Photoshop")
    assert not jtbd.check("Edit pictures in Photoshop", lexicon=without)


@given(st.sampled_from(GOOD))
def test_words_that_are_not_in_the_text_change_nothing(case: dict) -> None:
    taught = extend_lexicon(ENGLISH, {"verbs": ["zwiebel"], "metrics": ["quux"], "place_nouns": ["froofle"]})
    assert jtbd.parse(case["text"], case["kind"], lexicon=taught) == jtbd.parse(case["text"], case["kind"])
