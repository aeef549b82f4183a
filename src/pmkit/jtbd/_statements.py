"""The four kinds of statement, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from pmkit.errors import InvalidValueError
from pmkit.language import normalize
from pmkit.model import Value, did_you_mean, frozen_mapping, quoted
from pmkit.model import _fields as fields

__all__ = ["KINDS", "DesiredOutcome", "EmotionalJob", "Job", "JobStory", "Kind", "Statement", "to_kind"]

Kind = Literal["job", "outcome", "job_story", "emotional"]
"""What a statement is: ``"job"``, ``"outcome"``, ``"job_story"`` or ``"emotional"``."""

KINDS: tuple[Kind, ...] = ("job", "outcome", "job_story", "emotional")

Spans: TypeAlias = Mapping[str, tuple[int, int]]


def _to_spans(value: Spans) -> Spans:
    return frozen_mapping(value)


def _plain(value: str) -> str:
    given: object = value
    return normalize(given) if isinstance(given, str) else value


def _lowered(value: str) -> str:
    given: object = value
    return normalize(given).lower() if isinstance(given, str) else value


def to_kind(kind: object) -> Kind | None:
    """Check a kind that a user gave; hyphens are as good as underscores."""
    if kind is None:
        return None
    if isinstance(kind, str):
        known: dict[str, Kind] = {name: name for name in KINDS}
        if kind.replace("-", "_") in known:
            return known[kind.replace("-", "_")]
    hint = did_you_mean(kind, KINDS) if isinstance(kind, str) else ""
    raise InvalidValueError(f"kind must be one of {', '.join(KINDS)}, not {quoted(kind)}{hint}")


@attrs.frozen(kw_only=True)
class _Statement(Value):
    text: str = attrs.field(default="", eq=False, repr=False, validator=fields.text)
    spans: Spans = attrs.field(factory=dict, eq=False, repr=False, converter=_to_spans)
    ignore: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.text), repr=False
    )


@attrs.frozen(kw_only=True)
class Job(_Statement):
    """A job: what someone is trying to get done, whatever they use for it (Ulwick 2016, ch. 4).

    Two statements are equal when their parts are; text and spans do not count.

    Attributes
    ----------
    verb : str
        In its base form and lower case, particle or preposition included: ``"listen to"``.
    object : str
        What the verb acts on.
    clarifier : str
        Time, place, condition or purpose; empty when there is none.
    text : str
        The text that was read; empty for a job made by hand.
    spans : mapping of str to (int, int)
        Where each part stands in `text`, in characters, by the part's name.
    ignore : tuple of str
        Codes of rules that are not reported on this statement.

    Examples
    --------
    >>> Job(verb="store", object="seeds", clarifier="over winter")
    Job(verb='store', object='seeds', clarifier='over winter')
    """

    verb: str = attrs.field(converter=_lowered, validator=fields.title)
    object: str = attrs.field(converter=_plain, validator=fields.title)
    clarifier: str = attrs.field(default="", converter=_plain, validator=fields.text)


@attrs.frozen(kw_only=True)
class DesiredOutcome(_Statement):
    """A desired outcome: how people judge that a job goes well (Ulwick 2016, ch. 4).

    Attributes
    ----------
    direction : str
        ``"minimize"``, ``"increase"`` or another direction, in lower case.
    metric : str
        What is measured, in lower case: ``"time"``, ``"likelihood"``.
    object : str
        The object of control; empty when the metric's own modifiers name it
        ("the per-cut consumable cost").
    clarifier : str
        Time, place or condition of the whole activity; empty when there is none.
    text, spans, ignore
        As in `Job`.

    Examples
    --------
    >>> DesiredOutcome(direction="minimize", metric="time", object="find a file", clarifier="when offline").metric
    'time'
    """

    direction: str = attrs.field(converter=_lowered, validator=fields.title)
    metric: str = attrs.field(converter=_lowered, validator=fields.title)
    object: str = attrs.field(default="", converter=_plain, validator=fields.text)
    clarifier: str = attrs.field(default="", converter=_plain, validator=fields.text)


@attrs.frozen(kw_only=True)
class JobStory(_Statement):
    """A job story: situation, motivation, expected outcome (Klement 2013).

    Attributes
    ----------
    situation : str
        What follows "When".
    motivation : str
        What follows "I want to".
    outcome : str
        What follows "so (that) I can"; a clause about someone else is kept whole.
    text, spans, ignore
        As in `Job`.

    Examples
    --------
    >>> JobStory(situation="a frost is forecast", motivation="be warned", outcome="cover the vines").outcome
    'cover the vines'
    """

    situation: str = attrs.field(converter=_plain, validator=fields.title)
    motivation: str = attrs.field(converter=_plain, validator=fields.title)
    outcome: str = attrs.field(converter=_plain, validator=fields.title)


@attrs.frozen(kw_only=True)
class EmotionalJob(_Statement):
    """An emotional or social job: how someone wants to feel or be seen (Ulwick 2016, ch. 4).

    Attributes
    ----------
    form : str
        ``"feel"``, ``"avoid feeling"``, ``"be perceived as"``, ``"avoid being perceived as"`` or a
        word for the same, in lower case.
    state : str
        The feeling or the reputation.
    clarifier : str
        By whom, when, where; empty when there is none.
    text, spans, ignore
        As in `Job`.

    Examples
    --------
    >>> EmotionalJob(form="feel", state="at ease", clarifier="in a new office").state
    'at ease'
    """

    form: str = attrs.field(converter=_lowered, validator=fields.title)
    state: str = attrs.field(converter=_plain, validator=fields.title)
    clarifier: str = attrs.field(default="", converter=_plain, validator=fields.text)


Statement: TypeAlias = Job | DesiredOutcome | JobStory | EmotionalJob
