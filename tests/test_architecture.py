"""Who may import whom: the contracts in pyproject.toml are kept, and they bite."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import analysis

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "analysis"
PURE = (
    "claims",
    "estimates",
    "grammar",
    "methods",
    "narrative",
    "overview",
    "sweeps",
    "tally",
    "verdicts",
)
HEAVY = {"matplotlib", "pandas", "pyproj", "ruptures", "scipy", "seaborn", "statsmodels"}
LINT = """
import sys
from importlinter import api  # configures what the next one needs
from importlinter.application.use_cases import lint_imports
kept = lint_imports(config_filename=sys.argv[1], cache_dir=None, no_logo=True)
sys.exit(0 if kept else 1)
"""


def lint(source: Path) -> subprocess.CompletedProcess:
    """Hold the package in `source` against the contracts."""
    return subprocess.run(
        [sys.executable, "-c", LINT, str(ROOT / "pyproject.toml")],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_these_tests_look_at_this_checkout():
    assert Path(analysis.__file__).parent == SOURCE


def test_the_contracts_are_kept():
    done = lint(SOURCE.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 kept, 0 broken" in done.stdout


BREACHES = {
    "a way back": ("sweeps.py", "from analysis import verdicts", "One direction"),
    "a late way back": (
        "marks.py",
        "def late():\n    from analysis import register\n    return register",
        "One direction",
    ),
    "a method that reads": ("methods/level.py", "import pathlib", "What is estimated"),
    "a verdict that draws": ("verdicts.py", "import matplotlib", "What is estimated"),
    "a table that knows claims": ("tables.py", "from analysis import claims", "Data know nothing"),
    "a figure that records": ("figures/level.py", "from analysis import records", "Figures draw"),
    "a runner that estimates": (
        "running/execute.py",
        "from analysis.methods import level as _level",
        "Running starts",
    ),
    "a workbench that draws": ("workbench.py", "import seaborn", "Only figures draw"),
    "kernels that know the audit": (
        "forked/wire.py",
        "from analysis import errors",
        "One direction",
    ),
    "a connector that fetches": (
        "refresh/connectors/stata.py",
        "import urllib.request",
        "Connectors turn",
    ),
    "a room without a place": ("cellar.py", "", "One direction"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(tmp_path, breach):
    file, line, contract = BREACHES[breach]
    shutil.copytree(SOURCE, tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "analysis" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [told for told in done.stdout.splitlines() if " BROKEN" in told]
    assert any(told.startswith(contract) for told in broken), done.stdout


def modules(room: str) -> list[Path]:
    path = SOURCE / room
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def at_once(tree: ast.Module) -> set[str]:
    """The packages that a module imports as soon as it is imported, annotations aside."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_loads_nothing_heavy_and_opens_nothing(room):
    for path in modules(room):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert at_once(tree) & HEAVY == set(), path.name
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names & {"open", "print", "input", "exec", "eval"} == set(), path.name


def test_a_heavy_import_is_seen():
    assert at_once(ast.parse("import pandas.io\nfrom scipy import stats")) == {"pandas", "scipy"}
    assert at_once(ast.parse("def late():\n    import pandas")) == set()


def test_a_method_is_four_files_of_one_name():
    from analysis.methods import METHODS

    for name in METHODS:
        assert (SOURCE / "methods" / f"{name}.py").exists()
        assert (SOURCE / "figures" / f"{name}.py").exists()
        assert (ROOT / "notebooks" / f"{name}.ipynb").exists()
        assert (ROOT / "tests" / "methods" / f"test_{name}.py").exists()
