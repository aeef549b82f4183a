"""Jobs-as-Progress: the forces around a switch, and its timeline."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.jtbd._map import JobMap
from pmkit.jtbd._statements import DesiredOutcome, EmotionalJob, Job, JobStory
from pmkit.model import Table, quoted
from pmkit.model import _fields as fields

__all__ = [
    "FORCES",
    "MOMENTS",
    "Balance",
    "Force",
    "Forces",
    "Intervals",
    "Moment",
    "School",
    "SwitchTimeline",
    "balance",
    "intervals",
    "school",
]

FORCES: tuple[str, ...] = ("push", "pull", "anxiety", "habit")
"""The four forces; the first two drive a switch, the last two hold it back."""

MOMENTS: tuple[str, ...] = (
    "first_thought",
    "passive_looking",
    "active_looking",
    "deciding",
    "first_use",
    "ongoing_use",
)
"""The moments of a switch, in their order."""

School = Literal["activities", "progress"]
"""``"activities"``: people execute jobs (Ulwick). ``"progress"``: people switch to make progress (Moesta, Klement)."""


@attrs.frozen
class Force:
    """One thing that pushes, pulls, worries or holds.

    Attributes
    ----------
    text : str
        In the customer's words.
    strength : float
        From 0 up, on any scale that is the same for all forces.

    Examples
    --------
    >>> Force("The old bike rusts", 3).strength
    3
    """

    text: str = attrs.field(default="", validator=fields.text)
    strength: float = attrs.field(default=1.0, validator=fields.number(0))


def _to_force(value: object) -> Force:
    if isinstance(value, Force):
        return value
    if isinstance(value, str):
        return Force(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Force("", value)
    if isinstance(value, (tuple, list)) and len(value) == 2:  # noqa: PLR2004 - text and strength
        return Force(*value)
    raise InvalidValueError(f"a force must be a Force, a text, a strength, or both as a pair, not {quoted(value)}")


def _to_forces(value: object) -> tuple[Force, ...]:
    if isinstance(value, (str, int, float, Force)) or not isinstance(value, Iterable):
        return (_to_force(value),)
    return tuple(_to_force(member) for member in value)


@attrs.frozen(kw_only=True)
class Forces:
    """The forces around one switch (Moesta 2020, Demand-Side Sales 101, ch. 2).

    Attributes
    ----------
    push : tuple of Force
        What is wrong with the present way. A number stands for one force of that strength.
    pull : tuple of Force
        What attracts in the new way.
    anxiety : tuple of Force
        What worries about the new way.
    habit : tuple of Force
        What binds to the present way.

    Examples
    --------
    >>> forces = Forces(push=[("The old bike rusts", 3)], pull=["Lighter frame"], anxiety=2, habit=())
    >>> balance(forces).net
    2.0
    """

    push: tuple[Force, ...] = attrs.field(default=(), converter=_to_forces)
    pull: tuple[Force, ...] = attrs.field(default=(), converter=_to_forces)
    anxiety: tuple[Force, ...] = attrs.field(default=(), converter=_to_forces)
    habit: tuple[Force, ...] = attrs.field(default=(), converter=_to_forces)


@attrs.frozen(kw_only=True)
class Balance:
    """The forces added up.

    Attributes
    ----------
    push, pull, anxiety, habit : float
        Sums of strengths.
    net : float
        Push plus pull, minus anxiety, minus habit.
    switch : bool
        Whether `net` is above zero; at zero people stay.

    Examples
    --------
    >>> balance(Forces(push=3, pull=2, anxiety=3, habit=2)).switch
    False
    """

    push: float
    pull: float
    anxiety: float
    habit: float
    net: float
    switch: bool


def balance(forces: Forces) -> Balance:
    """Weigh what drives a switch against what holds it back.

    People switch when push + pull > anxiety + habit. Strengths are judgments: the sign says more
    than the size.

    Parameters
    ----------
    forces : Forces

    Returns
    -------
    Balance

    Raises
    ------
    InvalidValueError
        When `forces` are none, or too large to add.

    Examples
    --------
    >>> result = balance(Forces(push=4, pull=3, anxiety=1, habit=2))
    >>> result.net, result.switch
    (4.0, True)
    """
    if not isinstance(forces, Forces):
        raise InvalidValueError(f"forces must be Forces, not {quoted(forces)}")
    sides = {name: [float(force.strength) for force in getattr(forces, name)] for name in FORCES}
    signed = [*sides["push"], *sides["pull"], *(-value for value in (*sides["anxiety"], *sides["habit"]))]
    try:
        net = math.fsum(signed)
        totals = {name: math.fsum(values) for name, values in sides.items()}
    except OverflowError:
        raise InvalidValueError("the strengths are too large to add") from None
    return Balance(net=net, switch=net > 0, **totals)


@attrs.frozen(kw_only=True)
class Moment:
    """One moment of a switch.

    Attributes
    ----------
    what : str
        What happened.
    on : date or None
        When; ISO 8601 text is read.

    Examples
    --------
    >>> Moment(what="The chain snapped", on="2026-03-02").on
    datetime.date(2026, 3, 2)
    """

    what: str = attrs.field(validator=fields.title)
    on: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)


def _to_moment(value: Moment | str | None) -> Moment | None:
    return Moment(what=value) if isinstance(value, str) else value


_moment = fields.optional(fields.of_type(Moment, "a moment or its text"))


@attrs.frozen(kw_only=True)
class SwitchTimeline:
    """How one person came to switch (Moesta 2020, Demand-Side Sales 101, ch. 3).

    Attributes
    ----------
    first_thought, passive_looking, active_looking, deciding, first_use, ongoing_use : Moment or None
        What happened at each moment; a text will do. Dates must not run backward.
    participant : str
        The id of who told it; never a name.

    Examples
    --------
    >>> timeline = SwitchTimeline(
    ...     first_thought=Moment(what="The chain snapped", on="2026-03-02"),
    ...     deciding=Moment(what="The repair cost more than the bike", on="2026-05-01"), participant="p07")
    >>> [row["days"] for row in intervals(timeline).to_dicts()]
    [60]
    """

    first_thought: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    passive_looking: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    active_looking: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    deciding: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    first_use: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    ongoing_use: Moment | None = attrs.field(default=None, converter=_to_moment, validator=_moment)
    participant: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        for earlier, later in itertools.pairwise(self._dated()):
            if later[1] < earlier[1]:
                message = f"the timeline runs backward: {later[0]} on {later[1]} is before {earlier[0]} on {earlier[1]}"
                raise InvalidValueError(message)

    def _dated(self) -> list[tuple[str, dt.date]]:
        found = ((name, getattr(self, name)) for name in MOMENTS)
        return [(name, moment.on) for name, moment in found if moment is not None and moment.on is not None]


@attrs.frozen(kw_only=True)
class Intervals(Table):
    """The time between the dated moments of a switch.

    Attributes
    ----------
    rows : tuple of (str, str, int)
        From one dated moment to the next, in days.

    Examples
    --------
    >>> intervals(SwitchTimeline()).rows
    ()
    """

    rows: tuple[tuple[str, str, int], ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each pair of neighboring dated moments."""
        return [{"from": start, "to": end, "days": days} for start, end, days in self.rows]


def intervals(timeline: SwitchTimeline) -> Intervals:
    """Tell how long each stretch of a switch took.

    Parameters
    ----------
    timeline : SwitchTimeline

    Returns
    -------
    Intervals
        Days between neighboring moments that have dates.

    Examples
    --------
    >>> intervals(SwitchTimeline(first_thought="The chain snapped")).rows
    ()
    """
    dated = timeline._dated()  # noqa: SLF001 - of this module
    return Intervals(rows=tuple((a, b, (end - start).days) for (a, start), (b, end) in itertools.pairwise(dated)))


def school(value: Job | DesiredOutcome | EmotionalJob | JobMap | JobStory | Forces | SwitchTimeline) -> School:
    """Tell to which school of thought a value belongs; the two are kept apart.

    Jobs-as-Activities (Ulwick): jobs, outcomes, job maps; people execute jobs, needs are measured.
    Jobs-as-Progress (Moesta, Klement): job stories, forces, timelines; people switch to make progress.

    Parameters
    ----------
    value : statement or structure

    Returns
    -------
    School

    Raises
    ------
    InvalidValueError
        For anything else.

    Examples
    --------
    >>> school(Job(verb="prune", object="the roses")), school(Forces())
    ('activities', 'progress')
    """
    if isinstance(value, (JobStory, Forces, SwitchTimeline)):
        return "progress"
    if isinstance(value, (Job, DesiredOutcome, EmotionalJob, JobMap)):
        return "activities"
    raise InvalidValueError(f"{quoted(value)} belongs to no school of jobs to be done")
