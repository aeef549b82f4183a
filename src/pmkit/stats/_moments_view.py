"""Reading, choosing and adding moments; how they are built stands in `_moments`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Self, cast

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Undefined, quoted, reason_code
from pmkit.stats._arrays import Codes, FloatArray, Number, plain
from pmkit.stats._blocks import Block, added, merged, taken
from pmkit.stats._parts import Part

__all__ = ["MomentsView"]

NO_DATA = reason_code("no data")
ONE_UNIT = reason_code("fewer than two units")
TOO_LARGE = reason_code("the number is too large for a double")


@attrs.frozen(init=False, repr=False, eq=False)
class MomentsView(Generic[Number]):
    """What moments can be asked: see `pmkit.stats.Moments`.

    Attributes
    ----------
    parts : tuple of str
        The parts of a unit, ``"value"`` first.
    block : Block
        The arrays behind, with the parts along the leading axes.
    """

    parts: tuple[Part, ...]
    block: Block

    def fill(self, parts: tuple[Part, ...], block: Block) -> None:
        """Set the fields of a new object; for constructors only."""
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "block", block)

    @classmethod
    def like(cls, parts: tuple[Part, ...], block: Block) -> Self:
        """Build moments from arrays that are known to be good."""
        moments = cls.__new__(cls)
        moments.fill(parts, block)
        return moments

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the groups; ``()`` for one group."""
        return self.block.n.shape

    @property
    def n(self) -> Number:
        """Number of units."""
        return cast("Number", plain(self.block.n, np.zeros(self.shape, np.uint8)))

    @property
    def mean(self) -> Number:
        """Mean of the value; undefined without units."""
        return self.mean_of("value")

    @property
    def m2(self) -> Number:
        """Sum of squared deviations of the value from its mean; 0 without units."""
        codes = np.where(np.isfinite(self.block.cross[0, 0]), 0, TOO_LARGE).astype(np.uint8)
        return cast("Number", plain(self.block.cross[0, 0], codes))

    @property
    def variance(self) -> Number:
        """Sample variance of the value (n - 1); undefined for fewer than two units."""
        return self.covariance("value", "value")

    @property
    def undefined(self) -> int | Codes:
        """Reason codes saying why there is no variance; 0 where there is one."""
        codes = self._codes()
        return codes if codes.ndim else int(codes)

    def mean_of(self, part: str) -> Number:
        """Return the mean of one part.

        Parameters
        ----------
        part : str
            ``"value"``, ``"denominator"``, ``"covariate"`` or ``"covariate_denominator"``.

        Returns
        -------
        float, Undefined or ndarray

        Raises
        ------
        InvalidValueError
            When the moments do not have that part.

        Examples
        --------
        >>> from pmkit.stats import Moments
        >>> Moments.from_rows([1, 2], covariate=[5, 7]).mean_of("covariate")
        6.0
        """
        index = self._index(part)
        codes = np.where(self.block.n > 0, 0, NO_DATA).astype(np.uint8)
        codes[~np.isfinite(self.block.means[index]) & (codes == 0)] = TOO_LARGE
        return cast("Number", plain(self.block.means[index] + self.block.remainders[index], codes))

    def covariance(self, first: str, second: str) -> Number:
        """Return the sample covariance of two parts, with n - 1; the variance of a part with itself.

        Parameters
        ----------
        first, second : str
            Names of parts.

        Returns
        -------
        float, Undefined or ndarray
            Undefined for fewer than two units.

        Raises
        ------
        InvalidValueError
            When the moments do not have such a part.

        Examples
        --------
        >>> from pmkit.stats import Moments
        >>> Moments.from_rows([1, 2, 3], covariate=[2, 4, 6]).covariance("value", "covariate")
        2.0
        """
        product = self.block.cross[self._index(first), self._index(second)]
        codes = self._codes()
        with np.errstate(over="ignore"):
            value = product / np.maximum(self.block.n - 1, 1e-300)
        codes[~np.isfinite(value) & (codes == 0)] = TOO_LARGE
        return cast("Number", plain(value, codes))

    def part(self, name: str) -> Self:
        """Return the moments of one part alone, as a value.

        Parameters
        ----------
        name : str
            Name of a part.

        Returns
        -------
        Moments

        Raises
        ------
        InvalidValueError
            When the moments do not have that part.

        Examples
        --------
        >>> from pmkit.stats import Moments
        >>> Moments.from_rows([1, 2], covariate=[5, 7]).part("covariate")
        Moments(n=2, mean=6.0, m2=2.0)
        """
        index = self._index(name)
        keep = slice(index, index + 1)
        block = self.block
        return self.like(("value",), Block(block.n, block.means[keep], block.remainders[keep], block.cross[keep, keep]))

    def merge(self, axis: int = 0) -> Self:
        """Add up the groups along one axis, such as days or shards.

        Parameters
        ----------
        axis : int
            The axis that goes away.

        Returns
        -------
        Moments

        Raises
        ------
        InvalidValueError
            When there is no such axis.

        Examples
        --------
        >>> from pmkit.stats import Moments
        >>> Moments.from_rows([[1, 2], [3, 6]]).merge().mean
        3.0
        """
        if not -len(self.shape) <= axis < len(self.shape):
            raise InvalidValueError(f"no axis {axis} in moments of shape {self.shape}")
        return self.like(self.parts, merged(self.block, axis % len(self.shape)))

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, MomentsView):
            return NotImplemented
        if other.parts != self.parts:
            mine, theirs = ", ".join(self.parts), ", ".join(other.parts)
            raise InvalidValueError(f"moments with different parts do not add: {mine} and {theirs}")
        try:
            np.broadcast_shapes(self.shape, other.shape)
        except ValueError:
            message = f"moments of shapes {self.shape} and {other.shape} do not add"
            raise InvalidValueError(message) from None
        return self.like(self.parts, added(self.block, other.block))

    def __radd__(self, other: int) -> Self:
        """Let `sum` start from its 0."""
        if other != 0:
            return NotImplemented
        return self

    def __getitem__(self, index: int | slice | tuple[int | slice, ...]) -> Self:
        """Return the moments at one place, or of fewer groups."""
        if not self.shape:
            raise InvalidValueError("moments of one group have no parts to choose; use its fields")
        try:
            chosen = taken(self.block, index if isinstance(index, tuple) else (index,))
        except IndexError:
            raise InvalidValueError(f"no place {quoted(index)} in moments of shape {self.shape}") from None
        return self.like(self.parts, chosen)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("moments of one group have no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MomentsView):
            return NotImplemented
        return self.parts == other.parts and self.block == other.block

    __hash__ = None  # type: ignore[assignment]  # arrays do not hash

    def __repr__(self) -> str:
        if self.shape:
            return f"<Moments of shape {self.shape}: {', '.join(self.parts)}>"
        count, m2 = float(self.block.n), float(self.block.cross[0, 0])
        shown = f"n={count:.0f}" if count.is_integer() else f"n={count!r}"
        further = f", parts={self.parts!r}" if len(self.parts) > 1 else ""
        mean = self.mean if isinstance(self.mean, Undefined) else float(self.block.means[0] + self.block.remainders[0])
        return f"Moments({shown}, mean={mean!r}, m2={m2!r}{further})"

    def __reduce__(self) -> tuple[object, ...]:
        block = self.block
        return _rebuilt, (type(self), self.parts, block.n, block.means, block.remainders, block.cross)

    def _index(self, part: str) -> int:
        if part not in self.parts:
            raise InvalidValueError(f"these moments have no {quoted(part)}; they have {', '.join(self.parts)}")
        return self.parts.index(part)

    def _codes(self) -> Codes:
        codes = np.where(self.block.n > 1, 0, ONE_UNIT)
        codes = np.where(self.block.n > 0, codes, NO_DATA).astype(np.uint8)
        large = ~np.isfinite(self.block.cross).all(axis=(0, 1)) | ~np.isfinite(self.block.means).all(axis=0)
        codes[large & (codes == 0)] = TOO_LARGE
        return codes


def _rebuilt(cls: type[MomentsView[Number]], parts: tuple[Part, ...], *arrays: FloatArray) -> MomentsView[Number]:
    return cls.like(parts, Block(*arrays))
