"""Charts over matplotlib (the extra ``charts``): each draws on the axes given, or on a figure of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from pmkit.errors import InvalidValueError
from pmkit.experiments._beliefs import Belief
from pmkit.experiments._picture import _label, _marks, _paint
from pmkit.experiments._plan import Plan
from pmkit.experiments._results import BayesianEffect, GroupSequentialResult, Result, SequentialEffect
from pmkit.experiments._size import power_at
from pmkit.model import Undefined, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_assumptions", "plot_belief", "plot_boundaries", "plot_effects", "plot_expected_loss", "plot_power"]

_COLORS = {"good": "#08694f", "bad": "#a8231c", "series-1": "#0a629e", "muted": "#566273", "mark": "#735500"}


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    drawn: Any = ax
    if drawn is None:
        figure = require("matplotlib.figure", extra="charts", purpose="drawing charts").Figure(
            figsize=(width, height), layout="constrained"
        )
        drawn = figure.subplots()
    drawn.spines[["top", "right"]].set_visible(False)
    return cast("Axes", drawn)


def plot_effects(result: Result, *, plan: Plan | None = None, ax: Axes | None = None) -> Axes:
    """Plot each effect with its interval; the plan's minimum effect and margins are dashed.

    Parameters
    ----------
    result : Result
        Effects must be all absolute or all relative for one axis to hold them; absolute ones are left out of a
        mixed result (`draw_effects` shows both).
    plan : Plan, optional
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    shown = [one for one in result.effects if not one.segment and one.defined]
    relative = any(one.relative for one in shown)
    shown = [one for one in shown if one.relative == relative]
    ax = _axes(ax, 8, 1.2 + 0.5 * max(len(shown), 1))
    ax.axvline(0, color="#1a2330", linewidth=1)
    scale = 100 if relative else 1
    for place, effect in enumerate(shown):
        low, high = (scale * float(end) for end in effect.interval)  # type: ignore[arg-type]  # defined
        color = _COLORS[_paint(effect)]
        ax.plot([low, high], [place, place], color=color, linewidth=3, solid_capstyle="butt")
        ax.plot([scale * float(effect.effect)], [place], "o", color=color, markersize=8)  # type: ignore[arg-type]  # the same
        mark = _marks(effect, plan)
        if mark is not None:
            ends = [place - 0.35, place + 0.35]
            ax.plot([scale * mark] * 2, ends, color=_COLORS["mark"], linestyle="--", linewidth=1.5)
    ax.set_yticks(range(len(shown)), [_label(one) for one in shown])
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_xlabel("relative difference from control, %" if relative else "difference from control")
    return ax


def plot_power(
    plan: Plan, units: Sequence[int], *, baseline: float | None = None, sd: float | None = None, ax: Axes | None = None
) -> Axes:
    """Plot the power of a plan's goal by units per variant, at the plan's minimum or expected effect.

    Parameters
    ----------
    plan : Plan
    units : sequence of int
        Units in all variants together.
    baseline, sd : float, optional
        As `power_at` takes them.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    options = {name: value for name, value in (("baseline", baseline), ("sd", sd)) if value is not None}
    powers = [power_at(plan, count, **options) for count in units]
    ax = _axes(ax, 7, 4)
    defined = [(count, power) for count, power in zip(units, powers, strict=True) if not isinstance(power, Undefined)]
    ax.plot([one for one, _ in defined], [one for _, one in defined], color=_COLORS["series-1"], linewidth=2.5)
    ax.axhline(plan.power, color=_COLORS["mark"], linestyle="--", linewidth=1.2)
    ax.annotate(f"planned power {plan.power:.0%}", (min(units), plan.power), xytext=(2, 4), textcoords="offset points")
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
    """
    looks = list(results)
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
    for sign in (1, -1):
        ax.plot([x for x, _ in edge], [sign * z for _, z in edge], "s--", color=_COLORS["mark"], linewidth=1.5)
    for place, (variant, path) in enumerate(paths.items()):
        color = ("#0a629e", "#b55d00", "#08694f", "#85387a")[place % 4]
        ax.plot([x for x, _ in path], [z for _, z in path], "o-", color=color, linewidth=2.5, label=variant)
    ax.axhline(0, color="#1a2330", linewidth=0.8)
    ax.set_xlim(0, 1.05)
    ax.set_xlabel("share of the planned information")
    ax.set_ylabel("z of the goal (above 0 is better)")
    ax.legend(frameon=False, loc="lower right")
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
    """
    values, names = belief_path(belief)
    ax = _axes(ax, 7, 4)
    ax.step(range(len(values)), values, where="mid", color="#d8dee6", linewidth=1.5)
    ax.plot(range(len(values)), values, "o", color=_COLORS["series-1"], markersize=9)
    for place, value in enumerate(values):
        ax.annotate(f"{value:.0%}", (place, value), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.set_xticks(range(len(names)), names)
    ax.set_xlim(-0.5, len(values) - 0.5)
    ax.set_ylim(0, 1.08)
    ax.set_ylabel("probability")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    return ax


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
        For numbers outside 0 to 1.
    """
    rows = list(assumptions)
    if any(not 0 <= number <= 1 for _, *numbers in rows for number in numbers):
        raise InvalidValueError("importance and evidence of an assumption lie between 0 and 1")
    ax = _axes(ax, 7, 5)
    ax.axvspan(0, 0.5, ymin=0.5, color="#fdeceb", zorder=0)
    ax.axhline(0.5, color="#d8dee6", linewidth=1, zorder=1)
    ax.axvline(0.5, color="#d8dee6", linewidth=1, zorder=1)
    ax.annotate("test these first", (0.01, 0.985), color=_COLORS["bad"], va="top")
    for name, importance, evidence in rows:
        risky = importance > 0.5 > evidence  # noqa: PLR2004 - the middle of the map
        ax.plot([evidence], [importance], "o", color=_COLORS["bad" if risky else "series-1"], markersize=9)
        left = evidence > 0.6  # noqa: PLR2004 - there is no room at the right
        ax.annotate(name, (evidence, importance), xytext=(-9 if left else 9, 0), textcoords="offset points",
                    va="center", ha="right" if left else "left")  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="evidence", ylabel="importance")
    return ax


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
    """
    paths: dict[str, list[tuple[int, float]]] = {}
    for result in results:
        for effect in result.effects:
            if isinstance(effect, BayesianEffect) and effect.role == "goal" and not effect.segment:
                if isinstance(effect.expected_loss, Undefined):
                    continue
                paths.setdefault(effect.variant, []).append((sum(result.units.values()), effect.expected_loss))
    if not paths:
        raise InvalidValueError("plot_expected_loss takes the results of Bayesian looks, oldest first")
    ax = _axes(ax, 7, 4)
    for place, (variant, path) in enumerate(paths.items()):
        color = ("#0a629e", "#b55d00", "#08694f", "#85387a")[place % 4]
        ax.plot([x for x, _ in path], [loss for _, loss in path], "o-", color=color, linewidth=2.5, label=variant)
    if limit is not None:
        ax.axhline(limit, color=_COLORS["mark"], linestyle="--", linewidth=1.2, label="limit")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("units in all variants")
    ax.set_ylabel("expected loss of shipping")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.legend(frameon=False)
    return ax
