"""The command `claims`: its commands, and how errors end it."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

import click

from analysis import __version__
from analysis.errors import (
    AnalysisError,
    DataError,
    ExecutionError,
    ProjectError,
    UnknownTableError,
    missing_package,
)
from forkedkernels import standard_streams

INTERRUPTED = 130
GROUPS = {  # by what one wants to do: module of analysis.cli, the command in it, a line of help
    "Look": {
        "list": ("listing", "list_", "List the claims with their published verdicts."),
        "show": ("listing", "show", "Show one claim: rule, choices, verdict and reasons."),
        "why": ("plan", "why", "Say which input of a claim has changed."),
        "variants": ("variants", "variants", "Compare what was run with other parameters."),
        "graph": ("graph", "graph", "Draw tables, claims, notebooks and outputs."),
    },
    "Run": {
        "run": ("run", "run", "Execute the notebooks whose inputs have changed."),
        "plan": ("plan", "plan", "List what would run, why, and for how long."),
        "sweep": ("sweep", "sweep", "Try up to millions of choices of one claim."),
        "replay": ("replay", "replay", "Judge every claim as of past days."),
    },
    "Data": {
        "data": ("data", "data", "List, show, check, pin and refresh tables."),
        "doctor": ("data_refresh", "doctor", "Find faults in the store of data and repair them."),
    },
    "Publish": {
        "check": ("check", "check", "Compare the results with the published ones."),
        "drift": ("drift", "drift", "Say what differs between two states, and why."),
        "publish": ("check", "publish", "Accept the present results as the published ones."),
        "report": ("report", "report", "Build the site."),
        "export": ("export", "export", "Write the results for other tools."),
        "bundle": ("export", "bundle", "Pack everything into one archive."),
        "verify": ("export", "verify", "Check an archive against its hashes."),
    },
    "Audit": {
        "new": ("new", "new", "Make an audit of another article, or add a claim."),
        "schema": ("listing", "schema", "Print the JSON Schema of a YAML file."),
    },
}
COMMANDS = {name: own for group in GROUPS.values() for name, own in group.items()}


def _prepare_process() -> None:
    """Open closed standard streams, let SIGTERM end as Ctrl-C does, print any file name."""
    standard_streams.open_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a closed stream is None
            stream.reconfigure(errors="backslashreplace")


def _reported(error: AnalysisError | ImportError | OSError) -> tuple[str, int]:
    """The message for an error and the exit code: 2 for wrong use, 1 else; no message, a fault."""
    if isinstance(error, AnalysisError):
        fault = isinstance(error, (DataError, ExecutionError, ProjectError))
        return str(error), 1 if fault and not isinstance(error, UnknownTableError) else 2
    if isinstance(error, ImportError):
        return missing_package(error) or "", 1
    from analysis.project import REMEDIES

    place = f"{error.filename}: " if error.filename else ""
    remedy = f"; {REMEDIES[error.errno]}" if error.errno in REMEDIES else ""
    return f"{place}{error.strerror or error}{remedy}", 1


class Group(click.Group):
    """A group that imports a command on demand and prints an error in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command called `cmd_name`; without one, an error with the nearest name."""
        if cmd_name not in COMMANDS:
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"analysis.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The commands under what one wants to do, without importing them."""
        for title, own in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, _, line) in own.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and turn an error that a user can correct into a message and an exit code."""
        _prepare_process()
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False}) or 0
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except (AnalysisError, OSError, ImportError) as error:
            message, code = _reported(error)
            if not message or os.environ.get("CLAIMS_DEBUG"):
                raise
            click.echo(f"error: {message}", err=True)
            return code
        except (click.Abort, KeyboardInterrupt):
            click.echo("interrupted; nothing is half-written", err=True)
            return INTERRUPTED

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader who leaves, as `claims list | head` does, is no fault."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still in the buffer must go somewhere when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `claims list`, then `claims show ID`, then `claims run ID`.",
)
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Audit an article claim by claim: run its notebooks, read and check the verdicts.

    \b
    claims new DIR                     an audit of another article
    claims list                        all claims with their published verdicts
    claims show ID                     one claim: rule, readings, verdict, reasons
    claims run                         regenerate every figure and verdict
    claims run ID -p claimed=57        the same claim with another parameter
    claims check                       has anything moved since it was published?
    """
