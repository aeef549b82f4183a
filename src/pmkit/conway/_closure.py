"""Strongly connected components and reachability, without recursion and without a dense matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

__all__ = ["reach_counts", "strong_components", "successors"]

MOST_BITS = 2**30  # of all sets together: 128 MB


def successors(count: int, source: Iterable[int], target: Iterable[int]) -> list[list[int]]:
    """Return the targets of each node."""
    following: list[list[int]] = [[] for _ in range(count)]
    for node, other in zip(source, target, strict=True):
        following[node].append(other)
    return following


def strong_components(following: Sequence[Sequence[int]]) -> list[list[int]]:
    """Find the strongly connected components, every one after those that it reaches.

    Tarjan (1972), "Depth-first search and linear graph algorithms", with a stack of iterators for the recursion.
    """
    count = len(following)
    order = [0] * count
    low = [0] * count
    settled = count + 1
    waiting: list[int] = []
    groups: list[list[int]] = []
    clock = 0
    for root in range(count):
        if order[root]:
            continue
        clock += 1
        order[root] = low[root] = clock
        waiting.append(root)
        path = [(root, iter(following[root]))]
        while path:
            node, rest = path[-1]
            least = low[node]
            for other in rest:
                seen = order[other]
                if not seen:
                    low[node] = least
                    clock += 1
                    order[other] = low[other] = clock
                    waiting.append(other)
                    path.append((other, iter(following[other])))
                    break
                if seen < least:  # noqa: PLR1730 - twice as fast as a call of min
                    least = seen
            else:
                path.pop()
                if least == order[node]:
                    group = _taken_back_to(node, waiting)
                    for member in group:
                        order[member] = settled
                    groups.append(group)
                elif low[path[-1][0]] > least:
                    low[path[-1][0]] = least
    return groups


def _taken_back_to(node: int, waiting: list[int]) -> list[int]:
    at = len(waiting) - 1
    while waiting[at] != node:
        at -= 1
    group = waiting[at:]
    del waiting[at:]
    return group


def reach_counts(following: Sequence[Sequence[int]], groups: Sequence[Sequence[int]]) -> list[int]:
    """Count for each group the nodes that it reaches, its own included.

    A set of groups is a whole number with a bit for each; a node's is that of its group. Groups must stand after those
    that they reach. Where there are too many for the memory they are counted a block at a time.
    """
    counts = [0] * len(groups)
    width = max(MOST_BITS // max(len(groups), 1), 1)
    for begin in range(0, len(groups), width):
        block = groups[begin : begin + width]
        masks = _masks(block)
        reached = [0] * len(following)
        known = reached.__getitem__
        for place, group in enumerate(groups[begin:]):
            single = len(group) == 1
            onward = following[group[0]] if single else set[int]().union(*[following[node] for node in group])
            bits = reduce(or_, map(known, onward), 1 << place if place < width else 0)
            for node in group:
                reached[node] = bits
            counts[begin + place] += bits.bit_count()
            for extra, mask in masks:
                counts[begin + place] += extra * (bits & mask).bit_count()
    return counts


def _masks(groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return for each size above 1 what it exceeds 1 by, and the set of the groups that have it."""
    members: dict[int, bytearray] = {}
    for place, group in enumerate(groups):
        if len(group) > 1:
            held = members.setdefault(len(group) - 1, bytearray(len(groups) // 8 + 1))
            held[place >> 3] |= 1 << (place & 7)
    return [(extra, int.from_bytes(held, "little")) for extra, held in members.items()]
