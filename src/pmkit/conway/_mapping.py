"""Who owns what."""

from __future__ import annotations

from typing import Literal

import attrs

from pmkit.conway._arrays import Numbers, chosen, owners_of, read_only
from pmkit.conway._organization import Organization
from pmkit.model import Undefined, unknown_id

__all__ = [
    "OwnershipMatrix",
    "components_of",
    "fragmentation",
    "owners",
    "ownership_matrix",
    "team_of",
    "teams_of_people",
]


def team_of(organization: Organization, component: str) -> str | None:
    """Return the primary owner of a component.

    Parameters
    ----------
    organization : Organization
    component : str
        The component's id.

    Returns
    -------
    str or None
        The team with the largest share, the first listed where shares are equal; None without an owner.

    Raises
    ------
    UnknownIdError
        For a component that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> team_of(conway.from_owners({"page": ["web", "data"], "job": []}), "page")
    'web'
    """
    found = owners(organization, component)
    return max(found, key=found.__getitem__) if found else None


def owners(organization: Organization, component: str) -> dict[str, float]:
    """Return the owners of a component with their shares, in listed order.

    Parameters
    ----------
    organization : Organization
    component : str
        The component's id.

    Returns
    -------
    dict of str to float
        Shares sum to 1; empty without an owner.

    Raises
    ------
    UnknownIdError
        For a component that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> owners(conway.from_owners({"page": ["web", "data"]}), "page")
    {'web': 0.5, 'data': 0.5}
    """
    if component not in organization.index.component_at:
        raise unknown_id("component", component, organization.index.component_at)
    shares: dict[str, float] = {}
    for row in organization.ownership:
        if row.component == component:
            shares[row.team] = shares.get(row.team, 0.0) + row.share
    largest = max(shares.values(), default=1.0)
    total = sum(share / largest for share in shares.values())
    return {team: share / largest / total for team, share in shares.items()}


def components_of(organization: Organization, team: str) -> tuple[str, ...]:
    """Return what a team owns, alone or with others.

    Parameters
    ----------
    organization : Organization
    team : str
        The team's id.

    Returns
    -------
    tuple of str
        Component ids, in the order in which the organization lists its ownership.

    Raises
    ------
    UnknownIdError
        For a team that does not exist.

    Examples
    --------
    >>> from pmkit import conway
    >>> components_of(conway.from_owners({"page": ["web", "data"], "index": "data"}), "data")
    ('page', 'index')
    """
    if team not in organization.index.team_at:
        raise unknown_id("team", team, organization.index.team_at)
    return tuple(dict.fromkeys(row.component for row in organization.ownership if row.team == team))


def teams_of_people(organization: Organization) -> dict[str, str]:
    """Return the team of each person, by `Team.members`; the first team where someone is in several.

    Parameters
    ----------
    organization : Organization

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> from pmkit.conway import Organization, Team
    >>> teams_of_people(Organization(teams=[Team(id="web", members=["p1", "p2"])]))
    {'p1': 'web', 'p2': 'web'}
    """
    found: dict[str, str] = {}
    for team in organization.teams:
        for person in team.members:
            found.setdefault(person, team.id)
    return found


@attrs.frozen(kw_only=True)
class OwnershipMatrix:
    """Teams by components.

    Attributes
    ----------
    teams, components : tuple of str
        What rows and columns stand for.
    values : ndarray of shape (teams, components)
        1 where a team owns a component (``"binary"``), or its share of it (``"share"``); read-only.
    values_are : {"binary", "share"}
        The convention.

    Examples
    --------
    >>> from pmkit import conway
    >>> conway.ownership_matrix(conway.from_owners({"page": "web"})).teams
    ('web',)
    """

    teams: tuple[str, ...]
    components: tuple[str, ...]
    values: Numbers = attrs.field(eq=False)
    values_are: str


def ownership_matrix(organization: Organization, *, values: Literal["binary", "share"] = "binary") -> OwnershipMatrix:
    """Return the matrix of teams by components (TA, the task assignment matrix of the literature).

    Parameters
    ----------
    organization : Organization
    values : {"binary", "share"}
        1 for each owner, or the owner's share of the component.

    Returns
    -------
    OwnershipMatrix

    Raises
    ------
    InvalidValueError
        For unknown values.

    References
    ----------
    Cataldo, Wagstrom, Herbsleb and Carley (2006), "Identification of coordination requirements", CSCW.

    Examples
    --------
    >>> from pmkit import conway
    >>> shop = conway.from_owners({"page": ["web", "data"], "index": "data"})
    >>> ownership_matrix(shop).values
    array([[1., 0.],
           [1., 1.]])
    """
    import numpy as np

    chosen(values, "values", ("binary", "share"))
    found = owners_of(organization)
    matrix = np.zeros((len(organization.teams), len(organization.components)))
    component = np.repeat(np.arange(len(organization.components)), np.diff(found.start))
    matrix[found.team, component] = found.share if values == "share" else 1.0
    return OwnershipMatrix(
        teams=tuple(team.id for team in organization.teams),
        components=tuple(part.id for part in organization.components),
        values=read_only(matrix),
        values_are=values,
    )


def fragmentation(organization: Organization) -> dict[str, float | Undefined]:
    """Return how split the ownership of each component is: 1 - Σ shareᵢ².

    Parameters
    ----------
    organization : Organization

    Returns
    -------
    dict of str to float or Undefined
        From 0 (one owner) to nearly 1 (many equal owners); `Undefined` without an owner.

    See Also
    --------
    effort_fragmentation : the same of who changes a component.

    References
    ----------
    D'Ambros, Gall, Lanza and Pinzger (2008), "Analysing software repositories to understand software evolution".

    Examples
    --------
    >>> from pmkit import conway
    >>> fragmentation(conway.from_owners({"page": ["web", "data"], "index": "data", "job": []}))
    {'page': 0.5, 'index': 0.0, 'job': Undefined('no data')}
    """
    import numpy as np

    found = owners_of(organization)
    component = np.repeat(np.arange(len(organization.components)), np.diff(found.start))
    squares = np.bincount(component, found.share**2, minlength=len(organization.components)).tolist()
    counts = np.diff(found.start).tolist()
    return {
        part.id: max(0.0, 1.0 - square) if count else Undefined("no data")
        for part, square, count in zip(organization.components, squares, counts, strict=True)
    }
