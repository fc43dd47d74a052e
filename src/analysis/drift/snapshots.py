"""A state of an audit to compare: build/, the published results, a revision or a bundle.

A state is read and never changed: a revision comes from git's own store, a bundle from its zip.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.claims import registry
from analysis.drift import provenance
from analysis.errors import AnalysisError, suggest
from analysis.execution.inputs import Inputs
from analysis.project import Project
from analysis.verdicts import results as results_file

BUILD, PUBLISHED = "build", "published"
RESULTS = ("results.json", "published.json", "build/results.json", "results/published.json")
INPUTS = tuple(
    place + name for name in (provenance.NAME, provenance.OLD_NAME) for place in ("results/", "")
)
SOURCES = ("src", "notebooks", "claims.yaml", "claims/", "data/catalog.yaml", "requirements.lock")
Reader = Callable[[str], bytes | None]


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Results with their inputs and readers of their figures.

    `picture` gives a claim's PNG, `plotted` its plotted numbers (CSV); None where not kept.
    """

    name: str
    results: Mapping[str, Any]
    inputs: Mapping[str, Inputs] = field(default_factory=dict)
    picture: Reader = _nothing
    plotted: Reader = _nothing


def find(project: Project, name: str) -> Snapshot:
    """The state called `name`: build, published, a file, a folder, a bundle, or a git revision."""
    if name == BUILD:
        return _build(project)
    if name == PUBLISHED:
        return _folder(name, project.results, pictures=project.root / "docs" / "images")
    path = Path(name)
    if path.is_dir():
        return _folder(name, path, pictures=path / "figures")
    if path.is_file():
        return _bundle(path) if zipfile.is_zipfile(path) else _file(path)
    return _revision(project, name)


def _build(project: Project) -> Snapshot:
    figures = project.build / "figures"
    return Snapshot(
        name=BUILD,
        results=results_file.read_results(project.build / "results.json"),
        inputs=provenance.made(project, registry.read(project)),
        picture=_reader(figures, "png"),
        plotted=_reader(figures, "csv"),
    )


def _folder(name: str, folder: Path, *, pictures: Path) -> Snapshot:
    found = next((folder / each for each in RESULTS if (folder / each).is_file()), None)
    if found is None:
        expected = " or ".join(RESULTS[:2])
        raise AnalysisError(f"no results in this folder: expected {expected}", file=str(folder))
    kept = found.with_name(provenance.NAME)
    if not kept.is_file():
        kept = found.with_name(provenance.OLD_NAME)
    return Snapshot(
        name=name,
        results=results_file.read_results(found),
        inputs=provenance.parse(kept.read_bytes(), str(kept)) if kept.is_file() else {},
        picture=_reader(pictures, "png"),
        plotted=_reader(pictures, "csv"),
    )


def _file(path: Path) -> Snapshot:
    return Snapshot(name=str(path), results=results_file.read_results(path))


def _reader(folder: Path, ending: str) -> Reader:
    def read(claim: str) -> bytes | None:
        path = folder / f"{claim}.{ending}"
        return path.read_bytes() if path.is_file() else None

    return read


# --------------------------------------------------------------------------- bundles


def _bundle(path: Path) -> Snapshot:
    """A zip with results, inputs and figures anywhere inside; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            content = {each: archive.read(each) for each in archive.namelist() if _wanted(each)}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as fault:
        raise AnalysisError(f"not a bundle that can be read: {fault}", file=str(path)) from None
    results = _member(content, *RESULTS)
    if results is None:
        message = f"no results in this bundle: expected a member {RESULTS[0]} or {RESULTS[1]}"
        raise AnalysisError(message, file=str(path))
    made = _member(content, *INPUTS)
    return Snapshot(
        name=str(path),
        results=parsed(results, str(path)),
        inputs=provenance.parse(made, str(path)) if made else {},
        picture=lambda claim: _member(content, f"figures/{claim}.png"),
        plotted=lambda claim: _member(content, f"figures/{claim}.csv"),
    )


def _wanted(name: str) -> bool:
    last = name.rpartition("/")[2]
    figure = "figures/" in name and name.endswith((".png", ".csv"))
    return figure or last in (
        "results.json",
        "published.json",
        provenance.NAME,
        provenance.OLD_NAME,
    )


def _member(content: Mapping[str, bytes], *names: str) -> bytes | None:
    """The first member that is called, or ends with, one of the names."""
    for name in names:
        for each in sorted(content):
            if each == name or each.endswith(f"/{name}"):
                return content[each]
    return None


def parsed(text: bytes, place: str) -> dict[str, Any]:
    """A results file from its bytes; one of another make is an error with its place."""
    try:
        value = json.loads(text)
    except ValueError as fault:
        raise AnalysisError(f"not a results file: {fault}", file=place) from None
    value = results_file.upgraded(value) if isinstance(value, dict) else {}
    found = value.get("schema_version")
    if found != results_file.SCHEMA_VERSION:
        expected = f"expected schema_version {results_file.SCHEMA_VERSION}"
        raise AnalysisError(f"not a results file: {expected}, found {found}", file=place)
    return value


# --------------------------------------------------------------------------- revisions


def _revision(project: Project, name: str) -> Snapshot:
    """The published results of a git revision, and the inputs that its tree gives."""
    commit = f"{name}^{{commit}}"
    _git(project, name, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
    place = f"{name}:{project.show(project.published)}"
    results = _git(project, name, "show", _path(name, project.show(project.published)))
    pictures = "docs/images"
    return Snapshot(
        name=name,
        results=parsed(results, place),
        inputs=_stated(project, name),
        picture=lambda claim: _shown(project, name, f"{pictures}/{claim}.png"),
    )


def _stated(project: Project, name: str) -> Mapping[str, Inputs]:
    """Those that were kept with the results, else those that the sources of the revision give."""
    for file in (provenance.NAME, provenance.OLD_NAME):
        path = project.show(project.results / file)
        if kept := _shown(project, name, path):
            return provenance.parse(kept, f"{name}:{path}")
    with tempfile.TemporaryDirectory() as folder:
        packed = _git(project, name, "archive", "--format=tar", name)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            wanted = [each for each in archive.getmembers() if each.name.startswith(SOURCES)]
            archive.extractall(folder, members=wanted, filter="data")
        old = Project(Path(folder))
        try:
            return provenance.stated(old, registry.read(old))
        except AnalysisError:
            return {}  # an older register, or none: then causes are not traced, and that is said


def _path(name: str, path: str) -> str:
    return f"{name}:./{path}"


def _shown(project: Project, name: str, path: str) -> bytes | None:
    try:
        return _git(project, name, "show", _path(name, path))
    except AnalysisError:
        return None


def _git(project: Project, name: str, *words: str) -> bytes:
    """What git answers about a revision; what it cannot is an AnalysisError."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the revision was verified
            ["git", "-C", str(project.root), *words],  # noqa: S607 - whichever git the user has
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        raise AnalysisError("git does not answer: compare two files instead", file=name) from None
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        hint = suggest(name, (BUILD, PUBLISHED))
        cause = f": {why}" if why else ""
        message = f"no such file, folder, bundle or git revision with results{hint}{cause}"
        raise AnalysisError(message, file=name)
    return done.stdout
