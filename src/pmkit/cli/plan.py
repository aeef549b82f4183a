"""``pmkit plan``: the size of an experiment, what is wrong with its plan, and its digest."""

from __future__ import annotations

import click

from pmkit.cli._complete import complete_experiments
from pmkit.cli._input import product_argument, read_product
from pmkit.cli._plain import as_json_value
from pmkit.cli._write import tell, tell_json
from pmkit.cli.analyze import experiment_of
from pmkit.errors import InvalidValueError

__all__ = ["command"]


@click.command()
@product_argument
@click.argument("identifier", required=False, metavar="[EXPERIMENT]", shell_complete=complete_experiments)
@click.option("--baseline", type=float, help="Control's value of the goal; the plan's own by default.")
@click.option("--sd", type=float, help="Standard deviation per unit, for a mean.")
@click.option(
    "--daily-units", type=click.FloatRange(0, min_open=True), help="New units a day, in all variants together."
)
@click.option("--register", "digest_only", is_flag=True, help="Print the digest alone, to be written under registered.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    path: str,
    identifier: str | None,
    baseline: float | None,
    sd: float | None,
    daily_units: float | None,
    digest_only: bool,
    as_json: bool,
) -> None:
    """Size an experiment, check its plan, and print the digest that fixes its decision before the data."""
    from pmkit import experiments

    experiment = experiment_of(read_product(path).workspace, identifier, path)
    plan = experiment.plan
    if digest_only:
        click.echo(plan.digest)
        return
    findings = experiments.check(plan, registered=experiment.registered or None)
    sized, why = None, ""
    try:
        sized = experiments.size(plan, baseline=baseline, sd=sd, daily_units=daily_units)
    except InvalidValueError as error:
        why = str(error)
    if as_json:
        size = None if sized is None else [as_json_value(row) for row in sized.to_dicts()]
        found = [{"code": each.code, "severity": each.severity, "message": each.message} for each in findings]
        figures = {"experiment": experiment.id, "size": size, "why_no_size": why, "findings": found}
        tell_json({**figures, "digest": plan.digest})
        return
    tell(f"{experiment.id}: {sized.summary() if sized is not None else f'no size: {why}'}")
    for finding in findings:
        tell(str(finding))
    state = "as registered" if experiment.registered == plan.digest else "registered otherwise: the plan has changed"
    tell(
        f"digest {plan.digest} ({state if experiment.registered else 'not registered yet: write it under registered'})"
    )
