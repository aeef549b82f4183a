"""Titles that name nothing but a thing or a service; a part of OST114."""

from __future__ import annotations

from pmkit.language import singular
from pmkit.model import quoted
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._wording import (
    NounPhrase,
    Reading,
    has_finite_verb,
    is_artifact,
    is_people,
    noun_phrase,
    opens_with_verb,
)

__all__ = ["PRODUCT", "Found", "asks_for", "bare_thing", "in_the_product"]

Found = tuple[tuple[int, int], str] | None
PRODUCT = lists.words("app site website product portal platform software tool dashboard system")
_CAPABILITIES = lists.words(
    """
    detection generation management matching mode recognition recommendations suggestions support verification
    """
)
_WHERE = lists.words("in on at for with when before after during of to about next near by")
_DOES = lists.words(
    """
    calculates explains finds gives helps keeps lets lists reads recommends records reminds sends shows sorts suggests
    tells tracks translates updates warns
    """
)
_PRONOUNS = lists.words("i we you he she they it who what why how where when")
_ABSTRACT = ("ness", "ity", "ance", "ence", "ship", "dom", "ism", "tion", "sion", "ment", "ing", "th")


def bare_thing(reading: Reading) -> Found:
    """Find nothing but a thing: "Dark mode", "Metronome app with visual beat"."""
    words, first = reading.words, reading.words[0]
    if has_finite_verb(reading, 0) or opens_with_verb(reading) or is_people(first) or first in lists.COMPANY_VERBS:
        return None
    if first in _PRONOUNS:
        return None
    phrase = noun_phrase(reading, 0)
    complained = first == "no" or any(word in lists.DEFECTS for word in words)
    if phrase.head and not complained and in_the_product(words[phrase.stop :]):
        return (0, len(words)), "names something in the product"
    says = f"names nothing but a thing, {quoted(' '.join(words[phrase.start : phrase.stop]), 60)}"
    if _is_ware(reading, phrase, complained=complained):
        return (phrase.start, phrase.stop), says
    named = asks_for(phrase) and (is_artifact(phrase.head) or _automatic(phrase))
    if not named or reading.text.rstrip().endswith("?"):
        return None
    several = singular(phrase.head) != phrase.head
    placed = words[phrase.stop : phrase.stop + 1] and words[phrase.stop] in _WHERE
    alone = not phrase.modifiers and not placed and (several or phrase.article not in {"a", "an"})
    return None if alone or (several and complained) else ((phrase.start, phrase.stop), says)


def _is_ware(reading: Reading, phrase: NounPhrase, *, complained: bool) -> bool:
    """See what only a product or a service is: "Digital signatures", "A heated pool", "Lane booking online"."""
    words = reading.words
    if phrase.head.startswith("self-") or (words[0] == "more" and is_artifact(phrase.head)):
        return True
    if phrase.head in lists.OFFERS and words[1:2] == ("of",):
        return True
    kind = phrase.modifiers[0] if phrase.modifiers and not phrase.definite and not complained else ""
    if kind in lists.WARES and singular(phrase.head) not in lists.PEOPLE:
        return True
    if is_artifact(phrase.head) and words[phrase.stop : phrase.stop + 1] == ("that",):
        return words[phrase.stop + 1 : phrase.stop + 2] != () and words[phrase.stop + 1] in _DOES
    kept = lists.NEED_HEADS | lists.PEOPLE
    if not kind or singular(phrase.head) in kept:
        return False
    if kind == "free" or _compound_ware(kind) or phrase.head == "online" or phrase.head in lists.OFFERS:
        return True
    if phrase.article in {"a", "an"} and words[phrase.stop : phrase.stop + 1] and words[phrase.stop] in _WHERE - {"to"}:
        return not phrase.head.endswith(_ABSTRACT) and not is_people(phrase.head)
    made = any(word in lists.WARES or word in lists.TECHNICAL or _worked(word) for word in phrase.modifiers)
    return made and phrase.article in {"a", "an"}


def asks_for(phrase: NounPhrase) -> bool:
    """Say whether a noun phrase is a thing to build rather than a thing complained about."""
    if not phrase.head or phrase.definite:
        return False
    if not is_artifact(phrase.head) and not _technical(phrase):
        return False
    return not any(word in lists.DEFECTS for word in phrase.modifiers)


def _technical(phrase: NounPhrase) -> bool:
    return singular(phrase.head) not in lists.NEED_HEADS and any(word in lists.TECHNICAL for word in phrase.modifiers)


def _automatic(phrase: NounPhrase) -> bool:
    """Say whether it is a capability of a product: "automatic interview scheduling"."""
    made = phrase.modifiers[0] in lists.TECHNICAL or is_artifact(phrase.modifiers[0])
    return made and (phrase.head.endswith("ing") or phrase.head in _CAPABILITIES)


def in_the_product(words: tuple[str, ...]) -> bool:
    """Say whether words place something in the product: "in the app"."""
    return (
        words[2:3] != ()
        and words[0] in {"in", "on", "inside"}
        and words[1] in {"the", "your", "this"}
        and words[2] in PRODUCT
    )


def _compound_ware(word: str) -> bool:
    return word.startswith(("self-", "multi-")) or word.endswith(("-friendly", "-based", "-enabled", "-powered"))


def _worked(word: str) -> bool:
    """See a participle that says how a thing is made: heated, covered, dedicated."""
    return word.endswith("ed") and word not in lists.MOODS and word not in {"red", "needed", "trusted", "loved", "used"}
