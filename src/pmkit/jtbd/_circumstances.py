"""Whether a prepositional phrase says when, where or under what condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from pmkit.jtbd._scan import Scan, named

__all__ = ["Phrase", "states_circumstance"]

_ABSOLUTE = frozenset({"on", "off", "open", "closed", "nearby", "present", "in", "away", "attached", "involved"})
_LONGEST_ABSOLUTE = 5
_LONGEST_NAME = 3
_FROM_PLACES = frozenset({"home", "abroad", "afar", "anywhere", "scratch", "memory"})
_FROM_SEATS = frozenset({"distance", "train", "car", "road", "bed", "couch"})
_LONG = frozenset(
    {
        "more",
        "over",
        "up",
        "at",
        "long",
        "longer",
        "extended",
        "several",
        "many",
        "a",
        "the",
        "hours",
        "days",
        "weeks",
        "months",
        "years",
        "few",
        "some",
        "two",
        "three",
        "prolonged",
        "multiple",
        "under",
        "less",
        "about",
    }
)
_MEASURES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years"})
_TURNS = frozenset(
    {
        "meals",
        "feedings",
        "uses",
        "doses",
        "washes",
        "stops",
        "sets",
        "jobs",
        "scenes",
        "acts",
        "rounds",
        "songs",
        "takes",
        "laps",
        "coats",
        "layers",
        "harvests",
        "cycles",
        "seasons",
        "runs",
        "batches",
        "firings",
        "orders",
        "deliveries",
    }
)
_SCARCE = frozenset(
    {"limited", "little", "no", "minimal", "poor", "reduced", "impaired", "restricted", "scarce", "insufficient"}
)
_LINES = frozenset({"phone", "telephone", "radio", "line", "intercom", "video", "lunch", "dinner", "coffee"})
_EVENT_ENDINGS = ("tion", "sion", "ment", "sure", "ture", "val", "oval", "change", "death", "loss", "failure")
_NO_PLACES = ("container_nouns", "event_nouns", "level_nouns", "people_nouns", "place_nouns")
_CAUSES = frozenset({"illness", "sickness", "fatigue", "fever", "exhaustion", "hunger", "stress", "haste", "fear"})
_PHASES = frozenset({"first", "last", "final", "opening", "closing", "early", "late", "initial", "second"})
_DANGERS = frozenset({"water", "traffic", "machinery", "animals"})


@attrs.frozen(kw_only=True)
class Phrase:
    """A preposition and the noun phrase after it.

    Attributes
    ----------
    preposition : str
    begin, end : int
        The tokens of the noun phrase that gives the meaning.
    noun, verb : bool
        Whether the noun before, or the verb, wants this preposition.
    """

    preposition: str
    begin: int
    end: int
    noun: bool
    verb: bool

    @property
    def free(self) -> bool:
        """Whether neither noun nor verb wants the preposition."""
        return not (self.noun or self.verb)


def _is(scan: Scan, phrase: Phrase, *names: str) -> bool:
    return named(scan, phrase.begin, phrase.end, *names)


def _single(phrase: Phrase) -> bool:
    return phrase.end == phrase.begin + 1


def _numbered(scan: Scan, phrase: Phrase) -> bool:
    return phrase.begin < scan.end and scan.tokens[phrase.begin].kind == "number"


def _timed(scan: Scan, phrase: Phrase) -> bool:
    return _is(scan, phrase, "time_nouns") or (_single(phrase) and _numbered(scan, phrase))


def _in(scan: Scan, phrase: Phrase) -> bool:
    if _timed(scan, phrase):
        return not (_numbered(scan, phrase) and not _single(phrase))
    if scan.lower(phrase.begin) == "the" and scan.lower(phrase.begin + 1) in _PHASES and not _single(phrase):
        return phrase.free and not _is(scan, phrase, "container_nouns")
    if _is(scan, phrase, "condition_nouns"):
        return not phrase.verb
    return _there(scan, phrase)


def _on(scan: Scan, phrase: Phrase) -> bool:
    if _single(phrase) and scan.lower(phrase.begin) == "time":
        return False
    if _timed(scan, phrase):
        return True
    if _is(scan, phrase, "condition_nouns"):
        return not phrase.verb
    return _there(scan, phrase)


def _at(scan: Scan, phrase: Phrase) -> bool:
    first, head = scan.lower(phrase.begin), scan.lower(phrase.end - 1)
    if _is(scan, phrase, "level_nouns") and not (_single(phrase) and _is(scan, phrase, "place_nouns")):
        return False
    if head == "time" and (first == "the" or scan.lower(phrase.end - 2) in {"same", "right", "wrong", "first"}):
        return False
    if _timed(scan, phrase) or head == "notice" or _there(scan, phrase):
        return True
    if _is(scan, phrase, "event_nouns"):
        return not phrase.verb
    return phrase.free and not scan.verb_in("finding_verbs") and not _is(scan, phrase, *_NO_PLACES)


def _there(scan: Scan, phrase: Phrase) -> bool:
    """Decide for a place or an event, which may also tell which thing is meant."""
    finding = scan.verb_in("finding_verbs")
    held = phrase.preposition == "in" and _is(scan, phrase, "container_nouns")
    if _is(scan, phrase, "event_nouns"):
        return phrase.free and not (held and finding)
    if not phrase.free:
        return False
    if _situational(scan, phrase):
        return True
    named_place = phrase.preposition in {"in", "at"} and _is_place_name(scan, phrase)
    if not (named_place or _is(scan, phrase, "place_nouns")):
        return False
    return not (finding or (held and not scan.verbs))


def _situational(scan: Scan, phrase: Phrase) -> bool:
    """See "in a noisy hall": an adjective that makes of any place a circumstance."""
    if phrase.preposition == "in" and _is(scan, phrase, "container_nouns"):
        return False
    known = scan.vocabulary.sets["situational_adjectives"]
    return any(scan.lower(at) in known for at in range(phrase.begin, phrase.end - 1))


def _is_place_name(scan: Scan, phrase: Phrase) -> bool:
    token = scan.tokens[phrase.end - 1]
    capital = token.text[:1].isupper() and not token.text.isupper()
    return capital and phrase.end - phrase.begin <= _LONGEST_NAME and scan.tokens[scan.start].text[:1].islower()


def _for(scan: Scan, phrase: Phrase) -> bool:
    if phrase.noun or not _is(scan, phrase, "time_nouns"):
        return False
    return scan.lower(phrase.begin) in _LONG or _numbered(scan, phrase) or scan.lower(phrase.end - 1) in _MEASURES


def _while_it_lasts(scan: Scan, phrase: Phrase) -> bool:
    return not phrase.noun and _timed(scan, phrase)


def _over(scan: Scan, phrase: Phrase) -> bool:
    return not phrase.noun and (_timed(scan, phrase) or scan.lower(phrase.end - 1) in _LINES)


def _following(scan: Scan, phrase: Phrase) -> bool:
    """Tell "following a road closure" from "following a recipe"."""
    head = scan.lower(phrase.end - 1)
    if phrase.begin - 1 == scan.start:
        return False
    return _is(scan, phrase, "event_nouns", "time_nouns", "condition_nouns") or head.endswith(_EVENT_ENDINGS)


def _through(scan: Scan, phrase: Phrase) -> bool:
    if not phrase.free or scan.lower(phrase.end - 1) in _CAUSES:
        return False
    return _timed(scan, phrase) or _is(scan, phrase, "condition_nouns")


def _between(scan: Scan, phrase: Phrase) -> bool:
    if not phrase.free:
        return False
    return (
        _timed(scan, phrase) or _is(scan, phrase, "event_nouns", "people_nouns") or scan.lower(phrase.end - 1) in _TURNS
    )


def _from(scan: Scan, phrase: Phrase) -> bool:
    first = scan.lower(phrase.begin)
    return first in _FROM_PLACES or (first in {"a", "the"} and scan.lower(phrase.end - 1) in _FROM_SEATS)


def _near(scan: Scan, phrase: Phrase) -> bool:
    return not phrase.noun and _is(scan, phrase, "place_nouns", "people_nouns")


def _around(scan: Scan, phrase: Phrase) -> bool:
    return _is(scan, phrase, "people_nouns") or scan.lower(phrase.end - 1) in _DANGERS


def _with(scan: Scan, phrase: Phrase) -> bool:
    if phrase.free and scan.lower(phrase.begin) in _SCARCE:
        return True
    if not phrase.free or scan.verb_in("comitative_verbs") or scan.verb_in("acquisition_verbs"):
        return False
    if _is(scan, phrase, "part_nouns"):
        return False
    if scan.vocabulary.has("condition_modifiers", scan.lower(phrase.begin)):
        return True
    short = scan.end - phrase.begin <= _LONGEST_ABSOLUTE
    return _is(scan, phrase, "people_nouns", "burden_nouns") or (short and scan.lower(scan.end - 1) in _ABSOLUTE)


def _without(scan: Scan, phrase: Phrase) -> bool:
    """Tell "without looking" from "a room without windows"."""
    if scan.vocabulary.is_form(scan.lower(phrase.begin), "gerund"):
        return True
    person = scan.vocabulary.has("people_nouns", scan.lower(phrase.begin - 2))
    described = scan.verb_in("acquisition_verbs") and not scan.vocabulary.has("determiners", scan.lower(phrase.begin))
    return not (phrase.noun or person or described)


def _under(scan: Scan, phrase: Phrase) -> bool:
    if _is(scan, phrase, "condition_nouns") or scan.lower(phrase.end - 1) == "water":
        return True
    return _timed(scan, phrase) and not _numbered(scan, phrase)


def _among(scan: Scan, phrase: Phrase) -> bool:
    return _is(scan, phrase, "people_nouns")


def _outside(scan: Scan, phrase: Phrase) -> bool:
    return phrase.free and (_is(scan, phrase, "place_nouns") or _timed(scan, phrase))


_DECIDE: Mapping[str, Callable[[Scan, Phrase], bool]] = {
    "in": _in,
    "on": _on,
    "at": _at,
    "for": _for,
    "over": _over,
    "following": _following,
    "through": _through,
    "within": _while_it_lasts,
    "by": _while_it_lasts,
    "until": _while_it_lasts,
    "since": _while_it_lasts,
    "past": _while_it_lasts,
    "between": _between,
    "from": _from,
    "near": _near,
    "around": _around,
    "with": _with,
    "without": _without,
    "under": _under,
    "among": _among,
    "amongst": _among,
    "in front of": _among,
    "outside": _outside,
    "inside": _outside,
    "beyond": _outside,
    "along": _outside,
    "aboard": _outside,
}


def states_circumstance(scan: Scan, phrase: Phrase) -> bool:
    """Decide by the meaning of the noun: does the phrase say when, where or under what condition."""
    decide = _DECIDE.get(phrase.preposition)
    return decide is not None and decide(scan, phrase)
