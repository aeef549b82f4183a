"""Trade that goes elsewhere, lies idle or is not done at all; a part of OST115."""

from __future__ import annotations

from itertools import pairwise

from pmkit.language import singular
from pmkit.model import quoted
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._wares import Found
from pmkit.ost.rules._wording import Reading, has_finite_verb, is_people, phrase_at

__all__ = ["LEFT", "OWN", "REASONS", "missed", "ours", "people_at", "trade_lost"]

OWN = lists.words("i i'm i've i'd my me mine their his her myself")
REASONS = lists.words("because when since if as due while after before whenever")
LEFT = lists.words("cart carts basket baskets checkout form signup sign-up registration onboarding trial subscription")
_STANDING = lists.words("stand stands sit sits are is lie lies stay stays remain remains stood sat")
_RIVALS = lists.words("competitor competitors competition rival rivals elsewhere")
_TRADING = lists.words(
    """
    spend spends buy buys order orders rent rents visit visits come comes use book books donate donates shop shops
    return returns
    """
)
_SELDOM = {
    ("only", "once"),
    ("just", "once"),
    ("too", "little"),
    ("too", "rarely"),
    ("too", "seldom"),
    ("less", "than"),
    ("once", "and"),
}
_NOT = lists.words("don't doesn't not never aren't isn't rarely no")
_FEATURES = lists.words("feature features function functions product service plan tier add-on")
_BUYING_ING = lists.words(
    """
    buying paying booking ordering registering subscribing purchasing converting renewing signing reviewing rating
    tipping donating joining returning
    """
)
_OVERHEADS = lists.words("support marketing sales advertising ads acquisition hiring onboarding training")


def missed(reading: Reading) -> Found:
    """Find customers told by what they do not do for the company: "Few visitors become members"."""
    words = reading.words
    subject = people_at(words, 0, 4)
    if (
        not subject
        or any(word in OWN - {"their", "her", "his"} for word in words)
        or set(words) & (REASONS - {"after", "before"})
    ):
        return None
    tail = words[subject:]
    ours = "our" in tail and bool(_NOT & set(tail))
    unused = bool(_NOT & set(tail)) and any(word in _FEATURES for word in tail) and "use" in tail
    unbought = any(pair[0] == "without" and pair[1] in _BUYING_ING for pair in pairwise(tail))
    stopped = any(pair[0] in {"stop", "stops", "quit"} and pair[1] in _BUYING_ING for pair in pairwise(tail))
    few = words[0] in {"few", "hardly"} and bool({"become", "turn"} & set(tail))
    undone = bool(_NOT & set(tail)) and bool({"finish", "complete"} & set(tail)) and words[-1] in LEFT
    if ours or unused or unbought or stopped or few or undone or "quota" in tail:
        return (subject - 1, len(words)), "tells what the company misses in them, not what they need"
    return None


def ours(reading: Reading) -> Found:
    """Find a company that counts for itself: "We don't get enough referrals", "More sign-ups"."""
    words = reading.words
    if words[0] in {"more", "fewer"} and phrase_at(words, 1, lists.BUSINESS_TERMS) and not has_finite_verb(reading, 1):
        return (0, 2), "is what the company counts"
    if words[0] != "we":
        return None
    for index in range(1, min(len(words) - 1, 6)):
        if words[index] in {"enough", "few", "little", "more"}:
            at = index + 1
            counted = phrase_at(words, at, lists.BUSINESS_TERMS) or phrase_at(words, at + 1, lists.BUSINESS_TERMS)
            if counted or (people_at(words, at, 3) and singular(words[people_at(words, at, 3) - 1]) in lists.CUSTOMERS):
                return (0, at + 1), "is what the company wants for itself"
        if words[index : index + 3] == ("too", "much", "on") and words[-1] in _OVERHEADS:
            return (0, len(words)), "is what the company spends"
    return None


def trade_lost(reading: Reading) -> Found:
    """Find trade that goes elsewhere or lies idle: "Skiers rent only once", "Dormant accounts", "Cars stand idle"."""
    words = reading.words
    if any(word in OWN - {"their"} for word in words) or any(word in REASONS - {"after", "before"} for word in words):
        return None
    if words[0] in lists.IDLE and not has_finite_verb(reading, 0):
        return (0, min(2, len(words))), f"{quoted(words[0], 40)} is how the company sees them"
    for index in range(1, len(words) - 1):
        if words[index] in _STANDING and words[index + 1] in lists.IDLE | {"empty"}:
            return (index, index + 2), "tells what the company does not sell"
    rivals = next((index for index, word in enumerate(words) if word in _RIVALS), 0)
    subject = people_at(words, 0, 4)
    if rivals > subject > 0:
        return (subject - 1, rivals + 1), "tells whom the company loses, not why they go"
    at_us = any(pair in {("with", "us"), ("from", "us"), ("to", "us")} for pair in pairwise(words))
    if subject and at_us and words[subject : subject + 1] and words[subject] in _TRADING:
        return (subject - 1, len(words)), "tells where they trade, not what they need"
    if subject:
        for index in range(subject, len(words) - 1):
            if words[index] in _TRADING and words[index + 1 : index + 3] in _SELDOM:
                return (subject - 1, index + 3), "tells how little the company sells, not what stops them"
    return None


def people_at(words: tuple[str, ...], start: int, width: int) -> int:
    """Give the place after the first noun for people in a few words, or 0."""
    for index in range(start, min(len(words), start + width)):
        if is_people(words[index]):
            return index + 1
    return 0
