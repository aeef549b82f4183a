"""The roads that a common machine seldom takes: engines without batches or compensated sums, threads, drifting sums."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest

from pmkit import frames
from pmkit.errors import EngineError, InvalidValueError
from pmkit.frames import Measure, _engines, _rows, _tables

MEASURES = [
    Measure(name="m", value="x", covariate="y"),
    Measure(name="r", value="x", denominator="k", limits=(-2.0, 2.0)),
]


def rows(count=3000, seed=0):
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "arm": rng.choice(["a", "b", None], count).tolist(),
            "user": rng.integers(0, 400, count),
            "x": rng.normal(5, 3, count),
            "y": rng.gamma(2, 3, count),
            "k": rng.integers(1, 5, count),
        }
    )


@pytest.fixture
def without_batches(monkeypatch):
    monkeypatch.setattr(_engines.LazyEngine, "pieces", lambda *_: None)


@pytest.fixture
def without_compensation(monkeypatch):
    monkeypatch.setattr(_engines.IbisEngine, "_compensates", lambda _: False)


def assert_same(found, expected):
    assert (found.keys, found.sizes) == (expected.keys, expected.sizes)
    for name, held in expected.moments.items():
        other = found.moments[name]
        assert np.allclose(other.n, held.n, rtol=0)
        assert np.allclose(other.mean, held.mean, rtol=1e-13)
        assert np.allclose(other.m2, held.m2, rtol=1e-12)
        for part in held.parts[1:]:
            assert np.allclose(other.covariance("value", part), held.covariance("value", part), rtol=1e-11)


@pytest.mark.usefixtures("without_batches")
@pytest.mark.parametrize("cluster", [None, "user"])
def test_lazy_frames_are_asked_by_expressions_where_they_give_no_batches(cluster):
    frame = rows()
    expected, found = (
        frames.group_moments(data, MEASURES, by="arm", cluster=cluster) for data in (frame, frame.lazy())
    )
    assert_same(found, expected)


@pytest.mark.usefixtures("without_batches")
@pytest.mark.parametrize("rule", ["omit", "zero"])
def test_expressions_know_the_rules_for_missing_values(rule):
    frame = rows().with_columns(y=pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise("y"))
    expected, found = (frames.group_moments(data, MEASURES, by="arm", missing=rule) for data in (frame, frame.lazy()))
    assert_same(found, expected)
    with pytest.raises(InvalidValueError, match=r"'y' has \d+ missing values where 'arm' is 'a'"):
        frames.group_moments(frame.lazy(), MEASURES, by="arm")
    with pytest.raises(InvalidValueError, match=r"'y' has \d+ infinite values"):
        frames.group_moments(frame.lazy().with_columns(y=pl.lit(math.inf)), MEASURES, by="arm")


@pytest.mark.parametrize("engine", ["polars", "lazy", "by expressions", "duckdb", "ibis", "short sums"])
def test_one_value_many_times_does_not_drift(engine, request):
    count = 200_000
    values = np.tile(np.repeat([0.1, 1.1], count // 4), 2)
    frame = pl.DataFrame({"arm": np.repeat(["a", "b"], count // 2), "x": values})
    if engine == "by expressions":
        request.getfixturevalue("without_batches")
    if engine == "short sums":
        request.getfixturevalue("without_compensation")
    data = {
        "polars": lambda: frame,
        "lazy": frame.lazy,
        "by expressions": frame.lazy,
        "duckdb": lambda: duckdb.connect().from_arrow(frame.to_arrow()),
        "ibis": lambda: ibis.memtable(frame.to_arrow()),
        "short sums": lambda: ibis.memtable(frame.to_arrow()),
    }[engine]()
    found = frames.group_moments(data, [Measure(name="x", value="x")], by="arm")
    counts = Counter(values[: count // 2].tolist())
    middle = sum(Fraction(value) * many for value, many in counts.items()) / (count // 2)
    square = sum((Fraction(value) - middle) ** 2 * many for value, many in counts.items())
    for arm in "ab":
        held = found.select("x", arm=arm)
        assert held.mean == pytest.approx(float(middle), rel=1e-13)
        assert held.m2 == pytest.approx(float(square), rel=1e-12)


@pytest.mark.usefixtures("without_compensation")
def test_short_sums_of_values_that_cannot_be_squared_are_refused():
    data = ibis.memtable(pl.DataFrame({"arm": ["a", "b"] * 20, "x": [1e200, 1.0, -1e200, 1.0] * 10}).to_arrow())
    with pytest.raises(InvalidValueError, match="'x' has 20 too large values where 'arm' is 'a'"):
        frames.group_moments(data, [Measure(name="x", value="x")], by="arm")


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_do_not_show(monkeypatch, threads):
    frame = rows()
    expected = frames.group_moments(frame, MEASURES, by="arm")
    monkeypatch.setattr(_tables, "SPAN", 100)
    monkeypatch.setattr(_rows, "_ALONE", 10)
    monkeypatch.setattr(_rows, "_processors", lambda: threads)
    once, again = (frames.group_moments(frame, MEASURES, by="arm") for _ in range(2))
    assert once == again
    assert_same(once, expected)
    bad = frame.with_columns(x=pl.when(pl.int_range(pl.len()) % 1000 == 5).then(math.nan).otherwise("x"))
    with pytest.raises(InvalidValueError, match="missing values"):
        frames.group_moments(bad, MEASURES)


def test_an_engine_whose_groups_fail_is_told():
    relation = duckdb.sql("select error('gone') as arm, 1.0::double as x from range(3)")
    with pytest.raises(EngineError, match="gone"):
        frames.group_moments(relation, [Measure(name="x", value="x")], by="arm")


@pytest.mark.parametrize("kind", ["dict", "polars", "lazy", "duckdb"])
def test_a_cluster_without_a_name_is_told(kind):
    frame = rows(30).with_columns(user=pl.when(pl.int_range(pl.len()) < 4).then(None).otherwise("user"))
    data = {
        "dict": lambda: {name: frame[name].to_list() for name in frame.columns},
        "polars": lambda: frame,
        "lazy": frame.lazy,
        "duckdb": lambda: duckdb.connect().from_arrow(frame.to_arrow()),
    }[kind]()
    with pytest.raises(InvalidValueError, match="column 'user' is empty in 4 rows, which belong to no cluster"):
        frames.group_moments(data, MEASURES, cluster="user")
