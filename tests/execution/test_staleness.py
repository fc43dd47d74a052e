"""Nothing stale is called up to date: each way in which it was, caused."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from concurrent.futures import Executor, Future
from importlib.metadata import version
from pathlib import Path

import grimp
import pytest
from audits import audit
from click.testing import CliRunner

import analysis
from analysis.claims import registry
from analysis.cli import main
from analysis.data.catalog import Catalog
from analysis.data.fingerprints import table_keys
from analysis.errors import DataError, ParameterError
from analysis.execution import imports, inputs, installed, manifests, notebook_code
from analysis.execution.execute import Session
from analysis.execution.file_stamps import Reader
from analysis.execution.inputs import InputHashes
from analysis.execution.locks import RUN_LOCK, locked
from analysis.execution.notebooks import Notebook
from analysis.execution.plan import plan
from analysis.execution.references import graph, references
from analysis.execution.stale import find_stale
from analysis.execution.worker import Result
from analysis.project import Project

TABLES = ("trade/flows", "trade/gdp")
PACKAGE = Path(analysis.__file__).parent


def looked_at(root: Path):
    project = Project(root)
    known = registry.read(project)
    return find_stale(plan(project, known), InputHashes(project, known))


class Silence:
    """A report that nobody hears."""

    def begin(self, jobs) -> None:
        pass

    def start(self, job) -> None:
        pass

    def finish(self, result) -> None:
        pass


class AtOnce(Executor):
    """Workers without kernels: something happens while a notebook runs, and it leaves a record."""

    def __init__(self, happens=lambda: None) -> None:
        self.happens = happens

    def submit(self, _, task) -> Future:
        self.happens()
        folder = Path(task.staging)
        folder.mkdir(parents=True)
        (folder / f"{task.job.claim}.json").write_text("{}")
        told: Future = Future()
        told.set_result(Result(job=task.job, seconds=0.1, record={}))
        return told


def run(root: Path, happens=lambda: None) -> Result:
    with Session(Project(root), Silence(), pool=AtOnce(happens)) as session:
        (result,) = session.run(looked_at(root).jobs)
    return result


# ------------------------------------------------------------------- keys of tables


@pytest.fixture
def tree(tmp_path):
    """Two tables, a catalog that says a word of each, a correction and a source."""
    (tmp_path / "data/trade").mkdir(parents=True)
    for name in TABLES:
        (tmp_path / f"data/{name}.csv").write_text("value,source_id\n1,alpha\n")
    (tmp_path / "data/sources.csv").write_text("publisher,source_id\nA press,alpha\n")
    (tmp_path / "data/catalog.yaml").write_text(CATALOG)
    (tmp_path / "data/corrections.yaml").write_text("")
    return tmp_path


CATALOG = "tables:\n  trade/flows:\n    title: Flows\n  trade/gdp:\n    title: Output\n"


def keys(tree: Path):
    return table_keys(Project(tree), Reader())


def moved(before, after) -> set[tuple[str, str]]:
    return {(name, part) for name in before for part in before[name]
            if before[name][part] != after[name][part]}  # fmt: skip


CORRECTIONS = {
    "in flow style": "- {id: x, table: trade/flows, action: drop}\n",
    "the whole list in flow style": "[{id: x, table: trade/flows, action: drop}]\n",
    "with a quoted name": '- id: x\n  table: "trade/flows"\n',
    "with a quoted key": "- id: x\n  'table': trade/flows\n",
    "indented by two": "  - id: x\n    table: trade/flows\n",
    "indented by four inside": "-   id: x\n    table: trade/flows\n",
    "with the name on a line of its own": "- id: x\n  table:\n    trade/flows\n",
    "with the name behind an anchor": "- id: &x trade/flows\n  table: *x\n",
}


@pytest.mark.parametrize("text", CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_counts_however_it_is_written(tree, text):
    before = keys(tree)
    (tree / "data/corrections.yaml").write_text(text)
    assert moved(before, keys(tree)) == {("trade/flows", "corrections")}


ENTRIES = {
    "a remark behind it": CATALOG.replace("flows:", "flows: # a remark"),
    "a quoted name": CATALOG.replace("trade/flows:", '"trade/flows":'),
    "flow style": "tables: {trade/flows: {title: Flows}, trade/gdp: {title: Output}}\n",
    "an indent of four": CATALOG.replace("  ", "    "),
}


@pytest.mark.parametrize("text", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_counts_for_its_table_alone_however_it_is_written(tree, text):
    plain = keys(tree)
    (tree / "data/catalog.yaml").write_text(text)
    before = keys(tree)
    assert moved(plain, before) == set()
    (tree / "data/catalog.yaml").write_text(text.replace("title: Flows", "title: Streams"))
    assert moved(before, keys(tree)) == {("trade/flows", "entry")}


def test_a_correction_that_names_no_table_counts_for_all(tree):
    before = keys(tree)
    (tree / "data/corrections.yaml").write_text("- {id: x, tabel: trade/flows}\n")
    assert moved(before, keys(tree)) == {(name, "corrections") for name in TABLES}


def test_a_source_counts_in_whichever_column_its_identifier_stands(tree):
    before = keys(tree)
    (tree / "data/sources.csv").write_text("publisher,source_id\nAnother press,alpha\n")
    assert moved(before, keys(tree)) == {(name, "sources") for name in TABLES}


def test_declarations_that_are_no_yaml_are_an_error_with_their_place(tree):
    (tree / "data/corrections.yaml").write_text("- {id: x\n")
    with pytest.raises(DataError, match=r"data/corrections.yaml:\d"):
        keys(tree)


def test_a_remark_at_the_edge_of_the_catalog_gives_no_line_to_another_entry(tmp_path):
    """Entries that are not needed are blanked; what follows a remark inside one is blanked too."""
    project = Project(audit(tmp_path, ["T1"]))
    text = project.catalog.read_text()
    other = text.partition("\n")[2].replace("trade/flows", "trade/other")
    other = other.replace(
        "    key:", "    breaks: [{at: 2020, what: x}]\n# a remark\n    gaps: []\n    key:"
    )
    project.catalog.write_text(text + other)
    (found,) = Catalog.read(project, ["trade/flows"]).tables.values()
    assert (found.name, found.breaks) == ("trade/flows", ())


# ------------------------------------------------------------------- what imports reach

KNOWN = {"p": [], "p.m": [], "p.m.level": [], "p.m.geo": [], "p.x": []}
EVERYTHING = set(KNOWN)
ROADS = {
    "from p.m import geo": {"p", "p.m", "p.m.geo"},
    "from p import m\nm.geo.f()": {"p", "p.m", "p.m.geo"},
    "from p import m as n\nn.geo.f()": {"p", "p.m", "p.m.geo"},
    "import p as a\na.m.geo.f()": {"p", "p.m", "p.m.geo"},
    "import p.m.geo as g\ng.f()": {"p", "p.m", "p.m.geo"},
    "import p.x\np.m.geo.f()": {"p", "p.m", "p.m.geo", "p.x"},
    "import p\np.Level()": {"p", "p.m", "p.m.level"},
    "from p import Level": {"p", "p.m", "p.m.level"},
    "import importlib\nimportlib.import_module('p.m.geo')": {"p", "p.m", "p.m.geo"},
    "from importlib import import_module as f\n__import__('p.x')": {"p", "p.x"},
    "import p, sys\nsys.modules['p.m.geo']": {"p", "p.m", "p.m.geo"},
    "from p.m import *": {"p", "p.m", "p.m.level", "p.m.geo"},
    "import p\nq = p\nq.m.geo": EVERYTHING,
    "import p\ngetattr(p, name)": EVERYTHING,
    "import importlib\nimportlib.import_module(f'p.{name}')": EVERYTHING,
    "from importlib import import_module as f\nf(name)": EVERYTHING,
    "exec(text)": EVERYTHING,
}


@pytest.mark.parametrize("code", ROADS)
def test_a_module_is_reached_by_every_road(code):
    used = references(ast.parse(code))
    found = imports.resolve(used, KNOWN, {"p.Level": "p.m.level"})
    assert imports.reach(KNOWN, found) == ROADS[code]


def test_what_stands_under_not_type_checking_is_imported():
    tree = ast.parse("if not TYPE_CHECKING:\n    import p.x\nelse:\n    import p.m")
    assert references(tree) == {"p.x", "p.m"}


def test_every_import_that_another_reader_of_the_library_finds_is_followed():
    files = imports.sources(PACKAGE)
    texts = {name: path.read_text() for name, path in files.items()}
    packages = {name for name, path in files.items() if path.name == "__init__.py"}
    ours = graph(texts, packages, inputs.LAZY, inputs.FOLLOWED)
    theirs = grimp.build_graph("analysis", exclude_type_checking_imports=True, cache_dir=None)
    for name in ours:
        direct = theirs.find_modules_directly_imported_by(name)
        assert direct <= imports.reach(ours, [name]), name


def made(*cells: tuple[str, list[str]], **metadata) -> dict:
    return {
        "metadata": metadata,
        "cells": [
            {"cell_type": "code", "source": source, "metadata": {"tags": tags}}
            for source, tags in cells
        ],
    }


def test_a_cell_that_is_no_plain_python_may_use_everything():
    assert notebook_code.parts(made(("%run other.py", [])))["used"] == ["*"]


# ------------------------------------------------------------------- tags and parameters


def notebook(*cells: tuple[str, list[str]], **metadata) -> Notebook:
    return Notebook(**notebook_code.parts(made(*cells, **metadata)))


GIVEN = {"claim_id": "T1", "claimed": 200}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([("claim_id = 'T1'\nclaimed = 75", [])], "no code cell has the tag 'parameters'"),
        ([("claim_id = 'T1'", ["parameters"])], "does not set claimed, only claim_id"),
    ],
    ids=["no tag", "not named there"],
)
def test_a_notebook_that_would_ignore_a_parameter_refuses_it(cells, words):
    with pytest.raises(ParameterError, match=words):
        notebook(*cells).check(GIVEN, "notebooks/level.ipynb")
    notebook(("claim_id: str = 'T1'\nclaimed = 75", ["parameters"])).check(GIVEN, "")
    notebook(("x = 1", [])).check({}, "")


CELLS = (("parameters = {}\ntable = 'trade/gdp'", ["parameters"]), ("load('trade/flows')", []))
EDITED = (("parameters = {'claimed': 77}\ntable = 'a/b'", ["parameters"]), CELLS[1])
COMPUTED = (("parameters = dict(claimed=77)\ntable = 'a/b'", ["parameters"]), CELLS[1])


def test_defaults_count_unless_the_run_replaces_all_of_them():
    plain, edited, computed = (notebook(*cells) for cells in (CELLS, EDITED, COMPUTED))
    whole, part = {"parameters": {}, "table": "x/y"}, {"parameters": {}}
    assert edited.code(whole) == plain.code(whole)
    assert edited.tables(whole) == {"trade/flows"}
    assert edited.code(part) != plain.code(part)
    assert edited.tables(part) == {"trade/flows", "a/b"}
    assert computed.code(whole) != plain.code(whole)


def test_edited_defaults_change_neither_staleness_nor_results(tmp_path, monkeypatch):
    root = audit(tmp_path, ["T1"])
    monkeypatch.setenv("CLAIMS_PROJECT", str(root))
    path, record = root / "notebooks/level.ipynb", root / "build/records/T1.json"
    assert CliRunner().invoke(main, ["run", "--cold"]).exit_code == 0
    before = record.read_bytes()
    edited = path.read_text().replace("parameters = {}", "parameters = {'claimed': 77}")
    path.write_text(edited.replace("claim_id = 'T1'", "claim_id = 'T2'", 1))
    assert "0 to run, 1 up to date" in CliRunner().invoke(main, ["plan"]).output
    assert CliRunner().invoke(main, ["run", "--force", "--cold"]).exit_code == 0
    assert record.read_bytes() == before


def test_a_parameter_is_refused_by_the_command_that_gives_it(tmp_path, monkeypatch):
    root = audit(tmp_path, ["T1"])
    path = root / "notebooks/level.ipynb"
    path.write_text(path.read_text().replace('"parameters"', '"paramters"'))
    monkeypatch.setenv("CLAIMS_PROJECT", str(root))
    for words in (["run", "T1", "-p", "claimed=200"], ["run"], ["plan"]):
        assert CliRunner().invoke(main, words, standalone_mode=False).return_value == 2
    assert not (root / "build/variants").exists()
    assert not (root / "build/records").exists()


@pytest.mark.parametrize(
    "other",
    [
        notebook(("x = 1", ["parameters"]), ("y = 2", [])),
        notebook(("x = 1", []), ("y = 2", ["skip-execution"])),
        notebook(("x = 1", []), ("y = 2", []), kernelspec={"name": "ir", "language": "R"}),
        notebook(("x = 1", []), ("y = 2", []), language_info={"name": "R"}),
    ],
    ids=["a tag", "another tag", "another kernel", "another language"],
)
def test_metadata_that_papermill_reads_are_an_ingredient(other):
    plain = notebook(("x = 1", []), ("y = 2", []))
    assert other.digest == plain.digest
    assert other.metadata != plain.metadata


# ------------------------------------------------------------------- changes during a run

INPUTS = ("claims.yaml", "data/catalog.yaml", "data/trade/flows.csv", "notebooks/level.ipynb")


@pytest.fixture
def good(tmp_path):
    root = audit(tmp_path, ["T1"])
    (root / "data/trade").mkdir()
    (root / "data/trade/flows.csv").write_text("source_id\nalpha\n")
    return root


def test_a_run_that_nobody_disturbs_is_up_to_date(good):
    assert run(good).failure is None
    assert looked_at(good).jobs == ()


@pytest.mark.parametrize(
    ("name", "how"),
    [(INPUTS[0], "replaced"), *((name, "written") for name in INPUTS), (INPUTS[2], "taken away")],
)
def test_an_input_that_changes_during_a_run_and_changes_back_leaves_no_result(good, name, how):
    path = good / name
    before, times = path.read_bytes(), path.stat()

    def disturb():
        if how == "written":
            path.write_bytes(b"another content")
            path.write_bytes(before)
        elif how == "replaced":
            plan_overviews = path.with_suffix(".new")
            plan_overviews.write_bytes(before)
            plan_overviews.replace(path)
        else:
            path.rename(path.with_suffix(".old"))
            path.with_suffix(".old").rename(path)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    failure = run(good, disturb).failure
    assert failure.kind == "input_changed"
    assert name in failure.message
    assert not (good / "build/records/T1.json").exists()
    assert not (good / "build/manifest/T1.json").exists()


def test_a_register_that_changes_between_reading_and_hashing_counts_as_changed(good):
    project = Project(good)
    known = registry.read(project)
    project.claims.write_text(project.claims.read_text().replace("more than 10", "more than 20"))
    (job,) = find_stale(plan(project, known), InputHashes(project, known)).jobs
    with Session(project, Silence(), pool=AtOnce()) as session:
        (result,) = session.run([job])
    assert result.failure.kind == "input_changed"


# ------------------------------------------------------------------- installed versions


@pytest.fixture
def locked_audit(good):
    """A lock of exactly what is installed here."""
    present = installed.versions(installed.folders(sys.path))
    lines = [f"{name}=={number} \\\n    --hash=sha256:0\n" for name, number in present.items()]
    (good / "requirements.lock").write_text("".join(lines))
    return good


def other_version(name: str):
    folder = re.compile(rf"({name})-[^-]+\.dist-info", re.IGNORECASE)
    real = installed.folders

    def folders(places) -> list[str]:
        return [folder.sub(r"\1-0.1.dist-info", each) for each in real(places)]

    return folders


@pytest.mark.parametrize("name", ["numpy", "tornado", "ipykernel"])
def test_another_installed_version_is_noticed(locked_audit, monkeypatch, name):
    """Of what a method imports, of what only that requires, and of what runs the notebook."""
    assert run(locked_audit).failure is None
    assert looked_at(locked_audit).installed == {}
    told = f"0.1, locked {version(name)}"
    monkeypatch.setattr(installed, "folders", other_version(name))
    found = looked_at(locked_audit)
    assert str(found.reasons["T1"]) == f"changed: installed {name}"
    assert found.installed == {name: told}
    monkeypatch.setenv("CLAIMS_PROJECT", str(locked_audit))
    for words in (["plan"], ["why", "T1"]):
        output = CliRunner().invoke(main, words).output
        assert f"installed {name} {told}" in output


def test_what_no_notebook_needs_may_have_any_version(locked_audit, monkeypatch):
    assert run(locked_audit).failure is None
    monkeypatch.setattr(installed, "folders", other_version("ruff"))
    assert looked_at(locked_audit).jobs == ()


def test_a_library_that_is_not_locked_counts_for_it_may_change_the_others():
    extra = installed.Installed(differing={"pyarrow": "9, not locked"}, unlocked=("pyarrow",))
    assert extra.of(()) == {"pyarrow": "9, not locked"}


# ------------------------------------------------------------------- waiting


def test_a_run_that_waits_decides_when_its_turn_has_come(good):
    project = Project(good)
    with locked(project.build / RUN_LOCK):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "analysis", "run", "--wait", "--cold"], cwd=good,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=3)
        (job,) = looked_at(good).jobs
        manifests.write(job, job.inputs, {})  # as the run that it waits for would
    out, _ = waiting.communicate(timeout=120)
    assert "1 of 1 claims are up to date; 0 to run" in out
    assert json.loads(manifests.place(job).read_text())["outputs"] == {}


def test_chunks_of_a_sweep_whose_input_changed_meanwhile_are_thrown_away(good, monkeypatch):
    from analysis.cli import sweep

    folders = []

    def disturbed(sweeping, *_):
        sweeping.parts.keep(0, b"a part")
        folders.append(sweeping.parts.folder)
        (good / "data/trade/flows.csv").write_text("source_id\nalpha\n")

    monkeypatch.setattr(sweep, "_run", disturbed)
    monkeypatch.setenv("CLAIMS_PROJECT", str(good))
    found = CliRunner().invoke(main, ["sweep", "T1"])
    assert "written to during the sweep: data/trade/flows.csv" in found.output
    assert found.exit_code == 1 or found.return_value == 1
    assert not folders[0].exists()
