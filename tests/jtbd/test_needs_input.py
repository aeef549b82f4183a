"""Surveys in every shape, and surveys that cannot be."""

from __future__ import annotations

import json
import math
import sys
from fractions import Fraction
from xml.etree import ElementTree as ET

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pmkit import jtbd
from pmkit.errors import InvalidValueError, MissingDependencyError
from pmkit.jtbd import Tally, tally
from pmkit.model import normalized_id

IMPORTANCE = [[5, 4], [None, 2], [1, 5], [4, None]]
SATISFACTION = [[1, 2], [3, 3], [None, 5], [5, 1]]
WHO = ["p1", "p2", "p3", "p4"]
GROUP = ["new", "old", "new", "old"]
WEIGHT = [1.0, 2.0, 0.5, 1.5]
WANTED = tally(IMPORTANCE, SATISFACTION, outcomes=["find", "choose"], segments=GROUP, weights=WEIGHT)


def wide() -> dict[str, list]:
    columns = {"who": WHO, "group": GROUP, "weight": WEIGHT}
    for place, name in enumerate(("find", "choose")):
        columns[f"{name}_i"] = [row[place] for row in IMPORTANCE]
        columns[f"{name}_s"] = [row[place] for row in SATISFACTION]
    return columns


def long() -> dict[str, list]:
    rows = [
        (who, group, weight, name, i[place], s[place])
        for who, group, weight, i, s in zip(WHO, GROUP, WEIGHT, IMPORTANCE, SATISFACTION, strict=True)
        for place, name in enumerate(("find", "choose"))
    ]
    return dict(zip(("who", "group", "weight", "outcome", "i", "s"), map(list, zip(*rows, strict=True)), strict=True))


FRAMES = {
    "mapping": lambda columns: columns,
    "pandas": pd.DataFrame,
    "pandas nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": pa.table,
    "duckdb": lambda columns: duckdb.from_arrow(pa.table(columns)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_wide_and_long_frames_give_the_same_tally(kind: str) -> None:
    frame = FRAMES[kind]
    found = tally(
        ["find_i", "choose_i"], ["find_s", "choose_s"], data=frame(wide()), outcomes=["find", "choose"],
        segments="group", weights="weight", respondents="who",
    )  # fmt: skip
    assert found == WANTED
    table = frame(long())
    for respondents in (None, "who"):
        found = tally(
            "i", "s", data=table, outcomes="outcome", segments="group", weights="weight", respondents=respondents
        )
        assert found == WANTED


def test_two_tables_name_the_outcomes() -> None:
    first = pd.DataFrame(IMPORTANCE, columns=["find", "choose"])
    second = pd.DataFrame(SATISFACTION, columns=["find", "choose"])[["choose", "find"]]
    assert tally(first, second, segments=pd.Series(GROUP), weights=pl.Series(WEIGHT)) == WANTED
    assert tally(first.to_numpy(), second[["find", "choose"]].to_numpy()).outcomes == ("outcome 1", "outcome 2")
    assert tally("find_i", "find_s", data=wide()).outcomes == ("find_i",)


def test_numbers_of_every_kind() -> None:
    masked = np.ma.masked_array([5, 4, 1], mask=[False, True, False])
    blank = np.array([5, "", 1], dtype=object)
    for ratings in (masked, masked.astype(float), [5, None, Fraction(1)], [5, pd.NA, 1], blank):
        found = tally(ratings, [1, 1, 1], outcomes="one")["one"]
        assert (found["high_low"], found["missing_low"], found["low_low"]) == (1, 1, 1)
    assert tally([True, False], [False, True], scale=(0, 1), outcomes="one")["one"]["high_low"] == 1
    assert tally([7, 6, 5], [1, 1, 1], scale=(1, 7), outcomes="one")["one"]["high_low"] == 2
    assert tally([10, 9, 8], [1, 1, 1], scale=(0, 10), high=8, outcomes="one")["one"]["high_low"] == 3


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (([6, 5], [1, 1]), {}, "1 are not, the first is 6 in row 1"),
        (([5, 4.5], [1, 1]), {}, "the first is 4.5 in row 2"),
        (([5, math.inf], [1, 1]), {}, "first is inf"),
        ((["5", 1], [1, 1]), {}, "must hold numbers, not '5'"),
        (([10**400, None], [1, 1]), {}, "first is inf"),
        (([5], [1, 1]), {}, "same shape"),
        (([], []), {}, "at least one of each"),
        ((5, 3), {}, "same shape"),
        (([[[5]]], [[[5]]]), {}, "same shape"),
        (([[5, 4], [5]], [1, 1]), {}, "regular array"),
        (([5, 4], [1, 1]), {"weights": [1, -1]}, "weights must be numbers from 0"),
        (([5, 4], [1, 1]), {"weights": [1, math.nan]}, "first is nan in row 2"),
        (([5, 4], [1, 1]), {"weights": [1]}, "one weight for each of the 2 rows"),
        (([5, 4], [1, 1]), {"segments": ["a"]}, "one label for each of the 2 rows"),
        (([5, 4], [1, 1]), {"segments": [[1, 2], [3]]}, "label"),
        (([5, 4], [1, 1]), {"segments": ["a", None]}, "such as 'unknown'"),
        (([5, 4], [1, 1]), {"segments": ["a", "b\n"]}, "control"),
        (([5, 4], [1, 1]), {"respondents": ["a", "a"]}, "have a row already"),
        (([[5, 4]], [[1, 1]]), {"outcomes": ["a"]}, "2 outcomes but 1 names"),
        (([[5, 4]], [[1, 1]]), {"outcomes": ["a", "a"]}, "two outcomes are called 'a'"),
        (([[5, 4]], [[1, 1]]), {"outcomes": 3}, "0 names"),
        (([5], [1]), {"denominator": "al"}, "did you mean 'all'"),
        (([5], [1]), {"scale": (5, 1)}, "lowest and the highest"),
        (([5], [1]), {"scale": 5}, "lowest and the highest"),
        (([5], [1]), {"high": 1}, "above 1 and up to 5"),
        ((["i"], ["s"]), {"data": {"i": [1]}}, "no column 's' in data"),
        ((["i", "j"], ["s"]), {"data": {"i": [1]}}, "2 columns of importance but 1"),
        ((["i"], [3]), {"data": {"i": [1]}}, "satisfaction must be the name of a column"),
        (("i", "s"), {"data": {"i": [1], "s": [1]}, "weights": [1]}, "weights must be the name of a column"),
        (("i", "s"), {"data": 7}, "a mapping of columns or a data frame"),
        ((["i", "j"], ["i", "j"]), {"data": {"i": [1], "j": [1, 2]}}, "equally long"),
        (({"a": [1]}, {"b": [1]}), {}, "the same columns"),
        (({"a": [1]}, [1]), {}, "the same columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_survey_says_why(arguments: tuple, options: dict, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words.replace("(", r"\(")):
        tally(*arguments, **options)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidValueError, match=r"importance .*; satisfaction "):
        tally([9, 1], [0, 1])
    with pytest.raises(InvalidValueError, match=r"segments .*; weights "):
        tally([5, 1], [1, 1], weights=[1, -1], segments=["a", None])


def test_long_tables_with_contradictions() -> None:
    table = {"o": ["a", "a"], "i": [5, 4], "s": [1, 1], "who": ["p", "p"], "g": ["x", "y"], "w": [1, 2]}
    with pytest.raises(InvalidValueError, match="same outcome twice"):
        tally("i", "s", data=table, outcomes="o", respondents="who")
    table["o"] = ["a", "b"]
    with pytest.raises(InvalidValueError, match="'p' has several segments"):
        tally("i", "s", data=table, outcomes="o", respondents="who", segments="g")
    with pytest.raises(InvalidValueError, match="'p' has several weights"):
        tally("i", "s", data=table, outcomes="o", respondents="who", weights="w")
    with pytest.raises(InvalidValueError, match="same shape"):
        tally("i", "s", data={**table, "s": [1]}, outcomes="o")


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([], "at least one record"),
        ({"outcome": "a"}, "at least one record"),
        ([3], "record 1 must be a mapping"),
        ([{"outcome": "a", "high_hihg": 1}], "did you mean 'high_high'"),
        ([{"outcome": "a", 7: 1}], "unknown key 7"),
        ([{"high_high": 1}], "record 1: outcome"),
        ([{"outcome": "a", "segment": ""}], "record 1: segment"),
        ([{"outcome": "a", "high_high": -1}], "must be a number from 0 up"),
        ([{"outcome": "a", "high_high": "3"}], "must be a number from 0 up"),
        ([{"outcome": "a", "high_high": 1.5}], "whole numbers"),
        ([{"outcome": "a", "denominator": "some"}], "answered or all"),
        ([{"outcome": "a"}, {"outcome": "b", "denominator": "all"}], "several denominators"),
        ([{"outcome": "a", "weight_high_high": 2, "squared_high_high": 4}], "without people"),
        ([{"outcome": "a", "high_high": 2, "weight_high_high": 2, "squared_high_high": 9}], "cannot exceed"),
        ([{"outcome": "a", "high_high": 2, "weight_high_high": 9, "squared_high_high": 9}], "Cauchy"),
        ([{"outcome": "a"}, {"outcome": "\uff41"}], "two outcomes are called"),
        ([{"outcome": "a", "high_high": -1}] * 12, "and 2 more"),
    ],
)
def test_records_that_cannot_be_a_tally(records: object, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        Tally.from_records(records)


def test_arrays_that_cannot_be_a_tally() -> None:
    for people in (
        np.ones((1, 1, 8)),
        np.full((1, 1, 9), np.nan),
        np.full((1, 1, 9), -1.0),
        np.full((1, 1, 9), 1e300),
        "x",
        [[[1] * 9], [[2]]],
    ):
        with pytest.raises(InvalidValueError, match="tally"):
            Tally(outcomes=["a"], people=people)
    with pytest.raises(InvalidValueError, match="at least one outcome"):
        Tally(outcomes=[], people=np.ones((0, 1, 9)))
    with pytest.raises(InvalidValueError, match="denominator"):
        Tally(outcomes=["a"], people=np.ones((1, 1, 9)), denominator="most")


def test_hostile_names_are_kept_or_refused(shared) -> None:
    kept = {}
    for name in json.loads((shared / "batteries" / "blns" / "blns.json").read_text()):
        try:
            counts = tally([5, 4, 2], [1, 5, 3], outcomes=[name], segments=[name] * 3)
        except InvalidValueError:
            continue
        assert counts.outcomes == (name,)
        assert Tally.from_records(counts.to_records()) == counts
        kept.setdefault(normalized_id(name), name)
    assert len(kept) > 300
    several = Tally(outcomes=list(kept.values()), people=np.ones((len(kept), 1, 9)))
    svg = jtbd.draw_landscape(jtbd.opportunity_scores(several, repetitions=100), most=60).svg
    assert "<script" not in svg
    ET.fromstring(svg)


def test_needs_load_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(jtbd.__all__) <= set(dir(jtbd))
    with pytest.raises(AttributeError, match="no attribute 'opportunities'"):
        jtbd.opportunities  # noqa: B018 - the look-up is the test
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(MissingDependencyError, match=r"pmkit-core\[frames\]"):
        tally("i", "s", data=object())
