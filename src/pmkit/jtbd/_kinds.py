"""Which of the four kinds a text is meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from pmkit.jtbd._statements import Kind
from pmkit.jtbd._vocabulary import Vocabulary, match
from pmkit.language import Token, is_manner_adverb, singular

__all__ = ["STORY_OPENERS", "kind_of", "leading_metric", "metric_at", "wish_at"]

STORY_OPENERS = frozenset(
    {"when", "whenever", "while", "whilst", "if", "as", "before", "after", "once", "every", "each", "during", "until"}
)
_WISHERS = frozenset({"i", "we", "you", "they", "users", "customers"})
_WISHES = frozenset({"want", "need", "like", "love", "wish", "prefer"})
_SHORT_WISHERS = frozenset({"i'd", "we'd"})
_RAW_SUBJECTS = frozenset(
    {
        "i",
        "it",
        "we",
        "they",
        "you",
        "he",
        "she",
        "there",
        "it's",
        "i'm",
        "there's",
        "that's",
        "i've",
        "they're",
        "nobody",
        "everyone",
        "someone",
        "i'd",
        "we're",
    }
)
_COMPARATIVES = frozenset({"more", "less", "fewer", "no", "not", "too"})
_COMPLAINTS = frozenset({"hate", "love", "want", "need", "like", "wish"})
_DOES = frozenset(
    [
        "takes",
        "needs",
        "keeps",
        "gets",
        "makes",
        "goes",
        "fails",
        "seems",
        "looks",
        "keep",
        "get",
        "seem",
        "fail",
        "never",
    ]
)
_HEAD = 10


def wish_at(tokens: Sequence[Token], begin: int = 0) -> tuple[int, int] | None:
    """Find "I want", "we need", "I'd like": the range of its tokens."""
    for at in range(begin, len(tokens) - 1):
        lower = tokens[at].lower
        if lower in _SHORT_WISHERS and tokens[at + 1].lower in {"like", "love", "prefer", "rather"}:
            return at, at + 2
        if lower in _WISHERS:
            following = tokens[at + 1].lower
            if following in {"want", "need", "wish"} and not (following == "need" and _inside_situation(tokens, at)):
                return at, at + 2
            if following == "would" and at + 2 < len(tokens) and tokens[at + 2].lower in _WISHES:
                return at, at + 3
    return None


def _inside_situation(tokens: Sequence[Token], at: int) -> bool:
    """See "When I need to ..., I want": the need belongs to the situation."""
    return tokens[at - 1].text != ","


def metric_at(words: Vocabulary, tokens: Sequence[Token], begin: int) -> tuple[int, int] | None:
    """Find a metric at the head of a text, after an article: the range of its tokens."""
    at = begin
    while at < len(tokens) and tokens[at].lower in {"the", "a", "an", "any", "my", "our", "their", "your"}:
        at += 1
    size = match(words.phrases["metrics"], tokens, at)
    return (at, at + size) if size else None


def leading_metric(words: Vocabulary, tokens: Sequence[Token], begin: int) -> bool:
    """Say whether a text opens with a metric and what ties an object to it, such as "time it takes to"."""
    found = metric_at(words, tokens, begin)
    return (
        found is not None
        and bool(
            match(words.phrases["connectives"], tokens, found[1])
            and tokens[found[1]].lower in {"it", "of", "required", "needed", "that", "to"}
        )
        and not (
            tokens[found[1]].lower == "to"
            and begin == found[0]
            and not words.is_form(tokens[min(found[1] + 1, len(tokens) - 1)].lower, "base")
        )
    )


def kind_of(words: Vocabulary, tokens: Sequence[Token], begin: int) -> Kind:
    """Tell the kind of a text from its opening words."""
    if begin >= len(tokens):
        return "job"
    first = tokens[begin].lower
    if first in STORY_OPENERS or first in {"i", "we", "i'd", "we'd"}:
        if first in {"i", "we", "i'd", "we'd"}:
            wish = wish_at(tokens[: begin + 4], begin)
            return "job_story" if wish and wish[0] == begin else "outcome"
        if wish_at(tokens, begin) is not None:
            return "job_story"
        after = _after_comma(tokens, begin)
        if after is not None and tokens[after].lower not in {"i", "we", "i'd", "we'd"}:
            return kind_of(words, tokens, after)
        return "job_story"
    if first in words.sets["preposition_words"] and first != "to":
        after = _after_comma(tokens, begin)
        if after is not None and tokens[after].lower not in words.sets["not_verbs"]:
            return kind_of(words, tokens, after)
    if match(words.phrases["emotional_forms"], tokens, begin) and begin + 1 < len(tokens):
        return "emotional"
    before = first == "to" or is_manner_adverb(first, lexicon=words.lexicon)
    kind = _by_direction(words, tokens, begin + 1 if before and begin + 1 < len(tokens) else begin)
    if kind is not None:
        return kind
    return "outcome" if _raw_need(words, tokens, begin) else "job"


def _after_comma(tokens: Sequence[Token], begin: int) -> int | None:
    for at in range(begin, len(tokens) - 1):
        if tokens[at].text == ",":
            return at + 1 if tokens[at + 1].lower not in STORY_OPENERS else None
    return None


def _by_direction(words: Vocabulary, tokens: Sequence[Token], begin: int) -> Kind | None:
    size = match(words.phrases["directions"], tokens, begin)
    if size:
        first = tokens[begin].lower
        if words.has("clear_directions", first):
            return "outcome"
        for at in range(begin + size, min(begin + size + 5, len(tokens))):
            found = match(words.phrases["metrics"], tokens, at)
            if found:
                tied = at + found < len(tokens) and match(words.phrases["connectives"], tokens, at + found)
                strict = first in {"decrease", "lower", "raise"}
                if at == begin + size and tied and tokens[at + found].lower == "for":
                    return "job"  # "raise money for a playground"
                return (
                    "outcome"
                    if tied and (strict or tokens[at + found].lower != "to" or at + found + 1 < len(tokens))
                    else "job"
                )
            if tokens[at].lower in words.sets["preposition_words"] or tokens[at].kind == "symbol":
                break
    return "outcome" if leading_metric(words, tokens, begin) else None


def _finite(words: Vocabulary, window: Sequence[Token], at: int) -> bool:
    """Say whether a word after a determiner says what the thing does: "the doors close too fast"."""
    lower = window[at].lower
    if words.has("auxiliaries", lower) or lower in _DOES:
        return True
    if at == 0 or not words.is_form(lower, "base", "third person"):
        return False
    bases = words.bases[lower]
    if any(base in words.sets["noun_verbs"] for base in bases):
        return False
    many = singular(window[at - 1].lower) != window[at - 1].lower
    return many if words.is_form(lower, "base") else not many


def _raw_need(words: Vocabulary, tokens: Sequence[Token], begin: int) -> bool:
    """See complaints, specifications and benefits: "It takes forever", "The thing should", "Faster service"."""
    first = tokens[begin].lower
    if first in _RAW_SUBJECTS or first in _COMPARATIVES:
        return True
    if words.has("determiners", first):
        window = tokens[begin + 1 : begin + _HEAD]
        praised = begin + 1 + (len(window) > 0 and window[0].lower in _COMPARATIVES)
        if match(words.phrases["vague_words"], tokens, praised) and praised + 1 < len(tokens):
            return True
        return any(_finite(words, window, at) for at in range(len(window)))
    if begin + 1 < len(tokens) and not words.is_form(first, "base") and singular(first) != first:
        following = tokens[begin + 1].lower
        if words.has("auxiliaries", following) or following in _COMPLAINTS:
            return True
        if words.is_form(following, "base") and not words.has("noun_verbs", following):
            return not words.has("preposition_words", following)
    vague = match(words.phrases["vague_words"], tokens, begin)
    if vague and begin + vague < len(tokens):
        return not words.is_form(first, "base")
    if first in {"have", "having", "get", "getting"} and begin + 1 < len(tokens):
        at = begin + 1
        while at < len(tokens) - 1 and words.has("determiners", tokens[at].lower):
            at += 1
        return first in {"have", "having"} and bool(match(words.phrases["vague_words"], tokens, at))
    return False
