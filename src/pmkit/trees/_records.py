"""Trees from flat records, as tables and data frames hold them, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

import attrs

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import did_you_mean, quoted
from pmkit.trees._build import collection_paused, link_faults
from pmkit.trees._faults import (
    id_faults,
    ids_are_good,
    kind_faults,
    kinds_are_good,
    refuse,
    shape_of,
    subject_of,
    title_faults,
    titles_are_good,
)
from pmkit.trees._nodes import Columns, columns_of, missing, nodes_from, plain, tidied
from pmkit.trees._schema import RESERVED, N, Schema
from pmkit.trees._tree import Link, Parts, Tree, made, tie

__all__ = ["from_records", "to_records"]


def from_records(schema: Schema[N], records: Iterable[Mapping[str, object]], *, forest: bool = False) -> Tree[N]:
    """Build a tree from flat records, one for each node, in any order.

    None, NaN, NA and ``""`` are missing values. Siblings stand in the order of their
    records. Every structural fault is found before any is reported.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    records : iterable of mapping
        With ``id``, ``kind``, ``title``, ``parent`` (missing for a root), any of the
        kind's own fields, and ``links``: a list of ids, or of mappings with ``target``
        and ``kind``. A pandas or polars data frame is read row by row.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        Its ``findings`` hold every structural fault.

    Examples
    --------
    >>> from pmkit import ost, trees
    >>> trees.from_records(ost.SCHEMA, [
    ...     {"id": "find", "kind": "opportunity", "title": "I can't find a film", "parent": "watch"},
    ...     {"id": "watch", "kind": "outcome", "title": "Watch more"}])
    <opportunity solution tree: 2 nodes, 'Watch more'>
    """
    with collection_paused():
        findings: list[Finding] = []
        rows = _mappings(schema, _rows(records), findings)
        parts = _read(schema, rows, findings, forest=forest)
        if findings:
            raise refuse(schema, findings)
        return made(parts)


def _rows(records: object) -> list[object]:
    if hasattr(records, "columns"):
        read = getattr(records, "to_dicts", None)  # polars
        turn = getattr(records, "to_dict", None)  # pandas
        records = read() if read is not None else turn("records") if turn is not None else records
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise InvalidValueError(f"records must be a list of mappings, one for each node, not {quoted(records)}")
    return list(records)


def _mappings(schema: Schema[N], given: list[object], findings: list[Finding]) -> list[Mapping[str, object]]:
    if set(map(type, given)) <= {dict}:
        return cast("list[Mapping[str, object]]", given)
    rows: list[Mapping[str, object]] = []
    for position, record in enumerate(given):
        if isinstance(record, Mapping):
            rows.append(record)
        else:
            message = f"record {position + 1:,} is no mapping but {quoted(record, 60)}"
            findings.append(Finding(schema.codes + "009", "error", "", message, "give a mapping for each node"))
    return rows


def _read(schema: Schema[N], rows: list[Mapping[str, object]], findings: list[Finding], *, forest: bool) -> Parts[N]:
    columns = columns_of(rows)
    main = _as_they_are(schema, columns) or _tested(schema, tidied(columns), findings)
    nodes, found = nodes_from(schema, main.ids, main.kinds, main.titles, columns.others)
    findings.extend(found)
    shape = shape_of(schema, main.ids, nodes, main.parents, forest=forest, loose=main.loose)
    findings.extend(shape.findings)
    links, found = _links(schema, main.ids, shape.nodes, columns.others.get("links", {}))
    findings.extend(found)
    subjects = main.subjects
    if subjects:
        findings[:] = [attrs.evolve(each, subject=subjects.get(each.subject, each.subject)) for each in findings]
    return Parts(schema, shape.nodes, shape.parents, shape.children, shape.roots, links, forest)


@attrs.frozen(eq=False)
class _Main:
    """The main columns after their tests; `loose` has no certain parent, `subjects` says what made-up ids stand for."""

    ids: Sequence[str]
    kinds: Sequence[str | None]
    titles: Sequence[object]
    parents: Sequence[str | None]
    loose: Collection[str] = ()
    subjects: Mapping[str, str] = attrs.field(factory=dict)


def _as_they_are(schema: Schema[N], columns: Columns) -> _Main | None:
    """Take columns in which nothing is missing or wrong but that roots have no parent; None where anything may be."""
    good = (
        set(map(type, columns.parents)) <= {str, type(None)}
        and "" not in columns.parents
        and kinds_are_good(schema, columns.kinds)
        and titles_are_good(columns.titles)
        and ids_are_good(columns.ids)
    )
    main = (columns.ids, columns.kinds, columns.titles, columns.parents)
    return _Main(*cast("tuple[list[str], list[str], list[str], list[str | None]]", main)) if good else None


def _tested(schema: Schema[N], columns: Columns, findings: list[Finding]) -> _Main:
    """Find what is wrong with each column, and make of it what the other tests can go on with."""
    found = id_faults(schema, columns.ids)
    findings.extend(found)
    ids, subjects = _distinct(columns.ids) if found else (cast("list[str]", columns.ids), {})
    found, kinds = kind_faults(schema, columns.ids, columns.kinds)
    findings.extend(found)
    findings.extend(title_faults(schema, columns.ids, columns.titles))
    parents, loose, found = _parents(schema, ids, columns.parents)
    findings.extend(found)
    return _Main(ids, kinds, columns.titles, parents, loose | subjects.keys(), subjects)


def _distinct(ids: Sequence[object]) -> tuple[list[str], dict[str, str]]:
    """Give rows without a good id of their own a name that nothing else has, so that all else can be checked."""
    names: dict[str, None] = {}
    subjects: dict[str, str] = {}
    for row, identifier in enumerate(ids):
        name = identifier if isinstance(identifier, str) and identifier not in names else f"\0{row}"
        if name is not identifier:
            subjects[name] = subject_of(identifier)
        names[name] = None
    return list(names), subjects


def _parents(
    schema: Schema[N], ids: Sequence[str], column: Sequence[object]
) -> tuple[list[str | None], frozenset[str], list[Finding]]:
    if set(map(type, column)) <= {str, type(None)}:
        return cast("list[str | None]", column), frozenset(), []
    known = frozenset(ids)
    findings: list[Finding] = []
    loose: list[str] = []
    parents: list[str | None] = []
    for identifier, cell in zip(ids, column, strict=True):
        named = [plain(each) for each in cell if not missing(each)] if isinstance(cell, (list, tuple, set)) else [cell]
        bad = [each for each in named if each is not None and not isinstance(each, str)]
        texts = list(dict.fromkeys(each for each in named if isinstance(each, str)))
        for each in bad:
            message = f"a parent must be the id of a node, not {quoted(each)} ({type(each).__name__})"
            findings.append(Finding(schema.codes + "002", "error", identifier, message, "write ids as text"))
        if len(texts) > 1:
            message = f"it has {len(texts):,} parents: {quoted(', '.join(texts))}"
            hint = "keep one parent, and link it to the other; or split it, it may be too broad"
            findings.append(Finding(schema.codes + "003", "error", identifier, message, hint))
            for each in texts:
                if each not in known:
                    message = f"its parent {quoted(each)} does not exist"
                    findings.append(
                        Finding(schema.codes + "002", "error", identifier, message, "name a node that is in the tree")
                    )
        if bad or len(texts) > 1:
            loose.append(identifier)
        parents.append(texts[0] if len(texts) == 1 and not bad else None)
    return parents, frozenset(loose), findings


def _links(
    schema: Schema[N], ids: Sequence[str], nodes: Mapping[str, N], cells: Mapping[int, object]
) -> tuple[tuple[Link, ...], list[Finding]]:
    links: list[Link] = []
    findings: list[Finding] = []
    for row, cell in cells.items():
        several = isinstance(cell, Iterable) and not isinstance(cell, (str, Mapping))
        for each in cast("Iterable[object]", cell) if several else [cell]:
            if missing(each):
                continue
            try:
                links.append(_link(schema, ids[row], each, nodes))
            except InvalidValueError as error:
                hint = "give ids, or mappings with 'target' and 'kind'"
                findings.append(Finding(schema.codes + "009", "error", ids[row], str(error), hint))
    kept = tuple(sorted(dict.fromkeys(links)))
    return kept, [*findings, *link_faults(schema, kept, nodes)]


def _link(schema: Schema[N], source: str, given: object, nodes: Mapping[str, N]) -> Link:
    if isinstance(given, Link):
        given = {"target": given.target, "kind": given.kind}
    if isinstance(given, str):
        given = {"target": given}
    if not isinstance(given, Mapping) or "target" not in given:
        raise InvalidValueError(f"a link must name its target, which {quoted(given)} does not")
    for key in given:
        if key not in {"target", "kind"}:
            raise InvalidValueError(
                f"unknown part {quoted(key)} of a link" + did_you_mean(str(key), ["target", "kind"])
            )
    target, kind = given["target"], given.get("kind")
    if missing(kind):
        kind = tie(schema, nodes.get(source), nodes.get(target) if isinstance(target, str) else None)
    return Link(source, target, cast("str", kind))


def to_records(tree: Tree[N]) -> list[dict[str, object]]:
    """Write a tree as flat records, each parent before its children.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    list of dict
        With ``id``, ``kind``, ``title``, ``parent`` (None for a root), those of the
        kind's own fields that differ from their default, and ``links`` where there are
        any. Nested values are plain dicts and lists; dates stay dates.

    Examples
    --------
    >>> from pmkit import ost, trees
    >>> trees.to_records(ost.new(ost.Outcome(id="watch", title="Watch more", unit="minutes")))
    [{'id': 'watch', 'kind': 'outcome', 'title': 'Watch more', 'parent': None, 'unit': 'minutes'}]
    """
    linked: dict[str, list[object]] = {}
    for link in tree.links:
        linked.setdefault(link.source, []).append({"target": link.target, "kind": link.kind})
    own = {
        kind: [field for field in layout.fields.values() if field.name not in RESERVED]
        for kind, layout in tree.schema.layouts.items()
    }
    records: list[dict[str, object]] = []
    for node in tree:
        kind = node.kind
        record: dict[str, object] = {
            "id": node.id,
            "kind": kind,
            "title": node.title,
            "parent": tree.parents.get(node.id),
        }
        for field in own[kind]:
            value = getattr(node, field.name)
            if value is not field.default and value != field.default:
                record[field.name] = bare(value)
        if node.id in linked:
            record["links"] = linked[node.id]
        records.append(record)
    return records


def bare(value: object) -> object:
    """Turn a field's value into plain data: dicts, lists and scalars."""
    if isinstance(value, tuple):
        return [bare(member) for member in value]
    cls = type(value)
    if attrs.has(cls):
        fields = attrs.fields(cls)
        return {
            field.name: bare(getattr(value, field.name))
            for field in fields
            if field.init and getattr(value, field.name) != field.default
        }
    if isinstance(value, Mapping):
        return {key: bare(member) for key, member in value.items()}
    return value
