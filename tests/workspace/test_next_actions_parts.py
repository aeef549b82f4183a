"""Each part of what to do next: decisions, tests, builds, numbers, needs, sizes, interviews; order and reasons."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from pmkit import ost
from pmkit.conway import Communication, Component, Dependency, Organization, Ownership, Team
from pmkit.experiments import Plan, proportion
from pmkit.model import Evidence
from pmkit.workspace import (
    Action,
    Answers,
    Cell,
    Experiment,
    Look,
    RecordedDecision,
    StatedNeed,
    Survey,
    Workspace,
    measured_needs,
    need_scores,
    next_actions,
)

BAD = Answers(high_low=150, high_high=10, low_high=20, low_low=20)
WORSE = Answers(high_low=190, low_low=10)
GOOD = Answers(high_high=150, high_low=10, low_high=20, low_low=20)
TWO = (Evidence(kind="story", participant="p1"), Evidence(kind="story", participant="p2"))


def _tree(*rows: dict[str, Any], **opportunity: Any) -> ost.OstTree:
    return ost.from_records(
        [
            {"id": "o", "kind": "outcome", "title": "Watch more", "parent": None},
            {"id": "p", "kind": "opportunity", "title": "I can't find a film", "parent": "o", **opportunity},
            *rows,
        ]
    )


def _solution(identifier: str = "s", parent: str = "p", **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "kind": "solution", "title": f"Solution {identifier}", "parent": parent, **fields}


def _assumption(identifier: str = "a", parent: str = "s", **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "kind": "assumption", "title": "They look", "parent": parent, **fields}


def _test(identifier: str = "t", parent: str = "a", **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "kind": "test", "title": f"Test {identifier}", "parent": parent, **fields}


def _actions(tree: ost.OstTree | None, **fields: Any) -> tuple[Action, ...]:
    return next_actions(Workspace(tree=tree, **fields)).actions


def _one(kind: str, actions: tuple[Action, ...]) -> Action:
    (found,) = (action for action in actions if action.kind == kind)
    return found


def _experiment(identifier: str, *looks: Look, **fields: Any) -> Experiment:
    plan = Plan(goal=proportion("bought", minimum_effect=0.01), split={"control": 1, "new": 1})
    return Experiment(id=identifier, plan=plan, looks=looks, **fields)


def test_decisions_that_wait_come_first() -> None:
    counts = {name: {"bought": Cell(n=10, successes=2)} for name in ("control", "new")}
    look = Look(date="2026-11-01", counts=counts)
    worthy = (_solution(value=100, cost=1), _assumption(probability=1), _test("done", status="done"))
    experiments = [
        _experiment("read", look, look, title="Picks"),
        _experiment("decided", look, decision=RecordedDecision(verdict="iterate")),
        _experiment("unread"),
    ]
    first, second, *rest = _actions(_tree(*worthy, evidence=TWO), experiments=experiments)
    assert (first.kind, first.subject, first.title) == ("decide", "read", "Decide on 'Picks'")
    assert first.reasons == ("its data were read 2 times, and nothing was decided",)
    assert first.rests_on == ("read",)
    assert (second.kind, second.subject, second.title) == ("decide", "done", "Give 'Test done' its verdict")
    assert second.rests_on == ("done",)
    assert "decide" not in [action.kind for action in rest]
    assert first.value is second.value is None
    once = _actions(None, experiments=[_experiment("read", look)])
    assert once[0].title == "Decide on 'read'"
    assert once[0].reasons == ("its data were read once, and nothing was decided",)


def test_a_test_says_what_it_is_worth_costs_and_rests_on() -> None:
    rows = (_solution(value=100, cost=30), _assumption(probability=0.6), _test(cost=2, days=4))
    action = _one("run test", _actions(_tree(*rows)))
    assert (action.title, action.value, action.cost, action.days) == ("Run 'Test t'", pytest.approx(10.0), 2, 4)
    assert action.at_most
    assert action.reasons[0] == "worth at most 10 net of its cost"
    assert action.rests_on == ("t", "a", "s")
    assert action.coordination is None
    running = _one("run test", _actions(_tree(rows[0], rows[1], _test(cost=2, status="running"))))
    assert (running.title, running.days) == ("Finish 'Test t'", None)
    small = _one("run test", _actions(_tree(_solution(value=1.0, cost=0.3), rows[1], _test(cost=0.02))))
    assert small.reasons[0] == "worth at most 0.1 net of its cost"
    large = _one("run test", _actions(_tree(_solution(value=1e6, cost=3e5), rows[1], _test(cost=2))))
    assert large.reasons[0] == "worth at most 119,998 net of its cost"


def test_other_tests_that_pay_are_named() -> None:
    rows = (_solution(value=100, cost=30), _assumption(probability=0.6), _test(cost=2), _test("u", cost=3))
    elsewhere = (
        {"id": "q", "kind": "opportunity", "title": "I wait", "parent": "o"},
        _solution("w", "q", value=40, cost=10),
        _assumption("b", "w", probability=0.5),
        _test("v", "b", cost=1),
    )
    actions = _actions(_tree(*rows, _test("dear", cost=90), *elsewhere))
    action, other = (action for action in actions if action.kind == "run test")
    assert (action.subject, other.subject) == ("t", "v")
    assert "also paying" not in " ".join(other.reasons)
    assert action.reasons[1] == "also paying by themselves, though values do not add: u"


def test_what_nothing_is_left_to_learn_about_is_built() -> None:
    rows = (_solution(value=100, cost=30), _assumption(probability=0.9), _test(status="done", verdict="supported"))
    action = _one("build", _actions(_tree(*rows)))
    assert (action.title, action.value, action.cost) == ("Build 'Solution s'", pytest.approx(60.0), 30)
    assert action.reasons[:2] == (
        "worth 60 as things are believed now",
        "1 assumption is listed (others count as certain), and tests supported 1 of them",
    )
    assert action.rests_on == ("s", "a")
    begun = _one("build", _actions(_tree(_solution(value=100, cost=30, status="building"), *rows[1:])))
    assert begun.title == "Finish 'Solution s'"
    refuted = _one("build", _actions(_tree(*rows[:2], _test(status="done", verdict="refuted"))))
    assert refuted.reasons[1] == "t refuted an assumption: is its probability still right?"
    assert "tests supported 0 of them" in refuted.reasons[2]


def test_of_two_solutions_the_better_is_built() -> None:
    rows = (_solution(value=100, cost=30), _solution("w", value=100, cost=20), _solution("z", value=5, cost=9))
    assert _one("build", _actions(_tree(*rows))).subject == "w"


def test_what_tests_support_is_ready_though_nothing_is_known_of_its_worth() -> None:
    supported = {"status": "done", "verdict": "supported"}
    rows = [_solution(), _assumption(), _assumption("b"), _test(**supported)]
    assert "build" not in [action.kind for action in _actions(_tree(*rows))]
    both = _actions(_tree(*rows, _test("u", "b", **supported)))
    action = _one("build", both)
    assert (action.subject, action.value) == ("s", None)
    assert action.reasons == (
        "2 assumptions are listed (others count as certain), and tests supported 2 of them",
        "what it is worth cannot be said, because numbers are missing",
    )
    kinds = [each.kind for each in both]
    assert kinds.index("build") < kinds.index("add numbers")
    doubted = _actions(_tree(*rows, _test("u", "b", **supported), _test("v", "b", status="done", verdict="refuted")))
    assert "build" not in [each.kind for each in doubted]
    linked = ost.link(_tree(*rows), "t", "b", "tests")
    assert _one("build", _actions(linked)).rests_on == ("s", "a", "b")
    whole = _tree(rows[0], rows[1], rows[2], _test("all", "s", **supported))
    assert _one("build", _actions(whole)).reasons[0].endswith("tests supported 2 of them")
    for status in ("dropped", "shipped"):
        closed = _tree({**rows[0], "status": status}, *rows[1:], _test("u", "b", **supported))
        assert "build" not in [each.kind for each in _actions(closed)]
    assert "build" not in [each.kind for each in _actions(_tree(_solution()))], "nothing supports it"


def test_missing_numbers_are_named() -> None:
    action = _one("add numbers", _actions(_tree(_solution(value=100), _assumption(probability=0.5), _test(cost=1))))
    assert action.subject == "p"
    assert action.title == "Add what is missing under 'p'"
    assert "cost of 's'" in action.reasons[0]


def test_stop_is_said_only_when_knowing_everything_would_not_pay() -> None:
    hopeless = (_solution(value=31, cost=30), _assumption(probability=0.5), _test(cost=5))
    action = _one("stop", _actions(_tree(*hopeless)))
    assert (action.subject, action.value) == ("p", 0.0)
    assert action.rests_on == ("s", "a")
    cheap = _actions(_tree(*hopeless[:2], _test(cost=0.4)))
    assert "stop" not in [each.kind for each in cheap]
    untested = _actions(_tree(*hopeless[:2]))
    assert "stop" not in [each.kind for each in untested]
    assert _one("add test", untested).title == "Plan a test for 'I can't find a film'"


def test_a_test_that_is_too_dear_asks_for_a_cheaper_one() -> None:
    criterion = ost.Criterion(successes=6, trials=10, rate_if_true=0.62, rate_if_false=0.58)
    rows = (_solution(value=100, cost=60), _assumption(probability=0.5), _test(cost=15, criterion=criterion))
    action = _one("add test", _actions(_tree(*rows)))
    assert action.title == "Find a cheaper test for 'I can't find a film'"
    assert action.rests_on == ("s", "a")


@pytest.mark.parametrize("sharp", [(), ("t",), ("t", "u")])
def test_a_bundle_is_at_most_worth_that_while_one_of_its_tests_is_not_described(sharp: tuple[str, ...]) -> None:
    criterion = ost.Criterion(successes=9, trials=12, rate_if_true=0.95, rate_if_false=0.3)
    rows = [_solution(value=100, cost=60), _assumption(probability=0.7), _assumption("b", probability=0.7)]
    rows += [_assumption("c", probability=0.99)]
    for test, assumption in (("t", "a"), ("u", "b")):
        told = {"criterion": criterion} if test in sharp else {}
        rows.append(_test(test, assumption, cost=7, **told))
    action = _one("run tests", _actions(_tree(*rows)))
    assert action.at_most is (len(sharp) < 2)


def test_teams_that_must_talk_are_named() -> None:
    organization = Organization(
        teams=[Team(id="web"), Team(id="data")],
        components=[Component(id="page"), Component(id="store")],
        ownership=[Ownership(component="page", team="web"), Ownership(component="store", team="data")],
        dependencies=[Dependency(source="page", target="store")],
    )
    tree = _tree(_solution(value=100, cost=30, touches=["page", "store", "gone"]))
    action = _one("build", _actions(tree, organization=organization))
    assert action.coordination is not None
    assert action.coordination.missing == (("web", "data"),)
    assert action.reasons[-1] == "involves 2 teams; without a channel: web and data"
    talking = attrs.evolve(organization, communication=[Communication(a="web", b="data")])
    told = _one("build", _actions(tree, organization=talking)).reasons[-1]
    assert told == "involves 2 teams, and every pair that depends on each other has a channel"
    alone = _tree(_solution(value=100, cost=30, touches=["page"]))
    assert _one("build", _actions(alone, organization=talking)).reasons[-1].startswith("involves 1 team, and")
    nothing = _tree(_solution(value=100, cost=30))
    assert _one("build", _actions(nothing, organization=talking)).coordination is None


def test_ties_are_explained_by_kind_or_by_order() -> None:
    def twin(number: int, kind: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"id": f"p{number}", "kind": "opportunity", "title": f"I lose thing {number}", "parent": "o"},
            _solution(f"s{number}", f"p{number}", value=100, cost=50 if kind == "build" else 0),
        ]
        if kind == "test":
            rows += [
                _assumption(f"a{number}", f"s{number}", probability=0.5),
                _test(f"t{number}", f"a{number}", cost=0),
            ]
        return rows

    builds = _actions(_tree(*twin(1, "build"), *twin(2, "build")))
    first, second = (action for action in builds if action.kind == "build")
    assert (first.subject, second.subject) == ("s1", "s2")
    assert second.reasons[-1] == "worth as much as 'Build 'Solution s1''; the two stand in the tree's order"
    assert "worth as much" not in " ".join(first.reasons)
    tested = [
        _solution("s2", "p2", value=200, cost=100),
        _assumption("a2", "s2", probability=0.5),
        _test("t2", "a2", cost=0),
    ]
    mixed = _actions(_tree(*twin(1, "build"), {**twin(2, "test")[0]}, *tested))
    weighed = [action for action in mixed if action.value is not None]
    assert [(action.kind, action.value) for action in weighed] == [("run test", 50.0), ("build", 50.0)]
    assert weighed[1].reasons[-1].endswith("the two stand by kind")


def test_actions_stand_by_value_and_then_by_kind() -> None:
    rows = (
        _solution(value=100, cost=30),
        {"id": "q", "kind": "opportunity", "title": "I wait", "parent": "o", "evidence": TWO},
        {"id": "r", "kind": "opportunity", "title": "I pay", "parent": "o"},
        _solution("better", "r", value=300, cost=30),
        {"id": "v", "kind": "opportunity", "title": "I leave", "parent": "o"},
        _solution("unknown", "v"),
    )
    actions = _actions(_tree(*rows))
    assert [(action.kind, action.subject) for action in actions] == [
        ("build", "better"), ("build", "s"), ("add test", "p"), ("add test", "r"), ("add numbers", "v"), ("size", "q"),
        ("interview", "p"), ("interview", "r"), ("interview", "v"),
    ]  # fmt: skip


NEEDS = [StatedNeed(id=name, text=f"Minimize the time it takes to {name}") for name in ("find", "pay", "calm", "wait")]


def _asked(**needs: Answers) -> list[Survey]:
    return [Survey(id="autumn", counts={"everyone": needs})]


def test_an_underserved_need_without_an_opportunity_asks_for_one() -> None:
    tree = _tree(outcomes=["calm"])
    actions = _actions(tree, needs=NEEDS, surveys=_asked(find=BAD, pay=WORSE, calm=WORSE, wait=GOOD))
    added = [action for action in actions if action.kind == "add opportunity"]
    assert [action.subject for action in added] == ["pay", "find"], "the worst first; served and named needs not at all"
    assert added[0].title == "Find the opportunity behind 'Minimize the time it takes to pay'"
    assert added[0].reasons[0].startswith("it scores 19.0 of 20 (")
    assert added[0].reasons[1] == "no opportunity of the tree names it"
    assert added[0].rests_on == ("pay", "autumn")
    assert added[0].value is None
    without = _actions(None, needs=NEEDS, surveys=_asked(find=BAD))
    assert [(action.kind, action.subject) for action in without] == [("add opportunity", "find")]
    assert _actions(None, needs=NEEDS[1:], surveys=_asked(find=BAD)) == (), "a need that is not stated has no action"


def test_measured_needs_say_what_is_worth_sizing_first() -> None:
    def leaf(name: str, **fields: Any) -> dict[str, Any]:
        return {"id": name, "kind": "opportunity", "title": f"I miss {name}", "parent": "o", "evidence": TWO, **fields}

    tree = _tree(
        leaf("plain"), leaf("met", outcomes=["wait"]), leaf("bad", outcomes=["wait", "find", "none"]),
        leaf("worse", outcomes=["pay"]), leaf("sized", outcomes=["pay"], reach=0.5), evidence=TWO, reach=0.1,
    )  # fmt: skip
    actions = _actions(tree, needs=NEEDS, surveys=_asked(find=BAD, pay=WORSE, wait=GOOD))
    sizes = [action for action in actions if action.kind == "size"]
    assert [action.subject for action in sizes] == ["worse", "bad", "met", "plain"]
    assert sizes[1].reasons[0].startswith("its need 'find' scores 14.5 of 20")
    assert sizes[1].rests_on == ("bad", "find")
    assert sizes[3].reasons == ("several people told of it, and nobody knows how many have it",)
    assert sizes[3].rests_on == ("plain",)
    assert "interview" not in [action.kind for action in actions]


def test_certainty_goes_before_the_score() -> None:
    few = Answers(high_low=9, low_low=1, low_high=1)
    many = Answers(high_low=600, high_high=100, low_high=200, low_low=100)
    workspace = Workspace(needs=NEEDS, surveys=_asked(find=few, pay=many))
    scores = need_scores(workspace)
    assert scores is not None
    assert scores["find"].score > scores["pay"].score
    sure, unsure = (found.chance for found in measured_needs(workspace))
    assert sure > unsure > 0.5
    assert [found.need for found in measured_needs(workspace)] == [
        action.subject for action in next_actions(workspace).actions
    ]


def test_who_to_hear_more_from() -> None:
    one = (Evidence(kind="story", participant="p1"), Evidence(kind="story", participant="p1"))

    def reasons(**fields: Any) -> tuple[str, ...]:
        return _one("interview", _actions(_tree(**fields), needs=NEEDS, surveys=_asked(find=BAD))).reasons

    assert reasons() == ("it rests on no evidence yet",)
    assert reasons(evidence=one) == ("it rests on 1 person or source",)
    measured = reasons(outcomes=["find"])
    assert measured[0] == "nobody has told a story of it yet"
    assert measured[1].startswith("its need 'find' scores 14.5 of 20")
    assert reasons(outcomes=["find"], evidence=one)[0] == "it rests on 1 person or source"


def test_opportunities_above_others_and_those_with_solutions_are_not_sized() -> None:
    above = _tree(
        {"id": "q", "kind": "opportunity", "title": "I lose it", "parent": "p", "evidence": TWO}, evidence=TWO
    )
    assert [action.subject for action in _actions(above)] == ["q"]
    solved = _tree(_solution(value=2, cost=1), evidence=TWO)
    assert "size" not in [action.kind for action in _actions(solved)]


def test_nothing_to_do() -> None:
    empty = next_actions(Workspace())
    assert (empty.actions, empty.ranking) == ((), None)
    assert empty.summary().startswith("nothing to do next")
    assert empty.to_dicts() == []


def test_rows_for_tables() -> None:
    found = next_actions(Workspace(tree=_tree(_solution(value=100, cost=30), evidence=TWO)))
    row = found.to_dicts()[0]
    assert (row["action"], row["subject"], row["value"], row["cost"]) == ("build", "s", 70.0, 30)
    assert (row["teams"], row["missing_channels"], row["at_most"]) == (None, None, False)
    assert found.summary().startswith("1. Build 'Solution s'\n   - worth 70 as things are believed now")


def test_a_test_without_a_cost_is_not_weighed_but_told() -> None:
    rows = (_solution(value=100, cost=30), _assumption(probability=0.6), _test())
    actions = _actions(_tree(*rows))
    assert "run test" not in [action.kind for action in actions]
    assert "cost of 't'" in _one("add numbers", actions).reasons[0]
