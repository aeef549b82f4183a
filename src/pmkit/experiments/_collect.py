"""From rows to measurements: one grouped query on the engine that holds them, for everything a plan measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._measurements import EVERYONE, Key, Measurements, QuantileEstimate
from pmkit.experiments._metrics import Count, Metric, Proportion, Quantile, Ratio
from pmkit.experiments._plan import Plan
from pmkit.frames import (
    Groups,
    Measure,
    MissingRule,
    Source,
    check_units,
    count_where,
    group_moments,
    group_quantiles,
    open_source,
)
from pmkit.model import Undefined, did_you_mean, quoted
from pmkit.model import _fields as fields
from pmkit.stats import Moments

__all__ = ["collect"]

_ROUNDING = 1e-9


def collect(
    plan: Plan,
    data: object,
    *,
    variant: str = "variant",
    segments: Iterable[str] | None = None,
    unit: str | None = None,
    missing: MissingRule | Mapping[str, MissingRule] = "refuse",
    exposed: str | None = None,
    until: dt.date | str | None = None,
    strict: bool = True,
) -> Measurements:
    """Measure everything a plan asks for, on the engine that holds the data.

    Parameters
    ----------
    plan : Plan
    data : data frame, relation, Ibis table, mapping of arrays, or paths
        One row per analysis unit. pandas, polars (eager or lazy), pyarrow, Spark and DuckDB relations, any Ibis table,
        arrays by column name, or one or more paths (patterns too) of parquet or CSV files, which DuckDB streams.
    variant : str
        The column of variants; whole numbers and true/false are read as text ("0", "true").
    segments : iterable of str or None
        Columns by which everything is also broken down; the plan's own when None.
    unit : str or None
        The column that names the analysis unit; when given, a unit that occurs twice is an error.
    missing : "refuse", "omit", "zero", or a mapping of columns to these
        What becomes of null and NaN in a measured column. "refuse" (the default) is an error that counts them; "omit"
        leaves the unit out of the metrics that need the value, and of no other; "zero" reads them as 0.
    exposed : str or None
        The column of each unit's first day; needs `until`. Units whose window had not elapsed are counted in
        `Measurements.open_units`.
    until : date or None
        The last day that is in the data.
    strict : bool
        Whether a variant that is not in the plan, or one without units, is an error. Otherwise both stay in
        `Measurements.units`, where `decide` finds them.

    Returns
    -------
    Measurements
        Those of disjoint rows add up with ``+`` (quantiles do not).

    Raises
    ------
    InvalidValueError
        For an unknown or non-numeric column, a variant that is not in the plan or empty, missing or infinite values,
        proportions and counts out of their range, repeated units, a cluster in two variants, too few units for a
        quantile. All that one reading
        of the data shows is said at once, with column, variant and number of rows.
    EngineError
        When the engine fails midway; the message names the column and the variants for which it does.
    FileError, MissingDependencyError
        When a file, or a library that is needed for it, is not there.

    Notes
    -----
    With a plan's `cluster`, rows are summed up per cluster, and units are clusters; a cluster must be in one variant,
    and measurements add up only when no cluster is in both. A metric's moments then hold the clusters' totals as value
    and their rows as denominator (Deng, Knoblich and Lu 2018, section 3.2).

    See `pmkit.frames.group_moments` for how digits are kept. Segments are counted in the same query: it groups by
    variant and all segments together, and the groups are added up; a missing segment value is "(missing)".

    Examples
    --------
    >>> from pmkit.experiments import mean
    >>> plan = Plan(goal=mean("minutes", minimum_effect=1), split={"control": 1, "picks": 1})
    >>> rows = {"variant": ["control", "picks", "control", "picks"], "minutes": [10.0, 12.0, 14.0, 18.0]}
    >>> collect(plan, rows).moments["minutes", "picks", ""].mean
    15.0
    """
    if not isinstance(plan, Plan):
        raise InvalidValueError(f"collect takes a Plan first, not {type(plan).__name__}")
    columns = plan.segments if segments is None else fields.to_texts(segments)
    if not all(isinstance(name, str) for name in columns):
        raise InvalidValueError(f"segments must be names of columns, not {quoted(segments)}")
    day = fields.to_date(until)
    if day is not None and not isinstance(day, dt.date):
        raise InvalidValueError(f"until must be a date such as 2026-11-22, not {quoted(day)}")
    if exposed is not None and day is None:
        raise InvalidValueError("exposed needs until: the last day that is in the data")
    source = open_source(data)
    _check_names(source, variant, columns, (unit, plan.cluster), exposed)
    measured = [metric for metric in plan.metrics if not isinstance(metric, Quantile)]
    quantiles = [metric for metric in plan.metrics if isinstance(metric, Quantile)]
    if plan.cluster is not None and quantiles:
        said = ", ".join(quoted(metric.name) for metric in quantiles)
        raise InvalidValueError(f"{said}: a quantile of rows in clusters is not measured; take it of one row per unit")
    rules = _rules(missing, [column for metric in measured for column in _measure(metric).columns], plan)
    reading = _read(plan, source, variant, columns, [_measure(metric) for metric in measured], rules)
    units = reading.units(strict=strict)
    if unit is not None:
        _refuse_repeats(source, unit, variant, repeats=True)
    if plan.cluster is not None:
        _refuse_repeats(source, plan.cluster, variant, repeats=False)
    _refuse_ranges(measured, {key: held for metric in measured for key, held in reading.rows(metric)})
    return Measurements(
        units=units,
        moments={key: held for metric in measured for key, held in reading.moments(metric)},
        estimates=_estimates(reading, quantiles, missing),
        until=day,
        open_units=_open(source, plan, exposed, day),
    )


def _read(
    plan: Plan,
    source: Source,
    variant: str,
    segments: Sequence[str],
    measures: Sequence[Measure],
    missing: MissingRule | dict[str, MissingRule],
) -> _Reading:
    """Read the rows; where they come in clusters, sum those up for everyone and for each segment column apart."""
    by = tuple(dict.fromkeys((variant, *segments)))
    groups = group_moments(source, measures, by=by, missing=missing)
    clustered: dict[str, Groups] = {}
    if plan.cluster is not None:
        for column in (EVERYONE, *by[1:]):
            keys = (variant, column) if column else (variant,)
            clustered[column] = group_moments(source, measures, by=keys, missing=missing, cluster=plan.cluster)
    return _Reading(plan=plan, source=source, variant=variant, by=by, groups=groups, clustered=clustered)


def _check_names(
    source: Source, variant: str, segments: Sequence[str], units: tuple[str | None, str | None], exposed: str | None
) -> None:
    given = {
        "variant": (variant,),
        "segments": segments,
        "unit": units[:1],
        "the plan's cluster": units[1:],
        "exposed": (exposed,),
    }
    faults = [
        f"{option}: the data have no column {quoted(name)}{did_you_mean(name, source.columns)}"
        for option, names in given.items()
        for name in names
        if name is not None and name not in source.columns
    ]
    if faults:
        known = ", ".join(quoted(name) for name in source.columns[:8])
        raise InvalidValueError("; ".join(faults) + f"; there are {known}")


def _measure(metric: Metric) -> Measure:
    ratio = metric if isinstance(metric, Ratio) else None
    return Measure(
        name=metric.name,
        value=metric.column,
        denominator=ratio.denominator if ratio else None,
        covariate=metric.covariate,
        covariate_denominator=ratio.covariate_denominator if ratio else None,
        limits=metric.winsorize,
    )


def _rules(
    missing: MissingRule | Mapping[str, MissingRule], columns: Sequence[str], plan: Plan
) -> MissingRule | dict[str, MissingRule]:
    """Keep the rules of these columns; refuse those of columns that nothing measures."""
    if not isinstance(missing, Mapping):
        return missing
    known = [column for metric in plan.metrics for column in _measure(metric).columns]
    unknown = [name for name in missing if name not in known]
    if unknown:
        said = "; ".join(f"missing names {quoted(name)}, which the plan does not measure" for name in unknown)
        raise InvalidValueError(said + did_you_mean(str(unknown[0]), known))
    return {column: rule for column, rule in missing.items() if column in columns}


@attrs.frozen(kw_only=True)
class _Reading:
    """The groups of one reading, and how they add up to variants and segments."""

    plan: Plan
    source: Source
    variant: str
    by: tuple[str, ...]
    groups: Groups
    clustered: Mapping[str, Groups]

    def units(self, *, strict: bool) -> dict[str, int]:
        """Count units by variant; refuse what the plan does not know."""
        plan, groups = self.plan, self.clustered.get(EVERYONE, self.groups)
        sizes: dict[str | None, int] = dict.fromkeys(plan.split, 0)
        for key, size in zip(groups.keys, groups.sizes, strict=True):
            sizes[key[0]] = sizes.get(key[0], 0) + size
        lost = sizes.pop(None, 0)
        faults = [f"column {quoted(self.variant)} is empty in {lost:,} rows"] if lost else []
        if strict:
            faults += [
                f"variant {quoted(name)} in column {quoted(self.variant)} ({size:,} rows) is not in the plan"
                + (did_you_mean(str(name), plan.split) or f"; it has {', '.join(map(quoted, plan.split))}")
                for name, size in sizes.items()
                if name not in plan.split
            ]
            faults += [
                f"variant {quoted(name)} has 0 rows in column {quoted(self.variant)}"
                for name in plan.split
                if not sizes[name]
            ]
        if faults:
            raise InvalidValueError("; ".join(faults))
        return {str(name): size for name, size in sizes.items()}

    def places(self) -> dict[tuple[str, str], list[int]]:
        """Find the groups of every variant of the plan, in every segment."""
        found: dict[tuple[str, str], list[int]] = {(name, EVERYONE): [] for name in self.plan.split}
        for place, key in enumerate(self.groups.keys):
            name = key[0]
            if name is None or name not in self.plan.split:
                continue
            found[name, EVERYONE].append(place)
            for column, value in zip(self.by[1:], key[1:], strict=True):
                found.setdefault((name, f"{column}={'(missing)' if value is None else value}"), []).append(place)
        return found

    def rows(self, metric: Metric) -> list[tuple[Key, Moments[float | Undefined]]]:
        """Return a metric's moments over rows."""
        return [
            ((metric.name, name, segment), self.groups.total(metric.name, places))
            for (name, segment), places in self.places().items()
        ]

    def moments(self, metric: Metric) -> list[tuple[Key, Moments[float | Undefined]]]:
        """Return a metric's moments over what was randomized."""
        if not self.clustered:
            return self.rows(metric)
        found = []
        for column, groups in self.clustered.items():
            for place, key in enumerate(groups.keys):
                if key[0] in self.plan.split:
                    segment = f"{column}={'(missing)' if key[1] is None else key[1]}" if column else EVERYONE
                    found.append(((metric.name, str(key[0]), segment), groups.total(metric.name, [place])))
        return found


def _refuse_repeats(source: Source, unit: str, variant: str, *, repeats: bool) -> None:
    found = check_units(source, unit, variant)
    faults = []
    if found.missing:
        faults.append(f"column {quoted(unit)} is empty in {found.missing:,} rows")
    else:
        again = found.repeated.items() if repeats else ()
        faults += [
            f"variant {quoted(name)} has {count:,} rows that repeat a unit of column {quoted(unit)}"
            for name, count in again
        ]
        if found.shared:
            faults.append(f"{found.shared:,} units of column {quoted(unit)} are in more than one variant")
    if faults:
        advice = f"; sum up to one row per unit, or plan with cluster={quoted(unit)}"
        raise InvalidValueError("; ".join(faults) + (advice if repeats and found.repeated else ""))


def _refuse_ranges(metrics: Sequence[Metric], moments: Mapping[Key, Moments[float | Undefined]]) -> None:
    """Refuse what the sums show to be no share of units, or no count."""
    faults = []
    for (name, variant, segment), held in moments.items():
        metric = next(one for one in metrics if one.name == name)
        n, mean, m2 = held.n, held.mean, held.m2
        if segment or not all(isinstance(number, (int, float)) for number in (n, mean, m2)) or not n:
            continue
        where = f"column {quoted(metric.column)} where the variant is {quoted(variant)} ({n:,.0f} rows)"
        if isinstance(metric, Proportion) and not _is_share(float(n), float(mean), float(m2)):  # type: ignore[arg-type]  # just checked
            faults.append(f"{where} holds more than 0 and 1; take mean(…) or count(…), or cast it")
        if isinstance(metric, Count) and float(mean) < 0:  # type: ignore[arg-type]  # the same
            faults.append(f"{where} has a mean below 0, and counts are whole numbers from 0 up; take mean(…)")
    if faults:
        raise InvalidValueError("; ".join(faults))


def _is_share(n: float, mean: float, m2: float) -> bool:
    """Say whether sums may be those of zeros and ones: then Σx² = Σx."""
    return -_ROUNDING <= mean <= 1 + _ROUNDING and abs(m2 - n * mean * (1 - mean)) <= _ROUNDING * max(n, 1.0)


def _estimates(
    reading: _Reading, quantiles: Sequence[Quantile], missing: MissingRule | Mapping[str, MissingRule]
) -> dict[Key, QuantileEstimate]:
    estimates: dict[Key, QuantileEstimate] = {}
    faults = []
    for column in dict.fromkeys(metric.column for metric in quantiles):
        metrics = [metric for metric in quantiles if metric.column == column]
        rule = _rules(missing, [column], reading.plan)
        for (variant, segment), places in reading.places().items():
            if not places:
                continue
            where: dict[str, str | None] = {reading.variant: variant}
            if segment:
                where |= dict([_segment(reading, segment)])
            found = group_quantiles(reading.source, column, [metric.q for metric in metrics], where=where, missing=rule)
            for metric, one in zip(metrics, found or [None] * len(metrics), strict=True):
                if one is not None and one.standard_error is not None:
                    held = QuantileEstimate(n=one.n, value=one.value, standard_error=one.standard_error)
                    estimates[metric.name, variant, segment] = held
                elif not segment:
                    faults.append(
                        f"column {quoted(column)} has too few values for {quoted(metric.name)} where the variant is "
                        f"{quoted(variant)} ({0 if one is None else one.n:,})"
                    )
    if faults:
        raise InvalidValueError("; ".join(faults))
    return estimates


def _segment(reading: _Reading, segment: str) -> tuple[str, str | None]:
    for key in reading.groups.keys:
        for column, value in zip(reading.by[1:], key[1:], strict=True):
            if segment == f"{column}={'(missing)' if value is None else value}":
                return column, value
    raise InvalidValueError(f"there is no segment {quoted(segment)}")


def _open(source: Source, plan: Plan, exposed: str | None, until: dt.date | None) -> int:
    windows = [metric.window for metric in plan.metrics if metric.window is not None]
    if exposed is None or until is None or not windows:
        return 0
    return count_where(source, exposed, until - dt.timedelta(days=max(windows)))
