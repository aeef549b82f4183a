"""``pmkit rules``: list the lint rules, or explain one."""

from __future__ import annotations

from importlib import import_module

import click

from pmkit.cli._complete import complete_codes
from pmkit.cli._write import tell_json
from pmkit.errors import UnknownIdError
from pmkit.model import Rule, did_you_mean, quoted

__all__ = ["all_rules", "command"]

_ROOMS = ("ost", "jtbd", "experiments", "conway", "workspace")


def all_rules() -> tuple[Rule[object], ...]:
    """Return the rules of every room, by code."""
    rules = {rule.code: rule for room in _ROOMS for rule in import_module(f"pmkit.{room}").RULES}
    return tuple(rules[code] for code in sorted(rules))


def _plain(rule: Rule[object]) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "severities": dict(rule.severities),
        "profiles": list(rule.profiles),
        "summary": rule.summary,
        "rationale": rule.rationale,
        "source": rule.source,
        "hint": rule.hint,
        "failing": rule.failing,
        "passing": rule.passing,
    }


@click.command()
@click.argument("code", required=False, shell_complete=complete_codes)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(code: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """List the lint rules, or explain one by its CODE."""
    rules = all_rules()
    if code is not None:
        chosen = [rule for rule in rules if rule.code == code.upper()]
        if not chosen:
            hint = did_you_mean(code.upper(), [rule.code for rule in rules])
            raise UnknownIdError(f"no rule {quoted(code)}{hint}")
        rules = tuple(chosen)
    if as_json:
        tell_json([_plain(rule) for rule in rules])
    elif code is None:
        for rule in rules:
            click.echo(f"{rule.code}  {rule.severity:<11}  {rule.name}: {rule.summary}")
    else:
        (rule,) = rules
        click.echo(f"{rule.code} {rule.name} ({rule.severity}; profiles: {', '.join(rule.profiles)})\n")
        click.echo(f"{rule.summary}\n\nWhy: {rule.rationale}\nSource: {rule.source}")
        for title, text in (("What to do", rule.hint), ("Fails", rule.failing), ("Passes", rule.passing)):
            if text:
                click.echo(f"{title}: {text}")
