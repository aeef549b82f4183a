"""A tree in the making: the edits, on copies that are taken when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, cast

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import any_of, article, did_you_mean, normalized_id, quoted, unknown_id
from pmkit.trees._build import checked_node
from pmkit.trees._faults import pair_fault, refuse
from pmkit.trees._queries import walk_ids
from pmkit.trees._schema import N
from pmkit.trees._tree import NO_CHILDREN, Link, Parts, Tree, made, tie

__all__ = ["Draft"]


class Draft(Generic[N]):
    """What `edit` gives: the verbs of the engine as methods.

    Examples
    --------
    >>> from pmkit import ost
    >>> with ost.edit(ost.new(ost.Outcome(id="watch", title="Watch more"))) as draft:
    ...     draft.replace("watch", title="Watch longer")
    >>> draft.tree["watch"].title
    'Watch longer'
    """

    __slots__ = (
        "_base",
        "_children",
        "_folded",
        "_links",
        "_nodes",
        "_open",
        "_parents",
        "_result",
        "_roots",
        "_ties",
        "_touched",
    )

    def __init__(self, base: Tree[N]) -> None:
        self._base = base
        self._nodes: dict[str, N] | None = None
        self._parents: dict[str, str] = cast("dict[str, str]", base.parents)
        self._children: dict[str, tuple[str, ...] | list[str]] = cast(
            "dict[str, tuple[str, ...] | list[str]]", base.children
        )
        self._roots: list[str] | None = None
        self._links: dict[Link, None] | None = None
        self._ties: dict[str, dict[Link, None]] | None = None
        self._folded: dict[str, str] | None = None
        self._touched: dict[str, None] = {}
        self._open = True
        self._result: Tree[N] | None = None

    @property
    def tree(self) -> Tree[N]:
        """The edited tree; there is one only after a clean exit."""
        if self._result is None:
            raise AttributeError("a draft has a tree only after its `with` block ended without an error")
        return self._result

    def __len__(self) -> int:
        return len(self._current())

    def __contains__(self, identifier: object) -> bool:
        return isinstance(identifier, str) and identifier in self._current()

    def __getitem__(self, identifier: str) -> N:
        nodes = self._current()
        try:
            return nodes[identifier]
        except (KeyError, TypeError):
            raise unknown_id("node", identifier, nodes) from None

    def __repr__(self) -> str:
        return f"<draft of {self._base!r}: {len(self):,} nodes>"

    def children(self, identifier: str) -> tuple[N, ...]:
        """Return a node's children as the draft has them now, in order."""
        nodes = self._current()
        return tuple(nodes[child] for child in self._children.get(self[identifier].id, NO_CHILDREN))

    def parent(self, identifier: str) -> N | None:
        """Return a node's parent as the draft has it now; None for a root."""
        above = self._parents.get(self[identifier].id)
        return None if above is None else self._current()[above]

    def add(self, node: N, parent: str | None = None, *, index: int | None = None) -> None:
        """Hang a new node under a parent; see `pmkit.trees.add`."""
        schema = self._base.schema
        nodes = self._shape()
        checked_node(schema, node)
        self._check_fit(node.id, node.kind, parent)
        self._claim(node.id)
        nodes[node.id] = node
        self._attach(node.id, parent, index)

    def remove(self, identifier: str) -> None:
        """Take away a node with everything below it; see `pmkit.trees.remove`."""
        nodes = self._shape()
        gone = self._below(self[identifier].id)
        self._detach(identifier)
        for each in gone:
            del nodes[each]
            self._parents.pop(each, None)
            self._children.pop(each, None)
            self._touched.pop(each, None)
            if self._folded:
                self._folded.pop(normalized_id(each), None)
        self._untie(gone)

    def move(self, identifier: str, parent: str | None, *, index: int | None = None) -> None:
        """Hang a node under another parent, or at another place; see `pmkit.trees.move`."""
        self._shape()
        node = self[identifier]
        self._check_fit(identifier, node.kind, parent)
        above = parent if identifier in self._children or parent == identifier else None
        while above is not None:
            if above == identifier:
                what = "itself" if parent == identifier else f"{quoted(parent)}, which is below it"
                message = f"{quoted(identifier)} cannot hang under {what}"
                fault = Finding(
                    self._base.schema.codes + "004", "error", identifier, message, "move the other one first"
                )
                raise refuse(self._base.schema, [fault])
            above = self._parents.get(above)
        self._detach(identifier)
        self._attach(identifier, parent, index)

    def replace(self, identifier: str, **values: object) -> None:
        """Give some of a node's fields other values; see `pmkit.trees.replace`."""
        self._set(identifier, with_fields(self[identifier], values))

    def reorder(self, identifier: str | None, order: Iterable[str]) -> None:
        """Put a node's children into another order; see `pmkit.trees.reorder`."""
        self._shape()
        kids = self._list(None if identifier is None else self[identifier].id)
        wanted: list[object] = [*order]
        if len(wanted) != len(kids) or not all(isinstance(each, str) for each in wanted) or set(wanted) != set(kids):
            where = "the roots" if identifier is None else f"the children of {quoted(identifier)}"
            raise InvalidValueError(
                f"an order must hold each of {where} once: {quoted(', '.join(kids))}, not {quoted(wanted)}"
            )
        own = dict(zip(kids, kids, strict=True))
        kids[:] = [own[str(each)] for each in wanted]

    def graft(self, other: Tree[N], parent: str | None = None, *, index: int | None = None) -> None:
        """Hang another whole tree under a node; see `pmkit.trees.graft`."""
        if not isinstance(other, Tree):
            raise InvalidValueError(f"only a tree can be grafted, not {quoted(other)}")
        if other.schema != self._base.schema:
            raise InvalidValueError(f"a {other.schema.name} cannot be grafted into a {self._base.schema.name}")
        nodes = self._shape()
        for root in other.roots:
            self._check_fit(root, other.nodes[root].kind, parent)
        for identifier in other.nodes:
            self._claim(identifier)
        nodes.update(other.nodes)
        self._parents.update(other.parents)
        self._children.update(other.children)
        for offset, root in enumerate(other.roots):
            self._attach(root, parent, None if index is None else index + offset if index >= 0 else index)
        for tied in other.links:
            self._tie(tied)

    def link(self, source: str, target: str, kind: str | None = None) -> None:
        """Tie two nodes together; see `pmkit.trees.link`."""
        meant = tie(self._base.schema, self[source], self[target]) if kind is None else kind
        if source == target:
            raise InvalidValueError(f"{quoted(source)} cannot be linked to itself")
        self._tie(Link(source, target, meant))

    def unlink(self, source: str, target: str, kind: str | None = None) -> None:
        """Take away the tie between two nodes; see `pmkit.trees.unlink`."""
        found = [
            each
            for each in self._tied().get(known_text(source), ())
            if each.source == source and each.target == target and (kind is None or each.kind == kind)
        ]
        if not found:
            named = "" if kind is None else f" of kind {quoted(kind)}"
            raise unknown_id(f"link{named} to {quoted(target)} from", source, ())
        for each in found:
            self._drop(each)

    def discard(self) -> None:
        """Forget every edit; nothing can be done with the draft afterwards."""
        self._open = False

    def finish(self) -> Tree[N]:
        """End the draft: look at its roots and make its tree."""
        nodes = self._current()
        self._open = False
        base = self._base
        roots = base.roots if self._roots is None else tuple(self._roots)
        if self._roots is not None:
            for above in self._touched:
                kids = self._children[above]
                if kids:
                    self._children[above] = tuple(kids)
                else:
                    del self._children[above]
            self._check_roots(roots, nodes)
        if self._nodes is None and self._roots is None and self._links is None:
            self._result = base
        else:
            links = base.links if self._links is None else tuple(sorted(self._links))
            below = cast("Mapping[str, tuple[str, ...]]", self._children)
            self._result = made(Parts(base.schema, nodes, self._parents, below, roots, links, base.forest))
        return self._result

    def put(self, node: N) -> None:
        """Put a node in the place of the one with its id; its kind may differ."""
        identifier = node.id
        self._check_fit(identifier, node.kind, self._parents.get(identifier))
        for child in self._children.get(identifier, NO_CHILDREN):
            if not self._base.schema.allows(node.kind, self[child].kind):
                raise refuse(self._base.schema, [pair_fault(self._base.schema, child, node.kind, self[child].kind)])
        self._set(identifier, node)

    def _current(self) -> Mapping[str, N]:
        if not self._open:
            raise InvalidValueError("this draft has ended; start another with edit(tree)")
        return self._base.nodes if self._nodes is None else self._nodes

    def _shape(self) -> dict[str, N]:
        nodes = self._current()
        if self._nodes is None:
            self._nodes = cast("dict[str, N]", nodes).copy()
        if self._roots is None:
            self._roots = list(self._base.roots)
            self._parents = self._parents.copy()
            self._children = self._children.copy()
        return self._nodes

    def _set(self, identifier: str, node: N) -> None:
        if self._nodes is None:
            self._nodes = cast("dict[str, N]", self._current()).copy()
        self._nodes[identifier] = node

    def _list(self, above: str | None) -> list[str]:
        if above is None:
            return cast("list[str]", self._roots)
        kids = self._children.get(above)
        if not isinstance(kids, list):
            kids = list(kids or ())
            self._children[above] = kids
            self._touched[above] = None
        return kids

    def _attach(self, identifier: str, parent: str | None, index: int | None) -> None:
        above = None if parent is None else self[parent].id
        kids = self._list(above)
        kids.insert(len(kids) if index is None else index, identifier)
        if above is not None:
            self._parents[identifier] = above

    def _detach(self, identifier: str) -> None:
        self._list(self._parents.pop(identifier, None)).remove(identifier)

    def _below(self, identifier: str) -> list[str]:
        return list(walk_ids(cast("Mapping[str, tuple[str, ...]]", self._children), (identifier,)))

    def _check_fit(self, identifier: str, kind: str, parent: str | None) -> None:
        schema = self._base.schema
        if parent is not None and not schema.allows(self[parent].kind, kind):
            raise refuse(schema, [pair_fault(schema, identifier, self[parent].kind, kind)])

    def _check_roots(self, roots: tuple[str, ...], nodes: Mapping[str, N]) -> None:
        schema = self._base.schema
        if self._base.forest or (len(roots) == 1 and nodes[roots[0]].kind in schema.roots):
            return
        code = schema.codes + "001"
        if len(roots) == 1:
            message = f"a root must be {any_of(schema.roots)}, not {article(nodes[roots[0]].kind)}"
            raise refuse(schema, [Finding(code, "error", roots[0], message, "give it a parent, or ask for a forest")])
        message = f"there must be exactly one root, not {len(roots):,}"
        hint = "give every other node a parent, or ask for a forest"
        raise refuse(schema, [Finding(code, "error", roots[-1] if roots else "", message, hint)])

    def _claim(self, identifier: str) -> None:
        nodes = self._current()
        if self._folded is None:
            plain = "".join(nodes).isascii()
            self._folded = {} if plain else {normalized_id(each): each for each in nodes if not each.isascii()}
        folded = normalized_id(identifier)
        clash = self._folded.get(folded) or (folded if folded in nodes else None)
        if clash is not None:
            same = "is used already" if clash == identifier else f"is the same as {quoted(clash)} after Unicode NFKC"
            fault = Finding(self._base.schema.codes + "005", "error", identifier, f"the id {quoted(identifier)} {same}")
            raise refuse(self._base.schema, [attrs.evolve(fault, hint="give each node an id of its own")])
        if not identifier.isascii():
            self._folded[folded] = identifier

    def _tied(self) -> dict[str, dict[Link, None]]:
        self._current()
        if self._ties is None:
            self._links = dict.fromkeys(self._base.links)
            self._ties = {}
            for each in self._links:
                self._ties.setdefault(each.source, {})[each] = None
                self._ties.setdefault(each.target, {})[each] = None
        return self._ties

    def _tie(self, link: Link) -> None:
        ties = self._tied()
        cast("dict[Link, None]", self._links)[link] = None
        ties.setdefault(link.source, {})[link] = None
        ties.setdefault(link.target, {})[link] = None

    def _drop(self, link: Link) -> None:
        ties = self._tied()
        cast("dict[Link, None]", self._links).pop(link, None)
        ties[link.source].pop(link, None)
        ties[link.target].pop(link, None)

    def _untie(self, gone: Iterable[str]) -> None:
        if self._links is None and not self._base.links:
            return
        ties = self._tied()
        for identifier in gone:
            for each in list(ties.get(identifier, ())):
                self._drop(each)


def with_fields(node: N, values: Mapping[str, object]) -> N:
    """Make a node like another but for some fields."""
    cls = type(node)
    fields = {field.name: field for field in attrs.fields(cls) if field.init}
    for name in values:
        if name not in fields:
            why = "; a node keeps its kind: remove it and add another" if name == "kind" else did_you_mean(name, fields)
            raise InvalidValueError(f"{article(node.kind)} has no field {quoted(name)}{why}")
    if values.get("id", node.id) != node.id:
        raise InvalidValueError(f"a node keeps its id: {quoted(node.id)} cannot become {quoted(values['id'])}")
    given = {field.alias: values.get(name, getattr(node, name)) for name, field in fields.items()}
    return cast("Callable[..., N]", cls)(**given)


def known_text(given: object) -> str:
    """Return text as it is, and for anything else what no id is."""
    return given if isinstance(given, str) else ""
