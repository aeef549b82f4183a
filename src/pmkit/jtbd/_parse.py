"""Text into statements, and the kind of a text."""

from __future__ import annotations

from pmkit.errors import InvalidValueError, ParseError
from pmkit.jtbd._check import structural_findings
from pmkit.jtbd._read import read
from pmkit.jtbd._reading import Reading
from pmkit.jtbd._statements import DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement, to_kind
from pmkit.language import ENGLISH, Lexicon
from pmkit.model import quoted

__all__ = ["detect_kind", "parse", "statement_of"]

_PARTS: dict[Kind, tuple[str, ...]] = {
    "job": ("verb", "object", "clarifier"),
    "outcome": ("direction", "metric", "object", "clarifier"),
    "job_story": ("situation", "motivation", "outcome"),
    "emotional": ("form", "state", "clarifier"),
}
_CLASSES: dict[Kind, type[Statement]] = {
    "job": Job,
    "outcome": DesiredOutcome,
    "job_story": JobStory,
    "emotional": EmotionalJob,
}


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise InvalidValueError(f"a statement must be text, not {quoted(text)} ({type(text).__name__})")
    return text


def detect_kind(text: str, *, lexicon: Lexicon = ENGLISH) -> Kind:
    """Tell which kind of statement a text is, or is meant to be.

    Parameters
    ----------
    text : str
        Any text; one that is no statement is told by what it comes closest to.
    lexicon : Lexicon
        The words to go by.

    Returns
    -------
    Kind
        ``"job"``, ``"outcome"``, ``"job_story"`` or ``"emotional"``.

    Raises
    ------
    InvalidValueError
        When `text` is not text.

    Examples
    --------
    >>> detect_kind("Minimize the time it takes to reseed a lawn")
    'outcome'
    >>> detect_kind("Feel at ease among strangers")
    'emotional'
    """
    return read(_text(text), lexicon=lexicon).kind


def statement_of(reading: Reading) -> Statement:
    """Make the statement that a complete reading holds."""
    names = _PARTS[reading.kind]
    spans = {name: span for name in names if (span := reading.span(name)) is not None}
    values = {name: reading.part(name) for name in names}
    return _CLASSES[reading.kind](text=reading.text, spans=spans, **values)


def parse(text: str, kind: Kind | None = None, *, lexicon: Lexicon = ENGLISH) -> Statement:
    """Read a statement into its parts.

    A controlled language, read by hand-written rules over word lists, in time linear in the length
    of the text. Connective words ("it takes to", "of", "that") belong to no part. The clarifier is
    the last phrase that states a circumstance of time, place or condition of the whole activity;
    phrases that say which thing is meant stay with their noun.

    Parameters
    ----------
    text : str
        One statement.
    kind : Kind or None
        Its kind; told from the text when None.
    lexicon : Lexicon
        The words to go by; see `pmkit.language.extend_lexicon`.

    Returns
    -------
    Job, DesiredOutcome, JobStory or EmotionalJob
        With `text`, and `spans` into it.

    Raises
    ------
    ParseError
        When a part that the kind needs is missing; `findings` say which, and where it was expected.
    InvalidValueError
        When `text` is not text or `kind` is not a kind.

    Examples
    --------
    >>> parse("Minimize the time it takes to find a file when offline")
    DesiredOutcome(direction='minimize', metric='time', object='find a file', clarifier='when offline')
    >>> parse("Listen to music while on the go").verb
    'listen to'
    >>> parse("Faster service")
    Traceback (most recent call last):
    pmkit.errors.ParseError: 'Faster service' is no desired outcome: it has no direction and no metric
    """
    reading = read(_text(text), to_kind(kind), lexicon=lexicon)
    if reading.missing:
        name = {"job": "job", "outcome": "desired outcome", "job_story": "job story", "emotional": "emotional job"}
        lacks = " and ".join(f"no {part}" for part in reading.missing)
        message = f"{quoted(text)} is no {name[reading.kind]}: it has {lacks}"
        raise ParseError(message, findings=structural_findings(reading))
    return statement_of(reading)
