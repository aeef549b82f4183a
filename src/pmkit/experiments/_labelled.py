"""A hypothesis written as a card: "Change: …", "For: …", "Metric: …", one label to a line or to a clause."""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

__all__ = ["read_card"]

_LABELS = {
    "change": r"change|test|experiment|idea|solution|feature|action|intervention|treatment|what(?:\s+we(?:\s+(?:change|do)|['’]ll\s+do))?|if|if\s+we|we\s+(?:will|believe)(?:\s+that)?|proposed\s+change|build",
    "audience": r"audience|for(?:\s+whom)?|who|target\s+(?:group|audience|users?|segment)|segment|persona|users?|customers?|cohort",
    "metric": r"(?:primary\s+|success\s+|key\s+|main\s+|goal\s+)?metric|measure|kpi|north\s+star|and\s+measure|we\s+measure|measured\s+by",
    "outcome": r"(?:expected|predicted|desired)\s*(?:results?|effect|impact|lift|outcome|change)?|outcome|result|effect|expectation|target|threshold|success(?:\s+criteri(?:on|a))?|we\s+are\s+right\s+if|will|then|impact|goal|mde|minimum\s+effect|expect",
    "reason": r"reason(?:ing)?|why|because|rationale|insight|evidence|since|assumption",
    "timebox": r"time-?\s?box|time-?\s?frame|duration|when|by\s+when|deadline|run\s?time|period|timeline|length|within",
}
_LABEL = re.compile(
    r"(?:(?<=[\n;|])|^|(?<=[.;,|]\s))[ \t*_>•–-]{0,9}(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in _LABELS.items())
    + r")[*_]*\s*:[*_]*\s*",
    re.IGNORECASE,
)
_FEWEST = 3


def read_card(text: str) -> dict[str, tuple[int, int]]:
    """Return where each labelled part stands, or nothing when fewer than three are labelled."""
    labels = list(_LABEL.finditer(text))
    found: dict[str, tuple[int, int]] = {}
    for place, label in enumerate(labels):
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        stop = text.find("\n", label.end(), end)
        part = next(name for name in _LABELS if label[name])
        found.setdefault(part, (label.end(), end if stop < 0 else stop))
    return found if len(found) >= _FEWEST and {"change", "metric", "outcome"} & found.keys() else {}
