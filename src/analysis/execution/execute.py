"""Run the jobs of a plan: papermill in worker processes, outputs moved whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from analysis.execution import durations, kernels, memory_limits, outputs, worker_pool
from analysis.execution.environment import environment
from analysis.execution.failures import input_changed, worker_died
from analysis.execution.file_stamps import written
from analysis.execution.locks import RUN_LOCK, locked
from analysis.execution.plan import Job, Plan
from analysis.execution.worker import Result, Task, work
from analysis.project import Project

CELL_TIMEOUT = 300.0  # seconds


class Report(Protocol):
    """Receives the progress of a run."""

    def begin(self, jobs: int) -> None:
        """A run of this many jobs begins."""

    def start(self, job: Job) -> None:
        """A job was handed to a worker."""

    def finish(self, result: Result) -> None:
        """A job ended."""


class Session:
    """A run that locks the checkout, with its worker processes.

    Workers start with the first job and serve all plans of the session. Kernels are forked from one
    process where that is safe, unless `cold`. `pool` is any Executor, such as that of
    `cluster.connected`; by default one process a core. `memory` limits the bytes of each kernel. A
    second run in the same checkout is refused; `held` says that the caller has locked it already.
    """

    def __init__(
        self,
        project: Project,
        report: Report,
        *,
        workers: int = 0,
        timeout: float = CELL_TIMEOUT,
        fail_fast: bool = False,
        cold: bool = False,
        memory: int | None = None,
        held: bool = False,
        pool: Executor | None = None,
    ) -> None:
        self.project = project
        self.report = report
        self.workers = workers or os.cpu_count() or 1
        self.timeout = timeout
        self.fail_fast = fail_fast
        self.cold = cold or pool is not None  # elsewhere: they have kernels of their own
        self.memory = memory
        self.held = held
        self._pool = pool
        self._running: Executor | None = None
        self._kernels = ""
        self._staging = Path()
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        if not self.held:
            self._ends.enter_context(locked(self.project.build / RUN_LOCK))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return self._ends.__exit__(kind, error, traceback)

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """Run every job and return the results in their order.

        A job that fails does not stop the others, unless `fail_fast`. Outputs appear under the
        job's folder only when its notebook ended with a record.
        """
        if not jobs:
            return []
        executor = self._started(len(jobs))
        self.report.begin(len(jobs))
        tasks = {job.claim: self._task(job) for job in jobs}
        order = durations.longest_first(jobs, durations.read(self.project))
        results = dict(self._results(order, tasks, executor))
        return [results[job.claim] for job in jobs if job.claim in results]

    def _started(self, jobs: int) -> Executor:
        """The workers, with their kernels and their staging folder."""
        if self._running is None:
            self._staging = self._ends.enter_context(outputs.staging(self.project))
            with memory_limits.limited_memory(self.memory):
                kernel_environment = environment(self.project.root)
                forked = kernels.kernels(self.project, kernel_environment, cold=self.cold)
                self._kernels = self._ends.enter_context(forked)
                own = worker_pool.running_pool(self._pool, min(self.workers, jobs), self.project)
                self._running = self._ends.enter_context(own)
        return self._running

    def _task(self, job: Job) -> Task:
        folder = self._staging / f"{job.claim}-{secrets.token_hex(3)}"
        return Task(
            job=job,
            root=str(self.project.root),
            staging=str(folder),
            timeout=self.timeout,
            kernels=self._kernels,
        )

    def _results(
        self, jobs: Sequence[Job], tasks: Mapping[str, Task], executor: Executor
    ) -> Iterator[tuple[str, Result]]:
        """Keep every worker busy; yield results as they come."""
        waiting = list(jobs)
        running: dict[Future[Result], Job] = {}
        while waiting or running:
            while waiting and len(running) < self.workers:
                job = waiting.pop(0)
                self.report.start(job)
                running[executor.submit(work, tasks[job.claim])] = job
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                result = self._result(future, running.pop(future), tasks)
                self.report.finish(result)
                yield result.job.claim, result
                if self.fail_fast and result.failure:
                    waiting.clear()

    def _result(self, future: Future[Result], job: Job, tasks: Mapping[str, Task]) -> Result:
        task = tasks[job.claim]
        try:
            result = future.result()
        except BrokenProcessPool:
            result = Result(job=job, seconds=0.0, failure=worker_died(job.claim))
        return outputs.keep(self._unless_written(result, job), Path(task.staging))

    def _unless_written(self, result: Result, job: Job) -> Result:
        """The result, or a failure if an input was written to since it was hashed."""
        files = [self.project.show(path) for path in written(job.stamps)]
        if not files or result.failure:
            return result
        failure = replace(input_changed(job.claim, files), seconds=result.seconds)
        return replace(result, record=None, failure=failure)


def execute(plan: Plan, project: Project, report: Report, **options: Any) -> list[Result]:
    """Run one plan in a session of its own; `options` are those of Session."""
    if not plan.jobs:
        return []
    with Session(project, report, **options) as session:
        return session.run(plan.jobs)
