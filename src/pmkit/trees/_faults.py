"""Structural faults, all at once: columns are tested whole, and looked at one by one only where a test fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Generic

import attrs

from pmkit.errors import Finding, InvalidTreeError
from pmkit.model import any_of, article, did_you_mean, id_fault, normalized_id, quoted, sorted_findings
from pmkit.trees._schema import N, Schema
from pmkit.trees._sound import cycles_in, grouped_soundly

__all__ = [
    "Shape",
    "id_faults",
    "ids_are_good",
    "kind_faults",
    "kinds_are_good",
    "refuse",
    "shape_of",
    "subject_of",
    "title_faults",
    "titles_are_good",
]

SHOWN = 5
_MOST_GUESSES = 20
_KNOWN_COMPARED = 5_000


def refuse(schema: Schema[N], findings: Iterable[Finding]) -> InvalidTreeError:
    """Make the one error that holds every fault."""
    ordered = sorted_findings(findings)
    lines = [f"{finding.code} {quoted(finding.subject, 40)}: {finding.message}" for finding in ordered[:SHOWN]]
    more = f"; and {len(ordered) - SHOWN:,} more" if len(ordered) > SHOWN else ""
    count = "1 fault" if len(ordered) == 1 else f"{len(ordered):,} faults"
    return InvalidTreeError(f"not a valid {schema.name}, {count}: " + "; ".join(lines) + more, findings=ordered)


def subject_of(identifier: object) -> str:
    """Return what a finding about this id has as its subject."""
    if isinstance(identifier, str):
        return identifier
    return "" if identifier is None else quoted(identifier)


def id_faults(schema: Schema[N], ids: Sequence[object]) -> list[Finding]:
    """Find ids that are no ids, that repeat, or that are the same after NFKC."""
    if ids_are_good(ids):
        return []
    code = schema.codes + "005"
    found: list[Finding] = []
    first: dict[str, tuple[int, str]] = {}
    for row, identifier in enumerate(ids):
        fault = "there is no id" if identifier is None else id_fault(identifier)
        if fault or not isinstance(identifier, str):
            message = f"{fault} (record {row + 1:,})"
            found.append(Finding(code, "error", subject_of(identifier), message, "give every node an id of its own"))
            continue
        earlier, text = first.setdefault(normalized_id(identifier), (row, identifier))
        if earlier == row:
            continue
        if text == identifier:
            message = f"the id {quoted(identifier)} is used twice (records {earlier + 1:,} and {row + 1:,})"
        else:
            message = f"the ids {quoted(identifier)} and {quoted(text)} are the same after Unicode NFKC"
        found.append(Finding(code, "error", identifier, message, "give each node an id of its own"))
    return found


def ids_are_good(ids: Sequence[object]) -> bool:
    """Say that all are ids, and differ after Unicode NFKC."""
    if not ids:
        return True
    try:
        text = "".join(ids)  # type: ignore[arg-type]  # anything but text raises, which is the test
    except TypeError:
        return False
    if not text.isprintable() and id_fault(text):
        return False
    if not all(map(str.strip, ids)):  # type: ignore[arg-type]  # all text by now
        return False
    return len(set(ids if text.isascii() else map(normalized_id, ids))) == len(ids)  # type: ignore[arg-type]


def kinds_are_good(schema: Schema[N], kinds: Sequence[object]) -> bool:
    """Say that the schema knows all of them."""
    try:
        return schema.kinds.keys() >= set(kinds)
    except TypeError:  # what cannot be hashed is no kind
        return False


def kind_faults(
    schema: Schema[N], ids: Sequence[object], kinds: Sequence[object]
) -> tuple[list[Finding], list[str | None]]:
    """Find kinds that the schema does not know; they are None in the column that is returned."""
    found: list[Finding] = []
    known: list[str | None] = []
    for identifier, kind in zip(ids, kinds, strict=True):
        if isinstance(kind, str) and kind in schema.kinds:
            known.append(kind)
            continue
        known.append(None)
        message = f"unknown kind {quoted(kind)}" if kind is not None else "there is no kind"
        guess = did_you_mean(kind, schema.kinds) if isinstance(kind, str) else ""
        hint = f"use {', '.join(schema.kinds)}"
        found.append(Finding(schema.codes + "008", "error", subject_of(identifier), message + guess, hint))
    return found, known


def titles_are_good(titles: Sequence[object]) -> bool:
    """Say that all are text, and none is blank."""
    try:
        return all(map(str.strip, titles))  # type: ignore[arg-type]  # anything but text raises, which is the test
    except TypeError:
        return False


def title_faults(schema: Schema[N], ids: Sequence[object], titles: Sequence[object]) -> Iterable[Finding]:
    """Find titles that are blank or no text."""
    if titles_are_good(titles):
        return
    for identifier, title in zip(ids, titles, strict=True):
        subject = subject_of(identifier)
        if title is None or (isinstance(title, str) and not title.strip()):
            yield Finding(schema.codes + "006", "error", subject, "the title is blank", "say in a few words what it is")
        elif not isinstance(title, str):
            message = f"the title must be text, not {quoted(title)} ({type(title).__name__})"
            yield Finding(schema.codes + "009", "error", subject, message, "write it as text")


@attrs.frozen(eq=False)
class Shape(Generic[N]):
    """What a column of parents makes of nodes, and every fault.

    Ids are the nodes' own text everywhere, so that no copy of it is kept.
    """

    nodes: dict[str, N]
    children: dict[str, tuple[str, ...]]
    parents: dict[str, str]
    roots: tuple[str, ...]
    findings: list[Finding]


def shape_of(
    schema: Schema[N],
    ids: Sequence[str],
    nodes: Sequence[N],
    parents: Sequence[str | None],
    *,
    forest: bool,
    loose: Collection[str] = (),
) -> Shape[N]:
    """Build the shape of a tree from columns, and find what is wrong with it.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    ids, nodes, parents : sequences of one length
        Ids without faults of their own; nodes of a kind that the schema does not know
        are passed over; None for no parent.
    forest : bool
        Whether roots are free in number and kind.
    loose : collection of str
        Ids that have no parent here for a reason reported elsewhere, and so are no roots.

    Returns
    -------
    Shape
    """
    found = None if loose else grouped_soundly(schema, ids, nodes, parents, forest=forest)
    if found is None:
        return _questioned(schema, ids, nodes, parents, forest=forest, loose=loose)
    return Shape(*found, [])


def _questioned(
    schema: Schema[N],
    ids: Sequence[str],
    nodes: Sequence[N],
    parents: Sequence[str | None],
    *,
    forest: bool,
    loose: Collection[str],
) -> Shape[N]:
    """Build the shape where something may be wrong, and say what."""
    by_id = dict(zip(ids, nodes, strict=True))
    grouped: defaultdict[str | None, list[str]] = defaultdict(list)
    for identifier, parent in zip(ids, parents, strict=True):
        grouped[parent].append(identifier)
    tops = [root for root in grouped.pop(None, ()) if root not in loose]
    children = {
        by_id[parent].id if parent in by_id else parent: tuple(below)
        for parent, below in grouped.items()
        if parent is not None
    }
    findings = list(_root_faults(schema, tops, by_id, forest=forest))
    findings.extend(_unknown_parents(schema, children, by_id))
    if _reached(tops, children) != len(by_id):
        findings.extend(_cycles(schema, dict(zip(ids, parents, strict=True))))
    uppers = [None if upper is None else type(upper) for upper in map(by_id.get, parents)]  # type: ignore[arg-type]  # the same
    findings.extend(_bad_pairs(schema, ids, uppers, list(map(type, nodes))))
    above = {kid: parent for parent, kids in children.items() for kid in kids}
    return Shape(by_id, children, above, tuple(tops), findings)


def _reached(roots: Sequence[str], children: Mapping[str, tuple[str, ...]]) -> int:
    count, level = 0, list(roots)
    while level:
        count += len(level)
        level = list(chain.from_iterable(map(children.get, level, repeat(()))))
    return count


def _root_faults(schema: Schema[N], roots: Sequence[str], nodes: Mapping[str, N], *, forest: bool) -> Iterable[Finding]:
    if forest:
        return
    code = schema.codes + "001"
    if not roots:
        yield Finding(code, "error", "", "there is no root", f"give one node, {any_of(schema.roots)}, no parent")
    fit = [root for root in roots if nodes[root].kind in schema.roots]
    first = next(iter(fit or roots), "")
    for extra in roots:
        if extra != first:
            message = (
                f"{quoted(extra)} is a root besides {quoted(first)}; there must be one, and there are {len(roots):,}"
            )
            yield Finding(code, "error", extra, message, "give it a parent, or ask for a forest with forest=True")
    if roots and not fit and nodes[first].kind:
        message = f"a root must be {any_of(schema.roots)}, not {article(nodes[first].kind)}"
        yield Finding(code, "error", first, message, "give it a parent, or ask for a forest with forest=True")


def _unknown_parents(
    schema: Schema[N], children: Mapping[str, tuple[str, ...]], nodes: Mapping[str, N]
) -> Iterable[Finding]:
    strangers = (each for each in children.items() if each[0] not in nodes)
    for count, (parent, below) in enumerate(strangers):
        guess = did_you_mean(parent, islice(nodes, _KNOWN_COMPARED)) if count < _MOST_GUESSES else ""
        for identifier in below:
            message = f"its parent {quoted(parent)} does not exist{guess}"
            yield Finding(schema.codes + "002", "error", identifier, message, "name a node that is in the tree")


def _bad_pairs(
    schema: Schema[N], ids: Sequence[str], uppers: Sequence[type[N] | None], lowers: Sequence[type[N]]
) -> Iterable[Finding]:
    classes = {cls: kind for kind, cls in schema.kinds.items()}
    bad: dict[tuple[type[N] | None, type[N]], tuple[str, str]] = {
        (upper, lower): (classes[upper], classes[lower])
        for upper, lower in set(zip(uppers, lowers, strict=True))
        if upper in classes and lower in classes and not schema.allows(classes[upper], classes[lower])
    }
    if not bad:
        return
    for identifier, pair in zip(ids, zip(uppers, lowers, strict=True), strict=True):
        if pair in bad:
            yield pair_fault(schema, identifier, *bad[pair])


def pair_fault(schema: Schema[N], identifier: str, above: str, below: str) -> Finding:
    """Say that a node of one kind may not hang under one of another."""
    fit = [kind for kind, allowed in schema.children.items() if below in allowed]
    message = f"{article(below)} may not hang under {article(above)}"
    hint = f"put it under {any_of(fit)}" if fit else f"{article(below)} hangs under nothing"
    return Finding(schema.codes + "007", "error", identifier, message, hint)


def _cycles(schema: Schema[N], parents: Mapping[str, str | None]) -> Iterable[Finding]:
    for cycle in cycles_in(parents):
        for identifier in cycle:
            others = f"in a circle of {len(cycle):,} nodes" if len(cycle) > 1 else "by being its own parent"
            message = f"{quoted(identifier)} is its own ancestor, {others}"
            yield Finding(schema.codes + "004", "error", identifier, message, "give one of them another parent")
