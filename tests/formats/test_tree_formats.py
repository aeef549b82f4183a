"""Every format of trees: what is written is read back, what is hostile stays text, every reader holds its ground."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmkit import ost, testing
from pmkit.errors import ParseError
from pmkit.formats import trees
from pmkit.model import id_fault, normalized_id

SHARED = Path(__file__).parents[2].parent / "shared"
BATTERIES = SHARED / "batteries"
LOSSLESS = [name for name, each in trees.FORMATS.items() if each.lossless]
LOSSY = [name for name, each in trees.FORMATS.items() if not each.lossless]
with_batteries = pytest.mark.skipif(not BATTERIES.is_dir(), reason="the folder of hostile input is not present")


def shape(tree: ost.OstTree) -> list[tuple[str, str, int]]:
    places = {node.id: place for place, node in enumerate(tree)}
    return [(node.kind, node.title, places.get(tree.parents.get(node.id, ""), -1)) for node in tree]


@pytest.mark.parametrize("name", LOSSLESS)
@given(tree=testing.ost_trees())
def test_lossless_formats_give_back_what_was_written(name: trees.FormatName, tree: ost.OstTree) -> None:
    assert trees.loads(trees.dumps(tree, format=name), format=name) == tree
    assert trees.dropped(tree, format=name) == ()


@pytest.mark.parametrize("name", LOSSY)
@given(tree=testing.ost_trees())
def test_lossy_formats_keep_the_shape_and_name_what_they_drop(name: trees.FormatName, tree: ost.OstTree) -> None:
    back = trees.loads(trees.dumps(tree, format=name), format=name)
    assert shape(back) == shape(tree)
    lost = {(each.subject, each.field) for each in trees.dropped(tree, format=name)}
    if not lost:
        assert back == tree
    for one, other in zip(ost.to_records(tree), ost.to_records(back), strict=True):
        kept = {
            key: value for key, value in one.items() if (one["id"], key) not in lost and key not in {"parent", "links"}
        }
        assert {key: other.get(key) for key in kept} == kept


@pytest.mark.parametrize("name", list(trees.FORMATS))
@settings(max_examples=20)
@given(tree=testing.ost_trees(max_nodes=6))
def test_the_format_is_recognized_and_written_alike(name: trees.FormatName, tree: ost.OstTree) -> None:
    text = trees.dumps(tree, format=name)
    assert trees.guess(text) == name
    assert trees.dumps(tree, format=name) == text


@pytest.mark.parametrize("name", LOSSLESS)
def test_forests_are_read_on_request(name: trees.FormatName) -> None:
    forest = ost.new(ost.Solution(id="a", title="A"), ost.Outcome(id="b", title="B", unit="days"), forest=True)
    text = trees.dumps(forest, format=name)
    assert trees.loads(text, format=name, forest=True) == forest
    with pytest.raises(ParseError):
        trees.loads(text, format=name)


ALPHABET = "-*# \t\n[]{}()<>\"'\\&;:,=|%_@/.#aO1x\r\0é🧪"


@pytest.mark.parametrize("name", list(trees.FORMATS))
@given(text=st.text(alphabet=ALPHABET, max_size=80) | st.text(max_size=40))
@example(text="")
@example(text="\ufeff")
@example(text="\ud800")
@example(text="&#0;")
def test_readers_give_a_tree_or_an_error_with_a_place(name: trees.FormatName, text: str) -> None:
    value_or_place(name, text)


@pytest.mark.parametrize("name", list(trees.FORMATS))
@settings(max_examples=25)
@given(tree=testing.ost_trees(max_nodes=5), data=st.data())
def test_readers_stand_damaged_output(name: trees.FormatName, tree: ost.OstTree, data: st.DataObject) -> None:
    text = trees.dumps(tree, format=name)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.text(alphabet=ALPHABET, max_size=4)) + text[at + cut :]
    value_or_place(name, text)


def value_or_place(name: trees.FormatName, text: str) -> None:
    try:
        tree = trees.loads(text, format=name, source="input")
    except ParseError as error:
        assert error.source == "input"
        assert error.line >= 1
        assert error.findings
        assert error.column >= 1 or "may not stand in a YAML document" in str(error)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", str(error))
    else:
        assert len(tree) >= 1


def tree_with(title: str, identifier: str = "row") -> ost.OstTree:
    tree = ost.new(ost.Outcome(id="watch-it", title="Watch more"))
    tree = ost.add(
        tree, ost.Opportunity(id="find-it", title=title, description=title, tags=(title,)), parent="watch-it"
    )
    tree = ost.add(tree, ost.Solution(id=identifier, title=title, notes=title), parent="find-it")
    return ost.link(tree, identifier, "watch-it", kind=title)


@lru_cache(maxsize=1)
def hostile_texts() -> tuple[str, ...]:
    found: dict[str, None] = {}
    for file in ("blns/blns.json", "unicode/hostile-ids.json", "dot/hostile-dot-strings.json"):
        found.update(dict.fromkeys(json.loads((BATTERIES / file).read_text("utf-8"))))
    for line in (BATTERIES / "csv/formula-cells.jsonl").read_text("utf-8").split("\n"):
        if line:
            found[json.loads(line)["cell"]] = None
    for line in (BATTERIES / "xss/dompurify-fixtures.jsonl").read_text("utf-8").split("\n"):
        if line:
            found.update(dict.fromkeys(text for text in json.loads(line).values() if isinstance(text, str)))
    for file in sorted((BATTERIES / "xss").glob("*.txt")):
        found.update(dict.fromkeys(file.read_text("utf-8", "replace").split("\n")))
    return tuple(text for text in found if text.strip() and not re.search("[\ud800-\udfff]", text))


@with_batteries
@pytest.mark.parametrize("name", list(trees.FORMATS))
def test_hostile_texts_stay_text(name: trees.FormatName) -> None:
    texts = hostile_texts()
    assert len(texts) > 1000
    records: list[dict[str, object]] = [{"id": "top", "kind": "outcome", "title": "Top"}]
    seen = {"top"}
    for number, text in enumerate(texts):
        identifier = text if not id_fault(text) and normalized_id(text) not in seen else f"own-{number}"
        seen.add(normalized_id(identifier))
        own = {"description": text, "owner": text, "tags": [text], "links": [{"target": "top", "kind": text}]}
        records.append({"id": identifier, "kind": "opportunity", "title": text, "parent": "top", **own})
    tree = ost.from_records(records)
    back = trees.loads(trees.dumps(tree, format=name), format=name)
    assert shape(back) == shape(tree)
    if trees.FORMATS[name].lossless:
        assert back == tree


@with_batteries
def test_nothing_injects() -> None:
    for text in hostile_texts():
        tree = tree_with(text)
        flow = trees.dumps(tree, format="mermaid")
        assert all(re.fullmatch(r"[\w #;]*", label) for label in re.findall(r'"([^"]*)"', flow))
        assert flow.count('"') == 2 * (len(tree) + len(tree.links))
        assert re.sub(r'"[^"]*"', '""', flow) == re.sub(r'"[^"]*"', '""', trees.dumps(tree_with("x"), format="mermaid"))
        assert len(trees.dumps(tree, format="mindmap").split("\n")) == 2 + 2 * len(tree)
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', trees.dumps(tree, format="dot"))
        assert bare == re.sub(r'"(?:[^"\\]|\\.)*"', '""', trees.dumps(tree_with("x"), format="dot"))
        assert "\0" not in trees.dumps(tree, format="dot")
        for name in ("graphml", "opml"):
            ET.fromstring(trees.dumps(tree, format=name))
        outline = trees.dumps(tree, format="outline")
        assert not re.search(r"(?<!\\)<", outline)
        assert len(outline.split("\n")) == len(trees.dumps(tree_with("x"), format="outline").split("\n"))


@with_batteries
def test_no_cell_of_a_csv_is_a_formula() -> None:
    import csv
    import io

    cells = [
        json.loads(line) for line in (BATTERIES / "csv/formula-cells.jsonl").read_text("utf-8").split("\n") if line
    ]
    for row in cells:
        tree = tree_with(row["cell"], identifier="row")
        for line in csv.reader(io.StringIO(trees.dumps(tree, format="csv"), newline="")):
            for cell in line:
                bare = cell.lstrip("\ufeff\xa0 \"';,|")
                assert not re.match(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]", cell)
                assert not row["danger"] or bare[:1] not in "=+-@" or cell[:1] in "'["
        assert trees.loads(trees.dumps(tree, format="csv"), format="csv") == tree


@with_batteries
@pytest.mark.parametrize("name", LOSSLESS)
def test_ids_that_look_alike_clash(name: trees.FormatName) -> None:
    pairs = json.loads((BATTERIES / "unicode/colliding-ids.json").read_text("utf-8"))
    assert len(pairs) == 35
    for pair in pairs:
        if normalized_id(pair["a"]) != normalized_id(pair["b"]) or id_fault(pair["a"]) or id_fault(pair["b"]):
            continue
        forest = ost.new(
            ost.Outcome(id="top", title="T"),
            ost.Outcome(id="AAA", title="A"),
            ost.Outcome(id="BBB", title="B"),
            forest=True,
        )
        text = trees.dumps(forest, format=name)
        spoiled = text.replace("AAA", quoted_for(name, pair["a"])).replace("BBB", quoted_for(name, pair["b"]))
        with pytest.raises(ParseError) as caught:
            trees.loads(spoiled, format=name, forest=True)
        assert "OST005" in {finding.code for finding in caught.value.findings}


def quoted_for(name: str, identifier: str) -> str:
    """Write an id into a text of a format, where a plain one stood."""
    if name in {"json", "canvas"}:
        return json.dumps(identifier, ensure_ascii=False)[1:-1]
    return identifier


def batteries() -> Iterator[tuple[str, str]]:
    """Every file, and every text inside a file of texts."""
    for file in sorted(BATTERIES.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(BATTERIES)), file.read_bytes().decode("utf-8-sig", "replace")
    for file in ("xml/hostile-graphml-opml.json", "yaml/hostile-yaml.json", "dot/hostile-dot-strings.json"):
        yield from ((file, text) for text in strings(json.loads((BATTERIES / file).read_text("utf-8"))))
    for file in ("mermaid/mermaid-hostile.jsonl", "yaml/yaml-test-suite.jsonl"):
        for line in (BATTERIES / file).read_text("utf-8").split("\n"):
            yield from ((file, text) for text in strings(json.loads(line) if line else ""))


def strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for member in data.values():
            yield from strings(member)
    elif isinstance(data, list):
        for member in data:
            yield from strings(member)


@with_batteries
@pytest.mark.parametrize("name", list(trees.FORMATS))
def test_every_file_of_the_batteries_gives_a_tree_or_a_typed_error(name: trees.FormatName) -> None:
    for _, text in batteries():
        value_or_place(name, text)


DEEP: dict[str, tuple[trees.FormatName, Callable[[int], str]]] = {
    "json-array": ("json", lambda n: "[" * n + "]" * n),
    "json-object": ("json", lambda n: '{"a":' * n + "1" + "}" * n),
    "json-children": ("json", lambda n: '{"children":[' * n + "]}" * n),
    "yaml-flow": ("yaml", lambda n: "[" * n + "]" * n),
    "yaml-block-children": ("yaml", lambda n: "".join("  " * i + "children:\n" for i in range(min(n, 1000)))),
    "markdown-list": ("outline", lambda n: "".join("  " * i + "- x\n" for i in range(min(n, 1000)))),
    "markdown-quote": ("outline", lambda n: ">" * n + " x\n"),
    "opml-outline": ("opml", lambda n: "<opml><body>" + '<outline text="x">' * n + "</outline>" * n + "</body></opml>"),
    "mermaid-chain": ("mermaid", lambda n: "graph TD\n" + "".join(f"n{i} --> n{i + 1}\n" for i in range(n))),
    "graphml-nested": (
        "graphml",
        lambda n: "<graphml>" + '<graph><node id="a">' * n + "</node></graph>" * n + "</graphml>",
    ),
    "graphml-entity-chain": (
        "graphml",
        lambda n: "<!DOCTYPE g [" + "".join(f'<!ENTITY e{i} "&e{i - 1};">' for i in range(1, n)) + "]><graphml/>",
    ),
    "dot-subgraph": ("dot", lambda n: "digraph {" + "subgraph {" * n + "a" + "}" * n + "}"),
    "dot-chain": ("dot", lambda n: "digraph {" + " -> ".join(f"n{i}" for i in range(n)) + "}"),
}
VALUES = {"opml-outline", "mermaid-chain", "dot-chain", "markdown-list"}


@pytest.mark.parametrize("kind", DEEP)
def test_depth_breaks_nothing(kind: str) -> None:
    name, make = DEEP[kind]
    text = make(20_000)
    if kind in VALUES:
        assert len(trees.loads(text, format=name)) >= 1000
    else:
        with pytest.raises(ParseError) as caught:
            trees.loads(text, format=name)
        assert (caught.value.line, caught.value.column) >= (1, 1)


@with_batteries
def test_every_kind_of_deep_nesting_is_tried() -> None:
    lines = (BATTERIES / "nesting/spec.jsonl").read_text("utf-8").split("\n")
    assert {json.loads(line)["kind"] for line in lines if line} <= set(DEEP)


@pytest.mark.parametrize("name", list(trees.FORMATS))
def test_deep_trees_are_written_and_read(name: trees.FormatName) -> None:
    depth = 300 if name in {"outline", "indented", "mindmap", "ost-builder"} else 3000
    records = [{"id": "t0", "kind": "outcome", "title": "x", "parent": None}]
    records += [{"id": f"t{i}", "kind": "opportunity", "title": "x", "parent": f"t{i - 1}"} for i in range(1, depth)]
    tree = ost.from_records(records)
    assert shape(trees.loads(trees.dumps(tree, format=name), format=name)) == shape(tree)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("outline", "- a" + " " * 50_000 + "b"),
        ("outline", "# " + " #" * 50_000 + "x"),
        ("outline", "- a " + "{#" * 50_000),
        ("outline", "- a\n" + "  b\n" * 20_000),
        ("ost-builder", "## [Outcome] a" + " @b" * 20_000),
        ("mermaid", "graph TD\n" + "a[" * 20_000),
        ("mermaid", "graph TD\na -- " + "b " * 20_000),
        ("mindmap", "mindmap\n" + "((" * 20_000),
        ("dot", "digraph { a " + "/*" * 20_000),
        ("csv", "title\n" + '"' * 50_001),
        ("csv", "," * 20_000),
        ("opml", '<opml><body><outline text="' + "_x" * 50_000 + '"/></body></opml>'),
        ("outline", "**" * 50_000),
        ("csv", "title\n" + "(" * 50_000),
    ],
)
def test_long_runs_take_no_time(name: trees.FormatName, text: str) -> None:
    value_or_place(name, text)
