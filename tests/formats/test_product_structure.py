"""What a product file must look like: every wrong part is told with its path, every version with a word."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit.errors import ParseError
from pmkit.formats import _product
from pmkit.formats.workspace import dumps, loads, loads_located, read_documents
from pmkit.testing import workspaces
from pmkit.workspace import Goal, Workspace, check

RICH: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "rich_product.json").read_text())
WRONG: tuple[Any, ...] = (None, True, 17, -2.5, "no such word", [], [[]], {}, {"strange": 1}, [7], ["a", "a"])


def _paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(part, dict):
        for key, member in part.items():
            yield from _paths(member, (*path, key))
    elif isinstance(part, list):
        for index, member in enumerate(part):
            yield from _paths(member, (*path, index))


PATHS = [path for path in _paths(RICH) if path[0] != "x-own"]


def _with(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(RICH)
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return changed


def _written(path: tuple[Any, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def test_the_rich_document_is_read_and_written_back() -> None:
    workspace = loads(json.dumps(RICH), syntax="json")
    check(workspace)
    assert loads(dumps(workspace)) == workspace
    again = json.loads(dumps(workspace, syntax="json"))
    assert set(again) == set(RICH)
    for section in ("goals", "jobs", "needs", "surveys", "hypotheses", "feedback", "roadmap", "waivers", "x-own"):
        assert again[section] == RICH[section]


@pytest.mark.parametrize("path", PATHS, ids=_written)
def test_every_wrong_value_is_taken_or_told_with_its_path(path: tuple[Any, ...]) -> None:
    """Nothing but a product or a refusal in words comes of it, and a refusal names the part or what holds it."""
    refused = 0
    for wrong in WRONG:
        changed = _with(path, wrong)
        text = json.dumps(changed, indent=1)
        try:
            workspace = loads(text, syntax="json", source="product.json")
        except ParseError as error:
            refused += 1
            for finding in error.findings:
                place = finding.location
                assert place is not None, finding
                assert (place.source, place.line > 0, place.column > 0) == ("product.json", True, True)
                assert place.path.startswith("$")
                assert len(finding.message) < 600
            lines = [finding.location.path for finding in error.findings if finding.location]
            section = _written(path[:1])
            assert any(line.startswith(section) or section.startswith(line) for line in lines), (wrong, lines)
        else:
            assert loads(dumps(workspace)) == workspace
    assert refused, "every part refuses something"


@pytest.mark.parametrize(
    ("path", "wrong", "line", "told"),
    [
        (("goals", 0, "target"), "high", "$.goals[0].target", "must be a number, not 'high'"),
        (("goals", 0, "by"), "2026-13-01", "$.goals[0].by", "must be a date such as 2026-11-22"),
        (("roadmap", 0, "horizon"), "nwo", "$.roadmap[0].horizon", "did you mean 'now'?"),
        (("surveys", 0, "counts", "new", "n", "high_low"), -1, "$.surveys[0].counts.new.n.high_low", "from 0 "),
        (("surveys", 0, "counts", "new", "n", "high_lwo"), 1,
         "$.surveys[0].counts.new.n.high_lwo", "did you mean 'high_low'?"),
        (("surveys", 1, "counts", "everyone", "n"), 5, "$.surveys[1].counts.everyone.n", "must be a mapping, not 5"),
        (("surveys", 1, "counts"), {}, "$.surveys[1]", "counts no need"),
        (("surveys", 1, "denominator"), "al", "$.surveys[1].denominator", "must be one of answered, all"),
        (("surveys", 0, "weights", "new", "n", "high_low"), 0.1, "$.surveys[0]", "squared weights"),
        (("experiments", 0, "looks", 0, "counts", "new", "bought", "n"), "many",
         "$.experiments[0].looks[0].counts.new.bought.n", "must be a whole number, not 'many'"),
        (("tree", 1, "target"), "perhaps", "$.tree[1].target", "true or false"),
        (("organization", "teams", 0, "capacity"), "much", "$.organization.teams[0].capacity", "must be a number"),
    ],
)  # fmt: skip
def test_the_very_part_is_named(path: tuple[Any, ...], wrong: Any, line: str, told: str) -> None:
    with pytest.raises(ParseError) as caught:
        loads(json.dumps(_with(path, wrong)), syntax="json")
    (finding,) = caught.value.findings
    assert finding.location is not None
    assert finding.location.path == line
    assert told in finding.message


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(path[-1], str) and len(path) > 1], ids=_written)
def test_a_misspelled_key_is_refused_with_the_right_one(path: tuple[Any, ...]) -> None:
    changed = copy.deepcopy(RICH)
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    open_names = {"counts", "weights", "squares", "new", "everyone", "control", "split", "units"}
    if path[-2] in open_names and path[-1] not in {"n", "successes", "mean", "variance"}:
        pytest.skip("names of one's own stand here")
    if "kind" in (path[-1], path[-2]) or path[-2:] == ("new", "n") or path[-2:] == ("everyone", "n"):
        pytest.skip("another kind is told another way")
    parent[f"{path[-1]}q"] = parent.pop(path[-1])
    with pytest.raises(ParseError) as caught:
        loads(json.dumps(changed), syntax="json")
    assert f"{path[-1]}q" in str(caught.value)


def test_faults_of_every_section_are_told_at_once() -> None:
    changed = copy.deepcopy(RICH)
    for section, value in changed.items():
        if section not in {"pmkit", "name", "organization", "x-own"}:
            value[0]["strange"] = 1
    with pytest.raises(ParseError) as caught:
        loads(json.dumps(changed), syntax="json")
    wanted = {section for section in RICH if section not in {"pmkit", "name", "organization", "x-own"}}
    found = {finding.location.path.split("[")[0] for finding in caught.value.findings if finding.location}
    assert {f"$.{section}" for section in wanted} <= found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name: Cinema", "the version is missing at $ (begin the file with 'pmkit: 1')"),
        ("pmkit: 0", "there is no version 0"),
        ("pmkit: -1", "there is no version -1"),
        ("pmkit: 2", "the file is of version 2, and this pmkit reads versions up to 1"),
        ("pmkit: 99999999999999999999", "reads versions up to 1"),
        ("pmkit: '1'", "must be a whole number, not '1' at $.pmkit (write 'pmkit: 1', without quotes)"),
        ("pmkit: 1.0", "must be a whole number, not 1.0"),
        ("pmkit: one", "must be a whole number, not 'one' at $.pmkit (write 'pmkit: 1')"),
        ("pmkit: true", "must be a whole number, not true"),
        ("pmkit:", "must be a whole number, not nothing"),
        ("pmkit: [1]", "must be a whole number, not a list"),
        ("pmkit: {a: 1}", "must be a whole number, not a mapping"),
        ("- pmkit", "a mapping that begins with 'pmkit: 1'"),
        ("", "the document is empty"),
    ],
)
def test_versions_that_cannot_be_read_are_told(line: str, told: str) -> None:
    with pytest.raises(ParseError) as caught:
        loads(line + "\n")
    assert told in str(caught.value)
    assert len(caught.value.findings) == 1


def test_a_newer_file_is_not_blamed_for_keys_it_may_have() -> None:
    with pytest.raises(ParseError) as caught:
        loads("pmkit: 2\nbrand-new: 1\n")
    assert len(caught.value.findings) == 1
    with pytest.raises(ParseError) as caught:
        loads("pmkit: '1'\nnmae: 1\n")
    assert len(caught.value.findings) == 2


def test_there_is_a_migration_for_every_version_before_this_one() -> None:
    assert set(_product.MIGRATIONS) == set(range(1, _product.VERSION))


def test_an_older_file_goes_through_every_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 1 called goals aims, version 2 wrote one text for all jobs."""

    def first(data: dict[str, object]) -> dict[str, object]:
        return {("goals" if key == "aims" else key): value for key, value in data.items()}

    def second(data: dict[str, object]) -> dict[str, object]:
        jobs = data.get("jobs")
        split = [{"id": text, "text": text} for text in str(jobs).split("; ")]
        return {**data, **({"jobs": split} if isinstance(jobs, str) else {})}

    monkeypatch.setattr(_product, "VERSION", 3)
    monkeypatch.setattr(_product, "MIGRATIONS", {1: first, 2: second})
    old = loads("pmkit: 1\naims:\n- {id: g, title: Stay}\njobs: unwind; eat\n")
    assert [goal.id for goal in old.goals] == ["g"]
    assert [job.id for job in old.jobs] == ["unwind", "eat"]
    assert dumps(old).startswith("pmkit: 3\n")
    assert loads(dumps(old)) == old
    assert loads("pmkit: 2\ngoals:\n- {id: g, title: Stay}\njobs: unwind; eat\n") == old
    with pytest.raises(ParseError, match="unknown key 'aims'"):
        loads("pmkit: 2\naims: []\n")
    with pytest.raises(ParseError) as caught:
        loads("pmkit: 1\naims:\n- {id: g, title: ''}\njobs: unwind\n", source="old.yaml")
    (finding,) = caught.value.findings
    assert finding.location is not None
    assert (finding.location.source, finding.location.line) == ("old.yaml", 1)
    with pytest.raises(ParseError) as caught:
        loads("pmkit: 1\naims:\n- {id: a, title: Stay}\n- {id: a, title: Go}\n")
    assert [each.code for each in caught.value.findings] == ["WSP101"]


def test_empty_sections_are_none() -> None:
    named = "\n".join(f"{section}:" for section in (*_product.SECTIONS, "tree"))
    assert loads(f"pmkit: 1\n{named}\nx-own:\n") == Workspace(extra={"x-own": None})
    assert loads('{"pmkit": 1, "tree": null, "surveys": null}', syntax="json") == Workspace()


def test_what_stands_in_two_files_of_a_folder_is_told() -> None:
    parts = {"a.yaml": b"pmkit: 1\nname: A\nx-own: 1\norganization: {teams: [{id: t}]}\ngoals:\n- {id: g, title: G}\n"}
    with pytest.raises(ParseError) as caught:
        read_documents({**parts, "b.yaml": b"pmkit: 1\nname: B\nx-own: 2\norganization: {teams: [{id: u}]}\n"})
    told = [(finding.location.source, finding.location.line) for finding in caught.value.findings if finding.location]
    assert told == [("b.yaml", 2), ("b.yaml", 3), ("b.yaml", 4)]
    both = read_documents({**parts, "b.json": b'{"pmkit": 1, "goals": [{"id": "h", "title": "H"}]}'})
    assert [goal.id for goal in both.workspace.goals] == ["g", "h"]
    assert both.locations["h"].source == "b.json"


def test_a_name_for_two_things_is_told_where_the_first_stands() -> None:
    text = b"pmkit: 1\nneeds:\n- {id: n, text: Wait less}\nsurveys:\n- {id: n, counts: {a: {n: {high_low: 1}}}}\n"
    with pytest.raises(ParseError) as caught:
        loads_located(text)
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("WSP101", "'n' names a survey and also a need")


def test_one_need_counted_twice_in_a_segment_is_told_with_its_line() -> None:
    with pytest.raises(ParseError) as caught:
        loads("pmkit: 1\nsurveys:\n- id: w\n  counts:\n    everyone:\n      n: {high_low: 1}\n      n: {high_low: 2}\n")
    (finding,) = caught.value.findings
    assert finding.location is not None
    assert (finding.location.line, "'n' stands twice" in finding.message) == (7, True)


@settings(max_examples=25)
@given(workspaces(max_rows=1, max_nodes=4), st.data())
def test_a_part_taken_out_of_any_product_is_read_or_told(workspace: Workspace, data: st.DataObject) -> None:
    plain = json.loads(dumps(workspace, syntax="json"))
    paths = [path for path in _paths(plain) if not str(path[0]).startswith("x-")]
    path = data.draw(st.sampled_from(paths))
    parent: Any = plain
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    try:
        found = loads(json.dumps(plain), syntax="json")
    except ParseError as error:
        assert all(finding.location for finding in error.findings)
    else:
        assert loads(dumps(found)) == found


def test_numbers_alone_stand_on_one_line() -> None:
    workspace = loads(json.dumps(RICH), syntax="json")
    assert "\n      n: {low_high: 1, high_low: 2}\n" in dumps(workspace)
    assert '"n": {"low_high": 1, "high_low": 2}\n' in dumps(workspace, syntax="json")
    assert json.loads(dumps(workspace, syntax="json")) == json.loads(
        json.dumps(json.loads(dumps(workspace, syntax="json")))
    )
    goals = [Goal(id="1e5", title="08")]
    assert loads(dumps(Workspace(goals=goals, extra={"x-n": [1, 2.5], "x-m": {"1": 1}}))).extra == {
        "x-n": (1, 2.5), "x-m": {"1": 1},
    }  # fmt: skip
