"""Which few moves of components between teams would help most: the inverse Conway maneuver."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import attrs

from pmkit.conway._arrays import Integers, Numbers, chosen, edges_of, owners_of, sums, want_number, want_whole
from pmkit.conway._change import move_component
from pmkit.conway._coordination import required_pairs
from pmkit.conway._coupling import capacities, cross_team_coupling
from pmkit.conway._mapping import team_of
from pmkit.conway._organization import Organization
from pmkit.conway._search import Problem, best_moves, crossing_of, ordered
from pmkit.conway._solver import solve
from pmkit.conway._validation import texts_of
from pmkit.model import Table, Undefined, unknown_id

__all__ = ["Assignment", "Move", "Suggestion", "best_assignment", "suggest_moves"]

Objective = Literal["edges", "weight"]


@attrs.frozen(kw_only=True)
class Move:
    """One component to another team, with what it costs and gains at its turn.

    Attributes
    ----------
    component : str
    before, after : str
        The primary owner before and after.
    gain : float
        How much less crosses between teams once it is done.
    load : float
        What moves from the shoulders of the one team to those of the other.
    added_pairs, dropped_pairs : tuple of (str, str)
        Pairs of teams that must coordinate from now on, and those that need no longer.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": "web", "index": "data"}, [("page", "index")])
    >>> conway.suggest_moves(shop, 1).moves[0].gain
    1.0
    """

    component: str
    before: str
    after: str
    gain: float
    load: float
    added_pairs: tuple[tuple[str, str], ...]
    dropped_pairs: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class Suggestion(Table):
    """Moves, with the organization before and after them.

    Attributes
    ----------
    moves : tuple of Move
        In the order to make them: each saves most at its turn.
    before, after : float
        What crosses between primary owners, by `objective`.
    objective : {"edges", "weight"}
        Distinct edges, or their weight.
    organization : Organization
        With the moves made.
    emptied : tuple of str
        Teams that own nothing any more: the price of moves that look good on paper.
    budget : int
        The most moves asked for.
    method : {"greedy with exchange", "exact"}
    proven : bool
        Whether no better moves exist within the budget, the capacities and the pins.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "index": "data"}, [("page", "index")])
    >>> found = conway.suggest_moves(shop, 1, pinned=["page"])
    >>> found.before, found.after, found.emptied
    (1.0, 0.0, ('data',))
    """

    moves: tuple[Move, ...]
    before: float
    after: float
    objective: str
    organization: Organization
    emptied: tuple[str, ...]
    budget: int
    method: str
    proven: bool

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each move."""
        return [
            {
                "component": move.component,
                "before": move.before,
                "after": move.after,
                "gain": move.gain,
                "load": move.load,
                "pairs": len(move.added_pairs) - len(move.dropped_pairs),
            }
            for move in self.moves
        ]

    def summary(self) -> str:
        """Say it in one sentence."""
        what = "crossing edges" if self.objective == "edges" else "crossing weight"
        return f"{len(self.moves)} moves bring {what} from {self.before:g} to {self.after:g}."


def suggest_moves(
    organization: Organization,
    budget: int,
    *,
    capacity: float | Mapping[str, float] | None = None,
    pinned: Collection[str] = (),
    objective: Objective = "edges",
    method: Literal["greedy", "exact"] = "greedy",
    seconds: float = 60.0,
) -> Suggestion:
    """Suggest the few moves of components that leave least crossing between teams.

    Counted are edges between different primary owners; edges with an end that nobody owns are left out, and
    components without an owner do not move. No team is brought above its capacity, and none that is above it
    already is brought further.

    Parameters
    ----------
    organization : Organization
    budget : int
        The most components that may move.
    capacity : float, mapping of str to float, or None
        The most load of a team, for all or by team id; where it says nothing, `Team.capacity`. A component
        weighs fully on its primary owner here.
    pinned : collection of str
        Components that stay where they are.
    objective : {"edges", "weight"}
        Count distinct edges, or add their weights.
    method : {"greedy", "exact"}
        Greedy steps (single, together, swapped) with exchanges, in milliseconds; or the proven best by HiGHS
        (extra ``solver``), for up to some hundred components.
    seconds : float
        The time limit of the exact search; `Suggestion.proven` says whether it was enough.

    Returns
    -------
    Suggestion

    Raises
    ------
    InvalidValueError
        For a budget that is not a whole number from 0 up, an unknown objective or method, or a capacity or time
        that is no number from 0 up.
    UnknownIdError
        For a pinned component or a team with a capacity that does not exist.
    MissingDependencyError
        With method "exact" without the solver.

    Notes
    -----
    Moving everything to one team would leave nothing crossing: a small budget, capacities and pins are what makes
    the answer useful, and `Suggestion.emptied` says where it is not.

    References
    ----------
    The exchange follows Kernighan and Lin (1970), "An efficient heuristic procedure for partitioning graphs".

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": "web", "cart": "web", "pay": "bank", "card": "bank"},
    ...                           [("page", "cart"), ("cart", "pay"), ("cart", "card"), ("pay", "card")])
    >>> print(suggest_moves(shop, 1, pinned=["page"]).to_markdown())
    | component | before | after | gain | load | pairs |
    |---|---|---|---|---|---|
    | cart | web | bank | 1 | 1 | 0 |
    """
    want_whole(budget, "budget", 0)
    chosen(objective, "objective", ("edges", "weight"))
    chosen(method, "method", ("greedy", "exact"))
    want_number(seconds, "seconds")
    problem, places = _problem(organization, capacity, pinned, objective)
    proven = budget == 0
    steps = best_moves(problem, budget)
    if method == "exact":
        start = problem.team.copy()
        for at, team in steps:
            start[at] = team
        solved = solve(problem, budget=budget, seconds=seconds, start=start)
        proven = solved.proven
        if solved.team is not None and crossing_of(problem, solved.team) < crossing_of(problem, start):
            steps = _steps(problem, solved.team)
    ids, teams = [part.id for part in organization.components], [team.id for team in organization.teams]
    made = [(ids[places[at]], teams[team]) for at, team in steps]
    after = problem.team.copy()
    for at, team in steps:
        after[at] = team
    moves, changed = _made(organization, problem, made, objective)
    emptied = sorted(set(problem.team.tolist()) - set(after.tolist()))
    return Suggestion(
        moves=moves,
        before=crossing_of(problem, problem.team),
        after=crossing_of(problem, after),
        objective=objective,
        organization=changed,
        emptied=tuple(teams[team] for team in emptied),
        budget=budget,
        method="exact" if method == "exact" else "greedy with exchange",
        proven=proven,
    )


def _problem(
    organization: Organization,
    capacity: float | Mapping[str, float] | None,
    pinned: Collection[str],
    objective: Objective,
) -> tuple[Problem, list[int]]:
    import numpy as np

    stay = dict.fromkeys(texts_of(pinned, "pinned"))
    for name in stay:
        if name not in organization.index.component_at:
            raise unknown_id("component", name, organization.index.component_at)
    primary = owners_of(organization).primary
    owned = np.flatnonzero(primary >= 0)
    first, second, weight = _ties(organization, owned, objective)
    limits = capacities(organization, capacity)
    ids = [part.id for part in organization.components]
    loads = np.array([part.load for part in organization.components], dtype=np.float64)
    problem = Problem(
        team=primary[owned],
        first=first,
        second=second,
        weight=weight,
        load=loads[owned],
        capacity=np.array([np.inf if limit is None else limit for limit in limits]),
        movable=np.array([ids[at] not in stay for at in owned.tolist()], dtype=np.bool_),
    )
    return problem, owned.tolist()


def _ties(organization: Organization, kept: Integers, objective: Objective) -> tuple[Integers, Integers, Numbers]:
    """Join both directions of each edge between kept components; ties without weight are left out."""
    import numpy as np

    edges = edges_of(organization)
    position = np.full(len(organization.components), -1, dtype=np.int64)
    position[kept] = np.arange(len(kept))
    a, b = position[edges.source], position[edges.target]
    good = (a >= 0) & (b >= 0) & (a != b)
    low, high = np.minimum(a, b)[good], np.maximum(a, b)[good]
    worth = edges.weight[good] if objective == "weight" else np.ones(int(good.sum()))
    keys, row = np.unique(low * max(len(kept), 1) + high, return_inverse=True)
    total = sums(row, worth, len(keys))
    keys, total = keys[total > 0], total[total > 0]
    return keys // max(len(kept), 1), keys % max(len(kept), 1), total


def _steps(problem: Problem, team: Integers) -> list[tuple[int, int]]:
    return ordered(problem, {at: int(team[at]) for at in (team != problem.team).nonzero()[0].tolist()})


def _made(
    organization: Organization, problem: Problem, made: list[tuple[str, str]], objective: Objective
) -> tuple[tuple[Move, ...], Organization]:
    moves: list[Move] = []
    loads = {part.id: part.load for part in organization.components}
    needs = required_pairs(organization)
    crossing = crossing_of(problem, problem.team)
    for component, team in made:
        before = team_of(organization, component) or ""
        organization = move_component(organization, component, team)
        now, left = required_pairs(organization), _crossing(organization, objective)
        moves.append(
            Move(
                component=component,
                before=before,
                after=team,
                gain=crossing - left,
                load=loads[component],
                added_pairs=tuple(pair for pair in now if pair not in needs),
                dropped_pairs=tuple(pair for pair in needs if pair not in now),
            )
        )
        needs, crossing = now, left
    return tuple(moves), organization


def _crossing(organization: Organization, objective: Objective) -> float:
    found = cross_team_coupling(organization, owner="primary")
    return float(found.crossing) if objective == "edges" else found.crossing_weight


@attrs.frozen(kw_only=True)
class Assignment:
    """Every component given to a team anew, with the least crossing between teams.

    Attributes
    ----------
    cut : float or Undefined
        The weight of the edges between teams; undefined where no assignment fits the capacities.
    teams : tuple of (str, str)
        Component and team, in the order of the components; empty where nothing fits.
    proven : bool
        Whether no better assignment exists.

    Examples
    --------
    >>> Assignment(cut=1.0, teams=(("page", "web"),), proven=True).cut
    1.0
    """

    cut: float | Undefined
    teams: tuple[tuple[str, str], ...]
    proven: bool


def best_assignment(
    organization: Organization,
    *,
    capacity: float | Mapping[str, float] | None = None,
    objective: Objective = "weight",
    seconds: float = 60.0,
) -> Assignment:
    """Find the assignment of all components to the teams that leaves least crossing, whoever owns them now.

    Without capacities the answer is one team for everything. Solved exactly by HiGHS (extra ``solver``); for small
    organizations.

    Parameters
    ----------
    organization : Organization
        Its components, their loads, its dependencies and its teams count; its ownership does not.
    capacity : float, mapping of str to float, or None
        The most load of a team, for all or by team id; where it says nothing, `Team.capacity`.
    objective : {"edges", "weight"}
        Count distinct edges, or add their weights.
    seconds : float
        The time limit; `Assignment.proven` says whether it was enough.

    Returns
    -------
    Assignment

    Raises
    ------
    InvalidValueError
        For an unknown objective, or a time or capacity that is no number from 0 up.
    UnknownIdError
        For a pinned component or a team with a capacity that does not exist.
    MissingDependencyError
        Without the solver.

    Examples
    --------
    >>> from pmkit import conway
    >>> parts = [conway.Component(id=name) for name in "abcd"]
    >>> edges = [conway.Dependency(source=a, target=b) for a, b in ("ab", "cd", "bc")]
    >>> teams = [conway.Team(id="t", capacity=2), conway.Team(id="u", capacity=2)]
    >>> best_assignment(conway.Organization(teams=teams, components=parts, dependencies=edges)).cut
    1.0
    """
    import numpy as np

    chosen(objective, "objective", ("edges", "weight"))
    want_number(seconds, "seconds")
    everything = np.arange(len(organization.components))
    first, second, weight = _ties(organization, everything, objective)
    limits = capacities(organization, capacity)
    problem = Problem(
        team=np.zeros(len(everything), dtype=np.int64),
        first=first,
        second=second,
        weight=weight,
        load=np.array([part.load for part in organization.components], dtype=np.float64),
        capacity=np.array([np.inf if limit is None else limit for limit in limits]),
        movable=np.ones(len(everything), dtype=np.bool_),
    )
    if not len(everything):
        return Assignment(cut=0.0, teams=(), proven=True)
    if not limits:
        return Assignment(cut=Undefined("there is no team"), teams=(), proven=True)
    solved = solve(problem, budget=None, seconds=seconds)
    if solved.team is None:
        reason = "no assignment fits the capacities" if solved.proven else "the time limit was too short"
        return Assignment(cut=Undefined(reason), teams=(), proven=solved.proven)
    return Assignment(
        cut=crossing_of(problem, solved.team),
        teams=tuple(
            (part.id, organization.teams[team].id)
            for part, team in zip(organization.components, solved.team.tolist(), strict=True)
        ),
        proven=solved.proven,
    )
