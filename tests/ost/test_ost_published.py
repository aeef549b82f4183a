"""Published trees, spoiled ones, and spoiled trees of our own."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pmkit import ost
from pmkit.errors import InvalidTreeError

TREES = Path(__file__).parents[3] / "shared" / "cases" / "trees"
PUBLISHED = sorted(path for path in TREES.glob("*.json") if path.stem != "framing_pairs") if TREES.exists() else []
WITHOUT_SOLUTIONS = {"architect_wau_generated", "architect_wau_sample"}
Record = dict[str, Any]


def found_in(records: list[Record], **options: Any) -> set[tuple[str, str]]:
    """Give codes and subjects, whether the tree can be built or not."""
    try:
        found = ost.check(ost.from_records(records), **options)
    except InvalidTreeError as error:
        found = error.findings
    return {(finding.code, finding.subject) for finding in found}


def records_of(path: Path) -> list[Record]:
    """Read a case; extra edges are second parents."""
    case = json.loads(path.read_text(encoding="utf-8"))
    records: list[Record] = case["nodes"]
    for parent, child in case.get("edges", ()):
        record = next(record for record in records if record["id"] == child)
        record["parent"] = [record["parent"], parent]
    return records


def test_shared_trees_are_there() -> None:
    if not PUBLISHED:
        pytest.skip("shared/cases not present")
    assert len(PUBLISHED) == 33


@pytest.mark.parametrize(
    "path", [path for path in PUBLISHED if path.stem.startswith("bad_")], ids=lambda path: path.stem
)
def test_spoiled_trees_give_the_findings_listed(path: Path) -> None:
    found = found_in(records_of(path))
    for expected in json.loads(path.read_text(encoding="utf-8"))["expected"]:
        named = expected.get("nodes") or ([expected["node"]] if "node" in expected else [])
        if named:
            assert {(expected["code"], subject) for subject in named} <= found
        else:
            assert expected["code"] in {code for code, _ in found}


@pytest.mark.parametrize(
    "path", [path for path in PUBLISHED if not path.stem.startswith("bad_")], ids=lambda path: path.stem
)
def test_published_trees_have_no_structural_fault(path: Path) -> None:
    faults = {code for code, _ in found_in(records_of(path), profile="torres") if code.startswith("OST0")}
    assert faults == ({"OST007"} if path.stem in WITHOUT_SOLUTIONS else set())


def test_the_canonical_example_has_nothing_wrong_with_its_words_and_shape() -> None:
    path = TREES / "torres_streaming.json"
    if not path.exists():
        pytest.skip("shared/cases not present")
    assert {code for code, _ in found_in(records_of(path), select=["OST1"])} == set()


SOUND: list[Record] = [
    {"id": "gate", "kind": "outcome", "title": "Passengers at the gate on time: 88% to 94% by June"},
    {"id": "find", "kind": "opportunity", "title": "I can't find my gate when it changes late", "parent": "gate"},
    {"id": "sign", "kind": "solution", "title": "Color bands on the floor", "parent": "find"},
    {"id": "seen", "kind": "assumption", "title": "People look down while they walk", "parent": "sign"},
    {"id": "tape", "kind": "test", "title": "Tape on one pier for a day", "parent": "seen", "criterion": "40 of 100"},
    {"id": "call", "kind": "solution", "title": "Staff at the crossing", "parent": "find"},
    {"id": "text", "kind": "solution", "title": "A text message with a photo", "parent": "find"},
    {"id": "wait", "kind": "opportunity", "title": "The security line is longer than the board says", "parent": "gate"},
]
SPOILED: dict[str, tuple[str, dict[str, Record], list[Record]]] = {
    "two roots": ("OST001", {"wait": {"parent": None}}, []),
    "unknown parent": ("OST002", {"text": {"parent": "nowhere"}}, []),
    "two parents": ("OST003", {"text": {"parent": ["find", "wait"]}}, []),
    "circle": ("OST004", {"find": {"parent": "sign"}}, []),
    "own parent": ("OST004", {"tape": {"parent": "tape"}}, []),
    "id twice": ("OST005", {"seen": {"id": "sign"}}, []),
    "blank title": ("OST006", {"sign": {"title": " \t"}}, []),
    "solution under outcome": ("OST007", {"sign": {"parent": "gate"}}, []),
    "test under opportunity": ("OST007", {}, [{"id": "x", "kind": "test", "title": "Ask ten", "parent": "wait"}]),
    "unknown kind": ("OST008", {"sign": {"kind": "feature"}}, []),
    "unknown field": ("OST009", {"sign": {"titel": "x"}}, []),
    "same title": ("OST101", {"wait": {"title": "I can't find my gate, when it changes late!"}}, []),
    "only child": ("OST104", {}, [{"id": "x", "kind": "opportunity", "title": "I can't read it", "parent": "find"}]),
    "solutions above a leaf": (
        "OST105", {}, [{"id": "x", "kind": "opportunity", "title": "I can't read it", "parent": "find"}],
    ),
    "two solutions": ("OST106", {"text": {"parent": "wait"}}, []),
    "output": ("OST111", {"gate": {"title": "Roll out the gate screens"}}, []),
    "solution in disguise": ("OST114", {"find": {"title": "Introduce a wayfinding app"}}, []),
    "company": ("OST115", {"find": {"title": "We must increase our retail revenue"}}, []),
    "mood": ("OST116", {"find": {"title": "Passengers are stressed"}}, []),
}  # fmt: skip


def test_our_own_tree_is_sound() -> None:
    assert {code for code, _ in found_in(SOUND)} == {"OST201"}


@pytest.mark.parametrize("name", SPOILED)
def test_our_own_spoiled_trees(name: str) -> None:
    code, changes, more = SPOILED[name]
    records = [*copy.deepcopy(SOUND), *more]
    for record in records:
        record.update(changes.get(record["id"], {}))
    assert code in {found for found, _ in found_in(records)}
