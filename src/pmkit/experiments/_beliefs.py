"""Beliefs and small evidence: probabilities moved by likelihood ratios, verdicts from exact posteriors."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import is_iterable, is_number
from pmkit.model import Interval, Undefined, did_you_mean, quoted
from pmkit.model import _fields as fields

__all__ = [
    "Belief",
    "BeliefStep",
    "SmallSample",
    "SolutionChance",
    "likelihood_ratio",
    "small_sample",
    "solution_chance",
    "update_belief",
]

Outcome = Literal["positive", "negative", "inconclusive"]


@attrs.frozen(kw_only=True)
class BeliefStep:
    """One step in a belief's history.

    Attributes
    ----------
    before, after : float
    likelihood_ratio : float
        How many times likelier the observation is if the assumption holds than if not.
    because : str
    date : date or None

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> (step,) = ex.update_belief(0.5, 4, because="interviews").history
    >>> step.before, step.after
    (0.5, 0.8)
    """

    before: float = attrs.field(validator=fields.probability)
    after: float = attrs.field(validator=fields.probability)
    likelihood_ratio: float
    because: str = attrs.field(default="", validator=fields.text)
    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)


def _steps(value: Iterable[BeliefStep]) -> tuple[BeliefStep, ...]:
    return fields.to_tuple(value)


@attrs.frozen
class Belief:
    """A probability, and how it came to be.

    Attributes
    ----------
    probability : float
        That the assumption holds, now.
    history : tuple of BeliefStep
        Oldest first.

    Examples
    --------
    >>> update_belief(Belief(0.5), 3, because="8 of 12 finished the task").probability
    0.75
    """

    probability: float = attrs.field(validator=fields.probability)
    history: tuple[BeliefStep, ...] = attrs.field(
        default=(), converter=_steps, validator=fields.tuple_of(fields.of_type(BeliefStep, "a belief step"))
    )


def likelihood_ratio(outcome: Outcome, *, sensitivity: float, specificity: float) -> float:
    """Return how much an answer speaks for the assumption.

    Parameters
    ----------
    outcome : "positive", "negative" or "inconclusive"
    sensitivity, specificity : float
        The chance of a right answer where it holds and where it does not. For an A/B test: its power, and
        1 - alpha/2.

    Returns
    -------
    float
        sensitivity / (1 - specificity), (1 - sensitivity) / specificity, or 1; infinite when only one world can
        give the answer.

    Raises
    ------
    InvalidValueError
        For probabilities outside [0, 1], an unknown outcome, or an answer that no world can give.

    Examples
    --------
    >>> round(likelihood_ratio("positive", sensitivity=0.84, specificity=0.81), 2)
    4.42
    """
    for name, value in (("sensitivity", sensitivity), ("specificity", specificity)):
        if not (is_number(value) and 0 <= value <= 1):
            raise InvalidValueError(f"{name} must be a number from 0 to 1, not {value!r}")
    if outcome == "inconclusive":
        return 1.0
    if outcome not in {"positive", "negative"}:
        hint = did_you_mean(str(outcome), get_args(Outcome))
        raise InvalidValueError(f"an outcome is positive, negative or inconclusive, not {quoted(outcome)}{hint}")
    if_true, if_false = (sensitivity, 1 - specificity) if outcome == "positive" else (1 - sensitivity, specificity)
    if if_true == if_false == 0:
        raise InvalidValueError(f"a test with these error rates never comes out {outcome}")
    return if_true / if_false if if_false > 0 else math.inf


def update_belief(
    belief: Belief | float, likelihood_ratio: float, *, because: str = "", date: dt.date | str | None = None
) -> Belief:
    """Move a belief by Bayes' rule: odds after = odds before x likelihood ratio.

    Parameters
    ----------
    belief : Belief or float
    likelihood_ratio : float
        From 0 up; infinite for proof. Evidence points are no likelihood ratio.
    because : str
        What was seen.
    date : date or None
        When.

    Returns
    -------
    Belief
        With one more step in its history.

    Raises
    ------
    InvalidValueError
        For a negative ratio, or one that contradicts a certainty (0 against 1, infinite against 0).

    Examples
    --------
    >>> round(update_belief(0.2, 1 / 4).probability, 3)
    0.059
    """
    start = belief if isinstance(belief, Belief) else Belief(belief)
    ratio = likelihood_ratio
    if not (is_number(ratio) and ratio >= 0):
        raise InvalidValueError(
            f"a likelihood ratio must be a number from 0 up, not {quoted(ratio)}; likelihood_ratio(…) makes one of an "
            "outcome and a test's error rates"
        )
    before = start.probability
    if (ratio == 0 and before == 1) or (ratio == math.inf and before == 0):
        raise InvalidValueError("the observation was held to be impossible; a belief of 0 or 1 cannot be moved")
    if ratio == math.inf or before == 1:
        after = 1.0
    else:
        shrunk = ratio if ratio <= 1 else 1.0
        other = 1.0 if ratio <= 1 else 1.0 / ratio
        after = before * shrunk / (before * shrunk + (1 - before) * other)
    step = BeliefStep(before=before, after=after, likelihood_ratio=float(ratio), because=because, date=date)
    return Belief(after, (*start.history, step))


@attrs.frozen(kw_only=True)
class SmallSample:
    """What a handful of trials says about a rate.

    Attributes
    ----------
    successes, trials : int
    target : float
        The rate that was asked for before.
    probability_above : float
        That the true rate is above the target, given the data and the prior.
    interval : Interval
        Central credible interval of the rate.
    verdict : "supported", "refuted" or "inconclusive"
    confidence : float

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> said = ex.small_sample(5, 8, target=0.25)
    >>> said.verdict, round(said.probability_above, 3)
    ('supported', 0.99)
    """

    successes: int
    trials: int
    target: float
    probability_above: float
    interval: Interval[float]
    verdict: Literal["supported", "refuted", "inconclusive"]
    confidence: float

    def summary(self) -> str:
        """Say it in words."""
        return (
            f"{self.successes} of {self.trials} against {self.target:.3g}: {self.verdict}; the rate is above it with "
            f"probability {self.probability_above:.3f}, and from {self.interval.lower:.3g} to "
            f"{self.interval.upper:.3g} with probability {self.confidence:g}"
        )


def small_sample(
    successes: int,
    trials: int,
    *,
    target: float,
    prior: tuple[float, float] = (1.0, 1.0),
    confidence: float = 0.95,
) -> SmallSample:
    """Judge a rate from few trials by its exact posterior.

    Parameters
    ----------
    successes, trials : int
    target : float
        The rate that had to be beaten, strictly between 0 and 1, named before the trials.
    prior : (float, float)
        Beta prior; uniform by default, (0.5, 0.5) is Jeffreys'.
    confidence : float
        Supported when the rate is above the target with at least this probability, refuted when it is below with
        at least this probability, else inconclusive.

    Returns
    -------
    SmallSample

    Raises
    ------
    InvalidValueError
        For counts that cannot be, or numbers outside their range.

    Examples
    --------
    >>> small_sample(5, 8, target=0.5).verdict
    'inconclusive'
    >>> round(small_sample(12, 400, target=0.02).probability_above, 3)
    0.937

    Notes
    -----
    Beta-binomial conjugacy (Gelman et al. 2013, section 2.4); no approximation.
    """
    from scipy.special import betainc, betaincc, betaincinv

    _check_counts(successes, trials, target, prior, confidence)
    a, b = prior[0] + successes, prior[1] + trials - successes
    above = float(betaincc(a, b, target))
    below = float(betainc(a, b, target))
    tail = (1 - confidence) / 2
    interval = Interval(float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail)))
    verdict: Literal["supported", "refuted", "inconclusive"] = "inconclusive"
    if above >= confidence:
        verdict = "supported"
    elif below >= confidence:
        verdict = "refuted"
    return SmallSample(
        successes=successes,
        trials=trials,
        target=target,
        probability_above=above,
        interval=interval,
        verdict=verdict,
        confidence=confidence,
    )


def _check_counts(successes: int, trials: int, target: float, prior: tuple[float, float], confidence: float) -> None:
    faults = [
        f"{name} must be a whole number from 0 up, not {value!r}"
        for name, value in (("successes", successes), ("trials", trials))
        if not (is_number(value) and float(value).is_integer() and value >= 0)
    ]
    if not faults and successes > trials:
        faults.append(f"{successes} successes in {trials} trials cannot be")
    faults += [
        f"{name} must be strictly between {low} and 1, not {value!r}"
        for name, value, low in (("target", target, 0), ("confidence", confidence, 0.5))
        if not (is_number(value) and low < value < 1)
    ]
    if [is_number(part) and 0 < part < math.inf for part in prior] != [True, True]:
        faults.append(f"prior must be two numbers above 0, not {prior!r}")
    if faults:
        raise InvalidValueError("; ".join(faults))


@attrs.frozen(kw_only=True)
class SolutionChance:
    """The chance that all of a solution's listed assumptions hold.

    Attributes
    ----------
    probability : float or Undefined
    listed, unknown : int
        How many assumptions are listed, and how many of them have no probability.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> chance = ex.solution_chance([0.8, 0.8])
    >>> round(chance.probability, 2), chance.listed
    (0.64, 2)
    """

    probability: float | Undefined
    listed: int
    unknown: int

    def summary(self) -> str:
        """Say it in words."""
        noun = "assumption" if self.listed == 1 else "assumptions"
        if isinstance(self.probability, Undefined):
            return f"undefined: {self.unknown} of {self.listed} listed {noun} have no probability"
        return (
            f"{self.probability:.2g} with {self.listed} {noun} listed, taken as independent; "
            "what is not listed counts as certain"
        )


def solution_chance(beliefs: Iterable[Belief | float | None]) -> SolutionChance:
    """Multiply the beliefs in a solution's assumptions, and say how many there are.

    Parameters
    ----------
    beliefs : iterable of Belief, float or None
        One per listed assumption; None where there is no probability yet.

    Returns
    -------
    SolutionChance
        Undefined while any is missing. Eight honest 0.8s make 0.17 and two make 0.64: a short list is no merit.

    Raises
    ------
    InvalidValueError
        For what is no list, and for probabilities outside [0, 1].

    Examples
    --------
    >>> print(solution_chance([0.8] * 8).summary())
    0.17 with 8 assumptions listed, taken as independent; what is not listed counts as certain
    """
    if not is_iterable(beliefs):
        raise InvalidValueError(f"solution_chance takes a list of beliefs, one per assumption, not {quoted(beliefs)}")
    listed = list(beliefs)
    known = [belief if isinstance(belief, Belief) else Belief(belief) for belief in listed if belief is not None]
    unknown = len(listed) - len(known)
    probability: float | Undefined = (
        Undefined("a needed number is missing")
        if unknown
        else math.prod((belief.probability for belief in known), start=1.0)
    )
    return SolutionChance(probability=probability, listed=len(listed), unknown=unknown)
