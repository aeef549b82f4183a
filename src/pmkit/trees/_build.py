"""Trees from nodes, checked in one pass."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import quoted, sorted_findings
from pmkit.trees._faults import Shape, id_faults, refuse, shape_of
from pmkit.trees._schema import N, Node, Schema
from pmkit.trees._sound import is_sound
from pmkit.trees._tree import Link, Parts, Tree, made

__all__ = ["assembled", "collection_paused", "find_faults", "new"]


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause garbage collection, which would scan a growing tree again and again; restore it whatever happens."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def checked_node(schema: Schema[N], node: N) -> N:
    """Return a node that is of one of the schema's kinds, or refuse it."""
    given: object = node
    if not isinstance(given, Node) or type(given) is not schema.kinds.get(given.kind):
        wanted = ", ".join(cls.__name__ for cls in schema.kinds.values())
        raise InvalidValueError(f"{schema.name}: a node must be one of {wanted}, not {quoted(node)}")
    return node


def assembled(
    schema: Schema[N],
    nodes: Iterable[N],
    parents: Mapping[str, str] | Mapping[str, str | None],
    links: Iterable[Link],
    *,
    forest: bool,
) -> Parts[N]:
    """Check nodes, parents and links together, and make a tree's parts of them."""
    with collection_paused():
        members = [checked_node(schema, node) for node in nodes]
        kept = tuple(sorted(dict.fromkeys(links)))
        shape, findings = _examined(schema, members, parents, kept, forest=forest)
        if findings:
            raise refuse(schema, findings)
        return Parts(schema, shape.nodes, shape.parents, shape.children, shape.roots, kept, forest)


def _examined(
    schema: Schema[N],
    nodes: Sequence[N],
    parents: Mapping[str, str] | Mapping[str, str | None],
    links: Iterable[Link],
    *,
    forest: bool,
) -> tuple[Shape[N], list[Finding]]:
    ids = [node.id for node in nodes]
    findings = id_faults(schema, ids)
    shape = shape_of(schema, ids, nodes, list(map(parents.get, ids)), forest=forest)
    if findings:
        return shape, findings
    findings.extend(shape.findings)
    if not parents.keys() <= shape.nodes.keys():
        findings.extend(_stray_parents(schema, parents, shape.nodes))
    findings.extend(link_faults(schema, links, shape.nodes))
    return shape, findings


def find_faults(
    schema: Schema[N],
    nodes: Iterable[N],
    parents: Mapping[str, str] | Mapping[str, str | None],
    links: tuple[Link, ...] = (),
    *,
    forest: bool = False,
) -> tuple[Finding, ...]:
    """Find every structural fault of nodes and their parents, without building a tree.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    nodes : iterable of Node
        Every node.
    parents : mapping of str to str
        The parent's id by the node's id; roots are left out, or None.
    links : tuple of Link
        Ties across the tree.
    forest : bool
        Whether roots are free in number and kind.

    Returns
    -------
    tuple of Finding
        Empty when a tree can be built of them. Where ids repeat or clash, only that is
        reported, for nothing else is certain then.

    Raises
    ------
    InvalidValueError
        For a node of no kind of the schema.

    Examples
    --------
    >>> from pmkit import ost, trees
    >>> nodes = [ost.Outcome(id="watch", title="Watch more"), ost.Opportunity(id="find", title="I can't find a film")]
    >>> trees.find_faults(ost.SCHEMA, nodes, {"find": "watch"})
    ()
    >>> [finding.code for finding in trees.find_faults(ost.SCHEMA, nodes, {"find": "find"})]
    ['OST004']
    """
    with collection_paused():
        members = list(nodes)
        if not set(map(type, members)) <= set(schema.kinds.values()):
            members = [checked_node(schema, node) for node in members]
        if not links and is_sound(schema, members, parents, forest=forest):
            return ()
        return sorted_findings(_examined(schema, members, parents, links, forest=forest)[1])


def _stray_parents(
    schema: Schema[N], parents: Mapping[str, str] | Mapping[str, str | None], nodes: Mapping[str, N]
) -> Iterator[Finding]:
    for child in parents:
        if child not in nodes:
            message = f"a parent is given for {quoted(child)}, which is no node"
            yield Finding(schema.codes + "002", "error", str(child), message, "give the node, or leave the parent out")


def link_faults(schema: Schema[N], links: Iterable[Link], nodes: Mapping[str, N]) -> Iterator[Finding]:
    """Find links that lead nowhere, or from a node to itself."""
    code = schema.codes + "009"
    for link in links:
        for end in (link.source, link.target):
            if end not in nodes:
                message = f"a link names {quoted(end)}, which is no node"
                yield Finding(code, "error", link.source, message, "link nodes that are in the tree")
        if link.source == link.target:
            yield Finding(code, "error", link.source, f"{quoted(link.source)} is linked to itself", "unlink it")


def new(schema: Schema[N], *roots: N, forest: bool = False) -> Tree[N]:
    """Start a tree from its root.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    *roots : Node
        One root; any number of them, none included, with ``forest=True``.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        When there is not exactly one root, or it may not stand at the top.

    Examples
    --------
    >>> from pmkit import ost, trees
    >>> trees.new(ost.SCHEMA, ost.Outcome(id="watch", title="Watch more"))
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    return made(assembled(schema, roots, {}, (), forest=forest))
