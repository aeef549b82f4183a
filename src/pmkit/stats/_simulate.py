"""How often a method says yes, by simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.errors import InvalidValueError
from pmkit.model import Interval, quoted
from pmkit.stats._arrays import FloatArray, level
from pmkit.stats._checks import whole_number
from pmkit.stats._resampling import Progress, generator
from pmkit.stats._special import beta_quantile

__all__ = ["Simulation", "simulate"]

MOST_EXPERIMENTS = 1_000_000_000


class HasPValue(Protocol):
    """A result with p-values, as every test of this package gives."""

    @property
    def p_value(self) -> object:
        """p-values, NaN where undefined."""
        raise NotImplementedError


@attrs.frozen(kw_only=True)
class Simulation:
    """How often a method rejected.

    Attributes
    ----------
    experiments : int
        How many were simulated.
    rejections : int
        How many of them were rejected, at any look.
    undefined : int
        How many had no p-value at any look; they count as not rejected.
    rate : float
        Rejections / experiments: the error rate of an A/A simulation, the power of an A/B one.
    interval : Interval of float
        Exact interval of the true rate (Clopper and Pearson).
    alpha : float
        The level of the test.

    Examples
    --------
    >>> from pmkit.model import Interval
    >>> found = Simulation(
    ...     experiments=2000, rejections=104, undefined=0, rate=0.052, interval=Interval(0.043, 0.063), alpha=0.05
    ... )
    >>> found.consistent, found.bounded
    (True, True)
    >>> print(found.summary())
    rejected 104 of 2000 (5.20 %, interval 4.30 to 6.30 %) at alpha 5 %
    """

    experiments: int
    rejections: int
    undefined: int
    rate: float
    interval: Interval[float]
    alpha: float

    @property
    def consistent(self) -> bool:
        """Whether a true rate of alpha is within the interval."""
        return self.alpha in self.interval

    @property
    def bounded(self) -> bool:
        """Whether a true rate of at most alpha is within the interval."""
        return self.interval.lower <= self.alpha

    def summary(self) -> str:
        """Say the outcome in words.

        Returns
        -------
        str
        """
        lower, upper = self.interval
        return (
            f"rejected {self.rejections} of {self.experiments} ({100 * self.rate:.2f} %, "
            f"interval {100 * lower:.2f} to {100 * upper:.2f} %) at alpha {100 * self.alpha:g} %"
        )


def simulate(
    draw: Callable[[np.random.Generator, int], object],
    analyze: Callable[..., HasPValue | FloatArray | NDArray[np.bool_]],
    *,
    experiments: int = 10_000,
    alpha: float = 0.05,
    batch: int = 1000,
    confidence: float = 0.999,
    seed: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> Simulation:
    """Run a method on many made-up experiments and count how often it rejects.

    Parameters
    ----------
    draw : callable
        ``draw(rng, size)`` returns the data of `size` experiments, along the first axis: what `analyze` takes, as a
        tuple for several arguments. No effect in them makes it an A/A simulation, an effect a power simulation.
    analyze : callable
        Takes what `draw` gave and returns an array of p-values, a result with ``p_value``, or an array of booleans
        that are true where it rejects. Axes after the first are looks (or metrics): any rejection counts.
    experiments : int
        How many, from 1 to 1e9.
    alpha : float
        Level of the test: p-values of at most alpha reject.
    batch : int
        How many experiments are drawn at once, from 1.
    confidence : float
        Of the interval of the rate.
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many experiments are done.

    Returns
    -------
    Simulation

    Raises
    ------
    InvalidValueError
        For an option out of range, or an analysis whose first axis is not the experiments.

    References
    ----------
    Clopper and Pearson (1934) for the interval.

    Examples
    --------
    >>> from scipy.special import ndtr
    >>> z_test = lambda z: 2 * ndtr(-abs(z))
    >>> result = simulate(lambda rng, size: rng.normal(size=size), z_test, experiments=20000)
    >>> result.consistent
    True
    """
    total = whole_number("experiments", experiments, 1, MOST_EXPERIMENTS)
    size = whole_number("batch", batch, 1, MOST_EXPERIMENTS)
    rate = level(alpha, "alpha")
    tail = (1 - level(confidence)) / 2
    rng = generator(seed)
    rejections = undefined = done = 0
    while done < total:
        count = min(size, total - done)
        data = draw(rng, count)
        outcome = analyze(*data) if isinstance(data, tuple) else analyze(data)
        rejected, missing = _decisions(outcome, count, rate)
        rejections += rejected
        undefined += missing
        done += count
        if progress is not None:
            progress(done, total)
    kept = total - rejections
    lower = _quantile(tail, rejections, kept + 1) if rejections else 0.0
    upper = _quantile(1 - tail, rejections + 1, kept) if kept else 1.0
    return Simulation(
        experiments=total,
        rejections=rejections,
        undefined=undefined,
        rate=rejections / total,
        interval=Interval(lower, upper),
        alpha=rate,
    )


def _quantile(share: float, a: int, b: int) -> float:
    return float(beta_quantile(share, np.asarray(a, np.float64), np.asarray(b, np.float64)))


def _decisions(outcome: object, count: int, alpha: float) -> tuple[int, int]:
    array = np.asarray(getattr(outcome, "p_value", outcome))
    if array.ndim == 0 or array.shape[0] != count or array.dtype.kind not in "bf":
        message = f"analyze must return p-values or booleans for {count} experiments along the first axis"
        raise InvalidValueError(f"{message}; found {quoted(array.dtype.name)} of shape {array.shape}")
    flat = array.reshape(count, -1)
    if array.dtype.kind == "b":
        return int(flat.any(axis=1).sum()), 0
    with np.errstate(invalid="ignore"):
        return int((flat <= alpha).any(axis=1).sum()), int(np.isnan(flat).all(axis=1).sum())
