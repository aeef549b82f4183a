"""``pmkit check``: every finding of a product, for people, editors, and CI."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from pmkit import workspace as workspaces
from pmkit.cli._complete import complete_codes
from pmkit.cli._findings import MACHINES, OUTPUTS, Baseline, as_plain, written
from pmkit.cli._input import product_argument, read_product, today_option
from pmkit.cli._progress import at_work
from pmkit.cli._write import put, written_json
from pmkit.errors import SEVERITIES, Severity
from pmkit.formats._files import write_atomically

__all__ = ["command"]

FOUND = 1


@click.command()
@product_argument
@click.option("--profile", default="default", show_default=True, help="default, or strict.")
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    shell_complete=complete_codes,
    help="Only these codes, or codes that begin so.",
)
@click.option("--ignore", multiple=True, metavar="CODE", shell_complete=complete_codes, help="Not these codes.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="What makes the exit status 1.",
)
@click.option("--baseline", type=click.Path(dir_okay=False), help="Leave out the findings that this file lists.")
@click.option("--write-baseline", type=click.Path(dir_okay=False), help="Write the findings to this file, and exit 0.")
@click.option("--output", type=click.Choice(OUTPUTS), default="text", show_default=True, help="How to print.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
@today_option
def command(
    *,
    path: str,
    profile: workspaces.Profile,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: Severity,
    baseline: str | None,
    write_baseline: str | None,
    output: str,
    as_json: bool,
    today: dt.date,
) -> None:
    """Check a product, in every room and across them."""
    how = "json" if as_json else output
    with at_work("Checking", quiet=how != "text"):
        located = read_product(path)
        found = workspaces.check(located.workspace, profile=profile, select=select, ignore=ignore, today=today)
        findings = tuple(attrs.evolve(finding, location=located.locations.get(finding.subject)) for finding in found)
    if write_baseline:
        write_atomically(write_baseline, written_json(as_plain(findings)).encode())
        click.echo(f"{len(findings)} findings written to {write_baseline}")
        return
    known = Baseline.read(baseline) if baseline else Baseline()
    fresh = tuple(finding for finding in findings if not known.holds(finding))
    told = written(fresh, how, path, left_out=len(findings) - len(fresh))
    if how in MACHINES:
        put(told, "-")
    else:
        click.echo(told, nl=False)
    if any(SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on) for finding in fresh):
        raise click.exceptions.Exit(FOUND)
