"""Where two sources of ownership disagree."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import attrs

from pmkit.conway._model import Ownership
from pmkit.conway._organization import Organization
from pmkit.errors import InvalidValueError
from pmkit.model import Table, quoted

__all__ = ["Disagreement", "Drift", "Rename", "drift"]

_LEAST_OVERLAP = 0.5
_LEAST_SIMILARITY = 0.6
_LEAST_SHARED = 2


@attrs.frozen(kw_only=True)
class Rename:
    """One team under two names, as it seems.

    Attributes
    ----------
    a, b : str
        The name in the first and in the second source.
    shared : int
        Components that both sources give to it.
    overlap : float
        `shared` over the components that either source gives to it.
    similarity : float
        How alike the names are, from 0 to 1, without a leading ``@owner/`` or ``team-``.

    Examples
    --------
    >>> Rename(a="@acme/web", b="team-web", shared=3, overlap=1.0, similarity=0.5).b
    'team-web'
    """

    a: str
    b: str
    shared: int
    overlap: float
    similarity: float


@attrs.frozen(kw_only=True)
class Disagreement:
    """A component that two sources give to different teams.

    Attributes
    ----------
    component : str
    only_a, only_b : tuple of str
        Owners by the one source alone, each by its name there.

    Examples
    --------
    >>> Disagreement(component="page", only_a=("web",), only_b=()).only_a
    ('web',)
    """

    component: str
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Drift(Table):
    """How two sources of ownership differ.

    Attributes
    ----------
    disagreements : tuple of Disagreement
        Components with different owners, likely renames already taken for the same team.
    renames : tuple of Rename
        Teams that seem to be one under two names.
    agreeing : int
        Components with the same owners in both.
    only_a, only_b : tuple of str
        Components that one source alone speaks of.

    Examples
    --------
    >>> found = drift([Ownership(component="page", team="web")], [Ownership(component="page", team="pay")])
    >>> found.agreeing, len(found.disagreements)
    (0, 1)
    """

    disagreements: tuple[Disagreement, ...]
    renames: tuple[Rename, ...]
    agreeing: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row for each disagreement."""
        return [attrs.asdict(row, recurse=False) for row in self.disagreements]


def drift(
    a: Organization | Iterable[Ownership], b: Organization | Iterable[Ownership], *, renames: bool = True
) -> Drift:
    """Compare two sources of ownership, such as CODEOWNERS and a catalog.

    Parameters
    ----------
    a, b : Organization or iterable of Ownership
        The two sources; shares do not count.
    renames : bool
        Take two names for one team when each is in one source only and they own two or more components and at
        least half of all theirs in common, or when the names are alike and they own one in common. The best
        matches win.

    Returns
    -------
    Drift

    Raises
    ------
    InvalidValueError
        For a source that is neither an organization nor a list of ownership.

    Examples
    --------
    >>> code = [Ownership(component=part, team="@acme/web-engineers") for part in ("page", "cart")]
    >>> catalog = [Ownership(component=part, team="team-web") for part in ("page", "cart", "help")]
    >>> found = drift(code, catalog)
    >>> [(rename.a, rename.b) for rename in found.renames], found.agreeing, found.only_b
    ([('@acme/web-engineers', 'team-web')], 2, ('help',))
    """
    first, second = _by_component(a), _by_component(b)
    same = _renames(first, second) if renames else ()
    names = {rename.a: rename.b for rename in same}
    disagreements: list[Disagreement] = []
    agreeing = 0
    for component, owners in first.items():
        if component not in second:
            continue
        others = second[component]
        only_a = tuple(team for team in owners if names.get(team, team) not in others)
        there = {names.get(team, team): None for team in owners}
        only_b = tuple(team for team in others if team not in there)
        if only_a or only_b:
            disagreements.append(Disagreement(component=component, only_a=only_a, only_b=only_b))
        else:
            agreeing += 1
    return Drift(
        disagreements=tuple(disagreements),
        renames=same,
        agreeing=agreeing,
        only_a=tuple(component for component in first if component not in second),
        only_b=tuple(component for component in second if component not in first),
    )


def _by_component(source: Organization | Iterable[Ownership]) -> dict[str, dict[str, None]]:
    rows: Iterable[object] = source.ownership if isinstance(source, Organization) else source
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if not isinstance(row, Ownership):
            raise InvalidValueError(
                f"a source of ownership is an organization or a list of Ownership, not {quoted(row)}"
            )
        found.setdefault(row.component, {})[row.team] = None
    return found


def _renames(first: dict[str, dict[str, None]], second: dict[str, dict[str, None]]) -> tuple[Rename, ...]:
    mine, theirs = _by_team(first), _by_team(second)
    candidates: list[Rename] = []
    for a, owned in mine.items():
        if a in theirs:
            continue
        met: dict[str, int] = {}
        for component in owned:
            for b in second.get(component, ()):
                met[b] = met.get(b, 0) + 1
        for b, shared in met.items():
            if b in mine:
                continue
            overlap = shared / (len(owned) + len(theirs[b]) - shared)
            similarity = difflib.SequenceMatcher(None, _plain(a), _plain(b), autojunk=False).ratio()
            by_overlap = overlap >= _LEAST_OVERLAP and shared >= _LEAST_SHARED
            if by_overlap or similarity >= _LEAST_SIMILARITY:
                candidates.append(Rename(a=a, b=b, shared=shared, overlap=overlap, similarity=similarity))
    candidates.sort(key=lambda rename: (-rename.overlap, -rename.similarity, rename.a, rename.b))
    taken: dict[str, None] = {}
    found: list[Rename] = []
    for rename in candidates:
        # the marks keep a name of the one source apart from the same name in the other
        keys = (f"a {rename.a}", f"b {rename.b}")
        if not any(key in taken for key in keys):
            taken.update(dict.fromkeys(keys))
            found.append(rename)
    return tuple(found)


def _plain(name: str) -> str:
    """Take from a name what says who speaks, not who is meant: an owner before a slash, "team" at an end."""
    plain = name.casefold().removeprefix("@").rpartition("/")[2]
    return plain.removeprefix("team-").removesuffix("-team") or plain


def _by_team(source: dict[str, dict[str, None]]) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for component, teams in source.items():
        for team in teams:
            found.setdefault(team, {})[component] = None
    return found
