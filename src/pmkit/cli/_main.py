"""The command's front: which commands there are, loaded only when called, and how errors leave."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from pmkit.errors import PmkitError

__all__ = ["command_group", "main"]

BAD_INPUT = 2
_INTERRUPTED = 130

COMMANDS = {
    "init": "Start a product file from an outline, a CSV, or nothing.",
    "check": "Check a product file, a tree, or statements; exit 1 on findings.",
    "show": "Show a product, or one thing of it, in the terminal.",
    "draw": "Draw the tree as SVG or PNG.",
    "diff": "Show what changed between two versions.",
    "merge": "Merge three versions; works as a git merge driver.",
    "next": "Say what to learn or build next, and why.",
    "week": "Show what changed, what is due, and which decisions wait.",
    "trace": "Follow one id from goal to verdict, and name what is missing.",
    "plan": "Size an experiment, check its plan, print its digest.",
    "analyze": "Analyze an experiment and say the verdict.",
    "conway": "Map teams to components: who must talk to whom.",
    "convert": "Turn one format into another.",
    "rules": "List the lint rules, or explain one.",
    "schema": "Print the JSON Schema of product files.",
    "report": "Write one self-contained HTML page.",
}


class _LazyGroup(click.Group):
    """Knows its commands by name, and imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pmkit.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest a command when the name is close to one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from pmkit.model import did_you_mean, quoted

            raise click.UsageError(f"no command {quoted(name)}{did_you_mean(name, COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's callback
    if asked and not ctx.resilient_parsing:
        from pmkit._version import __version__

        click.echo(f"pmkit {__version__}")
        ctx.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def command_group() -> None:
    """Product management as values: check, compare, merge, draw and decide on a product kept in a text file.

    Every command reads a file, or standard input for "-". Exit status: 0, 1 with findings, 2 for bad input.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command; bad input ends with status 2 and a message, never with a traceback.

    Parameters
    ----------
    arguments : list of str or None
        What follows the command's name; the process's own arguments when None.

    Raises
    ------
    SystemExit
        Always: 0, 1 for findings, 2 for bad input.

    Examples
    --------
    >>> main(["rules", "OST106"])  # doctest: +SKIP
    """
    try:
        command_group.main(arguments, prog_name="pmkit", standalone_mode=True)
    except PmkitError as error:
        click.echo(f"pmkit: {error}", err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - the reader has gone; be quiet
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
