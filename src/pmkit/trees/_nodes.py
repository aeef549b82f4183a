"""Nodes from columns of cells, without a call of Python for each node."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import cast

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import did_you_mean, quoted
from pmkit.trees._faults import article
from pmkit.trees._schema import RESERVED, Field, N, Node, Schema

__all__ = ["cells", "checked", "missing", "nodes_from", "plain"]

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


def cells(rows: Sequence[Mapping[str, object]], name: str) -> list[object]:
    """Read a column; what is missing is None."""
    column = [row.get(name) for row in rows]
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
    rows: Sequence[Mapping[str, object]],
    ids: Sequence[str],
    kinds: Sequence[str | None],
    titles: Sequence[object],
) -> tuple[list[N], list[Finding]]:
    """Make a node of each row; with findings about fields, the nodes are not to be used.

    A node's fields are poured in column by column, defaults first; only cells that hold
    something go through their field's converter and validator. That gives the node that
    the constructor would give, several times faster.
    """
    nodes = [object.__new__(schema.kinds[kind] if kind is not None else Node) for kind in kinds]
    _pour(Node.id, nodes, ids)
    _pour(Node.title, nodes, titles)
    grouped: dict[str | None, list[Node]] = {}
    for node, kind in zip(nodes, kinds, strict=True):
        if kind in grouped:
            grouped[kind].append(node)
        else:
            grouped[kind] = [node]
    for kind, members in grouped.items():
        for field in schema.layouts[kind].fields.values() if kind is not None else ():
            if field.slot is not None and field.name not in RESERVED:
                _pour(field.slot, members, repeat(field.default))
    given, findings = _given(schema, rows, ids, kinds, nodes)
    for row, values in given.items():
        fields = schema.layouts[cast("str", kinds[row])].fields
        for name, value in values.items():
            slot = fields[name].slot
            if slot is not None:
                slot.__set__(nodes[row], value)
    if not all(layout.direct and not layout.required for layout in schema.layouts.values()):
        findings.extend(_constructed(schema, ids, kinds, nodes, given))
    return cast("list[N]", nodes), findings


def _pour(slot: object, nodes: Iterable[object], values: Iterable[object]) -> None:
    fill = cast("Callable[[object, object], None]", slot.__set__)  # type: ignore[attr-defined]  # a slot's descriptor has it
    deque(map(fill, nodes, values), maxlen=0)


def _given(
    schema: Schema[N],
    rows: Sequence[Mapping[str, object]],
    ids: Sequence[str],
    kinds: Sequence[str | None],
    nodes: Sequence[Node],
) -> tuple[dict[int, dict[str, object]], list[Finding]]:
    given: dict[int, dict[str, object]] = {}
    findings: list[Finding] = []
    code = schema.codes + "009"
    for name in dict.fromkeys(chain.from_iterable(rows)):
        if name in RESERVED:
            continue
        guesses: dict[str, str] = {}
        for row, cell in enumerate([record.get(name) for record in rows]):
            kind = kinds[row]
            if cell is None or kind is None or missing(cell):
                continue
            field = schema.layouts[kind].fields.get(name)
            if field is None or not field.attribute.init:
                if kind not in guesses:
                    guesses[kind] = did_you_mean(str(name), [*schema.layouts[kind].fields, *RESERVED])
                message = f"{quoted(name)} is no field of the kind {kind}{guesses[kind]}"
                findings.append(Finding(code, "error", ids[row], message, "correct it, or leave it out"))
                continue
            try:
                given.setdefault(row, {})[name] = checked(field, nodes[row], plain(cell))
            except InvalidValueError as error:
                findings.append(Finding(code, "error", ids[row], str(error), "correct it, or leave it out"))
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
