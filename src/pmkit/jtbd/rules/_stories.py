"""Rules about job stories and emotional jobs: JTBD301 to JTBD305, JTBD401."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.jtbd.rules._base import ALL, Corpus, JobRule, at_token, of_kind, on_part
from pmkit.language import content_words
from pmkit.model import Hit, Settings

__all__ = ["RULES"]

_EMPTY = frozenset({"have", "get", "able", "be", "do", "make", "so", "then", "new"})
_STORY_PROFILES = ("default", "kalbach", "job-story", "consumption")


def _situation(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001 - every rule takes both
    for reading in of_kind(corpus, "job_story"):
        if "situation" in reading.missing:
            yield at_token(reading, 0, "no situation: the story opens with {}")


def _motivation(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job_story"):
        if "motivation" in reading.missing:
            yield on_part(reading, "motivation", "nothing says what the person wants to do")
        elif "thing wanted" in reading.facts:
            yield at_token(
                reading, reading.facts["thing wanted"], "a thing is wanted where something should be done: {}"
            )


def _outcome(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job_story"):
        if "outcome" in reading.missing:
            yield on_part(reading, "motivation", "nothing says what becomes possible")


def _tautology(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job_story"):
        lexicon = reading.vocabulary.lexicon
        wanted = set(content_words(reading.part("motivation"), lexicon=lexicon)) - _EMPTY
        expected = set(content_words(reading.part("outcome"), lexicon=lexicon)) - _EMPTY
        if expected and expected <= wanted:
            yield on_part(reading, "outcome", "the expected outcome only repeats the motivation")


def _persona(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job_story"):
        at = reading.facts.get("role")
        if at is not None:
            yield at_token(reading, at, "{} is a persona, not a situation")


def _emotional_form(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "emotional"):
        if reading.missing:
            yield on_part(reading, "form", "an emotional job needs its form and a state")


_KLEMENT = "Klement 2013, Replacing the User Story with the Job Story"

RULES: tuple[JobRule, ...] = (
    JobRule(
        code="JTBD301",
        name="situation",
        severity="error",
        summary="a job story has a When",
        rationale="The situation, not the persona, explains why the need arises.",
        source=_KLEMENT,
        profiles=_STORY_PROFILES,
        check=_situation,
        hint="begin with 'When …'",
        failing="I want to hear the doorbell so I can open",
        passing="When I work in the cellar, I want to hear the doorbell, so I can open",
    ),
    JobRule(
        code="JTBD302",
        name="motivation-verb",
        severity="error",
        summary="'I want to' is followed by a verb, not by a thing",
        rationale="A thing that is wanted is a solution; the verb tells the progress that is sought.",
        source=_KLEMENT,
        profiles=_STORY_PROFILES,
        check=_motivation,
        hint="write 'I want to' and what the person does",
        failing="When the doorbell rings, I want a camera, so I can see who is there",
        passing="When the doorbell rings, I want to see who is there, so I can decide whether to open",
    ),
    JobRule(
        code="JTBD303",
        name="expected-outcome",
        severity="error",
        summary="a job story has a so (that) I can",
        rationale="The expected outcome says how the person will know that the progress was made.",
        source=_KLEMENT,
        profiles=_STORY_PROFILES,
        check=_outcome,
        hint="end with 'so I can …'",
        failing="When the doorbell rings, I want to see who is there",
        passing="When the doorbell rings, I want to see who is there, so I can decide whether to open",
    ),
    JobRule(
        code="JTBD304",
        name="tautology",
        severity="warning",
        summary="the expected outcome says more than the motivation",
        rationale="'I want to file it so I can have a filed file' explains nothing.",
        source=_KLEMENT,
        profiles=_STORY_PROFILES,
        check=_tautology,
        hint="ask what the motivation makes possible",
        failing="When rent is due, I want to pay the rent, so I can have paid rent",
        passing="When rent is due, I want to pay the rent, so I can keep my home",
    ),
    JobRule(
        code="JTBD305",
        name="persona-as-situation",
        severity="warning",
        summary="the situation is not 'I'm a <role>'",
        rationale="Who someone is explains less than what they are in the middle of.",
        source=_KLEMENT,
        profiles=_STORY_PROFILES,
        check=_persona,
        hint="describe what is going on",
        failing="When I'm a nurse, I want to see the ward, so I can plan my round",
        passing="When my shift begins, I want to see the ward, so I can plan my round",
    ),
    JobRule(
        code="JTBD401",
        name="emotional-form",
        severity="error",
        summary="feel, avoid feeling, be perceived as or avoid being perceived as, and a state",
        rationale="Four forms keep personal and social jobs comparable.",
        source="Ulwick 2016, Jobs to Be Done: Theory to Practice, ch. 4",
        profiles=ALL,
        check=_emotional_form,
        hint="write 'Feel …' or 'Be perceived as …' and the state",
        failing="Be perceived as",
        passing="Be perceived as a patient teacher by parents",
    ),
)
