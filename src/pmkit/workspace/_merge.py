"""Three-way merge of whole products, by id and field by field."""

from __future__ import annotations

from typing import Literal

import attrs

from pmkit import trees
from pmkit.errors import InvalidValueError, PmkitError
from pmkit.model import Value, quoted
from pmkit.ost import OstTree
from pmkit.trees import Conflict, ConflictKind
from pmkit.workspace._diff import ABSENT, field_changes, same
from pmkit.workspace._model import Workspace
from pmkit.workspace._nested import merged_list, merged_order
from pmkit.workspace._sections import LISTS, Row, assembled, keyed, rows_of

__all__ = ["Favor", "WorkspaceMerge", "merge"]

Favor = Literal["", "ours", "theirs"]
"""Which side wins where both did something else; nobody, unless said."""


@attrs.frozen(kw_only=True)
class WorkspaceMerge(Value):
    """What came of a merge.

    Attributes
    ----------
    workspace : Workspace or None
        The merged product; None while conflicts remain.
    conflicts : tuple of Conflict
        What a person must settle: those of lists in the order of the file, then those of the tree.

    Examples
    --------
    >>> from pmkit.workspace import Goal, Workspace, merge
    >>> base, ours, theirs = (Workspace(goals=[Goal(id="g", title=title)]) for title in ("Come", "Come back", "Return"))
    >>> found = merge(base, ours, theirs)
    >>> found.workspace, [(conflict.subject, conflict.field) for conflict in found.conflicts]
    (None, [('g', 'title')])
    """

    workspace: Workspace | None
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Workspace, ours: Workspace, theirs: Workspace, *, favor: Favor = "") -> WorkspaceMerge:
    """Merge two products that grew out of one.

    The same change on both sides is no conflict. The tree is merged by `pmkit.trees.merge`, every other section by
    id, field by field. Rows keep ours' order, and theirs' additions follow; where only one side changed an order,
    that side's order is taken. Lists inside rows and nodes are merged by their members: looks by their day (or their
    units), pieces of evidence by kind, person, source and day, names by themselves; looks stay oldest first. A plan
    and the counts of a survey are each one value: half of one and half of another is neither.

    Parameters
    ----------
    base : Workspace
        What both came from.
    ours, theirs : Workspace
        The two sides.
    favor : "", "ours" or "theirs"
        Settle conflicts for one side. Where that is not possible one by one (moves of both sides that make a cycle),
        the whole tree, list, or product of that side is taken.

    Returns
    -------
    WorkspaceMerge
        With the product, or with every conflict at once. A reference that one side removed and the other side began
        to use is no conflict: `check` tells of it (WSP102).

    Examples
    --------
    >>> from pmkit.workspace import Goal
    >>> base = Workspace(goals=[Goal(id="g", title="People come back")])
    >>> ours = Workspace(goals=[Goal(id="g", title="People come back", target=0.2)])
    >>> theirs = Workspace(goals=[Goal(id="g", title="People return")])
    >>> merge(base, ours, theirs).workspace.goals
    (Goal(id='g', title='People return', metric='', unit='', baseline=None, target=0.2, by=None),)
    """
    if theirs in (base, ours):
        return WorkspaceMerge(workspace=ours)
    if ours == base:
        return WorkspaceMerge(workspace=theirs)
    return _Merging(base, ours, theirs, favor).result()


class _Merging:
    """One merge under way."""

    def __init__(self, base: Workspace, ours: Workspace, theirs: Workspace, favor: Favor) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.favor: Favor = favor
        self.conflicts: list[Conflict] = []

    def result(self) -> WorkspaceMerge:
        lists = {section: self._list(section) for section in LISTS}
        name = self._value("", "name", self.base.name, self.ours.name, self.theirs.name)
        extra = self._extra()
        tree = self._tree()
        if self.conflicts and not self.favor:
            return WorkspaceMerge(workspace=None, conflicts=tuple(self.conflicts))
        changed = {section: rows for section, rows in lists.items() if rows != rows_of(self.ours, section)}
        try:
            merged = assembled(self.ours, changed, name=name, extra=extra, tree=tree)
        except InvalidValueError as error:
            self._together(error)
            favored = {"ours": self.ours, "theirs": self.theirs}.get(self.favor)
            return WorkspaceMerge(workspace=favored, conflicts=tuple(self.conflicts))
        return WorkspaceMerge(workspace=merged, conflicts=tuple(self.conflicts))

    def _together(self, error: InvalidValueError) -> None:
        """Tell what is good on either side and not on both together."""
        for finding in error.findings:
            twice = finding.code in {"WSP101", "CON114"}
            kind: ConflictKind = "added-twice" if twice else "removed-and-changed"
            message = f"the two sides do not fit together: {finding.message}"
            self._clash(kind, finding.subject, message)
        if not error.findings:
            self._clash("both-changed", "", f"the two sides do not fit together: {error}")

    def _clash(
        self,
        kind: ConflictKind,
        subject: str,
        message: str,
        *,
        field: str = "",
        values: tuple[object, object, object] = (None, None, None),
    ) -> None:
        base, ours, theirs = values
        self.conflicts.append(
            Conflict(kind=kind, subject=subject, message=message, field=field, base=base, ours=ours, theirs=theirs)
        )

    def _value(self, subject: str, field: str, base: object, ours: object, theirs: object) -> object:
        """Merge one value: a list by its members where they can be told apart, all else as a whole."""
        if same(ours, theirs) or same(theirs, base):
            return ours
        if same(ours, base):
            return theirs
        if isinstance(base, tuple) and isinstance(ours, tuple) and isinstance(theirs, tuple):
            merged = self._members(subject, field, base, ours, theirs)
            if merged is not None:
                return merged
        message = f"{field}{f' of {quoted(subject)}' if subject else ''} was given two values"
        self._clash("both-changed", subject, message, field=field, values=(base, ours, theirs))
        return theirs if self.favor == "theirs" else ours

    def _members(
        self, subject: str, field: str, base: tuple[object, ...], ours: tuple[object, ...], theirs: tuple[object, ...]
    ) -> tuple[object, ...] | None:
        found = merged_list(base, ours, theirs, favor=self.favor) if subject else None
        if found is None:
            return None
        for clash in found[1]:
            values = (clash.base, clash.ours, clash.theirs)
            kind, told = _told(*values)
            message = f"{field} of {quoted(subject)}: {quoted(clash.name)} {told}"
            self._clash(kind, subject, message, field=field, values=values)
        return found[0]

    def _extra(self) -> dict[str, object]:
        merged: dict[str, object] = {}
        sides = (self.base.extra, self.ours.extra, self.theirs.extra)
        for key in dict.fromkeys((*self.ours.extra, *self.theirs.extra)):
            before, mine, other = (side.get(key, ABSENT) for side in sides)
            value = self._value("", key, before, mine, other)
            if value is not ABSENT:
                merged[key] = value
        return merged

    def _list(self, section: str) -> tuple[Row, ...]:
        base, ours, theirs = (rows_of(side, section) for side in (self.base, self.ours, self.theirs))
        if theirs in (base, ours):
            return ours
        if ours == base:
            return theirs
        named = tuple(keyed(section, rows) for rows in (base, ours, theirs))
        merged: dict[str, Row] = {}
        for name in dict.fromkeys((*named[1], *named[2])):
            row = self._row(name, *(rows.get(name) for rows in named))
            if row is not None:
                merged[name] = row
        order = merged_order(*(tuple(rows) for rows in named), present=frozenset(merged))
        return tuple(merged[name] for name in order)

    def _row(self, name: str, base: Row, ours: Row, theirs: Row) -> Row:
        if theirs in (base, ours):
            return ours
        if ours == base:
            return theirs
        favored = theirs if self.favor == "theirs" else ours
        if ours is None or theirs is None:
            message = f"{quoted(name)} was removed on one side and changed on the other"
            self._clash("removed-and-changed", name, message, values=(base, ours, theirs))
            return favored
        if base is None:
            names = [change.field for change in field_changes(ours, theirs)]
            message = f"{quoted(name)} was added on both sides with different values of {', '.join(names)}"
            self._clash("added-twice", name, message, values=(None, ours, theirs))
            return favored
        taken = {
            change.field: self._value(name, change.field, change.old, getattr(ours, change.field), change.new)
            for change in field_changes(base, theirs)
        }
        try:
            return attrs.evolve(ours, **taken)
        except InvalidValueError as error:
            message = f"the two sides' changes of {quoted(name)} do not fit together: {error}"
            self._clash("both-changed", name, message, field=min(taken), values=(base, ours, theirs))
            return favored

    def _tree(self) -> OstTree | None:
        base, ours, theirs = self.base.tree, self.ours.tree, self.theirs.tree
        if theirs in (base, ours):
            return ours
        if ours == base:
            return theirs
        favored = theirs if self.favor == "theirs" else ours
        if base is None or ours is None or theirs is None:
            kind: ConflictKind = "added-twice" if base is None else "removed-and-changed"
            root = min(tree.roots[0] for tree in (ours, theirs, base) if tree is not None)
            words = "two trees were added" if base is None else "the tree was removed on one side, changed on the other"
            self._clash(kind, root, words, values=(base, ours, theirs))
            return favored
        merged = trees.merge(base, ours, theirs)
        if merged.conflicts:
            ours, theirs = self._with_merged_lists(merged.conflicts, ours, theirs)
            merged = trees.merge(base, ours, theirs)
        self.conflicts += merged.conflicts
        if merged.tree is None and self.favor:
            return _settled(base, ours, theirs, merged.conflicts, self.favor)
        return merged.tree

    def _with_merged_lists(
        self, conflicts: tuple[Conflict, ...], ours: OstTree, theirs: OstTree
    ) -> tuple[OstTree, OstTree]:
        """Give both sides the merged evidence, tags and other lists that the tree's merge takes as one value."""
        for conflict in conflicts:
            sides = (conflict.base, conflict.ours, conflict.theirs)
            if conflict.kind == "both-changed" and all(isinstance(side, tuple) for side in sides):
                value = self._members(conflict.subject, conflict.field, *sides)  # type: ignore[arg-type]  # tuples
                if value is not None:
                    ours = trees.replace(ours, conflict.subject, **{conflict.field: value})
                    theirs = trees.replace(theirs, conflict.subject, **{conflict.field: value})
        return ours, theirs


def _told(base: object, ours: object, theirs: object) -> tuple[ConflictKind, str]:
    """Say what two sides did to one member of a list."""
    if base is None:
        return "added-twice", "was added on both sides, with different content"
    if ours is None or theirs is None:
        return "removed-and-changed", "was removed on one side and changed on the other"
    return "both-changed", "was changed on both sides"


def _settled(base: OstTree, ours: OstTree, theirs: OstTree, conflicts: tuple[Conflict, ...], favor: Favor) -> OstTree:
    """Settle conflicts for one side: give the other side its values, and merge again; else take its whole tree."""
    winner, loser = (theirs, ours) if favor == "theirs" else (ours, theirs)
    try:
        for conflict in conflicts:
            if conflict.kind == "both-changed" and conflict.field not in {"", "kind", "parent"}:
                value = getattr(winner[conflict.subject], conflict.field)
                loser = trees.replace(loser, conflict.subject, **{conflict.field: value})
            elif conflict.kind == "moved-twice":
                loser = trees.move(loser, conflict.subject, parent=winner.parents.get(conflict.subject))
            else:
                return winner
        merged = trees.merge(base, *((loser, winner) if favor == "theirs" else (winner, loser)))
    except PmkitError:
        return winner
    return merged.tree or winner
