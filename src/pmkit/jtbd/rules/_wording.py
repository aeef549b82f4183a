"""Rules about wording, for every kind: JTBD501 to JTBD504."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pmkit.jtbd._reading import Reading
from pmkit.jtbd._vocabulary import match
from pmkit.jtbd.rules._base import ALL, Corpus, JobRule, at_token, of_kind
from pmkit.language import singular
from pmkit.model import Hit, Settings, quoted

__all__ = ["RULES"]

_CAMEL = re.compile(r"^(?:[A-Z]?[a-z]+[A-Z]\w*|i[A-Z]\w+)$")
_NO_BRAND = frozenset({"kwh", "mah", "phd", "dba", "mmhg", "ph", "mcdonald", "kpa", "mph"})
_OWNERS = frozenset({"my", "your", "the", "a", "an", "their", "our", "his", "her", "its", "new", "old", "used"})
_BEFORE_USING = frozenset({"from", "of", "when", "while", "before", "after", "for", "stop", "keep", "start"})
_LINKS = frozenset({"and", "or", ",", "yet", "but"})
_MOST_WORDS = 30


def _solution_free(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001 - every rule takes both
    for reading in corpus.readings:
        found = next(_solutions(reading), None)
        if found is not None:
            begin, end, what = found
            span = (reading.tokens[begin].start, reading.tokens[end - 1].end)
            yield Hit(reading.id, f"{quoted(reading.text[slice(*span)])} names {what}", span=span)


def _solutions(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Find products, technologies and brands: first and last token, and what it is."""
    words, tokens = reading.vocabulary, reading.tokens
    shouting = reading.text.isupper()
    at = 0
    while at < len(tokens):
        size = match(words.phrases["brands"], tokens, at)
        if size and not shouting and _is_brand(reading, at):
            yield at, at + size, "a product or company"
        size = size or _technology(reading, at)
        if not size and at and not shouting and _CAMEL.match(tokens[at].text) and tokens[at].lower not in _NO_BRAND:
            yield at, at + 1, "a product or company"
        elif _technology(reading, at) and not _the_thing_itself(reading, at):
            yield at, at + size, "a technology or a kind of product"
        at += max(size, 1)


def _is_brand(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    capital = token.text != token.lower
    if token.lower in reading.vocabulary.lexicon.words("ambiguous_brands"):
        return capital and at > 0 and reading.tokens[at - 1].text not in {".", "!", "?", ":"}
    return capital or len(token.lower) > 3  # noqa: PLR2004 - lg, bmw want their capitals


def _technology(reading: Reading, at: int) -> int:
    """Return the size of the name of a technology; LED and AR want their capitals."""
    words, tokens = reading.vocabulary, reading.tokens
    if tokens[at].lower in {"led", "ar", "it", "pc", "ai"} and not tokens[at].text.isupper():
        return 0
    modifier = match(words.phrases["technology_modifiers"], tokens, at)
    if modifier:
        return modifier
    size = match(words.phrases["technology"], tokens, at)
    if size:
        return size
    for span in (3, 2, 1):
        if at + span > len(tokens):
            continue
        last = tokens[at + span - 1].lower
        phrase = (*(token.lower for token in tokens[at : at + span - 1]), singular(last))
        if singular(last) != last and phrase in words.phrases["technology"].get(phrase[0], ()):
            return span
    return 0


def _the_thing_itself(reading: Reading, at: int) -> bool:
    """See "clean the laptop" and "from using your smartphone": the product is what the statement is about."""
    tokens, words = reading.tokens, reading.vocabulary
    back = at - 1
    while back >= 0 and at - back <= 3 and tokens[back].lower in _OWNERS:  # noqa: PLR2004 - "my new"
        back -= 1
    if back < 0:
        return False
    lower = tokens[back].lower
    keeping = words.lexicon.words("consumption_verbs")
    if any(base in keeping for base in words.bases.get(lower, ())):
        return True
    if back and f"{tokens[back - 1].lower} {lower}" in keeping:
        return True
    return lower == "using" and back > 0 and tokens[back - 1].lower in _BEFORE_USING


def _vague_word(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in corpus.readings:
        words, tokens = reading.vocabulary, reading.tokens
        for at in range(len(tokens)):
            size = match(words.phrases["vague_words"], tokens, at)
            if size and not match(words.phrases["vague_exceptions"], tokens, at) and _modifies(reading, at, at + size):
                yield at_token(reading, at, "{} means something different to everyone")
                break


def _modifies(reading: Reading, at: int, after: int) -> bool:
    """Say whether a vague word stands before a noun, alone or in a row of such words."""
    tokens, words = reading.tokens, reading.vocabulary
    verb = reading.parts.get("verb")
    if after >= len(tokens) or (verb and verb[0] <= at < verb[1]):
        return False
    if tokens[after].lower in _LINKS:
        return after + 1 < len(tokens) and bool(match(words.phrases["vague_words"], tokens, after + 1))
    following = tokens[after]
    return (
        following.kind == "word"
        and following.lower not in words.sets["not_verbs"]
        and following.lower not in {"than", "enough", "as", "if", "when", "while", "because"}
    )


def _length(corpus: Corpus, settings: Settings) -> Iterator[Hit]:
    most = settings.limit("words", _MOST_WORDS)
    for reading in corpus.readings:
        whole = sum(token.kind != "symbol" for token in reading.tokens)
        parts = [len(reading.words(part)) for part in reading.parts]
        count = max(parts, default=0) if reading.kind == "job_story" else whole
        if count > most:
            yield Hit(reading.id, f"{count} words, more than {most:g}")


def _clarifier_last(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job", "outcome", "emotional"):
        if "fronted" in reading.facts:
            yield Hit(reading.id, "the clarifier stands before the statement", span=reading.span("clarifier"))


_ULWICK = "Ulwick 2016, Jobs to Be Done: Theory to Practice, ch. 4"

RULES: tuple[JobRule, ...] = (
    JobRule(
        code="JTBD501",
        name="solution-free",
        severity="error",
        severities={"consumption": "information"},
        summary="no product, technology or brand",
        rationale=(
            "Solutions change, needs stay; a statement that names one goes stale with it. "
            "In consumption jobs (cleaning, charging, repairing the product) the product itself is the object."
        ),
        source=_ULWICK,
        profiles=ALL,
        check=_solution_free,
        hint="say what it is used for",
        failing="Minimize the time it takes to order a taxi in an app",
        passing="Minimize the time it takes to get a ride home",
    ),
    JobRule(
        code="JTBD502",
        name="vague-word",
        severity="warning",
        summary="no vague word as a modifier",
        rationale="Quick, easy and seamless are judged differently by everyone; what they stand for is a metric.",
        source="Ulwick 2005, What Customers Want, ch. 2",
        profiles=ALL,
        check=_vague_word,
        hint="drop it, or say what would be measured",
        failing="Get easy access to spare keys",
        passing="Get access to spare keys",
    ),
    JobRule(
        code="JTBD503",
        name="length",
        severity="warning",
        summary="at most limits.words words (30); for a job story in each part",
        rationale="Respondents rate a hundred of these; long ones are skimmed.",
        source=_ULWICK,
        profiles=ALL,
        check=_length,
        hint="cut it, or split it",
        failing="a statement of forty words",
        passing="Stack firewood before winter",
    ),
    JobRule(
        code="JTBD504",
        name="clarifier-last",
        severity="information",
        summary="the contextual clarifier stands at the end",
        rationale="Statements that begin alike can be compared and sorted.",
        source=_ULWICK,
        profiles=ALL,
        check=_clarifier_last,
        hint="move it to the end",
        failing="When it rains, minimize the time it takes to pitch a tent",
        passing="Minimize the time it takes to pitch a tent when it rains",
    ),
)
