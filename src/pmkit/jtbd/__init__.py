"""Jobs to be done: statements, what is wrong with them, and the structures that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model._late import late_names

if TYPE_CHECKING:
    from pmkit.jtbd._check import check, not_checkable
    from pmkit.jtbd._fix import fix
    from pmkit.jtbd._format import format_statement as format  # noqa: A004 - read as jtbd.format
    from pmkit.jtbd._hierarchy import HIERARCHY, Aspiration, BigJob, JobNode, JobTree, LittleJob, MicroJob, hierarchy
    from pmkit.jtbd._landscape import draw_landscape
    from pmkit.jtbd._map import STEPS, Coverage, JobMap, Step, StepCoverage, coverage
    from pmkit.jtbd._needs import OpportunityScore, OpportunityScores
    from pmkit.jtbd._needs_intervals import ScoreMethod
    from pmkit.jtbd._needs_scores import opportunity_score, opportunity_scores
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
    from pmkit.jtbd._segments import FoundSegments, NoSegments, find_segments
    from pmkit.jtbd._segments_differences import SegmentDifferences, segment_differences
    from pmkit.jtbd._statements import KINDS, DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement
    from pmkit.jtbd._tally import CELLS, Denominator, Tally, pool_segments
    from pmkit.jtbd._tally_read import tally
    from pmkit.jtbd._zones import ZONE_SCHEMES, Cut, SchemeName, ZoneScheme, zone_of
    from pmkit.jtbd.rules import PROFILES, RULES

__all__ = [
    "CELLS",
    "FORCES",
    "HIERARCHY",
    "KINDS",
    "MOMENTS",
    "PROFILES",
    "RULES",
    "STEPS",
    "ZONE_SCHEMES",
    "Aspiration",
    "Balance",
    "BigJob",
    "Coverage",
    "Cut",
    "Denominator",
    "DesiredOutcome",
    "EmotionalJob",
    "Force",
    "Forces",
    "FoundSegments",
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
    "NoSegments",
    "OpportunityScore",
    "OpportunityScores",
    "SchemeName",
    "School",
    "ScoreMethod",
    "SegmentDifferences",
    "Statement",
    "Step",
    "StepCoverage",
    "SwitchTimeline",
    "Tally",
    "ZoneScheme",
    "balance",
    "check",
    "coverage",
    "detect_kind",
    "draw_forces",
    "draw_hierarchy",
    "draw_job_map",
    "draw_landscape",
    "draw_timeline",
    "find_segments",
    "fix",
    "format",
    "hierarchy",
    "intervals",
    "not_checkable",
    "opportunity_score",
    "opportunity_scores",
    "parse",
    "pool_segments",
    "school",
    "segment_differences",
    "tally",
    "zone_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "_check": ("check", "not_checkable"),
            "_fix": ("fix",),
            "_format": ("format_statement as format",),
            "_hierarchy": (
                "HIERARCHY",
                "Aspiration",
                "BigJob",
                "JobNode",
                "JobTree",
                "LittleJob",
                "MicroJob",
                "hierarchy",
            ),
            "_landscape": ("draw_landscape",),
            "_map": ("STEPS", "Coverage", "JobMap", "Step", "StepCoverage", "coverage"),
            "_needs": ("OpportunityScore", "OpportunityScores"),
            "_needs_intervals": ("ScoreMethod",),
            "_needs_scores": ("opportunity_score", "opportunity_scores"),
            "_parse": ("detect_kind", "parse"),
            "_picture": ("draw_forces", "draw_hierarchy", "draw_job_map", "draw_timeline"),
            "_progress": (
                "FORCES",
                "MOMENTS",
                "Balance",
                "Force",
                "Forces",
                "Intervals",
                "Moment",
                "School",
                "SwitchTimeline",
                "balance",
                "intervals",
                "school",
            ),
            "_segments": ("FoundSegments", "NoSegments", "find_segments"),
            "_segments_differences": ("SegmentDifferences", "segment_differences"),
            "_statements": ("KINDS", "DesiredOutcome", "EmotionalJob", "Job", "JobStory", "Kind", "Statement"),
            "_tally": ("CELLS", "Denominator", "Tally", "pool_segments"),
            "_tally_read": ("tally",),
            "_zones": ("ZONE_SCHEMES", "Cut", "SchemeName", "ZoneScheme", "zone_of"),
            "rules": ("PROFILES", "RULES"),
        },
    )
