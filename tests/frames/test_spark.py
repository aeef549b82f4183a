"""The same Ibis expression on a real local Spark and on DuckDB."""

from __future__ import annotations

import os

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


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::ResourceWarning"
)
@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({"gate_30": (44_700, 8_502), "gate_40": (45_489, 8_279)}, "roll back"),
        ({"gate_30": (2_000, 380), "gate_40": (2_000, 384)}, "iterate"),
    ],
)
def test_rows_of_published_counts_give_the_same_verdict_on_spark(spark, counts, verdict):
    import ibis
    from pyspark.sql import functions as f

    pieces = [
        spark.range(units).select(f.lit(arm).alias("variant"), (f.col("id") < kept).alias("returned"))
        for arm, (units, kept) in counts.items()
    ]
    pieces[0].union(pieces[1]).createOrReplaceTempView("cookie_cats")
    both = ex.Plan(
        goal=ex.proportion("returned", minimum_effect=0.005), control="gate_30", split={"gate_30": 1, "gate_40": 1}
    )
    measured = ex.collect(both, ibis.pyspark.connect(spark).table("cookie_cats"))
    assert measured.units == {arm: units for arm, (units, _) in counts.items()}
    decision = ex.decide(both, ex.analyze(both, measured, look="final"))
    assert decision.verdict == verdict
