"""Strongly connected components and reachability, without recursion and without a dense matrix."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pmkit.conway._arrays import Integers

__all__ = ["adjacency", "reach_counts", "strong_components"]


def adjacency(count: int, source: Integers, target: Integers) -> list[list[int]]:
    """Return the targets of each node."""
    import numpy as np

    order = np.argsort(source, kind="stable")
    starts = np.searchsorted(source[order], np.arange(count + 1)).tolist()
    targets: list[int] = target[order].tolist()
    return [targets[start:end] for start, end in itertools.pairwise(starts)]


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
            for other in rest:
                if not order[other]:
                    clock += 1
                    order[other] = low[other] = clock
                    waiting.append(other)
                    path.append((other, iter(following[other])))
                    break
                low[node] = min(low[node], order[other])
            else:
                path.pop()
                if path and low[path[-1][0]] > low[node]:
                    low[path[-1][0]] = low[node]
                if low[node] == order[node]:
                    group: list[int] = []
                    while True:
                        member = waiting.pop()
                        order[member] = settled
                        group.append(member)
                        if member == node:
                            break
                    groups.append(group)
    return groups


def reach_counts(following: Sequence[Sequence[int]], groups: Sequence[Sequence[int]]) -> list[int]:
    """Count for each group the nodes that it reaches, its own included.

    The sets are whole numbers with a bit for each node, those of a group side by side; a set is dropped
    as soon as every group that points to it has taken it in.
    """
    group_of = [0] * len(following)
    for number, group in enumerate(groups):
        for node in group:
            group_of[node] = number
    nexts: list[set[int]] = []
    pending = [0] * len(groups)
    for number, group in enumerate(groups):
        onward = set(map(group_of.__getitem__, following[group[0]]))
        for node in group[1:]:
            onward.update(map(group_of.__getitem__, following[node]))
        onward.discard(number)
        nexts.append(onward)
        for other in onward:
            pending[other] += 1
    reached: list[int] = [0] * len(groups)
    counts: list[int] = []
    shift = 0
    for number, group in enumerate(groups):
        bits = ((1 << len(group)) - 1) << shift
        shift += len(group)
        for other in nexts[number]:
            bits |= reached[other]
            pending[other] -= 1
            if not pending[other]:
                reached[other] = 0
        counts.append(bits.bit_count())
        if pending[number]:
            reached[number] = bits
    return counts
