"""Metrics: what a plan measures, which way is better, and how much is enough."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import is_number, rises, to_bounds
from pmkit.model import _fields as fields

__all__ = [
    "Count",
    "IntervalMethod",
    "Mean",
    "Metric",
    "MetricKind",
    "Prefer",
    "Proportion",
    "Quantile",
    "Ratio",
    "count",
    "mean",
    "proportion",
    "quantile",
    "ratio",
]

Prefer = Literal["higher", "lower"]
MetricKind = Literal["proportion", "mean", "ratio", "quantile", "count"]
IntervalMethod = Literal["newcombe", "miettinen-nurminen", "agresti-caffo", "wald", "delta", "log-delta", "fieller"]


_INTERVAL = fields.one_of(get_args(IntervalMethod))
_POSITIVE = fields.optional(fields.number(above=0))


def _own_column(metric: Metric) -> str:
    return metric.column


@attrs.frozen(kw_only=True)
class Metric:
    r"""What all kinds of metric share; made by `proportion`, `mean`, `ratio`, `quantile` and `count`.

    Effects are read so that positive is better: with ``prefer="lower"`` a fall is a gain.

    Attributes
    ----------
    name : str
        What the metric is called in results; the column's name unless given.
    column : str
        The column that holds one value per analysis unit.
    prefer : "higher" or "lower"
        Which way is better.
    relative : bool
        Whether effects, `minimum_effect`, `expected_effect` and `margin` are shares of \\|control's value\\|.
    minimum_effect : float or None
        The smallest improvement worth having (above 0), in the metric's unit or as a share.
    expected_effect : float or None
        The improvement that is hoped for; only sizing reads it.
    margin : float or None
        The largest harm that a guardrail tolerates (above 0).
    covariate : str or None
        A column known before the experiment, for CUPED.
    window : float or None
        Days for which each unit is measured.
    winsorize : (float, float) or None
        Values outside are set to these bounds, which are fixed before the data.
    baseline, sd : float or None
        What is known before the experiment, for sizing: control's value, and the unit's standard deviation.
    interval : IntervalMethod
        The interval's method at a fixed horizon.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> metric = ex.mean("crashes", margin=0.01, relative=True, prefer="lower")
    >>> metric.kind, metric.direction
    ('mean', -1)
    """

    kind: ClassVar[MetricKind] = "mean"

    column: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(default=attrs.Factory(_own_column, takes_self=True), validator=fields.identifier)
    prefer: Prefer = attrs.field(default=fields.word("higher"), validator=fields.one_of(get_args(Prefer)))
    relative: bool = attrs.field(default=False, validator=fields.flag)
    minimum_effect: float | None = attrs.field(default=None, validator=_POSITIVE)
    expected_effect: float | None = attrs.field(default=None, validator=_POSITIVE)
    margin: float | None = attrs.field(default=None, validator=_POSITIVE)
    covariate: str | None = attrs.field(default=None, validator=fields.optional(fields.identifier))
    window: float | None = attrs.field(default=None, validator=_POSITIVE)
    winsorize: tuple[float, float] | None = attrs.field(
        default=None,
        converter=to_bounds,
        validator=fields.optional(fields.tuple_of(fields.number())),
    )
    baseline: float | None = attrs.field(default=None, validator=fields.optional(fields.number()))
    sd: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))
    interval: IntervalMethod = attrs.field(default=fields.word("delta"), validator=_INTERVAL)

    def __attrs_post_init__(self) -> None:
        if self.winsorize is not None and not rises(self.winsorize):
            message = f"metric {self.name!r}: winsorize must be a lower and a higher bound, not {self.winsorize}"
            raise InvalidValueError(message)
        if self.interval not in _ALLOWED[self.kind]:
            allowed = ", ".join(_ALLOWED[self.kind])
            message = f"metric {self.name!r}: a {self.kind} takes the interval {allowed}, not {self.interval!r}"
            raise InvalidValueError(message)

    @property
    def direction(self) -> int:
        """1 when more is better, -1 when less is."""
        return 1 if self.prefer == "higher" else -1


_RELATIVE_OR_WELCH = ("delta", "log-delta", "fieller")
_ALLOWED: dict[str, tuple[str, ...]] = {
    "proportion": ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald"),
    "mean": _RELATIVE_OR_WELCH,
    "count": _RELATIVE_OR_WELCH,
    "ratio": ("delta",),
    "quantile": ("delta",),
}


@attrs.frozen(kw_only=True)
class Proportion(Metric):
    """A share of units that did something; the column is 0/1 or true/false. See `proportion`.

    Examples
    --------
    >>> Proportion(column="returned", minimum_effect=0.01).interval
    'newcombe'
    """

    kind: ClassVar[MetricKind] = "proportion"
    interval: IntervalMethod = attrs.field(default=fields.word("newcombe"), validator=_INTERVAL)
    baseline: float | None = attrs.field(default=None, validator=fields.optional(fields.probability))


@attrs.frozen(kw_only=True)
class Mean(Metric):
    """A mean per unit. See `mean`.

    Examples
    --------
    >>> Mean(column="spend", minimum_effect=0.5).direction
    1
    """

    kind: ClassVar[MetricKind] = "mean"


@attrs.frozen(kw_only=True)
class Count(Metric):
    """Events per unit: whole numbers from 0 up. See `count`.

    Examples
    --------
    >>> Count(column="tickets", prefer="lower").direction
    -1
    """

    kind: ClassVar[MetricKind] = "count"
    baseline: float | None = attrs.field(default=None, validator=fields.optional(fields.number(0)))


@attrs.frozen(kw_only=True)
class Ratio(Metric):
    """A ratio of two sums, by the delta method. See `ratio`.

    Attributes
    ----------
    denominator : str
        The column under the line.
    covariate_denominator : str or None
        The covariate's column under the line.

    Examples
    --------
    >>> Ratio(column="clicks", denominator="views").name
    'clicks'
    """

    kind: ClassVar[MetricKind] = "ratio"
    denominator: str = attrs.field(validator=fields.identifier)
    covariate_denominator: str | None = attrs.field(default=None, validator=fields.optional(fields.identifier))


@attrs.frozen(kw_only=True)
class Quantile(Metric):
    """A quantile of the units' values. See `quantile`.

    Attributes
    ----------
    q : float
        Which quantile, strictly between 0 and 1; 0.5 is the median.

    Examples
    --------
    >>> Quantile(column="latency", q=0.95, prefer="lower").q
    0.95
    """

    kind: ClassVar[MetricKind] = "quantile"
    q: float = attrs.field(default=0.5, validator=fields.number(above=0, below=1))


def proportion(
    column: str,
    *,
    name: str | None = None,
    prefer: Prefer = "higher",
    relative: bool = False,
    minimum_effect: float | None = None,
    expected_effect: float | None = None,
    margin: float | None = None,
    covariate: str | None = None,
    window: float | None = None,
    baseline: float | None = None,
    interval: IntervalMethod = "newcombe",
) -> Proportion:
    """Make a metric of the share of units that did something.

    Parameters
    ----------
    column, name, prefer, relative, minimum_effect, expected_effect, margin, covariate, window, baseline
        See `Metric`; `minimum_effect` 0.02 is two points when absolute and 2 % of control's share when relative.
    interval : "newcombe", "miettinen-nurminen", "agresti-caffo" or "wald"
        The interval of the difference at a fixed horizon; a relative effect takes the delta method.

    Returns
    -------
    Proportion

    Raises
    ------
    InvalidValueError
        For a field outside its range.

    Examples
    --------
    >>> proportion("started_next", minimum_effect=0.02, relative=True).kind
    'proportion'
    """
    return Proportion(
        column=column,
        name=column if name is None else name,
        prefer=prefer,
        relative=relative,
        minimum_effect=minimum_effect,
        expected_effect=expected_effect,
        margin=margin,
        covariate=covariate,
        window=window,
        baseline=baseline,
        interval=interval,
    )


def mean(  # noqa: PLR0913 - every field of a metric is an option
    column: str,
    *,
    name: str | None = None,
    prefer: Prefer = "higher",
    relative: bool = False,
    minimum_effect: float | None = None,
    expected_effect: float | None = None,
    margin: float | None = None,
    covariate: str | None = None,
    window: float | None = None,
    winsorize: tuple[float, float] | None = None,
    baseline: float | None = None,
    sd: float | None = None,
    interval: IntervalMethod = "delta",
) -> Mean:
    """Make a metric of the mean per unit.

    Parameters
    ----------
    column, name, prefer, relative, minimum_effect, expected_effect, margin, covariate, window
        See `Metric`.
    winsorize, baseline, sd
        See `Metric`.
    interval : "delta", "log-delta" or "fieller"
        How the interval of a relative effect is made; an absolute one is Welch's in every case.

    Returns
    -------
    Mean

    Raises
    ------
    InvalidValueError
        For a field outside its range.

    Examples
    --------
    >>> mean("crashes", margin=0.01, relative=True, prefer="lower").direction
    -1
    """
    return Mean(
        column=column,
        name=column if name is None else name,
        prefer=prefer,
        relative=relative,
        minimum_effect=minimum_effect,
        expected_effect=expected_effect,
        margin=margin,
        covariate=covariate,
        window=window,
        winsorize=winsorize,
        baseline=baseline,
        sd=sd,
        interval=interval,
    )


def count(  # noqa: PLR0913 - every field of a metric is an option
    column: str,
    *,
    name: str | None = None,
    prefer: Prefer = "higher",
    relative: bool = False,
    minimum_effect: float | None = None,
    expected_effect: float | None = None,
    margin: float | None = None,
    covariate: str | None = None,
    window: float | None = None,
    winsorize: tuple[float, float] | None = None,
    baseline: float | None = None,
    sd: float | None = None,
    interval: IntervalMethod = "delta",
) -> Count:
    """Make a metric of events per unit; without an `sd` it is sized as Poisson (variance = mean).

    Parameters
    ----------
    column, name, prefer, relative, minimum_effect, expected_effect, margin, covariate, window
        See `Metric`.
    winsorize, baseline, sd, interval
        See `Metric` and `mean`.

    Returns
    -------
    Count

    Raises
    ------
    InvalidValueError
        For a field outside its range.

    Examples
    --------
    >>> count("support_tickets", prefer="lower", minimum_effect=0.1, relative=True).name
    'support_tickets'
    """
    return Count(
        column=column,
        name=column if name is None else name,
        prefer=prefer,
        relative=relative,
        minimum_effect=minimum_effect,
        expected_effect=expected_effect,
        margin=margin,
        covariate=covariate,
        window=window,
        winsorize=winsorize,
        baseline=baseline,
        sd=sd,
        interval=interval,
    )


def ratio(  # noqa: PLR0913 - every field of a metric is an option
    column: str,
    denominator: str,
    *,
    name: str | None = None,
    prefer: Prefer = "higher",
    relative: bool = False,
    minimum_effect: float | None = None,
    expected_effect: float | None = None,
    margin: float | None = None,
    covariate: str | None = None,
    covariate_denominator: str | None = None,
    window: float | None = None,
    baseline: float | None = None,
    sd: float | None = None,
) -> Ratio:
    """Make a metric of the ratio of two sums, such as clicks per page view (Deng et al. 2018, delta method).

    Parameters
    ----------
    column, denominator : str
        The columns over and under the line, one value per unit each.
    name : str or None
        ``"column/denominator"`` when None.
    prefer, relative, minimum_effect, expected_effect, margin, window, baseline
        See `Metric`.
    covariate, covariate_denominator : str or None
        The same two columns before the experiment, for CUPED; both or neither.
    sd : float or None
        Of the linearized ratio, per unit.

    Returns
    -------
    Ratio

    Raises
    ------
    InvalidValueError
        For a field outside its range.

    Examples
    --------
    >>> ratio("clicks", "views", minimum_effect=0.01).name
    'clicks/views'
    """
    if (covariate is None) != (covariate_denominator is None):
        raise InvalidValueError("a ratio takes covariate and covariate_denominator together, or neither")
    return Ratio(
        column=column,
        denominator=denominator,
        name=f"{column}/{denominator}" if name is None else name,
        prefer=prefer,
        relative=relative,
        minimum_effect=minimum_effect,
        expected_effect=expected_effect,
        margin=margin,
        covariate=covariate,
        covariate_denominator=covariate_denominator,
        window=window,
        baseline=baseline,
        sd=sd,
    )


def quantile(
    column: str,
    q: float = 0.5,
    *,
    name: str | None = None,
    prefer: Prefer = "higher",
    relative: bool = False,
    minimum_effect: float | None = None,
    expected_effect: float | None = None,
    margin: float | None = None,
    window: float | None = None,
    baseline: float | None = None,
    sd: float | None = None,
) -> Quantile:
    """Make a metric of a quantile, such as the 95th percentile of load time.

    Parameters
    ----------
    column : str
        The column of values.
    q : float
        Strictly between 0 and 1.
    name : str or None
        Such as ``"load_seconds p95"`` when None.
    prefer, relative, minimum_effect, expected_effect, margin, window, baseline
        See `Metric`.
    sd : float or None
        For sizing: √n x the standard error of the quantile, √(q(1 - q)) / density at the quantile.

    Returns
    -------
    Quantile

    Raises
    ------
    InvalidValueError
        For a field outside its range.

    Examples
    --------
    >>> quantile("load_seconds", 0.95, prefer="lower", margin=0.2).name
    'load_seconds p95'
    """
    good = is_number(q)
    return Quantile(
        column=column,
        q=q,
        name=(f"{column} p{100 * q:g}" if good else column) if name is None else name,
        prefer=prefer,
        relative=relative,
        minimum_effect=minimum_effect,
        expected_effect=expected_effect,
        margin=margin,
        window=window,
        baseline=baseline,
        sd=sd,
    )
