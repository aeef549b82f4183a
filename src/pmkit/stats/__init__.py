"""Numbers for decisions: moments, intervals, tests, power, sequential and Bayesian methods, resampling.

Every function broadcasts over numpy arrays (experiments, segments, variants); scalars in give
scalars out. A number that does not exist is an `Undefined` with its reason, and in arrays NaN
with a reason code beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmkit.model._late import late_names

if TYPE_CHECKING:
    from pmkit.stats._always_valid import (
        ConfidenceSequence,
        Msprt,
        always_valid_p,
        confidence_sequence,
        miller_bound,
        msprt,
        sequence_halfwidth,
        sequence_rho,
    )
    from pmkit.stats._bayes import Posterior, beta_binomial, normal_posterior
    from pmkit.stats._clusters import ClusterSizing, cluster_moments, cluster_sizing
    from pmkit.stats._comparison import Alternative, Comparison
    from pmkit.stats._estimates import Distribution, RelativeInterval
    from pmkit.stats._information import (
        evpi,
        evpi_actions,
        evpi_beta,
        evpi_choice,
        evsi,
        evsi_actions,
        evsi_beta,
        evsi_choice,
    )
    from pmkit.stats._means import MeanComparison, compare_means
    from pmkit.stats._moments import Moments
    from pmkit.stats._multiplicity import MULTIPLICITY_METHODS, MultiplicityMethod, adjust_pvalues
    from pmkit.stats._parts import Part
    from pmkit.stats._poststratify import StratifiedComparison, poststratify
    from pmkit.stats._proportions import (
        ComparisonMethod,
        ProportionComparison,
        ProportionInterval,
        ProportionMethod,
        compare_proportions,
        proportion_interval,
    )
    from pmkit.stats._quantiles import QuantileComparison, QuantileMethod, quantile_difference
    from pmkit.stats._ratios import EstimateComparison, RatioComparison, compare_estimates, compare_ratios
    from pmkit.stats._resampling import Bootstrap, Permutation, bootstrap, bootstrap_counts, permutation
    from pmkit.stats._sample_ratio import SampleRatio, SequentialSampleRatio, sample_ratio, sequential_sample_ratio
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
    from pmkit.stats._sequential_remaining import RemainingSample, remaining_sample
    from pmkit.stats._simulate import Simulation, simulate
    from pmkit.stats._size_means import detectable_effect_means, power_means, sample_size_means
    from pmkit.stats._size_proportions import (
        NullVariance,
        detectable_effect_proportions,
        duration,
        power_proportions,
        sample_size_proportions,
    )
    from pmkit.stats._spending import SPENDING_FAMILIES, Spending, SpendingFamily, spent_alpha
    from pmkit.stats._winsor import winsor_limits, winsorize

__all__ = [
    "MULTIPLICITY_METHODS",
    "SPENDING_FAMILIES",
    "Alternative",
    "Bootstrap",
    "ClusterSizing",
    "Comparison",
    "ComparisonMethod",
    "ConfidenceSequence",
    "Distribution",
    "EstimateComparison",
    "Futility",
    "MeanComparison",
    "Moments",
    "Msprt",
    "MultiplicityMethod",
    "NullVariance",
    "Part",
    "Permutation",
    "Posterior",
    "ProportionComparison",
    "ProportionInterval",
    "ProportionMethod",
    "QuantileComparison",
    "QuantileMethod",
    "RatioComparison",
    "RelativeInterval",
    "RemainingSample",
    "SampleRatio",
    "SequentialDesign",
    "SequentialSampleRatio",
    "Simulation",
    "Spending",
    "SpendingFamily",
    "Stagewise",
    "Stopping",
    "StratifiedComparison",
    "adjust_pvalues",
    "always_valid_p",
    "beta_binomial",
    "bootstrap",
    "bootstrap_counts",
    "cluster_moments",
    "cluster_sizing",
    "compare_estimates",
    "compare_means",
    "compare_proportions",
    "compare_ratios",
    "conditional_power",
    "conditional_stopping",
    "confidence_sequence",
    "detectable_effect_means",
    "detectable_effect_proportions",
    "duration",
    "evpi",
    "evpi_actions",
    "evpi_beta",
    "evpi_choice",
    "evsi",
    "evsi_actions",
    "evsi_beta",
    "evsi_choice",
    "group_sequential",
    "miller_bound",
    "msprt",
    "normal_posterior",
    "permutation",
    "poststratify",
    "power_means",
    "power_proportions",
    "predictive_power",
    "proportion_interval",
    "quantile_difference",
    "remaining_sample",
    "repeated_interval",
    "sample_ratio",
    "sample_size_means",
    "sample_size_proportions",
    "sequence_halfwidth",
    "sequence_rho",
    "sequential_sample_ratio",
    "simulate",
    "spent_alpha",
    "stagewise",
    "stopping_probabilities",
    "update_looks",
    "winner_exaggeration",
    "winsor_limits",
    "winsorize",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "_always_valid": (
                "ConfidenceSequence",
                "Msprt",
                "always_valid_p",
                "confidence_sequence",
                "miller_bound",
                "msprt",
                "sequence_halfwidth",
                "sequence_rho",
            ),
            "_bayes": ("Posterior", "beta_binomial", "normal_posterior"),
            "_clusters": ("ClusterSizing", "cluster_moments", "cluster_sizing"),
            "_comparison": ("Alternative", "Comparison"),
            "_estimates": ("Distribution", "RelativeInterval"),
            "_information": (
                "evpi",
                "evpi_actions",
                "evpi_beta",
                "evpi_choice",
                "evsi",
                "evsi_actions",
                "evsi_beta",
                "evsi_choice",
            ),
            "_means": ("MeanComparison", "compare_means"),
            "_moments": ("Moments",),
            "_multiplicity": ("MULTIPLICITY_METHODS", "MultiplicityMethod", "adjust_pvalues"),
            "_parts": ("Part",),
            "_poststratify": ("StratifiedComparison", "poststratify"),
            "_proportions": (
                "ComparisonMethod",
                "ProportionComparison",
                "ProportionInterval",
                "ProportionMethod",
                "compare_proportions",
                "proportion_interval",
            ),
            "_quantiles": ("QuantileComparison", "QuantileMethod", "quantile_difference"),
            "_ratios": ("EstimateComparison", "RatioComparison", "compare_estimates", "compare_ratios"),
            "_resampling": ("Bootstrap", "Permutation", "bootstrap", "bootstrap_counts", "permutation"),
            "_sample_ratio": ("SampleRatio", "SequentialSampleRatio", "sample_ratio", "sequential_sample_ratio"),
            "_sequential": (
                "Futility",
                "SequentialDesign",
                "Stopping",
                "group_sequential",
                "stopping_probabilities",
                "update_looks",
            ),
            "_sequential_analysis": (
                "Stagewise",
                "conditional_power",
                "conditional_stopping",
                "predictive_power",
                "repeated_interval",
                "stagewise",
                "winner_exaggeration",
            ),
            "_sequential_remaining": ("RemainingSample", "remaining_sample"),
            "_simulate": ("Simulation", "simulate"),
            "_size_means": ("detectable_effect_means", "power_means", "sample_size_means"),
            "_size_proportions": (
                "NullVariance",
                "detectable_effect_proportions",
                "duration",
                "power_proportions",
                "sample_size_proportions",
            ),
            "_spending": ("SPENDING_FAMILIES", "Spending", "SpendingFamily", "spent_alpha"),
            "_winsor": ("winsor_limits", "winsorize"),
        },
    )
