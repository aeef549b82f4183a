"""Checking a tree against the method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Literal

from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Settings, did_you_mean, quoted, run_rules
from pmkit.ost._facts import walked_once
from pmkit.ost._schema import OstTree
from pmkit.ost.rules import RULES
from pmkit.trees import Tree

__all__ = ["Profile", "check"]

Profile = Literal["structure", "default", "torres"]
"""Which rules are run: only those of shape, those that most schools share, or all of Torres's."""


def check(
    tree: OstTree,
    *,
    profile: Profile = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    today: dt.date | str | None = None,
    limits: Mapping[str, float] | None = None,
) -> tuple[Finding, ...]:
    """Check a tree against the method, and return every finding at once.

    A tree that exists has no structural fault: OST001 to OST009 are raised by the
    functions that build trees. Their codes are accepted here and find nothing.

    Parameters
    ----------
    tree : Tree
        An opportunity solution tree.
    profile : {"structure", "default", "torres"}
        Which rules are run; each holds those of the one before.
    select : collection of str
        Codes or beginnings of codes: only these rules are run, whatever their profile.
    ignore : collection of str
        Codes or beginnings of codes that are not run.
    today : date or str or None
        The day of the check, for OST301; a date or ``"2026-11-22"``.
    limits : mapping of str to float, optional
        ``stale_days`` (OST301), ``children`` and ``nodes`` (OST302); those rules are
        silent without their limit.

    Returns
    -------
    tuple of Finding
        Gravest first, then by code and subject. A node whose ``ignore`` holds a code is
        not reported under it.

    Raises
    ------
    InvalidValueError
        For something that is no opportunity solution tree, or an unknown profile, code or
        limit; never for what the tree says.

    Notes
    -----
    The rules follow Torres (2021), Continuous Discovery Habits; each rule's page names
    its chapter. What no program can judge is not reported as passed.

    Examples
    --------
    >>> from pmkit import ost
    >>> tree = ost.new(ost.Outcome(id="board", title="Launch the boarding app"))
    >>> for finding in ost.check(tree, select=["OST111"]):
    ...     print(finding.code, finding.subject, finding.message)
    OST111 board 'launch' tells what is shipped
    """
    given: object = tree
    if not isinstance(given, Tree) or given.schema.codes != "OST":
        raise InvalidValueError(f"check wants an opportunity solution tree, not {quoted(given)}")
    settings = Settings(profile=profile, today=today, limits=_known_limits(limits))
    nodes = tree.nodes

    def waived(identifier: str) -> Collection[str]:
        node = nodes.get(identifier)
        return node.ignore if node is not None else ()

    with walked_once(tree):
        return run_rules(RULES, tree, settings=settings, select=select, ignore=ignore, waived=waived)


_LIMITS = ("stale_days", "children", "nodes")


def _known_limits(given: Mapping[str, float] | None) -> Mapping[str, float]:
    limits: object = {} if given is None else given
    if not isinstance(limits, Mapping):
        raise InvalidValueError(f"limits must be a mapping from names to numbers, not {quoted(limits)}")
    for name, limit in limits.items():
        if name not in _LIMITS:
            raise InvalidValueError(
                f"there is no limit {quoted(name)}; there are {', '.join(_LIMITS)}{did_you_mean(str(name), _LIMITS)}"
            )
        if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not limit >= 0:
            raise InvalidValueError(f"the limit {name} must be a number from 0 up, not {quoted(limit)}")
    return limits
