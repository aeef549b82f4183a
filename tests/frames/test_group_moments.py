"""Moments by group: one answer on every engine, against an exact oracle."""

from __future__ import annotations

import math
from fractions import Fraction

import duckdb
import ibis
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import frames
from pmkit.errors import EngineError, FileError, InvalidValueError
from pmkit.frames import _kernel, _tables

ARM = 'the "arm"; drop'
ENGINES = ("dict", "pandas", "polars", "chunked polars", "lazy polars", "pyarrow", "chunked pyarrow", "duckdb", "ibis")


def on(engine, data):
    frame = pl.DataFrame(data)
    half = len(frame) // 2
    return {
        "dict": lambda: {name: frame[name].to_list() for name in frame.columns},
        "pandas": frame.to_pandas,
        "polars": lambda: frame,
        "chunked polars": lambda: pl.concat([frame[:half], frame[half:]], rechunk=False),
        "lazy polars": frame.lazy,
        "pyarrow": frame.to_arrow,
        "chunked pyarrow": lambda: pa.concat_tables([frame[:half].to_arrow(), frame[half:].to_arrow()]),
        "duckdb": lambda: duckdb.connect().from_arrow(frame.to_arrow()),
        "ibis": lambda: ibis.memtable(frame.to_arrow()),
    }[engine]()


def exact(xs, ys):
    n = len(xs)
    xs, ys = [Fraction(x) for x in xs], [Fraction(y) for y in ys]
    mx, my = sum(xs) / n, sum(ys) / n
    return float(mx), float(sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / (n - 1))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("offset", [0.0, 1e9, 1e15])
def test_every_engine_gives_the_exact_answer(engine, offset):
    rng = np.random.default_rng(1)
    count = 3001
    x = offset + np.round(rng.normal(0, 50, count), 1)
    data = {ARM: rng.choice(["a", "b"], count).tolist(), "x": x.tolist(), "y": rng.gamma(2, 3, count).tolist()}
    found = frames.group_moments(on(engine, data), [frames.Measure(name="m", value="x", covariate="y")], by=ARM)
    for arm in ("a", "b"):
        held = found.select("m", **{ARM: arm})
        xs, ys = zip(*[(u, v) for w, u, v in zip(*data.values(), strict=True) if w == arm], strict=True)
        mean, variance = exact(xs, xs)
        assert held.n == len(xs)
        assert held.mean == pytest.approx(mean, rel=1e-15)
        assert held.variance == pytest.approx(variance, rel=1e-12)
        scale = math.sqrt(variance * exact(ys, ys)[1])
        assert held.covariance("value", "covariate") == pytest.approx(exact(xs, ys)[1], abs=1e-12 * scale)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pivot_far_from_the_values_costs_no_digits(engine):
    rng = np.random.default_rng(2)
    early, late = rng.normal(0, 1, 1000), 1e9 + rng.normal(0, 1, 1000)
    data = {"arm": ["a"] * 1000 + ["b"] * 1000, "x": [*early.tolist(), *late.tolist()]}
    found = frames.group_moments(on(engine, data), [frames.Measure(name="x", value="x")], by="arm")
    for arm, values in (("a", early), ("b", late)):
        assert found.select("x", arm=arm).variance == pytest.approx(exact(values, values)[1], rel=1e-12)


numbers = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-5, 5).map(float)


@settings(max_examples=25)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["a", "b", "ü'\""]), st.none() | numbers, numbers), min_size=1, max_size=40
    ),
    engine=st.sampled_from(ENGINES),
    rule=st.sampled_from(["omit", "zero"]),
)
def test_missing_values_follow_the_rule_on_every_engine(rows, engine, rule):
    arms, xs, ys = (list(column) for column in zip(*rows, strict=True))
    data = {"arm": arms, "x": pl.Series(xs, dtype=pl.Float64), "y": ys}
    measures = [frames.Measure(name="m", value="y", covariate="x"), frames.Measure(name="y", value="y")]
    found = frames.group_moments(on(engine, data), measures, by=["arm"], missing=rule)
    assert dict(zip(found.keys, found.sizes, strict=True)) == {(arm,): arms.count(arm) for arm in set(arms)}
    for arm in set(arms):
        kept = [(0.0 if x is None else x, y) for a, x, y in rows if a == arm and (x is not None or rule == "zero")]
        held = found.select("m", arm=arm)
        assert held.n == len(kept)
        assert found.select("y", arm=arm).n == arms.count(arm)
        if kept:
            for part, column in (("covariate", 0), ("value", 1)):
                mean = float(sum(Fraction(row[column]) for row in kept) / len(kept))
                # The pivot is a value of the column, perhaps of a row that is left out: it sets the scale.
                spread = max(abs(row[column]) for row in zip([x or 0.0 for x in xs], ys, strict=True))
                assert held.mean_of(part) == pytest.approx(mean, rel=1e-12, abs=1e-13 * spread)


@pytest.mark.parametrize("engine", ENGINES)
def test_faults_name_column_group_and_count(engine):
    data = {"arm": ["a", "a", "b"], "x": [1.0, math.inf, 2.0], "y": [math.nan, 1.0, None], "z": [1e300, -1e300, 1.0]}
    measure = [frames.Measure(name=name, value=name) for name in "xyz"]
    with pytest.raises(InvalidValueError, match="'x' has 1 infinite values where 'arm' is 'a'"):
        frames.group_moments(on(engine, data), measure[:1], by="arm")
    with pytest.raises(InvalidValueError, match=r"'y' has 1 missing values where 'arm' is 'a'.*'arm' is 'b'"):
        frames.group_moments(on(engine, data), measure[1:2], by="arm")
    with pytest.raises(InvalidValueError, match="'z' has 2 too large values where 'arm' is 'a'"):
        frames.group_moments(on(engine, data), measure[2:], by="arm")
    with pytest.raises(InvalidValueError, match="no column 'arn'; did you mean 'arm'"):
        frames.group_moments(on(engine, data), measure, by="arn")
    with pytest.raises(InvalidValueError, match=r"'arm' holds .*, not numbers"):
        frames.group_moments(on(engine, data), [frames.Measure(name="x", value="arm")])


@pytest.mark.parametrize("engine", ENGINES)
def test_bounds_are_applied_and_types_are_read(engine):
    data = {
        "arm": [1, 0, 1, 0],
        "x": [1.0, 1e200, -7.0, 4.0],
        "yes": [True, False, True, True],
        "whole": [1, 2, 3, 4],
    }
    measures = [
        frames.Measure(name="x", value="x", limits=(0, 5)),
        frames.Measure(name="raw", value="whole", denominator="yes"),
    ]
    found = frames.group_moments(on(engine, data), measures, by="arm")
    assert found.keys == (("0",), ("1",))
    assert found.select("x", arm="0").mean == 4.5
    assert found.select("x", arm="1").mean == 0.5
    assert found.select("raw").mean_of("denominator") == 0.75
    assert found.select("raw", arm="9").n == 0
    assert len(found) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_quantiles_are_exact_on_every_engine(engine):
    rng = np.random.default_rng(3)
    data = {"arm": ["a", "b"] * 200, "x": rng.gamma(2, 3, 400).tolist()}
    (found,) = frames.group_quantiles(on(engine, data), "x", [0.9], where={"arm": "a"})
    values = np.array(data["x"])[::2]
    assert found.n == 200
    assert found.value == pytest.approx(np.quantile(values, 0.9, method="median_unbiased"), rel=1e-12)
    assert found.standard_error > 0
    assert frames.group_quantiles(on(engine, data), "x", [0.9], where={"arm": "none"}) == ()
    with pytest.raises(InvalidValueError, match="strictly between"):
        frames.group_quantiles(on(engine, data), "x", [1.0])


def test_the_standard_error_of_a_quantile_is_that_of_repeated_samples():
    rng = np.random.default_rng(4)
    found = [frames.group_quantiles({"x": rng.exponential(size=400)}, "x", [0.5])[0] for _ in range(400)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.standard_error for one in found]) == pytest.approx(spread, rel=0.1)


def test_blocks_and_spans_do_not_show(monkeypatch):
    rng = np.random.default_rng(5)
    data = {"arm": rng.choice(["a", "b", "c"], 999), "x": rng.normal(1e6, 1, 999), "y": rng.normal(size=999)}
    measure = [frames.Measure(name="m", value="x", denominator="y")]
    whole = frames.group_moments(data, measure, by="arm")
    monkeypatch.setattr(_tables, "SPAN", 64)
    monkeypatch.setattr(_kernel, "BLOCK", 10)
    parts = frames.group_moments(data, measure, by="arm")
    for arm in "abc":
        one, other = whole.select("m", arm=arm), parts.select("m", arm=arm)
        assert one.variance == pytest.approx(other.variance, rel=1e-13)
        assert one.covariance("value", "denominator") == pytest.approx(
            other.covariance("value", "denominator"), rel=1e-11
        )


def test_an_engine_that_fails_midway_names_column_and_group():
    relation = duckdb.sql(
        "select case when i < 5 then 'a' else 'b' end as arm, i::double as x, "
        "case when i < 5 then 1.0 else error('disk gone') end::double as y from range(300) t(i)"
    )
    measures = [frames.Measure(name=name, value=name) for name in "xy"]
    with pytest.raises(EngineError, match=r"column 'y' where 'arm' 'b' \(295 rows\).*disk gone"):
        frames.group_moments(relation, measures, by="arm")


def test_files_are_read_by_path(tmp_path):
    frame = pl.DataFrame({"arm": ["a", "b"], "x": [1.0, 2.0]})
    frame.write_parquet(tmp_path / "one[1].parquet")
    frame.write_parquet(tmp_path / "two's.parquet")
    frame.write_csv(tmp_path / "rows.csv")
    measure = [frames.Measure(name="x", value="x")]
    for data in (tmp_path / "one[1].parquet", str(tmp_path / "rows.csv")):
        assert frames.group_moments(data, measure).sizes == (2,)
    assert frames.group_moments([str(tmp_path / "*.parquet")], measure, by="arm").sizes == (2, 2)
    (tmp_path / "broken.parquet").write_bytes(b"no")
    for bad in ("none.parquet", "broken.parquet", "\0"):
        with pytest.raises(FileError):
            frames.open_source(tmp_path / bad if bad != "\0" else bad)
    (tmp_path / "rows.xlsx").write_bytes(b"no")
    with pytest.raises(FileError, match="parquet"):
        frames.open_source(tmp_path / "rows.xlsx")


@pytest.mark.parametrize("data", [3, None, object(), [1, 2], {"x": [1], "y": [1, 2]}, {1: [1]}])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(InvalidValueError):
        frames.open_source(data)


@pytest.mark.parametrize("engine", ENGINES)
def test_repeated_units_are_counted(engine):
    data = {"arm": ["a", "a", "b", "b"], "user": [1, 1, 1, 2]}
    found = frames.check_units(on(engine, data), "user", "arm")
    assert (dict(found.repeated), found.shared, found.missing) == ({"a": 1}, 1, 0)
    lost = {"arm": ["a", "a"], "user": pl.Series([1, None], dtype=pl.Int64)}
    assert frames.check_units(on(engine, lost), "user", "arm").missing == 1


def test_measures_and_rules_are_checked():
    with pytest.raises(InvalidValueError, match="lower and a higher"):
        frames.Measure(name="x", value="x", limits=(2, 1))
    with pytest.raises(InvalidValueError, match="needs a denominator"):
        frames.Measure(name="x", value="x", covariate_denominator="y")
    twice = [frames.Measure(name="x", value="x")] * 2
    with pytest.raises(InvalidValueError, match="two measures"):
        frames.group_moments({"x": [1.0]}, twice)
    for missing in ("drop", {"y": "omit"}, {"x": "no"}):
        with pytest.raises(InvalidValueError):
            frames.group_moments({"x": [1.0]}, twice[:1], missing=missing)
    found = frames.group_moments({"x": [1.0]}, twice[:1])
    with pytest.raises(InvalidValueError, match="no measure 'y'"):
        found.select("y")
    with pytest.raises(InvalidValueError, match="not made by"):
        found.select("x", arm="a")
    assert found.size() == 1
