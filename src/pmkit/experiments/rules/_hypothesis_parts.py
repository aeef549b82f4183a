"""EXP101, EXP103, EXP106 to EXP109: the parts that a hypothesis needs."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.errors import Severity
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]

_PROFILES = ("default", "exploratory")


def _change(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if not hypothesis.change:
        yield Hit(hypothesis.id, "it does not say what is changed", span=hypothesis.spans.get("metric"))


def _audience(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if not hypothesis.audience:
        yield Hit(hypothesis.id, "it does not say for whom", span=hypothesis.spans.get("change"))


def _direction(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if hypothesis.direction is None:
        yield Hit(hypothesis.id, "it does not say which way the metric moves", span=hypothesis.spans.get("metric"))


def _threshold(hypothesis: Hypothesis, settings: Settings) -> Iterator[Hit]:
    if hypothesis.threshold is None:
        weight: Severity | None = "warning" if settings.profile == "exploratory" else None
        message = "it gives no number for the smallest effect worth having"
        yield Hit(hypothesis.id, message, span=hypothesis.spans.get("metric"), severity=weight)


def _reason(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if not hypothesis.reason:
        yield Hit(hypothesis.id, "it does not say why the change should work", span=hypothesis.spans.get("change"))


def _timebox(hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    if hypothesis.timebox is None:
        yield Hit(hypothesis.id, "it does not say by when", span=hypothesis.spans.get("metric"))


_FULL = (
    "We believe that showing three picks for subscribers on TV will increase next-episode starts by at least 2 % "
    "within 14 days because viewers leave when nothing is offered."
)

RULES: tuple[Rule[Hypothesis], ...] = (
    Rule(
        code="EXP101",
        name="change",
        severity="error",
        summary="A hypothesis names the change.",
        rationale="Without a change there is a forecast, and nothing that could be tried or left.",
        source="Gothelf & Seiden 2013, Lean UX, ch. 4",
        profiles=_PROFILES,
        hint="begin with what you will do: 'We believe that showing three picks …'",
        failing="Conversion will increase by 3 % within a month.",
        passing=_FULL,
        check=_change,
    ),
    Rule(
        code="EXP103",
        name="audience",
        severity="warning",
        summary="A hypothesis says for whom.",
        rationale="An effect on everybody is seldom meant and seldom found; the audience decides who is counted.",
        source="Gothelf & Seiden 2013, Lean UX, ch. 4",
        profiles=_PROFILES,
        hint="add 'for <whom>' after the change",
        failing="Adding a progress bar will increase sign-up completion by 10 % in 30 days.",
        passing=_FULL,
        check=_audience,
    ),
    Rule(
        code="EXP106",
        name="direction",
        severity="error",
        summary="A hypothesis says which way the metric moves.",
        rationale="'Affects' is right whatever happens.",
        source="Popper 1959, The Logic of Scientific Discovery, section 6",
        profiles=_PROFILES,
        hint="say increase, decrease, or does not fall",
        failing="Shorter lessons for adult learners will affect the completion rate.",
        passing=_FULL,
        check=_direction,
    ),
    Rule(
        code="EXP107",
        name="threshold",
        severity="error",
        summary="A hypothesis gives the smallest effect worth having, as a number.",
        rationale="The number decides how many units are needed, and when 'real' is still 'too small'.",
        source="Cohen 1988, Statistical Power Analysis, ch. 1",
        profiles=_PROFILES,
        hint="add 'by at least …', with a unit; say whether it is relative (2 %) or absolute (2 points)",
        failing="Gift wrapping for parents will increase average order value.",
        passing=_FULL,
        check=_threshold,
    ),
    Rule(
        code="EXP108",
        name="reason",
        severity="warning",
        summary="A hypothesis says why.",
        rationale="The reason is what is learned when the number disappoints.",
        source="Of 987 hypotheses read by one vendor, 15 % gave a reason",
        profiles=_PROFILES,
        hint="add 'because …'",
        failing="One-page checkout for guests will increase completed orders by 4 % within 14 days.",
        passing=_FULL,
        check=_reason,
    ),
    Rule(
        code="EXP109",
        name="timebox",
        severity="warning",
        summary="A hypothesis says by when.",
        rationale="Without an end, every disappointment is 'not yet'.",
        source="Gothelf & Seiden 2013, Lean UX, ch. 4",
        profiles=_PROFILES,
        hint="add 'within …' or 'by the end of …'",
        failing="A wish list for gift buyers will increase return visits by 7 %.",
        passing=_FULL,
        check=_timebox,
    ),
)
