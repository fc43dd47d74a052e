"""The methods, each a frozen dataclass for one kind of claim, found by its name.

A method's fields are its notebook's parameters. `estimate` turns evidence into an `Estimate`;
`pass_criterion` is what the claim asserts of it.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from analysis.errors import ParameterError, suggest

if TYPE_CHECKING:
    from dataclasses import Field

    from analysis.data.evidence import Evidence
    from analysis.methods.estimate import Criterion, Estimate

METHODS = {
    "level": "Level",
    "timeline": "Timeline",
    "documents": "Documents",
    "membership": "Membership",
    "distance": "Distance",
    "share": "Share",
    "ranking": "Ranking",
    "trend": "Trend",
    "breaks": "Breaks",
    "event_study": "EventStudy",
}


class Method(Protocol):
    """The interface of every method."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def pass_criterion(self) -> Criterion:
        """The claim's assertion about the estimate."""

    def estimate(self, evidence: Evidence) -> Estimate:
        """The quantity, with its interval and the rows that it came from."""


@cache  # a sweep asks a million times
def method(name: str) -> type[Method]:
    """The dataclass of the method called `name`."""
    if name not in METHODS:
        message = f"unknown method {name!r}{suggest(name, METHODS)}; known: {', '.join(METHODS)}"
        raise ParameterError(message)
    kind: type[Method] = getattr(importlib.import_module(f"analysis.methods.{name}"), METHODS[name])
    return kind
