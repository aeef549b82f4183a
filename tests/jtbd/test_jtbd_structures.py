"""Job maps, forces, timelines, hierarchies, and their pictures."""

from __future__ import annotations

import datetime as dt
import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import jtbd, trees
from pmkit.errors import InvalidTreeError, InvalidValueError
from pmkit.testing import forces, job_maps, switch_timelines


@settings(max_examples=25, deadline=None)
@given(job_maps(), st.integers(1, 4))
def test_coverage_counts_every_outcome_once(job_map: jtbd.JobMap, wanted: int) -> None:
    found = jtbd.coverage(job_map, wanted=wanted)
    assert [step.step for step in found.steps] == list(jtbd.STEPS)
    assert sum(step.outcomes for step in found.steps) == len(job_map)
    assert len(found.thin) == round((1 - found.share) * 8)
    assert len(found.to_dicts()) == 8


@given(forces())
def test_the_balance_is_the_sum_and_turns_with_its_sides(found: jtbd.Forces) -> None:
    result = jtbd.balance(found)
    total = sum(force.strength for force in (*found.push, *found.pull)) - sum(
        force.strength for force in (*found.anxiety, *found.habit)
    )
    assert math.isclose(result.net, total, abs_tol=1e-6)
    assert result.switch is (result.net > 0)
    turned = jtbd.balance(jtbd.Forces(push=found.anxiety, pull=found.habit, anxiety=found.push, habit=found.pull))
    assert turned.net == -result.net


@given(switch_timelines())
def test_intervals_add_up(timeline: jtbd.SwitchTimeline) -> None:
    dates = [moment.on for name in jtbd.MOMENTS if (moment := getattr(timeline, name)) and moment.on]
    days = sum(row[2] for row in jtbd.intervals(timeline).rows)
    assert days == ((dates[-1] - dates[0]).days if dates else 0)
    assert len(jtbd.intervals(timeline).to_dicts()) == max(len(dates) - 1, 0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: jtbd.JobMap(job="x", steps={"defin": []}), "did you mean 'define'"),
        (lambda: jtbd.JobMap(job="x", steps=3), "must be a mapping"),
        (lambda: jtbd.JobMap(job="x", steps={"define": 3}), "must be a list"),
        (lambda: jtbd.JobMap(job="x", steps={"define": [3]}), "outcomes or texts"),
        (lambda: jtbd.JobMap(job=3), "a job or its text"),
        (lambda: jtbd.coverage(jtbd.JobMap(job="x"), wanted=0), "whole number"),
        (lambda: jtbd.Forces(push=[None]), "a force must be"),
        (lambda: jtbd.Forces(push=-1), "from 0 up"),
        (lambda: jtbd.Forces(push=math.nan), "from 0 up"),
        (lambda: jtbd.balance(3), "must be Forces"),
        (lambda: jtbd.balance(jtbd.Forces(push=[1.7e308, 1.7e308])), "too large"),
        (lambda: jtbd.Moment(what="x", on="tomorrow"), "a date"),
        (lambda: jtbd.SwitchTimeline(deciding=3), "a moment"),
        (lambda: jtbd.school(3), "no school"),
    ],
)
def test_bad_structures_are_refused_in_words(make: object, said: str) -> None:
    with pytest.raises(InvalidValueError, match=said):
        make()  # type: ignore[operator]


def test_a_timeline_does_not_run_backward() -> None:
    with pytest.raises(InvalidValueError, match="runs backward"):
        jtbd.SwitchTimeline(
            first_thought=jtbd.Moment(what="a", on=dt.date(2026, 5, 1)),
            deciding=jtbd.Moment(what="b", on=dt.date(2026, 4, 1)),
        )


def test_the_two_schools() -> None:
    job = jtbd.Job(verb="prune", object="roses")
    assert {jtbd.school(value) for value in (job, jtbd.JobMap(job=job))} == {"activities"}
    story = jtbd.JobStory(situation="it rains", motivation="stay dry", outcome="work")
    assert {jtbd.school(value) for value in (story, jtbd.Forces(), jtbd.SwitchTimeline())} == {"progress"}


def orchard() -> jtbd.JobTree:
    tree = jtbd.hierarchy(jtbd.Aspiration(id="live", title="Live off the garden"))
    tree = trees.add(tree, jtbd.BigJob(id="orchard", title="Establish an orchard"), parent="live")
    tree = trees.add(tree, jtbd.LittleJob(id="graft", title="Graft a scion"), parent="orchard")
    return trees.add(tree, jtbd.MicroJob(id="cut", title="Cut a wedge"), parent="graft")


def test_a_hierarchy_goes_down_one_level_at_a_time() -> None:
    tree = orchard()
    assert [node.kind for node in trees.walk(tree)] == ["aspiration", "big job", "little job", "micro-job"]
    with pytest.raises(InvalidTreeError):
        trees.add(tree, jtbd.MicroJob(id="dig", title="Dig"), parent="orchard")
    with pytest.raises(InvalidTreeError):
        jtbd.hierarchy(jtbd.MicroJob(id="dig", title="Dig"))


@pytest.mark.parametrize("style", ["across", "down", "outline"])
def test_hierarchies_are_drawn(style: str) -> None:
    picture = jtbd.draw_hierarchy(orchard(), style=style)  # type: ignore[arg-type]
    assert "Graft a scion" in picture.svg
    assert orchard()._repr_svg_().startswith("<svg")


@settings(max_examples=10, deadline=None)
@given(forces(), job_maps(), switch_timelines())
def test_pictures_are_well_formed_and_inside_their_frame(
    found: jtbd.Forces, job_map: jtbd.JobMap, timeline: jtbd.SwitchTimeline
) -> None:
    from pmkit.drawing import Box, flatten

    for picture in (jtbd.draw_forces(found), jtbd.draw_job_map(job_map), jtbd.draw_timeline(timeline)):
        ET.fromstring(picture.svg)
        assert picture.scene.description
        for item in flatten(picture.scene.items):
            if isinstance(item, Box):
                assert item.x >= 0
                assert item.right <= picture.width + 1e-6
                assert item.bottom <= picture.height + 1e-6


def test_pictures_escape_what_people_write() -> None:
    nasty = '<script>alert("x")</script>\x00'
    pictures = (
        jtbd.draw_forces(jtbd.Forces(push=[(nasty, 1)]), title=nasty),
        jtbd.draw_job_map(jtbd.JobMap(job=nasty)),
        jtbd.draw_timeline(jtbd.SwitchTimeline(first_use=nasty), title=nasty),
    )
    for picture in pictures:
        assert "<script" not in picture.svg
        ET.fromstring(picture.svg)
