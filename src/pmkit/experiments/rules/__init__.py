"""The lint rules of the room, one file per family."""

from __future__ import annotations

from pmkit.experiments._hypothesis import Hypothesis
from pmkit.experiments.rules import _hypothesis_parts, _hypothesis_wording
from pmkit.experiments.rules._hypothesis_linked import metric_matches
from pmkit.model import Rule

__all__ = ["HYPOTHESIS_RULES", "metric_matches"]

HYPOTHESIS_RULES: tuple[Rule[Hypothesis], ...] = tuple(
    sorted((*_hypothesis_parts.RULES, *_hypothesis_wording.RULES), key=lambda rule: rule.code)
)
