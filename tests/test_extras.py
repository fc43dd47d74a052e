"""What `pip install` without extras can do, and what it says of the rest."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from audits import audit
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis.errors import EXTRAS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OF = metadata.packages_distributions()


def distributions(*modules: str) -> set[str]:
    return {canonicalize_name(name) for module in modules for name in OF.get(module, ())}


def names(texts: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in texts}


def brought(texts: list[str]) -> set[str]:
    """The packages of these requirements, and all that those bring."""
    found, waiting = set(), names(texts)
    while waiting:
        name = waiting.pop()
        found.add(name)
        try:
            needed = [Requirement(text) for text in metadata.requires(name) or ()]
        except metadata.PackageNotFoundError:
            continue  # of another system
        fitting = {each for each in needed if not each.marker or each.marker.evaluate()}
        waiting |= {canonicalize_name(each.name) for each in fitting} - found
    return found


def imported() -> set[str]:
    """The packages that any module of the library imports, at once or late."""
    found = set()
    for path in (ROOT / "src" / "analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name.partition(".")[0] for each in node.names}
            if isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).partition(".")[0])
    return found - {"analysis", "__future__"} - set(sys.stdlib_module_names)


def test_what_the_library_imports_is_in_the_base_or_names_its_extra():
    base = brought(PROJECT["dependencies"])
    assert {name for name in imported() - set(EXTRAS) if not distributions(name) <= base} == set()


@pytest.mark.parametrize("module", EXTRAS)
def test_an_extra_brings_what_it_is_named_for(module):
    extra = PROJECT["optional-dependencies"][EXTRAS[module]]
    assert distributions(module) <= brought(extra)
    assert not distributions(module) & names(PROJECT["dependencies"])


def test_statistics_are_no_extra():
    assert {"scipy", "statsmodels", "ruptures", "pyproj"} <= names(PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("line", "extra"),
    [
        ("sweep T1", "parquet"),
        ("run T1 --cluster tcp://127.0.0.1:9", "cluster"),
        ("data refresh trade/flows", "refresh"),
    ],
)
def test_a_command_names_the_extra_that_it_lacks(tmp_path, line, extra):
    root = audit(tmp_path / "audit", ["T1"])
    (root / "data" / "connectors.yaml").write_text(CONNECTORS)
    for module in EXTRAS:
        raising = f"raise ModuleNotFoundError('No module named {module}', name={module!r})\n"
        (tmp_path / f"{module}.py").write_text(raising)
    told = {**os.environ, "CLAIMS_PROJECT": str(root), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *line.split()],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"in the library's checkout, pip install -e '.[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


CONNECTORS = """\
trade/flows:
  source: s
  value: value
  tolerance: 0.1
  files: [{url: "https://example.org/a.csv", connector: delimited, options: {layouts: []}}]
"""
