"""How numbers go in and come out: reading and broadcasting arguments, and results that know what is undefined.

A function reads its arguments with `Inputs` (all problems are told at once), computes on
float64 arrays, collects reason codes with `mark`, and builds its result with `finished`,
which turns results of scalars into Python scalars.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Self, TypeAlias, TypeVar, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.errors import InvalidValueError
from pmkit.model import REASONS, Interval, Table, Undefined, Value, did_you_mean, quoted, reason_code

__all__ = [
    "Arrays",
    "Codes",
    "FloatArray",
    "Inputs",
    "Number",
    "Numbers",
    "Result",
    "Scalar",
    "choice",
    "finished",
    "level",
    "mark",
    "plain",
    "read_only",
]

FloatArray: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.uint8]
Scalar: TypeAlias = float | Undefined
Arrays: TypeAlias = (
    NDArray[np.number]
    | NDArray[np.bool_]
    | Sequence[float]
    | Sequence[Sequence[float]]
    | Sequence[NDArray[np.number]]
    | Sequence[Sequence[Sequence[float]]]
)
Numbers: TypeAlias = float | Arrays
Number = TypeVar("Number", bound="float | Undefined | FloatArray", covariant=True)  # noqa: PLC0105 - reads better

TOO_LARGE = reason_code("the number is too large for a double")
NOT_ESTIMABLE = reason_code("not estimable from these data")


def choice(value: object, words: Sequence[str], name: str) -> str:
    """Want one of a closed vocabulary."""
    if isinstance(value, str) and value in words:
        return value
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    raise InvalidValueError(f"{name} must be one of {', '.join(words)}, not {quoted(value)}{hint}")


def level(value: object, name: str = "confidence") -> float:
    """Want one number strictly between 0 and 1."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InvalidValueError(f"{name} must be a number between 0 and 1, not {quoted(value)}")
    number = float(value)
    if not 0 < number < 1:
        hint = f" (for {number:g} % write {number / 100:g})" if 1 < number < 100 else ""  # noqa: PLR2004 - percent
        raise InvalidValueError(f"{name} must be above 0 and below 1, not {number:g}{hint}")
    return number


def read_only(array: FloatArray) -> FloatArray:
    """Return the same numbers in an array of their own that cannot be written to."""
    own = np.array(array, dtype=np.float64, copy=True)
    own.setflags(write=False)
    return own


@attrs.define
class Inputs:
    """The arguments of one call: read one by one, broadcast together, all problems told at once.

    A bound is inclusive in `lower` and `upper`, exclusive in `above` and `below`.
    """

    function: str
    problems: list[str] = attrs.field(factory=list)
    scalar: bool = True
    shapes: dict[str, tuple[int, ...]] = attrs.field(factory=dict)

    def number(
        self,
        name: str,
        value: object,
        *,
        lower: float = -math.inf,
        upper: float = math.inf,
        above: float = -math.inf,
        below: float = math.inf,
        whole: bool = False,
    ) -> FloatArray:
        """Read one argument; on a problem remember it and go on with ones."""
        array = self.convert(name, value)
        if array is None:
            return np.ones(())
        self.shapes[name] = array.shape
        self.scalar = self.scalar and array.ndim == 0
        good = np.isfinite(array)
        good &= (array >= lower) & (array <= upper) & (array > above) & (array < below)
        if whole:
            good &= array == np.floor(array)
        if not good.all():
            self.refuse(name, array, good, _wanted(lower, upper, above, below, whole=whole))
        return array

    def convert(self, name: str, value: object) -> FloatArray | None:
        """Turn an argument into a float64 array, or remember that it is none."""
        try:
            raw = np.asarray(value)
        except (ValueError, TypeError):
            self.problems.append(f"{name} must be a number or a regular array of numbers, not {quoted(value, 60)}")
            return None
        if raw.dtype.kind not in "biuf":
            raw = _numeric_objects(raw)
            if raw.dtype.kind != "f":
                self.problems.append(f"{name} must be a number or an array of numbers, not {quoted(value, 60)}")
                return None
        return raw.astype(np.float64)

    def refuse(self, name: str, array: FloatArray, good: NDArray[np.bool_], wanted: str) -> None:
        """Remember which members of an argument are out of range."""
        first = tuple(int(index) for index in np.argwhere(~good)[0]) if array.ndim else ()
        found = f"{name} must be {wanted}, not {float(array[first]):g}"
        if array.ndim:
            place = ", ".join(map(str, first))
            found += f" (at [{place}]; {int((~good).sum())} of {array.size} are out of range)"
        self.problems.append(found)

    def require(self, good: NDArray[np.bool_], message: str) -> None:
        """Remember a problem between several arguments unless all is good."""
        if not np.all(good):
            place = ""
            if np.ndim(good):
                first = ", ".join(str(int(index)) for index in np.argwhere(~np.asarray(good))[0])
                place = f" (at [{first}]; {int((~np.asarray(good)).sum())} of {good.size})"
            self.problems.append(message + place)

    def together(self, *arrays: FloatArray) -> list[FloatArray]:
        """Broadcast arrays to their common shape, after raising what is wrong with the arguments."""
        self.done()
        try:
            return [np.array(array, dtype=np.float64) for array in np.broadcast_arrays(*arrays)]
        except ValueError:
            self._shapes_differ()
            self.done()
            raise  # pragma: no cover - done() has raised

    def fit(self, *arrays: FloatArray) -> bool:
        """Say whether arrays broadcast, remembering the problem when they do not."""
        try:
            np.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError:
            self._shapes_differ()
            return False
        return True

    def _shapes_differ(self) -> None:
        shapes = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        self.problems.append(f"the shapes do not fit together: {shapes}")

    def done(self) -> None:
        """Raise everything that is wrong with the arguments, if anything is."""
        if self.problems:
            raise InvalidValueError(f"{self.function}: " + "; ".join(dict.fromkeys(self.problems)))


def _numeric_objects(raw: NDArray[np.generic]) -> NDArray[np.generic]:
    """Turn an object array of Python numbers (big integers, fractions, decimals) into floats where it can be done."""
    if raw.dtype.kind != "O" or not all(
        hasattr(member, "__float__") and not isinstance(member, (str, bytes, complex)) for member in raw.ravel()
    ):
        return raw
    try:
        return raw.astype(np.float64)
    except (OverflowError, TypeError, ValueError):
        return raw


def _wanted(lower: float, upper: float, above: float, below: float, *, whole: bool) -> str:
    noun = "a whole number" if whole else "a finite number"
    limits = []
    if lower > -math.inf:
        limits.append(f"at least {lower:g}")
    if above > -math.inf:
        limits.append(f"above {above:g}")
    if upper < math.inf:
        limits.append(f"at most {upper:g}")
    if below < math.inf:
        limits.append(f"below {below:g}")
    return " ".join([noun, " and ".join(limits)]).strip()


def mark(codes: Codes, where: NDArray[np.bool_] | bool, reason: str) -> None:  # noqa: FBT001 - a mask
    """Give a reason to the places that have none yet."""
    code = reason_code(reason)
    codes[np.logical_and(where, codes == 0)] = code


def _same(first: object, second: object) -> bool:
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        pair = (np.asarray(first), np.asarray(second))
        return np.array_equal(*pair, equal_nan=pair[0].dtype.kind == "f" and pair[1].dtype.kind == "f")
    return bool(first == second)


def plain(values: FloatArray | Codes, codes: Codes) -> Scalar | FloatArray:
    """Turn a 0-d array into a Python scalar (or its reason), and freeze any other."""
    if values.ndim == 0:
        code = int(codes)
        return Undefined(REASONS[code]) if code else float(values)
    own = np.where(codes == 0, values, np.nan)
    own.setflags(write=False)
    return own


Shaped = TypeVar("Shaped", bound="Result[Scalar] | Result[FloatArray] | Result[Scalar | FloatArray]")


def finished(
    cls: type[Shaped],
    codes: Codes,
    numbers: dict[str, FloatArray | Interval[FloatArray]],
    *,
    unbounded: Sequence[str] = (),
    **others: object,
) -> Shaped:
    """Build a result: NaN exactly where a code says why, frozen, and Python scalars for results of scalars.

    Numbers that came out too large, or as NaN without a reason, get one; interval bounds and the
    fields named in `unbounded` may be infinite.
    """
    for name, value in numbers.items():
        if isinstance(value, Interval):
            bad = np.isnan(value.lower) | np.isnan(value.upper)
            codes[bad & (codes == 0)] = NOT_ESTIMABLE
        else:
            codes[np.isnan(value) & (codes == 0)] = NOT_ESTIMABLE
            if name not in unbounded:
                codes[np.isinf(value) & (codes == 0)] = TOO_LARGE
    fields: dict[str, object] = {}
    for name, value in numbers.items():
        if isinstance(value, Interval):
            fields[name] = Interval(plain(value.lower, codes), plain(value.upper, codes))
        else:
            fields[name] = plain(value, codes)
    build = cast("Callable[..., Shaped]", cls)
    if codes.ndim:
        codes = codes.copy()
        codes.setflags(write=False)
        return build(**fields, undefined=codes, **others)
    return build(**fields, undefined=int(codes), **others)


class Result(Value, Table, Generic[Number]):
    """Parent of the results that hold one number, or arrays of them, a field.

    A subclass is an attrs class (with ``eq=False``, for content is compared here) with a field
    ``undefined`` of reason codes (see `pmkit.model.REASONS`); ``result[i]`` gives the result at one place.
    """

    __slots__ = ()
    undefined: int | Codes

    def __attrs_post_init__(self) -> None:
        """Freeze the arrays, which a pickle gives back writable."""
        for field in attrs.fields(type(self)):  # type: ignore[arg-type]  # every subclass is an attrs class
            value = getattr(self, field.name)
            for array in (value.lower, value.upper) if isinstance(value, Interval) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of every array of the result; ``()`` for a result of scalars."""
        return np.shape(self.undefined)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        fields = attrs.fields(type(self))  # type: ignore[arg-type]  # every subclass is an attrs class
        return all(_same(getattr(self, field.name), getattr(other, field.name)) for field in fields)

    __hash__ = None  # type: ignore[assignment]  # results may hold arrays

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a result of scalars has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int | slice | tuple[int | slice, ...]) -> Self:
        """Return the result at one place, with Python scalars, or a smaller result of arrays."""
        if not self.shape:
            raise InvalidValueError("a result of scalars has no parts to choose; use its fields")
        try:
            codes = np.asarray(cast("Codes", self.undefined)[index])
        except IndexError:
            raise InvalidValueError(f"no place {quoted(index)} in a result of shape {self.shape}") from None
        chosen: dict[str, object] = {}
        for field in attrs.fields(type(self)):  # type: ignore[arg-type]  # every subclass is an attrs class
            value = getattr(self, field.name)
            if field.name == "undefined":
                chosen[field.name] = codes if codes.ndim else int(codes)
            elif isinstance(value, Interval):
                chosen[field.name] = Interval(plain(value.lower[index], codes), plain(value.upper[index], codes))
            elif isinstance(value, np.ndarray):
                chosen[field.name] = plain(np.asarray(value[index]), codes)
            else:
                chosen[field.name] = value
        return type(self)(**chosen)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each place (in C order), with its index where there are several.

        Returns
        -------
        list of dict
        """
        if not self.shape:
            return [_row(self)]
        rows = []
        for index in np.ndindex(self.shape):
            place = {"index": index[0] if len(index) == 1 else index}
            rows.append({**place, **_row(self[index])})
        return rows


def _row(result: object) -> dict[str, object]:
    row: dict[str, object] = {}
    for field in attrs.fields(type(result)):  # type: ignore[arg-type]  # every result is an attrs class
        value = getattr(result, field.name)
        if isinstance(value, Interval):
            row["lower"], row["upper"] = value
        elif field.name != "undefined":
            row[field.name] = value
    return row
