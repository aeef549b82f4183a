"""The value of a test: what knowing its answer is worth, before it is run.

Raiffa & Schlaifer 1961 (value of sample information) on the decision that a tree holds: of each
opportunity's solutions at most one is built, and each rests on independent assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._portfolio import Candidate, Portfolio, TestOption
from pmkit.model import Undefined

__all__ = ["TestValue", "value_of_test"]

_MISSING = "a needed number is missing"
_MANY = 24


@attrs.frozen(kw_only=True)
class TestValue:
    """What a test is worth.

    Attributes
    ----------
    test, title : str
    assumptions, opportunities : tuple of str
        What it looks at, and where its answer could change what is built.
    gross : float or Undefined
        The expected gain of deciding with its answer over deciding now.
    net : float or Undefined
        The gross value less the test's cost; undefined when the cost is missing.
    net_per_cost, net_per_day : float or Undefined
        The net value for each unit of cost, and for each day.
    at_most : bool
        Whether sensitivity or specificity was missing and taken as 1, so that the value is an upper bound.
    missing : tuple of str
        Every number that was needed and is not there, such as ``"value of 'row'"``.
    positive : float or Undefined
        The chance of a positive answer, when there is an answer.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> records = [
    ...     {"id": "o", "kind": "opportunity"},
    ...     {"id": "s", "kind": "solution", "parent": "o", "value": 100, "cost": 40},
    ...     {"id": "a", "kind": "assumption", "parent": "s", "probability": 0.5},
    ...     {"id": "t", "kind": "test", "parent": "a", "sensitivity": 0.9, "specificity": 0.9, "cost": 5, "days": 2},
    ... ]
    >>> ranking = ex.rank_tests(records)
    >>> value = ranking.tests[0]
    >>> round(value.gross, 6), value.positive, value.at_most
    (15.0, 0.5, False)
    """

    __test__ = False  # pytest takes every class called Test… for one of its own

    test: str
    title: str
    assumptions: tuple[str, ...]
    opportunities: tuple[str, ...]
    gross: float | Undefined
    net: float | Undefined
    net_per_cost: float | Undefined
    net_per_day: float | Undefined
    at_most: bool
    missing: tuple[str, ...]
    positive: float | Undefined


class Valuation:
    """The standing numbers of a portfolio, worked out once for all its tests."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.beliefs = portfolio.beliefs
        self.candidates = {candidate.id: candidate for candidate in portfolio.candidates}
        self.by_opportunity: dict[str, list[Candidate]] = {}
        self.resting_on: dict[str, list[Candidate]] = {}
        self.holds: dict[str, float] = {}
        self.missing: dict[str, list[str]] = {}
        for candidate in portfolio.candidates:
            self.by_opportunity.setdefault(candidate.opportunity, []).append(candidate)
            self._read(candidate)
        self.ordered: dict[str, list[tuple[float, str]]] = {}
        self.best_now: dict[str, float] = {}
        for opportunity, candidates in self.by_opportunity.items():
            if opportunity in self.missing:
                continue
            worth = sorted(
                ((self.worth(candidate), candidate.id) for candidate in candidates), key=lambda pair: -pair[0]
            )
            self.ordered[opportunity] = worth
            self.best_now[opportunity] = max(0.0, worth[0][0])

    def _read(self, candidate: Candidate) -> None:
        missing = [f"{name} of {candidate.id!r}" for name in ("value", "cost") if getattr(candidate, name) is None]
        chance = 1.0
        for assumption in candidate.assumptions:
            self.resting_on.setdefault(assumption, []).append(candidate)
            belief = self.beliefs.get(assumption)
            if belief is None:
                missing.append(f"probability of {assumption!r}")
            else:
                chance *= belief
        self.holds[candidate.id] = chance
        if missing:
            self.missing.setdefault(candidate.opportunity, []).extend(missing)

    def worth(self, candidate: Candidate) -> float:
        """Return what building it now is worth: v·P - c."""
        return (candidate.value or 0.0) * self.holds[candidate.id] - (candidate.cost or 0.0)

    def touched(self, assumptions: Iterable[str]) -> dict[str, list[Candidate]]:
        """Return the candidates that rest on any of the assumptions, by opportunity."""
        found: dict[str, Candidate] = {}
        for assumption in assumptions:
            for candidate in self.resting_on.get(assumption, ()):
                found[candidate.id] = candidate
        grouped: dict[str, list[Candidate]] = {}
        for candidate in found.values():
            grouped.setdefault(candidate.opportunity, []).append(candidate)
        return grouped

    def missing_for(self, opportunities: Iterable[str], assumptions: Iterable[str]) -> tuple[str, ...]:
        """Name every number that is needed there and not known."""
        names = [name for opportunity in opportunities for name in self.missing.get(opportunity, ())]
        names += [f"probability of {name!r}" for name in assumptions if name not in self.beliefs]
        return tuple(dict.fromkeys(names))

    def best_untouched(self, opportunity: str, touched: Collection[str]) -> float:
        """Return the best worth among an opportunity's candidates that the test says nothing about."""
        return next((worth for worth, identifier in self.ordered[opportunity] if identifier not in touched), -math.inf)


def value_of(valuation: Valuation, test: TestOption) -> TestValue:
    """Work out one test's value on a portfolio's standing numbers."""
    touched = valuation.touched(test.assumptions)
    missing = valuation.missing_for(touched, test.assumptions)
    gross: float | Undefined = Undefined(_MISSING)
    positive: float | Undefined = Undefined(_MISSING)
    if not missing:
        gross, positive = _gross(valuation, test, touched)
    if test.cost is None:
        missing = (*missing, f"cost of {test.id!r}")
    net = gross - test.cost if isinstance(gross, float) and test.cost is not None else Undefined(_MISSING)
    return TestValue(
        test=test.id,
        title=test.title,
        assumptions=test.assumptions,
        opportunities=tuple(touched),
        gross=gross,
        net=net,
        net_per_cost=_per(net, test.cost),
        net_per_day=_per(net, test.days),
        at_most=test.sensitivity is None or test.specificity is None,
        missing=missing,
        positive=positive,
    )


def _per(net: float | Undefined, amount: float | None) -> float | Undefined:
    if not isinstance(net, float) or amount is None:
        return Undefined(_MISSING)
    return net / amount if amount > 0 else Undefined("the denominator is within noise of zero")


def _gross(valuation: Valuation, test: TestOption, touched: Mapping[str, Sequence[Candidate]]) -> tuple[float, float]:
    s = 1.0 if test.sensitivity is None else test.sensitivity
    t = 1.0 if test.specificity is None else test.specificity
    beliefs = valuation.beliefs
    p = math.prod(beliefs[name] for name in test.assumptions)
    q = s * p + (1.0 - t) * (1.0 - p)
    total = 0.0
    for opportunity, candidates in touched.items():
        names = {candidate.id for candidate in candidates}
        untouched = valuation.best_untouched(opportunity, names)
        when_positive = max(0.0, q * untouched if q > 0.0 else 0.0)
        when_negative = max(0.0, (1.0 - q) * untouched if q < 1.0 else 0.0)
        if len(candidates) > _MANY:
            highs, lows = _many(valuation, candidates, test.assumptions, s, t, q)
            when_positive, when_negative = max(when_positive, highs), max(when_negative, lows)
        else:
            for candidate in candidates:
                holds = valuation.holds[candidate.id]
                joint = holds * _rest(beliefs, test.assumptions, candidate.assumptions)
                value, cost = candidate.value or 0.0, candidate.cost or 0.0
                when_positive = max(when_positive, value * (s * joint + (1.0 - t) * (holds - joint)) - cost * q)
                when_negative = max(when_negative, value * ((1.0 - s) * joint + t * (holds - joint)) - cost * (1.0 - q))
        total += when_positive + when_negative - valuation.best_now[opportunity]
    return (1.0 - test.inconclusive) * max(0.0, total), q


def _rest(beliefs: Mapping[str, float], looked_at: Sequence[str], assumptions: Sequence[str]) -> float:
    """Return the chance of what is looked at beyond what the solution rests on."""
    if len(looked_at) == 1:
        return 1.0  # who is touched by one assumption rests on it
    own = frozenset(assumptions)
    return math.prod(beliefs[name] for name in looked_at if name not in own)


def _many(
    valuation: Valuation, candidates: Sequence[Candidate], looked_at: Sequence[str], s: float, t: float, q: float
) -> tuple[float, float]:
    """Do the same for many candidates at once."""
    import numpy as np

    beliefs = valuation.beliefs
    holds = np.array([valuation.holds[candidate.id] for candidate in candidates])
    joint = holds * np.array([_rest(beliefs, looked_at, candidate.assumptions) for candidate in candidates])
    value = np.array([candidate.value for candidate in candidates], dtype=float)
    cost = np.array([candidate.cost for candidate in candidates], dtype=float)
    when_positive = value * (s * joint + (1.0 - t) * (holds - joint)) - cost * q
    when_negative = value * ((1.0 - s) * joint + t * (holds - joint)) - cost * (1.0 - q)
    return float(when_positive.max()), float(when_negative.max())


def value_of_test(test: TestOption, candidates: Iterable[Candidate], beliefs: Mapping[str, float]) -> TestValue:
    """Work out what a test's answer is worth before it is run.

    Parameters
    ----------
    test : TestOption
        What it looks at, how often it is right, what it costs.
    candidates : iterable of Candidate
        The solutions that could be built, of every opportunity the test touches.
    beliefs : mapping of str to float
        The probability that each assumption holds, independent of each other.

    Returns
    -------
    TestValue
        Gross, net, per cost and per day; values of several tests do not add. Numbers that are missing make the
        value `Undefined` and are named in ``missing``.

    Raises
    ------
    InvalidValueError
        For a probability outside [0, 1], or a value that is not of its type.

    Examples
    --------
    A solution that pays 100 if one assumption holds and costs 30: now worth 60 - 30 = 30; a perfect test saves the
    30 in the 40 % of cases where the assumption fails.

    >>> row = Candidate(id="row", opportunity="find", value=100, cost=30, assumptions=["look"])
    >>> value = value_of_test(TestOption(id="proto", assumptions=["look"], sensitivity=1, specificity=1, cost=2),
    ...     [row], {"look": 0.6})
    >>> value.gross, value.net, value.net_per_cost
    (12.0, 10.0, 5.0)

    Notes
    -----
    Raiffa & Schlaifer 1961, ch. 4. The formulas stand in the documentation under "The value of a test".
    """
    portfolio = Portfolio(candidates=candidates, beliefs=beliefs, tests=(test,))
    if not test.assumptions:
        raise InvalidValueError(f"test {test.id!r} looks at no assumption; name at least one")
    return value_of(Valuation(portfolio), test)
