"""Parsing, formatting, fixing: properties, hostile text, growth."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import jtbd
from pmkit.errors import InvalidValueError, ParseError
from pmkit.language import ENGLISH, extend_lexicon
from pmkit.testing import statements, texts

BATTERY = Path(__file__).parents[2].parent / "shared" / "batteries" / "blns" / "blns.json"
LISTS = ("directions", "connectives", "clause_openers", "emotional_forms", "prepositions", "determiners")
MORE = "i want so time likelihood , . ( ) file find quickly daily app as when it takes"
WORDS = sorted({*" ".join(entry for name in LISTS for entry in ENGLISH.entries(name)).split(), *MORE.split()})


@settings(max_examples=150, deadline=None)
@given(statements())
def test_what_is_formatted_is_parsed_back(statement: jtbd.Statement) -> None:
    text = jtbd.format(statement)
    assert jtbd.parse(text) == statement
    assert jtbd.format(jtbd.parse(text)) == text


@settings(max_examples=60, deadline=None)
@given(statements())
def test_statements_survive_copies_and_hash(statement: jtbd.Statement) -> None:
    parsed = jtbd.parse(jtbd.format(statement))
    assert copy.deepcopy(parsed) == parsed == pickle.loads(pickle.dumps(parsed))
    assert hash(parsed) == hash(statement)
    assert pickle.loads(pickle.dumps(parsed)).spans == parsed.spans


@settings(deadline=None)
@given(texts(), st.sampled_from((None, *jtbd.KINDS)))
def test_any_text_is_a_statement_or_a_parse_error_with_the_findings_of_check(text: str, kind: jtbd.Kind | None) -> None:
    findings = jtbd.check(text, kind=kind)
    try:
        statement = jtbd.parse(text, kind)
    except ParseError as error:
        assert error.findings
        assert {found.code for found in error.findings} <= {found.code for found in findings}
    else:
        assert statement.text == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.sampled_from((None, *jtbd.KINDS)))
def test_any_heap_of_grammar_words_is_read(text: str, kind: jtbd.Kind | None) -> None:
    for finding in jtbd.check(text, kind=kind, profile="odi"):
        start, end = finding.span or (0, 0)
        assert 0 <= start <= end <= len(text)
    try:
        statement = jtbd.parse(text, kind)
    except ParseError:
        return
    for name, (start, end) in statement.spans.items():
        assert " ".join(text[start:end].split()).lower() == getattr(statement, name).lower()
    assert jtbd.format(statement)
    jtbd.fix(text)
    jtbd.fix(statement, profile="odi")


def test_every_hostile_string_is_read() -> None:
    if not BATTERY.exists():
        pytest.skip("blns not present")
    for text in json.loads(BATTERY.read_text(encoding="utf-8")):
        for hostile in (
            text,
            f"Minimize the time it takes to {text}",
            f"When {text}, I want to {text}, so I can {text}",
        ):
            jtbd.check(hostile)
            try:
                jtbd.parse(hostile)
            except ParseError as error:
                assert len(str(error)) < 500
                assert not any(ord(character) < 32 for character in str(error))


LONG = {
    "one word": "a",
    "words": "word ",
    "adverbs": "quickly ",
    "daily": "daily ",
    "commas": ", ",
    "closing": ")",
    "when": "when ",
    "when,": "when, ",
    "and": "and cook ",
    "of the": "of the ",
    "in rain": "in rain ",
    "it takes": "the time it takes to ",
    "quotes": "'",
    "hyphens": "a-",
    "I want": "I want ",
    "so": ", so ",
    "controls": "\x00\x1b",
    "right to left": "\u05d0\u202e ",
    "numbers": "1.1",
    "before": "day before ",
}


@pytest.mark.parametrize("start", ["", "Minimize the time it takes to "])
@pytest.mark.parametrize("name", LONG)
def test_long_text_takes_linear_work(name: str, start: str) -> None:
    def work(size: int) -> int:
        text = (start + LONG[name] * size)[:size]
        steps = count_calls(lambda: jtbd.check(text, ignore=("JTBD602",)))
        return steps / max(size, 1)

    small, large = work(300), work(2_400)
    assert large <= 2.5 * small + 1


def count_calls(function: object) -> int:
    import sys

    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        function()  # type: ignore[operator]
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.slow
def test_a_megabyte_is_read_in_seconds() -> None:
    started = time.perf_counter()
    for piece in LONG.values():
        jtbd.check((piece * 1_000_000)[:1_000_000])
    assert time.perf_counter() - started < 600


def test_linting_many_statements_does_not_grow() -> None:
    def lint(count: int) -> None:
        for number in range(count):
            jtbd.check(f"Minimize the time it takes to find shelf {number} during inventory {number}")

    lint(200)
    tracemalloc.start()
    lint(100)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    lint(500)
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 20_000


@pytest.mark.parametrize("text", [3, None, b"bytes"])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(InvalidValueError, match="must be text"):
        jtbd.parse(text)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="must be text"):
        jtbd.detect_kind(text)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="only statements"):
        jtbd.format(text)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="can be fixed"):
        jtbd.fix(text)  # type: ignore[type-var]
    jtbd.check(text)  # type: ignore[arg-type]


def test_kinds_are_a_closed_vocabulary() -> None:
    assert jtbd.parse("When it rains, I want to stay dry, so I can work.", "job-story").situation == "it rains"  # type: ignore[arg-type, union-attr]
    with pytest.raises(InvalidValueError, match="did you mean 'outcome'"):
        jtbd.parse("x", "outcomes")  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="kind must be one of"):
        jtbd.check("x", kind=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "JTBD101"),
        ("Laundry", "JTBD101"),
        ("Harvest", "JTBD102"),
        ("Faster picking", "JTBD201"),
        ("Minimize leaks", "JTBD203"),
        ("Minimize the time", "JTBD206"),
        ("I want to sleep so I can work", "JTBD301"),
        ("When it rains, I sleep", "JTBD302"),
        ("When it rains, I want to sleep", "JTBD303"),
    ],
)
def test_a_parse_error_says_which_part_is_missing(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        jtbd.parse(text)
    assert code in {finding.code for finding in caught.value.findings}


def test_a_user_teaches_new_words() -> None:
    text = "Minimize the hematocrit of stored blood"
    with pytest.raises(ParseError):
        jtbd.parse(text)
    taught = extend_lexicon(ENGLISH, {"metrics": ["hematocrit"]})
    assert jtbd.parse(text, lexicon=taught).object == "stored blood"  # type: ignore[union-attr]
    ours = extend_lexicon(ENGLISH, {"brands": ["Borealis"]})
    assert [finding.code for finding in jtbd.check("Export a map from Borealis", lexicon=ours)] == ["JTBD501"]


@pytest.mark.parametrize(
    ("before", "after", "profile"),
    [
        ("To prune the roses.", "Prune the roses", "default"),
        ("- prune the roses", "Prune the roses", "default"),
        ("When it rains, minimize the time to sow", "Minimize the time to sow when it rains", "default"),
        ("While commuting, listen to music", "Listen to music while commuting", "default"),
        ("Raise the likelihood that a seam holds", "Increase the likelihood that a seam holds", "odi"),
        ("Raise the likelihood that a seam holds", "Raise the likelihood that a seam holds", "default"),
        ("Laundry", "Laundry", "default"),
        ("When wet, I want to rest, so I can work", "When wet, I want to rest, so I can work", "default"),
    ],
)
def test_safe_fixes(before: str, after: str, profile: str) -> None:
    assert jtbd.fix(before, profile=profile) == after
    assert jtbd.fix(after, profile=profile) == after
    assert jtbd.detect_kind(after) == jtbd.detect_kind(before)


def test_a_fixed_statement_is_a_statement() -> None:
    outcome = jtbd.parse("Reduce the time it takes to thaw a pipe")
    assert jtbd.fix(outcome, profile="odi") == jtbd.parse("Minimize the time it takes to thaw a pipe")
    assert jtbd.fix(outcome) is outcome
    story = jtbd.JobStory(situation="it rains", motivation="stay dry", outcome="work")
    assert jtbd.fix(story) is story


@pytest.mark.parametrize(
    "make",
    [
        lambda: jtbd.Job(verb="", object="x"),
        lambda: jtbd.Job(verb="find", object=3),  # type: ignore[arg-type]
        lambda: jtbd.DesiredOutcome(direction=" ", metric="time", object="x"),
        lambda: jtbd.JobStory(situation="", motivation="x", outcome="y"),
        lambda: jtbd.EmotionalJob(form="feel", state=""),
    ],
)
def test_bad_parts_are_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]
