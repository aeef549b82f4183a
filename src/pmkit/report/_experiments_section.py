"""Experiments: the verdict with its reasons, every effect, and how they lie."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.errors import PmkitError
from pmkit.experiments import Effect, Result, draw_effects
from pmkit.model import escape_html
from pmkit.report._page import Section, bullets, figure, paragraph, table
from pmkit.report._words import plural, signed
from pmkit.workspace import Experiment, Reading, Workspace, readings

__all__ = ["experiments_section"]


def experiments_section(workspace: Workspace) -> Iterator[Section]:
    """Yield every experiment with its newest verdict."""
    texts = {hypothesis.id: hypothesis.text for hypothesis in workspace.hypotheses}
    parts = [_experiment(experiment, texts.get(experiment.hypothesis, "")) for experiment in workspace.experiments]
    if parts:
        yield Section(anchor="experiments", title="Experiments and verdicts", body="".join(parts))


def _experiment(experiment: Experiment, hypothesis: str) -> str:
    head = f"<h3>{escape_html(experiment.title or experiment.id)}</h3>"
    head += paragraph(hypothesis, style="note") if hypothesis else ""
    try:
        looked = list(readings(experiment))
    except PmkitError as error:
        return head + paragraph(f"It cannot be read: {error}", style="error")
    if not looked:
        return head + paragraph("No data yet.", style="note")
    return head + _verdict(experiment, looked) + _effects(experiment, looked[-1].result)


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
    read = f"{reading.result.method} plan, look {len(looked)}, {units:,} units"
    return (
        f'<div class="verdict"><p><strong>{escape_html(decision.verdict.capitalize())}</strong>'
        f"{escape_html(mark + day)}</p>{bullets(reason.message for reason in decision.reasons)}"
        f"{paragraph(decided)}{paragraph(read, style='note')}</div>"
    )


def _effects(experiment: Experiment, result: Result) -> str:
    names = {metric.name: metric.prefer for metric in experiment.plan.metrics}
    rows = [
        (
            effect.metric,
            effect.role,
            effect.variant,
            signed(effect.effect) + (" relative" if effect.relative else ""),
            f"{signed(effect.interval.lower)} to {signed(effect.interval.upper)}",
            names.get(effect.metric, "higher"),
        )
        for effect in result.effects
    ]
    caption = f"Changes against control ({experiment.plan.control}), {_confidence(result.effects)}"
    shown = table(("Metric", "Role", "Variant", "Change", "Interval", "Better when"), rows, caption=caption)
    svg = draw_effects(result, plan=experiment.plan).svg if rows else ""
    picture = (
        figure(
            svg,
            f"{plural(len(rows), 'effect')} with intervals; the line is no change, dashes are the plan's thresholds",
        )
        if svg
        else ""
    )
    return picture + shown


def _confidence(effects: tuple[Effect, ...]) -> str:
    levels = dict.fromkeys(f"{effect.confidence:.3g}" for effect in effects)
    return f"intervals at confidence {', '.join(levels)}" if levels else "no effect"
