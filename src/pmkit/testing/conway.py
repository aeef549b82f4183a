"""Strategies for organizations."""

from __future__ import annotations

from hypothesis import strategies as st

from pmkit.conway import (
    INTERACTION_MODES,
    TEAM_TYPES,
    Change,
    Communication,
    Component,
    Dependency,
    Interaction,
    Organization,
    Ownership,
    Team,
)
from pmkit.model import normalized_id
from pmkit.testing.model import identifiers

__all__ = ["conway_changes", "conway_teams", "organizations"]

_WEIGHTS = st.one_of(st.integers(1, 9).map(float), st.floats(0.01, 1e6))


def conway_teams() -> st.SearchStrategy[Team]:
    """Generate teams, with and without members and capacity.

    Returns
    -------
    strategy of Team

    Examples
    --------
    >>> from hypothesis import find
    >>> find(conway_teams(), lambda team: True).members
    ()
    """
    return st.builds(
        Team,
        id=identifiers(),
        type=st.sampled_from(TEAM_TYPES),
        members=st.lists(identifiers(), max_size=4).map(tuple),
        capacity=st.none() | st.floats(0, 1e6),
    )


def _ids(size: int) -> st.SearchStrategy[list[str]]:
    return st.lists(identifiers(), max_size=size, unique_by=normalized_id)


@st.composite
def organizations(draw: st.DrawFn, *, max_teams: int = 5, max_components: int = 8, max_edges: int = 20) -> Organization:
    """Generate valid organizations: unowned and shared components, loops and repeated edges included.

    Parameters
    ----------
    max_teams, max_components, max_edges : int
        Sizes.

    Returns
    -------
    strategy of Organization

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(organizations())
    ... def test_every_owner_is_a_team(organization):
    ...     teams = {team.id for team in organization.teams}
    ...     assert all(ownership.team in teams for ownership in organization.ownership)
    >>> test_every_owner_is_a_team()
    """
    team_ids, component_ids = draw(_ids(max_teams)), draw(_ids(max_components))
    made = [
        Team(id=name, type=draw(st.sampled_from(TEAM_TYPES)), capacity=draw(st.none() | st.floats(0, 20)))
        for name in team_ids
    ]
    parts = [Component(id=name, load=draw(st.floats(0, 9))) for name in component_ids]
    team, part = st.sampled_from(team_ids or [""]), st.sampled_from(component_ids or [""])
    ownership, edges, talks, ties = [], [], [], []
    if team_ids and component_ids:
        rows = st.builds(Ownership, component=part, team=team, share=_WEIGHTS, source=st.sampled_from(["", "catalog"]))
        ownership = draw(st.lists(rows, max_size=2 * max_components))
    if component_ids:
        edges = draw(st.lists(st.builds(Dependency, source=part, target=part, weight=_WEIGHTS), max_size=max_edges))
    if team_ids:
        channel = st.sampled_from(["chat", "co-commit"])
        talks = draw(st.lists(st.builds(Communication, a=team, b=team, weight=_WEIGHTS, channel=channel), max_size=8))
        ties = draw(
            st.lists(st.builds(Interaction, a=team, b=team, mode=st.sampled_from(INTERACTION_MODES)), max_size=4)
        )
    return Organization(
        teams=made,
        components=parts,
        ownership=ownership,
        dependencies=edges,
        communication=talks,
        interactions=ties,
    )


def conway_changes(*, max_size: int = 30) -> st.SearchStrategy[list[Change]]:
    """Generate short histories: few people, few components.

    Parameters
    ----------
    max_size : int
        How many changes at most.

    Returns
    -------
    strategy of list of Change

    Examples
    --------
    >>> from hypothesis import find
    >>> find(conway_changes(), lambda rows: True)
    []
    """
    row = st.builds(
        Change,
        commit=st.sampled_from(["c1", "c2", "c3", "c4"]),
        author=st.sampled_from(["p1", "p2", "p3"]),
        component=st.sampled_from(["a", "b", "c"]),
        files=st.integers(0, 9),
    )
    return st.lists(row, max_size=max_size)
