"""The tree: its goals and opportunities at a glance, then every worked opportunity on its own."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit import ost
from pmkit.model import escape_html
from pmkit.ost import Assumption, AssumptionTest, Opportunity, OstNode, OstTree, Outcome, Solution
from pmkit.report._page import Section, figure, folded, paragraph, table
from pmkit.report._words import plural, share
from pmkit.workspace import Workspace

__all__ = ["tree_section"]

_OVERVIEW = 60
_BRANCHES = 12
_BRANCH = 60
_ROWS = 400


def tree_section(workspace: Workspace) -> Iterator[Section]:
    """Yield the tree in pictures that fit a page, and in words."""
    tree = workspace.tree
    if tree is None:
        return
    body = figure(_overview(tree), "Outcomes and opportunities; “+ more” counts what hangs below")
    worked = _worked(tree)
    drawn = worked[:_BRANCHES]
    branches = "".join(f"<div><h3>{escape_html(node.title)}</h3>{_branch(tree, node)}</div>" for node in drawn)
    body += f'<div class="pair">{branches}</div>' if branches else ""
    if len(worked) > len(drawn):
        left = f"{plural(len(worked) - len(drawn), 'more opportunity')} with solutions stand in the list below."
        body += paragraph(left, style="note")
    yield Section(anchor="tree", title="Opportunities and solutions", body=body + _words(tree))


def _overview(tree: OstTree) -> str:
    """Draw outcomes and opportunities only, as deep as leaves the picture readable."""
    ends = [node.id for node in tree if any(isinstance(child, Solution) for child in ost.children(tree, node.id))]
    ends += [
        node.id
        for node in tree
        if isinstance(node, Outcome)
        and any(isinstance(child, (Assumption, AssumptionTest)) for child in ost.children(tree, node.id))
    ]
    counts: dict[int, int] = {}
    hidden: set[str] = set(ends)
    depth: dict[str, int] = {}
    for node in ost.walk(tree):
        above = ost.parent(tree, node.id)
        depth[node.id] = 0 if above is None else depth[above.id] + 1
        if above is not None and above.id in hidden:
            hidden.add(node.id)
        else:
            counts[depth[node.id]] = counts.get(depth[node.id], 0) + 1
    total, deepest = 0, 1
    for level in sorted(counts):
        total += counts[level]
        if total <= _OVERVIEW:
            deepest = max(level, 1)
    return ost.draw(tree, style="across", collapse=ends, depth=deepest, most_children=12).svg


def _worked(tree: OstTree) -> list[Opportunity]:
    """Opportunities with solutions, targets first, in the tree's order."""
    found = [
        node
        for node in ost.walk(tree)
        if isinstance(node, Opportunity) and any(isinstance(child, Solution) for child in ost.children(tree, node.id))
    ]
    return sorted(found, key=lambda node: not node.target)


def _branch(tree: OstTree, node: Opportunity) -> str:
    branch = ost.subtree(tree, node.id)
    many = len(branch) > _BRANCH
    picture = ost.draw(
        branch, style="outline", legend=False, depth=2 if many else None, most_children=15 if many else None
    )
    caption = f"{plural(len(branch) - 1, 'node')} below this opportunity{', shortened' if many else ''}"
    return figure(picture.svg, caption)


def _words(tree: OstTree) -> str:
    nodes = [
        node for node in ost.walk(tree) if len(tree) <= _ROWS or isinstance(node, (Outcome, Opportunity, Solution))
    ]
    level: dict[str, int] = {}
    for node in ost.walk(tree):
        above = ost.parent(tree, node.id)
        level[node.id] = 1 if above is None else level[above.id] + 1
    rows = [(node.title, str(level[node.id]), node.kind, state(node), node.id) for node in nodes[:_ROWS]]
    more = f": the first {_ROWS:,} of {plural(len(tree), 'node')}" if len(rows) < len(tree) else ""
    shown = table(("Title", "Level", "Kind", "State", "Id"), rows, caption=f"The whole tree, from the top{more}")
    return folded("The tree as a table", shown)


def state(node: OstNode) -> str:
    """Say where a node stands, in a few words."""
    if isinstance(node, Opportunity):
        people = {piece.participant or piece.source for piece in node.evidence}
        heard = f"{len(people)} {'person or source' if len(people) == 1 else 'people or sources'}"
        return f"target, {heard}" if node.target else heard
    if isinstance(node, Solution):
        return node.status
    if isinstance(node, Assumption):
        return "" if node.probability is None else f"believed at {share(node.probability)}"
    if isinstance(node, AssumptionTest):
        return node.verdict or node.status
    return f"{node.baseline:g} to {node.target:g} {node.unit}" if None not in (node.baseline, node.target) else ""
