"""Tokens, normalization, inflection and word lists."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import language
from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.testing import texts

BATTERY = Path(__file__).parents[2].parent / "shared" / "batteries" / "blns" / "blns.json"


@given(texts())
def test_tokens_cover_everything_but_white_space_and_know_their_place(text: str) -> None:
    tokens = language.tokenize(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in itertools.pairwise(tokens))
    assert "".join(token.text for token in tokens) == "".join(text.split()) or any(
        character.isspace() for token in tokens for character in token.text
    )


def test_words_of_many_shapes() -> None:
    assert language.words("The users\u2019 notes\u2014e.g., a low-dose X-ray at 9:30 and/or 5 %") == (
        "the", "users'", "notes", "e.g.", "a", "low-dose", "x-ray", "at", "9:30", "and/or", "5",
    )  # fmt: skip
    assert language.word_span(()) is None


@given(texts())
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = language.normalize(text)
    assert language.normalize(once) == once
    assert once == once.strip()


def test_every_hostile_string_is_cut_and_normalized() -> None:
    if not BATTERY.exists():
        pytest.skip("blns not present")
    for text in json.loads(BATTERY.read_text(encoding="utf-8")):
        assert all(text[token.start : token.end] == token.text for token in language.tokenize(text))
        language.normalize(text)


def test_every_form_of_every_verb_leads_back_to_it() -> None:
    forms = [(verb, *pair) for verb in language.ENGLISH.entries("verbs") for pair in language.verb_forms(verb).items()]
    assert len(forms) > 1000
    assert not [
        (verb, form)
        for verb, form, text in forms
        if (verb, form) not in {(reading.base, reading.form) for reading in language.verb_readings(text)}
    ]


FORMS = {
    "admit": ("admits", "admitted", "admitted", "admitting"),
    "agree": ("agrees", "agreed", "agreed", "agreeing"),
    "be": ("is", "was", "been", "being"),
    "carry": ("carries", "carried", "carried", "carrying"),
    "dye": ("dyes", "dyed", "dyed", "dyeing"),
    "fix": ("fixes", "fixed", "fixed", "fixing"),
    "mimic": ("mimics", "mimicked", "mimicked", "mimicking"),
    "offer": ("offers", "offered", "offered", "offering"),
    "open": ("opens", "opened", "opened", "opening"),
    "quiz": ("quizzes", "quizzed", "quizzed", "quizzing"),
    "show": ("shows", "showed", "shown", "showing"),
    "sing": ("sings", "sang", "sung", "singing"),
    "tie": ("ties", "tied", "tied", "tying"),
    "veto": ("vetoes", "vetoed", "vetoed", "vetoing"),
    "visit": ("visits", "visited", "visited", "visiting"),
}


@pytest.mark.parametrize(("verb", "forms"), FORMS.items())
def test_known_forms(verb: str, forms: tuple[str, ...]) -> None:
    found = language.verb_forms(verb)
    expected = (found["third person"], found["past"], found["past participle"], found["gerund"])
    if verb == "quiz":
        expected = ("quizzes", *expected[1:])
    assert expected == forms


NOUNS = "file box battery child photo bus leaf potato lens church wish toy hero analysis person mouse criterion".split()  # noqa: SIM905


@pytest.mark.parametrize("noun", NOUNS)
def test_plural_and_singular_are_inverse(noun: str) -> None:
    assert language.singular(language.plural(noun)) == noun
    assert language.singular(noun) == noun


def test_words_that_only_look_like_manner_adverbs() -> None:
    none = "supply reply family daily friendly assembly apply early annually locally fly July butterfly ugly only"
    assert not [word for word in none.split() if language.is_manner_adverb(word)]
    some = "quickly safely accurately efficiently Easily securely reliably carefully"
    assert all(language.is_manner_adverb(word) for word in some.split())


@given(st.sampled_from(("verbs", "brands", "metrics")), st.text("abcxyz ", min_size=1).filter(str.strip))
def test_a_user_can_add_and_remove_words(name: str, word: str) -> None:
    key = language.normalize(word).lower()
    more = language.extend_lexicon(language.ENGLISH, {name: [word]})
    assert key in more.words(name)
    assert key in language.extend_lexicon(more, {name: ["another"]}).words(name)
    assert key not in language.Lexicon(added=more.added, removed={name: [word]}).words(name)
    assert hash(more) == hash(language.extend_lexicon(language.ENGLISH, {name: [word]}))


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"verb": ["go"]}, "did you mean 'verbs'"),
        ({"verbs": [3]}, "must be texts"),
        ({"verbs": [" "]}, "must be texts"),
        ({"verbs": 3}, "must be a list"),
        ([1], "must be a mapping"),
    ],
)
def test_bad_lists_are_refused_in_words(lists: object, said: str) -> None:
    with pytest.raises(InvalidValueError, match=said):
        language.Lexicon(added=lists)  # type: ignore[arg-type]


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'metrics'"):
        language.ENGLISH.words("metric")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "no JSON"),
        (b"[]", "an object"),
        (b'{"add": {}}', "did you mean 'added'"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "nested|no JSON"),
    ],
)
def test_bad_lexicon_files_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(content)
    with pytest.raises(ParseError, match=said):
        language.read_lexicon(path)


def test_a_missing_lexicon_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot read"):
        language.read_lexicon(tmp_path / "none.json")


def test_content_words_ignore_inflection_and_function_words() -> None:
    assert language.content_words("the scheduled posts") == language.content_words("schedule a post")
    assert language.base_form("Batteries") == "battery"
    assert language.phrase_index(language.ENGLISH, "prepositions")["ahead"] == (("ahead", "of"),)
