"""Who may import whom: the contracts in pyproject.toml are kept, and they bite."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import analysis

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "analysis"
PURE = (
    "claims/model",
    "methods",
    "stats",
    "verdicts/grid",
    "verdicts/rules",
    "verdicts/summary",
    "verdicts/sweep",
    "verdicts/tally",
    "verdicts/wording",
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
    "a way back": ("analysis/claims/model.py", "from analysis import verdicts", "Packages import"),
    "a late way back": (
        "analysis/yamlfile.py",
        "def late():\n    from analysis.claims import registry\n    return registry",
        "Packages import",
    ),
    "a table that knows claims": (
        "analysis/data/tables.py",
        "from analysis.claims import model",
        "Packages import",
    ),
    "statistics that know a table": (
        "analysis/stats/regional_kendall.py",
        "from analysis.data import tables",
        "Packages import",
    ),
    "a package without a place": ("analysis/cellar.py", "", "Packages import"),
    "kernels that know the audit": (
        "forkedkernels/protocol.py",
        "from analysis import errors",
        "Forked kernels",
    ),
    "a method that reads": ("analysis/methods/level.py", "import pathlib", "Statistics, methods"),
    "a verdict that draws": ("analysis/verdicts/rules.py", "import matplotlib", "Statistics,"),
    "a figure that records": (
        "analysis/figures/level.py",
        "from analysis.verdicts import results",
        "Figures draw",
    ),
    "a runner that computes": ("analysis/execution/execute.py", "import pandas", "Execution"),
    "an interface that draws": ("analysis/notebook/api.py", "import seaborn", "Only figures"),
    "a connector that fetches": (
        "analysis/refresh/connectors/stata.py",
        "import urllib.request",
        "Connectors turn",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(tmp_path, breach):
    file, line, contract = BREACHES[breach]
    for package in ("analysis", "forkedkernels"):
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SOURCE.parent / package, tmp_path / package, ignore=skip)
    with (tmp_path / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def modules(name: str) -> list[Path]:
    path = SOURCE / name
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


@pytest.mark.parametrize("name", PURE)
def test_a_computing_module_loads_nothing_heavy_and_opens_nothing(name):
    for path in modules(name):
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


PACKAGES, MODULES, LINES = 13, 7, 300  # at most: what a reader can keep in mind


def test_the_map_is_small_enough_to_remember():
    packages = [path for path in SOURCE.iterdir() if (path / "__init__.py").exists()]
    modules = list(SOURCE.glob("*.py"))
    assert len(packages) <= PACKAGES, sorted(path.name for path in packages)
    assert len(modules) <= MODULES, sorted(path.name for path in modules)


def test_every_package_has_a_row_in_the_map_and_a_level_in_the_contract():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for path in SOURCE.iterdir():
        if (path / "__init__.py").exists():
            assert f"| `{path.name}` |" in page, path.name
            assert re.search(rf'["| ]{path.name}["| ]', contract), path.name
    for module in SOURCE.glob("[!_]*.py"):
        assert f"`{module.stem}`" in page, module.stem


@pytest.mark.parametrize("package", ["methods", "figures"])
def test_the_map_names_every_part_of_a_method(package):
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {module.stem for module in (SOURCE / package).glob("[!_]*.py")}
    assert {name for name in modules if f"`{name}`" not in page} == set()


STILL_LONGER: set[str] = set()


def test_modules_fit_on_a_few_screens():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in SOURCE.rglob("*.py")}
    assert {path.stem for path, count in lines.items() if count > LINES} <= STILL_LONGER


def imported(path: Path) -> list[str]:
    """The modules of this project that a file imports, also inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append(str(node.module))
    return [name for name in found if name.split(".")[0] in ("analysis", "forkedkernels")]


@pytest.mark.parametrize("folder", ["src", "tests", "bench"])
def test_every_late_import_names_a_module_that_exists(folder):
    """An import inside a function fails only when the function is called."""
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in imported(path)
        if not any(
            (ROOT / "src" / f"{name.replace('.', '/')}{end}").exists()
            for end in (".py", "/__init__.py")
        )
    }
    assert missing == set()


# Modules that are used by their own module's name only: `delimited.Options`.
MODULE_NAMES = {"Options"}
# Of the pages of the site and of `explore`, whose words are not yet those of one place.
STILL_SHARED = {"VINTAGES", "TAGS", "WIDTH"}


def test_one_class_has_one_name():
    places = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].add(path.stem)
    assert {name for name, found in places.items() if len(found) > 1} == MODULE_NAMES


def test_a_constant_that_others_import_has_a_name_of_its_own():
    places = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("analysis."):
                for each in node.names:
                    if each.name.isupper():
                        places[each.name].add(node.module)
    assert {name for name, found in places.items() if len(found) > 1} == STILL_SHARED
