"""A real scheduler and real worker processes, which do not see the audit's folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from audits import audit

from analysis.claims import registry
from analysis.errors import DataError, ExecutionError
from analysis.execution import cluster_files, worker_pool
from analysis.execution.bulk import flow
from analysis.execution.bulk.parts import Parts
from analysis.execution.cluster import connected
from analysis.execution.execute import Session
from analysis.execution.inputs import InputHashes
from analysis.execution.plan import plan
from analysis.execution.stale import find_stale
from analysis.project import Project
from analysis.verdicts.grid import expanded_grid

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
pytestmark = pytest.mark.slow

NAMES = ["T1", *(f"T1{number}" for number in range(5))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(folder: Path, *words: str, **environ: str):
    """A command of dask in an empty folder, with no home and no word about this checkout."""
    folder.mkdir(parents=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            cwd=folder,
            env={**kept, "HOME": str(folder), "PYTHONPATH": str(SOURCE), **environ},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield started
    finally:
        children = psutil.Process(started.pid).children(recursive=True)
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        for child in children:
            if child.is_running():
                child.kill()


@pytest.fixture
def scheduler(tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    words = ["--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    with process(tmp_path / "scheduler", "scheduler", *words):
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(words[3]))) == 0:
                    break
            time.sleep(0.1)
        yield address


@contextmanager
def workers(address: str, tmp_path: Path, count: int = 2, **environ: str):
    with ExitStack() as ends:
        yield [
            ends.enter_context(
                process(
                    tmp_path / f"worker-{number}",
                    *("worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"),
                    **environ,
                )
            )
            for number in range(count)
        ]


def ready(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


class Listener:
    """Told about a run; acts when the first job ends."""

    def __init__(self, act=lambda: None) -> None:
        self.finished: list[str] = []
        self.act = act

    def begin(self, jobs: int) -> None:
        pass

    def start(self, job) -> None:
        pass

    def finish(self, result) -> None:
        self.finished.append(result.job.claim)
        if len(self.finished) == 1:
            self.act()


def jobs(root: Path):
    project = Project(root)
    known = registry.read(project)
    return find_stale(plan(project, known), InputHashes(project, known), force=True).jobs


def products(root: Path) -> dict[str, bytes]:
    folders = ("notebooks", "figures", "records", "trials", "manifest")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in folders
        for path in (root / "build" / folder).rglob("*")
    }


def test_the_cluster_gives_the_same_bytes_although_a_worker_is_killed(tmp_path, scheduler):
    root, here = audit(tmp_path / "audit", NAMES), audit(tmp_path / "here", NAMES)
    with workers(scheduler, tmp_path) as (first, _):
        ready(scheduler, 2)
        listener = Listener(lambda: first.send_signal(signal.SIGKILL))
        with connected(scheduler, Project(root)) as (pool, count):
            assert count == 2
            with Session(Project(root), listener, workers=count, pool=pool) as session:
                results = session.run(jobs(root))
    assert first.poll() == -signal.SIGKILL
    assert [result.job.claim for result in results] == NAMES
    assert [result.failure for result in results] == [None] * len(NAMES)
    assert sorted(listener.finished) == sorted(NAMES)  # each once
    with Session(Project(here), Listener()) as session:
        session.run(jobs(here))
    assert products(root) == products(here)


def test_ctrl_c_leaves_the_cluster_usable_and_what_was_done(tmp_path, scheduler):
    root = audit(tmp_path / "audit", NAMES)
    environ = {**os.environ, "CLAIMS_PROJECT": str(root)}
    words = [sys.executable, "-m", "analysis", "run", "--cluster", scheduler]
    with workers(scheduler, tmp_path):
        ready(scheduler, 2)
        run = subprocess.Popen(words, cwd=root, env=environ, stderr=subprocess.PIPE, text=True)
        while not list((root / "build" / "records").glob("*.json")):
            assert run.poll() is None, run.stderr.read()
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)
        assert run.returncode == 130, told
        assert "Traceback" not in told
        again = subprocess.run(
            words, cwd=root, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert again.returncode == 0, again.stderr
    done = sorted(path.stem for path in (root / "build" / "records").glob("*.json"))
    assert done == sorted(NAMES)


def test_failures_on_a_worker_are_told_apart_and_end_no_worker(tmp_path, scheduler):
    root = audit(tmp_path / "audit", ["T1", "T2", "T3", "T7"])
    with workers(scheduler, tmp_path, count=1):
        ready(scheduler, 1)
        with (
            connected(scheduler, Project(root)) as (pool, count),
            Session(Project(root), Listener(), workers=count, pool=pool) as session,
        ):
            results = {result.job.claim: result for result in session.run(jobs(root))}
    assert results["T1"].failure is None
    assert {name: results[name].failure.kind for name in ("T2", "T3", "T7")} == {
        "T2": "cell_error",
        "T3": "kernel_died",
        "T7": "kernel_died",
    }
    assert (root / "build/failures/T2.ipynb").exists()


def test_a_sweep_on_the_cluster_gives_the_same_rows(tmp_path, scheduler):
    project = Project(ROOT)
    claim = registry.read(project).claims["C2"]
    wanted = expanded_grid(claim, "literal", {"claimed": tuple(range(60, 90))})
    files = []
    with workers(scheduler, tmp_path):
        ready(scheduler, 2)
        with connected(scheduler, project, cold=True) as (pool, count):
            for executor, here in ((pool, False), (None, True)):
                with worker_pool.running_pool(executor, count, project) as used:
                    cut = flow.plan(wanted, "latest", project, {}, size=200, here=here)
                    parts = Parts(tmp_path / f"parts-{here}")
                    flow.run(cut.chunks, parts, used, count)
                    files.append(tmp_path / f"{here}.parquet")
                    parts.join(files[-1])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_worker_with_another_library_is_refused(tmp_path, scheduler):
    other = tmp_path / "other"
    shutil.copytree(SOURCE, other)
    with (other / "analysis" / "verdicts" / "rules.py").open("a") as file:
        file.write("# another\n")
    root = audit(tmp_path / "audit", ["T1"])
    with workers(scheduler, tmp_path, count=1, PYTHONPATH=str(other)):
        ready(scheduler, 1)
        with (
            connected(scheduler, Project(root), cold=True) as (pool, _),
            Session(Project(root), Listener(), pool=pool) as session,
            pytest.raises(
                ExecutionError, match=r"another library .* analysis.verdicts.rules differ"
            ),
        ):
            session.run(jobs(root))
    assert not (root / "build/records").exists()


def test_a_scheduler_without_workers_is_told_how_to_get_some(tmp_path, scheduler):
    told = pytest.raises(ExecutionError, match="has no workers: start some with `dask worker")
    with told, connected(scheduler, Project(audit(tmp_path / "audit", ["T1"]))):
        pass


def test_an_address_where_nobody_answers_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.execution.cluster.CONNECT_TIMEOUT", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    told = pytest.raises(ExecutionError, match=f"no scheduler answers at {address}")
    with told, connected(address, Project(audit(tmp_path / "audit", ["T1"]))):
        pass


def test_a_port_that_says_nothing_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.execution.cluster.CONNECT_TIMEOUT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        told = pytest.raises(ExecutionError, match=f"no scheduler answers at {address}")
        with told, connected(address, Project(audit(tmp_path / "audit", ["T1"]))):
            pass
    assert time.monotonic() - began < 30


def test_a_parcel_is_the_same_bytes_and_is_refused_when_damaged(tmp_path):
    one, other = audit(tmp_path / "a", ["T1"]), audit(tmp_path / "b", ["T1"])
    parcel = cluster_files.pack(Project(one))
    assert parcel == cluster_files.pack(Project(other))
    place = cluster_files.unpack(parcel, cluster_files.archive_name(parcel), tmp_path)
    assert (place / "claims.yaml").read_bytes() == (one / "claims.yaml").read_bytes()
    assert cluster_files.unpack(parcel, cluster_files.archive_name(parcel), tmp_path) == place
    with pytest.raises(DataError, match="damaged on their way"):
        cluster_files.unpack(parcel[:-1], cluster_files.archive_name(parcel), tmp_path)
