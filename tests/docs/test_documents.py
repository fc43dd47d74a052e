"""Every command and every piece of code in these documents runs, and prints what they show."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import documents
import executions
import matplotlib as mpl
import pytest

from analysis.project import Project
from analysis.verdicts import results

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture
def environ(monkeypatch):
    """As in an activated environment, on a terminal of a usual width."""
    monkeypatch.delenv("CLAIMS_PROJECT", raising=False)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return {**os.environ, "COLUMNS": "100"}


@pytest.mark.parametrize("name", ["your-own-analysis", "running"])
def test_a_document_on_the_audit_before_a_run(tmp_path, environ, name, executed):
    for folder in ("claims", "data", "results"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "claims.yaml", tmp_path)
    executions.remember(executed, tmp_path)
    mpl.use("agg")
    assert documents.run(DOCS / f"{name}.md", tmp_path, environ) > 1


def as_of_a_whole_run(audit: Path) -> None:
    """As if every claim had run, and come out as published."""
    project = Project(audit)
    for entry in results.read_results(project.published)["claims"]:
        record = project.build / "records" / f"{entry['id']}.json"
        if entry["estimate"] and not record.exists():
            results.write(record, entry)
    results.write(project.fresh, results.read_results(project.published))


@pytest.mark.slow  # a claim is run three times
def test_the_tutorial(executed, tmp_path, environ):
    audit = executions.copied(executed, tmp_path / "audit")
    as_of_a_whole_run(audit)
    assert documents.run(DOCS / "tutorial.md", audit, environ) > 5


@pytest.mark.slow  # a claim is run twice, and once by papermill
def test_the_readme(executed, tmp_path, environ):
    audit = executions.copied(executed, tmp_path / "audit")
    assert documents.run(ROOT / "README.md", audit, environ) > 2


@pytest.mark.slow  # an audit is made and run
def test_the_way_to_another_article(tmp_path, environ):
    assert documents.run(DOCS / "adding.md", tmp_path, environ) > 5


def test_the_plot_of_the_readme_has_one_value_a_mark():
    """Nothing is averaged without a word, and nothing is a projection."""
    (code,) = [each.text for each in documents.steps(ROOT / "README.md") if "seaborn" in each.text]
    names: dict[str, object] = {}
    documents.evaluated(code.partition("plot = ")[0], names)
    assert not names["spent"].duplicated(["country", "year"]).any()
    assert not names["spent"].isna()["milex_share_gdp_pct"].any()


# ------------------------------------------------------------------- the runner itself


DRAWN = "```python\nimport matplotlib.pyplot as plt\nplot = plt.gca()\n"


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text)
    return path


def test_commands_keep_their_folder_and_code_its_names(tmp_path, environ):
    (tmp_path / "sub").mkdir()
    text = (
        "```console\n$ cd sub && echo one\none\n$ basename $(pwd)\nsub\n```\n"
        "```python\nx = 2\n```\n```python\nx + 1\n```\n```text\n3\n```\n"
    )
    assert documents.run(page(tmp_path, text), tmp_path, environ) == 4


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ echo two\none\n```\n",
        "```python\n1 + 1\n```\n```text\n3\n```\n",
        "```diff\n+++ claims.yaml\n-not there\n+new\n```\n",
        "```console\n$ echo one two\none\n```\n",
        "```sh\nfalse\ntrue\n```\n",
        f"{DRAWN}plot.figure.savefig('a.png')\nplot.figure.savefig('b.png')\n```\n",
        "```sh\necho two\n```\n\n```text\none\n```\n",
    ],
)
def test_what_is_not_as_shown_is_found(tmp_path, environ, text):
    (tmp_path / "claims.yaml").write_text("a: 1\n")
    with pytest.raises(AssertionError):
        documents.run(page(tmp_path, text), tmp_path, environ)


def test_a_diff_changes_the_file(tmp_path, environ):
    (tmp_path / "claims.yaml").write_text("a: 1\nb: 2\n")
    text = "```diff\n--- a/claims.yaml\n+++ b/claims.yaml\n a: 1\n-b: 2\n+b: 3\n```\n"
    documents.run(page(tmp_path, text), tmp_path, environ)
    assert (tmp_path / "claims.yaml").read_text() == "a: 1\nb: 3\n"


def test_a_block_that_says_why_is_not_run(tmp_path, environ):
    text = "<!-- not run: it would end this test -->\n```console\n$ exit 1\nnothing\n```\n"
    assert documents.run(page(tmp_path, text), tmp_path, environ) == 0
