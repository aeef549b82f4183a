"""Nodes from columns of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import cast

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import article, did_you_mean, quoted
from pmkit.trees._schema import RESERVED, Field, Layout, N, Node, Schema, layout_of

__all__ = ["Columns", "checked", "columns_of", "missing", "nodes_from", "plain", "tidied"]

CHUNK = 1000

_MAIN = ("id", "kind", "title", "parent")

_MISSING_TYPES = frozenset({"NAType", "NaTType"})


def missing(value: object) -> bool:
    """Say whether a cell holds nothing: None, NaN, NA, NaT or empty text."""
    if value is None or isinstance(value, str):
        return not value
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - only NaN differs from itself
    cls = type(value)
    if cls.__name__ in _MISSING_TYPES:
        return True
    if cls.__module__ == "numpy" and not getattr(value, "shape", None):
        return bool(value != value)  # noqa: PLR0124 - only NaN and NaT differ from themselves
    return False


def plain(value: object) -> object:
    """Turn numpy's scalars and arrays into Python's own values."""
    if type(value).__module__ == "numpy" and not isinstance(value, str):
        return cast("Callable[[], object]", value.tolist)()  # type: ignore[attr-defined]  # every numpy value has it
    return value


@attrs.frozen(eq=False)
class Columns:
    """Records turned on their side: what every record has as columns, all else by name and row."""

    ids: list[object]
    kinds: list[object]
    titles: list[object]
    parents: list[object]
    others: dict[str, dict[int, object]]


def columns_of(rows: Sequence[Mapping[str, object]]) -> Columns:
    """Read records column by column, the main columns as they are; of other cells only those that hold something."""
    main: tuple[list[object], ...] = tuple([] for _ in _MAIN)
    others: dict[str, dict[int, object]] = {}
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        part = _main_alone(chunk)
        for column, cells in zip(main, part or _main_cells(chunk), strict=True):
            column.extend(cells)
        for name in () if part else dict.fromkeys(chain.from_iterable(chunk)):
            if name not in _MAIN:
                found = others.setdefault(name, {})
                for row, record in enumerate(chunk, start):
                    cell = record.get(name)
                    if cell is not None and not missing(cell):
                        found[row] = plain(cell)
    ids, kinds, titles, parents = main
    return Columns(ids, kinds, titles, parents, others)


def tidied(columns: Columns) -> Columns:
    """Make the missing cells of the main columns None, and numpy's values Python's own."""
    main = (columns.ids, columns.kinds, columns.titles, columns.parents)
    ids, kinds, titles, parents = map(_without_missing, main)
    return Columns(ids, kinds, titles, parents, columns.others)


def _main_alone(rows: Sequence[Mapping[str, object]]) -> list[list[object]] | None:
    """Read the main columns of records that have these and no others; None where some record differs."""
    if set(map(type, rows)) != {dict} or set(map(len, rows)) != {len(_MAIN)}:
        return None
    try:
        return [list(map(itemgetter(name), rows)) for name in _MAIN]
    except KeyError:
        return None


def _main_cells(rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
    return [[row.get(name) for row in rows] for name in _MAIN]


def _without_missing(column: list[object]) -> list[object]:
    if set(map(type, column)) <= {str, type(None)} and "" not in column:
        return column
    return [None if missing(cell) else plain(cell) for cell in column]


def checked(field: Field, node: object, value: object) -> object:
    """Convert and validate one value of one field."""
    if field.converter is not None:
        value = field.converter(value)
    if field.validator is not None:
        field.validator(node, field.attribute, value)
    return value


def nodes_from(
    schema: Schema[N],
    ids: Sequence[str],
    kinds: Sequence[str | None],
    titles: Sequence[object],
    others: Mapping[str, Mapping[int, object]],
) -> tuple[list[N], list[Finding]]:
    """Make a node of each row; with findings about fields, the nodes are not to be used.

    Nodes are made of defaults; only cells that hold something go through their field's converter and validator.
    That gives the node that the constructor would give, several times faster.
    """
    nodes: list[Node] = []
    classes = {kind: Node if kind is None else schema.kinds[kind] for kind in dict.fromkeys(kinds)}
    blanks = {kind: _blank(cls) for kind, cls in classes.items()}
    for kind, identifier, title in zip(kinds, ids, titles, strict=True):
        node = blanks[kind](identifier, title)
        if type(node) is not classes[kind]:
            node.__class__ = classes[kind]
        nodes.append(node)
    given, findings = _given(schema, ids, kinds, nodes, others)
    for row, values in given.items():
        fields = schema.layouts[cast("str", kinds[row])].fields
        for name, value in values.items():
            slot = fields[name].slot
            if slot is not None:
                slot.__set__(nodes[row], value)
    if not all(layout.direct and not layout.required for layout in schema.layouts.values()):
        findings.extend(_constructed(schema, ids, kinds, nodes, given))
    return cast("list[N]", nodes), findings


@lru_cache(maxsize=256)
def _blank(cls: type[Node]) -> Callable[[str, object], Node]:
    """Make what gives an unchecked node of a class by id and title, its other fields at their defaults.

    A frozen class has to go round its own guard for every field. So this is a class of the same slots that is not
    frozen, whose instances become nodes when their class is set.
    """
    layout = layout_of(cls)
    hooked = any("__init_subclass__" in vars(base) for base in cls.__mro__[1:-1])
    if not layout.direct or layout.required or hooked or type(cls) is not type:
        return partial(_filled, layout)
    twin = attrs.make_class(
        cls.__name__,
        {name: attrs.field(default=field.default) for name, field in layout.fields.items()},
        bases=cls.__bases__,
        class_body={"__setattr__": object.__setattr__, "__delattr__": object.__delattr__},
        slots=True,
        weakref_slot="__weakref__" in cls.__slots__,
        eq=False,
        repr=False,
    )
    try:
        twin("", "").__class__ = cls
    except TypeError:  # its slots are laid out in another way
        return partial(_filled, layout)
    return cast("Callable[[str, object], Node]", twin)


def _filled(layout: Layout, identifier: str, title: object) -> Node:
    node = object.__new__(layout.cls)
    given = {"id": identifier, "title": title}
    for name, field in layout.fields.items():
        if field.slot is not None:
            field.slot.__set__(node, given.get(name, field.default))
    return node


def _given(
    schema: Schema[N],
    ids: Sequence[str],
    kinds: Sequence[str | None],
    nodes: Sequence[Node],
    others: Mapping[str, Mapping[int, object]],
) -> tuple[dict[int, dict[str, object]], list[Finding]]:
    """Read the cells of the kinds' own fields."""
    given: dict[int, dict[str, object]] = {}
    findings: list[Finding] = []
    code, hint = schema.codes + "009", "correct it, or leave it out"
    for name, cells in others.items():
        if name in RESERVED:
            continue
        guesses: dict[str, str] = {}
        for row, cell in cells.items():
            kind = kinds[row]
            if kind is None:
                continue
            field = schema.layouts[kind].fields.get(name)
            if field is None or not field.attribute.init:
                if kind not in guesses:
                    guesses[kind] = did_you_mean(str(name), [*schema.layouts[kind].fields, *RESERVED])
                message = f"{quoted(name)} is no field of the kind {kind}{guesses[kind]}"
                findings.append(Finding(code, "error", ids[row], message, hint))
                continue
            try:
                given.setdefault(row, {})[name] = checked(field, nodes[row], cell)
            except InvalidValueError as error:
                findings.append(Finding(code, "error", ids[row], str(error), hint))
    return given, findings


def _constructed(
    schema: Schema[N],
    ids: Sequence[str],
    kinds: Sequence[str | None],
    nodes: list[Node],
    given: Mapping[int, Mapping[str, object]],
) -> Iterable[Finding]:
    """Call the constructors of those classes that need it, and name required fields that are missing."""
    for row, kind in enumerate(kinds):
        if kind is None:
            continue
        layout = schema.layouts[kind]
        values = given.get(row, {})
        lacking = [name for name in layout.required if name not in values]
        for name in lacking:
            message = f"{article(kind)} needs {quoted(name)}"
            yield Finding(schema.codes + "009", "error", ids[row], message, "give it")
        if layout.direct or lacking:
            continue
        try:
            nodes[row] = layout.cls(id=ids[row], title=nodes[row].title, **values)
        except InvalidValueError as error:
            yield Finding(schema.codes + "009", "error", ids[row], str(error), "correct it, or leave it out")
