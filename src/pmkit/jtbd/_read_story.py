"""The parts of a job story: situation, motivation, expected outcome."""

from __future__ import annotations

from collections.abc import Sequence

from pmkit.jtbd._kinds import STORY_OPENERS, wish_at
from pmkit.jtbd._reading import trimmed
from pmkit.jtbd._vocabulary import Vocabulary, match
from pmkit.language import Token, singular

__all__ = ["read_story"]

_SUBJECTS = frozenset({"i", "we", "i'm", "we're", "i'll", "we'll"})
_MODALS = frozenset({"can", "could", "may", "will", "might", "would"})
_ABLE = (("am", "able", "to"), ("are", "able", "to"), ("able", "to"))


def read_story(
    words: Vocabulary, tokens: Sequence[Token], begin: int
) -> tuple[dict[str, tuple[int, int]], list[str], dict[str, int], list[int]]:
    """Find situation, motivation and expected outcome."""
    parts: dict[str, tuple[int, int]] = {}
    facts: dict[str, int] = {}
    wish = wish_at(tokens, begin)
    middle = wish[0] if wish else len(tokens)
    situation = _situation(words, tokens, begin, middle, facts)
    if situation:
        parts["situation"] = situation
    if wish:
        _wanted(words, tokens, wish[1], parts, facts)
    missing = [
        part for part in ("situation", "motivation", "outcome") if part not in parts or parts[part][0] >= parts[part][1]
    ]
    if "situation" not in missing:
        role = _role(words, tokens, *parts["situation"])
        if role is not None:
            facts["role"] = role
    return parts, missing, facts, []


def _situation(
    words: Vocabulary, tokens: Sequence[Token], begin: int, end: int, facts: dict[str, int]
) -> tuple[int, int] | None:
    if begin >= end or tokens[begin].lower not in STORY_OPENERS:
        return None
    if tokens[begin].lower == "as" and begin + 1 < end and tokens[begin + 1].lower in {"a", "an", "the", "our"}:
        facts["persona"] = begin
        comma = next((at for at in range(begin, end) if tokens[at].text == ","), end)
        later = next((at for at in range(begin, end) if tokens[at].lower in {"when", "whenever", "while"}), None)
        return trimmed(tokens, later + 1, end) if later is not None and later >= comma else None
    size = match(words.phrases["clause_openers"], tokens, begin, end) or 1
    found = trimmed(tokens, begin + size, end)
    return found if found[1] > found[0] else None


def _role(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> int | None:
    """See "I'm a marketing manager": a persona in the place of a situation."""
    lower = [token.lower for token in tokens[begin : min(end, begin + 8)]]
    size = 1 if lower[:1] in (["i'm"], ["we're"]) else 2 if lower[:2] in (["i", "am"], ["we", "are"]) else 0
    if not size or len(lower) <= size:
        return None
    if lower[size] not in {"a", "an", "the"}:
        many = (size == 1 and lower[:1] == ["we're"]) or lower[:2] == ["we", "are"]
        named = many and singular(lower[size]) in words.sets["roles"] and singular(lower[size]) != lower[size]
        return begin + size if named else None
    for at in range(begin + size + 1, min(end, begin + 7)):
        if match(words.phrases["roles"], tokens, at, end):
            return at
        if tokens[at].lower in words.sets["preposition_words"]:
            break
    return None


def _wanted(
    words: Vocabulary, tokens: Sequence[Token], begin: int, parts: dict[str, tuple[int, int]], facts: dict[str, int]
) -> None:
    marker = _marker(tokens, begin)
    close = marker[0] if marker else len(tokens)
    start = begin
    if start < close and tokens[start].lower == "to":
        start += 1
    elif start < close:
        facts["thing wanted"] = start
    motivation = trimmed(tokens, start, close)
    if motivation[1] > motivation[0]:
        parts["motivation"] = motivation
        if start > begin and not _opens_with_verb(words, tokens, motivation):
            facts["thing wanted"] = start
    if marker:
        outcome = trimmed(tokens, _past_subject(tokens, marker[1]), len(tokens))
        if outcome[1] > outcome[0]:
            parts["outcome"] = outcome


def _opens_with_verb(words: Vocabulary, tokens: Sequence[Token], bounds: tuple[int, int]) -> bool:
    at = bounds[0]
    if tokens[at].lower.endswith("ly") and at + 1 < bounds[1]:
        at += 1
    lower = tokens[at].lower
    return words.is_form(lower, "base") or (lower not in words.sets["not_verbs"] and lower not in words.forms)


def _marker(tokens: Sequence[Token], begin: int) -> tuple[int, int] | None:
    """Find where the expected outcome begins: "so that", ", so", "so I", "in order to"."""
    weak: tuple[int, int] | None = None
    for at in range(begin, len(tokens) - 1):
        lower, following = tokens[at].lower, tokens[at + 1].lower
        if lower == "so" and following == "that":
            return at, at + 2
        if lower == "so" and following not in {"far", "much", "many", "long", "on"} and weak is None:
            if (
                tokens[at - 1].text in {",", ";"}
                or following in _SUBJECTS
                or following in {"my", "our", "they", "it", "the", "he", "she"}
            ):
                weak = (at, at + 1)
        elif lower == "in" and following == "order" and at + 2 < len(tokens) and weak is None:
            weak = (at, at + 3)
    return weak


def _past_subject(tokens: Sequence[Token], begin: int) -> int:
    """Skip "I can" and "I"; a clause about someone else is kept whole."""
    at = begin
    if at < len(tokens) and tokens[at].lower in _SUBJECTS:
        contracted = "'" in tokens[at].lower
        at += 1
        if at < len(tokens) and tokens[at].lower in _MODALS:
            at += 1
        for phrase in _ABLE:
            if tuple(token.lower for token in tokens[at : at + len(phrase)]) == phrase:
                return at + len(phrase)
        return at if not contracted or tokens[begin].lower in {"i'll", "we'll"} else begin
    return at
