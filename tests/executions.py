"""This audit after a run of a few claims, made once for all processes of a session."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
LEFT_OUT = (".*", "bench", "build", "tests", "__pycache__")
CLAIMS = ("C2", "D6", "D11", "E12")  # all others are told as published, or still to run


def common(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of this session see."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder as `make` fills it: the first process that asks does, the others wait."""
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            begun = folder.with_name(f"{folder.name}-begun")
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(folder)
    return folder


def claims(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in that audit, by this Python and the library of this checkout."""
    env = {**os.environ, "CLAIMS_PROJECT": str(root), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "analysis", *words]
    return subprocess.run(
        command, env=env, cwd=root, capture_output=True, text=True, check=False, timeout=240
    )


def executed(root: Path) -> None:
    """Copy this audit to `root` and run CLAIMS there.

    Where a run here has left them, all but the first are taken over: what is not up to date by its
    hashes is run again.
    """
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for product in _products(CLAIMS[1:]):
        place = root / product.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(product, place)
    done = claims(root, "run", *CLAIMS)
    assert done.returncode == 0, done.stdout + done.stderr


def _products(names: Sequence[str]) -> Iterator[Path]:
    for folder in ("figures", "manifest", "notebooks", "records", "trials"):
        for name in names:
            yield from (ROOT / "build" / folder).glob(f"{name}[.-]*")


def remember(audit: Path, root: Path) -> None:
    """Give a copy of this audit's inputs what a run has found out about them: ten seconds' checks.

    It holds for the same bytes and code only; what a test changes is checked anew.
    """
    shutil.copytree(audit / "build" / "cache", root / "build" / "cache")


def copied(audit: Path, root: Path, *, only: str = "") -> Path:
    """A copy for a test that changes it; with `only`, as if no other claim had run."""
    others = [f"{name}[.-]*" for name in CLAIMS if only and name != only]
    shutil.copytree(audit, root, ignore=shutil.ignore_patterns(*others))
    return root
