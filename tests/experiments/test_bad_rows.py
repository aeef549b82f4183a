"""Bad rows, as people meet them: each is refused in words, or read by a stated rule, on every engine alike."""

from __future__ import annotations

import math

import duckdb
import ibis
import polars as pl
import pytest

from pmkit import experiments as ex
from pmkit.errors import EngineError, InvalidValueError

ENGINES = {
    "dict": lambda frame, _: {name: frame[name].to_list() for name in frame.columns},
    "arrays": lambda frame, _: {name: frame[name].to_numpy() for name in frame.columns},
    "pandas": lambda frame, _: frame.to_pandas(),
    "polars": lambda frame, _: frame,
    "lazy polars": lambda frame, _: frame.lazy(),
    "pyarrow": lambda frame, _: frame.to_arrow(),
    "duckdb": lambda frame, _: duckdb.connect().from_arrow(frame.to_arrow()),
    "ibis": lambda frame, _: ibis.memtable(frame.to_arrow()),
    "parquet": lambda frame, folder: (frame.write_parquet(folder / "rows.parquet"), folder / "rows.parquet")[1],
}
SIZE = 40


@pytest.fixture(params=ENGINES)
def source(request, tmp_path):
    return lambda frame: ENGINES[request.param](frame, tmp_path)


def rows(**columns):
    base = {
        "user": list(range(SIZE)),
        "arm": ["a", "b"] * (SIZE // 2),
        "won": [place % 3 == 0 for place in range(SIZE)],
        "spend": [float(place % 7) / 4 for place in range(SIZE)],
        "before": [float(place % 5) for place in range(SIZE)],
    }
    return pl.DataFrame(base | columns)


def plan(**options):
    return ex.Plan(
        goal=ex.proportion("won", minimum_effect=0.1),
        secondary=[ex.mean("spend", covariate="before")],
        control="a",
        split={"a": 1, "b": 1},
        **options,
    )


def spend(change):
    return [change.get(place, float(place % 7)) for place in range(SIZE)]


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({}, {"variant": "amr"}, ["variant: the data have no column 'amr'", "did you mean 'arm'"]),
        ({}, {"unit": "usr"}, ["unit: the data have no column 'usr'", "did you mean 'user'"]),
        ({"arm": ["a", "B"] * 20}, {}, ["variant 'B'", "(20 rows) is not in the plan", "variant 'b' has 0 rows"]),
        ({"arm": ["a"] * SIZE}, {}, ["variant 'b' has 0 rows in column 'arm'"]),
        ({"arm": ["a", None] * 20}, {}, ["column 'arm' is empty in 20 rows"]),
        ({"spend": ["1,5"] * SIZE}, {}, ["column 'spend' holds", "not numbers", "cast it"]),
        (
            {"spend": spend({0: math.inf, 3: -math.inf, 5: math.inf})},
            {},
            ["'spend' has 1 infinite values where 'arm' is 'a'", "'spend' has 2 infinite values where 'arm' is 'b'"],
        ),
        (
            {"spend": spend({0: None, 2: None, 1: math.nan}), "before": spend({4: None})},
            {},
            [
                "column 'before' has 1 missing values where 'arm' is 'a'",
                "column 'spend' has 2 missing values where 'arm' is 'a'",
                "column 'spend' has 1 missing values where 'arm' is 'b'",
            ],
        ),
        ({"spend": spend({0: 1e200, 2: -1e200})}, {}, ["column 'spend' has 20 too large values where 'arm' is 'a'"]),
        ({"won": [place % 3 for place in range(SIZE)]}, {}, ["column 'won' where the variant is 'a' (20 rows) holds"]),
        ({"user": [place // 4 for place in range(SIZE)]}, {"unit": "user"}, ["variant 'a' has 10 rows that repeat"]),
        ({"user": [place // 2 for place in range(SIZE)]}, {"unit": "user"}, ["20 units", "more than one variant"]),
        ({"user": [None, *range(SIZE - 1)]}, {"unit": "user"}, ["column 'user' is empty in 1 rows"]),
        ({}, {"missing": {"spnd": "omit"}}, ["missing names 'spnd'", "did you mean 'spend'"]),
        ({}, {"missing": "drop"}, ["missing must be one of refuse, omit, zero, not 'drop'"]),
        ({}, {"until": "tomorrow"}, ["until", "'tomorrow'"]),
        ({}, {"exposed": "day", "until": "2026-11-20"}, ["exposed: the data have no column 'day'"]),
    ],
)
def test_each_fault_is_told_with_column_variant_and_count(source, columns, options, said):
    with pytest.raises(InvalidValueError) as told:
        ex.collect(plan(), source(rows(**columns)), **{"variant": "arm"} | options)
    for words in said:
        assert words in str(told.value)


def test_a_column_that_is_not_there_is_told_with_the_nearest_name(source):
    frame = rows().rename({"spend": "Spend"})
    with pytest.raises(InvalidValueError, match="no column 'spend'; did you mean 'Spend'"):
        ex.collect(plan(), source(frame), variant="arm")


def test_large_offsets_cost_no_digits(source):
    far = rows(spend=[1e15 + place % 7 for place in range(SIZE)])
    near = rows(spend=[float(place % 7) for place in range(SIZE)])
    one, other = (ex.collect(plan(), source(frame), variant="arm") for frame in (far, near))
    for arm in "ab":
        key = ("spend", arm, "")
        assert one.moments[key].variance == pytest.approx(other.moments[key].variance, rel=1e-12)
        assert one.moments[key].covariance("value", "covariate") == pytest.approx(
            other.moments[key].covariance("value", "covariate"), rel=1e-12
        )
        assert one.moments[key].mean - 1e15 == pytest.approx(other.moments[key].mean, abs=0.125)


def test_one_unit_is_measured_and_the_analysis_says_what_it_cannot_tell(source):
    found = ex.collect(plan(), source(rows()[:2]), variant="arm")
    assert dict(found.units) == {"a": 1, "b": 1}
    assert found.moments["spend", "a", ""].n == 1
    assert not ex.analyze(plan(), found, look="final").effects[1].defined


def test_no_rows_at_all_are_told(source):
    with pytest.raises(InvalidValueError, match=r"variant 'a' has 0 rows in column 'arm'.*variant 'b' has 0 rows"):
        ex.collect(plan(), source(rows()[:0]), variant="arm")


def test_names_with_quotes_are_names(source):
    odd = 'sp"end\'; drop table "x" --'
    names = {"arm": 'a`r"m', "spend": odd, "won": "won?", "before": "be fore"}
    quoted = ex.Plan(
        goal=ex.proportion("won?", minimum_effect=0.1),
        secondary=[ex.mean(odd, covariate="be fore")],
        control="it's",
        split={"it's": 1, 'a"b': 1},
        segments=["us\\er"],
    )
    arms = ["it's", 'a"b'] * (SIZE // 2)
    frame = rows(arm=arms).rename(names).with_columns(pl.lit("x'--").alias("us\\er"))
    found = ex.collect(quoted, source(frame), variant='a`r"m', unit="user")
    assert dict(found.units) == {"it's": 20, 'a"b': 20}
    assert found.segments == ("", "us\\er=x'--")
    plain = ex.collect(plan(), source(rows()), variant="arm")
    assert found.moments[odd, 'a"b', ""].mean == pytest.approx(plain.moments["spend", "b", ""].mean, rel=1e-15)


def viewed(query):
    backend = ibis.duckdb.connect()
    backend.raw_sql(f"create view failing as {query}")
    return backend.table("failing")


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.parametrize("kind", ["duckdb", "ibis", "lazy polars"])
def test_an_engine_that_fails_midway_is_told_with_column_variant_and_count(kind):
    query = (
        "select case when i % 2 = 0 then 'a' else 'b' end as arm, i % 3 = 0 as won, i::double as before, "
        "case when i < 301 then 1.5 else error('disk gone') end::double as spend from range(303) t(i)"
    )

    def broken(series):
        if (series > 300).any():
            raise RuntimeError("disk gone")
        return series

    def lazily():
        frame = pl.LazyFrame({"arm": ["a", "b"] * 151, "won": [True] * 302, "before": range(302)})
        return frame.with_columns(
            pl.col("before").cast(pl.Float64),
            spend=pl.col("before").map_batches(broken, return_dtype=pl.Int64).cast(pl.Float64),
        )

    data = {
        "duckdb": lambda: duckdb.connect().sql(query),
        "ibis": lambda: viewed(query),
        "lazy polars": lazily,
    }[kind]()
    with pytest.raises(EngineError) as told:
        ex.collect(plan(), data, variant="arm")
    assert "column 'spend'" in str(told.value)
    assert "disk gone" in str(told.value)
    if kind != "lazy polars":
        assert "'arm' 'a' (152 rows)" in str(told.value)


def test_a_closed_engine_is_told(tmp_path):
    del tmp_path
    connection = duckdb.connect()
    relation = connection.from_arrow(rows().to_arrow())
    connection.close()
    with pytest.raises(EngineError):
        ex.collect(plan(), relation, variant="arm")
