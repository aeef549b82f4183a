"""From the counts in a product file to results and verdicts."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments import Decision, Measurements, Result, analyze, decide
from pmkit.model import Undefined, did_you_mean, quoted
from pmkit.stats import Moments
from pmkit.workspace._records import Cell, Experiment, Look

__all__ = ["Reading", "measurements", "readings"]


@attrs.frozen(kw_only=True)
class Reading:
    """What one look at an experiment says.

    Attributes
    ----------
    look : Look
        What was read.
    result : Result
        The analysis by the plan.
    decision : Decision
        What the plan's table says of it.

    Examples
    --------
    >>> from pmkit.experiments import Plan, proportion
    >>> from pmkit.workspace import Cell, Experiment, Look, readings
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> cells = {arm: {"bought": Cell(n=5000, successes=bought)} for arm, bought in (("control", 1000), ("new", 800))}
    >>> (reading,) = readings(Experiment(id="e", plan=plan, looks=[Look(date="2026-11-22", counts=cells)]))
    >>> reading.look.date.isoformat(), reading.decision.verdict
    ('2026-11-22', 'roll back')
    """

    look: Look
    result: Result
    decision: Decision


def measurements(experiment: Experiment, look: Look) -> Measurements:
    """Turn the counts of a look into measurements.

    Parameters
    ----------
    experiment : Experiment
    look : Look
        One of its looks.

    Returns
    -------
    Measurements

    Raises
    ------
    InvalidValueError
        When a metric is not in the plan, or a metric of the plan was not measured.

    Examples
    --------
    >>> from pmkit.experiments import Plan, proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> look = Look(date="2026-11-22", counts={"control": {"bought": Cell(n=10, successes=2)},
    ...     "new": {"bought": Cell(n=12, successes=3)}})
    >>> measurements(Experiment(id="e", plan=plan), look).units["new"]
    12
    """
    known = [metric.name for metric in experiment.plan.metrics]
    units: dict[str, int] = {}
    moments: dict[tuple[str, str, str], Moments[float | Undefined]] = {}
    for variant, cells in look.counts.items():
        units[variant] = look.units.get(variant, max((cell.n for cell in cells.values()), default=0))
        for name, cell in cells.items():
            if name not in known:
                message = f"experiment {quoted(experiment.id)} measured {quoted(name)}, which its plan does not name"
                raise InvalidValueError(message + did_you_mean(name, known))
            moments[name, variant, ""] = _moments(cell)
    return Measurements(units=units, moments=moments, until=look.date)


def _moments(cell: Cell) -> Moments[float | Undefined]:
    if cell.successes is not None:
        return Moments.from_counts(cell.successes, cell.n)
    return Moments.from_summary(cell.n, cell.mean or 0.0, cell.variance or 0.0)


def readings(experiment: Experiment) -> Iterator[Reading]:
    """Analyze every look of an experiment in order, each knowing those before it.

    Parameters
    ----------
    experiment : Experiment

    Yields
    ------
    Reading

    Raises
    ------
    InvalidValueError
        When a metric is not in the plan, or a metric of the plan was not measured.

    Examples
    --------
    >>> from pmkit.experiments import Plan, proportion
    >>> plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    >>> look = Look(date="2026-11-22", counts={"control": {"bought": Cell(n=5000, successes=1000)},
    ...     "new": {"bought": Cell(n=5000, successes=800)}})
    >>> [reading.decision.verdict for reading in readings(Experiment(id="e", plan=plan, looks=[look]))]
    ['roll back']
    """
    history: list[Decision] = []
    registered = experiment.registered or None
    for look in experiment.looks:
        result = analyze(experiment.plan, measurements(experiment, look), history=history, today=look.date)
        decision = decide(experiment.plan, result, registered=registered, history=history)
        history.append(decision)
        yield Reading(look=look, result=result, decision=decision)
