"""Pictures of trees: nothing overlaps, nothing leaves its box, nothing is lost, nothing gets in."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from pmkit import ost
from pmkit.drawing import Picture, Text, flatten
from pmkit.errors import Finding, InvalidValueError, UnknownIdError
from pmkit.testing import picture_faults

SHARED = Path(__file__).parents[3] / "shared"
SVG = "{http://www.w3.org/2000/svg}"
STYLES = ("across", "down", "outline")
CHILDREN = {
    "outcome": ["outcome", "opportunity", "opportunity", "opportunity"],
    "opportunity": ["opportunity", "opportunity", "solution"],
    "solution": ["assumption", "test"],
    "assumption": ["test"],
    "test": [],
}
WORDS = [
    "I can't find anything to watch",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "日本語のとても長いタイトルです",
    "עברית וגם English",
    "زمان الانتظار طويل",
    "👨‍👩‍👧‍👦 family 👍🏽",
    "Z̸̢̛͎a̷l̶g̵o" * 4,
    "\u202egnp.exe",
    "\u200b",
    "a",
    "x" * 300,
    "supercalifragilisticexpialidocious " * 6,
    "line\nbreak\tand\rreturn",
    "<script>alert(1)</script>",
    "]]>",
    "W" * 90,
    "https://example.org/a/path?q=1&b=2#fragment",
    "\x00\x1b[31mred",
    "\ufffe\ud800",
    "ﷺ ﷽",
    "\U0001d56c\U0001d587\U0001d588",
    "—",
    "i" * 80,
]


def hostile() -> list[str]:
    folder = SHARED / "batteries"
    if not folder.exists():
        pytest.skip("the shared batteries are not present")
    strings = json.loads((folder / "blns" / "blns.json").read_text(encoding="utf-8"))
    for path in sorted((folder / "xss").rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            strings.extend(text.split("\n"))
            strings.append(text)
    return [string for string in strings if string and not string.isspace()]


def node(kind: str, identifier: str, title: str, chance: random.Random) -> ost.OstNode:
    people = [
        ost.Evidence(kind="story", participant=chance.choice(["", "p01", "p02"])) for _ in range(chance.randrange(4))
    ]
    if kind == "outcome":
        return ost.Outcome(
            id=identifier,
            title=title,
            baseline=chance.choice([None, 3, 1e300]),
            target=chance.choice([None, 0.1234567]),
            unit=chance.choice(["", "%", "very long units of measurement " * 3]),
            by=chance.choice([None, "2027-01-31"]),
        )
    if kind == "opportunity":
        return ost.Opportunity(id=identifier, title=title, target=chance.random() < 0.2, evidence=people)
    if kind == "solution":
        statuses = ["idea", "considering", "testing", "building", "shipped", "dropped"]
        return ost.Solution(id=identifier, title=title, status=chance.choice(statuses))
    if kind == "assumption":
        category = chance.choice([None, "desirability", "usability", "ethical"])
        belief = chance.choice([None, 0, 0.004, 0.5, 1])
        return ost.Assumption(id=identifier, title=title, category=category, probability=belief, evidence=people)
    verdict = chance.choice([None, "supported", "refuted", "inconclusive"])
    method = chance.choice(["", "prototype", "a method with a very long name " * 3])
    return ost.AssumptionTest(
        id=identifier, title=title, verdict=verdict, status=chance.choice(["planned", "done"]), method=method
    )


def random_tree(chance: random.Random, titles: list[str]) -> ost.OstTree:
    reach = chance.choice([1, 2, 4, 100])
    tree = ost.new(node("outcome", "n0", chance.choice(titles), chance))
    nodes = [("n0", "outcome")]
    with ost.edit(tree) as draft:
        for number in range(1, chance.choice([1, 3, 8, 20, 40])):
            parent, kind = chance.choice(nodes[-reach:])
            if not CHILDREN[kind]:
                parent, kind = nodes[0]
            below = chance.choice(CHILDREN[kind])
            title = chance.choice(titles) if chance.random() < 0.7 else chance.choice(titles) * chance.randrange(1, 12)
            draft.add(node(below, f"n{number}", title, chance), parent=parent)
            nodes.append((f"n{number}", below))
    return draft.tree


def examine(picture: Picture) -> None:
    assert picture_faults(picture.scene) == []


def xml_text(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def titles_in(svg: str) -> dict[str, str]:
    """Parse a picture, make sure that nothing was injected, and give the full title of each node."""
    root = fromstring(svg, forbid_dtd=True)
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        assert name in {"svg", "title", "desc", "style", "g", "rect", "ellipse", "path", "polygon", "text", "tspan"}
        for attribute in element.attrib:
            assert not attribute.lower().startswith("on")
            assert "href" not in attribute
            assert attribute != "style"
    style = root.findtext(f"{SVG}style") or ""
    assert not re.search(r"url|@import|expression|javascript", style)
    found = {}
    for group in root.findall(f"{SVG}g"):
        if "data-id" in group.attrib:
            found[group.attrib["data-id"]] = group.findtext(f"{SVG}title") or ""
    return found


@pytest.mark.parametrize("part", [*range(3), *(pytest.param(part, marks=pytest.mark.slow) for part in range(3, 10))])
def test_a_thousand_random_trees(part: int) -> None:
    chance = random.Random(part)
    pool = WORDS + hostile()
    for number in range(100):
        tree = random_tree(chance, WORDS if number % 2 else pool)
        picture = ost.draw(tree, STYLES[number % 3], title=chance.choice(["", *pool]), legend=chance.random() < 0.5)
        examine(picture)
        if number % 4 == 0:
            assert titles_in(picture.svg) == {node.id: xml_text(node.title) for node in tree}


def test_every_hostile_title_is_whole_and_harmless() -> None:
    strings = hostile()
    for start in range(0, len(strings), 60):
        tree = ost.new(ost.Outcome(id="top", title=strings[start]))
        with ost.edit(tree) as draft:
            for place, string in enumerate(strings[start : start + 60]):
                draft.add(ost.Opportunity(id=f"n{place}", title=string, description=string), parent="top")
        tree = draft.tree
        picture = ost.draw(tree, STYLES[start // 60 % 3], title=strings[start])
        found = titles_in(picture.svg)
        assert found["n0"] == xml_text(strings[start]) + "\n" + xml_text(strings[start])
        assert len(found) == len(tree)
        titles_in(ost.draw_diff(ost.new(tree["top"]), tree, title=strings[start]).svg)


def small() -> ost.OstTree:
    tree = ost.new(
        ost.Outcome(id="o", title="Watch more", baseline=3, target=5, unit="h", metric="hours", by="2027-01-31")
    )
    with ost.edit(tree) as draft:
        draft.add(ost.Opportunity(id="a", title="Find something", target=True), parent="o")
        draft.add(ost.Opportunity(id="b", title="Stop in the middle"), parent="o")
        draft.add(ost.Opportunity(id="c", title="End of the film"), parent="o")
        for number in range(5):
            draft.add(ost.Solution(id=f"s{number}", title=f"Way {number}"), parent="c")
        draft.add(ost.Assumption(id="x", title="They look", probability=0.256), parent="s1")
        draft.add(ost.AssumptionTest(id="t", title="Ask them", verdict="refuted", result="2 of 9"), parent="x")
    return draft.tree


def words(picture: Picture) -> str:
    return "\n".join("\n".join(item.lines) for item in flatten(picture.scene.items) if isinstance(item, Text))


@pytest.mark.parametrize("style", STYLES)
def test_kind_status_verdict_target_belief_and_goal_are_said_in_words(style: str) -> None:
    said = words(ost.draw(small(), style))
    for word in ("Target", "refuted", "idea", "26%", "3 → 5 h by 2027-01-31", "Solution", "Assumption", "Opportunity"):
        assert word in said
    if style != "outline":
        assert "OPPORTUNITY" in said
        assert "TEST" in said


def test_people_are_counted_once_each() -> None:
    stories = [ost.Evidence(kind="story", participant=name) for name in ("p1", "p1", "p2", "")]
    nameless = [ost.Evidence(kind="survey"), ost.Evidence(kind="analytics")]
    tree = ost.new(ost.Outcome(id="o", title="Goal"))
    tree = ost.add(tree, ost.Opportunity(id="a", title="A", evidence=stories), parent="o")
    tree = ost.add(tree, ost.Opportunity(id="b", title="B", evidence=nameless), parent="o")
    tree = ost.add(tree, ost.Opportunity(id="c", title="C", evidence=nameless[:1]), parent="o")
    said = words(ost.draw(tree))
    assert "2 people" in said
    assert "2 pieces" in said
    assert "1 piece" in said.split("2 pieces")[1]


def test_what_is_pruned_is_counted() -> None:
    tree = small()
    shallow = ost.draw(tree, depth=1)
    assert words(shallow).count("+7 more") == 1
    assert set(titles_in(shallow.svg)) == {"o", "a", "b", "c"}
    assert "7 nodes are not shown" in shallow.scene.description
    assert set(titles_in(ost.draw(tree, depth=0).svg)) == {"o"}
    narrow = ost.draw(tree, most_children=2)
    assert {"a", "b"} <= set(titles_in(narrow.svg))
    assert "c" not in titles_in(narrow.svg)
    assert "+8 more" in words(narrow)
    closed = ost.draw(tree, collapse="c")
    assert "s0" not in titles_in(closed.svg)
    assert "+7 more" in words(closed)
    for picture in (shallow, narrow, closed, ost.draw(tree, "down", most_children=1)):
        examine(picture)


def test_the_way_to_the_target_is_never_pruned() -> None:
    tree = ost.reorder(small(), "o", ["b", "c", "a"])
    shown = titles_in(ost.draw(tree, most_children=1).svg)
    assert "a" in shown
    assert "b" not in shown


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"depth": -1}, InvalidValueError),
        ({"depth": True}, InvalidValueError),
        ({"most_children": 0}, InvalidValueError),
        ({"style": "sideways"}, InvalidValueError),
        ({"collapse": ["nothing"]}, UnknownIdError),
    ],
)
def test_impossible_wishes_are_refused(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ost.draw(small(), **options)


def test_findings_are_badges_with_their_message() -> None:
    findings = [
        Finding("OST106", "warning", "a", "too few solutions", "add two"),
        *[Finding(f"OST20{number}", "information", "b", "m") for number in range(5)],
        Finding("OST999", "error", "b", "worst"),
        Finding("OST500", "error", "elsewhere", "not in this tree"),
    ]
    picture = ost.draw(small(), findings=findings)
    said = words(picture)
    assert "OST106" in said
    assert "OST999" in said
    assert "+3" in said
    assert "OST500" not in said
    assert "too few solutions (add two)" in picture.svg
    examine(picture)


def test_ties_are_told() -> None:
    tree = ost.link(small(), "s0", "a")
    assert "also serves: Find something" in words(ost.draw(tree)).replace("\n", " ")


@pytest.mark.parametrize("style", STYLES)
def test_forests_of_any_kind(style: str) -> None:
    tree = ost.new(
        ost.Solution(id="s", title="Way"), ost.Outcome(id="o", title="Goal"), ost.AssumptionTest(id="t", title="Try"),
        forest=True,
    )  # fmt: skip
    tree = ost.add(tree, ost.Assumption(id="a", title="They look"), parent="s")
    picture = ost.draw(tree, style)
    examine(picture)
    assert set(titles_in(picture.svg)) == {"s", "o", "t", "a"}
    assert ost.draw(ost.new(forest=True)).width > 0


def test_the_description_tells_the_tree() -> None:
    picture = ost.draw(small(), title="Films")
    assert picture.scene.title == "Films"
    for words_of_it in (
        "1 outcome, 3 opportunities, 5 solutions",
        "Watch more",
        "The target opportunity is: Find something",
    ):
        assert words_of_it in picture.scene.description
    assert "1 outcome · 3 opportunities" in words(picture)


def test_notebooks_and_slides() -> None:
    tree = small()
    assert tree._repr_svg_() == ost.draw(tree).svg == ost.draw(tree)._repr_svg_() == ost.draw(tree).to_svg()
    assert ost.draw(tree).to_png()[:4] == b"\x89PNG"
    assert "540" not in repr(ost.draw(tree, "outline"))
    assert "<Picture 'Opportunity solution tree: Watch more'" in repr(ost.draw(tree))


@pytest.mark.parametrize("style", STYLES)
def test_every_published_tree(style: str) -> None:
    folder = SHARED / "cases" / "trees"
    if not folder.exists():
        pytest.skip("the shared cases are not present")
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if path.name.startswith("bad_") or document.get("note", "").startswith("NEGATIVE") or "nodes" not in document:
            continue
        records = [{key: record.get(key) for key in ("id", "kind", "title", "parent")} for record in document["nodes"]]
        tree = ost.from_records(records)
        picture = ost.draw(tree, style)
        examine(picture)
        assert titles_in(picture.svg) == {node.id: node.title for node in tree}


@pytest.mark.parametrize("style", STYLES)
def test_deep_and_wide_trees(style: str) -> None:
    count = 1_000
    deep = [
        {"id": f"n{n}", "kind": "opportunity" if n else "outcome", "title": "t", "parent": f"n{n - 1}" if n else None}
        for n in range(count)
    ]
    wide = [{**record, "parent": "n0" if record["parent"] else None} for record in deep]
    for records in (deep, wide):
        assert ost.draw(ost.from_records(records), style).svg.count("data-id=") == count
