"""What a claim about customers rests on."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import attrs

from pmkit.model import _fields as fields

__all__ = ["EVIDENCE_KINDS", "Evidence", "EvidenceKind"]

EvidenceKind = Literal["story", "observation", "analytics", "survey", "support", "opinion"]
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = ("story", "observation", "analytics", "survey", "support", "opinion")


@attrs.frozen(kw_only=True)
class Evidence:
    """One piece of evidence: a story someone told, something seen, counted or said.

    Story-based interviews are the method's core (Torres 2021, ch. 5); what counts is
    how many distinct people or sources stand behind a claim, not how often it was said.

    Attributes
    ----------
    kind : EvidenceKind
        ``"story"``, ``"observation"``, ``"analytics"``, ``"survey"``, ``"support"`` or ``"opinion"``.
    participant : str
        The id of who it comes from; never a name.
    date : date or None
        When it was gathered.
    quote : str
        In their words.
    source : str
        Where it can be found: an interview, a dashboard, a ticket.

    Examples
    --------
    >>> Evidence(kind="story", participant="p07", quote="I gave up and went to bed").participant
    'p07'
    """

    kind: EvidenceKind = attrs.field(validator=fields.one_of(EVIDENCE_KINDS))
    participant: str = attrs.field(default="", validator=fields.text)
    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    quote: str = attrs.field(default="", validator=fields.text)
    source: str = attrs.field(default="", validator=fields.text)
