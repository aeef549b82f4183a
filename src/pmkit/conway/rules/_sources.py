"""CON110, CON113: ownership that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from pmkit.conway._drift import drift
from pmkit.conway._model import Ownership, OwnershipRule
from pmkit.conway.rules._case import Case
from pmkit.model import Hit, Rule, Settings, quoted

__all__ = ["RULES", "covers"]

_EVERYTHING = frozenset({"*", "**", "/**", "**/*", "/**/*"})
_WILD = frozenset("*?[\\")


def _drift(case: Case, _settings: Settings) -> Iterator[Hit]:
    by_source: dict[str, list[Ownership]] = {}
    for row in case.organization.ownership:
        by_source.setdefault(row.source, []).append(row)
    sources = list(by_source)
    for other in sources[1:]:
        found = drift(by_source[sources[0]], by_source[other])
        for gap in found.disagreements:
            told = [
                f"{name or 'the unnamed source'} says {', '.join(teams)}"
                for name, teams in ((sources[0], gap.only_a), (other, gap.only_b))
                if teams
            ]
            yield Hit(gap.component, f"two sources disagree: {'; '.join(told)}")


def covers(later: str, earlier: str) -> bool:
    """Say whether one pattern certainly matches all that another matches; False when in doubt."""
    if later == earlier or later in _EVERYTHING:
        return True
    folder = later.removesuffix("**").removesuffix("*") if later.endswith("/**") else later
    if not folder.endswith("/") or len(folder) == 1 or _WILD.intersection(folder):
        return False
    anchored = folder.startswith("/") or "/" in folder[:-1]
    name = folder.removeprefix("/")
    if anchored:
        is_anchored = earlier.startswith("/") or "/" in earlier.removesuffix("/")
        return is_anchored and earlier.removeprefix("/").startswith(name)
    parents = earlier.removeprefix("/").split("/")[:-1]
    return name[:-1] in parents


def _unreachable(case: Case, _settings: Settings) -> Iterator[Hit]:
    rules = case.ownership_rules
    for number, rule in enumerate(rules):
        over = _overriding(rules, number)
        if over is not None:
            place = f"line {over.line}" if over.line else "a later rule"
            told = f"{place}, {quoted(over.pattern)}, matches everything that it matches"
        elif rule.matches and rule.decides == 0:
            told = f"later rules override it on all {rule.matches} paths that it matches"
        else:
            continue
        place = f"line {rule.line}" if rule.line else f"rule {number + 1}"
        yield Hit(rule.pattern, f"{place} is never the last to match: {told}")


def _overriding(rules: tuple[OwnershipRule, ...], number: int) -> OwnershipRule | None:
    rule = rules[number]
    later = (other for other in rules[number + 1 :] if other.section == rule.section)
    return next((other for other in later if covers(other.pattern, rule.pattern)), None)


RULES: tuple[Rule[Case], ...] = (
    Rule(
        code="CON110",
        name="drift",
        severity="warning",
        summary="all sources of ownership agree",
        rationale="Where two lists differ, reviews go to one team and alarms to another.",
        source="observed: in one public repository two lists disagree on 10 of 97 packages, renames set aside",
        profiles=("default",),
        hint="make one source from the other, or correct the one that is out of date",
        failing="CODEOWNERS gives 'index' to 'data', the catalog to 'search'",
        passing="CODEOWNERS and the catalog give 'index' to 'data'",
        check=_drift,
    ),
    Rule(
        code="CON113",
        name="unreachable-rule",
        severity="warning",
        summary="every ownership rule decides something",
        rationale="The last rule that matches wins, so a rule that a later one always overrides owns nothing.",
        source="GitHub and GitLab documentation of CODEOWNERS: the last matching pattern takes precedence",
        profiles=("default",),
        hint="move the more general rule up, or remove the one that never decides",
        failing="'/docs/' above '*'",
        passing="'*' above '/docs/'",
        check=_unreachable,
    ),
)
