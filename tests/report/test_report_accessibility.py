"""The report for every reader: headings in order, everything named, contrast and size enough, reached by keyboard."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

import pmkit
from pmkit import ost, report
from pmkit.conway import from_owners
from pmkit.drawing import PALETTE, contrast
from pmkit.report._style import STYLE, VARIABLES
from pmkit.workspace import Experiment, Goal, StatedJob, StatedNeed, Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})
TEXT_SIZES = re.compile(r"font-size:([0-9.]+)(px|rem|pt)|font:(\d+)px")


class _Node:
    """An element with its attributes, children and text."""

    def __init__(self, tag: str, attributes: dict[str, str], above: _Node | None) -> None:
        self.tag, self.attributes, self.above = tag, attributes, above
        self.children: list[_Node] = []
        self.text = ""

    def walk(self) -> list[_Node]:
        found = [self]
        for node in found:
            found.extend(node.children)
        return found

    def said(self) -> str:
        return self.text + "".join(child.said() for child in self.children)


class _Tree(HTMLParser):
    """Reads a page strictly: what opens must close."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = _Node("", {}, None)
        self.order: list[_Node] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        node = _Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(node)
        self.order.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, (self.here.tag, tag)
        assert self.here.above is not None
        self.here = self.here.above

    def handle_data(self, data: str) -> None:
        self.here.text += data


def parsed(page: str) -> _Tree:
    tree = _Tree()
    tree.feed(page)
    tree.close()
    assert tree.here is tree.root
    return tree


def products() -> dict[str, Workspace]:
    dockline = pmkit.load(EXAMPLES / "dockline" / "product.yaml")
    first = dockline.experiments[0]
    texts = [
        {"id": "r", "kind": "outcome", "title": "זיכרון", "parent": None},
        {"id": "a", "kind": "opportunity", "title": "我找不到", "parent": "r"},
        {"id": "s", "kind": "solution", "title": "Wort" * 60, "parent": "a"},
    ]
    twice = [first, attrs.evolve(first, id="again"), attrs.evolve(first, id="more")]
    return {
        "dockline": dockline,
        "cookie-cats": pmkit.load(EXAMPLES / "cookie-cats" / "product.yaml"),
        "empty": Workspace(),
        "outcome alone": Workspace(tree=ost.new(ost.Outcome(id="r", title="Watch more"))),
        "scripts": Workspace(
            name="مشاهدة",
            goals=[Goal(id="g", title="العودة", metric="m", baseline=1, target=2)],
            jobs=[StatedJob(id="j", text="למצוא")],
            needs=[StatedNeed(id="n", text="מהר", job="j")],
            tree=ost.from_records(texts),
            organization=from_owners({"דף": "צוות", "index": "فريق"}, [("דף", "index")]),
        ),
        "pictures that repeat": Workspace(
            tree=dockline.tree, goals=dockline.goals, hypotheses=dockline.hypotheses, experiments=twice
        ),
        "not measured": Workspace(experiments=[Experiment(id="waiting", plan=first.plan)]),
    }


@pytest.fixture(scope="module")
def pages() -> dict[str, _Tree]:
    return {name: parsed(report.render(made, today=dt.date(2026, 11, 22))) for name, made in products().items()}


def every(pages: dict[str, _Tree]) -> list[tuple[str, _Node]]:
    return [(name, node) for name, page in pages.items() for node in page.order]


def test_headings_are_in_order_and_say_something(pages: dict[str, _Tree]) -> None:
    for name, page in pages.items():
        levels = [int(node.tag[1]) for node in page.order if re.fullmatch("h[1-6]", node.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), (name, levels)
    for name, node in every(pages):
        if re.fullmatch("h[1-6]|caption|figcaption|summary|th|a|li|dt|dd", node.tag):
            assert node.said().strip(), (name, node.tag, node.attributes)


def test_every_section_has_content_below_its_heading(pages: dict[str, _Tree]) -> None:
    for name, node in every(pages):
        if node.tag == "section":
            assert node.children[0].tag == "h2"
            assert any(child.said().strip() for child in node.children[1:]), (name, node.children[0].said())


def test_the_page_says_its_language_title_and_landmarks(pages: dict[str, _Tree]) -> None:
    for page in pages.values():
        tags = Counter(node.tag for node in page.order)
        assert page.order[0].attributes["lang"] == "en"
        assert (tags["main"], tags["header"], tags["footer"]) == (1, 1, 1)
        title = next(node for node in page.order if node.tag == "title")
        assert title.text
        landmarks = [node for node in page.order if node.tag in {"nav", "section"}]
        assert all(node.attributes.get("aria-label") or node.attributes["aria-labelledby"] for node in landmarks)


def test_ids_are_unique_and_every_reference_has_its_id(pages: dict[str, _Tree]) -> None:
    for name, page in pages.items():
        ids = [node.attributes["id"] for node in page.order if "id" in node.attributes]
        assert len(ids) == len(set(ids)), name
        wanted = [part for node in page.order for part in node.attributes.get("aria-labelledby", "").split()]
        wanted += [node.attributes["href"].removeprefix("#") for node in page.order if node.tag == "a"]
        assert set(wanted) <= set(ids)


def test_every_picture_has_a_title_a_description_and_a_role(pages: dict[str, _Tree]) -> None:
    found = [(name, node) for name, node in every(pages) if node.tag == "svg"]
    assert len(found) > 10
    for name, node in found:
        assert node.attributes["role"] == "img"
        by_id = {part.attributes.get("id"): part for part in node.walk()}
        labels = [by_id[label] for label in node.attributes["aria-labelledby"].split()]
        assert labels[0].tag == "title", name
        assert all(label.text.strip() for label in labels)
        assert node.above is not None
        assert node.above.above is not None
        assert node.above.above.children[-1].tag == "figcaption"


def test_tables_have_captions_and_heads_with_a_scope(pages: dict[str, _Tree]) -> None:
    found = [node for _, node in every(pages) if node.tag == "table"]
    assert len(found) > 20
    for table in found:
        assert table.children[0].tag == "caption"
        rows = [node for node in table.walk() if node.tag == "tr"]
        assert {head.attributes["scope"] for head in rows[0].children} == {"col"}
        for row in rows[1:]:
            assert [cell.tag for cell in row.children] == ["th", *["td"] * (len(row.children) - 1)]
            assert row.children[0].attributes["scope"] == "row"
            assert len(row.children) == len(rows[0].children)
            labels = [cell.attributes["data-label"] for cell in row.children[1:]]
            assert labels == [head.said() for head in rows[0].children[1:]]


def test_the_keyboard_reaches_everything_in_reading_order(pages: dict[str, _Tree]) -> None:
    for page in pages.values():
        stops = [node for node in page.order if node.tag in {"a", "summary"} or "tabindex" in node.attributes]
        assert stops[0].attributes["class"] == "skip"
        assert stops[0].attributes["href"] == "#content"
        assert {node.attributes.get("tabindex", "0") for node in stops} <= {"0", "-1"}
        assert [node.attributes["id"] for node in stops if node.attributes.get("tabindex") == "-1"] == ["content"]
        for node in page.order:
            if node.attributes.get("tabindex") == "0":
                assert node.attributes["role"] == "group"
                assert node.attributes["aria-label"].strip()
            if node.tag == "details":
                assert node.children[0].tag == "summary"
                assert "tabindex" not in node.children[0].attributes
    assert "a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px" in STYLE


def test_no_text_on_the_page_is_smaller_than_twelve_pixels(pages: dict[str, _Tree]) -> None:
    screen = STYLE[: STYLE.index("@page")]
    sizes = [float(rem or 16) if unit != "rem" else 16 * float(rem) for rem, unit, _ in TEXT_SIZES.findall(screen)]
    assert len(sizes) > 10
    assert min(sizes) >= 12
    paper = [float(size) for size, unit, _ in TEXT_SIZES.findall(STYLE[STYLE.index("@page") :]) if unit == "pt"]
    assert paper
    assert min(paper) >= 8
    for name, node in every(pages):
        if node.tag == "svg":
            style = next(part for part in node.children if part.tag == "style").text
            smallest = min(float(size) for size in re.findall(r"font-size:([0-9.]+)px", style))
            shown, drawn = float(node.attributes["width"]), float(node.attributes["viewbox"].split()[2])
            assert smallest * shown / drawn >= 11.95, name


@pytest.mark.parametrize("form", [0, 1])
def test_text_stands_out_from_its_ground(form: int) -> None:
    kinds = ("opportunity", "solution", "assumption", "test")
    pairs = [("ink", "paper"), ("muted", "paper"), ("accent", "paper"), ("ink", "tint"), ("muted", "tint")]
    pairs += [("error", "paper"), ("warning", "paper"), ("information", "paper")]
    pairs += [("ink", f"{kind}-tint") for kind in kinds]
    pairs += [("muted", "solution-tint"), *((word, f"{word}-tint") for word in ("good", "bad", "unsure"))]
    colors = {name: PALETTE[paint][form] for name, paint in VARIABLES.items()}
    for text, ground in pairs:
        assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
    for kind in kinds:
        assert contrast(colors[kind], colors["paper"]) >= 3, kind
    assert contrast(colors["accent"], colors["paper"]) >= 3


def test_the_styles_use_no_color_but_the_variables() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", STYLE))
    assert used <= {*VARIABLES, "kind", "ground"}
    bodies = STYLE.split("}", 1)[1].split("}}", 1)[1]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", bodies)
    light, dark = STYLE.split("@media screen and (prefers-color-scheme:dark)")[0:2]
    for name, paint in VARIABLES.items():
        assert f"--{name}:{PALETTE[paint][0]};" in light
        assert f"--{name}:{PALETTE[paint][1]};" in dark


def test_texts_read_from_the_right_say_so(pages: dict[str, _Tree]) -> None:
    page = pages["scripts"]
    for node in page.order:
        if node.tag in {"h1", "h4", "li", "th"} and node.text.startswith(("מ", "م", "ז", "ע")):
            assert node.attributes.get("dir") == "rtl", node.text
    heading = next(node for node in page.order if node.tag == "h1")
    assert heading.attributes["dir"] == "rtl"
    goal = next(node for node in page.order if node.attributes.get("class") == "goals").children[0]
    assert goal.text.startswith("\u2068")
    assert goal.text.endswith("\u2069 (m from 1 to 2)")
    assert "dir" not in goal.attributes
    assert all("dir" not in node.attributes for node in pages["cookie-cats"].order)
