"""EXP112 across rooms: the metric of a hypothesis is that of the outcome, or of the need, that it serves."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit import experiments
from pmkit.model import Hit, Rule, Settings
from pmkit.ost import Outcome, path
from pmkit.workspace._model import Workspace
from pmkit.workspace._records import StatedHypothesis

__all__ = ["METRIC_MATCHES_NEED"]


def _mismatched(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for stated in workspace.hypotheses:
        measures = list(_measures(workspace, stated))
        if not measures:
            continue
        hypothesis = experiments.parse_hypothesis(stated.text)
        findings = [experiments.metric_matches(hypothesis, measure) for measure in measures]
        if all(findings):
            yield Hit(stated.id, findings[0][0].message, findings[0][0].hint)


def _measures(workspace: Workspace, stated: StatedHypothesis) -> Iterable[str]:
    yield from (need.text for need in workspace.needs if need.id == stated.need)
    if workspace.tree is not None and stated.serves in workspace.tree:
        for node in path(workspace.tree, stated.serves):
            if isinstance(node, Outcome) and (node.metric or node.title):
                yield f"{node.metric} {node.title}".strip()


METRIC_MATCHES_NEED: Rule[Workspace] = Rule(
    code="EXP112",
    name="metric-matches-need",
    severity="warning",
    summary="A hypothesis measures what the outcome or need that it serves measures.",
    rationale="A win on another metric does not show that the outcome moved.",
    source="Torres 2021, ch. 3; Ulwick 2005, ch. 2",
    profiles=("default", "strict"),
    check=_mismatched,
    hint="measure what the outcome measures, or say how the one leads to the other",
    failing="outcome: weekly minutes watched; hypothesis: … will increase banner clicks …",
    passing="outcome: weekly minutes watched; hypothesis: … will increase minutes watched per week …",
)
