"""What each claim's result was made of, by digest: kept when results are published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
from analysis.catalog import Catalog
from analysis.drift.causes import Ingredients
from analysis.drift.reach import reached
from analysis.errors import AnalysisError
from analysis.seals import digest

if TYPE_CHECKING:
    from analysis.claims import Claim
    from analysis.project import Project
    from analysis.register import Register

NAME = "ingredients.json"
SCHEMA_VERSION = 1
APART = ("parameters", "grid", "tables")  # of a claim: its parameters, and what is told by itself


def gather(project: Project, register: Register, python: str = "") -> dict[str, Any]:
    """The ingredients of every claim as this folder has them; what all share is told once.

    Without the version of `python`, as for an old revision, none is stated.
    """
    catalog = Catalog.read(project)
    source = _library(project)
    version = {"python": python} if python else {}
    methods = sorted({claim.method for claim in register.claims.values() if claim.method})
    reach = {method: reached(source, method) for method in methods}
    modules = sorted({name for names in reach.values() for name in names})
    return {
        "schema_version": SCHEMA_VERSION,
        "shared": {"lock": _of(project.lock), **version},
        "modules": {name: _of(source / name) for name in modules},
        "reach": {method: list(names) for method, names in reach.items()},
        "claims": {claim.id: _own(project, claim, catalog) for claim in register.claims.values()},
    }


def each(kept: Mapping[str, Any]) -> dict[str, Ingredients]:
    """The ingredients of each claim, with what is shared and the modules that it reaches."""
    return {name: _whole(kept, own) for name, own in kept["claims"].items()}


def _whole(kept: Mapping[str, Any], own: Mapping[str, Any]) -> Ingredients:
    names = kept["reach"].get(own["method"], ())
    modules = {name: kept["modules"][name] for name in names}
    return {**kept["shared"], **own, "modules": modules}


def parse(text: str | bytes, place: str) -> dict[str, Any]:
    """Ingredients as they were kept; anything else is an AnalysisError with its place."""
    try:
        value = json.loads(text)
    except ValueError as fault:
        raise AnalysisError(f"not JSON: {fault}; publish again", file=place) from None
    if not isinstance(value, dict) or value.get("schema_version") != SCHEMA_VERSION:
        expected = f"expected ingredients of schema_version {SCHEMA_VERSION}"
        raise AnalysisError(f"{expected}; publish again to write them anew", file=place)
    return value


def _own(project: Project, claim: Claim, catalog: Catalog) -> dict[str, Any]:
    content = asdict(claim)
    return {
        "method": claim.method,
        "claim": _plain({name: value for name, value in content.items() if name not in APART}),
        "parameters": _plain([content["parameters"], content["grid"]]),
        "notebook": _of(project.notebooks / f"{claim.method}.ipynb") if claim.method else "",
        "tables": {name: catalog.sha256(name) for name in claim.tables},
    }


def _plain(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _of(path: Path) -> str:
    return digest(path.read_bytes()) if path.is_file() else ""


def _library(project: Project) -> Path:
    """The library beside the audit; an audit elsewhere is tested by the one that is installed."""
    beside = project.root / "src" / "analysis"
    return beside if beside.is_dir() else Path(analysis.__file__).parent
