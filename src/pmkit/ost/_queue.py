"""Which planned test to run next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, quoted
from pmkit.model import _fields as fields
from pmkit.ost._facts import below, of_kind, risk, solutions_for, trials_of, verdict_on
from pmkit.ost._nodes import Assumption, AssumptionTest, Opportunity, Solution
from pmkit.ost._schema import OstTree
from pmkit.ost.rules._risks import has_criterion

__all__ = ["QueuedTest", "TestQueue", "test_queue"]


@attrs.frozen(kw_only=True)
class QueuedTest:
    """One planned test, and why it stands where it does.

    Attributes
    ----------
    test, title : str
        The test's id and title.
    assumption : str
        The id of the riskiest assumption it tests; empty when it tests a whole solution
        that lists none.
    solution : str
        The id of the solution it is for.
    on_target : bool
        Whether that solution is for a target opportunity.
    risk : float
        Importance times (1 - probability) of the assumption; ½ where nothing is known.
    days, cost : float or None
        As the test says.
    reasons : tuple of str
        In words, what speaks for and against running it now.

    Examples
    --------
    >>> QueuedTest(test="proto", title="Prototype", assumption="look", solution="row", on_target=True, risk=0.4,
    ...     days=2, cost=None, reasons=("for the target opportunity",)).on_target
    True
    """

    test: str
    title: str
    assumption: str
    solution: str
    on_target: bool
    risk: float
    days: float | None
    cost: float | None
    reasons: tuple[str, ...]


@attrs.frozen(kw_only=True)
class TestQueue(Table):
    """Planned tests, the one to run next first.

    Attributes
    ----------
    tests : tuple of QueuedTest

    Examples
    --------
    >>> TestQueue(tests=()).to_dicts()
    []
    """

    __test__ = False

    tests: tuple[QueuedTest, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each test, the next one first."""
        return [attrs.asdict(each) for each in self.tests]


def test_queue(tree: OstTree, *, today: dt.date | str | None = None) -> TestQueue:  # noqa: PT028 - a queue of tests, not a test
    """Order the planned tests of a tree for the week.

    Tests for a target opportunity come first; then those whose assumption is still open;
    then those of active solutions; then by the assumption's risk; then the shorter, then
    the cheaper one. Tests of shipped and dropped solutions are left out. The order is one
    of plain rules, each told in `reasons`; what a test is worth in money is for
    `pmkit.experiments.rank_tests`.

    Parameters
    ----------
    tree : Tree
    today : date or str or None
        Tells how long each test has been waiting, by its ``updated``.

    Returns
    -------
    TestQueue

    Raises
    ------
    InvalidValueError
        When `today` is no day.

    Notes
    -----
    Torres (2021), ch. 9 and 10: test the riskiest assumption of each solution for the
    target opportunity, several in a week.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Solution(id="row", title="A row of three"), forest=True)
    >>> tree = ost.add(tree, ost.Assumption(id="look", title="Viewers look", probability=0.6), parent="row")
    >>> proto = ost.AssumptionTest(id="proto", title="Prototype", criterion="8 of 12", days=2)
    >>> tree = ost.add(tree, proto, parent="look")
    >>> for queued in ost.test_queue(tree).tests:
    ...     print(queued.test, "·", "; ".join(queued.reasons))
    proto · 'look' is open, risk 0.4; takes 2 days
    """
    day = fields.to_date(today) if today is not None else None
    if day is not None and not isinstance(day, dt.date):
        raise InvalidValueError(f"today must be a date such as 2026-11-22, not {quoted(today)}")
    tests = trials_of(tree)
    targeted = _targeted(tree)
    queued = []
    for solution in of_kind(tree, Solution):
        if solution.status in {"shipped", "dropped"}:
            continue
        assumptions = below(tree, solution.id, Assumption)
        for test, tested in _planned(solution, assumptions, tests):
            queued.append(_queued(test, tested, solution, tests, on_target=solution.id in targeted, today=day))
    queued.sort(key=lambda item: item[0])
    first: dict[str, QueuedTest] = {}
    for _, each in queued:
        first.setdefault(each.test, each)
    return TestQueue(tests=tuple(first.values()))


test_queue.__test__ = False  # type: ignore[attr-defined]  # it is not a pytest test, whatever its name


def _targeted(tree: OstTree) -> frozenset[str]:
    """Give the solutions of target opportunities, linked ones included."""
    return frozenset(
        solution.id
        for identifier, solutions in solutions_for(tree).items()
        if isinstance(node := tree.nodes[identifier], Opportunity) and node.target
        for solution in solutions
    )


def _planned(
    solution: Solution, assumptions: list[Assumption], tests: Mapping[str, list[AssumptionTest]]
) -> list[tuple[AssumptionTest, list[Assumption]]]:
    whole = [(test, assumptions) for test in tests.get(solution.id, ())]
    parts = [(test, [each]) for each in assumptions for test in tests.get(each.id, ())]
    return [(test, tested) for test, tested in (*whole, *parts) if test.status == "planned"]


Key = tuple[bool, bool, bool, float, float, float]


def _queued(
    test: AssumptionTest,
    tested: list[Assumption],
    solution: Solution,
    tests: Mapping[str, list[AssumptionTest]],
    *,
    on_target: bool,
    today: dt.date | None,
) -> tuple[Key, QueuedTest]:
    still_open = [each for each in tested if not verdict_on(tests.get(each.id, ()))]
    riskiest = max(still_open or tested, key=risk, default=None)
    height = risk(riskiest) if riskiest is not None else 0.5
    settled = verdict_on(tests.get(riskiest.id, ())) if riskiest is not None else ""
    reasons = []
    if on_target:
        reasons.append("for the target opportunity")
    if settled and riskiest is not None:
        reasons.append(f"{quoted(riskiest.id, 60)} was {settled} already")
    elif riskiest is not None:
        reasons.append(f"{quoted(riskiest.id, 60)} is open, risk {height:.2g}")
    else:
        reasons.append("tests a whole solution that lists no assumption")
    if solution.active:
        reasons.append(f"the solution is in {solution.status}")
    if test.days is not None:
        reasons.append("takes 1 day" if test.days == 1 else f"takes {test.days:g} days")
    if test.cost is not None:
        reasons.append(f"costs {test.cost:g}")
    if not has_criterion(test):
        reasons.append("name its success criterion first")
    if today is not None and test.updated is not None and (today - test.updated).days > 0:
        reasons.append(f"waiting for {(today - test.updated).days:,} days")
    key = (
        not on_target,
        bool(settled),
        not solution.active,
        -height,
        float("inf") if test.days is None else test.days,
        float("inf") if test.cost is None else test.cost,
    )
    return key, QueuedTest(
        test=test.id,
        title=test.title,
        assumption=riskiest.id if riskiest is not None else "",
        solution=solution.id,
        on_target=on_target,
        risk=height,
        days=test.days,
        cost=test.cost,
        reasons=tuple(reasons),
    )
