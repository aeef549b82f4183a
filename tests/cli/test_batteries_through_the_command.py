"""Hostile files through the command itself: 0, 1 or 2, words, and no traceback."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmkit.cli import main
from pmkit.formats import trees

ROOT = Path(__file__).parents[2]
BATTERIES = ROOT.parent / "shared" / "batteries"
PRODUCT = ROOT / "examples" / "cookie-cats" / "product.yaml"
SMALL = b"""\
pmkit: 1
name: Cinema
goals:
- {id: stay, title: People come back}
tree:
- {id: watch, kind: outcome, title: Increase weekly minutes from 310 to 360}
- {id: find, kind: opportunity, title: I can't find something to watch, parent: watch}
- {id: row, kind: solution, title: "A row of picks", parent: find}
organization:
  teams:
  - {id: web}
  - {id: data}
  components:
  - {id: page}
  - {id: index}
  ownership:
  - {component: page, team: web}
  - {component: index, team: data}
  dependencies:
  - {source: page, target: index}
"""
FORMS = {
    "yaml": SMALL,
    "csv": b"id,kind,title,parent\nwatch,outcome,Watch more,\nfind,opportunity,I can't find a film,watch\n",
    "outline": b"- Outcome: Watch more {#watch}\n  - unit: minutes\n  - Opportunity: I can't find a film {#find}\n",
    "indented": b"Outcome: Watch more\n  Opportunity: I can't find a film\n",
    "mermaid": b'flowchart TD\n  watch["Watch more"]:::outcome\n  watch -- so --> find(I can\'t find a film)\n',
    "mindmap": b"mindmap\n  root((Watch more))\n    I can't find a film\n",
    "dot": b'digraph { watch [label="Watch more"]; watch -> find [style=dashed]; watch -> find2; }',
    "graphml": b'<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/>'
    b'<edge source="a" target="b"/></graph></graphml>',
    "opml": b'<opml version="2.0"><body><outline text="Watch more"><outline text="I wait"/></outline></body></opml>',
    "json": b'{"pmkit": 1, "tree": [{"id": "watch", "kind": "outcome", "title": "Watch more"}]}',
}
MORE = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r",
    b"\xe2\x80\xa8",
    b"\x1b[31m",
    b"'",
    b'"',
    b"{",
    b"]",
    b"&a ",
)


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def offer(data: bytes, *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process with this standard input; what it does not catch is not caught here."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = _Input(data), out, err  # type: ignore[assignment]
    try:
        main(list(arguments))
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    told = []
    for stream in (out, err):
        stream.flush()
        told.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    assert status in {0, 1, 2}, arguments
    assert "Traceback" not in told[1]
    assert status != 2 or told[1].strip(), "a refusal says why"
    assert "\x1b" not in told[1]
    return status, told[0], told[1]


def _documents() -> Iterator[tuple[str, bytes]]:
    if not BATTERIES.exists():
        pytest.skip("shared batteries not present")
    for path in sorted(BATTERIES.rglob("*")):
        if path.is_file():
            yield path.relative_to(BATTERIES).as_posix(), path.read_bytes()
    for name, key in (("yaml/yaml-test-suite.jsonl", "yaml"), ("mermaid/mermaid-hostile.jsonl", "diagram")):
        for number, line in enumerate((BATTERIES / name).read_text(encoding="utf-8").splitlines()):
            yield f"{name}#{number}", json.loads(line)[key].encode("utf-8", "surrogatepass")
    for name in ("yaml/hostile-yaml.json", "xml/hostile-graphml-opml.json"):
        for key, text in json.loads((BATTERIES / name).read_text(encoding="utf-8")).items():
            yield f"{name}#{key}", str(text).encode("utf-8", "surrogatepass")


def _of_kind(name: str) -> str:
    return name.partition("/")[0]


def test_check_reads_or_refuses_every_file() -> None:
    count = 0
    for _, data in _documents():
        count += 1
        offer(data, "check", "-", "--json")
        offer(b"pmkit: 1\nname: " + data, "check", "-", "--output", "sarif")
    assert count > 300


FITTING = {
    "yaml": ("yaml",),
    "jsontestsuite": ("json", "canvas"),
    "paths": ("outline",),
    "xml": ("graphml", "opml"),
    "mermaid": ("mermaid", "mindmap"),
    "dot": ("dot", "json"),
    "csv": ("csv", "json"),
}


def test_convert_reads_or_refuses_every_file_in_the_formats_that_fit() -> None:
    read = 0
    for name, data in _documents():
        for form in FITTING.get(_of_kind(name), ()):
            read += offer(data, "convert", "-", "--from", form)[0] == 0
        read += offer(data, "convert", "-")[0] == 0
    assert read > 100


@pytest.mark.slow
def test_convert_reads_or_refuses_every_file_in_every_format() -> None:
    for _, data in _documents():
        for source in get_args(trees.FormatName):
            if offer(data, "convert", "-", "--from", source)[0] == 0:
                for target in get_args(trees.FormatName):
                    status, text, _ = offer(data, "convert", "-", "--from", source, "--to", target)
                    assert status == 0
                    assert offer(text.encode(), "convert", "-", "--from", target)[0] == 0


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_every_file_by_its_path(tmp_path: Path, step: int) -> None:
    for name, data in itertools.islice(_documents(), 0, None, step):
        if "#" not in name and len(data) < 30_000:
            for ending in (".yaml", ".json", ".csv", ".opml"):
                file = tmp_path / f"file{ending}"
                file.write_bytes(data)
                if ending in {".yaml", ".json"}:
                    offer(b"", "check", str(file))
                offer(b"", "convert", str(file), "-o", str(tmp_path / "out.md"))
                assert file.read_bytes() == data


def _nested(kind: str, depth: int) -> bytes:
    shapes = {
        "json-array": ("[", "", "]"),
        "json-object": ('{"a":', "1", "}"),
        "json-children": ('{"children":[', "", "]}"),
        "yaml-flow": ("[", "a", "]"),
        "markdown-quote": ("> ", "a", ""),
        "dot-subgraph": ("{", "a", "}"),
    }
    if kind == "mermaid-chain":
        return ("graph TD\n" + "".join(f"a{n} --> a{n + 1}\n" for n in range(depth))).encode()
    if kind == "opml-outline":
        many = '<outline text="a">' * depth + "</outline>" * depth
        return f'<opml version="2.0"><body>{many}</body></opml>'.encode()
    if kind in {"graphml-nested", "graphml-entity-chain"}:
        return ("<graphml>" + '<graph edgedefault="directed"><node id="a">' * depth).encode()
    if kind in {"yaml-block-children", "markdown-list"}:
        return "".join("  " * n + "- a:\n" for n in range(min(depth, 2000))).encode()
    left, middle, right = shapes[kind]
    return (left * depth + middle + right * depth).encode()


@pytest.mark.parametrize("depths", [range(5000), pytest.param(range(5000, 10**6), marks=pytest.mark.slow)])
def test_every_nesting_is_read_or_refused(depths: range) -> None:
    if not BATTERIES.exists():
        pytest.skip("shared batteries not present")
    rows = [json.loads(line) for line in (BATTERIES / "nesting" / "spec.jsonl").read_text().splitlines()]
    assert rows
    for row in rows:
        if row["depth"] not in depths:
            continue
        data = _nested(row["kind"], row["depth"])
        offer(data, "check", "-")
        offer(data, "convert", "-", "--to", "yaml")


@pytest.mark.parametrize(
    "arguments",
    [("check", "-"), ("convert", "-")],
)
def test_a_process_of_its_own_ends_as_documented(arguments: tuple[str, ...]) -> None:
    """The real thing, on the worst of each kind, within bounded memory."""
    bombs = [
        b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(50)),
        b"[" * 100_000,
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><opml>&m;</opml>',
        b'{"pmkit": 1, "goals": [{"id": "g", "title": "t", "target": ' + b"9" * 5000 + b"}]}",
        bytes(range(256)) * 50,
    ]
    limits = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000,) * 2); "
    code = limits + "from pmkit.cli import main; import sys; main(sys.argv[1:])"
    for data in bombs:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], input=data, capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 2, done.stderr
        assert b"Traceback" not in done.stderr


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes that were good: cut off, flipped, doubled, with other line ends or another encoding."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        end = draw(st.integers(at, min(len(data), at + 20)))
        how = draw(st.sampled_from(["cut", "flip", "insert", "remove", "double", "crlf", "utf-16", "bom", "junk"]))
        if how == "cut":
            data = data[:at]
        elif how == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
        elif how == "insert":
            data = data[:at] + draw(st.sampled_from(MORE)) + data[at:]
        elif how == "remove":
            data = data[:at] + data[end:]
        elif how == "double":
            data = data[:at] + data[at:end] * 3 + data[end:]
        elif how == "crlf":
            data = data.replace(b"\n", b"\r\n")
        elif how == "utf-16":
            data = data.decode("utf-8", "replace").encode("utf-16")
        elif how == "bom":
            data = b"\xef\xbb\xbf" + data
        else:
            data = data[:at] + draw(st.binary(max_size=8)) + data[end:]
    return data


@settings(max_examples=150)
@given(data=mutated(SMALL))
@example(data=b"\xef\xbb\xbf" + SMALL)
@example(data=SMALL.replace(b"\n", b"\r\n"))
def test_a_damaged_product_is_read_or_refused(data: bytes) -> None:
    status, out, _ = offer(data, "check", "-", "--json", "--today", "2026-11-22")
    assert status == 2 or isinstance(json.loads(out), list)


@settings(max_examples=60)
@given(data=mutated(SMALL), other=mutated(SMALL))
def test_damaged_products_are_compared_and_merged_or_refused(
    data: bytes, other: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    base, ours, theirs = (folder / name for name in ("base.yaml", "ours.yaml", "theirs.yaml"))
    for file, content in ((base, SMALL), (ours, data), (theirs, other)):
        file.write_bytes(content)
    offer(b"", "diff", str(ours), str(theirs), "--json")
    offer(b"", "conway", str(ours), "--permutations", "99")
    offer(b"", "init", str(theirs), "-o", str(folder / "new.yaml"))
    status, _, _ = offer(b"", "merge", str(base), str(ours), str(theirs), "-o", str(folder / "merged.yaml"))
    assert ours.read_bytes() == data
    assert status == 2 or (folder / "merged.yaml").exists()
    if status == 0:
        assert offer(b"", "check", str(folder / "merged.yaml"))[0] in {0, 1}


@settings(max_examples=40)
@given(data=mutated(PRODUCT.read_bytes()))
def test_damaged_experiments_are_analyzed_or_refused(data: bytes) -> None:
    for command in ("analyze", "plan", "next", "week"):
        status, out, _ = offer(data, command, "-", "--json")
        assert status == 2 or json.loads(out) is not None


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_tree_is_converted_or_refused(form: str, data: st.DataObject) -> None:
    text = data.draw(mutated(FORMS[form]))
    for source in (("--from", form), ()):
        status, out, _ = offer(text, "convert", "-", *source, "--to", "json")
        assert status == 2 or json.loads(out)["pmkit"] == 1


def test_a_chain_of_20_000_opportunities_asks_for_what_is_at_its_end() -> None:
    rows = "".join(f"- {{id: a{n}, kind: opportunity, title: x{n}, parent: a{n - 1}}}\n" for n in range(1, 20_000))
    chain = f"pmkit: 1\ntree:\n- {{id: a0, kind: outcome, title: x}}\n{rows}".encode()
    (action,) = json.loads(offer(chain, "next", "-", "--json")[1])
    assert action["subject"] == "a19999"
