"""The inputs of each claim's result: of the last run, of a revision, or as kept when published.

These are the inputs by which a run decides what is stale: `execution.inputs`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.data.fingerprints import digest
from analysis.errors import AnalysisError
from analysis.execution import manifests
from analysis.execution.inputs import InputHashes, Inputs
from analysis.execution.plan import plan

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project

NAME = "inputs.json"
OLD_NAME = "ingredients.json"  # of earlier versions, still read
SCHEMA_VERSION = 1
HERE = ("python", "installed")  # of this environment, which is not that of another tree


def made(project: Project, register: Register) -> dict[str, Inputs]:
    """The inputs of the last run that succeeded, by claim, from its manifests."""
    notes = {job.claim: manifests.read(job) for job in plan(project, register).jobs}
    return {name: brief(note["inputs"]) for name, note in notes.items() if note}


def stated(project: Project, register: Register) -> dict[str, Inputs]:
    """The inputs that a run in this tree with its own library would have, on any machine."""
    hashes = InputHashes(project, register, project.root / "src" / "analysis")
    jobs = plan(project, register).jobs
    return {job.claim: _elsewhere(brief(hashes.of(job))) for job in jobs}


def _elsewhere(inputs: Inputs) -> Inputs:
    return {name: value for name, value in inputs.items() if name not in HERE}


def brief(inputs: Inputs) -> dict[str, Any]:
    """The same with a digest of each field of the claim and of each parameter."""
    short = {
        part: {name: digest(_text(value)) for name, value in inputs[part].items()}
        for part in ("claim", "parameters")
    }
    return {**inputs, **short}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def dump(inputs: Mapping[str, Inputs]) -> str:
    """JSON with one line a claim; the digest of a module that claims share is written once."""
    shared: dict[str, str] = {}
    for each in inputs.values():
        shared.update(each["modules"])
    claims = [
        f"{json.dumps(name)}: {json.dumps(_packed(each, shared))}" for name, each in inputs.items()
    ]
    lines = ",\n".join(claims)
    head = f'"schema_version": {SCHEMA_VERSION},\n"modules": {json.dumps(shared, indent=1)}'
    return f'{{\n{head},\n"claims": {{\n{lines}\n}}\n}}\n'


def _packed(each: Inputs, shared: Mapping[str, str]) -> dict[str, Any]:
    """Names alone where every module has the shared digest."""
    modules = each["modules"]
    alike = all(shared[name] == found for name, found in modules.items())
    return {**each, "modules": sorted(modules) if alike else modules}


def parse(text: str | bytes, place: str) -> dict[str, Inputs]:
    """Inputs as they were kept. Raises AnalysisError with the place of any other content."""
    try:
        kept = json.loads(text)
        if kept["schema_version"] != SCHEMA_VERSION:
            raise _unfit(place, f"found schema_version {kept['schema_version']}")
        return {name: _whole(each, kept["modules"]) for name, each in kept["claims"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _unfit(place, repr(fault)) from None


def _whole(each: Mapping[str, Any], shared: Mapping[str, str]) -> dict[str, Any]:
    modules = each["modules"]
    if isinstance(modules, list):
        modules = {name: shared[name] for name in modules}
    return {**each, "modules": modules}


def _unfit(place: str, found: str) -> AnalysisError:
    expected = f"expected inputs of schema_version {SCHEMA_VERSION}"
    return AnalysisError(f"{expected}, {found}; `claims publish` writes them anew", file=place)
