"""First and second moments of several parts of many groups, as arrays: how they are gathered and merged."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from pmkit.stats._arrays import FloatArray, Inputs, read_only
from pmkit.stats._doubles import product_minus, two_sum
from pmkit.stats._parts import PARTS

__all__ = ["Block", "added", "fitted", "from_rows", "from_sums", "merged", "select", "stacked", "taken"]

ROUNDING = 1e-9
RESOLUTION = 16 * np.finfo(np.float64).eps
Index = int | slice


@attrs.frozen(eq=False)
class Block:
    """k parts of groups of shape S: `n` has shape S, `means` (k, *S), `cross` (k, k, *S).

    A mean is ``means + remainders``: the remainders hold what a double rounds away.
    """

    n: FloatArray = attrs.field(converter=read_only)
    means: FloatArray = attrs.field(converter=read_only)
    remainders: FloatArray = attrs.field(converter=read_only)
    cross: FloatArray = attrs.field(converter=read_only)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Block):
            return NotImplemented
        mine, theirs = attrs.astuple(self, recurse=False), attrs.astuple(other, recurse=False)
        return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(mine, theirs, strict=True))

    __hash__ = None  # type: ignore[assignment]  # arrays do not hash


def stacked(blocks: Sequence[Block]) -> Block:
    """Put blocks of one shape side by side, along a new first axis."""
    return Block(
        np.stack([block.n for block in blocks]),
        np.stack([block.means for block in blocks], axis=1),
        np.stack([block.remainders for block in blocks], axis=1),
        np.stack([block.cross for block in blocks], axis=2),
    )


def taken(block: Block, key: tuple[Index, ...]) -> Block:
    """Index the groups."""
    every = slice(None)
    return Block(
        block.n[key],
        block.means[(every, *key)],
        block.remainders[(every, *key)],
        block.cross[(every, every, *key)],
    )


def select(block: Block, parts: Sequence[int]) -> Block:
    """Choose parts by their places, in a given order."""
    chosen = list(parts)
    if chosen == list(range(len(block.means))):
        return block
    return Block(block.n, block.means[chosen], block.remainders[chosen], block.cross[np.ix_(chosen, chosen)])


def merged(block: Block, axis: int) -> Block:
    """Add up the groups along one axis, in pairs."""
    rest = Block(
        np.moveaxis(block.n, axis, 0),
        np.moveaxis(block.means, axis + 1, 1),
        np.moveaxis(block.remainders, axis + 1, 1),
        np.moveaxis(block.cross, axis + 2, 2),
    )
    while len(rest.n) > 1:
        half = len(rest.n) // 2
        both = added(taken(rest, (slice(half),)), taken(rest, (slice(half, 2 * half),)))
        odd = taken(rest, (slice(2 * half, None),))
        rest = Block(
            np.concatenate([both.n, odd.n]),
            np.concatenate([both.means, odd.means], axis=1),
            np.concatenate([both.remainders, odd.remainders], axis=1),
            np.concatenate([both.cross, odd.cross], axis=2),
        )
    if not len(rest.n):
        shape, size = rest.n.shape[1:], len(rest.means)
        return Block(
            np.zeros(shape), np.zeros((size, *shape)), np.zeros((size, *shape)), np.zeros((size, size, *shape))
        )
    return taken(rest, (0,))


def fitted(inputs: Inputs, count: FloatArray, centers: list[FloatArray], products: list[list[FloatArray]]) -> Block:
    """Broadcast what was read; without units everything is 0."""
    size = len(centers)
    flat = inputs.together(count, *centers, *(product for row in products for product in row))
    count = flat[0]
    some = count > 0
    means = np.where(some, np.stack(flat[1 : size + 1]), 0.0)
    cross = np.where(some, np.stack(flat[size + 1 :]).reshape(size, size, *count.shape), 0.0)
    return Block(count, means, np.zeros_like(means), cross)


def from_rows(rows: list[FloatArray]) -> Block:
    """Take count, means and centered products of rows, along the last axis, about a pivot of each row's own."""
    shape = rows[0].shape[:-1]
    size, units = len(rows), rows[0].shape[-1]
    count = np.full(shape, float(units))
    means, remainders = np.zeros((size, *shape)), np.zeros((size, *shape))
    cross = np.zeros((size, size, *shape))
    if not units:
        return Block(count, means, remainders, cross)
    deviations = []
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for index, row in enumerate(rows):
            pivot = row.mean(axis=-1)
            if not np.isfinite(pivot).all():
                pivot = (row / units).sum(axis=-1)
            pivot = np.where(row.min(axis=-1) == row.max(axis=-1), row[..., 0], pivot)
            deviation = row - pivot[..., None]
            shift = deviation.mean(axis=-1)
            means[index], remainders[index] = two_sum(pivot, shift)
            deviations.append(deviation - shift[..., None])
        for first in range(size):
            for second in range(first, size):
                left, right = deviations[first], deviations[second]
                product = (left * right).sum(axis=-1) - left.sum(axis=-1) * right.sum(axis=-1) / units
                cross[first, second] = cross[second, first] = np.maximum(product, 0) if first == second else product
    return Block(count, means, remainders, cross)


def from_sums(
    inputs: Inputs,
    count: FloatArray,
    centers: list[FloatArray],
    sums: list[FloatArray],
    squares: list[list[FloatArray]],
) -> Block:
    """Take count, means and centered products out of sums about given centers; refuse sums that contradict."""
    size = len(sums)
    flat = inputs.together(count, *centers, *sums, *(product for row in squares for product in row))
    count, pivots, totals = flat[0], np.stack(flat[1 : size + 1]), np.stack(flat[size + 1 : 2 * size + 1])
    products = np.stack(flat[2 * size + 1 :]).reshape(size, size, *count.shape)
    some = count > 0
    safe = np.where(some, count, 1.0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        shifts = totals / safe
        slips = product_minus(-shifts, safe, -totals) / safe
        means, remainders = two_sum(pivots, shifts)
        remainders = remainders + slips
        cross = np.stack(
            [[product_minus(shifts[i], totals[j], products[i, j]) for j in range(size)] for i in range(size)]
        )
        cross = 0.5 * (cross + np.swapaxes(cross, 0, 1))
        for index in range(size):
            m2, square = cross[index, index], products[index, index]
            good = ~some | ~np.isfinite(m2) | (m2 >= -ROUNDING * square)
            inputs.require(
                good,
                f"the sums of {PARTS[index] if size > 1 else 'the value'} contradict each other: "
                "the sum of squares is below total**2 / n",
            )
            cross[index, index] = np.where(m2 <= RESOLUTION * square, 0.0, m2)
    inputs.done()
    return Block(count, *(np.where(some, field, 0.0) for field in (means, remainders, cross)))


def added(a: Block, b: Block) -> Block:
    """Merge by Chan's formulas, with means of twice the digits."""
    count = a.n + b.n
    safe = np.where(count > 0, count, 1.0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        delta = (b.means - a.means) + (b.remainders - a.remainders)
        high, low = two_sum(a.means, delta * (b.n / safe))
        high, low = two_sum(high, low + a.remainders)
        cross = a.cross + b.cross + delta[:, None] * delta[None, :] * (a.n * (b.n / safe))
    first, second = b.n == 0, a.n == 0
    high = np.where(first, a.means, np.where(second, b.means, high))
    low = np.where(first, a.remainders, np.where(second, b.remainders, low))
    cross = np.where(first, a.cross, np.where(second, b.cross, cross))
    return Block(count, high, low, cross)
