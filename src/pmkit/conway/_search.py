"""The search behind `suggest_moves`: greedy steps, pairs of steps, and exchanges."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import attrs

from pmkit.conway._arrays import Integers, Numbers, sums

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Problem", "Search", "best_moves", "crossing_of", "ordered"]

_PAIR_CELLS = 4_000_000
_STARTS = 16
_TINY = 1e-9


@attrs.frozen(kw_only=True)
class Problem:
    """Components with their teams, undirected ties, and what may move.

    `capacity` is infinite where a team has none; `movable` says which components may leave their team.
    """

    team: Integers
    first: Integers
    second: Integers
    weight: Numbers
    load: Numbers
    capacity: Numbers
    movable: np.ndarray


def crossing_of(problem: Problem, team: Integers) -> float:
    """Add up the weight of the ties between different teams."""
    return float(problem.weight[team[problem.first] != team[problem.second]].sum())


class Search:
    """A state of the search: the teams now, and for each component its ties to each team."""

    def __init__(self, problem: Problem) -> None:
        """Start from the teams as they are."""
        import numpy as np

        self.problem = problem
        count, teams = len(problem.team), len(problem.capacity)
        self.team = problem.team.copy()
        self.ties = np.zeros((count, teams))
        np.add.at(self.ties, (problem.first, self.team[problem.second]), problem.weight)
        np.add.at(self.ties, (problem.second, self.team[problem.first]), problem.weight)
        self.load = sums(self.team, problem.load, teams)
        self.saved = 0.0
        self._near: list[list[tuple[int, float]]] = [[] for _ in range(count)]
        rows = zip(problem.first.tolist(), problem.second.tolist(), problem.weight.tolist(), strict=True)
        for a, b, weight in rows:
            self._near[a].append((b, weight))
            self._near[b].append((a, weight))

    def move(self, component: int, team: int) -> None:
        """Move one component and keep the books."""
        old = int(self.team[component])
        self.saved += float(self.ties[component, team] - self.ties[component, old])
        for other, weight in self._near[component]:
            self.ties[other, old] -= weight
            self.ties[other, team] += weight
        self.load[old] -= self.problem.load[component]
        self.load[team] += self.problem.load[component]
        self.team[component] = team

    def moved(self) -> list[int]:
        """Return the components that are not where they began."""
        return [int(at) for at in (self.team != self.problem.team).nonzero()[0]]

    def gains(self) -> Numbers:
        """Return what each single move would save; minus infinity for what may not be."""
        import numpy as np

        problem = self.problem
        rows = np.arange(len(self.team))
        gain = self.ties - self.ties[rows, self.team][:, None]
        fits = self.load[None, :] + problem.load[:, None] <= problem.capacity[None, :] * (1 + _TINY)
        fixed = ~problem.movable | (self.team != problem.team)
        gain[~fits | fixed[:, None]] = -np.inf
        gain[rows, self.team] = -np.inf
        return gain

    def fill(self, budget: int, *, pairs: bool) -> None:
        """Take the best step that still fits, until the budget is used or nothing helps."""
        import numpy as np

        left = budget - len(self.moved())
        while left > 0:
            gain = self.gains()
            place = int(np.argmax(gain)) if gain.size else -1
            best = float(gain.flat[place]) if gain.size else -np.inf
            double = self._best_pair() if pairs and left > 1 else None
            if double is not None and double[0] > _TINY and double[0] / 2 > best:
                for component, team in double[1]:
                    self.move(component, team)
                left -= 2
            elif best > _TINY:
                self.move(place // gain.shape[1], place % gain.shape[1])
                left -= 1
            else:
                return

    def _best_pair(self) -> tuple[float, tuple[tuple[int, int], ...]] | None:
        found = [step for step in (self._best_together(), self._best_swap()) if step is not None]
        return max(found, key=lambda step: step[0], default=None)

    def _best_together(self) -> tuple[float, tuple[tuple[int, int], ...]] | None:
        """Find the best move of two tied components into one team."""
        import numpy as np

        problem = self.problem
        free = problem.movable & (self.team == problem.team)
        able = free[problem.first] & free[problem.second]
        a, b, weight = problem.first[able], problem.second[able], problem.weight[able]
        if not len(a) or len(a) * self.ties.shape[1] > _PAIR_CELLS:
            return None
        together = self.team[a] == self.team[b]
        before = self.ties[a, self.team[a]] + self.ties[b, self.team[b]] - np.where(together, weight, 0.0)
        gain = self.ties[a] + self.ties[b] + (weight - before)[:, None]
        # a component that is in the team already does not move: that is a single step
        rows = np.arange(len(a))
        gain[rows, self.team[a]] = -np.inf
        gain[rows, self.team[b]] = -np.inf
        added = self.load[None, :] + (problem.load[a] + problem.load[b])[:, None]
        gain[added > problem.capacity[None, :] * (1 + _TINY)] = -np.inf
        place = int(np.argmax(gain))
        pair, team = place // gain.shape[1], place % gain.shape[1]
        if not np.isfinite(gain[pair, team]):
            return None
        return float(gain[pair, team]), ((int(a[pair]), team), (int(b[pair]), team))

    def _best_swap(self) -> tuple[float, tuple[tuple[int, int], ...]] | None:
        """Find the best exchange of two components between their teams, where capacities may stand in the way."""
        import numpy as np

        problem = self.problem
        places = (problem.movable & (self.team == problem.team)).nonzero()[0]
        if len(places) < 2 or len(places) ** 2 > _PAIR_CELLS or not np.isfinite(problem.capacity).any():  # noqa: PLR2004 - two
            return None
        team, load = self.team[places], problem.load[places]
        leave = self.ties[places][:, team] - self.ties[places, team][:, None]
        gain = leave + leave.T
        position = np.full(len(self.team), -1)
        position[places] = np.arange(len(places))
        a, b = position[problem.first], position[problem.second]
        both = (a >= 0) & (b >= 0)
        np.subtract.at(gain, (a[both], b[both]), 2 * problem.weight[both])
        np.subtract.at(gain, (b[both], a[both]), 2 * problem.weight[both])
        room = problem.capacity[team] * (1 + _TINY) - self.load[team]
        change = load[None, :] - load[:, None]
        fits = (change <= room[:, None]) & (-change <= room[None, :]) & (team[:, None] != team[None, :])
        gain[~fits] = -np.inf
        place = int(np.argmax(gain))
        one, other = place // len(places), place % len(places)
        if not np.isfinite(gain[one, other]):
            return None
        steps = ((int(places[one]), int(team[other])), (int(places[other]), int(team[one])))
        return float(gain[one, other]), steps

    def exchange(self, budget: int, *, pairs: bool) -> None:
        """Take back one or two moves and fill up again, as long as that helps."""
        better = True
        while better:
            better = False
            moved = self.moved()
            for size in (1, 2):
                for back in itertools.combinations(moved, size):
                    was, state = self.saved, [(component, int(self.team[component])) for component in moved]
                    for component in back:
                        self.move(component, int(self.problem.team[component]))
                    fits = bool((self.load <= self._allowed()).all())
                    if fits:
                        self.fill(budget, pairs=pairs)
                    if fits and self.saved > was + _TINY:
                        better = True
                        break
                    self._restore(state)
                if better:
                    break

    def _allowed(self) -> Numbers:
        import numpy as np

        problem = self.problem
        start = sums(problem.team, problem.load, len(problem.capacity))
        return np.maximum(problem.capacity, start) * (1 + _TINY) + _TINY

    def _restore(self, state: list[tuple[int, int]]) -> None:
        kept = dict(state)
        for component in self.moved():
            if component not in kept:
                self.move(component, int(self.problem.team[component]))
        for component, team in state:
            if self.team[component] != team:
                self.move(component, team)


def best_moves(problem: Problem, budget: int) -> list[tuple[int, int]]:
    """Return good moves, each a component and its new team, the most useful first."""
    import numpy as np

    small = problem.team.size * problem.capacity.size <= _PAIR_CELLS // 20
    search = Search(problem)
    gain = search.gains()
    order = np.argsort(-gain, axis=None, kind="stable")[:_STARTS]
    starts = [int(place) for place in order if np.isfinite(gain.flat[place])] if small else []
    best: dict[int, int] = {}
    saved = _TINY
    for start in (None, *starts):
        for pairs in (False, True):
            search = Search(problem)
            if start is not None and budget > 0:
                search.move(start // gain.shape[1], start % gain.shape[1])
            search.fill(budget, pairs=pairs)
            if small:
                search.exchange(budget, pairs=pairs)
            if search.saved > saved + _TINY:
                saved, best = search.saved, {component: int(search.team[component]) for component in search.moved()}
    return ordered(problem, best)


def ordered(problem: Problem, moves: dict[int, int]) -> list[tuple[int, int]]:
    """Put the moves in the order in which each saves most at its turn, keeping capacities where that can be."""
    search = Search(problem)
    left = dict(moves)
    found: list[tuple[int, int]] = []
    while left:
        fits = [
            component
            for component, team in left.items()
            if search.load[team] + problem.load[component] <= problem.capacity[team] * (1 + _TINY)
        ]
        turn = max(
            fits or left,
            key=lambda component: (
                search.ties[component, left[component]] - search.ties[component, search.team[component]],
                -component,
            ),
        )
        found.append((turn, left.pop(turn)))
        search.move(*found[-1])
    return found
