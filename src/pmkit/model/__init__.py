"""The vocabulary that all rooms share: rules, intervals, undefined numbers, evidence, ids, tables."""

from __future__ import annotations

from pmkit.model._evidence import EVIDENCE_KINDS, Evidence, EvidenceKind
from pmkit.model._ids import id_clashes, id_fault, normalized_id, unknown_id
from pmkit.model._interval import Interval
from pmkit.model._optional import require
from pmkit.model._rules import Hit, Rule, Settings, chosen_rules, run_rules, sorted_findings
from pmkit.model._table import Table
from pmkit.model._text import any_of, article, did_you_mean, escape_html, escape_xml, quoted, without_controls
from pmkit.model._undefined import REASONS, Undefined, reason_code
from pmkit.model._values import Value, frozen_mapping

__all__ = [
    "EVIDENCE_KINDS",
    "REASONS",
    "Evidence",
    "EvidenceKind",
    "Hit",
    "Interval",
    "Rule",
    "Settings",
    "Table",
    "Undefined",
    "Value",
    "any_of",
    "article",
    "chosen_rules",
    "did_you_mean",
    "escape_html",
    "escape_xml",
    "frozen_mapping",
    "id_clashes",
    "id_fault",
    "normalized_id",
    "quoted",
    "reason_code",
    "require",
    "run_rules",
    "sorted_findings",
    "unknown_id",
    "without_controls",
]
