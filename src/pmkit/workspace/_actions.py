"""What an action is: one thing to do next, what it is worth and takes, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.model import Table, Undefined

if TYPE_CHECKING:
    from pmkit.conway import CoordinationCost
    from pmkit.experiments import TestRanking

__all__ = ["ORDER", "Action", "ActionKind", "NextActions"]

ActionKind = Literal[
    "decide", "run test", "run tests", "build", "stop", "add test", "add numbers", "add opportunity", "size",
    "interview",
]  # fmt: skip
ORDER: tuple[ActionKind, ...] = (
    "decide",
    "run test",
    "run tests",
    "build",
    "stop",
    "add test",
    "add numbers",
    "add opportunity",
    "size",
    "interview",
)
"""In which order kinds stand where nothing else tells them apart."""


@attrs.frozen(kw_only=True)
class Action:
    """One thing to do next.

    Attributes
    ----------
    kind : ActionKind
        ``"decide"`` (the data are in), ``"run test"``, ``"run tests"`` (a bundle that only pays together), ``"build"``
        (nothing left that is worth learning first), ``"stop"`` (no solution is worth its cost, and knowing everything
        would not change that), ``"add test"``, ``"add numbers"`` (what is missing to say more),
        ``"add opportunity"`` (a measured need is underserved, and no opportunity names it), ``"size"``,
        ``"interview"``.
    subject : str
        The id of what it is about.
    title : str
        The action in words.
    value : float, Undefined or None
        What it is expected to be worth, net of its own cost, in the unit of the tree's values; None where an action
        is not weighed in money.
    cost, days : float or None
        What it costs and how long it takes, as far as known.
    at_most : bool
        Whether `value` is an upper bound, because how sure the test is was not said.
    coordination : CoordinationCost or None
        Who must coordinate: the counts of the solutions that it is for.
    reasons : tuple of str
        Why, in words, the weightiest first.
    rests_on : tuple of str
        The ids whose numbers it rests on.

    Examples
    --------
    >>> Action(kind="run test", subject="proto", title="run Prototype", value=10.0, cost=2.0, days=4.0).value
    10.0
    """

    kind: ActionKind
    subject: str
    title: str
    value: float | Undefined | None = None
    cost: float | None = None
    days: float | None = None
    at_most: bool = False
    coordination: CoordinationCost | None = None
    reasons: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class NextActions(Table):
    """What to do next, in order.

    Attributes
    ----------
    actions : tuple of Action
        Decisions that wait first, then by value, then what cannot be weighed; ties in the tree's order.
    ranking : TestRanking or None
        The value of every open test; those of several tests do not add.

    Examples
    --------
    >>> from pmkit import ost
    >>> from pmkit.workspace import Workspace, next_actions
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> found = next_actions(Workspace(tree=tree))
    >>> [(action.kind, action.subject) for action in found.actions]
    [('interview', 'find')]
    """

    actions: tuple[Action, ...]
    ranking: TestRanking | None

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each action.

        Returns
        -------
        list of dict
        """
        return [
            {
                "action": action.kind,
                "subject": action.subject,
                "title": action.title,
                "value": action.value,
                "cost": action.cost,
                "days": action.days,
                "at_most": action.at_most,
                "teams": len(action.coordination.teams) if action.coordination else None,
                "missing_channels": len(action.coordination.missing) if action.coordination else None,
                "reasons": action.reasons,
                "rests_on": action.rests_on,
            }
            for action in self.actions
        ]

    def summary(self) -> str:
        """Return the actions in words, numbered.

        Returns
        -------
        str
        """
        if not self.actions:
            return "nothing to do next: there is no tree, or nothing in it is open"
        return "\n".join(
            f"{number}. {action.title}\n" + "\n".join(f"   - {reason}" for reason in action.reasons)
            for number, action in enumerate(self.actions, start=1)
        )
