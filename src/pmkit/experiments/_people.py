"""Who a phrase speaks of: noun phrases of people."""

from __future__ import annotations

import functools
import re
import unicodedata

from pmkit.experiments._convert import word_list
from pmkit.language import ENGLISH, Token, singular, tokenize, verb_readings

__all__ = ["is_person", "people_phrase"]


_MORE_PEOPLE = word_list("people")
_NO_PEOPLE = word_list("not_people")
_AGENT = re.compile(r"^[a-z\-]{2,}(?:er|or|ist|ee|ian|ant|eur)$")
_STOP = word_list("stops")
_RELATIVE = frozenset(
    {"who", "whose", "that", "with", "without", "over", "under", "aged", "in", "on", "at", "from", "of"}
)
_COMPOUNDS = (
    "children", "women", "people", "holders", "owners", "goers", "keepers", "workers", "makers", "seekers", "teachers",
    "givers", "mates", "takers",
)  # fmt: skip
_BEING = frozenset({"commuting", "existing", "paying", "recurring", "remaining", "returning", "visiting", "working"})
_BEFORE = frozenset({"the", "a", "an", "some", "more", "fewer", "%"})
_GROUPS = frozenset(
    {"group", "groups", "pair", "pairs", "team", "teams", "crowd", "crowds", "couple", "couples", "cohort", "cohorts"}
)
_DETERMINERS = frozenset({"a", "an", "the", "every", "each", "our", "their", "your"})
_PREDICATES = frozenset({"gets", "receives", "sees", "has", "is", "needs", "wants"})
_MACHINES = frozenset({"ai", "ai-powered", "automated", "digital", "smart", "virtual", "voice"})
_COLLECTIVE = word_list("collectives")


@functools.lru_cache(maxsize=8192)
def is_person(word: str) -> bool:
    """Say whether a word most likely names a person or a group of people."""
    if not word.isascii():
        word = "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
    known = _listed()
    if word in known or word in _MORE_PEOPLE:
        return True
    last = word.rsplit("-", 1)[-1]
    one = singular(last)
    if last.endswith(_COMPOUNDS) and last not in _NO_PEOPLE:
        return True
    if last in _NO_PEOPLE or one in _NO_PEOPLE:
        return False
    if one in known or one in _MORE_PEOPLE or last in known or last in _MORE_PEOPLE:
        return True
    return bool(_AGENT.match(one)) and len(one) > 5 and last != one and _from_verb(one)  # noqa: PLR2004 - "gamer" and up are listed


@functools.lru_cache(maxsize=8192)
def _from_verb(noun: str) -> bool:
    """Say whether an agent noun stands on a verb that is known: "renter" on "rent", "trainee" on "train"."""
    if noun.endswith(("ist", "ian", "eur", "ee")):
        return True
    for ending in ("er", "or", "ant"):
        if noun.endswith(ending):
            stem = noun[: -len(ending)]
            stems = [stem, stem + "e"] + ([stem[:-1]] if len(stem) > 2 and stem[-1] == stem[-2] else [])  # noqa: PLR2004
            return any(reading.form == "base" for base in stems for reading in verb_readings(base))
    return False


@functools.cache
def _listed() -> frozenset[str]:
    inanimate = {
        "others",
        "fan",
        "fans",
        "dog",
        "dogs",
        "pet",
        "pets",
        "press",
        "senior",
        "lead",
        "public",
        "community",
        "principal",
    }
    people = set(ENGLISH.words("people_nouns")) | set(ENGLISH.words("roles"))
    return frozenset(people - inanimate)


def people_phrase(
    text: str, start: int, end: int, *, tail: bool | frozenset[str] = True, after_verb: bool = False
) -> tuple[int, int] | None:
    """Find the noun phrase of people that begins at `start`, if there is one: "subscribers on TV".

    With `tail` its relative clause or place belongs to it, up to the next stop (a set of words says which may open
    it); with `after_verb` a gerund before it
    is passed over ("pairing new hires").
    """
    tokens = list(tokenize(text[start:end]))
    first = 0
    while first < len(tokens) and (tokens[first].kind == "number" or tokens[first].lower in _BEFORE):
        first += 1
    grouped = first + 2 < len(tokens) and tokens[first].lower in _GROUPS and tokens[first + 1].lower == "of"
    if (
        after_verb
        and first + 1 < len(tokens)
        and tokens[first].lower.endswith("ing")
        and tokens[first].lower not in _BEING
        and tokens[first + 1].lower not in _STOP
    ):
        first += any(reading.form == "gerund" for reading in verb_readings(tokens[first].lower))
    head = _head(tokens, first + 2 if grouped else first)
    if head is None:
        return None
    if tail and head + 2 < len(tokens) and tokens[head + 1].lower in {"and", "or", "&"}:
        other = _head(tokens, head + 2)
        head = other if other is not None and singular(tokens[other].lower) != tokens[other].lower else head
    last = head
    openers = tail if isinstance(tail, frozenset) else _RELATIVE if tail else frozenset()
    following = tokens[head + 1].lower if head + 1 < len(tokens) else ""
    if following in openers or (tail is True and _doing(following)):
        last = _tail(tokens, head)
    return start + tokens[first].start, start + tokens[last].end


def _head(tokens: list[Token], first: int) -> int | None:
    """Return the place of the last word of people before the phrase stops, within six words."""
    found = None
    for place in range(first, min(len(tokens), first + 7)):
        token = tokens[place]
        if (
            token.kind == "symbol"
            or token.lower in _STOP
            or (place > first and token.lower in _DETERMINERS)
            or token.lower in {"of", "in", "on", "at", "for", "among"}
        ):
            break
        follows = tokens[place + 1].lower if place + 1 < len(tokens) else ""
        if token.kind == "word" and (is_person(token.lower) or follows in {"who", "whose"}):
            machine = place > first and tokens[place - 1].lower in _MACHINES and singular(token.lower) == token.lower
            if not machine and not _modifies(tokens, place):
                found = place
        elif found is not None:
            break
    return found


def _modifies(tokens: list[Token], place: int) -> bool:
    """Say whether a word for one person only colors the next noun, as in "customer reviews"."""
    word = tokens[place].lower
    if place + 1 >= len(tokens) or singular(word) != word or word in _COLLECTIVE:
        return False
    after = tokens[place + 1]
    if after.lower in _PREDICATES:
        return False
    return (
        after.kind == "word"
        and after.lower not in _STOP
        and after.lower not in _RELATIVE
        and after.lower not in _DETERMINERS
        and not after.lower.endswith("s'")
    )


def _doing(word: str) -> bool:
    """Say whether a word opens a clause of doing: "people waiting for a specialist"."""
    return word.endswith("ing") and any(reading.form == "gerund" for reading in verb_readings(word))


def _tail(tokens: list[Token], head: int) -> int:
    place = head + 1
    opener = tokens[place].lower
    if opener == "in" and place + 1 < len(tokens) and tokens[place + 1].lower == "half":
        return head
    if opener == "from" and place + 1 < len(tokens) and tokens[place + 1].kind == "number":
        return head
    last = head
    clause = opener in {"who", "whose", "that"} or _doing(opener)
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "symbol" and token.lower not in {"'", '"'}:
            break
        if token.lower in {
            "will",
            "would",
            "should",
            "can",
            "could",
            "may",
            "might",
            "by",
            "within",
            "because",
            "since",
            "if",
            "then",
            "to",
            "among",
            "for",
        } and not (clause and token.lower in {"to", "for", "by"}):
            break
        last = place
        place += 1
    return last
