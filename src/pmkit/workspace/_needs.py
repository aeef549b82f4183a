"""What the surveys of a product say about its needs: scores with intervals, and which are underserved."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Undefined, Value, normalized_id, quoted, unknown_id
from pmkit.workspace._model import Workspace
from pmkit.workspace._surveys import Survey, records_of

if TYPE_CHECKING:
    import numpy as np

    from pmkit.jtbd import OpportunityScore, OpportunityScores, SchemeName, Tally, ZoneScheme

__all__ = ["MeasuredNeed", "counted_surveys", "measured_needs", "need_scores", "need_tally"]

# What was found last: checks, next actions and every trace of one product ask for the same.
_latest: list[tuple[tuple[Survey, ...], tuple[MeasuredNeed, ...]] | None] = [None]
LIKELY = 0.5
SURE = 0.95
_EVERYONE = "everyone"


def counted_surveys(workspace: Workspace, *, surveys: Collection[str] = ()) -> tuple[Survey, ...]:
    """Choose the waves whose counts are added up.

    Parameters
    ----------
    workspace : Workspace
    surveys : collection of str
        The ids of the waves that are wanted. Without it: every wave that no other supersedes and that was asked
        on the terms of the newest (scale, what counts as high, denominator).

    Returns
    -------
    tuple of Survey
        In the order of the file.

    Raises
    ------
    UnknownIdError
        When no survey has one of the ids.
    InvalidValueError
        When waves that are wanted were asked on different terms.

    Examples
    --------
    >>> from pmkit.workspace import Answers
    >>> counts = {"everyone": {"find": Answers(high_low=190, high_high=80)}}
    >>> old = Survey(id="spring", counts=counts)
    >>> new = Survey(id="autumn", counts=counts, supersedes=["spring"])
    >>> [wave.id for wave in counted_surveys(Workspace(surveys=[old, new]))]
    ['autumn']
    """
    wanted = [surveys] if isinstance(surveys, str) else list(surveys)
    known = {survey.id: survey for survey in workspace.surveys}
    for identifier in wanted:
        if identifier not in known:
            raise unknown_id("survey", identifier, known)
    if wanted:
        chosen = tuple(survey for survey in workspace.surveys if survey.id in wanted)
        other = next((survey for survey in chosen if terms(survey) != terms(chosen[0])), None)
        if other is not None:
            message = (
                f"surveys {quoted(chosen[0].id)} and {quoted(other.id)} do not add: {difference(chosen[0], other)}"
            )
            raise InvalidValueError(message, field="surveys")
        return chosen
    current = standing_surveys(workspace)
    newest = newest_of(current)
    return tuple(survey for survey in current if newest is not None and terms(survey) == terms(newest))


def standing_surveys(workspace: Workspace) -> tuple[Survey, ...]:
    """Return the waves that no other wave supersedes."""
    replaced = {old for survey in workspace.surveys for old in survey.supersedes if old != survey.id}
    return tuple(survey for survey in workspace.surveys if survey.id not in replaced)


def newest_of(surveys: Collection[Survey]) -> Survey | None:
    """Return the wave with the latest date; of those with one date, or without any, the last in the file."""
    dated = [survey for survey in surveys if survey.date is not None]
    latest = max((survey.date for survey in dated if survey.date is not None), default=None)
    return next((survey for survey in reversed([*surveys]) if survey.date == latest), None)


def terms(survey: Survey) -> tuple[object, ...]:
    """Return what must be the same for counts of two waves to add up."""
    return (survey.lowest, survey.highest, survey.high, survey.denominator)


def difference(one: Survey, other: Survey) -> str:
    """Say in which of their terms two waves differ."""
    names = ("lowest", "highest", "high", "denominator")
    pairs = zip(names, terms(one), terms(other), strict=True)
    return ", ".join(f"{name} is {_shown(mine)} and {_shown(its)}" for name, mine, its in pairs if mine != its)


def _shown(term: object) -> str:
    return str(term) if isinstance(term, int) else quoted(term)


def need_tally(workspace: Workspace, *, surveys: Collection[str] = (), by_segment: bool = False) -> Tally | None:
    """Add up the waves of a product's surveys.

    Parameters
    ----------
    workspace : Workspace
    surveys : collection of str
        As for `counted_surveys`.
    by_segment : bool
        Whether segments stay apart; else they are put together as one, ``"everyone"``.

    Returns
    -------
    Tally or None
        None when nothing was measured.

    Raises
    ------
    UnknownIdError, InvalidValueError
        As `counted_surveys` does.

    Examples
    --------
    >>> from pmkit.workspace import Answers
    >>> wave = Survey(id="autumn", counts={"new": {"find": Answers(high_low=30)}, "old": {"find": Answers(high_low=9)}})
    >>> need_tally(Workspace(surveys=[wave]))["find"]["high_low"]
    39.0
    """
    from pmkit.jtbd import Tally

    names: dict[tuple[str, str], str] = {}
    records: list[dict[str, object]] = []
    for survey in counted_surveys(workspace, surveys=surveys):
        for record in records_of(survey):
            need, segment = str(record["outcome"]), str(record["segment"]) if by_segment else _EVERYONE
            record["outcome"] = names.setdefault(("need", normalized_id(need)), need)
            record["segment"] = names.setdefault(("segment", normalized_id(segment)), segment)
            records.append(record)
    return Tally.from_records(records) if records else None


def need_scores(
    workspace: Workspace,
    *,
    surveys: Collection[str] = (),
    by_segment: bool = False,
    confidence: float = 0.95,
    method: Literal["posterior", "bootstrap", "delta"] = "posterior",
    scheme: SchemeName | ZoneScheme = "ulwick",
    repetitions: int = 2000,
    seed: int | np.random.Generator = 0,
) -> OpportunityScores | None:
    """Score the needs of a product by its surveys.

    Parameters
    ----------
    workspace : Workspace
    surveys : collection of str
        As for `counted_surveys`.
    by_segment : bool
        Whether segments stay apart. Together, each person counts once: where one segment was asked more often than
        it is common, look at the segments.
    confidence, method, scheme, repetitions, seed
        As for `pmkit.jtbd.opportunity_scores`.

    Returns
    -------
    OpportunityScores or None
        Named by the ids of needs; None when nothing was measured.

    Raises
    ------
    UnknownIdError, InvalidValueError
        As `counted_surveys` does, and for an option out of range.

    Examples
    --------
    >>> from pmkit.workspace import Answers
    >>> answers = Answers(high_high=80, high_low=190, low_high=10, low_low=20)
    >>> scores = need_scores(Workspace(surveys=[Survey(id="autumn", counts={"everyone": {"find": answers}})]))
    >>> scores["find"].score, scores["find"].n
    (15.0, 300)
    """
    from pmkit.jtbd import opportunity_scores

    counts = need_tally(workspace, surveys=surveys, by_segment=by_segment)
    if counts is None:
        return None
    return opportunity_scores(
        counts, confidence=confidence, method=method, scheme=scheme, repetitions=repetitions, seed=seed
    )


@attrs.frozen(kw_only=True)
class MeasuredNeed(Value):
    """What the surveys say of one need.

    Attributes
    ----------
    need : str
        Its id.
    score : OpportunityScore
        Over all segments, in the zones of Ulwick's landscape.
    underserved : float or Undefined
        How probable it is that the need is underserved: that its score is 10 or more, and that it matters to more
        people than are satisfied.
    segments : tuple of str
        The segments in which it is underserved with 95 % probability or more, where there are several.
    surveys : tuple of str
        The ids of the waves that asked about it and are counted.

    Examples
    --------
    >>> from pmkit.workspace import Answers
    >>> new, old = Answers(high_low=30, low_high=2), Answers(low_high=90, high_high=90)
    >>> wave = Survey(id="autumn", counts={"new": {"find": new}, "old": {"find": old}})
    >>> (found,) = measured_needs(Workspace(surveys=[wave]))
    >>> found.segments, found.surveys
    (('new',), ('autumn',))
    """

    need: str
    score: OpportunityScore
    underserved: float | Undefined
    segments: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """How probable it is that the need is underserved; 0 where nobody can say."""
        return self.underserved if isinstance(self.underserved, float) else 0.0

    def summary(self) -> str:
        """Say the score, what the sample leaves open, and how sure it is that the need is underserved.

        Returns
        -------
        str
        """
        told = self.score
        if isinstance(told.score, Undefined) or isinstance(self.underserved, Undefined):
            return f"has no score: {told.score.reason if isinstance(told.score, Undefined) else 'no data'}"
        lower, upper = told.interval
        apart = self.segments if self.underserved < SURE else ()
        where = f", but almost surely in {' and in '.join(map(quoted, apart))}" if apart else ""
        return (
            f"scores {told.score:.1f} of 20 ({lower:.1f} to {upper:.1f}, n = {told.n:,}); "
            f"{_likely(self.underserved)} to be underserved{where}"
        )


def _likely(chance: float) -> str:
    if chance > 0.995:  # noqa: PLR2004 - what would be written as 100 %
        return "over 99 % likely"
    return f"{chance:.0%} likely".replace("%", " %") if chance >= 0.005 else "under 1 % likely"  # noqa: PLR2004


def measured_needs(workspace: Workspace) -> tuple[MeasuredNeed, ...]:
    """Say of every measured need how surely it is underserved.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    tuple of MeasuredNeed
        The surest first, then by score; ties in the order of the surveys.

    Raises
    ------
    InvalidValueError
        When all waves together count more people than a tally can hold (1e15 in a cell).

    References
    ----------
    Ulwick (2005), *What Customers Want*, chapter 3: a score of 10 or more marks an underserved need. The probability
    is the share of posterior draws (see `pmkit.jtbd.opportunity_scores`).

    Examples
    --------
    >>> from pmkit.workspace import Answers
    >>> answers = Answers(high_high=80, high_low=190, low_high=10, low_low=20)
    >>> (found,) = measured_needs(Workspace(surveys=[Survey(id="autumn", counts={"everyone": {"find": answers}})]))
    >>> found.underserved, found.summary()
    (1.0, 'scores 15.0 of 20 (14.0 to 15.8, n = 300); over 99 % likely to be underserved')
    """
    remembered = _latest[0]
    if remembered is None or remembered[0] is not workspace.surveys:
        remembered = (workspace.surveys, _measured(workspace))
        _latest[0] = remembered
    return remembered[1]


def _measured(workspace: Workspace) -> tuple[MeasuredNeed, ...]:
    scores = need_scores(workspace, scheme="landscape")
    if scores is None:
        return ()
    apart = _segments(workspace)
    asked: dict[str, list[str]] = {}
    for survey in counted_surveys(workspace):
        for need in survey.needs:
            asked.setdefault(normalized_id(need), []).append(survey.id)
    found = [
        MeasuredNeed(
            need=need,
            score=scores[need],
            underserved=_underserved(scores[need]),
            segments=tuple(apart.get(need, ())),
            surveys=tuple(asked[normalized_id(need)]),
        )
        for need in scores.outcomes
    ]
    return tuple(sorted(found, key=lambda one: (-one.chance, -_number(one.score.score))))


def _underserved(score: OpportunityScore) -> float | Undefined:
    if isinstance(score.score, Undefined):
        return score.score
    return score.zone_probability["underserved"]


def _number(score: float | Undefined) -> float:
    return score if isinstance(score, float) else -1.0


def _segments(workspace: Workspace) -> dict[str, list[str]]:
    """Find the segments in which needs are almost surely underserved; none where there is one segment."""
    if len({segment for survey in counted_surveys(workspace) for segment in survey.counts}) == 1:
        return {}
    scores = need_scores(workspace, scheme="landscape", by_segment=True)
    found: dict[str, list[str]] = {}
    for need in scores.outcomes if scores is not None else ():
        for segment in scores.segments if scores is not None else ():
            chance = _underserved(scores[need, segment]) if scores is not None else 0.0
            if isinstance(chance, float) and chance >= SURE:
                found.setdefault(need, []).append(segment)
    return found
