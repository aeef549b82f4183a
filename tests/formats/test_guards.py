"""The guards of YAML and JSON: what is read is right, and everything else is an error with a place."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pmkit import testing
from pmkit.errors import FileError, ParseError
from pmkit.formats._files import decode, position, read_text, write_atomically
from pmkit.formats._json import read_json, write_json
from pmkit.formats._yaml import Plain, read_yaml, write_yaml

DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | testing.texts(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(testing.texts(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TEXTS = st.recursive(
    testing.texts(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(testing.texts(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_json_round_trips(data: object) -> None:
    assert read_json(write_json(data)).data == data


@given(TEXTS)
@example({"country": "no", "version": "1.10", "empty": "", "null": "null", "text": "a\u0085b\u2028c\r\nd"})
def test_yaml_round_trips_text(data: object) -> None:
    assert read_yaml(write_yaml(data)).data == data


@given(st.text(max_size=40))
def test_json_agrees_with_the_standard_reader_or_says_where(text: str) -> None:
    try:
        data = read_json(text).data
    except ParseError as error:
        assert error.line >= 1
        assert error.column >= 1
    else:
        assert data == json.loads(text)


@given(st.text(alphabet="ab:-[]{},\"'#&*!|> \n\t\\", max_size=60))
def test_yaml_is_data_or_an_error_with_a_place(text: str) -> None:
    try:
        read_yaml(text)
    except ParseError as error:
        assert error.findings
        assert all(finding.location is not None for finding in error.findings)


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "empty"),
        ("a: 1\na: 2\n", 2, 1, "'a' stands twice"),
        ("a: &x 1\n", 1, 4, "anchor &x"),
        ("a: *x\n", 1, 4, "alias *x"),
        ("a: !!python/name:os.system\n", 1, 4, "tags are not allowed"),
        ("<<: {a: 1}\n", 1, 1, "merge keys"),
        ("? [a]\n: 1\n", 1, 3, "a key must be plain text"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("a:\n\t- b\n", 2, 1, "this is not YAML"),
        ("a: \0\n", 1, 0, "U+0000"),
        ("a: '\ud800'\n", 1, 0, "surrogate"),
        ("[" * 300, 1, 201, "more than 200 levels"),
    ],
)
def test_yaml_faults_have_a_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_yaml(text, "a.yaml")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert says in str(caught.value)
    assert "a.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "ends too early"),
        ('{"a": 1,\n "a": 2}', 2, 2, "'a' stands twice"),
        ('{"a": NaN}', 1, 7, "expected a value"),
        ("[1 2]", 1, 4, "expected ','"),
        ('{"a" 1}', 1, 6, "expected ':'"),
        ("{a: 1}", 1, 2, "key in double quotes"),
        ('["\\ud800"]', 1, 2, "surrogate"),
        ("[1e999]", 1, 2, "too large"),
        ("[" + "9" * 500 + "]", 1, 2, "too large"),
        ('["a\nb"]', 1, 4, "not closed"),
        ("[1]]", 1, 4, "after the end"),
        ("[" * 300, 1, 201, "more than 200 levels"),
    ],
)
def test_json_faults_have_a_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_json(text, "a.json")
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ParseError) as caught:
        read_yaml("a: &x 1\nb: *x\nc: 1\nc: 2\n" + "".join(f"d{i}: *y\n" for i in range(30)))
    assert len(caught.value.findings) == 33
    assert "and 13 more" in str(caught.value)


@pytest.mark.parametrize("opening", ["[", '{"a":', "{a: ", "- "])
def test_bottomless_nesting_is_refused(opening: str) -> None:
    for read in (read_json, read_yaml):
        with pytest.raises(ParseError):
            read(opening * 100_000)


def test_parts_are_found_where_they_stand() -> None:
    yaml_text = "tree:\n  - id: a\n    title: one\n  - id: b\n    tags: [x, y]\n"
    document = read_yaml(yaml_text, "p.yaml")
    assert document.locate(("tree", 1, "tags", 1)) == (5, 15)
    assert document.locate(("tree", 1, "nothing")) == (4, 5)
    assert str(document.location(("tree", 0, "title"))) == "p.yaml:3:12 ($.tree[0].title)"
    text = '{"tree": [{"id": "a"},\n {"id": "b", "tags": ["x", "y"]}]}'
    assert read_json(text).locate(("tree", 1, "tags", 1)) == (2, 28)
    assert read_json(text).locate(("tree", 1, "nothing")) == (2, 2)


def test_plain_scalars_stay_text_and_comments_are_noticed() -> None:
    document = read_yaml("country: no\nversion: 1.10\nquoted: '#1'\n")
    assert document.data == {"country": "no", "version": "1.10", "quoted": "#1"}
    assert isinstance(document.data["version"], Plain)
    assert not isinstance(document.data["quoted"], Plain)
    assert not document.commented
    assert read_yaml("a: 1 # why\n").commented
    assert read_yaml("# why\na: 1\n").commented
    assert read_yaml("a: 1\n# why\n").commented


def test_what_cannot_be_written_is_an_error() -> None:
    for bad in (float("nan"), "\ud800", {"a": {1, 2}}):
        with pytest.raises(ParseError):
            write_json(bad)
    with pytest.raises(ParseError):
        write_yaml("\ud800")


def test_bytes_that_are_not_utf8_are_shown_where_they_stand() -> None:
    assert decode(b"\xef\xbb\xbfa", "x") == "a"
    with pytest.raises(ParseError, match=r"x:2:3: byte 0xff is not UTF-8"):
        decode(b"ab\ncd\xff", "x")
    assert position("ab\ncd", 4) == (2, 2)


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_text(tmp_path / "missing")
    with pytest.raises(FileError, match="directory"):
        read_text(tmp_path)
    with pytest.raises(FileError, match="null"):
        read_text("a\0b")


def test_writes_replace_whole_files_and_keep_their_mode(tmp_path: Path) -> None:
    target = tmp_path / "product.yaml"
    write_atomically(target, b"one")
    target.chmod(0o640)
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    write_atomically(link, b"three")
    assert link.is_symlink()
    assert target.read_bytes() == b"three"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "product.yaml"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "product.yaml"
    target.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["product.yaml"]
    with pytest.raises(FileError, match="there is no folder"):
        write_atomically(tmp_path / "no" / "where", b"new")


def test_the_json_battery(shared: Path) -> None:
    folder = shared / "batteries" / "jsontestsuite" / "test_parsing"
    read = 0
    for path in sorted(folder.iterdir()):
        try:
            read_json(decode(path.read_bytes(), path.name), path.name)
            good = True
        except ParseError:
            good = False
        duplicate = "duplicated_key" in path.name
        assert path.name[0] == "i" or good == (path.name[0] == "y" and not duplicate), path.name
        read += 1
    assert read > 300


def test_the_yaml_batteries(shared: Path) -> None:
    hostile = json.loads((shared / "batteries" / "yaml" / "hostile-yaml.json").read_text(encoding="utf-8"))
    refused = set()
    for name, text in hostile.items():
        try:
            read_yaml(text, name)
        except ParseError as error:
            assert error.line >= 1
            refused.add(name)
    assert {"laughs-9^9", "merge-key-bomb", "recursive-anchor-map", "python-object-apply", "duplicate-keys"} <= refused
    lines = (shared / "batteries" / "yaml" / "yaml-test-suite.jsonl").read_text(encoding="utf-8").splitlines()
    for case in map(json.loads, lines):
        try:
            read_yaml(case["yaml"], case["id"])
        except ParseError as error:
            assert error.findings
