"""Build the site beside the old one, then put it in its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from analysis.execution.locks import locked
from analysis.figures.palette import VERDICTS
from analysis.formatting import number
from analysis.project import Project, writing
from analysis.site import addresses, charts, corrected_tables, documents, prose, thumbnails, words
from analysis.site.context import Material, gather
from analysis.site.page import Page
from analysis.site.pages import moved, pages, verdict_line
from analysis.site.sanitize import aside, web
from analysis.site.tables import address

FILES = (".svg", ".png", ".csv", "-curve.svg", "-curve.csv")  # of a figure, beside its claim's page
ASSETS = ("site.css", "favicon.svg", "overview.js", "explorer.js", "article.js", "search.js")


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
        material.pieces.prune()
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        for folder in (beside, old):
            shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, material: Material) -> None:
    environment, made = _environment(material), list(pages(material))
    for page in made:
        _put(folder / page.path, _render(environment, page, material))
    for name, text in addresses.texts(material, made):
        _put(folder / name, text)
    assets = resources.files("analysis.site") / "assets"
    for name in ASSETS:
        text = (assets / name).read_text(encoding="utf-8")
        _put(folder / "assets" / name, text + (_colours() if name == "site.css" else ""))
    for name in material.register.claims:
        _copy(folder, material, name)
    for name, picture in documents.pictures(material):
        _put(folder / name, picture)
    for name in material.catalog.tables:
        _put(folder / "data" / f"{_file(name)}.csv", material.project.table(name))
    for name, text in corrected_tables.texts(material.project, material.catalog, material.pieces):
        _put(folder / "data" / f"{_file(name)}{corrected_tables.SUFFIX}", text)


def _file(table: str) -> str:
    return table.replace("/", "-")


def _copy(folder: Path, material: Material, name: str) -> None:
    sources = [material.figure(f"{name}{suffix}") for suffix in FILES]
    for source in (*sources, material.notebook(name)):
        if source.exists():
            _put(folder / "claims" / source.name, source)
    if (drawn := material.figure(f"{name}.png")).exists():
        small = material.pieces.get(
            "thumbnail", [drawn.read_bytes()], lambda: thumbnails.made(drawn)
        )
        _put(folder / "thumbnails" / f"{name}.webp", small)


def _put(path: Path, content: str | bytes | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8", newline="\n")


def _environment(material: Material) -> Environment:
    made = Environment(
        loader=PackageLoader("analysis.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"plain": material.called, "number": number, "address": address, "data": _data}
    made.filters |= {"verdict_line": verdict_line, "what_moved": moved, "web": web, "aside": aside}
    made.filters |= {
        "day": words.when,
        "kinds_of_cause": words.kinds_of_cause,
        "in_words": words.in_words,
    }
    made.filters |= {"coded": prose.coded, "with_term": prose.with_term, "named": material.named}
    made.filters |= {"by_year": charts.by_year, "thousands": "{:,}".format, "quality": _quality}
    made.filters |= {"title_of": lambda name: material.catalog.tables[name].title}
    return made


def _quality(code: str) -> str:
    return words.QUALITIES[code]


def _data(value: Any) -> str:
    """JSON that cannot end the script element around it; numbers and order as given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _render(environment: Environment, page: Page, material: Material) -> str:
    register = material.register
    shared = {
        "page": page,
        "root": page.root,
        "article": register.article,
        "registered": register.claims,
        "site": material.site,
        "documents": (material.project.root / documents.INDEX).exists(),
        "here": addresses.here(page.path),
        "description": page.description or f"{page.title}: audit of “{register.article.title}”.",
    }
    return environment.get_template(page.template).render(**shared, **page.context)


def _colours() -> str:
    """The colour of each verdict, from the palette that the figures have."""
    light = "".join(
        f".v-{code} {{ --verdict: {mark.colour}; }}\n" for code, mark in VERDICTS.items()
    )
    dark = "".join(f".v-{code} {{ --verdict: {mark.dark}; }}\n" for code, mark in VERDICTS.items())
    return f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"
