"""The job map: eight steps, and the outcomes found in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from pmkit.errors import InvalidValueError
from pmkit.jtbd._statements import DesiredOutcome, Job
from pmkit.model import Table, Value, did_you_mean, frozen_mapping, quoted
from pmkit.model import _fields as fields

__all__ = ["STEPS", "Coverage", "JobMap", "Step", "StepCoverage", "coverage"]

Step = Literal["define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude"]
"""The steps of every job, in their order (Bettencourt & Ulwick 2008)."""

STEPS: tuple[Step, ...] = ("define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude")


def _to_steps(value: object) -> Mapping[str, tuple[str | DesiredOutcome, ...]]:
    if not isinstance(value, Mapping):
        raise InvalidValueError(f"JobMap.steps must be a mapping from step to outcomes, not {quoted(value)}")
    for name in value:
        if name not in STEPS:
            hint = did_you_mean(str(name), STEPS)
            raise InvalidValueError(
                f"JobMap.steps: there is no step {quoted(name)}{hint}; there are {', '.join(STEPS)}"
            )
    filled: dict[str, tuple[str | DesiredOutcome, ...]] = {}
    for step in STEPS:
        outcomes = value.get(step, ())
        outcomes = (outcomes,) if isinstance(outcomes, (str, DesiredOutcome)) else outcomes
        if not isinstance(outcomes, Iterable):
            raise InvalidValueError(f"JobMap.steps[{step!r}] must be a list of outcomes, not {quoted(outcomes)}")
        filled[step] = tuple(outcomes)
        for outcome in filled[step]:
            if not isinstance(outcome, (str, DesiredOutcome)):
                raise InvalidValueError(f"JobMap.steps[{step!r}] must hold outcomes or texts, not {quoted(outcome)}")
    return frozen_mapping(filled)


@attrs.frozen(kw_only=True)
class JobMap(Value):
    """A job, cut into the eight steps that every job has, with the outcomes of each.

    Attributes
    ----------
    job : Job or str
        The job that is mapped.
    steps : mapping of str to tuple of (DesiredOutcome or str)
        By step, in the order of `STEPS`; steps that are not given are empty.

    References
    ----------
    Bettencourt and Ulwick (2008), "The customer-centered innovation map", Harvard Business Review 86.

    Examples
    --------
    >>> job_map = JobMap(job="Can tomatoes", steps={"prepare": ["Minimize the time it takes to peel a tomato"]})
    >>> len(job_map), len(job_map.steps["prepare"])
    (1, 1)
    """

    job: Job | str = attrs.field(validator=fields.of_type((Job, str), "a job or its text"))
    steps: Mapping[str, tuple[str | DesiredOutcome, ...]] = attrs.field(factory=dict, converter=_to_steps)

    def __len__(self) -> int:
        return sum(len(outcomes) for outcomes in self.steps.values())


@attrs.frozen(kw_only=True)
class StepCoverage:
    """How well one step is covered.

    Attributes
    ----------
    step : Step
    outcomes : int
        How many outcomes were found.
    enough : bool
        Whether that is at least the number asked for.

    Examples
    --------
    >>> StepCoverage(step="locate", outcomes=1, enough=False).step
    'locate'
    """

    step: str
    outcomes: int
    enough: bool


@attrs.frozen(kw_only=True)
class Coverage(Table):
    """How well the steps of a job map are covered.

    Attributes
    ----------
    steps : tuple of StepCoverage
        All eight, in their order.
    wanted : int
        Outcomes asked for in each step.

    Examples
    --------
    >>> coverage(JobMap(job="Can tomatoes")).share
    0.0
    """

    steps: tuple[StepCoverage, ...]
    wanted: int

    @property
    def share(self) -> float:
        """Share of steps with enough outcomes, in [0, 1]."""
        return sum(step.enough for step in self.steps) / len(self.steps)

    @property
    def thin(self) -> tuple[str, ...]:
        """The steps that lack outcomes."""
        return tuple(step.step for step in self.steps if not step.enough)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row a step."""
        return [attrs.asdict(step) for step in self.steps]


def coverage(job_map: JobMap, *, wanted: int = 3) -> Coverage:
    """Count the outcomes of each step of a job map.

    Parameters
    ----------
    job_map : JobMap
    wanted : int
        Outcomes that a step should have at least.

    Returns
    -------
    Coverage

    Raises
    ------
    InvalidValueError
        When `wanted` is no whole number from 1 up.

    Examples
    --------
    >>> steps = {"locate": ["Minimize the cost of ripe tomatoes"]}
    >>> result = coverage(JobMap(job="Can tomatoes", steps=steps), wanted=1)
    >>> result.share, result.thin[0]
    (0.125, 'define')
    """
    given: object = wanted
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise InvalidValueError(f"wanted must be a whole number from 1 up, not {quoted(wanted)}")
    found = ((step, len(outcomes)) for step, outcomes in job_map.steps.items())
    return Coverage(
        steps=tuple(StepCoverage(step=step, outcomes=count, enough=count >= wanted) for step, count in found),
        wanted=wanted,
    )
