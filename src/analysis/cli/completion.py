"""How a shell completes claims, tables, filters and parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import click

    from analysis.claims.registry import Register

Words = Iterator[tuple[str, str]]  # each with what is said beside it


def completed(part: str) -> Any:
    """A function for click: the words that may stand in a place, as far as they are typed."""

    def complete(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
        with suppress(Exception):  # the command reports a fault, not by the Tab key
            return [
                # fish takes a description for the rest of the line up to a comma
                CompletionItem(word, help=said.replace(",", ";"))
                for word, said in _words(part, _given(context), typed)
                if word.casefold().startswith(typed.casefold())
            ]
        return []

    return complete


def _given(context: click.Context) -> dict[str, Any]:
    """What is typed so far; behind an option without its value click leaves the names in `args`."""
    return {**context.params, "names": context.params.get("names") or context.args}


def _words(part: str, given: dict[str, Any], typed: str) -> Words:
    from analysis.claims import registry
    from analysis.cli.selection import known
    from analysis.project import Project

    project = Project.find()
    if part == "table":
        names = [f"{path.parent.name}/{path.stem}" for path in sorted(project.data.glob("*/*.csv"))]
        yield from _tables(names, typed)
        return
    register = registry.read(project)
    if part in ("parameter", "reading"):
        yield from _own(part, register, given, typed)
    elif part == "claim" and (name := _open(given)):
        yield from ((value, "") for value in _values(register, given, name))
    elif part == "claim":
        yield from ((claim.id, claim.title) for claim in register.claims.values())
    else:
        yield from ((word, str(register.sections.get(word, ""))) for word in known(register, part))


def _tables(names: list[str], typed: str) -> Words:
    """The tables; behind the begin of a word also by the last part, where only one has it."""
    yield from ((name, "") for name in names)
    lasts = Counter(name.rpartition("/")[2] for name in names)
    if typed and "/" not in typed:
        yield from ((name, "") for name, count in lasts.items() if count == 1)


def _own(part: str, register: Register, given: dict[str, Any], typed: str) -> Words:
    """The readings of the claim that is named, or its parameters, or the values of one."""
    claim = register.claim(given["names"][0])
    if part == "reading":
        yield from ((each.name, each.statement) for each in claim.readings)
        return
    name, equals, _ = typed.partition("=")
    if equals:
        yield from ((f"{name}={value}", "") for value in _values(register, given, name))
        return
    for each in dict.fromkeys((*claim.grid, *claim.types)):
        yield f"{each}=", "a choice" if each in claim.grid else ""


def _open(given: dict[str, Any]) -> str:
    """The parameter whose value is typed, where the shell takes what follows `=` for a new word."""
    last = (given.get("changes") or ("",))[-1]
    return "" if "=" in last else last


def _values(register: Register, given: dict[str, Any], name: str) -> Iterator[str]:
    from analysis.claims.admissible import known

    claim = register.claim(given["names"][0])
    yield from map(str, known(claim, name) if name in claim.grid else ())
