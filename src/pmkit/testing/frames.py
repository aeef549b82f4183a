"""Strategies for rows that an experiment's plan can be collected from."""

from __future__ import annotations

from hypothesis import strategies as st

from pmkit.experiments import Metric, Plan, Ratio

__all__ = ["experiment_rows"]

_OFFSETS = st.sampled_from([0.0, -3.0, 1e6, 1e9])
_CLUSTER_ROWS = 3


@st.composite
def experiment_rows(
    draw: st.DrawFn, plan: Plan, *, variant: str = "variant", max_rows: int = 12, missing: bool = False
) -> dict[str, list[object]]:
    """Generate rows with every column that a plan measures: a mapping for `pmkit.experiments.collect`.

    Parameters
    ----------
    plan : Plan
        Its variants, metrics, covariates, segments and cluster say which columns there are.
    variant : str
        The column of variants.
    max_rows : int
        At most so many rows (with a cluster: clusters) of each variant, and at least two.
    missing : bool
        Whether measured columns may hold None.

    Returns
    -------
    SearchStrategy of dict
        Lists of one length. Numbers are sometimes constant, sometimes far from 0.

    Examples
    --------
    >>> from hypothesis import find
    >>> from pmkit.experiments import collect, mean
    >>> plan = Plan(goal=mean("spend", minimum_effect=1), split={"control": 1, "picks": 1})
    >>> rows = find(experiment_rows(plan), lambda rows: True)
    >>> dict(collect(plan, rows).units)
    {'control': 2, 'picks': 2}
    """
    sizes = {name: draw(st.integers(2, max_rows)) for name in plan.split}
    repeats = st.integers(1, _CLUSTER_ROWS) if plan.cluster else st.just(1)
    units = [name for name, size in sizes.items() for _ in range(size)]
    rows = [(place, name) for place, name in enumerate(units) for _ in range(draw(repeats))]
    rows = draw(st.permutations(rows))
    columns: dict[str, list[object]] = {variant: [name for _, name in rows]}
    if plan.cluster:
        columns[plan.cluster] = [place for place, _ in rows]
    for metric in plan.metrics:
        for column, numbers in _columns(draw, metric):
            if column not in columns:
                cells = st.none() | numbers if missing else numbers
                columns[column] = draw(st.lists(cells, min_size=len(rows), max_size=len(rows)))
    for segment in plan.segments:
        texts = st.sampled_from(["ios", "web", 'tv "4k"'])
        columns.setdefault(segment, draw(st.lists(texts, min_size=len(rows), max_size=len(rows))))
    return columns


def _columns(draw: st.DrawFn, metric: Metric) -> list[tuple[str, st.SearchStrategy[object]]]:
    found: list[tuple[str, st.SearchStrategy[object]]] = [(metric.column, _values(draw, metric))]
    if metric.covariate is not None:
        found.append((metric.covariate, _numbers(draw)))
    if isinstance(metric, Ratio):
        positive = st.integers(1, 9)
        found += [(name, positive) for name in (metric.denominator, metric.covariate_denominator) if name is not None]
    return found


def _values(draw: st.DrawFn, metric: Metric) -> st.SearchStrategy[object]:
    if metric.kind == "proportion":
        return st.booleans()
    return st.integers(0, 20) if metric.kind == "count" else _numbers(draw)


def _numbers(draw: st.DrawFn) -> st.SearchStrategy[object]:
    offset = draw(_OFFSETS)
    if draw(st.booleans()):
        return st.sampled_from([offset, offset + draw(st.sampled_from([0.0, 0.1, 7.0]))])
    return st.integers(-400, 400).map(lambda tick: offset + tick / 8)
