"""The parts of a product that are no room of their own: goals, stated jobs and needs, experiments, feedback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments import Plan
from pmkit.model import Value, frozen_mapping, quoted
from pmkit.model import _fields as fields

__all__ = [
    "Cell",
    "Experiment",
    "Feedback",
    "Goal",
    "Horizon",
    "Look",
    "RecordedDecision",
    "RoadmapItem",
    "StatedHypothesis",
    "StatedJob",
    "StatedNeed",
    "Waiver",
]

Horizon = Literal["now", "next", "later"]
FeedbackKind = Literal["request", "complaint", "praise", "story", "question"]
DecisionVerdict = Literal["declare victory", "iterate", "roll back", "keep running", "invalid"]

_LONGEST_HYPOTHESIS = 2_000  # what `experiments.parse_hypothesis` reads
_number = fields.optional(fields.number())
_count = fields.optional(fields.number(0))


@attrs.frozen(kw_only=True)
class Goal:
    """What the product is for: an objective or key result that outcomes serve.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    title : str
        What should be true.
    metric, unit : str
        How it is measured.
    baseline, target : float or None
        Where it is and where it should be, in `unit`.
    by : date or None
        By when.

    Examples
    --------
    >>> Goal(id="keep", title="Players come back", metric="day-7 return", target=0.2).target
    0.2
    """

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(validator=fields.title)
    metric: str = attrs.field(default="", validator=fields.text)
    unit: str = attrs.field(default="", validator=fields.text)
    baseline: float | None = attrs.field(default=None, validator=_number)
    target: float | None = attrs.field(default=None, validator=_number)
    by: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)


@attrs.frozen(kw_only=True)
class StatedJob:
    """A job to be done, in words.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    text : str
        The statement, such as ``"find something to watch on a weekday evening"``.
    goal : str
        The id of the goal that getting it done serves.

    Examples
    --------
    >>> StatedJob(id="unwind", text="Unwind after work").text
    'Unwind after work'
    """

    id: str = attrs.field(validator=fields.identifier)
    text: str = attrs.field(validator=fields.title)
    goal: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class StatedNeed:
    """A desired outcome, in words.

    Attributes
    ----------
    id : str
        Unique in the workspace; also its name in the survey.
    text : str
        The statement, such as ``"Minimize the time it takes to find an episode"``.
    job : str
        The id of the job it measures.
    step : str
        The job-map step it belongs to.

    Examples
    --------
    >>> StatedNeed(id="n1", text="Minimize the time it takes to find an episode", job="unwind").job
    'unwind'
    """

    id: str = attrs.field(validator=fields.identifier)
    text: str = attrs.field(validator=fields.title)
    job: str = attrs.field(default="", validator=fields.text)
    step: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class StatedHypothesis:
    """A hypothesis, in words.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    text : str
        The whole sentence, of at most 2,000 characters.
    serves : str
        The id of the solution, assumption or test it belongs to.
    need : str
        The id of the desired outcome whose metric it should move.

    Examples
    --------
    >>> StatedHypothesis(id="h1", text="We believe that …", serves="picks").serves
    'picks'
    """

    id: str = attrs.field(validator=fields.identifier)
    text: str = attrs.field(validator=fields.short_title(_LONGEST_HYPOTHESIS))
    serves: str = attrs.field(default="", validator=fields.text)
    need: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Cell:
    """What was measured of one metric in one variant, as published or exported.

    Attributes
    ----------
    n : int
        Units.
    successes : int or None
        For a proportion: how many did it.
    mean, variance : float or None
        For a mean: both.

    Examples
    --------
    >>> Cell(n=44_700, successes=8_502).successes
    8502
    """

    n: int = attrs.field(validator=fields.whole())
    successes: int | None = attrs.field(default=None, validator=fields.optional(fields.whole()))
    mean: float | None = attrs.field(default=None, validator=_number)
    variance: float | None = attrs.field(default=None, validator=_count)

    def __attrs_post_init__(self) -> None:
        if (self.successes is None) == (self.mean is None):
            raise InvalidValueError("a measured cell needs n with successes, or n with mean and variance", field="n")
        if self.successes is not None and self.successes > self.n:
            message = f"successes ({self.successes}) cannot be more than n ({self.n})"
            raise InvalidValueError(message, field="successes")
        if self.mean is not None and self.variance is None:
            raise InvalidValueError("a measured mean needs its variance", field="variance")


def _frozen_cells(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return frozen_mapping(
        {variant: frozen_mapping(row) if isinstance(row, Mapping) else row for variant, row in value.items()}
    )


def _cells(_: object, __: fields.Named, value: object) -> None:
    rows = value.values() if isinstance(value, Mapping) else (None,)
    if not all(isinstance(row, Mapping) and all(isinstance(cell, Cell) for cell in row.values()) for row in rows):
        raise InvalidValueError(
            f"Look.counts must map variants to metrics to cells, not {quoted(value)}", field="counts"
        )


@attrs.frozen(kw_only=True)
class Look(Value):
    """One look at an experiment's data.

    Attributes
    ----------
    date : date or None
        When the data were read.
    counts : mapping of str to mapping of str to Cell
        By variant, then by metric name.
    units : mapping of str to int
        Units by variant, where no metric counts them all.

    Examples
    --------
    >>> look = Look(date="2026-11-22", counts={"control": {"bought": Cell(n=10, successes=2)}})
    >>> look.counts["control"]["bought"].n
    10
    """

    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    counts: Mapping[str, Mapping[str, Cell]] = attrs.field(factory=dict, converter=_frozen_cells, validator=_cells)
    units: Mapping[str, int] = attrs.field(factory=dict, converter=frozen_mapping)


@attrs.frozen(kw_only=True)
class RecordedDecision:
    """What was decided on a result.

    Attributes
    ----------
    verdict : DecisionVerdict
        ``"declare victory"``, ``"iterate"``, ``"roll back"``, ``"keep running"`` or ``"invalid"``.
    date : date or None
        When.
    by : str
        The id of the team or role that decided.
    note : str
        What follows from it.

    Examples
    --------
    >>> RecordedDecision(verdict="roll back", date="2026-11-22").verdict
    'roll back'
    """

    verdict: DecisionVerdict = attrs.field(validator=fields.one_of(get_args(DecisionVerdict)))
    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    by: str = attrs.field(default="", validator=fields.text)
    note: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Experiment:
    """An experiment from its plan to the decision.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    title : str
        For people.
    hypothesis : str
        The id of the hypothesis it tests.
    plan : Plan
        The decision rule.
    registered : str
        The plan's digest, as registered before the data.
    registered_on : date or None
        When it was registered.
    started : date or None
        The first day.
    looks : tuple of Look
        What was read, oldest first.
    decision : RecordedDecision or None
        What was decided.

    Examples
    --------
    >>> from pmkit.experiments import Plan, proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> Experiment(id="e1", plan=plan, registered=plan.digest).decision is None
    True
    """

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(default="", validator=fields.text)
    hypothesis: str = attrs.field(default="", validator=fields.text)
    plan: Plan = attrs.field(validator=fields.of_type(Plan, "a plan"))
    registered: str = attrs.field(default="", validator=fields.text)
    registered_on: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    started: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    looks: tuple[Look, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=fields.tuple_of(fields.of_type(Look, "a look"))
    )
    decision: RecordedDecision | None = attrs.field(
        default=None, validator=fields.optional(fields.of_type(RecordedDecision, "a decision"))
    )


@attrs.frozen(kw_only=True)
class Feedback:
    """Something a customer said without being asked.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    text : str
        In their words.
    kind : FeedbackKind
        ``"request"``, ``"complaint"``, ``"praise"``, ``"story"`` or ``"question"``.
    participant : str
        The id of who said it; never a name.
    source : str
        Where it can be found.
    date : date or None
        When.
    about : tuple of str
        The ids of what it speaks to: opportunities, needs, solutions.

    Examples
    --------
    >>> Feedback(id="f1", text="I never find the next episode", about=["find"]).about
    ('find',)
    """

    id: str = attrs.field(validator=fields.identifier)
    text: str = attrs.field(validator=fields.title)
    kind: FeedbackKind = attrs.field(default=fields.word("story"), validator=fields.one_of(get_args(FeedbackKind)))
    participant: str = attrs.field(default="", validator=fields.text)
    source: str = attrs.field(default="", validator=fields.text)
    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    about: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )


@attrs.frozen(kw_only=True)
class RoadmapItem:
    """Something planned, by how near it is.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    title : str
        What is planned.
    horizon : Horizon
        ``"now"``, ``"next"`` or ``"later"``.
    serves : tuple of str
        The ids of the opportunities or solutions it is for.
    team : str
        The id of the team that leads it.

    Examples
    --------
    >>> RoadmapItem(id="r1", title="Picks after an episode", horizon="now", serves=["picks"]).horizon
    'now'
    """

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(validator=fields.title)
    horizon: Horizon = attrs.field(default=fields.word("later"), validator=fields.one_of(get_args(Horizon)))
    serves: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )
    team: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True)
class Waiver:
    """A finding that the team accepts, and until when.

    Attributes
    ----------
    code : str
        The rule's code.
    subject : str
        The id it is about; every subject when empty.
    because : str
        Why it is accepted.
    until : date or None
        The last day on which it holds; for ever when None.

    Examples
    --------
    >>> Waiver(code="OST106", subject="find", because="two more next week", until="2026-11-30").code
    'OST106'
    """

    code: str = attrs.field(validator=fields.identifier)
    subject: str = attrs.field(default="", validator=fields.text)
    because: str = attrs.field(validator=fields.title)
    until: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
