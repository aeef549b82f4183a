"""OST301 and OST302: a tree that is kept."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.ost._schema import OstTree

__all__ = ["OVERGROWN", "STALE"]


def _stale(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    limit = settings.limits.get("stale_days")
    if settings.today is None or limit is None:
        return
    for node in tree:
        if node.updated is not None and (settings.today - node.updated).days > limit:
            days = (settings.today - node.updated).days
            yield Hit(node.id, f"was last touched {days:,} days ago; the limit is {limit:g}")


def _overgrown(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    nodes, children = settings.limits.get("nodes"), settings.limits.get("children")
    if nodes is not None and len(tree) > max(nodes, 0):
        yield Hit(tree.roots[0], f"the tree has {len(tree):,} nodes; the budget is {nodes:g}")
    if children is not None:
        for identifier, below in tree.children.items():
            if len(below) > children:
                yield Hit(identifier, f"has {len(below):,} children; the budget is {children:g}")


STALE: Rule[OstTree] = Rule(
    code="OST301",
    name="stale",
    severity="information",
    summary="No node is untouched for longer than the limit given.",
    rationale="A tree that is not touched is not used. The rule is silent without today's date and the limit "
    "``stale_days``, and about nodes that have no date.",
    source="Torres 2021, ch. 12: the tree changes every week",
    profiles=("default", "torres"),
    check=_stale,
    hint="look at it again, and set its date or take it out",
    failing="updated: 2026-01-10, with today=2026-11-22 and stale_days=90",
    passing="updated: 2026-11-01",
)

OVERGROWN: Rule[OstTree] = Rule(
    code="OST302",
    name="overgrown",
    severity="information",
    summary="No node has more children, and the tree no more nodes, than the budget given.",
    rationale="A tree that nobody can take in is not compared level by level. The rule is silent without the limit "
    "``children`` or ``nodes``.",
    source="practice: people ask for help with pruning big trees",
    profiles=("default", "torres"),
    check=_overgrown,
    hint="group children under a common need, or prune what is not being worked on",
    failing="12 children, with children=7",
    passing="5 children",
)
