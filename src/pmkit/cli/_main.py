"""The command's front: which commands there are, loaded only when called, and how errors leave."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TextIO, cast

import click
from click.shell_completion import CompletionItem

from pmkit.errors import PmkitError

__all__ = ["command_group", "main"]

BAD_INPUT = 2
_INTERRUPTED = 130
_READER_GONE = 141

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


class _ReaderGoneError(Exception):
    """Whoever read our output has stopped, as ``head`` does."""


@contextmanager
def _noticing_the_reader() -> Iterator[None]:
    """Tell a reader that is gone apart from every other fault, before click calls it status 1, which is findings."""
    try:
        yield
    except BrokenPipeError:
        raise _ReaderGoneError from None


class _LazyGroup(click.Group):
    """Knows its commands by name, and imports a command's module when it is called."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Parse the arguments; ``--help`` prints here."""
        with _noticing_the_reader():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        with _noticing_the_reader():
            return cast("object", super().invoke(ctx))

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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands and options without importing any command."""
        names = [CompletionItem(name, help=words) for name, words in COMMANDS.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter gets its escape
    try:
        status = command_group.main(arguments, prog_name="pmkit", standalone_mode=False)
        with _noticing_the_reader():
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = BAD_INPUT
    except PmkitError as error:
        click.echo(f"pmkit: {error}", err=True)
        status = BAD_INPUT
    except _ReaderGoneError:
        _hush()
        status = _READER_GONE
    except (click.Abort, KeyboardInterrupt):
        status = _INTERRUPTED
    except OSError as error:
        _hush()
        click.echo(f"pmkit: cannot write the output: {error.strerror or error}", err=True)
        status = BAD_INPUT
    sys.exit(status if isinstance(status, int) else 0)


def _hush() -> None:
    """Let nothing more be written, not even what is still waiting: it would fail again when Python ends."""
    sys.stdout = cast("TextIO", open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end
