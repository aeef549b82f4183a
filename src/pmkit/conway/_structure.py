"""How far a change can spread: propagation cost, visibility, cycles."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.conway._closure import reach_counts, strong_components, successors
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import Table, Undefined, quoted, unknown_id

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PropagationCost", "Role", "Visibility", "VisibilityRow", "cyclic_groups", "propagation_cost", "visibility"]

Role = Literal["core", "shared", "control", "periphery"]


@attrs.frozen(kw_only=True)
class PropagationCost:
    """The share of the product that a change of one component can reach, on average.

    Attributes
    ----------
    value : float or Undefined
        From 0 to 1, by the convention of `diagonal`.
    visibility_sum : int
        Pairs (a, b) where a reaches b, each component reaching itself.
    components, dependencies : int
        Components, and distinct pairs of them that are tied.
    largest_cyclic_group : int
        Components in the largest cycle of dependencies; 1 when nothing is cyclic, 0 without components.
    cyclic_groups : int
        Groups of two or more components that all depend on each other.
    diagonal : {"included", "excluded"}
        Whether a component counts as reaching itself.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.propagation_cost(conway.from_owners({"a": [], "b": []}, [("a", "b")])).value
    0.75
    """

    value: float | Undefined
    visibility_sum: int
    components: int
    dependencies: int
    largest_cyclic_group: int
    cyclic_groups: int
    diagonal: str

    def summary(self) -> str:
        """Say it in one sentence."""
        if isinstance(self.value, Undefined):
            return f"The propagation cost is undefined: {self.value.reason}."
        return (
            f"A change of one of the {self.components} components can reach {self.value:.1%} of them on average; "
            f"{self.cyclic_groups} groups are cyclic, the largest of {self.largest_cyclic_group}."
        )


def propagation_cost(
    organization: Organization, *, diagonal: Literal["included", "excluded"] = "included"
) -> PropagationCost:
    """Compute the propagation cost: the density of the reflexive transitive closure of the dependencies.

    Parameters
    ----------
    organization : Organization
    diagonal : {"included", "excluded"}
        Count each component as reaching itself, as the literature does, or only others.

    Returns
    -------
    PropagationCost
        Undefined without components, and without two of them when the diagonal is excluded.

    Raises
    ------
    InvalidValueError
        For an unknown diagonal.

    References
    ----------
    MacCormack, Rusnak and Baldwin (2006), "Exploring the structure of complex software designs", Management
    Science 52.

    Examples
    --------
    >>> from pmkit import conway
    >>> chain = conway.from_owners({"a": [], "b": [], "c": []}, [("a", "b"), ("b", "c")])
    >>> propagation_cost(chain).value == 6 / 9
    True
    >>> propagation_cost(chain, diagonal="excluded").value
    0.5
    """
    if diagonal not in ("included", "excluded"):
        raise InvalidValueError(f"diagonal must be included or excluded, not {quoted(diagonal)}")
    index = organization.index
    count = len(organization.components)
    following = successors(count, index.source, index.target)
    groups = strong_components(following)
    reached = sum(size * len(group) for size, group in zip(reach_counts(following, groups), groups, strict=True))
    sizes = [len(group) for group in groups]
    value: float | Undefined
    if diagonal == "included":
        value = reached / count**2 if count else Undefined("no data")
    else:
        value = (reached - count) / (count * (count - 1)) if count > 1 else Undefined("fewer than two units")
    return PropagationCost(
        value=value,
        visibility_sum=reached,
        components=count,
        dependencies=sum(map(len, map(set, following))),
        largest_cyclic_group=max(sizes, default=0),
        cyclic_groups=sum(size > 1 for size in sizes),
        diagonal=diagonal,
    )


def cyclic_groups(organization: Organization) -> tuple[tuple[str, ...], ...]:
    """Return the groups of components that all depend on each other, largest first.

    Parameters
    ----------
    organization : Organization

    Returns
    -------
    tuple of tuple of str
        Component ids in the organization's order; groups of two or more.

    Examples
    --------
    >>> from pmkit import conway
    >>> cyclic_groups(conway.from_owners({"a": [], "b": [], "c": []}, [("a", "b"), ("b", "a"), ("b", "c")]))
    (('a', 'b'),)
    """
    index = organization.index
    following = successors(len(organization.components), index.source, index.target)
    groups = [sorted(group) for group in strong_components(following) if len(group) > 1]
    groups.sort(key=lambda group: (-len(group), group[0]))
    return tuple(tuple(organization.components[at].id for at in group) for group in groups)


@attrs.frozen
class VisibilityRow:
    """How far one component sees and is seen.

    Attributes
    ----------
    component : str
    fan_out : int
        Components that it depends on, directly or not, itself included.
    fan_in : int
        Components that depend on it, directly or not, itself included.
    role : Role
        ``"core"``, ``"shared"``, ``"control"`` or ``"periphery"``.

    Examples
    --------
    >>> VisibilityRow("index", 1, 2, "shared").role
    'shared'
    """

    component: str
    fan_out: int
    fan_in: int
    role: Role


@attrs.frozen(kw_only=True)
class Visibility(Table):
    """Fan-out and fan-in visibility of every component, and the roles that follow.

    Attributes
    ----------
    rows : tuple of VisibilityRow
        One for each component, in order.
    architecture : {"core-periphery", "multi-core", "hierarchical"}
        Whether there is one dominant cyclic group, several of about its size, or none of weight.
    threshold_out, threshold_in : float
        What fan-out and fan-in are compared with.
    thresholds : {"core", "median"}
        Whether they are those of the core or, without one dominant core, the medians.
    largest_cyclic_group : int
        Its size.

    Examples
    --------
    >>> from pmkit import conway
    >>> star = conway.from_owners({"app": [], "lib": [], "log": []}, [("app", "lib"), ("app", "log")])
    >>> [(row.component, row.fan_out, row.fan_in) for row in conway.visibility(star).rows]
    [('app', 3, 1), ('lib', 1, 2), ('log', 1, 2)]
    """

    rows: tuple[VisibilityRow, ...] = attrs.field(repr=False)
    architecture: str
    threshold_out: float
    threshold_in: float
    thresholds: str
    largest_cyclic_group: int

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each component."""
        return [attrs.asdict(row) for row in self.rows]

    def __getitem__(self, component: str) -> VisibilityRow:
        for row in self.rows:
            if row.component == component:
                return row
        raise unknown_id("component", component, [row.component for row in self.rows])


def visibility(organization: Organization, *, core_share: float = 0.05, dominance: float = 1.5) -> Visibility:
    """Compute who sees whom through dependencies, and each component's role.

    With one dominant cyclic group, its members are the core and the others are compared with it: seen by as many
    and seeing fewer is *shared*, seeing as many and seen by fewer is *control*, less of both is *periphery*
    (as many of both outside the core is counted as shared). Without one, the medians take the core's place and
    as many of both is *core*.

    Parameters
    ----------
    organization : Organization
    core_share : float
        The least share of all components that the largest cyclic group must have to be a core.
    dominance : float
        How many times larger than the next cyclic group it must be to be the only one.

    Returns
    -------
    Visibility

    References
    ----------
    Baldwin, MacCormack and Rusnak (2014), "Hidden structure: Using network methods to map system architecture",
    Research Policy 43, section 4.

    Examples
    --------
    >>> from pmkit import conway
    >>> ring = [("a", "b"), ("b", "a"), ("app", "a"), ("b", "lib")]
    >>> found = visibility(conway.from_owners(dict.fromkeys(["app", "a", "b", "lib", "doc"], "t"), ring))
    >>> found.architecture, [row.role for row in found.rows]
    ('core-periphery', ['control', 'core', 'core', 'shared', 'periphery'])
    """
    index = organization.index
    count = len(organization.components)
    forward = successors(count, index.source, index.target)
    backward = successors(count, index.target, index.source)
    groups = strong_components(forward)
    outs, ins = [0] * count, [0] * count
    for size, group in zip(reach_counts(forward, groups), groups, strict=True):
        for node in group:
            outs[node] = size
    reverse = groups[::-1]
    for size, group in zip(reach_counts(backward, reverse), reverse, strict=True):
        for node in group:
            ins[node] = size
    sizes = sorted((len(group) for group in groups), reverse=True)
    largest = sizes[0] if sizes else 0
    weighty = largest > 1 and largest >= core_share * count
    alone = len(sizes) < 2 or sizes[1] < 2 or largest >= dominance * sizes[1]  # noqa: PLR2004 - the next cyclic group
    core: Sequence[int] = max(groups, key=len) if weighty and alone else ()
    if core:
        limits = (float(outs[core[0]]), float(ins[core[0]]))
    else:
        limits = (float(statistics.median(outs)), float(statistics.median(ins))) if count else (0.0, 0.0)
    members = frozenset(core)
    return Visibility(
        rows=tuple(
            VisibilityRow(part.id, outs[at], ins[at], _role(at in members, bool(core), outs[at], ins[at], limits))
            for at, part in enumerate(organization.components)
        ),
        architecture=("core-periphery" if alone else "multi-core") if weighty else "hierarchical",
        threshold_out=limits[0],
        threshold_in=limits[1],
        thresholds="core" if core else "median",
        largest_cyclic_group=largest,
    )


def _role(member: bool, has_core: bool, out: int, seen: int, limits: tuple[float, float]) -> Role:  # noqa: FBT001 - internal
    sees, is_seen = out >= limits[0], seen >= limits[1]
    if member or (sees and is_seen and not has_core):
        return "core"
    if is_seen:
        return "shared"
    return "control" if sees else "periphery"
