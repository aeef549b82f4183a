"""OST111 and OST112: an outcome that names what is shipped; whether a title carries a measure."""

from __future__ import annotations

import re
from itertools import pairwise

from pmkit.language import singular
from pmkit.model import quoted
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._wording import (
    NounPhrase,
    Reading,
    by_means,
    has_finite_verb,
    is_artifact,
    is_people,
    may_open_with_verb,
    noun_phrase,
    opens_with_verb,
    read,
)

__all__ = ["is_measured", "output_as_outcome"]

_ALWAYS = lists.words(
    """
    launch print publish install implement deploy rebuild rewrite refactor relaunch replatform redesign revamp migrate
    integrate automate translate prototype digitize digitise pilot embed localize
    """
)
"""Verbs of shipping that need no artifact after them."""
_MAKING = lists.words("add build create develop design introduce code set")
"""Verbs of making; what they make is an output unless it is trust, habits, people or hours."""
_HANDING = lists.words(
    """
    ship deliver release publish complete finish provide offer enable support roll make have get put start bring
    give
    """
)
"""Verbs that are about outputs only when an artifact follows."""
_STAGING = lists.words("run hold host organize organise conduct write produce draft record print train")
_OPENING = lists.words(
    "open establish found start set hire sign purchase buy publish distribute renovate refurbish release ship finish "
    "complete"
)
_OBTAINING = lists.words("achieve become get obtain pass gain reach")
_SEALS = lists.words("certified accredited compliant certification compliance accreditation audit")
_SWITCHING = lists.words("switch move transition migrate")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"\b(?:(?:19|20)\d\d|q[1-4]|h[12]|v\d[\d.]*|\d+(?:st|nd|rd|th)|(?:version|phase) \d[\d.]*|"
    rf"{_MONTH}\.? \d{{1,2}}|\d{{1,2}} {_MONTH})\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v\d[\d.]*|version")
_DOING = lists.words("using offering selling publishing running holding building hosting providing shipping printing")
_STAGES = lists.words("phase version part step stage release wave batch")
_CLOCK = lists.words("day hour minute week month year time")
_PASSING = lists.words("on any free spare all every same next first last a whole any the one")
_DIGIT = re.compile(r"\d")


def is_measured(title: str) -> bool:
    """Say whether a title carries a number or names something countable; dates and versions do not count."""
    if _DIGIT.search(_DATE.sub(" ", title[:400])) or "%" in title:
        return True
    words = read(title).words
    named = any(
        (singular(word) in lists.MEASURES or word in lists.MEASURES)
        and not (at and words[at - 1] in _PASSING and word in _CLOCK)
        for at, word in enumerate(words)
    )
    counted = any(
        part in lists.NUMBER_WORDS
        for at, word in enumerate(words)
        for part in word.split("-")
        if word not in {"one-click", "one-on-one"} and not (at and words[at - 1] in _STAGES)
    )
    active = any(first == "active" and singular(second) in lists.PEOPLE for first, second in pairwise(words))
    return named or counted or active


def output_as_outcome(title: str) -> tuple[tuple[int, int] | None, str] | None:
    """Find the words by which an outcome names something shipped; None when it does not."""
    reading = read(title)
    words = reading.words
    if not words:
        return None
    start = (
        2
        if words[:2] in {("we", "will"), ("we", "should"), ("we'll", "have")}
        else int(words[0] in {"we", "to", "successfully"})
    )
    found = _order(reading, start) or _worked_on(reading, start) or _delivered(reading) or _thing(reading)
    if not found and start == 0 and may_open_with_verb(reading):
        found = by_means(reading, 1)
    if not found:
        return None
    (first, stop), says = found
    return reading.span(first, stop), says


Found = tuple[tuple[int, int], str] | None


def _order(reading: Reading, start: int) -> Found:
    """Launch the app; add three payment methods; release the companion."""
    words = reading.words
    verb = words[start] if start + 1 < len(words) else ""
    if verb == "make" and phrase_of(reading, start + 1) and start + 2 < len(words):
        return (start, start + 3), "tells what is worked on, not what changes by it"
    if verb in {"define", "draft", "adopt"}:
        return (start, start + 2), f"{quoted(verb, 40)} tells what is delivered"
    if verb in {"start", "begin"} and words[start + 1] in _DOING:
        return (start, start + 2), "tells what is introduced, not what changes by it"
    if verb == "give" and any(is_people(word) for word in words[start + 1 : start + 5]):
        handed = next((at for at in range(start + 2, len(words)) if words[at] in {"a", "an", "new"}), len(words))
        given = noun_phrase(reading, handed).head
        if _artifact(given) or given in lists.OFFERS:
            return (start, len(words)), "tells what is handed out"
    particle = verb in {"roll", "go"} and words[start + 1] in {"out", "live"}
    phrase = noun_phrase(reading, start + 1 + (particle or words[start + 1 : start + 2] == ("up",)))
    if not verb or has_finite_verb(reading, phrase.stop):
        return None
    rest = words[phrase.stop :]
    ships = (
        particle or verb in _ALWAYS or _makes(verb, phrase) or _hands_over(verb, phrase) or _stages(verb, phrase, rest)
    )
    return ((start, max(phrase.stop, start + 1)), f"{quoted(verb, 40)} tells what is shipped") if ships else None


def phrase_of(reading: Reading, at: int) -> bool:
    """See "the site" where something is made of it."""
    words = reading.words
    return words[at : at + 1] in {("the",), ("our",)} and words[at + 1 : at + 2] != () and is_artifact(words[at + 1])


def _makes(verb: str, phrase: NounPhrase) -> bool:
    """Build the app; enable online booking: making anything but trust, habits, people or hours."""
    if not phrase.head or is_people(phrase.head):
        return False
    return verb == "enable" or (verb in _MAKING and singular(phrase.head) not in lists.UNSHIPPED)


def _hands_over(verb: str, phrase: NounPhrase) -> bool:
    """Deliver version 2; release the companion; open the makerspace."""
    if verb in _HANDING and phrase.modifiers and phrase.modifiers[0] in lists.TECHNICAL:
        return True
    numbered = phrase.head.isdigit() or phrase.head in lists.NUMBER_WORDS
    made = phrase.modifiers[-1] if numbered and phrase.modifiers else phrase.head
    if verb in {"offer", "provide", "publish", "write"} and _plain_goods(phrase):
        return True
    if verb in _HANDING and (_artifact(made) or _VERSION.fullmatch(made)):
        return True
    return verb in _OPENING and (phrase.article in {"a", "an", "the"} or "new" in phrase.modifiers)


def _plain_goods(phrase: NounPhrase) -> bool:
    """See "offer video calls", and not "offer better care" or "provide clarity"."""
    kept = lists.UNSHIPPED | lists.NEED_HEADS | lists.PEOPLE
    compared = any(word.endswith("er") or word in {"more", "less"} for word in (phrase.article, *phrase.modifiers))
    return bool(phrase.head and phrase.modifiers) and not compared and singular(phrase.head) not in kept


def _stages(verb: str, phrase: NounPhrase, rest: tuple[str, ...]) -> bool:
    """Run a workshop; get certified; switch everyone to the new ledger."""
    if verb == "train" and is_people(phrase.head) and rest[:1] in {("on",), ("in",)}:
        return True
    if verb in {"hold", "host", "organize", "organise", "stage"} and phrase.article in {"a", "an"}:
        return True
    if verb in _STAGING:
        return singular(phrase.head) in lists.EVENTS or _artifact(phrase.head)
    if verb in _OBTAINING:
        return singular(phrase.head) in _SEALS
    if verb == "hire":
        return phrase.head != "" and not {"more", "fewer", "%"} & {phrase.article, *phrase.modifiers}
    if verb in {"replace", "swap", "retire", "decommission"}:
        return bool(phrase.head) and singular(phrase.head) not in lists.UNSHIPPED | lists.MOOD_NOUNS
    if verb in {"connect", "link", "sync"} and rest[:1] in {("to",), ("with",)}:
        return bool(phrase.head) and not is_people(phrase.head)
    return verb in _SWITCHING and rest[:1] == ("to",) and rest[1:2] in {("the",), ("a",), ("our",), ("new",)}


def _worked_on(reading: Reading, start: int) -> Found:
    """Improve the claims portal; simplify onboarding: work on a thing, with nothing that would change by it."""
    words = reading.words
    verb = words[start] if start < len(words) else ""
    if verb not in lists.WORK_VERBS or is_measured(reading.text):
        return None
    phrase = noun_phrase(reading, start + 1)
    if _artifact(phrase.head):
        return (start, phrase.stop), f"{quoted(verb, 40)} tells what is worked on, not what changes by it"
    return None


def _delivered(reading: Reading) -> Found:
    """Find something told as shipped: "The new app is live"."""
    phrase = noun_phrase(reading, 0)
    rest = reading.words[phrase.stop : phrase.stop + 4]
    if not (rest and (_artifact(phrase.head) or "new" in phrase.modifiers)):
        return None
    for index, word in enumerate(rest):
        if word in lists.SHIPPED | {"online", "production", "place"} and index:
            return (phrase.start, phrase.stop + index + 1), "tells that something is shipped"
        if word not in {"is", "are", "has", "have", "been", "be", "gets", "will", "fully", "in"}:
            return None
    return None


def _thing(reading: Reading) -> Found:
    """Find nothing but a thing: "A one-click checkout"."""
    if (
        has_finite_verb(reading, 0)
        or is_measured(reading.text)
        or opens_with_verb(reading)
        or is_people(reading.words[0])
    ):
        return None
    phrase = noun_phrase(reading, 0)
    of = reading.words[phrase.stop : phrase.stop + 1] == ("of",) and _artifact(phrase.head)
    placed = reading.words[phrase.stop : phrase.stop + 1] in {("in",), ("on",), ("at",), ("for",), ("with",)}
    if not phrase.head or not (phrase.modifiers or phrase.article or of or placed):
        return None
    improved = {"better", "faster", "easier"} if phrase.article not in {"a", "an"} else set()
    if any(word in {"no", "fewer", "less", "more"} | improved for word in (phrase.article, *phrase.modifiers)):
        return None
    technical = bool(phrase.modifiers) and phrase.modifiers[0] in lists.TECHNICAL
    counted = lists.UNSHIPPED | lists.NEED_HEADS | lists.PEOPLE
    offered = bool(phrase.modifiers) and phrase.head in lists.OFFERS
    if offered or _artifact(phrase.head) or (technical and singular(phrase.head) not in counted):
        return (phrase.start, phrase.stop), "names a thing, not a change"
    return None


def _artifact(word: str) -> bool:
    """Say whether a head is a product or an event of shipping; the number of a version is one."""
    return is_artifact(word) or singular(word) in lists.OUTPUT_NOUNS
