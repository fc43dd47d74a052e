"""The parameters of a notebook: its own dictionary, and the names that papermill injects beside it.

`papermill -p reporter Norland`, `-y` and `-f` write variables into a cell of their own. It begins
with the comment "# Parameters". Its names are read from IPython's input history.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_origin

from analysis.errors import ParameterError
from analysis.methods.parameters import fit, hints, known

HEAD = "# Parameters"  # papermill's first line of the cell that it injects
OWN = ("claim_id", "vintage", "reading", "parameters")  # variables of every notebook of a method
TEXT_HINT = "; papermill reads a number with -p: use -r NAME VALUE for text"


def merged(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """`parameters`, with the injected names if it is the notebook's own variable `parameters`.

    Raises ParameterError if it is no dictionary, or if both give a name with different values.
    """
    if not isinstance(parameters, Mapping):
        expected = 'expected a dictionary, for example {"claimed": 80}'
        if isinstance(parameters, str):
            expected += "; papermill passes text by -p: use -y 'parameters: {claimed: 80}'"
        raise ParameterError(f"parameters={parameters!r}: {expected}")
    if not (namespace := _namespace(parameters)):
        return dict(parameters)
    found = injected(namespace)
    for name in found.keys() & parameters.keys():
        if found[name] != parameters[name]:
            both = f"{parameters[name]!r} in `parameters` and {found[name]!r} by papermill"
            raise ParameterError(f"{name} is given twice: {both}")
    return {**parameters, **found}


def injected(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the last injected cell, by name, without the notebook's own variables."""
    cells = [text for text in namespace.get("In", ()) if text.lstrip().startswith(HEAD)]
    names = _assigned(cells[-1]) if cells else ()
    return {name: namespace[name] for name in names if name not in OWN and name in namespace}


def check(
    parameters: Mapping[str, Any],
    method: str,
    owner: str,
    types: Mapping[str, Any] | None = None,
) -> None:
    """Raise ParameterError at an unknown name or a value of another type, with the valid ones.

    `types` are those of the method, if a claim has choices of its own beside them.
    """
    types = hints(method) if types is None else types
    try:
        known(parameters, method, owner, types)
    except ParameterError as error:
        raise ParameterError(f"{error}; a notebook also takes: {', '.join(OWN)}") from None
    for name, value in parameters.items():
        try:
            fit(name, value, types[name])
        except ParameterError as error:
            text = types[name] is str or get_origin(types[name]) is Literal
            number = isinstance(value, int | float)
            raise ParameterError(f"{error}{TEXT_HINT if text and number else ''}") from None


def _namespace(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables of the notebook that `parameters` is one of; empty elsewhere."""
    shell = getattr(builtins, "get_ipython", lambda: None)()  # IPython's own name in its cells
    namespace: Mapping[str, Any] = shell.user_ns if shell else {}
    return namespace if namespace.get("parameters") is parameters else {}


def _assigned(source: str) -> Iterator[str]:
    """The names that a cell assigns at its top level."""
    for line in ast.parse(source).body:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
