"""Which modules of the library a notebook of a method can come to, from what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "analysis"
ACTS = ("workbench", "narrative", "figures.curve")  # what every notebook of a method calls


def reached(folder: Path, method: str) -> tuple[str, ...]:
    """The files under `folder`, the package's own, that count for a claim of the method.

    Late imports count too; what is found by a name in a string does not, as the other methods.
    """
    waiting = [f"{PACKAGE}.{name}" for name in (*ACTS, f"methods.{method}", f"figures.{method}")]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = _file(folder, name)
        if path is not None and path.relative_to(folder).as_posix() not in found:
            found.add(path.relative_to(folder).as_posix())
            waiting += _imported(path)
    return tuple(sorted(found))


def _file(folder: Path, name: str) -> Path | None:
    inside = folder.joinpath(*name.split(".")[1:])
    either = (inside.with_suffix(".py"), inside / "__init__.py")
    return next((path for path in either if path.is_file() and path != folder), None)


def _imported(path: Path) -> Iterator[str]:
    """Full names that the module imports from this package; `from x import y` may mean x.y."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if _ours(each.name))
        if isinstance(node, ast.ImportFrom) and node.module and _ours(node.module):
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _ours(name: str) -> bool:
    return name == PACKAGE or name.startswith(f"{PACKAGE}.")
