"""Opportunity solution trees: typed, immutable, checked against the method, diffable and mergeable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model import EVIDENCE_KINDS, Evidence, EvidenceKind
from pmkit.model._late import late_names
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

if not TYPE_CHECKING:  # what draws: checking a tree must not load the pictures
    __getattr__, __dir__ = late_names(
        __name__, {"_picture": ("draw",), "_picture_diff": ("draw_diff",), "_terminal": ("to_rich",)}
    )
