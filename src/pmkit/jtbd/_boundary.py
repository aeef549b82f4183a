"""Where the object ends and the clarifier begins.

The clarifier is the last phrase that states a circumstance of time, place or condition of the
whole activity; a phrase that says which thing is meant stays with its noun. The scan goes once
from left to right and looks at a bounded number of words around each preposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from pmkit.jtbd._vocabulary import Vocabulary, match
from pmkit.language import Token, is_manner_adverb, singular

__all__ = ["Mode", "Scan", "clarifier_start", "noun_phrase_end"]

Mode = Literal["job", "outcome", "emotional"]

_RELATIVES = frozenset({"that", "who", "whom", "whose", "which", "where", "why", "how", "what", "whether", "whichever"})
_QUESTIONS = frozenset({"when", "if", "while", "until", "before", "after", "once", "as"})
_STAY_WITH_CLAUSE = frozenset({"before", "after", "until", "till", "without", "once", "upon", "prior", "if"})
_LONGEST_PHRASE = 12
_MEASURES = frozenset({"minutes", "minute", "hours", "hour", "days", "day", "weeks", "week", "months", "month", "years", "year", "night", "morning", "evening", "seconds", "moments"})  # fmt: skip
_COUNTS = frozenset({"a", "an", "the", "one", "two", "three", "few", "several", "many", "some", "a few", "shortly", "right", "just", "long"})  # fmt: skip
_ABSOLUTE = frozenset({"on", "off", "open", "closed", "nearby", "present", "in", "on.", "away", "attached", "involved"})
_GO_ON = frozenset({"and", "or", "but", "to", ",", "that", "which", "who"})
_LONG = frozenset({"more", "over", "up", "at", "long", "longer", "extended", "several", "many", "a", "the", "hours", "days", "weeks", "months", "years", "few", "some", "two", "three", "prolonged", "multiple", "under", "less", "about"})  # fmt: skip
_FROM_PLACES = frozenset({"home", "abroad", "afar", "anywhere", "scratch", "memory"})


@attrs.frozen
class Scan:
    """What the search for the boundary goes by.

    Attributes
    ----------
    vocabulary : Vocabulary
    tokens : sequence of Token
    start, end : int
        The tokens of object and clarifier together.
    mode : Mode
    verbs : tuple of str
        Base forms of the verb whose object this is.
    """

    vocabulary: Vocabulary
    tokens: Sequence[Token]
    start: int
    end: int
    mode: Mode
    verbs: tuple[str, ...] = ()

    def lower(self, at: int) -> str:
        """Return a token's lower-case text; empty outside."""
        return self.tokens[at].lower if self.start <= at < self.end else ""

    def verb_in(self, name: str) -> bool:
        """Say whether the governing verb is in a list."""
        return any(self.vocabulary.has(name, verb) for verb in self.verbs)


def clarifier_start(scan: Scan) -> int:
    """Return the token at which the clarifier begins; the end when there is none."""
    at, inside_clause = scan.start, False
    while at < scan.end:
        lower = scan.tokens[at].lower
        if lower in _RELATIVES:
            inside_clause = inside_clause or _opens_relative(scan, at)
        elif lower == ",":
            inside_clause = False
        begin = _circumstance_at(scan, at, inside_clause=inside_clause)
        if begin is not None and (begin > scan.start or scan.mode != "emotional"):
            return begin
        at += 1
    return scan.end


def _opens_relative(scan: Scan, at: int) -> bool:
    """Say whether a word opens a clause about the noun before it or a question after a verb."""
    if at == scan.start:
        return True
    if scan.lower(at) != "that":
        return True
    previous = scan.lower(at - 1)
    return not scan.vocabulary.forms.get(previous) or scan.vocabulary.is_form(previous, "third person")


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
        if lower == "in" and scan.lower(at + 1) == "order":
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
    previous, following = scan.lower(at - 1), scan.lower(at + size)
    if size == 1:
        if inside_clause and lower in _STAY_WITH_CLAUSE:
            return None
        if lower in _QUESTIONS and _asked(scan, at):
            return None
        if lower == "when" and previous in {"time", "day", "moment", "point", "times", "moments", "days"}:
            return None
        if lower == "once" and (previous in {"at", "than"} or following in {"a", "an", "per", "every", "or"}):
            return None
        if lower == "after" and any(
            match(words.phrases["prepositional_verbs"], scan.tokens, at - back) > back for back in (1, 2) if at > back
        ):
            return None
        if lower == "until" and at == scan.start:
            return None
    if lower in {"before", "after"} and previous in _MEASURES:
        begin = at - 1
        while begin - 1 > scan.start and (scan.lower(begin - 1) in _COUNTS or scan.tokens[begin - 1].kind == "number"):
            begin -= 1
        return begin if begin > scan.start else at
    return at


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
        return previous not in {"stay", "get", "be", "keep", "staying", "getting", "keeping"}
    if lower == "across":
        moving = scan.vocabulary.bases.get(previous, ())
        return not any(base in {"come", "get", "spread", "swim", "walk", "move", "run"} for base in moving)
    return True


def _adverb_at(scan: Scan, at: int) -> bool:
    """Say whether adverbs of time, place or condition stand here and nothing but circumstances follow."""
    size = match(scan.vocabulary.phrases["circumstance_adverbs"], scan.tokens, at, scan.end)
    if not size:
        return False
    after = at + size
    return (
        after >= scan.end
        or scan.tokens[after].kind == "symbol"
        or scan.lower(after) in _GO_ON
        or bool(
            match(scan.vocabulary.phrases["prepositions"], scan.tokens, after, scan.end)
            or match(scan.vocabulary.phrases["clause_openers"], scan.tokens, after, scan.end)
            or _adverb_at(scan, after)
        )
    )


def _infinitive_clarifies(scan: Scan, at: int) -> bool:
    words, previous, following = scan.vocabulary, scan.lower(at - 1), scan.lower(at + 1)
    if is_manner_adverb(following, lexicon=words.lexicon):
        following = scan.lower(at + 2)
    if not words.is_form(following, "base") or following in words.sets["not_verbs"]:
        return False
    if words.has("place_nouns", following) and not words.has("determiners", scan.lower(at + 2)):
        return False
    return not words.has("infinitive_nouns", previous)


def noun_phrase_end(scan: Scan, at: int) -> int:
    """Return the end of the noun phrase that begins at a place: before the next preposition, verb or mark."""
    words, reached = scan.vocabulary, at
    limit = min(scan.end, at + _LONGEST_PHRASE)
    while reached < limit:
        token = scan.tokens[reached]
        lower = token.lower
        if token.kind == "symbol":
            break
        if reached > at:
            if lower in words.sets["preposition_words"] or lower in _GO_ON or lower in words.phrases["clause_openers"]:
                break
            if words.has("auxiliaries", lower):
                break
            after = scan.lower(reached + 1)
            if words.is_form(lower, "gerund") and (
                words.has("determiners", after) or words.has("preposition_words", after)
            ):
                break
        reached += 1
    return reached


def _named(scan: Scan, begin: int, end: int, *names: str) -> bool:
    """Say whether the head of a noun phrase is in one of some lists, alone or as a compound."""
    if end <= begin:
        return False
    sets = scan.vocabulary.sets
    head = scan.lower(end - 1)
    forms = {head, singular(head)}
    if end - 1 > begin:
        forms.add(f"{scan.lower(end - 2)} {head}")
        forms.add(f"{scan.lower(end - 2)} {singular(head)}")
    if "-" in head:
        forms.add(head.rsplit("-", 1)[1])
    return any(not forms.isdisjoint(sets[name]) for name in names)


def _framed(scan: Scan, at: int, preposition: str) -> tuple[bool, bool]:
    """Say whether the noun before, and whether the verb, wants this preposition."""
    words, previous = scan.vocabulary, scan.lower(at - 1)
    noun = at > scan.start and f"{singular(previous)} {preposition}" in words.sets["noun_complements"]
    verb = any(f"{base} {preposition}" in words.sets["verb_complements"] for base in scan.verbs)
    for form in (previous, *words.bases.get(previous, ())):
        wanted = f"{form} {preposition}"
        verb = verb or wanted in words.sets["motion_complements"] or wanted in words.sets["verb_complements"]
    return noun, verb


def _preposition_clarifies(scan: Scan, at: int, size: int) -> bool:
    preposition = " ".join(scan.lower(at + offset) for offset in range(size))
    begin = at + size
    end = noun_phrase_end(scan, begin)
    noun, verb = _framed(scan, at, preposition)
    if at == scan.start and scan.mode == "job":
        return _states_circumstance(scan, preposition, begin, end, noun=False, verb=verb)
    if scan.mode == "job":
        return _job_phrase(scan, at, preposition, begin, end, noun=noun, verb=verb)
    if scan.mode == "emotional":
        return _feeling_phrase(scan, at, preposition, begin, end)
    return _states_circumstance(scan, preposition, begin, end, noun=noun, verb=verb)


_NEVER = frozenset({"of", "than", "like", "per", "versus", "regarding", "except", "as", "instead of", "rather than", "due to", "because of", "according to", "about", "worth"})  # fmt: skip


def _job_phrase(scan: Scan, at: int, preposition: str, begin: int, end: int, *, noun: bool, verb: bool) -> bool:
    """Decide for a job: what completes the verb is the clarifier, what describes the noun is not."""
    if preposition == "as":
        return scan.lower(at - 1) not in {"such", "same", "well", "soon", "far"} and scan.lower(at + 1) not in {
            "possible"
        }
    if preposition in {"due to", "because of", "instead of", "rather than", "according to"}:
        return True
    if preposition == "about":
        return verb
    if preposition in _NEVER:
        return False
    if (
        preposition in {"in", "on", "at", "by", "over", "for"}
        and _named(scan, begin, end, "time_nouns")
        and not (preposition == "for" and noun)
    ):
        return True
    if noun and not (verb and preposition not in {"to", "from"}):
        return False
    if verb:
        return True
    if preposition == "with":
        return not scan.verb_in("acquisition_verbs") or _named(scan, begin, end, "people_nouns")
    if preposition in {"in", "on", "inside", "within"}:
        return not (scan.verb_in("finding_verbs") and _named(scan, begin, end, "container_nouns"))
    if preposition in {"near", "beside", "close to", "next to", "without"}:
        return not scan.verb_in("acquisition_verbs")
    return True


def _feeling_phrase(scan: Scan, at: int, preposition: str, begin: int, end: int) -> bool:
    """Decide after a feeling or reputation: "by colleagues" and circumstances clarify, "proud of" does not."""
    if match(scan.vocabulary.phrases["state_phrases"], scan.tokens, at, scan.end) or at == scan.start:
        return False
    if preposition in {"by", "among", "amongst", "around", "in front of", "in"} and _named(
        scan, begin, end, "people_nouns"
    ):
        return True
    if preposition in {"by", "in front of", "among", "amongst", "around"}:
        return True
    if preposition == "with":
        return _named(scan, begin, end, "people_nouns") and not scan.lower(at - 1).endswith("ed")
    return _states_circumstance(scan, preposition, begin, end, noun=False, verb=False)


def _states_circumstance(  # noqa: C901, PLR0911, PLR0912 - one line for each preposition reads better than a table of lambdas
    scan: Scan, preposition: str, begin: int, end: int, *, noun: bool, verb: bool
) -> bool:
    """Decide by the meaning of the noun: does the phrase say when, where or under what condition?"""
    first, head = scan.lower(begin), scan.lower(end - 1)
    timed = _named(scan, begin, end, "time_nouns") or (end == begin + 1 and scan.tokens[begin].kind == "number")
    if preposition in {"in", "on", "at"}:
        bare_place = end == begin + 1 and _named(scan, begin, end, "place_nouns")
        if preposition == "at" and (
            (_named(scan, begin, end, "level_nouns") and not bare_place) or f"{scan.lower(begin)} {head}" == "the time"
        ):
            return False
        if preposition == "at" and head == "time" and scan.lower(end - 2) in {"same", "right", "wrong", "first"}:
            return False
        if preposition == "on" and head == "time" and end == begin + 1:
            return False
        if preposition == "in" and scan.tokens[begin].kind == "number" and timed:
            return False
        if timed or (_named(scan, begin, end, "condition_nouns") and preposition != "at"):
            return not (verb and not timed and preposition == "on")
        held = preposition == "in" and _named(scan, begin, end, "container_nouns")
        if _named(scan, begin, end, "event_nouns"):
            return not (noun or verb or (held and scan.verb_in("finding_verbs")))
        if held and noun:
            return False
        place = (
            _situational(scan, begin, end)
            or _named(scan, begin, end, "place_nouns")
            or (preposition in {"in", "at"} and _is_place_name(scan, begin, end))
        )
        if not place or noun or verb:
            return False
        return not (scan.verb_in("finding_verbs") or (held and not scan.verbs))
    if preposition in {
        "for",
        "over",
        "through",
        "within",
        "by",
        "between",
        "from",
        "around",
        "near",
        "until",
        "since",
        "past",
    }:
        if preposition == "for":
            return (
                _named(scan, begin, end, "time_nouns")
                and not noun
                and (first in _LONG or scan.tokens[begin].kind == "number" or head in _MEASURES)
            )
        if preposition in {"over", "through", "within", "by", "until", "since", "past"}:
            return timed and not noun
        if preposition == "between":
            return (
                not noun
                and not verb
                and (
                    timed
                    or _named(scan, begin, end, "event_nouns")
                    or _named(scan, begin, end, "people_nouns")
                    or head in {"meals", "feedings", "uses", "doses", "washes", "stops", "sets", "jobs"}
                )
            )
        if preposition == "from":
            return first in _FROM_PLACES or (
                first in {"a", "the"} and head in {"distance", "train", "car", "road", "bed", "couch"}
            )
        if preposition == "near":
            return not noun and _named(scan, begin, end, "place_nouns", "people_nouns")
        return _named(scan, begin, end, "people_nouns") or head in {"water", "traffic", "machinery", "animals"}
    if preposition == "with":
        along = _named(scan, begin, end, "people_nouns", "burden_nouns")
        return (
            not noun
            and not verb
            and not scan.verb_in("comitative_verbs")
            and not scan.verb_in("acquisition_verbs")
            and (scan.vocabulary.has("condition_modifiers", first) or along or _absolute(scan, begin))
        )
    if preposition == "without":
        return _lacks(scan, begin, noun=noun)
    if preposition == "under":
        return (
            _named(scan, begin, end, "condition_nouns")
            or (timed and not scan.tokens[begin].kind == "number")
            or head == "water"
        )
    if preposition in {"among", "amongst", "amid", "in front of"}:
        return _named(scan, begin, end, "people_nouns")
    if preposition in {"outside", "inside", "beyond", "along", "aboard"}:
        return not noun and not verb and (_named(scan, begin, end, "place_nouns") or timed)
    return False


def _lacks(scan: Scan, begin: int, *, noun: bool) -> bool:
    """Tell "without looking" from "a room without windows"."""
    if scan.vocabulary.is_form(scan.lower(begin), "gerund"):
        return True
    return not (noun or scan.verb_in("acquisition_verbs") or scan.vocabulary.has("people_nouns", scan.lower(begin - 2)))


def _absolute(scan: Scan, begin: int) -> bool:
    """See "with gloves on", "with the windows open", "with children in the car"."""
    if scan.lower(scan.end - 1) in _ABSOLUTE and scan.end - begin <= 5:  # noqa: PLR2004 - the whole phrase is short
        return True
    return False


def _situational(scan: Scan, begin: int, end: int) -> bool:
    """See "in a noisy hall": an adjective that makes of any place a circumstance."""
    if _named(scan, begin, end, "container_nouns"):
        return False
    return any(scan.vocabulary.has("situational_adjectives", scan.lower(at)) for at in range(begin, end - 1))


def _is_place_name(scan: Scan, begin: int, end: int) -> bool:
    token = scan.tokens[end - 1]
    return (
        end - begin <= 3
        and token.text[:1].isupper()
        and not token.text.isupper()
        and scan.tokens[scan.start].text[:1].islower()
    )
