"""What is asked of a whole tree, against brute force."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import ost
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.model import Undefined

Record = dict[str, Any]
NUMBERS = st.one_of(st.none(), st.integers(0, 3).map(float))


def outcome(identifier: str = "gate", **fields: object) -> Record:
    return {"id": identifier, "kind": "outcome", "title": f"Outcome {identifier} from 1 to 2", **fields}


def need(identifier: str, parent: str = "gate", **fields: object) -> Record:
    return {"id": identifier, "kind": "opportunity", "title": f"Need {identifier}", "parent": parent, **fields}


def idea(identifier: str, parent: str, **fields: object) -> Record:
    return {"id": identifier, "kind": "solution", "title": f"Idea {identifier}", "parent": parent, **fields}


def belief(identifier: str, parent: str, **fields: object) -> Record:
    return {"id": identifier, "kind": "assumption", "title": f"Belief {identifier}", "parent": parent, **fields}


def trial(identifier: str, parent: str, **fields: object) -> Record:
    return {"id": identifier, "kind": "test", "title": f"Trial {identifier}", "parent": parent, **fields}


@st.composite
def evidence_trees(draw: st.DrawFn) -> ost.OstTree:
    size = draw(st.integers(1, 12))
    piece = st.fixed_dictionaries(
        {
            "kind": st.just("story"),
            "participant": st.sampled_from(["", "p1", "p2", "p3"]),
            "source": st.sampled_from(["", "log"]),
        }
    )
    records = [outcome()]
    for number in range(size):
        parent = draw(st.sampled_from([record["id"] for record in records]))
        records.append(need(f"n{number}", parent, evidence=draw(st.lists(piece, max_size=3))))
    return ost.from_records(records)


@given(evidence_trees())
def test_backing_counts_each_source_once(tree: ost.OstTree) -> None:
    backed = ost.backing(tree)
    assert list(backed.branches) == [node.id for node in tree]
    for node in tree:
        branch = [node, *ost.descendants(tree, node.id)]
        evidence = [piece for each in branch if isinstance(each, ost.Opportunity) for piece in each.evidence]
        people = {piece.participant for piece in evidence if piece.participant}
        others = {piece.source for piece in evidence if not piece.participant}
        assert (backed[node.id].participants, backed[node.id].others) == (len(people), len(others))
        assert backed[node.id].pieces == len(evidence)


def test_backing_of_deep_trees_and_dates() -> None:
    records = [outcome()]
    for number in range(20_000):
        told = [
            {"kind": "story", "participant": f"p{number}", "date": dt.date(2026, 1, 1) + dt.timedelta(number % 300)}
        ]
        records.append(need(f"n{number}", f"n{number - 1}" if number else "gate", evidence=told))
    backed = ost.backing(ost.from_records(records))
    assert backed["gate"].sources == backed["n0"].participants == 20_000
    assert backed["gate"].latest == dt.date(2026, 10, 27)
    assert backed.to_dicts()[0]["sources"] == 20_000
    assert pickle.loads(pickle.dumps(backed)) == backed
    with pytest.raises(UnknownIdError, match="did you mean 'gate'"):
        backed["gat"]


def test_backing_leaves_out_what_speaks_for_solutions() -> None:
    told = [{"kind": "story", "participant": "p9"}]
    tree = ost.from_records([outcome(), need("a"), idea("s", "a"), belief("x", "s", evidence=told), trial("t", "x")])
    assert {key: branch.sources for key, branch in ost.backing(tree).branches.items()} == {"gate": 0, "a": 0}
    loose = ost.new(ost.AssumptionTest(id="t", title="Ask ten"), forest=True)
    assert ost.test_queue(loose).tests == ()


def brute_dominates(one: list[float | None], other: list[float | None]) -> bool:
    if [value is None for value in one] != [value is None for value in other]:
        return False
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=8))
def test_the_front_is_what_nothing_dominates(rows: list[tuple[float | None, ...]]) -> None:
    records = [outcome()]
    for number, (reach, frequency, _) in enumerate(rows):
        records.append(need(f"n{number}", reach=reach, frequency=frequency))
    extra = {f"n{number}": row[2] for number, row in enumerate(rows) if row[2] is not None}
    compared = ost.compare(ost.from_records(records), "n0", factors={"market": extra})
    known = [list(row) for row in rows]
    dominators = {
        f"n{this}": {f"n{that}" for that in range(len(rows)) if brute_dominates(known[that], known[this])}
        for this in range(len(rows))
    }
    assert set(compared.front) == {name for name, above in dominators.items() if not above}
    for sibling in compared.siblings:
        assert set(sibling.dominated_by) == dominators[sibling.id] & set(compared.front)


def test_comparison_shows_words_and_ranks_numbers() -> None:
    told = [{"kind": "story", "participant": "p1"}, {"kind": "analytics", "source": "log"}]
    tree = ost.from_records(
        [
            outcome(),
            need("a", reach=0.4, frequency="weekly", evidence=told),
            need("b", reach=0.2, frequency=3),
            need("c", "a"),
        ]
    )
    compared = ost.compare(tree, "b")
    assert [each.id for each in compared.siblings] == ["a", "b"]
    assert dict(compared["a"].factors) == {"reach": 0.4, "frequency": "weekly", "participants": 1, "sources": 2}
    assert compared.front == ("a", "b")
    assert "weekly" in compared.to_markdown()
    with pytest.raises(UnknownIdError):
        compared["c"]
    assert ost.compare(tree, "c").front == ("c",)


def test_a_score_only_when_asked() -> None:
    tree = ost.from_records([outcome(), need("a", reach=0.4), need("b", reach=0.2), need("c")])
    assert type(ost.compare(tree, "a")) is ost.Comparison
    weighed = ost.compare(tree, "a", factors={"market": {"a": 1, "b": 4, "c": 2}}, weights={"reach": 1, "market": 3})
    assert isinstance(weighed, ost.WeightedComparison)
    assert weighed.scores["a"] == pytest.approx((1 * 1 + 3 * 0.25) / 4)
    assert weighed.scores["b"] == pytest.approx((1 * 0.5 + 3 * 1) / 4)
    assert weighed.scores["c"] == Undefined("a needed number is missing")
    assert [row["score"] for row in weighed.to_dicts()] == [weighed.scores[key] for key in "abc"]
    assert pickle.loads(pickle.dumps(weighed)) == weighed


@given(st.permutations(range(4)), st.floats(1e-300, 1e300))
def test_scores_do_not_depend_on_order_or_on_the_scale_of_weights(order: list[int], scale: float) -> None:
    rows = [need(f"n{number}", reach=float(number)) for number in range(4)]
    weights = {"reach": 2.0, "participants": 1.0}
    usual = ost.compare(ost.from_records([outcome(), *rows]), "n0", weights=weights)
    other = ost.compare(
        ost.from_records([outcome(), *[rows[at] for at in order]]),
        "n0",
        weights={k: v * (scale / 2) for k, v in weights.items()},
    )
    assert isinstance(usual, ost.WeightedComparison)
    assert isinstance(other, ost.WeightedComparison)
    assert {key: pytest.approx(value) for key, value in usual.scores.items()} == dict(other.scores)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"weights": {"rech": 1}}, "did you mean 'reach'"),
        ({"weights": {"reach": -1}}, "from 0 up"),
        ({"weights": {"reach": 0}}, "above 0"),
        ({"weights": {}}, "above 0"),
        ({"weights": {"reach": math.inf}}, "from 0 up"),
        ({"factors": {"market": {"z": 1}}}, "no sibling"),
        ({"factors": {"market": {"a": math.nan}}}, "from 0 up"),
        ({"factors": {"reach": {"a": 1}}}, "already"),
    ],
)
def test_weights_and_factors_are_checked(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidValueError, match=says):
        ost.compare(ost.from_records([outcome(), need("a")]), "a", **options)


def test_only_opportunities_are_compared_and_chosen() -> None:
    tree = ost.from_records([outcome(), need("a")])
    for verb in (ost.compare, ost.choose_target):
        with pytest.raises(InvalidValueError, match="not an opportunity"):
            verb(tree, "gate")
        with pytest.raises(UnknownIdError):
            verb(tree, "b")


def test_choosing_a_target_moves_the_mark_under_its_outcome_only() -> None:
    tree = ost.from_records(
        [
            outcome("year", level="business"),
            outcome("gate", level="product", parent="year"),
            outcome("bag", level="product", parent="year"),
            need("a", target=True), need("b"), need("c", "bag", target=True),
        ]
    )  # fmt: skip
    chosen = ost.choose_target(tree, "b")
    assert [node.id for node in ost.select(chosen, kind="opportunity", target=True)] == ["b", "c"]
    assert ost.choose_target(chosen, "b") is chosen
    marked = ost.target(chosen, "bag")
    assert marked is not None
    assert marked.id == "c"
    assert ost.target(ost.from_records([outcome(), need("a")])) is None


def test_coverage() -> None:
    told = [{"kind": "story", "participant": "p1"}]
    tree = ost.from_records(
        [
            outcome(), need("a", evidence=told), need("b"), need("c", "b"),
            idea("s", "a"), idea("t", "a"), idea("u", "a", status="dropped"), belief("x", "s", evidence=told),
            belief("y", "s"),
            trial("v", "x"), belief("z", "t"), trial("w", "t"),
        ]
    )  # fmt: skip
    covered = ost.coverage(tree)
    assert covered.missing("opportunity", "evidence") == ("c",)
    assert covered.missing("opportunity", "solution") == ("c",)
    assert covered.missing("solution", "assumption") == ()
    assert covered.missing("assumption", "evidence") == ("y", "z")
    assert covered.missing("assumption", "test") == ("y",)
    assert [row["covered"] for row in covered.to_dicts()] == [0.5, 0.5, 1, pytest.approx(1 / 3), pytest.approx(2 / 3)]
    with pytest.raises(InvalidValueError, match="looks for"):
        covered.missing("solution", "owner")
    empty = ost.coverage(ost.new(ost.Outcome(id="gate", title="On time")))
    assert {row["covered"] for row in empty.to_dicts()} == {Undefined("no data")}


def test_riskiest() -> None:
    told = [{"kind": "story", "participant": "p1"}]
    tree = ost.from_records(
        [
            outcome(), need("a"), idea("s", "a"), idea("t", "a"), idea("u", "a", status="shipped"), belief("gone", "u"),
            belief("likely", "s", probability=0.9), belief("backed", "s", evidence=told), belief("bare", "s"),
            belief("minor", "t", probability=0.1, importance=0.2),
            belief("settled", "t", probability=0.1), trial("v", "settled", status="done", verdict="supported"),
            belief("open", "t", probability=0.4), trial("w", "open", status="done", verdict="inconclusive"),
            trial("x", "t"),
        ]
    )  # fmt: skip
    ranked = ost.riskiest(tree).ranked
    assert [risk.assumption for risk in ranked] == ["open", "bare", "backed", "minor", "likely"]
    assert [risk.tests for risk in ranked] == [2, 0, 0, 1, 0]
    assert [risk.assumption for risk in ost.riskiest(tree, solution="s").ranked] == ["bare", "backed", "likely"]
    assert ost.riskiest(tree).to_dicts()[0]["risk"] == pytest.approx(0.6)
    with pytest.raises(UnknownIdError):
        ost.riskiest(tree, solution="nowhere")


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8))
def test_chances_say_how_much_is_listed(probabilities: list[float | None]) -> None:
    beliefs = [belief(f"x{number}", "s", probability=p) for number, p in enumerate(probabilities)]
    (only,) = ost.chances(ost.from_records([outcome(), need("a"), idea("s", "a"), *beliefs])).solutions
    assert only.listed == len(probabilities)
    if not probabilities:
        assert only.chance == Undefined("no data")
    elif None in probabilities:
        assert only.chance == Undefined("a needed number is missing")
        assert len(only.without_probability) == probabilities.count(None)
    else:
        assert only.chance == pytest.approx(math.prod(p for p in probabilities if p is not None))
    assert str(only)


def test_eight_honest_assumptions() -> None:
    beliefs = [belief(f"x{number}", "s", probability=0.8) for number in range(8)]
    found = ost.chances(ost.from_records([outcome(), need("a"), idea("s", "a"), *beliefs]))
    assert str(found.solutions[0]) == "0.17 if its 8 listed assumptions are all there are"
    assert found.to_dicts()[0]["listed"] == 8


def test_timeline() -> None:
    first = ost.from_records([outcome(), need("a"), need("b"), idea("s", "a"), idea("t", "a"), trial("v", "s")])
    second = ost.replace(ost.replace(first, "s", status="dropped"), "v", status="done", verdict="refuted")
    second = ost.replace(ost.remove(second, "b"), "a", title="Need a, said better", reach=0.2)
    second = ost.add(second, ost.Opportunity(id="c", title="Need c"), parent="gate")
    second = ost.move(ost.replace(second, "t", status="shipped", cost=3), "t", "c")
    history = ost.timeline([("2026-11-22", second), (dt.date(2026, 11, 15), first)])
    (step,) = history.steps
    assert (step.since, step.date) == (dt.date(2026, 11, 15), dt.date(2026, 11, 22))
    assert step.ids("appeared") == ("c",)
    assert step.ids("removed") == ("b",)
    assert step.ids("moved") == ("t",)
    assert set(step.ids("closed")) == {"s", "v", "t"}
    assert set(step.ids("changed")) == {"a", "t"}
    assert {event.detail for _, event in history.of("v")} == {"refuted"}
    assert [event.detail for _, event in history.of("a")] == ["title, reach"]
    assert len(history.to_dicts()) == len(step.events)
    assert ost.timeline({}).steps == ost.timeline({"2026-11-15": first}).steps == ()
    assert ost.timeline({"2026-11-15": first, "2026-11-16": first}).steps[0].events == ()


def test_timeline_sees_a_node_that_turned_into_another_kind() -> None:
    before = ost.new(ost.Outcome(id="gate", title="On time"))
    before = ost.add(before, ost.Outcome(id="x", title="Lines below ten minutes"), parent="gate")
    after = ost.add(ost.remove(before, "x"), ost.Opportunity(id="x", title="The line is long"), parent="gate")
    assert [event.detail for _, event in ost.timeline({"2026-01-01": before, "2026-01-02": after}).of("x")] == ["kind"]


@pytest.mark.parametrize("wrong", [[1], [("2026-11-22", None)], [("soon", "tree")], "tree"])
def test_timelines_are_checked(wrong: Any) -> None:
    with pytest.raises(InvalidValueError, match="pairs"):
        ost.timeline(wrong)


def test_days_of_a_timeline_are_checked() -> None:
    tree = ost.new(ost.Outcome(id="gate", title="On time"))
    with pytest.raises(InvalidValueError, match="date such as"):
        ost.timeline([("soon", tree)])
    with pytest.raises(InvalidValueError, match="two trees"):
        ost.timeline([("2026-11-22", tree), (dt.date(2026, 11, 22), tree)])


def queue_tree() -> ost.OstTree:
    return ost.from_records(
        [
            outcome(), need("a", target=True), need("b"),
            idea("s", "a"), belief("x", "s", probability=0.2), trial("risky", "x", criterion="8 of 12", days=3),
            trial("quick", "x", criterion="8 of 12", days=1), belief("y", "s", probability=0.8),
            trial("safe", "y", criterion="all"),
            belief("z", "s"), trial("old", "z", status="done", verdict="supported"),
            trial("again", "z", criterion="all"),
            idea("t", "b", status="testing"), trial("whole", "t", cost=5, updated="2026-11-01"),
            idea("u", "b", status="dropped"), trial("dropped", "u"),
            idea("w", "b"), belief("q", "w", probability=0.1), trial("off", "q", criterion="all"),
            trial("runs", "q", status="running"),
        ]
    )  # fmt: skip


def test_the_queue_and_its_reasons() -> None:
    queue = ost.test_queue(queue_tree(), today="2026-11-22")
    assert [each.test for each in queue.tests] == ["quick", "risky", "safe", "again", "whole", "off"]
    reasons = {each.test: "; ".join(each.reasons) for each in queue.tests}
    assert reasons["quick"] == "for the target opportunity; 'x' is open, risk 0.8; takes 1 day"
    assert reasons["again"] == "for the target opportunity; 'z' was supported already"
    assert "lists no assumption" in reasons["whole"]
    assert "is in testing" in reasons["whole"]
    assert "costs 5" in reasons["whole"]
    assert "criterion first" in reasons["whole"]
    assert "waiting for 21 days" in reasons["whole"]
    assert queue.to_dicts()[0]["reasons"] == queue.tests[0].reasons
    assert "waiting" not in "".join(
        itertools.chain.from_iterable(each.reasons for each in ost.test_queue(queue_tree()).tests)
    )


def test_a_test_that_is_linked_stands_once_in_the_queue() -> None:
    tree = ost.link(queue_tree(), "off", "x")
    queue = ost.test_queue(tree)
    assert [each.test for each in queue.tests].count("off") == 1
    assert next(each for each in queue.tests if each.test == "off").on_target


def test_the_day_of_a_queue_is_checked() -> None:
    with pytest.raises(InvalidValueError, match="today"):
        ost.test_queue(queue_tree(), today="soon")


def test_linked_solutions_of_a_target_are_on_target() -> None:
    tree = ost.link(queue_tree(), "w", "a")
    assert next(each for each in ost.test_queue(tree).tests if each.test == "off").on_target
