"""What the report says of each room; sections with nothing to say are left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from pmkit import conway, ost
from pmkit.errors import PmkitError
from pmkit.experiments import Effect
from pmkit.model import Undefined, escape_html
from pmkit.report._page import Section, facts, figure, paragraph, table
from pmkit.workspace import Experiment, Reading, Workspace, check, readings, trace

__all__ = ["sections"]

_MARKS = {"error": "error", "warning": "warning", "information": "information"}


def sections(workspace: Workspace, today: dt.date | None) -> Iterator[Section]:
    """Yield the sections of the report, most urgent first."""
    yield from _overview(workspace)
    yield from _tree(workspace)
    yield from _experiments(workspace)
    yield from _organization(workspace)
    yield from _findings(workspace, today)
    yield from _trace(workspace)


def _overview(workspace: Workspace) -> Iterator[Section]:
    nodes = Counter(node.kind for node in workspace.tree or ())
    cards = [
        ("Goals", str(len(workspace.goals))),
        *(
            (kind.capitalize() + "s", str(nodes[kind]))
            for kind in ("opportunity", "solution", "assumption", "test")
            if nodes[kind]
        ),
        ("Needs", str(len(workspace.needs))),
        ("Experiments", str(len(workspace.experiments))),
        ("Teams", str(len(workspace.organization.teams) if workspace.organization else 0)),
    ]
    cards = [(name.replace("Opportunitys", "Opportunities"), value) for name, value in cards if value != "0"]
    goals = "".join(
        paragraph(f"Goal: {goal.title}{_aim(goal.metric, goal.baseline, goal.target, goal.unit)}")
        for goal in workspace.goals
    )
    if cards:
        yield Section(anchor="overview", title="At a glance", body=goals + facts(cards))


def _aim(metric: str, baseline: float | None, target: float | None, unit: str) -> str:
    if target is None:
        return f" ({metric})" if metric else ""
    start = f"from {baseline:g} " if baseline is not None else ""
    return f" ({metric or 'target'} {start}to {target:g} {unit})".replace(" )", ")")


def _tree(workspace: Workspace) -> Iterator[Section]:
    if workspace.tree is not None:
        picture = ost.draw(workspace.tree, style="across")
        caption = f"The opportunity solution tree: {len(workspace.tree)} nodes"
        yield Section(anchor="tree", title="Opportunities and solutions", body=figure(picture.svg, caption))


def _findings(workspace: Workspace, today: dt.date | None) -> Iterator[Section]:
    found = check(workspace, today=today)
    if not found:
        yield Section(anchor="findings", title="Findings", body=paragraph("Nothing to mend."))
        return
    rows = [(f.severity, f.code, f.subject, f.message, f.hint) for f in found]
    shown = table(
        ("Severity", "Code", "About", "What was found", "What to do"),
        rows,
        caption=f"{len(rows)} findings",
        marks=_MARKS,
    )
    yield Section(anchor="findings", title="Findings", body=shown)


def _experiments(workspace: Workspace) -> Iterator[Section]:
    parts = [_experiment(experiment) for experiment in workspace.experiments]
    if parts:
        yield Section(anchor="experiments", title="Experiments and verdicts", body="".join(parts))


def _experiment(experiment: Experiment) -> str:
    head = f"<h3>{escape_html(experiment.title or experiment.id)}</h3>"
    try:
        looked = list(readings(experiment))
    except PmkitError as error:
        return head + paragraph(str(error), style="error")
    if not looked:
        return head + paragraph("No data yet.", style="note")
    return head + _verdict(experiment, looked[-1]) + _effects(looked[-1])


def _verdict(experiment: Experiment, reading: Reading) -> str:
    decision = reading.decision
    reasons = "".join(f"<li>{escape_html(reason.message)}</li>" for reason in decision.reasons)
    mark = " (exploratory: the plan was not registered)" if decision.exploratory else ""
    day = f", {reading.look.date.isoformat()}" if reading.look.date else ""
    taken = experiment.decision
    note = paragraph(f"Decided: {taken.verdict}{'. ' + taken.note if taken.note else ''}") if taken else ""
    return (
        f'<div class="verdict"><p><strong>{escape_html(decision.verdict.capitalize())}</strong>'
        f"{escape_html(mark + day)}</p><ul>{reasons}</ul>{note}</div>"
    )


def _effects(reading: Reading) -> str:
    rows = [
        (effect.role, effect.metric, effect.variant, _number(effect.effect), _interval(effect))
        for effect in reading.result.effects
    ]
    return table(
        ("Role", "Metric", "Variant", "Effect (positive is better)", "Interval"),
        rows,
        caption="Effects against control",
    )


def _number(value: object) -> str:
    return f"{value:+.4g}" if isinstance(value, float) else str(value) if isinstance(value, Undefined) else f"{value}"


def _interval(effect: Effect) -> str:
    return f"{_number(effect.interval.lower)} to {_number(effect.interval.upper)}"


def _organization(workspace: Workspace) -> Iterator[Section]:
    organization = workspace.organization
    if organization is None or not organization.components:
        return
    yield Section(anchor="organization", title="Teams and components", body=organization_body(organization))


def organization_body(organization: conway.Organization) -> str:
    """Say who must talk to whom, as HTML."""
    agreement = conway.congruence(organization)
    spread = conway.propagation_cost(organization)
    coupling = conway.cross_team_coupling(organization)
    cards = [
        ("Teams", str(len(organization.teams))),
        ("Components", str(len(organization.components))),
        ("Dependencies across teams", f"{coupling.crossing} of {coupling.edges}"),
        ("Propagation cost", _share(spread.value)),
    ]
    if organization.communication:
        cards.append(("Congruence", _share(agreement.value)))
    missing = conway.gaps(organization)
    rows = [
        (gap.a, gap.b, f"{gap.weight:g}", ", ".join(f"{edge.source} → {edge.target}" for edge in gap.edges[:4]))
        for gap in missing
    ]
    shown = table(
        ("Team", "Team", "Weight", "Because of"),
        rows,
        caption="Pairs of teams that must coordinate and have no channel",
    )
    return facts(cards) + (shown if rows else paragraph("Every pair of teams that must coordinate has a channel."))


def _share(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _trace(workspace: Workspace) -> Iterator[Section]:
    if not workspace.experiments:
        return
    body = ""
    for experiment in workspace.experiments:
        chain = trace(workspace, experiment.id)
        rows = [(step.kind, step.id, step.title) for step in chain.steps]
        rows += [(kind, "", f"missing: {words}") for kind, words in chain.missing]
        body += table(
            ("Link", "Id", "What it says"), rows, caption=f"From goal to verdict: {experiment.title or experiment.id}"
        )
    yield Section(anchor="trace", title="From goal to verdict", body=body)
