"""OST106 to OST108: one target at a time, and a real choice for it."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._facts import is_leaf, of_kind, outcome_above, solutions_for
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree

__all__ = ["ONE_TARGET", "SCATTERED_SOLUTIONS", "THREE_SOLUTIONS"]

_ENOUGH = 3


def _too_few(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    solutions = solutions_for(tree)
    marked = [node.id for node in of_kind(tree, Opportunity) if node.target]
    judged = marked or [node.id for node in of_kind(tree, Opportunity) if node.id in solutions]
    for identifier in judged:
        count = len(solutions.get(identifier, ()))
        if count < _ENOUGH:
            role = "the target opportunity" if marked else "an opportunity"
            has = "no solution" if not count else "one solution" if count == 1 else f"{count} solutions"
            yield Hit(identifier, f"{role} has {has}; the method asks for three")


def _targets(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    home = outcome_above(tree)
    first: dict[str, str] = {}
    for node in of_kind(tree, Opportunity):
        if not node.target:
            continue
        known = first.setdefault(home[node.id], node.id)
        if known != node.id:
            yield Hit(node.id, f"is a target besides {quoted(known, 60)} under the same outcome", "keep one of them")
        if not is_leaf(tree, node.id):
            yield Hit(
                node.id, "is the target although it is divided into child opportunities", "choose one of its leaves"
            )


def _scattered(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    home = outcome_above(tree)
    busy: dict[str, list[str]] = {}
    for identifier, solutions in solutions_for(tree).items():
        if any(solution.status not in {"shipped", "dropped"} for solution in solutions):
            busy.setdefault(home[identifier], []).append(identifier)
    for outcome, opportunities in busy.items():
        if len(opportunities) > 1:
            yield Hit(outcome, f"solutions are open under {len(opportunities):,} of its opportunities at once")


THREE_SOLUTIONS: Rule[OstTree] = Rule(
    code="OST106",
    name="three-solutions",
    severity="warning",
    summary="The target opportunity has at least three solutions.",
    rationale="With one or two ideas the question becomes whether or not; with three it becomes which. Dropped "
    "solutions count, as they were "
    "considered, and so do solutions that are linked to the opportunity. Where no target is marked, every "
    "opportunity with a solution is judged.",
    source="Torres 2021, ch. 7 and 8: compare and contrast at least three solutions for one opportunity",
    profiles=("default", "torres"),
    check=_too_few,
    hint="think of solutions that differ in how they solve it until there are three",
    failing="I can't find a show > Search by mood",
    passing="I can't find a show > Search by mood · Friends' picks · A weekly shortlist",
)

ONE_TARGET: Rule[OstTree] = Rule(
    code="OST107",
    name="one-target",
    severity="warning",
    summary="Under each product outcome at most one opportunity is the target, and it is a leaf.",
    rationale="Working on one opportunity at a time delivers sooner and shows what moved the outcome; a leaf is "
    "small enough to be solved.",
    source="Torres 2021, ch. 6 and 7: one target opportunity, chosen level by level",
    profiles=("default", "torres"),
    check=_targets,
    hint="choose the one that looks best when siblings are compared",
    failing="two opportunities with target: true under one outcome",
    passing="one leaf opportunity with target: true",
)

SCATTERED_SOLUTIONS: Rule[OstTree] = Rule(
    code="OST108",
    name="scattered-solutions",
    severity="information",
    summary="Open solutions stand under one opportunity at a time.",
    rationale="Solutions for several opportunities cannot be compared with each other. Shipped and dropped ones are "
    "left out. "
    "Teams that work on several opportunities on purpose need not follow: hence only in the profile torres.",
    source="Torres 2021, ch. 7: solutions are compared only within one opportunity",
    profiles=("torres",),
    check=_scattered,
    hint="choose a target and park the other solutions",
    failing="I can't find a show > Search by mood; The stream stops > Lower the quality first",
    passing="I can't find a show > Search by mood · Friends' picks · A weekly shortlist",
)
