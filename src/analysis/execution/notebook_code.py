"""A notebook taken apart: its code, what this uses, and the metadata that decide how it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.data.fingerprints import digest
from analysis.execution.imports import ALL
from analysis.execution.notebooks import TAG
from analysis.execution.references import references


def parts(value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `notebooks.Notebook`, from a notebook as JSON.

    KeyError, TypeError or AttributeError if it is none.
    """
    cells = value["cells"]
    code = ["".join(cell["source"]) for cell in _code(cells)]
    tree = _tree(code)
    tagged = _tagged(cells)
    own = "".join(tagged["source"]) if tagged else ""
    rest = ["".join(cell["source"]) for cell in _code(cells) if cell is not tagged]
    return {
        "digest": digest("\n\n".join(code)),
        "metadata": _metadata(value.get("metadata", {}), cells),
        "settable": _settable(tagged),
        "used": [ALL] if tree is None else sorted(references(tree)),
        "texts": sorted(_named(rest)),
        "defaults": sorted(_named([own])),
        "body": digest("\n\n".join(rest)) if _is_plain(own) else None,
    }


def replaces(injected: str, own: str) -> bool:
    """Whether a cell of parameters has no effect before an injected one, given their sources.

    >>> replaces("x = 2", "x = 1"), replaces("x = 2", "x = y = 1"), replaces("x = 2", "x = f()")
    (True, False, False)
    """
    return _is_plain(own) and set(_names(own)) <= set(_names(injected))


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", ()))


def _code(cells: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _named(code: Sequence[str]) -> set[str]:
    """The strings of these cells that may name a table."""
    tree = _tree(code)
    return _texts(tree) if tree else {text for text in code if "/" in text}


def _is_plain(source: str) -> bool:
    """Whether a cell assigns literals to names, and does nothing else."""
    tree = _tree([source])
    return bool(source) and tree is not None and all(map(_is_default, tree.body))


def _is_default(line: ast.stmt) -> bool:
    if not isinstance(line, ast.Assign | ast.AnnAssign) or line.value is None:
        return False
    targets = line.targets if isinstance(line, ast.Assign) else [line.target]
    try:
        ast.literal_eval(line.value)
    except (ValueError, TypeError):  # something computed
        return False
    return all(isinstance(target, ast.Name) for target in targets)


def _tree(code: Sequence[str]) -> ast.Module | None:
    """The code as one program; None if a cell is no plain Python, as `%run other.py` is not."""
    try:
        return ast.parse("\n\n".join(code))
    except (SyntaxError, ValueError):
        return None


def _metadata(own: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kernel, language = own.get("kernelspec", {}), own.get("language_info", {})
    found_tags: dict[str, list[str]] = {}
    count = 0
    for cell in cells:
        count += cell["cell_type"] == "code"
        if found := tags(cell):
            found_tags.setdefault(f"{cell['cell_type']} {count}", []).extend(found)
    return {
        "kernel": kernel.get("name"),
        "language": kernel.get("language") or language.get("name"),
        "tags": found_tags,
    }


def _tagged(cells: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The cell of parameters; papermill takes the first cell with the tag, of any kind."""
    found = next((cell for cell in cells if TAG in tags(cell)), None)
    return found if found and found["cell_type"] == "code" else None


def _settable(tagged: Mapping[str, Any] | None) -> list[str] | None:
    """The names that the cell of parameters sets; None if there is no such cell."""
    if tagged is None:
        return None
    return list(dict.fromkeys(_names("".join(tagged["source"]))))


def _names(source: str) -> Iterator[str]:
    """The names that a cell sets; none if it is no plain Python."""
    tree = _tree([source])
    yield from _targets(tree) if tree else ()


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        yield from (
            name.id
            for target in targets
            if target is not None
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        )


def _texts(tree: ast.Module) -> set[str]:
    """The strings with a slash; of those that are put together, their fixed parts."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str) and "/" in node.value}
