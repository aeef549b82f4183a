"""Jobs to be done: statements, what is wrong with them, and the structures that hold them."""

from __future__ import annotations

from pmkit.jtbd._check import check, not_checkable
from pmkit.jtbd._fix import fix
from pmkit.jtbd._format import format_statement as format  # noqa: A004 - read as jtbd.format
from pmkit.jtbd._map import STEPS, Coverage, JobMap, Step, StepCoverage, coverage
from pmkit.jtbd._parse import detect_kind, parse
from pmkit.jtbd._statements import KINDS, DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement
from pmkit.jtbd.rules import PROFILES, RULES

__all__ = [
    "KINDS",
    "PROFILES",
    "RULES",
    "STEPS",
    "Coverage",
    "DesiredOutcome",
    "EmotionalJob",
    "Job",
    "JobMap",
    "JobStory",
    "Kind",
    "Statement",
    "Step",
    "StepCoverage",
    "check",
    "coverage",
    "detect_kind",
    "fix",
    "format",
    "not_checkable",
    "parse",
]
