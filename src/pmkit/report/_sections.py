"""What the report says, in the order of use; sections with nothing to say are left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pmkit.report._actions import actions_section
from pmkit.report._answers import answers
from pmkit.report._belief_section import belief_section
from pmkit.report._experiments_section import experiments_section
from pmkit.report._findings_section import findings_section
from pmkit.report._names import Names, names_of
from pmkit.report._needs_section import needs_section
from pmkit.report._page import Section
from pmkit.report._parts import bullets, facts, paragraph, table
from pmkit.report._teams_section import teams_section
from pmkit.report._tree_section import tree_section
from pmkit.report._words import isolated, plural
from pmkit.workspace import Action, Goal, Workspace, check, next_actions, trace

if TYPE_CHECKING:
    from pmkit.errors import Finding
    from pmkit.jtbd import OpportunityScores

__all__ = ["sections"]

_KINDS = ("opportunity", "solution", "assumption", "test")
_CHAINS = 12


def sections(workspace: Workspace, today: dt.date | None, scores: OpportunityScores | None) -> Iterator[Section]:
    """Yield the sections of the report: what to do, what it rests on, what is wrong."""
    found = check(workspace, today=today)
    actions = next_actions(workspace).actions
    names = names_of(workspace)
    yield _overview(workspace, found, actions, names)
    yield from actions_section(workspace, actions, names)
    yield from tree_section(workspace)
    yield from needs_section(workspace, scores)
    yield from experiments_section(workspace)
    yield from belief_section(workspace)
    yield from teams_section(workspace)
    yield findings_section(found, names)
    yield from _trace(workspace)


def _overview(workspace: Workspace, found: tuple[Finding, ...], actions: tuple[Action, ...], names: Names) -> Section:
    nodes = Counter(node.kind for node in workspace.tree or ())
    decided = sum(experiment.decision is not None for experiment in workspace.experiments)
    severe = sum(finding.severity != "information" for finding in found)
    counted = [
        *((kind, nodes[kind]) for kind in _KINDS),
        ("need", len(workspace.needs)),
        ("team", len(workspace.organization.teams) if workspace.organization else 0),
    ]
    cards = [(plural(count, kind).split(" ", 1)[1], f"{count:,}") for kind, count in counted if count]
    if workspace.experiments:
        cards.append(("experiments decided", f"{decided} of {len(workspace.experiments)}"))
    if found or workspace.tree is not None:
        cards.append((plural(severe, "finding").split(" ", 1)[1] + " to mend", f"{severe:,}"))
    goals = bullets(
        (f"{isolated(goal.title) if _aim(goal) else goal.title}{_aim(goal)}" for goal in workspace.goals), style="goals"
    )
    aims = f"{paragraph('What it is for:')}{goals}" if goals else ""
    return Section(
        anchor="overview", title="At a glance", body=answers(workspace, actions, names) + aims + facts(cards)
    )


def _aim(goal: Goal) -> str:
    if goal.target is None:
        return f" ({goal.metric})" if goal.metric else ""
    unit = f" {goal.unit}" if goal.unit else ""
    start = f"from {goal.baseline:g} " if goal.baseline is not None else ""
    day = f" by {goal.by.isoformat()}" if goal.by else ""
    return f" ({goal.metric or 'target'} {start}to {goal.target:g}{unit}{day})"


def _trace(workspace: Workspace) -> Iterator[Section]:
    if not workspace.experiments:
        return
    body = paragraph(
        "What each experiment serves and rests on, read from the references in the product file.", style="note"
    )
    chains = "".join(
        _chain(workspace, experiment.id, experiment.title) for experiment in workspace.experiments[:_CHAINS]
    )
    body += f'<div class="pair chains">{chains}</div>'
    if len(workspace.experiments) > _CHAINS:
        body += paragraph(f"The first {_CHAINS} of {plural(len(workspace.experiments), 'experiment')}.", style="note")
    yield Section(anchor="trace", title="From goal to verdict", body=body)


def _chain(workspace: Workspace, identifier: str, title: str) -> str:
    chain = trace(workspace, identifier)
    links: dict[str, list[str]] = {}
    for step in chain.steps:
        links.setdefault(step.kind, []).append(step.title or step.id)
    rows = [(kind, tuple(titles)) for kind, titles in links.items()]
    rows += [(kind, (f"missing: {words}",)) for kind, words in chain.missing]
    return f"<div>{table(('Link', 'What it says'), rows, caption=title or identifier)}</div>"
