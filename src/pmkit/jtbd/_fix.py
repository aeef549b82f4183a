"""Safe repairs: the wording changes, what is meant does not."""

from __future__ import annotations

from typing import TypeVar, cast

from pmkit.errors import InvalidValueError
from pmkit.jtbd._check import reading_of
from pmkit.jtbd._parse import statement_of
from pmkit.jtbd._reading import Reading
from pmkit.jtbd._statements import DesiredOutcome, EmotionalJob, Job, JobStory
from pmkit.language import ENGLISH, Lexicon
from pmkit.model import quoted

__all__ = ["fix"]

_CANONICAL = {
    "reduce": "minimize", "decrease": "minimize", "lower": "minimize", "shorten": "minimize", "lessen": "minimize",
    "diminish": "minimize", "cut": "minimize", "maximize": "increase", "maximise": "increase", "raise": "increase",
    "improve": "increase", "boost": "increase", "enhance": "increase", "grow": "increase", "extend": "increase",
}  # fmt: skip

Checked = TypeVar("Checked", str, Job, DesiredOutcome, JobStory, EmotionalJob)


def fix(value: Checked, *, profile: str = "default", lexicon: Lexicon = ENGLISH) -> Checked:
    """Repair what can be repaired without changing what is meant.

    A clarifier that stands first goes to the end (JTBD504), a leading "To" goes (JTBD101), bullets
    and final marks go; in the profile ``"odi"`` a direction becomes minimize or increase (JTBD202).
    Adverbs, vague words and brands are left: taking them out changes the statement.

    Parameters
    ----------
    value : str or statement
    profile : str
        The profile whose rules are to be met.
    lexicon : Lexicon

    Returns
    -------
    str or statement
        Of the type that was given; unchanged when there is nothing safe to do.

    Raises
    ------
    InvalidValueError
        When `value` is neither.

    Examples
    --------
    >>> fix("When it rains, minimize the time it takes to pitch a tent.")
    'Minimize the time it takes to pitch a tent when it rains'
    >>> fix("Reduce the time it takes to thaw a pipe", profile="odi")
    'Minimize the time it takes to thaw a pipe'
    """
    if isinstance(value, (Job, DesiredOutcome, JobStory, EmotionalJob)):
        reading = reading_of(value, lexicon=lexicon)
        text = _fixed(reading, profile)
        again = statement_of(reading_of(text, kind=reading.kind, lexicon=lexicon))
        return value if again == value else cast("Checked", again)
    if not isinstance(value, str):
        raise InvalidValueError(f"only texts and statements can be fixed, not {quoted(value)}")
    reading = reading_of(value, lexicon=lexicon)
    return value if reading.missing else _fixed(reading, profile)


def _fixed(reading: Reading, profile: str) -> str:
    tokens = reading.tokens
    if reading.kind == "job_story" or not tokens:
        return reading.text
    begin, end = 0, len(tokens)
    while tokens[begin].text in {"-", "*", "\u2022", "\u2013"} and begin + 1 < end:
        begin += 1
    tail = ""
    if "fronted" in reading.facts:
        clarifier = reading.part("clarifier")
        tail = " " + clarifier[:1].lower() + clarifier[1:]
        begin = reading.parts["clarifier"][1]
        while begin < end and tokens[begin].kind == "symbol":
            begin += 1
    elif reading.facts.get("opening") == begin and tokens[begin].lower == "to":
        begin += 1
    text = reading.text[tokens[begin].start : tokens[end - 1].end]
    direction = reading.part("direction").lower()
    if profile == "odi" and direction in _CANONICAL:
        size = reading.span("direction")
        if size is not None:
            text = _CANONICAL[direction] + reading.text[size[1] : tokens[end - 1].end]
    return text[:1].upper() + text[1:] + tail
