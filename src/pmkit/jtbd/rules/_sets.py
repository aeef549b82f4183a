"""Rules about sets of statements: JTBD601 to JTBD604."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pmkit.jtbd._reading import Reading
from pmkit.jtbd.rules._base import Corpus, JobRule, of_kind, on_part
from pmkit.language import Lexicon, content_words, singular
from pmkit.model import Hit, Settings, quoted

__all__ = ["RULES"]

_DOWN = frozenset(
    {
        "minimize",
        "minimise",
        "reduce",
        "decrease",
        "lower",
        "cut",
        "shorten",
        "lessen",
        "diminish",
        "limit",
        "curb",
        "eliminate",
        "avoid",
    }
)
_FEWEST, _MOST = 50, 150
_PER_STEP = 3


def _key(reading: Reading) -> tuple[bool, str, tuple[str, ...]]:
    lexicon = reading.vocabulary.lexicon
    direction = reading.part("direction").lower() in _DOWN
    return direction, singular(reading.part("metric").lower()), content_words(reading.part("object"), lexicon=lexicon)


def _duplicate(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001 - every rule takes both
    first: dict[tuple[bool, str, tuple[str, ...]], str] = {}
    for reading in of_kind(corpus, "outcome"):
        if not corpus.together or reading.missing:
            continue
        earlier = first.setdefault(_key(reading), reading.id)
        if earlier != reading.id:
            yield on_part(reading, "object", f"has the direction, metric and object of {quoted(earlier)}")


@lru_cache(maxsize=16)
def _groups(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for line in lexicon.entries("synonyms"):
        group = tuple(line.split("|"))
        groups.update(dict.fromkeys(group, group))
    return groups


def _one_term(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    if not corpus.together:
        return
    used: dict[tuple[str, ...], dict[str, list[tuple[Reading, int]]]] = {}
    for reading in corpus.readings:
        groups = _groups(reading.vocabulary.lexicon)
        begin, end = reading.parts.get("object", (0, 0))
        for at in range(begin, end):
            noun = singular(reading.tokens[at].lower)
            if noun in groups:
                used.setdefault(groups[noun], {}).setdefault(noun, []).append((reading, at))
    for nouns in used.values():
        usual = max(nouns, key=lambda noun: len(nouns[noun]))
        for noun, places in nouns.items():
            if noun != usual:
                for reading, at in places:
                    message = f"{quoted(noun)} here, {quoted(usual)} elsewhere: one thing, one word"
                    yield Hit(reading.id, message, span=reading.token_span(at))


def _step_coverage(corpus: Corpus, settings: Settings) -> Iterator[Hit]:
    fewest = settings.limit("outcomes_per_step", _PER_STEP)
    for step, count in corpus.steps.items():
        if count < fewest:
            yield Hit(step, f"step {quoted(step)} has {count} outcomes, fewer than {fewest:g}")


def _set_size(corpus: Corpus, settings: Settings) -> Iterator[Hit]:
    if not corpus.together:
        return
    count = sum(1 for _ in of_kind(corpus, "outcome"))
    fewest, most = settings.limit("fewest_outcomes", _FEWEST), settings.limit("most_outcomes", _MOST)
    if count and not fewest <= count <= most:
        yield Hit("", f"{count} outcomes; a core job has {fewest:g} to {most:g}")


RULES: tuple[JobRule, ...] = (
    JobRule(
        code="JTBD601",
        name="duplicate",
        severity="warning",
        summary="no two outcomes with one direction, metric and object",
        rationale="Duplicates tire respondents and count one need twice.",
        source="Ulwick 2005, What Customers Want, ch. 3",
        profiles=("default", "odi", "kalbach", "consumption"),
        check=_duplicate,
        hint="keep one of them",
        failing="Minimize the time it takes to find a seat / Reduce the time required to find a seat",
        passing="Minimize the time it takes to find a seat / Minimize the time it takes to find a table",
    ),
    JobRule(
        code="JTBD602",
        name="one-term",
        severity="warning",
        summary="one noun for one object across the set",
        rationale="Respondents wonder what the difference is between an invoice and a bill.",
        source="Ulwick 2005, What Customers Want, ch. 3",
        profiles=("default", "odi", "kalbach", "consumption"),
        check=_one_term,
        hint="choose one word for it",
        failing="… pay an invoice … / … dispute a bill …",
        passing="… pay a bill … / … dispute a bill …",
    ),
    JobRule(
        code="JTBD603",
        name="step-coverage",
        severity="warning",
        summary="every job-map step has at least limits.outcomes_per_step outcomes (3)",
        rationale="A step without outcomes was forgotten in the interviews more often than it is free of needs.",
        source="Bettencourt & Ulwick 2008, The Customer-Centered Innovation Map",
        profiles=("default", "odi", "kalbach", "consumption"),
        check=_step_coverage,
        hint="ask what makes this step slow, unpredictable or wasteful",
        failing="a job map whose step 'confirm' is empty",
        passing="a job map with three outcomes in each step",
    ),
    JobRule(
        code="JTBD604",
        name="set-size",
        severity="warning",
        summary="50 to 150 outcomes for a core job",
        rationale="Fewer were not all found; more are not rated with care.",
        source="Ulwick 2005, What Customers Want, ch. 2",
        profiles=("odi",),
        check=_set_size,
        hint="interview on, or merge outcomes",
        failing="twelve outcomes",
        passing="eighty outcomes",
    ),
)
