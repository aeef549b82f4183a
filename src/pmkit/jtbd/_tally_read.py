"""Reading a survey: arrays or any data frame, one row a respondent or one row an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from pmkit.errors import InvalidValueError
from pmkit.jtbd._tally import CELLS, DENOMINATORS, EVERYONE, Denominator, Tally, name_faults
from pmkit.model import did_you_mean, quoted, require
from pmkit.stats._arrays import FloatArray, choice
from pmkit.trees._nodes import missing

__all__ = ["Survey", "high_from", "levels", "read_survey", "tally"]

_PAIR = 2
_TOLD = 8


@attrs.define(kw_only=True)
class Survey:
    """Answers as arrays: wide ones have respondents down and outcomes across, long ones one row an answer."""

    outcomes: tuple[str, ...]
    segments: tuple[str, ...]
    importance: FloatArray
    satisfaction: FloatArray
    column: NDArray[np.intp]
    group: NDArray[np.intp]
    weight: FloatArray

    @property
    def wide(self) -> bool:
        """Whether a row is a respondent."""
        return self.importance.ndim == _PAIR


@attrs.define
class _Reader:
    """Collects problems while it reads, to tell them together."""

    problems: list[str] = attrs.field(factory=list)

    def done(self) -> None:
        if self.problems:
            told = list(dict.fromkeys(self.problems))
            more = f"; and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
            raise InvalidValueError("a survey: " + "; ".join(told[:_TOLD]) + more)

    def numbers(self, name: str, value: object) -> FloatArray:
        """Turn ratings into floats, missing ones into NaN."""
        try:
            raw = (
                np.ma.filled(value, np.nan)
                if isinstance(value, np.ma.MaskedArray) and value.dtype.kind == "f"
                else value
            )
            raw = np.array(raw.tolist(), dtype=object) if isinstance(raw, np.ma.MaskedArray) else np.asarray(raw)
        except ValueError:
            self.problems.append(f"{name} must be a regular array, each row as long as the others")
            return np.full((), np.nan)
        if raw.dtype.kind in "biuf":
            return raw.astype(np.float64)
        flat = np.full(raw.size, np.nan)
        for place, cell in enumerate(raw.ravel().tolist()):
            if missing(cell):
                continue
            if not hasattr(cell, "__float__") or isinstance(cell, (str, bytes)):
                self.problems.append(f"{name} must hold numbers, not {quoted(cell, 60)} (at {place})")
                break
            try:
                flat[place] = float(cell)
            except (OverflowError, TypeError, ValueError):
                flat[place] = np.inf
        return flat.reshape(raw.shape)

    def labels(self, name: str, value: object, count: int) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Give the different labels numbers, in order of appearance."""
        try:
            raw = np.asarray(value, dtype=object)
        except ValueError:
            raw = np.empty((0, 0), dtype=object)
        if raw.shape != (count,):
            self.problems.append(f"{name} must hold one label for each of the {count} rows, not the shape {raw.shape}")
            return (EVERYONE,), np.zeros(count, np.intp)
        seen: dict[object, int] = {}
        codes = np.empty(count, np.intp)
        for place, label in enumerate(raw.tolist()):
            if missing(label):
                self.problems.append(
                    f"{name} has no label in row {place + 1}; give those rows a name such as 'unknown'"
                )
                break
            if isinstance(label, (list, tuple, dict, set, np.ndarray)):
                self.problems.append(f"{name} must hold labels, not {quoted(label, 60)} (row {place + 1})")
                break
            codes[place] = seen.setdefault(label if isinstance(label, str) else str(label), len(seen))
        else:
            names = tuple(str(label) for label in seen)
            self.problems.extend(name_faults(name.removesuffix("s"), names) if names else [])
            return names, codes
        return (EVERYONE,), np.zeros(count, np.intp)

    def weights(self, value: object, count: int) -> FloatArray:
        if value is None:
            return np.ones(count)
        found = self.numbers("weights", value)
        if found.shape != (count,):
            self.problems.append(
                f"weights must hold one weight for each of the {count} rows, not the shape {found.shape}"
            )
            return np.ones(count)
        bad = ~(np.isfinite(found) & (found >= 0) & (found <= 1e6))  # noqa: PLR2004 - the bound told below
        if bad.any():
            first = int(np.argmax(bad))
            self.problems.append(
                f"weights must be numbers from 0 to 1,000,000; {int(bad.sum())} are not, "
                f"the first is {found[first]:g} in row {first + 1}"
            )
        return found

    def ratings(self, name: str, value: object, scale: tuple[int, int]) -> FloatArray:
        found = self.numbers(name, value)
        good = np.isnan(found) | ((found >= scale[0]) & (found <= scale[1]) & (found == np.floor(found)))
        if not good.all():
            bad = found[~good]
            row = int(np.argwhere(~good)[0][0]) + 1 if found.ndim else 1
            self.problems.append(
                f"{name} must be whole numbers from {scale[0]} to {scale[1]} (see `scale`) or missing; "
                f"{bad.size} are not, the first is {bad[0]:g} in row {row}"
            )
        return found


def checked_scale(scale: object) -> tuple[int, int]:
    """Want the lowest and the highest rating."""
    pair = tuple(scale) if isinstance(scale, (tuple, list)) else ()
    whole = all(isinstance(end, (int, np.integer)) and not isinstance(end, bool) for end in pair)
    if len(pair) != _PAIR or not whole or not -1000 <= pair[0] < pair[1] <= 1000:  # noqa: PLR2004 - wider is no rating
        raise InvalidValueError(f"scale must be the lowest and the highest rating, such as (1, 5), not {quoted(scale)}")
    return int(pair[0]), int(pair[1])


def high_from(high: object, scale: tuple[int, int]) -> int:
    """Give the lowest rating that counts as high: of the upper two, unless told otherwise."""
    if high is None:
        return max(scale[1] - 1, scale[0] + 1)
    if not isinstance(high, (int, np.integer)) or isinstance(high, bool) or not scale[0] < high <= scale[1]:
        wanted = f"a rating above {scale[0]} and up to {scale[1]}"
        raise InvalidValueError(f"high must be the lowest rating that counts as high, {wanted}, not {quoted(high)}")
    return int(high)


def levels(ratings: FloatArray, high: int) -> NDArray[np.intp]:
    """Turn ratings into 0 (low), 1 (high) and 2 (missing)."""
    return np.where(np.isnan(ratings), 2, ratings >= high).astype(np.intp)


def _frame_columns(frame: object, names: Sequence[str] | None, what: str) -> dict[str, object]:
    """Read columns of a mapping or of any frame that narwhals knows; all of them where no names are given."""
    table = frame if isinstance(frame, Mapping) else _narwhal(frame, what)
    known = [str(name) for name in (table if isinstance(table, Mapping) else table.collect_schema().names())]
    absent = [name for name in names or () if name not in known]
    if absent:
        told = "; ".join(f"no column {quoted(name)} in {what}{did_you_mean(name, known)}" for name in absent[:_TOLD])
        raise InvalidValueError(told)
    wanted = list(dict.fromkeys(known if names is None else names))
    if isinstance(table, Mapping):
        return {name: table[name] for name in wanted}
    chosen = table.lazy().select(wanted).collect()
    return {name: chosen[name].to_numpy() for name in wanted}


def _narwhal(frame: object, what: str) -> Any:
    """Wrap a frame, or say what is wanted."""
    narwhals = require("narwhals", extra="frames", purpose="reading a data frame")
    try:
        return narwhals.from_native(frame)
    except TypeError:
        message = f"{what} must be an array, a mapping of columns or a data frame, not {quoted(frame, 60)}"
        raise InvalidValueError(message) from None


def _is_frame(value: object) -> bool:
    return isinstance(value, Mapping) or (hasattr(value, "columns") and not isinstance(value, np.ndarray))


def _grid(columns: Sequence[object], name: str) -> object:
    """Put columns side by side, numbers or objects."""
    arrays = [np.asarray(column) for column in columns]
    if len({array.shape for array in arrays}) > 1 or arrays[0].ndim != 1:
        raise InvalidValueError(f"the columns of {name} must be equally long lists of ratings")
    if all(array.dtype.kind in "biuf" for array in arrays):
        return np.stack([array.astype(np.float64) for array in arrays], axis=1)
    return np.stack([array.astype(object) for array in arrays], axis=1)


def _texts(value: object, name: str) -> list[str]:
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else []
    if not names or not all(isinstance(each, str) for each in names):
        raise InvalidValueError(f"{name} must be the name of a column or several, not {quoted(value, 60)}")
    return names


@attrs.frozen(kw_only=True)
class _Given:
    """What was given to `tally`, and later what was found under the names of columns."""

    importance: object
    satisfaction: object
    outcomes: object
    segments: object
    weights: object
    respondents: object
    long: bool = False


def _from_columns(given: _Given, data: object) -> _Given:
    """Look the named columns up in one table."""
    first, second = _texts(given.importance, "importance"), _texts(given.satisfaction, "satisfaction")
    if len(first) != len(second):
        message = f"there are {len(first)} columns of importance but {len(second)} of satisfaction"
        raise InvalidValueError(message)
    long = isinstance(given.importance, str) and given.outcomes is not None
    extra = {"segments": given.segments, "weights": given.weights, "respondents": given.respondents}
    if long:
        extra["outcomes"] = given.outcomes
    for name, column in extra.items():
        if column is not None and not isinstance(column, str):
            raise InvalidValueError(f"with data, {name} must be the name of a column, not {quoted(column, 60)}")
    named = {name: column for name, column in extra.items() if isinstance(column, str)}
    table = _frame_columns(data, [*first, *second, *named.values()], "data")
    columns: dict[str, Any] = {name: table[column] for name, column in named.items()}
    found = attrs.evolve(given, **columns)
    if long:
        return attrs.evolve(found, importance=table[first[0]], satisfaction=table[second[0]], long=True)
    grids = [_grid([table[name] for name in names], "data") for names in (first, second)]
    names = first if given.outcomes is None else given.outcomes
    return attrs.evolve(found, importance=grids[0], satisfaction=grids[1], outcomes=names)


def _from_tables(given: _Given) -> _Given:
    """Read two tables with one column an outcome."""
    first, second = (
        _frame_columns(table, None, name) if _is_frame(table) else {}
        for table, name in ((given.importance, "importance"), (given.satisfaction, "satisfaction"))
    )
    if not first or sorted(first) != sorted(second):
        message = "importance and satisfaction must be two tables with the same columns, one an outcome"
        raise InvalidValueError(f"{message} (for columns of one table use `data`)")
    grids = [_grid([table[name] for name in first], "the tables") for table in (first, second)]
    outcomes = list(first) if given.outcomes is None else given.outcomes
    return attrs.evolve(given, importance=grids[0], satisfaction=grids[1], outcomes=outcomes)


def read_survey(
    importance: object,
    satisfaction: object,
    *,
    data: object = None,
    outcomes: object = None,
    segments: object = None,
    weights: object = None,
    respondents: object = None,
    scale: object = (1, 5),
) -> Survey:
    """Read a survey however it comes, telling all its problems at once."""
    ends = checked_scale(scale)
    given = _Given(
        importance=importance,
        satisfaction=satisfaction,
        outcomes=outcomes,
        segments=segments,
        weights=weights,
        respondents=respondents,
    )
    if data is not None:
        given = _from_columns(given, data)
    elif _is_frame(importance) or _is_frame(satisfaction):
        given = _from_tables(given)
    reader = _Reader()
    first = reader.ratings("importance", given.importance, ends)
    second = reader.ratings("satisfaction", given.satisfaction, ends)
    fits = first.shape == second.shape and first.ndim in ((1,) if given.long else (1, _PAIR)) and first.size > 0
    if not fits and not reader.problems:
        wanted = "one row a respondent, one column an outcome, at least one of each"
        found = f"{first.shape} and {second.shape}"
        reader.problems.append(f"importance and satisfaction must have the same shape ({wanted}), not {found}")
    reader.done()
    count = len(first)
    segments, group = (EVERYONE,), np.zeros(count, np.intp)
    if given.segments is not None:
        segments, group = reader.labels("segments", given.segments, count)
    weight = reader.weights(given.weights, count)
    people = None if given.respondents is None else reader.labels("respondents", given.respondents, count)
    if given.long:
        names, column = reader.labels("outcomes", given.outcomes, count)
    else:
        first, second = first.reshape(count, -1), second.reshape(count, -1)
        names = _outcome_names(reader, given.outcomes, first.shape[1])
        column = np.arange(len(names))[None, :]
        group, weight = group[:, None], weight[:, None]
        if people is not None and len(people[0]) < count:
            reader.problems.append(f"{count - len(people[0])} rows are of respondents who have a row already")
    reader.done()
    survey = Survey(
        outcomes=names,
        segments=segments,
        importance=first,
        satisfaction=second,
        column=column,
        group=group,
        weight=weight,
    )
    return _pivoted(survey, *people) if given.long and people is not None else survey


def _outcome_names(reader: _Reader, outcomes: object, count: int) -> tuple[str, ...]:
    if outcomes is None:
        return tuple(f"outcome {place + 1}" for place in range(count))
    names = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes) if isinstance(outcomes, Iterable) else ()
    texts = tuple(str(name) for name in names)
    if len(texts) != count:
        reader.problems.append(f"there are {count} outcomes but {len(texts)} names for them")
        return tuple(f"outcome {place + 1}" for place in range(count))
    reader.problems.extend(name_faults("outcome", texts))
    return texts


def _pivoted(survey: Survey, people: tuple[str, ...], person: NDArray[np.intp]) -> Survey:
    """Turn one row an answer into one row a respondent."""
    count = len(people)
    place = person * len(survey.outcomes) + survey.column
    if len(np.unique(place)) < len(place):
        raise InvalidValueError("a survey: a respondent answers the same outcome twice; keep one of the answers")
    _, first = np.unique(person, return_index=True)
    for name, own in (("segment", survey.group), ("weight", survey.weight)):
        changed = own != own[first][person]
        if changed.any():
            who = quoted(people[int(person[np.argmax(changed)])])
            raise InvalidValueError(f"a survey: respondent {who} has several {name}s")
    grids = []
    for ratings in (survey.importance, survey.satisfaction):
        grid = np.full(count * len(survey.outcomes), np.nan)
        grid[place] = ratings
        grids.append(grid.reshape(count, -1))
    return attrs.evolve(
        survey, importance=grids[0], satisfaction=grids[1], column=np.arange(len(survey.outcomes))[None, :],
        group=survey.group[first][:, None], weight=survey.weight[first][:, None],
    )  # fmt: skip


def tally(
    importance: object,
    satisfaction: object,
    *,
    data: object = None,
    outcomes: object = None,
    segments: object = None,
    weights: object = None,
    respondents: object = None,
    denominator: Denominator = "answered",
    scale: tuple[int, int] = (1, 5),
    high: int | None = None,
) -> Tally:
    """Count how many respondents gave which pair of answers to each outcome.

    Parameters
    ----------
    importance, satisfaction : array or data frame, shape (respondents,) or (respondents, outcomes)
        Ratings; None, NaN and NA are missing answers. Two frames (or mappings of columns) name the outcomes by
        their columns. With `data`: a list of columns each (wide: one row a respondent), or one column each (long:
        one row an answer).
    data : data frame or mapping, optional
        One table (pandas, polars, pyarrow, DuckDB, Ibis, …) in which all other arguments name columns.
    outcomes : sequence of str or str, optional
        The names of the outcomes; with `data` in long form, the column that holds them.
    segments : sequence or str, optional
        One label for each row (or its column); without it everybody is in the segment ``"everyone"``.
    weights : sequence of float or str, optional
        One weight for each row (or its column), from 0 up. Whoever weighs nothing is not counted.
    respondents : sequence or str, optional
        Who answered, one id for each row (or its column): makes sure that nobody is counted twice. Ids are not kept.
    denominator : {"answered", "all"}
        Shares of those who answered the question (as most software has it), or of all respondents asked (as the
        books have it). In long form, only rows count as asked.
    scale : (int, int)
        The lowest and the highest rating.
    high : int, optional
        The lowest rating that counts as important or satisfied; of the upper two ratings by default.

    Returns
    -------
    Tally

    Raises
    ------
    InvalidValueError
        For ratings off the scale, weights that are negative or NaN, shapes that do not fit, rows without a
        segment; all problems at once.

    References
    ----------
    Ulwick (2002), "Turn Customer Input into Innovation", *Harvard Business Review* 80(1).

    Examples
    --------
    >>> counts = tally([[5, 4], [5, 2], [1, None]], [[2, 4], [5, 1], [1, 3]], outcomes=["find", "choose"])
    >>> counts["find"]["high_low"], counts["choose"]["missing_low"]
    (1.0, 1.0)
    >>> long = {"outcome": ["find", "choose", "find"], "i": [5, 4, 3], "s": [1, 2, 3], "who": ["p1", "p1", "p2"]}
    >>> tally("i", "s", data=long, outcomes="outcome", respondents="who")
    <Tally of 2 outcomes in 1 segment, 2 respondents at most>
    """
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
    cutoff = high_from(high, checked_scale(scale))
    cell = 3 * levels(survey.importance, cutoff) + levels(survey.satisfaction, cutoff)
    shape = (len(survey.outcomes), len(survey.segments), len(CELLS))
    place = ((survey.column * shape[1] + survey.group) * shape[2] + cell).ravel()
    weight = np.broadcast_to(survey.weight, survey.importance.shape).ravel()
    size = shape[0] * shape[1] * shape[2]
    people, total, squares = (
        np.bincount(place, weights=each, minlength=size).reshape(shape)
        for each in (weight > 0, weight, np.square(weight))
    )
    return Tally(
        outcomes=survey.outcomes,
        segments=survey.segments,
        people=people,
        weights=total,
        squares=squares,
        denominator=denominator,
    )
