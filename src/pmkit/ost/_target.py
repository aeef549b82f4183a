"""The target opportunity: which one it is, and how it is chosen."""

from __future__ import annotations

from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.ost._facts import of_kind, outcome_above
from pmkit.ost._nodes import Opportunity
from pmkit.ost._schema import OstTree
from pmkit.trees import edit, walk

__all__ = ["choose_target", "opportunity_at", "target"]


def opportunity_at(tree: OstTree, identifier: str) -> Opportunity:
    """Return an opportunity by its id, or say what it is instead."""
    node = tree[identifier]
    if not isinstance(node, Opportunity):
        raise InvalidValueError(f"{quoted(identifier)} is of kind {node.kind}, not an opportunity")
    return node


def target(tree: OstTree, outcome: str | None = None) -> Opportunity | None:
    """Return the opportunity that is worked on now.

    Parameters
    ----------
    tree : Tree
    outcome : str or None
        Only look below the outcome with this id.

    Returns
    -------
    Opportunity or None
        The first one marked, in the tree's order; None when none is. OST107 reports a second one.

    Raises
    ------
    UnknownIdError
        When no node has the id `outcome`.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> ost.target(tree).id
    'find'
    """
    marked = (node for node in walk(tree, outcome) if isinstance(node, Opportunity) and node.target)
    return next(marked, None)


def choose_target(tree: OstTree, opportunity: str) -> OstTree:
    """Mark one opportunity as the target, and unmark the others under the same product outcome.

    Parameters
    ----------
    tree : Tree
    opportunity : str
        Its id. A leaf is meant; OST107 reports another.

    Returns
    -------
    Tree

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidValueError
        When the node is no opportunity.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> tree = ost.add(tree, ost.Opportunity(id="agree", title="We never agree on one"), parent="watch")
    >>> ost.target(ost.choose_target(tree, "agree")).id
    'agree'
    """
    opportunity_at(tree, opportunity)
    home = outcome_above(tree)
    changes = [
        (node.id, node.id == opportunity)
        for node in of_kind(tree, Opportunity)
        if home[node.id] == home[opportunity] and node.target != (node.id == opportunity)
    ]
    if not changes:
        return tree
    with edit(tree) as draft:
        for identifier, marked in changes:
            draft.replace(identifier, target=marked)
    return draft.tree
