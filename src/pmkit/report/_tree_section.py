"""The tree: its goals and opportunities at a glance, then every worked opportunity on its own."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit import ost
from pmkit.ost import Assumption, AssumptionTest, Opportunity, OstNode, OstTree, Outcome, Solution
from pmkit.report._branch import branch, legend, people, state_chips
from pmkit.report._page import Section
from pmkit.report._parts import figure, folded, heading, paragraph, table
from pmkit.report._words import plural, share
from pmkit.workspace import Workspace

__all__ = ["tree_section"]

_OVERVIEW = 60
_BRANCHES = 12
_BRANCH = 60
_FEW = 15
_ROWS = 400
_MARGIN = 24.0


def tree_section(workspace: Workspace) -> Iterator[Section]:
    """Yield the tree in pieces that fit a page: a picture of the whole, a list of each opportunity, a table."""
    tree = workspace.tree
    if tree is None:
        return
    body = _overview(tree)
    worked = _worked(tree)
    drawn = worked[:_BRANCHES]
    if drawn:
        body += heading("Opportunities with solutions, targets first")
        body += legend(
            {below.kind for node in drawn for below in ost.descendants(tree, node.id) if below.kind != "opportunity"}
        )
        body += f'<div class="pair">{"".join(_branch(tree, node) for node in drawn)}</div>'
    if len(worked) > len(drawn):
        left = f"{plural(len(worked) - len(drawn), 'more opportunity')} with solutions stand in the list below."
        body += paragraph(left, style="note")
    yield Section(anchor="tree", title="Opportunities and solutions", body=body + _words(tree))


def _overview(tree: OstTree) -> str:
    """Show outcomes and opportunities only, as deep as leaves the picture readable."""
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
    most = 12
    picture = ost.draw(tree, style="across", collapse=ends, depth=deepest, most_children=most)
    caption = "Outcomes and opportunities from the product file; \u201c+ more\u201d counts what hangs below."
    narrow = branch(tree, tree.roots, closed=ends, deepest=deepest + 1, most=most, style="narrow")
    return figure(picture.svg, caption, trim=_MARGIN, style="roomy") + narrow


def _worked(tree: OstTree) -> list[Opportunity]:
    """Opportunities with solutions, targets first, in the tree's order."""
    found = [
        node
        for node in ost.walk(tree)
        if isinstance(node, Opportunity) and any(isinstance(child, Solution) for child in ost.children(tree, node.id))
    ]
    return sorted(found, key=lambda node: not node.target)


def _branch(tree: OstTree, node: Opportunity) -> str:
    """List what is done about an opportunity; the opportunities under it stand on their own."""
    own = [child.id for child in ost.children(tree, node.id) if not isinstance(child, Opportunity)]
    count = sum(1 + len(ost.descendants(tree, name)) for name in own)
    listed = branch(tree, own[:_FEW], deepest=2, most=_FEW) if count > _BRANCH else branch(tree, own)
    chips = "".join(state_chips(node))
    facts = f'<p class="chips">{chips}</p>' if chips else ""
    more = paragraph(f"{plural(count, 'node')} in all, shortened here.", style="note") if count > _BRANCH else ""
    return f"<div>{heading(node.title, 4)}{facts}{listed}{more}</div>"


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
        return f"target, {people(node)}" if node.target else people(node)
    if isinstance(node, Solution):
        return node.status
    if isinstance(node, Assumption):
        return "" if node.probability is None else f"believed at {share(node.probability)}"
    if isinstance(node, AssumptionTest):
        return node.verdict or node.status
    return f"{node.baseline:g} to {node.target:g} {node.unit}" if None not in (node.baseline, node.target) else ""
