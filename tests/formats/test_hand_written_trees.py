"""Trees as people write them by hand: what is read, and where each fault is told."""

from __future__ import annotations

import json

import pytest

from pmkit.errors import InvalidValueError, ParseError
from pmkit.formats import canvas, dot, graphml, indented, mermaid, mindmap, opml, records_csv, records_json, trees
from pmkit.formats.schema import product_schema
from pmkit.formats.survey_csv import loads as survey


def shape(tree):
    return [(node.id, node.kind, node.title, tree.parents.get(node.id)) for node in tree]


def refused(read, text, said, line, column=None):
    with pytest.raises(ParseError) as told:
        read(text)
    assert said in str(told.value)
    assert told.value.line == line
    if column is not None:
        assert told.value.column == column


SMALL = [
    ("watch", "outcome", "Watch more", None),
    ("find", "opportunity", "I can't find a film", "watch"),
    ("row", "solution", "A row of three", "find"),
]

DOT = """# a comment of the preprocessor
strict digraph "tree" {
  // how it looks
  rankdir = LR; node [shape=box, bold] edge [color=gray];
  watch [label="Watch " + "more"; kind=outcome];
  subgraph cluster_a { find:n:w [label="I can't find a film"]; { row [label="A row of three"] } }
  /* the edges */ watch -> {find;} -> row, ; watch -> find
}
"""
MERMAID = """---
title: A tree
---
%% a comment
flowchart LR; watch(["Watch more"]):::outcome -->|leads to| find[I can't find a film]
  find == "by" ==> row{{"A row of three"}}; watch --> find
  classDef outcome fill:#fff
  style find stroke:#000
  class row, find solution
  class find opportunity;
"""
GRAPHML = """<graphml><desc>A tree</desc><key id="d0" attr.name="title"/><key id="d1" attr.name="kind"/>
<graph><node id="watch"><data key="d0">Watch more</data><data key="d1">outcome</data></node>
<node id="find"><data key="d0">I can't find a film</data></node>
<node id="row"><data key="d0">Solution: A row of three</data></node>
<edge source="watch" target="find"/><edge source="find" target="row"/></graph></graphml>
"""
OPML = """<opml version="2.0"><head><title>A tree</title></head><body>
<outline _id="watch" _kind="outcome" text="Watch more"><outline _id="find" text="I can't find a film">
<outline _id="row" title="Solution: A row of three"/></outline></outline></body></opml>
"""
CSV = """name\tType\tid\tparent
Watch more\toutcome\twatch\t
"I can't find a film"\t\tfind\twatch
\t\t\t
A row of three\tSolution\trow\tfind
"""
CANVAS = json.dumps({
    "nodes": [
        {"id": "g", "type": "group", "label": "Now"},
        {"id": "watch", "text": "Outcome: Watch more"},
        {"id": "find", "text": "I can't find a film"},
        {"id": "row", "text": "A row of three", "pmkit": {"kind": "solution"}},
    ],
    "edges": [{"fromNode": "watch", "toNode": "find"}, {"fromNode": "find", "toNode": "row", "pmkit": 3}],
}, indent=1)  # fmt: skip
JSON = json.dumps([dict(zip(("id", "kind", "title", "parent"), row, strict=True)) for row in SMALL], indent=1)
TEXTS = {
    "dot": DOT, "mermaid": MERMAID, "graphml": GRAPHML, "opml": OPML, "csv": CSV, "canvas": CANVAS, "json": JSON,
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_small_tree_by_hand_is_recognized_and_read(name):
    if name != "dot":
        assert trees.guess(TEXTS[name]) == ("csv" if name == "csv" else name)
    tree = trees.loads(TEXTS[name], format=name)
    assert shape(tree) == SMALL


@pytest.mark.parametrize(
    ("text", "filename", "name"),
    [
        ("", "a.yml", "yaml"), ("# [Outcome] x\n", "a.md", "ost-builder"), ("# x\n", "a.md", "outline"),
        ("%% c\nmindmap\n  x\n", "a.mmd", "mindmap"), ("graph TD\n", "a.mmd", "mermaid"), ("", "a.txt", "indented"),
        ("- x\n", "a.txt", "outline"), ("<!-- c --><opml/>", "", "opml"), ("<graphml/>", "", "graphml"),
        ('{"nodes": []}', "", "canvas"), ('{"pmkit": 1, "edges": []}', "", "json"), ("[]", "", "json"),
        ("// c\nstrict digraph {}", "", "dot"), ("# c\npmkit: 1\n", "", "yaml"), ("- id: a\n", "", "yaml"),
        ("title;parent\n", "", "csv"), ("# [Outcome] x\n", "", "ost-builder"), ("1. x\n", "", "outline"),
        ("\ufeffmindmap\n", "", "mindmap"), ("Watch more\n", "", "indented"), ("", "", "indented"),
        ("< 5 minutes\n", "notes.unknown", "indented"),
    ],
)  # fmt: skip
def test_formats_are_guessed(text, filename, name):
    assert trees.guess(text, filename) == name


def test_an_unknown_format_is_told_with_the_nearest():
    with pytest.raises(InvalidValueError, match="did you mean 'mermaid'"):
        trees.loads("x", format="mermaidd")


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("graph { a }", "write 'digraph'", 1, 1),
        ("tree { a }", "begins with 'digraph'", 1, 1),
        ("", "begins with 'digraph'", 1, 1),
        ("digraph a b", "expected '{', found 'b'", 1, 11),
        ("digraph {\n a -- b }", "write '->'", 2, 4),
        ("digraph {\n a -> }", "expected a name or a text", 2, 7),
        ("digraph {\n a [label=<b>x</b>] }", "HTML labels", 2, 11),
        ('digraph {\n a [label="x] }', "a quote is opened", 2, 11),
        ("digraph {\n /* a }", "a comment is opened", 2, 2),
        ("digraph {\n ? }", "unexpected '?'", 2, 2),
        ('digraph {\n a [label="x" + y] }', "in quotes after '+'", 2, 17),
        ("digraph { a }\n b", "more after the end", 2, 2),
        ("digraph { a", "the end of the text", 1, 12),
        ("digraph { subgraph a; }", "expected '{', found ';'", 1, 21),
        ("digraph {\n}", "no node in this graph", 1, 1),
        ("digraph {\n a [kind=outcom] }", "unknown kind 'outcom'", 2, 2),
        ("digraph { x = 1 }", "no node in this graph", 1, 1),
        ("digraph {" + "{" * 200_000, "levels deep", 1, None),
    ],
)
def test_faults_in_dot_are_told_with_their_place(text, said, line, column):
    refused(dot.loads, text, said, line, column)


def test_dashed_edges_of_dot_are_links():
    text = 'digraph { a [pmkit_id=watch] a -> {b c} b -> c [style=dashed label="helps"] c -> b [style=dotted] }'
    tree = dot.loads(text)
    assert [(link.source, link.target, link.kind) for link in tree.links if link.kind == "helps"] == [
        ("b", "c", "helps")
    ]
    assert len(tree.links) == 2
    assert tree.roots[0] == "watch"


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("a --> b", "begins with 'flowchart TD'", 1, 1),
        ("flowchart TD\n", "no node in this diagram", 1, 1),
        ("graph TD\n  a -> b", "expected an arrow", 2, 5),
        ("graph TD\n  a -->", "the line ends", 2, 8),
        ("graph TD\n  --> a", "expected a node's name", 2, 3),
        ("graph TD\n  a[x]\n  a[y]", "second title", 3, 3),
        ("graph TD\n  a:::", "expected a class's name", 2, 4),
        ('graph TD\n  a["x]', "a quote is opened", 2, 5),
        ('graph TD\n  a["x")', "expected ']' after the label", 2, 8),
        ("graph TD\n  a[x", "never closed by ']'", 2, 4),
        ("graph TD\n  subgraph one", "has no place in a tree", 2, 3),
    ],
)
def test_faults_in_mermaid_are_told_with_their_place(text, said, line, column):
    refused(mermaid.loads, text, said, line, column)


def test_dotted_arrows_of_mermaid_are_links_and_groups_fan_out():
    tree = mermaid.loads('graph TD\na --> b & c; b -. "helps" .-> c\nb -.-> c\nc -.->|blocks| b\n')
    assert {name: tree.parents.get(name) for name in "abc"} == {"a": None, "b": "a", "c": "a"}
    assert {(link.source, link.target) for link in tree.links} == {("b", "c"), ("c", "b")}


NODE = '<graphml><graph><node id="a"/>\n{}</graph></graphml>'


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("<graphml>\n</graphml>", "no node in this document", 1),
        ('<graphml><graph edgedefault="undirected">\n<node id="a"/></graph></graphml>', "must be directed", 1),
        (NODE.format("<graph/>"), "a second graph", 2),
        (NODE.format("<node/>"), "a node has no id", 2),
        (NODE.format('<edge source="a" target="b"/>'), "the node 'b', which does not exist", 2),
        (NODE.format('<node id="b"><data key="k">1</data></node>'), "the key 'k' is not declared", 2),
        (NODE.format("<port/>"), "unknown element 'port'", 2),
        ('<graphml><key id="kind"/><graph>\n<node id="a"><data key="kind">x</data></node></graph></graphml>',
         "unknown kind 'x'", 2),
        (('<graphml><key id="t"/><graph><node id="a"><data key="t">x</data>\n<data key="t">y</data></node></graph>'
         "</graphml>"), "'t' is given twice", 2),
        ("<graphml><graph>\n" + "<port/>" * 5000 + "</graph></graphml>", "unknown element", 2),
    ],
)  # fmt: skip
def test_faults_in_graphml_are_told_with_their_line(text, said, line):
    refused(graphml.loads, text, said, line)


BODY = '<opml version="2.0"><body>\n{}</body></opml>'


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (BODY.format(""), "no outline in this document", 1),
        (BODY.format('<outline text="a"><node/></outline>'), "unknown element 'node'", 2),
        (BODY.format('<outline text="a" _kind="x"/>'), "unknown kind 'x'", 2),
        (BODY.format('<outline text="a" colour="red"/>'), "unknown attribute 'colour'", 2),
        (BODY.format('<outline text=" "/>'), "an outline has no text", 2),
    ],
)
def test_faults_in_opml_are_told_with_their_line(text, said, line):
    refused(opml.loads, text, said, line)


CARD = '{{"nodes": [{{"id": "a", "text": "x"}},\n{}], "edges": [{}]}}'


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("[]", "a canvas is a mapping", 1),
        ("{}", "no card on this canvas", 1),
        ('{"nodes": 3}', "no list 'nodes'", 1),
        (CARD.format("3", ""), "one of the nodes is no mapping", 2),
        (CARD.format('{"text": "y"}', ""), "a card has no id", 2),
        (CARD.format('{"id": "b", "type": "file"}', ""), "only text cards are nodes", 2),
        (CARD.format('{"id": "b", "text": "y", "pmkit": 3}', ""), "'pmkit' must be a mapping", 2),
        (CARD.format('{"id": "b", "text": "y", "pmkit": {"kind": "x"}}', ""), "unknown kind 'x'", 2),
        (CARD.format('{"id": "b", "text": "y", "pmkit": {"id": "c"}}', ""), "no place among a card's fields", 2),
        (CARD.format('{"id": "b", "text": "y"}', '{"fromNode": "a", "toNode": "c"}'), "the card 'c'", 2),
    ],
)
def test_faults_in_canvases_are_told_with_their_line(text, said, line):
    refused(canvas.loads, text, said, line)


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("", "there is no header", 1, 1),
        ("title\n", "no row below the header", 1, 1),
        ("id,kind\na,outcome\n", "there is no column 'title'", 1, 1),
        ("title,titel\na,b\n", "did you mean 'title'", 1, 7),
        ("title,name\na,b\n", "stands twice", 1, 7),
        ("title,parent\na,,b\n", "a cell too many, 'b'", 2, 4),
        ("title,parent,id\na,b\n", "2 cells where the header has 3", 2, 3),
        ('title\n"a\n', "a quote is opened", 2, 1),
        ('title\n"a"b\n', "text goes on after a closing quote", 2, 4),
        ("title,kind\na,x\n", "unknown kind 'x'", 2, 3),
        ("title,id\n,a\n", "the title is missing", 2, 1),
        ("title,parent\na,\nb,zz\n", "zz", 3, None),
    ],
)
def test_faults_in_csv_are_told_with_their_place(text, said, line, column):
    refused(records_csv.loads, text, said, line, column)


def test_csv_cells_hold_quotes_and_lines_and_titles_name_parents():
    tree = records_csv.loads('title;parent\r\n"Watch ""more""";\r\n"A\nfilm";"Watch ""more"""\r\n')
    assert next(node.title for node in tree) == 'Watch "more"'
    assert len(tree.parents) == 1


@pytest.mark.parametrize(
    ("read", "text", "said", "line"),
    [
        (mindmap.loads, "", "no node in this mindmap", 1),
        (mindmap.loads, "flowchart\n", "begins with 'mindmap'", 1),
        (mindmap.loads, "mindmap\n a\n     b\n   c\n", "between the levels", 4),
        (mindmap.loads, 'mindmap\n a\n  b[""]\n', "a title is missing", 3),
        (mindmap.loads, 'mindmap\n a\n  b["x]\n', "a quote is opened", 3),
        (indented.loads, "a\n    b\n  c\n", "", 3),
        (records_json.loads, "[]", "a tree is a list of records", 1),
        (records_json.loads, "3", "a tree is a list of records", 1),
        (records_json.loads, "[{},\n3]", "a record is a mapping", 2),
        (records_json.loads, '{"pmkit": 1}', "has no tree", 1),
        (survey, "", "no column ends in", 1),
        (survey, "a.importance,a.importance\n", "stands twice", 1),
        (survey, "a.importance\n", "importance without satisfaction", 1),
        (survey, "a.satisfaction\n", "satisfaction without importance", 1),
        (survey, "a.importance,a.satisfaction\n1,2\n1\n", "1 cells where the first line names 2", 3),
        (survey, 'a.importance,a.satisfaction\n1,"2\n', "this is not CSV", 2),
    ],
)
def test_faults_elsewhere_are_told_with_their_line(read, text, said, line):
    refused(read, text, said, line)


@pytest.mark.parametrize("cell", ["6", "0", "lots"])
def test_a_rating_off_the_scale_is_refused(cell):
    with pytest.raises(ParseError):
        survey(f"a.importance,a.satisfaction\n1,{cell}\n")


def test_mindmap_classes_and_icons_decide_kinds():
    tree = mindmap.loads("%% c\nmindmap\n  a((Watch more))\n    b\n    ::icon(fa fa-book)\n    :::large opportunity\n")
    assert [(node.id, node.kind) for node in tree] == [("a", "outcome"), ("b", "opportunity")]


def test_the_schema_refers_only_to_what_it_defines():
    schema = product_schema()
    named = set(json.dumps(schema).split('"#/$defs/')[1:])
    assert named
    assert {each.partition('"')[0] for each in named} <= set(schema["$defs"])
