"""The notebooks of the methods, from one template: `python -m analysis.notebook.template`.

A notebook owns the cells of `OWN` (its title, the meanings of its parameters, its last cells) and
the id of the claim that it shows. All other cells are those of the template.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.methods import METHODS
from analysis.project import Project, write_atomically

if TYPE_CHECKING:
    from nbformat import NotebookNode

OWN = ("title", "parameter-list", "about-further", "further")
TAG = "parameters"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Id, kind and source of each cell in order; a source that is None is the notebook's own.
CELLS: tuple[tuple[str, str, str | None], ...] = (
    ("title", "markdown", None),
    ("import", "code", "import analysis"),
    (
        "about-parameters",
        "markdown",
        """\
**Parameters.** Those that `parameters` does not name keep their registered values. Change one, run
all cells, and see whether the verdict survives.""",
    ),
    ("parameter-list", "markdown", None),
    (
        "parameters",
        "code",
        """\
claim_id = "{claim}"
vintage = "publication"  # evidence that was public by the article's day; or: latest
reading = ""  # one of the claim's readings, in place of the literal one
parameters = {{}}  # of the method, by name""",
    ),
    (
        "claim",
        "code",
        """\
claim = analysis.claim(claim_id, parameters, method="{method}", reading=reading)
claim""",
    ),
    (
        "about-data",
        "markdown",
        """\
## Data and estimate

The preferred specification on the chosen vintage. `evidence` is a mapping of DataFrames.""",
    ),
    (
        "load",
        "code",
        """\
evidence = analysis.load(claim)
estimate = claim.build().estimate(analysis.load(claim, vintage))
estimate""",
    ),
    ("rows", "code", "analysis.rows(estimate, evidence)"),
    (
        "about-sweep",
        "markdown",
        """\
## Every other choice

All admissible combinations of the analyst's choices, in every reading and on both vintages, and
once more without each source family. `curve.to_frame()` has one row for each.""",
    ),
    ("sweep", "code", "curve = analysis.sweep(claim, evidence)\ncurve"),
    (
        "draw",
        "code",
        "figure = analysis.figures.{method}(claim, estimate, curve, vintage)\nfigure",
    ),
    (
        "draw-curve",
        "code",
        """\
specification_curve = analysis.figures.specification_curve(claim, curve, vintage)
specification_curve""",
    ),
    (
        "about-verdict",
        "markdown",
        """\
## Verdict

The verdict at publication is the headline; the latest is beside it. Certainty is an axis of its
own: it grades the evidence, not the claim.""",
    ),
    ("judge", "code", "judgement = analysis.judge(claim, curve)\njudgement"),
    ("about-change", "markdown", "## Changes that would move the verdict"),
    ("sensitivity", "code", "analysis.sensitivity(judgement, claim)"),
    (
        "record",
        "code",
        """\
entry = analysis.record(claim, curve, judgement, {{"": figure, "curve": specification_curve}})
print(claim.id, entry["verdict"]["publication"]["code"], "recorded")""",
    ),
    ("about-further", "markdown", None),
    ("further", "code", None),
)


def render(method: str, claim: str, own: Mapping[str, str]) -> NotebookNode:
    """The notebook of a method; `own` has the sources of the cells of `OWN`."""
    import nbformat

    cells = []
    for name, kind, source in CELLS:
        text = own[name] if source is None else source
        if source is not None and kind == "code":
            text = source.format(method=method, claim=claim)
        make: Callable[[str], NotebookNode] = (
            nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        )
        cell = make(text)
        cell["id"] = name
        if name == TAG:
            cell.metadata["tags"] = [TAG]
        cells.append(cell)
    made: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    return made


def renewed(notebook: NotebookNode, method: str) -> str:
    """The text of a notebook file with the template's cells renewed and its own ones kept."""
    import nbformat

    sources = {cell.id: cell.source for cell in notebook.cells}
    own = {name: sources[name] for name in OWN}
    return f"{nbformat.writes(render(method, _claim(sources[TAG]), own))}\n"


def write(project: Project) -> Iterator[str]:
    """Renew the notebook of every method; yields the names of those that changed."""
    import nbformat

    for method in METHODS:
        path = project.notebooks / f"{method}.ipynb"
        text = renewed(nbformat.read(path, as_version=4), method)
        if path.read_text(encoding="utf-8") != text:
            write_atomically(path, text)
            yield path.name


def _claim(source: str) -> str:
    """The id of the claim that a cell of parameters sets."""
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "claim_id":
            return str(ast.literal_eval(line.value))
    raise ValueError("the cell of parameters does not set claim_id")


if __name__ == "__main__":
    for changed in write(Project.find()):
        sys.stdout.write(f"wrote notebooks/{changed}\n")
