"""Corners of frames: odd sources, odd columns, and the one quantile on every engine."""

from __future__ import annotations

import math

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest

from pmkit import frames
from pmkit.errors import FileError, InvalidValueError
from pmkit.frames import Measure
from pmkit.frames._measures import value_text

VALUES = [3.0, None, 1.0, 4.0, None, 1.5, 9.0, 2.0]
SHARES = (0.25, 0.5, 0.9)


def engines(values, group=None):
    frame = pl.DataFrame({"x": values, "g": group or ["a"] * len(values)}, schema_overrides={"x": pl.Float64})
    return {
        "dict": {"x": values, "g": frame["g"].to_list()},
        "pandas": frame.to_pandas(),
        "polars": frame,
        "lazy": frame.lazy(),
        "duckdb": duckdb.connect().from_arrow(frame.to_arrow()),
        "ibis": ibis.memtable(frame.to_arrow()),
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None), (math.nan, None), (np.float64("nan"), None), (True, "true"), (np.bool_(False), "false"),
        (3.0, "3"), (np.float32(2.0), "2"), (2.5, "2.5"), (np.int8(7), "7"), ("", ""), ("3.0", "3.0"),
        (math.inf, "inf"),
    ],
)  # fmt: skip
def test_group_values_are_written_as_text(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize("rule", ["omit", "zero"])
@pytest.mark.parametrize("engine", ["dict", "polars", "lazy", "duckdb", "ibis"])
def test_quantiles_agree_with_numpy_under_each_rule(engine, rule):
    known = [0.0 if value is None else value for value in VALUES if value is not None or rule == "zero"]
    found = frames.group_quantiles(engines(VALUES)[engine], "x", SHARES, missing=rule)
    assert [one.n for one in found] == [len(known)] * 3
    assert [one.value for one in found] == pytest.approx(np.quantile(known, SHARES, method="median_unbiased"))


@pytest.mark.parametrize("engine", ["dict", "polars", "lazy", "duckdb", "ibis"])
def test_missing_and_infinite_values_are_refused_in_words(engine):
    with pytest.raises(InvalidValueError, match="missing"):
        frames.group_quantiles(engines(VALUES)[engine], "x", SHARES)
    with pytest.raises(InvalidValueError, match="infinite"):
        frames.group_quantiles(engines([1.0, math.inf])[engine], "x", SHARES)


@pytest.mark.parametrize("rule", ["refuse", "omit", "zero"])
@pytest.mark.parametrize("engine", ["dict", "pandas", "polars", "lazy", "duckdb", "ibis"])
def test_rows_that_were_not_asked_for_do_not_matter(engine, rule):
    data = engines([1.0, None, 3.0, math.inf, 2.0], ["a", "b", "a", "b", "a"])[engine]
    (median,) = frames.group_quantiles(data, "x", [0.5], where={"g": "a"}, missing=rule)
    assert (median.n, median.value) == (3, 2.0)
    with pytest.raises(InvalidValueError, match=r"'x' has 1 infinite values where 'g' is 'b'"):
        frames.group_quantiles(data, "x", [0.5], where={"g": "b"}, missing=rule)


@pytest.mark.parametrize("engine", ["dict", "polars", "lazy", "duckdb", "ibis"])
def test_a_group_without_values_has_no_quantiles(engine):
    data = engines([None, None, 1.0], ["a", "a", "b"])[engine]
    assert frames.group_quantiles(data, "x", SHARES, where={"g": "a"}, missing="omit") == ()
    assert frames.group_quantiles(data, "x", SHARES, where={"g": "nobody"}, missing="omit") == ()
    (only,) = frames.group_quantiles(data, "x", [0.5], where={"g": "b"}, missing="omit")
    assert (only.n, only.value, only.standard_error) == (1, 1.0, None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({1: [1.0]}, "columns have names, not"),
        ({"x": np.ones((2, 2))}, "must be one value a row"),
        ({"x": 3.0}, "must be one value a row"),
        ({"x": [1.0, 2.0], "y": [1.0]}, "not of one length: 'x' 2, 'y' 1"),
        ({"x": ["a", "b"]}, "not numbers"),
        ({"y": [1.0]}, "no column 'x'"),
        (3, "not int"),
        ([], "not list"),
        ([1, 2], "not list"),
        (None, "not NoneType"),
        (ibis.memtable(pl.DataFrame({"x": [1.0]}).to_arrow()).x, "an Ibis table is wanted"),
    ],
)
def test_odd_data_are_refused_in_words(data, said):
    with pytest.raises(InvalidValueError) as told:
        frames.group_moments(data, [Measure(name="x", value="x")])
    assert said in str(told.value)


@pytest.mark.parametrize("engine", ["dict", "polars"])
def test_many_groups_with_missing_names_are_counted(engine):
    names = [f"g{number % 12}" if number % 13 else None for number in range(260)]
    data = engines([float(number) for number in range(260)], names)[engine]
    groups = frames.group_moments(data, [Measure(name="x", value="x")], by="g")
    found = {key[0]: int(count) for key, count in zip(groups.keys, groups.sizes, strict=True)}
    assert found == {name: names.count(name) for name in dict.fromkeys(names)}


def test_files_are_read_by_path_pattern_and_list(tmp_path):
    for name, low in (("a[1]", 0), ("b", 10)):
        pl.DataFrame({"x": [float(low), low + 1.0]}).write_csv(tmp_path / f"{name}.csv")
    first, second = tmp_path / "a[1].csv", tmp_path / "b.csv"
    for data, count in ((first, 2), (str(second), 2), ([first, second], 4), (str(tmp_path / "*.csv"), 4)):
        assert frames.group_quantiles(data, "x", [0.5])[0].n == count


def test_files_that_cannot_be_read_are_told(tmp_path):
    mixed = [tmp_path / "a.csv", tmp_path / "b.parquet"]
    for path in mixed:
        path.write_text("x\n1\n")
    (tmp_path / "c.txt").write_text("x\n1\n")
    wrong = {
        "a\0b.csv": "is not a path",
        str(tmp_path / "none.csv"): "there is no file",
        str(tmp_path / "none*.csv"): "there is no file",
        str(tmp_path / "c.txt"): "must all be parquet or all be CSV",
        str(tmp_path / "b.parquet"): "cannot read",
    }
    for path, said in wrong.items():
        with pytest.raises(FileError, match=said):
            frames.group_moments(path, [Measure(name="x", value="x")])
    with pytest.raises(FileError, match=r"not \.csv, \.parquet"):
        frames.group_moments(mixed, [Measure(name="x", value="x")])
