"""OST101 and OST102: one title, one node."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._facts import normalized_title, of_kind
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree

__all__ = ["DISTINCT_SIBLINGS", "REPEATED_TITLE"]


def _same_siblings(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for group in (tree.roots, *tree.children.values()):
        if len(group) < 2:  # noqa: PLR2004 - one has no sibling
            continue
        first: dict[str, str] = {}
        for child in group:
            known = first.setdefault(normalized_title(tree.nodes[child].title), child)
            if known != child:
                yield Hit(child, f"has the same title as its sibling {quoted(known, 60)}")


def _two_homes(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    first: dict[str, str] = {}
    for node in of_kind(tree, Opportunity):
        known = first.setdefault(normalized_title(node.title), node.id)
        if known != node.id and tree.parents.get(known) != tree.parents.get(node.id):
            yield Hit(node.id, f"has the same title as {quoted(known, 60)} in another branch")


DISTINCT_SIBLINGS: Rule[OstTree] = Rule(
    code="OST101",
    name="distinct-siblings",
    severity="warning",
    summary="No two siblings have the same title.",
    rationale="Siblings are alternatives that get compared. Two with one title are one thing written twice, and "
    "split its evidence. "
    "Case, punctuation and Unicode forms are not looked at.",
    source="Torres 2021, ch. 6: siblings are distinct from each other",
    profiles=("default", "torres"),
    check=_same_siblings,
    hint="merge them, or say in the titles how they differ",
    failing="I can't find my gate · I can't find my gate.",
    passing="I can't find my gate · I don't know when boarding starts",
)

REPEATED_TITLE: Rule[OstTree] = Rule(
    code="OST102",
    name="repeated-title",
    severity="warning",
    summary="No opportunity stands in two branches.",
    rationale="An opportunity that seems to belong in two places is too broad: each place means a different part of "
    "it.",
    source="Torres 2021, ch. 6: an opportunity has one parent",
    profiles=("default", "torres"),
    check=_two_homes,
    hint="split it into what each branch means by it, or link instead of repeating",
    failing="Checking in > I can't find my documents; Boarding > I can't find my documents",
    passing="Checking in > I can't find my booking number; Boarding > My pass is on a phone without power",
)
