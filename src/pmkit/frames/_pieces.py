"""Some rows of a table in memory: numbers as doubles, and for each row the place of its group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.frames._measures import Kind

__all__ = ["ArrayPiece", "FramePiece", "Labels", "Piece", "PolarsPiece"]

_FEW = 8

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Labels = tuple[IntArray, Sequence[object]]


class Piece(Protocol):
    """Some rows."""

    def __len__(self) -> int: ...

    def numbers(self, column: str) -> FloatArray:
        """Return a column's values as doubles, NaN for missing."""
        raise NotImplementedError

    def labels(self, column: str, known: Sequence[object]) -> Labels:
        """Return for each row the place of its value among values, which start with those known; None for missing."""
        raise NotImplementedError

    def values(self, column: str) -> list[object]:
        """Return a column's values as Python objects."""
        raise NotImplementedError


def _labels(
    count: int,
    known: Sequence[object],
    equals: Callable[[object], npt.NDArray[np.bool_]],
    distinct: Callable[[], Sequence[object]],
    listed: Callable[[], Sequence[object]],
) -> Labels:
    """Compare with each of a few values; look many up one by one."""
    values = list(known)
    if len(values) <= _FEW:
        codes = _compared(count, values, equals)
        if codes is None:
            values += [value for value in distinct() if value not in known]
            codes = _compared(count, values, equals) if len(values) <= _FEW else None
        if codes is not None:
            return codes, values
    places = {value: place for place, value in enumerate(values)}
    found = (None if value is None or value != value else value for value in listed())  # noqa: PLR0124 - NaN
    codes = np.fromiter((places.setdefault(value, len(places)) for value in found), np.intp, count)
    return codes, list(places)


def _compared(
    count: int, values: Sequence[object], equals: Callable[[object], npt.NDArray[np.bool_]]
) -> IntArray | None:
    codes = np.zeros(count, np.intp)
    left = count
    for place, value in enumerate(values):
        hit = equals(value)
        if place:
            codes += np.multiply(hit, place, dtype=np.intp)
        left -= int(np.count_nonzero(hit))
        if not left:
            return codes
    return None


@attrs.frozen
class ArrayPiece:
    """Rows of arrays."""

    arrays: Mapping[str, npt.NDArray[Any]]
    rows: slice

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start  # type: ignore[no-any-return]  # slices hold numbers here

    def numbers(self, column: str) -> FloatArray:
        return np.asarray(self.arrays[column][self.rows], np.float64)

    def labels(self, column: str, known: Sequence[object]) -> Labels:
        array = self.arrays[column][self.rows]
        listed = array.tolist
        if array.dtype.kind not in "UTbiuf":
            return _labels(len(self), [], np.asarray, list, listed)

        def equals(value: object) -> npt.NDArray[np.bool_]:
            same: npt.NDArray[np.bool_] = array != array if value is None else array == value  # noqa: PLR0124 - NaN
            return same

        def distinct() -> Sequence[object]:
            seen = dict.fromkeys(None if value != value else value for value in listed())  # noqa: PLR0124 - NaN
            return list(seen)

        return _labels(len(self), known, equals, distinct, listed)

    def values(self, column: str) -> list[object]:
        return list(self.arrays[column][self.rows].tolist())


@attrs.frozen
class FramePiece:
    """Rows of narwhals series, and of the arrays behind some of them."""

    series: Mapping[str, Any]
    arrays: Mapping[str, FloatArray]
    kinds: Mapping[str, Kind]
    rows: slice

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start  # type: ignore[no-any-return]  # slices hold numbers here

    def numbers(self, column: str) -> FloatArray:
        import narwhals as nw

        if column in self.arrays:
            return self.arrays[column][self.rows]
        part = self.series[column][self.rows]
        if part.dtype != nw.Float64:
            part = part.cast(nw.Float64)
        return np.asarray(part.to_numpy(), np.float64)

    def labels(self, column: str, known: Sequence[object]) -> Labels:
        return _series_labels(self.series[column][self.rows], self.kinds[column], known)

    def values(self, column: str) -> list[object]:
        return list(self.series[column][self.rows].to_list())


@attrs.frozen
class PolarsPiece:
    """A small polars frame, asked without a layer between: a few microseconds a column matter here."""

    frame: Any
    kinds: Mapping[str, Kind]

    def __len__(self) -> int:
        return int(self.frame.height)

    def numbers(self, column: str) -> FloatArray:
        import polars as pl

        series = self.frame[column]
        if series.dtype != pl.Float64:
            series = series.cast(pl.Float64)
        return np.asarray(series.to_numpy(), np.float64)

    def labels(self, column: str, known: Sequence[object]) -> Labels:
        import narwhals as nw

        series = nw.from_native(self.frame[column], series_only=True)
        return _series_labels(series, self.kinds[column], known)

    def values(self, column: str) -> list[object]:
        return list(self.frame[column].to_list())


def _series_labels(series: Any, kind: Kind, known: Sequence[object]) -> Labels:
    def equals(value: object) -> npt.NDArray[np.bool_]:
        if value is None:
            lost = series.is_null()
            hit = lost | series.is_nan().fill_null(False) if kind == "float" else lost
        else:
            hit = series == value
        return np.asarray((hit.fill_null(False) if hit.null_count() else hit).to_numpy(), np.bool_)

    def distinct() -> Sequence[object]:
        found = series.unique().to_list()
        return list(dict.fromkeys(None if value is None or value != value else value for value in found))  # noqa: PLR0124 - NaN

    return _labels(len(series), known, equals, distinct, series.to_list)
