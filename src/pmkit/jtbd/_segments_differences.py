"""Differences of scores between segments, beyond what chance gives over all outcomes together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.jtbd._needs_intervals import PRIOR, delta_errors, score_of, shares
from pmkit.jtbd._tally import CELLS, DENOMINATORS, Denominator, Tally
from pmkit.jtbd._tally_read import Survey, checked_scale, high_from, levels, read_survey
from pmkit.model import REASONS, Table, Undefined, Value
from pmkit.stats._arrays import Codes, FloatArray, choice, mark
from pmkit.stats._checks import SAME_NUMBERS, whole_number
from pmkit.stats._resampling import generator

__all__ = ["SegmentDifferences", "segment_differences"]

Progress = Callable[[int, int], object]

_MOST_REPETITIONS = 1_000_000
_MOST_NUMBERS = 4_000_000
_NUMBERS = ("first_score", "second_score", "difference", "statistic", "p_value", "adjusted")


@attrs.frozen(kw_only=True, repr=False, hash=False)
class SegmentDifferences(Value, Table):
    """Differences of opportunity scores between each two segments.

    Arrays have the shape (outcomes, pairs); NaN stands exactly where `undefined` holds a reason.

    Attributes
    ----------
    outcomes : tuple of str
    pairs : tuple of (str, str)
        The first segment of a pair less the second.
    first_score, second_score, difference : ndarray
    statistic : ndarray
        The difference over its standard error.
    p_value : ndarray
        Of each difference alone.
    adjusted : ndarray
        Family-wise, over all outcomes and pairs (step-down max-T).
    undefined : ndarray of uint8
    repetitions : int
    joint : bool
        Whether respondents were shuffled whole (from rows), or each outcome for itself (from a tally).

    Examples
    --------
    >>> import numpy as np
    >>> from pmkit.jtbd import segment_differences
    >>> rng = np.random.default_rng(1)
    >>> importance, satisfaction = rng.integers(3, 6, (120, 2)), rng.integers(1, 6, (120, 2))
    >>> who = ["new"] * 60 + ["old"] * 60
    >>> found = segment_differences(importance, satisfaction, outcomes=["a", "b"], segments=who, repetitions=199)
    >>> found.pairs, found.difference.shape, found.joint
    ((('new', 'old'),), (2, 1), True)
    >>> bool((found.adjusted >= found.p_value).all())
    True
    """

    outcomes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    first_score: FloatArray = attrs.field(eq=SAME_NUMBERS)
    second_score: FloatArray = attrs.field(eq=SAME_NUMBERS)
    difference: FloatArray = attrs.field(eq=SAME_NUMBERS)
    statistic: FloatArray = attrs.field(eq=SAME_NUMBERS)
    p_value: FloatArray = attrs.field(eq=SAME_NUMBERS)
    adjusted: FloatArray = attrs.field(eq=SAME_NUMBERS)
    undefined: Codes = attrs.field(eq=SAME_NUMBERS)
    repetitions: int
    joint: bool

    def __attrs_post_init__(self) -> None:
        """Freeze the arrays, which a pickle gives back writable."""
        for name in (*_NUMBERS, "undefined"):
            getattr(self, name).setflags(write=False)

    def __len__(self) -> int:
        return self.difference.size

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each outcome and pair, the smallest adjusted p-value first.

        Returns
        -------
        list of dict
        """
        flat = {name: getattr(self, name).ravel() for name in _NUMBERS}
        order = np.lexsort((-np.nan_to_num(np.abs(flat["statistic"])), np.nan_to_num(flat["adjusted"], nan=2.0)))
        rows = []
        for place in order.tolist():
            code = int(self.undefined.ravel()[place])
            outcome, pair = divmod(place, len(self.pairs))
            row: dict[str, object] = {"outcome": self.outcomes[outcome]}
            row["first"], row["second"] = self.pairs[pair]
            row.update((name, Undefined(REASONS[code]) if code else float(flat[name][place])) for name in _NUMBERS)
            rows.append(row)
        return rows

    def __repr__(self) -> str:
        found = int((np.nan_to_num(self.adjusted, nan=1.0) < 0.05).sum())  # noqa: PLR2004 - the usual level, for show
        return f"<SegmentDifferences: {found} of {len(self)} with adjusted p below 0.05>"


def segment_differences(  # noqa: PLR0913 - the options of tally, and its own
    importance: object,
    satisfaction: object = None,
    *,
    data: object = None,
    outcomes: object = None,
    segments: object = None,
    weights: object = None,
    respondents: object = None,
    denominator: Denominator = "answered",
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
    repetitions: int = 1999,
    seed: int | np.random.Generator = 0,
    progress: Progress | None = None,
) -> SegmentDifferences:
    """Compare the scores of segments, guarding against the many outcomes that are compared at once.

    Parameters
    ----------
    importance : array, data frame or Tally
        As in `tally`. With a tally alone each outcome is shuffled for itself, which cannot know how outcomes go
        together and is therefore cautious; with the rows, respondents are shuffled whole.
    satisfaction, data, outcomes, segments, weights, respondents, denominator, scale, high
        As in `tally`. A long table needs `respondents`.
    repetitions : int
        Shuffles, from 99 to a million.
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many shuffles are done.

    Returns
    -------
    SegmentDifferences
        Undefined where a segment has fewer than two answers to an outcome.

    Raises
    ------
    InvalidValueError
        For fewer than two segments, a weighted tally, or what `tally` refuses.

    Notes
    -----
    The segments must be known from elsewhere. Segments that `find_segments` made from the same answers differ in
    these answers by construction, and no p-value of theirs means anything.

    References
    ----------
    Westfall and Young (1993), *Resampling-Based Multiple Testing*, algorithm 4.1 (step-down max-T); Janssen (1997)
    on studentizing. Shuffling all segments together tests that none differs; with three or more segments the
    pairs are guarded together under that hypothesis.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> who = ["new"] * 60 + ["old"] * 60
    >>> importance, satisfaction = rng.integers(3, 6, (120, 2)), rng.integers(1, 6, (120, 2))
    >>> importance[:60, 0], satisfaction[:60, 0] = 5, 1
    >>> result = segment_differences(importance, satisfaction, outcomes=["find", "choose"], segments=who)
    >>> [(row["outcome"], round(row["adjusted"], 4)) for row in result.to_dicts()][0]
    ('find', 0.0005)
    """
    repetitions = whole_number("repetitions", repetitions, 99, _MOST_REPETITIONS)
    rng = generator(seed)
    if isinstance(importance, Tally):
        counts = importance
        _enough(counts.segments)
        if counts.weighted:
            message = "a weighted tally cannot be shuffled: give importance, satisfaction and weights by respondent"
            raise InvalidValueError(message)
        shuffled = _from_tally(counts, repetitions, rng, progress)
        observed = counts.weights, counts.squares
        return _tested(counts, observed, shuffled, repetitions, joint=False)
    choice(denominator, DENOMINATORS, "denominator")
    survey = read_survey(
        importance,
        satisfaction,
        data=data,
        outcomes=outcomes,
        segments=segments,
        weights=weights,
        respondents=respondents,
        scale=scale,
    )
    _enough(survey.segments)
    if not survey.wide:
        raise InvalidValueError("a long table needs `respondents`, the column that says who answered")
    rows = _Rows(survey, high_from(high, checked_scale(scale)))
    total, squares = rows.counted(survey.group[:, 0][None, :])
    people = rows.people(survey.group[:, 0])
    counts = Tally(
        outcomes=survey.outcomes,
        segments=survey.segments,
        people=people,
        weights=total[0],
        squares=squares[0],
        denominator=denominator,
    )
    shuffled = rows.shuffled(repetitions, rng, progress)
    return _tested(counts, (total[0], squares[0]), shuffled, repetitions, joint=True)


def _enough(segments: tuple[str, ...]) -> None:
    if len(segments) < 2:  # noqa: PLR2004 - a pair
        raise InvalidValueError("there must be at least two segments to compare; give `segments`")


class _Rows:
    """Respondents as rows of indicators, so that shuffled counts are one matrix product."""

    def __init__(self, survey: Survey, high: int) -> None:
        self.group = survey.group[:, 0]
        self.groups = len(survey.segments)
        self.outcomes = len(survey.outcomes)
        cell = 3 * levels(survey.importance, high) + levels(survey.satisfaction, high)
        self.indicator = np.zeros((len(cell), self.outcomes * len(CELLS)))
        np.put_along_axis(self.indicator, cell + len(CELLS) * np.arange(self.outcomes), 1.0, axis=1)
        self.weight = survey.weight[:, 0]
        self.alike = bool((self.weight == 1).all())

    def people(self, group: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> FloatArray:
        """Count who weighs anything."""
        return np.asarray(self._product(group[None, :], (self.weight > 0).astype(np.float64))[0])

    def counted(self, groups: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> tuple[FloatArray, FloatArray]:
        """Give weights and squared weights, (shuffles, outcomes, segments, cells)."""
        total = self._product(groups, self.weight)
        return total, total if self.alike else self._product(groups, np.square(self.weight))

    def _product(self, groups: np.ndarray[tuple[int, ...], np.dtype[np.intp]], weight: FloatArray) -> FloatArray:
        parts = [(np.where(groups == group, weight, 0.0) @ self.indicator) for group in range(self.groups)]
        shape = (len(groups), self.outcomes, len(CELLS))
        return np.stack([part.reshape(shape) for part in parts], axis=2)

    def shuffled(
        self, repetitions: int, rng: np.random.Generator, progress: Progress | None
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the counts of blocks of shuffles."""
        each = max(len(self.group), self.outcomes * self.groups * len(CELLS) * 4)
        for done, block in _blocks(repetitions, each):
            yield self.counted(rng.permuted(np.broadcast_to(self.group, (block, len(self.group))), axis=1))
            if progress is not None:
                progress(done, repetitions)


def _blocks(repetitions: int, each: int) -> Iterator[tuple[int, int]]:
    size = max(1, _MOST_NUMBERS // each)
    for start in range(0, repetitions, size):
        block = min(size, repetitions - start)
        yield start + block, block


def _from_tally(
    counts: Tally, repetitions: int, rng: np.random.Generator, progress: Progress | None
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Deal the respondents of each outcome anew to the segments."""
    sizes = counts.people.sum(axis=-1).astype(np.int64)
    pooled = counts.people.sum(axis=1).astype(np.int64)
    for done, block in _blocks(repetitions, counts.people.size * 4):
        drawn = np.zeros((block, *counts.people.shape))
        for outcome, cells in enumerate(pooled):
            left = np.broadcast_to(cells, (block, len(CELLS))).copy()
            for segment, size in enumerate(sizes[outcome, :-1]):
                for place in range(len(CELLS)):  # a multivariate draw, one cell after the other
                    wanted = size - drawn[:, outcome, segment, :place].sum(axis=-1).astype(np.int64)
                    others = left[:, place + 1 :].sum(axis=-1)
                    drawn[:, outcome, segment, place] = rng.hypergeometric(left[:, place], others, wanted)
                left -= drawn[:, outcome, segment].astype(np.int64)
            drawn[:, outcome, -1] = left
        yield drawn, drawn
        if progress is not None:
            progress(done, repetitions)


def _statistics(
    weights: FloatArray, squares: FloatArray, denominator: str, pairs: tuple[tuple[int, int], ...]
) -> tuple[FloatArray, FloatArray]:
    """Give scores, and studentized differences of pairs; the prior keeps standard errors above zero."""
    score = score_of(*shares(weights, denominator))
    error, _ = delta_errors(weights + PRIOR, squares + PRIOR, denominator)
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    difference = score[..., first] - score[..., second]
    return score, difference / np.sqrt(np.square(error[..., first]) + np.square(error[..., second]))


def _tested(
    counts: Tally,
    observed: tuple[FloatArray, FloatArray],
    shuffled: Iterator[tuple[FloatArray, FloatArray]],
    repetitions: int,
    *,
    joint: bool,
) -> SegmentDifferences:
    from pmkit.jtbd._needs_scores import reasons

    pairs = tuple(combinations(range(len(counts.segments)), 2))
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    score, found = _statistics(*observed, counts.denominator, pairs)
    known = reasons(counts)
    codes = np.where(known[:, first] > 0, known[:, first], known[:, second])
    mark(codes, np.isnan(found), "not estimable from these data")
    flat = np.where(codes == 0, np.abs(found), 0.0).ravel()
    usable = np.flatnonzero(codes.ravel() == 0)
    order = usable[np.argsort(-flat[usable], kind="stable")]
    reached = flat[order] * (1 - 1e-12)
    hits, family = np.zeros(len(order)), np.zeros(len(order))
    for weights, squares in shuffled:
        _, chance = _statistics(weights, squares, counts.denominator, pairs)
        size = np.nan_to_num(np.abs(chance)).reshape(len(chance), -1)[:, order]
        hits += (size >= reached).sum(axis=0)
        largest = np.maximum.accumulate(size[:, ::-1], axis=1)[:, ::-1]
        family += (largest >= reached).sum(axis=0)
    alone, together = np.full(flat.shape, np.nan), np.full(flat.shape, np.nan)
    alone[order] = (hits + 1) / (repetitions + 1)
    together[order] = np.maximum.accumulate((family + 1) / (repetitions + 1))
    numbers = {
        "first_score": score[:, first],
        "second_score": score[:, second],
        "difference": score[:, first] - score[:, second],
        "statistic": found,
        "p_value": alone.reshape(codes.shape),
        "adjusted": together.reshape(codes.shape),
    }
    return SegmentDifferences(
        outcomes=counts.outcomes,
        pairs=tuple((counts.segments[a], counts.segments[b]) for a, b in pairs),
        undefined=codes.astype(np.uint8),
        repetitions=repetitions,
        joint=joint,
        **{name: np.where(codes == 0, array, np.nan) for name, array in numbers.items()},
    )
