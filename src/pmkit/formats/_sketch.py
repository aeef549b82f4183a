"""From what a format holds to a tree: kinds inferred where none is given, ids made, faults told with their lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import cast

import attrs

from pmkit import ost
from pmkit.errors import Finding, InvalidTreeError, InvalidValueError, Location, ParseError
from pmkit.formats._cells import decode
from pmkit.formats._document import Problem, refuse, refused
from pmkit.formats._files import position
from pmkit.model import normalized_id

__all__ = ["ALL_KINDS", "KINDS", "Sketch", "built", "mask_of", "opened", "slug"]

KINDS: tuple[str, ...] = tuple(ost.SCHEMA.kinds)
ALL_KINDS = (1 << len(KINDS)) - 1
_UNDER = {kind: ost.SCHEMA.children.get(kind, ()) for kind in KINDS}
_PREFERRED: Mapping[str, tuple[str, ...]] = {
    "": KINDS,
    "outcome": ("opportunity", "outcome"),
    "opportunity": ("solution", "opportunity"),
    "solution": ("assumption", "test"),
    "assumption": ("test",),
    "test": ("test",),
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\w+")
_LONGEST_SLUG = 32
_ROOT = -1


def mask_of(*kinds: str) -> int:
    """Return a set of kinds as bits."""
    return sum(1 << KINDS.index(kind) for kind in kinds)


@lru_cache
def _having(name: str) -> int:
    return mask_of(*(kind for kind, cls in ost.SCHEMA.kinds.items() if name in attrs.fields_dict(cls)))


def _above(mask: int) -> int:
    """Return the kinds under which a node of one of these kinds may hang."""
    below = [kind for bit, kind in enumerate(KINDS) if mask >> bit & 1]
    return mask_of(*(kind for kind in KINDS if any(kid in _UNDER[kind] for kid in below)))


_ABOVE = tuple(_above(mask) for mask in range(ALL_KINDS + 1))


@attrs.define(eq=False)
class Sketch:
    """A node as a format gives it.

    Attributes
    ----------
    title : str
    kinds : int
        The kinds that it may be, as bits; all of them where nothing is said.
    id : str
        Empty where none is given.
    parents : tuple of int
        The position of its parent; none for the root.
    others : dict of int to None
        The positions of further parents, which no good node has.
    cells : dict of str to str
        Its fields as text.
    values : dict of str to object
        Its fields as values, where the format knows them.
    line, column : int
    places : dict of str to (int, int)
        Where its fields stand.
    stranger : str
        The id of a parent that no node has.
    """

    title: str
    kinds: int = ALL_KINDS
    id: str = ""
    parents: tuple[int, ...] = ()
    others: dict[int, None] | None = None
    cells: dict[str, str] | None = None
    values: dict[str, object] | None = None
    line: int = 0
    column: int = 0
    places: dict[str, tuple[int, int]] | None = None
    stranger: str = ""

    def hang(self, parent: int) -> None:
        """Put the node under one more parent."""
        if not self.parents:
            self.parents = (parent,)
        elif parent != self.parents[0]:
            self.others = {} if self.others is None else self.others
            self.others[parent] = None

    def keep(self, name: str, cell: str, line: int, column: int) -> None:
        """Keep one field as text, and its place; a node of no known kind is one of those that have the field."""
        self.kinds = self.kinds & _having(name) or self.kinds
        self.cells = {**(self.cells or {}), name: cell}
        self.places = {**(self.places or {}), name: (line, column)}


def opened(text: str, source: str, *, exact: bool = False) -> str:
    r"""Return a text as the readers want it: no byte order mark, line ends as ``\n`` unless wanted as they are.

    Raises
    ------
    ParseError
        When it holds half of a surrogate pair, which no file can.
    """
    found = _SURROGATE.search(text)
    if found:
        line, column = position(text, found.start())
        raise refuse(source, [Problem("the text holds half of a surrogate pair", line, column)], code="DOC001")
    text = text.removeprefix("\ufeff")
    return text if exact else text.replace("\r\n", "\n").replace("\r", "\n")


def built(
    sketches: Sequence[Sketch], source: str, *, forest: bool = False, problems: Sequence[Problem] = ()
) -> ost.OstTree:
    """Make the tree, or one error of everything that is wrong, with lines.

    Raises
    ------
    ParseError
        With the format's own problems, or with the findings OST001 to OST009.
    """
    if problems:
        raise refuse(source, problems, code="DOC001")
    kinds = _inferred(sketches)
    ids = _named(sketches, kinds)
    records: list[dict[str, object]] = []
    faults: list[Problem] = []
    for sketch, kind, identifier in zip(sketches, kinds, ids, strict=True):
        record: dict[str, object] = {"id": identifier, "kind": kind, "title": sketch.title}
        parents = sketch.parents
        if sketch.stranger:
            record["parent"] = sketch.stranger
        elif parents:
            record["parent"] = (
                [ids[parent] for parent in (*parents, *sketch.others)] if sketch.others else ids[parents[0]]
            )
        if sketch.values:
            record.update(sketch.values)
        if sketch.cells:
            faults.extend(_decoded(sketch, kind, record))
        records.append(record)
    if faults:
        raise refuse(source, faults, code="DOC002")
    try:
        return ost.from_records(records, forest=forest)
    except InvalidTreeError as error:
        raise located(error, sketches, ids, source) from None


def _decoded(sketch: Sketch, kind: str, record: dict[str, object]) -> Iterable[Problem]:
    for name, cell in (sketch.cells or {}).items():
        try:
            record[name] = decode(kind, name, cell)
        except InvalidValueError as error:
            line, column = (sketch.places or {}).get(name, (sketch.line, sketch.column))
            yield Problem(f"{name}: {error}", line, column)


def located(error: InvalidTreeError, sketches: Sequence[Sketch], ids: Sequence[str], source: str) -> ParseError:
    """Say of each fault of a tree where its node, or the named field of it, stands."""
    first: dict[str, Sketch] = {}
    last: dict[str, Sketch] = {}
    for sketch, identifier in zip(sketches, ids, strict=True):
        first.setdefault(identifier, sketch)
        last[identifier] = sketch
    findings: list[Finding] = []
    for finding in error.findings:
        homes = last if finding.code.endswith("005") else first
        sketch = homes.get(finding.subject) or (sketches[0] if sketches else Sketch("", line=1, column=1))
        places = sketch.places or {}
        named = [name for name in places if f"{name!r}" in finding.message or finding.message.startswith(f"{name} ")]
        line, column = places[named[0]] if len(named) == 1 else (sketch.line, sketch.column)
        findings.append(attrs.evolve(finding, location=Location(source, line, column)) if line else finding)
    return refused(findings, source)


def _inferred(sketches: Sequence[Sketch]) -> list[str]:
    """Choose kinds: from below what still fits over the children, from above the most usual of those."""
    order, below = _order(sketches)
    possible = [sketch.kinds for sketch in sketches]
    for index in reversed(order):
        for kid in below.get(index, ()):
            possible[index] = possible[index] & _ABOVE[possible[kid]] or possible[index]
    kinds = [""] * len(sketches)
    for index in order:
        parents = sketches[index].parents
        above = kinds[parents[0]] if parents else ""
        wanted = possible[index] if parents or not sketches[index].kinds & _BIT["outcome"] else _BIT["outcome"]
        kinds[index] = next((kind for kind in _PREFERRED[above] if wanted & _BIT[kind]), "") or _first(wanted)
    return [
        kind or _first(sketch.kinds & ~_BIT["outcome"] or sketch.kinds)
        for kind, sketch in zip(kinds, sketches, strict=True)
    ]


_BIT = {kind: 1 << bit for bit, kind in enumerate(KINDS)}


def _first(mask: int) -> str:
    return next(kind for kind in KINDS if mask & _BIT[kind])


def _order(sketches: Sequence[Sketch]) -> tuple[list[int], dict[int, list[int]]]:
    """Return every position that a root leads to, parents first, and the children of each."""
    below: dict[int, list[int]] = {}
    for index, sketch in enumerate(sketches):
        below.setdefault(sketch.parents[0] if sketch.parents else _ROOT, []).append(index)
    order: list[int] = list(below.get(_ROOT, ()))
    for index in order:
        order.extend(below.get(index, ()))
    return order, below


def _named(sketches: Sequence[Sketch], kinds: Sequence[str]) -> list[str]:
    """Give an id, made of the title, to each node that has none."""
    taken = {normalized_id(sketch.id) for sketch in sketches if sketch.id}
    ids: list[str] = []
    counts: dict[str, int] = {}
    for sketch, kind in zip(sketches, kinds, strict=True):
        identifier = sketch.id
        if not identifier:
            base = slug(sketch.title) or kind
            identifier, count = base, counts.get(base, 1)
            while normalized_id(identifier) in taken:
                count += 1
                identifier = f"{base}-{count}"
            counts[base] = count
            taken.add(normalized_id(identifier))
        ids.append(identifier)
    return ids


def slug(title: str) -> str:
    """Make an id of a title's first words.

    Parameters
    ----------
    title : str

    Returns
    -------
    str
        Empty when the title holds no letter and no digit.

    Examples
    --------
    >>> slug("I can't find something to watch")
    'i-cant-find-something-to-watch'
    """
    folded = unicodedata.normalize("NFKC", title[:200].replace("'", "").replace("\u2019", "")).casefold()
    chosen: list[str] = []
    length = 0
    for word in cast("list[str]", _WORD.findall(folded)):
        length += len(word) + 1
        if chosen and length > _LONGEST_SLUG:
            break
        chosen.append(word[:_LONGEST_SLUG])
    return "-".join(chosen)
