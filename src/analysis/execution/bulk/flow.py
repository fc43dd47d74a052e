"""Run the chunks of a sweep on an Executor, a few at a time; a crash keeps the finished ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import ExecutionError
from analysis.execution.bulk.chunk import Chunk, compute
from analysis.execution.bulk.parts import Parts

if TYPE_CHECKING:
    from analysis.execution.inputs import Inputs
    from analysis.project import Project
    from analysis.verdicts.grid import Grid

PRELOAD = ("analysis.execution.bulk.chunk",)  # and with it pandas, before workers are forked
CHUNKS_PER_WORKER = 2  # chunks that wait for each worker: none idles, and memory stays bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """The chunks of a sweep, and where its parts are."""

    chunks: tuple[Chunk, ...]
    parts: Parts

    @property
    def size(self) -> int:
        """How many numbers a chunk has; the last one may have fewer."""
        return self.chunks[0].stop - self.chunks[0].start

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return self.chunks[-1].stop

    def missing(self) -> list[Chunk]:
        """The chunks that have no part yet."""
        there = self.parts.starts()
        return [chunk for chunk in self.chunks if chunk.start not in there]


def plan(
    grid: Grid, vintage: str, project: Project, made_of: Inputs, *, size: int, here: bool
) -> SweepPlan:
    """Cut a grid into chunks of `size` numbers. Not `here`: workers have the audit themselves.

    The name of the parts' folder is a hash of all inputs, so that another grid, table, method or
    size starts afresh.
    """
    factors = json.dumps({name: list(options) for name, options in grid.factors.items()})
    content = json.dumps([made_of, grid.reading.name, vintage, factors, size], sort_keys=True)
    name = f"{grid.claim.id}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
    chunks = tuple(
        Chunk(
            root=str(project.root) if here else "",
            claim=grid.claim.id,
            reading=grid.reading.name,
            vintage=vintage,
            factors=factors,
            start=start,
            stop=min(start + size, len(grid)),
        )
        for start in range(0, len(grid), size)
    )
    return SweepPlan(chunks=chunks, parts=Parts(project.build / "sweeps" / "parts" / name))


def run(
    chunks: Iterable[Chunk],
    parts: Parts,
    executor: Executor,
    workers: int,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Compute chunks and keep each when it ends; `progress` gets its count of numbers."""
    waiting = iter(chunks)
    running: dict[Future[bytes], Chunk] = {}
    while True:
        for chunk in waiting:
            running[executor.submit(compute, chunk)] = chunk
            if len(running) >= CHUNKS_PER_WORKER * workers:
                break
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = running.pop(future)
            parts.keep(chunk.start, _computed(future, chunk))
            progress(chunk.stop - chunk.start)


def _computed(future: Future[bytes], chunk: Chunk) -> bytes:
    try:
        return future.result()
    except BrokenProcessPool:
        message = (
            f"{chunk.claim}: the process that computed specifications {chunk.start} to"
            f" {chunk.stop - 1} died twice; it was killed or ran out of memory. What was computed"
            " is kept: run the same command again, with fewer --jobs"
        )
        raise ExecutionError(message) from None
