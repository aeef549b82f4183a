"""Where the object ends and the clarifier begins.

The clarifier is the last phrase that states a circumstance of time, place or condition of the
whole activity; a phrase that says which thing is meant stays with its noun. The scan goes once
from left to right and looks at a bounded number of words around each preposition.
"""

from __future__ import annotations

from pmkit.jtbd._circumstances import Phrase, states_circumstance
from pmkit.jtbd._scan import GO_ON, Mode, Scan, framed, is_particle, meant, named, noun_phrase_end
from pmkit.jtbd._vocabulary import match
from pmkit.language import is_manner_adverb

__all__ = ["Mode", "Scan", "clarifier_start", "noun_phrase_end"]

_RELATIVES = frozenset({"that", "who", "whom", "whose", "which", "where", "why", "how", "what", "whether", "whichever"})
_ASKED = frozenset({"whether", "how", "what", "why", "where", "which", "who"})
_QUESTIONS = frozenset({"when", "if", "while", "until", "before", "after", "once", "as"})
_STAY_WITH_CLAUSE = frozenset({"before", "after", "until", "till", "without", "once", "upon", "prior", "if"})
_SURE = frozenset({"sure", "certain", "aware", "confident", "convinced", "clear", "likely", "possible", "likelihood"})
_MEASURES = frozenset(
    [
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "night",
        "morning",
        "evening",
        "moments",
    ]
)
_FREQUENCIES = frozenset({"once", "twice", "times"})
_BEING = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
_DEGREES = frozenset(
    {"early", "late", "deep", "high", "far", "even", "only", "especially", "particularly", "midway", "halfway"}
)
_MOST_ADVERBS = 4
_VERB_AND_PARTICLE = 2
_ARTICLES = frozenset({"a", "an", "the", "my", "your", "our", "their", "its"})
_NUMBERS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "fifty",
        "hundred",
    ]
)
_COUNTS = frozenset(
    ["a", "an", "the", "one", "two", "three", "few", "several", "many", "some", "shortly", "right", "just", "long"]
)


def clarifier_start(scan: Scan) -> int:
    """Return the token at which the clarifier begins; the end when there is none."""
    at, inside_clause = scan.start, False
    while at < scan.end:
        lower = scan.tokens[at].lower
        if lower in _RELATIVES:
            inside_clause = inside_clause or _opens_relative(scan, at)
        elif lower == ",":
            inside_clause = False
        noun = scan.lower(at - 1) in _ARTICLES  # "rehearse a solo", "clean the outside of a window"
        begin = None if noun else _circumstance_at(scan, at, inside_clause=inside_clause)
        if begin is not None:
            return begin - (begin - 1 > scan.start and scan.lower(begin - 1) in _DEGREES)
        at += 1
    return scan.end


def _opens_relative(scan: Scan, at: int) -> bool:
    """Tell a clause about the noun before it from a question that a verb asks, and from "that" after a verb."""
    if at == scan.start:
        return True
    if scan.lower(at) != "that":
        return not _asks(scan, at)
    words, previous = scan.vocabulary, scan.lower(at - 1)
    if previous in _SURE:
        return False
    bases = words.bases.get(previous, ())
    if at - 1 > scan.start and any(words.has("noun_verbs", base) for base in bases):
        return True
    return not any(words.has("asking_verbs", base) or words.has("claiming_verbs", base) for base in bases)


def _asks(scan: Scan, at: int) -> bool:
    """See "decide whether" and "find out who": the clause is what the verb is about, and holds no noun back."""
    if scan.lower(at) not in _ASKED:
        return False
    verbs = scan.vocabulary.bases.get(scan.lower(at - 1), ())
    if scan.lower(at - 1) == "out" and at <= scan.start + _VERB_AND_PARTICLE:
        verbs = scan.verbs
    return any(scan.vocabulary.has("asking_verbs", verb) for verb in verbs)


def _circumstance_at(scan: Scan, at: int, *, inside_clause: bool) -> int | None:
    token, words = scan.tokens[at], scan.vocabulary
    lower = token.lower
    size = match(words.phrases["clause_openers"], scan.tokens, at, scan.end)
    if size and at + size < scan.end:
        return _clause_start(scan, at, size, inside_clause=inside_clause)
    if lower == "as" and _as_clause(scan, at) and not inside_clause:
        return at
    size = match(words.phrases["circumstance_openers"], scan.tokens, at, scan.end)
    if size and at + size < scan.end and not (inside_clause and lower in _STAY_WITH_CLAUSE):
        return at if _free_opener(scan, at) else None
    if scan.mode == "job" and not inside_clause and at > scan.start:
        if _adverb_at(scan, at):
            return at
        if lower == "to" and _infinitive_clarifies(scan, at):
            return at
        if (lower, scan.lower(at + 1)) in {("in", "order"), ("so", "that"), ("so", "as")}:
            return at
    if (
        scan.mode == "emotional"
        and scan.start < at <= scan.start + 2
        and words.is_form(lower, "gerund")
        and at + 1 < scan.end
    ):
        previous = scan.lower(at - 1)
        return (
            at
            if previous not in words.sets["determiners"] and previous not in words.sets["preposition_words"]
            else None
        )
    size = match(words.phrases["prepositions"], scan.tokens, at, scan.end)
    if not size or inside_clause or at + size >= scan.end:
        return None
    return at if _preposition_clarifies(scan, at, size) else None


def _clause_start(scan: Scan, at: int, size: int, *, inside_clause: bool) -> int | None:
    lower, words = scan.lower(at), scan.vocabulary
    previous = scan.lower(at - 1)
    if size == 1:
        if inside_clause and lower in _STAY_WITH_CLAUSE:
            return None
        if lower in _QUESTIONS and _asked(scan, at):
            return None
        if lower == "when" and previous in {"time", "day", "moment", "point", "times", "moments", "days"}:
            return None
        if lower == "once" and (previous in {"at", "than"} or _counts_time(scan, at + 1)):
            return None
        if (
            lower == "after"
            and not named(scan, *meant(scan, at + 1), "event_nouns", "time_nouns")
            and any(
                match(words.phrases["prepositional_verbs"], scan.tokens, at - back) > back
                for back in (1, 2)
                if at > back
            )
        ):
            return None
        if lower == "until" and at == scan.start:
            return None
    if lower in {"before", "after"} and previous in _MEASURES:
        begin = at - 1
        while begin - 1 > scan.start and (scan.lower(begin - 1) in _COUNTS or scan.tokens[begin - 1].kind == "number"):
            begin -= 1
        often = scan.lower(begin - 1) in _FREQUENCIES  # "twice a year after a check"
        return begin if begin > scan.start and not often else at
    return at


def _counts_time(scan: Scan, at: int) -> bool:
    """Tell "once a day" from "once a guest has arrived"."""
    lower = scan.lower(at)
    if lower in {"per", "every", "or"}:
        return True
    return lower in {"a", "an"} and scan.vocabulary.has("time_nouns", scan.lower(at + 1))


def _asked(scan: Scan, at: int) -> bool:
    """Say whether "when", "if" or the like is the question that the verb before it asks."""
    if scan.lower(at) in {"before", "after", "until", "while", "once", "as"}:
        return False
    words = scan.vocabulary
    previous = scan.lower(at - 1)
    if at == scan.start:
        return scan.verb_in("asking_verbs")
    if previous in {"out", "not", "exactly"}:
        return True
    if at - 2 >= scan.start and words.has("determiners", scan.lower(at - 2)):
        return False
    return any(words.has("asking_verbs", base) for base in words.bases.get(previous, ())) and not (
        words.is_form(previous, "third person") and previous in {"checks", "tests", "plans", "measures", "controls"}
    )


def _as_clause(scan: Scan, at: int) -> bool:
    """Tell "as the day goes on" from "as a group" and "as soon as"."""
    words, following = scan.vocabulary, scan.lower(at + 1)
    if (
        at == scan.start
        or following not in words.sets["determiners"] | words.sets["pronouns"]
        or following in {"a", "an"}
    ):
        return False
    for ahead in range(at + 2, min(at + 6, scan.end)):
        lower = scan.lower(ahead)
        if words.has("auxiliaries", lower) or words.is_form(lower, "third person"):
            return True
    return False


def _free_opener(scan: Scan, at: int) -> bool:
    previous, lower = scan.lower(at - 1), scan.lower(at)
    if at == scan.start:
        return scan.mode != "job" or lower != "across"
    if lower == "upon":
        return previous not in {"depend", "depends", "act", "rely", "based", "improve", "called"}
    if lower == "ahead":
        return previous not in {"stay", "get", "be", "keep", "stays", "staying", "getting", "keeping"}
    if lower == "across":
        moving = scan.vocabulary.bases.get(previous, ())
        if any(scan.vocabulary.has("motion_verbs", base) for base in moving):
            return False
        carried = scan.mode == "outcome" and scan.verb_in("motion_verbs")
        return not (carried and named(scan, *meant(scan, at + 1), "place_nouns"))
    return True


def _adverb_at(scan: Scan, at: int) -> bool:
    """Say whether adverbs of time, place or condition stand here and nothing but circumstances follow."""
    words, tokens = scan.vocabulary, scan.tokens
    for _ in range(_MOST_ADVERBS):
        size = match(words.phrases["circumstance_adverbs"], tokens, at, scan.end)
        if not size:
            return False
        at += size
        if at >= scan.end or tokens[at].kind == "symbol" or scan.lower(at) in GO_ON:
            return True
        if match(words.phrases["prepositions"], tokens, at, scan.end):
            return True
        if match(words.phrases["clause_openers"], tokens, at, scan.end):
            return True
    return False


def _infinitive_clarifies(scan: Scan, at: int) -> bool:
    words, previous, following = scan.vocabulary, scan.lower(at - 1), scan.lower(at + 1)
    if is_manner_adverb(following, lexicon=words.lexicon):
        following = scan.lower(at + 2)
    if not words.is_form(following, "base") or following in words.sets["not_verbs"]:
        return False
    if words.has("place_nouns", following) and not words.has("determiners", scan.lower(at + 2)):
        return False
    return not words.has("infinitive_nouns", previous)


def _preposition_clarifies(scan: Scan, at: int, size: int) -> bool:
    preposition = " ".join(scan.lower(at + offset) for offset in range(size))
    if is_particle(scan, at, preposition) or scan.lower(at - 1) in _BEING:
        return False
    begin, end = meant(scan, at + size)
    noun, verb = framed(scan, at, preposition)
    phrase = Phrase(preposition=preposition, begin=begin, end=end, noun=noun and at > scan.start, verb=verb)
    if scan.mode == "job" and at > scan.start:
        return _job_phrase(scan, at, phrase)
    if scan.mode == "emotional":
        return _feeling_phrase(scan, at, phrase)
    return states_circumstance(scan, phrase)


_NEVER = frozenset({"of", "than", "like", "per", "versus", "regarding", "except", "worth"})
_ALWAYS = frozenset({"due to", "because of", "instead of", "rather than", "according to"})
_OF_TIME = frozenset({"in", "on", "at", "by", "over"})
_OF_PLACE = frozenset({"in", "on", "inside", "within"})
_NEARBY = frozenset({"near", "beside", "close to", "next to"})


def _job_phrase(scan: Scan, at: int, phrase: Phrase) -> bool:
    """Decide for a job: what completes the verb is the clarifier, what describes the noun is not."""
    preposition = phrase.preposition
    if preposition == "of" and phrase.verb and scan.vocabulary.has("people_nouns", scan.lower(at - 1)):
        return True
    if preposition in _NEVER:
        return False
    if preposition == "as":
        compares = scan.lower(at - 1) in {"such", "same", "well", "soon", "far"} or scan.lower(at + 1) == "possible"
        return not compares
    if preposition == "about":
        return phrase.verb
    if preposition == "for" and _seats(scan, phrase):
        return False
    timed = named(scan, phrase.begin, phrase.end, "time_nouns")
    if preposition in _ALWAYS or (timed and (preposition in _OF_TIME or (preposition == "for" and not phrase.noun))):
        return True
    if phrase.noun and (not phrase.verb or named(scan, phrase.begin, phrase.end, "part_nouns")):
        return False
    return phrase.verb or _unframed(scan, phrase)


def _seats(scan: Scan, phrase: Phrase) -> bool:
    """See "a meal for six people": the size of the thing."""
    counted = scan.tokens[phrase.begin].kind == "number" or scan.lower(phrase.begin) in _NUMBERS
    people = named(scan, phrase.begin, phrase.end, "people_nouns") or phrase.end == phrase.begin + 1
    return counted and people


def _unframed(scan: Scan, phrase: Phrase) -> bool:
    """Decide for a job where neither noun nor verb wants the preposition: after some verbs the thing is described."""
    acquiring = scan.verb_in("acquisition_verbs")
    if phrase.preposition == "with":
        if named(scan, phrase.begin, phrase.end, "part_nouns"):
            return False
        return not acquiring or named(scan, phrase.begin, phrase.end, "people_nouns")
    if phrase.preposition in _OF_PLACE:
        return not (scan.verb_in("finding_verbs") and named(scan, phrase.begin, phrase.end, "container_nouns"))
    if phrase.preposition == "without":
        return states_circumstance(scan, phrase)
    return not (acquiring and phrase.preposition in _NEARBY)


def _feeling_phrase(scan: Scan, at: int, phrase: Phrase) -> bool:
    """Decide after a feeling or reputation: "by colleagues" and circumstances clarify, "proud of" does not."""
    if at == scan.start or match(scan.vocabulary.phrases["state_phrases"], scan.tokens, at, scan.end):
        return False
    people = named(scan, phrase.begin, phrase.end, "people_nouns")
    if phrase.preposition in {"by", "in front of", "among", "amongst", "around"}:
        return True
    if phrase.preposition == "with":
        return people and not scan.lower(at - 1).endswith("ed")
    free = Phrase(preposition=phrase.preposition, begin=phrase.begin, end=phrase.end, noun=False, verb=False)
    return states_circumstance(scan, free)
