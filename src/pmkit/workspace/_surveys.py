"""Surveys of needs as a product file keeps them: counts of pairs of answers, and no respondent's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Value, frozen_mapping, id_clashes, id_fault, quoted
from pmkit.model import _fields as fields

if TYPE_CHECKING:
    from pmkit.jtbd import Tally

__all__ = ["Answers", "Survey", "WeightedAnswers", "survey_of", "tally_of"]

Denominator = Literal["answered", "all"]

_MOST = 10**12
_RATING = fields.whole(-1000, 1000)


def _people() -> Any:
    return attrs.field(default=0, validator=fields.whole(0, _MOST))


def _weight() -> Any:
    return attrs.field(default=0.0, converter=_real, validator=fields.number(0, _MOST))


def _real(value: Any) -> Any:
    return float(value) if type(value) is int and abs(value) <= _MOST else value


@attrs.frozen(kw_only=True)
class Answers:
    """How many people gave which pair of answers about one need; importance is named first, then satisfaction.

    Attributes
    ----------
    low_low, low_high, low_missing : int
        To whom it is not important, and who are not satisfied, satisfied, or did not say.
    high_low, high_high, high_missing : int
        To whom it is important, and who are not satisfied, satisfied, or did not say.
    missing_low, missing_high, missing_missing : int
        Who did not say how important it is, and are not satisfied, satisfied, or said neither.

    Examples
    --------
    >>> Answers(low_low=20, low_high=10, high_low=190, high_high=80).high_low
    190
    """

    low_low: int = _people()
    low_high: int = _people()
    low_missing: int = _people()
    high_low: int = _people()
    high_high: int = _people()
    high_missing: int = _people()
    missing_low: int = _people()
    missing_high: int = _people()
    missing_missing: int = _people()

    def __str__(self) -> str:
        return _written(self)


@attrs.frozen(kw_only=True)
class WeightedAnswers:
    """Sums over the people who gave each pair of answers, as `Answers` names the pairs.

    Attributes
    ----------
    low_low, low_high, low_missing : float
        To whom it is not important.
    high_low, high_high, high_missing : float
        To whom it is important.
    missing_low, missing_high, missing_missing : float
        Who did not say how important it is.

    Examples
    --------
    >>> WeightedAnswers(high_low=210.5).high_low
    210.5
    """

    low_low: float = _weight()
    low_high: float = _weight()
    low_missing: float = _weight()
    high_low: float = _weight()
    high_high: float = _weight()
    high_missing: float = _weight()
    missing_low: float = _weight()
    missing_high: float = _weight()
    missing_missing: float = _weight()

    def __str__(self) -> str:
        return _written(self)


def _written(cells: Answers | WeightedAnswers) -> str:
    """Write counts as a product file does, those that are none left out."""
    return f"{{{', '.join(f'{pair}: {n}' for pair, n in attrs.asdict(cells).items() if n)}}}"


_PAIRS = tuple(field.name for field in attrs.fields(Answers))


def _frozen(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return frozen_mapping(
        {name: frozen_mapping(row) if isinstance(row, Mapping) else row for name, row in value.items()}
    )


def _cells(cls: type, noun: str) -> fields.Validator:
    """Want segments mapped to needs mapped to cells, under names that can be told apart."""

    def check(_: object, attribute: fields.Named, value: object) -> None:
        wrong = f"Survey.{attribute.name}"
        rows = value.values() if isinstance(value, Mapping) else (None,)
        if not all(isinstance(row, Mapping) and all(isinstance(cell, cls) for cell in row.values()) for row in rows):
            message = f"{wrong} must map segments to needs to {noun}, not {quoted(value)}"
            raise InvalidValueError(message, field=attribute.name)
        told = list(_name_faults(value)) if isinstance(value, Mapping) else []
        if told:
            raise InvalidValueError(f"{wrong}: {'; '.join(told[:5])}", field=attribute.name)

    return check


def _name_faults(counts: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    needs = dict.fromkeys(need for row in counts.values() for need in row)
    for noun, names in (("segment", tuple(counts)), ("need", tuple(needs))):
        faults = [fault for name in names if (fault := id_fault(name))]
        yield from (f"the name of a {noun}: {fault}" for fault in faults)
        if not faults:
            yield from (f"two {noun}s are called {quoted(pair[1])}" for pair in id_clashes(names))


@attrs.frozen(kw_only=True)
class Survey(Value):
    """One wave of a survey of needs: how important each is to people, and how satisfied they are with it today.

    Attributes
    ----------
    id : str
        Unique in the workspace.
    title : str
        For people.
    date : date or None
        When it ended.
    question : str
        What was asked.
    source : str
        Where the respondents' rows are kept; they never stand in a product file.
    lowest, highest : int
        The ends of the scale.
    high : int
        From this rating on, a need counts as important, or as satisfied.
    denominator : Denominator
        Whether shares are taken of those who ``"answered"`` or of ``"all"`` who were asked.
    supersedes : tuple of str
        The ids of earlier waves that this one replaces: they stay in the file, and no longer count.
    counts : mapping of str to mapping of str to Answers
        By segment, then by the need's id; the one segment of a survey without segments is ``"everyone"``.
    weights, squares : mapping of str to mapping of str to WeightedAnswers
        In a weighted survey, the sums of the people's weights and of the squares of their weights; else empty.

    Examples
    --------
    >>> wave = Survey(id="autumn", date="2026-09-28", counts={"everyone": {"find": Answers(high_low=190, low_high=30)}})
    >>> wave.counts["everyone"]["find"].high_low
    190
    """

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(default="", validator=fields.text)
    date: dt.date | None = attrs.field(default=None, converter=fields.to_date, validator=fields.optional_date)
    question: str = attrs.field(default="", validator=fields.text)
    source: str = attrs.field(default="", validator=fields.text)
    lowest: int = attrs.field(default=1, validator=_RATING)
    highest: int = attrs.field(default=5, validator=_RATING)
    high: int = attrs.field(default=4, validator=_RATING)
    denominator: Denominator = attrs.field(
        default=fields.word("answered"), validator=fields.one_of(get_args(Denominator))
    )
    supersedes: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )
    counts: Mapping[str, Mapping[str, Answers]] = attrs.field(converter=_frozen, validator=_cells(Answers, "answers"))
    weights: Mapping[str, Mapping[str, WeightedAnswers]] = attrs.field(
        factory=dict, converter=_frozen, validator=_cells(WeightedAnswers, "weighted answers")
    )
    squares: Mapping[str, Mapping[str, WeightedAnswers]] = attrs.field(
        factory=dict, converter=_frozen, validator=_cells(WeightedAnswers, "weighted answers")
    )

    def __attrs_post_init__(self) -> None:
        if not any(self.counts.values()):
            raise InvalidValueError(f"survey {quoted(self.id)} counts no need", field="counts")
        if not self.lowest < self.high <= self.highest:
            message = f"a scale from {self.lowest} to {self.highest} has no upper part from {self.high} on"
            raise InvalidValueError(f"survey {quoted(self.id)}: {message}", field="high")
        if self.weights or self.squares:
            self._want_weights_that_fit()

    def _want_weights_that_fit(self) -> None:
        places = [
            {(segment, need) for segment, row in part.items() for need in row}
            for part in (self.counts, self.weights, self.squares)
        ]
        if not places[0] == places[1] == places[2]:
            message = "weights and squares stand for the same segments and needs as counts, each for all of them"
            raise InvalidValueError(f"survey {quoted(self.id)}: {message}", field="weights")
        try:
            tally_of(self)
        except InvalidValueError as error:
            raise InvalidValueError(f"survey {quoted(self.id)}: {error}", field="weights") from None

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of the needs that were asked about, each once, in the order of the counts."""
        return tuple(dict.fromkeys(need for row in self.counts.values() for need in row))


def tally_of(survey: Survey) -> Tally:
    """Give the counts of a survey to the functions of `pmkit.jtbd` that score and compare needs.

    Parameters
    ----------
    survey : Survey

    Returns
    -------
    Tally
        `survey_of` turns it back.

    Examples
    --------
    >>> tally_of(Survey(id="autumn", counts={"everyone": {"find": Answers(high_low=190, high_high=80)}}))
    <Tally of 1 outcome in 1 segment, 270 respondents at most>
    """
    from pmkit.jtbd import Tally

    return Tally.from_records(records_of(survey))


def records_of(survey: Survey) -> Iterator[dict[str, object]]:
    """Yield the counts of a survey as `pmkit.jtbd.Tally.from_records` takes them."""
    for segment, row in survey.counts.items():
        for need, answers in row.items():
            record: dict[str, object] = {"outcome": need, "segment": segment, "denominator": survey.denominator}
            record.update(attrs.asdict(answers))
            for prefix, sums in (("weight_", survey.weights), ("squared_", survey.squares)):
                if sums:
                    record.update({prefix + pair: n for pair, n in attrs.asdict(sums[segment][need]).items()})
            yield record


def survey_of(
    counts: Tally,
    *,
    identifier: str,
    title: str = "",
    date: dt.date | str | None = None,
    question: str = "",
    source: str = "",
    lowest: int = 1,
    highest: int = 5,
    high: int = 4,
    supersedes: Iterable[str] = (),
) -> Survey:
    """Make a wave of a survey, as a product file keeps it, of a tally.

    Parameters
    ----------
    counts : Tally
        From `pmkit.jtbd.tally` or `pmkit.formats.survey_csv`; its outcomes are named by the ids of needs.
    identifier : str
        The survey's id.
    title, question, source : str
    date : date or None
        When it ended.
    lowest, highest, high : int
        The scale, and from where on a rating counts as high.
    supersedes : iterable of str
        The ids of waves that this one replaces.

    Returns
    -------
    Survey

    Raises
    ------
    InvalidValueError
        For an id that is none, or a scale without an upper part.

    Examples
    --------
    >>> from pmkit.jtbd import tally
    >>> counts = tally([5, 4, 2], [1, 2, 4], outcomes="find")
    >>> survey_of(counts, identifier="autumn").counts["everyone"]["find"].high_low
    2
    """
    sums: dict[str, dict[str, dict[str, Any]]] = {"": {}, "weight_": {}, "squared_": {}}
    for record in counts.to_records():
        segment, need = str(record["segment"]), str(record["outcome"])
        for prefix, into in sums.items():
            cls: Any = WeightedAnswers if prefix else Answers
            if prefix + _PAIRS[0] in record:
                into.setdefault(segment, {})[need] = cls(**{pair: record[prefix + pair] for pair in _PAIRS})
    return Survey(
        id=identifier, title=title, date=fields.to_date(date), question=question, source=source,
        lowest=lowest, highest=highest, high=high, denominator=counts.denominator, supersedes=tuple(supersedes),
        counts=sums[""], weights=sums["weight_"], squares=sums["squared_"],
    )  # fmt: skip
