"""Who names whom by id, across the rooms."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from pmkit.ost import AssumptionTest, Opportunity, Outcome, Solution
from pmkit.workspace._model import Workspace

__all__ = ["TREE_KINDS", "Reference", "references"]

TREE_KINDS = ("outcome", "opportunity", "solution", "assumption", "test")


@attrs.frozen
class Reference:
    """One thing naming another.

    Attributes
    ----------
    source : str
        The id of what names.
    field : str
        The field in which it does.
    target : str
        The id that is named.
    kinds : tuple of str
        What kinds of thing may stand there.

    Examples
    --------
    >>> Reference("row", "touches", "player", ("component",)).target
    'player'
    """

    source: str
    field: str
    target: str
    kinds: tuple[str, ...]


def references(workspace: Workspace) -> Iterator[Reference]:
    """Yield every reference that one thing of a workspace makes to another.

    A tree's own parents and links, and an organization's own edges, are checked where
    they are built and are not repeated here.

    Parameters
    ----------
    workspace : Workspace

    Yields
    ------
    Reference

    Examples
    --------
    >>> from pmkit.workspace import StatedJob
    >>> [reference.target for reference in references(Workspace(jobs=[StatedJob(id="j", text="Unwind", goal="g")]))]
    ['g']
    """
    yield from _of_statements(workspace)
    yield from _of_surveys(workspace)
    yield from _of_tree(workspace)
    yield from _of_plans(workspace)


def _of_statements(workspace: Workspace) -> Iterator[Reference]:
    for job in workspace.jobs:
        if job.goal:
            yield Reference(job.id, "goal", job.goal, ("goal",))
    for need in workspace.needs:
        if need.job:
            yield Reference(need.id, "job", need.job, ("job",))
    for hypothesis in workspace.hypotheses:
        if hypothesis.serves:
            yield Reference(hypothesis.id, "serves", hypothesis.serves, TREE_KINDS)
        if hypothesis.need:
            yield Reference(hypothesis.id, "need", hypothesis.need, ("need",))


def _of_surveys(workspace: Workspace) -> Iterator[Reference]:
    for survey in workspace.surveys:
        for asked in survey.needs:
            yield Reference(survey.id, "counts", asked, ("need",))
        for earlier in survey.supersedes:
            yield Reference(survey.id, "supersedes", earlier, ("survey",))


def _of_plans(workspace: Workspace) -> Iterator[Reference]:
    for experiment in workspace.experiments:
        if experiment.hypothesis:
            yield Reference(experiment.id, "hypothesis", experiment.hypothesis, ("hypothesis",))
    for item in workspace.feedback:
        for about in item.about:
            yield Reference(item.id, "about", about, (*TREE_KINDS, "job", "need", "component"))
    for planned in workspace.roadmap:
        for serves in planned.serves:
            yield Reference(planned.id, "serves", serves, TREE_KINDS)
        if planned.team:
            yield Reference(planned.id, "team", planned.team, ("team",))


def _of_tree(workspace: Workspace) -> Iterator[Reference]:
    for node in workspace.tree or ():
        if isinstance(node, Outcome) and node.key_result:
            yield Reference(node.id, "key_result", node.key_result, ("goal",))
        elif isinstance(node, Opportunity):
            if node.job:
                yield Reference(node.id, "job", node.job, ("job",))
            for need in node.outcomes:
                yield Reference(node.id, "outcomes", need, ("need",))
        elif isinstance(node, Solution):
            for component in node.touches:
                yield Reference(node.id, "touches", component, ("component",))
        elif isinstance(node, AssumptionTest) and node.experiment:
            yield Reference(node.id, "experiment", node.experiment, ("experiment",))
