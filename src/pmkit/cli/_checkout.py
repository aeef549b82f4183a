"""What ``pmkit conway`` prints of a checkout: who owns what, who needs whom, who talks, and what to mend."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from pmkit import conway
from pmkit.formats.repository import Repository
from pmkit.model import without_controls

__all__ = ["checkout_figures", "told_checkout"]

_SHOWN = 6
_WIDEST = 40


def checkout_figures(found: Repository) -> dict[str, Any]:
    """Return what a checkout tells beyond the figures of any organization."""
    organization = found.organization
    channels = dict.fromkeys(talk.channel for talk in organization.communication)
    lonely = {part: one for part, one in conway.truck_factors(found.changes).items() if one.value == 1}
    known = [component.id for component in organization.components]
    return {
        "notes": list(found.notes),
        "files": found.files,
        "files_owned": found.owned,
        "commits": len({change.commit for change in found.changes}),
        "people": len({change.author for change in found.changes}),
        "owners": _owners(organization),
        "unowned": [part for part in known if not conway.owners(organization, part)],
        "channels": [_by_channel(organization, channel) for channel in channels],
        "missing": [
            {"a": gap.a, "b": gap.b, "weight": gap.weight, "because": [f"{e.source} -> {e.target}" for e in gap.edges]}
            for gap in conway.gaps(organization)
        ],
        "unreachable": [
            {"line": fact.line, "pattern": fact.pattern, "matches": fact.matches}
            for fact in found.facts
            if fact.decides == 0
        ],
        "one_author": [part for part in known if part in lonely],
    }


def _owners(organization: conway.Organization) -> list[dict[str, object]]:
    files: dict[str, float] = {}
    parts: dict[str, list[str]] = {}
    for row in sorted(organization.ownership, key=lambda row: -row.share):
        files[row.team] = files.get(row.team, 0.0) + row.share
        parts.setdefault(row.team, []).append(row.component)
    ordered = sorted(files, key=lambda team: (-files[team], team))
    return [{"team": team, "files": round(files[team]), "components": parts[team]} for team in ordered]


def _by_channel(organization: conway.Organization, channel: str) -> dict[str, object]:
    found = conway.congruence(organization, channels=(channel,))
    return {
        "channel": channel,
        "required": found.required,
        "met": found.met,
        "congruence": found.unweighted_value,
        "weighted": found.weighted_value,
    }


def told_checkout(figures: dict[str, Any]) -> str:
    """Write the page for people."""
    parts = (_size(figures), _owned(figures), _needed(figures), _talked(figures), _mended(figures))
    blocks = ["\n".join(without_controls(line) for line in part) for part in parts]
    return "\n\n".join(block for block in blocks if block)


def _size(figures: dict[str, Any]) -> Iterator[str]:
    owned = f"{figures['files_owned'] / figures['files']:.0%} of them owned" if figures["files"] else "none owned"
    yield (
        f"{figures['files']} files in {figures['components']} components, {owned} by "
        f"{_count(figures['teams'], 'team')}; {_count(figures['commits'], 'commit')} by "
        f"{_count(figures['people'], 'person', 'people')}"
    )
    for note in figures["notes"]:
        yield f"  note: {note}"


def _owned(figures: dict[str, Any]) -> Iterator[str]:
    yield "WHO OWNS WHAT"
    width = min(max((len(row["team"]) for row in figures["owners"]), default=0), _WIDEST)
    for row in figures["owners"]:
        yield f"  {row['team']:<{width}}  {_count(row['files'], 'file'):>11}  {_some(row['components'], 3)}"
    if figures["unowned"]:
        yield f"  nobody: {_some(figures['unowned'], _SHOWN)}"


def _needed(figures: dict[str, Any]) -> Iterator[str]:
    yield "WHO NEEDS WHOM"
    edges = _count(figures["dependencies"], "dependency", "dependencies")
    yield f"  {edges} between components, {figures['across_teams']} of them across teams"
    first = figures["mirroring"][0] if figures["mirroring"] else None
    if first is not None and not isinstance(first["expected"], str) and not isinstance(first["observed"], str):
        yield (
            f"  {first['observed']:.1%} cross teams where chance would give {first['expected']:.1%} "
            f"(p = {first['p_low']:.2g}): the organization {_verdict(first)} the architecture"
        )
    cost = figures["propagation_cost"]
    if not isinstance(cost, str):
        yield f"  a change can reach {cost:.1%} of the pairs of components (propagation cost)"


def _verdict(view: dict[str, Any]) -> str:
    return "mirrors" if view["p_low"] < 0.05 else "does not visibly mirror"  # noqa: PLR2004 - the customary level


def _talked(figures: dict[str, Any]) -> Iterator[str]:
    yield "WHO TALKS"
    if not figures["required_pairs"]:
        yield "  no pair of teams has to coordinate"
        return
    for row in figures["channels"]:
        yield (
            f"  by {row['channel']}: {row['met']} of {_count(row['required'], 'pair')} that must coordinate do "
            f"({row['congruence']:.2f}; weighted by dependencies {row['weighted']:.2f})"
        )
    if not figures["channels"]:
        yield "  no commit tells that teams talk"
    missing = figures["missing"]
    if missing:
        yield f"  {_count(len(missing), 'pair')} with dependencies and no channel:"
    for gap in missing[:_SHOWN]:
        yield f"    {gap['a']} + {gap['b']}: {_some(gap['because'], 2)}"
    if len(missing) > _SHOWN:
        yield f"    and {len(missing) - _SHOWN} more"


def _mended(figures: dict[str, Any]) -> Iterator[str]:
    lines = list(itertools.chain(_moves(figures["moves"]), _rules(figures["unreachable"])))
    if figures["one_author"] and figures["people"] > 1:
        told = f"  {_count(len(figures['one_author']), 'component')} with one author: {_some(figures['one_author'], 4)}"
        lines.append(told)
    if lines:
        yield "WHAT TO LOOK AT"
        yield from lines


def _moves(moves: Iterable[dict[str, Any]]) -> Iterator[str]:
    for move in moves:
        yield f"  move {move['component']} from {move['before']} to {move['after']}: {move['gain']:g} fewer across"


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    for rule in rules[:_SHOWN]:
        why = "a later line always wins" if rule["matches"] else "no file matches"
        yield f"  CODEOWNERS line {rule['line']}, {rule['pattern']}: {why}"
    if len(rules) > _SHOWN:
        yield f"  and {len(rules) - _SHOWN} more lines of CODEOWNERS that decide nothing"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _some(names: list[str], shown: int) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
