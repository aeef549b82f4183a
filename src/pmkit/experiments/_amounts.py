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
    "hr": 1 / 24, "h": 1 / 24, "d": 1, "wk": 7, "w": 7, "mo": 30, "qtr": 91, "yr": 365, "weekend": 3,
}  # fmt: skip
_UNIT = (
    r"(?:business\ |working\ |calendar\ |full\ |school\ |trading\ )?(minute|hour|day|week|fortnight|month|quarter|year|sprint"
    r"|semester|term|season|winter|summer|spring|autumn|event|iteration|release|cycle|billing\ cycle|pay\ period|shift|wave|visit"
    r"|wk|mo|qtr|yr|hr)s?"
)
_LONG_UNIT = (
    r"(?:business\ |working\ |calendar\ |full\ )?(?:day|week|fortnight|month|quarter|year|sprint|wk|mo|qtr|yr)s?"
)
_TRIAL = r"(?:test|trial|pilot|experiment|window|period|run|beta|rollout|festival|conference|fair|campaign|course|A/B\ test|observation\ period|test\ window)"
_LAUNCH = (
    r"(?:launch|launching|release|releasing|rollout|roll-?out|go-?live|going\ live|shipping|deployment|introduction)"
)
_APART = r"(?:^|(?<=[,;:(\[|–—-])|(?<=[,;:|–—-]\s)|(?<=[.]\s)|(?<=\n))"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|spring|summer|autumn|fall|winter|christmas|easter"
_NUMBER = r"\d+(?:[.,]\d+)*"
TIMEBOX = re.compile(
    rf"""
    (?:{_APART} (?:time-?\s?box|time-?\s?frame|timeline|duration|deadline|run\s?time|period|when|by\ when):\s*)? \b(?:
      (?:within|in|over|after|during|for|inside|across|throughout)\s+
        (?:(?:about|around|at\ most|less\ than|under|no\ more\ than|just|only|roughly|a\ span\ of|a\ period\ of)\s+)?
        (?: (?:(?:the|our|its|their|a)\s+)? (?:(?:next|first|coming|following|course\ of|space\ of)\s+)
              (?:(?P<n1>{_NUMBER}|{_COUNT}|couple\ of|few|several)[\s-]+)? (?P<u1>{_UNIT})
          | (?:the|this|our)\s+ (?P<u6>{_UNIT})(?=\s*(?:$|[.,;)\x00]|because\b|since\b|as\b|for\b|when\b|if\b))
          | (?:a|an|the|our|one)\s+ (?P<n3>{_NUMBER}|{_COUNT})[\s-](?P<u3>{_LONG_UNIT})[\s-]+{_TRIAL}
          | (?P<n2>{_NUMBER}|{_COUNT}|a\ couple\ of|a\ few|several|half\s+an?)(?:[\s-]+ (?P<u2>{_UNIT})|(?P<u4>[dwh]|wks?|mo|hrs?|yrs?))
              (?:[\s-]+{_TRIAL}\b)?
        )\b (?:\s+(?:of|after|from|post)\s+(?:the\s+|its\s+|our\s+)?{_LAUNCH}\b)? (?!\s+of\b|['’-])
    | {_APART} (?P<n5>{_NUMBER}|{_COUNT})[\s-]? (?P<u5>{_LONG_UNIT}|[dw](?=\W|$))
        (?:[\s-]+{_TRIAL}\b)? (?:\s+(?:after|from|post)\s+(?:the\s+|its\s+)?{_LAUNCH}\b)? (?=\s*(?:[.,;)\]|\n\x00]|[–—-]\s|$))
    | (?:by|before|until|till)\s+(?:the\s+)?(?:end|close|start|middle)\s+of\s+(?:the\s+|this\s+|next\s+|our\s+)?(?:\w+(?:\s+(?:year|quarter|month|sprint|\d{{4}}))?)
    | (?:by|before|until|till|through)\s+(?:the\s+)?(?:early\s+|mid[- ]|late\s+|end\s+|next\s+|this\s+|year[- ]|month[- ]|quarter[- ]|fiscal\s+)*
        (?:q[1-4](?:\s+(?:\d{{4}}|fy\d\d))?|h[12](?:\s+\d{{4}})?|eo[yqmw]|(?:{_MONTH})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}})?
          |(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:{_MONTH})(?:\s+\d{{4}})?|\d{{4}}-\d\d-\d\d|20\d\d
          |(?:quarter|month|week|year|semester|sprint|holidays|renewal|{_WEEKDAY})(?:[- ]?end)?)\b
    | (?:this|next)\s+(?:week|month|quarter|year|sprint|season|semester|term|summer|winter|spring|autumn|fall)\b
    | (?:in|during|over|within|for)\s+(?:the\s+)?(?:q[1-4](?:\s+\d{{4}})?|h[12](?:\s+\d{{4}})?|(?:{_MONTH})(?:\s+\d{{4}})?|(?:next|coming)\s+(?:{_MONTH}))\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def number_of(text: str) -> float:
    """Read "5,000", "0.5", "ten" or "half"."""
    lower = re.sub(r"\s+an?$", "", text.lower())
    if lower in _WORDS:
        return _WORDS[lower]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", lower):
        return float(lower.replace(",", ""))
    return float(lower.replace(",", ".") if lower.count(",") == 1 else lower.replace(",", ""))


def find_timebox(text: str) -> tuple[Timebox, tuple[int, int]] | None:
    """Find the last length of time or named day that says by when; one within the day gives way to a longer one."""
    best: tuple[Timebox, tuple[int, int]] | None = None
    for match in TIMEBOX.finditer(text):
        unit = next((match[f"u{k}"] for k in range(1, 7) if match[f"u{k}"]), "").lower().split()
        days = None
        if unit:
            length = _DAYS.get(unit[-1].removesuffix("s"))
            number = next((match[f"n{k}"] for k in (1, 2, 3, 5) if match[f"n{k}"]), "one")
            vague = re.search(r"few|couple|several", number, re.IGNORECASE)
            days = None if length is None or vague else length * number_of(number)
        short = days is not None and days < 1
        if short and best is not None:
            continue
        best = Timebox(days=days, text=match.group()), match.span()
    return best


_AT_LEAST = (
    r"(?:at\ least|at\ most|no\ more\ than|no\ less\ than|not\ less\ than|more\ than|less\ than|up\ to|a\ minimum\ of"
    r"|minimum|min\.?|over|under|above|below|around|about|approximately|roughly|an\ average\ of|another|an\ additional|nearly|>=?|≥|~|\+|<=?|≤)"
)
_PERCENT = r"%|per\s?cent\b|percent\b|pct\b"
_POINTS = r"percentage[\s-]+points?\b|percent\s+points?\b|%[\s-]?(?:points?|pts?)\b|(?:pp|ppts?|pps|p\.p\.)(?!\w)"
_CURRENCY = r"euros?|dollars?|pounds?|francs?|yen|eur|usd|gbp|chf|cents?"
_BEFORE = r"US\$|A\$|[$€£¥₹]|(?:CHF|EUR|USD|GBP)\s?"
_THING = r"[a-zA-Zµ°][\w°/-]*"
_FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10, "thirds": 2 / 3}
_MARK = rf"(?:{_POINTS}|{_PERCENT})"
_THRESHOLD = re.compile(
    rf"""
      (?P<of> (?:\bto\s+)?(?:{_AT_LEAST}\s+)? \b(?P<k>{_NUMBER}|{_COUNT})\s+(?:out\ of|of|in)\s+(?:the\s+|every\s+)?(?P<total>\d+|{_COUNT})\b )
    | (?P<fromto> \bfrom\s+(?:{_AT_LEAST}\s+)?(?:{_BEFORE})?(?P<base>{_NUMBER})(?P<basekilo>[kKmM]\b)?\s*(?:{_MARK}|[\w-]+(?:\s+(?!to\b)[\w-]+)?)?\s+(?:up\ |down\ )?to\s+(?:{_AT_LEAST}\s+)?(?P<cur1>{_BEFORE})?(?P<level>{_NUMBER})(?P<kilo1>[kKmM]\b)?\s*(?P<unit1>{_POINTS}|{_PERCENT}|{_THING})? )
    | (?P<arrow> (?:{_BEFORE})?(?<![\w.,-])(?P<base2>{_NUMBER})\s*(?:{_MARK})?\s*(?:->|→|=>|⇒)\s*(?P<cur3>{_BEFORE})?(?P<level2>{_NUMBER})\s*(?P<unit3>{_POINTS}|{_PERCENT}|{_THING})? )
    | (?P<range> (?:\b(?:by|of)\s+)?(?:\bbetween\s+)?(?P<cur4>{_BEFORE})?(?<![\w.,-])(?P<low>{_NUMBER})\s*{_MARK}?\s*(?:[-–—]|\bto\b|\band\b)\s*(?:{_BEFORE})?{_NUMBER}\s*(?P<unit4>{_MARK}|(?<=\d)(?={_BEFORE})) )
    | (?P<halfof> (?:\bby\s+)?(?:{_AT_LEAST}\s+)?\bhalf\s+an?\s+(?P<unit5>{_POINTS}|{_THING}) )
    | (?P<fraction> (?:\b(?:by|in)\s+)?(?:{_AT_LEAST}\s+)?(?:(?P<two>two)[\s-]|(?:a|one)[\s-]|(?<=\bby\s)|(?<=\bin\s)|(?<=\bleast\s))(?P<part>half|third|quarter|fifth|tenth|(?<=two[\s-])thirds)\b(?!\s+of\s+\w+\s+will) )
    | (?P<fold> \b(?:by\s+)?(?:{_AT_LEAST}\s+)?(?:a\ factor\ of\s+(?P<factor>{_NUMBER}|{_COUNT})\b|(?P<times>{_NUMBER}|{_COUNT})\s*(?:x(?!\w)|×|times\b|-?\s?fold\b)) )
    | (?P<plain> (?:(?P<by>\bby)\s+|(?P<to>\bto)\s+)? (?P<least>{_AT_LEAST}\s*)? (?P<minus>(?<![\w.,%])[-−–](?=\d|{_BEFORE}))? (?P<cur2>{_BEFORE})? (?:(?<=[\s(][-−–])|(?<![\w.,-]))
        (?P<number>{_NUMBER}|(?:(?<=\bby\s)|(?<=\bleast\s))(?:{_COUNT})(?=\s)|\b(?!an?\s)(?:{_COUNT})(?=\s+(?:percent|per\s?cent|percentage|minutes?|hours?|days?|weeks?|seconds?|points?)\b))
        (?P<kilo>[kKmM]\b)? [\s-]* (?P<unit2>{_POINTS}|{_PERCENT}|{_CURRENCY}|bps\b|basis\s+points?\b|{_THING})? )
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
        "new",
        "extra",
        "additional",
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
_MORE_AFTER = re.compile(r"\s+(?:more|fewer|less|additional|extra)\b", re.IGNORECASE)
_SOONER = re.compile(r"\s*(?:earlier|sooner|faster|quicker|off|later|longer|shorter|more|less)\b", re.IGNORECASE)
_BRINGING = re.compile(r"\b(?:bring|mov|push|tak|get|driv|pull)\w*\s[^.;\x00]*$", re.IGNORECASE)
_MEASURES = frozenset({"bps", "basis points", "stars", "minutes", "seconds", "hours", "euros", "dollars"})
_UNMARKED = 9
_STEP = re.compile(
    r"(?<!\bin )(?<!\bof )(?<!\bthe )(?<!\ba )(?<!\bno )\b(?P<verb>doubl(?:e|es|ed|ing)|halv(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|quadrupl(?:e|es|ed|ing)|twice|half\s+as)\b",
    re.IGNORECASE,
)
_STEPS = {"doubl": 2.0, "halv": 0.5, "half": 0.5, "tripl": 3.0, "quadru": 4.0, "twice": 2.0}
_LEVEL_BEFORE = re.compile(
    r"(?:\b(?:under|below|above|over|reach\w*|exceed\w*|hit\w*|stay\w*|remain\w*|keep\w*|of|is|be|are)\s+)$",
    re.IGNORECASE,
)
_CHANGE_OF = re.compile(
    r"\b(?:increase|rise|growth|lift|uplift|boost|improvement|gain|jump|upturn|bump|decrease|reduction|drop|decline|fall|cut|dip|effect|change|difference)"
    r"(?:\s+(?:in|for|to)\s+[^.,;\x00]{1,60}?)?\s+of\s+$",
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
    return (threshold, span) if rank < _UNMARKED else None


def _span(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span()
    if match["plain"] and match["unit2"] and match["unit2"].lower() in _NO_UNIT:
        end = match.start("unit2")
    if match["fromto"] and match["unit1"] and match["unit1"].lower() in _NO_UNIT:
        end = match.start("unit1")
    if match["arrow"] and match["unit3"] and match["unit3"].lower() in _NO_UNIT:
        end = match.start("unit3")
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


def _scaled(number: str, suffix: str | None) -> float:
    return number_of(number) * {"k": 1e3, "m": 1e6}.get((suffix or "").lower(), 1.0)


def _read(match: re.Match[str], text: str) -> tuple[int, Threshold]:
    """Return what an amount says, and its rank: the lower, the more surely it is how far the metric must move."""
    words = text[slice(*_span(match))]
    if match["plain"]:
        return _read_plain(match, text, words)
    if match["of"]:
        return 1, Threshold(number=number_of(match["k"]), reach=True, baseline=None, text=words)
    if match["fromto"] or match["arrow"]:
        return 0, _read_levels(match, words)
    if match["range"]:
        unit = _unit(match["unit4"]) or (match["cur4"] or "").strip()
        return 0, Threshold(number=number_of(match["low"]), unit=unit, relative=unit == "percent", text=words)
    if match["halfof"]:
        unit = _unit(match["unit5"])
        return 1, Threshold(number=0.5, unit=unit, relative=unit == "percent", text=words)
    if match["fraction"]:
        return 1, Threshold(number=_FRACTIONS[match["part"].lower()], relative=True, text=words)
    number = number_of(match["times"] or match["factor"])
    return 1, Threshold(number=number, unit="times", relative=True, text=words)


def _read_levels(match: re.Match[str], words: str) -> Threshold:
    """Read "from 31 % to 35 %" and "31 % -> 35 %"."""
    if match["fromto"]:
        unit = (match["cur1"] or "").strip() or _unit(match["unit1"])
        baseline, level = _scaled(match["base"], match["basekilo"]), _scaled(match["level"], match["kilo1"])
    else:
        unit = (match["cur3"] or "").strip() or _unit(match["unit3"])
        baseline, level = number_of(match["base2"]), number_of(match["level2"])
    return Threshold(number=level, unit=unit, reach=True, baseline=baseline, text=words)


def _read_plain(match: re.Match[str], text: str, words: str) -> tuple[int, Threshold]:
    """Read an amount without a form of its own: "by at least 2 %", "to 40 %", "30 seconds sooner"."""
    unit = (match["cur2"] or "").strip() or _unit(match["unit2"])
    least = (match["least"] or "").strip().lower()
    before = text[: match.start()]
    level = bool(match["to"]) or (least == "up to" and bool(_BRINGING.search(before)))
    if not match["by"] and not level:
        level = least in {"below", "under", "above", "at most"} or (
            bool(_LEVEL_BEFORE.search(before)) and not _CHANGE_OF.search(before)
        )
    behind = match.end("kilo") if match["kilo"] else match.end("number")
    if match["by"] or match["to"] or match["minus"]:
        rank = 0
    elif unit in {"percent", "points"} or _SOONER.match(text, match.end()) or _MORE_AFTER.match(text, behind):
        rank = 2
    elif match["least"]:
        rank = 3
    elif match["cur2"] or unit in _MEASURES:
        rank = 4
    else:
        rank = _UNMARKED
    number = _scaled(match["number"], match["kilo"])
    return rank, Threshold(number=number, unit=unit, relative=unit == "percent" and not level, reach=level, text=words)
