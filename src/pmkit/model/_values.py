"""What every value of pmkit shares: deep immutability that survives copies and pickles."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Value", "frozen_mapping"]

K = TypeVar("K")
V = TypeVar("V")


def frozen_mapping(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """Copy a mapping into one that cannot be changed.

    Parameters
    ----------
    mapping : mapping
        Any mapping; later changes to it are not seen.

    Returns
    -------
    mapping
        A read-only view of an own copy.

    Examples
    --------
    >>> frozen_mapping({"a": 1})["a"]
    1
    """
    return MappingProxyType(mapping.copy() if isinstance(mapping, (dict, MappingProxyType)) else {**mapping})


def _thawed(value: object) -> object:
    """Make of a frozen mapping, and of those inside it, what can be pickled."""
    if isinstance(value, MappingProxyType):
        return {key: _thawed(member) for key, member in value.items()}
    if isinstance(value, tuple) and any(isinstance(member, (MappingProxyType, tuple)) for member in value):
        return tuple(map(_thawed, value)) if type(value) is tuple else value
    return value


def _rebuilt(cls: Callable[..., object], arguments: dict[str, object]) -> object:
    return cls(**arguments)


class Value:
    """Parent of values that hold mappings: pickle and deepcopy build them anew, through their validators.

    Examples
    --------
    >>> import copy
    >>> @attrs.frozen
    ... class Weights(Value):
    ...     by_id: Mapping[str, float] = attrs.field(converter=frozen_mapping)
    >>> copy.deepcopy(Weights({"a": 1.0})) == Weights({"a": 1.0})
    True
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        fields = attrs.fields(type(self))  # type: ignore[arg-type]  # every subclass is an attrs class
        arguments = {field.alias: _thawed(getattr(self, field.name)) for field in fields if field.init}
        return _rebuilt, (type(self), arguments)
