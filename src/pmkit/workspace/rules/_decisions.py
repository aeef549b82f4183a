"""WSP105, WSP108 and WSP109: verdicts, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost import AssumptionTest
from pmkit.workspace._model import Workspace

__all__ = ["CONTRADICTED_TEST", "DECISION_WAITING", "UNREGISTERED_VERDICT"]

_CONTRADICTIONS = {("supported", "roll back"), ("refuted", "declare victory")}


def _unregistered(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for experiment in workspace.experiments:
        if experiment.decision is not None and not experiment.registered:
            message = f"the verdict {quoted(experiment.decision.verdict)} rests on a plan that was never registered"
            yield Hit(experiment.id, message)


def _waiting(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    for experiment in workspace.experiments:
        end = experiment.plan.end
        over = settings.today is not None and end is not None and end < settings.today
        if experiment.looks and experiment.decision is None and (over or end is None):
            yield Hit(experiment.id, f"has been read {len(experiment.looks)} times and nothing was decided")


def _contradicted(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    decided = {experiment.id: experiment.decision for experiment in workspace.experiments}
    for node in workspace.tree or ():
        if not isinstance(node, AssumptionTest):
            continue
        decision = decided.get(node.experiment)
        if decision is not None and (node.verdict, decision.verdict) in _CONTRADICTIONS:
            message = (
                f"says {node.verdict}, but experiment {quoted(node.experiment)} ended in {quoted(decision.verdict)}"
            )
            yield Hit(node.id, message)


UNREGISTERED_VERDICT: Rule[Workspace] = Rule(
    code="WSP105",
    name="unregistered-verdict",
    severity="warning",
    summary="A verdict rests on a plan whose digest was registered before the data.",
    rationale="A rule that could still be changed when the data were seen decides nothing: the verdict is exploratory.",
    source="Nosek et al. 2018, The preregistration revolution",
    profiles=("default", "strict"),
    check=_unregistered,
    hint="register the digest of the next plan before it starts; read this verdict as exploratory",
    failing="decision: {verdict: declare victory} without registered",
    passing="registered: pmkit-plan-1:4f5a…, then the decision",
)

DECISION_WAITING: Rule[Workspace] = Rule(
    code="WSP108",
    name="decision-waiting",
    severity="information",
    summary="An experiment whose data are in has a decision.",
    rationale="Knowledge that nobody acts on was paid for twice: by the test and by the delay.",
    source="Torres 2021, ch. 11: close the loop on every test",
    profiles=("default", "strict"),
    check=_waiting,
    hint="run `pmkit analyze` on it and write down the decision",
    failing="looks are there, decision is not",
    passing="looks, then decision: {verdict: roll back}",
)

CONTRADICTED_TEST: Rule[Workspace] = Rule(
    code="WSP109",
    name="contradicted-test",
    severity="warning",
    summary="A test's verdict in the tree does not contradict the decision of its experiment.",
    rationale="Two answers to one question mean that the tree is read as saying what the data do not.",
    source="pmkit's own convention",
    profiles=("default", "strict"),
    check=_contradicted,
    hint="set the test's verdict from the experiment's decision",
    failing="test supported, experiment rolled back",
    passing="test refuted, experiment rolled back",
)
