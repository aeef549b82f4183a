"""From whatever holds the data to rows in memory or an engine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from glob import glob
from pathlib import Path
from typing import TypeGuard

from pmkit.errors import EngineError, FileError, InvalidValueError
from pmkit.frames._duck import DuckEngine
from pmkit.frames._engines import Engine, IbisEngine, LazyEngine
from pmkit.frames._tables import FrameRows, Table, array_rows
from pmkit.model import quoted, require

__all__ = ["is_table", "source_of"]

_READERS = {
    ".parquet": "read_parquet",
    ".pq": "read_parquet",
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".gz": "read_csv",
}


def is_table(source: Table | Engine) -> TypeGuard[Table]:
    """Say whether a source is in memory."""
    return not isinstance(source, (LazyEngine, DuckEngine, IbisEngine))


def source_of(data: object) -> Table | Engine:
    """Open data frames, relations, Ibis tables, mappings of arrays, and files by path.

    Raises
    ------
    InvalidValueError
        For anything else.
    FileError
        For a path that is not there or cannot be read.
    MissingDependencyError
        When the library for it is not installed.
    """
    if isinstance(data, Mapping):
        return array_rows(data)
    paths = _paths(data)
    if paths:
        data = _opened(paths)
    if type(data).__module__.partition(".")[0] == "ibis":
        ibis = require("ibis", extra="sql", purpose="collecting from an Ibis table")
        if not isinstance(data, ibis.expr.types.Table):
            raise InvalidValueError(f"an Ibis table is wanted, not {type(data).__name__}")
        return IbisEngine.of(data)
    nw = require("narwhals", extra="frames", purpose="collecting from a data frame")
    try:
        frame = nw.from_native(data)
    except TypeError:
        raise InvalidValueError(
            f"data must be a data frame (pandas, polars, pyarrow), a DuckDB relation, an Ibis table, a mapping of "
            f"arrays, or the path of a parquet or CSV file, not {type(data).__name__}"
        ) from None
    try:
        if isinstance(frame, nw.DataFrame):
            return FrameRows.of(frame)
        return DuckEngine.of(frame) if frame.implementation.is_duckdb() else LazyEngine.of(frame)
    except Exception as error:
        said = str(error).strip().splitlines()
        message = f"the data engine cannot say what its columns are: {quoted(said[0] if said else '')}"
        raise EngineError(message) from error


def _paths(data: object) -> list[str]:
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, Sequence) and data and all(isinstance(one, (str, os.PathLike)) for one in data):
        return [os.fspath(one) for one in data]
    return []


def _opened(paths: Sequence[str]) -> object:
    found = []
    for path in paths:
        if "\0" in path:
            raise FileError(f"{quoted(path)} is not a path")
        matches = [path] if Path(path).is_file() else sorted(glob(path))  # noqa: PTH207 - patterns may be absolute
        if not matches:
            raise FileError(f"there is no file {quoted(path)}")
        found += matches
    suffixes = {Path(path).suffix.lower() for path in found}
    readers = {_READERS.get(suffix, "") for suffix in suffixes}
    if len(readers) != 1 or readers == {""}:
        known = ", ".join(_READERS)
        raise FileError(f"files must all be parquet or all be CSV ({known}), not {', '.join(sorted(suffixes))}")
    duckdb = require("duckdb", extra="sql", purpose="reading files by path")
    try:
        connection = duckdb.connect()
        connection.execute("set enable_progress_bar = false")
        return getattr(connection, readers.pop())([_literal(path) for path in found])
    except Exception as error:
        said = str(error).strip().splitlines()
        raise FileError(f"cannot read {quoted(found[0])}: {quoted(said[0] if said else '')}") from error


def _literal(path: str) -> str:
    """Keep the characters of a found file from being read as a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)
