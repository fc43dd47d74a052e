"""`claims sweep`: try any number of specifications of a claim."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit, selection
from analysis.formatting import number

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from analysis.execution.bulk.flow import SweepPlan
    from analysis.execution.bulk.summary import Summary
    from analysis.execution.file_stamps import Stamps
    from analysis.project import Project
    from analysis.verdicts.grid import Grid

CHUNK = 2000


@click.command()
@selection.NAME
@click.option(
    "-g",
    "--grid",
    "factors",
    multiple=True,
    metavar="FACTOR=OPTIONS",
    help="a,b,c, or low:high:count for numbers; in place of the registered options.",
)
@click.option(
    "--grid-file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML: `factor: [a, b]`, or `factor: {from: 0, to: 1, count: 11}`.",
)
@click.option("--reading", default="literal", show_default=True, help="Reading to vary.")
@click.option(
    "--vintage",
    type=click.Choice(["publication", "latest"]),
    default="publication",
    show_default=True,
    help="Evidence to use.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File [build/sweeps/ID.parquet].")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Number of parallel workers [cores]."
)
@click.option(
    "--chunk", type=click.IntRange(min=1), default=CHUNK, help="Specifications in a chunk."
)
@click.option("--cluster", metavar="ADDRESS", help="Address of a dask scheduler.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
def sweep(
    *,
    name: str,
    factors: tuple[str, ...],
    file: Path | None,
    reading: str,
    vintage: str,
    out: Path | None,
    jobs: int | None,
    chunk: int,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Try every combination of choices of one claim, up to millions, into a Parquet file.

    Chunks are kept as they come: after Ctrl-C or a crash, the same command goes on.

    \b
    claims sweep ID                               the registered grid
    claims sweep ID -g claimed=50:100:1001        and a thousand claimed values
    claims sweep ID -g source=one,other --cluster tcp://host:8786
    """
    from analysis.claims import parameter_grid
    from analysis.claims.model import waits
    from analysis.errors import ParameterError
    from analysis.execution.bulk import flow
    from analysis.execution.bulk.summary import summarize
    from analysis.execution.inputs import InputHashes
    from analysis.execution.locks import locked
    from analysis.execution.plan import plan as planned
    from analysis.exports import outputs
    from analysis.verdicts.grid import expanded_grid

    if out:
        outputs.free(out, "table of a sweep", outputs.sweep)
    project, register = audit.register()
    claim = register.claims[selection.one(register, name)]
    if why := waits(claim):
        raise ParameterError(f"claim {claim.id} has no specifications to sweep: {why}")
    wanted = expanded_grid(claim, reading, parameter_grid.options(claim, factors, file))
    (job,) = planned(project, register, [claim.id]).jobs
    hashes = InputHashes(project, register)
    made_of, stamps = hashes.of(job), hashes.stamps(job)
    sweeping = flow.plan(wanted, vintage, project, made_of, size=chunk, here=not cluster)
    place = out or project.build / "sweeps" / f"{claim.id}.parquet"
    with locked(sweeping.parts.folder.with_suffix(".lock")):
        _run(sweeping, project, jobs or os.cpu_count() or 1, cluster)
        _unless_written(stamps, sweeping, project)
        found = summarize(sweeping.parts.rows(), wanted)
        sweeping.parts.join(place)
    _print_summary(wanted, found, project.show(place.resolve()), as_json=as_json)


def _unless_written(stamps: Stamps, sweeping: SweepPlan, project: Project) -> None:
    """Delete the chunks if an input changed while they were computed."""
    from analysis.errors import ExecutionError
    from analysis.execution.file_stamps import written

    if files := [project.show(path) for path in written(stamps)]:
        sweeping.parts.discard()
        message = f"written to during the sweep: {', '.join(files[:3])}; sweep again"
        raise ExecutionError(message)


def _run(sweeping: SweepPlan, project: Project, workers: int, cluster: str | None) -> None:
    from analysis.execution import worker_pool
    from analysis.execution.bulk import flow
    from analysis.execution.bulk.progress import Meter

    missing = sweeping.missing()
    with ExitStack() as ends:
        executor: Executor | None = None
        if cluster:
            from analysis.execution.cluster import connected

            executor, workers = ends.enter_context(connected(cluster, project, cold=True))
        executor = ends.enter_context(
            worker_pool.running_pool(executor, workers, project, preload=flow.PRELOAD)
        )
        there = len(sweeping.chunks) - len(missing)
        meter = ends.enter_context(Meter(sweeping.total, there, sweeping.size))
        flow.run(missing, sweeping.parts, executor, workers, meter.advance)


def _print_summary(wanted: Grid, found: Summary, place: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({**asdict(found), "file": place}, indent=2))
        return
    total = sum(found.counts.values())
    click.echo(
        f"{number(total)} specifications of {wanted.claim.id} ({wanted.reading.name}) in {place}"
    )
    if left := len(wanted) - total:
        click.echo(f"{number(left)} combinations make no sense by the claim's constraints")
    for outcome, count in found.counts.items():
        share = f"{found.shares[outcome]:6.1%}" if outcome in found.shares else ""
        click.echo(f"  {outcome:<12} {count:>10,}  {share}".rstrip())
    click.echo("Shares are weighted by sets of sources, as in a verdict.")
    click.echo("How far the share that passes moves between a factor's options:")
    for factor, moved in sorted(found.sensitivity.items(), key=lambda item: -item[1]):
        click.echo(f"  {factor:<14} {moved:6.1%}  of {number(len(wanted.factors[factor]))} options")
    click.echo(_nearest(found.preferred, found.nearest_counterexample))


def _nearest(preferred: str | None, found: Any) -> str:
    if preferred == "no evidence":
        return "The registered choice has no evidence: there is no nearest counterexample."
    if preferred is None:
        return "The registered choice is not among these: there is no nearest counterexample."
    if found is None:
        return f"The registered choice: {preferred}; no combination comes out otherwise."
    changed = ", ".join(f"{name} {old} -> {new}" for name, (old, new) in found["changes"].items())
    return (
        f"The registered choice: {preferred}. "
        f"Nearest counterexample: {changed} gives {found['outcome']}."
    )
