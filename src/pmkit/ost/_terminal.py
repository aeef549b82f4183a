"""An opportunity solution tree for the terminal, through rich."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pmkit.errors import Finding
from pmkit.model import sorted_findings, without_controls
from pmkit.ost._nodes import Assumption, AssumptionTest, Opportunity, OstNode, Outcome, Solution
from pmkit.ost._picture import check_limit
from pmkit.ost._picture_cards import counted, node_card
from pmkit.ost._schema import OstTree

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree as RichTree

__all__ = ["to_rich"]

_SIGNS = {
    "outcome": ("◎", "bold blue"),
    "opportunity": ("◆", "cyan"),
    "solution": ("■", "yellow"),
    "assumption": ("▲", "magenta"),
    "test": ("⬢", "green"),
}
_FACT_SIGNS = {"check": "✓ ", "cross": "✗ ", "wave": "~ "}
_SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "information": "dim"}


def to_rich(tree: OstTree, *, depth: int | None = 30, findings: Iterable[Finding] = ()) -> RichTree:
    """Make a tree that rich prints: ``rich.print(ost.to_rich(tree))``.

    Titles are plain text to rich (no markup), with control characters shown as escapes.

    Parameters
    ----------
    tree : Tree
        The tree.
    depth : int or None
        The most levels below the outcome; what is deeper is counted. Each line is as long as it is deep,
        so a tree of great depth should keep a limit.
    findings : iterable of Finding
        What `check` found: the codes stand behind their nodes.

    Returns
    -------
    rich.tree.Tree

    Raises
    ------
    InvalidValueError
        When the depth is impossible.

    Examples
    --------
    >>> import rich
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Increase weekly minutes watched"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find anything", target=True), parent="watch")
    >>> rich.print(to_rich(tree))
    ◎ Increase weekly minutes watched
    └── ◆ I can't find anything ★ target
    """
    from rich.tree import Tree as RichTree

    check_limit("depth", depth, 0)
    by_subject: dict[str, list[Finding]] = {}
    for finding in sorted_findings(findings):
        by_subject.setdefault(finding.subject, []).append(finding)
    tops: list[RichTree] = []
    waiting: list[tuple[str, RichTree | None, int]] = [(root, None, 0) for root in reversed(tree.roots)]
    while waiting:
        identifier, above, level = waiting.pop()
        label = _label(tree.nodes[identifier], by_subject.get(identifier, ()))
        branch: RichTree = RichTree(label, guide_style="dim") if above is None else above.add(label)
        if above is None:
            tops.append(branch)
        below = tree.children.get(identifier, ())
        if depth is not None and level >= depth:
            if below:
                branch.add(_plain(f"+{counted(len(below), 'branch')} below", "dim"))
            continue
        waiting.extend((child, branch, level + 1) for child in reversed(below))
    if len(tops) == 1:
        return tops[0]
    forest: RichTree = RichTree("", hide_root=True, guide_style="dim")
    forest.children.extend(tops)
    return forest


def _plain(words: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(words, style=style)


def _label(node: OstNode, findings: Iterable[Finding]) -> Text:
    sign, style = _SIGNS[node.kind]
    label = _plain("")
    label.append(sign + " ", style=style)
    dropped = isinstance(node, Solution) and node.status == "dropped"
    label.append(without_controls(node.title), style="bold" if node.kind == "outcome" else "strike" if dropped else "")
    if isinstance(node, Opportunity) and node.target:
        label.append(" ★ target", style="bold cyan")
    facts = [_FACT_SIGNS.get(chip.icon, "") + chip.text for chip in node_card(node).chips if _worth_saying(node)]
    if facts:
        label.append("  " + " · ".join(map(without_controls, facts)), style="dim")
    for finding in findings:
        label.append(f" {without_controls(finding.code)}", style=_SEVERITY_STYLES[finding.severity])
    return label


def _worth_saying(node: OstNode) -> bool:
    """Leave out the facts that every new node has."""
    if isinstance(node, Solution):
        return node.status != "idea"
    if isinstance(node, AssumptionTest):
        return bool(node.verdict or node.method) or node.status != "planned"
    return isinstance(node, (Outcome, Opportunity, Assumption))
