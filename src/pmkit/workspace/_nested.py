"""Lists inside rows: looks, evidence, names. What tells their members apart, for `diff` and `merge`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from pmkit.model import Evidence
from pmkit.trees import FieldChange
from pmkit.workspace._records import Look

__all__ = ["Clash", "merged_list", "merged_order", "named_members", "parts"]


@attrs.frozen
class Clash:
    """A member of a list that the two sides did different things to."""

    name: str
    base: object
    ours: object
    theirs: object


def named_members(members: tuple[object, ...]) -> dict[str, object] | None:
    """Name the members of a list by what tells them apart, the second of a name by its number.

    Returns
    -------
    dict or None
        None when nothing is known that tells such members apart: then the list is one value.
    """
    named: dict[str, object] = {}
    for member in members:
        name = _name(member)
        if name is None:
            return None
        number = 1
        unique = name
        while unique in named:
            number += 1
            unique = f"{name}, number {number}"
        named[unique] = member
    return named


def _name(member: object) -> str | None:
    if isinstance(member, str):
        return member
    if isinstance(member, Look):
        units = max((cell.n for cells in member.counts.values() for cell in cells.values()), default=0)
        return f"look of {member.date}" if member.date else f"look at {units:,} units"
    if isinstance(member, Evidence):
        who = " ".join(filter(None, (member.participant, member.source)))
        return f"{member.kind}{f' of {who}' if who else ''}{f' on {member.date}' if member.date else ''}"
    return None


def merged_list(
    base: tuple[object, ...], ours: tuple[object, ...], theirs: tuple[object, ...], *, favor: str
) -> tuple[tuple[object, ...], tuple[Clash, ...]] | None:
    """Merge three versions of a list by what tells its members apart.

    Returns
    -------
    tuple of (tuple, tuple of Clash) or None
        The merged list, in which a clash is settled for ours or the favored side, and the clashes;
        None where the members cannot be told apart.
    """
    sides = [named_members(side) for side in (base, ours, theirs)]
    if any(side is None for side in sides):
        return None
    before, mine, other = (side or {} for side in sides)
    merged: dict[str, object] = {}
    clashes: list[Clash] = []
    for name in dict.fromkeys((*mine, *other)):
        values = (before.get(name), mine.get(name), other.get(name))
        if values[1] == values[2] or values[2] == values[0]:
            kept = values[1]
        elif values[1] == values[0]:
            kept = values[2]
        else:
            clashes.append(Clash(name, *values))
            kept = values[2] if favor == "theirs" else values[1]
        if kept is not None:
            merged[name] = kept
    order = merged_order(tuple(before), tuple(mine), tuple(other), present=frozenset(merged))
    members = tuple(merged[name] for name in order)
    return (_oldest_first(members) if _in_time(ours) and _in_time(theirs) else members), tuple(clashes)


def _in_time(members: tuple[object, ...]) -> bool:
    return bool(members) and _oldest_first(members) == members and all(_day(member) for member in members)


def _oldest_first(members: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(sorted(members, key=_day))


def _day(member: object) -> str:
    return str(member.date or "") if isinstance(member, Look) else ""


def merged_order(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...], *, present: frozenset[str]
) -> tuple[str, ...]:
    """Order a merged list: ours', theirs' additions after it, or theirs' where only theirs changed the order."""
    mine = [name for name in ours if name in present]
    other = [name for name in theirs if name in present]
    shared = frozenset(base) & frozenset(mine) & frozenset(other)
    orders = [[name for name in side if name in shared] for side in (base, ours, theirs)]
    if orders[1] == orders[0]:
        following = iter(orders[2])
        mine = [next(following) if name in shared else name for name in mine]
    known = frozenset(mine)
    return (*mine, *(name for name in other if name not in known))


def parts(change: FieldChange) -> Iterator[FieldChange]:
    """Take the change of a field apart: which look, which piece of evidence, which count changed."""
    old, new = change.old, change.new
    if isinstance(old, tuple) and isinstance(new, tuple) and not _texts((*old, *new)):
        before, after = named_members(old), named_members(new)
        if before is not None and after is not None and before != after:
            yield from _differences(change.field, before, after)
            return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(change.field, old, new)
        return
    yield change


def _texts(members: tuple[object, ...]) -> bool:
    """Whether members are names, which are read best as a list."""
    return all(isinstance(member, str) for member in members)


def _differences(field: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield FieldChange(f"{field}: {name}", before, after)


def _of_mappings(field: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[FieldChange]:
    for part in _differences(field, old, new):
        before, after = part.old, part.new
        if isinstance(before, Mapping) or isinstance(after, Mapping):
            inner = (side if isinstance(side, Mapping) else {} for side in (before, after))
            yield from _differences(part.field, *inner)
        else:
            yield part
