"""WSP101 and WSP102: ids that name one thing, and names that something has."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, any_of, article, did_you_mean, quoted
from pmkit.workspace._model import Workspace, named_things
from pmkit.workspace._references import references

__all__ = ["DANGLING_REFERENCE", "UNIQUE_ID"]


def _dangling(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    del settings
    kinds = {identifier: kind for kind, identifier in named_things(workspace)}
    for reference in references(workspace):
        found = kinds.get(reference.target)
        wanted = any_of(reference.kinds)
        if found is None:
            near = did_you_mean(reference.target, [i for i, kind in kinds.items() if kind in reference.kinds])
            message = f"{reference.field} names {quoted(reference.target)}, which nothing is called{near}"
            yield Hit(reference.source, message, f"name {wanted}, or take the reference out")
        elif found not in reference.kinds:
            message = f"{reference.field} names {quoted(reference.target)}, which is {article(found)}, not {wanted}"
            yield Hit(reference.source, message, f"name {wanted}")


def _nothing(workspace: Workspace, settings: Settings) -> Iterable[Hit]:
    """Find nothing: a workspace with clashing ids cannot be built, and says so under this code."""
    del workspace, settings
    return ()


UNIQUE_ID: Rule[Workspace] = Rule(
    code="WSP101",
    name="unique-id",
    severity="error",
    summary="An id names one thing in a workspace.",
    rationale="References across rooms are by id alone; an id with two meanings makes every chain ambiguous. "
    "Ids that are equal after Unicode NFKC clash, too.",
    source="pmkit's own convention",
    profiles=("default", "strict"),
    check=_nothing,
    hint="give one of them another id",
    failing="a solution 'search' and a component 'search'",
    passing="a solution 'search-box' and a component 'search'",
)

DANGLING_REFERENCE: Rule[Workspace] = Rule(
    code="WSP102",
    name="dangling-reference",
    severity="error",
    summary="What is named by id exists, and is of the kind that may stand there.",
    rationale="A broken reference cuts the chain from goal to verdict, silently.",
    source="pmkit's own convention",
    profiles=("default", "strict"),
    check=_dangling,
    failing="touches: [plyer]",
    passing="touches: [player]",
)
