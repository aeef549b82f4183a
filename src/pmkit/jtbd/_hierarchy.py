"""The hierarchy of jobs, from aspirations down to micro-jobs, on the tree engine."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

import attrs

from pmkit import trees
from pmkit.model import _fields as fields

__all__ = ["HIERARCHY", "Aspiration", "BigJob", "JobNode", "JobTree", "LittleJob", "MicroJob", "hierarchy"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class JobNode(trees.Node):
    """Parent of the four levels.

    Attributes
    ----------
    id, title : str
        The title is the job in words.
    notes : str
        Anything else.

    Examples
    --------
    >>> LittleJob(id="graft", title="Graft a scion").notes
    ''
    """

    notes: str = attrs.field(default="", validator=fields.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Aspiration(JobNode):
    """What someone wants to become: no end, no steps.

    Examples
    --------
    >>> Aspiration(id="green", title="Live off the garden").kind
    'aspiration'
    """

    kind: ClassVar[str] = "aspiration"


@attrs.frozen(kw_only=True, weakref_slot=False)
class BigJob(JobNode):
    """A broad goal that takes months and many jobs.

    Examples
    --------
    >>> BigJob(id="orchard", title="Establish an orchard").kind
    'big job'
    """

    kind: ClassVar[str] = "big job"


@attrs.frozen(kw_only=True, weakref_slot=False)
class LittleJob(JobNode):
    """A job with an end, the level at which outcomes are collected.

    Examples
    --------
    >>> LittleJob(id="graft", title="Graft a scion").kind
    'little job'
    """

    kind: ClassVar[str] = "little job"


@attrs.frozen(kw_only=True, weakref_slot=False)
class MicroJob(JobNode):
    """A single act inside a job.

    Examples
    --------
    >>> MicroJob(id="cut", title="Cut a wedge").kind
    'micro-job'
    """

    kind: ClassVar[str] = "micro-job"


JobTree: TypeAlias = trees.Tree[JobNode]
"""A hierarchy of jobs."""


def _picture(tree: JobTree) -> str:
    from pmkit.jtbd._picture import draw_hierarchy

    return draw_hierarchy(tree).svg


HIERARCHY: trees.Schema[JobNode] = trees.Schema[JobNode](
    name="job hierarchy",
    kinds={"aspiration": Aspiration, "big job": BigJob, "little job": LittleJob, "micro-job": MicroJob},
    children={"aspiration": ("big job",), "big job": ("little job",), "little job": ("micro-job",)},
    roots=("aspiration", "big job"),
    picture=_picture,
    codes="JTBD",
)
"""The schema of job hierarchies (Kalbach 2020, The Jobs to Be Done Playbook, ch. 2)."""


def hierarchy(*roots: JobNode, forest: bool = False) -> JobTree:
    """Start a hierarchy of jobs; grow it with the verbs of `pmkit.trees`.

    Why is asked upward, how downward: each level says how the one above is done.

    Parameters
    ----------
    *roots : Aspiration or BigJob
        One; any number with ``forest=True``.
    forest : bool
        Ask for a forest.

    Returns
    -------
    Tree

    Raises
    ------
    InvalidTreeError
        When there is not exactly one root, or it is of another level.

    Examples
    --------
    >>> from pmkit import trees
    >>> jobs = hierarchy(BigJob(id="orchard", title="Establish an orchard"))
    >>> jobs = trees.add(jobs, LittleJob(id="graft", title="Graft a scion"), parent="orchard")
    >>> len(jobs)
    2
    """
    return trees.new(HIERARCHY, *roots, forest=forest)
