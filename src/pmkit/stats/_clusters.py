"""Metrics of units inside randomized clusters: sessions of users, pupils of schools."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.errors import InvalidValueError
from pmkit.model import Undefined, quoted
from pmkit.stats._arrays import Arrays, FloatArray, Inputs, Scalar
from pmkit.stats._moments import Moments

__all__ = ["ClusterSizing", "cluster_moments", "cluster_sizing"]

Labels = Sequence[Hashable] | NDArray[np.generic]


@attrs.frozen(kw_only=True)
class ClusterSizing:
    """How much the clustering of units costs; see `cluster_sizing`.

    Attributes
    ----------
    clusters : int
        Number of clusters.
    units : int
        Number of units in them.
    intraclass_correlation : float or Undefined
        Share of the variance that lies between clusters; can be slightly negative by chance.
    design_effect : float or Undefined
        Factor by which the variance of a mean exceeds that of as many independent units.
    effective_units : float or Undefined
        Units divided by the design effect.

    Examples
    --------
    >>> found = cluster_sizing([1, 2, 5, 6, 9, 10], ["a", "a", "b", "b", "c", "c"])
    >>> found.clusters, found.units, round(found.effective_units, 2)
    (3, 6, 3.05)
    """

    clusters: int
    units: int
    intraclass_correlation: Scalar
    design_effect: Scalar
    effective_units: Scalar


def cluster_moments(values: Arrays, clusters: Labels, *, denominator: Arrays | None = None) -> Moments[Scalar]:
    """Collapse the rows of one arm to its randomized clusters, ready for `compare_ratios`.

    The mean over rows is the ratio of the clusters' totals to their sizes; its variance is that
    between clusters. Comparing such moments with `compare_ratios` is the clustered comparison.

    Parameters
    ----------
    values : array, shape (rows,)
        One number a row.
    clusters : sequence of labels, shape (rows,)
        The cluster (the randomized unit, such as the user) of each row.
    denominator : array, shape (rows,), optional
        What to divide by instead of the number of rows.

    Returns
    -------
    Moments
        One unit a cluster, with the totals as value and the sizes as denominator.

    Raises
    ------
    InvalidValueError
        When lengths differ or a row is not a finite number.

    Notes
    -----
    Deng, Knoblich and Lu (2018), section 3.2; equals the cluster-robust sandwich with a small-sample factor.

    Examples
    --------
    >>> control = cluster_moments([1, 0, 1, 1, 0], ["a", "a", "b", "c", "c"])
    >>> control.n, control.mean_of("denominator")
    (3.0, 1.6666666666666667)
    """
    rows, places, count = _grouped("cluster_moments", values, clusters)
    sizes = np.ones(rows.shape)
    if denominator is not None:
        inputs = Inputs("cluster_moments")
        sizes = inputs.number("denominator", denominator)
        inputs.require(np.asarray(sizes.shape == rows.shape), "denominator needs one number a row")
        inputs.done()
    totals = np.bincount(places, weights=rows, minlength=count)
    return cast(
        "Moments[Scalar]",
        Moments.from_rows(totals, denominator=np.bincount(places, weights=sizes, minlength=count)),
    )


def cluster_sizing(values: Arrays, clusters: Labels) -> ClusterSizing:
    """Estimate the intraclass correlation and the design effect of one arm or of pilot data.

    Parameters
    ----------
    values : array, shape (rows,)
        One number a row.
    clusters : sequence of labels, shape (rows,)
        The cluster of each row.

    Returns
    -------
    ClusterSizing
        Undefined with fewer than two clusters, without repeated rows, or without variance.

    Raises
    ------
    InvalidValueError
        When lengths differ or a row is not a finite number.

    Notes
    -----
    One-way analysis of variance (Donner and Klar 2000, section 1.4); the design effect is
    1 + (m - 1) rho with m the size of the cluster that an average row is in (Kish 1965).

    Examples
    --------
    >>> sizing = cluster_sizing([1, 2, 5, 6, 9, 10], ["a", "a", "b", "b", "c", "c"])
    >>> round(sizing.intraclass_correlation, 3), round(sizing.design_effect, 2)
    (0.969, 1.97)
    """
    rows, places, count = _grouped("cluster_sizing", values, clusters)
    units = len(rows)
    sizes = np.bincount(places, minlength=count)
    reason = _unsizable(rows, count)
    if reason:
        nothing = Undefined(reason)
        return ClusterSizing(
            clusters=count,
            units=units,
            intraclass_correlation=nothing,
            design_effect=nothing,
            effective_units=nothing,
        )
    centered = rows - rows.mean()
    means = np.bincount(places, weights=centered, minlength=count) / sizes
    between = float((sizes * np.square(means - centered.mean())).sum()) / (count - 1)
    within = float(np.square(centered - means[places]).sum()) / (units - count)
    average = (units - float(np.square(sizes).sum()) / units) / (count - 1)
    correlation = (between - within) / (between + (average - 1) * within)
    effect = 1 + (float(np.square(sizes).sum()) / units - 1) * correlation
    return ClusterSizing(
        clusters=count,
        units=units,
        intraclass_correlation=correlation,
        design_effect=effect,
        effective_units=units / effect if effect > 0 else Undefined("not estimable from these data"),
    )


def _unsizable(rows: FloatArray, count: int) -> str:
    if not len(rows):
        return "no data"
    if count < 2:  # noqa: PLR2004 - two clusters are needed for a variance between them
        return "fewer than two units"
    if len(rows) == count:
        return "not estimable from these data"
    return "no variance" if rows.min() == rows.max() else ""


def _grouped(function: str, values: Arrays, clusters: Labels) -> tuple[FloatArray, NDArray[np.intp], int]:
    """Read rows and number their clusters in order of first appearance."""
    inputs = Inputs(function)
    rows = inputs.number("values", values)
    inputs.done()
    if rows.ndim != 1:
        raise InvalidValueError(f"{function}: values must be one number a row, not of shape {rows.shape}")
    labels = clusters.tolist() if isinstance(clusters, np.ndarray) else clusters
    if isinstance(labels, str) or not isinstance(labels, Sequence) or len(labels) != len(rows):
        raise InvalidValueError(
            f"{function}: clusters must be one label for each of {len(rows)} rows, not {quoted(clusters, 60)}"
        )
    numbers: dict[Hashable, int] = {}
    try:
        places = np.fromiter((numbers.setdefault(label, len(numbers)) for label in labels), np.intp, len(rows))
    except TypeError:
        raise InvalidValueError(f"{function}: every cluster must be a label such as a text or a number") from None
    return rows, places, len(numbers)
