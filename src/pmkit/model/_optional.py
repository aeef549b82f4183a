"""Libraries that a user may or may not have."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pmkit.errors import MissingDependencyError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["require"]


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Import an optional library, or say exactly how to get it.

    Parameters
    ----------
    module : str
        The module to import, such as ``"matplotlib.figure"``.
    extra : str
        The extra of pmkit-core that brings it.
    purpose : str
        What it is needed for, as the beginning of the message: ``"drawing charts"``.

    Returns
    -------
    module

    Raises
    ------
    MissingDependencyError
        When it is not installed; the message holds the install line.

    Examples
    --------
    >>> require("json", extra="charts", purpose="drawing charts").__name__
    'json'
    >>> require("no_such_thing", extra="charts", purpose="drawing charts")
    Traceback (most recent call last):
    pmkit.errors.MissingDependencyError: drawing charts needs no_such_thing: pip install "pmkit-core[charts]"
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != top:
            raise
        message = f'{purpose} needs {top}: pip install "pmkit-core[{extra}]"'
        raise MissingDependencyError(message, name=top) from None
