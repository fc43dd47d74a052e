"""How an object shows itself: HTML that `analysis.notebook.display` registers, and a short repr."""

from __future__ import annotations

import reprlib
from dataclasses import MISSING, fields
from functools import singledispatch
from typing import Any

LONGEST = 240  # characters of a short repr: three lines of a console


@singledispatch
def as_html(value: Any) -> str | None:
    """The value as a piece of HTML; None, until its type is registered, leaves it to its repr."""
    del value
    return None


def brief(value: Any) -> str:
    """The repr of a dataclass in at most three lines: values cut, defaults left out.

    A class takes it by `__repr__ = brief`.
    """
    parts = (
        f"{item.name}={_SHORT.repr(own)}"
        for item in fields(value)
        if item.repr
        and (own := getattr(value, item.name)) is not item.default
        and (item.default_factory is MISSING or own)
    )
    text = f"{type(value).__name__}({', '.join(parts)})"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]}...)"


class _Short(reprlib.Repr):
    """Values of any kind, short and on one line."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 2, 40, 60, 20
        self.maxdict = self.maxlist = self.maxtuple = 3

    def repr_DataFrame(self, frame: Any, level: int) -> str:  # noqa: ARG002, N802 - reprlib's
        """A frame by its size: a name that reprlib looks for."""
        return f"<{len(frame)} rows>"

    def repr_ndarray(self, array: Any, level: int) -> str:  # noqa: ARG002 - reprlib's
        """An array by its size."""
        return f"<{len(array)} values>"


_SHORT = _Short()
