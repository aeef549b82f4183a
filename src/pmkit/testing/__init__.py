"""Hypothesis strategies for every public type, for the tests of those who build on pmkit.

Each room's strategies live in a module of the room's name (`pmkit.testing.trees`, …)
and are reached from here by name; hypothesis is imported on first use.
"""

from __future__ import annotations

_HOMES: dict[str, tuple[str, ...]] = {
    "experiments": ("beliefs", "hypotheses", "metrics", "plans", "portfolios"),
    "conway": ("conway_changes", "conway_teams", "organizations"),
    "drawing": ("picture_faults", "scenes"),
    "frames": ("experiment_rows",),
    "jtbd": (
        "desired_outcomes",
        "emotional_jobs",
        "forces",
        "job_maps",
        "job_stories",
        "jobs",
        "statements",
        "switch_timelines",
    ),
    "model": ("findings", "identifiers", "texts"),
    "needs": ("ratings", "tallies"),
    "ost": ("criteria", "evidence", "ost_records", "ost_trees"),
    "stats": ("counts", "futilities", "moments", "sequential_designs", "spendings"),
    "trees": ("tree_records", "trees_of"),
    "workspace": ("experiments_with_looks", "own_keys", "surveys", "workspaces"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "beliefs",
    "conway_changes",
    "conway_teams",
    "counts",
    "criteria",
    "desired_outcomes",
    "emotional_jobs",
    "evidence",
    "experiment_rows",
    "experiments_with_looks",
    "findings",
    "forces",
    "futilities",
    "hypotheses",
    "identifiers",
    "job_maps",
    "job_stories",
    "jobs",
    "metrics",
    "moments",
    "organizations",
    "ost_records",
    "ost_trees",
    "own_keys",
    "picture_faults",
    "plans",
    "portfolios",
    "ratings",
    "scenes",
    "sequential_designs",
    "spendings",
    "statements",
    "surveys",
    "switch_timelines",
    "tallies",
    "texts",
    "tree_records",
    "trees_of",
    "workspaces",
]


def __getattr__(name: str) -> object:
    from pmkit.model import require

    if name not in _MODULE_OF:
        message = f"module 'pmkit.testing' has no attribute {name!r}"
        raise AttributeError(message)
    require("hypothesis", extra="testing", purpose="pmkit.testing")
    module = require(f"pmkit.testing.{_MODULE_OF[name]}", extra="testing", purpose="pmkit.testing")
    return getattr(module, name)
