"""Saying quickly that a tree is sound, with whole columns at a time; what may be wrong is looked at elsewhere.

A circle of nodes runs only through kinds that may hang below themselves, directly or by way of others. So only
nodes of such kinds that hang under each other are searched for one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, count, repeat
from operator import attrgetter, is_, lt
from typing import Any, cast

from pmkit.model import normalized_id
from pmkit.trees._schema import N, Schema

__all__ = ["Grouped", "cycles_in", "grouped_soundly", "is_sound"]

Grouped = tuple[dict[str, N], dict[str, tuple[str, ...]], dict[str, str], tuple[str, ...]]
"""Nodes by id, children by parent, parents by child, and roots."""

_NONE = (None, type(None))
_ID: Callable[[Any], str] = attrgetter("id")


def grouped_soundly(
    schema: Schema[N], ids: Sequence[str], nodes: Sequence[N], parents: Sequence[str | None], *, forest: bool
) -> Grouped[N] | None:
    """Group nodes under their parents, or give None where anything may be wrong.

    Keys and values are the nodes' own ids, so that no copy of their text is kept.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    ids, nodes, parents : sequences of one length
        Ids without faults of their own, and nodes that have them; None for no parent.
    forest : bool
        Whether roots are free in number and kind.

    Returns
    -------
    tuple or None
    """
    by_id = dict(zip(ids, nodes, strict=True))
    find = cast("Callable[[str | None], N | None]", by_id.get)  # None is in no mapping, which is what we want
    uppers = list(map(find, parents))
    above = {lower: upper.id for lower, upper in zip(ids, uppers, strict=True) if upper is not None}
    roots = tuple(compress(ids, map(is_, parents, repeat(None))))
    if len(by_id) != len(ids) or len(above) + len(roots) != len(ids):
        return None
    fit = forest or (len(roots) == 1 and by_id[roots[0]].kind in schema.roots)
    if not fit or not _hang_well(schema, ids, parents, list(map(type, uppers)), list(map(type, nodes))):
        return None
    gathered: defaultdict[str, Any] = defaultdict(list)
    deque(map(list.append, map(gathered.__getitem__, above.values()), above), maxlen=0)
    for parent, below in gathered.items():
        gathered[parent] = tuple(below)
    return by_id, dict(gathered), above, roots


def is_sound(
    schema: Schema[N], nodes: Sequence[N], parents: Mapping[str, str] | Mapping[str, str | None], *, forest: bool
) -> bool:
    """Say quickly that nothing is wrong with nodes and their parents; False where anything may be.

    Parameters
    ----------
    schema : Schema
        What may hang where.
    nodes : sequence of Node
        Nodes of the schema's kinds, whose ids were checked when they were made.
    parents : mapping of str to str
        The parent's id by the node's id.
    forest : bool
        Whether roots are free in number and kind.

    Returns
    -------
    bool
    """
    names = list(map(_ID, nodes))
    kinds: dict[str | None, type[N]] = {}
    kinds.update(zip(names, map(type, nodes), strict=True))
    if not "".join(names).isascii() and len(set(map(normalized_id, names))) != len(names):
        return False
    ids, above = list(parents), list(parents.values())
    lowers, uppers = list(map(kinds.get, ids)), list(map(kinds.get, above))
    if len(kinds) != len(nodes) or not all(lowers) or not all(uppers):  # a class is true, and None is not
        return False
    if not forest:
        roots = len(kinds) - len(parents)
        if roots != 1 or next(cls.kind for lower, cls in kinds.items() if lower not in parents) not in schema.roots:
            return False
    return _hang_well(schema, ids, above, uppers, lowers)


def _hang_well(
    schema: Schema[N],
    ids: Sequence[str],
    parents: Sequence[str | None],
    uppers: Sequence[type | None],
    lowers: Sequence[type | None],
) -> bool:
    """Say that each node hangs under one of a class that allows it, and that none hangs below itself."""
    allowed = {
        (schema.kinds[upper], schema.kinds[lower]) for upper, kinds in schema.children.items() for lower in kinds
    }
    pairs = {(upper, lower) for upper, lower in set(zip(uppers, lowers, strict=True)) if upper not in _NONE}
    if not pairs <= allowed:
        return False
    chosen = ids, parents
    if not _turn_back(pairs):
        alike = list(map(is_, uppers, lowers))
        chosen = list(compress(ids, alike)), list(compress(parents, alike))
    places: dict[str | None, int] = dict(zip(chosen[0], count()))
    place: Callable[[str | None, int], int] = places.get
    come_first = map(lt, map(place, chosen[1], repeat(-1)), count())
    return all(come_first) or not cycles_in(dict(zip(*chosen, strict=True)))


def _turn_back(pairs: Iterable[tuple[object, object]]) -> bool:
    """Say whether a way from kind to other kinds leads back to where it began."""
    left = {(upper, lower) for upper, lower in pairs if upper is not lower}
    while left:
        tops = {upper for upper, _ in left} - {lower for _, lower in left}
        if not tops:
            return True
        left = {(upper, lower) for upper, lower in left if upper not in tops}
    return False


def cycles_in(parents: Mapping[str, str | None]) -> list[list[str]]:
    """Find every circle of parents, each from its first member on, in the mapping's order."""
    done: set[str] = set()
    cycles: list[list[str]] = []
    for start in parents:
        trail: dict[str, None] = {}
        current: str | None = start
        while current is not None and current not in done and current not in trail:
            trail[current] = None
            current = parents.get(current)
        if current is not None and current in trail:
            walked = list(trail)
            cycles.append(walked[walked.index(current) :])
        done.update(trail)
    return cycles
