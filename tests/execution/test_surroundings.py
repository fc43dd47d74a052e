"""Neither a person's home nor how the command was started gets into what a run leaves."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest
from audits import audit

from analysis.errors import ExecutionError
from analysis.execution import semaphores

COMMAND = [sys.executable, "-m", "analysis", "run", "T1", "--force"]
SEEN = """\
import sys
import pandas as pd
import matplotlib as mpl
mpl.get_cachedir(), mpl.get_configdir()
print(sys.executable, pd.get_option("display.max_rows"), mpl.rcParams["lines.linewidth"])
print(sorted(name for name in globals() if name.startswith("my_")))"""
HOME = {
    ".ipython/profile_default/startup/00.py": "my_start = 1; print('start-up')",
    ".ipython/profile_default/ipython_config.py": (
        "c.InteractiveShellApp.exec_lines = ['my_line = 1']"
    ),
    ".config/matplotlib/matplotlibrc": "lines.linewidth: 20",
    ".matplotlibrc": "lines.linewidth: 30",
    ".local/share/jupyter/kernels/python3/kernel.json": (
        '{"argv": ["/bin/false"], "display_name": "mine", "language": "python"}'
    ),
    "python.py": "my_python = 1; print('PYTHONSTARTUP')",
}


@pytest.fixture
def home(tmp_path):
    """A home full of habits, and the variables that name some of them."""
    folder = tmp_path / "home"
    for name, text in HOME.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    named = {"PYTHONSTARTUP": "python.py", "MATPLOTLIBRC": ".matplotlibrc"}
    return {"HOME": str(folder), **{name: str(folder / file) for name, file in named.items()}}


def looking(folder: Path) -> Path:
    """An audit whose notebook shows what a home could have changed."""
    audit(folder, ["T1"])
    path = folder / "notebooks" / "level.ipynb"
    book = nbformat.read(path, as_version=4)
    cell = nbformat.v4.new_code_cell(SEEN)
    cell["id"] = "seen"
    book.cells.insert(1, cell)
    nbformat.write(book, path)
    return folder


def run(folder: Path, *options: str, **environ: str) -> dict[str, bytes]:
    """What the command leaves of one claim, run under other circumstances."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    done = subprocess.run(
        [*COMMAND, *options],
        cwd=folder,
        env=told | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    build = folder / "build"
    return {str(path.relative_to(build)): path.read_bytes() for path in build.glob("*/T1.*")}


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--cold",)], ids=["forked", "cold"])
def test_a_home_changes_nothing(options, tmp_path, home):
    folder = looking(tmp_path / "audit")
    usual = run(folder, *options)
    assert b"[]" in usual["notebooks/T1.ipynb"]
    assert run(folder, *options, **home) == usual
    assert run(folder, *options, HOME="/proc/nobody") == usual


@pytest.mark.slow
def test_a_long_path_for_temporary_files(tmp_path):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    assert run(audit(tmp_path / "audit", ["T1"]), TMPDIR=str(long))
    assert list(long.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["2>&-", "0<&- 1>&- 2>&-"])
def test_closed_streams(closed, tmp_path):
    folder = audit(tmp_path, ["T1"])
    command = f"{shlex.join(COMMAND)} {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, check=False)
    assert done.returncode == 0
    assert (folder / "build/records/T1.json").exists()
    assert "ordinary" not in (folder / "build/log/kernels.log").read_text()


def test_a_system_without_semaphores_is_named(monkeypatch):
    context = get_context("spawn")

    def none():
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(context, "Lock", none)
    with pytest.raises(ExecutionError, match="takes none: Read-only"):
        semaphores.checked(context)
