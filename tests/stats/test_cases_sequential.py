"""Published answers: group sequential designs, always-valid methods, posteriors, multiplicity, information."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pmkit import stats

REFERENCE = Path(__file__).parents[1] / "reference" / "stats.json"
SHARED = Path(__file__).parents[2].parent / "shared" / "cases" / "experiments.json"


def _cases() -> dict[str, dict[str, Any]]:
    files = [path for path in (REFERENCE, SHARED) if path.exists()]
    return {case["id"]: case for path in files for case in json.loads(path.read_text("utf-8"))}


KNOWN = _cases()
IDS = sorted(KNOWN)


def close(found: object, case: dict[str, Any], wanted: object) -> None:
    tolerance = case["tolerance"]
    if isinstance(tolerance, str):
        assert found == pytest.approx(wanted, rel=float(tolerance.split()[1]))
    else:
        assert found == pytest.approx(wanted, abs=tolerance, rel=0)


def some(prefix: str) -> Any:
    ids = [name for name in IDS if name.startswith(prefix)]
    return pytest.mark.parametrize("name", ids)


def arm(given: dict[str, Any]) -> tuple[float, float, float]:
    """Mean, variance and number of units from sums; a proportion where there is no sum of squares."""
    n, mean = given["n"], given["sum"] / given["n"]
    if "sum_squares" not in given:
        return mean, mean * (1 - mean), n
    return mean, (given["sum_squares"] - given["sum"] ** 2 / n) / (n - 1), n


def relative(control: tuple[float, float, float], treatment: tuple[float, float, float]) -> tuple[float, float]:
    """Lift and its standard error by the delta method."""
    (mean, variance, n), (other, spread, units) = control, treatment
    error = spread / units / mean**2 + variance / n * other**2 / mean**4
    return (other - mean) / abs(mean), math.sqrt(error)


def absolute(control: tuple[float, float, float], treatment: tuple[float, float, float]) -> tuple[float, float]:
    return treatment[0] - control[0], math.sqrt(treatment[1] / treatment[2] + control[1] / control[2])


CALLS: dict[str, dict[str, Any]] = {
    "classic_OF": {"spending": "obrien-fleming", "sided": 2},
    "classic_Pocock": {"spending": "pocock", "sided": 2},
    "LDOF": {"spending": "lan-demets-obrien-fleming", "sided": 2},
    "LDPocock": {"spending": "lan-demets-pocock", "sided": 2},
    "HSD-4": {"spending": ("hwang-shih-decani", -4)},
    "WangTsiatis_.25": {"spending": ("wang-tsiatis", 0.25), "sided": 2},
    "nonbinding_futility": {
        "spending": "lan-demets-obrien-fleming",
        "futility": stats.Futility(spending=stats.Spending("lan-demets-obrien-fleming")),
    },
}


def design(call: str) -> stats.SequentialDesign:
    options = next(options for name, options in CALLS.items() if call.startswith(f"{name}_"))
    if "uneven" in call:
        return stats.group_sequential([0.25, 0.6, 1.0], power=0.8, **options)
    return stats.group_sequential(int(call.split("_K")[1].split("_", maxsplit=1)[0]), power=0.9, **options)


@pytest.mark.parametrize("name", [name for name in IDS if name.startswith("gsDesign-") and "inomial" not in name])
def test_group_sequential(name: str) -> None:
    case = KNOWN[name]
    call = case["inputs"]["call"]
    wanted = case["expected"]["value"]
    if call == "condPower_z1_.5":
        plan = stats.group_sequential(3, spending="lan-demets-obrien-fleming", power=0.9)
        parts = [
            stats.conditional_stopping(plan, 1, 1.5, drift=drift).upper for drift in ("observed", "null", "planned")
        ]
        close(np.concatenate(parts), case, wanted)
        return
    found = design(call)
    if call.endswith("inflation"):
        close(found.inflation, case, wanted[0])
    elif call.endswith("cumspend"):
        close(found.spent, case, wanted)
    else:
        close(found.z, case, wanted)


SEQUENCES = {
    "gb-seq-mean-rel-1000": relative,
    "gb-seq-prop-rel": relative,
    "gb-seq-onesided-greater-rel": relative,
    "gb-seq-onesided-less-abs": absolute,
}


@some("gb-seq-")
def test_confidence_sequence(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    if name not in SEQUENCES:
        effect, error = relative_adjusted(given["control"], given["treatment"])
    else:
        arms = [arm(given["control"]), arm(given["treatment"])]
        effect, error = SEQUENCES[name](*arms)
    result = stats.confidence_sequence(
        effect,
        error,
        given["control"]["n"] + given["treatment"]["n"],
        planned_n=given.get("tuning", 5000),
        confidence=1 - given.get("alpha", 0.05),
        alternative=given.get("alternative", "two-sided"),
    )
    if "effect" in wanted:
        close(result.effect, case, wanted["effect"])
    if "se" in wanted:
        close(result.standard_error, case, wanted["se"])
    close(result.p_value, case, wanted["p"])
    for bound, known in zip(result.interval, wanted["ci"], strict=True):
        if known is None:
            assert math.isinf(bound)
        else:
            close(bound, case, known)


def moments(n: float, post: float, squares: float, pre: float, pre_squares: float, cross: float) -> tuple[float, ...]:
    """Means of outcome and covariate, their variances and covariance."""
    center, other = post / n, pre / n
    return (
        center,
        other,
        *(
            (total - product) / (n - 1)
            for total, product in ((squares, post * center), (pre_squares, pre * other), (cross, pre * center))
        ),
    )


def relative_adjusted(control: dict[str, Any], treatment: dict[str, Any]) -> tuple[float, float]:
    """CUPED with one theta over the joined arms, and the delta method about the plain means, as the source does."""
    sums = [
        (side["n"], *side["post"].values(), *side["pre"].values(), side["post_pre"]) for side in (control, treatment)
    ]
    _, _, _, variance, covariance = moments(*(first + second for first, second in zip(*sums, strict=True)))
    theta = covariance / variance
    (mean, pre, spread, pre_spread, cross), (other, late, width, late_width, late_cross) = (
        moments(*one) for one in sums
    )
    lift = (other - theta * late - mean + theta * pre) / mean
    error = (width + theta**2 * late_width - 2 * theta * late_cross) / sums[1][0] / mean**2
    error += (spread + theta**2 * pre_spread - 2 * theta * cross) / sums[0][0] * other**2 / mean**4
    return lift, math.sqrt(error)


PARTS = {"m_post": "value", "d_post": "denominator", "m_pre": "covariate", "d_pre": "covariate_denominator"}


def of_a_ratio(given: dict[str, Any]) -> stats.Moments[Any]:
    """Moments of numerator and denominator, now and before, from their published sums."""
    pairs = itertools.product(PARTS, PARTS)
    products = {(PARTS[one], PARTS[two]): given[f"{one}_{two}"] for one, two in pairs if f"{one}_{two}" in given}
    further = {name: part for name, part in PARTS.items() if part != "value"}
    return stats.Moments.from_sums(
        given["n"],
        *given["m_post"].values(),
        totals={part: given[name]["sum"] for name, part in further.items()},
        products=products | {(part, part): given[name]["sum_squares"] for name, part in further.items()},
    )


def test_a_confidence_sequence_of_an_adjusted_ratio() -> None:
    case = KNOWN["gb-ratio-cuped-seq"]
    arms = [of_a_ratio(case["inputs"][side]) for side in ("control", "treatment")]
    ratio = stats.compare_ratios(*arms, relative=True, cuped=True)
    units = sum(arm.n for arm in arms)
    found = stats.confidence_sequence(ratio.effect, ratio.standard_error, units, planned_n=case["inputs"]["tuning"])
    close(found.effect, case, case["expected"]["effect"])
    close(found.p_value, case, case["expected"]["p"])
    close(list(found.interval), case, case["expected"]["ci"])


POSTERIORS = {"gb-bayes-prop": None, "gb-bayes-mean": None, "gb-bayes-mean-prior": (0.1, math.sqrt(0.1))}


@some("gb-bayes-")
def test_normal_posterior(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    if "mu" in given:
        result = stats.normal_posterior(given["mu"], given["sigma"])
    elif "nu" in given:
        # the source turns each interval into a variance and takes (n - 1) / n of it
        errors = [
            (given[side]["upper"] - given[side]["lower"]) / 2 / 1.959963984540054 * math.sqrt(1 - 1 / given[side]["n"])
            for side in ("control", "treatment")
        ]
        result = stats.normal_posterior(given["treatment"]["q"] - given["control"]["q"], math.hypot(*errors))
    else:
        effect, error = relative(arm(given["control"]), arm(given["treatment"]))
        result = stats.normal_posterior(effect, error, prior=POSTERIORS[name])
    found = {
        "effect": result.effect,
        "sd": result.standard_deviation,
        "ci": list(result.interval),
        "chance_to_win": result.chance_to_win,
        "risk": [result.expected_loss_control, result.expected_loss],
    }
    for key, value in wanted.items():
        close(found[key], case, value)


@some("gb-power-mid-")
def test_remaining_sample(name: str) -> None:
    case = KNOWN[name]
    given = KNOWN["gb-power-mid-freq"]["inputs"]
    _, error = relative(arm(given["control"]), arm(given["treatment"]))
    options: dict[str, Any] = {
        "gb-power-mid-freq": {},
        "gb-power-mid-seq": {"method": "confidence-sequence", "planned_n": 5000},
        "gb-power-mid-bayes": {"method": "bayesian", "prior": (0.05, math.sqrt(0.001))},
    }[name]
    result = stats.remaining_sample(error, 1000, effect=0.05, power=0.8, **options)
    # the source stops its bisection when the power is within 1e-5
    assert result.scaling == pytest.approx(case["expected"]["scaling_factor"], rel=case["tolerance"])


METHODS = {"simes-hochberg": "hochberg", "fdr_by": "benjamini-yekutieli", "fdr_bh": "benjamini-hochberg"}


@some("bh1995-")
def test_multiplicity(name: str) -> None:
    case = KNOWN[name]
    method = case["inputs"]["method"]
    found = stats.adjust_pvalues(case["inputs"]["p"], method=METHODS.get(method, method))
    close(found, case, case["expected"]["adjusted"])
    assert int((found <= case["inputs"]["alpha"]).sum()) == case["expected"]["rejected"]


@some("srm-")
def test_sample_ratio(name: str) -> None:
    case = KNOWN[name]
    result = stats.sample_ratio(case["inputs"]["observed"], case["inputs"]["ratio"])
    close(result.statistic, case, case["expected"]["chi2"])
    close(result.p_value, case, case["expected"]["p"])


@some("evanmiller-seq-")
def test_miller(name: str) -> None:
    case = KNOWN[name]
    close(stats.miller_bound(case["inputs"]["N"]), case, case["expected"]["d"])


@some("msprt-")
def test_msprt(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    error = math.sqrt(given["var_of_pair_diff"] / given["n"])
    result = stats.msprt(given["mean_diff"], error, mixing_variance=given["tau2"], confidence=1 - given["alpha"])
    close(result.log_likelihood_ratio, case, wanted["log_lr"])
    close(result.p_value, case, wanted["p"])
    close(result.halfwidth, case, wanted["cs_halfwidth"])


@some("asympcs-")
def test_sequence_width(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    close(stats.sequence_rho(given["n_star"], alpha=given["alpha"]), case, wanted["rho"])
    error = math.sqrt(given["s2"] / given["n"])
    result = stats.confidence_sequence(0.0, error, given["n"], planned_n=given["n_star"], confidence=1 - given["alpha"])
    close(result.halfwidth, case, wanted["halfwidth"])


@some("betabin-")
def test_beta_binomial(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    result = stats.beta_binomial(given["x_c"], given["n_c"], given["x_t"], given["n_t"], prior=tuple(given["prior"]))
    close(result.chance_to_win, case, wanted["chance_to_win"])
    close(result.expected_loss, case, wanted["loss_ship"])


@some("evsi-")
def test_information(name: str) -> None:
    case = KNOWN[name]
    given, wanted = case["inputs"], case["expected"]
    close(stats.evpi(given["m"], given["s"]), case, wanted["evpi"])
    close(stats.evsi(given["m"], given["s"], given["v"]), case, wanted["evsi"])
