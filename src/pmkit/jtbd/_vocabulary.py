"""A lexicon made ready for the parser: sets and phrase tables, built once for each lexicon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import attrs

from pmkit.language import Lexicon, Token, phrase_index, singular, verb_index

__all__ = ["Phrases", "Vocabulary", "match", "vocabulary"]

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
_LISTS = (
    "acquisition_verbs",
    "adjective_complements",
    "asking_verbs",
    "auxiliaries",
    "burden_nouns",
    "circumstance_adverbs",
    "claiming_verbs",
    "clear_directions",
    "comitative_verbs",
    "condition_modifiers",
    "condition_nouns",
    "container_nouns",
    "determiners",
    "event_nouns",
    "finding_verbs",
    "infinitive_nouns",
    "level_nouns",
    "ly_words",
    "metrics",
    "motion_complements",
    "motion_verbs",
    "noun_complements",
    "noun_verbs",
    "part_nouns",
    "people_nouns",
    "place_nouns",
    "pronouns",
    "relational_nouns",
    "roles",
    "situational_adjectives",
    "time_nouns",
    "undertaking_verbs",
    "vague_metrics",
    "verb_complements",
    "verbs",
)
_PHRASES = (
    "ambiguous_brands",
    "brands",
    "circumstance_adverbs",
    "circumstance_openers",
    "clause_openers",
    "connectives",
    "directions",
    "emotional_forms",
    "manner_adverbs",
    "metrics",
    "prepositional_verbs",
    "prepositions",
    "roles",
    "state_phrases",
    "technology",
    "technology_modifiers",
    "vague_exceptions",
    "vague_metrics",
    "vague_words",
)


@attrs.frozen
class Vocabulary:
    """Everything that the parser looks up.

    Attributes
    ----------
    lexicon : Lexicon
    sets : mapping of str to frozenset of str
    phrases : mapping of str to mapping
        By list, then by first word: phrases as tuples of words, longest first.
    bases : mapping of str to frozenset of str
        The base forms of every form of a verb.
    forms : mapping of str to frozenset of str
        The names of the forms that a word can be: "base", "gerund", …
    """

    lexicon: Lexicon
    sets: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]
    bases: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, frozenset[str]]

    def is_form(self, word: str, *forms: str) -> bool:
        """Say whether a word can be one of some verb forms."""
        known = self.forms.get(word)
        return known is not None and any(form in known for form in forms)

    def has(self, name: str, word: str) -> bool:
        """Say whether a list holds a word."""
        return word in self.sets[name]


@lru_cache(maxsize=16)
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    """Build the tables of a lexicon, once."""
    bases: dict[str, dict[str, None]] = {}
    forms: dict[str, set[str]] = {}
    for word, readings in verb_index(lexicon).items():
        for reading in readings:
            bases.setdefault(word, {})[reading.base] = None
            forms.setdefault(word, set()).add(reading.form)
    sets = {name: lexicon.words(name) for name in _LISTS}
    sets["noun_complements"] = frozenset(
        f"{singular(entry.split()[0])} {entry.split()[-1]}" for entry in sets["noun_complements"]
    )
    sets["preposition_words"] = frozenset(entry for entry in lexicon.words("prepositions") if " " not in entry)
    sets["not_verbs"] = sets["determiners"] | sets["pronouns"] | sets["preposition_words"]
    return Vocabulary(
        lexicon,
        sets,
        {name: phrase_index(lexicon, name) for name in _PHRASES},
        {word: tuple(found) for word, found in bases.items()},
        {word: frozenset(found) for word, found in forms.items()},
    )


def match(phrases: Phrases, tokens: Sequence[Token], at: int, end: int | None = None) -> int:
    """Return how many tokens the longest phrase that stands at a place takes; 0 for none."""
    limit = len(tokens) if end is None else end
    if at >= limit:
        return 0
    for phrase in phrases.get(tokens[at].lower, ()):
        size = len(phrase)
        if at + size <= limit and all(tokens[at + offset].lower == phrase[offset] for offset in range(1, size)):
            return size
    return 0
