"""A branch of the tree as an indented list: it wraps on a phone, breaks between pages, and is read aloud."""

from __future__ import annotations

from collections.abc import Collection

from pmkit import ost
from pmkit.model import escape_html
from pmkit.ost import Assumption, AssumptionTest, Opportunity, OstNode, OstTree, Solution
from pmkit.report._parts import chip
from pmkit.report._words import plural, share

__all__ = ["branch", "legend", "people", "state_chips"]

_KINDS = ("outcome", "opportunity", "solution", "assumption", "test")
_STYLES = {"supported": "good", "refuted": "bad", "inconclusive": "unsure", "shipped": "good"}
_SIGNS = {
    "supported": "\u2713 ",
    "shipped": "\u2713 ",
    "refuted": "\u2715 ",
    "inconclusive": "\u223c ",
    "dropped": "\u2715 ",
}
_DEEPEST = 12


def branch(
    tree: OstTree,
    starts: Collection[str],
    *,
    closed: Collection[str] = (),
    deepest: int = _DEEPEST,
    most: int | None = None,
    style: str = "",
) -> str:
    """Write nodes and what hangs under them as an indented list.

    Parameters
    ----------
    tree : Tree
    starts : collection of str
        The ids at the top.
    closed : collection of str
        Ids below which nothing is shown but a count.
    deepest : int
        The most levels; what is deeper is counted.
    most : int or None
        The most children shown of one node; the others are counted.
    style : str
        A class of the whole.
    """
    sizes = _sizes(tree)
    made: list[str] = []
    waiting: list[str | tuple[str, int]] = [(name, 0) for name in reversed(list(starts))]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            made.append(part)
            continue
        name, level = part
        below = [child.id for child in ost.children(tree, name)]
        made.append(f"<li>{_node(tree[name])}")
        waiting.append("</li>")
        if below and (name in closed or level + 1 >= deepest):
            made.append(_more(sizes[name] - 1))
        elif below:
            made.append("<ul>")
            shown = below if most is None else below[:most]
            hidden = sum(sizes[child] for child in below[len(shown) :])
            waiting.append(f"{f'<li>{_more(hidden)}</li>' if hidden else ''}</ul>")
            waiting.extend((child, level + 1) for child in reversed(shown))
    return f'<ul class="{f"tree {style}".strip()}">{"".join(made)}</ul>'


def _sizes(tree: OstTree) -> dict[str, int]:
    sizes = dict.fromkeys(tree.nodes, 1)
    for node in reversed(list(ost.walk(tree))):
        above = tree.parents.get(node.id)
        if above is not None:
            sizes[above] += sizes[node.id]
    return sizes


def _more(count: int) -> str:
    return f'<p class="more">+ {count:,} more</p>'


def _node(node: OstNode) -> str:
    special = " target" if isinstance(node, Opportunity) and node.target else ""
    special = " dropped" if isinstance(node, Solution) and node.status == "dropped" else special
    chips = "".join(state_chips(node))
    facts = f'<span class="chips">{chips}</span>' if chips else ""
    return (
        f'<div class="node {node.kind}{special}"><span class="sign"></span>'
        f'<span class="name"><span class="unseen">{node.kind.capitalize()}: </span>'
        f"<bdi>{escape_html(node.title)}</bdi></span>{facts}</div>"
    )


def state_chips(node: OstNode) -> list[str]:
    """Say what is known about a node, as chips."""
    if isinstance(node, Opportunity):
        heard = [chip(people(node))] if node.evidence else []
        return [chip("target", style="good"), *heard] if node.target else heard
    if isinstance(node, Solution):
        return [_word(node.status)]
    if isinstance(node, Assumption):
        believed = [chip(f"believed {share(node.probability)}")] if node.probability is not None else []
        return [*believed, chip(node.category)] if node.category is not None else believed
    if isinstance(node, AssumptionTest):
        state = _word(node.verdict or node.status)
        return [state, chip(node.method)] if node.method else [state]
    aim = f"{node.baseline:g} to {node.target:g} {node.unit}" if None not in (node.baseline, node.target) else ""
    return [chip(aim.strip())] if aim else []


def people(node: Opportunity) -> str:
    """Say how many people or sources stand behind an opportunity itself."""
    named = {piece.participant for piece in node.evidence if piece.participant}
    others = {piece.source or piece.quote for piece in node.evidence if not piece.participant}
    heard = [f"{len(named):,} {'person' if len(named) == 1 else 'people'}"] if named or not others else []
    return ", ".join([*heard, *([plural(len(others), "other source" if named else "source")] if others else [])])


def _word(state: str) -> str:
    return chip(f"{_SIGNS.get(state, '')}{state}", style=_STYLES.get(state, ""))


def legend(kinds: Collection[str]) -> str:
    """Explain the signs of the kinds."""
    members = "".join(
        f'<li class="{kind}"><span class="sign"></span>{kind.capitalize()}</li>' for kind in _KINDS if kind in kinds
    )
    return f'<ul class="legend">{members}</ul>'
