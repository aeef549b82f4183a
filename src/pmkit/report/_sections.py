"""What the report says, in the order of use; sections with nothing to say are left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pmkit.report._actions import actions_section
from pmkit.report._belief_section import belief_section
from pmkit.report._experiments_section import experiments_section
from pmkit.report._needs_section import needs_section
from pmkit.report._page import Section, facts, folded, paragraph, table
from pmkit.report._teams_section import teams_section
from pmkit.report._tree_section import tree_section
from pmkit.report._words import plural
from pmkit.workspace import Goal, Workspace, check, trace

if TYPE_CHECKING:
    from pmkit.errors import Finding
    from pmkit.jtbd import OpportunityScores

__all__ = ["sections"]

_MARKS = {"error": "error", "warning": "warning", "information": "information"}
_KINDS = ("opportunity", "solution", "assumption", "test")
_FINDINGS = 200
_CHAINS = 12


def sections(workspace: Workspace, today: dt.date | None, scores: OpportunityScores | None) -> Iterator[Section]:
    """Yield the sections of the report: what to do, what it rests on, what is wrong."""
    found = check(workspace, today=today)
    yield from _overview(workspace, found)
    yield from actions_section(workspace)
    yield from tree_section(workspace)
    yield from needs_section(workspace, scores)
    yield from experiments_section(workspace)
    yield from belief_section(workspace)
    yield from teams_section(workspace)
    yield _findings(found)
    yield from _trace(workspace)


def _overview(workspace: Workspace, found: tuple[Finding, ...]) -> Iterator[Section]:
    nodes = Counter(node.kind for node in workspace.tree or ())
    decided = sum(experiment.decision is not None for experiment in workspace.experiments)
    severe = sum(finding.severity != "information" for finding in found)
    counted = [
        *((kind, nodes[kind]) for kind in _KINDS),
        ("need", len(workspace.needs)),
        ("team", len(workspace.organization.teams) if workspace.organization else 0),
    ]
    cards = [(plural(count, kind).split(" ", 1)[1].capitalize(), f"{count:,}") for kind, count in counted if count]
    if workspace.experiments:
        cards.append(("Experiments decided", f"{decided} of {len(workspace.experiments)}"))
    cards.append(("Findings to mend", f"{severe:,}"))
    goals = "".join(paragraph(f"Goal: {goal.title}{_aim(goal)}") for goal in workspace.goals)
    yield Section(anchor="overview", title="At a glance", body=goals + facts(cards))


def _aim(goal: Goal) -> str:
    if goal.target is None:
        return f" ({goal.metric})" if goal.metric else ""
    unit = f" {goal.unit}" if goal.unit else ""
    start = f"from {goal.baseline:g} " if goal.baseline is not None else ""
    day = f" by {goal.by.isoformat()}" if goal.by else ""
    return f" ({goal.metric or 'target'} {start}to {goal.target:g}{unit}{day})"


def _findings(found: tuple[Finding, ...]) -> Section:
    if not found:
        return Section(anchor="findings", title="Findings", body=paragraph("Nothing to mend."))
    severe = [finding for finding in found if finding.severity != "information"]
    rest = [finding for finding in found if finding.severity == "information"]
    body = _finding_table(severe, "finding") if severe else paragraph("No error and no warning.")
    if rest:
        body += folded(
            f"{plural(len(rest), 'finding')} for information", _finding_table(rest, "finding for information")
        )
    return Section(anchor="findings", title="Findings", body=body)


def _finding_table(found: list[Finding], noun: str) -> str:
    rows = [
        (finding.code, finding.severity, finding.subject, finding.message, finding.hint)
        for finding in found[:_FINDINGS]
    ]
    cut = f"; the first {_FINDINGS}" if len(found) > _FINDINGS else ""
    count = f"{len(found):,} {noun}" if noun.endswith("information") else plural(len(found), noun)
    columns = ("Code", "Severity", "About", "What was found", "What to do")
    return table(columns, rows, caption=count + cut, marks=_MARKS)


def _trace(workspace: Workspace) -> Iterator[Section]:
    if not workspace.experiments:
        return
    body = ""
    for experiment in workspace.experiments[:_CHAINS]:
        chain = trace(workspace, experiment.id)
        rows = [(step.kind, step.title or step.id, step.id) for step in chain.steps]
        rows += [(kind, f"missing: {words}", "") for kind, words in chain.missing]
        title = experiment.title or experiment.id
        body += table(("Link", "What it says", "Id"), rows, caption=f"From goal to verdict: {title}")
    if len(workspace.experiments) > _CHAINS:
        body += paragraph(f"The first {_CHAINS} of {plural(len(workspace.experiments), 'experiment')}.", style="note")
    yield Section(anchor="trace", title="From goal to verdict", body=body)
