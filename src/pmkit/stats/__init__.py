"""Numbers for decisions: moments, intervals, tests, power, sequential and Bayesian methods, resampling.

Every function broadcasts over numpy arrays (experiments, segments, variants); scalars in give
scalars out. A number that does not exist is an `Undefined` with its reason, and in arrays NaN
with a reason code beside it.
"""

from __future__ import annotations

__all__: list[str] = []
