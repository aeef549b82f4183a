"""Collecting an experiment from rows: pmkit against each engine's own fused shifted sums, and against tea-tasting."""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

METRICS = 10
ROWS = 1_000_000


def rows(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Make rows of an experiment: a variant, ten metrics, ten covariates."""
    rng = np.random.default_rng(seed)
    data = {"variant": np.where(rng.random(count) < 0.5, "control", "picks")}
    for index in range(METRICS):
        before = rng.gamma(2.0, 3.0, count)
        data[f"before{index}"] = before
        data[f"metric{index}"] = before + rng.normal(size=count)
    return data


def best(call: Callable[[], object], times: int = 5) -> float:
    """Return the fastest of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return min(spent)


def plan_of() -> object:
    """Make the plan that the collection answers."""
    from pmkit import experiments as ex

    metrics = [ex.mean(f"metric{index}", covariate=f"before{index}", minimum_effect=1) for index in range(METRICS)]
    return ex.Plan(goal=metrics[0], secondary=metrics[1:], split={"control": 1, "picks": 1})


def fused_polars(frame: object) -> object:
    """Ask polars for what pmkit returns, in polars' own words, pivots known."""
    import polars as pl

    asked = [pl.len()]
    for index in range(METRICS):
        x, y = pl.col(f"metric{index}") - 6.0, pl.col(f"before{index}") - 6.0
        names = (f"{index}{letter}" for letter in "abcde")
        parts = (x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum())
        asked += [part.alias(name) for part, name in zip(parts, names, strict=True)]
    return frame.group_by("variant").agg(asked)  # type: ignore[attr-defined]


def fused_duckdb(connection: object, table: str) -> object:
    """Ask DuckDB for what pmkit returns, in SQL, pivots known."""
    asked = ["count(*)"]
    for index in range(METRICS):
        x, y = f"(metric{index} - 6.0)", f"(before{index} - 6.0)"
        asked += [f"sum({x})", f"sum({y})", f"sum({x}*{x})", f"sum({y}*{y})", f"sum({x}*{y})"]
    return connection.execute(f"select variant, {', '.join(asked)} from {table} group by variant").fetchall()  # type: ignore[attr-defined]


def tea(data: object) -> object:
    """Ask tea-tasting for the same aggregates."""
    import tea_tasting as tt

    metrics = {f"m{index}": tt.Mean(f"metric{index}", f"before{index}") for index in range(METRICS)}
    return tt.Experiment(metrics).analyze(data, control="control")


def memory(kind: str, count: int) -> float:
    """Return how far the peak of memory rises while collecting, in megabytes, in a process of its own."""
    found = subprocess.run(
        [sys.executable, __file__, "--memory", kind, str(count)], check=True, capture_output=True, text=True
    )
    return float(found.stdout)


def measure_memory(kind: str, count: int) -> None:
    """Print the rise of this process' peak while it collects."""
    import gc

    import polars as pl

    from pmkit import experiments as ex

    folder = Path(tempfile.mkdtemp())
    if kind == "parquet":
        pieces = []
        for index in range(10):
            pieces.append(str(folder / f"{index}.parquet"))
            pl.DataFrame(rows(count // 10, index)).write_parquet(pieces[-1])
        data: object = pieces
    else:
        frame = pl.concat([pl.DataFrame(rows(count // 10, index)) for index in range(10)], rechunk=False)
        data = {"polars": lambda: frame, "pandas": frame.to_pandas, "pyarrow": frame.to_arrow}[kind]()
        if kind != "polars":
            del frame
    small = {"control": {"variant": ["control", "picks"] * 50}}["control"]
    for index in range(METRICS):
        small[f"metric{index}"] = small[f"before{index}"] = [1.0, 2.0] * 50
    ex.collect(plan_of(), pl.DataFrame(small) if kind != "parquet" else small)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = _peak()
    ex.collect(plan_of(), data)
    print((_peak() - before) / 1024)


def _peak() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Print the table of ratios."""
    import duckdb
    import ibis
    import polars as pl

    from pmkit import experiments as ex

    peers = ("polars", "duckdb", "pandas", "pyarrow", "ibis-framework", "narwhals", "tea-tasting", "numpy")
    print(dt.date.today().isoformat(), ", ".join(f"{name} {version(name)}" for name in peers))  # noqa: DTZ011
    plan, data = plan_of(), rows(ROWS)
    frame = pl.DataFrame(data)
    folder = Path(tempfile.mkdtemp())
    path = folder / "rows.parquet"
    frame.write_parquet(path)
    connection = duckdb.connect()
    connection.execute(f"create table t as select * from '{path}'")
    backend = ibis.duckdb.from_connection(connection)
    own = {
        "polars": best(lambda: fused_polars(frame)),
        "polars lazy": best(lambda: fused_polars(frame.lazy()).collect()),  # type: ignore[attr-defined]
        "DuckDB relation": best(lambda: fused_duckdb(connection, "t")),
        "DuckDB by Ibis": best(lambda: fused_duckdb(connection, "t")),
        "parquet by path": best(lambda: fused_duckdb(connection, f"'{path}'")),
    }
    sources = {
        "polars": frame,
        "polars lazy": frame.lazy(),
        "pandas": frame.to_pandas(),
        "pyarrow": frame.to_arrow(),
        "dict of arrays": data,
        "DuckDB relation": connection.table("t"),
        "DuckDB by Ibis": backend.table("t"),
        "parquet by path": str(path),
    }
    print(f"{ROWS:,} rows, {METRICS} metrics with covariates; seconds, best of five")
    print(f"{'source':18}{'pmkit':>8}{'own sums':>10}{'ratio':>7}{'tea-tasting':>13}{'ratio':>7}")
    for name, source in sources.items():
        ours = best(lambda source=source: ex.collect(plan, source))
        theirs = own.get(name)
        peer = (
            None
            if name in {"dict of arrays", "parquet by path", "DuckDB relation"}
            else best(lambda source=source: tea(source), 2)
        )
        print(
            f"{name:18}{ours:8.3f}"
            + (f"{theirs:10.3f}{ours / theirs:7.2f}" if theirs else f"{'':17}")
            + (f"{peer:13.3f}{peer / ours:7.1f}" if peer else "")
        )
    for kind in sys.argv[1:] or ("polars", "pandas", "pyarrow", "parquet"):
        print(f"10,000,000 rows from {kind}: the peak of memory rises by {memory(kind, 10_000_000):,.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(sys.argv[2], int(sys.argv[3]))
    else:
        main()
