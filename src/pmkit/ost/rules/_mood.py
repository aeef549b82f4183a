"""OST116: an opportunity that says no more than a mood, or a verdict on everything."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.language import ENGLISH
from pmkit.model import Hit, Rule, Settings
from pmkit.ost._facts import of_kind
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree
from pmkit.ost.rules import _words as lists
from pmkit.ost.rules._wording import Reading, is_people, read

__all__ = ["BARE_FEELING", "bare_feeling"]

_COPULAS = lists.words(
    """
    am is are was were be feel feels felt feeling get gets getting got become becomes seem seems i'm i'am it's
    they're we're you're he's she's that's everything's this'd sounds looks isn't aren't wasn't weren't
    """
)
_SAID_OF_THINGS = lists.words(
    """
    down out up well good great bad safe lost stuck worn ok okay alone left weak hurt fine fed tired sick torn
    tense content calm blue
    """
)
_STRAINS = lists.words(
    """
    annoying awful boring confusing depressing dreadful exhausting frightening frustrating horrible infuriating
    intimidating irritating lonely maddening miserable nightmare overwhelming pain scary stressful terrible terrifying
    tiring unpleasant upsetting
    """
)
_SPIRITS = lists.words("confidence motivation trust energy interest hope joy patience courage enthusiasm and")
_BORES = lists.words(
    """
    annoying awful boring depressing dreadful exhausting frustrating horrible intimidating miserable nightmare
    overwhelming scary stressful terrible terrifying unpleasant
    """
)
_CONNECTIVES = lists.words("of in on at for with to that which who when my because and or about from")
_LIKING = lists.words("hate hates love loves like likes dislike dislikes enjoy enjoys despise sucks stinks miss misses")
_SUBJECTS = lists.words(
    """
    i we they you it this that everything i'm we're they're it's that's the our my new existing some most many
    all
    """
)
_STATES = ENGLISH.words("state_phrases")
_MOST_MOODS = 3
_LONGEST_SUBJECT = 4
_SHORTEST_SUBJECT = 2
_TOPIC_OPENERS = lists.words("with by about at of from in")
_DISLIKE = lists.words("don't do not can't stand really just simply")


def bare_feeling(title: str) -> tuple[tuple[int, int] | None, str] | None:
    """Find a title that is a mood or a verdict and nothing else; None for any other."""
    reading = read(title)
    words = reading.words
    if not words:
        return None
    says = _mood_alone(words) or _driven(words) or _feels(words) or _likes(words) or _wishes(words)
    return (_whole(reading), says) if says else None


def _whole(reading: Reading) -> tuple[int, int] | None:
    return reading.span(0, len(reading.words))


def _mood_alone(words: tuple[str, ...]) -> str:
    """Frustration; customer anxiety; frustrated users; lost."""
    rest = [word for word in words if not (word in lists.INTENSIFIERS or is_people(word))]
    if rest and all(word in lists.MOOD_NOUNS or word in lists.MOODS for word in rest) and words[0] not in _SUBJECTS:
        return "names a mood and nothing else"
    return ""


def _driven(words: tuple[str, ...]) -> str:
    """See "It drives me crazy", "I feel like giving up" and "Lack of confidence"."""
    if words[:1] and words[0] in lists.GENERIC and words[1:2] in {("drives",), ("makes",), ("drove",), ("made",)}:
        rest = [word for word in words[2:] if word not in lists.INTENSIFIERS]
        if len(rest) == _SHORTEST_SUBJECT and (rest[0] in {"me", "us", "them"} or is_people(rest[0])):
            return "names a mood and nothing else" if rest[1] in lists.MOODS or rest[1] == "feel" else ""
    likened = next((index for index, word in enumerate(words[:4]) if word in {"feel", "feels", "felt"}), -1)
    if (
        likened >= 0
        and words[likened + 1 : likened + 2] == ("like",)
        and 0 < len(words) - likened - 2 <= _SHORTEST_SUBJECT
    ):
        return "names a mood and nothing else"
    if words[-3:-1] == ("feel", "like") and words[-1].endswith("ing"):
        return "names a mood and nothing else"
    if words[-4:-2] == ("feel", "like") and words[-2].endswith("ing") and words[-1] == "up":
        return "names a mood and nothing else"
    if words[:2] == ("lack", "of") and words[2:] and all(word in _SPIRITS for word in words[2:]):
        return "names a mood and nothing else"
    if len(words) <= _LONGEST_SUBJECT and words[0] in _STRAINS and all(word in lists.GENERIC for word in words[1:]):
        return "is a verdict on everything, and names no moment"
    return ""


def _feels(words: tuple[str, ...]) -> str:
    """I'm frustrated; new users feel overwhelmed; it's so confusing; the app is hard to use."""
    copula = next((index for index, word in enumerate(words[: _LONGEST_SUBJECT + 2]) if word in _COPULAS), -1)
    if copula < 0:
        return ""
    before = words[:copula]
    while before and before[-1] in {"don't", "doesn't", "didn't", "do", "does", "not", "never", "no", "longer"}:
        before = before[:-1]
    contracted = "'" in words[copula]
    people = contracted or bool(before and (before[-1] in _SUBJECTS or is_people(before[-1])))
    generic = (contracted and words[copula] in {"it's", "that's", "everything's"}) or bool(
        before and all(word in lists.GENERIC or word in _SUBJECTS for word in before)
    )
    felt = [word for word in _without_topic(words[copula + 1 :]) if word not in lists.INTENSIFIERS]
    if not felt:
        return ""
    moods = lists.MOODS if people else lists.MOODS - _SAID_OF_THINGS
    whose = people or (0 < len(before) < _LONGEST_SUBJECT and not any(word in _CONNECTIVES for word in before))
    listed = [word for word in felt if word not in {"and", "or"}]
    told = words[copula] in {"feel", "feels", "felt", "feeling"} and (
        len(listed) == 1 or (len(listed) <= _MOST_MOODS and words[-2] in {"and", "or"})
    )
    told = told and not any(word in _CONNECTIVES for word in listed)
    stated = " ".join(_without_topic(words[copula + 1 :])) in _STATES
    people = people and len(before) <= _LONGEST_SUBJECT
    if people and (told or stated):
        return "says how someone feels, and not about what"
    if whose and all(word in moods for word in felt):
        return "says how someone feels, and not about what"
    if before[:1] == ("everything",) and all(word in lists.VERDICTS or word in lists.MOODS for word in felt):
        return "is a verdict on everything, and names no moment"
    short = 0 < len(before) < _LONGEST_SUBJECT and not any(
        word in _CONNECTIVES or word in lists.MEASURES for word in before
    )
    if short and all(word in _BORES for word in felt):
        return "is a verdict on the whole of it, and names no moment"
    doing = len(before) == 1 and before[0].endswith("ing") and before[0] not in lists.GENERIC
    if doing and all(word in _STRAINS for word in felt):
        return "is a verdict on doing it at all, and names no moment"
    if generic and all(word in lists.VERDICTS or word in lists.MOODS for word in felt):
        return "is a verdict on everything, and names no moment"
    return ""


def _without_topic(words: tuple[str, ...]) -> tuple[str, ...]:
    """Cut a topic that says nothing: "with the app", "about everything"."""
    for index, word in enumerate(words):
        if (
            word in _TOPIC_OPENERS
            and index
            and all(
                topic in lists.GENERIC
                or topic in lists.INTENSIFIERS
                or topic in {"the", "our", "your", "their", "this"}
                for topic in words[index + 1 :]
            )
        ):
            return words[:index]
    return words


def _likes(words: tuple[str, ...]) -> str:
    """I hate it; we love this; this sucks."""
    verb = next((index for index, word in enumerate(words[:5]) if word in _LIKING), -1)
    if verb < 0 or (
        not all(
            word in _SUBJECTS
            or word in _DISLIKE
            or word in lists.GENERIC
            or is_people(word)
            or word in lists.INTENSIFIERS
            for word in words[:verb]
        )
        and not 0 < verb <= _SHORTEST_SUBJECT
    ):
        return ""
    rest = words[verb + 1 :]
    intransitive = words[verb] in {"sucks", "stinks"}
    if (rest or intransitive) and all(
        word in lists.GENERIC or word in lists.INTENSIFIERS or word in {"the", "your", "using"} for word in rest
    ):
        return "says that something is liked or not, and not what"
    return ""


def _wishes(words: tuple[str, ...]) -> str:
    """I wish this was easier to use."""
    if "wish" not in words[:3]:
        return ""
    rest = words[words.index("wish") + 1 :]
    copula = next((index for index, word in enumerate(rest[:4]) if word in {"was", "were", "is", "would", "could"}), -1)
    if copula < 1 or not all(word in lists.GENERIC or word == "the" for word in rest[:copula]):
        return ""
    wanted = [word for word in rest[copula + 1 :] if word not in lists.INTENSIFIERS and word != "be"]
    return (
        "is a verdict on everything, and names no moment"
        if wanted and all(word in lists.VERDICTS for word in wanted)
        else ""
    )


def _check(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        found = bare_feeling(node.title)
        if found:
            yield Hit(node.id, found[1], span=found[0])


BARE_FEELING: Rule[OstTree] = Rule(
    code="OST116",
    name="bare-feeling",
    severity="warning",
    summary="An opportunity says more than a mood.",
    rationale="A mood says that something is wrong and not what: nothing can be solved for it. A verdict on the "
    "whole product, such as that it is hard "
    "to use, says no more than a mood does.",
    source="Torres 2021, ch. 6: opportunities are needs, pain points and desires in a specific moment",
    profiles=("default", "torres"),
    check=_check,
    hint="say what happened, and when",
    failing="I'm frustrated",
    passing="I have to type my password with the remote every time",
)
