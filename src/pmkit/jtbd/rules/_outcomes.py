"""Rules about desired outcomes: JTBD201 to JTBD208."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.jtbd.rules._base import Corpus, JobRule, at_token, of_kind, on_part
from pmkit.model import Hit, Settings

__all__ = ["RULES"]

_OUTCOME_PROFILES = ("default", "odi", "kalbach", "consumption")
_CHANCES = frozenset(
    {
        "likelihood",
        "chance",
        "probability",
        "risk",
        "odds",
        "number",
        "percentage",
        "frequency",
        "share",
        "proportion",
        "rate",
    }
)
_COUNTED = frozenset({"number", "percentage", "frequency", "share", "proportion", "rate"})
_EASE_AND_SPEED = frozenset(
    {
        "quickly",
        "easily",
        "rapidly",
        "swiftly",
        "efficiently",
        "effectively",
        "effortlessly",
        "seamlessly",
        "smoothly",
        "conveniently",
        "comfortably",
        "promptly",
        "simply",
        "cheaply",
        "affordably",
        "hassle-free",
    }
)
_NEGATIVE = (
    "un",
    "in",
    "im",
    "mis",
    "wrong",
    "bad",
    "poor",
    "accident",
    "late",
    "loose",
    "sudden",
    "severe",
    "premature",
)


def _direction(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001 - every rule takes both
    for reading in of_kind(corpus, "outcome"):
        if "direction" in reading.missing:
            yield at_token(reading, 0, "an outcome opens with a direction, not with {}")


def _canonical_direction(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        direction = reading.part("direction").lower()
        if direction and direction not in reading.vocabulary.lexicon.words("canonical_directions"):
            yield on_part(reading, "direction", f"'{direction}' is not one of the two canonical directions")


def _metric(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        if "metric" in reading.missing and "vague metric" not in reading.facts:
            yield on_part(reading, "object", "no metric says what is measured")


def _vague_metric(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        at = reading.facts.get("vague metric")
        if at is not None:
            yield at_token(reading, at, "{} cannot be measured as it stands")


def _one_metric(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        at = reading.facts.get("second metric")
        if at is not None:
            yield at_token(reading, at, "{} is a second metric: these are two outcomes")


def _object_of_control(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        if "object" in reading.missing:
            yield on_part(reading, "metric", "nothing says what the metric is measured on")


def _clean_object(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        metric = reading.part("metric").lower()
        chance = metric in _CHANCES
        for at in reading.adverbs:
            lower = reading.tokens[at].lower
            modifies = at + 1 < len(reading.tokens) and _is_participle(corpus, reading.tokens[at + 1].lower)
            if at == reading.parts["object"][0] and not chance:
                modifies = modifies and not reading.vocabulary.is_form(reading.tokens[at + 1].lower, "gerund")
            counted = metric in _COUNTED and reading.tokens[at - 1].lower == "to"
            allowed = (chance and not counted) or lower.startswith(_NEGATIVE) or modifies
            if lower in _EASE_AND_SPEED or not allowed:
                yield at_token(reading, at, "{} is a second measure inside the object")


def _is_participle(corpus: Corpus, word: str) -> bool:
    words = corpus.readings[0].vocabulary
    if word in words.sets["not_verbs"] or word in {"and", "or", ",", "but"}:
        return False
    return word not in words.forms or (
        words.is_form(word, "past participle", "gerund") and not words.is_form(word, "base")
    )


def _unit(corpus: Corpus, settings: Settings) -> Iterator[Hit]:  # noqa: ARG001
    for reading in of_kind(corpus, "outcome"):
        metric = reading.part("metric").lower()
        units = {entry.partition(":")[0] for entry in reading.vocabulary.lexicon.entries("metric_units")}
        if metric and "vague metric" not in reading.facts and metric not in units:
            yield on_part(reading, "metric", f"no unit comes to mind for '{metric}'")


_ULWICK = "Ulwick 2016, Jobs to Be Done: Theory to Practice, ch. 4"

RULES: tuple[JobRule, ...] = (
    JobRule(
        code="JTBD201",
        name="direction",
        severity="error",
        summary="an outcome opens with a direction",
        rationale="Without a direction nobody knows whether more or less is better.",
        source=_ULWICK,
        profiles=_OUTCOME_PROFILES,
        check=_direction,
        hint="begin with minimize or increase",
        failing="The pump should be quieter",
        passing="Minimize the noise of the pump",
    ),
    JobRule(
        code="JTBD202",
        name="canonical-direction",
        severity="error",
        summary="minimize or increase only",
        rationale="Two words for two directions keep a hundred statements comparable in one survey.",
        source=_ULWICK + "; Kalbach 2020 admits reduce, decrease, lower, maximize, raise",
        profiles=("odi",),
        check=_canonical_direction,
        hint="say minimize or increase",
        failing="Reduce the time it takes to thaw a pipe",
        passing="Minimize the time it takes to thaw a pipe",
    ),
    JobRule(
        code="JTBD203",
        name="metric",
        severity="error",
        summary="an outcome names a metric",
        rationale="What is not measured cannot be rated by respondents or improved by teams.",
        source=_ULWICK,
        profiles=_OUTCOME_PROFILES,
        check=_metric,
        hint="name what is measured: the time, the likelihood, the number of …",
        failing="Reduce leaking windows",
        passing="Reduce the likelihood that a window leaks",
    ),
    JobRule(
        code="JTBD204",
        name="vague-metric",
        severity="error",
        summary="the metric is not ease, convenience, comfort or confidence",
        rationale="Vague metrics are understood differently by each respondent.",
        source=(
            "Buchanan, Jobs to Be Done (public draft), chapter on outcomes; "
            "the Innovator's Toolkit prints 'ease' as good"
        ),
        profiles=_OUTCOME_PROFILES,
        check=_vague_metric,
        hint="say what ease would be measured by: time, effort, number of attempts",
        failing="Increase the ease of folding a map",
        passing="Minimize the time it takes to fold a map",
    ),
    JobRule(
        code="JTBD205",
        name="one-metric",
        severity="error",
        summary="one metric",
        rationale="Two metrics in one statement cannot be rated with one answer.",
        source=_ULWICK,
        profiles=_OUTCOME_PROFILES,
        check=_one_metric,
        hint="write one outcome for each metric",
        failing="Minimize the time and effort required to stack firewood",
        passing="Minimize the effort required to stack firewood",
    ),
    JobRule(
        code="JTBD206",
        name="object-of-control",
        severity="error",
        summary="an outcome has an object of control",
        rationale="A metric alone says nothing about what is to be improved.",
        source=_ULWICK,
        profiles=_OUTCOME_PROFILES,
        check=_object_of_control,
        hint="say what the metric is measured on",
        failing="Minimize the time",
        passing="Minimize the time it takes to hang a door",
    ),
    JobRule(
        code="JTBD207",
        name="clean-object",
        severity="error",
        summary="no manner adverb inside the object of an activity",
        rationale=(
            "An adverb smuggles in a second metric. Where the outcome is a chance that something goes right or wrong, "
            "correctness is its content and is let pass."
        ),
        source=_ULWICK,
        profiles=_OUTCOME_PROFILES,
        check=_clean_object,
        hint="drop the adverb, or write an outcome for it",
        failing="Minimize the time it takes to safely fell a tree",
        passing="Minimize the time it takes to fell a tree",
    ),
    JobRule(
        code="JTBD208",
        name="unit",
        severity="information",
        summary="a unit can be named for the metric",
        rationale="A metric with a unit can be observed as well as asked for.",
        source="Ulwick 2005, What Customers Want, ch. 2",
        profiles=("odi",),
        check=_unit,
        hint="name the unit, or choose a metric that has one",
        failing="Minimize the effort required to turn a valve",
        passing="Minimize the time it takes to turn a valve",
    ),
)
