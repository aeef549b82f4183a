"""The workspace: one product, joined by ids, traced, checked and decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model._late import late_names

if TYPE_CHECKING:
    from pmkit.workspace._actions import Action, ActionKind, NextActions
    from pmkit.workspace._check import Profile, check
    from pmkit.workspace._diff import ListDiff, WorkspaceDiff, apply, diff, invert
    from pmkit.workspace._measured import Reading, measurements, readings
    from pmkit.workspace._merge import Favor, WorkspaceMerge, merge
    from pmkit.workspace._model import Workspace, named_things
    from pmkit.workspace._needs import MeasuredNeed, counted_surveys, measured_needs, need_scores, need_tally
    from pmkit.workspace._next import next_actions
    from pmkit.workspace._records import (
        Cell,
        Experiment,
        Feedback,
        Goal,
        Look,
        RecordedDecision,
        RoadmapItem,
        StatedHypothesis,
        StatedJob,
        StatedNeed,
        Waiver,
    )
    from pmkit.workspace._references import Reference, references
    from pmkit.workspace._surveys import Answers, Survey, WeightedAnswers, survey_of, tally_of
    from pmkit.workspace._trace import Step, Trace, trace
    from pmkit.workspace._week import Entry, EntryKind, Week, week
    from pmkit.workspace.rules import RULES

__all__ = [
    "RULES",
    "Action",
    "ActionKind",
    "Answers",
    "Cell",
    "Entry",
    "EntryKind",
    "Experiment",
    "Favor",
    "Feedback",
    "Goal",
    "ListDiff",
    "Look",
    "MeasuredNeed",
    "NextActions",
    "Profile",
    "Reading",
    "RecordedDecision",
    "Reference",
    "RoadmapItem",
    "StatedHypothesis",
    "StatedJob",
    "StatedNeed",
    "Step",
    "Survey",
    "Trace",
    "Waiver",
    "Week",
    "WeightedAnswers",
    "Workspace",
    "WorkspaceDiff",
    "WorkspaceMerge",
    "apply",
    "check",
    "counted_surveys",
    "diff",
    "invert",
    "measured_needs",
    "measurements",
    "merge",
    "named_things",
    "need_scores",
    "need_tally",
    "next_actions",
    "readings",
    "references",
    "survey_of",
    "tally_of",
    "trace",
    "week",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "_actions": ("Action", "ActionKind", "NextActions"),
            "_check": ("Profile", "check"),
            "_diff": ("ListDiff", "WorkspaceDiff", "apply", "diff", "invert"),
            "_measured": ("Reading", "measurements", "readings"),
            "_merge": ("Favor", "WorkspaceMerge", "merge"),
            "_model": ("Workspace", "named_things"),
            "_needs": ("MeasuredNeed", "counted_surveys", "measured_needs", "need_scores", "need_tally"),
            "_next": ("next_actions",),
            "_records": (
                "Cell",
                "Experiment",
                "Feedback",
                "Goal",
                "Look",
                "RecordedDecision",
                "RoadmapItem",
                "StatedHypothesis",
                "StatedJob",
                "StatedNeed",
                "Waiver",
            ),
            "_references": ("Reference", "references"),
            "_surveys": ("Answers", "Survey", "WeightedAnswers", "survey_of", "tally_of"),
            "_trace": ("Step", "Trace", "trace"),
            "_week": ("Entry", "EntryKind", "Week", "week"),
            "rules": ("RULES",),
        },
    )
