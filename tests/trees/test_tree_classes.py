"""Node classes that need more than slots: required fields, factories, checks across fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs
import pytest

from pmkit import trees
from pmkit.errors import InvalidTreeError, InvalidValueError
from pmkit.model import frozen_mapping


@attrs.frozen(kw_only=True)
class Span(trees.Node):
    kind = "span"

    low: float
    high: float = 10.0

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise InvalidValueError("low must be at most high")


@attrs.frozen(kw_only=True)
class Bag(trees.Node):
    kind = "bag"

    items: Mapping[str, int] = attrs.field(factory=dict, converter=frozen_mapping)
    count: int = attrs.field(init=False, default=0)


@attrs.frozen(kw_only=True)
class Tagged(trees.Node):
    kind = "tagged"

    label: str = attrs.field(default="X", converter=str.lower)
    must: str


SCHEMA = trees.Schema(
    name="tree of odd things",
    kinds=[Span, Bag, Tagged],
    children={"span": ["span", "bag", "tagged"]},
    roots=["span"],
)


def read(*records: dict[str, object]) -> trees.Tree[trees.Node]:
    return trees.from_records(
        SCHEMA, [{"title": "t", "parent": "a" if i else None, **r} for i, r in enumerate(records)]
    )


def test_such_classes_are_built_by_their_constructor() -> None:
    tree = read(
        {"id": "a", "kind": "span", "low": 1.0},
        {"id": "b", "kind": "bag", "items": {"x": 1}},
        {"id": "c", "kind": "tagged", "must": "m"},
    )
    assert tree["a"] == Span(id="a", title="t", low=1.0)
    assert tree["b"] == Bag(id="b", title="t", items={"x": 1})
    assert tree["c"] == Tagged(id="c", title="t", must="m")
    assert tree["c"].label == "x"
    assert isinstance(tree["b"].items, MappingProxyType)
    assert trees.from_records(SCHEMA, trees.to_records(tree)) == tree


def test_their_faults_are_findings() -> None:
    with pytest.raises(InvalidTreeError) as caught:
        read(
            {"id": "a", "kind": "span", "low": 11.0},
            {"id": "b", "kind": "bag", "count": 5},
            {"id": "c", "kind": "tagged"},
            {"id": "d", "kind": "span"},
            {"id": "e", "kind": "shed", "low": 5},
        )
    assert [(f.code, f.subject) for f in caught.value.findings] == [
        ("TREE008", "e"),
        ("TREE009", "a"),
        ("TREE009", "b"),
        ("TREE009", "c"),
        ("TREE009", "d"),
    ]


def test_changes_that_do_not_fit_together_are_a_conflict() -> None:
    base = read({"id": "a", "kind": "span", "low": 1.0})
    merged = trees.merge(base, trees.replace(base, "a", low=9.0), trees.replace(base, "a", high=5.0))
    assert merged.tree is None
    assert [(conflict.kind, conflict.subject) for conflict in merged.conflicts] == [("both-changed", "a")]
    assert "do not fit together" in merged.conflicts[0].message


def test_a_draft_puts_another_kind_only_where_it_fits() -> None:
    tree = read({"id": "a", "kind": "span", "low": 1.0}, {"id": "b", "kind": "span", "low": 1.0})
    tree = trees.add(tree, Bag(id="c", title="t"), "b")
    with pytest.raises(InvalidTreeError, match="TREE007"), trees.edit(tree) as draft:
        draft.put(Bag(id="b", title="t"))
    with trees.edit(tree) as draft:
        draft.put(Tagged(id="c", title="t", must="m"))
        draft.add(Bag(id="\u00e9", title="t"), "b")
        draft.remove("\u00e9")
        draft.add(Bag(id="e\u0301", title="t"), "b")
    assert draft.tree["c"].kind == "tagged"
