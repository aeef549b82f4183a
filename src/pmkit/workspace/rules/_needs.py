"""WSP106 and WSP117: needs that nothing serves, and surveys that do not count."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.workspace._discovery import Measured, unnamed_needs
from pmkit.workspace._model import Workspace
from pmkit.workspace._needs import SURE, difference, newest_of, standing_surveys, terms

__all__ = ["NEED_WITHOUT_OPPORTUNITY", "SURVEY_LEFT_OUT"]

_BOTH = ("default", "strict")


def _needs(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    unnamed = unnamed_needs(workspace)
    if not unnamed:
        return
    certainty = settings.limit("certainty", SURE)
    measured = Measured.of(workspace).needs
    for need in unnamed:
        found = measured.get(need)
        if found is None and workspace.tree is not None:
            asked = ", and no survey asked about it" if measured else ""
            yield Hit(need, f"is a need that no opportunity of the tree names{asked}")
        elif found is not None and (found.chance > 1 - certainty or not isinstance(found.underserved, float)):
            surely = found.chance >= certainty or bool(found.segments)
            message = f"{found.summary()}, and no opportunity of the tree names it"
            yield Hit(need, message, severity="warning" if surely else None)


def _left_out(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    standing = standing_surveys(workspace)
    newest = newest_of(standing)
    if newest is None:
        for survey in workspace.surveys:
            yield Hit(survey.id, "counts for nothing, as does every other wave: they supersede each other in a circle")
        return
    for survey in standing:
        if terms(survey) != terms(newest):
            told = f"was asked on other terms than the newest wave {quoted(newest.id)}"
            yield Hit(survey.id, f"{told}, and is not counted: {difference(survey, newest)}")


NEED_WITHOUT_OPPORTUNITY: Rule[Workspace] = Rule(
    code="WSP106",
    name="need-without-opportunity",
    severity="information",
    summary="A need that may be underserved is named by an opportunity of the tree.",
    rationale="A need that was measured, found underserved and put on no opportunity was measured for nothing. "
    "Where a survey says with 95 % probability that a need is underserved (a score of 10 or more), in all segments "
    "together or in one of them, this is a warning; where it says with as much probability that it is not, nothing "
    "is to be done. The limit `certainty` sets another probability.",
    source="Ulwick 2005, ch. 3, and Torres 2021, ch. 5, joined; the probability is pmkit's own",
    profiles=_BOTH,
    check=_needs,
    hint="name it under the outcomes of an opportunity",
    failing="a survey that finds need n7 underserved, and no opportunity with outcomes: [n7]",
    passing="opportunity find with outcomes: [n7]",
)

SURVEY_LEFT_OUT: Rule[Workspace] = Rule(
    code="WSP117",
    name="survey-left-out",
    severity="warning",
    summary="Waves of a survey are counted together, or one supersedes the other.",
    rationale="Counts add up only when they were asked alike: one scale, one line between low and high, one "
    "denominator. A wave on other terms than the newest is not counted, and nobody should find that out by chance.",
    source="pmkit's own convention",
    profiles=_BOTH,
    check=_left_out,
    hint="name the older wave under supersedes of the newer one, or take it out",
    failing="a wave with highest: 7 before one with highest: 5",
    passing="supersedes: [spring] on the newer wave",
)
