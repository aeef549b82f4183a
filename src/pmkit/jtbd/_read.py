"""Text into a reading: find the parts of each kind of statement."""

from __future__ import annotations

from collections.abc import Sequence

from pmkit.jtbd._boundary import Scan, clarifier_start, noun_phrase_end
from pmkit.jtbd._kinds import STORY_OPENERS, kind_of
from pmkit.jtbd._read_outcome import read_outcome
from pmkit.jtbd._read_story import read_story
from pmkit.jtbd._reading import Reading, adverb_ends_at, manner_adverb_at, trimmed
from pmkit.jtbd._statements import Kind
from pmkit.jtbd._vocabulary import Vocabulary, match, vocabulary
from pmkit.language import ENGLISH, Lexicon, Token, tokenize

__all__ = ["read"]

_NOUN_ENDINGS = (
    "tion",
    "sion",
    "ness",
    "ment",
    "ity",
    "ance",
    "ence",
    "ship",
    "hood",
    "ism",
    "ist",
    "ful",
    "ous",
    "ive",
    "able",
    "ible",
    "less",
    "ical",
    "dom",
)
_PLACING = frozenset({"in", "on", "at", "by", "near", "inside", "outside", "beside", "without", "within"})
_GOVERNED = frozenset(
    {
        "to",
        "with",
        "for",
        "from",
        "into",
        "about",
        "against",
        "of",
        "through",
        "past",
        "around",
        "over",
        "toward",
        "towards",
    }
)
_PARTICLES = frozenset({"up", "out", "down", "off", "away", "back", "apart", "aside", "together", "forward"})
_BULLETS = frozenset("-*\u2022\u2013\u2014>\"'\u201c\u201d\u2018\u2019(#")


def read(
    text: str, kind: Kind | None = None, *, lexicon: Lexicon = ENGLISH, name: str = "", ignore: tuple[str, ...] = ()
) -> Reading:
    """Read a text as a kind of statement, or as the kind that it looks like; never fails."""
    words = vocabulary(lexicon)
    tokens = tokenize(text)
    begin = 0
    while begin < len(tokens) and tokens[begin].text in _BULLETS:
        begin += 1
    if begin + 1 < len(tokens) and tokens[begin].kind == "number" and tokens[begin + 1].text in {".", ")"}:
        begin += 2
    begin, end = trimmed(tokens, begin, len(tokens))
    tokens = tokens[:end]
    found = kind or kind_of(words, tokens, begin)
    front = _fronted(words, tokens, begin) if found in {"job", "outcome", "emotional"} else None
    start = front[1] if front else begin
    if found == "job_story":
        parts, missing, facts, adverbs = read_story(words, tokens, start)
    elif found == "outcome":
        parts, missing, facts, adverbs = read_outcome(words, tokens, start)
    elif found == "emotional":
        parts, missing, facts, adverbs = _read_emotional(words, tokens, start)
    else:
        parts, missing, facts, adverbs = _read_job(words, tokens, start)
    if front and front[0] > begin:
        if parts.get("clarifier", (0, 0))[0] >= parts.get("clarifier", (0, 0))[1]:
            parts["clarifier"] = (begin, front[0])
        facts["fronted"] = begin
    return Reading(
        id=name,
        text=text,
        kind=found,
        tokens=tokens,
        parts={part: bounds for part, bounds in parts.items() if bounds[1] > bounds[0]},
        missing=tuple(missing),
        facts=facts,
        adverbs=tuple(adverbs),
        ignore=ignore,
        vocabulary=words,
    )


def _fronted(words: Vocabulary, tokens: Sequence[Token], begin: int) -> tuple[int, int] | None:
    """Find a circumstance that stands before the statement: "When offline, minimize ..."."""
    if begin >= len(tokens):
        return None
    lower = tokens[begin].lower
    if lower not in STORY_OPENERS and lower not in words.sets["preposition_words"]:
        return None
    for at in range(begin + 1, len(tokens) - 1):
        if tokens[at].text == ",":
            return at, at + 1
    return None


Parts = dict[str, tuple[int, int]]
Found = tuple[Parts, list[str], dict[str, int], list[int]]


def _read_emotional(words: Vocabulary, tokens: Sequence[Token], begin: int) -> Found:
    size = match(words.phrases["emotional_forms"], tokens, begin)
    parts: Parts = {}
    if not size:
        return parts, ["form"], {}, []
    parts["form"] = (begin, begin + size)
    state = begin + size
    if state >= len(tokens):
        return parts, ["state"], {}, []
    scan = Scan(words, tokens, state, len(tokens), "emotional")
    if _stateless(scan):
        parts["clarifier"] = trimmed(tokens, state, len(tokens))
        return parts, ["state"], {}, []
    phrase = match(words.phrases["state_phrases"], tokens, state)
    clarifier = clarifier_start(attrs_evolve(scan, state + phrase)) if phrase else clarifier_start(scan)
    parts["state"] = trimmed(tokens, state, max(clarifier, state + phrase))
    parts["clarifier"] = trimmed(tokens, clarifier, len(tokens))
    missing = [] if parts["state"][1] > parts["state"][0] else ["state"]
    return parts, missing, {}, []


def _stateless(scan: Scan) -> bool:
    """See "be seen as when ..." and "be seen as by ...": a circumstance right after the form."""
    words, at = scan.vocabulary, scan.start
    if match(words.phrases["state_phrases"], scan.tokens, at, scan.end):
        return False
    size = match(words.phrases["clause_openers"], scan.tokens, at, scan.end)
    openers = size or match(words.phrases["circumstance_openers"], scan.tokens, at, scan.end)
    return bool(openers and at + openers < scan.end) or (scan.lower(at) == "by" and at + 1 < scan.end)


def attrs_evolve(scan: Scan, start: int) -> Scan:
    """Let a scan begin later; what comes before is a fixed phrase."""
    return Scan(scan.vocabulary, scan.tokens, max(start - 1, scan.start), scan.end, scan.mode, scan.verbs)


def _read_job(words: Vocabulary, tokens: Sequence[Token], begin: int) -> Found:
    parts: Parts = {}
    missing: list[str] = []
    facts: dict[str, int] = {}
    adverbs: list[int] = []
    end = len(tokens)
    at = _past_adverbs(words, tokens, begin, facts, adverbs)
    if at >= end:
        return parts, ["verb", "object"], facts, adverbs
    if not _is_verb(words, tokens, at):
        return _without_verb(words, tokens, at, facts, adverbs)
    verb_end, bases = _verb_phrase(words, tokens, at, end)
    parts["verb"] = (at, verb_end)
    after = _past_second_verb(words, tokens, verb_end, end)
    if after > verb_end:
        facts["second verb"] = after - 1
    if after < end and manner_adverb_at(words, tokens, after) and after + 1 < end:
        adverbs.append(after)
        after += 1
    close = adverb_ends_at(words, tokens, after, end)
    adverbs.extend(_adverb_tokens(tokens, close, end))
    placed = after < close and tokens[after].lower in _PLACING and "be" not in bases  # "sing in a choir" has no object
    clarifier = after if placed else clarifier_start(Scan(words, tokens, after, close, "job", bases))
    object_end = clarifier
    if clarifier < close:
        object_end = adverb_ends_at(words, tokens, after, clarifier)
        adverbs.extend(_adverb_tokens(tokens, object_end, clarifier))
    adverbs.extend(_inner_adverbs(words, tokens, after, close, adverbs))
    parts["object"] = trimmed(tokens, after, object_end)
    parts["clarifier"] = trimmed(tokens, clarifier, close)
    if parts["object"][1] <= parts["object"][0]:
        missing.append("object")
    second = _later_verb(words, tokens, *parts["object"])
    if second is not None:
        facts.setdefault("second verb", second)
    return parts, missing, facts, sorted(adverbs)


def _past_adverbs(
    words: Vocabulary, tokens: Sequence[Token], begin: int, facts: dict[str, int], adverbs: list[int]
) -> int:
    """Skip adverbs and "to" before the verb, and note them."""
    at, end = begin, len(tokens)
    while at < end and (manner_adverb_at(words, tokens, at) or (adverbs and tokens[at].lower in {"and", ","})):
        if tokens[at].kind == "word" and tokens[at].lower != "and":
            adverbs.append(at)
        at += 1
    if at + 1 < end and tokens[at].lower == "to":
        facts["opening"] = at
        at += 1
        if manner_adverb_at(words, tokens, at):
            adverbs.append(at)
            at += 1
    return at


def _adverb_tokens(tokens: Sequence[Token], begin: int, end: int) -> list[int]:
    return (
        [at for at in range(begin, end) if tokens[at].kind == "word" and tokens[at].lower != "and"][:1]
        if end > begin
        else []
    )


def _inner_adverbs(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int, known: list[int]) -> list[int]:
    """Find manner adverbs that belong to a verb inside, not to an adjective or participle."""
    found, seen = [], frozenset(known)
    for at in range(begin, end - 1):
        if words.has("determiners", tokens[at - 1].lower):
            continue  # "a slowly melting candle" says what kind of candle
        if at not in seen and manner_adverb_at(words, tokens, at):
            following = tokens[at + 1].lower
            if (
                words.is_form(following, "base", "gerund", "third person")
                and not words.is_form(following, "past participle")
            ) or following in words.sets["preposition_words"]:
                found.append(at)
    return found


def _is_verb(words: Vocabulary, tokens: Sequence[Token], at: int) -> bool:
    lower = tokens[at].lower
    if tokens[at].kind != "word" or lower in words.sets["not_verbs"]:
        return (
            words.is_form(lower, "base")
            and lower not in {"to", "like", "down"}
            and lower not in words.sets["determiners"] | words.sets["pronouns"]
            and lower in {"near", "up", "off", "outside"}
        )
    if words.is_form(lower, "base"):
        return True
    if lower.rsplit("-", 1)[-1] != lower and words.is_form(lower.rsplit("-", 1)[-1], "base"):
        return True
    if lower in words.forms or lower.endswith(("ing", *_NOUN_ENDINGS)) or words.has("auxiliaries", lower):
        return False
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    return words.has("determiners", following)


def _without_verb(
    words: Vocabulary, tokens: Sequence[Token], at: int, facts: dict[str, int], adverbs: list[int]
) -> Found:
    end = len(tokens)
    facts.setdefault("opening", at)
    rest = at
    if words.is_form(tokens[at].lower, "gerund"):
        facts["gerund"] = at
        rest = at + 1
    close = adverb_ends_at(words, tokens, rest, end) if end > rest else end
    scan = Scan(words, tokens, rest, close, "job", words.bases.get(tokens[at].lower, ()))
    clarifier = clarifier_start(scan) if rest < close else close
    parts = {"object": trimmed(tokens, rest, clarifier), "clarifier": trimmed(tokens, clarifier, close)}
    alone = rest == end or (rest == at and end - at == 1)
    return parts, ["verb", "object"] if alone else ["verb"], facts, adverbs


def _verb_phrase(words: Vocabulary, tokens: Sequence[Token], at: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Return the end of the verb, particle and preposition included, and its base forms."""
    lower = tokens[at].lower
    head = lower.rsplit("-", 1)[-1]
    size = match(words.phrases["prepositional_verbs"], tokens, at, end)
    if size > 1:
        last = tokens[at + size - 1].lower
        if lower in {"work", "read", "study", "write"} and last in {"in", "on", "at"} and size == 2:  # noqa: PLR2004 - verb and preposition
            probe = Scan(words, tokens, at + 1, end, "job", ())
            if clarifier_start(probe) == at + 1:
                return at + 1, (lower,)
        if (
            last == "to"
            and words.is_form(tokens[min(at + size, end - 1)].lower, "base")
            and at + size < end
            and lower != "get"
        ):
            following = tokens[at + size].lower
            after = tokens[at + size + 1].lower if at + size + 1 < end else ""
            if words.has("determiners", after) and following not in words.sets["noun_complements"]:
                return at + 1, (lower,)
        return at + size, (lower, " ".join(token.lower for token in tokens[at : at + size]))
    following = tokens[at + 1].lower if at + 1 < end else ""
    if following in _GOVERNED and at + 2 < end:
        infinitive = (
            following == "to"
            and words.is_form(tokens[at + 2].lower, "base")
            and (
                words.has("undertaking_verbs", lower)
                or noun_phrase_end(Scan(words, tokens, at, end, "job"), at + 2) > at + 3
            )
        )
        probe = Scan(words, tokens, at + 1, end, "outcome", ())
        if not infinitive and clarifier_start(probe) != at + 1:
            return at + 2, (lower, f"{lower} {following}")
    if following in _PARTICLES and at + 2 < end and tokens[at + 2].lower not in words.sets["preposition_words"]:
        return at + 2, (lower, f"{lower} {following}")
    return at + 1, (head,) if head == lower else (lower, head)


def _past_second_verb(words: Vocabulary, tokens: Sequence[Token], at: int, end: int) -> int:
    """Skip "and cook" in "plan and cook dinner"; the place is unchanged when no verb follows."""
    reached = at
    while reached + 1 < end and tokens[reached].lower in {"and", "or", ",", "&", "and/or"}:
        following = reached + 1
        if tokens[following].lower in {"and", "or"} and following + 1 < end:
            following += 1
        if not words.is_form(tokens[following].lower, "base"):
            break
        reached = following + max(match(words.phrases["prepositional_verbs"], tokens, following, end), 1)
    return reached


def _later_verb(words: Vocabulary, tokens: Sequence[Token], begin: int, end: int) -> int | None:
    """Find a second verb after "and" or "or" inside an object: "wash dishes and dry them"."""
    for at in range(begin + 1, end - 1):
        if tokens[at].lower not in {"and", "or", "then"}:
            continue
        verb = at + 1 if tokens[at + 1].lower != "then" or at + 2 >= end else at + 2
        lower = tokens[verb].lower
        if not words.is_form(lower, "base") or verb + 1 >= end:
            continue
        following = tokens[verb + 1].lower
        if words.has("determiners", following) or words.has("pronouns", following):
            return verb
        if (
            words.has("noun_verbs", lower)
            or following in words.sets["preposition_words"]
            or following in {"and", "or", ","}
        ):
            continue
        if not _inside_infinitive(tokens, begin, at):
            return verb
    return None


def _inside_infinitive(tokens: Sequence[Token], begin: int, at: int) -> bool:
    return any(
        tokens[back].lower in {"to", "who", "that", "how", "what", "which"} for back in range(max(begin, at - 10), at)
    )
