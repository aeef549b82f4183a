"""The parts of a unit whose moments are kept together: value, denominator, covariates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations_with_replacement
from typing import Literal, cast

import numpy as np

from pmkit.model import did_you_mean, quoted
from pmkit.stats._arrays import FloatArray, Inputs

__all__ = ["PARTS", "Part", "checked_parts", "read_parts"]

Part = Literal["value", "denominator", "covariate", "covariate_denominator"]
PARTS: tuple[Part, ...] = ("value", "denominator", "covariate", "covariate_denominator")

Named = tuple[str, object]


def checked_parts(inputs: Inputs, names: Collection[str]) -> tuple[Part, ...]:
    """Put parts in their order; a covariate's denominator goes with a covariate and a denominator."""
    if "covariate_denominator" in names and not {"denominator", "covariate"} <= set(names):
        inputs.problems.append("a covariate_denominator needs a denominator and a covariate beside it")
    return tuple(part for part in PARTS if part in names)


def read_parts(
    inputs: Inputs, first: Named, second: Named, further: Named, pairs: Named
) -> tuple[tuple[Part, ...], list[FloatArray], list[list[FloatArray]]]:
    """Read first and second moments of the value and of further parts given as mappings.

    Each argument is a name, for messages, and what was given under it. Returns the parts, one
    array a part, and a symmetric square of arrays.
    """
    names = _mapping(inputs, further)
    products = _mapping(inputs, pairs)
    known = PARTS[1:]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) if isinstance(name, str) else ""
            inputs.problems.append(f"{further[0]} has no part {quoted(name)}; there are {', '.join(known)}{hint}")
    parts = checked_parts(inputs, ["value", *(cast("str", name) for name in names if name in known)])
    centers = [inputs.number(first[0], first[1])]
    centers += [inputs.number(f"{further[0]}[{part!r}]", names[part]) for part in parts[1:]]
    square: dict[tuple[int, int], FloatArray] = {(0, 0): inputs.number(second[0], second[1], lower=0)}
    wanted = [pair for pair in combinations_with_replacement(range(len(parts)), 2) if pair != (0, 0)]
    named = {frozenset((parts[i], parts[j])): (i, j) for i, j in wanted}
    for key, value in products.items():
        pair = named.get(frozenset(key)) if isinstance(key, tuple) and len(key) == 2 else None  # noqa: PLR2004 - a pair
        if pair is None:
            inputs.problems.append(
                f"{pairs[0]} has no use for {quoted(key)}; a key is a pair of parts, such as ('value', 'covariate')"
            )
            continue
        lower = 0.0 if pair[0] == pair[1] else -np.inf
        square[pair] = inputs.number(f"{pairs[0]}[{key!r}]", value, lower=lower)
    for i, j in wanted:
        if (i, j) not in square:
            inputs.problems.append(f"{pairs[0]} lacks ({parts[i]!r}, {parts[j]!r})")
    inputs.done()
    size = len(parts)
    return parts, centers, [[square[min(i, j), max(i, j)] for j in range(size)] for i in range(size)]


def _mapping(inputs: Inputs, given: Named) -> Mapping[object, object]:
    name, value = given
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        inputs.problems.append(f"{name} must be a mapping of parts, not {quoted(value, 60)}")
        return {}
    return value
