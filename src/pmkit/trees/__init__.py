"""The engine: immutable, ordered, typed trees with stable ids."""

from __future__ import annotations

from pmkit.trees._build import new
from pmkit.trees._draft import Draft
from pmkit.trees._edits import add, edit, graft, link, move, remove, reorder, replace, unlink
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
    "Draft",
    "Link",
    "Node",
    "Order",
    "Schema",
    "Tree",
    "add",
    "ancestors",
    "children",
    "depth",
    "descendants",
    "edit",
    "from_records",
    "graft",
    "leaves",
    "link",
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
    "to_records",
    "unlink",
    "walk",
]
