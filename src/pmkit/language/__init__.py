"""English for rules and parsers: tokens with spans, inflection, and word lists that users extend.

No model, no training data: word lists in files and rules of spelling. Everything is pure and
linear in the length of the text.

* `tokenize`, `words`, `normalize`, `word_span` cut and compare text.
* `verb_forms`, `gerund`, `past`, `past_participle`, `third_person`, `verb_readings`, `base_form`,
  `singular`, `plural` inflect.
* `is_manner_adverb`, `content_words` answer the questions that rules about wording ask most.
* `ENGLISH` is the packaged `Lexicon`; `extend_lexicon` and `read_lexicon` add a user's words;
  `phrase_index` looks up phrases of several words.
"""

from __future__ import annotations

from pmkit.language._inflection import (
    VerbForm,
    VerbReading,
    base_form,
    content_words,
    gerund,
    is_manner_adverb,
    past,
    past_participle,
    plural,
    singular,
    third_person,
    verb_forms,
    verb_index,
    verb_readings,
)
from pmkit.language._lexicon import ENGLISH, Lexicon, extend_lexicon, list_names, phrase_index, read_lexicon
from pmkit.language._tokens import Token, TokenKind, normalize, tokenize, word_span, words

__all__ = [
    "ENGLISH",
    "Lexicon",
    "Token",
    "TokenKind",
    "VerbForm",
    "VerbReading",
    "base_form",
    "content_words",
    "extend_lexicon",
    "gerund",
    "is_manner_adverb",
    "list_names",
    "normalize",
    "past",
    "past_participle",
    "phrase_index",
    "plural",
    "read_lexicon",
    "singular",
    "third_person",
    "tokenize",
    "verb_forms",
    "verb_index",
    "verb_readings",
    "word_span",
    "words",
]
