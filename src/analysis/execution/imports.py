"""Which modules a piece of code can reach, by the dotted names that it uses."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

Graph = Mapping[str, Collection[str]]
ALL = "*"  # after a package: every module in it


def sources(package: Path) -> dict[str, Path]:
    """The file of every module of a package, by the module's full name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


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


def resolve(used: Iterable[str], known: Collection[str], lazy: Mapping[str, str] = {}) -> set[str]:
    """The modules that dotted names lead to, and the first names of libraries.

    >>> sorted(resolve({"p.a.f", "p.s.*", "numpy.linalg"}, {"p", "p.a", "p.s", "p.s.t"}))
    ['numpy', 'p.a', 'p.s', 'p.s.t']
    """
    roots = {name.partition(".")[0] for name in known}
    found: set[str] = set()
    for name in used:
        top = name.partition(".")[0]
        if top == ALL:
            found |= set(known)
        elif top not in roots:
            found |= {top} - sys.stdlib_module_names
        elif (whole := name.removesuffix(f".{ALL}")) != name and whole in known:
            found |= {each for each in known if f"{each}.".startswith(f"{whole}.")}
        else:
            found.add(_module(name, known, lazy))
    return found


def _module(name: str, known: Collection[str], lazy: Mapping[str, str]) -> str:
    """The innermost module on the way to a dotted name."""
    while name not in known:
        if name in lazy:
            return lazy[name]
        name = name.rpartition(".")[0]
    return name
