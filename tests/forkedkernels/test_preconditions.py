"""When a kernel may not be forked, it is started, and somebody is told why."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from forkedkernels import preconditions, protocol, provisioner
from forkedkernels.fork_server import start_fork_server


def test_a_thread_of_this_process_is_counted():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    assert "threads are alive" in preconditions.threads()
    stop.set()
    thread.join()


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        ([sys.executable, "-m", "ipykernel_launcher", "-f", "x"], ""),
        ([sys.executable, "-m", "xeus_python", "-f", "x"], "not started as python -m"),
        ([sys.executable, "-X", "dev", "-m", "ipykernel_launcher"], "not started as python -m"),
        (["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "x"], "another interpreter"),
    ],
)
def test_only_the_ordinary_command_is_stood_for(argv, why):
    assert why in preconditions.launch(argv, sys.executable)
    assert bool(why) == bool(preconditions.launch(argv, sys.executable))


def test_a_link_to_this_interpreter_from_another_environment_is_another(tmp_path):
    (tmp_path / "python").symlink_to(sys.executable)
    argv = [str(tmp_path / "python"), *preconditions.LAUNCHER]
    assert "another interpreter" in preconditions.launch(argv, sys.executable)


def test_what_is_read_at_import_must_agree():
    own = {"LC_ALL": "C.UTF-8", "PYTHONPATH": "/a"}
    assert preconditions.environment(own | {"TZ": "UTC", "ANY": "1"}, own) == ""
    assert "LC_ALL" in preconditions.environment(own | {"LC_ALL": "C"}, own)
    assert "LD_PRELOAD" in preconditions.environment(own | {"LD_PRELOAD": "x.so"}, own)
    relative = {"PYTHONPATH": "lib"}
    assert "relative folder" in preconditions.environment(relative, relative)


def test_a_setting_that_only_silences_the_debugger_need_not_agree():
    assert preconditions.environment({"PYDEVD_DISABLE_FILE_VALIDATION": "1"}, {}) == ""
    assert "PYDEVD_USE" in preconditions.environment({"PYDEVD_USE_CYTHON": "0"}, {})


def test_a_folder_with_the_configuration_of_a_loaded_module(tmp_path):
    assert preconditions.folder(str(tmp_path), ["seaborn", "matplotlib"]) == ""
    (tmp_path / "matplotlibrc").touch()
    assert "matplotlibrc" in preconditions.folder(str(tmp_path), ["seaborn", "matplotlib"])
    assert preconditions.folder(str(tmp_path), ["pandas"]) == ""


CULPRITS = {
    "threading": (
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "threads are alive",
    ),
    "style": ("import matplotlib; matplotlib.rcParams['lines.linewidth'] = 9", "rcParams"),
    "option": ("import pandas; pandas.set_option('display.max_rows', 5)", "pandas' options"),
    "environ": ("import os; os.environ['NEW'] = '1'", "the environment"),
    "folder": ("import os; os.chdir('/')", "the working directory"),
    "path": ("import sys; sys.path.append('/x')", "sys.path"),
    "signals": ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", "signal handlers"),
    "seed": ("import random; random.seed(1)", "Python's random state"),
    "numbers": ("import numpy; numpy.random.seed(1)", "numpy's random state"),
    "broken": ("1 / 0", "failed: ZeroDivisionError"),
    "inline": ("import matplotlib_inline.backend_inline", "must see its shell"),
}
SLOW = {"style", "option", "numbers"}  # these import their library first, in a process of their own


@pytest.mark.parametrize("name", sorted(CULPRITS.keys() - {"threading", "inline"} - SLOW))
def test_an_import_with_side_effects_is_found(name, tmp_path, monkeypatch):
    """In this process, put back afterwards; matplotlib and pandas are loaded already."""
    _write(tmp_path, name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    import signal

    handler = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", os.environ)
        why = preconditions.preload(f"culprit_{name}")
    signal.signal(signal.SIGTERM, handler)
    os.environ.pop("NEW", None)
    assert CULPRITS[name][1] in why


@pytest.mark.parametrize("name", sorted(SLOW))
def test_an_import_that_bends_a_library_is_found(name, tmp_path, monkeypatch):
    import matplotlib as mpl
    import pandas as pd

    _write(tmp_path, name)
    monkeypatch.syspath_prepend(tmp_path)
    with mpl.rc_context(), pd.option_context("display.max_rows", 60):
        assert CULPRITS[name][1] in preconditions.preload(f"culprit_{name}")


def _write(folder, name):
    (folder / f"culprit_{name}.py").write_text(CULPRITS[name][0])


@pytest.mark.parametrize("name", ["threading", "style", "inline"])
def test_a_fork_server_with_a_fault_forks_nothing_and_says_why(
    name, ask, tmp_path_factory, monkeypatch, caplog
):
    folder = tmp_path_factory.mktemp("culprits")
    _write(folder, name)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(provisioner, "_logged", set())
    preload = ["matplotlib", f"culprit_{name}"] if name == "style" else [f"culprit_{name}"]
    with start_fork_server(preload) as address, caplog.at_level("WARNING"):
        monkeypatch.setenv(protocol.ADDRESS_VARIABLE, address)
        assert ask("import os; os.getppid()") == [str(os.getpid())]
    assert CULPRITS[name][1] in caplog.text


def test_other_values_at_import_time_get_a_kernel_of_their_own(ask, warm, monkeypatch, caplog):  # noqa: ARG001
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setattr(provisioner, "_logged", set())
    with caplog.at_level("WARNING"):
        assert ask("import os; os.environ['OMP_NUM_THREADS']") == ["'2'"]
    assert "another value of OMP_NUM_THREADS" in caplog.text
