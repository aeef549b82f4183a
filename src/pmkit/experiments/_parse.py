"""From a sentence to a hypothesis: the common templates, found by their connecting words.

The parts are cut away one after the other, from what is easiest to know: the reason, what would
refute it, how success will be known, the timebox; what is left is read as a change and an outcome.
"""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._amounts import TIMEBOX, find_threshold, find_timebox
from pmkit.experiments._hypothesis import Direction, Hypothesis, Threshold, Timebox
from pmkit.experiments._outcome import Outcome, read_outcome
from pmkit.experiments._people import people_phrase
from pmkit.model import quoted

__all__ = ["parse_hypothesis"]

_LONGEST = 2_000
_BLANK = "\x00"
_SENTENCE_END = r"(?=[.;!?](?:\s|$)|$|\n|\x00)"
_VERBS_OF_BELIEF = (
    r"believe|think|expect|predict|hypothesi[sz]e|assume|anticipate|suspect|propose|bet|are\ betting|are\ confident|are\ convinced"
    r"|are\ guessing|guess|feel|hope|know|estimate|'re\ betting|'re\ confident"
)
_LEAD = re.compile(
    rf"""^[\s"'“*_>\x00,.-]*(?:
      (?:hypothesis|h\d|our\ (?:hypothesis|belief|bet|guess|assumption)|my\ (?:hypothesis|belief|guess)|the\ hypothesis)\s*(?:\d+\s*)?(?:is\ that|is|:|-)\s*
    )?(?:(?:perhaps|maybe|possibly|hopefully|so|therefore|thus)\s*,?\s+)?
    (?:(?:we|i|our\ team|the\ team)\s+(?:strongly\ |firmly\ |also\ |do\ )?(?:{_VERBS_OF_BELIEF})\s*(?:that\b|:)?\s*)?
    (?:\(?(?:the\ following|this)\)?:\s*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_REASON_FIRST = re.compile(
    rf"^\s*(?:because(?:\ of)?|since|given(?:\ that)?|as|based\ on|due\ to|considering(?:\ that)?|(?:we|our\ research)\ (?:have\ )?(?:observed|noticed|learned|saw|seen)(?:\ that)?)\s+(?P<reason>.+?)(?:,\s*(?:so\s+)?|\.\s+|\s+)(?=(?:we|i|our\ team)\s+(?:{_VERBS_OF_BELIEF})\b)",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REASON = re.compile(
    r"""(?:
        \b(?:because(?:\ of)?|due\ to|given\ that|seeing\ that|on\ the\ grounds\ that|owing\ to|thanks\ to\ the\ fact\ that)\s+
      | \b(?:the|our)\ (?:reason|rationale|reasoning)(?:\ is(?:\ that)?|:)\s*
      | \b(?:reason|rationale|why):\s*
      | [,;]\s+(?:as|for\ the\ reason\ that)\s+(?!(?:measured|well|soon|long|compared|shown|seen|a|an|part)\b)
      | [,;.]?\s+since\s+(?!(?:last|the\ (?:launch|start|beginning|release)|yesterday|then|january|february|march|april|may|june|july|august|september|october|november|december|\d)\b)
    )(?P<reason>[^\x00]+?)
    (?=[.;!?](?:\s|$)|$|\n\s*\n|,?\s+(?:and\s+)?we(?:'|’)?(?:ll|\ will|\ shall)\ (?:know|have|see|consider)\b|,\s*(?:within|in\ the\ next|by\ the\ end|over\ the\ next)\b|\x00)""",
    re.VERBOSE | re.IGNORECASE,
)
_REFUTED = re.compile(
    r"""(?:
        \b(?:we|i|this|it|the\ hypothesis)\s*(?:are|is|'re|’re|will\ be|would\ be|'ll\ be|were)\s+(?:proven\ |proved\ )?(?:wrong|refuted|disproved|disproven|invalidated|falsified|false|rejected)\s+(?:if|when|by|should|once)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
      | \bif\s+(?:it|this|that|not|the\ \w+|\w+)\b[^.;,!?]*(?:[.,]\d[^.;,!?]*)*,?\s*(?:then\s+)?we\s+(?:will\s+|'ll\ |would\ |shall\ )?(?:stop|drop|abandon|kill|roll\ back|revert|pivot|reject|give\ up|were\ wrong|are\ wrong|discard|rethink)\b[^.;!?]*
      | \bif\s+not\b[^.;!?]*
      | \b(?:it|this|the\ hypothesis|the\ test)\s+(?:fails|has\ failed)\s+(?:if|when|unless)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
      | \b(?:refuted|disproved|falsified|invalidated|rejected)\s+(?:if|when|by)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_KNOWN = re.compile(
    r"""[,;]?\s*(?:\b(?:and\s+)?(?:we(?:'|’)?(?:ll|\ will|\ shall)|i\ will|we)\s+
        (?:know|have\ succeeded|be\ (?:right|confident|successful)|have\ confidence|consider\ (?:this|it)|call\ (?:this|it)|measure|validate|see|feel\ confident)\b
        [^.;!?]*?\b(?:when|if|once|by|as|using|through|that)\s+(?:we\s+(?:will\s+)?(?:see|measure|observe|find|get|reach)\s+(?:that\s+)?)?
      | \b(?:success\ (?:is|means|looks\ like|criteria?(?:\ is|\ are|:)|metric:?)|measured\ by|as\ measured\ by|measure:|metric:|signal:)\s*)
      (?P<signal>[^\x00]+?)(?=[.;!?](?:\s|$)|$|\n|\x00)""",
    re.VERBOSE | re.IGNORECASE,
)
_IF_FIRST = re.compile(
    r"^\s*(?:if|when|once|by)\s+(?P<change>(?:we\s+(?=\w))?[^\x00]+?)(?:\s*,\s*(?:then\s+)?|\s+then\s+|\s*,?\s+(?=(?:we|they|users|it)\s+(?:will|can|expect|should|would)\b))(?P<outcome>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_IF_LAST = re.compile(
    r"^(?P<outcome>.+?)(?:,\s*|\s+)(?:if|when|once)\s+(?P<change>[^\x00]+?)\s*(?:[,.;]\s*)?(?P<rest>\x00.*)?$",
    re.IGNORECASE | re.DOTALL,
)
_BY_LAST = re.compile(
    r"\s+(?:by|through|with|via|from)\s+(?P<change>(?:a|an|the|our|new|automatic|automated|proactive|better|\w+ing)\b(?!\s+(?:end|start|close|middle)\b)[^\x00,]*?)\s*(?=,|\x00|[.;]?\s*$|\s+(?:by\s+)?(?:at\s+least\s+)?\d)",
    re.IGNORECASE,
)
_FOR_FIRST = re.compile(
    r"^\s*(?:for|among|with)\s+(?P<audience>[^\x00,]+?),\s*(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL
)
_TO_ACHIEVE = re.compile(
    r"^\s*(?:we\s+(?:will|can|could|should)\s+)?(?:achieve\s+|reach\s+)?(?P<outcome>.+?)\s+if\s+(?P<audience>[^\x00]+?)\s+(?:attains?|achieves?|gets?|can|are\ able\ to|receives?)\s+(?P<benefit>[^\x00]+?)\s+(?:with|using|through|via)\s+(?P<change>[^\x00]+?)\s*[,.;]?\s*(?:\x00.*)?$",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_AUDIENCE_AFTER = re.compile(r"\b(?:for|among|amongst)\s+", re.IGNORECASE)
_AUDIENCE_IN_CHANGE = re.compile(
    r"\b(?:to|with|of|from|by|let|lets|letting|give|gives|giving|show|shows|showing|allow|allows|allowing|help|helping|enable|enabling|ask|asking|offer|offering|send|sending|tell|telling|pay|paying|train|training|remind|reminding|nudge|nudging|invite|inviting|teach|teaching|call|calling|charge|charging)\s+",
    re.IGNORECASE,
)
_PADDING = " \t\r\n,;:.\x00\"'“”’*_"


@attrs.define
class _Text:
    """The text, with what has been read blanked out so that offsets stay true."""

    whole: str
    left: str = ""
    spans: dict[str, tuple[int, int]] = attrs.field(factory=dict)

    def cut(self, start: int, end: int) -> None:
        self.left = self.left[:start] + _BLANK * (end - start) + self.left[end:]

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.left[start] in _PADDING:
            start += 1
        while end > start and self.left[end - 1] in _PADDING:
            end -= 1
        return _with_quotes(self.whole, start, end)

    def note(self, part: str, span: tuple[int, int]) -> str:
        start, end = self.trimmed(*span)
        if start >= end:
            return ""
        self.spans[part] = (start, end)
        return self.whole[start:end]


_PAIRS = {"'": "'", '"': '"', "“": "”", "‘": "’"}


def _with_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """Give back a quotation mark that trimming took from inside: 'Plans' at the end of a part."""
    piece = text[start:end]
    for opening, closing in _PAIRS.items():
        odd = piece.count(opening) % 2 == 1 if opening == closing else piece.count(opening) > piece.count(closing)
        if odd and text[end : end + 1] == closing:
            return start, end + 1
        if odd and start > 0 and text[start - 1] == opening and opening == closing:
            return start - 1, end
    return start, end


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
    work = _Text(whole=text, left=text.replace(_BLANK, " "))
    reason = _take_reason(work)
    refutation = _take(work, _REFUTED, "refutation")
    signal = _take_signal(work)
    timebox = _take_timebox(work)
    lead = _LEAD.match(work.left)
    if lead:
        work.cut(*lead.span())
    change, outcome_span, audience = _frame(work)
    outcome = read_outcome(work.left, *outcome_span)
    if signal is not None:
        outcome = _with_signal(work, outcome, signal)
    if change is None:
        change, audience = _change_from(work, outcome, outcome_span, audience)
    threshold = _threshold(work, outcome, outcome_span, signal)
    audience = audience or _audience(work, change, outcome, outcome_span)
    if change is not None:
        change = _without_audience(work, change, audience)
    return _made(work, id, change, audience, outcome, threshold, timebox, reason, refutation)


def _change_from(
    work: _Text, outcome: Outcome, outcome_span: tuple[int, int], audience: tuple[int, int] | None
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Take what acts in the outcome for the change, unless people act there: then look for "by …" or "with …"."""
    subject = outcome.subject
    people = people_phrase(work.left, *work.trimmed(*subject)) if subject is not None else None
    doing = subject is not None and re.match(r"\w+ing\s", work.whole[work.trimmed(*subject)[0] :])
    whole = subject is not None and not doing and people is not None and people[1] >= work.trimmed(*subject)[1]
    if subject is not None and not whole:
        return subject, audience
    search_from = outcome.metrics[-1][1] if outcome.metrics else (subject[1] if subject else outcome_span[0])
    match = _BY_LAST.search(work.left, search_from, outcome_span[1])
    return (match.span("change") if match else None), audience or (people if whole else None)


def _made(  # noqa: PLR0917 - the parts of a hypothesis, in their order
    work: _Text,
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
        direction = "increase"
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


def _take_reason(work: _Text) -> str:
    match = _REASON_FIRST.match(work.left) or _REASON.search(work.left)
    if match is None:
        return ""
    span = match.span("reason")
    inner = find_timebox(work.left[slice(*span)])
    if inner is not None and not TIMEBOX.search(work.left[: span[0]]) and inner[1][1] >= span[1] - span[0] - 1:
        span = (span[0], span[0] + inner[1][0])  # "because … within 14 days": the end of the sentence says by when
    said = work.note("reason", span)
    work.cut(match.start(), span[1])
    return said


def _take(work: _Text, pattern: re.Pattern[str], part: str) -> str:
    match = pattern.search(work.left)
    if match is None:
        return ""
    said = work.note(part, match.span())
    work.cut(*match.span())
    return said


def _take_signal(work: _Text) -> tuple[int, int] | None:
    match = _KNOWN.search(work.left)
    if match is None:
        return None
    work.cut(match.start(), match.start("signal"))
    return match.span("signal")


def _take_timebox(work: _Text) -> Timebox | None:
    found = find_timebox(work.left)
    if found is None:
        return None
    timebox, span = found
    work.spans["timebox"] = span
    work.cut(*span)
    return timebox


def _frame(work: _Text) -> tuple[tuple[int, int] | None, tuple[int, int], tuple[int, int] | None]:
    """Find the change, where the outcome stands, and the audience where the template itself says it."""
    start, end = _first_statement(work)
    left = work.left[:end]
    head = left[:start] and _BLANK * start
    text = head + left[start:]
    offset = start

    def span(match: re.Match[str], name: str) -> tuple[int, int]:
        return match.start(name) + offset, match.end(name) + offset

    body = text[start:]
    lean = _TO_ACHIEVE.match(body)
    if lean and people_phrase(body, *lean.span("audience")):
        return span(lean, "change"), span(lean, "outcome"), span(lean, "audience")
    first = _FOR_FIRST.match(body)
    audience = None
    if first and people_phrase(body, *first.span("audience")):
        audience = span(first, "audience")
        offset += first.start("rest")
        body = body[first.start("rest") :]
    condition = _IF_FIRST.match(body)
    if condition:
        return _bare_change(work, span(condition, "change")), span(condition, "outcome"), audience
    condition = _IF_LAST.match(body)
    if condition:
        return _bare_change(work, span(condition, "change")), span(condition, "outcome"), audience
    return None, (offset, end), audience


def _bare_change(work: _Text, span: tuple[int, int]) -> tuple[int, int]:
    match = re.match(
        r"\s*(?:(?:we|i|our team)\s+(?:(?:will|can|could|would|were to)\s+)?|it\s+)(?=\w)",
        work.left[slice(*span)],
        re.IGNORECASE,
    )
    return (span[0] + match.end(), span[1]) if match else span


def _first_statement(work: _Text) -> tuple[int, int]:
    """Return the first sentence that still says something."""
    for match in re.finditer(r"[^\x00\s][^\n]*?(?:[.;!?](?=\s|\x00|$)|$|\n)", work.left):
        if re.search(r"\w{2}", match.group()):
            return match.start(), match.end()
    return 0, len(work.left)


def _with_signal(work: _Text, outcome: Outcome, signal: tuple[int, int]) -> Outcome:
    measured = read_outcome(work.left, *signal)
    if not measured.metrics and measured.subject is not None:
        measured = attrs.evolve(measured, metrics=(measured.subject,))
    if not measured.metrics:
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
    work: _Text, outcome: Outcome, outcome_span: tuple[int, int], signal: tuple[int, int] | None
) -> tuple[Threshold, tuple[int, int]] | None:
    start = outcome.amount_from if outcome.amount_from is not None else outcome_span[0]
    found = find_threshold(work.left, start, outcome_span[1])
    if signal is not None:
        found = find_threshold(work.left, *signal) or found
    if found is None and start != outcome_span[0] and outcome.subject is None:
        found = find_threshold(work.left, outcome_span[0], outcome_span[1])
    return found


def _audience(
    work: _Text, change: tuple[int, int] | None, outcome: Outcome, outcome_span: tuple[int, int]
) -> tuple[int, int] | None:
    regions = ([change] if change else []) + [outcome_span]
    for pattern, places in ((_AUDIENCE_AFTER, regions), (_AUDIENCE_IN_CHANGE, [change] if change else [])):
        for start, end in places:
            for match in pattern.finditer(work.left, start, end):
                found = people_phrase(work.left, match.end(), end, tail=pattern is _AUDIENCE_AFTER)
                if found:
                    return found
    for start, end in regions:
        found = people_phrase(work.left, *work.trimmed(start, end), tail=False, after_verb=True)
        if found:
            return found
    if outcome.subject is not None and outcome.subject != change:
        found = people_phrase(work.left, *work.trimmed(*outcome.subject), tail=False)
        if found:
            return found
    return _audience_inside(work, outcome, outcome_span)


def _audience_inside(work: _Text, outcome: Outcome, outcome_span: tuple[int, int]) -> tuple[int, int] | None:
    """Look for people deeper inside: "the share of patients who finish", "8 of 12 viewers", "will delight our customers"."""
    pattern = re.compile(
        r"\b(?:of|by|from|makes?|help|helps|delights?|empowers?|wow|please|pleases|serves?|supports?|satisf(?:y|ies)|\d+|more|fewer|than)\s+(?:\d+\s+)?(?:our\s+|the\s+)?",
        re.IGNORECASE,
    )
    start, end = outcome_span
    for match in pattern.finditer(work.left, start, end):
        found = people_phrase(work.left, match.end(), end, tail=False)
        if found:
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


def _with_our(work: _Text, span: tuple[int, int]) -> tuple[int, int]:
    before = re.search(r"\bour\s+$", work.left[: span[0]], re.IGNORECASE)
    return (before.start(), span[1]) if before else span


def _without_audience(work: _Text, change: tuple[int, int], audience: tuple[int, int] | None) -> tuple[int, int]:
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
        rest = work.left[audience[1] : end].strip(_PADDING)
        if before and not rest:
            end = start + before.start()
    return work.trimmed(start, end)
