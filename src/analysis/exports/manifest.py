"""MANIFEST: the sha256 of every file of a bundle, as `sha256sum --check` reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.errors import BundleError

FILE = "MANIFEST"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def dump(hashes: Mapping[str, str]) -> str:
    """A line a file, by name.

    >>> dump({"b": "2" * 64, "a": "1" * 64}).split()[1::2]
    ['a', 'b']
    """
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))


def parse(text: str) -> dict[str, str]:
    """The hash of each file. BundleError with the line that is none, or names a file again."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            why = "a sha256, two spaces and a name" if match is None else "each file once"
            raise BundleError(f"expected {why}, found {line[:80]!r}", file=FILE, line=number)
        found[match[2]] = match[1]
    return found
