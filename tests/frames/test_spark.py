"""The same Ibis expression on a real local Spark and on DuckDB."""

from __future__ import annotations

import os

import numpy as np
import polars as pl
import pytest

from pmkit import experiments as ex

pytestmark = pytest.mark.spark
ROWS, PARTITIONS = 10_000_000, 32


@pytest.fixture(scope="module")
def spark():
    pyspark = pytest.importorskip("pyspark", reason="Spark is not installed")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        pyspark.sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def files(spark, tmp_path_factory):
    from pyspark.sql import functions as f

    folder = str(tmp_path_factory.mktemp("rows") / "parquet")
    noise = f.randn(7) * 3
    rows = spark.range(0, ROWS, 1, PARTITIONS).select(
        f.when(f.col("id") % 2 == 0, "control").otherwise("picks").alias("variant"),
        (f.rand(11) < 0.3).alias("started"),
        (noise + 1e9).alias("minutes"),
        (noise + f.randn(13)).alias("before"),
        (f.col("id") % 7).alias("clicks"),
        (f.col("id") % 7 + 1 + f.col("id") % 3).alias("views"),
    )
    rows.write.parquet(folder)
    return folder


def plan():
    return ex.Plan(
        goal=ex.proportion("started", minimum_effect=0.01),
        secondary=[ex.mean("minutes", covariate="before"), ex.ratio("clicks", "views"), ex.count("clicks")],
        split={"control": 1, "picks": 1},
    )


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::ResourceWarning"
)
def test_ten_million_rows_in_32_partitions_agree_with_duckdb(spark, files):
    import ibis

    frame = spark.read.parquet(files).repartition(PARTITIONS)
    assert frame.rdd.getNumPartitions() == PARTITIONS
    frame.createOrReplaceTempView("rows")
    table = ibis.pyspark.connect(spark).table("rows")
    on_spark = ex.collect(plan(), table)
    on_duckdb = ex.collect(plan(), files + "/*.parquet")
    assert sum(on_spark.units.values()) == ROWS
    assert on_spark.units == on_duckdb.units
    for key, held in on_duckdb.moments.items():
        other = on_spark.moments[key]
        assert other.n == held.n
        assert other.mean == pytest.approx(held.mean, rel=1e-12)
        assert other.variance == pytest.approx(held.variance, rel=1e-12)
        for part in held.parts[1:]:
            assert other.covariance("value", part) == pytest.approx(held.covariance("value", part), rel=1e-11)
    assert ex.analyze(plan(), on_spark).effects[0].effect == pytest.approx(
        ex.analyze(plan(), on_duckdb).effects[0].effect, rel=1e-9
    )


def players(arm, units, kept):
    return pl.DataFrame({"arm": np.full(units, arm), "returned": np.arange(units) < kept})


def shoppers(arm, units, mean, variance):
    half = units // 2
    away = (variance * (units - 1) / units) ** 0.5
    return pl.DataFrame({"arm": np.full(units, arm), "spend": np.repeat([mean - away, mean + away], half)})


COOKIE_CATS = pl.concat([players("gate_30", 44_700, 8_502), players("gate_40", 45_489, 8_279)])
ASOS = pl.concat([shoppers("control", 1_050_994, 0.58677, 0.24247), shoppers("treatment", 1_050_508, 0.58727, 0.24238)])


def cookie_plan():
    return ex.Plan(
        goal=ex.proportion("returned", minimum_effect=0.005), control="gate_30", split={"gate_30": 1, "gate_40": 1}
    )


def asos_plan(units):
    return ex.Plan(goal=ex.mean("spend", minimum_effect=0.01), split={"control": 1, "treatment": 1}, units=units)


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::ResourceWarning"
)
@pytest.mark.parametrize(
    ("rows", "plan", "verdict"),
    [
        (COOKIE_CATS, cookie_plan(), "roll back"),
        (ASOS, asos_plan(2_100_000), "iterate"),
        (ASOS, asos_plan(4_200_000), "keep running"),
    ],
    ids=["Cookie Cats", "ASOS at its end", "ASOS under way"],
)
def test_published_experiments_get_one_verdict_on_three_engines(spark, tmp_path, rows, plan, verdict):
    import ibis

    path = str(tmp_path / "rows.parquet")
    rows.write_parquet(path)
    spark.read.parquet(path).createOrReplaceTempView("published")
    sources = {
        "duckdb": path,
        "polars": pl.scan_parquet(path),
        "spark": ibis.pyspark.connect(spark).table("published"),
        "spark frame": spark.read.parquet(path),
    }
    measured = {name: ex.collect(plan, source, variant="arm") for name, source in sources.items()}
    for found in measured.values():
        assert found.units == dict(rows.group_by("arm").len().iter_rows())
        for key, held in measured["polars"].moments.items():
            assert found.moments[key].mean == pytest.approx(held.mean, rel=1e-12)
            assert found.moments[key].variance == pytest.approx(held.variance, rel=1e-12)
        result = ex.analyze(plan, found, look="final" if plan.units is None else None)
        assert ex.decide(plan, result, registered=plan.digest).verdict == verdict
