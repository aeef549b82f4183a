"""The organization: teams, components and their ties, valid as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import attrs

from pmkit.conway._model import Communication, Component, Dependency, Interaction, Ownership, Team
from pmkit.conway._validation import Index, Parts, faults_of, index_of, texts_of
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Value, quoted
from pmkit.model import _fields as fields

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "GraphView",
    "Organization",
    "find_faults",
    "from_owners",
    "parts_of",
    "select_dependencies",
    "select_ownership",
]

GraphView = Literal["bipartite", "components", "teams"]

_SHOWN = 3


def _parts(cls: type, name: str) -> fields.Validator:
    return fields.tuple_of(fields.of_type(cls, name))


def _teams(value: Iterable[Team]) -> tuple[Team, ...]:
    return fields.to_tuple(value)


def _components(value: Iterable[Component]) -> tuple[Component, ...]:
    return fields.to_tuple(value)


def _ownership(value: Iterable[Ownership]) -> tuple[Ownership, ...]:
    return fields.to_tuple(value)


def _dependencies(value: Iterable[Dependency]) -> tuple[Dependency, ...]:
    return fields.to_tuple(value)


def _communication(value: Iterable[Communication]) -> tuple[Communication, ...]:
    return fields.to_tuple(value)


def _interactions(value: Iterable[Interaction]) -> tuple[Interaction, ...]:
    return fields.to_tuple(value)


@attrs.frozen(kw_only=True)
class Organization(Value):
    """Teams, the components they own, what needs what, and who talks to whom.

    It is validated in one pass: unknown teams (CON111), unknown components (CON112) and ids used
    twice (CON114) are all reported at once. A team and a component may have the same id.

    Attributes
    ----------
    teams : tuple of Team
    components : tuple of Component
    ownership : tuple of Ownership
        A component may have several owners; the *primary* owner is the one with the largest share, the first
        listed where shares are equal.
    dependencies : tuple of Dependency
        Several between the same two components count as one edge whose weight is their sum.
    communication : tuple of Communication
    interactions : tuple of Interaction

    Raises
    ------
    InvalidValueError
        When an id is unknown or used twice; ``findings`` holds every fault.

    Examples
    --------
    >>> shop = Organization(
    ...     teams=[Team(id="web"), Team(id="data")],
    ...     components=[Component(id="page"), Component(id="index")],
    ...     ownership=[Ownership(component="page", team="web"), Ownership(component="index", team="data")],
    ...     dependencies=[Dependency(source="page", target="index")])
    >>> shop
    Organization(2 teams, 2 components, 2 ownership, 1 dependencies, 0 communication, 0 interactions)
    >>> Organization(teams=[Team(id="web")], components=[Component(id="page")],
    ...              ownership=[Ownership(component="pgae", team="wbe")])
    Traceback (most recent call last):
    pmkit.errors.InvalidValueError: this is not an organization: an owner of component 'pgae' names team 'wbe', ...
    """

    teams: tuple[Team, ...] = attrs.field(default=(), converter=_teams, validator=_parts(Team, "a list of teams"))
    components: tuple[Component, ...] = attrs.field(
        default=(), converter=_components, validator=_parts(Component, "a list of components")
    )
    ownership: tuple[Ownership, ...] = attrs.field(
        default=(), converter=_ownership, validator=_parts(Ownership, "a list of ownership")
    )
    dependencies: tuple[Dependency, ...] = attrs.field(
        default=(), converter=_dependencies, validator=_parts(Dependency, "a list of dependencies")
    )
    communication: tuple[Communication, ...] = attrs.field(
        default=(), converter=_communication, validator=_parts(Communication, "a list of communication")
    )
    interactions: tuple[Interaction, ...] = attrs.field(
        default=(), converter=_interactions, validator=_parts(Interaction, "a list of interactions")
    )
    _index: Index = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        parts = parts_of(self)
        index = index_of(parts)
        if index is None:
            raise _refusal(faults_of(parts))
        object.__setattr__(self, "_index", index)

    @property
    def index(self) -> Index:
        """Ids as numbers, as the measures use them."""
        return self._index

    def __repr__(self) -> str:
        names = ("teams", "components", "ownership", "dependencies", "communication", "interactions")
        return f"Organization({', '.join(f'{len(getattr(self, name))} {name}' for name in names)})"

    def to_networkx(self, view: GraphView = "bipartite") -> nx.Graph[object]:
        """Return the structure as a networkx graph.

        Parameters
        ----------
        view : {"bipartite", "components", "teams"}
            ``"bipartite"``: nodes ``("team", id)`` and ``("component", id)``, an edge for each ownership,
            with its share as weight. ``"components"``: a directed graph of ids and dependencies.
            ``"teams"``: an undirected graph of team ids with ``required``, the weight of the coordination
            that dependencies ask for, and ``actual``, the weight of the communication.

        Returns
        -------
        networkx.Graph or networkx.DiGraph

        Examples
        --------
        >>> team = from_owners({"page": ["web"], "index": ["data"]}, [("page", "index")]).to_networkx("teams")
        >>> list(team.edges(data=True))
        [('web', 'data', {'required': 1.0, 'actual': 0.0})]
        """
        from pmkit.conway._graphs import graph_of

        return graph_of(self, view)


def _refusal(findings: tuple[Finding, ...]) -> InvalidValueError:
    first = "; ".join(finding.message for finding in findings[:_SHOWN])
    more = f"; and {len(findings) - _SHOWN} more (see .findings)" if len(findings) > _SHOWN else ""
    return InvalidValueError(f"this is not an organization: {first}{more}", findings=findings)


def parts_of(organization: Organization) -> Parts:
    """Return the parts of an organization as they were given."""
    return Parts(
        teams=organization.teams,
        components=organization.components,
        ownership=organization.ownership,
        dependencies=organization.dependencies,
        communication=organization.communication,
        interactions=organization.interactions,
    )


def find_faults(
    *,
    teams: Iterable[Team] = (),
    components: Iterable[Component] = (),
    ownership: Iterable[Ownership] = (),
    dependencies: Iterable[Dependency] = (),
    communication: Iterable[Communication] = (),
    interactions: Iterable[Interaction] = (),
) -> tuple[Finding, ...]:
    """Find what keeps parts from being an organization, without raising.

    Parameters
    ----------
    teams, components, ownership, dependencies, communication, interactions : iterable
        The parts, as for `Organization`.

    Returns
    -------
    tuple of Finding
        CON111, CON112 and CON114; empty when the parts fit together.

    Examples
    --------
    >>> found = find_faults(teams=[Team(id="web")], ownership=[Ownership(component="page", team="wb")])
    >>> [(finding.code, finding.subject) for finding in found]
    [('CON111', 'wb'), ('CON112', 'page')]
    """
    return faults_of(
        Parts(
            teams=tuple(teams),
            components=tuple(components),
            ownership=tuple(ownership),
            dependencies=tuple(dependencies),
            communication=tuple(communication),
            interactions=tuple(interactions),
        )
    )


def from_owners(
    owners: Mapping[str, str | Iterable[str]],
    dependencies: Iterable[Dependency | tuple[str, str] | tuple[str, str, float]] = (),
    *,
    teams: Iterable[Team] = (),
    components: Iterable[Component] = (),
    communication: Iterable[Communication] = (),
    interactions: Iterable[Interaction] = (),
    source: str = "",
) -> Organization:
    """Make an organization from a mapping of components to owners and a list of edges.

    Parameters
    ----------
    owners : mapping of str to str or iterable of str
        The owning teams of each component, the primary owner first; none for a component without an owner.
    dependencies : iterable
        `Dependency` values, or pairs ``(source, target)``, or triples with a weight.
    teams, components : iterable
        Teams and components of which more is known than the id; the others are added.
    communication, interactions : iterable
        As in `Organization`.
    source : str
        What the ownership was read from.

    Returns
    -------
    Organization

    Raises
    ------
    InvalidValueError
        When `owners` is no mapping, or for what is wrong with the organization, all at once.

    Examples
    --------
    >>> from_owners({"page": "web", "index": ["data", "web"]}, [("page", "index", 3)]).teams
    (Team(id='web', ...), Team(id='data', ...))
    """
    if not isinstance(owners, Mapping):
        raise InvalidValueError(f"owners must say for each component who owns it, not {quoted(owners)}")
    owning = {part: texts_of(names, f"the owners of {quoted(part)}") for part, names in owners.items()}
    known_teams = {team.id: team for team in teams}
    known_components = {component.id: component for component in components}
    for component, names in owning.items():
        if component not in known_components:
            known_components[component] = Component(id=component)
        for name in names:
            if name not in known_teams:
                known_teams[name] = Team(id=name)
    return Organization(
        teams=known_teams.values(),
        components=known_components.values(),
        ownership=[
            Ownership(component=component, team=name, source=source)
            for component, names in owning.items()
            for name in dict.fromkeys(names)
        ],
        dependencies=[_dependency(edge) for edge in dependencies],
        communication=communication,
        interactions=interactions,
    )


def _dependency(edge: object) -> Dependency:
    if isinstance(edge, Dependency):
        return edge
    if isinstance(edge, (tuple, list)) and len(edge) in (2, 3):
        source, target, *weight = edge
        return Dependency(source=source, target=target, weight=weight[0] if weight else 1.0)
    raise InvalidValueError(f"a dependency is a pair of component ids, or three with a weight, not {quoted(edge)}")


def select_dependencies(
    organization: Organization, *, kinds: str | Collection[str] = (), once: bool = False
) -> Organization:
    """Keep dependencies of some kinds, and on request each pair only once.

    Parameters
    ----------
    organization : Organization
    kinds : str or collection of str
        The kinds to keep; all when empty.
    once : bool
        Keep one dependency for each source and target, the heaviest (the first where weights are equal).

    Returns
    -------
    Organization

    Raises
    ------
    InvalidValueError
        For a kind that no dependency has.

    Examples
    --------
    >>> runtime = Dependency(source="page", target="index", kind="runtime")
    >>> both = from_owners({"page": "web", "index": "data"}, [runtime, attrs.evolve(runtime, kind="test")])
    >>> len(select_dependencies(both, kinds="runtime").dependencies)
    1
    >>> len(select_dependencies(both, once=True).dependencies)
    1
    """
    wanted = texts_of(kinds, "kinds")
    _want_known("kind", wanted, dict.fromkeys(edge.kind for edge in organization.dependencies))
    kept = [edge for edge in organization.dependencies if not wanted or edge.kind in wanted]
    if once:
        heaviest: dict[tuple[str, str], Dependency] = {}
        for edge in kept:
            pair = (edge.source, edge.target)
            if pair not in heaviest or edge.weight > heaviest[pair].weight:
                heaviest[pair] = edge
        kept = list(heaviest.values())
    return attrs.evolve(organization, dependencies=kept)


def select_ownership(organization: Organization, source: str) -> Organization:
    """Keep the ownership that one source tells, and every team and component.

    Parameters
    ----------
    organization : Organization
    source : str
        The `Ownership.source` to keep.

    Returns
    -------
    Organization

    Raises
    ------
    InvalidValueError
        For a source that no ownership has.

    Examples
    --------
    >>> len(select_ownership(from_owners({"page": "web"}, source="catalog"), "catalog").ownership)
    1
    """
    _want_known("source of ownership", (source,), dict.fromkeys(row.source for row in organization.ownership))
    return attrs.evolve(organization, ownership=[row for row in organization.ownership if row.source == source])


def _want_known(what: str, wanted: tuple[str, ...], known: Mapping[str, None]) -> None:
    unknown = [name for name in wanted if name not in known]
    if unknown:
        there = ", ".join(quoted(name) for name in known) or "none"
        raise InvalidValueError(f"no {what} {', '.join(map(quoted, unknown))}; there are {there}")
