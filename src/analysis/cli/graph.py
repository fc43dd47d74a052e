"""`claims graph`: tables, claims, notebooks and outputs as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.cli import audit, selection


@click.command()
@selection.NAMES
@selection.filters
@click.option("--dot", is_flag=True, help="Print Graphviz text instead.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Target file [build/graph.svg].",
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
def graph(names: tuple[str, ...], *, dot: bool, out: Path | None, show: bool, **given: Any) -> None:
    """Draw which tables, claims, notebooks and outputs depend on each other.

    \b
    claims graph --open
    claims graph ID
    claims graph --section C --dot | dot -Tpdf > graph.pdf
    """
    from analysis.execution.plan import plan
    from analysis.exports import graph as graphs
    from analysis.exports import outputs
    from analysis.project import write_atomically

    if out:
        outputs.free(out, "graph", outputs.graph)
    project, register = audit.register()
    filters = selection.Filters.popped(given)
    found = graphs.of(
        register, plan(project, register, selection.chosen(project, register, names, filters))
    )
    if dot:
        click.echo(graphs.dot(found), nl=False)
        return
    path = out or project.build / "graph.svg"
    write_atomically(path, graphs.svg(found, register.article.title))
    click.echo(project.show(path))
    if show:
        click.launch(path.as_uri())
