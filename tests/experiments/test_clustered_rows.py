"""Rows finer than what was randomized: summed up per cluster on every engine, and compared as ratios."""

from __future__ import annotations

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest

from pmkit import experiments as ex
from pmkit import frames
from pmkit.errors import InvalidValueError
from pmkit.stats import cluster_moments, compare_ratios

ENGINES = {
    "dict": lambda frame: {name: frame[name].to_list() for name in frame.columns},
    "pandas": lambda frame: frame.to_pandas(),
    "polars": lambda frame: frame,
    "lazy polars": lambda frame: frame.lazy(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
    "ibis": lambda frame: ibis.memtable(frame.to_arrow()),
}


def sessions(users=120, seed=0, effect=0.0, taste=1.0):
    """Make sessions of users; users differ, so that their sessions are alike."""
    rng = np.random.default_rng(seed)
    many = rng.integers(1, 9, users)
    user = np.repeat(np.arange(users), many)
    taste = taste * rng.normal(size=users)[user]
    arm = np.where(user % 2 == 0, "a", "b")
    return pl.DataFrame(
        {
            "user": user,
            "arm": arm,
            "os": rng.choice(["ios", "web"], len(user)),
            "won": taste + rng.normal(size=len(user)) > 0.5,
            "spend": 5 + taste + rng.normal(size=len(user)) + effect * (arm == "b"),
            "before": taste + rng.normal(size=len(user)),
            "views": rng.integers(1, 5, len(user)),
        }
    )


def plan(**options):
    return ex.Plan(
        goal=ex.mean("spend", minimum_effect=0.1),
        secondary=[ex.proportion("won"), ex.ratio("spend", "views", name="per view")],
        split={"a": 1, "b": 1},
        control="a",
        analysis_unit="session",
        cluster="user",
        **options,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_moments_are_those_of_the_clusters(engine):
    frame = sessions()
    found = ex.collect(plan(segments=["os"]), ENGINES[engine](frame), variant="arm")
    assert dict(found.units) == {"a": 60, "b": 60}
    for arm in "ab":
        for segment in ("", "ios", "web"):
            part = frame.filter((pl.col("arm") == arm) & ((pl.col("os") == segment) | (segment == "")))
            users = part["user"].to_list()
            key = (arm, f"os={segment}" if segment else "")
            for metric, value, denominator in (
                ("spend", "spend", None),
                ("won", "won", None),
                ("per view", "spend", "views"),
            ):
                expected = cluster_moments(
                    part[value].cast(pl.Float64).to_list(),
                    users,
                    denominator=part[denominator].to_list() if denominator else None,
                )
                held = found.moments[metric, *key]
                assert held.n == expected.n == len(set(users))
                assert held.mean == pytest.approx(expected.mean, rel=1e-12)
                assert held.variance == pytest.approx(expected.variance, rel=1e-12)
                assert held.covariance("value", "denominator") == pytest.approx(
                    expected.covariance("value", "denominator"), rel=1e-11
                )


def test_the_analysis_is_the_clustered_comparison():
    frame = sessions(effect=0.4)
    result = ex.analyze(plan(), ex.collect(plan(), frame, variant="arm"), look="final")
    arms = [
        cluster_moments(part["spend"].to_list(), part["user"].to_list())
        for part in (frame.filter(pl.col("arm") == arm) for arm in "ab")
    ]
    expected = compare_ratios(*arms)
    assert result.effects[0].effect == pytest.approx(expected.effect, rel=1e-12)
    assert result.effects[0].standard_error == pytest.approx(expected.standard_error, rel=1e-12)
    rows = frame.group_by("arm").agg(pl.col("won").mean()).sort("arm")["won"]
    assert result.effects[1].effect == pytest.approx(rows[1] - rows[0], rel=1e-12)


def test_a_covariate_sharpens_clustered_rows_too():
    sharp = ex.Plan(
        goal=ex.mean("spend", covariate="before", minimum_effect=0.1),
        split={"a": 1, "b": 1},
        control="a",
        analysis_unit="session",
        cluster="user",
    )
    frame = sessions(600)
    with_it, without = (
        ex.analyze(one, ex.collect(one, frame, variant="arm"), look="final").effects[0] for one in (sharp, plan())
    )
    assert with_it.standard_error < 0.9 * without.standard_error


def test_clusters_keep_false_positives_where_rows_would_not():
    flat = ex.Plan(goal=ex.mean("spend", minimum_effect=0.1), split={"a": 1, "b": 1}, control="a")
    wrong = dict.fromkeys(("clusters", "rows"), 0)
    for seed in range(60):
        frame = sessions(60, seed, taste=3.0)
        for name, one in (("clusters", plan()), ("rows", flat)):
            effect = ex.analyze(one, ex.collect(one, frame, variant="arm"), look="final").effects[0]
            wrong[name] += not effect.interval.lower <= 0 <= effect.interval.upper
    assert wrong["clusters"] <= 8  # 0.9 % of samples of 60 at 5 % hold more
    assert wrong["rows"] >= 15


@pytest.mark.parametrize("looks", [ex.GroupSequential(looks=2), ex.AlwaysValid(), ex.Bayesian()])
def test_every_way_of_looking_reads_clusters(looks):
    both = ex.Plan(
        goal=ex.proportion("won", minimum_effect=0.1),
        split={"a": 1, "b": 1},
        control="a",
        analysis_unit="session",
        cluster="user",
        looks=looks,
        units=240,
    )
    frame = sessions()
    effect = ex.analyze(both, ex.collect(both, frame, variant="arm"), look="final").effects[0]
    rows = frame.group_by("arm").agg(pl.col("won").mean()).sort("arm")["won"]
    assert effect.effect == pytest.approx(rows[1] - rows[0], rel=0.02)
    assert effect.interval.lower < effect.effect < effect.interval.upper


@pytest.mark.parametrize("rule", ["omit", "zero"])
@pytest.mark.parametrize("engine", ENGINES)
def test_missing_values_leave_out_rows_and_clusters_without_any(engine, rule):
    frame = sessions().with_columns(
        spend=pl.when((pl.col("user") == 4) | (pl.int_range(pl.len()) % 5 == 0)).then(None).otherwise("spend")
    )
    measures = [frames.Measure(name="m", value="spend", covariate="before", limits=(4, 6))]
    found = frames.group_moments(ENGINES[engine](frame), measures, by="arm", missing=rule, cluster="user")
    assert found.sizes == (60, 60)
    part = frame.filter(pl.col("arm") == "a")
    part = part.drop_nulls("spend") if rule == "omit" else part.with_columns(pl.col("spend").fill_null(0))
    expected = cluster_moments(part["spend"].clip(4, 6).to_list(), part["user"].to_list())
    held = found.select("m", arm="a")
    assert held.n == expected.n
    assert held.variance == pytest.approx(expected.variance, rel=1e-12)
    assert held.parts == ("value", "denominator", "covariate", "covariate_denominator")


@pytest.mark.parametrize("engine", ENGINES)
def test_clusters_that_cannot_be_are_told(engine):
    make = ENGINES[engine]
    frame = sessions()
    with pytest.raises(InvalidValueError, match="1 units of column 'user' are in more than one variant"):
        ex.collect(plan(), make(frame.with_columns(user=pl.col("user").replace(1, 0))), variant="arm")
    lost = frame.filter(pl.col("user") == 7).height
    with pytest.raises(InvalidValueError, match=f"column 'user' is empty in {lost} rows"):
        ex.collect(plan(), make(frame.with_columns(user=pl.col("user").replace(7, None))), variant="arm")
    with pytest.raises(InvalidValueError, match="the plan's cluster: the data have no column 'user'"):
        ex.collect(plan(), make(frame.drop("user")), variant="arm")
    bad = pl.when((pl.col("arm") == "a") & (pl.col("arm") == "a").cum_sum().le(3)).then(np.inf).otherwise("spend")
    with pytest.raises(InvalidValueError, match="'spend' has 3 infinite values where 'arm' is 'a'"):
        ex.collect(plan(), make(frame.with_columns(spend=bad)), variant="arm")
    with pytest.raises(InvalidValueError, match=r"'won' where the variant is 'a' .* holds more than 0 and 1"):
        ex.collect(plan(), make(frame.with_columns(won=pl.lit(2))), variant="arm")


def test_quantiles_and_repeated_units_point_to_what_to_do():
    several = ex.Plan(
        goal=ex.quantile("spend", 0.9, minimum_effect=1), split={"a": 1, "b": 1}, control="a", cluster="user"
    )
    with pytest.raises(InvalidValueError, match="a quantile of rows in clusters is not measured"):
        ex.collect(several, sessions(), variant="arm")
    flat = ex.Plan(goal=ex.mean("spend", minimum_effect=1), split={"a": 1, "b": 1}, control="a")
    with pytest.raises(InvalidValueError, match="plan with cluster='user'"):
        ex.collect(flat, sessions(), variant="arm", unit="user")


def test_no_rows_make_no_clusters():
    measures = [frames.Measure(name="m", value="spend")]
    for engine in ("dict", "polars", "duckdb"):
        found = frames.group_moments(ENGINES[engine](sessions()[:0]), measures, by="arm", cluster="user")
        assert found.keys == ()
