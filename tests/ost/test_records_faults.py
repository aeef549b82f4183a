"""Records: what is missing, what is wrong, and everything wrong at once."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import pickle
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import ost
from pmkit.errors import InvalidTreeError, InvalidValueError
from pmkit.testing.ost import ost_records

Record = dict[str, Any]

SHARED = Path(__file__).parents[2].parent / "shared"


def rec(
    identifier: object, kind: object = "opportunity", parent: object = "root", title: object = "t", **more: object
) -> Record:
    return {"id": identifier, "kind": kind, "title": title, "parent": parent, **more}


ROOT = rec("root", "outcome", None)


def faults(*records: object, root: Record | None = ROOT) -> list[tuple[str, str]]:
    with pytest.raises(InvalidTreeError) as caught:
        ost.from_records([root, *records] if root else records)
    assert all(f.severity == "error" and f.message and f.hint for f in caught.value.findings)
    return [(finding.code, finding.subject) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([rec("a", parent=None)], [("OST001", "a")]),
        ([rec("a", "outcome", None), rec("b", "outcome", None)], [("OST001", "a"), ("OST001", "b")]),
        ([rec("a", links=[None, ["x"]])], [("OST009", "a")]),
        ([rec("a", parent="x")], [("OST002", "a")]),
        ([rec("a", parent=5)], [("OST002", "a")]),
        ([rec("a", parent=["root", 5])], [("OST002", "a")]),
        ([rec("a"), rec("b", parent=["root", "a"])], [("OST003", "b")]),
        ([rec("a"), rec("b", parent=("a", "x"))], [("OST002", "b"), ("OST003", "b")]),
        ([rec("a", parent="a")], [("OST004", "a")]),
        ([rec("a", parent="b"), rec("b", parent="a"), rec("c", parent="a")], [("OST004", "a"), ("OST004", "b")]),
        ([rec("a"), rec("a")], [("OST005", "a")]),
        ([rec("root", "outcome", None)], [("OST005", "root")]),
        ([rec("\ufb01nd"), rec("find")], [("OST005", "find")]),
        ([rec("a\x00b")], [("OST005", "a\x00b")]),
        ([rec("a\nb")], [("OST005", "a\nb")]),
        ([rec("  ")], [("OST005", "  ")]),
        ([rec("")], [("OST005", "")]),
        ([rec(None)], [("OST005", "")]),
        ([rec(math.nan)], [("OST005", "")]),
        ([rec(5)], [("OST005", "5")]),
        ([rec(["a"])], [("OST005", "['a']")]),
        ([rec("a", title=" \t ")], [("OST006", "a")]),
        ([rec("a", title=None)], [("OST006", "a")]),
        ([{"id": "a", "kind": "opportunity", "parent": "root"}], [("OST006", "a")]),
        ([rec("a", title=5)], [("OST009", "a")]),
        ([rec("a", "solution")], [("OST007", "a")]),
        ([rec("a", "outcome"), rec("b", "test", "a")], [("OST007", "b")]),
        ([rec("a", "feature")], [("OST008", "a")]),
        ([rec("a", None)], [("OST008", "a")]),
        ([rec("a", ["opportunity"])], [("OST008", "a")]),
        ([rec("a", "Opportunity")], [("OST008", "a")]),
        ([rec("a", titel="x")], [("OST009", "a")]),
        ([rec("a", probability=0.5)], [("OST009", "a")]),
        ([rec("a", need="whim")], [("OST009", "a")]),
        ([rec("a", reach=-1)], [("OST009", "a")]),
        ([rec("a", reach=math.inf)], [("OST009", "a")]),
        ([rec("a", reach="many")], [("OST009", "a")]),
        ([rec("a", target="yes")], [("OST009", "a")]),
        ([rec("a", tags=5)], [("OST009", "a")]),
        ([rec("a", updated="tomorrow")], [("OST009", "a")]),
        ([rec("a", evidence="she said so")], [("OST009", "a")]),
        ([rec("a", evidence=[{"kind": "rumor"}])], [("OST009", "a")]),
        ([rec("a", evidence=[{"knd": "story"}])], [("OST009", "a")]),
        ([rec("a", evidence=[{"quote": "x"}])], [("OST009", "a")]),
        ([rec("a", evidence=[5])], [("OST009", "a")]),
        ([rec("a", evidence=5)], [("OST009", "a")]),
        ([rec("a", links=["x"])], [("OST009", "a")]),
        ([rec("a", links=["a"])], [("OST009", "a")]),
        ([rec("a", links=[{"kind": "serves"}])], [("OST009", "a")]),
        ([rec("a", links=[{"target": "root", "knd": "x"}])], [("OST009", "a")]),
        ([rec("a", links=[{"target": "", "kind": "x"}])], [("OST009", "a")]),
        ([rec("a", links=[{"target": ["x"]}])], [("OST009", "a")]),
        ([rec("a", links=5)], [("OST009", "a")]),
        (["a"], [("OST009", "")]),
        ([{("a", "b"): 1, "id": "a", "kind": "opportunity", "title": "t", "parent": "root"}], [("OST009", "a")]),
    ],
)
def test_each_fault_is_found(records: list[Any], expected: list[tuple[str, str]]):
    assert faults(*records) == expected


def test_a_root_of_another_kind_is_refused() -> None:
    assert faults(rec("a", parent=None), root=None) == [("OST001", "a")]
    assert faults(rec("a", parent=None), rec("root", "outcome", None), root=None) == [("OST001", "a")]


def test_every_fault_is_found_at_once():
    found = faults(
        rec("second", "outcome", None),
        rec("orphan", parent="nowhere"),
        rec("two", parent=["root", "orphan"]),
        rec("loop", parent="loop"),
        rec("twice"),
        rec("twice", parent="gone"),
        rec("blank", title=""),
        rec("wrong", "test"),
        rec("what", "epic"),
        rec("field", need="whim", colour="red"),
    )
    assert found == [
        ("OST001", "second"),
        ("OST002", "orphan"),
        ("OST002", "twice"),
        ("OST003", "two"),
        ("OST004", "loop"),
        ("OST005", "twice"),
        ("OST006", "blank"),
        ("OST007", "wrong"),
        ("OST008", "what"),
        ("OST009", "field"),
        ("OST009", "field"),
    ]


SPOILERS = {
    "OST001": lambda records: [*records, rec("spoilt", "outcome", None)],
    "OST002": lambda records: [*records, rec("spoilt", parent="no such id at all")],
    "OST003": lambda records: [
        *records,
        rec("x1", "outcome", _root(records)),
        rec("spoilt", parent=[_root(records), "x1"]),
    ],
    "OST004": lambda records: [*records, rec("spoilt", parent="spoilt")],
    "OST005": lambda records: [*records, rec("spoilt", parent=_root(records)), rec("spoilt", parent=_root(records))],
    "OST006": lambda records: [*records, rec("spoilt", parent=_root(records), title=" ")],
    "OST007": lambda records: [*records, rec("spoilt", "test", _root(records))],
    "OST008": lambda records: [*records, rec("spoilt", "epic", _root(records))],
    "OST009": lambda records: [*records, rec("spoilt", parent=_root(records), reach=-1)],
}


def _root(records: list[dict[str, Any]]) -> str:
    return next(record["id"] for record in records if record["parent"] is None)


@given(ost_records(max_nodes=6), st.sets(st.sampled_from(sorted(SPOILERS))), st.randoms(use_true_random=False))
def test_faults_are_found_exactly(records: list[Any], codes: set[str], random: Random):
    taken = {record["id"] for record in records}
    if taken & {"spoilt", "x1"} or any(name.startswith("spoilt") for name in taken):
        return
    spoilt = list(records)
    for code in sorted(codes):
        before = len(spoilt)
        spoilt = SPOILERS[code](spoilt)
        for record in spoilt[before:]:
            for field in ("id", "parent"):
                if record[field] == "spoilt":
                    record[field] = f"spoilt-{code}"
    random.shuffle(spoilt)
    if not codes:
        assert len(ost.from_records(spoilt)) == len(records)
        return
    with pytest.raises(InvalidTreeError) as caught:
        ost.from_records(spoilt)
    found = {finding.code for finding in caught.value.findings}
    assert found == codes
    assert list(caught.value.findings) == sorted(caught.value.findings, key=lambda f: (f.code, f.subject))


def published() -> list[tuple[str, Record]]:
    """Read the published trees; a second parent, told apart there, goes into the record."""
    cases = []
    for path in sorted((SHARED / "cases" / "trees").glob("*.json")):
        case = json.loads(path.read_text())
        for parent, child in case.get("edges", ()):
            for record in case["nodes"]:
                if record["id"] == child:
                    record["parent"] = [record["parent"], parent]
        if "nodes" in case:
            cases.append((path.stem, case))
    return cases


def test_published_trees() -> None:
    if not published():
        pytest.skip("shared/cases/trees not present")
    structural = {f"OST00{number}" for number in range(1, 10)}
    for _, case in published():
        expected = [fault for fault in case.get("expected", ()) if fault["code"] in structural]
        no_solutions = str(case.get("note", "")).startswith("NEGATIVE")
        if not expected and not no_solutions:
            assert len(ost.from_records(case["nodes"])) == len(case["nodes"])
            continue
        with pytest.raises(InvalidTreeError) as caught:
            ost.from_records(case["nodes"])
        found = {(finding.code, finding.subject) for finding in caught.value.findings}
        wanted = {(fault["code"], node) for fault in expected for node in fault.get("nodes", [fault.get("node")])}
        assert {pair for pair in wanted if pair[1]} <= found
        assert {code for code, _ in wanted} <= {code for code, _ in found}
        assert not no_solutions or {code for code, _ in found} == {"OST007"}


@pytest.mark.parametrize("nothing", [None, "", math.nan, "pandas", "numpy", "nat"])
def test_what_is_missing_is_left_out(nothing: object):
    import numpy as np
    import pandas as pd

    value = {"pandas": pd.NA, "numpy": np.float64("nan"), "nat": pd.NaT}.get(nothing, nothing)
    tree = ost.from_records(
        [
            rec("root", "outcome", value, owner=value, by=value, links=value),
            rec("a", tags=value, colour=value, parent=["root", value]),
        ]
    )
    assert tree == ost.from_records([ROOT, rec("a")])


def test_frames_are_read_row_by_row():
    import numpy as np
    import pandas as pd
    import polars as pl

    records = [
        {**ROOT, "baseline": 310, "by": dt.date(2026, 12, 1)},
        rec("a", target=True, reach=0.25),
        rec("s", "solution", "a", cost=5, touches=["web", "tv"], links=["a"]),
    ]
    tree = ost.from_records(records)
    for frame in (pd.DataFrame(records), pl.DataFrame(records, infer_schema_length=None)):
        assert ost.from_records(frame) == tree
    assert ost.from_records(pd.DataFrame(records).to_dict("records")) == tree
    assert ost.from_records(pl.DataFrame(records, infer_schema_length=None).iter_rows(named=True)) == tree
    assert type(tree["a"].reach) is float
    odd = ost.from_records([{**ROOT, "baseline": np.int64(3), "tags": np.array(["x"])}])
    assert odd["root"].tags == ("x",)
    assert type(odd["root"].baseline) is int


def test_records_may_be_any_mapping():
    from types import MappingProxyType

    assert len(ost.from_records(iter([MappingProxyType(ROOT), MappingProxyType(rec("a"))]))) == 2


def test_nested_values_and_links_round_trip():
    records = [
        ROOT,
        rec("a", evidence=[{"kind": "story", "participant": "p07", "date": "2026-11-01"}], ignore="OST104"),
        rec("s", "solution", "a", links=[{"target": "root", "kind": "pays into"}, "a"]),
        rec("p", "assumption", "s", probability=0.6),
        rec("t", "test", "p", criterion={"successes": 8, "trials": 12}, links="p"),
    ]
    tree = ost.from_records(records)
    assert tree["a"].evidence[0].date == dt.date(2026, 11, 1)
    assert tree["a"].ignore == ("OST104",)
    assert tree["t"].criterion == ost.Criterion(successes=8, trials=12)
    assert [(link.source, link.target, link.kind) for link in tree.links] == [
        ("s", "a", "serves"),
        ("s", "root", "pays into"),
        ("t", "p", "tests"),
    ]
    assert ost.from_records(ost.to_records(tree)) == tree
    assert ost.from_records([rec("a", "outcome", None, links=[ost.Link("a", "b", "x")]), rec("b", parent="a")]).links


def test_hostile_texts_are_kept_as_written():
    folder = SHARED / "batteries"
    if not folder.is_dir():
        pytest.skip("shared/batteries not present")
    texts = [text for text in json.loads((folder / "blns" / "blns.json").read_text()) if text.strip()]
    tree = ost.from_records([ROOT, *(rec(f"n{i}", title=text) for i, text in enumerate(texts))])
    assert [tree[f"n{i}"].title for i in range(len(texts))] == texts
    assert ost.from_records(ost.to_records(tree)) == tree
    repr(ost.new(ost.Outcome(id="a", title=texts[0])))


def test_look_alike_ids_clash_exactly_when_nfkc_says_so():
    path = SHARED / "batteries" / "unicode" / "colliding-ids.json"
    if not path.is_file():
        pytest.skip("shared/batteries not present")
    for pair in json.loads(path.read_text()):
        records = [ROOT, rec(pair["a"]), rec(pair["b"])]
        if pair["nfkc_equal"]:
            assert faults(*records[1:]) == [("OST005", pair["b"])]
            with pytest.raises(InvalidValueError, match="NFKC"):
                ost.add(ost.from_records(records[:2]), ost.Opportunity(id=pair["b"], title="t"), "root")
        elif not any(ord(c) < 32 for c in pair["a"] + pair["b"]):
            assert len(ost.from_records(records)) == 3


def test_hostile_ids_are_accepted_or_refused_with_a_finding():
    path = SHARED / "batteries" / "unicode" / "hostile-ids.json"
    if not path.is_file():
        pytest.skip("shared/batteries not present")
    for identifier in json.loads(path.read_text()):
        try:
            tree = ost.from_records([ROOT, rec(identifier)] if identifier != "root" else [ROOT])
        except InvalidTreeError as error:
            assert {finding.code for finding in error.findings} == {"OST005"}
        else:
            assert identifier in tree
            assert pickle.loads(pickle.dumps(tree)) == tree


def chain(length: int) -> Iterator[Record]:
    yield ROOT
    for i in range(length):
        yield rec(f"n{i}", parent=f"n{i - 1}" if i else "root")


@pytest.mark.parametrize("backwards", [False, True])
def test_deep_trees_work_everywhere(*, backwards: bool):
    depth = 100_000
    rows = list(chain(depth))
    tree = ost.from_records(rows[::-1] if backwards else rows)
    last = f"n{depth - 1}"
    assert ost.depth(tree) == ost.depth(tree, last) == depth
    assert len(ost.path(tree, last)) == depth + 1
    assert sum(1 for _ in ost.walk(tree, order="postorder")) == depth + 1
    assert ost.rollup(tree, lambda _: 1, sum)["root"] == depth + 1
    new = ost.move(ost.replace(tree, last, title="x"), last, "root")
    change = ost.diff(tree, new)
    assert ost.apply(tree, change) == new
    assert ost.merge(tree, new, ost.replace(tree, "root", title="y")).tree["root"].title == "y"
    assert len(ost.remove(tree, "n0")) == 1
    assert len(ost.subtree(tree, "n5")) == depth - 5
    assert copy.deepcopy(tree) == tree


@pytest.mark.slow
def test_deep_trees_travel():
    tree = ost.from_records(chain(100_000))
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert ost.from_records(ost.to_records(tree)) == tree
    assert ost.from_networkx(tree.to_networkx()) == tree


def test_a_circle_as_long_as_a_deep_tree_is_found():
    rows = list(chain(50_000))
    rows[1] = rec("n0", parent="n49999")
    with pytest.raises(InvalidTreeError) as caught:
        ost.from_records(rows)
    assert len(caught.value.findings) == 50_000


@pytest.mark.slow
def test_wide_trees_work_everywhere():
    width = 1_000_000
    tree = ost.from_records([ROOT, *(rec(f"n{i}") for i in range(width))])
    assert len(ost.children(tree, "root")) == len(ost.leaves(tree)) == width
    with ost.edit(tree) as draft:
        for i in range(100):
            draft.add(ost.Opportunity(id=f"x{i}", title="t"), "root", index=i)
            draft.replace(f"n{i}", title="x")
    change = ost.diff(tree, draft.tree)
    assert len(change) == 200
    assert ost.apply(tree, change) == draft.tree
    assert ost.merge(tree, draft.tree, ost.replace(tree, "root", title="y")).tree["x5"].title == "t"


def test_garbage_collection_is_restored():
    import gc

    for enabled in (True, False):
        try:
            gc.enable() if enabled else gc.disable()
            with pytest.raises(InvalidTreeError):
                ost.from_records([])
            assert gc.isenabled() == enabled
        finally:
            gc.enable()
