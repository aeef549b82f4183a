"""The report: one self-contained HTML page of a product, readable without script or network."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pmkit._version import __version__
from pmkit.conway import Organization
from pmkit.report._page import Section, page
from pmkit.report._sections import sections
from pmkit.report._teams_section import organization_body
from pmkit.workspace import Workspace

if TYPE_CHECKING:
    from pmkit.jtbd import OpportunityScores

__all__ = ["render", "render_organization"]


def render(workspace: Workspace, *, today: dt.date | None = None, scores: OpportunityScores | None = None) -> str:
    """Write the report of a product.

    Parameters
    ----------
    workspace : Workspace
    today : date or None
        The day of the report; rules about time are silent without it.
    scores : OpportunityScores or None
        How the needs were rated, from `pmkit.jtbd.opportunity_scores`, with the needs' ids as outcomes; by the
        product's own surveys without it.

    Returns
    -------
    str
        A whole HTML document: no script, no network, styles allowed by their hashes only.

    Examples
    --------
    >>> "Cinema</h1>" in render(Workspace(name="Cinema"))
    True
    """
    day = f" on {today.isoformat()}" if today else ""
    lead = f"What we know, what we decided, and what is open{day}."
    return page(
        workspace.name or "Product",
        lead,
        list(sections(workspace, today, scores)),
        footer=f"Made by pmkit {__version__}.",
    )


def render_organization(organization: Organization, *, title: str = "Teams and components") -> str:
    """Write the page of an organization alone.

    Parameters
    ----------
    organization : Organization
    title : str
        The heading.

    Returns
    -------
    str
        A whole HTML document.

    Examples
    --------
    >>> from pmkit import conway
    >>> "Shop</h1>" in render_organization(conway.from_owners({"page": "web"}), title="Shop")
    True
    """
    body = Section(anchor="organization", title="Who must talk to whom", body=organization_body(organization))
    return page(
        title,
        "Which teams depend on each other, and which of them talk.",
        [body],
        footer=f"Made by pmkit {__version__}.",
    )
