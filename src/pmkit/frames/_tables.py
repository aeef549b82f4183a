"""Tables in memory as rows: data frames through narwhals, and mappings of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pmkit.errors import InvalidValueError
from pmkit.frames._measures import Kind
from pmkit.model import quoted

__all__ = ["ArrayRows", "FrameRows", "array_rows", "kind_of"]

_KINDS: dict[str, Kind] = {"f": "float", "i": "integer", "u": "integer", "b": "boolean", "U": "text", "T": "text"}


def kind_of(dtype: Any) -> Kind:
    """Say what a narwhals data type holds."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "float"
    name = type(dtype).__name__
    return {"Boolean": "boolean", "String": "text", "Categorical": "text", "Enum": "text"}.get(name, "other")  # type: ignore[return-value]  # the words of Kind


@attrs.frozen
class FrameRows:
    """A data frame that is in memory, behind narwhals."""

    frame: Any
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]
    _plain: frozenset[str]

    @classmethod
    def of(cls, frame: Any) -> FrameRows:
        """Wrap an eager narwhals frame."""
        schema = frame.schema
        return cls(
            frame,
            {name: kind_of(dtype) for name, dtype in schema.items()},
            {name: str(dtype) for name, dtype in schema.items()},
            frozenset(name for name, dtype in schema.items() if str(dtype) == "Float64"),
        )

    def __len__(self) -> int:
        return int(self.frame.shape[0])

    def distinct(self, column: str) -> list[object]:
        """Return a column's values, each once; None for missing, which comes last."""
        series = self.frame[column]
        lost = bool(series.is_null().any())
        found = [value for value in series.unique().to_list() if value is not None and value == value]  # noqa: PLR0124 - NaN
        lost = lost or (self.kinds[column] == "float" and bool(series.is_nan().any()))
        return [*sorted(found, key=_order), None] if lost else sorted(found, key=_order)

    def codes(self, column: str, values: Sequence[object], rows: slice) -> npt.NDArray[np.int64]:
        """Return for each row the place of its value."""
        series = self.frame[column][rows]
        if len(values) == 1:
            return np.zeros(len(series), np.int64)
        if len(values) <= _FEW:
            codes = np.full(len(series), len(values) - 1, np.int64)
            for place, value in enumerate(values[:-1]):
                if value is not None:
                    codes[(series == value).fill_null(False).to_numpy().astype(bool)] = place
            return codes
        known = [value for value in values if value is not None]
        lookup = {value: place for place, value in enumerate(known)}
        return np.fromiter((lookup.get(value, len(known)) for value in series.to_list()), np.int64, len(series))

    def numbers(self, column: str, rows: slice) -> npt.NDArray[np.float64]:
        """Return a column's values as doubles, NaN for missing."""
        import narwhals as nw

        series = self.frame[column][rows]
        if column not in self._plain:
            series = series.cast(nw.Float64)
        return np.asarray(series.to_numpy(), np.float64)


_FEW = 8


@attrs.frozen
class ArrayRows:
    """Arrays of one length, by column."""

    arrays: Mapping[str, npt.NDArray[Any]]
    kinds: Mapping[str, Kind]
    described: Mapping[str, str]

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values()), ()))

    def distinct(self, column: str) -> list[object]:
        """Return a column's values, each once; None for missing, which comes last."""
        found = dict.fromkeys(self.arrays[column].tolist())
        known = sorted((value for value in found if value is not None and value == value), key=_order)  # noqa: PLR0124 - NaN
        return known if len(known) == len(found) else [*known, None]

    def codes(self, column: str, values: Sequence[object], rows: slice) -> npt.NDArray[np.int64]:
        """Return for each row the place of its value."""
        known = [value for value in values if value is not None]
        lookup = {value: place for place, value in enumerate(known)}
        part = self.arrays[column][rows].tolist()
        return np.fromiter((lookup.get(value, len(known)) for value in part), np.int64, len(part))

    def numbers(self, column: str, rows: slice) -> npt.NDArray[np.float64]:
        """Return a column's values as doubles, NaN for missing."""
        return np.asarray(self.arrays[column][rows], np.float64)


def _order(value: object) -> tuple[str, Any]:
    if isinstance(value, (bool, int, float)):
        return "", float(value)
    return type(value).__name__, str(value)


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
    if values and not present:
        return np.full(len(values), np.nan)
    if present and all(isinstance(value, (bool, int, float, np.number, np.bool_)) for value in present):
        lost = len(present) < len(values)
        return np.array([np.nan if value is None else value for value in values], np.float64 if lost else None)
    array = np.empty(len(values), object)
    array[:] = values
    if present and all(isinstance(value, str) for value in present) and len(present) == len(values):
        return np.asarray(values)
    return array
