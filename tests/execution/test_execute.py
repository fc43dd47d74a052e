"""Real papermill, real kernels: success, every kind of failure, Ctrl-C, a second run."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from audits import audit

from analysis.claims import registry
from analysis.errors import ExecutionError, ParameterError, ProjectError
from analysis.execution import kernels, memory_limits
from analysis.execution.execute import Session, execute
from analysis.execution.failures import diagnose, killed
from analysis.execution.inputs import InputHashes
from analysis.execution.locks import RUN_LOCK, locked
from analysis.execution.plan import plan, plan_overviews
from analysis.execution.stale import find_stale
from analysis.project import Project

pytestmark = pytest.mark.usefixtures("bare_kernels")
CLAIMS = [sys.executable, "-m", "analysis"]


class Silence:
    """A report that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin(self, jobs: int) -> None:
        self.told.append(f"begin {jobs}")

    def start(self, job) -> None:
        self.told.append(f"start {job.claim}")

    def finish(self, result) -> None:
        self.told.append(f"finish {result.job.claim}")


def run(root: Path, **options):
    project = Project(root)
    known = registry.read(project)
    todo = find_stale(plan(project, known), InputHashes(project, known), force=True)
    return {r.job.claim: r for r in execute(todo, project, Silence(), **options)}


EVERY = ["T1", "T2", "T3", "T4", "T5", "T6", "T7"]


@pytest.fixture(scope="module")
def everything(tmp_path_factory, bare_kernels):  # noqa: ARG001
    """One run over a good claim and one of each bad kind."""
    root = audit(tmp_path_factory.mktemp("audit"), EVERY)
    return root, run(root, timeout=4.5, memory=1 << 30)


def test_a_bad_claim_does_not_stop_the_others(everything):
    _, results = everything
    assert list(results) == EVERY
    assert results["T1"].record["verdict"]["publication"]["code"] == "SUPPORTED"


@pytest.mark.parametrize(
    ("claim", "kind", "words"),
    [
        ("T2", "cell_error", "ValueError: the sum does not add up"),
        ("T3", "kernel_died", "the kernel ended by itself with exit code 1"),
        ("T4", "timeout", "no answer within 4.5 s"),
        ("T5", "no_record", "ended without a record"),
        ("T6", "out_of_memory", "MemoryError"),
        ("T7", "kernel_died", "the kernel was killed by SIGSEGV"),
    ],
)
def test_failures_are_told_apart(everything, claim, kind, words):
    root, results = everything
    failure = results[claim].failure
    assert failure.kind == kind
    assert words in str(failure)
    assert json.loads((root / f"build/failures/{claim}.json").read_text())["kind"] == kind
    assert not (root / f"build/records/{claim}.json").exists()


def test_a_failure_says_what_it_took(everything):
    """In a kernel that ends by itself or by a signal, forked or not, the peak is told."""
    root, results = everything
    for claim in ("T2", "T3", "T6", "T7"):
        failure = results[claim].failure
        assert failure.seconds > 0
        assert 20 << 20 < failure.peak_bytes < 1 << 30, claim  # IPython alone takes more
        assert json.loads((root / f"build/failures/{claim}.json").read_text())["peak_bytes"]


@pytest.mark.parametrize("claim", ["T3", "T7"])
def test_a_cold_kernel_that_dies_is_told_in_the_same_words(tmp_path, everything, claim):
    _, results = everything
    cold = run(audit(tmp_path, [claim]), cold=True)[claim].failure
    assert (cold.kind, cold.message) == (
        results[claim].failure.kind,
        results[claim].failure.message,
    )


def test_a_parameter_that_no_notebook_can_hold_is_told_apart(tmp_path):
    project = Project(audit(tmp_path, ["T1"]))
    (job,) = plan(project, registry.read(project)).jobs
    odd = replace(job, parameters={**job.parameters, "claimed": Decimal(12)})
    with Session(project, Silence()) as session:
        (result,) = session.run([odd])
    assert result.failure.kind == "bad_parameter"
    assert "Decimal" in result.failure.message


def test_only_what_did_not_end_with_a_record_is_due_again(everything):
    root, _ = everything
    project = Project(root)
    known = registry.read(project)
    again = find_stale(plan(project, known), InputHashes(project, known))
    assert {name: str(why) for name, why in again.reasons.items()} == dict.fromkeys(
        EVERY[1:], "failed the last time"
    )


def test_what_had_ended_is_kept_when_the_run_is_killed(tmp_path):
    """As after a crash of the machine: nothing could be tidied up, and the next run goes on."""
    root = audit(tmp_path, ["T1", "T4"])
    killed = subprocess.Popen(
        [*CLAIMS, "run", "--jobs", "1", "--cold"], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert "T1" in killed.stdout.readline()
    children = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.communicate()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]
    done = subprocess.run(
        [*CLAIMS, "run", "--timeout", "1", "--cold"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "1 of 2 claims are up to date; 1 to run" in done.stdout
    assert "T4: timeout in cell behave: no answer within 1 s" in done.stdout
    assert not (root / "build/.staging").exists()


def test_a_run_of_both_kinds_of_notebooks_starts_one_fork_server(tmp_path, monkeypatch):
    root = audit(tmp_path, ["T1"])
    started = []
    start = kernels.start_fork_server
    monkeypatch.setattr(
        kernels, "start_fork_server", lambda *a, **b: started.append(1) or start(*a, **b)
    )
    project = Project(root)
    known = registry.read(project)
    with Session(project, Silence()) as session:
        assert session.run([]) == []
        assert started == []  # nothing to do starts nothing
        for _ in range(2):
            assert session.run(plan(project, known).jobs)[0].record
    assert started == [1]


def test_a_failure_names_its_cell(everything):
    _, results = everything
    assert {results[claim].failure.cell for claim in ("T2", "T3", "T4", "T6", "T7")} == {"behave"}
    assert results["T2"].failure.source.startswith("import json")


def test_products_are_in_their_places_and_nothing_is_left_over(everything):
    root, _ = everything
    for path in ("notebooks/T1.ipynb", "figures/T1.csv", "records/T1.json", "failures/T2.ipynb"):
        assert (root / "build" / path).exists(), path
    assert not (root / "build/.staging").exists()


def test_an_executed_notebook_has_no_time_no_path_and_no_random_id(everything):
    root, _ = everything
    text = (root / "build/notebooks/T1.ipynb").read_text()
    assert str(root) not in text
    assert "start_time" not in text
    assert '"id": "injected-parameters"' in text


def test_a_second_run_gives_the_same_bytes(tmp_path):
    root = audit(tmp_path, ["T1"])
    seen = []
    for _ in range(2):
        run(root)
        seen.append({p.name: p.read_bytes() for p in (root / "build").rglob("T1*")})
    # the staging folder's random name is printed by the notebook: it must have been scrubbed
    assert seen[0] == seen[1]


def test_a_build_folder_that_cannot_be_written_is_told(tmp_path):
    root = audit(tmp_path, ["T1"])
    (root / "build").write_text("a file in the place of the folder")
    with pytest.raises(ProjectError, match="cannot be written"):
        run(root)


def test_a_second_run_at_the_same_time_is_told_who_is_at_work(tmp_path):
    path = Project(audit(tmp_path, ["T1"])).build / RUN_LOCK
    told = pytest.raises(ExecutionError, match=f"process {os.getpid()}")
    with locked(path), told, locked(path):
        pass
    with locked(path):  # and afterwards the way is free again
        pass


def test_a_patient_run_waits_for_the_one_before(tmp_path):
    root = audit(tmp_path, ["T1"])
    with locked(Project(root).build / RUN_LOCK):
        waiting = subprocess.Popen(
            [*CLAIMS, "run", "--wait", "--cold"], cwd=root, stdout=subprocess.PIPE, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=2)
        assert not (root / "build/records").exists()
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert "T1   SUPPORTED" in out


def test_ctrl_c_leaves_nothing_behind(tmp_path):
    root = audit(tmp_path, ["T4"])
    run_ = subprocess.Popen(
        [*CLAIMS, "run"], cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    children = _wait_for_a_kernel(run_.pid)
    run_.send_signal(signal.SIGINT)
    _, errors = run_.communicate(timeout=60)
    assert run_.returncode == 130
    assert "nothing is half-written" in errors
    assert not (root / "build/.staging").exists()
    assert not (root / "build/records").exists()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]


def _wait_for_a_kernel(pid: int) -> list[psutil.Process]:
    for _ in range(600):
        children = psutil.Process(pid).children(recursive=True)
        if any(child.name() == "forked-kernel" for child in children):
            time.sleep(1)
            return psutil.Process(pid).children(recursive=True)
        time.sleep(0.1)
    pytest.fail("no kernel was started within a minute")


def test_a_notebook_that_tests_no_claim_needs_no_record(tmp_path):
    root = audit(tmp_path, ["T5"])
    (root / "notebooks/level.ipynb").rename(root / "notebooks/whole_article.ipynb")
    project = Project(root)
    todo = plan_overviews(project)
    assert [job.claim for job in todo.jobs] == ["overview", "whole_article"]
    for result in execute(todo, project, Silence()):
        assert (result.failure, result.record) == (None, None)
    assert (root / "build/notebooks/whole_article.ipynb").exists()


@pytest.mark.parametrize("text", ["999999999T", "8388608T", "9" * 5000, "9" * 5000 + "G"])
def test_a_limit_beyond_any_machine_is_told(text):
    with pytest.raises(ParameterError, match=r"is more than any machine has; give a size such as"):
        memory_limits.parse_size(text)


def test_a_hard_limit_of_the_system_is_kept():
    done = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(1 << 32), str(1 << 33)]


UNDER_A_LIMIT = """
import resource
from analysis.execution import memory_limits
resource.setrlimit(resource.RLIMIT_DATA, (1 << 33, 1 << 33))
for limit in (1 << 32, 1 << 40):
    with memory_limits.limited_memory(limit):
        print(resource.getrlimit(resource.RLIMIT_DATA)[0])
"""


def test_a_disk_that_is_full_is_told_as_one_and_not_as_a_bad_notebook(tmp_path):
    """A notebook that may not be written, for real: no file may have more than 512 bytes."""
    root = audit(tmp_path, ["T1"])
    words = ["bash", "-c", 'ulimit -f 1; exec "$@"', "", *CLAIMS, "run", "T1", "--cold"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written: File too large; no file may be so large here" in (
        done.stdout + done.stderr
    )
    assert "JSON" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EROFS, "Read-only file system"), "unwritable"),
        (OSError(errno.ENOENT, "No such file"), "cell_error"),
    ],
)
def test_a_fault_of_the_disk_is_told_apart(error, kind):
    assert diagnose("T1", error, None, 1).kind == kind


def test_a_cell_that_finds_the_disk_full_is_told_so():
    told = {"ename": "OSError", "evalue": "[Errno 28] No space left on device"}
    assert diagnose("T1", type("CellExecutionError", (Exception,), told)(), None, 1).kind == (
        "disk_full"
    )


def test_a_folder_with_braces_in_its_name_is_no_parameter(tmp_path):
    (result,) = run(audit(tmp_path / "a{b}{0}", ["T1"])).values()
    assert result.failure is None
    assert (tmp_path / "a{b}{0}/build/notebooks/T1.ipynb").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_folder_whose_name_is_not_utf_8_is_told(tmp_path):
    root = audit(Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff")), ["T1"])
    done = subprocess.run([*CLAIMS, "list"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the name of this folder is not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["", "much", "2 GG", "-1G", "1e9", "100K", "100M"])
def test_a_limit_that_is_none_is_an_error_that_shows_one(text):
    with pytest.raises(ParameterError, match=r"2G|256M"):
        memory_limits.parse_size(text)


def test_kills_for_memory_are_read_from_the_control_group(tmp_path, monkeypatch):
    events = tmp_path / "memory.events"
    monkeypatch.setattr(memory_limits, "OOM_COUNTERS", (tmp_path / "absent", events))
    assert memory_limits.oom_kills() is None
    events.write_text("low 0\nhigh 0\nmax 5\noom 1\noom_kill 3\n")
    assert memory_limits.oom_kills() == 3


def test_a_kernel_that_died_when_memory_ran_out_is_told_so():
    died = diagnose("T1", type("DeadKernelError", (Exception,), {})(), None, 1)
    assert killed(died, -9, starved=True).kind == "out_of_memory"
    assert killed(died, -9, starved=False).message == "the kernel was killed by SIGKILL"
    assert killed(died, None, starved=False) == died
