"""The log of searches as a page: `python -m analysis.claims.search_log > docs/searched.md`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from analysis.claims import registry
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.claims.declarations import Search
    from analysis.claims.registry import Register

HEAD = """\
# What was looked for, and where

Generated from the `searches` of the register; a test holds it. Without evidence a claim is
UNSUPPORTED only if a search for it is logged here."""


def markdown(register: Register) -> str:
    """All logged searches in the order of the register, one line each."""
    return "\n".join([HEAD, "", *(f"- {line(search)}" for search in register.searches)])


def line(search: Search) -> str:
    """One search in a line: claims, what was looked for, where and when, what was found."""
    head = f"{', '.join(search.claims)}, {search.looked_for}"
    return f"{head} ({search.where}; {search.day}): {search.found}"


if __name__ == "__main__":
    sys.stdout.write(f"{markdown(registry.read(Project.find()))}\n")
