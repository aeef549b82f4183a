"""Nodes from columns of cells, without a call of Python for each node."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import cast

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import did_you_mean, quoted
from pmkit.trees._faults import article
from pmkit.trees._schema import RESERVED, Field, N, Node, Schema

__all__ = ["Columns", "checked", "columns_of", "missing", "nodes_from", "plain"]

CHUNK = 1000

_MAIN = ("id", "kind", "title", "parent")
_MAIN_SET = frozenset(_MAIN)

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
    """Read records column by column; what is missing is None, or left out of `others`."""
    main: dict[str, list[object]] = {name: [] for name in _MAIN}
    others: dict[str, dict[int, object]] = {}
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        for name, column in main.items():
            column += [row.get(name) for row in chunk]
        if _MAIN_SET.issuperset(chain.from_iterable(chunk)):
            continue
        for name in dict.fromkeys(chain.from_iterable(chunk)):
            if name not in main:
                found = others.setdefault(name, {})
                for row, record in enumerate(chunk, start):
                    cell = record.get(name)
                    if cell is not None and not missing(cell):
                        found[row] = plain(cell)
    ids, kinds, titles, parents = map(_without_missing, main.values())
    return Columns(ids, kinds, titles, parents, others)


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
    schema: Schema[N], ids: Sequence[str], kinds: Sequence[str | None], columns: Columns
) -> tuple[list[N], list[Finding]]:
    """Make a node of each row; with findings about fields, the nodes are not to be used.

    A node's fields are poured in column by column, defaults first; only cells that hold
    something go through their field's converter and validator. That gives the node that
    the constructor would give, several times faster. It is done in chunks that stay in
    the processor's cache.
    """
    nodes: list[Node] = []
    fills = {
        kind: [(field.slot, field.default) for field in layout.fields.values() if field.name not in RESERVED]
        for kind, layout in schema.layouts.items()
    }
    for start in range(0, len(ids), CHUNK):
        end = start + CHUNK
        part = kinds[start:end]
        chunk: list[Node] = [object.__new__(Node if kind is None else schema.kinds[kind]) for kind in part]
        _pour(Node.id, chunk, ids[start:end])
        _pour(Node.title, chunk, columns.titles[start:end])
        grouped: defaultdict[str | None, list[Node]] = defaultdict(list)
        for node, kind in zip(chunk, part, strict=True):
            grouped[kind].append(node)
        for kind, members in grouped.items():
            for slot, default in fills[kind] if kind is not None else ():
                if slot is not None:
                    _pour(slot, members, repeat(default))
        nodes += chunk
    given, findings = _given(schema, ids, kinds, nodes, columns.others)
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
