"""What a text was found to be: its kind, its parts, and what is missing or out of place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from pmkit.jtbd._statements import Kind
from pmkit.jtbd._vocabulary import Vocabulary
from pmkit.language import Token, is_manner_adverb, normalize

__all__ = ["Reading", "adverb_ends_at", "manner_adverb_at", "trimmed"]

_EDGE = frozenset(",;:.!?\u2013\u2014-\"'\u201c\u201d\u2018\u2019\u2026*\u2022|")


@attrs.frozen(kw_only=True, eq=False)
class Reading:
    """One text as the parser sees it; rules look at this.

    Attributes
    ----------
    id : str
        The name of the statement in its collection; empty when it stands alone.
    text : str
    kind : Kind
    tokens : sequence of Token
    parts : mapping of str to (int, int)
        Ranges of tokens by part; an absent part has no entry.
    missing : tuple of str
        Parts that the kind needs and the text lacks.
    facts : mapping of str to int
        What else was seen, as the token where it was seen: ``"second metric"``, ``"second verb"``,
        ``"vague metric"``, ``"fronted"``, ``"opening"``, ``"persona"``, ``"thing wanted"``, ``"gerund"``.
    adverbs : tuple of int
        Tokens of manner adverbs.
    ignore : tuple of str
        Codes that the statement asks to be spared.
    vocabulary : Vocabulary
    """

    id: str = ""
    text: str
    kind: Kind
    tokens: Sequence[Token]
    parts: Mapping[str, tuple[int, int]]
    missing: tuple[str, ...] = ()
    facts: Mapping[str, int] = attrs.field(factory=dict)
    adverbs: tuple[int, ...] = ()
    ignore: tuple[str, ...] = ()
    vocabulary: Vocabulary

    def span(self, part: str) -> tuple[int, int] | None:
        """Return where a part stands in the text."""
        found = self.parts.get(part)
        return (self.tokens[found[0]].start, self.tokens[found[1] - 1].end) if found else None

    def token_span(self, at: int) -> tuple[int, int]:
        """Return where a token stands in the text."""
        return self.tokens[at].start, self.tokens[at].end

    def part(self, name: str) -> str:
        """Return a part's text, with single spaces and straight quotes; empty when it is absent."""
        span = self.span(name)
        return normalize(self.text[span[0] : span[1]]) if span else ""

    def words(self, name: str) -> tuple[str, ...]:
        """Return a part's words in lower case."""
        begin, end = self.parts.get(name, (0, 0))
        return tuple(token.lower for token in self.tokens[begin:end] if token.kind != "symbol")


def trimmed(tokens: Sequence[Token], begin: int, end: int) -> tuple[int, int]:
    """Take marks from both ends of a range of tokens."""
    while begin < end and tokens[begin].text in _EDGE:
        begin += 1
    opened = any(tokens[at].text == "(" for at in range(begin, end - 1))
    closing = _EDGE | {"("} if opened else _EDGE | {"(", ")"}
    while end > begin and tokens[end - 1].text in closing:
        end -= 1
    return begin, end


def manner_adverb_at(words: Vocabulary, tokens: Sequence[Token], at: int) -> bool:
    """Say whether one token is an adverb of manner in -ly."""
    return is_manner_adverb(tokens[at].lower, lexicon=words.lexicon)


def adverb_ends_at(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> int:
    """Return where the manner adverb begins that closes a range of tokens; the end when none does."""
    if end - begin < 1:
        return end
    if manner_adverb_at(words, tokens, end - 1):
        at = end - 1
        while at - 1 > begin and tokens[at - 1].lower in {"and", ","} and manner_adverb_at(words, tokens, at - 2):
            at -= 2
        return at
    for size in range(min(5, end - begin - 1), 0, -1):
        if words.has("determiners", tokens[end - size - 1].lower):
            continue  # after "a" stands a noun: "the depth of a well"
        phrase = tuple(token.lower for token in tokens[end - size : end])
        if phrase in words.phrases["manner_adverbs"].get(phrase[0], ()):
            return end - size
    return end
