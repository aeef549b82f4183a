"""Edits: each gives a new tree and shares what did not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pmkit.trees._draft import Draft
from pmkit.trees._schema import N
from pmkit.trees._tree import Tree

__all__ = ["add", "edit", "graft", "link", "move", "remove", "reorder", "replace", "unlink"]


@contextmanager
def edit(tree: Tree[N]) -> Iterator[Draft[N]]:
    """Make many edits at the cost of one copy.

    The draft has the same verbs as methods. Each refuses what cannot be; how many roots
    there are is looked at once, at the end. An exception discards everything.

    Parameters
    ----------
    tree : Tree
        Stays as it is.

    Yields
    ------
    Draft
        After a clean exit its `tree` is the edited tree.

    Raises
    ------
    InvalidTreeError
        At the exit, when the tree has not exactly one root of a kind that may stand there.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> with ost.edit(tree) as draft:
    ...     draft.add(ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    ...     draft.add(ost.Solution(id="row", title="A row of three"), parent="find")
    >>> len(tree), len(draft.tree)
    (1, 3)
    """
    draft = Draft(tree)
    try:
        yield draft
    except BaseException:
        draft.discard()
        raise
    draft.finish()


def add(tree: Tree[N], node: N, parent: str | None = None, *, index: int | None = None) -> Tree[N]:
    """Hang a new node under a parent.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    node : Node
        A node whose id the tree does not have.
    parent : str or None
        The parent's id; None makes a root of a forest.
    index : int or None
        The place among the siblings, as `list.insert` takes it; the last when None.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When there is no such parent.
    InvalidValueError
        When the id is taken, or is the same as another after Unicode NFKC, or when a
        node of this kind may not hang there.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> len(ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch"))
    2
    """
    draft = Draft(tree)
    draft.add(node, parent=parent, index=index)
    return draft.finish()


def remove(tree: Tree[N], identifier: str) -> Tree[N]:
    """Take away a node with everything below it, and the links that touch it.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    identifier : str
        The node's id.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidTreeError
        When it is the only root of a tree that is no forest.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> len(ost.remove(tree, "find"))
    1
    """
    draft = Draft(tree)
    draft.remove(identifier)
    return draft.finish()


def move(tree: Tree[N], identifier: str, parent: str | None, *, index: int | None = None) -> Tree[N]:
    """Hang a node, with everything below it, under another parent, or at another place.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    identifier : str
        The id of what moves.
    parent : str or None
        The new parent's id; None makes a root of a forest.
    index : int or None
        The place among the new siblings; the last when None.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When there is no such node or parent.
    InvalidValueError
        When the parent is the node itself or below it, or may not hold this kind.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"},
    ...     {"id": "row", "kind": "opportunity", "title": "The rows all look alike", "parent": "watch"}])
    >>> ost.parent(ost.move(tree, "row", parent="find"), "row").id
    'find'
    """
    draft = Draft(tree)
    draft.move(identifier, parent=parent, index=index)
    return draft.finish()


def replace(tree: Tree[N], identifier: str, **values: object) -> Tree[N]:
    """Give some of a node's fields other values.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    identifier : str
        The node's id, which stays.
    **values : object
        New values by the field's name.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidValueError
        For a field that the node does not have, or a value that the field cannot have.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> ost.replace(tree, "watch", title="Watch longer")["watch"].title
    'Watch longer'
    """
    draft = Draft(tree)
    draft.replace(identifier, **values)
    return draft.finish()


def reorder(tree: Tree[N], identifier: str | None, order: Iterable[str]) -> Tree[N]:
    """Put a node's children into another order.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    identifier : str or None
        The parent's id; None for the roots of a forest.
    order : iterable of str
        The ids of all its children, each once.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidValueError
        When `order` does not hold each child once.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"},
    ...     {"id": "row", "kind": "opportunity", "title": "The rows all look alike", "parent": "watch"}])
    >>> [node.id for node in ost.children(ost.reorder(tree, "watch", ["row", "find"]), "watch")]
    ['row', 'find']
    """
    draft = Draft(tree)
    draft.reorder(identifier, order)
    return draft.finish()


def graft(tree: Tree[N], other: Tree[N], parent: str | None = None, *, index: int | None = None) -> Tree[N]:
    """Hang another whole tree, links included, under a node.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    other : Tree
        A tree of the same schema that shares no id with this one.
    parent : str or None
        The id of the node its roots hang under; None makes them roots of a forest.
    index : int or None
        The place of its first root among the siblings; the last when None.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When there is no such parent.
    InvalidValueError
        When ids are in both trees, the schemas differ, or a root may not hang there.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"}])
    >>> branch = ost.subtree(tree, "find")
    >>> ost.graft(ost.remove(tree, "find"), branch, parent="watch") == tree
    True
    """
    draft = Draft(tree)
    draft.graft(other, parent=parent, index=index)
    return draft.finish()


def link(tree: Tree[N], source: str, target: str, kind: str | None = None) -> Tree[N]:
    """Tie two nodes together; a link is never a parent.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    source, target : str
        The ids of two nodes.
    kind : str or None
        What the tie says. None means what the schema holds for these two kinds of node:
        a solution *serves* an opportunity, a test *tests* an assumption, all else is
        *related*.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When there is no such node.
    InvalidValueError
        When a node would be linked to itself.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"}])
    >>> ost.link(tree, "find", "watch").links
    (Link(source='find', target='watch', kind='related'),)
    """
    draft = Draft(tree)
    draft.link(source, target, kind)
    return draft.finish()


def unlink(tree: Tree[N], source: str, target: str, kind: str | None = None) -> Tree[N]:
    """Take away the tie between two nodes.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    source, target : str
        The ids of the two nodes.
    kind : str or None
        Only the tie of this kind; every tie from `source` to `target` when None.

    Returns
    -------
    Tree
        A new tree, which shares all that did not change.

    Raises
    ------
    UnknownIdError
        When there is no such link.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.from_records([
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"},
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"}])
    >>> ost.unlink(ost.link(tree, "find", "watch"), "find", "watch") == tree
    True
    """
    draft = Draft(tree)
    draft.unlink(source, target, kind)
    return draft.finish()
