"""Hypotheses, experiments and decisions: from a belief to a verdict in one model.

* `parse_hypothesis`, `format` and `check` read and judge a hypothesis.
* `Plan` fixes the decision rule; `size` says how long it takes, `Plan.digest` proves that it stayed the same.
* `collect` turns rows, wherever they are, into `Measurements`; `analyze` turns these into effects,
  `decide` turns effects into a verdict with reasons.
* `catalogue`, `recommend`, `Belief`, `small_sample` and `rank_tests` are for what comes before an experiment:
  which test, how strong, and is it worth its cost?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model._late import late_names

if TYPE_CHECKING:
    from pmkit.experiments._analyze import analyze
    from pmkit.experiments._beliefs import (
        Belief,
        BeliefStep,
        SmallSample,
        SolutionChance,
        likelihood_ratio,
        small_sample,
        solution_chance,
        update_belief,
    )
    from pmkit.experiments._bundle import Bundle
    from pmkit.experiments._charts import (
        plot_assumptions,
        plot_belief,
        plot_boundaries,
        plot_effects,
        plot_expected_loss,
        plot_power,
    )
    from pmkit.experiments._check import check
    from pmkit.experiments._collect import collect
    from pmkit.experiments._curse import WinnersCurse, exaggeration
    from pmkit.experiments._decide import Decision, Reason, VariantDecision, decide
    from pmkit.experiments._hypothesis import Hypothesis, Threshold, Timebox
    from pmkit.experiments._hypothesis import format_hypothesis as format  # noqa: A004 - `ex.format(hypothesis)`
    from pmkit.experiments._looks import AlwaysValid, Bayesian, Fixed, GroupSequential
    from pmkit.experiments._measurements import Measurements, QuantileEstimate
    from pmkit.experiments._methods import Catalogue, Method, catalogue, extend_catalogue, recommend
    from pmkit.experiments._metrics import (
        Count,
        Mean,
        Metric,
        Proportion,
        Quantile,
        Ratio,
        count,
        mean,
        proportion,
        quantile,
        ratio,
    )
    from pmkit.experiments._parse import parse_hypothesis
    from pmkit.experiments._picture import draw_effects
    from pmkit.experiments._plan import Amendment, Plan, amend, canonical_rule
    from pmkit.experiments._portfolio import Candidate, Portfolio, TestOption, portfolio_from_records
    from pmkit.experiments._rank import Advice, TestRanking, rank_tests
    from pmkit.experiments._results import (
        AlwaysValidEffect,
        AlwaysValidResult,
        BayesianEffect,
        BayesianResult,
        CovariateCheck,
        Effect,
        FixedEffect,
        FixedResult,
        GroupSequentialResult,
        Result,
        SequentialEffect,
        SplitCheck,
    )
    from pmkit.experiments._size import MetricSize, Size, power_at, size
    from pmkit.experiments._value import TestValue, value_of_test
    from pmkit.experiments.rules import RULES, metric_matches

__all__ = [
    "RULES",
    "Advice",
    "AlwaysValid",
    "AlwaysValidEffect",
    "AlwaysValidResult",
    "Amendment",
    "Bayesian",
    "BayesianEffect",
    "BayesianResult",
    "Belief",
    "BeliefStep",
    "Bundle",
    "Candidate",
    "Catalogue",
    "Count",
    "CovariateCheck",
    "Decision",
    "Effect",
    "Fixed",
    "FixedEffect",
    "FixedResult",
    "GroupSequential",
    "GroupSequentialResult",
    "Hypothesis",
    "Mean",
    "Measurements",
    "Method",
    "Metric",
    "MetricSize",
    "Plan",
    "Portfolio",
    "Proportion",
    "Quantile",
    "QuantileEstimate",
    "Ratio",
    "Reason",
    "Result",
    "SequentialEffect",
    "Size",
    "SmallSample",
    "SolutionChance",
    "SplitCheck",
    "TestOption",
    "TestRanking",
    "TestValue",
    "Threshold",
    "Timebox",
    "VariantDecision",
    "WinnersCurse",
    "amend",
    "analyze",
    "canonical_rule",
    "catalogue",
    "check",
    "collect",
    "count",
    "decide",
    "draw_effects",
    "exaggeration",
    "extend_catalogue",
    "format",
    "likelihood_ratio",
    "mean",
    "metric_matches",
    "parse_hypothesis",
    "plot_assumptions",
    "plot_belief",
    "plot_boundaries",
    "plot_effects",
    "plot_expected_loss",
    "plot_power",
    "portfolio_from_records",
    "power_at",
    "proportion",
    "quantile",
    "rank_tests",
    "ratio",
    "recommend",
    "size",
    "small_sample",
    "solution_chance",
    "update_belief",
    "value_of_test",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "_analyze": ("analyze",),
            "_beliefs": (
                "Belief",
                "BeliefStep",
                "SmallSample",
                "SolutionChance",
                "likelihood_ratio",
                "small_sample",
                "solution_chance",
                "update_belief",
            ),
            "_bundle": ("Bundle",),
            "_charts": (
                "plot_assumptions",
                "plot_belief",
                "plot_boundaries",
                "plot_effects",
                "plot_expected_loss",
                "plot_power",
            ),
            "_check": ("check",),
            "_collect": ("collect",),
            "_curse": ("WinnersCurse", "exaggeration"),
            "_decide": ("Decision", "Reason", "VariantDecision", "decide"),
            "_hypothesis": ("Hypothesis", "Threshold", "Timebox", "format_hypothesis as format"),
            "_looks": ("AlwaysValid", "Bayesian", "Fixed", "GroupSequential"),
            "_measurements": ("Measurements", "QuantileEstimate"),
            "_methods": ("Catalogue", "Method", "catalogue", "extend_catalogue", "recommend"),
            "_metrics": (
                "Count",
                "Mean",
                "Metric",
                "Proportion",
                "Quantile",
                "Ratio",
                "count",
                "mean",
                "proportion",
                "quantile",
                "ratio",
            ),
            "_parse": ("parse_hypothesis",),
            "_picture": ("draw_effects",),
            "_plan": ("Amendment", "Plan", "amend", "canonical_rule"),
            "_portfolio": ("Candidate", "Portfolio", "TestOption", "portfolio_from_records"),
            "_rank": ("Advice", "TestRanking", "rank_tests"),
            "_results": (
                "AlwaysValidEffect",
                "AlwaysValidResult",
                "BayesianEffect",
                "BayesianResult",
                "CovariateCheck",
                "Effect",
                "FixedEffect",
                "FixedResult",
                "GroupSequentialResult",
                "Result",
                "SequentialEffect",
                "SplitCheck",
            ),
            "_size": ("MetricSize", "Size", "power_at", "size"),
            "_value": ("TestValue", "value_of_test"),
            "rules": ("RULES", "metric_matches"),
        },
    )
