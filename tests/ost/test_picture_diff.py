"""Pictures of what changed, and trees on the terminal."""

from __future__ import annotations

import io
import random

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from pmkit import ost
from pmkit.drawing import Group, Picture, Text, flatten
from pmkit.errors import Finding, InvalidValueError
from pmkit.testing import ost_trees, picture_faults


def small() -> ost.OstTree:
    tree = ost.new(
        ost.Outcome(id="o", title="Watch more", baseline=3, target=5, unit="h", metric="hours", by="2027-01-31")
    )
    with ost.edit(tree) as draft:
        draft.add(ost.Opportunity(id="a", title="Find something", target=True), parent="o")
        draft.add(ost.Opportunity(id="b", title="Stop in the middle"), parent="o")
        draft.add(ost.Opportunity(id="c", title="End of the film"), parent="o")
        for number in range(5):
            draft.add(ost.Solution(id=f"s{number}", title=f"Way {number}"), parent="c")
        draft.add(ost.Assumption(id="x", title="They look", probability=0.256), parent="s1")
        draft.add(ost.AssumptionTest(id="t", title="Ask them", verdict="refuted", result="2 of 9"), parent="x")
    return draft.tree


def words(picture: Picture) -> str:
    return "\n".join("\n".join(item.lines) for item in flatten(picture.scene.items) if isinstance(item, Text))


CHILDREN = {
    "outcome": [ost.Opportunity, ost.Outcome],
    "opportunity": [ost.Opportunity, ost.Solution],
    "solution": [ost.Assumption, ost.AssumptionTest],
    "assumption": [ost.AssumptionTest],
    "test": [],
}


def edited(chance: random.Random, tree: ost.OstTree) -> ost.OstTree:
    """Add, remove, move and change a few nodes."""
    for number in range(chance.randrange(8)):
        some = chance.choice(list(tree))
        what = chance.randrange(4)
        if what == 0 and CHILDREN[some.kind]:
            cls = chance.choice(CHILDREN[some.kind])
            tree = ost.add(tree, cls(id=f"entirely new {number}", title="New"), parent=some.id)
        elif what == 1 and some.id not in tree.roots:
            tree = ost.remove(tree, some.id)
        elif what == 2 and some.id not in tree.roots:
            below = {some.id, *(each.id for each in ost.descendants(tree, some.id))}
            places = [each.id for each in tree if each.id not in below and tree.schema.allows(each.kind, some.kind)]
            tree = ost.move(tree, some.id, parent=chance.choice(places))
        else:
            tree = ost.replace(tree, some.id, title="Another " * chance.randrange(1, 30), tags=("a",), notes="x" * 90)
    return tree


@settings(max_examples=60, deadline=None)
@given(
    ost_trees(),
    st.randoms(use_true_random=False),
    st.sampled_from(["across", "down", "outline"]),
    st.sampled_from(["changes", "everything"]),
)
def test_pictures_of_random_changes(old: ost.OstTree, chance: random.Random, style: str, what: str) -> None:
    hide = what == "changes"
    new = edited(chance, old)
    picture = ost.draw_diff(old, new, style, hide_unchanged=hide, title=chance.choice(["", "Week 3"]))
    assert picture_faults(picture.scene) == []
    shown = {item.id for item in picture.scene.items if isinstance(item, Group)}
    changes = ost.diff(old, new)
    touched = {each.node.id for each in (*changes.added, *changes.removed)}
    touched |= {each.id for each in (*changes.moved, *changes.changed)}
    assert touched <= shown
    if not hide:
        assert shown == old.nodes.keys() | new.nodes.keys()
    fromstring(picture.svg)


def test_what_changed_is_said_in_words() -> None:
    old = small()
    new = ost.remove(old, "s0")
    new = ost.move(new, "s2", parent="a")
    new = ost.add(new, ost.Opportunity(id="d", title="Choose together"), parent="o")
    new = ost.replace(new, "b", title="Pause", target=True)
    new = ost.replace(new, "x", probability=None, evidence=[ost.Evidence(kind="story")])
    new = ost.replace(new, "o", by="2028-01-31")
    new = ost.link(new, "s1", "a")
    new = ost.reorder(new, "o", ["d", "b", "a", "c"])
    said = words(ost.draw_diff(old, new)).replace("\n", " ")
    for part in (
        "Added", "Removed", "Moved", "Changed", "was under: End of the film", "title: Stop in the middle → Pause",
        "target: no → yes", "probability: 0.256 → nothing", "evidence: 0 → 1", "by: 2027-01-31 → 2028-01-31",
        "new: serves Find something", "stands in another order",
    ):  # fmt: skip
        assert part in said, part
    picture = ost.draw_diff(new, old, hide_unchanged=True, title="Back")
    assert "gone: serves Find something" in words(picture).replace("\n", " ")
    assert "unchanged" in words(picture)
    assert "Removed: Choose together." in picture.scene.description
    assert ost.draw_diff(old, old).scene.title == "What changed: no difference"


def test_removed_nodes_keep_their_place_and_are_struck_through() -> None:
    old = small()
    picture = ost.draw_diff(old, ost.remove(old, "s1"))
    groups = {item.id: item for item in picture.scene.items if isinstance(item, Group)}
    gone = {
        identifier
        for identifier, group in groups.items()
        if any(getattr(item, "struck", False) for item in flatten(group.items))
    }
    assert gone == {"s1", "x", "t"}
    tops = {identifier: next(iter(flatten(group.items))).y for identifier, group in groups.items()}
    assert tops["s0"] < tops["s1"] < tops["s2"]


def test_many_changes_and_odd_values_stay_short() -> None:
    old = ost.new(ost.AssumptionTest(id="t", title="Try", criterion="eight of twelve"), forest=True)
    new = ost.replace(
        old, "t", title="L" * 500, description="d" * 500, owner="p01", tags=("a",), notes="n", method="m", cost=3,
        days=2, criterion=ost.Criterion(successes=8, trials=12),
    )  # fmt: skip
    said = words(ost.draw_diff(old, new)).replace("\n", " ")
    assert "changes more" in said
    back = words(ost.draw_diff(ost.replace(new, "t", tags=("b",)), new)).replace("\n", " ")
    assert "tags: other entries" in back
    odd = words(ost.draw_diff(ost.replace(old, "t", criterion=ost.Criterion(successes=1, trials=2)), old))
    assert "another value" in odd
    was = words(ost.draw_diff(ost.replace(old, "t", title="a long title that was here before us"), old))
    assert "was a long title" in was.replace("\n", " ")


def test_a_root_replaced_by_another() -> None:
    old, new = ost.new(ost.Outcome(id="a", title="A")), ost.new(ost.Outcome(id="b", title="B"))
    assert {item.id for item in ost.draw_diff(old, new).scene.items if isinstance(item, Group)} == {"a", "b"}
    forest = ost.new(ost.Outcome(id="a", title="A"), ost.Outcome(id="b", title="B"), forest=True)
    inner = ost.add(new, ost.Outcome(id="a", title="A"), parent="b")
    assert "was under: the top" in words(ost.draw_diff(forest, inner))


def printed(tree: ost.OstTree, **options: object) -> str:
    stream = io.StringIO()
    Console(file=stream, width=200).print(ost.to_rich(tree, **options))
    return stream.getvalue()


def test_terminal() -> None:
    findings = [Finding("OST106", "warning", "a", "m"), Finding("OST\x1b[31m", "error", "a", "m")]
    shown = printed(small(), findings=findings)
    for part in ("◎ Watch more", "★ target", "OST106", "✗ refuted", "26%", "■ Way 0"):
        assert part in shown
    assert "+5 branches below" in printed(small(), depth=1)
    assert "idea" not in shown
    with pytest.raises(InvalidValueError):
        ost.to_rich(small(), depth=-1)


def test_terminal_takes_titles_as_they_are() -> None:
    tree = ost.new(ost.Outcome(id="o", title="[red]not markup[/] \x1b[31m \u202e [link=x]y"))
    shown = printed(tree)
    assert "[red]not markup[/] \\x1b[31m \\u202e [link=x]y" in shown
    assert "\x1b" not in shown


def test_terminal_forests_and_depth() -> None:
    forest = ost.new(ost.Outcome(id="a", title="A"), ost.Solution(id="b", title="B", status="dropped"), forest=True)
    assert printed(forest).splitlines()[0].startswith("◎ A")
    chain = ost.new(ost.Outcome(id="n0", title="t"))
    with ost.edit(chain) as draft:
        for number in range(1, 20_000):
            draft.add(ost.Opportunity(id=f"n{number}", title="t"), parent=f"n{number - 1}")
    assert len(printed(draft.tree).splitlines()) == 32
