"""For whom a change is made: found by the words before people, in the change first."""

from __future__ import annotations

import re

import pmkit.experiments._templates as templates
from pmkit.experiments._outcome import Outcome
from pmkit.experiments._people import people_phrase
from pmkit.experiments._reading import PADDING, Reading

__all__ = ["audience_after", "audience_apart", "find_audience", "without_audience"]


def find_audience(
    work: Reading, change: tuple[int, int] | None, outcome: Outcome, outcome_span: tuple[int, int]
) -> tuple[int, int] | None:
    """Find the people a hypothesis is about: after "for", in the change, in the outcome, or as its subject."""
    regions = ([change] if change else []) + [outcome_span]
    in_change = [change] if change else []
    for pattern, places in (
        (templates.AUDIENCE_AFTER, regions),
        (templates.AUDIENCE_IN_CHANGE, in_change),
        (templates.AUDIENCE_OF, in_change),
        (templates.AUDIENCE_WITH, [outcome_span]),
    ):
        for start, end in places:
            for match in pattern.finditer(work.left, start, end):
                found = people_phrase(
                    work.left, match.end(), end, tail=pattern is templates.AUDIENCE_AFTER or templates.CLAUSES
                )
                if found:
                    return found
    for start, end in regions:
        found = people_phrase(work.left, *work.trimmed(start, end), tail=templates.CLAUSES, after_verb=True)
        if found:
            return found
    if outcome.subject is not None and outcome.subject != change:
        found = people_phrase(work.left, *work.trimmed(*outcome.subject), tail=templates.CLAUSES)
        if found:
            return found
    return _audience_inside(work, outcome, outcome_span)


_PER = re.compile(r"\bper\s+[\d,.]*$", re.IGNORECASE)


def audience_after(work: Reading, places: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Find people after "for" and its like, in the first of some places that names any."""
    for start, end in places:
        for match in templates.AUDIENCE_AFTER.finditer(work.left, start, end):
            found = people_phrase(work.left, match.end(), end)
            if found:
                return found
    return None


def audience_apart(work: Reading) -> tuple[int, int] | None:
    """Find people who stand between commas or brackets of their own: ", procurement managers, 5 weeks"."""
    for chunk in list(templates.CHUNK.finditer(work.left))[1:]:
        start, end = work.trimmed(*chunk.span())
        if start < end and people_phrase(work.left, start, end) == (start, end):
            return start, end
    return None


def _audience_inside(work: Reading, outcome: Outcome, outcome_span: tuple[int, int]) -> tuple[int, int] | None:
    """Look for people deeper inside: "the share of patients who finish", "8 of 12 viewers", "delight our customers"."""
    pattern = re.compile(
        r"\b(?:of|by|from|makes?|help|helps|delights?|empowers?|wow|please|pleases|serves?|supports?|satisf(?:y|ies)|attracts?|\d+|more|fewer|than)\s+(?:\d+\s+)?(?:our\s+|the\s+)?",
        re.IGNORECASE,
    )
    start, end = outcome_span
    for match in pattern.finditer(work.left, start, end):
        found = people_phrase(work.left, match.end(), end, tail=False)
        if found and not (
            templates.ACQUIRED.search(work.left, start, found[0]) or _PER.search(work.left[: match.start()])
        ):
            clause = people_phrase(work.left, match.end(), end)
            relative = clause and re.match(r"\s+(?:who|whose|that)\b", work.left[found[1] :])
            return clause if relative and clause else _with_our(work, found)
    for place in (outcome.metrics[0] if outcome.metrics else None,):
        if place:
            words = work.left[slice(*place)]
            match2 = re.search(
                r"\b(members|users|customers|subscribers|players|buyers|patients|students)\b(?!\s+\w+\s+(?:rate|share))",
                words,
                re.IGNORECASE,
            )
            if match2:
                return place[0] + match2.start(), place[0] + match2.end()
    return None


def _with_our(work: Reading, span: tuple[int, int]) -> tuple[int, int]:
    before = re.search(r"\bour\s+$", work.left[: span[0]], re.IGNORECASE)
    return (before.start(), span[1]) if before else span


def without_audience(work: Reading, change: tuple[int, int], audience: tuple[int, int] | None) -> tuple[int, int]:
    """Cut "for …" and a trailing "to callers" off the change; words about people in its middle stay."""
    start, end = work.trimmed(*change)
    if audience and start <= audience[0] < end and audience[1] >= end - 1:
        before = re.search(
            r"\s+(?:for|among|amongst|to|with)\s+(?:the\s+|a\s+|an\s+)?$", work.left[start : audience[0]], re.IGNORECASE
        )
        if before and before.start() > 0:
            end = start + before.start()
    elif audience and start <= audience[0] < end:
        before = re.search(r"\s+(?:for|among|amongst)\s+$", work.left[start : audience[0]], re.IGNORECASE)
        rest = work.left[audience[1] : end].strip(PADDING)
        if before and not rest:
            end = start + before.start()
    return work.trimmed(start, end)
