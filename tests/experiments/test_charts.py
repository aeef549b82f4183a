"""Charts: what is drawn is what was found."""

from __future__ import annotations

import itertools
import math
import os
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import experiments as ex
from pmkit.drawing import text_width
from pmkit.errors import InvalidValueError, MissingDependencyError
from pmkit.experiments._placing import middle_elided, spread, wrapped


def save(ax, name):
    folder = os.environ.get("PMKIT_PICTURES")
    if folder:
        ax.figure.savefig(Path(folder) / f"{name}.png", dpi=110)
    return ax


def measured(plan, units, control, treatment, crashes=20):
    counts = {"returned": {"control": control, "late": treatment}}
    if plan.guardrails:
        counts["crashed"] = {"control": crashes, "late": crashes}
    return ex.Measurements.from_counts(plan, {"control": units, "late": units}, counts)


def plan_of(**options):
    return ex.Plan(
        goal=ex.proportion("returned", minimum_effect=0.005, baseline=0.19),
        guardrails=[ex.proportion("crashed", prefer="lower", margin=0.004)],
        split={"control": 1, "late": 1},
        **options,
    )


def test_effects_are_at_their_places():
    plan = plan_of()
    result = ex.analyze(plan, measured(plan, 45_000, 8_550, 8_200), look="final")
    ax = save(ex.plot_effects(result, plan=plan), "effects")
    low, high = result.effects[0].interval
    assert any(tuple(line.get_xdata()) == (low, high) for line in ax.lines)
    assert any(tuple(line.get_xdata()) == (0.004, 0.004) for line in ax.lines)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["returned, late", "crashed, late"]


def test_the_picture_needs_no_chart_library():
    plan = plan_of(title="<b>")
    result = ex.analyze(plan, measured(plan, 45_000, 8_550, 8_200), look="final")
    picture = ex.draw_effects(result, plan=plan, title="Gate at 40 <b>&")
    ET.fromstring(picture.svg)
    assert "-0.00778" in picture.svg
    assert "&lt;b" in picture.svg
    if os.environ.get("PMKIT_PICTURES"):
        (Path(os.environ["PMKIT_PICTURES"]) / "forest.png").write_bytes(picture.to_png())


def test_undefined_and_relative_effects_are_drawn_too():
    plan = ex.Plan(
        goal=ex.mean("spend", relative=True, minimum_effect=0.02),
        secondary=[ex.mean("visits")],
        split={"control": 1, "late": 1},
    )
    rows = {"variant": ["control", "late"] * 4, "spend": [1.0, 2, 3, 5, 2, 4, 1, 1], "visits": [1.0] * 8}
    result = ex.analyze(plan, ex.collect(plan, rows))
    svg = ex.draw_effects(result, plan=plan).svg
    assert "undefined" in svg
    assert "%" in svg
    assert ex.plot_effects(result, plan=plan).get_xlabel().startswith("relative difference from control, %")


def test_power_rises_to_the_plan():
    plan = plan_of()
    ax = save(ex.plot_power(plan, range(5_000, 250_000, 5_000)), "power")
    powers = list(ax.lines[0].get_ydata())
    assert powers == sorted(powers)
    assert powers[0] < 0.3
    assert powers[-1] > 0.85


def test_the_path_runs_between_its_boundaries():
    plan = plan_of(looks=ex.GroupSequential(looks=3), units=90_000)
    results, history = [], []
    for units, control, treatment in ((15_000, 2_850, 2_900), (30_000, 5_700, 5_850), (45_000, 8_550, 8_900)):
        result = ex.analyze(plan, measured(plan, units, control, treatment), history=history)
        history.append(ex.decide(plan, result, history=history))
        results.append(result)
    ax = save(ex.plot_boundaries(results), "boundaries")
    assert list(ax.lines[0].get_ydata()) == [one.effects[0].boundary for one in results]
    assert list(ax.lines[2].get_ydata()) == [one.effects[0].z for one in results]
    with pytest.raises(InvalidValueError, match="group-sequential"):
        ex.plot_boundaries([])


def test_a_belief_is_drawn_step_by_step():
    belief = ex.update_belief(ex.update_belief(0.3, 4.0, because="interviews"), 0.5, because="fake door")
    ax = save(ex.plot_belief(belief), "belief")
    assert list(ax.lines[1].get_ydata()) == [0.3, belief.history[0].after, belief.probability]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["start", "interviews", "fake door"]


def test_the_riskiest_assumption_is_red():
    rows = [("Viewers look at the end screen", 0.9, 0.2), ("Licences allow it", 0.7, 0.8), ("It is fast", 0.3, 0.4)]
    ax = save(ex.plot_assumptions(rows), "assumptions")
    points = {tuple(map(float, (*line.get_xdata(), *line.get_ydata()))): line.get_color() for line in ax.lines[2:]}
    assert points[0.2, 0.9] != points[0.8, 0.7] == points[0.4, 0.3]
    with pytest.raises(InvalidValueError, match="between 0 and 1"):
        ex.plot_assumptions([("x", 2, 0)])


def test_expected_loss_falls_toward_its_limit():
    plan = plan_of(looks=ex.Bayesian(threshold=0.95, loss_limit=0.0005, minimum_units=1_000))
    results = [
        ex.analyze(plan, measured(plan, units, int(units * 0.19), int(units * 0.2)), look=1)
        for units in (2_000, 8_000, 20_000)
    ]
    ax = save(ex.plot_expected_loss(results, limit=0.0005), "loss")
    losses = list(ax.lines[0].get_ydata())
    assert losses == sorted(losses, reverse=True)
    with pytest.raises(InvalidValueError, match="Bayesian"):
        ex.plot_expected_loss([])


def test_without_matplotlib_the_install_line_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependencyError, match=r"pmkit-core\[charts\]"):
        ex.plot_assumptions([])


def variants(count):
    return {"control": 1, **{f"variant {place}": 1 for place in range(1, count + 1)}}


def boxes_of(ax):
    ax.figure.draw_without_rendering()
    return {text.get_text(): text.get_window_extent() for text in ax.texts if text.get_text()}


def area(one, other):
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0) * max(height, 0)


@pytest.mark.parametrize("seed", range(4))
def test_names_on_the_map_are_clear_of_each_other_and_of_the_points(seed):
    generator = np.random.default_rng(seed)
    names = [f"Assumption {place} about what people do" for place in range(9)]
    places = generator.uniform(0.03, 0.97, (len(names), 2)).round(2)
    ax = ex.plot_assumptions([(name, *map(float, place)) for name, place in zip(names, places, strict=True)])
    boxes = list(boxes_of(ax).values())
    assert len(boxes) == len(names) + 1
    assert all(area(one, other) < 12 for one, other in itertools.combinations(boxes, 2))
    dots = [ax.transData.transform((evidence, importance)) for importance, evidence in places]
    assert not [dot for dot in dots for box in boxes if box.x0 < dot[0] < box.x1 and box.y0 < dot[1] < box.y1]


def test_points_at_one_place_have_their_names_apart():
    ax = ex.plot_assumptions([("first", 0.8, 0.3), ("second", 0.8, 0.3), ("third", 0.8, 0.3), ("", 0.2, 0.2)])
    boxes = boxes_of(ax)
    assert {"first", "second", "third"} <= boxes.keys()
    assert all(area(one, other) == 0 for one, other in itertools.combinations(boxes.values(), 2))


def test_several_variants_stand_under_the_name_of_their_metric():
    plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.005), split=variants(3))
    held = ex.Measurements.from_counts(
        plan, dict.fromkeys(variants(3), 10_000), {"returned": dict.fromkeys(variants(3), 1_900)}
    )
    ax = ex.plot_effects(ex.analyze(plan, held), plan=plan)
    labels = ax.get_yticklabels()
    assert [label.get_text() for label in labels] == ["returned", "variant 1", "variant 2", "variant 3"]
    assert [label.get_fontweight() for label in labels] == ["bold", "normal", "normal", "normal"]
    assert "percentage points" in ax.get_xlabel()
    assert ax.xaxis.get_major_formatter()(0.01, 0) == "+1"


def test_each_of_eight_variants_has_a_color_a_mark_and_a_name_of_its_own():
    plan = ex.Plan(
        goal=ex.proportion("returned", minimum_effect=0.005), split=variants(8), looks=ex.GroupSequential(looks=3)
    )
    counts = {"returned": {name: 1_900 + 5 * place for place, name in enumerate(variants(8))}}
    held = ex.Measurements.from_counts(plan, dict.fromkeys(variants(8), 10_000), counts)
    ax = ex.plot_boundaries([ex.analyze(attrs.evolve(plan, units=300_000), held)])
    drawn = [(line.get_color(), line.get_marker()) for line in ax.lines if line.get_label().startswith("variant")]
    assert len(set(drawn)) == 8
    boxes = boxes_of(ax)
    assert {*variants(8)} - {"control"} <= boxes.keys()
    assert all(area(one, other) < 25 for one, other in itertools.combinations(boxes.values(), 2))


def test_names_of_many_steps_are_turned_and_near_certainty_is_not_rounded_to_it():
    belief = 0.05
    for place in range(8):
        belief = ex.update_belief(belief, 9.0, because=f"a long piece of evidence, number {place}")
    ax = ex.plot_belief(belief)
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {35.0}
    said = [text.get_text() for text in ax.texts]
    assert said[0] == "5%"
    assert "100%" not in said
    assert said[-1] == ">99.99%"


def test_power_over_many_units_has_a_logarithmic_axis():
    plan = plan_of()
    assert ex.plot_power(plan, [1_000, 10_000, 1_000_000]).get_xscale() == "log"
    assert ex.plot_power(plan, range(10_000, 90_000, 10_000)).get_xscale() == "linear"
    with pytest.raises(InvalidValueError, match="numbers of units"):
        ex.plot_power(plan, [])


def test_long_names_stay_apart_in_the_picture():
    split = {
        "control": 1,
        **{f"a rather long name of a variant, the {n} of them in all": 1 for n in ("first", "second")},
    }
    plan = ex.Plan(goal=ex.proportion("started the next episode within a day", minimum_effect=0.01), split=split)
    held = ex.Measurements.from_counts(plan, dict.fromkeys(split, 1_000), {plan.goal.name: dict.fromkeys(split, 190)})
    svg = ex.draw_effects(ex.analyze(plan, held), plan=plan).svg
    assert "first" in svg
    assert "second" in svg


@given(
    st.lists(st.floats(-1e3, 1e3), max_size=12),
    st.floats(0.1, 50),
    st.none() | st.floats(-100, 100),
)
@settings(max_examples=150, deadline=None)
def test_spread_keeps_order_gap_and_floor(wanted, gap, lowest):
    moved = spread(wanted, gap, lowest=-math.inf if lowest is None else lowest)
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    heights = [moved[place] for place in order]
    assert all(after - before >= gap - 1e-6 for before, after in itertools.pairwise(heights))
    assert lowest is None or all(height >= lowest - 1e-9 for height in heights)
    if lowest is None and all(b - a >= gap for a, b in itertools.pairwise(sorted(wanted))):
        assert moved == wanted


@given(st.text(max_size=60), st.floats(5, 200))
@settings(max_examples=100, deadline=None)
def test_shortened_names_fit(text, width):
    short = middle_elided(text, width, size=10)
    assert text_width(short, size=10) <= max(width, text_width("…", size=10))
    assert short == text or "…" in short
    assert len(wrapped(text, width, size=10).splitlines()) <= 3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ex.plot_effects(None), "a result of analyze"),
        (lambda: ex.plot_power(None, [100]), "takes a plan"),
        (lambda: ex.plot_power(plan_of(), ["many"]), "numbers of units"),
        (lambda: ex.plot_boundaries(None), "group-sequential"),
        (lambda: ex.plot_belief(0.5), "takes a Belief"),
        (lambda: ex.plot_expected_loss(None), "Bayesian"),
        (lambda: ex.plot_expected_loss([1]), "Bayesian"),
        (lambda: ex.plot_assumptions([("it is fast", 1)]), "what is assumed, importance, evidence"),
        (lambda: ex.plot_assumptions([("it is fast", "high", 1)]), "what is assumed, importance, evidence"),
        (lambda: ex.plot_assumptions("abc"), "what is assumed, importance, evidence"),
        (lambda: ex.plot_assumptions([("it is fast", math.nan, 1)]), "'it is fast' lie between 0 and 1"),
    ],
)
def test_charts_refuse_what_is_not_theirs_in_words(call, said):
    with pytest.raises(InvalidValueError, match=said):
        call()
