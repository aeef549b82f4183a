"""Collecting: from rows on any engine to measurements, and what is refused on the way."""

from __future__ import annotations

import datetime as dt
import math

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit import experiments as ex
from pmkit.errors import InvalidValueError
from pmkit.stats import Moments

ENGINES = {
    "dict": lambda frame: {name: frame[name].to_list() for name in frame.columns},
    "pandas": lambda frame: frame.to_pandas(),
    "polars": lambda frame: frame,
    "lazy polars": lambda frame: frame.lazy(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
    "ibis": lambda frame: ibis.memtable(frame.to_arrow()),
}


def rows(count=400, seed=0):
    rng = np.random.default_rng(seed)
    clicks = rng.poisson(3, count)
    spend = rng.gamma(2, 3, count)
    return pl.DataFrame(
        {
            "id": np.arange(count),
            "variant": np.where(np.arange(count) % 2 == 0, "a", "b"),
            "os": rng.choice(["ios", "web"], count),
            "won": rng.random(count) < 0.3,
            "spend": spend,
            "before": spend + rng.normal(size=count),
            "clicks": clicks,
            "views": clicks + rng.poisson(5, count),
            "day": [dt.date(2026, 11, 1 + place % 10) for place in range(count)],
        }
    )


def plan_of(**options):
    return ex.Plan(
        goal=ex.proportion("won", minimum_effect=0.01, window=7),
        secondary=[ex.mean("spend", covariate="before", winsorize=(0, 15)), ex.ratio("clicks", "views")],
        guardrails=[ex.count("clicks", margin=1)],
        split={"a": 1, "b": 1},
        control="a",
        segments=["os"],
        **options,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_measures_what_the_rows_say(engine):
    frame = rows()
    found = ex.collect(plan_of(), ENGINES[engine](frame), unit="id", exposed="day", until="2026-11-10")
    assert dict(found.units) == {"a": 200, "b": 200}
    assert found.segments == ("", "os=ios", "os=web")
    assert found.open_units == frame.filter(pl.col("day") > dt.date(2026, 11, 3)).height
    for variant in "ab":
        for segment in ("", "ios", "web"):
            part = frame.filter((pl.col("variant") == variant) & ((pl.col("os") == segment) | (segment == "")))
            key = (variant, f"os={segment}" if segment else "")
            expected = Moments.from_rows(part["spend"].clip(0, 15).to_list(), covariate=part["before"].to_list())
            held = found.moments["spend", *key]
            assert held.variance == pytest.approx(expected.variance, rel=1e-12)
            assert held.covariance("value", "covariate") == pytest.approx(
                expected.covariance("value", "covariate"), rel=1e-12
            )
            assert found.moments["won", *key].mean == pytest.approx(part["won"].mean(), rel=1e-14)
            ratio = found.moments["clicks/views", *key]
            assert ratio.mean_of("denominator") == pytest.approx(part["views"].mean(), rel=1e-14)


@settings(max_examples=20)
@given(
    count=st.integers(8, 80), cut=st.integers(4, 76), seed=st.integers(0, 9), engine=st.sampled_from(["dict", "polars"])
)
def test_two_halves_add_up_to_one_pass(count, cut, seed, engine):
    frame, cut = rows(count, seed), min(cut, count - 4)
    make = ENGINES[engine]
    whole = ex.collect(plan_of(), make(frame))
    both = ex.collect(plan_of(), make(frame[:cut])) + ex.collect(plan_of(), make(frame[cut:]))
    assert both.units == whole.units
    assert set(both.moments) == set(whole.moments)
    for key, held in whole.moments.items():
        assert both.moments[key].n == held.n
        assert both.moments[key].mean == pytest.approx(held.mean, rel=1e-12, abs=1e-12)
        assert both.moments[key].m2 == pytest.approx(held.m2, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_quantiles_take_their_own_road(engine):
    plan = ex.Plan(
        goal=ex.quantile("spend", 0.9, minimum_effect=1), split={"a": 1, "b": 1}, control="a", segments=["os"]
    )
    frame = rows()
    found = ex.collect(plan, ENGINES[engine](frame))
    assert not found.moments
    values = frame.filter(pl.col("variant") == "b")["spend"].to_numpy()
    assert found.estimates["spend p90", "b", ""].value == pytest.approx(
        np.quantile(values, 0.9, method="median_unbiased"), rel=1e-12
    )
    assert ex.analyze(plan, found).effects[0].defined


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.lit("c").alias("variant"), r"variant 'c' .*\(400 rows\) is not in the plan.*variant 'a' has 0 rows"),
        (pl.lit("a").alias("variant"), "variant 'b' has 0 rows"),
        (pl.lit(None, dtype=pl.String).alias("variant"), "'variant' is empty in 400 rows"),
        (pl.lit("x").alias("spend"), "'spend' holds .*not numbers"),
        (pl.lit(math.inf).alias("spend"), "'spend' has 200 infinite values where 'variant' is 'a'"),
        (pl.lit(None, dtype=pl.Float64).alias("before"), "'before' has 200 missing values"),
        (pl.lit(2).alias("won"), r"'won' where the variant is 'a' \(200 rows\) holds more than 0 and 1"),
        (pl.lit(-1).alias("clicks"), "'clicks' .* mean below 0"),
        ((pl.col("id") // 4).alias("id"), "variant 'a' has 100 rows that repeat a unit"),
        (pl.lit(None, dtype=pl.Int64).alias("id"), "'id' is empty in 400 rows"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "duckdb", "ibis"])
def test_bad_rows_are_refused_by_name_variant_and_count(engine, change, said):
    with pytest.raises(InvalidValueError, match=said):
        ex.collect(plan_of(), ENGINES[engine](rows().with_columns(change)), unit="id")


@pytest.mark.parametrize(
    "options",
    [
        {"variant": "varient"},
        {"segments": ["oss"]},
        {"unit": "idd"},
        {"exposed": "day"},
        {"missing": {"spent": "omit"}},
        {"segments": [3]},
    ],
)
def test_options_that_name_nothing_are_refused(options):
    with pytest.raises(InvalidValueError):
        ex.collect(plan_of(), rows(), **options)


def test_unknown_and_empty_variants_can_be_left_to_the_decision():
    frame = rows().with_columns(variant=pl.when(pl.col("id") < 3).then(pl.lit("c")).otherwise("variant"))
    found = ex.collect(plan_of(), frame, strict=False)
    assert found.units["c"] == 3
    assert ex.decide(plan_of(), ex.analyze(plan_of(), found, look="final")).verdict == "invalid"


def test_too_few_values_for_a_quantile_are_refused():
    plan = ex.Plan(goal=ex.quantile("spend", 0.99, minimum_effect=1), split={"a": 1, "b": 1}, control="a")
    with pytest.raises(InvalidValueError, match=r"too few values for 'spend p99' where the variant is 'a' \(10\)"):
        ex.collect(plan, rows(20))
    with pytest.raises(InvalidValueError, match="takes a Plan"):
        ex.collect(rows(), plan)
