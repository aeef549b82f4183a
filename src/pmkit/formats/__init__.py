"""Text formats, one module each: ``dumps`` and ``loads`` for text, ``load`` and ``save`` for product files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pmkit.formats.workspace import load, save

__all__ = ["load", "save"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        message = f"module 'pmkit.formats' has no attribute {name!r}"
        raise AttributeError(message)
    from pmkit.formats import workspace

    return getattr(workspace, name)
