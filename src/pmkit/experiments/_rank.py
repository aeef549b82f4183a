"""Which test next: every open test of a tree by the value of its answer, with advice for what to do."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._bundle import Bundle, best_bundle, ceiling_of
from pmkit.experiments._portfolio import Portfolio, TestOption, portfolio_from_records
from pmkit.experiments._value import TestValue, Valuation, value_of
from pmkit.model import Table, Undefined, did_you_mean, quoted

__all__ = ["Advice", "RankBy", "TestRanking", "rank_tests"]

RankBy = Literal["net", "net per cost", "net per day", "gross"]
Step = Literal["test", "bundle", "nothing pays", "do not test", "undefined", "no test listed"]
_FIELD: dict[str, str] = {
    "net": "net",
    "net per cost": "net_per_cost",
    "net per day": "net_per_day",
    "gross": "gross",
}


@attrs.frozen(kw_only=True)
class Advice:
    """What to do next about opportunities whose solutions share assumptions (most often one opportunity).

    Attributes
    ----------
    opportunities : tuple of str
    step : str
        ``"test"`` (the best single test pays), ``"bundle"`` (none does, a bundle on one solution does),
        ``"nothing pays"`` (neither does, though perfect knowledge would: look for a cheaper test),
        ``"do not test"`` (even perfect knowledge is worth less than the cheapest test), ``"undefined"`` (numbers
        are missing) or ``"no test listed"``.
    tests : tuple of str
        The test, or the bundle's tests in order.
    ceiling : float or Undefined
        What perfect knowledge would be worth.
    bundle : Bundle or None
        The best bundle on one solution, when no single test pays.
    missing : tuple of str
        The numbers that are needed and not there.
    reason : str
        The same in words.

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
    >>> (advice,) = ranking.advice
    >>> advice.step, advice.tests, advice.ceiling
    ('test', ('t',), 20.0)
    """

    opportunities: tuple[str, ...]
    step: Step
    tests: tuple[str, ...]
    ceiling: float | Undefined
    bundle: Bundle | None
    missing: tuple[str, ...]
    reason: str


@attrs.frozen(kw_only=True)
class TestRanking(Table):
    """Open tests, best first, and what to do next.

    Attributes
    ----------
    tests : tuple of TestValue
    advice : tuple of Advice
        One for each group of opportunities that share assumptions.
    by : RankBy

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
    >>> ranking.tests[0].test, round(ranking.tests[0].net, 6)
    ('t', 10.0)
    """

    __test__ = False  # pytest takes every class called Test… for one of its own

    tests: tuple[TestValue, ...]
    advice: tuple[Advice, ...]
    by: RankBy = "net"

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per test."""
        return [
            {
                "test": value.test,
                "title": value.title,
                "gross": value.gross,
                "net": value.net,
                "net per cost": value.net_per_cost,
                "net per day": value.net_per_day,
                "at most": value.at_most,
                "missing": value.missing,
            }
            for value in self.tests
        ]

    def summary(self) -> str:
        """Say what to do next, in words."""
        return "\n".join(advice.reason for advice in self.advice) or "no solution is open, so there is nothing to test"


def rank_tests(records: Iterable[Mapping[str, object]] | Portfolio, *, by: RankBy = "net") -> TestRanking:
    """Rank the open tests of a tree by what their answers are worth.

    Parameters
    ----------
    records : iterable of mapping, or Portfolio
        The records of a tree (``ost.to_records(tree)``, rows of a CSV); see `portfolio_from_records`.
    by : "net", "net per cost", "net per day" or "gross"
        What to rank by; tests whose number is undefined come last, in the order given.

    Returns
    -------
    TestRanking

    Raises
    ------
    InvalidValueError
        For broken records or an unknown `by`.

    Examples
    --------
    >>> ranking = rank_tests([
    ...     {"id": "find", "kind": "opportunity", "parent": None},
    ...     {"id": "row", "kind": "solution", "parent": "find", "value": 100, "cost": 30},
    ...     {"id": "look", "kind": "assumption", "parent": "row", "probability": 0.6},
    ...     {"id": "proto", "kind": "test", "parent": "look", "cost": 2, "days": 4}])
    >>> ranking.tests[0].net, ranking.tests[0].at_most
    (10.0, True)
    >>> print(ranking.summary())
    'find': run 'proto', worth at most 10 net
    """
    if by not in get_args(RankBy):
        words = get_args(RankBy)
        raise InvalidValueError(f"by must be one of {', '.join(words)}, not {quoted(by)}{did_you_mean(str(by), words)}")
    collecting = gc.isenabled()
    gc.disable()  # thousands of small values that all stay: collecting in between would double the time
    try:
        portfolio = records if isinstance(records, Portfolio) else portfolio_from_records(records)
        valuation = Valuation(portfolio)
        values = [value_of(valuation, test) for test in portfolio.tests]
        advice = _advice(valuation, portfolio.tests, values)
    finally:
        if collecting:
            gc.enable()
    field = _FIELD[by]

    def order(value: TestValue) -> float:
        number = getattr(value, field)
        return -number if isinstance(number, float) else float("inf")

    ranked = tuple(sorted(values, key=order))
    return TestRanking(tests=ranked, advice=advice, by=by)


def _advice(valuation: Valuation, tests: tuple[TestOption, ...], values: list[TestValue]) -> tuple[Advice, ...]:
    leader = _groups(valuation, tests)
    opportunities: dict[str, list[str]] = {}
    for name, head in leader.items():
        opportunities.setdefault(head, []).append(name)
    members: dict[str, list[tuple[TestOption, TestValue]]] = {head: [] for head in opportunities}
    for test, value in zip(tests, values, strict=True):
        if value.opportunities:
            members[leader[value.opportunities[0]]].append((test, value))
    return tuple(_advise(valuation, tuple(names), members[head]) for head, names in opportunities.items())


def _groups(valuation: Valuation, tests: tuple[TestOption, ...]) -> dict[str, str]:
    """Map each opportunity to the first one that it hangs together with, by shared assumptions or a shared test."""
    leader = {opportunity: opportunity for opportunity in valuation.by_opportunity}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    ties = [
        [one.opportunity for one in candidates] for candidates in valuation.resting_on.values() if len(candidates) > 1
    ]
    ties += [list(valuation.touched(test.assumptions)) for test in tests if len(test.assumptions) > 1]
    for names in ties:
        for name in names[1:]:
            one, other = find(names[0]), find(name)
            if one != other:
                leader[other] = one
    return {name: find(name) for name in leader}


def _advise(
    valuation: Valuation, opportunities: tuple[str, ...], members: list[tuple[TestOption, TestValue]]
) -> Advice:
    where = ", ".join(quoted(name) for name in opportunities)
    missing = valuation.missing_for(opportunities, [name for test, _ in members for name in test.assumptions])
    if missing:
        reason = f"{where}: cannot say, because these are missing: {', '.join(missing)}"
        return _said(opportunities, "undefined", reason, Undefined("a needed number is missing"), missing=missing)
    ceilings = [ceiling_of(valuation, name) for name in opportunities]
    ceiling = sum(value for value, _ in ceilings)
    if not members:
        reason = f"{where}: no open test; perfect knowledge would be worth {_amount(ceiling, ceilings)}"
        return _said(opportunities, "no test listed", reason, ceiling)
    costs = [test.cost for test, _ in members if test.cost is not None]
    unpriced = tuple(f"cost of {test.id!r}" for test, _ in members if test.cost is None)
    if not unpriced and ceiling < min(costs):
        reason = (
            f"{where}: do not test; even perfect knowledge is worth {_amount(ceiling, ceilings)}, "
            f"and the cheapest test costs {min(costs):g}"
        )
        return _said(opportunities, "do not test", reason, ceiling)
    best = max(
        (value for _, value in members), key=lambda value: value.net if isinstance(value.net, float) else -float("inf")
    )
    if isinstance(best.net, float) and best.net > 0:
        bound = "at most " if best.at_most else ""
        reason = f"{where}: run {quoted(best.test)}, worth {bound}{money(best.net)} net"
        return _said(opportunities, "test", reason, ceiling, tests=(best.test,), missing=unpriced)
    if not costs:
        reason = f"{where}: cannot say, because these are missing: {', '.join(unpriced)}"
        return _said(opportunities, "undefined", reason, ceiling, missing=unpriced)
    bundle = best_bundle(valuation, [test for test, _ in members])
    if bundle is not None and bundle.net > 0:
        names = ", then ".join(quoted(name) for name in bundle.tests)
        reason = f"{where}: no single test pays; run {names} until one fails, worth {money(bundle.net)} net together"
        return _said(opportunities, "bundle", reason, ceiling, tests=bundle.tests, bundle=bundle, missing=unpriced)
    reason = (
        f"{where}: neither a single test nor a bundle pays at these prices, though perfect knowledge would be worth "
        f"{_amount(ceiling, ceilings)}; look for a cheaper or sharper test"
    )
    return _said(opportunities, "nothing pays", reason, ceiling, bundle=bundle, missing=unpriced)


def _amount(ceiling: float, ceilings: list[tuple[float, bool]]) -> str:
    return f"{'' if all(exact for _, exact in ceilings) else 'at most '}{money(ceiling)}"


def money(amount: float) -> str:
    """Write an amount for people: whole and grouped from a thousand on, four digits below."""
    return f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:.4g}"  # noqa: PLR2004 - a thousand


def _said(
    opportunities: tuple[str, ...],
    step: Step,
    reason: str,
    ceiling: float | Undefined,
    *,
    tests: tuple[str, ...] = (),
    bundle: Bundle | None = None,
    missing: tuple[str, ...] = (),
) -> Advice:
    return Advice(
        opportunities=opportunities,
        step=step,
        tests=tests,
        ceiling=ceiling,
        bundle=bundle,
        missing=missing,
        reason=reason,
    )
