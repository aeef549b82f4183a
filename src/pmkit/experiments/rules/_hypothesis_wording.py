"""EXP102, EXP104, EXP105, EXP110, EXP111: what the parts of a hypothesis say."""

# ruff: noqa: E501 - a pattern is easier to read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator

from pmkit.experiments._convert import word_list
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.language import ENGLISH, verb_readings
from pmkit.model import Hit, Rule, Settings, quoted

__all__ = ["RULES", "is_vague_metric"]

_PROFILES = ("default", "exploratory")
_LINKS = re.compile(
    r"\s*(?:,\s*(?:and\s+|plus\s+)?|;\s*|\s(?:and|plus|as well as|along with|together with|combined with|&)\s)\s*",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"^(?:a|an|the|new|our|free|automatic)\b", re.IGNORECASE)
_OBJECT = re.compile(r"^\w+ing\s+(?:an?|new)\s", re.IGNORECASE)
_JOINING = re.compile(r"^(?:pair|combin|compar|match|link|connect|merg|swap|choos|replac|mix|tak)\w*", re.IGNORECASE)
_WE = re.compile(r"^(?:we|then|also|to)\s+", re.IGNORECASE)


def bundled(change: str) -> tuple[int, int] | None:
    """Find a second change joined to the first: "redesigning the menu and adding photos", "a quiz and a map"."""
    pieces: list[tuple[int, int]] = []
    place = 0
    for match in _LINKS.finditer(change):
        pieces.append((place, match.start()))
        place = match.end()
    pieces.append((place, len(change)))
    first = _WE.sub("", change[slice(*pieces[0])].strip())
    form = _verb_form(first)
    for start, end in pieces[1:]:
        piece = _WE.sub("", change[start:end].strip())
        joined = change[:start].rstrip().lower()
        another_verb = form is not None and _verb_form(piece) == form and len(piece.split()) > 1
        another_thing = bool(_DETERMINED.match(first) and _DETERMINED.match(piece))
        another_object = bool(
            _OBJECT.match(first) and re.match(r"(?:an?|new)\s", piece, re.IGNORECASE) and not _JOINING.match(first)
        )
        bare_pair = (
            form is None
            and len(piece.split()) > 1
            and bool(_DETERMINED.match(piece))
            and not joined.endswith((" of", " between"))
        )
        if another_verb or another_thing or another_object or bare_pair:
            return start, end
    return None


def _verb_form(words: str) -> str | None:
    first = words.split(" ", 1)[0].strip("'\"").lower() if words else ""
    if first.endswith("ing"):
        return "gerund"
    forms = [reading.form for reading in verb_readings(first)]
    return "base" if "base" in forms else None


def _one_change(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    second = bundled(hypothesis.change)
    if second is not None:
        start = hypothesis.spans["change"][0] if "change" in hypothesis.spans else 0
        span = (start + second[0], start + second[1]) if "change" in hypothesis.spans else None
        words = hypothesis.change[slice(*second)]
        yield Hit(hypothesis.id, f"it bundles a second change: {quoted(words)}", span=span)


_VAGUE_MORE = word_list("vague_metrics")
_ALWAYS_VAGUE = frozenset({"experience", "happiness", "delight", "joy", "fun", "trust", "appeal", "ux", "brand"})
_EMPTY_MODIFIERS = word_list("empty_modifiers")
_NUMBERED = frozenset({"score", "scores", "rate", "rates", "index", "nps", "csat", "rating", "ratings"})


def is_vague_metric(metric: str, *, numbered: bool = False) -> bool:
    """Say whether a metric names something that cannot be measured as it stands.

    With a number beside it, "engagement by 5 %" is let pass: whoever wrote it has a measure in mind.
    """
    words = metric.lower().strip(" '\"").split()
    if not words:
        return True
    last = words[-1]
    vague = frozenset(ENGLISH.words("vague_metrics"))
    if last in _NUMBERED or len(words) > 3:  # noqa: PLR2004 - a longer phrase says what is counted
        return False
    if any(word not in _EMPTY_MODIFIERS for word in words[:-1]) and last not in _ALWAYS_VAGUE:
        return False
    always = last in _VAGUE_MORE or last in _ALWAYS_VAGUE
    return always if numbered else (always or last in vague)


def _metric(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if not hypothesis.metric:
        yield Hit(hypothesis.id, "it names no metric", span=hypothesis.spans.get("change"))
    elif is_vague_metric(hypothesis.metric, numbered=hypothesis.threshold is not None):
        message = f"{quoted(hypothesis.metric)} cannot be measured as it stands"
        yield Hit(hypothesis.id, message, span=hypothesis.spans.get("metric"))


def _one_primary(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if len(hypothesis.metrics) > 1:
        others = ", ".join(quoted(metric) for metric in hypothesis.metrics[1:])
        yield Hit(
            hypothesis.id, f"it has more than one primary metric: also {others}", span=hypothesis.spans.get("metric")
        )


_HEDGE = re.compile(
    r"\b(?:might|may(?! \d)|could|perhaps|possibly|maybe|hopefully|potentially|can possibly|should probably|probably)\b",
    re.IGNORECASE,
)


def _falsifiable(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if hypothesis.refutation:
        return
    reason = hypothesis.spans.get("reason", (0, 0))
    for match in _HEDGE.finditer(hypothesis.text):
        if match.group() == "May" and match.start() > 0:
            continue  # the month
        if not reason[0] <= match.start() < reason[1]:
            message = f"{quoted(match.group())} is right whatever happens"
            yield Hit(hypothesis.id, message, span=match.span())
            return
    measurable = bool(hypothesis.metric) and not is_vague_metric(hypothesis.metric)
    if hypothesis.threshold is None and (not measurable or hypothesis.direction is None):
        yield Hit(hypothesis.id, "no result could show it wrong: it needs a metric and a direction, or a number")


_TOTAL = re.compile(r"\b(?:total|cumulative|all-time|lifetime|overall (?:number|count)|ever)\b", re.IGNORECASE)
_GROWING = re.compile(
    r"\b(?:page ?views?|pageviews?|downloads?|installs?|followers?|fans|likes|impressions?|hits|registered (?:users|accounts|members|customers)"
    r"|registrations to date|sign-?ups to date|subscriber count|subscribers ever|accounts created|(?:app )?installations?|views on youtube|video views)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?:per|rate|share|percentage|proportion|ratio|weekly|daily|monthly|average|median|cost|conversion|completion|active|growth|lifetime value|time to|duration|revenue|total cost)\b|/",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:users?|accounts?|members?|customers?|sign-?ups?|registrations?|subscribers?|visits?|visitors?|views?|downloads?|installs?|followers?|posts?|uploads?|orders?|sales|signups?|contacts?|leads?|clicks?|plays?|streams?|bookings?)\b",
    re.IGNORECASE,
)


def _vanity(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    for metric in hypothesis.metrics:
        total = _TOTAL.search(metric) and (_STOCK.search(metric) or _GROWING.search(metric))
        if (total or _GROWING.search(metric)) and not _RATE.search(metric):
            message = f"{quoted(metric)} is a running total that can only grow"
            yield Hit(hypothesis.id, message, span=hypothesis.spans.get("metric"))


RULES: tuple[Rule[Hypothesis], ...] = (
    Rule(
        code="EXP102",
        name="one-change",
        severity="warning",
        summary="A hypothesis makes one change.",
        rationale="Of two changes at once nobody learns which one worked.",
        source="Kohavi, Tang & Xu 2020, Trustworthy Online Controlled Experiments, ch. 2",
        profiles=_PROFILES,
        hint="test one change, or say why they only work together",
        failing="Redesigning the menu and adding photos for diners will increase dessert orders by 10 %.",
        passing="Adding photos for diners will increase dessert orders by 10 %.",
        check=_one_change,
    ),
    Rule(
        code="EXP104",
        name="metric",
        severity="error",
        summary="A hypothesis names a measurable metric.",
        rationale="'A better experience' cannot be counted, so it cannot be missed.",
        source="Of 987 hypotheses read by one vendor, 46 % named a measurable outcome",
        profiles=_PROFILES,
        hint="name what is counted: a rate, a share, a time, an amount per unit",
        failing="Dark mode will improve the user experience.",
        passing="Dark mode for night-shift operators will reduce reported eye strain by a third.",
        check=_metric,
    ),
    Rule(
        code="EXP105",
        name="one-primary",
        severity="warning",
        summary="A hypothesis has one primary metric.",
        rationale="With two goals one of them will look good by chance; the others are secondary or guardrails.",
        source="Of 987 hypotheses read by one vendor, 17 % named several measures",
        profiles=_PROFILES,
        hint="pick the one that decides; list the others as secondary metrics or guardrails",
        failing="A loyalty card will increase visits and average spend by 5 %.",
        passing="A loyalty card will increase visits by 5 % without lowering average spend.",
        check=_one_primary,
    ),
    Rule(
        code="EXP110",
        name="falsifiable",
        severity="warning",
        summary="A hypothesis says what result would refute it.",
        rationale="What no result could refute, no experiment can test.",
        source="Popper 1959, The Logic of Scientific Discovery, section 6",
        profiles=_PROFILES,
        hint="replace 'might' by a number and a date, or add 'we are wrong if …'",
        failing="Free samples could increase sales.",
        passing="Free samples for walk-in customers will increase sales by 5 % within 30 days.",
        check=_falsifiable,
    ),
    Rule(
        code="EXP111",
        name="vanity-metric",
        severity="warning",
        summary="The metric is not a running total that can only grow.",
        rationale="A total goes up whatever is done, and tells nothing about the change.",
        source="Ries 2011, The Lean Startup, ch. 7",
        profiles=_PROFILES,
        hint="use a rate, a share, or an amount per unit and period",
        failing="A referral banner will increase total registered users by 10 %.",
        passing="A referral banner will increase weekly active referrals per user by 10 %.",
        check=_vanity,
    ),
)
