"""Packages whose names are loaded when they are asked for, so that a user pays for what is used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

__all__ = ["late_names"]


def late_names(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make a package's ``__getattr__`` and ``__dir__``, which load its modules on first use.

    Type checkers read the same names from imports under ``TYPE_CHECKING``.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    homes : mapping of str to tuple of str
        The public names by the module in which they are defined; ``"old as new"`` where the
        package calls one of them otherwise.

    Returns
    -------
    tuple of two functions

    Examples
    --------
    >>> load, names = late_names("pmkit.model", {"_text": ("quoted",)})
    >>> load("quoted")("a film")
    "'a film'"
    """
    found = {
        public: (module, own)
        for module, names in homes.items()
        for own, _, other in (name.partition(" as ") for name in names)
        for public in [other or own]
    }

    def load(name: str) -> object:
        from importlib import import_module

        if name in homes:
            return import_module(f"{package}.{name}")
        if name not in found:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        module, own = found[name]
        value: object = getattr(import_module(f"{package}.{module}"), own)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *found})

    return load, names
