"""The rules across rooms, one small file for each or for a family of them."""

from __future__ import annotations

from pmkit.model import Rule
from pmkit.workspace._model import Workspace
from pmkit.workspace.rules._coordination import MISSING_CHANNEL, UNOWNED_COMPONENT
from pmkit.workspace.rules._decisions import CONTRADICTED_TEST, DECISION_WAITING, UNREGISTERED_VERDICT
from pmkit.workspace.rules._metrics import METRIC_MATCHES_NEED
from pmkit.workspace.rules._needs import NEED_WITHOUT_OPPORTUNITY, SURVEY_LEFT_OUT
from pmkit.workspace.rules._references import DANGLING_REFERENCE, UNIQUE_ID
from pmkit.workspace.rules._unserved import (
    FEEDBACK_ON_NOTHING,
    GOALLESS_OUTCOME,
    IDLE_HYPOTHESIS,
    ROADMAP_WITHOUT_OPPORTUNITY,
    UNTESTED_BUILD,
)
from pmkit.workspace.rules._waivers import EXPIRED_WAIVER

__all__ = ["RULES"]

RULES: tuple[Rule[Workspace], ...] = (
    UNIQUE_ID,
    DANGLING_REFERENCE,
    MISSING_CHANNEL,
    ROADMAP_WITHOUT_OPPORTUNITY,
    UNREGISTERED_VERDICT,
    NEED_WITHOUT_OPPORTUNITY,
    DECISION_WAITING,
    CONTRADICTED_TEST,
    UNOWNED_COMPONENT,
    IDLE_HYPOTHESIS,
    GOALLESS_OUTCOME,
    UNTESTED_BUILD,
    EXPIRED_WAIVER,
    FEEDBACK_ON_NOTHING,
    SURVEY_LEFT_OUT,
    METRIC_MATCHES_NEED,
)
"""All rules across rooms; each room has its own besides."""
