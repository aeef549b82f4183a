"""Strategies for whole products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, get_args

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from pmkit.conway import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import normalized_id
from pmkit.testing.conway import organizations
from pmkit.testing.experiments import plans
from pmkit.testing.model import texts
from pmkit.testing.ost import ost_trees
from pmkit.workspace import (
    Answers,
    Cell,
    Experiment,
    Feedback,
    Goal,
    Look,
    RecordedDecision,
    RoadmapItem,
    StatedHypothesis,
    StatedJob,
    StatedNeed,
    Survey,
    Waiver,
    WeightedAnswers,
    Workspace,
)
from pmkit.workspace import _records as records
from pmkit.workspace._surveys import Denominator

__all__ = ["experiments_with_looks", "own_keys", "surveys", "workspaces"]

_titles = st.builds(
    str.__add__,
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=2),
    texts(max_size=12),
)
_texts = texts(max_size=12)
_dates = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
_numbers = st.floats(-1e9, 1e9) | st.integers(-1000, 1000)
_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Zs"])
_ids = st.text(_LETTERS, min_size=1, max_size=8)
_id_lists = st.lists(_ids, max_size=2)


def _named(suffix: str) -> st.SearchStrategy[str]:
    return _ids.map(lambda text: text + suffix)


def _goals() -> st.SearchStrategy[Goal]:
    number, date = st.none() | _numbers, st.none() | _dates
    return st.builds(
        Goal, id=_named("~g"), title=_titles, metric=_texts, unit=_texts, baseline=number, target=number, by=date
    )


def _cells() -> st.SearchStrategy[Cell]:
    counted = st.integers(0, 10**9).flatmap(
        lambda n: st.builds(Cell, n=st.just(n), successes=st.integers(0, n), mean=st.none(), variance=st.none())
    )
    amounts = st.builds(Cell, n=st.integers(0, 10**9), successes=st.none(), mean=_numbers, variance=st.floats(0, 1e9))
    return counted | amounts


def experiments_with_looks() -> st.SearchStrategy[Experiment]:
    """Generate experiments of any plan, with looks and decisions that need not fit it.

    Returns
    -------
    strategy of Experiment

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(experiments_with_looks())
    ... def test_an_experiment_has_its_plan(experiment):
    ...     assert experiment.plan is not None
    >>> test_an_experiment_has_its_plan()
    """
    looks = st.builds(
        Look,
        date=st.none() | _dates,
        counts=st.dictionaries(_texts, st.dictionaries(_texts, _cells(), max_size=2), max_size=2),
        units=st.dictionaries(_texts, st.integers(0, 10**9), max_size=2),
    )
    decisions = st.builds(
        RecordedDecision,
        verdict=st.sampled_from(get_args(records.DecisionVerdict)),
        date=st.none() | _dates,
        by=_texts,
        note=_texts,
    )
    return st.builds(
        Experiment,
        id=_named("~e"),
        title=_texts,
        hypothesis=_texts,
        plan=plans(),
        registered=_texts,
        registered_on=st.none() | _dates,
        started=st.none() | _dates,
        looks=st.lists(looks, max_size=2),
        decision=st.none() | decisions,
    )


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Generate waves of surveys, weighted or not, about needs that may not exist.

    Returns
    -------
    strategy of Survey

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(surveys())
    ... def test_surveys_ask_somebody(survey):
    ...     assert len(survey.counts) > 0
    >>> test_surveys_ask_somebody()
    """
    names = draw(st.lists(_ids, min_size=1, max_size=2, unique_by=normalized_id))
    segments = draw(st.sampled_from((["everyone"], names)))
    number = st.just(0) | st.integers(0, 10**6)
    rows = st.builds(Answers, low_high=number, high_low=number, missing_high=number)
    counts = {segment: {need: draw(rows) for need in names} for segment in segments}
    weight = draw(st.sampled_from((None, 0.25, 1.5)))
    lowest = draw(st.integers(-5, 5))
    highest = lowest + draw(st.integers(1, 10))
    return Survey(
        id=draw(_named("~s")),
        title=draw(_texts),
        date=draw(st.none() | _dates),
        question=draw(_texts),
        source=draw(_texts),
        lowest=lowest,
        highest=highest,
        high=draw(st.integers(lowest + 1, highest)),
        denominator=draw(st.sampled_from(get_args(Denominator))),
        supersedes=draw(_id_lists),
        counts=counts,
        weights={} if weight is None else _weighed(counts, weight),
        squares={} if weight is None else _weighed(counts, weight**2),
    )


def _weighed(counts: dict[str, dict[str, Answers]], weight: float) -> dict[str, dict[str, WeightedAnswers]]:
    def times(answers: Answers) -> WeightedAnswers:
        return WeightedAnswers(**{pair: n * weight for pair, n in attrs.asdict(answers).items()})

    return {segment: {need: times(answers) for need, answers in row.items()} for segment, row in counts.items()}


def own_keys() -> st.SearchStrategy[dict[str, object]]:
    """Generate what may stand under the keys of one's own in a product file.

    Returns
    -------
    strategy of dict

    Examples
    --------
    >>> from hypothesis import find
    >>> find(own_keys(), lambda keys: bool(keys))
    {'x-': None}
    """
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts
    scalars |= st.sampled_from(["1e5", "08", "null", "~", "yes", "no", "2026-11-22", "0x1f", "1_000", "=", "<<", ".5"])
    data = st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3), max_leaves=6
    )
    return st.dictionaries(_texts.map(lambda text: "x-" + text), data, max_size=2)


def _renamed(organization: Organization) -> Organization:
    """Keep the ids of teams apart from those of components."""

    def row(part: Any, **suffixes: str) -> Any:
        return attrs.evolve(part, **{name: getattr(part, name) + suffix for name, suffix in suffixes.items()})

    return Organization(
        teams=[row(team, id="~t") for team in organization.teams],
        components=[row(component, id="~c") for component in organization.components],
        ownership=[row(part, component="~c", team="~t") for part in organization.ownership],
        dependencies=[row(part, source="~c", target="~c") for part in organization.dependencies],
        communication=[row(part, a="~t", b="~t") for part in organization.communication],
        interactions=[row(part, a="~t", b="~t") for part in organization.interactions],
    )


def _sections() -> dict[str, st.SearchStrategy[Any]]:
    """Give the strategy of one row of each list that has ids."""
    return {
        "goals": _goals(),
        "jobs": st.builds(StatedJob, id=_named("~j"), text=_titles, goal=_texts),
        "needs": st.builds(StatedNeed, id=_named("~n"), text=_titles, job=_texts, step=_texts),
        "surveys": surveys(),
        "hypotheses": st.builds(StatedHypothesis, id=_named("~h"), text=_titles, serves=_texts, need=_texts),
        "experiments": experiments_with_looks(),
        "feedback": st.builds(
            Feedback,
            id=_named("~f"),
            text=_titles,
            kind=st.sampled_from(get_args(records.FeedbackKind)),
            participant=_texts,
            source=_texts,
            date=st.none() | _dates,
            about=_id_lists,
        ),
        "roadmap": st.builds(
            RoadmapItem,
            id=_named("~r"),
            title=_titles,
            horizon=st.sampled_from(get_args(records.Horizon)),
            serves=_id_lists,
            team=_texts,
        ),
    }


def _lists(rows: st.SearchStrategy[Any], size: int, name: Callable[[Any], Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(rows, max_size=size, unique_by=name)


@st.composite
def workspaces(draw: st.DrawFn, *, max_rows: int = 2, max_nodes: int = 6) -> Workspace:
    """Generate products: any section empty or not, references that lead nowhere included.

    Parameters
    ----------
    max_rows : int
        The most rows in each list.
    max_nodes : int
        The most nodes of the tree.

    Returns
    -------
    strategy of Workspace

    Examples
    --------
    >>> from hypothesis import given
    >>> from pmkit.formats import workspace
    >>> @given(workspaces())
    ... def test_products_come_back_as_they_were_written(product):
    ...     assert workspace.loads(workspace.dumps(product)) == product
    >>> test_products_come_back_as_they_were_written()
    """
    accepted: st.SearchStrategy[Waiver] = st.builds(
        Waiver, code=_ids, subject=_texts, because=_titles, until=st.none() | _dates
    )
    rows = {
        name: draw(_lists(strategy, max_rows, lambda row: normalized_id(row.id)))
        for name, strategy in _sections().items()
    }
    organization = draw(st.none() | organizations(max_teams=2, max_components=3, max_edges=4).map(_renamed))
    tree = draw(st.none() | ost_trees(max_nodes=max_nodes))
    try:
        return Workspace(
            name=draw(_texts),
            tree=tree,
            organization=organization,
            waivers=draw(_lists(accepted, max_rows, lambda row: (row.code, row.subject))),
            extra=draw(own_keys()),
            **rows,
        )
    except InvalidValueError:  # two things drew one id
        assume(False)
        raise
