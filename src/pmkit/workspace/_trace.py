"""The chain from goal to verdict through one thing, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from pmkit.model import Table, unknown_id
from pmkit.workspace._model import Workspace, named_things
from pmkit.workspace._needs import measured_needs
from pmkit.workspace._records import StatedHypothesis, StatedJob, StatedNeed
from pmkit.workspace._references import references

__all__ = ["Step", "Trace", "trace"]

CHAIN = (
    "goal", "job", "need", "survey", "score", "outcome", "opportunity", "solution", "assumption", "test",
    "hypothesis", "experiment", "decision",
)  # fmt: skip
"""The links of a whole chain, from why to what was decided."""

_SIDE = frozenset({"job", "need", "hypothesis", "test"})

_TIES = frozenset({("opportunity", "solution"), ("solution", "assumption"), ("assumption", "test")})
"""What a link between nodes of two kinds makes the lower of: as `pmkit.experiments.portfolio_from_records` takes it."""

_MISSING = {
    "goal": "no goal says what this is for",
    "score": "no survey asked how much this need matters and how well it is met",
    "outcome": "no outcome says what should change",
    "opportunity": "no opportunity says which need this meets",
    "solution": "nothing is proposed for it yet",
    "assumption": "nobody has said what must be true",
    "test": "nothing tests it yet",
    "hypothesis": "no hypothesis says what should move, and by how much",
    "experiment": "no plan fixes the decision before the data",
    "decision": "nothing has been decided yet",
}


@attrs.frozen(kw_only=True)
class Step:
    """One thing on the chain.

    Attributes
    ----------
    kind : str
        Which link of the chain it is; ``"score"`` is what surveys say of a need, under the need's id.
    id, title : str
        What it is.
    distance : str
        ``"above"``, ``"here"`` or ``"below"`` the thing that was asked about.

    Examples
    --------
    >>> Step(kind="outcome", id="watch", title="Watch more", distance="here").distance
    'here'
    """

    kind: str
    id: str
    title: str
    distance: str


@attrs.frozen(kw_only=True)
class Trace(Table):
    """Everything on the chain through one thing.

    Attributes
    ----------
    subject : str
        The id that was asked about.
    steps : tuple of Step
        From goals down to decisions; a need that was measured is followed by its score.
    missing : tuple of (str, str)
        The links that the chain lacks, each with what that means.

    Examples
    --------
    >>> from pmkit import ost
    >>> from pmkit.workspace import Goal, Workspace, trace
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more", key_result="g"))
    >>> found = trace(Workspace(goals=[Goal(id="g", title="People come back")], tree=tree), "g")
    >>> [(step.id, step.distance) for step in found.steps]
    [('g', 'here'), ('watch', 'below')]
    """

    subject: str
    steps: tuple[Step, ...]
    missing: tuple[tuple[str, str], ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each step.

        Returns
        -------
        list of dict
        """
        return [{"link": s.kind, "id": s.id, "title": s.title, "position": s.distance} for s in self.steps]

    def summary(self) -> str:
        """Return the chain and its gaps in words.

        Returns
        -------
        str
        """
        lines = [
            f"{'>' if step.distance == 'here' else ' '} {step.kind:<11} {step.id}: {step.title}" for step in self.steps
        ]
        lines += [f"? {kind:<11} missing: {words}" for kind, words in self.missing]
        return "\n".join(lines)


def trace(workspace: Workspace, identifier: str) -> Trace:
    """Follow one id up to the goals it serves and down to the decisions that rest on it.

    Parameters
    ----------
    workspace : Workspace
    identifier : str
        The id of anything on the chain: a goal, job, need, survey, tree node, hypothesis or experiment.

    Returns
    -------
    Trace

    Raises
    ------
    UnknownIdError
        When nothing has that id.

    Examples
    --------
    >>> from pmkit import ost
    >>> from pmkit.workspace import Goal
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more", key_result="g"))
    >>> found = trace(Workspace(goals=[Goal(id="g", title="People come back")], tree=tree), "watch")
    >>> [(step.kind, step.id) for step in found.steps]
    [('goal', 'g'), ('outcome', 'watch')]
    >>> found.missing[0]
    ('opportunity', 'no opportunity says which need this meets')
    """
    kinds = {thing: kind for kind, thing in named_things(workspace)}
    if identifier not in kinds:
        raise unknown_id("thing", identifier, kinds)
    up, down = _neighbors(workspace, kinds)
    above = _reached(identifier, up)
    below = _reached(identifier, down)
    # What a thing below serves from the side (the need of a hypothesis, the test of an experiment) is shown above it.
    # A survey serves nothing by itself: the other needs that it asked about are not on this chain.
    tied = [thing for thing in below if kinds[thing] != "survey"]
    side = {other for thing in tied for other in up.get(thing, ()) if kinds[other] in _SIDE}
    side |= _over(workspace, kinds, below)
    titles = _titles(workspace)
    steps: list[Step] = []
    for kind in CHAIN[:-1]:
        if kind == "score":
            steps += _scores(workspace, steps)
        for thing, known in kinds.items():
            if known == kind and (thing == identifier or thing in above or thing in below or thing in side):
                distance = "here" if thing == identifier else "below" if thing in below else "above"
                steps.append(Step(kind=kind, id=thing, title=titles[thing], distance=distance))
    steps += _decisions(workspace, {step.id for step in steps})
    return Trace(subject=identifier, steps=tuple(steps), missing=_missing(workspace, steps, kinds[identifier]))


def _over(workspace: Workspace, kinds: dict[str, str], below: set[str]) -> set[str]:
    """Find the outcomes and opportunities over an opportunity that was reached by the need or job it names."""
    found: set[str] = set()
    parents = workspace.tree.parents if workspace.tree is not None else {}
    for thing in below:
        above = parents.get(thing) if kinds[thing] == "opportunity" else None
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    return found


def _neighbors(workspace: Workspace, kinds: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    up: dict[str, list[str]] = {}
    down: dict[str, list[str]] = {}

    def tie(upper: str, lower: str) -> None:
        if upper in kinds and lower in kinds:
            up.setdefault(lower, []).append(upper)
            down.setdefault(upper, []).append(lower)

    if workspace.tree is not None:
        for child, parent in workspace.tree.parents.items():
            tie(parent, child)
        for link in workspace.tree.links:
            pairs = ((link.source, link.target), (link.target, link.source)) if link.kind != "related" else ()
            for upper, lower in (pair for pair in pairs if (kinds[pair[0]], kinds[pair[1]]) in _TIES):
                tie(upper, lower)
    for reference in references(workspace):
        if reference.field == "experiment":
            tie(reference.source, reference.target)
        elif reference.field in {"goal", "job", "need", "counts", "key_result", "outcomes", "hypothesis"} or (
            reference.field == "serves" and kinds.get(reference.source) == "hypothesis"
        ):
            tie(reference.target, reference.source)
    return up, down


def _reached(start: str, edges: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in edges.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _titles(workspace: Workspace) -> dict[str, str]:
    titles = {goal.id: goal.title for goal in workspace.goals}
    stated: tuple[StatedJob | StatedNeed | StatedHypothesis, ...] = (
        *workspace.jobs,
        *workspace.needs,
        *workspace.hypotheses,
    )
    titles.update((thing.id, thing.text) for thing in stated)
    titles.update((survey.id, survey.title or survey.question) for survey in workspace.surveys)
    titles.update((node.id, node.title) for node in workspace.tree or ())
    titles.update((experiment.id, experiment.title or experiment.plan.title) for experiment in workspace.experiments)
    return titles


def _decisions(workspace: Workspace, shown: set[str]) -> list[Step]:
    steps = []
    for experiment in workspace.experiments:
        decision = experiment.decision
        if experiment.id in shown and decision is not None:
            title = f"{decision.verdict}{f': {decision.note}' if decision.note else ''}"
            steps.append(Step(kind="decision", id=experiment.id, title=title, distance="below"))
    return steps


def _scores(workspace: Workspace, steps: Iterable[Step]) -> list[Step]:
    """Say what the surveys found of the needs that are shown."""
    shown = [step for step in steps if step.kind == "need"]
    if not shown or not workspace.surveys:
        return []
    told = {found.need: found.summary() for found in measured_needs(workspace)}
    return [
        Step(kind="score", id=step.id, title=told[step.id], distance=step.distance) for step in shown if step.id in told
    ]


def _missing(workspace: Workspace, steps: Iterable[Step], kind: str) -> tuple[tuple[str, str], ...]:
    present = {step.kind for step in steps}
    start = "outcome" if kind in {"goal", "outcome"} else "goal"
    wanted = ("goal",) if kind == "survey" else CHAIN[CHAIN.index(start) :]
    if "need" not in present or not workspace.surveys:  # nothing could have been measured, or nobody measures
        present.add("score")
    return tuple((link, _MISSING[link]) for link in wanted if link in _MISSING and link not in present)
