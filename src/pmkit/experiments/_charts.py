"""Charts over matplotlib (the extra ``charts``): each draws on the axes given, or on a figure of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from pmkit.drawing import text_width
from pmkit.errors import InvalidValueError
from pmkit.experiments._beliefs import Belief
from pmkit.experiments._convert import is_iterable
from pmkit.experiments._metrics import Proportion
from pmkit.experiments._picture import _marks, _paint
from pmkit.experiments._placing import Box, middle_elided, place_labels, spread, wrapped
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import BayesianEffect, Effect, GroupSequentialResult, Result, SequentialEffect
from pmkit.experiments._size import power_at
from pmkit.model import Undefined, quoted, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_assumptions", "plot_belief", "plot_boundaries", "plot_effects", "plot_expected_loss", "plot_power"]

_INK, _HAIRLINE = "#1a2330", "#d8dee6"
_COLORS = {"good": "#08694f", "bad": "#a8231c", "series-1": "#0a629e", "muted": "#566273", "mark": "#735500"}
_SERIES = ("#0a629e", "#b55d00", "#08694f", "#85387a", "#a8231c", "#14808c", "#6b7a00", "#c2447e")
_SHAPES = "os^Dv<>P"
_LETTERS = 10.0
_LINE = 12.5


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    drawn: Any = ax
    if drawn is None:
        figure = require("matplotlib.figure", extra="charts", purpose="drawing charts").Figure(
            figsize=(width, height), layout="constrained"
        )
        drawn = figure.subplots()
    drawn.spines[["top", "right"]].set_visible(False)
    return cast("Axes", drawn)


def _need(value: object, cls: type, wanted: str) -> None:
    if not isinstance(value, cls):
        raise InvalidValueError(f"{wanted}, not {quoted(value)}")


def _points(ax: Axes) -> tuple[float, float]:
    """Return the width and height of the axes in points, once its figure is laid out."""
    ax.figure.figure.draw_without_rendering()
    window = ax.get_window_extent()
    scale = 72 / ax.figure.dpi
    return window.width * scale, window.height * scale


def _series(place: int) -> tuple[str, str]:
    return _SERIES[place % len(_SERIES)], _SHAPES[place % len(_SHAPES)]


def _said(number: float) -> str:
    """Write a number of an axis: +0.004, +12, +1.5e+08."""
    plain = 1e-4 <= abs(number) < 1e5  # noqa: PLR2004 - beyond these a power of ten is shorter
    return "0" if number == 0 else f"{number:+.6g}" if plain else f"{number:+.3g}"


def _name_ends(ax: Axes, ends: Sequence[tuple[str, str, float, float]]) -> None:
    """Write the name of each line beside its last point, the names clear of each other."""
    low, high = ax.get_ylim()
    scale = _points(ax)[1] / (high - low)
    for (name, color, x, y), height in zip(
        ends, spread([end[3] * scale for end in ends], _LINE, lowest=low * scale), strict=True
    ):
        ax.annotate(
            middle_elided(name, 150, size=_LETTERS), (x, y), xytext=(8, height - y * scale),
            textcoords="offset points", va="center", color=color, annotation_clip=False,
        )  # fmt: skip


def plot_effects(result: Result, *, plan: Plan | None = None, ax: Axes | None = None) -> Axes:
    """Plot each effect with its interval; the plan's minimum effect and margins are dashed.

    Parameters
    ----------
    result : Result
        Effects must be all absolute or all relative for one axis to hold them; absolute ones are left out of a
        mixed result (`draw_effects` shows both).
    plan : Plan, optional
        For the dashed marks; and where it holds proportions only, the axis is in percentage points.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        For what is no result of `analyze`.
    MissingDependencyError
        Without matplotlib.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.005), split={"control": 1, "late": 1})
    >>> counts = ex.Measurements.from_counts(plan, {"control": 44_700, "late": 45_489},
    ...     {"returned": {"control": 8_502, "late": 8_279}})
    >>> ax = plot_effects(ex.analyze(plan, counts), plan=plan)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['returned, late']
    """
    _need(result, Result, "plot_effects takes a result of analyze")
    shown = [one for one in result.effects if not one.segment and one.defined]
    relative = any(one.relative for one in shown)
    shown = [one for one in shown if one.relative == relative]
    rows = _rows(shown)
    ax = _axes(ax, 8, 1.3 + 0.42 * max(len(rows), 1))
    ax.axvline(0, color=_INK, linewidth=1)
    scale = 100 if relative else 1
    marked = False
    for place, (_, effect) in enumerate(rows):
        if effect is not None:
            marked |= _effect(ax, place, effect, scale, None if plan is None else _marks(effect, plan))
    ax.set_yticks(range(len(rows)), [name for name, _ in rows])
    for (_, effect), label in zip(rows, ax.get_yticklabels(), strict=True):
        label.set_fontweight("normal" if effect else "bold")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=_HAIRLINE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    shares = plan is not None and not relative and all(isinstance(one, Proportion) for one in plan.metrics)
    form = (lambda value, _: _said(100 * value)) if shares else (lambda value, _: _said(value))
    ax.xaxis.set_major_formatter(form)
    name = "relative difference from control, %" if relative else "difference from control"
    note = "\ndashed: smallest effect wanted, or margin of a guardrail" if marked else ""
    ax.set_xlabel(f"{name}{', percentage points' if shares else ''}{note}")
    return ax


def _rows(effects: Sequence[Effect]) -> list[tuple[str, Effect | None]]:
    """Return the rows of the chart: with one variant "metric, variant", else variants under their metric's name."""
    names: dict[str, list[Effect]] = {}
    for effect in effects:
        names.setdefault(effect.metric, []).append(effect)
    rows: list[tuple[str, Effect | None]] = []
    for metric, held in names.items():
        if all(len(one) == 1 for one in names.values()):
            label = f"{middle_elided(metric, 150, size=_LETTERS)}, {middle_elided(held[0].variant, 90, size=_LETTERS)}"
            rows.append((label, held[0]))
            continue
        rows.append((middle_elided(metric, 190, size=_LETTERS), None))
        rows += [(wrapped(one.variant, 190, size=_LETTERS, lines=2), one) for one in held]
    return rows


def _effect(ax: Axes, place: int, effect: Effect, scale: int, mark: float | None) -> bool:
    """Draw one row, and say whether it has a dashed mark."""
    low, high = (scale * float(end) for end in effect.interval)  # type: ignore[arg-type]  # defined
    color = _COLORS[_paint(effect)]
    ax.plot([low, high], [place, place], color=color, linewidth=3, solid_capstyle="butt")
    ax.plot([scale * float(effect.effect)], [place], "o", color=color, markersize=8)  # type: ignore[arg-type]  # the same
    if mark is not None:
        ends = [place - 0.4, place + 0.4]
        ax.plot([scale * mark] * 2, ends, color=_COLORS["mark"], linestyle=(0, (3, 1.5)), linewidth=1.5)
    return mark is not None


def plot_power(
    plan: Plan, units: Sequence[int], *, baseline: float | None = None, sd: float | None = None, ax: Axes | None = None
) -> Axes:
    """Plot the power of a plan's goal by units in all variants, at the plan's minimum or expected effect.

    Parameters
    ----------
    plan : Plan
    units : sequence of int
        Units in all variants together; over more than two powers of ten the axis is logarithmic.
    baseline, sd : float, optional
        As `power_at` takes them.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        Without units.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.mean("spend", minimum_effect=0.5), split={"control": 1, "new": 1})
    >>> ax = plot_power(plan, range(100, 2_000, 100), sd=4.0)
    >>> bool(ax.lines[0].get_ydata()[-1] > 0.75)
    True
    """
    _need(plan, Plan, "plot_power takes a plan")
    counts = sorted(units) if all(isinstance(one, (int, float)) for one in units) else []
    if not counts:
        raise InvalidValueError("plot_power needs the numbers of units to show, such as range(1_000, 50_000, 1_000)")
    options = {name: value for name, value in (("baseline", baseline), ("sd", sd)) if value is not None}
    powers = [power_at(plan, count, **options) for count in counts]
    ax = _axes(ax, 7, 4)
    defined = [(count, power) for count, power in zip(counts, powers, strict=True) if not isinstance(power, Undefined)]
    ax.plot([one for one, _ in defined], [one for _, one in defined], color=_COLORS["series-1"], linewidth=2.5)
    ax.axhline(plan.power, color=_COLORS["mark"], linestyle="--", linewidth=1.2)
    ax.annotate(
        f"planned power {plan.power:.0%}", (1, plan.power), xycoords=("axes fraction", "data"), xytext=(-2, -4),
        textcoords="offset points", ha="right", va="top", color=_COLORS["mark"],
    )  # fmt: skip
    if counts[0] > 0 and counts[-1] > 100 * counts[0]:
        ax.set_xscale("log")
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("units in all variants")
    ax.set_ylabel("power")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    return ax


def plot_boundaries(results: Iterable[GroupSequentialResult], *, ax: Axes | None = None) -> Axes:
    """Plot the boundaries of the looks so far, and the path of the goal's z.

    Parameters
    ----------
    results : iterable of GroupSequentialResult
        One for each look, oldest first.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        Without group-sequential results.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.GroupSequential(looks=3), units=90_000)
    >>> first = ex.Measurements.from_counts(plan, {"control": 15_000, "late": 15_000},
    ...     {"returned": {"control": 2_850, "late": 2_900}})
    >>> ax = plot_boundaries([ex.analyze(plan, first)])
    >>> round(float(ax.lines[0].get_ydata()[0]), 2), round(float(ax.lines[2].get_ydata()[0]), 2)
    (3.47, 0.73)
    """
    looks = list(results) if is_iterable(results) else []
    if not looks or not all(isinstance(one, GroupSequentialResult) for one in looks):
        raise InvalidValueError("plot_boundaries takes the results of group-sequential looks, oldest first")
    ax = _axes(ax, 7, 4)
    bounds: list[tuple[float, float]] = []
    paths: dict[str, list[tuple[float, float]]] = {}
    for result in looks:
        share = result.shares[-1] if result.shares else result.information
        for effect in result.effects:
            if effect.role != "goal" or effect.segment or not isinstance(effect, SequentialEffect):
                continue
            if isinstance(share, Undefined) or isinstance(effect.z, Undefined):
                continue
            bounds.append((share, effect.boundary))
            paths.setdefault(effect.variant, []).append((share, effect.direction * effect.z))
    edge = sorted(dict(bounds).items())
    ends: list[tuple[str, str, float, float]] = []
    for sign, name in ((1, "better: stop"), (-1, "worse: stop")):
        heights = [sign * z for _, z in edge]
        ax.plot([x for x, _ in edge], heights, "--", marker="_", markersize=12, color=_COLORS["mark"], linewidth=1.5)
        ends += [(name, _COLORS["mark"], edge[-1][0], heights[-1])] if edge else []
    for place, (variant, path) in enumerate(paths.items()):
        color, shape = _series(place)
        ax.plot([x for x, _ in path], [z for _, z in path], f"{shape}-", color=color, linewidth=2.2, label=variant)
        ends.append((variant, color, *path[-1]))
    ax.axhline(0, color=_INK, linewidth=0.8)
    ax.set_xlim(0, 1.03)
    ax.set_xlabel("share of the planned information")
    ax.set_ylabel("z of the goal (above 0 is better)")
    _name_ends(ax, ends)
    return ax


def plot_belief(belief: Belief, *, ax: Axes | None = None) -> Axes:
    """Plot a belief's probability after each piece of evidence.

    Parameters
    ----------
    belief : Belief
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        For what is no `Belief`.
    MissingDependencyError
        Without matplotlib.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> belief = ex.update_belief(ex.update_belief(0.3, 4, because="interviews"), 0.5, because="fake door")
    >>> ax = plot_belief(belief)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['start', 'interviews', 'fake door']
    """
    _need(belief, Belief, "plot_belief takes a Belief, with the history that update_belief gives it")
    values, names = belief_path(belief)
    ax = _axes(ax, 7, 4)
    ax.step(range(len(values)), values, where="mid", color=_COLORS["muted"], linewidth=1.2)
    ax.plot(range(len(values)), values, "o", color=_COLORS["series-1"], markersize=9)
    for place, value in enumerate(values):
        ax.annotate(_chance(value), (place, value), xytext=(0, 9), textcoords="offset points", ha="center")
    room = _points(ax)[0] / len(values) - 8
    ax.set_xticks(range(len(names)), [wrapped(name, max(room, 40), size=_LETTERS) for name in names])
    if any(text_width(word, size=_LETTERS) > room for name in names for word in name.split()):
        ax.set_xticks(range(len(names)), [middle_elided(name, 150, size=_LETTERS) for name in names])
        ax.tick_params(axis="x", rotation=35)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("right")
            label.set_rotation_mode("anchor")
    ax.set_xlim(-0.5, len(values) - 0.5)
    ax.set_ylim(0, 1.1)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.set_ylabel("probability")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    return ax


def _chance(probability: float) -> str:
    """Write a probability so that neither 99.6 % nor 0.4 % looks like certainty."""
    for digits in range(3):
        said = f"{probability:.{digits}%}"
        if float(said[:-1]) not in {0.0, 100.0} or probability in {0.0, 1.0}:
            return said
    return "<0.01%" if probability < 1 / 2 else ">99.99%"


def belief_path(belief: Belief) -> tuple[list[float], list[str]]:
    """Return the probabilities of a belief in order, and what moved each."""
    steps = belief.history
    start = steps[0].before if steps else belief.probability
    return [start, *(step.after for step in steps)], ["start", *(step.because or "evidence" for step in steps)]


def plot_assumptions(assumptions: Iterable[tuple[str, float, float]], *, ax: Axes | None = None) -> Axes:
    """Plot an assumption map: importance against evidence, the riskiest at the upper left.

    Parameters
    ----------
    assumptions : iterable of (str, float, float)
        What is assumed, its importance and its evidence, both from 0 to 1.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        For what is no such triple, and for numbers outside 0 to 1.

    Examples
    --------
    >>> ax = plot_assumptions([("Viewers look at the end screen", 0.9, 0.2), ("Licenses allow it", 0.7, 0.8)])
    >>> sorted(text.get_text().split()[0] for text in ax.texts)
    ['Licenses', 'Viewers', 'test']
    """
    rows = [_assumption(row) for row in assumptions]
    ax = _axes(ax, 7, 5)
    ax.axvspan(0, 0.5, ymin=0.5, color="#fdeceb", zorder=0)
    ax.axhline(0.5, color=_HAIRLINE, linewidth=1, zorder=1)
    ax.axvline(0.5, color=_HAIRLINE, linewidth=1, zorder=1)
    ax.annotate("test these first", (0.01, 0.985), color=_COLORS["bad"], va="top")
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="evidence", ylabel="importance")
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    for _, importance, evidence in rows:
        risky = importance > 0.5 > evidence  # noqa: PLR2004 - the middle of the map
        color = _COLORS["bad" if risky else "series-1"]
        ax.plot([evidence], [importance], "o", color=color, markersize=9, clip_on=False, zorder=3)
    _name_points(ax, [(name, evidence, importance) for name, importance, evidence in rows])
    return ax


def _assumption(row: object) -> tuple[str, float, float]:
    name, importance, evidence = row if isinstance(row, Sequence) and len(row) == 3 else (None, None, None)  # noqa: PLR2004 - a triple
    if not isinstance(name, str) or not isinstance(importance, (int, float)) or not isinstance(evidence, (int, float)):
        raise InvalidValueError(f"an assumption is (what is assumed, importance, evidence), not {quoted(row)}")
    if not (0 <= importance <= 1 and 0 <= evidence <= 1):
        raise InvalidValueError(f"importance and evidence of {quoted(name)} lie between 0 and 1")
    return name, importance, evidence


def _name_points(ax: Axes, named: Sequence[tuple[str, float, float]]) -> None:
    """Write a name beside each point of a map from 0 to 1, clear of the others, with a thin line where it is far."""
    width, height = _points(ax)
    texts = [wrapped(name, 120, size=_LETTERS) for name, _, _ in named]
    sizes = [
        (max(text_width(line, size=_LETTERS) for line in text.split("\n")) * 1.04, _LINE * (text.count("\n") + 1))
        if text
        else (0.0, 0.0)
        for text in texts
    ]
    points = [(x * width, y * height) for _, x, y in named]
    corner = (0.0, height - 24, text_width("test these first", size=_LETTERS) + 12, height)
    lines: list[Box] = [(0, height / 2 - 1, width, height / 2 + 1), (width / 2 - 1, 0, width / 2 + 1, height)]
    boxes = place_labels(points, sizes, frame=(2, 2, width + 6, height + 4), taken=[corner], lines=lines)
    for text, (x, y), box in zip(texts, points, boxes, strict=True):
        left, bottom, right, top = box
        nearest = (min(max(x, left), right), min(max(y, bottom), top))
        far = ((nearest[0] - x) ** 2 + (nearest[1] - y) ** 2) ** 0.5 > 16  # noqa: PLR2004 - where the eye needs help
        if far:
            ax.annotate(
                "", (x / width, y / height), xytext=(nearest[0] - x, nearest[1] - y), textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": _COLORS["muted"], "linewidth": 0.7, "shrinkA": 1, "shrinkB": 4},
                annotation_clip=False,
            )  # fmt: skip
        ax.annotate(
            text, (x / width, y / height), xytext=(left - x, (bottom + top) / 2 - y), textcoords="offset points",
            va="center", ha="left", linespacing=1.1, annotation_clip=False, zorder=4,
        )  # fmt: skip


def plot_expected_loss(results: Iterable[Result], *, limit: float | None = None, ax: Axes | None = None) -> Axes:
    """Plot the goal's expected loss of shipping each variant, by units measured.

    Parameters
    ----------
    results : iterable of BayesianResult
        One for each look, oldest first.
    limit : float, optional
        The plan's loss limit, dashed.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InvalidValueError
        When no result is Bayesian.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> plan = ex.Plan(goal=ex.proportion("returned", minimum_effect=0.01), split={"control": 1, "late": 1},
    ...     looks=ex.Bayesian(threshold=0.95, loss_limit=0.0005, minimum_units=1_000))
    >>> looks = [ex.Measurements.from_counts(plan, {"control": units, "late": units},
    ...     {"returned": {"control": units * 19 // 100, "late": units // 5}}) for units in (2_000, 8_000)]
    >>> ax = plot_expected_loss([ex.analyze(plan, look, look=1) for look in looks], limit=0.0005)
    >>> early, late = ax.lines[0].get_ydata()
    >>> bool(late < early)
    True
    """
    paths: dict[str, list[tuple[int, float]]] = {}
    for result in results if is_iterable(results) else ():
        _need(result, Result, "plot_expected_loss takes the results of Bayesian looks")
        for effect in result.effects:
            if isinstance(effect, BayesianEffect) and effect.role == "goal" and not effect.segment:
                if isinstance(effect.expected_loss, Undefined):
                    continue
                paths.setdefault(effect.variant, []).append((sum(result.units.values()), effect.expected_loss))
    if not paths:
        raise InvalidValueError("plot_expected_loss takes the results of Bayesian looks, oldest first")
    ax = _axes(ax, 7, 4)
    ends: list[tuple[str, str, float, float]] = []
    for place, (variant, path) in enumerate(paths.items()):
        color, shape = _series(place)
        ax.plot(
            [x for x, _ in path], [loss for _, loss in path], f"{shape}-", color=color, linewidth=2.2, label=variant
        )
        ends.append((variant, color, *path[-1]))
    last = max(x for _, _, x, _ in ends)
    if limit is not None:
        ax.plot([0, last], [limit, limit], color=_COLORS["mark"], linestyle="--", linewidth=1.2, label="limit")
        ends.append(("limit", _COLORS["mark"], last, limit))
    ax.set_xlim(0, last * 1.03)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("units in all variants")
    ax.set_ylabel("expected loss of shipping")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    _name_ends(ax, ends)
    return ax
