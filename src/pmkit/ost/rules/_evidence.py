"""OST201 and OST206: what an opportunity rests on."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.ost._facts import is_leaf, of_kind, sources
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree

__all__ = ["OPINION_ONLY", "THIN_EVIDENCE"]


def _thin(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        if not is_leaf(tree, node.id):
            continue
        count = len(sources(node.evidence))
        if count == 0:
            yield Hit(node.id, "rests on no evidence yet")
        elif count == 1:
            pieces = "one piece" if len(node.evidence) == 1 else f"{len(node.evidence):,} pieces"
            yield Hit(node.id, f"rests on one participant or source ({pieces} of evidence)")


def _opinion(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Opportunity):
        if node.evidence and all(piece.kind == "opinion" for piece in node.evidence):
            yield Hit(node.id, "rests on opinion alone")


THIN_EVIDENCE: Rule[OstTree] = Rule(
    code="OST201",
    name="thin-evidence",
    severity="information",
    severities={"torres": "warning"},
    summary="An opportunity rests on more than one participant or source.",
    rationale="One person's story shows that a need exists, not that others have it. Distinct participants and "
    "sources count, not mentions. "
    "Leaves are judged: a parent rests on what its children rest on.",
    source="Torres 2021, ch. 5 and 6: opportunities come out of several story-based interviews",
    profiles=("default", "torres"),
    check=_thin,
    hint="ask in the next interviews for a story about it",
    failing="I can't find my gate (p03 twice)",
    passing="I can't find my gate (p03, p07)",
)

OPINION_ONLY: Rule[OstTree] = Rule(
    code="OST206",
    name="opinion-only",
    severity="warning",
    summary="An opportunity's evidence is not opinion alone.",
    rationale="What people say they would like is a poor guide to what they do; stories of what happened are better, "
    "and so are counts.",
    source="Torres 2021, ch. 5: ask for stories about specific past behavior",
    profiles=("default", "torres"),
    check=_opinion,
    hint="find a story, an observation or a count that shows it",
    failing="evidence: two opinions",
    passing="evidence: an opinion and a story",
)
