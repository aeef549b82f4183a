"""What rules and analyses both ask of a tree: who stands behind a claim, what is tested, what is open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

import attrs

from pmkit.model import Evidence
from pmkit.ost._nodes import Assumption, AssumptionTest, Opportunity, OstNode, Outcome, Solution
from pmkit.ost._schema import OstTree

__all__ = [
    "below",
    "concluded",
    "is_leaf",
    "live_solutions",
    "normalized_title",
    "of_kind",
    "outcome_above",
    "risk",
    "solutions_for",
    "sources",
    "trials_of",
    "verdict_on",
    "walked_once",
]

Kind = TypeVar("Kind", bound=Outcome | Opportunity | Solution | Assumption | AssumptionTest)
_SIGNS = re.compile(r"[\W_]+")
UNKNOWN_SOURCE = ("", "")


@attrs.frozen(eq=False)
class _Walked:
    tree: OstTree
    nodes: tuple[OstNode, ...]
    kinds: dict[type[object], Sequence[OstNode]]


_HELD: ContextVar[_Walked | None] = ContextVar("walked", default=None)


def of_kind(tree: OstTree, cls: type[Kind]) -> Iterator[Kind]:
    """Give all nodes of one kind, in the tree's order."""
    held = _HELD.get()
    if held is None or held.tree is not tree:
        return (node for node in tree if isinstance(node, cls))
    if cls not in held.kinds:
        held.kinds[cls] = [node for node in held.nodes if isinstance(node, cls)]
    return iter(cast("list[Kind]", held.kinds[cls]))


@contextmanager
def walked_once(tree: OstTree) -> Iterator[None]:
    """Walk a tree once for all questions that are asked within, instead of once for each."""
    token = _HELD.set(_Walked(tree, tuple(tree), {}))
    try:
        yield
    finally:
        _HELD.reset(token)


def below(tree: OstTree, identifier: str, cls: type[Kind]) -> list[Kind]:
    """Give a node's children of one kind, in order."""
    nodes = tree.nodes
    found = (nodes[child] for child in tree.children.get(identifier, ()))
    return [node for node in found if isinstance(node, cls)]


def is_leaf(tree: OstTree, identifier: str) -> bool:
    """Say whether an opportunity has no opportunity below it."""
    return not below(tree, identifier, Opportunity)


def live_solutions(tree: OstTree) -> list[Solution]:
    """Give the solutions that are neither shipped nor dropped."""
    return [node for node in of_kind(tree, Solution) if node.status not in {"shipped", "dropped"}]


def normalized_title(title: str) -> str:
    """Make titles comparable: NFKC, no case, no punctuation, single spaces."""
    text = (title if title.isascii() else unicodedata.normalize("NFKC", title)).casefold()
    return _SIGNS.sub(" ", text).strip() or " ".join(text.split())


def outcome_above(tree: OstTree) -> Mapping[str, str]:
    """Give for each node the outcome it works for: the nearest product outcome above it, else the nearest outcome."""
    found: dict[str, str] = {}
    product: dict[str, str] = {}
    for node in tree:
        above = tree.parents.get(node.id)
        if isinstance(node, Outcome):
            inherited = product.get(above, "") if above is not None else ""
            product[node.id] = node.id if node.level == "product" else inherited
            found[node.id] = product[node.id] or node.id
        elif above is not None:
            product[node.id] = product.get(above, "")
            found[node.id] = found.get(above, "")
        else:
            found[node.id] = ""
    return found


def solutions_for(tree: OstTree) -> Mapping[str, list[Solution]]:
    """Give for each opportunity its solutions: those below it, then those linked to it, each once."""
    found: dict[str, dict[str, Solution]] = {}
    for node in of_kind(tree, Solution):
        above = tree.parents.get(node.id)
        if above is not None:
            found.setdefault(above, {})[node.id] = node
    for link in tree.links:
        linked = tree.nodes[link.source]
        if isinstance(linked, Solution) and isinstance(tree.nodes[link.target], Opportunity):
            found.setdefault(link.target, {})[linked.id] = linked
    return {identifier: list(solutions.values()) for identifier, solutions in found.items()}


def sources(evidence: Iterable[Evidence]) -> set[tuple[str, str]]:
    """Give who or what stands behind evidence, each once: participants, else sources, else one unknown."""
    return {_source(piece) for piece in evidence}


def _source(piece: Evidence) -> tuple[str, str]:
    if piece.participant.strip():
        return "participant", piece.participant.strip()
    if piece.source.strip():
        return "source", piece.source.strip()
    return UNKNOWN_SOURCE


def trials_of(tree: OstTree) -> Mapping[str, list[AssumptionTest]]:
    """Give for each assumption and solution the tests below it and those linked to it, each once."""
    found: dict[str, dict[str, AssumptionTest]] = {}
    for node in of_kind(tree, AssumptionTest):
        above = tree.parents.get(node.id)
        if above is not None:
            found.setdefault(above, {})[node.id] = node
    for link in tree.links:
        linked = tree.nodes[link.source]
        if isinstance(linked, AssumptionTest):
            found.setdefault(link.target, {})[linked.id] = linked
    return {identifier: list(tests.values()) for identifier, tests in found.items()}


def concluded(test: AssumptionTest) -> bool:
    """Say whether a test told something: supported or refuted."""
    return test.verdict in {"supported", "refuted"}


def verdict_on(tests: Iterable[AssumptionTest]) -> str:
    """Give the verdict of the last test that told something: supported, refuted, or nothing.

    The last by the day it was touched where all of them have one, else by the tree's order.
    """
    telling = [test for test in tests if concluded(test)]
    if all(test.updated is not None for test in telling):
        telling.sort(key=lambda test: test.updated.toordinal() if test.updated is not None else 0)
    return telling[-1].verdict or "" if telling else ""


def risk(assumption: Assumption) -> float:
    """Give importance times (1 - probability), in [0, 1]; unknown counts as fully important and as likely as not."""
    importance = 1.0 if assumption.importance is None else assumption.importance
    probability = 0.5 if assumption.probability is None else assumption.probability
    return importance * (1 - probability)
