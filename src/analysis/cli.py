"""The command `claims`: parse and print. What it needs is imported when it is needed."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from analysis import __version__
from analysis.errors import AnalysisError, DataError, ExecutionError, ProjectError, suggest

if TYPE_CHECKING:
    from analysis.claims import Claim
    from analysis.project import Project
    from analysis.register import Register

INTERRUPTED = 130
NAMES = click.argument("names", nargs=-1, metavar="[ID]...")


class Group(click.Group):
    """A group whose errors are one line for the reader, not a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and turn what a user can mend into a message and an exit code."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
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
            click.echo(f"error: {place}{error.strerror or error}", err=True)
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


def _project() -> Project:
    from analysis.project import Project

    return Project.find()


def _register() -> tuple[Project, Register]:
    from analysis import register

    project = _project()
    return project, register.read(project)


def _published(project: Project) -> dict[str, Mapping[str, Any]]:
    """The published entry of each claim; empty before the first publication."""
    from analysis import records

    if not project.published.exists():
        return {}
    return {entry["id"]: entry for entry in records.read_results(project.published)["claims"]}


def _one_of(option: str, value: str | None, known: Iterable[str]) -> None:
    """A word that no claim can have would list nothing: it is an error that names the others."""
    known = list(known)
    if value is not None and value not in known:
        message = f"{option}: no {value!r}{suggest(value, known)}; one of: {', '.join(known)}"
        raise click.UsageError(message)


@main.command("list")
@click.option("--verdict", help="Only claims with this published verdict, e.g. SUPPORTED.")
@click.option("--section", help="Only claims of this section, e.g. C.")
@click.option("--method", help="Only claims tested by this method, e.g. level.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def list_(verdict: str | None, section: str | None, method: str | None, as_json: bool) -> None:
    """List the claims with their published verdicts.

    \b
    claims list --section C
    claims list --verdict CONTRADICTED
    claims list --method timeline --json
    """
    from analysis.verdicts import CODES

    project, register = _register()
    verdict = verdict and verdict.upper()
    _one_of("--verdict", verdict, CODES)
    _one_of("--section", section, register.sections)
    methods = sorted({claim.method for claim in register.claims.values()} - {""})
    _one_of("--method", method, methods)
    entries = _published(project)
    rows = [
        {
            "id": claim.id,
            "section": claim.section,
            "method": claim.method or None,
            "verdict": entries.get(claim.id, {}).get("verdict", {}).get("publication"),
            "statement": claim.statement,
        }
        for claim in register.claims.values()
        if section in (None, claim.section) and method in (None, claim.method)
    ]
    if verdict:
        rows = [row for row in rows if row["verdict"] and row["verdict"]["code"] == verdict]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        code = row["verdict"]["code"] if row["verdict"] else "-"
        click.echo(f"{row['id']:<4} {code:<21} {row['method'] or '-':<12} {row['statement']}")
    click.echo(f"{len(rows)} of {len(register.claims)} claims", err=True)


@main.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The published entry as JSON.")
def show(name: str, as_json: bool) -> None:
    """Show one claim: its rule, readings and choices, and the published verdict with its reasons.

    \b
    claims show ID
    claims show ID --json
    """
    project, register = _register()
    claim = register.claim(name)
    entry = _published(project).get(claim.id, {})
    if as_json:
        click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
        return
    click.echo(f"{claim.id}  {register.sections[claim.section]}, {claim.locator}")
    click.echo(claim.statement)
    for label, text in _described(claim, entry):
        click.echo(f"\n{label}\n  {text}")


def _described(claim: Claim, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not claim.testable:
        return [("Not testable", f"{claim.reason}: {claim.why}"), ("Testable if", claim.remedy)]
    readings = [
        f"{reading.name} ({reading.kind}): {reading.statement}" for reading in claim.readings
    ]
    choices = [f"{name}: {', '.join(map(str, options))}" for name, options in claim.grid.items()]
    parts = [
        ("Core", claim.core),
        ("Rule", claim.rule),
        ("Readings", "\n  ".join(readings)),
        ("Choices", "\n  ".join(choices) or "none"),
        ("Reads", ", ".join(claim.tables)),
    ]
    for vintage, verdict in entry.get("verdict", {}).items():
        certainty = f", certainty {verdict['certainty']}" if verdict["certainty"] else ""
        reasons = entry.get("detail", {}).get(vintage, {}).get("reasons", [])
        text = "\n  ".join([f"{verdict['code']}{certainty}", *reasons])
        parts.append((f"Verdict, {vintage}", text))
    return parts


@main.command()
@NAMES
@click.option(
    "-p",
    "--parameter",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Replace a registered parameter (one claim only); structures as JSON.",
)
@click.option(
    "--vintage",
    type=click.Choice(["publication", "latest"]),
    default="publication",
    help="Which evidence the figure shows.",
)
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Notebooks at a time [cores].")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds that one cell may take.",
)
@click.option("--fail-fast", is_flag=True, help="Start nothing new after the first failure.")
@click.option("--cold", is_flag=True, help="Start each kernel anew instead of forking it.")
@click.pass_context
def run(
    context: click.Context,
    *,
    names: tuple[str, ...],
    changes: tuple[str, ...],
    vintage: str,
    jobs: int | None,
    timeout: float,
    fail_fast: bool,
    cold: bool,
) -> None:
    """Execute notebooks; leave figures, executed notebooks and records under build/.

    \b
    claims run                               every claim whose method exists
    claims run ID ID                         two of them
    claims run ID -p reporter=mirror         another choice, in build/variants/
    claims run ID -p 'where={"year": 2022}'  a structure is given as JSON
    """
    failed = _run(
        names,
        changes=changes,
        vintage=vintage,
        jobs=jobs,
        timeout=timeout,
        fail_fast=fail_fast,
        cold=cold,
    )
    context.exit(1 if failed else 0)


def _run(
    names: tuple[str, ...],
    *,
    changes: tuple[str, ...] = (),
    vintage: str = "publication",
    jobs: int | None = None,
    timeout: float = 300.0,
    fail_fast: bool = False,
    cold: bool = False,
) -> int:
    """Run and report; the number of failures."""
    import time

    from rich.console import Console

    from analysis.running import execute, parameters, plan, progress

    project, register = _register()
    if changes and len(names) != 1:
        raise click.UsageError("-p changes the parameters of one claim: name exactly one ID")
    overrides = parameters.parse(register.claim(names[0]), changes) if changes else {}
    todo = plan.plan(project, register, names, overrides, vintage)
    console, began = Console(), time.monotonic()
    workers = min(jobs or os.cpu_count() or 1, max(len(todo.jobs), 1))
    with progress.Bars(console, workers) as bars:
        results = execute.execute(
            todo,
            project,
            bars,
            workers=workers,
            timeout=timeout,
            fail_fast=fail_fast,
            cold=cold,
        )
    execute.log(project, results)
    if not names:
        execute.collect(project, register, todo)
        with progress.Bars(console, workers) as bars:
            results += execute.execute(
                plan.beside(project), project, bars, workers=workers, cold=cold
            )
    where = todo.jobs[0].folder if len(todo.jobs) == 1 else project.build
    progress.summarize(console, results, todo.idle, time.monotonic() - began, project.show(where))
    ended = [result for result in results if result.job.recorded]
    return sum(result.failure is not None for result in results) + len(todo.jobs) - len(ended)


@main.command()
@NAMES
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(names: tuple[str, ...], as_json: bool) -> None:
    """Say what `claims run` would do, and what has nothing to run, without doing it.

    \b
    claims plan
    claims plan ID --json
    """
    from analysis.running import plan as planning

    project, register = _register()
    todo = planning.plan(project, register, names)
    if as_json:
        jobs = [
            {
                "claim": job.claim,
                "notebook": project.show(job.notebook),
                "parameters": job.parameters,
            }
            for job in todo.jobs
        ]
        click.echo(json.dumps({"jobs": jobs, "idle": todo.idle}, indent=2))
        return
    for job in todo.jobs:
        click.echo(f"run  {job.claim:<4} {project.show(job.notebook):<28} {job.title}")
    for name, why in todo.idle.items():
        click.echo(f"idle {name:<4} {why}")
    click.echo(f"{len(todo.jobs)} to run, {len(todo.idle)} idle", err=True)


@main.command()
@click.option("--no-run", is_flag=True, help="Compare what stands in build/ without a new run.")
@click.pass_context
def check(context: click.Context, no_run: bool) -> None:
    """Regenerate everything and say what moved against results/published.json.

    \b
    Exit codes: 0 nothing moved, 1 a notebook failed, 2 nothing to compare with,
    3 input data changed, 4 figure data changed, 5 a number moved, 6 a verdict
    moved (the gravest one counts).

    \b
    claims check
    claims check --no-run
    """
    from analysis import records

    project = _project()
    if not project.published.exists():
        message = "nothing is published yet: `claims run`, look at it, then `claims publish`"
        raise AnalysisError(message, file=project.show(project.published))
    before = records.read_results(project.published)
    if not no_run and _run(()):
        context.exit(1)
    after = records.read_results(project.build / "results.json")
    moved = records.compare(before, after)
    for change in moved:
        click.echo(f"{change.kind:<8} {change}")
    counts = {kind: sum(change.kind == kind for change in moved) for kind in records.KINDS}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    click.echo(f"moved: {told}" if moved else "nothing moved: the results are as published")
    if moved:
        click.echo("If that is meant, `claims publish` makes it the published state.", err=True)
    context.exit(records.exit_code(moved))


@main.command()
def publish() -> None:
    """Accept what stands in build/ as the published results, and write results/README.md.

    \b
    claims run && claims publish
    """
    from analysis import records

    project, register = _register()
    fresh = records.read_results(project.build / "results.json")
    records.write(project.published, fresh)
    records.write_table(project.results / "README.md", fresh, register)
    click.echo(f"published {len(fresh['claims'])} claims to {project.show(project.published)}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of claims.yaml, for editors.

    \b
    claims schema > claims.schema.json
    """
    from analysis.grammar import schema as grammar

    click.echo(json.dumps(grammar(), indent=2))


@main.group()
def data() -> None:
    """The tables: list, show, check, seal.

    \b
    claims data list
    claims data show trade/gdp
    claims data check
    """


@data.command("list")
def list_tables() -> None:
    """List the tables with their titles and sizes.

    \b
    claims data list
    """
    from analysis.catalog import Catalog

    for name, info in Catalog.read(_project()).tables.items():
        click.echo(f"{name:<44} {info.rows or 0:>6}  {info.title}")


@data.command("show")
@click.argument("table")
@click.option("--head", default=5, show_default=True, help="Rows to print.")
def show_table(table: str, head: int) -> None:
    """Describe one table and print its first rows, with the provenance of each.

    \b
    claims data show trade/gdp --head 10
    """
    from analysis.tables import Archive

    found = Archive.read(_project()).load(table)
    info = found.info
    click.echo(f"{table}: {info.title}\n{info.description}\n\na row: {info.row}")
    click.echo(f"licence: {info.licence.terms}")
    for name, column in info.columns.items():
        unit = f" [{column.unit}]" if column.unit else ""
        click.echo(f"  {name:<24} {column.type}{unit}: {column.meaning}")
    click.echo(f"\n{len(found.frame)} rows; the first {head}:")
    click.echo(found.frame.head(head).to_string(index=False))


@data.command("check")
@click.pass_context
def check_data(context: click.Context) -> None:
    """Hold every table against its contract: types, ranges, keys, sources, domain checks.

    \b
    claims data check
    """
    from analysis import schemas

    failures = schemas.check_all(_project())
    for failure in failures:
        click.echo(str(failure))
    click.echo(f"{len(failures)} failures" if failures else "all tables keep their contracts")
    context.exit(1 if failures else 0)


@data.command()
def seal() -> None:
    """Write the hash, size and span of every table into the catalog, after a change that is meant.

    \b
    claims data seal
    """
    from analysis import seals

    seals.seal(_project())
    click.echo("sealed; look at the difference before you commit it")
