"""What is being decided, read from a tree's records: opportunities, candidate solutions, beliefs, tests."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.experiments._convert import by_name
from pmkit.model import Undefined, Value, quoted
from pmkit.model import _fields as fields

__all__ = ["Candidate", "Portfolio", "TestOption", "portfolio_from_records"]

_CLOSED = frozenset({"dropped", "shipped"})
_PLAIN = frozenset({int, float})
_MISSING_TEXT = frozenset({"", "na", "nan", "none", "null"})


@attrs.frozen(kw_only=True)
class Candidate:
    """A solution that could be built.

    Attributes
    ----------
    id : str
    opportunity : str
        The opportunity that it serves; of an opportunity's solutions at most one is built.
    value : float or None
        What it pays if all its assumptions hold, in any one unit of worth; None when unknown.
    cost : float or None
        What is still to be paid to build it, in the same unit; None when unknown.
    assumptions : tuple of str
        What must be true, by id; other candidates may rest on the same ones.

    Examples
    --------
    >>> Candidate(id="row", opportunity="find", value=100, cost=30, assumptions=["look"]).assumptions
    ('look',)
    """

    id: str = attrs.field(validator=fields.identifier)
    opportunity: str = attrs.field(default="", validator=fields.text)
    value: float | None = attrs.field(default=None, validator=fields.optional(fields.number()))
    cost: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))
    assumptions: tuple[str, ...] = attrs.field(
        default=(), converter=fields.to_texts, validator=fields.tuple_of(fields.identifier)
    )


@attrs.frozen(kw_only=True)
class TestOption:
    """A test that could be run.

    Attributes
    ----------
    id, title : str
    assumptions : tuple of str
        What it looks at: positive with probability `sensitivity` if all of them hold.
    sensitivity, specificity : float or None
        The chance of a right answer where they hold and where they do not; None is taken as 1 and said "at most".
    inconclusive : float
        The chance of no answer.
    cost, days : float or None
    solution : str
        The solution under which it hangs, where it has one.

    Examples
    --------
    >>> TestOption(id="proto", assumptions="look", sensitivity=0.84, specificity=0.81).assumptions
    ('look',)
    """

    __test__ = False  # pytest takes every class called Test… for one of its own

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(default="", validator=fields.text)
    assumptions: tuple[str, ...] = attrs.field(converter=fields.to_texts, validator=fields.tuple_of(fields.identifier))
    sensitivity: float | None = attrs.field(default=None, validator=fields.optional(fields.probability))
    specificity: float | None = attrs.field(default=None, validator=fields.optional(fields.probability))
    inconclusive: float = attrs.field(default=0.0, validator=fields.probability)
    cost: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))
    days: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))
    solution: str = attrs.field(default="", validator=fields.text)


def _beliefs(_instance: object, _attribute: fields.Named, value: object) -> None:
    if not isinstance(value, Mapping):
        raise InvalidValueError(f"beliefs must map assumptions to probabilities, not {quoted(value)}")
    bad = [
        f"the probability of {quoted(name)} must be from 0 to 1, not {quoted(belief)}"
        for name, belief in value.items()
        if isinstance(belief, bool) or not isinstance(belief, (int, float)) or not 0 <= belief <= 1
    ]
    if bad:
        raise InvalidValueError("; ".join(bad))


def _candidates(value: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return fields.to_tuple(value)


def _options(value: Iterable[TestOption]) -> tuple[TestOption, ...]:
    return fields.to_tuple(value)


@attrs.frozen(kw_only=True)
class Portfolio(Value):
    """All that the value of a test depends on.

    Attributes
    ----------
    candidates : tuple of Candidate
    beliefs : mapping of str to float
        The probability that each assumption holds; assumptions are independent.
    tests : tuple of TestOption

    Examples
    --------
    >>> Portfolio(candidates=[Candidate(id="row", value=100, cost=30, assumptions="look")],
    ...     beliefs={"look": 0.6}, tests=[TestOption(id="proto", assumptions="look")]).beliefs["look"]
    0.6
    """

    candidates: tuple[Candidate, ...] = attrs.field(
        converter=_candidates, validator=fields.tuple_of(fields.of_type(Candidate, "a candidate"))
    )
    beliefs: Mapping[str, float] = attrs.field(converter=by_name, validator=_beliefs)
    tests: tuple[TestOption, ...] = attrs.field(
        default=(), converter=_options, validator=fields.tuple_of(fields.of_type(TestOption, "a test option"))
    )


def portfolio_from_records(records: Iterable[Mapping[str, object]]) -> Portfolio:
    """Read the records of an opportunity solution tree into what can be computed on.

    Parameters
    ----------
    records : iterable of mapping
        One per node: ``id``, ``kind``, ``parent``; solutions with ``value``, ``cost``, ``status``; assumptions with
        ``probability``; tests with ``cost``, ``days``, ``status`` and either ``criterion`` (``successes``,
        ``trials``, ``rate_if_true``, ``rate_if_false``) or ``sensitivity`` and ``specificity``, and
        ``inconclusive``. A link from or to an assumption ties a solution or a test to it as well. Other kinds and
        columns are not read. None, NaN and "" are missing.

    Returns
    -------
    Portfolio
        Solutions that are neither dropped nor shipped, and tests that are not done and look at something that one
        of them rests on.

    Raises
    ------
    InvalidValueError
        For records that are not mappings, lack an id, or hold a number outside its range; `findings` has them all.

    Examples
    --------
    >>> portfolio = portfolio_from_records([
    ...     {"id": "find", "kind": "opportunity", "parent": None},
    ...     {"id": "row", "kind": "solution", "parent": "find", "value": 100, "cost": 30},
    ...     {"id": "look", "kind": "assumption", "parent": "row", "probability": 0.6},
    ...     {"id": "proto", "kind": "test", "parent": "look", "cost": 2}])
    >>> [test.id for test in portfolio.tests]
    ['proto']
    """
    reader = _Reader()
    nodes: dict[str, Mapping[str, object]] = {}
    for place, record in enumerate(records):
        if not _as_record(record):
            reader.fault("", f"record {place} must be a mapping of columns, not {quoted(record)}")
            continue
        identifier = record.get("id")
        if not isinstance(identifier, str) or not identifier:
            reader.fault("", f"record {place} has no id")
        elif identifier in nodes:
            reader.fault(identifier, f"the id {quoted(identifier)} stands twice")
        else:
            nodes[identifier] = record
    return reader.portfolio(nodes)


def _as_record(record: object) -> bool:
    return isinstance(record, Mapping)


class _Reader:
    """Collects every fault on the way, so that all are told at once."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def fault(self, subject: str, message: str) -> None:
        self.findings.append(Finding("EXP300", "error", subject, message))

    def portfolio(self, nodes: Mapping[str, Mapping[str, object]]) -> Portfolio:
        kinds = {identifier: _word(record.get("kind")) for identifier, record in nodes.items()}
        assumptions: dict[str, list[str]] = {identifier: [] for identifier, kind in kinds.items() if kind == "solution"}
        looks_at: dict[str, list[str]] = {identifier: [] for identifier, kind in kinds.items() if kind == "test"}
        for identifier, record in nodes.items():
            kind = kinds[identifier]
            parent = record.get("parent")
            if kind == "assumption" and isinstance(parent, str) and parent in assumptions:
                assumptions[parent].append(identifier)
            elif kind == "test" and isinstance(parent, str) and kinds.get(parent) == "assumption":
                looks_at[identifier].append(parent)
        self._follow_links(nodes, kinds, assumptions, looks_at)
        candidates = tuple(
            Candidate(
                id=identifier,
                opportunity=parent if isinstance(parent := nodes[identifier].get("parent"), str) else "",
                value=self._number(nodes[identifier], "value"),
                cost=self._number(nodes[identifier], "cost", 0),
                assumptions=tuple(dict.fromkeys(assumptions[identifier])),
            )
            for identifier in assumptions
            if _word(nodes[identifier].get("status")) not in _CLOSED
        )
        live = {name for candidate in candidates for name in candidate.assumptions}
        beliefs = {
            identifier: probability
            for identifier, kind in kinds.items()
            if kind == "assumption"
            and identifier in live
            and (probability := self._number(nodes[identifier], "probability", 0, 1)) is not None
        }
        tests = tuple(
            option
            for identifier in looks_at
            if _word(nodes[identifier].get("status")) != "done"
            and (option := self._test(nodes, identifier, looks_at, assumptions)) is not None
            and not live.isdisjoint(option.assumptions)
        )
        if self.findings:
            message = "; ".join(finding.message for finding in self.findings[:5])
            more = f"; and {len(self.findings) - 5} more" if len(self.findings) > 5 else ""  # noqa: PLR2004 - enough to start with
            raise InvalidValueError(message + more, findings=tuple(self.findings))
        return Portfolio(candidates=candidates, beliefs=beliefs, tests=tests)

    def _follow_links(
        self,
        nodes: Mapping[str, Mapping[str, object]],
        kinds: Mapping[str, str],
        assumptions: dict[str, list[str]],
        looks_at: dict[str, list[str]],
    ) -> None:
        for identifier, record in nodes.items():
            for target in _link_targets(record.get("links"), nodes):
                for one, other in ((identifier, target), (target, identifier)):
                    if kinds[other] != "assumption":
                        continue
                    if kinds[one] == "solution":
                        assumptions[one].append(other)
                    elif kinds[one] == "test":
                        looks_at[one].append(other)

    def _test(
        self,
        nodes: Mapping[str, Mapping[str, object]],
        identifier: str,
        looks_at: Mapping[str, list[str]],
        assumptions: Mapping[str, list[str]],
    ) -> TestOption | None:
        record = nodes[identifier]
        parent = record.get("parent")
        seen = list(looks_at[identifier])
        solution = ""
        if isinstance(parent, str) and parent in assumptions:
            seen += assumptions[parent]
            solution = parent
        if not seen:
            return None
        sensitivity, specificity = self._accuracy(record)
        title = record.get("title")
        return TestOption(
            id=identifier,
            title=title if isinstance(title, str) else "",
            assumptions=tuple(dict.fromkeys(seen)),
            sensitivity=sensitivity,
            specificity=specificity,
            inconclusive=self._number(record, "inconclusive", 0, 1) or 0.0,
            cost=self._number(record, "cost", 0),
            days=self._number(record, "days", 0),
            solution=solution,
        )

    def _accuracy(self, record: Mapping[str, object]) -> tuple[float | None, float | None]:
        sensitivity = self._number(record, "sensitivity", 0, 1)
        specificity = self._number(record, "specificity", 0, 1)
        criterion = _as_mapping(record.get("criterion"))
        if criterion is None or (sensitivity is not None and specificity is not None):
            return sensitivity, specificity
        counted = {**criterion, "id": record["id"]}
        successes, trials = (self._number(counted, name, 0) for name in ("successes", "trials"))
        if successes is None or trials is None:
            return sensitivity, specificity
        rates = [self._number(counted, name, 0, 1) for name in ("rate_if_true", "rate_if_false")]
        tails = [None if rate is None else _at_least(successes, trials, rate) for rate in rates]
        if sensitivity is None:
            sensitivity = tails[0]
        if specificity is None:
            specificity = None if tails[1] is None else 1.0 - tails[1]
        return sensitivity, specificity

    def _number(
        self, record: Mapping[str, object], column: str, lower: float = -math.inf, upper: float = math.inf
    ) -> float | None:
        value = record.get(column)
        if value is None:
            return None
        if type(value) in _PLAIN and lower <= value <= upper and math.isfinite(value):  # type: ignore[operator,arg-type]  # a plain number
            return float(value)  # type: ignore[arg-type]  # the same
        if _is_missing(value):
            return None
        number: float | None = None
        if not isinstance(value, bool):
            try:
                number = float(value)  # type: ignore[arg-type]  # whatever cannot be a number is told below
            except (TypeError, ValueError):
                number = None
        if number is None or not math.isfinite(number) or not lower <= number <= upper:
            wanted = "a number" if lower == -math.inf else f"a number from {lower:g}"
            wanted += f" to {upper:g}" if upper != math.inf else (" up" if lower != -math.inf else "")
            subject = str(record.get("id", ""))
            self.fault(subject, f"{column} of {quoted(subject)} must be {wanted}, not {quoted(value)}")
            return None
        return number


def _is_missing(value: object) -> bool:
    if value is None or isinstance(value, Undefined):
        return True
    if isinstance(value, str):
        return value.strip().casefold() in _MISSING_TEXT
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def _word(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _as_mapping(value: object) -> Mapping[str, object] | None:
    if isinstance(value, Mapping):
        return value
    if attrs.has(type(value)):
        return attrs.asdict(value, recurse=False)  # type: ignore[arg-type]  # `has` just said that it is an attrs value
    return None


def _link_targets(links: object, nodes: Mapping[str, object]) -> list[str]:
    """Give the ids at the far end of links, however they are written: ids, pairs, mappings, "kind: id" texts."""
    if _is_missing(links):
        return []
    if isinstance(links, (str, Mapping)):
        links = (
            [part.strip() for part in links.split(",")] if isinstance(links, str) and links not in nodes else [links]
        )
    if not isinstance(links, Iterable):
        return []
    found: list[str] = []
    for link in links:
        if attrs.has(type(link)):
            parts: list[object] = list(attrs.asdict(link, recurse=False).values())
        elif isinstance(link, Mapping):
            parts = list(link.values())
        elif isinstance(link, str):
            parts = [link, *(piece.strip() for separator in (":", "->", ">", " ") for piece in link.split(separator))]
        else:
            parts = list(link) if isinstance(link, (tuple, list)) else []
        known = [part for part in parts if isinstance(part, str) and part in nodes]
        found.extend(known[:1] if isinstance(link, str) else known)
    return list(dict.fromkeys(found))


@functools.lru_cache(maxsize=4096)
def _at_least(successes: float, trials: float, rate: float) -> float:
    """Return the chance of at least that many successes, from the binomial's link to the beta distribution."""
    from scipy.special import bdtrc

    needed = math.ceil(successes)
    return 1.0 if needed <= 0 else float(bdtrc(needed - 1, math.floor(trials), rate)) if needed <= trials else 0.0
