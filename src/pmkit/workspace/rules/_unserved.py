"""WSP104, WSP111 to WSP113 and WSP116: things that serve nothing, or that nothing serves."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.ost import Assumption, AssumptionTest, Opportunity, Outcome, Solution, descendants, path
from pmkit.workspace._model import Workspace

__all__ = [
    "FEEDBACK_ON_NOTHING",
    "GOALLESS_OUTCOME",
    "IDLE_HYPOTHESIS",
    "ROADMAP_WITHOUT_OPPORTUNITY",
    "UNTESTED_BUILD",
]

_BOTH = ("default", "strict")


def _roadmap(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for item in workspace.roadmap:
        served = [node for node in item.serves if workspace.tree is not None and node in workspace.tree]
        opportunities = [
            above
            for node in served
            if workspace.tree is not None
            for above in path(workspace.tree, node)
            if isinstance(above, Opportunity)
        ]
        if not opportunities:
            yield Hit(item.id, "is planned, but serves no opportunity of the tree")


def _goalless(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    if workspace.goals and workspace.tree is not None:
        for root in workspace.tree.roots:
            node = workspace.tree[root]
            if isinstance(node, Outcome) and not node.key_result:
                yield Hit(root, "is the tree's outcome, but names none of the goals as its key_result")


def _idle(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    planned = {experiment.hypothesis for experiment in workspace.experiments}
    for hypothesis in workspace.hypotheses:
        if hypothesis.id not in planned:
            yield Hit(hypothesis.id, "is a hypothesis that no experiment tests")


def _untested(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in workspace.tree or ():
        if workspace.tree is None or not isinstance(node, Solution) or node.status not in {"building", "shipped"}:
            continue
        below = descendants(workspace.tree, node.id)
        assumptions = [child for child in below if isinstance(child, Assumption)]
        verdicts = [child.verdict for child in below if isinstance(child, AssumptionTest) and child.verdict]
        if assumptions and not verdicts:
            yield Hit(node.id, f"is {node.status}, though none of its {len(assumptions)} assumptions was tested")


def _feedback(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    for item in workspace.feedback:
        if not item.about:
            yield Hit(item.id, "is feedback that speaks to nothing yet")


ROADMAP_WITHOUT_OPPORTUNITY: Rule[Workspace] = Rule(
    code="WSP104",
    name="roadmap-without-opportunity",
    severity="warning",
    summary="A roadmap item serves an opportunity of the tree.",
    rationale="A plan that no customer need stands behind cannot be weighed against one that does.",
    source="Lombardo, McCarthy, Ryan & Connors 2017, Product Roadmaps Relaunched, ch. 5: themes are needs",
    profiles=_BOTH,
    check=_roadmap,
    hint="name the opportunity or solution under serves, or take the item off the roadmap",
    failing="{id: r1, title: New settings page, horizon: now}",
    passing="{id: r1, title: New settings page, horizon: now, serves: [find]}",
)

IDLE_HYPOTHESIS: Rule[Workspace] = Rule(
    code="WSP111",
    name="idle-hypothesis",
    severity="information",
    summary="A hypothesis is tested by an experiment.",
    rationale="A belief that nobody plans to test is an opinion with a template around it.",
    source="Gothelf & Seiden 2021, Lean UX, ch. 10",
    profiles=_BOTH,
    check=_idle,
    hint="plan an experiment for it, or let it go",
    failing="hypothesis h1, and no experiment with hypothesis: h1",
    passing="experiment e1 with hypothesis: h1",
)

GOALLESS_OUTCOME: Rule[Workspace] = Rule(
    code="WSP112",
    name="goalless-outcome",
    severity="information",
    summary="The tree's outcome names the goal it stands for, where goals are written down.",
    rationale="Otherwise nobody can say why this outcome and not another.",
    source="Torres 2021, ch. 3: product outcomes are derived from business outcomes",
    profiles=_BOTH,
    check=_goalless,
    hint="set key_result to the goal's id",
    failing="goals: [{id: g}], outcome without key_result",
    passing="goals: [{id: g}], outcome with key_result: g",
)

UNTESTED_BUILD: Rule[Workspace] = Rule(
    code="WSP113",
    name="untested-build",
    severity="warning",
    summary="A solution that is built or shipped had at least one of its assumptions tested.",
    rationale="Assumptions that were written down and not tested show that the risk was seen and taken in silence.",
    source="Torres 2021, ch. 9: test assumptions, not ideas",
    profiles=_BOTH,
    check=_untested,
    hint="test the riskiest one, or note why the risk is taken and waive this finding",
    failing="status: building, three assumptions, no test with a verdict",
    passing="status: building, one assumption supported by a test",
)

FEEDBACK_ON_NOTHING: Rule[Workspace] = Rule(
    code="WSP116",
    name="feedback-on-nothing",
    severity="information",
    summary="Feedback says which opportunity, need or solution it speaks to.",
    rationale="Only then does it count as evidence when siblings are compared.",
    source="Torres 2021, ch. 5",
    profiles=_BOTH,
    check=_feedback,
    hint="name it under about",
    failing="{id: f1, text: I never find the next episode}",
    passing="{id: f1, text: I never find the next episode, about: [find]}",
)
