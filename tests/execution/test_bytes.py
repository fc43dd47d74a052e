"""The same inputs give the same bytes, whoever runs them, where, when and by how many processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.claims.registry import read
from analysis.execution.plan import plan
from analysis.project import Project

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
INPUTS = ("claims", "claims.yaml", "data", "notebooks", "requirements.lock", "results")
PRODUCTS = ("notebooks", "figures", "records", "trials")
METHODS = ("level", "timeline", "documents")
FITTED = ("B14", "B15")  # regressions of counts, fitted by iterations of least squares
ANOTHER = (3, 13) if sys.version_info[:2] != (3, 13) else (3, 11)
NOBODY = 65534


def copied(folder: Path) -> Path:
    """The audit's inputs in a folder of its own."""
    folder.mkdir(parents=True)
    for name in INPUTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    return folder


def claims() -> list[str]:
    """The first claim of a few methods."""
    project = Project(ROOT)
    first: dict[str, str] = {}
    for job in plan(project, read(project)).jobs:
        first.setdefault(job.notebook.stem, job.claim)
    return [first[method] for method in METHODS]


def products(
    root: Path,
    *options: str,
    chosen: Sequence[str] = (),
    python: str = sys.executable,
    become: Sequence[str] = (),
    **changes,
) -> dict[str, str]:
    """Run from nothing; what it made, by name and hash."""
    shutil.rmtree(root / "build", ignore_errors=True)
    settings = {"PYTHONPATH": str(SOURCE), **changes.pop("environ", {})}
    environ = {name: value for name, value in os.environ.items() if name != "CLAIMS_PROJECT"}
    done = subprocess.run(
        [*become, python, "-m", "analysis", "run", *(chosen or claims()), *options],
        cwd=root,
        env=environ | settings,
        capture_output=True,
        text=True,
        check=False,
        **changes,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.relative_to(root / "build").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in PRODUCTS
        for path in sorted((root / "build" / folder).iterdir())
    }


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("bytes") / "audit")


@pytest.fixture(scope="module")
def usual(audit):
    made = products(audit)
    assert {path.split("/")[0] for path in made} == set(PRODUCTS)
    said = (audit / "build" / "log" / "kernels.log").read_text(encoding="utf-8")
    assert not {"cold", "ordinary"} & set(said.split())  # all were forked
    return made


LOCALE = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "COLUMNS": "40", "TERM": "dumb"}
ZONE = {"TZ": "Asia/Taipei", "LC_ALL": "C", "LANG": "tr_TR.ISO-8859-9"}
ANOTHER_ZONE = {"TZ": "America/St_Johns", "MPLBACKEND": "svg", "OMP_NUM_THREADS": "2"}


def test_products_are_the_same_bytes_in_another_folder_by_four_at_a_time(tmp_path, usual):
    folder = copied(tmp_path / "ein Ordner" / "mit Umläuten äöü")
    environ = {"PYTHONHASHSEED": "random", **LOCALE}
    assert products(folder, "--jobs", "4", environ=environ) == usual


@pytest.mark.parametrize(
    ("options", "environ"),
    [(["--jobs", "1"], ZONE), (["--cold"], ANOTHER_ZONE)],
    ids=["one job", "cold"],
)
def test_products_are_the_same_bytes(audit, usual, options, environ):
    assert products(audit, *options, environ=environ) == usual


RAW = """\
import numpy, sys
x = numpy.random.default_rng(1).normal(size=(40, 40))
sys.stdout.buffer.write((numpy.linalg.inv(x @ x.T) + numpy.exp(x)).tobytes())
"""


def test_products_of_fits_are_the_same_bytes_on_another_processor(audit):
    """As if it had no vector instructions that numpy looks for, nor a later kernel of OpenBLAS."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    older = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": " ".join(found)}
    raw = [
        subprocess.run([sys.executable, "-c", RAW], env=os.environ | each, stdout=-1, check=True)
        for each in ({}, older)
    ]
    if raw[0].stdout == raw[1].stdout:
        pytest.skip(f"the settings change no sum on this processor: {older}")
    assert products(audit, chosen=FITTED, environ=older) == products(audit, chosen=FITTED)


def test_products_are_the_same_bytes_for_another_user(audit, usual, tmp_path):
    """As this process is seen from inside a namespace of users: another number, another home."""
    become = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if shutil.which("unshare") is None or subprocess.run([*become, "true"], check=False).returncode:
        pytest.skip("this system does not let a process become another user: unshare --user")
    told = {"HOME": str(tmp_path), "USER": "nobody", "LOGNAME": "nobody"}
    assert products(audit, become=become, umask=0o077, environ=told) == usual


@pytest.mark.timeout(900)
def test_products_are_the_same_bytes_under_another_python(audit, usual, tmp_path):
    python = _another_python()
    if python is None:
        name = ".".join(map(str, ANOTHER))
        pytest.skip(f"no Python {name} here: put python{name} on the PATH")
    uv = Path(sys.executable).with_name("uv")
    venv = tmp_path / "venv"
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    inside = str(venv / "bin" / "python")
    lock = str(ROOT / "requirements.lock")
    for words in (
        ["venv", "--quiet", "--python", python, str(venv)],
        ["pip", "sync", "--quiet", "--require-hashes", "--python", inside, lock],
    ):
        done = subprocess.run(
            [str(uv), *words], env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"the lock cannot be installed for it: {done.stderr[-300:]}")
    assert products(audit, python=inside) == usual


def _another_python() -> str | None:
    version = ".".join(map(str, ANOTHER))
    found = shutil.which(f"python{version}")
    places = [Path(found)] if found else []
    places += sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    for place in places:
        told = f"import sys; print(sys.version_info[:2] == {ANOTHER})"
        asked = subprocess.run([place, "-c", told], capture_output=True, text=True, check=False)
        if asked.stdout.strip() == "True":
            return str(place)
    return None
