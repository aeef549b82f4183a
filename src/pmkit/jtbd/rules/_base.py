"""What the rules look at, and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from pmkit.jtbd._reading import Reading
from pmkit.jtbd._statements import Kind
from pmkit.model import Hit, Rule, quoted

__all__ = ["ALL", "PROFILES", "Corpus", "at_token", "of_kind", "on_part"]

PROFILES: tuple[str, ...] = ("default", "odi", "kalbach", "job-story", "consumption")
ALL = PROFILES


@attrs.frozen(kw_only=True, eq=False)
class Corpus:
    """The statements under check, read.

    Attributes
    ----------
    readings : tuple of Reading
    together : bool
        Whether they were given as one set, so that rules about sets apply.
    steps : mapping of str to int
        Number of outcomes by job-map step; empty when there is no job map.
    """

    readings: tuple[Reading, ...]
    together: bool = False
    steps: Mapping[str, int] = attrs.field(factory=dict)


JobRule = Rule[Corpus]


def of_kind(corpus: Corpus, *kinds: Kind) -> Iterator[Reading]:
    """Iterate over the readings of some kinds."""
    return (reading for reading in corpus.readings if reading.kind in kinds)


def on_part(reading: Reading, part: str, message: str) -> Hit:
    """Report on a part of a statement, or on the whole where the part is absent."""
    return Hit(reading.id, message, span=reading.span(part) or _whole(reading))


def at_token(reading: Reading, at: int, message: str) -> Hit:
    """Report on one word; ``{}`` in the message stands for it."""
    if not 0 <= at < len(reading.tokens):
        return Hit(reading.id, message.format("the text"), span=_whole(reading))
    return Hit(reading.id, message.format(quoted(reading.tokens[at].text)), span=reading.token_span(at))


def _whole(reading: Reading) -> tuple[int, int]:
    return (reading.tokens[0].start, reading.tokens[-1].end) if reading.tokens else (0, len(reading.text))
