"""The dotted names that code uses, read from its source and without running it.

What cannot be followed counts as everything: code that imports by a computed name, that runs text,
or that hands a package on as a value may use any module of the package.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from analysis.execution.imports import ALL, resolve

_IMPORTERS = {"import_module", "__import__", "find_spec", "run_module"}
_RUNNERS = {"exec", "get_ipython", "run_path"}  # and `eval`, which is also a method of frames


def graph(
    texts: Mapping[str, str],
    packages: Collection[str],
    lazy: Mapping[str, str] | None = None,
    followed: Collection[str] = (),
) -> dict[str, list[str]]:
    """For each module what it imports, wherever in its source it does.

    Modules of the same package have their full names, libraries their first. Imports
    for type checkers alone do not count. `packages` are the modules that are folders, `lazy` says
    where attributes live that a package loads when they are asked for. Modules in `followed` import
    by computed names, and whoever calls them accounts for that.
    """
    made = {}
    for name, text in texts.items():
        around = name if name in packages else name.rpartition(".")[0]
        used = references(ast.parse(text), around)
        if name in followed:
            used = {each for each in used if ALL not in each}
        made[name] = sorted(resolve(used, texts, lazy or {}) - {name})
    return made


def references(tree: ast.AST, around: str = "") -> set[str]:
    r"""Every dotted name that code imports, or takes from a module that it has imported.

    A module of the package `around` it may be named relatively. A name that ends in `*` stands for
    all that is in it.

    >>> sorted(references(ast.parse("import p as q\nq.figures.level(q.claim('X'))")))
    ['p', 'p.claim', 'p.figures.level']
    >>> sorted(references(ast.parse("import p\nf(p)")))
    ['p', 'p.*']
    """
    nodes = list(_running(tree))
    found, bound = _imported(nodes, around)
    inner = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            found |= _taken(node, bound)
        elif isinstance(node, ast.Call):
            found |= _called(node, around, bound)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= _named(node.value, bound)
    return found


def _imported(nodes: Iterable[ast.AST], around: str) -> tuple[set[str], dict[str, set[str]]]:
    """What is imported, and which names of the code stand for it."""
    found: set[str] = set()
    bound: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.add(alias.name)
                own = alias.asname or alias.name.partition(".")[0]
                bound.setdefault(own, set()).add(alias.name if alias.asname else own)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, around)
            for alias in node.names:
                found |= {base, f"{base}.{alias.name}"}
                bound.setdefault(alias.asname or alias.name, set()).add(f"{base}.{alias.name}")
    return found, bound


def _taken(node: ast.expr, bound: Mapping[str, Collection[str]]) -> set[str]:
    """What a chain of attributes takes; a name alone hands on whatever it stands for."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store):
        return set()
    return {".".join((base, *(names or ALL))) for base in bound.get(node.id, ())}


def _called(node: ast.Call, around: str, bound: Mapping[str, Collection[str]]) -> set[str]:
    """What a call imports by name; everything if the name is computed, or text is run."""
    own = getattr(node.func, "attr", getattr(node.func, "id", ""))
    names = {own, *(each.rpartition(".")[2] for each in bound.get(own, ()))}
    if names & _RUNNERS or getattr(node.func, "id", "") == "eval":
        return {ALL}
    if not names & _IMPORTERS:
        return set()
    argument = node.args[0] if node.args else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        level = len(argument.value) - len(argument.value.lstrip("."))
        if not level:
            return {argument.value}
        if around:
            return {_base(ast.ImportFrom(argument.value[level:], [], level), around)}
    return {ALL}


def _named(text: str, bound: Mapping[str, Collection[str]]) -> set[str]:
    """A text that reads like a module of an imported package, as a key of sys.modules is."""
    first, _, rest = text.partition(".")
    if not rest or not all(part.isidentifier() for part in rest.split(".")):
        return set()
    return {f"{base}.{rest}" for base in bound.get(first, ())}


def _base(node: ast.ImportFrom, around: str) -> str:
    """The module that a `from` import names, relative ones resolved."""
    for _ in range(node.level - 1):
        around = around.rpartition(".")[0]
    if not node.level:
        return node.module or ""
    return f"{around}.{node.module}" if node.module else around


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and _for_checkers(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _for_checkers(test: ast.expr) -> bool:
    """Whether a condition is exactly TYPE_CHECKING; `not TYPE_CHECKING` is true when code runs."""
    return getattr(test, "attr", getattr(test, "id", "")) == "TYPE_CHECKING"
