"""A worker that is killed loses only what it was doing, and a claim that kills workers is named."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest
from audits import audit

from analysis.claims import registry
from analysis.errors import ExecutionError
from analysis.execution import worker_pool
from analysis.execution.bulk import flow
from analysis.execution.bulk.chunk import Chunk
from analysis.execution.bulk.parts import Parts
from analysis.execution.execute import Session
from analysis.execution.plan import plan
from analysis.project import Project

NAMES = ["T1", *(f"T1{number}" for number in range(5))]


ALWAYS = "import os; os.kill(os.getpid(), 9)"
ONCE = """
import pathlib
if not pathlib.Path({mark!r}).exists():
    pathlib.Path({mark!r}).touch()
    """ + ALWAYS.replace("; ", "\n    ")


class Killer:
    """Kills a worker when the first job of a run has ended."""

    def begin(self, jobs: int) -> None:
        self.left = jobs

    def start(self, job) -> None:
        pass

    def finish(self, result) -> None:  # noqa: ARG002
        if self.left:
            self.left = 0
            workers = [
                each
                for server in psutil.Process().children()
                if any("forkserver" in word for word in server.cmdline())
                for each in server.children()
            ]
            assert workers
            workers[0].kill()


@pytest.mark.usefixtures("bare_kernels")
def test_the_others_go_on_when_a_worker_is_killed(tmp_path):
    project = Project(audit(tmp_path, NAMES))
    todo = plan(project, registry.read(project)).jobs
    with Session(project, Killer(), workers=2, cold=False) as session:
        results = session.run(todo)
    assert [result.job.claim for result in results] == NAMES
    assert [result.failure for result in results] == [None] * len(NAMES)


def test_what_was_lost_is_tried_again_and_what_kills_twice_is_given_up(project, tmp_path):
    with worker_pool.running_pool(None, 2, project, preload=()) as pool:
        lost = pool.submit(exec, ONCE.format(mark=str(tmp_path / "mark")))
        assert lost.result(timeout=60) is None
        assert (tmp_path / "mark").exists()
        with pytest.raises(BrokenProcessPool):
            pool.submit(exec, ALWAYS).result(timeout=60)
        assert pool.submit(abs, -1).result(timeout=60) == 1  # and the pool still works


def test_nothing_is_tried_again_once_a_run_is_interrupted(project):
    with worker_pool.running_pool(None, 1, project, preload=()) as pool:
        pool.give_up()
        with pytest.raises(BrokenProcessPool):
            pool.submit(exec, ALWAYS).result(timeout=60)


class Broken(Executor):
    """A pool in which every task kills its worker twice."""

    def submit(self, function, /, *args):  # noqa: ARG002
        future: Future = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_a_sweep_names_what_killed_its_worker_twice(tmp_path):
    chunk = Chunk(
        root="", claim="T1", reading="literal", vintage="latest", factors="{}", start=0, stop=9
    )
    with pytest.raises(ExecutionError, match=r"T1: .* specifications 0 to 8 died twice"):
        flow.run([chunk], Parts(tmp_path / "parts"), Broken(), 1)
