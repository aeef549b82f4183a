"""A hypothesis: what is changed, for whom, what should move, which way, how far, by when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Value, frozen_mapping
from pmkit.model import _fields as fields

__all__ = ["PARTS", "Direction", "Hypothesis", "Part", "Threshold", "Timebox", "format_hypothesis"]

Direction = Literal["increase", "decrease", "hold"]
Part = Literal["change", "audience", "metric", "direction", "threshold", "reason", "timebox", "refutation"]
PARTS: tuple[Part, ...] = get_args(Part)


@attrs.frozen(kw_only=True)
class Threshold:
    """How far the metric must move.

    Attributes
    ----------
    number : float
        As written: 2 in "by at least 2 %".
    unit : str
        ``"percent"``, ``"points"`` (percentage points), a currency, or the thing counted, such as ``"minutes"``;
        empty when none is written.
    relative : bool
        Whether the number is a share of the baseline ("by 2 %", "twice") and not the metric's own unit.
    reach : bool
        Whether it is the level to reach ("to 40 %", "8 of 12") and not the size of the change.
    baseline : float or None
        The level to start from, where written ("from 31 % to 35 %").
    text : str
        The words themselves.

    Examples
    --------
    >>> Threshold(number=2, unit="percent", relative=True).share
    0.02
    """

    number: float = attrs.field(validator=fields.number())
    unit: str = attrs.field(default="", validator=fields.text)
    relative: bool = attrs.field(default=False, validator=fields.flag)
    reach: bool = attrs.field(default=False, validator=fields.flag)
    baseline: float | None = attrs.field(default=None, validator=fields.optional(fields.number()))
    text: str = attrs.field(default="", validator=fields.text)

    @property
    def share(self) -> float:
        """The number with percent and points as a share of 1: 0.02 for 2 %."""
        return self.number / 100 if self.unit in {"percent", "points"} else self.number


@attrs.frozen(kw_only=True)
class Timebox:
    """By when: a length of time, or a day or period by name.

    Attributes
    ----------
    days : float or None
        The length in days (a month is 30, a quarter 91), None for a named day.
    text : str
        The words themselves.

    Examples
    --------
    >>> Timebox(days=14, text="within two weeks").days
    14
    """

    days: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))
    text: str = attrs.field(validator=fields.title)


def _spans(_instance: object, _attribute: fields.Named, value: Mapping[str, tuple[int, int]]) -> None:
    for part, span in value.items():
        if part not in PARTS or not 0 <= span[0] <= span[1]:
            raise InvalidValueError(f"a hypothesis has no part {part!r} at {span!r}")


def _to_spans(spans: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    return frozen_mapping({part: (span[0], span[1]) for part, span in spans.items()})


def _own_metric(hypothesis: Hypothesis) -> tuple[str, ...]:
    return (hypothesis.metric,) if hypothesis.metric else ()


@attrs.frozen(kw_only=True)
class Hypothesis(Value):
    """A belief that data could show to be wrong.

    Attributes
    ----------
    change, audience, metric, reason : str
        In the words written; empty when not said.
    direction : "increase", "decrease", "hold" or None
        Which way the metric should move; "hold" for "does not fall".
    threshold : Threshold or None
    timebox : Timebox or None
    refutation : str
        The words that say what result would show it wrong.
    metrics : tuple of str
        Every metric named, the primary one first.
    text : str
        The whole, as written.
    spans : mapping of str to (int, int)
        Where each part stands in `text`: start, and end (exclusive).
    id : str
        For other rooms.

    Examples
    --------
    >>> Hypothesis(change="three picks", metric="next-episode starts", direction="increase").audience
    ''
    """

    change: str = attrs.field(default="", validator=fields.text)
    audience: str = attrs.field(default="", validator=fields.text)
    metric: str = attrs.field(default="", validator=fields.text)
    direction: Direction | None = attrs.field(
        default=None, validator=fields.optional(fields.one_of(get_args(Direction)))
    )
    threshold: Threshold | None = attrs.field(
        default=None, validator=fields.optional(fields.of_type(Threshold, "a threshold"))
    )
    reason: str = attrs.field(default="", validator=fields.text)
    timebox: Timebox | None = attrs.field(default=None, validator=fields.optional(fields.of_type(Timebox, "a timebox")))
    refutation: str = attrs.field(default="", validator=fields.text)
    metrics: tuple[str, ...] = attrs.field(
        default=attrs.Factory(_own_metric, takes_self=True),
        converter=fields.to_texts,
        validator=fields.tuple_of(fields.text),
    )
    text: str = attrs.field(default="", validator=fields.text)
    spans: Mapping[str, tuple[int, int]] = attrs.field(
        factory=dict,
        converter=_to_spans,
        validator=_spans,
    )
    id: str = attrs.field(default="hypothesis", validator=fields.identifier)


_VERBS: dict[Direction, str] = {"increase": "increase", "decrease": "decrease", "hold": "not worsen"}


def format_hypothesis(hypothesis: Hypothesis) -> str:
    """Write a hypothesis in the common template, with what is missing in brackets.

    Parameters
    ----------
    hypothesis : Hypothesis

    Returns
    -------
    str
        "We believe that … for … will … by … within … because …."

    Examples
    --------
    >>> print(format_hypothesis(Hypothesis(change="showing three picks", audience="subscribers on TV",
    ...     metric="next-episode starts", direction="increase")))
    We believe that showing three picks for subscribers on TV will increase next-episode starts
    by [how much] within [how long] because [why].
    """
    threshold = hypothesis.threshold
    if threshold is None:
        amount = "by [how much]"
    elif threshold.text:
        amount = threshold.text
    else:
        unit = {"percent": " %", "points": " percentage points"}.get(threshold.unit, f" {threshold.unit}".rstrip())
        amount = f"{'to' if threshold.reach else 'by at least'} {threshold.number:g}{unit}"
    verb = _VERBS[hypothesis.direction] if hypothesis.direction else "[increase or decrease]"
    timebox = hypothesis.timebox.text if hypothesis.timebox else "within [how long]"
    return (
        f"We believe that {hypothesis.change or '[what is changed]'} for {hypothesis.audience or '[whom]'} will {verb} "
        f"{hypothesis.metric or '[which metric]'} {amount} {timebox} because {hypothesis.reason or '[why]'}."
    )
