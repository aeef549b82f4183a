"""``pmkit show``: a product, or one thing of it, in the terminal."""

from __future__ import annotations

import attrs
import click

from pmkit import ost
from pmkit.cli._complete import complete_ids
from pmkit.cli._input import product_argument, read_product
from pmkit.cli._write import tell, tell_json
from pmkit.formats._product import to_data
from pmkit.workspace import Workspace, measured_needs, trace

__all__ = ["command"]

_WORST = 3


@click.command()
@product_argument
@click.argument("identifier", required=False, metavar="[ID]", shell_complete=complete_ids)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(path: str, identifier: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show a product, or the chain through the thing with ID."""
    workspace = read_product(path).workspace
    if identifier is not None:
        chain = trace(workspace, identifier)
        if as_json:
            tell_json(chain.to_dicts())
        else:
            tell(chain.summary())
    elif as_json:
        tell_json(to_data(workspace))
    else:
        _show(workspace)


def _show(workspace: Workspace) -> None:
    tell(workspace.name or "(no name)")
    for goal in workspace.goals:
        tell(f"  goal {goal.id}: {goal.title}")
    _show_surveys(workspace)
    if workspace.tree is not None:
        from rich.console import Console

        Console().print(ost.to_rich(workspace.tree))
    for experiment in workspace.experiments:
        state = experiment.decision.verdict if experiment.decision else f"{len(experiment.looks)} looks, no decision"
        tell(f"  experiment {experiment.id}: {experiment.title} ({state})")
    if workspace.organization is not None:
        teams, components = len(workspace.organization.teams), len(workspace.organization.components)
        click.echo(f"  {teams} teams, {components} components")


def _show_surveys(workspace: Workspace) -> None:
    for survey in workspace.surveys:
        day = f"{survey.date.isoformat()}, " if survey.date else ""
        rows = [{need: sum(attrs.astuple(cells)) for need, cells in row.items()} for row in survey.counts.values()]
        people = max(sum(row.get(need, 0) for row in rows) for need in survey.needs)
        title = f": {survey.title}" if survey.title else ""
        tell(f"  survey {survey.id}{title} ({day}{len(survey.needs)} needs, {people:,} people)")
    texts = {need.id: need.text for need in workspace.needs}
    for found in measured_needs(workspace)[:_WORST] if workspace.surveys else ():
        if found.chance > 0:
            text = texts.get(found.need, "")
            tell(f"    {found.need}{f': {text}' if text not in {'', found.need} else ''}")
            tell(f"      {found.summary()}")
