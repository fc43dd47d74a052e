"""One page of the site: its place, its template and the values that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; `description` is its summary for search engines, `image` a PNG of the site."""

    path: str
    template: str
    title: str
    context: Mapping[str, Any]
    description: str = ""
    image: str = ""
    jsonld: Mapping[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from this page to the site's folder."""
        return "../" * self.path.count("/")
