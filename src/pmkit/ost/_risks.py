"""The riskiest assumptions, and the chance that a solution holds."""

from __future__ import annotations

import math

import attrs

from pmkit.model import Table, Undefined
from pmkit.ost._facts import below, live_solutions, risk, sources, trials_of, verdict_on
from pmkit.ost._nodes import Assumption, Solution
from pmkit.ost._schema import OstTree

__all__ = ["Chances", "Risk", "Risks", "SolutionChance", "chances", "riskiest"]


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
        for at in live_solutions(tree)
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
    return Chances(solutions=tuple(_chance(node, below(tree, node.id, Assumption)) for node in live_solutions(tree)))


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
