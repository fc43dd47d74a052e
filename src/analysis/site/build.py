"""Build the site beside the old one, then put it in its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from analysis.execution.locks import locked
from analysis.exports import bibtex
from analysis.exports.citation import reference
from analysis.figures.palette import VERDICTS
from analysis.formatting import number
from analysis.project import Project, writing
from analysis.site import corrected_tables, notebooks, prose
from analysis.site.context import Material, gather
from analysis.site.pages import Page, cards, claim_page, tally, verdict_line
from analysis.site.sanitize import web
from analysis.site.tables import address, table_pages

FILES = (".svg", ".csv", "-curve.svg", "-curve.csv")  # of a figure, beside its claim's page


def build(project: Project, *, waiting: Callable[[str], None] | None = None) -> Path:
    """Write the site under build/site/; the page to open. The old site stays until it is whole.

    If another process builds it, raise ExecutionError; or call `waiting` with its number, and wait.
    """
    with locked(project.build / ".site.lock", waiting=waiting):
        _build(project)
    return project.build / "site" / "index.html"


def _build(project: Project) -> None:
    material = gather(project)
    target, beside, old = (project.build / name for name in ("site", ".site.new", ".site.old"))
    shutil.rmtree(beside, ignore_errors=True)  # of a build that was killed
    try:
        with writing(target):
            _write(beside, material)
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
                target.rename(old)
            beside.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        for folder in (beside, old):
            shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, material: Material) -> None:
    environment = _environment(material)
    for page in pages(material):
        _put(folder / page.path, _render(environment, page, material))
    assets = resources.files("analysis.site") / "assets"
    for name in ("site.css", "overview.js", "explorer.js"):
        text = (assets / name).read_text(encoding="utf-8")
        _put(folder / "assets" / name, text + (_colours() if name == "site.css" else ""))
    for name in material.register.claims:
        _copy(folder, material, name)
    for name in material.catalog.tables:
        _put(folder / "data" / f"{name.replace('/', '-')}.csv", material.project.table(name))
    for name, text in corrected_tables.texts(material.project, material.catalog):
        _put(folder / "data" / f"{name.replace('/', '-')}{corrected_tables.SUFFIX}", text)


def _copy(folder: Path, material: Material, name: str) -> None:
    sources = [material.figure(f"{name}{suffix}") for suffix in FILES]
    for source in (*sources, material.notebook(name)):
        if source.exists():
            _put(folder / "claims" / source.name, source)


def _put(path: Path, content: str | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, path)
    else:
        path.write_text(content, encoding="utf-8", newline="\n")


def pages(material: Material) -> Iterator[Page]:
    """Every page of the site."""
    shown = cards(material)
    context = {"cards": shown, "tally": tally(shown), "sections": material.register.sections}
    yield _page("index.html", "overview.html", "Overview", context)
    yield _page("article.html", "article.html", "The article, annotated", context)
    yield from _claims(material)
    yield from table_pages(material)
    tables = {"tables": material.catalog.tables.values()}
    yield _page("data.html", "tables.html", "Data", tables)
    yield _page("method.html", "prose.html", "Method", {"body": _method(material.project)})
    deviations = {"deviations": material.register.deviations}
    yield _page("deviations.html", "deviations.html", "Deviations", deviations)
    yield _page("cite.html", "cite.html", "How to cite", _cited(material))
    yield _page("changes.html", "changes.html", "Changes", {"history": material.history()})


def _page(path: str, template: str, title: str, context: Mapping[str, Any]) -> Page:
    return Page(path=path, template=template, title=title, context=context)


def _claims(material: Material) -> Iterator[Page]:
    names = list(material.register.claims)
    for before, name, after in zip(["", *names], names, [*names[1:], ""], strict=False):
        yield claim_page(material, material.register.claims[name], (before, after))
        if material.notebook(name).exists():
            context = {"name": name, "body": notebooks.body(material.notebook(name))}
            yield _page(f"notebooks/{name}.html", "notebook.html", f"Notebook of {name}", context)


def _cited(material: Material) -> dict[str, Any]:
    by = material.publisher
    return {"citation": reference(by), "bibtex": bibtex.audit(by) if by else ""}


def _method(project: Project) -> str:
    return prose.rendered(project.method.read_text(encoding="utf-8"))


def _environment(material: Material) -> Environment:
    made = Environment(
        loader=PackageLoader("analysis.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"plain": material.called, "number": number, "address": address, "data": _data}
    made.filters |= {"verdict_line": verdict_line, "web": web}
    return made


def _data(value: Any) -> str:
    """JSON that cannot end the script element around it; numbers and order as given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _render(environment: Environment, page: Page, material: Material) -> str:
    register = material.register
    shared = {"page": page, "root": page.root, "article": register.article}
    return environment.get_template(page.template).render(
        **shared, registered=register.claims, **page.context
    )


def _colours() -> str:
    """The colour of each verdict, from the palette that the figures have."""
    return "".join(
        f".v-{code} {{ --verdict: {mark.colour}; }}\n" for code, mark in VERDICTS.items()
    )
