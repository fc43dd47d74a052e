"""Which claims a command is about: names, patterns and filters, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli import audit
from analysis.cli.completion import completed
from analysis.errors import ClaimsError

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.project import Project

WILD = frozenset("*?[")
CERTAINTIES = ("HIGH", "MODERATE", "LOW", "VERY_LOW")
PARTS = ("section", "verdict", "method", "certainty", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a claim must have to be selected; None admits every claim.

    Verdict, certainty and tags are those of the published results.
    """

    section: str | None = None
    verdict: str | None = None
    method: str | None = None
    certainty: str | None = None
    tag: str | None = None

    @classmethod
    def popped(cls, given: dict[str, Any]) -> Filters:
        """The filters of a command, taken out of its options."""
        return cls(**{name: given.pop(name) for name in PARTS})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in PARTS)

    def __str__(self) -> str:
        return " ".join(f"--{name} {own}" for name in PARTS if (own := getattr(self, name)))


# ------------------------------------------------------------------------- what is selected


def chosen(
    project: Project, register: Register, names: tuple[str, ...], filters: Filters
) -> tuple[str, ...]:
    """The claims that a command is about, in the register's order; none selected means all.

    Raises ClaimsError for a word that no claim has, and where names and filters leave nothing.
    """
    named = {found for word in names for found in matching(register, word)}
    if not filters:
        return tuple(name for name in register.claims if name in named)
    kept = filtered(project, register, filters)
    found = tuple(name for name in kept if not names or name in named)
    if not found:
        raise ClaimsError(f"no claim has all of: {' '.join([*names, str(filters)])}")
    return found


def filtered(project: Project, register: Register, filters: Filters) -> list[str]:
    """The claims that pass all filters; UsageError for a word that no claim can have."""
    wanted = {}
    for part in PARTS:
        if word := getattr(filters, part):
            options = tuple(known(register, part))
            wanted[part] = _spelled(word, options)
            if part == "section":
                wanted[part] = _section(register, wanted[part])
            audit.one_of(f"--{part}", wanted[part], options)
    entries = audit.published(project) if wanted else {}
    return [
        name
        for name in register.claims
        if all(value in _own(register, entries, name, part) for part, value in wanted.items())
    ]


def fixed(part: str) -> tuple[str, ...]:
    """What can stand behind a filter in every audit; nothing where that differs."""
    from analysis.claims.model import TAGS
    from analysis.verdicts.code_table import CODES

    return {"verdict": tuple(CODES), "certainty": CERTAINTIES, "tag": TAGS}.get(part, ())


def known(register: Register, part: str) -> Iterator[str]:
    """What can stand behind a filter."""
    if part == "section":
        return iter(register.sections)
    if found := fixed(part):
        return iter(found)
    return iter(sorted({claim.method for claim in register.claims.values()} - {""}))


def _own(
    register: Register, entries: Mapping[str, Mapping[str, Any]], name: str, part: str
) -> tuple[str | None, ...]:
    """What a claim has of the thing that a filter asks for."""
    claim, entry = register.claims[name], entries.get(name, {})
    if part in ("section", "method"):
        return (getattr(claim, part),)
    if part == "tag":
        return tuple(entry.get("tags", ()))
    brief = (entry.get("verdict") or {}).get("publication") or {}
    return (brief.get("code" if part == "verdict" else "certainty"),)


def _spelled(word: str, options: tuple[str, ...]) -> str:
    """The word as the options spell it: capitals and lower case are the same."""
    return {option.casefold(): option for option in options}.get(word.casefold(), word)


def _section(register: Register, word: str) -> str:
    """The section that a word names: its letter or a part of its title. UsageError lists them."""
    if word in register.sections:
        return word
    folded = word.casefold()
    found = [name for name, title in register.sections.items() if folded in title.casefold()]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{name} ({title})" for name, title in register.sections.items())
    several = f"{word!r} is in {len(found)} titles" if found else f"no {word!r}"
    raise click.UsageError(f"--section: {several}; the sections are {listed}")


def matching(register: Register, word: str) -> list[str]:
    """The claims that a word names: an ID in any case, or a pattern such as `C*`.

    Raises ClaimsError; where the word is one of something else, it says of what.
    """
    if word in register.claims:
        return [word]
    folded = word.casefold()
    found = [name for name in register.claims if fnmatchcase(name.casefold(), folded)]
    if found:
        return found
    if WILD & set(word):
        raise ClaimsError(f"no claim is called like {word!r}; run `claims list` to see them all")
    for part in PARTS:
        if meant := next((each for each in known(register, part) if each.casefold() == folded), ""):
            raise ClaimsError(f"{word!r} is no claim but a {part}: use `--{part} {meant}`")
    if Path(word).is_file():
        message = "is a file and no claim: put a pattern into quotes, such as 'C*'"
        raise ClaimsError(f"{word!r} {message}")
    register.claim(word)  # whose message has the nearest name
    raise AssertionError


def one(register: Register, word: str) -> str:
    """The one claim that a word names. Raises ClaimsError if there are none or more."""
    found = matching(register, word)
    if len(found) > 1:
        raise ClaimsError(f"{word!r} names {len(found)} claims ({', '.join(found)}): give one")
    return found[0]


# ------------------------------------------------------------------------- arguments and options

NAMES = click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed("claim"))
NAME = click.argument("name", metavar="ID", shell_complete=completed("claim"))
TABLE = click.argument("table", shell_complete=completed("table"))
ANY_TABLE = click.argument("table", required=False, shell_complete=completed("table"))
TABLES = click.argument("tables", nargs=-1, metavar="[TABLE]...", shell_complete=completed("table"))
HELP = {
    "section": "Only claims of this section.",
    "verdict": "Only claims with this published verdict.",
    "method": "Only claims tested by this method.",
    "certainty": "Only claims whose published verdict is this certain.",
    "tag": "Only claims whose published verdict has this tag.",
}


class _Filter(click.Option):
    """A filter whose help lists the words that it takes, if these are the same in every audit."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        record = super().get_help_record(ctx)
        if record and self.name in ("verdict", "certainty", "tag"):
            return record[0], f"{record[1].rstrip('.')}: {', '.join(fixed(self.name))}."
        return record


def filters(command: Any) -> Any:
    """The options that select claims."""
    for part in reversed(PARTS):
        option = click.option(
            f"--{part}", cls=_Filter, help=HELP[part], shell_complete=completed(part)
        )
        command = option(command)
    return command
