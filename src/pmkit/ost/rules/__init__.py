"""Every rule of opportunity solution trees, one small file for each or for a family of them."""

from __future__ import annotations

from pmkit.model import Rule
from pmkit.ost._schema import OstTree
from pmkit.ost.rules._company import COMPANY_PERSPECTIVE
from pmkit.ost.rules._disguise import SOLUTION_IN_DISGUISE
from pmkit.ost.rules._evidence import OPINION_ONLY, THIN_EVIDENCE
from pmkit.ost.rules._mood import BARE_FEELING
from pmkit.ost.rules._outcomes import NO_COUNTERWEIGHT, OPEN_ENDED_OUTCOME, OUTPUT_AS_OUTCOME, UNMEASURED_OUTCOME
from pmkit.ost.rules._risks import NO_ASSUMPTIONS, REFUTED_BUT_ACTIVE, TEST_WITHOUT_CRITERION, UNTESTED_RISK
from pmkit.ost.rules._shape import ONE_WAY_IN, ONLY_CHILD, SOLUTION_ON_LEAF
from pmkit.ost.rules._structure import STRUCTURE
from pmkit.ost.rules._target import ONE_TARGET, SCATTERED_SOLUTIONS, THREE_SOLUTIONS
from pmkit.ost.rules._titles import DISTINCT_SIBLINGS, REPEATED_TITLE
from pmkit.ost.rules._upkeep import OVERGROWN, STALE

__all__ = ["RULES"]

RULES: tuple[Rule[OstTree], ...] = (
    *STRUCTURE,
    DISTINCT_SIBLINGS,
    REPEATED_TITLE,
    ONE_WAY_IN,
    ONLY_CHILD,
    SOLUTION_ON_LEAF,
    THREE_SOLUTIONS,
    ONE_TARGET,
    SCATTERED_SOLUTIONS,
    OUTPUT_AS_OUTCOME,
    UNMEASURED_OUTCOME,
    NO_COUNTERWEIGHT,
    SOLUTION_IN_DISGUISE,
    COMPANY_PERSPECTIVE,
    BARE_FEELING,
    THIN_EVIDENCE,
    NO_ASSUMPTIONS,
    UNTESTED_RISK,
    TEST_WITHOUT_CRITERION,
    REFUTED_BUT_ACTIVE,
    OPINION_ONLY,
    STALE,
    OVERGROWN,
    OPEN_ENDED_OUTCOME,
)
"""All rules by code; `check` runs those of a profile."""
