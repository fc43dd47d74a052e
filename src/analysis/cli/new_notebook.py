"""A notebook of the library as the audit's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import ParameterError, suggest
from analysis.execution.plan import OVERVIEWS
from analysis.methods import METHODS
from analysis.project import shipped, write_atomically

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project

_CLAIM = re.compile(r'claim_id = \\"[^"\\]*\\"')  # as it stands in the JSON of a notebook


def copy(project: Project, register: Register, name: str) -> str:
    """Copy the notebook called `name`, with a claim of this audit in it; its place.

    Raises ParameterError for an unknown name, and where the audit has such a notebook.
    """
    known = (*METHODS, *OVERVIEWS)
    if name not in known:
        message = f"no notebook {name!r}{suggest(name, known)}; one of: {', '.join(known)}"
        raise ParameterError(message)
    path = project.notebooks / f"{name}.ipynb"
    if path.exists():
        raise ParameterError(f"{project.show(path)} is there already")
    text = shipped(f"notebooks/{name}.ipynb").read_text(encoding="utf-8")
    own = next((claim.id for claim in register.claims.values() if claim.method == name), None)
    if own:
        text = _CLAIM.sub(f'claim_id = \\\\"{own}\\\\"', text, count=1)
    write_atomically(path, text)
    return project.show(path)
