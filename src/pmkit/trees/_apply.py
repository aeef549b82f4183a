"""Carrying out a difference on a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from pmkit.errors import InvalidValueError
from pmkit.model import quoted
from pmkit.trees._build import checked_node
from pmkit.trees._diff import Changed, Placed, TreeDiff
from pmkit.trees._draft import with_fields
from pmkit.trees._faults import id_faults, refuse, shape_of
from pmkit.trees._schema import N
from pmkit.trees._tree import NO_CHILDREN, Parts, Tree, made

__all__ = ["apply"]

SHOWN = 5


def apply(tree: Tree[N], diff: TreeDiff[N]) -> Tree[N]:
    """Carry out a difference on a tree.

    The tree need not be the one that the difference was taken from, but what the
    difference touches must be there and be as it was.

    Parameters
    ----------
    tree : Tree
        Stays as it is.
    diff : TreeDiff

    Returns
    -------
    Tree
        ``apply(old, diff(old, new)) == new``.

    Raises
    ------
    InvalidValueError
        When the difference does not fit; the message names each place.
    InvalidTreeError
        When each change fits and what comes out is no valid tree.

    Examples
    --------
    >>> from pmkit import ost
    >>> old = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> new = ost.add(old, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.apply(old, ost.diff(old, new)) == new
    True
    """
    misfits = list(_misfits(tree, diff))
    if misfits:
        more = f"; and {len(misfits) - SHOWN:,} more" if len(misfits) > SHOWN else ""
        raise InvalidValueError("the difference does not fit this tree: " + "; ".join(misfits[:SHOWN]) + more)
    forest = diff.forest[1] if tree.forest == diff.forest[0] else tree.forest
    if not diff and forest == tree.forest:
        return tree
    nodes = cast("dict[str, N]", tree.nodes)
    if diff.added or diff.removed or diff.changed:
        nodes = nodes.copy()
        for gone in diff.removed:
            del nodes[gone.node.id]
        for come in diff.added:
            nodes[come.node.id] = checked_node(tree.schema, come.node)
        for each in diff.changed:
            nodes[each.id] = checked_node(tree.schema, _changed(nodes[each.id], each))
    parents, children, roots = _places(tree, diff)
    _check(tree, diff, nodes, parents, forest=forest)
    links = tree.links
    if diff.linked or diff.unlinked:
        links = tuple(sorted((frozenset(links) - frozenset(diff.unlinked)) | frozenset(diff.linked)))
    return made(Parts(tree.schema, nodes, parents, children, roots, links, forest))


def _changed(current: N, change: Changed[N]) -> N:
    if current == change.before:
        return change.after
    return with_fields(current, {each.field: each.new for each in change.fields})


def _misfits(tree: Tree[N], diff: TreeDiff[N]) -> Iterator[str]:
    leaving = {each.node.id for each in diff.removed}
    coming = {each.node.id for each in diff.added}
    going = leaving | {each.id for each in diff.moved}
    for gone in diff.removed:
        yield from _removed_misfits(tree, gone, going)
    for come in diff.added:
        if come.node.id in tree.nodes and come.node.id not in leaving:
            yield f"{quoted(come.node.id)} is to be added and is there already"
    for name, parent in _targets(diff):
        if parent is not None and parent not in coming and (parent not in tree.nodes or parent in leaving):
            yield f"{quoted(name)} is to hang under {quoted(parent)}, which is not there"
    for changed in diff.changed:
        yield from _changed_misfits(tree.nodes, changed)
    yield from _order_misfits(tree, diff, going)
    yield from _link_misfits(tree, diff, leaving, coming)


def _order_misfits(tree: Tree[N], diff: TreeDiff[N], going: set[str]) -> Iterator[str]:
    for moved in diff.moved:
        if moved.id not in tree.nodes or tree.parents.get(moved.id) != moved.old_parent:
            yield f"{quoted(moved.id)} is to be moved and is not where it was"
    for order in diff.reordered:
        kids = tree.roots if order.parent is None else tree.children.get(order.parent, NO_CHILDREN)
        if tuple(kid for kid in kids if kid not in going) != order.before:
            where = "the roots" if order.parent is None else f"the children of {quoted(order.parent)}"
            yield f"{where} are to be reordered and are not as they were"


def _targets(diff: TreeDiff[N]) -> list[tuple[str, str | None]]:
    """Return every node that gets a new place, with its new parent."""
    return [
        *((each.node.id, each.parent) for each in diff.added),
        *((each.id, each.new_parent) for each in diff.moved),
    ]


def _removed_misfits(tree: Tree[N], gone: Placed[N], going: set[str]) -> Iterator[str]:
    name = gone.node.id
    if name not in tree.nodes:
        yield f"{quoted(name)} is to be removed and is not there"
        return
    if tree.nodes[name] != gone.node or tree.parents.get(name) != gone.parent:
        yield f"{quoted(name)} is to be removed and is not as it was"
    for child in tree.children.get(name, NO_CHILDREN):
        if child not in going:
            yield f"{quoted(name)} is to be removed and {quoted(child)} hangs under it"


def _changed_misfits(nodes: Mapping[str, N], changed: Changed[N]) -> Iterator[str]:
    name = quoted(changed.id)
    current = nodes.get(changed.id)
    if current is None:
        yield f"{name} is to be changed and is not there"
    elif current != changed.before:
        if type(changed.before) is not type(changed.after) or type(current) is not type(changed.before):
            yield f"{name} is to become another kind and is not as it was"
            return
        for each in changed.fields:
            if getattr(current, each.field) != each.old:
                yield f"{name} is to have another {each.field} and that is not as it was"


def _link_misfits(tree: Tree[N], diff: TreeDiff[N], leaving: set[str], coming: set[str]) -> Iterator[str]:
    known = frozenset(tree.links)
    for link in diff.unlinked:
        if link not in known:
            yield f"the link from {quoted(link.source)} to {quoted(link.target)} is to be taken away and is not there"
    for link in diff.linked:
        for end in (link.source, link.target):
            if end not in coming and (end not in tree.nodes or end in leaving):
                yield f"{quoted(end)} is to be linked and is not there"
    cut = frozenset(diff.unlinked)
    for link in tree.links if leaving else ():
        if link not in cut and (link.source in leaving or link.target in leaving):
            yield f"a link from {quoted(link.source)} to {quoted(link.target)} would lead nowhere"


def _places(
    tree: Tree[N], diff: TreeDiff[N]
) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    if not (diff.added or diff.removed or diff.moved or diff.reordered):
        return tree.parents, tree.children, tree.roots
    parents = cast("dict[str, str]", tree.parents).copy()
    children = cast("dict[str, tuple[str, ...]]", tree.children).copy()
    roots = tree.roots
    for parent, after in _new_lists(tree, diff):
        if parent is None:
            roots = after
        elif after:
            children[parent] = after
        else:
            children.pop(parent, None)
    for gone in diff.removed:
        parents.pop(gone.node.id, None)
        children.pop(gone.node.id, None)
    for kid, parent in _targets(diff):
        if parent is None:
            parents.pop(kid, None)
        else:
            parents[kid] = parent
    return parents, children, roots


def _new_lists(tree: Tree[N], diff: TreeDiff[N]) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Give each parent whose children change, with its new list of them."""
    leaving = {each.node.id for each in diff.removed} | {each.id for each in diff.moved}
    orders = {each.parent: each.after for each in diff.reordered}
    coming: dict[str | None, list[tuple[int, str]]] = {}
    for each in diff.added:
        coming.setdefault(each.parent, []).append((each.index, each.node.id))
    for moved in diff.moved:
        coming.setdefault(moved.new_parent, []).append((moved.new_index, moved.id))
    touched: dict[str | None, None] = {**dict.fromkeys(orders), **dict.fromkeys(coming)}
    touched.update((each.parent, None) for each in diff.removed)
    touched.update((moved.old_parent, None) for moved in diff.moved)
    for parent in touched:
        before = tree.roots if parent is None else tree.children.get(parent, NO_CHILDREN)
        stayed = orders.get(parent) or tuple(kid for kid in before if kid not in leaving)
        yield parent, _inserted(stayed, coming.get(parent, ()))


def _inserted(stayed: tuple[str, ...], coming: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Put newcomers at their places among those that stayed; a place beyond the end is the end."""
    after: list[str] = []
    waiting = iter(stayed)
    for index, kid in sorted(coming):
        while len(after) < index:
            following = next(waiting, None)
            if following is None:
                break
            after.append(following)
        after.append(kid)
    after.extend(waiting)
    return tuple(after)


def _check(
    tree: Tree[N], diff: TreeDiff[N], nodes: Mapping[str, N], parents: Mapping[str, str], *, forest: bool
) -> None:
    """Check the whole again where its shape may have become wrong."""
    kinds = any(type(each.before) is not type(each.after) for each in diff.changed)
    if not (diff.added or diff.removed or diff.moved or kinds or forest != tree.forest):
        return
    ids = list(nodes)
    above = list(map(parents.get, ids))
    shape = shape_of(tree.schema, ids, list(nodes.values()), above, forest=forest)
    findings = [*id_faults(tree.schema, ids), *shape.findings]
    if findings:
        raise refuse(tree.schema, findings)
