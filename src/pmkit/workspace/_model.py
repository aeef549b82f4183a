"""One product: every room's values, joined by ids."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from pmkit import ost
from pmkit.conway import Organization
from pmkit.errors import Finding, InvalidValueError
from pmkit.model import Value, frozen_mapping, normalized_id, quoted
from pmkit.model import _fields as fields
from pmkit.ost import OstTree
from pmkit.trees import Tree
from pmkit.workspace._records import (
    Experiment,
    Feedback,
    Goal,
    RoadmapItem,
    StatedHypothesis,
    StatedJob,
    StatedNeed,
    Waiver,
)
from pmkit.workspace._surveys import Survey

__all__ = ["Workspace", "named_things"]


_LARGEST = 10**300


def _rows(cls: type, name: str) -> fields.Validator:
    return fields.tuple_of(fields.of_type(cls, name))


def _one_root(instance: object, attribute: fields.Named, value: Any) -> None:
    fields.optional(fields.of_type(Tree, "a tree"))(instance, attribute, value)
    if isinstance(value, Tree) and value.schema.name != ost.SCHEMA.name:
        message = f"a workspace holds an opportunity solution tree, not a {value.schema.name}"
        raise InvalidValueError(message, field="tree")
    if isinstance(value, Tree) and value.forest:
        raise InvalidValueError("a workspace holds a tree with one root, not a forest", field="tree")


def _some(organization: Organization | None) -> Organization | None:
    """Take an organization without any part for none: a file cannot tell them apart."""
    return None if isinstance(organization, Organization) and organization == Organization() else organization


def _kept(value: Any) -> Any:
    """Freeze plain data, as it may stand under the keys of one's own."""
    if isinstance(value, Mapping):
        return frozen_mapping({key: _kept(member) for key, member in value.items()})
    return tuple(map(_kept, value)) if isinstance(value, (list, tuple)) else value


def _own_keys(_: object, __: fields.Named, value: object) -> None:
    """Want plain data under keys that begin with x-."""
    if not isinstance(value, Mapping):
        raise InvalidValueError(f"Workspace.extra must be a mapping, not {quoted(value)}", field="extra")
    for key in value:
        if not isinstance(key, str) or not key.startswith("x-"):
            raise InvalidValueError(f"keys of your own begin with x-, unlike {quoted(key)}", field="extra")
    waiting: list[object] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping) and all(isinstance(key, str) for key in part):
            waiting.extend(part.values())
        elif isinstance(part, tuple):
            waiting.extend(part)
        elif not _plain(part):
            wanted = "text, finite numbers, truth values, lists and mappings"
            message = f"Workspace.extra holds {quoted(part)}, and can hold only {wanted}"
            raise InvalidValueError(message, field="extra")


def _plain(part: object) -> bool:
    if isinstance(part, int) and not isinstance(part, bool):
        return -_LARGEST < part < _LARGEST
    return part is None or isinstance(part, (str, bool)) or (isinstance(part, float) and math.isfinite(part))


@attrs.frozen(kw_only=True)
class Workspace(Value):
    """A product's whole reasoning, in one value.

    Within a workspace an id names one thing, after NFKC.

    Attributes
    ----------
    name : str
        The product's name.
    goals : tuple of Goal
        What the product is for.
    jobs : tuple of StatedJob
        What people are trying to get done.
    needs : tuple of StatedNeed
        How they measure whether it went well.
    surveys : tuple of Survey
        How important needs are to people, and how well they are met today.
    tree : Tree or None
        The opportunity solution tree; one root, no forest.
    hypotheses : tuple of StatedHypothesis
        What is believed, in checkable words.
    experiments : tuple of Experiment
        Plans, what was measured, what was decided.
    organization : Organization or None
        Teams and components; one without any part counts as None.
    feedback : tuple of Feedback
        What customers said without being asked.
    roadmap : tuple of RoadmapItem
        What is planned.
    waivers : tuple of Waiver
        Findings that are accepted.
    extra : mapping of str to object
        What stands under ``x-`` keys in the file, as plain data; kept, never read.

    Raises
    ------
    InvalidValueError
        When two things share an id; `findings` names them all.

    Examples
    --------
    >>> workspace = Workspace(name="Cinema", goals=[Goal(id="g", title="People come back")])
    >>> workspace.goals[0].id
    'g'
    """

    name: str = attrs.field(default="", validator=fields.text)
    goals: tuple[Goal, ...] = attrs.field(default=(), converter=fields.to_tuple, validator=_rows(Goal, "a goal"))
    jobs: tuple[StatedJob, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(StatedJob, "a job")
    )
    needs: tuple[StatedNeed, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(StatedNeed, "a need")
    )
    surveys: tuple[Survey, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(Survey, "a survey")
    )
    tree: OstTree | None = attrs.field(default=None, validator=_one_root)
    hypotheses: tuple[StatedHypothesis, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(StatedHypothesis, "a hypothesis")
    )
    experiments: tuple[Experiment, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(Experiment, "an experiment")
    )
    organization: Organization | None = attrs.field(
        default=None, converter=_some, validator=fields.optional(fields.of_type(Organization, "an organization"))
    )
    feedback: tuple[Feedback, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(Feedback, "feedback")
    )
    roadmap: tuple[RoadmapItem, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(RoadmapItem, "a roadmap item")
    )
    waivers: tuple[Waiver, ...] = attrs.field(
        default=(), converter=fields.to_tuple, validator=_rows(Waiver, "a waiver")
    )
    extra: Mapping[str, object] = attrs.field(factory=dict, converter=_kept, validator=_own_keys)

    def __attrs_post_init__(self) -> None:
        first: dict[str, str] = {}
        findings: list[Finding] = []
        for kind, identifier in named_things(self):
            key = normalized_id(identifier)
            if key in first:
                message = f"{quoted(identifier)} names a {kind} and also a {first[key]}"
                findings.append(Finding("WSP101", "error", identifier, message, "give one of them another id"))
            first.setdefault(key, kind)
        if findings:
            told = "; ".join(finding.message for finding in findings[:5])
            raise InvalidValueError(f"an id names one thing in a workspace: {told}", findings=tuple(findings))


def named_things(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Yield the kind and id of everything that has an id.

    Parameters
    ----------
    workspace : Workspace

    Yields
    ------
    tuple of (str, str)
        Such as ``("solution", "picks")``; tree nodes by their kind.

    Examples
    --------
    >>> list(named_things(Workspace(goals=[Goal(id="g", title="People come back")])))
    [('goal', 'g')]
    """
    teams = workspace.organization.teams if workspace.organization else ()
    components = workspace.organization.components if workspace.organization else ()
    sections: tuple[tuple[str, Iterable[Any]], ...] = (
        ("goal", workspace.goals),
        ("job", workspace.jobs),
        ("need", workspace.needs),
        ("survey", workspace.surveys),
        ("", workspace.tree or ()),
        ("hypothesis", workspace.hypotheses),
        ("experiment", workspace.experiments),
        ("team", teams),
        ("component", components),
        ("feedback", workspace.feedback),
        ("roadmap item", workspace.roadmap),
    )
    for kind, things in sections:
        for thing in things:
            yield kind or getattr(thing, "kind", ""), thing.id
