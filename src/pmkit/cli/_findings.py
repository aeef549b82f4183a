"""Findings on paper: for people, as JSON, as SARIF, as GitHub annotations; and baselines of accepted ones."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

import attrs

from pmkit._version import __version__
from pmkit.cli._write import written_json
from pmkit.cli.rules import all_rules
from pmkit.errors import SEVERITIES, Finding, ParseError
from pmkit.formats._files import read_text
from pmkit.formats._json import read_json
from pmkit.model import without_controls

__all__ = ["MACHINES", "OUTPUTS", "Baseline", "as_plain", "written"]

OUTPUTS = ("text", "json", "sarif", "github")
MACHINES = ("json", "sarif")
_LEVELS = {"error": "error", "warning": "warning", "information": "note"}
_COMMANDS = {"error": "error", "warning": "warning", "information": "notice"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@attrs.frozen
class Baseline:
    """Findings that a team has accepted for now, by code and subject."""

    accepted: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def read(cls, path: str) -> Baseline:
        """Read what ``--write-baseline`` wrote.

        Raises
        ------
        ParseError
            When it is something else.
        """
        rows = read_json(read_text(path), path).data
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and {"code", "subject"} <= set(row) for row in rows
        ):
            raise ParseError("a baseline is a list of findings, as --write-baseline writes them", source=path)
        return cls(frozenset((str(row["code"]), str(row["subject"])) for row in rows))

    def holds(self, finding: Finding) -> bool:
        """Whether a finding is among the accepted ones."""
        return (finding.code, finding.subject) in self.accepted


def as_plain(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Turn findings into plain data."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "subject": finding.subject,
            "message": finding.message,
            "hint": finding.hint,
            "span": list(finding.span) if finding.span else None,
            "file": finding.location.source if finding.location else None,
            "line": finding.location.line if finding.location else None,
            "column": finding.location.column if finding.location else None,
        }
        for finding in findings
    ]


def written(findings: tuple[Finding, ...], output: str, source: str, *, left_out: int = 0) -> str:
    """Write findings in one of `OUTPUTS`, with a line end at the end."""
    if output == "json":
        return written_json(as_plain(findings))
    if output == "sarif":
        return written_json(_sarif(findings, source))
    if output == "github":
        return "".join(f"{_annotation(finding, source)}\n" for finding in findings)
    return _for_people(findings, source, left_out)


def _for_people(findings: tuple[Finding, ...], source: str, left_out: int) -> str:
    lines = []
    for finding in findings:
        place = f"{source if finding.location is None else finding.location.source}:"
        place += f"{finding.location.line}:{finding.location.column}:" if finding.location else ""
        subject = f" {finding.subject}:" if finding.subject else ""
        lines.append(without_controls(f"{place} {finding.severity} {finding.code}{subject} {finding.message}"))
        if finding.hint:
            lines.append(without_controls(f"    {finding.hint}"))
    counts = Counter(finding.severity for finding in findings)
    told = ", ".join(
        f"{counts[name]} {name}{'s' if counts[name] != 1 and name != 'information' else ''}" for name in SEVERITIES
    )
    lines.append(f"{source}: {told}" if findings else f"{source}: nothing to mend")
    if left_out:
        lines.append(f"{left_out} left out by the baseline")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, source: str) -> str:
    place = finding.location
    properties = {
        "file": place.source if place else source,
        "line": str(place.line) if place and place.line else "",
        "col": str(place.column) if place and place.column else "",
        "title": finding.code,
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    hint = f" ({finding.hint})" if finding.hint else ""
    subject = f"{finding.subject}: " if finding.subject else ""
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(subject + finding.message + hint)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(findings: tuple[Finding, ...], source: str) -> dict[str, object]:
    used = {finding.code for finding in findings}
    rules = [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": rule.rationale},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in all_rules()
        if rule.code in used
    ]
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "pmkit", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(finding, source) for finding in findings],
            }
        ],
    }


def _sarif_result(finding: Finding, source: str) -> dict[str, object]:
    place = finding.location
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.source if place else source)}}
    if place and place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    hint = f" {finding.hint}" if finding.hint else ""
    subject = f"{finding.subject}: " if finding.subject else ""
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{subject}{finding.message}.{hint}"},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"codeAndSubject/v1": f"{finding.code}:{finding.subject}"},
    }


def _uri(path: str) -> str:
    """Write a path as a relative reference (RFC 3986), whatever bytes the name is made of."""
    return quote(os.fsencode(path.replace("\\", "/") if os.sep == "\\" else path))
