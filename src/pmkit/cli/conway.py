"""``pmkit conway``: who must talk to whom, and who does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pmkit import conway
from pmkit.cli._checkout import checkout_figures, told_checkout
from pmkit.cli._input import read_product, want_input
from pmkit.cli._progress import Progress, at_work
from pmkit.cli._write import put, tell, tell_json
from pmkit.errors import InvalidValueError
from pmkit.formats.codeowners import Dialect
from pmkit.formats.repository import repository
from pmkit.model import Undefined, quoted, without_controls

__all__ = ["command"]

_SHOWN = 5


@click.command()
@click.argument("path", type=click.Path(path_type=str, allow_dash=True), metavar="REPOSITORY|ORGANIZATION")
@click.option("--kinds", default="", metavar="KIND,…", help="Only dependencies of these kinds.")
@click.option(
    "--channel", default="", metavar="NAME", help="What stands for communication; everything recorded by default."
)
@click.option("--moves", default=3, show_default=True, type=click.IntRange(0, 1000), help="How many moves to suggest.")
@click.option(
    "--permutations", default=9999, show_default=True, type=click.IntRange(99, 10**7), help="For the null models."
)
@click.option("--ref", default="HEAD", show_default=True, metavar="REF", help="Repository: whose history is read.")
@click.option("--since", metavar="DAY", help="Repository: only commits from this day on, such as 2026-01-31.")
@click.option(
    "--depth", default=2, show_default=True, type=click.IntRange(1, 100), help="Repository: folders to a component."
)
@click.option(
    "--dialect", type=click.Choice(["github", "gitlab"]), help="Repository: of CODEOWNERS; guessed unless said."
)
@click.option(
    "--timeout",
    default=120.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Repository: for each question to git.",
)
@click.option("--html", type=click.Path(dir_okay=False), help="Also write a page to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    path: str,
    kinds: str,
    channel: str,
    moves: int,
    permutations: int,
    ref: str,
    since: str | None,
    depth: int,
    dialect: Dialect | None,
    timeout: float,
    html: str | None,
    as_json: bool,
) -> None:
    """Map teams to components: a checkout, a folder of CSV files, a product file, or - for standard input.

    Of a checkout, CODEOWNERS says who owns what, Python imports what needs what, and git log who talks.
    """
    if path != "-":
        want_input(path)
    found = None
    with at_work(f"Reading {without_controls(path)}", quiet=as_json):
        if (Path(path) / ".git").exists():
            found = repository(path, ref=ref, since=since, depth=depth, dialect=dialect, timeout=timeout)
            organization = found.organization
        else:
            organization = _read(path, tuple(kind.strip() for kind in kinds.split(",") if kind.strip()))
    with at_work("Shuffling teams over components", quiet=as_json) as progress:
        figures = _figures(organization, channel, moves, permutations, progress)
        if found is not None:
            figures |= checkout_figures(found)
    told = _told(figures) if found is None else told_checkout(figures)
    if as_json:
        tell_json(figures)
    else:
        tell(told)
    if html:
        from pmkit.report import render_organization

        with at_work("Writing the page", quiet=as_json):
            page = render_organization(organization, title=Path(path).resolve().name or "Teams and components")
        put(page, html)


def _read(path: str, kinds: tuple[str, ...]) -> conway.Organization:
    if Path(path).is_dir() and (Path(path) / "components.csv").exists():
        from pmkit.formats import organization_csv

        return organization_csv.load(path, kinds=kinds)
    organization = read_product(path).workspace.organization
    if organization is None:
        raise InvalidValueError(f"{quoted(path)} has no organization section")
    return conway.select_dependencies(organization, kinds=kinds) if kinds else organization


def _plain(value: object) -> object:
    return value.reason if isinstance(value, Undefined) else value


def _plain_row(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(cell) for name, cell in row.items()}


def _figures(
    organization: conway.Organization, channel: str, moves: int, permutations: int, progress: Progress | None
) -> dict[str, Any]:
    coupling = conway.cross_team_coupling(organization)
    spread = conway.propagation_cost(organization)
    mirror = conway.mirroring(organization, permutations=permutations, progress=progress)
    agreement = conway.congruence(organization, channels=(channel,) if channel else ())
    missing = conway.gaps(organization, channels=(channel,) if channel else ())
    suggestion = conway.suggest_moves(organization, moves) if moves else None
    return {
        "teams": len(organization.teams),
        "components": len(organization.components),
        "dependencies": coupling.edges,
        "across_teams": coupling.crossing,
        "propagation_cost": _plain(spread.value),
        "mirroring": [_plain_row(row) for row in mirror.to_dicts()],
        "congruence": _plain(agreement.value),
        "congruence_weighted": _plain(agreement.weighted_value),
        "required_pairs": agreement.required,
        "proxy": list(agreement.proxy),
        "gaps": [{"a": gap.a, "b": gap.b, "weight": gap.weight} for gap in missing],
        "moves": [] if suggestion is None else suggestion.to_dicts(),
    }


def _told(figures: dict[str, Any]) -> str:
    proxy = ", ".join(figures["proxy"]) or "no communication is recorded"
    size = "{teams} teams, {components} components, {dependencies} dependencies, {across_teams} of them across teams"
    cost = figures["propagation_cost"]
    spread = f"propagation cost {cost if isinstance(cost, str) else format(cost, '.4f')}: "
    talk = "congruence {congruence:.3f} ({congruence_weighted:.3f} weighted): of {required_pairs} team pairs that must "
    lines = [size.format(**figures), f"{spread}the share of component pairs that a change can reach"]
    lines.append(talk.format(**figures) + f"coordinate, the share that does, by {proxy}")
    lines.append("mirroring: dependencies across teams against chance")
    lines += ["  " + _row(view) for view in figures["mirroring"]]
    gaps = figures["gaps"]
    lines.append(f"{len(gaps)} team pairs must coordinate and have no channel{':' if gaps else ''}")
    lines += [f"  {gap['a']} + {gap['b']} (weight {gap['weight']:g})" for gap in gaps[:_SHOWN]]
    if figures["moves"]:
        lines.append("moves that would help most:")
        lines += ["  " + _row(move) for move in figures["moves"]]
    return "\n".join(without_controls(line) for line in lines)


def _row(row: dict[str, object]) -> str:
    return ", ".join(f"{name} {_short(cell)}" for name, cell in row.items())


def _short(cell: object) -> str:
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
