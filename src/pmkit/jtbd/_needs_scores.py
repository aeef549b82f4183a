"""Scoring needs: from joint counts to scores, intervals and the probabilities of zones."""

from __future__ import annotations

from collections.abc import Callable
from typing import overload

import attrs
import numpy as np

from pmkit.jtbd._needs import OpportunityScores
from pmkit.jtbd._needs_intervals import (
    METHODS,
    ScoreMethod,
    bias_of_max,
    delta_errors,
    kish,
    score_draws,
    score_of,
    shares,
)
from pmkit.jtbd._tally import Tally, answered_cells, check_tally
from pmkit.jtbd._zones import SchemeName, ZoneScheme, chosen_scheme, zone_indices
from pmkit.model import Interval
from pmkit.stats._arrays import Arrays, Codes, FloatArray, Inputs, choice, level, mark
from pmkit.stats._checks import whole_number
from pmkit.stats._resampling import generator

__all__ = ["opportunity_score", "opportunity_scores", "reasons"]

_REPETITIONS = 2000
_MOST_REPETITIONS = 1_000_000


@overload
def opportunity_score(importance: float, satisfaction: float) -> float: ...
@overload
def opportunity_score(importance: Arrays, satisfaction: Arrays | float) -> FloatArray: ...
@overload
def opportunity_score(importance: float, satisfaction: Arrays) -> FloatArray: ...
def opportunity_score(importance: float | Arrays, satisfaction: float | Arrays) -> float | FloatArray:
    """Score how much an outcome matters and how little it is met: importance + max(importance - satisfaction, 0).

    Parameters
    ----------
    importance, satisfaction : float or array
        From 0 to 10: ten times the share of respondents who rate it high. They broadcast.

    Returns
    -------
    float or ndarray
        From 0 to 20.

    Raises
    ------
    InvalidValueError
        For numbers out of range.

    References
    ----------
    Ulwick (2002), "Turn Customer Input into Innovation", *Harvard Business Review* 80(1). Some pages multiply
    instead; that is not this score.

    Examples
    --------
    >>> opportunity_score(9, 3), opportunity_score(5, 10)
    (15.0, 5.0)
    >>> opportunity_score([9.0, 6.0], [6.0, 0.0])
    array([12., 12.])
    """
    inputs = Inputs("opportunity_score")
    pair = [
        inputs.number(name, value, lower=0, upper=10)
        for name, value in (("importance", importance), ("satisfaction", satisfaction))
    ]
    first, second = inputs.together(*pair)
    found = first + np.maximum(first - second, 0.0)
    return float(found) if inputs.scalar else np.asarray(found)


def reasons(counts: Tally) -> Codes:
    """Say where there is no score, and why."""
    asked = [counts.people @ cells for cells in answered_cells("answered")]
    counted = [counts.people @ cells for cells in answered_cells(counts.denominator)]
    codes = np.zeros(counts.people.shape[:2], np.uint8)
    mark(codes, (asked[0] == 0) & (asked[1] == 0), "no data")
    mark(codes, (asked[0] == 0) | (asked[1] == 0), "a needed number is missing")
    mark(codes, np.minimum(*counted) < 2, "fewer than two units")  # noqa: PLR2004 - two
    return codes


def opportunity_scores(
    counts: Tally,
    *,
    confidence: float = 0.95,
    method: ScoreMethod = "posterior",
    scheme: SchemeName | ZoneScheme = "ulwick",
    repetitions: int = _REPETITIONS,
    seed: int | np.random.Generator = 0,
    progress: Callable[[int, int], object] | None = None,
) -> OpportunityScores:
    """Score every outcome in every segment, with what the sample leaves open.

    Parameters
    ----------
    counts : Tally
    confidence : float
        Of the intervals.
    method : {"posterior", "bootstrap", "delta"}
        How the interval is made: quantiles of the posterior of the nine joint cells under Jeffreys' prior (the
        default: it keeps its promise best, see the page on measured needs), the percentile bootstrap, or the normal
        approximation (which fails where importance is near satisfaction).
    scheme : str or ZoneScheme
        Names of the zones; see `ZONE_SCHEMES`.
    repetitions : int
        Draws, from 100 to a million.
    seed : int or Generator
        Where the randomness comes from.
    progress : callable, optional
        Called with how many of how many scores are done.

    Returns
    -------
    OpportunityScores
        Undefined where nobody, or only one person, answered. Zone probabilities are shares of the draws
        (posterior draws for ``"delta"``).

    Raises
    ------
    InvalidValueError
        For an option out of range.

    References
    ----------
    Ulwick (2002) for the score; Gelman et al. (2013), *Bayesian Data Analysis*, section 3.4, for the posterior of
    multinomial cells; Efron and Tibshirani (1993), chapter 13, for the bootstrap.

    Examples
    --------
    >>> from pmkit.jtbd import Tally
    >>> cells = {"outcome": "find", "high_high": 80, "high_low": 190, "low_high": 10, "low_low": 20}
    >>> find = opportunity_scores(Tally.from_records([cells]))["find"]
    >>> find.score, round(find.standard_error, 3), find.zone
    (15.0, 0.441, 'low-hanging fruit')
    >>> lower, upper = find.interval
    >>> 14 < lower < 14.3 < 15.6 < upper < 16
    True
    """
    check_tally(counts)
    level(confidence)
    choice(method, METHODS, "method")
    repetitions = whole_number("repetitions", repetitions, 100, _MOST_REPETITIONS)
    chosen = chosen_scheme(scheme)
    rng = generator(seed)
    codes = reasons(counts)
    importance, satisfaction = shares(counts.weights, counts.denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        error, gap_error = delta_errors(counts.weights, counts.squares, counts.denominator)
    score = importance + np.maximum(importance - satisfaction, 0.0)
    drawn = _drawn(counts, codes, chosen, confidence, (method, repetitions, rng), progress)
    intervals = drawn.intervals
    if method == "delta":
        intervals = (_delta_interval(np.where(codes > 0, np.nan, score), error, confidence), *intervals[1:])
    undefined = codes > 0
    zone = zone_indices(np.where(undefined, 0, score), np.where(undefined, 0, satisfaction - importance), chosen)
    counted, effective = _counted(counts)
    return OpportunityScores(
        outcomes=counts.outcomes,
        segments=counts.segments,
        n=counted,
        effective_n=effective,
        zone=np.where(undefined, -1, zone),
        undefined=codes,
        confidence=float(confidence),
        method=method,
        scheme=chosen,
        denominator=counts.denominator,
        score=np.where(undefined, np.nan, score),
        importance=np.where(undefined, np.nan, importance),
        satisfaction=np.where(undefined, np.nan, satisfaction),
        standard_error=np.where(undefined, np.nan, error),
        bias=np.where(undefined, np.nan, bias_of_max(importance - satisfaction, gap_error)),
        interval=intervals[0],
        importance_interval=intervals[1],
        satisfaction_interval=intervals[2],
        zone_probability=drawn.chances,
    )


def _counted(counts: Tally) -> tuple[FloatArray, FloatArray]:
    """Give the people in either denominator, and Kish's effective number of them."""
    either = np.maximum(*answered_cells(counts.denominator))
    return counts.people @ either, kish(counts.weights, counts.squares, counts.denominator)


def _delta_interval(score: FloatArray, error: FloatArray, confidence: float) -> Interval[FloatArray]:
    from scipy.special import ndtri

    reach = ndtri(0.5 + confidence / 2) * error
    return Interval(np.maximum(score - reach, 0.0), np.minimum(score + reach, 20.0))


@attrs.frozen(eq=False)
class _Drawn:
    """Intervals of score, importance and satisfaction, and the probabilities of zones."""

    intervals: tuple[Interval[FloatArray], Interval[FloatArray], Interval[FloatArray]]
    chances: FloatArray


def _drawn(
    counts: Tally,
    codes: Codes,
    scheme: ZoneScheme,
    confidence: float,
    how: tuple[ScoreMethod, int, np.random.Generator],
    progress: Callable[[int, int], object] | None,
) -> _Drawn:
    """Give the intervals and the zone probabilities from draws; mark what the bootstrap cannot say."""
    method, repetitions, rng = how
    shape = codes.shape
    total = counts.weights.sum(axis=-1, keepdims=True)
    effective = kish(counts.weights, counts.squares, counts.denominator)[..., None]
    either = np.maximum(*answered_cells(counts.denominator))
    inside = (counts.weights @ either)[..., None]
    scaled = np.where(total > 0, counts.weights * either * effective / np.where(inside > 0, inside, 1.0), 0.0)
    cells = scaled.reshape(-1, scaled.shape[-1])
    ends = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    found = np.full((3, 2, len(cells)), np.nan)
    chances = np.full((len(cells), len(scheme.labels)), np.nan)
    for block, importance, satisfaction in score_draws(
        cells, counts.denominator, method=method, repetitions=repetitions, rng=rng
    ):
        score = score_of(importance, satisfaction)
        lost = np.asarray(np.isnan(score).any(axis=0))
        mark(codes.reshape(-1)[block], lost, "not estimable from these data")
        over = satisfaction - importance
        for row, draws in enumerate((score, importance, satisfaction)):
            found[row, :, block] = np.quantile(np.where(lost, 0.0, draws), ends, axis=0)
        zones = zone_indices(np.where(lost, 0.0, score), np.where(lost, 0.0, over), scheme)
        for place in range(len(scheme.labels)):
            chances[block, place] = (zones == place).mean(axis=0)
        if progress is not None:
            progress(block.stop, len(cells))
    if method == "posterior":
        gap, error = _gap(counts)
        found[0, 0] = np.maximum(found[0, 0] - bias_of_max(gap, error).reshape(-1), 0.0)
        _hold_estimates(found, counts)
    undefined = codes > 0
    found[:, :, undefined.reshape(-1)] = np.nan
    chances[undefined.reshape(-1)] = np.nan
    of_score, of_importance, of_satisfaction = (
        Interval(low.reshape(shape), high.reshape(shape)) for low, high in found
    )
    return _Drawn((of_score, of_importance, of_satisfaction), chances.reshape(*shape, -1))


def _hold_estimates(found: FloatArray, counts: Tally) -> None:
    """Widen intervals to the estimate where all answer alike (Brown, Cai and DasGupta 2001, section 4.1.2)."""
    importance, satisfaction = shares(counts.weights, counts.denominator)
    for place, estimate in enumerate((score_of(importance, satisfaction), importance, satisfaction)):
        found[place, 0] = np.fmin(found[place, 0], estimate.reshape(-1))
        found[place, 1] = np.fmax(found[place, 1], estimate.reshape(-1))


def _gap(counts: Tally) -> tuple[FloatArray, FloatArray]:
    """Give importance less satisfaction with its standard error; 0 where there is none."""
    importance, satisfaction = shares(counts.weights, counts.denominator)
    _, error = delta_errors(counts.weights, counts.squares, counts.denominator)
    return np.nan_to_num(importance - satisfaction), np.nan_to_num(error)
