"""Three-way merge, by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Literal, cast

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import normalized_id, quoted
from pmkit.trees._diff import check_schemas, field_changes
from pmkit.trees._draft import with_fields
from pmkit.trees._faults import shape_of
from pmkit.trees._schema import N
from pmkit.trees._sound import cycles_in
from pmkit.trees._tree import NO_CHILDREN, Link, Parts, Tree, made

__all__ = ["Conflict", "ConflictKind", "Merge", "merge"]

ConflictKind = Literal["both-changed", "removed-and-changed", "moved-twice", "cycle", "added-twice"]
"""Why two sides cannot be merged without a person."""


@attrs.frozen(kw_only=True)
class Conflict:
    """One thing that both sides did, and that only a person can settle.

    Attributes
    ----------
    kind : ConflictKind
        ``"both-changed"`` (one field to two values), ``"removed-and-changed"``,
        ``"moved-twice"``, ``"cycle"`` or ``"added-twice"``.
    subject : str
        The id of the node.
    message : str
        What happened, in words.
    field : str
        The field, where one field got two values.
    base, ours, theirs : object
        The three values where there are values: of the field, or the ids of parents.

    Examples
    --------
    >>> Conflict(kind="moved-twice", subject="row", message="moved to 'a' and to 'b'").subject
    'row'
    """

    kind: ConflictKind
    subject: str
    message: str
    field: str = ""
    base: object = None
    ours: object = None
    theirs: object = None


@attrs.frozen(kw_only=True)
class Merge(Generic[N]):
    """What came of a merge.

    Attributes
    ----------
    tree : Tree or None
        The merged tree; None while conflicts remain.
    conflicts : tuple of Conflict
        What a person must settle, sorted by subject.

    Examples
    --------
    >>> from pmkit import ost
    >>> base = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> ours = ost.replace(base, "watch", unit="minutes")
    >>> theirs = ost.replace(base, "watch", owner="p07")
    >>> ost.merge(base, ours, theirs).tree["watch"].unit
    'minutes'
    """

    tree: Tree[N] | None
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Tree[N], ours: Tree[N], theirs: Tree[N]) -> Merge[N]:
    """Merge two trees that grew out of one, by id.

    The same change on both sides is no conflict. Fields are merged one by one. Children
    keep ours' order, and theirs' additions follow; where only one side changed an
    order, that side's order is taken.

    Parameters
    ----------
    base : Tree
        What both came from.
    ours, theirs : Tree
        The two sides.

    Returns
    -------
    Merge
        With the tree, or with every conflict at once.

    Raises
    ------
    InvalidValueError
        When the schemas differ.

    Examples
    --------
    >>> from pmkit import ost
    >>> base = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> ours = ost.replace(base, "watch", title="Watch longer")
    >>> theirs = ost.replace(base, "watch", title="Watch better")
    >>> [(conflict.kind, conflict.subject) for conflict in ost.merge(base, ours, theirs).conflicts]
    [('both-changed', 'watch')]
    """
    check_schemas(base, ours, theirs)
    if theirs in (base, ours):
        return Merge(tree=ours)
    if ours == base:
        return Merge(tree=theirs)
    return _Merging(base, ours, theirs).result()


class _Merging(Generic[N]):
    """One merge under way."""

    def __init__(self, base: Tree[N], ours: Tree[N], theirs: Tree[N]) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.nodes: dict[str, N] = {}
        self.parents: dict[str, str | None] = {}
        self.conflicts: dict[tuple[str, str, str], Conflict] = {}

    def result(self) -> Merge[N]:
        self._merge_nodes()
        self._find_absent_parents()
        self._find_clashes()
        links = self._links()
        forest = self.theirs.forest if self.ours.forest == self.base.forest else self.ours.forest
        children, roots = self._children()
        if not self.conflicts:
            self._check_shape(forest=forest)
        self._find_cycles()
        if self.conflicts:
            ordered = sorted(self.conflicts.values(), key=lambda each: (each.subject, each.kind, each.field))
            return Merge(tree=None, conflicts=tuple(ordered))
        above = {kid: parent for kid, parent in self.parents.items() if parent is not None}
        return Merge(tree=made(Parts(self.ours.schema, self.nodes, above, children, roots, links, forest)))

    def _clash(
        self,
        kind: ConflictKind,
        subject: str,
        message: str,
        *,
        field: str = "",
        values: tuple[object, object, object] = (None, None, None),
    ) -> None:
        base, ours, theirs = values
        conflict = Conflict(
            kind=kind, subject=subject, message=message, field=field, base=base, ours=ours, theirs=theirs
        )
        self.conflicts.setdefault((kind, subject, field), conflict)

    def _merge_nodes(self) -> None:
        base, theirs = self.base.nodes, self.theirs.nodes
        for identifier, mine in self.ours.nodes.items():
            before, other = base.get(identifier), theirs.get(identifier)
            if other is None:
                if before is None:
                    self._keep(identifier, mine, self.ours.parents.get(identifier))
                else:
                    self._removed(identifier, before, mine, self.ours)
            elif before is None:
                self._added_twice(identifier, mine, other)
            else:
                merged = mine if mine is other else self._fields(identifier, before, mine, other)
                self._keep(identifier, merged, self._place(identifier))
        for identifier, other in theirs.items():
            if identifier not in self.ours.nodes:
                before = base.get(identifier)
                if before is None:
                    self._keep(identifier, other, self.theirs.parents.get(identifier))
                else:
                    self._removed(identifier, before, other, self.theirs)

    def _keep(self, identifier: str, node: N, parent: str | None) -> None:
        self.nodes[identifier] = node
        self.parents[identifier] = parent

    def _removed(self, identifier: str, before: N, after: N, side: Tree[N]) -> None:
        """Look at a node that the other side removed."""
        if side.parents.get(identifier) != self.base.parents.get(identifier):
            what = "moved"
        elif before is not after and before != after:
            what = "changed"
        else:
            return
        message = f"{quoted(identifier)} was removed on one side and {what} on the other"
        self._clash("removed-and-changed", identifier, message)

    def _added_twice(self, identifier: str, mine: N, other: N) -> None:
        places = self.ours.parents.get(identifier), self.theirs.parents.get(identifier)
        self._keep(identifier, mine, places[0])
        if mine != other:
            names = [change.field for change in field_changes(mine, other)]
            message = f"{quoted(identifier)} was added on both sides with different values of {', '.join(names)}"
            self._clash("added-twice", identifier, message, values=(None, mine, other))
        elif places[0] != places[1]:
            message = f"{quoted(identifier)} was added on both sides, under {quoted(places[0])} and {quoted(places[1])}"
            self._clash("added-twice", identifier, message, values=(None, *places))

    def _place(self, identifier: str) -> str | None:
        before, mine, other = (tree.parents.get(identifier) for tree in (self.base, self.ours, self.theirs))
        if other in (mine, before):
            return mine
        if mine != before:
            message = f"{quoted(identifier)} was moved under {quoted(mine)} and under {quoted(other)}"
            self._clash("moved-twice", identifier, message, values=(before, mine, other))
        return other

    def _fields(self, identifier: str, before: N, mine: N, other: N) -> N:
        if other in (before, mine):
            return mine
        if mine == before:
            return other
        if not type(before) is type(mine) is type(other):
            message = f"{quoted(identifier)} changed on both sides, its kind among it"
            kinds = (before.kind, mine.kind, other.kind)
            self._clash("both-changed", identifier, message, field="kind", values=kinds)
            return mine
        taken: dict[str, object] = {}
        for change in field_changes(before, other):
            value = getattr(mine, change.field)
            if value == change.old:
                taken[change.field] = change.new
            elif value != change.new:
                message = f"{change.field} of {quoted(identifier)} was given two values"
                values = (change.old, value, change.new)
                self._clash("both-changed", identifier, message, field=change.field, values=values)
        try:
            return with_fields(mine, taken)
        except InvalidValueError as error:
            message = f"the two sides' changes of {quoted(identifier)} do not fit together: {error}"
            self._clash("both-changed", identifier, message, field=min(taken), values=(before, mine, other))
            return mine

    def _find_absent_parents(self) -> None:
        for identifier, parent in self.parents.items():
            if parent is not None and parent not in self.nodes:
                message = (
                    f"{quoted(parent)} was removed on one side, and {quoted(identifier)} put under it on the other"
                )
                self._clash("removed-and-changed", parent, message)

    def _find_clashes(self) -> None:
        if "".join(self.nodes).isascii():
            return
        first: dict[str, str] = {}
        for identifier in self.nodes:
            earlier = first.setdefault(normalized_id(identifier), identifier)
            if earlier != identifier:
                message = f"{quoted(earlier)} and {quoted(identifier)} are the same id after Unicode NFKC"
                self._clash("added-twice", min(earlier, identifier), message, values=(None, earlier, identifier))

    def _links(self) -> tuple[Link, ...]:
        if self.ours.links is self.base.links is self.theirs.links and not self.base.links:
            return ()
        base, ours, theirs = (frozenset(tree.links) for tree in (self.base, self.ours, self.theirs))
        kept = (ours & theirs) | (ours - base) | (theirs - base)
        links: list[Link] = []
        for link in sorted(kept):
            absent = [end for end in (link.source, link.target) if end not in self.nodes]
            for end in absent:
                message = f"{quoted(end)} was removed on one side and linked on the other"
                self._clash("removed-and-changed", end, message)
            if not absent:
                links.append(link)
        return tuple(links)

    def _children(self) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        roots = self._ordered(None, self.base.roots, self.ours.roots, self.theirs.roots)
        children: dict[str, tuple[str, ...]] = {}
        find_base, find_theirs = self.base.children.get, self.theirs.children.get
        for parent in self._parents_in_order():
            mine = self.ours.children.get(parent, NO_CHILDREN)
            other = find_theirs(parent, NO_CHILDREN)
            if mine is other or mine == other:
                children[parent] = mine
            elif parent in self.nodes:
                kids = self._ordered(parent, find_base(parent, NO_CHILDREN), mine, other)
                if kids:
                    children[parent] = kids
        return children, roots

    def _parents_in_order(self) -> Iterator[str]:
        yield from self.ours.children
        for parent in self.theirs.children:
            if parent not in self.ours.children:
                yield parent

    def _ordered(
        self, parent: str | None, base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Order the children of one parent; see `merge`."""
        places, nodes = self.parents, self.nodes
        mine = [kid for kid in ours if kid in nodes and places[kid] == parent]
        other = [kid for kid in theirs if kid in nodes and places[kid] == parent]
        if ours == base:
            mine, other = other, mine
        elif mine != other:
            theirs_too = frozenset(other)
            shared = [kid for kid in mine if kid in theirs_too]
            before = [kid for kid in base if kid in theirs_too]
            old = frozenset(base)
            if [kid for kid in shared if kid in old] == [kid for kid in before if kid in frozenset(shared)]:
                ours_too = frozenset(mine)
                following = iter([kid for kid in other if kid in ours_too])
                mine = [next(following) if kid in theirs_too else kid for kid in mine]
        present = frozenset(mine)
        return (*mine, *(kid for kid in other if kid not in present))

    def _check_shape(self, *, forest: bool) -> None:
        """Find what only the two sides together made wrong."""
        schema = self.ours.schema
        ids = list(self.nodes)
        shape = shape_of(schema, ids, list(self.nodes.values()), list(self.parents.values()), forest=forest)
        for finding in shape.findings:
            if finding.code == schema.codes + "007":
                values = tuple(tree.parents.get(finding.subject) for tree in (self.base, self.ours, self.theirs))
                message = (
                    f"what the two sides made of {quoted(finding.subject)} does not fit together: {finding.message}"
                )
                self._clash(
                    "both-changed",
                    finding.subject,
                    message,
                    field="parent",
                    values=cast("tuple[object, object, object]", values),
                )
            elif finding.code == schema.codes + "001" and shape.roots:
                new = [root for root in shape.roots if root not in self.base.roots] or list(shape.roots)
                for root in new:
                    kind: ConflictKind = "moved-twice" if root in self.base.nodes else "added-twice"
                    self._clash(kind, root, f"{quoted(root)} became a root on one side, and another on the other")

    def _find_cycles(self) -> None:
        if self.ours.parents is self.base.parents or self.theirs.parents is self.base.parents:
            return
        for cycle in cycles_in(self.parents):
            subject = min(cycle)
            members = ", ".join(quoted(each, 40) for each in cycle[:5])
            message = f"the moves of both sides together hang {members} under one another"
            self._clash("cycle", subject, message)
