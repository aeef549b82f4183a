"""Comparing sibling opportunities factor by factor, without a score unless one is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, Value, did_you_mean, frozen_mapping, quoted, unknown_id
from pmkit.ost._backing import backing
from pmkit.ost._facts import below
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree
from pmkit.ost._target import opportunity_at

__all__ = ["ComparedOpportunity", "Comparison", "WeightedComparison", "compare"]

Factor = float | str | Undefined
_MISSING = Undefined("a needed number is missing")


def _frozen_factors(factors: Mapping[str, Factor]) -> Mapping[str, Factor]:
    return frozen_mapping(factors)


def _frozen_weights(weights: Mapping[str, float]) -> Mapping[str, float]:
    return frozen_mapping(weights)


def _frozen_scores(scores: Mapping[str, float | Undefined]) -> Mapping[str, float | Undefined]:
    return frozen_mapping(scores)


@attrs.frozen(kw_only=True)
class ComparedOpportunity(Value):
    """One of the siblings, and how it stands in each factor.

    Attributes
    ----------
    id, title : str
    factors : mapping of str to float, str or Undefined
        By the factor's name; more is better. Words are shown and not ranked.
    dominated_by : tuple of str
        The ids of siblings on the Pareto front that are at least as good in every factor
        and better in one.

    Examples
    --------
    >>> find = ComparedOpportunity(id="find", title="I can't find a film", factors={"reach": 0.4}, dominated_by=())
    >>> find.factors["reach"]
    0.4
    """

    id: str
    title: str
    factors: Mapping[str, Factor] = attrs.field(converter=_frozen_factors)
    dominated_by: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Comparison(Value, Table):
    """Siblings side by side.

    Attributes
    ----------
    siblings : tuple of ComparedOpportunity
        In the tree's order, the one asked for included.
    front : tuple of str
        The Pareto front: the ids of those that no sibling dominates.

    Examples
    --------
    >>> Comparison(siblings=(), front=()).to_dicts()
    []
    """

    siblings: tuple[ComparedOpportunity, ...]
    front: tuple[str, ...]

    def __getitem__(self, identifier: str) -> ComparedOpportunity:
        for sibling in self.siblings:
            if sibling.id == identifier:
                return sibling
        raise unknown_id("sibling", identifier, [sibling.id for sibling in self.siblings])

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each sibling."""
        return [
            {"id": each.id, "title": each.title, **each.factors, "dominated by": each.dominated_by}
            for each in self.siblings
        ]


@attrs.frozen(kw_only=True)
class WeightedComparison(Comparison):
    """Siblings side by side, with the score that was asked for.

    Attributes
    ----------
    weights : mapping of str to float
        By factor, as given.
    scores : mapping of str to float or Undefined
        By sibling: the weighted mean of each factor's share of the best sibling, in [0, 1].

    Examples
    --------
    >>> WeightedComparison(siblings=(), front=(), weights={"reach": 1}, scores={}).weights["reach"]
    1
    """

    weights: Mapping[str, float] = attrs.field(converter=_frozen_weights)
    scores: Mapping[str, float | Undefined] = attrs.field(converter=_frozen_scores)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each sibling, its score last."""
        return [{**row, "score": self.scores[str(row["id"])]} for row in Comparison.to_dicts(self)]


def compare(
    tree: OstTree,
    opportunity: str,
    *,
    factors: Mapping[str, Mapping[str, float]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare an opportunity with its siblings, factor by factor.

    Which looks best is for people to say. The table shows reach, frequency, the distinct
    participants and the distinct sources behind each branch, and factors of yours; what
    is worse in everything is marked as dominated. There is no score unless weights are
    given.

    Parameters
    ----------
    tree : Tree
    opportunity : str
        The id of one of the siblings.
    factors : mapping of str to mapping of str to float, optional
        More factors: for each name the numbers by id, more being better, such as
        ``{"importance": {"find": 8.1, "agree": 6.4}}``.
    weights : mapping of str to float, optional
        By factor, from 0 up, not all 0. Asks for a score: the weighted mean of each
        number's share of the best sibling's.

    Returns
    -------
    Comparison
        A `WeightedComparison` when weights are given.

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidValueError
        When the node is no opportunity, for a factor that is not there, or a number that
        is not finite or below 0.

    Notes
    -----
    Torres (2021), ch. 6 and 7, compares siblings by size, market, company and customer
    factors and rejects scores, since they hide that the inputs are guesses. A sibling
    dominates another only where both have the same factors known. Scores depend on who
    the siblings are: adding one may turn the order of two others.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", reach=0.6), parent="watch")
    >>> tree = ost.add(tree, ost.Opportunity(id="agree", title="We never agree on one", reach=0.2), parent="watch")
    >>> ost.compare(tree, "find").front
    ('find',)
    """
    opportunity_at(tree, opportunity)
    above = tree.parents.get(opportunity)
    group = below(tree, above, Opportunity) if above is not None else [opportunity_at(tree, opportunity)]
    table = _factors(tree, group, factors or {})
    known = [name for name in table[0] if any(_is_number(row[name]) for row in table)]
    rows = [tuple(_number(row[name]) for name in known) for row in table]
    dominators = _dominators([node.id for node in group], rows)
    siblings = tuple(
        ComparedOpportunity(id=node.id, title=node.title, factors=row, dominated_by=dominators[node.id])
        for node, row in zip(group, table, strict=True)
    )
    front = tuple(each.id for each in siblings if not each.dominated_by)
    if weights is None:
        return Comparison(siblings=siblings, front=front)
    return WeightedComparison(
        siblings=siblings, front=front, weights=_checked_weights(weights, table[0]), scores=_scores(siblings, weights)
    )


def _is_number(value: Factor) -> bool:
    return isinstance(value, (int, float))


def _number(value: Factor) -> float | None:
    return value if isinstance(value, (int, float)) else None


def _factors(
    tree: OstTree, group: Sequence[Opportunity], more: Mapping[str, Mapping[str, float]]
) -> list[dict[str, Factor]]:
    backed = backing(tree).branches
    ids = [node.id for node in group]
    for name, numbers in more.items():
        if name in {"reach", "frequency", "participants", "sources", "id", "title", "score", "dominated by"}:
            raise InvalidValueError(f"the factor {quoted(name)} is there already; give yours another name")
        for identifier, number in numbers.items():
            if identifier not in ids:
                hint = did_you_mean(str(identifier), ids)
                raise InvalidValueError(f"the factor {quoted(name)} speaks of {quoted(identifier)}, no sibling{hint}")
            _from_zero(number, f"the factor {quoted(name)} of {quoted(identifier)}")
    return [
        {
            "reach": _MISSING if node.reach is None else node.reach,
            "frequency": _MISSING if node.frequency in (None, "") else node.frequency,
            "participants": backed[node.id].participants,
            "sources": backed[node.id].sources,
            **{name: numbers.get(node.id, _MISSING) for name, numbers in more.items()},
        }
        for node in group
    ]


def _from_zero(number: object, what: str) -> None:
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number) or number < 0:
        raise InvalidValueError(f"{what} must be a number from 0 up, not {quoted(number)}")


Row = tuple[float | None, ...]


def _dominators(ids: Sequence[str], rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """Find for each id the front members that dominate it: within those that have the same factors known.

    Taken in falling order, a row can only be dominated by rows before it, and then by one on the front.
    """
    found: dict[str, tuple[str, ...]] = {}
    fronts: dict[tuple[bool, ...], list[int]] = {}
    for index in sorted(range(len(ids)), key=lambda at: [-(value or 0) for value in rows[at]]):
        pattern = tuple(value is not None for value in rows[index])
        front = fronts.setdefault(pattern, [])
        found[ids[index]] = tuple(ids[other] for other in front if _dominates(rows[other], rows[index]))
        if not found[ids[index]]:
            front.append(index)
    return found


def _dominates(one: Row, other: Row) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


def _checked_weights(weights: Mapping[str, float], factors: Mapping[str, Factor]) -> Mapping[str, float]:
    for name, weight in weights.items():
        if name not in factors:
            hint = did_you_mean(name, factors)
            raise InvalidValueError(f"there is no factor {quoted(name)} to weigh; there are {', '.join(factors)}{hint}")
        _from_zero(weight, f"the weight of {name}")
    if not any(weights.values()):
        raise InvalidValueError("at least one weight must be above 0")
    return weights


def _scores(siblings: Sequence[ComparedOpportunity], weights: Mapping[str, float]) -> dict[str, float | Undefined]:
    weighed = {name: weight for name, weight in weights.items() if weight > 0}
    best = {name: max((_number(each.factors[name]) or 0 for each in siblings), default=0) for name in weighed}
    largest = max(weighed.values())
    total = math.fsum(weight / largest for weight in weighed.values())
    scores: dict[str, float | Undefined] = {}
    for each in siblings:
        numbers = {name: _number(each.factors[name]) for name in weighed}
        shares = [
            weighed[name] / largest * (number / best[name] if best[name] else 0.0)
            for name, number in numbers.items()
            if number is not None
        ]
        scores[each.id] = math.fsum(shares) / total if len(shares) == len(weighed) else _MISSING
    return scores
