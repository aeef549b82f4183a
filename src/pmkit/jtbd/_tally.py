"""Joint counts of importance and satisfaction: all that measured needs keep of a survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Self, TypeAlias

import attrs
import numpy as np

from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.model import Table, Value, did_you_mean, id_clashes, id_fault, quoted
from pmkit.model import _fields as fields
from pmkit.stats._arrays import FloatArray
from pmkit.stats._checks import SAME_ARRAY

__all__ = ["CELLS", "EVERYONE", "LEVELS", "Denominator", "Tally", "answered_cells", "pool_segments"]

Denominator: TypeAlias = Literal["answered", "all"]
"""What a share is a share of: those who answered the question, or all who were asked."""

DENOMINATORS = ("answered", "all")
LEVELS = ("low", "high", "missing")
CELLS: tuple[str, ...] = tuple(f"{importance}_{satisfaction}" for importance in LEVELS for satisfaction in LEVELS)
"""The nine joint cells in their order, importance first: ``"high_low"`` is important and not satisfied."""

EVERYONE = "everyone"
"""The name of the one segment of a survey without segments."""

_KINDS = ("", "weight_", "squared_")
_LARGEST = 1e15


def answered_cells(denominator: str) -> tuple[FloatArray, FloatArray]:
    """Mark the cells in the denominators of importance and of satisfaction."""
    if denominator == "all":
        return np.ones(9), np.ones(9)
    grid = np.arange(9)
    return (grid // 3 < 2).astype(np.float64), (grid % 3 < 2).astype(np.float64)  # noqa: PLR2004 - low and high


def _frozen(value: object) -> FloatArray:
    try:
        own = np.array(value, dtype=np.float64, copy=True)
    except (TypeError, ValueError):
        raise InvalidValueError(f"the cells of a tally must be numbers, not {quoted(value, 60)}") from None
    own.setflags(write=False)
    return own


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return fields.to_texts(value)


def _people_weigh_one(counts: Tally) -> FloatArray:
    return counts.people


def _weights_are_one(counts: Tally) -> FloatArray:
    return counts.weights


@attrs.frozen(kw_only=True, repr=False, hash=False)
class Tally(Value, Table):
    """How many respondents of each segment gave which pair of answers to each outcome.

    It holds no respondent's row: only, for each outcome and segment, the nine cells of importance
    {low, high, missing} by satisfaction {low, high, missing}, in the order of `CELLS`. Tallies of
    several waves add up with ``+``.

    Attributes
    ----------
    outcomes, segments : tuple of str
    people : ndarray, shape (outcomes, segments, 9)
        Respondents in each cell, each counting one.
    weights : ndarray, shape (outcomes, segments, 9)
        Sums of their weights; the same as `people` for an unweighted survey.
    squares : ndarray, shape (outcomes, segments, 9)
        Sums of their squared weights, for Kish's effective number of respondents.
    denominator : {"answered", "all"}
        What shares are taken of.

    Examples
    --------
    >>> from pmkit.jtbd import tally
    >>> wave = tally([5, 4, 2, 5], [2, 5, 1, None], outcomes="find")
    >>> wave
    <Tally of 1 outcome in 1 segment, 4 respondents at most>
    >>> (wave + wave)["find"]["high_low"]
    2.0

    References
    ----------
    Kish (1965), *Survey Sampling*, section 11.7, on the effective number.
    """

    outcomes: tuple[str, ...] = attrs.field(converter=_names)
    segments: tuple[str, ...] = attrs.field(converter=_names, default=(EVERYONE,))
    people: FloatArray = attrs.field(converter=_frozen, eq=SAME_ARRAY)
    weights: FloatArray = attrs.field(
        converter=_frozen, eq=SAME_ARRAY, default=attrs.Factory(_people_weigh_one, takes_self=True)
    )
    squares: FloatArray = attrs.field(
        converter=_frozen, eq=SAME_ARRAY, default=attrs.Factory(_weights_are_one, takes_self=True)
    )
    denominator: Denominator = attrs.field(  # pyright: ignore[reportAssignmentType]  # it widens a literal default
        default="answered", validator=fields.one_of(DENOMINATORS)
    )

    def __attrs_post_init__(self) -> None:
        """Want names that differ, arrays of one shape, and numbers that can be counts."""
        problems = [*name_faults("outcome", self.outcomes), *name_faults("segment", self.segments)]
        shape = (len(self.outcomes), len(self.segments), len(CELLS))
        for name in ("people", "weights", "squares"):
            array = getattr(self, name)
            if array.shape != shape:
                problems.append(f"{name} must have the shape {shape} (outcomes, segments, cells), not {array.shape}")
            elif not ((array >= 0) & (array <= _LARGEST)).all():
                problems.append(f"{name} must be numbers from 0 to {_LARGEST:g}")
        if not problems:
            problems = self._disagreements()
        if problems:
            raise InvalidValueError("a tally: " + "; ".join(problems))

    def _disagreements(self) -> list[str]:
        problems = []
        if (self.people != np.floor(self.people)).any():
            problems.append("people must be whole numbers; weights may be fractions")
        if ((self.people == 0) & ((self.weights > 0) | (self.squares > 0))).any():
            problems.append("a cell without people has a weight")
        if (self.squares > self.weights**2 * (1 + 1e-9)).any():  # the cell of one respondent has equality
            problems.append("the sum of squared weights in a cell cannot exceed the square of its sum")
        if (self.weights**2 > self.people * self.squares * (1 + 1e-9)).any():
            problems.append("the sum of squared weights in a cell is too small for its people (Cauchy's inequality)")
        return problems

    def __getitem__(self, place: str | tuple[str, str]) -> dict[str, float]:
        """Return the weighted cells of an outcome (in all segments together, or in one) by name."""
        outcome, segment = place if isinstance(place, tuple) else (place, None)
        row = self.weights[self._index(self.outcomes, outcome, "outcome")]
        cells = row.sum(axis=0) if segment is None else row[self._index(self.segments, segment, "segment")]
        return dict(zip(CELLS, cells.tolist(), strict=True))

    @staticmethod
    def _index(names: tuple[str, ...], name: object, kind: str) -> int:
        if isinstance(name, str) and name in names:
            return names.index(name)
        hint = did_you_mean(name, names) if isinstance(name, str) else ""
        raise UnknownIdError(f"no {kind} {quoted(name)} in the tally{hint}")

    def __add__(self, other: Tally) -> Tally:
        """Merge two waves: the same respondent must not be in both."""
        if not isinstance(other, Tally):
            return NotImplemented
        if other.denominator != self.denominator:
            message = f"one tally is of {self.denominator!r}, the other of {other.denominator!r}"
            raise InvalidValueError(f"{message}: give both the same denominator", field="denominator")
        outcomes = tuple(dict.fromkeys((*self.outcomes, *other.outcomes)))
        segments = tuple(dict.fromkeys((*self.segments, *other.segments)))
        arrays = {}
        for name in ("people", "weights", "squares"):
            total = np.zeros((len(outcomes), len(segments), len(CELLS)))
            for one in (self, other):
                total[np.ix_(_places(outcomes, one.outcomes), _places(segments, one.segments))] += getattr(one, name)
            arrays[name] = total
        return Tally(outcomes=outcomes, segments=segments, denominator=self.denominator, **arrays)

    def __radd__(self, other: object) -> Tally:
        """Let ``sum(waves)`` begin with its 0."""
        return self if other == 0 and isinstance(other, int) else NotImplemented

    @property
    def weighted(self) -> bool:
        """Whether any respondent weighs other than one."""
        return not (np.array_equal(self.weights, self.people) and np.array_equal(self.squares, self.people))

    def to_records(self) -> list[dict[str, object]]:
        """Return plain records, one for each outcome and segment, that a file can hold.

        Returns
        -------
        list of dict
            `outcome`, `segment`, `denominator` and one number for each of `CELLS`; for a weighted survey also
            ``weight_…`` and ``squared_…`` of each cell.
        """
        kinds = tuple(zip(_KINDS, (self.people, self.weights, self.squares), strict=True))
        records = []
        for row, outcome in enumerate(self.outcomes):
            for column, segment in enumerate(self.segments):
                record: dict[str, object] = {"outcome": outcome, "segment": segment, "denominator": self.denominator}
                for prefix, array in kinds if self.weighted else kinds[:1]:
                    for cell, number in zip(CELLS, array[row, column].tolist(), strict=True):
                        record[prefix + cell] = int(number) if number == int(number) else number
                records.append(record)
        return records

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, object]]) -> Self:
        """Build a tally from what `to_records` gives, or from counts you already have.

        Parameters
        ----------
        records : iterable of mapping
            Each with `outcome`, and optionally `segment`, `denominator` and cells; cells that are left out are 0.
            Records of the same outcome and segment add up.

        Returns
        -------
        Tally

        Raises
        ------
        InvalidValueError
            For unknown keys, numbers that cannot be counts, or several denominators; all problems at once.

        Examples
        --------
        >>> Tally.from_records([{"outcome": "find", "high_high": 80, "high_low": 190, "low_high": 10, "low_low": 20}])
        <Tally of 1 outcome in 1 segment, 300 respondents at most>
        """
        return cls(**_read_records(records))  # type: ignore[arg-type]  # checked by the fields

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each outcome and segment, as `to_records` does.

        Returns
        -------
        list of dict
        """
        return self.to_records()

    def __repr__(self) -> str:
        def several(count: int, noun: str) -> str:
            return f"{count} {noun}{'' if count == 1 else 's'}"

        largest = int(self.people.sum(axis=(1, 2)).max())
        where = f"{several(len(self.outcomes), 'outcome')} in {several(len(self.segments), 'segment')}"
        return f"<Tally of {where}, {several(largest, 'respondent')} at most>"


def name_faults(kind: str, names: object) -> list[str]:
    """Say what is wrong with the names of outcomes or segments."""
    if not isinstance(names, tuple) or not names:
        return [f"there must be at least one {kind}"]
    found = [f"{kind} {place + 1}: {fault}" for place, name in enumerate(names) if (fault := id_fault(name))]
    if found:
        return found[:5]
    clashes = id_clashes(names)
    return [f"two {kind}s are called {quoted(name)}" for name in [pair[1] for pair in clashes][:5]]


def _places(names: Sequence[object], wanted: Iterable[object]) -> list[int]:
    place = {name: index for index, name in enumerate(names)}
    return [place[name] for name in wanted]


_KEYS = ("outcome", "segment", "denominator", *(prefix + cell for prefix in _KINDS for cell in CELLS))


def _read_records(records: object) -> dict[str, object]:
    rows = list(records) if isinstance(records, Iterable) and not isinstance(records, (str, bytes, Mapping)) else []
    if not rows:
        raise InvalidValueError("a tally needs at least one record", field="records")
    problems: list[str] = []
    read = [_read_record(row, f"record {place}", problems) for place, row in enumerate(rows, 1)]
    outcomes, segments, denominators = (list(dict.fromkeys(key[part] for key, _ in read)) for part in range(3))
    if len(denominators) > 1 and not problems:
        problems.append("the records have several denominators: " + " and ".join(map(str, denominators)))
    if problems:
        told = list(dict.fromkeys(problems))
        more = f"; and {len(told) - 10} more" if len(told) > 10 else ""  # noqa: PLR2004 - enough to read
        raise InvalidValueError("a tally from records: " + "; ".join(told[:10]) + more)
    total = np.zeros((len(outcomes), len(segments), len(_KINDS), len(CELLS)))
    down = _places(outcomes, (key[0] for key, _ in read))
    across = _places(segments, (key[1] for key, _ in read))
    np.add.at(total, (down, across), np.array([cells for _, cells in read]))
    people, weights, squares = np.moveaxis(total, 2, 0)
    return {
        "outcomes": outcomes,
        "segments": segments,
        "people": people,
        "weights": weights,
        "squares": squares,
        "denominator": denominators[0],
    }


def _read_record(row: object, name: str, problems: list[str]) -> tuple[tuple[str, str, str], list[list[float]]]:
    """Read the names and the cells of one record, adding what is wrong with it to `problems`."""
    if not isinstance(row, Mapping):
        problems.append(f"{name} must be a mapping, not {quoted(row, 60)}")
        return ("", "", ""), []
    for key in row:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) if isinstance(key, str) else ""
            problems.append(f"{name}: unknown key {quoted(key)}{hint}")
    names = (row.get("outcome"), row.get("segment", EVERYONE), row.get("denominator", "answered"))
    for part, text in zip(_KEYS, names[:2], strict=False):
        fault = id_fault(text)
        if fault:
            problems.append(f"{name}: {part}: {fault}")
    if names[2] not in DENOMINATORS:
        problems.append(f"{name}: denominator must be answered or all, not {quoted(names[2])}")
    weighted = any(row.get(prefix + cell) is not None for prefix in _KINDS[1:] for cell in CELLS)
    cells = []
    for prefix in _KINDS if weighted else ("", "", ""):
        cells.append([0.0] * len(CELLS))
        for place, cell in enumerate(CELLS):
            value = row.get(prefix + cell, 0)
            if (
                isinstance(value, (int, float, np.integer, np.floating))
                and not isinstance(value, bool)
                and 0 <= value <= _LARGEST
            ):
                cells[-1][place] = float(value)
            else:
                problems.append(f"{name}: {prefix + cell} must be a number from 0 up, not {quoted(value, 60)}")
    return tuple(quoted(each) if not isinstance(each, str) else each for each in names), cells  # type: ignore[return-value]  # three


def pool_segments(counts: Tally, *, name: str = EVERYONE) -> Tally:
    """Add the segments of a tally up to one.

    Parameters
    ----------
    counts : Tally
    name : str
        Of the one segment that is left.

    Returns
    -------
    Tally

    Raises
    ------
    InvalidValueError
        When what is given is no tally.

    Examples
    --------
    >>> from pmkit.jtbd import tally
    >>> pool_segments(tally([5, 4], [1, 2], outcomes="find", segments=["new", "old"])).segments
    ('everyone',)
    """
    check_tally(counts)
    return Tally(
        outcomes=counts.outcomes,
        segments=(name,),
        people=counts.people.sum(axis=1, keepdims=True),
        weights=counts.weights.sum(axis=1, keepdims=True),
        squares=counts.squares.sum(axis=1, keepdims=True),
        denominator=counts.denominator,
    )


def check_tally(value: object) -> None:
    """Want a tally."""
    if not isinstance(value, Tally):
        raise InvalidValueError(f"a Tally is needed (see jtbd.tally), not {quoted(value, 60)}")
