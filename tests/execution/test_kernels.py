"""A broken fork server costs time, not results."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
from audits import audit

from analysis.claims import registry
from analysis.execution import durations, kernels
from analysis.execution.environment import environment
from analysis.execution.execute import execute
from analysis.execution.outcomes import log
from analysis.execution.plan import Job, plan
from analysis.execution.worker import Result
from analysis.execution.worker_pool import end_children
from analysis.project import Project

ROOT = Path(__file__).parents[2]


class Silence:
    """A report that keeps the order of starting, and may act on it."""

    def __init__(self, act=lambda _: None) -> None:
        self.started: list[str] = []
        self.act = act

    def begin(self, jobs: int) -> None:
        pass

    def start(self, job) -> None:
        self.started.append(job.claim)

    def finish(self, result) -> None:
        self.act(result)


def copied(folder: Path) -> Project:
    """This audit with a build folder of its own."""
    for name in ("claims", "claims.yaml", "data", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    return Project(folder)


def test_every_preload_may_be_inherited(tmp_path):
    """Among them each method's modules: none changes what other notebooks share."""
    project = copied(tmp_path)
    with kernels.kernels(project, environment(project.root), cold=False) as address:
        assert address
    assert {"analysis.methods.level", "analysis.figures.timeline"} <= set(kernels.preloads())


@pytest.mark.usefixtures("bare_kernels")
def test_the_end_of_the_fork_server_in_a_run_costs_no_further_claim(tmp_path):
    """T4 sleeps while the fork server is killed; T1 is still to come, and comes cold."""
    root = audit(tmp_path, ["T4", "T1"])
    project = Project(root)
    killer = threading.Thread(target=_kill_the_fork_server)
    killer.start()
    results = execute(plan(project, registry.read(project)), project, Silence(), workers=1)
    killer.join()
    kinds = {result.job.claim: result.failure and result.failure.kind for result in results}
    assert kinds == {"T4": "kernel_died", "T1": None}
    assert "no fork server listens" in (project.build / "log/kernels.log").read_text()
    names = [child.name() for child in psutil.Process().children(recursive=True)]
    assert "forked-kernel" not in names


def _kill_the_fork_server():
    for _ in range(600):
        for kernel in psutil.Process().children(recursive=True):
            if kernel.name() == "forked-kernel":
                time.sleep(0.5)
                os.kill(kernel.ppid(), signal.SIGKILL)
                return
        time.sleep(0.05)
    pytest.fail("no kernel was forked within half a minute")


@pytest.mark.usefixtures("bare_kernels")
def test_a_run_after_an_interrupted_one_has_workers(tmp_path):
    """Whoever ended the children has ended multiprocessing's fork server too."""
    project = Project(audit(tmp_path, ["T1"]))
    for _ in range(2):
        (result,) = execute(plan(project, registry.read(project)), project, Silence(), workers=1)
        assert result.failure is None
        end_children()


def job(name: str) -> Job:
    return Job(claim=name, title="", notebook=Path(), parameters={}, folder=Path())


def test_the_unknown_and_the_longest_go_first():
    order = durations.longest_first([job("A"), job("B"), job("C"), job("D")], {"A": 1, "C": 2})
    assert [each.claim for each in order] == ["B", "D", "C", "A"]


@pytest.mark.usefixtures("bare_kernels")
def test_durations_are_remembered_and_used(tmp_path):
    root = audit(tmp_path, ["T1", "T2"])
    project = Project(root)
    todo, report = plan(project, registry.read(project)), Silence()
    known = (Result(job=todo.jobs[0], seconds=1), Result(job=job("X"), seconds=7))
    log(project, known)
    log(project, [Result(job=todo.jobs[1], seconds=9)])
    told = json.loads((project.build / durations.FILE).read_text())
    assert told == {"T1": 1, "T2": 9, "X": 7}
    results = execute(todo, project, report, workers=1)
    assert report.started == ["T2", "T1"]
    assert [result.job.claim for result in results] == ["T1", "T2"]


@pytest.mark.parametrize("content", ["", "[1]", '{"T1": "long"}', '{"T1": null}'])
def test_unreadable_durations_are_none(tmp_path, content):
    project = Project(tmp_path)
    (project.build / "log").mkdir(parents=True)
    (project.build / durations.FILE).write_text(content)
    assert durations.read(project) == {}
