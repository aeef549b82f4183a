"""The five kinds of node in an opportunity solution tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, TypeAlias, cast, get_args

import attrs

from pmkit.model import Evidence
from pmkit.model import _fields as fields
from pmkit.ost._criterion import Criterion, structured, to_criterion
from pmkit.trees import Node

__all__ = [
    "Assumption",
    "AssumptionTest",
    "Category",
    "Level",
    "Need",
    "Opportunity",
    "OstNode",
    "Outcome",
    "Solution",
    "SolutionStatus",
    "TestStatus",
    "Verdict",
]

Level = Literal["business", "product", "traction"]
Need = Literal["need", "pain point", "desire"]
SolutionStatus = Literal["idea", "considering", "testing", "building", "shipped", "dropped"]
Category = Literal["desirability", "usability", "feasibility", "viability", "ethical"]
TestStatus = Literal["planned", "running", "done"]
Verdict = Literal["supported", "refuted", "inconclusive"]

_IDEA: Any = "idea"  # Any, as type checkers widen a literal that is handed to attrs
_PLANNED: Any = "planned"

_number = fields.optional(fields.number())
_amount = fields.optional(fields.number(0))
_share = fields.optional(fields.probability)


def _frequency(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, str):
        _amount(instance, attribute, value)


def _words(vocabulary: object) -> fields.Validator:
    return fields.optional(fields.one_of(get_args(vocabulary)))


def _one(given: object) -> object:
    return structured(Evidence, cast("Mapping[str, object]", given)) if isinstance(given, Mapping) else given


def _to_evidence(
    value: Iterable[Evidence | Mapping[str, object]] | Evidence | Mapping[str, object] | None,
) -> tuple[Evidence, ...]:
    if value is None:
        return ()
    one = isinstance(value, (Evidence, Mapping))
    members: object = (value,) if one else fields.to_tuple(cast("Iterable[object]", value))
    if isinstance(members, tuple):
        given = cast("tuple[Evidence | dict[str, object], ...]", members)
        members = tuple(each if isinstance(each, Evidence) else _one(each) for each in given)
    return cast("tuple[Evidence, ...]", members)  # what it may not hold, the validator refuses


_evidence = fields.tuple_of(fields.of_type(Evidence, "evidence"))


@attrs.frozen(kw_only=True, weakref_slot=False)
class _OstNode(Node):
    """What all five kinds have."""

    description: str = attrs.field(default="", validator=fields.text)
    owner: str = attrs.field(default="", validator=fields.text)
    tags: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.text))
    updated: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    notes: str = attrs.field(default="", validator=fields.text)
    ignore: tuple[str, ...] = attrs.field(default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.text))


@attrs.frozen(kw_only=True, weakref_slot=False)
class Outcome(_OstNode):
    """What is to change, for people or for the business.

    Torres (2021, ch. 3): business outcomes measure the business, product outcomes what
    people do with the product, traction metrics the use of one feature.

    Attributes
    ----------
    id, title : str
        See `pmkit.trees.Node`.
    description, owner, notes : str
        Free text; `owner` is an id, not a person's name.
    tags : tuple of str
    updated : date or None
        When it was last touched.
    ignore : tuple of str
        Codes of rules that this node asks to be spared.
    level : {"business", "product", "traction"} or None
    metric, unit : str
        What is measured, and in what.
    baseline, target : float or None
        Where the metric stands, and where it should be; in `unit`.
    by : date or None
        When it should be there.
    counterweight : str
        The metric that must not suffer.
    key_result : str
        The id of the key result it stands for.

    Examples
    --------
    >>> Outcome(id="watch", title="Increase weekly minutes watched", baseline=310, target=360, unit="minutes").target
    360
    """

    kind: ClassVar[str] = "outcome"

    level: Level | None = attrs.field(default=None, validator=_words(Level))
    metric: str = attrs.field(default="", validator=fields.text)
    unit: str = attrs.field(default="", validator=fields.text)
    baseline: float | None = attrs.field(default=None, validator=_number)
    target: float | None = attrs.field(default=None, validator=_number)
    by: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    counterweight: str = attrs.field(default="", validator=fields.text)
    key_result: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Opportunity(_OstNode):
    """A need, pain point or desire of a customer, as they might say it.

    Attributes
    ----------
    id, title : str
        See `pmkit.trees.Node`.
    description, owner, notes : str
        Free text; `owner` is an id, not a person's name.
    tags : tuple of str
    updated : date or None
        When it was last touched.
    ignore : tuple of str
        Codes of rules that this node asks to be spared.
    need : {"need", "pain point", "desire"} or None
    moment : str
        Its place on the experience map.
    target : bool
        Whether this is the opportunity worked on now.
    evidence : tuple of Evidence
        What it rests on; mappings are read as `Evidence`.
    reach : float or None
        How many customers have it: a count from 0 up, or a share.
    frequency : str or float or None
        How often they have it: a number of times (name the period in `notes`), or words.
    job : str
        The id of the job it comes from.
    outcomes : tuple of str
        The ids of the desired outcomes it comes from.

    Examples
    --------
    >>> Opportunity(id="find", title="I can't find something to watch", need="pain point").need
    'pain point'
    """

    kind: ClassVar[str] = "opportunity"

    need: Need | None = attrs.field(default=None, validator=_words(Need))
    moment: str = attrs.field(default="", validator=fields.text)
    target: bool = attrs.field(default=False, validator=fields.flag)
    evidence: tuple[Evidence, ...] = attrs.field(default=(), converter=_to_evidence, validator=_evidence)
    reach: float | None = attrs.field(default=None, validator=_amount)
    frequency: str | float | None = attrs.field(default=None, validator=_frequency)
    job: str = attrs.field(default="", validator=fields.text)
    outcomes: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )


@attrs.frozen(kw_only=True, weakref_slot=False)
class Solution(_OstNode):
    """Something that could be built to meet an opportunity.

    Attributes
    ----------
    id, title : str
        See `pmkit.trees.Node`.
    description, owner, notes : str
        Free text; `owner` is an id, not a person's name.
    tags : tuple of str
    updated : date or None
        When it was last touched.
    ignore : tuple of str
        Codes of rules that this node asks to be spared.
    status : {"idea", "considering", "testing", "building", "shipped", "dropped"}
        Testing and building are *active*.
    value : float or None
        What it pays if all its assumptions hold; in the unit of `cost`.
    cost : float or None
        What it costs more to build it, from 0 up; in the unit of `value`.
    touches : tuple of str
        The ids of the components it changes.

    Examples
    --------
    >>> Solution(id="row", title="A row of three", status="testing").active
    True
    """

    kind: ClassVar[str] = "solution"

    status: SolutionStatus = attrs.field(default=_IDEA, validator=fields.one_of(get_args(SolutionStatus)))
    value: float | None = attrs.field(default=None, validator=_number)
    cost: float | None = attrs.field(default=None, validator=_amount)
    touches: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )

    @property
    def active(self) -> bool:
        """Whether it is being tested or built."""
        return self.status in {"testing", "building"}


@attrs.frozen(kw_only=True, weakref_slot=False)
class Assumption(_OstNode):
    """What must be true for a solution to work.

    Attributes
    ----------
    id, title : str
        See `pmkit.trees.Node`.
    description, owner, notes : str
        Free text; `owner` is an id, not a person's name.
    tags : tuple of str
    updated : date or None
        When it was last touched.
    ignore : tuple of str
        Codes of rules that this node asks to be spared.
    category : {"desirability", "usability", "feasibility", "viability", "ethical"} or None
    probability : float or None
        The belief that it is true, in [0, 1].
    importance : float or None
        How much hangs on it, in [0, 1]; 1 when the solution fails without it.
    evidence : tuple of Evidence
        What the belief rests on; mappings are read as `Evidence`.

    Examples
    --------
    >>> Assumption(id="look", title="Viewers look at the end screen", category="desirability").category
    'desirability'
    """

    kind: ClassVar[str] = "assumption"

    category: Category | None = attrs.field(default=None, validator=_words(Category))
    probability: float | None = attrs.field(default=None, validator=_share)
    importance: float | None = attrs.field(default=None, validator=_share)
    evidence: tuple[Evidence, ...] = attrs.field(default=(), converter=_to_evidence, validator=_evidence)


@attrs.frozen(kw_only=True, weakref_slot=False)
class AssumptionTest(_OstNode):
    """A test of an assumption, or of a solution as a whole.

    Attributes
    ----------
    id, title : str
        See `pmkit.trees.Node`.
    description, owner, notes : str
        Free text; `owner` is an id, not a person's name.
    tags : tuple of str
    updated : date or None
        When it was last touched.
    ignore : tuple of str
        Codes of rules that this node asks to be spared.
    method : str
        How it is tested: ``"prototype"``, ``"fake door"``, ``"interview"``.
    criterion : str or Criterion
        What counts as success, named before it runs; a mapping is read as a `Criterion`.
    status : {"planned", "running", "done"}
    cost : float or None
        From 0 up, in the unit of the solutions' `value`.
    days : float or None
        How long it takes, from 0 up.
    verdict : {"supported", "refuted", "inconclusive"} or None
    result : str
        What was seen.
    experiment : str
        The id of the experiment's plan.

    Examples
    --------
    >>> test = AssumptionTest(id="proto", title="Prototype with 12 viewers", method="prototype",
    ...     criterion=Criterion(successes=8, trials=12, rate_if_true=0.75, rate_if_false=0.5))
    >>> round(test.criterion.sensitivity, 2)
    0.84
    """

    kind: ClassVar[str] = "test"
    __test__: ClassVar[bool] = False

    method: str = attrs.field(default="", validator=fields.text)
    criterion: str | Criterion = attrs.field(
        default="", converter=to_criterion, validator=fields.of_type((str, Criterion), "text or a Criterion")
    )
    status: TestStatus = attrs.field(default=_PLANNED, validator=fields.one_of(get_args(TestStatus)))
    cost: float | None = attrs.field(default=None, validator=_amount)
    days: float | None = attrs.field(default=None, validator=_amount)
    verdict: Verdict | None = attrs.field(default=None, validator=_words(Verdict))
    result: str = attrs.field(default="", validator=fields.text)
    experiment: str = attrs.field(default="", validator=fields.text)


OstNode: TypeAlias = Outcome | Opportunity | Solution | Assumption | AssumptionTest
"""Any node of an opportunity solution tree."""
