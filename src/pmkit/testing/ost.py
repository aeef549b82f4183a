"""Strategies for opportunity solution trees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import get_args

from hypothesis import strategies as st

from pmkit import ost
from pmkit.model import EVIDENCE_KINDS, Evidence
from pmkit.testing.model import identifiers, texts
from pmkit.testing.trees import tree_records

__all__ = ["criteria", "evidence", "ost_records", "ost_trees"]

_texts = texts(min_size=1, max_size=12)
_dates = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
_shares = st.floats(0, 1)
_numbers = st.floats(-1e9, 1e9) | st.integers(-1000, 1000)
_amounts = st.floats(0, 1e9) | st.integers(0, 1000)


def evidence() -> st.SearchStrategy[Evidence]:
    """Generate evidence of any kind.

    Returns
    -------
    strategy of Evidence

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(evidence())
    ... def test_evidence_has_a_kind(each):
    ...     assert each.kind
    >>> test_evidence_has_a_kind()
    """
    return st.builds(
        Evidence,
        kind=st.sampled_from(EVIDENCE_KINDS),
        participant=texts(max_size=6),
        date=st.none() | _dates,
        quote=texts(max_size=12),
        source=texts(max_size=6),
    )


@st.composite
def criteria(draw: st.DrawFn) -> ost.Criterion:
    """Generate criteria that can be counted.

    Returns
    -------
    strategy of Criterion

    Examples
    --------
    >>> from hypothesis import find
    >>> find(criteria(), lambda criterion: True).trials
    1
    """
    trials = draw(st.integers(1, 500))
    return ost.Criterion(
        successes=draw(st.integers(0, trials)),
        trials=trials,
        rate_if_true=draw(_shares),
        rate_if_false=draw(_shares),
        text=draw(texts(max_size=12)),
    )


_COMMON: dict[str, st.SearchStrategy[object]] = {
    "description": _texts,
    "owner": _texts,
    "tags": st.lists(_texts, min_size=1, max_size=2),
    "updated": _dates,
    "notes": _texts,
    "ignore": st.lists(st.just("OST104"), min_size=1, max_size=1),
}
_OWN: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "outcome": {
        "level": st.sampled_from(get_args(ost.Level)),
        "metric": _texts,
        "unit": _texts,
        "baseline": _numbers,
        "target": _numbers,
        "by": _dates,
        "counterweight": _texts,
        "key_result": _texts,
    },
    "opportunity": {
        "need": st.sampled_from(get_args(ost.Need)),
        "moment": _texts,
        "target": st.booleans(),
        "evidence": st.lists(evidence(), min_size=1, max_size=2),
        "reach": _amounts,
        "frequency": _texts | _amounts,
        "job": _texts,
        "outcomes": st.lists(identifiers(), min_size=1, max_size=2),
    },
    "solution": {
        "status": st.sampled_from(get_args(ost.SolutionStatus)),
        "value": _numbers,
        "cost": _amounts,
        "touches": st.lists(identifiers(), min_size=1, max_size=2),
    },
    "assumption": {
        "category": st.sampled_from(get_args(ost.Category)),
        "probability": _shares,
        "importance": _shares,
        "evidence": st.lists(evidence(), min_size=1, max_size=2),
    },
    "test": {
        "method": _texts,
        "criterion": _texts | criteria(),
        "status": st.sampled_from(get_args(ost.TestStatus)),
        "cost": _amounts,
        "days": _amounts,
        "verdict": st.sampled_from(get_args(ost.Verdict)),
        "result": _texts,
        "experiment": _texts,
    },
}


def _fields() -> Mapping[str, st.SearchStrategy[dict[str, object]]]:
    return {kind: st.fixed_dictionaries({}, optional={**_COMMON, **own}) for kind, own in _OWN.items()}


def ost_records(
    *, max_nodes: int = 12, fields: bool = True, links: bool = True
) -> st.SearchStrategy[list[dict[str, object]]]:
    """Generate the records of valid opportunity solution trees, in any order.

    Parameters
    ----------
    max_nodes : int
        The most nodes, from 1 up.
    fields, links : bool
        Whether fields besides id, kind and title, and links, may be filled.

    Returns
    -------
    strategy of list of dict

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(ost_records())
    ... def test_a_tree_begins_with_its_outcome(records):
    ...     assert [row["kind"] for row in records if row["parent"] is None] == ["outcome"]
    >>> test_a_tree_begins_with_its_outcome()
    """
    return tree_records(ost.SCHEMA, max_nodes=max_nodes, fields=_fields() if fields else None, links=links)


def ost_trees(*, max_nodes: int = 12, fields: bool = True, links: bool = True) -> st.SearchStrategy[ost.OstTree]:
    """Generate valid opportunity solution trees.

    Parameters
    ----------
    max_nodes : int
        The most nodes, from 1 up.
    fields, links : bool
        Whether fields besides id, kind and title, and links, may be filled.

    Returns
    -------
    strategy of Tree

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(ost_trees())
    ... def test_records_give_the_tree_again(tree):
    ...     assert ost.from_records(ost.to_records(tree)) == tree
    >>> test_records_give_the_tree_again()
    """
    return ost_records(max_nodes=max_nodes, fields=fields, links=links).map(ost.from_records)
