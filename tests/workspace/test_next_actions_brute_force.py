"""On trees small enough to enumerate, the actions are those of the brute-force answer."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from pmkit import ost
from pmkit.conway import Component, Organization, Ownership, Team
from pmkit.workspace import Workspace, next_actions

Records = list[dict[str, Any]]


def _tree(seed: int) -> Records:
    """Two opportunities of one or two solutions; assumptions of their own; tests of some."""
    source = random.Random(seed)
    rows: Records = [{"id": "o", "kind": "outcome", "title": "o", "parent": None}]
    for opportunity in range(source.choice([1, 2])):
        rows.append({"id": f"p{opportunity}", "kind": "opportunity", "title": "p", "parent": "o"})
        for solution in range(source.choice([1, 1, 2])):
            name = f"s{opportunity}{solution}"
            worth = {"value": source.choice([20, 60, 100]), "cost": source.choice([5, 30, 70])}
            status = source.choice(["idea", "idea", "considering", "dropped"])
            rows.append(
                {"id": name, "kind": "solution", "title": name, "parent": f"p{opportunity}", "status": status, **worth}
            )
            for assumption in range(source.choice([0, 1, 2])):
                belief = f"{name}a{assumption}"
                chance = source.choice([0.2, 0.5, 0.7, 0.9])
                rows.append({"id": belief, "kind": "assumption", "title": "a", "parent": name, "probability": chance})
                if source.random() < 0.8:
                    rows.append(
                        {
                            "id": f"{belief}t",
                            "kind": "test",
                            "title": "t",
                            "parent": belief,
                            "cost": source.choice([1, 4, 12]),
                            "days": 3,
                            "status": source.choice(["planned", "running", "planned", "done"]),
                            "criterion": ost.Criterion(
                                successes=8, trials=12, rate_if_true=source.choice([0.75, 0.9]), rate_if_false=0.4
                            ),
                        }
                    )
    return rows


class _Brute:
    """Plays every plan out over every state of the world and every answer."""

    def __init__(self, rows: Records) -> None:
        by_id = {row["id"]: row for row in rows}
        self.solutions = {
            row["id"]: row for row in rows if row["kind"] == "solution" and row["status"] not in {"dropped", "shipped"}
        }
        self.beliefs = {row["id"]: row["probability"] for row in rows if row["kind"] == "assumption"}
        self.rests = {
            name: [row["id"] for row in rows if row["kind"] == "assumption" and row["parent"] == name]
            for name in self.solutions
        }
        self.tests = {
            row["id"]: row
            for row in rows
            if row["kind"] == "test" and row["status"] != "done" and by_id[row["parent"]]["parent"] in self.solutions
        }

    def _states(self, names: list[str]) -> list[tuple[dict[str, bool], float]]:
        states = []
        for held in itertools.product((True, False), repeat=len(names)):
            chance = 1.0
            for name, holds in zip(names, held, strict=True):
                chance *= self.beliefs[name] if holds else 1 - self.beliefs[name]
            states.append((dict(zip(names, held, strict=True)), chance))
        return states

    def best(self, opportunity: str, answers: dict[str, bool]) -> float:
        """The joint weight of the answers, times what the best thing to build is then worth, or nothing."""
        worths = [0.0]
        for name, row in self.solutions.items():
            if row["parent"] == opportunity:
                names = sorted({*self.rests[name], *(self.tests[test]["parent"] for test in answers)})
                total = 0.0
                for state, prior in self._states(names):
                    chance = prior
                    for test, positive in answers.items():
                        chance *= self._likelihood(test, positive, holds=state[self.tests[test]["parent"]])
                    pays = row["value"] if all(state[rest] for rest in self.rests[name]) else 0
                    total += chance * (pays - row["cost"])
                worths.append(total)
        return max(worths)

    def _likelihood(self, test: str, positive: bool, *, holds: bool) -> float:  # noqa: FBT001 - an answer
        criterion = self.tests[test]["criterion"]
        rate = criterion.rate_if_true if holds else criterion.rate_if_false
        from scipy.stats import binom

        passed = float(binom.sf(criterion.successes - 1, criterion.trials, rate))
        return passed if positive else 1 - passed

    def single(self, opportunity: str, test: str) -> float:
        """The net gain of one test over deciding now."""
        after = sum(self.best(opportunity, {test: answer}) for answer in (True, False))
        return after - self.best(opportunity, {}) - float(self.tests[test]["cost"])

    def sequence(self, opportunity: str, order: tuple[str, ...]) -> float:
        """The net gain of running tests in this order until one fails."""
        gained, reached, answers = -self.best(opportunity, {}), 1.0, {}
        for test in order:
            gained -= reached * self.tests[test]["cost"]
            gained += self.best(opportunity, {**answers, test: False})
            belief = self.beliefs[self.tests[test]["parent"]]
            reached *= belief * self._likelihood(test, True, holds=True) + (1 - belief) * self._likelihood(
                test, True, holds=False
            )
            answers[test] = True
        return gained + self.best(opportunity, answers)

    def bundles(self, opportunity: str) -> dict[tuple[str, ...], float]:
        """Every order of all tests of one solution."""
        found = {}
        for name, row in self.solutions.items():
            tests = [test for test, each in self.tests.items() if each["parent"] in self.rests[name]]
            if row["parent"] == opportunity and tests:
                for order in itertools.permutations(tests):
                    found[order] = self.sequence(opportunity, order)
        return found

    def perfect(self, opportunity: str) -> float:
        """What knowing everything would add."""
        mine = {name: row for name, row in self.solutions.items() if row["parent"] == opportunity}
        names = sorted({rest for name in mine for rest in self.rests[name]})
        total = 0.0
        for state, chance in self._states(names):
            gains = [
                row["value"] - row["cost"] for name, row in mine.items() if all(state[r] for r in self.rests[name])
            ]
            total += chance * max(0.0, *gains, 0.0)
        return total - self.best(opportunity, {})


@pytest.mark.parametrize("seed", range(100))
def test_actions_equal_the_brute_force_answer(seed: int) -> None:
    rows = _tree(seed)
    brute = _Brute(rows)
    tree = ost.from_records(rows)
    actions = [
        action for action in next_actions(Workspace(tree=tree)).actions if action.kind not in {"interview", "size"}
    ]
    for opportunity in dict.fromkeys(row["parent"] for row in brute.solutions.values()):
        own = {opportunity, *(node.id for node in ost.descendants(tree, opportunity))}
        mine = [action for action in actions if action.subject in own and action.kind != "decide"]
        tests = [test for test in brute.tests if test in own]
        singles = {test: brute.single(opportunity, test) for test in tests}
        bundles = brute.bundles(opportunity)
        worth = brute.best(opportunity, {})
        best_single = max(singles.values(), default=0.0)
        best_bundle = max(bundles.values(), default=0.0)
        kinds = [action.kind for action in mine]
        if tests and brute.perfect(opportunity) < min(brute.tests[test]["cost"] for test in tests):
            assert kinds == (["build"] if worth > 0 else ["stop"])
            assert mine[0].value == pytest.approx(worth)
        elif best_single > 1e-9:
            assert kinds == ["run test"]
            assert mine[0].value == pytest.approx(best_single)
            assert singles[mine[0].subject] == pytest.approx(best_single)
        elif best_bundle > 1e-9:
            assert kinds == ["run tests"]
            assert mine[0].value == pytest.approx(best_bundle)
        elif worth > 1e-9:
            assert kinds[0] == "build"
            assert mine[0].value == pytest.approx(worth)
        else:
            assert kinds == ["add test"]
        for action in mine:
            assert action.reasons
            assert set(action.rests_on) <= {row["id"] for row in rows}
    values = [action.value for action in actions if action.kind != "decide" and action.value is not None]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]


def test_the_same_tree_gives_the_same_actions() -> None:
    rows = _tree(3)
    once, again = (next_actions(Workspace(tree=ost.from_records(rows))) for _ in range(2))
    assert once == again


SHARED: Records = [
    {"id": "o", "kind": "outcome", "title": "o", "parent": None},
    {"id": "p", "kind": "opportunity", "title": "p", "parent": "o"},
    {"id": "a", "kind": "solution", "title": "a", "parent": "p", "value": 100, "cost": 30, "touches": ["one"]},
    {"id": "b", "kind": "solution", "title": "b", "parent": "p", "value": 90, "cost": 30, "touches": ["two"]},
    {"id": "x", "kind": "assumption", "title": "x", "parent": "a", "probability": 0.5},
    {"id": "t", "kind": "test", "title": "t", "parent": "x", "cost": 1},
]


def test_a_test_of_a_shared_assumption_involves_the_teams_of_all_its_solutions() -> None:
    tree = ost.link(ost.from_records(SHARED), "b", "x", "rests on")
    organization = Organization(
        teams=[Team(id="t1"), Team(id="t2")],
        components=[Component(id="one"), Component(id="two")],
        ownership=[Ownership(component="one", team="t1"), Ownership(component="two", team="t2")],
    )
    (action, *_) = next_actions(Workspace(tree=tree, organization=organization)).actions
    assert (action.kind, action.subject) == ("run test", "t")
    assert action.coordination is not None
    assert action.coordination.teams == ("t1", "t2")


def test_ties_say_why_one_comes_first() -> None:
    rows = [row for row in SHARED if row["id"] in {"o", "p", "a", "x", "t"}]
    rows += [{**row, "id": row["id"] + "2", "parent": (row["parent"] or "") + "2"} for row in rows[1:]]
    rows = [{**row, "parent": "o" if row["parent"] == "o2" else row["parent"], "touches": None} for row in rows]
    first, second = (action for action in next_actions(Workspace(tree=ost.from_records(rows))).actions if action.value)
    assert (first.subject, second.subject) == ("t", "t2")
    assert first.value == second.value
    assert "in the tree's order" in second.reasons[-1]


def test_a_refuted_assumption_with_an_old_probability_is_doubted() -> None:
    rows = [{**row, **({"status": "done", "verdict": "refuted"} if row["id"] == "t" else {})} for row in SHARED]
    actions = next_actions(Workspace(tree=ost.from_records(rows))).actions
    told = [reason for action in actions if action.kind == "build" for reason in action.reasons]
    assert any("refuted" in reason for reason in told) == any(
        action.subject == "a" for action in actions if action.kind == "build"
    )
