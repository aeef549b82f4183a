"""Charts: what is drawn is what was found."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError, MissingDependencyError


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
    assert ex.plot_effects(result, plan=plan).get_xlabel().endswith("%")


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
