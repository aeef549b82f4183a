"""The engine: immutable, ordered, typed trees with stable ids."""

from __future__ import annotations

from pmkit.trees._apply import apply
from pmkit.trees._build import find_faults, new
from pmkit.trees._diff import Changed, FieldChange, Moved, Placed, Reordered, TreeDiff, diff, invert
from pmkit.trees._draft import Draft
from pmkit.trees._edits import add, edit, graft, link, move, remove, reorder, replace, unlink
from pmkit.trees._merge import Conflict, ConflictKind, Merge, merge
from pmkit.trees._networkx import from_networkx, to_networkx
from pmkit.trees._queries import (
    Order,
    ancestors,
    children,
    depth,
    descendants,
    leaves,
    parent,
    path,
    rollup,
    roots,
    select,
    subtree,
    walk,
)
from pmkit.trees._records import from_records, to_records
from pmkit.trees._schema import Node, Schema
from pmkit.trees._tree import Link, Tree

__all__ = [
    "Changed",
    "Conflict",
    "ConflictKind",
    "Draft",
    "FieldChange",
    "Link",
    "Merge",
    "Moved",
    "Node",
    "Order",
    "Placed",
    "Reordered",
    "Schema",
    "Tree",
    "TreeDiff",
    "add",
    "ancestors",
    "apply",
    "children",
    "depth",
    "descendants",
    "diff",
    "edit",
    "find_faults",
    "from_networkx",
    "from_records",
    "graft",
    "invert",
    "leaves",
    "link",
    "merge",
    "move",
    "new",
    "parent",
    "path",
    "remove",
    "reorder",
    "replace",
    "rollup",
    "roots",
    "select",
    "subtree",
    "to_networkx",
    "to_records",
    "unlink",
    "walk",
]
