"""Perfect knowledge, and bundles of tests on one solution."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import attrs

from pmkit.experiments._portfolio import Candidate, TestOption
from pmkit.experiments._value import Valuation

__all__ = ["Bundle", "best_bundle", "ceiling_of"]

_MOST_SHARED = 12


@attrs.frozen(kw_only=True)
class Bundle:
    """Tests on one solution, run one after the other until one is not positive.

    Attributes
    ----------
    solution : str
    tests : tuple of str
        In order: ascending cost / (1 - probability), the cheapest way to find a reason to stop.
    gross, cost, net : float
        The expected gain of deciding with the answers, the expected cost of the tests that are run, and the
        difference.

    Examples
    --------
    >>> bundle = Bundle(solution="end-row", tests=("interviews", "fake-door"), gross=12.0, cost=4.0, net=8.0)
    >>> bundle.tests[0]
    'interviews'
    """

    solution: str
    tests: tuple[str, ...]
    gross: float
    cost: float
    net: float


def ceiling_of(valuation: Valuation, opportunity: str) -> tuple[float, bool]:
    """Return what perfect knowledge is worth on one opportunity, and whether that is exact or an upper bound.

    With nothing shared it is Σᵢ (vᵢ - cᵢ)·Pᵢ·Π_{h<i}(1 - P_h) - N, solutions by v - c descending. Shared assumptions
    are summed over their states; beyond 12 of them an upper bound is given.
    """
    gains = [
        (candidate, (candidate.value or 0.0) - (candidate.cost or 0.0))
        for candidate in valuation.by_opportunity[opportunity]
    ]
    useful = sorted(((candidate, gain) for candidate, gain in gains if gain > 0), key=lambda pair: -pair[1])
    counts: dict[str, int] = {}
    for candidate, _ in useful:
        for name in candidate.assumptions:
            counts[name] = counts.get(name, 0) + 1
    shared = [name for name, count in counts.items() if count > 1]
    now = valuation.best_now[opportunity]
    if len(shared) > _MOST_SHARED:
        highest = useful[0][1] * _union_bound(useful, valuation)
        return max(0.0, min(highest, sum(gain * valuation.holds[one.id] for one, gain in useful)) - now), False
    if shared:
        return max(0.0, _over_states(useful, shared, valuation.beliefs) - now), True
    total, none_before = 0.0, 1.0
    for candidate, gain in useful:
        chance = valuation.holds[candidate.id]
        total += gain * chance * none_before
        none_before *= 1.0 - chance
    return max(0.0, total - now), True


def _union_bound(useful: Sequence[tuple[Candidate, float]], valuation: Valuation) -> float:
    return min(1.0, sum(valuation.holds[candidate.id] for candidate, _ in useful))


def _over_states(
    useful: Sequence[tuple[Candidate, float]], shared: Sequence[str], beliefs: Mapping[str, float]
) -> float:
    """Sum over every state of the shared assumptions; given a state, the candidates are independent."""
    import numpy as np

    held = np.array(list(itertools.product((True, False), repeat=len(shared))))
    column = {name: place for place, name in enumerate(shared)}
    belief = np.array([beliefs[name] for name in shared])
    weight = np.where(held, belief, 1.0 - belief).prod(axis=1)
    total, none_before = 0.0, np.ones(len(held))
    for candidate, gain in useful:
        places = [column[name] for name in candidate.assumptions if name in column]
        chance = math.prod(beliefs[name] for name in candidate.assumptions if name not in column)
        holds = chance * held[:, places].all(axis=1)
        total += gain * float(weight @ (holds * none_before))
        none_before = none_before * (1.0 - holds)
    return total


def best_bundle(valuation: Valuation, tests: Iterable[TestOption]) -> Bundle | None:
    """Return the bundle on one solution with the highest net value, or None when nothing can be bundled."""
    cheapest: dict[str, TestOption] = {}
    for test in tests:
        if test.cost is None or len(test.assumptions) != 1 or valuation.beliefs.get(test.assumptions[0]) in {None, 1.0}:
            continue
        known = cheapest.get(test.assumptions[0])
        if known is None or test.cost < (known.cost or 0.0):
            cheapest[test.assumptions[0]] = test
    best: Bundle | None = None
    seen = dict.fromkeys(candidate.id for name in cheapest for candidate in valuation.resting_on.get(name, ()))
    for identifier in seen:
        candidate = valuation.candidates[identifier]
        chosen = [cheapest[name] for name in candidate.assumptions if name in cheapest]
        touched = valuation.touched([test.assumptions[0] for test in chosen])
        if valuation.missing_for(touched, ()):
            continue
        bundle = _bundle(valuation, candidate, chosen, touched)
        if best is None or bundle.net > best.net:
            best = bundle
    return best


def _bundle(
    valuation: Valuation,
    solution: Candidate,
    chosen: Sequence[TestOption],
    touched: Mapping[str, Sequence[Candidate]],
) -> Bundle:
    beliefs = valuation.beliefs
    ordered = sorted(chosen, key=lambda test: ((test.cost or 0.0) / (1.0 - beliefs[test.assumptions[0]]), test.id))
    likelihoods: dict[str, tuple[float, float]] = {}
    gross = -sum(valuation.best_now[opportunity] for opportunity in touched)
    cost, reached = 0.0, 1.0
    for test in ordered:
        name = test.assumptions[0]
        s = 1.0 if test.sensitivity is None else test.sensitivity
        t = 1.0 if test.specificity is None else test.specificity
        u = test.inconclusive
        cost += reached * (test.cost or 0.0)
        answers = {"negative": ((1.0 - u) * (1.0 - s), (1.0 - u) * t), "inconclusive": (u, u)}
        for likelihood in answers.values():
            gross += _at_the_end(valuation, touched, {**likelihoods, name: likelihood})
        likelihoods[name] = ((1.0 - u) * s, (1.0 - u) * (1.0 - t))
        reached = _chance(beliefs, likelihoods)
    gross += _at_the_end(valuation, touched, likelihoods)
    gross = max(0.0, gross)
    return Bundle(
        solution=solution.id, tests=tuple(test.id for test in ordered), gross=gross, cost=cost, net=gross - cost
    )


def _chance(beliefs: Mapping[str, float], likelihoods: Mapping[str, tuple[float, float]]) -> float:
    return math.prod(
        beliefs[name] * if_true + (1.0 - beliefs[name]) * if_false for name, (if_true, if_false) in likelihoods.items()
    )


def _at_the_end(
    valuation: Valuation, touched: Mapping[str, Sequence[Candidate]], likelihoods: Mapping[str, tuple[float, float]]
) -> float:
    """Return the best that can be done after these answers, times the chance of getting them."""
    beliefs = valuation.beliefs
    chance = _chance(beliefs, likelihoods)
    total = 0.0
    for opportunity, candidates in touched.items():
        names = {candidate.id for candidate in candidates}
        untouched = valuation.best_untouched(opportunity, names)
        best = max(0.0, chance * untouched if chance > 0.0 else 0.0)
        for candidate in candidates:
            own = frozenset(candidate.assumptions)
            joint = valuation.holds[candidate.id]
            for name, (if_true, if_false) in likelihoods.items():
                joint *= if_true if name in own else beliefs[name] * if_true + (1.0 - beliefs[name]) * if_false
            best = max(best, (candidate.value or 0.0) * joint - (candidate.cost or 0.0) * chance)
        total += best
    return total
