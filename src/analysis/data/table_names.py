"""Which table a word names: for the command line and for Python."""

from __future__ import annotations

from collections.abc import Collection

from analysis.errors import UnknownTableError, shortened, suggest

FILE = "data/catalog.yaml"


def named(word: str, names: Collection[str]) -> str:
    """The table that a word names: its name, or the last part of it, in any case.

    Raises UnknownTableError with the nearest names for a word of no table, or of several.

    >>> named("AGES", ["people/ages", "people/names"])
    'people/ages'
    """
    if word in names:
        return word
    folded = word.casefold()
    found = [name for name in names if folded in (name.casefold(), _last(name))]
    if len(found) == 1:
        return found[0]
    near = found or [name for name in names if folded and folded in name.casefold()]
    if len(near) > 1:
        message = f"no table {word!r}; tables like it: {', '.join(shortened(near))}"
        raise UnknownTableError(message, file=FILE)
    whole = f" (did you mean '{near[0]}'?)" if near else suggest(word, names)
    hint = whole or suggest(folded, map(_last, names))
    raise UnknownTableError(f"no table {word!r}{hint}", file=FILE)


def _last(name: str) -> str:
    return name.rpartition("/")[2].casefold()
