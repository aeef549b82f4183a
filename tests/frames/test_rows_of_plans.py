"""Rows made for a plan are measured alike everywhere, whole or in parts."""

from __future__ import annotations

from fractions import Fraction

import duckdb
import ibis
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmkit import experiments as ex
from pmkit.testing import experiment_rows

SOURCES = {
    "dict": lambda frame: {name: frame[name].to_list() for name in frame.columns},
    "pandas": lambda frame: frame.to_pandas().astype({"won": "boolean"}),
    "polars": lambda frame: frame,
    "lazy polars": lambda frame: frame.lazy(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
    "ibis": lambda frame: ibis.memtable(frame.to_arrow()),
}
PLAN = ex.Plan(
    goal=ex.mean("spend", covariate="before", minimum_effect=1),
    secondary=[ex.proportion("won"), ex.ratio("clicks", "views"), ex.count("calls")],
    segments=["device"],
    split={"control": 1, "picks": 1, "rows": 2},
)
CLUSTERED = ex.Plan(
    goal=ex.mean("spend", covariate="before", minimum_effect=1),
    secondary=[ex.proportion("won"), ex.ratio("clicks", "views")],
    split={"control": 1, "picks": 1},
    analysis_unit="session",
    cluster="user",
)


KINDS = {"spend": pl.Float64, "before": pl.Float64, "clicks": pl.Float64, "views": pl.Int64, "calls": pl.Int64}


def framed(rows):
    kinds = KINDS | {"won": pl.Boolean}
    return pl.DataFrame(rows, schema_overrides={name: kind for name, kind in kinds.items() if name in rows})


def exact(values):
    numbers = [Fraction(value) for value in values]
    middle = sum(numbers) / len(numbers)
    return float(middle), float(sum((number - middle) ** 2 for number in numbers))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=experiment_rows(PLAN), source=st.sampled_from(sorted(SOURCES)))
def test_every_source_gives_the_exact_moments(rows, source):
    found = ex.collect(PLAN, SOURCES[source](framed(rows)))
    for variant in PLAN.split:
        chosen = [place for place, name in enumerate(rows["variant"]) if name == variant]
        assert found.units[variant] == len(chosen)
        for metric, column in (("spend", "spend"), ("won", "won"), ("clicks/views", "clicks"), ("calls", "calls")):
            held = found.moments[metric, variant, ""]
            mean, square = exact([rows[column][place] for place in chosen])
            assert held.mean == pytest.approx(mean, rel=1e-14, abs=1e-14)
            assert held.m2 == pytest.approx(square, rel=1e-12, abs=1e-20 * mean**2)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=experiment_rows(PLAN, missing=True),
    source=st.sampled_from(sorted(SOURCES)),
    rule=st.sampled_from(["omit", "zero"]),
)
def test_missing_values_mean_the_same_on_every_source(rows, source, rule):
    frame = framed(rows)
    expected, found = (ex.collect(PLAN, SOURCES[one](frame), missing=rule) for one in ("dict", source))
    assert_same(found, expected)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=experiment_rows(CLUSTERED), source=st.sampled_from(sorted(SOURCES)))
def test_clusters_are_summed_up_alike(rows, source):
    frame = framed(rows)
    expected, found = (ex.collect(CLUSTERED, SOURCES[one](frame)) for one in ("dict", source))
    assert_same(found, expected)
    users = {variant: set() for variant in CLUSTERED.split}
    for user, variant in zip(rows["user"], rows["variant"], strict=True):
        users[variant].add(user)
    assert found.units == {variant: len(held) for variant, held in users.items()}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=experiment_rows(PLAN), cut=st.integers(0, 40))
def test_two_parts_add_up_to_the_whole(rows, cut):
    frame = framed(rows)
    parts = [ex.collect(PLAN, part, strict=False) for part in (frame[:cut], frame[cut:]) if len(part)]
    added = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    assert_same(added, ex.collect(PLAN, frame))


def assert_same(found, expected):
    assert found.units == expected.units
    assert set(found.moments) == set(expected.moments)
    for key, held in expected.moments.items():
        other = found.moments[key]
        assert other.n == held.n
        if held.n:
            assert other.mean == pytest.approx(held.mean, rel=1e-12, abs=1e-13)
            assert other.m2 == pytest.approx(held.m2, rel=1e-12, abs=1e-18 * held.mean**2)
