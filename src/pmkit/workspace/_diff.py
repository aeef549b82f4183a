"""What changed between two versions of a product, by id and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from pmkit import trees
from pmkit.model import Table, Value, unknown_id
from pmkit.ost import OstNode, OstTree
from pmkit.trees import FieldChange, TreeDiff
from pmkit.workspace._model import Workspace
from pmkit.workspace._nested import parts
from pmkit.workspace._sections import LISTS, Row, assembled, keyed, rows_of

__all__ = ["ListDiff", "WorkspaceDiff", "apply", "diff", "invert"]


@attrs.frozen(kw_only=True)
class ListDiff(Value):
    """What changed in one list of a workspace.

    Attributes
    ----------
    section : str
        The list, such as ``"goals"`` or ``"organization.teams"``.
    added, removed : mapping of str to value
        Rows that only the new, or only the old list has, by their names: ids, or what else tells rows apart.
    changed : mapping of str to pair
        Rows whose fields differ: before and after.
    before, after : tuple of str
        The names in the order of the old and of the new list.

    Examples
    --------
    >>> from pmkit.workspace import Goal, Workspace, diff
    >>> old = Workspace(goals=[Goal(id="g", title="People come back")])
    >>> new = Workspace(goals=[Goal(id="h", title="People stay"), Goal(id="g", title="People return")])
    >>> (goals,) = diff(old, new).lists
    >>> goals.section, list(goals.added), list(goals.changed), goals.reordered
    ('goals', ['h'], ['g'], False)
    """

    section: str
    added: Mapping[str, object]
    removed: Mapping[str, object]
    changed: Mapping[str, tuple[object, object]]
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def reordered(self) -> bool:
        """Whether rows that stayed stand in another order."""
        kept = [name for name in self.after if name not in self.added]
        return kept != [name for name in self.before if name not in self.removed]


@attrs.frozen(kw_only=True)
class WorkspaceDiff(Value, Table):
    """Every difference between two versions of a product; false when there is none.

    Attributes
    ----------
    fields : tuple of FieldChange
        The product's name and the keys of your own that changed.
    tree : TreeDiff or None
        What changed in the tree; None when nothing did, or when one version has no tree.
    trees : tuple of (Tree or None, Tree or None)
        The old and the new tree where only one version has one; else both None.
    lists : tuple of ListDiff
        Every list that changed, in the order of the file.

    Examples
    --------
    >>> from pmkit.workspace import Goal, Workspace, diff
    >>> old = Workspace(goals=[Goal(id="g", title="People come back")])
    >>> found = diff(old, Workspace(name="Cinema"))
    >>> bool(found), [change.field for change in found.fields], [part.section for part in found.lists]
    (True, ['name'], ['goals'])
    >>> bool(diff(old, old))
    False
    """

    fields: tuple[FieldChange, ...] = ()
    tree: TreeDiff[OstNode] | None = None
    trees: tuple[OstTree | None, OstTree | None] = (None, None)
    lists: tuple[ListDiff, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.tree or self.lists or self.trees != (None, None))

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each difference.

        Returns
        -------
        list of dict
            With ``section``, ``change``, ``id``, ``field``, ``old`` and ``new``.
        """
        rows: list[dict[str, object]] = []
        for each in self.fields:
            row: tuple[object, ...] = ("", "changed", "", each.field, each.old, each.new)
            rows.append(dict(zip(_COLUMNS, row, strict=True)))
        rows += [{"section": "tree", **found} for found in self._of_tree()]
        for part in self.lists:
            for found in _of_list(part):
                cells: tuple[object, ...] = (part.section, *found)
                rows.append(dict(zip(_COLUMNS, cells, strict=True)))
        return rows

    def _of_tree(self) -> list[dict[str, object]]:
        if self.tree is not None:
            return [part for row in self.tree.to_dicts() for part in _parts_of(row)]
        old, new = self.trees
        rows: list[dict[str, object]] = []
        for change, tree, side in (("removed", old, "old"), ("added", new, "new")):
            for node in tree or ():
                above = tree.parents.get(node.id) if tree is not None else None
                rows.append({"change": change, "id": node.id, "field": "", "old": None, "new": None, side: above})
        return rows

    def summary(self) -> str:
        """Say in one line what changed.

        Returns
        -------
        str
        """
        counts: dict[tuple[str, str], int] = {}
        for row in self.to_dicts():
            place = (str(row["section"] or "product"), str(row["change"]))
            counts[place] = counts.get(place, 0) + 1
        return ", ".join(f"{section}: {count} {change}" for (section, change), count in counts.items()) or (
            "no difference"
        )


_COLUMNS = ("section", "change", "id", "field", "old", "new")


def _of_list(part: ListDiff) -> Iterator[tuple[str, str, str, object, object]]:
    for name in part.added:
        yield "added", name, "", None, None
    for name in part.removed:
        yield "removed", name, "", None, None
    for name, (before, after) in part.changed.items():
        for change in field_changes(before, after):
            for part_of_it in parts(change):
                yield "changed", name, part_of_it.field, part_of_it.old, part_of_it.new
    if part.reordered:
        yield "reordered", "", "", part.before, part.after


def _parts_of(row: dict[str, object]) -> Iterator[dict[str, object]]:
    """Take a row of the tree's difference apart where one member of a list changed."""
    if row["change"] != "changed":
        yield row
        return
    for part in parts(FieldChange(str(row["field"]), row["old"], row["new"])):
        yield {**row, "field": part.field, "old": part.old, "new": part.new}


def field_changes(before: Row, after: Row) -> Iterator[FieldChange]:
    """Compare two rows of a list field by field."""
    for field in attrs.fields(type(before)):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield FieldChange(field.name, old, new)


def diff(old: Workspace, new: Workspace) -> WorkspaceDiff:
    """Find every difference between two versions of a product.

    The tree is compared by `pmkit.trees.diff`; every other section by id, field by field. The parts of an
    organization are known by what they tie: an ownership by component, team and source, a dependency by its
    ends and kind, communication by its teams and channel, an interaction by its teams and mode; a waiver by
    code and subject.

    Parameters
    ----------
    old, new : Workspace

    Returns
    -------
    WorkspaceDiff
        ``apply(old, diff(old, new)) == new``.

    Examples
    --------
    >>> from pmkit.workspace import Goal
    >>> old = Workspace(goals=[Goal(id="g", title="People come back")])
    >>> new = Workspace(goals=[Goal(id="g", title="People come back", target=0.2)])
    >>> diff(old, new).to_dicts()
    [{'section': 'goals', 'change': 'changed', 'id': 'g', 'field': 'target', 'old': None, 'new': 0.2}]
    """
    lists = (_list_diff(section, rows_of(old, section), rows_of(new, section)) for section in LISTS)
    changes = {part.section: part for part in lists if part is not None}
    both = old.tree is not None and new.tree is not None
    tree = trees.diff(old.tree, new.tree) if old.tree is not None and new.tree is not None else None
    return WorkspaceDiff(
        fields=tuple(_own_fields(old, new)),
        tree=tree or None,
        trees=(None, None) if both else (old.tree, new.tree),
        lists=tuple(changes[section] for section in LISTS if section in changes),
    )


def _own_fields(old: Workspace, new: Workspace) -> Iterator[FieldChange]:
    if old.name != new.name:
        yield FieldChange("name", old.name, new.name)
    for key in dict.fromkeys((*old.extra, *new.extra)):
        before, after = old.extra.get(key, ABSENT), new.extra.get(key, ABSENT)
        if before is ABSENT or after is ABSENT or not same(before, after):
            yield FieldChange(key, before, after)


def same(one: object, other: object) -> bool:
    """Whether plain data are the same: 1, 1.0 and True are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


class _Absent:
    """Stands where there is nothing, not even None."""

    def __repr__(self) -> str:
        return "(absent)"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


def _list_diff(section: str, old: tuple[Row, ...], new: tuple[Row, ...]) -> ListDiff | None:
    if old is new or old == new:
        return None
    before, after = keyed(section, old), keyed(section, new)
    return ListDiff(
        section=section,
        added={name: row for name, row in after.items() if name not in before},
        removed={name: row for name, row in before.items() if name not in after},
        changed={name: (before[name], row) for name, row in after.items() if name in before and before[name] != row},
        before=tuple(before),
        after=tuple(after),
    )


def apply(workspace: Workspace, changes: WorkspaceDiff) -> Workspace:
    """Make the new version from the old one and what changed.

    Parameters
    ----------
    workspace : Workspace
        The old version.
    changes : WorkspaceDiff
        From `diff`.

    Returns
    -------
    Workspace

    Raises
    ------
    InvalidValueError, UnknownIdError
        When the changes were not found on this version.

    Examples
    --------
    >>> old, new = Workspace(name="Cinema"), Workspace(name="Kino")
    >>> apply(old, diff(old, new)).name
    'Kino'
    """
    extra = dict(workspace.extra)
    name = workspace.name
    for change in changes.fields:
        if change.field == "name":
            name = str(change.new)
        elif change.new is ABSENT:
            extra.pop(change.field, None)
        else:
            extra[change.field] = change.new
    lists: dict[str, tuple[Row, ...]] = {}
    for part in changes.lists:
        known = {**keyed(part.section, rows_of(workspace, part.section)), **part.added}
        known.update({identifier: after for identifier, (_, after) in part.changed.items()})
        absent = [identifier for identifier in part.after if identifier not in known]
        if absent:
            raise unknown_id(f"row of {part.section}", absent[0], known)
        lists[part.section] = tuple(known[identifier] for identifier in part.after)
    tree = workspace.tree if changes.trees == (None, None) else changes.trees[1]
    if changes.tree is not None and tree is not None:
        tree = trees.apply(tree, changes.tree)
    return assembled(workspace, lists, name=name, extra=extra, tree=tree)


def invert(changes: WorkspaceDiff) -> WorkspaceDiff:
    """Turn a difference round, so that it leads back.

    Parameters
    ----------
    changes : WorkspaceDiff

    Returns
    -------
    WorkspaceDiff
        ``apply(new, invert(diff(old, new))) == old``.

    Examples
    --------
    >>> old, new = Workspace(name="Cinema"), Workspace(name="Kino")
    >>> apply(new, invert(diff(old, new))).name
    'Cinema'
    """
    return WorkspaceDiff(
        fields=tuple(FieldChange(each.field, each.new, each.old) for each in changes.fields),
        tree=None if changes.tree is None else trees.invert(changes.tree),
        trees=(changes.trees[1], changes.trees[0]),
        lists=tuple(
            ListDiff(
                section=part.section,
                added=part.removed,
                removed=part.added,
                changed={name: (after, before) for name, (before, after) in part.changed.items()},
                before=part.after,
                after=part.before,
            )
            for part in changes.lists
        ),
    )
