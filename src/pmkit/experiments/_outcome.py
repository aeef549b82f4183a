"""The half of a hypothesis that says what will happen: subject, direction, metric."""

from __future__ import annotations

import re

import attrs

import pmkit.experiments._moving as words
from pmkit.experiments._hypothesis import Direction
from pmkit.experiments._metric_phrase import find_metrics, one_metric, split, trim
from pmkit.experiments._people import people_phrase

__all__ = ["Outcome", "moves", "read_outcome", "toward"]


@attrs.frozen(kw_only=True)
class Outcome:
    """What was found: spans into the text.

    `subject` is what acts ("three picks … will"), `amount_from` where an amount may begin, `precise` whether
    the metric stands beside a direction.
    """

    subject: tuple[int, int] | None = None
    direction: Direction | None = None
    direction_span: tuple[int, int] | None = None
    metrics: tuple[tuple[int, int], ...] = ()
    amount_from: int | None = None
    precise: bool = False


def moves(text: str) -> bool:
    """Say whether words begin with a verb that moves a metric: "increase …", "bring … down"."""
    return any(
        pattern.match(text) is not None for pattern in (words.TRANSITIVE, words.INTRANSITIVE, words.LEVEL, words.RESULT)
    ) or (_moved(text, None, 0, len(text)) is not None)


def read_outcome(text: str, start: int, end: int) -> Outcome:
    """Read the part of a text that says what will happen."""
    end = min(end, len(text))
    counted = words.COUNTED.search(text, start, end)
    if counted and not words.AMOUNT_BEFORE.search(text, start, counted.start()):
        return Outcome(metrics=(counted.span("metric"),), amount_from=start, precise=True)
    modal = words.MODAL.search(text, start, end)
    if modal is None:
        plain = _without_modal(text, start, end)
        modal = None if plain.metrics and plain.direction else words.INFINITIVE.search(text, start, end)
        if modal is None:
            return plain
    subject = trim(text, start, modal.start())
    hold = modal.re is words.MODAL and bool(modal["not"])
    after = modal.end()
    if hold:
        return _hold(text, subject, after, end)
    if subject is not None and re.fullmatch(
        r"(?:we|it|this|that|they|i|then|this\s+change|doing\s+so|our\s+(?:goal|aim|objective|plan)(?:\s+is)?|(?:the|my)\s+(?:goal|aim|objective)(?:\s+is)?|we\s+(?:want|aim|hope|plan|intend|expect|would\s+like))",
        text[slice(*subject)],
        re.IGNORECASE,
    ):
        subject = None
    plain = _predicate(text, subject, after, end)
    more = None if plain.metrics and plain.direction else subject and words.MORE_FIRST.match(text, *subject)
    if subject is not None and (portion := words.PORTION.search(text, *subject) or more):
        metric = one_metric(text, portion.end(), end)
        direction: Direction = "increase" if portion["up"] else "decrease"
        return Outcome(
            direction=direction,
            direction_span=portion.span("verb"),
            metrics=(metric,) if metric else (),
            amount_from=subject[0],
            precise=True,
        )
    return plain


def _hold(text: str, subject: tuple[int, int] | None, after: int, end: int) -> Outcome:
    harm = words.HARM.match(text, after, end)
    if harm is None:
        return Outcome(subject=subject, direction="hold", direction_span=(after, after), amount_from=after)
    metrics = () if words.AFTER_INTRANSITIVE.match(text, harm.end(), end) else find_metrics(text, harm.end(), end)
    if not metrics and subject is not None:
        return Outcome(
            direction="hold", direction_span=harm.span(), metrics=(subject,), amount_from=harm.end(), precise=True
        )
    return Outcome(
        subject=subject,
        direction="hold",
        direction_span=harm.span(),
        metrics=metrics,
        amount_from=harm.end(),
        precise=True,
    )


def _predicate(text: str, subject: tuple[int, int] | None, after: int, end: int) -> Outcome:
    moving = words.INTRANSITIVE.match(text, after, end)
    if moving and subject is not None and words.AFTER_INTRANSITIVE.match(text, moving.end(), end):
        return _moved_by_itself(text, subject, moving)
    if subject is not None and words.TRAVEL.match(text, after, end):
        return Outcome(metrics=(one_metric(text, *subject) or subject,), amount_from=after, precise=True)
    moved = _moved(text, subject, after, end)
    if moved is not None:
        return moved
    off = words.OFF.match(text, after, end)
    if off and (metric := one_metric(text, off.end(), end)):
        direction: Direction = "increase" if off["up"] else "decrease"
        return Outcome(
            subject=subject,
            direction=direction,
            direction_span=(off.start(), off.end(off.lastgroup or 0)),
            metrics=(metric,),
            amount_from=after,
            precise=True,
        )
    swayed = words.SWAYED.match(text, after, end)
    if swayed:
        return Outcome(
            subject=subject,
            direction="increase" if swayed["up"] else "decrease",
            direction_span=swayed.span("verb"),
            metrics=find_metrics(text, swayed.end(), end),
            amount_from=swayed.end(),
        )
    neutral = words.NEUTRAL.match(text, after, end)
    if neutral:
        return Outcome(subject=subject, metrics=find_metrics(text, neutral.end(), end), amount_from=neutral.end())
    level = words.LEVEL.match(text, after, end)
    if level:
        return _level(text, subject, level, end)
    acting = words.TRANSITIVE.match(text, after, end)
    if acting:
        return _acting(text, subject, acting, end)
    return _compared(text, subject, after, end)


def toward(text: str, start: int, end: int) -> tuple[Direction, tuple[int, int]] | None:
    """Return the direction that an amount alone shows: "+8 pp", "up 5 %", "lift of 4 %"."""
    for pattern in (words.SIGNED, words.TRANSITIVE, words.INTRANSITIVE, words.NOUN, words.SIDE):
        match = pattern.search(text, start, end)
        if match:
            return ("increase" if match["up"] else "decrease"), match.span("verb")
    return None


def _moved(text: str, subject: tuple[int, int] | None, after: int, end: int) -> Outcome | None:
    """Read "move the add-to-cart rate up by", "bring down waiting time", "take orders from 3 to 5"."""
    verb = words.MOVE.match(text, after, end)
    if verb is None:
        return None
    metrics = find_metrics(text, verb.end(), end)
    if not metrics:
        return None
    side = words.TO_SIDE.search(text, metrics[-1][1], min(end, _clause_end(text, metrics[-1][1])))
    if verb["first"] is None and side is None:
        return None
    toward = verb["first"] or (side["verb"] if side else "")
    up, down = (re.match(words, toward, re.IGNORECASE) for words in ("up|above|over|higher", "down|below|under|lower"))
    direction: Direction | None = "increase" if up else "decrease" if down else None
    return Outcome(
        subject=subject,
        direction=direction,
        direction_span=verb.span("verb") if direction else None,
        metrics=metrics,
        amount_from=metrics[-1][1],
        precise=True,
    )


def _moved_by_itself(text: str, subject: tuple[int, int], moving: re.Match[str]) -> Outcome:
    direction: Direction = "increase" if moving["up"] else "decrease"
    metric = one_metric(text, subject[0], subject[1])
    metrics = split(text, *metric) if metric else (subject,)
    also = words.ALSO.match(text, moving.end())
    if also and words.INTRANSITIVE.match(text, also.end()):
        metrics = (*metrics, also.span("metric"))
    return Outcome(
        direction=direction,
        direction_span=moving.span("verb"),
        metrics=metrics,
        amount_from=moving.start(),
        precise=True,
    )


def _level(text: str, subject: tuple[int, int] | None, level: re.Match[str], end: int) -> Outcome:
    rest = text[level.end() : end]
    down = re.search(r"\b(?:below|under|at\s+most|no\s+more\s+than|less\s+than|<)", rest, re.IGNORECASE)
    metrics = (
        ()
        if re.match(r"\s*(?:at\s|below|under|above|over|[$€£]?\d[\d.,]*(?![\w-])|a\s+\d)", rest, re.IGNORECASE)
        else find_metrics(text, level.end(), end)
    )
    if not metrics and subject is not None:
        return Outcome(
            direction="decrease" if down else "increase",
            direction_span=level.span("verb"),
            metrics=(one_metric(text, *subject) or subject,),
            amount_from=level.end(),
            precise=True,
        )
    return Outcome(
        subject=subject,
        direction="decrease" if down else "increase",
        direction_span=level.span("verb"),
        metrics=metrics,
        amount_from=level.end(),
        precise=True,
    )


def _acting(text: str, subject: tuple[int, int] | None, acting: re.Match[str], end: int) -> Outcome:
    direction: Direction = "increase" if acting["up"] else "decrease"
    metrics = find_metrics(text, acting.end(), end)
    return Outcome(
        subject=subject,
        direction=direction,
        direction_span=acting.span("verb"),
        metrics=metrics,
        amount_from=acting.start(),
        precise=True,
    )


def _compared(text: str, subject: tuple[int, int] | None, after: int, end: int) -> Outcome:
    """Read "result in 20 % fewer returns", "a 5 % lift in orders", "book more spa visits", "will happen more often"."""
    result = words.RESULT.match(text, after, end)
    begin = result.end() if result else after
    for found in (
        _gained(text, subject, after, end),
        _sooner(text, subject, begin, end),
        _likely(text, subject, begin, end),
    ):
        if found is not None:
            return found
    if words.MAKE_MORE.search(text, begin, end):
        return Outcome(subject=subject, amount_from=after)
    for pattern in (words.NOUN, words.COMPARATIVE):
        match = pattern.search(text, begin, end)
        if match:
            found = _by_comparison(text, subject, match, end)
            return attrs.evolve(found, amount_from=begin, precise=bool(result) or pattern is words.NOUN)
    acting = words.TRANSITIVE.search(text, begin, end)
    if acting and (result or re.match(r"\s*(?:help|allow|enable|let|make)", text[after:end], re.IGNORECASE)):
        return _acting(text, subject, acting, end)
    return Outcome(subject=subject, amount_from=begin if result else after)


def _by_comparison(text: str, subject: tuple[int, int] | None, match: re.Match[str], end: int) -> Outcome:
    shorter = match["verb"].lower() in {"quicker", "faster", "sooner"}
    return Outcome(
        subject=subject,
        direction="increase" if match["up"] and not shorter else "decrease",
        direction_span=match.span("verb"),
        metrics=find_metrics(text, match.end(), end),
        precise=True,
    )


def _gained(text: str, subject: tuple[int, int] | None, start: int, end: int) -> Outcome | None:
    """Read "bring in at least 300 new subscribers"."""
    gained = words.GAINED.match(text, start, end)
    metric = one_metric(text, gained.end(), end) if gained else None
    if gained is None or metric is None:
        return None
    return Outcome(
        subject=subject,
        direction="increase",
        direction_span=gained.span("verb"),
        metrics=(metric,),
        amount_from=gained.end("verb"),
        precise=True,
    )


def _sooner(text: str, subject: tuple[int, int] | None, start: int, end: int) -> Outcome | None:
    """Read "finish checkout 30 seconds sooner": what is done is the metric, unless it is one bare word."""
    sooner = words.OFTEN.search(text, start, end)
    if sooner is None:
        return None
    begin = words.BE.match(text, start).end() if sooner["amount"] else start  # type: ignore[union-attr]  # the pattern matches the empty text
    done = trim(text, begin, sooner.start())
    if done is None or " " not in text[begin : sooner.end("verb")].strip():
        return None
    said = text[slice(*done)]
    bare = re.fullmatch(r"\w+", said) and not sooner["amount"]
    return Outcome(
        subject=subject,
        direction="increase" if sooner["up"] else "decrease",
        direction_span=sooner.span("verb"),
        metrics=() if bare or re.match(r"(?:be|feel|happen|become)\b", said) else (done,),
        amount_from=begin,
    )


def _likely(text: str, subject: tuple[int, int] | None, start: int, end: int) -> Outcome | None:
    """Read "be 20 % more likely to recommend us"."""
    likely = words.LIKELY.search(text, start, end)
    if likely is None:
        return None
    metric = one_metric(text, likely.end(), end)
    return Outcome(
        subject=subject,
        direction="increase" if likely["up"] else "decrease",
        direction_span=likely.span("verb"),
        metrics=(metric,) if metric else (),
        amount_from=start,
    )


def _noted(text: str, start: int, end: int) -> Outcome | None:
    """Read notes without a verb: "sign-ups up 5 %", "-10 % churn", "error rate down from 11 % to 7 %"."""
    side = words.UP_OR_DOWN.search(text, start, end)
    span = trim(text, _clause_start(text, start, side.start()), side.start()) if side else None
    if side is not None and span is not None and not words.MOVE.search(text, *span):
        return Outcome(
            direction="increase" if side["up"] else "decrease",
            direction_span=side.span("verb"),
            metrics=split(text, *(one_metric(text, *span) or span)),
            amount_from=side.start(),
            precise=True,
        )
    ends = words.ENDS_UP.search(text, start, end)
    metric = trim(text, _clause_start(text, start, ends.start()), ends.start()) if ends else None
    if ends is not None and metric is not None and words.METRIC_HEAD.search(text, *metric):
        direction: Direction = "increase" if ends["up"] else "decrease"
        return Outcome(direction=direction, direction_span=ends.span("verb"), metrics=(metric,), precise=True)
    for mover in words.MOVE.finditer(text, start, end):
        before = _before_to(text, start, mover.start())
        moved = _moved(text, trim(text, start, before), mover.start(), end)
        if moved is not None:
            return moved
    return _signed(text, start, end)


def _signed(text: str, start: int, end: int) -> Outcome | None:
    """Read "+5 % sign-up completion" and "time per listing -30 %"."""
    signed = words.SIGNED.search(text, start, end)
    if signed is None:
        return None
    begin = _clause_start(text, start, signed.start())
    behind = one_metric(text, signed.end(), end) if words.NAME_BEHIND.match(text, signed.end(), end) else None
    if not text[begin : signed.start()].strip():
        begin = _clause_start(text, start, max(start, begin - 1))
    metric = behind or one_metric(text, begin, signed.start())
    if metric is None:
        return None
    return Outcome(
        subject=trim(text, start, begin) if begin > start else None,
        direction="increase" if signed["up"] else "decrease",
        direction_span=signed.span("verb"),
        metrics=(metric,),
        amount_from=signed.start(),
        precise=True,
    )


def _before_to(text: str, start: int, end: int) -> int:
    """Return the end of what stands before "to" when a verb follows it."""
    match = re.search(r"\s+to\s*$", text[start:end])
    return start + match.start() if match else end


def _clause_end(text: str, start: int) -> int:
    stop = re.compile(r"[,;.!?\x00](?:\s|$)|\x00").search(text, start)
    return stop.start() if stop else len(text)


def _clause_start(text: str, start: int, end: int) -> int:
    """Return where the last clause before `end` begins, after a comma, colon, dash or arrow."""
    begin = start
    for match in words.CLAUSE_BREAK.finditer(text, start, end):
        begin = match.end()
    return begin


def _doing(text: str, start: int, end: int) -> Outcome | None:
    """Read "Free samples increase sales": something acts, in the present."""
    for acting in words.TRANSITIVE.finditer(text, start, end):
        subject = trim(text, start, acting.start())
        finite = re.search(r"(?:s|ed)$", acting["verb"], re.IGNORECASE)
        plural = subject is not None and re.search(r"s$", text[slice(*subject)])
        if (
            subject is not None
            and (finite or plural)
            and not re.search(r"\b(?:to|of|for|the|a|an|and|by)$", text[slice(*subject)], re.IGNORECASE)
        ):
            return _acting(text, subject, acting, end)
    return None


def _without_modal(text: str, start: int, end: int) -> Outcome:
    """Read a sentence without "will": "Free samples increase sales", "more visits from a map", "conversion rises"."""
    for read in (
        _noted,
        _commanded,
        _moving,
        _led_by_comparison,
        _doing,
        _done_sooner,
        _doing_more,
        _between_levels,
        _swaying,
    ):
        found = read(text, start, end)
        if found is not None:
            return found
    weak = words.WEAK.search(text, start, end)
    if weak:
        return _compared(text, trim(text, start, weak.start()), weak.start(), end)
    return Outcome(subject=trim(text, start, end), amount_from=start)


def _commanded(text: str, start: int, end: int) -> Outcome | None:
    """Read "Reduce support tickets by 15 % by …"."""
    verb = words.TRANSITIVE.match(text, *(trim(text, start, end) or (start, end)))
    if (
        verb is None
        or verb["verb"].lower().endswith(("ing", "s", "ed"))
        or words.INFINITIVE.search(text, verb.end(), end)
    ):
        return None
    return _acting(text, None, verb, end)


def _moving(text: str, start: int, end: int) -> Outcome | None:
    """Read "Churn falls"."""
    if words.NOUN.match(text, start, end):
        return None
    for match in words.INTRANSITIVE.finditer(text, start, end):
        subject = trim(text, start, _before_to(text, start, match.start()))
        if subject is not None and words.AFTER_INTRANSITIVE.match(text, match.end(), end):
            return _moved_by_itself(text, subject, match)
    return None


def _led_by_comparison(text: str, start: int, end: int) -> Outcome | None:
    """Read "more engagement from a profile", but not "larger buttons reduce mis-taps"."""
    noun = words.NOUN.match(text, start, end)
    match = noun or words.COMPARATIVE.match(text, words.ARTICLE.match(text, start, end).end(), end)  # type: ignore[union-attr]  # the pattern matches the empty text
    if match is None or (noun is None and _doing(text, start, end)):
        return None
    found = _by_comparison(text, None, match, end)
    source = words.SOURCE.search(text, match.end(), end)
    if source is not None:
        metrics = tuple((first, min(last, source.start())) for first, last in found.metrics if first < source.start())
        found = attrs.evolve(found, subject=trim(text, source.end(), end), metrics=metrics)
    return attrs.evolve(found, amount_from=start)


def _done_sooner(text: str, start: int, end: int) -> Outcome | None:
    """Read "Guests order dessert more often"."""
    sooner = words.OFTEN.search(text, start, end)
    if sooner is None or words.INFINITIVE.search(text, start, sooner.start()):
        return None
    people = people_phrase(text, *(trim(text, start, sooner.start()) or (start, start)), tail=False)
    done = trim(text, people[1] if people else start, sooner.start())
    return Outcome(
        subject=people,
        direction="increase" if sooner["up"] else "decrease",
        direction_span=sooner.span("verb"),
        metrics=(done,) if done else (),
        amount_from=sooner.start(),
    )


def _doing_more(text: str, start: int, end: int) -> Outcome | None:
    """Read "Readers finish more articles"."""
    begin = trim(text, start, end)
    people = people_phrase(text, *begin, tail=False) if begin else None
    more = words.COMPARATIVE.search(text, people[1], end) if people else None
    if people is None or more is None or len(text[people[1] : more.start()].split()) != 1:
        return None
    return attrs.evolve(_by_comparison(text, people, more, end), amount_from=start)


def _between_levels(text: str, start: int, end: int) -> Outcome | None:
    """Read "D7 retention 20 % -> 24 %"; the numbers say which way."""
    levels = words.FROM_TO.search(text, start, end)
    begin = _clause_start(text, start, levels.start()) if levels else start
    metric = one_metric(text, begin, levels.start()) if levels else None
    if levels is None or metric is None:
        return None
    subject = trim(text, start, begin) if begin > start else None
    return Outcome(subject=subject, metrics=(metric,), amount_from=levels.start(), precise=True)


def _swaying(text: str, start: int, end: int) -> Outcome | None:
    """Read "a public roadmap affects trust": no direction."""
    neutral = words.NEUTRAL.search(text, start, end)
    if neutral is None:
        return None
    metrics = find_metrics(text, neutral.end(), end)
    return Outcome(subject=trim(text, start, neutral.start()), metrics=metrics, amount_from=neutral.end())
