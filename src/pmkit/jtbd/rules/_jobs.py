"""Rules about jobs: JTBD101 to JTBD108."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.jtbd._reading import Reading
from pmkit.jtbd.rules._base import ALL, Corpus, JobRule, at_token, of_kind, on_part
from pmkit.model import Hit, Settings

__all__ = ["RULES"]

_MAKERS = frozenset({"make", "help", "let", "get", "keep"})
_PEOPLE = frozenset({"someone", "somebody", "others", "people", "them", "me", "us", "everyone"})
_HEAD = 5


def _opening(reading: Reading) -> str:
    """Return the base form of the word that does the work of the verb."""
    verb = reading.words("verb")
    if verb:
        return verb[0]
    at = reading.facts.get("gerund")
    bases = reading.vocabulary.bases.get(reading.tokens[at].lower, ()) if at is not None else ()
    return bases[0] if bases else ""


def _verb_first(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001 - every rule takes both
    for reading in of_kind(corpus, "job"):
        verb = reading.parts.get("verb")
        if verb is None:
            at = reading.facts.get("opening", 0)
            yield at_token(reading, at, "a job opens with a verb in its base form, not with {}")
        elif "opening" in reading.facts:
            yield at_token(reading, reading.facts["opening"], "a job opens with its verb, not with {}")
        elif reading.adverbs and reading.adverbs[0] < verb[0]:
            yield at_token(reading, reading.adverbs[0], "a job opens with its verb, not with {}")


def _object(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        if "object" in reading.missing:
            yield on_part(reading, "verb", "nothing says what the verb acts on")


def _no_adverb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        if reading.adverbs:
            yield at_token(reading, reading.adverbs[0], "{} says how well the job is done, not what is done")


def _state_verb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        if _opening(reading) in reading.vocabulary.lexicon.words("state_verbs"):
            yield on_part(reading, "verb", "a state is described, nothing is done")


def _emotion_verb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        opening = _opening(reading)
        emotions = reading.vocabulary.lexicon.words("emotion_verbs")
        if opening in emotions:
            yield on_part(reading, "verb", f"'{opening}' is a feeling, not something to get done")
        elif opening in _MAKERS:
            begin, end = reading.parts.get("object", (0, 0))
            for at in range(begin, end):
                if "feel" in reading.vocabulary.bases.get(reading.tokens[at].lower, ()):
                    yield at_token(reading, at, "{} makes an emotional job of it")
                    break


def _use_verb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        if _opening(reading) in reading.vocabulary.lexicon.words("use_verbs"):
            yield on_part(reading, "verb", f"'{_opening(reading)}' names a tool, not what it is used for")


def _help_verb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        opening = _opening(reading)
        if opening not in reading.vocabulary.lexicon.words("help_verbs"):
            continue
        people = reading.vocabulary.sets["people_nouns"] | reading.vocabulary.sets["roles"] | _PEOPLE
        if opening != "support" or any(word in people for word in reading.words("object")[:_HEAD]):
            yield on_part(reading, "verb", f"'{opening}' is what a product does; the job is what the person gets done")


def _one_verb(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "job"):
        at = reading.facts.get("second verb")
        if at is not None:
            yield at_token(reading, at, "{} is a second verb: these are two jobs")


_ULWICK = "Ulwick 2016, Jobs to Be Done: Theory to Practice, ch. 4"
_KALBACH = "Kalbach 2020, The Jobs to Be Done Playbook, ch. 2"

RULES: tuple[JobRule, ...] = (
    JobRule(
        code="JTBD101",
        name="verb-first",
        severity="error",
        summary="a job opens with a verb in its base form",
        rationale="A job is something to be done; a noun names a topic, a form in -ing or an adverb hides the verb.",
        source=_ULWICK,
        profiles=ALL,
        check=_verb_first,
        hint="begin with the verb: 'Prune the roses', not 'Pruning'",
        failing="Pruning",
        passing="Prune the roses",
    ),
    JobRule(
        code="JTBD102",
        name="object",
        severity="error",
        summary="a job has an object",
        rationale="Without an object nobody can tell when the job is done.",
        source=_ULWICK,
        profiles=ALL,
        check=_object,
        hint="say what is acted on",
        failing="Harvest",
        passing="Harvest the grapes",
    ),
    JobRule(
        code="JTBD103",
        name="no-adverb",
        severity="warning",
        severities={"odi": "error"},
        summary="no manner adverb in a job",
        rationale="Quickly, safely, accurately: these are desired outcomes of the job, to be measured one by one.",
        source=_ULWICK + "; Kalbach's published examples keep some, hence a warning outside odi",
        profiles=ALL,
        check=_no_adverb,
        hint="drop the adverb and write a desired outcome for it",
        failing="Fillet a fish quickly",
        passing="Fillet a fish",
    ),
    JobRule(
        code="JTBD104",
        name="state-verb",
        severity="error",
        summary="a job does not be, have or own",
        rationale="States are aspirations or situations; a job is an activity with an end.",
        source=_KALBACH,
        profiles=ALL,
        check=_state_verb,
        hint="ask what people do to get there",
        failing="Own a sailboat",
        passing="Cross a bay under sail",
    ),
    JobRule(
        code="JTBD105",
        name="emotion-verb",
        severity="error",
        summary="a functional job does not feel, enjoy or love",
        rationale="Feelings are emotional jobs; they are stated and measured apart.",
        source=_ULWICK,
        profiles=ALL,
        check=_emotion_verb,
        hint="write an emotional job: 'Feel … when …'",
        failing="Enjoy a concert",
        passing="Attend a concert",
    ),
    JobRule(
        code="JTBD106",
        name="use-verb",
        severity="error",
        summary="a job does not use, leverage or utilize",
        rationale="These verbs name a tool; the job stays when the tool is replaced.",
        source=_KALBACH,
        profiles=ALL,
        check=_use_verb,
        hint="say what the tool is used for",
        failing="Use a hoist to move an engine",
        passing="Move an engine",
    ),
    JobRule(
        code="JTBD107",
        name="help-verb",
        severity="warning",
        summary="a job does not help, support or enable someone",
        rationale="Helping is the product's point of view; the job belongs to the person who is helped.",
        source=_KALBACH,
        profiles=ALL,
        check=_help_verb,
        hint="state the job from the point of view of the one who is helped",
        failing="Help pupils learn the alphabet",
        passing="Learn the alphabet",
    ),
    JobRule(
        code="JTBD108",
        name="one-verb",
        severity="error",
        summary="one job, one verb",
        rationale="Two verbs are two jobs with two sets of outcomes; coordinated nouns are fine.",
        source=_ULWICK,
        profiles=ALL,
        check=_one_verb,
        hint="write two jobs",
        failing="Wash the windows and polish the silver",
        passing="Wash the windows and doors",
    ),
)
