"""Experiments: the verdict with its reasons, every effect, and how they lie."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.errors import PmkitError
from pmkit.experiments import Effect, Metric, Result, draw_effects
from pmkit.model import escape_html
from pmkit.report._page import Section
from pmkit.report._parts import bullets, figure, heading, paragraph, table, written
from pmkit.report._words import signed
from pmkit.workspace import Experiment, Reading, Workspace, readings

__all__ = ["experiments_section"]

_METHODS = {
    "fixed": "planned for one look",
    "group sequential": "planned for a few looks (group sequential)",
    "always valid": "may be looked at on any day (always valid)",
    "bayesian": "read by probabilities (Bayesian)",
}
_HOW = (
    "Each line is an interval around what was seen: green is a gain, red is a harm, blue is open. The upright line "
    "is no change; dashes are what the plan asks for."
)
_TRIM = 12.0


def experiments_section(workspace: Workspace) -> Iterator[Section]:
    """Yield every experiment with its newest verdict."""
    texts = {hypothesis.id: hypothesis.text for hypothesis in workspace.hypotheses}
    parts = []
    explained = False
    for experiment in workspace.experiments:
        part = _experiment(experiment, texts.get(experiment.hypothesis, ""), explained=explained)
        explained = explained or "<figure" in part
        parts.append(part)
    if parts:
        yield Section(anchor="experiments", title="Experiments and verdicts", body="".join(parts))


def _experiment(experiment: Experiment, hypothesis: str, *, explained: bool) -> str:
    head = heading(experiment.title or experiment.id)
    head += paragraph(hypothesis, style="note") if hypothesis else ""
    try:
        looked = list(readings(experiment))
    except PmkitError as error:
        return head + paragraph(f"It cannot be read: {error}", style="error")
    if not looked:
        return head + paragraph("No data yet.", style="note")
    return head + _verdict(experiment, looked) + _effects(experiment, looked[-1].result, explained=explained)


def _verdict(experiment: Experiment, looked: list[Reading]) -> str:
    reading = looked[-1]
    decision = reading.decision
    mark = " (exploratory: the plan was not registered)" if decision.exploratory else ""
    day = f", {reading.look.date.isoformat()}" if reading.look.date else ""
    taken = experiment.decision
    decided = (
        f"Decided: {taken.verdict}{f'. {taken.note}' if taken.note else ''}" if taken else "Nobody has decided yet."
    )
    units = sum(reading.result.units.values())
    read = f"{_METHODS.get(reading.result.method, reading.result.method)}; look {len(looked)}, {units:,} units"
    return (
        f'<div class="verdict"><p><strong>{escape_html(decision.verdict.capitalize())}</strong>'
        f"{written(mark + day)}</p>{bullets(reason.message for reason in decision.reasons)}"
        f"{paragraph(decided)}{paragraph(read, style='note')}</div>"
    )


def _effects(experiment: Experiment, result: Result, *, explained: bool) -> str:
    metrics = {metric.name: metric for metric in experiment.plan.metrics}
    rows = [
        (
            effect.metric,
            effect.role,
            effect.variant,
            _change(effect.effect, effect, metrics.get(effect.metric)),
            _change(effect.interval.lower, effect, metrics.get(effect.metric)),
            _change(effect.interval.upper, effect, metrics.get(effect.metric)),
            getattr(metrics.get(effect.metric), "prefer", "higher"),
        )
        for effect in result.effects
    ]
    if not rows:
        return ""
    control = experiment.plan.control
    caption = f"Change against {control}, {_confidence(result.effects)}"
    shown = table(("Metric", "Role", "Variant", "Change", "At least", "At most", "Better when"), rows, caption=caption)
    svg = draw_effects(result, plan=experiment.plan, title=f"Change against {control}").svg
    how = f"Changes against {control}; read as above." if explained else _HOW
    return figure(svg, how, trim=_TRIM) + shown


def _change(value: object, effect: Effect, metric: Metric | None) -> str:
    """Write a change in the unit that it is meant in: percent of control, percentage points, or the metric's own."""
    if not isinstance(value, (int, float)):
        return signed(value)
    if effect.relative:
        return f"{100 * value:+.3g} %"
    return f"{100 * value:+.3g} points" if metric is not None and metric.kind == "proportion" else signed(value)


def _confidence(effects: tuple[Effect, ...]) -> str:
    levels = dict.fromkeys(f"{effect.confidence:.3g}" for effect in effects)
    return " and ".join(f"{100 * float(level):.4g}% intervals" for level in levels)
