"""The two plug-ins as others use them: papermill's engine, Jupyter's provisioner; and alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest

import forkedkernels
from forkedkernels import engine, protocol

SOURCE = Path(forkedkernels.__file__).parent


def notebook(path, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(made, path)
    return path


def papermill(source, target, *options, **environ):
    command = [sys.executable, "-m", "papermill", str(source), str(target), "--no-progress-bar"]
    return subprocess.run(
        [*command, *options], env=os.environ | environ, capture_output=True, text=True, check=False
    )


def said(path):
    cells = json.loads(path.read_text())["cells"]
    return ["".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", ())]


def test_papermill_with_the_engine_and_without_a_fork_server(tmp_path):
    source = notebook(tmp_path / "in.ipynb", "print('cold')", "1 / 0")
    done = papermill(source, tmp_path / "out.ipynb", "--engine", "prompt")
    assert "ZeroDivisionError" in done.stderr
    assert done.returncode == 1
    assert "cold\n" in said(tmp_path / "out.ipynb")


def test_stock_papermill_with_the_provisioner(tmp_path, running):
    source = notebook(tmp_path / "in.ipynb", "import sys; print('pandas' in sys.modules)")
    environ = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "forked", protocol.ADDRESS_VARIABLE: running}
    done = papermill(source, tmp_path / "out.ipynb", **environ)
    assert done.returncode == 0, done.stderr
    assert said(tmp_path / "out.ipynb") == ["True\n"]


PROVISIONER = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "forked"}
COMMANDS = {
    "papermill": "papermill in.ipynb out.ipynb",
    "papermill with the engine": "papermill in.ipynb out.ipynb --engine prompt",
    "papermill to stdout": "papermill in.ipynb -",
    "nbconvert": "nbconvert --to notebook --execute in.ipynb --output out.ipynb",
    "nbclient": "jupyter execute in.ipynb --output out.ipynb",
    "jupyter run": "jupyter_client.runapp in.py",
}
PLACE = "print('kernel:', open('/proc/self/comm').read())"


def command(line, folder, **environ):
    """What a documented command says and leaves, when it is used as it stands."""
    notebook(folder / "in.ipynb", PLACE)
    (folder / "in.py").write_text(PLACE)
    env = {**os.environ, **PROVISIONER, **environ}
    env.pop("PYDEVD_DISABLE_FILE_VALIDATION", None)
    line = [sys.executable, "-m", *line.split()]
    done = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, check=False)
    out = folder / "out.ipynb"
    return done.stderr, done.stdout + (out.read_text() if out.exists() else "")


@pytest.mark.parametrize("name", [*COMMANDS][:2])
def test_papermills_command_has_its_kernels_forked(name, running, tmp_path):
    said, left = command(COMMANDS[name], tmp_path, **{protocol.ADDRESS_VARIABLE: running})
    assert "kernel: forked" in left, said


@pytest.mark.slow
@pytest.mark.parametrize("name", [*COMMANDS][2:])
def test_every_other_command_has_its_kernels_forked(name, running, tmp_path):
    said, left = command(COMMANDS[name], tmp_path, **{protocol.ADDRESS_VARIABLE: running})
    assert "kernel: forked" in left, said


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_why_a_kernel_was_not_forked(name, running, tmp_path):
    said, left = command(
        COMMANDS[name], tmp_path, OMP_NUM_THREADS="7", **{protocol.ADDRESS_VARIABLE: running}
    )
    assert "kernel: python" in left, said
    assert said.count("another value of OMP_NUM_THREADS") == 1


SAVES = """\
import sys
import nbformat, papermill
from papermill import iorw
import forkedkernels
from forkedkernels import engine
writes, write = [], iorw.write_ipynb
def counted(nb, path):
    writes.append(path)
    write(nb, path)
for name, module in list(sys.modules.items()):
    if name.startswith("papermill") and hasattr(module, "write_ipynb"):
        module.write_ipynb = counted
source, target = sys.argv[1:]
try:
    papermill.execute_notebook(source, target, engine_name="prompt", progress_bar=False,
        save_each_cell=False, execution_timeout=1)
except Exception as error:
    print(type(error).__name__, len(writes))
"""


def test_a_notebook_that_fails_is_written_once_as_far_as_it_came(tmp_path):
    source = notebook(tmp_path / "in.ipynb", "print('begun')", "import time; time.sleep(60)")
    command = [sys.executable, "-c", SAVES, str(source), str(tmp_path / "out.ipynb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["CellTimeoutError", "1"], done.stderr
    assert "begun\n" in said(tmp_path / "out.ipynb")


def test_the_plugins_are_installed():
    (found,) = entry_points(group="papermill.engine", name=engine.NAME)
    assert found.load() is engine.PromptEngine
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name="forked")
    assert found.load().__name__ == "ForkedProvisioner"


def test_the_engine_costs_papermill_nothing():
    heavy = {"papermill", "zmq", "jupyter_client", "asyncio"}
    code = f"import sys, forkedkernels.engine; print({heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_public_names_are_there():
    assert [name for name in forkedkernels.__all__ if not hasattr(forkedkernels, name)] == []
    assert dir(forkedkernels) == forkedkernels.__all__
