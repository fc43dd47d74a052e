"""The files of a new audit, written whole or not at all."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path, PurePosixPath
from string import Template
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.errors import ProjectError
from analysis.project import REGISTER, Project, writing

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

# Templates whose names begin with no dot, so that they count for nothing where they lie.
PLACES = {
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "ci.yml": ".github/workflows/audit.yml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """The article that is audited, as far as it is known."""

    title: str
    publisher: str
    published: date
    author: str = ""
    url: str = ""

    def values(self) -> dict[str, str]:
        """The placeholders of the templates."""
        optional = {"author": self.author, "url": self.url}
        return {
            "title": _quoted(self.title),
            "heading": self.title,
            "publisher": _quoted(self.publisher),
            "published": self.published.isoformat(),
            "optional": "".join(f"  {key}: {_quoted(v)}\n" for key, v in optional.items() if v),
            "version": __version__,
        }


def write(folder: Path, article: NewArticle) -> list[str]:
    """Make an audit with one claim and one table; the names of its files.

    Raises ProjectError if the folder is not empty. Whatever fails, nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "is there and not empty: name a new folder, so that nothing is overwritten"
        raise ProjectError(message, file=str(folder))
    made = not folder.exists()
    staged = (folder.parent if made else folder) / f".claims-new-{secrets.token_hex(4)}"
    try:
        with writing(folder):
            names = _fill(staged, article)
            _move(staged, folder, whole=made)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return names


def _fill(folder: Path, article: NewArticle) -> list[str]:
    """Write every file, pin the table, and check all of it as `claims list` does."""
    from analysis.claims import registry
    from analysis.data import checksums

    files = dict(_files(article))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    project = Project(folder)
    checksums.pin(project)
    registry.read(project)
    registry.check_recipes(project)
    shutil.rmtree(project.build)  # caches of this check
    return sorted(files)


def _files(article: NewArticle) -> Iterator[tuple[str, str]]:
    """Each file of a new audit by its name, with its text."""
    root = resources.files("analysis.cli") / "templates"
    for name, template in _within(root, PurePosixPath()):
        text = template.read_text(encoding="utf-8")
        yield PLACES.get(name, name), Template(text).substitute(article.values())


def _within(folder: Traversable, place: PurePosixPath) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _within(each, place / each.name)
        else:
            yield str(place / each.name), each


def _move(staged: Path, folder: Path, *, whole: bool) -> None:
    """Move what is staged into its place; into a folder that was there claims.yaml comes last."""
    if whole:
        staged.rename(folder)
        return
    paths = sorted(staged.iterdir(), key=lambda path: (path.name == REGISTER, path))
    try:
        for path in paths:
            path.rename(folder / path.name)
    except OSError:
        for path in (folder / path.name for path in paths):
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.unlink()
        raise


def _quoted(text: str) -> str:
    """A text as YAML, which reads every JSON string."""
    return json.dumps(text, ensure_ascii=False)
