"""What of a claim can be chosen: a control for each parameter of its method, typed by it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from analysis.claims import parameters
from analysis.claims.free_choices import free_names
from analysis.errors import ParameterError
from analysis.methods import method

if TYPE_CHECKING:
    from analysis.claims.model import Claim

Kind = Literal["choice", "flag", "integer", "number", "text", "structure"]
KINDS: Mapping[Any, Kind] = {bool: "flag", int: "integer", float: "number", str: "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One parameter that a reader can set; `varied` if it is a choice of the registered grid.

    `options` are the values of a choice, the registered grid first; `registered` is its value
    without a change, None if it has none.
    """

    name: str
    kind: Kind
    registered: Any
    options: tuple[Any, ...] = ()
    varied: bool = False


def controls(claim: Claim) -> tuple[Control, ...]:
    """All parameters of the claim's method: first the choices of the grid, structures last."""
    kind = method(claim.method)
    hints = get_type_hints(kind)
    made = [_control(claim, item, hints[item.name]) for item in fields(kind)]
    made += [_free(claim, name) for name in free_names(claim.method, claim.grid)]
    return tuple(sorted(made, key=lambda each: (not each.varied, each.kind == "structure")))


def _control(claim: Claim, item: Any, hint: Any) -> Control:
    usual = item.default_factory() if item.default is MISSING and _made(item) else item.default
    registered = claim.parameters.get(item.name, None if usual is MISSING else usual)
    options = _options(claim, item.name, hint)
    return Control(
        name=item.name,
        kind="choice" if options else KINDS.get(hint, "structure"),
        registered=registered,
        options=tuple(options),
        varied=item.name in claim.grid,
    )


def _free(claim: Claim, name: str) -> Control:
    """The control of a choice that is no parameter of the method."""
    options = tuple(claim.options(name, claim.preferred()))
    registered = claim.parameters.get(name)
    return Control(name=name, kind="choice", registered=registered, options=options, varied=True)


def _options(claim: Claim, name: str, hint: Any) -> list[Any]:
    """Those of the grid, what readings fix beside it, and whatever else the type admits."""
    options = list(claim.options(name, claim.preferred())) if name in claim.grid else []
    more = [each.parameters[name] for each in claim.readings if name in each.parameters]
    more = [*(more if options else []), *(get_args(hint) if _literal(hint) else [])]
    for each in more:
        if each not in options:
            options.append(each)
    return options


def _made(item: Any) -> bool:
    return item.default_factory is not MISSING


def _literal(hint: Any) -> bool:
    return get_origin(hint) is Literal


def written(value: Any) -> str:
    """A value as a reader writes it: text as it is, everything else as JSON.

    >>> written("fob"), written(75.0), written({"year": 2023})
    ('fob', '75', '{"year": 2023}')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.15g}"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def read(claim: Claim, control: Control, value: Any) -> Any:
    """What a reader set, as a value of the parameter. ParameterError says what was expected.

    Numbers and options are values already; text is read as on the command line.
    """
    if value == control.registered:
        return control.registered
    if control.kind == "choice":
        if value not in control.options:
            options = ", ".join(map(written, control.options))
            raise ParameterError(f"{control.name}={value}: expected one of: {options}")
        return value
    if control.kind in ("text", "structure"):
        return parameters.parse(claim, [f"{control.name}={value}"])[control.name]
    return parameters.parse(claim, [f"{control.name}={json.dumps(value)}"])[control.name]
