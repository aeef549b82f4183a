"""The tree itself: nodes by id, parents by id, ordered children, and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic

import attrs

from pmkit.model import Value, quoted, unknown_id
from pmkit.model import _fields as fields
from pmkit.trees._schema import N, N_co, Schema

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Link", "Tree"]

NO_CHILDREN: tuple[str, ...] = ()


@attrs.frozen(order=True)
class Link(Value):
    """A typed tie across the tree; never a parent.

    Attributes
    ----------
    source, target : str
        The ids of the two nodes.
    kind : str
        What the tie says: ``"serves"``, ``"tests"``, ``"related"``.

    Examples
    --------
    >>> Link("row", "find", "serves").target
    'find'
    """

    source: str = attrs.field(validator=fields.identifier)
    target: str = attrs.field(validator=fields.identifier)
    kind: str = attrs.field(default="related", validator=fields.title)


class Tree(Generic[N_co]):
    """An immutable, ordered tree of typed nodes with stable ids.

    Trees are made by `new`, `from_records` and the edits, which share what did not
    change; calling the class validates everything. Two trees are equal when they hold
    equal nodes in the same places and order, and the same links.

    Parameters
    ----------
    schema : Schema
        Which nodes may hang where.
    nodes : iterable of Node
        Every node; siblings stand in the order given here.
    parents : mapping of str to str
        The parent's id by the node's id; roots are left out, or None.
    links : iterable of Link
        Ties across the tree.
    forest : bool
        True lets any number of roots stand at the top, of any kind.

    Raises
    ------
    InvalidTreeError
        With one finding for each structural fault.

    Notes
    -----
    A tree is a collection of nodes: ``len(tree)``, ``for node in tree`` (each parent
    before its children), ``tree["id"]``, and ``in`` for ids and nodes.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Watch more"))
    >>> tree["watch"].title, "watch" in tree, len(tree)
    ('Watch more', True, 1)
    """

    __slots__ = ("children", "forest", "links", "nodes", "parents", "roots", "schema")

    schema: Schema[N_co]
    """Which nodes may hang where."""
    nodes: Mapping[str, N_co]
    """Every node by its id, in no order that means anything; `walk` gives the tree's order."""
    parents: Mapping[str, str]
    """The parent's id by the child's id; roots are not in it."""
    children: Mapping[str, tuple[str, ...]]
    """The children's ids in order, for those nodes that have any."""
    roots: tuple[str, ...]
    """The ids at the top, in order."""
    links: tuple[Link, ...]
    """Ties across the tree, sorted."""
    forest: bool
    """Whether any number of roots of any kind was asked for."""

    def __init__(
        self,
        schema: Schema[N_co],
        nodes: Iterable[N_co],
        parents: Mapping[str, str] | Mapping[str, str | None],
        links: Iterable[Link] = (),
        *,
        forest: bool = False,
    ) -> None:
        from pmkit.trees._build import assembled

        fill(self, assembled(schema, nodes, parents, links, forest=forest))

    def __setattr__(self, name: str, value: object) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __delattr__(self, name: str) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[N_co]:
        from pmkit.trees._queries import walk

        return walk(self)

    def __getitem__(self, identifier: str) -> N_co:
        try:
            return self.nodes[identifier]
        except (KeyError, TypeError):
            raise unknown_id("node", identifier, self.nodes) from None

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str):
            return item in self.nodes
        identifier = getattr(item, "id", None)
        return isinstance(identifier, str) and self.nodes.get(identifier) == item

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        if self is other:
            return True
        return (
            self.roots == other.roots
            and self.links == other.links
            and _same(self.children, other.children)
            and _same(self.nodes, other.nodes)
            and self.schema == other.schema
        )

    __hash__ = None  # type: ignore[assignment]  # it holds mappings, as DESIGN says: compares, does not hash

    def __repr__(self) -> str:
        count = f"{len(self.nodes):,} node" + ("" if len(self.nodes) == 1 else "s")
        first = f", {quoted(self.nodes[self.roots[0]].title, 40)}" if self.roots else ""
        more = f" and {len(self.roots) - 1:,} more roots" if len(self.roots) > 1 else ""
        return f"<{self.schema.name}: {count}{first}{more}>"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _restored, (self.schema, tuple(self), dict(self.parents), self.links, self.forest)

    def __deepcopy__(self, memo: object) -> Tree[N_co]:
        return Tree(self.schema, tuple(self), self.parents, self.links, forest=self.forest)

    def _repr_svg_(self) -> str | None:
        return self.schema.picture(self) if self.schema.picture is not None else None

    def to_networkx(self) -> nx.DiGraph[str]:
        """Return the tree as a networkx graph; see `pmkit.trees.to_networkx`."""
        from pmkit.trees._networkx import to_networkx

        return to_networkx(self)

    def to_dicts(self) -> list[dict[str, object]]:
        """Return the tree as flat records; see `pmkit.trees.to_records`."""
        from pmkit.trees._records import to_records

        return to_records(self)


def tie(schema: Schema[N], source: N | None, target: N | None) -> str:
    """Return the kind of link that is meant between two nodes when none is given."""
    if source is None or target is None:
        return "related"
    return schema.ties.get((source.kind, target.kind), "related")


def _same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return one is other or one == other


@attrs.frozen(eq=False)
class Parts(Generic[N]):
    """What a tree is made of, known to be valid; the mappings belong to the tree from then on."""

    schema: Schema[N]
    nodes: Mapping[str, N]
    parents: Mapping[str, str]
    children: Mapping[str, tuple[str, ...]]
    roots: tuple[str, ...]
    links: tuple[Link, ...]
    forest: bool


def fill(tree: Tree[N], parts: Parts[N]) -> None:
    """Give an empty tree its parts."""
    for name in Tree.__slots__:
        value = getattr(parts, name)
        object.__setattr__(tree, name, MappingProxyType(value) if isinstance(value, dict) else value)


def made(parts: Parts[N]) -> Tree[N]:
    """Make a tree of parts that are known to be valid."""
    tree: Tree[N] = object.__new__(Tree)
    fill(tree, parts)
    return tree


def _restored(
    schema: Schema[N], nodes: tuple[N, ...], parents: dict[str, str], links: tuple[Link, ...], forest: object
) -> Tree[N]:
    return Tree(schema, nodes, parents, links, forest=bool(forest))
