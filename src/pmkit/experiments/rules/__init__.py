"""The lint rules of the room, one file per family."""

from __future__ import annotations

from pmkit.experiments._hypothesis import Hypothesis
from pmkit.experiments.rules import _hypothesis_parts, _hypothesis_wording, _plan_rules
from pmkit.experiments.rules._hypothesis_linked import EXP112_RULE, metric_matches
from pmkit.experiments.rules._plan_rules import PlanCase
from pmkit.model import Rule

__all__ = ["HYPOTHESIS_RULES", "PLAN_RULES", "RULES", "PlanCase", "metric_matches"]

HYPOTHESIS_RULES: tuple[Rule[Hypothesis], ...] = tuple(
    sorted((*_hypothesis_parts.RULES, *_hypothesis_wording.RULES, EXP112_RULE), key=lambda rule: rule.code)
)
PLAN_RULES: tuple[Rule[PlanCase], ...] = _plan_rules.RULES
RULES: tuple[Rule[Hypothesis] | Rule[PlanCase], ...] = (*HYPOTHESIS_RULES, *PLAN_RULES)
