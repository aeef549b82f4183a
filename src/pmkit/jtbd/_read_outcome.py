"""The parts of a desired outcome: direction, metric, object of control, clarifier."""

from __future__ import annotations

from collections.abc import Sequence

from pmkit.jtbd._boundary import Scan, clarifier_start
from pmkit.jtbd._reading import manner_adverb_at, trimmed
from pmkit.jtbd._vocabulary import Vocabulary, match
from pmkit.language import Token, singular

__all__ = ["read_outcome"]

_ARTICLES = frozenset({"the", "a", "an", "any", "my", "your", "our", "their", "his", "her", "overall", "total"})
_JOINS = frozenset({"and", "or", ",", "&", "and/or", "/", "plus"})
_STOPS = frozenset(
    {
        "it",
        "that",
        "required",
        "needed",
        "necessary",
        "taken",
        "spent",
        "involved",
        "associated",
        "incurred",
        "expended",
        "wasted",
        "lost",
        "used",
        "when",
        "while",
    }
)
_LONGEST_METRIC = 8
_VARYING = frozenset(
    {
        "variation",
        "variability",
        "variance",
        "difference",
        "deviation",
        "inconsistency",
        "discrepancy",
        "imbalance",
        "gap",
    }
)
"""Metrics of something: the "in" after them opens the object, not a circumstance."""
_OPEN_CONNECTIVES = frozenset({"in", "on", "from", "for"})


def read_outcome(
    words: Vocabulary, tokens: Sequence[Token], begin: int
) -> tuple[dict[str, tuple[int, int]], list[str], dict[str, int], list[int]]:
    """Find direction, metric, object of control and clarifier."""
    parts: dict[str, tuple[int, int]] = {}
    facts: dict[str, int] = {}
    missing: list[str] = []
    end = len(tokens)
    at = _past_opening(words, tokens, begin, facts)
    size = match(words.phrases["directions"], tokens, at)
    if size:
        parts["direction"] = (at, at + size)
    else:
        missing.append("direction")
    phrase = at + size
    metric, head = _measure(words, tokens, phrase, facts)
    if metric is None or (not size and not match(words.phrases["connectives"], tokens, head)):
        missing.append("metric")
        facts.pop("second metric", None)
        facts.pop("vague metric", None)
        vague = phrase + sum(1 for token in tokens[phrase : phrase + 2] if token.lower in _ARTICLES)
        if (
            size
            and match(words.phrases["vague_metrics"], tokens, vague, end)
            and not (vague + 1 < end and tokens[vague + 1].lower == "for")
        ):
            facts["vague metric"] = vague
        return _rest(words, tokens, phrase, parts, missing, facts)
    parts["metric"] = metric
    if any(token.lower not in _ARTICLES for token in tokens[phrase : metric[0]]):
        facts["modified metric"] = phrase
    _objects(words, tokens, metric, head, parts)
    later = _later_metric(words, tokens, *parts["object"])
    if later is not None:
        facts.setdefault("second metric", later)
    if parts["object"][1] <= parts["object"][0] and "modified metric" not in facts:
        missing.append("object")
    return parts, missing, facts, _adverbs(words, tokens, parts)


def _measure(
    words: Vocabulary, tokens: Sequence[Token], begin: int, facts: dict[str, int]
) -> tuple[tuple[int, int] | None, int]:
    """Find the metric, clear or vague, and where its phrase ends; note a second one."""
    head = _metric_phrase_end(words, tokens, begin)
    metric, second = _metric(words, tokens, begin, head)
    clause = _metric_before_clause(words, tokens, begin)
    if clause is not None and (metric is None or clause[1] < metric[1]):
        return clause, clause[1]
    if second is not None:
        facts["second metric"] = second
    if metric is None:
        metric = _vague_metric(words, tokens, begin, head)
        if metric is not None:
            facts["vague metric"] = metric[0]
    return metric, head


def _past_opening(words: Vocabulary, tokens: Sequence[Token], begin: int, facts: dict[str, int]) -> int:
    """Skip "To" and an adverb before the direction."""
    at = begin
    if at < len(tokens) and tokens[at].lower == "to" and match(words.phrases["directions"], tokens, at + 1):
        facts["opening"] = at
        at += 1
    adverb = at < len(tokens) and manner_adverb_at(words, tokens, at)
    return at + 1 if adverb and match(words.phrases["directions"], tokens, at + 1) else at


def _metric_phrase_end(words: Vocabulary, tokens: Sequence[Token], begin: int) -> int:
    at, limit = begin, min(len(tokens), begin + _LONGEST_METRIC)
    while at < limit:
        lower = tokens[at].lower
        if at > begin and (lower in _STOPS or (tokens[at].kind == "symbol" and lower not in {",", "/", "&"})):
            break
        known = match(words.phrases["metrics"], tokens, at)
        if known > 1:
            at += known
            continue
        if lower in words.sets["preposition_words"] or (
            at > begin and match(words.phrases["clause_openers"], tokens, at)
        ):
            break
        if at > begin and tokens[at - 1].lower not in _ARTICLES and _ends_metric(words, tokens, at):
            break
        at += 1
    return at


def _ends_metric(words: Vocabulary, tokens: Sequence[Token], at: int) -> bool:
    """See a participle after a metric: "detergent wasted", "distance walked", "time spent"."""
    previous = tokens[at - 1].lower
    known = previous in words.sets["metrics"] or singular(previous) in words.sets["metrics"]
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    participle = words.is_form(tokens[at].lower, "past participle", "gerund")
    return known and participle and following not in words.sets["metrics"]


def _metric(
    words: Vocabulary, tokens: Sequence[Token], begin: int, end: int
) -> tuple[tuple[int, int] | None, int | None]:
    """Find the metric that heads each coordinated piece; return the first and where a second one stands."""
    found: list[tuple[int, int]] = []
    others: list[int] = []
    piece = begin
    for at in range(begin, end + 1):
        if at == end or tokens[at].lower in _JOINS:
            head = _head_metric(words, tokens, piece, at)
            if head:
                found.append(head)
            elif at > piece:
                others.append(at - 1)
            piece = at + 1
    if not found and end > begin and "/" in tokens[end - 1].lower:
        pieces = tokens[end - 1].lower.split("/")
        if all(piece in words.sets["metrics"] for piece in pieces):
            return (end - 1, end), end - 1
    second = found[1][0] if len(found) > 1 else others[0] if others else None
    return (found[0], second) if found else (None, None)


def _head_metric(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> tuple[int, int] | None:
    for at in range(begin, end):
        size = match(words.phrases["metrics"], tokens, at, end)
        if size and at + size == end:
            return at, end
    if end > begin and singular(tokens[end - 1].lower) in words.sets["metrics"]:
        return end - 1, end
    return None


def _metric_before_clause(words: Vocabulary, tokens: Sequence[Token], begin: int) -> tuple[int, int] | None:
    """See "the distance nurses walk" and "the time a patient waits": a clause without "that"."""
    at = begin
    while at < len(tokens) and tokens[at].lower in _ARTICLES:
        at += 1
    size = match(words.phrases["metrics"], tokens, at)
    after = at + size
    if not size or after + 1 >= len(tokens):
        return None
    subject = tokens[after].lower
    nominal = words.has("determiners", subject) or words.has("pronouns", subject) or singular(subject) != subject
    verbal = any(words.is_form(token.lower, "base", "third person", "past") for token in tokens[after + 1 : after + 4])
    return (at, after) if nominal and verbal else None


def _vague_metric(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> tuple[int, int] | None:
    for at in range(begin, end):
        size = match(words.phrases["vague_metrics"], tokens, at, end)
        if size and at + size == end:
            tied = match(words.phrases["connectives"], tokens, end) and tokens[end].lower in {
                "of",
                "with",
                "that",
                "to",
                "at",
                "required",
                "needed",
                "it",
                "in",
            }
            return (at, end) if tied else None
    return None


def _objects(
    words: Vocabulary,
    tokens: Sequence[Token],
    metric: tuple[int, int],
    head: int,
    parts: dict[str, tuple[int, int]],
) -> None:
    end = len(tokens)
    size = match(words.phrases["connectives"], tokens, head)
    if (
        size
        and tokens[head].lower in _OPEN_CONNECTIVES
        and singular(tokens[metric[1] - 1].lower) not in _VARYING
        and clarifier_start(Scan(words, tokens, head, end, "outcome")) == head
    ):
        size = 0
    begin = head + size
    verbs = _verbs(words, tokens, begin)
    clarifier = clarifier_start(Scan(words, tokens, begin, end, "outcome", verbs)) if begin < end else end
    parts["object"] = trimmed(tokens, begin, clarifier)
    parts["clarifier"] = trimmed(tokens, clarifier, end)


def _verbs(words: Vocabulary, tokens: Sequence[Token], begin: int) -> tuple[str, ...]:
    """Return the base forms of the verb that opens an object, with its particle."""
    at = begin
    if at < len(tokens) and manner_adverb_at(words, tokens, at):
        at += 1
    if at >= len(tokens) or not words.is_form(tokens[at].lower, "base", "gerund"):
        return ()
    bases = words.bases[tokens[at].lower]
    if at + 1 < len(tokens):
        return (*bases, *(f"{base} {tokens[at + 1].lower}" for base in bases))
    return bases


def _later_metric(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> int | None:
    """Find "and the cost of" or "and increase" inside an object."""
    for at in range(begin + 1, end - 1):
        if tokens[at].lower not in {"and", "or", "while"}:
            continue
        following = at + 1
        if tokens[following].lower in words.sets["clear_directions"]:
            return following
        if tokens[following].lower != "the":
            continue
        size = match(words.phrases["metrics"], tokens, following + 1, end)
        if (
            size
            and following + 1 + size < end
            and tokens[following + 1 + size].lower in {"of", "it", "required", "needed", "that"}
        ):
            return following + 1
    return None


def _adverbs(words: Vocabulary, tokens: Sequence[Token], parts: dict[str, tuple[int, int]]) -> list[int]:
    begin, end = parts["object"]
    return [at for at in range(begin, end) if manner_adverb_at(words, tokens, at)]


def _rest(
    words: Vocabulary,
    tokens: Sequence[Token],
    begin: int,
    parts: dict[str, tuple[int, int]],
    missing: list[str],
    facts: dict[str, int],
) -> tuple[dict[str, tuple[int, int]], list[str], dict[str, int], list[int]]:
    """Read what follows a direction without a metric."""
    end = len(tokens)
    clarifier = clarifier_start(Scan(words, tokens, begin, end, "outcome")) if begin < end else end
    if begin < end and parts:
        parts["object"] = trimmed(tokens, begin, clarifier)
        parts["clarifier"] = trimmed(tokens, clarifier, end)
    return parts, missing, facts, []
