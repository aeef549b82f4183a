"""The view that the search for the boundary has of a text, and what it asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from pmkit.jtbd._vocabulary import Vocabulary, match
from pmkit.language import Token, singular

__all__ = ["GO_ON", "Mode", "Scan", "framed", "is_particle", "meant", "named", "noun_phrase_end"]

Mode = Literal["job", "outcome", "emotional"]

GO_ON = frozenset({"and", "or", "but", "to", ",", "that", "which", "who"})
_LONGEST_PHRASE = 12
_ABSTRACT = ("ation", "ition", "ention", "ection", "ction", "ations", "itions", "entions", "ections", "ctions")


@attrs.frozen
class Scan:
    """What the search for the boundary goes by.

    Attributes
    ----------
    vocabulary : Vocabulary
    tokens : sequence of Token
    start, end : int
        The tokens of object and clarifier together.
    mode : Mode
    verbs : tuple of str
        Base forms of the verb whose object this is.
    """

    vocabulary: Vocabulary
    tokens: Sequence[Token]
    start: int
    end: int
    mode: Mode
    verbs: tuple[str, ...] = ()

    def lower(self, at: int) -> str:
        """Return a token's lower-case text; empty outside."""
        return self.tokens[at].lower if self.start <= at < self.end else ""

    def verb_in(self, name: str) -> bool:
        """Say whether the governing verb is in a list."""
        return any(self.vocabulary.has(name, verb) for verb in self.verbs)


def noun_phrase_end(scan: Scan, at: int) -> int:
    """Return the end of the noun phrase that begins at a place: before the next preposition, verb or mark."""
    words, reached = scan.vocabulary, at
    limit = min(scan.end, at + _LONGEST_PHRASE)
    while reached < limit:
        token = scan.tokens[reached]
        lower = token.lower
        if token.kind == "symbol":
            break
        if reached > at:
            if (
                lower in words.sets["preposition_words"]
                or lower in GO_ON
                or match(words.phrases["clause_openers"], scan.tokens, reached, scan.end)
            ):
                break
            if words.has("auxiliaries", lower):
                break
            after = scan.lower(reached + 1)
            if words.is_form(lower, "gerund") and (
                words.has("determiners", after) or words.has("preposition_words", after)
            ):
                break
        reached += 1
    return reached


def named(scan: Scan, begin: int, end: int, *names: str) -> bool:
    """Say whether the head of a noun phrase is in one of some lists, alone or as a compound."""
    if end <= begin:
        return False
    sets = scan.vocabulary.sets
    head = scan.lower(end - 1)
    forms = {head, singular(head)}
    if end - 1 > begin:
        forms.add(f"{scan.lower(end - 2)} {head}")
        forms.add(f"{scan.lower(end - 2)} {singular(head)}")
    if "-" in head:
        forms.add(head.rsplit("-", 1)[1])
    return any(not forms.isdisjoint(sets[name]) for name in names)


def framed(scan: Scan, at: int, preposition: str) -> tuple[bool, bool]:
    """Say whether the noun before, and whether the verb, wants this preposition."""
    words, previous = scan.vocabulary, scan.lower(at - 1)
    noun = at > scan.start and f"{singular(previous)} {preposition}" in words.sets["noun_complements"]
    noun = noun or (at > scan.start and _described(scan, at, preposition))
    verb = any(f"{base} {preposition}" in words.sets["verb_complements"] for base in scan.verbs)
    if noun and scan.mode == "job":
        return noun, verb  # inside the object of a job the word before is the noun, even where it could be a verb
    for form in (previous, *words.bases.get(previous, ())):
        wanted = f"{form} {preposition}"
        verb = verb or wanted in words.sets["motion_complements"] or wanted in words.sets["verb_complements"]
    return noun, verb


def _described(scan: Scan, at: int, preposition: str) -> bool:
    """See "a patient with a fever" and "an intervention on a painting"."""
    noun = scan.lower(at - 1)
    if preposition == "with":
        ailing = not scan.verb_in("comitative_verbs") or named(scan, *meant(scan, at + 1), "part_nouns")
        return scan.vocabulary.has("people_nouns", noun) and ailing
    return preposition == "on" and noun.endswith(_ABSTRACT) and scan.vocabulary.has("determiners", scan.lower(at + 1))


def meant(scan: Scan, begin: int) -> tuple[int, int]:
    """Return the noun phrase that gives a phrase its meaning: "the side of a road" is about a road."""
    end = noun_phrase_end(scan, begin)
    relational = end > begin and scan.lower(end - 1) in scan.vocabulary.sets["relational_nouns"]
    if relational and scan.lower(end) == "of" and not named(scan, begin, end, "time_nouns"):
        return end + 1, noun_phrase_end(scan, end + 1)
    return begin, end


def is_particle(scan: Scan, at: int, preposition: str) -> bool:
    """See "hand over a shift": the preposition belongs to the verb right before it."""
    words = scan.vocabulary
    if (
        at == scan.start
        or scan.mode == "job"
        or not words.is_form(scan.lower(at - 1), "base", "gerund", "third person")
    ):
        return False
    wanted = tuple(preposition.split())
    phrases = words.phrases["prepositional_verbs"]
    return any((base, *wanted) in phrases.get(base, ()) for base in words.bases.get(scan.lower(at - 1), ()))
