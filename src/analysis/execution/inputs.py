"""Hashes of everything that a run reads, by name, and what has changed since the last run."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
from analysis import _MODULES
from analysis.claims.files import digest as claims_digest
from analysis.data.fingerprints import declarations, digest, files, table_keys
from analysis.errors import AnalysisError, ProjectError
from analysis.execution.file_stamps import Reader, Stamps
from analysis.execution.imports import ALL, Graph, reach, resolve, sources
from analysis.execution.installed import Installed
from analysis.execution.notebooks import Notebook
from analysis.project import Project, write_atomically

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.claims.registry import Register
    from analysis.execution.plan import Job

Inputs = Mapping[str, Any]
PACKAGE = Path(analysis.__file__).parent
ALWAYS_REACHED = (
    "analysis.execution.environment",
    "analysis.execution.normalize",
)  # they shape every output
LAZY = {f"analysis.{name}": f"analysis.{home}" for name, home in _MODULES.items()}
# They import by computed names: `InputHashes` adds the methods of the claim, `LAZY` and the names
# of modules the others.
FOLLOWED = ("analysis", "analysis.figures", "analysis.methods")
DISPATCH = ("analysis.methods.method", "analysis.methods.METHODS")  # to any method by its name


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that has changed; None where it was or is absent."""

    name: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.before)} -> {_shown(self.after)}"


def _shown(value: Any) -> str:
    text = "none" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else f"{text[:97]}..."  # noqa: PLR2004 - a line of a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a notebook reaches: modules of this library by digest, other libraries, and tables."""

    modules: Mapping[str, str]
    installed: Mapping[str, str]
    tables: Sequence[str]


class InputHashes:
    """Reads and hashes every input of the jobs once."""

    def __init__(self, project: Project, register: Register, package: Path | None = None) -> None:
        self.project = project
        self.register = register
        self._reader = Reader()
        self._register_read()
        self.tables = table_keys(project, self._reader)
        lock = self._reader.optional(project.lock)
        self.lock = digest(lock) if lock else ""
        self.installed = Installed.read(project, lock)
        self._files = sources(package or PACKAGE)
        self._by = _followed_by()
        self.modules, self.imports = _library(project, self._files, self._reader, self._by)
        self.python = f"{platform.python_version()} {sys.platform} {platform.machine()}"
        self._notebooks: dict[Path, Notebook] = {}
        self._found: dict[tuple[str, ...], Used] = {}

    def of(self, job: Job) -> dict[str, Any]:
        """The inputs of one job by name, as plain values: digests, versions, parameters.

        ParameterError if the notebook would ignore a parameter of the job.
        """
        notebook = self._notebook(job.notebook)
        notebook.check(job.parameters, self.project.show(job.notebook))
        claim = self._claim_of(job)
        used = self._used(job, claim)
        return {
            "notebook": notebook.code(job.parameters),
            "metadata": notebook.metadata,
            "parameters": dict(job.parameters),
            "claim": self._claim(claim) if claim else self._article(),
            "tables": {name: self.tables.get(name) for name in _tables(used, claim)},
            "modules": used.modules,
            "installed": used.installed,
            "lock": self.lock,
            "python": self.python,
        }

    def stamps(self, job: Job) -> Stamps:
        """The states of the job's files when they were hashed."""
        claim = self._claim_of(job)
        used = self._used(job, claim)
        return self._reader.stamps(
            [
                job.notebook,
                *self.project.claims_files,
                *declarations(self.project),
                *(path for name in _tables(used, claim) for path in files(self.project, name)),
                *(self._files[name] for name in used.modules),
                *(() if claim else self._results()),
            ]
        )

    def _register_read(self) -> None:
        """The register was read before: what was written since then is a change during the run."""
        paths = self.project.claims_files
        texts = {self.project.show(path): self._reader.optional(path) for path in paths}
        if self.register.sha256 not in ("", claims_digest(texts)):
            for path in paths:
                self._reader.forget(path)

    def _notebook(self, path: Path) -> Notebook:
        if path not in self._notebooks:
            file = self.project.show(path)
            try:
                data = self._reader.read(path)
            except OSError as error:
                raise ProjectError(f"cannot be read: {error.strerror}", file=file) from None
            self._notebooks[path] = Notebook.read(
                data, file, self.project.build / "cache", self._by
            )
        return self._notebooks[path]

    def _used(self, job: Job, claim: Claim | None) -> Used:
        """What a notebook uses with the methods of a claim; cached."""
        methods = sorted(_methods(claim))
        notebook = self._notebook(job.notebook)
        place = (str(job.notebook), str(notebook.replaced(job.parameters)), *methods)
        if place not in self._found:
            self._found[place] = self._follow(notebook, job.parameters, methods)
        return self._found[place]

    def _follow(self, notebook: Notebook, given: Mapping[str, Any], methods: Iterable[str]) -> Used:
        texts = notebook.tables(given)
        entered = resolve(notebook.used, self.modules, LAZY)
        if any(name.startswith(DISPATCH) for name in notebook.used):
            entered |= resolve([f"analysis.methods.{ALL}"], self.modules)
        reached = reach(self.imports, [*ALWAYS_REACHED, *entered, *methods])
        imported = entered.union(*(self.imports[name] for name in reached))
        return Used(
            modules={name: self.modules[name] for name in sorted(reached)},
            installed=self.installed.of(imported),
            tables=[
                name
                for name in self.tables
                if any(name in text or text in f"/{name}.csv" for text in texts)
            ],
        )

    def _claim_of(self, job: Job) -> Claim | None:
        return self.register.claims.get(job.claim) if job.recorded else None

    def _claim(self, claim: Claim) -> dict[str, Any]:
        """The register's entry of a claim, and the article's day of publication."""
        published = self.register.article.published.isoformat()
        return {**self.register.entries[claim.id], "article published": published}

    def _article(self) -> dict[str, Any]:
        """The inputs of a notebook about the whole article: the register and all results."""
        results, replayed = map(self._reader.optional, self._results())
        register = self.register
        content = [
            register.entries,
            register.sections,
            register.deviations,
            asdict(register.article),
        ]
        return {
            "register": digest(json.dumps(content, default=str)),
            "results": digest(results) if results else "",
            "replayed": digest(replayed) if replayed else "",
        }

    def _results(self) -> tuple[Path, Path]:
        return self.project.fresh, self.project.replayed


def _tables(used: Used, claim: Claim | None) -> list[str]:
    """The tables that a claim declares, and those that the code of its notebook names."""
    return sorted({*used.tables, *(claim.tables if claim else ())})


def key(inputs: Inputs) -> str:
    """One hash over all inputs."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_inputs(before: Inputs, after: Inputs, path: str = "") -> Iterator[InputChange]:
    """The inputs that differ, by their path: `tables trade/flows data`, `claim grid reporter`.

    >>> [str(change) for change in changed_inputs({"lock": "a", "x": {}},
    ...     {"lock": "b", "x": {"y": 1}})]
    ['lock: a -> b', 'x y: none -> 1']
    """
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from changed_inputs(old, new, f"{path}{name} ")
        else:
            yield InputChange(f"{path}{name}", old, new)


def _methods(claim: Claim | None) -> Iterator[str]:
    """The modules of the methods that a claim names."""
    if claim:
        for method in {claim.method, *(item.method for item in claim.side_assertions)} - {""}:
            yield f"analysis.methods.{method}"


def library() -> dict[str, str]:
    """The digest of every module of the installed library, and the version of Python."""
    digests = {name: digest(path.read_bytes()) for name, path in sources(PACKAGE).items()}
    return {"Python": platform.python_version(), **digests}


def _followed_by() -> str:
    """A digest of the code that follows imports, part of the key of its cache."""
    here = Path(__file__).parent
    names = ("imports", "inputs", "notebook_code", "notebooks", "references")
    return digest(b"".join((here / f"{name}.py").read_bytes() for name in names))


def _library(
    project: Project, paths: Mapping[str, Path], reader: Reader, by: str
) -> tuple[dict[str, str], Graph]:
    """The digest of every module of the library, and what each imports."""
    texts = {name: reader.read(path) for name, path in paths.items()}
    digests = {name: digest(text) for name, text in texts.items()}
    cache = project.build / "cache" / f"imports-{digest(json.dumps([by, digests]))}.json"
    with suppress(OSError, ValueError):
        return digests, json.loads(cache.read_text(encoding="utf-8"))
    packages = {name for name, path in paths.items() if path.name == "__init__.py"}
    decoded = {name: text.decode() for name, text in texts.items()}
    from analysis.execution.references import graph  # a parser takes time, and is seldom needed

    made = graph(decoded, packages, LAZY, FOLLOWED)
    with suppress(AnalysisError):
        write_atomically(cache, json.dumps(made))
    return digests, made
