"""Tables in memory as rows: data frames through narwhals, and mappings of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.errors import InvalidValueError
from pmkit.frames._measures import Kind
from pmkit.frames._pieces import ArrayPiece, FramePiece, Piece, PolarsPiece
from pmkit.model import quoted

__all__ = ["SPAN", "ArrayRows", "FrameRows", "Table", "array_rows", "kind_of", "spans"]

SPAN = 1 << 17

_KINDS: dict[str, Kind] = {"f": "float", "i": "integer", "u": "integer", "b": "boolean", "U": "text", "T": "text"}


def kind_of(dtype: Any) -> Kind:
    """Say what a narwhals data type holds."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "float"
    name = type(dtype).__name__
    return {"Boolean": "boolean", "String": "text", "Categorical": "text", "Enum": "text"}.get(name, "other")  # type: ignore[return-value]  # the words of Kind


class Table(Protocol):
    """A table in memory."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each column holds."""
        raise NotImplementedError

    @property
    def described(self) -> Mapping[str, str]:
        """The table's own word for each column's type."""
        raise NotImplementedError

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """Hand out the rows of some columns, some at a time."""
        raise NotImplementedError


@attrs.frozen
class FrameRows:
    """A data frame that is in memory, behind narwhals."""

    frame: Any
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    @classmethod
    def of(cls, frame: Any) -> FrameRows:
        """Wrap an eager narwhals frame."""
        schema = frame.schema
        return cls(
            frame,
            {name: kind_of(dtype) for name, dtype in schema.items()},
            {name: str(dtype) for name, dtype in schema.items()},
        )

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        native = self.frame.to_native()
        if self.frame.implementation.is_polars():
            chosen = native.select(columns)
            for rows in spans(chosen.height):
                yield PolarsPiece(chosen.slice(rows.start, rows.stop - rows.start), self.kinds)
            return
        series = {column: self.frame[column] for column in columns}
        arrays = {}
        if self.frame.implementation.is_pandas():
            arrays = {column: array for column in columns if (array := _plain(native[column])) is not None}
        for rows in spans(int(self.frame.shape[0])):
            yield FramePiece(series, arrays, self.kinds, rows)


def _plain(series: Any) -> npt.NDArray[np.float64] | None:
    """Return the doubles that a pandas series holds, if it holds doubles: a view, no copy."""
    return series.to_numpy() if isinstance(series.dtype, np.dtype) and series.dtype == np.float64 else None


def spans(count: int) -> Iterator[slice]:
    """Cut rows into spans of one size."""
    for first in range(0, count, SPAN):
        yield slice(first, min(first + SPAN, count))


@attrs.frozen
class ArrayRows:
    """Arrays of one length, by column."""

    arrays: Mapping[str, npt.NDArray[Any]]
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        chosen = {column: self.arrays[column] for column in columns}
        for rows in spans(len(next(iter(self.arrays.values()), ()))):
            yield ArrayPiece(chosen, rows)


def array_rows(data: Mapping[object, object]) -> ArrayRows:
    """Read a mapping of columns.

    Raises
    ------
    InvalidValueError
        For columns that are not one-dimensional or not of one length.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    faults = []
    for name, values in data.items():
        if not isinstance(name, str):
            faults.append(f"columns have names, not {quoted(name)}")
            continue
        array = values if isinstance(values, np.ndarray) else _array(values)
        if array.ndim != 1:
            faults.append(f"column {quoted(name)} must be one value a row, not of shape {array.shape}")
        arrays[name] = array
    lengths = {name: len(array) for name, array in arrays.items() if array.ndim == 1}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{quoted(name)} {length:,}" for name, length in lengths.items())
        faults.append(f"the columns are not of one length: {said}")
    if faults:
        raise InvalidValueError("; ".join(faults))
    kinds: dict[str, Kind] = {name: _KINDS.get(array.dtype.kind, "other") for name, array in arrays.items()}
    described = {name: str(array.dtype) for name, array in arrays.items()}
    return ArrayRows(arrays, kinds, described)


def _array(values: Any) -> npt.NDArray[Any]:
    """Make an array of a sequence; numbers with None become doubles with NaN."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        return np.asarray(values)
    present = [value for value in values if value is not None]
    if not present:
        return np.full(len(values), np.nan)
    if present and all(isinstance(value, (bool, int, float, np.number, np.bool_)) for value in present):
        lost = len(present) < len(values)
        return np.array([np.nan if value is None else value for value in values], np.float64 if lost else None)
    array = np.empty(len(values), object)
    array[:] = values
    if present and all(isinstance(value, str) for value in present) and len(present) == len(values):
        return np.asarray(values)
    return array
