"""Surveys of one crowd, and the groups that k-means sees in any survey."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pmkit.stats._arrays import FloatArray

__all__ = ["NullSurvey", "features", "partition"]

_COMPONENTS = 10
_STARTS = 4
_ROUNDS = 25
_DRAWN = 4000


def features(ratings: FloatArray, half: int) -> FloatArray:
    """Center each respondent's importance and satisfaction, then each question; keep the main directions."""
    parts = []
    for block in (ratings[:, :half], ratings[:, half:]):
        answered = ~np.isnan(block)
        count = np.maximum(answered.sum(axis=1, keepdims=True), 1)
        filled = np.where(answered, block, 0.0)
        centered = np.where(answered, filled - filled.sum(axis=1, keepdims=True) / count, 0.0)
        mean = centered.sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
        parts.append(np.where(answered, centered - mean, 0.0))
    points = np.concatenate(parts, axis=1)
    values, vectors = np.linalg.eigh(points.T @ points)
    return np.asarray(points @ vectors[:, np.argsort(-values, kind="stable")[:_COMPONENTS]])


def partition(points: FloatArray, count: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], float]:
    """Split points into groups by k-means, several starts at once; give the groups and the variance left within.

    Lloyd (1982), started as Arthur and Vassilvitskii (2007) do.
    """
    total = float(np.square(points - points.mean(axis=0)).sum())
    lengths = np.square(points).sum(axis=1)
    centers = points[rng.integers(len(points), size=(_STARTS, 1))]
    for _ in range(count - 1):
        nearest = np.maximum(lengths[:, None] + _offsets(points, centers).min(axis=2), 0.0)
        reach = np.cumsum(nearest, axis=0)
        picked = (reach < rng.random(_STARTS) * reach[-1]).sum(axis=0)
        centers = np.concatenate([centers, points[np.minimum(picked, len(points) - 1)][:, None]], axis=1)
    groups = np.zeros((len(points), _STARTS), np.intp)
    for _ in range(_ROUNDS):
        previous = groups
        groups = _offsets(points, centers).argmin(axis=2)
        if np.array_equal(groups, previous):
            break
        member = (groups[..., None] == np.arange(count)).reshape(len(points), -1).astype(np.float64)
        size = member.sum(axis=0)[:, None]
        moved = np.where(size > 0, (member.T @ points) / np.maximum(size, 1), centers.reshape(-1, points.shape[1]))
        centers = moved.reshape(centers.shape)
    left = (lengths[:, None] + _offsets(points, centers).min(axis=2)).sum(axis=0)
    best = int(left.argmin())
    return groups[:, best], float(left[best]) / total if total > 0 else 1.0


def _offsets(points: FloatArray, centers: FloatArray) -> FloatArray:
    """Give squared distances less the squared lengths of the points, (points, starts, centers)."""
    flat = centers.reshape(-1, centers.shape[-1])
    offsets = np.square(flat).sum(axis=1) - 2 * (points @ flat.T)
    return np.asarray(offsets.reshape(len(points), *centers.shape[:2]))


class NullSurvey:
    """Draws surveys of one crowd: the same ratings, correlations and missing answers, but no groups.

    A Gaussian copula with the margins of each question. Cutting a Gaussian into few ratings weakens its
    correlations, so they are strengthened once by what a first large draw has lost.
    """

    def __init__(self, ratings: FloatArray, rng: np.random.Generator) -> None:
        self.missing = np.isnan(ratings)
        self.sorted = [np.sort(column[~np.isnan(column)]) for column in ratings.T]
        wanted = _correlations(ratings)
        first = self._cut(rng.standard_normal((_DRAWN, ratings.shape[1])) @ _root(wanted).T)
        self.root = _root(wanted + (wanted - _correlations(first)))

    def _cut(self, normal: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        level = ndtr(normal)
        found = np.full(normal.shape, np.nan)
        for place, known in enumerate(self.sorted):
            if len(known):
                found[:, place] = known[np.minimum((level[:, place] * len(known)).astype(np.intp), len(known) - 1)]
        return found

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Give one survey of the same size."""
        drawn = self._cut(rng.standard_normal(self.missing.shape) @ self.root.T)
        drawn[self.missing] = np.nan
        return drawn


def _correlations(ratings: FloatArray) -> FloatArray:
    """Correlate questions, a missing answer counting as the mean; a question all answer alike goes with none."""
    answered = ~np.isnan(ratings)
    filled = np.where(answered, ratings, 0.0)
    mean = filled.sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    away = np.where(answered, ratings - mean, 0.0)
    size = np.sqrt(np.square(away).sum(axis=0))
    unit = away / np.where(size > 0, size, 1.0)
    found = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _root(correlations: FloatArray) -> FloatArray:
    """Give a square root of the nearest matrix that can be one of correlations."""
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root / np.sqrt(np.maximum(np.square(root).sum(axis=1, keepdims=True), 1e-12)))
