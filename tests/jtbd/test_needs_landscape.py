"""The landscape as a picture and as a chart: nothing collides, everything is where its numbers say."""

from __future__ import annotations

import itertools
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import jtbd
from pmkit.drawing import Box, Text, flatten, text_width
from pmkit.errors import InvalidValueError, MissingDependencyError, UnknownIdError
from pmkit.jtbd import Tally, draw_landscape, opportunity_scores
from pmkit.jtbd._landscape import place_labels, zone_corner, zone_paints, zone_range
from pmkit.testing import tallies

points = st.lists(st.tuples(st.floats(0, 440), st.floats(0, 440)), min_size=1, max_size=60)


def crowded(count: int, *, same: bool) -> jtbd.OpportunityScores:
    rng = np.random.default_rng(4)
    people = np.zeros((count, 1, 9))
    people[:, 0, [0, 1, 3, 4]] = (10, 10, 40, 20) if same else rng.integers(0, 60, (count, 4))
    names = [f"Minimize the time it takes to finish step {k} of a long afternoon" for k in range(count)]
    return opportunity_scores(Tally(outcomes=names, people=people), repetitions=100)


def boxes(picture, role: str) -> list[tuple[float, float, float, float]]:
    found = []
    for item in flatten(picture.scene.items):
        if item.role != role:
            continue
        if isinstance(item, Box):
            found.append((item.x, item.y, item.right, item.bottom))
        elif isinstance(item, Text):
            width = text_width(item.lines[0], item.size, bold=item.bold)
            found.append((item.x, item.y - item.size * 0.86, item.x + width, item.y + item.size * 0.14))
    return found


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(points, st.integers(0, 60))
def test_labels_cover_no_label_and_no_point(places: list[tuple[float, float]], labeled: int) -> None:
    widths = [7.0 * len(str(k + 1)) for k in range(min(labeled, len(places)))]
    found = place_labels(places, widths, 11.0, (0.0, 0.0, 440.0, 440.0), 4.5)
    assert len(found) == len(widths)
    placed = [
        (corner[0], corner[1], corner[0] + width, corner[1] + 11.0)
        for corner, width in zip(found, widths, strict=True)
        if corner is not None
    ]
    dots = [(x - 4.5, y - 4.5, x + 4.5, y + 4.5) for x, y in places]
    for index, box in enumerate(placed):
        assert 0 <= box[0] <= box[2] <= 440
        assert 0 <= box[1] <= box[3] <= 440
        assert not any(overlap(box, other) for other in placed[index + 1 :] + dots)


@pytest.mark.parametrize(("count", "most", "same"), [(1, 25, False), (12, 25, False), (150, 40, False), (60, 60, True)])
def test_every_listed_outcome_has_a_number_that_collides_with_nothing(count: int, most: int, same: bool) -> None:  # noqa: FBT001
    picture = draw_landscape(crowded(count, same=same), most=most)
    labels, dots = boxes(picture, "label"), boxes(picture, "point")
    assert len(labels) == min(count, most)
    assert len(dots) == count
    for index, label in enumerate(labels):
        assert not any(overlap(label, other) for other in labels[index + 1 :])
        assert not any(overlap(label, dot) for dot in dots if dot[2] - dot[0] > 6)
    names = boxes(picture, "name")
    assert all(not overlap(one, other) for one, other in itertools.pairwise(names))
    for box in labels + dots + names:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= picture.width
        assert box[3] <= picture.height


@given(tallies(), st.sampled_from(sorted(jtbd.ZONE_SCHEMES)))
def test_any_tally_can_be_drawn(counts: Tally, scheme: str) -> None:
    scores = opportunity_scores(counts, scheme=scheme, repetitions=100)
    picture = draw_landscape(scores, segment=counts.segments[0], title="Any <title> & more")
    ET.fromstring(picture.svg)
    assert draw_landscape(scores, segment=counts.segments[0], title="Any <title> & more").svg == picture.svg
    defined = int((scores.undefined[:, 0] == 0).sum())
    assert len(boxes(picture, "point")) == defined
    assert len(boxes(picture, "note")) == min(len(counts.outcomes) - defined, 5)


def test_zones_of_the_plane_are_those_of_the_scores() -> None:
    """Oracle: matplotlib's test of a point in a polygon against the zone of its score."""
    from matplotlib.path import Path

    rng = np.random.default_rng(0)
    plane = rng.uniform(0, 10, (500, 2))
    score = jtbd.opportunity_score(plane[:, 0], plane[:, 1])
    for cut in (6.0, 10.0, 12.0, 15.0):
        assert (Path(zone_corner(cut)).contains_points(plane) == (score >= cut)).all()


def test_zones_are_said_with_their_endpoints() -> None:
    schemes = jtbd.ZONE_SCHEMES
    ulwick = [zone_range(schemes["ulwick"], place) for place in range(4)]
    assert ulwick == ["below 10", "from 10 to below 12", "from 12 to 15", "above 15"]
    assert zone_range(schemes["landscape"], 0) == "satisfaction above importance"
    assert zone_range(schemes["landscape"], 2) == "from 10"
    assert zone_range(jtbd.ZoneScheme(name="one", zones=("all",), cuts=()), 0) == "any score"
    shut = jtbd.ZoneScheme(name="shut", zones=("a", "b", "c"), cuts=(jtbd.Cut(5, upward=False), jtbd.Cut(6)))
    assert [zone_range(shut, place) for place in range(2)] == ["up to 5", "above 5 to below 6"]
    for scheme in schemes.values():
        assert len(set(zone_paints(scheme))) == len(scheme.labels)


def test_what_is_left_out_is_said() -> None:
    picture = draw_landscape(crowded(30, same=False), most=10)
    words = " ".join(" ".join(item.lines) for item in flatten(picture.scene.items) if isinstance(item, Text))
    assert "and 20 more" in words
    lost = Tally(outcomes=[f"o{k}" for k in range(8)], people=np.zeros((8, 1, 9)))
    empty = draw_landscape(opportunity_scores(lost))
    words = " ".join(" ".join(item.lines) for item in flatten(empty.scene.items) if isinstance(item, Text))
    assert "undefined: no data" in words
    assert "3 more that are undefined" in words


def test_landscape_refuses() -> None:
    scores = crowded(2, same=False)
    with pytest.raises(InvalidValueError, match="OpportunityScores"):
        draw_landscape("scores")
    with pytest.raises(InvalidValueError, match="most"):
        draw_landscape(scores, most=0)
    with pytest.raises(UnknownIdError, match="no segment"):
        draw_landscape(scores, segment="new")


def test_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    axes = crowded(30, same=False).plot()
    assert [text.get_text() for text in axes.texts][:3] == ["1", "2", "3"]
    assert len(axes.texts) == 25
    assert axes.get_xlabel() == "Importance"
    own = Figure().subplots()
    both = jtbd.tally([[5], [4], [2], [1]], [[1], [2], [3], [4]], segments=["a", "a", "b", "b"])
    assert opportunity_scores(both, scheme="landscape").plot(own, segment="b") is own
    assert "(b)" in own.get_title(loc="left")
    nothing = Tally(outcomes=["a"], people=np.zeros((1, 1, 9)))
    assert not opportunity_scores(nothing).plot().texts
    with pytest.raises(InvalidValueError, match="Axes"):
        crowded(2, same=False).plot(3)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingDependencyError, match=r"pmkit-core\[charts\]"):
        crowded(2, same=False).plot()
