"""Findings: what the checks saw, one row a rule, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pmkit.report._names import Names
from pmkit.report._page import Section
from pmkit.report._parts import folded, paragraph, table
from pmkit.report._words import plural

if TYPE_CHECKING:
    from pmkit.errors import Finding

__all__ = ["findings_section"]

_MARKS = {"error": "error", "warning": "warning", "information": "information"}
_EACH = 8


def findings_section(found: Sequence[Finding], names: Names) -> Section:
    """Say what is wrong, the gravest first; what is only worth knowing is folded."""
    severe = [finding for finding in found if finding.severity != "information"]
    rest = [finding for finding in found if finding.severity == "information"]
    if not found:
        body = paragraph("Nothing to mend: every check passes.")
    elif severe:
        body = paragraph("What the checks of the product file found, one row for each rule.", style="note")
        body += _by_rule(severe, names, plural(len(severe), "finding"))
    else:
        body = paragraph("No error and no warning.")
    if rest:
        words = f"{plural(len(rest), 'finding')} for information"
        body += folded(words, _by_rule(rest, names, words))
    return Section(anchor="findings", title="Findings", body=body)


def _by_rule(found: Iterable[Finding], names: Names, caption: str) -> str:
    rules: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        rules.setdefault((finding.severity, finding.code), []).append(finding)
    rows = [
        (
            severity,
            _told(group, names),
            tuple(dict.fromkeys(finding.hint for finding in group if finding.hint))[:_EACH],
            code,
        )
        for (severity, code), group in rules.items()
    ]
    return table(("Severity", "What was found", "What to do", "Rule"), rows, caption=caption, marks=_MARKS)


def _told(group: Sequence[Finding], names: Names) -> tuple[str, ...]:
    told = [
        f"{names.title(finding.subject)}: {finding.message}" if finding.subject else finding.message
        for finding in group[:_EACH]
    ]
    left = len(group) - _EACH
    return (*told, f"and {left:,} more") if left > 0 else tuple(told)
