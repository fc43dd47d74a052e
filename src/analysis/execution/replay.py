"""Judge every claim as of several days, in worker processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from multiprocessing import get_context

from analysis.claims import registry
from analysis.errors import ExecutionError
from analysis.execution import semaphores
from analysis.project import Project
from analysis.verdicts.as_of import Standing, standings


def replay(
    project: Project,
    days: Sequence[date],
    names: Iterable[str] = (),
    *,
    workers: int | None = None,
) -> list[Standing]:
    """The standing of every testable claim (or of `names`) on each day, in the register's order."""
    found = registry.read(project)
    claims = [found.claim(name) for name in names] or list(found.claims.values())
    ready = [claim.id for claim in claims if claim.testable and not claim.pending]
    most = min(workers or os.cpu_count() or 1, max(len(ready), 1))
    if most == 1:
        parts = [standings(project, name, days) for name in ready]
    else:
        # Spawned: the caller may have threads, and a fork would copy their locks.
        context = semaphores.checked(get_context("spawn"))
        with ProcessPoolExecutor(most, mp_context=context) as executor:
            parts = list(_spread(executor, project, ready, days))
    return [each for part in parts for each in part]


def _spread(
    executor: Executor, project: Project, names: Sequence[str], days: Sequence[date]
) -> Iterator[list[Standing]]:
    waiting = [executor.submit(standings, project, name, days) for name in names]
    for name, each in zip(names, waiting, strict=True):
        try:
            yield each.result()
        except BrokenProcessPool:
            cause = f"{name}: a process that judges claims was killed"
            raise ExecutionError(f"{cause}; run again with fewer --jobs") from None
