"""Long and twisted texts are read, or refused, in time that grows with their length and no faster."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pmkit import ost
from pmkit.errors import ParseError
from pmkit.formats import trees
from pmkit.formats.workspace import loads_located

# Unguarded, each of these takes from a minute to longer than anybody waits: the suite would not end.
TEXTS: dict[str, Callable[[], tuple[str, trees.FormatName | None]]] = {
    "comments of XML": lambda: ("<!---->" * 500 + "!", None),
    "comments of DOT": lambda: ("/**/" * 900 + "!", None),
    "comments of Mermaid": lambda: ("%%\n" * 900 + "!", None),
    "an arrow's words that never end": lambda: ("graph TD\n a -- " + " " * 50_000 + "b", "mermaid"),
    "a dotted arrow that never ends": lambda: ("graph TD\n a -. " + " " * 50_000 + "b", "mermaid"),
    "a thick arrow that never ends": lambda: ("graph TD\n a == " + " " * 50_000 + "b", "mermaid"),
    "a class of nothing": lambda: ("graph TD\n a-->b\n class a" + " " * 50_000 + "!", "mermaid"),
    "everything above everything": lambda: (
        f"graph TD\n {' & '.join(f'a{n}' for n in range(2000))} --> {' & '.join(f'b{n}' for n in range(2000))}",
        "mermaid",
    ),
    "a node under 30,000": lambda: ("graph TD\n" + "".join(f"a{n}-->b\n" for n in range(30_000)), "mermaid"),
    "30,000 edges into one node": lambda: ("digraph{" + "".join(f"a{n}->b;" for n in range(30_000)) + "}", "dot"),
    "20,000 parents that nobody knows": lambda: (
        "id,kind,title,parent\n" + "".join(f"a{n},opportunity,x,z{n}\n" for n in range(20_000)),
        "csv",
    ),
    "5,000 wrong keys in JSON": lambda: (
        json.dumps({"pmkit": 1, "tree": [{"id": f"n{n}", "kind": "outcome", "titel": "x"} for n in range(5000)]}),
        "json",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_takes_longer_than_its_length_explains(name: str) -> None:
    text, form = TEXTS[name]()
    try:
        tree = trees.loads(text, format=form)
    except ParseError as error:
        assert str(error)
    else:
        assert len(tree) >= 1


def test_every_place_in_json_is_the_place_of_the_part() -> None:
    data = {"pmkit": 1, "goals": [{"id": "g", "titel": "x"}, {"id": "h", "titel": "y"}], "nmae": "z"}
    for indent in (None, 1, 4):
        text = json.dumps(data, indent=indent)
        with pytest.raises(ParseError) as caught:
            loads_located(text.encode(), source="p.json")
        lines = text.split("\n")
        for finding in caught.value.findings:
            assert finding.location is not None
            rest = lines[finding.location.line - 1][finding.location.column - 1 :]
            if "nmae" in finding.message:
                assert rest.startswith('"z"')
            elif finding.location.path.endswith(".titel"):
                assert rest.startswith(('"x"', '"y"'))
            else:
                assert rest.startswith("{")


def test_a_second_arrow_between_the_same_two_is_no_second_parent() -> None:
    for text in (
        "graph TD\n a --> b\n a --> b\n",
        "digraph { a -> b; a -> b }",
        (
            '<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/>'
            '<edge source="a" target="b"/><edge source="a" target="b"/></graph></graphml>'
        ),
    ):
        assert trees.loads(text).parents == {"b": "a"}


def test_all_parents_of_a_node_are_named() -> None:
    with pytest.raises(ParseError, match="it has 3 parents: 'a, b, c'"):
        trees.loads("graph TD\n r --> a & b & c --> d\n")


@pytest.mark.parametrize("text", ["\n", "a\n", "\n\na", "a\n\nb", " \n"])
def test_line_ends_around_a_description_are_kept(text: str) -> None:
    tree = ost.new(ost.Outcome(id="watch", title="Watch more", description=text))
    for form in ("ost-builder", "outline"):
        again = trees.loads(trees.dumps(tree, format=form), format=form)
        assert again["watch"].description == text
