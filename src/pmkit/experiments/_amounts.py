"""Amounts and lengths of time in running text."""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

from pmkit.experiments._hypothesis import Threshold, Timebox

__all__ = ["TIMEBOX", "find_threshold", "find_timebox", "number_of"]

_WORDS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0,
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "hundred": 100.0, "half": 0.5,
}  # fmt: skip
_COUNT = "|".join(sorted((word for word in _WORDS if word != "half"), key=len, reverse=True))
_DAYS = {
    "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365,
    "sprint": 14, "semester": 182, "term": 91, "season": 91, "winter": 91, "summer": 91, "spring": 91, "autumn": 91,
}  # fmt: skip
_UNIT = (
    r"(?:business |working |calendar |full |school |trading )?(minute|hour|day|week|fortnight|month|quarter|year|sprint"
    r"|semester|term|season|winter|summer|spring|autumn|event|iteration|release|cycle|billing cycle|shift|wave|visit)s?"
)
_MONTH = r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|spring|summer|autumn|fall|winter|christmas|easter"
_NUMBER = r"\d+(?:[.,]\d+)*"
TIMEBOX = re.compile(
    rf"""
    \b(?:
      (?:within|in|over|after|during|for|inside|across|throughout)\s+
        (?:(?:about|around|at\ most|less\ than|under|no\ more\ than|just|only|roughly)\s+)?
        (?: (?:(?:the|our|its|their|a)\s+)? (?:(?:next|first|coming|following|course\ of|space\ of)\s+)
              (?:(?P<n1>{_NUMBER}|{_COUNT})[\s-]+)? (?P<u1>{_UNIT})
          | (?P<n2>{_NUMBER}|{_COUNT})[\s-]+ (?P<u2>{_UNIT})
        )\b (?!\s+of\b|['’-])
    | by\s+(?:the\s+)?(?:end|close|start|middle)\s+of\s+(?:the\s+|this\s+|next\s+|our\s+)?(?:\w+(?:\s+(?:year|quarter|month|sprint|\d{{4}}))?)
    | (?:by|before|until|till)\s+(?:the\s+)?(?:early\s+|mid[- ]|late\s+|end\s+|next\s+|this\s+)*
        (?:q[1-4](?:\s+\d{{4}})?|(?:{_MONTH})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})|\d{{4}}-\d\d-\d\d|20\d\d
          |(?:quarter|month|week|year|semester|sprint|holidays|renewal))\b
    | (?:this|next)\s+(?:week|month|quarter|year|sprint|season|semester|term)\b
    | (?:in|during|over)\s+(?:the\s+)?(?:q[1-4](?:\s+\d{{4}})?|(?:{_MONTH})(?:\s+\d{{4}})?|(?:next|coming)\s+(?:{_MONTH}))\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def number_of(text: str) -> float:
    """Read "5,000", "0.5", "ten" or "half"."""
    lower = text.lower()
    if lower in _WORDS:
        return _WORDS[lower]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", lower):
        return float(lower.replace(",", ""))
    return float(lower.replace(",", ".") if lower.count(",") == 1 else lower.replace(",", ""))


def find_timebox(text: str) -> tuple[Timebox, tuple[int, int]] | None:
    """Find the last length of time or named day that says by when; one within the day gives way to a longer one."""
    best: tuple[Timebox, tuple[int, int]] | None = None
    for match in TIMEBOX.finditer(text):
        unit = (match["u1"] or match["u2"] or "").lower().split()
        days = None
        if unit:
            one = unit[-1].removesuffix("s") if unit[-1] != "s" else unit[-1]
            length = _DAYS.get(one)
            number = match["n1"] or match["n2"]
            days = None if length is None else length * (number_of(number) if number else 1.0)
        short = days is not None and days < 1
        if short and best is not None:
            continue
        best = Timebox(days=days, text=match.group()), match.span()
    return best


_AT_LEAST = (
    r"(?:at\ least|at\ most|no\ more\ than|no\ less\ than|not\ less\ than|more\ than|less\ than|up\ to|a\ minimum\ of"
    r"|minimum|min\.?|over|under|above|below|around|about|approximately|roughly|an\ average\ of|another|an\ additional|nearly|>=?|≥|~|\+|<=?|≤)"
)
_PERCENT = r"%|per\s?cent\b|percent\b"
_POINTS = r"percentage\s+points?\b|%[\s-]?points?\b|(?:pp|ppts?|p\.p\.)(?!\w)"
_CURRENCY = r"euros?|dollars?|pounds?|francs?|yen|eur|usd|gbp|chf|cents?"
_THING = r"[a-zA-Zµ°][\w°/-]*"
_FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_THRESHOLD = re.compile(
    rf"""
      (?P<of> (?:{_AT_LEAST}\s+)? \b(?P<k>{_NUMBER}|{_COUNT})\s+(?:out\ of|of|in)\s+(?:the\s+|every\s+)?(?P<total>\d+|{_COUNT})\b )
    | (?P<fromto> \bfrom\s+(?:{_AT_LEAST}\s+)?[$€£]?(?P<base>{_NUMBER})\s*(?:{_POINTS}|{_PERCENT}|[\w-]+)?\s+(?:up\ |down\ )?to\s+(?:{_AT_LEAST}\s+)?(?P<cur1>[$€£])?(?P<level>{_NUMBER})\s*(?P<unit1>{_POINTS}|{_PERCENT}|{_THING})? )
    | (?P<fraction> \b(?:by|in)\s+(?:{_AT_LEAST}\s+)?(?:(?:a|one)\s+)?(?P<part>half|third|quarter|fifth|tenth)\b )
    | (?P<fold> \b(?:by\s+)?(?:{_AT_LEAST}\s+)?(?P<times>{_NUMBER}|{_COUNT})\s*(?:x(?!\w)|×|times\b|-?\s?fold\b) )
    | (?P<plain> (?:(?P<by>\bby)\s+|(?P<to>\bto)\s+)? (?P<least>{_AT_LEAST}\s*)? (?P<cur2>[$€£])? (?<![\w.,-])(?P<number>{_NUMBER}|(?<=\bby\s)(?:{_COUNT})(?=\s))
        (?P<kilo>[kK]\b)? [\s-]* (?P<unit2>{_POINTS}|{_PERCENT}|{_CURRENCY}|{_THING})? )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_UNIT = frozenset(
    [
        "within",
        "in",
        "over",
        "by",
        "because",
        "from",
        "to",
        "for",
        "per",
        "among",
        "and",
        "or",
        "if",
        "when",
        "then",
        "on",
        "at",
        "after",
        "during",
        "since",
        "while",
        "with",
        "without",
        "as",
        "compared",
        "more",
        "fewer",
        "less",
        "higher",
        "lower",
        "of",
        "a",
        "an",
        "the",
        "this",
        "next",
        "through",
        "across",
        "before",
        "until",
        "so",
        "that",
        "who",
        "is",
        "are",
    ]
)
_STEP = re.compile(
    r"\b(?P<verb>doubl(?:e|es|ed|ing)|halv(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|quadrupl(?:e|es|ed|ing)|twice)\b",
    re.IGNORECASE,
)
_STEPS = {"doubl": 2.0, "halv": 0.5, "tripl": 3.0, "quadru": 4.0, "twice": 2.0}
_LEVEL_BEFORE = re.compile(
    r"(?:\b(?:under|below|above|over|reach\w*|exceed\w*|hit\w*|stay\w*|remain\w*|keep\w*|of|is|be|are)\s+)$",
    re.IGNORECASE,
)


def find_threshold(text: str, start: int, end: int) -> tuple[Threshold, tuple[int, int]] | None:
    """Find how far the metric must move, in the part of the text that says what will happen."""
    candidates: list[tuple[int, Threshold, tuple[int, int]]] = []
    for match in _THRESHOLD.finditer(text, start, end):
        rank, threshold = _read(match, text)
        span = _span(match)
        candidates.append((rank, threshold, span))
    step = _STEP.search(text, start, end)
    if step is not None:
        factor = next(value for stem, value in _STEPS.items() if step["verb"].lower().startswith(stem))
        candidates.append((1, Threshold(number=factor, unit="times", relative=True, text=step.group()), step.span()))
    if not candidates:
        return None
    rank, threshold, span = min(candidates, key=lambda candidate: (candidate[0], candidate[2][0]))
    return (threshold, span) if rank < 9 else None  # noqa: PLR2004 - a bare number that nothing marks as an amount


def _span(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span()
    if match["plain"] and match["unit2"] and match["unit2"].lower() in _NO_UNIT:
        end = match.start("unit2")
    if match["fromto"] and match["unit1"] and match["unit1"].lower() in _NO_UNIT:
        end = match.start("unit1")
    while end > start and match.string[end - 1] in " -\t\n":
        end -= 1
    return start, end


def _unit(text: str | None) -> str:
    if not text:
        return ""
    if re.fullmatch(_POINTS, text, re.IGNORECASE):
        return "points"
    if re.fullmatch(_PERCENT, text, re.IGNORECASE):
        return "percent"
    return "" if text.lower() in _NO_UNIT else text


def _read(match: re.Match[str], text: str) -> tuple[int, Threshold]:
    words = text[slice(*_span(match))]
    if match["of"]:
        return 1, Threshold(number=number_of(match["k"]), reach=True, baseline=None, text=words)
    if match["fromto"]:
        unit = match["cur1"] or _unit(match["unit1"])
        return 0, Threshold(
            number=number_of(match["level"]), unit=unit, reach=True, baseline=number_of(match["base"]), text=words
        )
    if match["fraction"]:
        return 1, Threshold(number=_FRACTIONS[match["part"].lower()], relative=True, text=words)
    if match["fold"]:
        return 1, Threshold(number=number_of(match["times"]), unit="times", relative=True, text=words)
    unit = match["cur2"] or _unit(match["unit2"])
    number = number_of(match["number"]) * (1000 if match["kilo"] else 1)
    least = (match["least"] or "").strip().lower()
    level = (
        bool(match["to"])
        or (not match["by"] and least in {"below", "under", "above", "at most"})
        or (not match["by"] and bool(_LEVEL_BEFORE.search(text[: match.start()])))
    )
    marked = bool(match["by"] or match["to"])
    if marked:
        rank = 0
    elif unit in {"percent", "points"}:
        rank = 2
    elif match["least"]:
        rank = 3
    elif match["cur2"] or unit in {"stars", "minutes", "seconds", "hours", "euros", "dollars"}:
        rank = 4
    else:
        rank = 9
    return rank, Threshold(number=number, unit=unit, relative=unit == "percent" and not level, reach=level, text=words)
