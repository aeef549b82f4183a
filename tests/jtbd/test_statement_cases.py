"""Labelled statements: ours in two halves, the shared ones where they are present."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pmkit import jtbd
from pmkit.language import normalize

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "cases"
PARTS = {
    "job": ("verb", "object", "clarifier"),
    "outcome": ("direction", "metric", "object", "clarifier"),
    "job_story": ("situation", "motivation", "outcome"),
    "emotional": ("form", "state", "clarifier"),
}


def load(path: Path) -> list[dict]:
    if not path.exists():
        pytest.skip(f"{path.name} not present")
    cases = json.loads(path.read_text(encoding="utf-8"))
    for case in cases:
        if "prefix" in case["parts"]:
            case["parts"]["form"] = case["parts"].pop("prefix")
    return cases


def exact(case: dict) -> bool:
    statement = jtbd.parse(case["text"], case["kind"])
    return all(
        normalize(getattr(statement, name)).casefold() == normalize(case["parts"].get(name, "")).casefold()
        for name in PARTS[case["kind"]]
    )


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def precision_and_recall(cases: list[dict]) -> tuple[float, float]:
    right = wrong = missed = 0
    for case in cases:
        wanted = {code for code in case["codes"] if code.startswith("JTBD")}
        found = {finding.code for finding in jtbd.check(case["text"]) if finding.severity != "information"}
        right, wrong, missed = right + len(wanted & found), wrong + len(found - wanted), missed + len(wanted - found)
    return right / (right + wrong), right / (right + missed)


@pytest.mark.parametrize(
    ("name", "parts"),
    [("statements_tuned.json", 0.95), ("statements_held_out.json", 0.88), ("statements_fresh.json", 0.8)],
)
def test_our_statements(name: str, parts: float) -> None:
    cases = load(DATA / name)
    assert share([jtbd.detect_kind(case["text"]) == case["kind"] for case in cases]) >= 0.98
    assert share([exact(case) for case in cases if case["good"]]) >= parts


@pytest.mark.parametrize("name", ["statements_tuned.json", "statements_held_out.json"])
def test_findings_on_our_statements(name: str) -> None:
    precision, recall = precision_and_recall(load(DATA / name))
    assert precision >= 0.9
    assert recall >= 0.8


def test_our_statements_are_many_and_from_many_domains() -> None:
    cases = load(DATA / "statements_tuned.json") + load(DATA / "statements_held_out.json")
    assert len({normalize(case["text"]).casefold() for case in cases}) == len(cases) >= 300
    assert len({case["domain"] for case in cases}) >= 25


def test_shared_statements() -> None:
    cases = load(SHARED / "statements.json")
    assert share([jtbd.detect_kind(case["text"]) == case["kind"] for case in cases]) >= 0.99
    assert share([exact(case) for case in cases if case["good"]]) >= 0.95
    precision, recall = precision_and_recall(cases)
    assert precision >= 0.9
    assert recall >= 0.8


def test_spans_are_the_source_of_the_parts() -> None:
    for case in load(DATA / "statements_tuned.json") + load(DATA / "statements_held_out.json"):
        if case["good"]:
            statement = jtbd.parse(case["text"], case["kind"])
            assert statement.text == case["text"]
            for name, (start, end) in statement.spans.items():
                source = normalize(case["text"][start:end])
                assert source.casefold() == getattr(statement, name).casefold()
            assert set(statement.spans) == {name for name in PARTS[case["kind"]] if getattr(statement, name)}


def test_formatting_a_parsed_statement_keeps_its_parts() -> None:
    for case in load(DATA / "statements_tuned.json"):
        if case["good"]:
            statement = jtbd.parse(case["text"], case["kind"])
            if isinstance(statement, jtbd.DesiredOutcome) and not statement.object:
                continue  # the metric's own modifiers are no part
            assert jtbd.parse(jtbd.format(statement), case["kind"]) == statement


def test_forces_cases() -> None:
    for case in load_plain(SHARED / "jtbd.json"):
        if case["topic"] == "forces":
            found = jtbd.balance(jtbd.Forces(**case["inputs"]))
            assert found.net == case["expected"]["net"]
            assert found.switch is case["expected"]["switch"]


def load_plain(path: Path) -> list[dict]:
    if not path.exists():
        pytest.skip(f"{path.name} not present")
    return json.loads(path.read_text(encoding="utf-8"))
