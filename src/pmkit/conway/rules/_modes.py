"""CON109: declared interaction modes against observed coupling."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._modes import interaction_modes
from pmkit.conway.rules._case import Case
from pmkit.conway.rules._channels import pair_subject
from pmkit.model import Hit, Rule, Settings

__all__ = ["RULES"]


def _mismatch(case: Case, _settings: Settings) -> Iterator[Hit]:
    order = case.organization.index.team_at
    for row in interaction_modes(case.organization).rows:
        if not row.agrees:
            a, b = sorted((row.a, row.b), key=order.__getitem__)
            meant = f"{row.recommended} fits" if row.recommended else "no mode fits"
            declared = " and ".join(row.declared)
            yield Hit(pair_subject(a, b), f"{declared} is declared; {meant}: {'; '.join(row.reasons)}")


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON109",
        name="mode-mismatch",
        severity="warning",
        summary="the declared interaction mode fits the coupling",
        rationale="A service that needs changes on both sides is a collaboration nobody made time for.",
        source="Skelton and Pais 2019, ch. 7",
        profiles=("default",),
        hint="change the declaration, or the dependencies that contradict it",
        failing="X-as-a-Service declared between teams whose components depend on each other both ways",
        passing="X-as-a-Service declared where all dependencies run one way",
        check=_mismatch,
    ),
)
