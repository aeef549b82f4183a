"""OST103 to OST105: the shape of the opportunity space."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._facts import below, is_leaf, of_kind
from pmkit.ost._nodes import Opportunity, Outcome, Solution
from pmkit.ost._schema import OstTree

__all__ = ["ONE_WAY_IN", "ONLY_CHILD", "SOLUTION_ON_LEAF"]


def _one_way_in(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Outcome):
        top = below(tree, node.id, Opportunity)
        if len(top) == 1:
            yield Hit(node.id, f"has one opportunity at its top level, {quoted(top[0].id, 60)}")


def _only_child(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        parts = below(tree, node.id, Opportunity)
        if len(parts) == 1:
            yield Hit(node.id, f"has one child opportunity, {quoted(parts[0].id, 60)}")


def _on_leaf(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        found = below(tree, node.id, Solution)
        if found and not is_leaf(tree, node.id):
            count = "a solution hangs" if len(found) == 1 else f"{len(found):,} solutions hang"
            yield Hit(node.id, f"{count} on it although it is divided into child opportunities")


ONE_WAY_IN: Rule[OstTree] = Rule(
    code="OST103",
    name="one-way-in",
    severity="warning",
    summary="An outcome with opportunities has at least two at the top level.",
    rationale="One way in means that nothing was compared: the first idea of what stands in the customers' way "
    "became the only one.",
    source="Torres 2021, ch. 6: the top level follows the distinct moments of the experience map",
    profiles=("default", "torres"),
    check=_one_way_in,
    hint="take the other moments of the experience map as opportunities too",
    failing="Increase weekly minutes watched > Choosing something to watch",
    passing="Increase weekly minutes watched > Choosing something to watch · Watching with others",
)

ONLY_CHILD: Rule[OstTree] = Rule(
    code="OST104",
    name="only-child",
    severity="warning",
    summary="No opportunity has exactly one child opportunity.",
    rationale="A child is a part of its parent. One child is either the same opportunity in other words or one of "
    "several that are missing.",
    source="Torres 2021, ch. 6: parent and child as set and subset",
    profiles=("default", "torres"),
    check=_only_child,
    hint="find the sibling opportunities, or fold parent and child into one",
    failing="I can't decide what to watch > I don't know if this show is good",
    passing="I can't decide what to watch > I don't know if this show is good · We never agree on one",
)

SOLUTION_ON_LEAF: Rule[OstTree] = Rule(
    code="OST105",
    name="solution-on-leaf",
    severity="warning",
    summary="Solutions hang on leaf opportunities.",
    rationale="A solution for an opportunity that is divided further serves nobody in particular: it is not clear "
    "which part it solves.",
    source="Torres 2021, ch. 7: solutions are generated for one target opportunity, a leaf",
    profiles=("default", "torres"),
    check=_on_leaf,
    hint="move each solution to the child opportunity that it serves",
    failing="Planning a trip > Fares alert; Planning a trip > I don't know when fares fall",
    passing="Planning a trip > I don't know when fares fall > Fares alert",
)
