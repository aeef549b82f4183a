"""Opportunity scores as values: one, and all of a survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs
import numpy as np

from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.jtbd._needs_intervals import ScoreMethod
from pmkit.jtbd._zones import ZoneScheme
from pmkit.model import REASONS, Interval, Table, Undefined, Value, did_you_mean, frozen_mapping, quoted
from pmkit.stats._arrays import Codes, FloatArray
from pmkit.stats._checks import SAME_NUMBERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["INTERVALS", "OpportunityScore", "OpportunityScores"]

_SURE = 0.95


def _frozen_chances(value: Mapping[str, float]) -> Mapping[str, float]:
    return frozen_mapping(value)


@attrs.frozen(kw_only=True)
class OpportunityScore(Value):
    """The score of one outcome in one segment.

    Attributes
    ----------
    outcome, segment : str
    score : float or Undefined
        From 0 to 20.
    interval : Interval
        Of the score.
    importance, satisfaction : float or Undefined
        From 0 to 10.
    importance_interval, satisfaction_interval : Interval
    standard_error : float or Undefined
        Of the score, by linearization.
    bias : float or Undefined
        How much too high the score is expected to be, because max() turns noise into a gap.
    n : int
        Respondents who were counted.
    effective_n : float
        As many unweighted respondents would be worth.
    zone : str or Undefined
        That the score falls into.
    zone_probability : mapping of str to float
        How probable each zone is, given the answers; empty when undefined.

    Examples
    --------
    >>> from pmkit.jtbd import Tally, opportunity_scores
    >>> cells = {"outcome": "find", "high_high": 80, "high_low": 190, "low_high": 10, "low_low": 20}
    >>> find = opportunity_scores(Tally.from_records([cells]))["find"]
    >>> find.importance, find.satisfaction, find.score, find.n
    (9.0, 3.0, 15.0, 300)
    >>> max(find.zone_probability, key=find.zone_probability.get)
    'low-hanging fruit'
    """

    outcome: str
    segment: str
    score: float | Undefined
    interval: Interval[float | Undefined]
    importance: float | Undefined
    satisfaction: float | Undefined
    importance_interval: Interval[float | Undefined]
    satisfaction_interval: Interval[float | Undefined]
    standard_error: float | Undefined
    bias: float | Undefined
    n: int
    effective_n: float
    zone: str | Undefined
    zone_probability: Mapping[str, float] = attrs.field(converter=_frozen_chances, hash=False)


_ARRAYS = ("score", "importance", "satisfaction", "standard_error", "bias")
INTERVALS = ("interval", "importance_interval", "satisfaction_interval")


@attrs.frozen(kw_only=True, repr=False, hash=False)
class OpportunityScores(Value, Table):
    """The scores of every outcome in every segment.

    ``scores["find"]`` (one segment) and ``scores["find", "new"]`` give an `OpportunityScore`; iterating
    gives all of them, segment by segment, the highest score first. Arrays have the shape (outcomes, segments)
    and hold NaN exactly where `undefined` holds a reason.

    Attributes
    ----------
    outcomes, segments : tuple of str
    score, importance, satisfaction, standard_error, bias : ndarray
        As in `OpportunityScore`.
    interval, importance_interval, satisfaction_interval : Interval of ndarray
    n, effective_n : ndarray
    zone : ndarray of int
        The place of each score's zone in ``scheme.labels``; -1 when undefined.
    zone_probability : ndarray, shape (outcomes, segments, zones)
    undefined : ndarray of uint8
        0, or the code of the reason (see `pmkit.model.REASONS`).
    confidence : float
    method : str
    scheme : ZoneScheme
    denominator : str

    Examples
    --------
    >>> from pmkit.jtbd import Tally, opportunity_scores
    >>> find = {"outcome": "find", "high_high": 80, "high_low": 190, "low_high": 10, "low_low": 20}
    >>> choose = {"outcome": "choose", "high_high": 150, "high_low": 60, "low_high": 60, "low_low": 30}
    >>> scores = opportunity_scores(Tally.from_records([choose, find]))
    >>> [(score.outcome, score.score, score.zone) for score in scores]
    [('find', 15.0, 'low-hanging fruit'), ('choose', 7.0, 'unattractive')]
    >>> scores.score.shape, scores["choose"].n
    ((2, 1), 300)
    """

    outcomes: tuple[str, ...]
    segments: tuple[str, ...]
    score: FloatArray = attrs.field(eq=SAME_NUMBERS)
    interval: Interval[FloatArray]
    importance: FloatArray = attrs.field(eq=SAME_NUMBERS)
    satisfaction: FloatArray = attrs.field(eq=SAME_NUMBERS)
    importance_interval: Interval[FloatArray]
    satisfaction_interval: Interval[FloatArray]
    standard_error: FloatArray = attrs.field(eq=SAME_NUMBERS)
    bias: FloatArray = attrs.field(eq=SAME_NUMBERS)
    n: FloatArray = attrs.field(eq=SAME_NUMBERS)
    effective_n: FloatArray = attrs.field(eq=SAME_NUMBERS)
    zone: FloatArray = attrs.field(eq=SAME_NUMBERS)
    zone_probability: FloatArray = attrs.field(eq=SAME_NUMBERS)
    undefined: Codes = attrs.field(eq=SAME_NUMBERS)
    confidence: float
    method: ScoreMethod
    scheme: ZoneScheme
    denominator: str

    def __attrs_post_init__(self) -> None:
        """Freeze the arrays, which a pickle gives back writable."""
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            for array in (value.lower, value.upper) if isinstance(value, Interval) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.outcomes) * len(self.segments)

    def __iter__(self) -> Iterator[OpportunityScore]:
        for column in range(len(self.segments)):
            down = np.where(np.isnan(self.score[:, column]), np.inf, -self.score[:, column])
            for row in np.argsort(down, kind="stable").tolist():
                yield self._at(row, column)

    def __getitem__(self, place: str | tuple[str, str]) -> OpportunityScore:
        """Return the score of an outcome (in one of several segments)."""
        outcome, segment = place if isinstance(place, tuple) else (place, None)
        if segment is None and len(self.segments) > 1:
            message = f"there are {len(self.segments)} segments: ask for scores[outcome, segment]"
            raise InvalidValueError(message, field="segment")
        return self._at(
            _place(self.outcomes, outcome, "outcome"), 0 if segment is None else self.segment_index(segment)
        )

    def segment_index(self, segment: str | None) -> int:
        """Return the column of a segment, or of the only one."""
        if segment is None and len(self.segments) == 1:
            return 0
        return _place(self.segments, segment, "segment")

    def _at(self, row: int, column: int) -> OpportunityScore:
        code = int(self.undefined[row, column])
        why = Undefined(REASONS[code])
        numbers: dict[str, object] = {
            name: why if code else float(getattr(self, name)[row, column]) for name in _ARRAYS
        }
        for name in INTERVALS:
            ends = (float(end[row, column]) for end in getattr(self, name))
            numbers[name] = Interval(why, why) if code else Interval(*ends)
        chances = (
            {} if code else dict(zip(self.scheme.labels, self.zone_probability[row, column].tolist(), strict=True))
        )
        return OpportunityScore(
            outcome=self.outcomes[row],
            segment=self.segments[column],
            n=int(self.n[row, column]),
            effective_n=float(self.effective_n[row, column]),
            zone=why if code else self.scheme.labels[int(self.zone[row, column])],
            zone_probability=chances,
            **numbers,  # type: ignore[arg-type]  # built from the fields' own names
        )

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each outcome and segment, the highest score of each segment first.

        Returns
        -------
        list of dict
        """
        rows = []
        for one in self:
            row: dict[str, object] = {"outcome": one.outcome, "segment": one.segment, "score": one.score}
            row["lower"], row["upper"] = one.interval
            row.update(importance=one.importance, satisfaction=one.satisfaction, n=one.n)
            if not np.array_equal(self.effective_n, self.n):
                row["effective_n"] = one.effective_n
            row.update(bias=one.bias, zone=one.zone)
            missing = Undefined("no data") if isinstance(one.score, float) else one.score
            row.update({f"P({label})": one.zone_probability.get(label, missing) for label in self.scheme.labels})
            rows.append(row)
        return rows

    def summary(self) -> str:
        """Say in words what stands highest and how far the zones can be told apart.

        Returns
        -------
        str
        """
        known = [one for one in self if isinstance(one.score, float)]
        lines = []
        for segment in self.segments:
            here = [one for one in known if one.segment == segment]
            if not here:
                lines.append(f"{segment}: no score is defined")
                continue
            best = here[0]
            sure = sum(max(one.zone_probability.values()) >= _SURE for one in here)
            lines.append(
                f"{segment}: {quoted(best.outcome, 80)} stands highest with {best.score:.1f} "
                f"({best.interval.lower:.1f} to {best.interval.upper:.1f}, {self.confidence:.0%}); "
                f"the zone is {_SURE:.0%} sure for {sure} of {len(here)} outcomes"
            )
        lost = len(self) - len(known)
        return "\n".join([*lines, *([f"undefined: {lost}"] if lost else [])])

    def __repr__(self) -> str:
        return f"<OpportunityScores of {len(self.outcomes)} outcomes in {len(self.segments)} segments by {self.method}>"

    def plot(self, ax: Axes | None = None, *, segment: str | None = None) -> Axes:
        """Draw the landscape with matplotlib (needs the extra ``charts``).

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure without it.
        segment : str, optional
            Which segment; needed when there are several.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        MissingDependencyError
            When matplotlib is not installed.
        """
        from pmkit.jtbd._charts import plot_landscape

        return plot_landscape(self, ax, segment=segment)


def _place(names: tuple[str, ...], name: object, kind: str) -> int:
    if isinstance(name, str) and name in names:
        return names.index(name)
    if name is None:
        message = f"there are {len(names)} {kind}s: name one of them"
        raise InvalidValueError(message, field=kind)
    hint = did_you_mean(name, names) if isinstance(name, str) else ""
    raise UnknownIdError(f"no {kind} {quoted(name)} among the scores{hint}")
