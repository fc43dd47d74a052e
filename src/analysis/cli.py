"""The command `claims`: which commands there are, and how an error is told."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

import click

from analysis import __version__, extras
from analysis.errors import AnalysisError, DataError, ExecutionError, ProjectError
from analysis.forked import standard
from analysis.project import REMEDIES

INTERRUPTED = 130
COMMANDS = {  # module of analysis.commands, and the command in it
    "list": ("listing", "list_"),
    "show": ("listing", "show"),
    "run": ("run", "run"),
    "plan": ("run", "plan"),
    "why": ("run", "why"),
    "sweep": ("sweep", "sweep"),
    "check": ("check", "check"),
    "drift": ("drift", "drift"),
    "publish": ("check", "publish"),
    "report": ("report", "report"),
    "replay": ("replay", "replay"),
    "export": ("export", "export"),
    "bundle": ("export", "bundle"),
    "verify": ("export", "verify"),
    "schema": ("listing", "schema"),
    "data": ("data", "data"),
    "doctor": ("refresh", "doctor"),
}


class Group(click.Group):
    """A group that imports a command when it is asked for, and tells errors in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command called `cmd_name`; without one, an error with the nearest name."""
        if cmd_name not in COMMANDS:
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module, name = COMMANDS[cmd_name]
        return getattr(import_module(f"analysis.commands.{module}"), name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and turn what a user can mend into a message and an exit code."""
        standard.open_streams()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for stream in (sys.stdout, sys.stderr):  # a name of a file may be no text at all
            if hasattr(stream, "reconfigure"):  # a closed one is None
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False}) or 0
        except AnalysisError as error:
            if os.environ.get("CLAIMS_DEBUG"):
                raise
            click.echo(f"error: {error}", err=True)
            ours = isinstance(error, (DataError, ExecutionError, ProjectError))
            return 1 if ours else 2
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except OSError as error:
            if os.environ.get("CLAIMS_DEBUG"):
                raise
            place = f"{error.filename}: " if error.filename else ""
            remedy = f"; {REMEDIES[error.errno]}" if error.errno in REMEDIES else ""
            click.echo(f"error: {place}{error.strerror or error}{remedy}", err=True)
            return 1
        except ImportError as error:
            if os.environ.get("CLAIMS_DEBUG") or (told := extras.remedy(error)) is None:
                raise
            click.echo(f"error: {told}", err=True)
            return 1
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
    claims list                        all claims with their published verdicts
    claims show ID                     one claim: rule, readings, verdict, reasons
    claims run                         regenerate every figure and verdict
    claims run ID -p claimed=57        the same claim with another parameter
    claims check                       has anything moved since it was published?
    """
