"""OST001 to OST009: what makes a tree a tree.

These faults are found when a tree is built, all at once, and refused as one
`InvalidTreeError`; a tree that exists has none of them. The rules stand here so that
their codes are explained like all others.
"""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.ost._schema import OstTree

__all__ = ["STRUCTURE"]

PROFILES = ("structure", "default", "torres")


def _holds_by_construction(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    """Find nothing: `pmkit.trees` refuses to build what would break a structural rule."""
    del tree, settings
    return ()


SINGLE_ROOT: Rule[OstTree] = Rule(
    code="OST001",
    name="single-root",
    severity="error",
    summary="There is exactly one root, and it is an outcome; a forest must be asked for.",
    rationale="A tree answers one question: how might this outcome be reached? Two roots are two questions, whose "
    "branches cannot be compared.",
    source="Torres 2021, ch. 5: the tree starts with one desired outcome",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="give every other node a parent, or ask for a forest with forest=True",
    failing="two records without a parent",
    passing="one outcome without a parent, everything else below it",
)

KNOWN_PARENT: Rule[OstTree] = Rule(
    code="OST002",
    name="known-parent",
    severity="error",
    summary="Every parent id exists.",
    rationale="A node under a parent that is not there belongs to no branch: it would vanish from every picture and"
    " count.",
    source="graph theory: each edge of a tree ends in a node of the tree",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="name a node that is in the tree",
    failing="a solution whose parent is a misspelled id",
    passing="a solution whose parent is an opportunity of the tree",
)

ONE_PARENT: Rule[OstTree] = Rule(
    code="OST003",
    name="one-parent",
    severity="error",
    summary="Every node has one parent; further ties are links.",
    rationale="An opportunity that wants two parents is too broad, and work on it would count for two branches at "
    "once.",
    source="Torres 2021, ch. 6: an opportunity that fits in two places is reframed more specifically",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="keep one parent and link the node to the other, or split it",
    failing="a solution with a list of two opportunities as its parent",
    passing="a solution under one opportunity, linked to the other as serving it",
)

ACYCLIC: Rule[OstTree] = Rule(
    code="OST004",
    name="acyclic",
    severity="error",
    summary="No node is its own ancestor, itself included.",
    rationale="In a circle nothing leads to the outcome, and whoever asks why something is done is sent round for "
    "ever.",
    source="graph theory: a tree has no circles",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="give one of them another parent",
    failing="two opportunities, each the parent of the other",
    passing="one of the two under the other, which hangs under the outcome",
)

UNIQUE_ID: Rule[OstTree] = Rule(
    code="OST005",
    name="unique-id",
    severity="error",
    summary="Ids are unique after Unicode NFKC, not empty, and without control characters.",
    rationale="An id names one thing. Two ids that look the same and are not make differences and merges go wrong "
    "unseen.",
    source="Unicode Standard Annex 15 (normalization form KC)",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="give every node an id of its own",
    failing="the ids 'ﬁnd' with a ligature and 'find' in one tree",
    passing="the ids 'find' and 'find-with-others'",
)

TITLED: Rule[OstTree] = Rule(
    code="OST006",
    name="titled",
    severity="error",
    summary="Titles are not blank.",
    rationale="A node without words says nothing to the team that has to agree on it.",
    source="Torres 2021, ch. 5: the tree is a shared picture of what the team knows",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="say in a few words what it is",
    failing="an opportunity with spaces for a title",
    passing="I can't find something to watch",
)

ALLOWED_CHILD: Rule[OstTree] = Rule(
    code="OST007",
    name="allowed-child",
    severity="error",
    summary="Outcomes hold outcomes and opportunities, opportunities hold opportunities and solutions, solutions "
    "hold assumptions and tests, assumptions hold tests.",
    rationale="Each level answers the one above: a solution without an opportunity solves no known need, a test "
    "without an assumption teaches nothing.",
    source="Torres 2021, ch. 5: outcome, opportunities, solutions, assumption tests",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="put it under a node that may hold it",
    failing="a solution straight under the outcome",
    passing="a solution under the opportunity that it meets",
)

KNOWN_KIND: Rule[OstTree] = Rule(
    code="OST008",
    name="known-kind",
    severity="error",
    summary="A node is an outcome, opportunity, solution, assumption or test.",
    rationale="Every rule, count and picture goes by the kind; a kind that nobody knows would be passed over by all"
    " of them.",
    source="Torres 2021, ch. 5",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="use outcome, opportunity, solution, assumption or test",
    failing="a node of the kind 'feature'",
    passing="the same node as a solution",
)

VALID_FIELD: Rule[OstTree] = Rule(
    code="OST009",
    name="valid-field",
    severity="error",
    summary="There is no unknown field, and no value outside its vocabulary or range.",
    rationale="A misspelled field would be lost without a word, and a probability of 60 would pass for certainty.",
    source="the fields of each kind, as the reference lists them",
    profiles=PROFILES,
    check=_holds_by_construction,
    hint="correct it, or leave it out",
    failing="an assumption with the probability 60",
    passing="an assumption with the probability 0.6",
)

STRUCTURE: tuple[Rule[OstTree], ...] = (
    SINGLE_ROOT,
    KNOWN_PARENT,
    ONE_PARENT,
    ACYCLIC,
    UNIQUE_ID,
    TITLED,
    ALLOWED_CHILD,
    KNOWN_KIND,
    VALID_FIELD,
)
"""The structural rules, by code."""
