"""The entry of a new claim, written behind the last one of its section."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from analysis import methods
from analysis.claims import files, registry
from analysis.data.yaml_edits import appended
from analysis.errors import ClaimsError, ParameterError
from analysis.project import CLAIMS_FOLDER, all_or_nothing, write_atomically

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project

NAME = re.compile(r"([A-Z]+)[0-9]+[a-z]?")


def add(project: Project, register: Register, name: str, method: str) -> str:
    """Append an entry, and check the register with it; the place of the entry, `file:line`.

    Raises ParameterError for a name that is taken or no name, and for an unknown method. If the
    register is not as it must be with the entry, the file is left as it was.
    """
    methods.method(method)  # raises for an unknown one
    path = _file(project, register, _section(register, name))
    before = path.read_bytes() if path.exists() else b""
    shown = project.show(path)
    text = appended(before, "claims", entry(name, method), file=shown, error=ClaimsError)
    with all_or_nothing(path):
        write_atomically(path, text)
        registry.read(project)
    _, places = files.parse(files.read(project))
    place = places.at(("claims", name))
    return f"{place['file']}:{place['line']}"


def entry(name: str, method: str) -> str:
    """The entry of a claim that waits for its rule, with the parameters of its method to fill in.

    >>> entry("A2", "level").splitlines()[0]
    'A2:'
    """
    template = resources.files("analysis.cli") / "claim_templates" / f"{method}.yaml"
    return Template(template.read_text(encoding="utf-8")).substitute(id=name)


def _section(register: Register, name: str) -> str:
    """The section of a new claim, by the letters of its name."""
    if name in register.claims:
        raise ParameterError(f"there is a claim {name} already: `claims show {name}`")
    if not (found := NAME.fullmatch(name)):
        raise ParameterError(f"{name!r} is no name of a claim: expected one like X2 or X2b")
    if found[1] not in register.sections:
        known = ", ".join(register.sections)
        message = f"no section {found[1]!r}, only {known}: add it to `sections` in claims.yaml"
        raise ParameterError(message)
    return found[1]


def _file(project: Project, register: Register, section: str) -> Path:
    """The file with the last claim of this section; else that of the section in claims/."""
    _, places = files.parse(files.read(project))
    found = [
        places.at(("claims", name))["file"]
        for name, claim in register.claims.items()
        if claim.section == section
    ]
    return project.root / (found[-1] if found else f"{CLAIMS_FOLDER}/{section}.yaml")
