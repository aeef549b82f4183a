"""Segments of people with different needs, only where they beat what one crowd would show."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.errors import InvalidValueError
from pmkit.jtbd._segments_null import NullSurvey, features, partition
from pmkit.jtbd._tally import Denominator, Tally
from pmkit.jtbd._tally_read import read_survey, tally
from pmkit.model import Table, Undefined, Value
from pmkit.stats._arrays import FloatArray, level
from pmkit.stats._checks import whole_number
from pmkit.stats._resampling import generator

__all__ = ["FoundSegments", "NoSegments", "Tried", "find_segments"]

_FEWEST = 30
_FEWEST_EACH = 10
_MOST_TESTED = 1500


@attrs.frozen(kw_only=True)
class Tried:
    """One number of segments that was tried.

    Attributes
    ----------
    segments : int
    within : float
        Share of the variance that stays within the segments.
    expected : float
        The same in surveys of one crowd.
    z : float
        How many standard deviations `within` lies below `expected`.
    """

    segments: int
    within: float
    expected: float
    z: float


@attrs.frozen(kw_only=True, repr=False)
class FoundSegments(Value, Table):
    """Segments that a survey of one crowd would hardly show.

    Attributes
    ----------
    labels : tuple of str or None
        One for each respondent, ``"segment 1"`` being the largest; None for whoever answered too little.
    sizes : tuple of int
    p_value : float
        How often one crowd shows segments as sharp, over all numbers of segments tried.
    tried : tuple of Tried
    tally : Tally
        Of the found segments, ready for `opportunity_scores`.

    Examples
    --------
    >>> import numpy as np
    >>> from pmkit.jtbd import find_segments
    >>> rng = np.random.default_rng(0)
    >>> importance, satisfaction = rng.integers(2, 5, (160, 12)), rng.integers(2, 5, (160, 12))
    >>> importance[:80, :6] += 1
    >>> satisfaction[:80, :6] -= 1
    >>> importance[80:, 6:] += 1
    >>> satisfaction[80:, 6:] -= 1
    >>> found = find_segments(importance, satisfaction, most=3, repetitions=39)
    >>> found
    <FoundSegments: 2 of 80, 80 respondents, p = 0.025>
    >>> found.labels[0], found.labels[0] == found.labels[79], found.labels[0] == found.labels[80], found.tally.segments
    ('segment 1', True, False, ('segment 1', 'segment 2'))
    """

    labels: tuple[str | None, ...]
    sizes: tuple[int, ...]
    p_value: float
    tried: tuple[Tried, ...]
    tally: Tally = attrs.field(hash=False)

    def __len__(self) -> int:
        return len(self.sizes)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each number of segments that was tried.

        Returns
        -------
        list of dict
        """
        return [attrs.asdict(row) for row in self.tried]

    def __repr__(self) -> str:
        return f"<FoundSegments: {len(self)} of {', '.join(map(str, self.sizes))} respondents, p = {self.p_value:.3g}>"


@attrs.frozen(kw_only=True, repr=False)
class NoSegments(Value, Table):
    """No segments: what looks like groups is what one crowd shows too. It is false.

    Attributes
    ----------
    reason : str
    p_value : float or Undefined
        As in `FoundSegments`.
    tried : tuple of Tried

    Examples
    --------
    >>> import numpy as np
    >>> from pmkit.jtbd import find_segments
    >>> rng = np.random.default_rng(0)
    >>> found = find_segments(rng.integers(1, 6, (120, 10)), rng.integers(1, 6, (120, 10)), most=3, repetitions=39)
    >>> found
    <NoSegments: the groups are no sharper than in surveys of one crowd>
    >>> bool(found), [row["segments"] for row in found.to_dicts()]
    (False, [2, 3])
    """

    reason: str
    p_value: float | Undefined
    tried: tuple[Tried, ...] = ()

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each number of segments that was tried.

        Returns
        -------
        list of dict
        """
        return [attrs.asdict(row) for row in self.tried]

    def __repr__(self) -> str:
        return f"<NoSegments: {self.reason}>"


def find_segments(  # noqa: PLR0913 - the options of tally, and its own
    importance: object,
    satisfaction: object,
    *,
    data: object = None,
    outcomes: object = None,
    weights: object = None,
    respondents: object = None,
    denominator: Denominator = "answered",
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
    most: int = 6,
    alpha: float = 0.05,
    repetitions: int = 99,
    seed: int | np.random.Generator = 0,
    progress: Callable[[int, int], object] | None = None,
) -> FoundSegments | NoSegments:
    """Look for groups of respondents with different needs, and refuse those that noise or response style would give.

    Each respondent's ratings are taken from their own mean (of importance and of satisfaction), so that people who
    rate everything high are no group. The groups of k-means are then compared with those in surveys of *one* crowd
    that have the same ratings of every question, the same correlations between questions and the same missing
    answers. Groups that are not sharper than these are refused.

    Parameters
    ----------
    importance, satisfaction, data, outcomes, weights, respondents, denominator, scale, high
        As in `tally`; a long table needs `respondents`. Weights count in the tally of the result, not in the search.
    most : int
        The most segments to try, from 2 to 12.
    alpha : float
        The p-value from which segments are refused.
    repetitions : int
        Surveys of one crowd, from 19 to 9,999.
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many such surveys are done.

    Returns
    -------
    FoundSegments or NoSegments
        `NoSegments` is false, so ``if found:`` reads as it should. Respondents who answered less than half of the
        questions stay without a segment. With more than 1,500 respondents the test is made on a random 1,500.

    Raises
    ------
    InvalidValueError
        For what `tally` refuses, or an option out of range.

    Notes
    -----
    A p-value says that there is more than one crowd, not that the groups are real kinds of people. Scores of found
    segments come from the answers that made them: confirm differences on a new wave.

    References
    ----------
    Tibshirani, Walther and Hastie (2001) and Liu, Hayes, Nobel and Marron (2008) for testing clusters against a
    reference without clusters. The reference here (a Gaussian copula with the survey's own margins) and centering
    by respondent are this library's.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> noise = find_segments(rng.integers(1, 6, (120, 10)), rng.integers(1, 6, (120, 10)), most=3, repetitions=39)
    >>> bool(noise), noise.reason
    (False, 'the groups are no sharper than in surveys of one crowd')
    """
    most = whole_number("most", most, 2, 12)
    repetitions = whole_number("repetitions", repetitions, 19, 9999)
    level(alpha, "alpha")
    rng = generator(seed)
    survey = read_survey(
        importance,
        satisfaction,
        data=data,
        outcomes=outcomes,
        weights=weights,
        respondents=respondents,
        scale=scale,
    )
    if not survey.wide:
        raise InvalidValueError("a long table needs `respondents`, the column that says who answered")
    ratings = np.concatenate([survey.importance, survey.satisfaction], axis=1)
    answered = ~np.isnan(ratings)
    kept = np.flatnonzero(answered.mean(axis=1) >= 0.5)  # noqa: PLR2004 - half
    refusal = _refusal(ratings[kept])
    if refusal:
        return NoSegments(reason=refusal, p_value=Undefined(refusal))
    ratings = ratings[kept]
    counts = range(2, min(most, len(kept) // _FEWEST_EACH) + 1)
    tested = ratings
    if len(ratings) > _MOST_TESTED:
        tested = ratings[np.sort(rng.choice(len(ratings), _MOST_TESTED, replace=False))]
    half = len(survey.outcomes)
    observed = np.array([partition(features(tested, half), k, rng)[1] for k in counts])
    null = NullSurvey(tested, rng)
    chance = np.empty((repetitions, len(counts)))
    for turn in range(repetitions):
        points = features(null.draw(rng), half)
        chance[turn] = [partition(points, k, rng)[1] for k in counts]
        if progress is not None:
            progress(turn + 1, repetitions)
    tried, p_value = _judged(observed, chance, counts)
    if p_value > alpha:
        return NoSegments(reason="the groups are no sharper than in surveys of one crowd", p_value=p_value, tried=tried)
    best = max(tried, key=lambda row: row.z).segments
    groups = _by_size(partition(features(ratings, half), best, rng)[0])
    labels: list[str | None] = [None] * len(survey.importance)
    for place, group in zip(kept.tolist(), groups.tolist(), strict=True):
        labels[place] = f"segment {group + 1}"
    counted = tally(
        survey.importance[kept],
        survey.satisfaction[kept],
        outcomes=survey.outcomes,
        segments=[labels[place] for place in kept.tolist()],
        weights=survey.weight[kept, 0],
        denominator=denominator,
        scale=scale,
        high=high,
    )
    sizes = tuple(np.bincount(groups).tolist())
    return FoundSegments(labels=tuple(labels), sizes=sizes, p_value=p_value, tried=tried, tally=counted)


def _refusal(ratings: FloatArray) -> str:
    """Say why there is nothing to search."""
    if len(ratings) < _FEWEST:
        return f"fewer than {_FEWEST} respondents answered half of the questions"
    if ratings.shape[1] < 4 or not features(ratings, ratings.shape[1] // 2).any():  # noqa: PLR2004 - two outcomes
        return "after centering, all respondents answer alike"
    return ""


def _judged(observed: FloatArray, chance: FloatArray, counts: range) -> tuple[tuple[Tried, ...], float]:
    """Compare each number of segments with chance, and the most striking with the most striking of chance."""
    center = chance.mean(axis=0)
    spread = np.maximum(chance.std(axis=0, ddof=1), 1e-12)
    striking = ((center - chance) / spread).max(axis=1)
    found = (center - observed) / spread
    tried = tuple(
        Tried(segments=k, within=float(share), expected=float(mean), z=float(z))
        for k, share, mean, z in zip(counts, observed, center, found, strict=True)
    )
    return tried, float((1 + (striking >= found.max()).sum()) / (len(chance) + 1))


def _by_size(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give the largest group the number 0, and so on."""
    sizes = np.bincount(groups)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(sizes), np.intp)
    place[order] = np.arange(len(sizes))
    return place[groups]
