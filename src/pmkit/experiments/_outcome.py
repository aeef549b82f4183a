"""The half of a hypothesis that says what will happen: subject, direction, metric."""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

import attrs

from pmkit.experiments._hypothesis import Direction
from pmkit.experiments._people import people_phrase

__all__ = ["Outcome", "read_outcome"]

_UP = r"increas|rais|grow|boost|lift|improv|maximi[sz]|expand|enhanc|driv|push(?:es|ed|ing)?\ up|doubl|tripl|quadrupl|lengthen|strengthen|accelerat|multipl|extend|elevat|ramp(?:s|ed|ing)?\ up|encourag|earn|gain|win"
_DOWN = r"reduc|decreas|lower|cut|drop|shrink|shorten|minimi[sz]|halv|slash|curb|diminish|lessen|trim|sav|eliminat|prevent|avoid|deflect|lighten|cutt|dropp"
_TRANSITIVE = re.compile(
    rf"\b(?:help(?:s|ed|ing)?\ (?:us\ |to\ |them\ )?)?(?P<verb>(?P<up>{_UP})(?:e|es|ed|s|ing)?|(?P<down>{_DOWN})(?:e|es|ed|s|ing)?)\b(?!-)".replace(
        "\\ ", r"\s+"
    ),
    re.IGNORECASE,
)
_INTRANSITIVE = re.compile(
    r"\b(?P<verb>(?P<up>increases?|increased|rises?|rose|grows?|grew|climbs?|goes?\s+up|go\s+up|improves?|doubles?|triples?|jumps?|be\s+higher|is\s+higher|gets?\s+better|picks?\s+up)"
    r"|(?P<down>decreases?|falls?|fell|drops?|declines?|goes?\s+down|go\s+down|shrinks?|halves?|sinks?|be\s+lower|is\s+lower|gets?\s+shorter|comes?\s+down|be\s+shorter|diminish(?:es)?))\b",
    re.IGNORECASE,
)
_AFTER_INTRANSITIVE = re.compile(
    r"\s*(?:significantly|slightly|dramatically|noticeably|substantially|measurably|sharply|markedly|a\s+bit|a\s+lot|soon|again)?\s*"
    r"(?:$|[.,;!?\x00]|(?:by|to|from|within|in|over|for|among|amongst|if|when|once|at|on|per|until|without|while|as|and|with|compared|above|below)\b)",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\b(?P<modal>will|would|should|shall|can|could|may|might|is\s+going\s+to|are\s+going\s+to|is\s+likely\s+to|are\s+likely\s+to|is\s+expected\s+to|['’]ll)(?P<not>\s+not|n['’]t)?\s+(?:be\s+able\s+to\s+)?(?:\w+ly\s+|also\s+|then\s+|likely\s+)*",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:an?\s+)?(?:[^\s\x00]+\s*%\s+)?(?P<verb>(?P<up>increase|rise|growth|lift|uplift|boost|improvement|gain|jump|upturn)|(?P<down>decrease|reduction|drop|decline|fall|cut|dip))\s+(?:of\s+[^\x00]{1,30}?\s+)?(?:in|of|for)\s+(?:the\s+|our\s+|their\s+)?",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(
    r"\b(?P<verb>(?P<up>more(?!\s+than\b)|higher|larger|longer|bigger|greater|additional|extra|most)|(?P<down>fewer|less(?!\s+than\b)|lower|shorter|smaller|quicker|faster|sooner|cheaper))\s+(?!\d|%|often|likely|of\s+the\s+time)",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:result(?:s|ing)?\s+in|lead(?:s|ing)?\s+to|cause|causes|causing|yield|yields|mean|means|bring|brings|produce|produces|generate|generates|translate\s+into|deliver|delivers|see|sees|achieve|achieves|have|has|expect)\b\s*",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?P<verb>affects?|impacts?|influences?|changes?|alters?|shifts?|moves?|modif(?:y|ies)|has\s+an\s+(?:effect|impact)\s+on|have\s+an?\s+(?:effect|impact|influence)\s+on|make\s+a\s+difference\s+(?:to|in|for))\s+",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?P<verb>reach(?:es)?|hit|hits|achieves?|exceeds?|attains?|keeps?|keep|stays?|remains?|holds?)\s+",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:reduce|decrease|lower|increase|raise|slow(?:\s+down)?|hurt|harm|fall|drop|decline|worsen|rise|change|affect|damage|lengthen|shrink|degrade|cut)\b\s*",
    re.IGNORECASE,
)
_METRIC_END = re.compile(
    r"""(?:
        \s+(?:by|from|to)\s+(?:at\ least\ |at\ most\ |more\ than\ |less\ than\ |over\ |about\ |around\ |up\ to\ |an?\ (?:average\ of\ |additional\ |third|half|quarter|factor)|no\ more\ than\ |another\ )*(?:[$€£]?\d|half|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|twelve\b|twenty\b|(?:a|an)\ (?:third|half|quarter|fifth)|\w+\s+(?:percent|%|points))
      | \s+(?:by\s+(?:more|less)\ than|by\s+(?=\w+ing\b)|in\s+half\b|through\s|thanks\s+to)
      | \s+(?:among|amongst|without|while|whilst|compared|versus|vs\.?|if|when|once|because|so\ that|as\ measured|instead|significantly|dramatically|somewhat|soon|overall|a\ bit|a\ lot|substantially|over\ time|or\ more)\b
      | \s+(?:of\s+|is\s+|are\s+)?(?:at\ least|at\ most|more\ than|less\ than|below|under|above)\s+(?:[$€£]?\d)
      | \s*[,;!?(\x00] | [.](?:\s|$|\x00) | $
      | \s+with\s+(?:a|an|the|our|automatic|automated|new)\b
      | \s+(?:vs|and\s+(?=(?:increase|raise|lift|reduce|decrease|lower|boost|improve|cut|grow)\b))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FOR = re.compile(r"\s+(?:for|with|to|of)\s+", re.IGNORECASE)
_ARTICLE = re.compile(
    r"\s*(?:(?:the|our|their|its|your|a|an|his|her|overall)\s+|(?:at\s+least\s+|about\s+|around\s+|up\s+to\s+|over\s+|more\s+than\s+)?\d[\d.,]*\s*(?:%|percent|x|times)?\s+(?:more|fewer|less|higher|lower)\s+|(?:in|of)\s+(?:the\s+|our\s+)?)*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|as\s+well\s+as|plus|&)\s+|\s*,\s+(?:and\s+)?", re.IGNORECASE)
_SHORT_TIME = re.compile(
    r"\b(?:time|times|duration|delay|delays|latency|wait|waiting|hours|minutes|days|effort|work|money|cost|costs)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:at\s+least\s+)?\d+\s+(?:out\s+of|of|in)\s+(?:the\s+|every\s+)?\d+\s+(?P<metric>\S[^\x00]*?)(?=\s+(?:if|when|once)\b|[,.;\x00]|$)",
    re.IGNORECASE,
)
_PORTION = re.compile(r"\d\s*(?:%|percent)?\s+(?P<verb>(?P<up>more)|(?P<down>fewer|less))\s+", re.IGNORECASE)
_VERB_AFTER_AND = re.compile(
    rf"(?:also\s+|to\s+|will\s+)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:e|es|ed|s|ing)?\s+".replace("\\ ", r"\s+"),
    re.IGNORECASE,
)
_LONG_TAIL = 140


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


def read_outcome(text: str, start: int, end: int) -> Outcome:
    """Read the part of a text that says what will happen."""
    end = min(end, len(text))
    counted = _COUNTED.search(text, start, end)
    if counted:
        return Outcome(metrics=(counted.span("metric"),), amount_from=start, precise=True)
    modal = _MODAL.search(text, start, end)
    if modal is None:
        return _without_modal(text, start, end)
    subject = _trim(text, start, modal.start())
    hold = bool(modal["not"])
    after = modal.end()
    if hold:
        return _hold(text, subject, after, end)
    if subject is not None and re.fullmatch(r"(?:we|it|this|that|they|i|then)", text[slice(*subject)], re.IGNORECASE):
        subject = None
    if subject is not None and (portion := _PORTION.search(text, *subject)):
        metric = _one_metric(text, portion.end(), end)
        direction: Direction = "increase" if portion["up"] else "decrease"
        return Outcome(
            direction=direction,
            direction_span=portion.span("verb"),
            metrics=(metric,) if metric else (),
            amount_from=subject[0],
            precise=True,
        )
    return _predicate(text, subject, after, end)


def _hold(text: str, subject: tuple[int, int] | None, after: int, end: int) -> Outcome:
    harm = _HARM.match(text, after, end)
    if harm is None:
        return Outcome(subject=subject, direction="hold", direction_span=(after, after), amount_from=after)
    metrics = () if _AFTER_INTRANSITIVE.match(text, harm.end(), end) else _metrics(text, harm.end(), end)
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
    moving = _INTRANSITIVE.match(text, after, end)
    if moving and subject is not None and _AFTER_INTRANSITIVE.match(text, moving.end(), end):
        return _moved_by_itself(text, subject, moving)
    for pattern in (_NEUTRAL,):
        neutral = pattern.match(text, after, end)
        if neutral:
            return Outcome(subject=subject, metrics=_metrics(text, neutral.end(), end), amount_from=neutral.end())
    level = _LEVEL.match(text, after, end)
    if level:
        return _level(text, subject, level, end)
    acting = _TRANSITIVE.match(text, after, end)
    if acting:
        return _acting(text, subject, acting, end)
    return _compared(text, subject, after, end)


def _moved_by_itself(text: str, subject: tuple[int, int], moving: re.Match[str]) -> Outcome:
    direction: Direction = "increase" if moving["up"] else "decrease"
    metric = _one_metric(text, subject[0], subject[1])
    return Outcome(
        direction=direction,
        direction_span=moving.span("verb"),
        metrics=_split(text, *metric) if metric else (subject,),
        amount_from=moving.start(),
        precise=True,
    )


def _level(text: str, subject: tuple[int, int] | None, level: re.Match[str], end: int) -> Outcome:
    rest = text[level.end() : end]
    down = re.search(r"\b(?:below|under|at\s+most|no\s+more\s+than|less\s+than|<)", rest, re.IGNORECASE)
    metrics = (
        ()
        if re.match(r"\s*(?:at\s|below|under|above|over|\d|a\s+\d)", rest, re.IGNORECASE)
        else _metrics(text, level.end(), end)
    )
    if not metrics and subject is not None:
        return Outcome(
            direction="decrease" if down else "increase",
            direction_span=level.span("verb"),
            metrics=(subject,),
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
    metrics = _metrics(text, acting.end(), end)
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
    result = _RESULT.match(text, after, end)
    begin = result.end() if result else after
    for pattern in (_NOUN, _COMPARATIVE):
        match = pattern.search(text, begin, end)
        if match:
            direction: Direction = "increase" if match["up"] else "decrease"
            if match["verb"].lower() in {"quicker", "faster", "sooner"}:
                direction = "decrease"
            metrics = _metrics(text, match.end(), end)
            return Outcome(
                subject=subject,
                direction=direction,
                direction_span=match.span("verb"),
                metrics=metrics,
                amount_from=begin,
                precise=bool(result) or pattern is _NOUN,
            )
    acting = _TRANSITIVE.search(text, begin, end)
    if acting and (result or re.match(r"\s*(?:help|allow|enable|let|make)", text[after:end], re.IGNORECASE)):
        return _acting(text, subject, acting, end)
    if result:
        return Outcome(subject=subject, metrics=(), amount_from=begin)
    return Outcome(subject=subject, amount_from=after)


def _without_modal(text: str, start: int, end: int) -> Outcome:
    """Read a sentence without "will": "Free samples increase sales", "more engagement from a profile", "conversion rises"."""
    named = _NOUN.match(text, start, end)
    for match in () if named else _INTRANSITIVE.finditer(text, start, end):
        subject = _trim(text, start, match.start())
        if subject is not None and _AFTER_INTRANSITIVE.match(text, match.end(), end):
            return _moved_by_itself(text, subject, match)
    neutral = _NEUTRAL.search(text, start, end)
    compared = _COMPARATIVE.match(text, _ARTICLE.match(text, start, end).end(), end)  # type: ignore[union-attr]  # the pattern matches the empty text
    noun = _NOUN.match(text, start, end)
    for match2 in (noun, compared):
        if match2:
            direction: Direction = "increase" if match2["up"] else "decrease"
            metrics = _metrics(text, match2.end(), end)
            source = re.compile(r"\s+(?:from|with|through|by|thanks\s+to|due\s+to)\s+(?=[a-z])", re.IGNORECASE).search(
                text, match2.end(), end
            )
            subject = _trim(text, source.end(), end) if source else None
            if source and metrics:
                metrics = tuple((first, min(last, source.start())) for first, last in metrics if first < source.start())
            return Outcome(
                subject=subject,
                direction=direction,
                direction_span=match2.span("verb"),
                metrics=metrics,
                amount_from=start,
                precise=True,
            )
    for acting in _TRANSITIVE.finditer(text, start, end):
        subject = _trim(text, start, acting.start())
        finite = re.search(r"(?:s|ed)$", acting["verb"], re.IGNORECASE)
        plural = subject is not None and re.search(r"s$", text[slice(*subject)])
        if (
            subject is not None
            and (finite or plural)
            and not re.search(r"\b(?:to|of|for|the|a|an|and|by)$", text[slice(*subject)], re.IGNORECASE)
        ):
            return _acting(text, subject, acting, end)
    if neutral:
        return Outcome(
            subject=_trim(text, start, neutral.start()),
            metrics=_metrics(text, neutral.end(), end),
            amount_from=neutral.end(),
        )
    weak = re.search(
        r"\s+(?:makes?|helps?|is|are|gives?|delights?|works?|leads?|results?|supports?|empowers?|allows?|means?)\s+",
        text[start:end],
        re.IGNORECASE,
    )
    if weak:
        return _compared(text, _trim(text, start, start + weak.start()), start + weak.start(), end)
    return Outcome(subject=_trim(text, start, end), amount_from=start)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in ' \t\r\n,;:.\x00"“*_':
        start += 1
    while end > start and text[end - 1] in " \t\r\n,;:.\x00":
        end -= 1
    return (start, end) if start < end else None


def _one_metric(text: str, start: int, end: int) -> tuple[int, int] | None:
    article = _ARTICLE.match(text, start, end)
    begin = article.end() if article else start
    limit = min(end, begin + _LONG_TAIL)
    stop = _METRIC_END.search(text, begin, limit)
    finish = stop.start() if stop else limit
    for match in _FOR.finditer(text, begin, finish):
        preposition = match.group().strip().lower()
        if preposition == "for" and people_phrase(text, match.end(), finish):
            finish = match.start()
            break
    return _trim(text, begin, finish)


def _metrics(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    metric = _one_metric(text, start, end)
    if metric is None:
        return ()
    found = list(_split(text, *metric))
    rest_from = metric[1]
    more = re.compile(r"[^.;\x00]*?\s+and\s+", re.IGNORECASE).match(text, rest_from, end)
    if more:
        verb = _VERB_AFTER_AND.match(text, more.end(), end)
        other = _one_metric(text, verb.end(), end) if verb else None
        if other:
            found.append(other)
    return tuple(found)


def _split(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Split "visits and average spend" into two metrics; "search and rescue time" is one."""
    pieces: list[tuple[int, int]] = []
    place = start
    for match in _AND.finditer(text, start, end):
        pieces.append((place, match.start()))
        place = match.end()
    pieces.append((place, end))
    trimmed = [piece for one in pieces if (piece := _trim(text, *one))]
    if len(trimmed) > 1 and all(_like_metric(text[slice(*piece)]) for piece in trimmed):
        return tuple(trimmed)
    return ((start, end),)


_METRIC_HEAD = re.compile(
    r"(?:\b(?:rate|rates|time|times|score|scores|revenue|retention|conversion|conversions|churn|engagement|satisfaction|spend|spending|cost|costs|size"
    r"|value|sales|margin|profit|usage|adoption|completion|nps|csat|ctr|arpu|ltv|activation|referrals?|visits?|orders?|bookings?|purchases?|sign-?ups?|clicks?"
    r"|tickets?|calls?|errors?|complaints?|returns?|refunds?|downloads?|installs?|sessions?|views?|traffic|productivity|awareness|loyalty|trust|renewals?"
    r"|renewals|subscriptions?|registrations?|donations?|applications?|attendance|tips|ratings?|reviews?|waste|share|number|percentage|frequency|speed|latency|quality)\b[^,]*)$",
    re.IGNORECASE,
)


def _like_metric(words: str) -> bool:
    return bool(_METRIC_HEAD.search(words))
