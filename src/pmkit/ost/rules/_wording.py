"""Reading a title: words, noun phrases and phrases from word lists, in one pass without a language model."""

from __future__ import annotations

from functools import lru_cache

import attrs

from pmkit.language import ENGLISH, singular, tokenize
from pmkit.model import quoted
from pmkit.ost.rules import _words as lists

__all__ = [
    "NounPhrase",
    "Reading",
    "by_means",
    "has_finite_verb",
    "is_artifact",
    "may_open_with_verb",
    "noun_phrase",
    "opens_with_verb",
    "phrase_at",
    "read",
]

_LONGEST_READ = 400
_ARTICLES = lists.words("a an another any some one")
_DEFINITE = lists.words("the my this that these those his her its your their our each every both all which whose")
_COUNTED = lists.words(
    """
    two three four five six seven eight nine ten many several few fewer less multiple too various
    """
)
_BOUNDARIES = lists.words(
    """
    to that which who whom whose when where while because since if unless until although though so than then and
    or but for from with without in on at by of about across after against along among around as before behind
    between beyond despite during inside into like near off onto outside over per through throughout toward
    towards under via within not how why what instead rather even based using powered
    """
)
_FINITE = lists.words(
    """
    is are was were am be been being isn't aren't wasn't weren't has have had hasn't haven't do does did don't
    doesn't didn't can can't cannot could couldn't will won't would wouldn't should shouldn't may might must
    needs takes take took make makes made feel feels felt get gets got go goes seem seems keep keeps kept fail
    fails look looks looked drag drags arrive arrives come comes came want wants lose loses lost break breaks
    broke hide hides hid cost costs confuse confuses miss misses forget forgets struggle struggles disappear
    disappears work works crash crashes freeze freezes ignore ignores interrupt interrupts overwhelm overwhelms
    stop stops start starts show shows change changes vary varies know knows think thinks stall stalls never
    always often rarely sometimes stay stays ask asks
    """
)
_THINGS = lists.words(
    """
    orders numbers papers letters covers offers answers others errors mirrors doors floors colors
    factors computers trailers folders headers banners stickers containers printers filters servers
    routers layers corners fingers timers chargers scooters trees fees coffees degrees committees
    reminders vouchers newsletters posters calculators sensors monitors lists hours tours tumors wonders
    sweaters burgers showers meters liters barriers counters lockers drawers flowers powers towers
    transfers disasters matters quarters
    """
)
"""Plurals that end as words for people do, and are none."""
_NOUN_VERBS = lists.words(
    """
    free live push search support export import filter sign print share test order track chat book call show display
    design
    report plan map guide record mobile login voice pet staff group class water land house farm market stock
    store price cost park train plant season visit name count score rate question answer review study trip drive
    walk work play light heat power phone card cash check bank fund tax trade pay gift shop tour cart ship time
    film paper fire ground school room post air face hand head back border bridge form format frame level link
    lock mind object page pattern process program project research screen set space stage start step style
    switch title tool type use view vote web wire press release video email e-mail text message post
    """
)

_DETERMINERS = _ARTICLES | _DEFINITE | _COUNTED
_STOPS = _BOUNDARIES | _ARTICLES | _DEFINITE
_BUILT = lists.ARTIFACTS | ENGLISH.words("technology")
_VERBS = ENGLISH.words("verbs")
_OPENING_VERBS = lists.words(
    "help lead cut lift limit control balance finish focus share save hold turn pass drop move"
)
_AS_OFTEN_NOUNS = ENGLISH.words("noun_verbs") - _OPENING_VERBS
_TOOL_VERBS = lists.TOOL_VERBS


@attrs.frozen
class Reading:
    """A title's words in lower case, with where each stands in the title."""

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def span(self, start: int, stop: int) -> tuple[int, int] | None:
        """Give the characters from word `start` up to word `stop`, exclusive."""
        if start >= min(stop, len(self.spans)):
            return None
        return self.spans[start][0], self.spans[min(stop, len(self.spans)) - 1][1]

    def breaks_after(self, index: int) -> bool:
        """Say whether punctuation stands between a word and the next."""
        if index + 1 >= len(self.spans):
            return True
        between = self.text[self.spans[index][1] : self.spans[index + 1][0]]
        return any(character in between for character in ",;:.!?()[]\u2013\u2014") or " - " in between


@attrs.frozen
class NounPhrase:
    """A stretch of words that ends in its head, with the article that opened it."""

    start: int
    stop: int
    article: str
    head: str
    modifiers: tuple[str, ...]

    @property
    def definite(self) -> bool:
        """Whether it names a thing that exists already, or a number of things."""
        return self.article in _DEFINITE or self.article in _COUNTED


@lru_cache(maxsize=32768)
def read(title: str) -> Reading:
    """Read a title; very long ones are read up to their 400th character."""
    text = title[:_LONGEST_READ]
    tokens = [token for token in tokenize(text) if token.kind != "symbol"]
    return Reading(
        text,
        tuple(token.lower for token in tokens),
        tuple((token.start, token.end) for token in tokens),
    )


@lru_cache(maxsize=8192)
def is_artifact(word: str) -> bool:
    """Say whether a noun names something that is built."""
    return any(
        form in _BUILT or form.startswith("e-") or _does_it(form)
        for part in (word, word.rpartition("-")[2])
        for form in (part, singular(part))
    )


def _does_it(noun: str) -> bool:
    """See a thing named by what it does: a locator, a sharpener; people are none."""
    if not noun.endswith(("er", "or")) or noun in lists.PEOPLE or noun in lists.NO_TOOLS:
        return False
    stem = noun[:-2]
    return stem in _TOOL_VERBS or stem + "e" in _TOOL_VERBS or (stem[-1:] == stem[-2:-1] and stem[:-1] in _TOOL_VERBS)


def noun_phrase(reading: Reading, start: int) -> NounPhrase:
    """Take the noun phrase that starts at a word: up to a connective, a finite verb or punctuation."""
    words = reading.words
    article = words[start] if start < len(words) and words[start] in _DETERMINERS else ""
    first = start + bool(article)
    stop = first
    while stop < len(words):
        if words[stop] in _STOPS or (stop > first and words[stop] in _FINITE and not is_artifact(words[stop])):
            break
        stop += 1
        if reading.breaks_after(stop - 1):
            break
    phrase = words[first:stop]
    return NounPhrase(start, stop, article, phrase[-1] if phrase else "", phrase[:-1])


def phrase_at(words: tuple[str, ...], start: int, phrases: lists.Phrases) -> int:
    """Give the length of the longest phrase of a list that stands at a word, or 0."""
    if start < len(words):
        for phrase in phrases.get(words[start], ()):
            if words[start : start + len(phrase)] == phrase:
                return len(phrase)
    return 0


@lru_cache(maxsize=8192)
def is_people(word: str) -> bool:
    """Say whether a noun names people: a known one, or a plural in -ers, -ors, -ists or -ees."""
    return singular(word) in lists.PEOPLE or (word.endswith(("ers", "ors", "ists", "ees")) and word not in _THINGS)


def opens_with_verb(reading: Reading) -> bool:
    """Say whether the first word is a verb in its base form, and not one that is as often a noun."""
    first = reading.words[0]
    return first in _VERBS and first not in _NOUN_VERBS and first not in _AS_OFTEN_NOUNS


def may_open_with_verb(reading: Reading) -> bool:
    """Say whether the first word can be a verb in its base form, and no finite verb follows."""
    return reading.words[0].rpartition("-")[2] in _VERBS and not has_finite_verb(reading, 1)


def by_means(reading: Reading, start: int) -> tuple[tuple[int, int], str] | None:
    """Find the technology that a title picks at its end: "unlock the car with my phone", "match by algorithm"."""
    words = reading.words
    for index in range(max(start, len(words) - 4), len(words) - 1):
        if words[index] in {"by", "via", "with", "using", "through", "from", "on", "to"}:
            named = words[index + 1 :]
            plain = named[1:] if named[0] in _DETERMINERS else named
            called = plain == ("phone",) and (named == plain or named[0] not in {"my", "your", "their"})
            after = index and words[index - 1] in {"from", "of", "when", "while", "without"}
            if len(plain) == 1 and plain[0] in lists.MEANS and not (called or after):
                return (index, len(words)), "picks the technology, " + quoted(" ".join(words[index:]), 60)
    if len(words) > start + 1 and words[-1] == "online" and words[start - 1 : start + 1] and words[-2] != "sold":
        return (len(words) - 1, len(words)), "picks the technology, 'online'"
    return None


def has_finite_verb(reading: Reading, start: int) -> bool:
    """Say whether a finite verb follows, before a subordinate clause begins."""
    for index, word in enumerate(reading.words[start:], start):
        if word == "may" and index and reading.words[index - 1] in {"by", "in", "of", "until", "before", "since", "to"}:
            continue
        if word in {"that", "which", "who", "when", "where", "because", "if", "so", "to"}:
            return False
        if word in _FINITE:
            return True
    return False
