"""From a sentence to a hypothesis: the common templates, found by their connecting words.

The parts are cut away one after the other, from what is easiest to know: the reason, what would
refute it, how success will be known, the timebox; what is left is read as a change and an outcome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

import pmkit.experiments._templates as templates
from pmkit.errors import InvalidValueError
from pmkit.experiments._amounts import TIMEBOX, find_threshold, find_timebox
from pmkit.experiments._audience import audience_after, audience_apart, find_audience, without_audience
from pmkit.experiments._hypothesis import Direction, Hypothesis, Threshold, Timebox
from pmkit.experiments._labelled import read_card
from pmkit.experiments._metric_phrase import split_metrics
from pmkit.experiments._outcome import Outcome, moves, read_outcome, toward
from pmkit.experiments._people import people_phrase
from pmkit.experiments._reading import BLANK, Reading
from pmkit.model import quoted

__all__ = ["parse_hypothesis"]

_LONGEST = 2_000


def parse_hypothesis(text: str, *, id: str = "hypothesis") -> Hypothesis:  # noqa: A002 - every value's id is called id
    """Read a hypothesis: change, audience, metric, direction, threshold, reason, timebox, with their places.

    Understood are "We believe that … for … will …", Lean UX ("We will achieve … if … attain … with …"; "we'll know
    when …"), "If …, then … because …", "By …, we will …", "Because we saw …, we expect that …", "For …, …", and plain
    sentences. It never fails on content: what is not said stays empty, and `check` says so.

    Parameters
    ----------
    text : str
        One hypothesis in English, at most 2,000 characters.
    id : str
        An id for other rooms.

    Returns
    -------
    Hypothesis
        Connecting words ("for", "because", "will") belong to no part; spans are characters of `text`.

    Raises
    ------
    InvalidValueError
        When `text` is not text, or too long.

    Examples
    --------
    >>> hypothesis = parse_hypothesis("We believe that showing three picks for subscribers on TV will increase "
    ...     "next-episode starts by at least 2 % within 14 days because viewers leave when nothing is offered.")
    >>> hypothesis.change, hypothesis.audience, hypothesis.metric
    ('showing three picks', 'subscribers on TV', 'next-episode starts')
    >>> hypothesis.direction, hypothesis.threshold.share, hypothesis.timebox.days
    ('increase', 0.02, 14.0)
    """
    if not isinstance(text, str):
        raise InvalidValueError(f"a hypothesis must be text, not {quoted(text)} ({type(text).__name__})")
    if len(text) > _LONGEST:
        raise InvalidValueError(f"a hypothesis has at most {_LONGEST:,} characters; this text has {len(text):,}")
    work = Reading(whole=text, left=templates.GAP.sub(_broken, text.replace(BLANK, " ")))
    card = read_card(work.left)
    if card:
        return _from_card(work, id, card)
    for aside in templates.ASIDE.finditer(work.left):
        work.cut(*aside.span())
    reason = _take_reason(work)
    refutation = _take(work, templates.REFUTED, "refutation")
    signal = _take_signal(work)
    timebox = _take_timebox(work)
    lead = templates.LEAD.match(work.left)
    if lead:
        work.cut(*lead.span())
    (change, outcome, outcome_span, audience), first = _best_statement(work)
    if signal is not None:
        outcome = _with_signal(work, outcome, signal)
    if change is None:
        change, audience = _change_from(work, outcome, outcome_span, audience)
    threshold = _threshold(work, outcome, outcome_span, signal)
    audience = audience or find_audience(work, change, outcome, outcome_span) or find_audience(work, *first[:3])
    if audience is None and signal is not None:
        audience = audience_after(work, [signal])
    audience = audience or audience_apart(work)
    if change is not None:
        change = without_audience(work, change, audience)
    return _made(work, id, change, audience, outcome, threshold, timebox, reason, refutation)


def _broken(gap: re.Match[str]) -> str:
    """Make a wide gap a break, of the same length: no template has one, and patterns would try each of its places."""
    return gap.group()[:2] + BLANK * (len(gap.group()) - 4) + gap.group()[-2:]


def _from_card(work: Reading, identifier: str, card: Mapping[str, tuple[int, int]]) -> Hypothesis:
    """Read a card: what its labels name is taken as it stands, the metric and the amount are looked for."""
    nowhere = (0, 0)
    outcome_span = card.get("outcome", card.get("metric", nowhere))
    outcome = read_outcome(work.left, *outcome_span)
    if "metric" in card:
        measured = read_outcome(work.left, *card["metric"])
        metrics = measured.metrics or tuple(split_metrics(work.left, *card["metric"]))
        if measured.direction and not outcome.direction:
            outcome = measured
        outcome = attrs.evolve(outcome, metrics=metrics)
    direction = outcome.direction
    if direction is None and (sign := toward(work.left, *outcome_span)):
        outcome = attrs.evolve(outcome, direction=sign[0], direction_span=sign[1])
    threshold = next(
        (found for part in ("outcome", "metric") if part in card and (found := find_threshold(work.left, *card[part]))),
        None,
    )
    timebox = None
    if "timebox" in card:
        start, end = work.trimmed(*card["timebox"])
        work.spans["timebox"] = (start, end)
        named = find_timebox(work.left[start:end])
        timebox = Timebox(days=named[0].days if named else None, text=work.whole[start:end]) if end > start else None
    else:
        work.cut(*card.get("reason", nowhere))
        timebox = _take_timebox(work)
        work.left = work.whole
    refutation = _take(work, templates.REFUTED, "refutation")
    work.left = work.whole
    reason = work.note("reason", card["reason"]) if "reason" in card else ""
    change = card.get("change")
    audience = card.get("audience") or find_audience(work, change, outcome, outcome_span)
    if change is not None:
        change = without_audience(work, _bare_change(work, change), audience)
    return _made(work, identifier, change, audience, outcome, threshold, timebox, reason, refutation)


def _change_from(
    work: Reading, outcome: Outcome, outcome_span: tuple[int, int], audience: tuple[int, int] | None
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Take what acts in the outcome for the change, unless people act there: then look for "by …" or "with …"."""
    subject = outcome.subject
    people = people_phrase(work.left, *work.trimmed(*subject)) if subject is not None else None
    doing = subject is not None and re.match(r"\w+ing\s", work.whole[work.trimmed(*subject)[0] :])
    if people is not None and (given := templates.GIVEN.match(work.left, people[0], outcome_span[1])):
        return given.span("change"), audience or people
    if people is not None and subject is not None and templates.STATE.match(work.left, people[1], subject[1]):
        return None, audience
    whole = subject is not None and not doing and people is not None and people[1] >= work.trimmed(*subject)[1]
    if subject is not None and templates.NO_CHANGE.match(work.left, subject[0]):
        return None, audience
    if subject is not None and not whole:
        return subject, audience
    liked = None if outcome.metrics else templates.LIKED.search(work.left, *outcome_span)
    if liked:
        return liked.span("change"), audience or (people if whole else None)
    search_from = outcome.metrics[-1][1] if outcome.metrics else (subject[1] if subject else outcome_span[0])
    match = templates.BY_LAST.search(work.left, search_from, outcome_span[1])
    return (match.span("change") if match else None), audience or (people if whole else None)


def _made(  # noqa: PLR0917 - the parts of a hypothesis, in their order
    work: Reading,
    identifier: str,
    change: tuple[int, int] | None,
    audience: tuple[int, int] | None,
    outcome: Outcome,
    threshold: tuple[Threshold, tuple[int, int]] | None,
    timebox: Timebox | None,
    reason: str,
    refutation: str,
) -> Hypothesis:
    work.left = work.whole
    change_text = work.note("change", change) if change else ""
    audience_text = work.note("audience", audience) if audience else ""
    metrics = tuple(words for span in outcome.metrics if (words := work.note("metric", span)))
    if outcome.metrics and metrics:
        work.note("metric", outcome.metrics[0])
    if outcome.direction_span and outcome.direction:
        work.note("direction", outcome.direction_span)
    if threshold:
        work.spans["threshold"] = threshold[1]
    direction: Direction | None = outcome.direction
    if direction is None and threshold is not None and threshold[0].reach and metrics:
        baseline = threshold[0].baseline
        direction = "decrease" if baseline is not None and baseline > threshold[0].number else "increase"
    return Hypothesis(
        change=change_text,
        audience=audience_text,
        metric=metrics[0] if metrics else "",
        metrics=metrics,
        direction=direction,
        threshold=threshold[0] if threshold else None,
        reason=reason,
        timebox=timebox,
        refutation=refutation,
        text=work.whole,
        spans=work.spans,
        id=identifier,
    )


def _take_reason(work: Reading) -> str:
    match = (
        templates.REASON_FIRST.match(work.left)
        or templates.REASON_BEFORE.match(work.left)
        or templates.REASON.search(work.left)
    )
    if match is None:
        return ""
    span = match.span("reason")
    inner = find_timebox(work.left[slice(*span)])
    if inner is not None and not TIMEBOX.search(work.left[: span[0]]) and inner[1][1] >= span[1] - span[0] - 1:
        span = (span[0], span[0] + inner[1][0])  # "because … within 14 days": the end of the sentence says by when
    said = work.note("reason", span)
    work.cut(match.start(), span[1])
    return said


def _take(work: Reading, pattern: re.Pattern[str], part: str) -> str:
    match = pattern.search(work.left)
    if match is None:
        return ""
    said = work.note(part, match.span())
    work.cut(*match.span())
    return said


def _take_signal(work: Reading) -> tuple[int, int] | None:
    match = templates.KNOWN.search(work.left)
    if match is None:
        return None
    work.cut(match.start(), match.start("signal"))
    return match.span("signal")


def _take_timebox(work: Reading) -> Timebox | None:
    found = find_timebox(work.left)
    if found is None:
        return None
    timebox, span = found
    work.spans["timebox"] = span
    work.cut(*span)
    return timebox


def _frame(
    work: Reading, start: int, end: int
) -> tuple[tuple[int, int] | None, tuple[int, int], tuple[int, int] | None]:
    """Find the change, where the outcome stands, and the audience where the template itself says it."""
    offset = start
    body = work.left[start:end]

    def span(match: re.Match[str], name: str) -> tuple[int, int]:
        return match.start(name) + offset, match.end(name) + offset

    lean = templates.TO_ACHIEVE.match(body)
    if lean and people_phrase(body, *lean.span("audience")):
        return span(lean, "change"), span(lean, "outcome"), span(lean, "audience")
    audience = None
    for pattern in (templates.FOR_FIRST, templates.TO_HELP):
        first = pattern.match(body)
        people = people_phrase(body, *first.span("audience")) if first else None
        if first and people:
            audience = span(first, "audience")
            if pattern is templates.TO_HELP:
                audience = (people[0] + offset, people[1] + offset)
            offset += first.start("rest")
            body = body[first.start("rest") :]
            lead = templates.LEAD.match(body)
            if lead and lead.end():
                offset += lead.end()
                body = body[lead.end() :]
    for pattern in (templates.ARROW, templates.IF_FIRST, templates.IF_LAST, templates.TO_FIRST, templates.APART):
        found = pattern.match(body)
        if found and _fits(pattern, body, found):
            return _bare_change(work, span(found, "change")), span(found, "outcome"), audience
    done = templates.WE_DO.match(body)
    if done and (not moves(done["change"]) or (done["link"] or "").lower().startswith(("and", "so", "which"))):
        outcome = span(done, "outcome") if done["outcome"] else (offset + done.end("change"), end)
        return span(done, "change"), outcome, audience
    return None, (offset, end), audience


def _fits(pattern: re.Pattern[str], body: str, found: re.Match[str]) -> bool:
    if pattern is templates.APART:
        return _splits(body, found)
    return pattern is not templates.IF_LAST or not templates.PROMISE.search(found["change"])


def _splits(body: str, found: re.Match[str]) -> bool:
    """Say whether what stands before a colon or dash is a change and what stands after it an outcome."""
    before, after = (read_outcome(body, *found.span(name)) for name in ("change", "outcome"))
    return bool(after.metrics and after.direction) and not (before.metrics and before.direction)


def _bare_change(work: Reading, span: tuple[int, int]) -> tuple[int, int]:
    match = templates.WE.match(work.left[slice(*span)])
    return (span[0] + match.end(), span[1]) if match else span


def _statements(work: Reading) -> list[tuple[int, int]]:
    """Return the sentences that still say something."""
    found = [
        match.span()
        for match in re.finditer(r"[^\x00\s][^\n]*?(?:(?<![ap]\.m)[.;!?](?=\s|\x00|$)|$|\n)", work.left)
        if re.search(r"\w{2}", match.group())
    ]
    return found or [(0, len(work.left))]


_Read = tuple[tuple[int, int] | None, Outcome, tuple[int, int], tuple[int, int] | None]


def _told(work: Reading, outcome: Outcome, span: tuple[int, int]) -> tuple[bool, bool, bool]:
    """Rank a sentence by what it says: a metric and a direction and a number, or less."""
    return bool(outcome.metrics), outcome.direction is not None, find_threshold(work.left, *span) is not None


def _best_statement(work: Reading) -> tuple[_Read, _Read]:
    """Read each sentence and take the first that says which way which metric moves; the change may stand before it."""
    read: list[_Read] = []
    for place in _statements(work):
        change, span, audience = _frame(work, *place)
        read.append((change, read_outcome(work.left, *span), span, audience))
    best = max(read, key=lambda one: _told(work, one[1], one[2]))
    change, outcome, span, audience = best
    if change is None and outcome.subject is None and best is not read[0]:
        first, (start, end) = read[0], _statements(work)[0]
        change = first[0] or first[1].subject or _bare_change(work, (start, end))
        people = people_phrase(work.left, *work.trimmed(*change))
        if people and templates.STATE.match(work.left, people[1], change[1]):
            change = None
        audience = audience or first[3]
    return (change, outcome, span, audience), read[0]


def _with_signal(work: Reading, outcome: Outcome, signal: tuple[int, int]) -> Outcome:
    measured = read_outcome(work.left, *signal)
    if not measured.metrics and measured.subject is not None:
        measured = attrs.evolve(measured, metrics=(measured.subject,))
    if not measured.metrics or work.left[measured.metrics[0][0]].isdigit():
        return outcome
    if outcome.metrics and outcome.precise and find_threshold(work.left, *signal) is None:
        return outcome
    return attrs.evolve(
        outcome,
        metrics=measured.metrics,
        direction=measured.direction or outcome.direction,
        direction_span=measured.direction_span if measured.direction else outcome.direction_span,
    )


def _threshold(
    work: Reading, outcome: Outcome, outcome_span: tuple[int, int], signal: tuple[int, int] | None
) -> tuple[Threshold, tuple[int, int]] | None:
    start = outcome.amount_from if outcome.amount_from is not None else outcome_span[0]
    found = find_threshold(work.left, start, outcome_span[1])
    if signal is not None and (found is None or (outcome.metrics and signal[0] <= outcome.metrics[0][0])):
        found = find_threshold(work.left, *signal) or found
    if found is None and start != outcome_span[0] and outcome.subject is None:
        found = find_threshold(work.left, outcome_span[0], outcome_span[1])
    return found
