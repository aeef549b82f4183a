"""What a format that cannot hold everything leaves out."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs

from pmkit import ost

__all__ = ["Dropped", "left_out"]


@attrs.frozen
class Dropped:
    """One field of one node that a format cannot hold.

    Attributes
    ----------
    subject : str
        The node's id.
    field : str
        The field's name; ``"id"`` when the format gives the node another name.

    Examples
    --------
    >>> Dropped("row", "status").field
    'status'
    """

    subject: str
    field: str


def left_out(
    tree: ost.OstTree, *, kept: Collection[str], holds_id: Callable[[str], bool] = lambda _: True
) -> tuple[Dropped, ...]:
    """List what a format that keeps some fields drops of a tree."""
    always = {"id", "kind", "title", "parent", *kept}
    found: list[Dropped] = []
    for record in ost.to_records(tree):
        identifier = str(record["id"])
        if not holds_id(identifier):
            found.append(Dropped(identifier, "id"))
        found.extend(Dropped(identifier, name) for name in record if name not in always)
    return tuple(found)
