"""On trees small enough to enumerate, the actions are those of the brute-force answer."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import ost
from pmkit.conway import Component, Organization, Ownership, Team
from pmkit.workspace import Workspace, next_actions

Records = list[dict[str, Any]]


def _tree(source: random.Random, *, sharing: bool = False) -> Records:
    """Two opportunities of one or two solutions; assumptions of their own, or shared; tests of some."""
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
    if sharing:
        assumptions = [row for row in rows if row["kind"] == "assumption"]
        for row in [row for row in rows if row["kind"] == "solution"]:
            others = [each["id"] for each in assumptions if each["parent"] != row["id"]]
            if others and source.random() < 0.6:
                row["links"] = [{"target": source.choice(others), "kind": "rests on"}]
    return rows


class _Brute:
    """Plays every plan out over every state of the world and every answer."""

    def __init__(self, rows: Records) -> None:
        self.solutions = {
            row["id"]: row for row in rows if row["kind"] == "solution" and row["status"] not in {"dropped", "shipped"}
        }
        self.beliefs = {row["id"]: row["probability"] for row in rows if row["kind"] == "assumption"}
        self.rests = {
            name: [row["id"] for row in rows if row["kind"] == "assumption" and row["parent"] == name]
            + [link["target"] for link in self.solutions[name].get("links", ())]
            for name in self.solutions
        }
        live = {name for names in self.rests.values() for name in names}
        self.tests = {
            row["id"]: row
            for row in rows
            if row["kind"] == "test" and row["status"] != "done" and row["parent"] in live
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

    def costs(self, order: tuple[str, ...]) -> float:
        """What running tests in this order until one fails is expected to cost; of one assumption each."""
        spent, reached = 0.0, 1.0
        for test in order:
            spent += reached * self.tests[test]["cost"]
            belief = self.beliefs[self.tests[test]["parent"]]
            reached *= belief * self._likelihood(test, True, holds=True) + (1 - belief) * self._likelihood(
                test, True, holds=False
            )
        return spent

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
    rows = _tree(random.Random(seed))
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


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_actions_on_shared_assumptions_equal_the_brute_force_answer(source: random.Random) -> None:
    """Opportunities that share assumptions are weighed together; each still builds at most one solution."""
    rows = _tree(source, sharing=True)
    brute = _Brute(rows)
    tree = ost.from_records(rows)
    found = next_actions(Workspace(tree=tree))
    assert found.ranking is not None
    for advice in found.ranking.advice:
        own = set(advice.opportunities)
        candidates = {name for name, row in brute.solutions.items() if row["parent"] in own}
        looked_at = {rest for name in candidates for rest in brute.rests[name]}
        tests = [test for test, row in brute.tests.items() if row["parent"] in looked_at]
        actions = [
            action
            for action in found.actions
            if action.kind not in {"decide", "interview", "size"} and action.subject in {*own, *candidates, *tests}
        ]
        kinds = [action.kind for action in actions]
        now = {opportunity: brute.best(opportunity, {}) for opportunity in own}
        gains = {test: sum(brute.single(each, test) for each in own) for test in tests}
        gains = {test: gain + (len(own) - 1) * brute.tests[test]["cost"] for test, gain in gains.items()}
        best = max(gains.values(), default=0.0)
        perfect = sum(brute.perfect(each) for each in own)
        if advice.step == "do not test":
            assert perfect < min(brute.tests[test]["cost"] for test in tests)
            assert set(kinds) <= {"build", "stop"}
        elif best > 1e-9:
            assert kinds == ["run test"]
            assert actions[0].value == pytest.approx(best)
            assert gains[actions[0].subject] == pytest.approx(best)
            assert set(actions[0].rests_on) >= {brute.tests[actions[0].subject]["parent"]}
        elif "run tests" in kinds:
            assert kinds == ["run tests"]
            orders = [order for each in own for order in brute.bundles(each)]
            gained = {order: sum(brute.sequence(each, order) for each in own) for order in orders}
            gained = {order: gain + (len(own) - 1) * brute.costs(order) for order, gain in gained.items()}
            assert actions[0].value == pytest.approx(max(gained.values()))
        else:
            assert set(kinds) <= {"build", "add test"}
            built = {tree.parents[action.subject]: action.value for action in actions if action.kind == "build"}
            assert built == {each: pytest.approx(worth) for each, worth in now.items() if worth > 1e-9}


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from([0.6, 0.7, 0.8]), min_size=2, max_size=3),
    st.lists(st.sampled_from([1, 2, 3]), min_size=3, max_size=3),
    st.sampled_from([50, 60, 70]),
    st.sampled_from([None, 0.5]),
)
def test_a_bundle_is_offered_where_no_single_test_pays(
    beliefs: list[float], costs: list[int], cost: int, shared: float | None
) -> None:
    rows: Records = [
        {"id": "o", "kind": "outcome", "title": "o", "parent": None},
        {"id": "p", "kind": "opportunity", "title": "p", "parent": "o"},
        {"id": "s", "kind": "solution", "title": "s", "parent": "p", "value": 100, "cost": cost, "status": "idea"},
    ]
    for place, belief in enumerate(beliefs):
        rows.append({"id": f"a{place}", "kind": "assumption", "title": "a", "parent": "s", "probability": belief})
        criterion = ost.Criterion(successes=9, trials=12, rate_if_true=0.95, rate_if_false=0.3)
        test = {"cost": costs[place], "days": 2, "status": "planned", "criterion": criterion}
        rows.append({"id": f"t{place}", "kind": "test", "title": f"t{place}", "parent": f"a{place}", **test})
    if shared is not None:
        rows += [
            {"id": "q", "kind": "opportunity", "title": "q", "parent": "o"},
            {"id": "u", "kind": "solution", "title": "u", "parent": "q", "value": 30, "cost": 29, "status": "idea",
             "links": [{"target": "a0", "kind": "rests on"}]},
            {"id": "b", "kind": "assumption", "title": "b", "parent": "u", "probability": shared},
        ]  # fmt: skip
    brute = _Brute(rows)
    own = ("p", "q") if shared is not None else ("p",)
    tests = tuple(brute.tests)
    singles = {t: sum(brute.single(o, t) for o in own) + (len(own) - 1) * brute.tests[t]["cost"] for t in tests}
    orders = list(itertools.permutations(tests))
    bundles = {
        order: sum(brute.sequence(o, order) for o in own) + (len(own) - 1) * brute.costs(order) for order in orders
    }
    (action,) = (
        action
        for action in next_actions(Workspace(tree=ost.from_records(rows))).actions
        if action.kind not in {"interview", "size", "add test"}
    )
    assert max(bundles.values()) > 0
    if max(singles.values()) > 1e-9:
        assert (action.kind, action.value) == ("run test", pytest.approx(max(singles.values())))
    else:
        order = tuple(title.strip("'") for title in action.title.removeprefix("Run ").split(", then "))
        assert (action.kind, action.value) == ("run tests", pytest.approx(bundles[order]))
        assert bundles[order] > 0.95 * max(bundles.values())
        assert list(order) == sorted(order, key=lambda test: (costs[int(test[1])] / (1 - beliefs[int(test[1])]), test))
        assert action.cost == sum(costs[: len(beliefs)])
        assert action.days == 2 * len(beliefs)
        assert set(action.rests_on) == {*tests, "s", *(f"a{place}" for place in range(len(beliefs)))}
        assert "no single test pays" in action.reasons[0]


def test_the_same_tree_gives_the_same_actions() -> None:
    rows = _tree(random.Random(3))
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
