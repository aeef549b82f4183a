"""OST114: an opportunity that names a thing to build instead of the need for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pmkit.language import singular
from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._facts import of_kind
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._wares import PRODUCT, Found, asks_for, bare_thing, in_the_product
from pmkit.ost.rules._wording import (
    Reading,
    by_means,
    has_finite_verb,
    is_artifact,
    is_people,
    may_open_with_verb,
    noun_phrase,
    opens_with_verb,
    phrase_at,
    read,
)

__all__ = ["SOLUTION_IN_DISGUISE", "solution_in_disguise"]

_NEGATED = lists.words("don't not never can't cannot doesn't didn't won't nobody nothing no without")
_MAKING = lists.words("add build create develop make offer provide give show set allow let")
_GIVING = lists.words("give send show offer provide let allow help enable notify remind alert email text inform")
_SHOWING = lists.words("show offer display include send surface")
_ACQUIRING = lists.words("use get buy install download have borrow rent own try add build create receive")
_SWAPPING = lists.words("replace swap use leverage utilize utilise")
_AUTOMATICALLY = (
    ("automatically",),
    ("in", "real", "time"),
    ("with", "one", "click"),
    ("in", "one", "click"),
    ("with", "one", "tap"),
    ("by", "voice"),
)
_ASKING = lists.words("notify remind alert email text inform send warn message ping")
_DONE_BY_PEOPLE = lists.words("display give host inform remind replace roll send set ship show support surface")
_ME = lists.words("me us")
_OPENERS = (
    ("be", "able", "to"),
    ("ability", "to"),
    ("able", "to"),
    ("possibility", "to"),
    ("way", "to"),
    ("option", "to"),
)
_PURSUITS = (
    ("to",),
    ("wish", "i", "could"),
    ("wish", "we", "could"),
    ("wish", "they", "could"),
    ("let", "me"),
    ("allow", "me", "to"),
)


def solution_in_disguise(title: str) -> tuple[tuple[int, int] | None, str] | None:
    """Find the words that make a title a solution; None when there are none.

    Returns the place of the words and what they do.
    """
    reading = read(title)
    if not reading.words:
        return None
    for look in _LOOKS:
        found = look(reading)
        if found:
            (start, stop), says = found
            return reading.span(start, stop), says
    return None


def _order(reading: Reading) -> Found:
    """Find an order to build something: "Add biometric login", "We should build an app"."""
    words = reading.words
    start = _after_obligation(words)
    if start >= len(words) or words[start] not in lists.BUILD_VERBS:
        return None
    phrase = noun_phrase(reading, start + 1 + (words[start + 1 : start + 2] == ("up",)))
    if not phrase.head and not words[start + 1 : start + 2]:
        return None
    says = f"{quoted(words[start], 40)} gives an order to build"
    if (
        words[start] in _GIVING
        and (start or _built(reading) or _customers(phrase.head))
        and is_people(phrase.head)
        and not phrase.modifiers
    ):
        return (start, max(phrase.stop, noun_phrase(reading, phrase.stop).stop)), says
    if (
        words[start] in _SWAPPING
        and any(word in {"with", "for", "by", "to"} for word in words[phrase.stop :])
        and phrase.head
    ):
        return (start, len(words)), says
    if start == 0 and words[0] in lists.HANDLED:
        asked = phrase.article in {"a", "an"} or asks_for(phrase) or (words[0] in _SHOWING and words[2:] != ())
        if not asked or has_finite_verb(reading, phrase.stop):
            return None
    nobodys = singular(phrase.head) in lists.UNSHIPPED and not any(is_artifact(word) for word in phrase.modifiers)
    if words[start] in _MAKING and nobodys:
        return None
    if words[start] in {"make", "have"} and not asks_for(phrase):
        return None
    met = words[start] == "introduce" and is_people(phrase.head)
    if start == 0 and (met or (words[0] in _DONE_BY_PEOPLE and not _built(reading))):
        return None
    return (start, phrase.stop), says


def _built(reading: Reading) -> bool:
    """Say whether anything in the title is built or served: what is done to it is no chore of a person's."""
    words = reading.words[1:]
    served = lists.TECHNICAL | lists.OFFERS | lists.WARES | {"new", "more", "hours"}
    return any(is_artifact(word) or word in served or singular(word) in lists.CUSTOMERS for word in words)


def _customers(head: str) -> bool:
    """Say whether people are named as a company names them, many at a time."""
    return is_people(head) and singular(head) != head


def _plain_order(reading: Reading) -> Found:
    """Find orders told by two words: "Text me when …", "Make the app available offline", "Hire more waiters"."""
    words = reading.words
    start = _after_obligation(words)
    verb, following = (*words[start : start + 2], "", "")[:2]
    if verb in _ASKING and following in _ME:
        return (start, start + 2), f"{quoted(verb + ' ' + following, 40)} orders what a product shall do"
    if (verb, following) == ("make", "the") and words[start + 2 : start + 3] and is_artifact(words[start + 2]):
        return (start, start + 3), "gives an order to change the product"
    if words[:5] in {("there", "is", "no", "way", "to"), ("there's", "no", "way", "to")}:
        start = words.index("to") + 1
        return _operated(reading, start)
    if words[:2] in {("we", "could"), ("you", "could"), ("we", "should"), ("why", "not")}:
        aims = phrase_at(words, 2, lists.CHANGE_VERBS) or words[2:3] in {(), ("not",), ("be",)}
        return None if aims or words[2] in lists.COMPANY_VERBS else ((0, 3), "makes a proposal")
    if start:
        return None
    if "automatically" in words and "that" in words and not _NEGATED & set(words):
        return (0, len(words)), "'automatically' says how a product would do it"
    if verb == "hire" and any(_customers(word) for word in words[1:4]):
        return (0, len(words)), "gives an order to hire"
    if verb in {"write", "remove"} or (verb, following) == ("switch", "to"):
        named = noun_phrase(reading, 2 if verb == "switch" else 1)
        if any(word in lists.TECHNICAL or is_artifact(word) for word in (*named.modifiers, named.head)):
            return (0, named.stop), f"{quoted(verb, 40)} gives an order to build"
    return None


def _after_obligation(words: tuple[str, ...]) -> int:
    """Step over "we should", "we need to", "the team has to", "let's", "please", "ability to"."""
    if words[0] in {"please", "let's", "lets"}:
        return 1
    for length in (1, 2):
        if (
            words[length : length + 1]
            and words[length] in {"should", "must", "could"}
            and words[0] in {"we", "the", "you", "they", "it"}
        ):
            return length + 1
    if words[0] == "we" and words[1:3] in {("need", "to"), ("have", "to"), ("want", "to"), ("plan", "to")}:
        return 3
    for opener in _OPENERS:
        if words[: len(opener)] == opener:
            return len(opener)
    return 0


def _wanted(reading: Reading) -> Found:
    """Find a wish for a thing: "I want a watchlist", "Drivers need a head-up display"."""
    words = reading.words
    for index in range(min(len(words), 8)):
        length = phrase_at(words, index, lists.REQUESTS)
        if not length or (index and words[index - 1] in _NEGATED):
            continue
        phrase = noun_phrase(reading, index + length)
        if asks_for(phrase) and not _noun_use(reading, index, length):
            return (index, phrase.stop), f"asks for {quoted(' '.join(words[phrase.start : phrase.stop]), 60)}"
        if phrase.head and not phrase.definite and in_the_product(words[phrase.stop :]):
            return (index, len(words)), "asks for something in the product"
        if phrase.stop == phrase.start and words[index + length : index + length + 1] == ("to",):
            return None
    if "wish" in words[:3]:
        start = words.index("wish") + 1
        for verb in ("had", "has", "offered", "supported", "included"):
            if verb in words[start : start + 5]:
                phrase = noun_phrase(reading, words.index(verb) + 1)
                if asks_for(phrase):
                    return (
                        start - 1,
                        phrase.stop,
                    ), f"wishes for {quoted(' '.join(words[phrase.start : phrase.stop]), 60)}"
    return None


def _noun_use(reading: Reading, index: int, length: int) -> bool:
    return index == 0 and length == 1 and has_finite_verb(reading, 1)


def _absent(reading: Reading) -> Found:
    """Find a thing that is not there: "There is no reminder app", "Lack of a meal planner"."""
    words = reading.words
    for index in range(min(len(words), 5)):
        length = phrase_at(words, index, lists.ABSENCES)
        if not length or (words[index] == "no" and index) or (words[index] == "without" and opens_with_verb(reading)):
            continue
        phrase = noun_phrase(reading, index + length)
        if asks_for(phrase) and not has_finite_verb(reading, phrase.stop):
            return (
                index,
                phrase.stop,
            ), f"names a missing solution, {quoted(' '.join(words[phrase.start : phrase.stop]), 60)}"
    return None


def _operation(reading: Reading) -> Found:
    """Find an operation of a device or a ready-made way: "fast-forward through commercials", "take a taxi"."""
    words = reading.words
    for opener in _PURSUITS:
        width = len(opener)
        for index in range(min(len(words) - width, 7)):
            if words[index : index + width] != opener or (opener == ("to",) and not _wants_before(words, index)):
                continue
            start = index + width
            for able in _OPENERS:
                if words[start : start + len(able)] == able:
                    start += len(able)
            found = _operated(reading, start)
            if found:
                return found
    for opener in _OPENERS:
        if words[: len(opener)] == opener:
            told = _operated(reading, len(opener))
            named = opener[0] in {"ability", "option", "possibility"} and len(words) > len(opener)
            return told or (((0, len(opener) + 1), "names a function of a product") if named else None)
    if words[0] in lists.OPERATIONS and not has_finite_verb(reading, 1) and words[1:]:
        return (0, 1), f"{quoted(words[0], 40)} is something that only a device is told to do"
    return _told_as_feature(reading) if may_open_with_verb(reading) else None


def _told_as_feature(reading: Reading) -> Found:
    """Find what a product would do, told as an order: "Sort photos automatically", "Mute the chat"."""
    words = reading.words
    for adverb in _AUTOMATICALLY:
        if words[-len(adverb) :] == adverb:
            return (0, len(words)), f"{quoted(' '.join(adverb), 60)} says how a product would do it"
    if in_the_product(words[-3:]) or (words[-3:-2] == ("with",) and words[-2] in lists.TECHNICAL):
        return (len(words) - 3, len(words)), f"{quoted(' '.join(words[-3:]), 60)} says how a product would do it"
    return by_means(reading, 1)


def _wants_before(words: tuple[str, ...], index: int) -> bool:
    before = words[max(0, index - 3) : index]
    if any(word in _NEGATED for word in before):
        return False
    return any(phrase_at(words, index - back, lists.REQUESTS) == back for back in range(1, min(3, index) + 1))


def _operated(reading: Reading, start: int) -> Found:
    words = reading.words
    if start >= len(words):
        return None
    length = phrase_at(words, start, lists.READY_MADE)
    if length:
        way = quoted(" ".join(words[start : start + length]), 60)
        return (start, start + length), f"picks one way of getting it done, {way}"
    for adverb in _AUTOMATICALLY:
        if words[-len(adverb) :] == adverb:
            return (start, len(words)), f"{quoted(' '.join(adverb), 60)} says how a product would do it"
    if words[start] in lists.OPERATIONS:
        return (start, start + 1), f"{quoted(words[start], 40)} is something that only a device is told to do"
    return _function(reading, start) or by_means(reading, start) or _acquired(reading, start)


def _function(reading: Reading, start: int) -> Found:
    """Find an operation on something that a product holds: "filter results", "log in with my fingerprint"."""
    words = reading.words
    if words[start] not in lists.OPERATION_VERBS:
        return None
    for index in range(start + 1, min(len(words), start + 9)):
        if is_artifact(words[index]) or singular(words[index]) in lists.OPERATION_OBJECTS:
            shown = quoted(" ".join(words[start : index + 1]), 60)
            return (start, index + 1), f"{shown} is a function of a product"
    return None


def _acquired(reading: Reading, start: int) -> Found:
    """Find a thing that is to be got: "use a calorie counter", "borrow an e-reader"."""
    if reading.words[start] not in _ACQUIRING:
        return None
    phrase = noun_phrase(reading, start + 1)
    if not asks_for(phrase):
        return None
    return (start, phrase.stop), f"asks for {quoted(' '.join(reading.words[phrase.start : phrase.stop]), 60)}"


def _product_told(reading: Reading) -> Found:
    """Find what the product shall do: "The site needs a table", "Patients should be able to book online"."""
    words = reading.words
    told = words[0] in {"the", "your", "this"} and words[1:2] != () and words[1] in _PRODUCTS
    if told and words[2:3] and words[2] in {"needs", "should", "must", "could"} and words[3:4] not in {(), ("not",)}:
        return (0, 3), f"orders what {quoted(' '.join(words[:2]), 40)} shall do"
    for index in range(1, min(len(words) - 4, 4)):
        if words[index : index + 4] == ("should", "be", "able", "to") and is_people(words[index - 1]):
            return (index, index + 4), "asks for a function of a product"
    for index in range(min(len(words) - 3, 4)):
        if words[index] in {"want", "wish", "need", "wants", "wishes"} and words[index - 1] not in _NEGATED:
            named = words[index + 1] in {"the", "your", "this"} and words[index + 2] in _PRODUCTS
            if named and words[index + 3] not in _VERDICT_VERBS:
                return (index, index + 3), "asks for something in the product"
    return None


_PRODUCTS = PRODUCT | lists.words("form page service machine bot screen checkout calendar search")
_VERDICT_VERBS = lists.words("was were is would weren't wasn't")


_LOOKS: tuple[Callable[[Reading], Found], ...] = (
    _order,
    _plain_order,
    _wanted,
    _absent,
    _product_told,
    _operation,
    bare_thing,
)


def _check(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        found = solution_in_disguise(node.title)
        if found:
            yield Hit(node.id, found[1], span=found[0])


SOLUTION_IN_DISGUISE: Rule[OstTree] = Rule(
    code="OST114",
    name="solution-in-disguise",
    severity="warning",
    summary="An opportunity names a need, pain point or desire, not a thing to build.",
    rationale="A title that can be met in one way only is a solution: it closes the choice before there was one. The "
    "wording is looked at: orders to "
    "build, wishes for a product or a part of one, missing features, functions of a device, ready-made ways of "
    "getting something done.",
    source="Torres 2021, ch. 6: is there more than one way to address it?",
    profiles=("default", "torres"),
    check=_check,
    hint="ask what it would do for them, and write that down in their words",
    failing="Add a boarding alert",
    passing="I don't know when boarding starts",
)
