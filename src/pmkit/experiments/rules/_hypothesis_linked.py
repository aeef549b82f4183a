"""EXP112: the metric of a hypothesis is the metric of the outcome that it serves."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.errors import Finding
from pmkit.experiments._convert import word_list
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.language import normalize, singular, words
from pmkit.model import Hit, Rule, Settings, quoted

__all__ = ["EXP112_RULE", "metric_matches"]


def metric_matches(hypothesis: Hypothesis, metric: str) -> tuple[Finding, ...]:
    """Check that a hypothesis speaks of the metric of the outcome that it serves.

    Parameters
    ----------
    hypothesis : Hypothesis
    metric : str
        The outcome's metric; nothing is checked when it is blank.

    Returns
    -------
    tuple of Finding
        EXP112 when the two share no word that says what is measured.

    Examples
    --------
    >>> metric_matches(Hypothesis(metric="next-episode starts"), "minutes watched")[0].code
    'EXP112'
    >>> metric_matches(Hypothesis(metric="weekly minutes watched"), "minutes watched per week")
    ()
    """
    mine, other = _content(hypothesis.metric), _content(metric)
    if not normalize(metric) or not mine or mine & other:
        return ()
    message = f"its metric is {quoted(hypothesis.metric)}, the outcome's is {quoted(metric)}"
    span = hypothesis.spans.get("metric")
    return (Finding(EXP112_RULE.code, EXP112_RULE.severity, hypothesis.id, message, EXP112_RULE.hint, span),)


_EMPTY = word_list("empty_in_metrics")


def _content(metric: str) -> frozenset[str]:
    return frozenset(singular(word) for token in words(metric) for word in token.split("-") if word not in _EMPTY)


def _alone(_hypothesis: Hypothesis, _settings: Settings) -> Iterator[Hit]:
    """Find nothing: a hypothesis by itself serves no outcome; a workspace that links them uses `metric_matches`."""
    yield from ()


EXP112_RULE: Rule[Hypothesis] = Rule(
    code="EXP112",
    name="metric-matches-need",
    severity="warning",
    summary="The metric is the metric of the outcome that the hypothesis serves, where one is linked.",
    rationale="A metric that moves without the outcome proves nothing about it.",
    source="Torres 2021, Continuous Discovery Habits, ch. 3",
    profiles=("default", "exploratory"),
    hint="measure what the outcome measures, or say how the one leads to the other",
    failing="outcome: minutes watched; hypothesis: next-episode starts",
    passing="outcome: minutes watched; hypothesis: weekly minutes watched",
    check=_alone,
)
