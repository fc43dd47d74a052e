"""The committed notebooks: one a method, clean, canonical, and no place for code of their own."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import nbformat
import pytest

import analysis
from analysis.execution.plan import plan_overviews
from analysis.methods import METHODS, method
from analysis.notebook import template
from analysis.project import Project

ROOT = Path(__file__).parents[2]
START = ROOT / "notebooks" / "start.ipynb"  # for readers, and no run's
NOTEBOOKS = sorted({*(ROOT / "notebooks").glob("*.ipynb")} - {START})
LONGEST = 60  # lines of code; a notebook only calls the library
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.Global,
)
A_PATH = re.compile(r"(^|[\s\"'])(\.{0,2}/|~/|[A-Z]:\\)\w|\.(csv|json|yaml|svg|png|ipynb)\b")
A_CLAIM_OR_ID = re.compile(r"[a-z][a-z-]*")
IMPORTS = {
    "import analysis",
    "import pandas as pd",
    "import seaborn as sns",
    "from analysis.methods import daily_quality",
    "from analysis.notebook import article",
    "from analysis.verdicts import evolution",
    "from analysis.verdicts import summary",
}
ACTS = ("claim", "load", "sweep", "judge", "record")

Check = Callable[[Path], None]
BESIDE = {"overview", "evolution", "daily_series_quality"}  # whole article; one kind of data

METHOD_NOTEBOOKS = [path for path in NOTEBOOKS if path.stem not in BESIDE]
# The cells of methods are the template's, byte for byte: one notebook stands for all.
FORMS = [path for path in NOTEBOOKS if path.stem in {"level", *BESIDE}]


def of_all(paths: list[Path]) -> Callable[[Check], Callable[[pytest.Subtests], None]]:
    """One test for all these notebooks, which names each that fails it."""

    def test_of(check: Check) -> Callable[[pytest.Subtests], None]:
        def test(subtests: pytest.Subtests) -> None:
            for path in paths:
                with subtests.test(notebook=path.stem):
                    check(path)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return test_of


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def tree(path: Path) -> ast.Module:
    return ast.parse("\n".join(cell.source for cell in code(path)))


def parameters_cell(path: Path) -> nbformat.NotebookNode:
    (found,) = [cell for cell in code(path) if "parameters" in cell.metadata.get("tags", [])]
    return found


def assigned(source: str) -> dict[str, str]:
    """Each name that a cell assigns, with its annotation."""
    found = {}
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign):
            found[line.targets[0].id] = ""
        if isinstance(line, ast.AnnAssign):
            found[line.target.id] = ast.unparse(line.annotation)
    return found


def test_there_is_a_notebook_for_each_method():
    assert {path.stem for path in NOTEBOOKS} == {*METHODS, *BESIDE}


def test_the_first_notebook_is_clean_and_links_to_every_other_one():
    """That it runs is held in a real JupyterLab: tests/lab."""
    notebook = read(START)
    nbformat.validate(notebook)
    assert START.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
    assert all(cell.outputs == [] for cell in code(START))
    links = re.findall(r"\]\(([^)]+)\)", "\n".join(cell.source for cell in notebook.cells))
    assert [link for link in links if not (START.parent / link).exists()] == []
    beside = {path.name for path in NOTEBOOKS} - {"daily_series_quality.ipynb"}
    assert beside <= set(links)


def test_no_run_executes_the_first_notebook():
    jobs = plan_overviews(Project(ROOT)).jobs
    assert jobs
    assert START not in {job.notebook for job in jobs}


@of_all(FORMS)
def test_it_is_valid_in_its_present_format(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


@of_all(FORMS)
def test_its_bytes_are_canonical(path):
    """As nbformat writes them: a save in JupyterLab changes nothing but what was edited."""
    assert path.read_text(encoding="utf-8") == nbformat.writes(read(path)) + "\n"


@of_all(FORMS)
def test_it_is_committed_without_outputs(path):
    for cell in code(path):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert set(cell.metadata) <= {"tags"}, cell.id
    assert set(read(path).metadata) == {"kernelspec", "language_info"}


@of_all(FORMS)
def test_its_kernel_is_any_python(path):
    metadata = read(path).metadata
    assert metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert metadata.language_info == {"name": "python"}


@of_all(FORMS)
def test_its_cells_have_names_for_ids(path):
    ids = [cell.id for cell in read(path).cells]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not A_CLAIM_OR_ID.fullmatch(name)] == []


@of_all(METHOD_NOTEBOOKS)
def test_its_other_cells_are_those_of_the_template(path):
    """`make notebooks` renews them."""
    assert path.read_text(encoding="utf-8") == template.renewed(read(path), path.stem)


@of_all(METHOD_NOTEBOOKS)
def test_its_list_of_parameters_has_the_fields_of_the_method(path):
    (found,) = [cell.source for cell in read(path).cells if cell.id == "parameter-list"]
    names = re.findall(r"^\| `(\w+)` \| .+ \|$", found, re.MULTILINE)
    assert names == [item.name for item in fields(method(path.stem))]


@of_all(METHOD_NOTEBOOKS)
def test_the_list_of_comparisons_is_that_of_the_method(path):
    (found,) = [cell.source for cell in read(path).cells if cell.id == "parameter-list"]
    hint = get_type_hints(method(path.stem)).get("comparison")
    listed = re.search(r"\| `comparison` \| (.*) \|", found)
    assert (hint is None) == (listed is None)
    if listed:
        assert set(re.findall(r"\w+", listed[1])) - {"or"} == set(get_args(hint)) - {""}


@of_all(NOTEBOOKS)
def test_every_parameter_is_explained(path):
    lines = [line for line in parameters_cell(path).source.splitlines() if ": " in line]
    assert [line for line in lines if "  # " not in line] == []


def test_a_method_calls_each_act_once_and_in_order():
    sources = [cell.source for cell in code(ROOT / "notebooks" / "level.ipynb")]
    acts = [name for name in re.findall(r"analysis\.(\w+)\(", "\n".join(sources)) if name in ACTS]
    assert list(dict.fromkeys(acts)) == list(ACTS)
    assert acts.count("record") == 1
    assert acts[-1] == "record"


@of_all(NOTEBOOKS)
def test_what_it_calls_exists(path):
    calls = [cell.source for cell in code(path) if cell.id != "import"]
    names = set(re.findall(r"analysis\.(\w+)", "\n".join(calls)))
    assert names <= set(analysis.__all__)


@of_all(NOTEBOOKS)
def test_it_has_no_code_of_its_own(path):
    found = [ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, FORBIDDEN)]
    assert found == []
    imports = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert {ast.unparse(node) for node in imports} <= IMPORTS


@of_all(NOTEBOOKS)
def test_it_names_no_path(path):
    texts = [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if A_PATH.search(text)] == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("data/a.csv", True), ("../data", True), ("/tmp", True), ("~/x", True), ("a/b of c", False)],  # noqa: S108
)
def test_what_a_path_is(text, is_one):
    assert bool(A_PATH.search(text)) == is_one


@of_all(NOTEBOOKS)
def test_it_is_short(path):
    lines = [line for cell in code(path) for line in cell.source.splitlines() if line.strip()]
    assert len(lines) < LONGEST


@of_all(NOTEBOOKS)
def test_a_text_stands_before_the_first_code(path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")


@of_all(NOTEBOOKS)
def test_its_prose_has_no_numbers_of_a_result(path):
    """Numbers come from the record; prose that has them goes stale."""
    cells = [cell for cell in read(path).cells if cell.id != "parameter-list"]
    prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert re.findall(r"\d", prose) == []


@of_all(METHOD_NOTEBOOKS)
def test_the_shown_claim_is_of_its_method(path):
    from analysis.claims import registry
    from analysis.project import Project

    claims = registry.read(Project(ROOT)).claims
    shown = next(
        line.value.value
        for line in ast.parse(parameters_cell(path).source).body
        if isinstance(line, ast.Assign) and line.targets[0].id == "claim_id"
    )
    assert claims[shown].method == path.stem
    assert not claims[shown].pending


def test_the_template_finds_a_cell_that_was_edited():
    path = ROOT / "notebooks" / "level.ipynb"
    notebook = read(path)
    (cell,) = [cell for cell in notebook.cells if cell.id == "sweep"]
    cell.source = "curve = None"
    assert template.renewed(notebook, "level") == path.read_text(encoding="utf-8")


def test_ruff_has_nothing_to_say():
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json"]
    done = subprocess.run(
        [*command, "notebooks"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = [(Path(item["filename"]).name, item["message"]) for item in json.loads(done.stdout)]
    assert told == []


def test_no_act_has_the_name_of_a_module():
    """A module that is loaded hides the act of its name."""
    modules = {path.stem for path in (ROOT / "src" / "analysis").glob("*.py")}
    assert set(analysis._MODULES) & modules == set()
