"""Collecting an experiment from rows: pmkit against each engine's own fused shifted sums, and against tea-tasting.

Prints the tables of docs/how-to/collect-from-your-engine.md as Markdown, to be pasted there. All calls of one row are
taken in turns, and the fastest of each counts. `--memory` alone prints the second table.
"""

from __future__ import annotations

import datetime as dt
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

METRICS = 10
ROWS = 1_000_000
MANY = 10_000_000
PEERS = ("polars", "duckdb", "pandas", "pyarrow", "ibis-framework", "narwhals", "tea-tasting", "numpy")
KINDS = ("polars", "polars, lazy, from parquet", "pandas", "pyarrow", "dict of arrays", "DuckDB, from parquet")


def rows(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Make rows of an experiment: a variant, ten metrics, ten covariates."""
    rng = np.random.default_rng(seed)
    data = {"variant": np.where(rng.random(count) < 0.5, "control", "picks")}
    for index in range(METRICS):
        before = rng.gamma(2.0, 3.0, count)
        data[f"before{index}"] = before
        data[f"metric{index}"] = before + rng.normal(size=count)
    return data


def fastest(calls: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Return the fastest of several runs of each call, in seconds, the calls taken in turns."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(times):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


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
    """Ask tea-tasting for the same aggregates (and its analysis, which takes some milliseconds)."""
    import tea_tasting as tt

    metrics = {f"m{index}": tt.Mean(f"metric{index}", f"before{index}") for index in range(METRICS)}
    return tt.Experiment(metrics).analyze(data, control="control")


def speed(folder: Path) -> None:
    """Print the table of times and ratios."""
    import duckdb
    import ibis
    import polars as pl

    from pmkit import experiments as ex

    plan, data = plan_of(), rows(ROWS)
    frame, path = pl.DataFrame(data), folder / "rows.parquet"
    frame.write_parquet(path)
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"create table t as select * from '{path}'")
    table = ibis.duckdb.from_connection(connection).table("t")
    pandas, arrow = frame.to_pandas(), frame.to_arrow()

    def own_polars(lazy: object) -> Callable[[], object]:
        return lambda: fused_polars(lazy).collect()  # type: ignore[attr-defined]

    def own_duckdb(name: str) -> Callable[[], object]:
        return lambda: fused_duckdb(connection, name)

    sources: dict[str, tuple[object, Callable[[], object] | None, object]] = {
        "polars": (frame, lambda: fused_polars(frame), frame),
        "polars, lazy": (frame.lazy(), own_polars(frame.lazy()), frame.lazy()),
        "polars, lazy, from parquet": (pl.scan_parquet(path), own_polars(pl.scan_parquet(path)), pl.scan_parquet(path)),
        "DuckDB relation": (connection.table("t"), own_duckdb("t"), table),
        "DuckDB by Ibis": (table, own_duckdb("t"), table),
        "parquet by path": (path, own_duckdb(f"'{path}'"), None),
        "pandas": (pandas, None, pandas),
        "pyarrow": (arrow, None, arrow),
        "dict of arrays": (data, None, None),
    }
    print("| source | pmkit | the engine's own fused sums | ratio | tea-tasting | ratio |")
    print("|---|---|---|---|---|---|")
    for name, (source, own, peer) in sources.items():
        calls: dict[str, Callable[[], object]] = {"ours": lambda source=source: ex.collect(plan, source)}  # type: ignore[misc]
        if own is not None:
            calls["own"] = own
        slow = name in {"pandas", "pyarrow"}
        if peer is not None and not slow:
            calls["tea"] = lambda peer=peer: tea(peer)  # type: ignore[misc]
        best = fastest(calls, 7)
        if slow:
            best |= fastest({"tea": lambda peer=peer: tea(peer)}, 2)  # type: ignore[misc]
        cells = [f"{best['ours']:.3f}"]
        for other in ("own", "tea"):
            there = other in best
            ratio = best["ours"] / best["own"] if other == "own" and there else best.get("tea", 0.0) / best["ours"]
            cells += [f"{best[other]:.3f}", f"{ratio:.1f}"] if there else ["", ""]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def memory() -> None:
    """Print the table of what collecting adds to the peak of memory, each in a process of its own."""
    print(f"| {MANY:,} rows from | the data | collecting adds |")
    print("|---|---|---|")
    for kind in KINDS:
        found = subprocess.run([sys.executable, __file__, "--one", kind], capture_output=True, text=True, check=False)
        print(f"| {kind} | {found.stdout.strip() or 'failed: ' + found.stderr.strip()[-200:]} |", flush=True)


def measure_memory(kind: str) -> None:
    """Print the size of this process with the data, and how far its peak rises while it collects, in megabytes."""
    from pmkit import experiments as ex

    folder = Path(tempfile.mkdtemp())
    try:
        ex.collect(plan_of(), _data(kind, folder, ROWS // 100))
        data = _data(kind, folder, MANY)
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = _peak()
        ex.collect(plan_of(), data)
        print(f"{before / 1024:,.0f} MB | {(_peak() - before) / 1024:,.0f} MB")
    finally:
        shutil.rmtree(folder)


def _data(kind: str, folder: Path, count: int) -> object:
    """Make rows: ten times the same tenth, since only their number matters here."""
    import polars as pl

    tenth = pl.DataFrame(rows(count // 10))
    if "parquet" in kind:
        paths = [folder / f"{count} {index}.parquet" for index in range(10)]
        for path in paths:
            tenth.write_parquet(path)
        return paths if "DuckDB" in kind else pl.scan_parquet(paths)
    frame = pl.concat([tenth] * 10, rechunk=True)
    return {
        "polars": lambda: frame,
        "pandas": frame.to_pandas,
        "pyarrow": frame.to_arrow,
        "dict of arrays": lambda: (
            {name: frame[name].to_numpy() for name in frame.columns if name != "variant"}
            | {"variant": np.tile(np.asarray(tenth["variant"].to_list()), 10)}
        ),
    }[kind]()


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def main() -> None:
    """Print versions and both tables."""
    if "--one" in sys.argv:
        measure_memory(sys.argv[-1])
        return
    print(dt.date.today().isoformat(), ", ".join(f"{name} {version(name)}" for name in PEERS))  # noqa: DTZ011
    if "--memory" not in sys.argv:
        print(f"\n{ROWS:,} rows, {METRICS} metrics with covariates; seconds of wall clock, fastest of seven\n")
        folder = Path(tempfile.mkdtemp())
        try:
            speed(folder)
        finally:
            shutil.rmtree(folder)
    print()
    memory()


if __name__ == "__main__":
    main()
