"""Numbers for decisions: moments, intervals, tests, power, sequential and Bayesian methods, resampling.

Every function broadcasts over numpy arrays (experiments, segments, variants); scalars in give
scalars out. A number that does not exist is an `Undefined` with its reason, and in arrays NaN
with a reason code beside it.
"""

from __future__ import annotations

from pmkit.stats._sequential import (
    Futility,
    SequentialDesign,
    Stopping,
    group_sequential,
    stopping_probabilities,
    update_looks,
)
from pmkit.stats._sequential_analysis import (
    Stagewise,
    conditional_power,
    conditional_stopping,
    predictive_power,
    repeated_interval,
    stagewise,
    winner_exaggeration,
)
from pmkit.stats._spending import SPENDING_FAMILIES, Spending, SpendingFamily, spent_alpha

__all__ = [
    "SPENDING_FAMILIES",
    "Futility",
    "SequentialDesign",
    "Spending",
    "SpendingFamily",
    "Stagewise",
    "Stopping",
    "conditional_power",
    "conditional_stopping",
    "group_sequential",
    "predictive_power",
    "repeated_interval",
    "spent_alpha",
    "stagewise",
    "stopping_probabilities",
    "update_looks",
    "winner_exaggeration",
]
