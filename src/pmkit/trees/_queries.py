"""Questions to a tree. Every walk is a loop, so depth does not matter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, quoted
from pmkit.trees._schema import N
from pmkit.trees._tree import NO_CHILDREN, Parts, Tree, made

__all__ = [
    "Order",
    "ancestors",
    "children",
    "depth",
    "descendants",
    "leaves",
    "parent",
    "path",
    "rollup",
    "roots",
    "select",
    "subtree",
    "walk",
]

Order = Literal["preorder", "postorder", "levels"]
"""How to walk: parents first, children first, or level by level."""

T = TypeVar("T")


def known(tree: Tree[N], identifier: str) -> str:
    """Return an id that is in the tree, or say which was meant."""
    tree[identifier]
    return identifier


def roots(tree: Tree[N]) -> tuple[N, ...]:
    """Return the nodes at the top, in order; one, unless a forest was asked for.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    tuple of Node

    Examples
    --------
    >>> from pmkit import ost
    >>> [root.id for root in ost.roots(ost.new(ost.Outcome(id="watch", title="Watch more")))]
    ['watch']
    """
    return tuple(tree.nodes[identifier] for identifier in tree.roots)


def children(tree: Tree[N], identifier: str) -> tuple[N, ...]:
    """Return a node's children, in order.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The node's id.

    Returns
    -------
    tuple of Node

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> [child.id for child in ost.children(tree, "watch")]
    ['find']
    """
    nodes = tree.nodes
    return tuple(nodes[child] for child in tree.children.get(known(tree, identifier), NO_CHILDREN))


def parent(tree: Tree[N], identifier: str) -> N | None:
    """Return a node's parent; None for a root.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The node's id.

    Returns
    -------
    Node or None

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> ost.parent(ost.new(ost.Outcome(id="watch", title="Watch more")), "watch") is None
    True
    """
    above = tree.parents.get(known(tree, identifier))
    return None if above is None else tree.nodes[above]


def ancestors(tree: Tree[N], identifier: str) -> tuple[N, ...]:
    """Return the nodes above a node, its parent first and the root last.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The node's id.

    Returns
    -------
    tuple of Node

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> [node.id for node in ost.ancestors(tree, "find")]
    ['watch']
    """
    found: list[N] = []
    above = tree.parents.get(known(tree, identifier))
    while above is not None:
        found.append(tree.nodes[above])
        above = tree.parents.get(above)
    return tuple(found)


def path(tree: Tree[N], identifier: str) -> tuple[N, ...]:
    """Return the way from the root down to a node, both included.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The node's id.

    Returns
    -------
    tuple of Node

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> [node.id for node in ost.path(tree, "find")]
    ['watch', 'find']
    """
    return (*reversed(ancestors(tree, identifier)), tree.nodes[identifier])


def walk(tree: Tree[N], start: str | None = None, *, order: Order = "preorder") -> Iterator[N]:
    """Go through a tree, or the part of it below a node.

    Parameters
    ----------
    tree : Tree
    start : str or None
        The id to start at, which is included; every root when None.
    order : {"preorder", "postorder", "levels"}
        Parents before their children (depth first), children before their parents, or
        level by level from the top.

    Returns
    -------
    iterator of Node

    Raises
    ------
    UnknownIdError
        When no node has the id `start`.
    InvalidValueError
        For another order.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> [node.id for node in ost.walk(tree, order="postorder")]
    ['find', 'watch']
    """
    tops = tree.roots if start is None else (known(tree, start),)
    return map(tree.nodes.__getitem__, walk_ids(tree.children, tops, order))


def walk_ids(below: Mapping[str, tuple[str, ...]], tops: tuple[str, ...], order: str = "preorder") -> Iterator[str]:
    """Walk over ids; see `walk`."""
    if order == "preorder":
        return _preorder(below, tops)
    if order == "postorder":
        return _postorder(below, tops)
    if order == "levels":
        return _levels(below, tops)
    known_orders = ", ".join(get_args(Order))
    raise InvalidValueError(
        f"unknown order {quoted(order)}; there are {known_orders}{did_you_mean(str(order), get_args(Order))}"
    )


def _preorder(below: Mapping[str, tuple[str, ...]], tops: tuple[str, ...]) -> Iterator[str]:
    waiting = list(reversed(tops))
    while waiting:
        current = waiting.pop()
        yield current
        if current in below:
            waiting.extend(reversed(below[current]))


def _postorder(below: Mapping[str, tuple[str, ...]], tops: tuple[str, ...]) -> Iterator[str]:
    backwards: list[str] = []
    waiting = list(tops)
    while waiting:
        current = waiting.pop()
        backwards.append(current)
        if current in below:
            waiting.extend(below[current])
    return reversed(backwards)


def _levels(below: Mapping[str, tuple[str, ...]], tops: tuple[str, ...]) -> Iterator[str]:
    waiting = deque(tops)
    while waiting:
        current = waiting.popleft()
        yield current
        if current in below:
            waiting.extend(below[current])


def descendants(tree: Tree[N], identifier: str) -> tuple[N, ...]:
    """Return every node below a node, parents before their children; the node itself is left out.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The node's id.

    Returns
    -------
    tuple of Node

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> [node.id for node in ost.descendants(tree, "watch")]
    ['find']
    """
    nodes = walk(tree, identifier)
    next(nodes)
    return tuple(nodes)


def leaves(tree: Tree[N], start: str | None = None) -> tuple[N, ...]:
    """Return the nodes that have no children, in the tree's order.

    Parameters
    ----------
    tree : Tree
    start : str or None
        Only leaves at or below this id; all of them when None.

    Returns
    -------
    tuple of Node

    Raises
    ------
    UnknownIdError
        When no node has the id `start`.

    Examples
    --------
    >>> from pmkit import ost
    >>> [leaf.id for leaf in ost.leaves(ost.new(ost.Outcome(id="watch", title="Watch more")))]
    ['watch']
    """
    return tuple(node for node in walk(tree, start) if node.id not in tree.children)


def depth(tree: Tree[N], identifier: str | None = None) -> int:
    """Count the steps from the root down to a node, or to the deepest node.

    Parameters
    ----------
    tree : Tree
    identifier : str or None
        The node's id; the deepest node's depth when None.

    Returns
    -------
    int
        0 for a root, and for an empty forest.

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.depth(tree, "watch"), ost.depth(tree, "find"), ost.depth(tree)
    (0, 1, 1)
    """
    if identifier is not None:
        return len(ancestors(tree, identifier))
    levels, level = 0, list(tree.roots)
    while level:
        levels += 1
        level = list(chain.from_iterable(map(tree.children.get, level, repeat(NO_CHILDREN))))
    return max(levels - 1, 0)


def select(
    tree: Tree[N],
    predicate: Callable[[N], object] | None = None,
    *,
    kind: str | tuple[str, ...] | None = None,
    **values: object,
) -> tuple[N, ...]:
    """Choose nodes by kind, by their fields' values, and by any predicate.

    Parameters
    ----------
    tree : Tree
    predicate : callable or None
        Takes a node; the node is chosen when it gives something true.
    kind : str or tuple of str or None
        One kind, or any of several.
    **values : object
        Fields by name: the value that the field must have, or a callable that is given
        the field's value. A node without the field is not chosen.

    Returns
    -------
    tuple of Node
        In the tree's order.

    Raises
    ------
    InvalidValueError
        For a kind or a field that the schema does not know.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more", level="product"))
    >>> [node.id for node in ost.select(tree, kind="outcome", level="product")]
    ['watch']
    >>> ost.select(tree, lambda node: "film" in node.title)
    ()
    """
    schema = tree.schema
    kinds = tuple(schema.kinds) if kind is None else (kind,) if isinstance(kind, str) else tuple(kind)
    for name in kinds:
        if name not in schema.kinds:
            raise InvalidValueError(f"unknown kind {quoted(name)}{did_you_mean(name, schema.kinds)}")
    having = {name: tuple(k for k, layout in schema.layouts.items() if name in layout.fields) for name in values}
    for name, homes in having.items():
        if not homes:
            fields = dict.fromkeys(chain.from_iterable(layout.fields for layout in schema.layouts.values()))
            raise InvalidValueError(f"no kind of node has a field {quoted(name)}{did_you_mean(name, fields)}")
    wanted = [k for k in kinds if all(k in homes for homes in having.values())]
    return tuple(
        node
        for node in tree
        if node.kind in wanted
        and all(_fits(getattr(node, name), value) for name, value in values.items())
        and (predicate is None or predicate(node))
    )


def _fits(found: object, wanted: object) -> bool:
    return bool(wanted(found)) if callable(wanted) else found == wanted


def subtree(tree: Tree[N], identifier: str) -> Tree[N]:
    """Cut out a node with everything below it, as a tree of its own.

    Links stay where both ends do. The result is a forest when its root may not stand
    at the top of a whole tree.

    Parameters
    ----------
    tree : Tree
    identifier : str
        The id of the new root.

    Returns
    -------
    Tree

    Raises
    ------
    UnknownIdError
        When no node has the id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.subtree(tree, "find")
    <opportunity solution tree: 1 node, 'I can't find a film'>
    """
    nodes = {node.id: node for node in walk(tree, identifier)}
    return made(
        Parts(
            tree.schema,
            nodes,
            {child: tree.parents[child] for child in nodes if child != identifier},
            {above: tree.children[above] for above in nodes if above in tree.children},
            (identifier,),
            tuple(link for link in tree.links if link.source in nodes and link.target in nodes),
            tree[identifier].kind not in tree.schema.roots,
        )
    )


def rollup(tree: Tree[N], value: Callable[[N], T], combine: Callable[[list[T]], T]) -> Mapping[str, T]:
    """Work a value up the tree: each node's own, combined with what its children came to.

    Parameters
    ----------
    tree : Tree
    value : callable
        Takes a node and gives its own value.
    combine : callable
        Takes the list of a node's own value and its children's results, in order, and
        gives the node's result: `sum`, `max`, or a function of yours. Leaves are
        combined too, with their own value alone.

    Returns
    -------
    mapping of str to value
        The result of every node, by id.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.rollup(tree, lambda node: 1, sum)["watch"]
    2
    """
    results: dict[str, T] = {}
    below = tree.children
    for node in walk(tree, order="postorder"):
        own = [value(node)]
        if node.id in below:
            own += map(results.__getitem__, below[node.id])
        results[node.id] = combine(own)
    return MappingProxyType(results)
