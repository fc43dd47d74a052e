"""The reference: claims.yaml, the command line and the public functions, from the code itself.

`python -m analysis.cli.reference > docs/reference.md`; a test holds the page to it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from itertools import chain
from typing import Any

import click

import analysis
from analysis import cli
from analysis.claims import finding_texts
from analysis.claims.schema import schema
from analysis.claims.short_keys import ShortKeys
from analysis.cli import data_reference, figures_reference
from analysis.methods import METHODS, method

PARTS = (
    ("A claim", "ClaimForm"),
    ("A reading", "ReadingForm"),
    ("A side assertion", "SideAssertionForm"),
    ("A logged search", "SearchForm"),
)
WIDTH = 80  # columns of the help texts
SHORT_FORM = """\
A claim that compares a column of a table with what the article says needs four keys and one verb:

```yaml
K1:
  locator: p1 s2
  says: In Spain coal had a share of three percent in 2022.
  measure: power/shares.share_pct
  where: {iso3: ESP, fuel: coal, year: 2022}
  rounds_to: 3
```

Section, title, type, core, rule, literal reading (beside a `rule`, the statement), method,
parameters and tables follow; the unit is
that of the catalog. `claims show K1 --full` prints all of it. Any key of the long form may stand
beside these (a `rule` in your own words, `readings`, a `grid` whose choices are filled into
`where`, `certainty`), and comes before what is generated. `parameters` are added to those of the
verb. An error names the line of the short key."""
HEAD = """\
# Reference

Made from the code by `python -m analysis.cli.reference > docs/reference.md`. For the meaning of
words see the [glossary](glossary.md), for the rules the [method](method.md), for a first walk the
[tutorial](tutorial.md)."""


def page() -> str:
    """The whole page as Markdown."""
    parts = (
        _register(),
        _findings(),
        _methods(),
        data_reference.sections(),
        _commands(),
        _functions(),
    )
    return "\n\n".join([HEAD, *chain.from_iterable(parts)]) + "\n"


# ------------------------------------------------------------------- claims.yaml and claims/


def _register() -> Iterator[str]:
    grammar = schema()
    yield "## claims.yaml and claims/"
    yield (
        "`claims schema` prints this grammar as JSON Schema, for editors; `claims list` reports "
        "every mistake with its line."
    )
    yield (
        "An audit may keep all keys in claims.yaml, or spread them over claims.yaml and the files "
        "of claims/: `claims` and `names` in as many of them as you like, each other key in one. "
        "Claims are listed in the order of `sections`."
    )
    yield from _short_form(grammar)
    short = ShortKeys.__annotations__
    for title, kind in (("The file", grammar), *((t, grammar["$defs"][n]) for t, n in PARTS)):
        yield f"### {title}"
        yield _keys(kind, without=short if title == "A claim" else ())


def _short_form(grammar: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the short form, each with its example."""
    yield "### The short form"
    yield SHORT_FORM
    properties = grammar["$defs"]["ClaimForm"]["properties"]
    yield _examples({key: properties[key]["description"] for key in ShortKeys.__annotations__})
    yield (
        "Under `defaults`, a claims file says what its claims have where they do not say otherwise:"
    )
    usual = grammar["$defs"]["Defaults"]["properties"]
    yield _examples({key: own["description"] for key, own in usual.items()})


def _examples(meanings: Mapping[str, str]) -> str:
    rows = ["| key | meaning | example |", "|---|---|---|"]
    for key, text in meanings.items():
        meaning, _, example = text.partition(" Example: ")
        rows.append(f"| `{key}` | {meaning} | {example} |")
    return "\n".join(rows)


def _keys(kind: Mapping[str, Any], without: Container[str] = ()) -> str:
    """The keys of a mapping as a table; `needed` where no other key decides that."""
    rows = ["| key | value | needed | meaning |", "|---|---|---|---|"]
    for name, own in kind["properties"].items():
        if name in without:
            continue
        needed = "yes" if name in kind.get("required", ()) else ""
        rows.append(f"| `{name}` | {_value(own)} | {needed} | {own.get('description', '')} |")
    return "\n".join(rows)


def _value(kind: Mapping[str, Any]) -> str:
    """What a value may be, in words.

    >>> _value({"enum": ["yes", "no"]}), _value({"type": "array", "items": {"type": "string"}})
    ('`yes`, `no`', 'list of text')
    """
    if "enum" in kind:
        return ", ".join(f"`{option}`" for option in kind["enum"])
    if kind.get("type") == "array":
        return f"list of {_value(kind.get('items', {}))}"
    words = {"string": "text", "object": "mapping", "boolean": "`true` or `false`"}
    if "$ref" in kind:
        return words["object"]
    if "pattern" in kind:
        return f"text like `{kind['pattern']}`"
    return words.get(kind.get("type", ""), "any value")


def _findings() -> Iterator[str]:
    yield "## Findings"
    yield (
        "The sentence that heads a claim's page and figure says what is true. `finding` has a text "
        f"for each outcome, of at most {finding_texts.LONGEST} characters: "
        f"{_quoted(finding_texts.GROUPS)}. A text for one row of the "
        f"[table of codes](method.md) goes first: {_quoted(finding_texts.ROWS)}. No number is "
        "typed but those of the claim's statement: placeholders take them from the trial on which "
        "the verdict rests. A format of Python may follow, `{value:.1f}`, or a noun that is "
        "counted, `{failing:way|ways}`; brackets name another reading, a side assertion or another "
        "option of a choice, `{value[reporter=Norland]}`. A text whose number the evidence lacks, "
        "or that is not there, gives way to a sentence made of the measured value."
    )
    yield _meanings("Placeholders of all methods", finding_texts.COMMON)
    for name, own in finding_texts.OF_METHOD.items():
        yield _meanings(f"Placeholders of {name}", own)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _meanings(title: str, names: Mapping[str, str]) -> str:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in names.items()]
    return "\n".join([f"### {title}", "", "| placeholder | meaning |", "|---|---|", *rows])


def _methods() -> Iterator[str]:
    yield "## Methods and their parameters"
    yield (
        "The same names stand under `parameters`, `grid` and `readings` in claims.yaml, behind "
        "`-p` on the command line and of papermill, in the dictionary `parameters` of "
        "`notebooks/METHOD.ipynb`, and in `analysis.claim(ID, {NAME: VALUE})`."
    )
    for name in METHODS:
        kind: Any = method(name)
        yield f"### {name}"
        yield str(inspect.getdoc(kind))
        rows = ["| parameter | type | default |", "|---|---|---|"]
        rows += [_parameter(item) for item in fields(kind)]
        yield "\n".join(rows)


def _parameter(item: Any) -> str:
    kind = str(item.type).replace("|", "\\|")
    return f"| `{item.name}` | `{kind}` | {_default(item)} |"


def _default(item: Any) -> str:
    if item.default is not MISSING:
        return f"`{item.default!r}`"
    return "must be given" if item.default_factory is MISSING else "`{}`"


# -------------------------------------------------------------------------- the command line


def _commands() -> Iterator[str]:
    yield "## The command line"
    yield from _help(cli.main, "claims", None)


def _help(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    """The help of a command and of those in it, as the terminal shows it."""
    context = click.Context(
        command, parent=parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH
    )
    with context:
        yield f"### {context.command_path}"
        yield f"```text\n{command.get_help(context)}\n```"
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                found = command.get_command(context, each)
                if found is not None and not found.hidden:
                    yield from _help(found, each, context)


# -------------------------------------------------------------------------- the public functions


def _functions() -> Iterator[str]:
    yield "## Python"
    yield str(inspect.getdoc(analysis))
    for name in analysis.__all__:
        found = getattr(analysis, name)
        if name in METHODS.values():
            continue
        yield f"### analysis.{name}"
        if callable(found):
            yield f"```python\n{name}{signature(found)}\n```"
        yield str(inspect.getdoc(found))
    yield from figures_reference.frames(signature)


class _Text:
    """An annotation that shows itself as it was written."""

    def __init__(self, words: object) -> None:
        self.words = words

    def __repr__(self) -> str:
        return str(self.words)


def signature(function: Any) -> str:
    """A signature as it was written: annotations without quotes.

    >>> from analysis.claims.model import Claim
    >>> signature(Claim.reading)
    '(self, name: str) -> Reading'
    """
    own = inspect.signature(function)
    given = [
        each if each.annotation is each.empty else each.replace(annotation=_Text(each.annotation))
        for each in own.parameters.values()
    ]
    back = own.return_annotation
    return str(
        own.replace(
            parameters=given,
            return_annotation=back if back in (own.empty, None) else _Text(back),
        )
    )


if __name__ == "__main__":
    sys.stdout.write(page())
