"""Opportunity solution trees: typed, immutable, checked against the method, diffable and mergeable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model import EVIDENCE_KINDS, Evidence, EvidenceKind
from pmkit.ost._backing import Backing, BranchBacking, backing
from pmkit.ost._check import Profile, check
from pmkit.ost._compare import ComparedOpportunity, Comparison, WeightedComparison, compare
from pmkit.ost._coverage import Coverage, CoverageGap, coverage
from pmkit.ost._criterion import Criterion
from pmkit.ost._nodes import (
    Assumption,
    AssumptionTest,
    Category,
    Level,
    Need,
    Opportunity,
    OstNode,
    Outcome,
    Solution,
    SolutionStatus,
    TestStatus,
    Verdict,
)
from pmkit.ost._queue import QueuedTest, TestQueue, test_queue
from pmkit.ost._risks import Chances, Risk, Risks, SolutionChance, chances, riskiest
from pmkit.ost._schema import SCHEMA, OstTree, from_networkx, from_records, new
from pmkit.ost._target import choose_target, target
from pmkit.ost._timeline import Event, EventKind, Step, Timeline, timeline
from pmkit.ost.rules import RULES
from pmkit.trees import (
    Changed,
    Conflict,
    ConflictKind,
    Draft,
    FieldChange,
    Link,
    Merge,
    Moved,
    Order,
    Placed,
    Reordered,
    Tree,
    TreeDiff,
    add,
    ancestors,
    apply,
    children,
    depth,
    descendants,
    diff,
    edit,
    graft,
    invert,
    leaves,
    link,
    merge,
    move,
    parent,
    path,
    remove,
    reorder,
    replace,
    rollup,
    roots,
    select,
    subtree,
    to_networkx,
    to_records,
    unlink,
    walk,
)

if TYPE_CHECKING:
    from pmkit.ost._picture import draw
    from pmkit.ost._picture_diff import draw_diff
    from pmkit.ost._terminal import to_rich

__all__ = [
    "EVIDENCE_KINDS",
    "RULES",
    "SCHEMA",
    "Assumption",
    "AssumptionTest",
    "Backing",
    "BranchBacking",
    "Category",
    "Chances",
    "Changed",
    "ComparedOpportunity",
    "Comparison",
    "Conflict",
    "ConflictKind",
    "Coverage",
    "CoverageGap",
    "Criterion",
    "Draft",
    "Event",
    "EventKind",
    "Evidence",
    "EvidenceKind",
    "FieldChange",
    "Level",
    "Link",
    "Merge",
    "Moved",
    "Need",
    "Opportunity",
    "Order",
    "OstNode",
    "OstTree",
    "Outcome",
    "Placed",
    "Profile",
    "QueuedTest",
    "Reordered",
    "Risk",
    "Risks",
    "Solution",
    "SolutionChance",
    "SolutionStatus",
    "Step",
    "TestQueue",
    "TestStatus",
    "Timeline",
    "Tree",
    "TreeDiff",
    "Verdict",
    "WeightedComparison",
    "add",
    "ancestors",
    "apply",
    "backing",
    "chances",
    "check",
    "children",
    "choose_target",
    "compare",
    "coverage",
    "depth",
    "descendants",
    "diff",
    "draw",
    "draw_diff",
    "edit",
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
    "riskiest",
    "rollup",
    "roots",
    "select",
    "subtree",
    "target",
    "test_queue",
    "timeline",
    "to_networkx",
    "to_records",
    "to_rich",
    "unlink",
    "walk",
]

_DRAWN = {"draw": "_picture", "draw_diff": "_picture_diff", "to_rich": "_terminal"}
"""What draws comes from these modules on first use: checking a tree must not load the pictures."""


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _DRAWN:
        message = f"module 'pmkit.ost' has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(import_module(f"pmkit.ost.{_DRAWN[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
