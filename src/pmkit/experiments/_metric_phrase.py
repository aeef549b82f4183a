"""The name of a metric in running text: where it begins and ends, and whether it is two."""

from __future__ import annotations

import re

import pmkit.experiments._moving as words
from pmkit.experiments._people import people_phrase

__all__ = ["find_metrics", "one_metric", "split", "split_metrics", "trim"]


def split_metrics(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the metrics that a phrase names, without the amount behind them."""
    metric = one_metric(text, start, end)
    return split(text, *metric) if metric else ()


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave out blanks and marks at both ends of a span; None where nothing remains."""
    while start < end and text[start] in ' \t\r\n,;:.\x00"“*_':
        start += 1
    while end > start and text[end - 1] in " \t\r\n,;:.\x00":
        end -= 1
    return (start, end) if start < end else None


def one_metric(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Find where a metric stands that begins a span, without its article, its amount and its people."""
    article = words.ARTICLE.match(text, start, end)
    begin = article.end() if article else start
    limit = min(end, begin + words.LONG_TAIL)
    stop = words.METRIC_END.search(text, begin, limit)
    finish = stop.start() if stop else limit
    for match in words.FOR.finditer(text, begin, finish):
        preposition = match.group().strip().lower()
        if preposition in {"for", "with"} and people_phrase(text, match.end(), finish):
            finish = match.start()
            break
    return trim(text, begin, finish)


def find_metrics(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Find every metric at the beginning of a span: one, a list, or one more in a second clause."""
    metric = one_metric(text, start, end)
    if metric is None:
        return ()
    listed = words.LISTED.match(text, metric[0], end)
    if listed and len(several := split(text, *(trim(text, *listed.span()) or metric))) > 1:
        return several
    found = list(split(text, *metric))
    rest_from = metric[1]
    more = re.compile(r"[^.;]*?[\s\x00]and\s+", re.IGNORECASE).match(text, rest_from, end)
    if more:
        verb = words.VERB_AFTER_AND.match(text, more.end(), end)
        other = one_metric(text, verb.end(), end) if verb else None
        if other:
            found.append(other)
    return tuple(found)


def split(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Split "visits and average spend" into two metrics; "search and rescue time" is one."""
    pieces: list[tuple[int, int]] = []
    place = start
    for match in words.AND.finditer(text, start, end):
        pieces.append((place, match.start()))
        place = match.end()
    pieces.append((place, end))
    trimmed = [piece for one in pieces if (piece := trim(text, *one))]
    said = [text[slice(*piece)] for piece in trimmed]
    if len(trimmed) > 1 and _like_metric(said[0]) and all(_like_metric(one) or _quality(one) for one in said):
        return tuple(trimmed)
    return ((start, end),)


def _like_metric(text: str) -> bool:
    return bool(words.METRIC_HEAD.search(text))


def _quality(text: str) -> bool:
    return re.fullmatch(r"\w+(?:ity|ness|ance|ence|ment|ship|tion|sion)", text, re.IGNORECASE) is not None
