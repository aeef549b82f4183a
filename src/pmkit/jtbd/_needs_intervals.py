"""Shares of high answers, their sampling error, and draws of what they could be.

Everything here works on joint cells of shape (..., 9), in the order of `CELLS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np

from pmkit.jtbd._tally import answered_cells
from pmkit.stats._arrays import FloatArray

__all__ = [
    "METHODS",
    "PRIOR",
    "ScoreMethod",
    "bias_of_max",
    "delta_errors",
    "kish",
    "score_draws",
    "score_of",
    "shares",
]

ScoreMethod: TypeAlias = Literal["posterior", "bootstrap", "delta"]
"""How intervals of opportunity scores are made."""

METHODS: tuple[ScoreMethod, ...] = ("posterior", "bootstrap", "delta")
PRIOR = np.array([0.5, 0.5, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0])
"""Jeffreys' prior: half a respondent in each of the four cells where both questions are answered."""

HIGH_IMPORTANCE = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
HIGH_SATISFACTION = np.array([0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0])
_MOST_NUMBERS = 4_000_000
_SCALE = 10.0
_NOTHING = 1e-9


def shares(cells: FloatArray, denominator: str) -> tuple[FloatArray, FloatArray]:
    """Give importance and satisfaction, 0 to 10; NaN where nobody is in the denominator."""
    of_importance, of_satisfaction = answered_cells(denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        importance = _SCALE * (cells @ HIGH_IMPORTANCE) / (cells @ of_importance)
        satisfaction = _SCALE * (cells @ HIGH_SATISFACTION) / (cells @ of_satisfaction)
    return np.asarray(importance), np.asarray(satisfaction)


def score_of(importance: FloatArray, satisfaction: FloatArray) -> FloatArray:
    """Give importance + max(importance - satisfaction, 0)."""
    return np.asarray(importance + np.maximum(importance - satisfaction, 0.0))


def kish(weights: FloatArray, squares: FloatArray, denominator: str) -> FloatArray:
    """Give Kish's effective number of those in either denominator: (sum of weights)² / (sum of squared weights)."""
    counted = np.maximum(*answered_cells(denominator))
    total, squared = weights @ counted, squares @ counted
    return np.asarray(np.where(squared > 0, total**2 / np.where(squared > 0, squared, 1.0), 0.0))


def _influences(cells: FloatArray, denominator: str) -> tuple[FloatArray, FloatArray]:
    """Give how far one unit of weight in each cell moves importance and satisfaction."""
    importance, satisfaction = shares(cells, denominator)
    moved = []
    for share, high, counted in zip(
        (importance, satisfaction), (HIGH_IMPORTANCE, HIGH_SATISFACTION), answered_cells(denominator), strict=True
    ):
        with np.errstate(invalid="ignore", divide="ignore"):
            moved.append((_SCALE * high - share[..., None] * counted) / (cells @ counted)[..., None])
    return moved[0], moved[1]


def delta_errors(weights: FloatArray, squares: FloatArray, denominator: str) -> tuple[FloatArray, FloatArray]:
    """Give the standard errors of the score and of importance less satisfaction, by linearization.

    On the side of importance > satisfaction the score is 2I - S, with variance 4 Var I + Var S - 4 Cov(I, S);
    on the other side it is I.
    """
    importance, satisfaction = shares(weights, denominator)
    of_importance, of_satisfaction = _influences(weights, denominator)
    gap = of_importance - of_satisfaction
    of_score = of_importance + np.where((importance > satisfaction)[..., None], gap, 0.0)
    score_error, gap_error = (np.sqrt(np.sum(squares * np.square(each), axis=-1)) for each in (of_score, gap))
    return score_error, gap_error


def bias_of_max(gap: FloatArray, error: FloatArray) -> FloatArray:
    """Give by how much max(gap, 0) is too high on average, the gap having this standard error.

    It is E max(X, 0) - max(gap, 0) for X normal around the gap.
    """
    from scipy.special import ndtr

    z = np.abs(gap) / np.where(error > 0, error, 1.0)
    excess = error * (np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi) - z * ndtr(-z))
    return np.asarray(np.where((error > 0) & (excess > _NOTHING), excess, 0.0))


def score_draws(
    cells: FloatArray, denominator: str, *, method: str, repetitions: int, rng: np.random.Generator
) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
    """Draw importance and satisfaction, (repetitions, places in the block), for blocks of places.

    Parameters
    ----------
    cells : ndarray, shape (places, 9)
        Weighted counts, scaled to the effective number of respondents.
    denominator : str
        As in `tally`.
    method : str
        ``"bootstrap"`` draws counts from a multinomial, anything else shares from the posterior.
    repetitions : int
        Draws of each place.
    rng : Generator
        Where they come from.
    """
    used = np.flatnonzero((cells > 0).any(axis=0) | (PRIOR > 0))  # cells that nobody is in need no draws
    size = max(1, _MOST_NUMBERS // (repetitions * len(used)))
    for start in range(0, len(cells), size):
        block = slice(start, min(start + size, len(cells)))
        chosen = cells[block][:, used]
        drawn = np.zeros((repetitions, len(chosen), len(PRIOR)))
        if method == "bootstrap":
            total = np.rint(chosen.sum(axis=-1))
            parts = chosen / np.where(total > 0, chosen.sum(axis=-1), 1.0)[:, None]
            parts[total == 0] = 1 / len(used)
            drawn[..., used] = rng.multinomial(total.astype(np.int64), parts, size=(repetitions, len(chosen)))
        else:
            drawn[..., used] = rng.standard_gamma(chosen + PRIOR[used], size=(repetitions, *chosen.shape))
        yield block, *shares(drawn, denominator)
