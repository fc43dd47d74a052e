"""The page's part on figures: how each draws a tidy frame, and the columns that this needs."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from analysis.figures.frames import FRAME_COLUMNS, FRAMES, Mark

FRAMES_HEAD = """\
#### Tidy frames

Given a frame in place of a claim, `analysis.figures.<method>(frame)` draws it and returns the
matplotlib figure. A frame is that of a drawing (`drawing.data`), part of it, one with more rows, or
your own; one that comes from a drawing knows the keywords with which it was drawn. A frame that
cannot be drawn is a ParameterError, which names its faults and the expected columns. A row of the
frame is something drawn: its `mark` says what."""


def frames(signature: Callable[[Any], str]) -> Iterator[str]:
    """The frames of all methods, then the meanings and units of their columns."""
    yield FRAMES_HEAD
    for name, kinds in FRAMES.items():
        plot = importlib.import_module(f"analysis.figures.{name}").plot
        shown = signature(plot).replace(
            repr(inspect.signature(plot).parameters["heading"].default), "NO_HEADING"
        )
        yield f"##### analysis.figures.{name}"
        yield f"```python\n{name}{shown}\n```"
        yield str(inspect.getdoc(plot))
        rows = "\n".join(_row(mark, each) for mark, each in kinds.items())
        yield f"| mark | row | columns |\n|---|---|---|\n{rows}"
    yield "The columns, in any of these frames:"
    meanings = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in FRAME_COLUMNS.items())
    yield f"| column | meaning |\n|---|---|\n{meanings}"


def _row(mark: str, rows: Mark) -> str:
    columns = ", ".join(f"`{name}`" for name in rows.columns.split()) or "not drawn"
    columns += "".join(f", perhaps `{name}`" for name in rows.optional.split())
    words = f"; `outcome` is one of {', '.join(rows.outcomes)}" if rows.outcomes else ""
    needed = " (at least one)" if rows.needed else ""
    return f"| `{mark}` | {rows.meaning}{needed} | {columns}{words} |"
