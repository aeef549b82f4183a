"""Belief and evidence: how likely solutions are, what they rest on, and where nobody has looked."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit import ost
from pmkit.ost import Opportunity, OstTree
from pmkit.report._page import Section
from pmkit.report._parts import paragraph, table
from pmkit.report._words import amount, listing, plural, share
from pmkit.workspace import Workspace

__all__ = ["belief_section"]

_RISKS = 10
_MOST = 30
_NAMED = 6


def belief_section(workspace: Workspace) -> Iterator[Section]:
    """Yield what is believed about the tree, and on what grounds."""
    tree = workspace.tree
    if tree is None:
        return
    body = "".join((_risks(tree), _chances(tree), _backing(tree), _coverage(tree)))
    if body:
        body = (
            paragraph(
                "From the probabilities and the evidence in the product file; an assumption without a test or a source "
                "rests on belief alone.",
                style="note",
            )
            + body
        )
        yield Section(anchor="belief", title="Belief and evidence", body=body)


def _risks(tree: OstTree) -> str:
    ranked = ost.riskiest(tree).ranked
    rows = [
        (
            risk.title,
            tree[risk.solution].title if risk.solution in tree.nodes else risk.solution,
            share(risk.probability),
            amount(risk.importance),
            str(risk.sources),
            str(risk.tests),
        )
        for risk in ranked[:_RISKS]
    ]
    columns = ("Assumption", "Solution", "Believed", "Importance", "Sources", "Tests")
    caption = f"The riskiest of {plural(len(ranked), 'open assumption')}: most hangs on them, least is known"
    return table(columns, rows, caption=caption) if rows else ""


def _chances(tree: OstTree) -> str:
    found = [each for each in ost.chances(tree).solutions if each.listed]
    found.sort(key=lambda each: -each.chance if isinstance(each.chance, float) else 1.0)
    rows = [
        (
            each.title,
            share(each.chance),
            str(each.listed),
            listing((tree[name].title for name in each.without_probability), 3),
        )
        for each in found[:_MOST]
    ]
    caption = "The chance that everything a solution rests on is true, as far as it is listed" + _cut(len(found))
    columns = ("Solution", "Chance", "Assumptions listed", "Without a probability")
    return table(columns, rows, caption=caption) if rows else ""


def _backing(tree: OstTree) -> str:
    backing = ost.backing(tree).branches
    found = [node for node in ost.walk(tree) if isinstance(node, Opportunity)]
    if not any(backing[node.id].pieces for node in found):
        return ""
    rows = [
        (
            node.title,
            str(backing[node.id].participants),
            str(backing[node.id].others),
            str(backing[node.id].pieces),
            latest.isoformat() if (latest := backing[node.id].latest) else "",
        )
        for node in found[:_MOST]
    ]
    caption = "Who stands behind each opportunity, its branch included: people are counted once" + _cut(len(found))
    columns = ("Opportunity", "People", "Other sources", "Pieces of evidence", "Latest")
    return table(columns, rows, caption=caption) if rows else ""


def _coverage(tree: OstTree) -> str:
    gaps = [gap for gap in ost.coverage(tree).gaps if gap.missing]
    rows = [
        (
            f"{gap.kind} without {gap.lacks}",
            f"{len(gap.missing):,} of {gap.total:,}",
            (*(tree[name].title for name in gap.missing[:_NAMED]), *_left(len(gap.missing))),
        )
        for gap in gaps
    ]
    if not rows:
        return (
            paragraph("Every opportunity has evidence and solutions, every assumption a test.") if len(tree) > 1 else ""
        )
    return table(("What is missing", "How many", "Which"), rows, caption="What nobody has looked at yet")


def _left(count: int) -> tuple[str, ...]:
    return (f"and {count - _NAMED:,} more",) if count > _NAMED else ()


def _cut(count: int) -> str:
    return f"; the first {_MOST} of {count:,}" if count > _MOST else ""
