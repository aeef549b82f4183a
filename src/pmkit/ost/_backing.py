"""How many distinct people and sources stand behind each branch of a tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from pmkit.model import Table, Value, frozen_mapping, unknown_id
from pmkit.ost._facts import sources
from pmkit.ost._nodes import Opportunity, Outcome
from pmkit.ost._schema import OstTree
from pmkit.trees import walk

__all__ = ["Backing", "BranchBacking", "backing"]


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
