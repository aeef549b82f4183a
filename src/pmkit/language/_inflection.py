"""English inflection: the forms of a verb, the base of a form, singular and plural."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.language._lexicon import ENGLISH, Lexicon, packaged
from pmkit.language._tokens import words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "VerbForm",
    "VerbReading",
    "base_form",
    "content_words",
    "gerund",
    "is_manner_adverb",
    "past",
    "past_participle",
    "plural",
    "singular",
    "third_person",
    "verb_forms",
    "verb_index",
    "verb_readings",
]

VerbForm = Literal["base", "third person", "past", "past participle", "gerund"]
_VOWELS = frozenset("aeiou")
_SIBILANT = ("s", "x", "z", "ch", "sh")
_SHORTEST_ADVERB = 5


@attrs.frozen
class VerbReading:
    """One way to read a word as a form of a verb.

    Attributes
    ----------
    base : str
        The verb's base form.
    form : VerbForm
        ``"base"``, ``"third person"``, ``"past"``, ``"past participle"`` or ``"gerund"``.

    Examples
    --------
    >>> verb_readings("stopped")
    (VerbReading(base='stop', form='past'), VerbReading(base='stop', form='past participle'))
    """

    base: str
    form: VerbForm


@lru_cache(maxsize=1)
def _irregular() -> Mapping[str, tuple[str, str]]:
    rows = (line.split() for line in packaged("irregular_verbs"))
    return {base: (preterite.split("/")[0], participle.split("/")[0]) for base, preterite, participle in rows}


@lru_cache(maxsize=1)
def _irregular_alternatives() -> tuple[tuple[str, str, VerbForm], ...]:
    found: list[tuple[str, str, VerbForm]] = []
    for line in packaged("irregular_verbs"):
        base, preterites, participles = line.split()
        found.extend((form, base, "past") for form in preterites.split("/"))
        found.extend((form, base, "past participle") for form in participles.split("/"))
    return tuple(found)


def _doubles(verb: str) -> bool:
    """Say whether the last consonant is doubled before -ed and -ing: stop, commit; not open, fix."""
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in "wxyh" or verb[-2] not in _VOWELS:  # noqa: PLR2004 - consonant, vowel, consonant
        return False
    if verb[-3] in _VOWELS and verb[-3:-1] != "ui":
        return False
    if verb in packaged_set("doubling_verbs"):
        return True
    return _syllables(verb) == 1 and not (verb[-3] == "u" and verb[-2] == "i" and verb[-4:-3] not in ("q", ""))


@lru_cache(maxsize=8)
def packaged_set(name: str) -> frozenset[str]:
    """Return one of the packaged lists as a set."""
    return frozenset(packaged(name))


def _syllables(word: str) -> int:
    groups, inside = 0, False
    for letter in word:
        vowel = letter in "aeiouy"
        groups += vowel and not inside
        inside = vowel
    return groups


def gerund(verb: str) -> str:
    """Return the -ing form of a base-form verb; only the first word of a phrasal verb changes.

    Parameters
    ----------
    verb : str
        A base form in lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [gerund(verb) for verb in ("find", "make", "stop", "lie", "see", "listen to", "commit")]
    ['finding', 'making', 'stopping', 'lying', 'seeing', 'listening to', 'committing']
    """
    head, space, rest = verb.partition(" ")
    if head.endswith("ie"):
        formed = head[:-2] + "ying"
    elif head in {"be", "dye", "singe"} or head.endswith(("ee", "oe", "ye")):
        formed = head + "ing"
    elif head.endswith("e") and len(head) > 2:  # noqa: PLR2004 - be is above
        formed = head[:-1] + "ing"
    elif head.endswith("c"):
        formed = head + "king"
    else:
        formed = head + (head[-1:] if _doubles(head) else "") + "ing"
    return formed + space + rest


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    if verb.endswith("c"):
        return verb + "ked"
    return verb + (verb[-1:] if _doubles(verb) else "") + "ed"


def past(verb: str) -> str:
    """Return the simple past of a base-form verb.

    Parameters
    ----------
    verb : str
        A base form in lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [past(verb) for verb in ("find", "stop", "carry", "play", "write down")]
    ['found', 'stopped', 'carried', 'played', 'wrote down']
    """
    head, space, rest = verb.partition(" ")
    return _irregular().get(head, (_regular_past(head), ""))[0] + space + rest


def past_participle(verb: str) -> str:
    """Return the past participle of a base-form verb.

    Parameters
    ----------
    verb : str
        A base form in lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [past_participle(verb) for verb in ("write", "stop", "set up")]
    ['written', 'stopped', 'set up']
    """
    head, space, rest = verb.partition(" ")
    return _irregular().get(head, ("", _regular_past(head)))[1] + space + rest


def third_person(verb: str) -> str:
    """Return the third person singular of a base-form verb.

    Parameters
    ----------
    verb : str
        A base form in lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [third_person(verb) for verb in ("find", "catch", "carry", "go", "have", "be")]
    ['finds', 'catches', 'carries', 'goes', 'has', 'is']
    """
    head, space, rest = verb.partition(" ")
    formed = {"be": "is", "have": "has"}.get(head) or _with_s(head)
    return formed + space + rest


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith((*_SIBILANT, "o")) and not word.endswith(("oo", "io", "eo", "photo")):
        return word + "es"
    return word + "s"


def verb_forms(verb: str) -> dict[VerbForm, str]:
    """Return all forms of a base-form verb.

    Parameters
    ----------
    verb : str
        A base form in lower case.

    Returns
    -------
    dict of VerbForm to str

    Examples
    --------
    >>> verb_forms("take")["past"], verb_forms("take")["past participle"]
    ('took', 'taken')
    """
    return {
        "base": verb,
        "third person": third_person(verb),
        "past": past(verb),
        "past participle": past_participle(verb),
        "gerund": gerund(verb),
    }


@lru_cache(maxsize=16)
def verb_index(lexicon: Lexicon) -> Mapping[str, tuple[VerbReading, ...]]:
    """Return the readings of every form of every verb of a lexicon, for those who look up many.

    Parameters
    ----------
    lexicon : Lexicon

    Returns
    -------
    mapping of str to tuple of VerbReading
        By the form, in lower case.

    Examples
    --------
    >>> verb_index(ENGLISH)["sewn"]
    (VerbReading(base='sew', form='past participle'),)
    """
    found: dict[str, dict[VerbReading, None]] = {}
    verbs = lexicon.entries("verbs")
    for verb in verbs:
        for form, text in verb_forms(verb).items():
            found.setdefault(text, {})[VerbReading(verb, form)] = None
    known = lexicon.words("verbs")
    for text, verb, form in _irregular_alternatives():
        if verb in known:
            found.setdefault(text, {})[VerbReading(verb, form)] = None
    for text in ("am", "are"):
        found.setdefault(text, {})[VerbReading("be", "third person")] = None
    found.setdefault("were", {})[VerbReading("be", "past")] = None
    return {text: tuple(readings) for text, readings in found.items()}


def verb_readings(word: str, *, lexicon: Lexicon = ENGLISH) -> tuple[VerbReading, ...]:
    """Return the ways in which a word is a form of a known verb.

    Parameters
    ----------
    word : str
        One word; case does not matter.
    lexicon : Lexicon
        Whose verbs are known.

    Returns
    -------
    tuple of VerbReading
        Empty when it is no form of a known verb.

    Examples
    --------
    >>> verb_readings("found")
    (VerbReading(base='find', form='past'), ..., VerbReading(base='found', form='base'))
    >>> verb_readings("table")
    ()
    """
    return verb_index(lexicon).get(word.lower(), ())


def base_form(word: str, *, lexicon: Lexicon = ENGLISH) -> str:
    """Return the base form of a verb form or of a plural noun; other words come back in lower case.

    Parameters
    ----------
    word : str
        One word.
    lexicon : Lexicon
        Whose verbs are known.

    Returns
    -------
    str

    Examples
    --------
    >>> [base_form(word) for word in ("Scheduled", "writing", "notes", "children", "music")]
    ['schedule', 'write', 'note', 'child', 'music']
    """
    lower = word.lower()
    readings = verb_readings(lower, lexicon=lexicon)
    return readings[0].base if readings else singular(lower)


@lru_cache(maxsize=1)
def _irregular_plurals() -> Mapping[str, str]:
    pairs = (pair.split() for pair in packaged("irregular_plurals"))
    return dict(pairs)


@lru_cache(maxsize=1)
def _irregular_singulars() -> Mapping[str, str]:
    return {one: many for many, one in _irregular_plurals().items()}


def singular(noun: str) -> str:
    """Return the singular of a noun; a singular comes back unchanged.

    Parameters
    ----------
    noun : str
        In lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [singular(noun) for noun in ("files", "boxes", "batteries", "analyses", "glass", "virus")]
    ['file', 'box', 'battery', 'analysis', 'glass', 'virus']
    """
    known = _irregular_plurals().get(noun)
    if known:
        return known
    if len(noun) < 4 or not noun.endswith("s") or noun.endswith(("ss", "us", "is")):  # noqa: PLR2004 - gas, bus, his
        return noun
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return noun[:-2]
    return noun[:-1]


def plural(noun: str) -> str:
    """Return the plural of a singular noun.

    Parameters
    ----------
    noun : str
        In lower case.

    Returns
    -------
    str

    Examples
    --------
    >>> [plural(noun) for noun in ("file", "box", "battery", "child", "photo")]
    ['files', 'boxes', 'batteries', 'children', 'photos']
    """
    return _irregular_singulars().get(noun) or _with_s(noun)


def is_manner_adverb(word: str, *, lexicon: Lexicon = ENGLISH) -> bool:
    """Say whether a word in -ly tells how something is done.

    Supply, reply, family, daily, friendly and adverbs of time, place, degree and order do not.

    Parameters
    ----------
    word : str
        One word; case does not matter.
    lexicon : Lexicon
        Its list ``ly_words`` holds the words in -ly that are no manner adverbs.

    Returns
    -------
    bool

    Examples
    --------
    >>> [word for word in "quickly supply reply family daily safely".split() if is_manner_adverb(word)]
    ['quickly', 'safely']
    """
    lower = word.lower()
    return (
        lower.endswith("ly")
        and len(lower) >= _SHORTEST_ADVERB
        and lower not in lexicon.words("ly_words")
        and "-" not in lower
        and "'" not in lower
    )


@lru_cache(maxsize=16)
def _function_words(lexicon: Lexicon) -> frozenset[str]:
    names = ("determiners", "pronouns", "auxiliaries", "prepositions", "conjunctions")
    return frozenset(word for name in names for word in lexicon.words(name))


def content_words(text: str, *, lexicon: Lexicon = ENGLISH) -> tuple[str, ...]:
    """Return what a text is about: its words in base form, without function words.

    Good for telling whether two texts say the same.

    Parameters
    ----------
    text : str
    lexicon : Lexicon

    Returns
    -------
    tuple of str
        In the order of the text, repetitions kept.

    Examples
    --------
    >>> content_words("schedule a post") == content_words("have the scheduled posts")
    True
    """
    function_words = _function_words(lexicon)
    return tuple(base_form(word, lexicon=lexicon) for word in words(text) if word not in function_words)
