"""What a run is made of, by name: its key, and what has changed since the last one."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
from analysis import _HOMES
from analysis.errors import AnalysisError, ProjectError
from analysis.project import Project, write_atomically
from analysis.running.imports import Graph, attributes, graph, reach, sources
from analysis.running.tablekeys import digest, table_keys

if TYPE_CHECKING:
    from analysis.claims import Claim
    from analysis.register import Register
    from analysis.running.plan import Job

Ingredients = Mapping[str, Any]
PACKAGE = Path(analysis.__file__).parent
ALWAYS = ("analysis.running.environment", "analysis.running.scrub")  # they shape every product
_TABLE = re.compile(r"[\"']([\w-]+/[\w-]+)[\"']")


@dataclass(frozen=True, slots=True)
class Change:
    """One ingredient that is not as it was; None where it was or is absent."""

    name: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.before)} -> {_shown(self.after)}"


def _shown(value: Any) -> str:
    text = "none" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else f"{text[:97]}..."  # noqa: PLR2004 - a line of a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """The code of a notebook, and where it enters the library; texts and outputs do not count."""

    code: str
    digest: str
    roots: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """ProjectError if it cannot be read."""
        code = "\n\n".join(_cells(path))
        return cls(code=code, digest=digest(code), roots=tuple(_roots(code)))


class Pantry:
    """Everything that runs are made of, read and hashed once."""

    def __init__(self, project: Project, register: Register) -> None:
        self.project = project
        self.register = register
        self.tables = table_keys(project)
        self.lock = digest(project.lock.read_bytes()) if project.lock.exists() else ""
        self.modules, self.imports = _library(project)
        self.python = f"{platform.python_version()} {sys.platform} {platform.machine()}"
        self._notebooks: dict[Path, Notebook] = {}

    def of(self, job: Job) -> dict[str, Any]:
        """The ingredients of one job, as plain values."""
        notebook = self._notebook(job.notebook)
        claim = self.register.claims.get(job.claim) if job.recorded else None
        reached = reach(self.imports, [*notebook.roots, *_methods(claim)])
        return {
            "notebook": notebook.digest,
            "parameters": dict(job.parameters),
            "claim": self._claim(claim) if claim else self._article(),
            "tables": {name: self.tables.get(name) for name in self._read(notebook.code, claim)},
            "modules": {name: self.modules[name] for name in sorted(reached)},
            "lock": self.lock,
            "python": self.python,
        }

    def _notebook(self, path: Path) -> Notebook:
        if path not in self._notebooks:
            self._notebooks[path] = Notebook.read(path)
        return self._notebooks[path]

    def _claim(self, claim: Claim) -> dict[str, Any]:
        """Everything that the register says of a claim, and the day that divides its evidence."""
        published = self.register.article.published.isoformat()
        return {**self.register.entries[claim.id], "article published": published}

    def _article(self) -> dict[str, Any]:
        """What a notebook of no claim can depend on: the whole register, and all results."""
        path = self.project.build / "results.json"
        results = digest(path.read_bytes()) if path.exists() else ""
        register = self.register
        told = [register.entries, register.sections, register.deviations, asdict(register.article)]
        return {"register": digest(json.dumps(told, default=str)), "results": results}

    def _read(self, code: str, claim: Claim | None) -> list[str]:
        """The tables that a claim declares, or that the code of a notebook names."""
        if claim:
            return sorted(claim.tables)
        return sorted({name for name in _TABLE.findall(code) if name in self.tables})


def key(ingredients: Ingredients) -> str:
    """One name for all of them."""
    text = json.dumps(ingredients, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Ingredients, after: Ingredients, path: str = "") -> Iterator[Change]:
    """What differs, innermost first names: `tables trade/flows data`, `claim grid reporter`.

    >>> [str(change) for change in changes({"lock": "a", "x": {}}, {"lock": "b", "x": {"y": 1}})]
    ['lock: a -> b', 'x y: none -> 1']
    """
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from changes(old, new, f"{path}{name} ")
        else:
            yield Change(f"{path}{name}", old, new)


def _cells(path: Path) -> Iterator[str]:
    """The sources of the code cells, without nbformat, which is slow to import."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except OSError as error:
        raise ProjectError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectError(f"is not a notebook: {error!r}", file=str(path)) from None


def _roots(code: str) -> Iterator[str]:
    """The modules that code enters the library by."""
    yield from ALWAYS
    for first, second in attributes(code, "analysis"):
        yield f"analysis.{_HOMES.get(first, first)}"
        yield f"analysis.{first}.{second}"


def _methods(claim: Claim | None) -> Iterator[str]:
    """The modules of the methods that a claim names."""
    if claim:
        for method in {claim.method, *(item.method for item in claim.periphery)} - {""}:
            yield f"analysis.methods.{method}"


def library() -> dict[str, str]:
    """The digest of every module of the library as it is here, and the version of Python."""
    digests = {name: digest(path.read_bytes()) for name, path in sources(PACKAGE).items()}
    return {"Python": platform.python_version(), **digests}


def _library(project: Project) -> tuple[dict[str, str], Graph]:
    """The digest of every module of the library, and what each imports."""
    files = sources(PACKAGE)
    texts = {name: path.read_bytes() for name, path in files.items()}
    digests = {name: digest(text) for name, text in texts.items()}
    cache = project.build / "cache" / f"imports-{digest(json.dumps(digests))}.json"
    with suppress(OSError, ValueError):
        return digests, json.loads(cache.read_text(encoding="utf-8"))
    packages = {name for name, path in files.items() if path.name == "__init__.py"}
    made = graph({name: text.decode() for name, text in texts.items()}, packages)
    with suppress(AnalysisError):
        write_atomically(cache, json.dumps(made))
    return digests, made
