"""WSP115: waivers whose time has passed."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.workspace._model import Workspace

__all__ = ["EXPIRED_WAIVER"]


def _expired(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    for waiver in workspace.waivers:
        if settings.today is not None and waiver.until is not None and waiver.until < settings.today:
            yield Hit(waiver.subject, f"the waiver of {waiver.code} ended on {waiver.until.isoformat()}")


EXPIRED_WAIVER: Rule[Workspace] = Rule(
    code="WSP115",
    name="expired-waiver",
    severity="warning",
    summary="A waiver has not passed its last day.",
    rationale="An exception with an end is a promise; one that outlives it is a habit.",
    source="pmkit's own convention",
    profiles=("default", "strict"),
    check=_expired,
    hint="mend what it excused, or give it a new date and reason",
    failing="until: 2026-10-31, on 2026-11-22",
    passing="until: 2026-12-31, on 2026-11-22",
)
