"""Audit a published text claim by claim, with pandas.

A claim: `list_claims`, `claim`, `load`, `sweep`, `judge`, `sensitivity`, `record`; the rows behind
an estimate: `rows`; controls in JupyterLab: `explore`. The data and the outcome: `tables`, `table`,
`results`. The module `figures` draws. A name loads its module on first use.

Example::

    claim = analysis.claim("X1", {"reporter": "Norland"})
    evidence = analysis.load(claim)
    curve = analysis.sweep(claim, evidence)
    curve.to_frame().groupby("outcome")["value"].describe()
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_MODULES = {
    "list_claims": "notebook.frames",
    "claim": "notebook.api",
    "load": "notebook.api",
    "rows": "notebook.frames",
    "sweep": "notebook.api",
    "judge": "notebook.api",
    "sensitivity": "verdicts.wording",
    "record": "notebook.api",
    "explore": "notebook.explore.panel",
    "tables": "notebook.frames",
    "table": "notebook.frames",
    "results": "notebook.frames",
}
__all__ = [*_MODULES, "figures"]  # noqa: PLE0604 - names, resolved on first use


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("analysis.figures")
    if name in _MODULES:
        return getattr(importlib.import_module(f"analysis.{_MODULES[name]}"), name)
    from analysis.errors import suggest

    message = f"module 'analysis' has no attribute {name!r}"
    raise AttributeError(f"{message}{suggest(name, __all__)}")


def __dir__() -> list[str]:
    """The public names alone, for Tab."""
    return sorted(__all__)
