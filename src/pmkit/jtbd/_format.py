"""Statements into text."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.errors import InvalidValueError
from pmkit.jtbd._read import read
from pmkit.jtbd._statements import DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement
from pmkit.jtbd._vocabulary import vocabulary
from pmkit.language import ENGLISH, Lexicon, is_manner_adverb, words
from pmkit.model import quoted

__all__ = ["format_parts", "format_statement"]

_CONNECTIVES = (
    "it takes to",
    "it takes for",
    "of",
    "that",
    "required to",
    "to",
    "with which",
    "it takes",
    "in",
    "from",
    "for",
    "",
)


def format_statement(statement: Statement, *, lexicon: Lexicon = ENGLISH) -> str:
    """Write a statement as text that `parse` reads back into the same parts.

    Parameters
    ----------
    statement : Job, DesiredOutcome, JobStory or EmotionalJob
    lexicon : Lexicon
        The words that the text will be read by.

    Returns
    -------
    str
        With a capital letter, and a full stop for job stories only. Connective words are chosen to
        fit the parts. Of parts that no wording can keep apart, such as a clarifier that opens with
        no circumstance, the closest text is given.

    Raises
    ------
    InvalidValueError
        When `statement` is none.

    Examples
    --------
    >>> import attrs
    >>> from pmkit import jtbd
    >>> outcome = jtbd.DesiredOutcome(direction="minimize", metric="time", object="find a file", clarifier="offline")
    >>> jtbd.format(attrs.evolve(outcome, clarifier="when offline"))
    'Minimize the time it takes to find a file when offline'
    >>> jtbd.format(jtbd.JobStory(situation="frost is forecast", motivation="be warned", outcome="cover the vines"))
    'When frost is forecast, I want to be warned, so I can cover the vines.'
    """
    if not isinstance(statement, (Job, DesiredOutcome, JobStory, EmotionalJob)):
        raise InvalidValueError(f"only statements can be formatted, not {quoted(statement)}")
    return format_parts(statement, lexicon=lexicon)


def format_parts(statement: Statement, *, lexicon: Lexicon = ENGLISH) -> str:
    """Write a statement: the first wording that reads back into the same parts, else the first."""
    if isinstance(statement, DesiredOutcome):
        kind: Kind = "outcome"
        parts = {name: getattr(statement, name) for name in ("direction", "metric", "object", "clarifier")}
        wordings = _outcomes(statement)
    elif isinstance(statement, JobStory):
        kind = "job_story"
        parts = {name: getattr(statement, name) for name in ("situation", "motivation", "outcome")}
        wordings = _stories(statement, lexicon)
    elif isinstance(statement, EmotionalJob):
        kind = "emotional"
        parts = {name: getattr(statement, name) for name in ("form", "state", "clarifier")}
        wordings = _rows(statement.form, statement.state, statement.clarifier)
    else:
        kind = "job"
        parts = {name: getattr(statement, name) for name in ("verb", "object", "clarifier")}
        wordings = _rows(statement.verb, statement.object, statement.clarifier)
    first = ""
    for wording in wordings:
        text = wording[:1].upper() + wording[1:]
        first = first or text
        reading = read(text, lexicon=lexicon)
        if reading.kind == kind and all(_same(reading.part(name), part, name) for name, part in parts.items()):
            return text
    return first


def _same(found: str, part: str, name: str) -> bool:
    return found == part or (name in {"verb", "direction", "metric", "form"} and found.lower() == part)


def _rows(*parts: str) -> Iterator[str]:
    filled = [part for part in parts if part]
    yield " ".join(filled)
    yield " ".join(filled[:-1]) + ", " + filled[-1]


def _outcomes(statement: DesiredOutcome) -> Iterator[str]:
    head = f"{statement.direction} the {statement.metric}"
    for connective in _CONNECTIVES if statement.object else ("",):
        for comma in ("", ","):
            clarifier = f"{comma} {statement.clarifier}" if statement.clarifier else ""
            middle = " ".join(piece for piece in (head, connective, statement.object) if piece)
            yield middle + clarifier


def _stories(statement: JobStory, lexicon: Lexicon) -> Iterator[str]:
    wants, reasons = ["I want to", "I want"], ["so I can", "so that I can", "so that", "so"]
    if not _acts(statement.motivation, lexicon):
        wants.reverse()  # "I want a refund"
    if not _acts(statement.outcome, lexicon):
        reasons = [*reasons[2:], *reasons[:2]]  # "so that my trip is cheaper"
    for want in wants:
        for so in reasons:
            yield f"When {statement.situation}, {want} {statement.motivation}, {so} {statement.outcome}."


def _acts(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text opens with a verb in its base form, known or before an article."""
    known = vocabulary(lexicon)
    first, *rest = [word for word in words(text) if not is_manner_adverb(word, lexicon=lexicon)][:2] or [""]
    if known.is_form(first, "base"):
        return True
    return first not in known.sets["not_verbs"] and any(known.has("determiners", word) for word in rest)
