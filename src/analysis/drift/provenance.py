"""What each claim's result was made of: of the last run, of a revision, and as kept when published.

The ingredients are those by which a run decides what is up to date: `running.ingredients`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.data.fingerprints import digest
from analysis.errors import AnalysisError
from analysis.execution import manifests
from analysis.execution.inputs import Ingredients, Pantry
from analysis.execution.plan import plan

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project

NAME = "ingredients.json"
SCHEMA_VERSION = 1
HERE = ("python", "installed")  # of this environment, which is not that of another tree


def made(project: Project, register: Register) -> dict[str, Ingredients]:
    """What the last run that succeeded was made of, claim by claim, as its notes tell."""
    notes = {job.claim: manifests.read(job) for job in plan(project, register).jobs}
    return {name: brief(note["ingredients"]) for name, note in notes.items() if note}


def stated(project: Project, register: Register) -> dict[str, Ingredients]:
    """What a run would be made of in this tree with the library beside it, wherever it runs."""
    pantry = Pantry(project, register, project.root / "src" / "analysis")
    jobs = plan(project, register).jobs
    return {job.claim: _elsewhere(brief(pantry.of(job))) for job in jobs}


def _elsewhere(ingredients: Ingredients) -> Ingredients:
    return {name: value for name, value in ingredients.items() if name not in HERE}


def brief(ingredients: Ingredients) -> dict[str, Any]:
    """The same with each field of the claim and each parameter as a digest: what differs shows."""
    short = {
        part: {name: digest(_text(value)) for name, value in ingredients[part].items()}
        for part in ("claim", "parameters")
    }
    return {**ingredients, **short}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def dump(ingredients: Mapping[str, Ingredients]) -> str:
    """JSON to be kept, a claim to a line; the digest of a module that claims share stands once."""
    shared: dict[str, str] = {}
    for each in ingredients.values():
        shared.update(each["modules"])
    claims = [
        f"{json.dumps(name)}: {json.dumps(_packed(each, shared))}"
        for name, each in ingredients.items()
    ]
    lines = ",\n".join(claims)
    head = f'"schema_version": {SCHEMA_VERSION},\n"modules": {json.dumps(shared, indent=1)}'
    return f'{{\n{head},\n"claims": {{\n{lines}\n}}\n}}\n'


def _packed(each: Ingredients, shared: Mapping[str, str]) -> dict[str, Any]:
    """Names alone where every module has the shared digest."""
    modules = each["modules"]
    alike = all(shared[name] == found for name, found in modules.items())
    return {**each, "modules": sorted(modules) if alike else modules}


def parse(text: str | bytes, place: str) -> dict[str, Ingredients]:
    """Ingredients as they were kept; anything else is an AnalysisError with its place."""
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
    expected = f"expected ingredients of schema_version {SCHEMA_VERSION}"
    return AnalysisError(f"{expected}, {found}; `claims publish` writes them anew", file=place)
