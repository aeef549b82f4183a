"""Questions to a whole tree: the target, what is missing, what is riskiest, who stands behind it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, Value, frozen_mapping, quoted, unknown_id
from pmkit.ost._facts import (
    below,
    is_leaf,
    of_kind,
    outcome_above,
    risk,
    solutions_for,
    sources,
    trials_of,
    verdict_on,
)
from pmkit.ost._nodes import Assumption, Opportunity, Outcome, Solution
from pmkit.ost._schema import OstTree
from pmkit.trees import edit, walk

__all__ = [
    "Backing",
    "BranchBacking",
    "Chances",
    "Coverage",
    "CoverageGap",
    "Risk",
    "Risks",
    "SolutionChance",
    "backing",
    "chances",
    "choose_target",
    "coverage",
    "riskiest",
    "target",
]


def opportunity_at(tree: OstTree, identifier: str) -> Opportunity:
    """Return an opportunity by its id, or say what it is instead."""
    node = tree[identifier]
    if not isinstance(node, Opportunity):
        raise InvalidValueError(f"{quoted(identifier)} is of kind {node.kind}, not an opportunity")
    return node


def target(tree: OstTree, outcome: str | None = None) -> Opportunity | None:
    """Return the opportunity that is worked on now.

    Parameters
    ----------
    tree : Tree
    outcome : str or None
        Only look below the outcome with this id.

    Returns
    -------
    Opportunity or None
        The first one marked, in the tree's order; None when none is. OST107 reports a second one.

    Raises
    ------
    UnknownIdError
        When no node has the id `outcome`.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> ost.target(tree).id
    'find'
    """
    marked = (node for node in walk(tree, outcome) if isinstance(node, Opportunity) and node.target)
    return next(marked, None)


def choose_target(tree: OstTree, opportunity: str) -> OstTree:
    """Mark one opportunity as the target, and unmark the others under the same product outcome.

    Parameters
    ----------
    tree : Tree
    opportunity : str
        Its id. A leaf is meant; OST107 reports another.

    Returns
    -------
    Tree

    Raises
    ------
    UnknownIdError
        When no node has the id.
    InvalidValueError
        When the node is no opportunity.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", target=True), parent="watch")
    >>> tree = ost.add(tree, ost.Opportunity(id="agree", title="We never agree on one"), parent="watch")
    >>> ost.target(ost.choose_target(tree, "agree")).id
    'agree'
    """
    opportunity_at(tree, opportunity)
    home = outcome_above(tree)
    changes = [
        (node.id, node.id == opportunity)
        for node in of_kind(tree, Opportunity)
        if home[node.id] == home[opportunity] and node.target != (node.id == opportunity)
    ]
    if not changes:
        return tree
    with edit(tree) as draft:
        for identifier, marked in changes:
            draft.replace(identifier, target=marked)
    return draft.tree


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
    live = _live(tree)
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


def _live(tree: OstTree) -> list[Solution]:
    return [node for node in of_kind(tree, Solution) if node.status not in {"shipped", "dropped"}]


@attrs.frozen(kw_only=True)
class Risk:
    """One open assumption and what is known about it.

    Attributes
    ----------
    assumption, title, solution : str
        Its id and title, and the id of the solution that rests on it.
    risk : float
        Importance times (1 - probability), in [0, 1]; unknown counts as 1 and as ½.
    importance, probability : float or None
        As the assumption says.
    sources : int
        Distinct participants and sources behind it.
    tests : int
        Tests of it, or of its solution as a whole, in any status.

    Examples
    --------
    >>> Risk(assumption="look", title="Viewers look", solution="row", risk=0.5, importance=None, probability=None,
    ...     sources=0, tests=0).risk
    0.5
    """

    assumption: str
    title: str
    solution: str
    risk: float
    importance: float | None
    probability: float | None
    sources: int
    tests: int


@attrs.frozen(kw_only=True)
class Risks(Table):
    """Open assumptions, the riskiest first.

    Attributes
    ----------
    ranked : tuple of Risk

    Examples
    --------
    >>> Risks(ranked=()).to_dicts()
    []
    """

    ranked: tuple[Risk, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each assumption, the riskiest first."""
        return [attrs.asdict(each) for each in self.ranked]


def riskiest(tree: OstTree, *, solution: str | None = None) -> Risks:
    """Rank the open assumptions: the most important with the weakest evidence first.

    Open means that no test has supported or refuted it; assumptions of shipped and
    dropped solutions are left out. Ranked by importance times (1 - probability), then by how
    few sources stand behind it, then by the tree's order: a ranking of what to test, no
    measure of anything.

    Parameters
    ----------
    tree : Tree
    solution : str or None
        Only the assumptions of the solution with this id.

    Returns
    -------
    Risks

    Raises
    ------
    UnknownIdError
        When no node has the id `solution`.

    Notes
    -----
    Torres (2021), ch. 9, maps assumptions by importance and strength of evidence.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Solution(id="row", title="A row of three"), forest=True)
    >>> tree = ost.add(tree, ost.Assumption(id="look", title="Viewers look", probability=0.6), parent="row")
    >>> tree = ost.add(tree, ost.Assumption(id="data", title="We know what is similar", probability=0.9), parent="row")
    >>> [risk.assumption for risk in ost.riskiest(tree).ranked]
    ['look', 'data']
    """
    if solution is not None:
        tree[solution]
    tests = trials_of(tree)
    found = [
        Risk(
            assumption=each.id,
            title=each.title,
            solution=at.id,
            risk=risk(each),
            importance=each.importance,
            probability=each.probability,
            sources=len(sources(each.evidence)),
            tests=len({test.id for test in (*tests.get(each.id, ()), *tests.get(at.id, ()))}),
        )
        for at in _live(tree)
        if solution in (None, at.id)
        for each in below(tree, at.id, Assumption)
        if not verdict_on(tests.get(each.id, ()))
    ]
    return Risks(ranked=tuple(sorted(found, key=lambda each: (-each.risk, each.sources))))


@attrs.frozen(kw_only=True)
class SolutionChance:
    """The chance that everything a solution rests on holds, with how much that is.

    Attributes
    ----------
    solution, title : str
    chance : float or Undefined
        The product of the listed assumptions' probabilities.
    listed : int
        How many assumptions are listed. What is not listed counts as certain, so a short
        list makes a high chance.
    without_probability : tuple of str
        The ids of listed assumptions that have no probability.

    Examples
    --------
    >>> print(SolutionChance(solution="row", title="A row", chance=0.17, listed=8, without_probability=()))
    0.17 if its 8 listed assumptions are all there are
    """

    solution: str
    title: str
    chance: float | Undefined
    listed: int
    without_probability: tuple[str, ...]

    def __str__(self) -> str:
        if isinstance(self.chance, Undefined):
            return str(self.chance)
        count = (
            "its one listed assumption is all there is"
            if self.listed == 1
            else f"its {self.listed:,} listed assumptions are all there are"
        )
        return f"{self.chance:.2g} if {count}"


@attrs.frozen(kw_only=True)
class Chances(Table):
    """The chance of every open solution, in the tree's order.

    Attributes
    ----------
    solutions : tuple of SolutionChance

    Examples
    --------
    >>> Chances(solutions=()).to_dicts()
    []
    """

    solutions: tuple[SolutionChance, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each solution."""
        return [
            {
                "solution": each.solution,
                "title": each.title,
                "chance": each.chance,
                "listed": each.listed,
                "without_probability": each.without_probability,
            }
            for each in self.solutions
        ]


def chances(tree: OstTree) -> Chances:
    """Give for each open solution the chance that all its listed assumptions hold.

    Assumptions are taken as independent. Eight honest ones of 0.8 make 0.17 and two make
    0.64: the number says as much about the list as about the solution, so both are given.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    Chances
        Undefined where nothing is listed or a probability is missing.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Solution(id="row", title="A row of three"), forest=True)
    >>> tree = ost.add(tree, ost.Assumption(id="look", title="Viewers look", probability=0.6), parent="row")
    >>> print(ost.chances(tree).solutions[0])
    0.6 if its one listed assumption is all there is
    """
    return Chances(solutions=tuple(_chance(node, below(tree, node.id, Assumption)) for node in _live(tree)))


def _chance(node: Solution, assumptions: list[Assumption]) -> SolutionChance:
    known = [each.probability for each in assumptions if each.probability is not None]
    unknown = tuple(each.id for each in assumptions if each.probability is None)
    chance: float | Undefined = math.prod(known)
    if not assumptions:
        chance = Undefined("no data")
    elif unknown:
        chance = Undefined("a needed number is missing")
    return SolutionChance(
        solution=node.id, title=node.title, chance=chance, listed=len(assumptions), without_probability=unknown
    )


@attrs.frozen(kw_only=True)
class BranchBacking:
    """Who and what stands behind a branch, each counted once.

    Attributes
    ----------
    own : int
        Distinct participants and sources behind the node itself.
    participants : int
        Distinct participants behind the node and everything below it.
    others : int
        Distinct sources without a participant, such as a dashboard; evidence that names
        neither counts as one.
    pieces : int
        Pieces of evidence in the branch, repetitions counted.
    latest : date or None
        The day of the latest dated piece.

    Examples
    --------
    >>> BranchBacking(own=1, participants=3, others=1, pieces=9, latest=None).sources
    4
    """

    own: int
    participants: int
    others: int
    pieces: int
    latest: dt.date | None

    @property
    def sources(self) -> int:
        """Distinct participants and sources behind the branch."""
        return self.participants + self.others


def _frozen_branches(branches: Mapping[str, BranchBacking]) -> Mapping[str, BranchBacking]:
    return frozen_mapping(branches)


@attrs.frozen(kw_only=True)
class Backing(Value, Table):
    """The evidence behind every outcome and opportunity, rolled up.

    Attributes
    ----------
    branches : mapping of str to BranchBacking
        By id, in the tree's order.

    Examples
    --------
    >>> Backing(branches={}).to_dicts()
    []
    """

    branches: Mapping[str, BranchBacking] = attrs.field(converter=_frozen_branches)

    def __getitem__(self, identifier: str) -> BranchBacking:
        try:
            return self.branches[identifier]
        except (KeyError, TypeError):
            raise unknown_id("outcome or opportunity", identifier, self.branches) from None

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each outcome and opportunity."""
        return [
            {
                "id": identifier,
                "own": each.own,
                "sources": each.sources,
                "participants": each.participants,
                "others": each.others,
                "pieces": each.pieces,
                "latest": each.latest,
            }
            for identifier, each in self.branches.items()
        ]


def backing(tree: OstTree) -> Backing:
    """Count how many participants and sources stand behind each branch, each once.

    Someone who told the same story under three opportunities stands behind each of them,
    and once behind what they have in common. Only the evidence of opportunities counts:
    that of assumptions speaks for solutions.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    Backing

    Notes
    -----
    Sets are merged the smaller into the larger, so that the whole takes at most
    n log n steps however deep the tree is.

    Examples
    --------
    >>> from pmkit import ost
    >>> told = [ost.Evidence(kind="story", participant="p07")]
    >>> tree = ost.new(ost.Outcome(id="watch", title="Weekly minutes from 310 to 360"))
    >>> tree = ost.add(tree, ost.Opportunity(id="find", title="I can't find a film", evidence=told), parent="watch")
    >>> tree = ost.add(tree, ost.Opportunity(id="agree", title="We never agree on one", evidence=told), parent="watch")
    >>> ost.backing(tree)["watch"].participants, ost.backing(tree)["watch"].pieces
    (1, 2)
    """
    gathered: dict[str, _Gathered] = {}
    found: dict[str, BranchBacking] = {}
    for node in walk(tree, order="postorder"):
        if not isinstance(node, (Outcome, Opportunity)):
            continue
        evidence = node.evidence if isinstance(node, Opportunity) else ()
        own = sources(evidence)
        mine = _Gathered(set(), 0, len(evidence), max((e.date for e in evidence if e.date is not None), default=None))
        for child in tree.children.get(node.id, ()):
            if child in gathered:
                mine = mine.merged(gathered.pop(child))
        mine = mine.merged(_Gathered(own, sum(1 for kind, _ in own if kind == "participant"), 0, None))
        gathered[node.id] = mine
        found[node.id] = BranchBacking(
            own=len(own),
            participants=mine.participants,
            others=len(mine.names) - mine.participants,
            pieces=mine.pieces,
            latest=mine.latest,
        )
    return Backing(branches={node.id: found[node.id] for node in tree if node.id in found})


@attrs.define
class _Gathered:
    """What has been gathered of a branch so far; merging gives up both parts."""

    names: set[tuple[str, str]]
    participants: int
    pieces: int
    latest: dt.date | None

    def merged(self, other: _Gathered) -> _Gathered:
        large, small = (self, other) if len(self.names) >= len(other.names) else (other, self)
        new = small.names - large.names
        large.names |= new
        large.participants += sum(1 for kind, _ in new if kind == "participant")
        large.pieces, large.latest = large.pieces + small.pieces, _later(large.latest, small.latest)
        return large


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return max((day for day in (one, other) if day is not None), default=None)
