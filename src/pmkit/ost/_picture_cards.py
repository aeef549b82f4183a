"""What each node of an opportunity solution tree looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pmkit.drawing import Card, Chip
from pmkit.errors import Finding
from pmkit.model import Evidence
from pmkit.ost._nodes import Assumption, AssumptionTest, Opportunity, OstNode, Outcome, Solution

__all__ = ["HANGING", "KIND_SIGNS", "counted", "legend_of", "node_card"]

HANGING = frozenset(("solution", "assumption", "test"))
"""The kinds that hang as lists when the tree is drawn downward."""

KIND_SIGNS: Mapping[str, tuple[str, str, str]] = {
    "outcome": ("target", "outcome", "Outcome"),
    "opportunity": ("diamond", "opportunity", "Opportunity"),
    "solution": ("square", "solution", "Solution"),
    "assumption": ("triangle", "assumption", "Assumption"),
    "test": ("hexagon", "test", "Test"),
}
"""Icon, paint and word of each kind."""

_RADIUS = {"opportunity": 12.0, "outcome": 8.0, "test": 8.0}
_VERDICTS = {"supported": ("check", "good"), "refuted": ("cross", "bad"), "inconclusive": ("wave", "unsure")}
_STATUSES = {
    "shipped": ("check", "good"),
    "dropped": ("cross", "muted"),
    "testing": ("dot", "solution"),
    "building": ("dot", "solution"),
}
_TEST_STATUSES = {"planned": ("ring", "muted"), "running": ("dot", "test"), "done": ("check", "muted")}
_SEVERITIES = {"error": ("cross", "bad"), "warning": ("triangle", "unsure"), "information": ("ring", "muted")}
_MOST_FINDINGS = 3
_PLURALS = {"person": "people", "opportunity": "opportunities", "branch": "branches"}


def counted(count: int, word: str) -> str:
    """Say a count with its word: ``"1 person"``, ``"3 people"``.

    Parameters
    ----------
    count : int
        How many.
    word : str
        The word for one.

    Returns
    -------
    str
    """
    return f"{count:,} {word if count == 1 else _PLURALS.get(word, word + 's')}"


def _evidence_chip(evidence: Sequence[Evidence]) -> list[Chip]:
    """Count who stands behind a node: distinct participants, or pieces when nobody is named."""
    if not evidence:
        return []
    people = len({each.participant for each in evidence if each.participant})
    pieces = counted(len(evidence), "piece") + " of evidence"
    words = counted(people, "person") if people else counted(len(evidence), "piece")
    return [Chip(text=words, icon="dot", title=f"{words}, {pieces}" if people else pieces)]


def _amount(value: float) -> str:
    return f"{value:,.10g}"


def _outcome_chips(node: Outcome) -> list[Chip]:
    words = ""
    if node.baseline is not None and node.target is not None:
        words = f"{_amount(node.baseline)} → {_amount(node.target)}"
    elif node.target is not None:
        words = f"to {_amount(node.target)}"
    elif node.baseline is not None:
        words = f"from {_amount(node.baseline)}"
    if words and node.unit:
        words += f" {node.unit}"
    if node.by is not None:
        words = f"{words} by {node.by.isoformat()}".strip()
    return [Chip(text=words, paint="outcome", title=f"{node.metric}: {words}" if node.metric else "")] if words else []


def _solution_chips(node: Solution) -> list[Chip]:
    sign, paint = _STATUSES.get(node.status, ("ring", "muted"))
    return [Chip(text=node.status, icon=sign, paint=paint, strong=node.status == "shipped")]


def _assumption_chips(node: Assumption) -> list[Chip]:
    chips = []
    if node.probability is not None:
        words = f"{node.probability:.0%}"
        title = f"believed to hold with probability {node.probability:.10g}"
        chips.append(Chip(text=words, paint="assumption", share=node.probability, title=title))
    if node.category is not None:
        chips.append(Chip(text=node.category))
    return [*chips, *_evidence_chip(node.evidence)]


def _test_chips(node: AssumptionTest) -> list[Chip]:
    if node.verdict is not None:
        sign, paint = _VERDICTS[node.verdict]
        chips = [
            Chip(text=node.verdict, icon=sign, paint=paint, ground=f"{paint}-tint", strong=True, title=node.result)
        ]
    else:
        sign, paint = _TEST_STATUSES[node.status]
        chips = [Chip(text=node.status, icon=sign, paint=paint)]
    return [*chips, *([Chip(text=node.method)] if node.method else [])]


def _chips(node: OstNode) -> list[Chip]:
    if isinstance(node, Outcome):
        return _outcome_chips(node)
    if isinstance(node, Opportunity):
        return _evidence_chip(node.evidence)
    if isinstance(node, Solution):
        return _solution_chips(node)
    if isinstance(node, Assumption):
        return _assumption_chips(node)
    return _test_chips(node)


def finding_chips(findings: Sequence[Finding]) -> list[Chip]:
    """Make badges of a node's findings, gravest first."""
    chips = []
    for finding in findings[:_MOST_FINDINGS]:
        sign, paint = _SEVERITIES[finding.severity]
        chips.append(Chip(text=finding.code, icon=sign, paint=paint, title=str(finding)))
    left = findings[_MOST_FINDINGS:]
    if left:
        chips.append(Chip(text=f"+{len(left)}", title="\n".join(map(str, left))))
    return chips


def node_card(
    node: OstNode,
    *,
    findings: Sequence[Finding] = (),
    hidden: int = 0,
    notes: Iterable[str] = (),
) -> Card:
    """Make the card of a node."""
    sign, paint, label = KIND_SIGNS[node.kind]
    chips = [*_chips(node), *finding_chips(findings)]
    if hidden:
        chips.append(Chip(text=f"+{hidden:,} more", icon="plus", title=f"{hidden:,} more below are not shown"))
    target = isinstance(node, Opportunity) and node.target
    dropped = isinstance(node, Solution) and node.status == "dropped"
    return Card(
        id=node.id,
        role=node.kind,
        title=node.title,
        label=label,
        paint=paint,
        icon=sign,
        tone="strong" if node.kind == "outcome" else "faded" if dropped else "plain",
        flag=Chip(text="Target", icon="flag", paint="opportunity", strong=True) if target else None,
        chips=tuple(chips),
        notes=tuple(notes),
        border=2.5 if target else 1.0,
        radius=_RADIUS.get(node.kind, 4.0),
        struck=dropped,
        dashed=dropped,
        size=14.0 if node.kind == "outcome" else 13.0,
        bold=node.kind == "outcome",
        tooltip=node.description,
    )


def legend_of(kinds: Iterable[str], *, target: bool) -> list[tuple[str, str, str]]:
    """List the legend's entries for the kinds that are in a picture."""
    present = frozenset(kinds)
    entries = [sign for kind, sign in KIND_SIGNS.items() if kind in present]
    return [*entries, ("flag", "opportunity", "Target opportunity")] if target else entries
