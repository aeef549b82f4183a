"""``pmkit analyze``: an experiment's verdict."""

from __future__ import annotations

import click

from pmkit.cli._complete import complete_experiments
from pmkit.cli._input import product_argument, read_product
from pmkit.cli._progress import at_work
from pmkit.cli._write import tell, tell_json
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.model import Undefined, did_you_mean, quoted
from pmkit.workspace import Experiment, Reading, Workspace, readings

__all__ = ["command", "experiment_of"]


@click.command()
@product_argument
@click.argument("identifier", required=False, metavar="[EXPERIMENT]", shell_complete=complete_experiments)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, path: str, identifier: str | None, as_json: bool) -> None:
    """Analyze an experiment by its plan, and say the verdict with its reasons."""
    experiment = experiment_of(read_product(path).workspace, identifier, path)
    with at_work("Analyzing", quiet=as_json):
        looked = list(readings(experiment))
    if not looked:
        raise InvalidValueError(f"experiment {quoted(experiment.id)} has no looks yet: add its counts under looks")
    if as_json:
        tell_json([_plain(reading) for reading in looked])
        return
    for reading in looked:
        tell(f"{reading.look.date or 'look'}: {reading.decision.summary()}")
    tell(looked[-1].result.summary())


def experiment_of(workspace: Workspace, identifier: str | None, path: str) -> Experiment:
    """Return the experiment that is meant; the only one when none is named."""
    known = {experiment.id: experiment for experiment in workspace.experiments}
    if identifier is not None and identifier not in known:
        hint = did_you_mean(identifier, known) or f"; there are {', '.join(known) or 'none'}"
        raise UnknownIdError(f"no experiment {quoted(identifier)}{hint}")
    if identifier is None and len(known) != 1:
        there = ", ".join(known) or "none"
        raise InvalidValueError(f"name the experiment; {quoted(path)} has {there}")
    return known[identifier] if identifier is not None else next(iter(known.values()))


def _plain(reading: Reading) -> dict[str, object]:
    decision = reading.decision
    return {
        "date": reading.look.date.isoformat() if reading.look.date else None,
        "verdict": decision.verdict,
        "row": decision.row,
        "variant": decision.variant,
        "exploratory": decision.exploratory,
        "digest": decision.digest,
        "reasons": [
            {"kind": reason.kind, "message": reason.message, "numbers": dict(reason.numbers)}
            for reason in decision.reasons
        ],
        "effects": [
            {name: cell.reason if isinstance(cell, Undefined) else cell for name, cell in row.items()}
            for row in reading.result.to_dicts()
        ],
    }
