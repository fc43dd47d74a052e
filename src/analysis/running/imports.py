"""Which modules a piece of code can reach, read from sources and without running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, Collection[str]]


def sources(package: Path) -> dict[str, Path]:
    """The file of every module of a package, by the module's full name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def graph(texts: Mapping[str, str], packages: Collection[str]) -> dict[str, list[str]]:
    """For each module what it imports from the same package, wherever in its source it does.

    Imports for type checkers alone do not count. `packages` are the modules that are folders.
    """
    return {
        name: sorted(_imported(ast.parse(text), name, name in packages, texts) - {name})
        for name, text in texts.items()
    }


def reach(imports: Graph, roots: Iterable[str]) -> frozenset[str]:
    """These modules, everything that they import, and the packages around them.

    >>> sorted(reach({"a": [], "a.b": ["a.c"], "a.c": [], "a.d": []}, ["a.b"]))
    ['a', 'a.b', 'a.c']
    """
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in imports:
            continue
        reached.add(name)
        waiting += imports[name]
        waiting.append(name.rpartition(".")[0])
    return frozenset(reached)


def attributes(code: str, package: str) -> Iterator[tuple[str, str]]:
    r"""The first two names that code takes from a package it has imported as a whole.

    One too many does no harm, so that texts and comments are looked at too.

    >>> list(attributes("import p\np.figures.level(p.claim('X'))", "p"))
    [('figures', 'level'), ('claim', '')]
    """
    for found in re.finditer(rf"\b{package}\.(\w+)(?:\.(\w+))?", code):
        yield found[1], found[2] or ""


def _imported(tree: ast.AST, module: str, is_package: bool, known: Collection[str]) -> set[str]:  # noqa: FBT001
    around = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    for node in _running(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, around)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found & set(known)


def _base(node: ast.ImportFrom, around: str) -> str:
    """The module that a `from` import names, relative ones resolved."""
    for _ in range(node.level - 1):
        around = around.rpartition(".")[0]
    if not node.level:
        return node.module or ""
    return f"{around}.{node.module}" if node.module else around


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but what stands under `if TYPE_CHECKING`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
