"""EXP112: the metric of a hypothesis is the metric of the outcome that it serves."""

from __future__ import annotations

from pmkit.errors import Finding
from pmkit.experiments._hypothesis import Hypothesis
from pmkit.language import normalize, singular, words
from pmkit.model import quoted

__all__ = ["EXP112", "metric_matches"]

EXP112 = "EXP112"


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
    hint = "measure what the outcome measures, or say how the one leads to the other"
    return (Finding(EXP112, "warning", hypothesis.id, message, hint, hypothesis.spans.get("metric")),)


_EMPTY = frozenset("the a an of per in for by to and or rate share number percentage average mean median total week weekly month monthly day daily user users customer customers".split())


def _content(metric: str) -> frozenset[str]:
    return frozenset(singular(word) for token in words(metric) for word in token.split("-") if word not in _EMPTY)
