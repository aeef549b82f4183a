"""Jobs to be done: statements, what is wrong with them, and the structures that hold them."""

from __future__ import annotations

from pmkit.jtbd._check import check, not_checkable
from pmkit.jtbd._fix import fix
from pmkit.jtbd._format import format_statement as format  # noqa: A004 - read as jtbd.format
from pmkit.jtbd._hierarchy import HIERARCHY, Aspiration, BigJob, JobNode, JobTree, LittleJob, MicroJob, hierarchy
from pmkit.jtbd._map import STEPS, Coverage, JobMap, Step, StepCoverage, coverage
from pmkit.jtbd._parse import detect_kind, parse
from pmkit.jtbd._picture import draw_forces, draw_hierarchy, draw_job_map, draw_timeline
from pmkit.jtbd._progress import (
    FORCES,
    MOMENTS,
    Balance,
    Force,
    Forces,
    Intervals,
    Moment,
    School,
    SwitchTimeline,
    balance,
    intervals,
    school,
)
from pmkit.jtbd._statements import KINDS, DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement
from pmkit.jtbd.rules import PROFILES, RULES

__all__ = [
    "FORCES",
    "HIERARCHY",
    "KINDS",
    "MOMENTS",
    "PROFILES",
    "RULES",
    "STEPS",
    "Aspiration",
    "Balance",
    "BigJob",
    "Coverage",
    "DesiredOutcome",
    "EmotionalJob",
    "Force",
    "Forces",
    "Intervals",
    "Job",
    "JobMap",
    "JobNode",
    "JobStory",
    "JobTree",
    "Kind",
    "LittleJob",
    "MicroJob",
    "Moment",
    "School",
    "Statement",
    "Step",
    "StepCoverage",
    "SwitchTimeline",
    "balance",
    "check",
    "coverage",
    "detect_kind",
    "draw_forces",
    "draw_hierarchy",
    "draw_job_map",
    "draw_timeline",
    "fix",
    "format",
    "hierarchy",
    "intervals",
    "not_checkable",
    "parse",
    "school",
]
