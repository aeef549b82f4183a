"""The exact best, by an established solver (HiGHS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pmkit.conway._arrays import Integers, Numbers
from pmkit.conway._search import Problem
from pmkit.model import require

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Solved", "solve"]


@attrs.frozen(kw_only=True)
class Solved:
    """What the solver found: the teams (None where nothing is feasible), and whether it is proven best."""

    team: Integers | None
    proven: bool
    bound: float


def solve(problem: Problem, *, budget: int | None, seconds: float, start: Integers | None = None) -> Solved:
    """Minimize the weight of the ties between teams.

    The search begins with the teams in `start`.
    x[c, t] puts component c into team t; y[e] is 1 when tie e crosses: y[e] ≥ x[a, t] - x[b, t] for every t.
    """
    highspy = require("highspy", extra="solver", purpose="the exact search")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-6)
    solver.passModel(_model(highspy, problem, budget))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = _columns(problem, start).tolist()
        solver.setSolution(solution)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solved(team=None, proven=True, bound=float("inf"))
    proven = status == highspy.HighsModelStatus.kOptimal
    values = solver.getSolution().col_value
    count, teams = len(problem.team), len(problem.capacity)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved(team=None, proven=False, bound=float(info.mip_dual_bound))
    import numpy as np

    chosen = np.array(values[: count * teams]).reshape(count, teams).argmax(axis=1) if count else problem.team
    return Solved(team=chosen.astype(np.int64), proven=proven, bound=float(info.mip_dual_bound))


def _columns(problem: Problem, team: Integers) -> Numbers:
    import numpy as np

    where = np.zeros((len(team), len(problem.capacity)))
    where[np.arange(len(team)), team] = 1.0
    return np.concatenate([where.ravel(), (team[problem.first] != team[problem.second]).astype(np.float64)])


def _model(highspy: ModuleType, problem: Problem, budget: int | None) -> object:
    import numpy as np

    count, teams, ties = len(problem.team), len(problem.capacity), len(problem.first)
    cells = count * teams
    rows: list[tuple[list[int], list[float], float, float]] = [
        (list(range(c * teams, (c + 1) * teams)), [1.0] * teams, 1.0, 1.0) for c in range(count)
    ]
    infinite = highspy.kHighsInf
    pairs = zip(problem.first.tolist(), problem.second.tolist(), strict=True)
    rows += [
        ([a * teams + team, b * teams + team, cells + tie], [-1.0, 1.0, 1.0], 0.0, infinite)
        for tie, (a, b) in enumerate(pairs)
        for team in range(teams)
    ]
    start = np.bincount(problem.team, problem.load, minlength=teams) if budget is not None else np.zeros(teams)
    for team in range(teams):
        if np.isfinite(problem.capacity[team]):
            most = max(float(problem.capacity[team]), float(start[team]))
            rows.append(([c * teams + team for c in range(count)], problem.load.tolist(), -infinite, most))
    if budget is not None and count:
        home = [c * teams + int(team) for c, team in enumerate(problem.team)]
        rows.append((home, [1.0] * count, float(count - budget), infinite))
    lower = np.zeros(cells + ties)
    fixed = (~problem.movable).nonzero()[0]
    lower[fixed * teams + problem.team[fixed]] = 1.0
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = cells + ties, len(rows)
    model.col_cost_ = np.concatenate([np.zeros(cells), problem.weight])
    model.col_lower_, model.col_upper_ = lower, np.ones(cells + ties)
    model.row_lower_ = np.array([row[2] for row in rows])
    model.row_upper_ = np.array([row[3] for row in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])]).astype(np.int32)
    model.a_matrix_.index_ = np.array([at for row in rows for at in row[0]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([value for row in rows for value in row[1]])
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger] * cells + [kinds.kContinuous] * ties
    return model
