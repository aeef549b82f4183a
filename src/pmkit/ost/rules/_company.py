"""OST115: an opportunity told from the company's side."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pmkit.language import singular
from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._facts import of_kind
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._trade import LEFT, OWN, REASONS, missed, ours, people_at, trade_lost
from pmkit.ost.rules._wares import Found
from pmkit.ost.rules._wording import Reading, is_people, phrase_at, read

__all__ = ["COMPANY_PERSPECTIVE", "company_perspective"]

_INTENTS = (
    ("need", "to"),
    ("want", "to"),
    ("have", "to"),
    ("should",),
    ("must",),
    ("could",),
    ("aim", "to"),
    ("would", "like", "to"),
)
_NOT_GOODS = lists.words("attention time energy care evening day hour tax taxes")
_COUNTS = lists.words("number share percentage proportion rate amount volume")
_MEASURED = lists.words("accuracy frequency speed duration weight")
_SAYING_WHICH = lists.words(
    "that which who at needed required caused spent spend made taken paid during when while because to it lost left"
)
_OPEN = lists.words("more empty open vacant all")
_GETTING = lists.words("get make have bring encourage motivate push nudge drive incentivize")
_STAYING = lists.words("accept choose click complete invite prefer share stay switch try use open")
_MONEY = lists.words("cost costs expense expenses spend spending revenue income margin profit earnings")
_BUYING = lists.words(
    """
    book buy come download install join order pay purchase recommend register renew return sign spend subscribe upgrade
    """
)
_PLACING = lists.words("sell rent lease recruit enroll enrol place serve sign book deliver")
_PERSONAL_RATES = lists.words("heart interest tax exchange breathing pulse mortgage")
_WOOED = lists.words("bees birds butterflies attention a the game games points arguments")
_MARKETS = lists.words(
    """
    market markets segment segments region regions vertical verticals mid-market enterprise countries territory
    """
)
_EFFORTS = lists.words("time likelihood effort risk chance cost skill hassle")
_PLAIN = lists.words("per by in from on this every each at")


def company_perspective(title: str) -> tuple[tuple[int, int] | None, str] | None:
    """Find the words that only the company would say; None when there are none."""
    reading = read(title)
    if not reading.words:
        return None
    for look in _LOOKS:
        found = look(reading)
        if found:
            (start, stop), says = found
            return reading.span(start, stop), says
    return None


def _after_intent(words: tuple[str, ...]) -> int:
    """Step over "we need to" and "the company should"; 0 when the title opens with a verb."""
    for subject in (("we",), ("the", "company"), ("the", "business"), ("our", "team"), ("let", "us"), ("let's",)):
        if words[: len(subject)] == subject:
            for intent in _INTENTS:
                if words[len(subject) : len(subject) + len(intent)] == intent:
                    return len(subject) + len(intent)
            if subject == ("let's",):
                return 1
    return 0


def _goal(reading: Reading) -> Found:
    """Find a goal about what a company counts: "Reduce churn", "We need to raise our revenue per user"."""
    words = reading.words
    start = _after_intent(words)
    length = phrase_at(words, start, lists.CHANGE_VERBS)
    if words[:1] == ("we",) and words[1:3] in {("need", "more"), ("want", "more")}:
        if people_at(words, 3, 3):
            return (0, people_at(words, 3, 3)), "having more of them is the company's wish"
        start, length = 1, 2
    if not length or any(word in OWN for word in words[start:]):
        return None
    object_at = start + length + (words[start + length : start + length + 1] == ("the",))
    if (
        words[object_at : object_at + 1]
        and words[object_at] in _EFFORTS
        and words[object_at + 1 : object_at + 2] in {("it",), ("of",), ("that",), ("to",)}
    ):
        return _per_unit(words, start)
    told = _averaged(words, start, object_at)
    if told or _measures_a_job(words, object_at):
        return told
    for index in range(start + length, min(len(words), start + length + 6)):
        counted = phrase_at(words, index, lists.BUSINESS_TERMS)
        if counted:
            return (
                start,
                index + counted,
            ), f"{quoted(' '.join(words[index : index + counted]), 60)} is what the company counts"
        if index > start + length and words[index] in {
            "for",
            "when",
            "while",
            "so",
            "because",
            "with",
            "without",
            "that",
        }:
            break
    return None


def _averaged(words: tuple[str, ...], start: int, at: int) -> Found:
    """Find costs per unit, averages, places to fill and heads to count: all of them the company's."""
    if any(word in _MONEY for word in words[at : at + 4]) or words[start] in {
        "increase",
        "boost",
        "raise",
        "lift",
        "cut",
        "shorten",
    }:
        told = _per_unit(words, start)
        if told:
            return told
    following = words[at + 1 : at + 2]
    raising = words[start] in {"grow", "raise", "boost", "lift"}
    open_ended = not {"who", "that", "which"} & set(words)
    if raising and open_ended and words[at : at + 1] != () and words[at] in _COUNTS and following == ("of",):
        return (start, at + 2), "how many there are of them is what the company counts"
    if words[-1] == "rate" and len(words) > at + 1 and words[-2] not in _PERSONAL_RATES:
        return (start, len(words)), "a rate over customers is what the company counts"
    if (
        words[-2] == "per"
        and words[-1] in {"day", "week", "month", "year", "hour"}
        and (raising or words[start] == "increase")
    ):
        return (start, len(words)), "how much is done in a time is what the company counts"
    if words[at : at + 1] == ("average",) and following not in {(), ("wait",), ("time",)}:
        return (start, at + 2), "an average over customers is what the company counts"
    if words[start] == "fill" and words[at : at + 1] and words[at] in _OPEN:
        return (start, len(words)), "selling what is left over is the company's aim"
    counted = _counted_people(words, at)
    return ((start, counted), "how many there are of them is what the company counts") if counted else None


def _per_unit(words: tuple[str, ...], start: int) -> Found:
    """See "Reduce the cost of delivery per order"."""
    for index in range(start, len(words) - 1):
        if words[index] == "per" and (singular(words[index + 1]) in lists.UNITS or is_people(words[index + 1])):
            return (start, index + 2), f"a cost per {words[index + 1]} is what the company counts"
    return None


def _measures_a_job(words: tuple[str, ...], at: int) -> bool:
    """See "Reduce the number of visits needed to …": what people measure, and no goal of a company."""
    measured = (
        words[at : at + 1] != () and words[at] in _COUNTS | _EFFORTS | _MEASURED and words[at - 1 : at] == ("the",)
    )
    return measured and bool(_SAYING_WHICH & set(words[at + 1 :]))


def _counted_people(words: tuple[str, ...], at: int) -> int:
    """See "the number of active cardholders" with nothing said of them: the place after it, or 0."""
    if words[at : at + 1] == () or words[at] not in _COUNTS or words[at + 1 : at + 2] != ("of",):
        return 0
    for index in range(at + 2, min(len(words), at + 5)):
        if singular(words[index]) in lists.CUSTOMERS:
            return index + 1 if index + 1 == len(words) or words[index + 1] in _PLAIN else 0
    return 0


def _state(reading: Reading) -> Found:
    """Tell how a company's number stands: "Low conversion", "Our churn is too high", "Engagement is dropping"."""
    words = reading.words
    if any(word in OWN for word in words):
        return None
    per = _per_unit(words, 0)
    if per and words[per[0][1] : per[0][1] + 1] in {("is",), ("are",)} and words[-1] in lists.SAGGING:
        return (0, len(words)), per[1]
    scarce = _too_few(words)
    if scarce:
        return scarce
    if words[0] == "average" and {"is", "are", "remains"} & set(words) and words[-1] in lists.SAGGING:
        return (0, len(words)), "an average over customers is what the company counts"
    start = 1 if words[0] in {"our", "the"} else 0
    sagging = words[start] in lists.SAGGING if start < len(words) else False
    for index in range(start + sagging, min(len(words), start + sagging + 3)):
        length = phrase_at(words, index, lists.STATE_TERMS)
        if not length:
            continue
        term = quoted(" ".join(words[index : index + length]), 60)
        after = words[index + length : index + length + 6]
        stands = any(word in {"is", "are", "remains", "stays", "was"} for word in after) and any(
            word in lists.SAGGING for word in after
        )
        falls = bool(after) and after[0] in {
            "drops",
            "falls",
            "stalls",
            "declines",
            "suffers",
            "drop",
            "fall",
            "decline",
            "stall",
            "suffer",
        }
        if sagging or stands or falls:
            return (0, index + length), f"{term} is a number that the company complains about"
    return None


def _too_few(words: tuple[str, ...]) -> Found:
    """See "Too few repairs per week" and "Not enough bookings"."""
    if words[:2] not in {("too", "few"), ("too", "little"), ("not", "enough"), ("not", "many")}:
        return None
    length = phrase_at(words, 2, lists.BUSINESS_TERMS)
    whom = people_at(words, 2, 3)
    if whom and words[whom : whom + 1] != () and words[whom] in _BUYING:
        return (0, whom + 1), "is what the company complains about"
    counted = length or int(words[2:3] != () and singular(words[2]) in lists.CUSTOMERS)
    every = "per" in words[3:5] and words[-1] in {"day", "week", "month", "quarter", "year"}
    return ((0, 2 + max(counted, 1)), "is what the company complains about") if counted or every else None


def _selling(reading: Reading) -> Found:
    """Find what a company does to customers: "Upsell premium listings", "Attract more visitors"."""
    words = reading.words
    start = _after_intent(words)
    verb = words[start] if start < len(words) else ""
    if verb in lists.COMPANY_VERBS and not any(word in OWN for word in words):
        return (start, start + 1), f"{quoted(verb, 40)} is what a company does to its customers"
    if verb == "sell" and words[start + 1 : start + 2] == ("more",):
        return (start, start + 2), "selling more is the company's wish"
    if verb in {"expand", "enter", "penetrate", "move"} and any(word in _MARKETS for word in words[start + 1 :]):
        return (start, len(words)), "entering a market is the company's aim"
    if (
        verb in {"turn", "convert", "make"}
        and "into" in words
        and people_at(words, words.index("into"), 6)
        and people_at(words, start + 1, 5)
    ):
        return (start, len(words)), "turning people into customers is the company's aim"
    if verb in lists.COMPANY_ON_PEOPLE and not any(word in OWN for word in words):
        for index in range(start + 1, min(len(words), start + 5)):
            if is_people(words[index]):
                return (start, index + 1), f"{quoted(' '.join(words[start : index + 1]), 60)} is what a company does"
    return None


def _wooing(reading: Reading) -> Found:
    """Find a company that woos or spreads: "Attract school classes", "Win more projects", "Expand into mining"."""
    words = reading.words
    start = _after_intent(words)
    verb, following = (*words[start : start + 2], "", "")[:2]
    if not following or any(word in OWN for word in words):
        return None
    goods = any(singular(word) in lists.GOODS for word in words[start + 1 : start + 5])
    if (verb == "sell" and goods) or (verb in _PLACING and "more" in words[start + 1 : start + 3]):
        return (start, start + 2), f"{quoted(verb, 40)} is what a company does"
    woos = verb == "attract" and following not in _WOOED
    wins = verb == "win" and following in {"more", "back", "over", "new"} and words[start + 2 :] != ()
    spreads = verb == "expand" and following in {"into", "to"}
    return ((start, start + 2), f"{quoted(verb, 40)} is what a company does") if woos or wins or spreads else None


def _making_them(reading: Reading) -> Found:
    """Find what a company wants people to do: "Get customers to visit more often", "We lose members"."""
    words = reading.words
    if words[0] == "we" and words[1:2] in {("want",), ("need",), ("expect",)}:
        for index in range(2, min(len(words) - 1, 5)):
            if singular(words[index]) in lists.CUSTOMERS and words[index + 1] == "to":
                return (0, index + 2), "tells what the company wants of its customers"
    if words[:2] in {("we", "lose"), ("we're", "losing"), ("we", "lost")} and people_at(words, 2, 4):
        return (0, people_at(words, 2, 4)), "tells whom the company loses, not what they lack"
    start = _after_intent(words)
    if words[start : start + 1] == () or words[start] not in _GETTING:
        return None
    if any(word in OWN - {"their"} for word in words):
        return None
    for index in range(start + 1, min(len(words) - 1, start + 4)):
        if is_people(words[index]) and _for_us(words, start, index):
            return (start, index + 2), f"{quoted(' '.join(words[start : index + 2]), 60)} is what a company does"
    return None


def _for_us(words: tuple[str, ...], start: int, whom: int) -> bool:
    """Say whether people are moved to trade, to come back, or to do something for the company."""
    after, then = (*words[whom + 1 : whom + 3], "", "")[:2]
    if singular(words[whom]) in lists.CUSTOMERS and after in {"to", "back"}:
        return True
    if after == "to":
        return then in _BUYING or words[-1] == "us"
    return words[start] == "make" and after in _BUYING | _STAYING


def _funnel(reading: Reading) -> Found:
    """Find customers seen as a funnel: "Existing customers churn after 90 days", "Users don't convert"."""
    words = reading.words
    subject = people_at(words, 0, 4)
    if not subject:
        return None
    index = subject
    while index < len(words) and words[index] in {
        "don't",
        "do",
        "not",
        "never",
        "rarely",
        "won't",
        "will",
        "often",
        "fail",
        "to",
        "who",
    }:
        index += 1
    verb = words[index] if index < len(words) else ""
    after = words[index + 1] if index + 1 < len(words) else ""
    explained = any(word in REASONS - {"after", "before"} for word in words[index:])
    if verb in {"churn", "churns"}:
        return (subject - 1, index + 1), f"{quoted(verb, 40)} is the company's word for it"
    unwilling = bool({"don't", "not", "never", "rarely", "won't"} & set(words[subject:index]))
    if unwilling and verb in _BUYING and not explained and not any(word in OWN - {"their"} for word in words):
        return (subject - 1, index + 1), f"tells what the company misses in {words[subject - 1]}, not what stops them"
    refuses = any(word in {"don't", "not", "never", "rarely", "won't", "fail"} for word in words[subject:index])
    plain = after not in {"their", "the", "units", "files", "a"} or (refuses and after == "their")
    if verb in lists.FUNNEL_VERBS and not explained and plain:
        return (subject - 1, index + 1), f"{quoted(verb, 40)} is the company's word for it"
    thing = next((word for word in words[index + 1 : index + 4] if word not in {"the", "their", "a", "shopping"}), "")
    if verb in lists.FUNNEL_STEPS and not explained and thing in LEFT:
        return (subject - 1, len(words)), f"tells where the company loses {words[subject - 1]}, not what stops them"
    if verb in lists.FUNNEL_STEPS and not explained and after in {"", "off", "out", "after", "during", "at", "before"}:
        return (subject - 1, index + 1), f"tells where the company loses {words[subject - 1]}, not what stops them"
    return None


def _spending(reading: Reading) -> Found:
    """Find customers who wish to spend more: "Users will buy more", "I wish I had more subscriptions"."""
    words = reading.words
    subject = people_at(words, 0, 4)
    if subject and words[subject : subject + 1] in {("will",), ("would",), ("should",), ("to",)}:
        for index in range(subject + 1, min(len(words), subject + 4)):
            if words[index] in lists.SPENDING_VERBS:
                return (subject, index + 1), f"{quoted(words[index], 40)} is what the company hopes for"
    wishes = [
        index for index, word in enumerate(words[:5]) if word in {"want", "wants", "wish", "need", "like", "love"}
    ]
    if not wishes:
        return None
    for index in range(wishes[0] + 1, len(words)):
        if words[index] != "more" or index + 1 > len(words):
            continue
        following = words[index + 1] if index + 1 < len(words) else ""
        if phrase_at(words, index + 1, lists.BUSINESS_TERMS) and not any(word in {"my", "our"} for word in words):
            return (wishes[0], index + 2), f"nobody wishes for more {following}; the company does"
        to_us = "from" in words[index:] and any(word in {"you", "us"} for word in words[index:])
        bought = any(word in {"buy", "spend", "purchase", "pay"} for word in words[wishes[0] : index])
        if bought and following not in _NOT_GOODS and (to_us or not following or "our" in words or "your" in words):
            return (wishes[0], index + 1), "spending more is what the company hopes for"
    return None


_LOOKS: tuple[Callable[[Reading], Found], ...] = (
    _goal,
    _state,
    _selling,
    _wooing,
    _making_them,
    _funnel,
    missed,
    ours,
    trade_lost,
    _spending,
)


def _check(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        found = company_perspective(node.title)
        if found:
            yield Hit(node.id, found[1], span=found[0])


COMPANY_PERSPECTIVE: Rule[OstTree] = Rule(
    code="OST115",
    name="company-perspective",
    severity="warning",
    summary="An opportunity is told from the customer's side.",
    rationale="No customer wishes for the company's revenue or retention. What the company counts is the outcome; "
    "the opportunity is what stands in "
    "the customers' way. Goals about business measures, selling, and customers told of as a funnel are looked for.",
    source="Torres 2021, ch. 6: would a customer say it?",
    profiles=("default", "torres"),
    check=_check,
    hint="say what customers need or struggle with when that number stays low",
    failing="Raise bookings per guest",
    passing="I can't tell whether the room is quiet",
)
