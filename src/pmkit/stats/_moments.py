"""`Moments`: what is enough to know about the rows of a group, and adds exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast, overload

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Number, Numbers, Scalar
from pmkit.stats._blocks import Block, fitted, from_rows, from_sums, stacked
from pmkit.stats._doubles import product_minus
from pmkit.stats._moments_view import MomentsView
from pmkit.stats._parts import PARTS, checked_parts, read_parts

__all__ = ["Moments"]


@attrs.frozen(init=False, repr=False, eq=False)
class Moments(MomentsView[Number]):
    """Count, means and centered sums of products of one group, or of arrays of groups.

    This is all that ever travels from a data engine: moments of days, shards, segments and engines add
    up to the moments of the whole, in any order and grouping, to the last digits (Chan, Golub and
    LeVeque 1983). Means are kept to twice the digits of a double, so an offset of 1e10 costs nothing.

    Besides its value a unit may have up to three further parts: ``"denominator"`` (of a ratio metric),
    ``"covariate"`` (known before the experiment, for CUPED) and ``"covariate_denominator"``.

    Parameters
    ----------
    n : float or array
        Number of units in each group, from 0.
    mean : float or array
        Mean of the value.
    m2 : float or array
        Sum of squared deviations of the value from its mean, from 0.
    means : mapping of part to float or array
        Means of the further parts.
    cross : mapping of pairs of parts to float or array
        Sum of the products of deviations for each pair that involves a further part, squares
        included: ``{("value", "covariate"): ..., ("covariate", "covariate"): ...}``.

    Raises
    ------
    InvalidValueError
        When a number is out of range, shapes do not fit, or a part or pair is missing or unknown.

    Notes
    -----
    Arguments broadcast together; the shape is that of the groups, such as experiments x variants.

    Examples
    --------
    >>> Moments(3, 2.0, 2.0).variance
    1.0
    >>> monday, tuesday = Moments.from_rows([1, 2, 3]), Moments.from_rows([4, 5])
    >>> (monday + tuesday).mean
    3.0
    """

    @overload
    def __init__(
        self: Moments[Scalar],
        n: float,
        mean: float,
        m2: float,
        *,
        means: Mapping[str, float] = ...,
        cross: Mapping[tuple[str, str], float] = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: Moments[FloatArray],
        n: Numbers,
        mean: Numbers,
        m2: Numbers,
        *,
        means: Mapping[str, Numbers] = ...,
        cross: Mapping[tuple[str, str], Numbers] = ...,
    ) -> None: ...
    def __init__(
        self,
        n: Numbers,
        mean: Numbers,
        m2: Numbers,
        *,
        means: Mapping[str, Numbers] | None = None,
        cross: Mapping[tuple[str, str], Numbers] | None = None,
    ) -> None:
        inputs = Inputs("Moments")
        count = inputs.number("n", n, lower=0)
        parts, centers, products = read_parts(inputs, ("mean", mean), ("m2", m2), ("means", means), ("cross", cross))
        self.fill(parts, fitted(inputs, count, centers, products))

    @classmethod
    @overload
    def from_rows(
        cls,
        values: Sequence[float],
        *,
        denominator: Sequence[float] | None = ...,
        covariate: Sequence[float] | None = ...,
        covariate_denominator: Sequence[float] | None = ...,
    ) -> Moments[Scalar]: ...
    @classmethod
    @overload
    def from_rows(
        cls,
        values: Arrays,
        *,
        denominator: Arrays | None = ...,
        covariate: Arrays | None = ...,
        covariate_denominator: Arrays | None = ...,
    ) -> Moments[Scalar | FloatArray]: ...
    @classmethod
    def from_rows(
        cls,
        values: Arrays,
        *,
        denominator: Arrays | None = None,
        covariate: Arrays | None = None,
        covariate_denominator: Arrays | None = None,
    ) -> Moments[Scalar] | Moments[Scalar | FloatArray]:
        """Take the moments of rows; the units lie along the last axis.

        Parameters
        ----------
        values : array, shape (..., n)
            One number a unit.
        denominator, covariate, covariate_denominator : array, shape (..., n), optional
            The further parts, unit for unit.

        Returns
        -------
        Moments
            Of shape ``values.shape[:-1]``; no rows give n = 0.

        Raises
        ------
        InvalidValueError
            When a row is not a finite number, or the lengths differ; nothing is dropped silently.

        Notes
        -----
        Two passes about the rounded mean, with the correction of Chan, Golub and LeVeque (1983).

        Examples
        --------
        >>> Moments.from_rows([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).variance
        30.0
        """
        inputs = Inputs("Moments.from_rows")
        given = dict(zip(PARTS, (values, denominator, covariate, covariate_denominator), strict=True))
        rows = {
            name: inputs.number(name if name != "value" else "values", part)
            for name, part in given.items()
            if part is not None
        }
        if any(row.ndim == 0 for row in rows.values()):
            inputs.problems.append("rows must be arrays with one number a unit, not single numbers")
        inputs.done()
        parts = checked_parts(inputs, rows)
        shape = rows["value"].shape
        if any(row.shape != shape for row in rows.values()):
            shapes = ", ".join(f"{name} {row.shape}" for name, row in rows.items())
            inputs.problems.append(f"every part needs one number for each unit; the shapes are {shapes}")
        inputs.done()
        return cast("Moments[Scalar]", cls.like(parts, from_rows([rows[part] for part in parts])))

    @classmethod
    @overload
    def from_counts(  # type: ignore[overload-overlap]  # numbers alone are the narrower case
        cls, successes: float, trials: float
    ) -> Moments[Scalar]: ...
    @classmethod
    @overload
    def from_counts(cls: type[Moments[FloatArray]], successes: Numbers, trials: Numbers) -> Moments[FloatArray]: ...
    @classmethod
    def from_counts(cls, successes: Numbers, trials: Numbers) -> Moments[Scalar] | Moments[FloatArray]:
        """Take the moments of yes-or-no units (1 and 0) from their counts.

        Parameters
        ----------
        successes, trials : int or array
            Whole numbers with 0 <= successes <= trials.

        Returns
        -------
        Moments
            The same as `from_rows` of that many ones and zeros.

        Raises
        ------
        InvalidValueError
            For counts that are not counts.

        Examples
        --------
        >>> Moments.from_counts(25, 100).mean
        0.25
        """
        inputs = Inputs("Moments.from_counts")
        yes = inputs.number("successes", successes, lower=0, whole=True)
        count = inputs.number("trials", trials, lower=0, whole=True)
        inputs.done()
        if inputs.fit(yes, count):
            inputs.require(yes <= count, "there are more successes than trials")
        yes, count = inputs.together(yes, count)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(count > 0, yes / count, 0.0)
        remainder = np.where(count > 0, product_minus(-mean, count, -yes) / np.maximum(count, 1), 0.0)
        m2 = (count - yes) * mean
        return cast("Moments[Scalar]", cls.like(("value",), Block(count, mean[None], remainder[None], m2[None, None])))

    @classmethod
    @overload
    def from_sums(  # type: ignore[overload-overlap]  # numbers alone are the narrower case
        cls,
        n: float,
        total: float,
        total_squares: float,
        *,
        pivot: float = ...,
        totals: Mapping[str, float] | None = ...,
        products: Mapping[tuple[str, str], float] | None = ...,
        pivots: Mapping[str, float] | None = ...,
    ) -> Moments[Scalar]: ...
    @classmethod
    @overload
    def from_sums(
        cls: type[Moments[FloatArray]],
        n: Numbers,
        total: Numbers,
        total_squares: Numbers,
        *,
        pivot: Numbers = ...,
        totals: Mapping[str, Numbers] | None = ...,
        products: Mapping[tuple[str, str], Numbers] | None = ...,
        pivots: Mapping[str, Numbers] | None = ...,
    ) -> Moments[FloatArray]: ...
    @classmethod
    def from_sums(
        cls,
        n: Numbers,
        total: Numbers,
        total_squares: Numbers,
        *,
        pivot: Numbers = 0.0,
        totals: Mapping[str, Numbers] | None = None,
        products: Mapping[tuple[str, str], Numbers] | None = None,
        pivots: Mapping[str, Numbers] | None = None,
    ) -> Moments[Scalar] | Moments[FloatArray]:
        """Take the moments from sums about a pivot, as a data engine computes them.

        With value x, pivot c, further part y and its pivot d, the sums are n, Σ(x - c), Σ(x - c)²,
        Σ(y - d), Σ(y - d)² and Σ(x - c)(y - d). Choose a pivot near the data (a first value will do):
        sums about 0 lose digits where the mean is large against the spread.

        Parameters
        ----------
        n : float or array
            Number of units, such as groups x metrics.
        total, total_squares : float or array
            Σ(x - c) and Σ(x - c)².
        pivot : float or array
            c; 0 for plain sums.
        totals : mapping of part to float or array
            Σ(y - d) of each further part.
        products : mapping of pairs of parts to float or array
            Σ(x - c)(y - d) for each pair that involves a further part, squares included.
        pivots : mapping of part to float or array
            d of each further part; 0 where not given.

        Returns
        -------
        Moments

        Raises
        ------
        InvalidValueError
            When the sums contradict each other (a negative variance), or something is missing.

        Examples
        --------
        >>> Moments.from_sums(3, 6, 14).variance
        1.0
        >>> joint = Moments.from_sums(2, 3, 5, totals={"covariate": 4},
        ...     products={("value", "covariate"): 6.5, ("covariate", "covariate"): 8.5})
        >>> joint.covariance("value", "covariate")
        0.5
        """
        inputs = Inputs("Moments.from_sums")
        count = inputs.number("n", n, lower=0)
        center = inputs.number("pivot", pivot)
        parts, sums, squares = read_parts(
            inputs, ("total", total), ("total_squares", total_squares), ("totals", totals), ("products", products)
        )
        centers = [center]
        centers += [inputs.number(f"pivots[{part!r}]", (pivots or {}).get(part, 0.0)) for part in parts[1:]]
        for name in (name for name in pivots or {} if name not in parts):
            inputs.problems.append(f"pivots names {quoted(name)}, which totals does not have")
        inputs.done()
        return cast("Moments[Scalar]", cls.like(parts, from_sums(inputs, count, centers, sums, squares)))

    @classmethod
    @overload
    def from_summary(  # type: ignore[overload-overlap]  # numbers alone are the narrower case
        cls,
        n: float,
        mean: float,
        variance: float,
        *,
        means: Mapping[str, float] | None = ...,
        covariances: Mapping[tuple[str, str], float] | None = ...,
    ) -> Moments[Scalar]: ...
    @classmethod
    @overload
    def from_summary(
        cls: type[Moments[FloatArray]],
        n: Numbers,
        mean: Numbers,
        variance: Numbers,
        *,
        means: Mapping[str, Numbers] | None = ...,
        covariances: Mapping[tuple[str, str], Numbers] | None = ...,
    ) -> Moments[FloatArray]: ...
    @classmethod
    def from_summary(
        cls,
        n: Numbers,
        mean: Numbers,
        variance: Numbers,
        *,
        means: Mapping[str, Numbers] | None = None,
        covariances: Mapping[tuple[str, str], Numbers] | None = None,
    ) -> Moments[Scalar] | Moments[FloatArray]:
        """Take the moments from a published mean and variance.

        Parameters
        ----------
        n, mean : float or array
            Number of units and mean of the value.
        variance : float or array
            Sample variance, with n - 1 in the denominator, from 0.
        means : mapping of part to float or array
            Means of the further parts.
        covariances : mapping of pairs of parts to float or array
            Sample covariances of the pairs that involve a further part, variances included.

        Returns
        -------
        Moments

        Raises
        ------
        InvalidValueError
            When a number is out of range, or a part or pair is missing.

        Examples
        --------
        >>> Moments.from_summary(50, 10.0, 4.0).m2
        196.0
        """
        inputs = Inputs("Moments.from_summary")
        count = inputs.number("n", n, lower=0)
        parts, centers, products = read_parts(
            inputs, ("mean", mean), ("variance", variance), ("means", means), ("covariances", covariances)
        )
        block = fitted(inputs, count, centers, products)
        scaled = attrs.evolve(block, cross=block.cross * np.maximum(block.n - 1, 0.0))
        return cast("Moments[Scalar]", cls.like(parts, scaled))

    @classmethod
    def stack(cls, moments: Sequence[Moments[Scalar] | Moments[FloatArray]]) -> Moments[FloatArray]:
        """Put moments of equal shape side by side, along a new first axis.

        Parameters
        ----------
        moments : sequence of Moments
            All with the same parts and shape; at least one.

        Returns
        -------
        Moments

        Raises
        ------
        InvalidValueError
            When there is none, or parts or shapes differ.

        Examples
        --------
        >>> Moments.stack([Moments(3, 2.0, 2.0), Moments(5, 1.0, 4.0)]).n
        array([3., 5.])
        """
        if not moments:
            raise InvalidValueError("Moments.stack needs at least one group")
        first = moments[0]
        if any(other.parts != first.parts or other.shape != first.shape for other in moments):
            raise InvalidValueError("Moments.stack needs groups with the same parts and shape")
        return cast("Moments[FloatArray]", cls.like(first.parts, stacked([other.block for other in moments])))
