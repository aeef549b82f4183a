"""What a tree lacks: solutions, assumptions, tests, evidence."""

from __future__ import annotations

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined
from pmkit.ost._facts import below, is_leaf, live_solutions, of_kind, solutions_for, trials_of
from pmkit.ost._nodes import Assumption, Opportunity
from pmkit.ost._schema import OstTree

__all__ = ["Coverage", "CoverageGap", "coverage"]


@attrs.frozen(kw_only=True)
class CoverageGap:
    """What one kind of node lacks: how many of how many, and which.

    Attributes
    ----------
    kind : str
        The kind of node that is looked at.
    lacks : str
        What it has none of.
    total : int
        How many nodes were looked at.
    missing : tuple of str
        The ids of those that lack it, in the tree's order.

    Examples
    --------
    >>> CoverageGap(kind="solution", lacks="assumption", total=4, missing=("row",)).share
    0.75
    """

    kind: str
    lacks: str
    total: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float | Undefined:
        """The proportion that lacks nothing, in [0, 1]."""
        return 1 - len(self.missing) / self.total if self.total else Undefined("no data")


@attrs.frozen(kw_only=True)
class Coverage(Table):
    """What in a tree has no solution, assumption, test or evidence.

    Attributes
    ----------
    gaps : tuple of CoverageGap
        Leaf opportunities without evidence, and without a solution; open solutions without
        an assumption; their assumptions without evidence, and without a test.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> ost.coverage(tree).missing("opportunity", "solution")
    ('find',)
    """

    gaps: tuple[CoverageGap, ...]

    def missing(self, kind: str, lacks: str) -> tuple[str, ...]:
        """Return the ids of one kind of node that lack one thing."""
        for gap in self.gaps:
            if (gap.kind, gap.lacks) == (kind, lacks):
                return gap.missing
        known = ", ".join(f"{gap.kind} without {gap.lacks}" for gap in self.gaps)
        raise InvalidValueError(f"coverage does not look for {kind} without {lacks}; it looks for {known}")

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each gap."""
        return [
            {
                "kind": gap.kind,
                "lacks": gap.lacks,
                "total": gap.total,
                "missing": len(gap.missing),
                "covered": gap.share,
                "ids": gap.missing,
            }
            for gap in self.gaps
        ]


def coverage(tree: OstTree) -> Coverage:
    """Find what has no solution, no assumption, no test and no evidence.

    Leaf opportunities are looked at, solutions that are neither shipped nor dropped, and
    the assumptions of those. A test of a whole solution covers its assumptions.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    Coverage

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film"), parent="watch")
    >>> for row in ost.coverage(tree).to_dicts():
    ...     if row["total"]:
    ...         print(row["kind"], "without", row["lacks"], row["missing"], "of", row["total"])
    opportunity without evidence 1 of 1
    opportunity without solution 1 of 1
    """
    tests, solutions = trials_of(tree), solutions_for(tree)
    leaves = [node for node in of_kind(tree, Opportunity) if is_leaf(tree, node.id)]
    live = live_solutions(tree)
    assumptions = [(solution, each) for solution in live for each in below(tree, solution.id, Assumption)]

    def gap(kind: str, lacks: str, judged: list[tuple[str, bool]]) -> CoverageGap:
        missing = tuple(identifier for identifier, has in judged if not has)
        return CoverageGap(kind=kind, lacks=lacks, total=len(judged), missing=missing)

    return Coverage(
        gaps=(
            gap("opportunity", "evidence", [(node.id, bool(node.evidence)) for node in leaves]),
            gap("opportunity", "solution", [(node.id, node.id in solutions) for node in leaves]),
            gap("solution", "assumption", [(node.id, bool(below(tree, node.id, Assumption))) for node in live]),
            gap("assumption", "evidence", [(each.id, bool(each.evidence)) for _, each in assumptions]),
            gap("assumption", "test", [(each.id, each.id in tests or at.id in tests) for at, each in assumptions]),
        )
    )
