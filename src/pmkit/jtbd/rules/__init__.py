"""All rules about statements, in the order of their codes."""

from __future__ import annotations

from pmkit.jtbd.rules import _jobs, _outcomes, _sets, _stories, _wording
from pmkit.jtbd.rules._base import PROFILES, Corpus, JobRule

__all__ = ["PROFILES", "RULES", "Corpus", "JobRule"]

RULES: tuple[JobRule, ...] = (*_jobs.RULES, *_outcomes.RULES, *_stories.RULES, *_wording.RULES, *_sets.RULES)
