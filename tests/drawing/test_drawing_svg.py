"""Scenes and the SVG writer: well-formed, self-contained, safe, deterministic."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import drawing
from pmkit.drawing import PALETTE, Box, Group, Line, Scene, Text, contrast, heat_paint, to_png, to_svg
from pmkit.errors import InvalidValueError, MissingDependencyError
from pmkit.testing import scenes

SHARED = Path(__file__).parents[3] / "shared"
NAMESPACE = "{http://www.w3.org/2000/svg}"
ALLOWED_TAGS = {
    NAMESPACE + tag
    for tag in ("svg", "title", "desc", "style", "g", "rect", "ellipse", "path", "polygon", "text", "tspan")
}
ALLOWED_ATTRIBUTES = frozenset(
    """id width height viewBox role aria-labelledby class x y rx ry cx cy d points fill stroke-width
    letter-spacing transform data-id data-role""".split()  # noqa: SIM905 - a list would fill a page
)


def parsed(svg: str) -> Element:
    """Parse a picture and make sure that it holds nothing but what we draw."""
    root = fromstring(svg, forbid_dtd=True)
    for element in root.iter():
        assert element.tag in ALLOWED_TAGS, element.tag
        assert set(element.attrib) <= ALLOWED_ATTRIBUTES, element.attrib
    assert len(root.findall(f".//{NAMESPACE}style")) == 1
    return root


def small(text: str = "Hello", **changes: object) -> Scene:
    fields = {
        "width": 100,
        "height": 40,
        "title": text,
        "description": text,
        "items": [Group(id=text, role=text, title=text, items=[Text(x=4, y=14, lines=(text, text))])],
    }
    return Scene(**(fields | changes))


def hostile() -> list[str]:
    folder = SHARED / "batteries"
    if not folder.exists():
        pytest.skip("the shared batteries are not present")
    strings = json.loads((folder / "blns" / "blns.json").read_text(encoding="utf-8"))
    for path in sorted((folder / "xss").rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            strings.extend(line for line in text.split("\n") if line)
            strings.append(text)
    return strings


def test_nothing_hostile_gets_out_of_its_text() -> None:
    for text in hostile():
        root = parsed(to_svg(small(text)))
        wanted = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
        group = root.find(f"{NAMESPACE}g")
        assert group is not None
        assert group.findtext(f"{NAMESPACE}title") == (wanted if text else None)
        style = root.findtext(f"{NAMESPACE}style")
        assert style is not None
        assert "url" not in style
        assert "import" not in style


@given(st.text())
def test_any_text_makes_well_formed_svg(text: str) -> None:
    parsed(to_svg(small(text)))


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_any_scene_makes_well_formed_svg(scene: Scene) -> None:
    parsed(to_svg(scene))
    assert to_svg(scene) == to_svg(scene)


def test_title_and_description_are_labels() -> None:
    root = parsed(to_svg(small()))
    labels = root.attrib["aria-labelledby"].split()
    by_id = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    assert [by_id[label].tag for label in labels] == [NAMESPACE + "title", NAMESPACE + "desc"]
    assert root.attrib["role"] == "img"
    assert "aria-labelledby" in parsed(to_svg(small(description=""))).attrib


def test_ids_differ_between_pictures_and_not_between_runs() -> None:
    scenes = [small("a"), small("b"), small("a", width=101), small("a", description="")]
    ids = [parsed(to_svg(scene)).attrib["id"] for scene in scenes]
    assert all(one != other for one, other in combinations(ids, 2))
    code = (
        "from pmkit.drawing import *; import sys;"
        "s=Scene(width=9,height=9,title='a',items=[Box(x=0,y=0,width=3,height=3,fill=p) for p in PALETTE]);"
        "sys.stdout.write(s.to_svg())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def test_style_rules_reach_no_other_picture() -> None:
    svg = to_svg(small())
    name = parsed(svg).attrib["id"]
    style = parsed(svg).findtext(f"{NAMESPACE}style") or ""
    for selector in re.findall(
        r"([^{}]+)\{[^{}]*\}", style.replace("@media screen and (prefers-color-scheme:dark){", "")
    ):
        assert selector.startswith(f"#{name} ")


def test_themes() -> None:
    scene = small()
    assert "prefers-color-scheme:dark" in to_svg(scene)
    assert PALETTE["ink"][0] in to_svg(scene, theme="light")
    assert PALETTE["ink"][1] not in to_svg(scene, theme="light")
    assert PALETTE["ink"][1] in to_svg(scene, theme="dark")
    with pytest.raises(InvalidValueError, match="did you mean 'dark'"):
        to_svg(scene, theme="drak")


def test_every_item_is_written() -> None:
    scene = Scene(
        width=50,
        height=50,
        title="all",
        items=[
            Box(x=1, y=2, width=3, height=4.567, fill="ink", stroke="line", stroke_width=2, radius=1, dashed=True),
            Box(x=1, y=2, width=4, height=4, shape="ellipse"),
            Line(points=((0, 0), (10, 0), (10, 10)), stroke="line", radius=3, arrow=True, stroke_width=2),
            Line(points=((0, 0), (10, 0), (10, 10)), fill="ink", closed=True),
            Line(points=((0, 0), (0, 0), (5, 5)), stroke="ink", radius=2, closed=True),
            Text(x=1, y=1, lines="a", anchor="end", bold=True, struck=True, spacing=0.5, angle=-45, size=9.5),
            Text(x=1, y=1, lines=("a", "b"), anchor="middle"),
        ],
    )
    root = parsed(scene.to_svg())
    tags = [element.tag.removeprefix(NAMESPACE) for element in root][3 - 1 :]
    assert tags == ["rect", "ellipse", "path", "polygon", "path", "path", "text", "text"]
    assert [dict(element.attrib) for element in root][2:] == [
        {"x": "1", "y": "2", "width": "3", "height": "4.57", "rx": "1", "class": "f-ink s-line d", "stroke-width": "2"},
        {"cx": "3", "cy": "4", "rx": "2", "ry": "2", "fill": "none"},
        {"d": "M0 0L7 0Q10 0 10 3L10 10", "class": "s-line", "fill": "none", "stroke-width": "2"},
        {"points": "10,10 6.4,2 13.6,2", "class": "f-line"},
        {"d": "M0 0L10 0L10 10Z", "class": "f-ink"},
        {"d": "M0 0L0 0Q0 0 1.41 1.41L5 5Z", "class": "s-ink", "fill": "none"},
        {
            "x": "1",
            "y": "1",
            "class": "f-ink t t9_5 b x e",
            "letter-spacing": "0.5",
            "transform": "rotate(-45 1 1)",
        },
        {"class": "f-ink t t12 m"},
    ]
    assert [(span.attrib, span.text) for span in root[-1]] == [
        ({"x": "1", "y": "1"}, "a"),
        ({"x": "1", "y": "16.6"}, "b"),
    ]


def test_corners_are_rounded_by_no_more_than_half_of_the_way() -> None:
    line = Line(points=((0, 0), (4, 0), (4, 20), (40, 20)), stroke="ink", radius=6)
    path = parsed(small(items=[line]).to_svg()).find(f"{NAMESPACE}path")
    assert path is not None
    assert path.attrib["d"] == "M0 0L2 0Q4 0 4 6L4 14Q4 20 10 20L40 20"


def test_a_curve_is_pulled_by_the_points_between() -> None:
    def drawn(*points: tuple[float, float]) -> str:
        path = parsed(small(items=[Line(points=points, stroke="ink", curved=True)]).to_svg()).find(f"{NAMESPACE}path")
        assert path is not None
        return path.attrib["d"]

    assert drawn((0, 0), (10, 0)) == "M0 0L10 0"
    assert drawn((0, 0), (10, 0), (10, 10)) == "M0 0Q10 0 10 10"
    assert drawn((0, 0), (10, 0), (10, 10), (20, 10)) == "M0 0Q10 0 10 5Q10 10 20 10"


def test_flatten_opens_groups_in_order_and_however_deep() -> None:
    group = Group(items=[Text(x=0, y=0, lines="inner")])
    for _ in range(5000):
        group = Group(items=[group])
    scene = small(items=[Box(x=0, y=0, width=1, height=1), group, Text(x=0, y=0, lines="last")])
    assert [type(item) for item in drawing.flatten(scene.items)] == [Box, Text, Text]
    assert to_svg(scene).count("</g>") == 5001


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Box(x=float("nan"), y=0, width=1, height=1), "Box.x must be a finite number"),
        (lambda: Box(x=0, y=0, width=-1, height=1), "must not be negative"),
        (lambda: Box(x=0, y=0, width=1, height=1, fill="inc"), "did you mean 'ink'"),
        (lambda: Box(x=0, y=0, width=1, height=1, fill='red"/><script>'), "no paint"),
        (lambda: Box(x="1", y=0, width=1, height=1), "finite number"),
        (lambda: Line(points=((0, 0),)), "two or more"),
        (lambda: Line(points=((0, 0), (0, float("inf")))), "two or more"),
        (lambda: Line(points="ab"), "two or more"),
        (lambda: Text(x=0, y=0, lines="a", anchor="left"), "must be one of"),
        (lambda: Scene(width=1, height=1, title="a", items=3), "list of items"),
    ],
)
def test_impossible_shapes_are_refused(build: object, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        build()


def test_png() -> None:
    png = small().to_png(scale=3)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 300
    assert small().to_png(theme="dark") != small().to_png()
    with pytest.raises(InvalidValueError, match="too large"):
        to_png(small(width=1e6, height=1e6))
    with pytest.raises(InvalidValueError, match="theme"):
        to_png(small(), theme="auto")
    with pytest.raises(InvalidValueError, match="scale"):
        to_png(small(), scale=float("nan"))


def test_png_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingDependencyError, match=re.escape('pip install "pmkit-core[png]"')):
        small().to_png()


@pytest.mark.parametrize("form", [0, 1])
def test_text_can_be_read_on_its_ground(form: int) -> None:
    grounds = {
        "ink": [
            "canvas",
            "surface",
            "shade",
            *[name for name in PALETTE if name.endswith("-tint") and name != "outcome-tint"],
        ],
        "muted": ["canvas", "surface", "shade", "opportunity-tint", "solution-tint", "assumption-tint", "test-tint"],
        "on-outcome": ["outcome-tint"],
        "on-outcome-muted": ["outcome-tint"],
        "on-strong": ["opportunity", "solution", "assumption", "test", "good", "bad", "unsure", "ink"],
    }
    for kind in ("opportunity", "solution", "assumption", "test", "good", "bad", "unsure"):
        grounds[kind] = ["canvas", "surface", f"{kind}-tint"]
    for step in range(8):
        grounds[f"on-heat-{step}"] = [f"heat-{step}"]
    for text, below in grounds.items():
        for ground in below:
            assert contrast(PALETTE[text][form], PALETTE[ground][form]) >= 4.5, (text, ground)


@pytest.mark.parametrize("form", [0, 1])
def test_a_heat_map_rises_in_brightness_and_so_survives_a_gray_printer(form: int) -> None:
    steps = [contrast(PALETTE[paint][form], PALETTE["canvas"][form]) for paint in drawing.HEAT]
    assert steps == sorted(steps)
    assert all(later > 1.1 * earlier for earlier, later in pairwise(steps))


def test_heat_paint() -> None:
    assert [heat_paint(share) for share in (0, 1e-9, 0.5, 1)] == ["heat-0", "heat-1", "heat-4", "heat-7"]
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(InvalidValueError):
            heat_paint(share)


def test_contrast_wants_colors() -> None:
    with pytest.raises(InvalidValueError, match="must look like"):
        contrast("red", "#ffffff")
