"""Which kinds of node a tree may hold, and which may hang under which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, MemberDescriptorType
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Value, did_you_mean, frozen_mapping, quoted
from pmkit.model import _fields as fields

if TYPE_CHECKING:
    from pmkit.trees._tree import Tree

__all__ = ["Node", "Schema"]

RESERVED = ("id", "kind", "title", "parent", "links")


@attrs.frozen(kw_only=True, weakref_slot=False)
class Node(Value):
    """Parent of every class whose instances hang in a tree.

    A subclass names its `kind` and adds fields; nodes are values that know nothing of
    the tree they hang in.

    Attributes
    ----------
    id : str
        Not empty, without control characters, unique in its tree after Unicode NFKC.
    title : str
        Not blank.

    Examples
    --------
    >>> @attrs.frozen(kw_only=True)
    ... class Note(Node):
    ...     kind = "note"
    >>> Note(id="a", title="Bread rises").title
    'Bread rises'
    """

    kind: ClassVar[str] = ""

    id: str = attrs.field(validator=fields.identifier)
    title: str = attrs.field(validator=fields.title)


N = TypeVar("N", bound=Node)
N_co = TypeVar("N_co", bound=Node, covariant=True)


def _kinds(kinds: Mapping[str, type[Node]] | Iterable[type[Node]]) -> Mapping[str, type[Node]]:
    if isinstance(kinds, Mapping):
        return frozen_mapping(cast("Mapping[str, type[Node]]", kinds))
    return MappingProxyType({cls.kind: cls for cls in kinds})


def _tied(ties: Mapping[tuple[str, str], str]) -> Mapping[tuple[str, str], str]:
    return frozen_mapping(ties)


def _allowed(children: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({kind: tuple(below) for kind, below in children.items()})


@attrs.frozen(kw_only=True)
class Schema(Value, Generic[N]):
    """Which node classes exist and which may hang under which.

    Attributes
    ----------
    name : str
        What such a tree is called, such as ``"opportunity solution tree"``.
    kinds : mapping of str to class
        The node classes by kind; a list of classes is read by their `kind`.
    children : mapping of str to tuple of str
        For each kind the kinds that may hang under it; none where it is left out.
    roots : tuple of str
        The kinds that may stand at the top.
    picture : callable or None
        Draws a tree of this schema as SVG text; what notebooks show.
    ties : mapping of (str, str) to str
        The kind of link meant between two kinds of node when none is given.
    codes : str
        How codes of structural findings begin: ``"OST"`` gives ``OST001``.
    layouts : mapping of str to Layout
        By kind, which fields its records have; follows from `kinds`.

    Examples
    --------
    >>> @attrs.frozen(kw_only=True)
    ... class Folder(Node):
    ...     kind = "folder"
    >>> schema = Schema(name="folders", kinds=[Folder], children={"folder": ["folder"]}, roots=["folder"])
    >>> schema.children["folder"]
    ('folder',)
    """

    name: str = attrs.field(validator=fields.title)
    kinds: Mapping[str, type[N]] = attrs.field(converter=_kinds)
    children: Mapping[str, tuple[str, ...]] = attrs.field(converter=_allowed)
    roots: tuple[str, ...] = attrs.field(converter=fields.to_texts)
    picture: Callable[[Tree[N]], str] | None = None
    ties: Mapping[tuple[str, str], str] = attrs.field(factory=dict, converter=_tied)
    codes: str = attrs.field(default="TREE", validator=fields.title)
    layouts: Mapping[str, Layout] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        named = dict.fromkeys(
            [*self.roots, *self.children, *(kind for below in self.children.values() for kind in below)]
        )
        for kind in named:
            if kind not in self.kinds:
                raise InvalidValueError(
                    f"the schema {quoted(self.name)} speaks of the kind {quoted(kind)}, which has no class"
                    + did_you_mean(kind, self.kinds)
                )
        for kind, cls in self.kinds.items():
            given: object = cls
            if not (isinstance(given, type) and issubclass(given, Node)):
                raise InvalidValueError(f"the class of kind {quoted(kind)} must be a subclass of pmkit.trees.Node")
            if cls.kind != kind:
                raise InvalidValueError(
                    f"the class {cls.__name__} says it is of kind {quoted(cls.kind)}, not {quoted(kind)}"
                )
        layouts = {kind: layout_of(cls) for kind, cls in self.kinds.items()}
        object.__setattr__(self, "layouts", MappingProxyType(layouts))

    def allows(self, above: str, below: str) -> bool:
        """Say whether a node of one kind may hang directly under one of another."""
        return below in self.children.get(above, ())


@attrs.frozen
class Field:
    """One field of a node class, as bulk builders fill it."""

    name: str
    slot: MemberDescriptorType | None
    default: object
    converter: Callable[[object], object] | None
    validator: Callable[[object, attrs.Attribute[object], object], None] | None
    attribute: attrs.Attribute[object]


@attrs.frozen
class Layout:
    """How nodes of one class are built: field by field when `direct`, else through the class.

    The direct way needs slots, plain defaults and nothing that runs after `__init__`;
    it gives the same node as the constructor for fields that passed their validators.
    """

    cls: type[Node]
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    direct: bool


def layout_of(cls: type[Node]) -> Layout:
    """Read a node class's layout off its attrs fields."""
    found: dict[str, Field] = {}
    required: list[str] = []
    direct = not hasattr(cls, "__attrs_post_init__") and not hasattr(cls, "__attrs_pre_init__")
    for attribute in attrs.fields(cls):
        slot = getattr(cls, attribute.name, None)
        converter = cast("Callable[[object], object] | None", attribute.converter)
        aware = isinstance(attribute.converter, attrs.Converter)
        plain = attribute.init and isinstance(slot, MemberDescriptorType) and not aware
        direct = direct and plain and attribute.alias == attribute.name
        default: object = attribute.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class at run time, a function in the stubs
            direct = False
        elif default is attrs.NOTHING:
            if attribute.name not in RESERVED:
                required.append(attribute.name)
        elif converter is not None and plain:
            default = converter(default)
        found[attribute.name] = Field(
            name=attribute.name,
            slot=slot if plain else None,
            default=default,
            converter=converter,
            validator=attribute.validator,
            attribute=attribute,
        )
    return Layout(cls=cls, fields=MappingProxyType(found), required=tuple(required), direct=direct)
