"""What to learn or build next, why, what it costs, and who must talk to whom for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import attrs

from pmkit.conway import CoordinationCost, coordination_cost
from pmkit.experiments import Advice, Candidate, Portfolio, TestRanking, TestValue, portfolio_from_records, rank_tests
from pmkit.model import Undefined, quoted
from pmkit.ost import (
    Assumption,
    AssumptionTest,
    OstTree,
    Solution,
    ancestors,
    children,
    to_records,
)
from pmkit.workspace._actions import ORDER, Action, ActionKind, NextActions
from pmkit.workspace._discovery import Measured, discovery
from pmkit.workspace._model import Workspace

__all__ = ["next_actions"]

_THOUSAND = 1000


def next_actions(workspace: Workspace) -> NextActions:
    """Say what to learn or build next, with reasons.

    Decisions that wait come first, then actions by their value, then what cannot be weighed: tests and numbers that
    are missing, opportunities that a survey asks for, sizes that nobody knows, people to talk to; among these, what
    serves a need that is more surely underserved comes first. Ties keep the tree's order, and say so.

    The value of a test is how much better the decision after it is expected to be than the decision now; where no
    single test pays, a bundle on one solution is weighed; "stop" is only said when knowing everything would cost more
    than it could change.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    NextActions

    Raises
    ------
    InvalidValueError
        When numbers of the tree contradict each other.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more", "parent": None},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"},
    ...     {"id": "row", "kind": "solution", "title": "A row of picks", "parent": "find", "value": 100, "cost": 30},
    ...     {"id": "look", "kind": "assumption", "title": "People look there", "parent": "row", "probability": 0.6},
    ...     {"id": "proto", "kind": "test", "title": "Prototype", "parent": "look", "cost": 2, "days": 4}])
    >>> found = next_actions(Workspace(tree=tree))
    >>> found.actions[0].kind, found.actions[0].subject, found.actions[0].value
    ('run test', 'proto', 10.0)
    """
    actions = list(_decisions(workspace))
    ranking = None
    if workspace.tree is not None:
        portfolio = portfolio_from_records(to_records(workspace.tree))
        ranking = rank_tests(portfolio)
        context = _Context(workspace, workspace.tree, portfolio, ranking)
        for advice in ranking.advice:
            actions += context.follow(advice)
    measured = Measured.of(workspace)
    actions += discovery(workspace, measured)
    place = {node.id: index for index, node in enumerate(workspace.tree or ())}
    ordered = sorted(actions, key=lambda action: _rank(action, measured, place))
    return NextActions(actions=tuple(_with_ties(ordered)), ranking=ranking)


def _with_ties(actions: list[Action]) -> Iterator[Action]:
    """Say of an action that is worth as much as the one before it why it comes later."""
    before: Action | None = None
    for action in actions:
        if before is not None and isinstance(action.value, float) and before.value == action.value:
            why = "by kind" if before.kind != action.kind else "in the tree's order"
            told = f"worth as much as {quoted(before.title)}; the two stand {why}"
            yield attrs.evolve(action, reasons=(*action.reasons, told))
        else:
            yield action
        before = action


def _rank(
    action: Action, measured: Measured, place: Mapping[str, int]
) -> tuple[bool, bool, float, int, float, float, int]:
    weighed = isinstance(action.value, float)
    value = -action.value if isinstance(action.value, float) else 0.0
    kind = ORDER.index(action.kind)
    chance, score = (0.0, 0.0) if weighed or action.kind == "decide" else measured.strength(action.subject)
    return (action.kind != "decide", not weighed, value, kind, -chance, -score, place.get(action.subject, -1))


def _decisions(workspace: Workspace) -> Iterator[Action]:
    for experiment in workspace.experiments:
        if experiment.looks and experiment.decision is None:
            yield Action(
                kind="decide",
                subject=experiment.id,
                title=f"Decide on {quoted(experiment.title or experiment.id)}",
                reasons=(f"its data were read {_times(len(experiment.looks))}, and nothing was decided",),
                rests_on=(experiment.id,),
            )
    for node in workspace.tree or ():
        if isinstance(node, AssumptionTest) and node.status == "done" and node.verdict is None:
            reason = "the test is done, and nobody has written down what it said"
            yield Action(
                kind="decide",
                subject=node.id,
                title=f"Give {quoted(node.title)} its verdict",
                reasons=(reason,),
                rests_on=(node.id,),
            )


class _Context:
    """Turns the advice on each group of opportunities into actions."""

    def __init__(self, workspace: Workspace, tree: OstTree, portfolio: Portfolio, ranking: TestRanking) -> None:
        self.workspace = workspace
        self.tree = tree
        self.portfolio = portfolio
        self.values = {value.test: value for value in ranking.tests}
        self.candidates: dict[str, list[Candidate]] = {}
        for candidate in portfolio.candidates:
            self.candidates.setdefault(candidate.opportunity, []).append(candidate)
        self.tests_of = _tests_of(tree)

    def follow(self, advice: Advice) -> Iterator[Action]:
        """Yield what one piece of advice asks for."""
        if advice.step == "test":
            yield self._test(self.values[advice.tests[0]], advice)
        elif advice.step == "bundle" and advice.bundle is not None:
            yield self._bundle(advice)
        elif advice.step == "undefined":
            title = f"Add what is missing under {', '.join(map(quoted, advice.opportunities))}"
            yield Action(
                kind="add numbers",
                subject=advice.opportunities[0],
                title=title,
                reasons=(advice.reason,),
                rests_on=advice.opportunities,
            )
            yield from self._ready(advice)
        else:
            yield from self._nothing_to_learn(advice)

    def _test(self, value: TestValue, advice: Advice) -> Action:
        node = self.tree[value.test]
        reasons = [f"worth {'at most ' if value.at_most else ''}{_money(value.net)} net of its cost"]
        others = [other.test for other in self.values.values() if other.test != value.test and _pays(other, advice)]
        if others:
            reasons.append(f"also paying by themselves, though values do not add: {', '.join(others)}")
        return self._action(
            "run test",
            (value.test,),
            f"{_verb(node)} {quoted(node.title)}",
            value.net,
            at_most=value.at_most,
            reasons=reasons,
            rests_on=(*value.assumptions, *self._resting_on(value.assumptions)),
        )

    def _bundle(self, advice: Advice) -> Action:
        bundle = advice.bundle
        assert bundle is not None  # noqa: S101 - the caller has looked
        titles = ", then ".join(quoted(self.tree[test].title) for test in bundle.tests)
        reasons = [
            "no single test pays, because one answer alone would not change the decision",
            f"expected to cost {_money(bundle.cost)}, since it stops at the first that fails",
            advice.reason,
        ]
        return self._action(
            "run tests",
            bundle.tests,
            f"Run {titles}",
            bundle.net,
            at_most=any(self.values[test].at_most for test in bundle.tests),
            reasons=reasons,
            rests_on=(bundle.solution, *self._assumptions(bundle.solution)),
        )

    def _nothing_to_learn(self, advice: Advice) -> Iterator[Action]:
        """No test pays: build what is worth its cost, or stop; say where a test is missing."""
        for opportunity in advice.opportunities:
            candidates = self.candidates.get(opportunity, ())
            if not candidates:
                continue
            worth = {candidate.id: self._worth(candidate) for candidate in candidates}
            best = max(candidates, key=lambda candidate: worth[candidate.id])
            rests_on = tuple(dict.fromkeys(name for each in candidates for name in (each.id, *each.assumptions)))
            if worth[best.id] > 0:
                told = (f"worth {_money(worth[best.id])} as things are believed now",)
                yield self._build(best, worth[best.id], (*told, *self._support(best), advice.reason))
            elif advice.step == "do not test":
                title = f"Stop working on {quoted(self.tree[opportunity].title)}, or look for another solution"
                yield Action(
                    kind="stop",
                    subject=opportunity,
                    title=title,
                    value=0.0,
                    reasons=(advice.reason,),
                    rests_on=rests_on,
                )
            if advice.step in {"no test listed", "nothing pays"}:
                what = "Find a cheaper test for" if advice.step == "nothing pays" else "Plan a test for"
                title = f"{what} {quoted(self.tree[opportunity].title)}"
                yield Action(
                    kind="add test", subject=opportunity, title=title, reasons=(advice.reason,), rests_on=rests_on
                )

    def _ready(self, advice: Advice) -> Iterator[Action]:
        """Without its numbers nothing can be weighed; what every test supports is ready to be built all the same."""
        for opportunity in advice.opportunities:
            for candidate in self.candidates.get(opportunity, ()):
                verdicts = [self._verdicts(assumption) for assumption in candidate.assumptions]
                if verdicts and all("supported" in each and "refuted" not in each for each in verdicts):
                    told = "what it is worth cannot be said, because numbers are missing"
                    yield self._build(candidate, None, (*self._support(candidate), told))

    def _worth(self, candidate: Candidate) -> float:
        chance = math.prod(self.portfolio.beliefs[assumption] for assumption in candidate.assumptions)
        return chance * (candidate.value or 0.0) - (candidate.cost or 0.0)

    def _verdicts(self, assumption: str) -> list[str]:
        return [verdict for test in self.tests_of.get(assumption, ()) if (verdict := test.verdict)]

    def _support(self, candidate: Candidate) -> Iterator[str]:
        """Say what tests said of the assumptions of a solution, doubts first."""
        tests = {test.id: test for assumption in candidate.assumptions for test in self.tests_of.get(assumption, ())}
        refuted = [test.id for test in tests.values() if test.verdict == "refuted"]
        if refuted:
            yield f"{', '.join(refuted)} refuted an assumption: is its probability still right?"
        supported = sum("supported" in self._verdicts(assumption) for assumption in candidate.assumptions)
        count = len(candidate.assumptions)
        listed = "1 assumption is listed" if count == 1 else f"{count} assumptions are listed"
        yield f"{listed} (others count as certain), and tests supported {supported} of them"

    def _build(self, candidate: Candidate, worth: float | None, reasons: tuple[str, ...]) -> Action:
        node = self.tree[candidate.id]
        begun = isinstance(node, Solution) and node.status == "building"
        verb = "Finish" if begun else "Build"
        title = f"{verb} {quoted(node.title)}"
        return self._action("build", (node.id,), title, worth, reasons=reasons, rests_on=candidate.assumptions)

    def _action(
        self,
        kind: ActionKind,
        subjects: tuple[str, ...],
        title: str,
        value: float | Undefined | None,
        *,
        at_most: bool = False,
        reasons: list[str] | tuple[str, ...],
        rests_on: tuple[str, ...],
    ) -> Action:
        nodes = [self.tree[subject] for subject in subjects]
        costs = [node.cost for node in nodes if isinstance(node, (AssumptionTest, Solution)) and node.cost is not None]
        days = [node.days for node in nodes if isinstance(node, AssumptionTest) and node.days is not None]
        involved = self._coordination(subjects)
        told = list(reasons)
        if involved is not None:
            told.append(_involvement(involved))
        return Action(
            kind=kind, subject=subjects[0], title=title, value=value,
            cost=sum(costs) if costs else None, days=sum(days) if days else None,
            at_most=at_most, coordination=involved, reasons=tuple(told),
            rests_on=tuple(dict.fromkeys((*subjects, *rests_on))),
        )  # fmt: skip

    def _coordination(self, subjects: tuple[str, ...]) -> CoordinationCost | None:
        organization = self.workspace.organization
        if organization is None:
            return None
        known = {component.id for component in organization.components}
        touched = [
            component
            for solution in dict.fromkeys(name for subject in subjects for name in self._served(subject))
            for node in (self.tree[solution],)
            if isinstance(node, Solution)
            for component in node.touches
            if component in known
        ]
        return coordination_cost(organization, tuple(dict.fromkeys(touched))) if touched else None

    def _served(self, subject: str) -> Iterator[str]:
        """Yield the solutions that an action is for: itself, those it hangs under, those that share what it tests."""
        for node in (self.tree[subject], *ancestors(self.tree, subject)):
            if isinstance(node, Solution):
                yield node.id
        if subject in self.values:
            yield from self._resting_on(self.values[subject].assumptions)

    def _resting_on(self, assumptions: tuple[str, ...]) -> Iterator[str]:
        """Yield the solutions that rest on one of these assumptions."""
        looked_at = frozenset(assumptions)
        for candidate in self.portfolio.candidates:
            if looked_at.intersection(candidate.assumptions):
                yield candidate.id

    def _assumptions(self, solution: str) -> tuple[str, ...]:
        return next(candidate.assumptions for candidate in self.portfolio.candidates if candidate.id == solution)


def _tests_of(tree: OstTree) -> dict[str, list[AssumptionTest]]:
    """Return the tests of each assumption: under it, tied to it by a link, or of all assumptions of its solution."""
    found: dict[str, list[AssumptionTest]] = {}
    ties = list(tree.parents.items())
    ties += [pair for link in tree.links for pair in ((link.source, link.target), (link.target, link.source))]
    for lower, upper in ties:
        test, above = tree[lower], tree[upper]
        if isinstance(test, AssumptionTest):
            looked_at = children(tree, upper) if isinstance(above, Solution) else (above,)
            for node in looked_at:
                if isinstance(node, Assumption):
                    found.setdefault(node.id, []).append(test)
    return found


def _money(amount: float | Undefined) -> str:
    """Write an amount for people: whole and grouped from a thousand on, four digits below."""
    if isinstance(amount, Undefined):
        return str(amount)
    return f"{amount:,.0f}" if abs(amount) >= _THOUSAND else f"{amount:.4g}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _verb(node: object) -> str:
    return "Finish" if isinstance(node, AssumptionTest) and node.status == "running" else "Run"


def _pays(value: TestValue, advice: Advice) -> bool:
    return set(value.opportunities) <= set(advice.opportunities) and isinstance(value.net, float) and value.net > 0


def _involvement(cost: CoordinationCost) -> str:
    teams = f"{len(cost.teams)} team{'s' if len(cost.teams) != 1 else ''}"
    if not cost.missing:
        return f"involves {teams}, and every pair that depends on each other has a channel"
    pairs = ", ".join(f"{a} and {b}" for a, b in cost.missing)
    return f"involves {teams}; without a channel: {pairs}"
