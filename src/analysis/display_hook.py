"""The HTML of an object in a notebook: `analysis.notebook.display` registers it here."""

from __future__ import annotations

from functools import singledispatch
from typing import Any


@singledispatch
def as_html(value: Any) -> str | None:
    """The value as a piece of HTML; None, until its type is registered, leaves it to its repr."""
    del value
    return None
